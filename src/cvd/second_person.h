// What takes two persons (ACC-11): the first one's command waits as a request until another person of the case owner's organisation has confirmed it, or of the
// taker's, where the case is taken from a silent owner.
//
// Which commands they are, and that the owner's people alone confirm, says the rights table (access/rights.h); that a silent owner's case is taken, the taker's confirm. The command is kept as it was given and
// decided anew when it is confirmed, against the case of that moment; of the first decision nothing is used, it only tells the asker at once what can't
// be done anyway. An advisory's approval is itself the second person's act and needs no request.
//
// Always holds
//   T1  A command that needs a second person brings about a request and nothing else, until another person than the asker confirms it.
//   T2  A person is one person, whatever token, session or organisation it acts through.
//   T3  A request is answered once, and not after it has expired.
//   T4  Where the site asks for no second person, what was done without one says so.
#pragma once

#include "cvd/decide.h"

namespace sluice::cvd {

inline constexpr Duration kRequestLasts = std::chrono::hours(24 * 7);

// What decide() answers in the end: the changes, or the request for a second person in their place.
Result<Changes> with_second_person(const CaseFold& fold, const Command& command, Changes changes, const Ask& ask);

// The command that a request keeps. NotFound if there is no such request; Conflict if this release reads it no more.
Result<Command> asked_command(const CaseFold& fold, TwoPersonRequestId request);

}  // namespace sluice::cvd
