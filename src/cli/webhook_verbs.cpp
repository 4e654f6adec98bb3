// Webhooks of a running site, and what their receiver checks, offline.
#include "base/bind.h"
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/verb.h"
#include "service/webhook_message.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kMostHookBody = 64 << 20;

json::array words_split(const std::string& text) {
  json::array out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    if (comma > at) out.push_back(json::value(text.substr(at, comma - at)));
    at = comma + 1;
  }
  return out;
}

std::string at_webhook(const Arguments& a) { return "/threats/webhooks/" + query_escaped(a.get("WEBHOOK")); }

// The secret goes to a file of its own where one is named, else it is printed, this once.
Result<int> give_hook_secret(const Arguments& a, const json::value& value) {
  if (const auto file = a.maybe("--secret-file")) TRY(write_output(*file, said_at(value, "/secret") + "\n"));
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/id"));
  if (!a.maybe("--secret-file")) print(said_at(value, "/secret"));
  if (const auto until = said_at(value, "/old_until"); !until.empty()) tell("The secret before this one holds until " + until + ".");
  return 0;
}

Result<int> add_hook(const Arguments& a) {
  json::object body{{"url", a.get("URL")}, {"collection", a.get("--collection")}};
  put_if(body, a, "--name", "name");
  put_if(body, a, "--payload", "payload");
  put_if(body, a, "--since", "since");
  if (const auto told = a.maybe("--recalls")) body["recalls"] = *told == "on";
  json::object filter;
  for (const auto& [flag, key] : {std::pair{"--type", "types"}, {"--id", "ids"}, {"--tlp", "tlp"}, {"--sector", "sectors"}, {"--region", "regions"}})
    if (const auto text = a.maybe(flag)) filter[key] = words_split(*text);
  put_if(filter, a, "--value", "value");
  if (const auto text = a.maybe("--confidence")) {
    TRY(const auto number, parse_json(*text));
    if (!number.is_int64()) return fail(ErrorKind::Invalid, "The least confidence is a whole number from 0 to 100.", "--confidence", {}, "usage");
    filter["confidence"] = number;
  }
  if (!filter.empty()) body["filter"] = std::move(filter);
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", "/threats/webhooks", json::serialize(body)));
  TRY(const auto value, answer.json());
  return give_hook_secret(a, value);
}

void print_hook(const json::value& one) {
  const auto name = said_at(one, "/name");
  print(said_at(one, "/id") + "  " + said_at(one, "/state") + "  " + said_at(one, "/url") + (name.empty() ? "" : "  " + name));
  if (const auto why = said_at(one, "/why"); !why.empty()) print("    " + why);
  print("    " + said_at(one, "/messages") + " taken; delivered what was added up to " + said_at(one, "/through"));
  if (const auto since = said_at(one, "/failing"); !since.empty() && said_at(one, "/state") == "active")
    print("    fails since " + since + "; tried again at " + said_at(one, "/next_attempt") + ", until " + said_at(one, "/gives_up"));
}

Result<int> list_hooks(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", "/threats/webhooks"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& one : all_at(value, "/items")) print_hook(one);
  return 0;
}

Result<int> show_hook(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_webhook(a)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print_hook(value);
  for (const auto& one : all_at(value, "/attempts")) {
    const auto status = said_at(one, "/status"), why = said_at(one, "/why");
    print("    " + said_at(one, "/at") + "  " + said_at(one, "/what") + " (" + said_at(one, "/count") + ")  " + (status.empty() ? "no answer" : status) + " in " + said_at(one, "/milliseconds") + " ms" + (why.empty() ? "" : ": " + why));
  }
  return 0;
}

template <const char* step>
Result<int> on_hook(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", at_webhook(a) + "/" + step, "{}"));
  TRY(const auto value, answer.json());
  return give_hook_secret(a, value);
}
template <const char* step>
Result<int> plainly_on_hook(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", at_webhook(a) + "/" + step, "{}"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/id"));
  return 0;
}
constexpr char kPauseHook[] = "pause", kResumeHook[] = "resume", kRenewHook[] = "secret", kTestHook[] = "test", kRemoveHook[] = "remove";

Result<int> verify_hook(const Arguments& a) {
  TRY(const auto secret, read_secret(a.get("--secret-file"), "the webhook's secret"));
  TRY(const auto body, read_input(a.get("BODY"), kMostHookBody));
  TRY(service::check_webhook_signature(secret, a.get("--id"), a.get("--timestamp"), a.get("--signature"), body, SystemClock().now()));
  if (a.json()) return print_json(json::object{{"valid", true}, {"id", a.get("--id")}}), 0;
  print("valid");
  return 0;
}

constexpr Option kHook{"WEBHOOK", "", Takes::Required, "the webhook's id"};
constexpr Option kHookSecret{"--secret-file", "FILE", Takes::One, "where the secret is written; else it is printed, this once"};

const Verb kHookVerbs[] = {
    {"webhook", "add", "Follow a collection by being told: its objects and recalls are sent to an address. Prints the webhook's id, then its secret.",
     "sluice webhook add https://hooks.member.example/sluice --collection indicators --type indicator --tlp clear,green --secret-file hook.secret --site https://cert.example",
     {{"URL", "", Takes::Required, "https, with a name of the public DNS and its own port"}, {"--collection", "C", Takes::Required, "the collection's id or alias"}, {"--name", "TEXT", Takes::One, "what you call it"},
      {"--payload", "WHAT", Takes::One, "the objects themselves (default), or only a notice that there are some", "objects|notice"}, {"--recalls", "WORD", Takes::One, "whether recalls are told too; default on", "on|off"},
      {"--since", "INSTANT", Takes::One, "begin with what was added after this; else from now on"}, {"--type", "TYPE,…", Takes::One, "only objects of these types"}, {"--id", "ID,…", Takes::One, "only these objects"},
      {"--tlp", "LABEL,…", Takes::One, "only these labels: clear, green, amber, amber_strict, red"}, {"--sector", "SECTOR,…", Takes::One, "only what concerns these sectors"}, {"--region", "REGION,…", Takes::One, "only what concerns these regions"},
      {"--confidence", "N", Takes::One, "at least this confidence, 0 to 100"}, {"--value", "VALUE", Takes::One, "only what is about this value"}, kHookSecret, kSite, kToken, kJson}, add_hook},
    {"webhook", "list", "List your webhooks: state, address, how far each is.", "sluice webhook list --site https://cert.example", {kSite, kToken, kJson}, list_hooks},
    {"webhook", "show", "Show a webhook with its last attempts.", "sluice webhook show WEBHOOK --site https://cert.example", {kHook, kSite, kToken, kJson}, show_hook},
    {"webhook", "pause", "Send nothing until it is resumed; nothing is lost.", "sluice webhook pause WEBHOOK --site https://cert.example", {kHook, kSite, kToken, kJson}, plainly_on_hook<kPauseHook>},
    {"webhook", "resume", "Go on where it stopped, whyever that was.", "sluice webhook resume WEBHOOK --site https://cert.example", {kHook, kSite, kToken, kJson}, plainly_on_hook<kResumeHook>},
    {"webhook", "renew-secret", "Make a new secret; the one before holds beside it for a day. Prints the id, then the secret.", "sluice webhook renew-secret WEBHOOK --secret-file hook.secret --site https://cert.example",
     {kHook, kHookSecret, kSite, kToken, kJson}, on_hook<kRenewHook>},
    {"webhook", "test", "Send a message that says nothing, to try the receiver.", "sluice webhook test WEBHOOK --site https://cert.example", {kHook, kSite, kToken, kJson}, plainly_on_hook<kTestHook>},
    {"webhook", "remove", "Remove a webhook.", "sluice webhook remove WEBHOOK --site https://cert.example", {kHook, kSite, kToken, kJson}, plainly_on_hook<kRemoveHook>},
    {"webhook", "verify", "Check offline that a message is signed by a webhook's secret, as its receiver does.", "sluice webhook verify body.json --secret-file hook.secret --id ID --timestamp 1893456000 --signature v1,…",
     {{"BODY", "", Takes::Required, "the message's body, byte for byte; - for standard input"}, {"--secret-file", "FILE", Takes::Required, "the secret (whsec_…)"}, {"--id", "ID", Takes::Required, "of the header webhook-id"},
      {"--timestamp", "SECONDS", Takes::Required, "of the header webhook-timestamp"}, {"--signature", "SIGNATURE", Takes::Required, "of the header webhook-signature"}, kJson}, verify_hook},
};

}  // namespace

std::span<const Verb> webhook_verbs() { return kHookVerbs; }

}  // namespace sluice::cli
