// UUIDs made from names (RFC 4122 §4.3, version 5), so that what is imported a second time has the same ids.
//
// SHA-1 here names things and protects nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::formats {

using Uuid = std::array<std::uint8_t, 16>;

// Our own namespace for ids of objects that a conversion makes. Never STIX's, which is for observables alone (STIX 2.1 §2.9).
inline constexpr Uuid kConversionNamespace = {0x6e, 0x1c, 0x3a, 0x52, 0x90, 0x4b, 0x4d, 0x7e, 0x8f, 0x21, 0x5b, 0x0c, 0xd4, 0x77, 0xa1, 0x36};

std::string name_uuid(const Uuid& space, std::string_view name);
// With the form of version 4: for observables that no property identifies, for which STIX 2.1 §2.9 asks for one. Its bits come from a name, so that a second import gives it again.
std::string name_uuid4(const Uuid& space, std::string_view name);
// Lower-case, of version 1 to 5 and the usual variant, as STIX's ids want it; "" for any other text.
std::string clean_uuid(std::string_view text);

}  // namespace sluice::formats
