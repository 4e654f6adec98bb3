// Recalls: that an object was called back, whom that was told, and what they did. Rows in, rows out; when one is made is service/recalls.h's.
//
// Always holds
//   K1  Which object it was, why, and what was answered are sealed; a notice is found by the keyed hash of the organisation that it is for.
//   K2  An organisation has one notice of a recall, and is asked for by itself alone: nobody's list is read to make another's.
//   K5  A recall that somebody is told of has a date of its own in its collection's order (objects.h, H1): whoever follows the collection by date misses no notice and gets none twice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "store/collections.h"

namespace sluice::store {

// How an object was called back. Only ever added to.
enum class RecallKind { Revoked, Deleted, Recalled, Narrowed };
BOOST_DESCRIBE_ENUM(RecallKind, Revoked, Deleted, Recalled, Narrowed)

struct RecallBody {
  std::string object, collection;                 // ids
  RecallKind kind = RecallKind::Recalled;
  std::string reason;
  std::optional<std::string> instead;             // the id that was asked for: where `object` is a redacted copy of another
};
BOOST_DESCRIBE_STRUCT(RecallBody, (), (object, collection, kind, reason, instead))

struct RecallRow {
  std::string id;                                 // a UUID
  Instant at;
  Tag sender{};
  RecallBody body;
};

// What an organisation did with what it had. Only ever added to.
enum class RecallDone { Deleted, Kept, PassedOn };
BOOST_DESCRIBE_ENUM(RecallDone, Deleted, Kept, PassedOn)

struct RecallAnswer {
  RecallDone done = RecallDone::Deleted;
  std::optional<std::string> reason;
  std::vector<std::string> passed_on_to;
  std::optional<PersonId> by;
};
BOOST_DESCRIBE_STRUCT(RecallAnswer, (), (done, reason, passed_on_to, by))

struct NoticeRow {
  Tag organisation{};
  Instant at, fetched;                            // told, and first fetched
  std::optional<Instant> answered;
  std::optional<RecallAnswer> answer;
};

// Of one object: who has any of its versions that are still there.
struct Fetched {
  Tag organisation{};
  Instant first;
  std::int64_t versions = 0;
};

struct NoticeWithRecall {
  NoticeRow notice;
  RecallRow recall;
};

// The date that it was given; 0 where nobody is told.
Result<std::int64_t> add_recall(Tx& tx, const Cells& cells, const Collection& collection, const RecallRow& row, std::span<const Fetched> told);
// NotFound where this organisation has no such notice.
Result<NoticeWithRecall> notice_of(Queries& db, const Cells& cells, std::string_view recall, const Tag& organisation);
Result<void> answer_notice(Tx& tx, const Cells& cells, std::string_view recall, const Tag& organisation, Instant now, const RecallAnswer& answer);
// Newest first, from before `before` (its instant and id) on.
struct NoticePlace { std::int64_t at = 0; std::string recall; };
Result<std::vector<NoticeWithRecall>> notices_of(Queries& db, const Cells& cells, const Tag& organisation, const std::optional<NoticePlace>& before, int most);
// Of one object, oldest first, and what was told of one.
Result<std::vector<RecallRow>> recalls_of(Queries& db, const Cells& cells, const Collection& collection, std::string_view object, int most);
Result<std::vector<NoticeRow>> told_of(Queries& db, const Cells& cells, std::string_view recall);

// Of one collection, told to this organisation after `after` and until `upto`, oldest first.
struct DatedNotice {
  std::int64_t posted = 0;
  NoticeWithRecall notice;
};
Result<std::vector<DatedNotice>> notices_between(Queries& db, const Cells& cells, std::int64_t collection, const Tag& organisation, std::int64_t after, std::int64_t upto, int most);
// When somebody was last told of a recall in this collection; INT64_MIN: never. What is asked before anybody's notices are looked for.
Result<std::int64_t> last_notice_in(Queries& db, std::int64_t collection);

// Who fetched it, in the order of their first time.
Result<std::vector<Fetched>> fetched(Queries& db, const Cells& cells, const Collection& collection, std::string_view object);

}  // namespace sluice::store
