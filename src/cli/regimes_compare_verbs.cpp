// `sluice regimes compare, overlap, divergences, overlays, what-if, cost, reach`: rules beside each other, and what changes if one of them were otherwise.
#include <algorithm>

#include "cli/console.h"
#include "cli/regimes_files.h"
#include "regimes/comment.h"
#include "regimes/compare.h"
#include "regimes/footing.h"
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

Result<std::optional<regimes::Second>> second_of(const Arguments& a, std::string_view option) {
  const auto text = a.maybe(option);
  if (!text) return std::optional<regimes::Second>();
  const auto read = regimes::parse_second(text->size() == 10 ? *text + "T00:00Z" : *text);
  if (!read) return usage(std::string(option) + ": " + read.error().message);
  return std::optional(*read);
}

Result<regimes::Standpoint> standpoint_of(const Arguments& a, const regimes::Library& library) {
  regimes::Standpoint out;
  TRY(const auto readings, pairs_of(a, "--reading"));
  for (const auto& [name, choice] : readings) out.readings[name] = choice;
  if (const auto known = regimes::check(out, library); !known) return fail(known.error().kind, known.error().message);
  TRY(out.as_of, second_of(a, "--as-of"));
  return out;
}

std::string mark_of(const regimes::Rule& rule) { return rule.verified ? "" : " [not checked against the text]"; }

void show_outline(const regimes::Outline& one, std::string_view before) {
  const auto line = [&](const char* name, const std::string& text) {
    if (!text.empty()) print(std::string(before) + "  " + name + ": " + text);
  };
  print(std::string(before) + one.rule.rule->id + ", " + one.rule.rule->cite + ", " + one.modality + ": " + one.rule.rule->says + mark_of(*one.rule.rule));
  line("on", one.on), line("trigger", one.trigger), line("action", one.action), line("recipient", one.recipient), line("time", one.time), line("precondition", one.precondition);
}

// What stands in the place of an empty list: an answer that says nothing could be taken for none.
void say_if_none(bool is_none, const char* what, const regimes::Shelf& shelf, const std::vector<const regimes::Pack*>& packs) {
  if (!is_none) return;
  print(what);
  for (const auto* pack : packs)
    if (!pack->rules.empty() && std::none_of(pack->rules.begin(), pack->rules.end(), [&](const regimes::Rule& rule) { return shelf.is_in_force(*pack, rule); })) print("  " + pack->id + " has no rule in force at that instant.");
}

std::string joined_by(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

// Packs that are named, each with its word as the place where there is none of it.
Result<std::vector<const regimes::Pack*>> named_packs(const regimes::Library& library, const std::vector<std::string>& ids) {
  for (const auto& id : ids)
    if (!library.packs.contains(id)) return fail(ErrorKind::NotFound, "There is no pack \"" + id + "\".", id);
  return regimes::packs_named(library, ids);
}

Result<int> compare(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto amended, amended_packs(library, a));
  TRY(const auto packs, named_packs(amended.library, {a.get("A"), a.get("B")}));
  if (packs.size() != 2) return usage("Compare a regime with another one.");
  TRY(auto standpoint, standpoint_of(a, amended.library));
  const auto as_of = standpoint.as_of;
  const regimes::Shelf shelf(amended.library, std::move(standpoint));
  const auto found = regimes::compare(shelf, *packs[0], *packs[1]);
  if (a.json()) return print_json(regimes::with_footing(regimes::to_json(found), amended.library, {packs[0]->id, packs[1]->id}, as_of)), 0;
  for (const auto& pair : found.pairs) {
    show_outline(pair.a, ""), show_outline(pair.b, "  | ");
    print("  differ in: " + (pair.differs.empty() ? "nothing" : joined_by(pair.differs, ", ")));
  }
  for (const auto& one : found.only_a) print("only in " + packs[0]->id + ": " + one.rule.rule->id + ", " + one.rule.rule->cite + ": " + one.rule.rule->says + mark_of(*one.rule.rule));
  for (const auto& one : found.only_b) print("only in " + packs[1]->id + ": " + one.rule.rule->id + ", " + one.rule.rule->cite + ": " + one.rule.rule->says + mark_of(*one.rule.rule));
  tell(regimes::footing(amended.library, {packs[0]->id, packs[1]->id}, as_of));
  return 0;
}

Result<int> overlap(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto amended, amended_packs(library, a));
  TRY(const auto packs, named_packs(amended.library, a.all("REGIME")));
  TRY(auto standpoint, standpoint_of(a, amended.library));
  const auto as_of = standpoint.as_of;
  const regimes::Shelf shelf(amended.library, std::move(standpoint));
  TRY(const auto found, regimes::overlaps(shelf, packs, a.get("--act"), a.get("--how")));
  if (a.json()) return print_json(regimes::with_footing({{"items", regimes::to_json(found)}}, amended.library, a.all("REGIME"), as_of)), 0;
  const auto side = [](const regimes::Outline& one) {
    const auto when = !one.time.empty() ? one.time : !one.precondition.empty() ? one.precondition : std::string("no time");
    return "  " + one.rule.rule->id + ", " + one.rule.rule->cite + ", " + one.modality + "; who: " + one.on + "; to whom: " + (one.recipient.empty() ? "anybody" : one.recipient) + "; when: " + when + mark_of(*one.rule.rule);
  };
  for (const auto& one : found) print(one.act + ", " + one.how + ": " + std::string(regimes::how_says(one.how))), print(side(one.a)), print(side(one.b));
  say_if_none(found.empty(), "No act of which several of these rules speak so.", shelf, packs);
  tell(regimes::footing(amended.library, a.all("REGIME"), as_of));
  return 0;
}

Result<int> divergences(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto amended, amended_packs(library, a));
  std::vector<regimes::Scenario> cases;
  for (const auto& file : a.all("--scenario")) {
    TRY(const auto given, one_case(file));
    TRY(auto scenario, read_case(given, amended.library));
    cases.push_back(std::move(scenario));
  }
  TRY(auto standpoint, standpoint_of(a, amended.library));
  const auto as_of = standpoint.as_of;
  TRY(const auto packs, named_packs(amended.library, a.all("REGIME")));
  TRY(const auto found, regimes::measured(amended.library, std::move(cases), a.all("REGIME"), a.all("--against"), std::move(standpoint)));
  if (a.json()) return print_json(regimes::with_footing(regimes::to_json(found), amended.library, a.all("REGIME"), as_of)), 0;
  if (a.has("--markdown")) return print(regimes::comment(found, regimes::suggestions(library))), 0;
  for (const auto& one : found.found) {
    std::string when = one.under.empty() ? "" : "; under " + one.under;
    if (!one.only_if.empty()) when += "; where " + one.only_if;
    auto why = one.why;
    while (!when.empty() && why.ends_with('.')) why.pop_back();    // the sentence goes on
    print(one.rule->id + ", " + one.rule->cite + mark_of(*one.rule) + ", departs from " + one.norm->id + ", " + found.shelf->clause(*one.norm_pack, *one.norm) + mark_of(*one.norm) + ": " + why + when);
  }
  say_if_none(found.found.empty(), "No rule of a law or draft departs from a yardstick here.", *found.shelf, packs);
  tell(regimes::footing(amended.library, a.all("REGIME"), as_of));
  return 0;
}

Result<int> overlays(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  const auto all = regimes::overlays_against(library);
  if (a.json()) return print_json(regimes::with_footing({{"overlays", regimes::to_json(all)}}, library, {}, {})), 0;
  for (const auto& one : all) {
    if (!one.overlay) {
      print(one.id + " doesn't fit these packs: " + one.unfit.message + " (" + one.unfit.where + ")");
      continue;
    }
    std::string shown;
    for (const auto& change : one.overlay->changes) {
      const auto name = change.name.empty() || change.name.find('/') != change.name.npos ? change.name : change.pack + "." + change.name;
      shown += "\n  " + std::string(regimes::to_text(change.what)) + " " + (name.empty() ? change.pack : name) + (change.detail.empty() ? "" : ": " + change.detail);
    }
    print(one.id + " (" + one.overlay->source + "): " + one.overlay->says + shown);
  }
  tell(regimes::kNotAdvice);
  return 0;
}

// A fact as it was typed: JSON where it is some, else a word.
json::value value_of(const std::string& text) {
  auto value = parse_json(text);
  return value ? *std::move(value) : json::value(text);
}

Result<regimes::Otherwise> otherwise_of(const Arguments& a, const regimes::Library& library) {
  regimes::Otherwise out;
  out.add_regimes = a.all("--add-regime"), out.drop_regimes = a.all("--drop-regime"), out.assume = a.all("--assume"), out.drop_parties = a.all("--drop-party");
  TRY(const auto readings, pairs_of(a, "--reading"));
  out.readings = {readings.begin(), readings.end()};
  TRY(const auto facts, pairs_of(a, "--fact"));
  for (const auto& [pointer, text] : facts) out.facts.emplace_back(pointer, value_of(text));
  TRY(const auto events, pairs_of(a, "--event"));
  for (const auto& [name, text] : events) out.events.emplace_back(name, text == "null" ? json::value() : json::value(text));
  for (const auto& text : a.all("--add-party")) {
    auto given = text;
    if (!given.starts_with('{')) {
      TRY(given, read_input(text));
    }
    auto party = parse_json(given);
    if (!party || !party->is_object()) return usage("--add-party takes a party as JSON, or a file with one: '{\"id\": \"d\", \"role\": \"vendor\", \"established\": \"DE\"}'.");
    out.add_parties.push_back(party->as_object());
  }
  for (const auto& [option, to] : {std::pair{"--add-jurisdiction", &out.add_regimes}, {"--drop-jurisdiction", &out.drop_regimes}})
    for (const auto& place : a.all(option)) {
      const auto before = to->size();
      for (const auto& [id, pack] : library.packs)
        if (pack.jurisdiction == place) to->push_back(id);
      if (to->size() == before) return usage(std::string(option) + ": no pack is of the jurisdiction \"" + place + "\".");
    }
  return out;
}

// The packs with the amendments, and without the rules that are to go; and what is otherwise in the case names packs that are there.
Result<regimes::Amended> packs_otherwise(const regimes::Library& library, const regimes::Otherwise& other, const Arguments& a) {
  TRY(auto texts, overlay_texts(a));
  auto out = regimes::packs_otherwise(library, {std::move(texts), a.all("--drop-rule")});
  if (!out) return out;
  if (const auto known = regimes::check(other, out->library); !known) return fail(known.error().kind, known.error().message);
  return out;
}

std::optional<regimes::Second> as_of_in(const json::object& scenario) {
  const auto read = regimes::parse_second(string_at(scenario, "as_of"));
  return read ? std::optional(*read) : std::nullopt;
}

// A worked case may expect that it is refused.
bool has_to_be_refused(const json::object& scenario) {
  const auto* expected = scenario.if_contains("expected");
  return expected != nullptr && expected->is_object() && expected->get_object().contains("refused");
}

// A party that no case has would change nothing, and be told as no change.
Result<void> know_parties(const regimes::Otherwise& other, const std::vector<CaseFile>& cases) {
  for (const auto& id : other.drop_parties)
    if (std::none_of(cases.begin(), cases.end(), [&](const CaseFile& one) { return regimes::has_party(one.value, id); }))
      return fail(ErrorKind::NotFound, (cases.size() == 1 ? "The case has no party \"" : "No case has a party \"") + id + "\".", "--drop-party");
  return {};
}

Result<int> what_if(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto other, otherwise_of(a, library));
  TRY(const auto amended, packs_otherwise(library, other, a));
  TRY(const auto files, all_cases(a.all("SCENARIO")));
  TRY(know_parties(other, files));
  json::array cases, amendments;
  std::size_t changed = 0;
  bool is_refused = false;
  std::set<std::string> asked;
  for (const auto& one : amended.overlays) amendments.push_back(regimes::to_json(one));
  for (const auto& file : files) {
    auto then = regimes::otherwise(file.value, other);
    if (!then) return std::unexpected(shown(then.error(), file.where));
    for (const auto* scenario : std::initializer_list<const json::object*>{&file.value, &*then})
      if (const auto* list = scenario->if_contains("regimes"); list != nullptr && list->is_array())
        for (const auto& id : list->get_array())
          if (id.is_string()) asked.emplace(id.get_string());
    // A case that can't be answered is said to be so and left out; and that is an error, but where the case itself, one of a test, says that it has to be refused.
    const auto answer = regimes::what_if(file.value, library, *then, amended.library);
    if (!answer) {
      is_refused = is_refused || !has_to_be_refused(file.value);
      if (a.json()) cases.push_back(json::object{{"case", file.where}, {"refused", answer.error().message}, {"where", answer.error().where}});
      else tell(file.where + ": refused: " + answer.error().message + " (" + answer.error().where + ")");
      continue;
    }
    if (answer->changes.empty() && answer->settled.empty()) continue;
    ++changed;
    auto row = regimes::to_json(*answer);
    row["case"] = file.where;
    cases.push_back(std::move(row));
    if (a.json()) continue;
    print(file.where + ": " + answer->title);
    for (const auto& reading : answer->settled) print("  the reading " + reading + " is settled; the case's choice is gone");
    for (const auto& change : answer->changes) print("  " + regimes::to_text(change));
  }
  const std::vector<std::string> packs(asked.begin(), asked.end());
  // One case is asked as of its own instant; several, each of its own.
  const auto as_of = files.size() == 1 ? as_of_in(files.front().value) : std::nullopt;
  if (a.json()) {
    print_json(regimes::with_footing({{"amendments", std::move(amendments)}, {"asked", files.size()}, {"changed", changed}, {"cases", std::move(cases)}}, amended.library, packs, as_of));
  } else {
    print(std::to_string(changed) + " of " + std::to_string(files.size()) + " cases are answered otherwise.");
    tell(regimes::footing(amended.library, packs, as_of, cases));
  }
  return is_refused ? 1 : 0;
}

// The case of SCENARIO with what is to be otherwise in it.
Result<regimes::Scenario> case_otherwise(const Arguments& a, const regimes::Otherwise& other, const regimes::Library& library) {
  TRY(auto file, one_case(a.get("SCENARIO")));
  TRY(know_parties(other, {file}));
  auto changed = regimes::otherwise(std::move(file.value), other);
  if (!changed) return std::unexpected(shown(changed.error(), file.where));
  return read_case({file.where, *std::move(changed)}, library);
}

Result<int> cost(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto other, otherwise_of(a, library));
  TRY(const auto amended, packs_otherwise(library, other, a));
  TRY(const auto scenario, case_otherwise(a, other, amended.library));
  TRY(const auto from, second_of(a, "--from"));
  const auto asked = a.get("REGIME");
  const auto pack = amended.library.packs.find(asked.substr(0, asked.find('/')));
  if (pack == amended.library.packs.end() || (asked.find('/') != asked.npos && pack->second.rule(asked) == nullptr)) return fail(ErrorKind::NotFound, "There is no regime or rule \"" + asked + "\".", "REGIME");
  TRY(const auto found, regimes::cost(scenario, amended.library, a.get("REGIME"), a.get("--action"), from));
  const auto answer = regimes::to_json(found);
  auto packs = scenario.regimes;
  packs.push_back(pack->first);                  // which the case need not name
  if (a.json()) return print_json(regimes::with_footing(answer, amended.library, packs, scenario.as_of)), 0;
  print(regimes::to_text(found));
  for (const auto& [name, one] : {std::pair{"with", &found.with}, {"without", &found.without}}) {
    if (!one->held_by.empty()) print(std::string("  ") + name + " it, held back by " + joined_by(one->held_by, ", "));
    for (const auto& step : one->steps) print(std::string("  ") + name + " it, a step was put into the plan: " + step);
  }
  tell(regimes::footing(amended.library, packs, scenario.as_of, answer));
  return 0;
}

Result<int> reach(const Arguments& a) {
  TRY(const auto library, regimes_packs(a));
  TRY(const auto other, otherwise_of(a, library));
  TRY(const auto amended, packs_otherwise(library, other, a));
  TRY(const auto scenario, case_otherwise(a, other, amended.library));
  TRY(const auto answer, regimes::evaluate(scenario, amended.library));
  const auto found = regimes::reach(answer);
  const auto out = regimes::to_json(found);
  if (a.json()) return print_json(regimes::with_footing(out, amended.library, scenario.regimes, scenario.as_of)), 0;
  print(a.has("--svg") ? regimes::to_svg(found, scenario.title) : regimes::to_markdown(found));
  tell(regimes::footing(amended.library, scenario.regimes, scenario.as_of, out));
  return 0;
}

constexpr Option kReading{"--reading", "R=C", Takes::Many, "choose a reading: regime.reading=choice"};
constexpr Option kPacksAsOf{"--as-of", "INSTANT", Takes::One, "the packs and editions of that day or instant; without it, as they are now"};
constexpr Option kScenario{"SCENARIO", "", Takes::Required, "the case as JSON; FILE#ID for one of several; - for standard input"};
constexpr Option kAssumeInForce{"--assume", "REGIME", Takes::Many, "a draft is taken to be in force"};
constexpr Option kAddRegime{"--add-regime", "REGIME", Takes::Many, "the case also asks this one"};
constexpr Option kDropRegime{"--drop-regime", "REGIME", Takes::Many, "the case doesn't ask this one"};
constexpr Option kAddJurisdiction{"--add-jurisdiction", "PLACE", Takes::Many, "the case also asks all packs of this jurisdiction, such as EU"};
constexpr Option kDropJurisdiction{"--drop-jurisdiction", "PLACE", Takes::Many, "the case asks no pack of this jurisdiction"};
constexpr Option kDropRule{"--drop-rule", "RULE", Takes::Many, "without this rule, regime/rule"};
constexpr Option kFact{"--fact", "POINTER=VALUE", Takes::Many, "another fact, such as /product/support=ended; entries of lists by number or id: /actions/a1/at=null"};
constexpr Option kAddParty{"--add-party", "JSON", Takes::Many, "one more party, as a case has it, or a file with it"};
constexpr Option kDropParty{"--drop-party", "ID", Takes::Many, "without this party and its actions"};
constexpr Option kEvent{"--event", "NAME=INSTANT", Takes::Many, "another time of an event, or null"};

// clang-format off
const Verb kRegimesCompareVerbs[] = {
    {"regimes", "compare", "Two regimes rule by rule: trigger, action, recipient, time, precondition, modality.", "sluice regimes compare cn-miit-2019d cn-rmsv-2021",
     {{"A", "", Takes::Required, "a regime"}, {"B", "", Takes::Required, "another"}, kReading, kPacksAsOf, kOverlayOption, kPacksOption, kJson}, compare},
    {"regimes", "overlap", "Acts of which several rules speak: who, when, to whom.", "sluice regimes overlap cn-cac-2019d cn-miit-2019d --how clash",
     {{"REGIME", "", Takes::Many, "the regimes; of one alone its own rules; without any, all packs"}, {"--act", "TYPE", Takes::One, "of this type of act alone"}, {"--how", "HOW", Takes::One, "clash, order, twice or alike", "clash|order|twice|alike"},
      kReading, kPacksAsOf, kOverlayOption, kPacksOption, kJson}, overlap},
    {"regimes", "divergences", "Where laws and drafts ask what standards advise against, or fix what they leave open, with both citations.",
     "sluice regimes divergences cn-miit-2019d --against iso-30111-2019\nsluice regimes divergences cn-cac-2019d --scenario case.json --markdown > comment.md",
     {{"REGIME", "", Takes::Many, "laws and drafts; without any, all packs"}, {"--against", "YARDSTICK", Takes::Many, "a regime or rule to measure by; without one, all norms that packs name"},
      {"--scenario", "FILE", Takes::Many, "in this case, with what it costs there"}, {"--markdown", "", Takes::Switch, "as a comment on the draft: by article what it asks, what the standards say, what it costs, what is suggested"},
      kReading, kPacksAsOf, kOverlayOption, kPacksOption, kJson}, divergences},
    {"regimes", "overlays", "The amendments that are built in, with their sources and what they change.", "sluice regimes overlays", {kPacksOption, kJson}, overlays},
    {"regimes", "what-if", "Every answer that changes if rules, readings or facts were otherwise, over cases and folders of cases.",
     "sluice regimes what-if --overlay let1-art8 tests/regimes\nsluice regimes what-if --fact /product/support=ended --drop-rule cn-miit-2019d/art3-1-product case.json",
     {{"SCENARIO", "", Takes::Files, "cases as JSON, or folders of them"}, kOverlayOption, kAddRegime, kDropRegime, kAddJurisdiction, kDropJurisdiction, kDropRule, kAssumeInForce, kReading, kFact, kAddParty, kDropParty, kEvent, kPacksOption, kJson}, what_if},
    {"regimes", "cost", "The earliest lawful publication with and without a regime or rule.", "sluice regimes cost cn-cac-2019d case.json",
     {{"REGIME", "", Takes::Required, "a regime, or a rule of one: regime/rule"}, kScenario, {"--action", "ID", Takes::One, "which action is moved; without it, the first that tells the public"}, {"--from", "INSTANT", Takes::One, "not before this instant; without it, as_of of the case"},
      kOverlayOption, kAddRegime, kDropRegime, kAddJurisdiction, kDropJurisdiction, kDropRule, kAssumeInForce, kReading, kFact, kAddParty, kDropParty, kEvent, kPacksOption, kJson}, cost},
    {"regimes", "reach", "Who hears of it, since when and how long before everybody, by the plan and by duties to pass on.", "sluice regimes reach case.json --svg > access.svg",
     {kScenario, {"--svg", "", Takes::Switch, "as a figure"}, kOverlayOption, kAddRegime, kDropRegime, kAddJurisdiction, kDropJurisdiction, kDropRule, kAssumeInForce, kReading, kFact, kAddParty, kDropParty, kEvent, kPacksOption, kJson}, reach},
};
// clang-format on

}  // namespace

std::span<const Verb> regimes_compare_verbs() { return kRegimesCompareVerbs; }

}  // namespace sluice::cli
