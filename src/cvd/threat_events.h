// What ties a case to threat objects: where a claim comes from that a shared object or a public list makes, what the case has prepared to share, and what was held back. A part of
// events.h, which says what an event is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"

namespace sluice::cvd {

enum class ClaimSourceKind { ThreatObject, KnownExploitedList };
BOOST_DESCRIBE_ENUM(ClaimSourceKind, ThreatObject, KnownExploitedList)

// By what it touches the vulnerability: its identifier, a product of the case, a value in a pattern of the case's own objects, or one of those objects itself.
enum class Touch { Identifier, Product, Pattern, CaseObject };
BOOST_DESCRIBE_ENUM(Touch, Identifier, Product, Pattern, CaseObject)

// Beside FactClaimed, and again for each further source of the same claim. `name`: an object's id, or the list's name; `version`: the object's, or the list's own date; `collection`: an object's.
struct ClaimSourced { static constexpr auto kType = "ClaimSourced"; ClaimId claim; ClaimSourceKind kind = ClaimSourceKind::ThreatObject; std::string name, version; std::optional<std::string> collection; Touch touch = Touch::Identifier; std::optional<int> confidence; std::string evidence; Instant occurred; };
BOOST_DESCRIBE_STRUCT(ClaimSourced, (), (claim, kind, name, version, collection, touch, confidence, evidence, occurred))

// A STIX object that the case's release brings to collections. `hash` is over its canonical JSON.
struct PreparedObject { std::string id, type, version; json::value object; Hash hash{}; };
BOOST_DESCRIBE_STRUCT(PreparedObject, (), (id, type, version, object, hash))
struct ThreatObjectsPrepared { static constexpr auto kType = "ThreatObjectsPrepared"; std::vector<PreparedObject> objects; };
BOOST_DESCRIBE_STRUCT(ThreatObjectsPrepared, (), (objects))
struct ThreatObjectDropped { static constexpr auto kType = "ThreatObjectDropped"; std::string object; std::string why; };
BOOST_DESCRIBE_STRUCT(ThreatObjectDropped, (), (object, why))
// Ids of collections, all of them; none: the release brings nothing to any.
struct ReleaseCollectionsChosen { static constexpr auto kType = "ReleaseCollectionsChosen"; std::vector<std::string> collections; };
BOOST_DESCRIBE_STRUCT(ReleaseCollectionsChosen, (), (collections))

// A participant was about to share an object that would have given the case away. `touches`: what of it, in words.
struct ThreatObjectHeld { static constexpr auto kType = "ThreatObjectHeld"; OrganisationId organisation; std::string object, version, touches; };
BOOST_DESCRIBE_STRUCT(ThreatObjectHeld, (), (organisation, object, version, touches))

}  // namespace sluice::cvd
