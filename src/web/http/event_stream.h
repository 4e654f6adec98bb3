// One subscriber's stream of server-sent events: the producer's end and the server's end of a bounded queue.
//
// The producer (a hub in service/, any thread) makes it, keeps a shared_ptr, pushes ready frames and closes it. The server writes what is queued, a
// heartbeat comment when nothing was, and closes it when the client goes. Shared ownership because either side may outlive the other.
// It costs no thread and no buffer while idle.
//
// Always holds
//   S1  Frames leave in the order of push(), each whole.
//   S2  A subscriber that reads too slowly is closed, not waited for: more than max_bytes queued closes the stream. It resumes by Last-Event-ID.
//   S3  on_closed is called exactly once, outside the lock, by whichever thread closes first.
//   S4  After close() nothing is accepted; what was queued before is still written, except after an overflow or when the client is gone.
//   S5  Who gives no more than one thing at a time asks wants_more(), and is told by on_wants_more each time that all it gave was written to the client.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace sluice::web::http {

class EventStream {
 public:
  using Frame = std::shared_ptr<const std::string>;

  explicit EventStream(std::size_t max_bytes = 1 << 20) : max_bytes_(max_bytes) {}
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // The producer's end. False: closed (or closed by this very push, S2). A frame is complete: "id: …\ndata: …\n\n".
  bool push(std::string frame);
  bool push(Frame frame);                          // the same bytes to many subscribers without a copy each
  bool push(std::span<const Frame> frames);        // parts that nothing comes between: a head of one's own, and a body that many share
  void close();
  bool is_closed() const;
  bool wants_more() const;                         // nothing is queued, nothing is being written
  void on_wants_more(std::function<void()> callback);  // outside the lock, on the server's thread; must not block. None any more after close()
  void on_closed(std::function<void()> callback);  // if it is closed already: called at once. Must not block

  // The server's end.
  void attach(std::function<void()> wake);         // wake(): something was queued or closed; from any thread, must not block
  void detach();                                   // the connection is gone: closes, drops what is queued, forgets wake
  struct Taken {
    std::vector<Frame> frames;
    bool closed;
  };
  Taken take();

 private:
  void close(bool drop_queue);

  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::vector<Frame> queue_;                       // a vector: an idle one takes no memory
  std::size_t queued_bytes_ = 0;
  bool closed_ = false;
  bool writing_ = false;                           // what take() gave may not be written yet
  bool waking_ = false;                            // a wake is under way: no second one until take()
  std::function<void()> wake_;
  std::function<void()> on_closed_;
  std::function<void()> on_wants_more_;
};

}  // namespace sluice::web::http
