// True, false, or not known: Kleene's three values. What a case doesn't say is unknown, and unknown never turns into a yes.
#pragma once

namespace sluice::regimes {

enum class Truth { False, Unknown, True };

constexpr Truth truth(bool known) { return known ? Truth::True : Truth::False; }
constexpr Truth operator!(Truth a) { return a == Truth::True ? Truth::False : a == Truth::False ? Truth::True : Truth::Unknown; }
constexpr Truth both(Truth a, Truth b) { return a < b ? a : b; }
constexpr Truth either(Truth a, Truth b) { return a < b ? b : a; }

static_assert(both(Truth::Unknown, Truth::False) == Truth::False && either(Truth::Unknown, Truth::True) == Truth::True && (!Truth::Unknown) == Truth::Unknown);

}  // namespace sluice::regimes
