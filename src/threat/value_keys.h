// What to look for when somebody asks about a value: what a bare text may be, what is wider than it, and the blocks by which addresses are found from a network.
//
// Values are found by keyed hashes (store/values.h), which are equal or not: so a question about more than one value is a short list of exact ones.
//
// Always holds
//   K1  Every answer is normalised (observable.h, V1).
//   K2  block_of(a) is among blocks_in(n) for each address or network a that lies in n, is no larger than a block, and n is not wider than kWidestV4 or kWidestV6 allow.
//   K3  a lies in each of the networks that wider_than(a) names, and no list here is longer than kMostKeys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "threat/observable.h"

namespace sluice::threat {

inline constexpr std::size_t kMostKeys = 256;
inline constexpr int kBlockV4 = 24, kBlockV6 = 64;     // an address is filed under the network of this size that it lies in
inline constexpr int kWidestV4 = 16, kWidestV6 = 56;   // and found from any network that has at most kMostKeys of them

// What a text can be whose kind nobody said: each kind whose form it has; hashes by all algorithms of their length. Empty: no value. A file's name and a mutex can be
// any text, so they are always among them.
std::vector<Value> readings_of(std::string_view text);

// Kinds that somebody may name: those of Value, and "hash" for any algorithm of the length. Empty where the text has not that form.
std::vector<Value> readings_as(std::string_view kind, std::string_view text);

struct WiderValue {
  enum class How { Network, Host, Parent } how = How::Network;
  Value value;
};
// What may be shared in the place of this value: the networks that hold an address (each prefix from /8 to /32 of IPv4; of IPv6 every fourth from /16 to /64, then
// /80, /96, /112 and each from /120); the host of a URL or mail address; the names above a name, down to two labels.
std::vector<WiderValue> wider_than(const Value& value);

// "198.51.100.0/24", "2001:db8::/64": of an address, or a network that is no wider.
std::optional<std::string> block_of(const Value& value);
// The blocks to look through for what lies in a network. Empty: it is none, a single address, or wider than above.
std::vector<std::string> blocks_in(const Value& network);

bool is_network(const Value& value);                             // more than one address
bool lies_in(const Value& network, const Value& inner);          // addresses and networks; a value lies in itself

}  // namespace sluice::threat
