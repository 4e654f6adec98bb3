#include <doctest/doctest.h>

#include "service/cases.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;

namespace {

// Under how many keys the `shared` part of the case is sealed.
std::size_t keys_of_shared(SiteForTests& site, CaseId id) {
  auto db = for_tests::must(site.store->lease());
  constexpr store::Sql kEntries{"entries_of_stream_for_test", "SELECT record FROM entry WHERE stream = $1"};
  auto rows = for_tests::must(db->query(kEntries, site.store->streams().tag_of(id, access::Compartment::shared())));
  std::set<std::uint32_t> versions;
  while (for_tests::must(rows.next())) versions.insert(for_tests::must(ledger::key_of(rows.bytes(0))).version);
  return versions.size();
}

}  // namespace

TEST_CASE("KEY-2: after a removal what was shared is written under another key, and all of it stays readable for who may") {
  SiteForTests site;
  const auto owner = site.organisation("Owner", access::OrganisationKind::Vendor), vendor = site.organisation("Vendor", access::OrganisationKind::Vendor);
  const auto first = site.person(owner, "First", "first@owner.example"), other = site.person(vendor, "Vera", "vera@vendor.example", access::SiteRole::Admin);
  const auto id = site.made<CaseId>(open_case(site.services, site.asker(first, owner), {"A case"}));
  const auto act = [&](PersonId who, OrganisationId by, cvd::Command command) { return for_tests::must(site.writer->run(case_command(site.services, site.asker(who, by), id, std::move(command)))); };
  for (const auto step : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) act(first, owner, cvd::StepReport{step, {}, {}});
  act(first, owner, cvd::InviteParticipant{vendor, {cvd::Role::Vendor}, "ships it", {}});
  act(other, vendor, cvd::AnswerInvitation{true, {}, {}});
  act(first, owner, cvd::ConfirmParticipant{vendor, "by telephone"});
  act(first, owner, cvd::OpenThread{"shared", "Plan", "Before."});
  CHECK(keys_of_shared(site, id) == 1);
  act(first, owner, cvd::RemoveParticipant{vendor, "it left the alliance"});
  act(first, owner, cvd::OpenThread{"shared", "Plan", "After."});
  CHECK(keys_of_shared(site, id) == 2);

  const auto seen = for_tests::must(site.store->as(site.viewer(first, owner)).case_view(id));
  REQUIRE(seen.view.fold.threads.size() == 2);
  CHECK(seen.view.fold.threads[0].messages.front().text == "Before.");
  CHECK(seen.view.fold.threads[1].messages.front().text == "After.");
}
