// Products as laws are told of them, and which of them are asked about: by tables, a row a rule.
#include "service/regime_facts_testing.h"

namespace sluice::service::facts_test {

namespace {

// Of whose products, in the order in which they are asked about.
std::vector<OrganisationId> providers(const FactsOfCase& c) {
  std::vector<OrganisationId> out;
  for (const auto& one : c.all())
    if (one.provider) out.push_back(*one.provider);
  return out;
}

}  // namespace

TEST_CASE("a product is sold and is as its maker said of it; where it didn't, as its profile says of all") {
  FactsOfCase c;
  const auto product = [&](const char* key) { return c.fact(std::string("/product/") + key); };
  for (const auto* key : {"market", "kind", "consumer", "commercial", "published"}) CHECK(product(key) == "-");
  CHECK(product("provider") == c.maker.text());
  CHECK(c.origin("/product/provider") == "entry " + c.board.text());
  c.rows.at(c.maker).profile.products = cvd::PlacedAs{{"EU"}, "service", false, true, {"contact"}};
  CHECK(product("market") == R"(["EU"])");
  CHECK(product("kind") == "service");
  CHECK(product("consumer") == "no");
  CHECK(product("commercial") == "yes");
  CHECK(product("published") == R"(["contact"])");
  for (const auto* key : {"market", "kind", "consumer", "commercial", "published"}) CHECK(c.origin(std::string("/product/") + key) == "profile " + c.maker.text());
  c.fold.products.front().placed = cvd::ProductPlaced{c.board, {"US", "JP"}, "product", true, false, {"support-period"}, {}};
  CHECK(product("market") == R"(["US","JP"])");
  CHECK(product("kind") == "product");
  CHECK(product("consumer") == "yes");
  CHECK(product("commercial") == "no");
  CHECK(product("published") == R"(["support-period"])");
  for (const auto* key : {"market", "kind", "consumer", "commercial", "published"}) CHECK(c.origin(std::string("/product/") + key) == "entry " + c.board.text());
  CHECK(product("support") == "supported");
}

TEST_CASE("products of one maker that are alike are one to the law, and their markets are joined; of another maker, kind or support they are asked of apart") {
  FactsOfCase c;
  const auto add = [&](OrganisationId maker, std::vector<std::string> markets, std::string kind, std::vector<std::string> published = {}) {
    const auto id = ProductId::random();
    c.fold.products.push_back({.id = id, .vendor = maker, .name = "Another"});
    c.fold.products.back().placed = cvd::ProductPlaced{id, std::move(markets), std::move(kind), {}, {}, std::move(published), {}};
  };
  c.fold.products.clear();
  add(c.maker, {"EU", "US"}, "product", {"contact"});
  add(c.maker, {"US", "JP"}, "product", {"support-period", "contact"});
  REQUIRE(c.all().size() == 1);
  CHECK(c.fact("/product/market") == R"(["EU","US","JP"])");
  CHECK(c.fact("/product/published") == R"(["contact","support-period"])");
  CHECK(c.all().front().products.size() == 2);
  add(c.maker, {}, "product");                      // nobody said where: what is known of the others stands
  CHECK(c.all().size() == 1);
  CHECK(c.fact("/product/market") == R"(["EU","US","JP"])");
  add(c.other, {"EU"}, "product");
  CHECK(c.all().size() == 2);
  add(c.maker, {"EU"}, "service");
  CHECK(c.all().size() == 3);
}

TEST_CASE("support is that of the product in the market at the instant: by the most exact word, which ends at its own instant") {
  using Support = std::vector<cvd::MarketSupport>;
  const auto now = instant("2026-10-10T00:00:00Z"), later = instant("2026-10-10T00:00:01Z");
  struct Row { Support said; std::optional<bool> of_all; std::optional<Instant> until; const char* expected; };
  for (const auto& row : std::initializer_list<Row>{
           {{}, {}, {}, "supported"},
           {{}, {}, later, "supported"},
           {{}, {}, now, "ended"},
           {{}, false, {}, "ended"},
           {{}, false, later, "supported"},
           {{}, false, now, "ended"},
           {{}, true, {}, "supported"},
           {{{"EU", {}, false, {}}}, {}, {}, "ended"},
           {{{"US", {}, false, {}}}, {}, {}, "supported"},                                   // of another market
           {{{"EU", "8", false, {}}}, {}, {}, "supported"},                                  // of another version
           {{{"EU", "7", false, {}}}, {}, {}, "ended"},
           {{{"EU", {}, true, {}}, {"EU", "7", false, {}}}, {}, {}, "ended"},                // the version's own word, wherever it stands
           {{{"EU", "7", false, {}}, {"EU", {}, true, {}}}, {}, {}, "ended"},
           {{{"EU", {}, false, {}}, {"EU", {}, true, {}}}, {}, {}, "ended"},                 // of two as exact, the first
           {{{"EU", {}, true, now}}, {}, {}, "ended"},
           {{{"EU", {}, true, later}}, {}, {}, "supported"},
           {{{"EU", {}, true, {}}}, false, {}, "supported"},                                 // before the word on all markets
       }) {
    FactsOfCase c;
    auto& product = c.fold.products.front();
    product.version = "7", product.supported = row.of_all, product.supported_until = row.until;
    product.placed = cvd::ProductPlaced{c.board, {"EU"}, {}, {}, {}, {}, row.said};
    CHECK(c.fact("/product/support") == row.expected);
    if (!row.said.empty()) continue;
    product.placed.reset();                          // nobody says where it is sold
    CHECK(c.fact("/product/support") == row.expected);
  }
  // Ended in one market, supported in another: two to the law.
  FactsOfCase c;
  c.fold.products.pop_back();
  c.fold.products.front().placed = cvd::ProductPlaced{c.board, {"EU", "US"}, {}, {}, {}, {}, {{"US", {}, false, {}}}};
  REQUIRE(c.all().size() == 2);
  CHECK(c.at(c.all()[0].given, "/product/market") + c.at(c.all()[0].given, "/product/support") == R"(["EU"]supported)");
  CHECK(c.at(c.all()[1].given, "/product/market") + c.at(c.all()[1].given, "/product/support") == R"(["US"]ended)");
}

TEST_CASE("a product that isn't affected by the flaw is not asked about; nor is its maker's own in its place") {
  FactsOfCase c;
  CHECK(providers(c) == std::vector{c.maker, c.other});
  c.fold.answers[{c.flaw, c.lamp}].status = cvd::Status::NotAffected;
  CHECK(providers(c) == std::vector{c.maker});
  c.fold.answers[{c.flaw, c.board}].status = cvd::Status::NotAffected;
  CHECK(providers(c).empty());
  REQUIRE(c.all().size() == 1);
  CHECK_FALSE(c.all().front().given.contains("product"));
  c.fold.vulnerabilities.clear();                    // nobody has looked yet: all of them
  CHECK(providers(c) == std::vector{c.maker, c.other});
  c.considered.only_provider = c.other;
  CHECK(providers(c) == std::vector{c.other});
}

TEST_CASE("where nobody has named a product each vendor's own is meant, and nobody else's") {
  FactsOfCase c;
  c.fold.products.clear();
  CHECK(providers(c) == std::vector{c.maker, c.other});
  CHECK(c.fact("/product/id") == "product");
  CHECK(c.origin("/product/provider") == "case a vendor of the case");
  c.considered.only_provider = c.other;
  CHECK(providers(c) == std::vector{c.other});
}

TEST_CASE("where others have named theirs, the own product of a vendor that takes part and says where it sells is asked about too") {
  FactsOfCase c;
  c.add(c.guest, access::OrganisationKind::Vendor, "FR");
  c.join(c.guest, {cvd::Role::Vendor});
  auto& sold = c.rows.at(c.guest).profile.products;
  const auto is_asked = [&] {
    const auto all = c.all();
    return std::any_of(all.begin(), all.end(), [&](const CaseScenario& one) { return one.provider == c.guest; });
  };
  CHECK_FALSE(is_asked());                           // it hasn't said where
  sold = cvd::PlacedAs{{}, "product", {}, {}, {}};
  CHECK_FALSE(is_asked());
  sold = cvd::PlacedAs{{"EU"}, "product", {}, {}, {}};
  CHECK(is_asked());
  c.fold.participants.at(c.guest).roles = {cvd::Role::Deployer};
  CHECK_FALSE(is_asked());
  c.fold.participants.at(c.guest).roles = {cvd::Role::Vendor};
  c.fold.participants.at(c.guest).admission = cvd::Admission::Accepted;
  CHECK_FALSE(is_asked());
  c.fold.participants.at(c.guest).admission = cvd::Admission::Confirmed;
  c.considered.only_provider = c.maker;
  CHECK_FALSE(is_asked());
  c.considered.only_provider.reset();
  // A view that isn't the coordination's says so of its own organisation alone.
  c.considered.own = c.maker;
  CHECK_FALSE(is_asked());
  c.considered.own = c.guest;
  CHECK(is_asked());
  c.considered.own.reset();
  // A single act is asked about as the products say, but for whoever would be told.
  c.considered.parties = {c.guest};
  CHECK_FALSE(is_asked());
  c.considered.told = c.other;
  CHECK_FALSE(is_asked());
  c.considered.told = c.guest;
  CHECK(is_asked());
  c.considered.told.reset(), c.considered.parties.clear();
  // One that has named a product is asked of that alone.
  c.fold.products.push_back({.id = ProductId::random(), .vendor = c.guest, .name = "Named"});
  c.fold.answers[{c.flaw, c.fold.products.back().id}].status = cvd::Status::NotAffected;
  CHECK_FALSE(is_asked());
  // The owner takes part without being let in.
  c.fold.products.pop_back();
  c.fold.owner = c.guest;
  c.fold.participants.at(c.guest).admission = cvd::Admission::Accepted;
  CHECK(is_asked());
}

TEST_CASE("components are what a remedy waits for, of other makers, by this flaw, to any depth") {
  FactsOfCase c;
  const auto chip = ProductId::random(), core = ProductId::random(), own = ProductId::random();
  c.add(c.guest, access::OrganisationKind::Vendor, "FR");
  c.fold.products.push_back({.id = chip, .vendor = c.other, .name = "Chip"});
  c.fold.products.push_back({.id = core, .vendor = c.guest, .name = "Core"});
  c.fold.products.push_back({.id = own, .vendor = c.maker, .name = "Module"});
  c.fold.waits.push_back({.vulnerability = VulnerabilityId::random(), .product = c.board, .on = chip});
  CHECK(c.fact("/product/components") == "-");       // by another flaw
  c.fold.waits.front() = {.vulnerability = c.flaw, .product = c.lamp, .on = core};
  CHECK(c.fact("/product/components") == "-");       // of another product
  c.fold.waits.front() = {.vulnerability = c.flaw, .product = c.board, .on = own};
  CHECK(c.fact("/product/components") == "-");       // its own
  c.fold.waits.front() = {.vulnerability = c.flaw, .product = c.board, .on = chip};
  c.fold.waits.push_back({.vulnerability = c.flaw, .product = chip, .on = core});
  CHECK(c.fact("/product/components/0/id") == chip.text());
  CHECK(c.fact("/product/components/0/provider") == c.other.text());
  CHECK(c.fact("/product/components/0/components/0/provider") == c.guest.text());
  CHECK(c.origin("/product/components") == "entry " + c.board.text());
}

}  // namespace sluice::service::facts_test
