// Addresses: IPv4, IPv6, ranges of them, MAC addresses, numbers of autonomous systems.
#include <algorithm>
#include <vector>

#include "threat/observable_forms.h"

namespace sluice::threat::forms {

namespace {

bool is_decimal(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }); }
int digit_of(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

// A whole number without leading zeros (V3).
std::optional<std::uint64_t> plain_number(std::string_view text, std::uint64_t most) {
  if (!is_decimal(text) || text.size() > 10 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t n = 0;
  for (const char c : text) n = n * 10 + static_cast<std::uint64_t>(c - '0');
  return n <= most ? std::optional(n) : std::nullopt;
}

std::optional<std::array<std::uint8_t, 4>> four_bytes(std::string_view text) {
  std::array<std::uint8_t, 4> out{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto dot = i < 3 ? text.find('.') : text.size();
    if (dot == text.npos) return std::nullopt;
    const auto n = plain_number(text.substr(0, dot), 255);
    if (!n) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(*n);
    text.remove_prefix(i < 3 ? dot + 1 : dot);
  }
  return out;
}

// The groups of one side of "::".
std::optional<std::vector<std::uint16_t>> groups_of(std::string_view text, bool is_end) {
  std::vector<std::uint16_t> out;
  if (text.empty()) return out;
  while (true) {
    const auto colon = text.find(':');
    const auto group = text.substr(0, colon);
    if (colon == text.npos && is_end && group.find('.') != group.npos) {  // RFC 4291 §2.2.3
      const auto v4 = four_bytes(group);
      if (!v4) return std::nullopt;
      out.push_back(static_cast<std::uint16_t>((*v4)[0] << 8 | (*v4)[1]));
      out.push_back(static_cast<std::uint16_t>((*v4)[2] << 8 | (*v4)[3]));
      return out;
    }
    if (group.empty() || group.size() > 4) return std::nullopt;
    int n = 0;
    for (const char c : group) {
      if (digit_of(c) < 0) return std::nullopt;
      n = n * 16 + digit_of(c);
    }
    out.push_back(static_cast<std::uint16_t>(n));
    if (out.size() > 8) return std::nullopt;
    if (colon == text.npos) return out;
    text.remove_prefix(colon + 1);
  }
}

void cut_to_prefix(Network& network) {
  const int first = network.is_v6 ? 0 : 12;
  for (int bit = network.prefix; bit < (network.is_v6 ? 128 : 32); ++bit) network.bytes[static_cast<std::size_t>(first + bit / 8)] &= static_cast<std::uint8_t>(~(0x80 >> (bit % 8)));
}

// Takes "/n" off the end; nothing where it is no prefix length.
std::optional<int> prefix_off(std::string_view& text, int most) {
  const auto slash = text.find('/');
  if (slash == text.npos) return most;
  const auto n = plain_number(text.substr(slash + 1), static_cast<std::uint64_t>(most));
  text = text.substr(0, slash);
  return n ? std::optional(static_cast<int>(*n)) : std::nullopt;
}

}  // namespace

std::optional<Network> ipv4_network(std::string_view text) {
  const auto prefix = prefix_off(text, 32);
  const auto bytes = four_bytes(text);
  if (!prefix || !bytes) return std::nullopt;
  Network out{.is_v6 = false, .prefix = *prefix};
  std::copy(bytes->begin(), bytes->end(), out.bytes.begin() + 12);
  cut_to_prefix(out);
  return out;
}

std::optional<Network> ipv6_network(std::string_view text) {
  const auto prefix = prefix_off(text, 128);
  if (!prefix) return std::nullopt;
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  Network out{.is_v6 = true, .prefix = *prefix};
  std::vector<std::uint16_t> groups;
  if (const auto gap = text.find("::"); gap != text.npos) {
    const auto left = groups_of(text.substr(0, gap), false);
    const auto right = groups_of(text.substr(gap + 2), true);
    if (!left || !right || left->size() + right->size() > 7) return std::nullopt;
    groups = *left;
    groups.resize(8 - right->size());
    groups.insert(groups.end(), right->begin(), right->end());
  } else {
    const auto all = groups_of(text, true);
    if (!all || all->size() != 8) return std::nullopt;
    groups = *all;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    out.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    out.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xff);
  }
  cut_to_prefix(out);
  const bool is_mapped = out.prefix >= 96 && std::all_of(out.bytes.begin(), out.bytes.begin() + 10, [](auto b) { return b == 0; }) && out.bytes[10] == 0xff && out.bytes[11] == 0xff;
  if (is_mapped) {  // RFC 4291 §2.5.5.2: the same machine, said in the other protocol
    out.is_v6 = false;
    out.prefix -= 96;
    out.bytes[10] = out.bytes[11] = 0;
  }
  return out;
}

std::string network_text(const Network& network) {
  std::string out;
  if (!network.is_v6) {
    for (std::size_t i = 12; i < 16; ++i) out += (out.empty() ? "" : ".") + std::to_string(network.bytes[i]);
    return network.prefix == 32 ? out : out + "/" + std::to_string(network.prefix);
  }
  std::array<int, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = network.bytes[2 * i] << 8 | network.bytes[2 * i + 1];
  // RFC 5952 §4.2: the longest run of zeros, the first of equals, never a single one.
  std::size_t gap = 8, length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t run = 0;
    while (i + run < 8 && groups[i + run] == 0) ++run;
    if (run > length) gap = i, length = run;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      out += "::";
      i += length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    constexpr std::string_view kDigits = "0123456789abcdef";
    bool begun = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const auto digit = static_cast<std::size_t>(groups[i] >> shift & 0xf);
      begun = begun || digit != 0 || shift == 0;
      if (begun) out += kDigits[digit];
    }
  }
  return network.prefix == 128 ? out : out + "/" + std::to_string(network.prefix);
}

Value network_value(const Network& network) { return {network.is_v6 ? "ipv6-addr" : "ipv4-addr", network_text(network)}; }

bool holds(const Network& outer, const Network& inner) {
  if (outer.is_v6 != inner.is_v6 || outer.prefix > inner.prefix) return false;
  auto cut = inner;
  cut.prefix = outer.prefix;
  cut_to_prefix(cut);
  return cut.bytes == outer.bytes;
}

std::optional<std::string> mac(std::string_view text) {
  std::string digits;
  char separator = 0;
  std::size_t group = 0;      // digits since the last separator
  std::size_t per_group = 0;  // of all groups alike: 2 (":" "-") or 4 (".")
  for (const char c : text) {
    if (digit_of(c) >= 0) {
      digits += static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c);
      ++group;
    } else if ((c == ':' || c == '-' || c == '.') && (!separator || c == separator)) {
      separator = c;
      per_group = c == '.' ? 4 : 2;
      if (group != per_group) return std::nullopt;
      group = 0;
    } else {
      return std::nullopt;
    }
  }
  if (digits.size() != 12 || (separator && group != per_group)) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < 12; i += 2) out += (i ? ":" : "") + digits.substr(i, 2);
  return out;
}

std::optional<std::string> as_number(std::string_view text) {
  if (text.size() > 2 && (text[0] == 'A' || text[0] == 'a') && (text[1] == 'S' || text[1] == 's')) text.remove_prefix(2);
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (const auto dot = text.find('.'); dot != text.npos) {  // RFC 5396: asdot
    const auto high = plain_number(text.substr(0, dot), 65535), low = plain_number(text.substr(dot + 1), 65535);
    return high && low ? std::optional(std::to_string(*high << 16 | *low)) : std::nullopt;
  }
  const auto n = plain_number(text, 4294967295u);
  return n ? std::optional(std::to_string(*n)) : std::nullopt;
}

}  // namespace sluice::threat::forms
