#include "store/case_threats.h"

#include <algorithm>

namespace sluice::store {

namespace {

constexpr Sql kHeads{"collection_heads", "SELECT n, head FROM collection ORDER BY n"};
constexpr Sql kPlace{"case_threat_place", "SELECT date_added FROM case_threat_place WHERE reader = $1 AND collection = $2"};
constexpr Sql kSetPlace{"set_case_threat_place", "INSERT INTO case_threat_place (reader, collection, date_added) VALUES ($1, $2, $3) ON CONFLICT (reader, collection) DO UPDATE SET date_added = $3"};
constexpr Sql kLookedFor{"case_threat_keys", "SELECT key FROM case_threat_key WHERE reader = $1 AND collection = $2"};
constexpr Bulk kKeys{"case_threat_key", "reader, collection, key", "ON CONFLICT (reader, collection, key) DO NOTHING"};
constexpr Sql kTouches{"case_touches", "SELECT body FROM case_touch WHERE name = $1"};
constexpr Sql kSetTouches{"set_case_touches", "INSERT INTO case_touch (name, body) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET body = $2"};
constexpr Sql kListsWith{"known_exploited_lists", "SELECT list, since, version FROM known_exploited WHERE cve = $1 ORDER BY list"};
constexpr Sql kMark{"known_exploited_mark", "SELECT COUNT(*) FROM known_exploited"};
constexpr Bulk kEntries{"known_exploited", "list, cve, since, version, imported", "ON CONFLICT (list, cve) DO NOTHING"};

Tag touch_name(const Cells& cells, OrganisationId reader, std::string_view object) { return cells.tag("case touch", reader.text() + "/" + std::string(object)); }

}  // namespace

Result<std::map<std::int64_t, std::int64_t>> collection_heads(Queries& db) {
  std::map<std::int64_t, std::int64_t> out;
  TRY(auto rows, db.query(kHeads));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    out.emplace(rows.i64(0), rows.i64(1));
  }
}

Result<std::optional<std::int64_t>> threat_place(Queries& db, const Tag& reader, std::int64_t collection) { return db.number(kPlace, reader, collection); }

Result<void> set_threat_place(Tx& tx, const Tag& reader, std::int64_t collection, std::int64_t date_added) {
  TRY(tx.run(kSetPlace, reader, collection, date_added));
  return {};
}

Tag threat_key_name(const Cells& cells, std::string_view key) { return cells.tag("case threat key", key); }

Result<std::set<Tag>> looked_for(Queries& db, const Tag& reader, std::int64_t collection) {
  std::set<Tag> out;
  TRY(auto rows, db.query(kLookedFor, reader, collection));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    const auto bytes = rows.bytes(0);
    Tag key{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), key.size()), key.begin());
    out.insert(key);
  }
}

Result<void> note_looked_for(Tx& tx, const Tag& reader, std::int64_t collection, const std::vector<Tag>& keys) {
  constexpr std::size_t kAtOnce = 500;
  for (std::size_t from = 0; from < keys.size(); from += kAtOnce) {
    Batch batch;
    for (auto i = from; i < std::min(keys.size(), from + kAtOnce); ++i) batch.add(reader, collection, keys[i]);
    TRY(tx.insert_many(kKeys, batch));
  }
  return {};
}

Result<std::vector<CaseTouch>> touches_of(Queries& db, const Cells& cells, OrganisationId reader, std::string_view object) {
  std::vector<CaseTouch> out;
  const auto name = touch_name(cells, reader, object);
  json::value value;
  {
    TRY(const auto row, db.one(kTouches, name));
    if (!row) return out;
    TRY(value, cells.open_json("case_touch", hex(name), "body", row->bytes(0)));
  }
  if (!value.is_array()) return out;
  for (const auto& one : value.get_array()) {
    const auto id = CaseId::parse(string_at(one, "case"));
    const auto vulnerability = VulnerabilityId::parse(string_at(one, "vulnerability"));
    if (id && vulnerability) out.push_back({*id, *vulnerability, std::string(string_at(one, "touch"))});
  }
  return out;
}

Result<bool> add_touches(Tx& tx, const Cells& cells, OrganisationId reader, std::string_view object, const std::vector<CaseTouch>& touches) {
  TRY(auto all, touches_of(tx, cells, reader, object));
  const auto before = all.size();
  for (const auto& one : touches)
    if (all.size() < kMostTouches && std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  if (all.size() == before) return false;
  json::array body;
  for (const auto& one : all) body.push_back(json::object{{"case", one.case_id.text()}, {"vulnerability", one.vulnerability.text()}, {"touch", one.touch}});
  const auto name = touch_name(cells, reader, object);
  TRY(tx.run(kSetTouches, name, cells.seal_json("case_touch", hex(name), "body", json::value(std::move(body)))));
  return true;
}

Result<void> put_known_exploited(Tx& tx, const std::vector<KnownExploited>& entries, Instant now) {
  constexpr std::size_t kAtOnce = 500;
  for (std::size_t from = 0; from < entries.size(); from += kAtOnce) {
    Batch batch;
    for (auto i = from; i < std::min(entries.size(), from + kAtOnce); ++i) batch.add(entries[i].list, entries[i].cve, entries[i].since, entries[i].version, now);
    TRY(tx.insert_many(kEntries, batch));
  }
  return {};
}

Result<std::vector<KnownExploited>> lists_with(Queries& db, std::string_view cve) {
  std::vector<KnownExploited> out;
  TRY(auto rows, db.query(kListsWith, cve));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    out.push_back({rows.string(0), std::string(cve), rows.maybe_instant(1), rows.string(2)});
  }
}

Result<std::int64_t> known_exploited_mark(Queries& db) {
  TRY(const auto count, db.number(kMark));
  return count.value_or(0);
}

}  // namespace sluice::store
