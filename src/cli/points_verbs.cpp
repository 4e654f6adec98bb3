// Points from the command line: how good an object is, what one's own organisation gave, doubts, and the tables that the alliance votes on.
#include "cli/answers.h"
#include "cli/console.h"

namespace sluice::cli {

namespace {

// 12345 -> "12.345"
std::string said_points(const json::value& value, std::string_view pointer) {
  const auto* found = find_at(value, pointer);
  const auto milli = found != nullptr && found->is_int64() ? found->get_int64() : 0;
  const auto whole = milli < 0 ? -milli : milli;
  auto rest = std::to_string(whole % 1000);
  rest.insert(0, 3 - rest.size(), '0');
  return (milli < 0 ? "-" : "") + std::to_string(whole / 1000) + "." + rest;
}

std::string points_path(const Arguments& a, std::string_view rest) {
  return "/threats/collections/" + query_escaped(a.get("--collection")) + "/objects/" + query_escaped(a.get("ID")) + std::string(rest);
}

std::string points_query(const Arguments& a, std::initializer_list<std::pair<std::string_view, std::string_view>> options) {
  std::string out;
  for (const auto& [option, name] : options)
    if (const auto value = a.maybe(option)) out += (out.empty() ? "?" : "&") + std::string(name) + "=" + query_escaped(*value);
  return out;
}

Result<json::value> points_fetched(const Arguments& a, const std::string& path) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", path));
  return answer.json();
}

Result<int> points_sent(const Arguments& a, const std::string& path, const json::object& body, const std::string& words) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  print(words.empty() ? said_at(value, "/id") : words);
  return 0;
}

Result<int> points_score(const Arguments& a) {
  TRY(const auto value, points_fetched(a, points_path(a, "/score" + points_query(a, {{"--at", "at"}}))));
  if (a.json()) return print(json::serialize(value)), 0;
  print(said_points(value, "/points") + " of 100 at " + said_at(value, "/at"));
  for (const auto& part : all_at(value, "/parts")) print("  " + said_points(part, "/points") + "  " + said_at(part, "/part") + ": " + said_at(part, "/reason"));
  print("  " + said_points(value, "/fresh") + " together, of which " + said_at(value, "/left") + " thousandths are left: " + said_at(value, "/decay"));
  tell("Counted by table " + said_at(value, "/table") + ".");
  return 0;
}

Result<int> scores_of_collection(const Arguments& a) {
  const auto path = "/threats/collections/" + query_escaped(a.get("COLLECTION")) + "/scores";
  TRY(const auto value, points_fetched(a, path + points_query(a, {{"--at", "at"}, {"--added-after", "added_after"}, {"--limit", "limit"}})));
  if (a.json()) return print(json::serialize(value)), 0;
  for (const auto& one : all_at(value, "/items")) print(said_points(one, "/points") + "  " + said_at(one, "/object") + "  " + said_at(one, "/version"));
  if (const auto next = said_at(value, "/next"); !next.empty()) tell("There are more: --added-after " + next);
  return 0;
}

Result<int> points_mine(const Arguments& a) {
  TRY(const auto value, points_fetched(a, "/threats/points"));
  if (a.json()) return print(json::serialize(value)), 0;
  print(said_points(value, "/total") + " points in " + said_at(value, "/days") + " days, " + said_points(value, "/daily_mean") + " a day");
  if (const auto standing = said_at(value, "/standing"); !standing.empty()) print("Standing: " + standing + (find_at(value, "/to_next") != nullptr ? ", " + said_points(value, "/to_next") + " a day more to the next step" : ""));
  print(said_at(value, "/why"));
  for (const auto& one : all_at(value, "/reads")) print("  " + said_at(one, "/collection") + ": " + said_at(one, "/why"));
  for (const auto& line : all_at(value, "/lines")) print(said_at(line, "/at") + "  " + said_points(line, "/points") + "  " + said_at(line, "/reason") + "  " + said_at(line, "/of"));
  if (const auto until = said_at(value, "/counted_until"); !until.empty()) print("Counted are hours that are over: what was sent after " + until + " counts when its hour is over.");
  if (said_at(value, "/is_complete") == "false") tell("Not all that was sent was gone through yet; ask again.");
  return 0;
}

Result<int> points_doubt(const Arguments& a) { return points_sent(a, points_path(a, "/doubts"), {{"reason", a.get("--reason")}}, {}); }

Result<int> points_doubts(const Arguments& a) {
  TRY(const auto value, points_fetched(a, "/threats/collections/" + query_escaped(a.get("COLLECTION")) + "/doubts"));
  if (a.json()) return print(json::serialize(value)), 0;
  for (const auto& one : all_at(value, "/items")) {
    const auto decided = said_at(one, "/decided_at");
    print(said_at(one, "/at") + "  " + said_at(one, "/object") + "  " + (decided.empty() ? "waits" : said_at(one, "/is_proven") == "true" ? "noise" : "none") + "  " + said_at(one, "/reason"));
  }
  return 0;
}

Result<int> points_decide(const Arguments& a) {
  const bool is_noise = a.get("--as") == "noise";
  return points_sent(a, points_path(a, "/doubts/decide"), {{"is_proven", is_noise}, {"why", a.get("--why")}}, is_noise ? "It is noise." : "It is none.");
}

Result<int> points_tables(const Arguments& a) {
  TRY(const auto value, points_fetched(a, "/threats/tables"));
  if (a.json()) return print(json::serialize(value)), 0;
  if (const auto kind = a.maybe("--print")) {
    const auto* table = find_at(value, "/" + *kind);
    return print_json(table == nullptr ? json::value() : *table), 0;
  }
  const auto& proposals = all_at(value, "/proposals");
  if (proposals.empty()) print("The built-in tables are in force, and nothing is proposed.");
  for (const auto& one : proposals) {
    std::size_t yes = 0;
    const auto& votes = all_at(one, "/votes");
    for (const auto& vote : votes) yes += said_at(vote, "/yes") == "true";
    print(said_at(one, "/id") + "  " + said_at(one, "/kind") + "  " + said_at(one, "/state") + "  " + std::to_string(yes) + " for, " + std::to_string(votes.size() - yes) + " against, of " + said_at(value, "/members") + "  " + said_at(one, "/why"));
  }
  return 0;
}

Result<int> points_propose(const Arguments& a) {
  TRY(const auto text, read_input(a.get("FILE"), 1 << 20));
  TRY(auto table, parse_json(text));
  return points_sent(a, "/threats/tables", {{"kind", a.get("--kind")}, {"table", std::move(table)}, {"why", a.get("--why")}}, {});
}

Result<int> points_vote(const Arguments& a) { return points_sent(a, "/threats/tables/" + query_escaped(a.get("PROPOSAL")) + "/vote", {{"yes", a.get("--as") == "yes"}}, "The vote is cast."); }

constexpr Option kPointsObject{"ID", "", Takes::Required, "the object's id, such as indicator--…"};
constexpr Option kPointsCollection{"--collection", "ID", Takes::Required, "its collection, by id or alias"};
constexpr Option kPointsAt{"--at", "T", Takes::One, "as of then; default now"};

// clang-format off
const Verb kPointsVerbs[] = {
    {"points", "score", "How good an object is, part by part, with reasons, from what you may read.", "sluice points score indicator--… --collection indicators --site https://cert.example --token-file token",
     {kPointsObject, kPointsCollection, kPointsAt, kSite, kToken, kJson}, points_score},
    {"points", "scores", "How good the objects of a collection are, oldest first.", "sluice points scores indicators --site https://cert.example --token-file token",
     {{"COLLECTION", "", Takes::Required, "its id or alias"}, kPointsAt, {"--added-after", "T", Takes::One, "only what came later"}, {"--limit", "N", Takes::One, "the most that is answered"}, kSite, kToken, kJson}, scores_of_collection},
    {"points", "mine", "What your organisation gave, each point with its reason, and where it stands. What was sent this hour counts when the hour is over.", "sluice points mine --site https://cert.example --token-file token", {kSite, kToken, kJson}, points_mine},
    {"points", "doubt", "Say that another member's object is a false positive.", "sluice points doubt indicator--… --collection indicators --reason 'our own scanner' --site https://cert.example --token-file token",
     {kPointsObject, kPointsCollection, {"--reason", "TEXT", Takes::Required, "why; whoever decides reads it"}, kSite, kToken, kJson}, points_doubt},
    {"points", "doubts", "What your organisation doubts, and what became of it; for the site, all that waits for a decision.", "sluice points doubts indicators --site https://cert.example --token-file token",
     {{"COLLECTION", "", Takes::Required, "its id or alias"}, kSite, kToken, kJson}, points_doubts},
    {"points", "decide", "Decide, for the site, whether what is doubted is noise.", "sluice points decide indicator--… --collection indicators --as noise --why 'it is a scanner' --site https://cert.example --token-file token",
     {kPointsObject, kPointsCollection, {"--as", "WHAT", Takes::Required, "what it is", "noise|none"}, {"--why", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, points_decide},
    {"points", "tables", "By which tables objects and gifts are counted, and what was proposed.", "sluice points tables --site https://cert.example --token-file token",
     {{"--print", "KIND", Takes::One, "print the one that is in force, to change and propose it", "quality|contribution|standing"}, kSite, kToken, kJson}, points_tables},
    {"points", "propose", "Propose a table to the alliance; your organisation is then for it.", "sluice points propose standing.json --kind standing --why 'who gives reads first' --site https://cert.example --token-file token",
     {{"FILE", "", Takes::Required, "the table as JSON, or - for standard input"}, {"--kind", "KIND", Takes::Required, "which table", "quality|contribution|standing"}, {"--why", "TEXT", Takes::Required, "the others read it"}, kSite, kToken, kJson}, points_propose},
    {"points", "vote", "Vote on a table; more than half of all members bring it into force.", "sluice points vote 3f… --as yes --site https://cert.example --token-file token",
     {{"PROPOSAL", "", Takes::Required, "the proposal's id"}, {"--as", "VOTE", Takes::Required, "for it or against it", "yes|no"}, kSite, kToken, kJson}, points_vote},
};
// clang-format on

}  // namespace

std::span<const Verb> points_verbs() { return kPointsVerbs; }

}  // namespace sluice::cli
