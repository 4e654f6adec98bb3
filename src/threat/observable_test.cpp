#include "threat/observable.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "threat/object_for_tests.h"

using namespace sluice;
using namespace sluice::threat;

namespace {

std::string normal(std::string_view kind, std::string_view text) {
  const auto value = normalised(kind, text);
  if (!value) return "-";
  return value->kind == kind ? value->text : value->kind + " " + value->text;
}

}  // namespace

TEST_CASE("each spelling of a value comes to one") {
  const struct { const char* kind; const char* text; const char* normal; } rows[] = {
      {"ipv4-addr", "198.51.100.3", "198.51.100.3"},
      {"ipv4-addr", " 198[.]51(.)100{dot}3\n", "198.51.100.3"},
      {"ipv4-addr", "198.51.100.77/24", "198.51.100.0/24"},
      {"ipv4-addr", "198.51.100.77/32", "198.51.100.77"},
      {"ipv4-addr", "198.51.100.77/0", "0.0.0.0/0"},
      {"ipv4-addr", "198.051.100.3", "-"},
      {"ipv4-addr", "198.51.100", "-"},
      {"ipv4-addr", "198.51.100.256", "-"},
      {"ipv4-addr", "198.51.100.3/33", "-"},
      {"ipv4-addr", "198.51.100.3/08", "-"},
      {"ipv4-addr", "0x7f.0.0.1", "-"},
      {"ipv4-addr", "198.51.100.3.", "-"},
      {"ipv6-addr", "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"ipv6-addr", "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"ipv6-addr", "[2001:db8::0001]", "2001:db8::1"},
      {"ipv6-addr", "2001[:]db8::1", "2001:db8::1"},
      {"ipv6-addr", "::", "::"},
      {"ipv6-addr", "::1", "::1"},
      {"ipv6-addr", "1::", "1::"},
      {"ipv6-addr", "2001:db8::ffff/32", "2001:db8::/32"},
      {"ipv6-addr", "::ffff:198.51.100.3", "ipv4-addr 198.51.100.3"},
      {"ipv6-addr", "::ffff:c633:6403/120", "ipv4-addr 198.51.100.0/24"},
      {"ipv6-addr", "64:ff9b::198.51.100.3", "64:ff9b::c633:6403"},
      {"ipv6-addr", "2001:db8::1::2", "-"},
      {"ipv6-addr", "2001:db8:1:2:3:4:5:6:7", "-"},
      {"ipv6-addr", "1:2:3:4:5:6:7::8", "-"},
      {"ipv6-addr", "fe80::1%eth0", "-"},
      {"ipv6-addr", "12345::", "-"},
      {"ipv6-addr", ":::1", "-"},
      {"domain-name", "Example.COM.", "example.com"},
      {"domain-name", "example[.]com", "example.com"},
      {"domain-name", "example(dot)com", "example.com"},
      {"domain-name", "b\xc3\xbc" "cher.example", "xn--bcher-kva.example"},
      {"domain-name", "B\xc3\x9c" "CHER.example", "xn--bcher-kva.example"},
      {"domain-name", "xn--bcher-kva.example", "xn--bcher-kva.example"},
      {"domain-name", "stra\xc3\x9f" "e.example", "xn--strae-oqa.example"},
      {"domain-name", "_dmarc.example.com", "_dmarc.example.com"},
      {"domain-name", "198.51.100.3", "ipv4-addr 198.51.100.3"},
      {"domain-name", "198.51.100.03", "-"},
      {"domain-name", "a..b", "-"},
      {"domain-name", ".", "-"},
      {"domain-name", "exa mple.com", "-"},
      {"domain-name", "example.com/x", "-"},
      {"email-addr", "Bob@Example[.]com", "bob@example.com"},
      {"email-addr", "mailto:bob[at]example.com", "bob@example.com"},
      {"email-addr", "<bob@example.com>", "bob@example.com"},
      {"email-addr", "bob@[198.51.100.3]", "-"},
      {"email-addr", "@example.com", "-"},
      {"email-addr", "bob example.com", "-"},
      {"email-addr", "a..b@example.com", "-"},
      {"url", "hxxps://Example[.]com", "https://example.com/"},
      {"url", "HTTP://Example.com:80/a/./b/../c?q=%7e%2f#F", "http://example.com/a/c?q=~%2F#F"},
      {"url", "http[:]//example.com/", "http://example.com/"},
      {"url", "http[://]example.com/", "http://example.com/"},
      {"url", "https://example.com:8443/x", "https://example.com:8443/x"},
      {"url", "https://example.com:0443", "https://example.com/"},
      {"url", "http://[2001:DB8::1]/", "http://[2001:db8::1]/"},
      {"url", "http://[::ffff:198.51.100.3]/", "http://198.51.100.3/"},
      {"url", "http://b\xc3\xbc" "cher.example/\xc3\xa9 x", "http://xn--bcher-kva.example/%C3%A9%20x"},
      {"url", "http://u:p@Example.com/", "http://u:p@example.com/"},
      {"url", "http://example.com/look(at)this", "http://example.com/look(at)this"},
      {"url", "http://example.com/(%64ot)", "http://example.com/"},
      {"url", "http://example.com/%zz", "http://example.com/%25zz"},
      {"url", "http://example.com/../..", "http://example.com/"},
      {"url", "http://0300.0250.0.1/", "-"},
      {"url", "http://example.com:99999/", "-"},
      {"url", "http:example.com", "-"},
      {"url", "http://", "-"},
      {"url", "Example.com/x", "//example.com/x"},
      {"url", "evil[.]example:8080/A/./b?c#d", "//evil.example:8080/A/b?c#d"},
      {"url", "198.51.100.3:8080/upld/", "//198.51.100.3:8080/upld/"},
      {"url", "198.51.100.3/sys.exe", "//198.51.100.3/sys.exe"},
      {"url", "198.51.100.3:8080/", "//198.51.100.3:8080/"},
      {"url", "198.51.100.3:8080/24", "//198.51.100.3:8080/24"},
      {"url", "198.51.100.3/", "//198.51.100.3/"},
      {"url", "198.51.100.3/?id=1", "//198.51.100.3/?id=1"},
      {"url", "198.51.100.3/24?id=1", "//198.51.100.3/24?id=1"},
      {"url", "198.51.100.3/24#a", "//198.51.100.3/24#a"},
      {"url", "198.51.100.3/1234", "//198.51.100.3/1234"},
      {"url", "198.51.100.3/24/", "//198.51.100.3/24/"},
      {"url", "//198.51.100.3", "//198.51.100.3/"},
      {"url", "//198.51.100.3/24", "//198.51.100.3/24"},
      {"url", "//example.com", "//example.com/"},
      {"url", "example.com", "-"},
      {"url", "text/plain", "-"},
      {"url", "/etc/x.d/y", "-"},
      {"url", "198.51.100.0/24", "-"},
      {"url", "198.51.100.0/./24", "-"},
      {"url", "198.51.100.0/128", "-"},
      {"url", "a@example.com/x", "-"},
      {"url", "c:\\temp", "-"},
      {"url", "http://exa\x01mple.com/", "-"},
      {"url", "file:///etc/x", "file:///etc/x"},
      {"url", "magnet:?xt=urn:x", "-"},
      {"url", "data:text/plain,x", "data:text/plain,x"},
      {"url", "mailto:123/x", "mailto:123/x"},
      {"url", "tel:112/x", "tel:112/x"},
      {"url", "http:80/x", "-"},
      {"mac-addr", "00-1B-44-11-3A-B7", "00:1b:44:11:3a:b7"},
      {"mac-addr", "001B.4411.3AB7", "00:1b:44:11:3a:b7"},
      {"mac-addr", "001b44113ab7", "00:1b:44:11:3a:b7"},
      {"mac-addr", "00:1b:44:11:3a", "-"},
      {"mac-addr", "00:1b-44:11:3a:b7", "-"},
      {"mac-addr", "00:1b:44:11:3a:b7:", "-"},
      {"autonomous-system", "AS64500", "64500"},
      {"autonomous-system", "as 64500", "64500"},
      {"autonomous-system", "1.10", "65546"},
      {"autonomous-system", "4294967296", "-"},
      {"autonomous-system", "064500", "-"},
      {"hash", "D41D8CD98F00B204E9800998ECF8427E", "hash:MD5 d41d8cd98f00b204e9800998ecf8427e"},
      {"hash", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "hash:SHA-1 da39a3ee5e6b4b0d3255bfef95601890afd80709"},
      {"hash", "da39a3", "-"},
      {"hash:sha1", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "hash:SHA-1 da39a3ee5e6b4b0d3255bfef95601890afd80709"},
      {"hash:SHA-256", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "-"},
      {"hash:SSDEEP", "3:kT9wRzQm4bV1yXcPfL:kT9wRzVyXcPf", "3:kT9wRzQm4bV1yXcPfL:kT9wRzVyXcPf"},
      {"hash:SSDEEP", "nothing", "-"},
      {"hash:x_other", "ABCD", "abcd"},
      {"hash:", "abcd", "-"},
      {"mutex", " [.] A", " [.] A"},
      {"file-name", "Setup.EXE", "setup.exe"},
      {"directory", "C:\\Temp\\", "c:\\temp"},
      {"directory", "/", "/"},
      {"windows-registry-key", "HKLM\\Software\\\\X\\", "hkey_local_machine\\software\\x"},
      {"windows-registry-key", "HKEY_LOCAL_MACHINE\\Software\\X", "hkey_local_machine\\software\\x"},
      {"vulnerability", "cve-2021-44228", "CVE-2021-44228"},
      {"vulnerability", "CVE-2021-123", "-"},
      {"nothing", "x", "-"},
      {"url", "", "-"},
  };
  for (const auto& row : rows) CHECK_MESSAGE(normal(row.kind, row.text) == row.normal, row.kind << " " << row.text);
  CHECK_FALSE(normalised("mutex", std::string(kMostValueLength + 1, 'a')));
}

TEST_CASE("V1: what was normalised stays as it is") {
  const std::vector<std::string> kinds = {"ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr", "mac-addr", "autonomous-system", "hash", "hash:SHA-256", "hash:TLSH", "mutex", "file-name", "directory", "windows-registry-key", "vulnerability"};
  const std::vector<std::string> pieces = {"http", "hxxp", "://", "[.]", "(dot)", "[", "]", "(", ")", ".", "..", "/", "//", "example", "com", "%2e", "%64", "%", "@", "[at]", "1", "198.51.100.3", "::", ":", "\xc3\xbc", "?", "#", "A", "T1", " ", "0", "HKLM", "\\", "-", "ffff", "CVE-2021-44228"};
  CHECK(rc::check([&] {
    const auto kind = *rc::gen::elementOf(kinds);
    std::string text;
    for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) text += piece;
    if (const auto value = normalised(kind, text)) RC_ASSERT(normalised(value->kind, value->text) == value);
  }));
}

TEST_CASE("what an object is about") {
  const auto about = [](std::string_view text) {
    std::string out;
    for (const auto& value : values_of(testing::object_of(text))) out += value.kind + " " + value.text + "\n";
    return out;
  };
  CHECK(about(R"({"type":"domain-name","id":"domain-name--1","value":"Example[.]com"})") == "domain-name example.com\n");
  CHECK(about(R"({"type":"file","id":"file--1","name":"A.exe","hashes":{"MD5":"D41D8CD98F00B204E9800998ECF8427E","SHA-256":"short"}})") == "file-name a.exe\nhash:MD5 d41d8cd98f00b204e9800998ecf8427e\n");
  CHECK(about(R"({"type":"autonomous-system","id":"autonomous-system--1","number":64500})") == "autonomous-system 64500\n");
  CHECK(about(R"({"type":"autonomous-system","id":"autonomous-system--1","number":"64500"})") == "");
  CHECK(about(R"({"type":"vulnerability","id":"vulnerability--1","name":"CVE-2021-44228","external_references":[{"source_name":"cve","external_id":"cve-2021-45046"},{"source_name":"x","external_id":"CVE-2020-0001"}]})") == "vulnerability CVE-2021-44228\nvulnerability CVE-2021-45046\n");
  CHECK(about(R"({"type":"observed-data","id":"observed-data--1","objects":{"0":{"type":"ipv4-addr","value":"198.51.100.3"},"1":{"type":"file","name":7},"2":8}})") == "ipv4-addr 198.51.100.3\n");
  CHECK(about(R"({"type":"report","id":"report--1","name":"198.51.100.3"})") == "");
}

TEST_CASE("an indicator is about what its pattern compares with by equality") {
  const auto about = [](std::string_view pattern) {
    json::object object{{"type", "indicator"}, {"id", "indicator--1"}, {"pattern_type", "stix"}, {"pattern", pattern}};
    std::string out;
    for (const auto& value : values_of(object)) out += value.kind + " " + value.text + "\n";
    return out;
  };
  CHECK(about("[ipv4-addr:value = '198.51.100.3' OR ipv4-addr:value ISSUBSET '198.51.100.9/24']") == "ipv4-addr 198.51.100.0/24\nipv4-addr 198.51.100.3\n");
  CHECK(about("[ipv4-addr:value != '198.51.100.3']") == "");
  CHECK(about("[domain-name:value NOT IN ('a.example', 'b.example')]") == "");
  CHECK(about("[domain-name:value IN ('a.example', 'B.example')]") == "domain-name a.example\ndomain-name b.example\n");
  CHECK(about("[file:hashes.'SHA-1' = 'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709']") == "hash:SHA-1 da39a3ee5e6b4b0d3255bfef95601890afd80709\n");
  CHECK(about("[network-traffic:dst_ref.value = '2001:db8::1']") == "ipv6-addr 2001:db8::1\n");
  CHECK(about("[broken") == "");
}
