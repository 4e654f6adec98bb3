// `sluice regimes compare, overlap, divergences, overlays, what-if, cost, reach`: rules beside each other, and what changes if one of them were otherwise.
#include <algorithm>

#include "cli/console.h"
#include "cli/regimes_files.h"
#include "regimes/comment.h"
#include "regimes/compare.h"
#include "regimes/reach.h"
#include "regimes/what_if.h"

namespace sluice::cli {

namespace {

// "name=value" of every use of the option.
Result<std::vector<std::pair<std::string, std::string>>> pairs_of(const Arguments& a, std::string_view option) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& text : a.all(option)) {
    const auto equals = text.find('=');
    if (equals == text.npos || equals == 0) return usage(std::string(option) + " is written name=value.");
    out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

Result<std::optional<regimes::Second>> instant_of(const Arguments& a, std::string_view option) {
  const auto text = a.maybe(option);
  if (!text) return std::optional<regimes::Second>();
  const auto read = regimes::parse_second(text->size() == 10 ? *text + "T00:00Z" : *text);
  if (!read) return usage(std::string(option) + ": " + read.error().message);
  return std::optional(*read);
}

// Choices for readings that are there.
Result<std::map<std::string, std::string>> chosen(const Arguments& a, const regimes::Library& library) {
  std::map<std::string, std::string> out;
  TRY(const auto pairs, pairs_of(a, "--reading"));
  for (const auto& [name, choice] : pairs) {
    const auto dot = name.rfind('.');
    const auto pack = dot == name.npos ? library.packs.end() : library.packs.find(name.substr(0, dot));
    const auto* reading = pack == library.packs.end() ? nullptr : pack->second.reading(name.substr(dot + 1));
    if (reading == nullptr) return fail(ErrorKind::NotFound, "There is no reading \"" + name + "\"; it is written regime.reading.");
    if (std::none_of(reading->choices.begin(), reading->choices.end(), [&](const auto& one) { return one.first == choice; })) return fail(ErrorKind::NotFound, "The reading \"" + name + "\" has no choice \"" + choice + "\".");
    out[name] = choice;
  }
  return out;
}

Result<regimes::Standpoint> standpoint_of(const Arguments& a, const regimes::Library& library) {
  regimes::Standpoint out;
  TRY(out.readings, chosen(a, library));
  TRY(out.as_of, instant_of(a, "--as-of"));
  return out;
}

std::string mark_of(const regimes::Rule& rule) { return rule.verified ? "" : " [not checked against the text]"; }

void show(const regimes::Outline& one, std::string_view before) {
  const auto line = [&](const char* name, const std::string& text) {
    if (!text.empty()) print(std::string(before) + "  " + name + ": " + text);
  };
  print(std::string(before) + one.rule.rule->id + ", " + one.rule.rule->cite + ", " + one.modality + ": " + one.rule.rule->says + mark_of(*one.rule.rule));
  line("on", one.on), line("trigger", one.trigger), line("action", one.action), line("recipient", one.recipient), line("time", one.time), line("precondition", one.precondition);
}

std::string joined_by(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

Result<int> compare(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto amended, amended_packs(library, a));
  TRY(const auto packs, regimes::packs_named(amended.library, {a.get("A"), a.get("B")}));
  if (packs.size() != 2) return usage("Compare a regime with another one.");
  TRY(auto standpoint, standpoint_of(a, amended.library));
  const regimes::Shelf shelf(amended.library, std::move(standpoint));
  const auto found = regimes::compare(shelf, *packs[0], *packs[1]);
  if (a.json()) return print_json(regimes::to_json(found)), 0;
  for (const auto& pair : found.pairs) {
    show(pair.a, ""), show(pair.b, "  | ");
    print("  differ in: " + (pair.differs.empty() ? "nothing" : joined_by(pair.differs, ", ")));
  }
  for (const auto& one : found.only_a) print("only in " + packs[0]->id + ": " + one.rule.rule->id + ", " + one.rule.rule->cite + ": " + one.rule.rule->says + mark_of(*one.rule.rule));
  for (const auto& one : found.only_b) print("only in " + packs[1]->id + ": " + one.rule.rule->id + ", " + one.rule.rule->cite + ": " + one.rule.rule->says + mark_of(*one.rule.rule));
  return 0;
}

Result<int> overlap(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto amended, amended_packs(library, a));
  TRY(const auto packs, regimes::packs_named(amended.library, a.all("REGIME")));
  TRY(auto standpoint, standpoint_of(a, amended.library));
  const regimes::Shelf shelf(amended.library, std::move(standpoint));
  auto found = regimes::overlaps(shelf, packs);
  if (const auto act = a.maybe("--act")) std::erase_if(found, [&](const regimes::Overlap& one) { return ("|" + one.act + "|").find("|" + *act + "|") == std::string::npos && one.act != "any act"; });
  if (const auto how = a.maybe("--how")) std::erase_if(found, [&](const regimes::Overlap& one) { return one.how != *how; });
  if (a.json()) return print_json(regimes::to_json(found)), 0;
  const auto side = [](const regimes::Outline& one) {
    const auto when = !one.time.empty() ? one.time : !one.precondition.empty() ? one.precondition : std::string("no time");
    return "  " + one.rule.rule->id + ", " + one.rule.rule->cite + ", " + one.modality + "; who: " + one.on + "; to whom: " + (one.recipient.empty() ? "anybody" : one.recipient) + "; when: " + when + mark_of(*one.rule.rule);
  };
  for (const auto& one : found) print(one.act + ", " + one.how + ": " + std::string(regimes::how_says(one.how))), print(side(one.a)), print(side(one.b));
  return 0;
}

Result<int> divergences(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto amended, amended_packs(library, a));
  const auto yardsticks = a.all("--against");
  TRY(regimes::check(yardsticks, amended.library));
  auto ids = a.all("REGIME");
  TRY(auto standpoint, standpoint_of(a, amended.library));
  std::vector<regimes::Scenario> cases;
  for (const auto& file : a.all("--scenario")) {
    TRY(const auto given, one_case(file));
    TRY(auto scenario, read_case(given, amended.library));
    for (const auto& [reading, choice] : standpoint.readings) scenario.readings[reading] = choice;
    // What is asked, and what it is measured by, is part of the case.
    for (const auto& id : ids)
      if (std::find(scenario.regimes.begin(), scenario.regimes.end(), id) == scenario.regimes.end()) scenario.regimes.push_back(id);
    for (const auto& [id, pack] : amended.library.packs) {
      const bool is_norm = std::any_of(pack.rules.begin(), pack.rules.end(), [](const regimes::Rule& rule) { return !rule.plain.norm.empty(); });
      const bool measures = yardsticks.empty() ? pack.force == regimes::Force::Advice || is_norm : std::any_of(yardsticks.begin(), yardsticks.end(), [&](const std::string& one) { return one.substr(0, one.find('/')) == id; });
      if (measures && std::find(scenario.regimes.begin(), scenario.regimes.end(), id) == scenario.regimes.end()) scenario.regimes.push_back(id);
    }
    if (!standpoint.as_of) standpoint.as_of = scenario.as_of;
    cases.push_back(std::move(scenario));
  }
  const regimes::Shelf shelf(amended.library, standpoint);
  TRY(const auto packs, regimes::packs_named(amended.library, ids));
  std::vector<regimes::Departure> found;
  if (cases.empty()) found = regimes::departures(shelf, packs, yardsticks);
  std::vector<regimes::Evaluation> answers;   // departures point into them
  for (const auto& scenario : cases) {
    TRY(auto answer, regimes::evaluate(scenario, amended.library));
    for (auto& one : regimes::departures(answer, ids.empty() ? std::vector<const regimes::Pack*>() : packs, yardsticks))
      if (std::none_of(found.begin(), found.end(), [&](const regimes::Departure& have) { return have.rule == one.rule && have.norm == one.norm; })) found.push_back(std::move(one));
    answers.push_back(std::move(answer));
  }
  std::stable_sort(found.begin(), found.end(), [](const regimes::Departure& x, const regimes::Departure& y) { return x.pack != y.pack ? x.pack->id < y.pack->id : x.rule->line != y.rule->line ? x.rule->line < y.rule->line : false; });
  if (a.json()) return print_json(json::object{{"divergences", regimes::to_json(found, shelf)}, {"note", "A reading of the rules listed, not legal advice."}}), 0;
  if (a.has("--markdown")) {
    regimes::CommentOn on{&shelf, found, {}, {}};
    for (const auto& scenario : cases) on.cases.push_back(&scenario);
    for (const auto& [file, yaml] : regimes::built_in_overlays()) {
      const auto one = regimes::amended(library, {{std::string(file), std::string(yaml)}});
      on.suggested.insert(on.suggested.end(), one.overlays.begin(), one.overlays.end());
    }
    return print(regimes::comment(on)), 0;
  }
  for (const auto& one : found) {
    std::string when = one.under.empty() ? "" : "; under " + one.under;
    if (!one.only_if.empty()) when += "; where " + one.only_if;
    print(one.rule->id + ", " + one.rule->cite + mark_of(*one.rule) + ", departs from " + one.norm->id + ", " + shelf.clause(*one.norm_pack, *one.norm) + mark_of(*one.norm) + ": " + one.why + when);
  }
  return 0;
}

Result<int> overlays(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  json::array out;
  for (const auto& [file, yaml] : regimes::built_in_overlays()) {
    const auto amended = regimes::amended(library, {{std::string(file), std::string(yaml)}});
    for (const auto& one : amended.findings)
      if (one.severity == Severity::Error) return fail(ErrorKind::Invalid, one.message, one.where, one.rule);
    const auto& overlay = amended.overlays.front();
    json::array changes;
    std::string shown_changes;
    for (const auto& change : overlay.changes) {
      const auto name = change.name.empty() || change.name.find('/') != change.name.npos ? change.name : change.pack + "." + change.name;
      changes.push_back(json::object{{"what", regimes::to_text(change.what)}, {"pack", change.pack}, {"name", change.name}, {"detail", change.detail}});
      shown_changes += "\n  " + std::string(regimes::to_text(change.what)) + " " + (name.empty() ? change.pack : name) + (change.detail.empty() ? "" : ": " + change.detail);
    }
    if (!a.json()) print(overlay.id + " (" + overlay.source + "): " + overlay.says + shown_changes);
    else out.push_back(json::object{{"id", overlay.id}, {"edition", overlay.edition}, {"title", overlay.title}, {"source", overlay.source}, {"says", overlay.says}, {"changes", std::move(changes)}});
  }
  if (a.json()) print_json(json::object{{"overlays", std::move(out)}});
  return 0;
}

// A fact as it was typed: JSON where it is some, else a word.
json::value value_of(const std::string& text) {
  auto value = parse_json(text);
  return value ? *std::move(value) : json::value(text);
}

Result<regimes::Otherwise> otherwise_of(const Arguments& a) {
  regimes::Otherwise out;
  out.add_regimes = a.all("--add-regime"), out.drop_regimes = a.all("--drop-regime"), out.assume = a.all("--assume"), out.drop_parties = a.all("--drop-party");
  TRY(const auto readings, pairs_of(a, "--reading"));
  out.readings = {readings.begin(), readings.end()};
  TRY(const auto facts, pairs_of(a, "--fact"));
  for (const auto& [pointer, text] : facts) out.facts.emplace_back(pointer, value_of(text));
  TRY(const auto events, pairs_of(a, "--event"));
  for (const auto& [name, text] : events) out.events.emplace_back(name, text == "null" ? json::value() : json::value(text));
  return out;
}

Result<int> what_if(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(auto amended, amended_packs(library, a));
  for (const auto& id : a.all("--drop-rule")) {
    TRY(amended.library, regimes::without_rule(amended.library, id));
  }
  TRY(const auto other, otherwise_of(a));
  TRY(const auto files, all_cases(a.all("SCENARIO")));
  const auto known = [&](const std::vector<std::string>& ids) -> Result<void> {
    for (const auto& id : ids)
      if (!amended.library.packs.contains(id)) return fail(ErrorKind::NotFound, "There is no pack \"" + id + "\".");
    return {};
  };
  TRY(known(other.add_regimes));
  TRY(known(other.drop_regimes));
  TRY(known(other.assume));
  json::array cases, amendments;
  std::size_t changed = 0;
  for (const auto& one : amended.overlays) amendments.push_back(json::object{{"id", one.id}, {"edition", one.edition}, {"source", one.source}, {"says", one.says}});
  for (const auto& file : files) {
    auto then = regimes::otherwise(file.value, other);
    if (!then) return std::unexpected(shown(then.error(), file.where));
    // A case that can't be answered as it stands, such as one of a test that has to be refused, is said to be so and left out.
    const auto answer = regimes::what_if(file.value, library, *then, amended.library);
    if (!answer) {
      if (a.json()) cases.push_back(json::object{{"case", file.where}, {"refused", answer.error().message}, {"where", answer.error().where}});
      else tell(file.where + ": refused: " + answer.error().message + " (" + answer.error().where + ")");
      continue;
    }
    if (answer->changes.empty() && answer->settled.empty()) continue;
    ++changed;
    json::array rows, settled;
    if (!a.json()) print(file.where + ": " + answer->title);
    for (const auto& reading : answer->settled) {
      settled.emplace_back(reading);
      if (!a.json()) print("  the reading " + reading + " is settled; the case's choice is gone");
    }
    for (const auto& change : answer->changes) {
      rows.push_back(regimes::to_json(change));
      if (!a.json()) print("  " + regimes::to_text(change));
    }
    cases.push_back(json::object{{"case", file.where}, {"title", answer->title}, {"changes", std::move(rows)}, {"settled", std::move(settled)}});
  }
  if (a.json()) print_json(json::object{{"amendments", std::move(amendments)}, {"asked", files.size()}, {"changed", changed}, {"cases", std::move(cases)}});
  else print(std::to_string(changed) + " of " + std::to_string(files.size()) + " cases are answered otherwise.");
  return 0;
}

// The case of SCENARIO with what is to be otherwise in it.
Result<regimes::Scenario> case_otherwise(const Arguments& a, const regimes::Library& library) {
  TRY(auto file, one_case(a.get("SCENARIO")));
  TRY(const auto other, otherwise_of(a));
  auto changed = regimes::otherwise(std::move(file.value), other);
  if (!changed) return std::unexpected(shown(changed.error(), file.where));
  return read_case({file.where, *std::move(changed)}, library);
}

Result<int> cost(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto amended, amended_packs(library, a));
  TRY(const auto scenario, case_otherwise(a, amended.library));
  TRY(const auto from, instant_of(a, "--from"));
  TRY(const auto found, regimes::cost(scenario, amended.library, a.get("REGIME"), a.get("--action"), from));
  if (a.json()) return print_json(regimes::to_json(found)), 0;
  print(regimes::to_text(found));
  for (const auto& [name, one] : {std::pair{"with", &found.with}, {"without", &found.without}}) {
    if (!one->held_by.empty()) print(std::string("  ") + name + " it, held back by " + joined_by(one->held_by, ", "));
    for (const auto& step : one->steps) print(std::string("  ") + name + " it, a step was put into the plan: " + step);
  }
  return 0;
}

Result<int> reach(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto amended, amended_packs(library, a));
  TRY(const auto scenario, case_otherwise(a, amended.library));
  TRY(const auto answer, regimes::evaluate(scenario, amended.library));
  const auto found = regimes::reach(answer);
  if (a.json()) print_json(regimes::to_json(found));
  else if (a.has("--svg")) print(regimes::to_svg(found, scenario.title));
  else print(regimes::to_markdown(found));
  return 0;
}

constexpr Option kReading{"--reading", "R=C", Takes::Many, "choose a reading: regime.reading=choice"};
constexpr Option kAsOf{"--as-of", "INSTANT", Takes::One, "the packs and editions of that day or instant; without it, as they are now"};
constexpr Option kScenario{"SCENARIO", "", Takes::Required, "the case as JSON; FILE#ID for one of several; - for standard input"};
constexpr Option kAssume{"--assume", "REGIME", Takes::Many, "a draft is taken to be in force"};
constexpr Option kAddRegime{"--add-regime", "REGIME", Takes::Many, "the case also asks this one"};
constexpr Option kDropRegime{"--drop-regime", "REGIME", Takes::Many, "the case doesn't ask this one"};
constexpr Option kFact{"--fact", "POINTER=VALUE", Takes::Many, "another fact, such as /product/support=ended; entries of lists by number or id: /actions/a1/at=null"};
constexpr Option kDropParty{"--drop-party", "ID", Takes::Many, "without this party and its actions"};
constexpr Option kEvent{"--event", "NAME=INSTANT", Takes::Many, "another time of an event, or null"};

// clang-format off
const Verb kVerbs[] = {
    {"regimes", "compare", "Two regimes rule by rule: trigger, action, recipient, time, precondition, modality.", "sluice regimes compare cn-miit-2019d cn-rmsv-2021",
     {{"A", "", Takes::Required, "a regime"}, {"B", "", Takes::Required, "another"}, kReading, kAsOf, kOverlayOption, kPacksOption, kJsonOption}, compare},
    {"regimes", "overlap", "Acts of which several rules speak: who, when, to whom.", "sluice regimes overlap cn-cac-2019d cn-miit-2019d --how clash",
     {{"REGIME", "", Takes::Many, "the regimes; of one alone its own rules; without any, all packs"}, {"--act", "TYPE", Takes::One, "of this type of act alone"}, {"--how", "HOW", Takes::One, "clash, order, twice or alike", "clash|order|twice|alike"},
      kReading, kAsOf, kOverlayOption, kPacksOption, kJsonOption}, overlap},
    {"regimes", "divergences", "Where laws and drafts ask what standards advise against, or fix what they leave open, with both citations.",
     "sluice regimes divergences cn-miit-2019d --against iso-30111-2019\nsluice regimes divergences cn-cac-2019d --scenario case.json --markdown > comment.md",
     {{"REGIME", "", Takes::Many, "laws and drafts; without any, all packs"}, {"--against", "YARDSTICK", Takes::Many, "a regime or rule to measure by; without one, all norms that packs name"},
      {"--scenario", "FILE", Takes::Many, "in this case, with what it costs there"}, {"--markdown", "", Takes::Switch, "as a comment on the draft: by article what it asks, what the standards say, what it costs, what is suggested"},
      kReading, kAsOf, kOverlayOption, kPacksOption, kJsonOption}, divergences},
    {"regimes", "overlays", "The amendments that are built in, with their sources and what they change.", "sluice regimes overlays", {kPacksOption, kJsonOption}, overlays},
    {"regimes", "what-if", "Every answer that changes if rules, readings or facts were otherwise, over cases and folders of cases.",
     "sluice regimes what-if --overlay let1-art8 tests/regimes\nsluice regimes what-if --fact /product/support=ended --drop-rule cn-miit-2019d/art3-1-product case.json",
     {{"SCENARIO", "", Takes::Files, "cases as JSON, or folders of them"}, kOverlayOption, kAddRegime, kDropRegime, {"--drop-rule", "RULE", Takes::Many, "without this rule, regime/rule"}, kAssume, kReading, kFact, kDropParty, kEvent, kPacksOption, kJsonOption}, what_if},
    {"regimes", "cost", "The earliest lawful publication with and without a regime or rule.", "sluice regimes cost cn-cac-2019d case.json",
     {{"REGIME", "", Takes::Required, "a regime, or a rule of one: regime/rule"}, kScenario, {"--action", "ID", Takes::One, "which action is moved; without it, the first that tells the public"}, {"--from", "INSTANT", Takes::One, "not before this instant; without it, as_of of the case"},
      kOverlayOption, kAddRegime, kDropRegime, kAssume, kReading, kFact, kDropParty, kEvent, kPacksOption, kJsonOption}, cost},
    {"regimes", "reach", "Who hears of it, since when and how long before everybody, by the plan and by duties to pass on.", "sluice regimes reach case.json --svg > access.svg",
     {kScenario, {"--svg", "", Takes::Switch, "as a figure"}, kOverlayOption, kAddRegime, kDropRegime, kAssume, kReading, kFact, kDropParty, kEvent, kPacksOption, kJsonOption}, reach},
};
// clang-format on

}  // namespace

std::span<const Verb> regimes_compare_verbs() { return kVerbs; }

}  // namespace sluice::cli
