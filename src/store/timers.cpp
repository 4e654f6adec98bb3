#include "store/timers.h"

namespace sluice::store {

namespace {
constexpr Sql kDue{"due_cases", "SELECT case_id FROM timer WHERE due <= $1 ORDER BY due LIMIT $2"};
constexpr Sql kAddReport{"add_report", "INSERT INTO report (id, case_id, code_tag, code_hash, received) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kCaseOfReport{"case_of_a_report", "SELECT case_id FROM report WHERE id = $1"};
constexpr Sql kRulingOfGrant{"ruling_of_grant", "SELECT ruling FROM access_grant WHERE object = $1 AND subject = $2 AND closed_at IS NULL ORDER BY opened_at DESC LIMIT 1"};
}  // namespace

Result<std::vector<CaseId>> due_cases(Queries& db, Instant now, int limit) {
  std::vector<CaseId> out;
  TRY(auto rows, db.query(kDue, now, limit));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return out;
    TRY(const auto id, rows.id<CaseId>(0));
    out.push_back(id);
  }
}

Result<void> add_report(Tx& tx, ReportId report, CaseId id, Instant received, const std::optional<CodeColumns>& code) {
  const std::optional<Tag> tag = code ? std::optional(code->tag) : std::nullopt;
  const std::optional<ByteView> hash = code ? std::optional(bytes_of(code->hash)) : std::nullopt;
  TRY(tx.run(kAddReport, report, id, tag, hash, received));
  return {};
}

Result<std::optional<CaseId>> case_of_report(Queries& db, ReportId report) {
  TRY(auto row, db.one(kCaseOfReport, report));
  if (!row) return std::optional<CaseId>{};
  TRY(const auto id, row->id<CaseId>(0));
  return std::optional(id);
}

Result<std::optional<RulingId>> ruling_of_grant(Queries& db, const Tag& subject, const Tag& object) {
  TRY(auto row, db.one(kRulingOfGrant, object, subject));
  if (!row) return std::optional<RulingId>{};
  TRY(const auto id, row->id<RulingId>(0));
  return std::optional(id);
}

}  // namespace sluice::store
