// Who of those that can read much read how much (ACC-12): people of coordinators, administrators, and whoever reads by break-glass.
//
// The router notes each answer that showed a case or a report; notes wait here for a moment and go down in one transaction (flush(), several times a second). Who read
// more than so many different ones within an hour raises an alarm, for the organisation's administrator and auditor and the site's. Keyed tags and counts; what was
// read, and which case, stands nowhere in it.
//
// Always holds
//   L1  What was noted is on disk within a second, or still here and tried again.
//   L2  A person raises at most one alarm within an hour.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <tuple>

#include "service/services.h"
#include "store/access_log.h"

namespace sluice::service {

class ReadingLog {
 public:
  explicit ReadingLog(Services& services) : services_(services), held_(std::make_shared<Held>()) {}

  // `object`: the id of the case or report. Of others than those above nothing is kept.
  void note(const access::Viewer& viewer, std::string_view object);
  void flush();                                    // hands over what waits; doesn't wait for it
  int alarms() const { return held_->alarms; }     // raised by this process so far: for its log

 private:
  using Key = std::tuple<PersonId, OrganisationId, store::Tag>;
  // Outlives this: a Work that still waits when the server ends refers to it.
  struct Held {
    std::mutex mutex;
    std::map<Key, store::ReadNote> notes;
    std::atomic<int> alarms = 0;
  };
  static void add(Held& held, const store::ReadNote& note);
  Services& services_;
  std::shared_ptr<Held> held_;
};

struct ReadHourShown { PersonId person; OrganisationId organisation; Instant hour, last; std::int64_t cases, reads; };
BOOST_DESCRIBE_STRUCT(ReadHourShown, (), (person, organisation, hour, last, cases, reads))
struct ReadingAlarmShown { PersonId person; OrganisationId organisation; Instant at; std::int64_t cases; };
BOOST_DESCRIBE_STRUCT(ReadingAlarmShown, (), (person, organisation, at, cases))
struct AccessLog { std::vector<ReadHourShown> items; std::vector<ReadingAlarmShown> alarms; };
BOOST_DESCRIBE_STRUCT(AccessLog, (), (items, alarms))
// The last thirty days, newest first: the whole site's for its administrators and auditors, an organisation's for its own, to all others their own reading.
Result<AccessLog> access_log(Services& services, const access::Viewer& viewer);

}  // namespace sluice::service
