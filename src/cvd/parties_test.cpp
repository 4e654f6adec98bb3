// Longer than most, and one idea: one case among many parties, told and folded, and what its embargo, its split and its merge make of it.
#include "cvd/parties.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

namespace {

constexpr auto days_of(int n) { return std::chrono::hours(24 * n); }

// As the Writer writes them: one entry a compartment, the compartments in the order in which they come first.
Changes grouped(const Changes& changes) {
  Changes out;
  std::vector<access::Compartment> order;
  for (const auto& change : changes)
    if (std::find(order.begin(), order.end(), change.compartment) == order.end()) order.push_back(change.compartment);
  for (const auto& compartment : order)
    for (const auto& change : changes)
      if (change.compartment == compartment) out.push_back(change);
  return out;
}

// A case with three more parties that all signed its terms, and two vulnerabilities; and the cases that come of it.
struct Many : Driven {
  OrganisationId third = OrganisationId::random();
  std::vector<OrganisationId> parties;

  explicit Many(int until_days = 45, int signers = 3) : Driven(Driven::accepted()) {
    REQUIRE(act(owner, ProposeTerms{now + days_of(until_days)}));
    REQUIRE(act(owner, SettleTerms{1}));
    parties = {vendor, other, third};
    for (int i = 0; i < signers; ++i) join(parties[static_cast<std::size_t>(i)]);
    REQUIRE(act(owner, AddVulnerability{"Overflow", "A buffer overflows."}));
    REQUIRE(act(owner, AddVulnerability{"Leak", "Memory leaks out."}));
  }
  void join(OrganisationId who, std::vector<Role> roles = {Role::Vendor}) {
    REQUIRE(act(owner, InviteParticipant{who, std::move(roles), "ships it"}));
    const auto* running = state.fold.running_terms();
    REQUIRE(act(who, AnswerInvitation{true, running != nullptr ? std::optional(running->version) : std::nullopt}));
    REQUIRE(act(owner, ConfirmParticipant{who, "by telephone"}));
  }
  void answer(OrganisationId who, int version, bool yes) { REQUIRE(act(who, AnswerTerms{version, yes})); }
  Terms::State terms(int version) const { return state.fold.terms_of(version)->state; }
  ClaimId claim(VulnerabilityId about, Letter fact = Letter::P) {
    REQUIRE(act(owner, ClaimFact{about, fact, "seen"}));
    return state.fold.claims.back().id;
  }
  Result<Changes> decided(OrganisationId by, const Command& command, const CaseFold* merged = nullptr) const {
    Ask ask{{by, writer}, now, now, system_random(), {}};
    ask.known.other = merged;
    return decide(state, command, ask);
  }
  void write_grouped(const Changes& changes) { write(grouped(changes), {owner, writer}); }
  // Splits as the service does: worked out from the state before.
  Driven split(OrganisationId by, const Command& command) {
    const auto changes = decided(by, command);
    if (!changes) throw std::runtime_error(changes.error().message);
    std::vector<FactAdopted> known;
    for (const auto& change : *changes)
      if (const auto* fact = get_if<FactAdopted>(&change.event)) known.push_back(*fact);
    REQUIRE(split_in(*changes) != nullptr);
    const auto steps = opens_sibling(state.fold, *split_in(*changes), known);
    Driven sibling;
    sibling.owner = owner, sibling.vendor = vendor, sibling.other = other, sibling.writer = writer, sibling.now = now;
    for (const auto& step : steps) sibling.write(grouped(step), {by, writer});
    write(grouped(*changes), {by, writer});
    return sibling;
  }
};

std::map<OrganisationId, ConsentState> consents(const CaseFold& fold, int version) {
  std::map<OrganisationId, ConsentState> out;
  for (const auto& [id, participant] : fold.participants) out[id] = fold.consent(id, version);
  return out;
}

void check_case(const CaseFold& fold) {
  const auto running = std::count_if(fold.terms.begin(), fold.terms.end(), [](const Terms& t) { return t.state == Terms::State::Running; });
  CHECK(running == (binds(fold.embargo) ? 1 : 0));
  for (const auto& [id, participant] : fold.participants)
    if (binds(fold.embargo) && fold.may_read_content(id)) CHECK(fold.signed_running(id));
}

}  // namespace

TEST_CASE("a proposal whose end passes has lapsed: nobody can agree to it any more, and what ran before runs on") {
  Many d(90);
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(5)}));
  CHECK(*next_due(d.state.fold) == d.now + days_of(5));
  const auto until = d.state.fold.terms_of(2)->until;
  CHECK_FALSE(has_lapsed(*d.state.fold.terms_of(2), {until.micros - 1}));
  d.now = until;
  CHECK(has_lapsed(*d.state.fold.terms_of(2), d.now));
  // At once, before the clock has written it down.
  for (const Command& late : {Command{AnswerTerms{2, true}}, Command{AnswerTerms{2, false}}}) CHECK(d.act(d.vendor, late).error().where == "/version");
  for (const Command& late : {Command{SettleTerms{2}}, Command{AskConsent{2, d.vendor, {}}}}) CHECK(d.act(d.owner, late).error().kind == ErrorKind::Conflict);
  CHECK(d.act(d.owner, SettleTerms{}).error().kind == ErrorKind::Conflict);
  CHECK(d.terms(2) == Terms::State::Open);
  d.pass_time();
  CHECK(d.terms(2) == Terms::State::Refused);
  CHECK(is_lapsed(*d.state.fold.terms_of(2), d.now));
  CHECK(d.terms(1) == Terms::State::Running);
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  CHECK(d.state.fold.consent(d.vendor, 1) == ConsentState::Signatory);
  CHECK(*next_due(d.state.fold) > d.now);
  check_case(d.state.fold);
}

TEST_CASE("the only proposal, once it has lapsed, leaves a case without an embargo; one that is refused before its end is refused") {
  auto d = Driven::accepted();
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(2)}));
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(4)}));
  REQUIRE(d.act(d.owner, RefuseTerms{2}));
  CHECK(d.state.fold.terms_of(2)->state == Terms::State::Refused);
  CHECK(d.state.fold.embargo == EmbargoState::Proposed);
  d.now = d.now + days_of(2);
  d.pass_time();
  CHECK(is_lapsed(*d.state.fold.terms_of(1), d.now));
  CHECK_FALSE(is_lapsed(*d.state.fold.terms_of(2), d.now));
  CHECK(d.state.fold.embargo == EmbargoState::None);
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(30)}));  // and another can be proposed
  REQUIRE(d.act(d.owner, SettleTerms{3}));
}

TEST_CASE("by the answers the earliest end is the candidate, each accepted one takes its place, and the first that isn't stops it") {  // Vultron EM
  Many d;
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(90)}));   // 2
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));   // 3
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(120)}));  // 4
  CHECK(d.act(d.owner, SettleTerms{}).error().kind == ErrorKind::Conflict);  // nobody has answered: what runs stays
  CHECK(d.state.fold.running_terms()->version == 1);
  for (const auto who : d.parties) d.answer(who, 3, true), d.answer(who, 2, true), d.answer(who, 4, who != d.other);
  REQUIRE(d.act(d.owner, SettleTerms{}));
  CHECK(d.state.fold.running_terms()->version == 2);
  CHECK(d.terms(3) == Terms::State::Refused);  // overtaken
  CHECK(d.terms(4) == Terms::State::Refused);  // declined by one
  CHECK(d.state.fold.embargo == EmbargoState::Active);
}

TEST_CASE("if even the earliest revision is declined, the terms that run stay, whatever was said of later ones") {
  Many d;
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(90)}));
  for (const auto who : d.parties) d.answer(who, 2, who != d.third), d.answer(who, 3, true);
  CHECK_FALSE(d.act(d.owner, SettleTerms{}));
  CHECK(d.state.fold.running_terms()->version == 1);
  CHECK(d.state.fold.embargo == EmbargoState::Revise);
}

TEST_CASE("where most decide, the answer that reaches it settles the terms, and the one that rules it out refuses them") {
  Many d;
  REQUIRE(d.act(d.owner, ChooseSettlement{SettlementRule::Majority}));
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));  // the owner's yes is one of four
  d.answer(d.vendor, 2, true);
  CHECK(d.terms(2) == Terms::State::Open);
  CHECK(d.act(d.owner, SettleTerms{2}).error().where == "/version");  // the owner doesn't decide alone any more
  CHECK(d.act(d.owner, RefuseTerms{2}).has_value());                  // it proposed them: it may withdraw
  REQUIRE(d.act(d.vendor, ProposeTerms{d.now + days_of(61)}));
  CHECK(d.act(d.owner, RefuseTerms{3}).error().where == "/version");
  d.answer(d.owner, 3, true);
  CHECK(d.terms(3) == Terms::State::Open);
  d.answer(d.other, 3, true);
  CHECK(d.terms(3) == Terms::State::Running);
  REQUIRE(d.act(d.third, AnswerTerms{3, true}));  // late, and current
  REQUIRE(d.act(d.vendor, ProposeTerms{d.now + days_of(80)}));
  d.answer(d.owner, 4, false);
  CHECK(d.terms(4) == Terms::State::Open);
  d.answer(d.other, 4, false);
  CHECK(d.terms(4) == Terms::State::Refused);  // two of four can't be more than half
  CHECK(d.state.fold.running_terms()->version == 3);
}

TEST_CASE("who settles by its answer isn't named to the others") {  // EXI-10
  Many d;
  REQUIRE(d.act(d.owner, ChooseSettlement{SettlementRule::Unanimity}));
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));
  d.answer(d.vendor, 2, true), d.answer(d.other, 2, true);
  const auto changes = d.decided(d.third, AnswerTerms{2, true});
  REQUIRE(changes);
  bool settles = false;
  for (const auto& change : *changes)
    if (change.compartment == rules::shared()) {
      CHECK(change.attribution == Attribution::Unattributed);
      settles = holds_alternative<TermsAccepted>(change.event);
    }
  CHECK(settles);
}

TEST_CASE("a quorum counts weights, and who has which is told to the coordination alone") {
  Many d;
  CHECK(d.act(d.owner, ChooseSettlement{SettlementRule::Quorum}).error().where == "/share");
  CHECK(d.act(d.owner, ChooseSettlement{SettlementRule::Quorum, 101}).error().where == "/share");
  CHECK(d.act(d.owner, ChooseSettlement{SettlementRule::Majority, 50}).error().where == "/share");
  CHECK(d.act(d.owner, ChooseSettlement{SettlementRule::Quorum, 50, std::vector{Weight{OrganisationId::random(), 2}}}).error().where == "/weights/0/organisation");
  CHECK(d.act(d.owner, ChooseSettlement{SettlementRule::Quorum, 50, std::vector{Weight{d.vendor, 2}, Weight{d.vendor, 3}}}).error().where == "/weights/1/organisation");
  CHECK(d.act(d.owner, ChooseSettlement{SettlementRule::Quorum, 50, std::vector{Weight{d.vendor, 0}}}).error().where == "/weights/0/weight");
  const auto before = d.log.size();
  REQUIRE(d.act(d.owner, ChooseSettlement{SettlementRule::Quorum, 60, std::vector{Weight{d.vendor, 7}}}));  // 7 of 10
  for (auto i = before; i < d.log.size(); ++i)
    if (d.log[i].change.compartment == rules::shared()) CHECK(get<SettlementAgreed>(d.log[i].change.event).weights.empty());
  REQUIRE(d.act(d.other, ProposeTerms{d.now + days_of(60)}));
  d.answer(d.third, 2, true), d.answer(d.owner, 2, true);
  CHECK(d.terms(2) == Terms::State::Open);  // three of ten
  d.answer(d.vendor, 2, true);
  CHECK(d.terms(2) == Terms::State::Running);
  // An earlier choice of weights leaves nothing behind.
  REQUIRE(d.act(d.owner, ChooseSettlement{SettlementRule::Quorum, 60}));
  for (const auto& one : d.state.fold.settlement.weights) CHECK(one.weight == 1);
}

TEST_CASE("a later end waits for the earlier one that is still open") {  // shortest wins
  Many d;
  REQUIRE(d.act(d.owner, ChooseSettlement{SettlementRule::Majority}));
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(50)}));
  d.answer(d.vendor, 2, true), d.answer(d.other, 2, true);
  CHECK(d.terms(2) == Terms::State::Open);
  d.answer(d.vendor, 3, true), d.answer(d.other, 3, true);
  CHECK(d.terms(2) == Terms::State::Running);
  CHECK(d.terms(3) == Terms::State::Refused);
}

TEST_CASE("silence past the window is a no that may settle or refuse by itself") {  // pocket veto
  Many d;
  REQUIRE(d.act(d.owner, ChooseSettlement{SettlementRule::Unanimity}));
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));
  d.answer(d.vendor, 2, true);
  d.now = *next_due(d.state.fold);
  d.pass_time();
  CHECK(d.state.fold.consent(d.other, 2) == ConsentState::Declined);
  CHECK(d.terms(2) == Terms::State::Refused);
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  CHECK(*next_due(d.state.fold) > d.now);  // the clock has nothing left to do, or it would be asked without end
}

TEST_CASE("a late yes is honoured while the terms are current, asks for a new question once they are stale, and changes nothing without an embargo") {
  Many d;
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));
  d.now = d.now + days_of(8);
  d.pass_time();
  REQUIRE(d.state.fold.consent(d.vendor, 2) == ConsentState::Declined);
  REQUIRE(d.act(d.vendor, AnswerTerms{2, true}));
  CHECK(d.state.fold.consent(d.vendor, 2) == ConsentState::Signatory);
  REQUIRE(d.act(d.owner, SettleTerms{2}));
  CHECK(d.state.fold.may_read_content(d.vendor));
  CHECK_FALSE(d.state.fold.may_read_content(d.other));
  CHECK(d.act(d.other, AnswerTerms{1, true}).error().kind == ErrorKind::Conflict);  // these run no more
  REQUIRE(d.act(d.owner, EndEmbargo{"enough"}));
  const auto before = d.log.size();
  CHECK(d.act(d.other, AnswerTerms{2, true}));
  CHECK(d.log.size() == before);
}

TEST_CASE("who declined or lapsed is asked again with a window of its own, of three days at least") {
  Many d;
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));
  d.answer(d.vendor, 2, false);
  REQUIRE(d.act(d.owner, SettleTerms{2}));
  CHECK(d.act(d.owner, AskConsent{1, d.vendor}).error().where == "/version");                     // lapsed terms
  CHECK(d.act(d.owner, AskConsent{2, OrganisationId::random()}).error().where == "/organisation");
  REQUIRE(d.act(d.owner, AskConsent{2, d.vendor, d.now + std::chrono::hours(1)}));
  CHECK(d.state.fold.consent(d.vendor, 2) == ConsentState::Invited);
  CHECK(d.act(d.owner, AskConsent{2, d.vendor}).error().where == "/organisation");                // it is asked
  d.now = d.now + std::chrono::hours(72) - Duration{1};
  d.pass_time();
  CHECK(d.state.fold.consent(d.vendor, 2) == ConsentState::Invited);
  d.now = d.now + Duration{1};
  d.pass_time();
  CHECK(d.state.fold.consent(d.vendor, 2) == ConsentState::Declined);
  REQUIRE(d.act(d.owner, AskConsent{2, d.vendor}));
  d.answer(d.vendor, 2, true);
  CHECK(d.state.fold.may_read_content(d.vendor));
}

TEST_CASE("a planned invitation is reminded of once, and nobody is invited by the clock") {
  Many d;
  const auto late = OrganisationId::random();
  CHECK(d.act(d.owner, PlanInvitation{late, d.now, {Role::Vendor}, "ships it"}).error().where == "/when");
  CHECK(d.act(d.owner, PlanInvitation{d.vendor, d.now + days_of(5), {Role::Vendor}, "ships it"}).error().where == "/organisation");
  CHECK(d.act(d.owner, PlanInvitation{late, d.now + days_of(5), {}, "ships it"}).error().where == "/roles");
  REQUIRE(d.act(d.owner, PlanInvitation{late, d.now + days_of(5), {Role::Vendor}, "ships it"}));
  CHECK(*next_due(d.state.fold) == d.now + days_of(5));
  d.now = d.now + days_of(5);
  d.pass_time();
  d.pass_time();
  CHECK(d.state.fold.reminders.size() == 1);
  CHECK(d.state.fold.participant(late) == nullptr);
  REQUIRE(d.act(d.owner, InviteParticipant{late, {Role::Vendor}, "ships it"}));
  CHECK(d.state.fold.planned_invitations.empty());
  CHECK(d.act(d.owner, DropInvitationPlan{late, "no"}).error().kind == ErrorKind::NotFound);
}

TEST_CASE("the ways to invite whose policy doesn't fit say which of them are open now") {
  Many d;
  const auto invitee = OrganisationId::random();
  const auto running = d.state.fold.running_terms()->until;
  const auto open_of = [&](EmbargoPolicy policy) {
    std::map<InviteOption, bool> out;
    for (const auto& way : ways_to_invite(d.state.fold, compare_before_inviting(running, policy, d.now), invitee, d.owner, d.now)) out[way.option] = way.reason.empty();
    return out;
  };
  const EmbargoPolicy shorter{.preferred = days_of(30)}, longer{.preferred = days_of(90), .minimum = days_of(80)};
  CHECK(open_of(shorter) == std::map<InviteOption, bool>{{InviteOption::Shorten, true}, {InviteOption::ProposeRunning, true}, {InviteOption::NotifyLater, true}, {InviteOption::LeaveOut, true}});
  CHECK(open_of(longer) == std::map<InviteOption, bool>{{InviteOption::Lengthen, true}, {InviteOption::ProposeRunning, true}, {InviteOption::LeaveOut, true}});
  REQUIRE(d.act(d.owner, AdoptFact{d.claim(d.vulnerability(), Letter::A), false}));  // under attack nothing new begins
  CHECK(open_of(shorter) == std::map<InviteOption, bool>{{InviteOption::Shorten, false}, {InviteOption::ProposeRunning, true}, {InviteOption::NotifyLater, true}, {InviteOption::LeaveOut, true}});
}

TEST_CASE("roles are given, combine, and are never taken") {
  Many d;
  CHECK(d.act(d.owner, SetRoles{d.owner, {Role::Deployer, Role::Vendor}, "it runs it"}).error().kind == ErrorKind::Forbidden);
  CHECK(d.act(d.owner, SetRoles{d.vendor, {}, "why"}).error().where == "/roles");
  CHECK(d.act(d.owner, SetRoles{d.vendor, {Role::Vendor}, "why"}).error().where == "/roles");
  CHECK(d.act(d.owner, SetRoles{d.vendor, {Role::Vendor, Role::Reporter}, "why"}).error().where == "/roles");
  CHECK(d.act(d.owner, SetRoles{OrganisationId::random(), {Role::Vendor}, "why"}).error().kind == ErrorKind::NotFound);
  REQUIRE(d.act(d.owner, SetRoles{d.vendor, {Role::Vendor, Role::Deployer}, "it runs the service as well"}));
  CHECK(d.state.fold.participant(d.vendor)->roles == std::set{Role::Vendor, Role::Deployer});
  REQUIRE(d.act(d.owner, SetRoles{d.other, {Role::Coordinator}, "it knows the others"}));
  CHECK(standing_of(d.state.fold, d.other).is_admitted_coordinator);
  CHECK(d.act(d.owner, SetRoles{d.other, {Role::Observer}, "why"}).error().where == "/roles");  // the only one: ACC-11
  REQUIRE(d.act(d.owner, SetRoles{d.third, {Role::Coordinator}, "another"}));
  REQUIRE(d.act(d.owner, SetRoles{d.other, {Role::Observer}, "why"}));
  CHECK_FALSE(standing_of(d.state.fold, d.other).is_admitted_coordinator);
}

TEST_CASE("several coordinators: each leads inviting, none removes the owner or brings in another coordinator, and the case changes hands under running terms") {
  Many d(45, 1);
  d.join(d.other, {Role::Coordinator});
  d.join(d.third, {Role::Coordinator});
  for (const auto who : {d.other, d.third})
    for (const auto action : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(d.act(who, StepReport{action}));
  const auto fresh = OrganisationId::random();
  REQUIRE(d.act(d.third, InviteParticipant{fresh, {Role::Vendor}, "ships it"}));
  CHECK(d.act(d.third, InviteParticipant{OrganisationId::random(), {Role::Coordinator}, "more"}).error().kind == ErrorKind::Forbidden);
  for (const auto who : {d.other, d.third}) {
    CHECK(d.act(who, RemoveParticipant{d.owner, "no"}).error().kind == ErrorKind::Conflict);
    CHECK(d.act(who, SuspendParticipant{d.owner, "no"}).error().kind == ErrorKind::Conflict);
  }
  REQUIRE(d.act(d.owner, OfferOwnership{d.other, "it knows them all"}));
  REQUIRE(d.act(d.other, TakeOwnership{}));
  CHECK(d.state.fold.running_terms()->version == 1);
  for (const auto who : {d.owner, d.vendor, d.other, d.third}) CHECK(d.state.fold.may_read_content(who));
  CHECK(standing_of(d.state.fold, d.third).is_admitted_coordinator);
  check_case(d.state.fold);
}

TEST_CASE("who leaves is cut off at once, says whether it keeps the terms, and ends nothing for the others") {
  Many d;
  REQUIRE(d.act(d.vendor, LeaveCase{false}));
  CHECK_FALSE(d.state.fold.may_read_content(d.vendor));
  CHECK(d.state.fold.participant(d.vendor)->honours_after_leaving == false);
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  CHECK(d.state.fold.may_read_content(d.other));
}

TEST_CASE("what becomes public early goes to a sibling that inherits, and the embargo stands for the rest") {
  Many d;
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(60)}));
  d.answer(d.vendor, 2, true), d.answer(d.other, 2, false);
  REQUIRE(d.act(d.owner, AddProduct{"Parser"}));
  const auto product = d.state.fold.products.front().id;
  const auto first = d.state.fold.vulnerabilities[0].id, second = d.state.fold.vulnerabilities[1].id;
  for (const auto step : {RemedyStep::Identified, RemedyStep::Developed}) REQUIRE(d.act(d.owner, StepRemedy{first, product, step}));
  REQUIRE(d.act(d.owner, SetStatus{first, product, Status::Affected}));
  const auto before = d.state.fold;
  const auto sibling = d.split(d.owner, AdoptFact{d.claim(first)});
  // Here: as before, without it.
  CHECK(d.state.fold.embargo == EmbargoState::Revise);
  CHECK_FALSE(d.state.fold.is_public());
  CHECK(d.state.fold.vulnerability(first) == nullptr);
  CHECK(d.state.fold.vulnerability(second) != nullptr);
  CHECK(d.state.fold.answers.empty());
  CHECK(d.state.fold.siblings.front().titles == std::vector<std::string>{"Overflow"});
  CHECK(consents(d.state.fold, 1) == consents(before, 1));
  // There: the same parties and terms, ended by P.
  const auto& fold = sibling.state.fold;
  CHECK(fold.embargo == EmbargoState::Exited);
  CHECK(fold.terms.size() == 2);
  CHECK(fold.vulnerabilities.size() == 1);
  CHECK(fold.vulnerabilities.front().facts.contains(Letter::P));
  CHECK(fold.answers.at({first, product}).step == RemedyStep::Developed);
  CHECK(fold.answers.at({first, product}).status == Status::Affected);
  for (const auto& [id, participant] : before.participants) {
    REQUIRE(fold.participant(id) != nullptr);
    CHECK(fold.participant(id)->roles == participant.roles);
    CHECK(fold.participant(id)->report == participant.report);
    CHECK(fold.participant(id)->admission == participant.admission);
  }
}

TEST_CASE("the world comes before the embargo in the sibling's record as well") {
  Many d;
  const auto sibling = d.split(d.owner, AdoptFact{d.claim(d.vulnerability(), Letter::X)});
  std::vector<std::string> told;
  for (const auto& line : sibling.log)
    if (holds_alternative<FactAdopted>(line.change.event) || holds_alternative<EmbargoEnded>(line.change.event)) told.emplace_back(type_of(line.change.event));
  CHECK(told == std::vector<std::string>{"FactAdopted", "FactAdopted", "EmbargoEnded"});
}

TEST_CASE("inseparable ones go along; with a reason the embargo ends for all instead; a case of one vulnerability is public as before") {
  {
    Many d;
    REQUIRE(d.act(d.owner, AddVulnerability{"Third", "Another."}));
    const auto a = d.state.fold.vulnerabilities[0].id, b = d.state.fold.vulnerabilities[1].id;
    const auto sibling = d.split(d.owner, AdoptFact{d.claim(a), {}, std::vector{b}});
    CHECK(sibling.state.fold.vulnerabilities.size() == 2);
    CHECK(d.state.fold.vulnerabilities.size() == 1);
  }
  {
    Many d;
    const auto claim = d.claim(d.vulnerability());
    CHECK(d.act(d.owner, AdoptFact{claim, true}).error().where == "/why");
    CHECK(d.act(d.owner, AdoptFact{claim, {}, std::vector{VulnerabilityId::random()}}).error().where == "/inseparable/0");
    REQUIRE(d.act(d.owner, AdoptFact{claim, true, {}, "One patch shows both."}));
    CHECK(d.state.fold.embargo == EmbargoState::Exited);
    CHECK(d.state.fold.vulnerabilities.size() == 2);
  }
  {
    Many d;
    const auto a = d.state.fold.vulnerabilities[0].id, b = d.state.fold.vulnerabilities[1].id;
    REQUIRE(d.act(d.owner, AdoptFact{d.claim(a), {}, std::vector{b}}));  // nothing is left that isn't
    CHECK(d.state.fold.embargo == EmbargoState::Exited);
  }
}

TEST_CASE("a split names vulnerabilities of the case, leaves one, and reopens no embargo") {
  Many d;
  const auto a = d.state.fold.vulnerabilities[0].id, b = d.state.fold.vulnerabilities[1].id;
  CHECK(d.act(d.owner, SplitCase{{}, "why"}).error().where == "/vulnerabilities");
  CHECK(d.act(d.owner, SplitCase{{a, b}, "why"}).error().kind == ErrorKind::Conflict);
  CHECK(d.act(d.owner, SplitCase{{a, a}, "why"}).error().where == "/vulnerabilities/1");
  CHECK(d.act(d.owner, SplitCase{{VulnerabilityId::random()}, "why"}).error().where == "/vulnerabilities/0");
  CHECK(d.act(d.owner, SplitCase{{a}, " "}).error().where == "/why");
  REQUIRE(d.act(d.owner, EndEmbargo{"enough"}));
  auto sibling = d.split(d.owner, SplitCase{{a}, "it has another fix"});
  CHECK(sibling.state.fold.embargo == EmbargoState::Exited);
  CHECK(sibling.act(sibling.owner, ProposeTerms{sibling.now + days_of(5)}).error().code == "embargo-ended");
}

TEST_CASE("claims about what was split off go along and wait for a person there") {
  Many d;
  const auto a = d.vulnerability();
  REQUIRE(d.act(d.vendor, ClaimFact{a, Letter::A, "seen in a honeypot"}));
  const auto sibling = d.split(d.owner, AdoptFact{d.claim(a)});
  REQUIRE(sibling.state.fold.claims.size() == 1);
  CHECK(sibling.state.fold.claims.front().state == Claim::State::Open);
  CHECK(sibling.state.fold.claims.front().evidence.find("seen in a honeypot") != std::string::npos);
  for (const auto& claim : d.state.fold.claims) CHECK(claim.state != Claim::State::Open);
}

namespace {
// Of the same owner, with parties of its own.
Many second_case(const Many& first, int until_days, const std::vector<OrganisationId>& parties) {
  Many out(until_days, 0);
  auto& fold = out.state.fold;
  auto owner = fold.participants.extract(out.owner);
  owner.key() = first.owner;
  owner.mapped().organisation = first.owner;
  fold.participants.insert(std::move(owner));
  fold.owner = out.owner = first.owner;
  for (const auto who : parties) out.join(who);
  return out;
}
}  // namespace

TEST_CASE("merged: the earliest accepted end holds, the later one is proposed, consents are kept, newcomers are invited and no more") {
  Many here(45, 2);  // vendor, other
  const auto fresh = OrganisationId::random();
  auto there = second_case(here, 30, {here.vendor, fresh});
  const auto earliest = there.state.fold.running_terms()->until, later = here.state.fold.running_terms()->until;
  const auto changes = here.decided(here.owner, MergeCases{there.state.fold.id, "the same library"}, &there.state.fold);
  REQUIRE(changes);
  here.write_grouped(*changes);
  const auto& fold = here.state.fold;
  CHECK(fold.running_terms()->until == earliest);
  CHECK(fold.embargo == EmbargoState::Revise);
  CHECK(fold.terms.back().until == later);
  for (const auto who : {here.vendor, here.other}) CHECK(fold.may_read_content(who));  // they agreed to hold longer
  REQUIRE(fold.participant(fresh) != nullptr);
  CHECK(fold.participant(fresh)->admission == Admission::Invited);
  CHECK_FALSE(fold.may_read_content(fresh));
  CHECK(fold.vulnerabilities.size() == 4);
  check_case(fold);
  // The other one is kept, and takes no new work.
  there.write_grouped(merged_away(there.state.fold, fold.id, "the same library"));
  CHECK(there.state.fold.may_read_content(fresh));
  for (const Command& command : {Command{AddVulnerability{"V", "x"}}, Command{InviteParticipant{OrganisationId::random(), {Role::Vendor}, "x"}}, Command{OpenThread{"shared", "x"}}, Command{ProposeTerms{there.now + days_of(9)}}}) {
    const auto answer = there.act(there.owner, command);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == "case-merged");
  }
  CHECK(there.act(fresh, LeaveCase{true}));
  // Nor does it end by itself: the survivor's end is its own.
  CHECK_FALSE(next_due(there.state.fold));
  there.now = later + days_of(1);
  there.pass_time();
  CHECK(binds(there.state.fold.embargo));
  // What its participants read of it names neither the survivor nor the reason.
  for (const auto& line : there.log)
    if (const auto* merged = get_if<CasesMerged>(&line.change.event); merged != nullptr && line.change.compartment == rules::shared()) CHECK((!merged->other && merged->why.empty()));
}

TEST_CASE("an embargo that only the other case has holds for this one's parties, once they agree to it") {
  auto plain = Many(45, 0);
  auto there = second_case(plain, 30, {});
  Driven here;
  here.owner = there.owner;
  Ask opening{{here.owner, here.writer}, here.now, here.now, system_random(), {}};
  here.write(*open_case(CaseId::random(), "A case", true, opening), opening.actor);
  for (const auto action : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(here.act(here.owner, StepReport{action}));
  REQUIRE(here.act(here.owner, InviteParticipant{here.vendor, {Role::Vendor}, "ships it"}));
  REQUIRE(here.act(here.vendor, AnswerInvitation{true}));
  REQUIRE(here.act(here.owner, ConfirmParticipant{here.vendor, "by telephone"}));
  REQUIRE(here.state.fold.may_read_content(here.vendor));
  opening.known.other = &there.state.fold;
  const auto changes = decide(here.state, MergeCases{there.state.fold.id, "the same"}, opening);
  REQUIRE(changes);
  here.write(grouped(*changes), opening.actor);
  CHECK(here.state.fold.running_terms()->until == there.state.fold.running_terms()->until);
  CHECK_FALSE(here.state.fold.may_read_content(here.vendor));
  REQUIRE(here.act(here.vendor, AnswerTerms{here.state.fold.running_terms()->version, true}));
  CHECK(here.state.fold.may_read_content(here.vendor));
}

TEST_CASE("no merge puts what is public under an embargo, and none is begun by one") {
  Many here(45, 1);
  auto there = second_case(here, 30, {});
  REQUIRE(there.act(there.owner, AdoptFact{there.claim(there.vulnerability()), true, {}, "both"}));
  CHECK(here.decided(here.owner, MergeCases{there.state.fold.id, "x"}, &there.state.fold).error().where == "/with");
  CHECK(here.decided(here.owner, MergeCases{here.state.fold.id, "x"}, &here.state.fold).error().where == "/with");
  CHECK(here.decided(here.owner, MergeCases{CaseId::random(), "x"}).error().kind == ErrorKind::NotFound);
}

TEST_CASE("the same identifier in both is one vulnerability") {
  Many here(45, 1);
  auto there = second_case(here, 45, {});
  REQUIRE(here.act(here.owner, SetIdentifier{here.vulnerability(), "CVE-2026-0001"}));
  REQUIRE(there.act(there.owner, SetIdentifier{there.vulnerability(), "CVE-2026-0001"}));
  REQUIRE(there.act(there.owner, AddProduct{"Parser"}));
  const auto product = there.state.fold.products.front().id;
  REQUIRE(there.act(there.owner, SetStatus{there.vulnerability(), product, Status::Affected}));
  const auto changes = here.decided(here.owner, MergeCases{there.state.fold.id, "reported twice"}, &there.state.fold);
  REQUIRE(changes);
  here.write_grouped(*changes);
  CHECK(here.state.fold.vulnerabilities.size() == 3);
  CHECK(here.state.fold.answers.at({here.vulnerability(), product}).status == Status::Affected);
}

TEST_CASE("a merged case's reports stay with their mailboxes, and are counted and credited here") {
  auto there = Driven::reported();
  for (const auto action : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(there.act(there.owner, StepReport{action}));
  Driven here;
  here.owner = there.owner;
  Ask opening{{here.owner, here.writer}, here.now, here.now, system_random(), {}};
  here.write(*open_case(CaseId::random(), "A case", true, opening), opening.actor);
  for (const auto action : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(here.act(here.owner, StepReport{action}));
  Ask ask{{here.owner, here.writer}, here.now, here.now, system_random(), {}};
  ask.known.other = &there.state.fold;
  const auto changes = decide(here.state, MergeCases{there.state.fold.id, "the same"}, ask);
  REQUIRE(changes);
  here.write(grouped(*changes), ask.actor);
  REQUIRE(here.state.fold.reports.size() == 1);
  CHECK(here.state.fold.reports.front().kept_in == there.state.fold.id);
  CHECK(here.act(here.owner, PostToMailbox{there.report(), "Thanks."}).error().code == "report-elsewhere");
  for (const auto& compartment : compartments_of(here.state.fold)) CHECK(compartment.kind != access::Compartment::Kind::Report);  // no mailbox of this case
  there.write(grouped(merged_away(there.state.fold, here.state.fold.id, "the same")), ask.actor);
  CHECK(there.act(there.owner, PostToMailbox{there.report(), "Thanks."}));
}

TEST_CASE("a reporter by code and who is only invited may claim, name no vulnerability, and end nothing") {
  auto d = Driven::reported();
  for (const auto action : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(d.act(d.owner, StepReport{action}));
  REQUIRE(d.act(d.owner, ProposeTerms{d.now + days_of(30)}));
  REQUIRE(d.act(d.owner, SettleTerms{d.state.fold.newest_terms()}));
  Ask by_code{{OrganisationId{}, {}, true, d.report(), false}, d.now, d.now, system_random(), {}};
  CHECK(decide(d.state, ClaimFact{d.vulnerability(), Letter::P, "on a list"}, by_code).error().where == "/vulnerability");
  const auto claimed = decide(d.state, ClaimFact{std::nullopt, Letter::P, "on a list"}, by_code);
  REQUIRE(claimed);
  d.write(*claimed, by_code.actor);
  CHECK(d.state.fold.reports.front().mailbox.back().text == "on a list");
  REQUIRE(d.act(d.owner, InviteParticipant{d.vendor, {Role::Vendor}, "ships it"}));
  CHECK(d.act(d.vendor, ClaimFact{d.vulnerability(), Letter::X, "seen"}).error().where == "/vulnerability");
  REQUIRE(d.act(d.vendor, ClaimFact{std::nullopt, Letter::X, "seen"}));
  CHECK(d.state.fold.claims.size() == 2);
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  // What it is told depends on nothing it may not see: not on what is on record already.
  REQUIRE(d.act(d.owner, AdoptFact{d.state.fold.claims.front().id}));
  CHECK(decide(d.state, ClaimFact{std::nullopt, Letter::P, "again"}, by_code));
}

TEST_CASE("a vulnerability is as far as its slowest affected product, and the strictest of all says what the embargo may do") {  // Vultron EM
  Many d;
  CHECK(advice_for(d.state.fold, d.owner).existing == ExistingAdvice::Stands);
  REQUIRE(d.act(d.owner, AddProduct{"Parser"}));
  REQUIRE(d.act(d.vendor, AddProduct{"Device"}));
  const auto parser = d.state.fold.products[0].id;
  for (const auto step : {RemedyStep::Identified, RemedyStep::Developed, RemedyStep::Validated})
    for (const auto& v : d.state.fold.vulnerabilities) {
      if (step == RemedyStep::Validated) REQUIRE(d.act(d.owner, AssessRemedy{v.id, parser, true, {}, "the finder", "in its laboratory"}));
      REQUIRE(d.act(d.owner, StepRemedy{v.id, parser, step}));
    }
  CHECK(advice_for(d.state.fold, d.owner).existing == ExistingAdvice::Stands);  // the device isn't ready
  for (const auto& v : d.state.fold.vulnerabilities) REQUIRE(d.act(d.vendor, SetStatus{v.id, d.state.fold.products[1].id, Status::NotAffected, "not built in"}));
  CHECK(advice_for(d.state.fold, d.owner).existing == ExistingAdvice::MayRunOn);
  REQUIRE(d.act(d.owner, AdoptFact{d.claim(d.vulnerability(), Letter::A), false}));
  CHECK(advice_for(d.state.fold, d.owner).existing == ExistingAdvice::ShouldEnd);
  CHECK(advice_for(d.state.fold, d.owner).start.may == MayStart::No);
}

TEST_CASE("P1: whatever the parties said before, a case that is split off has every consent, reads no wider and never runs two terms") {
  const bool held = rc::check("P1", [](const std::vector<unsigned>& tries) {
    Many d(45, 2);
    bool had_ended = false;
    for (const auto raw : tries) {
      const OrganisationId all[] = {d.owner, d.vendor, d.other, d.third};
      const auto by = all[raw % 4], about = all[(raw / 4) % 4];
      const int version = 1 + static_cast<int>(raw / 16 % 3);
      switch (raw / 64 % 13) {
        case 0: (void)d.act(by, ProposeTerms{d.now + days_of(1 + static_cast<int>(raw / 1024 % 90))}); break;
        case 1: case 2: (void)d.act(by, AnswerTerms{version, raw / 1024 % 3 != 0}); break;
        case 3: (void)d.act(d.owner, SettleTerms{version}); break;
        case 4: (void)d.act(d.owner, SettleTerms{}); break;
        case 5: (void)d.act(d.owner, AskConsent{version, about}); break;
        case 6: (void)d.act(d.owner, ChooseSettlement{static_cast<SettlementRule>(raw / 1024 % 4), raw / 1024 % 4 == 3 ? std::optional(60) : std::nullopt}); break;
        case 7: (void)d.act(d.owner, InviteParticipant{about, {Role::Vendor}, "ships it"}); break;
        case 8: (void)d.act(by, AnswerInvitation{raw / 1024 % 4 != 0, version}); break;
        case 9: (void)d.act(d.owner, ConfirmParticipant{about, "checked"}); break;
        case 10: (void)d.act(d.owner, raw / 1024 % 2 == 0 ? Command{SuspendParticipant{about, "why"}} : Command{RestoreParticipant{about, "why"}}); break;
        case 11: d.now = d.now + std::chrono::hours(raw / 1024 % 100); d.pass_time(); RC_ASSERT(!next_due(d.state.fold) || *next_due(d.state.fold) > d.now); break;
        case 12: if (raw / 1024 % 8 == 0) (void)d.act(d.owner, EndEmbargo{"enough"}); break;
      }
      const auto running = std::count_if(d.state.fold.terms.begin(), d.state.fold.terms.end(), [](const Terms& t) { return t.state == Terms::State::Running; });
      RC_ASSERT(running == (binds(d.state.fold.embargo) ? 1 : 0));
      RC_ASSERT(!had_ended || d.state.fold.embargo == EmbargoState::Exited);
      had_ended = d.state.fold.embargo == EmbargoState::Exited;
    }
    const auto before = d.state.fold;
    const auto sibling = d.split(d.owner, SplitCase{{d.vulnerability()}, "its own"});
    for (const auto* fold : {&sibling.state.fold, &std::as_const(d.state.fold)}) {
      RC_ASSERT(fold->embargo == before.embargo);
      for (const auto& [id, participant] : before.participants) {
        if (participant.admission == Admission::Removed || participant.admission == Admission::None || (participant.admission == Admission::Invited && participant.answered_at)) continue;
        for (const auto& terms : before.terms)
          if (terms.state == Terms::State::Running || terms.state == Terms::State::Open) {
            RC_ASSERT(fold->terms_of(terms.version) != nullptr);
            RC_ASSERT(fold->terms_of(terms.version)->state == terms.state);
            const auto was = before.consent(id, terms.version), is = fold->consent(id, terms.version);
            if (participant.admission != Admission::Invited) RC_ASSERT(is == was || (was == ConsentState::NoEmbargo && is == ConsentState::Invited));
          }
        RC_ASSERT(fold->participant(id)->admission == participant.admission);
        RC_ASSERT(fold->may_read_content(id) == before.may_read_content(id));
        if (binds(fold->embargo) && fold->may_read_content(id)) RC_ASSERT(fold->signed_running(id));
      }
    }
  });
  CHECK(held);
}
