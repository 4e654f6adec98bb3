// Many parties: how answers settle terms, and what a case that is split or merged leaves to the other one.
//
// Pure. What a command writes in a second case is worked out here from the first one's state before it changes; service/ writes both in one transaction.
//
// Always holds
//   P1  Every consent to terms that run or are open is the same in a case that was split off: signed, asked, declined. At most somebody who wasn't asked yet is.
//   P2  Cases never share a stream: what one hands on is written anew, under the other's keys, and in no words that only the first one's readers may read.
//   P3  Who takes part in one of two merged cases is in the other by invitation alone, unless it took part there already.
#pragma once

#include "cvd/decide.h"

namespace sluice::cvd {

// ---- terms settled by answers
enum class SettledAs { Undecided, Accepted, Refused };

// Answers that the command at hand gives, as if they were on record.
using ConsentChanges = std::map<std::pair<int, OrganisationId>, ConsentState>;

// Counts the confirmed participants that were asked. Refused: what is missing can't be reached any more.
SettledAs tally_of(const CaseFold& fold, const Terms& terms, const Settlement& settlement, const ConsentChanges& changed);

Result<void> check(const Settlement& settlement, const CaseFold& fold);

// ---- before inviting: the ways of compare_before_inviting(), each with what stands in its way now
struct Way {
  InviteOption option;
  std::optional<Instant> when;
  std::string reason;          // why it isn't open; empty: it is
  std::string_view how;        // what to do for it
};
std::vector<Way> ways_to_invite(const CaseFold& fold, const InviteComparison& compared, OrganisationId invitee, OrganisationId by, Instant now);

// ---- what the case's state says of an embargo (Vultron EM and CS): advice for people, no rule of decide()
struct EmbargoAdvice {
  StartAdvice start;                              // to propose or accept terms now
  std::optional<PendingAdvice> pending;           // while terms are open and nothing runs
  std::optional<ExistingAdvice> existing;         // while an embargo runs
  std::string_view existing_because;
};
// As the organisation sees the case. Of each vulnerability the product that is least far counts: an embargo is for those that aren't ready.
EmbargoAdvice advice_for(const CaseFold& fold, OrganisationId organisation);

// ---- a vulnerability goes to a case of its own
// In the order in which they have to be written, one transaction each part of the way; `fold` as it was before. `became_public`: facts of the world that the split follows from.
std::vector<Changes> opens_sibling(const CaseFold& fold, const CaseSplit& split, const std::vector<FactAdopted>& became_public);
// The split that these changes hold, with the sibling's id.
const CaseSplit* split_in(const Changes& changes);

// ---- two cases become one
Changes merged_away(const CaseFold& fold, CaseId survivor, const std::string& why);

// What a case tells those it was split from or into: the state of its terms after these changes. Nothing: they say nothing of terms.
std::optional<SiblingTermsChanged> news_for_siblings(const CaseFold& after, const Changes& changes);

inline constexpr std::string_view kInvitationPlanned = "invitation_planned";

// A proposal binds nobody, and one whose end has passed can bind nobody any more: accepting it would begin an embargo that is over. It can be neither answered nor settled from then on, and with the
// next tick of time it is refused (Vultron EM, reject: P to N, R to A), so that who was asked isn't asked any longer and the case isn't "proposed" for ever.
constexpr bool has_lapsed(const Terms& terms, Instant now) { return terms.state == Terms::State::Open && has_ended(terms.until, now); }
// The same, also of what was refused only after that.
constexpr bool is_lapsed(const Terms& terms, Instant now) { return has_lapsed(terms, now) || (terms.state == Terms::State::Refused && terms.settled_at && has_ended(terms.until, *terms.settled_at)); }

namespace rules {

Result<void> may_be_negotiated(const CaseFold& fold);
Attribution attribution_in_shared(const CaseFold& fold, const Ask& ask);
// What the answers bring about by themselves where the case has a rule for it; nothing where the owner decides.
Changes settle_by_answers(const CaseFold& fold, const Settlement& settlement, const ConsentChanges& changed, const Ask& ask);

// When the window of a question about terms closes that is still open.
std::optional<Instant> consent_due(const CaseFold& fold, OrganisationId organisation, const Terms& terms);
std::optional<Instant> plan_due(const CaseFold& fold, const PlannedInvitation& plan);  // nothing once it was reminded of

// A case that was merged into another is kept for reading, for its mailboxes, and for what ends things.
Result<void> takes_work(const CaseFold& fold, const Command& command);

Result<Changes> split_off(const CaseFold& fold, const std::vector<VulnerabilityId>& vulnerabilities, const std::string& why, std::optional<ClaimId> adopted, const Ask& ask);

}  // namespace rules

}  // namespace sluice::cvd
