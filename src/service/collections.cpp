#include "service/collections.h"

#include <algorithm>

#include "base/tlp.h"
#include "gate/judge.h"
#include "service/pseudonym_sending.h"
#include "service/recalls.h"
#include "service/redacted.h"
#include "service/site_log.h"
#include "store/objects.h"

namespace sluice::service {

namespace {

constexpr int kCollectionGrant = 2;

Result<void> check_words(std::string_view text, std::size_t most, std::string_view where) {
  if (text.empty() || text.size() > most) return fail(ErrorKind::Invalid, "This has at most " + std::to_string(most) + " bytes, and at least one.", std::string(where));
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return fail(ErrorKind::Invalid, "There may be no control characters here.", std::string(where));
  return {};
}

// A word for addresses, and never one that could be an id.
Result<void> check_alias(std::string_view alias) {
  const bool fits = !alias.empty() && alias.size() <= 63 && std::all_of(alias.begin(), alias.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'; });
  const bool is_like_id = alias.size() == 36 && alias[8] == '-' && alias[13] == '-';
  if (!fits || is_like_id || alias.find_first_not_of('.') == alias.npos) return fail(ErrorKind::Invalid, "An alias has 1 to 63 letters, digits, '-', '_' or '.', and doesn't look like an id.", "/alias");
  return {};
}

Result<void> check_collection(store::Queries& db, const store::Cells& cells, NewCollection& collection) {
  TRY(check_words(collection.title, 250, "/title"));
  if (collection.description) TRY(check_words(*collection.description, 2000, "/description"));
  if (collection.alias) TRY(check_alias(*collection.alias));
  if (collection.unmarked != "refused" && !from_word<Tlp>(collection.unmarked)) return fail(ErrorKind::Invalid, "This must be one of: " + words_of<Tlp>() + ", refused.", "/unmarked");
  if (!from_word<Redacted>(collection.redacted)) return fail(ErrorKind::Invalid, "This must be one of: " + words_of<Redacted>() + ".", "/redacted");
  for (auto* all : {&collection.readers, &collection.writers}) {
    std::sort(all->begin(), all->end());
    all->erase(std::unique(all->begin(), all->end()), all->end());
    if (all->size() > 10'000) return fail(ErrorKind::Invalid, "A collection names at most 10,000 organisations; * means any.", all == &collection.readers ? "/read" : "/write");
    for (const auto& id : *all) {
      TRY(const auto row, store::organisation(db, cells, id));
      if (!row) return fail(ErrorKind::Invalid, "There is no organisation " + id.text() + ".", all == &collection.readers ? "/read" : "/write");
    }
  }
  return {};
}

// The standing right to read, judged once (DESIGN: three ways out). What a label allows of each object is asked when it is posted: the collection itself carries nothing.
Result<void> grant_reading(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, std::optional<OrganisationId> reader) {
  gate::Disclosure disclosure;
  disclosure.content.object = "collection:" + collection.id;
  disclosure.content.hash = gate::hash_of_content(bytes_of(collection.id));
  disclosure.content.marking = Tlp::Green;
  disclosure.audience = reader ? gate::Audience::of(*reader) : gate::Audience::community(services.site.file.id.text());
  disclosure.channel = gate::Channel::Taxii;
  disclosure.at = unit.now();
  disclosure.actor = asker.viewer.person;
  const auto grant = GrantId::random(services.random);
  disclosure.basis = {.kind = gate::BasisKind::Grant, .grant = grant};
  gate::Facts facts;
  facts.now = unit.now();
  facts.audience.is_community = true;
  facts.marking.source_is_ours = true;
  facts.grants.push_back({.id = grant, .open = true, .object = disclosure.content.object});
  facts.two_person = services.settings.two_person;
  const auto judged = gate::judge(disclosure, facts, RulingId::random(services.random));
  if (!judged.ruling.allows()) return fail(ErrorKind::Conflict, "The gate doesn't let this collection be shared so.", {}, "gate", "gate-denies");
  const auto object = services.cells().tag("collection", collection.id);
  TRY(unit.writing().record_ruling(judged.ruling.id, unit.now(), static_cast<int>(judged.ruling.outcome), object, json::object{{"disclosure", to_json(disclosure)}, {"ruling", to_json(judged.ruling)}}));
  const auto subject = reader ? services.store.tag_of(*reader) : services.cells().tag("audience", collection.id + "/" + std::string(store::kAllReaders));
  return unit.writing().open_grant(grant, subject, object, kCollectionGrant, judged.ruling.id, unit.now());
}

json::value names_of(const std::vector<OrganisationId>& named, bool anyone) {
  if (anyone) return "*";
  json::array out;
  for (const auto& id : named) out.emplace_back(id.text());
  return out;
}

}  // namespace

std::unexpected<Error> no_object() { return fail(ErrorKind::NotFound, "There is no such object here, or you have no access to it."); }

std::string random_uuid(Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  auto out = hex(bytes);
  for (const std::size_t at : {8u, 13u, 18u, 23u}) out.insert(at, "-");
  return out;
}

Result<NamedOrganisations> organisations_in_list(std::string_view text, std::string_view flag) {
  NamedOrganisations out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto word = text.substr(at, comma - at);
    at = comma + 1;
    if (word == "*") {
      out.anyone = true;
      continue;
    }
    const auto id = OrganisationId::parse(word);
    if (!id) return fail(ErrorKind::Invalid, "Name organisations by their ids, with commas between them, or * for any that is signed in.", std::string(flag), {}, "usage");
    out.named.push_back(*id);
  }
  return out;
}

Work add_collection(Services& services, Asker asker, NewCollection collection) {
  return [&services, asker = std::move(asker), collection = std::move(collection)](Unit& unit) mutable -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    if (asker.viewer.kind != access::Viewer::Kind::System) TRY(access::require(asker.viewer, access::Action::ManageSite, {}));
    TRY(check_collection(unit.writing().tx(), services.cells(), collection));
    store::Collection made{.id = random_uuid(services.random), .created = unit.now(), .title = std::move(collection.title), .description = std::move(collection.description), .alias = std::move(collection.alias),
                           .readers = std::move(collection.readers), .writers = std::move(collection.writers), .anyone_reads = collection.anyone_reads, .anyone_writes = collection.anyone_writes,
                           .unmarked = std::move(collection.unmarked), .redacted = std::move(collection.redacted), .shared_ids = collection.shared_ids};
    TRY(store::add_collection(unit.writing(), made));
    if (made.anyone_reads) TRY(grant_reading(unit, services, asker, made, {}));
    for (const auto& reader : made.readers) TRY(grant_reading(unit, services, asker, made, reader));
    json::object event{{"type", "CollectionAdded"}, {"v", 1}, {"collection", made.id}, {"title", made.title}, {"read", names_of(made.readers, made.anyone_reads)}, {"write", names_of(made.writers, made.anyone_writes)}, {"unmarked", made.unmarked}};
    if (made.shared_ids) event["shared_ids"] = true;
    if (made.redacted != "withheld") event["redacted"] = made.redacted;
    Committed out;
    out.answer = {{"id", made.id}};
    TRY(write_collection_entry(unit, asker, made.id, "collection.add", std::move(event), out));   // in its own stream, whose key is there from now on
    return out;
  };
}

Result<void> write_collection_entry(Unit& unit, const Asker& asker, std::string_view collection, std::string_view action, json::object event, Committed& out) {
  return write_entry_on(unit, asker, store::stream_of_collection(collection), {action, std::string(collection), std::move(event)}, out);
}

Work record_object_deliveries(Services& services, access::Viewer viewer, std::vector<std::int64_t> objects) {
  return [&services, viewer = std::move(viewer), objects = std::move(objects)](Unit& unit) -> Result<Committed> {
    if (viewer.organisation) TRY(store::note_deliveries(unit.writing().tx(), services.store.tag_of(*viewer.organisation), objects, unit.now(), static_cast<int>(gate::Channel::Taxii)));
    return Committed{};
  };
}

json::object objects_deleted_event(std::string_view collection, std::string_view id, std::span<const Hash> hashes) {
  json::array all;
  for (const auto& hash : hashes) all.emplace_back(hex(hash));
  return {{"type", "ObjectsDeleted"}, {"v", 1}, {"collection", collection}, {"object", id}, {"count", hashes.size()}, {"hashes", std::move(all)}};
}

Work delete_object(Services& services, Asker asker, std::string collection, std::string id, store::VersionsWanted wanted) {
  return [&services, asker = std::move(asker), collection = std::move(collection), id = std::move(id), wanted = std::move(wanted)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(const auto sending, sending_in(services, unit.writing().tx(), asker, collection));
    const auto& seen = sending.seen;
    // TAXII 2.1 §5.7: one of the two rights alone is told that the other is missing.
    if (!seen.can_read() || !seen.can_write()) return fail(ErrorKind::Forbidden, "Deleting takes the right to read this collection and the right to write it.");
    if (sending.pseudonym) {                      // what it sent, and nothing of others
      TRY(const bool is_own, store::holds_object(unit.writing().tx(), services.cells(), seen.collection(), seen.reader(), id));
      if (!is_own) return no_object();
    }
    TRY(const auto had, store::fetched(unit.writing().tx(), services.cells(), seen.collection(), id));
    TRY(const auto deleted, store::delete_object(unit.writing(), seen, id, wanted, unit.now()));
    Committed out;
    out.answer = {{"deleted", deleted.versions}};
    if (deleted.hashes.empty()) return out;
    TRY(write_collection_entry(unit, sending.as, seen.collection().id, "object.delete", objects_deleted_event(seen.collection().id, id, deleted.hashes), out));
    TRY(tell_deleted(unit, services, sending.as, seen, id, had));
    TRY(write_use(unit, asker, sending, "object.delete", deleted.versions));
    if (deleted.head != 0) unit.tell({.collection = seen.collection().n});
    return out;
  };
}

}  // namespace sluice::service
