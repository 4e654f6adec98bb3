// Pseudonyms from the command line: what a collection asks of them, one's own, and tokens bound to them. All ask a running site.
//
// Whose a pseudonym is, is asked and answered in a session alone: a token can't (access/rights.h).
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/pseudonym_option.h"
#include "cli/taxii_connect.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

std::string pseudonyms_path(const Arguments& a) { return "/threats/collections/" + query_escaped(a.get("--collection")) + "/pseudonyms"; }

Result<int> pseudonym_posted(const Arguments& a, const std::string& path, const json::object& body) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/id"));
  return 0;
}

Result<int> take_pseudonym(const Arguments& a) { return pseudonym_posted(a, pseudonyms_path(a), {}); }

Result<int> list_pseudonyms(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", pseudonyms_path(a)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  if (said_at(value, "/policy/k").empty()) print("This collection takes nothing under a pseudonym.");
  else print("At least " + said_at(value, "/policy/k") + " members stand behind what is said of a sender; " + said_at(value, "/policy/trustee") + " reveals.");
  for (const auto& one : all_at(value, "/items")) {
    const auto sector = said_at(one, "/sector"), region = said_at(one, "/region");
    print(said_at(one, "/name") + "  " + said_at(one, "/made") + "  " + (said_at(one, "/in_use") == "true" ? "in use" : "replaced") + "  one of " + said_at(one, "/among") + "  " + said_at(one, "/identity"));
    if (!sector.empty() || !region.empty()) print("    Readers are told: " + sector + (sector.empty() || region.empty() ? "" : ", ") + region + ".");
    for (const auto& told : all_at(one, "/revealed")) print("    Revealed to " + said_at(told, "/asked_for") + " at " + said_at(told, "/at") + ": " + said_at(told, "/reason"));
  }
  return 0;
}

Result<int> bind_to_pseudonym(const Arguments& a) {
  TRY(const auto name, pseudonym_named(a.get("PSEUDONYM")));
  return pseudonym_posted(a, "/threats/pseudonyms/" + name + "/tokens", {{"token", a.get("--token")}});
}

Result<int> set_policy_of_pseudonyms(const Arguments& a) {
  json::object body{{"says", a.maybe("--says").value_or("nothing")}, {"trustee", a.get("--trustee")}};
  TRY(const auto k, whole_number(a, "--k", 5, 2, 1'000));
  TRY(const auto apart, whole_number(a, "--apart", 10, 0, 1'440));
  body["k"] = k, body["apart_minutes"] = apart;
  return pseudonym_posted(a, pseudonyms_path(a) + "/policy", body);
}

const Verb kPseudonymVerbs[] = {
    {"pseudonym", "take", "Take a pseudonym for your organisation in a collection; prints its name. One that it had there is replaced.", "sluice pseudonym take --collection indicators --site https://cert.example", {kIn, kSite, kToken, kJson}, take_pseudonym},
    {"pseudonym", "list", "List your organisation's pseudonyms in a collection, what is said of them, and to whom one was revealed.", "sluice pseudonym list --collection indicators --site https://cert.example", {kIn, kSite, kToken, kJson}, list_pseudonyms},
    {"pseudonym", "bind", "Bind a token of yours to a pseudonym, so that any TAXII client sends under it; for good.", "sluice pseudonym bind member-… --token t_… --site https://cert.example",
     {{"PSEUDONYM", "", Takes::Required, "the pseudonym's name"}, {"--token", "ID", Takes::Required, "the token's id, t_…: with collection_write, and collection_read at most beside it"}, kSite, kToken, kJson}, bind_to_pseudonym},
    {"pseudonym", "policy", "Let members of a collection share under pseudonyms: how many must share what is said of one, and whose trustees reveal.",
     "sluice pseudonym policy --collection indicators --k 5 --says sector_and_region --trustee o_… --site https://cert.example",
     {kIn, {"--k", "N", Takes::One, "members that must share what is said (default 5)"},
      {"--says", "WHAT", Takes::One, "the most that is said of a sender (default: nothing)", "nothing|wide_region|region|sector|sector_and_wide_region|sector_and_region"},
      {"--apart", "MINUTES", Takes::One, "that a member waits after it sent by name, before it sends under a pseudonym (default 10)"}, {"--trustee", "ORG", Takes::Required, "the organisation whose trustees reveal, o_…"}, kSite, kToken, kJson}, set_policy_of_pseudonyms},
};

}  // namespace

Result<std::string> pseudonym_named(const std::string& text) {
  const bool fits = text.size() == 23 && text.starts_with("member-") && text.find_first_not_of("0123456789abcdef", 7) == text.npos;
  if (!fits) return usage("A pseudonym is named as in `sluice pseudonym list`: member- and 16 hexadecimal digits.");
  return text;
}

std::span<const Verb> pseudonym_verbs() { return kPseudonymVerbs; }

}  // namespace sluice::cli
