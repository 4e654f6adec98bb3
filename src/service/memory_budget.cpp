#include "service/memory_budget.h"

namespace sluice::service {

MemoryBudget::Share::~Share() {
  if (!state_) return;
  std::scoped_lock lock(state_->mutex);
  state_->taken -= bytes_;
  const auto found = state_->of.find(whose_);
  if ((found->second -= bytes_) == 0) state_->of.erase(found);
}

Result<MemoryBudget::Share> MemoryBudget::take(std::string_view whose, std::size_t bytes) {
  Share out;
  if (bytes == 0) return out;
  std::scoped_lock lock(state_->mutex);
  const auto found = state_->of.find(whose);
  const auto held = found == state_->of.end() ? 0 : found->second;
  const bool fits = bytes <= state_->most - state_->taken && (held == 0 || bytes + held <= state_->each);
  if (!fits) return fail(ErrorKind::Unavailable, "This site has as much of this under way as it takes at a time. Please try again in a moment.", {}, {}, "busy");
  state_->of[std::string(whose)] = held + bytes;
  state_->taken += bytes;
  out.state_ = state_, out.whose_ = std::string(whose), out.bytes_ = bytes;
  return out;
}

std::size_t MemoryBudget::taken() const {
  std::scoped_lock lock(state_->mutex);
  return state_->taken;
}

}  // namespace sluice::service
