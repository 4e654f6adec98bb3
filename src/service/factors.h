// The second factor: one-time codes by time, and ten recovery codes for the day the phone is lost (AUT-2).
//
// Whoever coordinates, or administers an organisation or the site, must have one; the first sign-in sets it. Others may. It is asked for after the password, and for
// step-up (AUT-6). Losing it takes a recovery code, or two administrators: one asks, a second one confirms. The command line on the data directory is the system, as
// for passwords.
//
// Always holds
//   W1  No session of a person who has a factor is opened or stepped up without it, but on a demo site by its one click.
//   W2  A step of time and a recovery code count once, on all nodes: they are spent in the transaction that they pay for.
//   W3  Nobody takes another's factor away alone, nor the own without having given it; and nobody's whose role isn't below the own, but an instance
//       administrator's, which takes two others of them (ACC-10).
#pragma once

#include "service/viewers.h"
#include "store/factors.h"

namespace sluice::service {

// Of what stands behind a sign-in beside the password: found right on a pool thread, spent by spend().
struct FactorProof {
  enum class Kind { None, Earlier, Code, Recovery };   // Earlier: spent a moment ago, in the same sign-in
  Kind kind = Kind::None;
  std::int64_t step = 0;                               // Code
  std::string recovery;                                // Recovery: its hash
  Instant since;                                       // which factor it was: not one set since
};


// AUT-2. A demo site asks nobody: its clock isn't that of a phone.
bool must_have_factor(const OpenSite& site, const std::vector<store::AffiliationRow>& affiliations);

// Which of both it is, without spending it; nothing if it is neither.
std::optional<FactorProof> proof_of(const store::Cells& cells, const store::FactorRow& factor, std::string_view code, Instant now);
// W1, W2. Unauthenticated if the person has a factor and this isn't a proof of it that still counts.
Result<void> spend(Unit& unit, Services& services, PersonId person, const FactorProof& proof);

// A secret of 160 bits, in base32 (RFC 4226 §4).
std::string new_factor_secret(Random& random);
// The factor, if the person has none yet, with the step that proved it; answers the recovery codes, which are shown this once.
struct NewFactor { std::string secret; std::int64_t step = 0; bool replaces = false; };
Result<std::vector<std::string>> set_factor(Unit& unit, Services& services, PersonId person, const NewFactor& factor);

// ---- of the own, signed in
struct FactorShown {
  bool set = false, required = false;
  std::optional<Instant> since;
  std::int64_t recovery_codes_left = 0;
};
BOOST_DESCRIBE_STRUCT(FactorShown, (), (set, required, since, recovery_codes_left))
Result<FactorShown> factor_shown(Services& services, const access::Viewer& viewer);

struct FactorBegun { std::string secret, uri, ticket; };
BOOST_DESCRIBE_STRUCT(FactorBegun, (), (secret, uri, ticket))
// Nothing is set yet: the ticket holds the secret, sealed, for ten minutes and this person.
Result<FactorBegun> begin_factor(Services& services, const access::Viewer& viewer);
// Also in place of another one: the session was stepped up with that. Answer {"recovery_codes"}.
Result<Work> finish_factor(Services& services, Asker asker, std::string_view ticket, std::string_view code);
// Ten new ones; those from before count no more. Answer {"recovery_codes"}.
Work renew_recovery_codes(Services& services, Asker asker);
// Of whoever needs none.
Work drop_own_factor(Services& services, Asker asker);

// ---- of another, lost
// Asked by one: {"expires"}, and the factor stays. Confirmed by a second one who may as well: it is gone, and with it the person's sessions. The system does it alone,
// and where no second person is asked for on this site (ACC-11), so does an administrator.
Work ask_factor_reset(Services& services, Viewers& viewers, Asker asker, PersonId person);
Work confirm_factor_reset(Services& services, Viewers& viewers, Asker asker, PersonId person);
Work refuse_factor_reset(Services& services, Asker asker, PersonId person);    // also to withdraw it

}  // namespace sluice::service
