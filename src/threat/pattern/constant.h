// A pattern's constant made ready for comparing, and how a value that was observed stands to it.
//
// Called by match.h, and by check.h for what a constant means.
//
// Always holds
//   K1  Numbers compare exactly, whole ones with fractions too; strings by code point; times to the last digit that was written.
//   K2  Types that don't go together have no order: not smaller, not equal, not larger (STIX 2.1 §9.6.1).
#pragma once

#include <compare>
#include <optional>

#include "base/json.h"
#include "threat/pattern/pattern.h"

namespace sluice::threat::pattern {

// An instant with as many digits as were written; 23:59:60 is the next minute's first second.
struct Time {
  std::int64_t seconds = 0;           // since 1970
  std::string fraction;               // digits behind the point, no zeros at the end
  auto operator<=>(const Time&) const = default;  // digit by digit is their order
};
std::optional<Time> time_of(std::string_view text);  // nothing where its form or the calendar says that it is none

// How text of a property is to be read, by the last name of its path (STIX 2.1 §3.1: `_hex`, `_bin`).
enum class Encoding : std::uint8_t { Plain, Hex, Base64 };
Encoding encoding_of(const ObjectPath& path);

// The bytes that an encoded property stands for; nothing where the text isn't so encoded, or isn't encoded at all.
std::optional<std::string> decoded(std::string_view text, Encoding encoding);

struct Constant {
  Literal::Kind kind = Literal::Kind::String;
  std::string text;                   // of a String
  std::string octets;                 // of Hex and Binary; of a String what it is as bytes
  bool has_octets = false;
  long double number = 0;             // of Integer and Float; exact for 64-bit integers
  bool truth = false;
  std::optional<Time> time;
};
Constant constant_of(const Literal& literal);

std::partial_ordering order(const json::value& observed, Encoding encoding, const Constant& constant);

}  // namespace sluice::threat::pattern
