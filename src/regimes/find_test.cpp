#include <doctest/doctest.h>

#include <algorithm>

#include "regimes/built_in.h"
#include "regimes/find.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

const Library& found_in() {
  static const auto kLibrary = built_in_library();
  REQUIRE(kLibrary);
  return *kLibrary;
}

std::vector<std::string> rules_of(const Query& query) {
  const auto found = find(found_in(), query);
  REQUIRE(found);
  std::vector<std::string> out;
  for (const auto& one : *found) out.push_back(one.rule->id + (one.reading.empty() ? "" : " " + one.reading));
  return out;
}

bool has(const std::vector<std::string>& all, std::string_view one) { return std::find(all.begin(), all.end(), one) != all.end(); }

}  // namespace

TEST_CASE("who demands a report before a fix exists: the rules whose time doesn't wait for a remedy") {
  const auto found = rules_of({.actions = {"report"}, .timings = {Timing::BeforeFix}, .modalities = {Modality::Must}});
  for (const auto* rule : {"cn-rmsv-2021/art7-2", "cn-csl/art22", "eu-cra-2024/art14-2a", "eu-cra-2024/art14-2b", "us-bod-20-01/a8a", "certcc-45/forward"}) CHECK_MESSAGE(has(found, rule), rule);
  // An article that obliges only under one reading is named with it; final reports, and those after measures, wait for the remedy; incidents are no flaws.
  CHECK(has(found, "cn-miit-2019d/art10 art10=require"));
  for (const auto* rule : {"eu-cra-2024/art14-2c", "cn-miit-2019d/art3-2-platform", "eu-cra-2024/art14-4a", "in-certin-2022/d2", "eu-gdpr-2016/art33-1"}) CHECK_MESSAGE(!has(found, rule), rule);
}

TEST_CASE("who fixes days for a remedy: two drafts' articles and the directives, and no standard") {
  const auto found = rules_of({.actions = {"remediate"}, .timings = {Timing::Number}});
  for (const auto* rule : {"cn-miit-2019d/art3-1-product", "cn-miit-2019d/art3-1-service", "us-bod-22-01/a2-new", "us-bod-26-04/t1-top"}) CHECK_MESSAGE(has(found, rule), rule);
  for (const auto& one : found) CHECK_MESSAGE(!one.starts_with("iso-"), one);
  const auto none = rules_of({.actions = {"remediate"}, .timings = {Timing::NoNumber}});
  CHECK(has(none, "iso-30111-2019/7.1.5"));
  CHECK_FALSE(has(none, "cn-miit-2019d/art3-1-product"));
}

TEST_CASE("a number that is no date of a duty is found all the same: how long something is kept, an aim, a time that has to run") {
  const auto found = rules_of({.timings = {Timing::Number}});
  for (const auto* rule : {"jp-partnership/dev-answer", "iso-29147-2018/6.2.5", "gpz-90/d90-grace", "us-sec-8k105/file-delay", "us-bod-26-04/t1-mid", "in-certin-2022/d4-logs", "cn-rmsv-2021/art5",
                           "eu-cra-2024/art13-9", "us-circia-2022/preserve", "us-circia-2022/supplement"})
    CHECK_MESSAGE(has(found, rule), rule);
  const auto& rule = *found_in().packs.at("us-bod-26-04").rule("us-bod-26-04/t1-mid");
  CHECK(timing_words(rule.plain) == "the text names 14 days, 60 days");
}

TEST_CASE("each field narrows the search by what it says") {
  struct Row { const char* what; Query query; const char* in; const char* out; };
  const Row rows[] = {
      {"trigger", {.trigger = "breach"}, "eu-gdpr-2016/art33-1", "eu-nis2-2022/art23-4a"},
      {"trigger: a whole event only", {.trigger = "vuln.aware"}, "cn-rmsv-2021/art7-2", "jp-partnership/finder-ipa"},
      {"window", {.timings = {Timing::Window}}, "cn-rmsv-2021/art9-1", "cn-rmsv-2021/art7-2"},
      {"recipient: kind", {.recipient = Recipient{"cisa", "", ""}}, "us-bod-20-01/a8a", "in-certin-2022/d2"},
      {"recipient: any authority of a place", {.recipient = Recipient{"authority", "DE", ""}}, "eu-gdpr-2016/art33-1", "us-bod-20-01/a8a"},
      {"recipient: level", {.recipient = Recipient{"public-security-organ", "", "prefecture"}}, "cn-cac-2019d/art5", "cn-cac-2019d/art9"},
      {"first step: report", {.before = Before::Report}, "cn-cac-2019d/art5", "cn-cac-2019d/art4-1"},
      {"first step: ask", {.before = Before::Ask}, "cn-cac-2019d/art8", "cn-cac-2019d/art5"},
      {"first step: wait", {.before = Before::Wait}, "cn-cac-2019d/art8-b", "cn-cac-2019d/art5"},
      {"modality", {.modalities = {Modality::Sanction}}, "cn-rmsv-2021/art12-15", "cn-rmsv-2021/art7-2"},
      {"force", {.forces = {Force::Policy}}, "certcc-45/publish", "cn-rmsv-2021/art7-2"},
      {"jurisdiction: a part is in the whole", {.jurisdiction = "FR"}, "eu-gdpr-2016/art33-1", "us-bod-20-01/a8a"},
      {"mark: one source of it", {.mark = "S10"}, "cn-rmsv-2021/art7-2", "cn-rmsv-2021/art5"},
      {"unverified", {.unverified = true}, "cn-rmsv-2021/art9-2", "cn-rmsv-2021/art7-2"},
      {"text", {.text = "APPEALS court or Voluntary"}, "", "eu-gdpr-2016/art33-1"},
      {"text, whatever its case", {.text = "single PLATFORM"}, "eu-cra-2024/art14-2a", "eu-gdpr-2016/art33-1"},
      {"in force", {.in_force_on = *parse_day("2026-09-11")}, "eu-cra-2024/art14-2a", "eu-cra-2024/art13-5"},
      {"in force: the day before", {.in_force_on = *parse_day("2026-09-10")}, "us-bod-26-04/t1-top", "eu-cra-2024/art14-2a"},
      {"in force: advice since it was published", {.in_force_on = *parse_day("2019-07-17")}, "iso-29147-2018/5.8", "ind-2019/no-fixed"},
      {"in force: no draft", {.in_force_on = *parse_day("2026-09-11")}, "cn-rmsv-2021/art7-2", "cn-miit-2019d/art3-1-product"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto found = rules_of(row.query);
    if (row.in[0] != 0) CHECK_MESSAGE(has(found, row.in), row.in);
    CHECK_MESSAGE(!has(found, row.out), row.out);
  }
}

TEST_CASE("without a question every rule is found, once") {
  std::size_t rules = 0;
  for (const auto& [id, pack] : found_in().packs) rules += pack.rules.size();
  CHECK(rules_of({}).size() == rules);
}

TEST_CASE("a word that the vocabulary doesn't have is refused, with the option") {
  CHECK(find(found_in(), {.actions = {"shout"}}).error().where == "--action");
  CHECK(find(found_in(), {.recipient = Recipient{"king", "", ""}}).error().where == "--recipient");
  CHECK(find(found_in(), {.recipient = Recipient{"cac-office", "", "village"}}).error().where == "--recipient");
}

TEST_CASE("what is found says citation, dates, timing and mark") {
  const auto found = find(found_in(), {.actions = {"report"}, .modalities = {Modality::Must}, .mark = "S12"});
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  const auto row = to_json(found->front());
  CHECK(row.at("citation") == "Art. 7(2)");
  CHECK(row.at("from") == "2021-09-01");
  CHECK(row.at("timing") == "within 48 hours of vuln.aware");
  CHECK(row.at("to") == "miit-platform");
  CHECK(row.at("verified") == true);
}
