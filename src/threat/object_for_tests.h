// Objects written as JSON in tests, and definitions as a site holds them.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "threat/marking.h"

namespace sluice::threat::testing {

inline json::object object_of(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE_MESSAGE(value.has_value(), text);
  return value->as_object();
}

struct HeldMarkings {
  std::map<std::string, json::object, std::less<>> held;
  void add(std::string_view text) {
    auto object = object_of(text);
    const std::string id(string_at(object, "id"));
    held[id] = std::move(object);
  }
  MarkingLookup lookup() const {
    return [this](std::string_view id) -> const json::object* {
      const auto at = held.find(id);
      return at == held.end() ? nullptr : &at->second;
    };
  }
};

}  // namespace sluice::threat::testing
