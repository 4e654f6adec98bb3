// What differs between STIX 2.0 and 2.1, as tables: names that moved, words that got a property of their own, what has no place any more.
//
// Source: the lists of changes and the object tables of OASIS's "STIX Version 2.0" (parts 2, 4) and "STIX Version 2.1"; names only.
#pragma once

#include <span>
#include <string_view>

namespace sluice::formats::stix20 {

// 2.0 put these words into `labels`; 2.1 has a property for them, and labels are free (STIX 2.1 §3.2).
struct Labelled {
  std::string_view type;
  std::string_view property;
  std::span<const std::string_view> words;  // empty: all labels move
};
std::span<const Labelled> labelled();

// A property of an observable that has another name in 2.1; kept under "x_stix20_…" where 2.1 has none.
struct Renamed {
  std::string_view type;
  std::string_view extension;   // "" for the observable itself
  std::string_view from, to;
};
std::span<const Renamed> renamed();
std::string_view new_name(std::string_view type, std::string_view extension, std::string_view property);  // "": it stays

// TLP 1.0's four objects, which STIX 2.1 §7.2.1.4 fixes whole.
struct FixedTlp {
  std::string_view id, word, name;
};
std::span<const FixedTlp> fixed_tlp();

}  // namespace sluice::formats::stix20
