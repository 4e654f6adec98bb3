// Which stage a draft may say: of forms as they are now, for drafts that were made before.
#include "service/notice_drafts.h"

#include <doctest/doctest.h>

#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

struct MadeDraft {
  std::shared_ptr<const Packs> packs = must(Packs::load({}));
  cvd::CaseFold fold;
  OrganisationId own = OrganisationId::random();

  const cvd::Notice& notice(std::string form, std::optional<std::string> stage, std::optional<cvd::NoticeId> supplements = {}) {
    cvd::Notice out{.id = cvd::NoticeId::random(), .organisation = own, .supplements = supplements, .versions = {}, .cleared = {}, .filed = {}, .receipts = {}, .dropped_why = {}};
    out.versions.push_back({{.notice = out.id, .version = 1, .organisation = own, .form = std::move(form), .act = "notify-authority", .to = "csirt-coordinator+enisa", .stage = std::move(stage), .supplements = supplements}, {}, {}});
    fold.notices.push_back(std::move(out));
    return fold.notices.back();
  }
  bool fits(std::string form, std::optional<std::string> stage, std::optional<cvd::NoticeId> supplements = {}) { return !stage_still_fits(*packs, fold, notice(std::move(form), std::move(stage), supplements)); }
};

}  // namespace

TEST_CASE("a draft that says a stage which its form doesn't take is drafted again before it goes out or is filed") {
  MadeDraft d;
  CHECK(d.fits("exploited-early-warning", "early-warning"));
  CHECK_FALSE(d.fits("exploited-early-warning", "notification"));
  CHECK_FALSE(d.fits("exploited-early-warning", {}));
  CHECK(d.fits("general", {}));
  CHECK_FALSE(d.fits("general", "early-warning"));   // has a form of its own
  CHECK_FALSE(d.fits("general", "zzz"));
  CHECK(d.fits("a-form-that-is-gone", "early-warning"));
  const auto wrong = stage_still_fits(*d.packs, d.fold, d.notice("exploited-early-warning", "notification"));
  REQUIRE(wrong);
  CHECK(wrong->kind == ErrorKind::Conflict);
  CHECK(wrong->where == "/version");
}

TEST_CASE("what the gate let go is filed with the stage that it says, whatever its form takes since; of what says none the error says what to do") {
  MadeDraft d;
  const auto cleared = [&](std::optional<std::string> stage) {
    auto notice = d.notice("exploited-early-warning", std::move(stage));
    const auto& what = notice.versions.back().what;
    notice.cleared.push_back({{.notice = notice.id, .version = 1, .organisation = d.own, .to = what.to, .hash = what.hash, .ruling = {}, .decision = {}}, {}, {}});
    return notice;
  };
  CHECK_FALSE(stage_fits_filing(*d.packs, d.fold, cleared("notification")));
  const auto without = stage_fits_filing(*d.packs, d.fold, cleared({}));
  REQUIRE(without);
  CHECK(without->message.find("\"unasked\"") != std::string::npos);
  auto redrafted = cleared("notification");
  redrafted.versions.push_back(redrafted.versions.back());
  redrafted.versions.back().what.version = 2;
  CHECK(stage_fits_filing(*d.packs, d.fold, redrafted));   // its next version was never let go
}

TEST_CASE("a supplement is of the stage that it corrects, or says that it is one") {
  MadeDraft d;
  const auto corrected = d.notice("exploited-early-warning", "early-warning").id;
  CHECK(d.fits("general", "early-warning", corrected));
  CHECK(d.fits("general", "supplement", corrected));
  CHECK_FALSE(d.fits("general", "notification", corrected));
  CHECK_FALSE(d.fits("general", "early-warning", cvd::NoticeId::random()));
  const auto as_it_said = d.notice("general", "early-warning").id;   // drafted when the form took it: it counts as what it says
  CHECK(d.fits("general", "early-warning", as_it_said));
  for (auto& one : d.fold.notices)
    if (one.id == corrected) one.organisation = OrganisationId::random();
  CHECK_FALSE(d.fits("general", "early-warning", corrected));         // of another organisation it is none to correct
}

TEST_CASE("a letter of no stage fulfils none, though it tells the right body in time; one that names none of another form does") {
  const auto packs = must(Packs::load({}));
  const auto& library = packs->library();
  const auto state = [&](std::string_view stage) {
    const auto given = R"({"as_of": "2026-11-02T08:00Z", "regimes": ["eu-cra-2024"], "parties": [{"id": "v", "role": "vendor", "established": "DE"}], "product": {"id": "p", "provider": "v", "market": ["EU"], "support": "supported", "kind": "product", "commercial": true},
      "vulnerability": {"state": "undisclosed", "exploited": "yes", "fix": "none", "in": "product"}, "events": {"vuln.aware_exploited": "2026-11-01T20:00Z"},
      "actions": [{"id": "a", "actor": "v", "type": "notify-authority", "to": "csirt-coordinator+enisa", "content": ["summary"], "at": "2026-11-02T06:00Z")" + std::string(stage) + "}]}";
    const auto scenario = must(regimes::read_scenario(must(parse_json(given)), library.words));
    CHECK(scenario.unknown_words.empty());
    const auto answer = must(regimes::evaluate(scenario, library));
    for (const auto& duty : answer.duties)
      if (duty.rule.rule->id == "eu-cra-2024/art14-2a") return std::string(regimes::to_text(duty.state));
    return std::string("none");
  };
  CHECK(state("") == "met");
  CHECK(state(R"(, "stage": "early-warning")") == "met");
  CHECK(state(R"(, "stage": "no-stage")") == "open");
}

TEST_CASE("a letter of no stage that is only considered is demanded by no stage, as it meets none once it is sent") {
  const auto packs = must(Packs::load({}));
  const auto& library = packs->library();
  const auto demanded = [&](std::string_view more) {
    const auto given = R"({"as_of": "2026-11-02T08:00Z", "regimes": ["eu-cra-2024"], "parties": [{"id": "v", "role": "vendor", "established": "DE"}], "product": {"id": "p", "provider": "v", "market": ["EU"], "support": "supported", "kind": "product", "commercial": true},
      "vulnerability": {"state": "undisclosed", "exploited": "yes", "fix": "none", "in": "product"}, "events": {"vuln.aware_exploited": "2026-11-01T20:00Z"},
      "actions": [{"id": "a", "actor": "v", "type": "notify-authority", "to": "csirt-coordinator+enisa", "content": ["summary"])" + std::string(more) + "}]}";
    const auto scenario = must(regimes::read_scenario(must(parse_json(given)), library.words));
    const auto answer = must(regimes::evaluate(scenario, library));
    return std::any_of(answer.verdicts.spoken.begin(), answer.verdicts.spoken.end(), [](const regimes::Verdict& one) { return one.word == regimes::Word::Demands && one.rule.rule->id == "eu-cra-2024/art14-2a"; });
  };
  CHECK(demanded(""));
  CHECK(demanded(R"(, "stage": "early-warning")"));
  CHECK_FALSE(demanded(R"(, "stage": "no-stage")"));
}

TEST_CASE("nothing was filed before its organisation knew, by the earliest that the case says of it and of nobody else") {
  MadeDraft d;
  const auto other = OrganisationId::random();
  const auto at = [](const char* text) { return *parse_instant(text); };
  const auto since = [&](OrganisationId own, const char* second, const char* second_before) { return !not_before_known(d.fold, own, at(second)) && not_before_known(d.fold, own, at(second_before)).has_value(); };
  CHECK_FALSE(not_before_known(d.fold, d.own, at("2000-01-01T00:00:00Z")));   // the case says nothing of it
  d.fold.owner = d.own;
  d.fold.opened = at("2026-11-02T12:00:00.500Z");
  CHECK(since(d.own, "2026-11-02T12:00:00Z", "2026-11-02T11:59:59.999Z"));    // who files says whole seconds
  const auto wrong = not_before_known(d.fold, d.own, at("2026-11-02T11:00:00Z"));
  REQUIRE(wrong);
  CHECK(wrong->where == "/at");

  // What another says of when it knew is its own, and so is what an organisation states of anything but events.
  d.fold.corrections.push_back({.organisation = other, .fact = "/events/vuln.aware", .value = "2026-11-01T08:00:00Z", .why = "", .at = {}, .by = {}, .entry = {}});
  d.fold.corrections.push_back({.organisation = d.own, .fact = "/product/since", .value = "2026-10-01T08:00:00Z", .why = "", .at = {}, .by = {}, .entry = {}});
  CHECK(since(d.own, "2026-11-02T12:00:00Z", "2026-11-02T11:59:59Z"));
  CHECK(since(other, "2026-11-01T08:00:00Z", "2026-11-01T07:59:59Z"));
  // The coordination's are the owner's.
  d.fold.corrections.push_back({.organisation = {}, .fact = "/events/vuln.aware", .value = "2026-11-01T06:00:00Z", .why = "", .at = {}, .by = {}, .entry = {}});
  CHECK(since(d.own, "2026-11-01T06:00:00Z", "2026-11-01T05:59:59Z"));
  CHECK(since(other, "2026-11-01T08:00:00Z", "2026-11-01T07:59:59Z"));
  // A later word moves nothing.
  d.fold.corrections.push_back({.organisation = d.own, .fact = "/events/vuln.aware", .value = "2026-11-05T06:00:00Z", .why = "", .at = {}, .by = {}, .entry = {}});
  CHECK(since(d.own, "2026-11-01T06:00:00Z", "2026-11-01T05:59:59Z"));
  d.fold.participants[d.own].invited_at = at("2026-11-01T05:00:00Z");
  CHECK(since(d.own, "2026-11-01T05:00:00Z", "2026-11-01T04:59:59Z"));
  d.fold.incidents[other].facts["incident.detected"].push_back({.at = {}, .value = "2026-10-31T05:00:00Z", .source = "", .why = {}, .by = {}, .entry = {}});
  CHECK(since(d.own, "2026-11-01T05:00:00Z", "2026-11-01T04:59:59Z"));
  CHECK(since(other, "2026-10-31T05:00:00Z", "2026-10-31T04:59:59Z"));
}
