// What several verbs read of an answer of the API, and put into a body: nothing where there is nothing.
#pragma once

#include <boost/json/serialize.hpp>

#include "cli/client.h"

namespace sluice::cli {

// Text as it stands, anything else as JSON; "" where nothing or null is.
inline std::string said_at(const json::value& value, std::string_view pointer) {
  const auto* found = find_at(value, pointer);
  return found == nullptr || found->is_null() ? "" : found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

// Text alone; "" where there is none.
inline std::string text_at(const json::value& value, std::string_view pointer) {
  const auto* found = find_at(value, pointer);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

inline const json::array& all_at(const json::value& value, std::string_view pointer) {
  static const json::array kNothing;
  const auto* found = find_at(value, pointer);
  return found != nullptr && found->is_array() ? found->get_array() : kNothing;
}

inline std::string at_case(const Arguments& a) { return "/cases/" + query_escaped(a.get("CASE")); }

inline void put_if(json::object& body, const Arguments& a, std::string_view option, std::string_view key) {
  if (const auto value = a.maybe(option)) body[key] = *value;
}

}  // namespace sluice::cli
