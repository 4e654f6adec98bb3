#include <doctest/doctest.h>

#include "service/cases.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;

TEST_CASE("ACC-13: a title in a list is delivered with it, once, and no more of the case than that") {
  SiteForTests site;
  const auto owner = site.organisation("Owner", access::OrganisationKind::Vendor);
  const auto first = site.person(owner, "First", "first@owner.example");
  const auto asker = site.asker(first, owner);
  const auto id = site.made<CaseId>(open_case(site.services, asker, {"A case"}));
  for_tests::must(site.writer->run(case_command(site.services, asker, id, cvd::OpenThread{"shared", "Plan", "Not in any list."})));

  std::vector<store::CaseCard> cards;
  const auto shown = [&] {
    const auto sight = site.store->as(site.viewer(first, owner));
    cards = for_tests::must(sight.cases({}, 50));
    return for_tests::must(sight.titles_shown(cards));
  };
  const auto titles = shown();
  REQUIRE(titles.size() == 1);
  CHECK(titles.front().from == 1);
  CHECK(titles.front().to == 1);
  for_tests::must(site.writer->run(record_deliveries(site.services, asker, titles, site.store->tag_of(owner), owner.text(), 0)));
  CHECK(shown().empty());
  CHECK(cards.front().title == "A case");
  // A new title behind words that were not read yet shows once the case was opened.
  for_tests::must(site.writer->run(case_command(site.services, asker, id, cvd::DescribeCase{"A case by another name", {}})));
  CHECK(shown().empty());
  CHECK(cards.front().title.empty());
  // The rest is delivered when the case is read.
  const auto rest = for_tests::must(site.store->as(site.viewer(first, owner)).case_view(id)).deliveries;
  CHECK(std::any_of(rest.begin(), rest.end(), [&](const store::FirstDelivery& d) { return d.stream == titles.front().stream && d.from == 2; }));
}
