#include "web/http/event_stream.h"

#include <utility>

namespace sluice::web::http {

EventStream::~EventStream() { close(true); }

bool EventStream::push(std::string frame) { return push(std::make_shared<const std::string>(std::move(frame))); }

bool EventStream::push(Frame frame) { return push(std::span<const Frame>(&frame, 1)); }

bool EventStream::push(std::span<const Frame> frames) {
  std::size_t bytes = 0;
  for (const auto& frame : frames) bytes += frame->size();
  std::function<void()> wake;
  bool fits = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    fits = queued_bytes_ + bytes <= max_bytes_;
    if (fits) {
      queued_bytes_ += bytes;
      queue_.insert(queue_.end(), frames.begin(), frames.end());
      if (!std::exchange(waking_, true)) wake = wake_;
    }
  }
  if (!fits) {  // S2
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
    on_wants_more_ = nullptr;
  }
  if (wake) wake();
  if (on_closed) on_closed();
}

bool EventStream::is_closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool EventStream::wants_more() const {
  const std::lock_guard lock(mutex_);
  return !closed_ && queue_.empty() && !writing_;
}

void EventStream::on_wants_more(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  if (!closed_) on_wants_more_ = std::move(callback);
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
  Taken out;
  std::function<void()> more;
  {
    const std::lock_guard lock(mutex_);
    waking_ = closed_;
    queued_bytes_ = 0;
    const bool wrote = std::exchange(writing_, !queue_.empty());
    if (wrote && !writing_) more = on_wants_more_;
    out = {std::exchange(queue_, {}), closed_};
  }
  if (more) more();
  return out;
}

}  // namespace sluice::web::http
