#include "store/people.h"

namespace sluice::store {

namespace {

constexpr Sql kAddOrganisation{"add_organisation", "INSERT INTO organisation (id, kind, created, version, profile) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kChangeOrganisation{"change_organisation", "UPDATE organisation SET profile = $3, version = version + 1 WHERE id = $1 AND version = $2"};

constexpr Sql kPerson{"person", "SELECT id, created, profile, password, disabled_at FROM person WHERE id = $1"};
constexpr Sql kPersonByMail{"person_by_mail", "SELECT id, created, profile, password, disabled_at FROM person WHERE mail_tag = $1"};
constexpr Sql kPeople{"people", "SELECT id, created, profile, password, disabled_at FROM person ORDER BY id"};
constexpr Sql kAddPerson{"add_person", "INSERT INTO person (id, mail_tag, created, profile, password) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kSetPassword{"set_password", "UPDATE person SET password = $2 WHERE id = $1"};
constexpr Sql kDisable{"set_disabled", "UPDATE person SET disabled_at = $2 WHERE id = $1"};
constexpr Sql kAdministrators{"administrators_with_password",
                              "SELECT COUNT(*) FROM affiliation a JOIN person p ON p.id = a.person WHERE a.organisation = $1 AND a.role = $2 AND a.state = $3 AND p.password IS NOT NULL AND p.disabled_at IS NULL"};

constexpr Sql kAffiliationsOf{"affiliations_of",
                              "SELECT a.person, a.organisation, a.role, a.state, o.kind, p.disabled_at FROM affiliation a JOIN organisation o ON o.id = a.organisation JOIN person p ON p.id = a.person WHERE a.person = $1 ORDER BY a.organisation"};
constexpr Sql kAffiliationsIn{"affiliations_in",
                              "SELECT a.person, a.organisation, a.role, a.state, o.kind, p.disabled_at FROM affiliation a JOIN organisation o ON o.id = a.organisation JOIN person p ON p.id = a.person WHERE a.organisation = $1 ORDER BY a.person"};
constexpr Sql kAffiliation{"affiliation",
                           "SELECT a.person, a.organisation, a.role, a.state, o.kind, p.disabled_at FROM affiliation a JOIN organisation o ON o.id = a.organisation JOIN person p ON p.id = a.person WHERE a.person = $1 AND a.organisation = $2"};
constexpr Sql kPutAffiliation{"put_affiliation",
                              "INSERT INTO affiliation (person, organisation, role, state) VALUES ($1, $2, $3, $4) "
                              "ON CONFLICT (person, organisation) DO UPDATE SET role = excluded.role, state = excluded.state"};

constexpr Sql kSetGiven{"set_given", "UPDATE affiliation SET given = $3 WHERE person = $1 AND organisation = $2"};
constexpr Sql kGiven{"given", "SELECT given FROM affiliation WHERE person = $1 AND organisation = $2 AND given IS NOT NULL"};

constexpr Sql kAddSession{"add_session", "INSERT INTO session (hash, id, person, organisation, created, last_used, expires, stepped_up_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr Sql kSession{"session", "SELECT hash, id, person, organisation, created, last_used, expires, stepped_up_at FROM session WHERE hash = $1"};
constexpr Sql kSessionsOf{"sessions_of", "SELECT hash, id, person, organisation, created, last_used, expires, stepped_up_at FROM session WHERE person = $1 ORDER BY created DESC, id"};
constexpr Sql kTouchSession{"touch_session", "UPDATE session SET last_used = $2 WHERE hash = $1 AND last_used < $2"};
constexpr Sql kStepUp{"step_up_session", "UPDATE session SET stepped_up_at = $3 WHERE person = $1 AND id = $2"};
constexpr Sql kEndSession{"end_session", "DELETE FROM session WHERE person = $1 AND id = $2"};
constexpr Sql kEndSessions{"end_sessions", "DELETE FROM session WHERE person = $1 AND id <> $2"};
constexpr Sql kEndSessionsIn{"end_sessions_in", "DELETE FROM session WHERE person = $1 AND organisation = $2"};
constexpr Sql kDropOldSessions{"drop_old_sessions", "DELETE FROM session WHERE expires <= $1 OR last_used <= $2"};

constexpr Sql kAddToken{"add_token", "INSERT INTO token (hash, id, person, organisation, scopes, created, expires, high_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr Sql kToken{"token", "SELECT hash, id, person, organisation, scopes, created, expires, high_until, last_used, revoked_at FROM token WHERE hash = $1"};
constexpr Sql kTokenById{"token_by_id", "SELECT hash, id, person, organisation, scopes, created, expires, high_until, last_used, revoked_at FROM token WHERE id = $1"};
constexpr Sql kTokensOf{"tokens_of", "SELECT hash, id, person, organisation, scopes, created, expires, high_until, last_used, revoked_at FROM token WHERE person = $1 ORDER BY created DESC, id"};
constexpr Sql kTouchToken{"touch_token", "UPDATE token SET last_used = $2 WHERE hash = $1 AND revoked_at IS NULL"};
constexpr Sql kRevokeToken{"revoke_token", "UPDATE token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"};
constexpr Sql kRevokeTokensIn{"revoke_tokens_in", "UPDATE token SET revoked_at = $3 WHERE person = $1 AND organisation = $2 AND revoked_at IS NULL"};

constexpr Sql kRevokeTokensOf{"revoke_tokens_of", "UPDATE token SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL"};

constexpr Sql kReportByCode{"report_by_code", "SELECT id, code_hash FROM report WHERE code_tag = $1"};

// The whole address in lower case finds it, so that one person isn't two by an accident of spelling.
Tag mail_tag(const Cells& cells, std::string_view mail) {
  std::string lower(mail);
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return cells.tag("mail", lower);
}

Result<PersonRow> person_row(Rows& row, const Cells& cells) {
  PersonRow out;
  TRY(out.id, row.id<PersonId>(0));
  out.created = row.instant(1);
  TRY(const auto profile, cells.open_json("person", out.id.text(), "profile", row.bytes(2)));
  out.name = string_at(profile, "name");
  out.mail = string_at(profile, "mail");
  if (!row.is_null(3)) {
    TRY(out.password_hash, cells.open("person", out.id.text(), "password", row.bytes(3)));
  }
  out.disabled_at = row.maybe_instant(4);
  return out;
}

// Codes beyond what this version knows are damage: a role or state is never guessed.
template <class E>
Result<E> known_code(std::int64_t code, E last, std::string_view table) {
  if (code < 0 || code > static_cast<std::int64_t>(last)) return fail(ErrorKind::Unavailable, "A row of " + std::string(table) + " is damaged.", {}, {}, "corrupt");
  return static_cast<E>(code);
}

Result<AffiliationRow> affiliation_row(Rows& row) {
  AffiliationRow out;
  TRY(out.person, row.id<PersonId>(0));
  TRY(out.organisation, row.id<OrganisationId>(1));
  TRY(out.role, known_code(row.i64(2), access::SiteRole::Trustee, "affiliation"));
  TRY(out.state, known_code(row.i64(3), AffiliationState::Ended, "affiliation"));
  TRY(out.organisation_kind, known_code(row.i64(4), access::OrganisationKind::Operator, "organisation"));
  out.disabled = !row.is_null(5);
  if (out.disabled && out.state == AffiliationState::Active) out.state = AffiliationState::Suspended;  // P3
  return out;
}

Result<SessionRow> session_row(Rows& row) {
  SessionRow out;
  TRY(out.hash, row.hash(0));
  TRY(out.id, row.id<SessionId>(1));
  TRY(out.person, row.id<PersonId>(2));
  TRY(out.organisation, row.id<OrganisationId>(3));
  out.created = row.instant(4);
  out.last_used = row.instant(5);
  out.expires = row.instant(6);
  out.stepped_up_at = row.maybe_instant(7);
  return out;
}

Result<TokenRow> token_row(Rows& row) {
  TokenRow out;
  TRY(out.hash, row.hash(0));
  TRY(out.id, row.id<TokenId>(1));
  TRY(out.person, row.id<PersonId>(2));
  TRY(out.organisation, row.id<OrganisationId>(3));
  out.scopes = access::Scopes::from_bits(static_cast<std::uint32_t>(row.i64(4))) & access::Scopes::all();
  out.created = row.instant(5);
  out.expires = row.instant(6);
  out.high_until = row.instant(7);
  out.last_used = row.maybe_instant(8);
  out.revoked_at = row.maybe_instant(9);
  return out;
}

// All rows, or the first, each read by `read`.
template <class Read>
auto all_of(Result<Rows> rows, Read read) -> Result<std::vector<typename std::invoke_result_t<Read, Rows&>::value_type>> {
  std::vector<typename std::invoke_result_t<Read, Rows&>::value_type> out;
  if (!rows) return std::unexpected(rows.error());
  for (;;) {
    TRY(const bool more, rows->next());
    if (!more) return out;
    TRY(auto row, read(*rows));
    out.push_back(std::move(row));
  }
}

template <class Read>
auto first_of(Result<std::optional<Rows>> row, Read read) -> Result<std::optional<typename std::invoke_result_t<Read, Rows&>::value_type>> {
  using Row = typename std::invoke_result_t<Read, Rows&>::value_type;
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::optional<Row>();
  TRY(auto out, read(**row));
  return std::optional<Row>(std::move(out));
}

}  // namespace

Result<void> add_organisation(Tx& tx, const Cells& cells, const OrganisationRow& row) {
  TRY(tx.run(kAddOrganisation, row.id, code_of(row.kind), row.created, row.version, cells.seal_json("organisation", row.id.text(), "profile", to_json(row.profile))));
  return {};
}

Result<bool> change_organisation(Tx& tx, const Cells& cells, OrganisationId id, std::int64_t version, const cvd::OrganisationProfile& profile) {
  TRY(const auto changed, tx.run(kChangeOrganisation, id, version, cells.seal_json("organisation", id.text(), "profile", to_json(profile))));
  return changed == 1;
}

Result<std::optional<PersonRow>> person(Queries& db, const Cells& cells, PersonId id) {
  return first_of(db.one(kPerson, id), [&cells](Rows& row) { return person_row(row, cells); });
}

Result<std::optional<PersonRow>> person_by_mail(Queries& db, const Cells& cells, std::string_view mail) {
  return first_of(db.one(kPersonByMail, mail_tag(cells, mail)), [&cells](Rows& row) { return person_row(row, cells); });
}

Result<std::vector<PersonRow>> people(Queries& db, const Cells& cells) {
  return all_of(db.query(kPeople), [&cells](Rows& row) { return person_row(row, cells); });
}

Result<void> add_person(Tx& tx, const Cells& cells, const PersonRow& row) {
  const auto id = row.id.text();
  std::optional<Bytes> password;
  if (row.password_hash) password = cells.seal("person", id, "password", *row.password_hash);
  TRY(tx.run(kAddPerson, row.id, mail_tag(cells, row.mail), row.created, cells.seal_json("person", id, "profile", json::object{{"name", row.name}, {"mail", row.mail}}), password));
  return {};
}

Result<void> set_password(Tx& tx, const Cells& cells, PersonId id, std::string_view hash) {
  TRY(tx.run(kSetPassword, id, cells.seal("person", id.text(), "password", hash)));
  return {};
}

Result<void> set_disabled(Tx& tx, PersonId id, std::optional<Instant> since) {
  TRY(tx.run(kDisable, id, since));
  return {};
}

Result<std::int64_t> administrators_with_password(Queries& db, OrganisationId organisation) {
  TRY(const auto count, db.number(kAdministrators, organisation, code_of(access::SiteRole::Admin), static_cast<int>(AffiliationState::Active)));
  return count.value_or(0);
}

Result<std::vector<AffiliationRow>> affiliations_of(Queries& db, PersonId person) { return all_of(db.query(kAffiliationsOf, person), affiliation_row); }
Result<std::vector<AffiliationRow>> affiliations_in(Queries& db, OrganisationId organisation) { return all_of(db.query(kAffiliationsIn, organisation), affiliation_row); }
Result<std::optional<AffiliationRow>> affiliation(Queries& db, PersonId person, OrganisationId organisation) {
  return first_of(db.one(kAffiliation, person, organisation), affiliation_row);
}

Result<void> put_affiliation(Tx& tx, PersonId person, OrganisationId organisation, access::SiteRole role, AffiliationState state) {
  TRY(tx.run(kPutAffiliation, person, organisation, code_of(role), static_cast<int>(state)));
  return {};
}

Result<void> set_given(Tx& tx, const Cells& cells, PersonId person, OrganisationId organisation, const Given& given) {
  TRY(tx.run(kSetGiven, person, organisation, cells.seal_json("affiliation", person.text() + organisation.text(), "given", json::object{{"name", given.name}, {"mail", given.mail}})));
  return {};
}

Result<std::optional<Given>> given(Queries& db, const Cells& cells, PersonId person, OrganisationId organisation) {
  return first_of(db.one(kGiven, person, organisation), [&](Rows& row) -> Result<Given> {
    TRY(const auto opened, cells.open_json("affiliation", person.text() + organisation.text(), "given", row.bytes(0)));
    return Given{std::string(string_at(opened.as_object(), "name")), std::string(string_at(opened.as_object(), "mail"))};
  });
}

Result<void> add_session(Tx& tx, const SessionRow& row) {
  TRY(tx.run(kAddSession, row.hash, row.id, row.person, row.organisation, row.created, row.last_used, row.expires, row.stepped_up_at));
  return {};
}

Result<std::optional<SessionRow>> session(Queries& db, const Hash& hash) { return first_of(db.one(kSession, hash), session_row); }
Result<std::vector<SessionRow>> sessions_of(Queries& db, PersonId person) { return all_of(db.query(kSessionsOf, person), session_row); }

Result<void> touch_session(Tx& tx, const Hash& hash, Instant now) {
  TRY(tx.run(kTouchSession, hash, now));
  return {};
}

Result<bool> step_up_session(Tx& tx, PersonId person, SessionId id, Instant now) {
  TRY(const auto changed, tx.run(kStepUp, person, id, now));
  return changed == 1;
}

Result<bool> end_session(Tx& tx, PersonId person, SessionId id) {
  TRY(const auto ended, tx.run(kEndSession, person, id));
  return ended == 1;
}

Result<std::int64_t> end_sessions(Tx& tx, PersonId person, std::optional<SessionId> but) { return tx.run(kEndSessions, person, but ? but->text() : std::string()); }
Result<std::int64_t> end_sessions_in(Tx& tx, PersonId person, OrganisationId organisation) { return tx.run(kEndSessionsIn, person, organisation); }
Result<std::int64_t> drop_old_sessions(Tx& tx, Instant now, Instant idle_since) { return tx.run(kDropOldSessions, now, idle_since); }

Result<void> add_token(Tx& tx, const TokenRow& row) {
  TRY(tx.run(kAddToken, row.hash, row.id, row.person, row.organisation, row.scopes.bits(), row.created, row.expires, row.high_until));
  return {};
}

Result<std::optional<TokenRow>> token(Queries& db, const Hash& hash) { return first_of(db.one(kToken, hash), token_row); }
Result<std::optional<TokenRow>> token_by_id(Queries& db, TokenId id) { return first_of(db.one(kTokenById, id), token_row); }
Result<std::vector<TokenRow>> tokens_of(Queries& db, PersonId person) { return all_of(db.query(kTokensOf, person), token_row); }

Result<void> touch_token(Tx& tx, const Hash& hash, Instant now) {
  TRY(tx.run(kTouchToken, hash, now));
  return {};
}

Result<bool> revoke_token(Tx& tx, TokenId id, Instant now) {
  TRY(const auto revoked, tx.run(kRevokeToken, id, now));
  return revoked == 1;
}

Result<std::int64_t> revoke_tokens_in(Tx& tx, PersonId person, OrganisationId organisation, Instant now) { return tx.run(kRevokeTokensIn, person, organisation, now); }

Result<std::int64_t> revoke_tokens_of(Tx& tx, PersonId person, Instant now) { return tx.run(kRevokeTokensOf, person, now); }

Result<std::optional<CodeRow>> report_by_code(Queries& db, const Tag& tag) {
  return first_of(db.one(kReportByCode, tag), [](Rows& row) -> Result<CodeRow> {
    CodeRow out;
    TRY(out.report, row.id<ReportId>(0));
    out.hash = text_of(row.bytes(1));
    return out;
  });
}

}  // namespace sluice::store
