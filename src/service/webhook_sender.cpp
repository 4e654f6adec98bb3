// Longer than other files because it is one idea: a message's way through its four steps, and who has his turn when.
#include "service/webhook_sender.h"

#include <algorithm>

#include "base/fine_time.h"
#include "gate/channel.h"
#include "service/recalls.h"
#include "service/standing_reads.h"
#include "service/webhook_message.h"
#include "store/case_threats.h"
#include "store/timers.h"

namespace sluice::service {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kSenderThreads = 8, kForSlow = 4, kOfOneOrganisation = 2, kAtOneHost = 2;
constexpr Duration kRefresh = 300ms, kCheckRights = 800ms, kCheckRightsMany = 500ms;   // D1
constexpr Duration kBetween = 100ms;               // of one webhook, so that what comes thick and fast goes together
constexpr Duration kSlow = 3s;                     // an answer that took this long
constexpr Duration kStandingAgain = 60s;           // where standing withholds something for a time
constexpr Duration kSavePlace = 60s;               // how far nothing fitted
constexpr Duration kHold = 60s;                    // another node leaves it alone so long
constexpr std::int64_t kMostOfMessage = 200;
constexpr std::size_t kMostBytesOfMessage = 256 << 10, kMostAttemptsKept = 20;
constexpr int kMostRecallsOfMessage = 100, kMostPagesLookedAt = 8;

struct WebhookEnvelope {
  const std::string& url;
  const std::string& body;
  std::span<const std::string> headers;
  gate::ContentHash content;
  gate::Audience audience;
};

// The one way out to a receiver: with a Pass for this body and this organisation.
class WebhookOutlet final : public gate::Outlet<WebhookEnvelope> {
 public:
  explicit WebhookOutlet(const WebhookSender::Post& post) : Outlet(gate::Channel::Webhook), post_(post) {}
  Result<Fetched> answer = Fetched{};

 private:
  Result<void> deliver(gate::Pass, const WebhookEnvelope& envelope) override {
    answer = post_(envelope.url, envelope.body, envelope.headers);
    return {};
  }
  const WebhookSender::Post& post_;
};

// {"type":…,"timestamp":…,"data":{"webhook":…, …}} (Standard Webhooks: payload structure). `data` in order, each with its comma before it.
std::string message_body(std::string_view type, Instant at, const store::WebhookRow& row, const std::string& data) {
  return "{\"type\":\"" + std::string(type) + "\",\"timestamp\":\"" + to_text(at) + "\",\"data\":{\"webhook\":\"" + row.id + "\",\"collection\":\"" + row.body.collection + "\"" + data + "}}";
}

std::string host_in(std::string_view url) {
  const auto from = url.find("://");
  auto rest = from == url.npos ? url : url.substr(from + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  std::string out(rest.starts_with('[') ? rest.substr(0, rest.find(']')) : rest.substr(0, rest.find(':')));   // RFC 3986 §3.2.2
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;   // one host however it is written (D3)
  return out;
}

std::string why_not_taken(const Result<Fetched>& answer) {
  if (!answer) return answer.error().message;
  if (answer->status >= 300 && answer->status < 400) return "It answered " + std::to_string(answer->status) + ": a redirect isn't followed. Give the webhook the address that it leads to.";
  return "It answered " + std::to_string(answer->status) + ".";
}

}  // namespace

WebhookSender::WebhookSender(Services& services, Viewers& viewers, OutboundSettings outbound)
    : services_(services), viewers_(viewers), has_other_nodes_(services.site.database.engine() != store::Engine::Sqlite) {
  outbound_.emplace(std::move(outbound), Outbound::Size{.threads = kSenderThreads, .waiting = kSenderThreads});
  handle_ = services_.threat_events->listen([this](const ObjectsPosted&) {
    const std::scoped_lock lock(mutex_);
    posted_ = true;
    wake_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

WebhookSender::WebhookSender(Services& services, Viewers& viewers, Post post)
    : services_(services), viewers_(viewers), has_other_nodes_(services.site.database.engine() != store::Engine::Sqlite), post_(std::move(post)) {}

WebhookSender::~WebhookSender() { wind_down(); }

void WebhookSender::wind_down() {
  if (handle_) services_.threat_events->stop(*std::exchange(handle_, std::nullopt));
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (outbound_) outbound_->stop();
}

void WebhookSender::trouble(const Error& error) {
  if (is_damage(error)) services_.writer.stop_writing();   // REL-2: whoever meets it
}

// ---- whose turn it is

void WebhookSender::run() {
  while (!stopping_) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kRefresh / 2, [this] { return stopping_ || posted_; });
      if (stopping_) return;
    }
    if (services_.writer.is_read_only() || services_.writer.is_full()) {   // D2: nothing could be put on record
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kRefresh, [this] { return stopping_.load(); });
      continue;
    }
    refresh();
    check_rights();
    while (const auto id = next_ready()) {
      const auto taken = outbound_->run([this, id = *id](Outbound::Call& call) {
        (void)deliver(id, [&call](const std::string& url, const std::string& body, std::span<const std::string> headers) { return call.post(url, body, headers); });
      });
      if (taken) continue;
      done(*id, false);
      break;
    }
  }
}

int WebhookSender::look() {
  was_refreshed_ = false;
  refresh();
  check_rights();
  std::set<std::string> tried;
  int count = 0;
  for (auto id = next_ready(); id; id = next_ready()) {
    if (!tried.insert(*id).second) {
      done(*id, false);
      break;
    }
    count += deliver(*id, post_) ? 1 : 0;
  }
  return count;
}

// What webhooks there are and how far their collections have come.
void WebhookSender::refresh() {
  const auto now = services_.clock.monotonic();
  bool posted = false;
  {
    const std::scoped_lock lock(mutex_);
    posted = std::exchange(posted_, false);
  }
  if (was_refreshed_ && !posted && now - refreshed_ < kRefresh) return;
  was_refreshed_ = true, refreshed_ = now;
  auto db = services_.store.lease();
  if (!db) return trouble(db.error());
  const auto marks = store::active_webhooks(**db);
  if (!marks) return trouble(marks.error());
  std::vector<std::string> stale;
  std::set<std::string> active;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& mark : *marks) {
      active.insert(mark.id);
      const auto known = hooks_.find(mark.id);
      if (known == hooks_.end() || (known->second.row.changed != mark.changed && !known->second.is_busy)) stale.push_back(mark.id);
    }
    std::erase_if(hooks_, [&](const auto& one) { return !active.contains(one.first) && !one.second.is_busy; });
  }
  if (active.empty()) return;
  std::vector<store::WebhookRow> fresh;
  for (const auto& id : stale) {
    auto row = store::webhook(**db, services_.cells(), id);
    if (!row) return trouble(row.error());
    if (*row) fresh.push_back(std::move(**row));
  }
  auto heads = store::collection_heads(**db);
  if (!heads) return trouble(heads.error());
  const std::scoped_lock lock(mutex_);
  heads_ = *std::move(heads);
  for (auto& row : fresh) {
    auto& hook = hooks_[row.id];
    if (hook.is_busy) continue;
    hook.host = host_in(row.body.url);
    hook.is_slow = row.failing.has_value();
    hook.place = std::max(hook.place, row.place);
    hook.row = std::move(row);
  }
}

// D1. Cheap while nobody's rights were touched.
void WebhookSender::check_rights() {
  const auto now = services_.clock.monotonic();
  const auto generation = viewers_.generation();
  const auto again = has_other_nodes_ ? kCheckRightsMany : kCheckRights;
  if (generation && generation == generation_ && now - checked_ < again) return;
  generation_ = generation, checked_ = now;
  std::vector<store::WebhookRow> all;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, hook] : hooks_)
      if (!hook.is_busy) all.push_back(hook.row);
      else generation_.reset();                    // it is asked on its way, and here at the next look
  }
  std::vector<std::pair<std::string, std::string>> ended;
  if (!all.empty()) {
    auto db = services_.store.lease();
    if (!db) return trouble(db.error());
    for (const auto& row : all) {
      const auto viewer = viewer_of_webhook(services_, **db, row.body);
      const auto seen = viewer ? followed_by_webhook(services_, **db, *viewer, row.body) : Result<store::CollectionSeen>(std::unexpected(viewer.error()));
      if (!seen && seen.error().kind == ErrorKind::Forbidden) ended.emplace_back(row.id, seen.error().message);
    }
  }
  for (const auto& [id, why] : ended) suspend(id, why);
}

// D3. Of those that may, the one that had its turn longest ago.
std::optional<std::string> WebhookSender::next_ready() {
  const auto wall = services_.clock.now();
  const auto now = services_.clock.monotonic();
  const std::scoped_lock lock(mutex_);
  if (stopping_ || busy_ >= kSenderThreads) return std::nullopt;
  const std::pair<const std::string, Hook>* best = nullptr;
  for (const auto& one : hooks_) {
    const auto& hook = one.second;
    const auto& row = hook.row;
    if (hook.is_busy || now < hook.not_before || (row.due && *row.due > wall) || (row.held && *row.held > wall && has_other_nodes_)) continue;
    if (hook.is_slow && busy_slow_ >= kForSlow) continue;
    if (const auto found = busy_of_.find(row.body.organisation); found != busy_of_.end() && found->second.all + 1 >= kOfOneOrganisation) {
      if (found->second.all >= kOfOneOrganisation) continue;
      if (hook.is_slow && found->second.slow > 0) continue;   // its last turn is not for what may take as long as its others
      if (busy_there_.contains({row.body.organisation, hook.host})) continue;
    }
    if (const auto found = busy_at_.find(hook.host); found != busy_at_.end() && found->second >= kAtOneHost) continue;
    const auto head = heads_.find(hook.collection);
    const bool has_work = row.report.pending || row.report.wants_test || hook.collection == 0 || (head != heads_.end() && head->second > hook.looked);
    if (has_work && (best == nullptr || hook.ended < best->second.ended)) best = &one;
  }
  if (best == nullptr) return std::nullopt;
  auto& hook = hooks_.at(best->first);
  hook.is_busy = true;
  ++busy_;
  if (hook.is_slow) ++busy_slow_;
  auto& of = busy_of_[hook.row.body.organisation];
  ++of.all;
  if (hook.is_slow) ++of.slow;
  ++busy_at_[hook.host];
  ++busy_there_[{hook.row.body.organisation, hook.host}];
  return best->first;
}

void WebhookSender::done(const std::string& id, bool is_slow) {
  const std::scoped_lock lock(mutex_);
  auto& hook = hooks_.at(id);                      // it stays while it is busy
  hook.is_busy = false;
  --busy_;
  if (hook.is_slow) --busy_slow_;
  const auto less = [](auto& counts, const auto& key) {
    const auto found = counts.find(key);
    if (--found->second == 0) counts.erase(found);
  };
  const auto of = busy_of_.find(hook.row.body.organisation);
  if (hook.is_slow) --of->second.slow;
  if (--of->second.all == 0) busy_of_.erase(of);
  less(busy_at_, hook.host);
  less(busy_there_, std::pair(hook.row.body.organisation, hook.host));
  hook.is_slow = is_slow;
  hook.ended = services_.clock.monotonic();
  if (outbound_) hook.not_before = std::max(hook.not_before, hook.ended + kBetween);
  wake_.notify_one();
}

// ---- one message

// True: an attempt was made.
bool WebhookSender::deliver(const std::string& id, const Post& post) {
  bool was_tried = false, is_slow = false, is_written = false;
  struct HookTurn {                                // D6
    WebhookSender& sender;
    const std::string& id;
    const bool& is_slow;
    ~HookTurn() { sender.done(id, is_slow); }
  } const turn{*this, id, is_slow};
  const auto step = [&]() -> Result<void> {
    std::int64_t place = INT64_MIN;
    Duration saved{};
    {
      const std::scoped_lock lock(mutex_);
      place = hooks_.at(id).place, saved = hooks_.at(id).saved;
    }
    std::optional<store::WebhookRow> row;
    std::optional<access::Viewer> viewer;
    std::optional<store::CollectionSeen> seen;
    {
      TRY(auto db, services_.store.lease());
      TRY(row, store::webhook(*db, services_.cells(), id));
      if (!row || row->state != store::WebhookState::Active) return {};
      is_slow = row->failing.has_value();
      TRY(viewer, viewer_of_webhook(services_, *db, row->body));
      TRY(seen, followed_by_webhook(services_, *db, *viewer, row->body));
    }
    TRY(const auto allowance, allowance_for(services_, *viewer, *seen));   // before a connection is leased
    const auto written = row->place;
    if (!row->report.pending) row->place = std::max(row->place, place);
    std::optional<Message> message;
    std::int64_t head = 0;
    bool wait = false;                             // standing withholds something for a time
    {
      TRY(auto db, services_.store.lease());
      TRY(auto tx, db->begin(store::Mode::Read));
      TRY(const auto stamp, store::stamp_of(tx, seen->collection().n));
      head = stamp ? stamp->head : 0;
      TRY(auto again, followed_by_webhook(services_, tx, *viewer, row->body));   // in the snapshot of what is read
      seen.emplace(std::move(again));
      TRY(message, compose(tx, *seen, allowance, *row, wait));
    }
    const auto now = services_.clock.monotonic();
    {
      const std::scoped_lock lock(mutex_);
      auto& hook = hooks_.at(id);
      hook.collection = seen->collection().n;
      if (!message) hook.place = std::max(hook.place, row->place);
      if (!message && row->place >= head) hook.looked = head;
      if (wait && !message) hook.looked = INT64_MIN, hook.not_before = now + kStandingAgain;
    }
    if (!message) {
      const bool ends_pending = row->report.pending.has_value();   // all that was under way is gone: deleted, or out of reach
      if (!ends_pending && (row->place == written || now - saved < kSavePlace)) return {};
      TRY(services_.writer.run([this, id, place = row->place, told = row->told, ends_pending](Unit& unit) -> Result<Committed> {
        auto& tx = unit.writing().tx();
        TRY(auto kept, store::webhook(tx, services_.cells(), id));
        if (!kept || (kept->report.pending.has_value() && !ends_pending)) return Committed{};
        kept->place = std::max(kept->place, place), kept->told = std::max(kept->told, told);
        if (ends_pending) kept->report.pending.reset(), kept->due.reset(), kept->failing.reset();
        TRY(store::save_webhook(tx, services_.cells(), *kept));
        return Committed{};
      }));
      is_written = true;
      const std::scoped_lock lock(mutex_);
      hooks_.at(id).saved = now;
      return {};
    }
    is_written = true;
    TRY(const bool may_begin, begin(*row, *viewer, *message));
    if (!may_begin) return {};
    const auto began = services_.clock.now();
    const auto since = services_.clock.monotonic();
    TRY(const auto answer, [&]() -> Result<Result<Fetched>> {
      try {
        return send(*row, *viewer, *message, post);
      } catch (const std::exception&) {            // perhaps with the message gone out: an attempt that failed, or it would go out each second for ever
        return Result<Fetched>(fail(ErrorKind::Unavailable, "It broke off on the way."));
      }
    }());
    if (!answer && stopping_) return {};           // it is sent again after the start
    const auto took = services_.clock.monotonic() - since;
    was_tried = true;
    is_slow = took >= kSlow || !answer || heard_of(answer->status) != Heard::Taken;
    finish(*row, *message, answer, began, took);
    return {};
  };
  auto done_so_far = [&]() -> Result<void> {
    try {
      return step();
    } catch (const std::bad_alloc&) {
      return fail(ErrorKind::Unavailable, "There is no memory left.", {}, {}, "memory");
    } catch (const std::exception&) {              // of a library, on the way out: what is under way stays so, and is sent again
      return fail(ErrorKind::Unavailable, "It broke off.");
    }
  }();
  if (is_written || !done_so_far) {
    const std::scoped_lock lock(mutex_);
    auto& hook = hooks_.at(id);
    hook.row.changed = -1;                         // read anew, before it has its next turn
    hook.row.due = Instant{INT64_MAX};
    if (!done_so_far) hook.not_before = services_.clock.monotonic() + 1s;
    posted_ = true;
  }
  if (!done_so_far && done_so_far.error().kind == ErrorKind::Forbidden) suspend(id, done_so_far.error().message);
  else if (!done_so_far) trouble(done_so_far.error());
  return was_tried;
}

// Step 1. Moves row.place and row.told over what holds nothing for it. What is under way already keeps its id and its end.
Result<std::optional<WebhookSender::Message>> WebhookSender::compose(store::Tx& tx, const store::CollectionSeen& seen, const threat::Allowance& allowance, store::WebhookRow& row, bool& wait) {
  using store::WebhookMessage;
  const auto now = services_.clock.now();
  const auto& pending = row.report.pending;
  Message out;
  out.pending = pending.value_or(store::WebhookPending{.id = random_uuid(services_.random)});
  if (pending ? pending->what == WebhookMessage::Test : row.report.wants_test) {
    out.pending.what = WebhookMessage::Test;
    out.body = message_body("webhook.test", now, row, {});
    return std::optional(std::move(out));
  }
  if (pending ? pending->what == WebhookMessage::Recalls : row.body.recalls) {
    TRY(const auto last, store::last_notice_in(tx, seen.collection().n));
    const auto upto = pending ? pending->through : INT64_MAX;
    std::vector<store::DatedNotice> notices;
    if (last > row.told) {
      TRY(notices, store::notices_between(tx, services_.cells(), seen.collection().n, seen.reader(), row.told, upto, kMostRecallsOfMessage));
    }
    if (!notices.empty()) {
      std::string items;
      for (const auto& one : notices) (items += items.empty() ? "" : ",") += canonical(recall_told(one.notice));
      out.pending.what = WebhookMessage::Recalls;
      out.pending.through = pending ? pending->through : notices.back().posted;
      out.count = static_cast<int>(notices.size());
      out.body = message_body("threat.recalls", Instant{out.pending.through}, row, ",\"recalls\":[" + items + "]");
      return std::optional(std::move(out));
    }
    row.told = std::max(row.told, pending ? pending->through : last);
    if (pending) return std::optional<Message>();
  }
  TRY(auto pick, read_webhook_filter(row.body.filter));
  pick.wanted.after = row.place;
  pick.wanted.most = kMostOfMessage;
  const auto upto = pending ? pending->through : INT64_MAX;
  const bool is_whole = row.body.payload == store::WebhookPayload::Objects;
  TRY(const auto stamp, store::stamp_of(tx, seen.collection().n));
  const auto head = stamp ? stamp->head : 0;
  std::string items;
  std::int64_t through = row.place;
  bool more = false;
  for (int pages = 0; pages < kMostPagesLookedAt && out.count == 0; ++pages) {
    TRY(auto page, page_under(services_, tx, allowance, seen, pick.wanted, is_whole ? store::Parts::Whole : store::Parts::Labels, pick.content));
    more = page.more;
    bool is_cut = false;
    for (auto& one : page.objects) {
      if (one.date_added > upto) break;
      if (out.count > 0 && items.size() + one.bytes.size() > kMostBytesOfMessage) {
        is_cut = more = true;
        break;
      }
      if (is_whole) {
        (items += items.empty() ? "" : ",") += one.bytes;
        if (!one.is_delivered) out.fresh.push_back({seen.reader(), one.object});
      }
      ++out.count;
      through = one.date_added;
    }
    if (is_cut) break;
    if (page.more) {
      through = std::max(through, std::min(page.next_after, upto));
      pick.wanted.after = page.next_after;
      if (page.next_after >= upto) break;
      continue;
    }
    // Standing may have ended the page before the collection does: then it says nothing of what comes behind (standing_reads.h, W2).
    if (allowance.narrows()) wait = true;
    else through = std::max(through, std::min(head, upto));
    break;
  }
  if (out.count == 0) {
    row.place = through;
    return std::optional<Message>();
  }
  out.pending.what = WebhookMessage::Objects;
  out.pending.through = through;
  const auto until = six_digits(Instant{out.pending.through});
  out.body = is_whole ? message_body("threat.objects", Instant{out.pending.through}, row, ",\"through\":\"" + until + "\",\"more\":" + (more ? "true" : "false") + ",\"objects\":[" + items + "]")
                      : message_body("threat.posted", Instant{out.pending.through}, row, ",\"added_after\":\"" + six_digits(Instant{row.place}) + "\",\"through\":\"" + until + "\"");
  return std::optional(std::move(out));
}

// Step 2. False: somebody changed it meanwhile, or another node has it.
Result<bool> WebhookSender::begin(const store::WebhookRow& row, const access::Viewer& viewer, const Message& message) {
  const bool is_known = row.report.pending.has_value();
  if (is_known && message.fresh.empty() && !has_other_nodes_) return true;
  auto may = std::make_shared<bool>(false);
  TRY(services_.writer.run([this, &row, is_known, &viewer, &message, may](Unit& unit) -> Result<Committed> {
    auto& tx = unit.writing().tx();
    TRY(auto kept, store::webhook(tx, services_.cells(), row.id));
    if (!kept || kept->state != store::WebhookState::Active || kept->report.pending.has_value() != is_known || (is_known && kept->report.pending->id != message.pending.id)) return Committed{};
    if (has_other_nodes_ && kept->held && *kept->held > unit.now()) return Committed{};
    std::vector<std::int64_t> objects;
    for (const auto& one : message.fresh) objects.push_back(one.object);
    TRY(const auto seen, followed_by_webhook(services_, tx, viewer, row.body));   // who reads, and as what, as it is now
    TRY(store::check_still_met(tx, seen, objects));   // D5
    TRY(store::note_deliveries(tx, message.fresh, unit.now(), static_cast<int>(gate::Channel::Webhook)));   // D2
    if (!is_known) kept->report.pending = message.pending, kept->place = std::max(kept->place, row.place), kept->told = std::max(kept->told, row.told);
    if (has_other_nodes_) kept->held = unit.now() + kHold;
    TRY(store::save_webhook(tx, services_.cells(), *kept));
    *may = true;
    return Committed{};
  }, Writer::Whose::Ledger));                      // who has read what is the ledger's matter
  return *may;
}

// Step 3. An error of its own: nothing was sent. Forbidden: the right has ended.
Result<Result<Fetched>> WebhookSender::send(const store::WebhookRow& row, const access::Viewer& viewer, const Message& message, const Post& post) {
  const auto now = services_.clock.now();
  bool is_granted = false;
  {
    TRY(auto db, services_.store.lease());
    TRY(const auto still, viewer_of_webhook(services_, *db, row.body));
    TRY(followed_by_webhook(services_, *db, still, row.body));
    if (still != viewer) return fail(ErrorKind::Unavailable, "What it may read has changed: it is looked at anew.");
    TRY(const auto kept, store::webhook(*db, services_.cells(), row.id));
    if (!kept || kept->state != store::WebhookState::Active) return fail(ErrorKind::Unavailable, "It was stopped.");
    TRY(const auto granted, store::ruling_of_grant(*db, kept->owner, services_.cells().tag("webhook", row.id)));
    is_granted = granted.has_value();
  }
  std::vector<std::string> secrets;
  for (const auto& secret : row.body.secrets)
    if (!secret.until || *secret.until > now) secrets.push_back(secret.text);
  const auto timestamp = now.micros / 1'000'000;
  const std::string headers[] = {"Content-Type: application/json", "webhook-id: " + message.pending.id, "webhook-timestamp: " + std::to_string(timestamp),
                                 "webhook-signature: " + webhook_signature(secrets, message.pending.id, timestamp, message.body)};

  gate::Disclosure disclosure;
  disclosure.content.object = "collection:" + row.body.collection;
  disclosure.content.hash = gate::hash_of_content(bytes_of(message.body));
  disclosure.content.marking = Tlp::Green;          // as when it was granted: what a label allows of each object decides in which audience it is met
  disclosure.audience = gate::Audience::of(row.body.organisation);
  disclosure.channel = gate::Channel::Webhook;
  disclosure.at = now;
  disclosure.basis = {.kind = gate::BasisKind::Grant, .grant = row.body.grant};
  gate::Facts facts;
  facts.now = now;
  facts.audience.is_community = true;
  facts.grants.push_back({.id = row.body.grant, .open = is_granted, .object = disclosure.content.object});
  facts.two_person = services_.settings.two_person;
  auto judged = gate::judge(disclosure, facts, RulingId::random(services_.random));
  if (!judged.pass) return fail(ErrorKind::Forbidden, "The gate doesn't let it out.");
  WebhookOutlet outlet(post);
  TRY(outlet.send(*std::move(judged.pass), WebhookEnvelope{row.body.url, message.body, headers, disclosure.content.hash, disclosure.audience}, now));
  return std::move(outlet.answer);
}

// Step 4.
void WebhookSender::finish(const store::WebhookRow& row, const Message& message, const Result<Fetched>& answer, Instant began, Duration took) {
  std::array<std::uint8_t, 4> drawn{};
  services_.random.fill(drawn);
  const auto chance = static_cast<std::uint32_t>(drawn[0]) << 24 | drawn[1] << 16 | drawn[2] << 8 | drawn[3];
  const auto written = services_.writer.run([&](Unit& unit) -> Result<Committed> {
    auto& tx = unit.writing().tx();
    TRY(auto kept, store::webhook(tx, services_.cells(), row.id));
    if (!kept || !kept->report.pending || kept->report.pending->id != message.pending.id) return Committed{};
    auto& report = kept->report;
    const auto heard = answer ? heard_of(answer->status) : Heard::NotTaken;
    store::WebhookAttempt attempt{.at = began, .message = message.pending.id, .what = message.pending.what, .count = message.count, .status = {}, .why = {}, .milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count()};
    if (answer) attempt.status = answer->status;
    if (heard != Heard::Taken) attempt.why = why_not_taken(answer);
    report.attempts.insert(report.attempts.begin(), std::move(attempt));
    report.attempts.resize(std::min(report.attempts.size(), kMostAttemptsKept));
    kept->held.reset();
    if (heard == Heard::Taken) {
      if (message.pending.what == store::WebhookMessage::Objects) kept->place = std::max(kept->place, message.pending.through);
      if (message.pending.what == store::WebhookMessage::Recalls) kept->told = std::max(kept->told, message.pending.through);
      if (message.pending.what == store::WebhookMessage::Test) report.wants_test = false;
      report.pending.reset();
      report.delivered = unit.now();
      ++report.messages;
      kept->due.reset(), kept->failing.reset();
      TRY(store::save_webhook(tx, services_.cells(), *kept));
      return Committed{};
    }
    const int failures = ++report.pending->failures;
    if (!kept->failing) kept->failing = began;
    if (kept->state != store::WebhookState::Active) {   // it was stopped while this was under way
      TRY(store::save_webhook(tx, services_.cells(), *kept));
      return Committed{};
    }
    if (heard == Heard::Gone) {
      TRY(stop_webhook(unit, *kept, store::WebhookState::Gone, "Its receiver says that it is gone (410).", services_));
      return Committed{};
    }
    const auto next = next_attempt(failures, *kept->failing, unit.now(), answer ? answer->retry_after : std::nullopt, chance);
    if (!next) {
      TRY(stop_webhook(unit, *kept, store::WebhookState::Failed, "Its receiver has taken nothing for three days. Nothing is lost: resume it, and it goes on where it stopped.", services_));
      return Committed{};
    }
    kept->due = *next;
    TRY(store::save_webhook(tx, services_.cells(), *kept));
    return Committed{};
  }, Writer::Whose::Ledger);
  if (!written) trouble(written.error());          // it is sent again, with the same id
}

void WebhookSender::suspend(const std::string& id, const std::string& why) {
  const auto done_so_far = services_.writer.run([&](Unit& unit) -> Result<Committed> {
    TRY(auto kept, store::webhook(unit.writing().tx(), services_.cells(), id));
    if (!kept || kept->state != store::WebhookState::Active) return Committed{};
    TRY(stop_webhook(unit, *kept, store::WebhookState::Suspended, why, services_));
    return Committed{};
  });
  if (!done_so_far) trouble(done_so_far.error());
}

}  // namespace sluice::service
