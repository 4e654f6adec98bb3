// How good a shared object is, in points that anyone can count again: docs/quality.md has the formula, QualityTable its weights.
//
// Whole numbers only: 1,000 milli-points are one point, an object has 0 to 100. Facts come in with their times, and what lies after the instant asked for
// doesn't count, so the same record gives the same score on every machine, today and as of any past day.
//
// Always holds
//   Q1  The order in which facts are given never matters.
//   Q2  More context, an independent corroboration or a sighting never lowers a score; an error, a warning or a report of a false positive never raises it.
//   Q3  With nothing happening, a score never rises as time passes.
//   Q4  The parts, cut to the range and decayed as said beside them, are the score: no point comes from elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bind.h"
#include "threat/observable.h"

namespace sluice::threat {

using MilliPoints = std::int64_t;

// ---- the table: data an alliance may change -----------------------------------------------------------------------------------------------------

struct DelayStep {          // up to so many hours: so many milli-points
  std::int64_t hours = 0;
  MilliPoints points = 0;
};
BOOST_DESCRIBE_STRUCT(DelayStep, (), (hours, points))

struct DecayStep {          // after so many hours: so many thousandths are left; between two steps along a straight line
  std::int64_t hours = 0;
  std::int64_t left = 0;
};
BOOST_DESCRIBE_STRUCT(DecayStep, (), (hours, left))

struct Decay {
  std::string of;           // a kind of value ("ipv4-addr", "hash") or a STIX type; "" for what isn't named
  std::vector<DecayStep> steps;
};
BOOST_DESCRIBE_STRUCT(Decay, (), (of, steps))

struct QualityTable {
  MilliPoints valid = 15'000, warning = -1'500, benign = -20'000;
  MilliPoints kill_chain = 4'000, technique = 5'000, actor = 3'000, malware = 4'000, target = 3'000, first_seen = 3'000, last_seen = 1'000, description = 2'000;
  std::vector<DelayStep> seen_to_submitted = {{1, 14'000}, {24, 12'000}, {72, 9'000}, {168, 6'000}, {720, 3'000}};
  std::vector<DelayStep> submitted_to_read = {{1, 6'000}, {24, 4'000}, {168, 2'000}};
  MilliPoints novel = 15'000, novel_without_values = 7'500;
  std::vector<MilliPoints> corroborated = {7'000, 11'000, 15'000};  // by one other, by two, …
  std::vector<MilliPoints> sighted = {4'000, 7'000, 10'000};
  MilliPoints false_positive = -10'000, false_positive_proven = -50'000;
  std::vector<Decay> decays = builtin_decays();

  static std::vector<Decay> builtin_decays();
};
BOOST_DESCRIBE_STRUCT(QualityTable, (),
                      (valid, warning, benign, kill_chain, technique, actor, malware, target, first_seen, last_seen, description, seen_to_submitted, submitted_to_read, novel, novel_without_values, corroborated,
                       sighted, false_positive, false_positive_proven, decays))

// Invalid with a JSON Pointer: signs the wrong way round, steps out of order, a table whose best is above 100 points or that breaks Q2 or Q3.
Result<void> check(const QualityTable& table);
// "sha256:…" of its canonical JSON: a score is said with the table that it was counted by.
std::string name_of(const QualityTable& table);

// ---- facts -----------------------------------------------------------------------------------------------------------------------------------

// What an object says beyond its value. From the object and what it is related to.
struct ContextFacts {
  bool kill_chain = false, technique = false, actor = false, malware = false, target = false, last_seen = false, description = false;
  std::optional<Instant> first_seen;
};
struct Related {
  std::string relationship;  // relationship_type
  std::string type;          // of the object at the other end
};
ContextFacts context_of(const json::object& object, std::span<const Related> related);

struct Witness {             // a member that holds or saw the same observable
  std::string member;        // opaque
  std::string lineage;       // opaque: where it has it from, back to the first source known; the same for all that was passed on from one place
  Instant at;
};
struct FalsePositive {
  std::string member;
  Instant at;
  std::optional<Instant> proven, refuted;  // a person's decision
};

struct QualityFacts {
  std::string type;                         // STIX type
  std::vector<Value> values;                // what it is about
  std::string submitter, lineage;
  Instant submitted;
  std::int64_t errors = 0, warnings = 0;    // of the checks
  std::vector<std::string> benign;          // why a value of it is known as harmless
  ContextFacts context;
  std::int64_t new_values = 0;              // of `values`: held by nobody when it came
  std::optional<Instant> first_read;        // by another organisation
  std::vector<Witness> corroborations, sightings;
  std::vector<FalsePositive> false_positives;
  std::optional<Instant> valid_until, revoked;
};

// How many of these are independent of the submitter and of each other: the largest number of pairs in which no member and no lineage comes twice.
std::size_t independent(std::span<const Witness> witnesses, std::string_view submitter, std::string_view lineage, std::size_t enough);

// ---- the score -------------------------------------------------------------------------------------------------------------------------------

struct QualityPart {
  std::string part;         // "validity", "context", "timeliness", "novelty", "corroboration", "sightings", "false positives"
  MilliPoints points = 0;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(QualityPart, (), (part, points, reason))

struct Quality {
  MilliPoints points = 0;   // now: 0 to 100,000
  MilliPoints fresh = 0;    // the parts together, before decay
  std::int64_t left = 1000; // thousandths of it that time has left
  std::string decay_reason;
  std::vector<QualityPart> parts;
};
BOOST_DESCRIBE_STRUCT(Quality, (), (points, fresh, left, decay_reason, parts))

Quality quality_of(const QualityFacts& facts, Instant at, const QualityTable& table);

}  // namespace sluice::threat
