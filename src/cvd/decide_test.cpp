// Longer than most, and one idea: what a case makes of commands, each claim a test.
#include "cvd/decide.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "cvd/readiness.h"
#include "cvd/standing.h"
#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

using sluice::cvd::testing::Driven;

namespace {

void check_invariants(const Driven& d) {
  const auto& fold = d.state.fold;
  const auto running = std::count_if(fold.terms.begin(), fold.terms.end(), [](const Terms& t) { return t.state == Terms::State::Running; });
  CHECK(running == (binds(fold.embargo) ? 1 : 0));                                                      // C1
  for (const auto& [id, participant] : fold.participants)
    if (binds(fold.embargo) && fold.may_read_content(id)) CHECK(fold.signed_running(id));               // no content without a signature
  for (const auto& vulnerability : fold.vulnerabilities)
    if (vulnerability.facts.contains(Letter::X)) CHECK(vulnerability.facts.contains(Letter::P));        // a public exploit makes it public
}

}  // namespace

TEST_CASE("a case opens for its owner, who reads everything in it") {
  const auto d = Driven::opened();
  const auto standing = standing_of(d.state.fold, d.owner);
  CHECK(standing.is_owner);
  CHECK(standing.may_read_content);
  CHECK_FALSE(standing_of(d.state.fold, d.other).knows_case());
}

TEST_CASE("who is invited sees terms alone until it signed and was confirmed") {
  auto d = Driven::accepted();
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + std::chrono::hours(24 * 30)}));
  REQUIRE(d.act(d.owner, SettleTerms{1}));
  REQUIRE(d.act(d.owner, InviteParticipant{d.vendor, {Role::Vendor}, "ships it"}));
  CHECK(standing_of(d.state.fold, d.vendor).may_see_terms);
  CHECK_FALSE(d.state.fold.may_read_content(d.vendor));
  CHECK(d.act(d.vendor, AnswerInvitation{true, {}}).error().where == "/terms");  // accepting without the terms is no answer
  REQUIRE(d.act(d.vendor, AnswerInvitation{true, 1}));
  CHECK_FALSE(d.state.fold.may_read_content(d.vendor));
  REQUIRE(d.act(d.owner, ConfirmParticipant{d.vendor, "by telephone"}));
  CHECK(d.state.fold.may_read_content(d.vendor));
}

TEST_CASE("a late yes to an invitation counts while the same terms run, and a person confirms who said it") {  // or a vendor back from its holidays would be turned away
  auto d = Driven::accepted();
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + std::chrono::hours(24 * 30)}));
  REQUIRE(d.act(d.owner, SettleTerms{1}));
  for (const auto& id : {d.vendor, d.other}) REQUIRE(d.act(d.owner, InviteParticipant{id, {Role::Vendor}, "ships it"}));
  d.now = d.now + std::chrono::hours(24 * 8);
  d.pass_time();
  REQUIRE(d.state.fold.consent(d.vendor, 1) == ConsentState::Declined);
  REQUIRE(d.act(d.vendor, AnswerInvitation{true, 1}));
  CHECK(d.state.fold.consent(d.vendor, 1) == ConsentState::Signatory);
  CHECK_FALSE(d.state.fold.may_read_content(d.vendor));
  d.pass_time();
  CHECK(d.state.fold.consent(d.vendor, 1) == ConsentState::Signatory);
  REQUIRE(d.act(d.owner, ConfirmParticipant{d.vendor, "by telephone"}));
  CHECK(d.state.fold.may_read_content(d.vendor));
  // Other terms run meanwhile: a yes to the old ones is none.
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + std::chrono::hours(24 * 40)}));
  REQUIRE(d.act(d.owner, SettleTerms{2}));
  CHECK(d.act(d.other, AnswerInvitation{true, 1}).error().where == "/terms");
  REQUIRE(d.act(d.other, AnswerInvitation{true, 2}));
  CHECK(d.state.fold.consent(d.other, 2) == ConsentState::Signatory);
}

TEST_CASE("C3: a proposed revision cuts nobody off, and a settled one cuts off who didn't sign it") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + std::chrono::hours(24 * 60)}));
  CHECK(d.state.fold.embargo == EmbargoState::Revise);
  CHECK(d.state.fold.may_read_content(d.vendor));
  REQUIRE(d.act(d.owner, SettleTerms{2}));
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  CHECK_FALSE(d.state.fold.may_read_content(d.vendor));
  REQUIRE(d.act(d.vendor, AnswerTerms{2, true}));
  CHECK(d.state.fold.may_read_content(d.vendor));
}

TEST_CASE("a rejected revision leaves the agreed terms in force") {  // or the finder's date would slip by silence
  auto d = Driven::with_vendor();
  const auto until = d.state.fold.running_terms()->until;
  REQUIRE(d.act(d.vendor, ProposeTerms{d.now + std::chrono::hours(24 * 200)}));
  REQUIRE(d.act(d.owner, RefuseTerms{2}));
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  CHECK(d.state.fold.running_terms()->until == until);
}

TEST_CASE("C2: an embargo that ended is not reopened") {
  auto d = Driven::with_vendor();
  d.now = d.state.fold.running_terms()->until;
  d.pass_time();
  CHECK(d.state.fold.embargo == EmbargoState::Exited);
  CHECK(d.act(d.owner, ProposeTerms{d.now + std::chrono::hours(1)}).error().code == "embargo-ended");
}

TEST_CASE("silence past the answer window is a refusal, and only then") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + std::chrono::hours(24 * 60)}));
  d.now = d.now + std::chrono::hours(24 * 7) - Duration{1};
  d.pass_time();
  CHECK(d.state.fold.consent(d.vendor, 2) == ConsentState::Invited);
  d.now = d.now + Duration{1};
  d.pass_time();
  CHECK(d.state.fold.consent(d.vendor, 2) == ConsentState::Declined);
  CHECK(d.state.fold.consent(d.vendor, 1) == ConsentState::Signatory);
}

TEST_CASE("a claim ends nothing until a person adopts it; a public exploit makes public first the exploit, then the vulnerability") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.vendor, ClaimFact{d.vulnerability(), Letter::X, "a script is out"}));
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  const auto claim = d.state.fold.claims.front().id;
  const auto before = d.log.size();
  REQUIRE(d.act(d.owner, AdoptFact{claim}));
  CHECK(d.state.fold.embargo == EmbargoState::Exited);
  const auto* first = get_if<FactAdopted>(&d.log[before].change.event);
  const auto* then = get_if<FactAdopted>(&d.log[before + 1].change.event);
  REQUIRE((first && then));
  CHECK(first->fact == Letter::X);
  CHECK(then->fact == Letter::P);
}

TEST_CASE("attacks end an embargo only if the owner says so") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, ClaimFact{d.vulnerability(), Letter::A, "seen in a honeypot"}));
  CHECK(d.act(d.owner, AdoptFact{d.state.fold.claims.front().id}).error().where == "/end_embargo");
  REQUIRE(d.act(d.owner, AdoptFact{d.state.fold.claims.front().id, false}));
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  CHECK(d.state.fold.vulnerabilities.front().facts.contains(Letter::A));
}

TEST_CASE("C4: reopening a remedy keeps the letters") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, AddProduct{"Parser"}));
  const auto product = d.state.fold.products.front().id;
  CHECK_FALSE(d.act(d.owner, StepRemedy{d.vulnerability(), product, RemedyStep::Validated}));
  for (const auto step : {RemedyStep::Identified, RemedyStep::Developed}) REQUIRE(d.act(d.owner, StepRemedy{d.vulnerability(), product, step}));
  REQUIRE(d.act(d.owner, AssessRemedy{.vulnerability = d.vulnerability(), .product = product, .passed = true, .tested_by = "the finder", .where = "in a laboratory"}));
  REQUIRE(d.act(d.owner, StepRemedy{d.vulnerability(), product, RemedyStep::Validated}));
  CHECK(d.state.fold.letters(d.vulnerability(), product).f);
  REQUIRE(d.act(d.owner, ReopenRemedy{d.vulnerability(), product, RemedyStep::Identified, "incomplete"}));
  CHECK(d.state.fold.letters(d.vulnerability(), product).f);
  CHECK(d.state.fold.answers.at({d.vulnerability(), product}).step == RemedyStep::Identified);
}

TEST_CASE("a product has its status since it got it, not since the last remark on it") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.vendor, AddProduct{"Parser", "1.0", {}, {}, {}}));
  const std::pair key{d.vulnerability(), d.state.fold.products.front().id};
  const auto says = [&](Status status) {
    d.now = d.now + std::chrono::hours(24);
    REQUIRE(d.act(d.vendor, SetStatus{key.first, key.second, status, {}, "a remark"}));
    return d.now;
  };
  says(Status::UnderInvestigation);
  const auto affected = says(Status::Affected), remark = says(Status::Affected);
  CHECK(d.state.fold.answers.at(key).status_at == affected);
  CHECK(d.state.fold.answers.at(key).said_at == remark);
}

TEST_CASE("an advisory is approved by somebody else, and a release makes public what it names and nothing more") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, AddVulnerability{"Another", "Not in the advisory."}));
  REQUIRE(d.act(d.owner, SetIdentifier{d.vulnerability(), "CVE-2026-0001"}));
  const json::object document{{"vulnerabilities", json::array{json::object{{"cve", "CVE-2026-0001"}}}}};
  REQUIRE(d.act(d.owner, DraftAdvisory{{}, document}));
  const auto& [advisory, versions] = *d.state.fold.advisories.begin();
  const auto hash = versions.front().hash;
  CHECK(d.act(d.owner, ApproveAdvisory{advisory, 1, hash}).error().kind == ErrorKind::Forbidden);
  CHECK(d.act(d.owner, PlanRelease{advisory, 1, d.now + std::chrono::hours(24 * 45)}).error().kind == ErrorKind::Conflict);  // not approved
  REQUIRE(d.act(d.owner, ApproveAdvisory{advisory, 1, hash}, d.approver));
  CHECK(d.act(d.owner, PlanRelease{advisory, 1, d.now + std::chrono::hours(24)}).error().where == "/instant");               // the embargo still runs
  REQUIRE(d.act(d.owner, PlanRelease{advisory, 1, d.now + std::chrono::hours(24 * 45)}));
  const auto release = d.state.fold.releases.front().id;
  CHECK_FALSE(d.act(d.owner, FireRelease{release}));  // never early
  d.now = d.state.fold.releases.front().instant;
  REQUIRE(d.act(d.owner, FireRelease{release}));
  CHECK(d.state.fold.vulnerabilities[0].facts.contains(Letter::P));
  CHECK_FALSE(d.state.fold.vulnerabilities[1].facts.contains(Letter::P));
  CHECK(d.state.fold.embargo == EmbargoState::Exited);
}

TEST_CASE("a held plan is overtaken by what others made public, and a held update of what is out isn't") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, SetIdentifier{d.vulnerability(), "CVE-2026-0001"}));
  const json::object document{{"vulnerabilities", json::array{json::object{{"cve", "CVE-2026-0001"}}}}};
  const auto approved = [&](Driven& in, std::optional<AdvisoryId> advisory) {
    REQUIRE(in.act(in.owner, DraftAdvisory{advisory, document}));
    const auto& [id, versions] = *in.state.fold.advisories.begin();
    REQUIRE(in.act(in.owner, ApproveAdvisory{id, versions.back().version, versions.back().hash}, in.approver));
    return id;
  };
  const auto seen_by_all = [](const Driven& in) {  // the dates alone
    CaseFold out;
    for (const auto& one : in.log)
      if (one.change.compartment == access::Compartment::shared()) apply(out, one.change.event, one.context);
    return out;
  };
  const auto advisory = approved(d, {});
  REQUIRE(d.act(d.owner, PlanRelease{advisory, 1, d.now + std::chrono::hours(24 * 45)}));
  auto ours = d;
  d.now = d.now + std::chrono::hours(1);
  REQUIRE(d.act(d.owner, ClaimFact{d.vulnerability(), Letter::P, "in a blog", {}}));
  REQUIRE(d.act(d.owner, AdoptFact{d.state.fold.claims.back().id, {}}));
  CHECK(overtaken(d.state.fold, d.state.fold.releases.front()) == Overtaken::ByThePublic);
  CHECK(overtaken(seen_by_all(d), seen_by_all(d).releases.front()) == Overtaken::ByThePublic);
  // What is planned since is about what is public, and waits for a person.
  d.now = d.now + std::chrono::hours(1);
  REQUIRE(d.act(d.owner, PlanRelease{advisory, 1, d.now + std::chrono::hours(24)}));
  REQUIRE(d.act(d.owner, HoldRelease{d.state.fold.releases.back().id, "a mistake in it"}));
  CHECK_FALSE(overtaken(d.state.fold, d.state.fold.releases.back()));
  CHECK_FALSE(overtaken(seen_by_all(d), seen_by_all(d).releases.back()));
  // The case's own release, and then the plan of its next version.
  ours.now = ours.state.fold.releases.front().instant;
  REQUIRE(ours.act(ours.owner, FireRelease{ours.state.fold.releases.front().id}));
  approved(ours, advisory);
  REQUIRE(ours.act(ours.owner, PlanRelease{advisory, 2, ours.now + std::chrono::hours(24)}));
  REQUIRE(ours.act(ours.owner, HoldRelease{ours.state.fold.releases.back().id, "a mistake in it"}));
  CHECK_FALSE(overtaken(ours.state.fold, ours.state.fold.releases.back()));
  CHECK_FALSE(overtaken(seen_by_all(ours), seen_by_all(ours).releases.back()));
}

TEST_CASE("a reporter that is invited, as after a merge, has nothing left to judge; with another part it has") {
  for (const bool also_makes : {false, true}) {
    auto d = Driven::accepted();
    std::vector<Role> roles{Role::Reporter, Role::Finder};
    if (also_makes) roles.push_back(Role::Vendor);
    const auto own = access::Compartment::of(d.other);
    d.write({{own, ParticipantInvited{d.other, roles, "It reported the vulnerability.", std::nullopt, d.now}}}, {d.owner, d.writer});
    REQUIRE(d.act(d.other, AnswerInvitation{true}));
    REQUIRE(d.act(d.owner, ConfirmParticipant{d.other, "by telephone"}));
    CHECK(d.state.fold.participant(d.other)->report == (also_makes ? ReportState::Received : ReportState::Accepted));
  }
}

TEST_CASE("who reads the dates alone is told that a plan was replaced") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, SetIdentifier{d.vulnerability(), "CVE-2026-0001"}));
  REQUIRE(d.act(d.owner, DraftAdvisory{{}, json::object{{"vulnerabilities", json::array{json::object{{"cve", "CVE-2026-0001"}}}}}}));
  const auto advisory = d.state.fold.advisories.begin()->first;
  REQUIRE(d.act(d.owner, ApproveAdvisory{advisory, 1, d.state.fold.advisories.begin()->second.front().hash}, d.approver));
  for (const int day : {45, 60}) REQUIRE(d.act(d.owner, PlanRelease{advisory, 1, d.now + std::chrono::hours(24 * day)}));
  CaseFold seen;
  for (const auto& one : d.log)
    if (one.change.compartment == access::Compartment::shared()) apply(seen, one.change.event, one.context);
  REQUIRE(seen.releases.size() == 2);
  CHECK(seen.releases.front().state == Release::State::Held);
  CHECK(seen.releases.back().state == Release::State::Planned);
}

TEST_CASE("what an outsider of a thread's audience asks about it is answered as for no thread") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, OpenThread{"coordination", "Internal", "Careful."}));
  const auto hidden = d.state.fold.threads.front().id;
  const auto none = ThreadId::random();
  CHECK(d.act(d.vendor, PostMessage{hidden, "x"}).error().message == d.act(d.vendor, PostMessage{none, "x"}).error().message);
  CHECK(d.act(d.vendor, OpenThread{"org:" + d.owner.text(), "x"}).error().message == d.act(d.vendor, OpenThread{"org:" + d.other.text(), "x"}).error().message);
}

TEST_CASE("a report is passed on for a reason that holds, or not at all") {
  auto d = Driven::reported();
  using enum RouteReason;
  constexpr auto kVendor = access::OrganisationKind::Vendor;
  CHECK(d.route(d.owner, d.other, ContactFailed).error().code == "no-contact-attempt");  // ISO/IEC 29147 5.6.3: with every attempt on record
  CHECK(d.route(d.owner, d.other, VendorAsked, std::nullopt).error().where == "/to");    // it takes no reports here
  CHECK(d.route(d.owner, d.owner, VendorAsked).error().where == "/to");
  CHECK(d.route(d.owner, d.other, VendorFound).error().where == "/reason");              // only a vendor is found
  CHECK(d.route(d.owner, d.vendor, SeveralVendors, kVendor).error().where == "/reason");
  CHECK(d.route({}, d.other, VendorAsked).error().where == "/reason");                   // a reporter speaks for itself
  REQUIRE(d.act(d.owner, RecordContactAttempt{d.report(), "the maker", "three mails", {}}));
  REQUIRE(d.route(d.owner, d.other, ContactFailed));
  CHECK(d.state.fold.reports.front().routes.front().reason == ContactFailed);
  CHECK_FALSE(d.state.fold.may_read_content(d.other));                                   // being asked opens nothing
  CHECK(standing_of(d.state.fold, d.other).may_see_terms);
}

TEST_CASE("who writes says what it holds as it is written: the first message of a thread, a message of a mailbox, a report") {
  auto d = Driven::reported();
  const auto holds = [&](const std::string& object) { return d.state.fold.content_classes.contains(object) ? d.state.fold.content_classes.at(object).classes : std::vector<std::string>{"nothing said"}; };
  using Words = std::vector<std::string>;
  REQUIRE(d.act(d.owner, OpenThread{"coordination", "Internal", "It crashes here.", Words{"technical-detail", "poc"}}));
  const auto& thread = d.state.fold.threads.back();
  CHECK(holds("message:" + thread.messages.front().id.text()) == Words{"technical-detail", "poc"});
  CHECK(d.act(d.owner, OpenThread{"coordination", "Empty", {}, Words{"poc"}}).error().where == "/classes");   // nothing is said yet
  const auto report = d.state.fold.reports.front().id;
  REQUIRE(d.act(d.owner, PostToMailbox{report, "Thank you.", Words{"existence"}}));
  const auto message = d.state.fold.reports.front().mailbox.back().id;
  CHECK(holds("message:" + message.text()) == Words{"existence"});
  REQUIRE(d.act(d.owner, ClassContent{"message:" + message.text(), {"summary"}, "it says more"}));
  CHECK(holds("message:" + message.text()) == Words{"summary"});
  REQUIRE(d.act(d.owner, ClassContent{"report:" + report.text(), {"technical-detail"}, {}}));
  CHECK(holds("report:" + report.text()) == Words{"technical-detail"});
  CHECK(d.act(d.owner, ClassContent{"report:" + ReportId::random().text(), {"poc"}, {}}).error().where == "/object");

  Driven fresh;
  const Ask ask{{fresh.other, fresh.writer}, fresh.now, fresh.now, system_random(), {}};
  NewReport sent{CaseId::random(), ReportId::random(), fresh.owner, true, {.title = "Overflow", .description = "A buffer overflows.", .product = "parser"}, fresh.other, Words{"poc"}};
  fresh.write(*open_for_report(sent, ask), ask.actor);
  CHECK(fresh.state.fold.content_classes.at("report:" + sent.report.text()).classes == Words{"poc"});
  sent.classes = Words(31, "poc");
  CHECK(open_for_report(sent, ask).error().where == "/classes");
}

TEST_CASE("a reporter agrees to the terms that came with its report, and silence takes nothing of it back") {
  Driven d;
  Ask ask{{d.other, d.writer}, d.now, d.now, system_random(), {}};
  NewReport report{CaseId::random(), ReportId::random(), d.owner, true, {.title = "Overflow", .description = "A buffer overflows.", .product = "parser"}, d.other};
  report.content.proposed_embargo_until = d.now + std::chrono::hours(24 * 45);
  d.write(*open_for_report(report, ask), ask.actor);
  REQUIRE(d.state.fold.terms.size() == 1);
  CHECK(d.state.fold.terms.front().state == Terms::State::Open);
  CHECK(d.state.fold.consent(d.other, 1) == ConsentState::Signatory);
  d.now = d.now + std::chrono::hours(24 * 9);
  d.pass_time();
  REQUIRE(d.act(d.owner, SettleTerms{1}));
  CHECK(d.state.fold.consent(d.other, 1) == ConsentState::Signatory);
  REQUIRE(d.act(d.owner, EndEmbargo{"it is over"}));
  CHECK(d.state.fold.consent(d.other, 1) == ConsentState::NoEmbargo);
  CHECK(d.state.fold.last_consent(d.other, 1) == ConsentState::Signatory);
}

TEST_CASE("whom the reporter asks is in once it accepts, though the owner is silent") {
  auto d = Driven::reported();
  REQUIRE(d.route({}, d.other, RouteReason::ReporterAsked));
  CHECK_FALSE(d.state.fold.may_read_content(d.other));
  REQUIRE(d.act(d.other, AnswerInvitation{true}));
  CHECK(standing_of(d.state.fold, d.other).is_admitted_coordinator);
  CHECK(d.state.fold.reports.front().routes.front().taken_up);                           // the reporter is told
  CHECK(d.state.fold.owner == d.owner);
}

TEST_CASE("the reporter's wish opens no third party's words: there the owner confirms") {
  auto d = Driven::reported();
  for (const auto action : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(d.act(d.owner, StepReport{action}));
  REQUIRE(d.act(d.owner, InviteParticipant{d.vendor, {Role::Vendor}, "ships it"}));
  REQUIRE(d.act(d.vendor, AnswerInvitation{true}));
  REQUIRE(d.act(d.owner, ConfirmParticipant{d.vendor, "by telephone"}));
  REQUIRE(d.route({}, d.other, RouteReason::ReporterAsked));
  REQUIRE(d.act(d.other, AnswerInvitation{true}));
  CHECK_FALSE(standing_of(d.state.fold, d.other).is_admitted_coordinator);
  REQUIRE(d.act(d.owner, ConfirmParticipant{d.other, "by telephone"}));
  CHECK(standing_of(d.state.fold, d.other).is_admitted_coordinator);
}

TEST_CASE("nor an owner's that is at work: there it confirms, too") {
  auto d = Driven::reported();
  REQUIRE(d.act(d.owner, StepReport{ReportAction::Validate}));
  REQUIRE(d.route({}, d.other, RouteReason::ReporterAsked));
  REQUIRE(d.act(d.other, AnswerInvitation{true}));
  CHECK_FALSE(standing_of(d.state.fold, d.other).is_admitted_coordinator);
  CHECK(d.route({}, d.other, RouteReason::ReporterAsked).error().message.starts_with("This organisation can't be asked now"));  // not how far it is let in
}

TEST_CASE("a case changes its owner by offer and acceptance, and the former owner reads on as a participant") {
  auto d = Driven::reported();
  CHECK(d.act(d.owner, OfferOwnership{d.other, "several vendors"}).error().where == "/organisation");  // nobody asked it yet
  REQUIRE(d.route(d.owner, d.other, RouteReason::SeveralVendors));
  REQUIRE(d.act(d.owner, OfferOwnership{d.other, "several vendors"}));
  CHECK(d.state.fold.owner == d.owner);
  REQUIRE(d.act(d.other, AnswerInvitation{true}));
  REQUIRE(d.act(d.owner, ConfirmParticipant{d.other, "by telephone"}));
  REQUIRE(d.act(d.other, TakeOwnership{}));
  CHECK(d.state.fold.owner == d.other);
  CHECK_FALSE(d.state.fold.owner_is_vendor);
  const auto before = standing_of(d.state.fold, d.owner);
  CHECK_FALSE(before.is_owner);
  CHECK(before.may_read_content);
  CHECK_FALSE(d.state.fold.participant(d.owner)->essential_because.empty());
  CHECK(d.act(d.owner, TakeOwnership{"back"}).error().kind == ErrorKind::Conflict);
}

TEST_CASE("who led a case is kept, and each was told by who invited it") {
  auto d = Driven::with_vendor();
  const auto opened = d.now;
  d.now = d.now + std::chrono::hours(1);
  REQUIRE(d.act(d.owner, OfferOwnership{d.vendor, "it makes the product"}));
  REQUIRE(d.act(d.vendor, TakeOwnership{}));
  for (const auto action : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(d.act(d.vendor, StepReport{action}));
  REQUIRE(d.act(d.vendor, InviteParticipant{d.other, {Role::Vendor}, "ships it, too"}));
  REQUIRE(d.act(d.other, AnswerInvitation{true, 1}));
  REQUIRE(d.act(d.vendor, ConfirmParticipant{d.other, "by telephone"}));
  const auto& fold = d.state.fold;
  CHECK(fold.first_owner() == d.owner);
  CHECK(fold.owner_at(opened) == d.owner);
  CHECK(fold.owner_at(d.now) == d.vendor);
  CHECK(fold.told_by(*fold.participant(d.vendor)) == d.owner);
  CHECK(fold.told_by(*fold.participant(d.other)) == d.vendor);
}

TEST_CASE("without an offer a coordinator takes a case only from an owner that is silent, attempts on record") {
  auto d = Driven::reported();
  REQUIRE(d.route({}, d.other, RouteReason::ReporterAsked));
  REQUIRE(d.act(d.other, AnswerInvitation{true}));
  CHECK(d.act(d.other, TakeOwnership{"it is silent"}).error().kind == ErrorKind::Conflict);
  REQUIRE(d.act(d.owner, RecordContactAttempt{d.report(), "the maker of a part", "by mail", {}}));
  CHECK(d.act(d.other, TakeOwnership{"it is silent"}).error().kind == ErrorKind::Conflict);  // the owner's own attempts say that it is there
  REQUIRE(d.act(d.other, RecordContactAttempt{d.report(), "the owner", "by telephone", {}}));
  CHECK(d.act(d.other, TakeOwnership{"it is silent"}).error().kind == ErrorKind::Conflict);  // nobody is silent after a minute
  d.now = d.now + std::chrono::hours(24 * 7);
  CHECK(d.act(d.other, TakeOwnership{}).error().where == "/why");
  auto busy = d;
  REQUIRE(busy.act(busy.owner, StepReport{ReportAction::Validate}));
  CHECK(busy.act(busy.other, TakeOwnership{"it is silent"}).error().kind == ErrorKind::Conflict);
  REQUIRE(d.act(d.other, TakeOwnership{"it is silent"}));
  CHECK(d.state.fold.owner == d.other);
}

TEST_CASE("an attempt that was answered makes no owner silent") {
  auto d = Driven::reported();
  REQUIRE(d.route({}, d.other, RouteReason::ReporterAsked));
  REQUIRE(d.act(d.other, AnswerInvitation{true}));
  REQUIRE(d.act(d.other, RecordContactAttempt{d.report(), "the owner", "by telephone", "they look into it"}));
  d.now = d.now + std::chrono::hours(24 * 30);
  CHECK(d.act(d.other, TakeOwnership{"it is silent"}).error().kind == ErrorKind::Conflict);
}

TEST_CASE("whom the reporter asks is not let in past what the owner wrote, nor past its removal") {
  auto d = Driven::reported();
  REQUIRE(d.act(d.owner, AddFile{"coordination", FileId::random(), "analysis.txt", 10, {}, "text/plain"}));
  REQUIRE(d.route({}, d.other, RouteReason::ReporterAsked));
  REQUIRE(d.act(d.other, AnswerInvitation{true}));
  CHECK_FALSE(standing_of(d.state.fold, d.other).is_admitted_coordinator);

  auto removed = Driven::reported();
  REQUIRE(removed.route({}, removed.other, RouteReason::ReporterAsked));
  REQUIRE(removed.act(removed.other, AnswerInvitation{true}));
  REQUIRE(standing_of(removed.state.fold, removed.other).is_admitted_coordinator);
  REQUIRE(removed.act(removed.owner, RemoveParticipant{removed.other, "it talks"}));
  CHECK(removed.route({}, removed.other, RouteReason::ReporterAsked).error().kind == ErrorKind::Conflict);
}

TEST_CASE("how to reach the reporter stays with whom the reporter chose") {
  auto d = Driven::reported();
  const auto contact_for = [&](OrganisationId who) {
    auto fold = d.state.fold;
    withhold_contact(fold, standing_of(fold, who), who);
    return fold.reports.front().content->contact;
  };
  CHECK(contact_for(d.owner) == "+49 123");
  CHECK_FALSE(contact_for(d.other));
  REQUIRE(d.route({}, d.other, RouteReason::ReporterAsked));
  CHECK(contact_for(d.other) == "+49 123");
}

TEST_CASE("random walks keep every invariant, and replaying the log through its JSON gives the same case") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 chance(seed);
    const auto pick = [&](int n) { return static_cast<int>(chance() % static_cast<unsigned>(n)); };
    auto d = pick(2) == 0 ? Driven::with_vendor() : Driven::accepted();
    if (d.state.fold.vulnerabilities.empty()) REQUIRE(d.act(d.owner, AddVulnerability{"V", "A vulnerability."}));
    const OrganisationId parties[] = {d.owner, d.vendor, d.other};
    bool had_ended = false;
    for (int step = 0; step < 120; ++step) {
      const auto by = parties[pick(3)];
      const auto about = parties[pick(3)];
      const auto vulnerability = d.state.fold.vulnerabilities[static_cast<std::size_t>(pick(static_cast<int>(d.state.fold.vulnerabilities.size())))].id;
      const auto in_days = [&](int n) { return d.now + std::chrono::hours(24 * n); };
      const int version = 1 + pick(3);
      switch (pick(16)) {
        case 0: (void)d.act(by, StepReport{static_cast<ReportAction>(pick(6)), "because", true}); break;
        case 1: (void)d.act(d.owner, InviteParticipant{about, {Role::Vendor}, "essential"}); break;
        case 2: (void)d.act(by, AnswerInvitation{pick(4) != 0, version}); break;
        case 3: (void)d.act(d.owner, ConfirmParticipant{about, "checked"}); break;
        case 4: (void)d.act(d.owner, SuspendParticipant{about, "why"}); break;
        case 5: (void)d.act(d.owner, RestoreParticipant{about, "why"}); break;
        case 6: (void)d.act(d.owner, RemoveParticipant{about, "why"}); break;
        case 7: (void)d.act(by, ProposeTerms{in_days(1 + pick(60))}); break;
        case 8: (void)d.act(by, AnswerTerms{version, pick(3) != 0}); break;
        case 9: (void)d.act(d.owner, SettleTerms{version}); break;
        case 10: (void)d.act(by, RefuseTerms{version}); break;
        case 11: if (pick(10) == 0) (void)d.act(d.owner, EndEmbargo{"enough"}); break;
        case 12: (void)d.act(by, ClaimFact{vulnerability, static_cast<Letter>(3 + pick(3)), "seen"}); break;
        case 13: if (!d.state.fold.claims.empty() && pick(4) == 0) (void)d.act(d.owner, AdoptFact{d.state.fold.claims.back().id, pick(2) == 0}); break;
        case 14: d.now = d.now + std::chrono::hours(pick(48)); d.pass_time(); break;
        case 15: (void)d.act(by, LeaveCase{pick(2) == 0}); break;
      }
      check_invariants(d);
      if (had_ended) CHECK(d.state.fold.embargo == EmbargoState::Exited);  // C2
      had_ended = d.state.fold.embargo == EmbargoState::Exited;
    }

    CaseFold replayed;
    for (const auto& written : d.log) {
      const auto event = event_from_json(event_to_json(written.change.event));
      REQUIRE(event);
      apply(replayed, *event, written.context);
      apply(replayed, *event, written.context);  // C5
    }
    CHECK(replayed.embargo == d.state.fold.embargo);
    CHECK(replayed.terms.size() == d.state.fold.terms.size());
    CHECK(replayed.claims.size() == d.state.fold.claims.size());
    for (const auto& [id, participant] : d.state.fold.participants) {
      CHECK(replayed.participants[id].admission == participant.admission);
      CHECK(replayed.participants[id].report == participant.report);
      CHECK(replayed.participants[id].consent == participant.consent);
    }
  }
}
