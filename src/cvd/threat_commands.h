// Commands that tie a case to threat objects. A part of commands.h.
#pragma once

#include "cvd/case_letters.h"
#include "cvd/threat_events.h"

namespace sluice::cvd {

inline constexpr std::size_t kMostPreparedObjects = 500;             // of one case
inline constexpr std::size_t kMostPreparedBytes = 4 << 20;           // of all of them, as canonical JSON
inline constexpr std::size_t kMostReleaseCollections = 20;
inline constexpr std::size_t kMostClaimSources = 20;                 // of one claim; what comes after is no news

// `audience`: "coordination" (the default) or "shared". An object whose id is there already takes its place. The service has checked each (service/release_objects.h).
struct PrepareThreatObjects { std::optional<std::string> audience; json::value objects; };
BOOST_DESCRIBE_STRUCT(PrepareThreatObjects, (), (audience, objects))
struct DropThreatObject { std::string object; std::string why; };
BOOST_DESCRIBE_STRUCT(DropThreatObject, (), (object, why))
// By id or alias, of collections that the case's owner writes. What is planned already stays as planned.
struct ChooseReleaseCollections { std::vector<std::string> collections; };
BOOST_DESCRIBE_STRUCT(ChooseReleaseCollections, (), (collections))

// ---- by the machine alone, never by a request
// X or A, as a shared object or a list has it. A person decides on the claim; further sources are added to the one that is open.
struct ProposeFact { VulnerabilityId vulnerability; Letter fact = Letter::A; ClaimSourced source; };
BOOST_DESCRIBE_STRUCT(ProposeFact, (), (vulnerability, fact, source))
struct NoteHeldObject { OrganisationId organisation; std::string object, version, touches; };
BOOST_DESCRIBE_STRUCT(NoteHeldObject, (), (organisation, object, version, touches))

}  // namespace sluice::cvd
