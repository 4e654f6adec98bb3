// The scripted clock of a site made with `init --demo`, and of tests: set to an instant, it runs on from there, in whole seconds.
//
// No other site has one: `recorded` is the machine's time and never settable.
#pragma once

#include <atomic>

#include "base/time.h"

namespace sluice::service {

class ScriptedClock final : public Clock {
 public:
  explicit ScriptedClock(Instant start) { set(start); }
  void set(Instant instant) {
    set_at_.store(real_.monotonic().count());
    base_.store(instant.micros);
  }
  Instant now() const override {
    const auto micros = base_.load() + (real_.monotonic().count() - set_at_.load());
    return {micros - micros % 1'000'000};
  }
  Duration monotonic() const override { return real_.monotonic(); }

 private:
  SystemClock real_;
  std::atomic<std::int64_t> base_{0}, set_at_{0};
};

}  // namespace sluice::service
