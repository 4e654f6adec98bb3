// Whom to write to at a vendor, and that it was tried: security.txt files checked offline, a contact looked for and an attempt recorded through a site.
#include "base/bind.h"
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"
#include "formats/security_txt/read.h"

namespace sluice::cli {

namespace {

namespace txt = formats::security_txt;

Findings findings_of(const std::string& file, Instant now) {
  const auto bytes = read_input(file, 1 << 20);
  if (!bytes) return {{Severity::Error, "read", "", bytes.error().message}};
  return txt::check(txt::read(*bytes), now);
}

std::string place_of(const std::string& file, const Finding& finding) { return finding.where.empty() ? file : file + ", " + finding.where; }

// Contracts §3: an answer a file, in order; 0 exactly if all are valid.
Result<int> check(const Arguments& a) {
  auto now = SystemClock().now();
  if (const auto at = a.maybe("--at")) {
    const auto instant = parse_instant(*at);
    if (!instant) return usage("--at takes an instant, such as 2027-01-31T12:00:00Z.");
    now = *instant;
  }
  bool valid = true;
  for (const auto& file : a.all("FILE")) {
    const auto findings = findings_of(file, now);
    valid = valid && is_valid(findings);
    if (a.json()) {
      print(json::serialize(json::object{{"file", file}, {"valid", is_valid(findings)}, {"findings", to_json(findings)}}));
      continue;
    }
    if (findings.empty()) print(file + ": valid");
    for (const auto& finding : findings) print(place_of(file, finding) + ": " + to_word(finding.severity) + ": " + finding.message + " [" + finding.rule + "]");
  }
  return valid ? 0 : 1;
}

void print_found(const json::value& answer) {
  for (const auto& organisation : all_at(answer, "/organisations")) {
    print(text_at(organisation, "/name") + (text_at(organisation, "/report").empty() ? "" : " takes reports here: " + text_at(organisation, "/report")));
    for (const auto& contact : all_at(organisation, "/contacts")) print("  " + text_at(contact, "/uri"));
  }
  if (const auto note = text_at(answer, "/note"); !note.empty()) tell(note);
  for (const auto& contact : all_at(answer, "/security_txt/contacts"))
    if (contact.is_string()) print(contact.get_string());
  const auto line = [&](std::string_view words, std::string_view pointer) {
    if (const auto value = text_at(answer, pointer); !value.empty()) tell(std::string(words) + value);
  };
  line("From: ", "/security_txt/source");
  line("Expires: ", "/security_txt/expires");
  line("Signature: ", "/security_txt/signature");
  for (const auto& tried : all_at(answer, "/security_txt/tried")) tell(text_at(tried, "/address") + ": " + text_at(tried, "/why"));
  for (const auto& finding : all_at(answer, "/security_txt/findings")) tell(text_at(finding, "/severity") + ": " + text_at(finding, "/message") + " [" + text_at(finding, "/rule") + "]");
}

Result<int> find_contact(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  auto domain = a.get("DOMAIN");
  if (domain == "-") { TRY(domain, read_secret("-", "domain")); }
  json::object wanted{{"domain", domain}};
  if (const auto ask = a.maybe("--ask-vendor")) wanted["ask_vendor"] = *ask == "always" ? "always" : *ask == "never" ? "never" : "if_nobody_here";
  TRY(const auto answer, client.must("POST", "/contacts/find", json::serialize(wanted)));
  TRY(const auto value, answer.json());
  if (a.json()) print(json::serialize(value));
  else print_found(value);
  if (!a.json() && text_at(value, "/found") == "nothing") tell("Nobody was found for " + domain + ".");
  return text_at(value, "/found") == "nothing" ? 3 : 0;
}

Result<int> record_attempt(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto text, read_input(a.get("FILE"), 1 << 20));
  if (const auto attempt = parse_json(text); !attempt) return std::unexpected(shown(attempt.error(), a.get("FILE")));
  Client::Headers headers;
  if (const auto instant = a.maybe("--occurred")) headers.emplace_back("Sluice-Occurred", *instant);
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + "/contact-attempts", text, headers));
  TRY(const auto value, answer.json());
  if (a.json()) print(json::serialize(value));
  else print("The attempt is on record.");
  return 0;
}

// clang-format off
const Verb kContactVerbs[] = {
    {"securitytxt", "check", "Check security.txt files against RFC 9116. Needs no site and no network; exit code 0 if all are valid.", "sluice securitytxt check security.txt --json",
     {{"FILE", "", Takes::Files, "the files; - for standard input"}, {"--at", "INSTANT", Takes::One, "as it was valid then; default now"}, {"--json", "", Takes::Switch, "an object a file and line: file, valid, findings"}}, check},
    {"contact", "find", "Find whom to write to at a vendor: somebody of the site, else what its security.txt says. The vendor's server learns that the site asks. Exit code 3 if there is nothing.",
     "sluice contact find vendor.example --site https://cert.example --token-file token --json",
     {{"DOMAIN", "", Takes::Required, "the vendor's domain; - for standard input"}, {"--ask-vendor", "WHEN", Takes::One, "its server: only if nobody of the site takes its reports (default), always, or never", "if-nobody-here|always|never"}, kSite, kToken, kJson}, find_contact},
    {"contact", "record", "Record in a case that somebody tried to reach a vendor, and what came of it.",
     "echo '{\"report\":\"r_…\",\"whom\":\"Vendor\",\"how\":\"mail to psirt@vendor.example\"}' | sluice contact record c_… - --site https://cert.example --token-file token",
     {{"CASE", "", Takes::Required, "the case's id"}, {"FILE", "", Takes::Required, "the attempt as JSON: report, whom, how and, if there was one, answer; - for standard input"}, {"--occurred", "INSTANT", Takes::One, "when it happened, as you claim"}, kSite, kToken, kJson}, record_attempt},
};
// clang-format on

}  // namespace

std::span<const Verb> contact_verbs() { return kContactVerbs; }

}  // namespace sluice::cli
