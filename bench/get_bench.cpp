// What a small authorised read costs over the least one can do: GET /api/v1/cases/{case}/embargo with a token through the whole server (parser, router, pool,
// token, rights, fold, JSON), against a bare Beast handler that hops to a pool of as many threads and makes one prepared read of SQLite there.
//
// Client and server in one process and on the same cores: compare rows of one run. On a busy machine only the processor time a request says anything.
//
//   get_bench [seconds a round] [rounds] [connections]
#include <netinet/in.h>
#include <sqlite3.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "http/bare.h"
#include "service/cases.h"
#include "service/testing.h"
#include "service/tokens.h"
#include "web/http/pool.h"
#include "web/http/server.h"
#include "web/router.h"

using namespace sluice;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t kThreads = 4;

// Real time, but limits refill a thousand times as fast: one token may read 50 times a second (WEB-9), and this is one client.
class ImpatientClock final : public Clock {
 public:
  Instant now() const override { return real_.now(); }
  Duration monotonic() const override { return Duration{real_.monotonic().count() * 1000}; }

 private:
  SystemClock real_;
};

int connected(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    std::perror("connect");
    std::exit(1);
  }
  return fd;
}

double processor_seconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Measured {
  double rate = 0, p99 = 0, processor = 0;   // requests/s, ms, us of the server's processor time a request
};

// 0 while more has to come.
std::size_t whole_answer(const std::string& in) {
  const auto head = in.find("\r\n\r\n");
  if (head == in.npos) return 0;
  if (!in.starts_with("HTTP/1.1 200")) {
    std::fprintf(stderr, "get_bench: %s\n", in.c_str());
    std::exit(1);
  }
  const auto at = in.find("Content-Length: ");
  if (at == in.npos || at > head) std::exit(1);
  const auto size = head + 4 + static_cast<std::size_t>(std::atoll(in.c_str() + at + 16));
  return in.size() < size ? 0 : size;
}

// Each connection sends its next request when its answer is whole.
Measured load(std::uint16_t port, const std::string& request, double seconds, int connections) {
  struct One {
    int fd;
    std::string in;
    Steady::time_point sent;
  };
  std::vector<One> all(static_cast<std::size_t>(connections));
  const int poller = ::epoll_create1(0);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].fd = connected(port);
    epoll_event event{EPOLLIN, {.u64 = i}};
    ::epoll_ctl(poller, EPOLL_CTL_ADD, all[i].fd, &event);
  }
  const auto send = [&](One& one) {
    one.sent = Steady::now();
    if (::send(one.fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) std::exit(1);
  };
  for (auto& one : all) send(one);
  std::vector<double> times;
  const auto server_now = [] { return processor_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_seconds(CLOCK_THREAD_CPUTIME_ID); };
  const double server_before = server_now();
  const auto begin = Steady::now();
  const auto end = begin + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(seconds));
  epoll_event events[256];
  char buffer[16384];
  while (Steady::now() < end) {
    const int ready = ::epoll_wait(poller, events, 256, 100);
    for (int i = 0; i < ready; ++i) {
      One& one = all[events[i].data.u64];
      const auto size = ::recv(one.fd, buffer, sizeof buffer, 0);
      if (size <= 0) {
        std::fprintf(stderr, "get_bench: a connection was closed\n");
        std::exit(1);
      }
      one.in.append(buffer, static_cast<std::size_t>(size));
      const auto whole = whole_answer(one.in);
      if (whole == 0) continue;
      const bool closes = one.in.find("Connection: close") < one.in.find("\r\n\r\n");
      one.in.clear();
      times.push_back(std::chrono::duration<double, std::milli>(Steady::now() - one.sent).count());
      if (closes) {  // our server ends a connection after so many requests (WEB-1)
        ::close(one.fd);
        one.fd = connected(port);
        epoll_event event{EPOLLIN, {.u64 = events[i].data.u64}};
        ::epoll_ctl(poller, EPOLL_CTL_ADD, one.fd, &event);
      }
      send(one);
    }
  }
  const double server = server_now() - server_before;
  const double took = std::chrono::duration<double>(Steady::now() - begin).count();
  for (auto& one : all) ::close(one.fd);
  ::close(poller);
  if (times.empty()) std::exit(1);
  const auto p99 = times.begin() + static_cast<std::ptrdiff_t>(times.size() * 99 / 100);
  std::nth_element(times.begin(), p99, times.end());
  return {static_cast<double>(times.size()) / took, *p99, server * 1e6 / static_cast<double>(times.size())};
}

// A connection of its own for each thread, opened at its first read.
std::string one_read(const std::string& file, const std::string& id) {
  thread_local sqlite3* db = nullptr;
  thread_local sqlite3_stmt* statement = nullptr;
  if (statement == nullptr) {
    if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT p.standing, c.version, c.em FROM participant p JOIN case_row c ON c.case_id = p.case_id WHERE p.case_id = ?1", -1, &statement, nullptr) !=
            SQLITE_OK)
      std::exit(1);
  }
  sqlite3_bind_text(statement, 1, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
  if (sqlite3_step(statement) != SQLITE_ROW) std::exit(1);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, 0));
  sqlite3_reset(statement);
  return std::string(std::max<std::size_t>(size, 1), 'x');
}

void print(int round, const char* name, const Measured& m) {
  std::printf("round %d: %-30s %8.0f req/s   p99 %7.2f ms   server %6.2f us of processor a request\n", round, name, m.rate, m.p99, m.processor);
  std::fflush(stdout);
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const int connections = argc > 3 ? std::atoi(argv[3]) : 64;

  const service::for_tests::Folder folder;
  const auto file = (folder.path / "site.db").string();
  ImpatientClock clock;
  service::SiteForTests site({.database = "sqlite:" + file, .clock = &clock});
  const auto vendor = site.organisation("Example Components", access::OrganisationKind::Vendor);
  const auto person = site.person(vendor, "Vera Vendor", "vera@components.example", access::SiteRole::Admin);
  const auto asker = site.asker(person, vendor);
  const auto id = site.made<CaseId>(service::open_case(site.services, asker, {"Overflow in the parser"}));
  service::for_tests::must(site.writer->run(service::case_command(site.services, asker, id, cvd::ProposeTerms{clock.now() + std::chrono::hours(24 * 30)})));
  const auto scopes = service::for_tests::must(service::token_scopes("all"));
  const auto issued = service::for_tests::must(site.writer->run(service::issue_token(site.services, site.system(), {person, vendor, scopes})));
  const auto token = std::string(string_at(issued.answer, "token"));

  web::App app{site.services, site.doors};
  web::Router router(app, kThreads);
  web::http::Options options;
  options.own_headers = web::Router::security_headers();
  auto server = service::for_tests::must(web::http::Server::start(
      options, [&](web::http::Verb verb, std::string_view path) { return router.limits_of(verb, path); },
      [&](web::http::Request request, web::http::Respond respond) { router.handle(std::move(request), std::move(respond)); }));
  const auto request =
      "GET /api/v1/cases/" + id.text() + "/embargo HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nAuthorization: Bearer " + token + "\r\nUser-Agent: bench\r\n\r\n";

  std::vector<double> rates, costs;
  for (int i = 1; i <= rounds; ++i) {
    Measured bare, ours;
    {
      web::http::WorkerPool pool(kThreads, 10'000);
      BareServer least([&](BareReply reply) { (void)pool.post([&file, text = id.text(), reply = std::move(reply)]() mutable { reply(one_read(file, text)); }); });
      bare = load(least.port(), request, seconds, connections);
    }
    ours = load(server->port(), request, seconds, connections);
    print(i, "bare Beast, pool, one read", bare);
    print(i, "Sluice, GET …/embargo", ours);
    rates.push_back(ours.rate / bare.rate);
    costs.push_back(ours.processor / bare.processor);
  }
  std::printf("median: %.2f of the bare handler's requests/s, %.2f times its processor time\n", median(rates), median(costs));
  server->stop(std::chrono::seconds(1));
}
