// What a reader is given of an object some part of which it may not read: nothing, or, where the collection's rules say so, a redacted copy.
//
// A copy is a new object: its own id, made by the site, derived from the original (STIX 2.1 §3.6: only its creator makes versions of an object). The same
// original gives the same copy to every reader with the same ceiling, so one copy serves all of them, and a new version of the original a new version of it.
//
// Always holds
//   R1  A copy holds nothing that is marked above the ceiling it was made for, and no text from there that stands elsewhere in it as well.
//   R2  Redaction never widens: the copy's TLP is explicit and at least the original's.
//   R3  Nothing left behind tells how much was taken: lists close up, selectors count what is there, no id is computed from what was taken.
//   R4  A copy is a whole object of its type: where a property that its type requires would be missing, or the type isn't one of STIX 2.1's, it is withheld.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "threat/marking.h"

namespace sluice::threat {

enum class ReadOutcome { Whole, Copy, Withheld };

struct RedactionPolicy {
  MarkingPolicy marking;
  bool offers_copies = false;
  std::string made_by;       // id of the site's identity, created_by_ref of copies; "": they have none
  bool names_original = true;  // with the derived-from relationship; its id tells a reader that the original exists
};

struct Redaction {
  ReadOutcome outcome = ReadOutcome::Withheld;
  json::object copy;          // where outcome is Copy
  json::object relationship;  // copy derived-from original; empty where the policy says so, or where the original's id is computed from its values (R3)
  std::string why;            // for those who may know of the object; never for the reader it is withheld from
};

// `key`: the site's own key for ids of copies, so that nobody else can tell which original a copy is of. `made_at` stands in the relationship of an object that has no times.
Redaction redacted_for(Tlp ceiling, const json::object& object, const Markings& markings, ByteView key, Instant made_at, const MarkingLookup& lookup, const RedactionPolicy& policy);

// The id that a copy of this object for this ceiling has, whether there is one or not.
std::string id_of_copy(std::string_view original, Tlp ceiling, ByteView key);

}  // namespace sluice::threat
