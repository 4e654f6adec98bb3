// What MISP says and STIX has no property for: one documented extension of STIX objects (docs/formats/misp.md).
#pragma once

#include <array>
#include <string_view>

#include "base/json.h"

namespace sluice::formats::misp {

inline constexpr std::string_view kExtension = "extension-definition--b7a7c1de-6a3f-4f0c-9c53-2f1f5d0d6a41";

// Sets the extension; facts that say nothing (null, "", [], {}) are left out.
void say(json::object& object, json::object facts);
// What was said, or nullptr.
const json::object* said(const json::object& object);

// The extension-definition and the identity that made it (STIX 2.1 §7.3: it has a creator).
std::array<json::object, 2> extension_objects();

// Marking-definitions of TLP: "tlp:amber+strict", in any case, to the id of TLP 2.0; "tlp:white" to that of 1.0. "" for what is no TLP label.
std::string_view tlp_marking_of(std::string_view tag);
std::string_view tlp_tag_of(std::string_view marking);   // the other way, both versions; ""
// The object itself, as the standards fix it.
json::object tlp_object(std::string_view marking);

}  // namespace sluice::formats::misp
