// Who is told: `kind[:place][@level]`, several joined by `+`, in a rule also by `|`, which is weaker.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::regimes {

struct Recipient {
  std::string kind, place, level;  // "" where not said
  auto operator<=>(const Recipient&) const = default;
};
using Recipients = std::vector<Recipient>;       // all of them
using Circles = std::vector<Recipients>;         // one of these

std::string to_text(const Recipient& recipient);
std::string to_text(const Circles& circles);
Result<Recipients> parse_recipients(std::string_view text);  // of an action: no `|`
Result<Circles> parse_circles(std::string_view text);        // of a rule

}  // namespace sluice::regimes
