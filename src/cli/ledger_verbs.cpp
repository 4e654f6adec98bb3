// What proves something: the site's public key, the whole ledger, receipts. The last needs neither site nor network.
#include "base/bind.h"
#include "cli/console.h"
#include "cli/verb.h"
#include "ledger/receipt.h"
#include "service/site.h"
#include "service/ticker.h"

namespace sluice::cli {

namespace {

Result<service::OpenSite> open(const Arguments& a) {
  std::optional<std::filesystem::path> root_key;
  if (const auto file = a.maybe("--root-key")) root_key = *file;
  return service::open_site(a.get("--data"), root_key);
}

Result<int> key(const Arguments& a) {
  TRY(const auto site, open(a));
  if (a.json()) print_json(json::object{{"key", site.keys->vkey()}, {"origin", site.file.origin}});
  else print(site.keys->vkey());
  return 0;
}

void tell_findings(const Findings& findings, const std::string& indent) {
  for (const auto& finding : findings)
    print(indent + finding.message + (finding.where.empty() ? "" : " (" + finding.where + ")") + (finding.rule.empty() ? "" : " [" + finding.rule + "]"));
}

// A database that only this site's owner reads, so no lock is needed: one read transaction sees one moment, whatever a server writes meanwhile.
Result<int> verify_ledger(const Arguments& a) {
  TRY(const auto site, open(a));
  TRY(auto db, store::Db::open(site.database, store::Access::ReadOnly));
  auto outside = service::outside_heads(site.data / "checkpoints");
  TRY(auto tx, db.begin(store::Mode::Read));
  const service::StoredLedger source(tx, std::move(outside));
  auto findings = ledger::verify_ledger(source, site.keys->signer().key(), site.keys->ledger_keys());
  TRY(const auto rows, source.check_rows());
  findings.insert(findings.end(), rows.begin(), rows.end());
  const bool sound = is_valid(findings);
  TRY(const auto ticks, source.ticks());
  if (a.json()) {
    print_json(json::object{{"sound", sound}, {"ticks", ticks.size()}, {"key", site.keys->vkey()}, {"findings", to_json(findings)}});
  } else {
    tell_findings(findings, "");
    print(sound ? "The ledger is sound: " + std::to_string(ticks.size()) + " ticks." : "The ledger is NOT sound.");
  }
  return sound ? 0 : 1;
}

Result<int> verify_receipts(const Arguments& a) {
  TRY(const auto key_text, read_input(a.get("--key"), 4096));
  const auto key = ledger::VerifyingKey::parse(key_text);
  if (!key) return fail(ErrorKind::Invalid, "This file holds no verification key: " + key.error().message, a.get("--key"), {}, "usage");
  bool all = true;
  for (const auto& file : a.all("FILE")) {
    Findings findings;
    const auto bytes = read_input(file, 4 << 20);
    if (bytes) findings = ledger::verify_receipt(*bytes, *key);
    else findings.push_back({Severity::Error, "file", "", bytes.error().message});
    const bool sound = is_valid(findings);
    all = all && sound;
    if (a.json()) {
      print(json::serialize(json::object{{"file", file}, {"sound", sound}, {"findings", to_json(findings)}}));
    } else {
      print(file + (sound ? ": sound" : ": NOT sound"));
      tell_findings(findings, "  ");
    }
  }
  return all ? 0 : 1;
}

// clang-format off
const Verb kLedgerVerbs[] = {
    {"ledger", "key", "Print the site's public verification key: what KEYFILE of `receipt verify` holds.", "sluice ledger key --data /srv/site > site.key",
     {{"--data", "DIR", Takes::Required, kDataHelp}, {"--root-key", "FILE", Takes::One, kRootKeyHelp}, {"--json", "", Takes::Switch, kJsonHelp}}, key},
    {"ledger", "verify", "Prove the whole ledger: every entry, tick and checkpoint. Exit code 0 if it is sound, 1 if not. Also while a server runs.", "sluice ledger verify --data /srv/site",
     {{"--data", "DIR", Takes::Required, kDataHelp}, {"--root-key", "FILE", Takes::One, kRootKeyHelp}, {"--json", "", Takes::Switch, kJsonHelp}}, verify_ledger},
    {"receipt", "verify", "Check receipts and acknowledgements offline. Exit code 0 if all are sound, else 1.", "sluice receipt verify receipt.json --key site.key",
     {{"FILE", "", Takes::Files, "receipts, acknowledgements"}, {"--key", "KEYFILE", Takes::Required, "what `ledger key` printed"}, {"--json", "", Takes::Switch, "a line of JSON a file"}}, verify_receipts},
};
// clang-format on

}  // namespace

std::span<const Verb> ledger_verbs() { return kLedgerVerbs; }

}  // namespace sluice::cli
