#include "store/client_certificates.h"

namespace sluice::store {

namespace {

constexpr Sql kAddCertificate{"add_client_certificate", "INSERT INTO client_certificate (token, not_before, body) VALUES ($1, $2, $3)"};
constexpr Sql kCertificateBegins{"client_certificate_begins", "SELECT c.not_before FROM token t JOIN client_certificate c ON c.token = t.id WHERE t.hash = $1"};
constexpr Sql kCertificatesOf{"client_certificates_of",
                              "SELECT c.token, c.not_before, c.body FROM client_certificate c JOIN token t ON t.id = c.token WHERE t.person = $1 ORDER BY t.created DESC, t.id"};

}  // namespace

Result<void> add_certificate(Tx& tx, const Cells& cells, const CertificateRow& row) {
  const json::object body{{"fingerprint", hex(row.fingerprint)}, {"subject", row.subject}, {"not_after", to_text(row.not_after)}};
  TRY(tx.run(kAddCertificate, row.token, row.not_before, cells.seal_json("client_certificate", row.token.text(), "body", body)));
  return {};
}

Result<std::optional<TokenOfCertificate>> token_of_certificate(Queries& db, const Hash& hash) {
  TRY(auto found, token(db, hash));
  TRY(const auto begins, db.number(kCertificateBegins, hash));
  if (!found || !begins) return std::optional<TokenOfCertificate>();
  return std::optional(TokenOfCertificate{*std::move(found), Instant{*begins}});
}

Result<std::vector<CertificateRow>> certificates_of(Queries& db, const Cells& cells, PersonId person) {
  std::vector<CertificateRow> out;
  TRY(auto rows, db.query(kCertificatesOf, person));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    CertificateRow row;
    TRY(row.token, rows.id<TokenId>(0));
    row.not_before = rows.instant(1);
    TRY(const auto body, cells.open_json("client_certificate", row.token.text(), "body", rows.bytes(2)));
    TRY(const auto fingerprint, from_hex(string_at(body, "fingerprint")));
    TRY(row.fingerprint, to_hash(fingerprint));
    TRY(row.not_after, parse_instant(string_at(body, "not_after")));
    row.subject = string_at(body, "subject");
    out.push_back(std::move(row));
  }
}

}  // namespace sluice::store
