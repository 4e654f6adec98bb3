// Which MISP attribute or object says what a pattern or an observable says: the tables, read the other way.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/misp/tables.h"
#include "formats/simple_pattern.h"

namespace sluice::formats::misp {

struct MatchedAttribute {
  std::string type, category, value;
};
// `hint`: MISP's type, where it is known, since several types may say the same (domain and hostname).
std::optional<MatchedAttribute> attribute_for(const Together& together, std::string_view hint);

struct MatchedObject {
  struct Part {
    std::string relation, type, value;
  };
  std::string name;
  std::vector<Part> parts;
  std::vector<std::string> left_out;   // paths that the template has no relation for
};
// The template that has a place for most of it; nothing where none has a place for any.
std::optional<MatchedObject> object_for(const Together& together);

}  // namespace sluice::formats::misp
