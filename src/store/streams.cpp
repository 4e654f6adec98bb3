#include "store/streams.h"

#include <algorithm>

#include "store/read_work.h"

namespace sluice::store {

namespace {

// After what is known, oldest first, so that a reader who stops half-way has a true prefix. The event's type is inside what is sealed.
constexpr Sql kEntriesOfStream{"entries_of_stream", "SELECT pos, id, stream_seq, record FROM entry WHERE stream = $1 AND stream_seq > $2 ORDER BY stream_seq"};
// How far the stream goes, as its case says; a reader that comes a moment later may see more, never less.
constexpr Sql kHeads{"case_stream_heads", "SELECT stream, head FROM case_stream WHERE case_id = $1"};
constexpr Sql kEnd{"stream_end", "SELECT MAX(head) FROM case_stream WHERE stream = $1"};
constexpr Sql kKey{"compartment_key", "SELECT epoch, wrapped, erased_at FROM compartment_key WHERE stream = $1 AND version = $2 AND key_id = $3"};
constexpr Sql kNewestKey{"newest_compartment_key", "SELECT version, key_id, epoch, wrapped FROM compartment_key WHERE stream = $1 ORDER BY version DESC LIMIT 1"};
constexpr Sql kAddKey{"add_compartment_key", "INSERT INTO compartment_key (stream, version, key_id, epoch, wrapped) VALUES ($1, $2, $3, $4, $5)"};

std::unexpected<Error> damaged() { return fail(ErrorKind::Unavailable, "A part of this case is damaged.", {}, {}, "corrupt"); }
std::unexpected<Error> erased() { return fail(ErrorKind::Unavailable, "This part of the case was erased.", {}, {}, "erased"); }

std::array<std::uint8_t, 20> cache_name(const ledger::KeyName& name) {
  std::array<std::uint8_t, 20> out{};
  std::copy(name.id.begin(), name.id.end(), out.begin());
  for (int i = 0; i < 4; ++i) out[16 + i] = static_cast<std::uint8_t>(name.version >> (8 * i));
  return out;
}

}  // namespace

std::string Streams::name_of(CaseId id, const access::Compartment& compartment) const { return id.text() + "/" + compartment.text(); }
Tag Streams::tag_of(CaseId id, const access::Compartment& compartment) const { return cells_.tag("stream", name_of(id, compartment)); }

Result<std::shared_ptr<const ledger::SecretKey>> Streams::key(Queries& db, const Tag& stream, const ledger::KeyName& name) {
  {
    std::scoped_lock lock(mutex_);
    if (const auto found = keys_.find(cache_name(name)); found != keys_.end()) return found->second;
  }
  TRY(auto row, db.one(kKey, stream, name.version, name.id));
  // Erased is what was erased on purpose; a key that is just not there is damage, and nothing may be concluded from what it hid.
  if (!row || (row->is_null(1) && row->is_null(2))) return damaged();
  if (row->is_null(1)) return erased();
  ++read_work().opened;
  TRY(auto opened, cells_.keys().unwrap({name, static_cast<std::uint32_t>(row->i64(0)), row->copy(1)}));
  auto shared = std::make_shared<const ledger::SecretKey>(std::move(opened));
  std::scoped_lock lock(mutex_);
  return keys_.emplace(cache_name(name), shared).first->second;
}

Result<std::pair<ledger::KeyName, std::shared_ptr<const ledger::SecretKey>>> Streams::writing_key(Tx& tx, const Tag& stream) {
  {
    std::scoped_lock lock(mutex_);
    if (const auto found = current_.find(stream); found != current_.end()) return found->second;
  }
  TRY(auto wrapped, newest_key(tx, stream));
  if (!wrapped) {
    TRY(wrapped, cells_.keys().new_key(system_random()));
    TRY(tx.run(kAddKey, stream, wrapped->name.version, wrapped->name.id, wrapped->epoch, wrapped->wrapped));
  }
  TRY(auto opened, cells_.keys().unwrap(*wrapped));
  std::pair out{wrapped->name, std::make_shared<const ledger::SecretKey>(std::move(opened))};
  std::scoped_lock lock(mutex_);
  keys_[cache_name(out.first)] = out.second;
  current_[stream] = out;
  return out;
}

std::optional<std::pair<ledger::KeyName, std::shared_ptr<const ledger::SecretKey>>> Streams::known_writing_key(const Tag& stream) {
  std::scoped_lock lock(mutex_);
  const auto found = current_.find(stream);
  return found == current_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<ledger::WrappedKey>> Streams::newest_key(Queries& db, const Tag& stream) {
  TRY(auto row, db.one(kNewestKey, stream));
  if (!row) return std::optional<ledger::WrappedKey>{};
  if (row->is_null(3)) return erased();
  ledger::WrappedKey out;
  std::copy_n(row->bytes(1).begin(), 16, out.name.id.begin());
  out.name.version = static_cast<std::uint32_t>(row->i64(0));
  out.epoch = static_cast<std::uint32_t>(row->i64(2));
  out.wrapped = row->copy(3);
  return std::optional(std::move(out));
}

Result<void> Streams::renew_key(Tx& tx, const Tag& stream) {
  const auto newest = newest_key(tx, stream);
  if (!newest) return newest.error().code == "erased" ? Result<void>() : std::unexpected(newest.error());
  if (!*newest) return {};
  TRY(const auto next, cells_.keys().next_version(**newest, system_random()));
  TRY(tx.run(kAddKey, stream, next.name.version, next.name.id, next.epoch, next.wrapped));
  std::scoped_lock lock(mutex_);
  current_.erase(stream);
  return {};
}

void Streams::forget(const Tag& stream) {
  std::scoped_lock lock(mutex_);
  current_.erase(stream);
  if (const auto found = cache_.find(stream); found != cache_.end()) {
    held_ -= found->second.entries->size();
    recent_.erase(found->second.place);
    cache_.erase(found);
  }
}

void Streams::forget_all() {
  std::scoped_lock lock(mutex_);
  current_.clear();
  keys_.clear();
  cache_.clear();
  recent_.clear();
  held_ = 0;
}

Result<Streams::Heads> Streams::heads(Queries& db, CaseId id) {
  Heads out;
  TRY(auto rows, db.query(kHeads, id));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    Tag stream{};
    const auto bytes = rows.bytes(0);
    std::copy_n(bytes.begin(), std::min(bytes.size(), stream.size()), stream.begin());
    out[stream] = rows.i64(1);
  }
}

Result<std::shared_ptr<const StreamEntries>> Streams::read(Queries& db, CaseId id, const access::Compartment& compartment, Remember remember, const Heads* heads) {
  const auto tag = tag_of(id, compartment);
  std::shared_ptr<const StreamEntries> known;
  {
    std::scoped_lock lock(mutex_);
    if (const auto found = cache_.find(tag); found != cache_.end()) {
      known = found->second.entries;
      recent_.splice(recent_.begin(), recent_, found->second.place);
    }
  }
  std::optional<std::int64_t> end;
  if (heads == nullptr) {
    TRY(end, db.number(kEnd, tag));  // before the entries: a commit in between only adds
  } else if (const auto head = heads->find(tag); head != heads->end()) {
    end = head->second;
  }
  // In a snapshot, what others have read since is not there yet: rights and content are of one moment.
  if (known && !known->empty() && known->back()->sequence > end.value_or(0)) {
    const auto later = std::find_if(known->begin(), known->end(), [&](const auto& entry) { return entry->sequence > end.value_or(0); });
    return std::make_shared<const StreamEntries>(known->begin(), later);
  }
  if (heads != nullptr && known && !known->empty() && known->back()->sequence == end) return known;  // there is no more in this snapshot
  struct Raw { std::int64_t position, sequence; EntryId id; Bytes record; };
  std::vector<Raw> raw;
  {
    TRY(auto rows, db.query(kEntriesOfStream, tag, known && !known->empty() ? known->back()->sequence : 0));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      TRY(const auto entry, rows.id<EntryId>(1));
      // Without a gap, or something is missing that the view would be wrong without; and each after the one before, or a damaged index gave one of them twice in the place of another.
      const auto before = !raw.empty() ? raw.back().position : known && !known->empty() ? known->back()->context.position : -1;
      const auto expected = (raw.empty() ? (known && !known->empty() ? known->back()->sequence : 0) : raw.back().sequence) + 1;
      if (rows.i64(2) != expected || rows.i64(0) <= before) return damaged();
      raw.push_back({rows.i64(0), rows.i64(2), entry, rows.copy(3)});
    }
  }
  const auto last = raw.empty() ? (known && !known->empty() ? known->back()->sequence : 0) : raw.back().sequence;
  if (end.value_or(0) > last) return damaged();
  if (raw.empty() && known) return known;

  auto all = std::make_shared<StreamEntries>(known ? *known : StreamEntries{});
  for (const auto& r : raw) {
    TRY(const auto name, ledger::key_of(r.record));
    TRY(const auto secret, key(db, tag, name));
    const auto row = r.id.text();
    ++read_work().opened;
    TRY(auto opened, ledger::open_entry(*secret, ledger::entry_place(cells_.site(), row), r.record));
    auto one = std::make_shared<StreamEntry>();
    TRY(one->entry, ledger::read_entry(opened.reveal().entry));
    one->salt = opened.reveal().salt;
    one->sequence = r.sequence;
    one->context = {r.id, r.position, one->entry.recorded, one->entry.occurred.value_or(one->entry.recorded), one->entry.org, one->entry.actor, compartment, one->entry.request};
    for (const auto& change : one->entry.changes) {
      TRY(auto event, cvd::event_from_json(change));
      one->events.push_back(std::move(event));
    }
    all->push_back(std::move(one));
  }

  if (remember == Remember::No) return all;

  std::scoped_lock lock(mutex_);
  if (const auto found = cache_.find(tag); found != cache_.end()) {
    if (found->second.entries->size() >= all->size()) return found->second.entries;  // another thread was faster
    held_ += all->size() - found->second.entries->size();
    found->second.entries = all;
  } else {
    recent_.push_front(tag);
    cache_.emplace(tag, Cached{all, recent_.begin()});
    held_ += all->size();
  }
  while (held_ > most_ && recent_.size() > 1) {
    const auto last = cache_.find(recent_.back());
    held_ -= last->second.entries->size();
    cache_.erase(last);
    recent_.pop_back();
  }
  return all;
}

Result<cvd::CaseFold> Streams::fold(Queries& db, CaseId id, const std::vector<access::Compartment>& compartments, Remember remember, const Heads* heads, std::optional<Instant> as_of) {
  std::vector<std::shared_ptr<const StreamEntries>> streams;
  std::vector<const StreamEntry*> entries;
  for (const auto& compartment : compartments) {
    auto stream = read(db, id, compartment, remember, heads);
    if (!stream && stream.error().code == "erased") continue;  // folds go on without it (KEY-7)
    if (!stream) return std::unexpected(std::move(stream).error());
    for (const auto& entry : **stream)
      if (!as_of || entry->context.recorded <= *as_of) entries.push_back(entry.get());
    streams.push_back(*std::move(stream));
  }
  std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->context.position < b->context.position; });
  cvd::CaseFold fold;
  fold.id = id;
  for (const auto* entry : entries)
    for (const auto& event : entry->events) cvd::apply(fold, event, entry->context);
  return fold;
}

}  // namespace sluice::store
