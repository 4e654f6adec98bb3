// A mitigation that is there before a case is public, told to all of a role at one instant: who would be told, what the gate says of each, how unequal that is; and the telling itself.
//
// Who stands for a role: the participants of the case that have it, and the members of the collections that its owner chose for it. Each is judged alone. What a participant is told stands in its own compartment;
// what a collection's members are told is posted there, as objects of their own ids that go to its members and no further (TLP:AMBER+STRICT). All of one batch is one transaction, so one instant.
//
// Always holds
//   I1  Nobody is told without a Ruling that allows it, recorded in the transaction that tells; what the gate denied, and why, is on record beside it.
//   I2  A collection's members get it together or not at all: one whom the gate denies keeps it from the others there, since they read the same.
//   I3  A collection stands for a role only if its readers are named and its case owner reads and writes it; so nobody comes to read it later by coming to this site.
//   I4  What is proposed is worked out from what its viewer reads. Only the coordination has proposals in its view; nobody else learns that there is one.
//   I5  The gate's word of a proposal holds for that moment. It is asked again when the first person asks, and when the second confirms.
#pragma once

#include "cvd/decide.h"
#include "gate/channel.h"
#include "service/services.h"
#include "store/objects.h"

namespace sluice::service {

// What was asked of the gate for one command, and is done when that command is decided (cases.cpp).
class Telling {
 public:
  // Before it is decided: fills `ask.known`. Nothing for any other command.
  static Result<Telling> prepare(Unit& unit, Services& services, const Asker& asker, const cvd::CaseFold& fold, const cvd::Command& act, cvd::Ask& ask);
  // In the transaction of its events, and only where they tell somebody.
  Result<void> carry_out(Unit& unit, Services& services, const cvd::CaseFold& before, const cvd::Changes& changes);
  // It was refused: what the gate denied stays on record (denials.h).
  void keep_denials(Unit& unit, Services& services, CaseId id, const Error& refused);

 private:
  struct Judged { OrganisationId organisation; std::optional<std::string> collection; gate::Disclosure disclosure; gate::Ruling ruling; std::optional<gate::Pass> pass; };
  std::vector<Judged> judged_;
  OrganisationId owner_;
};

// {"proposals", "told", "notes", "collections"}: documented in docs/howto/mitigations.md.
Result<json::object> mitigations_of(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen);

}  // namespace sluice::service
