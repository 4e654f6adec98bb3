#include <doctest/doctest.h>

#include <set>

#include "regimes/built_in.h"
#include "regimes/pack.h"

using namespace sluice::regimes;

namespace {

const Vocabulary& words() {
  static const auto kWords = *read_vocabulary(
      "places: {EU: [FR, DE]}\nlevels: [county, state]\nevents: {case: [fix.available], provider: [vuln.aware], party: [incident.aware]}\n"
      "actions: [notify-authority, publish-vuln]\ncontents: [poc]\nroles: {vendor: [vendor]}\nrecipients: {public: {}, vendor: {needed: yes}}\n",
      "words.yaml");
  return kWords;
}

constexpr std::string_view kHead = "id: x\nedition: 2026-01-01\ntitle: X\njurisdiction: CN\nforce: law\nstatus: s\nreadings: {r: {says: s, choices: {a: A, b: B}}}\nrules:\n";
PackRead with_rule(std::string_view fields) {
  return read_pack(std::string(kHead) + "  - id: one\n    cite: Art. 1\n    says: S.\n    mark: [GEN]\n" + std::string(fields), "x.yaml", words());
}

}  // namespace

TEST_CASE("a rule is read with its deadline, act and reading") {
  const auto read = with_rule("    modality: must\n    act: {type: [notify-authority], to: public|vendor}\n    due: {within: P2D, after: vuln.aware}\n    in_reading: {r: {b: {due: {within: P2CD, after: vuln.aware}}}}\n");
  REQUIRE(read.findings.empty());
  const auto& rule = read.pack.rules.at(0);
  CHECK(rule.id == "x/one");
  CHECK(rule.plain.due.term == *parse_term("P2D"));
  CHECK(rule.plain.act->to.size() == 2);
  CHECK(std::get<2>(rule.in_reading.at(0)).due.term == *parse_term("P2CD"));
  CHECK(std::get<2>(rule.in_reading.at(0)).act->to.size() == 2);  // a field that the reading doesn't change stays
}

TEST_CASE("P1: what is wrong in a pack is found with file and line, all of it at once") {
  struct Row { const char* fields; const char* rule; const char* where; };
  for (const auto& [fields, rule, where] : {Row{"    modality: ought\n", "modality", "x.yaml:9"}, {"    modality: must\n    whenn: always\n", "unknown-field", "x.yaml:14"},
                                            {"    modality: must\n    when: party.role is\n", "condition", "x.yaml:14"}, {"    modality: must\n    when: past(vuln.known)\n", "unknown-event", "x.yaml:14"},
                                            {"    modality: must\n    when: weather is fine\n", "unknown-fact", "x.yaml:14"}, {"    modality: must\n    when: reading(q) is a\n", "unknown-reading", "x.yaml:14"},
                                            {"    modality: must\n    when: reading(r) is c\n", "unknown-reading", "x.yaml:14"}, {"    modality: must-not\n    act: {type: [shout]}\n", "unknown-action", "x.yaml:14"},
                                            {"    modality: must-not\n    act: {type: any, to: everybody}\n", "unknown-recipient", "x.yaml:14"}, {"    modality: must-not\n    act: {type: any, content: [song]}\n", "unknown-content", "x.yaml:14"},
                                            {"    modality: must\n    due: {within: soon, after: vuln.aware}\n", "term", "x.yaml:14"}, {"    modality: must\n    due: {within: P2D}\n", "missing", "x.yaml:14"},
                                            {"    modality: must\n    excepted_by: [two]\n", "unknown-rule", "x.yaml:9"}, {"    modality: precondition\n", "missing", "x.yaml:9"},
                                            {"    modality: must\n    in_reading: {r: {b: {when: nonsense}}}\n", "unknown-fact", "x.yaml:14"}, {"    modality: must\n    modality: may\n", "twice", "x.yaml:14"},
                                            {"    modality: must\n    dates: {from: 2026-02-30}\n", "day", "x.yaml:14"}}) {
    CAPTURE(fields);
    const auto read = with_rule(fields);
    REQUIRE_FALSE(read.findings.empty());
    CHECK(read.findings[0].rule == rule);
    CHECK(read.findings[0].where == where);
    CHECK_FALSE(sluice::is_valid(read.findings));
  }
  CHECK(with_rule("    modality: ought\n    when: party.role is\n").findings.size() == 2);
}

TEST_CASE("what isn't YAML, or hides behind aliases, isn't read at all") {
  CHECK(read_pack("a: [", "x.yaml", words()).findings.at(0).rule == "yaml");
  CHECK(read_pack("- a", "x.yaml", words()).findings.at(0).rule == "yaml");
  CHECK(read_pack("a: &b [1]\nc: *b", "x.yaml", words()).findings.at(0).rule == "yaml");
  CHECK_FALSE(read_vocabulary("a: [", "words.yaml"));
}

TEST_CASE("each flag that a built-in pack asks of a party has its sentence, so that an organisation can be asked") {
  const auto library = built_in_library();
  REQUIRE(library);
  constexpr std::string_view kAsks = "party.flags has ";
  std::set<std::string> asked;
  for (const auto& [file, yaml] : built_in_packs())
    for (auto at = yaml.find(kAsks); at != yaml.npos; at = yaml.find(kAsks, at + 1)) {
      auto rest = yaml.substr(at + kAsks.size());
      const bool several = rest.starts_with("(");
      if (several) rest = rest.substr(1, rest.find(')') - 1);
      std::string word;
      for (const char c : rest) {
        if ((c >= 'a' && c <= 'z') || c == '-') { word += c; continue; }
        if (!word.empty()) asked.insert(word);
        word.clear();
        if (!several) break;
      }
      if (!word.empty()) asked.insert(word);
    }
  asked.erase("unresponsive");                                 // a case says that, not a profile
  CHECK(asked.size() > 10);
  for (const auto& flag : asked) CHECK_MESSAGE(library->words.flags.contains(flag), flag);
  CHECK_FALSE(library->words.flags.contains("unresponsive"));
}

TEST_CASE("the federal holidays in the packs are those that the rule gives, of 2018 to 2036") {
  using namespace std::chrono;
  // 5 U.S.C. 6103; of a Saturday the Friday before, of a Sunday (E.O. 11582) the Monday after.
  const auto observed = [](sys_days day) { return weekday{day} == Saturday ? day - days{1} : weekday{day} == Sunday ? day + days{1} : day; };
  std::set<sys_days> expected;
  for (auto y = year{2018}; y <= year{2037}; ++y) {
    std::vector<sys_days> all{observed(y / January / 1),      sys_days{y / January / Monday[3]}, sys_days{y / February / Monday[3]}, sys_days{y / May / Monday[last]}, observed(y / July / 4),
                              sys_days{y / September / Monday[1]}, sys_days{y / October / Monday[2]}, observed(y / November / 11), sys_days{y / November / Thursday[4]}, observed(y / December / 25)};
    if (y >= year{2021}) all.push_back(observed(y / June / 19));
    for (const auto day : all)
      if (const auto of = year_month_day{day}.year(); of >= year{2018} && of <= year{2036}) expected.insert(day);
  }
  const auto library = built_in_library();
  REQUIRE(library);
  for (const auto* id : {"us-sec-8k105", "zdi-120"}) CHECK_MESSAGE(library->packs.at(id).calendar.holidays == expected, id);
}

TEST_CASE("numbers of a text that are no date are read as terms") {
  CHECK(with_rule("    modality: must\n    numbers: [P6M, P14D]\n").pack.rules.at(0).plain.numbers == std::vector<Term>{*parse_term("P6M"), *parse_term("P14D")});
  CHECK(with_rule("    modality: must\n    numbers: [six months]\n").findings.at(0).rule == "term");
}
