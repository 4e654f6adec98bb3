// The one writer: every write of the process goes through it, one command after another, many to a commit.
//
// One thread takes what waits as a batch: BEGIN; for each command a savepoint, its work, and keep or undo; COMMIT; then the notifications; then
// the answers. Work runs on the Writer's thread alone and must not wait for anything. Done runs there too, after the COMMIT, and must not block.
// What stays of a command that fails (that the gate denied it) is written behind its undoing, in the same transaction and before the next command.
//
// Always holds
//   R1  A command that was answered with success is on disk; one that failed has changed nothing, and the others of its batch are untouched.
//       What a failed one leaves on record is on disk with its answer, or the answer is that nothing could be written.
//   R2  Commands run one at a time in the order they came, so no two decide on the same state.
//   R5  Slices of a large work stand behind all commands that wait, one of them in a batch of commands; so they neither hold commands up nor starve. A batch of slices ends with the slice in hand once a
//       command waits (and a slice that could go on in the same transaction asks `has_commands`), while without commands many go with one commit.
//   R3  After a failed commit, a damaged page or a full disk nothing is acknowledged. Damage makes the site read-only until it is looked at (REL-2).
//   R4  On a full disk commands are refused, so that what is left is the ledger's own, until there is space again (REL-3, service/space.h).
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "cvd/case.h"
#include "service/bus.h"
#include "store/writing.h"

namespace sluice::service {

// What a command leaves for its caller, once it is durable.
struct Committed {
  json::object answer;                            // the ids that were made
  std::optional<ledger::Leaf> to_acknowledge;     // of the first entry that the caller may know
  std::optional<json::object> acknowledgement;    // signed: by acknowledge(), where the answer is made
  std::vector<store::Appended> entries;
  std::string etag;
  bool waits_for_second_person = false;           // it was asked for, and takes effect once another person has confirmed it
};

// Signs what is to be acknowledged. Not on the Writer's thread: a signature costs as much as the rest of a small command.
void acknowledge(const store::Store& store, Committed& committed);

// The Writer's side of one command: the transaction, the time, and the states of cases.
class Unit {
 public:
  Unit(store::Writing& writing, Instant now, class CaseStates& states) : writing_(writing), now_(now), states_(states) {}
  store::Writing& writing() { return writing_; }
  store::Store& store() { return writing_.store(); }
  Instant now() const { return now_; }
  // NotFound if there is none. What a command has loaded stays known until it is done, so that one that works on two cases may load both before it changes either.
  Result<std::shared_ptr<const cvd::CaseState>> case_state(CaseId id);
  // The same state to apply events to, in place: a case may be large. If the command fails, it is read anew.
  cvd::CaseState& change_case(CaseId id);
  // What each reader of the case could read before, if that is known; and what they can now.
  std::optional<store::ReaderRows> take_readers(CaseId id);
  void case_changed(CaseId id, std::int64_t version, store::ReaderRows readers);
  std::int64_t version_of(CaseId id) const;
  void tell(Change change) { changes_.push_back(std::move(change)); }        // on the bus, once committed
  // Written if this command fails, after all that it changed was undone. It may use writing() and now(), and load no case.
  using Record = std::move_only_function<Result<void>(Unit&)>;
  void leave_on_record(Record record) { left_.push_back(std::move(record)); }

 private:
  friend class Writer;
  store::Writing& writing_;
  Instant now_;
  CaseStates& states_;
  std::vector<Change> changes_;
  std::vector<Record> left_;
};

// States of cases the Writer has seen, each checked against its row's version before use.
class CaseStates {
 public:
  struct Known {
    std::shared_ptr<cvd::CaseState> state;
    std::int64_t version = 0;
    std::optional<store::ReaderRows> readers = {};
  };
  std::unordered_map<CaseId, Known> known;
  std::vector<CaseId> changed;                    // by the running command
  std::vector<CaseId> used;                       // by the running command: not to be forgotten under it
  std::size_t most = 2'000;

  void make_room();                               // before another one is added
};

// Damage, of the disk, the database or the ledger: whoever meets it calls Writer::stop_writing().
bool is_damage(const Error& error);
// "There is no space": of commands while the disk is full.
std::unexpected<Error> disk_is_full();

using Work = std::move_only_function<Result<Committed>(Unit&)>;
using Done = std::move_only_function<void(Result<Committed>)>;

class Writer {
 public:
  struct Options {
    std::size_t batch = 256;
    std::size_t queue = 20'000;                   // beyond: Unavailable at once
    std::size_t slices = 4;                       // to a batch without commands
    std::size_t cases = 2'000;                    // states of cases that are kept
  };

  static Result<std::unique_ptr<Writer>> start(store::Store& store, const Clock& clock, Bus& bus, Options options);
  static Result<std::unique_ptr<Writer>> start(store::Store& store, const Clock& clock, Bus& bus) { return start(store, clock, bus, Options{}); }
  ~Writer();                                      // finishes what waits
  Writer(const Writer&) = delete;

  // Ledger: ticks, which go on with what was reserved for them on a full disk. Slice: a part of a large work (R5).
  enum class Whose { Command, Ledger, Slice };

  void submit(Work work, Done done, Whose whose = Whose::Command);  // from any thread
  Result<Committed> run(Work work, Whose whose = Whose::Command);   // waits: for the command line and tests, never on a pool thread
  bool has_commands() const;                      // does any wait for its turn, or for the commit of the batch in hand? For slices (R5), from any thread
  bool is_read_only() const { return read_only_; }
  void stop_writing() { read_only_ = true; }      // for good: only a new start, after someone looked, writes again
  bool is_full() const { return full_; }
  void space_again() { full_ = false; }

 private:
  struct Waiting { Work work; Done done; bool is_slice = false; };
  Writer(store::Store& store, const Clock& clock, Bus& bus, store::Db db, Options options);
  void loop();
  void run_batch(std::deque<Waiting> batch);

  store::Store& store_;
  const Clock& clock_;
  Bus& bus_;
  store::Db db_;
  Options options_;
  CaseStates states_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> serves_commands_ = false;     // the batch in hand has any
  std::deque<Waiting> queue_, slices_;
  bool stopping_ = false;
  std::atomic<bool> read_only_ = false, full_ = false;
  std::thread thread_;
};

}  // namespace sluice::service
