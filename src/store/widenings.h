// Planned releases of threat objects to a wider audience. Rows in, rows out; who may plan one and what it does are service/widening.h's.
//
// Always holds
//   P1  What is planned, by whom and why is sealed; clear are its collection, its state and when it is due, so that the clock finds it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "store/reach.h"

namespace sluice::store {

// Only ever added to.
enum class WideningState { Asked, Planned, Fired, Withdrawn, Refused, Held };
BOOST_DESCRIBE_ENUM(WideningState, Asked, Planned, Fired, Withdrawn, Refused, Held)

struct WidenedObject {
  std::string id;
  Reach from = Reach::Sender, to = Reach::AllReaders;
  std::vector<std::int64_t> versions;             // the numbers of their rows, as they stood when it was planned: no later one goes along
};
BOOST_DESCRIBE_STRUCT(WidenedObject, (), (id, from, to, versions))

struct WideningBody {
  std::string collection;                         // id
  std::vector<WidenedObject> objects;
  Instant at;
  std::string reason;
  OrganisationId organisation;
  PersonId asked_by;
  std::optional<PersonId> answered_by;
  std::optional<Instant> answered_at, ended_at;   // ended: fired, withdrawn or held
  std::optional<std::string> why_ended;
  std::int64_t posted = 0;                        // versions, when it fired
};
BOOST_DESCRIBE_STRUCT(WideningBody, (), (collection, objects, at, reason, organisation, asked_by, answered_by, answered_at, ended_at, why_ended, posted))

struct WideningRow {
  ReleaseId id;
  std::int64_t collection = 0;                    // its number
  Tag sender{};
  WideningState state = WideningState::Asked;
  std::optional<Instant> due;
  Instant asked_at;
  WideningBody body;
};

Result<void> add_widening(Tx& tx, const Cells& cells, const WideningRow& row);
Result<void> change_widening(Tx& tx, const Cells& cells, const WideningRow& row);   // its state, due and body
Result<std::optional<WideningRow>> widening(Queries& db, const Cells& cells, ReleaseId id);
Result<std::vector<WideningRow>> widenings_of(Queries& db, const Cells& cells, const Collection& collection, const Tag& sender, int most);   // newest first
Result<std::vector<ReleaseId>> due_widenings(Queries& db, Instant now, int most);

}  // namespace sluice::store
