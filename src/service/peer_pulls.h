// Peers are asked when they are due: a few threads of their own, each with one peer at a time, page by page.
//
// Always holds
//   U1  The place in a peer's collection is kept after each page, with its origins and its health, in one transaction; after a crash the page that was under way is read again, which changes nothing (peer_intake.h, I3).
//   U2  One process asks a peer at a time, on any number of nodes: it holds the peer's row, for kHold from page to page.
//   U3  What is removed or paused takes nothing in any more: it is looked at before each page is put.
//   U4  All that is asked goes through the guard of the server's outbound calls (outbound.h, taxii_client.h C5). No address stands in the log.
//   U5  A peer that is slow or broken holds up its own thread, kThreads at most, and each wait ends when the server stops.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "service/outbound.h"
#include "service/services.h"

namespace sluice::service {

class PeerPulls {
 public:
  static constexpr Duration kLook = std::chrono::milliseconds(250), kHold = std::chrono::minutes(5);
  static constexpr std::size_t kThreads = 3;
  enum class Runs { InBackground, WhenAsked };    // WhenAsked: pull_due() alone, for tests

  PeerPulls(Services& services, const OutboundSettings& outbound, Runs runs = Runs::InBackground);
  ~PeerPulls();                                   // stop()
  PeerPulls(const PeerPulls&) = delete;

  void stop();                                    // afterwards nothing runs any more
  Result<bool> pull_due();                        // one that is due, to its end; false: none is. What its peer answered stands in its health

 private:
  void run();
  void wait(Duration length);

  Services& services_;
  const OutboundSettings& outbound_;
  Bytes holder_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<std::string> under_way_;               // peers that a thread of this process asks
  std::vector<std::thread> threads_;
};

}  // namespace sluice::service
