// Mitigations before a case is public: what is there, what is proposed for each role with the unequal access that it makes, and the telling. All of it asks a running site.
#include <algorithm>

#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

Result<int> send_mitigation(const Arguments& a, const std::string& path, const json::object& body, std::string_view done) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + "/mitigations" + path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const bool waits = value.is_object() && value.get_object().contains("request");
  print(waits ? "It waits for a second person: request " + text_at(value, "/request") + "." : std::string(done));
  return 0;
}

Result<int> note_mitigation(const Arguments& a) {
  json::object body{{"vulnerability", a.get("--vulnerability")}, {"product", a.get("--product")}, {"part", a.get("--part")}};
  if (const auto text = a.maybe("--text")) body["text"] = *text;
  if (const auto why = a.maybe("--why")) body["why"] = *why;
  return send_mitigation(a, "", body, a.has("--text") ? "It is noted." : "It is taken back.");
}

Result<int> choose_mitigation_collections(const Arguments& a) {
  json::array collections;
  for (const auto& one : a.all("--collection")) collections.push_back(json::value(one));
  return send_mitigation(a, "/collections", {{"role", a.get("--role")}, {"collections", std::move(collections)}}, "Their members stand for the role.");
}

Result<int> share_mitigation(const Arguments& a) {
  json::object body{{"role", a.get("--role")}, {"why", a.get("--why")}, {"who_is_exposed", a.get("--who-is-exposed")}, {"how_badly", a.get("--how-badly")}, {"what_they_can_do", a.get("--what-they-can-do")}};
  if (const auto text = a.maybe("--text")) body["text"] = *text;
  if (const auto despite = a.maybe("--despite")) body["despite"] = *despite;
  if (a.has("--object")) {
    json::array objects;
    for (const auto& one : a.all("--object")) objects.push_back(json::value(one));
    body["objects"] = std::move(objects);
  }
  return send_mitigation(a, "/" + query_escaped(a.get("--mitigation")) + "/share", body, "All of the role whom the gate lets have it are told.");
}

Result<int> decline_mitigation(const Arguments& a) { return send_mitigation(a, "/" + query_escaped(a.get("--mitigation")) + "/decline", {{"why", a.get("--why")}}, "The proposal has ended."); }

std::string words_joined(const json::value& of, std::string_view where) {
  std::string out;
  for (const auto& one : all_at(of, where))
    if (one.is_string()) out += (out.empty() ? "" : ", ") + std::string(one.get_string());
  return out;
}

std::string count_at(const json::value& of, std::string_view where) {
  const auto* found = find_at(of, where);
  return found != nullptr && found->is_int64() ? std::to_string(found->get_int64()) : "";
}

void print_unequal_access(const json::value& role, std::string_view where, std::string_view key) {
  for (const auto& one : all_at(role, where)) {
    const auto word = text_at(one, "/" + std::string(key));
    print("      " + std::string(key) + " " + (word.empty() ? "not stated" : word) + ": " + count_at(one, "/gets") + " get it, " + count_at(one, "/goes_without") + " go without");
  }
}

Result<int> list_mitigations(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", "/cases/" + query_escaped(a.get("CASE")) + "/mitigations"));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  for (const auto& one : all_at(value, "/told")) print("told " + text_at(one, "/at") + " as " + text_at(one, "/role") + ": " + text_at(one, "/text"));
  for (const auto& one : all_at(value, "/proposals")) {
    const auto ended = text_at(one, "/ended_why");
    print(text_at(one, "/mitigation") + "  " + (ended.empty() ? "open" : "ended: " + ended));
    for (const auto& part : all_at(one, "/parts")) print("  " + text_at(part, "/part") + ": " + text_at(part, "/text"));
    for (const auto& role : all_at(one, "/roles")) {
      print("  " + text_at(role, "/role") + " may have: " + words_joined(role, "/may_have"));
      print("    withheld: " + words_joined(role, "/withheld"));
      for (const auto& to : all_at(role, "/recipients")) {
        const auto why = text_at(to, "/why_not");
        print("    " + text_at(to, "/organisation/name") + " (" + text_at(to, "/through") + "): " + (why.empty() ? "gets it" : "goes without: " + why));
      }
      print_unequal_access(role, "/unequal_access/by_role", "role");
      print_unequal_access(role, "/unequal_access/by_kind", "kind");
      print_unequal_access(role, "/unequal_access/by_country", "country");
      const auto hours = count_at(role, "/unequal_access/head_start_hours");
      print("      " + (hours.empty() ? std::string("nobody has said when all will know") : hours + " hours before all others"));
    }
    for (const auto& batch : all_at(one, "/shared")) {
      print("  " + text_at(batch, "/role") + " told " + text_at(batch, "/at"));
      for (const auto& to : all_at(batch, "/receivers")) {
        const auto read = text_at(to, "/first_read");
        print("    " + text_at(to, "/organisation/name") + (read.empty() ? "" : ", first read " + read));
      }
      for (const auto& left : all_at(batch, "/left_out")) print("    without it: " + text_at(left, "/organisation/name") + ": " + text_at(left, "/why"));
    }
  }
  return 0;
}

constexpr Option kMitigationId{"--mitigation", "ID", Takes::Required, "which proposal"};
constexpr Option kMitigationRole{"--role", "ROLE", Takes::Required, "who installs it, or who looks for attacks", "deployer|defender"};

// clang-format off
const Verb kMitigationVerbs[] = {
    {"mitigation", "list", "What you were told before publication; for the coordination what is proposed for each role, whom the gate lets have it, and the unequal access that it makes.", "sluice mitigation list c_… --site https://cert.example --token-file token",
     {kCase, kSite, kToken, kJson}, list_mitigations},
    {"mitigation", "note", "Note a workaround, or what detects an attack; without --text what was noted is taken back.", "sluice mitigation note c_… --vulnerability v_… --product u_… --part workaround --text 'Switch the parser off.' --site https://cert.example --token-file token",
     {kCase, {"--vulnerability", "ID", Takes::Required, "of which vulnerability"}, {"--product", "ID", Takes::Required, "in which product"}, {"--part", "PART", Takes::Required, "what it is", "workaround|detection"}, {"--text", "TEXT", Takes::One, "in words"},
      {"--why", "TEXT", Takes::One, "why it is taken back"}, kSite, kToken, kJson}, note_mitigation},
    {"mitigation", "collections", "Choose the collections whose members stand for a role; none: none do.", "sluice mitigation collections c_… --role deployer --collection operators --site https://cert.example --token-file token",
     {kCase, kMitigationRole, {"--collection", "ID", Takes::Many, "by id or alias; again for each"}, kSite, kToken, kJson}, choose_mitigation_collections},
    {"mitigation", "share", "Tell all of a role at one instant, as proposed. A second person confirms it: sluice case confirm.", "sluice mitigation share c_… --mitigation y_… --role deployer --why 'attacks have begun' --who-is-exposed 'operators' --how-badly 'outage' --what-they-can-do 'install it' --site https://cert.example --token-file token",
     {kCase, kMitigationId, kMitigationRole, {"--why", "TEXT", Takes::Required, "why before publication"}, {"--who-is-exposed", "TEXT", Takes::Required, "which users"}, {"--how-badly", "TEXT", Takes::Required, "what may happen to them"},
      {"--what-they-can-do", "TEXT", Takes::Required, "themselves"}, {"--text", "TEXT", Takes::One, "in other words than proposed"}, {"--object", "ID", Takes::Many, "of the prepared objects these alone; again for each"},
      {"--despite", "TEXT", Takes::One, "why it goes out though the gate denies it to some of the role"}, kSite, kToken, kJson}, share_mitigation},
    {"mitigation", "decline", "End a proposal, with the reason.", "sluice mitigation decline c_… --mitigation y_… --why 'the release is tomorrow' --site https://cert.example --token-file token",
     {kCase, kMitigationId, {"--why", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, decline_mitigation},
};
// clang-format on

}  // namespace

std::span<const Verb> mitigation_verbs() { return kMitigationVerbs; }

}  // namespace sluice::cli
