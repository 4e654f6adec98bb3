// How a fix reaches users when several parties deliver it one after the other.
//
// Of one vulnerability, the open waits (RemedyWaitsFor) make a graph of products without cycles: a board waits for a chip, an operating system for the board.
// From it and from the vendors' own steps follows how far each fix has really come. "Fixed" is a vendor's word on its product and F and D are facts that are
// never taken back; neither says that users can have the fix. That is said here alone: what a regime's fact `fix.available` stands for is fix_available().
//
// Pure, and it looks at one fold only: in a view it says what follows from what that viewer was told, where a product that the viewer doesn't know is as far
// as DeliveryMoved told it to be.
//
// Always holds
//   V1  A step counts for others from `distributed` on only when nothing is left that the product itself waits for.
//   V2  A product whose fix others take before it is distributed reaches its users through them: it is available once the last of them delivers.
//   V3  In a circle (a fold made of streams that don't belong together) nobody delivers.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "cvd/case.h"

namespace sluice::cvd {

enum class Reach { NotNeeded, None, Partly, Available };
BOOST_DESCRIBE_ENUM(Reach, NotNeeded, None, Partly, Available)

struct Availability {
  Reach reach = Reach::None;
  std::optional<Instant> since;          // available: when the last along the chain delivered, where that is known
  std::vector<ProductId> last;           // not available: who has yet to deliver to users
};

// One vulnerability's remedies as they stand.
struct Chain {
  struct Link { std::optional<RemedyStep> step; std::optional<Instant> distributed; bool affected = true; };
  std::map<ProductId, Link> products;    // known to this fold
  std::vector<Wait> waits;               // open ones

  std::vector<const Wait*> waits_of(ProductId product) const;
  // The products from one to another along the waits, both named; empty: there is no way.
  std::vector<ProductId> way(ProductId from, ProductId to) const;
};
Chain chain_of(const CaseFold& fold, VulnerabilityId vulnerability);

// What follows for each product of a chain.
struct Delivery {
  std::map<ProductId, std::optional<RemedyStep>> reached;  // as far as it counts for others (V1)
  std::map<ProductId, Availability> availability;
  std::map<ProductId, int> tier;                           // 0: waits for nobody
  bool met(const Wait& wait) const;
  std::vector<const Wait*> unmet(const Chain& chain, ProductId product) const;
};
Delivery delivery_of(const Chain& chain);

// What a regime's `fix.available` is asked of: one vulnerability in one product.
bool fix_available(const CaseFold& fold, VulnerabilityId vulnerability, ProductId product);

// The newest word on the fix as it is now: those from before the last reopening speak of another fix.
const Answer::Assessment* assessment_of_this_fix(const Answer& answer);
// A fix that a test stands behind. Steps recorded before assessments were kept have none, and count; a test that failed since takes it back.
bool is_validated(const Answer& answer);
// Its newest test passed, for a part of the attack only.
bool is_partial(const Answer& answer);

// Targets of time that ask for this fix to be out, or for publication, while nobody has validated it: shown with the risk of haste, and nothing follows from them.
std::vector<const Target*> targets_on_a_fix(const CaseFold& fold, VulnerabilityId vulnerability, ProductId product);

}  // namespace sluice::cvd
