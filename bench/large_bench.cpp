// How long it takes to look at a large case, at the first of many cases, and to find something in them: a case of 150 vendors, 500 messages, 20 vulnerabilities and 60
// products among 10,000 or 100,000 small ones. All of it is made through the real Writer; handlers are called as the router calls them, on one thread, so a figure is
// the server's own time without the network.
//
//   large_bench [cases] [rounds]
//
// SLUICE_BENCH_PAGES=DIR keeps the answers of the last round there; SLUICE_BENCH_KEEP=1 the site, and prints where, and who may ask, for a server to be started on it.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <thread>

#include "service/cases.h"
#include "service/search.h"
#include "service/testing.h"
#include "web/api/handlers.h"
#include "web/pages/pages.h"

using namespace sluice;
using service::for_tests::must;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int kVendors = 150, kMessages = 500, kVulnerabilities = 20, kProducts = 60, kThreads = 10;

double milliseconds_since(Steady::time_point began) { return std::chrono::duration<double, std::milli>(Steady::now() - began).count(); }

void print(const char* what, std::vector<double> all, std::size_t bytes) {
  std::sort(all.begin(), all.end());
  std::printf("%-44s p50 %8.2f ms   p95 %8.2f ms", what, all[all.size() / 2], all[all.size() * 95 / 100]);
  if (bytes > 0) std::printf("   %6zu KiB", bytes / 1024);
  std::printf("\n");
  std::fflush(stdout);
}

struct Bench {
  service::for_tests::Folder folder;
  SystemClock clock;
  service::SiteForTests site{{.database = "sqlite:" + (folder.path / "site.db").string(), .clock = &clock}};
  OrganisationId owner = site.organisation("Coordination Centre", access::OrganisationKind::Coordinator);
  service::Asker lead = site.asker(site.person(owner, "Olga Owner", "olga@owner.example", access::SiteRole::Admin), owner);
  std::vector<service::Asker> vendors;
  CaseId large;
  std::vector<ThreadId> threads;

  service::Committed run(const service::Asker& who, cvd::Command command) { return must(site.writer->run(service::case_command(site.services, who, large, std::move(command)))); }
  template <class I>
  I made(const service::Asker& who, const char* key, cvd::Command command) {
    const auto committed = run(who, std::move(command));
    return I::parse(string_at(committed.answer, key)).value();
  }

  void make_large() {
    large = site.made<CaseId>(service::open_case(site.services, lead, {"Overflow in a library of many"}));
    run(lead, cvd::StepReport{cvd::ReportAction::Validate, {}, {}});
    run(lead, cvd::StepReport{cvd::ReportAction::Accept, {}, {}});
    std::vector<OrganisationId> organisations;
    for (int i = 0; i < kVendors; ++i) {
      const auto n = std::to_string(i);
      organisations.push_back(site.organisation("Vendor " + n, access::OrganisationKind::Vendor));
      vendors.push_back(site.asker(site.person(organisations.back(), "Person " + n, "person" + n + "@vendor.example", access::SiteRole::Admin), organisations.back()));
    }
    const auto group = made<GroupId>(lead, "group", cvd::FormGroup{"First tier", {}, "they fix it first"});
    const auto began = Steady::now();
    run(lead, cvd::InviteMany{organisations, {cvd::Role::Vendor}, "ships the library", {}, group});
    std::printf("%-44s     %8.0f ms\n", "150 organisations invited in one command", milliseconds_since(began));
    for (int i = 0; i < kVendors; ++i) {
      run(vendors[static_cast<std::size_t>(i)], cvd::AnswerInvitation{true, {}, {}});
      run(lead, cvd::ConfirmParticipant{organisations[static_cast<std::size_t>(i)], "by telephone"});
    }
    std::vector<VulnerabilityId> vulnerabilities;
    for (int i = 0; i < kVulnerabilities; ++i) vulnerabilities.push_back(made<VulnerabilityId>(lead, "vulnerability", cvd::AddVulnerability{"Overflow number " + std::to_string(i), "A frame of a certain length overflows a buffer.", {}}));
    std::vector<ProductId> products;
    for (int i = 0; i < kProducts; ++i) products.push_back(made<ProductId>(vendors[static_cast<std::size_t>(i)], "product", cvd::AddProduct{"Device " + std::to_string(i), "7", {}, {}, {}}));
    for (const auto& vulnerability : vulnerabilities) {
      run(lead, cvd::AskStatus{organisations, vulnerability, {}});
      for (std::size_t i = 0; i < products.size(); i += 2) run(vendors[i], cvd::SetStatus{vulnerability, products[i], cvd::Status::Affected, {}, {}});
    }
    for (int i = 0; i < kThreads; ++i) threads.push_back(made<ThreadId>(lead, "thread", cvd::OpenThread{i % 2 == 0 ? "shared" : "group:" + group.text(), "Topic " + std::to_string(i), {}}));
    for (int i = 0; i < kMessages; ++i) say(vendors[static_cast<std::size_t>(i % kVendors)], i);
  }
  void say(const service::Asker& who, int i) { run(who, cvd::PostMessage{threads[static_cast<std::size_t>(i) % threads.size()], "Message number " + std::to_string(i) + ": we have reproduced it and are testing a fix on our branches."}); }

  // Many in flight, so that commits are shared.
  void make_small(int from, int to) {
    std::mutex mutex;
    std::condition_variable done;
    int waiting = 0;
    const auto submit = [&](service::Work work, std::function<void(const service::Committed&)> then) {
      {
        std::unique_lock lock(mutex);
        done.wait(lock, [&] { return waiting < 500; });
        ++waiting;
      }
      site.writer->submit(std::move(work), [&, then = std::move(then)](Result<service::Committed> committed) {
        if (!committed) std::fprintf(stderr, "large_bench: %s\n", committed.error().message.c_str()), std::exit(1);
        then(*committed);
        const std::scoped_lock lock(mutex);
        --waiting;
        done.notify_all();
      });
    };
    for (int i = from; i < to; ++i) {
      submit(service::open_case(site.services, lead, {"Small case number " + std::to_string(i)}), [&, i](const service::Committed& committed) {
        const auto id = CaseId::parse(string_at(committed.answer, "id")).value();
        // From the Writer's thread: it takes it into its next batch.
        site.writer->submit(service::case_command(site.services, lead, id, cvd::AddVulnerability{"Weakness of product " + std::to_string(i % 977), "Found by fuzzing.", {}}), [](Result<service::Committed>) {});
      });
    }
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return waiting == 0; });
    lock.unlock();
    must(site.writer->run([](service::Unit&) -> Result<service::Committed> { return service::Committed{}; }));
  }

  web::Request request(const service::Asker& who, std::vector<std::pair<std::string, std::string>> query = {}) const {
    web::Request out;
    out.viewer = who.viewer;
    out.path["case"] = large.text();
    out.http.query = std::move(query);
    return out;
  }
  // What it reads for the first time is written down, as the router does.
  template <class Handler>
  double once(web::App& app, const service::Asker& who, Handler handler, std::size_t& bytes, std::vector<std::pair<std::string, std::string>> query = {}) {
    const auto asked = request(who, std::move(query));
    const auto began = Steady::now();
    auto response = must(handler(app, asked));
    const auto took = milliseconds_since(began);
    bytes = response.body.size();
    if (const char* to = std::getenv("SLUICE_BENCH_PAGES")) std::ofstream(std::string(to) + "/" + std::to_string(bytes) + ".html") << response.body;
    if (!response.deliveries.empty()) must(site.writer->run(service::record_deliveries(site.services, who, std::move(response.deliveries), response.reader, response.reader_name, 0)));
    if (response.read_mark) must(site.writer->run(service::mark_read(site.services, *std::move(response.read_mark))));
    return took;
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int cases = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 40;
  Bench bench;
  auto began = Steady::now();
  bench.make_large();
  std::printf("%-44s     %8.0f ms\n", "the large case is made", milliseconds_since(began));
  began = Steady::now();
  bench.make_small(0, cases);
  std::printf("%-44s     %8.0f ms\n", (std::to_string(cases) + " small cases are made").c_str(), milliseconds_since(began));

  began = Steady::now();
  service::Search search(bench.site.services);
  web::App app{bench.site.services, bench.site.doors, nullptr, nullptr, &search};
  const auto list = [](web::App& a, const web::Request& r) { return web::api::list_cases(a, r); };
  const auto show = [](web::App& a, const web::Request& r) { return web::api::show_case(a, r); };
  const auto page = [](web::App& a, const web::Request& r) { return web::pages::case_page(a, r); };
  const auto find = [](web::App& a, const web::Request& r) { return web::api::search(a, r); };
  while (!search.is_filled()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::printf("%-44s     %8.0f ms\n", "the search is filled, in the background", milliseconds_since(began));

  const auto measure = [&](const char* what, const service::Asker& who, auto handler, bool changed, std::vector<std::pair<std::string, std::string>> query = {}) {
    std::vector<double> times;
    std::size_t bytes = 0;
    (void)bench.once(app, who, handler, bytes, query);
    for (int i = 0; i < rounds; ++i) {
      if (changed) bench.say(bench.vendors.back(), i);
      times.push_back(bench.once(app, who, handler, bytes, query));
    }
    print(what, std::move(times), bytes);
  };
  {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
      const auto said = Steady::now();
      bench.say(bench.vendors[static_cast<std::size_t>(i) % bench.vendors.size()], i);
      times.push_back(milliseconds_since(said));
    }
    print("a message in the large case, until on disk", std::move(times), 0);
  }
  measure("GET case, coordination", bench.lead, show, false);
  measure("GET case, coordination, just changed", bench.lead, show, true);
  measure("GET case, a vendor, just changed", bench.vendors.front(), show, true);
  measure("the page, coordination", bench.lead, page, false);
  measure("the page, coordination, just changed", bench.lead, page, true);
  measure("the page, a vendor, just changed", bench.vendors.front(), page, true);
  measure("the first 50 cases", bench.lead, list, false, {{"limit", "50"}});
  measure("search, many hits", bench.lead, find, false, {{"q", "weakness"}});
  measure("search, one hit", bench.lead, find, false, {{"q", "number " + std::to_string(cases / 2)}});
  measure("search, nothing there", bench.lead, find, false, {{"q", "zyzzyva"}});
  measure("search, two letters", bench.lead, find, false, {{"q", "we"}});

  began = Steady::now();
  {
    auto again = must(store::Store::open(bench.site.open.database, *bench.site.open.keys, bench.site.open.file.id, 2));
    auto second = must(again->as(bench.lead.viewer).cases({}, 50));
    std::printf("%-44s     %8.0f ms\n", "opened anew, with its first list", milliseconds_since(began));
  }
  if (std::getenv("SLUICE_BENCH_KEEP") != nullptr) {
    std::printf("kept: %s %s %s\n", bench.site.folder.path.c_str(), bench.lead.viewer.person->text().c_str(), bench.folder.path.c_str());
    std::fflush(stdout);
    std::_Exit(0);  // as if the process had been killed: nothing is taken away
  }
}
