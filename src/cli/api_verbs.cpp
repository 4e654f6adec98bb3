// `sluice api get|post|put|patch|delete PATH`: the whole API for scripts, one request each. What each path takes: /api/v1/openapi.json.
#include "cli/client.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

Result<int> send_api(const Arguments& a, std::string_view verb, bool has_body) {
  TRY(auto client, Client::of(a, false));
  std::string body;
  if (has_body) { TRY(body, read_input(a.get("FILE"))); }
  Client::Headers headers;
  if (const auto etag = a.maybe("--if-match")) headers.emplace_back("If-Match", etag->starts_with('"') ? *etag : '"' + *etag + '"');
  if (const auto key = a.maybe("--idempotency-key")) headers.emplace_back("Idempotency-Key", *key);
  if (const auto instant = a.maybe("--occurred")) headers.emplace_back("Sluice-Occurred", *instant);
  TRY(const auto answer, client.must(verb, a.get("PATH"), body, headers));
  if (const auto file = a.maybe("--etag-file")) TRY(write_output(*file, answer.etag + "\n"));
  if (answer.content_type.find("json") != std::string::npos)
    if (const auto value = answer.json()) return print_json(*value), 0;
  if (!answer.body.empty()) print(answer.body);
  return 0;
}

Result<int> get_api(const Arguments& a) { return send_api(a, "GET", false); }
Result<int> post_api(const Arguments& a) { return send_api(a, "POST", true); }
Result<int> put_api(const Arguments& a) { return send_api(a, "PUT", true); }
Result<int> patch_api(const Arguments& a) { return send_api(a, "PATCH", true); }
Result<int> delete_api(const Arguments& a) { return send_api(a, "DELETE", false); }

constexpr Option kPath{"PATH", "", Takes::Required, "a path of the API, such as /cases"};
constexpr Option kFile{"FILE", "", Takes::Required, "a file with JSON, or - for standard input"};
constexpr Option kCert{"--cert", "FILE", Takes::One, "a client certificate, PEM, instead of a token or beside it (of the same holder)"};
constexpr Option kKey{"--key", "FILE", Takes::One, "its key, PEM, if it isn't in the same file"};
constexpr Option kMatch{"--if-match", "ETAG", Takes::One, "the version you saw: changes are refused if it is no longer current"};
constexpr Option kEtag{"--etag-file", "FILE", Takes::One, "where the answer's ETag is written"};
constexpr Option kOnce{"--idempotency-key", "KEY", Takes::One, "the same key again changes nothing again"};
constexpr Option kOccurred{"--occurred", "INSTANT", Takes::One, "when it happened, as you claim"};
constexpr Option kJsonAnyway{"--json", "", Takes::Switch, "the answer is JSON in any case"};

// clang-format off
const Verb kApiVerbs[] = {
    {"api", "get", "Read from the API.", "sluice api get /cases --site https://cert.example --token-file token", {kPath, kSite, kToken, kCert, kKey, kEtag, kJsonAnyway}, get_api},
    {"api", "post", "Send a command to the API.", "echo '{\"title\":\"Overflow in example\"}' | sluice api post /cases - --site https://cert.example --token-file token", {kPath, kFile, kSite, kToken, kCert, kKey, kOnce, kOccurred, kJsonAnyway}, post_api},
    {"api", "put", "Replace something through the API.", "sluice api put /organisations/o_… profile.json --if-match 3 --site https://cert.example --token-file token", {kPath, kFile, kSite, kToken, kCert, kKey, kMatch, kJsonAnyway}, put_api},
    {"api", "patch", "Change something through the API.", "sluice api patch /cases/c_… change.json --if-match … --site https://cert.example --token-file token", {kPath, kFile, kSite, kToken, kCert, kKey, kMatch, kJsonAnyway}, patch_api},
    {"api", "delete", "Remove something through the API.", "sluice api delete /tokens/t_… --site https://cert.example --token-file token", {kPath, kSite, kToken, kCert, kKey, kMatch, kJsonAnyway}, delete_api},
};
// clang-format on

}  // namespace

std::span<const Verb> api_verbs() { return kApiVerbs; }

}  // namespace sluice::cli
