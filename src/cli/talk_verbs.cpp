// Writing in a case and handing over files, each with what it holds, as its author says; and saying so afterwards.
#include <filesystem>

#include "cli/client.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

// What was made, and where it looks as if it held something that its author hasn't named.
Result<int> shown_with_signs(const Arguments& a, const Answer& answer, std::string_view id) {
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  print(std::string(string_at(value, id)));
  if (const auto* signs = find_at(value, "/signs"); signs != nullptr && signs->is_array())
    for (const auto& one : signs->get_array()) {
      const auto* line = find_at(one, "/line");
      tell("Line " + (line != nullptr && line->is_int64() ? std::to_string(line->get_int64()) : std::string("?")) + ": " + std::string(string_at(one, "what")) + "; class " + std::string(string_at(one, "proposes")));
    }
  return 0;
}

json::array classes_of(const Arguments& a) {
  const auto classes = a.all("--class");
  return json::array(classes.begin(), classes.end());
}

Result<int> write(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto text, read_input(a.get("FILE"), 1 << 20));
  json::object body{{"text", text}};
  if (auto classes = classes_of(a); !classes.empty()) body["classes"] = std::move(classes);
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + "/threads/" + query_escaped(a.get("THREAD")) + "/messages", json::serialize(body)));
  return shown_with_signs(a, answer, "message");
}

Result<int> add_file(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  const auto file = a.get("FILE");
  const auto name = a.maybe("--name").value_or(file == "-" ? "" : std::filesystem::path(file).filename().string());
  if (name.empty()) return usage("Give the file's name: --name.");
  TRY(const auto bytes, read_input(file, 100 << 20));
  auto path = "/cases/" + query_escaped(a.get("CASE")) + "/files?name=" + query_escaped(name) + "&audience=" + query_escaped(a.get("--audience"));
  std::string classes;
  for (const auto& one : a.all("--class")) classes += (classes.empty() ? "" : ",") + one;
  if (!classes.empty()) path += "&classes=" + query_escaped(classes);
  TRY(const auto answer, client.must("POST", path, bytes));
  return shown_with_signs(a, answer, "file");
}

Result<int> class_content(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  json::object body{{"object", a.get("OBJECT")}, {"classes", classes_of(a)}};
  if (const auto why = a.maybe("--why")) body["why"] = *why;
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + "/content/classes", json::serialize(body)));
  TRY(const auto value, answer.json());
  print(a.json() ? json::serialize(value) : std::string(string_at(value, "entry")));
  return 0;
}

constexpr Option kClassHeld{"--class", "CLASS", Takes::Many, "what it holds: technical-detail, poc, leaked-data, …"};

// clang-format off
const Verb kTalkVerbs[] = {
    {"case", "write", "Write in a thread of a case; prints the message's id, and where the text looks as if it held secrets, exploit code or data of persons.", "sluice case write c_… h_… message.md --class technical-detail --site https://cert.example --token-file token",
     {kCase, {"THREAD", "", Takes::Required, "the thread's id"}, {"FILE", "", Takes::Required, "the text; - for standard input"}, kClassHeld, kSite, kToken, kJson}, write},
    {"case", "add-file", "Add a file to a case for one circle of readers; prints its id.", "sluice case add-file c_… crash.c --audience coordination --class poc --site https://cert.example --token-file token",
     {kCase, {"FILE", "", Takes::Required, "the file; - for standard input"}, {"--audience", "WHO", Takes::Required, "shared, coordination, org:o_…, group:k_… or report:r_…"}, {"--name", "NAME", Takes::One, "what it is called there; default the file's own name"}, kClassHeld, kSite, kToken, kJson}, add_file},
    {"content", "class", "Say afterwards what a file, message, report or advisory of a case holds; none: nothing of it.", "sluice content class c_… file:f_… --class poc --why 'it runs' --site https://cert.example --token-file token",
     {kCase, {"OBJECT", "", Takes::Required, "file:f_…, message:m_…, report:r_… or advisory:a_…/VERSION"}, kClassHeld, {"--why", "TEXT", Takes::One, "stays on record"}, kSite, kToken, kJson}, class_content},
};
// clang-format on

}  // namespace

std::span<const Verb> talk_verbs() { return kTalkVerbs; }

}  // namespace sluice::cli
