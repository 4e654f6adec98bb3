#include "store/access_log.h"

namespace sluice::store {

namespace {
constexpr std::int64_t kHour = 3'600'000'000;

constexpr Sql kNote{"note_read",
                    "INSERT INTO case_read (person, organisation, object, hour, first_at, last_at, reads) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                    "ON CONFLICT (person, organisation, object, hour) DO UPDATE SET last_at = excluded.last_at, reads = case_read.reads + excluded.reads"};
constexpr Sql kThings{"things_read_since", "SELECT COUNT(DISTINCT object) FROM case_read WHERE person = $1 AND last_at > $2"};
constexpr Sql kForgetReads{"forget_reads_before", "DELETE FROM case_read WHERE hour < $1"};

// An absent organisation or person is every one.
constexpr Sql kReading{"reading_since",
                       "SELECT person, organisation, hour, MAX(last_at), COUNT(*), CAST(SUM(reads) AS BIGINT) FROM case_read "
                       "WHERE hour >= $1 AND (organisation = $2 OR $2 = '') AND (person = $3 OR $3 = '') GROUP BY person, organisation, hour ORDER BY hour DESC, person, organisation LIMIT $4"};
constexpr Sql kAlarms{"reading_alarms_since",
                      "SELECT person, organisation, at, cases FROM reading_alarm WHERE at >= $1 AND (organisation = $2 OR $2 = '') AND (person = $3 OR $3 = '') ORDER BY at DESC, person LIMIT $4"};
constexpr Sql kLastAlarm{"last_reading_alarm", "SELECT MAX(at) FROM reading_alarm WHERE person = $1"};
constexpr Sql kAddAlarm{"add_reading_alarm", "INSERT INTO reading_alarm (person, at, organisation, cases) VALUES ($1, $2, $3, $4)"};

template <class I>
std::string or_any(const std::optional<I>& id) { return id ? id->text() : std::string(); }
}  // namespace

Result<void> note_read(Tx& tx, const ReadNote& note) {
  TRY(tx.run(kNote, note.person, note.organisation, note.object, note.last.micros - note.last.micros % kHour, note.first, note.last, note.reads));
  return {};
}

Result<std::int64_t> things_read_since(Queries& db, PersonId person, Instant since) {
  TRY(const auto count, db.number(kThings, person, since));
  return count.value_or(0);
}

Result<void> forget_reads_before(Tx& tx, Instant hour) {
  TRY(tx.run(kForgetReads, hour));
  return {};
}

Result<std::vector<ReadHour>> reading_since(Queries& db, const WhoseReading& whose, Instant since, int limit) {
  std::vector<ReadHour> out;
  TRY(auto rows, db.query(kReading, since, or_any(whose.organisation), or_any(whose.person), limit));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    ReadHour one;
    TRY(one.person, rows.id<PersonId>(0));
    TRY(one.organisation, rows.id<OrganisationId>(1));
    one.hour = rows.instant(2);
    one.last = rows.instant(3);
    one.cases = rows.i64(4);
    one.reads = rows.i64(5);
    out.push_back(one);
  }
}

Result<std::vector<ReadingAlarmRow>> reading_alarms_since(Queries& db, const WhoseReading& whose, Instant since, int limit) {
  std::vector<ReadingAlarmRow> out;
  TRY(auto rows, db.query(kAlarms, since, or_any(whose.organisation), or_any(whose.person), limit));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    ReadingAlarmRow one;
    TRY(one.person, rows.id<PersonId>(0));
    TRY(one.organisation, rows.id<OrganisationId>(1));
    one.at = rows.instant(2);
    one.cases = rows.i64(3);
    out.push_back(one);
  }
}

Result<std::optional<Instant>> last_reading_alarm(Queries& db, PersonId person) {
  TRY(const auto at, db.number(kLastAlarm, person));
  return at ? std::optional(Instant{*at}) : std::nullopt;
}

Result<void> add_reading_alarm(Tx& tx, const ReadingAlarmRow& row) {
  TRY(tx.run(kAddAlarm, row.person, row.at, row.organisation, row.cases));
  return {};
}

}  // namespace sluice::store
