// What the Writer writes: entries into the ledger, and the clear rows beside them. For service::Writer alone; lives for one batch.
//
// Always holds
//   W1  An entry and the rows that follow from it are written in one transaction, or none of them.
//   W2  Positions and stream positions have no gaps, in the order of commits.
#pragma once

#include <functional>
#include <map>

#include "store/store.h"

namespace sluice::store {

struct NewEntry {
  std::string stream_name;               // "c_…/shared", or "site"
  std::optional<std::pair<CaseId, access::Compartment>> part;  // of a case; none: the site's own stream
  std::string action;
  std::optional<PersonId> actor;
  std::optional<OrganisationId> organisation;
  std::vector<json::value> changes;
  std::optional<std::string> object;
  Instant recorded;
  std::optional<Instant> occurred;
  std::optional<RequestId> request;
  std::optional<SessionId> session;
  std::string outcome = "done";
  std::optional<std::string> reason;
};

struct Appended {
  EntryId id;
  std::int64_t position = 0, sequence = 0;
  ledger::Leaf leaf;
};

struct ParticipantRow {
  Tag reader;
  int reads = 0;                         // 0 nothing, 1 stub, 2 content
  std::int64_t rank = 0;
  StandingCell standing;
  bool operator==(const ParticipantRow&) const = default;
};

using ReaderRows = std::map<Tag, ParticipantRow>;  // of one case

class Writing {
 public:
  Writing(Store& store, Tx& tx) : store_(store), tx_(tx) {}
  Writing(const Writing&) = delete;

  Result<void> begin();                  // reads the head
  Result<void> finish();                 // writes it back; before COMMIT
  Result<void> savepoint();
  Result<void> keep();
  Result<void> undo();                   // back to the savepoint, positions and caches too

  Tx& tx() { return tx_; }
  Store& store() { return store_; }
  const Cells& cells() const { return store_.cells(); }
  std::int64_t position() const { return position_; }

  Result<Appended> append(const NewEntry& entry);

  Result<std::int64_t> case_version(CaseId id);                    // 0: there is none
  Result<std::vector<access::Compartment>> case_compartments(CaseId id);
  Result<void> put_case(CaseId id, const cvd::CaseFold& fold, std::int64_t version, std::int64_t rank, Instant now);
  Result<void> move_case_on(CaseId id, const cvd::CaseFold& fold, std::int64_t version, std::int64_t rank, Instant now);  // the same where the card stays
  Result<void> put_participant(CaseId id, const ParticipantRow& row, Instant now);
  Result<void> touch_participant(CaseId id, const Tag& reader, Instant now);                                            // the same where the row stays
  Result<void> set_timer(CaseId id, std::optional<Instant> due);
  Result<std::int64_t> first_undelivered(const Tag& stream, const Tag& reader);
  Result<void> deliver(const FirstDelivery& delivery, const Tag& reader, std::string_view reader_name, Instant now, int channel, std::optional<RulingId> ruling);
  Result<void> record_ruling(RulingId id, Instant now, int outcome, const std::optional<Tag>& object, const json::value& body);
  Result<void> fold_ruling(RulingId id, const json::value& body);  // a denial that was said again: its body has the count
  Result<void> open_grant(GrantId id, const Tag& subject, const Tag& object, int kind, RulingId ruling, Instant now);
  Result<void> close_grants(const Tag& subject, const Tag& object, Instant now);

 private:
  Store& store_;
  Tx& tx_;
  std::int64_t position_ = 0, position_at_savepoint_ = 0;
  Hash chain_{}, chain_at_savepoint_{};
  Result<std::int64_t> next_in(const NewEntry& entry, const Tag& stream);
  std::vector<Tag> touched_;
};

}  // namespace sluice::store
