// Empty databases for tests: one in memory always, one on the PostgreSQL that $SLUICE_TEST_POSTGRES names (tests/postgres/with-postgres).
//
//   on_each_engine([](const DatabaseUrl& url) { auto db = Db::open(url).value(); … });
//
// Each call gets databases of its own (on PostgreSQL a schema, dropped afterwards), so tests may run at once.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "store/db.h"

namespace sluice::store {

template <class Body>
void on_each_engine(Body&& body) {
  {
    INFO("on SQLite");
    body(DatabaseUrl::parse("sqlite::memory:").value());
  }
  const char* server = std::getenv("SLUICE_TEST_POSTGRES");
  if (!server || !*server) {
    static const bool said = std::puts("SKIPPED on PostgreSQL: SLUICE_TEST_POSTGRES is not set; tests/postgres/with-postgres COMMAND sets it.") >= 0;
    (void)said;
    return;
  }
  INFO("on PostgreSQL");
  const std::string schema = "test_" + CaseId::random().text();
  const auto by_hand = [&](const std::string& text) {
    auto db = Db::open(DatabaseUrl::parse(server).value(), Access::ReadWrite, {.lock_wait = std::chrono::minutes(5)}).value();   // other test programs make and drop schemas too
    auto tx = db.begin(Mode::Schema).value();
    REQUIRE(tx.script(text));
    REQUIRE(tx.commit());
  };
  by_hand("CREATE SCHEMA " + schema);
  const std::string url = server;
  body(DatabaseUrl::parse(url + (url.find('?') == url.npos ? "?" : "&") + "options=-csearch_path%3D" + schema).value());
  by_hand("DROP SCHEMA " + schema + " CASCADE");
}

}  // namespace sluice::store
