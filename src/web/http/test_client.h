// What the tests of this folder share: a server on a free port and a client that sends raw bytes. Plain sockets; nothing of the server's own library.
//
// Every wait has a deadline of ten seconds and ends as soon as what it waits for is there.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "web/http/server.h"

namespace sluice::web::http::testing {

using Seconds = std::chrono::seconds;
using Millis = std::chrono::milliseconds;

inline bool eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + Seconds{60};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

class Client {
 public:
  explicit Client(const Server& server, int receive_buffer = 0) : Client(AF_INET) {
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  explicit Client(const std::string& unix_path) : Client(AF_UNIX) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, unix_path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)), in_(std::move(other.in_)) {}
  ~Client() {
    if (fd_ >= 0) ::close(fd_);
  }

  int fd() const { return fd_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // One more read. False: closed, reset or a minute over, which a loaded machine keeps.
  bool receive() {
    pollfd wait{fd_, POLLIN, 0};
    if (::poll(&wait, 1, 60'000) != 1) return false;
    char buffer[65536];
    const auto size = ::recv(fd_, buffer, sizeof buffer, 0);
    if (size <= 0) {
      closed_ = true;
      return false;
    }
    in_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }

  // Everything up to and with `mark`, taken from what was received.
  std::string until(std::string_view mark) {
    for (;;) {
      if (const auto at = in_.find(mark); at != std::string::npos) return take(at + mark.size());
      if (!receive()) return take(in_.size());
    }
  }

  struct Answer {
    int status = 0;
    std::string head;
    std::string body;
  };

  Answer answer(bool with_body = true) {
    Answer out;
    out.head = until("\r\n\r\n");
    if (out.head.size() > 12) out.status = std::atoi(out.head.c_str() + 9);
    const auto at = out.head.find("Content-Length: ");
    if (with_body && at != std::string::npos) {
      const std::size_t size = std::stoul(out.head.substr(at + 16));
      while (in_.size() < size && receive()) {}
      out.body = take(std::min(size, in_.size()));
    }
    return out;
  }

  std::string rest() {
    while (receive()) {}
    return take(in_.size());
  }

  bool is_closed() {  // within a minute, with nothing more to read
    return rest().empty() && closed_;
  }

 private:
  explicit Client(int family) : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}

  std::string take(std::size_t size) {
    auto out = in_.substr(0, size);
    in_.erase(0, size);
    return out;
  }

  int fd_;
  std::string in_;
  bool closed_ = false;
};

// Remembers what the handler saw.
struct Seen {
  std::mutex mutex;
  std::vector<Request> requests;

  void add(const Request& request) {
    const std::lock_guard lock(mutex);
    requests.push_back(request);
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return requests.size();
  }
  Request last() {
    const std::lock_guard lock(mutex);
    REQUIRE(!requests.empty());
    return requests.back();
  }
};

inline std::unique_ptr<Server> start(Options options, Handler handler, LimitsOf limits_of = {}) {
  auto server = Server::start(std::move(options), std::move(limits_of), std::move(handler));
  if (!server) FAIL(server.error().message);
  return std::move(*server);
}

inline Handler echo(Seen& seen) {
  return [&seen](Request request, Respond respond) {
    seen.add(request);
    respond(Response{.headers = {{"Content-Type", "text/plain"}}, .body = request.path + "|" + request.body});
  };
}

inline std::string get(std::string_view path) { return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

}  // namespace sluice::web::http::testing
