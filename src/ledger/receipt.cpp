#include "ledger/receipt.h"

#include <algorithm>

#include "base/bind.h"
#include "ledger/acknowledgement.h"

namespace sluice::ledger {

namespace {

// The fields as JSON has them.
struct LogPart {
  std::uint64_t index = 0;
  HashPath path;
  std::uint64_t size = 0;
};
BOOST_DESCRIBE_STRUCT(LogPart, (), (index, path, size))

struct TickPart {
  std::uint64_t n = 0;
  HashPath path;
  std::uint16_t slot = 0;
  Instant t;
};
BOOST_DESCRIBE_STRUCT(TickPart, (), (n, path, slot, t))

struct ReceiptWire {
  std::string checkpoint;
  json::value entry;
  std::string kind;
  json::value leaf;
  LogPart log;
  Hash salt{};
  TickPart tick;
  std::uint32_t v = 0;
};
BOOST_DESCRIBE_STRUCT(ReceiptWire, (), (checkpoint, entry, kind, leaf, log, salt, tick, v))

// Signatures of others can't be checked with the site's key alone, so a receipt doesn't carry them: they would be bytes that anyone may change.
Result<std::string> with_own_signature_alone(std::string_view note, const VerifyingKey& key) {
  TRY(open_checkpoint(note, key));
  const auto gap = note.rfind("\n\n") + 2;
  std::string out(note.substr(0, gap));
  for (auto rest = note.substr(gap); !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n') + 1);
    rest.remove_prefix(line.size());
    const auto alone = out + std::string(line);
    if (open_checkpoint(alone, key)) return alone;
  }
  return fail(ErrorKind::Invalid, "The checkpoint must bear the site's signature.");
}

Result<Receipt> read(const json::value& value) {
  TRY(ReceiptWire wire, from_json<ReceiptWire>(value));
  if (wire.kind != "receipt" || wire.v != 1) return fail(ErrorKind::Invalid, "This is a receipt of a kind or version that this program does not know.", "/v");
  if (wire.log.index != wire.tick.n) return fail(ErrorKind::Invalid, "The log has one leaf a tick, so the tick's number must be its index.", "/log/index");
  if (wire.tick.path.size() != TickTree::kDepth) return fail(ErrorKind::Invalid, "The path in a tick has 16 hashes.", "/tick/path");
  TRY(LedgerEntry entry, entry_from(wire.entry));
  TRY(const Leaf leaf, leaf_from(wire.leaf));
  return Receipt{.checkpoint = std::move(wire.checkpoint), .entry = std::move(entry), .leaf = leaf, .log_size = wire.log.size, .log_path = std::move(wire.log.path),
                 .salt = wire.salt, .tick = wire.tick.n, .slot = wire.tick.slot, .tick_time = wire.tick.t, .tick_path = std::move(wire.tick.path)};
}

Findings check(const Receipt& receipt, const VerifyingKey& key) {
  Findings out;
  const auto error = [&out](std::string rule, std::string where, std::string message) { out.push_back({Severity::Error, std::move(rule), std::move(where), std::move(message)}); };
  if (commit_of(receipt.salt, receipt.entry.bytes()) != receipt.leaf.commit) error("receipt.commit", "/leaf/commit", "The entry is not the one that was recorded: its hash with the salt differs.");
  if (receipt.leaf.id != receipt.entry.id) error("receipt.leaf", "/leaf/id", "The leaf is of another entry.");
  if (receipt.leaf.t != receipt.entry.recorded) error("receipt.leaf", "/leaf/t", "The leaf's time is not the entry's recorded time.");

  const TickLeaf tick{.root = root_from_path(receipt.leaf.hash(), receipt.slot, receipt.tick_path), .t = receipt.tick_time, .tick = receipt.tick};
  const auto checkpoint = open_checkpoint(receipt.checkpoint, key);
  if (!checkpoint) {
    error(checkpoint.error().rule, "/checkpoint", checkpoint.error().message);
    return out;
  }
  const auto own = with_own_signature_alone(receipt.checkpoint, key);
  if (!own || *own != receipt.checkpoint) error("receipt.checkpoint", "/checkpoint", "The checkpoint must bear the site's signature and no other.");
  if (checkpoint->size != receipt.log_size) error("receipt.size", "/log/size", "The log's size is not the checkpoint's.");
  if (!verify_inclusion(tick.hash(), receipt.tick, receipt.log_size, receipt.log_path, checkpoint->root))
    error("RFC 9162 §2.1.3.2", "/log/path", "The paths do not lead from the entry to the checkpoint's root.");
  return out;
}

Findings refused(const Error& error) { return {{Severity::Error, error.rule.empty() ? "receipt" : error.rule, error.where, error.message}}; }

}  // namespace

std::string Receipt::file() const {
  json::object out;
  out["checkpoint"] = checkpoint;
  out["entry"] = to_value(entry);
  out["kind"] = "receipt";
  out["leaf"] = to_value(leaf);
  out["log"] = json::object{{"index", tick}, {"path", to_json(log_path)}, {"size", log_size}};
  out["salt"] = to_json(salt);
  out["tick"] = json::object{{"n", tick}, {"path", to_json(tick_path)}, {"slot", slot}, {"t", to_json(tick_time)}};
  out["v"] = 1;
  return canonical(out) + "\n";
}

Result<Receipt> make_receipt(LedgerEntry entry, const Salt& salt, const Leaf& leaf, const TickOfEntry& tick, const Log& log, std::string_view note, const VerifyingKey& key) {
  TRY(const Checkpoint checkpoint, open_checkpoint(note, key));
  if (tick.tick >= checkpoint.size || checkpoint.size > log.size()) return fail(ErrorKind::NotFound, "There is no receipt yet: the entry's tick has not been signed.");
  TRY(std::string own_note, with_own_signature_alone(note, key));
  Receipt out{.checkpoint = std::move(own_note), .entry = std::move(entry), .leaf = leaf, .log_size = checkpoint.size, .log_path = log.inclusion(tick.tick, checkpoint.size),
              .salt = salt, .tick = tick.tick, .slot = tick.slot, .tick_time = tick.t, .tick_path = tick.tree.path(tick.slot)};
  // Never hand out a proof that does not hold: a broken ledger shows here first.
  if (!check(out, key).empty()) return fail(ErrorKind::Unavailable, "The ledger gives no sound proof of this entry. Run 'sluice ledger verify'.", {}, {}, "ledger-broken");
  return out;
}

Findings verify_receipt(std::string_view file_bytes, const VerifyingKey& key) {
  if (!file_bytes.ends_with('\n')) return refused({ErrorKind::Malformed, "The file must end in a line feed."});
  const auto value = parse_json(file_bytes.substr(0, file_bytes.size() - 1), kLedgerJson);
  if (!value) return refused(value.error());
  if (!find_at(*value, "/kind")) return verify_acknowledgement(file_bytes, key);
  const auto receipt = read(*value);
  if (!receipt) return refused(receipt.error());
  if (receipt->file() != file_bytes) return refused({ErrorKind::Invalid, "The file is not written in its one canonical form, so it was changed.", {}, "RFC 8785"});
  return check(*receipt, key);
}

}  // namespace sluice::ledger
