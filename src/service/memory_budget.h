// How much memory large things under way may hold together, and how much of it one organisation's: envelopes on their way in, pages on their way out. What would go beyond is refused at once
// (503, with Retry-After), so that neither a slow reader nor many senders take the memory of all others.
//
// Safe to use from any thread. A share is given back where it ends, also after the budget itself.
//
// Always holds
//   U1  Shares never come to more than `most`, nor those of one name to more than `each`; but one name with nothing under way gets its first share whatever its size, as long as `most` has room for it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/result.h"

namespace sluice::service {

class MemoryBudget {
  struct State {
    std::mutex mutex;
    std::size_t most = 0, each = 0, taken = 0;
    std::map<std::string, std::size_t, std::less<>> of;
  };

 public:
  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept : state_(std::move(other.state_)), whose_(std::move(other.whose_)), bytes_(std::exchange(other.bytes_, 0)) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(state_, other.state_), std::swap(whose_, other.whose_), std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Share();

   private:
    friend class MemoryBudget;
    std::shared_ptr<State> state_;
    std::string whose_;
    std::size_t bytes_ = 0;
  };

  MemoryBudget(std::size_t most, std::size_t each) : state_(std::make_shared<State>()) { state_->most = most, state_->each = each; }

  // Unavailable, "busy": there is no room for it now.
  Result<Share> take(std::string_view whose, std::size_t bytes);
  std::size_t taken() const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace sluice::service
