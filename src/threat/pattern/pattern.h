// The STIX pattern language: a pattern read into a tree, written back, and asked what it compares.
//
// Reading follows the published grammar to the letter (STIXPattern.g4, STIX 2.1 §9); what the standard demands beyond it is check.h's, and whether
// something observed fits is match.h's. Callers: checks of indicators, lookup by value, conversions, quality.
//
// Always holds
//   P1  parse_pattern(to_text(p)) == p for every p that was read; the text is the same for all spellings of one pattern (spaces, comments, == for =, needless parentheses).
//   P2  What comes back is UTF-8, within the limits given, and no deeper than they say, so that walking it by recursion is safe.
//   P3  In a tree that was read, And, Or and FollowedBy have two parts or more, and no part of the same kind (unless it has qualifiers).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::threat {

enum class PatternVersion : std::uint8_t { V20, V21 };  // `pattern_version`: 2.0 writes START and STOP with plain strings too, and has no EXISTS

enum class ComparisonOperator : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, Like, Matches, IsSubset, IsSuperset, Exists };
std::string_view to_text(ComparisonOperator op);  // "=", "!=", "IN", "LIKE"

// A constant (STIX 2.1 §9.2).
struct Literal {
  enum class Kind : std::uint8_t { Integer, Float, String, Boolean, Timestamp, Hex, Binary };
  Kind kind = Kind::String;
  std::string text;                   // a string's own characters; of the others what stands in the quotes or is written bare, without '+', hex in lower case
  bool operator==(const Literal&) const = default;
};

struct PathStep {
  enum class Kind : std::uint8_t { Property, Index, All };
  Kind kind = Kind::Property;
  std::string name;                   // of a Property, unquoted
  std::int64_t index = 0;             // of an Index; negative ones parse and reach nothing
  bool operator==(const PathStep&) const = default;
};

// file:hashes.'SHA-256', network-traffic:dst_ref.value, process:opened_connection_refs[*].dst_port
struct ObjectPath {
  std::string type;
  std::vector<PathStep> steps;        // the first is a Property
  bool operator==(const ObjectPath&) const = default;
};
std::string to_text(const std::vector<PathStep>& steps);  // without the type
std::string to_text(const ObjectPath& path);

struct PropertyTest {
  ObjectPath path;
  ComparisonOperator op = ComparisonOperator::Equal;
  bool negated = false;
  std::vector<Literal> literals;      // one; of In any number, none too; of Exists none
  std::uint32_t at = 0;               // the byte of the text where it begins: for messages, no part of its value
  bool operator==(const PropertyTest& other) const { return path == other.path && op == other.op && negated == other.negated && literals == other.literals; }
};

// What stands between the brackets of one observation.
struct ComparisonExpression {
  enum class Kind : std::uint8_t { Test, And, Or };
  Kind kind = Kind::Test;
  PropertyTest test;                  // of a Test
  std::vector<ComparisonExpression> parts;  // of the others
  bool operator==(const ComparisonExpression&) const = default;
};

struct Qualifier {
  enum class Kind : std::uint8_t { StartStop, Within, Repeats };
  Kind kind = Kind::Within;
  std::string first;                  // START's timestamp, the seconds, the times; as a Literal's text
  std::string second;                 // STOP's timestamp
  bool is_on_group = false;           // a parenthesis ends between the qualifier before and this one
  bool operator==(const Qualifier&) const = default;
};

struct ObservationExpression {
  enum class Kind : std::uint8_t { Observation, And, Or, FollowedBy };
  Kind kind = Kind::Observation;
  ComparisonExpression comparison;    // of an Observation
  std::vector<ObservationExpression> parts;  // of the others
  std::vector<Qualifier> qualifiers;  // applied in this order
  bool operator==(const ObservationExpression&) const = default;
};

struct Pattern {
  ObservationExpression root;
  PatternVersion version = PatternVersion::V21;
  bool operator==(const Pattern&) const = default;
};

struct PatternLimits {
  std::size_t bytes = 64 << 10;
  std::size_t depth = 64;             // of parentheses
  std::size_t comparisons = 10'000;   // each member of a set counts
};

// Malformed with "line 2, column 7" (characters, from 1) in `where` and what was expected in the message; TooLarge beyond a limit.
Result<Pattern> parse_pattern(std::string_view text, PatternVersion version = PatternVersion::V21, const PatternLimits& limits = {});

// "line 2, column 7" of a byte of the text, in characters from 1.
std::string place_of(std::string_view text, std::size_t at);

// The canonical text: one space between words, '=' and '!=', no parentheses but those that are needed.
std::string to_text(const Pattern& pattern);

// One comparison with one literal, for lookup by value: a set gives one for each member.
struct Comparison {
  std::string object_type;
  std::vector<PathStep> steps;
  std::string path;                   // the steps as text, without the type: "hashes.'SHA-256'"
  ComparisonOperator op = ComparisonOperator::Equal;
  bool negated = false;
  std::optional<Literal> literal;     // none for EXISTS, and for a set without members
  bool operator==(const Comparison&) const = default;
};
std::vector<Comparison> comparisons_of(const Pattern& pattern);  // in the order of the text

// What a tool must know to carry it out (STIX 2.1 §12, patterning levels): 1 one observation without qualifiers, 2 observations joined by AND and OR, 3 everything.
int conformance_level(const Pattern& pattern);

// Every Observation of an expression, from left to right.
template <class F>
void each_observation(const ObservationExpression& expression, const F& f) {
  if (expression.kind == ObservationExpression::Kind::Observation) f(expression);
  for (const auto& part : expression.parts) each_observation(part, f);
}
// Every test of a comparison expression, from left to right.
template <class F>
void each_test(const ComparisonExpression& expression, const F& f) {
  if (expression.kind == ComparisonExpression::Kind::Test) f(expression.test);
  for (const auto& part : expression.parts) each_test(part, f);
}

}  // namespace sluice::threat
