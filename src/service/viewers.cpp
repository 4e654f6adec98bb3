#include "service/viewers.h"

#include "service/tokens.h"
#include "store/client_certificates.h"
#include "store/glasses.h"
#include "store/pseudonyms.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostKnown = 50'000;
constexpr Duration kViewerKept = std::chrono::seconds(1);
constexpr auto kTouchEvery = std::chrono::minutes(1);

std::unexpected<Error> not_signed_in() { return fail(ErrorKind::Unauthenticated, "Please sign in, or send a valid token."); }

access::Viewer viewer_of(const OpenSite& site, const store::AffiliationRow& row) {
  access::Viewer out;
  out.kind = access::Viewer::Kind::Person;
  out.person = row.person;
  out.organisation = row.organisation;
  out.organisation_kind = row.organisation_kind;
  out.role = row.role;
  out.is_of_site = row.organisation == site.file.organisation;
  out.is_instance_admin = out.is_of_site && row.role == access::SiteRole::Admin;  // A3
  return out;
}

}  // namespace

SessionLimits session_limits(const OpenSite& site) {
  if (site.file.demo) return {std::chrono::hours(24 * 3650), std::chrono::hours(24 * 3650)};
  return {};
}

Hash hash_of_session(const store::Cells& cells, std::string_view cookie) { return hmac_sha256(cells.keys().derived("session").view(), {bytes_of(cookie)}); }
Hash hash_of_token(const store::Cells& cells, std::string_view text) { return hmac_sha256(cells.keys().derived("token").view(), {bytes_of(text)}); }
Hash hash_of_certificate(const store::Cells& cells, const Hash& fingerprint) { return hmac_sha256(cells.keys().derived("client certificate").view(), {fingerprint}); }

Result<access::Viewer> viewer_for(const OpenSite& site, store::Queries& db, PersonId person, OrganisationId organisation) {
  TRY(const auto row, store::affiliation(db, person, organisation));
  if (!row || row->state != store::AffiliationState::Active) return fail(ErrorKind::Forbidden, "This person doesn't act for this organisation.");
  return viewer_of(site, *row);
}

Result<access::Viewer> viewer_for(Services& services, PersonId person, OrganisationId organisation) {
  TRY(auto db, services.store.lease());
  return viewer_for(services.site, *db, person, organisation);
}

// Only what was looked up in this generation, a moment ago, while nobody changes anything.
std::optional<Viewers::Known> Viewers::known(const Hash& hash) {
  const auto generation = trust_.generation();
  if (!generation) return std::nullopt;
  std::scoped_lock lock(mutex_);
  const auto found = known_.find(hash);
  if (found == known_.end()) return std::nullopt;
  if (found->second.generation == *generation && clock_.monotonic() - found->second.looked_up <= kViewerKept) return found->second;
  known_.erase(found);
  return std::nullopt;
}

void Viewers::keep(const Hash& hash, Known known) {
  if (!known.generation || known.generation != trust_.generation()) return;
  std::scoped_lock lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_.insert_or_assign(hash, std::move(known));
}

// last_used is written at most once a minute, and nobody waits for it.
bool Viewers::is_touch_due(const Hash& hash, std::optional<Instant> last_used, Instant now) {
  if (last_used && now - *last_used < kTouchEvery) return false;
  std::scoped_lock lock(mutex_);
  if (const auto found = touched_.find(hash); found != touched_.end() && found->second <= now && now - found->second < kTouchEvery) return false;
  if (touched_.size() >= kMostKnown) touched_.clear();
  touched_[hash] = now;
  return true;
}

Result<access::Viewer> Viewers::of_session(std::string_view cookie) {
  TRY(auto entry, entry_of_session(cookie));
  return std::move(entry.viewer);
}

Result<access::Viewer> Viewers::of_token(std::string_view text) {
  TRY(auto entry, entry_of_token(text));
  return std::move(entry.viewer);
}

Result<access::Viewer> Viewers::of_certificate(const Hash& fingerprint) {
  TRY(auto entry, entry_of_certificate(fingerprint));
  return std::move(entry.viewer);
}

Result<Viewers::Entry> Viewers::entry_of(const Credential& credential) {
  if (!credential.session.empty()) return entry_of_session(credential.session);
  if (credential.token.empty()) return credential.certificate ? entry_of_certificate(*credential.certificate) : Result<Entry>(not_signed_in());
  TRY(auto entry, entry_of_token(credential.token));
  if (!credential.certificate) return entry;
  TRY(const auto beside, entry_of_certificate(*credential.certificate));
  if (beside.viewer.person != entry.viewer.person || beside.viewer.organisation != entry.viewer.organisation) return not_signed_in();
  entry.until = std::min(entry.until, beside.until);
  if (entry.generation != beside.generation) entry.generation.reset();
  return entry;
}

Result<Viewers::Entry> Viewers::entry_of_session(std::string_view cookie) {
  if (cookie.size() != 43) return not_signed_in();  // base64url of 32 bytes
  const auto now = clock_.now();
  const auto hash = hash_of_session(store_.cells(), cookie);
  auto found = known(hash);
  if (!found) {
    TRY(auto fresh, look_up_session(hash, now));
    found = fresh;
    keep(hash, std::move(fresh));
  }
  if (found->until <= now) return not_signed_in();
  auto viewer = found->viewer;
  for (const auto& [id, until] : found->glass)
    if (until > now) viewer.broken_glass.push_back(id);
  return Entry{std::move(viewer), found->until, found->generation};
}

Result<Viewers::Known> Viewers::look_up_session(const Hash& hash, Instant now) {
  Known out;
  out.generation = trust_.generation();
  out.looked_up = clock_.monotonic();
  ++looked_up_;
  TRY(auto db, store_.lease());
  TRY(const auto row, store::session(*db, hash));
  if (!row) return not_signed_in();
  out.until = std::min(row->expires, row->last_used + limits_.idle);
  if (out.until <= now) return not_signed_in();
  TRY(const auto affiliation, store::affiliation(*db, row->person, row->organisation));
  if (!affiliation || affiliation->state != store::AffiliationState::Active) return not_signed_in();
  out.viewer = viewer_of(site_, *affiliation);
  out.viewer.session = row->id;
  out.viewer.stepped_up_at = row->stepped_up_at;
  if (out.viewer.is_instance_admin) {
    TRY(const auto glasses, store::glasses_broken_by(*db, store_.cells(), row->person, now));
    for (const auto& glass : glasses) out.glass.emplace_back(glass.case_id, *glass.until);
  }
  if (is_touch_due(hash, row->last_used, now)) {
    writer_.submit([hash](Unit& unit) -> Result<Committed> {
      TRY(store::touch_session(unit.writing().tx(), hash, unit.now()));
      return Committed{};
    }, [](Result<Committed>) {});
  }
  return out;
}

namespace {
// Y3.
access::Scopes scopes_at(Instant now, access::Scopes scopes, Instant high_until) {
  return high_until <= now ? access::Scopes::from_bits(scopes.bits() & ~access::Scopes::high().bits()) : scopes;
}
}  // namespace

Result<Viewers::Entry> Viewers::entry_of_token(std::string_view text) {
  if (!is_token(text)) return not_signed_in();
  return entry_of_machine(hash_of_token(store_.cells(), text), &Viewers::look_up_token);
}

Result<Viewers::Entry> Viewers::entry_of_certificate(const Hash& fingerprint) { return entry_of_machine(hash_of_certificate(store_.cells(), fingerprint), &Viewers::look_up_certificate); }

Result<Viewers::Entry> Viewers::entry_of_machine(const Hash& hash, Result<Known> (Viewers::*look_up)(const Hash& hash, Instant now)) {
  const auto now = clock_.now();
  auto found = known(hash);
  if (!found) {
    TRY(auto fresh, (this->*look_up)(hash, now));
    found = fresh;
    keep(hash, std::move(fresh));
  }
  if (found->until <= now || found->from > now) return not_signed_in();
  auto viewer = found->viewer;
  viewer.scopes = scopes_at(now, viewer.scopes, found->high_until);
  return Entry{std::move(viewer), found->until, found->generation};
}

Result<Viewers::Known> Viewers::look_up_token(const Hash& hash, Instant now) {
  Known out;
  out.generation = trust_.generation();
  out.looked_up = clock_.monotonic();
  ++looked_up_;
  TRY(auto db, store_.lease());
  TRY(const auto row, store::token(*db, hash));
  return known_token(std::move(out), *db, row, hash, now);
}

Result<Viewers::Known> Viewers::look_up_certificate(const Hash& hash, Instant now) {
  Known out;
  out.generation = trust_.generation();
  out.looked_up = clock_.monotonic();
  ++looked_up_;
  TRY(auto db, store_.lease());
  TRY(const auto row, store::token_of_certificate(*db, hash));
  if (!row || row->not_before > now) return not_signed_in();
  out.from = row->not_before;
  return known_token(std::move(out), *db, row->token, hash, now);
}

Result<Viewers::Known> Viewers::known_token(Known out, store::Queries& db, const std::optional<store::TokenRow>& row, const Hash& hash, Instant now) {
  if (!row || row->revoked_at || row->expires <= now) return not_signed_in();
  out.until = row->expires;
  out.high_until = row->high_until;
  TRY(const auto affiliation, store::affiliation(db, row->person, row->organisation));
  if (!affiliation || affiliation->state != store::AffiliationState::Active) return not_signed_in();
  out.viewer = viewer_of(site_, *affiliation);
  out.viewer.kind = access::Viewer::Kind::Machine;
  out.viewer.scopes = row->scopes;
  out.viewer.token = row->id;
  TRY(out.viewer.pseudonym, store::pseudonym_of_token(db, store_.cells(), row->id));
  if (is_touch_due(hash, row->last_used, now)) {
    writer_.submit([hash](Unit& unit) -> Result<Committed> {
      TRY(store::touch_token(unit.writing().tx(), hash, unit.now()));
      return Committed{};
    }, [](Result<Committed>) {});
  }
  return out;
}

}  // namespace sluice::service
