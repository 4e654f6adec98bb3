// What a pattern compares, and how much of the language it takes.
#include "threat/pattern/pattern.h"

namespace sluice::threat {

std::vector<Comparison> comparisons_of(const Pattern& pattern) {
  std::vector<Comparison> out;
  each_observation(pattern.root, [&out](const ObservationExpression& observation) {
    each_test(observation.comparison, [&out](const PropertyTest& test) {
      Comparison one{test.path.type, test.path.steps, to_text(test.path.steps), test.op, test.negated, std::nullopt};
      if (test.literals.empty()) out.push_back(one);
      for (const auto& literal : test.literals) {
        one.literal = literal;
        out.push_back(one);
      }
    });
  });
  return out;
}

namespace pattern {
namespace {

int level_of(const ObservationExpression& expression) {
  using enum ObservationExpression::Kind;
  int level = expression.kind == FollowedBy || !expression.qualifiers.empty() ? 3 : expression.kind == Observation ? 1 : 2;
  for (const auto& part : expression.parts) level = std::max(level, level_of(part));
  return level;
}

}  // namespace
}  // namespace pattern

// STIX 2.1 §12 (patterning conformance): every level has all comparisons.
int conformance_level(const Pattern& pattern) { return pattern::level_of(pattern.root); }

}  // namespace sluice::threat
