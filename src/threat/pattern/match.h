// Does what was observed fit a pattern? All three conformance levels of STIX 2.1 §9.
//
// Callers: sightings, exploitation evidence, tests of indicators. A Matcher is made once for a pattern and asked often; it is never changed, so threads may share it.
//
// Always holds
//   M1  A test whose path reaches nothing, or whose root is of another type, is false, negated or not; NOT EXISTS alone wants nothing there.
//   M2  Types that don't go together: false, but != is true; NOT turns either round.
//   M3  One observation stands for one place of the pattern: AND, FOLLOWEDBY and REPEATS take different ones (number_observed counts for REPEATS).
//   M4  An answer comes after a bounded number of steps, or the error TooLarge; it is never guessed.
#pragma once

#include <memory>
#include <span>

#include "base/json.h"
#include "base/time.h"
#include "threat/pattern/pattern.h"

namespace sluice::threat {

// An observed-data object with what it saw, at one instant.
struct Observation {
  Instant at;
  std::uint64_t number_observed = 1;
  json::object objects;               // observables by key or id, which is what *_ref names
};

class Matcher {
 public:
  // Invalid: a MATCHES that is no regular expression.
  static Result<Matcher> of(Pattern pattern);
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  // In any order of time. TooLarge: it takes more steps than are allowed to tell.
  Result<bool> matches(std::span<const Observation> observations) const;
  // The observations that make it true, by their places in the span, ascending; nothing where none do. Of several ways one, the same each time.
  Result<std::optional<std::vector<std::size_t>>> match(std::span<const Observation> observations) const;

 private:
  struct Ready;
  explicit Matcher(std::unique_ptr<const Ready> ready);
  std::unique_ptr<const Ready> ready_;
};

Result<bool> matches(const Pattern& pattern, std::span<const Observation> observations);

}  // namespace sluice::threat
