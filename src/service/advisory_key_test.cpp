#include "service/advisory_key.h"

#include <doctest/doctest.h>

#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
namespace fs = std::filesystem;

namespace {
// A site whose database is a file, so that it can be opened again.
struct Disk {
  for_tests::Folder folder;
  fs::path data = folder.path / "site";
  SteppedClock clock;
  explicit Disk(bool demo = false) { for_tests::must(init_site({.data = data, .organisation_name = "CERT Example", .origin = "test.example/ledger", .demo = demo}, clock)); }
  fs::path file() const { return data / "keys" / "advisory.key"; }

  Result<std::string> fingerprint() const {
    TRY(const auto site, open_site(data, {}));
    TRY(auto db, store::Db::open(site.database));
    TRY(const auto key, advisory_key(db, site, clock.now()));
    return key->fingerprint();
  }
  std::string code() const {
    const auto found = fingerprint();
    return found ? "opened" : found.error().code;
  }
};
}  // namespace

TEST_CASE("A1: a site has one signing key for good") {
  const Disk disk;
  REQUIRE(disk.fingerprint());
  CHECK(*disk.fingerprint() == *disk.fingerprint());
  fs::rename(disk.file(), disk.data / "elsewhere");
  CHECK(disk.code() == "advisory-key");         // lost: no new one in its place
  CHECK_FALSE(fs::exists(disk.file()));
  fs::rename(disk.data / "elsewhere", disk.file());
  CHECK(disk.code() == "opened");
}

TEST_CASE("a site that has no signing key yet gets one when it is first served") {
  const Disk disk;
  const auto before = *disk.fingerprint();
  fs::remove(disk.file());
  {
    const auto site = for_tests::must(open_site(disk.data, {}));
    auto db = for_tests::must(store::Db::open(site.database));
    auto tx = for_tests::must(db.begin(store::Mode::Write));
    for_tests::must(tx.script("DELETE FROM setting"));
    for_tests::must(tx.commit());
  }
  const auto made = disk.fingerprint();
  REQUIRE(made);
  CHECK(*made != before);
  CHECK(*disk.fingerprint() == *made);
}

TEST_CASE("the key file opens with the root key alone, and only while it is its owner's") {
  const Disk disk, other;
  fs::permissions(disk.file(), fs::perms::others_read, fs::perm_options::add);
  CHECK(disk.code() == "key-file-exposed");
  fs::permissions(disk.file(), fs::perms::others_read, fs::perm_options::remove);
  fs::copy_file(disk.file(), other.file(), fs::copy_options::overwrite_existing);
  CHECK(other.code() == "wrong-root-key");
}

TEST_CASE("a demo's key is older than any date its clock is set to") {
  const Disk disk(true);
  const auto site = for_tests::must(open_site(disk.data, {}));
  auto db = for_tests::must(store::Db::open(site.database));
  const auto key = for_tests::must(advisory_key(db, site, disk.clock.now()));
  const auto long_ago = *parse_instant("2001-01-01T00:00:00Z");
  CHECK(verify(key->public_key(), "x", *key->sign("x", long_ago), long_ago));
}
