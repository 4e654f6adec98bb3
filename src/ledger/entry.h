// One entry: what a command left behind in one stream; and its leaf, the part of it that everyone may see.
//
// Bytes: docs/formats/entry.md. Both are RFC 8785 JSON with every field present, null where there is nothing.
//
// Invariants
//   N1  An entry and a leaf have one spelling: text that is not its own re-serialisation is refused.
//   N2  commit = SHA-256(salt ‖ entry): fixes the content and, by the salt, tells nothing of it. seal = SHA-256(sealed record): provable without a key,
//       also after the key is gone.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/json.h"
#include "base/time.h"
#include "ledger/merkle.h"
#include "ledger/seal.h"

namespace sluice::ledger {

inline constexpr std::uint32_t kEntryVersion = 1;

struct LedgerEntry {
  std::string action;                       // "report.submit"
  std::optional<PersonId> actor;            // nobody: an anonymous reporter, the clock
  std::vector<json::value> changes;         // events as cvd/ and threat/ write them: {"type":…,"v":…, …}
  EntryId id;
  std::optional<std::string> object;        // the id of what was acted on
  std::optional<Instant> occurred;          // claimed; never the machine's
  std::optional<OrganisationId> org;        // on whose behalf
  std::string outcome;                      // "done", "denied", …
  std::optional<std::string> reason;        // the ruling's id, or the reason a person gave
  Instant recorded;                         // the machine's, never settable
  std::optional<RequestId> request;
  std::optional<SessionId> session;
  std::string stream;                       // "c_…/report:r_…"

  std::string bytes() const;
};
BOOST_DESCRIBE_STRUCT(LedgerEntry, (), (action, actor, changes, id, object, occurred, org, outcome, reason, recorded, request, session, stream))

Result<LedgerEntry> read_entry(std::string_view text);

struct Leaf {
  Hash commit{};
  EntryId id;
  Hash seal{};
  Instant t;  // recorded

  std::string bytes() const;
  Hash hash() const { return leaf_hash(bytes_of(bytes())); }
  bool operator==(const Leaf&) const = default;
};
BOOST_DESCRIBE_STRUCT(Leaf, (), (commit, id, seal, t))

Hash commit_of(const Salt& salt, std::string_view entry_bytes);
Leaf leaf_of(const LedgerEntry& entry, const Salt& salt, ByteView record);

// The JSON values behind bytes(), for the formats that carry them whole.
json::value to_value(const LedgerEntry& entry);
json::value to_value(const Leaf& leaf);
Result<LedgerEntry> entry_from(const json::value& value);
Result<Leaf> leaf_from(const json::value& value);

// Entries may be larger than a request: a bulk import is one entry over a list of hashes.
inline constexpr JsonLimits kLedgerJson{.bytes = 32u << 20, .depth = 40, .keys = 400'000, .string = 4u << 20};

}  // namespace sluice::ledger
