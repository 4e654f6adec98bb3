// A regime as data: one law, draft, standard or policy, as its file in regimes/ says it. The form: docs/formats/regime-pack.md.
//
// Always holds
//   P1  A pack that was read has conditions, terms and recipients that could be read; whatever couldn't is a finding with file and line.
//   P2  No rule is dropped in silence: a pack with an error isn't used at all.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.h"
#include "regimes/condition.h"
#include "regimes/vocabulary.h"

namespace sluice::regimes {

enum class Force { Law, Draft, Policy, Advice };
enum class Modality { Must, MustNot, Precondition, Should, ShouldNot, Standard, May, Definition, Sanction };

struct Act {
  enum class Content { Any, All, Only };
  std::set<std::string> types;          // empty: any
  Circles to;                           // empty: whoever
  Content how = Content::Any;
  std::set<std::string> content;
  Condition condition;
  std::string place;                    // "incident", "region", "sector" or ""
};

struct Due {
  enum class Form { None, Within, Promptly, At, WithPublication, Later, Earlier, Choice };
  Form form = Form::None;
  Term term;
  std::string after;                    // the event
  std::vector<Due> of;                  // Later, Earlier, Choice
  Condition condition;                  // of a choice
};

struct FirstStep {
  Act act;
  std::optional<Term> wait;
  std::vector<std::string> met_by;
};

struct Topic { std::string topic; Condition condition; std::string why; };

// What of a rule a reading may change.
struct RuleBody {
  Modality modality = Modality::Definition;
  std::optional<Second> from, until_date;   // in force
  Condition binds, when;
  std::optional<Act> act;
  std::string until;                        // event
  bool until_if_given = false;
  std::string during_from, during_to;
  Condition permits_if;
  bool permits_by_consent = false;
  bool limits = false;
  std::optional<FirstStep> first;
  std::optional<Due> wait;                  // Within, of a permission
  Due due;
  std::vector<Term> numbers;                // lengths that the text names and that are no date of this duty: how long something is kept, an aim
  std::string ladder, stage;
  std::vector<std::pair<Condition, std::string>> stage_if;
  std::vector<std::string> stage_also;
  std::vector<std::string> met_by, published, excepted_by;
  std::vector<std::string> norm;
  std::vector<Topic> against;
};

struct Rule {
  std::string id;                           // regime/rule
  std::string cite, on, says, notes;
  std::vector<std::string> mark;
  bool verified = true;
  int line = 0;
  RuleBody plain;
  // Under a choice of a reading; made from the same lines, so that a field that isn't changed stays.
  std::vector<std::tuple<std::string, std::string, RuleBody>> in_reading;
  std::set<std::string> readings;           // that change it
  std::vector<std::string> events;          // that it could depend on, sorted
  std::vector<std::string> hits;            // of a sanction: the rules whose breach it follows; none: any of the pack
  std::vector<std::string> received_by;     // kinds of body: a report to one of them brings this duty of passing it on about
};

struct Reading {
  std::string name, says;
  std::vector<std::pair<std::string, std::string>> choices;  // the first is the default
};

struct Edition {
  std::string name;
  std::optional<Second> from, until;
  std::map<std::string, std::string> clauses;  // our rule's id: its number there
  bool obtained = true;                        // else the one before speaks, marked withdrawn
};

// What stands beside a standard, without rules of ours.
struct Beside {
  std::string title, says;
  std::optional<Second> from;
  bool verified = true;
};

struct Pack {
  std::string id, edition, title, jurisdiction, status, successor, owner;
  Force force = Force::Advice;
  Calendar calendar;
  std::optional<Second> published, from, until;
  std::vector<std::string> sources;
  std::map<std::string, Second, std::less<>> events;
  std::string scope_says;
  Condition scope;
  std::vector<Reading> readings;
  std::vector<Edition> editions;
  std::vector<Beside> beside;
  std::vector<Rule> rules;
  std::map<std::string, std::set<std::string>> asks;   // facts that its conditions ask of: the words that they look for; "": any, such as a number
  std::string file, text;                   // the YAML it was read from

  const Reading* reading(std::string_view name) const;
  const Rule* rule(std::string_view full_id) const;
};

std::string_view to_text(Force force);
std::string_view to_text(Modality modality);

// A pack and what is wrong with its text. No errors: it may be used.
struct PackRead {
  Pack pack;
  Findings findings;  // `where`: "file.yaml:12"
};
PackRead read_pack(std::string_view yaml, std::string_view file, const Vocabulary& vocabulary);

}  // namespace sluice::regimes
