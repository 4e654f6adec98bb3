// Ids: 128 random bits and a kind, so that Id<Case> never meets Id<Report>.
//
// Text form: the kind's letter, '_', 26 lower-case Crockford base32 digits (no i, l, o, u), such as "c_0x1n5c7w3k9j2m8r6tf2hbs40d".
// No counter, no time (EXI-3). Text that is not exactly canonical is no id at all.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/endian/conversion.hpp>

#include "base/bytes.h"

namespace sluice {

std::string crockford(std::span<const std::uint8_t, 16> bytes);
std::optional<std::array<std::uint8_t, 16>> from_crockford(std::string_view text);

template <class Kind>
struct Id {
  std::array<std::uint8_t, 16> bytes{};

  static Id random(Random& random = system_random()) {
    Id id;
    random.fill(id.bytes);
    return id;
  }

  static std::optional<Id> parse(std::string_view text) {
    if (text.size() != 28 || text[0] != Kind::kLetter || text[1] != '_') return std::nullopt;
    const auto bytes = from_crockford(text.substr(2));
    if (!bytes) return std::nullopt;
    return Id{*bytes};
  }

  std::string text() const { return std::string{Kind::kLetter, '_'} + crockford(bytes); }

  bool is_nil() const { return bytes == std::array<std::uint8_t, 16>{}; }
  bool operator==(const Id&) const = default;
  // As bytes, in two words: ids are keys of the maps of every fold, and a call to memcmp was a fifth of a large case's time.
  std::strong_ordering operator<=>(const Id& other) const {
    using boost::endian::load_big_u64;
    const auto first = load_big_u64(bytes.data()) <=> load_big_u64(other.bytes.data());
    return first != 0 ? first : load_big_u64(bytes.data() + 8) <=> load_big_u64(other.bytes.data() + 8);
  }
};

// The kinds. A kind is a name and a letter and nothing else.
struct Site { static constexpr char kLetter = 's'; };
struct Organisation { static constexpr char kLetter = 'o'; };
struct Person { static constexpr char kLetter = 'p'; };
struct Case { static constexpr char kLetter = 'c'; };
struct Report { static constexpr char kLetter = 'r'; };
struct Entry { static constexpr char kLetter = 'e'; };
struct RulingKind { static constexpr char kLetter = 'd'; };
struct RequestKind { static constexpr char kLetter = 'q'; };
struct SessionKind { static constexpr char kLetter = 'n'; };
struct TokenKind { static constexpr char kLetter = 't'; };
struct ThreadKind { static constexpr char kLetter = 'h'; };
struct MessageKind { static constexpr char kLetter = 'm'; };
struct FileKind { static constexpr char kLetter = 'f'; };
struct VulnerabilityKind { static constexpr char kLetter = 'v'; };
struct ProductKind { static constexpr char kLetter = 'u'; };
struct AdvisoryKind { static constexpr char kLetter = 'a'; };
struct ReleaseKind { static constexpr char kLetter = 'l'; };
struct GrantKind { static constexpr char kLetter = 'g'; };
struct GroupKind { static constexpr char kLetter = 'k'; };
struct OutboxKind { static constexpr char kLetter = 'x'; };
struct ClaimKind { static constexpr char kLetter = 'w'; };
struct DecisionKind { static constexpr char kLetter = 'y'; };
struct TwoPersonRequestKind { static constexpr char kLetter = 'b'; };
struct TargetKind { static constexpr char kLetter = 'j'; };
struct LeakKind { static constexpr char kLetter = 'z'; };

using SiteId = Id<Site>;
using OrganisationId = Id<Organisation>;
using PersonId = Id<Person>;
using CaseId = Id<Case>;
using ReportId = Id<Report>;
using EntryId = Id<Entry>;
using RulingId = Id<RulingKind>;
using RequestId = Id<RequestKind>;
using SessionId = Id<SessionKind>;
using TokenId = Id<TokenKind>;
using ThreadId = Id<ThreadKind>;
using MessageId = Id<MessageKind>;
using FileId = Id<FileKind>;
using VulnerabilityId = Id<VulnerabilityKind>;
using ProductId = Id<ProductKind>;
using AdvisoryId = Id<AdvisoryKind>;
using ReleaseId = Id<ReleaseKind>;
using GrantId = Id<GrantKind>;
using GroupId = Id<GroupKind>;
using OutboxId = Id<OutboxKind>;
using ClaimId = Id<ClaimKind>;
using DecisionId = Id<DecisionKind>;
using TwoPersonRequestId = Id<TwoPersonRequestKind>;
using TargetId = Id<TargetKind>;
using LeakId = Id<LeakKind>;

}  // namespace sluice

template <class Kind>
struct std::hash<sluice::Id<Kind>> {
  std::size_t operator()(const sluice::Id<Kind>& id) const {  // the bytes are random already
    std::size_t out = 0;
    for (int i = 0; i < 8; ++i) out = out << 8 | id.bytes[i];
    return out;
  }
};
