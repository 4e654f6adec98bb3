#include "service/notice_record.h"

#include <algorithm>

#include "base/time_words.h"

namespace sluice::service {

namespace {

class Lines {
 public:
  void add(const std::string& text) {
    if (!text.empty() && std::find(all_.begin(), all_.end(), text) == all_.end()) all_.push_back(text);
  }
  std::string text(std::string_view between = "; ") const {
    std::string out;
    for (const auto& one : all_) out += (out.empty() ? "" : std::string(between)) + one;
    return out;
  }

 private:
  std::vector<std::string> all_;
};

std::string words_of_fact(const json::value& value) {
  if (value.is_string()) {
    const auto at = parse_instant(value.get_string());   // what a notice says is read by a person
    return at ? words_of_second(*at) : std::string(value.get_string());
  }
  if (value.is_bool()) return value.get_bool() ? "yes" : "not yet";
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (!value.is_array()) return {};
  Lines out;
  for (const auto& one : value.get_array())
    if (one.is_string()) out.add(std::string(one.get_string()));
  return out.text(", ");
}

void add_incident(regimes::Record& out, const cvd::Incident& incident) {
  out["incident.title"] = incident.title;
  if (incident.summary) out["incident.summary"] = *incident.summary;
  for (const auto& [name, history] : incident.facts)
    if (const auto* value = incident.fact(name)) out[name.find('.') == std::string::npos ? "incident." + name : name] = words_of_fact(*value);
}

void add_products(regimes::Record& out, const cvd::CaseFold& fold, OrganisationId own, const OrganisationRows& organisations) {
  const bool has_own = std::any_of(fold.products.begin(), fold.products.end(), [&](const cvd::Product& one) { return one.vendor == own; });
  Lines names, versions, both, vendors, markets;
  for (const auto& product : fold.products) {
    if (has_own && product.vendor != own) continue;  // a notice of a vendor speaks of its own products
    names.add(product.name);
    if (product.version) versions.add(*product.version);
    both.add(product.name + (product.version ? " " + *product.version : ""));
    const auto row = organisations.find(product.vendor);
    if (row != organisations.end()) vendors.add(row->second.profile.name);
    const auto* placed = product.placed ? &product.placed->markets : row != organisations.end() && row->second.profile.products ? &row->second.profile.products->markets : nullptr;
    if (placed != nullptr)
      for (const auto& one : *placed) markets.add(one);
  }
  out["product.names"] = names.text(), out["product.versions"] = versions.text(), out["product.names_with_versions"] = both.text(), out["product.vendors"] = vendors.text(), out["product.markets"] = markets.text(", ");
}

void add_vulnerabilities(regimes::Record& out, const cvd::CaseFold& fold) {
  Lines titles, descriptions, identifiers, severities, cwes, exploitation;
  std::optional<Instant> since;
  for (const auto& one : fold.vulnerabilities) {
    titles.add(one.title);
    descriptions.add(one.description);
    if (one.identifier) identifiers.add(*one.identifier);
    if (one.cwe) cwes.add(*one.cwe);
    if (one.score && one.cvss) severities.add(*one.score + " (" + *one.cvss + ")");
    if (const auto attacked = one.facts.find(cvd::Letter::A); attacked != one.facts.end()) {
      exploitation.add("Attacks on \"" + one.title + "\" were observed; the earliest known is of " + words_of_second(attacked->second.occurred) + ".");
      since = since ? std::min(*since, attacked->second.recorded) : attacked->second.recorded;
    }
  }
  out["vulnerability.titles"] = titles.text(), out["vulnerability.descriptions"] = descriptions.text("\n\n"), out["vulnerability.identifiers"] = identifiers.text(", ");
  out["vulnerability.severities"] = severities.text(), out["vulnerability.cwes"] = cwes.text(", "), out["vulnerability.exploitation"] = exploitation.text(" ");
  if (since) out["vulnerability.exploited_since"] = words_of_second(*since);
}

// How far the fixes are, as their vendors said.
void add_remedies(regimes::Record& out, const cvd::CaseFold& fold, OrganisationId own) {
  const bool has_own = std::any_of(fold.products.begin(), fold.products.end(), [&](const cvd::Product& one) { return one.vendor == own; });
  Lines lines;
  for (const auto& [key, answer] : fold.answers) {
    const auto* product = fold.product(key.second);
    if (product == nullptr || (has_own && product->vendor != own)) continue;
    if (answer.fixed_in) lines.add(product->name + ": fixed in " + *answer.fixed_in);
    else if (answer.step) lines.add(product->name + ": the fix is " + to_word(*answer.step));
  }
  out["remedy.summary"] = lines.text();
}

}  // namespace

regimes::Record record_of(const cvd::CaseFold& fold, OrganisationId own, const OrganisationRows& organisations) {
  regimes::Record out{{"case.title", fold.title}};
  if (fold.summary) out["case.summary"] = *fold.summary;
  if (const auto row = organisations.find(own); row != organisations.end()) {
    out["organisation.name"] = row->second.profile.name;
    Lines contacts;
    for (const auto& one : row->second.profile.contacts) contacts.add(one.kind + ": " + one.uri);
    out["organisation.contact"] = contacts.text();
  }
  if (const auto incident = fold.incidents.find(own); incident != fold.incidents.end()) add_incident(out, incident->second);
  add_products(out, fold, own, organisations);
  add_vulnerabilities(out, fold);
  add_remedies(out, fold, own);
  Lines titles, places;
  for (const auto& area : fold.area_reports) {
    if (area.organisation != own || area.published || area.versions.empty()) continue;
    const auto& version = area.versions.back().what;
    titles.add(version.title);
    for (const auto& one : version.regions) places.add(one);
    if (version.sector) places.add(*version.sector);
  }
  out["area.titles"] = titles.text(), out["area.places"] = places.text(", ");
  return out;
}

}  // namespace sluice::service
