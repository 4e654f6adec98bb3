// Paths of the tables, step by step, for what makes patterns and observables of them.
#pragma once

#include <string_view>
#include <vector>

#include "formats/misp/value.h"

namespace sluice::formats::misp {

std::vector<std::string_view> steps_of(std::string_view path);   // "hashes.'SHA-1'" -> "hashes", "'SHA-1'"
std::string_view plain(std::string_view step);                   // without quotes and "[*]"
inline bool is_list(std::string_view step) { return step.ends_with("[*]"); }
inline bool refers(std::string_view name) { return name.ends_with("_ref") || name.ends_with("_refs"); }
// The type of what a reference with this name points to, given the value it holds.
std::string_view type_referred(std::string_view name, As as, std::string_view value);

}  // namespace sluice::formats::misp
