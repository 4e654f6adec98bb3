#include "store/db.h"

#include <stdlib.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "store/driver.h"
#include "store/read_work.h"

namespace sluice::store {

namespace {

struct Trouble {
  std::string_view code;
  ErrorKind kind;
  std::string_view words;
};

constexpr Trouble kTroubles[] = {
    {"unique",      ErrorKind::Conflict,    "a row with this key is there already"},
    {"reference",   ErrorKind::Conflict,    "a row it refers to is missing, or is still referred to"},
    {"check",       ErrorKind::Invalid,     "the schema does not allow this row"},
    {"text",        ErrorKind::Invalid,     "the text is not UTF-8 or holds a NUL"},
    {"full",        ErrorKind::Unavailable, "the disk is full; free some space, then writing goes on by itself"},
    {"corrupt",     ErrorKind::Unavailable, "the disk failed or the database is damaged; writing must stop, check the disk and restore a backup"},
    {"busy",        ErrorKind::Unavailable, "a lock or a connection was not free in time; try again"},
    {"timeout",     ErrorKind::Unavailable, "it took too long and was stopped"},
    {"memory",      ErrorKind::Unavailable, "there is not enough memory"},
    {"lost",        ErrorKind::Unavailable, "the database can't be reached"},
    {"read-only",   ErrorKind::Unavailable, "writing is not possible here"},
    {"aborted",     ErrorKind::Unavailable, "an earlier statement of this transaction failed"},
    {"unsupported", ErrorKind::Unavailable, "this database can't do that"},
    {"statement",   ErrorKind::Unavailable, "the statement can't work"},
};

// D3, D4: what must hold before any further statement.
Result<void> ready(Driver& driver, std::string_view what) {
  if (driver.is_streaming) {
    driver.finish();
    driver.is_streaming = false;
  }
  ++driver.serial;
  if (driver.state == Driver::State::Failed) return trouble("aborted", what);
  return {};
}

// Passes a result on, and notes that the transaction failed if it did.
template <class T>
Result<T> noted(Driver& driver, Result<T> result) {
  if (!result && driver.state == Driver::State::Open) driver.state = Driver::State::Failed;
  return result;
}

void end_transaction(Driver& driver) {
  driver.rollback();
  driver.state = Driver::State::Idle;
  driver.has_savepoint = false;
}

// A fresh, private directory for a memory database: memory-backed where there is room, else temporary.
std::filesystem::path memory_directory() {
  struct statvfs shm{};
  const bool roomy = statvfs("/dev/shm", &shm) == 0 && shm.f_bavail * shm.f_frsize >= 256ULL << 20;
  std::error_code ignored;
  const auto base = roomy ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path(ignored);
  std::string name = (base / "sluice-memory-XXXXXX").string();
  return mkdtemp(name.data()) ? std::filesystem::path(name) : std::filesystem::path();
}

}  // namespace

std::unexpected<Error> trouble(std::string_view code, std::string_view what, std::string_view detail) {
  for (const auto& row : kTroubles) {
    if (row.code != code) continue;
    std::string message = "The database could not run " + std::string(what) + ": " + std::string(row.words);
    if (!detail.empty()) message += " (" + std::string(detail) + ")";
    return fail(row.kind, message + ".", {}, {}, std::string(code));
  }
  return trouble("statement", what, detail);
}

bool is_storable_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto at = [&](std::size_t k) { return i + k < text.size() ? static_cast<std::uint8_t>(text[i + k]) : 0U; };
    const auto first = at(0);
    if (first == 0) return false;
    if (first < 0x80) { ++i; continue; }
    const std::size_t length = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
    if (length == 0) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((at(k) & 0xC0) != 0x80) return false;
    if (first == 0xE0 && at(1) < 0xA0) return false;   // longer than need be
    if (first == 0xED && at(1) >= 0xA0) return false;  // surrogates
    if (first == 0xF0 && at(1) < 0x90) return false;
    if (first == 0xF4 && at(1) >= 0x90) return false;  // beyond U+10FFFF
    i += length;
  }
  return true;
}

// --- DatabaseUrl

Result<DatabaseUrl> DatabaseUrl::parse(std::string_view text) {
  DatabaseUrl url;
  if (text.starts_with("postgresql://") || text.starts_with("postgres://")) {
    url.engine_ = Engine::Postgres;
    url.target_ = text;
    return url;
  }
  if (text == "sqlite::memory:") {
    const auto directory = memory_directory();
    if (directory.empty()) return fail(ErrorKind::Unavailable, "No directory for a database in memory could be made.", {}, {}, "full");
    url.target_ = (directory / "memory.db").string();
    url.memory_ = std::shared_ptr<void>(nullptr, [directory](void*) {
      std::error_code ignored;
      std::filesystem::remove_all(directory, ignored);
    });
    return url;
  }
  if (text.starts_with("sqlite:") && text.size() > 7 && text.find('\0') == text.npos) {
    url.target_ = text.substr(7);
    return url;
  }
  return fail(ErrorKind::Invalid, "A database is named sqlite:PATH or postgresql://USER@HOST/NAME.");
}

std::string DatabaseUrl::shown() const {
  if (is_memory()) return "sqlite::memory:";
  if (engine_ == Engine::Sqlite) return "sqlite:" + target_;
  std::string out = target_.substr(0, target_.find('?'));
  const auto from = out.find("://") + 3;
  const auto at = out.rfind('@');  // a password may hold '@' where it should not
  if (at == out.npos || at < from) return out;
  const auto colon = out.find(':', from);
  if (colon < at) out.erase(colon, at - colon);
  return out;
}

// --- Rows

Rows::Rows(Rows&& other) noexcept : driver_(std::exchange(other.driver_, nullptr)), serial_(other.serial_) {}

Rows& Rows::operator=(Rows&& other) noexcept {
  std::swap(driver_, other.driver_);
  std::swap(serial_, other.serial_);
  return *this;
}

Rows::~Rows() {
  if (!driver_ || driver_->serial != serial_ || !driver_->is_streaming) return;
  driver_->finish();
  driver_->is_streaming = false;
}

Result<bool> Rows::next() {
  if (!driver_ || driver_->serial != serial_) return trouble("statement", "a query", "its rows were ended by a later statement");
  if (!driver_->is_streaming) return false;
  auto more = noted(*driver_, driver_->step());
  if (more && *more) ++read_work().rows;
  if (!more || !*more) {
    driver_->finish();
    driver_->is_streaming = false;
  }
  return more;
}

namespace {
bool is_current(const Driver* driver, std::uint64_t serial) { return driver && driver->serial == serial && driver->is_streaming; }
}  // namespace

bool Rows::is_null(int column) const { return !is_current(driver_, serial_) || driver_->is_null(column); }
std::int64_t Rows::i64(int column) const { return is_current(driver_, serial_) ? driver_->i64(column) : 0; }
std::string_view Rows::text(int column) const { return is_current(driver_, serial_) ? driver_->text(column) : std::string_view(); }
ByteView Rows::bytes(int column) const { return is_current(driver_, serial_) ? driver_->bytes(column) : ByteView(); }

std::unexpected<Error> Rows::damaged(int column) const {
  return trouble("corrupt", driver_ ? driver_->running : "a query", "column " + std::to_string(column) + " does not hold what belongs there");
}

// --- Queries

Engine Queries::engine() const { return driver_->engine(); }

Result<Rows> Queries::query_with(const Sql& sql, std::span<const Param> params) {
  TRY(ready(*driver_, sql.name));
  driver_->running = sql.name;
  ++read_work().queries;
  TRY(noted(*driver_, driver_->start(sql, params)));
  driver_->is_streaming = true;
  return Rows(*driver_, driver_->serial);
}

Result<std::optional<Rows>> Queries::one_with(const Sql& sql, std::span<const Param> params) {
  TRY(auto rows, query_with(sql, params));
  TRY(const bool found, rows.next());
  if (!found) return std::nullopt;
  return std::optional<Rows>(std::move(rows));
}

Result<std::optional<std::int64_t>> Queries::number_with(const Sql& sql, std::span<const Param> params) {
  TRY(const auto row, one_with(sql, params));
  return row ? row->maybe_i64(0) : std::nullopt;
}

// --- Tx

Tx::Tx(Tx&& other) noexcept : Queries(std::exchange(other.driver_, nullptr)) {}

Tx& Tx::operator=(Tx&& other) noexcept {
  if (this == &other) return *this;
  rollback();
  driver_ = std::exchange(other.driver_, nullptr);
  return *this;
}

Tx::~Tx() { rollback(); }

void Tx::rollback() {
  if (!driver_) return;
  (void)ready(*driver_, "rollback");
  end_transaction(*driver_);
  driver_ = nullptr;
}

Result<void> Tx::commit() {
  if (!driver_) return trouble("statement", "commit", "this transaction has ended");
  Driver& driver = *std::exchange(driver_, nullptr);
  auto result = ready(driver, "commit");
  if (result) result = driver.commit();
  if (!result) {
    end_transaction(driver);
    return result;
  }
  driver.state = Driver::State::Idle;
  driver.has_savepoint = false;
  return {};
}

Result<std::int64_t> Tx::run_with(const Sql& sql, std::span<const Param> params) {
  if (!driver_) return trouble("statement", sql.name, "this transaction has ended");
  TRY(ready(*driver_, sql.name));
  return noted(*driver_, driver_->run(sql, params));
}

Result<std::int64_t> Tx::insert_many(const Bulk& bulk, const Batch& batch) {
  if (!driver_) return trouble("statement", bulk.table, "this transaction has ended");
  TRY(ready(*driver_, bulk.table));
  if (batch.rows() == 0) return 0;
  const auto columns = static_cast<std::size_t>(std::count(bulk.columns.begin(), bulk.columns.end(), ',')) + 1;
  if (batch.cells().size() != batch.rows() * columns) return noted<std::int64_t>(*driver_, trouble("statement", bulk.table, "rows and columns do not match"));
  return noted(*driver_, driver_->insert_many(bulk, batch));
}

Result<void> Tx::script(std::string_view statement) {
  if (!driver_) return trouble("statement", "a script", "this transaction has ended");
  TRY(ready(*driver_, "a script"));
  return noted(*driver_, driver_->script(statement));
}

Result<void> Tx::savepoint() {
  if (!driver_ || driver_->has_savepoint) return trouble("statement", "savepoint", "one is open, or the transaction has ended");
  TRY(ready(*driver_, "savepoint"));
  TRY(noted(*driver_, driver_->savepoint()));
  driver_->has_savepoint = true;
  return {};
}

Result<void> Tx::rollback_to() {
  if (!driver_ || !driver_->has_savepoint) return trouble("statement", "rollback to savepoint", "there is none");
  (void)ready(*driver_, "rollback to savepoint");  // a failed statement is what this is for
  driver_->has_savepoint = false;
  driver_->state = Driver::State::Failed;  // until it worked
  TRY(driver_->rollback_to());
  driver_->state = Driver::State::Open;
  return {};
}

Result<void> Tx::release() {
  if (!driver_ || !driver_->has_savepoint) return trouble("statement", "release savepoint", "there is none");
  TRY(ready(*driver_, "release savepoint"));
  TRY(noted(*driver_, driver_->release()));
  driver_->has_savepoint = false;
  return {};
}

Result<void> Tx::notify(std::string_view channel, std::string_view payload) {
  if (!driver_) return trouble("statement", "notify", "this transaction has ended");
  TRY(ready(*driver_, "notify"));
  return noted(*driver_, driver_->notify(channel, payload));
}

// --- Db

Db::Db(std::unique_ptr<Driver> driver) : Queries(driver.get()), owned_(std::move(driver)) {}
Db::Db(Db&& other) noexcept : Queries(std::exchange(other.driver_, nullptr)), owned_(std::move(other.owned_)) {}
Db& Db::operator=(Db&& other) noexcept {
  owned_ = std::move(other.owned_);
  driver_ = owned_.get();
  other.driver_ = nullptr;
  return *this;
}
Db::~Db() = default;

Result<Db> Db::open(const DatabaseUrl& url, Access access, const Tuning& tuning) {
  TRY(auto driver, url.engine() == Engine::Sqlite ? open_sqlite(url, access, tuning) : open_postgres(url, access, tuning));
  return Db(std::move(driver));
}

Result<Tx> Db::begin(Mode mode) {
  if (driver_->state != Driver::State::Idle) return trouble("statement", "begin", "a transaction is open on this connection");
  TRY(ready(*driver_, "begin"));
  if (auto begun = driver_->begin(mode); !begun) {
    end_transaction(*driver_);
    return std::unexpected(std::move(begun).error());
  }
  driver_->state = Driver::State::Open;
  driver_->mode = mode;
  return Tx(driver_);
}

bool Db::is_broken() const { return driver_->is_broken(); }

Result<void> Db::reopen() {
  if (driver_->state != Driver::State::Idle) return trouble("statement", "reopen", "a transaction is open on this connection");
  TRY(ready(*driver_, "reopen"));
  return driver_->reopen();
}

Result<void> Db::checkpoint(Checkpoint how) {
  if (driver_->state != Driver::State::Idle) return trouble("statement", "checkpoint", "a transaction is open on this connection");
  TRY(ready(*driver_, "checkpoint"));
  return driver_->checkpoint(how);
}

Result<void> Db::listen(std::string_view channel) {
  TRY(ready(*driver_, "listen"));
  return driver_->listen(channel);
}

Result<std::optional<Notification>> Db::wait_notification(Duration timeout) {
  TRY(ready(*driver_, "listen"));
  return driver_->wait_notification(timeout);
}

// --- ReadPool

Result<std::unique_ptr<ReadPool>> ReadPool::open(const DatabaseUrl& url, int connections, const Tuning& tuning) {
  std::unique_ptr<ReadPool> pool(new ReadPool);
  for (int i = 0; i < connections; ++i) {
    TRY(auto db, Db::open(url, Access::ReadOnly, tuning));
    pool->free_.push_back(std::move(db));
  }
  return pool;
}

Result<ReadPool::Lease> ReadPool::lease(Duration deadline) {
  std::unique_lock lock(mutex_);
  if (!freed_.wait_for(lock, deadline, [this] { return !free_.empty(); })) return trouble("busy", "a read");
  Lease lease(this, std::move(free_.back()));  // the last one given back: its cache is warm
  free_.pop_back();
  lock.unlock();
  if (lease->is_broken()) TRY(lease->reopen());
  return lease;
}

void ReadPool::give_back(Db db) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(db));
  }
  freed_.notify_one();
}

ReadPool::Lease::~Lease() {
  if (pool_) pool_->give_back(std::move(db_));
}

}  // namespace sluice::store
