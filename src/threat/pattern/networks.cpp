#include "threat/pattern/networks.h"

#include <charconv>

namespace sluice::threat::pattern {

namespace {

// A number without sign and needless zeros, of so many digits at most.
std::optional<unsigned> small_number(std::string_view text, std::size_t digits) {
  unsigned out = 0;
  if (text.empty() || text.size() > digits || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size() || text[0] == '+' || text[0] == '-') return std::nullopt;
  return out;
}

bool read_v4(std::string_view text, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return false;
    const auto part = small_number(text.substr(0, dot), 3);
    if (!part || *part > 255) return false;
    out[i] = static_cast<std::uint8_t>(*part);
    if (i < 3) text.remove_prefix(dot + 1);
  }
  return true;
}

// Groups between colons, the last of them IPv4 perhaps; at most so many bytes. How many, or nothing.
std::optional<std::size_t> read_groups(std::string_view text, std::uint8_t* out, std::size_t room) {
  std::size_t bytes = 0;
  while (!text.empty()) {
    const auto colon = text.find(':');
    const auto group = text.substr(0, colon);
    if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
      if (bytes + 4 > room || !read_v4(group, out + bytes)) return std::nullopt;
      return bytes + 4;
    }
    unsigned value = 0;
    const auto [end, error] = std::from_chars(group.data(), group.data() + group.size(), value, 16);
    if (group.empty() || group.size() > 4 || error != std::errc{} || end != group.data() + group.size() || group[0] == '-' || bytes + 2 > room) return std::nullopt;
    out[bytes++] = static_cast<std::uint8_t>(value >> 8);
    out[bytes++] = static_cast<std::uint8_t>(value);
    if (colon == std::string_view::npos) return bytes;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // a colon at the end
  }
  return bytes;
}

bool read_v6(std::string_view text, std::array<std::uint8_t, 16>& out) {
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) return read_groups(text, out.data(), 16) == 16;
  std::array<std::uint8_t, 16> tail{};
  const auto before = read_groups(text.substr(0, gap), out.data(), 14);
  const auto after = read_groups(text.substr(gap + 2), tail.data(), 14);
  if (!before || !after || *before + *after > 14) return false;
  if (text.substr(0, gap).find('.') != std::string_view::npos) return false;
  for (std::size_t i = 0; i < *after; ++i) out[16 - *after + i] = tail[i];
  return true;
}

}  // namespace

std::optional<Network> network_of(std::string_view text) {
  Network out;
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  out.is_v6 = address.find(':') != std::string_view::npos;
  if (out.is_v6 ? !read_v6(address, out.address) : !read_v4(address, out.address.data())) return std::nullopt;
  const unsigned most = out.is_v6 ? 128 : 32;
  out.prefix = most;
  if (slash != std::string_view::npos) {
    const auto prefix = small_number(text.substr(slash + 1), 3);
    if (!prefix || *prefix > most) return std::nullopt;
    out.prefix = *prefix;
  }
  for (unsigned bit = out.prefix; bit < 128; ++bit) out.address[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> bit % 8));
  return out;
}

bool is_subset(const Network& inner, const Network& outer) {
  if (inner.is_v6 != outer.is_v6 || inner.prefix < outer.prefix) return false;
  auto widened = inner.address;
  for (unsigned bit = outer.prefix; bit < 128; ++bit) widened[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> bit % 8));
  return widened == outer.address;
}

}  // namespace sluice::threat::pattern
