// What stands behind a Db: one connection of one engine. Implemented in sqlite.cpp and postgres.cpp, used by db.cpp alone.
//
// A driver runs what it is told; which calls are allowed when (D3, D4) is decided once for both in db.cpp, with the open members below.
#pragma once

#include <memory>

#include "store/db.h"

namespace sluice::store {

class Driver {
 public:
  virtual ~Driver() = default;
  virtual Engine engine() const = 0;

  virtual Result<void> begin(Mode mode) = 0;
  virtual Result<void> commit() = 0;  // on failure rollback() follows
  virtual void rollback() = 0;
  virtual Result<void> savepoint() = 0;
  virtual Result<void> rollback_to() = 0;
  virtual Result<void> release() = 0;

  // A streamed statement: start, step until false or error, finish. Parameters may be gone after start().
  virtual Result<void> start(const Sql& sql, std::span<const Param> params) = 0;
  virtual Result<bool> step() = 0;
  virtual void finish() = 0;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t i64(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual ByteView bytes(int column) const = 0;

  virtual Result<std::int64_t> run(const Sql& sql, std::span<const Param> params) = 0;
  virtual Result<std::int64_t> insert_many(const Bulk& bulk, const Batch& batch) = 0;
  virtual Result<void> script(std::string_view statement) = 0;

  virtual Result<void> notify(std::string_view channel, std::string_view payload) = 0;
  virtual Result<void> listen(std::string_view channel) = 0;
  virtual Result<std::optional<Notification>> wait_notification(Duration timeout) = 0;

  virtual Result<void> checkpoint(Checkpoint how) = 0;
  virtual bool is_broken() const = 0;
  virtual Result<void> reopen() = 0;

  enum class State { Idle, Open, Failed };
  State state = State::Idle;
  Mode mode = Mode::Read;      // of the open transaction
  bool has_savepoint = false;
  bool is_streaming = false;
  std::uint64_t serial = 0;    // counts statements
  std::string_view running;    // the name of the streamed Sql
};

Result<std::unique_ptr<Driver>> open_sqlite(const DatabaseUrl& url, Access access, const Tuning& tuning);
Result<std::unique_ptr<Driver>> open_postgres(const DatabaseUrl& url, Access access, const Tuning& tuning);

// The one place where the codes in db.h get their kind and words. `detail` must not hold values (D5): a constraint, a message about the SQL itself.
std::unexpected<Error> trouble(std::string_view code, std::string_view what, std::string_view detail = {});

// UTF-8 without NUL: what both engines can store and give back unchanged.
bool is_storable_text(std::string_view text);

}  // namespace sluice::store
