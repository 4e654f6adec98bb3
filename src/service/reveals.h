// Whose a pseudonym is: asked with a reason, answered by two trustees of the organisation that the collection names, on record, and told to the member.
//
//   Asked -> Agreed -> Revealed       counsel or an administrator of the site asks; one trustee agrees, a second one confirms (where the site asks for no second person, one is enough: ACC-11)
//   Asked | Agreed -> Refused
//
// In the pseudonym's own stream (pseudonyms.h): RevealAsked (reveal, pseudonym, reason), RevealAnswered (reveal, pseudonym, state). On the site's stream the same without the reason, so that
// an auditor sees how often it was done.
//
// Always holds
//   V1  Nothing and nobody else answers whose a pseudonym is. The name is in no entry that a reader, an auditor or an administrator meets.
//   V2  Who asks doesn't answer, and who agreed doesn't confirm; both answer for the trustee that the request was put to, and are its trustees at that moment.
//   V3  The member learns of it when it is done: to whom, when, why (pseudonyms.h).
#pragma once

#include "service/services.h"
#include "store/pseudonyms.h"

namespace sluice::service {

struct AskReveal {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(AskReveal, (), (reason))
// Answer {"id"}; it waits for the trustees.
Work ask_reveal(Services& services, Asker asker, std::string pseudonym, AskReveal wanted);

Work agree_to_reveal(Services& services, Asker asker, store::RevealId id);
struct RefuseReveal {
  std::string why;
};
BOOST_DESCRIBE_STRUCT(RefuseReveal, (), (why))
Work refuse_reveal(Services& services, Asker asker, store::RevealId id, RefuseReveal given);

struct RevealShown {
  store::RevealId id;
  std::string pseudonym, collection, state;       // "asked", "agreed", "revealed", "refused"
  std::string reason;
  Instant asked_at;
  PersonId asked_by;
  OrganisationId asked_for;
  std::optional<PersonId> agreed_by, confirmed_by, refused_by;
  std::optional<Instant> answered_at;
  std::optional<std::string> why_refused;
  std::optional<OrganisationId> member;           // once revealed
};
BOOST_DESCRIBE_STRUCT(RevealShown, (), (id, pseudonym, collection, state, reason, asked_at, asked_by, asked_for, agreed_by, confirmed_by, refused_by, answered_at, why_refused, member))
// Newest first: those that the viewer asked for, and those put to the trustee that it is one of.
Result<std::vector<RevealShown>> reveals(Services& services, const access::Viewer& viewer);

}  // namespace sluice::service
