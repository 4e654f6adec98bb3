// The HTTP/1.1 server, plain, TLS or on a Unix socket. Behind this header, and nowhere else, are Boost.Asio, Beast and coroutines.
//
// serve.cpp starts it; the router is its Handler. It reads strictly (framing.h), so that no proxy in front can see other requests than we do.
//
// Always holds
//   H1  A request that is refused for its framing is answered, its connection closed, and no byte after it is read as a request.
//   H2  Each read, write and wait has a deadline; each connection ends by itself.
//   H3  Requests of one connection are handled one at a time, and answered in order.
//   H4  Each call of the Handler ends in exactly one answer: Respond's first call, 500 if it is dropped, 503 after answer_time.
//   H5  stop() returns within grace + 1 s (in all at most 5 s); until then answers in flight are finished.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "web/http/event_stream.h"
#include "web/http/message.h"

namespace sluice::web::http {

// What one route allows its body to be.
struct Limits {
  std::size_t body = 1 << 20;
  Duration body_time = std::chrono::seconds{10};             // before the least rate is demanded
};

struct Refusal;

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                                    // 0 picks a free one
  std::string unix_path = {};                                // instead of address and port; made with unix_mode, replaced if stale, removed by stop()
  unsigned unix_mode = 0600;
  std::string tls_cert_file = {};                            // PEM chain; both or neither
  std::string tls_key_file = {};
  bool client_certificates = false;                          // over TLS a client may show one; none is demanded (tls.h, T3)

  int io_threads = 1;
  std::size_t max_connections = 20'000;                      // beyond: 503 and closed

  std::size_t request_line = 8 << 10;                        // WEB-1
  std::size_t header_bytes = 32 << 10;
  std::size_t header_fields = 100;
  Limits limits = {};                                        // where LimitsOf has no opinion
  std::size_t requests_per_connection = 10'000;
  std::size_t body_memory = 512 << 20;                       // of all bodies that are being read, together; beyond: 503

  Duration header_time = std::chrono::seconds{10};           // from the first byte of a head to its last; also for the TLS handshake
  Duration idle_time = std::chrono::seconds{60};             // between requests
  Duration answer_time = std::chrono::minutes{5};            // for the handler; long polls fit in
  Duration write_time = std::chrono::seconds{10};            // before the least rate is demanded of the reader
  std::size_t min_rate = 1 << 10;                            // bytes a second, of bodies in and answers out
  Duration linger_time = std::chrono::seconds{2};            // reading away what a refused client still sends, so that it sees the answer
  Duration heartbeat = std::chrono::seconds{15};

  std::vector<std::string> trusted_proxies = {};             // addresses or networks ("10.0.0.0/8", "unix"): only their X-Forwarded-For and -Proto count
  std::function<void(std::string_view peer)> forwarded_unheard = {};  // this peer forwards for others and isn't trusted; on an I/O thread: must not block
  // In another protocol's words: what is refused before there is a request, by the first bytes of its target. Nothing: a problem of our own. On an I/O thread: must not block.
  std::function<std::optional<Response>(const Refusal& refusal, std::string_view target, std::string_view request_id)> refused = {};
  Headers own_headers = {};                                  // on every answer: the security headers (WEB-4)
};

// Gives the answer; from any thread, at once or later, once (a second call does nothing). Dropped without a call: 500.
using Respond = std::move_only_function<void(Response)>;

// Asked after the head and before the body; nullopt: Options::limits. On an I/O thread: must not block.
using LimitsOf = std::function<std::optional<Limits>(Verb verb, std::string_view path)>;

// On an I/O thread: must not block. What it throws is answered with 500.
using Handler = std::function<void(Request request, Respond respond)>;

class Server {
 public:
  static Result<std::unique_ptr<Server>> start(Options options, LimitsOf limits_of, Handler handler);

  ~Server();                                                 // stop(5 s)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string url() const;                                   // "http://127.0.0.1:8080", "https://[::1]:443", "unix:/path"
  std::uint16_t port() const;                                // 0 on a Unix socket
  std::size_t connections() const;                           // open now

  // Accepts no more, closes idle connections and streams, lets answers in flight finish for `grace`, then cuts. From any thread but an I/O thread.
  void stop(Duration grace = std::chrono::seconds{4});

  struct Impl;

 private:
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::web::http
