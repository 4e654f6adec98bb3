// The table of the printed evaluation: what each regime says of each action, the longer of the two down the page.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"

namespace sluice::regimes::page {

// The longer of the two sides goes down the page.
Html Writer::matrix() const {
  if (all_.scenario->actions.empty()) return el("p", "The case has no actions.");
  std::vector<const Pack*> speaking;
  std::vector<std::string> silent;
  for (const auto* pack : all_.packs) {
    const bool speaks = std::any_of(all_.verdicts.spoken.begin(), all_.verdicts.spoken.end(), [&](const Verdict& one) { return one.rule.pack == pack; });
    if (speaks) speaking.push_back(pack);
    else silent.push_back(title_of(*pack));
  }
  Html out;
  if (!speaking.empty()) {
    const bool actions_down = all_.scenario->actions.size() >= speaking.size();
    const auto across = actions_down ? speaking.size() : all_.scenario->actions.size();
    const auto tables = (across + kMostAcross - 1) / kMostAcross;
    for (std::size_t i = 0; i < tables; ++i) {
      const auto from = i * kMostAcross, to = std::min(across, from + kMostAcross);
      const auto nth = tables == 1 ? std::string() : " (" + std::to_string(i + 1) + " of " + std::to_string(tables) + ")";
      out += el("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Verdicts by action and regime" + nth}},
                el("table", {{"class", "matrix stack"}}, el("caption", "Each word leads to its reason. A dashed border: a draft or advice, which decides nothing." + nth), actions_down ? actions_down_of(speaking, from, to) : regimes_down_of(speaking, from, to)));
    }
  }
  if (!silent.empty()) out += el("p", speaking.empty() ? "No regime of this case says anything of these actions: " : "Silent on every action: ", listed(silent, "; ", "; "), ".");
  return out;
}

Html Writer::actions_down_of(const std::vector<const Pack*>& speaking, std::size_t from, std::size_t to) const {
  Html first = el("th", {{"scope", "col"}}, "Action"), rows;
  for (auto i = from; i < to; ++i) first += el("th", {{"scope", "col"}}, pack_head(*speaking[i]));
  first += el("th", {{"scope", "col"}}, "Outcome");
  for (const auto& action : all_.scenario->actions) {
    Html row = el("th", {{"scope", "row"}}, action_head(action));
    for (auto i = from; i < to; ++i) row += el("td", {{"data-column", speaking[i]->id}}, cell(action, *speaking[i]));
    rows += el("tr", row + el("td", {{"data-column", "Outcome"}}, outcome_badge(action)));
  }
  return el("thead", el("tr", first)) + el("tbody", rows);
}

Html Writer::regimes_down_of(const std::vector<const Pack*>& speaking, std::size_t from, std::size_t to) const {
  const auto& actions = all_.scenario->actions;
  Html first = el("th", {{"scope", "col"}}, "Regime"), rows, last = el("th", {{"scope", "row"}}, "Outcome");
  for (auto i = from; i < to; ++i) first += el("th", {{"scope", "col"}}, action_head(actions[i]));
  for (const auto* pack : speaking) {
    Html row = el("th", {{"scope", "row"}}, pack_head(*pack));
    for (auto i = from; i < to; ++i) row += el("td", {{"data-column", actions[i].id}}, cell(actions[i], *pack));
    rows += el("tr", row);
  }
  for (auto i = from; i < to; ++i) last += el("td", {{"data-column", actions[i].id}}, outcome_badge(actions[i]));
  return el("thead", el("tr", first)) + el("tbody", rows + el("tr", last));
}

Html Writer::cell(const Action& action, const Pack& pack) const {
  Html out;
  for (std::size_t word = 0; word < std::size(kWordLooks); ++word) {
    const Verdict* first = nullptr;
    std::size_t count = 0;
    for (const auto* one : verdicts_on(action))
      if (one->rule.pack == &pack && std::size_t(one->word) == word) first = first == nullptr ? one : first, ++count;
    if (first != nullptr) out += here(id_of(*first), badge(kWordLooks[word], count > 1 ? " ×" + std::to_string(count) : "", first->force == Force::Draft || first->force == Force::Advice));
  }
  return out.empty() ? el("span", {{"class", "quiet"}}, "silent") : out;
}

std::string Writer::force_words(const Pack& pack) const {
  if (pack.force == Force::Draft && all_.world->is_assumed(pack)) return "draft, assumed in force";
  if (pack.force == Force::Law && pack.until && all_.scenario->as_of >= *pack.until) return "repealed law";
  return std::string(kForceSays[std::size_t(pack.force)]);
}

}  // namespace sluice::regimes::page
