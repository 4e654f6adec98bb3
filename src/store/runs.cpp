// Longer than other files because it is one idea: how entries lie in pages, and what adds, merges, removes and finds them there.
#include "store/runs.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/read_work.h"

namespace sluice::store {

namespace {

// A page: its own first entry, by which it is found and which stays, and up to so many entries; each the key and the number of an object, the high bytes first.
constexpr std::size_t kEntryBytes = 16, kEntriesOfPage = 248;
constexpr std::size_t kFanout = 4, kMostInputs = 8;
constexpr std::int64_t kPagesTogether = 8, kPagesDropped = 32;
constexpr std::size_t kKeysTogether = 50'000, kMostMarks = 4096, kMostWork = 400'000, kPagesKept = 64;
constexpr std::size_t kLeastWork = 2048, kWorkOfEntry = 16;       // entries moved for each that is added; the levels of a large index are fewer

enum RunState : std::int64_t { kWhole = 0, kMerging = 1, kMaking = 2, kMerged = 3 };

constexpr Sql kRunsOf{"runs_of_part", "SELECT n, level, entries, state, output, mark, upto FROM index_run WHERE collection = $1 AND part = $2 ORDER BY n"};
constexpr Sql kIsReadable{"run_is_readable", "SELECT 1 FROM index_run WHERE n = $1 AND mark = $2 AND state < 2"};
constexpr Sql kMarksOf{"run_marks", "SELECT n, mark FROM index_run WHERE collection = $1 AND part = 1 AND state < 2"};
constexpr Sql kNewestRun{"newest_run", "SELECT MAX(n) FROM index_run"};
constexpr Sql kAddRun{"add_run", "INSERT INTO index_run (n, collection, part, level, entries, state, output, mark, upto) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)"};
constexpr Sql kJoinRun{"join_run", "UPDATE index_run SET state = 1, output = $2 WHERE n = $1"};
constexpr Sql kMoveRunOn{"move_run_on", "UPDATE index_run SET state = $2, level = $3, entries = $4, upto = $5 WHERE n = $1"};
constexpr Sql kRunIsMerged{"run_is_merged", "UPDATE index_run SET state = 3 WHERE output = $1 AND state = 1 AND collection = $2 AND part = $3"};
constexpr Sql kDropRun{"drop_run", "DELETE FROM index_run WHERE n = $1"};
constexpr Bulk kRunPages{"index_page", "run, first, body"};
constexpr Sql kDropPages{"drop_run_pages", "DELETE FROM index_page WHERE run = $1 AND first IN (SELECT first FROM index_page WHERE run = $1 ORDER BY first LIMIT $2)"};
constexpr Sql kDropPage{"drop_run_page", "DELETE FROM index_page WHERE run = $1 AND first = $2"};
constexpr Sql kSetPage{"set_run_page", "UPDATE index_page SET body = $3 WHERE run = $1 AND first = $2"};
// The page that holds an entry, if one does: of all pages that begin before it the last.
constexpr Sql kPageAt{"run_page_at", "SELECT body FROM index_page WHERE run = $1 AND first <= $2 ORDER BY first DESC LIMIT 1"};
constexpr Sql kPageBefore{"run_page_before", "SELECT body FROM index_page WHERE run = $1 AND first < $2 ORDER BY first DESC LIMIT 1"};
constexpr Sql kPagesAfter{"run_pages_after", "SELECT body FROM index_page WHERE run = $1 AND first > $2 ORDER BY first LIMIT $3"};
// The same of each run that can be read, in one question.
constexpr Sql kPagesAt{"run_pages_at", "SELECT r.n, r.mark, (SELECT p.body FROM index_page p WHERE p.run = r.n AND p.first <= $3 ORDER BY p.first DESC LIMIT 1) FROM index_run r WHERE r.collection = $1 AND r.part = $2 AND r.state < 2"};

using Key16 = std::array<std::uint8_t, kEntryBytes>;

void put_u64(std::uint8_t* to, std::uint64_t value) {
  for (int i = 7; i >= 0; --i, value >>= 8) to[i] = static_cast<std::uint8_t>(value);
}
std::uint64_t u64_at(const std::uint8_t* from) {
  std::uint64_t out = 0;
  for (int i = 0; i < 8; ++i) out = out << 8 | from[i];
  return out;
}
Key16 packed(const RunEntry& entry) {
  Key16 out{};
  put_u64(out.data(), entry.key), put_u64(out.data() + 8, static_cast<std::uint64_t>(entry.object));
  return out;
}
RunEntry unpacked(const std::uint8_t* from) { return {u64_at(from), static_cast<std::int64_t>(u64_at(from + 8))}; }

std::size_t entries_in(ByteView page) { return page.size() < kEntryBytes ? 0 : page.size() / kEntryBytes - 1; }
RunEntry entry_in(ByteView page, std::size_t i) { return unpacked(page.data() + (i + 1) * kEntryBytes); }
// The first that is not less.
std::size_t place_in(ByteView page, const RunEntry& entry) {
  std::size_t low = 0, high = entries_in(page);
  while (low < high) {
    const auto middle = (low + high) / 2;
    if (entry_in(page, middle) < entry) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Sorted entries on their way into pages.
class PageWriter {
 public:
  explicit PageWriter(std::int64_t run) : run_(run) {}
  void add(const RunEntry& entry) {
    const auto bytes = packed(entry);
    if (pages_.empty() || pages_.back().size() == (kEntriesOfPage + 1) * kEntryBytes) pages_.emplace_back(bytes.begin(), bytes.end()).reserve((kEntriesOfPage + 1) * kEntryBytes);
    pages_.back().insert(pages_.back().end(), bytes.begin(), bytes.end());
  }
  std::size_t full_pages() const { return pages_.empty() ? 0 : pages_.size() - (pages_.back().size() < (kEntriesOfPage + 1) * kEntryBytes ? 1 : 0); }
  std::int64_t entries() const { return entries_; }               // that are written
  const std::optional<RunEntry>& last() const { return last_; }   // of these
  // Writes them; the last one only if it is full, or `with_rest`.
  Result<void> write(Tx& tx, bool with_rest) {
    const auto count = with_rest ? pages_.size() : full_pages();
    if (count == 0) return {};
    Batch batch;
    for (std::size_t i = 0; i < count; ++i) {
      batch.add(run_, ByteView(pages_[i].data(), kEntryBytes), ByteView(pages_[i]));
      entries_ += static_cast<std::int64_t>(entries_in(pages_[i]));
    }
    last_ = entry_in(pages_[count - 1], entries_in(pages_[count - 1]) - 1);
    TRY(tx.insert_many(kRunPages, batch));
    pages_.erase(pages_.begin(), pages_.begin() + static_cast<std::ptrdiff_t>(count));
    return {};
  }

 private:
  std::int64_t run_, entries_ = 0;
  std::optional<RunEntry> last_;
  std::vector<Bytes> pages_;
};

// A run from a place on, upwards: what a merge reads.
class RunReader {
 public:
  explicit RunReader(std::int64_t run) : run_(run) {}
  // After this entry; none: from its beginning.
  Result<void> seek(Queries& db, std::optional<RunEntry> after) {
    if (!after) return read_on(db, {});
    {
      TRY(const auto row, db.one(kPageAt, run_, packed(*after)));
      if (row) pages_.push_back(row->copy(0));
    }
    if (pages_.empty()) return read_on(db, {});
    i_ = place_in(pages_.front(), RunEntry{after->key, after->object + 1});
    return settle(db);
  }
  bool is_at_end() const { return at_ >= pages_.size(); }
  const RunEntry& head() const { return head_; }
  Result<void> step(Queries& db) {
    ++i_;
    return settle(db);
  }

 private:
  Result<void> settle(Queries& db) {
    while (at_ < pages_.size() && i_ >= entries_in(pages_[at_])) {
      ++at_, i_ = 0;
      if (at_ == pages_.size()) {
        const Bytes last(pages_.back().begin(), pages_.back().begin() + kEntryBytes);
        pages_.clear(), at_ = 0;
        TRY(read_on(db, last));
        return {};
      }
    }
    if (at_ < pages_.size()) head_ = entry_in(pages_[at_], i_);
    return {};
  }
  Result<void> read_on(Queries& db, const Bytes& after) {
    {
      TRY(auto rows, db.query(kPagesAfter, run_, after, kPagesTogether));
      for (;;) {
        TRY(const bool more, rows.next());
        if (!more) break;
        pages_.push_back(rows.copy(0));
      }
    }
    return pages_.empty() ? Result<void>() : settle(db);
  }
  std::int64_t run_;
  std::vector<Bytes> pages_;
  std::size_t at_ = 0, i_ = 0;
  RunEntry head_;
};

struct RunRow { std::int64_t n = 0, level = 0, entries = 0, state = 0, output = 0, mark = 0; std::optional<RunEntry> upto; };

Result<std::vector<RunRow>> runs_of(Queries& db, std::int64_t collection, Part part) {
  std::vector<RunRow> out;
  TRY(auto rows, db.query(kRunsOf, collection, static_cast<int>(part)));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    auto& one = out.emplace_back(RunRow{rows.i64(0), rows.i64(1), rows.i64(2), rows.i64(3), rows.i64(4), rows.i64(5), {}});
    if (const auto upto = rows.bytes(6); upto.size() == kEntryBytes) one.upto = unpacked(upto.data());
  }
}

// Of 256 entries and more one level for each fourfold.
std::int64_t level_of(std::int64_t entries) {
  std::int64_t out = 0;
  for (; entries >= 256; entries /= 4) ++out;
  return out;
}

std::int64_t lot() {
  std::array<std::uint8_t, 8> bytes;
  system_random().fill(bytes);
  return static_cast<std::int64_t>(u64_at(bytes.data()) >> 1);
}

// The runs of one part while something is added: what is due of their merging.
class Merging {
 public:
  Merging(Tx& tx, RunFilters& filters, std::int64_t collection, Part part, std::vector<RunRow> runs, std::int64_t newest) : tx_(tx), filters_(filters), collection_(collection), part_(part), runs_(std::move(runs)), newest_(newest) {}

  Result<void> work(std::size_t budget) {
    while (budget > 0) {
      auto* making = find(kMaking);
      // Small runs first, so that a large merge doesn't let them pile up.
      TRY(auto* const begun, begin(making == nullptr ? INT64_MAX : making->level));
      if (begun != nullptr) making = begun;
      if (making != nullptr) {
        TRY(const auto moved, go_on(*making, budget));
        budget -= std::min(budget, moved);
        continue;
      }
      auto* merged = find(kMerged);
      if (merged == nullptr) return {};
      TRY(const auto dropped, tx_.run(kDropPages, merged->n, kPagesDropped));
      if (dropped < kPagesDropped) {
        TRY(tx_.run(kDropRun, merged->n));
        runs_.erase(runs_.begin() + (merged - runs_.data()));
      }
      budget -= std::min<std::size_t>(budget, kEntriesOfPage);
    }
    return {};
  }

 private:
  // The smallest in this state.
  RunRow* find(std::int64_t state) {
    RunRow* out = nullptr;
    for (auto& one : runs_)
      if (one.state == state && (out == nullptr || one.level < out->level)) out = &one;
    return out;
  }

  // A run in the making for the lowest level that has enough whole ones, if one has whose outcome is smaller than this level.
  Result<RunRow*> begin(std::int64_t below) {
    std::map<std::int64_t, std::vector<std::size_t>> levels;
    for (std::size_t i = 0; i < runs_.size(); ++i)
      if (runs_[i].state == kWhole) levels[runs_[i].level].push_back(i);
    for (auto& [level, which] : levels) {
      if (which.size() < kFanout || level + 1 >= below) continue;
      which.resize(std::min(which.size(), kMostInputs));
      RunRow made{.n = ++newest_, .level = level + 1, .state = kMaking, .mark = lot()};
      TRY(tx_.run(kAddRun, made.n, collection_, static_cast<int>(part_), made.level, 0, static_cast<std::int64_t>(kMaking), made.mark, Bytes()));
      for (const auto i : which) {
        TRY(tx_.run(kJoinRun, runs_[i].n, made.n));
        runs_[i].state = kMerging, runs_[i].output = made.n;
      }
      runs_.push_back(made);
      return &runs_.back();
    }
    return nullptr;
  }

  // How many entries were moved.
  Result<std::size_t> go_on(RunRow& made, std::size_t budget) {
    std::vector<RunReader> inputs;
    for (const auto& one : runs_)
      if (one.state == kMerging && one.output == made.n) {
        TRY(inputs.emplace_back(one.n).seek(tx_, made.upto));
      }
    PageWriter pages(made.n);
    std::size_t moved = 0;
    std::optional<RunEntry> last = made.upto;
    bool is_whole = false;
    // On to the end of a page, so that each step moves on.
    for (;;) {
      RunReader* next = nullptr;
      for (auto& one : inputs)
        if (!one.is_at_end() && (next == nullptr || one.head() < next->head())) next = &one;
      if (next == nullptr) {
        is_whole = true;
        break;
      }
      if (moved >= budget && (pages.full_pages() > 0 || pages.entries() > 0)) break;
      if (pages.full_pages() >= kPagesKept) TRY(pages.write(tx_, false));
      ++moved;
      if (const auto entry = next->head(); !last || *last < entry) pages.add(entry), last = entry;
      TRY(next->step(tx_));
    }
    TRY(pages.write(tx_, is_whole));
    made.entries += pages.entries();
    if (pages.last()) made.upto = pages.last();
    if (is_whole) made.state = kWhole, made.level = level_of(made.entries), made.upto.reset();
    const auto upto = made.upto ? packed(*made.upto) : Key16{};
    TRY(tx_.run(kMoveRunOn, made.n, made.state, made.level, made.entries, ByteView(upto.data(), made.upto ? kEntryBytes : 0)));
    if (is_whole) {
      TRY(tx_.run(kRunIsMerged, made.n, collection_, static_cast<int>(part_)));
      std::vector<std::int64_t> marks;
      for (auto& one : runs_)
        if (one.state == kMerging && one.output == made.n) one.state = kMerged, marks.push_back(one.mark);
      if (part_ == Part::Names) filters_.names.merged(collection_, marks, made.mark);
      else filters_.ties.merged(collection_, marks, made.mark);
    }
    return std::max<std::size_t>(moved, 1);
  }

  Tx& tx_;
  RunFilters& filters_;
  std::int64_t collection_;
  Part part_;
  std::vector<RunRow> runs_;
  std::int64_t newest_;
};

}  // namespace

Result<void> add_entries(Tx& tx, RunFilters& filters, std::int64_t collection, Part part, std::vector<RunEntry> entries) {
  if (entries.empty()) return {};
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  TRY(const auto newest, tx.number(kNewestRun));
  TRY(auto runs, runs_of(tx, collection, part));
  const auto count = static_cast<std::int64_t>(entries.size());
  RunRow added{.n = newest.value_or(0) + 1, .level = level_of(count), .entries = count, .mark = lot()};
  TRY(tx.run(kAddRun, added.n, collection, static_cast<int>(part), added.level, count, static_cast<std::int64_t>(kWhole), added.mark, Bytes()));
  PageWriter pages(added.n);
  for (const auto& one : entries) pages.add(one);
  TRY(pages.write(tx, true));
  std::vector<std::uint64_t> keys;
  keys.reserve(entries.size());
  for (const auto& one : entries) keys.push_back(one.key);
  if (part == Part::Names) filters.names.added(collection, added.mark, keys);
  else filters.ties.added(collection, added.mark, keys);
  runs.push_back(added);
  return Merging(tx, filters, collection, part, std::move(runs), added.n).work(std::clamp(entries.size() * kWorkOfEntry, kLeastWork, kMostWork));
}

Result<void> remove_entries(Tx& tx, RunFilters& filters, std::int64_t collection, Part part, std::vector<RunEntry> entries) {
  if (entries.empty()) return {};
  std::sort(entries.begin(), entries.end());
  std::vector<std::uint64_t> keys;
  for (const auto& one : entries) keys.push_back(one.key);
  if (part == Part::Names) filters.names.kept(collection, keys);
  else filters.ties.kept(collection, keys);
  TRY(const auto runs, runs_of(tx, collection, part));
  for (const auto& run : runs) {
    for (std::size_t i = 0; i < entries.size();) {
      Bytes page;
      {
        TRY(const auto row, tx.one(kPageAt, run.n, packed(entries[i])));
        if (row) page = row->copy(0);
      }
      // Of this page all that go; those that lie behind its last entry may be another's.
      Bytes left(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(std::min(page.size(), kEntryBytes)));
      const auto count = entries_in(page);
      std::size_t at = place_in(page, entries[i]);
      const std::size_t before = at;
      left.insert(left.end(), page.begin() + static_cast<std::ptrdiff_t>(left.size()), page.begin() + static_cast<std::ptrdiff_t>(page.empty() ? 0 : (at + 1) * kEntryBytes));
      bool is_changed = false;
      for (; at < count; ++at) {
        const auto entry = entry_in(page, at);
        while (i < entries.size() && entries[i] < entry) ++i;
        if (i < entries.size() && entries[i] == entry) {
          is_changed = true;
          continue;
        }
        const auto* bytes = page.data() + (at + 1) * kEntryBytes;
        left.insert(left.end(), bytes, bytes + kEntryBytes);
      }
      if (is_changed && entries_in(left) == 0) TRY(tx.run(kDropPage, run.n, ByteView(page.data(), kEntryBytes)));
      else if (is_changed) TRY(tx.run(kSetPage, run.n, ByteView(page.data(), kEntryBytes), left));
      // On, behind this page's last entry.
      if (before == count) ++i;
      else if (i < entries.size() && entries[i] == entry_in(page, count - 1)) ++i;
    }
  }
  return {};
}

// ---- reading

Result<RunCursor> RunCursor::under(Queries& db, std::int64_t collection, Part part, std::uint64_t key, RunOrder order, TieFilters* filter) {
  RunCursor out(db, collection, part, key, order);
  const auto before = read_work();
  bool may_be_there = true;
  if (filter != nullptr) {
    TRY(may_be_there, filter->may_hold(db, collection, key));
  }
  if (may_be_there) TRY(out.open());
  // N3: pages are looked at as those of a tree are, and no more counted than they.
  read_work() = before;
  ++read_work().queries;
  return out;
}

Result<void> RunCursor::open() {
  for (bool is_whole = false; !is_whole;) {
    runs_.clear();
    {
      TRY(auto rows, db_->query(kPagesAt, collection_, static_cast<int>(part_), packed({key_, bound_})));
      for (;;) {
        TRY(const bool more, rows.next());
        if (!more) break;
        take(runs_.emplace_back(At{.run = rows.i64(0), .mark = rows.i64(1), .objects = {}, .i = 0, .first = {}}), rows.bytes(2));
      }
    }
    is_whole = true;
    for (auto& one : runs_) {
      TRY(is_whole, fill(one));
      if (!is_whole) break;
    }
  }
  return {};
}

// Of a page those under the key, in the order that is asked for; and whether there may be more behind it.
void RunCursor::take(At& at, ByteView page) const {
  at.objects.clear(), at.i = 0;
  at.first.assign(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(std::min(page.size(), kEntryBytes)));
  if (order_ == RunOrder::NewestFirst) {
    const auto begin = place_in(page, {key_, 0});
    auto i = place_in(page, {key_, bound_});
    if (i < entries_in(page) && entry_in(page, i) == RunEntry{key_, bound_}) ++i;
    while (i-- > begin) at.objects.push_back(entry_in(page, i).object);
    at.is_at_end = page.empty() || u64_at(at.first.data()) < key_;  // what lies before its first entry is of lesser keys
  } else {
    const auto end = entries_in(page);
    auto i = place_in(page, {key_, bound_});
    for (; i < end && entry_in(page, i).key == key_; ++i) at.objects.push_back(entry_in(page, i).object);
    at.is_at_end = i < end;                                       // one of a greater key follows
  }
}

// Reads on until there is one, or none is left. False: the run was merged away meanwhile.
Result<bool> RunCursor::fill(At& at) {
  while (at.i >= at.objects.size() && !at.is_at_end) {
    Bytes page;
    if (order_ == RunOrder::NewestFirst) {
      TRY(const auto row, db_->one(kPageBefore, at.run, at.first));
      if (row) page = row->copy(0);
    } else {
      TRY(const auto row, db_->one(kPagesAfter, at.run, at.first, 1));
      if (row) page = row->copy(0);
    }
    TRY(const auto is_readable, db_->number(kIsReadable, at.run, at.mark));
    if (!is_readable) return false;
    if (page.empty()) at.is_at_end = true, at.objects.clear(), at.i = 0;
    else take(at, page);
  }
  return true;
}

Result<std::optional<std::int64_t>> RunCursor::next() {
  for (;;) {
    At* best = nullptr;
    for (auto& one : runs_) {
      if (one.i >= one.objects.size()) continue;
      const auto object = one.objects[one.i];
      if (best == nullptr || (order_ == RunOrder::NewestFirst ? object > best->objects[best->i] : object < best->objects[best->i])) best = &one;
    }
    if (best == nullptr) return std::optional<std::int64_t>{};
    const auto object = best->objects[best->i++];
    const auto before = read_work();
    TRY(const bool is_whole, fill(*best));
    if (!is_whole) {
      bound_ = order_ == RunOrder::NewestFirst ? object - 1 : object + 1;
      TRY(open());
    }
    read_work() = before;
    if (last_ == object) continue;                // the same in a run that is merged and in one that came of it
    last_ = object;
    ++read_work().rows;
    return std::optional(object);
  }
}

Result<std::vector<std::int64_t>> RunCursor::next(std::size_t most) {
  std::vector<std::int64_t> out;
  while (out.size() < most) {
    TRY(const auto one, next());
    if (!one) break;
    out.push_back(*one);
  }
  return out;
}

// ---- the names that are held

Result<const KeyFilter*> NameFilters::of(Tx& tx, std::int64_t collection) {
  auto& mine = all_[collection];
  TRY(const auto runs, runs_of(tx, collection, Part::Names));
  std::set<std::int64_t> marks;
  for (const auto& run : runs) {
    if (mine.marks.contains(run.mark)) marks.insert(run.mark);
    if (run.state >= kMaking || mine.marks.contains(run.mark)) continue;
    RunReader reader(run.n);
    TRY(reader.seek(tx, std::nullopt));
    while (!reader.is_at_end()) {
      mine.keys.add(reader.head().key);
      TRY(reader.step(tx));
    }
    marks.insert(run.mark);
  }
  mine.marks = std::move(marks);
  return &mine.keys;
}

void NameFilters::added(std::int64_t collection, std::int64_t mark, std::span<const std::uint64_t> keys) {
  const auto found = all_.find(collection);
  if (found == all_.end()) return;                // read whole when it is asked for
  for (const auto key : keys) found->second.keys.add(key);
  found->second.marks.insert(mark);
}

void NameFilters::merged(std::int64_t collection, std::span<const std::int64_t> inputs, std::int64_t output) {
  const auto found = all_.find(collection);
  if (found == all_.end()) return;
  auto& marks = found->second.marks;
  if (std::all_of(inputs.begin(), inputs.end(), [&](std::int64_t one) { return marks.contains(one); })) marks.insert(output);
}

void NameFilters::kept(std::int64_t collection, std::span<const std::uint64_t> keys) {
  for (const auto key : keys) all_[collection].keys.add(key);
}

// ---- what is found by

std::shared_ptr<TieFilters::OfCollection> TieFilters::known(std::int64_t collection) {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(collection);
  return found == all_.end() ? nullptr : found->second;
}

std::shared_ptr<TieFilters::OfCollection> TieFilters::made(std::int64_t collection) {
  const std::lock_guard lock(mutex_);
  auto& out = all_[collection];
  if (!out) out = std::make_shared<OfCollection>();
  return out;
}

Result<bool> TieFilters::may_hold(Queries& db, std::int64_t collection, std::uint64_t key) {
  const auto mine = made(collection);
  std::vector<std::pair<std::int64_t, std::int64_t>> runs;        // numbers and marks
  {
    TRY(auto rows, db.query(kMarksOf, collection));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      runs.emplace_back(rows.i64(0), rows.i64(1));
    }
  }
  const auto is_missing = [&mine](const auto& run) { return !mine->marks.contains(run.second); };
  {
    const std::shared_lock lock(mine->mutex);
    if (std::none_of(runs.begin(), runs.end(), is_missing)) return mine->keys.may_hold(key);
  }
  const std::unique_lock filling(mine->filling, std::try_to_lock);
  if (!filling) return true;                      // somebody reads it already
  for (const auto& run : runs) {
    {
      const std::shared_lock lock(mine->mutex);
      if (!is_missing(run)) continue;
    }
    RunReader reader(run.first);
    TRY(reader.seek(db, std::nullopt));
    while (!reader.is_at_end()) {
      std::vector<std::uint64_t> keys;
      for (; keys.size() < kKeysTogether && !reader.is_at_end();) {
        keys.push_back(reader.head().key);
        TRY(reader.step(db));
      }
      const std::lock_guard lock(mine->mutex);
      for (const auto one : keys) mine->keys.add(one);
    }
    TRY(const auto is_readable, db.number(kIsReadable, run.first, run.second));
    if (!is_readable) return true;                // merged away while it was read: perhaps not all of it was
    const std::lock_guard lock(mine->mutex);
    mine->marks.insert(run.second);
  }
  const std::lock_guard lock(mine->mutex);
  if (mine->marks.size() > kMostMarks) {          // of runs that are gone; one that is still read elsewhere is taken in once more
    mine->marks.clear();
    for (const auto& run : runs) mine->marks.insert(run.second);
  }
  return mine->keys.may_hold(key);
}

void TieFilters::added(std::int64_t collection, std::int64_t mark, std::span<const std::uint64_t> keys) {
  const auto mine = known(collection);
  if (!mine) return;                              // read whole when it is asked for
  const std::lock_guard lock(mine->mutex);
  for (const auto key : keys) mine->keys.add(key);
  mine->marks.insert(mark);
}

void TieFilters::merged(std::int64_t collection, std::span<const std::int64_t> inputs, std::int64_t output) {
  const auto mine = known(collection);
  if (!mine) return;
  const std::lock_guard lock(mine->mutex);
  if (std::all_of(inputs.begin(), inputs.end(), [&](std::int64_t one) { return mine->marks.contains(one); })) mine->marks.insert(output);
}

void TieFilters::kept(std::int64_t collection, std::span<const std::uint64_t> keys) {
  const auto mine = made(collection);
  const std::lock_guard lock(mine->mutex);
  for (const auto key : keys) mine->keys.add(key);
}

}  // namespace sluice::store
