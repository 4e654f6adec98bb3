#include "service/advisory_key.h"

#include "ledger/secret.h"
#include "store/cells.h"
#include "store/people.h"
#include "store/settings.h"

namespace sluice::service {

namespace {

constexpr std::string_view kFile = "advisory";

// A demo's scripted clock may be set to the past, and no signature may be older than its key: 2000-01-01.
constexpr Instant kDemoKeyDate{946'684'800'000'000};

Result<void> make(store::Db& db, const OpenSite& site, Instant now) {
  TRY(const auto own, store::organisation(db, store::Cells(*site.keys, site.file.id), site.file.organisation));
  TRY(Bytes secret, OpenPgpKey::make_secret(user_id_of(own ? own->profile.name : std::string(), site.file.origin), site.file.demo ? kDemoKeyDate : now));
  const ledger::Wiped wipe(secret);
  const auto kept = site.keys->keep(kFile, secret, system_random());
  if (!kept && kept.error().kind != ErrorKind::Conflict) return kept;  // Conflict: another node was first, and its key is the site's
  return {};
}

std::unexpected<Error> lost() {
  return fail(ErrorKind::Unavailable, "The key that signed this site's advisories is not in the key folder. Restore keys/advisory.key from a backup of that folder.", {}, {},
              "advisory-key");
}

}  // namespace

Result<std::unique_ptr<OpenPgpKey>> advisory_key(store::Db& db, const OpenSite& site, Instant now) {
  TRY(const auto known, store::setting(db, store::kAdvisoryKey));
  auto secret = site.keys->kept(kFile);
  if (!secret && secret.error().kind == ErrorKind::NotFound) {
    if (known) return lost();
    TRY(make(db, site, now));
    secret = site.keys->kept(kFile);
  }
  if (!secret) return std::unexpected(std::move(secret).error());
  TRY(auto key, OpenPgpKey::from(*std::move(secret)));
  if (known && *known != key.fingerprint()) return lost();
  if (!known) {
    TRY(auto tx, db.begin(store::Mode::Write));
    TRY(store::put_setting(tx, store::kAdvisoryKey, key.fingerprint()));
    TRY(tx.commit());
  }
  return std::make_unique<OpenPgpKey>(std::move(key));
}

}  // namespace sluice::service
