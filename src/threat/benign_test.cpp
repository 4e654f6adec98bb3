#include "threat/benign.h"

#include <doctest/doctest.h>

#include "threat/benign_table.h"

using namespace sluice;
using namespace sluice::threat;

TEST_CASE("the built-in rows stand as normalised, each once") {  // or look-up would pass them by
  std::vector<Value> seen;
  for (const auto& row : benign_rows()) {
    const auto value = normalised(row.kind, row.text);
    REQUIRE_MESSAGE(value.has_value(), row.text);
    CHECK_MESSAGE((*value == Value{std::string(row.kind), std::string(row.text)}), row.text << " is " << value->kind << " " << value->text);
    CHECK(std::find(seen.begin(), seen.end(), *value) == seen.end());
    seen.push_back(*value);
  }
}

TEST_CASE("N2: what a value warns of") {
  const struct { const char* kind; const char* text; const char* found; } rows[] = {
      {"ipv4-addr", "10.1.2.3", "10.0.0.0/8"},
      {"ipv4-addr", "10.1.0.0/16", "10.0.0.0/8"},
      {"ipv4-addr", "8.0.0.0/6", "-"},  // wider than what is harmless
      {"ipv4-addr", "11.1.2.3", "-"},
      {"ipv4-addr", "8.8.8.8", "8.8.8.8"},
      {"ipv6-addr", "2001:db8::1", "2001:db8::/32"},
      {"ipv6-addr", "2001:db9::1", "-"},
      {"ipv6-addr", "::ffff:192.168.0.1", "192.168.0.0/16"},
      {"domain-name", "evil.example.com", "example.com"},
      {"domain-name", "notexample.com", "-"},
      {"domain-name", "c2.example", "example"},
      {"url", "http://192.168.1.1/a", "192.168.0.0/16"},
      {"url", "http://u@[::1]:8/a", "::1"},
      {"url", "http://www.example.org/a", "example.org"},
      {"url", "http://c2.badness/?x=http://example.com/", "-"},
      {"email-addr", "a@example.net", "example.net"},
      {"hash", "D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e"},
      {"hash", "d41d8cd98f00b204e9800998ecf8427f", "-"},
      {"mutex", "example.com", "-"},
  };
  for (const auto& row : rows) {
    const auto value = normalised(row.kind, row.text);
    REQUIRE(value.has_value());
    const auto signs = benign_signs(*value, builtin_benign());
    CHECK_MESSAGE((signs.empty() ? "-" : signs[0].value) == row.found, row.text);
    if (!signs.empty()) CHECK(signs[0].warning.find(signs[0].why) != std::string::npos);
  }
}

TEST_CASE("a list of one's own is read with its name, or refused by line") {
  const auto list = read_benign_list("# ours\nname: Our mail servers\n\nipv4-addr 198[.]51.100.7/25 mail out\r\ndomain-name Mail.Example.ORG mail in\n");
  REQUIRE(list.has_value());
  CHECK(list->name == "Our mail servers");
  REQUIRE(list->entries.size() == 2);
  CHECK(benign_signs({"ipv4-addr", "198.51.100.9"}, *list).at(0).source == "Our mail servers");
  CHECK(benign_signs({"domain-name", "a.mail.example.org"}, *list).at(0).why == "mail in");
  const struct { const char* text; const char* where; } rows[] = {
      {"ipv4-addr 1.2.3.4", "line 1"}, {"\nipv4-addr 1.2.3 why", "line 2"}, {"colour blue why", "line 1"}, {"mutex a b\nname: late", "line 2"}, {"name:", "line 1"}, {"mutex \xff x", "line 1"}};
  for (const auto& row : rows) {
    const auto read = read_benign_list(row.text);
    REQUIRE_MESSAGE(!read.has_value(), row.text);
    CHECK(read.error().where == row.where);
  }
  CHECK(read_benign_list("").has_value());
}
