#include "ledger/seal.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

#include "ledger/big_endian.h"

namespace sluice::ledger {

namespace {

// Offsets of docs/formats/sealed-record.md.
constexpr std::uint8_t kMagic[] = {'S', 'L', 'R', '1'};
constexpr std::uint8_t kXChaCha20Poly1305 = 1;
constexpr std::size_t kAlgorithmAt = 4, kKeyIdAt = 5, kVersionAt = 21, kNonceAt = 25, kCipherAt = 49;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kCipherAt == kNonceAt + kNonceSize);

constexpr std::size_t kLengthSize = 4;

Bytes associated_data(const Place& place, const KeyName& name) {
  Bytes out;
  const auto part = [&out](ByteView bytes) {
    assert(bytes.size() <= std::numeric_limits<std::uint16_t>::max());
    append(out, big_endian(static_cast<std::uint16_t>(bytes.size())));
    append(out, bytes);
  };
  part(bytes_of(place.site.text()));
  part(bytes_of(place.table));
  part(bytes_of(place.row));
  part(bytes_of(place.column));
  part(name.id);
  part(big_endian(name.version));
  return out;
}

// head ‖ length ‖ content ‖ zeros, sealed. The plain text lies in the record's own buffer only as long as it takes to encrypt it in place.
Bytes seal_padded(const SecretKey& key, const KeyName& name, const Place& place, ByteView head, ByteView content, Random& random) {
  assert(content.size() <= std::numeric_limits<std::uint32_t>::max());
  const std::size_t plain_size = padded(head.size() + kLengthSize + content.size());
  Bytes record;
  record.reserve(kCipherAt + plain_size + kTagSize);
  append(record, kMagic);
  record.push_back(kXChaCha20Poly1305);
  append(record, name.id);
  append(record, big_endian(name.version));
  record.resize(kCipherAt);
  random.fill({record.data() + kNonceAt, kNonceSize});
  append(record, head);
  append(record, big_endian(static_cast<std::uint32_t>(content.size())));
  append(record, content);
  record.resize(kCipherAt + plain_size + kTagSize);

  const Bytes bound = associated_data(place, name);
  crypto_aead_xchacha20poly1305_ietf_encrypt(record.data() + kCipherAt, nullptr, record.data() + kCipherAt, plain_size, bound.data(), bound.size(), nullptr,
                                             record.data() + kNonceAt, key.view().data());
  return record;
}

std::unexpected<Error> does_not_open() {
  return fail(ErrorKind::Invalid, "A sealed record does not open: it was changed, moved to another place, or sealed under another key.", {}, {}, "seal-broken");
}

struct HeadAndContent {
  Bytes head, content;
};

Result<HeadAndContent> open_padded(const SecretKey& key, const Place& place, ByteView record, std::size_t head_size) {
  TRY(const KeyName name, key_of(record));
  const Bytes bound = associated_data(place, name);
  Bytes plain(record.size() - kCipherAt - kTagSize);
  const Wiped wipe(plain);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, record.data() + kCipherAt, record.size() - kCipherAt, bound.data(), bound.size(),
                                                 record.data() + kNonceAt, key.view().data()) != 0)
    return does_not_open();

  // What was authenticated was written by seal_padded; one spelling only, so that equal content in equal space has no second form.
  if (plain.size() < head_size + kLengthSize) return does_not_open();
  const auto content_at = head_size + kLengthSize;
  const std::size_t size = from_big_endian<std::uint32_t>(std::span<const std::uint8_t, kLengthSize>(plain.data() + head_size, kLengthSize));
  if (size > plain.size() - content_at || padded(content_at + size) != plain.size()) return does_not_open();
  if (!std::all_of(plain.begin() + static_cast<std::ptrdiff_t>(content_at + size), plain.end(), [](auto b) { return b == 0; })) return does_not_open();
  const auto begin = plain.begin();
  return HeadAndContent{Bytes(begin, begin + static_cast<std::ptrdiff_t>(head_size)),
                        Bytes(begin + static_cast<std::ptrdiff_t>(content_at), begin + static_cast<std::ptrdiff_t>(content_at + size))};
}

}  // namespace

std::size_t padded(std::size_t size) {
  constexpr std::size_t kStep = 256, kPowersFrom = 4096;
  return size <= kPowersFrom ? std::max<std::size_t>(1, (size + kStep - 1) / kStep) * kStep : std::bit_ceil(size);
}

Result<KeyName> key_of(ByteView record) {
  if (record.size() < kCipherAt + kTagSize || !std::equal(std::begin(kMagic), std::end(kMagic), record.begin()))
    return fail(ErrorKind::Malformed, "This is not a sealed record.", {}, {}, "seal-broken");
  if (record[kAlgorithmAt] != kXChaCha20Poly1305)
    return fail(ErrorKind::Invalid, "This record was sealed with an algorithm that this version does not know.", {}, {}, "seal-broken");
  KeyName name;
  std::copy_n(record.begin() + kKeyIdAt, name.id.size(), name.id.begin());
  name.version = from_big_endian<std::uint32_t>(record.subspan<kVersionAt, 4>());
  return name;
}

Bytes seal(const SecretKey& key, const KeyName& name, const Place& place, ByteView plain, Random& random) {
  return seal_padded(key, name, place, {}, plain, random);
}

Result<Opened<Bytes>> open(const SecretKey& key, const Place& place, ByteView record) {
  TRY(HeadAndContent opened, open_padded(key, place, record, 0));
  return Opened(std::move(opened.content));
}

Place entry_place(SiteId site, std::string_view entry_id) { return {site, "entry", entry_id, "sealed"}; }

Bytes seal_entry(const SecretKey& key, const KeyName& name, const Place& place, const Salt& salt, std::string_view entry, Random& random) {
  return seal_padded(key, name, place, salt, bytes_of(entry), random);
}

Result<Opened<SaltedEntry>> open_entry(const SecretKey& key, const Place& place, ByteView record) {
  SaltedEntry out;
  TRY(HeadAndContent opened, open_padded(key, place, record, out.salt.size()));
  const Wiped wipe(opened.content);
  std::copy(opened.head.begin(), opened.head.end(), out.salt.begin());
  out.entry = text_of(opened.content);
  return Opened(std::move(out));
}

}  // namespace sluice::ledger
