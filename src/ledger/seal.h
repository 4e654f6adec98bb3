// One sealed cell: content that the database keeps and only a key's holder reads.
//
// Bytes: docs/formats/sealed-record.md. XChaCha20-Poly1305; where the cell lies is part of what is authenticated.
//
// Invariants
//   E1  A record opens only under its key, at the site, table, row and column it was sealed for, unchanged in every byte.
//   E2  Its length tells a size class only: multiples of 256 bytes, and powers of two from 4 KiB on.
//   E3  Algorithm and key stand in the record, so that a change of either needs no flag day.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/id.h"
#include "base/opened.h"
#include "base/result.h"
#include "ledger/secret.h"

namespace sluice::ledger {

struct KeyName {
  std::array<std::uint8_t, 16> id{};
  std::uint32_t version = 0;
  auto operator<=>(const KeyName&) const = default;
};

// Borrows its texts: made where it is used.
struct Place {
  SiteId site;
  std::string_view table;
  std::string_view row;     // the row id's text
  std::string_view column;
};

Bytes seal(const SecretKey& key, const KeyName& name, const Place& place, ByteView plain, Random& random);
Result<Opened<Bytes>> open(const SecretKey& key, const Place& place, ByteView record);

// Under which key a record was sealed. A claim until it opens.
Result<KeyName> key_of(ByteView record);

// An entry's cell carries the salt of its commitment in front (ledger/entry.h). Its place is table "entry", column "sealed".
using Salt = std::array<std::uint8_t, 32>;

struct SaltedEntry {
  Salt salt{};
  std::string entry;
};

Place entry_place(SiteId site, std::string_view entry_id);
Bytes seal_entry(const SecretKey& key, const KeyName& name, const Place& place, const Salt& salt, std::string_view entry, Random& random);
Result<Opened<SaltedEntry>> open_entry(const SecretKey& key, const Place& place, ByteView record);

// The size class of `size` bytes (E2).
std::size_t padded(std::size_t size);

}  // namespace sluice::ledger
