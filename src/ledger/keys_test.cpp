#include "ledger/keys.h"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "ledger/example_for_tests.h"

using namespace sluice;
using namespace sluice::ledger;
namespace fs = std::filesystem;

namespace {

// A folder of its own for each test, gone afterwards.
struct Folder {
  fs::path path;
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "sluice-keys-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path); }
  fs::path keys() const { return path / "keys"; }
  fs::path root() const { return path / "root.key"; }
  Result<KeyRing> create() const { return KeyRing::create(keys(), root(), example::site(), example::kOrigin, system_random()); }
  Result<KeyRing> open() const { return KeyRing::open(keys(), root(), example::site(), example::kOrigin); }
};

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string key_text(const Result<SecretKey>& key) { return key ? hex(key->view()) : key.error().code; }

}  // namespace

TEST_CASE("a key ring that was created opens again with the same keys") {
  const Folder folder;
  const auto made = folder.create();
  REQUIRE(made);
  const auto wrapped = *made->new_key(system_random());
  const auto opened = folder.open();
  REQUIRE(opened);
  CHECK(opened->vkey() == made->vkey());
  CHECK(opened->tag("case", bytes_of("x")) == made->tag("case", bytes_of("x")));
  CHECK(hex(opened->derived("cursor").view()) == hex(made->derived("cursor").view()));
  CHECK(key_text(opened->unwrap(wrapped)) == key_text(made->unwrap(wrapped)));
  CHECK(opened->epoch() == 1);
  CHECK(VerifyingKey::parse(opened->vkey())->verifies(bytes_of("x"), *opened->sign(bytes_of("x"))));
}

TEST_CASE("K1: key files are the owner's alone, and an exposed one is refused") {
  const Folder folder;
  REQUIRE(folder.create());
  for (const auto& path : {folder.root(), folder.keys() / "epoch-1.key", folder.keys() / "site.key", folder.keys() / "ledger.key"}) {
    CAPTURE(path.string());
    CHECK((fs::status(path).permissions() & fs::perms::all) == (fs::perms::owner_read | fs::perms::owner_write));
    for (const auto exposed : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
      fs::permissions(path, exposed, fs::perm_options::add);
      CHECK(folder.open().error().code == "key-file-exposed");
      fs::permissions(path, exposed, fs::perm_options::remove);
    }
  }
  CHECK(folder.open());
  CHECK(std::distance(fs::directory_iterator(folder.keys()), {}) == 3);  // nothing temporary stays
}

TEST_CASE("a wrong root key, site, origin or a changed file is refused in words") {
  const Folder folder, other;
  REQUIRE(folder.create());
  REQUIRE(other.create());
  CHECK(KeyRing::open(folder.keys(), other.root(), example::site(), example::kOrigin).error().code == "wrong-root-key");
  CHECK(KeyRing::open(folder.keys(), folder.root(), SiteId::random(), example::kOrigin).error().code == "key-file-broken");
  CHECK(KeyRing::open(folder.keys(), folder.root(), example::site(), "other.example/ledger").error().code == "key-file-broken");
  CHECK(KeyRing::open(folder.keys(), folder.path / "none", example::site(), example::kOrigin).error().kind == ErrorKind::NotFound);
  CHECK(folder.create().error().kind == ErrorKind::Conflict);
  CHECK_FALSE(KeyRing::create(folder.path / "new", folder.root(), example::site(), "a b", system_random()));

  fs::copy_file(folder.keys() / "site.key", folder.keys() / "epoch-1.key", fs::copy_options::overwrite_existing);
  CHECK(folder.open().error().code == "key-file-broken");  // one file can't stand in for another
}

TEST_CASE("a secret of another room lies sealed in a file of its own") {
  const Folder folder, other;
  auto ring = *folder.create();
  REQUIRE(other.create());
  CHECK(ring.kept("advisory").error().kind == ErrorKind::NotFound);
  REQUIRE(ring.keep("advisory", bytes_of("a signing key"), system_random()));
  CHECK(ring.keep("advisory", bytes_of("another"), system_random()).error().kind == ErrorKind::Conflict);
  CHECK(text_of(folder.open()->kept("advisory")->reveal()) == "a signing key");
  CHECK(content_of(folder.keys() / "advisory.key").find("a signing key") == std::string::npos);

  fs::permissions(folder.keys() / "advisory.key", fs::perms::group_read, fs::perm_options::add);
  CHECK(ring.kept("advisory").error().code == "key-file-exposed");  // K1
  fs::permissions(folder.keys() / "advisory.key", fs::perms::group_read, fs::perm_options::remove);
  fs::copy_file(folder.keys() / "advisory.key", other.keys() / "advisory.key");
  CHECK(other.open()->kept("advisory").error().code == "wrong-root-key");  // a copy is worth nothing without the root key
  fs::copy_file(folder.keys() / "site.key", folder.keys() / "advisory.key", fs::copy_options::overwrite_existing);
  CHECK(ring.kept("advisory").error().code == "key-file-broken");
}

TEST_CASE("a second create after a half-done one makes a whole key ring") {
  const Folder folder;
  REQUIRE(folder.create());
  fs::remove(folder.keys() / "site.key");
  REQUIRE(folder.create());
  CHECK(folder.open());
}

TEST_CASE("no key stands in clear in the key folder") {
  const Folder folder;
  const auto ring = folder.create();
  REQUIRE(ring);
  const auto root = content_of(folder.root());
  CHECK(root.size() == 32);
  for (const auto& file : fs::directory_iterator(folder.keys())) {
    const auto bytes = content_of(file.path());
    CHECK(bytes.size() == 321);
    CHECK(bytes.find(root) == std::string::npos);
  }
}

TEST_CASE("tags and sub-keys differ by kind, id and purpose") {
  const Folder folder;
  const auto ring = *folder.create();
  std::set<std::string> seen;
  for (const auto& [kind, id] : {std::pair("case", "x"), {"case", "y"}, {"org", "x"}, {"cas", "ex"}}) seen.insert(hex(ring.tag(kind, bytes_of(id))));
  for (const auto* purpose : {"pad", "slot", "head", "cursor", "session", "site"}) seen.insert(hex(ring.derived(purpose).view()));
  CHECK(seen.size() == 10);
  CHECK(hex(ring.ledger_keys().padding.view()) == hex(ring.derived("pad").view()));
}

TEST_CASE("a wrapped key opens under its own name alone") {
  const Folder folder;
  const auto ring = *folder.create();
  const auto first = *ring.new_key(system_random()), second = *ring.new_key(system_random());
  const auto next = *ring.next_version(first, system_random());
  CHECK(next.name.id == first.name.id);
  CHECK(next.name.version == 2);
  CHECK(key_text(ring.unwrap(next)) != key_text(ring.unwrap(first)));
  auto mixed = first;
  mixed.wrapped = second.wrapped;
  CHECK_FALSE(ring.unwrap(mixed));
  mixed.wrapped = next.wrapped;
  CHECK_FALSE(ring.unwrap(mixed));
}

TEST_CASE("K2: what was not rewrapped is gone with its epoch, and what was stays") {
  const Folder folder;
  auto ring = *folder.create();
  const auto stays = *ring.new_key(system_random()), goes = *ring.new_key(system_random());
  const auto key_before = key_text(ring.unwrap(stays)), tag_before = hex(ring.tag("case", bytes_of("x")));
  const auto vkey = ring.vkey();

  CHECK(*ring.begin_epoch(system_random()) == 2);
  const auto rewrapped = *ring.rewrap(stays, system_random());
  CHECK(rewrapped.epoch == 2);
  CHECK(rewrapped.name == stays.name);
  CHECK(ring.rewrap(rewrapped, system_random())->wrapped == rewrapped.wrapped);  // again after a crash
  CHECK(ring.destroy_epoch(2).error().kind == ErrorKind::Conflict);
  REQUIRE(ring.destroy_epoch(1));
  CHECK(ring.destroy_epoch(1));  // again after a crash

  for (const auto& now : {std::move(ring), *folder.open()}) {
    CHECK(now.epochs() == std::vector<std::uint32_t>{2});
    CHECK(key_text(now.unwrap(rewrapped)) == key_before);
    CHECK(key_text(now.unwrap(goes)) == "erased");
    CHECK(hex(now.tag("case", bytes_of("x"))) == tag_before);  // K3
    CHECK(now.vkey() == vkey);
  }
  CHECK_FALSE(fs::exists(folder.keys() / "epoch-1.key"));
}

TEST_CASE("a crash while an epoch is destroyed leaves a key ring that opens, and a second try finishes") {
  const Folder folder;
  auto ring = *folder.create();
  REQUIRE(ring.begin_epoch(system_random()));
  fs::rename(folder.keys() / "epoch-1.key", folder.keys() / "epoch-1.key.gone");
  std::ofstream(folder.keys() / "epoch-1.key.gone") << "half overwritten";
  CHECK(folder.open());
  CHECK(ring.destroy_epoch(1));
  CHECK_FALSE(fs::exists(folder.keys() / "epoch-1.key.gone"));
}

TEST_CASE("K2: another node learns of a new and of a destroyed epoch when it refreshes") {
  const Folder folder;
  auto here = *folder.create(), there = *folder.open();
  const auto old = *there.new_key(system_random());
  REQUIRE(here.begin_epoch(system_random()));
  const auto fresh = *here.new_key(system_random());
  CHECK(key_text(there.unwrap(fresh)) == "unknown-epoch");
  CHECK(there.begin_epoch(system_random()).error().kind == ErrorKind::Conflict);  // never two epochs of one number
  REQUIRE(there.refresh());
  CHECK(key_text(there.unwrap(fresh)) == key_text(here.unwrap(fresh)));
  REQUIRE(here.destroy_epoch(1));
  REQUIRE(there.refresh());
  CHECK(key_text(there.unwrap(old)) == "erased");
}
