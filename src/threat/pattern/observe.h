// One test of a pattern against one object: made ready once, asked often. What lies between a pattern's tree and its search over time.
//
// Called by match.cpp alone.
#pragma once

#include <unordered_map>

#include "threat/pattern/constant.h"
#include "threat/pattern/networks.h"
#include "threat/pattern/text_match.h"

namespace sluice::threat::pattern {

struct ReadyTest {
  Encoding encoding = Encoding::Plain;
  std::vector<Constant> constants;    // of comparisons and sets
  std::string wildcards;              // of LIKE, in NFC
  std::optional<Regex> regex;         // of MATCHES; none where it can fit nothing
  std::optional<Network> network;     // of ISSUBSET and ISSUPERSET; none where the text is no network
};
Result<ReadyTest> ready(const PropertyTest& test);
using ReadyTests = std::unordered_map<const PropertyTest*, ReadyTest>;

// How much may still be done; what is over is never answered.
struct Effort {
  std::size_t left = 0;
  std::optional<Error> error;         // the first thing that couldn't be told

  bool spend(std::size_t steps = 1) {
    if (left >= steps) return left -= steps, true;
    left = 0;
    if (!error) error = Error{ErrorKind::TooLarge, "It takes more steps than are allowed to tell whether this pattern fits.", {}, {}};
    return false;
  }
};

// Whether some object fits the expression; a reference leads to an object of the same `objects`.
bool fits(const ComparisonExpression& expression, const json::object& objects, const ReadyTests& tests, Effort& effort);

}  // namespace sluice::threat::pattern
