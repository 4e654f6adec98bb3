// How terms come about: the default of who receives a report, what its sender proposes, and several open proposals.
//
// Shortest wins: of two wishes the earlier end runs, and the later one lives on as a proposed revision (Vultron, default embargoes). An embargo
// is agreed as an instant; a policy speaks in lengths, counted from `now`.
#pragma once

#include <optional>
#include <vector>

#include "base/bind.h"
#include "cvd/embargo_machine.h"

namespace sluice::cvd {

// What an organisation publishes about the embargoes it takes part in.
struct EmbargoPolicy {
  std::optional<Duration> preferred, minimum, maximum;
};
BOOST_DESCRIBE_STRUCT(EmbargoPolicy, (), (preferred, minimum, maximum))

Result<void> check(const EmbargoPolicy& policy);  // positive lengths, minimum <= preferred <= maximum

// Is a length inside the policy's bounds? Where a bound is missing, the preferred length stands for it; no policy, no bounds.
enum class PolicyFit { Fits, TooShort, TooLong };
BOOST_DESCRIBE_ENUM(PolicyFit, Fits, TooShort, TooLong)
PolicyFit fit(const EmbargoPolicy& policy, Duration length);

struct EmbargoOutcome {
  EmbargoState state = EmbargoState::None;
  std::optional<Instant> active_end;     // of the terms that run
  std::optional<Instant> open_end;       // of the proposal (Proposed) or of the proposed revision (Revise)
  bool receiver_should_accept = false;   // nothing runs yet: the receiver has no default, and the proposal is inside its bounds

  bool operator==(const EmbargoOutcome&) const = default;
};

// The receiver's published default counts as proposed, and whoever sends without objection has accepted it. Ends that aren't after `now` count as not said.
EmbargoOutcome default_embargo(std::optional<Instant> sender_proposes, std::optional<Instant> receiver_default, Instant now);
EmbargoOutcome default_embargo(std::optional<Instant> sender_proposes, const EmbargoPolicy& receiver, Instant now);

// Several open proposals with their answers: earliest end first, each accepted one takes the place of the one before, the first refusal stops.
// Nothing: what runs (or that nothing runs) stays.
struct OpenProposal {
  int version = 0;
  Instant until;
  bool accepted = false;
};
std::optional<OpenProposal> shortest_wins(std::vector<OpenProposal> proposals);

// Cases with embargoes that become one, without an agreement: the earliest accepted end.
std::optional<Instant> merged_end(std::optional<Instant> one, std::optional<Instant> other);

// Before inviting: how the invitee's policy stands to the running terms, and what can be done. The inviter always proposes the running terms and
// doesn't share the report before they are accepted.
enum class InviteOption { Shorten, Lengthen, ProposeRunning, NotifyLater, LeaveOut };
BOOST_DESCRIBE_ENUM(InviteOption, Shorten, Lengthen, ProposeRunning, NotifyLater, LeaveOut)

struct InviteChoice {
  InviteOption option;
  std::optional<Instant> when;  // Shorten, Lengthen: the end that fits; NotifyLater: when to tell, so that both ends meet

  bool operator==(const InviteChoice&) const = default;
};
struct InviteComparison {
  PolicyFit running_terms = PolicyFit::Fits;  // TooLong: the invitee's policy is shorter than what is left of the embargo
  std::vector<InviteChoice> choices;          // in the order in which they are usually weighed
};
InviteComparison compare_before_inviting(Instant running_end, const EmbargoPolicy& invitee, Instant now);

}  // namespace sluice::cvd
