#include "cvd/ownership.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::cvd;

namespace {

using Grounds = std::vector<CoordinatorGround>;
using enum CoordinatorGround;

CaseFold owned_by_coordinator() {
  CaseFold fold;
  fold.owner = OrganisationId::random();
  fold.participants[fold.owner].roles = {Role::Coordinator};
  return fold;
}

ReportCard& reported(CaseFold& fold) {
  auto& report = fold.reports.emplace_back();
  report.content.emplace();
  return report;
}

void add_vendor(CaseFold& fold, Admission admission = Admission::Confirmed) {
  auto& vendor = fold.participants[OrganisationId::random()];
  vendor.roles = {Role::Vendor};
  vendor.admission = admission;
}

}  // namespace

TEST_CASE("a coordinator that opened a case by itself has no ground yet") { CHECK(coordinator_grounds(owned_by_coordinator()).empty()); }

TEST_CASE("C1: a vendor's case needs no ground") {
  auto fold = owned_by_coordinator();
  fold.owner_is_vendor = true;
  reported(fold).attempts.push_back({});
  CHECK(coordinator_grounds(fold).empty());
}

TEST_CASE("a reporter who sent the report to a coordinator asked it") {
  auto fold = owned_by_coordinator();
  reported(fold);
  CHECK(coordinator_grounds(fold) == Grounds{ReporterAsked});
}

TEST_CASE("two vendors are several, also before they are confirmed; one that was removed is none") {
  auto fold = owned_by_coordinator();
  add_vendor(fold);
  CHECK(coordinator_grounds(fold).empty());
  add_vendor(fold, Admission::Removed);
  CHECK(coordinator_grounds(fold).empty());
  add_vendor(fold, Admission::Invited);
  CHECK(coordinator_grounds(fold) == Grounds{SeveralVendors});
}

TEST_CASE("C2: contact has failed while nobody answered, and no longer once somebody did") {
  auto fold = owned_by_coordinator();
  auto& report = reported(fold);
  report.content->contacted_vendor = YesNo::No;
  CHECK(coordinator_grounds(fold) == Grounds{ReporterAsked});
  report.content->contacted_vendor = YesNo::Yes;                      // and no word of an answer
  CHECK(coordinator_grounds(fold) == Grounds{ReporterAsked, ContactFailed});
  report.attempts.push_back({.whom = "Vendor", .how = "by mail"});
  CHECK(coordinator_grounds(fold) == Grounds{ReporterAsked, ContactFailed});
  report.attempts.push_back({.whom = "Vendor", .how = "by phone", .answer = "We look into it."});
  CHECK(coordinator_grounds(fold) == Grounds{ReporterAsked});
}
