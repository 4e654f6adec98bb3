// What is shared about a value, and what belongs to an object: over all collections that the asker reads, of what it meets there, and of nothing else.
//
//   TRY(const auto found, look_up(services, viewer, "hxxp://evil[.]example/a", {}));
//   TRY(const auto seen, show_object(services, viewer, "indicators", "indicator--…", {.depth = 1}));
//
// Always holds
//   U1  What is not met and what never was give the same answer after the same work: each key is a range of an index per audience of the asker (store/values.h).
//   U2  A value is looked for in its one spelling, however it was written (threat/observable.h). A value that can be several things is looked for as each of them.
//   U3  Who sent an object is told only of one's own organisation's; else its author is who the object itself says.
//   U4  `fresh` names what the asker's organisation is shown for the first time: to be written down before the answer leaves (record_shown_objects).
#pragma once

#include "service/services.h"
#include "store/values.h"
#include "threat/benign.h"
#include "threat/marking.h"
#include "threat/references.h"
#include "threat/value_keys.h"

namespace sluice::service {

inline constexpr std::size_t kMostLookups = 100;         // values in one question
inline constexpr std::size_t kMostFound = 200;           // objects that are shown of one value
inline constexpr std::size_t kMostSightings = 50;
inline constexpr std::size_t kMostGraphNodes = 500;
inline constexpr int kDeepestGraph = 3;

struct LookupWanted {
  std::string kind;                                // "" : whatever the text can be
  std::string collection;                          // "" : all that the asker reads
  bool wider = true;                               // networks that hold an address, hosts of URLs, names above a name; and of a network what lies in it
  std::size_t most = 50;
};

// An object as lists show it.
struct ObjectCard {
  std::string collection, id, type, version;
  std::string name;                                // or the value, or the pattern; "" where it has none
  std::string tlp;                                 // strictest of the object and its parts, "" where the collection's rule alone marks it
  std::vector<std::string> labels;                 // labels, indicator_types and the like
  std::string created_by;                          // created_by_ref; "" where it names none
  Instant first_shared;                            // when the asker first met any version of it
  std::size_t versions = 1;                        // that the asker meets
  std::string pseudonym;                          // under which it was sent; "" by name
  bool is_own = false, is_newest = true, is_revoked = false;
  std::int64_t object = 0;
};

struct FoundObject {
  enum class How { Value, Network, Host, Parent, Inside } how = How::Value;
  threat::Value through;                           // what it is found by
  ObjectCard card;
};

struct FoundSighting {
  ObjectCard card;
  std::string of;
  std::optional<std::int64_t> count;
  std::string first_seen, last_seen;
};

struct Lookup {
  std::string text;
  std::vector<threat::Value> readings;             // empty: this is no value
  std::vector<FoundObject> objects;                // what has the value itself first, then newest first
  bool more = false;
  bool is_too_wide = false;                        // a network that is not looked into, only for itself and what holds it
  std::vector<FoundSighting> sightings;            // of what was found
  std::vector<threat::BenignSign> benign;
  std::vector<std::int64_t> fresh;
};

// NotFound for a collection that is hidden or none; Forbidden for one that is known and not read; Invalid for a kind that there is none of.
Result<Lookup> look_up(Services& services, const access::Viewer& viewer, std::string_view text, const LookupWanted& wanted);
Result<std::vector<Lookup>> look_up_all(Services& services, const access::Viewer& viewer, std::span<const std::string> texts, const LookupWanted& wanted);
json::object lookup_json(const Lookup& found);

// ---- one object

struct ObjectVersion {
  std::string version, spec;
  Instant first_shared;
  bool is_own = false;
};

struct GraphNode {
  std::string id, type, name, tlp, version;
  int depth = 0;
  bool is_met = true;                              // else an object names it, and it is not here for the asker
  bool is_revoked = false;
};
struct GraphEdge {
  std::string from, to, what;                      // relationship_type, or the property without _ref
  std::string by;                                  // the relationship's id; "" where the object itself says it
  bool is_revoked = false;
  auto operator<=>(const GraphEdge&) const = default;
};
struct Graph {
  std::vector<GraphNode> nodes;                    // by depth, then id
  std::vector<GraphEdge> edges;                    // sorted
  bool more = false;                               // something was left out
};

struct ObjectSeen {
  ObjectCard card;
  std::string collection_title;
  std::string bytes;                               // of the newest version, as sent
  std::vector<ObjectVersion> versions;             // oldest first
  threat::Markings markings;
  std::vector<threat::Value> values;
  std::vector<FoundObject> same_value;             // other objects with one of its values, in all collections that the asker reads
  bool more_same = false;
  std::vector<threat::BenignSign> benign;
  Graph graph;
  std::vector<std::int64_t> fresh;
};

struct ObjectWanted {
  int depth = 1;                                   // of the graph; 0: none
  std::size_t most_nodes = kMostGraphNodes;
};

// NotFound for a collection or an object that is hidden or none.
Result<ObjectSeen> show_object(Services& services, const access::Viewer& viewer, std::string_view collection, std::string_view id, const ObjectWanted& wanted);
Result<json::object> object_json(const ObjectSeen& seen);

Work record_shown_objects(Services& services, access::Viewer viewer, std::vector<std::int64_t> objects);

}  // namespace sluice::service
