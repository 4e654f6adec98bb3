// See README.md.
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bare.h"
#include "web/http/pool.h"
#include "web/http/server.h"

using namespace sluice::web::http;
using Clock = std::chrono::steady_clock;

namespace {

const std::string kBody(586, 'x');
const std::string kRequest = "GET /api/v1/cases/c_0x1n5c7w3k9j2m8r6tf2hbs40d HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nUser-Agent: bench\r\n\r\n";

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

double cpu_seconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// The server's processor time: the process without this, the client's, thread.
double server_seconds() { return cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_seconds(CLOCK_THREAD_CPUTIME_ID); }

// Each connection sends its next request when its answer is whole.
void load(const char* name, std::uint16_t port, int seconds, int connections) {
  struct One {
    int fd;
    std::string in;
    Clock::time_point sent;
  };
  std::vector<One> all(static_cast<std::size_t>(connections));
  const int poller = ::epoll_create1(0);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].fd = connected(port);
    epoll_event event{EPOLLIN, {.u64 = i}};
    ::epoll_ctl(poller, EPOLL_CTL_ADD, all[i].fd, &event);
  }
  const auto send = [](One& one) {
    one.sent = Clock::now();
    if (::send(one.fd, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) std::exit(1);
  };
  for (auto& one : all) send(one);
  std::vector<double> times;
  times.reserve(4'000'000);
  const double server_before = server_seconds();
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::seconds{seconds};
  epoll_event events[256];
  char buffer[16384];
  while (Clock::now() < end) {
    const int ready = ::epoll_wait(poller, events, 256, 100);
    for (int i = 0; i < ready; ++i) {
      One& one = all[events[i].data.u64];
      const auto size = ::recv(one.fd, buffer, sizeof buffer, 0);
      if (size <= 0) std::exit(1);
      one.in.append(buffer, static_cast<std::size_t>(size));
      const auto head = one.in.find("\r\n\r\n");
      if (head == std::string::npos || one.in.size() < head + 4 + kBody.size()) continue;
      one.in.clear();
      times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - one.sent).count());
      send(one);
    }
  }
  const double server = server_seconds() - server_before;
  const double took = std::chrono::duration<double>(Clock::now() - begin).count();
  for (auto& one : all) ::close(one.fd);
  ::close(poller);
  const auto p99 = times.begin() + static_cast<std::ptrdiff_t>(times.size() * 99 / 100);
  std::nth_element(times.begin(), p99, times.end());
  std::printf("%-28s %8.0f req/s   p99 %6.2f ms   server %5.2f us of processor a request\n", name, static_cast<double>(times.size()) / took, *p99,
              server * 1e6 / static_cast<double>(times.size()));
}

void requests(int seconds, int connections) {
  WorkerPool pool(2, 10'000);
  for (int round = 0; round < 3; ++round) {
    {
      BareServer bare([](BareReply reply) { reply(kBody); });
      load("bare Beast, inline", bare.port(), seconds, connections);
    }
    {
      auto server = *Server::start({}, {}, [](Request, Respond respond) { respond(Response{.headers = {{"Content-Type", "application/json"}}, .body = kBody}); });
      load("Sluice, inline", server->port(), seconds, connections);
    }
    {
      BareServer bare([&](BareReply reply) { (void)pool.post([reply = std::move(reply)]() mutable { reply(kBody); }); });
      load("bare Beast, pool of 2", bare.port(), seconds, connections);
    }
    {
      auto server = *Server::start({}, {}, [&](Request request, Respond respond) {
        (void)pool.post(
            [request = std::move(request), respond = std::move(respond)]() mutable { respond(Response{.headers = {{"Content-Type", "application/json"}}, .body = kBody}); });
      });
      load("Sluice, pool of 2", server->port(), seconds, connections);
    }
  }
}

long resident_kib() {
  std::ifstream file("/proc/self/statm");
  long total = 0;
  long resident = 0;
  file >> total >> resident;
  return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

void streams(int count) {
  rlimit most{};
  ::getrlimit(RLIMIT_NOFILE, &most);
  most.rlim_cur = most.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &most);
  int port_pipe[2];
  int ready_pipe[2];
  if (::pipe(port_pipe) != 0 || ::pipe(ready_pipe) != 0) std::exit(1);
  const pid_t child = ::fork();  // so that the client's memory is not the server's
  if (child == 0) {
    std::uint16_t port = 0;
    if (::read(port_pipe[0], &port, sizeof port) != sizeof port) std::exit(1);
    std::vector<int> all;
    char buffer[4096];
    for (int i = 0; i < count; ++i) {
      all.push_back(connected(port));
      (void)!::send(all.back(), kRequest.data(), kRequest.size(), 0);
      (void)!::recv(all.back(), buffer, sizeof buffer, 0);
    }
    (void)!::write(ready_pipe[1], "r", 1);
    for (const int fd : all) (void)!::recv(fd, buffer, sizeof buffer, 0);
    (void)!::write(ready_pipe[1], "d", 1);
    ::pause();
  }
  {
    std::mutex mutex;
    std::vector<std::shared_ptr<EventStream>> all;
    auto server = *Server::start({}, {}, [&](Request, Respond respond) {
      auto stream = std::make_shared<EventStream>();
      {
        const std::lock_guard lock(mutex);
        all.push_back(stream);
      }
      respond(Response{.headers = {{"Content-Type", "text/event-stream"}}, .stream = stream});
    });
    const long before = resident_kib();
    const auto port = server->port();
    (void)!::write(port_pipe[1], &port, sizeof port);
    char byte = 0;
    (void)!::read(ready_pipe[0], &byte, 1);
    const long after = resident_kib();
    std::printf("%d idle streams: %ld KiB, %.2f KiB each\n", count, after - before, static_cast<double>(after - before) / count);
    const auto frame = std::make_shared<const std::string>("data: " + std::string(592, 'x') + "\n\n");
    const auto begin = Clock::now();
    for (const auto& stream : all) stream->push(frame);
    const auto pushed = Clock::now();
    (void)!::read(ready_pipe[0], &byte, 1);
    const auto ms = [](auto duration) { return std::chrono::duration<double, std::milli>(duration).count(); };
    std::printf("one 600-byte event to all: pushed in %.1f ms, the last has it after %.1f ms\n", ms(pushed - begin), ms(Clock::now() - begin));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "requests") requests(argc > 2 ? std::atoi(argv[2]) : 3, argc > 3 ? std::atoi(argv[3]) : 64);
  else if (mode == "streams") streams(argc > 2 ? std::atoi(argv[2]) : 10'000);
  else return std::puts("http_bench requests [seconds] [connections] | streams [count]"), 2;
}
