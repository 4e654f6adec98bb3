#include "cvd/consent_machine.h"

#include <algorithm>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/list.hpp>

namespace sluice::cvd {
namespace {

constexpr auto kConsentRefusals = [] {
  using enum ConsentState;
  using enum ConsentAction;
  return std::to_array<Refusal<ConsentState, ConsentAction>>({
      {Invited,   Invite,  "This participant has been asked already. Wait for its answer or for the end of its answer window."},
      {Signatory, Invite,  "This participant has signed these terms already."},
      {Signatory, Accept,  "These terms have been signed already."},
      {Signatory, Decline, "These terms have been signed. A signatory who no longer wants them leaves the case and says whether it still keeps them."},
      {Declined,  Accept,  "These terms were declined, or the answer came too late. The participant is invited again before it can sign."},
      {Declined,  Decline, "These terms have been declined already."},
      {NoEmbargo, Revise,  "There were no terms that this participant had signed, so new ones change nothing for it."},
      {Invited,   Revise,  "This participant had not signed the old terms, so new ones do not make its consent lapse."},
      {Lapsed,    Revise,  "This participant's consent has lapsed already. Invite it to the new terms."},
      {Declined,  Revise,  "This participant declined the old terms. Invite it to the new ones."},
  });
}();

constexpr std::size_t kConsentStates = boost::mp11::mp_size<boost::describe::describe_enumerators<ConsentState>>::value;
constexpr std::size_t kConsentActions = boost::mp11::mp_size<boost::describe::describe_enumerators<ConsentAction>>::value;
static_assert(is_complete(kConsentSteps, kConsentRefusals, kConsentStates, kConsentActions));  // M1

}  // namespace

Result<ConsentState> step(ConsentState from, ConsentAction action) { return step_in(kConsentSteps, kConsentRefusals, from, action); }

ConsentState carried_over(ConsentState to_old, ConsentState to_new) {
  if (to_new == ConsentState::Signatory || to_new == ConsentState::Declined) return to_new;  // it answered
  return next(to_old, ConsentAction::Revise).value_or(to_new);
}

LateAcceptance late_acceptance(EmbargoState embargo, bool terms_are_current) {
  if (embargo == EmbargoState::None || embargo == EmbargoState::Exited) return LateAcceptance::WithoutEffect;
  return terms_are_current ? LateAcceptance::Honoured : LateAcceptance::AskAnew;
}

Duration answer_window(Instant asked, std::optional<Instant> respond_by) { return respond_by ? std::max(*respond_by - asked, kMinimumAnswerWindow) : kDefaultAnswerWindow; }
Instant answer_due(Instant asked, std::optional<Instant> respond_by) { return asked + answer_window(asked, respond_by); }
bool timed_out(Instant asked, std::optional<Instant> respond_by, Instant now) { return now >= answer_due(asked, respond_by); }

}  // namespace sluice::cvd
