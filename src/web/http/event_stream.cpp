#include "web/http/event_stream.h"

#include <utility>

namespace sluice::web::http {

EventStream::~EventStream() { close(true); }

bool EventStream::push(std::string frame) { return push(std::make_shared<const std::string>(std::move(frame))); }

bool EventStream::push(Frame frame) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    if (queued_bytes_ + frame->size() <= max_bytes_) {
      queued_bytes_ += frame->size();
      queue_.push_back(std::move(frame));
      if (!std::exchange(waking_, true)) wake = wake_;
      frame = nullptr;
    }
  }
  if (frame) {  // S2
    close(true);
    return false;
  }
  if (wake) wake();
  return true;
}

void EventStream::close() { close(false); }

void EventStream::close(bool drop_queue) {
  std::function<void()> wake;
  std::function<void()> on_closed;
  {
    const std::lock_guard lock(mutex_);
    if (drop_queue) {
      queue_.clear();
      queued_bytes_ = 0;
    }
    if (std::exchange(closed_, true)) return;
    waking_ = true;
    wake = wake_;
    on_closed = std::exchange(on_closed_, nullptr);
  }
  if (wake) wake();
  if (on_closed) on_closed();
}

bool EventStream::is_closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void EventStream::on_closed(std::function<void()> callback) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      on_closed_ = std::move(callback);
      return;
    }
  }
  callback();
}

void EventStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void EventStream::detach() {
  {
    const std::lock_guard lock(mutex_);
    wake_ = nullptr;
  }
  close(true);
}

EventStream::Taken EventStream::take() {
  const std::lock_guard lock(mutex_);
  waking_ = closed_;
  queued_bytes_ = 0;
  return {std::exchange(queue_, {}), closed_};
}

}  // namespace sluice::web::http
