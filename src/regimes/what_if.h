// What if: a case with other facts, under other packs; and every answer that changes.
#pragma once

#include "regimes/changes.h"
#include "regimes/overlay.h"

namespace sluice::regimes {

// What is otherwise in a case. What a case doesn't have can't be taken from it, and leaves it as it is.
struct Otherwise {
  std::vector<std::string> add_regimes, drop_regimes;
  std::vector<std::string> assume;                               // drafts: in the case, and in force
  std::map<std::string, std::string> readings;                   // "regime.reading": choice
  std::vector<std::pair<std::string, json::value>> facts;        // JSON Pointer: value; what lies between is made
  std::vector<std::string> drop_parties;                         // with their actions and events
  std::vector<std::pair<std::string, json::value>> events;       // an instant, or null
  std::vector<json::object> add_parties = {};                    // as a case has them
};

bool has_party(const json::object& scenario, std::string_view id);
// Invalid, with the fact's pointer in `where`.
Result<json::object> otherwise(json::object scenario, const Otherwise& other);
// Whether the packs, events and facts that are named are there. NotFound, or Invalid, with the place in it: "/add_regimes/0", "/events/vuln.aware".
Result<void> check(const Otherwise& other, const Library& then_library);

// What is otherwise in the packs.
struct OtherPacks {
  std::vector<OverlayText> overlays;                             // in their order
  std::vector<std::string> drop_rules;
};
// Invalid, with the amendment's file and line: the first that is wrong; NotFound with "/drop_rules/0".
Result<Amended> packs_otherwise(const Library& library, const OtherPacks& other);

// A case before and then. `settled`: readings that the case chose and the packs of the second answer no longer have.
struct WhatIf {
  std::string title;
  std::vector<Change> changes;
  std::vector<std::string> settled;
};
json::object to_json(const WhatIf& answer);
// Invalid, too, where what is otherwise has a word that no rule can speak of: it would be told as no change.
Result<WhatIf> what_if(const json::object& scenario, const Library& library, const json::object& then_scenario, const Library& then_library);

}  // namespace sluice::regimes
