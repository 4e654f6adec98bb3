#include "formats/csaf/write.h"

#include <algorithm>
#include <map>

#include "base/json.h"
#include "formats/csaf/parts.h"

namespace sluice::formats::csaf {

using namespace sluice::advisory;

namespace {

json::object publisher(const Publisher& p) {
  json::object out{{"category", to_word(p.category)}, {"name", p.name}, {"namespace", p.namespace_uri}};
  put(out, "contact_details", p.contact_details);
  put(out, "issuing_authority", p.issuing_authority);
  return out;
}

json::object tracking(const Advisory& a, const Engine& engine) {
  json::object made_by{{"name", engine.name}};
  put(made_by, "version", engine.version);
  json::array history;
  for (const auto& r : a.revisions) history.push_back(json::object{{"date", to_text(r.date)}, {"number", std::to_string(r.number)}, {"summary", r.summary}});
  return {{"id", a.id},
          {"status", to_word(a.status)},
          {"version", std::to_string(version_of(a))},
          {"initial_release_date", to_text(a.initial_release)},
          {"current_release_date", to_text(a.current_release)},
          {"revision_history", std::move(history)},
          {"generator", json::object{{"engine", std::move(made_by)}}}};
}

// CSAF 2.0 knows TLP 1.0: CLEAR was WHITE, and AMBER+STRICT did not exist.
json::object distribution(const Advisory& a, Losses& losses) {
  json::object tlp{{"url", "https://www.first.org/tlp/"}};
  json::object out;
  switch (a.tlp) {
    case Tlp::Clear: tlp["label"] = "WHITE"; break;
    case Tlp::Green: tlp["label"] = "GREEN"; break;
    case Tlp::Amber: tlp["label"] = "AMBER"; break;
    case Tlp::AmberStrict:
      tlp["label"] = "AMBER";
      out["text"] = "TLP:AMBER+STRICT";
      losses.push_back({"/tlp", "CSAF 2.0 labels this AMBER; that it is AMBER+STRICT stands in the distribution text only."});
      break;
    case Tlp::Red: tlp["label"] = "RED"; break;
  }
  out["tlp"] = std::move(tlp);
  return out;
}

json::object document(const Advisory& a, const Engine& engine, Losses& losses) {
  json::object out{{"category", "csaf_security_advisory"}, {"csaf_version", "2.0"}, {"title", a.title}, {"lang", a.language}};
  out["publisher"] = publisher(a.publisher);
  out["tracking"] = tracking(a, engine);
  out["distribution"] = distribution(a, losses);
  if (a.aggregate_severity) out["aggregate_severity"] = json::object{{"text", *a.aggregate_severity}};

  json::array thanks;
  for (const auto& k : a.acknowledgments) {
    json::object item;
    if (!k.names.empty()) item["names"] = list_of(k.names);
    put(item, "organization", k.organization);
    put(item, "summary", k.summary);
    if (!k.urls.empty()) item["urls"] = list_of(k.urls);
    thanks.push_back(std::move(item));
  }
  put(out, "acknowledgments", std::move(thanks));

  json::array texts;
  if (!a.summary.empty()) texts.push_back(note(NoteCategory::Summary, "Summary", a.summary));
  for (const auto& n : a.notes) texts.push_back(note(n));
  if (a.legal) texts.push_back(note(NoteCategory::LegalDisclaimer, "Legal", *a.legal));
  put(out, "notes", std::move(texts));

  auto links = references(a.references, "/references", losses);
  if (a.canonical_url) links.insert(links.begin(), json::object{{"category", "self"}, {"summary", "This advisory as CSAF"}, {"url", *a.canonical_url}});
  put(out, "references", std::move(links));
  return out;
}

}  // namespace

Result<Written> from_advisory(const Advisory& advisory, const Engine& engine) {
  if (const auto missing = missing_for(advisory, Format::Csaf); !missing.empty())
    return fail(ErrorKind::Invalid, missing.front().message, missing.front().where, missing.front().rule);
  Written out;
  json::object root;
  root["document"] = document(advisory, engine, out.losses);
  root["product_tree"] = product_tree(advisory, out.losses);
  json::array vulnerabilities;
  for (std::size_t i = 0; i < advisory.vulnerabilities.size(); ++i)
    vulnerabilities.push_back(vulnerability(advisory.vulnerabilities[i], "/vulnerabilities/" + std::to_string(i), out.losses));
  root["vulnerabilities"] = std::move(vulnerabilities);
  out.document = sorted(root);
  return out;
}

std::string file_name(std::string_view tracking_id) {
  std::string out;
  for (const char c : tracking_id) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool kept = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || lower == '+' || lower == '-';
    if (kept) out += lower;
    else if (!out.ends_with('_')) out += '_';
  }
  return out + ".json";
}

std::string file_path(const advisory::Advisory& advisory) { return to_text(advisory.initial_release).substr(0, 4) + "/" + file_name(advisory.id); }

}  // namespace sluice::formats::csaf
