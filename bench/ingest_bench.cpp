// What taking in threat objects costs over bare SQLite: envelopes of 1,000 objects by HTTP with a token through the whole server (framing, JSON, the checker, markings, values, ledger, durable
// commit), against one thread that inserts the very rows that came of them into a copy of the same tables, one transaction an envelope.
//
// Both in one process and run, alternately, each on a file of its own, WAL and synchronous=FULL. The load generator has its share of the same cores; what it sends was made before the clock ran.
//
//   ingest_bench [envelopes a round] [rounds] [connections]
#include <netinet/in.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "service/collections.h"
#include "service/testing.h"
#include "service/tokens.h"
#include "threat/marking.h"
#include "web/http/server.h"
#include "web/router.h"

using namespace sluice;
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t kThreads = 2;
constexpr int kEnvelope = 1000;

// Real time, but limits refill a thousand times as fast: this is one client.
class ImpatientClock final : public Clock {
 public:
  Instant now() const override { return real_.now(); }
  Duration monotonic() const override { return Duration{real_.monotonic().count() * 1000}; }

 private:
  SystemClock real_;
};

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "ingest_bench: %s\n", why.c_str());
  std::exit(1);
}

double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// ---- what is sent: of ten objects six indicators, an address, a domain name, a malware and a relationship of two that went before

class Feed {
 public:
  Feed() : random_(system_random()) {}

  std::string envelope() {
    std::string out = "{\"objects\":[";
    for (int i = 0; i < kEnvelope; ++i) {
      if (i > 0) out += ',';
      out += object(i % 10);
    }
    return out + "]}";
  }

 private:
  std::string uuid() { return service::random_uuid(random_); }
  std::string address() {
    ++count_;
    return std::to_string(1 + count_ / 16'777'216 % 220) + "." + std::to_string(count_ / 65'536 % 256) + "." + std::to_string(count_ / 256 % 256) + "." + std::to_string(count_ % 256);
  }
  std::string head(const std::string& type, const std::string& id) {
    return "{\"type\":\"" + type + "\",\"spec_version\":\"2.1\",\"id\":\"" + id + "\",\"created_by_ref\":\"" + author_ + "\",\"created\":\"2026-11-01T08:00:00.000Z\",\"modified\":\"2026-11-01T08:00:00.000Z\",\"object_marking_refs\":[\"" +
           std::string(threat::marking_id_of(Tlp::Amber)) + "\"],";
  }
  std::string object(int kind) {
    if (kind < 6) {
      last_ = "indicator--" + uuid();
      const auto value = address();
      return head("indicator", last_) + "\"name\":\"Address of a command and control server\",\"description\":\"Seen in the traffic of infected hosts, on the port that this family uses for its first message.\",\"indicator_types\":[\"malicious-activity\"],\"pattern\":\"[network-traffic:dst_ref.value = '" +
             value + "' AND network-traffic:dst_port = 8443]\",\"pattern_type\":\"stix\",\"valid_from\":\"2026-11-01T08:00:00Z\",\"confidence\":70,\"kill_chain_phases\":[{\"kill_chain_name\":\"mitre-attack\",\"phase_name\":\"command-and-control\"}]}";
    }
    if (kind == 6) return "{\"type\":\"ipv4-addr\",\"spec_version\":\"2.1\",\"id\":\"ipv4-addr--" + uuid() + "\",\"value\":\"" + address() + "\"}";
    if (kind == 7) return "{\"type\":\"domain-name\",\"spec_version\":\"2.1\",\"id\":\"domain-name--" + uuid() + "\",\"value\":\"host-" + std::to_string(++count_) + ".example.net\"}";
    if (kind == 8) {
      malware_ = "malware--" + uuid();
      return head("malware", malware_) + "\"name\":\"Dropper " + std::to_string(++count_) + "\",\"is_family\":false,\"malware_types\":[\"dropper\"]}";
    }
    return head("relationship", "relationship--" + uuid()) + "\"relationship_type\":\"indicates\",\"source_ref\":\"" + last_ + "\",\"target_ref\":\"" + malware_ + "\"}";
  }

  Random& random_;
  std::string author_ = "identity--" + uuid(), last_, malware_;
  unsigned count_ = 0;
};

// ---- the client: one connection, an envelope after the other

int connected(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) die("cannot connect");
  return fd;
}

// The status of a whole envelope, which must say that all were taken.
bool send_one(int fd, const std::string& head, const std::string& body, std::string& in, bool& closes) {
  const auto put = [fd](std::string_view rest) {
    while (!rest.empty()) {
      const auto sent = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  };
  if (!put(head + std::to_string(body.size()) + "\r\n\r\n") || !put(body)) return false;
  in.clear();
  char buffer[65536];
  for (;;) {
    const auto size = ::recv(fd, buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    in.append(buffer, static_cast<std::size_t>(size));
    const auto end = in.find("\r\n\r\n");
    if (end == in.npos) continue;
    const auto length = in.find("Content-Length: ");
    if (length == in.npos || length > end) die("an answer without a length");
    if (in.size() < end + 4 + static_cast<std::size_t>(std::atoll(in.c_str() + length + 16))) continue;
    closes = in.find("Connection: close") < end;
    return true;
  }
}

// ---- the bare side

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Db = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

void check(sqlite3* db, int rc, int wanted) {
  if (rc != wanted) die(sqlite3_errmsg(db));
}

Db open(const std::string& file) {
  sqlite3* raw = nullptr;
  check(raw, sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr), SQLITE_OK);
  Db db(raw);
  // As store/sqlite.cpp sets its own.
  for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", "PRAGMA mmap_size = 0", "PRAGMA wal_autocheckpoint = 200000", "PRAGMA cache_size = -65536"})
    check(raw, sqlite3_exec(raw, pragma, nullptr, nullptr, nullptr), SQLITE_OK);
  return db;
}

Statement prepared(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  check(db, sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr), SQLITE_OK);
  return Statement(raw);
}

std::int64_t number(sqlite3* db, const std::string& sql) {
  const auto statement = prepared(db, sql);
  check(db, sqlite3_step(statement.get()), SQLITE_ROW);
  return sqlite3_column_int64(statement.get(), 0);
}

// The tables that an envelope fills, but for the index in runs, of which the bare side is let off. `object`: the column that holds the number of an object's row, which puts its rows into one transaction.
struct Table { const char* name; const char* object; };
constexpr Table kTables[] = {{"object_version", "n"}, {"posting", "object"}};

using Value = std::unique_ptr<sqlite3_value, decltype(&sqlite3_value_free)>;
struct Rows {
  std::string insert;
  std::vector<std::vector<Value>> all;            // by object
  std::vector<std::int64_t> objects;
};

std::vector<Rows> rows_after(sqlite3* db, std::int64_t object) {
  std::vector<Rows> out;
  for (const auto& table : kTables) {
    if (number(db, std::string("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '") + table.name + "'") == 0) continue;
    const auto statement = prepared(db, std::string("SELECT ") + table.object + ", * FROM " + table.name + " WHERE " + table.object + " > " + std::to_string(object) + " ORDER BY " + table.object);
    Rows rows;
    const int columns = sqlite3_column_count(statement.get());
    rows.insert = std::string("INSERT INTO ") + table.name + " VALUES (?";
    for (int i = 2; i < columns; ++i) rows.insert += ",?";
    rows.insert += ")";
    int rc = 0;
    while ((rc = sqlite3_step(statement.get())) == SQLITE_ROW) {
      rows.objects.push_back(sqlite3_column_int64(statement.get(), 0));
      auto& row = rows.all.emplace_back();
      for (int i = 1; i < columns; ++i) row.emplace_back(sqlite3_value_dup(sqlite3_column_value(statement.get(), i)), &sqlite3_value_free);
    }
    check(db, rc, SQLITE_DONE);
    out.push_back(std::move(rows));
  }
  return out;
}

// Inserts them, a transaction for each thousand objects. Objects a second.
double insert_bare(const std::string& file, const std::vector<Rows>& tables, std::int64_t first, std::int64_t last) {
  const auto db = open(file);
  std::vector<Statement> inserts;
  for (const auto& rows : tables) inserts.push_back(prepared(db.get(), rows.insert));
  const auto begin_transaction = prepared(db.get(), "BEGIN IMMEDIATE"), commit = prepared(db.get(), "COMMIT");
  const auto run = [&](sqlite3_stmt* statement) {
    check(db.get(), sqlite3_step(statement), SQLITE_DONE);
    sqlite3_reset(statement);
  };
  std::vector<std::size_t> at(tables.size(), 0);
  const auto begin = Steady::now();
  for (std::int64_t from = first; from <= last; from += kEnvelope) {
    run(begin_transaction.get());
    for (std::size_t t = 0; t < tables.size(); ++t)
      for (const auto& rows = tables[t]; at[t] < rows.all.size() && rows.objects[at[t]] < from + kEnvelope; ++at[t]) {
        int column = 0;
        for (const auto& value : rows.all[at[t]]) sqlite3_bind_value(inserts[t].get(), ++column, value.get());
        run(inserts[t].get());
      }
    run(commit.get());
  }
  return static_cast<double>(last - first + 1) / seconds_since(begin);
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int envelopes = argc > 1 ? std::atoi(argv[1]) : 60;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const int connections = argc > 3 ? std::atoi(argv[3]) : 3;

  const service::for_tests::Folder folder, beside;
  const auto file = (folder.path / "site.db").string();
  ImpatientClock clock;
  service::SiteForTests site({.database = "sqlite:" + file, .clock = &clock});
  const auto member = site.organisation("Example Member", access::OrganisationKind::Member);
  const auto person = site.person(member, "Mia Member", "mia@member.example");
  const auto made = service::for_tests::must(site.writer->run(service::add_collection(site.services, service::SiteForTests::system(), {.title = "Indicators", .readers = {member}, .writers = {member}})));
  const auto collection = std::string(string_at(made.answer, "id"));
  const auto scopes = service::for_tests::must(service::token_scopes("all"));
  const auto issued = service::for_tests::must(site.writer->run(service::issue_token(site.services, site.system(), {person, member, scopes})));
  const auto token = std::string(string_at(issued.answer, "token"));

  web::App app{site.services, site.doors};
  web::Router router(app, kThreads);
  web::http::Options options;
  options.own_headers = web::Router::security_headers();
  auto server = service::for_tests::must(web::http::Server::start(
      options, [&](web::http::Verb verb, std::string_view path) { return router.limits_of(verb, path); },
      [&](web::http::Request request, web::http::Respond respond) { router.handle(std::move(request), std::move(respond)); }));
  const auto head = "POST /taxii2/root/collections/" + collection + "/objects/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/taxii+json;version=2.1\r\nContent-Type: application/taxii+json;version=2.1\r\nAuthorization: Bearer " +
                    token + "\r\nUser-Agent: bench\r\nContent-Length: ";

  Feed feed;
  std::vector<double> rates, ratios;
  for (int round = 0; round <= rounds; ++round) {                       // the first warms up
    const auto copy = (beside.path / ("bare-" + std::to_string(round) + ".db")).string();
    std::int64_t before = 0;
    {
      const auto db = open(file);
      before = number(db.get(), "SELECT COALESCE(MAX(n), 0) FROM object_version");
      check(db.get(), sqlite3_exec(db.get(), ("VACUUM INTO '" + copy + "'").c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    }
    std::vector<std::string> bodies;
    std::size_t bytes = 0;
    for (int i = 0; i < envelopes; ++i) bytes += bodies.emplace_back(feed.envelope()).size();
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> clients;
    const auto processor = processor_seconds();
    const auto begin = Steady::now();
    for (int i = 0; i < connections; ++i)
      clients.emplace_back([&] {
        int fd = connected(server->port());
        std::string in;
        for (;;) {
          const auto mine = next++;
          if (mine >= bodies.size()) break;
          bool closes = false;
          if (!send_one(fd, head, bodies[mine], in, closes)) die("the connection broke");
          if (!in.starts_with("HTTP/1.1 202") || in.find("\"success_count\":" + std::to_string(kEnvelope)) == in.npos) die(in.substr(0, 600));
          if (!closes) continue;
          ::close(fd);
          fd = connected(server->port());
        }
        ::close(fd);
      });
    for (auto& client : clients) client.join();
    const double rate = static_cast<double>(envelopes) * kEnvelope / seconds_since(begin);
    const double cost = (processor_seconds() - processor) * 1e6 / (static_cast<double>(envelopes) * kEnvelope);
    std::vector<Rows> rows;
    std::int64_t last = 0;
    {
      const auto db = open(file);
      rows = rows_after(db.get(), before);
      last = number(db.get(), "SELECT MAX(n) FROM object_version");
    }
    if (last - before != static_cast<std::int64_t>(envelopes) * kEnvelope) die("not all were put");
    const double bare = insert_bare(copy, rows, before + 1, last);
    std::size_t all_rows = 0;
    for (const auto& table : rows) all_rows += table.all.size();
    std::printf("%s %d: server %7.0f objects/s (%5.1f us of processor each, client included), bare SQLite %7.0f objects/s, ratio %.2f; %zu bytes and %.1f rows an object, %lld held before\n", round == 0 ? "warm up" : "round", round, rate,
                cost, bare, rate / bare, bytes / (static_cast<std::size_t>(envelopes) * kEnvelope), static_cast<double>(all_rows) / (static_cast<double>(envelopes) * kEnvelope), static_cast<long long>(before));
    std::fflush(stdout);
    std::filesystem::remove(copy);
    if (round > 0) rates.push_back(rate), ratios.push_back(rate / bare);
  }
  const bool holds = median(rates) >= 20'000 && median(ratios) >= 0.40;
  std::printf("median: %.0f objects/s (bar: 20000), %.2f of bare SQLite (bar: 0.40)%s\n", median(rates), median(ratios), holds ? "" : " MISSED");
  server->stop(std::chrono::seconds(1));
  return holds ? 0 : 1;
}
