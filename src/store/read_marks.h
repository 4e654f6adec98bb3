// How far a person has read in a case, stream by stream: what unread marks are worked out from. It belongs to the person alone: no ledger entry, no delivery, and nobody
// else is told (docs/decisions/0013-read-marks-stay-out-of-the-ledger.md). What reached an organisation first, and when, is another question: store/deliveries.h.
//
// Always holds
//   U1  A mark only moves forward. What was read stays read through removal and restoring; what came meanwhile is unread.
#pragma once

#include <map>
#include <vector>

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

using Positions = std::map<std::string, std::int64_t>;            // by compartment, in its text form

struct ReadMark {
  Positions read;
  // What the person itself wrote beyond that without its name standing on the entry (EXI-10): own words are never unread.
  std::map<std::string, std::vector<std::int64_t>> own;
};

Result<ReadMark> read_mark(Queries& db, const Cells& cells, PersonId person, CaseId id);
Result<void> move_read_mark(Tx& tx, const Cells& cells, PersonId person, CaseId id, const Positions& to);
Result<void> note_own_entry(Tx& tx, const Cells& cells, PersonId person, CaseId id, const std::string& compartment, std::int64_t sequence);

// A mark to be moved, left by a read for the router to write down.
struct ToMark {
  PersonId person;
  CaseId id;
  Positions to;
};

}  // namespace sluice::store
