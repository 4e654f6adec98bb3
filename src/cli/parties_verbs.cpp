// A case among many parties: how terms are settled, who is asked again, roles, plans to invite, splits and merges. All ask a running site.
#include "base/bind.h"
#include "cli/client.h"
#include "cli/console.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

Result<int> post_in_case(const Arguments& a, const std::string& path, const json::object& body, std::string_view done) {
  TRY(auto client, Client::of(a, true));
  TRY(const auto answer, client.must("POST", "/cases/" + query_escaped(a.get("CASE")) + path, json::serialize(body)));
  TRY(const auto value, answer.json());
  if (a.json()) return print(json::serialize(value)), 0;
  const auto* sibling = find_at(value, "/sibling");
  print(sibling != nullptr && sibling->is_string() ? std::string(sibling->get_string()) : std::string(done));
  return 0;
}

Result<std::int64_t> number(const Arguments& a, std::string_view name) {
  const auto text = a.get(name);
  if (text.empty() || text.size() > 8 || text.find_first_not_of("0123456789") != std::string::npos) return usage(std::string(name) + " takes a whole number.");
  return std::stoll(text);
}

json::array words(const Arguments& a, std::string_view name) {
  json::array out;
  for (const auto& one : a.all(name)) out.push_back(json::value(one));
  return out;
}

Result<int> settle(const Arguments& a) {
  if (!a.has("--version")) return post_in_case(a, "/embargo/settle", {}, "The terms are settled by the answers.");
  TRY(const auto version, number(a, "--version"));
  return post_in_case(a, "/embargo/settle", {{"version", version}}, "The terms are settled.");
}

Result<int> settlement(const Arguments& a) {
  json::object body{{"rule", a.get("--rule")}};
  if (a.has("--share")) {
    TRY(const auto share, number(a, "--share"));
    body["share"] = share;
  }
  json::array weights;
  for (const auto& one : a.all("--weight")) {
    const auto at = one.find('=');
    const auto digits = at == std::string::npos ? std::string() : one.substr(at + 1);
    if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != std::string::npos) return usage("--weight takes an organisation and a number: o_…=3.");
    weights.push_back(json::object{{"organisation", one.substr(0, at)}, {"weight", std::stoll(digits)}});
  }
  if (!weights.empty()) body["weights"] = std::move(weights);
  return post_in_case(a, "/embargo/settlement", body, "From now on terms are settled so.");
}

Result<int> ask_again(const Arguments& a) {
  TRY(const auto version, number(a, "--version"));
  json::object body{{"organisation", a.get("--org")}};
  if (const auto by = a.maybe("--respond-by")) body["respond_by"] = *by;
  return post_in_case(a, "/embargo/proposals/" + std::to_string(version) + "/ask", body, "It is asked again.");
}

Result<int> set_roles(const Arguments& a) { return post_in_case(a, "/participants/" + query_escaped(a.get("--org")) + "/roles", {{"roles", words(a, "--role")}, {"why", a.get("--why")}}, "Its roles are changed."); }

Result<int> plan(const Arguments& a) {
  return post_in_case(a, "/participants/plans", {{"organisation", a.get("--org")}, {"when", a.get("--when")}, {"roles", words(a, "--role")}, {"essential_because", a.get("--because")}}, "Planned. You are reminded then; nothing is sent by itself.");
}
Result<int> unplan(const Arguments& a) { return post_in_case(a, "/participants/" + query_escaped(a.get("--org")) + "/unplan", {{"why", a.get("--why")}}, "The plan is dropped."); }

Result<int> split(const Arguments& a) { return post_in_case(a, "/split", {{"vulnerabilities", words(a, "--vulnerability")}, {"why", a.get("--why")}}, "Split."); }
Result<int> merge(const Arguments& a) { return post_in_case(a, "/merge", {{"with", a.get("--with")}, {"why", a.get("--why")}}, "Merged."); }

constexpr Option kOrgInCase{"--org", "ORG", Takes::Required, "the organisation's id"};
constexpr Option kRole{"--role", "ROLE", Takes::Many, "vendor, deployer, coordinator, observer, finder or cna; several hold together"};

// clang-format off
const Verb kPartiesVerbs[] = {
    {"case", "settle", "Put terms into force: by the answers, earliest end first, or one version.", "sluice case settle c_… --site https://cert.example --token-file token", {kCase, {"--version", "N", Takes::One, "this version alone"}, kSite, kToken, kJson}, settle},
    {"case", "settlement", "Say how terms are settled.", "sluice case settlement c_… --rule quorum --share 60 --weight o_…=3 --site https://cert.example --token-file token",
     {kCase, {"--rule", "RULE", Takes::Required, "who decides", "owner_decides|unanimity|majority|quorum"}, {"--share", "PERCENT", Takes::One, "of a quorum"}, {"--weight", "ORG=N", Takes::Many, "of a quorum; default 1"}, kSite, kToken, kJson}, settlement},
    {"case", "ask-again", "Ask a participant once more to agree to terms that run or are open.", "sluice case ask-again c_… --version 2 --org o_… --site https://cert.example --token-file token",
     {kCase, {"--version", "N", Takes::Required, "of the terms"}, kOrgInCase, {"--respond-by", "T", Takes::One, "default seven days from now, never less than three"}, kSite, kToken, kJson}, ask_again},
    {"case", "roles", "Say in which roles a participant takes part.", "sluice case roles c_… --org o_… --role vendor --role deployer --why 'it runs the service as well' --site https://cert.example --token-file token", {kCase, kOrgInCase, kRole, kWhy, kSite, kToken, kJson}, set_roles},
    {"case", "plan-invite", "Plan to invite an organisation later, so that its own policy and the embargo end together.", "sluice case plan-invite c_… --org o_… --when 2027-03-01T00:00:00Z --role vendor --because 'ships the parser' --site https://cert.example --token-file token",
     {kCase, kOrgInCase, {"--when", "T", Takes::Required, "when you are reminded"}, kRole, {"--because", "TEXT", Takes::Required, "why it is essential to a remedy"}, kSite, kToken, kJson}, plan},
    {"case", "unplan-invite", "Drop a planned invitation.", "sluice case unplan-invite c_… --org o_… --why 'not affected' --site https://cert.example --token-file token", {kCase, kOrgInCase, kWhy, kSite, kToken, kJson}, unplan},
    {"case", "split", "Move vulnerabilities to a sibling case that inherits participants, terms and consents. Prints its id.", "sluice case split c_… --vulnerability v_… --why 'it has another fix' --site https://cert.example --token-file token",
     {kCase, {"--vulnerability", "V", Takes::Many, "one that goes"}, kWhy, kSite, kToken, kJson}, split},
    {"case", "merge", "Merge another case that you own into this one.", "sluice case merge c_… --with c_… --why 'the same library' --site https://cert.example --token-file token", {kCase, {"--with", "CASE", Takes::Required, "it takes no new work afterwards"}, kWhy, kSite, kToken, kJson}, merge},
};
// clang-format on

}  // namespace

std::span<const Verb> parties_verbs() { return kPartiesVerbs; }

}  // namespace sluice::cli
