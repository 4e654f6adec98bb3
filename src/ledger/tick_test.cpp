#include "ledger/tick.h"

#include <doctest/doctest.h>

#include <set>

#include "ledger/example_for_tests.h"

using namespace sluice;
using namespace sluice::ledger;

namespace {

LedgerKeys keys() { return {example::key_of_word("slots"), example::key_of_word("padding"), example::key_of_word("head")}; }

std::vector<TickEntry> entries(std::size_t count) {
  std::vector<TickEntry> out;
  for (std::size_t i = 0; i < count; ++i) {
    TickEntry entry{.position = i + 1, .stream_seq = i + 1, .leaf = leaf_hash(bytes_of(std::to_string(i)))};
    const Hash id = example::hash_of("id " + std::to_string(i));
    std::copy_n(id.begin(), 16, entry.id.bytes.begin());
    out.push_back(entry);
  }
  return out;
}

}  // namespace

TEST_CASE("the example's tick has its exact root, path and leaf") {
  const Hash leaf = leaf_hash(bytes_of(example::kLeaf));
  const TickTree tree(example::kTick, example::key_of_word("example pad key"), {{example::kSlot, leaf}});
  const auto path = tree.path(example::kSlot);
  CHECK(hex(tree.root()) == "c81bb5a4e42b7ecacb1a4a83f4d4d56b68a6be86132a2325c972d498c8b6ee3c");
  REQUIRE(path.size() == 16);
  CHECK(hex(path.front()).starts_with("3eef7800"));
  CHECK(hex(path.front()).ends_with("0226"));
  CHECK(hex(path.back()).starts_with("67c720ce"));
  CHECK(hex(path.back()).ends_with("bc2e"));
  CHECK(root_from_path(leaf, example::kSlot, path) == tree.root());
  CHECK(TickLeaf{tree.root(), *parse_instant("2021-11-24T07:54:00Z"), example::kTick}.bytes() == example::kTickLeaf);
}

TEST_CASE("each entry of a tick is proved by its own slot and path alone") {
  for (const std::size_t count : {1, 2, 3, 17, 1000}) {
    const auto all = entries(count);
    const auto tree = TickTree::build(7, all, keys());
    REQUIRE(tree.size() == count);
    CHECK(std::set(tree.slots().begin(), tree.slots().end()).size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto slot = tree.slots()[i];
      REQUIRE(root_from_path(all[i].leaf, slot, tree.path(slot)) == tree.root());
      REQUIRE_FALSE(root_from_path(all[i].leaf, slot ^ 1, tree.path(slot)) == tree.root());
    }
  }
}

TEST_CASE("the sparse tree equals one with all its 65,536 leaves written out") {
  const auto all = entries(40);
  std::map<std::uint16_t, Hash> leaves;
  for (std::size_t i = 0; i < all.size(); ++i) leaves[static_cast<std::uint16_t>(i * i * 31)] = all[i].leaf;
  const auto padding = example::key_of_word("example pad key");
  std::vector<std::pair<Hash, bool>> row(65536);  // hash, occupied below
  for (std::uint32_t i = 0; i < 65536; ++i) row[i] = leaves.contains(static_cast<std::uint16_t>(i)) ? std::pair(leaves[static_cast<std::uint16_t>(i)], true) : std::pair(empty_subtree(padding, 9, 0, i), false);
  for (unsigned level = 1; level <= 16; ++level) {
    std::vector<std::pair<Hash, bool>> next(row.size() / 2);
    for (std::uint32_t i = 0; i < next.size(); ++i) {
      const bool occupied = row[2 * i].second || row[2 * i + 1].second;
      next[i] = {occupied ? node_hash(row[2 * i].first, row[2 * i + 1].first) : empty_subtree(padding, 9, level, i), occupied};
    }
    row = std::move(next);
  }
  CHECK(TickTree(9, example::key_of_word("example pad key"), leaves).root() == row[0].first);
}

TEST_CASE("T1: an empty tick has a root like any other, and each its own") {
  const auto first = TickTree::build(1, {}, keys()), second = TickTree::build(2, {}, keys());
  CHECK(first.root() != second.root());
  CHECK(first.path(5).size() == 16);
}

TEST_CASE("T2: a change of position, stream or number in the stream changes the root") {
  const auto all = entries(3);
  const auto root = TickTree::build(7, all, keys()).root();
  const auto changed = [&all](auto change) {
    auto copy = all;
    change(copy);
    return TickTree::build(7, copy, keys()).root();
  };
  CHECK(changed([](auto& e) { e[1].position = 9; }) != root);
  CHECK(changed([](auto& e) { e[1].stream[0] = 9; }) != root);
  CHECK(changed([](auto& e) { e[1].stream_seq = 9; }) != root);
  CHECK(changed([](auto& e) { std::swap(e[0].position, e[1].position); }) != root);
  CHECK(changed([](auto& e) { e[1].leaf[0] ^= 1; }) != root);
  CHECK(changed([](auto& e) { e.pop_back(); }) != root);
  CHECK(changed([](auto&) {}) == root);
}

TEST_CASE("T3: a full tick takes 65,535 entries and leaves the rest to the next") {
  const auto tree = TickTree::build(7, entries(TickTree::kCapacity + 5), keys());
  CHECK(tree.size() == TickTree::kCapacity);
  CHECK(tree.slots().size() == TickTree::kCapacity);
}
