// What the files of this folder share: where in a document we are, what was found, and a function a topic.
//
// A place is a chain on the stack, written out as a JSON Pointer only where something is found, since nearly nothing ever is.
#pragma once

#include "formats/stix/check.h"
#include "formats/stix/checks.h"
#include "threat/stix_tables.h"

namespace sluice::formats::stix {

namespace tables = threat::stix;

struct Place {
  const Place* up = nullptr;
  std::string_view key = {};
  std::size_t index = 0;
  bool is_index = false;

  Place at(std::string_view next) const { return {this, next}; }
  Place at(std::size_t next) const { return {this, {}, next, true}; }
  std::string pointer() const;
};

class Found {
 public:
  Found(const Checker& checker, Findings& into) : checker_(checker), into_(into) {}

  const Check& options() const { return checker_.options(); }
  bool wants(int check) const { return checker_.wants(check); }

  void error(const Place& place, std::string_view rule, std::string message);          // rule without "STIX 2.1 ": "§2.9"
  void warn(int check, const Place& place, std::string message);                        // nothing if that check isn't wanted

 private:
  void add(Severity severity, std::string rule, const Place& place, std::string message);
  const Checker& checker_;
  Findings& into_;
  std::size_t errors_ = 0, warnings_ = 0;
};

// The keys of an observed-data's container: what an observable in it may refer to (§4.14).
struct Container {
  const json::object* objects = nullptr;
};

// One object under check: what its type's table says of it and what its extensions cover.
struct Subject {
  const json::object& object;
  const tables::Type* type = nullptr;          // nullptr: a custom type
  tables::Kind kind = tables::Kind::Domain;
  std::span<const tables::Property> properties;
  bool has_new_type_extension = false;         // new-sdo, new-sco, new-sro
  bool has_toplevel_extension = false;
  const Container* container = nullptr;

  std::string_view name() const { return string_at(object, "type"); }
  const json::value* at(std::string_view key) const { return object.if_contains(key); }
  std::string_view text(std::string_view key) const { return string_at(object, key); }
};

void check_one(const json::value& value, const Place& place, Found& found, const Container* container = nullptr);
void check_one(const json::object& object, const Place& place, Found& found, const Container* container = nullptr);   // as it lies there: a value made of it would be a copy

// object_check.cpp's, used by its neighbours
void check_value(const json::value& value, const tables::Property& property, const Subject& subject, const Place& place, Found& found);
void check_structure(const json::value& value, const tables::Shape& shape, const Subject& subject, const Place& place, Found& found);
void check_unknown_value(const json::value& value, const Place& place, Found& found);   // no null, empty list or empty object anywhere in it

// a topic each
void check_conditions(const Subject& subject, const Place& place, Found& found);         // conditions.cpp: what a type's section demands beyond its table
void check_observable(const Subject& subject, const Place& place, Found& found);         // observable_check.cpp
void check_markings(const Subject& subject, const Place& place, Found& found);           // marking_check.cpp: markings, selectors, marking definitions
void check_extensions(const Subject& subject, const Place& place, Found& found);         // extension_check.cpp
void check_extension_definition(const Subject& subject, const Place& place, Found& found);
void check_custom_name(std::string_view name, const Subject& subject, const Place& place, Found& found);   // of a property that is none of the type's
void check_custom_type(const Subject& subject, const Place& place, Found& found);
void check_hashes(const json::value& value, const Place& place, Found& found, bool is_observable);
void check_dictionary(const json::value& value, const Place& place, Found& found);
void check_external_reference(const json::object& reference, const Place& place, Found& found);
void check_pattern(std::string_view pattern, std::string_view version, const Place& place, Found& found);   // pattern_check.cpp
void check_bundle(const json::object& bundle, const Place& place, Found& found);         // document_check.cpp

}  // namespace sluice::formats::stix
