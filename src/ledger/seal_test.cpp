#include "ledger/seal.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "ledger/example_for_tests.h"

using namespace sluice;
using namespace sluice::ledger;

namespace {
const SecretKey& seal_key() {
  static const auto key = example::key_of_word("example key");
  return key;
}
Bytes example_record() {
  example::WordRandom nonce("example nonce");
  return seal_entry(seal_key(), example::key_name(), entry_place(example::site(), example::kEntryId), example::salt(), example::kEntry, nonce);
}
}  // namespace

TEST_CASE("the example's sealed record has its exact bytes") {
  const Bytes record = example_record();
  CHECK(record.size() == 833);
  CHECK(hex(ByteView(record).first(25)) == "534c523101c1a79de27eb63aba2b48b062b8c66e6100000001");
  CHECK(hex(ByteView(record).subspan(25, 24)) == hex(ByteView(example::hash_of("example nonce")).first(24)));
  CHECK(hex(ByteView(record).subspan(49, 8)) == "111e5901bafc1bad");
  CHECK(hex(ByteView(record).last(16)) == "0908915a1911fb8315ccb3919228fdf2");
  CHECK(hex(sha256(record)) == "25187dade34ebdf09098e5ab55b03a202a3ea7c04cc679dd618cc93b4ec89e9f");
}

TEST_CASE("a sealed entry opens to its salt and its text") {
  const Bytes record = example_record();
  CHECK(key_of(record) == example::key_name());
  const auto opened = open_entry(seal_key(), entry_place(example::site(), example::kEntryId), record);
  REQUIRE(opened);
  CHECK(opened->reveal().salt == example::salt());
  CHECK(opened->reveal().entry == example::kEntry);
}

TEST_CASE("E1: a record moved to another site, table, row or column does not open") {
  const auto at = [](std::string_view table, std::string_view row, std::string_view column) { return Place{example::site(), table, row, column}; };
  const Bytes record = seal(seal_key(), example::key_name(), at("case_row", "c_1", "card"), bytes_of("secret"), system_random());
  CHECK(open(seal_key(), at("case_row", "c_1", "card"), record));
  CHECK_FALSE(open(seal_key(), {SiteId::random(), "case_row", "c_1", "card"}, record));
  CHECK_FALSE(open(seal_key(), at("case_head", "c_1", "card"), record));
  CHECK_FALSE(open(seal_key(), at("case_row", "c_2", "card"), record));
  CHECK_FALSE(open(seal_key(), at("case_row", "c_1", "title"), record));
  CHECK_FALSE(open(seal_key(), at("case_row", "c_", "1card"), record));  // each part stands after its length
  CHECK_FALSE(open(example::key_of_word("another key"), at("case_row", "c_1", "card"), record));
}

TEST_CASE("E1: a record with any one byte changed, or cut anywhere, does not open") {
  const Place place{example::site(), "t", "r", "c"};
  const Bytes record = seal(seal_key(), example::key_name(), place, bytes_of("secret"), system_random());
  for (std::size_t i = 0; i < record.size(); ++i) {
    Bytes changed = record;
    changed[i] ^= 1;
    CHECK_FALSE(open(seal_key(), place, changed));
    CHECK_FALSE(open(seal_key(), place, ByteView(record).first(i)));
  }
}

TEST_CASE("E2: a record's length tells a size class only") {
  const struct { std::size_t size, padded; } rows[] = {{0, 256}, {1, 256}, {256, 256}, {257, 512}, {4095, 4096}, {4096, 4096}, {4097, 8192}, {8192, 8192}, {8193, 16384}};
  for (const auto& row : rows) {
    CAPTURE(row.size);
    CHECK(padded(row.size) == row.padded);
  }
}

TEST_CASE("what was sealed opens to the same bytes, whatever they are") {
  CHECK(rc::check([](const Bytes& content) {
    const Place place{example::site(), "t", "r", "c"};
    const Bytes record = seal(seal_key(), example::key_name(), place, content, system_random());
    RC_ASSERT(record.size() == 49 + padded(content.size() + 4) + 16);
    RC_ASSERT(open(seal_key(), place, record)->reveal() == content);
  }));
}

TEST_CASE("HKDF gives what another implementation gives") {  // openssl kdf -kdfopt hexkey:… -kdfopt info:label HKDF
  CHECK(hex(example::key_of_word("example key").derived("label").view()) == "fa6b7f257324ca6ad9c6f6b05edfbbd4025bd75106605d2436aca03d90125b18");
}
