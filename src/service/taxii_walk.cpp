#include "service/taxii_walk.h"

#include <algorithm>

#include "base/bytes.h"

namespace sluice::service::taxii {

namespace {

constexpr int kMostAgain = 3, kMostStuck = 2, kMostRefused = 2;
constexpr std::size_t kMostPages = 1'000'000;      // fingerprints that are kept of a pass

std::string word_of(const ObjectKey& key) { return {reinterpret_cast<const char*>(key.data()), key.size()}; }

std::string fingerprint(const Envelope& envelope) {
  std::string keys;
  keys.reserve(envelope.objects.size() * sizeof(ObjectKey));
  for (const auto& object : envelope.objects) keys += word_of(object.key);
  const auto hash = sha256(bytes_of(keys));
  return {reinterpret_cast<const char*>(hash.data()), 16};
}

// Down to the whole second: what was added since is remembered, also for servers that cut the instant they are given.
Instant kept_from(Instant after) {
  auto rest = after.micros % 1'000'000;
  if (rest < 0) rest += 1'000'000;
  return Instant{after.micros - rest};
}

}  // namespace

Duration grain_of(Instant instant) {
  std::int64_t grain = 1;
  while (grain < 1'000'000 && instant.micros % (grain * 10) == 0) grain *= 10;
  return Duration(grain);
}

Walk::Walk(WalkState state, WalkSettings settings) : state_(std::move(state)), settings_(settings) {
  state_.limit = std::clamp<std::uint32_t>(state_.limit, 1, kMostLimit);
  for (const auto& page : state_.recent) {
    for (const auto& key : page.keys) seen_.insert(word_of(key));
    keys_ += page.keys.size();
    if (!page.until) undated_ += page.keys.size();
  }
  reached_ = state_.after;
}

Walk::Request Walk::request() const {
  // The filters that a cursor goes with are repeated with it (TAXII 2.1 §3.4; servers that hold the two to each other answer 400 otherwise).
  if (state_.next) return {state_.next_after, state_.next, state_.limit};
  return {state_.after, std::nullopt, state_.limit};
}

void Walk::new_pass() {
  pages_.clear();
  fresh_in_pass_ = false;
  stuck_ = 0;
  ++pass_;
}

// Sorted by time: what came before in this pass was added before. Of what came in an earlier one that is known where this one has come to its end.
void Walk::date_undated(Instant last, bool of_all) {
  const auto until = last + (grain_of(last) - Duration(1));
  undated_ = 0;
  for (auto& page : state_.recent) {
    if (!page.until && (of_all || page.pass == pass_)) page.until = until;
    if (!page.until) undated_ += page.keys.size();
  }
}

// In one pass each object comes once, so the same page twice is a server that turns in a circle.
bool Walk::is_repeated(const Page& page) {
  if (page.envelope.objects.empty()) return false;
  if (pages_.size() == kMostPages) pages_.clear();
  return !pages_.insert(fingerprint(page.envelope)).second;
}

void Walk::reached(Instant last) {
  // A bound that lies before what was asked for is no time of this page (§3.4: strictly later than added_after), bar what precision takes away.
  if (asked_after_ && last + grain_of(last) < *asked_after_) return;
  knows_date_ = true;
  finest_ = std::min(finest_, grain_of(last));
  if (!reached_ || last > *reached_) reached_ = last;
  date_undated(last, false);
  const auto after = last - std::max(grain_of(last), settings_.overlap);
  if (!state_.after || after > *state_.after) state_.after = after;
  const auto kept = kept_from(*state_.after);
  while (!state_.recent.empty() && state_.recent.front().until && *state_.recent.front().until <= kept) forget_oldest();
}

void Walk::forget_oldest() {
  const auto& oldest = state_.recent.front();
  for (const auto& key : oldest.keys) seen_.erase(word_of(key));
  keys_ -= oldest.keys.size();
  if (!oldest.until) undated_ -= std::min(undated_, oldest.keys.size());
  state_.recent.pop_front();
}

std::vector<std::size_t> Walk::fresh_of(const Envelope& envelope) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < envelope.objects.size(); ++i)
    if (seen_.insert(word_of(envelope.objects[i].key)).second) out.push_back(i);
  return out;
}

void Walk::remember(const Page& page, const std::vector<std::size_t>& fresh) {
  if (!fresh.empty()) {
    PageKeys keys{.pass = pass_};
    for (const auto i : fresh) keys.keys.push_back(page.envelope.objects[i].key);
    keys_ += fresh.size();
    undated_ += fresh.size();
    state_.recent.push_back(std::move(keys));
  }
  if (!page.envelope.objects.empty()) {
    const auto& last = page.envelope.objects.back();
    last_object_ = Object{last.id, last.version};
    knows_date_ = false;
    asked_manifest_ = false;
    auto date = page.last ? page.last : page.envelope.date_added_last;
    if (date && page.first && *page.first > *date) date.reset();   // a server that has the two the wrong way round knows neither
    if (date) reached(*date);
  }
  while (keys_ > kMostKeys && state_.recent.size() > 1) forget_oldest();   // W2's bound
}

Walk::Taken Walk::ask_again(Taken taken, std::string why) {
  if (++again_ <= kMostAgain) return taken.step = Step::AskAgain, taken;
  taken.step = Step::Failed;
  taken.error = Error{ErrorKind::Unavailable, std::move(why), "", "TAXII 2.1 §3.4", "peer-repeats"};
  return taken;
}

Walk::Taken Walk::take(const Page& page) {
  asked_after_ = state_.next ? state_.next_after : state_.after;
  const auto asked_next = state_.next;
  const bool repeated = is_repeated(page);
  Taken taken;
  if (!repeated || !asked_next) taken.fresh = fresh_of(page.envelope);
  ++state_.pages;
  state_.objects += taken.fresh.size();
  if (repeated && asked_next) {
    if (again_ < kMostAgain) return ask_again(std::move(taken), {});
    again_ = 0;
    taken.note = "The server's cursors lead in a circle. Going on by date.";
    state_.next.reset();
    distrusts_next_ = true;
    more_ = true;
    new_pass();
    return by_date(std::move(taken));
  }
  remember(page, taken.fresh);
  if (!taken.fresh.empty()) fresh_in_pass_ = true, refused_ = 0, stuck_ = 0;
  // `more` unsaid, but a cursor given, is meant as more; "more": false is the end whatever stands beside it.
  more_ = page.envelope.more.value_or(page.envelope.next.has_value());
  offered_ = distrusts_next_ ? std::nullopt : page.envelope.next;
  return go_on(std::move(taken), page.envelope.objects.empty());
}

Walk::Taken Walk::go_on(Taken taken, bool was_empty) {
  if (!more_) {
    state_.next.reset();
    state_.next_after.reset();
    again_ = 0;
    if (!knows_date_ && last_object_ && !asked_manifest_ && fresh_in_pass_) return taken.step = Step::AskDate, taken;
    if (knows_date_) date_undated(*reached_, true);
    new_pass();
    return taken.step = Step::Done, taken;
  }
  if (offered_) {
    const bool same = state_.next && *state_.next == *offered_;
    state_.next_after = asked_after_;
    state_.next = offered_;
    // "more" over an empty page is legal (objects were deleted): another cursor is another place. The same one may be a server's session that goes on.
    if (was_empty && same) return ask_again(std::move(taken), "The server says that there is more and gives the same empty page each time.");
    if (was_empty) {
      if (++stuck_ > 1'000) {
        taken.step = Step::Failed;
        taken.error = Error{ErrorKind::Unavailable, "The server says that there is more and has sent a thousand empty pages.", "", "TAXII 2.1 §3.4", "peer-repeats"};
        return taken;
      }
    } else {
      again_ = 0;
    }
    return taken.step = Step::GoOn, taken;
  }
  state_.next.reset();
  state_.next_after.reset();
  if (was_empty) return ask_again(std::move(taken), "The server says that there is more, and gives neither objects nor a way to ask for them.");
  again_ = 0;
  if (!knows_date_ && !asked_manifest_) return taken.step = Step::AskDate, taken;
  if (!knows_date_) {
    taken.step = Step::Failed;
    taken.error = Error{ErrorKind::Unavailable, "The server says that there is more, and gives neither next, nor X-TAXII-Date-Added-Last, nor the object's date_added in its manifest.", "", "TAXII 2.1 §3.4", "peer-no-cursor"};
    return taken;
  }
  return by_date(std::move(taken));
}

Walk::Taken Walk::by_date(Taken taken) {
  taken.step = Step::GoOn;
  if (state_.after && (!asked_after_ || *state_.after > *asked_after_)) {
    new_pass();
    return taken;
  }
  // All that came lies within what is read again anyway: a page must hold more than that. `fresh` means that it held more than the last one.
  if (taken.fresh.empty()) ++stuck_;
  if (stuck_ <= kMostStuck && state_.limit < kMostLimit) {
    state_.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(kMostLimit, std::uint64_t{state_.limit} * (stuck_ == 0 ? 2 : 8)));
    return taken;
  }
  // The margin itself may be what fills the page: then with no more of it than the server's own precision.
  if (const auto narrow = reached_ ? std::optional(*reached_ - finest_) : std::nullopt; narrow && (!state_.after || *narrow > *state_.after)) {
    state_.after = narrow;
    new_pass();
    return taken;
  }
  const auto at = reached_ ? taxii_text(*reached_) : std::string("the beginning");
  if (settings_.accept_loss && reached_ && (!state_.after || *reached_ > *state_.after)) {
    state_.after = reached_;
    may_have_lost_ = true;
    taken.note = "More objects were added at " + at + " than the server gives in a page; some of them may be missing.";
    new_pass();
    return taken;
  }
  taken.step = Step::Failed;
  taken.error = Error{ErrorKind::Unavailable, "More objects were added at " + at + " than the server gives in a page, and it gives no working cursor (next): the rest can't be asked for without losing some.", "", "TAXII 2.1 §3.4", "peer-no-cursor"};
  return taken;
}

Walk::Taken Walk::learned(std::optional<Instant> added) {
  asked_manifest_ = true;
  if (added) reached(*added);
  else undated_ = 0;                               // not asked again before as much has come once more
  return go_on({}, false);
}

Walk::Taken Walk::cursor_refused() {
  Taken taken;
  taken.step = Step::GoOn;
  taken.note = "The server doesn't take its cursor any more. Going on by date.";
  state_.next.reset();
  state_.next_after.reset();
  offered_.reset();
  if (++refused_ >= kMostRefused) distrusts_next_ = true;
  new_pass();
  return taken;
}

Walk::Taken Walk::streamed(const Envelope& envelope, const std::string& cursor) {
  if (!state_.next) state_.next_after = state_.after;   // what the stream was opened with
  asked_after_ = state_.next_after;
  Taken taken;
  taken.fresh = fresh_of(envelope);
  state_.objects += taken.fresh.size();
  ++state_.pages;
  if (!taken.fresh.empty()) remember({envelope, std::nullopt, std::nullopt}, taken.fresh);   // what comes again after a break is no news of how far it is
  if (!cursor.empty()) state_.next = cursor;
  more_ = state_.next.has_value();                 // a stream has no end; its cursor outlives learned()
  offered_ = state_.next;
  taken.step = Step::GoOn;
  return taken;
}

}  // namespace sluice::service::taxii
