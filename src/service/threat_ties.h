// By what an object is found in its collection: its values, the CVE ids and products that it names, the networks its addresses lie in, the objects that it names. For whoever puts objects.
//
//   tie(services.cells(), object, put);                  // fills value_tags, network_tags and refs of a store::NewObject
#pragma once

#include "base/json.h"
#include "store/values.h"
#include "threat/observable.h"

namespace sluice::service {

inline store::Tag value_name(const store::Cells& cells, const threat::Value& value) { return store::value_name(cells, value.kind, value.text); }

void tie(const store::Cells& cells, const json::object& object, store::NewObject& out);

}  // namespace sluice::service
