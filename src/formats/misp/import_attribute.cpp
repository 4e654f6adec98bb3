#include <algorithm>

#include "base/bytes.h"
#include "formats/misp/extension.h"
#include "formats/misp/importer.h"
#include "formats/name_uuid.h"
#include "threat/object_id.h"

namespace sluice::formats::misp {

namespace {

// "name|hash" is cut at the last bar, for a name may hold one; "key|value" at the first.
std::vector<std::string_view> parts_of(std::string_view type, std::string_view value) {
  if (type.find('|') == type.npos && type != "malware-sample") return {value};
  const auto bar = type == "regkey|value" ? value.find('|') : value.rfind('|');
  if (bar == value.npos) return {value};
  return {value.substr(0, bar), value.substr(bar + 1)};
}

std::string category_of(const json::object& source) { return text_at(source, "category"); }

// A file's content beside it. What MISP calls a malware sample is a zip under the password "infected".
std::optional<json::object> artifact(std::string_view payload, bool is_sample) {
  if (payload.empty() || !from_base64(payload)) return std::nullopt;
  json::object out;
  out["type"] = "artifact";
  out["spec_version"] = "2.1";
  if (is_sample) out["mime_type"] = "application/zip";
  out["payload_bin"] = payload;
  if (is_sample) {
    out["encryption_algorithm"] = "mime-type-indicated";
    out["decryption_key"] = "infected";
  }
  const auto id = threat::deterministic_id(out);
  if (!id) return std::nullopt;
  out["id"] = *id;
  return out;
}

}  // namespace

void EventImport::attribute(const json::object& source, const std::string& where) {
  auto thing = thing_of(source, where);
  const auto type = text_at(source, "type"), value = text_at(source, "value");
  const bool to_ids = is_true(source, "to_ids");
  leave_out(source, where, {"Galaxy", "Sighting", "Tag", "category", "comment", "data", "deleted", "disable_correlation", "distribution", "event_id", "first_seen", "id", "last_seen", "object_id", "object_relation", "sharing_group_id",
                            "timestamp", "to_ids", "type", "uuid", "validationIssue", "value"});
  if (type.empty() || value.empty()) {
    lost(where, "An attribute has a type and a value.");
    return;
  }
  const auto category = category_of(source);
  thing.name = shortened(value);
  thing.value = value;
  thing.labels.insert(thing.labels.begin(), {"misp:type=\"" + type + "\"", "misp:category=\"" + category + "\""});
  thing.facts["type"] = type;
  thing.facts["category"] = category;
  thing.facts["to_ids"] = to_ids;
  if (!mapped_attribute(source, thing, type, value, to_ids)) {
    if (to_ids) lost(where + "/to_ids", "There is no pattern for this: it is kept as a note.");
    thing.facts["value"] = value;
    note(thing, "MISP " + type + (category.empty() ? "" : " (" + category + ")"), value + (thing.comment.empty() ? "" : "\n\n" + thing.comment));
    if (source.contains("data") && !text_at(source, "data").empty()) lost(where + "/data", "A note has no place for the content.");
  }
  // A page about the event is a reference of its report too.
  if (const auto url = type == "link" && !to_ids ? normal(As::Url, "value", value) : std::nullopt) {
    json::object link{{"source_name", "misp-link"}, {"url", *url}};
    if (!thing.comment.empty()) link["description"] = thing.comment;
    links_.push_back(std::move(link));
  }
  galaxies(source, where, &thing);
  sightings(source, where, thing);
}

bool EventImport::mapped_attribute(const json::object& source, Thing& thing, std::string_view type, std::string_view value, bool to_ids) {
  for (const auto& row : rule_rows())
    if (row.name.empty() && row.relation == type) {
      if (row.pattern_type == "stix" && !choices_of(value)) break;  // what can't be read here is not passed on as a pattern
      indicator(thing, row.pattern_type, value);
      return true;
    }
  for (const auto& row : named_rows())
    if (row.type == type) {
      auto out = object_of(row.stix, thing);
      out["name"] = value;
      if (!thing.comment.empty()) out["description"] = thing.comment;
      if (type == "vulnerability" && value.starts_with("CVE-")) out["external_references"] = json::array{json::object{{"source_name", "cve"}, {"external_id", value}}};
      say(out, thing.facts);
      ids_[thing.uuid] = string_at(out, "id");
      put(std::move(out));
      return true;
    }
  // A link is a reading hint unless somebody wants it looked for.
  if (type == "link" && !to_ids) return false;
  for (const auto& row : attribute_rows()) {
    if (row.type != type || row.is_for_export) continue;
    const auto parts = parts_of(type, value);
    std::vector<Fact> facts;
    if (!row.fixed_path.empty()) facts.push_back({row.fixed_path, As::Text, std::string(row.fixed_value)});
    std::string whole;
    for (std::size_t i = 0; i < std::size(row.fields) && row.fields[i].as != As::None; ++i) {
      const auto plain = i < parts.size() ? normal(row.fields[i].as, row.fields[i].path, parts[i]) : std::nullopt;
      if (!plain) {
        lost(thing.where + "/value", "This is no value of the type " + std::string(type) + " that STIX could hold; it is kept as a note.");
        return false;
      }
      whole += (i == 0 ? "" : "|") + *plain;
      facts.push_back({row.fields[i].path, row.fields[i].as, *plain});
    }
    if (whole != value) thing.facts["value"] = value;  // as it was written
    return emit(thing, row.root, facts, to_ids ? std::span<const Fact>(facts) : std::span<const Fact>{}, row.is_pattern_only, text_at(source, "data"), type == "malware-sample");
  }
  return false;
}

bool EventImport::emit(Thing& thing, std::string_view root, std::span<const Fact> facts, std::span<const Fact> detect, bool is_pattern_only, std::string_view payload, bool is_sample) {
  const auto pattern = pattern_of(root, detect);
  auto seen = is_pattern_only ? std::nullopt : observables_of(root, facts, thing.uuid);
  if (pattern.empty() && !detect.empty()) lost(thing.where + "/to_ids", "A pattern for this would be longer than one may be.");
  if (pattern.empty() && !seen) return false;
  std::string observed_id;
  if (seen) {
    if (const auto content = artifact(payload, is_sample); content && string_at(seen->objects.back(), "type") == "file") {
      seen->objects.back()["content_ref"] = content->at("id");
      seen->objects.insert(seen->objects.end() - 1, *content);
    } else if (!payload.empty()) {
      lost(thing.where + "/data", "This is no base64, so it can't be the content of a file.");
    }
    auto observed = object_of("observed-data", thing);
    const auto begun = thing.first_seen.empty() ? stix_time(thing.modified) : thing.first_seen;
    observed["first_observed"] = begun;
    observed["last_observed"] = thing.last_seen.empty() ? begun : thing.last_seen;
    observed["number_observed"] = 1;
    json::array refs;
    for (auto& one : seen->objects) {
      refs.push_back(one.at("id"));
      for (const auto& mark : thing.marks) add_once(one, "object_marking_refs", mark);
      put(std::move(one));
    }
    observed["object_refs"] = std::move(refs);
    // An observable is shared with all that name it, and its id holds a part of it alone (STIX 2.1 §2.9): `example.com` is one object whether an address was told with it or not. So the value is kept here.
    auto kept = thing.facts;
    kept["value"] = thing.value;
    say(observed, std::move(kept));
    observed_id = string_at(observed, "id");
    ids_[thing.uuid] = observed_id;
    put(std::move(observed));
  }
  if (!pattern.empty()) {
    indicator(thing, "stix", pattern);
    if (!observed_id.empty()) relate("based-on", ids_[thing.uuid], observed_id, thing);
  }
  return true;
}

void EventImport::indicator(const Thing& thing, std::string_view pattern_type, std::string_view pattern) {
  auto out = object_of("indicator", thing);
  if (!thing.name.empty()) out["name"] = thing.name;
  if (!thing.comment.empty()) out["description"] = thing.comment;
  out["pattern"] = pattern;
  out["pattern_type"] = pattern_type;
  if (pattern_type == "stix") out["pattern_version"] = "2.1";
  // What is looked for doesn't move when a comment is changed.
  out["valid_from"] = thing.first_seen.empty() ? std::string(string_at(out, "created")) : thing.first_seen;
  say(out, thing.facts);
  ids_[thing.uuid] = string_at(out, "id");
  put(std::move(out));
}

void EventImport::note(const Thing& thing, std::string abstract, std::string content) {
  auto out = object_of("note", thing);
  if (!abstract.empty()) out["abstract"] = std::move(abstract);
  out["content"] = std::move(content);
  out["object_refs"] = json::array{json::value("report--" + whole_.uuid)};
  say(out, thing.facts);
  ids_[thing.uuid] = string_at(out, "id");
  put(std::move(out));
}

}  // namespace sluice::formats::misp
