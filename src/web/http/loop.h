// One I/O thread: its io_context, the connections that live on it, and the sweep that ends what took too long.
//
// Deadlines are a field of a connection, looked at a few times a second, not a timer for each read and write: setting one costs nothing, and the socket stays
// usable for the answer that says what was too slow (Beast's own streams close it).
//
// Always holds
//   L1  Everything here but `context` (for posting) and signal() is touched on the loop's thread only.
//   L2  A late Respond or push() never reaches a connection that is gone: they hold a weak Wake, and what they post holds it weakly too.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>

#include "web/http/asio.h"

namespace sluice::web::http {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using SteadyClock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;
template <class T = void>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kTask{};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void expire() = 0;       // its deadline has passed: end the operation under way
  virtual void wind_down() = 0;    // the server stops: end if idle
  virtual void cut() = 0;          // the grace is over: end at once

  SteadyClock::time_point deadline = SteadyClock::time_point::max();
};

struct Loop {
  asio::io_context context{1};
  asio::executor_work_guard<Executor> work{context.get_executor()};
  std::thread thread;
  std::unordered_set<Connection*> connections;
  bool stopping = false;
  bool cutting = false;

  Task<> sweep(SteadyClock::duration interval);
  const std::string& date();       // for the Date field, made once a second
  void wind_down();
  void cut();

 private:
  Timer sweep_timer_{context.get_executor()};
  std::int64_t date_second_ = 0;
  std::string date_;
};

// Wakes a session's wait from any thread. The session owns it and clears `timer` when it ends. It shares the loop, because a Respond or a stream may outlive the server.
struct Wake {
  std::shared_ptr<Loop> loop;
  Timer* timer;                    // touched on the loop's thread only
};

void signal(const std::weak_ptr<Wake>& wake);

}  // namespace sluice::web::http
