#include "cvd/second_person.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "cvd/standing.h"

using namespace sluice;
using namespace sluice::cvd;

namespace {

// A case with a release that one vendor isn't ready for, and one coordinator. Whoever acts is asked for its rights first, as the service does.
struct Pair {
  struct Who { PersonId person; OrganisationId organisation; };
  CaseState state;
  std::vector<Event> log;
  Instant now = *parse_instant("2026-01-01T09:00:00Z");
  OrganisationId owner = OrganisationId::random(), coordinator = OrganisationId::random(), vendor = OrganisationId::random();
  Who first{PersonId::random(), owner}, second{PersonId::random(), owner}, outside{PersonId::random(), coordinator}, maker{PersonId::random(), vendor};
  bool two_persons = true, asker_still_may = true;

  access::Decision may(const Who& who, const Command& command) const {
    const access::Viewer viewer{.kind = access::Viewer::Kind::Person, .person = who.person, .organisation = who.organisation, .organisation_kind = access::OrganisationKind::Vendor,
                                .role = access::SiteRole::Admin};
    return access::authorize(viewer, *action_of(command), standing_towards(state.fold, standing_of(state.fold, who.organisation), who.organisation, command));
  }
  void write(const Changes& changes, const Actor& actor) {
    const auto request = RequestId::random();
    for (const auto& change : changes) {
      const auto event = event_from_json(event_to_json(change.event));  // as it comes back from the ledger
      REQUIRE(event);
      Context context{EntryId::random(), static_cast<std::int64_t>(log.size()), now, now, actor.machine ? std::nullopt : std::optional(actor.organisation), actor.person, change.compartment, request};
      apply(state.fold, *event, context);
      apply(state.fold, *event, context);  // C5
      log.push_back(*event);
    }
  }
  Result<Changes> act(const Who& who, const Command& command) {
    const auto allowed = may(who, command);
    if (!allowed.allowed) return fail(ErrorKind::Forbidden, allowed.reason);
    if (const auto* confirm = get_if<ConfirmRequest>(&command)) {
      TRY(const auto asked, asked_command(state.fold, confirm->request));
      if (!may(who, asked).allowed) return fail(ErrorKind::Forbidden, "no right");
    }
    Ask ask{{who.organisation, who.person}, now, now, system_random(), {}};
    ask.known.documents = {sha256(bytes_of("document"))};
    ask.known.two_persons = two_persons;
    ask.known.needs_second_person = allowed.needs_second_person;
    ask.known.asker_still_may = asker_still_may;
    TRY(auto changes, decide(state, command, ask));
    write(changes, ask.actor);
    return changes;
  }
  void pass_time() {
    Ask ask{{owner, {}, false, {}, true}, now, now, system_random(), {}};
    write(*decide(state, PassTime{}, ask), ask.actor);
  }
  void join(const Who& who, Role role) {
    REQUIRE(act(first, InviteParticipant{who.organisation, {role}, "essential"}));
    REQUIRE(act(who, AnswerInvitation{true, {}}));
    REQUIRE(act(first, ConfirmParticipant{who.organisation, "by telephone"}));
  }
  Pair() {
    Ask ask{{owner, first.person}, now, now, system_random(), {}};
    write(*open_case(CaseId::random(), "A case", true, ask), ask.actor);
    for (const auto step : {ReportAction::Validate, ReportAction::Accept}) REQUIRE(act(first, StepReport{step}));
    join(outside, Role::Coordinator);
    join(maker, Role::Vendor);
    REQUIRE(act(first, AddVulnerability{"Overflow", "A buffer overflows."}));
    const auto vulnerability = state.fold.vulnerabilities.front().id;
    REQUIRE(act(first, SetIdentifier{vulnerability, "CVE-2026-0001"}));
    REQUIRE(act(first, AskStatus{{vendor}, vulnerability, {}}));
    REQUIRE(act(first, DraftAdvisory{{}, json::object{{"vulnerabilities", json::array{json::object{{"cve", "CVE-2026-0001"}}}}}}));
    const auto& [advisory, versions] = *state.fold.advisories.begin();
    REQUIRE(act(second, ApproveAdvisory{advisory, 1, versions.front().hash}));
    REQUIRE(act(first, PlanRelease{advisory, 1, now + std::chrono::hours(24 * 30)}));
    log.clear();
  }
  ReleaseId release() const { return state.fold.releases.front().id; }
  TwoPersonRequestId asked() const { return state.fold.requests.back().id; }

  std::vector<std::pair<const char*, Command>> that_take_two() const {
    const auto decision = [](DecisionSort sort) { return RecordDecision{sort, "reason", "who", "badly", "nothing"}; };
    return {{"removing the last coordinator", RemoveParticipant{coordinator, "why"}}, {"waiving readiness", WaiveReadiness{release(), "why", "risk"}}, {"deciding to override", decision(DecisionSort::Override)},
            {"deciding to waive", decision(DecisionSort::Waive)},                     {"erasing", EraseCompartment{"org:" + vendor.text(), "why"}}};
  }
};

bool is_effect(const Event& event) {
  const auto* decided = get_if<Decided>(&event);
  return holds_alternative<ReadinessWaived>(event) || holds_alternative<CompartmentErased>(event) || holds_alternative<ParticipantRemoved>(event) ||
         (decided != nullptr && (decided->kind == DecisionSort::Override || decided->kind == DecisionSort::Waive));
}
bool has_effect(const std::vector<Event>& log) { return std::any_of(log.begin(), log.end(), is_effect); }

}  // namespace

TEST_CASE("T1: one person's command waits as a request, and takes effect when a second one confirms it") {
  for (std::size_t i = 0; i < Pair().that_take_two().size(); ++i) {
    Pair p;
    const auto [what, command] = p.that_take_two()[i];
    CAPTURE(what);
    const auto asked = p.act(p.first, command);
    REQUIRE(asked);
    REQUIRE(asked->size() == 1);
    CHECK(holds_alternative<SecondPersonAsked>(asked->front().event));
    CHECK(asked->front().compartment.kind == access::Compartment::Kind::Coordination);
    CHECK_FALSE(has_effect(p.log));
    const auto done = p.act(p.second, ConfirmRequest{p.asked()});
    REQUIRE(done);
    CHECK(holds_alternative<SecondPersonConfirmed>(done->front().event));
    CHECK(has_effect(p.log));
    CHECK(p.state.fold.requests.back().state == TwoPersonRequest::State::Confirmed);
    CHECK(p.act(p.second, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Conflict);  // T3
  }
}

TEST_CASE("T2: whoever asked confirms by no means, and nobody outside the case owner's organisation does") {
  Pair p;
  REQUIRE(p.act(p.first, RemoveParticipant{p.coordinator, "why"}));
  const Pair::Who elsewhere{p.first.person, p.coordinator};  // the same person, acting for another organisation
  for (const auto& who : {p.first, elsewhere, p.outside, p.maker}) CHECK(p.act(who, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Forbidden);
  CHECK(p.act(p.first, RefuseRequest{p.asked(), "why"}).error().kind == ErrorKind::Forbidden);
  CHECK(p.act(p.second, WithdrawRequest{p.asked()}).error().kind == ErrorKind::Forbidden);
  CHECK_FALSE(has_effect(p.log));

  // Asked for another organisation, it is still the same person.
  Pair q;
  REQUIRE(q.act({q.first.person, q.coordinator}, RemoveParticipant{q.coordinator, "why"}));
  CHECK(q.act(q.first, ConfirmRequest{q.asked()}).error().kind == ErrorKind::Forbidden);
  CHECK(q.act(q.second, ConfirmRequest{q.asked()}));
}

TEST_CASE("a confirmed command is decided by the case of that moment") {
  Pair p;
  REQUIRE(p.act(p.first, WaiveReadiness{p.release(), "why", "risk"}));
  REQUIRE(p.act(p.maker, AddProduct{"Device"}));
  REQUIRE(p.act(p.maker, SetStatus{p.state.fold.vulnerabilities.front().id, p.state.fold.products.back().id, Status::NotAffected, "component_not_present"}));
  CHECK(p.act(p.second, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Conflict);  // everybody is ready by now
  CHECK(p.state.fold.requests.back().state == TwoPersonRequest::State::Open);
  CHECK_FALSE(has_effect(p.log));
}

TEST_CASE("what can't be done isn't asked for, and nothing is asked for twice") {
  Pair p;
  CHECK(p.act(p.first, WaiveReadiness{ReleaseId::random(), "why", "risk"}).error().kind == ErrorKind::NotFound);
  CHECK(p.act(p.first, EraseCompartment{"shared", "why"}).error().kind == ErrorKind::Invalid);
  CHECK(p.act(p.first, EraseCompartment{"org:" + OrganisationId::random().text(), "why"}).error().kind == ErrorKind::NotFound);
  CHECK(p.state.fold.requests.empty());
  REQUIRE(p.act(p.first, WaiveReadiness{p.release(), "why", "risk"}));
  CHECK(p.act(p.second, WaiveReadiness{p.release(), "why", "risk"}).error().kind == ErrorKind::Conflict);
}

TEST_CASE("T3: refused, withdrawn or expired, a request can't be confirmed") {
  Pair p;
  const Command waive = WaiveReadiness{p.release(), "why", "risk"};
  REQUIRE(p.act(p.first, waive));
  REQUIRE(p.act(p.second, RefuseRequest{p.asked(), "they answer today"}));
  CHECK(p.state.fold.requests.back().why == "they answer today");
  CHECK(p.act(p.second, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Conflict);
  REQUIRE(p.act(p.first, waive));
  REQUIRE(p.act(p.first, WithdrawRequest{p.asked()}));
  CHECK(p.act(p.second, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Conflict);
  REQUIRE(p.act(p.first, waive));
  const auto lapses = p.now + kRequestLasts;
  // Reminders of what the vendor was asked come in between.
  for (auto due = next_due(p.state.fold); due && *due < lapses; due = next_due(p.state.fold)) {
    REQUIRE(*due > p.now);
    p.now = *due;
    p.pass_time();
  }
  CHECK(next_due(p.state.fold) == lapses);
  p.now = lapses - Duration{1};
  p.pass_time();
  CHECK(p.state.fold.requests.back().state == TwoPersonRequest::State::Open);
  p.now = p.now + Duration{1};
  CHECK(p.act(p.second, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Conflict);  // also before the clock has written it down
  p.pass_time();
  CHECK(p.state.fold.requests.back().state == TwoPersonRequest::State::Lapsed);
  CHECK_FALSE(has_effect(p.log));
}

TEST_CASE("T4: where no second person is asked for, the act says so") {
  for (std::size_t i = 0; i < Pair().that_take_two().size(); ++i) {
    Pair p;
    p.two_persons = false;
    const auto [what, command] = p.that_take_two()[i];
    CAPTURE(what);
    REQUIRE(p.act(p.first, command));
    CHECK(has_effect(p.log));
    const auto* spared = get_if<SecondPersonSpared>(&p.log.back());
    REQUIRE(spared != nullptr);
    CHECK(spared->command == name_of(command));
  }
  Pair p;
  p.two_persons = false;
  REQUIRE(p.act(p.first, SuspendParticipant{p.vendor, "why"}));
  CHECK_FALSE(holds_alternative<SecondPersonSpared>(p.log.back()));  // one person does that anywhere
}

TEST_CASE("T4: an approval of one's own text and a release say it too, where no second person is asked for") {
  Pair p;
  p.two_persons = false;
  REQUIRE(p.act(p.first, DraftAdvisory{p.state.fold.advisories.begin()->first, p.state.fold.advisories.begin()->second.front().document}));
  REQUIRE(p.act(p.first, ApproveAdvisory{p.state.fold.advisories.begin()->first, 2, Hash{}}));
  CHECK(get<SecondPersonSpared>(p.log.back()).command == "advisory.approve");
  REQUIRE(p.act(p.first, WaiveReadiness{p.release(), "why", "risk"}));
  p.now = p.state.fold.releases.front().instant;
  Ask ask{{p.owner, {}, false, {}, true}, p.now, p.now, system_random(), {}};
  const auto count = [&](bool two_persons) {
    ask.known.two_persons = two_persons;
    const auto changes = decide(p.state, FireRelease{p.release()}, ask);
    REQUIRE(changes);
    return std::count_if(changes->begin(), changes->end(), [](const Change& c) { return holds_alternative<SecondPersonSpared>(c.event); });
  };
  CHECK(count(false) == 1);
  CHECK(count(true) == 0);
}

TEST_CASE("a coordinator is removed by one person while another stays; the last one is not, nor by suspending it first") {
  Pair p;
  const Pair::Who another{PersonId::random(), OrganisationId::random()};
  p.join(another, Role::Coordinator);
  REQUIRE(p.act(p.first, RemoveParticipant{another.organisation, "why"}));
  CHECK(has_effect(p.log));
  p.log.clear();
  REQUIRE(p.act(p.first, SuspendParticipant{p.coordinator, "why"}));
  REQUIRE(p.act(p.first, RemoveParticipant{p.coordinator, "why"}));
  CHECK_FALSE(has_effect(p.log));
}

TEST_CASE("a decision that took two names both, whoever's confirmation brought it about") {
  Pair p;
  REQUIRE(p.act(p.first, RecordDecision{DecisionSort::Override, "reason", "who", "badly", "nothing", p.vendor}));
  REQUIRE(p.act(p.second, ConfirmRequest{p.asked()}));
  CHECK(p.state.fold.decisions.back().by == p.first.person);
  CHECK(p.state.fold.decisions.back().second == p.second.person);
  // Its copy in the organisation's own compartment says so by itself, for whoever doesn't read the request.
  CHECK(p.state.fold.decisions.size() == 1);
  CHECK(std::count_if(p.log.begin(), p.log.end(), [&](const Event& event) {
          const auto* decided = get_if<Decided>(&event);
          return decided != nullptr && decided->asked_by == p.first.person;
        }) == 2);
  REQUIRE(p.act(p.first, RecordDecision{DecisionSort::Wait, "reason", "who", "badly", "nothing"}));
  CHECK(p.state.fold.decisions.back().by == p.first.person);
  CHECK_FALSE(p.state.fold.decisions.back().second);
}

TEST_CASE("who asked and lost the right since is no second of two") {
  Pair p;
  REQUIRE(p.act(p.first, WaiveReadiness{p.release(), "why", "risk"}));
  p.asker_still_may = false;
  CHECK(p.act(p.second, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Conflict);
  CHECK(p.act(p.second, RefuseRequest{p.asked(), "left us"}));
}

TEST_CASE("erasing writes down how far its organisation was, and what stood there alone is gone") {
  Pair p;
  REQUIRE(p.act(p.maker, DraftStatement{"We are not affected."}));
  const auto report = p.state.fold.participant(p.vendor)->report;
  REQUIRE(p.act(p.first, EraseCompartment{"org:" + p.vendor.text(), "why"}));
  REQUIRE(p.act(p.second, ConfirmRequest{p.asked()}));
  const auto* event = get_if<CompartmentErased>(&p.log.back());
  REQUIRE(event != nullptr);
  CHECK(event->report == report);
  CHECK(p.state.fold.erased.contains("org:" + p.vendor.text()));
  CHECK_FALSE(p.state.fold.participant(p.vendor)->statement_draft);
  CHECK(p.act(p.maker, StepReport{ReportAction::Validate}));                                                       // the case goes on
  CHECK(p.act(p.maker, DraftStatement{"We are affected."}).error().kind == ErrorKind::Conflict);  // and nothing is written into nothing
}

TEST_CASE("T1, T2: no sequence by one person alone yields what needs two, whichever organisation it acts for") {
  CHECK(rc::check("T1 T2", [] {
    Pair p;
    const Pair::Who hats[] = {p.first, {p.first.person, p.coordinator}, {p.first.person, p.vendor}};
    const auto steps = *rc::gen::container<std::vector<int>>(40, rc::gen::inRange(0, 1'000));
    for (const int step : steps) {
      const auto& who = hats[step % 3];
      const auto those = p.that_take_two();
      const int kind = step / 3 % 10;
      if (kind < 4) (void)p.act(who, those[static_cast<std::size_t>(step / 30) % those.size()].second);
      else if (kind < 6 && !p.state.fold.requests.empty()) (void)p.act(who, ConfirmRequest{p.state.fold.requests[static_cast<std::size_t>(step / 30) % p.state.fold.requests.size()].id});
      else if (kind == 6) (void)p.act(who, SuspendParticipant{p.coordinator, "why"});
      else if (kind == 7) (void)p.act(who, RestoreParticipant{p.coordinator, "why"});
      else if (kind == 8 && !p.state.fold.requests.empty()) (void)p.act(who, WithdrawRequest{p.asked()});
      else if (kind == 9) p.now = p.now + std::chrono::hours(step % 60), p.pass_time();
      RC_ASSERT(!has_effect(p.log));
    }
  }));
}

TEST_CASE("ACC-11: publishing before the planned instant takes two, and what is in the way at the instant is in the way before") {
  Pair p;
  const ReleaseEarly early{p.release(), "it is being attacked", "users have a fix and no word of it"};
  CHECK(p.act(p.first, early).error().kind == ErrorKind::Conflict);  // the vendor isn't ready, and nobody has waived that
  REQUIRE(p.act(p.first, WaiveReadiness{p.release(), "why", "risk"}));
  REQUIRE(p.act(p.second, ConfirmRequest{p.asked()}));
  CHECK(p.act(p.first, ReleaseEarly{p.release(), " ", "risk"}).error().where == "/why");
  CHECK(p.act(p.first, ReleaseEarly{ReleaseId::random(), "why", "risk"}).error().kind == ErrorKind::NotFound);
  CHECK(p.act(p.maker, early).error().kind == ErrorKind::Forbidden);  // it isn't the vendor's to publish
  p.log.clear();
  const auto released = [&] { return std::any_of(p.log.begin(), p.log.end(), [](const Event& e) { return holds_alternative<Released>(e); }); };
  REQUIRE(p.act(p.first, early));
  CHECK_FALSE(released());
  CHECK(p.act(p.first, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Forbidden);
  REQUIRE(p.act(p.second, ConfirmRequest{p.asked()}));
  CHECK(released());
  CHECK(p.state.fold.releases.front().state == Release::State::Released);
  CHECK(p.state.fold.decisions.back().what.kind == DecisionSort::Tell);
  CHECK(p.state.fold.decisions.back().what.reason == early.why);
  CHECK(p.state.fold.decisions.back().second == p.second.person);
  CHECK(p.act(p.first, early).error().kind == ErrorKind::Conflict);  // once
}

TEST_CASE("no early release while an embargo runs, whoever agrees") {
  Pair p;
  REQUIRE(p.act(p.first, ProposeTerms{p.now + std::chrono::hours(24 * 20)}));
  REQUIRE(p.act(p.first, SettleTerms{p.state.fold.newest_terms()}));
  CHECK(p.act(p.first, ReleaseEarly{p.release(), "why", "risk"}).error().rule == "Vultron EM: active terms bind");
}

namespace {
// A case whose owner is silent, and a coordinator with two persons that the reporter brought in.
struct Silent : Pair {
  Who taker{PersonId::random(), coordinator}, taker_second{PersonId::random(), coordinator};
  Silent() {
    state = {};
    log.clear();
    Ask ask{{owner, {}, true, {}, false}, now, now, system_random(), {}};
    const NewReport report{CaseId::random(), ReportId::random(), owner, true, {.title = "Overflow", .description = "A buffer overflows.", .product = "parser"}, {}};
    const Actor nobody{.machine = true};  // whose entries name no organisation, as a reporter's don't
    write(*open_for_report(report, ask), nobody);
    Ask route{{OrganisationId{}, {}, true, report.report, false}, now, now, system_random(), {}};
    route.known.receiver_kind = access::OrganisationKind::Coordinator;
    write(*decide(state, RouteReport{report.report, coordinator, RouteReason::ReporterAsked, "we need help"}, route), nobody);
    REQUIRE(act(taker, AnswerInvitation{true}));
    REQUIRE(act(taker, RecordContactAttempt{report.report, "the owner", "by telephone", {}}));
    now = now + std::chrono::hours(24 * 7);
  }
};
}  // namespace

TEST_CASE("ACC-11: a silent owner's case is taken by two persons of the taker, and the case goes to the one that asked") {
  Silent s;
  const auto asked = s.act(s.taker, TakeOwnership{"it is silent"});
  REQUIRE(asked);
  REQUIRE(asked->size() == 1);
  CHECK(holds_alternative<SecondPersonAsked>(asked->front().event));
  CHECK(s.state.fold.owner == s.owner);
  CHECK(s.act(s.taker, ConfirmRequest{s.asked()}).error().kind == ErrorKind::Forbidden);  // T2
  CHECK(s.act(s.first, ConfirmRequest{s.asked()}).error().kind == ErrorKind::Forbidden);  // nor the owner, which gives nothing away by it
  auto woken = s;
  REQUIRE(woken.act(woken.first, StepReport{ReportAction::Validate}));
  CHECK(woken.act(woken.taker_second, ConfirmRequest{woken.asked()}).error().kind == ErrorKind::Conflict);
  auto refused = s;
  REQUIRE(refused.act(refused.first, RefuseRequest{refused.asked(), "we are here"}));
  CHECK(refused.act(refused.taker_second, ConfirmRequest{refused.asked()}).error().kind == ErrorKind::Conflict);
  REQUIRE(s.act(s.taker_second, ConfirmRequest{s.asked()}));
  CHECK(s.state.fold.owner == s.coordinator);
}

TEST_CASE("a coordinator answers its own request and none of the owner's") {
  Pair p;
  REQUIRE(p.act(p.first, WaiveReadiness{p.release(), "why", "risk"}));
  CHECK(p.act(p.outside, ConfirmRequest{p.asked()}).error().kind == ErrorKind::Forbidden);
  CHECK(p.act(p.outside, RefuseRequest{p.asked(), "why"}).error().kind == ErrorKind::Forbidden);
}

TEST_CASE("an offered case is taken by one person: its owner agreed") {
  Pair p;
  REQUIRE(p.act(p.first, OfferOwnership{p.coordinator, "several vendors"}));
  REQUIRE(p.act(p.outside, TakeOwnership{}));
  CHECK(p.state.fold.owner == p.coordinator);
}
