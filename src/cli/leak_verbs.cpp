// Leaks and measures: both ask a running site, but `leak trace --data`, which reads the site's own directory as a person of it.
#include <algorithm>
#include <boost/locale/encoding_utf.hpp>
#include <cmath>

#include "base/bind.h"
#include "base/utf8.h"
#include "cli/admin.h"
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

Result<int> leaks(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_case(a) + "/leaks"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& leak : all_at(value, "/items")) {
    print(text_at(leak, "/id") + "  " + (text_at(leak, "/outcome").empty() ? text_at(leak, "/state") : text_at(leak, "/outcome")) + "  " + text_at(leak, "/occurred") + "  " + text_at(leak, "/what"));
    for (const auto& knower : all_at(leak, "/could_have_had_it")) print("    could have had it: " + text_at(knower, "/organisation/name") + ", since " + text_at(knower, "/first"));
    for (const auto& step : all_at(leak, "/follows")) print("    " + text_at(step, "/do") + ": " + text_at(step, "/because"));
  }
  return 0;
}

Result<int> claim_leak(const Arguments& a) {
  json::object body{{"what", a.get("--what")}, {"where_seen", a.get("--where")}, {"evidence", a.get("--evidence")}};
  if (const auto at = a.maybe("--seen")) body["occurred"] = *at;
  return print_posted(a, at_case(a) + "/leaks", body, "leak");
}
Result<int> note(const Arguments& a) {
  json::object body{{"text", a.get("--text")}};
  json::array whom;
  for (const auto& id : a.all("--narrowed-to")) whom.push_back(json::value(id));
  if (!whom.empty()) body["narrowed_to"] = std::move(whom);
  return print_posted(a, at_case(a) + "/leaks/" + query_escaped(a.get("LEAK")) + "/notes", body, "entry");
}
Result<int> close(const Arguments& a) { return print_posted(a, at_case(a) + "/leaks/" + query_escaped(a.get("LEAK")) + "/close", {{"outcome", a.get("--outcome")}, {"why", a.get("--why")}}, "entry"); }

// What a file says as UTF-8: as it is, from UTF-16 with its mark, or from Latin-1; nothing if it isn't text.
std::optional<std::string> words_of_file(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
    const std::size_t low = bytes.starts_with("\xff\xfe") ? 0 : 1;
    std::u16string units;
    for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) units += static_cast<char16_t>(byte(i + low) | byte(i + 1 - low) << 8);
    return boost::locale::conv::utf_to_utf<char>(units);   // half a surrogate is left out
  }
  if (bytes.find('\0') != bytes.npos || bytes.starts_with("%PDF-")) return std::nullopt;
  if (is_utf8(bytes)) return std::string(bytes);
  std::u32string latin1;
  for (std::size_t i = 0; i < bytes.size(); ++i) latin1 += byte(i);
  const auto controls = std::count_if(latin1.begin(), latin1.end(), [](char32_t c) { return c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f'; });
  return static_cast<std::size_t>(controls) * 100 > bytes.size() ? std::nullopt : std::optional(boost::locale::conv::utf_to_utf<char>(latin1));
}

// Of a share between 0 and 1.
double share_at(const json::value& value, std::string_view pointer) {
  const auto* found = find_at(value, pointer);
  return found == nullptr ? 0 : found->is_double() ? found->get_double() : found->is_int64() ? static_cast<double>(found->get_int64()) : found->is_uint64() ? static_cast<double>(found->get_uint64()) : 0;
}
std::string in_percent(double share) { return std::to_string(std::lround(share * 100)) + " %"; }
// Small odds as one in so many: "one in 1,048,576" is read more easily than 9.5E-7.
std::string one_in(double odds) {
  if (odds <= 1e-12) return "less than one in a million million";
  if (odds >= 0.5) return "even or better";
  auto digits = std::to_string(std::llround(1 / odds));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return "one in " + digits;
}

Result<int> show_trace(const Arguments& a, const json::value& value) {
  if (a.json()) return print_json(value), 0;
  const auto by = text_at(value, "/by");
  for (const auto& match : all_at(value, "/matches")) {
    print(text_at(match, "/case") + "  " + text_at(match, "/object") + ", version " + said_at(match, "/version") + " in " + text_at(match, "/compartment") + ": " + (said_at(match, "/same_bytes") == "true" ? "the same file, byte for byte" : in_percent(share_at(match, "/shared")) + " of the piece stands in it"));
    for (const auto& fit : all_at(match, "/marks/fits"))
      print("    the copy of " + text_at(fit, "/organisation/name") + " fits in " + said_at(fit, "/matched") + " of " + said_at(fit, "/of") + " places; odds of that by chance: " + one_in(share_at(fit, "/odds_by_chance")));
    for (const auto& holder : all_at(match, "/holders")) print("    had it: " + text_at(holder, "/organisation/name") + ", since " + text_at(holder, "/since") + " (" + text_at(holder, "/how") + ")");
  }
  if (by == "nothing") tell("Nothing of this piece stands in a case that was looked at.");
  else tell(by == "marks" ? "Narrowed by the marks of a copy to:" : "No mark names anybody. Who had had it:");
  for (const auto& who : all_at(value, "/narrowed_to")) print(text_at(who, "/id") + "  " + text_at(who, "/name"));
  return 0;
}

Result<int> trace(const Arguments& a) {
  if (a.has("--data") == a.has("--site")) return usage("Give either --data with --person, or --site.");
  TRY(const auto bytes, read_input(a.get("FILE"), 128 << 20));
  if (bytes.empty()) return usage("There is nothing in it.");
  // Its hash finds a whole file again; its words a part of any text.
  json::object body{{"hash", hex(sha256(bytes_of(bytes)))}};
  constexpr std::size_t kMostPiece = 256 << 10;
  if (auto words = words_of_file(bytes); !words) {
    tell("This isn't text, so it is compared by its hash with the files of the case. Of a part of it, or of one that was saved anew, give its words as text.");
  } else {
    if (words->size() > kMostPiece) {
      *words = std::string(cut_utf8(*words, kMostPiece));
      tell("Its first 256 KiB are compared, and its hash.");
    }
    body["piece"] = *std::move(words);
  }
  if (const auto at = a.maybe("--seen")) {
    if (!parse_instant(*at)) return usage("--seen takes an instant, such as 2021-12-05T00:00:00Z.");
    body["seen"] = *at;
  }
  if (a.has("--data")) {
    if (!a.has("--person")) return usage("Say with --person who asks: it is compared with the cases that this person's organisation leads.");
    body["person"] = a.get("--person");
    if (const auto org = a.maybe("--org")) body["org"] = *org;
    if (const auto id = a.maybe("--case")) body["case"] = *id;
    std::optional<std::filesystem::path> root_key;
    if (const auto file = a.maybe("--root-key")) root_key = *file;
    TRY(const auto answer, ask_site(a.get("--data"), root_key, {"leak.trace", std::move(body)}));
    return show_trace(a, answer);
  }
  if (!a.has("--case")) return usage("Say with --case which case it is to be compared with.");
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("--case")) + "/leaks/trace", json::serialize(body)));
  TRY(const auto value, answer.json());
  return show_trace(a, value);
}

void print_desiderata(const json::value& value) {
  for (const auto& d : all_at(value, "/desiderata"))
    print(text_at(d, "/desideratum") + "  " + said_at(d, "/satisfied") + " of " + said_at(d, "/observed") + "  luck " + text_at(d, "/baseline") + (said_at(d, "/alpha").empty() ? "" : "  skill " + said_at(d, "/alpha") + " [" + said_at(d, "/low") + ", " + said_at(d, "/high") + "]"));
}

Result<int> case_measures(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_case(a) + "/measures"));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print_desiderata(value);
  for (const auto& pair : all_at(value, "/pairs")) print(text_at(pair, "/name") + "  " + text_at(pair, "/letters"));
  return 0;
}

Result<int> measures(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  std::string query;
  const auto with = [&](std::string_view key, const std::optional<std::string>& value) {
    if (value) query += (query.empty() ? "?" : "&") + std::string(key) + "=" + query_escaped(*value);
  };
  with("year", a.maybe("--year"));
  with("closed", a.maybe("--closed"));
  const auto format = a.maybe("--export");
  const std::string path = !format ? "/measures" : format == "csv" ? "/measures/export.csv" : "/measures/export";
  TRY(const auto answer, client.must("GET", path + query));
  if (format == "csv") return print(answer.body), 0;
  TRY(const auto value, answer.json());
  if (a.json() || format) return print_json(value), 0;
  print(said_at(value, "/cases") + " cases, " + said_at(value, "/histories") + " histories");
  print_desiderata(value);
  return 0;
}

Result<int> export_case(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_case(a) + "/export"));
  if (const auto file = a.maybe("--out")) {
    TRY(write_output(*file, answer.body));
    return tell("Your organisation's own copy is in " + *file + "."), 0;
  }
  print(answer.body);
  return 0;
}

constexpr Option kLeak{"LEAK", "", Takes::Required, "the leak's id"};

// clang-format off
const Verb kLeakVerbs[] = {
    {"case", "leaks", "What was said to have leaked; for coordination with who could have had it by then.", "sluice case leaks c_… --site https://cert.example --token-file token", {kCase, kSite, kToken, kJson}, leaks},
    {"case", "measures", "Measures of skill of one case, from what you see of it.", "sluice case measures c_… --site https://cert.example --token-file token", {kCase, kSite, kToken, kJson}, case_measures},
    {"case", "export", "The case as a Markdown document: your organisation's own copy.", "sluice case export c_… --out case.md --site https://cert.example --token-file token", {kCase, {"--out", "FILE", Takes::One, "where to put it; else standard output"}, kSite, kToken}, export_case},
    {"leak", "claim", "Say that something of a case leaked; prints the leak's id. Nothing else changes by it.", "sluice leak claim c_… --what \"The proof of concept\" --where \"A chat\" --evidence \"A picture of it\" --site https://cert.example --token-file token",
     {kCase, {"--what", "TEXT", Takes::Required, "what leaked"}, {"--where", "TEXT", Takes::Required, "where it was seen"}, {"--evidence", "TEXT", Takes::Required, "what shows it"}, {"--seen", "T", Takes::One, "when it was seen; default now"}, kSite, kToken, kJson}, claim_leak},
    {"leak", "note", "Note what was found out about a leak, for coordination.", "sluice leak note c_… z_… --text \"Two had it by then\" --narrowed-to o_… --site https://cert.example --token-file token",
     {kCase, kLeak, {"--text", "TEXT", Takes::Required, "what was found out"}, {"--narrowed-to", "ORG", Takes::Many, "to whom it narrows down"}, kSite, kToken, kJson}, note},
    {"leak", "close", "Say how a leak ended; the claimant reads it.", "sluice leak close c_… z_… --outcome contained --why \"It was taken down\" --site https://cert.example --token-file token",
     {kCase, kLeak, {"--outcome", "OUTCOME", Takes::Required, "no_leak, contained, public or unresolved", "no_leak|contained|public|unresolved"}, {"--why", "TEXT", Takes::Required, "in a few words"}, kSite, kToken, kJson}, close},
    {"leak", "trace", "Whose copy a leaked piece of text or file was, or at least who had had it. Nothing is recorded.", "sluice leak trace piece.txt --data /srv/site --person p_…\nsluice leak trace piece.txt --case c_… --site https://cert.example --token-file token",
     {{"FILE", "", Takes::Required, "the piece as text, or a whole file of any kind; - for standard input"}, {"--data", "DIR", Takes::One, kDataHelp}, {"--root-key", "FILE", Takes::One, kRootKeyHelp}, {"--person", "PERSON", Takes::One, "with --data: who asks"}, {"--org", "ORG", Takes::One, "for which organisation, if the person has several"},
      {"--case", "CASE", Takes::One, "compare with this case alone"}, {"--seen", "T", Takes::One, "when it was seen outside; default now"}, {"--site", "URL", Takes::One, kSiteHelp}, kToken, kJson}, trace},
    {"", "measures", "Measures of skill over the cases that you read; --export gives sums of at least five closed or public cases, which name nothing.", "sluice measures --year 2026 --site https://cert.example --token-file token\nsluice measures --export csv --site https://cert.example --token-file token",
     {{"--year", "YEAR", Takes::One, "opened in that year"}, {"--closed", "YES", Takes::One, "closed for your organisation: true or false", "true|false"}, {"--export", "FORMAT", Takes::One, "sums that may leave: json or csv", "json|csv"}, kSite, kToken, kJson}, measures},
};
// clang-format on

}  // namespace

std::span<const Verb> leak_verbs() { return kLeakVerbs; }

}  // namespace sluice::cli
