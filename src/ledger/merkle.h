// Merkle trees as RFC 6962 §2.1 and RFC 9162 §2.1 define them, over SHA-256: the site's log of ticks, and how its proofs are checked.
//
// A value: it holds hashes, no files. The store keeps the leaves (one a tick); the log is built from them at start.
//
// Invariants
//   M1  Appending changes no earlier root: root(n) depends on the first n leaves alone.
//   M2  What inclusion() and consistency() give, verify_inclusion() and verify_consistency() accept, and nothing else for the same numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace sluice::ledger {

using HashPath = std::vector<Hash>;

Hash leaf_hash(ByteView leaf);                            // SHA-256(00 ‖ leaf)
Hash node_hash(const Hash& left, const Hash& right);      // SHA-256(01 ‖ left ‖ right)

class Log {
 public:
  void append(const Hash& leaf);
  std::uint64_t size() const { return levels_.empty() ? 0 : levels_.front().size(); }

  Hash root() const { return root(size()); }
  Hash root(std::uint64_t size) const;                                               // size <= size()
  HashPath inclusion(std::uint64_t index, std::uint64_t size) const;                 // index < size <= size()
  HashPath consistency(std::uint64_t old_size, std::uint64_t new_size) const;        // old_size <= new_size <= size()

 private:
  Hash subtree(std::uint64_t begin, std::uint64_t end) const;
  void collect(HashPath& path, std::uint64_t index, std::uint64_t begin, std::uint64_t end) const;
  void collect_consistency(HashPath& path, std::uint64_t old_size, std::uint64_t begin, std::uint64_t end, bool known) const;

  std::vector<std::vector<Hash>> levels_;  // levels_[k][i]: the hash over leaves [i·2^k, (i+1)·2^k), full subtrees only
};

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const HashPath& path, const Hash& root);
bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t new_size, const Hash& new_root, const HashPath& path);

}  // namespace sluice::ledger
