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

std::string by_words(const Reached& one) {
  if (one.by_rule.empty()) return one.action;
  return "expected by " + one.by_rule + (one.step > 2 ? ", through " + one.via : "") + ", after " + one.action;
}

bool is_highest(const Vocabulary& words, const Recipient& told, const std::string& kind) {
  const auto top = [&](const Recipient& one) { return one.kind == kind && !words.levels.empty() && one.level == words.levels.back(); };
  const auto known = words.recipients.find(told.kind);
  return top(told) || (known != words.recipients.end() && std::any_of(known->second.as.begin(), known->second.as.end(), top));
}

bool is_of_a_state(const Vocabulary& words, const Recipient& one) {
  const auto kind = words.recipients.find(one.kind);
  return kind != words.recipients.end() && kind->second.authority;
}

// Whom this body has to tell, by one rule for whoever receives.
void pass_on(std::vector<PassedOn>& out, const World& world, const Pack& pack, const Rule& rule, const Recipient& told, const Action* action, int step) {
  const auto here = applied(world, pack, rule);
  if (here.force() != Force::Law || !not_in_force(here).empty() || !here.body->act) return;
  Grounds unused;
  const When at = action != nullptr && action->at ? *action->at : When(world.scenario.as_of);
  if (here.body->when.holds(here.facts(nullptr, action, at), unused) == Truth::False) return;
  for (const auto& circle : here.body->act->to)
    for (const auto& asked : circle) {
      PassedOn one{&pack, &rule, told, asked, is_kind(world.words, told.kind, asked.kind), step};
      if (one.higher && is_highest(world.words, told, asked.kind)) continue;   // nobody is above it
      // The place of the body that passes it on, and the next higher level, where it is the same kind of body.
      if (!told.place.empty() && (one.higher || !here.body->act->place.empty())) one.to.place = told.place;
      out.push_back(std::move(one));
    }
}

}  // namespace

std::vector<PassedOn> passed_on(const Evaluation& evaluation, const Recipient& told, const Action* action) {
  const auto& world = *evaluation.world;
  std::vector<PassedOn> out;
  std::set<std::tuple<const Rule*, std::string, std::string>> followed;   // R2
  const auto follow = [&](const Recipient& by, int step) {
    const auto body = somebody(world, by).kind;
    for (const auto* pack : evaluation.packs)
      for (const auto& rule : pack->rules) {
        if (std::none_of(rule.received_by.begin(), rule.received_by.end(), [&](const std::string& kind) { return is_kind(world.words, body, kind); })) continue;
        if (followed.insert({&rule, body, by.place}).second) pass_on(out, world, *pack, rule, by, action, step);
      }
  };
  follow(told, 1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto next = out[i];                 // a copy: the list grows
    follow(next.to, next.step + 1);
  }
  return out;
}

std::vector<Onward> onward(const Evaluation& evaluation, std::string_view party) {
  const auto& words = evaluation.world->words;
  std::vector<Onward> out;
  const auto is_new = [&](const Onward& made) {
    return std::none_of(out.begin(), out.end(), [&](const Onward& one) { return one.rule == made.rule && one.to == made.to && (made.step == 1 || one.via == made.via); });
  };
  std::vector<Recipient> told;
  for (const auto& duty : evaluation.duties) {
    if (duty.on->id != party || !duty.is_triggered() || duty.rule.force() != Force::Law || !duty.rule.body->act) continue;
    const auto& circles = duty.rule.body->act->to;
    const bool any = std::any_of(circles.begin(), circles.end(), [&](const Recipients& circle) { return std::any_of(circle.begin(), circle.end(), [&](const Recipient& one) { return is_of_a_state(words, one); }); });
    if (!any) continue;
    Onward made{duty.rule.pack, duty.rule.rule, &duty, to_text(circles), std::string(party), 1};
    if (is_new(made)) out.push_back(std::move(made));
    for (const auto& circle : circles)
      for (const auto& one : circle)
        if (is_of_a_state(words, one) && std::find(told.begin(), told.end(), one) == told.end()) told.push_back(one);
  }
  for (const auto& body : told)
    for (const auto& next : passed_on(evaluation, body)) {
      Onward made{next.pack, next.rule, nullptr, to_text(next.to), to_text(next.via), next.step + 1};
      if (is_new(made)) out.push_back(std::move(made));
    }
  std::stable_sort(out.begin(), out.end(), [](const Onward& a, const Onward& b) { return a.step < b.step; });
  return out;
}

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
      for (const auto& next : passed_on(evaluation, told, &action)) {
        auto further = somebody(world, next.to);
        if (next.higher) further.where += " (higher level)";
        further.at = action.at->at, further.action = action.id, further.by_rule = next.rule->id, further.via = somebody(world, next.via).kind, further.step = next.step + 1;
        all.push_back(std::move(further));
      }
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Reached& a, const Reached& b) { return std::tuple(a.at, a.step) < std::tuple(b.at, b.step); });
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
    if (!one.by_rule.empty()) row["expected_by"] = one.by_rule, row["via"] = one.via;
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
