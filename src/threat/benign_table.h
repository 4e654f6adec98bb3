// The rows of the built-in list of harmless values (benign_table.cpp).
#pragma once

#include <span>
#include <string_view>

namespace sluice::threat {

struct BenignRow {
  std::string_view kind;
  std::string_view text;  // normalised
  std::string_view why;
};
std::span<const BenignRow> benign_rows();

}  // namespace sluice::threat
