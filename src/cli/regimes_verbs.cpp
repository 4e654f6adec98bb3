// `sluice regimes`: what the laws and policies in scope say of a case that is given as a file. No site, no network.
#include <algorithm>

#include "cli/console.h"
#include "cli/regimes_files.h"
#include "regimes/footing.h"
#include "regimes/lint.h"
#include "regimes/outline.h"
#include "regimes/page.h"
#include "regimes/plain_words.h"
#include "regimes/schedule.h"
#include "regimes/wrong_body.h"

namespace sluice::cli {

namespace {

std::string line_of(const Finding& one) {
  const auto* severity = one.severity == Severity::Error ? "error" : one.severity == Severity::Warning ? "warning" : "note";
  return one.where + ": " + severity + ": " + one.message + " [" + one.rule + "]";
}

std::string of_wrong_bodies(const std::vector<regimes::WrongBody>& wrong) {
  std::string out;
  for (const auto& one : wrong) out += "; " + regimes::to_text(one);
  return out;
}

constexpr std::string_view kUnchecked = " [not checked against the text]";

std::string mark_after(const regimes::Rule& rule) { return rule.verified ? "" : std::string(kUnchecked); }

// The rule as it is named in a list of several.
std::string marked_id(const regimes::Evaluation& all, const std::string& id) {
  for (const auto* pack : all.packs)
    if (const auto* rule = pack->rule(id)) return id + (rule->verified ? "" : " (unverified)");
  return id;
}

// And where it stands; of a standard in the edition that speaks.
std::string cited_id(const regimes::Evaluation& all, const std::string& id) {
  for (const auto* pack : all.packs)
    if (const auto* rule = pack->rule(id)) return id + ", " + (pack->editions.empty() ? rule->cite : regimes::clause_at(*pack, *rule, all.scenario->as_of)) + (rule->verified ? "" : " (unverified)");
  return id;
}

// Where it stands; of a standard in which edition.
std::string cited(const regimes::Evaluation& all, const regimes::Applied& rule) {
  const auto as_of = all.scenario->as_of;
  const auto edition = regimes::edition_of(*rule.pack, *rule.rule, as_of);
  if (!edition) return rule.rule->cite;
  return edition->clause + (edition->clause_known ? "" : " by its later number (unverified)") + ", " + regimes::edition_words(*rule.pack, *rule.rule, as_of);
}

void show(const regimes::Evaluation& all) {
  const auto said = [&](std::string_view text) { return regimes::plain_names(all.world->words, text); };
  for (const auto& action : all.scenario->actions) {
    print(action.id + ": " + std::string(regimes::to_text(all.outcomes.at(action.id))));
    for (const auto& one : all.verdicts.spoken)
      if (one.action == &action)
        print("  " + std::string(regimes::to_text(one.word)) + " (" + std::string(regimes::to_text(one.force)) + ") " + one.rule.rule->id + ", " + cited(all, one.rule) + (one.until ? ", until " + said(*one.until) : "") + ": " + one.rule.rule->says + mark_after(*one.rule.rule) + of_wrong_bodies(regimes::wrong_bodies(all, one)));
  }
  for (const auto& one : all.duties)
    if (one.is_triggered()) print("duty " + one.rule.rule->id + " on " + one.on->id + ": " + std::string(regimes::to_text(one.state)) + "; " + said(one.why) + mark_after(*one.rule.rule) + of_wrong_bodies(regimes::wrong_bodies(all, one)));
  for (const auto& one : all.conflicts.all) {
    std::string members;
    for (const auto& member : one.members) members += (members.empty() ? "" : " + ") + marked_id(all, member);
    print(one.kind + ": " + members + ": " + said(one.why));
  }
  for (const auto& one : all.divergences) print("divergence " + cited_id(all, one.rule) + ", from " + cited_id(all, one.standard) + ": " + said(one.why));
  if (const auto left_out = regimes::what_is_left_out(all.conflicts); !left_out.empty()) print(left_out);
  print(std::string("schedule: ") + (all.conflicts.feasible ? "feasible" : "infeasible"));
}

void show(const regimes::Evaluation& all, const regimes::Schedule& plan) {
  const auto bound = [&](std::string_view word, const std::optional<regimes::Second>& at, const std::vector<std::string>& by) {
    std::string out = at ? ", " + std::string(word) + " " + regimes::to_text(*at) : std::string();
    for (const auto& rule : by) out += (&rule == by.data() ? " (" : " + ") + marked_id(all, rule);
    return out + (by.empty() ? "" : ")");
  };
  for (const auto& one : plan.actions)
    print("plan " + one.action->id + ": " + (one.at ? regimes::to_text(*one.at) : "not at all") + bound("earliest", one.earliest, one.earliest_by) + bound("latest", one.latest, one.latest_by) + (one.moved_by.empty() ? "" : bound("moved", one.at, one.moved_by)));
  for (const auto& one : plan.beside) print("plan: something more for " + marked_id(all, one.rule->id) + " on " + one.on->id + (one.due ? ", due " + one.due->text : ""));
}

// Choices that are answered alike stand together, with what they have in common.
void show_every_reading(const json::object& all) {
  const auto& worlds = all.at("worlds").as_array();
  const auto said = [](const json::value& world) {
    std::string out;
    for (const auto& [action, outcome] : world.at("outcomes").as_object()) out += std::string(action) + " " + std::string(outcome.as_string()) + ", ";
    for (const auto& one : world.at("conflicts").as_array()) {
      std::string members;
      for (const auto& rule : one.at("rules").as_array()) members += (members.empty() ? "" : " + ") + std::string(rule.as_string());
      out += std::string(one.at("kind").as_string()) + " " + members + ", ";
    }
    return out + "schedule " + std::string(world.at("schedule").as_string());
  };
  std::map<std::string, std::vector<const json::object*>> alike;
  for (const auto& world : worlds) alike[said(world)].push_back(&world.at("readings").as_object());
  const auto number = std::to_string(worlds.size());
  print(all.at("crossed").as_bool() ? "every reading: " + number + " ways to read, all choices crossed" : "every reading: too many readings to cross all choices; " + number + " ways to read, one choice otherwise at a time");
  for (const auto& [answer, readings] : alike) {
    std::string common;
    for (const auto& [name, choice] : *readings.front())
      if (std::all_of(readings.begin(), readings.end(), [&](const json::object* one) { const auto* own = one->if_contains(name); return own != nullptr && *own == choice; })) common += (common.empty() ? "" : ", ") + std::string(name) + "=" + std::string(choice.as_string());
    print("  in " + std::to_string(readings.size()) + " of " + number + (common.empty() ? "" : ", all with " + common) + ": " + answer);
  }
}

Result<int> evaluate(const Arguments& a) {
  TRY(const auto plain, regimes_packs(a));
  TRY(const auto amended, amended_packs(plain, a));
  const auto& library = amended.library;
  const auto file = a.get("FILE");
  TRY(const auto given, one_case(file));
  TRY(const auto scenario, read_case(given, library));
  const auto answer = regimes::evaluate(scenario, library);
  if (!answer) return std::unexpected(shown(answer.error(), file));
  std::optional<regimes::Second> from;
  if (const auto text_of_from = a.maybe("--from")) {
    const auto read = regimes::parse_second(*text_of_from);
    if (!read) return std::unexpected(shown(read.error(), "--from"));
    from = *read;
  }
  const auto plan = regimes::best_schedule(*answer, from);
  const auto ways = regimes::ways_out(*answer);
  const auto no_ways = ways.empty() ? regimes::why_no_ways(*answer) : std::string();
  const auto dependences = regimes::dependences(*answer, library);
  if (a.has("--html")) {
    json::object every;
    if (a.has("--every-reading")) every = regimes::every_reading(*answer, library);
    const auto page = regimes::to_html(*answer, dependences, {plan, every.empty() ? nullptr : &every});
    if (const auto to = a.maybe("--out")) {
      TRY(write_output(*to, page));
    } else {
      print(page);
    }
    return 0;
  }
  if (a.has("--out")) return usage("--out goes with --html.");
  if (!a.json()) {
    show(*answer);
    show(*answer, plan);
    for (const auto& one : ways) print("way out: " + one.says);
    if (!std::all_of(ways.begin(), ways.end(), [](const regimes::WayOut& one) { return one.is_lightest; })) print("ways out: " + std::string(regimes::kMayBeLighter));
    if (!no_ways.empty()) print("no way out is given: " + no_ways);
    for (const auto& one : dependences)
      for (const auto& change : one.changes) print("if " + one.reading + " were read as " + one.otherwise + ": " + change);
    if (a.has("--every-reading")) show_every_reading(regimes::every_reading(*answer, library));
    for (const auto& place : scenario.unknown_words) tell("No rule can speak of the word at " + place + ".");
    tell(regimes::footing(library, scenario.regimes, scenario.as_of));
    return 0;
  }
  auto out = regimes::to_json(*answer);
  out["plan"] = regimes::to_json(*answer, plan);
  regimes::add_ways_out(out, *answer, ways);
  out["depends_on"] = regimes::to_json(dependences);
  if (a.has("--every-reading")) out["every_reading"] = regimes::every_reading(*answer, library);
  print_json(regimes::with_footing(std::move(out), library, scenario.regimes, scenario.as_of));
  return 0;
}

Result<int> lint(const Arguments& a) {
  regimes::Library library;
  TRY(library, regimes::built_in_library());
  std::set<std::string> built_in;
  for (const auto& [id, pack] : library.packs) built_in.insert(id);
  if (const auto folder = a.maybe("DIR")) {
    library.findings.clear(), library.packs.clear(), library.authorities = {};
    TRY(add_folder(library, *folder));
  }
  std::vector<regimes::OverlayText> overlays;
  if (const auto folder = a.maybe("DIR")) {
    TRY(overlays, overlays_of(*folder));
  } else {
    for (const auto& [name, yaml] : regimes::built_in_overlays()) overlays.push_back({std::string(name), std::string(yaml)});
  }
  for (const auto& overlay : overlays) {
    const auto amended = regimes::amended(library, {overlay});
    library.findings.insert(library.findings.end(), amended.findings.begin(), amended.findings.end());
  }
  std::map<std::string, std::vector<std::string>> ids;
  for (const auto& [id, pack] : library.packs)
    for (const auto& rule : pack.rules) ids[id].push_back(rule.id);
  auto unfitting = regimes::unfitting(library.authorities, ids);
  library.findings.insert(library.findings.end(), unfitting.begin(), unfitting.end());
  auto more = regimes::lint(library, built_in);
  library.findings.insert(library.findings.end(), more.begin(), more.end());
  json::array findings;
  for (const auto& one : library.findings) {
    if (!a.json()) print(line_of(one));
    else findings.push_back(json::object{{"where", one.where}, {"severity", one.severity == Severity::Error ? "error" : one.severity == Severity::Warning ? "warning" : "note"}, {"rule", one.rule}, {"message", one.message}});
  }
  std::size_t rules = 0;
  for (const auto& [id, pack] : library.packs) rules += pack.rules.size();
  const bool valid = is_valid(library.findings);
  if (a.json()) print_json(json::object{{"valid", valid}, {"packs", library.packs.size()}, {"rules", rules}, {"amendments", overlays.size()}, {"findings", std::move(findings)}});
  else tell(std::to_string(library.packs.size()) + " packs, " + std::to_string(rules) + " rules, " + std::to_string(overlays.size()) + " amendments");
  return valid ? 0 : 1;
}

// clang-format off
const Verb kRegimesVerbs[] = {
    {"regimes", "evaluate", "What the laws, drafts, standards and policies say of a case: verdicts, duties, conflicts.", "sluice regimes evaluate case.json --json",
     {{"FILE", "", Takes::Required, "the case as JSON; FILE#ID for one of several; - for standard input"}, kPacksOption, kOverlayOption, {"--every-reading", "", Takes::Switch, "also the answers under all choices of the readings that matter"},
      {"--from", "T", Takes::One, "the best dates from then on: what isn't done yet, and what is late"},
      {"--html", "", Takes::Switch, "as one page that can be printed, for people without an account"}, {"--out", "FILE", Takes::One, "where the page goes; without it, to standard output"}, kJson}, evaluate},
    {"regimes", "lint", "Check packs and amendments: every field, condition and word; with file and line.", "sluice regimes lint regimes",
     {{"DIR", "", Takes::One, "the folder; without one, the packs that are built in"}, kJson}, lint},
};
// clang-format on

}  // namespace

std::span<const Verb> regimes_verbs() { return kRegimesVerbs; }

}  // namespace sluice::cli
