#include "store/documents.h"

namespace sluice::store {

namespace {
constexpr Sql kPut{"put_document",
                   "INSERT INTO document (hash, case_id, advisory, version, kind, public, name, body) VALUES ($1, $2, $3, $4, $5, 0, NULL, $6) ON CONFLICT (hash) DO NOTHING"};
constexpr Sql kOf{"documents_of", "SELECT hash, case_id, kind, public, name, body FROM document WHERE advisory = $1 AND version = $2 ORDER BY kind, hash"};
constexpr Sql kPublicOf{"public_documents_of", "SELECT hash, case_id, kind, name, body FROM document WHERE public = 1 AND advisory = $1 AND version = $2 ORDER BY kind, hash"};
constexpr Sql kPublic{"make_document_public", "UPDATE document SET public = 1, name = $2, body = $3 WHERE hash = $1"};
constexpr Sql kPublication{"put_publication",
                           "INSERT INTO publication (advisory, version, tracking, title, summary, first_released, released, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr Sql kPublications{"publications",
                            "SELECT advisory, version, tracking, title, summary, first_released, released, document FROM publication p WHERE released < $1 "
                            "AND version = (SELECT MAX(version) FROM publication q WHERE q.advisory = p.advisory) ORDER BY released DESC, tracking LIMIT $2"};
constexpr Sql kVersions{"publication_versions",
                        "SELECT advisory, version, tracking, title, summary, first_released, released, document FROM publication WHERE tracking = $1 ORDER BY version DESC"};
constexpr Sql kOwnerOfName{"advisory_of_public_document", "SELECT advisory FROM document WHERE public = 1 AND kind = $1 AND name = $2 LIMIT 1"};
constexpr Sql kByName{"public_document", "SELECT body FROM document WHERE public = 1 AND kind = $1 AND name = $2 ORDER BY version DESC LIMIT 1"};

Result<Publication> publication(Rows& row) {
  Publication out;
  TRY(out.advisory, row.id<AdvisoryId>(0));
  out.version = static_cast<int>(row.i64(1));
  out.tracking = row.string(2);
  out.title = row.string(3);
  out.summary = row.string(4);
  out.first_released = row.instant(5);
  out.released = row.instant(6);
  out.document = row.string(7);
  return out;
}

Result<std::vector<Publication>> all(Rows rows) {
  std::vector<Publication> out;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, publication(rows));
    out.push_back(std::move(one));
  }
}
}  // namespace

Result<void> put_document(Tx& tx, const Cells& cells, const Document& document) {
  const json::object sealed{{"name", document.name}, {"body", document.body}};
  TRY(tx.run(kPut, document.hash, document.case_id, document.advisory, document.version, document.kind, cells.seal_json("document", hex(document.hash), "body", sealed)));
  return {};
}

Result<std::vector<Document>> documents_of(Queries& db, const Cells& cells, AdvisoryId advisory, int version) {
  std::vector<Document> out;
  TRY(auto rows, db.query(kOf, advisory, version));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    Document one{.advisory = advisory, .version = version};
    TRY(one.hash, rows.hash(0));
    TRY(one.case_id, rows.id<CaseId>(1));
    one.kind = rows.string(2);
    if (rows.flag(3)) {
      one.name = rows.string(4);
      one.body = std::string(text_of(rows.bytes(5)));
    } else {
      TRY(const auto opened, cells.open_json("document", hex(one.hash), "body", rows.bytes(5)));
      one.name = std::string(string_at(opened, "name"));
      one.body = std::string(string_at(opened, "body"));
    }
    out.push_back(std::move(one));
  }
}

Result<std::vector<Document>> public_documents_of(Queries& db, AdvisoryId advisory, int version) {
  std::vector<Document> out;
  TRY(auto rows, db.query(kPublicOf, advisory, version));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    Document one{.advisory = advisory, .version = version, .kind = rows.string(2), .name = rows.string(3), .body = std::string(text_of(rows.bytes(4)))};
    TRY(one.hash, rows.hash(0));
    TRY(one.case_id, rows.id<CaseId>(1));
    out.push_back(std::move(one));
  }
}

Result<void> make_public(Tx& tx, const Cells&, const Document& document) {
  TRY(tx.run(kPublic, document.hash, document.name, bytes_of(document.body)));
  return {};
}

Result<void> put_publication(Tx& tx, const Publication& p) {
  TRY(tx.run(kPublication, p.advisory, p.version, p.tracking, p.title, p.summary, p.first_released, p.released, p.document));
  return {};
}

Result<std::vector<Publication>> publications(Queries& db, int limit, std::optional<Instant> before) {
  TRY(auto rows, db.query(kPublications, before.value_or(Instant{INT64_MAX}), limit));
  return all(std::move(rows));
}

Result<std::vector<Publication>> publication_versions(Queries& db, std::string_view tracking) {
  TRY(auto rows, db.query(kVersions, tracking));
  return all(std::move(rows));
}

Result<std::optional<AdvisoryId>> advisory_of_public_document(Queries& db, std::string_view kind, std::string_view name) {
  TRY(auto row, db.one(kOwnerOfName, kind, name));
  if (!row) return std::optional<AdvisoryId>{};
  TRY(const auto id, row->id<AdvisoryId>(0));
  return std::optional(id);
}

Result<std::optional<std::string>> public_document(Queries& db, std::string_view kind, std::string_view name) {
  TRY(auto row, db.one(kByName, kind, name));
  if (!row) return std::optional<std::string>{};
  return std::optional(std::string(text_of(row->bytes(0))));
}

}  // namespace sluice::store
