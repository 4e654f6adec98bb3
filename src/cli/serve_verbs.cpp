// `sluice serve`: flags into ServeOptions, the `listening` line, the wait for a signal.
#include <filesystem>

#include "cli/console.h"
#include "cli/log.h"
#include "cli/serve.h"
#include "web/http/proxies.h"

namespace sluice::cli {

namespace {

Result<void> read_outbound(const Arguments& a, service::OutboundSettings& out) {
  for (const auto& text : a.all("--outbound-allow")) {
    const auto network = service::parse_network(text);
    if (!network) return usage("--outbound-allow: " + network.error().message);
    out.allowed.push_back(*network);
  }
  for (const auto& text : a.all("--outbound-host")) {
    const auto host = service::parse_outbound_host(text);
    if (!host) return usage("--outbound-host: " + host.error().message);
    out.hosts.push_back(*host);
  }
  out.ca_file = a.get("--outbound-ca");
  if (!out.ca_file.empty() && !std::filesystem::is_regular_file(out.ca_file)) return usage("--outbound-ca takes a file; there is none of this name.");
  return {};
}

Result<ServeOptions> options_of(const Arguments& a) {
  ServeOptions out{.data = a.get("--data")};
  out.settings.public_url.clear();
  if (const auto file = a.maybe("--root-key")) out.root_key = *file;
  TRY(read_listen(a.get("--listen", "127.0.0.1:8080"), out));
  out.tls_cert = a.get("--tls-cert");
  out.tls_key = a.get("--tls-key");
  if (out.tls_cert.empty() != out.tls_key.empty()) return usage("--tls-cert and --tls-key come together.");
  out.client_certificates = a.get("--client-certificates", "off") == "on";
  if (out.client_certificates && out.tls_cert.empty()) return usage("--client-certificates on needs --tls-cert and --tls-key: a proxy in front can't show what its clients showed it.");
  out.insecure_plain_http = a.has("--insecure-plain-http");
  out.trusted_proxies = a.all("--trusted-proxy");
  if (const auto read = web::http::TrustedProxies::parse(out.trusted_proxies); !read) return usage(read.error().message);
  out.settings.intake_limits = a.get("--intake-limits", "on") == "on";
  out.settings.two_person = a.get("--two-person", "on") == "on";
  if (const auto most = a.maybe("--reading-alarm")) {
    const auto& digits = *most;
    if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != digits.npos || digits == "0") return usage("--reading-alarm takes a number of cases, such as 50.");
    out.settings.reading_alarm = std::atoi(digits.c_str());
  }
  if (const auto url = a.maybe("--public-url")) {
    if (!url->starts_with("https://") && !url->starts_with("http://")) return usage("--public-url begins with https://.");
    out.settings.public_url = *url;
    while (out.settings.public_url.ends_with('/')) out.settings.public_url.pop_back();
  }
  if (const auto tick = a.maybe("--tick")) {
    const auto duration = parse_duration(*tick);
    if (!duration || *duration < std::chrono::milliseconds(50) || *duration > std::chrono::hours(1)) return usage("--tick takes a duration from 50ms to 1h, such as 60s.");
    out.settings.tick = *duration;
  }
  TRY(read_outbound(a, out.outbound));
  for (const auto& packs : a.all("--packs")) {
    if (!std::filesystem::is_directory(packs)) return usage("--packs takes a folder; there is none of this name.");
    out.packs.emplace_back(packs);
  }
  return out;
}

Result<int> serve(const Arguments& a) {
  TRY(const auto options, options_of(a));
  start_log();
  hold_signals();
  TRY(const auto serving, Serving::start(options));
  print(json::serialize(json::object{{"event", "listening"}, {"url", serving->url()}}));
  wait_for_end();
  return 0;
}

// clang-format off
const Verb kServeVerbs[] = {
    {"", "serve", "Serve a site until SIGTERM or Ctrl-C. Prints {\"event\":\"listening\",\"url\":…} when it is ready; the log, JSON lines, goes to stderr.",
     "sluice serve --data /srv/site --listen 127.0.0.1:8080\nsluice serve --data /srv/site --listen 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem --public-url https://cert.example\nsluice serve --data /srv/site --trusted-proxy 127.0.0.1 --public-url https://cert.example",
     {{"--data", "DIR", Takes::Required, kDataHelp}, {"--listen", "HOST:PORT", Takes::One, "default 127.0.0.1:8080; port 0 picks a free one"}, {"--root-key", "FILE", Takes::One, kRootKeyHelp},
      {"--tls-cert", "FILE", Takes::One, "PEM chain; with --tls-key"}, {"--tls-key", "FILE", Takes::One, "PEM key"},
      {"--client-certificates", "on|off", Takes::One, "on: machines may sign in by a certificate that was registered (sluice certificate add); none is demanded, but browsers that have one may ask which; default off", "on|off"}, {"--public-url", "URL", Takes::One, "what links to this site begin with; default: where it listens"},
      {"--tick", "DURATION", Takes::One, "how often the ledger's tick closes; default 60s"}, {"--packs", "DIR", Takes::Many, "packs of laws and standards that are added, or take the place of those built in; one with an error refuses the start"},
      {"--two-person", "on|off", Takes::One, "off, for a site of one: one person may approve, waive, override, remove and erase alone; recorded", "on|off"}, {"--reading-alarm", "N", Takes::One, "how many different cases a coordinator or administrator may read in an hour before it is an alarm; default 50"}, {"--intake-limits", "on|off", Takes::One, "off: no limits on the public report form; loopback only, for tests", "on|off"},
      {"--outbound-allow", "CIDR", Takes::Many, "a network that requests to the outside may reach though it isn't public: 10.0.0.0/8; logged"}, {"--outbound-ca", "FILE", Takes::One, "PEM certificates that are trusted for them beside the machine's own; logged"},
      {"--outbound-host", "NAME=ADDRESS:PORT", Takes::Many, "where a name is found for them, instead of the DNS; logged"},
      {"--trusted-proxy", "CIDR", Takes::Many, "an address or network whose X-Forwarded-For and -Proto count, such as 127.0.0.1 or 10.0.0.0/8; may be given several times; default: nobody's"},
      {"--insecure-plain-http", "", Takes::Switch, "plain HTTP to other machines: only where a proxy with TLS is the one who connects"}},
     serve},
};
// clang-format on

}  // namespace

std::span<const Verb> serve_verbs() { return kServeVerbs; }

}  // namespace sluice::cli
