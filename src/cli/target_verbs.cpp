// Time targets, silent vendors, duplicates and credit, by the API of a running site.
#include <charconv>

#include "base/bind.h"
#include "cli/answers.h"
#include "cli/client.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

Result<int> post_target(const Arguments& a, const std::string& path, const json::object& body, std::string_view id, std::string_view said) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const auto made = string_at(value, id);
  print(made.empty() ? said : made);
  return 0;
}

std::string in_case(const Arguments& a, std::string_view part) { return "/cases/" + query_escaped(a.get("CASE")) + std::string(part); }

Result<void> weigh(const Arguments& a, json::object& body) {
  json::object weighed;
  for (const auto& [flag, key] : {std::pair{"--severity", "severity"}, {"--exploitation", "exploitation"}, {"--complexity", "complexity"}, {"--tests", "tests"}}) put_if(weighed, a, flag, key);
  for (const auto& [flag, key] : {std::pair{"--parties", "parties"}, {"--layers", "layers"}})
    if (const auto text = a.maybe(flag)) {
      int number = 0;
      const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
      if (error != std::errc{} || end != text->data() + text->size()) return usage(std::string(flag) + " takes a whole number.");
      weighed[key] = number;
    }
  body["weighed"] = std::move(weighed);
  return {};
}

Result<int> list_targets(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", in_case(a, "/targets")));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const auto each = [&](std::string_view pointer, auto&& show) {
    if (const auto* list = find_at(value, pointer); list != nullptr && list->is_array())
      for (const auto& one : list->get_array()) show(one);
  };
  const auto name = [](const json::value& one) {
    const auto* organisation = find_at(one, "/organisation");
    return organisation != nullptr && organisation->is_object() ? std::string(string_at(*organisation, "name")) : std::string();
  };
  each("/items", [&](const json::value& one) {
    const auto whose = name(one);
    print(std::string(string_at(one, "id")) + "  " + std::string(string_at(one, "by")) + "  " + std::string(string_at(one, "state")) + "  " + std::string(string_at(one, "step")) + (whose.empty() ? "" : "  " + whose));
    const auto* haste = find_at(one, "/haste");
    if (haste != nullptr && haste->is_bool() && haste->get_bool()) tell("Risk of haste: the remedy isn't validated. " + std::string(string_at(one, "id")));
  });
  each("/silent", [&](const json::value& one) {
    print("silent  " + name(one) + "  since " + std::string(string_at(one, "waited_since")));
    if (const auto* missing = find_at(one, "/missing"); missing != nullptr && missing->is_array())
      for (const auto& words : missing->get_array())
        if (words.is_string()) print("  " + std::string(words.get_string()));
  });
  return 0;
}

Result<int> agree(const Arguments& a) {
  json::object body{{"step", a.get("--step")}, {"by", a.get("--by")}, {"why", a.get("--why")}};
  for (const auto& [flag, key] : {std::pair{"--organisation", "organisation"}, {"--product", "product"}, {"--vulnerability", "vulnerability"}}) put_if(body, a, flag, key);
  TRY(weigh(a, body));
  return post_target(a, in_case(a, "/targets"), body, "target", "The target is agreed.");
}
Result<int> move_target(const Arguments& a) {
  json::object body{{"by", a.get("--by")}, {"what_changed", a.get("--what-changed")}};
  TRY(weigh(a, body));
  return post_target(a, in_case(a, "/targets/") + query_escaped(a.get("TARGET")) + "/move", body, "target", "The target is moved.");
}
Result<int> drop_target(const Arguments& a) { return post_target(a, in_case(a, "/targets/") + query_escaped(a.get("TARGET")) + "/drop", {{"why", a.get("--why")}}, "target", "The target is dropped."); }

Result<int> escalate(const Arguments& a) {
  json::object body{{"to", a.get("--to")}, {"why", a.get("--why")}};
  put_if(body, a, "--organisation", "organisation");
  return post_target(a, in_case(a, "/escalations"), body, "", "The escalation is on record.");
}

Result<int> without(const Arguments& a) {
  json::object body{{"vendor", a.get("--vendor")}, {"why", a.get("--why")}, {"who_is_exposed", a.get("--exposed")}, {"how_badly", a.get("--how-badly")}, {"what_they_can_do", a.get("--can-do")}};
  put_if(body, a, "--organisation", "organisation");
  return post_target(a, in_case(a, "/without"), body, "request", "The decision is on record.");
}

Result<int> duplicate(const Arguments& a) { return post_target(a, in_case(a, "/duplicates"), {{"report", a.get("--report")}, {"of", a.get("--of")}, {"why", a.get("--why")}}, "", "The reports are linked. The sender learns nothing of the other report."); }

// With a token as an organisation, else as the reporter whose code stands on standard input.
Result<int> credit(const Arguments& a) {
  if (a.has("--none") == a.has("--name")) return usage("Give --name NAME, or --none.");
  TRY(auto client, a.has("--token-file") ? Client::of(a, true) : Client::make(a.get("--site")));
  Client::Headers key;
  if (!a.has("--token-file")) {
    TRY(const auto code, read_secret("-", "report code"));
    key.emplace_back("Sluice-Report-Code", code);
  }
  json::object body{{"wanted", !a.has("--none")}};
  put_if(body, a, "--name", "name");
  TRY(const auto answer, client.must("POST", "/reports/" + query_escaped(a.get("REPORT")) + "/credit", json::serialize(body), key));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  print(a.has("--none") ? "You want no credit." : "You want to be credited as " + a.get("--name") + ".");
  return 0;
}

constexpr Option kTarget{"TARGET", "", Takes::Required, "the target's id"};
constexpr Option kSeverity{"--severity", "TEXT", Takes::One, "weighed from: how severe"};
constexpr Option kExploitation{"--exploitation", "TEXT", Takes::One, "weighed from: attacks or exploits"};
constexpr Option kComplexity{"--complexity", "TEXT", Takes::One, "weighed from: how hard the remedy is"};
constexpr Option kTests{"--tests", "TEXT", Takes::One, "weighed from: the tests it needs"};
constexpr Option kParties{"--parties", "N", Takes::One, "weighed from: how many parties"};
constexpr Option kLayers{"--layers", "N", Takes::One, "weighed from: how many layers of suppliers"};

// clang-format off
const Verb kTargetVerbs[] = {
    {"case", "targets", "Time targets of a case and how they stand; for its coordination also who is silent, and what is missing before the case goes on without it.", "sluice case targets c_… --site https://cert.example --token-file token", {kCase, kSite, kToken, kJson}, list_targets},
    {"case", "escalate", "Record that you escalated: to another contact of a vendor, another coordinator, a higher level.", "sluice case escalate c_… --to 'its chief of security' --why 'no answer to two mails' --organisation o_… --site https://cert.example --token-file token",
     {kCase, {"--to", "TEXT", Takes::Required, "to whom"}, {"--why", "TEXT", Takes::Required, "the reason"}, {"--organisation", "ORG", Takes::One, "the organisation that is silent"}, kSite, kToken, kJson}, escalate},
    {"case", "without", "Decide to go on without a vendor that doesn't answer. Refused with what is missing until attempts and a reasonable time are on record; a second person confirms.",
     "sluice case without c_… --organisation o_… --vendor 'Example Vendor' --why 'no answer in six weeks' --exposed 'all users' --how-badly 'remote code execution' --can-do 'switch the feature off' --site https://cert.example --token-file token",
     {kCase, {"--vendor", "NAME", Takes::Required, "its name, as in the attempts on record"}, {"--organisation", "ORG", Takes::One, "its organisation, if it is on this site"}, {"--why", "TEXT", Takes::Required, "the reason"}, {"--exposed", "TEXT", Takes::Required, "which users are exposed"},
      {"--how-badly", "TEXT", Takes::Required, "how badly"}, {"--can-do", "TEXT", Takes::Required, "what they can do about it"}, kSite, kToken, kJson}, without},
    {"case", "duplicate", "Link a report of a case to the one that it duplicates. Its sender keeps mailbox and credit, and learns nothing of the other.", "sluice case duplicate c_… --report r_… --of r_… --why 'same function' --site https://cert.example --token-file token",
     {kCase, {"--report", "REPORT", Takes::Required, "the later report"}, {"--of", "REPORT", Takes::Required, "the report it belongs to"}, {"--why", "TEXT", Takes::Required, "for the coordination"}, kSite, kToken, kJson}, duplicate},
    {"target", "agree", "Agree on a date for a step of a case, with what it was weighed from. It ends and extends no embargo.", "sluice target agree c_… --step develop --by 2026-03-01T12:00:00Z --severity critical --parties 4 --why 'as all vendors said' --site https://cert.example --token-file token",
     {kCase, {"--step", "STEP", Takes::Required, "what is to be done by then", "acknowledge|validate|identify|develop|test|distribute|deploy|publish"}, {"--by", "INSTANT", Takes::Required, "RFC 3339 with a zone"}, {"--why", "TEXT", Takes::Required, "why this date"},
      {"--organisation", "ORG", Takes::One, "whose part; default the whole case"}, {"--product", "PRODUCT", Takes::One, "of one product"}, {"--vulnerability", "VULNERABILITY", Takes::One, "of one vulnerability"},
      kSeverity, kExploitation, kComplexity, kTests, kParties, kLayers, kSite, kToken, kJson}, agree},
    {"target", "move", "Move a target, with what has changed.", "sluice target move c_… j_… --by 2026-03-15T12:00:00Z --what-changed 'a third platform is hit' --site https://cert.example --token-file token",
     {kCase, kTarget, {"--by", "INSTANT", Takes::Required, "the new date"}, {"--what-changed", "TEXT", Takes::Required, "the reason"}, kSeverity, kExploitation, kComplexity, kTests, kParties, kLayers, kSite, kToken, kJson}, move_target},
    {"target", "drop", "Drop a target, with the reason.", "sluice target drop c_… j_… --why 'not affected after all' --site https://cert.example --token-file token", {kCase, kTarget, {"--why", "TEXT", Takes::Required, "the reason"}, kSite, kToken, kJson}, drop_target},
    {"report", "credit", "Say, as the reporter, whether and under which name to be credited. Without a token: with the report code on standard input.", "sluice report credit r_… --name 'Ada Example' --site https://cert.example",
     {{"REPORT", "", Takes::Required, "the report's id"}, {"--name", "NAME", Takes::One, "as it should stand in the advisory"}, {"--none", "", Takes::Switch, "no credit"}, kSite, {"--token-file", "FILE", Takes::One, "an API token, if it was sent with an account"}, kJson}, credit},
};
// clang-format on

}  // namespace

std::span<const Verb> target_verbs() { return kTargetVerbs; }

}  // namespace sluice::cli
