#include "ledger/merkle.h"

#include <bit>
#include <cassert>

namespace sluice::ledger {

namespace {
// The largest power of two smaller than n (n > 1): where RFC 6962 §2.1 splits a tree.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }
}  // namespace

Hash leaf_hash(ByteView leaf) {
  constexpr std::uint8_t kLeaf[] = {0};
  return sha256({kLeaf, leaf});
}

Hash node_hash(const Hash& left, const Hash& right) {
  constexpr std::uint8_t kNode[] = {1};
  return sha256({kNode, left, right});
}

void Log::append(const Hash& leaf) {
  Hash hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    auto& row = levels_[level];
    row.push_back(hash);
    if (row.size() % 2 != 0) return;
    hash = node_hash(row[row.size() - 2], row.back());
  }
}

// Every range that RFC 6962 §2.1 asks for begins at a multiple of the power of two it is split by, so its full parts are in levels_.
Hash Log::subtree(std::uint64_t begin, std::uint64_t end) const {
  const auto n = end - begin;
  if (std::has_single_bit(n)) return levels_[static_cast<std::size_t>(std::countr_zero(n))][begin / n];
  const auto k = split(n);
  return node_hash(subtree(begin, begin + k), subtree(begin + k, end));
}

Hash Log::root(std::uint64_t size) const {
  assert(size <= this->size());
  return size == 0 ? sha256(ByteView{}) : subtree(0, size);  // RFC 6962 §2.1: the empty tree's hash is that of the empty string
}

void Log::collect(HashPath& path, std::uint64_t index, std::uint64_t begin, std::uint64_t end) const {
  if (end - begin == 1) return;
  const auto middle = begin + split(end - begin);
  if (index < middle) {
    collect(path, index, begin, middle);
    path.push_back(subtree(middle, end));
  } else {
    collect(path, index, middle, end);
    path.push_back(subtree(begin, middle));
  }
}

HashPath Log::inclusion(std::uint64_t index, std::uint64_t size) const {
  assert(index < size && size <= this->size());
  HashPath path;
  collect(path, index, 0, size);
  return path;
}

// RFC 6962 §2.1.2, SUBPROOF(m, D[n], b); `known`: the verifier has this subtree's hash already.
void Log::collect_consistency(HashPath& path, std::uint64_t old_size, std::uint64_t begin, std::uint64_t end, bool known) const {
  if (old_size == end) {
    if (!known) path.push_back(subtree(begin, end));
    return;
  }
  const auto middle = begin + split(end - begin);
  if (old_size <= middle) {
    collect_consistency(path, old_size, begin, middle, known);
    path.push_back(subtree(middle, end));
  } else {
    collect_consistency(path, old_size, middle, end, false);
    path.push_back(subtree(begin, middle));
  }
}

HashPath Log::consistency(std::uint64_t old_size, std::uint64_t new_size) const {
  assert(old_size <= new_size && new_size <= size());
  HashPath path;
  if (old_size > 0 && old_size < new_size) collect_consistency(path, old_size, 0, new_size, true);
  return path;
}

// RFC 9162 §2.1.3.2, its names.
bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const HashPath& path, const Hash& root) {
  if (index >= size) return false;
  auto fn = index, sn = size - 1;
  Hash r = leaf;
  for (const auto& p : path) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      r = node_hash(p, r);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1, sn >>= 1;
  }
  return sn == 0 && r == root;
}

// RFC 9162 §2.1.4.2, its names.
bool verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t new_size, const Hash& new_root, const HashPath& path) {
  if (old_size > new_size) return false;
  if (old_size == new_size) return path.empty() && old_root == new_root;
  if (old_size == 0) return path.empty() && old_root == sha256(ByteView{});
  auto fn = old_size - 1, sn = new_size - 1;
  while ((fn & 1) != 0) fn >>= 1, sn >>= 1;
  auto next = path.begin();
  Hash fr = old_root;
  if (!std::has_single_bit(old_size)) {
    if (next == path.end()) return false;
    fr = *next++;
  }
  Hash sr = fr;
  for (; next != path.end(); ++next) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      fr = node_hash(*next, fr);
      sr = node_hash(*next, sr);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      sr = node_hash(sr, *next);
    }
    fn >>= 1, sn >>= 1;
  }
  return sn == 0 && fr == old_root && sr == new_root;
}

}  // namespace sluice::ledger
