// Which objects a STIX object names, and as what. For look-up and for drawing what belongs together.
//
// Always holds
//   F1  Each (kind, id) once, sorted; ids are well-formed identifiers (STIX 2.1 §2.9) and never the object's own.
//   F2  Markings are no references here: what they come to is threat/marking.h.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace sluice::threat {

// The numbers stand in the store for good.
enum class ReferenceKind { Source = 1, Target = 2, SightingOf = 3, CreatedBy = 4, DerivedFrom = 5, Other = 6 };

struct Reference {
  ReferenceKind kind = ReferenceKind::Other;
  std::string id;
  auto operator<=>(const Reference&) const = default;
};

// Of every property ending in _ref or _refs, wherever it stands, within `most`. The target of a relationship "derived-from" is one of DerivedFrom too (STIX 2.1 §3.7).
std::vector<Reference> references_of(const json::object& object, std::size_t most);

// One reference as the object says it: the name of its property, for showing.
struct NamedReference {
  std::string property, id;
  auto operator<=>(const NamedReference&) const = default;
};
std::vector<NamedReference> named_references_of(const json::object& object, std::size_t most);

}  // namespace sluice::threat
