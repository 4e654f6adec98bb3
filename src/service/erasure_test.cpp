#include "service/erasure.h"

#include <doctest/doctest.h>

#include "service/cases.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;

namespace {

// A case whose owner drafted a statement, which stands in its own compartment alone.
struct Drafted {
  SiteForTests site;
  OrganisationId owner = site.organisation("Owner", access::OrganisationKind::Vendor);
  PersonId first = site.person(owner, "First", "first@owner.example"), second = site.person(owner, "Second", "second@owner.example");
  CaseId id = site.made<CaseId>(open_case(site.services, site.asker(first, owner), {"A case"}));

  Committed act(PersonId who, cvd::Command command) { return for_tests::must(site.writer->run(case_command(site.services, site.asker(who, owner), id, std::move(command)))); }
  cvd::CaseFold seen() { return for_tests::must(site.store->as(site.viewer(first, owner)).case_view(id)).view.fold; }
  std::string compartment() const { return access::Compartment::of(owner).text(); }

  Drafted() { act(first, cvd::DraftStatement{"We are looking."}); }
  Result<std::shared_ptr<const store::StreamEntries>> entries() {
    auto db = for_tests::must(site.store->lease());
    return site.store->streams().read(*db, id, access::Compartment::of(owner));
  }
  void erase() {
    const auto asked = for_tests::must(site.writer->run(erase_for(site.services, first, id, {compartment(), "asked for"})));
    REQUIRE(asked.waits_for_second_person);
    act(second, cvd::ConfirmRequest{*TwoPersonRequestId::parse(string_at(asked.answer, "request"))});
  }
};

}  // namespace

TEST_CASE("what is asked for isn't erased; once confirmed, nobody reads it from then on") {
  Drafted d;
  const auto asked = for_tests::must(d.site.writer->run(erase_for(d.site.services, d.first, d.id, {d.compartment(), "asked for"})));
  CHECK(asked.waits_for_second_person);
  CHECK(d.seen().participant(d.owner)->statement_draft == "We are looking.");
  CHECK_FALSE(for_tests::must(finish_erasures(d.site.services)));
  REQUIRE(d.entries());
  d.act(d.second, cvd::ConfirmRequest{*TwoPersonRequestId::parse(string_at(asked.answer, "request"))});
  CHECK(d.entries().error().code == "erased");  // what was opened before isn't kept
  CHECK_FALSE(d.seen().participant(d.owner)->statement_draft);
  CHECK(d.seen().erased.contains(d.compartment()));
}

TEST_CASE("an erasure is finished once: a new epoch with the keys that stay, and no other") {
  Drafted d;
  d.erase();
  CHECK(for_tests::must(finish_erasures(d.site.services)));
  CHECK(d.site.open.keys->epochs() == std::vector<std::uint32_t>{2});
  CHECK_FALSE(for_tests::must(finish_erasures(d.site.services)));
  d.act(d.first, cvd::DescribeCase{"A case that goes on", {}});
  CHECK(d.seen().title == "A case that goes on");
}

TEST_CASE("what a crash left undone after the new epoch began is done by the next round, in that epoch") {
  Drafted d;
  d.erase();
  REQUIRE(d.site.open.keys->begin_epoch(system_random()));
  CHECK(for_tests::must(finish_erasures(d.site.services)));
  CHECK(d.site.open.keys->epochs() == std::vector<std::uint32_t>{2});
  CHECK(d.seen().title == "A case");
}

TEST_CASE("who doesn't act for the case owner asks for no erasure") {
  Drafted d;
  const auto other = d.site.organisation("Other", access::OrganisationKind::Vendor);
  const auto stranger = d.site.person(other, "Stranger", "stranger@other.example");
  CHECK(d.site.writer->run(erase_for(d.site.services, stranger, d.id, {d.compartment(), "why"})).error().kind == ErrorKind::Forbidden);
}

TEST_CASE("who asked and has left since is no second of two") {  // ACC-7
  Drafted d;
  const auto asked = d.act(d.first, cvd::EraseCompartment{d.compartment(), "why"});
  const auto request = *TwoPersonRequestId::parse(string_at(asked.answer, "request"));
  for_tests::must(d.site.writer->run(change_affiliation(d.site.services, d.site.doors.viewers, SiteForTests::system(), d.first, d.owner, store::AffiliationState::Ended)));
  const auto confirmed = d.site.writer->run(case_command(d.site.services, d.site.asker(d.second, d.owner), d.id, cvd::ConfirmRequest{request}));
  REQUIRE_FALSE(confirmed);
  CHECK(confirmed.error().kind == ErrorKind::Conflict);
}
