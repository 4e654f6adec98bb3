// What is shared about a value, among millions of observables: how long an answer takes, of values that are there, that are not, of addresses in networks, and of one that many objects have.
//
//   lookup_bench [observables [questions]]        ends with 1 where a bar is missed: p99 of 5 ms
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>

#include "service/collections.h"
#include "service/testing.h"
#include "service/threat_lookup.h"
#include "service/threat_ties.h"
#include "store/objects.h"

using namespace sluice;
using Steady = std::chrono::steady_clock;
using service::for_tests::must;

namespace {

constexpr double kBarMs = 5;

std::string address_of(std::uint64_t n) { return std::to_string(11 + (n >> 24) % 200) + "." + std::to_string(n >> 16 & 255) + "." + std::to_string(n >> 8 & 255) + "." + std::to_string(n & 255); }
std::string uuid_in_bench(std::uint64_t n) {
  char text[40];
  std::snprintf(text, sizeof text, "%08x-0000-4000-8000-%012llx", static_cast<unsigned>(n * 2654435761u), static_cast<unsigned long long>(n));
  return text;
}

struct Bench : service::SiteForTests {
  explicit Bench(const std::string& database) : SiteForTests({.database = database}) {}
  OrganisationId ours = organisation("Ours", access::OrganisationKind::Member);
  service::Asker asker_of_ours = asker(person(ours, "Ana", "ana@ours.example"), ours);
  std::string collection;

  // As an intake does it, without its checks: what is measured is reading.
  void fill(std::uint64_t count) {
    const auto made = must(writer->run(service::add_collection(services, system(), {.title = "Bench", .alias = "bench", .anyone_reads = true, .anyone_writes = true})));
    collection = std::string(string_at(made.answer, "id"));
    for (std::uint64_t from = 0; from < count; from += 1000) {
      std::vector<std::string> bodies;
      std::vector<store::NewObject> objects;
      const auto to = std::min(from + 1000, count);
      bodies.reserve(to - from);
      for (auto n = from; n < to; ++n) {
        const auto id = "ipv4-addr--" + uuid_in_bench(n);
        // One in ten thousand is the same address, as a scanner's would be.
        bodies.push_back("{\"type\":\"ipv4-addr\",\"spec_version\":\"2.1\",\"id\":\"" + id + "\",\"value\":\"" + address_of(n % 10'000 == 0 ? 7 : n) + "\"}");
        store::NewObject one{.id = id, .type = "ipv4-addr", .hash = sha256(bytes_of(bodies.back())), .bytes = bodies.back(), .audience = std::string(store::kAllReaders)};
        service::tie(services.cells(), must(parse_json(bodies.back())).get_object(), one);
        objects.push_back(std::move(one));
      }
      must(writer->run([&](service::Unit& unit) -> Result<service::Committed> {
        TRY(const auto seen, services.store.as(asker_of_ours.viewer).collection(unit.writing().tx(), collection));
        TRY(store::put_objects(unit.writing(), seen, objects, unit.now()));
        return service::Committed{};
      }));
      if (from % 1'000'000 == 0 && from > 0) std::fprintf(stderr, "lookup_bench: %llu put\n", static_cast<unsigned long long>(from));
    }
  }

  // p50 and p99 in milliseconds.
  std::pair<double, double> times(int questions, const std::function<std::string(int)>& text, std::size_t& found) {
    std::vector<double> all;
    for (int i = 0; i < questions; ++i) {
      const auto asked = text(i);
      const auto begun = Steady::now();
      const auto answer = must(service::look_up(services, asker_of_ours.viewer, asked, {}));
      all.push_back(std::chrono::duration<double, std::milli>(Steady::now() - begun).count());
      found += answer.objects.size();
    }
    std::sort(all.begin(), all.end());
    return {all[all.size() / 2], all[all.size() * 99 / 100]};
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const int questions = argc > 2 ? std::atoi(argv[2]) : 5'000;
  if (count < 1000 || questions < 100) {
    std::fprintf(stderr, "lookup_bench [observables [questions]]: at least 1000 and 100\n");
    return 2;
  }
  service::for_tests::Folder folder;
  Bench bench("sqlite:" + (folder.path / "bench.db").string());
  const auto begun = Steady::now();
  bench.fill(count);
  std::printf("put %llu observables in %.1f s\n", static_cast<unsigned long long>(count), std::chrono::duration<double>(Steady::now() - begun).count());
  std::mt19937_64 chance(1);
  struct Row { const char* name; std::function<std::string(int)> text; };
  const Row rows[] = {
      {"there", [&](int) { return address_of(chance() % count); }},
      {"not there", [&](int i) { return "250.1." + std::to_string(i >> 8 & 255) + "." + std::to_string(i & 255); }},
      {"name not there", [&](int i) { return "host-" + std::to_string(i) + ".evil.example"; }},
      {"of many objects", [&](int) { return address_of(7); }},
  };
  bool good = true;
  for (const auto& row : rows) {
    std::size_t found = 0;
    const auto [middle, p99] = bench.times(questions, row.text, found);
    std::printf("lookup %s: p50 %.3f ms, p99 %.3f ms, %zu objects shown\n", row.name, middle, p99, found);
    good = good && p99 < kBarMs;
  }
  return good ? 0 : 1;
}
