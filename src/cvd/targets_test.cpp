#include "cvd/targets.h"

#include <doctest/doctest.h>

#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

namespace {

constexpr Duration hours(int n) { return std::chrono::hours(n); }
constexpr Duration days(int n) { return std::chrono::hours(24 * n); }
const Weighing kWeighed{.severity = "critical", .parties = 2};

const Target& newest(const Driven& d) { return d.state.fold.targets.back(); }
TargetState state(const Driven& d, const Target& target) { return state_of(d.state.fold, target, d.now).state; }

// Everything that was written under a name, in order.
template <class E>
std::vector<E> written(const Driven& d) {
  std::vector<E> out;
  for (const auto& one : d.log)
    if (const auto* e = get_if<E>(&one.change.event); e != nullptr && one.change.compartment.kind == access::Compartment::Kind::Coordination) out.push_back(*e);
  return out;
}

// What next_reminder() must say, from everything that may need reminding.
std::optional<Instant> earliest_reminder(const Driven& d) {
  std::optional<Instant> out;
  for (const auto& one : reminder_subjects(d.state.fold, Instant{}))
    for (auto i = one.next; i < one.schedule.size(); ++i) out = out ? std::min(*out, one.schedule[i].first) : one.schedule[i].first;
  return out;
}

// The clock goes on as the service drives it: at each instant that next_due() names, until nothing is due before `until`.
int run(Driven& d, Instant until) {
  int steps = 0;
  while (true) {
    const auto due = next_due(d.state.fold);
    CHECK(next_reminder(d.state.fold) == earliest_reminder(d));
    if (!due || *due > until) break;
    d.now = std::max(d.now, *due);
    d.pass_time();
    if (++steps > 100) FAIL("the clock stands still");
  }
  d.now = until;
  return steps;
}

Result<void> decide_as(Driven& d, OrganisationId by, const Command& command, std::optional<Duration> policy = {}) {
  Ask ask{{by, d.writer}, d.now, d.now, system_random(), {}};
  ask.known.vendor_answers_within = policy;
  TRY(const auto changes, decide(d.state, command, ask));
  d.write(changes, ask.actor);
  return {};
}
ProceedWithout without(const Driven& d) { return {d.vendor, "Example Vendor", "nobody answers", "all users", "badly", "update by hand"}; }

ProductId product_of(Driven& d, OrganisationId vendor) {
  REQUIRE(d.act(vendor, AddProduct{"Parser", "1.0", {}, {}, {}}));
  return d.state.fold.products.back().id;
}

}  // namespace

TEST_CASE("a target is agreed with what it was weighed from, and keeps its whole history when it moves") {
  auto d = Driven::with_vendor();
  const auto first = d.now + days(30), second = d.now + days(40);
  CHECK(d.act(d.owner, AgreeTarget{TargetStep::Develop, first, {}, {}, {}, {}, "why"}).error().where == "/weighed");
  CHECK(d.act(d.owner, AgreeTarget{TargetStep::Develop, d.now, {}, {}, {}, kWeighed, "why"}).error().where == "/by");
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Develop, first, {}, {}, {}, kWeighed, "as all vendors said"}));
  const auto id = newest(d).id;
  CHECK(d.act(d.owner, AgreeTarget{TargetStep::Develop, second, {}, {}, {}, kWeighed, "again"}).error().kind == ErrorKind::Conflict);
  d.now = d.now + hours(1);
  REQUIRE(d.act(d.vendor, MoveTarget{id, second, {.severity = "critical", .tests = "on three platforms"}, "a third platform is hit"}));
  const auto& t = newest(d);
  CHECK(t.by == second);
  CHECK(t.weighed.tests == "on three platforms");
  REQUIRE(t.moved.size() == 1);
  CHECK((t.moved[0].from == first && t.moved[0].to == second && t.moved[0].what_changed == "a third platform is hit"));
  CHECK(t.first.by == first);
  REQUIRE(d.act(d.owner, DropTarget{id, "not affected after all"}));
  CHECK(state(d, newest(d)) == TargetState::Dropped);
  CHECK(d.act(d.owner, MoveTarget{id, second + days(1), kWeighed, "x"}).error().kind == ErrorKind::Conflict);
}

TEST_CASE("whose part a target is about says who reads it, and a vendor's word stands there without its name") {
  auto d = Driven::with_vendor();
  const auto compartments = [&](std::size_t from) {
    std::vector<std::string> out;
    for (auto i = from; i < d.log.size(); ++i) out.push_back(d.log[i].change.compartment.text() + (d.log[i].context.organisation ? " named" : ""));
    return out;
  };
  const auto own = "org:" + d.vendor.text();
  auto from = d.log.size();
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Publish, d.now + days(40), {}, {}, {}, kWeighed, "why"}));
  CHECK(compartments(from) == std::vector<std::string>{"shared named"});
  from = d.log.size();
  REQUIRE(d.act(d.vendor, AgreeTarget{TargetStep::Develop, d.now + days(40), d.vulnerability(), {}, {}, kWeighed, "why"}));
  CHECK(compartments(from) == std::vector<std::string>{"shared", "coordination named"});
  from = d.log.size();
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Validate, d.now + days(4), {}, {}, d.vendor, kWeighed, "why"}));
  CHECK(compartments(from) == std::vector<std::string>{own + " named", "coordination named"});
  from = d.log.size();
  REQUIRE(d.act(d.vendor, AgreeTarget{TargetStep::Test, d.now + days(4), {}, product_of(d, d.vendor), {}, kWeighed, "why"}));
  CHECK(compartments(from).back() == "coordination named");
}

TEST_CASE("EXI-10: another party's product, organisation and target are for a vendor as ones that aren't there") {
  auto d = Driven::with_vendor();
  const auto of_owner = product_of(d, d.owner);
  const auto by = d.now + days(9);
  const auto here = d.act(d.vendor, AgreeTarget{TargetStep::Develop, by, {}, of_owner, {}, kWeighed, "why"});
  const auto nowhere = d.act(d.vendor, AgreeTarget{TargetStep::Develop, by, {}, ProductId::random(), {}, kWeighed, "why"});
  CHECK((here.error().message == nowhere.error().message && here.error().kind == nowhere.error().kind));
  CHECK(d.act(d.vendor, AgreeTarget{TargetStep::Develop, by, {}, {}, d.owner, kWeighed, "why"}).error().message == d.act(d.vendor, AgreeTarget{TargetStep::Develop, by, {}, {}, OrganisationId::random(), kWeighed, "why"}).error().message);
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Develop, by, {}, of_owner, {}, kWeighed, "why"}));
  const auto hidden = d.act(d.vendor, MoveTarget{newest(d).id, by + days(1), kWeighed, "x"}), unknown = d.act(d.vendor, MoveTarget{TargetId::random(), by + days(1), kWeighed, "x"});
  CHECK((hidden.error().kind == ErrorKind::NotFound && hidden.error().message == unknown.error().message));
  CHECK(d.act(d.vendor, DropTarget{newest(d).id, "x"}).error().kind == ErrorKind::NotFound);
}

TEST_CASE("G1: a target is met by the facts, and a reopened remedy opens it again") {
  auto d = Driven::with_vendor();
  const auto product = product_of(d, d.vendor);
  const auto agree = [&](TargetStep step) {
    REQUIRE(d.act(d.owner, AgreeTarget{step, d.now + days(10), {}, {}, d.vendor, kWeighed, "why"}));
    return d.state.fold.targets.size() - 1;
  };
  const auto acknowledge = agree(TargetStep::Acknowledge), validate = agree(TargetStep::Validate), identify = agree(TargetStep::Identify), test = agree(TargetStep::Test);
  const auto stands = [&](std::size_t i) { return state(d, d.state.fold.targets[i]); };
  CHECK(stands(acknowledge) == TargetState::Met);  // it answered the invitation
  CHECK(stands(validate) == TargetState::Open);
  REQUIRE(d.act(d.vendor, StepReport{ReportAction::Validate}));
  REQUIRE(d.act(d.vendor, StepReport{ReportAction::Accept}));
  CHECK(stands(validate) == TargetState::Met);
  CHECK(stands(identify) == TargetState::Open);
  REQUIRE(d.act(d.vendor, SetStatus{d.vulnerability(), product, Status::UnderInvestigation, {}, {}}));
  CHECK(stands(identify) == TargetState::Open);
  REQUIRE(d.act(d.vendor, SetStatus{d.vulnerability(), product, Status::Affected, {}, {}}));
  CHECK(stands(identify) == TargetState::Met);
  d.now = d.now + days(8);
  CHECK(stands(test) == TargetState::Due);
  CHECK(state_of(d.state.fold, d.state.fold.targets[test], d.now).haste);  // two days left and nothing validated
  const auto fix = [&](std::initializer_list<RemedyStep> steps) {
    for (const auto step : steps) {
      if (step == RemedyStep::Validated) REQUIRE(d.act(d.vendor, AssessRemedy{d.vulnerability(), product, true, {}, "the finder", "in its laboratory", {}, {}, {}}));
      REQUIRE(d.act(d.vendor, StepRemedy{d.vulnerability(), product, step, {}, {}}));
    }
  };
  fix({RemedyStep::Identified, RemedyStep::Developed, RemedyStep::Validated});
  CHECK(stands(test) == TargetState::Met);
  d.now = d.now + days(1);
  REQUIRE(d.act(d.vendor, ReopenRemedy{d.vulnerability(), product, RemedyStep::Identified, "by a test"}));
  CHECK(stands(test) == TargetState::Due);
  d.now = d.now + days(2);
  CHECK(stands(test) == TargetState::Overdue);
  fix({RemedyStep::Developed, RemedyStep::Validated});
  CHECK(stands(test) == TargetState::MetLate);
  CHECK(state_of(d.state.fold, d.state.fold.targets[test], d.now).met_at == d.now);
}

TEST_CASE("publishing is met by the case's own release; what became public otherwise overtakes it; what a viewer's part doesn't tell isn't told") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Publish, d.now + days(10), {}, {}, {}, kWeighed, "why"}));
  CHECK(state(d, newest(d)) == TargetState::Open);
  REQUIRE(d.act(d.owner, ClaimFact{d.vulnerability(), Letter::P, "in a blog", {}}));
  REQUIRE(d.act(d.owner, AdoptFact{d.state.fold.claims.back().id, {}}));
  CHECK(state(d, newest(d)) == TargetState::Overtaken);
  CHECK_FALSE(state_of(d.state.fold, newest(d), d.now).met_at);
  CHECK(reminder_subjects(d.state.fold, d.now).empty());
  // Our release after it, still in time, is what was agreed on; one that is late was overtaken all the same.
  const auto released = [&](Instant at) {
    auto fold = d.state.fold;
    fold.releases.push_back({.id = ReleaseId::random(), .version = 1, .vulnerabilities = {d.vulnerability()}, .state = Release::State::Released, .released_at = at});
    return state_of(fold, fold.targets.back(), d.now + days(20)).state;
  };
  CHECK(released(d.now + days(1)) == TargetState::Met);
  CHECK(released(d.now + days(11)) == TargetState::Overtaken);
  auto quiet = d.state.fold;
  quiet.vulnerabilities.front().facts.clear();
  quiet.releases.push_back({.id = ReleaseId::random(), .version = 1, .vulnerabilities = {d.vulnerability()}, .state = Release::State::Released, .released_at = d.now + days(11)});
  CHECK(state_of(quiet, quiet.targets.back(), d.now + days(20)).state == TargetState::MetLate);
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Deploy, d.now + days(10), {}, {}, {}, kWeighed, "why"}));
  CHECK(state_of(d.state.fold, newest(d), d.now, d.other).state == TargetState::Unseen);
  CHECK(state_of(d.state.fold, newest(d), d.now, d.vendor).state == TargetState::Open);
}

TEST_CASE("a target ends and extends no embargo: not when it passes, not when it is met") {
  auto d = Driven::with_vendor();
  const auto until = d.state.fold.running_terms()->until;
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Publish, d.now + days(10), {}, {}, {}, kWeighed, "why"}));
  REQUIRE(d.act(d.owner, MoveTarget{newest(d).id, d.now + days(90), kWeighed, "later"}));
  REQUIRE(d.act(d.owner, MoveTarget{newest(d).id, d.now + days(5), kWeighed, "sooner"}));
  run(d, until - hours(1));
  CHECK(state(d, newest(d)) == TargetState::Overdue);
  CHECK(d.state.fold.embargo == EmbargoState::Active);
  CHECK(d.state.fold.running_terms()->until == until);
}

TEST_CASE("reminders come before, at and after the due instant, each once, and end (G3)") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, AskStatus{{d.vendor}, d.vulnerability(), d.now + days(7)}));
  const auto due = d.now + days(7);
  run(d, due + days(400));
  std::vector<std::string> when;
  for (const auto& reminder : d.state.fold.reminders) when.push_back(about_of(reminder).when);
  CHECK(when == std::vector<std::string>{"before", "due", "week-1", "week-2", "week-3", "week-4", "week-5", "week-6", "week-7", "week-8"});
  CHECK(about_of(d.state.fold.reminders.front()).vulnerability == d.vulnerability());
  const auto silences = written<SilenceNoted>(d);
  REQUIRE(silences.size() == 1);
  CHECK((silences[0].organisation == d.vendor && silences[0].since == due - days(7)));
  CHECK(d.state.fold.silences[0].noted == due);
  const auto before = d.log.size();
  d.pass_time();
  CHECK(d.log.size() == before);
}

TEST_CASE("the next reminder is the earliest of them all, whatever was written already") {
  auto d = Driven::with_vendor();
  for (const auto& [step, n] : {std::pair{TargetStep::Validate, 20}, {TargetStep::Identify, 7}, {TargetStep::Develop, 9}}) REQUIRE(d.act(d.owner, AgreeTarget{step, d.now + days(n), {}, {}, d.vendor, kWeighed, "why"}));
  REQUIRE(d.act(d.owner, AskStatus{{d.vendor}, d.vulnerability(), d.now + days(8)}));
  CHECK(run(d, d.now + days(120)) > 10);
}

TEST_CASE("G2: after a long stop the newest reminder is written and the older are not made up for; a second tick writes nothing") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Validate, d.now + days(7), {}, {}, d.vendor, kWeighed, "why"}));
  d.now = d.now + days(7 + 15);
  for (int i = 0; i < 3; ++i) d.pass_time();
  REQUIRE(d.state.fold.reminders.size() == 1);
  CHECK(about_of(d.state.fold.reminders[0]).when == "week-2");
  CHECK(about_of(d.state.fold.reminders[0]).target == newest(d).id);
  CHECK(d.state.fold.silences.size() == 1);
  CHECK(*next_due(d.state.fold) > d.now);
}

TEST_CASE("who answers, is removed or has its target moved is reminded no more of the old date") {
  auto d = Driven::with_vendor();
  const auto product = product_of(d, d.vendor);
  REQUIRE(d.act(d.owner, AskStatus{{d.vendor}, d.vulnerability(), d.now + days(7)}));
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Validate, d.now + days(7), {}, {}, d.vendor, kWeighed, "why"}));
  REQUIRE(d.act(d.owner, MoveTarget{newest(d).id, d.now + days(20), kWeighed, "holidays"}));
  REQUIRE(d.act(d.vendor, SetStatus{d.vulnerability(), product, Status::UnderInvestigation, {}, {}}));
  run(d, d.now + days(10));
  CHECK(d.state.fold.reminders.empty());
  CHECK(d.state.fold.silences.empty());
  run(d, d.now + days(8));
  CHECK(d.state.fold.reminders.size() == 1);
  REQUIRE(d.act(d.owner, RemoveParticipant{d.vendor, "gone"}));
  run(d, d.now + days(60));
  CHECK(d.state.fold.reminders.size() == 1);
}

TEST_CASE("the road without a vendor says what is missing on record, step by step") {
  auto d = Driven::with_vendor();
  const auto refused = [&](std::optional<Duration> policy = {}) {
    const auto answer = decide_as(d, d.owner, without(d), policy);
    REQUIRE_FALSE(answer);
    return answer.error();
  };
  CHECK(decide_as(d, d.vendor, without(d)).error().kind == ErrorKind::Forbidden);
  CHECK(refused(days(7)).code == "no-contact-attempt");
  REQUIRE(d.act(d.owner, AskStatus{{d.vendor}, d.vulnerability(), d.now + days(7)}));
  CHECK(refused(days(7)).message.find("that time isn't over") != std::string::npos);
  run(d, d.now + days(8));
  CHECK(refused().message.find("Nothing says how long") != std::string::npos);            // neither target nor policy: no default is made up
  CHECK(refused(days(30)).message.find("Your policy gives a vendor 30 days") != std::string::npos);
  REQUIRE(d.act(d.owner, Escalate{d.vendor, "its chief of security", "no answer to the first contact"}));
  CHECK(refused(days(7)).code == "not-yet-reasonable");                                  // the newest attempt counts
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Validate, d.now + days(3), {}, {}, d.vendor, kWeighed, "why"}));
  CHECK(refused(days(1)).message.find("The target agreed for its answer") != std::string::npos);
  run(d, d.now + days(4));
  const auto road = road_without(d.state.fold, d.vendor, "Example Vendor", {}, d.now);
  CHECK(road.missing.empty());
  CHECK((road.attempts == 2 && road.escalations == 1 && road.reminders >= 2));
  auto nothing_said = without(d);
  nothing_said.how_badly = " ";
  CHECK(decide_as(d, d.owner, nothing_said).error().where == "/how_badly");
  REQUIRE(decide_as(d, d.owner, without(d)));
  CHECK(d.state.fold.decisions.back().what.about == d.vendor);
  CHECK(d.state.fold.proceeded_without.back().decision == d.state.fold.decisions.back().what.decision);
  CHECK(decide_as(d, d.owner, without(d)).error().kind == ErrorKind::Conflict);
}

TEST_CASE("an attempt that was claimed for the past opens the road no earlier, and an answered one closes it") {
  auto d = Driven::reported();
  const auto attempt = [&](std::optional<std::string> answer) {
    Ask ask{{d.owner, d.writer}, d.now, d.now - days(60), system_random(), {}};
    const auto changes = *decide(d.state, RecordContactAttempt{d.report(), "Security team of Example Vendor", "by mail", answer}, ask);
    for (const auto& change : changes) {
      const Context context{EntryId::random(), static_cast<std::int64_t>(d.log.size() + 1), d.now, ask.occurred, d.owner, d.writer, change.compartment, RequestId::random()};
      apply(d.state.fold, change.event, context);
      d.log.push_back({change, context});
    }
  };
  const ProceedWithout command{{}, "Example Vendor", "nobody answers", "users", "badly", "nothing"};
  CHECK(decide_as(d, d.owner, command, days(14)).error().code == "no-contact-attempt");
  attempt({});
  CHECK(decide_as(d, d.owner, command, days(14)).error().code == "not-yet-reasonable");
  auto other = command;
  other.vendor = "Ample";  // part of a word is no name
  CHECK(decide_as(d, d.owner, other, days(14)).error().code == "no-contact-attempt");
  d.now = d.now + days(15);
  attempt("we look into it");
  d.now = d.now + days(15);
  CHECK(decide_as(d, d.owner, command, days(14)).error().message.find("was answered") != std::string::npos);
  attempt({});
  d.now = d.now + days(15);
  REQUIRE(decide_as(d, d.owner, command, days(14)));
  CHECK(d.state.fold.proceeded_without.back().attempts == 3);
}

TEST_CASE("a release waits no more for a vendor that the case goes on without, until it answers after all") {
  auto d = Driven::with_vendor();
  const auto product = product_of(d, d.vendor);
  REQUIRE(d.act(d.owner, AskStatus{{d.vendor}, d.vulnerability(), d.now + days(7)}));
  Release release;
  release.vulnerabilities = {d.vulnerability()};
  CHECK(not_ready(d.state.fold, release).size() == 1);
  run(d, d.now + days(8));
  REQUIRE(decide_as(d, d.owner, without(d), days(7)));
  CHECK(not_ready(d.state.fold, release).empty());
  CHECK(without_answer(d.state.fold) == std::vector{product});
  const auto reminders = d.state.fold.reminders.size();
  run(d, d.now + days(30));
  CHECK(d.state.fold.reminders.size() == reminders);
  REQUIRE(d.act(d.vendor, SetStatus{d.vulnerability(), product, Status::Affected, {}, {}}));
  CHECK(not_ready(d.state.fold, release).size() == 1);
  CHECK(without_answer(d.state.fold).empty());
}

TEST_CASE("going on without a vendor takes two persons, as a waiver does") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.owner, AskStatus{{d.vendor}, d.vulnerability(), d.now + days(7)}));
  run(d, d.now + days(8));
  CHECK(action_of(Command{without(d)}) == access::Action::Override);
  Ask ask{{d.owner, d.writer}, d.now, d.now, system_random(), {}};
  ask.known.vendor_answers_within = days(7);
  ask.known.needs_second_person = true;
  const auto asked = decide(d.state, without(d), ask);
  REQUIRE(asked);
  REQUIRE(holds_alternative<SecondPersonAsked>(asked->front().event));
  d.write(*asked, ask.actor);
  Ask second{{d.owner, d.approver}, d.now, d.now, system_random(), {}};
  second.known.vendor_answers_within = days(7);
  const auto done = decide(d.state, ConfirmRequest{d.state.fold.requests.back().id}, second);
  REQUIRE(done);
  d.write(*done, second.actor);
  CHECK(goes_without(d.state.fold, d.vendor));
  CHECK(d.state.fold.decisions.back().second == d.approver);
}

TEST_CASE("who said no is waited for no longer, and who is at work is waived at the release instead") {
  auto d = Driven::with_vendor();
  REQUIRE(d.act(d.vendor, StepReport{ReportAction::Validate}));
  CHECK(decide_as(d, d.owner, without(d), days(7)).error().message.find("at work") != std::string::npos);
  REQUIRE(d.act(d.vendor, StepReport{ReportAction::Defer, "no longer made"}));
  REQUIRE(decide_as(d, d.owner, without(d)));
}

TEST_CASE("an unsupported product takes the same road: its developer is asked first") {
  auto d = Driven::with_vendor();
  const auto product = product_of(d, d.vendor);
  d.state.fold.products.back().supported = false;
  CHECK(road_without(d.state.fold, d.vendor, "Example Vendor", days(7), d.now).unsupported);
  CHECK(decide_as(d, d.owner, without(d), days(7)).error().code == "no-contact-attempt");
  (void)product;
}

TEST_CASE("EXI-7: a duplicate's sender is told nothing of the other report, and keeps its own") {
  auto d = Driven::reported();
  const auto first = d.report();
  const auto later = ReportId::random();
  d.write({{access::Compartment::of(later), ReportReceived{later, d.owner, {.title = "Same thing", .description = "The same.", .product = "parser"}, {}}}, {access::Compartment::coordination(), ReportLinked{later, true, {}}}}, {d.owner, {}});
  CHECK(d.act(d.owner, LinkDuplicate{later, later, "why"}).error().where == "/of");
  CHECK(d.act(d.owner, LinkDuplicate{later, ReportId::random(), "why"}).error().kind == ErrorKind::NotFound);
  const auto from = d.log.size();
  const auto state = d.state.fold.participant(d.owner)->report;
  REQUIRE(d.act(d.owner, LinkDuplicate{later, first, "same function"}));
  CHECK(d.state.fold.report(later)->duplicate_of == first);
  CHECK(d.state.fold.participant(d.owner)->report == state);
  for (auto i = from; i < d.log.size(); ++i) {
    if (d.log[i].change.compartment.kind != access::Compartment::Kind::Report) continue;
    const auto text = canonical(event_to_json(d.log[i].change.event));
    for (const auto& word : {first.text(), std::string("same function"), std::string("Overflow"), std::string("uplicate"), std::string("DuplicateLinked")}) CHECK_MESSAGE(text.find(word) == std::string::npos, word);
  }
  CHECK(d.state.fold.report(later)->mailbox.size() == 1);
  CHECK(d.act(d.owner, LinkDuplicate{first, later, "the other way"}).error().kind == ErrorKind::Conflict);
  CHECK(d.act(d.owner, LinkDuplicate{later, first, "again"}).error().kind == ErrorKind::Conflict);
}

TEST_CASE("credit is the reporter's own word, and goes into no other compartment than the report's") {
  auto d = Driven::reported();
  const auto by_code = [&](ReportId report, StateCredit command) -> Result<void> {
    Ask ask{{{}, {}, true, report, false}, d.now, d.now, system_random(), {}};
    TRY(const auto changes, decide(d.state, command, ask));
    for (const auto& change : changes) CHECK(change.compartment == access::Compartment::of(report));
    d.write(changes, ask.actor);
    return {};
  };
  CHECK(d.act(d.owner, StateCredit{d.report(), true, "Somebody"}).error().kind == ErrorKind::Forbidden);
  CHECK(by_code(ReportId::random(), {d.report(), true, "Somebody"}).error().kind == ErrorKind::Forbidden);
  CHECK(by_code(d.report(), {d.report(), true, {}}).error().where == "/name");
  CHECK(credits_of(d.state.fold).empty());
  REQUIRE(by_code(d.report(), {d.report(), true, "Ada"}));
  REQUIRE(credits_of(d.state.fold).size() == 1);
  CHECK(credits_of(d.state.fold)[0].name == "Ada");
  REQUIRE(by_code(d.report(), {d.report(), false, "Ada"}));
  CHECK(credits_of(d.state.fold).empty());
  CHECK_FALSE(d.state.fold.report(d.report())->credit->name);
}

TEST_CASE("a vendor's policy suggests dates and agrees on none") {
  auto d = Driven::with_vendor();
  DisclosurePolicy policy;
  CHECK(suggestions(d.state.fold, d.vendor, policy).empty());
  policy.acknowledge_within = days(2);
  policy.assess_within = days(9);
  const auto offered = suggestions(d.state.fold, d.vendor, policy);
  REQUIRE(offered.size() == 2);
  CHECK(offered[1].by == *d.state.fold.participant(d.vendor)->invited_at + days(9));
  CHECK(d.state.fold.targets.empty());
  REQUIRE(d.act(d.owner, AgreeTarget{TargetStep::Validate, offered[1].by, {}, {}, d.vendor, kWeighed, "as its policy says"}));
  CHECK(suggestions(d.state.fold, d.vendor, policy).size() == 1);
}
