#include "cvd/embargo_machine.h"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/list.hpp>

namespace sluice::cvd {
namespace {

constexpr auto kEmbargoRefusals = [] {
  using enum EmbargoState;
  using enum EmbargoAction;
  return std::to_array<Refusal<EmbargoState, EmbargoAction>>({
      {None,     Reject,    "There is no proposal to reject."},
      {None,     Accept,    "There is no proposal to accept. Propose terms first."},
      {None,     Terminate, "There is no embargo to end."},
      {Proposed, Terminate, "This embargo has only been proposed. Reject or withdraw the proposal."},
      {Active,   Reject,    "The terms have been accepted and no other terms are proposed. Propose new ones, or end the embargo."},
      {Active,   Accept,    "The terms have been accepted already and no other terms are proposed."},
      {Exited,   Propose,   "The embargo of this case has ended, and it does not begin again."},
      {Exited,   Reject,    "The embargo of this case has ended, so there is nothing left to reject."},
      {Exited,   Accept,    "The embargo of this case has ended, so there is nothing left to accept."},
      {Exited,   Terminate, "The embargo of this case has ended already."},
  });
}();

constexpr std::size_t kEmbargoStates = boost::mp11::mp_size<boost::describe::describe_enumerators<EmbargoState>>::value;
constexpr std::size_t kEmbargoActions = boost::mp11::mp_size<boost::describe::describe_enumerators<EmbargoAction>>::value;
static_assert(is_complete(kEmbargoSteps, kEmbargoRefusals, kEmbargoStates, kEmbargoActions));  // M1

// Vultron, negotiating and early termination, as one table: the first pattern that fits holds.
struct Row {
  std::string_view pattern;
  MayStart start;
  std::string_view start_reason;
  PendingAdvice pending;
  ExistingAdvice existing;
  std::string_view existing_reason;
};

constexpr auto kAdvice = std::to_array<Row>({
    {"...P..", MayStart::No, "The vulnerability is public, so there is nothing left to hold back.",
     PendingAdvice::MustReject, ExistingAdvice::MustEnd, "The vulnerability is public: the embargo ends at once."},
    {"....X.", MayStart::No, "A way to exploit it is public, so there is nothing left to hold back.",
     PendingAdvice::MustReject, ExistingAdvice::MustEnd, "A way to exploit it is public: the embargo ends at once."},
    {".....A", MayStart::No, "Attacks have been seen: those who are attacked need to know more than an embargo lets them.",
     PendingAdvice::MustReject, ExistingAdvice::ShouldEnd, "Attacks have been seen: the embargo should end, unless they are narrow and telling everyone would spread them."},
    {"VFDpxa", MayStart::ShouldNot, "The fix is deployed: begin an embargo only to keep step with vendors downstream or to finish the root cause.",
     PendingAdvice::ShouldReject, ExistingAdvice::ShouldEnd, "The fix is deployed: the embargo should end; it may run on for vendors downstream."},
    {"VFdpxa", MayStart::Caution, "The fix is ready: begin a short embargo only, to prepare publication and deployment, and say why.",
     PendingAdvice::ShouldReject, ExistingAdvice::MayRunOn, "The fix is ready: prepare the end; a little more time for vendors behind is reasonable."},
    {"...pxa", MayStart::Yes, "Nothing is known outside, and no fix is ready as far as you can see: an embargo gives time to make one.",
     PendingAdvice::Negotiate, ExistingAdvice::Stands, "Nothing is known outside, and no fix is ready as far as you can see: the embargo stands."},
});

constexpr const Row& advice(Letters state) {
  for (const auto& row : kAdvice)
    if (matches(row.pattern, state)) return row;
  return kAdvice.back();  // unreachable: one of P, X, A holds, or none does
}

}  // namespace

Result<EmbargoState> step(EmbargoState from, EmbargoAction action) { return step_in(kEmbargoSteps, kEmbargoRefusals, from, action); }

StartAdvice start_advice(Letters state) { return {advice(state).start, advice(state).start_reason}; }
StartAdvice stricter(StartAdvice one, StartAdvice other) { return other.may > one.may ? other : one; }
PendingAdvice pending_advice(Letters state) { return advice(state).pending; }
ExistingAdvice existing_advice(Letters state) { return advice(state).existing; }
std::string_view existing_reason(Letters state) { return advice(state).existing_reason; }

}  // namespace sluice::cvd
