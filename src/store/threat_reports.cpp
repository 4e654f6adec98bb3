#include "store/threat_reports.h"

#include <algorithm>
#include <set>

namespace sluice::store {

namespace {

constexpr Sql kAddThreatText{"add_threat_report", "INSERT INTO threat_report (id, collection, author, changed, body) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kChangeThreatText{"change_threat_report", "UPDATE threat_report SET changed = $2, body = $3 WHERE id = $1"};
constexpr Sql kThreatText{"threat_report", "SELECT id, collection, author, changed, body FROM threat_report WHERE id = $1"};
constexpr Sql kAddThreatVersion{"add_threat_report_version", "INSERT INTO threat_report_version (report, version, at, body) VALUES ($1, $2, $3, $4)"};
constexpr Sql kThreatVersion{"threat_report_version", "SELECT body FROM threat_report_version WHERE report = $1 AND version = $2"};
constexpr Sql kLetRead{"let_read_threat_report", "INSERT INTO threat_report_reader (report, reader, version, at) VALUES ($1, $2, $3, $4) ON CONFLICT (report, reader, version) DO NOTHING"};
constexpr Sql kReadable{"readable_versions_of_threat_report", "SELECT version FROM threat_report_reader WHERE report = $1 AND reader = $2 ORDER BY version"};
constexpr Sql kTextsFor{"threat_reports_for", "SELECT report, MAX(at) AS newest FROM threat_report_reader WHERE reader = $1 GROUP BY report ORDER BY newest DESC, report LIMIT $2"};
constexpr Sql kTextsOver{"threat_reports_over",
                         "SELECT r.report, MAX(r.at) AS newest FROM threat_report_reader r JOIN threat_report t ON t.id = r.report WHERE r.reader = $1 AND t.collection = $2 GROUP BY r.report ORDER BY newest DESC, r.report LIMIT $3"};
constexpr Sql kPutEndorsement{"put_threat_report_endorsement",
                              "INSERT INTO threat_report_endorsement (report, version, organisation, body) VALUES ($1, $2, $3, $4) ON CONFLICT (report, version, organisation) DO UPDATE SET body = excluded.body"};
constexpr Sql kEndorsements{"threat_report_endorsements", "SELECT organisation, version, body FROM threat_report_endorsement WHERE report = $1 ORDER BY version, organisation"};
constexpr Sql kDeliveredText{"threat_report_delivered", "SELECT 1 FROM threat_report_delivery WHERE report = $1 AND version = $2 AND organisation = $3"};
constexpr Sql kDeliverText{"deliver_threat_report", "INSERT INTO threat_report_delivery (report, version, organisation, at) VALUES ($1, $2, $3, $4)"};
constexpr Sql kAddThreatGroup{"add_threat_group", "INSERT INTO threat_group (id, collection, at, body) VALUES ($1, $2, $3, $4)"};
constexpr Sql kThreatGroup{"threat_group", "SELECT id, collection, at, body FROM threat_group WHERE id = $1"};
constexpr Sql kThreatGroupsOf{"threat_groups_of", "SELECT id, collection, at, body FROM threat_group WHERE collection = $1 ORDER BY at, id LIMIT $2"};
constexpr Sql kPutMember{"put_threat_group_member",
                         "INSERT INTO threat_group_member (threat_group, organisation, state, at, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (threat_group, organisation) DO UPDATE SET state = excluded.state, at = excluded.at, body = excluded.body"};
constexpr Sql kGroupMembers{"threat_group_members", "SELECT organisation, body FROM threat_group_member WHERE threat_group = $1 ORDER BY at, organisation"};
constexpr Sql kPlaceInGroup{"place_in_threat_group", "SELECT state FROM threat_group_member WHERE threat_group = $1 AND organisation = $2"};
constexpr Sql kGroupsJoined{"threat_groups_joined", "SELECT m.threat_group, g.collection FROM threat_group_member m JOIN threat_group g ON g.id = m.threat_group WHERE m.organisation = $1 AND m.state = 1 ORDER BY m.threat_group LIMIT $2"};

Tag tag_in_text_row(Rows& row, int column) {
  Tag out{};
  const auto bytes = row.bytes(column);
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

std::string version_row(std::string_view report, std::int64_t version) { return std::string(report) + "/" + std::to_string(version); }
std::string endorsement_row(std::string_view report, std::int64_t version, const Tag& organisation) { return version_row(report, version) + "/" + hex(organisation); }
std::string member_row(GroupId group, const Tag& organisation) { return group.text() + "/" + hex(organisation); }

Result<ThreatGroup> threat_group_at(Rows& row, const Cells& cells) {
  ThreatGroup out;
  TRY(out.id, row.id<GroupId>(0));
  out.collection = row.i64(1), out.at = row.instant(2);
  TRY(const auto body, cells.open_json("threat_group", out.id.text(), "body", row.bytes(3)));
  TRY(out.body, from_json<ThreatGroupBody>(body));
  return out;
}

using TextsByTime = std::vector<std::pair<Instant, std::string>>;

Result<void> add_texts(TextsByTime& all, Result<Rows> rows) {
  if (!rows) return std::unexpected(rows.error());
  for (;;) {
    TRY(const bool more, rows->next());
    if (!more) return {};
    all.emplace_back(rows->instant(1), rows->string(0));
  }
}

std::vector<std::string> newest_texts(TextsByTime all, int most) {
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  std::vector<std::string> out;
  std::set<std::string> once;
  for (auto& [at, id] : all)
    if (static_cast<int>(out.size()) < most && once.insert(id).second) out.push_back(std::move(id));
  return out;
}

}  // namespace

Result<void> add_threat_text(Tx& tx, const Cells& cells, const ThreatText& row) {
  TRY(tx.run(kAddThreatText, row.id, row.collection, row.author, row.changed, cells.seal_json("threat_report", row.id, "body", to_json(row.body))));
  return {};
}

Result<void> change_threat_text(Tx& tx, const Cells& cells, const ThreatText& row) {
  TRY(tx.run(kChangeThreatText, row.id, row.changed, cells.seal_json("threat_report", row.id, "body", to_json(row.body))));
  return {};
}

Result<void> add_threat_version(Tx& tx, const Cells& cells, std::string_view report, const ThreatTextVersion& version) {
  TRY(tx.run(kAddThreatVersion, report, version.version, version.at, cells.seal_json("threat_report_version", version_row(report, version.version), "body", to_json(version))));
  return {};
}

Result<std::optional<ThreatText>> threat_text(Queries& db, const Cells& cells, std::string_view id) {
  TRY(auto row, db.one(kThreatText, id));
  if (!row) return std::optional<ThreatText>{};
  ThreatText out{.id = row->string(0), .collection = row->i64(1), .author = tag_in_text_row(*row, 2), .changed = row->instant(3), .body = {}};
  TRY(const auto body, cells.open_json("threat_report", out.id, "body", row->bytes(4)));
  TRY(out.body, from_json<ThreatTextBody>(body));
  return std::optional(std::move(out));
}

Result<std::optional<ThreatTextVersion>> threat_version(Queries& db, const Cells& cells, std::string_view report, std::int64_t version) {
  TRY(auto row, db.one(kThreatVersion, report, version));
  if (!row) return std::optional<ThreatTextVersion>{};
  TRY(const auto body, cells.open_json("threat_report_version", version_row(report, version), "body", row->bytes(0)));
  TRY(auto out, from_json<ThreatTextVersion>(body));
  return std::optional(std::move(out));
}

Tag reader_of_group(const Cells& cells, GroupId group) { return cells.tag("threat report reader", "group/" + group.text()); }

Tag reader_of_collection(const Cells& cells, std::string_view collection, ThreatAudience audience) {
  if (audience == ThreatAudience::Public) return cells.tag("threat report reader", "everybody");
  return cells.tag("threat report reader", std::string(collection) + "/" + std::string(audience == ThreatAudience::Members ? kMembers : kAllReaders));
}

Result<void> let_read(Tx& tx, std::string_view report, const Tag& reader, std::int64_t version, Instant now) {
  TRY(tx.run(kLetRead, report, reader, version, now));
  return {};
}

Result<ReadableVersions> readable_versions(Queries& db, std::string_view report, std::span<const Tag> readers) {
  ReadableVersions out;
  for (const auto& reader : readers) {
    TRY(auto rows, db.query(kReadable, report, reader));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      if (rows.i64(0) == 0) out.all = true;
      else out.some.push_back(rows.i64(0));
    }
  }
  std::sort(out.some.begin(), out.some.end());
  out.some.erase(std::unique(out.some.begin(), out.some.end()), out.some.end());
  return out;
}

Result<std::vector<std::string>> texts_for(Queries& db, std::span<const Tag> readers, int most) {
  TextsByTime all;
  for (const auto& reader : readers) TRY(add_texts(all, db.query(kTextsFor, reader, most)));
  return newest_texts(std::move(all), most);
}

Result<std::vector<std::string>> texts_over(Queries& db, std::span<const Tag> readers, std::int64_t collection, int most) {
  TextsByTime all;
  for (const auto& reader : readers) TRY(add_texts(all, db.query(kTextsOver, reader, collection, most)));
  return newest_texts(std::move(all), most);
}

Result<void> put_endorsement(Tx& tx, const Cells& cells, std::string_view report, const Tag& organisation, const Endorsement& one) {
  TRY(tx.run(kPutEndorsement, report, one.version, organisation, cells.seal_json("threat_report_endorsement", endorsement_row(report, one.version, organisation), "body", to_json(one))));
  return {};
}

Result<std::vector<Endorsement>> endorsements_of(Queries& db, const Cells& cells, std::string_view report) {
  std::vector<Endorsement> out;
  TRY(auto rows, db.query(kEndorsements, report));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    TRY(const auto body, cells.open_json("threat_report_endorsement", endorsement_row(report, rows.i64(1), tag_in_text_row(rows, 0)), "body", rows.bytes(2)));
    TRY(auto one, from_json<Endorsement>(body));
    out.push_back(std::move(one));
  }
  std::stable_sort(out.begin(), out.end(), [](const Endorsement& a, const Endorsement& b) { return a.version != b.version ? a.version < b.version : a.at < b.at; });
  return out;
}

Result<bool> has_threat_text_delivery(Queries& db, std::string_view report, std::int64_t version, const Tag& organisation) {
  TRY(const auto known, db.one(kDeliveredText, report, version, organisation));
  return known.has_value();
}

Result<bool> note_threat_text_delivery(Tx& tx, std::string_view report, std::int64_t version, const Tag& organisation, Instant now) {
  TRY(const bool known, has_threat_text_delivery(tx, report, version, organisation));
  if (known) return false;
  TRY(tx.run(kDeliverText, report, version, organisation, now));
  return true;
}

Result<void> add_threat_group(Tx& tx, const Cells& cells, const ThreatGroup& group) {
  TRY(tx.run(kAddThreatGroup, group.id, group.collection, group.at, cells.seal_json("threat_group", group.id.text(), "body", to_json(group.body))));
  return {};
}

Result<std::optional<ThreatGroup>> threat_group(Queries& db, const Cells& cells, GroupId id) {
  TRY(auto row, db.one(kThreatGroup, id));
  if (!row) return std::optional<ThreatGroup>{};
  TRY(auto out, threat_group_at(*row, cells));
  return std::optional(std::move(out));
}

Result<std::vector<ThreatGroup>> threat_groups_of(Queries& db, const Cells& cells, const Collection& collection) {
  std::vector<ThreatGroup> out;
  TRY(auto rows, db.query(kThreatGroupsOf, collection.n, kMostGroups));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, threat_group_at(rows, cells));
    out.push_back(std::move(one));
  }
}

Result<void> put_group_member(Tx& tx, const Cells& cells, GroupId group, const Tag& organisation, const ThreatGroupMember& member) {
  TRY(tx.run(kPutMember, group, organisation, static_cast<int>(member.place), member.at, cells.seal_json("threat_group_member", member_row(group, organisation), "body", to_json(member))));
  return {};
}

Result<std::vector<ThreatGroupMember>> group_members(Queries& db, const Cells& cells, GroupId group) {
  std::vector<ThreatGroupMember> out;
  TRY(auto rows, db.query(kGroupMembers, group));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(const auto body, cells.open_json("threat_group_member", member_row(group, tag_in_text_row(rows, 0)), "body", rows.bytes(1)));
    TRY(auto one, from_json<ThreatGroupMember>(body));
    out.push_back(std::move(one));
  }
}

Result<std::optional<GroupPlace>> place_in_group(Queries& db, GroupId group, const Tag& organisation) {
  TRY(auto row, db.one(kPlaceInGroup, group, organisation));
  if (!row) return std::optional<GroupPlace>{};
  const auto state = row->i64(0);
  if (state < 0 || state > static_cast<std::int64_t>(GroupPlace::Left)) return fail(ErrorKind::Unavailable, "A row of threat_group_member is damaged.", {}, {}, "corrupt");
  return std::optional(static_cast<GroupPlace>(state));
}

Result<std::vector<GroupJoined>> groups_joined(Queries& db, const Tag& organisation) {
  std::vector<GroupJoined> out;
  TRY(auto rows, db.query(kGroupsJoined, organisation, kMostGroups));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(const auto id, rows.id<GroupId>(0));
    out.push_back({id, rows.i64(1)});
  }
}

}  // namespace sluice::store
