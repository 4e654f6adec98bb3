// What laws and standards say of a case, by tables: the fold and the profiles in, scope, duties and verdicts out.
#include "service/regimes.h"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>

#include "gate/judge.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

Instant at(std::string_view text) { return must(parse_instant(text)); }
OrganisationId organisation(std::uint8_t n) {
  OrganisationId out;
  out.bytes[15] = n;
  return out;
}

const Packs& packs() {
  static const auto all = must(Packs::load({}));
  return *all;
}

// A coordinator leads; a vendor in Germany that sells in the Union, and one in China; one vulnerability.
struct CaseForLaw {
  OrganisationId centre = organisation(1), union_ = organisation(2), china = organisation(3);
  OrganisationRows rows;
  cvd::CaseFold fold;
  VulnerabilityId vulnerability = VulnerabilityId::random();
  ProductId ours = ProductId::random(), theirs = ProductId::random();

  CaseForLaw() {
    add(centre, access::OrganisationKind::Coordinator, "CN", {});
    add(union_, access::OrganisationKind::Vendor, "DE", {"EU"});
    add(china, access::OrganisationKind::Vendor, "CN", {"CN"});
    fold.id = CaseId::random();
    fold.owner = centre;
    fold.opened = at("2026-10-01T08:00:00Z");
    for (const auto id : {centre, union_, china}) {
      auto& participant = fold.participants[id];
      participant.organisation = id;
      participant.admission = cvd::Admission::Confirmed;
      participant.report = cvd::ReportState::Accepted;
      if (id != centre) participant.confirmed_at = at("2026-10-02T08:00:00Z"), participant.roles = {cvd::Role::Vendor};
    }
    fold.vulnerabilities.push_back({.id = vulnerability, .title = "Overflow", .description = "A buffer overflows."});
    fold.products.push_back({.id = ours, .vendor = union_, .name = "Parser"});
    fold.products.push_back({.id = theirs, .vendor = china, .name = "Device"});
  }
  void add(OrganisationId id, access::OrganisationKind kind, std::string country, std::vector<std::string> markets) {
    store::OrganisationRow row{.id = id, .kind = kind};
    row.profile.name = id.text();
    row.profile.country = std::move(country);
    if (!markets.empty()) row.profile.products = cvd::PlacedAs{std::move(markets), "product", {}, true, {}};
    rows.emplace(id, std::move(row));
  }
  void attacked(std::string_view when) { fold.vulnerabilities.front().facts[cvd::Letter::A] = {at(when), at(when)}; }
  CaseLaw law(std::string_view when, std::optional<OrganisationId> own = {}) const {
    Considered considered;
    considered.as_of = at(when);
    considered.own = own;
    return must(evaluate_case(packs(), fold, rows, considered));
  }
  std::optional<gate::RegimesVerdict> publish(std::string_view when, std::vector<std::string> content = {"summary", "mitigation"}) const {
    Considered considered;
    considered.as_of = at(when);
    json::array list;
    for (auto& one : content) list.push_back(json::value(one));
    return must(regimes_verdict(packs(), fold, rows, considered, {json::object{{"id", "now"}, {"actor", centre.text()}, {"type", "publish-advisory"}, {"to", "public"}, {"content", std::move(list)}, {"at", std::string(when.substr(0, 16)) + "Z"}}}));
  }
};

std::string state_of(const CaseLaw& law, std::string_view regime) {
  for (const auto& one : law.scope)
    if (one.proposed.pack->id == regime) return std::string(one.confirmed ? (one.confirmed->in ? "confirmed" : "left out") : one.in ? "proposed" : one.proposed.in == regimes::Truth::Unknown ? "asked" : "out");
  return "none";
}

std::string duty_of(const CaseLaw& law, std::string_view rule, OrganisationId on) {
  for (const auto& one : law.all) {
    const auto answer = regimes::to_json(one.evaluation);
    for (const auto& duty : answer.at("duties").as_array())
      if (string_at(duty, "rule") == rule && string_at(duty, "on") == on.text() && string_at(duty, "state") != "not-triggered") return std::string(string_at(duty, "state")) + " " + std::string(string_at(duty, "due"));
  }
  return "";
}

bool has(const std::vector<std::string>& list, std::string_view word) { return std::find(list.begin(), list.end(), word) != list.end(); }

}  // namespace

TEST_CASE("law is the coordination's for who knows the whole case, and one's own for everybody else: its counsel, and a coordinator that hasn't signed, too") {
  const CaseForLaw c;
  const auto viewer = [&](OrganisationId of, access::SiteRole role) { return access::Viewer{.kind = access::Viewer::Kind::Person, .person = PersonId::random(), .organisation = of, .organisation_kind = access::OrganisationKind::Coordinator, .role = role}; };
  access::Standing owner, unsigned_, signed_;
  owner.is_owner = true;
  unsigned_.is_admitted_coordinator = signed_.is_admitted_coordinator = true;
  unsigned_.admission = signed_.admission = access::Place::Confirmed;
  signed_.may_read_content = true;
  CHECK_FALSE(own_view(c.fold, owner, viewer(c.centre, access::SiteRole::Staff)));
  CHECK(own_view(c.fold, owner, viewer(c.centre, access::SiteRole::Counsel)) == c.centre);
  CHECK_FALSE(own_view(c.fold, signed_, viewer(c.china, access::SiteRole::Staff)));
  CHECK(own_view(c.fold, unsigned_, viewer(c.china, access::SiteRole::Staff)) == c.china);
  CHECK(own_view(c.fold, {}, viewer(c.union_, access::SiteRole::Staff)) == c.union_);
  access::Standing glass;
  glass.is_behind_glass = true;
  CHECK_FALSE(own_view(c.fold, glass, viewer(c.union_, access::SiteRole::Admin)));
}

TEST_CASE("a regime comes into scope by what its scope asks of the parties, and by nothing else") {
  const CaseForLaw c;
  const auto law = c.law("2026-10-03T08:00:00Z");
  for (const auto* in : {"eu-cra-2024", "cn-rmsv-2021", "cn-csl", "iso-29147-2018"}) CHECK_MESSAGE(state_of(law, in) == "proposed", std::string(in));
  for (const auto* out : {"us-bod-22-01", "us-sec-8k105", "in-certin-2022", "uk-psti-2022", "gpz-90", "certcc-45", "eu-nis2-2022", "eu-gdpr-2016"}) CHECK_MESSAGE(state_of(law, out) == "out", std::string(out));
}

TEST_CASE("where it isn't known where a product is sold, that is asked and nothing is made up") {
  CaseForLaw c;
  c.rows.at(c.union_).profile.products.reset();
  c.rows.at(c.china).profile.products.reset();
  const auto law = c.law("2026-10-03T08:00:00Z");
  CHECK(state_of(law, "eu-cra-2024") == "asked");
  const auto& cra = *std::find_if(law.scope.begin(), law.scope.end(), [](const InScope& one) { return one.proposed.pack->id == "eu-cra-2024"; });
  CHECK(has(cra.proposed.questions, "product.market"));
  CHECK(cra.proposed.because.empty());
}

TEST_CASE("an attack that is recorded starts 24 hours for the one that sells there and knows, and for nobody else") {
  CaseForLaw c;
  CHECK(duty_of(c.law("2026-10-03T08:00:00Z"), "eu-cra-2024/art14-2a", c.union_) == "");
  c.attacked("2026-10-03T09:30:00Z");
  CHECK(duty_of(c.law("2026-10-03T10:00:00Z"), "eu-cra-2024/art14-2a", c.union_) == "open 2026-10-04T09:30Z");
  CHECK(duty_of(c.law("2026-10-05T10:00:00Z"), "eu-cra-2024/art14-2a", c.union_) == "missed 2026-10-04T09:30Z");
  CHECK(duty_of(c.law("2026-10-03T10:00:00Z"), "eu-cra-2024/art14-2a", c.china) == "");
  // Recorded before it came in: from then on.
  c.fold.participants.at(c.union_).confirmed_at = at("2026-10-04T12:00:00Z");
  CHECK(duty_of(c.law("2026-10-04T13:00:00Z"), "eu-cra-2024/art14-2a", c.union_) == "open 2026-10-05T12:00Z");
  // Who claims it knows it from its claim on.
  c.fold.claims.push_back({ClaimId::random(), c.vulnerability, cvd::Letter::A, "a honeypot", at("2026-10-03T08:00:00Z"), at("2026-10-03T08:15:00Z"), c.union_});
  CHECK(duty_of(c.law("2026-10-04T07:00:00Z"), "eu-cra-2024/art14-2a", c.union_) == "open 2026-10-04T08:15Z");
}

TEST_CASE("a correction of what is no fact changes nothing, whatever pointer it has") {
  CaseForLaw c;
  const auto of = [&] {
    Considered considered;
    considered.as_of = at("2026-10-03T10:00:00Z");
    json::array out;
    for (const auto& one : scenarios_of(c.fold, c.rows, considered)) out.push_back(one.given);
    return out;
  };
  const auto before = of();
  for (const auto* fact : {"", "/", "//", "x", "x/y", "/events", "/events/", "/parties", "/parties/", "/parties/0/flags", "/parties//", "/product", "/product/", "/vulnerability", "/vulnerability/state/0", "/as_of", "/as_of/x", "/actions/0", "/embargo", "/embargo/parties", "/incident"})
    for (const auto& value : {json::value(), json::value(true), json::value("x"), json::value(json::array{"x"}), json::value(json::object{{"a", 1}})}) {
      c.fold.corrections = {{std::nullopt, fact, value, "x", at("2026-10-03T08:00:00Z"), {}, {}}};
      CHECK_MESSAGE(of() == before, std::string(fact));
    }
}

TEST_CASE("who is only invited is told nothing that it cannot know: no date, no state of a flaw, no attack") {
  CaseForLaw c;
  cvd::CaseFold stub;
  stub.id = c.fold.id, stub.owner = c.centre;
  auto& guest = stub.participants[c.union_];
  guest.organisation = c.union_, guest.admission = cvd::Admission::Invited, guest.roles = {cvd::Role::Vendor};
  Considered considered;
  considered.as_of = at("2026-10-03T10:00:00Z");
  considered.own = c.union_;
  const auto all = scenarios_of(stub, c.rows, considered);
  REQUIRE(all.size() == 1);
  const auto& given = all.front().given;
  for (const auto* fact : {"state", "exploited", "fix"}) CHECK_FALSE(given.at("vulnerability").as_object().contains(fact));
  CHECK(json::serialize(given).find("1970") == std::string::npos);
  CHECK(std::none_of(all.front().origins.begin(), all.front().origins.end(), [](const Origin& o) { return o.fact.starts_with("/events/") || o.fact == "/vulnerability/exploited"; }));
}

TEST_CASE("who was asked to come in and hasn't answered owes nothing by its part in the case; once it has come in, it does") {
  CaseForLaw c;
  const auto operator_ = organisation(4);
  c.add(operator_, access::OrganisationKind::Operator, "DE", {});
  c.rows.at(operator_).profile.flags = {"essential"};
  auto& guest = c.fold.participants[operator_];
  guest.organisation = operator_, guest.admission = cvd::Admission::Invited, guest.roles = {cvd::Role::Observer};
  CHECK(state_of(c.law("2026-10-03T08:00:00Z"), "eu-nis2-2022") == "out");
  guest.admission = cvd::Admission::Confirmed;
  guest.confirmed_at = at("2026-10-02T08:00:00Z");
  CHECK(state_of(c.law("2026-10-03T08:00:00Z"), "eu-nis2-2022") == "proposed");
}

TEST_CASE("where an incident was is asked about, where a law of that place would speak to whoever has it") {
  CaseForLaw c;
  for (const auto id : {c.centre, c.china}) c.rows.at(id).profile.country = "US";
  auto& incident = c.fold.incidents[c.union_];
  incident.organisation = c.union_;
  incident.facts["incident.aware"].push_back({at("2026-10-03T08:00:00Z"), "2026-10-03T07:00Z", "the logs", {}, {}, {}});
  CHECK(state_of(c.law("2026-10-03T08:00:00Z"), "cn-cac-inc-2025") == "out");
  incident.facts["region"].push_back({at("2026-10-03T08:00:00Z"), "CN-SH", "the logs", {}, {}, {}});
  const auto law = c.law("2026-10-03T08:00:00Z");
  CHECK(state_of(law, "cn-cac-inc-2025") == "asked");
  CHECK(state_of(law, "in-certin-2022") == "out");
  const auto& one = *std::find_if(law.scope.begin(), law.scope.end(), [](const InScope& s) { return s.proposed.pack->id == "cn-cac-inc-2025"; });
  CHECK(has(one.proposed.questions, "party.operates_in"));
  REQUIRE(one.proposed.because.size() == 1);
  CHECK(one.proposed.because.front().party == c.union_.text());
  CHECK(has(one.proposed.because.front().facts, "incident.region is CN-SH"));
  c.rows.at(c.union_).profile.jurisdictions = {"CN"};
  CHECK(state_of(c.law("2026-10-03T08:00:00Z"), "cn-cac-inc-2025") == "proposed");
}

TEST_CASE("before a law is in force it starts nothing") {
  CaseForLaw c;
  for (const auto id : {c.union_, c.china}) c.fold.participants.at(id).confirmed_at = at("2026-09-01T08:00:00Z");
  c.attacked("2026-09-02T08:00:00Z");
  CHECK(duty_of(c.law("2026-09-10T08:00:00Z"), "eu-cra-2024/art14-2a", c.union_) == "");
}

TEST_CASE("publishing before there is a fix is denied to a coordinator in China, allowed once there is one, and not asked where nobody is bound") {
  CaseForLaw c;
  const auto denied = c.publish("2026-10-05T08:00:00Z");
  REQUIRE(denied);
  CHECK(denied->outcome == gate::Outcome::Deny);
  CHECK(has(denied->forbidden_by, "cn-rmsv-2021/art9-1"));
  CHECK_FALSE(denied->person_may_decide);
  CHECK(std::any_of(denied->because.begin(), denied->because.end(), [](const gate::Reason& r) { return r.cite == "cn-rmsv-2021/art9-1, Art. 9(1)" && r.text && r.text->find("Nobody has checked") != std::string::npos; }));
  CHECK(std::all_of(denied->packs.begin(), denied->packs.end(), [](const std::string& p) { return p.starts_with("sha256:") && p.size() == 71; }));

  for (const auto& [product, vendor] : {std::pair{c.ours, c.union_}, std::pair{c.theirs, c.china}}) {
    auto& answer = c.fold.answers[{c.vulnerability, product}];
    answer.status = cvd::Status::Fixed;
    answer.step = cvd::RemedyStep::Distributed;
    answer.history.push_back({at("2026-10-04T08:00:00Z"), cvd::RemedyStep::Distributed, false, {}});
  }
  const auto allowed = c.publish("2026-10-05T08:00:00Z");
  REQUIRE(allowed);
  CHECK(allowed->outcome != gate::Outcome::Deny);

  for (auto& [id, row] : c.rows) row.profile.country.reset(), row.profile.products.reset();
  CHECK_FALSE(c.publish("2026-10-05T08:00:00Z"));
}

TEST_CASE("a person takes a law out of scope, and it decides nothing any more; a draft decides once it is assumed") {
  CaseForLaw c;
  c.fold.scope.emplace();
  c.fold.scope->regimes["cn-rmsv-2021"] = {"cn-rmsv-2021", false, "counsel"};
  const auto verdict = c.publish("2026-10-05T08:00:00Z");
  CHECK((!verdict || verdict->outcome != gate::Outcome::Deny));
  CHECK(state_of(c.law("2026-10-05T08:00:00Z"), "cn-rmsv-2021") == "left out");
  c.fold.scope->assumed = {"cn-miit-2019d"};
  const auto assumed = c.publish("2026-10-05T08:00:00Z");
  REQUIRE(assumed);
  CHECK(std::any_of(assumed->because.begin(), assumed->because.end(), [](const gate::Reason& r) { return r.cite.starts_with("cn-miit-2019d/"); }));
}

TEST_CASE("a denial by law is set aside by a decision that names every rule, and by no other") {
  const CaseForLaw c;
  gate::Facts facts;
  facts.regimes = c.publish("2026-10-05T08:00:00Z");
  const gate::Disclosure disclosure{.audience = gate::Audience::everyone(), .channel = gate::Channel::PublicSite, .case_ = c.fold.id};
  CHECK(gate::judge_regimes(disclosure, facts).outcome == gate::Outcome::Deny);
  facts.override_ = gate::Overridden{DecisionId::random(), PersonId::random(), PersonId::random(), "attacks go on", "users"};
  CHECK(gate::judge_regimes(disclosure, facts).outcome == gate::Outcome::Deny);
  facts.set_aside = {"cn-rmsv-2021/art9-7"};
  CHECK(gate::judge_regimes(disclosure, facts).outcome == gate::Outcome::Deny);
  facts.set_aside = facts.regimes->forbidden_by;
  const auto judged = gate::judge_regimes(disclosure, facts);
  CHECK(judged.outcome == gate::Outcome::AllowWithDuties);
  CHECK(std::any_of(judged.because.begin(), judged.because.end(), [](const gate::Reason& r) { return r.cite == "set aside"; }));
}

TEST_CASE("a correction stands in the place of what was drawn, with what that was; a participant's own counts for what is its own") {
  CaseForLaw c;
  c.fold.corrections.push_back({c.union_, "/parties/" + c.union_.text() + "/flags", json::array{"essential"}, "a network too", at("2026-10-03T08:00:00Z"), {}, {}});
  c.fold.corrections.push_back({c.union_, "/parties/" + c.china.text() + "/flags", json::array{"listed"}, "hearsay", at("2026-10-03T08:00:00Z"), {}, {}});
  c.fold.corrections.push_back({std::nullopt, "/vulnerability/exploited", "yes", "we saw it", at("2026-10-03T08:00:00Z"), {}, {}});
  const auto law = c.law("2026-10-04T08:00:00Z");
  CHECK(state_of(law, "eu-nis2-2022") == "proposed");
  CHECK(state_of(law, "us-sec-8k105") == "out");
  const auto& origins = law.all.front().given.origins;
  const auto corrected = std::find_if(origins.begin(), origins.end(), [](const Origin& o) { return o.fact == "/vulnerability/exploited"; });
  REQUIRE(corrected != origins.end());
  CHECK(corrected->kind == "person");
  CHECK(corrected->instead_of == json::value("no"));
}

TEST_CASE("support of the very version in the market at the instant asked") {
  CaseForLaw c;
  auto& product = c.fold.products.front();
  product.version = "7";
  product.placed = cvd::ProductPlaced{product.id, {"EU", "US"}, "product", {}, true, {}, {{"EU", {}, true, at("2026-11-01T00:00:00Z")}, {"US", "7", false, {}}}};
  const auto support_in = [&](std::string_view when, std::string_view market) -> std::string {
    for (const auto& one : c.law(when).all) {
      if (one.given.provider != c.union_) continue;
      const auto& there = one.given.given.at("product").at("market").as_array();
      if (std::find(there.begin(), there.end(), json::value(market)) != there.end()) return std::string(string_at(one.given.given.at("product"), "support"));
    }
    return "nowhere";
  };
  CHECK(support_in("2026-10-05T08:00:00Z", "EU") == "supported");
  CHECK(support_in("2026-11-05T08:00:00Z", "EU") == "ended");
  CHECK(support_in("2026-10-05T08:00:00Z", "US") == "ended");
}

TEST_CASE("who is told by law stands beside the party, expected") {
  CaseForLaw c;
  const auto law = c.law("2026-10-03T08:00:00Z");
  const auto reached = reached_by_law(law, c.china.text());
  REQUIRE_FALSE(reached.empty());
  CHECK(std::any_of(reached.begin(), reached.end(), [](const json::value& v) { return string_at(v, "rule").starts_with("cn-rmsv-2021/art7-2") && string_at(v, "to").find("miit") != std::string_view::npos && v.at("expected").as_bool(); }));
  CHECK(std::none_of(reached.begin(), reached.end(), [](const json::value& v) { return string_at(v, "rule").starts_with("eu-"); }));
  // And whom that body has to tell in its turn: through whom, by which rule; what becomes of it, nobody here can say.
  const auto further = std::find_if(reached.begin(), reached.end(), [](const json::value& v) { return string_at(v, "to") == "cncert"; });
  REQUIRE(further != reached.end());
  CHECK(*further == json::value(json::object{{"to", "cncert"}, {"via", "miit-platform"}, {"step", 2}, {"rule", "cn-rmsv-2021/art7-2-fwd"}, {"citation", "Art. 7"}, {"verified", true}, {"expected", true}}));
  CHECK(reached.front().at("step").as_int64() == 1);
  CHECK(string_at(reached.front(), "via") == c.china.text());
  CHECK(std::none_of(reached.begin(), reached.end(), [](const json::value& v) { return v.at("step").as_int64() > 1 && v.as_object().contains("state"); }));
}

TEST_CASE("a case about an incident alone has no flaw that would have to be reported, or kept from bodies abroad") {
  CaseForLaw c;
  c.fold.vulnerabilities.clear();
  c.fold.products.clear();
  constexpr std::string_view kThen = "2026-10-03T08:00:00Z";
  const auto has_flaw = [&](std::optional<OrganisationId> own = {}) {
    const auto law = c.law(kThen, own);
    return std::any_of(law.all.begin(), law.all.end(), [](const Evaluated& one) { return one.given.given.contains("vulnerability"); });
  };
  CHECK(has_flaw());   // what nobody has described yet
  CHECK(duty_of(c.law(kThen), "cn-rmsv-2021/art7-2", c.china).starts_with("open"));
  c.fold.incidents[c.china];
  CHECK_FALSE(has_flaw());
  CHECK(duty_of(c.law(kThen), "cn-rmsv-2021/art7-2", c.china) == "");
  c.fold.corrections.push_back({.organisation = {}, .fact = "/incident/personal_data", .value = true, .why = "x", .at = at(kThen), .by = {}, .entry = {}});
  CHECK_FALSE(has_flaw());
  // A person says that there is one; or it is described; or the view is a part that can't tell.
  for (const auto& [fact, value] : {std::pair{"/vulnerability/exploited", json::value("yes")}, std::pair{"/events/fix.available", json::value()}})
    CHECK((c.fold.corrections.back().fact = fact, c.fold.corrections.back().value = value, has_flaw()));
  c.fold.corrections.clear();
  c.fold.vulnerabilities.push_back({.id = c.vulnerability, .title = "Overflow", .description = "A buffer overflows."});
  CHECK(has_flaw());
  c.fold.vulnerabilities.clear();
  c.fold.opened = Instant{};
  CHECK(has_flaw(c.china));
}

TEST_CASE("before a maker is told, whom it would have to tell is seen, also of one that has named no product here while others have") {
  CaseForLaw c;
  c.fold.participants.erase(c.china);
  c.fold.products.pop_back();
  const auto told = [&](const std::vector<std::string>& roles, std::optional<OrganisationId> own) {
    std::vector<std::string> out;
    for (const auto& one : reached_if_told(packs(), c.fold, c.rows, c.china, roles, at("2026-10-03T08:00:00Z"), own)) {
      CHECK(one.at("expected").as_bool());
      out.emplace_back(string_at(one, "to"));
    }
    return out;
  };
  for (const auto& own : {std::optional<OrganisationId>{}, std::optional(c.centre)})
    for (const auto& roles : std::vector<std::vector<std::string>>{{}, {"vendor"}, {"no such role"}}) {
      CHECK(has(told(roles, own), "miit-platform"));
      CHECK(has(told(roles, own), "cncert"));
    }
  CHECK_FALSE(has(told({"finder"}, {}), "miit-platform"));   // a finder makes nothing that it has to report
}

TEST_CASE("whom a party has told is not expected to be told any more; what it will do counts for nothing yet") {
  const CaseForLaw c;
  const auto first_step = [&](std::string_view told) {
    Considered considered;
    considered.as_of = at("2026-10-03T08:00:00Z");
    considered.more_actions.push_back(json::object{{"id", "told"}, {"actor", c.china.text()}, {"type", "notify-authority"}, {"to", "miit-platform"}, {"content", json::array{}}, {"at", told}});
    const auto reached = reached_by_law(must(evaluate_case(packs(), c.fold, c.rows, considered)), c.china.text());
    const auto found = std::find_if(reached.begin(), reached.end(), [](const json::value& v) { return string_at(v, "rule") == "cn-rmsv-2021/art7-2" && v.at("step").as_int64() == 1; });
    REQUIRE(found != reached.end());
    return *found;
  };
  const auto done = first_step("2026-10-02T20:00Z");
  CHECK(string_at(done, "state") == "met");
  CHECK_FALSE(done.at("expected").as_bool());
  CHECK(string_at(done, "told_at") == "2026-10-02T20:00Z");
  const auto planned = first_step("2026-10-03T20:00Z");
  CHECK(planned.at("expected").as_bool());
  CHECK_FALSE(planned.as_object().contains("told_at"));
}

TEST_CASE("what nobody has said of a party is asked where a law hangs on it; yes, no and a law left out end the question") {
  CaseForLaw c;
  const auto asked = [&](OrganisationId of, std::string_view flag) {
    const auto law = c.law("2026-10-03T08:00:00Z");
    std::vector<CaseScenario> scenarios;
    for (const auto& one : law.all) scenarios.push_back(one.given);
    const auto all = not_said(packs(), law.scope, scenarios, c.rows, {});
    const auto found = std::find_if(all.begin(), all.end(), [&](const NotSaid& one) { return one.party == of && one.flag == flag; });
    return found == all.end() ? std::vector<std::string>() : found->regimes;
  };
  using Regimes = std::vector<std::string>;
  CHECK(asked(c.union_, "controller") == Regimes{"eu-gdpr-2016"});
  CHECK(asked(c.china, "controller").empty());                     // no law that it is under asks
  CHECK(has(asked(c.union_, "essential"), "eu-nis2-2022"));
  c.rows.at(c.union_).profile.not_flags = {"controller"};
  CHECK(asked(c.union_, "controller").empty());
  CHECK(state_of(c.law("2026-10-03T08:00:00Z"), "eu-gdpr-2016") == "out");
  c.rows.at(c.union_).profile.not_flags = {};
  c.rows.at(c.union_).profile.flags = {"controller"};
  CHECK(asked(c.union_, "controller").empty());
  CHECK(state_of(c.law("2026-10-03T08:00:00Z"), "eu-gdpr-2016") == "proposed");
  c.rows.at(c.union_).profile.flags = {};
  c.fold.scope.emplace();
  c.fold.scope->regimes["eu-gdpr-2016"] = {"eu-gdpr-2016", false, "no personal data"};
  CHECK(asked(c.union_, "controller").empty());
}

TEST_CASE("a pack with an error refuses, with file and line; none built in binds parties of whom nothing is known") {
  CHECK_FALSE(packs().binds_anybody());
  for_tests::Folder folder;
  {
    std::ofstream out(folder.path / "own.yaml");
    out << "id: own-2026\nedition: 2026-01-01\nforce: law\nrules:\n  - id: a\n    modality: perhaps\n";
  }
  const auto refused = Packs::load({folder.path.string()});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where.starts_with("own.yaml:"));
}

TEST_CASE("whoever invited a party told it, or who led the case then: not who took it over since") {
  CaseForLaw c;
  c.fold.led = {{c.centre, c.fold.opened}, {c.union_, at("2026-10-05T08:00:00Z")}};
  c.fold.owner = c.union_;
  const auto teller_of = [&](OrganisationId id) {
    for (const auto& one : c.law("2026-10-06T08:00:00Z").all) {
      const auto* actions = one.given.given.if_contains("actions");
      if (one.given.provider != id || actions == nullptr) continue;
      for (const auto& action : actions->as_array())
        if (string_at(action, "id") == "told-" + id.text()) return std::string(string_at(action, "actor"));
    }
    return std::string("nobody");
  };
  CHECK(teller_of(c.china) == c.centre.text());
  CHECK(teller_of(c.union_) == c.centre.text());  // the owner of now was told like everybody
  c.fold.participants.at(c.china).invited_by = c.union_;
  CHECK(teller_of(c.china) == c.union_.text());
}
