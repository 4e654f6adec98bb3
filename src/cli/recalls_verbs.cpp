// Recalls and their receipts, planned releases of threat objects, early sharing, clients: all ask a running site.
#include "base/bind.h"
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/pseudonym_option.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

std::string at_collection(const Arguments& a) { return "/threats/collections/" + query_escaped(a.get("--collection")); }
std::string at_object(const Arguments& a) { return at_collection(a) + "/objects/" + query_escaped(a.get("ID")); }

// What --pseudonym asks for.
Result<Client::Headers> under_pseudonym(const Arguments& a) {
  const auto name = a.maybe("--pseudonym");
  if (!name) return Client::Headers{};
  TRY(auto fits, pseudonym_named(*name));
  return Client::Headers{{"Sluice-Pseudonym", std::move(fits)}};
}

// Posts, and prints the answer, or of it what `key` says.
Result<int> posted_to(const Arguments& a, const std::string& path, const json::object& body, std::string_view key, const Client::Headers& headers = {}) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body), headers));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/" + std::string(key)));
  if (answer.status == 202) tell("A second person of your organisation approves it.");
  return 0;
}

Result<int> list_recalls(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  json::array items;
  std::string next;
  do {
    TRY(const auto answer, client.must("GET", "/threats/recalls?limit=200" + (next.empty() ? std::string() : "&cursor=" + query_escaped(next))));
    TRY(const auto value, answer.json());
    for (const auto& one : all_at(value, "/items"))
      if (!a.has("--open") || said_at(one, "/answered").empty()) items.push_back(one);
    next = said_at(value, "/next");
  } while (!next.empty());
  if (a.json()) return print_json(json::object{{"items", std::move(items)}}), 0;
  for (const auto& one : items) {
    const auto done = said_at(one, "/answer/done");
    print(said_at(one, "/id") + "  " + said_at(one, "/at") + "  " + said_at(one, "/kind") + "  " + said_at(one, "/object") + "  " + (done.empty() ? "not acknowledged" : done));
    print("    " + said_at(one, "/reason") + " Fetched " + said_at(one, "/fetched") + ".");
  }
  return 0;
}

Result<int> acknowledge(const Arguments& a) {
  json::object body{{"done", a.get("--done")}};
  put_if(body, a, "--reason", "reason");
  json::array whom;
  for (const auto& one : a.all("--passed-on-to")) whom.push_back(json::value(one));
  body["passed_on_to"] = std::move(whom);
  return posted_to(a, "/threats/recalls/" + query_escaped(a.get("RECALL")) + "/acknowledge", body, "id");
}

Result<int> send_recall(const Arguments& a) {
  TRY(const auto headers, under_pseudonym(a));
  return posted_to(a, at_object(a) + "/recall", {{"reason", a.get("--reason")}}, "id", headers);
}

Result<int> deliveries(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto headers, under_pseudonym(a));
  TRY(const auto answer, client.must("GET", at_object(a) + "/deliveries", {}, headers));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/fetched") + " have fetched it");
  for (const auto& one : all_at(value, "/items")) print("  " + said_at(one, "/organisation") + "  " + said_at(one, "/name") + ", since " + said_at(one, "/first"));
  if (const auto others = said_at(value, "/others"); others != "0") print("  " + others + " that aren't members, without their names");
  for (const auto& recall : all_at(value, "/recalls")) {
    print(said_at(recall, "/id") + "  " + said_at(recall, "/at") + "  " + said_at(recall, "/kind") + ": told " + said_at(recall, "/counts/told") + ", acknowledged " + said_at(recall, "/counts/answered"));
    for (const auto& one : all_at(recall, "/told")) print("  " + said_at(one, "/name") + ": " + (said_at(one, "/done").empty() ? "no answer yet" : said_at(one, "/done") + " " + said_at(one, "/reason")));
  }
  return 0;
}

Result<int> widen(const Arguments& a) {
  json::array objects;
  for (const auto& id : a.all("ID")) objects.push_back(json::value(id));
  return posted_to(a, at_collection(a) + "/widenings", {{"objects", std::move(objects)}, {"to", a.get("--to")}, {"at", a.get("--at")}, {"reason", a.get("--reason")}}, "id");
}

Result<int> releases(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_collection(a) + "/widenings"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& one : all_at(value, "/items")) {
    print(said_at(one, "/id") + "  " + said_at(one, "/state") + "  " + said_at(one, "/at") + "  " + said_at(one, "/reason"));
    if (const auto why = said_at(one, "/why_ended"); !why.empty()) print("    " + why);
    for (const auto& object : all_at(one, "/objects")) print("    " + said_at(object, "/id") + ": " + said_at(object, "/from") + " to " + said_at(object, "/to"));
  }
  return 0;
}

template <const char* step>
Result<int> on_release(const Arguments& a) {
  return posted_to(a, at_collection(a) + "/widenings/" + query_escaped(a.get("RELEASE")) + "/" + step, {}, "id");
}
constexpr char kApprove[] = "approve", kRefuse[] = "refuse", kWithdraw[] = "withdraw";

// The objects go as they stand in the file: its members are put in front of the envelope's own, byte for byte.
Result<int> share_early(const Arguments& a) {
  TRY(auto text, read_input(a.get("FILE"), 16 << 20));
  const auto brace = text.find('{');
  if (brace == text.npos) return usage("FILE holds an envelope: {\"objects\": [ … ]}.");
  text.insert(brace + 1, "\"at\":" + json::serialize(json::value(a.get("--at"))) + ",\"reason\":" + json::serialize(json::value(a.get("--reason"))) + ",");
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", at_collection(a) + "/early", text));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/x_release"));
  tell(said_at(value, "/success_count") + " of " + said_at(value, "/total_count") + " objects are with the members. A second person of your organisation approves the release.");
  for (const auto& one : all_at(value, "/failures")) tell(said_at(one, "/id") + ": " + said_at(one, "/message"));
  return said_at(value, "/failure_count") == "0" ? 0 : 1;
}

Result<int> set_client(const Arguments& a) {
  const auto id = OrganisationId::parse(a.get("CLIENT"));
  if (!id) return usage("Name the client by its id, o_….");
  return posted_to(a, "/organisations/" + query_escaped(a.get("--org")) + "/clients", {{"client", id->text()}, {"is_client", !a.has("--ended")}}, "id");
}

constexpr Option kObject{"ID", "", Takes::Required, "the object's id"};
constexpr Option kRelease{"RELEASE", "", Takes::Required, "the planned release's id"};
constexpr Option kWhyTold{"--reason", "TEXT", Takes::Required, "why: whoever is told reads it"};
constexpr Option kAt{"--at", "INSTANT", Takes::Required, "when it goes further, such as 2026-03-01T12:00:00Z"};

const Verb kRecallsVerbs[] = {
    {"recalls", "list", "List what your organisation fetched and that was called back since.", "sluice recalls list --site https://cert.example --open",
     {kSite, kToken, {"--open", "", Takes::Switch, "only those that nobody of you acknowledged"}, kJson}, list_recalls},
    {"recalls", "acknowledge", "Say what became of it at your organisation; prints the recall's id.", "sluice recalls acknowledge RECALL --done deleted --site https://cert.example",
     {{"RECALL", "", Takes::Required, "the recall's id"}, {"--done", "WORD", Takes::Required, "what was done", "deleted|kept|passed_on"}, {"--reason", "TEXT", Takes::One, "why it is kept"},
      {"--passed-on-to", "WHOM", Takes::Many, "to whom it had gone on"}, kSite, kToken, kJson}, acknowledge},
    {"recalls", "send", "Take an object of your organisation back from everybody; prints the recall's id.", "sluice recalls send indicator--… --collection indicators --reason \"A false positive\" --site https://cert.example",
     {kObject, kIn, kWhyTold, {"--pseudonym", "NAME", Takes::One, kPseudonymHelp}, kSite, kToken, kJson}, send_recall},
    {"recalls", "deliveries", "Show who fetched an object of your organisation, and who acknowledged its recall.", "sluice recalls deliveries indicator--… --collection indicators --site https://cert.example",
     {kObject, kIn, {"--pseudonym", "NAME", Takes::One, kPseudonymHelp}, kSite, kToken, kJson}, deliveries},
    {"collection", "widen", "Plan that objects of your organisation go to more readers at an instant; prints the release's id.",
     "sluice collection widen indicator--… --to green --collection indicators --at 2026-03-01T12:00:00Z --reason \"The fix is out\" --site https://cert.example",
     {{"ID", "", Takes::Files, "the objects' ids"}, {"--to", "LABEL", Takes::Required, "how far", "clear|green|amber|amber_strict"}, kIn, kAt, kWhyTold, kSite, kToken, kJson}, widen},
    {"collection", "share-early", "Give objects to the members now, and plan when they go where their marking lets them; prints the release's id.",
     "sluice collection share-early report.json --collection indicators --at 2026-03-01T12:00:00Z --reason \"The report comes out at noon\" --site https://cert.example",
     {{"FILE", "", Takes::Required, "an envelope of objects; - for standard input"}, kIn, kAt, kWhyTold, kSite, kToken, kJson}, share_early},
    {"collection", "releases", "List your organisation's planned releases in a collection.", "sluice collection releases --collection indicators --site https://cert.example", {kIn, kSite, kToken, kJson}, releases},
    {"collection", "approve", "Approve a planned release, as a second person.", "sluice collection approve RELEASE --collection indicators --site https://cert.example", {kRelease, kIn, kSite, kToken, kJson}, on_release<kApprove>},
    {"collection", "refuse", "Refuse a planned release, as a second person.", "sluice collection refuse RELEASE --collection indicators --site https://cert.example", {kRelease, kIn, kSite, kToken, kJson}, on_release<kRefuse>},
    {"collection", "withdraw", "Withdraw a planned release before it fires.", "sluice collection withdraw RELEASE --collection indicators --site https://cert.example", {kRelease, kIn, kSite, kToken, kJson}, on_release<kWithdraw>},
    {"org", "client", "Name a client of an organisation, for TLP:AMBER.", "sluice org client o_… --org o_… --site https://cert.example",
     {{"CLIENT", "", Takes::Required, "the client's id"}, {"--org", "ORG", Takes::Required, "whose client it is: your organisation"}, {"--ended", "", Takes::Switch, "it is none any more"}, kSite, kToken, kJson}, set_client},
};

}  // namespace

std::span<const Verb> recalls_verbs() { return kRecallsVerbs; }

}  // namespace sluice::cli
