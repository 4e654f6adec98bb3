// The rows behind cases that learn of threat objects (service/case_threats.h): how far was looked, what touches what, and public lists of what is exploited.
//
// Always holds
//   K1  Which case an object touches stands sealed, under a name that nobody without the key can make. What is on a public list is as public as the list.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

// The newest date_added of each collection, by its number: one query.
Result<std::map<std::int64_t, std::int64_t>> collection_heads(Queries& db);

Result<std::optional<std::int64_t>> threat_place(Queries& db, const Tag& reader, std::int64_t collection);
Result<void> set_threat_place(Tx& tx, const Tag& reader, std::int64_t collection, std::int64_t date_added);

// By what the reader's cases were looked for in a collection: names of keys, each once and for good.
Tag threat_key_name(const Cells& cells, std::string_view key);
Result<std::set<Tag>> looked_for(Queries& db, const Tag& reader, std::int64_t collection);
Result<void> note_looked_for(Tx& tx, const Tag& reader, std::int64_t collection, const std::vector<Tag>& keys);

struct CaseTouch {
  CaseId case_id;
  VulnerabilityId vulnerability;
  std::string touch;                              // a word of cvd::Touch
  bool operator==(const CaseTouch&) const = default;
};
Result<std::vector<CaseTouch>> touches_of(Queries& db, const Cells& cells, OrganisationId reader, std::string_view object);
// Added to what is there; at most kMostTouches an object. True: one of them is new.
Result<bool> add_touches(Tx& tx, const Cells& cells, OrganisationId reader, std::string_view object, const std::vector<CaseTouch>& touches);
inline constexpr std::size_t kMostTouches = 100;

struct KnownExploited {
  std::string list, cve;
  std::optional<Instant> since;
  std::string version;
};
// One that is there already keeps the day it came in.
Result<void> put_known_exploited(Tx& tx, const std::vector<KnownExploited>& entries, Instant now);
Result<std::vector<KnownExploited>> lists_with(Queries& db, std::string_view cve);
// Changes exactly when something was put: for whoever keeps in mind that it has looked.
Result<std::int64_t> known_exploited_mark(Queries& db);

}  // namespace sluice::store
