#include "store/documents.h"

#include <filesystem>

#include "store/db_test.h"
#include "store/migrate.h"

using namespace sluice;
using namespace sluice::store;

namespace {

const Companions kBeside{"-----BEGIN PGP SIGNATURE-----", "00  ex-1.json\n", "ff  ex-1.json\n"};

// Keys in a folder of its own, gone afterwards.
struct Keys {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("sluice-documents-" + SiteId::random().text());
  SiteId site = SiteId::random();
  ledger::KeyRing ring = ledger::KeyRing::create(folder / "keys", folder / "root.key", site, "test.example/ledger", system_random()).value();
  Cells cells{ring, site};
  ~Keys() { std::filesystem::remove_all(folder); }
};

Document document(std::optional<Companions> beside, int version = 1) {
  const auto body = "{\"version\":" + std::to_string(version) + "}";
  return {.hash = sha256(bytes_of(body)),
          .case_id = CaseId::random(),
          .advisory = AdvisoryId::random(),
          .version = version,
          .kind = "csaf",
          .name = "ex-1.json",
          .body = body,
          .companions = std::move(beside)};
}

Result<void> publish(Tx& tx, const Cells& cells, const Document& one) {
  TRY(put_document(tx, cells, one));
  TRY(make_public(tx, cells, one));
  return put_publication(tx, {one.advisory, one.version, "EX-1", "Title", "Summary", {}, {}, "{}", "2031/ex-1.json"});
}

// Each test on each engine, on an empty database with the schema.
template <class Body>
void with_schema(Body&& body) {
  on_each_engine([&](const DatabaseUrl& url) {
    const Keys keys;
    auto db = Db::open(url).value();
    REQUIRE(migrate(db, all_migrations()));
    auto tx = db.begin(Mode::Write).value();
    body(tx, keys.cells);
  });
}

}  // namespace

TEST_CASE("a document and what stands beside it are sealed together, and become public together") {
  with_schema([](Tx& tx, const Cells& cells) {
    const auto one = document(kBeside);
    REQUIRE(put_document(tx, cells, one));
    CHECK(public_documents_of(tx, one.advisory, 1)->empty());
    auto kept = *documents_of(tx, cells, one.advisory, 1);
    REQUIRE(kept.size() == 1);
    REQUIRE(kept[0].companions);
    CHECK(kept[0].companions->signature == kBeside.signature);
    CHECK(kept[0].body == one.body);

    REQUIRE(make_public(tx, cells, kept[0]));
    const auto open = *public_documents_of(tx, one.advisory, 1);
    REQUIRE(open.size() == 1);
    REQUIRE(open[0].companions);
    CHECK(open[0].companions->sha256 == kBeside.sha256);
    CHECK(open[0].companions->sha512 == kBeside.sha512);
    CHECK(documents_of(tx, cells, one.advisory, 1)->at(0).companions->signature == kBeside.signature);
  });
}

TEST_CASE("a CSAF document is found by where it lies, the newest version first") {
  with_schema([](Tx& tx, const Cells& cells) {
    auto first = document(kBeside), second = document(kBeside, 2);
    second.advisory = first.advisory;
    REQUIRE(publish(tx, cells, first));
    CHECK((*public_csaf(tx, "2031/ex-1.json"))->body == first.body);
    REQUIRE(publish(tx, cells, second));
    CHECK((*public_csaf(tx, "2031/ex-1.json"))->body == second.body);
    CHECK_FALSE(*public_csaf(tx, "2030/ex-1.json"));
  });
}

TEST_CASE("one public CSAF document without a signature is enough to say so") {   // the site is then no trusted provider
  with_schema([](Tx& tx, const Cells& cells) {
    CHECK(*every_public_csaf_is_signed(tx));
    REQUIRE(publish(tx, cells, document(kBeside)));
    const auto unsigned_one = document(std::nullopt, 2);
    REQUIRE(put_document(tx, cells, unsigned_one));
    CHECK(*every_public_csaf_is_signed(tx));  // not public yet
    REQUIRE(make_public(tx, cells, unsigned_one));
    CHECK_FALSE(*every_public_csaf_is_signed(tx));
  });
}
