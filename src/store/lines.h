// Whose an object is, where several organisations send versions under one id: pure rules (STIX 2.1 §3.6: only who made an object makes versions of it; docs/decisions/0015).
//
// A *line* is one maker's versions of one object in a collection. There is no signature to tell a maker by, so it is the organisation that sent them. In an audience an object has one
// line: that of who sent it there first. A reader of several audiences follows the line that began first among those it meets (version_choice.h, C0).
//
// Always holds
//   B1  All versions of an object that an audience meets are of one line, also after all that it met were deleted.
//   B2  What a sender is answered follows from what it meets and what it sent: a line that is hidden from it neither refuses its object nor changes the answer.
//   B3  What has no versions (an observable, whose id follows from its content: STIX 2.1 §2.9) is nobody's: each audience has the one that came first.
#pragma once

#include <cstdint>
#include <span>

namespace sluice::store {

inline constexpr std::int64_t kLineOfAll = 0;     // in a collection whose writers make versions of each other's objects

struct HeldLine {
  std::int64_t audience = 0, line = 0, since = 0;  // since: when it began in this audience; no two are equal
};

enum class Place {
  There,                                          // where its marking lets it go
  Apart,                                          // where nobody meets it: another's line has that audience, and the sender may not know
  Refused,                                        // another's line, as the sender may know
};

// Of a version that is sent to an audience, in the sender's own line. `held`: one row for each audience that has or had the object. `met`: the audiences that the sender meets, ascending.
Place place_of_version(std::span<const HeldLine> held, std::int64_t audience, std::int64_t line, std::span<const std::int64_t> met);

}  // namespace sluice::store
