#include "formats/cve/write.h"

#include <algorithm>
#include <map>

#include "advisory/forms.h"
#include "base/json.h"
#include "formats/cve/affected.h"
#include "score/cvss.h"

namespace sluice::formats::cve {

using namespace sluice::advisory;

namespace {

// At most `limit` characters (not bytes), the last one an ellipsis when something was cut.
std::string at_most(std::size_t limit, std::string_view text, const std::string& where, Losses& losses) {
  std::size_t characters = 0, cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (++characters == limit) cut = i;
  }
  if (characters <= limit) return std::string(text);
  losses.push_back({where, "Cut at " + std::to_string(limit) + " characters, the most a CVE record takes here."});
  return std::string(text.substr(0, cut)) + "…";
}

class Writer {
 public:
  Writer(const Advisory& advisory, const Vulnerability& vulnerability, std::string where, RecordVersion version)
      : a_(advisory), v_(vulnerability), where_(std::move(where)), version_(version) {}

  Record write() {
    Record out{.cve = *v_.cve};
    auto cna = container();
    out.cna_container = sorted(json::object{{"cnaContainer", cna}});
    cna["providerMetadata"] = json::object{{"orgId", a_.cna->org_id}, {"shortName", a_.cna->short_name}, {"dateUpdated", to_text(a_.current_release)}};
    json::object metadata{{"cveId", *v_.cve}, {"assignerOrgId", a_.cna->org_id}, {"assignerShortName", a_.cna->short_name}, {"state", "PUBLISHED"}};
    if (v_.cve_reserved) metadata["dateReserved"] = to_text(*v_.cve_reserved);
    metadata["datePublished"] = to_text(v_.released.value_or(a_.initial_release));
    metadata["dateUpdated"] = to_text(a_.current_release);
    out.record = sorted(json::object{{"dataType", "CVE_RECORD"}, {"dataVersion", version_ == RecordVersion::V5_2 ? "5.2" : "5.1"},
                                     {"cveMetadata", std::move(metadata)}, {"containers", json::object{{"cna", std::move(cna)}}}});
    advisory_losses();
    out.losses = std::move(losses_);
    return out;
  }

 private:
  bool english() const { return is_english(a_.language); }

  static json::object text(std::string_view language, std::string_view value) { return {{"lang", language}, {"value", value}}; }

  json::object container() {
    json::object out;
    out["providerMetadata"] = json::object{{"orgId", a_.cna->org_id}};
    out["title"] = v_.title;
    if (v_.released) out["datePublic"] = to_text(*v_.released);
    json::array descriptions;
    if (v_.description_en && !english()) descriptions.push_back(text("en", *v_.description_en));
    descriptions.push_back(text(a_.language, at_most(4096, v_.description, where_ + "/description", losses_)));
    out["descriptions"] = std::move(descriptions);
    out["affected"] = affected(a_, v_, version_, where_, losses_);
    out["references"] = references();
    if (v_.cwe) {
      json::object weakness{{"lang", "en"}, {"description", v_.cwe->id + " " + v_.cwe->name}, {"cweId", v_.cwe->id}, {"type", "CWE"}};
      out["problemTypes"] = json::array{json::object{{"descriptions", json::array{std::move(weakness)}}}};
    }
    put(out, "metrics", metrics());
    texts(out);
    json::array timeline;
    for (std::size_t i = 0; i < v_.timeline.size(); ++i) {
      auto entry = text(a_.language, at_most(4096, v_.timeline[i].text, where_ + "/timeline/" + std::to_string(i), losses_));
      entry["time"] = to_text(v_.timeline[i].time);
      timeline.push_back(std::move(entry));
    }
    put(out, "timeline", once_each(timeline));
    put(out, "credits", credits());
    out["source"] = json::object{{"advisory", a_.id}};
    return out;
  }

  static void put(json::object& out, std::string_view key, json::array value) {
    if (!value.empty()) out[key] = std::move(value);
  }

  json::array references() {
    json::array out;
    std::vector<std::string> seen;
    const auto add = [&](const std::string& url, const std::string& name, const json::array& tags, const std::string& where) {
      if (std::find(seen.begin(), seen.end(), url) != seen.end()) return;  // unique by address
      seen.push_back(url);
      json::object item{{"url", url}, {"name", at_most(512, name, where + "/summary", losses_)}};
      if (!tags.empty()) item["tags"] = tags;
      out.push_back(std::move(item));
    };
    const auto add_all = [&](const std::vector<Reference>& all, const std::string& where) {
      for (std::size_t i = 0; i < all.size(); ++i) add(all[i].url, all[i].summary, tags_of(all[i]), where + "/" + std::to_string(i));
    };
    if (a_.canonical_url) add(*a_.canonical_url, a_.title, json::array{json::value(advisory_tag())}, "");
    add_all(v_.references, where_ + "/references");
    add_all(a_.references, "/references");
    return out;
  }

  const char* advisory_tag() const { return a_.publisher.category == PublisherCategory::Vendor ? "vendor-advisory" : "third-party-advisory"; }

  json::array tags_of(const Reference& reference) const {
    json::array out;
    for (const auto tag : reference.tags) {
      switch (tag) {
        case ReferenceTag::Advisory: out.emplace_back(reference.category == ReferenceCategory::Self ? advisory_tag() : "third-party-advisory"); break;
        case ReferenceTag::Article: out.emplace_back("technical-description"); break;
        case ReferenceTag::Discussion: out.emplace_back("mailing-list"); break;
        case ReferenceTag::Evidence:
        case ReferenceTag::Exploit: out.emplace_back("exploit"); break;
        case ReferenceTag::Fix: out.emplace_back("patch"); break;
        case ReferenceTag::IssueTracking:
        case ReferenceTag::Report: out.emplace_back("issue-tracking"); break;
        case ReferenceTag::MediaCoverage: out.emplace_back("media-coverage"); break;
        case ReferenceTag::Mitigation: out.emplace_back("mitigation"); break;
        case ReferenceTag::Product: out.emplace_back("product"); break;
        case ReferenceTag::ReleaseNotes: out.emplace_back("release-notes"); break;
        case ReferenceTag::TechnicalDescription: out.emplace_back("technical-description"); break;
      }
    }
    return once_each(out);
  }

  json::array metrics() {
    json::array out;
    for (std::size_t i = 0; i < v_.cvss.size(); ++i) {
      const auto score = cvss::score(v_.cvss[i].vector);
      if (!score) continue;
      auto object = cvss::to_first_json(*score);
      // This schema calls 'negligible' none where FIRST's newer one doesn't.
      for (auto& member : object)
        if (member.key().starts_with("modifiedSub") && member.value() == "NEGLIGIBLE") member.value() = "NONE";
      const char* key = score->version == cvss::Version::V2_0 ? "cvssV2_0" : score->version == cvss::Version::V3_0 ? "cvssV3_0" : score->version == cvss::Version::V3_1 ? "cvssV3_1" : "cvssV4_0";
      out.push_back(json::object{{"format", "CVSS"}, {"scenarios", json::array{json::object{{"lang", "en"}, {"value", "GENERAL"}}}}, {key, std::move(object)}});
      if (!v_.cvss[i].products.empty()) losses_.push_back({where_ + "/cvss/" + std::to_string(i) + "/products", "A score in a CVE record isn't bound to products."});
    }
    return once_each(out);
  }

  // workarounds, solutions, exploits and impacts: sets of texts, each of which must have English (R2).
  void texts(json::object& out) {
    std::map<std::string, json::array> sets;
    const auto add = [&](const char* set, const std::string& value, const std::string& where) {
      if (!english()) return losses_.push_back({where, "CVE records want this in English, so it is left out."});
      sets[set].push_back(text(a_.language, at_most(4096, value, where, losses_)));
    };
    for (std::size_t i = 0; i < v_.remediations.size(); ++i) {
      const auto& r = v_.remediations[i];
      const auto at = where_ + "/remediations/" + std::to_string(i);
      const bool around = r.category == RemediationCategory::Mitigation || r.category == RemediationCategory::Workaround;
      add(around ? "workarounds" : "solutions", r.url ? r.details + " " + *r.url : r.details, at);
      if (!r.products.empty()) losses_.push_back({at + "/products", "A remedy in a CVE record isn't bound to products."});
    }
    if (v_.exploitation) {
      const auto& e = *v_.exploitation;
      add("exploits", e.since ? e.details + " (since " + to_text(*e.since) + ")" : e.details, where_ + "/exploitation");
    }
    json::array impacts;
    for (std::size_t i = 0; i < v_.threats.size(); ++i) {
      const auto& t = v_.threats[i];
      const auto at = where_ + "/threats/" + std::to_string(i);
      if (t.category == ThreatCategory::ExploitStatus) add("exploits", t.details, at);
      else if (t.category == ThreatCategory::Impact) add("impacts", t.details, at);
      else losses_.push_back({at, "CVE records don't say who is targeted."});
    }
    for (auto& [set, items] : sets) {
      items = once_each(items);
      if (set == "impacts") {
        json::array wrapped;
        for (auto& item : items) wrapped.push_back(json::object{{"descriptions", json::array{item}}});
        items = std::move(wrapped);
      }
      out[set] = std::move(items);
    }
  }

  json::array credits() {
    json::array out;
    for (std::size_t i = 0; i < v_.credits.size(); ++i) {
      const auto& c = v_.credits[i];
      auto type = to_word(c.type);
      std::replace(type.begin(), type.end(), '_', ' ');
      auto item = text("en", c.organization ? c.name + ", " + *c.organization : c.name);
      item["type"] = type;
      out.push_back(std::move(item));
      if (!c.contact.empty()) losses_.push_back({where_ + "/credits/" + std::to_string(i) + "/contact", "Credits in a CVE record have no addresses."});
    }
    return once_each(out);
  }

  void advisory_losses() {
    if (a_.tlp != Tlp::Clear) losses_.push_back({"/tlp", "A CVE record is public and has no marking."});
    for (std::size_t i = 0; i < v_.other_ids.size(); ++i) losses_.push_back({where_ + "/other_ids/" + std::to_string(i), "CVE records hold no other ids of the vulnerability."});
    if (!v_.notes.empty()) losses_.push_back({where_ + "/notes", "Notes are not written."});
    if (!a_.notes.empty() || a_.legal) losses_.push_back({a_.legal ? "/legal" : "/notes", "Notes and terms of the advisory are not written."});
    if (!a_.acknowledgments.empty()) losses_.push_back({"/acknowledgments", "A record carries the credits of its vulnerability only."});
    if (v_.discovered) losses_.push_back({where_ + "/discovered", "CVE records have no date of discovery outside the timeline."});
  }

  const Advisory& a_;
  const Vulnerability& v_;
  std::string where_;
  RecordVersion version_;
  Losses losses_;
};

}  // namespace

Result<std::vector<Record>> from_advisory(const Advisory& advisory, RecordVersion version) {
  if (const auto missing = missing_for(advisory, Format::Cve); !missing.empty()) return fail(ErrorKind::Invalid, missing.front().message, missing.front().where, missing.front().rule);
  std::vector<Record> out;
  Losses without_record;
  for (std::size_t i = 0; i < advisory.vulnerabilities.size(); ++i) {
    const auto where = "/vulnerabilities/" + std::to_string(i);
    if (advisory.vulnerabilities[i].cve) out.push_back(Writer(advisory, advisory.vulnerabilities[i], where, version).write());
    else without_record.push_back({where + "/cve", "Without a CVE id this vulnerability has no record."});
  }
  out.front().losses.insert(out.front().losses.end(), without_record.begin(), without_record.end());
  return out;
}

}  // namespace sluice::formats::cve
