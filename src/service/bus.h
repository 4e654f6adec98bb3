// What changed, told to those who listen: the live stream, caches, the outbox. A notification says where to look, never what is there.
//
// In one process it is a list of callbacks; between nodes PostgreSQL's NOTIFY carries the position, and each node catches up by position.
#pragma once

#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <string>

#include "access/compartment.h"
#include "base/time.h"

namespace sluice::service {

struct Change {
  std::int64_t position = 0;                      // the newest entry's
  std::optional<CaseId> case_id;
  std::optional<access::Compartment> compartment;
  std::string type;                               // "embargo.changed"
  Instant recorded;
  std::optional<std::int64_t> collection = {};    // the number of one that was posted something, in the place of a case (threat_events.h)
};

class Bus {
 public:
  using Listener = std::function<void(const Change&)>;
  using Handle = std::list<Listener>::iterator;

  Handle listen(Listener listener) {              // called on the Writer's thread: must not block
    std::scoped_lock lock(mutex_);
    return listeners_.insert(listeners_.end(), std::move(listener));
  }
  void stop(Handle handle) {
    std::scoped_lock lock(mutex_);
    listeners_.erase(handle);
  }
  void tell(const Change& change) {
    std::scoped_lock lock(mutex_);
    for (const auto& listener : listeners_) {
      try {
        listener(change);
      } catch (const std::exception&) {           // no memory to note it: the others, and who waits for an answer, are told all the same
      }
    }
  }

 private:
  std::mutex mutex_;
  std::list<Listener> listeners_;
};

}  // namespace sluice::service
