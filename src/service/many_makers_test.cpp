// A case of several makers, of each of whom law asks: what is left out of the asking changes nothing of what is shown.
#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "service/case_duties.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace many_makers_test {

Instant instant(std::string_view text) { return must(parse_instant(text)); }

// A coordinator in China leads; twelve makers of boards, in China and France, for the Union and China. Every other board has the first maker's chip in it.
struct ManyMakers {
  OrganisationRows rows;
  cvd::CaseFold fold;
  std::shared_ptr<const Packs> packs = must(Packs::load({}));

  ManyMakers() {
    fold.id = CaseId::random();
    fold.owner = organisation(1, access::OrganisationKind::Coordinator, "CN", {});
    fold.opened = instant("2026-10-01T08:00:00Z");
    const auto vulnerability = VulnerabilityId::random();
    fold.vulnerabilities.push_back({.id = vulnerability, .title = "Overflow", .description = "A buffer overflows."});
    fold.vulnerabilities.front().facts[cvd::Letter::A] = {instant("2026-10-04T09:00:00Z"), instant("2026-10-04T09:00:00Z")};
    std::optional<ProductId> chip;
    for (std::uint8_t n = 2; n < 14; ++n) {
      const auto maker = organisation(n, access::OrganisationKind::Vendor, n % 2 == 0 ? "CN" : "FR", {n % 3 == 0 ? "CN" : "EU"});
      const auto product = ProductId::random();
      fold.products.push_back({.id = product, .vendor = maker, .name = "Board"});
      if (chip && n % 2 == 0) fold.waits.push_back({.vulnerability = vulnerability, .product = product, .on = *chip});
      if (!chip) chip = product;
    }
  }
  OrganisationId organisation(std::uint8_t n, access::OrganisationKind kind, std::string country, std::vector<std::string> markets) {
    OrganisationId id;
    id.bytes[15] = n;
    store::OrganisationRow row{.id = id, .kind = kind};
    row.profile.name = id.text();
    row.profile.country = std::move(country);
    if (!markets.empty()) row.profile.products = cvd::PlacedAs{std::move(markets), "product", {}, true, {}};
    rows.emplace(id, std::move(row));
    auto& participant = fold.participants[id];
    participant.organisation = id;
    participant.admission = cvd::Admission::Confirmed;
    participant.report = cvd::ReportState::Accepted;
    if (n > 1) participant.confirmed_at = instant("2026-10-03T08:00:00Z"), participant.roles = {cvd::Role::Vendor};
    return id;
  }
  CaseLaw law(std::string_view when, Asked asked) const {
    Considered considered;
    considered.as_of = instant(when);
    return must(evaluate_case(*packs, fold, rows, considered, asked));
  }
};

std::size_t duties_asked(const CaseLaw& law) {
  std::size_t out = 0;
  for (const auto& one : law.all) out += one.evaluation.duties.size();
  return out;
}

TEST_CASE("the duties of a case are the same where each maker's are asked of its own product alone") {
  const ManyMakers c;
  for (const auto* when : {"2026-10-04T10:00:00Z", "2026-10-08T10:00:00Z", "2027-01-20T10:00:00Z"}) {
    CAPTURE(when);
    const auto all = c.law(when, Asked::Duties), shown = c.law(when, Asked::DutiesShown), whole = c.law(when, Asked::Everything);
    const auto owed = duties_of(all);
    CHECK(owed.size() > 10);
    CHECK(json::serialize(duties_of(shown)) == json::serialize(owed));
    CHECK(json::serialize(duties_of(whole)) == json::serialize(owed));
    CHECK(all.all.size() == shown.all.size());
    CHECK(duties_asked(shown) < duties_asked(all));
  }
}

}  // namespace many_makers_test
