#include "service/peer_loop.h"

#include <algorithm>

namespace sluice::service {

Arrival arrival_of(const Arriving& arriving, std::span<const HeldCopy> held) {
  const auto any = [&](auto&& is) { return std::any_of(held.begin(), held.end(), is); };
  if (any([](const HeldCopy& one) { return one.same_content && one.from_this_peer; })) return Arrival::TakenBefore;
  if (any([](const HeldCopy& one) { return one.same_content && one.given_to_this_peer; })) return Arrival::CameBack;
  if (arriving.has_own_mark) return Arrival::CameRound;
  // L2. What other peers brought is theirs, and may well be there by two ways.
  if (arriving.has_random_id && any([](const HeldCopy& one) { return one.same_content && one.given_to_a_peer && !one.from_another_peer; })) return Arrival::CameRound;
  // STIX 2.1 §3.6: only who made an object makes versions of it, and whoever sent it here did so before the peer had it.
  if (any([](const HeldCopy& one) { return one.given_to_this_peer && !one.from_this_peer && !one.from_another_peer; })) return Arrival::Changed;
  if (arriving.has_random_id && arriving.was_called_back) return Arrival::CalledBack;
  if (any([](const HeldCopy& one) { return one.same_content && one.from_another_peer && one.in_target; })) return Arrival::KnownFromAnother;
  if (arriving.hops > kMostHops) return Arrival::TooFar;
  return Arrival::New;
}

bool has_random_uuid(std::string_view id) {
  const auto dashes = id.find("--");
  if (dashes == id.npos || id.size() != dashes + 2 + 36) return false;
  const char version = id[dashes + 2 + 14];
  return version == '4' || version == '7';
}

bool is_mark(std::string_view text) {
  return text.size() == kMarkLetters && std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string why_not_taken(Arrival arrival) {
  switch (arrival) {
    case Arrival::New:
    case Arrival::TakenBefore:
    case Arrival::KnownFromAnother: return {};
    case Arrival::CameBack: return "This site gave it to the peer.";
    case Arrival::CameRound: return "This site passed it on, and it came round through others.";
    case Arrival::Changed: return "It was first sent to this site, and the peer has another content under its id. Only who made an object makes versions of it. (STIX 2.1 §3.6)";
    case Arrival::CalledBack: return "It was first sent to this site, and its sender took it back.";
    case Arrival::TooFar: return "It passed more than " + std::to_string(kMostHops) + " sites on its way.";
  }
  return {};
}

}  // namespace sluice::service
