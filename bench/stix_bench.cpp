// How fast STIX is judged: an object of every type, over and over; with and without what only warns; beside reading the JSON, which nobody is spared.
//
//   stix_bench [seconds]
//
// Each line is `what: figure (bar: …)`, and the run fails where a bar is missed. The bar of 19,500 is fifty times what the OASIS validator was measured at on one core (390 objects/s).
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "formats/stix/check.h"
#include "threat/object.h"
#include "threat/object_id.h"

using namespace sluice;
using Steady = std::chrono::steady_clock;

namespace {

bool missed = false;
std::size_t seen = 0;   // a number that is read, so that nothing is left out by the compiler

void say(const char* what, double figure, double bar) {
  const bool is_missed = bar > 0 && figure < bar;
  missed = missed || is_missed;
  if (bar > 0) std::printf("%-64s %12.0f objects/s (bar: %.0f at least)%s\n", what, figure, bar, is_missed ? " MISSED" : "");
  else std::printf("%-64s %12.0f objects/s\n", what, figure);
  std::fflush(stdout);
}

// Rounds over all objects until the time is over.
template <class F>
double rate(std::size_t objects, double seconds, F round) {
  round();
  const auto began = Steady::now();
  std::size_t rounds = 0;
  double passed = 0;
  do {
    round();
    ++rounds;
    passed = std::chrono::duration<double>(Steady::now() - began).count();
  } while (passed < seconds);
  return static_cast<double>(rounds * objects) / passed;
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  std::ifstream file(SLUICE_SOURCE_DIR "/tests/stix/valid.json");
  std::stringstream text;
  text << file.rdbuf();
  const auto read = parse_json(text.str());
  if (!read || !read->is_array()) return std::fprintf(stderr, "stix_bench: tests/stix/valid.json can't be read\n"), 1;
  const auto& objects = read->get_array();
  std::vector<std::string> texts;
  for (const auto& object : objects) texts.push_back(json::serialize(object));
  const formats::stix::Checker usual, quick({.warnings = false});
  const auto count = objects.size();

  say("validation of an object of each type, all checks", rate(count, seconds, [&] { for (const auto& object : objects) seen += usual.object(object.get_object()).size(); }), 19'500);
  say("validation of an object of each type, errors alone", rate(count, seconds, [&] { for (const auto& object : objects) seen += quick.object(object.get_object()).size(); }), 19'500);
  say("reading the JSON and validation, all checks", rate(count, seconds, [&] { for (const auto& one : texts) if (const auto value = parse_json(one)) seen += usual.document(*value).size(); }), 19'500);
  say("the facts of an object", rate(count, seconds, [&] { for (const auto& object : objects) if (const auto facts = threat::facts_of(object.get_object())) seen += facts->id.size(); }), 0);
  say("ids of observables, of all objects", rate(count, seconds, [&] { for (const auto& object : objects) if (const auto id = threat::deterministic_id(object.get_object())) seen += id->size(); }), 0);
  std::printf("(%zu)\n", seen & 1);
  return missed ? 1 : 0;
}
