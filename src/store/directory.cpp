#include "store/directory.h"

namespace sluice::store {

namespace {
constexpr Duration kKept = std::chrono::seconds(1);
}

Result<std::shared_ptr<const Directory::Rows>> Directory::rows(Store& store, Duration now) {
  const auto generation = trust_.generation();
  if (generation) {
    std::scoped_lock lock(mutex_);
    if (kept_ && kept_in_ == *generation && now - kept_at_ < kKept) return kept_;
  }
  auto fresh = std::make_shared<Rows>();
  TRY(auto db, store.lease());
  TRY(auto list, organisations(*db, store.cells()));
  for (auto& row : list) fresh->emplace(row.id, std::move(row));
  if (generation && generation == trust_.generation()) {
    std::scoped_lock lock(mutex_);
    kept_ = fresh;
    kept_in_ = *generation;
    kept_at_ = now;
  }
  return fresh;
}

}  // namespace sluice::store
