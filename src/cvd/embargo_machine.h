// Embargo management: what a case's participants agreed to hold back, as a state.
//
// A table and nothing else: no clock, no store. One embargo a case; who may take which step is decided in decide().
// States and words: Vultron, embargo management (EM). Propose in Active or Revise is what people call a revision or a counter-proposal.
//
// Invariants
//   E1  Active or Revise: exactly one set of terms is in force. A proposal binds nobody.
//   E2  Exited is final.
//   E3  An open revision, accepted or rejected, leaves no gap without terms.
//   E4  Once P, X or A is known, no proposal is open and no embargo runs (a running one may outlast A, where a person decides so).
#pragma once

#include <boost/describe/enum.hpp>

#include "base/time.h"
#include "cvd/case_letters.h"
#include "cvd/machine.h"

namespace sluice::cvd {

enum class EmbargoState { None, Proposed, Active, Revise, Exited };
BOOST_DESCRIBE_ENUM(EmbargoState, None, Proposed, Active, Revise, Exited)

enum class EmbargoAction { Propose, Reject, Accept, Terminate };
BOOST_DESCRIBE_ENUM(EmbargoAction, Propose, Reject, Accept, Terminate)

using EmbargoStep = Step<EmbargoState, EmbargoAction>;

constexpr auto kEmbargoSteps = [] {
  using enum EmbargoState;
  using enum EmbargoAction;
  return std::to_array<EmbargoStep>({
      {None,     Propose,   Proposed},
      {Proposed, Propose,   Proposed},    // a counter-proposal
      {Proposed, Reject,    None},        // declined, or withdrawn by who made it
      {Proposed, Accept,    Active},      // begins now
      {Active,   Propose,   Revise},      // the old terms hold until new ones are accepted
      {Active,   Terminate, Exited},
      {Revise,   Propose,   Revise},
      {Revise,   Reject,    Active},      // the old terms stay
      {Revise,   Accept,    Active},      // the new replace the old
      {Revise,   Terminate, Exited},
  });
}();

constexpr std::optional<EmbargoState> next(EmbargoState from, EmbargoAction action) { return next_in(kEmbargoSteps, from, action); }
Result<EmbargoState> step(EmbargoState from, EmbargoAction action);  // Conflict, with a reason for each illegal pair

constexpr char letter(EmbargoState state) { return "NPARX"[static_cast<int>(state)]; }
constexpr char letter(EmbargoAction action) { return "prat"[static_cast<int>(action)]; }

constexpr bool binds(EmbargoState state) { return state == EmbargoState::Active || state == EmbargoState::Revise; }  // E1

// The embargo has ended at its end instant itself, not a moment later.
constexpr bool has_ended(Instant until, Instant now) { return now.micros >= until.micros; }

// ---- what the case's letters say of an embargo. Advice: the caller asks a person for a reason where it isn't Yes, and refuses where it is No.
enum class MayStart { Yes, Caution, ShouldNot, No };
BOOST_DESCRIBE_ENUM(MayStart, Yes, Caution, ShouldNot, No)

struct StartAdvice {
  MayStart may = MayStart::Yes;
  std::string_view reason;  // for a person; never empty
};
StartAdvice start_advice(Letters state);                      // to propose or accept new terms
StartAdvice stricter(StartAdvice one, StartAdvice other);     // of two pieces of advice, the one that holds

enum class PendingAdvice { Negotiate, ShouldReject, MustReject };
BOOST_DESCRIBE_ENUM(PendingAdvice, Negotiate, ShouldReject, MustReject)
PendingAdvice pending_advice(Letters state);                  // a proposal that is open

enum class ExistingAdvice { Stands, MayRunOn, ShouldEnd, MustEnd };
BOOST_DESCRIBE_ENUM(ExistingAdvice, Stands, MayRunOn, ShouldEnd, MustEnd)
ExistingAdvice existing_advice(Letters state);                // an embargo that runs
std::string_view existing_reason(Letters state);

// What becoming known does to the embargo: a proposal is rejected, an embargo is terminated. V, F and D do nothing by themselves.
// The fact is written first, then this. It must happen; only a running embargo may outlast A, and then a person decides.
constexpr bool ends_embargoes(Letter fact) { return fact == Letter::P || fact == Letter::X || fact == Letter::A; }
constexpr bool leaves_a_choice(Letter fact, EmbargoState state) { return fact == Letter::A && binds(state); }

constexpr std::optional<EmbargoAction> answer_to(Letter fact, EmbargoState state) {
  if (!ends_embargoes(fact)) return std::nullopt;
  if (state == EmbargoState::Proposed) return EmbargoAction::Reject;
  if (binds(state)) return EmbargoAction::Terminate;
  return std::nullopt;
}
constexpr EmbargoState after(Letter fact, EmbargoState state) {
  const auto action = answer_to(fact, state);
  return action ? *next(state, *action) : state;
}

static_assert(!next(EmbargoState::None, EmbargoAction::Accept));
static_assert(!next(EmbargoState::Active, EmbargoAction::Reject));
static_assert(!next(EmbargoState::Exited, EmbargoAction::Propose));
static_assert(after(Letter::P, EmbargoState::Proposed) == EmbargoState::None && after(Letter::P, EmbargoState::Revise) == EmbargoState::Exited);

}  // namespace sluice::cvd
