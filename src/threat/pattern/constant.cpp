#include "threat/pattern/constant.h"

#include <charconv>
#include <chrono>
#include <limits>

#include "base/bytes.h"
#include "threat/pattern/lexer.h"
#include "threat/pattern/text_match.h"

namespace sluice::threat::pattern {

static_assert(std::numeric_limits<long double>::digits >= 64, "a long double must hold every 64-bit integer (K1)");

std::optional<Time> time_of(std::string_view text) {
  if (!is_timestamp_form(text)) return std::nullopt;
  const auto number = [text](std::size_t at, std::size_t digits) {
    int out = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, out);
    return out;
  };
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)}, std::chrono::month{static_cast<unsigned>(number(5, 2))}, std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (!day.ok()) return std::nullopt;
  Time out;
  out.seconds = std::chrono::sys_days{day}.time_since_epoch().count() * std::int64_t{86'400} + number(11, 2) * 3'600 + number(14, 2) * 60 + number(17, 2);
  if (text[19] == '.') {
    const auto digits = text.substr(20, text.size() - 21);
    out.fraction = digits.substr(0, digits.find_last_not_of('0') + 1);
  }
  return out;
}

Encoding encoding_of(const ObjectPath& path) {
  for (auto step = path.steps.rbegin(); step != path.steps.rend(); ++step) {
    if (step->kind != PathStep::Kind::Property) continue;
    return step->name.ends_with("_hex") ? Encoding::Hex : step->name.ends_with("_bin") ? Encoding::Base64 : Encoding::Plain;
  }
  return Encoding::Plain;
}

std::optional<std::string> decoded(std::string_view text, Encoding encoding) {
  if (encoding == Encoding::Plain) return std::nullopt;
  const auto bytes = encoding == Encoding::Hex ? from_hex(text) : from_base64(text);
  if (!bytes) return std::nullopt;
  return std::string(text_of(*bytes));
}

namespace {

// b'…' may have bits behind its last byte that count for nothing; base/bytes.h is stricter.
std::string octets_of_binary(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned held = 0, bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    held = (held << 6 | static_cast<unsigned>(kAlphabet.find(c))) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(held >> bits & 0xff);
  }
  return out;
}

// A fraction is the nearest double, as those of JSON are, or 0.1 would not be 0.1.
long double number_of(const Literal& literal) {
  const auto& text = literal.text;
  const auto read = [&text](auto out) -> long double {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, std::chars_format::fixed);
    if (error == std::errc::result_out_of_range) return text[0] == '-' ? -std::numeric_limits<long double>::infinity() : std::numeric_limits<long double>::infinity();
    return out;
  };
  return literal.kind == Literal::Kind::Float ? read(double{}) : read(static_cast<long double>(0));
}

std::partial_ordering order_of_text(std::string_view a, std::string_view b) { return a.compare(b) <=> 0; }  // UTF-8 sorts as code points do, and bytes as bytes

}  // namespace

Constant constant_of(const Literal& literal) {
  using enum Literal::Kind;
  Constant out;
  out.kind = literal.kind;
  switch (literal.kind) {
    case String:
      out.text = literal.text;
      out.has_octets = to_octets(literal.text, out.octets);
      break;
    case Integer:
    case Float: out.number = number_of(literal); break;
    case Boolean: out.truth = literal.text == "true"; break;
    case Timestamp: out.time = time_of(literal.text); break;
    case Hex:
      if (const auto bytes = from_hex(literal.text)) out.octets = text_of(*bytes), out.has_octets = true;
      break;
    case Binary: out.octets = octets_of_binary(literal.text), out.has_octets = true; break;
  }
  return out;
}

std::partial_ordering order(const json::value& observed, Encoding encoding, const Constant& constant) {
  using enum Literal::Kind;
  constexpr auto kNone = std::partial_ordering::unordered;
  switch (constant.kind) {
    case Boolean: return observed.is_bool() ? std::partial_ordering(observed.get_bool() <=> constant.truth) : kNone;
    case Integer:
    case Float:
      if (observed.is_int64()) return static_cast<long double>(observed.get_int64()) <=> constant.number;
      if (observed.is_uint64()) return static_cast<long double>(observed.get_uint64()) <=> constant.number;
      if (observed.is_double()) return static_cast<long double>(observed.get_double()) <=> constant.number;
      return kNone;
    case Timestamp: {
      if (!observed.is_string() || !constant.time) return kNone;
      const auto& text = observed.get_string();
      const auto time = time_of(std::string_view(text.data(), text.size()));
      return time ? std::partial_ordering(*time <=> *constant.time) : kNone;
    }
    case String:
    case Hex:
    case Binary: break;
  }
  if (!observed.is_string()) return kNone;
  const std::string_view text(observed.get_string().data(), observed.get_string().size());
  if (encoding == Encoding::Plain && constant.kind == String) return order_of_text(text, constant.text);
  // STIX 2.1 §9.6.3: bytes with bytes; text stands for the bytes of its characters, where it can.
  if (!constant.has_octets) return kNone;
  if (const auto bytes = decoded(text, encoding)) return order_of_text(*bytes, constant.octets);
  if (std::string octets; encoding == Encoding::Plain && to_octets(text, octets)) return order_of_text(octets, constant.octets);
  return kNone;
}

}  // namespace sluice::threat::pattern
