#include "ledger/receipt.h"

#include <doctest/doctest.h>

#include "ledger/acknowledgement.h"
#include "ledger/example_for_tests.h"

using namespace sluice;
using namespace sluice::ledger;

namespace {

const VerifyingKey& receipt_key() {
  static const auto key = *VerifyingKey::parse(example::kVkey);
  return key;
}

Receipt example_receipt() {
  const TickTree tree(example::kTick, example::key_of_word("example pad key"), {{example::kSlot, leaf_hash(bytes_of(example::kLeaf))}});
  return {.checkpoint = std::string(example::kNote), .entry = *read_entry(example::kEntry), .leaf = *leaf_from(*parse_json(example::kLeaf)), .log_size = 3,
          .log_path = {example::hash_from(example::kBefore)}, .salt = example::salt(), .tick = example::kTick, .slot = example::kSlot,
          .tick_time = *parse_instant("2021-11-24T07:54:00Z"), .tick_path = tree.path(example::kSlot)};
}

Acknowledgement example_acknowledgement() { return *acknowledge(example::site(), *leaf_from(*parse_json(example::kLeaf)), example::signer()); }

// No changed byte, cut or addition may pass: R1.
void check_every_byte(const std::string& file) {
  REQUIRE(verify_receipt(file, receipt_key()).empty());
  for (std::size_t i = 0; i < file.size(); ++i) {
    for (const char flip : {1, 2, 32}) {
      auto changed = file;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      const bool refused = !is_valid(verify_receipt(changed, receipt_key()));
      if (!refused) FAIL_CHECK("byte " << i << " changed by " << int(flip) << " is accepted");
    }
    if (is_valid(verify_receipt(file.substr(0, i), receipt_key()))) FAIL_CHECK("cut at " << i << " is accepted");
    for (const std::string more : {" ", "\n", "0"})
      if (is_valid(verify_receipt(file.substr(0, i) + more + file.substr(i), receipt_key()))) FAIL_CHECK("an addition at " << i << " is accepted");
  }
}

}  // namespace

TEST_CASE("the example's receipt is sound, of one line, and has its exact fields") {
  const auto file = example_receipt().file();
  CHECK(verify_receipt(file, receipt_key()).empty());
  CHECK(file.find('\n') == file.size() - 1);
  CHECK(file.starts_with(R"({"checkpoint":"sluice.example/ledger\n3\nQr6wVSDhPT46jKuJC7kixkGSy8Ag37hzsqIfTEwlFU8=\n\n)"));
  CHECK(file.find(R"("kind":"receipt","leaf":{"commit":"7f231074)") != std::string::npos);
  CHECK(file.find(R"("log":{"index":2,"path":["fd3834189868fe8f90219c14c873f9d7194c02ccbadf194c13f00da9261afe87"],"size":3},"salt":"e0fcab98)") != std::string::npos);
  CHECK(file.find(R"("slot":19702,"t":"2021-11-24T07:54:00Z"},"v":1})") != std::string::npos);
}

TEST_CASE("R1: a receipt with any byte changed, cut or added is refused") { check_every_byte(example_receipt().file()); }
TEST_CASE("R1: an acknowledgement with any byte changed, cut or added is refused") { check_every_byte(example_acknowledgement().file()); }

TEST_CASE("R1: a receipt that is well written but proves something else is refused") {
  const auto with = [](auto change) {
    auto receipt = example_receipt();
    change(receipt);
    return is_valid(verify_receipt(receipt.file(), receipt_key()));
  };
  CHECK(with([](Receipt&) {}));
  CHECK_FALSE(with([](Receipt& r) { r.entry.action = "report.withdraw"; }));
  CHECK_FALSE(with([](Receipt& r) { r.salt[0] ^= 1; }));
  CHECK_FALSE(with([](Receipt& r) { r.leaf.seal[0] ^= 1; }));
  CHECK_FALSE(with([](Receipt& r) { r.slot ^= 1; }));
  CHECK_FALSE(with([](Receipt& r) { r.tick = 1; }));
  CHECK_FALSE(with([](Receipt& r) { r.tick_time.micros += 1; }));
  CHECK_FALSE(with([](Receipt& r) { r.tick_path.pop_back(); }));
  CHECK_FALSE(with([](Receipt& r) { r.log_size = 4; }));
  CHECK_FALSE(with([](Receipt& r) { r.log_path.clear(); }));
  CHECK_FALSE(with([](Receipt& r) { r.checkpoint += "\xE2\x80\x94 witness.example AAAAAAAAAAAAAAAA\n"; }));
  CHECK_FALSE(with([](Receipt& r) { r.checkpoint = *sign_checkpoint({std::string(example::kOrigin), 3, {}}, example::signer()); }));
}

TEST_CASE("R1: a leaf of another entry or time is refused, even if the site signed it") {
  const auto signed_with = [](auto change) {
    auto receipt = example_receipt();
    change(receipt.leaf);
    const TickLeaf tick{root_from_path(receipt.leaf.hash(), receipt.slot, receipt.tick_path), receipt.tick_time, receipt.tick};
    const auto root = node_hash(receipt.log_path[0], tick.hash());
    receipt.checkpoint = *sign_checkpoint({std::string(example::kOrigin), 3, root}, example::signer());
    return verify_receipt(receipt.file(), receipt_key()).size();
  };
  CHECK(signed_with([](Leaf&) {}) == 0);
  CHECK(signed_with([](Leaf& leaf) { leaf.id.bytes[0] ^= 1; }) == 1);
  CHECK(signed_with([](Leaf& leaf) { leaf.t.micros += 1; }) == 1);
  CHECK(signed_with([](Leaf& leaf) { leaf.commit[0] ^= 1; }) == 1);
}

TEST_CASE("another site's key accepts neither") {
  const auto other = *LocalSigner::make(example::kOrigin, example::key_of_word("another key"));
  CHECK_FALSE(is_valid(verify_receipt(example_receipt().file(), other.key())));
  CHECK_FALSE(is_valid(verify_receipt(example_acknowledgement().file(), other.key())));
}

TEST_CASE("files that are neither are refused in words") {
  for (const std::string file : {"", "\n", "{}\n", "[]\n", "null\n", R"({"kind":"receipt"})" "\n", R"({"kind":"other","v":1})" "\n", "\xff\n"}) {
    const auto findings = verify_receipt(file, receipt_key());
    CAPTURE(file);
    CHECK_FALSE(is_valid(findings));
    CHECK_FALSE(findings.front().message.empty());
  }
}

TEST_CASE("a receipt made of a log is sound, and leaves witnesses out") {
  const LedgerKeys keys{example::key_of_word("slots"), example::key_of_word("padding"), example::key_of_word("head")};
  const auto leaf = *leaf_from(*parse_json(example::kLeaf));
  const TickEntry entry{.position = 1, .id = leaf.id, .stream_seq = 1, .leaf = leaf.hash()};
  Log log;
  for (std::uint64_t tick = 0; tick < 5; ++tick) {
    const auto tree = TickTree::build(tick, tick == 3 ? std::span(&entry, 1) : std::span<const TickEntry>(), keys);
    log.append(TickLeaf{tree.root(), Instant{}, tick}.hash());
  }
  const auto tree = TickTree::build(3, std::span(&entry, 1), keys);
  const auto note = *sign_next_checkpoint(log, "", example::signer()) + "\xE2\x80\x94 witness.example AAAAAAAAAAAAAAAA\n";
  const auto receipt = make_receipt(*read_entry(example::kEntry), example::salt(), leaf, {tree, 3, tree.slots()[0], Instant{}}, log, note, receipt_key());
  REQUIRE(receipt);
  CHECK(verify_receipt(receipt->file(), receipt_key()).empty());
  CHECK(receipt->checkpoint.find("witness") == std::string::npos);
  CHECK_FALSE(make_receipt(*read_entry(example::kEntry), Salt{}, leaf, {tree, 3, tree.slots()[0], Instant{}}, log, note, receipt_key()));     // would not hold
  CHECK(make_receipt(*read_entry(example::kEntry), example::salt(), leaf, {tree, 5, 0, Instant{}}, log, note, receipt_key()).error().kind == ErrorKind::NotFound);
}

TEST_CASE("the example's acknowledgement has its exact signature") {
  CHECK(base64(example_acknowledgement().sig) == "dj7Iquy3Pefi5C3IfEawyyMaEW6Ks7rnXJGBE+TijCPBE8tmqKu5x0qSRgsJlGGnwMCum5v0jsSBeQPJUv2NDw==");
}
