// Decisions of a person in a case, what the gate ruled, claims about the world, and where a product is sold: what laws and the gate rest on, from the command line.
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

void put_list(json::object& body, const Arguments& a, std::string_view option, std::string_view key) {
  if (const auto values = a.all(option); !values.empty()) body[key] = json::array(values.begin(), values.end());
}

// What was made; or, where a second person has to confirm it, the request that waits for one.
Result<int> post_decision(const Arguments& a, const std::string& path, const json::object& body, std::string_view made) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  if (const auto request = said_at(value, "/request"); !request.empty()) return print(request), tell("It waits for a second person: `sluice case requests` lists it."), 0;
  print(said_at(value, "/" + std::string(made)));
  return 0;
}

Result<int> decide(const Arguments& a) {
  json::object body{{"kind", a.get("KIND")}, {"reason", a.get("--why")}, {"who_is_exposed", a.get("--exposed")}, {"how_badly", a.get("--how-badly")}, {"what_they_can_do", a.get("--can-do")}};
  put_if(body, a, "--about", "about");
  put_list(body, a, "--rule", "rules");
  return post_decision(a, at_case(a) + "/decisions", body, "decision");
}

Result<int> decisions(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_case(a) + "/decisions"));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  for (const auto& one : all_at(value, "/items")) {
    print(said_at(one, "/decision") + "  " + said_at(one, "/kind") + "  " + said_at(one, "/at") + (said_at(one, "/by").empty() ? "" : "  by " + said_at(one, "/by")) + (said_at(one, "/second").empty() ? "" : " and " + said_at(one, "/second")) +
          (said_at(one, "/about").empty() ? "" : "  about " + said_at(one, "/about")) + ": " + said_at(one, "/reason"));
    for (const auto& rule : all_at(one, "/rules")) print("    sets aside " + said_at(rule, ""));
  }
  return 0;
}

Result<int> rulings(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_case(a) + "/rulings"));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  for (const auto& one : all_at(value, "/items")) {
    const auto to = said_at(one, "/disclosure/audience/id");
    const auto* count = find_at(one, "/count");
    print(said_at(one, "/ruling/id") + "  " + said_at(one, "/ruling/outcome") + "  " + said_at(one, "/disclosure/at") + "  " + said_at(one, "/disclosure/content/object") + " to " + said_at(one, "/disclosure/audience/kind") + (to.empty() ? "" : " " + to) + " by " +
          said_at(one, "/disclosure/channel") + (count == nullptr ? "" : ", " + json::serialize(*count) + " times, last at " + said_at(one, "/last")));
    for (const auto& judge : all_at(one, "/ruling/judges"))
      if (said_at(judge, "/outcome") == "deny")
        for (const auto& because : all_at(judge, "/because")) print("    " + said_at(judge, "/judge") + ": " + said_at(because, "/text") + (said_at(because, "/cite").empty() ? "" : " [" + said_at(because, "/cite") + "]"));
  }
  return 0;
}

Result<int> claim_fact(const Arguments& a) {
  json::object body{{"fact", a.get("FACT")}, {"evidence", a.get("--evidence")}};
  put_if(body, a, "--vulnerability", "vulnerability"), put_if(body, a, "--occurred", "occurred");
  return post_decision(a, at_case(a) + "/claims", body, "claim");
}

Result<int> place_product(const Arguments& a) {
  json::object body{{"markets", json::array()}};
  put_list(body, a, "--market", "markets"), put_list(body, a, "--published", "published");
  put_if(body, a, "--kind", "kind");
  for (const auto* key : {"consumer", "commercial"})
    if (const auto word = a.maybe(std::string("--") + key)) body[key] = *word == "yes";
  return post_decision(a, at_case(a) + "/products/" + query_escaped(a.get("PRODUCT")) + "/placement", body, "entry");
}

// clang-format off
const Verb kDecisionVerbs[] = {
    {"case", "decide", "Record a decision to tell, withhold, wait, waive or override, with the users' risk; prints its id, or the request that waits for a second person.",
     "sluice case decide c_… override --why 'users are attacked' --exposed 'all users' --how-badly 'badly' --can-do 'refuse long names' --rule cn-rmsv-2021/art9-1 --site https://cert.example --token-file token",
     {kCase, {"KIND", "", Takes::Required, "what is decided", "tell|withhold|wait|waive|override"}, {"--why", "TEXT", Takes::Required, "the reason; stays on record"}, {"--exposed", "TEXT", Takes::Required, "who is exposed"},
      {"--how-badly", "TEXT", Takes::Required, "how badly"}, {"--can-do", "TEXT", Takes::Required, "what they can do"}, {"--about", "ORG", Takes::One, "the organisation that it is about"},
      {"--rule", "RULE", Takes::Many, "of an override: a rule that it sets aside; without one, all that deny it at that moment"}, kSite, kToken, kJson}, decide},
    {"case", "decisions", "Recorded decisions of a case: which, when, by whom, why.", "sluice case decisions c_… --site https://cert.example --token-file token --json", {kCase, kSite, kToken, kJson}, decisions},
    {"case", "rulings", "What the gate ruled in a case: on what, to whom, and what stood in the way.", "sluice case rulings c_… --site https://cert.example --token-file token --json", {kCase, kSite, kToken, kJson}, rulings},
    {"case", "claim", "Claim that it is public, that an exploit is, or that it is attacked; prints the claim's id. A person adopts it.", "sluice case claim c_… a --vulnerability v_… --evidence 'seen in a honeypot' --site https://cert.example --token-file token",
     {kCase, {"FACT", "", Takes::Required, "p: public; x: an exploit is public; a: attacked", "p|x|a"}, {"--evidence", "TEXT", Takes::Required, "how one knows"}, {"--vulnerability", "ID", Takes::One, "which one"}, {"--occurred", "T", Takes::One, "when it happened; default now"},
      kSite, kToken, kJson}, claim_fact},
    {"case", "place", "Say where a product is sold and as what; this takes the place of what was said of it before.", "sluice case place c_… p_… --market EU --market CN --kind product --commercial yes --site https://cert.example --token-file token",
     {kCase, {"PRODUCT", "", Takes::Required, "its id"}, {"--market", "PLACE", Takes::Many, "where it is sold, such as EU"}, {"--kind", "WORD", Takes::One, "such as product or service: a word of the packs"}, {"--consumer", "YES-NO", Takes::One, "whether consumers buy it", "yes|no"},
      {"--commercial", "YES-NO", Takes::One, "whether it is offered commercially", "yes|no"}, {"--published", "WHAT", Takes::Many, "what its provider has published, such as support-end"}, kSite, kToken, kJson}, place_product},
};
// clang-format on

}  // namespace

std::span<const Verb> decision_verbs() { return kDecisionVerbs; }

}  // namespace sluice::cli
