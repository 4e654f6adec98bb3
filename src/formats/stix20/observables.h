// The observables inside a 2.0 observed-data object as objects of their own.
#pragma once

#include <string>

#include "base/json.h"
#include "formats/converted.h"

namespace sluice::formats::stix20 {

// Moves `objects` of an observed-data out of it: makes object_refs, hands its markings down, and adds the observables. False where nothing could be taken out.
bool move_out_observables(json::object& observed, const std::string& where, ObjectList& into, Converted& notes);

}  // namespace sluice::formats::stix20
