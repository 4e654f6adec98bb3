// Streams of entries: read, opened, folded into cases. The only place that turns sealed entries into events.
//
// A stream is one compartment of one case; its tag is a keyed hash, so the database doesn't tell which. Opened entries are cached, since they never change.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "cvd/case.h"
#include "ledger/entry.h"
#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

struct StreamEntry {
  cvd::Context context;
  std::int64_t sequence = 0;             // within the stream, from 1
  ledger::LedgerEntry entry;
  ledger::Salt salt{};
  std::vector<cvd::Event> events;
};

using StreamEntries = std::vector<std::shared_ptr<const StreamEntry>>;

class Streams {
 public:
  Streams(const Cells& cells, std::size_t cached_entries = 200'000) : cells_(cells), most_(cached_entries) {}

  std::string name_of(CaseId id, const access::Compartment& compartment) const;  // "c_…/shared"
  Tag tag_of(CaseId id, const access::Compartment& compartment) const;

  // All entries of the stream: what is cached, and what came since.
  // The Writer reads with Remember::No: what it sees inside its transaction may yet be undone, and no reader may meet it before the commit.
  enum class Remember { No, Yes };
  // How far each stream of a case goes: asked once by whoever then reads many of them in the same snapshot.
  using Heads = std::map<Tag, std::int64_t>;
  Result<Heads> heads(Queries& db, CaseId id);
  Result<std::shared_ptr<const StreamEntries>> read(Queries& db, CaseId id, const access::Compartment& compartment, Remember remember = Remember::Yes, const Heads* heads = nullptr);

  // The fold of these streams, in the order in which their entries were committed; of those recorded by `as_of` where it is given.
  Result<cvd::CaseFold> fold(Queries& db, CaseId id, const std::vector<access::Compartment>& compartments, Remember remember = Remember::Yes, const Heads* heads = nullptr, std::optional<Instant> as_of = {});

  // The key of a stream for what is written next; made if there is none (Tx only). Cached.
  Result<std::pair<ledger::KeyName, std::shared_ptr<const ledger::SecretKey>>> writing_key(Tx& tx, const Tag& stream);
  // The one that was last written with, where this process knows it: for what is sealed ahead, which holds as long as writing_key gives the same name.
  std::optional<std::pair<ledger::KeyName, std::shared_ptr<const ledger::SecretKey>>> known_writing_key(const Tag& stream);
  // KEY-2: another key from the next write on; what is there stays readable under its own. Nothing if there is no key yet, or none any more.
  Result<void> renew_key(Tx& tx, const Tag& stream);
  void forget(const Tag& stream);        // after a rolled-back write, or an erasure
  void forget_all();

  Result<std::shared_ptr<const ledger::SecretKey>> reading_key(Queries& db, const Tag& stream, const ledger::KeyName& name) { return key(db, stream, name); }

 private:
  Result<std::shared_ptr<const ledger::SecretKey>> key(Queries& db, const Tag& stream, const ledger::KeyName& name);
  Result<std::optional<ledger::WrappedKey>> newest_key(Queries& db, const Tag& stream);

  const Cells& cells_;
  const std::size_t most_;
  std::mutex mutex_;
  struct Cached { std::shared_ptr<const StreamEntries> entries; std::list<Tag>::iterator place; };
  std::map<Tag, Cached> cache_;
  std::list<Tag> recent_;
  std::size_t held_ = 0;
  std::map<std::array<std::uint8_t, 20>, std::shared_ptr<const ledger::SecretKey>> keys_;
  std::map<Tag, std::pair<ledger::KeyName, std::shared_ptr<const ledger::SecretKey>>> current_;
};

}  // namespace sluice::store
