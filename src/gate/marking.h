// TLP 2.0 (FIRST): how far a recipient may pass something on. Read here, judged in marking.cpp.
//
//   CLEAR         anyone, anonymous too; the only label that is (ACC-15)
//   GREEN         any signed-in organisation of the community; no public channel
//   AMBER         the recipient organisations and their clients
//   AMBER+STRICT  the recipient organisations alone
//   RED           named persons alone
// Only the source loosens a label. TLP 1.x "WHITE" reads as CLEAR; 1.x AMBER stays AMBER.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bind.h"

namespace sluice::gate {

enum class Tlp { Clear, Green, Amber, AmberStrict, Red };  // in order of strictness
BOOST_DESCRIBE_ENUM(Tlp, Clear, Green, Amber, AmberStrict, Red)

std::string to_text(Tlp tlp);                          // "TLP:AMBER+STRICT"
std::optional<Tlp> parse_tlp(std::string_view text);   // with or without "TLP:", any case

// STIX doesn't say how several markings combine; ours: the strictest holds.
constexpr Tlp strictest(Tlp a, Tlp b) { return a > b ? a : b; }
constexpr bool is_for_anyone(Tlp tlp) { return tlp == Tlp::Clear; }

}  // namespace sluice::gate

namespace sluice {
template <> json::value to_json<gate::Tlp>(const gate::Tlp& tlp);
template <> Result<void> read_json<gate::Tlp>(const json::value& value, gate::Tlp& out, const std::string& where, std::initializer_list<std::string_view> ignored);
}  // namespace sluice
