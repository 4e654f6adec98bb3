#include "ledger/checkpoint.h"

#include <doctest/doctest.h>

#include "ledger/example_for_tests.h"

using namespace sluice;
using namespace sluice::ledger;

namespace {
const VerifyingKey& key() {
  static const auto key = *VerifyingKey::parse(example::kVkey);
  return key;
}
Checkpoint example_checkpoint() {
  Log log;
  const auto tick = leaf_hash(bytes_of(example::kTickLeaf));
  return {.origin = std::string(example::kOrigin), .size = 3, .root = node_hash(example::hash_from(example::kBefore), tick)};
}
}  // namespace

TEST_CASE("the example's key and checkpoint have their exact bytes") {
  CHECK(example::signer().key().text() == example::kVkey);
  CHECK(*sign_checkpoint(example_checkpoint(), example::signer()) == example::kNote);
}

TEST_CASE("a verification key is read from its line and refused when a letter is off") {
  CHECK(VerifyingKey::parse(std::string(example::kVkey) + "\n")->text() == example::kVkey);
  for (std::size_t i = 0; i < example::kVkey.size(); ++i) {
    CAPTURE(i);
    auto changed = std::string(example::kVkey);
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    CHECK_FALSE(VerifyingKey::parse(changed));
  }
  CHECK_FALSE(VerifyingKey::parse(""));
  CHECK_FALSE(LocalSigner::make("two words", example::key_of_word("k")));
  CHECK_FALSE(LocalSigner::make("a+b", example::key_of_word("k")));
  CHECK_FALSE(LocalSigner::make("", example::key_of_word("k")));
}

TEST_CASE("C1: a checkpoint opens with its key and in no other bytes") {
  CHECK(*open_checkpoint(example::kNote, key()) == example_checkpoint());
  for (std::size_t i = 0; i < example::kNote.size(); ++i) {
    CAPTURE(i);
    auto changed = std::string(example::kNote);
    changed[i] ^= 1;
    CHECK_FALSE(open_checkpoint(changed, key()));
    CHECK_FALSE(open_checkpoint(example::kNote.substr(0, i), key()));
  }
  CHECK_FALSE(open_checkpoint(example::kNote, example::signer("other.example/ledger").key()));
}

TEST_CASE("C1: what is well signed but is not a checkpoint of ours is refused") {
  const auto signer = example::signer();
  const struct { std::string name, text; } rows[] = {
      {"extension line", "sluice.example/ledger\n3\nQr6wVSDhPT46jKuJC7kixkGSy8Ag37hzsqIfTEwlFU8=\nmore\n"},
      {"leading zero", "sluice.example/ledger\n03\nQr6wVSDhPT46jKuJC7kixkGSy8Ag37hzsqIfTEwlFU8=\n"},
      {"sign", "sluice.example/ledger\n+3\nQr6wVSDhPT46jKuJC7kixkGSy8Ag37hzsqIfTEwlFU8=\n"},
      {"short root", "sluice.example/ledger\n3\nQr6wVSDhPT46jKuJC7kixg==\n"},
      {"other origin", "other.example/ledger\n3\nQr6wVSDhPT46jKuJC7kixkGSy8Ag37hzsqIfTEwlFU8=\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    Bytes tagged(signer.key().hash().begin(), signer.key().hash().end());
    const auto signature = *signer.sign(bytes_of(row.text));
    tagged.insert(tagged.end(), signature.begin(), signature.end());
    CHECK_FALSE(open_checkpoint(row.text + "\n\xE2\x80\x94 sluice.example/ledger " + base64(tagged) + "\n", key()));
  }
}

TEST_CASE("C2: a witness's signature is passed over, a second one of ours is not") {
  const std::string note(example::kNote);
  const auto ours = note.substr(note.rfind("\xE2\x80\x94"));
  CHECK(open_checkpoint(note + "\xE2\x80\x94 witness.example AAAAAAAAAAAAAAAA\n", key()));
  CHECK_FALSE(open_checkpoint(note + ours, key()));
  CHECK_FALSE(open_checkpoint(note.substr(0, note.rfind("\xE2\x80\x94")) + "\xE2\x80\x94 witness.example AAAAAAAAAAAAAAAA\n", key()));
}

TEST_CASE("C3: nothing is signed for a log that does not continue the last checkpoint") {
  const auto signer = example::signer();
  Log log, other;
  for (int i = 0; i < 5; ++i) {
    log.append(leaf_hash(bytes_of(std::to_string(i))));
    other.append(leaf_hash(bytes_of(i == 2 ? "changed" : std::to_string(i))));
  }
  const auto last = *sign_next_checkpoint(log, "", signer);
  log.append(leaf_hash(bytes_of("next")));
  other.append(leaf_hash(bytes_of("next")));
  CHECK(sign_next_checkpoint(log, last, signer));
  CHECK(sign_next_checkpoint(other, last, signer).error().code == "ledger-broken");
  CHECK(sign_next_checkpoint(Log{}, last, signer).error().code == "ledger-broken");
}
