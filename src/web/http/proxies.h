// Whose word about the client's address counts: forwarded headers are believed from configured proxies only (WEB-2), and removed in any case.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "web/http/message.h"

namespace sluice::web::http {

class TrustedProxies {
 public:
  static Result<TrustedProxies> parse(const std::vector<std::string>& entries);   // "127.0.0.1", "10.0.0.0/8", "fd00::/8", "unix"

  bool contains(std::string_view address) const;
  // Rewrites peer and tls from X-Forwarded-For and X-Forwarded-Proto if the peer is trusted; takes every forwarded header away.
  // True if what was taken away was not believed.
  bool apply(Request& request) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> bytes;            // IPv4 as ::ffff:a.b.c.d
    int bits;
  };
  std::vector<Network> networks_;
  bool unix_ = false;
};

}  // namespace sluice::web::http
