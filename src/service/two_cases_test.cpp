// Commands that write two cases: both or neither, under keys and streams of their own, however few states of cases the Writer keeps.
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "cvd/standing.h"
#include "service/cases.h"
#include "service/knowers.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

constexpr auto days(int n) { return std::chrono::hours(24 * n); }

// The Writer keeps the state of one case at most, so that each load forgets what isn't in use.
struct Parties {
  SiteForTests site{{.cases = 1}};
  OrganisationId owner = site.organisation("Owner", access::OrganisationKind::Vendor), vendor = site.organisation("Vendor", access::OrganisationKind::Vendor);
  OrganisationId coordinator = site.organisation("Coordinator", access::OrganisationKind::Coordinator);
  PersonId olga = site.person(owner, "Olga", "olga@owner.example"), vera = site.person(vendor, "Vera", "vera@vendor.example", access::SiteRole::Admin);
  PersonId carl = site.person(coordinator, "Carl", "carl@coordinator.example", access::SiteRole::Admin);

  Result<Committed> try_to(CaseId id, PersonId who, OrganisationId of, cvd::Command command) { return site.writer->run(case_command(site.services, site.asker(who, of), id, std::move(command))); }
  Committed act(CaseId id, cvd::Command command) { return must(try_to(id, olga, owner, std::move(command))); }
  void join(CaseId id, PersonId who, OrganisationId of, cvd::Role role, std::optional<int> terms = 1) {
    act(id, cvd::InviteParticipant{of, {role}, "ships it", {}});
    must(try_to(id, who, of, cvd::AnswerInvitation{true, terms, {}}));
    act(id, cvd::ConfirmParticipant{of, "by telephone"});
  }
  CaseId opened(int until_days) {
    const auto id = site.made<CaseId>(open_case(site.services, site.asker(olga, owner), {"A case"}));
    for (const auto action : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) act(id, cvd::StepReport{action, {}, {}});
    act(id, cvd::AddVulnerability{"Overflow", "A buffer overflows.", {}});
    act(id, cvd::AddVulnerability{"Leak", "Memory leaks out.", {}});
    act(id, cvd::ProposeTerms{site.clock.now() + days(until_days), {}, {}, {}});
    act(id, cvd::SettleTerms{1});
    return id;
  }
  cvd::CaseFold seen(CaseId id) { return seen_by(id, olga, owner); }
  cvd::CaseFold seen_by(CaseId id, PersonId who, OrganisationId of) { return must(site.store->as(site.viewer(who, of)).case_view(id)).view.fold; }
  bool has(CaseId id, PersonId who, OrganisationId of) { return site.store->as(site.viewer(who, of)).case_view(id).has_value(); }
  CaseId sibling_of(const Committed& committed) { return *CaseId::parse(string_at(committed.answer, "sibling")); }
};

}  // namespace

TEST_CASE("a vulnerability that is public goes to a sibling in one command, and the rest of the case is as it was") {
  Parties p;
  const auto id = p.opened(45);
  p.join(id, p.vera, p.vendor, cvd::Role::Vendor);
  p.join(id, p.carl, p.coordinator, cvd::Role::Coordinator);
  const auto first = p.seen(id).vulnerabilities.front().id;
  p.act(id, cvd::ClaimFact{first, cvd::Letter::P, "on a list", {}});
  const auto sibling = p.sibling_of(p.act(id, cvd::AdoptFact{p.seen(id).claims.front().id, {}, {}, {}}));
  const auto here = p.seen(id), there = p.seen(sibling);
  CHECK(here.embargo == cvd::EmbargoState::Active);
  CHECK(here.title == "A case");
  CHECK(here.vulnerabilities.size() == 1);
  CHECK(there.embargo == cvd::EmbargoState::Exited);
  CHECK(there.vulnerabilities.front().id == first);
  // Each reads both; the id of the other case stands in coordination alone.
  for (const auto& [who, of] : {std::pair{p.vera, p.vendor}, std::pair{p.carl, p.coordinator}}) {
    CHECK(p.has(sibling, who, of));
    CHECK(p.seen_by(id, who, of).siblings.front().id.has_value() == (of == p.coordinator));
    CHECK(p.seen_by(sibling, who, of).siblings.front().id.has_value() == (of == p.coordinator));
  }
  // The sibling's end is told to the coordination here.
  REQUIRE(here.siblings.front().terms.size() == 1);
  // No stream is shared, nor named alike.
  std::set<std::string> names;
  for (const auto one : {id, sibling})
    for (const auto& compartment : cvd::compartments_of(one == id ? here : there)) CHECK(names.insert(p.site.store->streams().name_of(one, compartment)).second);
  // And the cases go on, each by itself.
  p.act(id, cvd::DescribeCase{"What is left", {}});
  CHECK(p.seen(sibling).title == "Overflow");
  CHECK(p.seen(id).vulnerabilities.size() == 1);
}

TEST_CASE("what is told to a sibling reaches its coordination, and there alone") {
  Parties p;
  const auto id = p.opened(45);
  p.join(id, p.vera, p.vendor, cvd::Role::Vendor);
  const auto sibling = p.sibling_of(p.act(id, cvd::SplitCase{{p.seen(id).vulnerabilities.front().id}, "it has another fix"}));
  CHECK(p.seen(sibling).embargo == cvd::EmbargoState::Active);
  const auto until = p.site.clock.now() + days(20);
  p.act(sibling, cvd::ProposeTerms{until, {}, {}, {}});
  p.act(sibling, cvd::SettleTerms{2});
  const auto told = p.seen(id).siblings.front().terms;
  REQUIRE(told.size() == 1);
  CHECK(told.front().until == until);
  CHECK(p.seen_by(id, p.vera, p.vendor).siblings.front().terms.empty());
  p.act(id, cvd::EndEmbargo{"enough"});
  CHECK(p.seen(sibling).siblings.front().terms.size() == 1);
  CHECK(p.seen(sibling).embargo == cvd::EmbargoState::Active);  // told, not ended
}

TEST_CASE("merged, with no other case in the Writer's memory: both are whole afterwards, and the merged one ends with the survivor") {
  Parties p;
  const auto here = p.opened(45), there = p.opened(30);
  p.join(there, p.vera, p.vendor, cvd::Role::Vendor);
  const auto earlier = p.seen(there).running_terms()->until;
  REQUIRE(earlier < p.seen(here).running_terms()->until);
  p.act(here, cvd::MergeCases{there, "the same library"});
  const auto survivor = p.seen(here);
  CHECK(survivor.title == "A case");
  CHECK(survivor.vulnerabilities.size() == 4);
  CHECK(survivor.running_terms()->until == earlier);
  CHECK(survivor.participant(p.vendor)->admission == cvd::Admission::Invited);
  CHECK(p.seen_by(there, p.vera, p.vendor).vulnerabilities.size() == 2);  // still readable to who could
  CHECK(p.try_to(there, p.olga, p.owner, cvd::AddVulnerability{"V", "x", {}}).error().code == "case-merged");
  const auto at_vendor = p.seen_by(there, p.vera, p.vendor);
  CHECK_FALSE(at_vendor.siblings.front().id.has_value());
  p.act(here, cvd::EndEmbargo{"published elsewhere"});
  CHECK(p.seen(there).embargo == cvd::EmbargoState::Exited);
}

TEST_CASE("who came in by a merge knew since it read the case that was merged, for those who may see that one") {
  Parties p;
  const auto here = p.opened(45), there = p.opened(30);
  p.join(here, p.carl, p.coordinator, cvd::Role::Coordinator);
  p.join(there, p.vera, p.vendor, cvd::Role::Vendor);
  const auto early = p.site.clock.now();
  must(p.try_to(there, p.vera, p.vendor, cvd::OpenThread{"shared", "first look", "It is in our copy, too."}));
  p.site.script.set(p.site.clock.now() + days(5));
  p.act(here, cvd::MergeCases{there, "the same library"});
  must(p.try_to(here, p.vera, p.vendor, cvd::AnswerInvitation{true, p.seen(here).running_terms()->version, {}}));
  p.act(here, cvd::ConfirmParticipant{p.vendor, "by telephone"});
  const auto known = [&](PersonId who, OrganisationId of) { return must(knowers(p.site.services, p.site.viewer(who, of), here, p.site.clock.now())).answer; };
  const auto of_vendor = [&](const json::object& answer) -> const json::value* {
    for (const auto& one : answer.at("knowers").as_array())
      if (string_at(one.at("organisation"), "id") == p.vendor.text()) return &one;
    return nullptr;
  };
  const auto all = known(p.olga, p.owner);
  REQUIRE(of_vendor(all) != nullptr);
  CHECK(string_at(*of_vendor(all), "first") < to_text(early + days(1)));
  CHECK(string_at(of_vendor(all)->at("items").as_array().front(), "case") == there.text());
  CHECK(all.at("complete") == json::value(true));
  // The coordinator of the one has no part in the other: it learns nothing of it, and that something is missing.
  const auto part = known(p.carl, p.coordinator);
  CHECK(part.at("complete") == json::value(false));
  CHECK(json::serialize(part).find(there.text()) == std::string::npos);
  REQUIRE(of_vendor(part) != nullptr);
  CHECK(string_at(*of_vendor(part), "first") > to_text(early + days(1)));
  // Nor does who isn't told which case was merged learn it so, though it took part there.
  const auto own = known(p.vera, p.vendor);
  CHECK(json::serialize(own).find(there.text()) == std::string::npos);
}

TEST_CASE("what had been merged into a merged case ends with the survivor, too") {
  Parties p;
  const auto last = p.opened(45), middle = p.opened(40), first = p.opened(35);
  p.act(middle, cvd::MergeCases{first, "the same library"});
  p.act(last, cvd::MergeCases{middle, "and the same once more"});
  CHECK(p.seen(last).vulnerabilities.size() == 6);
  CHECK(p.seen(first).embargo != cvd::EmbargoState::Exited);
  p.act(last, cvd::EndEmbargo{"published elsewhere"});
  for (const auto id : {last, middle, first}) CHECK(p.seen(id).embargo == cvd::EmbargoState::Exited);
}

TEST_CASE("a case that one doesn't own is merged by nobody, and one that one may not know of is like one that never was") {
  Parties p;
  const auto own = p.opened(45);
  const auto others = p.site.made<CaseId>(open_case(p.site.services, p.site.asker(p.vera, p.vendor), {"Another"}));
  const auto hidden = p.try_to(own, p.olga, p.owner, cvd::MergeCases{others, "x"}).error();
  const auto absent = p.try_to(own, p.olga, p.owner, cvd::MergeCases{CaseId::random(), "x"}).error();
  CHECK(hidden.message == absent.message);
  CHECK(hidden.kind == absent.kind);
  CHECK(hidden.where == absent.where);
  const auto shared = p.opened(45);
  p.join(shared, p.vera, p.vendor, cvd::Role::Vendor);
  CHECK(p.try_to(others, p.vera, p.vendor, cvd::MergeCases{shared, "x"}).error().kind == ErrorKind::Forbidden);
  CHECK(p.seen(shared).siblings.empty());
}

TEST_CASE("of a command on two cases that fails nothing stays, in neither") {
  Parties p;
  const auto here = p.opened(45), there = p.opened(30);
  const auto broken = p.site.writer->run([&](Unit& unit) -> Result<Committed> {
    TRY(case_command(p.site.services, p.site.asker(p.olga, p.owner), here, cvd::MergeCases{there, "x"})(unit));
    return fail(ErrorKind::Unavailable, "The disk is full.");
  });
  REQUIRE_FALSE(broken);
  for (const auto id : {here, there}) {
    CHECK(p.seen(id).siblings.empty());
    CHECK(p.seen(id).vulnerabilities.size() == 2);
  }
  p.act(there, cvd::DescribeCase{"Goes on", {}});
  p.act(here, cvd::MergeCases{there, "now"});
  CHECK(p.seen(here).vulnerabilities.size() == 4);
}
