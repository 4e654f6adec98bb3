// Values that are known to be harmless, or too common to say anything: who is about to share one is warned, and decides.
//
// Always holds
//   N1  A warning is never a refusal: what an attacker did with a resolver or a private address may be just what is to be told.
//   N2  A range warns of each address and each smaller range in it; a domain of each name under it; a host of each URL and mail address at it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "threat/observable.h"

namespace sluice::threat {

struct BenignEntry {
  Value value;        // normalised; a domain-name stands for all names under it
  std::string why;    // "private network (RFC 1918)"
  std::string source; // the list's name
};

struct BenignList {
  std::string name;
  std::vector<BenignEntry> entries;  // sorted by value
};

inline constexpr std::size_t kMostBenignEntries = 1'000'000;

// Special ranges of IANA's registries, names set aside for examples, well-known resolvers, hashes of nothing.
const BenignList& builtin_benign();

// The form of a list: docs/formats/benign-list.md. A line is `kind value why…`; "#" begins a comment, "name: …" on a line before all values names the list.
// Invalid with "line 7" in `where`; at most 64 MiB and kMostBenignEntries values.
Result<BenignList> read_benign_list(std::string_view text);

struct BenignSign {
  std::string value;    // as it stands in the list
  std::string why;
  std::string source;
  std::string warning;  // a sentence for whoever is about to share it
};
std::vector<BenignSign> benign_signs(const Value& value, const BenignList& list);

}  // namespace sluice::threat
