// The one client by which the service speaks to machines outside (OUT-1): https GET and, for webhooks, POST, to addresses that were judged, within limits.
//
// Called by what looks something up elsewhere (vendor_contact.h), and by webhook_sender.h, which has one for itself. It has a few threads and a short queue of its own: what waits for somebody
// else's server never holds a thread of the web's pool, and a flood of look-ups is refused here and nowhere else.
//
// Always holds
//   H1  The address is judged in the moment of connecting, by the very bytes that connect() gets; a name is resolved once a hop, so a second answer of the
//       DNS changes nothing. The certificate is verified for the name.
//   H2  No hop is followed unseen: each is checked like the first (https, a public name, no port, no user), three at most. Nothing of ours is sent but the
//       path, a neutral User-Agent and Accept: no cookies, no credentials, no Referer. Proxies and .netrc of the environment don't count. A POST follows none: what was meant for one
//       receiver reaches no other.
//   H3  A call ends after ten seconds in all, its wait in the queue included, however many addresses it asks for. No answer is larger than its limit.
//   H4  Which names were asked for stands in no log and no error of ours beyond the answer to who asked: a name may hint at a case.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

#include "base/time.h"
#include "service/outbound_address.h"

namespace sluice::service {

struct OutboundSettings {
  // A name that the operator says where to find, instead of the DNS: split networks, tests. The address is judged as any other.
  struct Host { std::string name; Address address; std::uint16_t port = 443; };

  std::vector<Network> allowed;                    // spoken to though they aren't public
  std::string ca_file;                             // PEM: trusted beside the machine's own
  std::vector<Host> hosts;
};
Result<OutboundSettings::Host> parse_outbound_host(std::string_view text);  // "vendor.example=127.0.0.1:8443"
// May this be asked at all? https with the scheme's own port, a name of the public DNS, no user in it. Unavailable, with the reason.
Result<void> check_outbound_url(const std::string& url);

struct Fetched {
  int status = 0;
  std::string body, content_type;
  std::optional<Duration> retry_after;             // where the answer says so
  std::vector<std::string> addresses;              // what was asked, in order: the first URL, then each hop
};

class Outbound {
 public:
  // One piece of work with its ten seconds. Lives on one of the client's threads.
  class Call {
   public:
    // Any status that came is an answer; Unavailable with a reason for people if none came. `plain_http`: this target may be asked without TLS.
    struct Options { std::size_t most = 10 << 20; bool plain_http = false; std::string accept = "*/*"; };
    Result<Fetched> get(const std::string& url, const Options& options);
    // To this address alone, with these headers ("name: value"), within ten seconds from now. What it answers is read, up to 64 KiB, and dropped.
    Result<Fetched> post(const std::string& url, const std::string& body, std::span<const std::string> headers);

   private:
    friend class Outbound;
    Call(const Outbound& client, std::chrono::steady_clock::time_point until) : client_(client), until_(until) {}
    struct Posted { const std::string& body; std::span<const std::string> headers; };
    Result<void> hop(const std::string& url, const Options& options, Fetched& into, std::string& next, const Posted* posted = nullptr);

    const Outbound& client_;
    std::chrono::steady_clock::time_point until_;
  };
  using Work = std::move_only_function<void(Call&)>;

  struct Size { std::size_t threads = 2, waiting = 16; };
  explicit Outbound(OutboundSettings settings, Size size);
  explicit Outbound(OutboundSettings settings) : Outbound(std::move(settings), Size{}) {}
  ~Outbound();                                     // stop()
  Outbound(const Outbound&) = delete;
  Outbound& operator=(const Outbound&) = delete;

  // `work` runs soon, exactly once; Unavailable if too many wait already, and then never.
  Result<void> run(Work work);
  // What runs is broken off within a second, what waits runs and finds its time over. Afterwards nothing runs any more.
  void stop();
  const OutboundSettings& settings() const { return settings_; }

 private:
  struct Waiting { Work work; std::chrono::steady_clock::time_point until; };
  void serve();

  const OutboundSettings settings_;
  const Size size_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Waiting> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace sluice::service
