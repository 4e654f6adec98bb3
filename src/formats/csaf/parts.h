// The parts of a CSAF 2.0 document, for write.cpp alone. Each takes its place in the advisory and adds to the losses.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "advisory/advisory.h"
#include "formats/written.h"

namespace sluice::formats::csaf {

json::object product_tree(const advisory::Advisory& advisory, Losses& losses);
json::object vulnerability(const advisory::Vulnerability& vulnerability, const std::string& where, Losses& losses);

json::object note(const advisory::Note& note);
json::object note(advisory::NoteCategory category, std::string_view title, std::string_view text);
json::array references(const std::vector<advisory::Reference>& all, const std::string& where, Losses& losses);

// CSAF has no empty lists and no null: what isn't there is left out.
inline void put(json::object& out, std::string_view key, const std::optional<std::string>& value) {
  if (value) out[key] = *value;
}
inline void put(json::object& out, std::string_view key, const std::optional<Instant>& value) {
  if (value) out[key] = to_text(*value);
}
inline void put(json::object& out, std::string_view key, json::array value) {
  if (!value.empty()) out[key] = std::move(value);
}

}  // namespace sluice::formats::csaf
