// `sluice misp import` and `export`, `sluice stix upgrade` and `csv`: conversions, offline. The answer goes to stdout; what it lost, to stderr or into the JSON.
#include "cli/console.h"
#include "cli/verb.h"
#include "formats/ioc_csv/write.h"
#include "formats/misp/export.h"
#include "formats/misp/import.h"
#include "formats/stix20/upgrade.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kLargestConversion = std::size_t{1} << 30;

Result<json::value> read_conversion(const std::string& file) {
  TRY(const auto text, read_input(file, kLargestConversion));
  auto value = parse_json(text, {.bytes = kLargestConversion, .depth = 64, .keys = 50'000'000, .string = std::size_t{64} << 20});
  if (!value) return std::unexpected(shown(value.error(), file));
  return std::move(*value);
}

// Losses of one file: "FILE /response/0/Event/…: what".
void tell_losses(std::string_view file, std::string_view word, const formats::Losses& losses) {
  for (const auto& loss : losses) tell(std::string(file) + " " + (loss.where.empty() ? "(all)" : loss.where) + ": " + std::string(word) + ": " + loss.what);
}
json::array losses_as_json(std::string_view file, const formats::Losses& losses) {
  json::array out;
  for (const auto& loss : losses) out.push_back(json::object{{"file", file}, {"where", loss.where}, {"what", loss.what}});
  return out;
}
void append(json::array& to, json::array from) { to.insert(to.end(), from.begin(), from.end()); }

// Several files become one bundle: what they share is in it once.
Result<int> to_bundle(const Arguments& a, Result<formats::Converted> (*convert)(const json::value&, const Arguments&)) {
  formats::ObjectList list;
  json::array lost, assumed;
  for (const auto& file : a.all("FILE")) {
    TRY(const auto document, read_conversion(file));
    auto converted = convert(document, a);
    if (!converted) return std::unexpected(shown(converted.error(), file));
    for (auto& object : converted->objects) list.add(std::move(object.get_object()));
    if (!a.json()) tell_losses(file, "lost", converted->lost), tell_losses(file, "assumed", converted->assumed);
    append(lost, losses_as_json(file, converted->lost));
    append(assumed, losses_as_json(file, converted->assumed));
  }
  auto bundle = formats::bundle_of(list.take());
  if (a.json()) print_json(json::object{{"bundle", std::move(bundle)}, {"lost", std::move(lost)}, {"assumed", std::move(assumed)}});
  else print_json(bundle);
  return 0;
}

Result<int> misp_import(const Arguments& a) {
  return to_bundle(a, [](const json::value& document, const Arguments& given) { return formats::misp::import_events(document, {.marks_by_distribution = !given.has("--no-distribution-marks")}); });
}

Result<int> stix_upgrade(const Arguments& a) {
  return to_bundle(a, [](const json::value& document, const Arguments&) { return formats::stix20::upgrade(document); });
}

Result<int> misp_export(const Arguments& a) {
  json::array events, lost;
  for (const auto& file : a.all("FILE")) {
    TRY(const auto document, read_conversion(file));
    auto written = formats::misp::export_events(document);
    if (!written) return std::unexpected(shown(written.error(), file));
    append(events, written->document.at("response").get_array());
    if (!a.json()) tell_losses(file, "lost", written->losses);
    append(lost, losses_as_json(file, written->losses));
  }
  json::object response{{"response", std::move(events)}};
  if (a.json()) print_json(json::object{{"misp", std::move(response)}, {"lost", std::move(lost)}});
  else print_json(response);
  return 0;
}

Result<int> stix_csv(const Arguments& a) {
  TRY(const auto document, read_conversion(a.get("FILE")));
  auto table = formats::ioc_csv::write(document);
  if (!table) return std::unexpected(shown(table.error(), a.get("FILE")));
  tell_losses(a.get("FILE"), "left out", table->losses);
  print(table->text);
  return 0;
}

// clang-format off
const Verb kConversionVerbs[] = {
    {"misp", "import", "MISP events as a STIX 2.1 bundle. What has no place in STIX is told.", "sluice misp import event.json > bundle.json\nsluice misp import event.json --json",
     {{"FILE", "", Takes::Files, "MISP JSON, or - for standard input"},
      {"--no-distribution-marks", "", Takes::Switch, "mark by tlp tags alone, not by the distribution where there is none"},
      {"--json", "", Takes::Switch, "one object: bundle, lost, assumed"}}, misp_import},
    {"misp", "export", "STIX 2.1 objects as MISP events.", "sluice misp export bundle.json > events.json",
     {{"FILE", "", Takes::Files, "STIX JSON: a bundle, an envelope, a list or an object; - for standard input"}, {"--json", "", Takes::Switch, "one object: misp, lost"}}, misp_export},
    {"stix", "upgrade", "STIX 2.0 as STIX 2.1: the same ids and versions.", "sluice stix upgrade old.json > bundle.json",
     {{"FILE", "", Takes::Files, "STIX 2.0 JSON, or - for standard input"}, {"--json", "", Takes::Switch, "one object: bundle, lost, assumed"}}, stix_upgrade},
    {"stix", "csv", "Indicators and observables as a table (CSV).", "sluice stix csv bundle.json > indicators.csv",
     {{"FILE", "", Takes::Required, "STIX JSON, or - for standard input"}}, stix_csv},
};
// clang-format on

}  // namespace

std::span<const Verb> conversion_verbs() { return kConversionVerbs; }

}  // namespace sluice::cli
