// Named groups of a collection's readers: the authors of texts that several organisations answer for together (threat_reports.h).
//
// A reader forms one and is its first member. Members ask others in; each comes in by its own act, and leaves by its own.
//
// Events in the collection's stream: ThreatGroupFormed (group, collection, name), ThreatGroupAsked (group, organisation), ThreatGroupJoined, ThreatGroupLeft (group).
//
// Always holds
//   J1  Nobody is in a group but by its own organisation's act.
//   J2  A group's name says whose voice it is, so no two of a collection have the same one, in whatever capitals, and none has an organisation's. Who is in it is told to those in it and those it asked; to others the name alone.
//   J3  Who leaves reads nothing of the group's from that commit on.
//   J4  Asking an organisation in doesn't tell whether it reads the collection: one that doesn't is asked like any other, and meets nothing of it.
#pragma once

#include "service/services.h"
#include "store/threat_reports.h"

namespace sluice::service {

inline constexpr std::size_t kMostInGroup = 50;

struct FormGroup { std::string name; };
BOOST_DESCRIBE_STRUCT(FormGroup, (), (name))
struct AskIntoGroup { std::vector<OrganisationId> organisations; };
BOOST_DESCRIBE_STRUCT(AskIntoGroup, (), (organisations))

// Answers {"id"}.
Work form_threat_group(Services& services, Asker asker, std::string collection, FormGroup given);
// Whoever is named; to an organisation that doesn't read the collection there is no such group (J4). Invalid for one that isn't there.
Work ask_into_threat_group(Services& services, Asker asker, std::string collection, GroupId group, AskIntoGroup given);
Work join_threat_group(Services& services, Asker asker, std::string collection, GroupId group);     // NotFound for whoever wasn't asked
Work leave_threat_group(Services& services, Asker asker, std::string collection, GroupId group);

// {"items": [{"id", "name", "formed", "place"?, "members"?: [{"organisation", "name", "place", "at"}]}]}
Result<json::object> threat_groups(Services& services, const access::Viewer& viewer, std::string_view collection);

// Organisations that have joined, by id.
Result<std::vector<OrganisationId>> joined_of(store::Queries& db, const store::Cells& cells, GroupId group);
// Does this organisation read the collection? `kind`: as the directory has it.
bool reads_collection(const store::Collection& collection, OrganisationId id);

}  // namespace sluice::service
