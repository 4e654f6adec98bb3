// What reading has cost: statements, rows they gave, and cells, entries and keys that were opened. Counted for each thread, always: an increment is all it takes.
// Tests hold the counts for what is hidden and for what never was to each other (EXI-1, T2).
#pragma once

#include <cstdint>

namespace sluice::store {

struct ReadWork {
  std::uint64_t queries = 0, rows = 0, opened = 0;
  bool operator==(const ReadWork&) const = default;
  friend ReadWork operator-(const ReadWork& after, const ReadWork& before) { return {after.queries - before.queries, after.rows - before.rows, after.opened - before.opened}; }
};

inline ReadWork& read_work() {
  thread_local ReadWork done;
  return done;
}

}  // namespace sluice::store
