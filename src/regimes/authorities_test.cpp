#include <doctest/doctest.h>

#include <algorithm>

#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

const Library& directory_library() {
  static const auto kLibrary = built_in_library();
  REQUIRE(kLibrary);
  return *kLibrary;
}

std::vector<std::string> ids(const std::vector<Competent>& found) {
  std::vector<std::string> out;
  for (const auto& one : found)
    if (std::find(out.begin(), out.end(), one.body->id) == out.end()) out.push_back(one.body->id);
  return out;
}

std::vector<std::string> asked(std::string rule, Recipient who) { return ids(who_is_competent(directory_library().authorities, directory_library().words, {std::move(rule), {}, std::move(who)})); }

constexpr std::string_view kOne =
    "edition: 2026-01-01\ntopics: {oversight: o}\nauthorities:\n  - id: a\n    name: A\n    kind: miit\n    place: CN\n    competent:\n      - {rules: [x/y], does: d, basis: b, mark: [GEN]}\n";

}  // namespace

TEST_CASE("the directory names bodies of the right kind, level and place only") {
  using Ids = std::vector<std::string>;
  CHECK(asked("cn-cac-2019d/art5", {"public-security-organ", "CN-ZJ", "prefecture"}) == Ids{"cn-public-security"});
  CHECK(asked("cn-cac-2019d/art5", {"cac-office", "CN-ZJ", "prefecture"}).empty());              // another kind
  CHECK(asked("cn-cac-2019d/art5", {"public-security-organ", "FR", "prefecture"}).empty());      // another place
  CHECK(asked("", {"telecom-office", "CN", "state"}) == Ids{"cn-miit"});                         // by another name, at its level
  CHECK(asked("", {"public-security-organ", "CN", "state"}) == Ids{"cn-mps"});                   // no organ of a place is that high
  CHECK(asked("", {"supervisory-authority", "FR", ""}) == Ids{"eu-supervisory-authority"});
  CHECK(asked("", {"supervisory-authority", "US", ""}).empty());
  CHECK(asked("eu-nis2-2022", {"nis2-csirt", "", ""}) == Ids{"eu-nis2-csirt"});                  // a whole regime
}

TEST_CASE("a level below the one asked is raised, and the words say where one goes") {
  const auto& library = directory_library();
  const auto found = who_is_competent(library.authorities, library.words, {"cn-cac-2019d/art5", {}, {"public-security-organ", "CN-ZJ", "prefecture"}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].place == "CN-ZJ");
  CHECK(found[0].level == "prefecture");
  CHECK(to_text(found[0]) == "public security organ, prefecture or above, CN-ZJ");
  CHECK(found[0].remit->basis == "CAC draft of 2019, Art. 5");
}

TEST_CASE("A1: each remit has a basis, and what rests on general knowledge says so") {
  for (const auto& [id, body] : directory_library().authorities.bodies)
    for (const auto& remit : body.remits) {
      CAPTURE(remit.where);
      CHECK_FALSE(remit.basis.empty());
      const bool only_general = std::all_of(remit.mark.begin(), remit.mark.end(), [](const std::string& mark) { return mark == "GEN"; });
      if (only_general) CHECK_FALSE(remit.verified);
    }
}

TEST_CASE("where a draft lets several ministries urge the same people, the directory says that it isn't told apart") {
  const auto& library = directory_library();
  const auto found = who_is_competent(library.authorities, library.words, {"cn-miit-2019d/art4", {}, {}});
  CHECK(ids(found) == std::vector<std::string>{"cn-miit", "cn-mps", "cn-sector-department"});
  for (const auto& one : found) CHECK_FALSE(one.remit->unclear.empty());
}

TEST_CASE("every rule that asks for an authority has one in the directory, of each kind that it asks for") {
  const auto& library = directory_library();
  for (const auto& [id, pack] : library.packs)
    for (const auto& rule : pack.rules) {
      const auto look = [&](const Act& act) {
        for (const auto& circle : act.to)
          for (const auto& one : circle) {
            const auto kind = library.words.recipients.find(one.kind);
            if (kind == library.words.recipients.end() || !kind->second.authority || one.kind == "equities-process") continue;
            CAPTURE(rule.id + " " + to_text(one));
            CHECK_FALSE(who_is_competent(library.authorities, library.words, {rule.id, {}, one}).empty());
          }
      };
      if (rule.plain.act && rule.plain.modality != Modality::Precondition) look(*rule.plain.act);
      if (rule.plain.first) look(rule.plain.first->act);
    }
}

TEST_CASE("the directory names no rule that its pack doesn't have") {
  const auto& library = directory_library();
  std::map<std::string, std::vector<std::string>> rules;
  for (const auto& [id, pack] : library.packs)
    for (const auto& rule : pack.rules) rules[id].push_back(rule.id);
  for (const auto& one : unfitting(library.authorities, rules)) CHECK_MESSAGE(false, one.where << " " << one.message);
  CHECK(unfitting(library.authorities, {{"eu-gdpr-2016", {"eu-gdpr-2016/art1"}}}).size() == 2);
}

TEST_CASE("what is wrong in a directory is found with file and line, and nothing of it is used then") {
  const auto& words = directory_library().words;
  struct Row { std::string_view from, to, rule, where; };
  Directory fine;
  CHECK(fine.add(kOne, "a.yaml", words).empty());
  CHECK(fine.bodies.size() == 1);
  for (const auto& [from, to, rule, where] : {Row{"kind: miit", "kind: ministry", "unknown-recipient", "a.yaml:6"}, {"    place: CN\n", "", "missing", "a.yaml:4"}, {"place: CN", "places: CN", "missing", "a.yaml:4"},
                                              {"rules: [x/y]", "rules: [xy]", "unknown-rule", "a.yaml:9"}, {"rules: [x/y]", "topics: [tea]", "unknown-topic", "a.yaml:9"}, {"basis: b, ", "", "missing", "a.yaml:9"},
                                              {", mark: [GEN]", "", "missing", "a.yaml:9"}, {"    place: CN\n", "    place: CN\n    levels: [village]\n", "unknown-level", "a.yaml:8"}, {"does: d", "dose: d", "missing", "a.yaml:9"}}) {
    CAPTURE(to);
    std::string text(kOne);
    text.replace(text.find(from), from.size(), to);
    Directory out;
    const auto found = out.add(text, "a.yaml", words);
    const auto is_it = [&](const Finding& one) { return one.rule == rule && one.where == where; };
    CHECK_MESSAGE(std::any_of(found.begin(), found.end(), is_it), (found.empty() ? "nothing found" : found[0].rule + " " + found[0].where + " " + found[0].message));
    CHECK(out.bodies.empty());
  }
}

TEST_CASE("a site's own directory adds bodies and takes the place of those with the same id") {
  Directory directory = directory_library().authorities;
  const auto before = directory.bodies.size();
  CHECK(directory.add("edition: 2027-01-01\nauthorities:\n  - {id: us-cisa, name: Ours, kind: cisa, place: US, competent: [{rules: [us-bod-20-01/a8a], does: d, basis: b, mark: [own]}]}\n", "own.yaml", directory_library().words).empty());
  CHECK(directory.bodies.size() == before);
  CHECK(directory.bodies.at("us-cisa").name == "Ours");
}
