// What every advisory must hold. Rules name the clause of CSAF 2.0 that asks for it, or the invariant of advisory.h.
#include <algorithm>
#include <map>
#include <set>

#include "advisory/advisory.h"
#include "advisory/forms.h"
#include "score/cvss.h"

namespace sluice::advisory {

namespace {

std::set<std::string> unique_products(const std::vector<std::string>& ids) { return {ids.begin(), ids.end()}; }

class Checker {
 public:
  explicit Checker(const Advisory& advisory) : advisory_(advisory) {
    for (const auto& product : advisory.products) product_ids_.insert(product.id);
  }

  Findings run() {
    head();
    revisions();
    references(advisory_.references, "/references");
    acknowledgments();
    notes(advisory_.notes, "/notes");
    products();
    if (advisory_.vulnerabilities.empty()) error("CSAF 2.0 §6.1.27.11", "/vulnerabilities", "A security advisory names at least one vulnerability.");
    std::set<std::string> cves;
    for (std::size_t i = 0; i < advisory_.vulnerabilities.size(); ++i) {
      const auto& v = advisory_.vulnerabilities[i];
      const auto at = "/vulnerabilities/" + std::to_string(i);
      if (v.cve && !cves.insert(*v.cve).second) error("CSAF 2.0 §6.1.23", at + "/cve", "Another vulnerability of this advisory has the same CVE id.");
      vulnerability(v, at);
    }
    for (std::size_t i = 0; i < advisory_.products.size(); ++i)
      if (!used_.contains(advisory_.products[i].id)) warn("CSAF 2.0 §6.2.1", "/products/" + std::to_string(i), "No vulnerability says anything about this product.");
    return std::move(out_);
  }

 private:
  void error(std::string rule, std::string where, std::string message) { out_.push_back({Severity::Error, std::move(rule), std::move(where), std::move(message)}); }
  void warn(std::string rule, std::string where, std::string message) { out_.push_back({Severity::Warning, std::move(rule), std::move(where), std::move(message)}); }

  void text(const std::string& value, const std::string& where, std::string message) {
    if (value.empty()) error("schema", where, std::move(message));
  }
  void uri(const std::string& value, const std::string& where) {
    if (!is_uri(value)) error("RFC 3986", where, "This must be a whole URI, such as https://example.com/advisories; other characters than those of a URI are percent-encoded.");
  }

  void head() {
    const auto& id = advisory_.id;
    if (id.empty() || id.front() == ' ' || id.back() == ' ' || id.find_first_of("\t\r\n") != std::string::npos)
      error("CSAF 2.0 §3.2.1.12.4", "/id", "An advisory needs an id without white space around it, such as EXAMPLE-2021-0001.");
    text(advisory_.title, "/title", "An advisory needs a title.");
    if (advisory_.summary.empty()) warn("A4", "/summary", "Readers look for a summary first.");
    text(advisory_.publisher.name, "/publisher/name", "The publisher needs a name.");
    uri(advisory_.publisher.namespace_uri, "/publisher/namespace_uri");
    optional_text(advisory_.publisher.contact_details, "/publisher/contact_details");
    optional_text(advisory_.publisher.issuing_authority, "/publisher/issuing_authority");
    if (advisory_.publisher.category == PublisherCategory::Translator)
      error("CSAF 2.0 §6.1.15", "/publisher/category", "A translation names the language it was made from, which this model has no place for; publish it as what it was before.");
    if (!is_language(advisory_.language)) error("CSAF 2.0 §6.1.12", "/language", "This must be a BCP 47 language tag of registered parts, such as en, de or zh-Hant.");
    optional_text(advisory_.aggregate_severity, "/aggregate_severity");
    optional_text(advisory_.legal, "/legal");
    if (advisory_.canonical_url) {
      uri(*advisory_.canonical_url, "/canonical_url");
      if (!advisory_.canonical_url->starts_with("https://")) warn("CSAF 2.0 §6.2.11", "/canonical_url", "The document's own address begins with https://.");
    }
  }

  void optional_text(const std::optional<std::string>& value, const std::string& where) {
    if (value) text(*value, where, "This may be left out, but not be empty.");
  }

  void revisions() {  // A2
    const auto& all = advisory_.revisions;
    if (all.empty()) return error("A2", "/revisions", "An advisory has at least one revision.");
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto at = "/revisions/" + std::to_string(i);
      text(all[i].summary, at + "/summary", "A revision says in a sentence what changed.");
      if (i == 0 && all[i].number != 0 && all[i].number != 1) error("CSAF 2.0 §6.1.21", at + "/number", "The first revision is number 1 (0 in a draft).");
      if (i > 0 && all[i].number != all[i - 1].number + 1) error("CSAF 2.0 §6.1.21", at + "/number", "This must be number " + std::to_string(all[i - 1].number + 1) + "; none is left out.");
      if (i > 0 && all[i].date < all[i - 1].date) error("CSAF 2.0 §6.1.14", at + "/date", "A later revision cannot be older than the one before it.");
    }
    if (all.front().number == 0 && advisory_.status != PublicationStatus::Draft)
      error("CSAF 2.0 §6.1.18", "/revisions/0/number", "Once published, an advisory has no revision 0.");
    if (all.back().number == 0 && advisory_.status != PublicationStatus::Draft) error("CSAF 2.0 §6.1.17", "/status", "Version 0 is always a draft.");
    if (advisory_.current_release < advisory_.initial_release) error("A2", "/current_release", "The current release cannot be older than the initial one.");
    if (advisory_.current_release < all.back().date) warn("CSAF 2.0 §6.2.6", "/current_release", "The current release is not older than the newest revision.");
    if (advisory_.initial_release < all.front().date) warn("CSAF 2.0 §6.2.5", "/initial_release", "The initial release is not older than the first revision.");
  }

  void references(const std::vector<Reference>& all, const std::string& where) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto at = where + "/" + std::to_string(i);
      text(all[i].summary, at + "/summary", "A reference says what it leads to.");
      uri(all[i].url, at + "/url");
    }
  }

  void acknowledgments() {
    for (std::size_t i = 0; i < advisory_.acknowledgments.size(); ++i) {
      const auto& a = advisory_.acknowledgments[i];
      const auto at = "/acknowledgments/" + std::to_string(i);
      if (a.names.empty() && !a.organization && !a.summary && a.urls.empty()) error("schema", at, "An acknowledgment names somebody or something.");
      for (std::size_t k = 0; k < a.names.size(); ++k) text(a.names[k], at + "/names/" + std::to_string(k), "A name cannot be empty.");
      optional_text(a.organization, at + "/organization");
      optional_text(a.summary, at + "/summary");
      for (std::size_t k = 0; k < a.urls.size(); ++k) uri(a.urls[k], at + "/urls/" + std::to_string(k));
    }
  }

  void notes(const std::vector<Note>& all, const std::string& where) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto at = where + "/" + std::to_string(i);
      text(all[i].text, at + "/text", "A note needs a text.");
      optional_text(all[i].title, at + "/title");
      optional_text(all[i].audience, at + "/audience");
    }
  }

  void products() {
    if (advisory_.products.empty()) error("CSAF 2.0 §6.1.27.4", "/products", "A security advisory names at least one product.");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < advisory_.products.size(); ++i) {
      const auto& p = advisory_.products[i];
      const auto at = "/products/" + std::to_string(i);
      text(p.id, at + "/id", "A product needs an id by which the vulnerabilities name it.");
      if (!seen.insert(p.id).second) error("CSAF 2.0 §6.1.2", at + "/id", "Another product has the same id.");
      text(p.vendor, at + "/vendor", "A product needs its vendor.");
      text(p.name, at + "/name", "A product needs a name.");
      optional_text(p.version, at + "/version");
      if (p.version && p.range) error("A4", at + "/range", "A product has a version or a range, not both.");
      if (p.version && names_a_range(*p.version)) error("CSAF 2.0 §6.1.31", at + "/version", "This reads like a range of versions. Give it as a range.");
      if (p.range) range(*p.range, at + "/range");
      if (p.purl && !is_purl(*p.purl)) error("CSAF 2.0 §6.1.13", at + "/purl", "This must be a package URL with all that its type needs, such as pkg:maven/org.example/library@1.2.");
      if (p.purl && !p.version && has_version(*p.purl)) error("A4", at + "/purl", "The purl has a version, but the product stands for more than one. Leave it out of the purl.");
      if (p.cpe && !is_cpe(*p.cpe)) error("schema", at + "/cpe", "This must be a CPE name, such as cpe:2.3:a:vendor:product:1.0:*:*:*:*:*:*:*.");
      if (p.ecosystem.has_value() != p.package.has_value()) error("OSV affected[].package", at + "/ecosystem", "Ecosystem and package are given together or not at all.");
      optional_text(p.ecosystem, at + "/ecosystem");
      optional_text(p.package, at + "/package");
      if (p.repository) uri(*p.repository, at + "/repository");
      for (std::size_t k = 0; k < p.platforms.size(); ++k) text(p.platforms[k], at + "/platforms/" + std::to_string(k), "A platform cannot be empty.");
      if (!p.purl && !p.cpe) warn("CSAF 2.0 §6.2.16", at, "With a purl or CPE, asset systems find this product by themselves.");
    }
  }

  void range(const VersionRange& r, const std::string& at) {
    if (!is_vers_scheme(r.scheme)) error("vers", at + "/scheme", "This must be a vers scheme, such as maven, npm, semver or generic.");
    if (r.spans.empty()) error("vers", at + "/spans", "A range has at least one span.");
    for (std::size_t i = 0; i < r.spans.size(); ++i) {
      const auto& s = r.spans[i];
      const auto here = at + "/spans/" + std::to_string(i);
      optional_text(s.introduced, here + "/introduced");
      optional_text(s.fixed, here + "/fixed");
      optional_text(s.last_affected, here + "/last_affected");
      if (s.fixed && s.last_affected) error("OSV affected[].ranges[].events", here, "A span ends with the fixed version or with the last affected one, not both.");
      if (s.fixed && s.fixed == s.introduced) error("vers", here, "This span holds no version at all.");
      if (i > 0 && !s.introduced) error("vers", here + "/introduced", "Only the first span may begin with the first version.");
      if (i + 1 < r.spans.size() && !s.fixed && !s.last_affected) error("vers", here, "Only the last span may be open at its end.");
    }
  }

  void known_products(const std::vector<std::string>& ids, const std::string& where) {  // A1
    for (std::size_t i = 0; i < ids.size(); ++i) known_product(ids[i], where + "/" + std::to_string(i));
  }
  void known_product(const std::string& id, const std::string& where) {
    used_.insert(id);
    if (!product_ids_.contains(id)) error("CSAF 2.0 §6.1.1", where, "No product of this advisory has the id \"" + id + "\".");
  }

  void vulnerability(const Vulnerability& v, const std::string& at) {
    if (v.cve && !is_cve_id(*v.cve)) error("schema", at + "/cve", "This must be a CVE id, such as CVE-2021-44228.");
    std::set<std::pair<std::string, std::string>> ids;
    for (std::size_t i = 0; i < v.other_ids.size(); ++i) {
      const auto here = at + "/other_ids/" + std::to_string(i);
      text(v.other_ids[i].system, here + "/system", "An id needs the name of its system.");
      text(v.other_ids[i].id, here + "/id", "An id cannot be empty.");
      if (is_cve_id(v.other_ids[i].id)) warn("CSAF 2.0 §6.2.17", here + "/id", "A CVE id belongs into the field cve.");
      if (!ids.insert({v.other_ids[i].system, v.other_ids[i].id}).second) error("schema", here, "This id is given twice.");
    }
    text(v.title, at + "/title", "A vulnerability needs a title.");
    text(v.description, at + "/description", "A vulnerability needs a description.");
    optional_text(v.description_en, at + "/description_en");
    if (v.cwe) {
      const auto name = cwe_name(v.cwe->id);  // A5
      if (name.empty()) error("CSAF 2.0 §6.1.11", at + "/cwe/id", "There is no weakness of this id, such as CWE-502, in the CWE list.");
      else if (name != v.cwe->name) error("CSAF 2.0 §6.1.11", at + "/cwe/name", "MITRE names this weakness \"" + std::string(name) + "\".");
    }
    statuses(v, at + "/statuses");
    scores(v, at);
    remediations(v, at);
    for (std::size_t i = 0; i < v.threats.size(); ++i) {
      const auto here = at + "/threats/" + std::to_string(i);
      text(v.threats[i].details, here + "/details", "A threat needs a text.");
      known_products(v.threats[i].products, here + "/products");
    }
    if (v.exploitation) text(v.exploitation->details, at + "/exploitation/details", "Say what was seen, and by whom.");
    references(v.references, at + "/references");
    for (std::size_t i = 0; i < v.credits.size(); ++i) {
      const auto here = at + "/credits/" + std::to_string(i);
      text(v.credits[i].name, here + "/name", "A credit names a person, team or tool.");
      optional_text(v.credits[i].organization, here + "/organization");
      for (std::size_t k = 0; k < v.credits[i].contact.size(); ++k) uri(v.credits[i].contact[k], here + "/contact/" + std::to_string(k));
    }
    for (std::size_t i = 0; i < v.timeline.size(); ++i) text(v.timeline[i].text, at + "/timeline/" + std::to_string(i) + "/text", "Say what happened then.");
    notes(v.notes, at + "/notes");
  }

  void statuses(const Vulnerability& v, const std::string& where) {  // A3
    if (v.statuses.empty()) error("CSAF 2.0 §6.1.27.6", where, "Say of at least one product whether it is affected.");
    enum class Group { Affected, NotAffected, Fixed, UnderInvestigation };
    std::map<std::string, Group> groups;
    std::set<std::pair<std::string, Status>> seen;
    for (std::size_t i = 0; i < v.statuses.size(); ++i) {
      const auto& s = v.statuses[i];
      const auto at = where + "/" + std::to_string(i);
      known_product(s.product, at + "/product");
      if (!seen.insert({s.product, s.status}).second) error("schema", at, "This is said twice of the same product.");
      if (s.status != Status::Recommended) {
        const auto group = is_affected(s.status) ? Group::Affected : is_fixed(s.status) ? Group::Fixed : s.status == Status::KnownNotAffected ? Group::NotAffected : Group::UnderInvestigation;
        if (groups.emplace(s.product, group).first->second != group) error("CSAF 2.0 §6.1.6", at + "/status", "The same product has another status that contradicts this one.");
      }
      optional_text(s.impact_statement, at + "/impact_statement");
      if (s.status != Status::KnownNotAffected && (s.justification || s.impact_statement))
        error("A3", at, "A justification or impact statement says why a product is not affected; it goes with known_not_affected only.");
      if (s.status == Status::KnownNotAffected && !s.justification && !s.impact_statement)
        warn("CSAF 2.0 §6.1.27.9", at, "Say why the product is not affected; as VEX this would be refused.");
    }
  }

  void scores(const Vulnerability& v, const std::string& at) {
    const auto at_risk = products_at_risk(v);
    std::set<std::pair<std::string, cvss::Version>> seen;
    std::set<std::string> scored;
    for (std::size_t i = 0; i < v.cvss.size(); ++i) {
      const auto here = at + "/cvss/" + std::to_string(i);
      if (const auto score = cvss::score(v.cvss[i].vector); !score) error(score.error().rule, here + "/vector", score.error().message + " (" + score.error().where + ")");
      known_products(v.cvss[i].products, here + "/products");
      for (const auto& id : unique_products(v.cvss[i].products.empty() ? at_risk : v.cvss[i].products)) {
        scored.insert(id);
        if (!seen.insert({id, cvss::version_of(v.cvss[i].vector)}).second) error("CSAF 2.0 §6.1.7", here, "The product \"" + id + "\" has two scores of the same CVSS version.");
      }
    }
    for (const auto& s : v.statuses)
      if (is_affected(s.status) && !scored.contains(s.product)) return warn("CSAF 2.0 §6.2.3", at + "/cvss", "The affected product \"" + s.product + "\" has no score.");
  }

  void remediations(const Vulnerability& v, const std::string& at) {
    const auto at_risk = products_at_risk(v);
    std::set<std::string> covered;
    for (std::size_t i = 0; i < v.remediations.size(); ++i) {
      const auto& r = v.remediations[i];
      const auto here = at + "/remediations/" + std::to_string(i);
      text(r.details, here + "/details", "A remediation says what to do.");
      known_products(r.products, here + "/products");
      if (r.products.empty() && at_risk.empty()) error("CSAF 2.0 §6.1.29", here + "/products", "No product is affected, so name the products this is for.");
      if (r.url) uri(*r.url, here + "/url");
      const auto& products = r.products.empty() ? at_risk : r.products;
      covered.insert(products.begin(), products.end());
    }
    for (const auto& id : at_risk)
      if (!covered.contains(id)) return warn("CSAF 2.0 §6.2.2", at + "/remediations", "Say what users of \"" + id + "\" can do, even if that is nothing yet.");
  }

  const Advisory& advisory_;
  std::set<std::string> product_ids_, used_;
  Findings out_;
};

}  // namespace

Findings check(const Advisory& advisory) { return Checker(advisory).run(); }

}  // namespace sluice::advisory
