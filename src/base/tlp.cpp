#include "base/tlp.h"

#include <algorithm>
#include <array>

namespace sluice {

namespace {

constexpr std::array<std::string_view, 5> kTlpNames = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"};

}  // namespace

std::string to_text(Tlp tlp) { return "TLP:" + std::string(kTlpNames[static_cast<std::size_t>(tlp)]); }

std::optional<Tlp> parse_tlp(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string_view name = upper;
  if (name.starts_with("TLP:")) name.remove_prefix(4);
  if (name == "WHITE") return Tlp::Clear;  // TLP 1.x
  for (std::size_t i = 0; i < kTlpNames.size(); ++i)
    if (kTlpNames[i] == name) return static_cast<Tlp>(i);
  return std::nullopt;
}

template <> json::value to_json<TlpLabel>(const TlpLabel& label) { return json::value(to_text(label.tlp)); }

template <> Result<void> read_json<TlpLabel>(const json::value& value, TlpLabel& out, const std::string& where, std::initializer_list<std::string_view>) {
  const auto read = value.is_string() ? parse_tlp(value.get_string()) : std::nullopt;
  if (!read) return bind::wrong("This must be one of: TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED.", where);
  out = *read;
  return {};
}

}  // namespace sluice
