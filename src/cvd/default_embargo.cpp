#include "cvd/default_embargo.h"

#include <algorithm>

namespace sluice::cvd {

Result<void> check(const EmbargoPolicy& policy) {
  const auto wrong = [](std::string what, std::string where) { return fail(ErrorKind::Invalid, std::move(what), std::move(where)); };
  if (policy.preferred && *policy.preferred <= Duration::zero()) return wrong("The preferred length must be more than nothing.", "/preferred");
  if (policy.minimum && *policy.minimum < Duration::zero()) return wrong("The minimum length can't be negative.", "/minimum");
  if (policy.maximum && *policy.maximum <= Duration::zero()) return wrong("The maximum length must be more than nothing.", "/maximum");
  if (policy.minimum && policy.maximum && *policy.minimum > *policy.maximum) return wrong("The minimum length must not exceed the maximum.", "/minimum");
  if (policy.preferred && policy.minimum && *policy.preferred < *policy.minimum) return wrong("The preferred length must not be below the minimum.", "/preferred");
  if (policy.preferred && policy.maximum && *policy.preferred > *policy.maximum) return wrong("The preferred length must not exceed the maximum.", "/preferred");
  return {};
}

PolicyFit fit(const EmbargoPolicy& policy, Duration length) {
  const auto least = policy.minimum ? policy.minimum : policy.preferred;
  const auto most = policy.maximum ? policy.maximum : policy.preferred;
  if (most && length > *most) return PolicyFit::TooLong;
  if (least && length < *least) return PolicyFit::TooShort;
  return PolicyFit::Fits;
}

// Vultron, default embargoes, row by row.
EmbargoOutcome default_embargo(std::optional<Instant> x, std::optional<Instant> d, Instant now) {
  if (x && *x <= now) x.reset();
  if (d && *d <= now) d.reset();
  if (!x && !d) return {};
  if (!d) return {.state = EmbargoState::Proposed, .open_end = x, .receiver_should_accept = true};
  if (!x || *x == *d) return {.state = EmbargoState::Active, .active_end = d};
  return {.state = EmbargoState::Revise, .active_end = std::min(*x, *d), .open_end = std::max(*x, *d)};
}

EmbargoOutcome default_embargo(std::optional<Instant> sender_proposes, const EmbargoPolicy& receiver, Instant now) {
  const auto receiver_default = receiver.preferred ? std::optional(now + *receiver.preferred) : std::nullopt;
  auto out = default_embargo(sender_proposes, receiver_default, now);
  if (out.receiver_should_accept) out.receiver_should_accept = fit(receiver, *out.open_end - now) == PolicyFit::Fits;
  return out;
}

std::optional<OpenProposal> shortest_wins(std::vector<OpenProposal> proposals) {
  std::ranges::sort(proposals, {}, [](const OpenProposal& p) { return std::pair(p.until, p.version); });
  std::optional<OpenProposal> candidate;
  for (const auto& proposal : proposals) {
    if (!proposal.accepted) break;
    candidate = proposal;
  }
  return candidate;
}

std::optional<Instant> merged_end(std::optional<Instant> one, std::optional<Instant> other) {
  if (one && other) return std::min(*one, *other);
  return one ? one : other;
}

InviteComparison compare_before_inviting(Instant running_end, const EmbargoPolicy& invitee, Instant now) {
  using enum InviteOption;
  InviteComparison out{fit(invitee, running_end - now), {}};
  if (out.running_terms == PolicyFit::TooLong) {
    const auto most = invitee.maximum ? *invitee.maximum : *invitee.preferred;
    out.choices = {{Shorten, now + most}, {ProposeRunning, {}}, {NotifyLater, running_end - most}, {LeaveOut, {}}};
  } else if (out.running_terms == PolicyFit::TooShort) {
    const auto least = invitee.minimum ? *invitee.minimum : *invitee.preferred;
    out.choices = {{Lengthen, now + least}, {ProposeRunning, {}}, {LeaveOut, {}}};
  } else {
    out.choices = {{ProposeRunning, {}}};
  }
  return out;
}

}  // namespace sluice::cvd
