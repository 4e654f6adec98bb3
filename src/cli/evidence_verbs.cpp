// `sluice evidence`: a pack from a running site, and its check, which needs neither site nor network.
#include <algorithm>

#include "base/bind.h"
#include "cli/client.h"
#include "cli/console.h"
#include "cli/verb.h"
#include "service/evidence.h"

namespace sluice::cli {

namespace {

Result<int> pack(const Arguments& a) {
  std::string query;
  for (const auto& [flag, name] : {std::pair{"--decision", "decision"}, {"--ruling", "ruling"}, {"--conduct", "conduct"}, {"--as-of", "as_of"}})
    if (const auto value = a.maybe(flag)) query += (query.empty() ? "?" : "&") + std::string(name) + "=" + query_escaped(*value);
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", "/cases/" + query_escaped(a.get("CASE")) + "/evidence" + query));
  if (const auto file = a.maybe("--out")) {
    TRY(write_output(*file, answer.body));
    return tell("The pack is in " + *file + ": " + service::what_it_shows(answer.body) + "."), 0;
  }
  print(answer.body.substr(0, answer.body.size() - 1));
  return 0;
}

Result<int> verify(const Arguments& a) {
  TRY(const auto key_text, read_input(a.get("--key"), 4096));
  const auto key = ledger::VerifyingKey::parse(key_text);
  if (!key) return fail(ErrorKind::Invalid, "This file holds no verification key: " + key.error().message, a.get("--key"), {}, "usage");
  bool all = true;
  for (const auto& file : a.all("FILE")) {
    Findings findings;
    const auto bytes = read_input(file, service::kLargestEvidence);
    if (bytes) findings = service::check_evidence(*bytes, *key);
    else findings.push_back({Severity::Error, "file", "", bytes.error().message});
    const bool sound = is_valid(findings);
    const bool recomputed = std::none_of(findings.begin(), findings.end(), [](const Finding& one) { return one.rule == "evidence.engine"; });
    all = all && sound;
    const auto shows = sound ? service::what_it_shows(*bytes) : std::string();
    if (a.json()) {
      print(json::serialize(json::object{{"file", file}, {"sound", sound}, {"verdicts_recomputed", sound && recomputed}, {"shows", shows}, {"findings", to_json(findings)}}));
      continue;
    }
    print(file + (sound ? (recomputed ? ": sound: " : ": sound, but its verdicts were not recomputed: ") + shows : ": NOT sound"));
    for (const auto& one : findings) print("  " + one.message + (one.where.empty() ? "" : " (" + one.where + ")") + " [" + one.rule + "]");
  }
  return all ? 0 : 1;
}

// clang-format off
const Verb kEvidenceVerbs[] = {
    {"evidence", "pack", "What was known, what the rules said, who decided, with proofs: of a decision, a ruling, one party's conduct, or the case as it stood.",
     "sluice evidence pack c_… --decision y_… --out evidence.json --site https://cert.example --token-file token\nsluice evidence pack c_… --conduct o_… --as-of 2021-12-10T00:00:00Z --out evidence.json --site https://cert.example --token-file token",
     {{"CASE", "", Takes::Required, "the case's id"}, {"--decision", "ID", Takes::One, "about this decision"}, {"--ruling", "ID", Takes::One, "about this ruling of the gate"}, {"--conduct", "ORG", Takes::One, "about what this organisation did"},
      {"--as-of", "T", Takes::One, "as it stood then; default when it was decided, else now"}, {"--out", "FILE", Takes::One, "where to put it; else standard output"}, {"--site", "URL", Takes::Required, kSiteHelp}, {"--token-file", "FILE", Takes::One, kTokenHelp}}, pack},
    {"evidence", "verify", "Check evidence packs offline: signature, every proof, every act, and the rules' answer worked out anew, but where another version of the engine made the pack and answers otherwise: that is said. Exit code 0 if all are sound, else 1.", "sluice evidence verify evidence.json --key site.key",
     {{"FILE", "", Takes::Files, "evidence packs"}, {"--key", "KEYFILE", Takes::Required, "what `ledger key` printed"}, {"--json", "", Takes::Switch, "a line of JSON a file"}}, verify},
};
// clang-format on

}  // namespace

std::span<const Verb> evidence_verbs() { return kEvidenceVerbs; }

}  // namespace sluice::cli
