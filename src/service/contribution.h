// What a member gave, gathered from what it sent, and where it stands by that: its own points, each with its reason, for itself alone.
//
// A package is what a member put into one collection within one hour (UTC), so that it makes no difference in how many envelopes it came. It is counted once the hour is over, by the scores that its objects
// had when they came, as the member itself met the collection then; and it is kept then, so that what is deleted later takes no points away.
//
// Always holds
//   M1  A member's points follow from what it may read itself; nothing hidden from it moves them.
//   M2  The same package or object counts once for each kind of gift, whoever asks how often.
//   M3  Points are told to the member itself (C4). What it sent under pseudonyms counts in with the rest, in no answer to anybody else (pseudonyms.h).
#pragma once

#include "service/alliance_tables.h"

namespace sluice::service {

struct PointsLine {
  Instant at;
  std::string of;                                 // the package or the object
  threat::MilliPoints points = 0;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(PointsLine, (), (at, of, points, reason))

struct ReadingShown {
  std::string collection;                         // its id
  bool is_given = true;
  TlpLabel up_to;
  Duration delay{};
  std::optional<std::int64_t> objects_a_day;
  std::string why;
};
BOOST_DESCRIBE_STRUCT(ReadingShown, (), (collection, is_given, up_to, delay, objects_a_day, why))

struct PointsShown {
  Instant at, joined;
  threat::MilliPoints total = 0;
  std::int64_t days = 0;
  threat::MilliPoints daily_mean = 0;
  Instant counted_until;                          // the hour that runs: what was sent since counts when it is over
  std::int64_t packages = 0;
  threat::MilliPoints per_package = 0;
  std::string standing;                           // the step; "" where there are none
  std::string why;                                // it stands there
  bool is_grace = false;
  std::optional<threat::MilliPoints> to_next;
  std::vector<ReadingShown> reads;                // collections where standing narrows what it may read
  std::vector<PointsLine> lines;                  // newest first
  std::int64_t lines_left_out = 0;
  bool is_complete = true;                        // false: not all that was sent was gone through yet; ask again
};
BOOST_DESCRIBE_STRUCT(PointsShown, (), (at, joined, total, days, daily_mean, counted_until, packages, per_package, standing, why, is_grace, to_next, reads, lines, lines_left_out, is_complete))

struct Points {
  PointsShown shown;
  std::optional<Work> keep;                       // what was gathered: to be written down before the answer leaves
};
Result<Points> points_of(Services& services, const access::Viewer& viewer);

// Of a decision: within its transaction. `member`: whose it is.
Result<void> keep_validation(Services& services, Unit& unit, const store::Tag& member, std::string_view object);
Result<void> keep_noise(Services& services, Unit& unit, const store::Tag& member, std::string_view object);

}  // namespace sluice::service
