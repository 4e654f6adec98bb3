// One tick: the entries of a minute under one hash, in a tree that looks the same whether they are none or sixty thousand.
//
// Bytes: docs/formats/tick.md. Depth 16, slots pseudo-random, empty subtrees filled with keyed hashes. Never holds the 65,536 leaves: only what is occupied.
//
// Invariants
//   T1  Neither root nor path nor slot tells, without the keys, how many entries a tick has or which slots are taken.
//   T2  The padding is keyed by what a leaf does not carry (position, stream, number in the stream): a change of these changes the root.
//   T3  So a tick keeps one slot free, for padding to exist: it takes up to kCapacity entries, the rest waits for the next.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "ledger/merkle.h"
#include "ledger/secret.h"

namespace sluice::ledger {

using Tag = std::array<std::uint8_t, 16>;

// What proofs about the ledger are made with; none of them opens any content. From KeyRing::ledger_keys().
struct LedgerKeys {
  SecretKey slots;
  SecretKey padding;
  SecretKey head;
};

struct TickEntry {
  std::uint64_t position = 0;
  EntryId id;
  Tag stream{};
  std::uint64_t stream_seq = 0;
  Hash leaf{};  // Leaf::hash()
};

class TickTree {
 public:
  static constexpr unsigned kDepth = 16;
  static constexpr std::size_t kCapacity = (1u << kDepth) - 1;

  // `entries` by position, each id once. Takes the first kCapacity of them; size() says how many that were.
  static TickTree build(std::uint64_t tick, std::span<const TickEntry> entries, const LedgerKeys& keys);

  // The tree itself, of leaves by slot; `padding` is this tick's own.
  TickTree(std::uint64_t tick, SecretKey padding, const std::map<std::uint16_t, Hash>& leaves);

  std::size_t size() const { return levels_[0].size(); }
  const std::vector<std::uint16_t>& slots() const { return slots_; }  // by the order of the entries given to build()
  Hash root() const { return node(kDepth, 0); }
  HashPath path(std::uint16_t slot) const;  // from the leaf up, kDepth hashes

 private:
  struct Node {
    std::uint32_t index;
    Hash hash;
  };
  Hash node(unsigned level, std::uint32_t index) const;

  std::uint64_t tick_;
  SecretKey padding_;
  std::vector<std::vector<Node>> levels_;  // occupied nodes only, by index
  std::vector<std::uint16_t> slots_;
};

// The hash that stands for an empty subtree; level 0 is a leaf.
Hash empty_subtree(const SecretKey& padding, std::uint64_t tick, unsigned level, std::uint32_t index);

Hash root_from_path(const Hash& leaf, std::uint16_t slot, const HashPath& path);

// What one tick adds to the site's log. Ticks count from 0, so a tick's number is its index in the log.
struct TickLeaf {
  Hash root{};
  Instant t;
  std::uint64_t tick = 0;

  std::string bytes() const;
  Hash hash() const { return leaf_hash(bytes_of(bytes())); }
};

}  // namespace sluice::ledger
