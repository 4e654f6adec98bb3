// Counters by who asks, in memory: each key is an HMAC under a random key of the hour, so that what is counted says nothing of who it was (WEB-9).
//
// A counter that is used moves on into the next hour; one that isn't is gone at the end of it. Safe from any thread. Nothing here is ever written down.
#pragma once

#include <mutex>
#include <unordered_map>

#include "base/bytes.h"
#include "base/time.h"

namespace sluice::service {

// The part of an address that is counted as one: /24 of IPv4 (mapped into IPv6 too), /48 of IPv6. A port and a zone are left out; what is no address counts as itself.
std::string address_prefix(std::string_view peer);

template <class Counter>
class Hourly {
 public:
  Hourly(const Clock& clock, Random& random) : clock_(clock), random_(random) { random_.fill(now_.key), random_.fill(before_.key), began_ = clock_.monotonic(); }

  // use(Counter&, Duration now) on the counter of `who`, a new one if there is none; answers what it answers.
  template <class Use>
  auto with(std::string_view kind, std::string_view who, Use&& use) {
    std::scoped_lock lock(mutex_);
    const auto now = clock_.monotonic();
    turn(now);
    const auto key = name(now_, kind, who);
    auto found = now_.counters.find(key);
    if (found == now_.counters.end()) {
      Counter counter{};
      if (const auto old = before_.counters.find(name(before_, kind, who)); old != before_.counters.end()) {
        counter = old->second;
        before_.counters.erase(old);
      }
      if (now_.counters.size() >= kMost) now_.counters.erase(now_.counters.begin());  // bounded, whatever a flood does
      found = now_.counters.emplace(key, counter).first;
    }
    return use(found->second, now);
  }

  std::size_t size() const {
    std::scoped_lock lock(mutex_);
    return now_.counters.size() + before_.counters.size();
  }

 private:
  static constexpr std::size_t kMost = 200'000;
  struct First {
    std::size_t operator()(const Hash& hash) const { std::size_t out = 0; for (int i = 0; i < 8; ++i) out = out << 8 | hash[i]; return out; }
  };
  struct Hour {
    Hash key{};
    std::unordered_map<Hash, Counter, First> counters;
  };

  static Hash name(const Hour& hour, std::string_view kind, std::string_view who) {
    return hmac_sha256(hour.key, {bytes_of(kind), bytes_of(std::string_view("\0", 1)), bytes_of(who)});
  }
  void turn(Duration now) {
    if (now - began_ < std::chrono::hours(1)) return;
    before_ = now - began_ < std::chrono::hours(2) ? std::move(now_) : Hour{};
    now_ = {};
    random_.fill(now_.key);
    began_ = now;
  }

  const Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  Hour now_, before_;
  Duration began_{};
};

}  // namespace sluice::service
