#include "formats/stix20/upgrade.h"

#include <algorithm>

#include "formats/stix20/observables.h"
#include "formats/stix20/tables.h"

namespace sluice::formats::stix20 {

namespace {

constexpr std::string_view kVersion = "2.1";

class Upgrade {
 public:
  void take(const json::value& value, const std::string& where) {
    if (!value.is_object() || string_at(value, "type").empty() || string_at(value, "id").empty()) {
      out_.lost.push_back({where, "This is no STIX object: it has no type or no id. It was left out."});
      return;
    }
    auto object = value.get_object();
    const auto type = std::string(string_at(object, "type"));
    if (type == "bundle") {
      bundle(object, where);
      return;
    }
    if (string_at(object, "spec_version") == kVersion) {  // U2
      list_.add(std::move(object));
      return;
    }
    json::object next;
    next["type"] = type;
    next["spec_version"] = kVersion;
    for (const auto& [key, value] : object)
      if (key != "type") next[key] = value;
    next["spec_version"] = kVersion;
    labels(next, type, where);
    if (type == "indicator") indicator(next, where);
    if (type == "malware") malware(next, where);
    if (type == "marking-definition") marking(next, where);
    if (type == "observed-data" && next.contains("objects") && !move_out_observables(next, where, list_, out_)) {
      out_.lost.push_back({where, "No observable could be read of this observed-data, so it was left out."});
      return;
    }
    list_.add(std::move(next));
  }

  void bundle(const json::object& bundle, const std::string& where) {
    const auto* objects = bundle.if_contains("objects");
    if (!objects || !objects->is_array()) return;
    for (std::size_t i = 0; i < objects->get_array().size(); ++i) {
      const auto& item = objects->get_array()[i];
      const auto here = where + "/objects/" + std::to_string(i);
      if (item.is_object() && string_at(item, "type") == "bundle") out_.lost.push_back({here, "A bundle within a bundle; it was left out."});
      else take(item, here);
    }
  }

  Converted done() {
    out_.objects = list_.take();
    return std::move(out_);
  }

 private:
  // Words of 2.0's vocabulary go into the property that 2.1 has for them; other labels stay labels.
  void labels(json::object& object, const std::string& type, const std::string& where) {
    const auto row = std::find_if(labelled().begin(), labelled().end(), [&](const Labelled& l) { return l.type == type; });
    const auto* labels = object.if_contains("labels");
    if (row == labelled().end() || !labels || !labels->is_array() || object.contains(row->property)) return;
    json::array words, stay;
    for (const auto& label : labels->get_array()) {
      const bool moves = label.is_string() && (row->words.empty() || std::find(row->words.begin(), row->words.end(), std::string_view(label.get_string())) != row->words.end());
      (moves ? words : stay).push_back(label);
    }
    if (words.empty()) return;
    const bool all = stay.empty();
    const std::string property(row->property);
    object[property] = std::move(words);
    if (all) object.erase("labels");
    else object["labels"] = std::move(stay);
    selectors(object, property, all);
    if (!all) out_.assumed.push_back({where + "/labels", "Labels of the vocabulary are now " + property + "; the others stayed labels."});
  }

  // A part that was marked stays marked, wherever its words went.
  static void selectors(json::object& object, const std::string& property, bool all) {
    auto* markings = object.if_contains("granular_markings");
    if (!markings || !markings->is_array()) return;
    for (auto& marking : markings->get_array()) {
      if (!marking.is_object()) continue;
      auto* list = marking.get_object().if_contains("selectors");
      if (!list || !list->is_array()) continue;
      json::object seen;
      for (const auto& selector : list->get_array()) {
        const std::string_view text = selector.is_string() ? std::string_view(selector.get_string()) : std::string_view{};
        if (text != "labels" && !text.starts_with("labels.")) {
          add_once(seen, "selectors", text);
          continue;
        }
        add_once(seen, "selectors", property);
        if (!all) add_once(seen, "selectors", "labels");
      }
      if (seen.contains("selectors")) *list = seen.at("selectors");
    }
  }

  void indicator(json::object& object, const std::string& where) {
    if (!object.contains("pattern_type")) object["pattern_type"] = "stix";  // 2.0 had no other
    if (string_at(object, "pattern_type") != "stix" || !object.contains("pattern") || !object.at("pattern").is_string()) return;
    const auto next = upgrade_pattern(object.at("pattern").get_string());
    if (next.has_changed) object["pattern"] = next.text;
    if (!next.lost.empty()) out_.lost.push_back({where + "/pattern", next.lost});
  }

  // STIX 2.1 §4.11: required, and 2.0 does not say it.
  void malware(json::object& object, const std::string& where) {
    if (object.contains("is_family")) return;
    object["is_family"] = true;
    out_.assumed.push_back({where, "is_family is true: STIX 2.0 does not say whether this is a family or one sample."});
  }

  // STIX 2.1 §7.2.1.4: the four objects of TLP 1.0 are fixed; there are no others.
  void marking(json::object& object, const std::string& where) {
    if (string_at(object, "definition_type") != "tlp") return;
    for (const auto& fixed : fixed_tlp())
      if (string_at(object, "id") == fixed.id) {
        object = {{"type", "marking-definition"}, {"spec_version", kVersion},   {"id", fixed.id},
                  {"created", "2017-01-20T00:00:00.000Z"}, {"definition_type", "tlp"}, {"name", fixed.name}, {"definition", {{"tlp", fixed.word}}}};
        return;
      }
    out_.assumed.push_back({where, "This marks a TLP colour under an id of its own, which STIX 2.1 doesn't have. It was kept as it is."});
  }

  ObjectList list_;
  Converted out_;
};

}  // namespace

Result<Converted> upgrade(const json::value& document) {
  Upgrade work;
  if (document.is_array()) {
    for (std::size_t i = 0; i < document.get_array().size(); ++i) work.take(document.get_array()[i], "/" + std::to_string(i));
    return work.done();
  }
  if (!document.is_object()) return fail(ErrorKind::Invalid, "This is no STIX: a bundle, an object or a list of objects is.", "");
  if (string_at(document, "type").empty() && document.get_object().contains("objects") && document.get_object().at("objects").is_array()) {
    work.bundle(document.get_object(), "");  // a TAXII envelope
    return work.done();
  }
  if (string_at(document, "type").empty()) return fail(ErrorKind::Invalid, "A STIX object has a type.", "/type", "STIX 2.1 §3.2");
  work.take(document, "");
  return work.done();
}

}  // namespace sluice::formats::stix20
