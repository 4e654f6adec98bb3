#include "formats/stix/from_advisory.h"

#include <algorithm>

#include "formats/name_uuid.h"
#include "threat/marking.h"

namespace sluice::formats::stix {

namespace {

// STIX 2.1 §2.15: three digits of a second at least, for created and modified.
std::string milliseconds(Instant at) {
  auto text = to_text(Instant{at.micros / 1'000'000 * 1'000'000});
  const auto digits = std::to_string(1000 + at.micros / 1000 % 1000).substr(1);
  return text.insert(text.size() - 1, "." + digits);
}

std::string id_of(std::string_view type, std::string_view space, std::string_view name) {
  return std::string(type) + "--" + name_uuid(kConversionNamespace, "advisory/" + std::string(space) + "/" + std::string(type) + "/" + std::string(name));
}

json::object common(std::string_view type, std::string id, Instant created, Instant made, const std::string& creator) {
  json::object out{{"type", type}, {"spec_version", "2.1"}, {"id", std::move(id)}};
  if (!creator.empty()) out["created_by_ref"] = creator;
  // STIX 2.1 §3.2: modified is never before created; §3.6: created is the same for all versions.
  out["created"] = milliseconds(created);
  out["modified"] = milliseconds(std::max(created, made));
  out["object_marking_refs"] = json::array{threat::marking_id_of(Tlp::Clear)};
  return out;
}

bool is_remedy(advisory::RemediationCategory category) {
  using enum advisory::RemediationCategory;
  return category == VendorFix || category == Mitigation || category == Workaround;
}

}  // namespace

AdvisoryObjects from_advisory(const advisory::Advisory& advisory, std::string_view space, Instant made) {
  AdvisoryObjects out;
  const auto first = advisory.initial_release;
  auto publisher = common("identity", id_of("identity", space, advisory.publisher.namespace_uri), first, made, {});
  const auto creator = std::string(string_at(publisher, "id"));
  publisher["name"] = advisory.publisher.name;
  publisher["identity_class"] = "organization";
  out.objects.push_back(std::move(publisher));

  for (std::size_t i = 0; i < advisory.vulnerabilities.size(); ++i) {
    const auto& v = advisory.vulnerabilities[i];
    const auto where = "/vulnerabilities/" + std::to_string(i);
    const auto name = v.cve.value_or(advisory.id + "/" + v.title);
    auto object = common("vulnerability", id_of("vulnerability", space, name), first, made, creator);
    const auto id = std::string(string_at(object, "id"));
    object["name"] = v.cve.value_or(v.title);
    object["description"] = v.cve ? v.title + "\n\n" + v.description : v.description;
    json::array references;
    if (v.cve) references.push_back(json::object{{"source_name", "cve"}, {"external_id", *v.cve}});  // STIX 2.1 §4.18
    for (const auto& other : v.other_ids) references.push_back(json::object{{"source_name", other.system}, {"external_id", other.id}});
    if (v.cwe) references.push_back(json::object{{"source_name", "cwe"}, {"external_id", v.cwe->id}, {"description", v.cwe->name}});
    references.push_back(json::object{{"source_name", advisory.publisher.name}, {"external_id", advisory.id}, {"description", advisory.title}});
    for (const auto& one : v.references) references.push_back(json::object{{"source_name", one.summary.empty() ? advisory.publisher.name : one.summary}, {"url", one.url}});
    object["external_references"] = std::move(references);
    if (advisory.language != "en") object["lang"] = advisory.language;
    out.objects.push_back(std::move(object));

    std::string what;
    json::array links;
    for (const auto& remediation : v.remediations) {
      if (!is_remedy(remediation.category)) continue;
      what += (what.empty() ? "" : "\n") + remediation.details;
      if (remediation.url) links.push_back(json::object{{"source_name", advisory.publisher.name}, {"url", *remediation.url}});
    }
    if (!what.empty()) {
      auto action = common("course-of-action", id_of("course-of-action", space, name), first, made, creator);
      const auto action_id = std::string(string_at(action, "id"));
      action["name"] = "What to do about " + v.cve.value_or(v.title);
      action["description"] = what;
      if (!links.empty()) action["external_references"] = std::move(links);
      if (advisory.language != "en") action["lang"] = advisory.language;
      out.objects.push_back(std::move(action));
      auto relationship = common("relationship", id_of("relationship", space, name), first, made, creator);
      relationship["relationship_type"] = "mitigates";
      relationship["source_ref"] = action_id;
      relationship["target_ref"] = id;
      out.objects.push_back(std::move(relationship));
    }
    if (!v.cvss.empty()) out.losses.push_back({where + "/cvss", "STIX has no place for scores."});
    if (!v.statuses.empty()) out.losses.push_back({where + "/statuses", "STIX has no place for which product is affected or fixed."});
    if (!v.credits.empty()) out.losses.push_back({where + "/credits", "STIX has no place for credits."});
  }
  return out;
}

}  // namespace sluice::formats::stix
