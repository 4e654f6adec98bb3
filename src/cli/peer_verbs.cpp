// Peers from the command line: collections of other TAXII servers that a site reads on a schedule.
#include "cli/answers.h"
#include "cli/console.h"

namespace sluice::cli {

namespace {

std::string at_peer(const Arguments& a, std::string_view rest = {}) { return "/threats/peers/" + query_escaped(a.get("PEER")) + std::string(rest); }

Result<int> peer_sent(const Arguments& a, const std::string& path, const json::object& body, std::string_view words) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  if (words.empty()) print(said_at(value, "/id"));
  else print(std::string(words));
  return 0;
}

Result<int> peer_add(const Arguments& a) {
  json::object body{{"name", a.get("--name")}, {"url", a.get("URL")}, {"collection", a.get("--collection")}, {"into", a.get("--into")}, {"organisation", a.get("--as")}, {"person", a.get("--person")}};
  if (a.has("--peer-token-file") && a.has("--peer-basic-file")) return usage("Give --peer-token-file or --peer-basic-file, not both.");
  if (const auto file = a.maybe("--peer-token-file")) {
    TRY(const auto secret, read_secret(*file, "token"));
    body["token"] = secret;
  }
  if (const auto file = a.maybe("--peer-basic-file")) {
    TRY(const auto secret, read_secret(*file, "user and password"));
    body["basic"] = secret;
  }
  put_if(body, a, "--up-to", "up_to");
  put_if(body, a, "--added-after", "added_after");
  put_if(body, a, "--interval", "interval");
  json::array types;
  for (const auto& type : a.all("--type")) types.emplace_back(type);
  if (!types.empty()) body["types"] = std::move(types);
  return peer_sent(a, "/threats/peers", body, {});
}

std::string line_of_peer(const json::value& one) {
  return said_at(one, "/id") + "  " + said_at(one, "/health") + "  " + said_at(one, "/name") + "  " + said_at(one, "/taken") + " taken, " + said_at(one, "/refused") + " refused, " + said_at(one, "/loops") + " came back";
}

Result<int> peer_list(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", "/threats/peers"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& one : all_at(value, "/items")) print(line_of_peer(one));
  return 0;
}

void print_reasons(const json::value& value, std::string_view at, std::string_view words) {
  for (const auto& one : all_at(value, at)) print("  " + said_at(one, "/count") + "  " + std::string(words) + ": " + said_at(one, "/why"));
}

Result<int> peer_show(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_peer(a)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(line_of_peer(value));
  print("  reads " + said_at(value, "/collection") + " at " + said_at(value, "/url") + " every " + said_at(value, "/interval") + ", into " + said_at(value, "/into") + " as " + said_at(value, "/organisation"));
  const auto success = said_at(value, "/last_success"), lag = said_at(value, "/lag"), next = said_at(value, "/next_pull"), error = said_at(value, "/last_error");
  print("  last read to its end: " + (success.empty() ? "never" : success) + (lag.empty() ? "" : ", lag " + lag) + (next.empty() ? "" : ", next " + next));
  if (!error.empty()) print("  " + said_at(value, "/failures_in_row") + " failures in a row: " + error);
  if (said_at(value, "/may_have_lost") == "true") print("  The peer's times don't tell whether all came.");
  print_reasons(value, "/refused_for", "refused");
  print_reasons(value, "/loops_by", "came back");
  for (const auto& one : all_at(value, "/last_refused")) print("  " + said_at(one, "/at") + "  " + said_at(one, "/object") + "  refused: " + said_at(one, "/why"));
  for (const auto& one : all_at(value, "/last_loops")) print("  " + said_at(one, "/at") + "  " + said_at(one, "/object") + "  came back: " + said_at(one, "/why"));
  return 0;
}

Result<int> peer_pause(const Arguments& a) { return peer_sent(a, at_peer(a, "/pause"), {}, "It is paused."); }
Result<int> peer_resume(const Arguments& a) { return peer_sent(a, at_peer(a, "/resume"), {}, "It is read again."); }
Result<int> peer_pull(const Arguments& a) { return peer_sent(a, at_peer(a, "/pull"), {}, "It is read as soon as may be."); }
Result<int> peer_remove(const Arguments& a) { return peer_sent(a, at_peer(a, "/remove"), {}, "It is removed. What came through it stays."); }

Result<int> peer_origins(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", "/threats/collections/" + query_escaped(a.get("--collection")) + "/objects/" + query_escaped(a.get("ID")) + "/origins"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  if (all_at(value, "/items").empty()) tell("It came through no peer.");
  for (const auto& one : all_at(value, "/items")) {
    const auto peer = said_at(one, "/peer"), from = said_at(one, "/added_from"), until = said_at(one, "/added_until");
    print(said_at(one, "/at") + "  " + said_at(one, "/version") + "  through " + (peer.empty() ? "a peer" : peer) + (until.empty() ? "" : ", added there " + (from == until || from.empty() ? until : "between " + from + " and " + until)));
  }
  return 0;
}

constexpr Option kPeerId{"PEER", "", Takes::Required, "the peer's id"};

// clang-format off
const Verb kPeerVerbs[] = {
    {"peer", "add", "Have a collection of another TAXII server read on a schedule; prints the peer's id.",
     "sluice peer add https://other.example/taxii2/ --name Other --collection indicators --peer-token-file theirs --into indicators --as o_… --person p_… --site https://cert.example",
     {{"URL", "", Takes::Required, "its discovery or an API root"}, {"--name", "NAME", Takes::Required, "what you call it"}, {"--collection", "C", Takes::Required, "its collection, by id, alias or title"},
      {"--peer-token-file", "FILE", Takes::One, "a file with a token that it gave you; kept sealed"}, {"--peer-basic-file", "FILE", Takes::One, "a file with USER:PASSWORD that it gave you; kept sealed"},
      {"--into", "C", Takes::Required, "where its objects go: a collection of the site, by id or alias"}, {"--as", "ORG", Takes::Required, "in the name of which organisation of the site"},
      {"--person", "PERSON", Takes::Required, "who of that organisation answers for it"}, {"--up-to", "LABEL", Takes::One, "the strictest marking that is taken (default amber_strict)", "clear|green|amber|amber_strict|red"},
      {"--type", "TYPE", Takes::Many, "objects of this STIX type alone"}, {"--added-after", "T", Takes::One, "only what came there later"}, {"--interval", "TIME", Takes::One, "how often, such as 15m (the default)"},
      kSite, kToken, kJson}, peer_add},
    {"peer", "list", "List the peers of a site with their health.", "sluice peer list --site https://cert.example", {kSite, kToken, kJson}, peer_list},
    {"peer", "show", "Show a peer: its last success, lag, errors, what was taken and refused, and what came back.", "sluice peer show PEER --site https://cert.example", {kPeerId, kSite, kToken, kJson}, peer_show},
    {"peer", "pause", "Stop reading a peer; its place is kept.", "sluice peer pause PEER --site https://cert.example", {kPeerId, kSite, kToken, kJson}, peer_pause},
    {"peer", "resume", "Read a peer again from where it was.", "sluice peer resume PEER --site https://cert.example", {kPeerId, kSite, kToken, kJson}, peer_resume},
    {"peer", "pull", "Read a peer now, before its time.", "sluice peer pull PEER --site https://cert.example", {kPeerId, kSite, kToken, kJson}, peer_pull},
    {"peer", "remove", "End a peer; its credentials are forgotten, what came through it stays.", "sluice peer remove PEER --site https://cert.example", {kPeerId, kSite, kToken, kJson}, peer_remove},
    {"peer", "origins", "Show through which peers an object came, and when.", "sluice peer origins indicator--… --collection indicators --site https://cert.example",
     {{"ID", "", Takes::Required, "the object's id"}, {"--collection", "C", Takes::Required, "its collection, by id or alias"}, kSite, kToken, kJson}, peer_origins},
};
// clang-format on

}  // namespace

std::span<const Verb> peer_verbs() { return kPeerVerbs; }

}  // namespace sluice::cli
