#include "store/collections.h"

#include <algorithm>
#include <map>

#include "store/reach.h"
#include "store/writing.h"

namespace sluice::store {

namespace {

// Whose right is found with it: the organisation's own row, or that of all who are signed in. Either names at least one right, so the wider comes first.
constexpr Sql kCollection{"collection",
                          "SELECT c.n, c.id, c.created, c.card FROM collection c JOIN collection_reader r ON r.collection = c.n "
                          "WHERE (c.id = $1 OR c.alias = $2) AND r.organisation IN ($3, $4) ORDER BY r.rights DESC LIMIT 1"};
constexpr Sql kCollectionsOf{"collections_of",
                             "SELECT n, id, created, card FROM collection WHERE n IN (SELECT collection FROM collection_reader WHERE organisation = $1 "
                             "UNION SELECT collection FROM collection_reader WHERE organisation = $2) ORDER BY id"};
constexpr Sql kAliasTaken{"alias_taken", "SELECT n FROM collection WHERE id = $1 OR alias = $2"};
constexpr Sql kCollections{"collections", "SELECT n, id, created, card FROM collection ORDER BY id"};
constexpr Sql kNewestCollection{"newest_collection", "SELECT MAX(n) FROM collection"};
constexpr Sql kAddCollection{"add_collection", "INSERT INTO collection (n, id, alias, created, head, card) VALUES ($1, $2, $3, $4, 0, $5)"};
constexpr Bulk kAddReaders{"collection_reader", "organisation, collection, rights"};
constexpr Sql kAudience{"audience", "SELECT n FROM audience WHERE name = $1"};
constexpr Sql kNewestAudience{"newest_audience", "SELECT MAX(n) FROM audience"};
constexpr Sql kAddAudience{"add_audience", "INSERT INTO audience (n, collection, name) VALUES ($1, $2, $3)"};

// What is sealed of a collection.
struct CollectionCard {
  std::string title;
  std::optional<std::string> description, alias;
  std::vector<OrganisationId> readers, writers;
  bool anyone_reads = false, anyone_writes = false;
  std::string unmarked;
  bool shared_ids = false;
  std::string redacted;
};
BOOST_DESCRIBE_STRUCT(CollectionCard, (), (title, description, alias, readers, writers, anyone_reads, anyone_writes, unmarked, shared_ids, redacted))

constexpr std::int64_t kReads = 1, kWrites = 2;

std::unexpected<Error> no_collection() { return fail(ErrorKind::NotFound, "There is no such collection, or you have no access to it."); }

Result<Collection> collection_in(Rows& row, const Cells& cells) {
  Collection out;
  out.n = row.i64(0);
  out.id = row.string(1);
  out.created = row.instant(2);
  TRY(const auto value, cells.open_json("collection", out.id, "card", row.bytes(3)));
  TRY(auto card, from_json<CollectionCard>(value));
  out.title = std::move(card.title), out.description = std::move(card.description), out.alias = std::move(card.alias);
  out.readers = std::move(card.readers), out.writers = std::move(card.writers);
  out.anyone_reads = card.anyone_reads, out.anyone_writes = card.anyone_writes;
  out.unmarked = std::move(card.unmarked), out.shared_ids = card.shared_ids, out.redacted = std::move(card.redacted);
  return out;
}

Tag alias_tag(const Cells& cells, std::string_view alias) { return cells.tag("collection alias", alias); }
Tag audience_tag(const Cells& cells, const Collection& collection, std::string_view name) { return cells.tag("audience", collection.id + "/" + std::string(name)); }

bool holds(const std::vector<OrganisationId>& all, OrganisationId id) { return std::find(all.begin(), all.end(), id) != all.end(); }

Tag anyone_tag(const Cells& cells) { return cells.tag("collection reader", "anyone"); }

Result<std::vector<Collection>> all_in(Result<Rows> rows, const Cells& cells) {
  std::vector<Collection> out;
  if (!rows) return std::unexpected(rows.error());
  for (;;) {
    TRY(const bool more, rows->next());
    if (!more) return out;
    TRY(auto one, collection_in(*rows, cells));
    out.push_back(std::move(one));
  }
}

// Who has which right, for the table that lookups are joined with.
Result<void> add_readers(Writing& writing, const Collection& collection) {
  std::map<Tag, std::int64_t> rights;
  const auto of_anyone = (collection.anyone_reads ? kReads : 0) | (collection.anyone_writes ? kWrites : 0);
  if (of_anyone != 0) rights[anyone_tag(writing.cells())] = of_anyone;
  for (const auto& id : collection.readers) rights[writing.store().tag_of(id)] |= kReads | of_anyone;
  for (const auto& id : collection.writers) rights[writing.store().tag_of(id)] |= kWrites | of_anyone;
  Batch batch;
  for (const auto& [organisation, right] : rights) batch.add(organisation, collection.n, right);
  if (batch.rows() > 0) TRY(writing.tx().insert_many(kAddReaders, batch));
  return {};
}

}  // namespace

bool Collection::is_member(OrganisationId organisation, access::OrganisationKind kind) const {
  return kind == access::OrganisationKind::Member || holds(readers, organisation) || holds(writers, organisation);
}

std::string audience_of(OrganisationId id) { return "org:" + id.text(); }

std::string stream_of_collection(std::string_view id) { return "collection:" + std::string(id); }

// Who reads and writes is the table's word (access/rights.h); which audiences it belongs to follows from what the collection says of its organisation.
Result<CollectionSeen> Sight::seen_as(Queries& db, Collection collection) const {
  if (!viewer_.is_signed_in() || !viewer_.organisation) return no_collection();
  const auto own = *viewer_.organisation;
  access::Standing standing;
  standing.is_granted_read = collection.anyone_reads || holds(collection.readers, own);
  standing.is_granted_write = collection.anyone_writes || holds(collection.writers, own);
  CollectionSeen out;
  out.tie_filters_ = &store_.run_filters().ties;
  out.can_read_ = access::authorize(viewer_, access::Action::ReadCollection, standing).allowed;
  out.can_write_ = access::authorize(viewer_, access::Action::WriteCollection, standing).allowed;
  if (!out.can_read_ && !out.can_write_) return no_collection();
  out.reader_ = store_.tag_of(own);
  std::vector<std::string> names{audience_of(own)};
  if (out.can_read_ && standing.is_granted_read) {
    TRY(const auto step, step_of(db, store_, collection, own, viewer_.organisation_kind));   // reach.h
    names.emplace_back(kAllReaders);
    if (step <= Reach::Members) names.emplace_back(kMembers);
    if (step <= Reach::Recipients) names.emplace_back(kRecipients);
    if (step == Reach::Recipients) names.emplace_back(kClients);
    if (step == Reach::AllReaders) names.emplace_back(kOthers);
  }
  for (const auto& name : names) {
    if (!out.can_read_) break;                    // L3
    TRY(const auto n, known_audience(db, store_.cells(), collection, name));
    if (n) out.audiences_.push_back(*n);
  }
  std::sort(out.audiences_.begin(), out.audiences_.end());
  out.collection_ = std::move(collection);
  return out;
}

Result<CollectionSeen> Sight::collection(Queries& db, std::string_view id_or_alias) const {
  if (id_or_alias.empty() || id_or_alias.size() > 250 || !viewer_.is_signed_in() || !viewer_.organisation) return no_collection();
  const auto& cells = store_.cells();
  std::optional<Collection> found;
  {
    TRY(auto row, db.one(kCollection, id_or_alias, alias_tag(cells, id_or_alias), store_.tag_of(*viewer_.organisation), anyone_tag(cells)));
    if (!row) return no_collection();
    TRY(found, collection_in(*row, cells));
  }
  return seen_as(db, *std::move(found));
}

Result<CollectionSeen> Sight::collection(std::string_view id_or_alias) const {
  TRY(auto db, store_.lease());
  return collection(*db, id_or_alias);
}

Result<std::vector<CollectionSeen>> Sight::collections() const {
  std::vector<CollectionSeen> out;
  TRY(auto db, store_.lease());
  if (!viewer_.is_signed_in() || !viewer_.organisation) return out;
  TRY(auto all, all_in(db->query(kCollectionsOf, store_.tag_of(*viewer_.organisation), anyone_tag(store_.cells())), store_.cells()));
  for (auto& one : all) {
    auto seen = seen_as(*db, std::move(one));
    if (seen) out.push_back(*std::move(seen));
    else if (seen.error().kind != ErrorKind::NotFound) return std::unexpected(seen.error());
  }
  return out;
}

Result<void> add_collection(Writing& writing, Collection& collection) {
  auto& tx = writing.tx();
  const auto& cells = writing.cells();
  if (collection.alias) {
    TRY(const auto taken, tx.number(kAliasTaken, *collection.alias, alias_tag(cells, *collection.alias)));
    if (taken) return fail(ErrorKind::Conflict, "Another collection has this alias.", "/alias", {}, "alias-taken");
  }
  TRY(const auto newest, tx.number(kNewestCollection));
  collection.n = newest.value_or(0) + 1;
  const CollectionCard card{collection.title, collection.description, collection.alias, collection.readers, collection.writers, collection.anyone_reads, collection.anyone_writes, collection.unmarked, collection.shared_ids, collection.redacted};
  const auto alias = collection.alias ? std::optional(alias_tag(cells, *collection.alias)) : std::nullopt;
  TRY(tx.run(kAddCollection, collection.n, collection.id, alias, collection.created, cells.seal_json("collection", collection.id, "card", to_json(card))));
  return add_readers(writing, collection);
}

Result<std::vector<Collection>> all_collections(Queries& db, const Cells& cells) { return all_in(db.query(kCollections), cells); }

Result<std::optional<std::int64_t>> known_audience(Queries& db, const Cells& cells, const Collection& collection, std::string_view name) { return db.number(kAudience, audience_tag(cells, collection, name)); }

Result<std::int64_t> audience_number(Writing& writing, const Collection& collection, std::string_view name) {
  auto& tx = writing.tx();
  TRY(const auto known, known_audience(tx, writing.cells(), collection, name));
  if (known) return *known;
  const auto tag = audience_tag(writing.cells(), collection, name);
  TRY(const auto newest, tx.number(kNewestAudience));
  const auto n = newest.value_or(0) + 1;
  TRY(tx.run(kAddAudience, n, collection.n, tag));
  return n;
}

}  // namespace sluice::store
