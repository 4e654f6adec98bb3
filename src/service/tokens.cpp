#include "service/tokens.h"

#include <algorithm>

#include "service/people.h"
#include "service/site_log.h"
#include "store/client_certificates.h"

namespace sluice::service {

namespace {

using access::Scopes;
using access::Viewer;

constexpr std::string_view kTokenDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kRandomDigits = 43;           // log2(62^43) = 256.03 bits
constexpr std::size_t kCheckDigits = 6;
constexpr Duration kDefaultLife = std::chrono::hours(24 * 90);
constexpr Duration kLongestLife = std::chrono::hours(24 * 366);
constexpr Duration kHighFor = std::chrono::hours(24);

// The first 6 base62 digits of SHA-256: anyone can tell a mistyped token, or a real one in a leak, without asking us.
std::string checksum(std::string_view text) {
  const auto hash = sha256(bytes_of(text));
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | hash[i];
  std::string out;
  for (std::size_t i = 0; i < kCheckDigits; ++i, number /= 62) out += kTokenDigits[number % 62];
  return out;
}

bool is_own(const Viewer& viewer, PersonId person, OrganisationId organisation) { return viewer.is_signed_in() && viewer.person == person && viewer.organisation == organisation; }

// The own, for the organisation acted for; or of somebody below (ACC-10). What isn't one's to know of is NotFound.
Result<void> may_handle(const OpenSite& site, const Viewer& viewer, const store::AffiliationRow& row) {
  if (viewer.kind == Viewer::Kind::System) return {};
  TRY(access::require(viewer, access::Action::ManageOwnTokens, {.is_own_object = true}));
  if (is_own(viewer, row.person, row.organisation)) return {};
  TRY(access::require(viewer, access::Action::ManageOwnPeople, {.is_own_object = true}));
  if (!viewer.is_instance_admin && viewer.organisation != row.organisation) return fail(ErrorKind::NotFound, "There is no such person in this organisation.");
  if (!is_above(site, viewer, row)) return fail(ErrorKind::Forbidden, "Only somebody with a higher role may do this to this person.", {}, "ACC-10");
  return {};
}

Result<store::AffiliationRow> affiliation_for(store::Queries& db, const IssueToken& token) {
  const auto none = [] { return fail(ErrorKind::NotFound, "There is no such person in this organisation."); };
  if (token.organisation) {
    TRY(const auto row, store::affiliation(db, token.person, *token.organisation));
    if (!row || row->state != store::AffiliationState::Active) return none();
    return *row;
  }
  TRY(auto all, store::affiliations_of(db, token.person));
  std::erase_if(all, [](const auto& row) { return row.state != store::AffiliationState::Active; });
  if (all.empty()) return none();
  if (all.size() > 1) return fail(ErrorKind::Invalid, "This person belongs to several organisations: name the one the token acts for.", "/organisation");
  return all.front();
}

// K2, K3: what the asker may give away, and until when.
Result<void> check_strength(store::Queries& db, const Viewer& viewer, Scopes scopes, Instant& expires, bool expires_named, Instant now) {
  if (viewer.kind == Viewer::Kind::System) return {};
  if (viewer.kind == Viewer::Kind::Machine) {
    TRY(const auto own, store::token_by_id(db, viewer.token.value_or(TokenId{})));
    if (!own || own->revoked_at || own->expires <= now) return fail(ErrorKind::Unauthenticated, "Please sign in, or send a valid token.");
    if (!(scopes & Scopes::high()).empty()) return fail(ErrorKind::Forbidden, "A token can't give the scopes publish, members, export and keys; a person who signed in can.", "/scopes", "AUT-7");
    if (!scopes.within(own->scopes)) return fail(ErrorKind::Forbidden, "A token can't make a stronger token.", "/scopes", "AUT-7");
    if (expires > own->expires) {
      if (expires_named) return fail(ErrorKind::Forbidden, "A token can't make one that lasts longer than itself.", "/expires", "AUT-7");
      expires = own->expires;
    }
    return {};
  }
  if (!(scopes & Scopes::high()).empty() && !viewer.is_stepped_up(now))
    return fail(ErrorKind::Forbidden, "Confirm with your second factor first; it holds for ten minutes.", "/scopes", "AUT-6", "step-up-needed");
  return {};
}

}  // namespace

std::string new_token(Random& random) {
  std::string out(kTokenPrefix);
  while (out.size() < kTokenPrefix.size() + kRandomDigits) {
    std::array<std::uint8_t, 64> bytes{};
    random.fill(bytes);
    for (const auto byte : bytes)
      if (byte < 248 && out.size() < kTokenPrefix.size() + kRandomDigits) out += kTokenDigits[byte % 62];  // 248 = 4 · 62: each digit as likely
  }
  return out + checksum(out);
}

bool is_token(std::string_view text) {
  if (text.size() != kTokenPrefix.size() + kRandomDigits + kCheckDigits || !text.starts_with(kTokenPrefix)) return false;
  const auto body = text.substr(0, kTokenPrefix.size() + kRandomDigits);
  return std::all_of(body.begin() + kTokenPrefix.size(), body.end(), [](char c) { return kTokenDigits.find(c) != kTokenDigits.npos; }) && text.substr(body.size()) == checksum(body);
}

Result<Scopes> token_scopes(std::string_view text) {
  if (text == "all") return Scopes::all();
  std::string words(text);
  std::replace(words.begin(), words.end(), ',', ' ');
  const auto scopes = access::parse_scopes(words);
  if (!scopes || scopes->empty()) return fail(ErrorKind::Invalid, "A scope is `all` or some of " + words_of<access::Scope>() + ".", "/scopes");
  return *scopes;
}

Result<store::TokenRow> row_of_new_token(Services& services, Unit& unit, const Asker& asker, const IssueToken& token) {
  auto& tx = unit.writing().tx();
  const auto now = unit.now();
  const auto& viewer = asker.viewer;
  if (token.scopes.empty()) return fail(ErrorKind::Invalid, "A token needs a scope.", "/scopes");
  // A token makes tokens for itself alone.
  if (viewer.kind == Viewer::Kind::Machine && (viewer.person != token.person || (token.organisation && token.organisation != viewer.organisation)))
    return fail(ErrorKind::Forbidden, "A token can make tokens for its own person and organisation only.", {}, "AUT-7");
  auto wanted = token;
  if (!wanted.organisation && viewer.is_signed_in() && viewer.person == token.person) wanted.organisation = viewer.organisation;
  TRY(const auto affiliation, affiliation_for(tx, wanted));
  TRY(may_handle(services.site, viewer, affiliation));
  TRY(still_affiliated(unit, viewer));

  auto expires = token.expires.value_or(now + kDefaultLife);
  TRY(check_strength(tx, viewer, token.scopes, expires, token.expires.has_value(), now));
  if (expires <= now) return fail(ErrorKind::Invalid, "A token must end after now.", "/expires");
  if (expires > now + kLongestLife) return fail(ErrorKind::Invalid, "A token lasts a year at most.", "/expires", "AUT-7");
  const bool is_high = !(token.scopes & Scopes::high()).empty();
  return store::TokenRow{{}, TokenId::random(services.random), affiliation.person, affiliation.organisation, token.scopes, now, expires, is_high ? std::min(now + kHighFor, expires) : now, {}, {}};
}

Work issue_token(Services& services, Asker asker, IssueToken token) {
  return [&services, asker = std::move(asker), token](Unit& unit) -> Result<Committed> {
    TRY(auto row, row_of_new_token(services, unit, asker, token));
    const auto text = new_token(services.random);
    row.hash = hash_of_token(services.cells(), text);
    TRY(store::add_token(unit.writing().tx(), row));

    json::object event{{"type", "TokenIssued"}, {"v", 1}, {"token", row.id.text()}, {"person", row.person.text()}, {"organisation", row.organisation.text()},
                       {"scopes", to_text(row.scopes)}, {"expires", to_text(row.expires)}};
    json::object answer{{"id", row.id.text()}, {"token", text}, {"expires", to_text(row.expires)}};
    if (!(row.scopes & Scopes::high()).empty()) event["high_until"] = answer["high_until"] = to_text(row.high_until);
    return write_site_entry(unit, asker, {"token.issue", row.id.text(), std::move(event)}, std::move(answer));
  };
}

Work revoke_token(Services& services, Viewers& viewers, Asker asker, TokenId id) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), id](Unit& unit) -> Result<Committed> {
    const auto no_token = [] { return fail(ErrorKind::NotFound, "There is no such token, or you have no access to it."); };
    auto& tx = unit.writing().tx();
    TRY(const auto row, store::token_by_id(tx, id));
    if (!row) return no_token();
    TRY(const auto affiliation, store::affiliation(tx, row->person, row->organisation));
    // Whoever finds a token leaked can end it at once: its person whatever the role, and the token itself.
    const bool own = asker.viewer.token ? asker.viewer.token == id : is_own(asker.viewer, row->person, row->organisation);
    if (!affiliation || (!own && !may_handle(services.site, asker.viewer, *affiliation))) return no_token();
    TRY(const bool revoked, store::revoke_token(tx, id, unit.now()));
    if (!revoked) return fail(ErrorKind::Conflict, "This token was revoked before.", {}, {}, "token-revoked");
    json::object event{{"type", "TokenRevoked"}, {"v", 1}, {"token", id.text()}, {"person", row->person.text()}};
    return write_site_entry(unit, asker, {"token.revoke", id.text(), std::move(event)}, {{"id", id.text()}});
  };
}

Result<std::vector<TokenShown>> tokens_of(Services& services, const Viewer& viewer, PersonId person) {
  if (viewer.kind != Viewer::Kind::System && !viewer.is_signed_in()) return fail(ErrorKind::Unauthenticated, "Sign in, or send a token, to do this.");
  TRY(auto db, services.store.lease());
  TRY(const auto affiliations, store::affiliations_of(*db, person));
  std::vector<OrganisationId> open;
  std::optional<Error> why_not;
  for (const auto& affiliation : affiliations) {
    const auto allowed = may_handle(services.site, viewer, affiliation);
    if (allowed || (!viewer.token && is_own(viewer, person, affiliation.organisation))) open.push_back(affiliation.organisation);
    else if (!why_not || allowed.error().kind != ErrorKind::NotFound) why_not = allowed.error();
  }
  if (open.empty()) return std::unexpected(why_not.value_or(Error{ErrorKind::NotFound, "There is no such person in this organisation."}));
  TRY(const auto rows, store::tokens_of(*db, person));
  TRY(const auto certificates, store::certificates_of(*db, services.cells(), person));
  std::vector<TokenShown> out;
  for (const auto& row : rows) {
    if (std::find(open.begin(), open.end(), row.organisation) == open.end()) continue;
    const bool is_high = !(row.scopes & Scopes::high()).empty();
    out.push_back({row.id, row.person, row.organisation, to_text(row.scopes), row.created, row.expires, is_high ? std::optional(row.high_until) : std::nullopt, row.last_used, row.revoked_at, {}});
    for (const auto& certificate : certificates)
      if (certificate.token == row.id) out.back().certificate = CertificateShown{hex(certificate.fingerprint), certificate.subject, certificate.not_before, certificate.not_after};
  }
  return out;
}

}  // namespace sluice::service
