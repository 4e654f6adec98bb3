#include "store/run_filters.h"

namespace sluice::store {

namespace {
std::uint64_t mixed(std::uint64_t x) {            // splitmix64's last steps
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}
constexpr std::size_t kFirstTable = 4096, kKeysOfBlock = 40;      // of 512 bits: some 13 a key
constexpr int kProbes = 6;
}  // namespace

void KeyFilter::add(std::uint64_t key) {
  if (may_hold(key)) return;
  if (tables_.empty() || tables_.back().keys >= tables_.back().most) {
    auto& made = tables_.emplace_back();
    made.most = tables_.size() == 1 ? kFirstTable : tables_[tables_.size() - 2].most * 2;
    made.blocks.resize(made.most / kKeysOfBlock + 1);
  }
  auto& table = tables_.back();
  ++table.keys;
  auto bits = mixed(key);
  auto& block = table.blocks[static_cast<std::size_t>(static_cast<unsigned __int128>(key) * table.blocks.size() >> 64)];
  for (int i = 0; i < kProbes; ++i, bits >>= 9) block[bits >> 6 & 7] |= 1ULL << (bits & 63);
}

bool KeyFilter::may_hold(std::uint64_t key) const {
  const auto bits = mixed(key);
  for (const auto& table : tables_) {
    const auto& block = table.blocks[static_cast<std::size_t>(static_cast<unsigned __int128>(key) * table.blocks.size() >> 64)];
    bool holds = true;
    auto left = bits;
    for (int i = 0; i < kProbes && holds; ++i, left >>= 9) holds = (block[left >> 6 & 7] >> (left & 63) & 1) != 0;
    if (holds) return true;
  }
  return false;
}

std::size_t KeyFilter::size() const {
  std::size_t out = 0;
  for (const auto& table : tables_) out += table.keys;
  return out;
}

}  // namespace sluice::store
