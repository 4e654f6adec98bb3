// A case of three organisations for tests of what laws are told of it (regime_facts.h): folds and profiles in, scenarios out, no rule asked. For tests only.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "service/regime_facts.h"
#include "service/testing.h"

namespace sluice::service::facts_test {

inline Instant instant(std::string_view text) { return for_tests::must(parse_instant(text)); }

// A coordinator in Austria leads; a maker in Germany, and another in China, each with a product; one flaw. Asked as of 10 October.
struct FactsOfCase {
  OrganisationId lead = party(1), maker = party(2), other = party(3), guest = party(4);
  OrganisationRows rows;
  cvd::CaseFold fold;
  Considered considered;
  VulnerabilityId flaw = VulnerabilityId::random();
  ProductId board = ProductId::random(), lamp = ProductId::random();

  static OrganisationId party(std::uint8_t n) {
    OrganisationId out;
    out.bytes[15] = n;
    return out;
  }
  FactsOfCase() {
    fold.id = CaseId::random();
    fold.owner = lead;
    fold.opened = instant("2026-10-01T08:00:00Z");
    considered.as_of = instant("2026-10-10T00:00:00Z");
    add(lead, access::OrganisationKind::Coordinator, "AT");
    join(lead, {});
    fold.participants.at(lead).confirmed_at.reset();
    add(maker, access::OrganisationKind::Vendor, "DE");
    add(other, access::OrganisationKind::Vendor, "CN");
    join(maker, {cvd::Role::Vendor});
    join(other, {cvd::Role::Vendor});
    fold.vulnerabilities.push_back({.id = flaw, .title = "Overflow", .description = "A buffer overflows."});
    fold.products.push_back({.id = board, .vendor = maker, .name = "Board"});
    fold.products.push_back({.id = lamp, .vendor = other, .name = "Lamp"});
  }
  void add(OrganisationId id, access::OrganisationKind kind, std::string country) {
    store::OrganisationRow row{.id = id, .kind = kind};
    row.profile.name = id.text();
    row.profile.country = std::move(country);
    rows.insert_or_assign(id, std::move(row));
  }
  void join(OrganisationId id, std::set<cvd::Role> roles) {
    auto& participant = fold.participants[id];
    participant.organisation = id;
    participant.admission = cvd::Admission::Confirmed;
    participant.confirmed_at = instant("2026-10-02T08:00:00Z");
    participant.roles = std::move(roles);
  }
  cvd::ReportCard& report(std::optional<OrganisationId> by, OrganisationId to, std::string_view when) {
    cvd::ReportCard card;
    card.id = ReportId::random();
    card.reporter = by;
    card.to = to;
    card.received = instant(when);
    return fold.reports.emplace_back(std::move(card));
  }
  void claim(OrganisationId by, cvd::Letter fact, std::string_view when, cvd::Claim::State state = cvd::Claim::State::Open, std::optional<VulnerabilityId> of = {}) {
    fold.claims.push_back({ClaimId::random(), of.value_or(flaw), fact, "a honeypot", instant(when), instant(when), by, state});
  }
  void terms(std::string_view until, std::set<OrganisationId> signatories, cvd::EmbargoState state = cvd::EmbargoState::Active) {
    fold.embargo = state;
    fold.terms = {{.version = 1, .state = cvd::Terms::State::Running, .until = instant(until)}};
    for (auto& [id, participant] : fold.participants) participant.consent[1] = signatories.contains(id) ? cvd::ConsentState::Signatory : cvd::ConsentState::Invited;
  }
  cvd::Release& release(cvd::Release::State state, std::string_view at, std::vector<VulnerabilityId> of = {}) {
    cvd::Release out;
    out.id = ReleaseId::random();
    out.advisory = AdvisoryId::random();
    out.version = 1;
    out.instant = instant(at);
    out.vulnerabilities = std::move(of);
    out.state = state;
    if (state == cvd::Release::State::Released) out.released_at = out.instant;
    return fold.releases.emplace_back(std::move(out));
  }
  void correct(std::string fact, json::value value, std::optional<OrganisationId> by = {}, std::string_view when = "2026-10-03T08:00:00Z") {
    fold.corrections.push_back({by, std::move(fact), std::move(value), "counsel says so", instant(when), {}, {}});
  }

  std::vector<CaseScenario> all() const { return scenarios_of(fold, rows, considered); }
  // Of this provider; of several, the first.
  CaseScenario of(OrganisationId provider) const {
    for (auto& one : all())
      if (one.provider == provider) return one;
    FAIL("not asked of");
    return {};
  }
  // What stands there, as JSON; "-": nothing.
  static std::string at(const json::value& given, std::string_view pointer) {
    const auto* found = find_at(given, pointer);
    return found == nullptr ? "-" : found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
  }
  std::string fact(std::string_view pointer) const { return at(of(maker).given, pointer); }
  static std::string of_party(const CaseScenario& scenario, const std::string& id, std::string_view key) {
    for (const auto& one : scenario.given.at("parties").as_array())
      if (string_at(one, "id") == id) return at(one, key);
    return "no party";
  }
  std::string of_party(OrganisationId id, std::string_view key) const { return of_party(all().front(), id.text(), key); }
  std::string event(const std::string& name) const { return at(of(maker).given, "/events/" + name); }
  // "kind of"; "-": the fact has none. More than one is a fault.
  static std::string origin(const CaseScenario& scenario, std::string_view fact) {
    std::string out = "-";
    for (const auto& one : scenario.origins)
      if (one.fact == fact) out = out == "-" ? one.kind + " " + one.of : "twice";
    return out;
  }
  std::string origin(std::string_view fact) const { return origin(of(maker), fact); }
  static std::optional<json::value> action(const CaseScenario& scenario, std::string_view id) {
    const auto* actions = scenario.given.if_contains("actions");
    if (actions != nullptr)
      for (const auto& one : actions->as_array())
        if (string_at(one, "id") == id) return one;
    return std::nullopt;
  }
};

}  // namespace sluice::service::facts_test
