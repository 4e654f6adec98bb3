#include "web/hub.h"

#include "web/api/handlers.h"

namespace sluice::web {

namespace {
constexpr std::size_t kKept = 10'000;
constexpr std::size_t kMostMissed = 1'000;        // told to who resumes: half of what a stream queues (1 MB, EventStream), since nobody takes from it yet
}

Hub::Hub(service::Services& services) : services_(services), run_(RequestId::random().text()) {
  handle_ = services_.bus.listen([this](const service::Change& change) {
    if (!change.case_id) return;
    std::scoped_lock lock(mutex_);
    waiting_.push_back({next_++, change});
    wake_.notify_one();
  });
  thread_ = std::thread([this] {
    for (;;) {
      std::optional<Kept> kept;
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(700), [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        if (!waiting_.empty()) {
          kept = std::move(waiting_.front());
          waiting_.pop_front();
        }
      }
      sweep();
      if (kept) tell(*kept);
    }
  });
}

Hub::~Hub() {
  services_.bus.stop(handle_);
  {
    std::scoped_lock lock(mutex_);
    stopping_ = true;
    for (auto& subscriber : subscribers_) subscriber.stream->close();
  }
  wake_.notify_all();
  thread_.join();
}

void Hub::sweep() {
  const auto now = services_.clock.monotonic();
  if (now - swept_ < std::chrono::milliseconds(700)) return;
  swept_ = now;
  std::vector<Subscriber> subscribers;
  {
    std::scoped_lock lock(mutex_);
    std::erase_if(subscribers_, [](const Subscriber& s) { return s.stream->is_closed(); });
    subscribers.assign(subscribers_.begin(), subscribers_.end());
  }
  for (const auto& subscriber : subscribers)
    if (!subscriber.still_in()) subscriber.stream->close();
}

bool Hub::may_hear(const access::Viewer& viewer, const service::Change& change) {
  if (!change.case_id || !change.compartment) return false;
  const auto seen = services_.store.as(viewer).case_view(*change.case_id);
  return seen && access::may_read(viewer, seen->view.standing, *change.compartment);
}

std::string Hub::seal(const access::Viewer& viewer, std::int64_t number) {
  return base64url(services_.cells().seal("stream", viewer.organisation ? viewer.organisation->text() : "", "cursor", run_ + "/" + std::to_string(number)));
}

std::string Hub::frame(const access::Viewer& viewer, const Kept& kept) {
  const json::object data{{"type", kept.change.type}, {"href", "/api/v1/cases/" + kept.change.case_id->text()}, {"recorded", to_text(kept.change.recorded)}};
  return "id: " + seal(viewer, kept.number) + "\nevent: change\ndata: " + canonical(data) + "\n\n";
}

void Hub::tell(const Kept& kept) {
  std::vector<Subscriber> subscribers;
  {
    std::scoped_lock lock(mutex_);
    recent_.push_back(kept);
    if (recent_.size() > kKept) recent_.pop_front();
    std::erase_if(subscribers_, [](const Subscriber& s) { return s.stream->is_closed(); });
    subscribers.assign(subscribers_.begin(), subscribers_.end());
  }
  for (const auto& subscriber : subscribers)
    if (kept.number > subscriber.after && !subscriber.stream->is_closed() && subscriber.still_in() && may_hear(subscriber.viewer, kept.change)) subscriber.stream->push(frame(subscriber.viewer, kept));
}

std::shared_ptr<http::EventStream> Hub::subscribe(const access::Viewer& viewer, std::string_view last, std::function<bool()> still_in) {
  Subscriber subscriber{viewer, std::make_shared<http::EventStream>(), std::move(still_in)};
  subscriber.viewer.broken_glass.clear();  // it ends by the clock, which nobody asks here: such a case is read, not listened to
  const auto stream = subscriber.stream;
  std::int64_t number = -1;
  if (!last.empty()) {
    const auto bytes = from_base64url(last);
    const auto opened = bytes ? services_.cells().open("stream", viewer.organisation ? viewer.organisation->text() : "", "cursor", *bytes) : fail(ErrorKind::Invalid, "");
    const auto slash = opened ? opened->find('/') : std::string::npos;
    if (slash != std::string::npos && opened->substr(0, slash) == run_) number = std::atoll(opened->c_str() + slash + 1);
  }
  std::unique_lock lock(mutex_);
  subscriber.after = last.empty() || number < 0 ? next_ - 1 : number;
  bool resync = !last.empty() && number < 0;
  // What it missed comes before what is told from now on, also where more is told while that is being written: but not for ever, nor more than the stream holds.
  std::size_t looked_at = 0, heard = 0;
  while (!stream->is_closed()) {
    if (looked_at > 2 * kKept || heard > kMostMissed || (!recent_.empty() && subscriber.after + 1 < recent_.front().number)) {
      resync = true, subscriber.after = next_ - 1;
      break;
    }
    std::vector<Kept> missed;
    for (const auto& kept : recent_)
      if (kept.number > subscriber.after) missed.push_back(kept);
    if (missed.empty()) break;
    looked_at += missed.size();
    lock.unlock();
    for (const auto& kept : missed) {
      if (!may_hear(subscriber.viewer, kept.change)) continue;
      if (++heard > kMostMissed) break;
      if (!subscriber.still_in()) stream->close();
      if (!stream->push(frame(subscriber.viewer, kept))) break;
    }
    subscriber.after = missed.back().number;
    lock.lock();
  }
  if (resync) stream->push(std::string("event: resync\ndata: {}\n\n"));
  subscribers_.push_back(std::move(subscriber));
  return stream;
}

namespace api {

Result<Response> stream(App& app, const Request& request) {
  if (app.hub == nullptr) return fail(ErrorKind::Unavailable, "The live stream is not running.");
  Response out;
  out.headers = {{"Content-Type", "text/event-stream"}};
  auto still_in = [&viewers = app.doors.viewers, credential = request.credential] { return viewers.entry_of(credential).has_value(); };
  out.stream = app.hub->subscribe(request.viewer, request.http.header("last-event-id"), std::move(still_in));
  return out;
}

}  // namespace api

}  // namespace sluice::web
