// `sluice regimes`: what the laws and policies in scope say of a case that is given as a file. No site, no network.
#include <algorithm>
#include <filesystem>

#include "cli/console.h"
#include "cli/verb.h"
#include "regimes/built_in.h"
#include "regimes/schedule.h"

namespace sluice::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestPack = 1 << 20;

// The YAML files of a folder, by name.
Result<std::vector<std::string>> pack_files(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml" || entry.path().extension() == ".yml") out.push_back(entry.path().string());
  if (error) return fail(ErrorKind::NotFound, "This folder can't be read.", folder);
  std::sort(out.begin(), out.end());
  return out;
}

std::string name_of(const std::string& file) { return fs::path(file).filename().string(); }

Result<void> add_folder(regimes::Library& library, const std::string& folder) {
  TRY(const auto files, pack_files(folder));
  for (const auto& file : files) {
    if (name_of(file) != regimes::kVocabularyFile) continue;
    TRY(const auto text, read_input(file, kLargestPack));
    TRY(library.words, regimes::read_vocabulary(text, name_of(file)));
  }
  for (const auto& file : files) {
    if (name_of(file) == regimes::kVocabularyFile) continue;
    TRY(const auto text, read_input(file, kLargestPack));
    library.add(text, name_of(file));
  }
  return {};
}

std::string line_of(const Finding& one) {
  const auto* severity = one.severity == Severity::Error ? "error" : one.severity == Severity::Warning ? "warning" : "note";
  return one.where + ": " + severity + ": " + one.message + " [" + one.rule + "]";
}

// The packs built in, with those of --packs in their places. A pack with an error is refused, not left out.
Result<regimes::Library> packs(const Arguments& a) {
  TRY(auto library, regimes::built_in_library());
  for (const auto& folder : a.all("--packs")) {
    TRY(add_folder(library, folder));
  }
  for (const auto& one : library.findings)
    if (one.severity == Severity::Error) return fail(ErrorKind::Invalid, one.message, one.where, one.rule);
  return library;
}

void show(const regimes::Evaluation& all) {
  for (const auto& action : all.scenario->actions) {
    print(action.id + ": " + std::string(regimes::to_text(all.outcomes.at(action.id))));
    for (const auto& one : all.verdicts.spoken)
      if (one.action == &action)
        print("  " + std::string(regimes::to_text(one.word)) + " (" + std::string(regimes::to_text(one.force)) + ") " + one.rule.rule->id + ", " + one.rule.rule->cite + (one.until ? ", until " + *one.until : "") + ": " + one.rule.rule->says);
  }
  for (const auto& one : all.duties)
    if (one.is_triggered()) print("duty " + one.rule.rule->id + " on " + one.on->id + ": " + std::string(regimes::to_text(one.state)) + "; " + one.why);
  for (const auto& one : all.conflicts.all) {
    std::string members;
    for (const auto& member : one.members) members += (members.empty() ? "" : " + ") + member;
    print(one.kind + ": " + members + ": " + one.why);
  }
  for (const auto& one : all.divergences) print("divergence " + one.rule + " from " + one.standard + ": " + one.why);
  print(std::string("schedule: ") + (all.conflicts.feasible ? "feasible" : "infeasible"));
}

void show(const regimes::Schedule& plan) {
  const auto bound = [](std::string_view word, const std::optional<regimes::Second>& at, const std::vector<std::string>& by) {
    std::string out = at ? ", " + std::string(word) + " " + regimes::to_text(*at) : std::string();
    for (const auto& rule : by) out += (&rule == by.data() ? " (" : " + ") + rule;
    return out + (by.empty() ? "" : ")");
  };
  for (const auto& one : plan.actions)
    print("plan " + one.action->id + ": " + (one.at ? regimes::to_text(*one.at) : "not at all") + bound("earliest", one.earliest, one.earliest_by) + bound("latest", one.latest, one.latest_by) + (one.moved_by.empty() ? "" : bound("moved", one.at, one.moved_by)));
  for (const auto& one : plan.beside) print("plan: something more for " + one.rule->id + " on " + one.on->id + (one.due ? ", due " + one.due->text : ""));
}

Result<int> evaluate(const Arguments& a) {
  TRY(const auto library, packs(a));
  const auto file = a.get("FILE");
  TRY(const auto text, read_input(file));
  const auto value = parse_json(text);
  if (!value) return std::unexpected(shown(value.error(), file));
  const auto scenario = regimes::read_scenario(*value, library.words);
  if (!scenario) return std::unexpected(shown(scenario.error(), file));
  const auto answer = regimes::evaluate(*scenario, library);
  if (!answer) return std::unexpected(shown(answer.error(), file));
  std::optional<regimes::Second> from;
  if (const auto text_of_from = a.maybe("--from")) {
    const auto read = regimes::parse_second(*text_of_from);
    if (!read) return std::unexpected(shown(read.error(), "--from"));
    from = *read;
  }
  const auto plan = regimes::best_schedule(*answer, from);
  const auto ways = regimes::ways_out(*answer);
  const auto dependences = regimes::dependences(*answer, library);
  if (!a.json()) {
    show(*answer);
    show(plan);
    for (const auto& one : ways) print("way out: " + one.says);
    for (const auto& one : dependences)
      for (const auto& change : one.changes) print("if " + one.reading + " were read as " + one.otherwise + ": " + change);
    return 0;
  }
  auto out = regimes::to_json(*answer);
  out["plan"] = regimes::to_json(*answer, plan);
  if (!ways.empty()) out["ways_out"] = regimes::to_json(ways);
  out["depends_on"] = regimes::to_json(dependences);
  if (a.has("--every-reading")) out["every_reading"] = regimes::every_reading(*answer, library);
  print_json(out);
  return 0;
}

Result<int> lint(const Arguments& a) {
  regimes::Library library;
  TRY(library, regimes::built_in_library());
  if (const auto folder = a.maybe("DIR")) {
    library.findings.clear(), library.packs.clear();
    TRY(add_folder(library, *folder));
  }
  json::array findings;
  for (const auto& one : library.findings) {
    if (!a.json()) print(line_of(one));
    else findings.push_back(json::object{{"where", one.where}, {"severity", one.severity == Severity::Error ? "error" : one.severity == Severity::Warning ? "warning" : "note"}, {"rule", one.rule}, {"message", one.message}});
  }
  std::size_t rules = 0;
  for (const auto& [id, pack] : library.packs) rules += pack.rules.size();
  const bool valid = is_valid(library.findings);
  if (a.json()) print_json(json::object{{"valid", valid}, {"packs", library.packs.size()}, {"rules", rules}, {"findings", std::move(findings)}});
  else tell(std::to_string(library.packs.size()) + " packs, " + std::to_string(rules) + " rules");
  return valid ? 0 : 1;
}

constexpr Option kPacks{"--packs", "DIR", Takes::Many, "packs that are added, or take the place of those with the same id"};
constexpr Option kJson{"--json", "", Takes::Switch, kJsonHelp};

// clang-format off
const Verb kVerbs[] = {
    {"regimes", "evaluate", "What the laws, drafts, standards and policies say of a case: verdicts, duties, conflicts.", "sluice regimes evaluate case.json --json",
     {{"FILE", "", Takes::Required, "the case as JSON; - for standard input"}, kPacks, {"--every-reading", "", Takes::Switch, "also the answers under all choices of the readings that matter"},
      {"--from", "INSTANT", Takes::One, "a plan made from then on: what can no longer be kept in time is late"}, kJson}, evaluate},
    {"regimes", "lint", "Check packs: every field, condition and word; with file and line.", "sluice regimes lint regimes",
     {{"DIR", "", Takes::One, "the folder; without one, the packs that are built in"}, kJson}, lint},
};
// clang-format on

}  // namespace

std::span<const Verb> regimes_verbs() { return kVerbs; }

}  // namespace sluice::cli
