// Looking at cases: the model's size, who knew what when, what the gate would say. All but the first ask a running site.
#include "base/bind.h"
#include "base/time_words.h"
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"
#include "cvd/model.h"

namespace sluice::cli {

namespace {

Result<int> model(const Arguments& a) {
  const auto counts = cvd::model_counts();
  const auto n = [](int number) { return std::to_string(number); };
  if (a.json()) print("{\"states\": " + n(counts.states) + ", \"transitions\": " + n(counts.transitions) + ", \"histories\": " + n(counts.histories) + "}");
  else print(n(counts.states) + " states, " + n(counts.transitions) + " transitions, " + n(counts.histories) + " histories");
  return 0;
}


// An instant to the second, as wide as every other.
std::string column(std::string instant) {
  if (instant.size() > 20) instant = instant.substr(0, 19) + "Z";
  instant.resize(22, ' ');
  return instant;
}

// A body that is told by law: by whom, by which rule, and whether it was.
void print_body(const json::value& body) {
  const auto* expected = find_at(body, "/expected");
  const auto* step = find_at(body, "/step");
  const bool is_done = expected != nullptr && expected->is_bool() && !expected->get_bool();
  const auto at = text_at(body, "/told_at");
  print("    " + std::string(is_done ? "told" : "expected") + (at.empty() ? "" : " " + at) + ": " + text_at(body, "/to") + (step != nullptr && step->is_int64() && step->get_int64() > 1 ? ", through " + text_at(body, "/via") : "") + ", by " + text_at(body, "/rule") + ", " + text_at(body, "/citation"));
}

Result<int> knowers(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  std::string path = "/cases/" + query_escaped(a.get("CASE")) + "/knowers";
  if (const auto at = a.maybe("--as-of")) {
    if (!parse_instant(*at)) return usage("--as-of takes an instant, such as 2021-12-05T00:00:00Z.");
    path += "?as_of=" + query_escaped(*at);
  }
  TRY(const auto answer, client.must("GET", path));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const auto* list = find_at(value, "/knowers");
  if (list == nullptr || !list->is_array()) return print_json(value), 0;
  for (const auto& knower : list->get_array()) {
    const auto first = column(text_at(knower, "/first"));
    const auto in = text_at(knower, "/items/0/case");
    print(first + text_at(knower, "/organisation/name") + " " + text_at(knower, "/organisation/country") + (in.empty() || in == text_at(value, "/case") ? "" : "  (in " + in + ", merged into this case)"));
    for (const auto& body : all_at(knower, "/reaches")) print_body(body);
  }
  for (const auto& one : all_at(value, "/bodies")) print(column(text_at(one, "/at")) + text_at(one, "/to") + "  told by a notice of " + text_at(one, "/by_name") + ", by its word");
  // Unequal access: how much later than the first of all the first of each kind and country had it.
  for (const auto* key : {"kind", "country"})
    for (const auto& one : all_at(value, std::string("/by_") + key)) {
      const auto* seconds = find_at(one, "/seconds");
      const auto later = seconds != nullptr && seconds->is_int64() ? seconds->get_int64() : 0;
      print("by " + std::string(key) + "  " + column(text_at(one, "/first")) + text_at(one, std::string("/") + key) + "  " + (later == 0 ? std::string("the first") : words_of_length(std::chrono::seconds(later)) + " later"));
    }
  const auto* complete = find_at(value, "/complete");
  if (complete != nullptr && complete->is_bool() && !complete->get_bool()) tell("There may be others: you don't see the whole case.");
  return 0;
}

Result<int> requests(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", "/cases/" + query_escaped(a.get("CASE")) + "/requests"));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const auto* list = find_at(value, "/items");
  if (list == nullptr || !list->is_array()) return print_json(value), 0;
  for (const auto& request : list->get_array())
    print(text_at(request, "/id") + "  " + text_at(request, "/state") + "  " + text_at(request, "/command") + "  asked by " + text_at(request, "/asked_by") + ", until " + text_at(request, "/expires"));
  return 0;
}

Result<int> answer_request(const Arguments& a, std::string_view how, const json::object& body) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + "/requests/" + query_escaped(a.get("REQUEST")) + "/" + std::string(how), json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  print(a.get("REQUEST"));
  return 0;
}

Result<int> confirm_request(const Arguments& a) { return answer_request(a, "confirm", {}); }
Result<int> refuse_request(const Arguments& a) { return answer_request(a, "refuse", {{"why", a.get("--reason")}}); }
Result<int> withdraw_request(const Arguments& a) { return answer_request(a, "withdraw", {}); }

Result<int> ask_gate(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto disclosure, read_input(a.get("FILE"), 1 << 20));
  TRY(const auto answer, client.must("POST", "/gate/ask", disclosure));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  print(text_at(value, "/ruling/outcome"));
  if (const auto* complete = find_at(value, "/complete"); complete != nullptr && complete->is_bool() && !complete->get_bool()) print("  from what you may read of the case, which isn't all of it");
  if (const auto* judges = find_at(value, "/ruling/judges"); judges != nullptr && judges->is_array())
    for (const auto& judge : judges->get_array()) {
      print("  " + text_at(judge, "/judge") + ": " + text_at(judge, "/outcome"));
      if (const auto* because = find_at(judge, "/because"); because != nullptr && because->is_array())
        for (const auto& reason : because->get_array()) print("    " + text_at(reason, "/text") + (text_at(reason, "/cite").empty() ? "" : " [" + text_at(reason, "/cite") + "]"));
    }
  if (const auto& onward = all_at(value, "/onward"); !onward.empty()) {
    print("  it would have to tell in its turn, by law:");
    for (const auto& body : onward) print_body(body);
  }
  return 0;
}

Result<int> change_owner(const Arguments& a, std::string_view how, json::object body) {
  TRY(auto client, Client::of(a, true));
  if (const auto why = a.maybe("--why")) body["why"] = *why;
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + "/owner/" + std::string(how), json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(how == "offer" ? "The case is offered. It stays yours until the other organisation takes it." : "Your organisation leads the case.");
  return 0;
}
Result<int> offer(const Arguments& a) { return change_owner(a, "offer", {{"organisation", a.get("--to")}}); }
Result<int> take_case(const Arguments& a) { return change_owner(a, "take", {}); }

constexpr Option kRequest{"REQUEST", "", Takes::Required, "the request's id"};

// clang-format off
const Verb kCaseVerbs[] = {
    {"case", "model", "How large the protocol's model of a case is, counted from the code's tables.", "sluice case model --json", {{"--json", "", Takes::Switch, kJsonHelp}}, model},
    {"case", "knowers", "Who knew what of a case, since when, on what basis.", "sluice case knowers c_… --as-of 2021-12-05T00:00:00Z --site https://cert.example --token-file token --json",
     {{"CASE", "", Takes::Required, "the case's id"}, {"--as-of", "T", Takes::One, "as it stood then; default now"}, kSite, kToken, {"--json", "", Takes::Switch, kJsonHelp}}, knowers},
    {"case", "requests", "What was asked for in a case and takes a second person, and what became of it.", "sluice case requests c_… --site https://cert.example --token-file token", {kCase, kSite, kToken, kJson}, requests},
    {"case", "confirm", "As a second person, confirm what another asked for: it then takes effect. An erasure is confirmed on the case page, since no token may do it.", "sluice case confirm c_… b_… --site https://cert.example --token-file token", {kCase, kRequest, kSite, kToken, kJson}, confirm_request},
    {"case", "refuse", "As a second person, refuse what another asked for.", "sluice case refuse c_… b_… --reason \"They are about to answer\" --site https://cert.example --token-file token",
     {kCase, kRequest, {"--reason", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, refuse_request},
    {"case", "withdraw", "Withdraw what you asked for yourself.", "sluice case withdraw c_… b_… --site https://cert.example --token-file token", {kCase, kRequest, kSite, kToken, kJson}, withdraw_request},
    {"case", "offer", "Offer a case that you lead to another participant; it leads the case once it has taken it.", "sluice case offer c_… --to o_… --why 'several vendors' --site https://cert.example --token-file token",
     {{"CASE", "", Takes::Required, "the case's id"}, {"--to", "ORG", Takes::Required, "a vendor or coordinator that is invited or takes part"}, {"--why", "TEXT", Takes::Required, "for the new owner"}, kSite, kToken, {"--json", "", Takes::Switch, kJsonHelp}}, offer},
    {"case", "take", "Take a case over that was offered; as its coordinator also one whose owner is silent, once an attempt to reach it is on record.", "sluice case take c_… --site https://cert.example --token-file token",
     {{"CASE", "", Takes::Required, "the case's id"}, {"--why", "TEXT", Takes::One, "for all participants; required without an offer"}, kSite, kToken, {"--json", "", Takes::Switch, kJsonHelp}}, take_case},
    {"gate", "ask", "Ask what the gate would say of a disclosure; nothing is sent, nothing recorded.", "sluice gate ask disclosure.json --site https://cert.example --token-file token --json",
     {{"FILE", "", Takes::Required, "a Disclosure as JSON, or - for standard input"}, kSite, kToken, {"--json", "", Takes::Switch, kJsonHelp}}, ask_gate},
};
// clang-format on

}  // namespace

std::span<const Verb> case_verbs() { return kCaseVerbs; }

}  // namespace sluice::cli
