#include <algorithm>

#include "formats/misp/extension.h"
#include "formats/misp/importer.h"
#include "formats/name_uuid.h"

namespace sluice::formats::misp {

namespace {

struct Part {
  std::string relation, value, where;
  bool to_ids = false;
};

bool has_relation(const std::vector<Part>& parts, std::string_view relation) {
  return std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.relation == relation; });
}

// The rows of a template in their order: the first whose first field has a value, else the last.
const ObjectRow* row_of(std::string_view name, const std::vector<Part>& parts) {
  const ObjectRow* last = nullptr;
  for (const auto& row : object_rows()) {
    if (row.name != name) continue;
    last = &row;
    if (has_relation(parts, row.fields[0].relation)) break;
  }
  return last;
}

std::string joined(const std::vector<Part>& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : "\n") + part.relation + ": " + part.value;
  return out;
}

std::string first_of(const std::vector<Part>& parts, std::string_view relation) {
  for (const auto& part : parts)
    if (part.relation == relation) return part.value;
  return {};
}

}  // namespace

void EventImport::object(const json::object& source, const std::string& where) {
  auto thing = thing_of(source, where);
  const auto name = text_at(source, "name");
  leave_out(source, where, {"Attribute", "ObjectReference", "Tag", "comment", "deleted", "description", "distribution", "event_id", "first_seen", "id", "last_seen", "meta-category", "name", "sharing_group_id", "template_uuid", "template_version",
                            "timestamp", "uuid"});
  std::vector<Part> parts;
  json::array kept;
  std::string payload;
  bool is_sample = false;
  std::vector<std::pair<const json::object*, std::string>> attributes;
  const auto& list = list_at(source, "Attribute");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto here = where + "/Attribute/" + std::to_string(i);
    if (!list[i].is_object()) continue;
    const auto& one = list[i].get_object();
    leave_out(one, here, {"Galaxy", "Sighting", "Tag", "category", "comment", "data", "deleted", "disable_correlation", "distribution", "event_id", "first_seen", "id", "last_seen", "object_id", "object_relation", "sharing_group_id", "timestamp",
                          "to_ids", "type", "uuid", "validationIssue", "value"});
    // All of each attribute that MISP's users see; the STIX object says again what STIX can.
    json::object facts;
    for (const auto key : {"uuid", "object_relation", "type", "category", "value", "comment", "timestamp", "first_seen", "last_seen"})
      if (auto text = text_at(one, key); !text.empty()) facts[key] = std::move(text);
    facts["to_ids"] = is_true(one, "to_ids");
    const bool deleted = is_true(one, "deleted");
    if (deleted) facts["deleted"] = true;
    if (const auto level = text_at(one, "distribution"); !level.empty() && level != "5") facts["distribution"] = level;
    // A part's TLP holds for the whole, which can't be told from its parts in a pattern.
    Thing marked;
    marked.marks = thing.marks;
    tags(one, here, marked);
    thing.marks = marked.marks;
    if (!marked.labels.empty()) {
      json::array labels;
      for (const auto& label : marked.labels) labels.emplace_back(label);
      facts["tags"] = std::move(labels);
    }
    kept.push_back(std::move(facts));
    attributes.emplace_back(&one, here);
    const auto value = text_at(one, "value");
    const auto type = text_at(one, "type");
    if (deleted || value.empty()) continue;
    auto part = Part{text_at(one, "object_relation"), value, here, is_true(one, "to_ids")};
    const bool is_content = type == "malware-sample" || type == "attachment";
    if (is_content && !text_at(one, "data").empty() && payload.empty()) {
      payload = text_at(one, "data");
      is_sample = type == "malware-sample";
    }
    parts.push_back(std::move(part));
  }
  thing.name = name + ": " + (parts.empty() ? std::string() : shortened(parts.front().value));
  thing.labels.insert(thing.labels.begin(), {"misp:name=\"" + name + "\"", "misp:meta-category=\"" + text_at(source, "meta-category") + "\""});
  for (const auto key : {"name", "meta-category", "description", "template_uuid", "template_version"})
    if (auto text = text_at(source, key); !text.empty()) thing.facts[key == std::string_view("meta-category") ? "meta_category" : key] = std::move(text);
  thing.facts["attributes"] = std::move(kept);

  bool done = false;
  for (const auto& row : rule_rows())
    if (!done && !row.name.empty() && row.name == name && has_relation(parts, row.relation)) {
      const auto rule = first_of(parts, row.relation);
      if (row.pattern_type == "stix" && !choices_of(rule)) continue;
      indicator(thing, row.pattern_type, rule);
      done = true;
    }
  for (const auto& row : sdo_rows()) {
    if (done || row.name != name) continue;
    auto out = object_of(row.type, thing);
    for (const auto& field : row.fields)
      for (const auto& part : parts) {
        if (part.relation != field.relation) continue;
        const std::string before(string_at(out, field.property));
        out[field.property] = before.empty() ? part.value : before + (field.property == "name" ? " " : "\n") + part.value;
      }
    if (string_at(out, "name").empty()) break;  // each of these types has a name
    if (!row.fixed_path.empty()) out[row.fixed_path] = row.fixed_value;
    if (row.type == "vulnerability" && string_at(out, "name").starts_with("CVE-")) out["external_references"] = json::array{json::object{{"source_name", "cve"}, {"external_id", string_at(out, "name")}}};
    say(out, thing.facts);
    ids_[thing.uuid] = string_at(out, "id");
    put(std::move(out));
    done = true;
  }
  if (const auto* row = done ? nullptr : row_of(name, parts)) {
    std::vector<Fact> facts, detect;
    if (!row->fixed_path.empty()) facts.push_back({row->fixed_path, As::Text, std::string(row->fixed_value)});
    for (const auto& field : row->fields)
      for (const auto& part : parts) {
        if (part.relation != field.relation) continue;
        const auto plain = normal(field.as, field.path, part.value);
        if (!plain) {
          lost(part.where + "/value", "This is no value that STIX could hold as " + std::string(field.path) + "; it is kept in the extension.");
          continue;
        }
        facts.push_back({field.path, field.as, *plain});
        if (part.to_ids) detect.push_back(facts.back());
      }
    if (!detect.empty() && !row->fixed_path.empty()) detect.insert(detect.begin(), facts.front());
    const bool only_fixed = facts.size() == (row->fixed_path.empty() ? 0u : 1u);
    done = !only_fixed && emit(thing, row->root, facts, detect, false, payload, is_sample);
    if (done) payload.clear();
    for (const auto& part : parts)
      if (done && part.to_ids && std::none_of(row->fields.begin(), row->fields.end(), [&](const ObjectField& f) { return f.relation == part.relation; }))
        lost(part.where + "/to_ids", "The pattern has no place for " + part.relation + "; the value is kept in the extension.");
  }
  if (!done) {
    if (std::any_of(parts.begin(), parts.end(), [](const Part& p) { return p.to_ids; })) lost(where, "There is no pattern for a " + name + "; it is kept as a note.");
    if (parts.empty()) lost(where, "The object has no attribute with a value.");
    else note(thing, "MISP " + name, joined(parts) + (thing.comment.empty() ? "" : "\n\n" + thing.comment));
  }
  if (!payload.empty()) lost(where, "STIX has no place here for the content of " + name + ".");
  for (const auto& [one, here] : attributes) {
    if (const auto uuid = clean_uuid(text_at(*one, "uuid")); !uuid.empty() && ids_.contains(thing.uuid)) ids_[uuid] = ids_[thing.uuid];
    galaxies(*one, here, &thing);
    sightings(*one, here, thing);
  }
  const auto& references = list_at(source, "ObjectReference");
  for (std::size_t i = 0; i < references.size(); ++i)
    if (references[i].is_object()) {
      const auto& one = references[i].get_object();
      Thing its;
      its.modified = thing.modified;
      if (const auto* stamp = one.if_contains("timestamp"); stamp && misp_time(*stamp)) its.modified = *misp_time(*stamp);
      its.marks = thing.marks;
      its.is_deleted = is_true(one, "deleted");
      references_.push_back({thing.uuid, clean_uuid(text_at(one, "referenced_uuid")), text_at(one, "relationship_type"), text_at(one, "comment"), clean_uuid(text_at(one, "uuid")), where + "/ObjectReference/" + std::to_string(i), its});
    }
}

}  // namespace sluice::formats::misp
