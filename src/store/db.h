// One connection to a database, over two drivers: SQLite and PostgreSQL. SQL text comes in as named constants, values as parameters.
//
//   constexpr Sql kEntries{"entries_of_stream", "SELECT id, stream_seq FROM entry WHERE stream = $1 AND stream_seq > $2 ORDER BY stream_seq LIMIT $3"};
//   TRY(auto tx, db.begin(Mode::Write));
//   TRY(auto rows, tx.query(kEntries, stream, after, 100));
//   for (;;) { TRY(const bool more, rows.next()); if (!more) break; use(rows.text(0), rows.i64(1)); }
//   TRY(tx.run(kAppend, id, now, sealed));
//   TRY(tx.commit());
//
// Called by the Store's query files and migrate.cpp alone. A Db is used by one thread at a time; ReadPool hands connections to threads.
// Not here: connection strings in messages, SQL made from values, JSON as anything but bytes, times as anything but whole microseconds.
//
// Invariants
//   D1  What commit() answered with success is on disk (SQLite: WAL, synchronous=FULL; PostgreSQL: synchronous_commit at least on).
//   D2  A Tx that was not committed changes nothing.
//   D3  After a failed statement a Tx takes no more statements, on both engines, until rollback_to() (or its end): commit() then fails and nothing is kept.
//   D4  A Rows that another statement has ended answers an error from next(), never rows of something else.
//   D5  No error carries a value that was bound or stored; it names the Sql, the kind of failure and at most a constraint.
//   D6  A Write transaction on PostgreSQL holds ledger_head exclusively from its first statement, so writers never overlap (REL-5).
#pragma once

#include <array>
#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

namespace sluice::store {

// What a failure is, as Error::code. Kind is Conflict for the first two, Invalid for the third and for "text", else Unavailable.
//   "unique"     a row with this key is there already          "reference"  a row it points to is not there, or others point to it
//   "check"      a NOT NULL, CHECK or type rule of the schema  "text"       text that is not UTF-8, or has a NUL
//   "full"       disk full                                     "corrupt"    I/O error or a damaged page: writes must stop (REL-2)
//   "busy"       a lock was not had in time                    "timeout"    a deadline passed
//   "memory"     out of memory                                 "lost"       the connection is gone (at commit(): the outcome is unknown)
//   "read-only"  a write on a read-only connection             "aborted"    an earlier statement of the transaction failed (D3)
//   "statement"  SQL or a call that cannot work: our own bug   "unsupported" not on this engine

// A query: a named constant beside the one function that runs it. $1, $2 … are parameters by position.
struct Sql {
  std::string_view name, text;
};

// A value on its way into a statement. Holds views: what it was made from must outlive the call, which a temporary in the argument list does.
// Ids go as their text form, instants and durations as microseconds, bools as 0 and 1, absent optionals as NULL.
class Param {
 public:
  struct IdText : std::array<char, 28> {};
  using Value = std::variant<std::monostate, std::int64_t, std::string_view, ByteView, IdText>;

  Param() = default;
  Param(std::nullopt_t) {}
  template <std::integral T>
  Param(T number) : value_(static_cast<std::int64_t>(number)) {}
  template <class T>
    requires std::convertible_to<const T&, std::string_view>
  Param(const T& text) : value_(std::string_view(text)) {}
  template <class T>
    requires std::convertible_to<const T&, ByteView>
  Param(const T& bytes) : value_(ByteView(bytes)) {}
  Param(Instant instant) : value_(instant.micros) {}
  Param(Duration duration) : value_(static_cast<std::int64_t>(duration.count())) {}
  template <class Kind>
  Param(const Id<Kind>& id) {
    IdText& out = value_.emplace<IdText>();
    const auto text = id.text();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = text[i];
  }
  template <class T>
  Param(const std::optional<T>& maybe) {
    if (maybe) value_ = Param(*maybe).value_;
  }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const std::int64_t* number() const { return std::get_if<std::int64_t>(&value_); }
  std::optional<std::string_view> text() const {
    if (const auto* id = std::get_if<IdText>(&value_)) return std::string_view(id->data(), id->size());
    if (const auto* text = std::get_if<std::string_view>(&value_)) return *text;
    return std::nullopt;
  }
  const ByteView* bytes() const { return std::get_if<ByteView>(&value_); }

 private:
  Value value_;
};

// A bulk insert, a constant like Sql: what INSERT would name. Only an ON CONFLICT clause may follow; with DO UPDATE the keys of one call must differ.
//   constexpr Bulk kObjects{"object", "collection, id, added, raw", "ON CONFLICT (collection, id) DO NOTHING"};
struct Bulk {
  std::string_view table, columns, on_conflict = {};
};

// Rows for a Bulk, one add() a row. Holds views; temporaries of owning types are refused, since they would be gone at insert_many().
class Batch {
 public:
  template <class... Args>
  void add(Args&&... args) {
    static_assert(!(... || (!std::is_lvalue_reference_v<Args> && (std::same_as<Args, std::string> || std::same_as<Args, Bytes> || std::same_as<Args, Hash>))),
                  "this temporary would be gone before the batch is written");
    (cells_.emplace_back(std::as_const(args)), ...);
    ++rows_;
  }
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return rows_ == 0 ? 0 : cells_.size() / rows_; }
  std::span<const Param> cells() const { return cells_; }  // row by row
  void clear() { cells_.clear(), rows_ = 0; }

 private:
  std::vector<Param> cells_;
  std::size_t rows_ = 0;
};

enum class Engine { Sqlite, Postgres };
enum class Access { ReadWrite, ReadOnly };
enum class Mode {
  Read,    // one snapshot from beginning to end; writes are our own bug
  Write,   // the one writer: SQLite BEGIN IMMEDIATE; PostgreSQL with ledger_head locked
  Schema,  // for migrate(): as Write, but before there is a ledger_head
};
enum class Checkpoint { Passive, Truncate };

// Where a database is. `sqlite:PATH`, `sqlite::memory:`, `postgresql://…` (or `postgres://…`).
// `sqlite::memory:` is a database of its own a parse(), shared by the copies of that url, gone with the last copy and connection: for tests. It is
// a WAL file on memory-backed storage where there is any, so that readers and writer behave as they do in earnest.
class DatabaseUrl {
 public:
  static Result<DatabaseUrl> parse(std::string_view text);

  Engine engine() const { return engine_; }
  bool is_memory() const { return memory_ != nullptr; }
  const std::string& target() const { return target_; }  // the path, or the whole url with its password: never to be shown
  std::string shown() const;                             // for people: no password, no query part

 private:
  Engine engine_ = Engine::Sqlite;
  std::string target_;
  std::shared_ptr<void> memory_;  // removes the files of a memory database; every copy and connection holds it
};

struct Tuning {
  int cache_mb = 64;                                   // SQLite's page cache, a connection
  Duration lock_wait = std::chrono::seconds(5);        // for the write lock; then "busy"
  Duration statement_limit = Duration::zero();         // zero: none; else "timeout"
};

struct Notification {
  std::string channel, payload;
};

class Db;
class Driver;  // the two things behind Db: sqlite.cpp, postgres.cpp (driver.h)

// The rows of one statement, as they come. Cells are views, valid until the next next(). next() once before the first row.
class Rows {
 public:
  Rows(Rows&& other) noexcept;
  Rows& operator=(Rows&& other) noexcept;
  ~Rows();

  Result<bool> next();

  // Of the current row; columns count from 0. Asking a NULL, or for another type than is there, gives 0 or empty: is_null() asks first where it matters.
  bool is_null(int column) const;
  std::int64_t i64(int column) const;
  bool flag(int column) const { return i64(column) != 0; }
  std::string_view text(int column) const;
  ByteView bytes(int column) const;
  Instant instant(int column) const { return Instant{i64(column)}; }
  std::string string(int column) const { return std::string(text(column)); }
  Bytes copy(int column) const { return Bytes(bytes(column).begin(), bytes(column).end()); }
  std::optional<std::int64_t> maybe_i64(int column) const { return is_null(column) ? std::nullopt : std::optional(i64(column)); }
  std::optional<std::string> maybe_string(int column) const { return is_null(column) ? std::nullopt : std::optional(string(column)); }
  std::optional<Instant> maybe_instant(int column) const { return is_null(column) ? std::nullopt : std::optional(instant(column)); }

  // Ids and hashes that are not what they must be are damage, and named so (REL-10): rows.id<CaseId>(0)
  template <class I>
  Result<I> id(int column) const {
    if (const auto id = I::parse(text(column))) return *id;
    return damaged(column);
  }
  template <class I>
  Result<std::optional<I>> maybe_id(int column) const {
    if (is_null(column)) return std::optional<I>();
    if (const auto id = I::parse(text(column))) return std::optional<I>(*id);
    return damaged(column);
  }
  Result<Hash> hash(int column) const {
    const auto from = bytes(column);
    Hash out;
    if (from.size() != out.size()) return damaged(column);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = from[i];
    return out;
  }

 private:
  friend class Queries;
  Rows(Driver& driver, std::uint64_t serial) : driver_(&driver), serial_(serial) {}
  std::unexpected<Error> damaged(int column) const;
  Driver* driver_;
  std::uint64_t serial_;  // which statement of the connection these belong to (D4)
};

// What Db and Tx have in common: reading. A function that only reads takes a Queries&.
class Queries {
 public:
  Engine engine() const;

  template <class... Args>
  Result<Rows> query(const Sql& sql, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{Param(args)...};
    return query_with(sql, params);
  }
  // The first row, already stood upon, or nothing.
  template <class... Args>
  Result<std::optional<Rows>> one(const Sql& sql, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{Param(args)...};
    return one_with(sql, params);
  }
  // The first cell of the first row; NULL and no row are nothing. For COUNT(*), MAX(seq) and the like.
  template <class... Args>
  Result<std::optional<std::int64_t>> number(const Sql& sql, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{Param(args)...};
    return number_with(sql, params);
  }

  Result<Rows> query_with(const Sql& sql, std::span<const Param> params);
  Result<std::optional<Rows>> one_with(const Sql& sql, std::span<const Param> params);
  Result<std::optional<std::int64_t>> number_with(const Sql& sql, std::span<const Param> params);

 protected:
  explicit Queries(Driver* driver) : driver_(driver) {}
  Driver* driver_;
};

// A transaction. Rolls back unless committed. One savepoint at a time.
class [[nodiscard]] Tx : public Queries {
 public:
  Tx(Tx&& other) noexcept;
  Tx& operator=(Tx&& other) noexcept;
  ~Tx();

  // Rows affected.
  template <class... Args>
  Result<std::int64_t> run(const Sql& sql, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{Param(args)...};
    return run_with(sql, params);
  }
  Result<std::int64_t> run_with(const Sql& sql, std::span<const Param> params);
  Result<std::int64_t> insert_many(const Bulk& bulk, const Batch& batch);  // rows inserted (or updated by ON CONFLICT)

  Result<void> savepoint();
  Result<void> rollback_to();  // undoes to the savepoint, which then is gone
  Result<void> release();      // keeps, and the savepoint is gone

  // Delivered to listeners when and if this commits; payload at most 7999 bytes. On SQLite nobody else can listen, so it does nothing.
  Result<void> notify(std::string_view channel, std::string_view payload);

  Result<void> script(std::string_view statement);  // one statement without parameters, not kept prepared: migrations and their tests

  Result<void> commit();  // also ends the Tx when it fails; then nothing was kept, but see "lost"
  void rollback();

 private:
  friend class Db;
  explicit Tx(Driver* driver) : Queries(driver) {}
};

// One connection.
class Db : public Queries {
 public:
  static Result<Db> open(const DatabaseUrl& url, Access access = Access::ReadWrite, const Tuning& tuning = {});
  Db(Db&& other) noexcept;
  Db& operator=(Db&& other) noexcept;
  ~Db();

  Result<Tx> begin(Mode mode);

  // After "lost": true, and every statement fails until reopen() succeeds.
  bool is_broken() const;
  Result<void> reopen();

  // Moves what the write-ahead log holds into the database. From a thread and connection of its own (it reads and writes files for long);
  // Passive stops at nothing's cost, Truncate waits for readers and empties the log. PostgreSQL looks after itself: nothing is done.
  Result<void> checkpoint(Checkpoint how = Checkpoint::Passive);

  // On a connection for this alone. Absent: `timeout` passed. SQLite: "unsupported".
  Result<void> listen(std::string_view channel);
  Result<std::optional<Notification>> wait_notification(Duration timeout);

 private:
  explicit Db(std::unique_ptr<Driver> driver);
  std::unique_ptr<Driver> owned_;
};

// N read-only connections for the worker threads. Safe to use from any thread; leases must be gone before the pool is.
class ReadPool {
 public:
  class Lease {
   public:
    Lease(Lease&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)), db_(std::move(other.db_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Db& operator*() { return db_; }
    Db* operator->() { return &db_; }

   private:
    friend class ReadPool;
    Lease(ReadPool* pool, Db db) : pool_(pool), db_(std::move(db)) {}
    ReadPool* pool_;
    Db db_;
  };

  static Result<std::unique_ptr<ReadPool>> open(const DatabaseUrl& url, int connections,
                                                const Tuning& tuning = {.cache_mb = 64, .statement_limit = std::chrono::seconds(30)});
  // Waits for a free connection, "busy" after `deadline`. A connection that was lost is opened again here.
  Result<Lease> lease(Duration deadline = std::chrono::seconds(10));

 private:
  ReadPool() = default;
  void give_back(Db db);
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Db> free_;
};

}  // namespace sluice::store
