// T2, EXI-1: what is hidden and what never was cost the same: as many statements, rows and opened cells, whatever is asked and whoever asks.
#include <doctest/doctest.h>

#include <boost/mp11/algorithm.hpp>
#include <functional>

#include "service/cases.h"
#include "service/knowers.h"
#include "service/people.h"
#include "service/testing.h"
#include "store/read_work.h"

namespace sluice::service {

namespace {

using for_tests::must;

struct Told {
  store::ReadWork work;
  Error error;
};

// What this thread did for a question that is answered with an error.
template <class Ask>
Told told(Ask&& ask) {
  const auto before = store::read_work();
  auto answer = ask();
  Told out{store::read_work() - before, {}};
  REQUIRE_FALSE(answer);
  out.error = answer.error();
  return out;
}

void check_alike(const Told& hidden, const Told& never) {
  CHECK(hidden.work.queries == never.work.queries);
  CHECK(hidden.work.rows == never.work.rows);
  CHECK(hidden.work.opened == never.work.opened);
  CHECK(hidden.error.kind == ErrorKind::NotFound);
  CHECK(never.error.kind == ErrorKind::NotFound);
}

// One case with a report, a vendor that was confirmed and removed again, and everybody who may not know of it.
struct HiddenCase : SiteForTests {
  OrganisationId owner = organisation("Owner", access::OrganisationKind::Vendor);
  OrganisationId left = organisation("Left", access::OrganisationKind::Vendor);
  OrganisationId elsewhere = organisation("Elsewhere", access::OrganisationKind::Member);
  Asker by_owner = asker(person(owner, "Olga", "olga@owner.example", access::SiteRole::Admin), owner);
  Asker by_left = asker(person(left, "Lena", "lena@left.example", access::SiteRole::Admin), left);
  Asker by_stranger = asker(person(elsewhere, "Sam", "sam@elsewhere.example", access::SiteRole::Admin), elsewhere);
  Asker by_admin = asker(person(open.file.organisation, "Site", "site@site.example", access::SiteRole::Admin), open.file.organisation);
  CaseId id;
  ReportId report, other_report;
  EntryId entry;

  HiddenCase() {
    takes_reports();
    report = sent("Hidden");
    other_report = sent("Another");
    for (const auto& card : must(store->as(by_owner.viewer).cases({}, 200)))
      if (card.title == "Hidden") id = card.id;
    for (const auto action : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) run(by_owner, cvd::StepReport{action, {}, {}});
    run(by_owner, cvd::InviteParticipant{left, {cvd::Role::Vendor}, "ships it", {}});
    run(by_left, cvd::AnswerInvitation{true, {}, {}});
    run(by_owner, cvd::ConfirmParticipant{left, "by phone"});
    const auto opened = run(by_left, cvd::OpenThread{"shared", "Plan", "Which version?"});
    entry = EntryId::parse(string_at(opened.answer, "entry")).value();
    run(by_owner, cvd::RemoveParticipant{left, "not essential"});
  }

  void takes_reports() {
    cvd::OrganisationProfile profile;
    profile.name = "Owner";
    profile.takes_reports = true;
    must(writer->run(change_organisation(services, system(), owner, profile, 1)));
  }
  ReportId sent(std::string title) {
    SubmitReport made{owner, {}};
    made.content.title = std::move(title);
    made.content.description = "Something.";
    made.content.product = "parser";
    return this->made<ReportId>(must(submit_report(services, {.viewer = access::Viewer::nobody()}, std::move(made))));
  }
  Committed run(const Asker& asker, cvd::Command command) { return must(writer->run(case_command(services, asker, id, std::move(command)))); }

  // On the Writer's thread, where commands run.
  Told command_told(const Asker& asker, CaseId which, const cvd::Command& command) {
    Told out;
    (void)writer->run([&, work = case_command(services, asker, which, command)](Unit& unit) mutable -> Result<Committed> {
      out = told([&] { return work(unit); });
      return Committed{};
    });
    return out;
  }

  std::vector<std::pair<const char*, Asker>> outsiders() const {
    return {{"stranger", by_stranger}, {"removed", by_left}, {"site's administrator", by_admin}, {"reporter of another report", {.viewer = access::Viewer::reporter(other_report)}}};
  }
};

const CaseId kNeverCase = *CaseId::parse("c_00000000000000000000000001");
const ReportId kNeverReport = *ReportId::parse("r_00000000000000000000000001");

}  // namespace

TEST_CASE("T2_reading_what_is_hidden_costs_what_reading_nothing_costs") {
  HiddenCase site;
  for (const auto& [who, asker] : site.outsiders()) {
    CAPTURE(std::string(who));
    const auto& viewer = asker.viewer;
    const auto sight = site.store->as(viewer);
    const std::pair<const char*, std::function<Told(CaseId, ReportId)>> paths[] = {
        {"case_view", [&](CaseId id, ReportId) { return told([&] { return sight.case_view(id); }); }},
        {"mailbox", [&](CaseId, ReportId report) { return told([&] { return sight.mailbox(report); }); }},
        {"entry", [&](CaseId id, ReportId) { return told([&] { return sight.entry(id, site.entry); }); }},
        {"case_etag", [&](CaseId id, ReportId) { auto db = must(site.store->lease()); return told([&] { return sight.case_etag(*db, id); }); }},
        {"unread", [&](CaseId id, ReportId) { return told([&] { return sight.unread(id); }); }},
        {"positions", [&](CaseId id, ReportId) { return told([&] { return sight.positions(id, site.entry); }); }},
        {"knowers", [&](CaseId id, ReportId) { return told([&] { return knowers(site.services, viewer, id, site.clock.now()); }); }},
        {"rulings_of", [&](CaseId id, ReportId) { return told([&] { return rulings_of(site.services, viewer, id); }); }},
        {"ask_gate", [&](CaseId id, ReportId) {
           gate::Disclosure disclosure;
           disclosure.case_ = id;
           return told([&] { return ask_gate(site.services, viewer, disclosure); });
         }},
    };
    for (const auto& [what, path] : paths) {
      CAPTURE(std::string(what));
      check_alike(path(site.id, site.report), path(kNeverCase, kNeverReport));
    }
  }
}

TEST_CASE("T2_lists_of_an_outsider_cost_the_same_before_and_after_there_is_a_case_that_is_hidden") {
  SiteForTests site;
  const auto owner = site.organisation("Owner", access::OrganisationKind::Vendor);
  const auto elsewhere = site.organisation("Elsewhere", access::OrganisationKind::Member);
  const auto by_owner = site.asker(site.person(owner, "Olga", "olga@owner.example"), owner);
  const auto viewer = site.viewer(site.person(elsewhere, "Sam", "sam@elsewhere.example"), elsewhere);
  const auto cost = [&] {
    const auto before = store::read_work();
    CHECK(must(site.store->as(viewer).cases({}, 50)).empty());
    return store::read_work() - before;
  };
  const auto without = cost();
  must(site.writer->run(open_case(site.services, by_owner, {"Hidden"})));
  CHECK(cost() == without);
}

TEST_CASE("T2_commands_on_what_is_hidden_cost_what_commands_on_nothing_cost") {
  HiddenCase site;
  for (const auto& [who, asker] : site.outsiders()) {
    CAPTURE(std::string(who));
    boost::mp11::mp_for_each<cvd::Command>([&](auto command) {
      CAPTURE(std::string(cvd::name_of(command)));
      check_alike(site.command_told(asker, site.id, command), site.command_told(asker, kNeverCase, command));
    });
  }
}

TEST_CASE("the counts count: who may read costs more than who may not") {
  HiddenCase site;
  site.store->streams().forget_all();
  const auto before = store::read_work();
  must(site.store->as(site.by_owner.viewer).case_view(site.id));
  const auto cost = store::read_work() - before;
  CHECK(cost.queries > 3);
  CHECK(cost.rows > 3);
  CHECK(cost.opened > 3);
}

}  // namespace sluice::service
