#include "ledger/verify.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "ledger/example_for_tests.h"

using namespace sluice;
using namespace sluice::ledger;

namespace {

const LedgerKeys& keys_kept() {
  static const LedgerKeys keys{example::key_of_word("slots"), example::key_of_word("padding"), example::key_of_word("head")};
  return keys;
}
const LocalSigner& signer() {
  static const auto signer = example::signer();
  return signer;
}

// A whole ledger in memory, written as the Writer does it; its parts are open so that a test can do harm to them.
struct MemoryLedger final : LedgerSource {
  std::vector<StoredEntry> rows;
  std::vector<TickLeaf> tick_rows;
  std::vector<StoredCheckpoint> notes;
  std::optional<Hash> head_row;
  std::vector<std::string> outside;
  Log log;

  Result<void> entries(const std::function<void(const StoredEntry&)>& take) const override {
    for (const auto& row : rows) take(row);
    return {};
  }
  Result<std::vector<TickLeaf>> ticks() const override { return tick_rows; }
  Result<std::vector<StoredCheckpoint>> checkpoints() const override { return notes; }
  Result<std::optional<Hash>> head() const override { return head_row; }
  std::vector<std::string> outside_checkpoints() const override { return outside; }

  void write(std::uint8_t stream) {
    const auto n = rows.size() + 1;
    const auto word = std::to_string(n);
    StoredEntry row{.position = n, .recorded = Instant{static_cast<std::int64_t>(n / 2)}, .commit = example::hash_of("commit " + word)};
    const Hash id = example::hash_of("id " + word);
    std::copy_n(id.begin(), 16, row.id.bytes.begin());
    row.stream[0] = stream;
    row.stream_seq = 1 + static_cast<std::uint64_t>(std::count_if(rows.begin(), rows.end(), [stream](const auto& other) { return other.stream[0] == stream; }));
    row.record = Bytes(id.begin(), id.end());
    row.seal = sha256(row.record);
    head_row = next_head(keys_kept().head, head_row.value_or(Hash{}), row.in_tick());
    rows.push_back(std::move(row));
  }

  void close_tick() {
    std::vector<TickEntry> waiting;
    std::vector<StoredEntry*> waiting_rows;
    for (auto& row : rows)
      if (!row.tick) waiting.push_back(row.in_tick()), waiting_rows.push_back(&row);
    const auto number = tick_rows.size();
    const auto tree = TickTree::build(number, waiting, keys_kept());
    for (std::size_t i = 0; i < tree.size(); ++i) waiting_rows[i]->tick = number, waiting_rows[i]->slot = tree.slots()[i];
    tick_rows.push_back({tree.root(), Instant{static_cast<std::int64_t>(number * 60'000'000)}, number});
    log.append(tick_rows.back().hash());
    notes.push_back({log.size(), *sign_next_checkpoint(log, notes.empty() ? "" : notes.back().note, signer())});
  }

  Findings verify() const { return verify_ledger(*this, signer().key(), keys_kept()); }
  bool is_sound() const { return verify().empty(); }
};

// Six ticks, two of them empty, thirteen entries in three streams, the last two in the running minute.
MemoryLedger example_ledger() {
  MemoryLedger ledger;
  for (const int count : {3, 0, 1, 5, 0, 2}) {
    for (int i = 0; i < count; ++i) ledger.write(static_cast<std::uint8_t>(ledger.rows.size() % 3));
    ledger.close_tick();
  }
  ledger.write(0);
  ledger.write(1);
  ledger.outside = {ledger.notes[2].note, ledger.notes.back().note};
  return ledger;
}

// Positions and numbers as a careful forger would set them right after removing or adding rows.
void renumber(MemoryLedger& ledger) {
  std::map<Tag, std::uint64_t> streams;
  for (std::size_t i = 0; i < ledger.rows.size(); ++i) {
    ledger.rows[i].position = i + 1;
    ledger.rows[i].stream_seq = ++streams[ledger.rows[i].stream];
  }
}

}  // namespace

TEST_CASE("a ledger as it was written is sound, from the first moment on") {
  CHECK(MemoryLedger{}.is_sound());
  CHECK(example_ledger().is_sound());
  MemoryLedger ledger;
  ledger.write(0);
  CHECK(ledger.is_sound());
  ledger.close_tick();
  CHECK(ledger.is_sound());
}

TEST_CASE("V1: a change of any column of any entry is found") {
  const std::pair<std::string, std::function<void(StoredEntry&)>> changes[] = {
      {"position", [](auto& e) { e.position += 1; }},
      {"id", [](auto& e) { e.id.bytes[3] ^= 1; }},
      {"stream", [](auto& e) { e.stream[0] ^= 1; }},
      {"a new stream", [](auto& e) { e.stream[5] = 9, e.stream_seq = 1; }},
      {"stream_seq", [](auto& e) { e.stream_seq += 1; }},
      {"tick", [](auto& e) { e.tick = e.tick ? *e.tick + 1 : 5; }},
      {"no tick", [](auto& e) { e.tick = e.tick ? std::nullopt : std::optional<std::uint64_t>(0); }},
      {"slot", [](auto& e) { e.tick ? void(e.slot ^= 1) : void(e.seal[0] ^= 1); }},
      {"recorded", [](auto& e) { e.recorded.micros += 1; }},
      {"commit", [](auto& e) { e.commit[31] ^= 1; }},
      {"seal", [](auto& e) { e.seal[0] ^= 1; }},
      {"record", [](auto& e) { e.record[0] ^= 1; }},
      {"record and seal", [](auto& e) { e.record[0] ^= 1, e.seal = sha256(e.record); }},
      {"record cut", [](auto& e) { e.record.pop_back(); }},
  };
  const auto whole = example_ledger();
  for (const auto& [name, change] : changes) {
    for (std::size_t i = 0; i < whole.rows.size(); ++i) {
      CAPTURE(name);
      CAPTURE(i);
      auto ledger = whole;
      change(ledger.rows[i]);
      CHECK_FALSE(ledger.is_sound());
    }
  }
}

TEST_CASE("V1: a removed, added, doubled or moved entry is found, also where the numbers were set right") {
  const auto whole = example_ledger();
  for (std::size_t i = 0; i < whole.rows.size(); ++i) {
    for (const bool careful : {false, true}) {
      CAPTURE(i);
      CAPTURE(careful);
      const auto harmed = [&](auto harm) {
        auto ledger = whole;
        harm(ledger);
        if (careful) renumber(ledger);
        return !ledger.is_sound();
      };
      const auto at = static_cast<std::ptrdiff_t>(i);
      CHECK(harmed([&](auto& l) { l.rows.erase(l.rows.begin() + at); }));
      CHECK(harmed([&](auto& l) { l.rows.insert(l.rows.begin() + at, l.rows[i]); }));
      CHECK(harmed([&](auto& l) {
        auto row = l.rows[i];
        row.id = EntryId::random();
        l.rows.insert(l.rows.begin() + at, row);
      }));
      for (std::size_t j = i + 1; j < whole.rows.size(); ++j) CHECK(harmed([&](auto& l) { std::swap(l.rows[i], l.rows[j]); }));
    }
  }
}

TEST_CASE("V1: a change of ticks or checkpoints is found") {
  const auto whole = example_ledger();
  for (std::size_t i = 0; i < whole.tick_rows.size(); ++i) {
    CAPTURE(i);
    const auto harmed = [&](auto harm) {
      auto ledger = whole;
      harm(ledger);
      return !ledger.is_sound();
    };
    const auto at = static_cast<std::ptrdiff_t>(i);
    CHECK(harmed([&](auto& l) { l.tick_rows[i].t.micros += 1; }));
    CHECK(harmed([&](auto& l) { l.tick_rows[i].root[0] ^= 1; }));
    CHECK(harmed([&](auto& l) { l.tick_rows[i].tick += 1; }));
    CHECK(harmed([&](auto& l) { l.tick_rows.erase(l.tick_rows.begin() + at); }));
    CHECK(harmed([&](auto& l) { l.notes.erase(l.notes.begin() + at); }));
    CHECK(harmed([&](auto& l) { l.notes[i].note[60] ^= 1; }));
    CHECK(harmed([&](auto& l) { l.notes[i].size += 1; }));
    CHECK(harmed([&](auto& l) { std::swap(l.notes[i].note, l.notes[(i + 1) % l.notes.size()].note); }));
  }
}

TEST_CASE("V1: an entry swapped for one of another ledger under the same number is found") {
  CHECK(rc::check([] {
    auto ledger = example_ledger();
    const auto i = *rc::gen::inRange<std::size_t>(0, ledger.rows.size());
    auto& row = ledger.rows[i];
    row.record = *rc::gen::nonEmpty<Bytes>();
    row.seal = sha256(row.record);
    if (*rc::gen::arbitrary<bool>()) row.commit = sha256(row.seal);
    if (*rc::gen::arbitrary<bool>()) row.id = EntryId::random();
    RC_ASSERT_FALSE(ledger.is_sound());
  }));
}

TEST_CASE("V2: a ledger cut or rolled back as a whole is found by a newer checkpoint from outside, and only by it") {
  const auto whole = example_ledger();
  MemoryLedger old;  // an honest earlier state of the same ledger, restored
  for (const int count : {3, 0, 1}) {
    for (int i = 0; i < count; ++i) old.write(static_cast<std::uint8_t>(old.rows.size() % 3));
    old.close_tick();
  }
  CHECK(old.is_sound());
  old.outside = {whole.notes[2].note};
  CHECK(old.is_sound());
  old.outside.push_back(whole.notes[3].note);
  const auto findings = old.verify();
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "ledger.outside");

  old.write(7);  // and goes on differently, with the site's own key
  old.close_tick();
  old.close_tick();
  CHECK_FALSE(old.is_sound());
}

TEST_CASE("an outside checkpoint that is not the site's is a finding") {
  auto ledger = example_ledger();
  ledger.outside = {"not a note"};
  CHECK_FALSE(ledger.is_sound());
  ledger.outside = {*sign_checkpoint({std::string(example::kOrigin), 1, {}}, *LocalSigner::make(example::kOrigin, example::key_of_word("another")))};
  CHECK_FALSE(ledger.is_sound());
}

TEST_CASE("V1: a ledger forged with another signing key is found") {
  const auto other = *LocalSigner::make(example::kOrigin, example::key_of_word("another"));
  CHECK_FALSE(verify_ledger(example_ledger(), other.key(), keys_kept()).empty());
}

TEST_CASE("a lost head is a finding") {
  auto ledger = example_ledger();
  ledger.head_row.reset();
  CHECK_FALSE(ledger.is_sound());
}
