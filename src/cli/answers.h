// What several verbs read of an answer of the API, and put into a body: nothing where there is nothing.
#pragma once

#include <boost/json/serialize.hpp>

#include "cli/client.h"
#include "cli/console.h"

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

// Sends the command and prints what stands under `key` in the answer; with --json all of it.
inline Result<int> print_posted(const Arguments& a, const std::string& path, const json::object& body, std::string_view key) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/" + std::string(key)));
  return 0;
}

}  // namespace sluice::cli
