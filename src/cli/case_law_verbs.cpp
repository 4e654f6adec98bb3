// Law and standards of a case: what is in scope and why, the facts with their origins, what is owed by when, what the rules say. And what a text looks as if it contained.
#include <algorithm>
#include <thread>

#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"
#include "service/regimes.h"

namespace sluice::cli {

namespace {

std::string text_in(const json::value& value, std::string_view key) { return std::string(string_at(value, key)); }

Result<std::string> path_as_of(const Arguments& a, std::string_view part) {
  std::string path = "/cases/" + query_escaped(a.get("CASE")) + "/" + std::string(part);
  if (const auto at = a.maybe("--as-of")) {
    if (!parse_instant(*at)) return usage("--as-of takes an instant, such as 2026-12-05T00:00:00Z.");
    path += (path.find('?') == std::string::npos ? "?as_of=" : "&as_of=") + query_escaped(*at);
  }
  return path;
}

Result<json::value> asked(const Arguments& a, std::string_view part) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto path, path_as_of(a, part));
  TRY(const auto answer, client.must("GET", path));
  return answer.json();
}

std::string name_of_party(const json::value& answer, std::string_view id) {
  if (const auto* list = find_at(answer, "/parties"); list != nullptr && list->is_array())
    for (const auto& one : list->get_array())
      if (string_at(one, "id") == id) return text_in(one, "name");
  return std::string(id);
}

bool is_false(const json::value& value, std::string_view key) {
  const auto* found = value.is_object() ? value.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_bool() && !found->get_bool();
}

bool has_true(const json::value& value, std::string_view key) {
  const auto* found = value.is_object() ? value.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_bool() && found->get_bool();
}

void show_own_word(const json::value& duty) {
  for (const auto& one : all_at(duty, "/rests_on")) print("    by its own word: " + text_in(one, "fact") + ": " + text_in(one, "why"));
  if (const auto* without = find_at(duty, "/without")) print("    without that: " + text_in(*without, "state") + (text_in(*without, "due").empty() ? "" : ", due " + text_in(*without, "due")));
}

void show_duties_of(const json::value& answer, const json::array& duties) {
  for (const auto& duty : duties) {
    const auto due = text_in(duty, "due");
    print(text_in(duty, "state") + "  " + (due.empty() ? "no date" : due) + "  " + name_of_party(answer, text_in(duty, "on")) + (text_in(duty, "to").empty() ? "" : " to " + text_in(duty, "to")) + "  " + text_in(duty, "rule") + ", " + text_in(duty, "citation") +
          " (" + text_in(duty, "force") + (is_false(duty, "verified") ? ", not verified" : "") + "): " + text_in(duty, "says"));
    if (const auto event = text_in(duty, "waits_for"); !event.empty()) print("    waits for " + event + (has_true(duty, "not_stated") ? ", of which nobody has stated when it was" : ""));
    show_own_word(duty);
  }
}

Result<int> duties(const Arguments& a) {
  TRY(const auto answer, asked(a, "duties"));
  if (a.json()) return print(json::serialize(answer)), 0;
  show_duties_of(answer, all_at(answer, "/items"));
  if (all_at(answer, "/items").empty()) tell("Nothing is owed.");
  tell(text_in(answer, "note"));
  return 0;
}

// Over all cases. While the site still works them out it says how far it is, and asks again; then as many pages as there are.
Result<int> due(const Arguments& a) {
  constexpr int kWaits = 60;
  TRY(auto client, Client::of(a, true));
  std::string path = "/duties?limit=200&of=" + query_escaped(a.get("--of", "own"));
  if (const auto states = a.all("--state"); !states.empty()) {
    std::string list;
    for (const auto& one : states) list += (list.empty() ? "" : ",") + one;
    path += "&state=" + query_escaped(list);
  }
  json::value answer;
  const auto number = [&](std::string_view key) { return json::serialize(answer.at(key)); };
  for (int tries = 0;; ++tries) {
    TRY(const auto got, client.must("GET", path));
    TRY(answer, got.json());
    if (!is_false(answer, "complete") || tries == kWaits) break;
    tell("Of your " + number("of") + " cases " + number("clocked") + " are worked out so far.");
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  for (auto next = text_in(answer, "next"); !next.empty();) {
    TRY(const auto got, client.must("GET", path + "&cursor=" + query_escaped(next)));
    TRY(const auto more, got.json());
    for (const auto& one : all_at(more, "/items")) answer.as_object()["items"].as_array().push_back(one);
    next = text_in(more, "next");
  }
  answer.as_object().erase("next");
  if (a.json()) return print(json::serialize(answer)), 0;
  for (const auto& duty : all_at(answer, "/items")) {
    const auto to = text_in(duty, "to"), at = text_in(duty, "due");
    const auto state = text_in(duty, "state");
    const bool is_stopped = state == "waiting" || state == "not-triggered";  // by the debtor's own word
    print(state + "  " + (!at.empty() ? at : is_stopped ? "no date" : "now") + "  " + text_in(duty, "case") + "  " + text_in(duty, "on_name") + (to.empty() ? "" : " to " + to) + "  " + text_in(duty, "rule") + ", " + text_in(duty, "citation") + " (" +
          text_in(duty, "force") + (is_false(duty, "verified") ? ", not verified" : "") + "): " + text_in(duty, "says"));
    show_own_word(duty);
  }
  for (const auto& id : all_at(answer, "/not_asked"))
    if (id.is_string()) tell("A part of " + std::string(id.get_string()) + " could not be asked about: `sluice case duties` says why.");
  if (is_false(answer, "complete")) tell("Of your " + number("of") + " cases " + number("clocked") + " are worked out so far: more may be due.");
  else if (all_at(answer, "/items").empty()) tell("Nothing is due.");
  tell(text_in(answer, "note"));
  return 0;
}

void show_scope_of(const json::value& answer, const json::array& regimes) {
  for (const auto& one : regimes) {
    if (text_in(one, "state") == "out") continue;
    print(text_in(one, "state") + "  " + text_in(one, "regime") + " (" + text_in(one, "force") + "): " + text_in(one, "title"));
    for (const auto& reason : all_at(one, "/because")) {
      std::string facts;
      for (const auto& fact : all_at(reason, "/facts"))
        if (fact.is_string()) facts += (facts.empty() ? "" : ", ") + std::string(fact.get_string());
      print("    " + name_of_party(answer, text_in(reason, "party")) + ": " + facts);
    }
    for (const auto& question : all_at(one, "/questions"))
      if (question.is_string()) print("    not known: " + std::string(question.get_string()));
  }
}

// What nobody has said: a line a party, since the questions of one are asked in one place, its profile.
void show_not_said(const json::value& answer) {
  std::vector<std::pair<std::string, std::string>> flags;   // party, its flags
  for (const auto& one : all_at(answer, "/not_said")) {
    const auto party = text_in(one, "party");
    const auto found = std::find_if(flags.begin(), flags.end(), [&](const auto& f) { return f.first == party; });
    if (found == flags.end()) flags.emplace_back(party, text_in(one, "flag"));
    else found->second += ", " + text_in(one, "flag");
  }
  for (const auto& [party, list] : flags) print("not said of " + name_of_party(answer, party) + ", and laws hang on it: " + list);
  if (!flags.empty()) tell("Whether it is so, each one's profile can say; --json has every question in full, with the laws.");
}

Result<int> scope(const Arguments& a) {
  TRY(const auto answer, asked(a, "scope"));
  if (a.json()) return print(json::serialize(answer)), 0;
  show_scope_of(answer, all_at(answer, "/regimes"));
  show_not_said(answer);
  tell(text_in(answer, "note"));
  return 0;
}

// A fact by the name that `case correct` takes: of a party and an act by id, of an event by its name.
const json::value* fact_in(const json::value& facts, std::string_view pointer) {
  for (const std::string_view list : {"/parties/", "/actions/"}) {
    if (!pointer.starts_with(list)) continue;
    const auto rest = pointer.substr(list.size());
    const auto id = rest.substr(0, rest.find('/'));
    for (const auto& one : all_at(facts, list.substr(0, list.size() - 1)))
      if (string_at(one, "id") == id) return id.size() == rest.size() ? &one : find_at(one, rest.substr(id.size()));
    return nullptr;
  }
  return find_at(facts, pointer);
}

std::string value_words(const json::value& answer, const json::value& value) {
  if (value.is_string()) return name_of_party(answer, value.get_string());
  if (!value.is_array() && !value.is_object()) return json::serialize(value);
  std::string out;
  if (value.is_array())
    for (const auto& one : value.get_array()) out += (out.empty() ? "" : ", ") + value_words(answer, one);
  else
    for (const auto& [key, one] : value.get_object())
      if (key != "id") out += (out.empty() ? "" : ", ") + std::string(key) + " " + value_words(answer, one);
  return value.is_array() && value.get_array().empty() ? "none" : out;
}

// One fact a line with its value and where it comes from.
Result<int> facts(const Arguments& a) {
  TRY(const auto answer, asked(a, "facts"));
  if (a.json()) return print(json::serialize(answer)), 0;
  for (const auto& item : all_at(answer, "/items")) {
    if (const auto provider = text_in(item, "provider"); !provider.empty()) print("As to the product of " + name_of_party(answer, provider) + ":");
    for (const auto& origin : all_at(item, "/origins")) {
      const auto* value = fact_in(item.at("facts"), text_in(origin, "fact"));
      const auto* instead = origin.as_object().if_contains("instead_of");
      print(text_in(origin, "fact") + " = " + (value == nullptr ? "not known" : value_words(answer, *value)) + (instead == nullptr ? "" : ", instead of " + value_words(answer, *instead)) + "  from " + text_in(origin, "kind") + " " + name_of_party(answer, text_in(origin, "of")) + (text_in(origin, "at").empty() ? "" : ", " + text_in(origin, "at")) + (text_in(origin, "why").empty() ? "" : ": " + text_in(origin, "why")));
    }
  }
  return 0;
}

void show_plan_of(const json::value& evaluation) {
  for (const auto& one : all_at(evaluation, "/plan/actions")) {
    const auto at = text_in(one, "at"), wished = text_in(one, "wished");
    print("plan " + text_in(one, "action") + ": " + (at.empty() ? "not at all" : at) + (wished.empty() || wished == at ? "" : ", wished " + wished));
    for (const auto& because : all_at(one, "/because"))
      if (!text_in(because, "why").empty()) print("    " + text_in(because, "bound") + ": " + text_in(because, "why"));
  }
  for (const auto& one : all_at(evaluation, "/plan/beside")) print("plan: something more for " + text_in(one, "rule") + " on " + text_in(one, "on") + (text_in(one, "due").empty() ? "" : ", due " + text_in(one, "due")));
  for (const auto& one : all_at(evaluation, "/depends_on"))
    for (const auto& change : all_at(one, "/changes"))
      if (change.is_string()) print("if " + text_in(one, "reading") + " were read as " + text_in(one, "otherwise") + ": " + std::string(change.get_string()));
}

// With --plan it takes a turn at the site; without, the answer comes at once and has the ways out in it.
Result<int> evaluate_case(const Arguments& a) {
  if (a.has("--html")) {
    if (a.json() || a.has("--plan")) return usage("--html goes without --json and --plan: the page has the best dates in it.");
    TRY(auto client, Client::of(a, true));
    TRY(const auto path, path_as_of(a, "regimes/page"));
    TRY(const auto answer, client.must("GET", path));
    if (const auto to = a.maybe("--out")) {
      TRY(write_output(*to, answer.body));
    } else {
      print(answer.body);
    }
    return 0;
  }
  if (a.has("--out")) return usage("--out goes with --html.");
  TRY(const auto answer, asked(a, a.has("--plan") ? "regimes?plan=true" : "regimes"));
  if (a.json()) return print(json::serialize(answer)), 0;
  show_scope_of(answer, all_at(answer, "/scope/regimes"));
  for (const auto& one : all_at(answer, "/evaluations")) {
    if (const auto* outcomes = find_at(one, "/outcomes"); outcomes != nullptr && outcomes->is_object())
      for (const auto& outcome : outcomes->get_object()) {
        print(std::string(outcome.key()) + ": " + std::string(outcome.value().as_string()));
        for (const auto& verdict : all_at(one, "/verdicts"))
          if (string_at(verdict, "action") == std::string_view(outcome.key()))
            print("    " + text_in(verdict, "verdict") + " (" + text_in(verdict, "force") + (is_false(verdict, "verified") ? ", not verified" : "") + ") " + text_in(verdict, "rule") + ", " + text_in(verdict, "citation") + ": " + text_in(verdict, "why"));
      }
    for (const auto& conflict : all_at(one, "/conflicts")) {
      std::string rules;
      for (const auto& rule : all_at(conflict, "/rules")) rules += (rules.empty() ? "" : " + ") + std::string(rule.as_string());
      print(text_in(conflict, "kind") + ": " + rules + ": " + text_in(conflict, "why"));
    }
    if (const auto* more = find_at(one, "/more"); more != nullptr && *more == json::value(true)) print("There are more conflicts than these, or may be.");
    for (const auto& way : all_at(one, "/ways_out")) print("way out: " + text_in(way, "says"));
    if (const auto note = text_in(one, "ways_out_note"); !note.empty()) print("ways out: " + note);
    if (const auto none = text_in(one, "no_ways_out"); !none.empty()) print("no way out is given: " + none);
    show_plan_of(one);
  }
  show_duties_of(answer, all_at(answer, "/duties"));
  for (const auto& one : all_at(answer, "/findings")) tell(text_in(one, "message") + " (" + text_in(one, "where") + ")");
  if (is_false(answer, "complete")) tell("From what you may read of the case, which isn't all of it.");
  tell(text_in(answer, "note"));
  return 0;
}

Result<int> posted(const Arguments& a, const std::string& path, const json::object& body) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  print(text_in(value, "entry"));
  return 0;
}

Result<int> confirm_scope(const Arguments& a) {
  json::array regimes;
  for (const auto& id : a.all("--in")) regimes.push_back(json::object{{"regime", id}, {"in", true}});
  for (const auto& id : a.all("--out")) regimes.push_back(json::object{{"regime", id}, {"in", false}, {"why", a.get("--why")}});
  json::object body{{"regimes", std::move(regimes)}, {"why", a.get("--why")}};
  if (const auto drafts = a.all("--assume"); !drafts.empty()) body["assumed"] = json::array(drafts.begin(), drafts.end());
  json::array readings;
  for (const auto& one : a.all("--reading")) {
    const auto is = one.find('=');
    if (is == std::string::npos) return usage("--reading takes REGIME.READING=CHOICE.");
    readings.push_back(json::object{{"reading", one.substr(0, is)}, {"choice", one.substr(is + 1)}});
  }
  if (!readings.empty()) body["readings"] = std::move(readings);
  return posted(a, "/scope", body);
}

Result<int> correct(const Arguments& a) {
  if (a.maybe("--end")) return posted(a, "/facts/corrections/end", {{"fact", a.get("FACT")}, {"why", a.get("--why")}});
  const auto value = a.maybe("--value");
  if (!value) return usage("Give --value as JSON, such as '[\"EU\"]', 'null' or '\"yes\"', or --end.");
  const auto read = parse_json(*value);
  if (!read) return usage("--value is JSON: '[\"EU\"]', 'null', '\"yes\"'.");
  return posted(a, "/facts/corrections", {{"fact", a.get("FACT")}, {"value", *read}, {"why", a.get("--why")}});
}

Result<int> check_content(const Arguments& a) {
  TRY(const auto text, read_input(a.get("FILE"), 16 << 20));
  const auto signs = service::signs_of(text);
  if (a.json()) return print_json(json::object{{"items", signs}}), 0;
  for (const auto& one : signs) print(a.get("FILE") + ":" + std::to_string(one.at("line").to_number<int>()) + ": " + text_in(one, "what") + " (" + text_in(one, "kind") + "); class " + text_in(one, "proposes"));
  if (signs.empty()) tell("Nothing found. That proves nothing: who wrote it knows best.");
  return 0;
}

constexpr Option kCaseAsOf{"--as-of", "T", Takes::One, "as it stands then; default now"};

// clang-format off
const Verb kCaseLawVerbs[] = {
    {"case", "duties", "What laws and standards ask of whom in a case, to whom and by when, the most urgent first.", "sluice case duties c_… --site https://cert.example --token-file token --json", {kCase, kCaseAsOf, kSite, kToken, kJson}, duties},
    {"case", "due", "What is due by law and policy over all your open cases, by the instant it is due. Waits up to a minute while the site works it out.", "sluice case due --site https://cert.example --token-file token --json",
     {{"--of", "WHOSE", Takes::One, "your own organisation's duties, or those of all parties that you see; default own", "own|all"}, {"--state", "STATE", Takes::Many, "only these: open, missed, waiting, not-triggered (by the debtor's own word alone, and shown only where it is asked for)", "open|missed|waiting|not-triggered"}, kSite, kToken, kJson}, due},
    {"case", "facts", "The facts of a case that laws ask for, each with where it comes from.", "sluice case facts c_… --site https://cert.example --token-file token --json", {kCase, kCaseAsOf, kSite, kToken, kJson}, facts},
    {"case", "scope", "Which laws and standards are in scope of a case, why, and who confirmed it.", "sluice case scope c_… --site https://cert.example --token-file token --json", {kCase, kCaseAsOf, kSite, kToken, kJson}, scope},
    {"case", "evaluate", "What laws, drafts, standards and policies say of each act of a case; its duties and conflicts.", "sluice case evaluate c_… --site https://cert.example --token-file token --json",
     {kCase, kCaseAsOf, {"--plan", "", Takes::Switch, "also the best dates, and what depends on how a text is read; takes longer"}, {"--html", "", Takes::Switch, "as one page that can be printed, with names in the place of ids: for counsel"},
      {"--out", "FILE", Takes::One, "where the page goes; without it, to standard output"}, kSite, kToken, kJson}, evaluate_case},
    {"case", "confirm-scope", "Confirm which laws and standards are in scope of a case, or take one out, with the reason.", "sluice case confirm-scope c_… --in eu-cra-2024 --why 'sold in the Union' --site https://cert.example --token-file token",
     {kCase, {"--in", "REGIME", Takes::Many, "in scope"}, {"--out", "REGIME", Takes::Many, "not in scope"}, {"--assume", "REGIME", Takes::Many, "a draft that is taken to be in force"}, {"--reading", "REGIME.READING=CHOICE", Takes::Many, "how a vague text is read"},
      {"--why", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, confirm_scope},
    {"case", "correct", "Correct one fact that laws ask for, with the reason; or end such a correction.", "sluice case correct c_… /product/market --value '[\"EU\"]' --why 'sold there since May' --site https://cert.example --token-file token",
     {kCase, {"FACT", "", Takes::Required, "as `sluice case facts` names it: /parties/o_…/flags, /product/market, /events/vuln.aware@o_…"}, {"--value", "JSON", Takes::One, "a text, a list, a number, true, false or null"}, {"--end", "", Takes::Switch, "what is drawn from the case holds again"},
      {"--why", "TEXT", Takes::Required, "stays on record"}, kSite, kToken, kJson}, correct},
    {"content", "check", "Where a text looks as if it held exploit code, secrets, addresses or data of persons. Needs no server.", "sluice content check advisory.md --json", {{"FILE", "", Takes::Required, "a text; - for standard input"}, kJson}, check_content},
};
// clang-format on

}  // namespace

std::span<const Verb> case_law_verbs() { return kCaseLawVerbs; }

}  // namespace sluice::cli
