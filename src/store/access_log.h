// Who of those that are watched read how many things, hour by hour, and the alarms that came of it (ACC-12). Tags and counts, never content.
#pragma once

#include <optional>
#include <vector>

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

struct ReadNote {
  PersonId person;
  OrganisationId organisation;
  Tag object{};
  Instant first, last;
  std::int64_t reads = 1;
};
Result<void> note_read(Tx& tx, const ReadNote& note);
// Different things that the person read since then, whatever the organisation.
Result<std::int64_t> things_read_since(Queries& db, PersonId person, Instant since);
Result<void> forget_reads_before(Tx& tx, Instant hour);

struct ReadHour {
  PersonId person;
  OrganisationId organisation;
  Instant hour, last;
  std::int64_t cases = 0, reads = 0;
};
struct ReadingAlarmRow {
  PersonId person;
  OrganisationId organisation;
  Instant at;
  std::int64_t cases = 0;
};
// Whose: all, an organisation's, or one person's for one organisation.
struct WhoseReading {
  std::optional<OrganisationId> organisation = {};
  std::optional<PersonId> person = {};
};
Result<std::vector<ReadHour>> reading_since(Queries& db, const WhoseReading& whose, Instant since, int limit);         // newest hour first
Result<std::vector<ReadingAlarmRow>> reading_alarms_since(Queries& db, const WhoseReading& whose, Instant since, int limit);
Result<std::optional<Instant>> last_reading_alarm(Queries& db, PersonId person);
Result<void> add_reading_alarm(Tx& tx, const ReadingAlarmRow& row);

}  // namespace sluice::store
