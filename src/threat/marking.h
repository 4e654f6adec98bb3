// What the markings of a STIX object come to, and who may read it. Pure: marking definitions come in by a look-up, the collection's rules as a policy.
//
// Always holds
//   M1  strictest_part >= tlp: a granular marking tightens a part and never loosens it.
//   M2  Whatever can't be read or placed counts as stricter, never as looser: an unknown marking as the policy says, a selector that hits nothing as the whole object.
//   M3  may_read is a ladder: who may read a label may read every looser one. Anonymous readers stand on its lowest step: TLP:CLEAR (ACC-15).
//   M4  What a definition means is read from the definition, never from the markings that stand on it, so that no circle of markings has any effect.
//   M5  A marking at any depth of an object, as on an observable in a container, holds at least for the object as a whole.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.h"
#include "base/json.h"
#include "base/tlp.h"

namespace sluice::threat {

// The marking definition with this id, or nullptr. Asked only for ids that aren't well known.
using MarkingLookup = std::function<const json::object*(std::string_view id)>;

// The collection's rules for what its members leave open.
struct MarkingPolicy {
  Tlp unmarked = Tlp::AmberStrict;  // an object without any TLP at its own level
  Tlp unknown = Tlp::Red;           // a marking that is neither TLP nor a statement, or whose definition isn't held
};

// ---- selectors (STIX 2.1 §7.2.3.1) -----------------------------------------------------------------------------------------------------------

struct SelectorStep {
  std::string key;                   // a property or dictionary key; "" where it is an index
  std::optional<std::size_t> index;  // [n]
  bool operator==(const SelectorStep&) const = default;
};
using Selector = std::vector<SelectorStep>;

// "external_references.[0].url". Invalid, with the position in `where`, for anything that is no selector; at most 4,000 characters and 64 steps.
Result<Selector> parse_selector(std::string_view text);
std::string selector_text(const Selector& selector);

// What it selects in the object, with all beneath; nullptr where it hits nothing.
const json::value* selected_in(const json::object& object, const Selector& selector);
// Does `outer` select `inner` or something that holds it?
bool covers(const Selector& outer, const Selector& inner);

// ---- what a marking means --------------------------------------------------------------------------------------------------------------------

// TLP 1.0 and 2.0 have fixed definitions; nothing else may carry them, nor is it needed to hold these.
std::optional<Tlp> well_known_marking(std::string_view id);
std::string_view marking_id_of(Tlp tlp);  // of TLP 2.0

struct MarkingMeaning {
  std::optional<Tlp> tlp;
  std::string statement;   // a copyright or terms-of-use sentence: to be shown, never to be obeyed
  bool is_unknown = false;
};
MarkingMeaning meaning_of(std::string_view id, const MarkingLookup& lookup);

// ---- what the markings of an object come to ---------------------------------------------------------------------------------------------------

struct MarkedPart {
  Selector selector;
  std::string marking;     // id of its definition
  Tlp tlp = Tlp::Clear;    // at least the object's
  bool is_unknown = false;
};

struct Markings {
  Tlp tlp = Tlp::AmberStrict;             // of the object as a whole
  Tlp strictest_part = Tlp::AmberStrict;  // of the object and all of its parts
  bool has_granular = false;              // some part has a marking of its own (a language alone is none)
  bool has_unknown = false;               // somewhere stands a marking that only the policy gave a meaning to
  bool is_explicit = false;               // the object itself says a TLP; else the policy did
  std::vector<MarkedPart> parts;          // stricter than the object, or unknown; in the object's order
  std::vector<std::string> statements;    // of the whole object, in its order, each once
};

Markings markings_of(const json::object& object, const MarkingLookup& lookup, const MarkingPolicy& policy = {});

// Of a language-content object: a translation is marked at least as what it translates, part by part (ours; STIX 2.1 leaves it to the translator).
Markings markings_of_translation(const json::object& content, const json::object& original, const MarkingLookup& lookup, const MarkingPolicy& policy = {});

// The language of a part (RFC 5646): its innermost granular `lang`, else the object's, else "en" (STIX 2.1 §3.2, §7.2.3).
std::string language_of(const json::object& object, const Selector& part);

// What is wrong with the markings themselves: forms, selectors that hit nothing, markings of an unknown definition (a warning), circles.
Findings check_markings(const json::object& object, const MarkingLookup& lookup);

// ---- who may read ----------------------------------------------------------------------------------------------------------------------------

// What a reader is to an object in a collection. Nothing set: a stranger.
struct ReaderRelation {
  bool is_anonymous = false;  // nobody signed in; whatever else is set then counts for nothing
  bool is_community = false;  // of a signed-in organisation of the community
  bool is_client = false;     // of a client of a member or of the submitter
  bool is_member = false;     // of an organisation that the collection is shared with: a recipient
  bool is_named = false;      // named by the source as a recipient
  bool is_submitter = false;  // of the organisation that submitted it
};

// The strictest label that this reader may read.
Tlp ceiling_of(const ReaderRelation& reader);
bool may_read(Tlp tlp, const ReaderRelation& reader);
// Why not, in a sentence for a person who knows of the object; "" where it may.
std::string why_not(Tlp tlp, const ReaderRelation& reader);

}  // namespace sluice::threat
