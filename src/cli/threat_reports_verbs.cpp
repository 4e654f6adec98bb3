// `sluice threat-report`, `sluice threat-group`: reports, statements and comments over a collection, and the groups that can be their author. All ask a running site.
#include "cli/answers.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

constexpr std::string_view kTexts = "/threats/reports";

std::string at_text(const Arguments& a, std::string_view rest = {}) { return std::string(kTexts) + "/" + query_escaped(a.get("REPORT")) + std::string(rest); }
std::string at_groups(const Arguments& a, std::string_view rest = {}) { return "/threats/collections/" + query_escaped(a.get("--collection")) + "/groups" + std::string(rest); }

Result<int> text_sent(const Arguments& a, const std::string& path, const json::object& body, std::string_view key) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  print(said_at(value, "/" + std::string(key)));
  for (const auto& duty : all_at(value, "/duties")) tell("A duty: " + said_at(duty, "/text") + " (" + said_at(duty, "/cite") + ")");
  return 0;
}

Result<std::int64_t> version_number(const Arguments& a) {
  const auto text = a.get("--version");
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != text.npos) return usage("--version is the number of a version.");
  return std::stoll(text);
}

json::array many(const Arguments& a, std::string_view option) {
  json::array out;
  for (const auto& one : a.all(option)) out.push_back(json::value(one));
  return out;
}

Result<void> put_number(json::object& body, const Arguments& a, std::string_view option, std::string_view key) {
  const auto text = a.maybe(option);
  if (!text) return {};
  if (text->empty() || text->size() > 9 || text->find_first_not_of("0123456789") != text->npos) return usage(std::string(option) + " is a number.");
  body[key] = std::stoll(*text);
  return {};
}

// What a version says: title, words from a file, figures where a period is given.
Result<json::object> report_version_body(const Arguments& a) {
  json::object body{{"title", a.get("--title")}};
  if (const auto file = a.maybe("--text")) {
    TRY(auto text, read_input(*file, 200'000));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (!text.empty()) body["text"] = std::move(text);
  }
  put_if(body, a, "--on", "on");
  put_if(body, a, "--audience", "audience");
  if (a.has("--public-data")) body["public_data"] = true;
  if (a.has("--class")) body["classes"] = many(a, "--class");
  if (a.has("--assume")) body["assume"] = many(a, "--assume");
  if (!a.has("--from") && !a.has("--until")) return body;
  json::object figures{{"period", json::object{{"from", a.get("--from")}, {"until", a.get("--until")}}}, {"by", many(a, "--by")}};
  if (a.has("--before-from") || a.has("--before-until")) figures["before"] = json::object{{"from", a.get("--before-from")}, {"until", a.get("--before-until")}};
  if (a.has("--sector")) figures["sectors"] = many(a, "--sector");
  if (a.has("--region")) figures["regions"] = many(a, "--region");
  if (a.has("--count")) figures["collections"] = many(a, "--count");
  if (a.has("--wide-regions")) figures["wide_regions"] = true;
  TRY(put_number(figures, a, "--least-objects", "least_objects"));
  TRY(put_number(figures, a, "--least-senders", "least_senders"));
  body["figures"] = std::move(figures);
  return body;
}

Result<int> draft_text(const Arguments& a) {
  TRY(auto body, report_version_body(a));
  body["kind"] = a.get("--kind", "report"), body["collection"] = a.get("--collection");
  put_if(body, a, "--group", "group");
  return text_sent(a, std::string(kTexts), body, "id");
}

Result<int> revise_text(const Arguments& a) {
  TRY(const auto body, report_version_body(a));
  return text_sent(a, at_text(a, "/versions"), body, "version");
}

std::string author_words(const json::value& one) {
  const auto group = said_at(one, "/author/group");
  return (group.empty() ? "" : "the group ") + said_at(one, "/author/name");
}

Result<int> list_texts(const Arguments& a) {
  const bool is_public = a.has("--public");
  TRY(auto client, Client::of(a, !is_public));
  const auto collection = a.maybe("--collection");
  TRY(const auto answer, client.must("GET", is_public ? "/threat-reports" : std::string(kTexts) + (collection ? "?collection=" + query_escaped(*collection) : "")));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& one : all_at(value, "/items")) {
    std::string released;
    for (const auto& to : all_at(one, "/released")) released += (released.empty() ? "" : ", ") + said_at(to, "/to");
    print(said_at(one, "/id") + "  " + said_at(one, "/kind") + "  version " + said_at(one, "/version") + "  " + (released.empty() ? "draft" : "released to " + released) + (find_at(one, "/withdrawn") != nullptr ? ", withdrawn" : "") + "  by " + author_words(one) + "  " + said_at(one, "/title"));
  }
  return 0;
}

std::string version_query(const Arguments& a) {
  const auto version = a.maybe("--version");
  return version ? "?version=" + query_escaped(*version) : std::string();
}

void print_figure(const json::value& line) {
  const auto now = said_at(line, "/figure/now"), before = said_at(line, "/figure/before");
  print("    " + (now.empty() ? "-" : now) + "  " + said_at(line, "/label") + (before.empty() ? "" : "  (before: " + before + ")"));
}

Result<int> show_text(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_text(a) + version_query(a)));
  TRY(const auto seen, answer.json());
  if (a.json()) return print_json(seen), 0;
  print(said_at(seen, "/title"));
  print(said_at(seen, "/tlp") + "  " + said_at(seen, "/kind") + " by " + author_words(seen) + ", version " + said_at(seen, "/version") + ", " + said_at(seen, "/at"));
  for (const auto& to : all_at(seen, "/released")) print("Released to " + said_at(to, "/to") + " on " + said_at(to, "/at"));
  if (find_at(seen, "/withdrawn") != nullptr) print("Withdrawn on " + said_at(seen, "/withdrawn/at") + ": " + said_at(seen, "/withdrawn/reason"));
  if (const auto on = said_at(seen, "/on"); !on.empty()) print("On " + on);
  if (const auto text = said_at(seen, "/text"); !text.empty()) print(text);
  if (const auto* figures = find_at(seen, "/figures")) {
    const auto all = said_at(*figures, "/objects/now");
    print("Objects: " + (all.empty() ? "-" : all));
    for (const auto& table : all_at(*figures, "/tables")) {
      print("  By " + said_at(table, "/by"));
      for (const auto& line : all_at(table, "/lines")) print_figure(line);
    }
    for (const auto& rule : all_at(*figures, "/coverage/rules"))
      for (const auto& line : all_at(rule, "/lines"))
        print("  Left out by " + said_at(rule, "/rule") + ": " + said_at(line, "/missing") + " (region " + said_at(line, "/region") + ", sector " + said_at(line, "/sector") + ")");
    for (const auto& note : all_at(*figures, "/coverage/notes")) print("  " + said_at(note, ""));
  }
  for (const auto& one : all_at(seen, "/endorsed_by")) print("Endorsed by " + said_at(one, "/name") + (said_at(one, "/words").empty() ? "" : ": " + said_at(one, "/words")));
  for (const auto& one : all_at(seen, "/for_author/endorsements"))
    if (said_at(one, "/state") != "standing") print(said_at(one, "/state") + ": the endorsement of version " + said_at(one, "/version") + " by " + said_at(one, "/name"));
  return 0;
}

Result<int> export_text(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_text(a, "/" + a.get("--format")) + version_query(a)));
  if (const auto file = a.maybe("--out")) {
    TRY(write_output(*file, answer.body));
    return 0;
  }
  print(answer.body);
  return 0;
}

Result<int> show_draft_to(const Arguments& a) {
  TRY(const auto version, version_number(a));
  return text_sent(a, at_text(a, "/show"), {{"version", version}, {"organisations", many(a, "--to")}}, "id");
}

Result<int> endorse_text(const Arguments& a) {
  TRY(const auto version, version_number(a));
  json::object body{{"version", version}};
  if (a.has("--withdraw")) return text_sent(a, at_text(a, "/endorse/withdraw"), body, "id");
  put_if(body, a, "--words", "words");
  return text_sent(a, at_text(a, "/endorse"), body, "id");
}

Result<int> withdraw_text(const Arguments& a) {
  TRY(const auto version, version_number(a));
  return text_sent(a, at_text(a, "/withdraw"), {{"version", version}, {"reason", a.get("--reason")}}, "id");
}

Result<int> told_authority(const Arguments& a) {
  json::object body{{"to", a.get("--to")}, {"at", a.get("--at")}};
  put_if(body, a, "--reference", "reference");
  return text_sent(a, at_text(a, "/told"), body, "id");
}

Result<int> release_text(const Arguments& a) {
  if (a.has("--ask")) {
    TRY(auto client, Client::of(a, true));
    TRY(const auto answer, client.must("GET", at_text(a, "/release?to=" + query_escaped(a.get("--to")))));
    TRY(const auto value, answer.json());
    if (a.json()) return print_json(value), 0;
    print(said_at(value, "/ruling/outcome"));
    if (const auto why = said_at(value, "/too_wide"); !why.empty()) print("  " + why);
    for (const auto& other : all_at(value, "/overlaps")) print("  They have " + said_at(other, "") + (said_at(other, "") == a.get("REPORT") ? " in a version" : "") + ", which counts a period that overlaps, or the same by another question: what was left out of one may be worked out from both.");
    if (said_at(value, "/overlaps_cut") == "true") print("  Only the newest reports of the collection were compared: there may be more such.");
    for (const auto& judge : all_at(value, "/ruling/judges"))
      for (const auto& reason : all_at(judge, "/because")) print("  " + said_at(judge, "/judge") + ": " + said_at(reason, "/cite") + "  " + said_at(reason, "/text"));
    for (const auto& duty : all_at(value, "/ruling/duties")) print("  duty: " + said_at(duty, "/text") + " (" + said_at(duty, "/cite") + ")");
    return 0;
  }
  TRY(const auto version, version_number(a));
  return text_sent(a, at_text(a, "/release"), {{"version", version}, {"to", a.get("--to")}}, "id");
}

Result<int> behind_a_figure(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_text(a, "/behind?by=" + query_escaped(a.get("--by")) + "&line=" + query_escaped(a.get("--line")))));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& id : all_at(value, "/ids")) print(said_at(id, ""));
  if (said_at(value, "/unchanged") == "false") tell("What is there has changed since the figures were counted.");
  return 0;
}

Result<int> list_groups(const Arguments& a) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("GET", at_groups(a)));
  TRY(const auto value, answer.json());
  if (a.json()) return print_json(value), 0;
  for (const auto& one : all_at(value, "/items")) {
    print(said_at(one, "/id") + "  " + said_at(one, "/name") + (said_at(one, "/place").empty() ? "" : "  (you: " + said_at(one, "/place") + ")"));
    for (const auto& member : all_at(one, "/members")) print("    " + said_at(member, "/name") + "  " + said_at(member, "/place"));
  }
  return 0;
}

Result<int> form_group_of_readers(const Arguments& a) { return text_sent(a, at_groups(a), {{"name", a.get("--name")}}, "id"); }
Result<int> ask_into_group(const Arguments& a) { return text_sent(a, at_groups(a, "/" + query_escaped(a.get("GROUP")) + "/ask"), {{"organisations", many(a, "--org")}}, "id"); }
template <const char* step>
Result<int> on_own_place(const Arguments& a) { return text_sent(a, at_groups(a, "/" + query_escaped(a.get("GROUP")) + "/" + step), {}, "id"); }
constexpr char kJoin[] = "join", kLeave[] = "leave";

constexpr Option kReport{"REPORT", "", Takes::Required, "its id"};
constexpr Option kGroup{"GROUP", "", Takes::Required, "the group's id, k_…"};
constexpr Option kHome{"--collection", "C", Takes::Required, "the collection that it is over, whose members can be its readers: its id or alias"};
constexpr Option kThisVersion{"--version", "N", Takes::Required, "which version"};
constexpr Option kSomeVersion{"--version", "N", Takes::One, "of this version; the newest that you may read, if nothing is said"};
constexpr Option kTitle{"--title", "TEXT", Takes::Required, "its title"};
constexpr Option kText{"--text", "FILE", Takes::One, "its words, from a file; - for standard input"};
constexpr Option kOnDraft{"--on", "WHAT", Takes::One, "of a comment: the draft that it is on"};
constexpr Option kFor{"--audience", "WHO", Takes::One, "the widest it is made for: what those may not have isn't counted (members, if nothing is said)", "members|readers|public"};
constexpr Option kFrom{"--from", "INSTANT", Takes::One, "of a report: where its period begins"};
constexpr Option kUntil{"--until", "INSTANT", Takes::One, "and ends; what is shared at this instant isn't in it"};
constexpr Option kBeforeFrom{"--before-from", "INSTANT", Takes::One, "the period that it is compared with; as long, just before, if nothing is said"};
constexpr Option kBeforeUntil{"--before-until", "INSTANT", Takes::One, "and its end"};
constexpr Option kBy{"--by", "WHAT", Takes::Many, "count by kind, sector, region, technique, malware, collection"};
constexpr Option kSector{"--sector", "WORD", Takes::Many, "count these sectors alone (industry-sector-ov)"};
constexpr Option kRegion{"--region", "WORD", Takes::Many, "count these regions alone (region-ov)"};
constexpr Option kCount{"--count", "C", Takes::Many, "count what is in these collections; the one it is over, if nothing is said"};
constexpr Option kWide{"--wide-regions", "", Takes::Switch, "count a region under the widest around it"};
constexpr Option kLeastObjects{"--least-objects", "N", Takes::One, "no figure for fewer objects (5)"};
constexpr Option kLeastSenders{"--least-senders", "N", Takes::One, "nor for fewer senders (3)"};
constexpr Option kPublicData{"--public-data", "", Takes::Switch, "it puts together what was public before; some laws ask"};
constexpr Option kClassOfReport{"--class", "WORD", Takes::Many, "a class of content that it has, in the words of the packs"};
constexpr Option kAskDraft{"--assume", "REGIME", Takes::Many, "ask this draft law as if it were in force"};

const Verb kThreatReportsVerbs[] = {
    {"threat-report", "draft", "Draft a report, a statement or a comment over a collection; prints its id.",
     "sluice threat-report draft --collection indicators --title \"Second quarter\" --from 2026-04-01T00:00:00Z --until 2026-07-01T00:00:00Z --by sector --by region --site https://cert.example",
     {{"--kind", "KIND", Takes::One, "report, if nothing is said", "report|statement|comment"}, kHome, {"--group", "GROUP", Takes::One, "its author is this group; your organisation, if nothing is said"}, kTitle, kText, kOnDraft, kFor, kFrom, kUntil, kBeforeFrom, kBeforeUntil,
      kBy, kSector, kRegion, kCount, kWide, kLeastObjects, kLeastSenders, kPublicData, kClassOfReport, kAskDraft, kSite, kToken, kJson}, draft_text},
    {"threat-report", "revise", "Write a new version; endorsements of earlier ones lapse. Prints its number.", "sluice threat-report revise REPORT --title \"Second quarter\" --from 2026-04-01T00:00:00Z --until 2026-07-01T00:00:00Z --by sector --site https://cert.example",
     {kReport, kTitle, kText, kOnDraft, kFor, kFrom, kUntil, kBeforeFrom, kBeforeUntil, kBy, kSector, kRegion, kCount, kWide, kLeastObjects, kLeastSenders, kPublicData, kClassOfReport, kAskDraft, kSite, kToken, kJson}, revise_text},
    {"threat-report", "list", "List what you may read, newest first.", "sluice threat-report list --site https://cert.example",
     {{"--collection", "C", Takes::One, "over this collection alone"}, {"--public", "", Takes::Switch, "what was released to everybody; needs no token"}, kSite, kToken, kJson}, list_texts},
    {"threat-report", "show", "Show one, with its figures and who stands behind it.", "sluice threat-report show REPORT --site https://cert.example", {kReport, kSomeVersion, kSite, kToken, kJson}, show_text},
    {"threat-report", "export", "Have one as a page that can be printed, as CSV or as a STIX bundle.", "sluice threat-report export REPORT --format page --out report.html --site https://cert.example",
     {kReport, {"--format", "FORMAT", Takes::Required, "page, csv or stix", "page|csv|stix"}, kSomeVersion, {"--out", "FILE", Takes::One, "write it there"}, kSite, kToken}, export_text},
    {"threat-report", "show-to", "Show a version to organisations that are asked for their view.", "sluice threat-report show-to REPORT --version 1 --to o_… --site https://cert.example",
     {kReport, kThisVersion, {"--to", "ORG", Takes::Many, "organisations that read the collection"}, kSite, kToken, kJson}, show_draft_to},
    {"threat-report", "endorse", "Endorse a version for your organisation, or take that back.", "sluice threat-report endorse REPORT --version 1 --site https://cert.example",
     {kReport, kThisVersion, {"--words", "TEXT", Takes::One, "in your own words"}, {"--withdraw", "", Takes::Switch, "take your endorsement back"}, kSite, kToken, kJson}, endorse_text},
    {"threat-report", "told", "Put on record that an authority was told, where a law wants that first.", "sluice threat-report told REPORT --to cac-office:CN-ZJ@prefecture --at 2026-07-01T08:00:00Z --site https://cert.example",
     {kReport, {"--to", "BODY", Takes::Required, "the body, as rules name it"}, {"--at", "INSTANT", Takes::Required, "when"}, {"--reference", "TEXT", Takes::One, "its reference"}, kSite, kToken, kJson}, told_authority},
    {"threat-report", "release", "Release the newest version through the gate, as a second person; with --ask, what the gate would say.", "sluice threat-report release REPORT --version 2 --to members --site https://cert.example",
     {kReport, {"--version", "N", Takes::One, "the newest version's number"}, {"--to", "WHO", Takes::Required, "to whom", "members|readers|public"}, {"--ask", "", Takes::Switch, "only ask; nothing is recorded"}, kSite, kToken, kJson}, release_text},
    {"threat-report", "withdraw", "Take a released version back, and those before it: readers then see that it was, and why.", "sluice threat-report withdraw REPORT --version 2 --reason \"The figures counted one week twice.\" --site https://cert.example",
     {kReport, kThisVersion, {"--reason", "TEXT", Takes::Required, "why, for its readers"}, kSite, kToken, kJson}, withdraw_text},
    {"threat-report", "behind", "List the objects behind one figure of your own report.", "sluice threat-report behind REPORT --by sector --line energy --site https://cert.example",
     {kReport, {"--by", "WHAT", Takes::Required, "what the figure is counted by", "kind|sector|region|technique|malware|collection"}, {"--line", "CODE", Takes::One, "its line; what doesn't say, if nothing is said"}, kSite, kToken, kJson}, behind_a_figure},
    {"threat-group", "list", "List the named groups of a collection.", "sluice threat-group list --collection indicators --site https://cert.example", {kHome, kSite, kToken, kJson}, list_groups},
    {"threat-group", "form", "Form a group of readers that speaks with one voice; prints its id.", "sluice threat-group form --collection indicators --name \"Energy circle\" --site https://cert.example",
     {kHome, {"--name", "TEXT", Takes::Required, "its name"}, kSite, kToken, kJson}, form_group_of_readers},
    {"threat-group", "ask", "Ask organisations into a group.", "sluice threat-group ask GROUP --org o_… --collection indicators --site https://cert.example", {kGroup, kHome, {"--org", "ORG", Takes::Many, "organisations that read the collection"}, kSite, kToken, kJson}, ask_into_group},
    {"threat-group", "join", "Join a group that your organisation was asked into.", "sluice threat-group join GROUP --collection indicators --site https://cert.example", {kGroup, kHome, kSite, kToken, kJson}, on_own_place<kJoin>},
    {"threat-group", "leave", "Leave a group.", "sluice threat-group leave GROUP --collection indicators --site https://cert.example", {kGroup, kHome, kSite, kToken, kJson}, on_own_place<kLeave>},
};

}  // namespace

std::span<const Verb> threat_reports_verbs() { return kThreatReportsVerbs; }

}  // namespace sluice::cli
