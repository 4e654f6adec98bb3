#include "formats/osv/write.h"

#include <algorithm>
#include <map>

#include "advisory/ecosystems.h"
#include "advisory/forms.h"
#include "base/json.h"
#include "score/cvss.h"

namespace sluice::formats::osv {

using namespace sluice::advisory;

namespace {

std::string upper(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return word;
}

json::array events_of(const Product& p) {
  json::array out;
  const auto event = [&](const char* kind, const std::string& version) { out.push_back(json::object{{kind, version}}); };
  if (!p.range) event("introduced", "0");
  else
    for (const auto& span : p.range->spans) {
      event("introduced", span.introduced.value_or("0"));
      if (span.fixed) event("fixed", *span.fixed);
      if (span.last_affected) event("last_affected", *span.last_affected);
    }
  return out;
}

// fixed and last_affected don't mix in one range, so a product whose spans use both gives two.
json::array ranges_of(const Product& p) {
  if (p.version) return {};
  const char* type = is_semver_ecosystem(*p.ecosystem) ? "SEMVER" : "ECOSYSTEM";
  json::array out;
  const auto add = [&](const Product& part) { out.push_back(json::object{{"type", type}, {"events", events_of(part)}}); };
  const bool mixed = p.range && std::any_of(p.range->spans.begin(), p.range->spans.end(), [](auto& s) { return s.fixed.has_value(); }) &&
                     std::any_of(p.range->spans.begin(), p.range->spans.end(), [](auto& s) { return s.last_affected.has_value(); });
  if (!mixed) {
    add(p);
    return out;
  }
  for (const bool by_last : {false, true}) {
    auto part = p;
    std::erase_if(part.range->spans, [&](auto& s) { return s.last_affected.has_value() != by_last; });
    add(part);
  }
  return out;
}

json::array affected(const Advisory& a, const Vulnerability& v, const std::string& where, Losses& losses) {
  std::vector<std::pair<const Product*, json::object>> packages;  // one a package, in order
  for (std::size_t i = 0; i < v.statuses.size(); ++i) {
    const auto& s = v.statuses[i];
    const auto at = where + "/statuses/" + std::to_string(i);
    const auto* p = product_of(a, s.product);
    if (p == nullptr) continue;
    if (!is_affected(s.status)) {
      losses.push_back({at, "OSV says what is affected, and where a range ends; that this product is " + to_word(s.status) + " is left out."});
      continue;
    }
    if (!p->ecosystem || !p->package || !is_known_ecosystem(*p->ecosystem)) {
      losses.push_back({at, "This product is no package of an ecosystem that OSV knows."});
      continue;
    }
    auto found = std::find_if(packages.begin(), packages.end(), [&](const auto& item) { return item.first->ecosystem == p->ecosystem && item.first->package == p->package; });
    if (found == packages.end()) {
      json::object package{{"ecosystem", *p->ecosystem}, {"name", *p->package}};
      if (p->purl) package["purl"] = without_version(*p->purl);
      found = packages.insert(found, {p, json::object{{"package", std::move(package)}, {"ranges", json::array()}, {"versions", json::array()}}});
    }
    for (const auto& range : ranges_of(*p)) found->second["ranges"].as_array().push_back(range);
    if (p->version) found->second["versions"].as_array().emplace_back(*p->version);
  }
  json::array out;
  for (auto& [product, item] : packages) {
    for (const auto* key : {"ranges", "versions"}) {
      item[key] = once_each(item[key].as_array());
      if (item[key].as_array().empty()) item.erase(key);
    }
    out.push_back(std::move(item));
  }
  return out;
}

json::array severity(const Vulnerability& v, const std::string& where, Losses& losses) {
  json::array out;
  for (std::size_t i = 0; i < v.cvss.size(); ++i) {
    const auto& c = v.cvss[i];
    const auto version = cvss::version_of(c.vector);
    out.push_back(json::object{{"type", version == cvss::Version::V2_0 ? "CVSS_V2" : version == cvss::Version::V4_0 ? "CVSS_V4" : "CVSS_V3"}, {"score", c.vector}});
    if (!c.products.empty()) losses.push_back({where + "/cvss/" + std::to_string(i) + "/products", "The score is written for the whole vulnerability."});
  }
  return once_each(out);
}

std::string type_of(const Reference& reference) {
  if (reference.category == ReferenceCategory::Self) return "ADVISORY";
  for (const auto tag : reference.tags) {
    switch (tag) {
      case ReferenceTag::Advisory: return "ADVISORY";
      case ReferenceTag::Article:
      case ReferenceTag::MediaCoverage:
      case ReferenceTag::TechnicalDescription: return "ARTICLE";
      case ReferenceTag::Discussion: return "DISCUSSION";
      case ReferenceTag::Evidence:
      case ReferenceTag::Exploit: return "EVIDENCE";
      case ReferenceTag::Fix: return "FIX";
      case ReferenceTag::IssueTracking:
      case ReferenceTag::Report: return "REPORT";
      case ReferenceTag::Product: return "PACKAGE";
      case ReferenceTag::Mitigation:
      case ReferenceTag::ReleaseNotes: break;
    }
  }
  return "WEB";
}

json::array references(const Advisory& a, const Vulnerability& v) {
  json::array out;
  const auto add = [&](std::string_view type, std::string_view url) { out.push_back(json::object{{"type", type}, {"url", url}}); };
  if (a.canonical_url) add("ADVISORY", *a.canonical_url);
  for (const auto* all : {&v.references, &a.references})
    for (const auto& r : *all) add(type_of(r), r.url);
  for (const auto& r : v.remediations)
    if (r.url && r.category == RemediationCategory::VendorFix) add("FIX", *r.url);
  return once_each(out);
}

// Markdown. OSV has no field for what users can do, so it follows the description.
std::string details(const Vulnerability& v) {
  auto out = v.description_en ? *v.description_en : v.description;
  if (v.exploitation) out += "\n\n## Exploitation\n\n" + v.exploitation->details;
  if (!v.remediations.empty()) out += "\n\n## Remedies\n";
  for (const auto& r : v.remediations) {
    auto category = to_word(r.category);
    std::replace(category.begin(), category.end(), '_', ' ');
    out += "\n- " + category + ": " + r.details;
  }
  return out;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string id_of(const Advisory& a, std::size_t index) {
  std::string out = "x_";
  for (const char c : a.id) out += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ? c : '_';
  return a.vulnerabilities.size() == 1 ? out : out + "-" + std::to_string(index + 1);
}

Record record_of(const Advisory& a, std::size_t index, json::array packages, Losses losses) {
  const auto& v = a.vulnerabilities[index];
  const auto where = "/vulnerabilities/" + std::to_string(index);
  Record out{.id = id_of(a, index)};
  json::object r{{"schema_version", "1.7.0"}, {"id", out.id}, {"modified", to_text(a.current_release)}, {"published", to_text(v.released.value_or(a.initial_release))}};
  r["summary"] = one_line(v.title);
  r["details"] = details(v);
  std::vector<std::string> aliases;
  if (v.cve) aliases.push_back(*v.cve);
  for (const auto& other : v.other_ids) aliases.push_back(other.id);
  if (!aliases.empty()) r["aliases"] = list_of(aliases);
  if (auto scores = severity(v, where, losses); !scores.empty()) r["severity"] = std::move(scores);
  r["affected"] = std::move(packages);
  if (auto links = references(a, v); !links.empty()) r["references"] = std::move(links);
  json::array credits;
  for (std::size_t i = 0; i < v.credits.size(); ++i) {
    const auto& c = v.credits[i];
    json::object item{{"name", c.organization ? c.name + ", " + *c.organization : c.name}, {"type", upper(to_word(c.type))}};
    if (!c.contact.empty()) item["contact"] = list_of(c.contact);
    credits.push_back(std::move(item));
  }
  if (!credits.empty()) r["credits"] = std::move(credits);
  json::object own{{"advisory", a.id}};
  if (v.cwe) own["cwe_ids"] = list_of({v.cwe->id});
  r["database_specific"] = std::move(own);

  if (a.tlp != Tlp::Clear) losses.push_back({"/tlp", "An OSV record is public and has no marking."});
  if (!v.threats.empty()) losses.push_back({where + "/threats", "OSV has no place for threats."});
  if (!v.timeline.empty()) losses.push_back({where + "/timeline", "OSV has no place for a timeline."});
  if (!v.notes.empty()) losses.push_back({where + "/notes", "OSV has no place for notes."});
  if (v.description_en) losses.push_back({where + "/description", "The description is written in English only."});
  out.record = sorted(r);
  out.losses = std::move(losses);
  return out;
}

}  // namespace

Result<std::vector<Record>> from_advisory(const Advisory& advisory) {
  if (const auto missing = missing_for(advisory, Format::Osv); !missing.empty()) return fail(ErrorKind::Invalid, missing.front().message, missing.front().where, missing.front().rule);
  std::vector<Record> out;
  Losses without_record;
  for (std::size_t i = 0; i < advisory.vulnerabilities.size(); ++i) {
    Losses losses;
    const auto where = "/vulnerabilities/" + std::to_string(i);
    auto packages = affected(advisory, advisory.vulnerabilities[i], where, losses);
    if (packages.empty()) without_record.push_back({where, "No affected package of an ecosystem that OSV knows: this vulnerability has no record."});
    else out.push_back(record_of(advisory, i, std::move(packages), std::move(losses)));
  }
  out.front().losses.insert(out.front().losses.end(), without_record.begin(), without_record.end());
  return out;
}

}  // namespace sluice::formats::osv
