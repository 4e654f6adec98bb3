// Before sharing: what a document's objects are about, in one spelling, and which of it is known to be harmless. Offline; a warning is never a refusal (threat/benign.h, N1).
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "threat/benign.h"

namespace sluice::service {

struct CheckedValue {
  threat::Value value;
  std::vector<threat::BenignSign> benign;
};
struct CheckedObject {
  std::string id, type;
  std::vector<CheckedValue> values;
};

// Of a bundle, an envelope ({"objects": […]}), a list of objects or one object; those that are about no value too. Invalid for anything else.
Result<std::vector<CheckedObject>> check_values(const json::value& document, std::span<const threat::BenignList> lists);

// A list of one's own (docs/formats/benign-list.md).
inline Result<threat::BenignList> benign_list_of(std::string_view text) { return threat::read_benign_list(text); }

}  // namespace sluice::service
