// What a route declares of who may call it: checked before any object is loaded, so it may depend on the caller alone (EXI-2).
//
// Participant, Coordinator and CaseOwner depend on a case. Here they ask only for somebody who could be one (a signed-in person or token);
// whether the caller is one is for authorize(), after the object was loaded with the viewer, and its "no" is then NotFound where the case is hidden.
#pragma once

#include "access/viewer.h"
#include "base/result.h"

namespace sluice::access {

enum class Caller {
  Anyone,             // no sign-in asked
  Reporter,           // a report code
  SignedIn,           // any person or token
  Participant,        // of the case in the path: a signed-in person or token, or a report code for the reporter's own part
  Coordinator,
  CaseOwner,
  OrganisationAdmin,  // administers the organisation acted for; instance administrators too
  InstanceAdmin,
  Auditor,            // instance administrators too
  Trustee,
  Member,             // of a sharing collection: a signed-in person or token
  System,             // the machine itself: no request ever is
};
BOOST_DESCRIBE_ENUM(Caller, Anyone, Reporter, SignedIn, Participant, Coordinator, CaseOwner, OrganisationAdmin, InstanceAdmin, Auditor, Trustee, Member, System)

enum class StepUp { No, Needed };
BOOST_DESCRIBE_ENUM(StepUp, No, Needed)

// Unauthenticated if nobody is signed in and somebody must be; Forbidden if who is signed in can never be such a caller, lacks the scope
// (nothing: none needed) or has not stepped up. Says nothing that depends on an object.
Result<void> admit(const Viewer& viewer, Caller caller, std::optional<Scope> scope, StepUp step_up, Instant now);

}  // namespace sluice::access
