// The best dates for a plan: every binding rule and embargo kept, as few wishes broken as may be, published as early as allowed, and of each date which rules bound it.
// And where not all can be kept, the ways out, lightest first.
//
// Always holds
//   S1  Dates that are given keep every binding rule of the case's network (case_network.h); a bound's reasons are a smallest set of rules that forbids going beyond it.
//   S2  A way out takes a member out of every conflict, and none in vain.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct Planned {
  const Action* action = nullptr;
  std::optional<Second> at;                        // nothing: it can't be done without breaking a rule
  std::optional<Second> earliest, latest;          // with every binding rule kept; nothing: nothing bounds it
  std::vector<std::string> earliest_by, latest_by; // rules, the embargo; none: what is known of the case
  std::vector<std::string> moved_by;               // why it isn't when it was meant to
  bool is_done = false;                            // before a plan from now on
};

// What a rule needs that the plan has no action for: a duty, or a first step, which has no due.
struct Unplanned {
  const Rule* rule = nullptr;
  const Party* on = nullptr;
  std::optional<Moment> due;
};

struct Schedule {
  bool exists = false;
  bool is_best = true;                             // else too large to tell: the dates keep the rules, but fewer wishes may have to be broken
  std::optional<Second> from;
  std::vector<Planned> actions;                    // in the order of the plan
  std::vector<Unplanned> beside;
  std::vector<const Duty*> late;                   // with `from`: what can no longer be kept in time
  std::vector<std::string> lost;                   // rules that can't be kept whatever is done, for themselves: their day was over before the case began
};
Schedule best_schedule(const Evaluation& evaluation, std::optional<Second> from = {});
json::object to_json(const Evaluation& evaluation, const Schedule& schedule);

struct WayOut {
  std::vector<std::string> without;                // rules, the embargo
  std::string says;
  bool is_lightest = true;                         // none lighter was missed; not known where very many conflicts stand against one another
};
inline constexpr std::string_view kMayBeLighter = "so many rules can't be kept together that not all ways were looked for: the heaviest rules were kept first, and there may be lighter ways";
// At most 16. None where all can be kept, and where the case is too large to be looked at: why_no_ways() says so.
std::vector<WayOut> ways_out(const Evaluation& evaluation);
std::string why_no_ways(const Evaluation& evaluation);
json::array to_json(const std::vector<WayOut>& ways);
// As every answer says it: "ways_out" where not all can be kept; with "no_ways_out", the reason, where none was found, and "ways_out_note" where there may be lighter ones.
void add_ways_out(json::object& answer, const Evaluation& evaluation, const std::vector<WayOut>& ways);

}  // namespace sluice::regimes
