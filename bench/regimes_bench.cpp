// How long the regimes take: one case against all of them, the conflicts of 200 and of 2,000 binding rules, the same question put to Z3, and 10,000 cases re-clocked.
//
//   regimes_bench [rounds] [cases]
//
// Each line is `what: figure (bar: …)`, and the run fails where a bar is missed. The cases are our own of tests/regimes, put to all regimes instead of their few.
#include <atomic>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include "regimes/built_in.h"
#include "regimes/drawn_case.h"

using namespace sluice;
using namespace sluice::regimes;
using Steady = std::chrono::steady_clock;

namespace {

bool missed = false;

double milliseconds_since(Steady::time_point began) { return std::chrono::duration<double, std::milli>(Steady::now() - began).count(); }

// A number that is read, so that nothing is left out by the compiler.
std::atomic<std::size_t> seen = 0;

void say(const char* what, double figure, const char* unit, double bar, bool at_least = false) {
  const bool is_missed = at_least ? figure < bar : figure > bar;
  missed = missed || is_missed;
  std::printf("%-64s %10.3f %s (bar: %g%s)%s\n", what, figure, unit, bar, at_least ? " at least" : "", is_missed ? " MISSED" : "");
  std::fflush(stdout);
}

template <class T>
T need(Result<T> result, const char* what) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "regimes_bench: %s: %s %s\n", what, result.error().message.c_str(), result.error().where.c_str());
  std::exit(1);
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

// The worked cases, each asked of all regimes; those that are to be refused are left out.
std::vector<json::value> worked_cases(const Library& library) {
  std::vector<json::value> out;
  json::array regimes;
  for (const auto& [id, pack] : library.packs) regimes.emplace_back(id);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_SOURCE_DIR "/tests/regimes"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const auto value = need(parse_json(text.str()), "a worked case");
    for (const auto& given : value.at("scenarios").as_array()) {
      auto own = given.as_object();
      if (own.at("expected").as_object().contains("refused")) continue;
      own.erase("expected");
      own["regimes"] = regimes;
      out.emplace_back(std::move(own));
    }
  }
  return out;
}

void one_case(const Library& library, const std::vector<json::value>& cases, int rounds) {
  std::vector<double> medians;
  for (const auto& given : cases) {
    const auto scenario = need(read_scenario(given, library.words), "a worked case");
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
      const auto began = Steady::now();
      const auto answer = need(evaluate(scenario, library), "evaluate");
      times.push_back(milliseconds_since(began));
      seen += answer.verdicts.spoken.size() + answer.duties.size();
    }
    medians.push_back(median(std::move(times)));
  }
  std::sort(medians.begin(), medians.end());
  std::printf("%zu cases of tests/regimes, each against all %zu regimes, %d rounds each: p95 %.3f ms, slowest %.3f ms\n", medians.size(), library.packs.size(), rounds,
              medians[medians.size() * 95 / 100], medians.back());
  say("one case against all regimes, median", medians[medians.size() / 2], "ms", 2);
}

struct Drawn {
  oracle::DrawnCase made;
  Library library;
  Scenario scenario;
};

Drawn drawn(std::uint32_t seed, oracle::CaseDraw::Size size, const Vocabulary& words) {
  Drawn out;
  oracle::CaseDraw draw(seed, size);
  out.made = draw.drawn();
  out.library.words = words;
  for (const auto& yaml : out.made.packs) out.library.add(yaml, "drawn.yaml");
  const auto value = need(parse_json(out.made.scenario), "a drawn case");
  out.scenario = need(read_scenario(value, out.library.words), "a drawn case");
  return out;
}

struct Asked {
  double milliseconds = 0;
  std::size_t sets = 0;
  bool more = false;
};

Asked ask(const Drawn& given, int rounds) {
  Asked out;
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    const auto began = Steady::now();
    const auto answer = need(evaluate(given.scenario, given.library), "evaluate");
    times.push_back(milliseconds_since(began));
    out.more = answer.conflicts.more || answer.conflicts.cut;
    out.sets = std::size_t(std::count_if(answer.conflicts.all.begin(), answer.conflicts.all.end(), [](const Conflict& one) { return one.kind != "permission-clash"; }));
  }
  out.milliseconds = median(std::move(times));
  return out;
}

// The same sets by Z3, from the same rules in bare times; it stops when it has spent so long.
Asked ask_z3(const oracle::DrawnCase& given, double most_milliseconds) {
  Asked out;
  const auto began = Steady::now();
  oracle::Z3 z3(given.rules);
  const auto enough = [&] { return milliseconds_since(began) > most_milliseconds; };
  out.sets = given.named(z3.sets_by_proposal(given.rules.members, 64, enough)).size();
  out.milliseconds = milliseconds_since(began);
  out.more = enough();
  return out;
}

void conflicts_of(int rules, double bar, int rounds, const Vocabulary& words, bool with_z3) {
  // Few sets, and more than 64: where all are wanted both must prove that there are no others; beyond 64 the first are wanted in order.
  struct Mix { const char* name; oracle::CaseDraw::Size size; };
  const auto shapes = std::max(12, rules / 8);
  const Mix mixes[] = {
      {"none in conflict", {.rules = rules, .shapes = std::min(48, shapes), .most_hours = 400, .one_embargo_in = 1'000'000, .one_endless_ban_in = 1'000'000, .one_event_missing_in = 1'000'000, .most_within = 4'000, .only_law = true}},
      {"some in conflict", {.rules = rules, .shapes = std::min(48, shapes), .most_hours = 400, .one_embargo_in = 1'000'000, .one_endless_ban_in = 1'000'000, .one_event_missing_in = 1'000'000, .most_within = 1'000, .only_law = true}},
      {"many in conflict", {.rules = rules, .shapes = std::min(48, shapes), .most_hours = 400, .one_embargo_in = 1, .only_law = true}},
  };
  for (const auto& mix : mixes) {
    auto size = mix.size;
    size.with_times = with_z3;
    const auto given = drawn(20261129, size, words);
    const auto own = ask(given, rounds);
    char what[120];
    std::snprintf(what, sizeof what, "%d binding rules, %s (%zu%s sets)", rules, mix.name, own.sets, own.more ? "+" : "");
    say(what, own.milliseconds, "ms", bar);
    if (!with_z3) continue;
    const auto other = ask_z3(given.made, 20'000);
    std::snprintf(what, sizeof what, "  Z3, the same question: %zu%s sets in %.1f ms; ratio", other.sets, other.more ? "+ (stopped)" : "", other.milliseconds);
    if (!own.more && !other.more && own.sets != other.sets) missed = true, std::printf("  the two differ: %zu and %zu sets\n", own.sets, other.sets);
    say(what, other.milliseconds / own.milliseconds, "times", 100, true);
  }
}

// After a pack changed every open case's clocks are made anew: read the case as it is stored, all duties with their states and dues.
void reclock(const Library& library, const std::vector<json::value>& cases, int count) {
  std::vector<std::string> stored;
  for (int i = 0; i < count; ++i) stored.push_back(json::serialize(cases[std::size_t(i) % cases.size()]));
  std::atomic<int> next = 0, done = 0;
  std::atomic<std::size_t> counted = 0;
  std::mutex printing;
  const auto began = Steady::now();
  const auto work = [&] {
    for (int i = next++; i < count; i = next++) {
      const auto value = need(parse_json(stored[std::size_t(i)]), "a stored case");
      const auto scenario = need(read_scenario(value, library.words), "a stored case");
      std::vector<const Pack*> packs;
      for (const auto& id : scenario.regimes) packs.push_back(&library.packs.at(id));
      World world(scenario, library.words);
      for (const auto& duty : duties(world, packs)) counted += duty.is_triggered();
      if (const int now = ++done; now % std::max(1, count / 10) == 0) {
        const std::lock_guard lock(printing);
        std::fprintf(stderr, "  %d of %d cases re-clocked, %.1f s\n", now, count, milliseconds_since(began) / 1000);
      }
    }
  };
  std::thread one(work), two(work);
  one.join(), two.join();
  char what[120];
  std::snprintf(what, sizeof what, "%d cases re-clocked on two threads (%zu duties)", count, counted.load());
  say(what, milliseconds_since(began) / 1000, "s", 10);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
  const int cases = argc > 2 ? std::max(1, std::atoi(argv[2])) : 10'000;
  const auto library = need(built_in_library(), "the packs");
  const auto worked = worked_cases(library);
  one_case(library, worked, rounds);
  conflicts_of(200, 20, rounds, library.words, true);
  conflicts_of(2'000, 1'000, 3, library.words, false);
  reclock(library, worked, cases);
  return missed ? 1 : 0;
}
