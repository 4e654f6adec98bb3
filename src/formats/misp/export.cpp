// One idea, and so one class: a walk over the objects of one event after the other, in which what was written before decides what is written next (attributes that indicators made,
// observables that an observed-data holds, relations to what became an object).
#include "formats/misp/export.h"

#include <algorithm>
#include <map>
#include <set>

#include "formats/misp/extension.h"
#include "formats/misp/import.h"
#include "formats/misp/importer.h"
#include "formats/misp/match.h"
#include "formats/misp/value.h"
#include "formats/name_uuid.h"

namespace sluice::formats::misp {

namespace {

struct Item {
  const json::object* object;
  std::string where;
};

std::string type_of_id(std::string_view id) { return std::string(id.substr(0, id.find("--"))); }
std::string uuid_of_id(std::string_view id) {
  const auto dash = id.find("--");
  const auto clean = dash == id.npos ? std::string() : clean_uuid(id.substr(dash + 2));
  return clean.empty() ? name_uuid(kConversionNamespace, id) : clean;
}
std::string seconds(std::string_view stix) {
  const auto time = parse_instant(stix);
  return std::to_string(time ? time->micros / 1'000'000 : 0);
}
bool is_observable(std::string_view type) {
  constexpr std::string_view kTypes[] = {"artifact", "autonomous-system", "directory", "domain-name", "email-addr", "email-message", "file", "ipv4-addr", "ipv6-addr", "mac-addr", "mutex", "network-traffic", "process", "software", "url", "user-account", "windows-registry-key", "x509-certificate"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}
bool is_container(std::string_view type) { return type == "report" || type == "grouping"; }
bool is_cluster(std::string_view type) {
  return type == "attack-pattern" || type == "campaign" || type == "course-of-action" || type == "intrusion-set" || type == "location" || type == "malware" || type == "threat-actor" || type == "tool";
}

// One event being made.
struct Event {
  json::object out;
  std::set<std::string> marks;
  std::map<std::string, std::size_t> attributes, objects;   // uuid -> index
  std::set<std::string> clusters;
};

class Export {
 public:
  Result<Written> run(const json::value& document) {
    gather(document, "", 0);
    if (items_.empty()) return fail(ErrorKind::Invalid, "There is no STIX object here: a bundle, an envelope, a list of objects or one object is what is read.", "");
    std::set<std::string> inside;
    for (const auto& id : order_) {
      const auto& object = *items_.at(id).object;
      if (type_of_id(id) == "observed-data")
        for (const auto& ref : list_at(object, "object_refs"))
          if (ref.is_string()) observed_.insert(std::string(ref.get_string()));
      if (!is_container(type_of_id(id))) continue;
      for (const auto& ref : list_at(object, "object_refs"))
        if (ref.is_string()) inside.insert(std::string(ref.get_string()));
    }
    json::array events;
    for (const auto& id : order_)
      if (is_container(type_of_id(id))) {
        std::vector<std::string> members;
        for (const auto& ref : list_at(*items_.at(id).object, "object_refs")) {
          if (!ref.is_string()) continue;
          const std::string to(ref.get_string());
          if (items_.contains(to)) members.push_back(to);
          else lost(items_.at(id).where + "/object_refs", "This refers to " + to + ", which isn't here.");
        }
        events.push_back(json::object{{"Event", event_of(items_.at(id), members)}});
      }
    std::vector<std::string> rest;
    for (const auto& id : order_)
      if (const auto type = type_of_id(id); !inside.contains(id) && !is_container(type) && type != "identity" && type != "marking-definition" && type != "extension-definition") rest.push_back(id);
    if (!rest.empty()) events.push_back(json::object{{"Event", event_of_rest(rest)}});
    Written written;
    written.document = json::object{{"response", std::move(events)}};
    written.losses = std::move(losses_);
    return written;
  }

 private:
  void lost(std::string where, std::string what) { losses_.push_back({std::move(where), std::move(what)}); }

  void gather(const json::value& value, const std::string& where, int depth) {
    if (depth > 4) return;
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.get_array().size(); ++i) gather(value.get_array()[i], where + "/" + std::to_string(i), depth + 1);
      return;
    }
    if (!value.is_object()) return;
    const auto& object = value.get_object();
    const std::string id(string_at(object, "id"));
    if (string_at(object, "type") == "bundle" || (id.empty() && object.contains("objects"))) {
      if (const auto* objects = object.if_contains("objects")) gather(*objects, where + "/objects", depth + 1);
      return;
    }
    if (id.empty() || string_at(object, "type") != type_of_id(id)) {
      lost(where, "This is no STIX object.");
      return;
    }
    const auto held = items_.find(id);
    if (held == items_.end()) {
      order_.push_back(id);
      items_[id] = {&object, where};
      return;
    }
    const bool newer = string_at(*held->second.object, "modified") < string_at(object, "modified");
    lost(newer ? held->second.where : where, "There is a newer version, or the same one twice; MISP has one.");
    if (newer) held->second = {&object, where};
  }

  const json::object* object_at(std::string_view id) const {
    const auto found = items_.find(std::string(id));
    return found == items_.end() ? nullptr : found->second.object;
  }

  // X3: parts that are marked mark the whole.
  std::set<std::string> marks_of(const json::object& object, const std::string& where) {
    std::set<std::string> out;
    const auto take = [&](std::string_view id) {
      if (const auto tag = tlp_tag_of(id); !tag.empty()) {
        out.insert(id == "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9" ? "tlp:white" : "tlp:" + std::string(tag));
        return;
      }
      lost(where + "/object_marking_refs", "MISP has no place for the marking " + std::string(id) + ".");
    };
    for (const auto& ref : list_at(object, "object_marking_refs"))
      if (ref.is_string()) take(ref.get_string());
    for (const auto& part : list_at(object, "granular_markings"))
      if (part.is_object() && !string_at(part, "marking_ref").empty()) {
        take(string_at(part, "marking_ref"));
        lost(where + "/granular_markings", "MISP marks no parts: the whole has the part's marking.");
      }
    return out;
  }

  json::array tags_of(const json::object& object, const std::string& where, const std::set<std::string>& but) {
    json::array out;
    for (const auto& mark : marks_of(object, where))
      if (!but.contains(mark)) out.push_back(json::object{{"name", mark}});
    for (const auto& label : list_at(object, "labels"))
      if (label.is_string() && !std::string_view(label.get_string()).starts_with("misp:")) out.push_back(json::object{{"name", label}});
    return out;
  }

  json::object organisation(std::string_view id) const {
    const auto* identity = object_at(id);
    if (!identity) return {};
    return {{"name", string_at(*identity, "name")}, {"uuid", uuid_of_id(id)}};
  }

  json::object event_of(const Item& item, const std::vector<std::string>& members) {
    const auto& object = *item.object;
    const auto* facts = said(object);
    Event event;
    event.marks = marks_of(object, item.where);
    auto& out = event.out;
    out["uuid"] = uuid_of_id(string_at(object, "id"));
    out["info"] = string_at(object, "name").empty() ? std::string_view("STIX grouping") : string_at(object, "name");
    out["date"] = facts && !string_at(*facts, "date").empty() ? std::string(string_at(*facts, "date")) : std::string(string_at(object, "created").substr(0, 10));
    out["timestamp"] = seconds(string_at(object, "modified"));
    const bool is_report = string_at(object, "type") == "report";
    out["published"] = facts && facts->contains("published") ? is_true(*facts, "published") : is_report;
    out["publish_timestamp"] = facts ? text_at(*facts, "publish_timestamp") : is_report ? seconds(string_at(object, "published")) : "0";
    const auto fact = [&](std::string_view key, std::string_view otherwise) { return facts && !text_at(*facts, key).empty() ? text_at(*facts, key) : std::string(otherwise); };
    out["threat_level_id"] = fact("threat_level_id", "4");
    out["analysis"] = fact("analysis", "2");
    out["distribution"] = fact("distribution", "0");  // the narrowest, where nothing is said
    if (const auto extends = fact("extends_uuid", ""); !extends.empty()) out["extends_uuid"] = extends;
    if (auto maker = organisation(string_at(object, "created_by_ref")); !maker.empty()) {
      out["Orgc"] = maker;
      out["Org"] = facts && facts->contains("org") ? facts->at("org") : json::value(maker);
    }
    out["Tag"] = tags_of(object, item.where, {});
    fill(event, members);
    if (const auto text = string_at(object, "description"); !text.empty()) list(event, "EventReport").push_back(json::object{{"uuid", name_uuid(kConversionNamespace, "description " + std::string(string_at(object, "id")))}, {"name", "Description"}, {"content", text}, {"timestamp", out["timestamp"]}});
    for (const auto& reference : list_at(object, "external_references"))
      if (reference.is_object() && !string_at(reference, "url").empty() && string_at(reference, "source_name") != "misp-link")
        add_attribute(event, name_uuid(kConversionNamespace, std::string(string_at(object, "id")) + " " + std::string(string_at(reference, "url"))),
                      {{"type", "link"}, {"category", "External analysis"}, {"value", string_at(reference, "url")}, {"comment", string_at(reference, "source_name")}, {"to_ids", false}, {"timestamp", out["timestamp"]}});
    others(object, item.where, {"context", "description", "external_references", "name", "object_refs", "published"});
    return std::move(event.out);
  }

  json::object event_of_rest(const std::vector<std::string>& ids) {
    Event event;
    std::string all, last, maker;
    for (const auto& id : ids) {
      all += id + "\n";
      const auto& object = *items_.at(id).object;
      last = std::max(last, std::string(string_at(object, "modified")));
      if (maker.empty()) maker = string_at(object, "created_by_ref");
    }
    event.out["uuid"] = name_uuid(kConversionNamespace, all);
    event.out["info"] = "STIX objects";
    event.out["date"] = last.empty() ? std::string("1970-01-01") : last.substr(0, 10);
    event.out["timestamp"] = seconds(last);
    event.out["published"] = false;
    event.out["publish_timestamp"] = "0";
    event.out["threat_level_id"] = "4";
    event.out["analysis"] = "2";
    event.out["distribution"] = "0";
    if (auto organisation_made = organisation(maker); !organisation_made.empty()) event.out["Orgc"] = event.out["Org"] = organisation_made;
    fill(event, ids);
    return std::move(event.out);
  }

  static json::array& list(Event& event, std::string_view key) {
    auto& value = event.out[key];
    if (!value.is_array()) value = json::array();
    return value.get_array();
  }

  void add_attribute(Event& event, const std::string& uuid, json::object attribute) {
    if (event.attributes.contains(uuid)) return;
    attribute["uuid"] = uuid;
    event.attributes[uuid] = list(event, "Attribute").size();
    list(event, "Attribute").push_back(std::move(attribute));
  }

  void fill(Event& event, const std::vector<std::string>& ids) {
    // Indicators first: an observed-data of the same uuid says the same thing again.
    for (const int pass : {0, 1, 2})
      for (const auto& id : ids) {
        const auto type = type_of_id(id);
        const auto& item = items_.at(id);
        if (pass == 0 && type == "indicator") indicator(event, item);
        if (pass == 1) thing(event, item, type);
        if (pass == 2) link(event, item, type);
      }
  }

  json::object common(Event& event, const Item& item) {
    const auto& object = *item.object;
    json::object out;
    const auto* facts = said(object);
    out["timestamp"] = seconds(string_at(object, "modified"));
    out["distribution"] = facts && !text_at(*facts, "distribution").empty() ? text_at(*facts, "distribution") : std::string("5");
    out["deleted"] = is_true(object, "revoked");
    for (const auto key : {"first_seen", "last_seen"})
      if (facts && facts->contains(key)) out[key] = facts->at(key);
    if (auto tags = tags_of(object, item.where, event.marks); !tags.empty()) out["Tag"] = std::move(tags);
    return out;
  }

  // X2: what the extension says holds as long as it still makes the same pattern or the same observables.
  bool still_holds(const json::object& object, std::string_view list_name, const json::object& made) const {
    const json::value probe = json::object{{"info", "x"}, {"uuid", "00000000-0000-4000-8000-000000000000"}, {"date", "2020-01-01"}, {"timestamp", "1577836800"}, {list_name, json::array{made}}};
    const auto again = import_events(probe, {.marks_by_distribution = false});
    if (!again) return false;
    const auto type = string_at(object, "type");
    const auto uuid = std::string(string_at(made, "uuid"));
    for (const auto& one : again->objects) {
      if (string_at(one, "id") != std::string(type) + "--" + uuid) continue;
      if (type == "indicator") return string_at(one, "pattern") == string_at(object, "pattern");
      if (type != "observed-data") return true;
      std::set<std::string> a, b;
      for (const auto& ref : list_at(one.get_object(), "object_refs")) a.insert(canonical(ref));
      for (const auto& ref : list_at(object, "object_refs")) b.insert(canonical(ref));
      // A file's content hangs on what isn't in the extension.
      std::erase_if(b, [](const std::string& id) { return id.starts_with("\"artifact--"); });
      return type == "observed-data" ? a == b : true;
    }
    return false;
  }

  // As an attribute or object of MISP, out of the extension; false where there is none, or where it no longer holds.
  bool from_facts(Event& event, const Item& item, const std::optional<MatchedAttribute>& matched) {
    const auto& object = *item.object;
    const auto* facts = said(object);
    if (!facts) return false;
    const auto uuid = uuid_of_id(string_at(object, "id"));
    auto out = common(event, item);
    out["comment"] = text_at(*facts, "comment");
    if (!list_at(*facts, "attributes").empty()) {
      out["uuid"] = uuid;
      for (const auto& [from, to] : {std::pair{"name", "name"}, std::pair{"meta_category", "meta-category"}, std::pair{"description", "description"}, std::pair{"template_uuid", "template_uuid"}, std::pair{"template_version", "template_version"}})
        if (const auto text = text_at(*facts, from); !text.empty()) out[to] = text;
      json::array attributes;
      for (const auto& one : list_at(*facts, "attributes")) {
        if (!one.is_object()) continue;
        auto attribute = one.get_object();
        if (const auto labels = list_at(attribute, "tags"); !labels.empty()) {
          json::array tags;
          for (const auto& label : labels) tags.push_back(json::object{{"name", label}});
          attribute["Tag"] = std::move(tags);
        }
        attribute.erase("tags");
        const auto type = text_at(attribute, "type");
        if (type == "malware-sample" || type == "attachment")
          if (const auto content = payload(object); !content.empty()) attribute["data"] = content;
        attributes.push_back(std::move(attribute));
      }
      out["Attribute"] = std::move(attributes);
      if (string_at(object, "type") != "note" && !still_holds(object, "Object", out)) return changed(item);
      if (event.objects.contains(uuid)) return true;
      hand_tags_down(out);
      event.objects[uuid] = list(event, "Object").size();
      list(event, "Object").push_back(std::move(out));
      return true;
    }
    const auto type = text_at(*facts, "type");
    auto value = text_at(*facts, "value");
    if (value.empty() && matched && matched->type == type) value = matched->value;
    if (value.empty() && (string_at(object, "type") == "indicator") && string_at(object, "pattern_type") != "stix") value = string_at(object, "pattern");
    if (value.empty() && string_at(object, "type") != "indicator") value = string_at(object, "name");
    if (type.empty() || value.empty()) return false;
    out["type"] = type;
    out["category"] = text_at(*facts, "category");
    out["to_ids"] = is_true(*facts, "to_ids");
    out["value"] = value;
    out["uuid"] = uuid;
    const bool is_stix_rule = type == "stix2-pattern";
    if (string_at(object, "type") != "note" && !is_stix_rule && !still_holds(object, "Attribute", out)) return changed(item);
    if (type == "malware-sample" || type == "attachment")
      if (const auto content = payload(object); !content.empty()) out["data"] = content;
    add_attribute(event, uuid, std::move(out));
    return true;
  }
  bool changed(const Item& item) {
    lost(item.where + "/extensions", "What the extension says no longer fits the object, which was changed since; the object counts.");
    return false;
  }

  std::string payload(const json::object& object) const {
    const auto* observed = string_at(object, "type") == "observed-data" ? &object : object_at("observed-data--" + uuid_of_id(string_at(object, "id")));
    if (!observed) return {};
    for (const auto& ref : list_at(*observed, "object_refs"))
      if (ref.is_string())
        if (const auto* one = object_at(ref.get_string()); one && string_at(*one, "type") == "artifact") return std::string(string_at(*one, "payload_bin"));
    return {};
  }

  static const json::object* find_object(const void* context, std::string_view id) { return static_cast<const Export*>(context)->object_at(id); }

  std::string_view hint_of(const json::object& object) const {
    const auto* facts = said(object);
    return facts ? string_at(*facts, "type") : std::string_view{};
  }

  void indicator(Event& event, const Item& item) {
    const auto& object = *item.object;
    const auto pattern = string_at(object, "pattern");
    const auto kind = string_at(object, "pattern_type");
    const auto choices = kind == "stix" ? choices_of(pattern, 200) : std::nullopt;
    std::optional<MatchedAttribute> only;
    if (choices && choices->size() == 1) only = attribute_for(choices->front(), hint_of(object));
    if (from_facts(event, item, only)) return;
    auto base = common(event, item);
    base["comment"] = string_at(object, "description").empty() ? string_at(object, "name") : string_at(object, "description");
    base["to_ids"] = true;
    const auto uuid = uuid_of_id(string_at(object, "id"));
    others(object, item.where, {"description", "name", "pattern", "pattern_type", "pattern_version", "valid_from"});
    const auto whole = [&](std::string_view type) {
      base["type"] = type;
      base["category"] = "Payload installation";
      base["value"] = pattern;
      add_attribute(event, uuid, std::move(base));
    };
    if (kind != "stix") {
      for (const auto& row : rule_rows())
        if (row.name.empty() && row.pattern_type == kind) return whole(row.relation);
      lost(item.where, "MISP has no type for a pattern of the kind \"" + shortened(kind) + "\".");
      return;
    }
    if (!choices) return whole("stix2-pattern");
    // Each choice is enough by itself, as each attribute of MISP is.
    std::vector<MatchedAttribute> attributes;
    for (const auto& choice : *choices)
      if (auto one = attribute_for(choice, {})) attributes.push_back(std::move(*one));
    if (attributes.size() == choices->size()) {
      for (std::size_t i = 0; i < attributes.size(); ++i) {
        auto out = base;
        out["type"] = attributes[i].type;
        out["category"] = attributes[i].category;
        out["value"] = attributes[i].value;
        add_attribute(event, attributes.size() == 1 ? uuid : name_uuid(kConversionNamespace, uuid + " " + attributes[i].value), std::move(out));
      }
      return;
    }
    const auto matched = choices->size() == 1 ? object_for(choices->front()) : std::nullopt;
    if (!matched || !matched->left_out.empty()) return whole("stix2-pattern");
    add_object(event, uuid, *matched, base, true);
  }

  void add_object(Event& event, const std::string& uuid, const MatchedObject& matched, const json::object& base, bool to_ids) {
    if (event.objects.contains(uuid)) return;
    json::object out = base;
    out.erase("to_ids");
    out["uuid"] = uuid;
    out["name"] = matched.name;
    json::array attributes;
    for (const auto& part : matched.parts)
      attributes.push_back(json::object{{"uuid", name_uuid(kConversionNamespace, uuid + " " + part.relation + " " + part.value)}, {"object_relation", part.relation}, {"type", part.type}, {"category", "Other"}, {"value", part.value}, {"to_ids", to_ids},
                                        {"timestamp", base.contains("timestamp") ? base.at("timestamp") : json::value("0")}});
    out["Attribute"] = std::move(attributes);
    hand_tags_down(out);
    event.objects[uuid] = list(event, "Object").size();
    list(event, "Object").push_back(std::move(out));
  }

  // Objects have no tags in MISP: their attributes do.
  static void hand_tags_down(json::object& made) {
    const auto tags = list_at(made, "Tag");
    made.erase("Tag");
    if (tags.empty()) return;
    for (auto& attribute : made.at("Attribute").get_array()) {
      auto& of = attribute.get_object()["Tag"];
      if (!of.is_array()) of = json::array();
      of.get_array().insert(of.get_array().end(), tags.begin(), tags.end());
    }
  }

  // An observable by itself, or one of an observed-data.
  void observable(Event& event, const json::object& object, const std::string& where, const std::string& uuid, const json::object& base, std::string_view hint) {
    const auto together = flattened(object, find_object, this);
    if (const auto one = attribute_for(together, hint)) {
      auto out = base;
      out["type"] = one->type;
      out["category"] = one->category;
      out["value"] = one->value;
      out["to_ids"] = false;
      add_attribute(event, uuid, std::move(out));
      return;
    }
    const auto matched = object_for(together);
    if (!matched) {
      lost(where, "MISP has no type or template for this observable.");
      return;
    }
    for (const auto& path : matched->left_out) lost(where, "The template " + matched->name + " has no place for " + path + ".");
    add_object(event, uuid, *matched, base, false);
  }

  void observed_data(Event& event, const Item& item) {
    const auto& object = *item.object;
    const auto uuid = uuid_of_id(string_at(object, "id"));
    if (event.attributes.contains(uuid) || event.objects.contains(uuid)) return;
    std::set<std::string> inner;
    for (const auto& ref : list_at(object, "object_refs"))
      if (ref.is_string())
        if (const auto* one = object_at(ref.get_string()))
          for (const auto& [key, value] : *one) {
            const std::string_view name = key;
            if (name.ends_with("_ref") && value.is_string()) inner.insert(std::string(value.get_string()));
            if (name.ends_with("_refs") && value.is_array())
              for (const auto& to : value.get_array())
                if (to.is_string()) inner.insert(std::string(to.get_string()));
          }
    std::vector<std::string> roots;
    for (const auto& ref : list_at(object, "object_refs"))
      if (ref.is_string() && object_at(ref.get_string()) && !inner.contains(std::string(ref.get_string()))) roots.emplace_back(ref.get_string());
    std::optional<MatchedAttribute> only;
    if (roots.size() == 1) only = attribute_for(flattened(*object_at(roots[0]), find_object, this), hint_of(object));
    if (from_facts(event, item, only)) return;
    auto base = common(event, item);
    base["first_seen"] = string_at(object, "first_observed");
    base["last_seen"] = string_at(object, "last_observed");
    if (const auto* count = object.if_contains("number_observed"); count && *count != json::value(1)) lost(item.where + "/number_observed", "MISP counts by sightings; this number is left out.");
    if (roots.empty()) lost(item.where, "None of its observables is here.");
    for (const auto& root : roots) observable(event, *object_at(root), items_.at(root).where, roots.size() == 1 ? uuid : name_uuid(kConversionNamespace, uuid + " " + root), base, {});
    others(object, item.where, {"first_observed", "last_observed", "number_observed", "object_refs"});
  }

  void cluster(Event& event, const Item& item, json::array* into = nullptr) {
    const auto& object = *item.object;
    const auto* facts = said(object);
    const std::string id(string_at(object, "id"));
    const std::string galaxy = facts && !string_at(*facts, "galaxy").empty() ? std::string(string_at(*facts, "galaxy")) : "stix-2.1-" + type_of_id(id);
    const std::string value(facts && !string_at(*facts, "value").empty() ? string_at(*facts, "value") : string_at(object, "name"));
    const auto tag = facts && !string_at(*facts, "tag").empty() ? std::string(string_at(*facts, "tag")) : "misp-galaxy:" + galaxy + "=\"" + value + "\"";
    json::object one{{"type", galaxy}, {"value", value}, {"tag_name", tag}, {"description", string_at(object, "description")}};
    // A cluster that came without a uuid goes without: its id follows from its galaxy and value, and would follow from a uuid of ours the next time.
    if (const auto cluster_uuid = facts ? std::string(string_at(*facts, "uuid")) : uuid_of_id(id); !cluster_uuid.empty()) one["uuid"] = cluster_uuid;
    if (facts && !string_at(*facts, "version").empty()) one["version"] = string_at(*facts, "version");
    json::object meta;
    for (const auto& alias : list_at(object, "aliases"))
      if (alias.is_string()) add_once(meta, "synonyms", alias.get_string());
    for (const auto& reference : list_at(object, "external_references")) {
      if (!reference.is_object()) continue;
      if (const auto url = string_at(reference, "url"); !url.empty()) add_once(meta, "refs", url);
      else if (const auto number = string_at(reference, "external_id"); !number.empty() && number != string_at(one, "uuid")) add_once(meta, "external_id", number);
    }
    for (const auto& phase : list_at(object, "kill_chain_phases"))
      if (phase.is_object()) add_once(meta, "kill_chain", std::string(string_at(phase, "kill_chain_name")) + ":" + std::string(string_at(phase, "phase_name")));
    if (const auto country = string_at(object, "country"); !country.empty()) add_once(meta, "ISO", country);
    if (!meta.empty()) one["meta"] = std::move(meta);
    json::object whole{{"type", galaxy}, {"name", galaxy}, {"GalaxyCluster", json::array{std::move(one)}}};
    if (into) {
      into->push_back(std::move(whole));
      return;
    }
    if (!event.clusters.insert(id).second) return;
    list(event, "Galaxy").push_back(std::move(whole));
    list(event, "Tag").push_back(json::object{{"name", tag}});
    if (!facts) others(object, item.where, {"aliases", "country", "description", "external_references", "kill_chain_phases", "name"});
  }

  void thing(Event& event, const Item& item, const std::string& type) {
    const auto& object = *item.object;
    const auto uuid = uuid_of_id(string_at(object, "id"));
    const auto* facts = said(object);
    if (type == "observed-data") return observed_data(event, item);
    if (is_observable(type)) {
      if (!observed_.contains(std::string(string_at(object, "id")))) observable(event, object, item.where, uuid, common(event, item), {});
      return;
    }
    if (type == "note") {
      if (facts && !facts->contains("report") && from_facts(event, item, std::nullopt)) return;
      auto out = common(event, item);
      out["uuid"] = uuid;
      out["name"] = string_at(object, "abstract");
      out["content"] = string_at(object, "content");
      list(event, "EventReport").push_back(std::move(out));
      return;
    }
    if (facts && (facts->contains("type") || facts->contains("attributes")) && from_facts(event, item, std::nullopt)) return;
    if (facts && facts->contains("galaxy")) return cluster(event, item);
    if (type == "vulnerability") {
      auto out = common(event, item);
      out["type"] = "vulnerability";
      out["category"] = "External analysis";
      out["value"] = string_at(object, "name");
      out["comment"] = string_at(object, "description");
      out["to_ids"] = false;
      add_attribute(event, uuid, std::move(out));
      others(object, item.where, {"description", "name"});
      return;
    }
    if (is_cluster(type)) return cluster(event, item);
    if (type == "indicator" || type == "relationship" || type == "sighting" || type == "opinion" || type == "identity" || type == "marking-definition" || type == "extension-definition" || is_container(type)) return;
    lost(item.where, "MISP has no place for an object of the type " + type + ".");
  }

  // What joins two things: it is written where the first of them is.
  void link(Event& event, const Item& item, const std::string& type) {
    const auto& object = *item.object;
    const auto target = [&](std::string_view id) { return uuid_of_id(id); };
    if (type == "sighting" || type == "opinion") {
      const auto* facts = said(object);
      const auto refs = list_at(object, "object_refs");
      const auto of = type == "sighting" ? std::string(string_at(object, "sighting_of_ref")) : refs.empty() || !refs[0].is_string() ? std::string() : std::string(refs[0].get_string());
      if (type == "opinion" && string_at(object, "opinion") != "strongly-disagree") return lost(item.where, "MISP knows one opinion alone: that something is a false positive.");
      json::object one{{"uuid", target(string_at(object, "id"))}, {"type", type == "opinion" ? "1" : "0"}, {"date_sighting", seconds(type == "opinion" || string_at(object, "last_seen").empty() ? string_at(object, "modified") : string_at(object, "last_seen"))},
                       {"attribute_uuid", target(of)}, {"source", facts ? string_at(*facts, "source") : std::string_view{}}};
      const auto& where_seen = list_at(object, "where_sighted_refs");
      const auto by = !where_seen.empty() && where_seen[0].is_string() ? std::string(where_seen[0].get_string()) : std::string(string_at(object, "created_by_ref"));
      if (auto organisation_made = organisation(by); !organisation_made.empty()) one["Organisation"] = organisation_made;
      const auto attribute = event.attributes.find(target(of));
      if (attribute == event.attributes.end()) {
        if (event.objects.contains(target(of))) list(event, "Sighting").push_back(std::move(one));
        else lost(item.where, "This is about nothing that became an attribute.");
        return;
      }
      auto& list_of = list(event, "Attribute")[attribute->second].get_object()["Sighting"];
      if (!list_of.is_array()) list_of = json::array();
      list_of.get_array().push_back(std::move(one));
      return;
    }
    if (type != "relationship") return;
    const std::string from(string_at(object, "source_ref")), to(string_at(object, "target_ref"));
    if (string_at(object, "relationship_type") == "based-on" && target(from) == target(to)) return;  // one attribute, twice
    const auto* cluster_object = object_at(to);
    const auto attribute = event.attributes.find(target(from));
    if (cluster_object && (is_cluster(type_of_id(to)) || (said(*cluster_object) && said(*cluster_object)->contains("galaxy"))) && attribute != event.attributes.end()) {
      auto& galaxies = list(event, "Attribute")[attribute->second].get_object()["Galaxy"];
      if (!galaxies.is_array()) galaxies = json::array();
      cluster(event, items_.at(to), &galaxies.get_array());
      return;
    }
    const auto source = event.objects.find(target(from));
    if (source == event.objects.end() || (!event.objects.contains(target(to)) && !event.attributes.contains(target(to)))) return lost(item.where, "MISP has relations from objects to objects and attributes alone.");
    auto& references = list(event, "Object")[source->second].get_object()["ObjectReference"];
    if (!references.is_array()) references = json::array();
    references.get_array().push_back(json::object{{"uuid", target(string_at(object, "id"))}, {"relationship_type", string_at(object, "relationship_type")}, {"referenced_uuid", target(to)}, {"object_uuid", target(from)}, {"comment", string_at(object, "description")},
                                                  {"timestamp", seconds(string_at(object, "modified"))}});
  }

  // X4.
  void others(const json::object& object, const std::string& where, std::initializer_list<std::string_view> known) {
    constexpr std::string_view kCommon[] = {"created", "created_by_ref", "granular_markings", "id", "labels", "modified", "object_marking_refs", "revoked", "spec_version", "type"};
    for (const auto& [key, value] : object) {
      const std::string_view name = key;
      if (std::find(std::begin(kCommon), std::end(kCommon), name) != std::end(kCommon) || std::find(known.begin(), known.end(), name) != known.end()) continue;
      if (name == "extensions" && value.is_object() && value.get_object().size() == 1 && value.get_object().contains(kExtension)) continue;
      lost(where + "/" + pointer_token(name), "MISP has no place for this.");
    }
  }

  std::map<std::string, Item> items_;
  std::vector<std::string> order_;
  std::set<std::string> observed_;
  Losses losses_;
};

}  // namespace

Result<Written> export_events(const json::value& document) { return Export().run(document); }

}  // namespace sluice::formats::misp
