#include "web/http/proxies.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace sluice::web::http {
namespace {

using Address = std::array<std::uint8_t, 16>;

std::optional<Address> address_of(const std::string& text) {
  Address out{};
  if (inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
  out[10] = out[11] = 0xff;
  if (inet_pton(AF_INET, text.c_str(), out.data() + 12) == 1) return out;
  return std::nullopt;
}

std::string_view trimmed_hop(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& entries) {
  TrustedProxies out;
  for (const auto& entry : entries) {
    if (entry == "unix") {
      out.unix_ = true;
      continue;
    }
    const auto slash = std::min(entry.find('/'), entry.size());
    const auto text = entry.substr(0, slash);
    const auto address = address_of(text);
    const int most = text.find(':') == std::string::npos ? 32 : 128;
    int bits = most;
    bool ok = address.has_value();
    if (ok && slash < entry.size()) {
      const auto [end, error] = std::from_chars(entry.data() + slash + 1, entry.data() + entry.size(), bits);
      ok = error == std::errc{} && end == entry.data() + entry.size() && bits >= 0 && bits <= most;
    }
    if (!ok) return fail(ErrorKind::Invalid, "A trusted proxy is an address, a network such as 10.0.0.0/8, or 'unix'; this is not: " + entry);
    out.networks_.push_back({*address, bits + (128 - most)});
  }
  return out;
}

bool TrustedProxies::contains(std::string_view text) const {
  if (text == "unix") return unix_;
  if (networks_.empty()) return false;
  const auto address = address_of(std::string{text});
  if (!address) return false;
  return std::ranges::any_of(networks_, [&address](const Network& network) {
    for (int bit = 0; bit < network.bits; ++bit) {
      const int mask = 0x80 >> (bit % 8);
      if (((*address)[bit / 8] & mask) != (network.bytes[bit / 8] & mask)) return false;
    }
    return true;
  });
}

bool TrustedProxies::apply(Request& request) const {
  const bool believed = contains(request.peer);
  if (believed) {
    // Each proxy appends whom it saw: read from the right, up to the first address that no trusted proxy has.
    std::vector<std::string_view> hops;
    for (const auto& [name, value] : request.headers) {
      if (name != "x-forwarded-for") continue;
      std::string_view rest = value;
      for (bool more = true; more;) {
        const auto end = rest.find(',');
        more = end != std::string_view::npos;
        hops.push_back(trimmed_hop(rest.substr(0, end)));
        if (more) rest.remove_prefix(end + 1);
      }
    }
    std::string peer = request.peer;
    for (auto hop = hops.rbegin(); hop != hops.rend() && address_of(std::string{*hop}); ++hop) {
      peer = std::string{*hop};
      if (!contains(peer)) break;
    }
    request.peer = std::move(peer);
    if (request.has_header("x-forwarded-proto")) request.tls = request.header("x-forwarded-proto") == "https";
  }
  const auto dropped = std::erase_if(request.headers, [](const Header& header) { return header.first == "forwarded" || header.first.starts_with("x-forwarded-"); });
  return dropped > 0 && !believed;
}

}  // namespace sluice::web::http
