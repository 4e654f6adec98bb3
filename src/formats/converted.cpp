#include "formats/converted.h"

#include <algorithm>

#include "base/json.h"
#include "formats/name_uuid.h"

namespace sluice::formats {

void add_once(json::object& object, std::string_view key, std::string_view text) {
  auto& list = object[key];
  if (!list.is_array()) list = json::array();
  for (const auto& item : list.get_array())
    if (item.is_string() && std::string_view(item.get_string()) == text) return;
  list.get_array().emplace_back(text);
}

void ObjectList::add(json::object object) {
  const std::string id(string_at(object, "id"));
  const auto version = id + " " + std::string(string_at(object, "modified"));
  if (const auto* place = places_.if_contains(version)) {
    auto& held = objects_[static_cast<std::size_t>(place->as_int64())].get_object();
    if (const auto* marks = object.if_contains("object_marking_refs"); marks && marks->is_array())
      for (const auto& mark : marks->get_array())
        if (mark.is_string()) add_once(held, "object_marking_refs", mark.get_string());
    if (const auto* addresses = object.if_contains("resolves_to_refs"); addresses && addresses->is_array())
      for (const auto& address : addresses->get_array())
        if (address.is_string()) add_once(held, "resolves_to_refs", address.get_string());
    if (const auto* parts = object.if_contains("granular_markings"); parts && parts->is_array()) {
      auto& list = held["granular_markings"];
      if (!list.is_array()) list = json::array();
      for (const auto& part : parts->get_array())
        if (std::find(list.get_array().begin(), list.get_array().end(), part) == list.get_array().end()) list.get_array().push_back(part);
    }
    return;
  }
  places_[version] = static_cast<std::int64_t>(objects_.size());
  ids_[id] = true;
  objects_.push_back(std::move(object));
}

bool ObjectList::has(std::string_view id) const { return ids_.contains(id); }

json::array ObjectList::take() { return std::move(objects_); }

json::object bundle_of(json::array objects) {
  json::object out;
  out["type"] = "bundle";
  out["id"] = "bundle--" + name_uuid(kConversionNamespace, canonical(objects));
  if (!objects.empty()) out["objects"] = std::move(objects);
  return out;
}

}  // namespace sluice::formats
