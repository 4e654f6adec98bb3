// How far an object goes in its collection, and what changes when that widens or narrows. Of versions that one organisation sent: what others sent under the same id is left alone.
//
//   Sender      the organisation that sent it                        TLP:RED
//   Members     and the collection's members                         TLP:AMBER+STRICT
//   Recipients  and the members' clients                             TLP:AMBER
//   AllReaders  and every other reader of the collection             TLP:GREEN, TLP:CLEAR
//
// Always holds
//   Q1  Widening posts anew and takes nothing away: who met a version keeps the posting that it met, and who gains it meets it at a date that nobody has passed (objects.h, H1).
//   Q2  Narrowing moves postings as they stand: who may still read meets nothing twice, and who may not meets it no more.
#pragma once

#include <array>

#include "base/bind.h"
#include "store/writing.h"
#include "store/collections.h"
#include "store/held.h"

namespace sluice::store {

enum class Reach { Sender, Members, Recipients, AllReaders };
BOOST_DESCRIBE_ENUM(Reach, Sender, Members, Recipients, AllReaders)

std::string audience_at(Reach reach, OrganisationId sender);     // its name
std::optional<Reach> reach_of_audience(std::string_view name);   // Sender for an organisation's own; none for what is no step of the ladder

// The audiences of a collection by their numbers. What is none of the ladder is met by its sender alone, or by nobody.
class Ladder {
 public:
  static Result<Ladder> of(Queries& db, const Cells& cells, const Collection& collection);
  Reach reach_of(std::int64_t audience) const;
  bool is_nobodys(std::int64_t audience) const { return nobody_ == audience; }
  bool has_steps_below(Reach reach) const;        // was anything of this collection ever posted to less than this?

 private:
  std::array<std::optional<std::int64_t>, 4> numbers_{};
  std::optional<std::int64_t> nobody_;
  bool has_own_ = false;
};

struct SentVersion {
  std::int64_t object = 0, audience = 0, date_added = 0, version_at = 0;
  int spec = 2001;
  Reach reach = Reach::Sender;
  bool is_aside = false;                          // nobody meets it, as another's line has its audience (lines.h)
};

// All postings of what this organisation sent under this id, by date; without redacted copies, which have ids of their own.
Result<std::vector<SentVersion>> sent_versions(Queries& db, const Cells& cells, const Collection& collection, const Ladder& ladder, const Tag& sender, std::string_view id);
// The same of what was read already.
std::vector<SentVersion> sent_versions(std::span<const HeldRow> held, const Ladder& ladder, const Tag& sender);
// How far the newest of them goes: that holds for all. None if there is none but what was put aside.
std::optional<Reach> reach_of(std::span<const SentVersion> versions);

// How far it went before all of it was deleted (objects.h keeps whose an id was). None if it never was there.
Result<std::optional<Reach>> reach_once(Queries& db, const Cells& cells, const Collection& collection, const Ladder& ladder, const Tag& sender, std::string_view id);

// Is there anything that was deleted, and whose it was is still known? Else reach_once answers none for each.
Result<bool> has_bound_ids(Queries& db, const Collection& collection);

// The step of the ladder that a reader of this collection stands on; the sender's own is nobody else's.
Result<Reach> step_of(Queries& db, Store& store, const Collection& collection, OrganisationId reader, access::OrganisationKind kind);

// Posts these to the readers who gain them (Q1). Their number; those that are posted as far already aren't counted.
Result<std::int64_t> post_anew(Writing& writing, const Collection& collection, std::string_view id, std::span<const SentVersion> versions, Reach to, OrganisationId sender, Instant now);

// Moves those that go further than `to` (Q2). Their number.
Result<std::int64_t> draw_in(Writing& writing, const Collection& collection, std::string_view id, std::span<const SentVersion> versions, Reach to, OrganisationId sender, Instant now);

}  // namespace sluice::store
