// Pseudonyms of members in collections: rows in, rows out; who may ask, and what a pseudonym may do, is service/pseudonyms.h's.
//
// A pseudonym sends under an id of its own, of the form of an organisation's: what it sends stands under the keyed hash of that id (objects.h: sender), so that nothing beside an object leads to the member,
// and its objects are a line of their own (lines.h).
//
// Always holds
//   P1  Whose a pseudonym is stands sealed in its own row alone. Without the site's keys no two rows can be told to be the same member's but those of one collection.
//   P2  A name is never given twice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "store/collections.h"

namespace sluice::store {

struct PseudonymPolicy {
  std::int64_t k = 5;                             // members that must share what is said
  std::string says = "nothing";                   // the most that is said of a sender: a word of threat::SaidOfSender
  std::int64_t apart_minutes = 10;                // that a member waits after it sent by name, before it sends under a pseudonym
  OrganisationId trustee;                         // whose trustees reveal
};
BOOST_DESCRIBE_STRUCT(PseudonymPolicy, (), (k, says, apart_minutes, trustee))

// Only ever added to.
enum class PseudonymState { InUse, Replaced };
BOOST_DESCRIBE_ENUM(PseudonymState, InUse, Replaced)

struct PseudonymBody {
  OrganisationId stands_for;                      // the id that sends
  OrganisationId member;
  std::string collection;                         // its id
  std::string identity;                           // the identity object's id
  std::string level;                              // how much is said: a word of threat::SaidOfSender
  std::string sector, region;                     // what is said
  PersonId made_by;
  bool is_introduced = false;                     // its identity object is in the collection
};
BOOST_DESCRIBE_STRUCT(PseudonymBody, (), (stands_for, member, collection, identity, level, sector, region, made_by, is_introduced))

struct PseudonymRow {
  std::string name;                               // "member-" and 16 hexadecimal digits
  std::int64_t collection = 0;
  PseudonymState state = PseudonymState::InUse;
  Instant made;
  PseudonymBody body;
};

Result<std::optional<PseudonymPolicy>> pseudonym_policy(Queries& db, const Cells& cells, const Collection& collection);
Result<void> set_pseudonym_policy(Tx& tx, const Cells& cells, const Collection& collection, const PseudonymPolicy& policy);

Result<void> add_pseudonym(Tx& tx, Store& store, const PseudonymRow& row);
Result<void> change_pseudonym(Tx& tx, Store& store, const PseudonymRow& row);
Result<std::optional<PseudonymRow>> pseudonym(Queries& db, const Cells& cells, std::string_view name);
Result<std::vector<PseudonymRow>> pseudonyms_of(Queries& db, const Cells& cells, const Collection& collection, OrganisationId member);   // oldest first
// The name that readers see of whoever sent with this tag; none for a member under its own name. Opens nothing.
Result<std::optional<std::string>> pseudonym_of_sender(Queries& db, const Tag& sender);

Result<void> bind_token(Tx& tx, const Cells& cells, TokenId token, std::string_view pseudonym);
Result<std::optional<std::string>> pseudonym_of_token(Queries& db, const Cells& cells, TokenId token);

// ---- what one sender holds in a collection, whoever meets it: for what must not stand under two names

Result<bool> holds_value(Queries& db, const Collection& collection, const Tag& sender, const Tag& value);
Result<bool> holds_object(Queries& db, const Cells& cells, const Collection& collection, const Tag& sender, std::string_view id);
// Have others than these sent this identity, and have these neither sent it nor, as far as some thousands of objects show, named it as a creator?
Result<bool> is_source_of_others(Queries& db, const Cells& cells, const Collection& collection, std::string_view identity, const std::vector<Tag>& own);
Result<std::optional<Instant>> last_sent(Queries& db, const Collection& collection, const Tag& sender);

// ---- whose a pseudonym is, asked and answered

using RevealId = TwoPersonRequestId;

// Only ever added to.
enum class RevealState { Asked, Agreed, Revealed, Refused };
BOOST_DESCRIBE_ENUM(RevealState, Asked, Agreed, Revealed, Refused)

struct RevealBody {
  std::string reason;
  PersonId asked_by;
  OrganisationId asked_for;                       // the organisation that the asker acts for
  OrganisationId trustee;
  std::optional<PersonId> agreed_by, confirmed_by, refused_by;
  std::optional<Instant> answered_at;             // revealed or refused
  std::optional<std::string> why_refused;
};
BOOST_DESCRIBE_STRUCT(RevealBody, (), (reason, asked_by, asked_for, trustee, agreed_by, confirmed_by, refused_by, answered_at, why_refused))

struct RevealRow {
  RevealId id;
  std::string pseudonym;
  Instant asked_at;
  RevealState state = RevealState::Asked;
  RevealBody body;
};

Result<void> add_reveal(Tx& tx, const Cells& cells, const RevealRow& row);
Result<void> change_reveal(Tx& tx, const Cells& cells, const RevealRow& row);
Result<std::optional<RevealRow>> reveal_by_id(Queries& db, const Cells& cells, RevealId id);
Result<std::vector<RevealRow>> reveals_of(Queries& db, const Cells& cells, std::string_view pseudonym);    // oldest first
Result<std::vector<RevealRow>> newest_reveals(Queries& db, const Cells& cells, std::int64_t most);

std::string stream_of_pseudonym(std::string_view name);      // of entries that say who acted: no reader's
inline constexpr std::size_t kMostPseudonyms = 50;           // of one member in one collection

}  // namespace sluice::store
