// An index in sorted runs: from a key to the numbers of objects, written once in order and merged in levels, where a tree would take each entry to another page.
//
//   TRY(add_entries(tx, store.run_filters(), collection.n, Part::Ties, std::move(entries)));
//   TRY(auto found, RunCursor::under(db, collection.n, Part::Ties, key, RunOrder::NewestFirst));
//   for (;;) { TRY(const auto object, found.next()); if (!object) break; … }
//
// What is added makes a run of its own, some pages of sorted entries. Four runs of like size become one; that goes on a piece with each addition, in its transaction, so that no addition waits for a large
// merge, and whoever comes next goes on where it stands. A question looks into each run of its collection: a page of each, found by the page's first entry.
//
// Whoever asks outside of a transaction may find that a run was merged away between two of its pages: then it begins anew in those that stand, behind what it had.
//
// Always holds
//   N1  What was added and not removed is found, once, whatever is being merged.
//   N2  What was removed stands in no page any more, also not in one of a run in the making.
//   N3  Runs are one collection's. What a question costs follows from how many runs that has, and from what is found; not from what other keys hold.
//   N4  An addition does work in proportion to what it adds, and no more than that however large the runs are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/run_filters.h"

namespace sluice::store {

enum class Part : int { Names = 0, Ties = 1 };

struct RunEntry {
  std::uint64_t key = 0;
  std::int64_t object = 0;
  auto operator<=>(const RunEntry&) const = default;
};

// ---- writing: within the Writer's transaction

Result<void> add_entries(Tx& tx, RunFilters& filters, std::int64_t collection, Part part, std::vector<RunEntry> entries);
Result<void> remove_entries(Tx& tx, RunFilters& filters, std::int64_t collection, Part part, std::vector<RunEntry> entries);   // all that go, at once: those of one page cost one

// ---- reading

enum class RunOrder { NewestFirst, OldestFirst };   // by the numbers of objects

class RunCursor {
 public:
  // With `filter`, of ties alone: no page is read where that says that there is nothing.
  static Result<RunCursor> under(Queries& db, std::int64_t collection, Part part, std::uint64_t key, RunOrder order, TieFilters* filter = nullptr);
  // The next object, or none.
  Result<std::optional<std::int64_t>> next();
  // Up to so many of them; fewer are all that are left.
  Result<std::vector<std::int64_t>> next(std::size_t most);

 private:
  struct At { std::int64_t run = 0, mark = 0; std::vector<std::int64_t> objects; std::size_t i = 0; Bytes first; bool is_at_end = false; };
  RunCursor(Queries& db, std::int64_t collection, Part part, std::uint64_t key, RunOrder order) : db_(&db), collection_(collection), part_(part), key_(key), order_(order), bound_(order == RunOrder::NewestFirst ? INT64_MAX : 0) {}
  Result<void> open();
  void take(At& at, ByteView page) const;
  Result<bool> fill(At& at);
  Queries* db_;
  std::int64_t collection_;
  Part part_;
  std::uint64_t key_;
  RunOrder order_;
  std::int64_t bound_;                            // the object it begins with, in its order
  std::vector<At> runs_;
  std::optional<std::int64_t> last_;
};

}  // namespace sluice::store
