#include "service/ticker.h"

#include <fstream>
#include <sstream>

#include "store/ledger_rows.h"

namespace sluice::service {

namespace {

ledger::Log log_of(const std::vector<ledger::TickLeaf>& ticks) {
  ledger::Log log;
  for (const auto& tick : ticks) log.append(tick.hash());
  return log;
}

// Put where the database's administrator doesn't reach it, if the operator mounts or mirrors the folder so.
void place_outside(const std::filesystem::path& data, std::uint64_t size, const std::string& note) {
  char name[32];
  std::snprintf(name, sizeof name, "%012llu.txt", static_cast<unsigned long long>(size));
  std::ofstream(data / "checkpoints" / name, std::ios::binary) << note;
}

std::vector<ledger::TickEntry> in_tick(const std::vector<ledger::StoredEntry>& entries) {
  std::vector<ledger::TickEntry> out;
  out.reserve(entries.size());
  for (const auto& entry : entries) out.push_back(entry.in_tick());
  return out;
}

}  // namespace

std::string boot_id() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string out;
  std::getline(in, out);
  return out;
}

Work close_tick(Services& services) {
  return [&services](Unit& unit) -> Result<Committed> {
    auto& tx = unit.writing().tx();
    TRY(const auto last, store::last_tick(tx));
    const auto number = last + 1;
    TRY(const auto entries, store::open_entries(tx));
    const auto tree = ledger::TickTree::build(static_cast<std::uint64_t>(number), in_tick(entries), services.store.ledger_keys());
    std::vector<std::pair<std::int64_t, std::uint16_t>> slots;
    for (std::size_t i = 0; i < tree.slots().size(); ++i) slots.emplace_back(static_cast<std::int64_t>(entries[i].position), tree.slots()[i]);
    TRY(store::close_entries(tx, number, slots));

    const ledger::TickLeaf leaf{tree.root(), unit.now(), static_cast<std::uint64_t>(number)};
    // Kept from tick to tick; read anew when it isn't what the newest head says: another node's tick in between, or a commit that failed.
    TRY(const auto newest, store::newest_checkpoint(tx));
    auto& log = *services.log_of_ticks;
    bool current = !newest && log.size() == 0;
    if (newest) {
      TRY(const auto head, ledger::open_checkpoint(*newest, services.site.keys->signer().key()));
      current = head.size == log.size() && head.root == log.root();
    }
    if (!current) {
      TRY(const auto before, store::ticks(tx));
      log = log_of(before);
    }
    log.append(leaf.hash());
    TRY(const auto note, ledger::sign_next_checkpoint(log, newest.value_or(""), services.site.keys->signer()));
    TRY(store::add_tick(tx, leaf, log.size(), note, services.clock.monotonic(), boot_id()));
    place_outside(services.site.data, log.size(), note);
    Committed out;
    out.answer["tick"] = number;
    out.answer["entries"] = tree.size();
    return out;
  };
}

Result<std::optional<ledger::Receipt>> receipt_of(Services& services, const store::EntrySeen& entry) {
  if (!entry.tick) return std::optional<ledger::Receipt>{};
  TRY(auto db, services.store.lease());
  TRY(const auto entries, store::entries_of_tick(*db, *entry.tick));
  TRY(const auto ticks, store::ticks(*db));
  TRY(const auto note, store::newest_checkpoint(*db));
  if (!note || static_cast<std::size_t>(*entry.tick) >= ticks.size()) return fail(ErrorKind::Unavailable, "The ledger's ticks are damaged.", {}, {}, "corrupt");
  const auto tree = ledger::TickTree::build(static_cast<std::uint64_t>(*entry.tick), in_tick(entries), services.store.ledger_keys());
  const auto log = log_of(ticks);
  const auto leaf = ledger::leaf_of(entry.entry.entry, entry.entry.salt, entry.record);
  TRY(auto receipt, ledger::make_receipt(entry.entry.entry, entry.entry.salt, leaf,
                                         {tree, static_cast<std::uint64_t>(*entry.tick), static_cast<std::uint16_t>(entry.slot.value_or(0)), ticks[static_cast<std::size_t>(*entry.tick)].t}, log, *note,
                                         services.site.keys->signer().key()));
  return std::optional(std::move(receipt));
}

Result<void> StoredLedger::entries(const std::function<void(const ledger::StoredEntry&)>& take) const { return store::each_entry(db_, take); }
Result<std::vector<ledger::TickLeaf>> StoredLedger::ticks() const { return store::ticks(db_); }
Result<std::vector<ledger::StoredCheckpoint>> StoredLedger::checkpoints() const { return store::checkpoints(db_); }
Result<std::optional<Hash>> StoredLedger::head() const { return store::ledger_chain(db_); }

std::vector<std::string> StoredLedger::outside_checkpoints() const {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(outside_, error)) {
    std::ifstream in(file.path(), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    out.push_back(std::move(text).str());
  }
  return out;
}

}  // namespace sluice::service
