#include <doctest/doctest.h>

#include "service/cases.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;

namespace {

// Under how many keys a part of the case is sealed.
std::size_t keys_of(SiteForTests& site, CaseId id, const access::Compartment& part) {
  auto db = for_tests::must(site.store->lease());
  constexpr store::Sql kEntries{"entries_of_stream_for_test", "SELECT record FROM entry WHERE stream = $1"};
  auto rows = for_tests::must(db->query(kEntries, site.store->streams().tag_of(id, part)));
  std::set<std::uint32_t> versions;
  while (for_tests::must(rows.next())) versions.insert(for_tests::must(ledger::key_of(rows.bytes(0))).version);
  return versions.size();
}
std::size_t keys_of_shared(SiteForTests& site, CaseId id) { return keys_of(site, id, access::Compartment::shared()); }

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

TEST_CASE("KEY-2: what is said in a group after somebody was taken out of it is under another key, and nothing else is") {
  SiteForTests site;
  const auto owner = site.organisation("Owner", access::OrganisationKind::Vendor), vendor = site.organisation("Vendor", access::OrganisationKind::Vendor);
  const auto first = site.person(owner, "First", "first@owner.example"), other = site.person(vendor, "Vera", "vera@vendor.example", access::SiteRole::Admin);
  const auto id = site.made<CaseId>(open_case(site.services, site.asker(first, owner), {"A case"}));
  const auto act = [&](PersonId who, OrganisationId by, cvd::Command command) { return for_tests::must(site.writer->run(case_command(site.services, site.asker(who, by), id, std::move(command)))); };
  for (const auto step : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) act(first, owner, cvd::StepReport{step, {}, {}});
  const auto formed = act(first, owner, cvd::FormGroup{"First tier", {}, "they fix it first"});
  const auto group = GroupId::parse(string_at(formed.answer, "group")).value();
  act(first, owner, cvd::InviteMany{{vendor}, {cvd::Role::Vendor}, "ships it", {}, group});
  act(other, vendor, cvd::AnswerInvitation{true, {}, {}});
  act(first, owner, cvd::ConfirmParticipant{vendor, "by telephone"});
  const auto part = access::Compartment::of(group);
  act(other, vendor, cvd::OpenThread{part.text(), "Branches", "Before."});
  CHECK(keys_of(site, id, part) == 1);
  act(first, owner, cvd::ChangeGroup{group, {}, std::vector{vendor}, "its product is out"});
  act(first, owner, cvd::OpenThread{part.text(), "Branches", "After."});
  act(first, owner, cvd::OpenThread{"shared", "Plan", "For all."});
  CHECK(keys_of(site, id, part) == 2);
  CHECK(keys_of_shared(site, id) == 1);
  CHECK(for_tests::must(site.store->as(site.viewer(first, owner)).case_view(id)).view.fold.threads.size() == 3);
  CHECK(for_tests::must(site.store->as(site.viewer(other, vendor)).case_view(id)).view.fold.threads.size() == 1);
}

TEST_CASE("U1: what is new is a person's own: unmoved by what is hidden, by its own words, and by its absence") {
  SiteForTests site;
  const auto owner = site.organisation("Owner", access::OrganisationKind::Vendor), vendor = site.organisation("Vendor", access::OrganisationKind::Vendor);
  const auto first = site.person(owner, "First", "first@owner.example", access::SiteRole::Admin), second = site.person(owner, "Second", "second@owner.example"), other = site.person(vendor, "Vera", "vera@vendor.example", access::SiteRole::Admin);
  const auto id = site.made<CaseId>(open_case(site.services, site.asker(first, owner), {"A case"}));
  const auto act = [&](PersonId who, OrganisationId by, cvd::Command command) { return for_tests::must(site.writer->run(case_command(site.services, site.asker(who, by), id, std::move(command)))); };
  const auto unread = [&](PersonId who, OrganisationId by) { return for_tests::must(site.store->as(site.viewer(who, by)).unread(id)); };
  const auto read = [&](PersonId who, OrganisationId by) { for_tests::must(site.writer->run(mark_read(site.services, {who, id, unread(who, by).seen}))); };
  for (const auto step : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) act(first, owner, cvd::StepReport{step, {}, {}});
  act(first, owner, cvd::InviteParticipant{vendor, {cvd::Role::Vendor}, "ships it", {}});
  act(other, vendor, cvd::AnswerInvitation{true, {}, {}});
  CHECK(unread(other, vendor).count == 0);  // a stub tells nothing
  act(first, owner, cvd::ConfirmParticipant{vendor, "by telephone"});
  const auto opened = act(first, owner, cvd::OpenThread{"shared", "Plan", "Who ships when?"});
  const auto thread = ThreadId::parse(string_at(opened.answer, "thread")).value();
  CHECK(unread(first, owner).count == 1);  // the vendor's answer to the invitation
  CHECK(unread(second, owner).count > 1);
  for (const auto& [who, by] : {std::pair{first, owner}, std::pair{second, owner}, std::pair{other, vendor}}) read(who, by);
  for (const auto& [who, by] : {std::pair{first, owner}, std::pair{second, owner}, std::pair{other, vendor}}) CHECK(unread(who, by).count == 0);

  const auto posted = act(other, vendor, cvd::PostMessage{thread, "In Mai."});
  const auto message = MessageId::parse(string_at(posted.answer, "message")).value();
  act(other, vendor, cvd::AmendMessage{thread, message, "In May."});
  act(other, vendor, cvd::AmendMessage{thread, message, "In June."});
  CHECK(unread(other, vendor).count == 0);
  CHECK(unread(first, owner).count == 1);
  REQUIRE(unread(first, owner).threads.size() == 1);
  CHECK(unread(first, owner).threads.front().first == message);
  // Unattributed in what it reads, and still its own.
  act(other, vendor, cvd::ProposeTerms{site.clock.now() + std::chrono::hours(24 * 30), {}, {}, {}});
  CHECK(unread(other, vendor).count == 0);
  CHECK(unread(first, owner).count == 2);

  act(first, owner, cvd::OpenThread{"coordination", "Internal", "Not for vendors."});
  CHECK(unread(other, vendor).count == 0);
  act(first, owner, cvd::SuspendParticipant{vendor, "a leak"});
  CHECK(site.store->as(site.viewer(other, vendor)).unread(id).error().kind == ErrorKind::NotFound);
  act(first, owner, cvd::PostMessage{thread, "While it is away."});
  act(first, owner, cvd::RestoreParticipant{vendor, "not theirs"});
  CHECK(unread(other, vendor).messages.size() == 1);
  CHECK(unread(other, vendor).count == 3);  // the message; that it was suspended; that it was restored
  // A mark never goes back.
  const auto now = unread(other, vendor).seen;
  read(other, vendor);
  for_tests::must(site.writer->run(mark_read(site.services, {other, id, {{"shared", 1}}})));
  CHECK(unread(other, vendor).count == 0);
  CHECK_FALSE(unread(other, vendor).moves);
}
