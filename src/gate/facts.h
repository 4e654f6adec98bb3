// All that the judges need besides the Disclosure: what is true of the case, the audience, the label, the law. Passed in, so that judging is pure.
//
// service/ gathers them, in the same transaction as what they are for; a what-if gathers them from what the asker may read. What is not known
// is left at its default, and every default is the one that lets less out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cvd/ordering.h"
#include "gate/ruling.h"

namespace sluice::gate {

struct RunningTerms {
  int version = 0;
  Instant until;
};

// The case that the content belongs to.
struct CaseFacts {
  cvd::EmbargoState embargo = cvd::EmbargoState::None;
  std::optional<RunningTerms> running;                // there exactly while the embargo is Active or Revise
  std::vector<std::string> public_vulnerabilities;    // P or X holds: ids and CVE names
  bool is_public = false;                             // P or X holds for every vulnerability of the case
};

// The audience: the organisation, or the person's organisation.
struct AudienceFacts {
  cvd::Admission admission = cvd::Admission::None;
  cvd::ReportState report = cvd::ReportState::Start;
  bool is_owner = false;                              // of the case
  bool signed_running_terms = false;
  bool already_held = false;                          // could read this content before
  std::optional<std::string> essential_because;       // as written down when it was invited
  bool is_author = false;                             // the content is its own: the reporter's thread, a participant's own words
  bool is_confirmed_receiver = false;                 // the reporter confirmed it as whom the report goes to
  bool identity_shared = false;                       // the reporter shared its identity with it
  bool may_see_object = false;                        // reads what a knock points at

  // For the marking.
  bool is_community = false;                          // a signed-in organisation of this site, or a peer of the community
  bool is_recipient = false;                          // among the recipients the source or the case named: a case's confirmed participants are
  bool is_client_of_recipient = false;
  bool is_named_person = false;                       // named by the source for RED
};

struct MarkingFacts {
  bool source_permits = false;                        // the source allowed this disclosure beyond its label, on record
  bool source_is_ours = false;                        // the label is the deciding organisation's own
};

struct ReleaseFacts {
  ReleaseId id;
  bool approved = false;
  Instant due;
  std::vector<ContentHash> documents;
  bool everyone_ready = false;
  bool readiness_waived = false;
};

struct GrantFacts {
  GrantId id;
  bool open = false;                                  // not closed, and the audience is its subject
  std::optional<Instant> until;
  std::string object;                                 // what it opens; "" = judged by the caller to cover this content
};

// What regimes/ says of this act. None: no pack is in scope.
struct RegimesVerdict {
  Outcome outcome = Outcome::Allow;
  std::vector<Reason> because;
  std::vector<Duty> duties;
  std::vector<Conflict> conflicts;
  std::vector<std::string> packs;                     // hashes of the packs that were asked
  std::vector<std::string> demanded_by_law;           // rules of force `law` that demand this very act
  bool person_may_decide = false;                     // what denies is a policy, or two laws that clash: no plain prohibition by law
  std::vector<std::string> forbidden_by;              // rules of force `law` or of the actor's own policy that forbid it
};

// A person's word for what nobody owes: a note to a database, a text on a region. With a decision on record it also covers what isn't public.
struct Decided {
  PersonId by;
  std::optional<DecisionId> decision;
  std::string reason;
};

struct Facts {
  Instant now;                                        // when this is judged; the Disclosure says when it is to arrive
  std::optional<CaseFacts> case_;                     // there exactly when the Disclosure names a case
  AudienceFacts audience;
  MarkingFacts marking;
  std::optional<ReleaseFacts> release;
  std::vector<GrantFacts> grants;
  std::optional<RegimesVerdict> regimes;
  std::optional<Overridden> override_;                // a recorded decision to override, about this audience and content
  std::optional<Decided> decided;
  std::vector<std::string> set_aside;                 // the rules that it names
  bool two_person = true;                             // a site of one may switch it off (ACC-11)
};

// Why a recorded decision may not be used as an override; empty: it may. It needs a person, a reason, the users' risk, and a second person.
std::string why_no_override(const Facts& facts);

}  // namespace sluice::gate
