// Which duties stand by the debtor's own word, and which of its words count: folds and profiles in, the list of duties out.
#include "service/case_duties.h"

#include <doctest/doctest.h>

#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

constexpr auto kWarning = "eu-cra-2024/art14-2a";

// A coordinator leads; two vendors sell in the Union, each with a product; the flaw is attacked.
struct OwnWords {
  OrganisationId centre = party(1), here = party(2), there = party(3);
  OrganisationRows rows;
  cvd::CaseFold fold;
  std::shared_ptr<const Packs> packs = must(Packs::load({}));
  Instant now = must(parse_instant("2026-10-03T08:00:00Z"));
  int looks = 0;

  static OrganisationId party(std::uint8_t n) {
    OrganisationId out;
    out.bytes[15] = n;
    return out;
  }
  OwnWords() {
    fold.id = CaseId::random();
    fold.owner = centre;
    fold.opened = must(parse_instant("2026-10-01T08:00:00Z"));
    fold.vulnerabilities.push_back({.id = VulnerabilityId::random(), .title = "Overflow", .description = "A buffer overflows."});
    const auto attacked = must(parse_instant("2026-10-03T06:00:00Z"));
    fold.vulnerabilities.front().facts[cvd::Letter::A] = {attacked, attacked};
    for (const auto id : {centre, here, there}) {
      store::OrganisationRow row{.id = id, .kind = id == centre ? access::OrganisationKind::Coordinator : access::OrganisationKind::Vendor};
      row.profile.name = id.text();
      row.profile.country = "DE";
      if (id != centre) row.profile.products = cvd::PlacedAs{{"EU"}, "product", {}, true, {}};
      rows.emplace(id, std::move(row));
      auto& participant = fold.participants[id];
      participant.organisation = id;
      participant.admission = cvd::Admission::Confirmed;
      participant.report = cvd::ReportState::Accepted;
      if (id == centre) continue;
      participant.confirmed_at = must(parse_instant("2026-10-02T08:00:00Z")), participant.roles = {cvd::Role::Vendor};
      fold.products.push_back({.id = ProductId::random(), .vendor = id, .name = "Parser"});
    }
  }
  void says(OrganisationId who, std::string fact, json::value value) { fold.corrections.push_back({who, std::move(fact), std::move(value), "its own word", now - std::chrono::hours(1), {}, {}}); }
  json::array duties(std::optional<OrganisationId> own = {}) {
    Considered considered;
    considered.as_of = now;
    considered.own = own;
    looks = 0;
    return with_own_words(duties_of(must(evaluate_case(*packs, fold, rows, considered, Asked::Duties))), *packs, fold, rows, considered, [this](const CaseLaw&) { ++looks; });
  }
  static const json::value* duty(const json::array& all, OrganisationId on) {
    for (const auto& one : all)
      if (string_at(one, "rule") == kWarning && string_at(one, "on") == on.text()) return &one;
    return nullptr;
  }
  // "state; without: state; fact, fact"
  static std::string told(const json::array& all, OrganisationId on) {
    const auto* one = duty(all, on);
    if (one == nullptr) return "none";
    std::string out(string_at(*one, "state"));
    if (const auto* without = find_at(*one, "/without")) out += "; without: " + std::string(string_at(*without, "state"));
    if (const auto* words = find_at(*one, "/rests_on"))
      for (const auto& word : words->as_array()) out += "; " + std::string(string_at(word, "fact"));
    return out;
  }
  std::string aware(OrganisationId who) const { return "/events/vuln.aware_exploited@" + who.text(); }
};

}  // namespace

TEST_CASE("O2: a duty rests on the debtor's corrections that count for it, and on no others of it") {
  OwnWords c;
  CHECK(c.told(c.duties(), c.here) == "open");
  CHECK(c.looks == 0);
  c.says(c.here, c.aware(c.here), nullptr);
  CHECK(c.told(c.duties(), c.here) == "waiting; without: open; " + c.aware(c.here));
  CHECK(c.looks == 1);
  c.says(c.here, "/parties/" + c.here.text() + "/sectors", json::array{"food"});
  CHECK(c.told(c.duties(), c.here) == "waiting; without: open; " + c.aware(c.here));
  CHECK(c.told(c.duties(), c.there) == "open");
}

TEST_CASE("O2: of two that each say enough both are named, of very many all") {
  OwnWords c;
  c.says(c.here, "/product/market", json::array{"CN"});
  c.says(c.here, "/product/kind", "service");
  c.says(c.here, "/parties/" + c.here.text() + "/sectors", json::array{"food"});
  CHECK(c.told(c.duties(), c.here) == "not-triggered; without: open; /product/market; /product/kind");
  CHECK(c.told(c.duties(), c.there) == "open");
  CHECK(c.looks == 7);
  for (int i = 0; i < 40; ++i) c.says(c.here, "/events/vuln.validated@" + c.here.text(), nullptr);
  CHECK(OwnWords::duty(c.duties(), c.here)->at("rests_on").as_array().size() == 43);
  CHECK(c.looks <= kMostLooks);
}

TEST_CASE("one debtor's word isn't taken for another's") {
  OwnWords c;
  c.says(c.here, c.aware(c.here), nullptr);
  c.says(c.there, "/parties/" + c.there.text() + "/sectors", json::array{"food"});
  const auto all = c.duties();
  CHECK(c.told(all, c.here) == "waiting; without: open; " + c.aware(c.here));
  CHECK(c.told(all, c.there) == "open");
}

TEST_CASE("O1: a participant is told of nobody's word, its own neither") {
  OwnWords c;
  c.says(c.here, c.aware(c.here), nullptr);
  CHECK(c.told(c.duties(c.here), c.here) == "waiting");
  CHECK(c.told(c.duties(c.there), c.there) == "open");
  CHECK(c.looks == 0);
}
