// What the service costs over bare SQLite: durable commands a second of 64 concurrent submitters through service::Writer, each posting messages in its own
// case, against one thread that writes the same rows into the same tables with the C API at 64 commands a commit.
//
// Both in one process and run, alternately, each on a file of its own, WAL and synchronous=FULL. The bare side makes no savepoints, reads, decisions, seals
// or answers: what it writes was taken from a site before. The bar: the service reaches 40 % of it.
//
//   writer_bench [seconds a round] [rounds] [submitters]
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "service/cases.h"
#include "service/people.h"
#include "service/testing.h"

using namespace sluice;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int kBatch = 64;
const std::string kText = "We can reproduce this with version 1.0 and the name from the report. A fix is being reviewed and will be in the next build.";

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

struct Rate {
  double commands = 0;   // a second
  double processor = 0;  // us of the process a command: on a busy machine only this says anything
};

Rate rate_of(long done, Steady::time_point begin, double processor_before) {
  return {static_cast<double>(done) / seconds_since(begin), (processor_seconds() - processor_before) * 1e6 / static_cast<double>(std::max(1L, done))};
}

struct Talk {
  CaseId id;
  ThreadId thread;
};

struct ServiceSide {
  explicit ServiceSide(const std::filesystem::path& file) : site({.database = "sqlite:" + file.string(), .clock = &clock}) {
    vendor = site.organisation("Example Components", access::OrganisationKind::Vendor);
    asker = site.asker(site.person(vendor, "Vera Vendor", "vera@components.example"), vendor);
  }

  // New for each round: a command copies its case's state, so what a case holds must be the same in each.
  std::vector<Talk> talks(int count) {
    std::vector<Talk> out;
    for (int i = 0; i < count; ++i) {
      Talk talk;
      talk.id = site.made<CaseId>(service::open_case(site.services, asker, {"Overflow in the parser"}));
      const auto opened =
          service::for_tests::must(site.writer->run(service::case_command(site.services, asker, talk.id, cvd::OpenThread{"shared", "Plan", "Who ships which version?"})));
      talk.thread = ThreadId::parse(string_at(opened.answer, "thread")).value();
      out.push_back(talk);
    }
    return out;
  }

  Rate round(double seconds, int submitters) {
    const auto all = talks(submitters);
    std::atomic<long> done = 0;
    std::atomic<bool> over = false;
    std::vector<std::thread> threads;
    const auto begin = Steady::now();
    const auto processor = processor_seconds();
    for (const auto& talk : all)
      threads.emplace_back([&, talk] {
        while (!over) {
          service::for_tests::must(site.writer->run(service::case_command(site.services, asker, talk.id, cvd::PostMessage{talk.thread, kText})));
          ++done;
        }
      });
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    over = true;
    for (auto& thread : threads) thread.join();
    return rate_of(done, begin, processor);
  }

  SystemClock clock;
  service::SiteForTests site;
  OrganisationId vendor;
  service::Asker asker;
};

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Db = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

void check(sqlite3* db, int rc, int wanted) {
  if (rc == wanted) return;
  std::fprintf(stderr, "writer_bench: %s\n", sqlite3_errmsg(db));
  std::exit(1);
}

Db open(const std::string& file) {
  sqlite3* raw = nullptr;
  check(raw, sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr), SQLITE_OK);
  Db db(raw);
  // As store/sqlite.cpp sets its own.
  for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", "PRAGMA mmap_size = 0", "PRAGMA wal_autocheckpoint = 200000",
                             "PRAGMA cache_size = -65536"})
    check(raw, sqlite3_exec(raw, pragma, nullptr, nullptr, nullptr), SQLITE_OK);
  return db;
}

// How many entries a command adds, as a check that the bare side's one is right. (Its other rows: the statements of service::write_changes, in its order.)
std::int64_t entries_in(const std::string& file) {
  const auto db = open(file);
  sqlite3_stmt* raw = nullptr;
  check(db.get(), sqlite3_prepare_v2(db.get(), "SELECT COUNT(*) FROM entry", -1, &raw, nullptr), SQLITE_OK);
  const Statement statement(raw);
  check(db.get(), sqlite3_step(raw), SQLITE_ROW);
  return sqlite3_column_int64(raw, 0);
}

class BareSide {
 public:
  // `file`: a copy of the site's database with its tables, indexes and cases.
  explicit BareSide(const std::string& file) : db_(open(file)) {
    const auto take = [&](const char* sql, auto&& row) {
      Statement statement = prepare(sql);
      int rc = 0;
      while ((rc = sqlite3_step(statement.get())) == SQLITE_ROW) row(statement.get());
      check(db_.get(), rc, SQLITE_DONE);
    };
    const auto blob = [](sqlite3_stmt* s, int i) { return std::string(static_cast<const char*>(sqlite3_column_blob(s, i)), static_cast<std::size_t>(sqlite3_column_bytes(s, i))); };
    // Cases with their `shared` stream (the one with the most entries), the owner's row, and a message's record as an example of what an entry holds.
    take(
        "SELECT c.case_id, c.owner, c.card, p.organisation, p.standing, s.stream, s.name, (SELECT MAX(stream_seq) FROM entry e WHERE e.stream = s.stream) FROM case_row c "
        "JOIN participant p ON p.case_id = c.case_id JOIN case_stream s ON s.case_id = c.case_id AND s.stream = (SELECT e.stream FROM entry e JOIN case_stream o ON o.stream = e.stream "
        "WHERE o.case_id = c.case_id GROUP BY e.stream ORDER BY COUNT(*) DESC LIMIT 1)",
        [&](sqlite3_stmt* s) {
          cases_.push_back(
              {reinterpret_cast<const char*>(sqlite3_column_text(s, 0)), blob(s, 1), blob(s, 2), blob(s, 3), blob(s, 4), blob(s, 5), blob(s, 6), sqlite3_column_int64(s, 7)});
        });
    take("SELECT commitment, record FROM entry ORDER BY pos DESC LIMIT 1", [&](sqlite3_stmt* s) { hash_ = blob(s, 0), record_ = blob(s, 1); });
    take("SELECT pos FROM ledger_head", [&](sqlite3_stmt* s) { position_ = sqlite3_column_int64(s, 0); });
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    head_ = prepare("UPDATE ledger_head SET pos = ?1, chain = ?2 WHERE id = 1");
    stream_ = prepare("INSERT INTO case_stream (case_id, stream, head, name) VALUES (?1, ?2, 0, ?3) ON CONFLICT (case_id, stream) DO NOTHING");
    entry_ = prepare("INSERT INTO entry (pos, id, stream, stream_seq, recorded, commitment, seal, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    participant_ = prepare(
        "INSERT INTO participant (case_id, organisation, reads, rank, changed, standing) VALUES (?1, ?2, 2, 1535, ?3, ?4) "
        "ON CONFLICT (case_id, organisation) DO UPDATE SET reads = excluded.reads, rank = excluded.rank, changed = excluded.changed, standing = excluded.standing");
    case_ = prepare(
        "INSERT INTO case_row (case_id, owner, em, rank, version, opened, changed, card) VALUES (?1, ?2, 0, 1535, ?3, 0, ?4, ?5) ON CONFLICT (case_id) DO UPDATE SET owner = excluded.owner, "
        "em = excluded.em, rank = excluded.rank, version = excluded.version, changed = excluded.changed, card = excluded.card");
    timer_ = prepare("DELETE FROM timer WHERE case_id = ?1");
  }

  Rate round(double seconds) {
    long done = 0;
    const auto begin = Steady::now();
    const auto processor = processor_seconds();
    while (seconds_since(begin) < seconds) {
      run(begin_.get());
      for (int i = 0; i < kBatch; ++i) command();
      number(head_.get(), 1, position_);
      bytes(head_.get(), 2, hash_);
      run(head_.get());
      run(commit_.get());
      done += kBatch;
    }
    return rate_of(done, begin, processor);
  }

  std::size_t cases() const { return cases_.size(); }
  std::size_t record_size() const { return record_.size(); }
  void checkpoint() { check(db_.get(), sqlite3_wal_checkpoint_v2(db_.get(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr), SQLITE_OK); }

 private:
  struct Case {
    std::string id, owner, card, organisation, standing, stream, name;
    std::int64_t sequence;
  };

  // One message: the rows of service::write_changes, in its order.
  void command() {
    auto& one = cases_[next_++ % cases_.size()];
    const std::int64_t now = ++position_;
    text(stream_.get(), 1, one.id), bytes(stream_.get(), 2, one.stream), bytes(stream_.get(), 3, one.name);
    run(stream_.get());
    const auto id = EntryId::random().text();
    number(entry_.get(), 1, position_), text(entry_.get(), 2, id), bytes(entry_.get(), 3, one.stream), number(entry_.get(), 4, ++one.sequence), number(entry_.get(), 5, now);
    bytes(entry_.get(), 6, hash_), bytes(entry_.get(), 7, hash_), bytes(entry_.get(), 8, record_);
    run(entry_.get());
    text(participant_.get(), 1, one.id), bytes(participant_.get(), 2, one.organisation), number(participant_.get(), 3, now), bytes(participant_.get(), 4, one.standing);
    run(participant_.get());
    text(case_.get(), 1, one.id), bytes(case_.get(), 2, one.owner), number(case_.get(), 3, now), number(case_.get(), 4, now), bytes(case_.get(), 5, one.card);
    run(case_.get());
    text(timer_.get(), 1, one.id);
    run(timer_.get());
  }

  Statement prepare(const char* sql) {
    sqlite3_stmt* raw = nullptr;
    check(db_.get(), sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr), SQLITE_OK);
    return Statement(raw);
  }
  static void number(sqlite3_stmt* s, int at, std::int64_t value) { sqlite3_bind_int64(s, at, value); }
  static void text(sqlite3_stmt* s, int at, const std::string& value) { sqlite3_bind_text(s, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC); }
  static void bytes(sqlite3_stmt* s, int at, const std::string& value) { sqlite3_bind_blob(s, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC); }
  void run(sqlite3_stmt* s) {
    check(db_.get(), sqlite3_step(s), SQLITE_DONE);
    sqlite3_reset(s);
  }

  Db db_;  // before the statements, so that it goes after them
  Statement begin_, commit_, head_, stream_, entry_, participant_, case_, timer_;
  std::vector<Case> cases_;
  std::string hash_, record_;
  std::int64_t position_ = 0;
  std::size_t next_ = 0;
};

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const int submitters = argc > 3 ? std::atoi(argv[3]) : 64;

  const service::for_tests::Folder folder;
  const auto file = folder.path / "service.db", copy = folder.path / "bare.db";
  ServiceSide side(file);
  const auto talks = side.talks(submitters);
  const auto before = entries_in(file.string());
  for (const auto& talk : talks)
    service::for_tests::must(side.site.writer->run(service::case_command(side.site.services, side.asker, talk.id, cvd::PostMessage{talk.thread, kText})));
  const auto entries = static_cast<long>(entries_in(file.string()) - before);
  {
    const auto db = open(file.string());
    check(db.get(), sqlite3_exec(db.get(), ("VACUUM INTO '" + copy.string() + "'").c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  }
  BareSide bare(copy.string());
  std::printf("%d submitters in %zu cases, %ld entry a command, its record %zu bytes; %d rounds of %.1f s\n", submitters, bare.cases(), entries / submitters, bare.record_size(),
              rounds, seconds);

  std::vector<double> service_rates, bare_rates, ratios;
  for (int i = 0; i < rounds; ++i) {
    // The order changes, so that neither always has the warmer disk.
    Rate plain, ours;
    if (i % 2 == 0) plain = bare.round(seconds);
    ours = side.round(seconds, submitters);
    if (i % 2 == 1) plain = bare.round(seconds);
    std::printf("round %d: service %8.0f commands/s (%5.1f us of processor each)   bare SQLite, %d a commit %8.0f commands/s (%5.1f us)   ratio %.2f\n", i + 1, ours.commands,
                ours.processor, kBatch, plain.commands, plain.processor, ours.commands / plain.commands);
    std::fflush(stdout);
    service_rates.push_back(ours.commands);
    bare_rates.push_back(plain.commands);
    ratios.push_back(ours.commands / plain.commands);
    bare.checkpoint();
    const auto db = open(file.string());
    sqlite3_wal_checkpoint_v2(db.get(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }
  std::printf("median: service %.0f commands/s, bare %.0f commands/s, ratio %.2f (bar: 0.40)\n", median(service_rates), median(bare_rates), median(ratios));
}
