#include "threat/value_keys.h"

#include <algorithm>

#include "threat/observable_forms.h"

namespace sluice::threat {

namespace {

// Without a kind, in the order in which they are shown.
constexpr std::string_view kKindsToTry[] = {"ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr", "mac-addr", "autonomous-system", "vulnerability", "windows-registry-key", "directory", "file-name", "mutex"};
constexpr std::string_view kAlgorithms[] = {"MD5", "SHA-1", "SHA-256", "SHA-512", "SHA-224", "SHA-384", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512", "SSDEEP", "TLSH", "IMPHASH", "AUTHENTIHASH", "SHA-512/224", "SHA-512/256"};

std::optional<forms::Network> as_network(const Value& value) {
  if (value.kind == "ipv4-addr") return forms::ipv4_network(value.text);
  if (value.kind == "ipv6-addr") return forms::ipv6_network(value.text);
  return std::nullopt;
}

int whole(const forms::Network& network) { return network.is_v6 ? 128 : 32; }
int block_size(const forms::Network& network) { return network.is_v6 ? kBlockV6 : kBlockV4; }

void set_bit(forms::Network& network, int bit, bool on) {
  const auto at = static_cast<std::size_t>((network.is_v6 ? 0 : 12) + bit / 8);
  const auto mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
  network.bytes[at] = static_cast<std::uint8_t>(on ? network.bytes[at] | mask : network.bytes[at] & ~mask);
}

forms::Network cut(forms::Network network, int prefix) {
  for (int bit = prefix; bit < network.prefix; ++bit) set_bit(network, bit, false);
  network.prefix = prefix;
  return network;
}

bool is_step(const forms::Network& network, int prefix) {
  if (!network.is_v6) return prefix >= 8;
  return prefix >= 120 || (prefix >= 16 && prefix <= 64 && prefix % 4 == 0) || prefix == 80 || prefix == 96 || prefix == 112;
}

// Any text is a name of a file or a mutex; a folder and a key of the registry have their marks.
bool may_be(std::string_view kind, std::string_view text) {
  if (kind == "directory") return text.find('/') != text.npos || text.find('\\') != text.npos;
  if (kind == "windows-registry-key") return (text.starts_with("HK") || text.starts_with("hk")) && text.find('\\') != text.npos;
  // A bare number is one of a system only where somebody says so.
  if (kind == "autonomous-system") return text.size() > 2 && (text[0] == 'A' || text[0] == 'a') && (text[1] == 'S' || text[1] == 's');
  return true;
}

void add_once(std::vector<Value>& out, std::optional<Value> value) {
  if (value && std::find(out.begin(), out.end(), *value) == out.end()) out.push_back(*std::move(value));
}

}  // namespace

std::vector<Value> readings_as(std::string_view kind, std::string_view text) {
  std::vector<Value> out;
  if (kind != "hash") {
    add_once(out, normalised(kind, text));
    if (kind == "url" && !out.empty()) {           // who leaves the scheme out means the same page
      const std::string as_read = out.front().text;
      if (as_read.starts_with("//"))
        for (const std::string_view scheme : {"http:", "https:"}) add_once(out, normalised(kind, std::string(scheme) + as_read));
      else if (as_read.starts_with("http://") || as_read.starts_with("https://")) {
        auto bare = as_read.substr(as_read.find(':') + 1);
        add_once(out, normalised(kind, bare));
        const auto host = forms::host_in_url(bare);
        const auto end = bare.find_first_of(":/", static_cast<std::size_t>(host.data() - bare.data()) + host.size());   // behind the ']' of IPv6
        if (bare[end] == '/') add_once(out, normalised(kind, bare.insert(end, as_read[4] == 's' ? ":443" : ":80")));   // who leaves the scheme out may have said its port
      }
    }
    return out;
  }
  for (const auto algorithm : kAlgorithms) add_once(out, normalised("hash:" + std::string(algorithm), text));
  return out;
}

std::vector<Value> readings_of(std::string_view text) {
  auto out = readings_as("hash", text);
  for (const auto kind : kKindsToTry)
    if (may_be(kind, text))
      for (auto& one : readings_as(kind, text)) add_once(out, std::move(one));
  return out;
}

std::vector<WiderValue> wider_than(const Value& value) {
  using enum WiderValue::How;
  std::vector<WiderValue> out;
  const auto add_networks = [&](const Value& of) {
    const auto network = as_network(of);
    if (!network) return;
    for (int prefix = network->prefix - 1; prefix >= 8; --prefix)
      if (is_step(*network, prefix)) out.push_back({Network, forms::network_value(cut(*network, prefix))});
  };
  const auto add_parents = [&](const Value& of) {
    if (of.kind != "domain-name") return;
    std::string_view name = of.text;
    for (auto dot = name.find('.'); dot != name.npos && out.size() < kMostKeys; dot = name.find('.')) {
      name.remove_prefix(dot + 1);
      if (name.find('.') == name.npos) break;     // a top-level name says nothing
      out.push_back({Parent, {"domain-name", std::string(name)}});
    }
  };
  std::string_view host;
  if (value.kind == "url") host = forms::host_in_url(value.text);
  if (value.kind == "email-addr") host = std::string_view(value.text).substr(value.text.rfind('@') + 1);
  if (!host.empty()) {
    if (auto at = forms::host(host)) {
      out.push_back({Host, *at});
      add_networks(*at), add_parents(*at);
    }
    return out;
  }
  add_networks(value), add_parents(value);
  return out;
}

std::optional<std::string> block_of(const Value& value) {
  const auto network = as_network(value);
  if (!network || network->prefix < block_size(*network)) return std::nullopt;
  return forms::network_text(cut(*network, block_size(*network)));
}

std::vector<std::string> blocks_in(const Value& value) {
  const auto network = as_network(value);
  if (!network || network->prefix == whole(*network)) return {};
  const int size = block_size(*network);
  if (network->prefix >= size) return {forms::network_text(cut(*network, size))};
  if (network->prefix < (network->is_v6 ? kWidestV6 : kWidestV4)) return {};
  const int bits = size - network->prefix;
  std::vector<std::string> out;
  for (unsigned n = 0; n < 1U << bits; ++n) {
    auto block = *network;
    for (int i = 0; i < bits; ++i) set_bit(block, network->prefix + i, (n >> (bits - 1 - i) & 1U) != 0);
    block.prefix = size;
    out.push_back(forms::network_text(block));
  }
  return out;
}

bool is_network(const Value& value) {
  const auto network = as_network(value);
  return network && network->prefix < whole(*network);
}

bool lies_in(const Value& outer, const Value& inner) {
  const auto a = as_network(outer), b = as_network(inner);
  return a && b && forms::holds(*a, *b);
}

}  // namespace sluice::threat
