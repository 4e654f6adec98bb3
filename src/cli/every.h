// A thread that does one thing again and again, with a pause between, until it is destroyed.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/time.h"

namespace sluice::cli {

class Every {
 public:
  // The first time after one pause. By a steady schedule: a round that takes long doesn't push the others back, unless it takes longer than a pause.
  Every(Duration pause, std::function<void()> what)
      : thread_([pause, what = std::move(what)](std::stop_token stop) {
          std::mutex mutex;
          std::condition_variable_any wake;
          auto next = std::chrono::steady_clock::now() + pause;
          for (;;) {
            {
              std::unique_lock lock(mutex);
              wake.wait_until(lock, stop, next, [] { return false; });
            }
            if (stop.stop_requested()) return;
            what();
            next = std::max(next + pause, std::chrono::steady_clock::now());
          }
        }) {}

 private:
  std::jthread thread_;
};

}  // namespace sluice::cli
