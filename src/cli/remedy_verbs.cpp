// Remedies across tiers: what a vendor or coordinator says of a fix, and who waits for whom. All of it asks a running site.
#include <algorithm>

#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

// Sends the command; what it answers is the acknowledgement, printed where JSON is asked for.
Result<int> send_remedy(const Arguments& a, const std::string& path, const json::object& body, std::string_view done) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  print(done);
  return 0;
}

// What every command on a remedy says: of which product, for which vulnerability; and those of the options that were given.
json::object body_of(const Arguments& a, std::initializer_list<std::pair<const char*, const char*>> options) {
  json::object body{{"vulnerability", a.get("--vulnerability")}, {"product", a.get("--product")}};
  for (const auto& [option, field] : options)
    if (const auto given = a.maybe(option)) body[field] = *given;
  return body;
}

Result<int> step(const Arguments& a) { return send_remedy(a, "/remedies", body_of(a, {{"--step", "step"}, {"--version", "version"}, {"--note", "note"}}), "The step is on record."); }
Result<int> reopen(const Arguments& a) { return send_remedy(a, "/remedies/reopen", body_of(a, {{"--back-to", "back_to"}, {"--found-how", "found_how"}}), "The remedy is reopened."); }
Result<int> test(const Arguments& a) {
  if (a.has("--passed") == a.has("--failed")) return usage("Say --passed or --failed.");
  auto body = body_of(a, {{"--by", "tested_by"}, {"--where", "where"}, {"--reproduction", "reproduction"}, {"--side-effects", "side_effects"}, {"--note", "note"}});
  body["passed"] = a.has("--passed");
  body["partial"] = a.has("--partial");
  return send_remedy(a, "/remedies/assessments", body, "The test is on record.");
}
Result<int> wait(const Arguments& a) { return send_remedy(a, "/remedies/waits", body_of(a, {{"--on", "on"}, {"--until", "at_step"}, {"--label", "label"}, {"--why", "why"}}), "The wait is on record."); }
Result<int> unwait(const Arguments& a) { return send_remedy(a, "/remedies/waits/end", body_of(a, {{"--on", "on"}, {"--why", "why"}}), "It no longer waits."); }
Result<int> block(const Arguments& a) { return send_remedy(a, "/remedies/block", body_of(a, {{"--because", "because"}}), "The remedy is blocked."); }
Result<int> unblock(const Arguments& a) { return send_remedy(a, "/remedies/unblock", body_of(a, {}), "The remedy is free."); }
Result<int> support(const Arguments& a) {
  json::object body{{"supported", a.get("--supported") == "yes"}};
  if (const auto until = a.maybe("--until")) body["until"] = *until;
  if (const auto note = a.maybe("--note")) body["note"] = *note;
  return send_remedy(a, "/products/" + query_escaped(a.get("--product")) + "/support", body, "The support is on record.");
}

Result<int> readiness(const Arguments& a) {
  json::object body{{"rule", a.get("--rule")}, {"why", a.get("--why")}};
  const auto number = [](const std::string& text) -> std::optional<int> {
    if (text.empty() || text.size() > 7 || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    return std::stoi(text);
  };
  if (const auto share = a.maybe("--share")) {
    const auto n = number(*share);
    if (!n) return usage("--share takes a whole number, in per cent.");
    body["share"] = *n;
  }
  json::array weights;
  for (const auto& one : a.all("--weight")) {
    const auto at = one.find('=');
    const auto n = at == std::string::npos ? std::nullopt : number(one.substr(at + 1));
    if (!n) return usage("--weight takes an organisation and a number, such as o_…=40.");
    weights.push_back(json::object{{"organisation", one.substr(0, at)}, {"weight", *n}});
  }
  if (!weights.empty()) body["weights"] = std::move(weights);
  return send_remedy(a, "/releases/readiness", body, "It is agreed, and all participants are told.");
}

Result<int> chain(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  const auto of_case = "/cases/" + query_escaped(a.get("CASE"));
  TRY(const auto answer, client.must("GET", of_case + "/statuses"));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  TRY(const auto products_answer, client.must("GET", of_case + "/products"));
  TRY(const auto products, products_answer.json());
  std::map<std::string, std::string> names;
  if (const auto* list = find_at(products, "/items"); list != nullptr && list->is_array())
    for (const auto& product : list->get_array()) names[text_at(product, "/id")] = text_at(product, "/name");
  const auto name_of = [&](const std::string& id, const std::string& otherwise) { return names.contains(id) ? names[id] : otherwise; };
  const auto* list = find_at(value, "/items");
  if (list == nullptr || !list->is_array()) return print_json(value), 0;
  for (const auto& one : list->get_array()) {
    if (text_at(one, "/product").empty() || (a.has("--vulnerability") && text_at(one, "/vulnerability") != a.get("--vulnerability"))) continue;
    const auto at = text_at(one, "/step");
    print(name_of(text_at(one, "/product"), text_at(one, "/product")) + "  " + (at.empty() ? "no fix yet" : at) + "  to users: " + text_at(one, "/availability/reach") +
          (text_at(one, "/blocked/because").empty() ? "" : "  blocked: " + text_at(one, "/blocked/because")));
    if (const auto* waits = find_at(one, "/waits"); waits != nullptr && waits->is_array())
      for (const auto& w : waits->get_array()) {
        if (!text_at(w, "/ended").empty()) continue;
        const auto* met = find_at(w, "/met");
        const auto reached = text_at(w, "/reached");
        print("    waits for " + name_of(text_at(w, "/on"), text_at(w, "/label")) + " until " + text_at(w, "/at_step") + ": " + (met != nullptr && met->is_bool() && met->get_bool() ? "met" : reached.empty() ? "nothing yet" : reached));
      }
  }
  return 0;
}

constexpr std::string_view kSteps = "identified|developed|validated|distributed|deployed";
constexpr Option kVulnerability{"--vulnerability", "ID", Takes::Required, "of which vulnerability"};
constexpr Option kProduct{"--product", "ID", Takes::Required, "of which product"};
constexpr Option kOnProduct{"--on", "ID", Takes::Required, "the product whose remedy it waits for"};
constexpr Option kNote{"--note", "TEXT", Takes::One, "remarks"};

// clang-format off
const Verb kRemedyVerbs[] = {
    {"remedy", "step", "Record how far a product's remedy is. What waits for another's is out only once that one is.", "sluice remedy step c_… --vulnerability v_… --product u_… --step developed --site https://cert.example --token-file token",
     {kCase, kVulnerability, kProduct, {"--step", "STEP", Takes::Required, "one after the other", kSteps}, {"--version", "V", Takes::One, "the version that is fixed"}, kNote, kSite, kToken, kJson}, step},
    {"remedy", "reopen", "Say that a fix was found incomplete: it goes back, with its history.", "sluice remedy reopen c_… --vulnerability v_… --product u_… --back-to identified --found-how 'a second way in' --site https://cert.example --token-file token",
     {kCase, kVulnerability, kProduct, {"--back-to", "STEP", Takes::Required, "an earlier step", kSteps}, {"--found-how", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, reopen},
    {"remedy", "test", "Say how good a fix is. Without a test that passed none is validated.", "sluice remedy test c_… --vulnerability v_… --product u_… --passed --by 'the finder' --where 'in its laboratory' --site https://cert.example --token-file token",
     {kCase, kVulnerability, kProduct, {"--passed", "", Takes::Switch, "the test passed"}, {"--failed", "", Takes::Switch, "it failed"}, {"--partial", "", Takes::Switch, "it remedies a part of the attack only"},
      {"--by", "TEXT", Takes::Required, "who tested it"}, {"--where", "TEXT", Takes::Required, "where, on what"}, {"--reproduction", "TEXT", Takes::One, "against which reproduction"}, {"--side-effects", "TEXT", Takes::One, "known side effects"}, kNote, kSite, kToken, kJson}, test},
    {"remedy", "wait", "Say that a product's remedy waits for another's; refused where they would wait for each other.", "sluice remedy wait c_… --vulnerability v_… --product u_… --on u_… --label 'the firmware' --why 'it loads it' --site https://cert.example --token-file token",
     {kCase, kVulnerability, kProduct, kOnProduct, {"--until", "STEP", Takes::One, "which step of the other it needs; default distributed", kSteps}, {"--label", "TEXT", Takes::Required, "what the other is, without saying whose"}, {"--why", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, wait},
    {"remedy", "unwait", "End such a wait, with the reason.", "sluice remedy unwait c_… --vulnerability v_… --product u_… --on u_… --why 'the new driver needs no firmware' --site https://cert.example --token-file token",
     {kCase, kVulnerability, kProduct, kOnProduct, {"--why", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, unwait},
    {"remedy", "block", "Say what blocks a remedy.", "sluice remedy block c_… --vulnerability v_… --product u_… --because 'the signing key is out of reach' --site https://cert.example --token-file token",
     {kCase, kVulnerability, kProduct, {"--because", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, block},
    {"remedy", "unblock", "Say that nothing blocks a remedy any more.", "sluice remedy unblock c_… --vulnerability v_… --product u_… --site https://cert.example --token-file token", {kCase, kVulnerability, kProduct, kSite, kToken, kJson}, unblock},
    {"remedy", "support", "Say whether a product is supported, and until when.", "sluice remedy support c_… --product u_… --supported yes --until 2027-06-30T00:00:00Z --site https://cert.example --token-file token",
     {kCase, kProduct, {"--supported", "ANSWER", Takes::Required, "is it?", "yes|no"}, {"--until", "T", Takes::One, "the end of its support, ahead or past"}, kNote, kSite, kToken, kJson}, support},
    {"remedy", "chain", "Who waits for whom, and which fixes users can have.", "sluice remedy chain c_… --site https://cert.example --token-file token", {kCase, {"--vulnerability", "ID", Takes::One, "of this vulnerability alone"}, kSite, kToken, kJson}, chain},
    {"release", "readiness", "As the case owner, agree how many vendors have to be ready for a release.", "sluice release readiness c_… --rule quorum --share 75 --weight o_…=40 --why 'they serve most users' --site https://cert.example --token-file token",
     {kCase, {"--rule", "RULE", Takes::Required, "all, more than half, or a share of the weights", "unanimity|majority|quorum"}, {"--share", "N", Takes::One, "in per cent; of a quorum"}, {"--weight", "ORG=N", Takes::Many, "how much a vendor counts; again for each"},
      {"--why", "TEXT", Takes::Required, "all participants read it"}, kSite, kToken, kJson}, readiness},
};
// clang-format on

}  // namespace

std::span<const Verb> remedy_verbs() { return kRemedyVerbs; }

}  // namespace sluice::cli
