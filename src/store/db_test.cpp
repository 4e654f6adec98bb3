// Longer than most, and one idea: one suite, run on both engines.
// One suite for both drivers: what holds on SQLite holds on PostgreSQL.
#include "store/db_test.h"

#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "store/migrate.h"

using namespace sluice;
using namespace sluice::store;
using namespace std::chrono_literals;

namespace {

constexpr Migration kThings[] = {
    {1, "0001_things",
     "CREATE TABLE ledger_head (id {int} PRIMARY KEY);\n"
     "CREATE TABLE thing (id {text} PRIMARY KEY, number {int}, words {text}, raw {blob});\n"
     "CREATE TABLE part (thing {text} NOT NULL REFERENCES thing (id), size {int} NOT NULL CHECK (size > 0));\n"},
    {2, "0002_logs", "CREATE TABLE log (seq {autoid}, words {text} NOT NULL); -- done; really\n"},
};

constexpr Sql kInsert{"insert_thing", "INSERT INTO thing (id, number, words, raw) VALUES ($1, $2, $3, $4)"};
constexpr Sql kThing{"thing", "SELECT number, words, raw, id FROM thing WHERE id = $1"};
constexpr Sql kIds{"ids", "SELECT id FROM thing ORDER BY id"};
constexpr Sql kCount{"count", "SELECT COUNT(*) FROM thing"};
constexpr Sql kSum{"sum", "SELECT SUM(number) FROM thing"};
constexpr Sql kRename{"rename", "UPDATE thing SET words = $2 WHERE id = $1 OR words = $2"};  // a parameter used twice, and not in order
constexpr Sql kPart{"part", "INSERT INTO part (thing, size) VALUES ($1, $2)"};
constexpr Sql kLog{"log", "INSERT INTO log (words) VALUES ($1) RETURNING seq"};

Db migrated(const DatabaseUrl& url) {
  auto db = Db::open(url).value();
  REQUIRE(migrate(db, kThings).value() == 2);
  return db;
}

Tx write(Db& db) { return db.begin(Mode::Write).value(); }

template <class T>
std::string code_of(const Result<T>& result) { return result ? "ok" : result.error().code; }

std::int64_t count(Queries& db) { return db.number(kCount).value().value(); }

void insert(Db& db, std::string_view id) {
  auto tx = write(db);
  REQUIRE(tx.run(kInsert, id, 1, "w", std::nullopt).value() == 1);
  REQUIRE(tx.commit());
}

}  // namespace

TEST_CASE("what is stored comes back the same") {
  on_each_engine([](const DatabaseUrl& url) {
    struct Row {
      const char* name;
      std::optional<std::int64_t> number;
      std::optional<std::string> words;
      std::optional<Bytes> raw;
    };
    const Row rows[] = {
        {"plain", 7, "words", Bytes{1, 2, 3}},
        {"absent", std::nullopt, std::nullopt, std::nullopt},
        {"empty is not absent", 0, "", Bytes{}},
        {"largest", std::numeric_limits<std::int64_t>::max(), "Grüße, 世界, 🌊", Bytes{0, 255, 0}},
        {"smallest", std::numeric_limits<std::int64_t>::min(), "'quoted' $1 \\ %", Bytes(100'000, 0)},
    };
    auto db = migrated(url);
    auto tx = write(db);
    for (const auto& row : rows) REQUIRE(tx.run(kInsert, row.name, row.number, row.words, row.raw).value() == 1);
    REQUIRE(tx.commit());
    for (const auto& row : rows) {
      INFO(row.name);
      auto found = db.one(kThing, row.name).value();
      REQUIRE(found);
      CHECK(found->maybe_i64(0) == row.number);
      CHECK(found->maybe_string(1) == row.words);
      CHECK(found->is_null(2) == !row.raw.has_value());
      CHECK(found->copy(2) == row.raw.value_or(Bytes{}));
      CHECK(found->next().value() == false);
    }
  });
}

TEST_CASE("ids, instants and hashes go in as they are and come out checked") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    const auto id = CaseId::random();
    const auto hash = sha256(bytes_of("x"));
    auto tx = write(db);
    REQUIRE(tx.run(kInsert, id, Instant{1'700'000'000'123'456}, std::optional<OrganisationId>(), hash));
    auto row = tx.one(kThing, id).value();
    REQUIRE(row);
    CHECK(row->instant(0) == Instant{1'700'000'000'123'456});
    CHECK(row->id<CaseId>(3).value() == id);
    CHECK(row->maybe_id<OrganisationId>(1).value() == std::nullopt);
    CHECK(row->hash(2).value() == hash);
    CHECK(code_of(row->id<OrganisationId>(3)) == "corrupt");
    CHECK(code_of(row->hash(3)) == "corrupt");
    CHECK(row->i64(3) == 0);  // another type than asked for is nothing, never a conversion
    CHECK(row->text(0) == "");
  });
}

TEST_CASE("run answers how many rows it touched") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    insert(db, "a"), insert(db, "b");
    auto tx = write(db);
    CHECK(tx.run(kRename, "a", "w").value() == 2);
    CHECK(tx.run(kRename, "no such", "nor such").value() == 0);
    CHECK(tx.run(kIds).value() == 0);  // reading touches none
  });
}

TEST_CASE("sums are whole numbers, also where the engine would widen them") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    CHECK(db.number(kSum).value() == std::nullopt);
    auto tx = write(db);
    REQUIRE(tx.run(kInsert, "a", std::int64_t{9'000'000'000'000'000'001}, "", std::nullopt));
    CHECK(tx.number(kSum).value() == 9'000'000'000'000'000'001);
    REQUIRE(tx.run(kInsert, "b", std::int64_t{-9'000'000'000'000'010'001}, "", std::nullopt));
    CHECK(tx.number(kSum).value() == -10'000);
    static constexpr Sql kAbove{"above", "SELECT COUNT(*) FROM thing HAVING SUM(number) > $1"};
    CHECK(tx.number(kAbove, -10'001).value() == 2);
    CHECK(tx.number(kAbove, -10'000).value() == std::nullopt);
  });
}

TEST_CASE("D2 what was not committed is not there") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    {
      auto tx = write(db);
      REQUIRE(tx.run(kInsert, "a", 1, "w", std::nullopt));
      CHECK(count(tx) == 1);
    }
    CHECK(count(db) == 0);
    insert(db, "a");
    CHECK(count(db) == 1);
  });
}

TEST_CASE("a violation inside a savepoint costs only what came after the savepoint") {  // one refused command must not cost its batch (REL-1)
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    auto tx = write(db);
    REQUIRE(tx.run(kInsert, "a", 1, "w", std::nullopt));
    REQUIRE(tx.savepoint());
    REQUIRE(tx.run(kInsert, "b", 1, "w", std::nullopt));
    const auto twice = tx.run(kInsert, "a", 2, "w", std::nullopt);
    REQUIRE(!twice);
    CHECK(twice.error().kind == ErrorKind::Conflict);
    CHECK(twice.error().code == "unique");
    REQUIRE(tx.rollback_to());
    REQUIRE(tx.savepoint());
    REQUIRE(tx.run(kInsert, "c", 1, "w", std::nullopt));  // the same statement, after its failure
    REQUIRE(tx.release());
    REQUIRE(tx.commit());
    CHECK(count(db) == 2);
    CHECK(!db.one(kThing, "b").value());
  });
}

TEST_CASE("D3 after a failed statement nothing more is taken and nothing is kept") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    auto tx = write(db);
    REQUIRE(tx.run(kInsert, "a", 1, "w", std::nullopt));
    CHECK(code_of(tx.run(kInsert, "a", 1, "w", std::nullopt)) == "unique");
    CHECK(code_of(tx.run(kInsert, "b", 1, "w", std::nullopt)) == "aborted");
    CHECK(code_of(tx.number(kCount)) == "aborted");
    CHECK(code_of(tx.commit()) == "aborted");
    CHECK(count(db) == 0);
    insert(db, "a");
  });
}

TEST_CASE("each kind of failure has its code, and D5 none shows a value") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    insert(db, "secret-id");
    static constexpr Sql kNonsense{"nonsense", "SELECT nothing FROM nowhere"};
    struct Row {
      const char* code;
      std::function<Result<void>(Tx&)> failing;
    };
    const auto only = [](auto result) -> Result<void> { TRY(result); return {}; };
    const Row rows[] = {
        {"unique", [&](Tx& tx) { return only(tx.run(kInsert, "secret-id", 1, "secret-words", std::nullopt)); }},
        {"reference", [&](Tx& tx) { return only(tx.run(kPart, "secret-other", 1)); }},
        {"check", [&](Tx& tx) { return only(tx.run(kPart, "secret-id", -77)); }},
        {"check", [&](Tx& tx) { return only(tx.run(kPart, "secret-id", std::nullopt)); }},
        {"text", [&](Tx& tx) { return only(tx.run(kInsert, "secret\xff", 1, "", std::nullopt)); }},
        {"text", [&](Tx& tx) { return only(tx.run(kInsert, std::string_view("secret\0", 7), 1, "", std::nullopt)); }},
        {"statement", [&](Tx& tx) { return only(tx.run(kNonsense)); }},
        {"statement", [&](Tx& tx) { return only(tx.run(kPart, "secret-id")); }},
    };
    for (const auto& row : rows) {
      auto tx = write(db);
      const auto result = row.failing(tx);
      REQUIRE(!result);
      INFO(result.error().message);
      CHECK(result.error().code == row.code);
      CHECK(result.error().message.find("secret") == std::string::npos);
      CHECK(result.error().message.find("77") == std::string::npos);
    }
    CHECK(count(db) == 1);
  });
}

TEST_CASE("a connection writes in a Write transaction and nowhere else") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    CHECK(code_of(db.one(kInsert, "a", 1, "w", std::nullopt)) == "read-only");
    auto tx = db.begin(Mode::Read).value();
    CHECK(code_of(tx.run(kInsert, "a", 1, "w", std::nullopt)) == "read-only");
    tx.rollback();
    auto reader = Db::open(url, Access::ReadOnly).value();
    CHECK(code_of(reader.begin(Mode::Write)) == "read-only");
    CHECK(count(reader) == 0);
  });
}

TEST_CASE("rows stream in order and may be left early, and D4 a later statement ends them") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    auto tx = write(db);
    Batch batch;
    std::vector<std::string> ids;
    for (int i = 1000; i < 3000; ++i) ids.push_back(std::to_string(i));
    for (const auto& id : ids) batch.add(id, 5, "w");
    REQUIRE(tx.insert_many({"thing", "id, number, words"}, batch).value() == 2000);
    {
      auto rows = tx.query(kIds).value();
      for (const auto& id : ids) {
        REQUIRE(rows.next().value());
        REQUIRE(rows.text(0) == id);
      }
      CHECK(rows.next().value() == false);
      CHECK(rows.next().value() == false);
    }
    auto rows = tx.query(kIds).value();
    CHECK(rows.next().value());
    CHECK(count(tx) == 2000);
    CHECK(!rows.next());
    CHECK(rows.text(0) == "");
    REQUIRE(tx.commit());
  });
}

TEST_CASE("what RETURNING gives can be read") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    auto tx = write(db);
    CHECK(tx.number(kLog, "first").value() == 1);
    CHECK(tx.number(kLog, "second").value() == 2);
    REQUIRE(tx.commit());
  });
}

TEST_CASE("insert_many writes every type, skips or updates on conflict, and fails as one") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    insert(db, "a");
    static constexpr Bulk kSkip{"thing", "id, number, words, raw", "ON CONFLICT (id) DO NOTHING"};
    static constexpr Bulk kReplace{"thing", "id, number, words, raw", "ON CONFLICT (id) DO UPDATE SET words = excluded.words"};
    static constexpr Bulk kPlain{"thing", "id, number, words, raw"};
    const Bytes raw{0, 1, 0};
    auto tx = write(db);
    Batch batch;
    batch.add("a", 2, "new", std::nullopt);
    batch.add("b", std::nullopt, "ü", std::nullopt);
    batch.add("c", -3, "", raw);
    CHECK(tx.insert_many(kSkip, batch).value() == 2);
    CHECK(tx.insert_many(kSkip, batch).value() == 0);
    CHECK(tx.one(kThing, "a").value()->text(1) == "w");
    CHECK(tx.one(kThing, "b").value()->is_null(0));
    CHECK(tx.one(kThing, "c").value()->copy(2) == raw);
    CHECK(!tx.one(kThing, "c").value()->is_null(1));
    CHECK(tx.insert_many(kReplace, batch).value() == 3);
    CHECK(tx.one(kThing, "a").value()->text(1) == "new");
    CHECK(tx.insert_many(kPlain, Batch()).value() == 0);

    Batch nulls;  // a column of NULLs alone still has its type
    nulls.add("d", std::nullopt, std::nullopt, std::nullopt);
    CHECK(tx.insert_many(kPlain, nulls).value() == 1);

    REQUIRE(tx.savepoint());
    Batch clash;
    clash.add("e", 1, "w", raw);
    clash.add("a", 1, "w", raw);
    CHECK(code_of(tx.insert_many(kPlain, clash)) == "unique");
    REQUIRE(tx.rollback_to());
    CHECK(!tx.one(kThing, "e").value());

    REQUIRE(tx.savepoint());
    Batch narrow;
    narrow.add("f", 1);
    CHECK(code_of(tx.insert_many(kPlain, narrow)) == "statement");
    REQUIRE(tx.rollback_to());
    REQUIRE(tx.commit());
    CHECK(count(db) == 4);
  });
}

TEST_CASE("insert_many that fails at any of many rows leaves none of them behind its savepoint") {   // on SQLite rows go in together, and those before the one that fails with them
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    insert(db, "a");
    for (const std::size_t at : {0, 7, 15, 16, 33, 39}) {
      auto tx = write(db);
      REQUIRE(tx.savepoint());
      std::vector<std::string> ids;
      for (std::size_t i = 0; i < 40; ++i) ids.push_back(i == at ? "a" : "x" + std::to_string(i));
      Batch batch;
      for (const auto& id : ids) batch.add(id, 1);
      CHECK(code_of(tx.insert_many({"thing", "id, number"}, batch)) == "unique");
      REQUIRE(tx.rollback_to());
      CHECK(count(tx) == 1);
      CHECK(tx.insert_many({"thing", "id, number", "ON CONFLICT (id) DO NOTHING"}, batch).value() == 39);
      CHECK(count(tx) == 40);
    }
    CHECK(count(db) == 1);
  });
}

TEST_CASE("insert_many takes more rows than fit one round trip") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    auto tx = write(db);
    std::vector<CaseId> ids(12'001);
    for (auto& id : ids) id = CaseId::random();
    Batch batch;
    for (const auto& id : ids) batch.add(id, Instant{1});
    CHECK(tx.insert_many({"thing", "id, number"}, batch).value() == 12'001);
    CHECK(count(tx) == 12'001);
  });
}

TEST_CASE("text is ordered by its bytes on both engines") {  // else keyset pages and canonical listings would differ
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    for (const char* id : {"b", "ä", "B", "a_b", "ab", "a-b"}) insert(db, id);
    auto rows = db.query(kIds).value();
    for (const char* id : {"B", "a-b", "a_b", "ab", "b", "ä"}) {
      REQUIRE(rows.next().value());
      CHECK(rows.text(0) == id);
    }
  });
}

TEST_CASE("a reader keeps its snapshot while a writer commits") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    auto other = Db::open(url, Access::ReadOnly).value();
    auto snapshot = other.begin(Mode::Read).value();
    CHECK(count(snapshot) == 0);
    auto tx = write(db);
    REQUIRE(tx.run(kInsert, "a", 1, "w", std::nullopt));
    CHECK(count(snapshot) == 0);
    REQUIRE(tx.commit());
    CHECK(count(snapshot) == 0);
    snapshot.rollback();
    CHECK(count(other) == 1);
  });
}

TEST_CASE("D6 a second writer waits, and gives up in time") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    auto second = Db::open(url, Access::ReadWrite, {.lock_wait = 50ms}).value();
    {
      auto tx = write(db);
      CHECK(code_of(second.begin(Mode::Write)) == "busy");
      CHECK(code_of(db.begin(Mode::Write)) == "statement");  // on one connection it is a mistake
    }
    insert(second, "a");
    CHECK(count(db) == 1);
  });
}

TEST_CASE("writers that wait for each other lose nothing") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    static constexpr Sql kNext{"next", "INSERT INTO thing (id, number) SELECT $1, COALESCE(MAX(number), 0) + 1 FROM thing"};
    static constexpr Sql kGapFree{"gap_free", "SELECT COUNT(DISTINCT number) * 1000 + MAX(number) FROM thing"};
    std::vector<std::thread> writers;
    std::atomic<int> failures = 0;
    for (int w = 0; w < 3; ++w)
      writers.emplace_back([&failures, &url, w] {
        auto mine = Db::open(url, Access::ReadWrite, {.lock_wait = 60s}).value();
        for (int i = 0; i < 20; ++i) {
          auto tx = mine.begin(Mode::Write);
          if (!tx || !tx->run(kNext, std::to_string(w * 100 + i)) || !tx->commit()) ++failures;
        }
      });
    for (auto& writer : writers) writer.join();
    CHECK(failures == 0);
    CHECK(db.number(kGapFree).value() == 60'060);
  });
}

TEST_CASE("a statement that takes too long is stopped, and the connection lives on") {
  on_each_engine([](const DatabaseUrl& url) {
    migrated(url);
    auto db = Db::open(url, Access::ReadOnly, {.statement_limit = 2s}).value();   // what else is asked here keeps it on a loaded machine, too
    static constexpr Sql kForever{"forever", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT MAX(i) FROM n"};
    CHECK(code_of(db.number(kForever)) == "timeout");
    CHECK(count(db) == 0);
  });
}

TEST_CASE("the read pool hands out its connections and takes them back") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    insert(db, "a");
    auto pool = ReadPool::open(url, 2).value();
    {
      auto first = pool->lease().value();
      auto second = pool->lease().value();
      CHECK(count(*first) == 1);
      CHECK(count(*second) == 1);
      CHECK(code_of(pool->lease(10ms)) == "busy");
    }
    std::atomic<int> right = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i)
      readers.emplace_back([&pool, &right] {
        for (int n = 0; n < 50; ++n) {
          auto lease = pool->lease().value();
          right += static_cast<int>(count(*lease));
        }
      });
    for (auto& reader : readers) reader.join();
    CHECK(right == 200);
  });
}

TEST_CASE("migrations are applied once") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = Db::open(url).value();
    CHECK(schema_version(db).value() == 0);
    CHECK(migrate(db, std::span(kThings).first(1)).value() == 1);
    CHECK(migrate(db, kThings).value() == 1);
    CHECK(migrate(db, kThings).value() == 0);
    CHECK(schema_version(db).value() == 2);
  });
}

TEST_CASE("M2 a newer schema and a changed migration are refused") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    CHECK(code_of(migrate(db, std::span(kThings).first(1))) == "newer-schema");
    const Migration changed[] = {kThings[0], {2, "0002_logs", "CREATE TABLE other (x {int});"}};
    CHECK(code_of(migrate(db, changed)) == "other-schema");
    CHECK(schema_version(db).value() == 2);
  });
}

TEST_CASE("a migration that fails leaves what was before it") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    const Migration more[] = {kThings[0], kThings[1], {3, "0003_half", "CREATE TABLE half (x {int}); CREATE TABLE half (x {int});"}};
    const auto result = migrate(db, more);
    REQUIRE(!result);
    CHECK(result.error().message.find("0003_half") != std::string::npos);
    CHECK(schema_version(db).value() == 2);
    const Migration mended[] = {kThings[0], kThings[1], {3, "0003_half", "CREATE TABLE half (x {int});"}};
    CHECK(migrate(db, mended).value() == 1);
  });
}

TEST_CASE("nodes that start at once migrate once") {
  on_each_engine([](const DatabaseUrl& url) {
    { auto first = Db::open(url).value(); }
    std::atomic<int> applied = 0;
    std::vector<std::thread> nodes;
    for (int i = 0; i < 3; ++i)
      nodes.emplace_back([&url, &applied] {
        auto db = Db::open(url, Access::ReadWrite, {.lock_wait = 60s}).value();
        applied += migrate(db, kThings).value_or(100);
      });
    for (auto& node : nodes) node.join();
    CHECK(applied == 2);
  });
}

TEST_CASE("who migrates holds up the other nodes of its site, and no other site in the same database") {
  on_each_engine([](const DatabaseUrl& ours) {
    if (ours.engine() != Engine::Postgres) return;      // on SQLite a site is a file
    on_each_engine([&](const DatabaseUrl& theirs) {
      if (theirs.engine() != Engine::Postgres) return;
      auto node = Db::open(ours).value(), beside = Db::open(ours, Access::ReadWrite, {.lock_wait = 200ms}).value(), stranger = Db::open(theirs, Access::ReadWrite, {.lock_wait = 60s}).value();
      auto migrating = node.begin(Mode::Schema).value();
      CHECK(code_of(beside.begin(Mode::Schema)) == "busy");
      auto apart = stranger.begin(Mode::Schema);
      CHECK(apart);
    });
  });
}

TEST_CASE("the built-in migrations apply to an empty database") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = Db::open(url).value();
    const auto applied = migrate(db, all_migrations());
    INFO((applied ? "" : applied.error().message));
    CHECK(applied.value_or(-1) == static_cast<int>(all_migrations().size()));
  });
}

TEST_CASE("statements are split where they end and nowhere else") {
  struct Row {
    const char* name;
    const char* sql;
    std::vector<std::string_view> expected;
  };
  const Row rows[] = {
      {"plain", "A; B ;C", {"A", "B", "C"}},
      {"empty ones", ";; A;;\n;", {"A"}},
      {"in quotes", "A ';' \"x;\"\"y\" 'it''s;'; B", {"A ';' \"x;\"\"y\" 'it''s;'", "B"}},
      {"in comments", "-- a; b\nA /* ; */ B; -- c;", {"A /* ; */ B"}},
      {"dollar quotes", "DO $$ a; b $$; DO $f$ $$; $f$; B", {"DO $$ a; b $$", "DO $f$ $$; $f$", "B"}},
      {"a trigger", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END; B",
       {"CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END", "B"}},
      {"a trigger without a body here", "CREATE TRIGGER t BEFORE UPDATE ON a EXECUTE FUNCTION f(); B", {"CREATE TRIGGER t BEFORE UPDATE ON a EXECUTE FUNCTION f()", "B"}},
      {"nothing", " \n-- only words;", {}},
  };
  for (const auto& row : rows) {
    INFO(row.name);
    CHECK(statements_of(row.sql) == row.expected);
  }
}

TEST_CASE("tokens become each engine's words, and not inside quotes") {
  CHECK(in_dialect("a {int}, b {blob} DEFAULT '{int}'", Engine::Sqlite) == "a INTEGER, b BLOB DEFAULT '{int}'");
  CHECK(in_dialect("a {int}, b {blob} DEFAULT '{int}'", Engine::Postgres) == "a BIGINT, b BYTEA DEFAULT '{int}'");
  CHECK(in_dialect("{sqlite} A", Engine::Postgres).empty());
  CHECK(in_dialect("{sqlite} A", Engine::Sqlite) == " A");
  CHECK(in_dialect("{postgres} A", Engine::Sqlite).empty());
}

TEST_CASE("notifications arrive with the commit, and only then") {
  on_each_engine([](const DatabaseUrl& url) {
    auto db = migrated(url);
    auto ear = Db::open(url, Access::ReadOnly).value();
    if (url.engine() == Engine::Sqlite) {
      CHECK(code_of(ear.listen("ledger")) == "unsupported");
      auto tx = write(db);
      CHECK(tx.notify("ledger", "1"));
      return;
    }
    REQUIRE(ear.listen("ledger"));
    {
      auto tx = write(db);
      REQUIRE(tx.notify("ledger", "never"));
    }
    auto tx = write(db);
    REQUIRE(tx.notify("ledger", "41"));
    CHECK(ear.wait_notification(20ms).value() == std::nullopt);
    REQUIRE(tx.commit());
    const auto heard = ear.wait_notification(60s).value();
    REQUIRE(heard);
    CHECK(heard->channel == "ledger");
    CHECK(heard->payload == "41");
    CHECK(ear.wait_notification(1ms).value() == std::nullopt);
  });
}

TEST_CASE("a lost connection says so, and reopens") {
  on_each_engine([](const DatabaseUrl& url) {
    if (url.engine() == Engine::Sqlite) return;
    auto db = migrated(url);
    auto victim = Db::open(url).value();
    static constexpr Sql kPid{"pid", "SELECT pg_backend_pid()"};
    static constexpr Sql kKill{"kill", "SELECT pg_terminate_backend(CAST($1 AS INTEGER))"};
    auto tx = victim.begin(Mode::Write).value();
    REQUIRE(tx.run(kInsert, "a", 1, "w", std::nullopt));
    const auto pid = tx.number(kPid).value().value();
    REQUIRE(db.number(kKill, pid));
    CHECK(code_of(tx.commit()) == "lost");
    CHECK(victim.is_broken());
    CHECK(code_of(victim.number(kCount)) == "lost");
    REQUIRE(victim.reopen());
    CHECK(count(victim) == 0);
    insert(victim, "a");
  });
}

TEST_CASE("an SQLite file is its owner's alone, and survives checkpoint and reopening") {
  const auto directory = std::filesystem::temp_directory_path() / ("sluice-db-" + CaseId::random().text());
  std::filesystem::create_directory(directory);
  const auto path = directory / "site.db";
  const auto url = DatabaseUrl::parse("sqlite:" + path.string()).value();
  CHECK(code_of(Db::open(url, Access::ReadOnly)) == "lost");  // reading makes no file
  {
    auto db = migrated(url);
    insert(db, "a");
    for (const char* suffix : {"", "-wal", "-shm"}) {
      struct stat status{};
      REQUIRE(stat((path.string() + suffix).c_str(), &status) == 0);
      CHECK((status.st_mode & 0777) == 0600);
    }
    auto other = Db::open(url).value();
    CHECK(other.checkpoint());
    CHECK(other.checkpoint(Checkpoint::Truncate));
    CHECK(std::filesystem::file_size(path.string() + "-wal") == 0);
    CHECK(db.reopen());
    CHECK(count(db) == 1);
  }
  auto db = Db::open(url).value();
  CHECK(count(db) == 1);
  std::filesystem::remove_all(directory);
}

TEST_CASE("a full disk is called so, keeps what was there, and is over when there is room again") {  // REL-3
  auto db = migrated(DatabaseUrl::parse("sqlite::memory:").value());
  insert(db, "a");
  const auto limit_pages = [&](const char* pragma) { CHECK(db.begin(Mode::Write).value().script(pragma)); };
  const auto insert_large = [&] { return db.begin(Mode::Write).value().run(kInsert, "b", 1, "w", Bytes(1 << 20)); };
  limit_pages("PRAGMA max_page_count = 20");
  CHECK(code_of(insert_large()) == "full");
  CHECK(count(db) == 1);
  limit_pages("PRAGMA max_page_count = 100000");
  CHECK(insert_large());
}

TEST_CASE("damage is called by its name") {
  const auto path = std::filesystem::temp_directory_path() / ("sluice-db-" + CaseId::random().text());
  FILE* file = std::fopen(path.c_str(), "w");
  for (int i = 0; i < 4096; ++i) std::fputc('x', file);
  std::fclose(file);
  CHECK(code_of(Db::open(DatabaseUrl::parse("sqlite:" + path.string()).value())) == "corrupt");
  std::filesystem::remove(path);
}

TEST_CASE("a database in memory belongs to its url and leaves nothing behind") {
  std::string where;
  {
    const auto url = DatabaseUrl::parse("sqlite::memory:").value();
    auto db = migrated(url);
    insert(db, "a");
    auto same = Db::open(url).value();
    CHECK(count(same) == 1);
    auto another = Db::open(DatabaseUrl::parse("sqlite::memory:").value()).value();
    CHECK(schema_version(another).value() == 0);
    where = url.target();
  }
  CHECK(!std::filesystem::exists(std::filesystem::path(where).parent_path()));
}

TEST_CASE("a database url is shown without its password") {
  CHECK(DatabaseUrl::parse("postgresql://u:p@ss@h:5432/d?password=p").value().shown() == "postgresql://u@h:5432/d");
  CHECK(DatabaseUrl::parse("postgresql://h/d").value().shown() == "postgresql://h/d");
  CHECK(DatabaseUrl::parse("sqlite:/srv/site.db").value().shown() == "sqlite:/srv/site.db");
  CHECK(!DatabaseUrl::parse("mysql://h/d"));
  CHECK(!DatabaseUrl::parse("sqlite:"));
}
