// PostgreSQL behind Db, by libpq: prepared statements, parameters and results in binary, rows streamed in single-row mode. Longer than most, and one idea: one driver.
//
// A session is read-only by default; only a Write or Schema transaction may write, and those begin with their lock (D6).
// The server decides each parameter's type; encode() writes what it asked for, or refuses. It never turns text into numbers or back.
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <limits>
#include <string>
#include <unordered_map>

#include "store/driver.h"

namespace sluice::store {

namespace {

using Steady = std::chrono::steady_clock;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;
struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

// pg_type.dat: the oids of built-in types never change.
constexpr Oid kBool = 16, kBytea = 17, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kBpchar = 1042, kVarchar = 1043, kUnknown = 705, kNumeric = 1700;

constexpr Oid array_of(Oid element) {
  switch (element) {
    case kBool: return 1000;
    case kBytea: return 1001;
    case kInt2: return 1005;
    case kInt4: return 1007;
    case kText: return 1009;
    case kVarchar: return 1015;
    case kInt8: return 1016;
    default: return 0;
  }
}
constexpr bool is_text(Oid type) { return type == kText || type == kVarchar || type == kBpchar || type == kName || type == kUnknown; }

// SQLSTATE to our codes. Appendix A of PostgreSQL's manual.
std::string_view code_of(std::string_view state) {
  if (state == "23505") return "unique";
  if (state == "23503") return "reference";
  if (state.starts_with("23")) return "check";
  if (state == "22021" || state == "22P05") return "text";
  if (state == "53100") return "full";
  if (state == "53200") return "memory";
  if (state == "53300" || state == "55P03" || state == "40001" || state == "40P01") return "busy";
  if (state == "57014") return "timeout";
  if (state == "25006") return "read-only";
  if (state == "25P02") return "aborted";
  if (state.starts_with("XX001") || state.starts_with("XX002") || state == "58030") return "corrupt";
  if (state.starts_with("08") || state.starts_with("57P") || state == "25P03") return "lost";
  return "statement";
}

template <class T>
void append(std::string& out, T number) {  // network byte order
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) out += static_cast<char>(static_cast<std::make_unsigned_t<T>>(number) >> shift);
}
template <class T>
T read(const char* from) {
  std::make_unsigned_t<T> out = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) out = static_cast<std::make_unsigned_t<T>>(out << 8 | static_cast<std::uint8_t>(from[i]));
  return static_cast<T>(out);
}

template <class T>
bool fits(std::int64_t number) { return number >= std::numeric_limits<T>::min() && number <= std::numeric_limits<T>::max(); }

// A whole NUMERIC: what SUM over BIGINT gives. 16-bit digits to base 10000, weight of the first, sign.
std::int64_t whole_numeric(std::string_view from) {
  if (from.size() < 8) return 0;
  const auto digits = read<std::int16_t>(from.data()), weight = read<std::int16_t>(from.data() + 2);
  const auto sign = read<std::uint16_t>(from.data() + 4);
  if (sign != 0 && sign != 0x4000) return 0;
  __int128 out = 0;
  for (int i = 0; i <= weight; ++i) {
    out *= 10'000;
    if (i < digits && from.size() >= 10 + 2 * static_cast<std::size_t>(i)) out += read<std::int16_t>(from.data() + 8 + 2 * i);
    if (out > std::numeric_limits<std::int64_t>::max()) return 0;
  }
  return static_cast<std::int64_t>(sign ? -out : out);
}

// The bytes of one value for a parameter or array element of this type; an error's text if they can't be had.
const char* encode(std::string& out, const Param& param, Oid type) {
  if (const auto* number = param.number()) {
    switch (type) {
      case kInt8: return append(out, *number), nullptr;
      case kInt4: return fits<std::int32_t>(*number) ? (append(out, static_cast<std::int32_t>(*number)), nullptr) : "a number does not fit its 32 bits; CAST($n AS BIGINT) widens it";
      case kInt2: return fits<std::int16_t>(*number) ? (append(out, static_cast<std::int16_t>(*number)), nullptr) : "a number does not fit its 16 bits";
      case kBool: return out += static_cast<char>(*number != 0), nullptr;
      case kNumeric: {  // as whole_numeric() reads it
        std::array<std::int16_t, 5> digits{};
        int count = 0;
        for (auto rest = *number < 0 ? 0 - static_cast<std::uint64_t>(*number) : static_cast<std::uint64_t>(*number); rest != 0; rest /= 10'000) digits[count++] = static_cast<std::int16_t>(rest % 10'000);
        append(out, static_cast<std::int16_t>(count)), append(out, static_cast<std::int16_t>(count - 1)), append<std::uint16_t>(out, *number < 0 ? 0x4000 : 0), append<std::int16_t>(out, 0);
        while (count > 0) append(out, digits[--count]);
        return nullptr;
      }
      default: return "a number is given where the column holds something else";
    }
  }
  if (const auto text = param.text()) {
    if (!is_text(type)) return "text is given where the column holds something else";
    out += *text;
    return nullptr;
  }
  if (type != kBytea) return "bytes are given where the column holds something else";
  out.append(reinterpret_cast<const char*>(param.bytes()->data()), param.bytes()->size());
  return nullptr;
}

// Parameters as libpq takes them: one buffer, and pointers into it, which is why it is filled where it stands and never moved. Reused from call to call.
struct Encoded {
  std::string buffer;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  std::vector<std::size_t> starts;

  Encoded() = default;
  Encoded(Encoded&&) = delete;

  void clear() { buffer.clear(), values.clear(), lengths.clear(), starts.clear(); }
  void begin_value() { starts.push_back(buffer.size()); }
  void end_value() { lengths.push_back(static_cast<int>(buffer.size() - starts.back())); }
  void point() {  // once the buffer grows no more
    formats.assign(starts.size(), 1);
    for (const auto start : starts) values.push_back(buffer.data() + start);
  }
  int size() const { return static_cast<int>(values.size()); }
};

class Postgres final : public Driver {
 public:
  Postgres(const DatabaseUrl& url, Access access, const Tuning& tuning) : url_(url), access_(access), tuning_(tuning) {}

  Engine engine() const override { return Engine::Postgres; }

  Result<void> open() {
    // Before dbname, so that the url may say otherwise. A dead peer is noticed in about 25 s; only a primary will do (REL-5).
    static constexpr const char* kKeys[] = {"connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "target_session_attrs", "application_name", "dbname", "client_encoding", nullptr};
    const char* values[] = {"10", "10", "5", "3", "25000", "primary", "sluice", url_.target().c_str(), "UTF8", nullptr};
    connection_.reset(PQconnectdbParams(kKeys, values, 1));
    if (!connection_) return trouble("memory", "connect");
    PQsetNoticeReceiver(connection_.get(), &Postgres::notice, this);
    if (PQstatus(connection_.get()) != CONNECTION_OK) return trouble("lost", "connect to " + url_.shown());  // libpq's own words may hold the url's
    const char* encoding = PQparameterStatus(connection_.get(), "server_encoding");
    if (!encoding || std::string_view(encoding) != "UTF8") return trouble("unsupported", "connect", "the database must be made with ENCODING 'UTF8'");
    const auto ms = [](Duration d) { return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()); };
    TRY(command("SET default_transaction_read_only = on", "connect"));
    TRY(command("SET lock_timeout = " + ms(tuning_.lock_wait), "connect"));
    TRY(command("SET statement_timeout = " + ms(tuning_.statement_limit), "connect"));
    TRY(command("SET idle_in_transaction_session_timeout = 60000", "connect"));  // a writer that hangs must not hold the ledger for ever
    // D1, where the server was set to less; remote_apply and the like are left as they are.
    return command("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')", "connect");
  }

  Result<void> begin(Mode mode) override {
    if (mode == Mode::Read) return command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "begin");
    if (access_ == Access::ReadOnly) return trouble("read-only", "begin");
    TRY(command("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", "begin"));
    // The lock comes first, so every later statement sees all that earlier writers committed: positions are gap-free and nothing has to be retried.
    // What makes the tables there are none of yet to lock: by the name of the schema, so that nobody waits for another site in the same database.
    return command(mode == Mode::Write ? "LOCK TABLE ledger_head IN EXCLUSIVE MODE" : "SELECT pg_advisory_xact_lock(hashtextextended(COALESCE(current_schema(), ''), 7308339910637985895))", "begin");
  }
  Result<void> commit() override {
    warned_ = false;
    const Answer answer = committed();
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return failed(answer.get(), "commit");
    if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT") return trouble("aborted", "commit");
    // The one warning a COMMIT gives: waiting for the standby was cut short, so this may be lost in a failover.
    if (warned_) return trouble("lost", "commit", "it is on this server, but no standby has confirmed it");
    return {};
  }
  void rollback() override {
    if (PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) (void)command("ROLLBACK", "rollback");
  }
  Result<void> savepoint() override { return command("SAVEPOINT s", "savepoint"); }
  Result<void> rollback_to() override {
    TRY(command("ROLLBACK TO s", "rollback to savepoint"));
    return release();
  }
  Result<void> release() override { return command("RELEASE s", "release savepoint"); }

  Result<void> start(const Sql& sql, std::span<const Param> params) override {
    TRY(const Prepared* const statement, prepared(sql));
    TRY(encode_all(sql.name, params, statement->types));
    const int sent = PQsendQueryPrepared(connection_.get(), statement->name.c_str(), encoded_.size(), encoded_.values.data(), encoded_.lengths.data(), encoded_.formats.data(), 1);
    if (sent != 1) return trouble(is_broken() ? "lost" : "statement", sql.name);
    PQsetSingleRowMode(connection_.get());
    return {};
  }
  Result<bool> step() override {
    row_.reset(PQgetResult(connection_.get()));
    switch (row_ ? PQresultStatus(row_.get()) : PGRES_COMMAND_OK) {
      case PGRES_SINGLE_TUPLE: return true;
      case PGRES_TUPLES_OK:
      case PGRES_COMMAND_OK: return false;
      default: return failed(row_.get(), running);
    }
  }
  void finish() override {
    row_.reset();
    while (Answer rest{PQgetResult(connection_.get())}) {}
  }
  bool is_null(int column) const override { return !has(column) || PQgetisnull(row_.get(), 0, column) == 1; }
  std::int64_t i64(int column) const override {
    const auto from = cell(column);
    switch (from.empty() ? kUnknown : PQftype(row_.get(), column)) {
      case kInt8: return read<std::int64_t>(from.data());
      case kInt4: return read<std::int32_t>(from.data());
      case kInt2: return read<std::int16_t>(from.data());
      case kBool: return from[0] != 0;
      case kNumeric: return whole_numeric(from);
      default: return 0;
    }
  }
  std::string_view text(int column) const override { return has(column) && is_text(PQftype(row_.get(), column)) ? cell(column) : std::string_view(); }
  ByteView bytes(int column) const override { return has(column) && PQftype(row_.get(), column) == kBytea ? bytes_of(cell(column)) : ByteView(); }

  Result<std::int64_t> run(const Sql& sql, std::span<const Param> params) override {
    TRY(const Prepared* const statement, prepared(sql));
    TRY(encode_all(sql.name, params, statement->types));
    return execute(*statement, sql.name);
  }

  Result<std::int64_t> insert_many(const Bulk& bulk, const Batch& batch) override {
    TRY(const Prepared* const statement, prepared(bulk, batch.columns()));
    constexpr std::size_t kRowsAtOnce = 5'000;
    const auto width = batch.columns();
    std::int64_t inserted = 0;
    for (auto cells = batch.cells(); !cells.empty();) {
      // a slice is at most kRowsAtOnce rows or about 32 MB; an array of PostgreSQL's is never near its 1 GB
      std::size_t rows = 0;
      for (std::size_t size = 0; rows < kRowsAtOnce && rows * width < cells.size() && size < 32 << 20; ++rows)
        for (const auto& cell : cells.subspan(rows * width, width)) size += cell.text() ? cell.text()->size() : cell.bytes() ? cell.bytes()->size() : 8;
      TRY(encode_columns(bulk, cells.first(rows * width), statement->types));
      TRY(const auto some, execute(*statement, bulk.table));
      inserted += some;
      cells = cells.subspan(rows * width);
    }
    return inserted;
  }

  Result<void> script(std::string_view statement) override { return command(std::string(statement), "a script"); }

  Result<void> notify(std::string_view channel, std::string_view payload) override {
    static constexpr Sql kNotify{"notify", "SELECT pg_notify($1, $2)"};
    if (payload.size() > 7'999) return trouble("statement", "notify", "the payload is longer than 7999 bytes");
    const std::array<Param, 2> params{Param(channel), Param(payload)};
    TRY(run(kNotify, params));
    return {};
  }
  Result<void> listen(std::string_view channel) override {
    char* const quoted = PQescapeIdentifier(connection_.get(), channel.data(), channel.size());
    if (!quoted) return trouble(is_broken() ? "lost" : "text", "listen");
    const std::string text = "LISTEN " + std::string(quoted);
    PQfreemem(quoted);
    return command(text, "listen");
  }
  Result<std::optional<Notification>> wait_notification(Duration timeout) override {
    const auto until = Steady::now() + timeout;
    for (;;) {
      if (PQconsumeInput(connection_.get()) != 1) return trouble("lost", "listen");
      if (PGnotify* const got = PQnotifies(connection_.get())) {
        Notification out{got->relname, got->extra};
        PQfreemem(got);
        return out;
      }
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
      if (left <= 0) return std::nullopt;
      pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
      if (poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000))) < 0 && errno != EINTR) return trouble("lost", "listen");
    }
  }

  Result<void> checkpoint(Checkpoint) override { return {}; }
  bool is_broken() const override {
    if (!connection_) return true;
    // A server that is gone has closed its end. Seen here without a round trip, so that the first command after a failover doesn't have to pay for it.
    if (PQstatus(connection_.get()) == CONNECTION_OK && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) (void)PQconsumeInput(connection_.get());
    return PQstatus(connection_.get()) != CONNECTION_OK;
  }
  Result<void> reopen() override {
    statements_.clear();
    row_.reset();
    connection_.reset();
    return open();
  }

 private:
  struct Prepared {
    std::string name;
    std::vector<Oid> types;
  };

  // A COMMIT waits for its standby for as long as that takes, and statement_timeout doesn't count there (PostgreSQL ends it before the commit). So it is
  // we who stop waiting: the server is asked to cancel, and says with a warning that no standby has it; if it says nothing at all, the connection is given up.
  Answer committed() {
    if (tuning_.statement_limit <= Duration::zero()) return Answer(PQexec(connection_.get(), "COMMIT"));
    if (PQsendQuery(connection_.get(), "COMMIT") != 1) return {};
    auto until = Steady::now() + tuning_.statement_limit;
    for (bool cancelled = false;;) {
      if (PQconsumeInput(connection_.get()) != 1) break;
      if (PQisBusy(connection_.get()) == 0) break;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
      pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
      if (left > 0) {
        if (poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000))) < 0 && errno != EINTR) break;
        continue;
      }
      if (cancelled) {
        connection_.reset();
        return {};
      }
      cancelled = true;
      until = Steady::now() + tuning_.statement_limit;
      if (PGcancel* const cancel = PQgetCancel(connection_.get())) {
        char why[256];
        (void)PQcancel(cancel, why, sizeof why);
        PQfreeCancel(cancel);
      }
    }
    Answer first(PQgetResult(connection_.get()));
    while (Answer rest{PQgetResult(connection_.get())}) {}
    return first;
  }

  std::unexpected<Error> failed(const PGresult* result, std::string_view what) const {
    const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    if (!state) return trouble(is_broken() ? "lost" : "statement", what);
    const char* constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    return trouble(code_of(state), what, constraint ? constraint : state);  // the message and detail may hold values (D5)
  }

  Result<void> command(const std::string& text, std::string_view what) {
    const Answer answer(PQexec(connection_.get(), text.c_str()));
    const auto status = PQresultStatus(answer.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
    return failed(answer.get(), what);
  }

  // Nothing is bound when a statement is prepared, so what the server says is about the SQL alone.
  Result<void> prepare(std::string_view what, const std::string& name, const std::string& text, std::span<const Oid> types = {}) {
    const Answer answer(PQprepare(connection_.get(), name.c_str(), text.c_str(), static_cast<int>(types.size()), types.empty() ? nullptr : types.data()));
    if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) return {};
    const char* state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
    const char* message = PQresultErrorField(answer.get(), PG_DIAG_MESSAGE_PRIMARY);
    return state && message && code_of(state) == "statement" ? trouble("statement", what, message) : failed(answer.get(), what);
  }
  Result<std::vector<Oid>> types_of(std::string_view what, const std::string& name) {
    const Answer answer(PQdescribePrepared(connection_.get(), name.c_str()));
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return failed(answer.get(), what);
    std::vector<Oid> types(static_cast<std::size_t>(PQnparams(answer.get())));
    for (std::size_t i = 0; i < types.size(); ++i) types[i] = PQparamtype(answer.get(), static_cast<int>(i));
    return types;
  }

  Result<const Prepared*> prepared(const Sql& sql) {
    const std::string key(sql.text);
    if (const auto found = statements_.find(key); found != statements_.end()) return &found->second;
    const std::string name = "s" + std::to_string(++names_);
    TRY(prepare(sql.name, name, key));
    TRY(auto types, types_of(sql.name, name));
    return &(statements_[key] = {name, std::move(types)});
  }

  // INSERT … SELECT FROM unnest(arrays): one round trip for thousands of rows. The column types are asked of a plain INSERT first (the unnamed
  // statement), since a column of NULLs could not tell.
  Result<const Prepared*> prepared(const Bulk& bulk, std::size_t columns) {
    const std::string into = "INSERT INTO " + std::string(bulk.table) + " (" + std::string(bulk.columns) + ") ";
    const std::string key = into + std::string(bulk.on_conflict);
    if (const auto found = statements_.find(key); found != statements_.end()) return &found->second;
    std::string places;
    for (std::size_t i = 1; i <= columns; ++i) places += (i > 1 ? ",$" : "$") + std::to_string(i);
    TRY(prepare(bulk.table, "", into + "VALUES (" + places + ")"));
    TRY(auto types, types_of(bulk.table, ""));
    std::vector<Oid> arrays;
    for (const Oid type : types) {
      arrays.push_back(array_of(type));
      if (arrays.back() == 0) return trouble("unsupported", bulk.table, "a column has a type that insert_many does not know");
    }
    const std::string name = "s" + std::to_string(++names_);
    TRY(prepare(bulk.table, name, into + "SELECT * FROM unnest(" + places + ") " + std::string(bulk.on_conflict), arrays));
    return &(statements_[key] = {name, std::move(types)});
  }

  Result<void> encode_all(std::string_view what, std::span<const Param> params, std::span<const Oid> types) {
    if (params.size() != types.size()) return trouble("statement", what, "the number of parameters is wrong");
    encoded_.clear();
    for (std::size_t i = 0; i < params.size(); ++i) {
      if (params[i].text() && !is_storable_text(*params[i].text())) return trouble("text", what);
      encoded_.begin_value();
      if (const char* wrong = params[i].is_null() ? nullptr : encode(encoded_.buffer, params[i], types[i])) return trouble("statement", what, "parameter " + std::to_string(i + 1) + ": " + wrong);
      encoded_.end_value();
    }
    encoded_.point();
    for (std::size_t i = 0; i < params.size(); ++i)
      if (params[i].is_null()) encoded_.values[i] = nullptr;
    return {};
  }

  // One binary array a column: dimensions 1, has NULLs, element type, length, lower bound 1, then each element with its length (-1: NULL).
  Result<void> encode_columns(const Bulk& bulk, std::span<const Param> cells, std::span<const Oid> types) {
    encoded_.clear();
    const auto rows = static_cast<std::int32_t>(cells.size() / types.size());
    std::string element;
    for (std::size_t column = 0; column < types.size(); ++column) {
      encoded_.begin_value();
      for (const std::int32_t head : {1, 1, static_cast<std::int32_t>(types[column]), rows, 1}) append(encoded_.buffer, head);
      for (std::size_t i = column; i < cells.size(); i += types.size()) {
        if (cells[i].is_null()) {
          append<std::int32_t>(encoded_.buffer, -1);
          continue;
        }
        if (cells[i].text() && !is_storable_text(*cells[i].text())) return trouble("text", bulk.table);
        element.clear();
        if (const char* wrong = encode(element, cells[i], types[column])) return trouble("statement", bulk.table, "column " + std::to_string(column + 1) + ": " + wrong);
        append(encoded_.buffer, static_cast<std::int32_t>(element.size()));
        encoded_.buffer += element;
      }
      encoded_.end_value();
    }
    encoded_.point();
    return {};
  }

  Result<std::int64_t> execute(const Prepared& statement, std::string_view what) {
    const Answer answer(PQexecPrepared(connection_.get(), statement.name.c_str(), encoded_.size(), encoded_.values.data(), encoded_.lengths.data(), encoded_.formats.data(), 1));
    const auto status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failed(answer.get(), what);
    if (std::string_view(PQcmdStatus(answer.get())).starts_with("SELECT")) return 0;
    return std::strtoll(PQcmdTuples(answer.get()), nullptr, 10);
  }

  bool has(int column) const { return row_ && PQntuples(row_.get()) > 0 && column >= 0 && column < PQnfields(row_.get()); }
  std::string_view cell(int column) const {
    if (!has(column)) return {};
    return {PQgetvalue(row_.get(), 0, column), static_cast<std::size_t>(PQgetlength(row_.get(), 0, column))};
  }

  static void notice(void* self, const PGresult* result) {  // kept from stderr: it may hold values
    const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && std::string_view(severity) == "WARNING") static_cast<Postgres*>(self)->warned_ = true;
  }

  const DatabaseUrl url_;
  const Access access_;
  const Tuning tuning_;
  std::unique_ptr<PGconn, Finish> connection_;
  std::unordered_map<std::string, Prepared> statements_;  // by text
  std::uint64_t names_ = 0;
  Encoded encoded_;
  Answer row_;
  bool warned_ = false;
};

}  // namespace

Result<std::unique_ptr<Driver>> open_postgres(const DatabaseUrl& url, Access access, const Tuning& tuning) {
  auto driver = std::make_unique<Postgres>(url, access, tuning);
  TRY(driver->open());
  return driver;
}

}  // namespace sluice::store
