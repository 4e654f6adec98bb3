// The one example that the pages of docs/formats/ and the tests of this room share. Keys and chance are hashes of plain words.
#pragma once

#include <algorithm>

#include "ledger/entry.h"
#include "ledger/signature.h"

namespace sluice::ledger::example {

inline constexpr std::string_view kEntry =
    R"({"action":"report.submit","actor":null,"changes":[{"contacted_vendor":"no","exploited":false,"product":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",)"
    R"("public":false,"seq":1,"title":"Remote code execution in log4j-core message lookup","to":"o_0k9j2m8r6tx1n5c7w3f2hbs40d","type":"ReportReceived","v":1}],)"
    R"("id":"e_04q2m8r6tx1n5c7w3k9j0f2hbs","object":"r_0c7w3k9j2m8r6tx1n5f2hbs40d","occurred":"2021-11-24T07:51:00Z","org":null,"outcome":"done",)"
    R"("reason":"d_0f2hbs4w3k9j2m8r6tx1n5c70d","recorded":"2021-11-24T07:53:12Z","request":"q_0d7w3k9j2m8r6tx1n5c7f2hbs4","session":null,)"
    R"("stream":"c_0x1n5c7w3k9j2m8r6tf2hbs40d/report:r_0c7w3k9j2m8r6tx1n5f2hbs40d","v":1})";
inline constexpr std::string_view kEntryId = "e_04q2m8r6tx1n5c7w3k9j0f2hbs";
inline constexpr std::string_view kLeaf =
    R"({"commit":"7f231074119de909d99cfe39011cf8eaea0a435854b0c305231d1c74966a6bf3","id":"e_04q2m8r6tx1n5c7w3k9j0f2hbs",)"
    R"("seal":"25187dade34ebdf09098e5ab55b03a202a3ea7c04cc679dd618cc93b4ec89e9f","t":"2021-11-24T07:53:12Z","v":1})";
inline constexpr std::uint64_t kTick = 2;
inline constexpr std::uint16_t kSlot = 19702;
inline constexpr std::string_view kTickLeaf = R"({"root":"c81bb5a4e42b7ecacb1a4a83f4d4d56b68a6be86132a2325c972d498c8b6ee3c","t":"2021-11-24T07:54:00Z","tick":2,"v":1})";
inline constexpr std::string_view kBefore = "fd3834189868fe8f90219c14c873f9d7194c02ccbadf194c13f00da9261afe87";  // the log's hash over ticks 0 and 1
inline constexpr std::string_view kOrigin = "sluice.example/ledger";
inline constexpr std::string_view kVkey = "sluice.example/ledger+e07ad744+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
inline constexpr std::string_view kNote =
    "sluice.example/ledger\n3\nQr6wVSDhPT46jKuJC7kixkGSy8Ag37hzsqIfTEwlFU8=\n\n"
    "\xE2\x80\x94 sluice.example/ledger 4HrXRJ4eB5nPJS0SAJeA2Od0Rm0ecmFweYrKzhJniBiFlEUg/OJ/BXZiREpg8BIFe8eW2wx02oLIJP3P/U5VIbBJygE=\n";
inline constexpr std::string_view kSite = "s_0m8r6tx1n5c7w3k9j2hbs4f20d";

inline Hash hash_of(std::string_view word) { return sha256(bytes_of(word)); }
inline SecretKey key_of_word(std::string_view word) { return *SecretKey::from(hash_of(word)); }
inline Salt salt() { return hash_of("example salt"); }
inline SiteId site() { return *SiteId::parse(kSite); }
inline Hash hash_from(std::string_view text) { return *to_hash(*from_hex(text)); }

inline KeyName key_name() {
  KeyName name{.version = 1};
  std::copy_n(hash_of("example key id").begin(), 16, name.id.begin());
  return name;
}

inline LocalSigner signer(std::string_view origin = kOrigin) {
  Hash seed;
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
  return *LocalSigner::make(origin, *SecretKey::from(seed));
}

// Gives the hash of a word, over and over.
class WordRandom final : public Random {
 public:
  explicit WordRandom(std::string_view word) : bytes_(hash_of(word)) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = bytes_[i % bytes_.size()];
  }

 private:
  Hash bytes_;
};

}  // namespace sluice::ledger::example
