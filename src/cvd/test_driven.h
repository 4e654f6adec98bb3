// A case driven by commands, for tests: what is decided is written down and applied, so that it can be replayed.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>

#include "cvd/decide.h"
#include "cvd/standing.h"

namespace sluice::cvd::testing {

// A case driven by commands, with a log of what was written, so that it can be replayed.
struct Driven {
  struct Written {
    Change change;
    Context context;
  };
  CaseState state;
  std::vector<Written> log;
  Instant now = *parse_instant("2026-01-01T09:00:00Z");
  OrganisationId owner = OrganisationId::random(), vendor = OrganisationId::random(), other = OrganisationId::random();
  PersonId writer = PersonId::random(), approver = PersonId::random();

  // Who is what in the case, and its compartments.
  std::pair<std::vector<access::Standing>, std::vector<access::Compartment>> standings() const {
    std::vector<access::Standing> out;
    for (const auto& [id, participant] : state.fold.participants) out.push_back(standing_of(state.fold, id));
    return {out, compartments_of(state.fold)};
  }

  void write(const Changes& changes, const Actor& actor) {
    const auto request = RequestId::random();
    for (const auto& change : changes) {
      const auto kinds = event_compartments(type_of(change.event));
      INFO(type_of(change.event));
      REQUIRE(std::find(kinds.begin(), kinds.end(), change.compartment.kind) != kinds.end());
      Context context{EntryId::random(), static_cast<std::int64_t>(log.size() + 1), now, now, std::nullopt, std::nullopt, change.compartment, request};
      if (change.attribution == Attribution::Named && !actor.machine) context.organisation = actor.organisation, context.actor = actor.person;
      const auto before = standings();
      apply(state.fold, change.event, context);
      if (!may_change_standing(change.event)) CHECK(standings() == before);
      for (const auto& [id, participant] : state.fold.participants) CHECK((participant.held_content || !state.fold.may_read_content(id)));
      log.push_back({change, context});
    }
  }

  Result<void> act(OrganisationId by, const Command& command, std::optional<PersonId> person = {}) {
    Ask ask{{by, person.value_or(writer)}, now, now, system_random(), {}};
    ask.known.score = "9.8";
    ask.known.documents = {sha256(bytes_of("document"))};
    TRY(const auto changes, decide(state, command, ask));
    write(changes, ask.actor);
    return {};
  }
  void pass_time() {
    Ask ask{{owner, {}, false, {}, true}, now, now, system_random(), {}};
    write(*decide(state, PassTime{}, ask), ask.actor);
  }

  static Driven opened() {
    Driven d;
    Ask ask{{d.owner, d.writer}, d.now, d.now, system_random(), {}};
    d.write(*open_case(CaseId::random(), "A case", true, ask), ask.actor);
    return d;
  }
  static Driven accepted() {
    auto d = opened();
    REQUIRE(d.act(d.owner, StepReport{ReportAction::Validate}));
    REQUIRE(d.act(d.owner, StepReport{ReportAction::Accept}));
    return d;
  }
  // With one vendor taking part, under terms that both signed.
  static Driven with_vendor() {
    auto d = accepted();
    REQUIRE(d.act(d.owner, ProposeTerms{d.now + std::chrono::hours(24 * 45)}));
    REQUIRE(d.act(d.owner, SettleTerms{1}));
    REQUIRE(d.act(d.owner, InviteParticipant{d.vendor, {Role::Vendor}, "ships it"}));
    REQUIRE(d.act(d.vendor, AnswerInvitation{true, 1}));
    REQUIRE(d.act(d.owner, ConfirmParticipant{d.vendor, "by telephone"}));
    REQUIRE(d.act(d.owner, AddVulnerability{"Overflow", "A buffer overflows."}));
    return d;
  }
  // A case that an anonymous report has opened for its vendor.
  static Driven reported() {
    Driven d;
    Ask ask{{d.owner, {}, true, {}, false}, d.now, d.now, system_random(), {}};
    const NewReport report{CaseId::random(), ReportId::random(), d.owner, true, {.title = "Overflow", .description = "A buffer overflows.", .product = "parser", .contact = "+49 123"}, {}};
    d.write(*open_for_report(report, ask), ask.actor);
    return d;
  }
  Result<void> route(std::optional<OrganisationId> by, OrganisationId to, RouteReason reason, std::optional<access::OrganisationKind> kind = access::OrganisationKind::Coordinator) {
    Ask ask{{by.value_or(OrganisationId{}), {}, !by, by ? std::nullopt : std::optional(report()), false}, now, now, system_random(), {}};
    ask.known.receiver_kind = kind;
    TRY(const auto changes, decide(state, RouteReport{report(), to, reason, "we need help"}, ask));
    write(changes, ask.actor);
    return {};
  }
  ReportId report() const { return state.fold.reports.front().id; }
  VulnerabilityId vulnerability() const { return state.fold.vulnerabilities.front().id; }
};

}  // namespace sluice::cvd::testing
