// The live stream: tells each subscriber which of the things it may read have changed. Type, address and time, never content; rights are asked anew
// for each event, so a removal closes what it must (ACC-7, API-6).
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "web/app.h"

namespace sluice::web {

class Hub {
 public:
  explicit Hub(service::Services& services);
  ~Hub();

  // After `last` (an opaque id of ours; empty: from now on, so nothing that was committed before is heard). Too old or foreign: the first event is `resync`, to read anew; where it
  // has missed more than a stream holds, that comes behind the first of it.
  // Events come in the order of their commits, those that were missed first: who has heard one and breaks off resumes behind it, and loses nothing.
  // `still_in`: is the session or token still good? Asked each second and before each event; no: the stream is closed (ACC-7).
  std::shared_ptr<http::EventStream> subscribe(const access::Viewer& viewer, std::string_view last, std::function<bool()> still_in);

 private:
  struct Subscriber { access::Viewer viewer; std::shared_ptr<http::EventStream> stream; std::function<bool()> still_in; std::int64_t after = 0; };
  struct Kept { std::int64_t number; service::Change change; };
  void sweep();
  void tell(const Kept& kept);
  bool may_hear(const access::Viewer& viewer, const service::Change& change);
  std::string frame(const access::Viewer& viewer, const Kept& kept);
  std::string seal(const access::Viewer& viewer, std::int64_t number);

  service::Services& services_;
  service::Bus::Handle handle_;
  std::mutex mutex_;
  std::list<Subscriber> subscribers_;
  std::deque<Kept> recent_;                       // told, of this process; older: resync
  std::int64_t next_ = 1;                         // numbers are given as commits come, before they are told
  std::string run_;                               // tells one run of the process from another
  // What waits to be told: the bus calls on the Writer's thread, which must not wait for reads.
  std::condition_variable wake_;
  std::deque<Kept> waiting_;
  bool stopping_ = false;
  Duration swept_{};                              // the hub's own thread alone
  std::thread thread_;
};

}  // namespace sluice::web
