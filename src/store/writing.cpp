#include "store/writing.h"

#include "ledger/verify.h"

namespace sluice::store {

namespace {
constexpr Sql kHead{"ledger_head", "SELECT pos, chain FROM ledger_head WHERE id = 1"};
constexpr Sql kSetHead{"set_ledger_head", "UPDATE ledger_head SET pos = $1, chain = $2 WHERE id = 1"};
constexpr Sql kStreamHead{"stream_head", "SELECT MAX(stream_seq) FROM entry WHERE stream = $1"};
constexpr Sql kNext{"next_in_stream", "UPDATE case_stream SET head = head + 1 WHERE stream = $1 RETURNING head"};
constexpr Sql kAppend{"append_entry", "INSERT INTO entry (pos, id, stream, stream_seq, recorded, commitment, seal, record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr Sql kVersion{"case_version", "SELECT version FROM case_row WHERE case_id = $1"};
constexpr Sql kStreams{"case_streams", "SELECT stream, name FROM case_stream WHERE case_id = $1"};
constexpr Sql kAddStream{"add_case_stream", "INSERT INTO case_stream (case_id, stream, head, name) VALUES ($1, $2, 1, $3)"};
constexpr Sql kPutCase{"put_case",
                       "INSERT INTO case_row (case_id, owner, em, rank, version, opened, changed, card) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                       "ON CONFLICT (case_id) DO UPDATE SET owner = excluded.owner, em = excluded.em, rank = excluded.rank, version = excluded.version, opened = excluded.opened, changed = excluded.changed, card = excluded.card"};
constexpr Sql kMoveCaseOn{"move_case_on", "UPDATE case_row SET em = $2, rank = $3, version = $4, changed = $5 WHERE case_id = $1"};
constexpr Sql kTouchParticipant{"touch_participant", "UPDATE participant SET changed = $3 WHERE case_id = $1 AND organisation = $2"};
constexpr Sql kPutParticipant{"put_participant",
                              "INSERT INTO participant (case_id, organisation, reads, rank, changed, standing) VALUES ($1, $2, $3, $4, $5, $6) "
                              "ON CONFLICT (case_id, organisation) DO UPDATE SET reads = excluded.reads, rank = excluded.rank, changed = excluded.changed, standing = excluded.standing"};
constexpr Sql kSetTimer{"set_timer", "INSERT INTO timer (due, case_id) VALUES ($1, $2) ON CONFLICT (case_id) DO UPDATE SET due = excluded.due"};
constexpr Sql kClearTimer{"clear_timer", "DELETE FROM timer WHERE case_id = $1"};
constexpr Sql kDeliver{"deliver", "INSERT INTO delivery (stream, organisation, from_seq, to_seq, at, channel, ruling, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (stream, organisation, from_seq) DO NOTHING"};
constexpr Sql kDeliveredSoFar{"delivered_so_far", "SELECT MAX(to_seq) FROM delivery WHERE stream = $1 AND organisation = $2"};
constexpr Sql kRuling{"record_ruling", "INSERT INTO ruling (id, t, outcome, object, body) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kFoldRuling{"fold_ruling", "UPDATE ruling SET body = $2 WHERE id = $1"};
constexpr Sql kGrant{"open_grant", "INSERT INTO access_grant (id, subject, object, kind, ruling, opened_at) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Sql kCloseGrants{"close_grants", "UPDATE access_grant SET closed_at = $3 WHERE subject = $1 AND object = $2 AND closed_at IS NULL"};
}  // namespace

Result<void> Writing::begin() {
  TRY(const auto head, tx_.one(kHead));
  if (!head) return fail(ErrorKind::Unavailable, "The ledger's head is missing.", {}, {}, "corrupt");
  position_ = head->i64(0);
  if (!head->is_null(1)) {
    TRY(chain_, head->hash(1));
  }
  return {};
}

Result<void> Writing::finish() {
  TRY(tx_.run(kSetHead, position_, chain_));
  return {};
}

Result<void> Writing::savepoint() {
  chain_at_savepoint_ = chain_;
  position_at_savepoint_ = position_;
  touched_.clear();
  return tx_.savepoint();
}

Result<void> Writing::keep() { return tx_.release(); }

Result<void> Writing::undo() {
  position_ = position_at_savepoint_;
  chain_ = chain_at_savepoint_;
  for (const auto& stream : touched_) store_.streams().forget(stream);
  return tx_.rollback_to();
}

Result<Appended> Writing::append(const NewEntry& entry) {
  const auto stream = cells().tag("stream", entry.stream_name);
  touched_.push_back(stream);
  TRY(const auto key, store_.streams().writing_key(tx_, stream));
  TRY(const auto sequence, next_in(entry, stream));
  ledger::LedgerEntry full;
  full.action = entry.action;
  full.actor = entry.actor;
  full.changes = entry.changes;
  full.id = EntryId::random();
  full.object = entry.object;
  full.occurred = entry.occurred;
  full.org = entry.organisation;
  full.outcome = entry.outcome;
  full.reason = entry.reason;
  full.recorded = entry.recorded;
  full.request = entry.request;
  full.session = entry.session;
  full.stream = entry.stream_name;

  ledger::Salt salt;
  system_random().fill(salt);
  const auto row = full.id.text();
  const auto record = ledger::seal_entry(*key.second, key.first, ledger::entry_place(cells().site(), row), salt, full.bytes(), system_random());
  Appended out{full.id, position_ + 1, sequence, ledger::leaf_of(full, salt, record)};
  TRY(tx_.run(kAppend, out.position, full.id, stream, out.sequence, entry.recorded, out.leaf.commit, out.leaf.seal, record));
  position_ = out.position;
  chain_ = ledger::next_head(store_.ledger_keys().head, chain_,
                             {static_cast<std::uint64_t>(out.position), full.id, stream, static_cast<std::uint64_t>(out.sequence), out.leaf.hash()});
  return out;
}

Result<std::int64_t> Writing::next_in(const NewEntry& entry, const Tag& stream) {
  if (!entry.part) {
    TRY(const auto known, tx_.number(kStreamHead, stream));
    return known.value_or(0) + 1;
  }
  TRY(const auto moved, tx_.number(kNext, stream));
  if (moved) return *moved;
  const auto& [id, compartment] = *entry.part;
  TRY(tx_.run(kAddStream, id, stream, cells().seal("case_stream", id.text(), hex(stream), compartment.text())));
  return 1;
}

Result<std::int64_t> Writing::case_version(CaseId id) {
  TRY(const auto version, tx_.number(kVersion, id));
  return version.value_or(0);
}

Result<std::vector<access::Compartment>> Writing::case_compartments(CaseId id) {
  std::vector<access::Compartment> out;
  TRY(auto rows, tx_.query(kStreams, id));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    TRY(const auto name, cells().open("case_stream", id.text(), hex(rows.bytes(0)), rows.bytes(1)));
    if (const auto compartment = access::Compartment::parse(name)) out.push_back(*compartment);
  }
  return out;
}

Result<void> Writing::put_case(CaseId id, const cvd::CaseFold& fold, std::int64_t version, std::int64_t rank, Instant now) {
  json::object card{{"title", fold.title}};
  if (const auto* running = fold.running_terms()) card["embargo_until"] = to_text(running->until);
  TRY(tx_.run(kPutCase, id, store_.tag_of(fold.owner), static_cast<int>(fold.embargo), rank, version, fold.opened, now, cells().seal_json("case_row", id.text(), "card", card)));
  return {};
}

Result<void> Writing::move_case_on(CaseId id, const cvd::CaseFold& fold, std::int64_t version, std::int64_t rank, Instant now) {
  TRY(tx_.run(kMoveCaseOn, id, static_cast<int>(fold.embargo), rank, version, now));
  return {};
}

Result<void> Writing::touch_participant(CaseId id, const Tag& reader, Instant now) {
  TRY(tx_.run(kTouchParticipant, id, reader, now));
  return {};
}

Result<void> Writing::put_participant(CaseId id, const ParticipantRow& row, Instant now) {
  TRY(tx_.run(kPutParticipant, id, row.reader, row.reads, row.rank, now, cells().seal_json("participant", id.text(), hex(row.reader), to_cell(row.standing))));
  return {};
}

Result<void> Writing::set_timer(CaseId id, std::optional<Instant> due) {
  TRY(due ? tx_.run(kSetTimer, *due, id) : tx_.run(kClearTimer, id));
  return {};
}

Result<std::int64_t> Writing::first_undelivered(const Tag& stream, const Tag& reader) {
  TRY(const auto known, tx_.number(kDeliveredSoFar, stream, reader));
  return known.value_or(0) + 1;
}

Result<void> Writing::deliver(const FirstDelivery& d, const Tag& reader, std::string_view reader_name, Instant now, int channel, std::optional<RulingId> ruling) {
  const auto row = hex(d.stream) + "/" + hex(reader) + "/" + std::to_string(d.from);
  const json::object detail{{"stream", d.stream_name}, {"to", reader_name}};
  TRY(tx_.run(kDeliver, d.stream, reader, d.from, d.to, now, channel, ruling, cells().seal_json("delivery", row, "detail", detail)));
  return {};
}

Result<void> Writing::record_ruling(RulingId id, Instant now, int outcome, const std::optional<Tag>& object, const json::value& body) {
  TRY(tx_.run(kRuling, id, now, outcome, object, cells().seal_json("ruling", id.text(), "body", body)));
  return {};
}

Result<void> Writing::fold_ruling(RulingId id, const json::value& body) {
  TRY(tx_.run(kFoldRuling, id, cells().seal_json("ruling", id.text(), "body", body)));
  return {};
}

Result<void> Writing::open_grant(GrantId id, const Tag& subject, const Tag& object, int kind, RulingId ruling, Instant now) {
  TRY(tx_.run(kGrant, id, subject, object, kind, ruling, now));
  return {};
}

Result<void> Writing::close_grants(const Tag& subject, const Tag& object, Instant now) {
  TRY(tx_.run(kCloseGrants, subject, object, now));
  return {};
}

}  // namespace sluice::store
