// SQLite behind Db. One file in WAL mode: one writer, any number of readers, each with its own connection.
//
// The pragmas are decisions; the reasons stand beside them in configure().
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <unordered_map>

#include "store/driver.h"

namespace sluice::store {

namespace {

using Steady = std::chrono::steady_clock;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};

std::unexpected<Error> failed(sqlite3* db, int rc, std::string_view what) {
  switch (rc) {  // extended codes first
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return trouble("unique", what, db ? sqlite3_errmsg(db) : "");  // names table and columns only
    case SQLITE_CONSTRAINT_FOREIGNKEY: return trouble("reference", what);
    default: break;
  }
  switch (rc & 0xFF) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return trouble("check", what, db ? sqlite3_errmsg(db) : "");
    case SQLITE_FULL: return trouble("full", what);
    case SQLITE_IOERR:
      if (rc == SQLITE_IOERR_NOMEM) return trouble("memory", what);
      // A failed fsync is damage whatever errno says (REL-2): what the kernel held may be dropped already, and a second fsync would say that all is well.
      if (rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC) return trouble("corrupt", what, sqlite3_errstr(rc));
      return trouble(db && sqlite3_system_errno(db) == ENOSPC ? "full" : "corrupt", what, sqlite3_errstr(rc));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return trouble("corrupt", what, sqlite3_errstr(rc));
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return trouble("busy", what);
    case SQLITE_INTERRUPT: return trouble("timeout", what);
    case SQLITE_NOMEM: return trouble("memory", what);
    case SQLITE_READONLY: return trouble("read-only", what);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: return trouble("lost", what, sqlite3_errstr(rc));
    default: return trouble("statement", what, sqlite3_errstr(rc));
  }
}

// $3 -> ?3: to SQLite $3 is a name, numbered by first occurrence; ?3 is the third parameter, as in PostgreSQL.
std::string numbered(std::string_view sql) {
  std::string out;
  out.reserve(sql.size());
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '$' && i + 1 < sql.size() && sql[i + 1] >= '1' && sql[i + 1] <= '9') {
      out += '?';
      continue;
    }
    out += c;
  }
  return out;
}

class Sqlite final : public Driver {
 public:
  Sqlite(const DatabaseUrl& url, Access access, const Tuning& tuning) : url_(url), access_(access), tuning_(tuning) {}

  Result<void> open() {
    if (access_ == Access::ReadWrite) TRY(make_file());
    // A relative path is made plain, so that a name such as "file:x" is never read as a URI.
    const std::string path = url_.target().starts_with('/') ? url_.target() : "./" + url_.target();
    sqlite3* raw = nullptr;
    const int flags = (access_ == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int rc = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    db_.reset(raw);
    if (rc != SQLITE_OK) return failed(raw, rc, "open");
    return configure();
  }

  Engine engine() const override { return Engine::Sqlite; }

  Result<void> begin(Mode mode) override {
    if (access_ == Access::ReadOnly && mode != Mode::Read) return trouble("read-only", "begin");
    writing_ = mode != Mode::Read;
    return control(writing_ ? kBeginWrite : kBeginRead);
  }
  Result<void> commit() override {
    TRY(control(kCommit));
    writing_ = false;
    return {};
  }
  void rollback() override {
    writing_ = false;
    if (!sqlite3_get_autocommit(db_.get())) (void)control(kRollback);  // after some failures SQLite has rolled back already
  }
  Result<void> savepoint() override { return control(kSavepoint); }
  Result<void> rollback_to() override {
    if (sqlite3_get_autocommit(db_.get())) return trouble("aborted", "rollback to savepoint");
    TRY(control(kRollbackTo));
    return control(kRelease);
  }
  Result<void> release() override { return control(kRelease); }

  Result<void> start(const Sql& sql, std::span<const Param> params) override {
    TRY(sqlite3_stmt* const statement, prepared(sql.name, sql.text));
    TRY(bind(statement, sql.name, params, SQLITE_TRANSIENT));
    current_ = statement;
    start_clock();
    return {};
  }
  Result<bool> step() override {
    const int rc = sqlite3_step(current_);
    if (rc == SQLITE_ROW) return true;
    if (rc == SQLITE_DONE) return false;
    return failed(db_.get(), rc, running);
  }
  void finish() override {
    reset(current_);
    current_ = nullptr;
  }
  bool is_null(int column) const override { return sqlite3_column_type(current_, column) == SQLITE_NULL; }
  std::int64_t i64(int column) const override { return sqlite3_column_type(current_, column) == SQLITE_INTEGER ? sqlite3_column_int64(current_, column) : 0; }
  std::string_view text(int column) const override {
    if (sqlite3_column_type(current_, column) != SQLITE_TEXT) return {};
    const auto* from = reinterpret_cast<const char*>(sqlite3_column_text(current_, column));
    return from ? std::string_view(from, static_cast<std::size_t>(sqlite3_column_bytes(current_, column))) : std::string_view();
  }
  ByteView bytes(int column) const override {
    if (sqlite3_column_type(current_, column) != SQLITE_BLOB) return {};
    const auto* from = static_cast<const std::uint8_t*>(sqlite3_column_blob(current_, column));
    return from ? ByteView(from, static_cast<std::size_t>(sqlite3_column_bytes(current_, column))) : ByteView();
  }

  Result<std::int64_t> run(const Sql& sql, std::span<const Param> params) override {
    TRY(sqlite3_stmt* const statement, prepared(sql.name, sql.text));
    TRY(bind(statement, sql.name, params, SQLITE_STATIC));
    start_clock();
    return run_bound(statement, sql.name);
  }

  // Rows go in together as far as they fill a statement, since what it costs to begin and end one is half of what a row costs.
  Result<std::int64_t> insert_many(const Bulk& bulk, const Batch& batch) override {
    const auto width = batch.columns();
    const std::size_t together = std::clamp<std::size_t>(kMostParameters / width, 1, kRowsTogether);
    start_clock();
    std::int64_t inserted = 0;
    auto cells = batch.cells();
    for (const auto rows : {together, std::size_t{1}}) {
      if (cells.size() < rows * width) continue;
      TRY(sqlite3_stmt* const statement, prepared(bulk.table, text_of_insert(bulk, width, rows)));
      for (; cells.size() >= rows * width; cells = cells.subspan(rows * width)) {
        TRY(bind(statement, bulk.table, cells.first(rows * width), SQLITE_STATIC));
        TRY(const auto some, run_bound(statement, bulk.table));
        inserted += some;
      }
    }
    return inserted;
  }

  Result<void> script(std::string_view text) override {
    TRY(const auto statement, prepare("a script", text, 0));
    const int rc = sqlite3_step(statement.get());
    if (rc != SQLITE_DONE && rc != SQLITE_ROW) return failed(db_.get(), rc, "a script");
    return {};
  }

  Result<void> notify(std::string_view, std::string_view) override { return {}; }
  Result<void> listen(std::string_view) override { return trouble("unsupported", "listen"); }
  Result<std::optional<Notification>> wait_notification(Duration) override { return trouble("unsupported", "listen"); }

  Result<void> checkpoint(Checkpoint how) override {
    const int rc = sqlite3_wal_checkpoint_v2(db_.get(), "main", how == Checkpoint::Passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (rc != SQLITE_OK) return failed(db_.get(), rc, "checkpoint");
    return {};
  }

  bool is_broken() const override { return db_ == nullptr; }
  Result<void> reopen() override {
    statements_.clear();
    controls_ = {};
    db_.reset();
    return open();
  }

 private:
  static constexpr std::size_t kRowsTogether = 16, kMostParameters = 512;

  enum Control { kBeginRead, kBeginWrite, kCommit, kRollback, kSavepoint, kRollbackTo, kRelease, kControls };

  // OR FAIL: what went in before the row that failed goes with the transaction or its savepoint (D3), so that SQLite need not copy each page for a way back of the statement's own.
  static std::string text_of_insert(const Bulk& bulk, std::size_t width, std::size_t rows) {
    std::string out = "INSERT OR FAIL INTO " + std::string(bulk.table) + " (" + std::string(bulk.columns) + ") VALUES ";
    for (std::size_t i = 0; i < rows * width; ++i) out += (i % width > 0 ? ",$" : i > 0 ? "),($" : "($") + std::to_string(i + 1);
    return out + ") " + std::string(bulk.on_conflict);
  }

  // The file is made here, so that it is the owner's alone from the first moment (its -wal and -shm take its mode), and its name is on disk too.
  Result<void> make_file() {
    const std::filesystem::path path(url_.target());
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return trouble(errno == ENOSPC ? "full" : "lost", "open", "the file can't be made or written");
    struct stat status{};
    const bool fresh = fstat(file, &status) == 0 && status.st_size == 0;
    if ((status.st_mode & 0077) != 0 && status.st_uid == geteuid()) fchmod(file, 0600);
    ::close(file);
    if (fresh && !url_.is_memory()) {
      const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
      const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      const bool synced = directory >= 0 && fsync(directory) == 0;
      if (directory >= 0) ::close(directory);
      if (!synced) return trouble("corrupt", "open", "its directory could not be written through to disk");
    }
    return {};
  }

  Result<void> configure() {
    sqlite3* db = db_.get();
    sqlite3_busy_timeout(db, static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(tuning_.lock_wait).count()));
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);       // no SQL may write to the schema or shadow tables
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);         // "x" is a name, as in PostgreSQL
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    if (tuning_.statement_limit > Duration::zero()) sqlite3_progress_handler(db, 20'000, &Sqlite::is_too_late, this);
    for (const char* pragma : {
             "PRAGMA cell_size_check = ON",     // damage is found when a page is read, not when it has spread
             "PRAGMA mmap_size = 0",            // an I/O error must be a return code, not a signal
             "PRAGMA temp_store = MEMORY",      // sorting leaves no copies of content on disk
             "PRAGMA case_sensitive_like = ON"  // as in PostgreSQL
         })
      TRY(pragma_run(pragma));
    TRY(pragma_run("PRAGMA cache_size = -" + std::to_string(tuning_.cache_mb * 1024)));
    if (access_ == Access::ReadOnly) return pragma_run("PRAGMA query_only = ON");
    TRY(pragma_run("PRAGMA journal_mode = WAL", "wal"));
    TRY(pragma_run(url_.is_memory() ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL"));
    // Checkpoints belong to a thread of their own (checkpoint()): 80 MB at commit stalled writers for up to 700 ms. This is the backstop, 800 MB.
    return pragma_run("PRAGMA wal_autocheckpoint = 200000");
  }

  Result<void> pragma_run(const std::string& text, std::string_view expected = {}) {
    TRY(const auto statement, prepare("open", text, 0));
    const int rc = sqlite3_step(statement.get());
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) return failed(db_.get(), rc, "open");
    if (expected.empty()) return {};
    const auto* answer = rc == SQLITE_ROW ? reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0)) : nullptr;
    if (!answer || answer != expected) return trouble("statement", "open", text + " was not accepted");
    return {};
  }

  Result<Statement> prepare(std::string_view name, std::string_view sql, unsigned flags) {
    const std::string text = numbered(sql);
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int rc = sqlite3_prepare_v3(db_.get(), text.c_str(), static_cast<int>(text.size() + 1), flags, &raw, &tail);
    Statement statement(raw);
    if (rc == SQLITE_ERROR) return trouble("statement", name, sqlite3_errmsg(db_.get()));  // about the SQL alone: nothing is bound yet
    if (rc != SQLITE_OK) return failed(db_.get(), rc, name);
    if (!raw) return trouble("statement", name, "there is no statement");
    if (std::string_view(tail).find_first_not_of(" \t\r\n;") != std::string_view::npos) return trouble("statement", name, "there is more than one statement");
    return statement;
  }

  Result<sqlite3_stmt*> prepared(std::string_view name, std::string_view text) {
    auto found = statements_.find(std::string(text));
    if (found == statements_.end()) {
      TRY(auto statement, prepare(name, text, SQLITE_PREPARE_PERSISTENT));
      found = statements_.emplace(text, std::move(statement)).first;
    }
    sqlite3_stmt* statement = found->second.get();
    if (!writing_ && !sqlite3_stmt_readonly(statement)) return trouble("read-only", name, "not in a Write transaction");
    return statement;
  }

  Result<void> bind(sqlite3_stmt* statement, std::string_view name, std::span<const Param> params, sqlite3_destructor_type lifetime) {
    if (sqlite3_bind_parameter_count(statement) != static_cast<int>(params.size())) return trouble("statement", name, "the number of parameters is wrong");
    for (std::size_t i = 0; i < params.size(); ++i) {
      const int at = static_cast<int>(i) + 1;
      const Param& param = params[i];
      int rc = SQLITE_OK;
      if (const auto* number = param.number()) {
        rc = sqlite3_bind_int64(statement, at, *number);
      } else if (const auto text = param.text()) {
        if (!is_storable_text(*text)) {
          reset(statement);
          return trouble("text", name);
        }
        rc = sqlite3_bind_text64(statement, at, text->empty() ? "" : text->data(), text->size(), lifetime, SQLITE_UTF8);
      } else if (const auto* bytes = param.bytes()) {
        rc = bytes->empty() ? sqlite3_bind_zeroblob(statement, at, 0) : sqlite3_bind_blob64(statement, at, bytes->data(), bytes->size(), lifetime);
      } else {
        rc = sqlite3_bind_null(statement, at);
      }
      if (rc != SQLITE_OK) {
        reset(statement);
        return failed(db_.get(), rc, name);
      }
    }
    return {};
  }

  Result<std::int64_t> run_bound(sqlite3_stmt* statement, std::string_view name) {
    const auto before = sqlite3_total_changes64(db_.get());
    int rc = SQLITE_ROW;
    while (rc == SQLITE_ROW) rc = sqlite3_step(statement);
    if (rc != SQLITE_DONE) {
      auto error = failed(db_.get(), rc, name);
      reset(statement);
      return error;
    }
    // changes() keeps the number of the last INSERT, UPDATE or DELETE, whichever that was
    const bool wrote = !sqlite3_stmt_readonly(statement) && sqlite3_total_changes64(db_.get()) != before;
    reset(statement);
    return wrote ? sqlite3_changes64(db_.get()) : 0;
  }

  static void reset(sqlite3_stmt* statement) {
    if (!statement) return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }

  Result<void> control(Control which) {
    static constexpr const char* kTexts[kControls] = {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT s", "ROLLBACK TO s", "RELEASE s"};
    auto& statement = controls_[which];
    if (!statement) {
      TRY(statement, prepare(kTexts[which], kTexts[which], SQLITE_PREPARE_PERSISTENT));
    }
    deadline_ = Steady::time_point::max();
    const int rc = sqlite3_step(statement.get());
    if (rc == SQLITE_DONE) {
      sqlite3_reset(statement.get());
      return {};
    }
    auto error = failed(db_.get(), rc, kTexts[which]);
    sqlite3_reset(statement.get());
    return error;
  }

  void start_clock() { deadline_ = tuning_.statement_limit > Duration::zero() ? Steady::now() + tuning_.statement_limit : Steady::time_point::max(); }
  static int is_too_late(void* self) { return Steady::now() > static_cast<Sqlite*>(self)->deadline_ ? 1 : 0; }

  const DatabaseUrl url_;
  const Access access_;
  const Tuning tuning_;
  std::unique_ptr<sqlite3, Close> db_;                      // before the statements, so that it goes after them
  std::unordered_map<std::string, Statement> statements_;   // by text: a name may be used twice by mistake, a text means what it says
  std::array<Statement, kControls> controls_;
  sqlite3_stmt* current_ = nullptr;
  Steady::time_point deadline_ = Steady::time_point::max();
  bool writing_ = false;
};

}  // namespace

Result<std::unique_ptr<Driver>> open_sqlite(const DatabaseUrl& url, Access access, const Tuning& tuning) {
  // Nobody asks SQLite how much memory it holds; counting takes a lock of the whole process at each allocation. Refused without harm where SQLite is in use already.
  [[maybe_unused]] static const int is_uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  auto driver = std::make_unique<Sqlite>(url, access, tuning);
  TRY(driver->open());
  return driver;
}

}  // namespace sluice::store
