// The yardstick: the least server one can write with Beast and coroutines. No limits, no timeouts, no checks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

// Calls back with the body, from any thread.
using BareReply = std::move_only_function<void(std::string)>;
using BareHandler = std::function<void(BareReply)>;

class BareServer {
 public:
  explicit BareServer(BareHandler handler);
  ~BareServer();
  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
