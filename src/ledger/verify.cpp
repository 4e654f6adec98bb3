#include "ledger/verify.h"

#include <map>

#include "ledger/big_endian.h"

namespace sluice::ledger {

namespace {

constexpr std::size_t kMostFindings = 100;  // one broken row can put everything after it in doubt; a person needs the first ones

class Verification {
 public:
  Verification(const LedgerSource& source, const VerifyingKey& key, const LedgerKeys& keys) : source_(source), key_(key), keys_(keys) {}

  Findings run() {
    if (const auto ticks = source_.ticks()) {
      ticks_ = *ticks;
      check_tick_numbers();
    } else {
      error("ledger.read", "ticks", ticks.error().message);
    }
    if (const auto read = source_.entries([this](const StoredEntry& entry) { check(entry); }); !read) error("ledger.read", "entries", read.error().message);
    close_ticks_before(ticks_.size());
    check_head();
    check_checkpoints();
    check_outside();
    return std::move(findings_);
  }

 private:
  void error(std::string rule, std::string where, std::string message) {
    if (findings_.size() < kMostFindings) findings_.push_back({Severity::Error, std::move(rule), std::move(where), std::move(message)});
  }

  void check_tick_numbers() {
    for (std::size_t i = 0; i < ticks_.size(); ++i) {
      if (ticks_[i].tick != i) error("ledger.tick", "tick " + std::to_string(ticks_[i].tick), "Ticks must follow each other without a gap; here " + std::to_string(i) + " was due.");
      log_.append(ticks_[i].hash());
    }
  }

  void check(const StoredEntry& entry) {
    const auto where = "entry " + std::to_string(entry.position) + " (" + entry.id.text() + ")";
    if (entry.position != ++position_) {
      error("ledger.position", where, "Positions must follow each other without a gap; here " + std::to_string(position_) + " was due. Entries were removed, added or moved.");
      position_ = entry.position;
    }
    if (const auto due = ++streams_[entry.stream]; entry.stream_seq != due) {
      error("ledger.stream", where, "The entries of a stream must be numbered without a gap; here " + std::to_string(due) + " was due.");
      streams_[entry.stream] = entry.stream_seq;
    }
    if (sha256(entry.record) != entry.seal) error("ledger.seal", where, "The sealed record is not the one that was recorded.");
    const auto in_tick = entry.in_tick();
    head_ = next_head(keys_.head, head_, in_tick);

    if (!entry.tick) {
      pending_ = true;
      return;
    }
    if (pending_ || *entry.tick < tick_ || *entry.tick >= ticks_.size()) {
      error("ledger.tick", where, "The entry stands in a tick that does not exist or that lies before the tick of an earlier entry.");
      return;
    }
    close_ticks_before(*entry.tick);
    of_tick_.push_back(in_tick);
    slots_.push_back(entry.slot);
  }

  // Rebuilds every tick up to `next`: the one being collected, then empty ones.
  void close_ticks_before(std::uint64_t next) {
    for (; tick_ < next; ++tick_) {
      const auto where = "tick " + std::to_string(tick_);
      const auto tree = TickTree::build(tick_, of_tick_, keys_);
      if (tree.size() != of_tick_.size()) error("ledger.tick", where, "A tick holds more entries than it can.");
      if (tree.root() != ticks_[tick_].root) error("ledger.tick", where, "The entries are not those whose hash was recorded for this tick: one was changed, removed, added or moved.");
      if (tree.slots() != slots_) error("ledger.slot", where, "The slots of the entries are not those that the key gives them.");
      of_tick_.clear();
      slots_.clear();
    }
  }

  void check_head() {
    const auto stored = source_.head();
    if (!stored) return error("ledger.read", "head", stored.error().message);
    if (stored->value_or(Hash{}) != head_) error("ledger.head", "head", "The entries are not those that were written: the head over all of them differs. If every tick is sound, the change is in the running minute.");
  }

  void check_checkpoints() {
    const auto stored = source_.checkpoints();
    if (!stored) return error("ledger.read", "checkpoints", stored.error().message);
    std::uint64_t due = 0;
    for (const auto& [size, note] : *stored) {
      const auto where = "checkpoint " + std::to_string(size);
      if (size != ++due) {
        error("ledger.checkpoint", where, "There must be one checkpoint for each tick; here the one of size " + std::to_string(due) + " was due.");
        due = size;
      }
      check_note(note, where, "ledger.checkpoint", size);
    }
    if (due != log_.size()) error("ledger.checkpoint", "checkpoints", "The last checkpoint covers " + std::to_string(due) + " ticks, and there are " + std::to_string(log_.size()) + ".");
  }

  void check_outside() {
    std::size_t number = 0;
    for (const auto& note : source_.outside_checkpoints()) check_note(note, "outside checkpoint " + std::to_string(++number), "ledger.outside", std::nullopt);
  }

  void check_note(std::string_view note, const std::string& where, const std::string& rule, std::optional<std::uint64_t> size) {
    const auto checkpoint = open_checkpoint(note, key_);
    if (!checkpoint) return error(rule, where, checkpoint.error().message);
    if (size && checkpoint->size != *size) return error(rule, where, "It is signed for another size than it is kept under.");
    if (checkpoint->size > log_.size())
      return error(rule, where, "It was signed over " + std::to_string(checkpoint->size) + " ticks, and only " + std::to_string(log_.size()) + " are left: the ledger was cut or rolled back.");
    if (log_.root(checkpoint->size) != checkpoint->root) error(rule, where, "It was signed over other ticks than those that are stored.");
  }

  const LedgerSource& source_;
  const VerifyingKey& key_;
  const LedgerKeys& keys_;
  Findings findings_;
  std::vector<TickLeaf> ticks_;
  Log log_;
  std::uint64_t position_ = 0;
  std::map<Tag, std::uint64_t> streams_;
  Hash head_{};
  bool pending_ = false;
  std::uint64_t tick_ = 0;              // the tick being collected
  std::vector<TickEntry> of_tick_;
  std::vector<std::uint16_t> slots_;
};

}  // namespace

Hash next_head(const SecretKey& key, const Hash& before, const TickEntry& entry) {
  return hmac_sha256(key.view(), {before, big_endian(entry.position), entry.id.bytes, entry.stream, big_endian(entry.stream_seq), entry.leaf});
}

Findings verify_ledger(const LedgerSource& source, const VerifyingKey& key, const LedgerKeys& keys) { return Verification(source, key, keys).run(); }

}  // namespace sluice::ledger
