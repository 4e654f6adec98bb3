#include "access/caller.h"

namespace sluice::access {

namespace {

bool may_be(const Viewer& viewer, Caller caller) {
  using enum Caller;
  const bool signed_in = viewer.is_signed_in();
  switch (caller) {
    case Anyone: return true;
    case Reporter: return viewer.kind == Viewer::Kind::Reporter;
    case Participant: return signed_in || viewer.kind == Viewer::Kind::Reporter;
    case SignedIn:
    case Coordinator:
    case CaseOwner:
    case Member: return signed_in;
    case OrganisationAdmin: return signed_in && viewer.role == SiteRole::Admin;
    case InstanceAdmin: return signed_in && viewer.is_instance_admin;
    case Auditor: return signed_in && (viewer.role == SiteRole::Auditor || viewer.is_instance_admin);
    case Trustee: return signed_in && viewer.role == SiteRole::Trustee;
    case System: return false;  // the machine was let through above
  }
  return false;
}

std::string who(Caller caller) {
  using enum Caller;
  switch (caller) {
    case OrganisationAdmin: return "Only an administrator of the organisation may do this.";
    case InstanceAdmin: return "Only an administrator of this site may do this.";
    case Auditor: return "Only an auditor may do this.";
    case Trustee: return "Only a trustee may do this.";
    case System: return "Only the server itself does this.";
    case Reporter: return "This is opened by a report code, not by an account.";
    default: return "This needs an account; a report code opens its own mailbox only.";
  }
}

}  // namespace

Result<void> admit(const Viewer& viewer, Caller caller, std::optional<Scope> scope, StepUp step_up, Instant now) {
  if (viewer.kind == Viewer::Kind::System) return {};
  if (!may_be(viewer, caller)) {
    if (viewer.kind == Viewer::Kind::Nobody) return fail(ErrorKind::Unauthenticated, "Sign in, or send a token, to do this.");
    return fail(ErrorKind::Forbidden, who(caller));
  }
  if (scope && !viewer.has_scope(*scope)) return fail(ErrorKind::Forbidden, "This token lacks the scope " + to_word(*scope) + ".", {}, "AUT-7", "scope-missing");
  // Step-up is a matter of accounts: who needs none to call has none to confirm.
  if (step_up == StepUp::Needed && viewer.is_signed_in() && !viewer.is_stepped_up(now))
    return fail(ErrorKind::Forbidden, "Confirm with your second factor first; it holds for ten minutes.", {}, "AUT-6", "step-up-needed");
  return {};
}

}  // namespace sluice::access
