#include "service/ticker.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <sstream>

#include "ledger/acknowledgement.h"
#include "store/ledger_rows.h"

namespace sluice::service {

namespace {

ledger::Log log_of(const std::vector<ledger::TickLeaf>& ticks) {
  ledger::Log log;
  for (const auto& tick : ticks) log.append(tick.hash());
  return log;
}

std::filesystem::path outside_name(const std::filesystem::path& folder, std::uint64_t size) {
  char name[32];
  std::snprintf(name, sizeof name, "%012llu.txt", static_cast<unsigned long long>(size));
  return folder / name;
}

std::optional<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::stringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// Whole or not at all, and never over one that is there: it is the witness against us. What went wrong as errno, and whether that was an fsync.
struct Trouble {
  int code = 0;
  bool syncing = false;
  // REL-2: an fsync that failed is not tried again, whatever it says; REL-3: a full disk is no damage.
  std::string_view word() const { return !syncing && (code == ENOSPC || code == EDQUOT) ? "full" : syncing || code == EIO ? "corrupt" : "disk"; }
};

std::optional<Trouble> write_once(const std::filesystem::path& path, std::string_view text) {
  const auto temporary = path.string() + ".new";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Trouble{errno};
  std::optional<Trouble> trouble;
  const auto wrote = ::write(fd, text.data(), text.size());
  if (wrote < 0) trouble = Trouble{errno};
  else if (wrote != static_cast<ssize_t>(text.size())) trouble = Trouble{ENOSPC};  // a short write is how a full disk begins
  else if (::fsync(fd) != 0) trouble = Trouble{errno, true};
  ::close(fd);
  if (!trouble && ::link(temporary.c_str(), path.c_str()) != 0) trouble = Trouble{errno};
  ::unlink(temporary.c_str());
  if (trouble) return trouble;
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return Trouble{errno};
  if (::fsync(folder) != 0) trouble = Trouble{errno, true};
  ::close(folder);
  return trouble;
}

// AUD-4: what was put outside before must be a beginning of what is about to be signed. `log` has the new tick already.
Result<void> continues_what_is_outside(const std::filesystem::path& folder, const ledger::Log& log, const ledger::VerifyingKey& key) {
  std::error_code error;
  std::filesystem::path newest;
  for (const auto& file : std::filesystem::directory_iterator(folder, error))
    if (file.path().extension() == ".txt" && file.path() > newest) newest = file.path();
  if (newest.empty()) return {};
  const auto text = read_text(newest);
  const auto head = text ? ledger::open_checkpoint(*text, key) : fail(ErrorKind::Invalid, "");
  if (!head) return {};  // somebody else's file; the verifier says so
  if (head->size >= log.size() || log.root(head->size) != head->root)
    return fail(ErrorKind::Unavailable, "The head of the ledger that was put outside is newer than this ledger, or another: it was rolled back or changed. Nothing is signed over it.", newest.filename().string(), {},
                "ledger-broken");
  return {};
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

Work close_tick(Services& services, Duration clocks_disagree) {
  return [&services, clocks_disagree](Unit& unit) -> Result<Committed> {
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
    TRY(continues_what_is_outside(services.site.data / "checkpoints", log, services.site.keys->signer().key()));
    TRY(const auto note, ledger::sign_next_checkpoint(log, newest.value_or(""), services.site.keys->signer()));
    TRY(store::add_tick(tx, leaf, log.size(), note, unit.now() - clocks_disagree, services.clock.monotonic(), boot_id()));
    Committed out;
    out.answer["tick"] = number;
    out.answer["entries"] = tree.size();
    return out;
  };
}

void sweep_unfinished_heads(const std::filesystem::path& data) {
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(data / "checkpoints", error))
    if (file.path().extension() == ".new") std::filesystem::remove(file.path(), error);
}

Result<void> put_heads_outside(Services& services) {
  TRY(auto db, services.store.lease());
  TRY(const auto heads, store::checkpoints(*db));
  const auto folder = services.site.data / "checkpoints";
  for (auto head = heads.rbegin(); head != heads.rend(); ++head) {
    const auto path = outside_name(folder, head->size);
    if (std::filesystem::exists(path)) break;  // all before it are there: they were put in order
    if (const auto trouble = write_once(path, head->note))
      return fail(ErrorKind::Unavailable, "The head of the ledger could not be put outside.", path.filename().string(), {}, std::string(trouble->word()));
  }
  return {};
}

Result<std::vector<std::optional<ledger::Receipt>>> receipts_of(Services& services, const std::vector<store::EntrySeen>& entries) {
  std::vector<std::optional<ledger::Receipt>> out(entries.size());
  if (std::none_of(entries.begin(), entries.end(), [](const auto& entry) { return entry.tick.has_value(); })) return out;
  TRY(auto db, services.store.lease());
  TRY(const auto ticks, store::ticks(*db));
  TRY(const auto note, store::newest_checkpoint(*db));
  const auto log = log_of(ticks);
  std::map<std::int64_t, ledger::TickTree> trees;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [entry, position, tick, slot, record] = entries[i];
    if (!tick) continue;
    if (!note || static_cast<std::size_t>(*tick) >= ticks.size()) return fail(ErrorKind::Unavailable, "The ledger's ticks are damaged.", {}, {}, "corrupt");
    auto tree = trees.find(*tick);
    if (tree == trees.end()) {
      TRY(const auto all, store::entries_of_tick(*db, *tick));
      tree = trees.emplace(*tick, ledger::TickTree::build(static_cast<std::uint64_t>(*tick), in_tick(all), services.store.ledger_keys())).first;
    }
    const auto leaf = ledger::leaf_of(entry.entry, entry.salt, record);
    TRY(out[i], ledger::make_receipt(entry.entry, entry.salt, leaf,
                                     {tree->second, static_cast<std::uint64_t>(*tick), static_cast<std::uint16_t>(slot.value_or(0)), ticks[static_cast<std::size_t>(*tick)].t}, log, *note,
                                     services.site.keys->signer().key()));
  }
  return out;
}

Result<std::optional<ledger::Receipt>> receipt_of(Services& services, const store::EntrySeen& entry) {
  TRY(auto all, receipts_of(services, {entry}));
  return std::move(all.front());
}

Result<std::string> proof_of(Services& services, const store::EntrySeen& entry) {
  TRY(const auto receipt, receipt_of(services, entry));
  if (receipt) return receipt->file();
  TRY(const auto acknowledgement, ledger::acknowledge(services.site.file.id, ledger::leaf_of(entry.entry.entry, entry.entry.salt, entry.record), services.site.keys->signer()));
  return acknowledgement.file();
}

Result<void> StoredLedger::entries(const std::function<void(const ledger::StoredEntry&)>& take) const { return store::each_entry(db_, take); }
Result<std::vector<ledger::TickLeaf>> StoredLedger::ticks() const { return store::ticks(db_); }
Result<std::vector<ledger::StoredCheckpoint>> StoredLedger::checkpoints() const { return store::checkpoints(db_); }
Result<std::optional<Hash>> StoredLedger::head() const { return store::ledger_chain(db_); }

Result<Findings> StoredLedger::check_rows() const {
  Findings out;
  const auto read = store::head_counts(db_);
  if (!read && read.error().code == "corrupt") return Findings{{Severity::Error, "AUD-6", "ledger_head", read.error().message}};
  TRY(const auto counts, read);
  if (counts.head_position != counts.last_position) out.push_back({Severity::Error, "AUD-6", "ledger_head", "The head's position is not that of the last entry."});
  if (counts.head_tick != counts.last_tick) out.push_back({Severity::Error, "AUD-6", "ledger_head", "The head's tick is not the last one."});
  TRY(const auto damage, store::structural_damage(db_));
  if (!damage.empty()) out.push_back({Severity::Error, "REL-10", "database", "The database file is damaged: " + damage});
  return out;
}

std::vector<std::string> outside_heads(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error))
    if (file.path().extension() == ".txt") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> out;
  for (const auto& file : files)
    if (auto text = read_text(file)) out.push_back(*std::move(text));
  return out;
}

}  // namespace sluice::service
