// What would be otherwise: questions to the packs about a case that the asker gives, with other rules, readings and facts. The same as `sluice regimes what-if|cost|reach|divergences`.
//
// Called by web/api. Nothing of it is recorded, and none of it is about cases of the site.
//
// Always holds
//   Q1  What is wrong is told with a JSON Pointer into what was asked.
//   Q2  Lists, words and an amendment's text are limited here, the case by fits() of law_library.h, the work by regimes/ (cost.h, network.h), and how many ask at once by Turn.
#pragma once

#include "service/services.h"

namespace sluice::service {

struct OtherwiseAsked {
  std::vector<std::string> overlays;               // ids of amendments that are built in, in their order
  std::optional<std::string> overlay;              // an own one, as YAML, made after them
  std::vector<std::string> drop_rules, add_regimes, drop_regimes, assume;
  std::map<std::string, std::string> readings;     // "regime.reading": choice
  std::map<std::string, json::value> facts;        // JSON Pointer into the case: value
  std::vector<std::string> drop_parties;
  std::map<std::string, json::value> events;       // an instant, or null
};
struct CaseAsked : OtherwiseAsked {
  json::value case_;                               // docs/formats/regime-case.md
};
BOOST_DESCRIBE_STRUCT(CaseAsked, (), (case_, overlays, overlay, drop_rules, add_regimes, drop_regimes, assume, readings, facts, drop_parties, events))
struct CostAsked : OtherwiseAsked {
  json::value case_;
  std::string regime;                              // or a rule
  std::optional<std::string> action, from;
};
BOOST_DESCRIBE_STRUCT(CostAsked, (), (case_, regime, action, from, overlays, overlay, drop_rules, add_regimes, drop_regimes, assume, readings, facts, drop_parties, events))
struct DivergencesAsked {
  std::optional<json::value> case_;
  std::vector<std::string> regimes, against;
  std::map<std::string, std::string> readings;
};
BOOST_DESCRIBE_STRUCT(DivergencesAsked, (), (case_, regimes, against, readings))

// {"amendments", "title", "changes", "settled"}
Result<json::object> what_if(Services& services, const CaseAsked& asked);
Result<json::object> cost(Services& services, const CostAsked& asked);
Result<json::object> reach(Services& services, const CaseAsked& asked);
// {"divergences", "note"}; and as a comment on the draft, in Markdown, of a case with few actions and parties: each rule's cost is reckoned.
Result<json::object> divergences(Services& services, const DivergencesAsked& asked);
Result<std::string> comment(Services& services, const DivergencesAsked& asked);

// What a case's error says, placed in a body that has the case at "case".
Error in_body(Error error);

}  // namespace sluice::service
