// Incidents and notices: the record, what is to be notified to whom by when, drafts, filing and receipts; texts on a region or sector.
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"
#include "regimes/notice_forms.h"

namespace sluice::cli {

namespace {

std::string at_notice(const Arguments& a) { return at_case(a) + "/notices/" + query_escaped(a.get("NOTICE")); }

// "name=value"; "name=" takes back. The server knows what each may be.
Result<std::pair<std::string, std::string>> pair_of(const std::string& text, std::string_view option) {
  const auto equals = text.find('=');
  if (equals == text.npos || equals == 0) return usage(std::string(option) + " takes name=value, such as personal_data=yes.");
  return std::pair{text.substr(0, equals), text.substr(equals + 1)};
}

Result<int> incident(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_case(a) + "/incidents"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& one : all_at(value, "/items")) {
    print(said_at(one, "/phase") + "  " + said_at(one, "/title") + "  (" + said_at(one, "/organisation") + ")");
    if (const auto* facts = find_at(one, "/facts"); facts != nullptr && facts->is_object())
      for (const auto& [name, fact] : facts->get_object()) print("    " + std::string(name) + ": " + said_at(fact, "/value") + "  (" + said_at(fact, "/source") + ", " + said_at(fact, "/at") + ")");
  }
  if (a.has("--facts"))
    for (const auto& one : all_at(value, "/may_state")) print("  " + said_at(one, "/fact") + "  [" + said_at(one, "/form") + "]  " + said_at(one, "/asks") + (all_at(one, "/choices").empty() ? "" : " " + said_at(one, "/choices")));
  return 0;
}
Result<int> record_incident(const Arguments& a) {
  json::object body{{"title", a.get("--title")}};
  put_if(body, a, "--summary", "summary");
  return print_posted(a, at_case(a) + "/incident", body, "entry");
}
Result<int> move_incident(const Arguments& a) {
  json::object body{{"phase", a.get("PHASE")}};
  put_if(body, a, "--note", "note");
  return print_posted(a, at_case(a) + "/incident/phase", body, "entry");
}
Result<int> state(const Arguments& a) {
  json::array facts;
  for (const auto& text : a.all("FACT")) {
    TRY(const auto fact, pair_of(text, "FACT"));
    facts.push_back(json::object{{"fact", fact.first}, {"value", fact.second.empty() ? json::value(nullptr) : json::value(fact.second)}});
  }
  json::object body{{"facts", std::move(facts)}, {"source", a.get("--source")}};
  put_if(body, a, "--why", "why");
  return print_posted(a, at_case(a) + "/incident/facts", body, "entry");
}

std::string bodies_text(const json::value& value, std::string_view pointer) {
  std::string out;
  for (const auto& circle : all_at(value, pointer)) {
    std::string all;
    for (const auto& one : circle.is_array() ? circle.get_array() : json::array{}) {
      all += (all.empty() ? "" : " and ") + said_at(one, "/kind");
      std::string places;
      for (const auto& place : all_at(one, "/places")) places += (places.empty() ? "" : ", ") + said_at(place, "");
      if (!places.empty()) all += " of " + places;
      if (const auto level = said_at(one, "/level"); !level.empty()) all += ", " + level + " or above";
      std::string named;
      for (const auto& body : all_at(one, "/named")) named += (named.empty() ? "" : "; ") + said_at(body, "/name") + ", by " + said_at(body, "/basis") + (said_at(body, "/verified") == "false" ? ", unverified" : "") + (said_at(body, "/unclear").empty() ? "" : ", not settled: " + said_at(body, "/unclear"));
      if (!named.empty()) all += " (" + named + ")";
    }
    out += (out.empty() ? "" : "; or ") + all;
  }
  return out;
}

void print_notice(const json::value& one) {
  print(said_at(one, "/id") + "  " + said_at(one, "/state") + "  " + said_at(one, "/title") + "  to " + said_at(one, "/to") + (said_at(one, "/stage").empty() ? "" : ", " + said_at(one, "/stage")) + ", version " + said_at(one, "/version"));
  for (const auto& blank : all_at(one, "/blanks")) print("    blank: " + said_at(blank, ""));
  if (const auto at = said_at(one, "/filed/at"); !at.empty()) print("    filed " + at + " to " + said_at(one, "/filed/to") + (said_at(one, "/filed/reference").empty() ? "" : ", reference " + said_at(one, "/filed/reference")));
  if (const auto why = said_at(one, "/filed/unasked"); !why.empty()) print("    " + (said_at(one, "/filed/denied").empty() ? std::string("without the gate's leave: ") : "though the gate had said no, ruling " + said_at(one, "/filed/denied") + ": ") + why);
  for (const auto& met : all_at(one, "/fulfils")) print("    fulfils " + said_at(met, "/rule") + ": " + said_at(met, "/state"));
  for (const auto& wrong : all_at(one, "/right_bodies")) print("    " + said_at(wrong, "/why") + " " + said_at(wrong, "/rule") + " (" + said_at(wrong, "/cite") + ") names: " + bodies_text(wrong, "/bodies"));
}

Result<int> notices(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_case(a) + "/notices"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& task : all_at(value, "/tasks")) {
    const auto local = said_at(task, "/due_local"), zone = said_at(task, "/zone");
    print(said_at(task, "/state") + "  " + (said_at(task, "/due").empty() ? "no fixed time" : "due " + said_at(task, "/due")) + (local.empty() || zone == "UTC" ? "" : " (" + local + (zone.empty() ? "" : " in " + zone) + ")") + "  " + said_at(task, "/rule") + ", " + said_at(task, "/cite") + (said_at(task, "/stage").empty() ? "" : " [" + said_at(task, "/stage") + "]") +
          (said_at(task, "/verified") == "false" ? " (unverified)" : "") + "  " + said_at(task, "/says"));
    print("    would do: a notice to " + bodies_text(task, "/bodies"));
    for (const auto& form : all_at(task, "/forms")) print("    form " + said_at(form, "/id") + ": " + said_at(form, "/title"));
  }
  for (const auto& offer : all_at(value, "/offers")) print("offer " + said_at(offer, "/form") + ": " + said_at(offer, "/title") + (said_at(offer, "/possible") == "true" ? "" : " (not possible: " + said_at(offer, "/reason") + ")"));
  for (const auto& one : all_at(value, "/items")) print_notice(one);
  for (const auto& one : all_at(value, "/area_reports")) print(said_at(one, "/id") + "  " + said_at(one, "/state") + "  " + said_at(one, "/title") + "  publishing it: " + said_at(one, "/outcome"));
  tell(said_at(value, "/reading"));
  return 0;
}

Result<int> draft(const Arguments& a) {
  json::object body{{"form", a.get("--form")}}, fields;
  put_if(body, a, "--notice", "notice"), put_if(body, a, "--to", "to"), put_if(body, a, "--stage", "stage"), put_if(body, a, "--supplements", "supplements");
  for (const auto& text : a.all("--field")) {
    TRY(const auto field, pair_of(text, "--field"));
    fields[field.first] = field.second;
  }
  if (!fields.empty()) body["fields"] = std::move(fields);
  if (const auto classes = a.all("--class"); !classes.empty()) body["classes"] = json::array(classes.begin(), classes.end());
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", at_case(a) + "/notices", json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/notice"));
  for (const auto& blank : all_at(value, "/blanks")) tell("blank: " + said_at(blank, ""));
  for (const auto& sign : all_at(value, "/signs")) tell("Line " + said_at(sign, "/line") + ": " + said_at(sign, "/what") + "; class " + said_at(sign, "/proposes"));
  return 0;
}

Result<json::object> notice_version_body(const Arguments& a) {
  json::object body;
  const auto text = a.get("--version", "1");
  std::int64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || number > 1'000'000) return usage("--version takes a number.");
    number = number * 10 + (c - '0');
  }
  body["version"] = number;
  return body;
}

Result<int> clear(const Arguments& a) {
  TRY(auto body, notice_version_body(a));
  put_if(body, a, "--decision", "decision");
  return print_posted(a, at_notice(a) + "/clear", body, "entry");
}

Result<int> text(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_notice(a) + "/text"));
  if (answer.body.find(regimes::kBlankMark) != std::string::npos) tell("It still has blanks, marked " + std::string(regimes::kBlankMark) + ".");
  const auto out = a.maybe("--out");
  if (!out) return print(answer.body), 0;
  TRY(write_output(*out, answer.body));
  return 0;
}

Result<int> file(const Arguments& a) {
  TRY(auto body, notice_version_body(a));
  body["how"] = a.get("--how");
  for (const auto& [option, key] : {std::pair{"--to", "to"}, {"--at", "at"}, {"--reference", "reference"}, {"--receipt", "receipt"}, {"--file", "file"}, {"--unasked", "unasked"}, {"--blanks-left-why", "blanks_left_why"}}) put_if(body, a, option, key);
  if (const auto from = a.maybe("--text")) {
    TRY(body["text"], read_input(*from, 64 << 10));
  }
  return print_posted(a, at_notice(a) + "/file", body, "entry");
}
Result<int> receipt(const Arguments& a) {
  json::object body;
  for (const auto& [option, key] : {std::pair{"--reference", "reference"}, {"--receipt", "receipt"}, {"--file", "file"}}) put_if(body, a, option, key);
  return print_posted(a, at_notice(a) + "/receipts", body, "entry");
}
Result<int> drop_notice(const Arguments& a) { return print_posted(a, at_notice(a) + "/drop", {{"why", a.get("--why")}}, "entry"); }

Result<int> area_draft(const Arguments& a) {
  TRY(auto words, read_input(a.get("FILE"), 64 << 10));
  json::object body{{"title", a.get("--title")}, {"text", std::move(words)}, {"public_data", a.has("--public-data")}};
  put_if(body, a, "--area", "area"), put_if(body, a, "--sector", "sector");
  json::array regions, classes;
  for (const auto& one : a.all("--region")) regions.emplace_back(one);
  for (const auto& one : a.all("--class")) classes.emplace_back(one);
  if (!regions.empty()) body["regions"] = std::move(regions);
  if (!classes.empty()) body["classes"] = std::move(classes);
  return print_posted(a, at_case(a) + "/area-reports", body, "area");
}
Result<int> area_publish(const Arguments& a) {
  TRY(auto body, notice_version_body(a));
  body["where"] = a.get("--where");
  put_if(body, a, "--at", "at");
  return print_posted(a, at_case(a) + "/area-reports/" + query_escaped(a.get("AREA")) + "/publish", body, "entry");
}

constexpr Option kNoticeOption{"NOTICE", "", Takes::Required, "the notice's id"};
constexpr Option kVersionOption{"--version", "N", Takes::One, "which version of it; default 1"};

// clang-format off
const Verb kNoticeVerbs[] = {
    {"case", "incident", "Records of incidents in a case, each fact with its source; --facts lists what may be stated.", "sluice case incident c_… --site https://cert.example --token-file token",
     {kCase, {"--facts", "", Takes::Switch, "also what a record can hold"}, kSite, kToken, kJson}, incident},
    {"case", "notices", "What your organisation has to notify to whom by when, what it may offer, and its notices.", "sluice case notices c_… --site https://cert.example --token-file token", {kCase, kSite, kToken, kJson}, notices},
    {"incident", "record", "Begin your organisation's record of an incident, or name it anew.", "sluice incident record c_… --title \"Intrusion at a branch office\" --site https://cert.example --token-file token",
     {kCase, {"--title", "TEXT", Takes::Required, "what it is called"}, {"--summary", "TEXT", Takes::One, "what happened"}, kSite, kToken, kJson}, record_incident},
    {"incident", "move", "Say how far its handling is.", "sluice incident move c_… assessed --site https://cert.example --token-file token",
     {kCase, {"PHASE", "", Takes::Required, "detected, assessed, responded or learnt", "detected|assessed|responded|learnt"}, {"--note", "TEXT", Takes::One, "in a few words; needed to go back"}, kSite, kToken, kJson}, move_incident},
    {"incident", "state", "State facts of it; an empty value takes one back.", "sluice incident state c_… personal_data=yes breach.aware=2026-12-01T08:00:00Z --source \"The forensic report\" --site https://cert.example --token-file token",
     {kCase, {"FACT", "", Takes::Files, "name=value"}, {"--source", "TEXT", Takes::Required, "how one knows"}, {"--why", "TEXT", Takes::One, "why it changes what was stated before"}, kSite, kToken, kJson}, state},
    {"notice", "draft", "Draft a notice from the record, or its next version; prints its id, and to stderr the blanks, and where the text looks as if it held secrets, exploit code or data of persons.", "sluice notice draft c_… --form personal-data-breach --field consequences=\"None known\" --site https://cert.example --token-file token",
     {kCase, {"--form", "FORM", Takes::Required, "which form: see case notices"}, {"--notice", "NOTICE", Takes::One, "the next version of this one"}, {"--to", "BODY", Takes::One, "kind:place@level; default: whom the rule names"}, {"--stage", "STAGE", Takes::One, "of a ladder, for a form that is of none; default: the form's"},
      {"--supplements", "NOTICE", Takes::One, "the filed notice that it supplements or corrects"}, {"--field", "ID=TEXT", Takes::Many, "an answer"},
      {"--class", "CLASS", Takes::Many, "what it holds: technical-detail, poc, leaked-data, …; default: what the version before said"}, kSite, kToken, kJson}, draft},
    {"notice", "clear", "Ask the gate whether it may go out; the ruling is on record.", "sluice notice clear c_… i_… --version 1 --site https://cert.example --token-file token",
     {kCase, kNoticeOption, kVersionOption, {"--decision", "DECISION", Takes::One, "a recorded decision to tell or to override"}, kSite, kToken, kJson}, clear},
    {"notice", "text", "The text to file, once the gate let it go; or the text that was filed.", "sluice notice text c_… i_… --out notice.txt --site https://cert.example --token-file token",
     {kCase, kNoticeOption, {"--out", "FILE", Takes::One, "where to put it; else standard output"}, kSite, kToken}, text},
    {"notice", "file", "Record that it was filed, and what came back.", "sluice notice file c_… i_… --version 1 --how \"the authority's web form\" --reference 4711 --site https://cert.example --token-file token",
     {kCase, kNoticeOption, kVersionOption, {"--how", "TEXT", Takes::Required, "in which way"}, {"--to", "BODY", Takes::One, "with whom, if not as drafted"}, {"--at", "T", Takes::One, "when; default now. Before the gate let it go: say why with --unasked"}, {"--text", "FILE", Takes::One, "what was filed, if not the draft as it is"},
      {"--reference", "TEXT", Takes::One, "the body's number for it"}, {"--receipt", "TEXT", Takes::One, "what came back"}, {"--file", "FILE-ID", Takes::One, "the receipt, as a file of the case"}, {"--unasked", "TEXT", Takes::One, "why it went out without the gate's leave"},
      {"--blanks-left-why", "TEXT", Takes::One, "why it was filed with blanks; without it a text with blanks is held back"}, kSite, kToken, kJson}, file},
    {"notice", "receipt", "Add a receipt that came later.", "sluice notice receipt c_… i_… --reference 4711 --site https://cert.example --token-file token",
     {kCase, kNoticeOption, {"--reference", "TEXT", Takes::One, "the body's number for it"}, {"--receipt", "TEXT", Takes::One, "what came back"}, {"--file", "FILE-ID", Takes::One, "the receipt, as a file of the case"}, kSite, kToken, kJson}, receipt},
    {"notice", "drop", "Drop a draft.", "sluice notice drop c_… i_… --why \"Not owed after all\" --site https://cert.example --token-file token", {kCase, kNoticeOption, {"--why", "TEXT", Takes::Required, "in a few words"}, kSite, kToken, kJson}, drop_notice},
    {"area-report", "draft", "Draft a text on a region or sector, or its next version; prints its id.", "sluice area-report draft c_… text.md --title \"Attacks in Zhejiang\" --region CN-ZJ --site https://cert.example --token-file token",
     {kCase, {"FILE", "", Takes::Required, "the text, or - for standard input"}, {"--title", "TEXT", Takes::Required, "its title"}, {"--region", "PLACE", Takes::Many, "as CN-ZJ"}, {"--sector", "WORD", Takes::One, "as energy"}, {"--public-data", "", Takes::Switch, "it rests on public data alone"},
      {"--class", "CLASS", Takes::Many, "what it contains"}, {"--area", "AREA", Takes::One, "the next version of this one"}, kSite, kToken, kJson}, area_draft},
    {"area-report", "publish", "Record that it was published; the gate is asked first.", "sluice area-report publish c_… i_… --version 1 --where https://blog.example/x --site https://cert.example --token-file token",
     {kCase, {"AREA", "", Takes::Required, "its id"}, kVersionOption, {"--where", "TEXT", Takes::Required, "where"}, {"--at", "T", Takes::One, "when; default now"}, kSite, kToken, kJson}, area_publish},
};
// clang-format on

}  // namespace

std::span<const Verb> notice_verbs() { return kNoticeVerbs; }

}  // namespace sluice::cli
