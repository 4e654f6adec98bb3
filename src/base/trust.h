// Whether what is kept in memory of a database is still what the database says. Who changes such a thing holds a Doubt from before its change is written
// until after it is committed: meanwhile nothing is taken from memory, and after it nothing that was read earlier.
//
// Always holds
//   B1  Between the commit of a change and any later generation() of the same process, the generation differs from every one of before.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace sluice {

class Trust {
  struct Counters {
    std::atomic<std::uint64_t> generation = 0, doubts = 0;
  };

 public:
  // Shares the counters, since a Doubt may outlive what it is about: a change that still waits when the server ends.
  class Doubt {
   public:
    explicit Doubt(std::shared_ptr<Counters> counters) : counters_(std::move(counters)) { ++counters_->doubts; }
    Doubt(Doubt&&) noexcept = default;
    Doubt& operator=(Doubt&&) = delete;
    ~Doubt() { if (counters_) ++counters_->generation, --counters_->doubts; }

   private:
    std::shared_ptr<Counters> counters_;
  };
  Doubt doubt() const { return Doubt(counters_); }

  // To be asked before the database is read, and again before what was read is kept or taken; nothing while somebody doubts.
  std::optional<std::uint64_t> generation() const {
    const std::uint64_t out = counters_->generation;
    if (counters_->doubts != 0) return std::nullopt;
    return out;
  }

 private:
  std::shared_ptr<Counters> counters_ = std::make_shared<Counters>();
};

}  // namespace sluice
