// How many STIX patterns are read, written, checked and matched in a second, on one thread.
//
//   pattern_bench [SECONDS [ROUNDS]]   best of the rounds; 1 where a bar is missed
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "threat/pattern/check.h"
#include "threat/pattern/match.h"

namespace {

using namespace sluice;
using namespace sluice::threat;

constexpr double kOfficialPerSecond = 4'184;         // the official validator, on a machine of this kind
constexpr double kBar = 100 * kOfficialPerSecond;

std::size_t used = 0;                                // what keeps the work from being left out

// What feeds hold: one value each, now and then two.
std::vector<std::string> short_patterns() {
  std::vector<std::string> out;
  for (int i = 0; i < 200; ++i) {
    const auto n = std::to_string(i);
    out.push_back("[ipv4-addr:value = '198.51.100." + n + "']");
    out.push_back("[domain-name:value = 'host-" + n + ".example.net']");
    out.push_back("[url:value = 'https://host-" + n + ".example.net/a/long/enough/path?id=" + n + "']");
    out.push_back("[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb00" + std::to_string(100 + i) + "']");
    out.push_back("[file:name = 'setup-" + n + ".exe' AND file:size > " + n + "]");
  }
  return out;
}
std::vector<std::string> long_patterns() {
  std::vector<std::string> out;
  for (int i = 0; i < 20; ++i) {
    std::string text = "([network-traffic:src_ref.value ISSUBSET '198.51.100.0/24' AND network-traffic:dst_port IN (80, 443, 8080)] FOLLOWEDBY [";
    for (int k = 0; k < 15; ++k) text += (k > 0 ? " OR file:name LIKE '%" : "file:name LIKE '%") + std::to_string(i * k) + ".exe'";
    out.push_back(text + "]) WITHIN 300 SECONDS REPEATS 2 TIMES");
  }
  return out;
}

template <class Work>
double per_second(const std::vector<std::string>& patterns, double seconds, int rounds, const Work& work) {
  using Watch = std::chrono::steady_clock;
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    std::size_t done = 0;
    const auto began = Watch::now();
    std::chrono::duration<double> took{};
    do {
      for (const auto& pattern : patterns) work(pattern);
      done += patterns.size();
      took = Watch::now() - began;
    } while (took.count() < seconds);
    best = std::max(best, static_cast<double>(done) / took.count());
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  const auto few = short_patterns(), wide = long_patterns();
  const auto read = [](const std::string& text) { used += parse_pattern(text).has_value(); };
  const auto checked = [](const std::string& text) { used += check_pattern(text).size(); };
  const auto read_and_written = [](const std::string& text) { used += to_text(*parse_pattern(text)).size(); };

  const double reading = per_second(few, seconds, rounds, read);
  std::printf("short ones read: %.0f/s (bar: %.0f/s)\n", reading, kBar);
  std::printf("short ones read and checked: %.0f/s\n", per_second(few, seconds, rounds, checked));
  std::printf("short ones read and written: %.0f/s\n", per_second(few, seconds, rounds, read_and_written));
  std::printf("long ones read: %.0f/s\n", per_second(wide, seconds, rounds, read));

  std::vector<Observation> observations;
  for (int i = 0; i < 10; ++i) {
    json::object objects;
    objects["0"] = json::object{{"type", "ipv4-addr"}, {"value", "203.0.113." + std::to_string(i)}};
    objects["1"] = json::object{{"type", "file"}, {"name", "tool-" + std::to_string(i) + ".exe"}, {"size", i * 1'000}};
    observations.push_back({Instant{i * 1'000'000}, 1, std::move(objects)});
  }
  std::vector<Matcher> matchers;
  for (const auto& text : few)
    if (auto matcher = Matcher::of(*parse_pattern(text))) matchers.push_back(*std::move(matcher));
  std::size_t at = 0;
  std::printf("short ones put to ten observations: %.0f/s\n", per_second(few, seconds, rounds, [&matchers, &observations, &at](const std::string&) { used += *matchers[at++ % matchers.size()].matches(observations); }));
  return used > 0 && reading >= kBar ? 0 : 1;
}
