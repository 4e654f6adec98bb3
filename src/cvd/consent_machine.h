// Participant embargo consent: whether one participant has signed one version of the terms.
//
// A consent belongs to a participant AND a version of the terms. While a revision is open, the running version keeps its signatories; only the
// proposed version is asked anew. A machine that lapses everybody on a mere proposal would let any participant cut off all others (Vultron,
// PEC REVISE on A->R), so here Revise is taken when new terms take the place of old ones: see carried_over().
//
// Invariants
//   N1  Only a Signatory adheres; it is computed from here and stored nowhere else.
//   N2  A signatory is never invited again to what it signed.
//   N3  No timer makes a consent lapse; silence past the window is Declined.
#pragma once

#include <boost/describe/enum.hpp>

#include "base/time.h"
#include "cvd/embargo_machine.h"
#include "cvd/machine.h"

namespace sluice::cvd {

enum class ConsentState { NoEmbargo, Invited, Signatory, Lapsed, Declined };
BOOST_DESCRIBE_ENUM(ConsentState, NoEmbargo, Invited, Signatory, Lapsed, Declined)

enum class ConsentAction { Invite, Accept, Decline, Revise, Reset };
BOOST_DESCRIBE_ENUM(ConsentAction, Invite, Accept, Decline, Revise, Reset)

using ConsentStep = Step<ConsentState, ConsentAction>;

constexpr auto kConsentSteps = [] {
  using enum ConsentState;
  using enum ConsentAction;
  return std::to_array<ConsentStep>({
      {NoEmbargo, Invite,  Invited},
      {Lapsed,    Invite,  Invited},
      {Declined,  Invite,  Invited},
      {NoEmbargo, Accept,  Signatory},    // who sends a report, or whose own default it is, consents without being asked
      {Invited,   Accept,  Signatory},
      {Lapsed,    Accept,  Signatory},
      {NoEmbargo, Decline, Declined},
      {Invited,   Decline, Declined},     // by an answer, or by the end of the answer window
      {Lapsed,    Decline, Declined},
      {Signatory, Revise,  Lapsed},       // other terms took the place of those it signed
      {NoEmbargo, Reset,   NoEmbargo},    // the embargo ended
      {Invited,   Reset,   NoEmbargo},
      {Signatory, Reset,   NoEmbargo},
      {Lapsed,    Reset,   NoEmbargo},
      {Declined,  Reset,   NoEmbargo},
  });
}();

constexpr std::optional<ConsentState> next(ConsentState from, ConsentAction action) { return next_in(kConsentSteps, from, action); }
Result<ConsentState> step(ConsentState from, ConsentAction action);  // Conflict, with a reason for each illegal pair

constexpr bool adheres(ConsentState state) { return state == ConsentState::Signatory; }  // N1

// New terms replaced old ones. What the participant is to the new: a signatory if it signed them, else what it said to them;
// who signed the old and hasn't answered the new lapses.
ConsentState carried_over(ConsentState to_old, ConsentState to_new);

// An acceptance that came after its window had closed (or after a refusal).
enum class LateAcceptance { Honoured, AskAnew, WithoutEffect };
BOOST_DESCRIBE_ENUM(LateAcceptance, Honoured, AskAnew, WithoutEffect)
LateAcceptance late_acceptance(EmbargoState embargo, bool terms_are_current);

// How long a participant has to answer. A shorter time than the minimum is lengthened to it, never refused.
constexpr Duration kDefaultAnswerWindow = std::chrono::days(7);
constexpr Duration kMinimumAnswerWindow = std::chrono::hours(72);
Duration answer_window(Instant asked, std::optional<Instant> respond_by);
Instant answer_due(Instant asked, std::optional<Instant> respond_by);
bool timed_out(Instant asked, std::optional<Instant> respond_by, Instant now);  // from the due instant on

static_assert(!next(ConsentState::Signatory, ConsentAction::Invite));  // N2
static_assert(!next(ConsentState::Declined, ConsentAction::Accept));

}  // namespace sluice::cvd
