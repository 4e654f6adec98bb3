// Collections of threat objects: what they are called, who reads and writes them, and in which audiences a reader meets their objects.
//
//   TRY(const auto seen, store.as(viewer).collection(id_or_alias));        // NotFound where there is none, and where the viewer has no right in it
//   TRY(const auto page, page_of(store, *db, seen, wanted));              // store/objects.h
//
// An *audience* is a part of a collection's readers that meets the same objects: all of them, its members, or one organisation. A reader belongs to a few, and a page is the
// merge of what was posted to them (DESIGN: posting).
//
// Always holds
//   L1  A CollectionSeen is made by store.as(viewer) alone, so whoever holds one was let in; its audiences are those of that viewer.
//   L2  What a collection is called, and who is in it, stands sealed; its alias is found by a keyed hash.
//   L3  Who may not read meets nothing: a viewer without that right, such as a token that only writes, has no audiences, whatever its organisation reads.
//   L4  A collection that is hidden costs what none does: its card is opened only where its row is found together with the viewer's right in it, and lists look at no others (EXI-1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "store/store.h"

namespace sluice::store {

struct Collection {
  std::string id;                                 // a UUID, version 4 (TAXII 2.1 §5.2)
  std::int64_t n = 0;
  Instant created;
  std::string title;
  std::optional<std::string> description, alias;
  std::vector<OrganisationId> readers, writers;   // by name
  bool anyone_reads = false, anyone_writes = false;  // any signed-in organisation
  std::string unmarked;                           // how an object without a marking is taken: "clear", "green", "amber", "amber_strict", "red", or "refused"
  std::string redacted = "withheld";              // what has parts that a reader may not have: "withheld", "offered" as a copy, or "unnamed" (service/redacted.h)

  bool shared_ids = false;                        // its writers make versions of each other's objects (lines.h)

  bool is_member(OrganisationId id, access::OrganisationKind kind) const;
};

// The names of audiences: kept as keyed hashes, in a collection's own audience table.
inline constexpr std::string_view kAllReaders = "all";
inline constexpr std::string_view kMembers = "members";
inline constexpr std::string_view kNobody = "apart";             // of what was put aside (lines.h): nobody reads it
inline constexpr std::string_view kRecipients = "recipients";    // members and their clients
inline constexpr std::string_view kClients = "clients";          // of members, none of them a member: for redacted copies (service/redacted.h)
inline constexpr std::string_view kOthers = "others";            // neither
std::string audience_of(OrganisationId id);       // "org:o_…"

class Writing;

class CollectionSeen {
 public:
  const Collection& collection() const { return collection_; }
  bool can_read() const { return can_read_; }
  bool can_write() const { return can_write_; }
  const std::vector<std::int64_t>& audiences() const { return audiences_; }  // of the viewer; ascending
  const Tag& reader() const { return reader_; }   // the viewer's organisation
  CollectionSeen within(const std::vector<std::int64_t>& audiences) const;   // the same, of these audiences alone
  TieFilters* tie_filters() const { return tie_filters_; }                    // of the store that it was seen in (run_filters.h)
  CollectionSeen sent_by(const Tag& sender) const;                            // the same, sending by another tag: under a pseudonym (pseudonyms.h)

 private:
  friend class Sight;
  CollectionSeen() = default;
  Collection collection_;
  bool can_read_ = false, can_write_ = false;
  std::vector<std::int64_t> audiences_;
  Tag reader_{};
  TieFilters* tie_filters_ = nullptr;
};

// Conflict where the alias is taken. The collection's number is given here.
Result<void> add_collection(Writing& writing, Collection& collection);
// All there are, for whoever runs the site: by id.
Result<std::vector<Collection>> all_collections(Queries& db, const Cells& cells);
// The number of an audience; made if there is none yet.
Result<std::int64_t> audience_number(Writing& writing, const Collection& collection, std::string_view name);
// The same, if it was ever asked for.
Result<std::optional<std::int64_t>> known_audience(Queries& db, const Cells& cells, const Collection& collection, std::string_view name);

std::string stream_of_collection(std::string_view id);       // of its entries, and of the key that its objects are sealed with

}  // namespace sluice::store
