#include "web/taxii/answers.h"
#include "web/taxii/handlers.h"
#include "web/taxii/stream_query.h"
#include "web/taxii/streams.h"

namespace sluice::web::taxii {

namespace {

// Where it begins: after the last event that was heard, else as on the objects endpoint. A browser repeats its first address with Last-Event-ID, so that counts before what stands there.
Result<std::int64_t> heard_until(App& app, const Request& request, const store::CollectionSeen& seen, Query& query) {
  const auto last = request.http.header("last-event-id");
  if (last.empty()) return begins_after(app, request, seen, "objects", query);
  if (last.size() > 4096) return fail(ErrorKind::Malformed, "This is no id that an event of this stream had.", "Last-Event-ID");
  query.next = std::string(last);
  auto after = begins_after(app, request, seen, "objects", query);
  if (!after && query.added_after) {
    query.added_after.reset();
    after = begins_after(app, request, seen, "objects", query);
  }
  return after;
}

Result<void> start_stream(App& app, const Request& request, Give give) {
  const bool by_events = accepts_events(joined(request, "accept"));
  if (!by_events) TRY(accepts(request));
  TRY(const auto seen, readable(app, request));
  TRY(auto query, read_query(request.http.query, kListFilters));
  TRY(const auto wait, read_wait(request.http.query));
  TRY(const auto after, heard_until(app, request, seen, query));
  const auto told = told_until(app, request, seen, "objects", query, after);
  if (app.streams == nullptr) return fail(ErrorKind::Unavailable, "The live stream is not running.");
  Streams::Listener listener{.credential = request.credential, .query = std::move(query), .after = after, .told = told};
  const bool is_head = request.http.verb == http::Verb::Head;   // nothing reaches anybody, so nothing is listened to
  if (!by_events) {
    if (is_head) give(answer("{}"));
    else app.streams->wait(request.viewer, seen, std::move(listener), wait, std::move(give));
    return {};
  }
  Response out;
  out.headers = {{"Content-Type", "text/event-stream"}};
  if (is_head) {
    out.stream = std::make_shared<http::EventStream>();
  } else {
    TRY(out.stream, app.streams->listen(request.viewer, seen, std::move(listener)));
  }
  give(std::move(out));
  return {};
}

}  // namespace

constinit const Later stream = start_stream;

}  // namespace sluice::web::taxii
