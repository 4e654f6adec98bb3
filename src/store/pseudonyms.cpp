#include "store/pseudonyms.h"

#include <algorithm>
#include <set>

#include "store/held.h"
#include "store/object_cells.h"
#include "store/values.h"
#include "store/writing.h"

namespace sluice::store {

namespace {

constexpr Sql kPolicy{"pseudonym_policy", "SELECT body FROM pseudonym_policy WHERE collection = $1"};
constexpr Sql kSetPolicy{"set_pseudonym_policy", "INSERT INTO pseudonym_policy (collection, body) VALUES ($1, $2) ON CONFLICT (collection) DO UPDATE SET body = excluded.body"};
constexpr Sql kAddPseudonym{"add_pseudonym", "INSERT INTO pseudonym (name, collection, sender, member, state, made, body) VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr Sql kChangePseudonym{"change_pseudonym", "UPDATE pseudonym SET state = $2, body = $3 WHERE name = $1"};
constexpr Sql kPseudonym{"pseudonym", "SELECT name, collection, state, made, body FROM pseudonym WHERE name = $1"};
constexpr Sql kPseudonymsOf{"pseudonyms_of", "SELECT name, collection, state, made, body FROM pseudonym WHERE member = $1 ORDER BY made, name"};
constexpr Sql kOfSender{"pseudonym_of_sender", "SELECT name FROM pseudonym WHERE sender = $1"};
constexpr Sql kBindToken{"bind_pseudonym_token", "INSERT INTO pseudonym_token (token, body) VALUES ($1, $2)"};
constexpr Sql kOfToken{"pseudonym_of_token", "SELECT body FROM pseudonym_token WHERE token = $1"};
constexpr Sql kSendersOfObjects{"senders_of_objects", "SELECT DISTINCT sender FROM object_version WHERE n IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};
constexpr Sql kLastSent{"last_sent", "SELECT p.date_added FROM object_version o JOIN posting p ON p.object = o.n WHERE o.sender = $1 AND o.collection = $2 ORDER BY o.n DESC, p.date_added DESC LIMIT 1"};
constexpr Sql kAddReveal{"add_reveal", "INSERT INTO reveal (id, pseudonym, asked_at, state, body) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kChangeReveal{"change_reveal", "UPDATE reveal SET state = $2, body = $3 WHERE id = $1"};
constexpr Sql kReveal{"reveal", "SELECT id, pseudonym, asked_at, state, body FROM reveal WHERE id = $1"};
constexpr Sql kRevealsOf{"reveals_of", "SELECT id, pseudonym, asked_at, state, body FROM reveal WHERE pseudonym = $1 ORDER BY asked_at, id"};
constexpr Sql kNewestReveals{"newest_reveals", "SELECT id, pseudonym, asked_at, state, body FROM reveal ORDER BY asked_at DESC, id LIMIT $1"};

Tag member_tag(const Cells& cells, std::string_view collection, OrganisationId member) { return cells.tag("pseudonym's member", std::string(collection) + "/" + member.text()); }
Tag token_tag(const Cells& cells, TokenId token) { return cells.tag("pseudonym's token", token.text()); }

template <class State>
Result<State> state_in(std::int64_t code, State last, std::string_view table) {
  if (code < 0 || code > static_cast<std::int64_t>(last)) return fail(ErrorKind::Unavailable, "A row of " + std::string(table) + " is damaged.", {}, {}, "corrupt");
  return static_cast<State>(code);
}

Result<PseudonymRow> pseudonym_in(Rows& row, const Cells& cells) {
  PseudonymRow out{.name = row.string(0), .collection = row.i64(1), .made = row.instant(3), .body = {}};
  TRY(out.state, state_in(row.i64(2), PseudonymState::Replaced, "pseudonym"));
  TRY(const auto body, cells.open_json("pseudonym", out.name, "body", row.bytes(4)));
  TRY(out.body, from_json<PseudonymBody>(body));
  return out;
}

Result<RevealRow> reveal_in(Rows& row, const Cells& cells) {
  RevealRow out{.id = {}, .pseudonym = row.string(1), .asked_at = row.instant(2), .body = {}};
  TRY(out.id, row.id<RevealId>(0));
  TRY(out.state, state_in(row.i64(3), RevealState::Refused, "reveal"));
  TRY(const auto body, cells.open_json("reveal", out.id.text(), "body", row.bytes(4)));
  TRY(out.body, from_json<RevealBody>(body));
  return out;
}

template <class T>
Result<std::vector<T>> all_pseudonym_rows(Result<Rows> rows, const Cells& cells, Result<T> (*read)(Rows&, const Cells&)) {
  std::vector<T> out;
  if (!rows) return std::unexpected(rows.error());
  for (;;) {
    TRY(const bool more, rows->next());
    if (!more) return out;
    TRY(auto one, read(*rows, cells));
    out.push_back(std::move(one));
  }
}

}  // namespace

CollectionSeen CollectionSeen::sent_by(const Tag& sender) const {
  auto out = *this;
  out.reader_ = sender;
  return out;
}

std::string stream_of_pseudonym(std::string_view name) { return "pseudonym:" + std::string(name); }

Result<std::optional<PseudonymPolicy>> pseudonym_policy(Queries& db, const Cells& cells, const Collection& collection) {
  TRY(auto row, db.one(kPolicy, collection.n));
  if (!row) return std::optional<PseudonymPolicy>{};
  TRY(const auto body, cells.open_json("pseudonym_policy", collection.id, "body", row->bytes(0)));
  TRY(auto out, from_json<PseudonymPolicy>(body));
  return std::optional(std::move(out));
}

Result<void> set_pseudonym_policy(Tx& tx, const Cells& cells, const Collection& collection, const PseudonymPolicy& policy) {
  TRY(tx.run(kSetPolicy, collection.n, cells.seal_json("pseudonym_policy", collection.id, "body", to_json(policy))));
  return {};
}

Result<void> add_pseudonym(Tx& tx, Store& store, const PseudonymRow& row) {
  const auto& cells = store.cells();
  TRY(tx.run(kAddPseudonym, row.name, row.collection, store.tag_of(row.body.stands_for), member_tag(cells, row.body.collection, row.body.member), static_cast<int>(row.state), row.made,
             cells.seal_json("pseudonym", row.name, "body", to_json(row.body))));
  return {};
}

Result<void> change_pseudonym(Tx& tx, Store& store, const PseudonymRow& row) {
  TRY(tx.run(kChangePseudonym, row.name, static_cast<int>(row.state), store.cells().seal_json("pseudonym", row.name, "body", to_json(row.body))));
  return {};
}

Result<std::optional<PseudonymRow>> pseudonym(Queries& db, const Cells& cells, std::string_view name) {
  TRY(auto row, db.one(kPseudonym, name));
  if (!row) return std::optional<PseudonymRow>{};
  TRY(auto out, pseudonym_in(*row, cells));
  return std::optional(std::move(out));
}

Result<std::vector<PseudonymRow>> pseudonyms_of(Queries& db, const Cells& cells, const Collection& collection, OrganisationId member) {
  return all_pseudonym_rows<PseudonymRow>(db.query(kPseudonymsOf, member_tag(cells, collection.id, member)), cells, pseudonym_in);
}

Result<std::optional<std::string>> pseudonym_of_sender(Queries& db, const Tag& sender) {
  TRY(auto row, db.one(kOfSender, sender));
  return row ? std::optional(row->string(0)) : std::nullopt;
}

Result<void> bind_token(Tx& tx, const Cells& cells, TokenId token, std::string_view pseudonym) {
  TRY(tx.run(kBindToken, token_tag(cells, token), cells.seal("pseudonym_token", token.text(), "body", pseudonym)));
  return {};
}

Result<std::optional<std::string>> pseudonym_of_token(Queries& db, const Cells& cells, TokenId token) {
  TRY(auto row, db.one(kOfToken, token_tag(cells, token)));
  if (!row) return std::optional<std::string>{};
  TRY(auto name, cells.open("pseudonym_token", token.text(), "body", row->bytes(0)));
  return std::optional(std::move(name));
}

namespace {

// Did one of these send an object that has this tie, whoever meets it? Of the newest so many alone, so that a value which everybody has costs no more: a score counts a few sources of it, and one more changes nothing.
Result<bool> have_sent(Queries& db, const Collection& collection, int sort, const Tag& tag, std::span<const Tag> senders, std::size_t most) {
  TRY(auto cursor, RunCursor::under(db, collection.n, Part::Ties, tie_key(sort, tag, 0), RunOrder::NewestFirst));
  for (std::size_t looked = 0; looked < most; looked += kObjectsTogether) {
    TRY(const auto objects, cursor.next(kObjectsTogether));
    if (objects.empty()) return false;
    auto rows = db.query_with(kSendersOfObjects, with_objects({}, objects));
    if (!rows) return std::unexpected(rows.error());
    for (;;) {
      TRY(const bool more, rows->next());
      if (!more) break;
      if (std::find(senders.begin(), senders.end(), tag_in(rows->bytes(0))) != senders.end()) return true;
    }
    if (objects.size() < kObjectsTogether) return false;
  }
  return false;
}

}  // namespace

Result<bool> holds_value(Queries& db, const Collection& collection, const Tag& sender, const Tag& value) { return have_sent(db, collection, kValueTie, value, std::span(&sender, 1), 20'000); }

Result<bool> holds_object(Queries& db, const Cells& cells, const Collection& collection, const Tag& sender, std::string_view id) {
  TRY(const auto held, held_postings(db, collection, object_name(cells, id)));
  return std::any_of(held.begin(), held.end(), [&sender](const HeldRow& one) { return one.sender == sender; });
}

Result<bool> is_source_of_others(Queries& db, const Cells& cells, const Collection& collection, std::string_view identity, const std::vector<Tag>& own) {
  const auto name = object_name(cells, identity);
  const auto is_own = [&own](const Tag& sender) { return std::find(own.begin(), own.end(), sender) != own.end(); };
  TRY(const auto held, held_postings(db, collection, name));
  if (std::any_of(held.begin(), held.end(), [&](const HeldRow& one) { return is_own(one.sender); })) return false;
  if (held.empty()) return false;
  TRY(const bool named_it, have_sent(db, collection, kRefTie + kCreatedByRef, name, own, 5'000));
  return !named_it;
}

Result<std::optional<Instant>> last_sent(Queries& db, const Collection& collection, const Tag& sender) {
  TRY(const auto at, db.number(kLastSent, sender, collection.n));
  return at ? std::optional(Instant{*at}) : std::nullopt;
}

Result<void> add_reveal(Tx& tx, const Cells& cells, const RevealRow& row) {
  TRY(tx.run(kAddReveal, row.id, row.pseudonym, row.asked_at, static_cast<int>(row.state), cells.seal_json("reveal", row.id.text(), "body", to_json(row.body))));
  return {};
}

Result<void> change_reveal(Tx& tx, const Cells& cells, const RevealRow& row) {
  TRY(tx.run(kChangeReveal, row.id, static_cast<int>(row.state), cells.seal_json("reveal", row.id.text(), "body", to_json(row.body))));
  return {};
}

Result<std::optional<RevealRow>> reveal_by_id(Queries& db, const Cells& cells, RevealId id) {
  TRY(auto row, db.one(kReveal, id));
  if (!row) return std::optional<RevealRow>{};
  TRY(auto out, reveal_in(*row, cells));
  return std::optional(std::move(out));
}

Result<std::vector<RevealRow>> reveals_of(Queries& db, const Cells& cells, std::string_view pseudonym) { return all_pseudonym_rows<RevealRow>(db.query(kRevealsOf, pseudonym), cells, reveal_in); }
Result<std::vector<RevealRow>> newest_reveals(Queries& db, const Cells& cells, std::int64_t most) { return all_pseudonym_rows<RevealRow>(db.query(kNewestReveals, most), cells, reveal_in); }

}  // namespace sluice::store
