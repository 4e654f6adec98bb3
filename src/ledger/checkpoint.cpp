#include "ledger/checkpoint.h"

#include <algorithm>
#include <charconv>

namespace sluice::ledger {

namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash and space begin a signature line

std::unexpected<Error> not_a_checkpoint(std::string what) { return fail(ErrorKind::Malformed, "This is not a checkpoint: " + std::move(what), {}, "C2SP tlog-checkpoint"); }

// The text up to the next line feed, taken off `rest`; false if there is none.
bool take_line(std::string_view& rest, std::string_view& line) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

Result<Checkpoint> read_text(std::string_view text) {
  std::string_view origin, size, root;
  if (!take_line(text, origin) || !take_line(text, size) || !take_line(text, root) || !text.empty()) return not_a_checkpoint("its text must have exactly three lines.");
  Checkpoint out{.origin = std::string(origin)};
  const auto [end, ec] = std::from_chars(size.data(), size.data() + size.size(), out.size);
  if (ec != std::errc{} || end != size.data() + size.size() || std::to_string(out.size) != size) return not_a_checkpoint("its second line must be a size.");
  const auto bytes = from_base64(root);
  const auto hash = bytes ? to_hash(*bytes) : fail(ErrorKind::Invalid, {});
  if (!hash) return not_a_checkpoint("its third line must be a root hash in base64.");
  out.root = *hash;
  return out;
}

std::string signature_line(const VerifyingKey& key, const Signature& signature) {
  Bytes tagged(key.hash().begin(), key.hash().end());
  tagged.insert(tagged.end(), signature.begin(), signature.end());
  return std::string(kDash) + key.name() + " " + base64(tagged) + "\n";
}

}  // namespace

std::string Checkpoint::text() const { return origin + "\n" + std::to_string(size) + "\n" + base64(root) + "\n"; }

Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const Signer& signer) {
  const std::string text = checkpoint.text();
  TRY(const Signature signature, signer.sign(bytes_of(text)));
  return text + "\n" + signature_line(signer.key(), signature);
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifyingKey& key) {
  if (note.size() > 64 * 1024) return not_a_checkpoint("it is too long.");
  const auto gap = note.rfind("\n\n");  // C2SP signed-note: the last empty line separates text and signatures
  if (gap == std::string_view::npos) return not_a_checkpoint("it has no signature.");
  const auto text = note.substr(0, gap + 1);
  auto rest = note.substr(gap + 2);

  int ours = 0;
  std::string_view line;
  while (take_line(rest, line)) {
    if (!line.starts_with(kDash)) return not_a_checkpoint("a signature line must begin with an em dash.");
    line.remove_prefix(kDash.size());
    const auto space = line.find(' ');
    const auto bytes = space == std::string_view::npos ? fail(ErrorKind::Invalid, {}) : from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() < 5 || space == 0) return not_a_checkpoint("a signature line must be a name and a signature in base64.");
    const bool is_ours = line.substr(0, space) == key.name() && std::equal(key.hash().begin(), key.hash().end(), bytes->begin());
    if (!is_ours) continue;
    Signature signature{};
    if (bytes->size() != key.hash().size() + signature.size()) return not_a_checkpoint("an Ed25519 signature has 64 bytes.");
    std::copy(bytes->begin() + 4, bytes->end(), signature.begin());
    if (!key.verifies(bytes_of(text), signature)) return fail(ErrorKind::Invalid, "The checkpoint's signature does not fit its text.", {}, "C2SP signed-note");
    ++ours;
  }
  if (!rest.empty()) return not_a_checkpoint("it must end in a line feed.");
  if (ours != 1) return fail(ErrorKind::Invalid, "The checkpoint must bear one signature of " + key.name() + ".", {}, "C2SP signed-note");
  TRY(Checkpoint out, read_text(text));
  if (out.origin != key.name()) return fail(ErrorKind::Invalid, "The checkpoint is of another origin than the key.", {}, "C2SP tlog-checkpoint");
  return out;
}

Result<std::string> sign_next_checkpoint(const Log& log, std::string_view last, const Signer& signer) {
  if (!last.empty()) {
    TRY(const Checkpoint before, open_checkpoint(last, signer.key()));
    if (before.size > log.size() || !verify_consistency(before.size, before.root, log.size(), log.root(), log.consistency(before.size, log.size())))
      return fail(ErrorKind::Unavailable, "The ledger does not continue its last checkpoint. Nothing more is signed; run 'sluice ledger verify'.", {}, "RFC 9162 §2.1.4", "ledger-broken");
  }
  return sign_checkpoint({.origin = signer.key().name(), .size = log.size(), .root = log.root()}, signer);
}

}  // namespace sluice::ledger
