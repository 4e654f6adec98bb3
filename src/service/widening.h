// Planned releases of threat objects: the only way in which an object comes to more readers than its marking and its sender let it go at first.
//
// A person of the organisation that sent the objects plans one: which objects, how far, at what instant, why. A second person of it approves. At the instant the clock posts the versions that were
// planned anew to those who gain them, all in one transaction. Until then it can be withdrawn, or the objects recalled.
//
//   Asked -> Planned -> Fired          a second person approved; its instant came
//   Asked -> Refused | Withdrawn
//   Planned -> Withdrawn | Held        held: what was planned isn't there any more, was narrowed since, its sender may not write any more, or the gate denies it
//
// Early sharing is the same with nothing sent before: objects go to the members now, whatever wider marking they carry, and a release to where their own marking lets them go is planned with them.
//
// Events in the collection's stream: WideningAsked (widening, collection, objects, at, reason), WideningAnswered (widening, approved), WideningWithdrawn (widening), WideningFired (widening, posted),
// WideningHeld (widening, why).
//
// Always holds
//   W1  Nothing fires before its instant, nor unapproved; where the site asks for no second person (ACC-11), the plan counts as approved, and says by whom.
//   W2  Who plans doesn't approve. Both are of the organisation that sent the objects.
//   W3  What fires is what was planned: a later version doesn't go along.
//   W4  Firing is judged by the gate and leaves its Ruling on record.
#pragma once

#include "service/services.h"
#include "store/widenings.h"

namespace sluice::service {

inline constexpr std::size_t kMostWidened = 1'000;        // objects of one release

struct PlanWidening {
  std::vector<std::string> objects;                       // ids
  std::string to;                                         // a word of Tlp: clear, green, amber, amber_strict
  Instant at;                                             // now or before: as soon as it is approved
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(PlanWidening, (), (objects, to, at, reason))

// Answers {"id"}; it waits for a second person.
Work plan_widening(Services& services, Asker asker, std::string collection, PlanWidening wanted);
Work approve_widening(Services& services, Asker asker, std::string collection, ReleaseId id);
Work refuse_widening(Services& services, Asker asker, std::string collection, ReleaseId id);     // by another person than who asked
Work withdraw_widening(Services& services, Asker asker, std::string collection, ReleaseId id);

// Inside the transaction that put the objects: a plan for what was shared early.
Result<ReleaseId> plan_early(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, std::vector<store::WidenedObject> objects, Instant at, const std::string& reason);
Result<void> check_early(Services& services, const Asker& asker, Instant at, const std::string& reason);

// All that are due: called each second. One's trouble stops no other.
Result<int> fire_widenings(Services& services, Instant now);

struct WideningShown {
  ReleaseId id;
  std::string state;                                      // "asked", "planned", "fired", "withdrawn", "refused", "held"
  std::vector<store::WidenedObject> objects;
  Instant at, asked_at;
  std::string reason;
  PersonId asked_by;
  std::optional<PersonId> answered_by;
  std::optional<Instant> answered_at, ended_at;
  std::optional<std::string> why_ended;
  std::int64_t posted = 0;
};
BOOST_DESCRIBE_STRUCT(WideningShown, (), (id, state, objects, at, asked_at, reason, asked_by, answered_by, answered_at, ended_at, why_ended, posted))
Result<std::vector<WideningShown>> widenings(Services& services, const access::Viewer& viewer, std::string_view collection);   // of the viewer's organisation, newest first

}  // namespace sluice::service
