#include <doctest/doctest.h>

#include "cli/console.h"
#include "cli/demo.h"
#include "cli/exit_code.h"
#include "cli/serve.h"

using namespace sluice;
using namespace sluice::cli;

TEST_CASE("T1: nothing from elsewhere moves the cursor, rings or turns the text around on a terminal") {
  const struct {
    const char *in, *out;
  } rows[] = {
      {"plain\ttext\n", "plain\ttext\n"},
      {"\x1b[2Jgone", "<U+001B>[2Jgone"},
      {"a\rb", "a<U+000D>b"},
      {"\x7f", "<U+007F>"},
      {"\xc2\x9b"
       "31m",
       "<U+009B>31m"},                  // CSI as one C1 character
      {"\xe2\x80\xae"
       "evil",
       "<U+202E>evil"},            // right-to-left override
      {"Grüße 漢字", "Grüße 漢字"},
      {"\xff\xfe", "<U+0080><U+0080>"},                   // no UTF-8
      {"\xe6\xbc", "<U+0080><U+0080>"},                   // cut short
  };
  for (const auto& row : rows) CHECK(cleaned(row.in) == row.out);
}

TEST_CASE("each kind of error has its exit code") {
  CHECK(exit_code({ErrorKind::Invalid, ""}) == 1);
  CHECK(exit_code({ErrorKind::Invalid, "", {}, {}, "usage"}) == 2);
  CHECK(exit_code({ErrorKind::NotFound, ""}) == 3);
  CHECK(exit_code({ErrorKind::Forbidden, ""}) == 4);
  CHECK(exit_code({ErrorKind::Unauthenticated, ""}) == 4);
  CHECK(exit_code({ErrorKind::Stale, ""}) == 5);
  CHECK(exit_code({ErrorKind::Unavailable, ""}) == 6);
}

TEST_CASE("an address to listen on") {
  const struct {
    const char *text, *host;
    int port;
  } good[] = {{"127.0.0.1:0", "127.0.0.1", 0}, {"[::1]:8080", "::1", 8080}, {"localhost:80", "127.0.0.1", 80}, {":9", "127.0.0.1", 9}};
  for (const auto& row : good) {
    ServeOptions out;
    REQUIRE(read_listen(row.text, out));
    CHECK(out.host == row.host);
    CHECK(out.port == row.port);
  }
  for (const auto* text : {"127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1"}) {
    ServeOptions out;
    CHECK_FALSE(read_listen(text, out));
  }
}

TEST_CASE("variables of the demo's script") {
  const auto now = *parse_instant("2021-12-01T00:00:00Z");
  const Names names{{"case", "c_1"}, {"version", "2"}};
  CHECK(*substituted("/cases/${case}/x", names, now) == "/cases/c_1/x");
  CHECK(*substituted("until ${now+P7D}", names, now) == "until 2021-12-08T00:00:00Z");
  CHECK_FALSE(substituted("${nobody}", names, now));
  const json::value body{{"version", "${version}"}, {"text", "v${version}"}, {"list", json::array{"${case}"}}};
  const auto made = substituted_in(body, names, now);
  REQUIRE(made);
  CHECK(made->at("version").as_int64() == 2);   // a number that was saved stays one
  CHECK(made->at("text").as_string() == "v2");
  CHECK(made->at("list").at(0).as_string() == "c_1");
}

TEST_CASE("the built-in script is well formed: everybody in it exists, and nine people sign in") {
  const auto script = read_script(log4shell_script());
  REQUIRE_MESSAGE(script, script.error().message);
  CHECK(script->people.size() == 9);
  for (const auto& step : script->steps) {
    bool known = step.as.empty();
    for (const auto& person : script->people) known = known || person.key == step.as;
    CHECK_MESSAGE(known, "line " << step.line);
  }
}

TEST_CASE("a step can be sent under a pseudonym that an earlier one took") {
  const auto script = read_script("begins: 2021-11-24T00:00:00Z\nsteps:\n  - post: /x\n    under: ${pseudonym}\n  - post: /y\n");
  REQUIRE_MESSAGE(script, script.error().message);
  CHECK(script->steps.at(0).under == "${pseudonym}");
  CHECK(script->steps.at(1).under.empty());
}

TEST_CASE("a script that says something unknown is refused with its line") {
  const auto script = read_script("begins: 2021-11-24T00:00:00Z\nsteps:\n  - poost: /x\n");
  REQUIRE_FALSE(script);
  CHECK(script.error().where == "demo script, line 3");
}
