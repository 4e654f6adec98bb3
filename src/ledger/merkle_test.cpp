#include "ledger/merkle.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace sluice;
using namespace sluice::ledger;

namespace {
Log log_of(std::uint64_t size) {
  Log log;
  for (std::uint64_t i = 0; i < size; ++i) log.append(leaf_hash(bytes_of("leaf " + std::to_string(i))));
  return log;
}
Hash leaf(std::uint64_t i) { return leaf_hash(bytes_of("leaf " + std::to_string(i))); }
}  // namespace

TEST_CASE("roots are those of the well-known RFC 6962 test tree") {
  const char* leaves[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  Log log;
  CHECK(hex(log.root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const std::string_view text : leaves) log.append(leaf_hash(text.empty() ? Bytes{} : *from_hex(text)));
  CHECK(hex(log.root(1)) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  CHECK(hex(log.root(2)) == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  CHECK(hex(log.root(3)) == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
  CHECK(hex(log.root(8)) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST_CASE("M1, M2: up to 64 leaves every inclusion proof holds for its own leaf and place alone") {
  const Log log = log_of(64);
  for (std::uint64_t size = 1; size <= 64; ++size) {
    const Hash root = log.root(size);
    REQUIRE(root == log_of(size).root());
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = log.inclusion(index, size);
      REQUIRE(verify_inclusion(leaf(index), index, size, path, root));
      REQUIRE_FALSE(verify_inclusion(leaf(index + 1), index, size, path, root));
      REQUIRE_FALSE(verify_inclusion(leaf(index), index + 1, size, path, root));
      REQUIRE_FALSE(verify_inclusion(leaf(index), index, size, path, leaf(0) == root ? leaf(1) : leaf(0)));
      auto longer = path;
      longer.push_back(root);
      REQUIRE_FALSE(verify_inclusion(leaf(index), index, size, longer, root));
      if (!path.empty()) REQUIRE_FALSE(verify_inclusion(leaf(index), index, size, {path.begin(), path.end() - 1}, root));
    }
  }
}

TEST_CASE("M2: up to 64 leaves every consistency proof holds for its own two roots alone") {
  const Log log = log_of(64);
  for (std::uint64_t now = 1; now <= 64; ++now) {
    for (std::uint64_t old = 1; old <= now; ++old) {
      const auto path = log.consistency(old, now);
      REQUIRE(verify_consistency(old, log.root(old), now, log.root(now), path));
      REQUIRE_FALSE(verify_consistency(old, leaf(99), now, log.root(now), path));
      REQUIRE_FALSE(verify_consistency(old, log.root(old), now, leaf(99), path));
      for (std::size_t i = 0; i < path.size(); ++i) {
        auto changed = path;
        changed[i][0] ^= 1;
        REQUIRE_FALSE(verify_consistency(old, log.root(old), now, log.root(now), changed));
      }
      if (!path.empty()) REQUIRE_FALSE(verify_consistency(old, log.root(old), now, log.root(now), {path.begin(), path.end() - 1}));
    }
  }
}

TEST_CASE("a log that was changed in its past is not consistent with what was signed") {
  CHECK(rc::check([] {
    const auto now = *rc::gen::inRange<std::uint64_t>(2, 200);
    const auto old = *rc::gen::inRange<std::uint64_t>(1, now);
    const auto changed = *rc::gen::inRange<std::uint64_t>(0, old);
    Log other;
    for (std::uint64_t i = 0; i < now; ++i) other.append(i == changed ? leaf(1000) : leaf(i));
    RC_ASSERT_FALSE(verify_consistency(old, log_of(old).root(), now, other.root(), other.consistency(old, now)));
  }));
}
