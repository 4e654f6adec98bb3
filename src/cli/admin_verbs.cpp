// Verbs that act on a data directory: each puts its flags into a request and prints the one answer, an id or a token, alone on the last line.
#include "cli/admin.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

std::optional<std::filesystem::path> root_key(const Arguments& arguments) {
  if (const auto file = arguments.maybe("--root-key")) return *file;
  return std::nullopt;
}

struct Field {
  std::string_view flag, key;
};

Result<json::object> ask_admin(const Arguments& arguments, std::string command, std::initializer_list<Field> fields, json::object request = {}) {
  for (const auto& field : fields)
    if (const auto value = arguments.maybe(field.flag)) request[field.key] = *value;
  return ask_site(arguments.get("--data"), root_key(arguments), {std::move(command), std::move(request)});
}

// The one answer, or with --json all that was answered.
Result<int> show_answer(const Arguments& arguments, const json::object& answer, std::string_view key) {
  if (arguments.json()) return print_json(answer), 0;
  const auto* value = answer.if_contains(key);
  if (value == nullptr) return print_json(answer), 0;
  print(value->is_string() ? std::string(value->get_string()) : json::serialize(*value));
  return 0;
}

Result<int> add_organisation(const Arguments& a) {
  json::object request;
  if (a.has("--takes-reports")) request["takes_reports"] = true;
  TRY(const auto answer, ask_admin(a, "org.add", {{"--name", "name"}, {"--kind", "kind"}, {"--country", "country"}}, std::move(request)));
  return show_answer(a, answer, "id");
}

Result<int> add_person(const Arguments& a) {
  TRY(const auto answer, ask_admin(a, "person.add", {{"--org", "org"}, {"--name", "name"}, {"--email", "email"}, {"--role", "role"}}));
  return show_answer(a, answer, "id");
}

Result<int> issue_token(const Arguments& a) {
  TRY(const auto answer, ask_admin(a, "token.issue", {{"--person", "person"}, {"--scope", "scope"}, {"--org", "org"}, {"--expires", "expires"}}));
  return show_answer(a, answer, "token");
}

Result<int> add_collection(const Arguments& a) {
  json::object request;
  if (a.has("--shared-ids")) request["shared_ids"] = true;
  TRY(const auto answer, ask_admin(a, "collection.add", {{"--title", "title"}, {"--read", "read"}, {"--write", "write"}, {"--alias", "alias"}, {"--description", "description"}, {"--unmarked", "unmarked"}, {"--redacted", "redacted"}}, std::move(request)));
  return show_answer(a, answer, "id");
}

Result<int> list_collections(const Arguments& a) {
  TRY(const auto answer, ask_admin(a, "collection.list", {}));
  if (a.json()) return print_json(answer), 0;
  for (const auto& one : answer.at("items").as_array()) {
    std::string line = std::string(string_at(one, "id")) + "  " + std::string(string_at(one, "title"));
    if (const auto alias = string_at(one, "alias"); !alias.empty()) line += "  (" + std::string(alias) + ")";
    print(line);
  }
  return 0;
}

Result<int> add_case(const Arguments& a) {
  TRY(const auto answer, ask_admin(a, "case.add", {{"--title", "title"}, {"--org", "org"}}));
  return show_answer(a, answer, "id");
}

Result<int> erase_case(const Arguments& a) {
  if (a.get("--confirm") != a.get("--case")) return usage("What is erased comes back by no means. Repeat the case's id: --confirm=" + a.get("--case"));
  TRY(const auto answer, ask_admin(a, "case.erase", {{"--case", "case"}, {"--person", "person"}, {"--compartment", "compartment"}, {"--reason", "reason"}}));
  if (answer.contains("request")) tell("A second person of the case owner's organisation confirms this, signed in, until " + std::string(string_at(answer, "expires")) + ". Below: the request.");
  else tell("Erased.");
  return show_answer(a, answer, answer.contains("request") ? "request" : "entry");
}

Result<int> set_password(const Arguments& a) {
  TRY(const auto password, read_secret("-", "password"));
  TRY(const auto answer, ask_admin(a, "password.set", {{"--person", "person"}}, {{"password", password}}));
  return show_answer(a, answer, "person");
}

Result<int> on_person(const Arguments& a, std::string command) {
  TRY(const auto answer, ask_admin(a, std::move(command), {{"--person", "person"}, {"--org", "org"}, {"--role", "role"}}));
  return show_answer(a, answer, "person");
}
Result<int> suspend_person(const Arguments& a) { return on_person(a, "person.suspend"); }
Result<int> restore_person(const Arguments& a) { return on_person(a, "person.restore"); }
Result<int> end_person(const Arguments& a) { return on_person(a, "person.end"); }
Result<int> change_role(const Arguments& a) { return on_person(a, "person.role"); }
Result<int> disable_person(const Arguments& a) { return on_person(a, "person.disable"); }
Result<int> enable_person(const Arguments& a) { return on_person(a, "person.enable"); }
Result<int> reset_factor(const Arguments& a) {
  if (a.get("--confirm") != a.get("--person")) return usage("Whoever has the password then signs in without the factor, and sets a new one. Repeat the person's id: --confirm=" + a.get("--person"));
  return on_person(a, "factor.reset");
}

Result<int> break_glass(const Arguments& a) {
  const auto hours = a.get("--hours", "1");
  if (hours.empty() || hours.size() > 2 || hours.find_first_not_of("0123456789") != hours.npos) return usage("--hours takes a number from 1 to 24.");
  TRY(const auto answer, ask_admin(a, "case.break-glass", {{"--case", "case"}, {"--person", "person"}, {"--reason", "reason"}}, {{"hours", std::atoi(hours.c_str())}}));
  if (answer.contains("expires")) tell("A second administrator of the site confirms this, signed in, until " + std::string(string_at(answer, "expires")) + ". Below: the request.");
  return show_answer(a, answer, "id");
}

Result<int> close_tick(const Arguments& a) {
  TRY(const auto answer, ask_admin(a, "ledger.tick", {}));
  return show_answer(a, answer, "tick");
}

Result<int> show_clock(const Arguments& a) {
  TRY(const auto answer, ask_admin(a, "clock.show", {}));
  return show_answer(a, answer, "now");
}

Result<int> confirm_clock(const Arguments& a) {
  TRY(const auto answer, ask_admin(a, "clock.confirm", {}));
  return show_answer(a, answer, "now");
}

constexpr Option kPerson{"--person", "PERSON", Takes::Required, "whose"};
constexpr Option kOrgOfPerson{"--org", "ORG", Takes::One, "in which organisation, if the person has several"};

// clang-format off
const Verb kAdminVerbs[] = {
    {"org", "add", "Add an organisation; prints its id.", "sluice org add --data /srv/site --name \"Acme\" --kind vendor --country DE",
     {kData, {"--name", "NAME", Takes::Required, "as others will read it"}, {"--kind", "KIND", Takes::Required, "vendor, coordinator, finder, member, authority or operator (of a network)", "vendor|coordinator|finder|member|authority|operator"},
      {"--country", "CC", Takes::One, "ISO 3166 code of its seat, such as DE"}, {"--takes-reports", "", Takes::Switch, "it can be chosen on the public report form"}, kRootKey, kJson}, add_organisation},
    {"person", "add", "Add a person, or another affiliation of one; prints the person's id.", "sluice person add --data /srv/site --org o_… --name \"Ana Example\" --email ana@example.org --role staff",
     {kData, {"--org", "ORG", Takes::Required, "the organisation's id"}, {"--name", "NAME", Takes::Required, "the person's name"}, {"--email", "MAIL", Takes::Required, "what the person signs in with"},
      {"--role", "ROLE", Takes::Required, "staff, admin, auditor, counsel or trustee", "staff|admin|auditor|counsel|trustee"}, kRootKey, kJson}, add_person},
    {"token", "issue", "Issue an API token; prints it, this once.", "sluice token issue --data /srv/site --person p_… --scope case_read,case_write > token\nsluice token issue --data /srv/site --person p_… --scope all",
     {kData, {"--person", "PERSON", Takes::Required, "whose token it is"}, {"--scope", "SCOPE", Takes::Required, "a comma list, or all: what the person may do (the highest of it for 24 hours)"},
      {"--org", "ORG", Takes::One, "for which organisation, if the person has several"}, {"--expires", "WHEN", Takes::One, "a duration or an instant; default 90d, a year at most"}, kRootKey, kJson}, issue_token},
    {"collection", "add", "Add a sharing collection; prints its id.", "sluice collection add --data /srv/site --title \"Indicators\" --read '*' --write o_… --alias indicators",
     {kData, {"--title", "TITLE", Takes::Required, "what members read"}, {"--read", "ORG,…", Takes::Required, "who may read; *: any signed-in organisation"}, {"--write", "ORG,…", Takes::Required, "who may write"},
      {"--alias", "ALIAS", Takes::One, "a readable name in addresses"}, {"--description", "TEXT", Takes::One, "what belongs here"},
      {"--unmarked", "LABEL", Takes::One, "how an object without a marking is taken; default green", "clear|green|amber|amber_strict|red|refused"},
      {"--redacted", "POLICY", Takes::One, "what has parts that a reader may not have: nothing of it (default), a redacted copy, or one that doesn't name the original", "withheld|offered|unnamed"},
      {"--shared-ids", "", Takes::Switch, "its writers make new versions of each other's objects; else each id is its first sender's"}, kRootKey, kJson}, add_collection},
    {"collection", "list", "List the sharing collections: id, title, alias.", "sluice collection list --data /srv/site --json", {kData, kRootKey, kJson}, list_collections},
    {"case", "add", "Open a case without a report; prints its id.", "sluice case add --data /srv/site --title \"Overflow in example\" --org o_…",
     {kData, {"--title", "TITLE", Takes::Required, "the case's title"}, {"--org", "ORG", Takes::Required, "the case owner"}, kRootKey, kJson}, add_case},
    {"case", "erase", "Make what a report's or a participant's compartment holds unreadable for good; prints the request that a second person confirms.",
     "sluice case erase --data /srv/site --person p_… --case c_… --compartment report:r_… --reason \"The reporter asked for it\" --confirm=c_…",
     {kData, {"--person", "PERSON", Takes::Required, "who asks for it: of the case owner's organisation"}, {"--case", "CASE", Takes::Required, "the case's id"},
      {"--compartment", "COMPARTMENT", Takes::Required, "report:r_…, org:o_… or group:k_…"}, {"--reason", "TEXT", Takes::Required, "stays on record"}, {"--confirm", "CASE", Takes::Required, "the case's id once more"}, kRootKey, kJson}, erase_case},
    {"password", "set", "Set a person's password, read from standard input.", "sluice password set --data /srv/site --person p_… < password",
     {kData, {"--person", "PERSON", Takes::Required, "whose"}, kRootKey, kJson}, set_password},
    {"person", "suspend", "Suspend a person in an organisation; its sessions and tokens there end at once.", "sluice person suspend --data /srv/site --person p_… --org o_…", {kData, kPerson, kOrgOfPerson, kRootKey, kJson}, suspend_person},
    {"person", "restore", "Let a suspended person act for the organisation again.", "sluice person restore --data /srv/site --person p_…", {kData, kPerson, kOrgOfPerson, kRootKey, kJson}, restore_person},
    {"person", "end", "End a person's affiliation with an organisation for good; its sessions and tokens there end at once.", "sluice person end --data /srv/site --person p_…", {kData, kPerson, kOrgOfPerson, kRootKey, kJson}, end_person},
    {"person", "role", "Change a person's role in an organisation; its sessions there end.", "sluice person role --data /srv/site --person p_… --role auditor",
     {kData, kPerson, kOrgOfPerson, {"--role", "ROLE", Takes::Required, "staff, admin, auditor, counsel or trustee", "staff|admin|auditor|counsel|trustee"}, kRootKey, kJson}, change_role},
    {"person", "disable", "Disable a person everywhere; all its sessions and tokens end at once.", "sluice person disable --data /srv/site --person p_…", {kData, kPerson, kRootKey, kJson}, disable_person},
    {"person", "enable", "Enable a disabled person again.", "sluice person enable --data /srv/site --person p_…", {kData, kPerson, kRootKey, kJson}, enable_person},
    {"factor", "reset", "Take a person's lost second factor away. For the day when no two administrators are left to do it; recorded.", "sluice factor reset --data /srv/site --person p_… --confirm=p_…",
     {kData, kPerson, {"--confirm", "PERSON", Takes::Required, "the person's id once more"}, kRootKey, kJson}, reset_factor},
    {"case", "break-glass", "Ask, as an administrator of the site, to read a case in an emergency; prints the request that a second administrator confirms.",
     "sluice case break-glass --data /srv/site --person p_… --case c_… --hours 4 --reason \"The owner can't be reached and users are attacked\"",
     {kData, {"--person", "PERSON", Takes::Required, "who asks, and will read: an administrator of the site"}, {"--case", "CASE", Takes::Required, "the case's id"}, {"--reason", "TEXT", Takes::Required, "the case owner reads it"},
      {"--hours", "N", Takes::One, "1 to 24; default 1"}, kRootKey, kJson}, break_glass},
    {"ledger", "tick", "Close the ledger's running tick now, as tests and demonstrations need it; prints its number.", "sluice ledger tick --data /srv/site", {kData, kRootKey, kJson}, close_tick},
    {"clock", "show", "What time the site holds it to be, and whether its timers are held.", "sluice clock show --data /srv/site --json", {kData, kRootKey, kJson}, show_clock},
    {"clock", "confirm", "Say that the machine's clock is right after it jumped: timers that were held go on.", "sluice clock confirm --data /srv/site", {kData, kRootKey, kJson}, confirm_clock},
};
// clang-format on

}  // namespace

std::span<const Verb> admin_verbs() { return kAdminVerbs; }

}  // namespace sluice::cli
