// What comes from a peer, told apart: is it new, was it here already, or did it only come back? Pure.
//
// Sites that read each other's collections would hand the same objects round for ever, and each round would look like one more source. An object's bytes stay as
// they came, so nothing is written into it. Two things tell: what this site gave to whom (deliveries), and *marks* that travel beside the objects (TAXII 2.1 §3.7
// lets an envelope have custom properties). A mark is a keyed hash that a site makes of an object's id and version: the site knows its own again, to all
// others it is a random word, and so a list of them says how many sites lie between, and not which. Servers that know nothing of marks drop them; what was given to their readers still tells.
//
// Always holds
//   L1  What this site itself gave to the peer, or passed on and met again behind others, is never new.
//   L2  What the peer was not given, and what carries no mark of ours, is a loop only if its id is random: an observable's id follows from its value, so two who never met make the same one,
//       and what is missing afterwards must not tell a peer that somebody else shared it here.
//   L3  More copies held, and more of them given away, never turn a loop into something new.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bind.h"

namespace sluice::service {

inline constexpr std::size_t kMostHops = 16;      // sites that an object passes; one more is not taken
inline constexpr std::size_t kMarkLetters = 24;

// Loops are CameBack and CameRound. Only ever added to: health is kept by these words.
enum class Arrival {
  New,                                            // to be taken in
  TakenBefore,                                    // from this peer
  KnownFromAnother,                               // another peer brought it into the same collection: nothing to add but that this one has it too
  CameBack,                                       // this site gave it to this peer
  CameRound,                                      // this site gave it to others, and they to this peer
  Changed,                                        // an object that was first sent here and given to the peer, with a content that nobody here sent
  CalledBack,                                     // it was first sent here, and its sender took it back
  TooFar,                                         // it passed more sites than kMostHops
};
BOOST_DESCRIBE_ENUM(Arrival, New, TakenBefore, KnownFromAnother, CameBack, CameRound, Changed, CalledBack, TooFar)

constexpr bool is_loop(Arrival arrival) { return arrival == Arrival::CameBack || arrival == Arrival::CameRound; }

// A version that this site holds under the same id.
struct HeldCopy {
  bool same_content = false;
  bool from_this_peer = false, from_another_peer = false;
  bool given_to_this_peer = false, given_to_a_peer = false;   // to the organisation that the peer is here
  bool in_target = false;                         // in the collection that the peer's objects go to
};

struct Arriving {
  bool has_own_mark = false;
  std::size_t hops = 0;                           // marks that it came with
  bool has_random_id = true;
  bool was_called_back = false;                   // all its versions here were deleted, and none was of this peer
};

Arrival arrival_of(const Arriving& arriving, std::span<const HeldCopy> held);

// Of an identifier "type--uuid": is its UUID of version 4 or 7, not made from a value (RFC 9562 §5)?
bool has_random_uuid(std::string_view id);

// A mark as it travels: kMarkLetters of lower-case hexadecimal.
bool is_mark(std::string_view text);

// In words for whoever runs the site; "" for what is taken without a word.
std::string why_not_taken(Arrival arrival);

}  // namespace sluice::service
