#include "web/hub.h"

#include "web/api/handlers.h"

namespace sluice::web {

namespace {
constexpr std::size_t kKept = 10'000;
}

Hub::Hub(service::Services& services) : services_(services), run_(RequestId::random().text()) {
  handle_ = services_.bus.listen([this](const service::Change& change) {
    if (!change.case_id) return;
    std::scoped_lock lock(mutex_);
    waiting_.push_back(change);
    wake_.notify_one();
  });
  thread_ = std::thread([this] {
    for (;;) {
      std::optional<service::Change> change;
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(700), [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        if (!waiting_.empty()) {
          change = std::move(waiting_.front());
          waiting_.pop_front();
        }
      }
      sweep();
      if (change) tell(*change);
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

void Hub::tell(const service::Change& change) {
  std::vector<Subscriber> subscribers;
  Kept kept;
  {
    std::scoped_lock lock(mutex_);
    kept = {next_++, change};
    recent_.push_back(kept);
    if (recent_.size() > kKept) recent_.pop_front();
    std::erase_if(subscribers_, [](const Subscriber& s) { return s.stream->is_closed(); });
    subscribers.assign(subscribers_.begin(), subscribers_.end());
  }
  for (const auto& subscriber : subscribers)
    if (!subscriber.stream->is_closed() && subscriber.still_in() && may_hear(subscriber.viewer, kept.change)) subscriber.stream->push(frame(subscriber.viewer, kept));
}

std::shared_ptr<http::EventStream> Hub::subscribe(const access::Viewer& viewer, std::string_view last, std::function<bool()> still_in) {
  auto stream = std::make_shared<http::EventStream>();
  std::vector<Kept> missed;
  bool resync = false;
  {
    std::scoped_lock lock(mutex_);
    if (!last.empty()) {
      const auto bytes = from_base64url(last);
      const auto opened = bytes ? services_.cells().open("stream", viewer.organisation ? viewer.organisation->text() : "", "cursor", *bytes) : fail(ErrorKind::Invalid, "");
      const auto slash = opened ? opened->find('/') : std::string::npos;
      const auto number = slash != std::string::npos && opened->substr(0, slash) == run_ ? std::atoll(opened->c_str() + slash + 1) : -1;
      resync = number < 0 || (!recent_.empty() && number + 1 < recent_.front().number);
      if (!resync)
        for (const auto& kept : recent_)
          if (kept.number > number) missed.push_back(kept);
    }
    subscribers_.push_back({viewer, stream, std::move(still_in)});
    subscribers_.back().viewer.broken_glass.clear();  // it ends by the clock, which nobody asks here: such a case is read, not listened to
  }
  if (resync) stream->push(std::string("event: resync\ndata: {}\n\n"));
  for (const auto& kept : missed)
    if (may_hear(viewer, kept.change)) stream->push(frame(viewer, kept));
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
