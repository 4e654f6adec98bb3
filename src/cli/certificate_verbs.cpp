// `sluice certificate`: the certificates by which machines sign in, on a data directory. Through the API they are registered by the connection that shows them.
#include "cli/admin.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

Result<json::object> ask_about_certificates(const Arguments& a, std::string command, json::object request) {
  std::optional<std::filesystem::path> root_key;
  if (const auto file = a.maybe("--root-key")) root_key = *file;
  for (const auto& [flag, key] : {std::pair{"--person", "person"}, std::pair{"--scope", "scope"}, std::pair{"--org", "org"}, std::pair{"--expires", "expires"}})
    if (const auto value = a.maybe(flag)) request[key] = *value;
  return ask_site(a.get("--data"), root_key, {std::move(command), std::move(request)});
}

Result<int> add(const Arguments& a) {
  const auto file = a.get("FILE");
  TRY(const auto pem, read_input(file, 64 << 10));
  TRY(const auto answer, ask_about_certificates(a, "certificate.add", {{"certificate", pem}}));
  if (a.json()) return print_json(answer), 0;
  tell("Registered until " + std::string(string_at(answer, "expires")) + ". Its SHA-256: " + std::string(string_at(answer, "fingerprint")));
  print(std::string(string_at(answer, "id")));
  return 0;
}

Result<int> list_certificates(const Arguments& a) {
  TRY(const auto answer, ask_about_certificates(a, "certificate.list", {}));
  if (a.json()) return print_json(answer), 0;
  for (const auto& one : answer.at("items").as_array()) {
    const auto& certificate = one.at("certificate");
    const auto revoked = string_at(one, "revoked_at");
    print(std::string(string_at(one, "id")) + "  " + (revoked.empty() ? "until " + std::string(string_at(one, "expires")) : "revoked " + std::string(revoked)) + "  " + std::string(string_at(one, "scopes")) + "  " +
          std::string(string_at(certificate, "subject")) + "  " + std::string(string_at(certificate, "fingerprint")));
  }
  return 0;
}

Result<int> revoke(const Arguments& a) {
  TRY(const auto answer, ask_about_certificates(a, "token.revoke", {{"id", a.get("ID")}}));
  if (a.json()) return print_json(answer), 0;
  print(std::string(string_at(answer, "id")));
  return 0;
}

// clang-format off
const Verb kCertificateVerbs[] = {
    {"certificate", "add", "Register a client certificate for a person's machine: it then signs in by its key, as by a token; prints its id. The server must run with --client-certificates on.",
     "sluice certificate add feed.pem --data /srv/site --person p_… --scope collection_read,collection_write",
     {{"FILE", "", Takes::Required, "the certificate, PEM, without its key; self-signed is fine"}, kData, {"--person", "PERSON", Takes::Required, "for whom the machine acts"},
      {"--scope", "SCOPE", Takes::Required, "a comma list, or all: what the person may do (the highest of it for 24 hours)"}, {"--org", "ORG", Takes::One, "for which organisation, if the person has several"},
      {"--expires", "WHEN", Takes::One, "a duration or an instant; default 90d or the certificate's own end, a year at most"}, kRootKey, kJson}, add},
    {"certificate", "list", "List the client certificates of a person, revoked ones too.", "sluice certificate list --data /srv/site --person p_… --json",
     {kData, {"--person", "PERSON", Takes::Required, "whose"}, kRootKey, kJson}, list_certificates},
    {"certificate", "revoke", "Revoke a client certificate, or any token, at once; it can't be registered again.", "sluice certificate revoke t_… --data /srv/site",
     {{"ID", "", Takes::Required, "as add and list say it"}, kData, kRootKey, kJson}, revoke},
};
// clang-format on

}  // namespace

std::span<const Verb> certificate_verbs() { return kCertificateVerbs; }

}  // namespace sluice::cli
