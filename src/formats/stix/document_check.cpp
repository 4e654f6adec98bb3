// Documents: bundles and lists, and what holds between the objects in one (STIX 2.1 §8; what is referred to; creators as the interoperability document wants them).
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "formats/stix/parts.h"
#include "threat/marking.h"
#include "threat/object.h"

namespace sluice::formats::stix {

namespace {

using Ids = std::unordered_set<std::string_view>;

void must_resolve(const json::value& value, const Ids& ids, const Place& place, Found& found) {
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.get_array().size(); ++i) must_resolve(value.get_array()[i], ids, place.at(i), found);
  } else if (value.is_string() && threat::identifier_of(std::string_view(value.get_string())) && !ids.contains(value.get_string()) && !threat::well_known_marking(value.get_string())) {
    found.error(place, "enforce_refs", "What this refers to is not in this bundle.");
  }
}

// Every property whose name says that it refers, at any depth.
void check_references(const json::value& value, const Ids& ids, const Place& place, Found& found) {
  if (value.is_array())
    for (std::size_t i = 0; i < value.get_array().size(); ++i) check_references(value.get_array()[i], ids, place.at(i), found);
  if (!value.is_object()) return;
  for (const auto& member : value.get_object()) {
    const std::string_view key = member.key();
    if (key.ends_with("_ref") || key.ends_with("_refs")) must_resolve(member.value(), ids, place.at(key), found);
    else check_references(member.value(), ids, place.at(key), found);
  }
}

void check_interop(const json::object& object, const std::unordered_map<std::string_view, const json::object*>& by_id, const Place& place, Found& found) {
  const auto type = string_at(object, "type");
  const auto creator = string_at(object, "created_by_ref");
  const auto* known = tables::type_of(type);
  if (type == "identity" || type == "marking-definition" || (known != nullptr && known->kind == tables::Kind::Observable)) return;
  if (creator.empty()) return found.error(place, "interop", "For interoperability every object must have created_by_ref.");
  const auto identity = by_id.find(creator);
  if (identity == by_id.end() || string_at(*identity->second, "type") != "identity") return found.error(place.at("created_by_ref"), "interop", "For interoperability the creator's identity must be in the bundle.");
  if (!identity->second->contains("created_by_ref")) found.error(place.at("created_by_ref"), "interop", "For interoperability the creator's identity must itself have created_by_ref.");
}

void check_between(const json::array& objects, const Place& place, Found& found) {
  std::unordered_map<std::string_view, const json::object*> by_id;
  std::set<std::pair<std::string_view, std::string_view>> versions;
  Ids ids;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!objects[i].is_object()) continue;
    const auto& object = objects[i].get_object();
    const auto id = string_at(object, "id"), modified = string_at(object, "modified");
    if (id.empty()) continue;
    ids.insert(id);
    by_id.emplace(id, &object);
    if (!modified.empty() && !versions.emplace(id, modified).second) found.warn(checks::kDuplicateIds, place.at(i), "This id stands twice in this document, with the same modified.");
  }
  if (found.options().enforce_refs)
    for (std::size_t i = 0; i < objects.size(); ++i) check_references(objects[i], ids, place.at(i), found);
  if (found.options().interop)
    for (std::size_t i = 0; i < objects.size(); ++i)
      if (objects[i].is_object()) check_interop(objects[i].get_object(), by_id, place.at(i), found);
  // §7.2.2, §7.2.3: no marking marks itself, not by way of others either.
  std::map<std::string_view, std::vector<std::string_view>> marks;
  for (const auto& [id, object] : by_id) {
    if (string_at(*object, "type") != "marking-definition") continue;
    if (const auto* refs = object->if_contains("object_marking_refs"); refs != nullptr && refs->is_array())
      for (const auto& ref : refs->get_array())
        if (ref.is_string() && ref.get_string() != id) marks[id].push_back(ref.get_string());
  }
  for (std::size_t i = 0; i < objects.size() && !marks.empty(); ++i) {
    const auto start = objects[i].is_object() ? string_at(objects[i].get_object(), "id") : std::string_view{};
    if (!marks.contains(start)) continue;
    std::set<std::string_view> seen;
    std::vector<std::string_view> next = marks[start];
    while (!next.empty()) {
      const auto one = next.back();
      next.pop_back();
      if (one == start) {
        found.error(place.at(i).at("object_marking_refs"), "§7.2.2 object_marking_circular_refs", "This marking marks itself by way of others.");
        break;
      }
      if (!seen.insert(one).second) continue;
      if (const auto found_marks = marks.find(one); found_marks != marks.end()) next.insert(next.end(), found_marks->second.begin(), found_marks->second.end());
    }
  }
}

}  // namespace

void check_bundle(const json::object& bundle, const Place& place, Found& found) {
  const auto* objects = bundle.if_contains("objects");
  if (objects == nullptr || !objects->is_array()) return;
  const auto list = place.at("objects");
  for (std::size_t i = 0; i < objects->get_array().size(); ++i) {
    const auto& object = objects->get_array()[i];
    const auto here = list.at(i);
    if (object.is_object() && string_at(object, "type") == "bundle") found.error(here, "§8", "A bundle must not stand within a bundle.");
    else check_one(object, here, found);
  }
  check_between(objects->get_array(), list, found);
}

Findings Checker::document(const json::value& document) const {
  Findings out;
  Found found(*this, out);
  const Place root;
  // An envelope, as TAXII sends objects, is no object of STIX itself (TAXII 2.1 §3.7).
  if (const auto* object = document.if_object(); object && !object->contains("type") && !object->contains("id") && object->contains("objects") && object->at("objects").is_array()) {
    check_bundle(*object, root, found);
    return out;
  }
  if (!document.is_array()) {
    check_one(document, root, found);
    return out;
  }
  const auto& objects = document.get_array();
  for (std::size_t i = 0; i < objects.size(); ++i) check_one(objects[i], root.at(i), found);
  check_between(objects, root, found);
  return out;
}

Findings Checker::object(const json::object& object) const {
  Findings out;
  Found found(*this, out);
  check_one(object, Place{}, found);
  return out;
}

}  // namespace sluice::formats::stix
