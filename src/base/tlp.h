// TLP 2.0 (FIRST): how far a recipient may pass something on. The words and their order; who may have what is judged in gate/ and threat/.
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

namespace sluice {

// In order of strictness. A field of this type is a word in JSON ("amber_strict"); one of type TlpLabel is the label as FIRST writes it.
enum class Tlp { Clear, Green, Amber, AmberStrict, Red };
BOOST_DESCRIBE_ENUM(Tlp, Clear, Green, Amber, AmberStrict, Red)

std::string to_text(Tlp tlp);                          // "TLP:AMBER+STRICT"
std::optional<Tlp> parse_tlp(std::string_view text);   // with or without "TLP:", any case

// STIX doesn't say how several markings combine; ours: the strictest holds.
constexpr Tlp strictest(Tlp a, Tlp b) { return a > b ? a : b; }
constexpr bool is_for_anyone(Tlp tlp) { return tlp == Tlp::Clear; }

// A Tlp that stands in JSON as its label: "TLP:AMBER+STRICT".
struct TlpLabel {
  Tlp tlp = Tlp::AmberStrict;

  constexpr TlpLabel() = default;
  constexpr TlpLabel(Tlp t) : tlp(t) {}
  constexpr operator Tlp() const { return tlp; }
};

template <> json::value to_json<TlpLabel>(const TlpLabel& label);
template <> Result<void> read_json<TlpLabel>(const json::value& value, TlpLabel& out, const std::string& where, std::initializer_list<std::string_view> ignored);

}  // namespace sluice
