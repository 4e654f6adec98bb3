#include "store/case_index.h"

#include <algorithm>

namespace sluice::store {

namespace {
constexpr Sql kIndexedCases{"cases_newest_first", "SELECT case_id FROM case_row ORDER BY opened DESC, case_id"};
constexpr Sql kParts{"parts_of_case", "SELECT stream, name FROM case_stream WHERE case_id = $1"};
constexpr Sql kContentReaders{"content_readers_of_case", "SELECT p.organisation, c.version FROM participant p JOIN case_row c ON c.case_id = p.case_id WHERE p.case_id = $1 AND p.reads = 2"};
}  // namespace

Result<std::vector<CaseId>> cases_newest_first(Queries& db) {
  std::vector<CaseId> out;
  TRY(auto rows, db.query(kIndexedCases));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    TRY(const auto id, rows.id<CaseId>(0));
    out.push_back(id);
  }
  return out;
}

Result<std::vector<access::Compartment>> parts_of_case(Queries& db, const Cells& cells, CaseId id) {
  std::vector<access::Compartment> out;
  TRY(auto rows, db.query(kParts, id));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    TRY(const auto name, cells.open("case_stream", id.text(), hex(rows.bytes(0)), rows.bytes(1)));
    if (const auto compartment = access::Compartment::parse(name)) out.push_back(*compartment);
  }
  return out;
}

Result<ContentReaders> content_readers(Queries& db, CaseId id) {
  ContentReaders out;
  TRY(auto rows, db.query(kContentReaders, id));
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) break;
    Tag tag{};
    const auto bytes = rows.bytes(0);
    std::copy_n(bytes.begin(), std::min(bytes.size(), tag.size()), tag.begin());
    out.readers.push_back(tag);
    out.version = rows.i64(1);
  }
  return out;
}

}  // namespace sluice::store
