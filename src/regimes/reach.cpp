#include "regimes/reach.h"

#include <algorithm>
#include <tuple>

#include "regimes/rule.h"

namespace sluice::regimes {

namespace {

// What somebody that is told stands for: a kind of the vocabulary, or a party of the case with its first kind.
Reached somebody(const World& world, const Recipient& told) {
  Reached out;
  out.kind = told.kind, out.where = told.place;
  if (const auto* party = world.scenario.party(told.kind)) {
    out.party = party->id;
    out.where = string_at(party->facts, "established");
    const auto role = world.words.roles.find(party->role);
    out.kind = role == world.words.roles.end() || role->second.empty() ? party->role : role->second.front();
  }
  if (const auto kind = world.words.recipients.find(out.kind); kind != world.words.recipients.end()) {
    if (out.where.empty()) out.where = kind->second.home;
    out.is_needed = kind->second.needed != Truth::False;
  }
  return out;
}

bool is_kind(const Vocabulary& words, const std::string& told, const std::string& asked) {
  if (told == asked) return true;
  const auto kind = words.recipients.find(told);
  if (kind == words.recipients.end()) return false;
  return std::any_of(kind->second.as.begin(), kind->second.as.end(), [&](const Recipient& one) { return one.kind == asked; });
}

std::string svg_text(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

std::string name_of_reached(const Reached& one) { return (one.party.empty() ? one.kind : one.party + " (" + one.kind + ")") + (one.where.empty() ? "" : ", " + one.where); }

std::string by_words(const Reached& one) { return one.by_rule.empty() ? one.action : "expected by " + one.by_rule + ", after " + one.action; }

}  // namespace

Reach reach(const Evaluation& evaluation) {
  const auto& world = *evaluation.world;
  Reach out;
  static const Pack kNoPack;
  const auto open = [&](Second at) { out.open = out.open ? std::min(*out.open, at) : at; };
  if (const auto known = world.event("vuln.public", nullptr); happens(known) && known.known()) open(known.to.at);
  std::vector<Reached> all;
  for (const auto& action : evaluation.scenario->actions) {
    if (!action.at) continue;
    for (const auto& told : action.to) {
      if (world.tells(told, {"public", {}, {}}, kNoPack, "") == Truth::True) {
        open(action.at->at);
        continue;
      }
      auto one = somebody(world, told);
      if (one.kind == "internal" || one.party == action.actor) continue;   // nobody new
      one.at = action.at->at, one.action = action.id;
      all.push_back(one);
      // Whoever receives a report has to pass it on to these.
      for (const auto* pack : evaluation.packs)
        for (const auto& rule : pack->rules) {
          const auto here = applied(world, *pack, rule);
          if (here.force() != Force::Law || !not_in_force(here).empty() || !here.body->act) continue;
          if (std::none_of(rule.received_by.begin(), rule.received_by.end(), [&](const std::string& kind) { return is_kind(world.words, one.kind, kind); })) continue;
          Grounds unused;
          if (here.body->when.holds(here.facts(nullptr, &action, *action.at), unused) == Truth::False) continue;
          for (const auto& circle : here.body->act->to)
            for (const auto& asked : circle) {
              auto further = somebody(world, asked);
              // The place of the body that passes it on, and the next higher level, where it is the same kind of body.
              if (asked.kind == told.kind) further.where = (told.place.empty() ? further.where : told.place) + " (higher level)";
              else if (!here.body->act->place.empty() && !told.place.empty()) further.where = told.place;
              further.at = action.at->at, further.action = action.id, further.by_rule = rule.id;
              all.push_back(std::move(further));
            }
        }
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Reached& a, const Reached& b) { return std::tuple(a.at, !a.by_rule.empty()) < std::tuple(b.at, !b.by_rule.empty()); });
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  for (auto& one : all)
    if (seen.insert({one.kind, one.where, one.party}).second) out.all.push_back(std::move(one));
  return out;
}

std::string in_words(Second seconds) {
  struct Unit { Second length; std::string_view name; };
  static constexpr Unit kUnits[] = {{86'400, "day"}, {3'600, "hour"}, {60, "minute"}, {1, "second"}};
  std::string out = seconds < 0 ? "minus " : "";
  auto left = seconds < 0 ? -seconds : seconds;
  int given = 0;
  for (const auto& [length, name] : kUnits) {
    const auto count = left / length;
    if (count == 0 || given == 2) continue;
    out += (given++ == 0 ? "" : " ") + std::to_string(count) + " " + std::string(name) + (count == 1 ? "" : "s");
    left %= length;
  }
  return given == 0 ? "0 seconds" : out;
}

json::object to_json(const Reach& reach) {
  json::array rows;
  for (const auto& one : reach.all) {
    json::object row{{"kind", one.kind}, {"where", one.where}, {"at", to_text(one.at)}, {"action", one.action}, {"needed", one.is_needed}};
    if (!one.party.empty()) row["party"] = one.party;
    if (!one.by_rule.empty()) row["expected_by"] = one.by_rule;
    if (reach.open) row["before_all_s"] = *reach.open - one.at;
    rows.push_back(std::move(row));
  }
  std::map<std::string, std::int64_t> kinds, places;
  for (const auto& one : reach.all)
    if (!reach.open || one.at < *reach.open) ++kinds[one.kind], ++places[one.where.substr(0, 2)];
  json::object by_kind, by_country;
  for (const auto& [kind, count] : kinds) by_kind[kind] = count;
  for (const auto& [place, count] : places) by_country[place.empty() ? "unknown" : place] = count;
  return {{"open", reach.open ? json::value(to_text(*reach.open)) : json::value()}, {"reached", std::move(rows)}, {"before_all_by_kind", std::move(by_kind)}, {"before_all_by_country", std::move(by_country)}};
}

std::string to_markdown(const Reach& reach) {
  std::string out = "| who | since | before all | by | needed for the remedy |\n|---|---|---|---|---|\n";
  for (const auto& one : reach.all) {
    const auto lead = !reach.open ? std::string("nothing is public") : one.at >= *reach.open ? "not before" : in_words(*reach.open - one.at);
    out += "| " + name_of_reached(one) + " | " + to_text(one.at) + " | " + lead + " | " + by_words(one) + " | " + (one.is_needed ? "yes, or unknown" : "no") + " |\n";
  }
  return out + "| everybody | " + (reach.open ? to_text(*reach.open) : "nothing is public") + " | | | |\n";
}

std::string to_svg(const Reach& reach, std::string_view title) {
  std::vector<const Reached*> rows;
  Second longest = 1;
  for (const auto& one : reach.all)
    if (reach.open && one.at < *reach.open) rows.push_back(&one), longest = std::max(longest, *reach.open - one.at);
  constexpr int kLeft = 330, kWide = 360, kRow = 24;
  const int height = 60 + int(rows.size()) * kRow;
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 840 " + std::to_string(height) + "\" width=\"840\" height=\"" + std::to_string(height) +
                    "\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n<title>" + svg_text(title) + "</title>\n<rect width=\"840\" height=\"" + std::to_string(height) +
                    "\" fill=\"#fff\"/>\n<text x=\"8\" y=\"22\" font-weight=\"bold\">" + svg_text(title) + "</text>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& one = *rows[i];
    const auto y = 36 + int(i) * kRow, length = std::max(1, int((*reach.open - one.at) * kWide / longest));
    const auto bar = one.is_needed ? "#4a6fa5" : "#b5482f";
    out += "<text x=\"" + std::to_string(kLeft - 8) + "\" y=\"" + std::to_string(y + 14) + "\" text-anchor=\"end\">" + svg_text(name_of_reached(one)) + "</text>\n<rect x=\"" + std::to_string(kLeft) + "\" y=\"" +
           std::to_string(y + 2) + "\" width=\"" + std::to_string(length) + "\" height=\"16\" fill=\"" + (one.by_rule.empty() ? bar : "none") + "\" stroke=\"" + bar + "\"" +
           (one.by_rule.empty() ? "" : " stroke-dasharray=\"4 2\"") + "/>\n<text x=\"" + std::to_string(kLeft + length + 6) + "\" y=\"" + std::to_string(y + 14) + "\">" + in_words(*reach.open - one.at) + (one.is_needed ? "" : ", not needed") + "</text>\n";
  }
  return out + "<text x=\"8\" y=\"" + std::to_string(height - 8) + "\" font-size=\"11\">Time before everybody could know. Red: not needed for the remedy. Dashed: expected by a duty to pass on, not observed.</text>\n</svg>\n";
}

}  // namespace sluice::regimes
