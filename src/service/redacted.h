// Redacted copies of what comes in, for the readers of a collection who may not have the whole (docs/markings.md), where its policy offers them. Each kind of reader whom the whole doesn't reach has
// a copy of its own, made for that reader's ceiling:
//
//   reader                    ceiling        its audience
//   a member                  AMBER+STRICT   kMembers
//   a client of a member      AMBER          kClients: nobody who is a member
//   any other reader          GREEN          kOthers: neither
//
// Called on a pool thread, before anything is written: what it needs of the site comes in.
//
// Always holds
//   C1  A reader whom the whole reaches meets no copy of it, but for the sender, which sees what members are given.
//   C2  What a copy holds may be read by all of its audience: threat/redact.h, R1, at that audience's ceiling.
//   C3  A copy's id follows from the original's, the ceiling and the site's key alone, so that a later version of the original makes a later version of the copy.
#pragma once

#include <deque>

#include "service/services.h"
#include "store/objects.h"
#include "store/reach.h"
#include "threat/redact.h"

namespace sluice::service {

// How a collection treats what has parts that a reader may not have: the words of its policy.
enum class Redacted { Withheld, Offered, Unnamed };       // Unnamed: offered, without a relationship that names the original
BOOST_DESCRIBE_ENUM(Redacted, Withheld, Offered, Unnamed)

// How far a label lets an object go.
store::Reach reach_of_label(Tlp tlp);
Tlp ceiling_of_reach(store::Reach reach);

// A copy or its relationship, as it is put: `object.bytes` points into `bytes`.
struct MadeCopy {
  std::string bytes;
  store::NewObject object;
  std::string audience;
};

struct RedactedCopies {
  std::deque<MadeCopy> all;                               // in the order in which they are put: whose they are, then each with its relationship
  std::vector<store::Reach> reached;                      // whom one was made for; `beyond`: whom not
  std::vector<store::Reach> beyond;
};

// Of an object that goes as far as `whole`. `spec`: of the object; what is of STIX 2.0 is never cut.
RedactedCopies copies_of(Services& services, const store::Collection& collection, const json::object& object, const threat::Markings& markings, const threat::MarkingLookup& lookup, store::Reach whole, int spec, Instant now);

// The ids that copies of this object and their relationships have here, whether there are any or not, from the narrowest ceiling on.
struct CopyIds { std::string copy, origin; };
std::vector<CopyIds> copy_ids(Services& services, std::string_view original);

}  // namespace sluice::service
