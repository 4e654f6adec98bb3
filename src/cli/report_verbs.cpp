// A reporter's side: send a report, fetch the proof that it arrived. Both through the public API, as anybody's program could.
#include "cli/client.h"
#include "cli/console.h"
#include "cli/verb.h"
#include "service/proof_of_work.h"

namespace sluice::cli {

namespace {

// A site that asks for none, or knows none, takes the report under its plain quota.
Client::Headers proof_for(Client& client) {
  const auto answer = client.must("GET", "/reports/challenge");
  const auto given = answer ? answer->json() : fail(ErrorKind::NotFound, "");
  const auto challenge = given ? std::string(string_at(*given, "challenge")) : std::string();
  const auto* bits = given ? find_at(*given, "/bits") : nullptr;
  if (challenge.empty() || bits == nullptr || !bits->is_int64() || bits->get_int64() > 24) return {};
  return {{"Sluice-Proof", service::solve(challenge, static_cast<int>(bits->get_int64()))}};
}

// Exit 0 only for what the server has on disk: a 2xx with an id and the signed acknowledgement.
Result<int> submit(const Arguments& a) {
  TRY(auto client, Client::of(a, false));
  TRY(const auto text, read_input(a.get("FILE"), 1 << 20));
  auto report = parse_json(text);
  if (!report) return std::unexpected(shown(report.error(), a.get("FILE")));
  if (const auto classes = a.all("--class"); !classes.empty() && report->is_object()) report->as_object()["classes"] = json::array(classes.begin(), classes.end());
  TRY(const auto answer, client.must("POST", "/reports", a.all("--class").empty() ? text : json::serialize(*report), a.has("--token-file") ? Client::Headers{} : proof_for(client)));
  TRY(const auto value, answer.json());
  const auto id = string_at(value, "id");
  const auto* acknowledgement = find_at(value, "/acknowledgement");
  if (id.empty() || acknowledgement == nullptr || !acknowledgement->is_object())
    return fail(ErrorKind::Unavailable, "The site did not acknowledge the report. Whether it has it isn't known.");
  if (const auto file = a.maybe("--acknowledgement")) TRY(write_output(*file, canonical(*acknowledgement) + "\n"));
  json::object out{{"id", id}};
  if (const auto code = string_at(value, "code"); !code.empty()) out["code"] = code;
  if (a.json()) return print(json::serialize(out)), 0;
  print("The site has your report " + std::string(id) + ".");
  if (out.contains("code")) print("Your report code, shown this once; it opens your mailbox and there is no other way in:\n" + std::string(string_at(value, "code")));
  return 0;
}

Result<int> fetch(const Arguments& a) {
  TRY(auto client, Client::make(a.get("--site"), {}));  // the code speaks, and no token beside it
  TRY(const auto code, read_secret("-", "report code"));
  if (code.find_first_of("\r\n") != code.npos) return fail(ErrorKind::NotFound, "This is not a report code.");
  const Client::Headers key{{"Sluice-Report-Code", code}};
  const auto get = [&](std::string_view path) -> Result<Answer> {
    auto answer = client.must("GET", path, {}, key);
    // A wrong code and none are the same to the site; here they are "there is no receipt".
    if (!answer && (answer.error().kind == ErrorKind::Unauthenticated || answer.error().kind == ErrorKind::Forbidden))
      return fail(ErrorKind::NotFound, "No report belongs to this code.");
    return answer;
  };
  TRY(const auto mine, get("/reports/mine"));
  TRY(const auto report, mine.json());
  const auto id = string_at(report, "id");
  if (id.empty()) return fail(ErrorKind::NotFound, "No report belongs to this code.");
  TRY(const auto receipt, get("/reports/" + std::string(id) + "/receipt"));
  TRY(write_output(a.get("--out"), receipt.body));
  const auto value = parse_json(receipt.body, {.bytes = 4 << 20});
  const auto kind = value && string_at(*value, "kind") == "receipt" ? "receipt" : "acknowledgement";
  if (a.json()) print_json(json::object{{"file", a.get("--out")}, {"kind", kind}});
  else if (a.get("--out") != "-")
    print(std::string(kind) + " written to " + a.get("--out") + (value && string_at(*value, "kind") == "receipt" ? "" : " (the receipt follows with the next tick of the ledger)"));
  return 0;
}

// With a token as an organisation, else as the reporter whose code stands on standard input.
Result<int> route(const Arguments& a) {
  TRY(auto client, a.has("--token-file") ? Client::of(a, true) : Client::make(a.get("--site")));
  Client::Headers key;
  if (!a.has("--token-file")) {
    TRY(const auto code, read_secret("-", "report code"));
    key.emplace_back("Sluice-Report-Code", code);
  }
  const json::object body{{"to", a.get("--to")}, {"reason", a.get("--reason", "reporter_asked")}, {"why", a.get("--why")}};
  TRY(const auto answer, client.must("POST", "/reports/" + query_escaped(a.get("REPORT")) + "/route", json::serialize(body), key));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print("It is asked, and reads nothing before it has accepted. The reporter is told in the mailbox.");
  return 0;
}

// clang-format off
const Verb kReportVerbs[] = {
    {"report", "submit", "Send a vulnerability report; prints its id and, without sign-in, the report code. Exit code 0 only once it is durably there.",
     "echo '{\"title\":\"Overflow in example\",\"description\":\"…\",\"product\":\"example 1.0\"}' | sluice report submit - --site https://cert.example --json",
     {{"FILE", "", Takes::Required, "the report as JSON: title, description, product, contacted_vendor and others; - for standard input"}, {"--site", "URL", Takes::Required, kSiteHelp}, {"--class", "CLASS", Takes::Many, "what it holds: technical-detail, poc, leaked-data, …"},
      {"--token-file", "FILE", Takes::One, "an API token, to report as an organisation instead of with a report code"}, {"--acknowledgement", "FILE", Takes::One, "where the signed acknowledgement is written"}, {"--json", "", Takes::Switch, kJsonHelp}},
     submit},
    {"report", "route", "Pass a report on to another organisation that takes reports on this site, with the reason. Without a token: as the reporter, with the report code on standard input.",
     "sluice report route r_… --to o_… --reason contact_failed --why 'no answer to three mails' --site https://cert.example --token-file token",
     {{"REPORT", "", Takes::Required, "the report's id"}, {"--to", "ORG", Takes::Required, "the receiving organisation"}, {"--reason", "REASON", Takes::One, "default reporter_asked", "reporter_asked|vendor_asked|several_vendors|contact_failed|vendor_found"},
      {"--why", "TEXT", Takes::Required, "in your words; the reporter reads it, and the receiver before it has accepted"}, {"--site", "URL", Takes::Required, kSiteHelp}, {"--token-file", "FILE", Takes::One, "an API token, to pass it on as an organisation"}, {"--json", "", Takes::Switch, kJsonHelp}},
     route},
    {"receipt", "fetch", "Fetch the receipt of a report, or before the next tick its acknowledgement. The report code is read from standard input.", "sluice receipt fetch --site https://cert.example --out receipt.json < code",
     {{"--site", "URL", Takes::Required, kSiteHelp}, {"--out", "FILE", Takes::Required, "where it is written; - for standard output"}, {"--json", "", Takes::Switch, kJsonHelp}}, fetch},
};
// clang-format on

}  // namespace

std::span<const Verb> report_verbs() { return kReportVerbs; }

}  // namespace sluice::cli
