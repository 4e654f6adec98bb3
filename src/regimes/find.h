// Which rules of all packs are about this: by act, trigger, timing, recipient, first step, modality, force, place, mark. For whoever has a question and no case.
//
// Looks at what a pack says, not at a case: "before a fix" is a rule whose time doesn't wait for a remedy (`remedy` of the vocabulary names the events that do).
//
// Always holds
//   F1  A rule that fits only under another reading is found with that reading named, and never as if it were plain.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

enum class Timing { Number, NoNumber, BeforeFix, Window };
enum class Before { Any, None, Report, Ask, Wait };

struct Query {
  std::set<std::string> actions;            // types of the vocabulary; "report" and "publish" stand for several
  std::string trigger;                      // an event or a fact, or how it begins: "vuln.aware", "incident"
  std::set<Timing> timings;                 // all of them
  std::optional<Recipient> recipient;
  std::optional<Before> before;             // what has to come first: a report to an authority, asking somebody else, waiting
  std::set<Modality> modalities;            // one of them
  std::set<Force> forces;                   // one of them
  std::string jurisdiction, mark, text;
  bool unverified = false;                  // only what rests on general knowledge
  std::optional<std::chrono::sys_days> in_force_on;
};

// Words for the command line: "days", "no-number", …; nothing: there is no such word.
std::optional<Timing> timing_named(std::string_view word);
std::optional<Before> before_named(std::string_view word);
std::optional<Modality> modality_named(std::string_view word);
std::optional<Force> force_named(std::string_view word);

struct Found {
  const Pack* pack = nullptr;
  const Rule* rule = nullptr;
  const RuleBody* body = nullptr;
  std::string reading;                      // "days=working" where it fits only so; else ""
};
// In the order of the packs' ids and of their rules. Invalid for words that the vocabulary doesn't have.
Result<std::vector<Found>> find(const Library& library, const Query& query);
json::object to_json(const Found& found);

// For people: "within 48 hours of vuln.aware", "before publishing, and 30 days before", "until fix.available".
std::string timing_words(const RuleBody& body);
std::string due_words(const Due& due);                // "within 48 hours of vuln.aware"; "" where the text names no time
std::string length_words(const Term& term);           // "48 hours", "90 days", "4 business days"
std::string numbers_words(const RuleBody& body);      // "14 days, 60 days"; "" where the text names none besides its dates
std::string recipient_words(const RuleBody& body);    // "csirt-coordinator+enisa"; "" where nobody is named
std::string dates_words(const Pack& pack, const RuleBody& body);   // "2021-09-01 –", "draft of 2019-11-20"

}  // namespace sluice::regimes
