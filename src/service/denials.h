// That the gate said no is on record like a ruling that let something go: who asked for what to whom, and why not.
//
// The command that was denied fails and leaves nothing else: once what it changed was undone, its denials are written in the same transaction, before the next command. Equal denials of a case fold into
// one row a tick with a count (model §3): the same asked by the same person, with the same answer. What the clock asks again and again folds for a day.
//
// Always holds
//   D1  Whoever is told that the gate denied something can find it on record: where it can't be written (a full disk, a failed commit), the answer is that, and not the gate's.
//   D2  A denial costs one look into memory and, if an equal one is on record, one row: the rulings of its case are not read.
//   D3  It is on record in the case whose content was not let out, for whoever reads that case's rulings. Where the command would have opened that case: in the one that the command was given in;
//       where there is none either, on no record, and the answer says so.
//   D4  Several denials of one command are kept each by itself.
// The keeper is on the Writer's thread alone, and remembers which row an equal denial has; a new start remembers none, and begins a row.
#pragma once

#include <optional>
#include <unordered_map>

#include "base/bytes.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"

namespace sluice::gate { struct Ruling; }
namespace sluice::store { struct RulingRow; }

namespace sluice::service {

struct Services;
class Unit;

class Denials {
 public:
  static constexpr std::size_t kMost = 4'096;
  struct Row { RulingId ruling; Instant first; };
  // The row of an equal denial, whose first was less than `fold` ago.
  std::optional<Row> equal(const Hash& key, Instant now, Duration fold) const;
  void remember(const Hash& key, Row row);       // of too many, the oldest half is forgotten
  std::size_t size() const { return rows_.size(); }

 private:
  struct HashOf { std::size_t operator()(const Hash& key) const; };
  std::unordered_map<Hash, Row, HashOf> rows_;
};

enum class DeniedTo { Person, Clock };

// From within a Work, which fails with it. `id`: a case that is there whether the Work fails or not. `body`: {"disclosure", "ruling"}; where it was said more than once, "count" and "last" besides.
void keep_denial(Unit& unit, Services& services, CaseId id, const gate::Ruling& ruling, json::object body, DeniedTo whom);

// When the gate last said this: of a folded denial, the last time.
Instant said_last(const store::RulingRow& row);

}  // namespace sluice::service
