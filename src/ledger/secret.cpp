#include "ledger/secret.h"

#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

namespace sluice::ledger {

namespace {

// Cells of 32 bytes on pages that are locked once and for good: unlocking one key of a page would unlock its neighbours.
class LockedCells {
 public:
  std::uint8_t* take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) add_page();
    auto* cell = free_.back();
    free_.pop_back();
    return cell;
  }

  void give_back(std::uint8_t* cell) {
    sodium_memzero(cell, SecretKey::kSize);
    const std::lock_guard lock(mutex_);
    free_.push_back(cell);  // add_page reserved the room for it
  }

 private:
  void add_page() {
    constexpr std::size_t kPage = 4096;
    cells_ += kPage / SecretKey::kSize;
    free_.reserve(cells_);
    void* page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw std::bad_alloc();
    (void)sodium_mlock(page, kPage);  // a low RLIMIT_MEMLOCK makes this fail: then S2 holds but for swap
    for (std::size_t at = 0; at < kPage; at += SecretKey::kSize) free_.push_back(static_cast<std::uint8_t*>(page) + at);
  }

  std::mutex mutex_;
  std::vector<std::uint8_t*> free_;
  std::size_t cells_ = 0;
};

// Never destroyed: keys in static storage may outlive any order of destruction.
LockedCells& locked_cells() {
  static auto& cells = *new LockedCells;
  return cells;
}

}  // namespace

SecretKey::SecretKey() : cell_(locked_cells().take()) {}

void SecretKey::Wipe::operator()(std::uint8_t* cell) const { locked_cells().give_back(cell); }

SecretKey SecretKey::random(Random& random) {
  SecretKey key;
  random.fill({key.cell_.get(), kSize});
  return key;
}

Result<SecretKey> SecretKey::from(ByteView bytes) {
  if (bytes.size() != kSize) return fail(ErrorKind::Invalid, "A key must be exactly 32 bytes.");
  SecretKey key;
  std::copy(bytes.begin(), bytes.end(), key.cell_.get());
  return key;
}

SecretKey SecretKey::derived(std::string_view label) const {
  // RFC 5869 §2.2: no salt is a salt of 32 zero bytes. §2.3: one block is all that 32 bytes need.
  constexpr Hash kNoSalt{};
  constexpr std::uint8_t kFirstBlock[] = {1};
  Hash extracted = hmac_sha256(kNoSalt, {view()});
  const Wiped wipe_extracted(extracted);
  Hash block = hmac_sha256(extracted, {bytes_of(label), kFirstBlock});
  const Wiped wipe_block(block);
  SecretKey key;
  std::copy(block.begin(), block.end(), key.cell_.get());
  return key;
}

Wiped::~Wiped() { sodium_memzero(bytes_.data(), bytes_.size()); }

}  // namespace sluice::ledger
