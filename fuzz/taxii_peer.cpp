// What a TAXII server sends, and what the client keeps: whatever the bytes, limits hold, texts and keys agree, files read to what was written, and a walk ends.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>

#include "service/peer_loop.h"
#include "service/taxii_client.h"
#include "service/taxii_envelopes.h"
#include "service/taxii_state.h"

using namespace sluice;
using namespace sluice::service;
using namespace sluice::service::taxii;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void an_envelope(std::string_view text) {
  const AnswerLimits limits{.bytes = 1 << 20, .depth = 16, .objects = 100, .cursor = 64};
  const auto envelope = read_envelope(text, limits);
  if (!envelope) return;
  must(envelope->objects.size() + envelope->refused.size() <= limits.objects);
  must(!envelope->next || (!envelope->next->empty() && envelope->next->size() <= limits.cursor));
  for (const auto& object : envelope->objects) {
    must(text.find(object.text) != text.npos);     // R2: as it was sent
    must(object.id.starts_with(object.type + "--"));
    const auto again = read_object(object.text, limits);
    must(object.passed.size() <= limits.passed && std::all_of(object.passed.begin(), object.passed.end(), is_mark));
    must(again && again->key == object.key && parse_object_key(to_text(object.key)) == object.key);
  }
  for (const auto& finding : envelope->refused) must(finding.where.starts_with("/objects/"));
  // The same page for ever: nothing is fresh twice, and it comes to an end.
  Walk walk({}, {});
  std::set<ObjectKey> met;
  for (int i = 0;; ++i) {
    must(i < 5'000);
    auto taken = walk.take({*envelope, envelope->date_added_last, envelope->date_added_last});
    for (const auto place : taken.fresh) must(met.insert(envelope->objects[place].key).second);
    if (taken.step == Step::AskDate) taken = walk.learned(std::nullopt);
    if (taken.step == Step::Done || taken.step == Step::Failed) break;
  }
  const auto kept = to_text(PullState{.collection = "https://peer.example/c/", .walk = walk.state()});
  const auto read = read_pull_state(kept);
  must(read && to_text(*read) == kept);
}

void a_state(std::string_view text) {
  if (const auto state = read_pull_state(text)) {
    const auto again = read_pull_state(to_text(*state));
    must(again && to_text(*again) == to_text(*state));
  }
  if (const auto journal = read_push_journal(text, "https://peer.example/c/")) {
    must(journal->whole <= text.size());
    const auto again = read_push_journal(text.substr(0, journal->whole), "https://peer.example/c/");
    must(again && again->acknowledged == journal->acknowledged && again->whole == journal->whole);
  }
}

void a_stream(std::string_view text) {
  EventStream whole(4'096), bytes(4'096);
  const auto at_once = whole.take(text);
  std::vector<ServerEvent> one_by_one;
  bool broke = false;
  for (const char c : text) {
    auto events = bytes.take({&c, 1});
    if (!events) broke = true;
    if (broke) break;
    for (auto& event : *events) one_by_one.push_back(std::move(event));
  }
  must(broke == !at_once);
  if (!at_once) return;
  must(at_once->size() == one_by_one.size());
  for (std::size_t i = 0; i < one_by_one.size(); ++i) must((*at_once)[i].id == one_by_one[i].id && (*at_once)[i].data == one_by_one[i].data && (*at_once)[i].event == one_by_one[i].event);
}

void resources_and_headers(std::string_view text) {
  if (const auto status = read_status(text)) must(status->success + status->failure + status->pending == status->total);
  if (const auto listed = read_collections(text))
    for (const auto& one : *listed) must(!one.id.empty());
  (void)read_collection(text);
  (void)read_api_root(text);
  (void)read_discovery(text);
  (void)read_manifest(text);
  must(said_in_error(text).size() <= 510);
  if (const auto date = date_of_header(text)) must(date_of_header(taxii_text(*date)) == date);
  if (const auto wait = wait_of_header(text, Instant{1'700'000'000'000'000})) must(wait->count() >= 0);
  if (const auto url = read_peer_url(text, false)) {
    must(url->ends_with('/') && url->find_first_of("?# \r\n") == url->npos);
    must(read_peer_url(*url, false) == *url);
  }
}

void given_objects(std::string_view text) {
  const auto objects = objects_in(text, {.bytes = 1 << 20, .depth = 16, .objects = 100});
  if (!objects) return;
  Push push(*objects, {}, {.objects = 7, .bytes = 300});
  std::size_t sent = 0;
  while (const auto batch = push.next()) {
    must(batch->body.size() <= 300 && batch->objects.size() <= 7);
    sent += batch->objects.size();
    must(push.answered(*batch, {.id = "s", .complete = true, .total = batch->objects.size(), .success = batch->objects.size()}).size() == batch->objects.size());
  }
  must(sent + push.failures().size() + push.earlier() == objects->size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  an_envelope(text);
  a_state(text);
  a_stream(text);
  resources_and_headers(text);
  given_objects(text);
  return 0;
}
