#include "service/redacted.h"

#include <algorithm>

#include "base/fine_time.h"
#include "service/threat_ties.h"
#include "threat/object.h"

namespace sluice::service {

namespace {

constexpr store::Reach kCut[] = {store::Reach::Members, store::Reach::Recipients, store::Reach::AllReaders};

// Whom the copy for this step is for: those that stand on it and on none below.
std::string_view audience_of_copy(store::Reach reach) { return reach == store::Reach::Members ? store::kMembers : reach == store::Reach::Recipients ? store::kClients : store::kOthers; }

ByteView key_of_copies(Services& services) { return services.cells().keys().derived("redacted copies").view(); }

// A UUID of pseudo-random bits that only this site makes, the same each time (RFC 4122 §4.4).
std::string own_identity(Services& services) {
  auto bytes = hmac_sha256(key_of_copies(services), {bytes_of(std::string_view("identity"))});
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  auto digits = hex(ByteView(bytes).first(16));
  for (const std::size_t at : {20u, 16u, 12u, 8u}) digits.insert(at, 1, '-');
  return "identity--" + digits;
}

// As it is put. `tlp`: of the whole of it.
MadeCopy as_put(Services& services, const json::object& object, std::string_view audience, Tlp tlp) {
  MadeCopy out;
  out.bytes = canonical(json::value(object));
  auto& put = out.object;
  put.id = std::string(string_at(object, "id")), put.type = std::string(string_at(object, "type"));
  if (const auto facts = threat::facts_of(object)) put.version = facts->version;
  put.version_at = put.version.empty() ? std::nullopt : utc_nanos(put.version);
  put.creator = std::string(string_at(object, "created_by_ref"));
  if (object.contains("created")) put.created_at = utc_nanos(string_at(object, "created"));
  put.hash = put.content = sha256(bytes_of(out.bytes));
  out.audience = std::string(audience);
  put.is_sealed = !is_for_anyone(tlp);
  tie(services.cells(), object, put);
  return out;
}

void keep_copy(std::deque<MadeCopy>& all, MadeCopy one) {
  all.push_back(std::move(one));
  all.back().object.bytes = all.back().bytes;             // where it stays
}

// Who made them: the site's own identity, as an object that anybody may have. The same each time, so it is put once.
json::object identity_of_site(Services& services, const store::Collection& collection) {
  std::string name = "This site";
  if (const auto all = services.directory->rows(services.store, services.clock.monotonic()))
    if (const auto own = (*all)->find(services.site.file.organisation); own != (*all)->end()) name = own->second.profile.name;
  const auto created = six_digits(collection.created);
  return {{"type", "identity"}, {"spec_version", "2.1"}, {"id", own_identity(services)}, {"created", created}, {"modified", created}, {"name", name}, {"identity_class", "organization"},
          {"object_marking_refs", json::array{json::value(threat::marking_id_of(Tlp::Clear))}}};
}

}  // namespace

store::Reach reach_of_label(Tlp tlp) {
  if (threat::may_read(tlp, {.is_community = true})) return store::Reach::AllReaders;
  if (threat::may_read(tlp, {.is_community = true, .is_client = true})) return store::Reach::Recipients;
  if (threat::may_read(tlp, {.is_community = true, .is_member = true})) return store::Reach::Members;
  return store::Reach::Sender;
}

Tlp ceiling_of_reach(store::Reach reach) {
  switch (reach) {
    case store::Reach::AllReaders: return threat::ceiling_of({.is_community = true});
    case store::Reach::Recipients: return threat::ceiling_of({.is_community = true, .is_client = true});
    case store::Reach::Members: return threat::ceiling_of({.is_community = true, .is_member = true});
    case store::Reach::Sender: break;
  }
  return Tlp::Red;
}

RedactedCopies copies_of(Services& services, const store::Collection& collection, const json::object& object, const threat::Markings& markings, const threat::MarkingLookup& lookup, store::Reach whole, int spec, Instant now) {
  RedactedCopies out;
  const auto policy_word = from_word<Redacted>(collection.redacted).value_or(Redacted::Withheld);
  const auto type = string_at(object, "type");
  for (const auto reach : kCut) {
    if (reach <= whole) continue;                         // C1
    const bool may = policy_word != Redacted::Withheld && spec == 2001 && type != "language-content" && type != "marking-definition";
    const auto ceiling = ceiling_of_reach(reach);
    threat::RedactionPolicy policy{.offers_copies = may, .made_by = own_identity(services), .names_original = policy_word != Redacted::Unnamed};
    policy.marking.unmarked = from_word<Tlp>(collection.unmarked).value_or(Tlp::AmberStrict);
    auto redaction = may ? threat::redacted_for(ceiling, object, markings, key_of_copies(services), now, lookup, policy) : threat::Redaction{};
    if (redaction.outcome != threat::ReadOutcome::Copy) {
      out.beyond.push_back(reach);
      continue;
    }
    if (out.all.empty()) keep_copy(out.all, as_put(services, identity_of_site(services, collection), store::kAllReaders, Tlp::Clear));
    out.reached.push_back(reach);
    keep_copy(out.all, as_put(services, redaction.copy, audience_of_copy(reach), markings.tlp));
    if (!redaction.relationship.empty()) keep_copy(out.all, as_put(services, redaction.relationship, audience_of_copy(reach), markings.tlp));
  }
  return out;
}

std::vector<CopyIds> copy_ids(Services& services, std::string_view original) {
  std::vector<CopyIds> out;
  for (const auto reach : kCut) out.push_back({threat::id_of_copy(original, ceiling_of_reach(reach), key_of_copies(services)), threat::id_of_origin(original, ceiling_of_reach(reach), key_of_copies(services))});
  return out;
}

}  // namespace sluice::service
