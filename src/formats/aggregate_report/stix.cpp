#include "formats/aggregate_report/stix.h"

#include <algorithm>

#include "base/fine_time.h"
#include "base/time_words.h"
#include "formats/converted.h"
#include "formats/name_uuid.h"
#include "threat/marking.h"
#include "threat/object.h"

namespace sluice::formats::aggregate_report {

namespace {

using threat::Breakdown;

constexpr std::string_view kSluiceIdentity = "identity--007354f8-58e4-4d73-9264-a9f987b76427";
constexpr std::string_view kExtensionSince = "2026-11-30T00:00:00.000000Z";   // its version 1.0.0: changes with the meaning of what it carries

// STIX 2.1 §7.3: `schema` may be plain text that explains the definition.
constexpr std::string_view kExtensionSays =
    "Property 'report' of a report object: an aggregate report of shared threat objects as Sluice writes it (docs/aggregate-reports.md). Counts are whole numbers of objects, shares are "
    "thousandths cut towards zero; a figure that is absent is none, or was left out since it is small or would give a small one away.";

json::object extension_definition() {
  return {{"type", "extension-definition"}, {"spec_version", "2.1"}, {"id", kFiguresExtension}, {"created_by_ref", kSluiceIdentity}, {"created", kExtensionSince}, {"modified", kExtensionSince},
          {"name", "Figures of an aggregate report"}, {"description", "Counts, shares and changes of a report on what was shared over a period."}, {"schema", kExtensionSays}, {"version", "1.0.0"}, {"extension_types", json::array{"property-extension"}}};
}

json::object sluice_identity() {
  return {{"type", "identity"}, {"spec_version", "2.1"}, {"id", kSluiceIdentity}, {"created", kExtensionSince}, {"modified", kExtensionSince}, {"name", "Sluice"}, {"identity_class", "system"}};
}

class BundleMaker {
 public:
  BundleMaker(const threat::AggregateReport& report, const Issue& issue) : report_(report), issue_(issue) {}

  json::object bundle() {
    auto author = object("identity", "author");
    author_ = string_at(author, "id");
    author["name"] = report_.author.empty() ? std::string("Author not stated") : report_.author;
    author["identity_class"] = "group";
    if (!report_.is_withheld) {
      objects_.push_back(sluice_identity());
      objects_.push_back(extension_definition());
    }
    objects_.push_back(std::move(author));
    refs_.push_back(json::value(author_));   // §4.16: a report is about at least one object
    for (const auto& table : report_.tables)
      for (const auto& line : table.lines)
        if (line.figure.now) subject(table.by, line);
    auto report = object("report", "report");
    report["name"] = report_.title;
    report["description"] = description();
    report["report_types"] = json::array{"threat-report"};
    report["published"] = six_digits(issue_.published.value_or(issue_.modified));
    report["object_refs"] = once_each(refs_);
    if (!issue_.published) report["labels"] = json::array{"draft"};
    // §2.5: a dictionary isn't empty, and a report without figures has some that would be.
    if (!report_.is_withheld) report["extensions"] = json::object{{kFiguresExtension, {{"extension_type", "property-extension"}, {"report", to_json(report_)}}}};
    objects_.push_back(std::move(report));
    return bundle_of(std::move(objects_));
  }

 private:
  json::object object(std::string_view type, std::string_view name) const {
    json::object out{{"type", type}, {"spec_version", "2.1"}, {"id", std::string(type) + "--" + name_uuid(kConversionNamespace, "aggregate-report/" + issue_.id + "/" + std::string(name))}};
    if (!author_.empty()) out["created_by_ref"] = author_;
    // STIX 2.1 §3.2: created is the same for all versions, modified never before it.
    out["created"] = six_digits(issue_.created);
    out["modified"] = six_digits(std::max(issue_.created, issue_.modified));
    out["object_marking_refs"] = json::array{threat::marking_id_of(issue_.tlp.tlp)};
    return out;
  }

  void add(json::object one) {
    refs_.push_back(json::value(string_at(one, "id")));
    objects_.push_back(std::move(one));
  }

  void subject(Breakdown by, const threat::ReportLine& line) {
    if (line.code.empty()) return;
    if (by == Breakdown::Technique || by == Breakdown::Malware)
      if (const auto known = threat::identifier_of(std::string_view(line.object)); known && known->type == (by == Breakdown::Technique ? "attack-pattern" : "malware")) {
        refs_.push_back(json::value(line.object));
        return;
      }
    switch (by) {
      case Breakdown::Sector: {
        if (line.code == "other") return;
        auto one = object("identity", "sector/" + line.code);
        one["name"] = line.label;
        one["identity_class"] = "class";   // §4.5, identity-class-ov: a class of entities
        one["sectors"] = json::array{line.code};
        return add(std::move(one));
      }
      case Breakdown::Region: {
        if (line.code == "other") return;
        auto one = object("location", "region/" + line.code);
        one["name"] = line.label;
        one["region"] = line.code;
        return add(std::move(one));
      }
      case Breakdown::Technique: {
        auto one = object("attack-pattern", "technique/" + line.code);
        one["name"] = line.label;
        one["external_references"] = json::array{json::object{{"source_name", "mitre-attack"}, {"external_id", line.code}}};   // §4.1.1
        return add(std::move(one));
      }
      case Breakdown::Malware: {
        auto one = object("malware", "malware/" + line.code);
        one["name"] = line.label;
        one["is_family"] = true;   // §4.11: a name that many objects share is a family's
        return add(std::move(one));
      }
      case Breakdown::Kind:
      case Breakdown::Collection: return;
    }
  }

  std::string description() const {
    std::string out = report_.summary;
    const auto line = [&out](const std::string& text) { out += (out.empty() ? "" : "\n") + text; };
    line("Period: " + words_of_time(report_.period.from) + " until before " + words_of_time(report_.period.until) + ".");
    if (report_.objects.now) line("Objects: " + std::to_string(*report_.objects.now) + (report_.objects.before ? " (" + std::to_string(*report_.objects.before) + " in the period before)." : std::string(".")));
    for (const auto& one : report_.notes) line(one);
    for (const auto& rule : report_.coverage.rules) line("Kept out by " + rule.rule + ": " + std::to_string(rule.lines[0].missing) + " objects. " + rule.why);
    for (const auto& one : report_.coverage.notes) line(one);
    if (!issue_.endorsers.empty()) {
      std::string names;
      for (const auto& one : issue_.endorsers) names += (names.empty() ? "" : ", ") + one;
      line("Endorsed, as version " + issue_.version + ", by: " + names + ".");
    }
    for (const auto& one : issue_.duties) line(one);
    return out;
  }

  const threat::AggregateReport& report_;
  const Issue& issue_;
  std::string author_;
  json::array objects_, refs_;
};

}  // namespace

json::object to_stix(const threat::AggregateReport& report, const Issue& issue) { return BundleMaker(report, issue).bundle(); }

}  // namespace sluice::formats::aggregate_report
