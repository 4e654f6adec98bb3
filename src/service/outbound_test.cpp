#include "service/outbound.h"

#include <doctest/doctest.h>

#include <future>

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;

namespace {

// What why_refused says without its source: "loopback"; "" for an address that may be spoken to.
std::string judged(std::string_view text, const std::vector<Network>& allowed = {}) {
  const auto address = parse_address(text);
  if (!address) return "no address";
  const auto why = why_refused(*address, allowed).value_or("");
  return why.substr(0, why.find(" ("));
}

std::vector<Network> networks(std::initializer_list<std::string_view> texts) {
  std::vector<Network> out;
  for (const auto text : texts) out.push_back(parse_network(text).value());
  return out;
}

}  // namespace

TEST_CASE("what isn't plainly of the public Internet is refused, to its edges") {
  const std::pair<const char*, const char*> rows[] = {
      {"1.1.1.1", ""},
      {"9.255.255.255", ""},
      {"10.0.0.0", "private use"},
      {"10.255.255.255", "private use"},
      {"11.0.0.0", ""},
      {"0.0.0.0", "this network"},
      {"100.63.255.255", ""},
      {"100.64.0.0", "shared address space of carriers"},
      {"100.127.255.255", "shared address space of carriers"},
      {"100.128.0.0", ""},
      {"127.0.0.1", "loopback"},
      {"127.255.255.254", "loopback"},
      {"169.254.169.254", "link-local"},               // where clouds keep their machines' credentials
      {"172.15.255.255", ""},
      {"172.16.0.0", "private use"},
      {"172.31.255.255", "private use"},
      {"172.32.0.0", ""},
      {"192.0.0.8", "protocol assignments"},
      {"192.0.2.1", "documentation"},
      {"192.88.99.1", "6to4 relays"},
      {"192.168.1.1", "private use"},
      {"198.17.255.255", ""},
      {"198.18.0.1", "benchmarks"},
      {"198.19.255.255", "benchmarks"},
      {"198.51.100.9", "documentation"},
      {"203.0.113.9", "documentation"},
      {"223.255.255.255", ""},
      {"224.0.0.251", "multicast"},
      {"240.0.0.1", "reserved"},
      {"255.255.255.255", "reserved"},
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"::127.0.0.1", "IPv4-compatible"},
      {"::ffff:127.0.0.1", "IPv4-mapped"},
      {"::ffff:1.1.1.1", "IPv4-mapped"},               // also a public one: nobody needs to write it so
      {"64:ff9b::7f00:1", "NAT64"},
      {"64:ff9b:1::1", "local NAT64"},
      {"100::1", "discard"},
      {"2001::1", "Teredo"},
      {"2001:2::1", "protocol assignments"},
      {"2001:db8::1", "documentation"},
      {"2002:7f00:1::1", "6to4"},
      {"2606:4700:4700::1111", ""},
      {"3fff::1", "documentation"},
      {"4000::1", "not assigned for global use"},
      {"5f00::1", "segment routing"},
      {"fc00::1", "unique local"},
      {"fdff::1", "unique local"},
      {"fe80::1", "link-local"},
      {"fec0::1", "site-local"},
      {"ff02::1", "multicast"},
  };
  for (const auto& [address, why] : rows) {
    CAPTURE(address);
    CHECK(judged(address) == why);
  }
}

TEST_CASE("what the operator lists is spoken to, and nothing beside it") {
  const auto allowed = networks({"10.1.0.0/16", "fd00::/8", "64:ff9b::/96"});
  CHECK(judged("10.1.2.3", allowed) == "");
  CHECK(judged("10.2.0.1", allowed) == "private use");
  CHECK(judged("fd12::1", allowed) == "");
  CHECK(judged("fc12::1", allowed) == "unique local");
  CHECK(judged("::ffff:10.1.2.3", allowed) == "IPv4-mapped");
}

TEST_CASE("N2: an address that carries another is judged by both, or NAT64 would lead into the house") {
  const auto allowed = networks({"64:ff9b::/96"});
  CHECK(judged("64:ff9b::101:101", allowed) == "");
  CHECK(judged("64:ff9b::7f00:1", allowed) == "loopback");
  CHECK(judged("64:ff9b::a9fe:a9fe", allowed) == "link-local");
  CHECK(judged("2002:a00:1::1", networks({"2002::/16"})) == "private use");
}

TEST_CASE("networks are read strictly: a slip would allow more than was meant") {
  for (const auto* text : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "0x0a.0.0.0/8", "::/129", "fd00::1/8", "10.0.0.0/8 ", "10.0.0.0/-1", "vendor.example"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_network(text));
  }
  CHECK(parse_network("127.0.0.1")->prefix == 32);
  CHECK(parse_network("0.0.0.0/0")->contains(*parse_address("8.8.8.8")));
  CHECK_FALSE(parse_network("0.0.0.0/0")->contains(*parse_address("::1")));
}

TEST_CASE("a domain is a name of the public DNS and nothing else") {
  CHECK(host_name("Vendor.Example.") == "vendor.example");
  CHECK(host_name("xn--bcher-kva.example") == "xn--bcher-kva.example");
  CHECK(host_name("a-1.b2.co.uk") == "a-1.b2.co.uk");
  const std::string long_label(64, 'a');
  for (const auto& text : std::initializer_list<std::string>{"", ".", "vendor", "localhost", "a.localhost", "printer.local", "x.onion", "1.0.0.127.in-addr.arpa", "db.internal", "127.0.0.1", "127.1", "1.2.3.0x7f", "[::1]", "::1",
                                                             "vendor.example:8443", "vendor.example/path", "user@vendor.example", "https://vendor.example", "-a.example", "a-.example", "a..example", ".example.org",
                                                             "vendor_.example", "bücher.example", "vendor.example\n", "vendor .example", "%76endor.example", std::string("vendor.exam\0ple", 15), long_label + ".example"}) {
    CAPTURE(text);
    CHECK_FALSE(host_name(text));
  }
}

TEST_CASE("a host of the operator's names one address and port") {
  const auto host = parse_outbound_host("vendor.example=[::1]:8443");
  REQUIRE(host);
  CHECK(host->name == "vendor.example");
  CHECK(to_text(host->address) == "::1");
  CHECK(host->port == 8443);
  for (const auto* text : {"", "vendor.example", "vendor.example=127.0.0.1", "vendor.example=127.0.0.1:0", "vendor.example=127.0.0.1:70000", "vendor.example=localhost:1", "a=127.0.0.1:1", "127.0.0.1:1"}) CHECK_FALSE(parse_outbound_host(text));
}

TEST_CASE("what may not be asked at all is refused before any connection") {
  Outbound outbound({});
  const auto why = [&](const std::string& url) {
    std::promise<std::string> answer;
    REQUIRE(outbound.run([&](Outbound::Call& call) {
      const auto got = call.get(url, {});
      answer.set_value(got ? "answered" : got.error().message);
    }));
    return answer.get_future().get();
  };
  for (const auto* url : {"http://vendor.example/", "ftp://vendor.example/", "file:///etc/passwd", "gopher://vendor.example/", "https://u@vendor.example/", "https://:p@vendor.example/", "https://vendor.example:8443/", "https://127.0.0.1/", "https://[::1]/", "https://localhost/",
                          "https://2130706433/", "https://0x7f.1/", "not a url", ""}) {
    CAPTURE(url);
    CHECK(why(url).starts_with("It leads to an address that isn't followed"));
  }
}

TEST_CASE("H1: a name that leads into the house gets no connection") {
  Outbound outbound({.hosts = {*parse_outbound_host("vendor.example=127.0.0.1:1")}});
  std::promise<std::string> answer;
  REQUIRE(outbound.run([&](Outbound::Call& call) { answer.set_value(call.get("https://vendor.example/", {}).error().message); }));
  CHECK(answer.get_future().get() == "The name leads to an address that this server doesn't speak to: loopback (RFC 1122).");
}

TEST_CASE("more than the queue holds is refused at once, and what waited runs all the same when it stops") {
  std::promise<void> go;
  const auto gate = go.get_future().share();
  std::atomic<int> ran = 0, refused = 0;
  {
    Outbound outbound({});
    for (int i = 0; i < 40; ++i)
      if (!outbound.run([&, gate](Outbound::Call&) { gate.wait(); ++ran; })) ++refused;
    CHECK(refused >= 40 - 18);
    go.set_value();
  }
  CHECK(ran + refused == 40);
}
