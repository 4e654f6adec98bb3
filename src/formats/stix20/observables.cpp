#include "formats/stix20/observables.h"

#include <algorithm>
#include <map>
#include <vector>

#include "formats/name_uuid.h"
#include "formats/stix20/tables.h"
#include "threat/object_id.h"

namespace sluice::formats::stix20 {

namespace {

// STIX 2.1 §2.9 and the object tables: references that are part of an observable's id, so they must be known before it.
constexpr std::string_view kIdentifying[] = {"dst_ref", "from_ref", "parent_directory_ref", "src_ref"};

bool is_ref(std::string_view key) { return key.ends_with("_ref"); }
bool is_refs(std::string_view key) { return key.ends_with("_refs"); }

class Container {
 public:
  Container(const json::object& observed, const std::string& where, Converted& notes) : notes_(notes), where_(where + "/objects"), owner_(string_at(observed, "id")) {
    for (const auto& [key, value] : observed.at("objects").as_object()) {
      if (!value.is_object() || string_at(value, "type").empty()) {
        lost(key, "This is no observable; it was left out.");
        continue;
      }
      const std::string name(key);
      items_[name] = renamed_object(value.get_object(), where_ + "/" + pointer_token(name));
      order_.push_back(name);
    }
    // "10" after "9".
    std::stable_sort(order_.begin(), order_.end(), [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  }

  const std::vector<std::string>& order() const { return order_; }
  json::object& item(const std::string& key) { return items_.at(key); }
  bool holds(const std::string& key) const { return items_.contains(key); }

  void identify() {
    for (const auto& key : order_) id_of(key);
    for (const auto& key : order_) refer(items_.at(key), where_ + "/" + pointer_token(key));
  }

  std::string id_of(const std::string& key) {
    if (const auto known = ids_.find(key); known != ids_.end()) return known->second;
    auto& object = items_.at(key);
    const auto stand_in = std::string(string_at(object, "type")) + "--" + name_uuid4(kConversionNamespace, owner_ + " " + key);
    ids_[key] = stand_in;  // found by whoever refers back to this one while its own id is being made
    auto named = object;
    for (const auto name : kIdentifying)
      if (const auto* ref = named.if_contains(name); ref && ref->is_string()) {
        const std::string to(ref->get_string());
        if (items_.contains(to)) named[name] = id_of(to);
      }
    if (const auto id = threat::deterministic_id(named)) ids_[key] = *id;
    object["id"] = ids_[key];
    return ids_[key];
  }

 private:
  void lost(std::string_view key, std::string what) { notes_.lost.push_back({where_ + "/" + pointer_token(key), std::move(what)}); }

  json::object renamed_object(const json::object& from, const std::string& at) {
    const auto type = string_at(from, "type");
    json::object out;
    out["type"] = type;
    out["spec_version"] = "2.1";
    for (const auto& [key, value] : from) {
      const std::string_view name = key;
      if (name == "type") continue;
      const auto other = new_name(type, "", name);
      if (other.starts_with("x_stix20_")) notes_.lost.push_back({at + "/" + pointer_token(name), "STIX 2.1 has no such property; it is kept as " + std::string(other) + "."});
      out[other.empty() ? name : other] = value;
    }
    if (auto* extensions = out.if_contains("extensions"); extensions && extensions->is_object())
      for (auto& [extension, value] : extensions->get_object()) {
        if (!value.is_object()) continue;
        for (const auto& row : renamed())
          if (row.type == type && row.extension == std::string_view(extension) && value.get_object().contains(row.from)) {
            notes_.lost.push_back({at + "/extensions/" + pointer_token(extension) + "/" + std::string(row.from), "STIX 2.1 has no such property; it is kept as " + std::string(row.to) + "."});
            value.get_object()[row.to] = value.get_object().at(row.from);
            value.get_object().erase(row.from);
          }
      }
    // STIX 2.1 §6.6.2: a header field is a list, since it may stand there more than once.
    if (auto* fields = out.if_contains("additional_header_fields"); fields && fields->is_object())
      for (auto& [field, value] : fields->get_object())
        if (value.is_string()) value = json::array{value};
    hash_names(out);
    return out;
  }

  // hash-algorithm-ov: "ssdeep" became "SSDEEP".
  static void hash_names(json::object& object) {
    for (auto& [key, value] : object) {
      if (value.is_object()) hash_names(value.get_object());
      if (value.is_array())
        for (auto& item : value.get_array())
          if (item.is_object()) hash_names(item.get_object());
    }
    for (const auto name : {"hashes", "file_header_hashes"}) {
      auto* hashes = object.if_contains(name);
      if (!hashes || !hashes->is_object() || !hashes->get_object().contains("ssdeep")) continue;
      auto& all = hashes->get_object();
      const auto value = all.at("ssdeep");
      all.erase("ssdeep");
      if (!all.contains("SSDEEP")) all["SSDEEP"] = value;
    }
  }

  // Keys within the container become ids; what points to nothing goes.
  void refer(json::object& object, const std::string& at) {
    std::vector<std::string> gone;
    for (auto& [key, value] : object) {
      const std::string_view name = key;
      const auto here = at + "/" + pointer_token(name);
      if (is_ref(name) && value.is_string()) {
        if (!point(value)) gone.emplace_back(name), notes_.lost.push_back({here, "This refers to nothing in the same observed-data; it was left out."});
      } else if (is_refs(name) && value.is_array()) {
        json::array kept;
        for (auto& item : value.get_array())
          if (item.is_string() && point(item)) kept.push_back(item);
        if (kept.size() != value.get_array().size()) notes_.lost.push_back({here, "Some of these refer to nothing in the same observed-data; they were left out."});
        if (kept.empty()) gone.emplace_back(name);
        value = std::move(kept);
      } else if (value.is_object()) {
        refer(value.get_object(), here);
      } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.get_array().size(); ++i)
          if (auto& item = value.get_array()[i]; item.is_object()) refer(item.get_object(), here + "/" + std::to_string(i));
      }
    }
    for (const auto& name : gone) object.erase(name);
  }
  bool point(json::value& ref) {
    const auto found = ids_.find(std::string(ref.get_string()));
    if (found == ids_.end()) return false;
    ref = found->second;
    return true;
  }

  Converted& notes_;
  std::string where_, owner_;
  std::map<std::string, json::object> items_;
  std::map<std::string, std::string> ids_;
  std::vector<std::string> order_;
};

// U3. A selector "objects.0.name" goes with its observable, as "name"; what names a whole observable becomes a marking of all of it.
void hand_down_granular(json::object& observed, Container& container) {
  auto* markings = observed.if_contains("granular_markings");
  if (!markings || !markings->is_array()) return;
  json::array stay;
  for (const auto& marking : markings->get_array()) {
    if (!marking.is_object() || !marking.get_object().contains("selectors") || !marking.get_object().at("selectors").is_array()) {
      stay.push_back(marking);
      continue;
    }
    json::array selectors;
    std::map<std::string, json::array> down;
    const auto ref = std::string(string_at(marking, "marking_ref"));
    for (const auto& selector : marking.get_object().at("selectors").get_array()) {
      const std::string text(selector.is_string() ? std::string_view(selector.get_string()) : std::string_view{});
      if (text != "objects" && !text.starts_with("objects.")) {
        selectors.push_back(selector);
        continue;
      }
      if (text == "objects") {
        for (const auto& key : container.order())
          if (!ref.empty()) add_once(container.item(key), "object_marking_refs", ref);
        continue;
      }
      const auto end = std::min(text.find('.', 8), text.size());
      const auto key = text.substr(8, end - 8);
      if (!container.holds(key)) continue;
      auto& object = container.item(key);
      if (end == text.size()) {
        if (!ref.empty()) add_once(object, "object_marking_refs", ref);
        continue;
      }
      auto rest = text.substr(end + 1);
      const auto first = rest.substr(0, rest.find('.'));
      if (const auto other = new_name(string_at(object, "type"), "", first); !other.empty()) rest = std::string(other) + rest.substr(first.size());
      down[key].emplace_back(rest);
    }
    for (auto& [key, list] : down) {
      json::object part = marking.get_object();
      part["selectors"] = std::move(list);
      auto& all = container.item(key)["granular_markings"];
      if (!all.is_array()) all = json::array();
      all.get_array().push_back(std::move(part));
    }
    if (!selectors.empty()) {
      json::object part = marking.get_object();
      part["selectors"] = std::move(selectors);
      stay.push_back(std::move(part));
    }
  }
  if (stay.empty()) observed.erase("granular_markings");
  else observed["granular_markings"] = std::move(stay);
}

}  // namespace

bool move_out_observables(json::object& observed, const std::string& where, ObjectList& into, Converted& notes) {
  if (!observed.contains("objects") || !observed.at("objects").is_object()) return false;
  Container container(observed, where, notes);
  if (container.order().empty()) return false;
  container.identify();
  hand_down_granular(observed, container);
  json::array refs;
  for (const auto& key : container.order()) {
    auto& object = container.item(key);
    if (const auto* marks = observed.if_contains("object_marking_refs"); marks && marks->is_array())
      for (const auto& mark : marks->get_array())
        if (mark.is_string()) add_once(object, "object_marking_refs", mark.get_string());
    const json::value id = object.at("id");
    if (std::find(refs.begin(), refs.end(), id) == refs.end()) refs.push_back(id);
    into.add(object);
  }
  observed.erase("objects");
  observed["object_refs"] = std::move(refs);
  return true;
}

}  // namespace sluice::formats::stix20
