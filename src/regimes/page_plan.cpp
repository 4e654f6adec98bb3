// The best dates of the printed evaluation, with what bounds each.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"
#include "regimes/page_time_line.h"
#include "regimes/plain_words.h"

namespace sluice::regimes::page {

// ---- the best dates
Html Writer::plan() const {
  if (!parts_.plan) return {};
  const auto& plan = *parts_.plan;
  if (all_.scenario->actions.empty() && plan.beside.empty() && plan.late.empty() && plan.lost.empty()) return {};
  Html out;
  if (plan.from) out += el("p", "Made from ", time_of(*plan.from), " on: what was done by then stays, and what isn't done yet, or is late, gets its best date from then on.");
  if (!plan.exists) out += el("p", "No schedule keeps every rule that binds, so there are no best dates: see ", here(part_ + "conflicts", "conflicts and order"), " for what has to give.");
  std::vector<std::string> cited;
  const auto because = [&](const std::vector<std::string>& by) {
    Html words;
    for (const auto& name : by) {
      const auto* pack = pack_of(name);
      const auto* rule = pack == nullptr ? nullptr : pack->rule(name);
      if (rule != nullptr && std::find(cited.begin(), cited.end(), name) == cited.end()) cited.push_back(name);
      words += (words.empty() ? Html() : Html("; ")) + (rule == nullptr ? Html("the agreed embargo") : source(applied(*all_.world, *pack, *rule)));
    }
    return words;
  };
  const auto bound = [&](const std::optional<Second>& at, const std::vector<std::string>& by, const char* unbound) {
    if (!at) return Html(unbound);
    Html why = because(by);
    if (why.empty()) why = known_at(*at, plan);
    return time_of(*at) + el("p", {{"class", "quiet"}}, "because of ", why);
  };
  const auto column = [](const char* name, const Html& inside) { return el("td", {{"data-column", name}}, inside); };
  Html rows;
  for (const auto& one : plan.actions) {
    const auto& action = *one.action;
    const auto given = action.at ? time_of(action.at->at) : Html("no date given");
    Html best = one.is_done ? Html("done") : !one.at ? Html("not at all") : action.at && action.at->at == *one.at ? Html("as planned") : time_of(*one.at);
    if (!one.moved_by.empty()) best += el("p", {{"class", "quiet"}}, one.at ? "moved because of " : "it can't be done beside ", because(one.moved_by));
    const bool has_bounds = !one.is_done && one.at;
    rows += el("tr", el("th", {{"scope", "row"}, {"data-column", "Action"}}, action_head(action)), column("Planned for", given), column("Best date", best), column("Earliest", has_bounds ? bound(one.earliest, one.earliest_by, "nothing bounds it") : Html("–")),
               column("Latest", has_bounds ? bound(one.latest, one.latest_by, "nothing bounds it") : Html("–")));
  }
  if (!rows.empty()) {
    Html head;
    for (const auto* words : {"Action", "Planned for", "Best date", "Earliest", "Latest"}) head += el("th", {{"scope", "col"}}, words);
    out += el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Table of best dates"}},
              el("table", {{"class", "stack"}}, el("caption", "Every binding rule and embargo kept, published as early as they allow. Earliest and latest: how far the act can be moved, other acts moving with it."), el("thead", el("tr", head)), el("tbody", rows)));
  }
  if (plan.exists && !plan.is_best) out += el("p", {{"class", "doubt"}}, "The plan is too large to tell whether these dates are the best: they keep the rules, but may break more wishes than they need to.");
  Html said;
  for (const auto& name : cited) said += el("li", named_rule(name), ": ", pack_of(name)->rule(name)->says);
  if (!said.empty()) out += el("h3", "What the rules say that bound them") + el("ul", said);
  Html more;
  for (const auto& one : plan.beside) more += el("li", one.on->id, ": ", one.rule->says, " (", named_rule(one.rule->id), one.due ? ", due by " + with_dates_in_words(one.due->text) : std::string(), ")");
  if (!more.empty()) out += el("h3", "What the rules need, and the plan has no act for") + el("ul", more);
  Html late;
  for (const auto* one : plan.late) late += el("li", one->on->id, ": ", one->rule.rule->says, " (", named_rule(one->rule.rule->id), one->due ? ", was due by " + due_in_words(*one) : std::string(), ")");
  for (const auto& name : plan.lost) late += el("li", named_rule(name), ": its day was over before the case began.");
  if (!late.empty()) out += el("h3", "What can't be kept in time any more") + el("ul", late);
  return out;
}

// What a bound rests on where no rule gives it.
std::string Writer::known_at(Second at, const Schedule& plan) const {
  if (plan.from == at) return "the instant from which the plan is made";
  std::vector<std::string> out;
  for (const auto& [name, when] : all_.scenario->events)
    if (when == at) out.push_back(plain_fact(words_, "/events/" + name));
  return out.empty() ? "the beginning of the case" : listed(out);
}

}  // namespace sluice::regimes::page
