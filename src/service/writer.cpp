#include "service/writer.h"

#include <algorithm>
#include <future>

#include "ledger/acknowledgement.h"

namespace sluice::service {

bool is_damage(const Error& error) { return error.code == "corrupt" || error.code == "ledger-broken"; }

std::unexpected<Error> disk_is_full() {
  return fail(ErrorKind::Unavailable, "The disk of this site is full, so nothing was changed. Reading goes on; please try again later.", {}, "REL-3", "full");
}

namespace {
// After these the transaction is no good for the others of the batch either: SQLite may have rolled it back already.
bool ends_batch(const Error& error) { return is_damage(error) || error.code == "lost" || error.code == "full"; }
std::unexpected<Error> read_only() { return fail(ErrorKind::Unavailable, "This site takes no writes at the moment: its operator has to look at its storage first.", {}, {}, "read-only"); }
std::unexpected<Error> not_written() { return fail(ErrorKind::Unavailable, "This could not be written. Nothing was changed; please try again.", {}, {}, "not-written"); }
std::unexpected<Error> outcome_unknown() {
  return fail(ErrorKind::Unavailable, "The storage failed at the last moment, so it is not known whether this was written. Look before you try again, or send it with the same Idempotency-Key.", {}, {},
              "outcome-unknown");
}

// Nothing that a command throws takes the others of its batch along.
template <class T, class Step>
Result<T> guarded(Step step) {
  try {
    return step();
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::Unavailable, "There is not enough memory for this at the moment.", {}, {}, "memory");
  } catch (const std::exception&) {
    return fail(ErrorKind::Unavailable, "This could not be done because of a fault of ours.", {}, {}, "internal");
  }
}

// An answer that can't be given (no memory for it) must not take the Writer down.
void tell(Done& done, Result<Committed> result) {
  try {
    done(std::move(result));
  } catch (const std::exception&) {
  }
}
}  // namespace

void acknowledge(const store::Store& store, Committed& committed) {
  if (!committed.to_acknowledge || committed.acknowledgement) return;
  if (const auto signed_ = ledger::acknowledge(store.cells().site(), *committed.to_acknowledge, store.cells().keys().signer())) committed.acknowledgement = signed_->value().as_object();
}

void CaseStates::make_room() {
  if (known.size() >= most) std::erase_if(known, [this](const auto& one) { return std::find(used.begin(), used.end(), one.first) == used.end(); });
}

Result<std::shared_ptr<const cvd::CaseState>> Unit::case_state(CaseId id) {
  TRY(const auto version, writing_.case_version(id));
  if (version == 0) return fail(ErrorKind::NotFound, "There is no such case, or you have no access to it.");
  states_.used.push_back(id);
  if (const auto found = states_.known.find(id); found != states_.known.end() && found->second.version == version) return found->second.state;
  TRY(const auto compartments, writing_.case_compartments(id));
  TRY(auto fold, store().streams().fold(writing_.tx(), id, compartments, store::Streams::Remember::No));
  auto state = std::make_shared<cvd::CaseState>(cvd::CaseState{std::move(fold)});
  states_.make_room();
  states_.known[id] = {state, version, std::nullopt};
  return state;
}

cvd::CaseState& Unit::change_case(CaseId id) {
  states_.changed.push_back(id);
  states_.used.push_back(id);
  if (!states_.known.contains(id)) states_.make_room();
  auto& known = states_.known[id];
  if (!known.state) known.state = std::make_shared<cvd::CaseState>();
  return *known.state;
}

std::optional<store::ReaderRows> Unit::take_readers(CaseId id) { return std::exchange(states_.known[id].readers, std::nullopt); }

void Unit::case_changed(CaseId id, std::int64_t version, store::ReaderRows readers) {
  auto& known = states_.known[id];
  known.version = version;
  known.readers = std::move(readers);
}

std::int64_t Unit::version_of(CaseId id) const {
  const auto found = states_.known.find(id);
  return found == states_.known.end() ? 0 : found->second.version;
}

Result<std::unique_ptr<Writer>> Writer::start(store::Store& store, const Clock& clock, Bus& bus, Options options) {
  // On PostgreSQL a COMMIT waits for the standby, for ever if there is none: after this long the callers hear that nobody knows (REL-5), and reads go on.
  store::Tuning tuning;
  if (store.url().engine() == store::Engine::Postgres) tuning.statement_limit = std::chrono::seconds(10);
  TRY(auto db, store::Db::open(store.url(), store::Access::ReadWrite, tuning));
  return std::unique_ptr<Writer>(new Writer(store, clock, bus, std::move(db), options));
}

Writer::Writer(store::Store& store, const Clock& clock, Bus& bus, store::Db db, Options options)
    : store_(store), clock_(clock), bus_(bus), db_(std::move(db)), options_(options) {
  states_.most = options_.cases;
  thread_ = std::thread([this] { loop(); });  // last: it uses all of the above
}

Writer::~Writer() {
  {
    std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Writer::submit(Work work, Done done, Whose whose) {
  const bool refused = full_ && whose != Whose::Ledger;
  {
    std::scoped_lock lock(mutex_);
    if (!stopping_ && queue_.size() + slices_.size() < options_.queue && !read_only_ && !refused) {
      (whose == Whose::Slice ? slices_ : queue_).push_back({std::move(work), std::move(done), whose == Whose::Slice});
      wake_.notify_one();
      return;
    }
  }
  done(read_only_ ? read_only() : refused ? disk_is_full() : fail(ErrorKind::Unavailable, "This site is too busy at the moment. Please try again.", {}, {}, "busy"));
}

bool Writer::has_commands() const {
  if (serves_commands_) return true;
  std::scoped_lock lock(mutex_);
  return !queue_.empty();
}

Result<Committed> Writer::run(Work work, Whose whose) {
  std::promise<Result<Committed>> promise;
  auto answer = promise.get_future();
  submit(std::move(work), [&promise](Result<Committed> result) { promise.set_value(std::move(result)); }, whose);
  auto result = answer.get();
  if (result) acknowledge(store_, *result);
  return result;
}

void Writer::loop() {
  for (;;) {
    std::deque<Waiting> batch;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty() || !slices_.empty(); });
      if (queue_.empty() && slices_.empty()) return;
      while (!queue_.empty() && batch.size() < options_.batch) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
      for (auto most = batch.empty() ? options_.slices : 1; most > 0 && !slices_.empty(); --most) {   // R5
        batch.push_back(std::move(slices_.front()));
        slices_.pop_front();
      }
    }
    run_batch(std::move(batch));
  }
}

void Writer::run_batch(std::deque<Waiting> batch) {
  std::vector<Result<Committed>> results;
  std::vector<Change> changes;
  results.reserve(batch.size());
  serves_commands_ = std::any_of(batch.begin(), batch.end(), [](const Waiting& one) { return !one.is_slice; });
  bool at_commit = false;

  const auto whole = [&]() -> Result<void> {
    if (read_only_) return std::unexpected(read_only().error());  // it stopped while this waited
    if (db_.is_broken()) TRY(db_.reopen());
    TRY(auto tx, db_.begin(store::Mode::Write));
    store::Writing writing(store_, tx);
    TRY(writing.begin());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto& waiting = batch[i];
      if (i > 0 && waiting.is_slice && batch[i - 1].is_slice && has_commands()) {   // R5
        std::scoped_lock lock(mutex_);
        for (auto last = batch.size(); last > i; --last) slices_.push_front(std::move(batch[last - 1]));
        batch.resize(i);
        break;
      }
      TRY(writing.savepoint());
      states_.changed.clear();
      states_.used.clear();
      Unit unit(writing, clock_.now(), states_);
      Result<Committed> result = guarded<Committed>([&] { return waiting.work(unit); });
      if (result) {
        TRY(writing.keep());
        for (auto& change : unit.changes_) {
          change.position = writing.position();
          changes.push_back(std::move(change));
        }
      } else {
        for (const auto id : states_.changed) states_.known.erase(id);
        if (ends_batch(result.error())) return std::unexpected(result.error());
        TRY(writing.undo());
        for (auto& record : unit.left_) {
          TRY(writing.savepoint());
          if (const auto left = guarded<void>([&] { return record(unit); }); left) {
            TRY(writing.keep());
          } else {
            if (ends_batch(left.error())) return std::unexpected(left.error());
            TRY(writing.undo());
            result = not_written();  // R1: what isn't on record isn't answered either
          }
        }
      }
      results.push_back(std::move(result));
    }
    TRY(writing.finish());
    at_commit = true;
    return tx.commit();
  }();

  if (!whole) {
    // Nothing of the batch is acknowledged, and nothing that was seen in it may be used again.
    store_.streams().forget_all();
    states_.known.clear();
    const auto& error = whole.error();
    if (is_damage(error)) read_only_ = true;
    if (error.code == "full") full_ = true;
    // A commit that failed may still have left its last page, which the next start would find whole; one that ran out of space has not.
    const bool unknown = at_commit && (error.code == "lost" || error.code == "corrupt");
    for (auto& waiting : batch)
      tell(waiting.done, unknown ? outcome_unknown() : error.code == "full" ? disk_is_full() : error.code == "read-only" || error.code == "ledger-broken" ? std::unexpected(error) : not_written());
    return;
  }
  // Who listens first: then whoever is answered and begins to listen hears of what comes after.
  for (const auto& change : changes) bus_.tell(change);
  for (std::size_t i = 0; i < batch.size(); ++i) tell(batch[i].done, std::move(results[i]));
}

}  // namespace sluice::service
