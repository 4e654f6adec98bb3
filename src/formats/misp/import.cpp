#include "formats/misp/import.h"

#include <algorithm>

#include "formats/misp/extension.h"
#include "formats/misp/importer.h"
#include "formats/name_uuid.h"

namespace sluice::formats::misp {

bool is_true(const json::object& source, std::string_view key) {
  const auto* value = source.if_contains(key);
  if (!value) return false;
  if (value->is_bool()) return value->get_bool();
  const auto text = text_at(source, key);
  return text == "1" || text == "true";
}

std::string text_at(const json::object& source, std::string_view key) {
  const auto* value = source.if_contains(key);
  if (!value || value->is_null() || value->is_structured()) return {};
  return value->is_string() ? std::string(value->get_string()) : canonical(*value);
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most)) + "…";
}

const json::array& list_at(const json::object& source, std::string_view key) {
  static const json::array kNone;
  const auto* value = source.if_contains(key);
  return value && value->is_array() ? value->get_array() : kNone;
}

void EventImport::run() {
  // MISP has no time of creation, and created must not change from version to version (STIX 2.1 §3.6.2): the event's date is what stays.
  const auto* date = event_.if_contains("date");
  const auto* stamp = event_.if_contains("timestamp");
  const auto day = date ? misp_time(*date) : std::nullopt;
  auto now = stamp ? misp_time(*stamp) : std::nullopt;
  if (!now) {
    now = day ? *day : Instant{};
    assumed(where_ + "/timestamp", "There is no time of the last change; the event's date stands in.");
  }
  begun_ = day ? *day : *now;
  whole_.modified = *now;
  whole_.where = where_;
  whole_.name = text_at(event_, "info");
  whole_.uuid = clean_uuid(text_at(event_, "uuid"));
  if (whole_.uuid.empty()) {
    whole_.uuid = name_uuid(kConversionNamespace, "event " + canonical(json::value(event_)));
    assumed(where_ + "/uuid", "The event has no uuid; its id follows from its text, so that a changed event will be another one.");
  }
  const auto* organisation = event_.if_contains("Orgc");
  const bool has_creator = organisation && organisation->is_object();
  creator_ = identity_of(has_creator ? organisation : event_.if_contains("Org"), where_ + (has_creator ? "/Orgc" : "/Org"));
  tags(event_, where_, whole_);
  for (auto& made : extension_objects()) list_.add(std::move(made));
  galaxies(event_, where_, nullptr);
  const auto each = [&](std::string_view key, auto&& take) {
    const auto& list = list_at(event_, key);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto here = where_ + "/" + std::string(key) + "/" + std::to_string(i);
      if (list[i].is_object()) take(list[i].get_object(), here);
      else lost(here, "This is no object; it was left out.");
    }
  };
  each("Attribute", [&](const json::object& source, const std::string& where) { attribute(source, where); });
  each("Object", [&](const json::object& source, const std::string& where) { object(source, where); });
  sightings(event_, where_, whole_);
  event_reports();
  finish_references();
  report();
  leave_out(event_, where_, {"Attribute", "EventReport", "Galaxy", "Object", "Org", "Orgc", "RelatedEvent", "SharingGroup", "Sighting", "Tag", "analysis", "attribute_count", "date", "disable_correlation", "distribution", "event_id", "extends_uuid",
                             "id", "info", "local", "locked", "org_id", "orgc_id", "proposal_email_lock", "protected", "publish_timestamp", "published", "sharing_group_id", "threat_level_id", "timestamp", "uuid"});
}

// What nobody asked for is said to be lost, unless it says nothing.
void EventImport::leave_out(const json::object& source, const std::string& where, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : source) {
    const std::string_view name = key;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (value.is_null() || (value.is_string() && value.get_string().empty()) || (value.is_array() && value.get_array().empty()) || (value.is_object() && value.get_object().empty()) || (value.is_bool() && !value.get_bool())) continue;
    lost(where + "/" + pointer_token(name), name == "event_creator_email" ? "It names a person, and isn't carried over." : name == "ShadowAttribute" ? "Proposals have no place in STIX." : "STIX has no place for this.");
  }
}

std::string EventImport::identity_of(const json::value* organisation, const std::string& where) {
  if (!organisation || !organisation->is_object()) return {};
  const auto& source = organisation->get_object();
  const auto name = text_at(source, "name");
  if (name.empty()) return {};
  auto uuid = clean_uuid(text_at(source, "uuid"));
  if (uuid.empty()) {
    uuid = name_uuid(kConversionNamespace, "organisation " + name);
    assumed(where, "The organisation has no uuid; its id follows from its name.");
  }
  json::object identity;
  // MISP says no times of an organisation, and the same id and version must be the same object wherever it comes from.
  for (const auto& [key, value] : {std::pair<std::string_view, std::string>{"type", "identity"}, {"spec_version", "2.1"}, {"id", "identity--" + uuid}, {"created", "2017-01-01T00:00:00.000Z"}, {"modified", "2017-01-01T00:00:00.000Z"},
                                   {"name", name}, {"identity_class", "organization"}})
    identity[key] = value;
  list_.add(std::move(identity));
  return "identity--" + uuid;
}

void EventImport::add_mark(std::vector<std::string>& marks, std::string_view marking) {
  if (marking.empty() || std::find(marks.begin(), marks.end(), marking) != marks.end()) return;
  marks.emplace_back(marking);
  if (!list_.has(marking)) list_.add(tlp_object(marking));
}

void EventImport::tags(const json::object& source, const std::string& where, Thing& thing) {
  std::vector<std::string> clusters;
  for (const auto& galaxy : list_at(source, "Galaxy"))
    if (galaxy.is_object())
      for (const auto& one : list_at(galaxy.get_object(), "GalaxyCluster"))
        if (one.is_object()) clusters.push_back(text_at(one.get_object(), "tag_name"));
  bool has_tlp = false;
  const auto& list = list_at(source, "Tag");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto name = list[i].is_object() ? text_at(list[i].get_object(), "name") : std::string();
    if (name.empty()) continue;
    if (const auto marking = tlp_marking_of(name); !marking.empty()) {
      add_mark(thing.marks, marking);
      has_tlp = true;
    } else if (std::find(clusters.begin(), clusters.end(), name) == clusters.end()) {
      if (name.starts_with("tlp:") || name.starts_with("TLP:")) lost(where + "/Tag/" + std::to_string(i), "This is no label of TLP; it stays as a tag and marks nothing.");
      if (std::find(thing.labels.begin(), thing.labels.end(), name) == thing.labels.end()) thing.labels.push_back(name);
    }
  }
  if (has_tlp || !options_.marks_by_distribution) return;
  // MISP's levels: 0 the organisation alone, 1 this community, 2 connected communities, 3 all, 4 a sharing group, 5 as the event.
  const auto level = text_at(source, "distribution");
  const auto colour = level == "0" ? "tlp:amber+strict" : level == "4" ? "tlp:red" : level == "1" || level == "2" ? "tlp:green" : "";
  const auto marking = tlp_marking_of(colour);
  if (marking.empty()) return;
  if (std::find(thing.marks.begin(), thing.marks.end(), marking) == thing.marks.end()) assumed(where + "/distribution", "There is no tlp tag; distribution " + level + " was taken for " + std::string(colour) + ".");
  add_mark(thing.marks, marking);
}

Thing EventImport::thing_of(const json::object& source, const std::string& where) {
  Thing out;
  out.where = where;
  out.source = &source;
  out.uuid = clean_uuid(text_at(source, "uuid"));
  if (out.uuid.empty()) {
    out.uuid = name_uuid(kConversionNamespace, whole_.uuid + " " + canonical(json::value(source)));
    assumed(where + "/uuid", "There is no uuid; the id follows from the text, so that a change will make another one.");
  }
  const auto* stamp = source.if_contains("timestamp");
  out.modified = (stamp ? misp_time(*stamp) : std::nullopt).value_or(whole_.modified);
  for (const auto& [key, into] : {std::pair{"first_seen", &out.first_seen}, std::pair{"last_seen", &out.last_seen}})
    if (const auto* value = source.if_contains(key); value && !value->is_null())
      if (const auto time = misp_time(*value)) *into = stix_time(*time);
  if (!out.first_seen.empty() && out.last_seen < out.first_seen) out.last_seen.clear();
  out.comment = text_at(source, "comment");
  out.is_deleted = is_true(source, "deleted");
  out.marks = whole_.marks;
  tags(source, where, out);
  if (const auto level = text_at(source, "distribution"); level != "5") out.facts["distribution"] = level;
  out.facts["comment"] = out.comment;
  out.facts["first_seen"] = out.first_seen;
  out.facts["last_seen"] = out.last_seen;
  return out;
}

json::object EventImport::object_of(std::string_view type, const Thing& thing) { return object_of(type, thing.uuid, thing); }

json::object EventImport::object_of(std::string_view type, const std::string& uuid, const Thing& thing) {
  json::object out;
  out["type"] = type;
  out["spec_version"] = "2.1";
  out["id"] = std::string(type) + "--" + uuid;
  if (!creator_.empty()) out["created_by_ref"] = creator_;
  out["created"] = stix_time(std::min(begun_, thing.modified));
  out["modified"] = stix_time(thing.modified);
  if (thing.is_deleted) out["revoked"] = true;
  for (const auto& label : thing.labels) add_once(out, "labels", label);
  for (const auto& mark : thing.marks) add_once(out, "object_marking_refs", mark);
  return out;
}

void EventImport::put(json::object object) {
  std::string id(string_at(object, "id"));
  if (reported_.insert(id).second) in_report_.push_back(id);
  list_.add(std::move(object));
}

void EventImport::relate(std::string_view type, const std::string& from, const std::string& to, const Thing& thing, std::string uuid, std::string_view description) {
  if (uuid.empty()) uuid = name_uuid(kConversionNamespace, "relationship " + from + " " + std::string(type) + " " + to);
  Thing bare;
  bare.modified = thing.modified;
  bare.marks = thing.marks;
  bare.is_deleted = thing.is_deleted;
  auto out = object_of("relationship", uuid, bare);
  out["relationship_type"] = type;
  if (!description.empty()) out["description"] = description;
  out["source_ref"] = from;
  out["target_ref"] = to;
  put(std::move(out));
}

// Only when all is read is it known what a reference points to.
void EventImport::finish_references() {
  for (auto& reference : references_) {
    const auto from = ids_.find(reference.from), to = ids_.find(reference.to);
    if (to == ids_.end() || from == ids_.end()) {
      lost(reference.where, "This refers to nothing that was imported with the event.");
      continue;
    }
    std::string type;
    for (const char c : reference.type) {
      const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9')) type += small;
      else if (!type.empty() && type.back() != '-') type += '-';
    }
    while (type.ends_with('-')) type.pop_back();
    if (type.empty()) type = "related-to";
    if (type != reference.type) assumed(reference.where + "/relationship_type", "\"" + shortened(reference.type) + "\" was written as \"" + type + "\" (STIX 2.1 §5.1.1).");
    relate(type, from->second, to->second, reference.thing, reference.uuid, reference.comment);
  }
}

// STIX 2.1 §5.2, §4.14: a sighting, or somebody's view that there is nothing to it.
void EventImport::sightings(const json::object& source, const std::string& where, const Thing& thing) {
  const auto& list = list_at(source, "Sighting");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto here = where + "/Sighting/" + std::to_string(i);
    if (!list[i].is_object()) continue;
    const auto& one = list[i].get_object();
    auto of = ids_.find(clean_uuid(text_at(one, "attribute_uuid")));
    if (of == ids_.end()) of = ids_.find(thing.uuid);
    const auto* date = one.if_contains("date_sighting");
    const auto seen = date ? misp_time(*date) : std::nullopt;
    if (of == ids_.end() || !seen) {
      lost(here, "This sighting has no time, or is of nothing that was imported.");
      continue;
    }
    Thing its;
    its.uuid = clean_uuid(text_at(one, "uuid"));
    if (its.uuid.empty()) its.uuid = name_uuid(kConversionNamespace, "sighting " + of->second + " " + canonical(json::value(one)));
    its.modified = *seen;
    its.marks = thing.marks;
    const auto* organisation = one.if_contains("Organisation");
    const auto by = identity_of(organisation, here + "/Organisation");
    const auto kind = text_at(one, "type");
    if (kind == "1") {
      auto opinion = object_of("opinion", its);
      opinion["opinion"] = "strongly-disagree";
      opinion["explanation"] = "False positive";
      opinion["object_refs"] = json::array{json::value(of->second)};
      if (!by.empty()) opinion["created_by_ref"] = by;
      say(opinion, {{"sighting_type", "1"}, {"source", text_at(one, "source")}});
      put(std::move(opinion));
    } else if (kind == "2") {
      lost(here, "The end of an attribute's life has no object of its own in STIX.");
    } else {
      auto sighting = object_of("sighting", its);
      sighting["sighting_of_ref"] = of->second;
      sighting["first_seen"] = stix_time(*seen);
      sighting["last_seen"] = stix_time(*seen);
      sighting["count"] = 1;
      if (!by.empty()) sighting["where_sighted_refs"] = json::array{json::value(by)};
      say(sighting, {{"source", text_at(one, "source")}});
      put(std::move(sighting));
    }
  }
}

void EventImport::event_reports() {
  const auto& list = list_at(event_, "EventReport");
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object()) continue;
    const auto& source = list[i].get_object();
    const auto here = where_ + "/EventReport/" + std::to_string(i);
    auto thing = thing_of(source, here);
    thing.facts["report"] = true;
    if (text_at(source, "content").empty()) {
      lost(here, "A report without content.");
      continue;
    }
    note(thing, text_at(source, "name"), text_at(source, "content"));
  }
}

void EventImport::report() {
  auto out = object_of("report", whole_);
  out["name"] = whole_.name.empty() ? "MISP event " + whole_.uuid : whole_.name;
  const auto* published = event_.if_contains("publish_timestamp");
  const auto at = published ? misp_time(*published) : std::nullopt;
  const bool is_published = at && at->micros > 0;
  if (!is_published) assumed(where_ + "/publish_timestamp", "The event was not published; the report's `published` is the time of the last change.");
  out["published"] = stix_time(is_published ? *at : whole_.modified);
  if (!links_.empty()) out["external_references"] = links_;
  json::array refs;
  for (const auto& id : in_report_) refs.emplace_back(id);
  if (refs.empty()) {  // STIX 2.1 §4.16: a report refers to something
    refs.emplace_back(creator_.empty() ? std::string(string_at(extension_objects()[0], "id")) : creator_);
    assumed(where_, "The event has nothing in it; its report refers to the organisation.");
  }
  out["object_refs"] = std::move(refs);
  json::object facts;
  for (const auto key : {"date", "threat_level_id", "analysis", "distribution", "extends_uuid", "publish_timestamp"}) facts[key] = text_at(event_, key);
  facts["published"] = is_true(event_, "published");
  for (const auto key : {"Org", "SharingGroup"})
    if (const auto* group = event_.if_contains(key); group && group->is_object())
      facts[key == std::string_view("Org") ? "org" : "sharing_group"] = json::object{{"name", text_at(group->get_object(), "name")}, {"uuid", text_at(group->get_object(), "uuid")}};
  say(out, std::move(facts));
  list_.add(std::move(out));
}

namespace {

bool looks_like_event(const json::value& value) { return value.is_object() && (value.get_object().contains("info") || value.get_object().contains("Attribute")); }

// Every event in a document with its place, in any of the forms that MISP gives.
void find_events(const json::value& value, const std::string& where, int depth, std::vector<std::pair<const json::object*, std::string>>& into) {
  if (depth > 4) return;
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.get_array().size(); ++i) find_events(value.get_array()[i], where + "/" + std::to_string(i), depth + 1, into);
  } else if (value.is_object()) {
    const auto& object = value.get_object();
    if (const auto* event = object.if_contains("Event"); event && event->is_object()) into.emplace_back(&event->get_object(), where + "/Event");
    else if (const auto* response = object.if_contains("response")) find_events(*response, where + "/response", depth + 1, into);
    else if (looks_like_event(value)) into.emplace_back(&object, where);
  }
}

}  // namespace

Result<Converted> import_events(const json::value& document, const ImportOptions& options) {
  std::vector<std::pair<const json::object*, std::string>> events;
  find_events(document, "", 0, events);
  if (events.empty()) return fail(ErrorKind::Invalid, "There is no MISP event here: {\"Event\": …}, a list of these, or {\"response\": …} is what is read.", "");
  ObjectList list;
  Converted out;
  for (const auto& [event, where] : events) EventImport(*event, where, options, list, out).run();
  out.objects = list.take();
  return out;
}

}  // namespace sluice::formats::misp
