// The ways out (model: all ways out). Whatever sends is an Outlet, and an Outlet takes a Pass.
//
// A new way out is a new enumerator here and a class derived from Outlet; a test lists both.
#pragma once

#include <string>

#include "base/bind.h"
#include "gate/judge.h"

namespace sluice::gate {

// What an Outlet sends: an envelope names the content and the audience it was judged for.
template <class E>
concept Envelope = requires(const E& envelope) {
  { envelope.content } -> std::convertible_to<ContentHash>;    // the canonical content; a copy marked for one recipient keeps that of the original
  { envelope.audience } -> std::convertible_to<Audience>;
};

// A channel. Derived classes write deliver() and nothing else calls it, so nothing leaves without a Pass for this channel, content and audience.
template <Envelope E>
class Outlet {
 public:
  explicit Outlet(Channel channel) : channel_(channel) {}
  virtual ~Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  Channel channel() const { return channel_; }

  // The Pass is used up. Conflict if it is not for this channel, content and audience, or not yet; nothing was sent then.
  Result<void> send(Pass pass, const E& envelope, Instant now) {
    if (now < pass.not_before()) return fail(ErrorKind::Conflict, "The ruling is about a later instant, so nothing was sent.");
    if (!pass.is_for(channel_, envelope.content, envelope.audience)) return fail(ErrorKind::Conflict, "The ruling is about something else than what was to be sent, so nothing was sent.");
    return deliver(std::move(pass), envelope);
  }

 private:
  virtual Result<void> deliver(Pass pass, const E& envelope) = 0;
  Channel channel_;
};

// How a channel is covered (ACC-13).
enum class Way { Push, Grant, Pull, Publish };
BOOST_DESCRIBE_ENUM(Way, Push, Grant, Pull, Publish)
Way way_of(Channel channel);

}  // namespace sluice::gate
