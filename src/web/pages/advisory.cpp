#include "web/pages/advisory.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <tuple>

#include "score/cvss.h"

namespace sluice::web::pages {

namespace {

using namespace advisory;

// pages::advisory is the handler, so the room's functions are called by their whole names.
namespace of = sluice::advisory;

Html product_names(const Advisory& a, const std::vector<std::string>& ids) {
  Html out;
  for (const auto& id : ids) {
    const auto* product = of::product_of(a, id);
    if (product == nullptr) continue;
    if (!out.empty()) out += "; ";
    out += product->name + " " + versions_in_words(*product);
  }
  return out;
}

Html badge_of(const cvss::Score& score) {
  char number[16];
  std::snprintf(number, sizeof number, "%.1f", score.overall);
  const auto words = std::array{"None", "Low", "Medium", "High", "Critical"}[static_cast<std::size_t>(score.rating)];
  const auto tone = score.rating >= cvss::Rating::High ? Tone::Alarm : score.rating == cvss::Rating::Medium ? Tone::Waiting : Tone::Quiet;
  return badge(tone, std::string(words) + " " + number);
}

// What a hurried reader asks first: how bad, is it used, is there a fix.
Html at_a_glance(const Advisory& a) {
  std::optional<cvss::Score> worst;
  bool exploited = false, fixed = false, open = false;
  for (const auto& v : a.vulnerabilities) {
    for (const auto& cvss : v.cvss)
      if (const auto score = cvss::score(cvss.vector); score && (!worst || score->overall > worst->overall)) worst = *score;
    exploited = exploited || v.exploitation;
    const bool has_fix = std::any_of(v.remediations.begin(), v.remediations.end(), [](const auto& r) { return r.category == RemediationCategory::VendorFix; });
    fixed = fixed || has_fix;
    open = open || (!has_fix && std::any_of(v.statuses.begin(), v.statuses.end(), [](const auto& s) { return of::is_affected(s.status); }));
  }
  Html items;
  if (worst) items += el("li", badge_of(*worst));
  else if (a.aggregate_severity) items += el("li", badge(Tone::Quiet, *a.aggregate_severity));
  if (exploited) items += el("li", badge(Tone::Alarm, "Exploited"));
  if (open) items += el("li", badge(Tone::Waiting, fixed ? "Not everything is fixed" : "No fix"));
  else if (fixed) items += el("li", badge(Tone::Good, "Fix available"));
  if (a.status == PublicationStatus::Interim) items += el("li", badge(Tone::Quiet, "More is to come"));
  return el("ul", {cls("badges")}, items);
}

Html severity(const Cvss& cvss, const Advisory& a) {
  const auto score = cvss::score(cvss.vector);
  if (!score) return el("p", el("code", cvss.vector));
  return el("p", {cls("severity")}, badge_of(*score), " CVSS ", cvss::to_text(score->version), " ", el("code", cvss.vector),
            cvss.products.empty() ? Html() : all(" for ", product_names(a, cvss.products)));
}

// Fixes before what bridges the time until one is in.
constexpr std::array kOrder = {RemediationCategory::VendorFix, RemediationCategory::Workaround, RemediationCategory::Mitigation, RemediationCategory::NoneAvailable, RemediationCategory::NoFixPlanned};

Html what_to_do(const Advisory& a) {
  Html out;
  const bool several = a.vulnerabilities.size() > 1;
  for (const auto category : kOrder) {
    Html items;
    // The same words for several vulnerabilities stand once.
    std::vector<std::pair<const of::Remediation*, std::string>> folded;
    for (const auto& v : a.vulnerabilities)
      for (const auto& r : v.remediations) {
        if (r.category != category) continue;
        const auto same = std::find_if(folded.begin(), folded.end(), [&r](const auto& other) { return other.first->details == r.details && other.first->products == r.products && other.first->url == r.url && other.first->date == r.date; });
        if (same == folded.end()) folded.emplace_back(&r, v.cve.value_or(v.title));
        else same->second += ", " + v.cve.value_or(v.title);
      }
    for (const auto& [remediation, whose] : folded) {
      const auto& r = *remediation;
      Html item = paragraphs(r.details);
      if (const auto names = product_names(a, r.products); !names.empty()) item += el("p", {cls("quiet")}, "For ", names, ".");
      else if (several) item += el("p", {cls("quiet")}, "For ", whose, ".");
      if (r.url) item += el("p", outside_link(*r.url, *r.url));
      if (r.date) item += el("p", {cls("quiet")}, "Since ", date(*r.date), ".");
      items += el("li", item);
    }
    if (!items.empty()) out += all(el("h3", words_of(category)), el("ul", {cls("remedies")}, items));
  }
  if (out.empty()) out = el("p", "This advisory names no remedy yet. Watch this page or the feed for a new version.");
  return out;
}

Html product_table(const Advisory& a, const advisory::Vulnerability& v) {
  Table table("Products and versions", {"Product", "Versions", "Status", "Remarks"});
  auto statuses = v.statuses;
  std::stable_sort(statuses.begin(), statuses.end(), [](const auto& x, const auto& y) { return of::is_affected(x.status) > of::is_affected(y.status); });
  for (const auto& s : statuses) {
    const auto* product = of::product_of(a, s.product);
    if (product == nullptr) continue;
    Html name = all(product->name, el("span", {cls("quiet block")}, product->vendor));
    if (product->purl) name += el("span", {cls("quiet block")}, el("code", *product->purl));
    Html remarks;
    if (s.justification) remarks += words_of(*s.justification);
    if (s.impact_statement) remarks += all(remarks.empty() ? "" : " ", prose(*s.impact_statement));
    for (const auto& platform : product->platforms) remarks += all(remarks.empty() ? "On " : ", ", platform);
    table.row({name, versions_in_words(*product), badge(said(s.status)), remarks});
  }
  return table.empty() ? el("p", "No product is named yet.") : table.html();
}

Html vulnerability_section(const Advisory& a, const advisory::Vulnerability& v, std::size_t number) {
  Html inside;
  for (const auto& cvss : v.cvss) inside += severity(cvss, a);
  if (v.exploitation) {
    Html more = paragraphs(v.exploitation->details);
    if (v.exploitation->since) more += el("p", "Earliest known: ", time(*v.exploitation->since), ".");
    inside += notice(Tone::Alarm, "It has been exploited", more);
  }
  inside += paragraphs(v.description);
  for (const auto& threat : v.threats) inside += all(el("h3", words_of(threat.category)), paragraphs(threat.details));
  inside += product_table(a, v);

  Facts facts;
  if (v.cve) facts.add("CVE", outside_link("https://www.cve.org/CVERecord?id=" + *v.cve, *v.cve));
  for (const auto& other : v.other_ids) facts.add(other.system, el("code", other.id));
  if (v.cwe) facts.add("Weakness", outside_link("https://cwe.mitre.org/data/definitions/" + (v.cwe->id.starts_with("CWE-") ? v.cwe->id.substr(4) : v.cwe->id) + ".html", v.cwe->id + ": " + v.cwe->name));
  if (v.discovered) facts.add("Discovered", date(*v.discovered));
  if (v.released) facts.add("First public", time(*v.released));
  inside += facts.html();
  for (const auto& note : v.notes) inside += all(el("h3", note.title ? Html(*note.title) : Html(words_of(note.category))), paragraphs(note.text));
  return section("vulnerability-" + std::to_string(number), v.cve ? *v.cve + ": " + v.title : v.title, inside);
}

Html timeline(const Advisory& a) {
  std::vector<TimelineEntry> all_entries;
  for (const auto& v : a.vulnerabilities) all_entries.insert(all_entries.end(), v.timeline.begin(), v.timeline.end());
  if (all_entries.empty()) return {};
  std::stable_sort(all_entries.begin(), all_entries.end(), [](const auto& x, const auto& y) { return x.time < y.time; });
  Html items;
  for (const auto& entry : all_entries) items += el("li", time(entry.time), " ", el("span", prose(entry.text)));
  return section("timeline", "Timeline", el("ol", {cls("timeline")}, items));
}

Html credits(const Advisory& a) {
  Html items;
  std::set<std::tuple<std::string, std::optional<std::string>, std::string>> named;  // once, whatever the number of vulnerabilities
  for (const auto& v : a.vulnerabilities)
    for (const auto& c : v.credits) {
      if (!named.emplace(c.name, c.organization, std::string(words_of(c.type))).second) continue;
      Html who = c.name;
      for (const auto& url : c.contact)
        if (outside(url)) {
          who = outside_link(url, c.name);
          break;
        }
      items += el("li", who, c.organization ? Html(" (" + *c.organization + ")") : Html(), " ", words_of(c.type));
    }
  for (const auto& thanks : a.acknowledgments) {
    Html names;
    for (const auto& name : thanks.names) names += all(names.empty() ? "" : ", ", name);
    if (thanks.organization) names += all(names.empty() ? "" : ", ", *thanks.organization);
    items += el("li", names, thanks.summary ? all(": ", prose(*thanks.summary)) : Html());
  }
  return items.empty() ? Html() : section("credits", "Thanks to", el("ul", items));
}

Html references(const Advisory& a) {
  Html items;
  const auto add = [&](const std::vector<Reference>& list) {
    for (const auto& r : list)
      if (r.category == ReferenceCategory::External) items += el("li", outside_link(r.url, r.summary.empty() ? Html(r.url) : Html(r.summary)), outside(r.url) ? Html() : all(" ", el("code", r.url)));
  };
  add(a.references);
  for (const auto& v : a.vulnerabilities) add(v.references);
  return items.empty() ? Html() : section("references", "Read more", el("ul", items));
}

Html history(const AdvisoryShown& shown) {
  Table table("Revision history", {"Revision", "Date", "What changed"});
  for (auto it = shown.advisory.revisions.rbegin(); it != shown.advisory.revisions.rend(); ++it) table.row({std::to_string(it->number), time(it->date), prose(it->summary)});
  Html others;
  for (const auto& v : shown.versions)
    others += el("li", v.number == shown.version ? all("Version ", std::to_string(v.number), ", this page") : link(path("/advisories") / shown.advisory.id / std::to_string(v.number), "Version " + std::to_string(v.number)),
                 ", released ", time(v.released));
  return section("history", "History of this advisory", all(table.empty() ? Html() : table.html(), others.empty() ? Html() : all(el("h3", "Versions published here"), el("ul", others))));
}

Html downloads(const AdvisoryShown& shown) {
  if (shown.downloads.empty()) return {};
  Html items;
  for (const auto& d : shown.downloads) {
    const auto kind = d.kind == "csaf" ? "CSAF 2.0" : d.kind == "cve" ? "CVE record" : d.kind == "osv" ? "OSV" : d.kind.c_str();
    const auto file = [&](std::string_view ending, Html words) {
      return el("a", {href(path("/advisories") / shown.advisory.id / std::to_string(shown.version) / (d.name + std::string(ending))), attr("download", "")}, words);
    };
    Html item = all(file("", kind), " ", el("code", d.name));
    if (d.is_signed) item += all(" (", file(".asc", "signature"), ", ", file(".sha256", "SHA-256"), ", ", file(".sha512", "SHA-512"), ")");
    items += el("li", item);
  }
  return section("downloads", "For machines", el("ul", items));
}

std::string_view words_of(Tlp tlp) {
  switch (tlp) {
    case Tlp::Clear: return "TLP:CLEAR";
    case Tlp::Green: return "TLP:GREEN";
    case Tlp::Amber: return "TLP:AMBER";
    case Tlp::AmberStrict: return "TLP:AMBER+STRICT";
    case Tlp::Red: return "TLP:RED";
  }
  return "";
}

}  // namespace

std::string versions_in_words(const advisory::Product& product) {
  if (product.version) return *product.version;
  if (!product.range) return "all versions";
  std::string out;
  for (const auto& span : product.range->spans) {
    if (!out.empty()) out += "; ";
    std::string one = span.introduced ? "from " + *span.introduced : "";
    const auto add = [&](const std::string& text) { one += (one.empty() ? "" : ", ") + text; };
    if (span.fixed) add("before " + *span.fixed);
    if (span.last_affected) add("up to and with " + *span.last_affected);
    if (!span.fixed && !span.last_affected) add(one.empty() ? "all versions" : "and all later ones");
    out += one;
  }
  return out.empty() ? "all versions" : out;
}

std::string advisory_page(const Frame& frame, const AdvisoryShown& shown) {
  const auto& a = shown.advisory;
  Html inside;
  if (!shown.versions.empty() && shown.versions.front().number != shown.version)
    inside += notice(Tone::Waiting, "This is an older version", el("p", link(path("/advisories") / a.id, "Read the newest version"), ", of ", time(shown.versions.front().released), "."));
  Html meta = all(el("li", el("code", a.id)), el("li", "First released ", time(shown.first_released)));
  if (shown.released != shown.first_released) meta += el("li", "Updated ", time(shown.released));
  meta += el("li", "By ", a.publisher.name);
  meta += el("li", words_of(a.tlp));
  inside += at_a_glance(a) + el("ul", {cls("meta")}, meta);
  inside += el("div", {cls("lead")}, paragraphs(a.summary));
  inside += section("what-to-do", "What to do", what_to_do(a));
  for (std::size_t i = 0; i < a.vulnerabilities.size(); ++i) inside += vulnerability_section(a, a.vulnerabilities[i], i + 1);
  for (const auto& note : a.notes)
    if (note.category != NoteCategory::LegalDisclaimer) inside += all(el("h2", note.title ? Html(*note.title) : Html(pages::words_of(note.category))), paragraphs(note.text));
  inside += timeline(a) + credits(a) + references(a) + history(shown) + downloads(shown);
  Facts contact;
  contact.add("Publisher", a.publisher.name);
  if (a.publisher.contact_details) contact.add("Contact", prose(*a.publisher.contact_details));
  if (a.publisher.issuing_authority) contact.add("Authority", prose(*a.publisher.issuing_authority));
  if (a.legal) contact.add("Terms of use", paragraphs(*a.legal));
  for (const auto& note : a.notes)
    if (note.category == NoteCategory::LegalDisclaimer) contact.add("Terms of use", paragraphs(note.text));
  inside += section("publisher", "Who says so", contact.html());
  PageOptions options{.at = At::Advisories, .language = a.language.empty() ? "en" : a.language, .above = el("p", {cls("trail")}, link(path("/advisories"), "All advisories"))};
  return page(frame, a.title, inside, options);
}

}  // namespace sluice::web::pages
