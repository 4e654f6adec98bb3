// Queries on organisations, people, affiliations, sessions, tokens and report codes: rows in, rows out. Who may ask is service/'s affair.
//
// Always holds
//   P1  Names, mail addresses and password hashes leave this room opened and enter the database sealed; an address is found by its keyed tag alone.
//   P2  Of a session, a token and a report code the database holds keyed hashes, never the secret.
//   P3  No affiliation of a disabled person is ever answered as Active, whatever asks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/viewer.h"
#include "store/store.h"

namespace sluice::store {

// Only ever added to. Suspended may come back, Ended is kept as a row so that what was done under it can still be read.
enum class AffiliationState { Active, Suspended, Ended };
BOOST_DESCRIBE_ENUM(AffiliationState, Active, Suspended, Ended)

struct PersonRow {
  PersonId id;
  Instant created;
  std::string name, mail;
  std::optional<std::string> password_hash;       // Argon2id's own text form
  std::optional<Instant> disabled_at = {};
};

struct AffiliationRow {
  PersonId person;
  OrganisationId organisation;
  access::SiteRole role = access::SiteRole::Staff;
  AffiliationState state = AffiliationState::Active;
  access::OrganisationKind organisation_kind = access::OrganisationKind::Member;
  bool disabled = false;                          // the person is: what would be Active reads as Suspended here (P3)
};

struct Given {
  std::string name, mail;
};

struct SessionRow {
  Hash hash{};
  SessionId id;
  PersonId person;
  OrganisationId organisation;
  Instant created, last_used, expires;
  std::optional<Instant> stepped_up_at;
};

struct TokenRow {
  Hash hash{};
  TokenId id;
  PersonId person;
  OrganisationId organisation;
  access::Scopes scopes;                          // as given; the high ones count until high_until
  Instant created, expires, high_until;
  std::optional<Instant> last_used, revoked_at;
};

struct CodeRow {
  ReportId report;
  std::string hash;
};

Result<void> add_organisation(Tx& tx, const Cells& cells, const OrganisationRow& row);
Result<bool> change_organisation(Tx& tx, const Cells& cells, OrganisationId id, std::int64_t version, const cvd::OrganisationProfile& profile);  // false: another version, or none

Result<std::optional<PersonRow>> person(Queries& db, const Cells& cells, PersonId id);
Result<std::optional<PersonRow>> person_by_mail(Queries& db, const Cells& cells, std::string_view normalised_mail);
Result<std::vector<PersonRow>> people(Queries& db, const Cells& cells);
Result<void> add_person(Tx& tx, const Cells& cells, const PersonRow& row);
Result<void> set_password(Tx& tx, const Cells& cells, PersonId id, std::string_view hash);
Result<void> set_disabled(Tx& tx, PersonId id, std::optional<Instant> since);
// Active administrators of the organisation who have a password.
Result<std::int64_t> administrators_with_password(Queries& db, OrganisationId organisation);

Result<std::vector<AffiliationRow>> affiliations_of(Queries& db, PersonId person);                  // all states, by organisation
Result<std::vector<AffiliationRow>> affiliations_in(Queries& db, OrganisationId organisation);      // all states, by person
Result<std::optional<AffiliationRow>> affiliation(Queries& db, PersonId person, OrganisationId organisation);
Result<void> put_affiliation(Tx& tx, PersonId person, OrganisationId organisation, access::SiteRole role, AffiliationState state);
// How this organisation named the person when it added it: what others know is none of its business (EXI-8). None: the person's own row holds.
Result<void> set_given(Tx& tx, const Cells& cells, PersonId person, OrganisationId organisation, const Given& given);
Result<std::optional<Given>> given(Queries& db, const Cells& cells, PersonId person, OrganisationId organisation);

Result<void> add_session(Tx& tx, const SessionRow& row);
Result<std::optional<SessionRow>> session(Queries& db, const Hash& hash);
Result<std::vector<SessionRow>> sessions_of(Queries& db, PersonId person);
Result<void> touch_session(Tx& tx, const Hash& hash, Instant now);
Result<bool> step_up_session(Tx& tx, PersonId person, SessionId id, Instant now);
Result<bool> end_session(Tx& tx, PersonId person, SessionId id);
Result<std::int64_t> end_sessions(Tx& tx, PersonId person, std::optional<SessionId> but);
Result<std::int64_t> end_sessions_in(Tx& tx, PersonId person, OrganisationId organisation);
Result<std::int64_t> drop_old_sessions(Tx& tx, Instant now, Instant idle_since);

Result<void> add_token(Tx& tx, const TokenRow& row);
Result<std::optional<TokenRow>> token(Queries& db, const Hash& hash);
Result<std::optional<TokenRow>> token_by_id(Queries& db, TokenId id);
Result<std::vector<TokenRow>> tokens_of(Queries& db, PersonId person);                              // newest first
Result<void> touch_token(Tx& tx, const Hash& hash, Instant now);
Result<bool> revoke_token(Tx& tx, TokenId id, Instant now);                                         // false: revoked before, or none
Result<std::int64_t> revoke_tokens_in(Tx& tx, PersonId person, OrganisationId organisation, Instant now);
Result<std::int64_t> revoke_tokens_of(Tx& tx, PersonId person, Instant now);

Result<std::optional<CodeRow>> report_by_code(Queries& db, const Tag& tag);

}  // namespace sluice::store
