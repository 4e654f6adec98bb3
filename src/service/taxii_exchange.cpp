#include "service/taxii_exchange.h"

#include <algorithm>

namespace sluice::service::taxii {

namespace {

// A page where a resource should be is the commonest mistake of an address.
template <class T>
Result<T> with_hint(Result<T> read, const PeerAnswer& answer, std::string_view what) {
  if (read) return read;
  auto error = std::move(read).error();
  if (answer.header("content-type").starts_with("text/html")) return fail(ErrorKind::Invalid, "The answer is a web page. Is this the address of a TAXII server's " + std::string(what) + "?");
  error.message = "The server's " + std::string(what) + " can't be read. " + error.message;
  return std::unexpected(std::move(error));
}

std::string ended(std::string url) { return url.ends_with('/') ? url : url + "/"; }

std::string query_of(const Reading& reading) {
  std::string out;
  for (const auto& [name, value] : reading.filters) out += (out.empty() ? "?" : "&") + escaped("match[" + name + "]") + "=" + escaped(value);
  return out;
}

}  // namespace

// ---- places

Result<Roots> roots_at(PeerClient& peer, const std::string& url) {
  const bool bare = url.find('/', url.find("://") + 3) + 1 == url.size();
  const auto here = bare ? url + "taxii2/" : url;  // TAXII 2.1 §1.6.2: discovery is at a fixed path
  TRY(const auto answer, peer.get(here));
  const auto value = with_hint(parse_json(answer.body, {.bytes = 8 << 20, .depth = 32, .keys = 1'000'000, .string = 1 << 20}), answer, "discovery");
  if (!value) return std::unexpected(value.error());
  Roots out;
  if (find_at(*value, "/versions") != nullptr) {
    TRY(auto root, with_hint(read_api_root(answer.body), answer, "API root"));
    out.roots.emplace_back(here, std::move(root));
    return out;
  }
  TRY(auto discovery, with_hint(read_discovery(answer.body), answer, "discovery"));
  std::optional<Error> first;
  auto named = discovery.api_roots;
  if (named.empty() && discovery.default_root) named.push_back(*discovery.default_root);
  for (const auto& reference : named) {
    // One root that can't be had doesn't hide the others.
    const auto one = [&]() -> Result<std::pair<std::string, ApiRoot>> {
      TRY(const auto root, on_same_origin(here, reference));
      TRY(const auto got, peer.get(ended(root)));
      TRY(auto read, with_hint(read_api_root(got.body), got, "API root"));
      return std::pair(ended(root), std::move(read));
    }();
    if (one) {
      out.roots.push_back(*one);
    } else {
      peer.hooks().note(reference + ": " + one.error().message);
      if (!first) first = one.error();
    }
  }
  if (out.roots.empty() && first) return std::unexpected(*first);
  out.discovery = std::move(discovery);
  return out;
}

Result<std::vector<Collection>> collections_of(PeerClient& peer, const std::string& root) {
  TRY(const auto answer, peer.get(root + "collections/"));
  return with_hint(read_collections(answer.body), answer, "list of collections");
}

Result<Place> place_of(PeerClient& peer, const std::string& url, const std::string& wanted) {
  TRY(const auto roots, roots_at(peer, url));
  std::vector<Place> found;
  for (const auto& [root, api_root] : roots.roots) {
    const auto collections = collections_of(peer, root);
    if (!collections) {
      // A list that can't be read or had is no reason not to ask for what was named.
      if (roots.roots.size() > 1) continue;
      const auto answer = peer.get(root + "collections/" + escaped(wanted) + "/");
      if (!answer) return std::unexpected(collections.error());
      TRY(auto one, with_hint(read_collection(answer->body), *answer, "collection"));
      found.push_back({root, root + "collections/" + escaped(one.id) + "/", api_root, std::move(one)});
      continue;
    }
    std::vector<Collection> by_title;
    bool exact = false;
    for (const auto& one : *collections) {
      if (one.id == wanted || (!one.alias.empty() && one.alias == wanted)) {
        found.push_back({root, root + "collections/" + escaped(one.id) + "/", api_root, one});
        exact = true;
      } else if (one.title == wanted) {
        by_title.push_back(one);
      }
    }
    if (!exact)
      for (const auto& one : by_title) found.push_back({root, root + "collections/" + escaped(one.id) + "/", api_root, one});
  }
  if (found.empty()) return fail(ErrorKind::NotFound, "There is no collection of this id, alias or title, or you may not know of it. `sluice taxii collections` lists what you may.");
  if (found.size() > 1) return fail(ErrorKind::Invalid, "There are " + std::to_string(found.size()) + " collections of this name. Give the id, and the address of the API root.", {}, {}, "usage");
  return std::move(found.front());
}

// ---- reading

std::string objects_url(const Reading& reading, const Walk::Request& request) {
  auto out = reading.collection + "objects/" + query_of(reading);
  const auto add = [&](std::string_view name, const std::string& value) { out += (out.find('?') == out.npos ? "?" : "&") + std::string(name) + "=" + escaped(value); };
  if (request.added_after) add("added_after", taxii_text(*request.added_after));
  if (request.limit > 0) add("limit", std::to_string(request.limit));
  if (request.next) add("next", *request.next);
  return out;
}

namespace {

// When the last object was added, from the manifest; nothing if it doesn't say. Its filters: the id, all versions.
Result<std::optional<Instant>> date_in_manifest(PeerClient& peer, const Reading& reading, const Walk::Object& object) {
  const auto answer = peer.get(reading.collection + "manifest/?" + escaped("match[id]") + "=" + escaped(object.id) + "&" + escaped("match[version]") + "=all");
  std::optional<Instant> out;
  if (!answer) {
    if (answer.error().kind == ErrorKind::Unavailable || answer.error().kind == ErrorKind::TooMany) return std::unexpected(answer.error());
    return out;
  }
  const auto records = read_manifest(answer->body, peer.limits());
  if (!records) return out;
  for (const auto& record : *records)
    if (record.id == object.id && (object.version.empty() || record.version == object.version) && (!out || record.date_added > *out)) out = record.date_added;
  return out;
}

Result<void> take_page(PeerClient& peer, const Walk::Page& page, const Walk::Taken& taken, const ReadHooks& hooks) {
  const auto& envelope = page.envelope;
  for (const auto& finding : envelope.refused) peer.hooks().note("An object was left out: " + finding.message + " (" + finding.where + ")");
  if (!taken.note.empty()) peer.hooks().note(taken.note);
  if (taken.fresh.empty()) return {};
  if (hooks.deliver_page) return hooks.deliver_page(page, taken.fresh);
  TRY(hooks.deliver(envelope, taken.fresh));
  return {};
}

}  // namespace

Result<void> read_on(PeerClient& peer, const Reading& reading, Walk& walk, const ReadHooks& hooks) {
  auto backoff = peer.backoff();
  for (;;) {
    const auto request = walk.request();
    const auto answer = peer.get(objects_url(reading, request));
    Walk::Taken taken;
    if (!answer) {
      const auto& error = answer.error();
      const bool of_cursor = request.next && (error.code == "status-400" || error.code == "status-404" || error.code == "status-410" || error.code == "status-422");
      if (!of_cursor) return std::unexpected(error);
      taken = walk.cursor_refused();
      peer.hooks().note(taken.note);
    } else {
      TRY(const auto envelope, with_hint(read_envelope(answer->body, peer.limits()), *answer, "page of objects"));
      const Walk::Page page{envelope, date_of_header(answer->header("x-taxii-date-added-first")), date_of_header(answer->header("x-taxii-date-added-last"))};
      taken = walk.take(page);
      TRY(take_page(peer, page, taken, hooks));
      while (taken.step == Step::AskDate) {
        TRY(const auto added, date_in_manifest(peer, reading, *walk.last_object()));
        taken = walk.learned(added);
        if (!taken.note.empty()) peer.hooks().note(taken.note);
      }
      TRY(hooks.keep(walk));
    }
    if (taken.step == Step::Failed) return std::unexpected(*taken.error);
    if (taken.step == Step::Done) return {};
    if (taken.step == Step::GoOn) backoff.succeeded();
    if (taken.step != Step::AskAgain) continue;
    const auto wait = backoff.after_failure(std::nullopt, peer.hooks().chance());
    if (!wait) return fail(ErrorKind::Unavailable, "The server says that there is more, and doesn't give it.", {}, {}, "peer-repeats");
    peer.hooks().wait(*wait);
  }
}

Result<void> stream_on(PeerClient& peer, const Reading& reading, Walk& walk, const ReadHooks& hooks, bool by_cursor) {
  const auto request = walk.request();
  auto url = reading.collection + "stream/" + query_of(reading);
  if (request.added_after) url += (url.find('?') == url.npos ? "?" : "&") + std::string("added_after=") + escaped(taxii_text(*request.added_after));
  const auto heard = [&](const ServerEvent& event) -> Result<void> {
    if (event.event != "objects" && event.event != "message") return {};   // what a later server says besides
    auto envelope = read_envelope(event.data, peer.limits());
    if (envelope && envelope->objects.empty() && envelope->refused.empty()) {
      // One object by itself is as plain as an envelope of one.
      if (auto object = read_object(event.data, peer.limits())) envelope->objects.push_back(*std::move(object));
    }
    if (!envelope) return std::unexpected(envelope.error());
    const auto taken = walk.streamed(*envelope, event.id);
    TRY(take_page(peer, {*envelope, std::nullopt, std::nullopt}, taken, hooks));
    TRY(hooks.keep(walk));
    if (walk.wants_date()) return fail(ErrorKind::Unavailable, "The stream was left to ask when its objects were added.", {}, {}, "date-wanted");
    return {};
  };
  auto broke = peer.listen(url, by_cursor && request.next ? *request.next : std::string(), heard);
  if (broke || broke.error().code != "date-wanted") return broke;
  TRY(const auto added, date_in_manifest(peer, reading, *walk.last_object()));
  (void)walk.learned(added);
  TRY(hooks.keep(walk));
  return fail(ErrorKind::Unavailable, broke.error().message, {}, {}, "unreachable");
}

// ---- sending

Result<Status> send(PeerClient& peer, const Place& place, const Push::Batch& batch, Duration most_wait) {
  TRY(const auto answer, peer.post(place.url + "objects/", batch.body));
  auto status = with_hint(read_status(answer.body), answer, "status");
  if (!status) return std::unexpected(Error{ErrorKind::Unavailable, status.error().message, status.error().where, status.error().rule});
  Duration waited(0), pause = std::chrono::milliseconds(500);
  while (!status->complete && waited < most_wait) {
    const auto now = std::min(pause, most_wait - waited);
    peer.hooks().wait(now);
    waited += now;
    pause = std::min<Duration>(pause * 2, std::chrono::seconds(10));
    const auto again = peer.get(place.root + "status/" + escaped(status->id) + "/");
    auto next = again ? with_hint(read_status(again->body), *again, "status") : std::unexpected(again.error());
    if (!next) {                                   // it was taken; what became of it isn't known
      peer.hooks().note("The status of an envelope can't be followed. " + next.error().message);
      return status;
    }
    *status = *std::move(next);
  }
  return status;
}

}  // namespace sluice::service::taxii
