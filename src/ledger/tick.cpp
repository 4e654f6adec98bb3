#include "ledger/tick.h"

#include <algorithm>
#include <bitset>
#include <cassert>

#include "base/bind.h"
#include "ledger/big_endian.h"

namespace sluice::ledger {

namespace {

// The first free slot of the sequence that the key gives this entry: HMAC(slot key, tick ‖ id ‖ attempt), first two bytes. Like the attempts before it,
// a later one is random to whoever has no key.
std::uint16_t slot_of(const SecretKey& key, std::uint64_t tick, const EntryId& id, const std::bitset<65536>& taken) {
  for (std::uint32_t attempt = 0;; ++attempt) {
    const Hash hash = hmac_sha256(key.view(), {big_endian(tick), id.bytes, big_endian(attempt)});
    const auto slot = from_big_endian<std::uint16_t>(std::span(hash).first<2>());
    if (!taken.test(slot)) return slot;
  }
}

// T2
SecretKey padding_of(const SecretKey& key, std::uint64_t tick, std::span<const TickEntry> entries) {
  Bytes order;
  order.reserve(entries.size() * 48);
  for (const auto& entry : entries) {
    append(order, big_endian(entry.position));
    append(order, entry.id.bytes);
    append(order, entry.stream);
    append(order, big_endian(entry.stream_seq));
  }
  Hash hash = hmac_sha256(key.view(), {bytes_of("sluice/tick-order/v1"), big_endian(tick), order});
  const Wiped wipe(hash);
  return *SecretKey::from(hash);
}

}  // namespace

Hash empty_subtree(const SecretKey& padding, std::uint64_t tick, unsigned level, std::uint32_t index) {
  return hmac_sha256(padding.view(), {big_endian(tick), big_endian(static_cast<std::uint8_t>(level)), big_endian(index)});
}

TickTree TickTree::build(std::uint64_t tick, std::span<const TickEntry> entries, const LedgerKeys& keys) {
  entries = entries.first(std::min(entries.size(), kCapacity));
  std::bitset<65536> taken;
  std::vector<std::uint16_t> slots;
  std::map<std::uint16_t, Hash> leaves;
  for (const auto& entry : entries) {
    const auto slot = slot_of(keys.slots, tick, entry.id, taken);
    taken.set(slot);
    slots.push_back(slot);
    leaves.emplace(slot, entry.leaf);
  }
  TickTree tree(tick, padding_of(keys.padding, tick, entries), leaves);
  tree.slots_ = std::move(slots);
  return tree;
}

TickTree::TickTree(std::uint64_t tick, SecretKey padding, const std::map<std::uint16_t, Hash>& leaves)
    : tick_(tick), padding_(std::move(padding)), levels_(kDepth + 1) {
  for (const auto& [slot, hash] : leaves) levels_[0].push_back({slot, hash});
  for (unsigned level = 0; level < kDepth; ++level) {
    for (const auto& [index, hash] : levels_[level]) {
      const auto parent = index / 2;
      if (!levels_[level + 1].empty() && levels_[level + 1].back().index == parent) continue;  // made by its left child
      const Hash sibling = node(level, index ^ 1);
      levels_[level + 1].push_back({parent, index % 2 == 0 ? node_hash(hash, sibling) : node_hash(sibling, hash)});
    }
  }
}

Hash TickTree::node(unsigned level, std::uint32_t index) const {
  const auto& row = levels_[level];
  const auto found = std::lower_bound(row.begin(), row.end(), index, [](const Node& node, std::uint32_t i) { return node.index < i; });
  return found != row.end() && found->index == index ? found->hash : empty_subtree(padding_, tick_, level, index);
}

HashPath TickTree::path(std::uint16_t slot) const {
  HashPath out;
  std::uint32_t index = slot;
  for (unsigned level = 0; level < kDepth; ++level, index /= 2) out.push_back(node(level, index ^ 1));
  return out;
}

Hash root_from_path(const Hash& leaf, std::uint16_t slot, const HashPath& path) {
  Hash hash = leaf;
  std::uint32_t index = slot;
  for (const auto& sibling : path) {
    hash = index % 2 == 0 ? node_hash(hash, sibling) : node_hash(sibling, hash);
    index /= 2;
  }
  return hash;
}

std::string TickLeaf::bytes() const {
  return canonical(json::object{{"root", to_json(root)}, {"t", to_json(t)}, {"tick", tick}, {"v", 1}});
}

}  // namespace sluice::ledger
