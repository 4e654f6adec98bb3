// What if: a case with other facts, under other packs; and every answer that changes.
#pragma once

#include "regimes/changes.h"

namespace sluice::regimes {

// What is otherwise in a case. What a case doesn't have can't be taken from it, and leaves it as it is.
struct Otherwise {
  std::vector<std::string> add_regimes, drop_regimes;
  std::vector<std::string> assume;                               // drafts: in the case, and in force
  std::map<std::string, std::string> readings;                   // "regime.reading": choice
  std::vector<std::pair<std::string, json::value>> facts;        // JSON Pointer: value; what lies between is made
  std::vector<std::string> drop_parties;                         // with their actions and events
  std::vector<std::pair<std::string, json::value>> events;       // an instant, or null
};

// Invalid, with the pointer in `where`.
Result<json::object> otherwise(json::object scenario, const Otherwise& other);

// A case before and then. `settled`: readings that the case chose and the packs of the second answer no longer have.
struct WhatIf {
  std::string title;
  std::vector<Change> changes;
  std::vector<std::string> settled;
};
Result<WhatIf> what_if(const json::object& scenario, const Library& library, const json::object& then_scenario, const Library& then_library);

}  // namespace sluice::regimes
