#include "store/views.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::store;

namespace {
std::shared_ptr<const cvd::CaseView> view(std::string etag) {
  auto out = std::make_shared<cvd::CaseView>();
  out->etag = std::move(etag);
  return out;
}
access::Viewer somebody() { return {.kind = access::Viewer::Kind::Person, .person = PersonId::random(), .organisation = OrganisationId::random()}; }
}  // namespace

TEST_CASE("a kept view is found for its version and its viewer alone") {
  Views views;
  const auto id = CaseId::random();
  const auto viewer = somebody();
  const auto name = Views::name(id, viewer);
  views.keep(name, 3, view("three"), 10);
  REQUIRE(views.find(name, 3));
  CHECK(views.find(name, 3)->etag == "three");
  CHECK_FALSE(views.find(name, 4));
  CHECK_FALSE(views.find(name, 2));
  CHECK_FALSE(views.find(Views::name(CaseId::random(), viewer), 3));
  CHECK_FALSE(views.find(Views::name(id, somebody()), 3));
  // The same person, acting for another organisation, in another role, or as the site's administrator.
  auto other = viewer;
  other.organisation = OrganisationId::random();
  CHECK_FALSE(views.find(Views::name(id, other), 3));
  other = viewer;
  other.role = access::SiteRole::Auditor;
  CHECK_FALSE(views.find(Views::name(id, other), 3));
  other = viewer;
  other.is_instance_admin = true;
  CHECK_FALSE(views.find(Views::name(id, other), 3));
}

TEST_CASE("a slower reader's older view replaces no newer one, and what was erased is forgotten") {
  Views views;
  const auto name = Views::name(CaseId::random(), somebody());
  views.keep(name, 5, view("five"), 1);
  views.keep(name, 4, view("four"), 1);
  CHECK(views.find(name, 5));
  views.forget_all();
  CHECK_FALSE(views.find(name, 5));
}

TEST_CASE("the views that were used last stay within the limit") {
  Views views(100);
  std::vector<Views::Name> names;
  for (int i = 0; i < 5; ++i) names.push_back(Views::name(CaseId::random(), somebody()));
  for (int i = 0; i < 4; ++i) views.keep(names[static_cast<std::size_t>(i)], 1, view("x"), 25);
  CHECK(views.find(names[0], 1));                       // used last
  views.keep(names[4], 1, view("x"), 25);
  CHECK(views.find(names[0], 1));
  CHECK_FALSE(views.find(names[1], 1));
  CHECK(views.find(names[4], 1));
}
