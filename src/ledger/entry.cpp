#include "ledger/entry.h"

#include "base/bind.h"

namespace sluice::ledger {

namespace {

Result<void> check_version(const json::value& value, std::string_view what) {
  const auto* v = find_at(value, "/v");
  if (v && v->is_int64() && v->get_int64() == kEntryVersion) return {};
  return fail(ErrorKind::Invalid, "This " + std::string(what) + " is of a version that this program does not know.", "/v");
}

}  // namespace

json::value to_value(const LedgerEntry& entry) {
  // By hand, as null is written here and a list may be empty; canonical() puts the keys in order.
  json::object out;
  out["action"] = to_json(entry.action);
  out["actor"] = to_json(entry.actor);
  out["changes"] = to_json(entry.changes);
  out["id"] = to_json(entry.id);
  out["object"] = to_json(entry.object);
  out["occurred"] = to_json(entry.occurred);
  out["org"] = to_json(entry.org);
  out["outcome"] = to_json(entry.outcome);
  out["reason"] = to_json(entry.reason);
  out["recorded"] = to_json(entry.recorded);
  out["request"] = to_json(entry.request);
  out["session"] = to_json(entry.session);
  out["stream"] = to_json(entry.stream);
  out["v"] = kEntryVersion;
  return out;
}

json::value to_value(const Leaf& leaf) {
  auto out = to_json(leaf);
  out.get_object()["v"] = kEntryVersion;
  return out;
}

std::string LedgerEntry::bytes() const { return canonical(to_value(*this)); }
std::string Leaf::bytes() const { return canonical(to_value(*this)); }

Result<LedgerEntry> entry_from(const json::value& value) {
  TRY(check_version(value, "entry"));
  return from_json<LedgerEntry>(value, {"v"});
}

Result<Leaf> leaf_from(const json::value& value) {
  TRY(check_version(value, "leaf"));
  return from_json<Leaf>(value, {"v"});
}

Result<LedgerEntry> read_entry(std::string_view text) {
  TRY(const json::value value, parse_json(text, kLedgerJson));
  TRY(LedgerEntry entry, entry_from(value));
  if (entry.bytes() != text) return fail(ErrorKind::Invalid, "This entry is not written in its one canonical form.", {}, "RFC 8785");
  return entry;
}

Hash commit_of(const Salt& salt, std::string_view entry_bytes) { return sha256({salt, bytes_of(entry_bytes)}); }

Leaf leaf_of(const LedgerEntry& entry, const Salt& salt, ByteView record) {
  return {.commit = commit_of(salt, entry.bytes()), .id = entry.id, .seal = sha256(record), .t = entry.recorded};
}

}  // namespace sluice::ledger
