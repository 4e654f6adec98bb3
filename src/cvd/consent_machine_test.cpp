#include "cvd/consent_machine.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

using namespace sluice;
using namespace sluice::cvd;
using namespace std::chrono_literals;

TEST_CASE("of the 25 pairs of state and action, 15 are steps and 10 are refused, each with its own sentence") {
  std::map<ConsentAction, int> legal;
  std::set<std::string> reasons;
  for (int s = 0; s < 5; ++s)
    for (int a = 0; a < 5; ++a) {
      const auto result = step(ConsentState(s), ConsentAction(a));
      CHECK(result.has_value() == next(ConsentState(s), ConsentAction(a)).has_value());
      if (result) ++legal[ConsentAction(a)];
      else {
        CHECK(result.error().kind == ErrorKind::Conflict);
        reasons.insert(result.error().message);
      }
    }
  using enum ConsentAction;
  CHECK(legal == std::map<ConsentAction, int>{{Invite, 3}, {Accept, 3}, {Decline, 3}, {Revise, 1}, {Reset, 5}});
  CHECK(reasons.size() == 10);
}

TEST_CASE("N1_only_a_signatory_adheres") {
  for (int s = 0; s < 5; ++s) CHECK(adheres(ConsentState(s)) == (ConsentState(s) == ConsentState::Signatory));
}

TEST_CASE("new terms lapse who signed only the old ones") {
  using enum ConsentState;
  const struct { ConsentState to_old, to_new, then; } rows[] = {
      {Signatory, Signatory, Signatory},  // signed both
      {Signatory, Invited, Lapsed},       // has not answered: it never agreed to the new end
      {Signatory, NoEmbargo, Lapsed},
      {Signatory, Declined, Declined},    // said no, and that is more than silence
      {Invited, Signatory, Signatory},    // signed the new without the old
      {Invited, Invited, Invited},
      {Declined, Invited, Invited},
      {Declined, NoEmbargo, NoEmbargo},
      {Lapsed, Invited, Invited},
      {NoEmbargo, Declined, Declined},
  };
  for (const auto& row : rows) CHECK(carried_over(row.to_old, row.to_new) == row.then);
}

TEST_CASE("whoever adheres after a replacement has signed the new terms") {
  for (int o = 0; o < 5; ++o)
    for (int n = 0; n < 5; ++n) CHECK(adheres(carried_over(ConsentState(o), ConsentState(n))) == adheres(ConsentState(n)));
}

TEST_CASE("an answer that comes late counts while the terms are current") {
  CHECK(late_acceptance(EmbargoState::Active, true) == LateAcceptance::Honoured);
  CHECK(late_acceptance(EmbargoState::Revise, false) == LateAcceptance::AskAnew);
  CHECK(late_acceptance(EmbargoState::Proposed, true) == LateAcceptance::Honoured);
  CHECK(late_acceptance(EmbargoState::None, true) == LateAcceptance::WithoutEffect);
  CHECK(late_acceptance(EmbargoState::Exited, true) == LateAcceptance::WithoutEffect);
}

TEST_CASE("a participant has seven days to answer, or what it was given, but never less than 72 hours") {
  const auto asked = *parse_instant("2026-01-05T10:00:00Z");
  const struct { std::optional<Duration> given; Duration window; } rows[] = {
      {std::nullopt, std::chrono::days(7)},
      {std::chrono::days(14), std::chrono::days(14)},
      {72h, 72h},
      {72h - 1us, 72h},
      {1min, 72h},   // a minute is lengthened, not refused
      {-5h, 72h},    // an instant gone by
  };
  for (const auto& row : rows) {
    const auto respond_by = row.given ? std::optional(asked + *row.given) : std::nullopt;
    CHECK(answer_window(asked, respond_by) == row.window);
    CHECK(answer_due(asked, respond_by) == asked + row.window);
    CHECK_FALSE(timed_out(asked, respond_by, asked + row.window - 1us));
    CHECK(timed_out(asked, respond_by, asked + row.window));
  }
}

TEST_CASE("N2_N3 in any order of actions, only Accept makes a signatory and only Revise a lapsed one") {
  CHECK(rc::check("N2 N3", [](const std::vector<unsigned>& tries) {
    auto state = ConsentState::NoEmbargo;
    for (const auto t : tries) {
      const auto action = ConsentAction(t % 5);
      const auto to = next(state, action);
      if (!to) continue;
      RC_ASSERT(!(state == ConsentState::Signatory && *to == ConsentState::Invited));
      if (*to == ConsentState::Signatory) RC_ASSERT(action == ConsentAction::Accept);
      if (*to == ConsentState::Lapsed) RC_ASSERT(action == ConsentAction::Revise);
      state = *to;
    }
  }));
}
