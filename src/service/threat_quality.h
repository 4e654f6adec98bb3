// How good an object is, told to one reader: the facts of threat/quality.h gathered from what this reader meets in the collection, and the score that follows from them.
// And what members say against an object: doubts, which a person of the site decides. docs/quality.md says what is gathered from where.
//
// In the collection's stream of the ledger (service/collections.h):
//   ObjectDoubted   collection, object, doubt, reason
//   DoubtsDecided   collection, object, is_proven, why, doubts
//
// Always holds
//   G1  What the reader doesn't meet changes nothing of what it is told, nor what that costs: values, sources, context, sightings and opinions count as far as its own audiences hold them.
//   G2  What came after the instant asked for doesn't count, so the same record gives the same bytes as of that instant, whatever came since.
//   G3  Who doubts is told to nobody; the number of those who do is told to whoever meets the object.
//   G4  A doubt is decided by a person who neither sent the object nor doubts it.
#pragma once

#include "service/services.h"
#include "store/standing.h"
#include "threat/quality.h"

namespace sluice::service {

// Of one object, so that a score costs what a page does; the rest doesn't count. docs/quality.md says so.
inline constexpr std::size_t kMostValuesScored = 100;
inline constexpr std::int64_t kMostHoldersScored = 200;    // of one value, in one audience
inline constexpr std::size_t kMostNamingScored = 100;      // relationships, sightings, opinions: of each

// One version of an object as the reader meets it, opened.
struct ScoredObject {
  store::HeldPosting posting;                     // of this version
  std::string id, version;
  int spec = 2001;
  json::object object;
};
// The newest that it met by then. NotFound for none.
Result<ScoredObject> object_as_of(Services& services, store::Queries& db, const store::CollectionSeen& seen, std::string_view id, Instant at);
// The version that was posted so, whatever came later.
Result<ScoredObject> object_posted(Services& services, store::Queries& db, const store::CollectionSeen& seen, const store::HeldPosting& posting);

Result<threat::QualityFacts> quality_facts(Services& services, store::Queries& db, const store::CollectionSeen& seen, const ScoredObject& scored, Instant at);

// {"object", "version", "at", "table", "points", "fresh", "left", "decay", "parts"}. NotFound for what the viewer doesn't meet, or didn't then; Invalid for an instant to come.
Result<json::object> score_of(Services& services, const access::Viewer& viewer, std::string_view collection, std::string_view id, std::optional<Instant> at);

// The objects of a page in their order, each with its points alone: {"items", "at", "table", "next"?}. `next` is the `added_after` of the page that follows.
Result<json::object> scores(Services& services, const access::Viewer& viewer, std::string_view collection, std::optional<Instant> added_after, std::int64_t most, std::optional<Instant> at);

struct DoubtObject {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(DoubtObject, (), (reason))
// Conflict where the organisation doubts it already, or sent it.
Work doubt_object(Services& services, Asker asker, std::string collection, std::string id, DoubtObject doubt);

// The newest of them: one's own, with what became of it; for whoever may decide, also those of others that wait, of objects that it meets. Who doubts isn't said.
struct DoubtShown {
  std::string id, object;
  Instant at;
  std::string reason;
  bool is_own = false;
  std::optional<Instant> decided_at;
  std::optional<bool> is_proven;
  std::optional<std::string> why;
};
BOOST_DESCRIBE_STRUCT(DoubtShown, (), (id, object, at, reason, is_own, decided_at, is_proven, why))
Result<std::vector<DoubtShown>> doubts_shown(Services& services, const access::Viewer& viewer, std::string_view collection);

struct DecideDoubts {
  bool is_proven = false;                         // true: it is noise; false: it is not
  std::string why;
};
BOOST_DESCRIBE_STRUCT(DecideDoubts, (), (is_proven, why))
// Of all doubts that wait. Forbidden to whoever isn't of the site, sent the object or doubts it; Conflict where none waits.
Work decide_doubts(Services& services, Asker asker, std::string collection, std::string id, DecideDoubts decision);

}  // namespace sluice::service
