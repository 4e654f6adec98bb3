// Which body is competent for what, on what basis: regimes/authorities.yaml. The form: docs/formats/authorities.md.
//
// Always holds
//   A1  A remit names its basis and how far that was verified. A remit that a text leaves open says so in `unclear`, and isn't settled by us.
//   A2  A body of a lower level, another kind or another place is never named as competent.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.h"
#include "base/json.h"
#include "regimes/vocabulary.h"

namespace sluice::regimes {

struct Remit {
  std::vector<std::string> rules;      // "regime/rule"
  std::vector<std::string> topics;     // of the directory's list, for what no rule asks
  std::string does, basis, unclear;    // unclear: "" or why it isn't settled who is competent
  std::vector<std::string> mark;
  bool verified = true;
  std::string where;                   // file:line
};

// One body, or a kind of which there is one in each place.
struct Authority {
  std::string id, name, kind, place;
  std::vector<std::string> levels;     // at which there is one; none: it has no levels
  std::string each;                    // "" for one body, else what there is one for: "member state", "sector"
  std::string reach, notes;
  bool reach_verified = true;
  std::vector<Remit> remits;
};

struct Directory {
  std::string edition;
  std::map<std::string, std::string, std::less<>> topics;    // word: what it says
  std::map<std::string, Authority, std::less<>> bodies;      // by id

  // A later file adds bodies, and takes the place of those with the same id. With an error nothing of it is used.
  Findings add(std::string_view yaml, std::string_view file, const Vocabulary& words);
};

inline constexpr std::string_view kAuthoritiesFile = "authorities.yaml";

struct Question {
  std::string rule;       // "regime/rule", "regime" for any of its rules; "": whatever
  std::string topic;      // "": whatever
  Recipient asked;        // kind, where, and the lowest level that will do; what is empty isn't asked
};

struct Competent {
  const Authority* body = nullptr;
  const Remit* remit = nullptr;
  std::string place, level;            // of the body to go to: the place asked, the lowest level that will do
};

// In the order of the directory's ids, and of each body's remits.
std::vector<Competent> who_is_competent(const Directory& directory, const Vocabulary& words, const Question& question);
json::object to_json(const Competent& competent);
std::string to_text(const Competent& competent);   // "public security organ, prefecture or above, CN-ZJ"

// What it says of rules that their packs don't have; `rules`: of each pack by its id.
Findings unfitting(const Directory& directory, const std::map<std::string, std::vector<std::string>>& rules);

}  // namespace sluice::regimes
