// That objects reached a collection, told after the commit to whoever listens in this process: the live streams, and what is counted or looked up beside the collections.
//
//   services.threat_events->posted({collection.n, audiences, head});      // after the commit of whatever put objects into a collection
//   unit.tell({.collection = collection.n});                               // the same from within a command: releases, widenings, deletions, recalls (the bus brings it here, cli/wired.cpp)
//
// A word of it says where to look and never what is there: whoever hears it reads the collection as its own reader. Nothing rests on hearing all of it. A listener that missed
// a word, since another process wrote or since it came later, finds the same by the collection's head.
//
// Always holds
//   N1  Nothing is told of what isn't committed.
//   N2  After stop() no call of that listener is under way, nor comes one.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace sluice::service {

struct ObjectsPosted {
  std::int64_t collection = 0;                    // its number
  std::vector<std::int64_t> audiences = {};       // that were posted something; none: it isn't said, so any may have been
  std::int64_t head = 0;                          // the newest date_added; 0: it isn't said
};

class ThreatEvents {
 public:
  using Listener = std::function<void(const ObjectsPosted&)>;
  using Handle = std::list<Listener>::iterator;

  // Called on the thread of whoever posts, mostly the Writer's: must not block, nor call anything of this.
  Handle listen(Listener listener) {
    std::scoped_lock lock(mutex_);
    return listeners_.insert(listeners_.end(), std::move(listener));
  }
  void stop(Handle handle) {
    std::scoped_lock lock(mutex_);
    listeners_.erase(handle);
  }
  void posted(const ObjectsPosted& what) {
    std::scoped_lock lock(mutex_);
    for (const auto& listener : listeners_) listener(what);
  }

 private:
  std::mutex mutex_;
  std::list<Listener> listeners_;
};

}  // namespace sluice::service
