// Longer than other files because it is one idea: a reader goes round through the same few states, and each step hands it to the next.
#include "web/taxii/streams.h"

#include <algorithm>

#include "base/fine_time.h"
#include "gate/disclosure.h"
#include "service/recalls.h"
#include "service/site.h"
#include "service/standing_reads.h"
#include "web/taxii/answers.h"

namespace sluice::web::taxii {

namespace {

using namespace std::chrono_literals;

constexpr Duration kCoalesced = 10ms;              // what is posted within this of the last look is looked for together
constexpr Duration kSweep = 400ms;
constexpr Duration kPageKept = 250ms;
constexpr Duration kLookUpAgain = 20s;             // a session or token, where this process is the only one that ends them
constexpr Duration kLookUpAgainMany = 0s;          // where there are other nodes: at each sweep (ACC-7)
constexpr std::int64_t kMostOfEvent = 500;
constexpr int kMostRecalls = 200;                  // told at once
constexpr std::size_t kMostBytesOfEvent = 256 << 10;   // but for one object that is larger by itself
constexpr std::size_t kMostQueued = 40 << 20;      // of one stream; never met, since there is one page under way
constexpr std::size_t kBehindAtOnce = 16;          // of those who catch up, so that each has its turn soon
constexpr std::size_t kRowsAtOnce = 4'000;         // of first deliveries in one command of the Writer

// An event's data: a line of it for each line of the text (HTML Living Standard §9.2.6). Bytes of JSON hold no other line ends than between its words.
std::string event_of(std::string_view items) {
  std::string out = "event: objects\ndata: {\"objects\":[";
  out.reserve(out.size() + items.size() + 64);
  for (std::size_t at = 0; at < items.size();) {
    const auto end = std::min(items.find_first_of("\r\n", at), items.size());
    out.append(items.substr(at, end - at));
    if (end == items.size()) break;
    out += "\ndata: ";
    at = end + (items.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  return out += "]}\n";
}

// One event a recall; the last one is left open for what comes after it, its cursor or the end of it.
std::string events_of(std::span<const std::string> recalls) {
  std::string out;
  for (const auto& one : recalls) (out += out.empty() ? "event: recall\ndata: " : "\nevent: recall\ndata: ") += one + "\n";
  return out;
}

std::string joined_by_commas(std::span<const std::string> items) {
  std::string out;
  for (const auto& one : items) (out += out.empty() ? "" : ",") += one;
  return out;
}

void bytes_of_number(std::string& out, std::int64_t number) { (out += std::to_string(number)) += ','; }

}  // namespace

Streams::Streams(service::Services& services, service::Viewers& viewers)
    : services_(services), viewers_(viewers), look_up_again_(services.site.database.engine() == store::Engine::Sqlite ? kLookUpAgain : kLookUpAgainMany) {
  handle_ = services_.threat_events->listen([this](const service::ObjectsPosted& what) {
    std::scoped_lock lock(mutex_);
    const auto [found, is_new] = posted_.try_emplace(what.collection, what.audiences.begin(), what.audiences.end());
    if (!is_new && (found->second.empty() || what.audiences.empty())) found->second.clear();
    else found->second.insert(what.audiences.begin(), what.audiences.end());
    wake_[kLive].notify_one();
  });
  for (const auto lane : {kLive, kBehind}) threads_[lane] = std::thread([this, lane] { work(lane); });
}

Streams::~Streams() {
  services_.threat_events->stop(handle_);
  wind_down();
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    for (auto& wake : wake_) wake.notify_all();
  }
  for (auto& thread : threads_) thread.join();
  std::unique_lock lock(mutex_);
  recorded_all_.wait(lock, [this] { return recording_ == 0; });   // the Writer's callbacks name this
}

std::size_t Streams::listeners() const {
  std::scoped_lock lock(mutex_);
  return readers_.size();
}

// ---- coming and going

namespace {

// L6. Before a connection is leased.
Result<void> may_listen(service::Services& services, const access::Viewer& viewer, const store::CollectionSeen& seen) {
  TRY(const auto allowance, service::allowance_for(services, viewer, seen));
  if (allowance.narrows()) return fail(ErrorKind::Forbidden, "Your organisation's standing narrows what it reads of this collection, so it has it by pages alone. " + allowance.why);
  return {};
}

}  // namespace

Result<Streams::ReaderPtr> Streams::admit(const access::Viewer& viewer, const store::CollectionSeen& seen, Listener listener) {
  TRY(may_listen(services_, viewer, seen));
  auto reader = std::make_shared<Reader>();
  reader->viewer = viewer;
  reader->viewer.broken_glass.clear();
  reader->organisation = seen.reader();
  reader->credential = std::move(listener.credential);
  reader->after = listener.after, reader->told = listener.told;
  auto query = std::move(listener.query);
  reader->began_after = std::exchange(query.added_after, std::nullopt);
  query.next.reset();
  const auto most = std::min(query.limit.value_or(kMostOfEvent), kMostOfEvent);
  auto text = seen.collection().id + "?" + query.canonical() + "#" + std::to_string(most);

  std::scoped_lock lock(mutex_);
  if (winding_down_) return fail(ErrorKind::Unavailable, "The server is stopping.");
  auto& kept = questions_[text];
  if (auto known = kept.lock()) {
    reader->question = std::move(known);
    return reader;
  }
  auto question = std::make_shared<Question>();
  question->collection = seen.collection().id;
  question->number = seen.collection().n;
  question->wanted.ids = query.ids, question->wanted.types = query.types;
  question->wanted.versions = {.all = query.all_versions, .first = query.first_version, .last = query.last_version, .exact = query.exact_versions, .specs = query.spec_versions};
  question->wanted.most = most;
  question->query = std::move(query);
  question->text = std::move(text);
  reader->question = question;
  kept = std::move(question);
  return reader;
}

void Streams::begin(const ReaderPtr& reader) {
  std::scoped_lock lock(mutex_);
  reader->place = readers_.insert(readers_.end(), reader);
  queue(reader, kBehind);
}

Result<std::shared_ptr<http::EventStream>> Streams::listen(const access::Viewer& viewer, const store::CollectionSeen& seen, Listener listener) {
  TRY(const auto reader, admit(viewer, seen, std::move(listener)));
  auto stream = std::make_shared<http::EventStream>(kMostQueued);
  reader->stream = stream;
  begin(reader);
  const std::weak_ptr<Reader> weak = reader;
  stream->on_wants_more([this, weak] {
    const auto found = weak.lock();
    if (!found) return;
    std::scoped_lock lock(mutex_);
    if (found->state == State::Full) queue(found, found->is_live ? kLive : kBehind);
  });
  stream->on_closed([this, weak] {
    const auto found = weak.lock();
    if (!found) return;
    std::scoped_lock lock(mutex_);
    if (found->state == State::Gone) return;
    found->state = State::Gone;
    readers_.erase(found->place);
  });
  return stream;
}

void Streams::wait(const access::Viewer& viewer, const store::CollectionSeen& seen, Listener listener, Duration wait, Give give) {
  auto reader = admit(viewer, seen, std::move(listener));
  if (!reader) return give(std::unexpected(reader.error()));
  (*reader)->give = std::make_unique<Give>(std::move(give));
  (*reader)->answer_by = services_.clock.monotonic() + wait;
  begin(*reader);
}

void Streams::wind_down() {
  Readers all;
  {
    std::scoped_lock lock(mutex_);
    winding_down_ = true;
    all.assign(readers_.begin(), readers_.end());
  }
  for (const auto& reader : all) {
    if (reader->stream) reader->stream->close();
    else end(reader, Error{ErrorKind::Unavailable, "The server is stopping. Ask again with the cursor that you have."});
  }
}

void Streams::end(const ReaderPtr& reader, const Error& why) {
  if (reader->stream) return reader->stream->close();
  answer(*reader, std::unexpected(why));
}

// Of one who waits: once.
void Streams::answer(Reader& reader, Result<Response> response) {
  std::unique_ptr<Give> give;
  {
    std::scoped_lock lock(mutex_);
    if (reader.state == State::Gone) return;
    reader.state = State::Gone;
    give = std::move(reader.give);
    readers_.erase(reader.place);                  // whoever called this holds it
  }
  (*give)(std::move(response));
}

// ---- the two threads

void Streams::queue(const ReaderPtr& reader, Lane lane) {
  // L4. Whether it has written everything is asked again once it is Full, since its stream may have said so in between.
  if (reader->stream && !reader->stream->wants_more()) {
    reader->state = State::Full;
    if (!reader->stream->wants_more()) return;
  }
  reader->state = State::Ready;
  ready_[lane].push_back(reader);
  wake_[lane].notify_one();
}

void Streams::settle(const ReaderPtr& reader, bool more) {
  std::scoped_lock lock(mutex_);
  if (reader->state == State::Gone) return;
  reader->is_live = !more;
  if (!std::exchange(reader->again, false) && !more) {
    reader->state = State::Idle;
    return;
  }
  queue(reader, more ? kBehind : kLive);
}

// Who had all there was, and was posted something since.
void Streams::gather_woken() {
  if (posted_.empty()) return;
  for (const auto& reader : readers_) {
    const auto found = posted_.find(reader->question->number);
    if (found == posted_.end()) continue;
    if (reader->state != State::Idle) {
      reader->again = true;
      continue;
    }
    const auto& told = found->second;
    const bool is_for_it = told.empty() || !reader->group || std::any_of(reader->group->seen.audiences().begin(), reader->group->seen.audiences().end(), [&told](std::int64_t one) { return told.contains(one); });
    if (is_for_it) queue(reader, kLive);
  }
  posted_.clear();
}

void Streams::work(Lane lane) {
  for (;;) {
    Readers readers;
    std::deque<Delivery> recorded;
    {
      std::unique_lock lock(mutex_);
      const auto is_work = [this, lane] { return stopping_ || !ready_[lane].empty() || !recorded_[lane].empty() || (lane == kLive && !posted_.empty()); };
      wake_[lane].wait_for(lock, kSweep / 4, is_work);
      if (lane == kLive && !posted_.empty() && !stopping_) {
        // What comes thick and fast is looked for together; what comes alone, at once.
        if (const auto since = services_.clock.monotonic() - looked_; since < kCoalesced) wake_[lane].wait_for(lock, kCoalesced - since, [this, lane] { return stopping_ || !recorded_[lane].empty() || !ready_[lane].empty(); });
        if (const auto now = services_.clock.monotonic(); now - looked_ >= kCoalesced) {
          looked_ = now;
          gather_woken();
        }
      }
      if (stopping_) return;
      recorded.swap(recorded_[lane]);
      const auto most = lane == kLive ? ready_[lane].size() : std::min(ready_[lane].size(), kBehindAtOnce);
      for (std::size_t i = 0; i < most; ++i) {
        auto reader = std::move(ready_[lane].front());
        ready_[lane].pop_front();
        if (reader->state != State::Ready) continue;
        reader->state = State::Busy;
        reader->again = false;
        readers.push_back(std::move(reader));
      }
    }
    for (auto& delivery : recorded) hand_over(std::move(delivery));
    if (!readers.empty()) turn(readers, lane);
    if (lane == kLive) sweep();
  }
}

// One look at the store for each collection.
void Streams::turn(const Readers& readers, Lane lane) {
  std::map<std::int64_t, Readers> by_collection;
  for (const auto& reader : readers) by_collection[reader->question->number].push_back(reader);
  for (const auto& [collection, some] : by_collection) turn_in(collection, some, lane);
}

void Streams::turn_in(std::int64_t collection, const Readers& readers, Lane lane) {
  const auto end_all = [&](const Error& why) {
    if (service::is_damage(why)) services_.writer.stop_writing();   // REL-2: whoever meets it
    for (const auto& reader : readers) end(reader, why);
  };
  std::map<store::Tag, std::optional<Error>> narrowed;   // of each organisation
  for (const auto& reader : readers)
    if (reader->group && !narrowed.contains(reader->organisation)) {
      auto may = may_listen(services_, reader->viewer, reader->group->seen);
      narrowed.emplace(reader->organisation, may ? std::nullopt : std::optional(std::move(may).error()));
    }
  auto db = services_.store.lease();
  if (!db) return end_all(db.error());
  auto tx = (*db)->begin(store::Mode::Read);
  if (!tx) return end_all(tx.error());
  const auto stamp = store::stamp_of(*tx, collection);
  if (!stamp) return end_all(stamp.error());
  if (!*stamp) return end_all({ErrorKind::NotFound, "There is no such collection, or you have no access to it."});
  {
    std::scoped_lock lock(mutex_);
    auto& known = stamps_[collection];
    known.head = std::max(known.head, (*stamp)->head);
    known.rights = (*stamp)->rights;
  }

  const auto last_notice = store::last_notice_in(*tx, collection);
  if (!last_notice) return end_all(last_notice.error());

  Delivery delivery;
  std::set<std::pair<store::Tag, const Page*>> counted;
  std::map<std::tuple<store::Tag, std::int64_t, std::int64_t>, ToldPtr> recalls;   // of those of one organisation who stand at the same place
  const auto told_to = [&](const Reader& reader, std::int64_t through) -> Result<ToldPtr> {
    if (*last_notice <= reader.told || through <= reader.told) return ToldPtr{};
    auto& kept = recalls[{reader.organisation, reader.told, through}];
    if (kept) return kept;
    TRY(const auto rows, store::notices_between(*tx, services_.cells(), collection, reader.organisation, reader.told, through, kMostRecalls + 1));
    auto told = std::make_shared<Told>();
    told->more = rows.size() > static_cast<std::size_t>(kMostRecalls);
    for (const auto& one : std::span(rows).first(std::min<std::size_t>(rows.size(), kMostRecalls))) told->items.push_back(canonical(service::recall_told(one.notice)));
    told->through = told->more ? rows[kMostRecalls - 1].posted : through;
    kept = std::move(told);
    return kept;
  };
  for (const auto& reader : readers) {
    if (!is_still_in(*reader)) {
      end(reader, Error{ErrorKind::Unauthenticated, "Please sign in, or send a valid token."});
      continue;
    }
    if (const auto why = narrowed.find(reader->organisation); why != narrowed.end() && why->second) {
      end(reader, *why->second);
      continue;
    }
    if (!reader->group || reader->group->rights != (*stamp)->rights) {
      if (const auto grouped = regroup(*tx, *reader, (*stamp)->rights); !grouped) {
        end(reader, grouped.error());
        continue;
      }
    }
    auto page = page_of(*tx, *reader->group, reader->after, (*stamp)->head);
    if (!page) {
      if (service::is_damage(page.error())) services_.writer.stop_writing();
      end(reader, page.error());
      continue;
    }
    auto told = told_to(*reader, std::max(reader->after, (*page)->through));
    if (!told) {
      if (service::is_damage(told.error())) services_.writer.stop_writing();
      end(reader, told.error());
      continue;
    }
    if ((*page)->objects.empty() && (!*told || (*told)->items.empty())) {   // nothing that fits: on to where it was looked
      const bool moved = (*page)->through > reader->after;
      reader->after = reader->told = std::max(reader->after, (*page)->through);
      if ((*page)->more && moved && reader->stream) reader->stream->push("id: " + cursor_of(*reader) + "\n\n");   // far behind with a filter: a break needn't begin again
      if (!reader->stream && !(*page)->more && reader->answer_by <= services_.clock.monotonic()) answer(*reader, nothing_yet(*reader));
      else settle(reader, (*page)->more);
      continue;
    }
    {
      std::scoped_lock lock(mutex_);
      if (!(*page)->objects.empty() && !(*page)->on_record.contains(reader->organisation) && counted.emplace(reader->organisation, page->get()).second) {
        delivery.to_record.emplace_back(reader->organisation, *page);
        delivery.rows += (*page)->objects.size();
      }
    }
    delivery.all.push_back({reader, *std::move(page), *std::move(told)});
    if (delivery.rows >= kRowsAtOnce) record(std::exchange(delivery, {}), lane);
  }
  tx->rollback();
  record(std::move(delivery), lane);
}

// L2. Cheap while nobody's rights were touched.
bool Streams::is_still_in(Reader& reader) {
  const auto now = services_.clock.now();
  const auto since_start = services_.clock.monotonic();
  const auto generation = viewers_.generation();
  if (generation && reader.generation == generation && now < reader.until && since_start - reader.looked_up < look_up_again_) return true;
  auto entry = viewers_.entry_of(reader.credential);
  if (!entry || entry->viewer.organisation != reader.viewer.organisation) return false;
  if (!access::admit(entry->viewer, access::Caller::Member, access::Scope::CollectionRead, access::StepUp::No, now)) return false;
  entry->viewer.broken_glass.clear();
  const auto what_counts = [](const access::Viewer& viewer) { return std::tuple(viewer.kind, viewer.person, viewer.organisation, viewer.organisation_kind, viewer.role, viewer.is_of_site, viewer.is_instance_admin, viewer.scopes.bits()); };
  if (what_counts(entry->viewer) != what_counts(reader.viewer)) reader.group.reset();
  reader.viewer = std::move(entry->viewer);
  reader.until = entry->until, reader.generation = entry->generation, reader.looked_up = since_start;
  return true;
}

// L5: what it meets follows from the collection as this snapshot has it.
Result<void> Streams::regroup(store::Tx& tx, Reader& reader, const Hash& rights) {
  TRY(auto seen, services_.store.as(reader.viewer).collection(tx, reader.question->collection));
  if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  auto key = reader.question->text + "#" + hex(rights) + "#";
  for (const auto audience : seen.audiences()) bytes_of_number(key, audience);
  std::scoped_lock lock(mutex_);
  auto& kept = groups_[key];
  auto group = kept.lock();
  if (!group) {
    group = std::make_shared<Group>(std::move(seen));
    group->rights = rights;
    group->question = reader.question;
    kept = group;
  }
  reader.group = std::move(group);
  return {};
}

Result<Streams::PagePtr> Streams::page_of(store::Tx& tx, Group& group, std::int64_t after, std::int64_t head) {
  const auto now = services_.clock.monotonic();
  {
    std::scoped_lock lock(mutex_);
    if (const auto found = group.pages.find(after); found != group.pages.end() && now - found->second->made < kPageKept && (found->second->more || found->second->through >= head)) return found->second;
  }
  auto wanted = group.question->wanted;
  wanted.after = after;
  ++pages_read_;
  TRY(auto read, service::filtered_page(services_.store, tx, group.seen, wanted, store::Parts::Whole, group.question->query.content));
  auto page = std::make_shared<Page>();
  page->made = now;
  page->more = read.more;
  page->through = read.more ? read.next_after : std::max({head, after, read.objects.empty() ? after : read.objects.back().date_added});
  bool is_known = true;
  for (const auto& one : read.objects) {
    if (!page->objects.empty() && page->items.size() + one.bytes.size() > kMostBytesOfEvent) {
      page->more = true, page->through = page->last;
      break;
    }
    if (page->objects.empty()) page->first = one.date_added;
    else page->items += ',';
    page->items += one.bytes;
    page->objects.push_back(one.object);
    page->last = one.date_added;
    is_known = is_known && one.is_delivered;
  }
  if (!page->objects.empty()) page->event = std::make_shared<const std::string>(event_of(page->items));
  if (is_known) page->on_record.insert(group.seen.reader());
  std::scoped_lock lock(mutex_);
  group.pages.insert_or_assign(after, page);
  return page;
}

// ---- L3: first on record, then on its way

void Streams::record(Delivery delivery, Lane lane) {
  if (delivery.all.empty()) return;
  if (delivery.to_record.empty()) {
    delivery.is_recorded = true;
    return hand_over(std::move(delivery));
  }
  auto rows = std::make_shared<std::vector<store::Delivered>>();
  rows->reserve(delivery.rows);
  for (const auto& [organisation, page] : delivery.to_record)
    for (const auto object : page->objects) rows->push_back({organisation, object});
  {
    std::scoped_lock lock(mutex_);
    ++recording_;
  }
  services_.writer.submit(
      [rows](service::Unit& unit) -> Result<service::Committed> {
        TRY(store::note_deliveries(unit.writing().tx(), *rows, unit.now(), static_cast<int>(gate::Channel::Taxii)));
        return service::Committed{};
      },
      [this, lane, held = std::make_shared<Delivery>(std::move(delivery))](Result<service::Committed> committed) {
        held->is_recorded = committed.has_value();
        std::scoped_lock lock(mutex_);
        recorded_[lane].push_back(std::move(*held));
        --recording_;
        wake_[lane].notify_one();
        recorded_all_.notify_all();
      },
      service::Writer::Whose::Ledger);             // who has read what is the ledger's matter, as on the poll
}

void Streams::hand_over(Delivery delivery) {
  if (delivery.is_recorded) {
    std::scoped_lock lock(mutex_);
    for (const auto& [organisation, page] : delivery.to_record) page->on_record.insert(organisation);
  }
  // Those of one organisation who ask the same, from the same place, have the same cursor.
  const Reader* as = nullptr;
  http::EventStream::Frame cursor;
  for (const auto& [reader, page, told] : delivery.all) {
    if (!delivery.is_recorded) {
      end(reader, Error{ErrorKind::Unavailable, "What reaches you can't be put on record at the moment. Try again later."});
      continue;
    }
    if (!is_still_in(*reader)) {
      end(reader, Error{ErrorKind::Unauthenticated, "Please sign in, or send a valid token."});
      continue;
    }
    reader->after = std::max(reader->after, page->through);
    reader->told = told ? told->through : reader->after;
    const bool more = page->more || (told && told->more);
    const auto recalls = told ? std::span<const std::string>(told->items) : std::span<const std::string>();
    if (!reader->stream) {
      Response out = taxii::answer("{" + std::string(more ? "\"more\":true," : "") + "\"next\":" + json_text(cursor_of(*reader)) + (page->objects.empty() ? "" : ",\"objects\":[" + page->items + "]") +
                                   (recalls.empty() ? "" : ",\"x_recalls\":[" + joined_by_commas(recalls) + "]") + "}");
      if (!page->objects.empty()) {
        out.headers.emplace_back("X-TAXII-Date-Added-First", six_digits(Instant{page->first}));
        out.headers.emplace_back("X-TAXII-Date-Added-Last", six_digits(Instant{page->last}));
      }
      answer(*reader, std::move(out));
      continue;
    }
    const bool is_same = as && as->organisation == reader->organisation && as->question == reader->question && as->began_after == reader->began_after && as->after == reader->after && as->told == reader->told;
    if (!is_same) cursor = std::make_shared<const std::string>("id: " + cursor_of(*reader) + "\n\n");
    as = reader.get();
    std::vector<http::EventStream::Frame> parts;
    if (!recalls.empty()) parts.push_back(std::make_shared<const std::string>(events_of(recalls) + (page->objects.empty() ? "" : "\n")));
    if (!page->objects.empty()) parts.push_back(page->event);
    parts.push_back(cursor);
    reader->stream->push(parts);
    settle(reader, more);
  }
}

// An envelope without objects, and where to go on from.
Response Streams::nothing_yet(const Reader& reader) { return taxii::answer("{\"next\":" + json_text(cursor_of(reader)) + "}"); }

std::string Streams::cursor_of(const Reader& reader) {
  return place_after(services_, bound_to(reader.viewer, reader.question->collection, "objects", reader.question->query), reader.began_after, reader.after,
                     reader.told == reader.after ? std::nullopt : std::optional(reader.told));
}

// ---- now and then

// Ends those whose right ended and those who waited long enough, and looks whether something came that nobody told of, from another node or another part of the program.
void Streams::sweep() {
  const auto now = services_.clock.monotonic();
  if (now - swept_ < kSweep) return;
  swept_ = now;
  struct Claimed { ReaderPtr reader; State was; };
  std::vector<Claimed> claimed;
  std::map<std::int64_t, store::CollectionStamp> known;
  {
    std::scoped_lock lock(mutex_);
    for (const auto& reader : readers_) {
      known.emplace(reader->question->number, store::CollectionStamp{});
      if (reader->state != State::Idle && reader->state != State::Full) continue;   // the others are asked on their way
      claimed.push_back({reader, reader->state});
      reader->state = State::Busy;
    }
    std::erase_if(stamps_, [&known](const auto& one) { return !known.contains(one.first); });
    for (auto& [collection, stamp] : known)
      if (const auto found = stamps_.find(collection); found != stamps_.end()) stamp = found->second;
  }
  for (const auto& [reader, was] : claimed) {
    if (!is_still_in(*reader)) end(reader, Error{ErrorKind::Unauthenticated, "Please sign in, or send a valid token."});
    else if (!reader->stream && reader->answer_by <= now && was == State::Idle) answer(*reader, nothing_yet(*reader));
    else settle(reader, was == State::Full);
  }
  if (!known.empty()) {
    if (auto db = services_.store.lease())
      for (auto& [collection, stamp] : known) {
        const auto fresh = store::stamp_of(**db, collection);
        if (!fresh) continue;                      // said by whoever reads a page
        std::scoped_lock lock(mutex_);
        auto& kept = stamps_[collection];
        const bool is_changed = !*fresh || (*fresh)->head > stamp.head || (*fresh)->rights != stamp.rights;
        if (is_changed) posted_[collection].clear();
        if (*fresh) kept.head = std::max(kept.head, (*fresh)->head), kept.rights = (*fresh)->rights;
      }
  }
  forget_pages();
}

void Streams::forget_pages() {
  const auto now = services_.clock.monotonic();
  std::scoped_lock lock(mutex_);
  std::erase_if(questions_, [](const auto& one) { return one.second.expired(); });
  std::erase_if(groups_, [](const auto& one) { return one.second.expired(); });
  for (const auto& [key, weak] : groups_)
    if (const auto group = weak.lock()) std::erase_if(group->pages, [now](const auto& one) { return now - one.second->made >= kPageKept; });
}

}  // namespace sluice::web::taxii
