// Laws and standards in a case: which are in scope and why, what they say of what is planned or done, what is owed by when; and the judge's verdict for the gate.
//
// Always holds
//   R1  What a viewer is told is worked out from the viewer's own fold; the whole case is looked at by the Writer alone.
//   R2  Law that the facts propose and nobody has confirmed counts as in scope; a person's word takes it out, on the record.
//   R3  Where only advice is in scope the gate isn't asked: advice changes no outcome.
#pragma once

#include <set>

#include "cvd/commands.h"
#include "gate/facts.h"
#include "regimes/footing.h"
#include "regimes/scope.h"
#include "service/packs.h"
#include "service/regime_facts.h"
#include "service/services.h"

namespace sluice::service {

struct InScope {
  regimes::Proposed proposed;
  bool in = false;                            // counts: confirmed, or proposed and not yet decided
  std::optional<cvd::ScopeChoice> confirmed;
};

struct Evaluated {
  std::unique_ptr<regimes::Scenario> scenario;
  regimes::Evaluation evaluation;
  CaseScenario given;
};

struct CaseLaw {
  std::vector<InScope> scope;                 // every pack, by id
  std::vector<Evaluated> all;
  std::vector<Finding> findings;              // what couldn't be asked, and why
};

// Of one fold. `packs` may not be none. Duties: nothing else is worked out (regimes::evaluate_duties). DutiesShown: nor what a maker owes by another maker's product, which duties_of (case_duties.h) leaves out.
enum class Asked { Everything, Duties, DutiesShown };
Result<CaseLaw> evaluate_case(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& organisations, const Considered& considered, Asked asked = Asked::Everything);
Result<CaseLaw> evaluate_case(Services& services, const cvd::CaseFold& fold, const Considered& considered, Asked asked = Asked::Everything);

// Another maker's product says nothing about this party's, which is asked of in a scenario of its own; but for what is built into it. `providers`: those of all scenarios.
bool is_asked_elsewhere(const CaseScenario& here, const std::set<std::string>& providers, std::string_view party);

// What nobody has said of a party of the case, neither yes nor no, and what rules of law would come to speak to it if it were so.
struct NotSaid {
  OrganisationId party;
  std::string flag, says;                     // "controller", "decides why and how personal data are processed (controller)"
  std::vector<std::string> regimes;           // none that a person left out
};
std::vector<NotSaid> not_said(const Packs& packs, const std::vector<InScope>& scope, const std::vector<CaseScenario>& scenarios, const OrganisationRows& organisations, std::optional<OrganisationId> own);

// The scope alone: cheap, for the Writer and for pages.
std::vector<InScope> scope_of_case(const Packs& packs, const cvd::CaseFold& fold, const std::vector<CaseScenario>& scenarios, std::optional<OrganisationId> own);
// Whether a law, a policy or a draft assumed in force is among them.
bool binds_somebody(const std::vector<InScope>& scope, const cvd::CaseFold& fold, std::optional<OrganisationId> own);

// The view that scope and corrections are looked up in: the coordination's (none) for who knows the whole case (access::knows_whole_case) or reads it behind broken glass, or one organisation's own.
std::optional<OrganisationId> own_view(const cvd::CaseFold& fold, const access::Standing& standing, const access::Viewer& viewer);
const cvd::ConfirmedScope* confirmed_scope(const cvd::CaseFold& fold, std::optional<OrganisationId> own);
// The site's organisations, whose profiles are facts.
Result<std::shared_ptr<const store::Directory::Rows>> organisations_of(Services& services);

// False where nobody concerned has said anything that a law or policy asks about: then there is nothing to work out but advice.
bool law_may_bind(Services& services, const cvd::CaseFold& fold);

// One act as the gate sees it: of the form of an action, with "actor". Nothing: no law or policy is in scope.
std::optional<gate::RegimesVerdict> regimes_verdict(Services& services, const cvd::CaseFold& fold, Considered considered, json::object action);
// The same of several at once, each judged alone: that a law demands one of them says nothing for the others. In the order of the acts.
std::vector<std::optional<gate::RegimesVerdict>> regimes_verdicts(Services& services, const cvd::CaseFold& fold, const Considered& considered, const std::vector<json::object>& acts);
// The same of a Disclosure, for whoever discloses. An act that no rule knows (a knock, an own mailbox) gives nothing.
std::optional<gate::RegimesVerdict> regimes_verdict(Services& services, const cvd::CaseFold& fold, const gate::Disclosure& disclosure, OrganisationId actor, Considered considered);
Result<std::optional<gate::RegimesVerdict>> regimes_verdict(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered, const std::vector<json::object>& acts);

// The same with all that follows, for whoever keeps it (evidence.h): what the rules say of these acts as the gate asks, law and policy alone. Nothing: none is in scope.
Result<std::optional<CaseLaw>> law_on_acts(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const Considered& considered, const std::vector<json::object>& acts);
// A Disclosure as acts, and whom and what they are asked with. Nothing: an act that no rule knows.
struct ActsOf {
  std::optional<cvd::CaseFold> with_guest;      // in the place of the fold, where whoever is to be told has no part yet
  Considered considered;
  std::vector<json::object> acts;
};
std::optional<ActsOf> acts_for_law(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, const gate::Disclosure& disclosure, OrganisationId actor, Considered considered);

inline constexpr std::string_view kNotAdvice = regimes::kNotAdvice;

// The case as it was known at an instant that is past, from what the viewer may read now; nothing for now and later: then what is known now holds. An organisation's
// profile has no history, so what comes from it is as it says now.
// `seen`: the view whose deliveries go on record. Where nothing of it is newer than the instant it is the answer, so that no entry which came after it is looked at.
Result<std::optional<cvd::CaseFold>> known_then(Services& services, const access::Viewer& viewer, const cvd::CaseFold& seen, std::optional<Instant> as_of);

// For the API and the CLI: documented in docs/formats/regime-case.md. Without an instant: now.
// Plan: with the best dates, the ways out and what depends on a reading, which take a turn (law_library.h): Unavailable while others ask. WaysOut: only what is next to nothing to work out.
enum class Besides { WaysOut, Plan };
Result<json::object> case_regimes(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, std::optional<Instant> as_of, Besides besides = Besides::WaysOut);
// The evaluations as one page that can be printed, with names in the place of ids (regimes/page.h). Takes a turn.
Result<std::string> page_of_case(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, std::optional<Instant> as_of);
Result<json::object> case_duties(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, std::optional<Instant> as_of);
Result<json::object> case_facts_of_law(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, std::optional<Instant> as_of);
Result<json::object> case_scope(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, std::optional<Instant> as_of);
// The items of case_duties, and what they follow from besides the fold: for whoever keeps them in memory (legal_clocks.h).
struct DutiesOfView {
  json::array items;
  bool is_whole = true;                           // everything could be asked
  std::set<OrganisationId> organisations;         // whose profiles count
  Instant until;                                  // when something in it may change by itself; `at_most` after `as_of`, or earlier
};
Result<DutiesOfView> duties_of_view(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, Instant as_of, Duration at_most);

// Where a text looks as if it held what must not go out, as the API and the CLI show it (gate/content_signs.h).
json::array signs_of(std::string_view text);

// The bodies that a party has to tell by a law in scope, once it knows, and those that they have to tell in their turn: what it is told reaches them (regimes/reach.h).
// Expected, never observed, until the party has told as its record says: then not expected any more, with the instant. A body that passes on isn't a party, so nothing is known of how its duty stands.
//   [{"to": "miit-platform", "via": "o_…", "step": 1, "rule", "citation", "state", "due", "verified", "expected": true},
//    {"to": "cncert", "via": "miit-platform", "step": 2, "rule", "citation", "verified", "expected": true}]
json::array reached_by_law(const CaseLaw& law, std::string_view party);
// The same, were this organisation told at this instant. `roles`: those in which it would take part, where it has none yet; without any it is what its kind says.
json::array reached_if_told(Services& services, const cvd::CaseFold& fold, OrganisationId organisation, const std::vector<std::string>& roles, Instant at, std::optional<OrganisationId> own);
json::array reached_if_told(const Packs& packs, const cvd::CaseFold& fold, const OrganisationRows& rows, OrganisationId organisation, const std::vector<std::string>& roles, Instant at, std::optional<OrganisationId> own);

// Classes of content are words of the packs.
Result<void> check_classes(Services& services, const std::vector<std::string>& classes);

// Before a command on scope, facts or classes is decided: its words are ones that packs have, and a corrected fact is one that the viewer's own view has. Asked outside the
// Writer, of what the viewer may read, so that what is hidden is refused like what never was (EXI-1). A case that isn't the viewer's fits: the command itself says so.
Result<void> check_law_command(Services& services, const cvd::Command& command, const access::Viewer& viewer, CaseId id);

}  // namespace sluice::service
