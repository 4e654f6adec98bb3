// A site on disk: where its keys, its database and its name are. Made once by `sluice init`, opened by every other command.
//
//   DIR/site.json     id, name, origin, demo: nothing secret
//   DIR/database      the database's url, owner-only, since it may hold a password
//   DIR/root.key      unless --root-key names another place
//   DIR/keys/         epoch files and signing keys, sealed under the root key
//   DIR/site.db       SQLite's file
//   DIR/lock          held by `serve`; while it is, commands go through DIR/admin.sock
//   DIR/checkpoints/  signed heads, one file each: the place to mirror outside
#pragma once

#include <filesystem>
#include <memory>

#include "ledger/keys.h"
#include "service/openpgp.h"
#include "store/db.h"

namespace sluice::service {

struct SiteOptions {
  std::filesystem::path data;
  std::optional<std::filesystem::path> root_key;
  std::optional<std::string> database;           // default: sqlite:DIR/site.db
  std::string organisation_name = "This site";
  std::string origin = "sluice.example/ledger";  // names the ledger to the outside, for good
  bool demo = false;
};

struct SiteFile {
  SiteId id;
  std::string origin;
  OrganisationId organisation;                   // the site's own
  bool demo = false;
  Instant created;
};

struct OpenSite {
  SiteFile file;
  std::filesystem::path data;
  store::DatabaseUrl database;
  std::unique_ptr<ledger::KeyRing> keys;
  std::unique_ptr<OpenPgpKey> advisory_key = nullptr;  // where documents are signed or served (service/advisory_key.h); open_site() leaves it out
};

// Makes the directory, keys and schema, and the site's own organisation; prints nothing. Conflict if there is a site already.
Result<OpenSite> init_site(const SiteOptions& options, const Clock& clock);
Result<OpenSite> open_site(const std::filesystem::path& data, const std::optional<std::filesystem::path>& root_key);

// `serve` holds it; nobody else may. Released when the process ends, however it ends.
class SiteLock {
 public:
  static Result<SiteLock> take(const std::filesystem::path& data);   // Conflict, code "locked", when another process holds it
  SiteLock(SiteLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~SiteLock();

 private:
  explicit SiteLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace sluice::service
