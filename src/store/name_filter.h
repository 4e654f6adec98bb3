// Which names a collection may hold, in memory, so that putting what is new need not ask for each. For the Writer alone.
//
// Always holds
//   K1  What is held is never denied: of(…) has taken in every run that stands in this transaction. Of what isn't held, about one in a hundred is taken for held.
//   K2  Runs are told by marks that are drawn by lot, so that one that was undone, or another node's, is never taken for one that was seen.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "store/db.h"

namespace sluice::store {

// Bits by keys, in blocks of a cache line (Bloom, 1970).
class KeyFilter {
 public:
  void add(std::uint64_t key);
  bool may_hold(std::uint64_t key) const;
  std::size_t size() const;                       // keys that changed it

 private:
  struct Table { std::vector<std::array<std::uint64_t, 8>> blocks; std::size_t keys = 0, most = 0; };
  std::vector<Table> tables_;                     // each twice as large as the one before
};

class NameFilters {
 public:
  // As the collection stands in this transaction.
  Result<const KeyFilter*> of(Tx& tx, std::int64_t collection);
  void added(std::int64_t collection, std::int64_t mark, std::span<const std::uint64_t> keys);
  void merged(std::int64_t collection, std::span<const std::int64_t> inputs, std::int64_t output);   // their marks

 private:
  struct OfCollection { KeyFilter keys; std::set<std::int64_t> marks; };
  std::map<std::int64_t, OfCollection> all_;
};

}  // namespace sluice::store
