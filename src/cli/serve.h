// The server as one value: started, it serves; destroyed, it has stopped. `sluice serve` waits for a signal in between, the demo replays a disclosure.
#pragma once

#include <memory>

#include "cli/verb.h"
#include "cli/wired.h"
#include "service/outbound.h"

namespace sluice::cli {

struct ServeOptions {
  std::filesystem::path data;
  std::optional<std::filesystem::path> root_key;
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string tls_cert, tls_key;
  bool client_certificates = false;               // over TLS a client may show one (service/client_certificates.h)
  bool insecure_plain_http = false;               // plain HTTP to other machines: only behind a proxy that speaks TLS
  std::vector<std::string> trusted_proxies;       // whose forwarded headers count (WEB-2): addresses and networks
  service::Settings settings = {};
  service::OutboundSettings outbound = {};
  std::vector<std::string> packs = {};            // folders of packs that are added, or take the place of those built in
};

class Serving {
 public:
  static Result<std::unique_ptr<Serving>> start(const ServeOptions& options);
  ~Serving();                                     // within five seconds

  std::string url() const;
  service::Services& services();
  service::Doors& doors();
  Result<void> look_at_threats();                 // what is shared, for the cases it touches: one round, to its end
  void pass_time();                               // what the timer does each second, now; one at a time

 private:
  struct Parts;
  explicit Serving(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Reads "127.0.0.1:8080", "[::1]:0", "localhost:80".
Result<void> read_listen(const std::string& text, ServeOptions& into);

// Before any thread starts: SIGTERM and SIGINT wait until wait_for_end() takes them. After it the process ends within five seconds, come what may.
void hold_signals();
bool end_is_asked();
void wait_for_end();

}  // namespace sluice::cli
