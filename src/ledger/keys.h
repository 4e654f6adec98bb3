// The keys of a site, from the root secret down:
//
//   root file ─HKDF─► KEK ─seals─► epoch-<n>.key ─wraps─► compartment keys (wrapped bytes: the store keeps them)
//                       ├─ seals─► site.key ─HKDF─► one sub-key a purpose: tags, padding, slots, sessions, …
//                       ├─ seals─► ledger.key: the Ed25519 key that signs for the ledger
//                       └─ seals─► <name>.key: secrets that another room made, whose form this one doesn't know (advisory.key)
//
// Used by service/ (the Writer, erasure) and cli/ (init, ledger verify). Bytes: docs/formats/epoch-file.md.
// Safe to call from any thread. Several nodes may share the folder; each calls refresh() when another began or destroyed an epoch.
//
// Invariants
//   K1  The root file and the key files are the owner's alone, or nothing opens.
//   K2  A compartment key opens only with the epoch it was wrapped in: when that epoch's file is destroyed, what it wrapped is gone for good, on every
//       node once it has refreshed. A database backup alone never brings it back.
//   K3  Sub-keys, tags and the signing key stay the same through all epochs.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ledger/seal.h"
#include "ledger/signature.h"
#include "ledger/tick.h"

namespace sluice::ledger {

struct WrappedKey {
  KeyName name;
  std::uint32_t epoch = 0;
  Bytes wrapped;
};

class KeyRing {
 public:
  // Makes the folder and, if absent, the root key file. Conflict if the folder has a site's keys already.
  // `origin` names the ledger to the outside, such as "cert.example/ledger", and is bound to its signing key for good.
  static Result<KeyRing> create(const std::filesystem::path& key_dir, const std::filesystem::path& root_key_file, SiteId site, std::string_view origin, Random& random);
  static Result<KeyRing> open(const std::filesystem::path& key_dir, const std::filesystem::path& root_key_file, SiteId site, std::string_view origin);

  KeyRing(KeyRing&&) noexcept;
  KeyRing& operator=(KeyRing&&) noexcept;
  ~KeyRing();

  SiteId site() const;

  // KEY-4: HMAC(index key, kind ‖ 00 ‖ id), 16 bytes. Found by equality; tells nothing without the key.
  Tag tag(std::string_view kind, ByteView id) const;
  // One key a purpose ("site", "cursor", "session", "webhook", …). Lent: made once, and as long-lived as the ring.
  const SecretKey& derived(std::string_view purpose) const;
  LedgerKeys ledger_keys() const;

  Result<WrappedKey> new_key(Random& random) const;
  Result<WrappedKey> next_version(const WrappedKey& before, Random& random) const;  // same id, version + 1, another key
  Result<SecretKey> unwrap(const WrappedKey& key) const;                            // NotFound, code "erased", when its epoch is gone; Unavailable, code "unknown-epoch": refresh()

  std::uint32_t epoch() const;                  // the current one: what new keys are wrapped in
  std::vector<std::uint32_t> epochs() const;    // all that can still be opened, oldest first

  // Erasing = begin_epoch, rewrap every key that stays (again after a crash: it is idempotent), destroy_epoch of the old ones.
  Result<std::uint32_t> begin_epoch(Random& random);
  Result<WrappedKey> rewrap(const WrappedKey& key, Random& random) const;  // into the current epoch
  Result<void> destroy_epoch(std::uint32_t number, Random& random = system_random());
  Result<void> refresh();

  // A secret of another room's making, such as "advisory", in a key file of its own. Conflict if there is one of this name; at most 3 KiB.
  Result<void> keep(std::string_view name, ByteView secret, Random& random) const;
  Result<Opened<Bytes>> kept(std::string_view name) const;  // NotFound if there is none

  const Signer& signer() const;
  Result<Signature> sign(ByteView message) const { return signer().sign(message); }
  std::string vkey() const { return signer().key().text(); }

 private:
  struct State;
  explicit KeyRing(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::ledger
