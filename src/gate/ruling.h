// What the gate says of a Disclosure, and why. Data only: having a Ruling lets nothing out, a Pass does.
//
// Always holds
//   G2  The outcome of the whole is that of the strictest judge.
//   G3  Every judge gives at least one reason, but the judge of regimes when no pack is in scope.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "gate/disclosure.h"

namespace sluice::gate {

enum class Outcome { Allow, AllowWithDuties, Deny };  // in order of strictness; "allow", "allow-with-duties", "deny"
BOOST_DESCRIBE_ENUM(Outcome, Allow, AllowWithDuties, Deny)
constexpr Outcome strictest(Outcome a, Outcome b) { return a > b ? a : b; }

enum class JudgeName { Embargo, NeedToKnow, Marking, Regimes };  // "embargo", "need-to-know", "marking", "regimes"
BOOST_DESCRIBE_ENUM(JudgeName, Embargo, NeedToKnow, Marking, Regimes)

struct Reason {
  std::string cite;                     // "terms v2, until 2021-12-20T12:00:00Z", "TLP 2.0 AMBER", a rule's id
  std::optional<std::string> text;      // a sentence for a person
  bool operator==(const Reason&) const = default;
};
BOOST_DESCRIBE_STRUCT(Reason, (), (cite, text))

struct Duty {
  std::string cite;                     // what lays it on
  std::string text;
  std::optional<Instant> due;
  std::optional<std::string> to;        // an authority or audience
  bool operator==(const Duty&) const = default;
};
BOOST_DESCRIBE_STRUCT(Duty, (), (cite, text, due, to))

struct Conflict {
  std::string kind;                     // "law-embargo", "law-policy", "policy-embargo", "law-law", …
  std::vector<std::string> rules;       // "embargo" may stand as a member
  std::optional<std::string> text;
  bool operator==(const Conflict&) const = default;
};
BOOST_DESCRIBE_STRUCT(Conflict, (), (kind, rules, text))

// What one judge says.
struct Judgement {
  JudgeName judge = JudgeName::Embargo;
  Outcome outcome = Outcome::Deny;
  std::vector<Reason> because;
  std::vector<std::string> packs;       // regimes: which packs were asked, by hash
  bool operator==(const Judgement&) const = default;
};
BOOST_DESCRIBE_STRUCT(Judgement, (), (judge, outcome, because, packs))

// The decision of an accountable person that a Ruling rests on.
struct Overridden {
  DecisionId decision;
  PersonId by;
  std::optional<PersonId> second;
  std::string reason;
  std::string users_risk;               // who is exposed, how badly, what they can do
  bool operator==(const Overridden&) const = default;
};
BOOST_DESCRIBE_STRUCT(Overridden, (), (decision, by, second, reason, users_risk))

struct Ruling {
  int v = 1;
  RulingId id;
  ContentHash disclosure;
  Outcome outcome = Outcome::Deny;
  std::vector<Judgement> judges;
  std::vector<Duty> duties;
  std::vector<Conflict> conflicts;
  std::optional<Overridden> override_;  // "override"; null in JSON where there is none
  Instant at;
  bool operator==(const Ruling&) const = default;

  bool allows() const { return outcome != Outcome::Deny; }
  const Judgement* of(JudgeName judge) const;
};
BOOST_DESCRIBE_STRUCT(Ruling, (), (v, id, disclosure, outcome, judges, duties, conflicts, override_, at))

}  // namespace sluice::gate

namespace sluice {
template <> json::value to_json<gate::Outcome>(const gate::Outcome& outcome);
template <> Result<void> read_json<gate::Outcome>(const json::value& value, gate::Outcome& out, const std::string& where, std::initializer_list<std::string_view> ignored);
template <> json::value to_json<gate::JudgeName>(const gate::JudgeName& judge);
template <> Result<void> read_json<gate::JudgeName>(const json::value& value, gate::JudgeName& out, const std::string& where, std::initializer_list<std::string_view> ignored);
template <> json::value to_json<gate::Judgement>(const gate::Judgement& judgement);   // an empty `because` is written, and `packs` by the judge of regimes
template <> json::value to_json<gate::Ruling>(const gate::Ruling& ruling);            // empty lists and the missing override are written
}  // namespace sluice
