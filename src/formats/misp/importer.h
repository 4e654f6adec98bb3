// One event on its way to STIX: what its attributes, objects and galaxies share. Used by import*.cpp alone.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "formats/misp/import.h"
#include "formats/misp/value.h"

namespace sluice::formats::misp {

// What an attribute, an object, a report of an event has in common.
struct Thing {
  std::string uuid;
  std::string where;
  std::string name, comment;
  std::string value;                    // of an attribute, as it was written
  Instant modified;
  std::string first_seen, last_seen;    // as STIX writes it, or ""
  std::vector<std::string> labels;
  std::vector<std::string> marks;
  bool is_deleted = false;
  json::object facts;                   // for the extension
  const json::object* source = nullptr;
};

class EventImport {
 public:
  EventImport(const json::object& event, std::string where, const ImportOptions& options, ObjectList& list, Converted& notes) : event_(event), where_(std::move(where)), options_(options), list_(list), notes_(notes) {}
  void run();

 private:
  // import.cpp
  std::string identity_of(const json::value* organisation, const std::string& where);
  Thing thing_of(const json::object& source, const std::string& where);
  void tags(const json::object& source, const std::string& where, Thing& thing);
  void add_mark(std::vector<std::string>& marks, std::string_view marking);
  json::object object_of(std::string_view type, const Thing& thing);
  json::object object_of(std::string_view type, const std::string& uuid, const Thing& thing);
  void put(json::object object);                                  // and into the report
  void leave_out(const json::object& source, const std::string& where, std::initializer_list<std::string_view> known);
  void lost(std::string where, std::string what) { notes_.lost.push_back({std::move(where), std::move(what)}); }
  void assumed(std::string where, std::string what) { notes_.assumed.push_back({std::move(where), std::move(what)}); }
  void relate(std::string_view type, const std::string& from, const std::string& to, const Thing& thing, std::string uuid = {}, std::string_view description = {});
  void finish_references();
  void sightings(const json::object& source, const std::string& where, const Thing& thing);
  void event_reports();
  void report();

  // import_attribute.cpp
  void attribute(const json::object& source, const std::string& where);
  bool mapped_attribute(const json::object& source, Thing& thing, std::string_view type, std::string_view value, bool to_ids);
  bool emit(Thing& thing, std::string_view root, std::span<const Fact> facts, std::span<const Fact> detect, bool is_pattern_only, std::string_view payload, bool is_sample);
  void indicator(const Thing& thing, std::string_view pattern_type, std::string_view pattern);
  void note(const Thing& thing, std::string abstract, std::string content);

  // import_object.cpp
  void object(const json::object& source, const std::string& where);

  // import_galaxy.cpp
  void galaxies(const json::object& source, const std::string& where, const Thing* on);
  std::string cluster(std::string_view galaxy, const json::object& source, const std::string& where);

  const json::object& event_;
  std::string where_;
  const ImportOptions& options_;
  ObjectList& list_;
  Converted& notes_;

  Thing whole_;                                  // the event as a thing
  std::string creator_;
  Instant begun_;
  std::map<std::string, std::string> ids_;       // MISP uuid -> STIX id
  std::vector<std::string> in_report_;
  std::set<std::string> reported_;               // the same, to look up
  json::array links_;                            // external references of the report
  struct Reference {
    std::string from, to, type, comment, uuid, where;
    Thing thing;
  };
  std::vector<Reference> references_;
};

// MISP writes booleans as true, 1 or "1".
bool is_true(const json::object& source, std::string_view key);
// Text that may come as a number.
std::string text_at(const json::object& source, std::string_view key);
// As much of a text as a name should have, cut between characters.
std::string shortened(std::string_view text, std::size_t most = 200);
const json::array& list_at(const json::object& source, std::string_view key);

}  // namespace sluice::formats::misp
