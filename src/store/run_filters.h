// Which keys the runs of a collection may hold (runs.h), in memory: putting what is new need not ask for each name, and a question looks at no page where nothing is to be found.
//
// Always holds
//   K1  What is held is never denied: each question first takes in every run that stands in its snapshot. What is taken out stays in, since the transaction that
//       takes it out may be undone. Of what isn't held, a few in a hundred are taken for held.
//   K2  Runs are told by marks that are drawn by lot, so that one that was undone, or another node's, is never taken for one that was seen.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
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

// Of names: of the Writer's thread alone.
class NameFilters {
 public:
  // As the collection stands in this transaction.
  Result<const KeyFilter*> of(Tx& tx, std::int64_t collection);
  void added(std::int64_t collection, std::int64_t mark, std::span<const std::uint64_t> keys);
  void merged(std::int64_t collection, std::span<const std::int64_t> inputs, std::int64_t output);   // their marks
  void kept(std::int64_t collection, std::span<const std::uint64_t> keys);                           // of what is taken out

 private:
  struct OfCollection { KeyFilter keys; std::set<std::int64_t> marks; };
  std::map<std::int64_t, OfCollection> all_;
};

// Of what objects are found by: of all threads. A collection's is filled when it is first asked, which takes a quarter of a second for a million objects;
// who asks meanwhile is told that all may be held.
class TieFilters {
 public:
  Result<bool> may_hold(Queries& db, std::int64_t collection, std::uint64_t key);
  void added(std::int64_t collection, std::int64_t mark, std::span<const std::uint64_t> keys);
  void merged(std::int64_t collection, std::span<const std::int64_t> inputs, std::int64_t output);
  void kept(std::int64_t collection, std::span<const std::uint64_t> keys);

 private:
  struct OfCollection { std::shared_mutex mutex; std::mutex filling; KeyFilter keys; std::set<std::int64_t> marks; };
  std::shared_ptr<OfCollection> known(std::int64_t collection);
  std::shared_ptr<OfCollection> made(std::int64_t collection);
  std::mutex mutex_;
  std::map<std::int64_t, std::shared_ptr<OfCollection>> all_;
};

struct RunFilters {
  NameFilters names;
  TieFilters ties;
};

}  // namespace sluice::store
