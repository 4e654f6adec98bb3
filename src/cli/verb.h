// A verb of the command line as data: what it is called, what it takes, an example, and the function that does it.
//
// Every noun's file has one table of these; main.cpp, which alone sees CLI11, makes commands and help of all tables. So no flag exists without help.
//
// Always holds
//   L1  stdout has the answer and nothing else; messages for people go to stderr.
//   L2  No secret is an argument: tokens, codes and passwords come from files or standard input (CLI-2). No verb asks back.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::cli {

enum class Takes { Switch, One, Required, Many, Files };  // Files: positional, at least one

struct Option {
  std::string_view name;                          // "--data", or "FILE" for an argument by position
  std::string_view value;                         // what it stands for in help: "DIR"
  Takes takes = Takes::One;
  std::string_view help;
  std::string_view words = {};                    // the only values there are: "on|off"
};

// What was typed, read and checked against the options.
class Arguments {
 public:
  bool has(std::string_view name) const { return values_.contains(name); }
  std::string get(std::string_view name, std::string_view otherwise = {}) const;
  std::optional<std::string> maybe(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  bool json() const { return has("--json"); }
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

// Exit code, or an error whose kind says it (exit_code.h).
using Run = Result<int> (*)(const Arguments&);

struct Verb {
  std::string_view noun;                          // "" for init, serve, demo, help, version
  std::string_view name;
  std::string_view summary;
  std::string_view example;                       // stands first in help
  std::vector<Option> options;
  Run run;
};

// The tables, one a noun's file.
std::span<const Verb> site_verbs();               // init
std::span<const Verb> admin_verbs();              // org, person, token, collection, case add, case erase, password, ledger tick, clock
std::span<const Verb> case_law_verbs();           // case duties, due, facts, scope, evaluate, confirm-scope, correct; content check
std::span<const Verb> case_law_verbs();           // case duties, facts, scope, evaluate, confirm-scope, correct; content check
std::span<const Verb> decision_verbs();           // case decide, decisions, rulings, claim, place
std::span<const Verb> talk_verbs();               // case write, add-file; content class
std::span<const Verb> case_verbs();               // case model, case knowers, case requests and their answers, case offer, case take, gate ask
std::span<const Verb> group_verbs();              // case groups, form-group, change-group, invite, amend, retract, number, unread, read, search
std::span<const Verb> target_verbs();             // case targets, case escalate, case without, case duplicate, target agree and the like, report credit
std::span<const Verb> parties_verbs();            // case settle, settlement, ask-again, roles, plan-invite, unplan-invite, split, merge
std::span<const Verb> ledger_verbs();             // ledger key, ledger verify, receipt verify
std::span<const Verb> leak_verbs();               // case leaks, case measures, case export, leak claim, note, close and trace, measures
std::span<const Verb> webhook_verbs();            // webhook add, list, show, pause, resume, renew-secret, test, remove, verify
std::span<const Verb> recalls_verbs();            // recalls list, acknowledge, send; collection widen, share-early, releases, approve, refuse, withdraw, deliveries
std::span<const Verb> pseudonym_verbs();          // pseudonym take, list, bind, policy
std::span<const Verb> report_verbs();             // report submit, report route, receipt fetch
std::span<const Verb> certificate_verbs();        // certificate add, list, revoke
std::span<const Verb> contact_verbs();            // securitytxt check, contact find, contact record
std::span<const Verb> remedy_verbs();             // remedy step, reopen, test, wait, unwait, block, unblock, support, chain; release readiness
std::span<const Verb> mitigation_verbs();         // mitigation list, note, collections, share, decline
std::span<const Verb> notice_verbs();             // case incident, case notices, incident record, move, state, notice draft, clear, text, file, receipt, drop, area-report draft, publish
std::span<const Verb> api_verbs();                // api get, post, put, patch, delete
std::span<const Verb> evidence_verbs();           // evidence pack, evidence verify
std::span<const Verb> regimes_verbs();            // regimes evaluate, regimes lint
std::span<const Verb> regimes_compare_verbs();    // regimes compare, overlap, divergences, overlays, what-if, cost, reach
std::span<const Verb> regimes_page_verbs();       // regimes find, authorities
std::span<const Verb> score_verbs();              // cvss score
std::span<const Verb> stix_verbs();               // stix check, stix checks
std::span<const Verb> conversion_verbs();         // misp import, misp export, stix upgrade, stix csv
std::span<const Verb> taxii_verbs();              // taxii discover, collections, pull, push, follow
std::span<const Verb> threat_verbs();             // threat lookup, show, graph, check
std::span<const Verb> threat_reports_verbs();       // threat-report draft, revise, list, show, export, show-to, endorse, told, release, behind; threat-group list, form, ask, join, leave
std::span<const Verb> peer_verbs();               // peer add, list, show, pause, resume, pull, remove, origins
std::span<const Verb> points_verbs();             // points score, scores, mine, doubt, decide, tables, propose, vote
std::span<const Verb> serve_verbs();              // serve
std::span<const Verb> exploited_list_verbs();     // threats import-kev
std::span<const Verb> demo_verbs();               // demo

// Options that several verbs share.
inline constexpr std::string_view kDataHelp = "the site's data directory";
inline constexpr std::string_view kRootKeyHelp = "the root key, if it was put outside of the data directory";
inline constexpr std::string_view kJsonHelp = "answer as JSON";
inline constexpr std::string_view kSiteHelp = "the site's address, such as https://cert.example";
inline constexpr std::string_view kTokenHelp = "a file that holds an API token (else $SLUICE_TOKEN_FILE)";
inline constexpr Option kSite{"--site", "URL", Takes::Required, kSiteHelp};
inline constexpr Option kToken{"--token-file", "FILE", Takes::One, kTokenHelp};
inline constexpr Option kJson{"--json", "", Takes::Switch, kJsonHelp};
inline constexpr Option kData{"--data", "DIR", Takes::Required, kDataHelp};
inline constexpr Option kRootKey{"--root-key", "FILE", Takes::One, kRootKeyHelp};
inline constexpr Option kCase{"CASE", "", Takes::Required, "the case's id"};
inline constexpr Option kIn{"--collection", "C", Takes::Required, "the collection's id or alias"};
inline constexpr Option kWhy{"--why", "TEXT", Takes::Required, "stays on record"};

inline constexpr std::string_view kVersion = "0.1.0";

// Wrong usage, found by a verb itself: exit code 2.
inline std::unexpected<Error> usage(std::string message) { return fail(ErrorKind::Invalid, std::move(message), {}, {}, "usage"); }

}  // namespace sluice::cli
