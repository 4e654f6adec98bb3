// Large cases from the command line: groups, many invitations at once, what is new, own numbers, words changed or taken back, and finding things.
#include "base/bind.h"
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

std::string number_at(const json::value& value, std::string_view pointer) {
  const auto* found = find_at(value, pointer);
  return found != nullptr && found->is_int64() ? std::to_string(found->get_int64()) : "0";
}

std::string path_in_case(const Arguments& a, std::string_view rest) { return "/cases/" + query_escaped(a.get("CASE")) + std::string(rest); }

// Sends the command; with --json prints the answer, else the line.
Result<int> send_in_case(const Arguments& a, const std::string& path, const json::object& body, std::string_view id_at, const std::string& words) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const auto id = id_at.empty() ? std::string() : text_at(value, id_at);
  print(id.empty() ? words : id);
  return 0;
}

json::array list_of(const std::vector<std::string>& all) {
  json::array out;
  for (const auto& one : all) out.push_back(json::value(one));
  return out;
}

Result<std::optional<int>> order_in(const Arguments& a) {
  const auto text = a.maybe("--order");
  if (!text) return std::optional<int>{};
  int number = 0;
  for (const char c : *text) number = c >= '0' && c <= '9' && number < 10'000 ? number * 10 + (c - '0') : -1'000'000;
  if (number < 1) return usage("--order takes a number from 1 to 1000.");
  return std::optional(number);
}

Result<int> form_group_of_case(const Arguments& a) {
  json::object body{{"name", a.get("--name")}, {"why", a.get("--why")}};
  TRY(const auto order, order_in(a));
  if (order) body["order"] = *order;
  return send_in_case(a, path_in_case(a, "/groups"), body, "/group", "The group is formed.");
}

Result<int> groups(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", path_in_case(a, "/groups")));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const auto* list = find_at(value, "/items");
  if (list == nullptr || !list->is_array()) return print_json(value), 0;
  for (const auto& group : list->get_array()) {
    print(text_at(group, "/id") + "  " + text_at(group, "/name") + (text_at(group, "/first_told").empty() ? "" : "  told from " + text_at(group, "/first_told") + " to " + text_at(group, "/last_told")));
    if (const auto* members = find_at(group, "/members"); members != nullptr && members->is_array())
      for (const auto& member : members->get_array()) print("  " + text_at(member, "/organisation/id") + "  " + text_at(member, "/admission") + "  " + text_at(member, "/organisation/name"));
  }
  return 0;
}

Result<int> change_group(const Arguments& a) {
  json::object body{{"why", a.get("--why")}};
  if (a.has("--add")) body["add"] = list_of(a.all("--add"));
  if (a.has("--remove")) body["remove"] = list_of(a.all("--remove"));
  return send_in_case(a, path_in_case(a, "/groups/" + query_escaped(a.get("GROUP")) + "/members"), body, {}, "The group is changed.");
}

// One id a line, and behind it the reason why this one is invited, if it has one of its own; blank lines and lines that begin with a # are left out, and so are remarks: what
// follows a # behind an id, or a # between spaces behind a reason. A remark is the inviter's own, and a reason is told ("issue #12" is no remark).
struct Invited { std::vector<std::string> organisations; json::array reasons; };
Result<Invited> invited_in(const std::string& file) {
  TRY(const auto text, read_input(file, 1 << 20));
  const auto trimmed = [](std::string_view part) {
    const auto from = part.find_first_not_of(" \t\r,;:");
    return from == part.npos ? std::string_view{} : part.substr(from, part.find_last_not_of(" \t\r") - from + 1);
  };
  Invited out;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    const auto line = trimmed(std::string_view(text).substr(from, end - from));
    from = end + 1;
    if (line.empty() || line.front() == '#') continue;
    const auto id = line.substr(0, line.find_first_of(" \t,;:#"));
    auto because = trimmed(line.substr(id.size()));
    for (const auto remark : {" # ", "\t# "}) because = trimmed(because.substr(0, because.find(remark)));
    out.organisations.emplace_back(id);
    if (!because.empty() && because.front() != '#') out.reasons.push_back(json::object{{"organisation", id}, {"because", because}});
  }
  return out;
}

Result<int> invite_many(const Arguments& a) {
  TRY(auto whom, invited_in(a.get("FILE")));
  json::object body{{"organisations", list_of(whom.organisations)}, {"roles", list_of(a.all("--role"))}};
  if (const auto because = a.maybe("--because")) body["essential_because"] = *because;
  else if (whom.reasons.size() < whom.organisations.size()) return usage("Say with --because why they are essential to a remedy, or behind each id in the file.");
  if (!whom.reasons.empty()) body["reasons"] = std::move(whom.reasons);
  if (const auto group = a.maybe("--group")) body["group"] = *group;
  if (const auto until = a.maybe("--respond-by")) body["respond_by"] = *until;
  return send_in_case(a, path_in_case(a, "/participants/invite"), body, {}, std::to_string(whom.organisations.size()) + " organisations are invited.");
}

Result<int> amend(const Arguments& a) {
  TRY(const auto text, read_input(a.get("FILE"), 1 << 20));
  return send_in_case(a, path_in_case(a, "/threads/" + query_escaped(a.get("THREAD")) + "/messages/" + query_escaped(a.get("MESSAGE")) + "/amend"), {{"text", text}}, {}, "The message is changed.");
}
Result<int> retract(const Arguments& a) {
  return send_in_case(a, path_in_case(a, "/threads/" + query_escaped(a.get("THREAD")) + "/messages/" + query_escaped(a.get("MESSAGE")) + "/retract"), {{"why", a.get("--why")}}, {}, "The message is taken back.");
}
Result<int> own_number(const Arguments& a) {
  json::object body{{"tracking_id", a.get("--number")}};
  if (const auto url = a.maybe("--url")) body["url"] = *url;
  return send_in_case(a, path_in_case(a, "/tracking-id"), body, {}, a.get("--number").empty() ? "The number is taken off." : "The number is set.");
}

Result<int> unread(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", path_in_case(a, "/unread")));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  print(number_at(value, "/count") + " new");
  if (const auto* threads = find_at(value, "/threads"); threads != nullptr && threads->is_array())
    for (const auto& thread : threads->get_array()) print("  " + text_at(thread, "/thread") + "  " + number_at(thread, "/messages") + " new, first " + text_at(thread, "/first"));
  return 0;
}
Result<int> mark_read(const Arguments& a) {
  json::object body;
  if (const auto through = a.maybe("--through")) body["through"] = *through;
  return send_in_case(a, path_in_case(a, "/read"), body, {}, "Marked as read.");
}

Result<int> search(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  std::string words;
  for (const auto& word : a.all("WORDS")) words += (words.empty() ? "" : " ") + word;
  TRY(const auto answer, client.must("GET", "/search?q=" + query_escaped(words)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const auto* list = find_at(value, "/items");
  if (list == nullptr || !list->is_array()) return print_json(value), 0;
  for (const auto& one : list->get_array()) print(text_at(one, "/case") + "  " + text_at(one, "/kind") + "  " + text_at(one, "/text"));
  const auto* complete = find_at(value, "/indexed/complete");
  if (complete != nullptr && complete->is_bool() && !complete->get_bool()) tell("Of your " + number_at(value, "/indexed/of") + " cases " + number_at(value, "/indexed/cases") + " are searched so far.");
  return 0;
}

constexpr Option kThread{"THREAD", "", Takes::Required, "the thread's id"};
constexpr Option kMessage{"MESSAGE", "", Takes::Required, "the message's id"};

// clang-format off
const Verb kGroupVerbs[] = {
    {"case", "groups", "The named groups of a case: for the coordination tier by tier, with who was told when.", "sluice case groups c_… --site https://cert.example --token-file token", {kCase, kSite, kToken, kJson}, groups},
    {"case", "form-group", "Form a named group, which has a part of the case to itself.", "sluice case form-group c_… --name 'First tier' --why 'they fix it first' --site https://cert.example --token-file token",
     {kCase, {"--name", "NAME", Takes::Required, "its members read it"}, {"--order", "N", Takes::One, "in which step it is told; default after the others"}, kWhy, kSite, kToken, kJson}, form_group_of_case},
    {"case", "change-group", "Put participants into a group or take them out.", "sluice case change-group c_… k_… --add o_… --why 'ships the same code' --site https://cert.example --token-file token",
     {kCase, {"GROUP", "", Takes::Required, "the group's id"}, {"--add", "ORG", Takes::Many, "who joins"}, {"--remove", "ORG", Takes::Many, "who leaves"}, kWhy, kSite, kToken, kJson}, change_group},
    {"case", "invite", "Invite many organisations at once, for one reason or each for its own: all of them or none.", "sluice case invite c_… vendors.txt --role vendor --because 'ships the library' --group k_… --site https://cert.example --token-file token",
     {kCase, {"FILE", "", Takes::Required, "one organisation's id a line, and behind it its own reason if it has one, without what follows a # between spaces; - for standard input"}, {"--role", "ROLE", Takes::Many, "vendor, deployer, finder, observer, cna"}, {"--because", "TEXT", Takes::One, "why they are essential to a remedy, but those that have a reason of their own"},
      {"--group", "GROUP", Takes::One, "the group they join"}, {"--respond-by", "T", Takes::One, "answer by; default in seven days"}, kSite, kToken, kJson}, invite_many},
    {"case", "amend", "Change a message of your organisation; what it said before stays to be seen.", "sluice case amend c_… t_… m_… new.txt --site https://cert.example --token-file token",
     {kCase, kThread, kMessage, {"FILE", "", Takes::Required, "what it says from now on, or - for standard input"}, kSite, kToken, kJson}, amend},
    {"case", "retract", "Take a message of your organisation back: nobody is shown it any more.", "sluice case retract c_… t_… m_… --why 'wrong case' --site https://cert.example --token-file token", {kCase, kThread, kMessage, kWhy, kSite, kToken, kJson}, retract},
    {"case", "number", "Set the number that your organisation has for a case in its own tracker; without one it is taken off.", "sluice case number c_… --number PSIRT-4711 --site https://cert.example --token-file token",
     {kCase, {"--number", "ID", Takes::One, "your own number"}, {"--url", "URL", Takes::One, "its address there"}, kSite, kToken, kJson}, own_number},
    {"case", "unread", "What is new to you in a case since you last read it.", "sluice case unread c_… --site https://cert.example --token-file token", {kCase, kSite, kToken, kJson}, unread},
    {"case", "read", "Mark a case as read by you.", "sluice case read c_… --site https://cert.example --token-file token", {kCase, {"--through", "ENTRY", Takes::One, "up to this entry; default: all there is"}, kSite, kToken, kJson}, mark_read},
    {"case", "search", "Find words in the cases that you may read.", "sluice case search log4j lookup --site https://cert.example --token-file token", {{"WORDS", "", Takes::Files, "all of them stand in one text"}, kSite, kToken, kJson}, search},
};
// clang-format on

}  // namespace

std::span<const Verb> group_verbs() { return kGroupVerbs; }

}  // namespace sluice::cli
