// What in an object gives away who sends it, where it is to stand under a pseudonym: its creator, the sender's names and addresses in any text, identifiers made from a machine or a clock.
//
// A machine can't tell who knows a style or a finding. What it finds here is refused; what it doesn't find is no promise (docs/pseudonyms.md).
//
// Always holds
//   T1  The answer follows from the object and the names alone; letters of ASCII are the same in upper and lower case, and what stands around a word makes no difference.
//   T2  Nothing in the answer repeats a text of the object.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace sluice::threat {

struct SenderNames {
  std::vector<std::string> words;       // of the organisation and its people: found as whole words
  std::vector<std::string> domains;     // "acme.example": found also within mail addresses and host names below it
  std::string own_identity;             // the pseudonym's own identity object
};

struct SenderTrace {
  std::string where;                    // JSON Pointer
  std::string why;                      // for whoever sends it
};
// The first there is, in the order of the object; none: nothing was found. `source`: an identity that may stand as its creator, since others share what that one made, too; "" for none.
std::optional<SenderTrace> trace_of_sender(const json::object& object, const SenderNames& names, std::string_view source = {});

}  // namespace sluice::threat
