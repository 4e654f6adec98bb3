// `sluice stix check`: files of STIX 2.1 in, what is wrong with each out (contracts §3); offline, with the tables of threat/stix_tables.h.
#include "base/bind.h"
#include "cli/console.h"
#include "cli/verb.h"
#include "formats/stix/check.h"
#include "formats/stix/checks.h"

namespace sluice::cli {

namespace {

namespace stix = formats::stix;

// As large as whole catalogues of attack patterns are.
constexpr JsonLimits kStixLimits{.bytes = 256 << 20, .depth = 64, .keys = 20'000'000, .string = 32 << 20};

Result<std::set<std::string>> check_names(const Arguments& a, std::string_view flag) {
  std::set<std::string> out;
  const auto given = a.get(flag);
  for (std::size_t from = 0; from < given.size();) {
    const auto end = std::min(given.find(',', from), given.size());
    auto name = given.substr(from, end - from);
    from = end + 1;
    if (name.empty()) continue;
    if (name != "all" && stix::check_named(name) == nullptr) return usage("There is no check '" + name + "'. `sluice stix checks` lists them.");
    out.insert(std::move(name));
  }
  return out;
}

Findings stix_findings(const std::string& file, const stix::Checker& checker) {
  const auto bytes = read_input(file, kStixLimits.bytes);
  if (!bytes) return {{Severity::Error, "json", "", bytes.error().message}};
  const auto document = parse_json(*bytes, kStixLimits);
  if (!document) return {{Severity::Error, "json", "", document.error().message + (document.error().where.empty() ? "" : " (" + document.error().where + ")")}};
  return checker.document(*document);
}

Result<int> check_stix(const Arguments& a) {
  stix::Check check{.strict = a.has("--strict"), .strict_types = a.has("--strict-types"), .strict_properties = a.has("--strict-properties"), .enforce_refs = a.has("--enforce-refs"), .interop = a.has("--interop")};
  TRY(check.disabled, check_names(a, "--disable"));
  TRY(check.enabled, check_names(a, "--enable"));
  const stix::Checker checker(check);
  bool valid = true;
  for (const auto& file : a.all("FILE")) {
    const auto findings = stix_findings(file, checker);
    valid = valid && is_valid(findings);
    if (a.json()) {
      print(json::serialize(json::object{{"file", file}, {"valid", is_valid(findings)}, {"findings", to_json(findings)}}));
      continue;
    }
    if (is_valid(findings)) print(file + ": valid");
    for (const auto& finding : findings)
      print(file + (finding.where.empty() ? "" : ", " + finding.where) + ": " + to_word(finding.severity) + ": " + finding.message + " [" + finding.rule + "]");
  }
  return valid ? 0 : 1;
}

Result<int> list_checks(const Arguments& a) {
  for (const auto& check : stix::all_checks()) {
    if (a.json()) print(json::serialize(json::object{{"number", check.number}, {"name", check.name}}));
    else print(std::to_string(check.number) + "\t" + std::string(check.name));
  }
  return 0;
}

// clang-format off
const Verb kStixVerbs[] = {
    {"stix", "check", "Check STIX 2.1: objects, lists of objects, bundles, and envelopes of TAXII. What the standard demands is an error, what it suggests a warning.", "sluice stix check bundle.json --json\nsluice stix check *.json --disable 202,extref-hashes",
     {{"FILE", "", Takes::Files, "a file, or - for standard input"},
      {"--strict", "", Takes::Switch, "every warning is an error"},
      {"--disable", "NAME,…", Takes::One, "leave these checks out, by name or number"},
      {"--enable", "NAME,…", Takes::One, "of the checks that warn, these alone"},
      {"--strict-types", "", Takes::Switch, "no types but the standard's"},
      {"--strict-properties", "", Takes::Switch, "no properties but the standard's"},
      {"--enforce-refs", "", Takes::Switch, "what is referred to must stand in the same bundle"},
      {"--interop", "", Takes::Switch, "creators as the interoperability document wants them"},
      {"--json", "", Takes::Switch, "an object a file: file, valid, findings"}}, check_stix},
    {"stix", "checks", "List the checks that warn, with their numbers.", "sluice stix checks", {{"--json", "", Takes::Switch, kJsonHelp}}, list_checks},
};
// clang-format on

}  // namespace

std::span<const Verb> stix_verbs() { return kStixVerbs; }

}  // namespace sluice::cli
