// Sealed cells of rows that belong to the site and to no compartment: names of organisations, profiles, standings, rulings.
//
// Compartments have keys of their own, which can be erased; what lies here is under a key derived from the root and lasts as long as the site.
#pragma once

#include <string_view>

#include "base/json.h"
#include "ledger/keys.h"
#include "ledger/seal.h"

namespace sluice::store {

using Tag = std::array<std::uint8_t, 16>;

class Cells {
 public:
  Cells(const ledger::KeyRing& keys, SiteId site);

  // The row is the row's key as text, chosen before sealing, so that a cell moved elsewhere doesn't open.
  Bytes seal(std::string_view table, std::string_view row, std::string_view column, std::string_view plain) const;
  Result<std::string> open(std::string_view table, std::string_view row, std::string_view column, ByteView sealed) const;
  Bytes seal_json(std::string_view table, std::string_view row, std::string_view column, const json::value& value) const;
  Result<json::value> open_json(std::string_view table, std::string_view row, std::string_view column, ByteView sealed) const;

  Tag tag(std::string_view kind, std::string_view text) const;
  SiteId site() const { return site_; }
  const ledger::KeyRing& keys() const { return keys_; }

 private:
  const ledger::KeyRing& keys_;
  SiteId site_;
  const ledger::SecretKey& key_;
  ledger::KeyName name_;
};

}  // namespace sluice::store
