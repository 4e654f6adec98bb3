#include "store/documents.h"

namespace sluice::store {

namespace {
constexpr Sql kPutDocument{"put_document",
                   "INSERT INTO document (hash, case_id, advisory, version, kind, public, name, body) VALUES ($1, $2, $3, $4, $5, 0, NULL, $6) ON CONFLICT (hash) DO NOTHING"};
constexpr Sql kOf{"documents_of", "SELECT hash, case_id, advisory, version, kind, public, name, body, signature, sha256, sha512 FROM document WHERE advisory = $1 AND version = $2 ORDER BY kind, hash"};
constexpr Sql kPublicOf{"public_documents_of",
                        "SELECT hash, case_id, advisory, version, kind, public, name, body, signature, sha256, sha512 FROM document WHERE public = 1 AND advisory = $1 AND version = $2 ORDER BY kind, hash"};
constexpr Sql kPublicCsaf{"public_csaf",
                          "SELECT d.hash, d.case_id, d.advisory, d.version, d.kind, d.public, d.name, d.body, d.signature, d.sha256, d.sha512 FROM publication p "
                          "JOIN document d ON d.advisory = p.advisory AND d.version = p.version WHERE p.csaf = $1 AND d.kind = 'csaf' AND d.public = 1 ORDER BY p.version DESC LIMIT 1"};
constexpr Sql kUnsigned{"unsigned_public_csaf", "SELECT 1 FROM document WHERE public = 1 AND kind = 'csaf' AND signature IS NULL LIMIT 1"};
constexpr Sql kPublic{"make_document_public", "UPDATE document SET public = 1, name = $2, body = $3, signature = $4, sha256 = $5, sha512 = $6 WHERE hash = $1"};
constexpr Sql kPublication{"put_publication",
                           "INSERT INTO publication (advisory, version, tracking, title, summary, first_released, released, document, csaf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr Sql kPublications{"publications",
                            "SELECT advisory, version, tracking, title, summary, first_released, released, document, csaf FROM publication p WHERE released < $1 "
                            "AND version = (SELECT MAX(version) FROM publication q WHERE q.advisory = p.advisory) ORDER BY released DESC, tracking LIMIT $2"};
constexpr Sql kDocumentVersions{"publication_versions",
                        "SELECT advisory, version, tracking, title, summary, first_released, released, document, csaf FROM publication WHERE tracking = $1 ORDER BY version DESC"};
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
  out.csaf = row.string(8);
  return out;
}

// All that stands in clear; of a sealed one, its name and what it says are still missing.
Result<Document> document(Rows& row) {
  Document out{.version = static_cast<int>(row.i64(3)), .kind = row.string(4)};
  TRY(out.hash, row.hash(0));
  TRY(out.case_id, row.id<CaseId>(1));
  TRY(out.advisory, row.id<AdvisoryId>(2));
  if (!row.flag(5)) return out;
  out.name = row.string(6);
  out.body = std::string(text_of(row.bytes(7)));
  if (!row.is_null(8)) out.companions = Companions{row.string(8), row.string(9), row.string(10)};
  return out;
}

Result<void> open_into(Document& document, const Cells& cells, ByteView sealed) {
  TRY(const auto opened, cells.open_json("document", hex(document.hash), "body", sealed));
  document.name = std::string(string_at(opened, "name"));
  document.body = std::string(string_at(opened, "body"));
  if (const auto* beside = opened.as_object().if_contains("companions"))
    document.companions = Companions{std::string(string_at(*beside, "signature")), std::string(string_at(*beside, "sha256")), std::string(string_at(*beside, "sha512"))};
  return {};
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
  json::object sealed{{"name", document.name}, {"body", document.body}};
  if (const auto& beside = document.companions) sealed["companions"] = json::object{{"signature", beside->signature}, {"sha256", beside->sha256}, {"sha512", beside->sha512}};
  TRY(tx.run(kPutDocument, document.hash, document.case_id, document.advisory, document.version, document.kind, cells.seal_json("document", hex(document.hash), "body", sealed)));
  return {};
}

Result<std::vector<Document>> documents_of(Queries& db, const Cells& cells, AdvisoryId advisory, int version) {
  std::vector<Document> out;
  TRY(auto rows, db.query(kOf, advisory, version));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, document(rows));
    if (!rows.flag(5)) TRY(open_into(one, cells, rows.bytes(7)));
    out.push_back(std::move(one));
  }
}

Result<std::vector<Document>> public_documents_of(Queries& db, AdvisoryId advisory, int version) {
  std::vector<Document> out;
  TRY(auto rows, db.query(kPublicOf, advisory, version));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(auto one, document(rows));
    out.push_back(std::move(one));
  }
}

Result<std::optional<Document>> public_csaf(Queries& db, std::string_view path) {
  TRY(auto row, db.one(kPublicCsaf, path));
  if (!row) return std::optional<Document>{};
  TRY(auto found, document(*row));
  return std::optional(std::move(found));
}

Result<bool> every_public_csaf_is_signed(Queries& db) {
  TRY(const auto row, db.one(kUnsigned));
  return !row;
}

Result<void> make_public(Tx& tx, const Cells&, const Document& document) {
  if (const auto& beside = document.companions) {
    TRY(tx.run(kPublic, document.hash, document.name, bytes_of(document.body), beside->signature, beside->sha256, beside->sha512));
  } else {
    TRY(tx.run(kPublic, document.hash, document.name, bytes_of(document.body), std::nullopt, std::nullopt, std::nullopt));
  }
  return {};
}

Result<void> put_publication(Tx& tx, const Publication& p) {
  TRY(tx.run(kPublication, p.advisory, p.version, p.tracking, p.title, p.summary, p.first_released, p.released, p.document, p.csaf));
  return {};
}

Result<std::vector<Publication>> publications(Queries& db, int limit, std::optional<Instant> before) {
  TRY(auto rows, db.query(kPublications, before.value_or(Instant{INT64_MAX}), limit));
  return all(std::move(rows));
}

Result<std::vector<Publication>> publication_versions(Queries& db, std::string_view tracking) {
  TRY(auto rows, db.query(kDocumentVersions, tracking));
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
