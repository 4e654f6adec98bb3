// What a conversion to STIX 2.1 gives: objects, and all that is not as it came.
//
// Always holds
//   V1  Each entry of `lost` and `assumed` names its place in what was read, as a JSON Pointer.
//   V2  The same input gives the same bytes: ids come from ids and names in the input, times from times in it.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "formats/written.h"

namespace sluice::formats {

struct Converted {
  boost::json::array objects;
  Losses lost;      // what STIX 2.1 has no place for
  Losses assumed;   // what STIX 2.1 demands and the input didn't say
};

// An object's id says what it is, its bytes what it says: one of those that have the same id and version. Markings are joined, so that the strictest stays;
// so is what a name resolves to, which is true of it whoever says it.
class ObjectList {
 public:
  // Adds, or joins with what has the same id and the same `modified`.
  void add(boost::json::object object);
  boost::json::array take();
  bool has(std::string_view id) const;

 private:
  boost::json::array objects_;
  boost::json::object places_;   // id and modified -> index
  boost::json::object ids_;
};

// A bundle whose id follows from its objects. Empty: a bundle without objects (STIX 2.1 §8).
boost::json::object bundle_of(boost::json::array objects);

// Adds text to a list property once; makes the list.
void add_once(boost::json::object& object, std::string_view key, std::string_view text);

}  // namespace sluice::formats
