// Brings a database's schema up to what this program knows. Forward only; each migration in a transaction of its own, so a crash leaves old or new.
//
// Called once at start (serve, init, restore) before anything else uses the database. On PostgreSQL several nodes may start at once: one migrates,
// the others wait and find nothing to do.
//
// A migration is SQL for both engines. What they spell differently is a token: {int} {text} {blob} {autoid} {clustered}; text is compared by bytes on both.
// A statement that begins with {sqlite} or {postgres} is for that engine alone. Migrations are only ever added, never changed.
//
// Invariants
//   M1  schema_version holds exactly the migrations that are in effect, 1..n without a gap.
//   M2  A schema newer than this program, or one made from other migrations, is refused unchanged (REL-9).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/db.h"

namespace sluice::store {

struct Migration {
  int number;
  std::string_view name, sql;
};

// The number of migrations applied. "newer-schema" or "other-schema" as Error::code when refused (M2).
Result<int> migrate(Db& db, std::span<const Migration> migrations);

// The number of the last migration in effect; 0 for an empty database. With the list it tells what migrate() would do.
Result<int> schema_version(Db& db);

// src/store/migrations/*.sql in their order, built in.
std::span<const Migration> all_migrations();

// Splits at the semicolons that end statements: not those in quotes, comments, dollar quotes or the body of a trigger. No empty ones, no semicolons.
std::vector<std::string_view> statements_of(std::string_view sql);

// With the tokens replaced; empty if the statement is for the other engine.
std::string in_dialect(std::string_view statement, Engine engine);

}  // namespace sluice::store
