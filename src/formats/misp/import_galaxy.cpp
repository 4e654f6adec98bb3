#include <algorithm>

#include "formats/misp/extension.h"
#include "formats/misp/importer.h"
#include "formats/name_uuid.h"

namespace sluice::formats::misp {

namespace {

std::vector<std::string> meta_of(const json::object& cluster, std::string_view key) {
  std::vector<std::string> out;
  const auto* meta = cluster.if_contains("meta");
  if (!meta || !meta->is_object()) return out;
  const auto* value = meta->get_object().if_contains(key);
  if (!value) return out;
  if (value->is_string()) out.emplace_back(value->get_string());
  if (value->is_array())
    for (const auto& item : value->get_array())
      if (item.is_string()) out.emplace_back(item.get_string());
  return out;
}

// "Access Token Manipulation - T1134": a name and ATT&CK's number.
std::pair<std::string, std::string> name_and_number(std::string_view value) {
  const auto dash = value.rfind(" - ");
  if (dash == value.npos) return {std::string(value), {}};
  const auto number = value.substr(dash + 3);
  const bool is_number = number.size() >= 4 && std::string_view("CGMST").find(number[0]) != std::string_view::npos && number.find_first_not_of("0123456789.", 1) == number.npos;
  return is_number ? std::pair{std::string(value.substr(0, dash)), std::string(number)} : std::pair{std::string(value), std::string()};
}

// UN M49 names as STIX's region-ov has them: "154 - Northern Europe".
std::string region_of(std::string_view value) {
  constexpr std::string_view kRegions[] = {"africa", "eastern-africa", "middle-africa", "northern-africa", "southern-africa", "western-africa", "americas", "caribbean", "central-america", "latin-america-caribbean", "northern-america",
                                           "south-america", "asia", "central-asia", "eastern-asia", "southern-asia", "south-eastern-asia", "western-asia", "europe", "eastern-europe", "northern-europe", "southern-europe", "western-europe",
                                           "oceania", "antarctica", "australia-new-zealand", "melanesia", "micronesia", "polynesia"};
  const auto dash = value.find(" - ");
  std::string out;
  for (const char c : dash == value.npos ? value : value.substr(dash + 3)) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == ' ' ? '-' : c;
  return std::find(std::begin(kRegions), std::end(kRegions), out) == std::end(kRegions) ? std::string() : out;
}

bool is_indicated(std::string_view type) {
  return type == "attack-pattern" || type == "campaign" || type == "intrusion-set" || type == "malware" || type == "threat-actor" || type == "tool";  // STIX 2.1 §4.7.2
}

}  // namespace

// A cluster is the same in every event that names it, so nothing of the event goes into it: its version counts as its time (STIX 2.1 §3.6).
// Its id is not ATT&CK's, though the uuid often is: that object is its maker's, who alone may give it versions.
std::string EventImport::cluster(std::string_view galaxy, const json::object& source, const std::string& where) {
  std::string_view type;
  for (const auto& row : galaxy_rows())
    if (row.galaxy == galaxy) type = row.stix;
  const auto value = text_at(source, "value");
  if (type.empty() || value.empty()) {
    lost(where, "Clusters of the galaxy \"" + shortened(galaxy) + "\" have no type in STIX; the tag is kept.");
    return {};
  }
  const auto uuid = clean_uuid(text_at(source, "uuid"));
  const auto tag = text_at(source, "tag_name");
  const auto [name, number] = name_and_number(value);
  json::object out;
  out["type"] = type;
  out["spec_version"] = "2.1";
  out["id"] = std::string(type) + "--" + name_uuid(kConversionNamespace, "galaxy cluster " + (uuid.empty() ? std::string(galaxy) : uuid) + " " + value);  // old exports give one uuid to several clusters
  const auto* version = source.if_contains("version");
  const auto counted = (version ? misp_time(*version) : std::nullopt).value_or(Instant{}).micros;
  constexpr Instant kFirst{1483228800'000'000};  // 2017-01-01
  out["created"] = stix_time(kFirst);
  out["modified"] = stix_time(kFirst + Duration(counted > 0 && counted < 4'000'000'000'000'000 ? counted : 0));
  out["name"] = name;
  if (const auto text = text_at(source, "description"); !text.empty()) out["description"] = text;
  if (type == "malware") out["is_family"] = true;
  if (type == "identity") out["identity_class"] = "class";
  if (type == "location") {
    const auto iso = meta_of(source, "ISO");
    const auto region = region_of(value);
    if (!iso.empty()) out["country"] = iso.front();
    else if (!region.empty()) out["region"] = region;
    else {
      lost(where, "STIX wants a country's code or a region of a location; the tag is kept.");
      return {};
    }
  }
  if (type != "location" && type != "identity" && type != "vulnerability" && type != "course-of-action")
    for (const auto& alias : meta_of(source, "synonyms")) add_once(out, "aliases", alias);
  json::array references;
  auto numbers = meta_of(source, "external_id");
  if (!number.empty() && std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
  if (type == "vulnerability")
    for (const auto& alias : meta_of(source, "aliases")) numbers.push_back(alias);
  for (const auto& one : numbers) {
    const auto of = one.starts_with("CAPEC-") ? "capec" : one.starts_with("CVE-") ? "cve" : galaxy.starts_with("mitre-") ? "mitre-attack" : "misp-galaxy";
    references.push_back(json::object{{"source_name", of}, {"external_id", one}});
  }
  if (!uuid.empty()) references.push_back(json::object{{"source_name", "misp-galaxy"}, {"external_id", uuid}});
  for (const auto& url : meta_of(source, "refs")) references.push_back(json::object{{"source_name", "misp-galaxy"}, {"url", url}});
  if (!references.empty()) out["external_references"] = std::move(references);
  if (type == "attack-pattern" || type == "malware" || type == "tool")
    for (const auto& phase : meta_of(source, "kill_chain"))
      if (const auto colon = phase.find(':'); colon != phase.npos && colon != 0 && colon + 1 != phase.size()) {
        auto& phases = out["kill_chain_phases"];
        if (!phases.is_array()) phases = json::array();
        phases.get_array().push_back(json::object{{"kill_chain_name", phase.substr(0, colon)}, {"phase_name", phase.substr(phase.rfind(':') + 1)}});
      }
  say(out, {{"galaxy", galaxy}, {"uuid", uuid}, {"value", value}, {"tag", tag}, {"version", text_at(source, "version")}});
  const std::string id(string_at(out, "id"));
  put(std::move(out));
  return id;
}

void EventImport::galaxies(const json::object& source, const std::string& where, const Thing* on) {
  const auto& list = list_at(source, "Galaxy");
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object()) continue;
    const auto& galaxy = list[i].get_object();
    const auto& clusters = list_at(galaxy, "GalaxyCluster");
    for (std::size_t k = 0; k < clusters.size(); ++k) {
      if (!clusters[k].is_object()) continue;
      const auto here = where + "/Galaxy/" + std::to_string(i) + "/GalaxyCluster/" + std::to_string(k);
      const auto id = cluster(text_at(galaxy, "type"), clusters[k].get_object(), here);
      if (id.empty()) {
        if (const auto tag = text_at(clusters[k].get_object(), "tag_name"); !tag.empty() && !on) whole_.labels.push_back(tag);
        continue;
      }
      if (!on) continue;  // what an event is about stands in its report; it says nothing of each indicator
      const auto of = ids_.find(on->uuid);
      if (of == ids_.end() || of->second == id) continue;
      const auto type = id.substr(0, id.find("--"));
      relate(of->second.starts_with("indicator--") && is_indicated(type) ? "indicates" : "related-to", of->second, id, *on);
    }
  }
}

}  // namespace sluice::formats::misp
