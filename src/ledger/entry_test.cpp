#include "ledger/entry.h"

#include <doctest/doctest.h>

#include "ledger/example_for_tests.h"

using namespace sluice;
using namespace sluice::ledger;

TEST_CASE("N1: the example entry reads back to its own 660 bytes") {
  CHECK(example::kEntry.size() == 660);
  const auto entry = read_entry(example::kEntry);
  REQUIRE(entry);
  CHECK(entry->bytes() == example::kEntry);
  CHECK(entry->action == "report.submit");
  CHECK_FALSE(entry->actor);
  CHECK(to_text(entry->recorded) == "2021-11-24T07:53:12Z");
}

TEST_CASE("N1: an entry in any other spelling is refused") {
  const std::string text(example::kEntry);
  const auto with = [&text](std::string_view from, std::string_view to) {
    auto out = text;
    out.replace(out.find(from), from.size(), to);
    return out;
  };
  const struct { std::string name; std::string text; } rows[] = {
      {"space", text + " "},
      {"order", with(R"("outcome":"done","reason":"d_0f2hbs4w3k9j2m8r6tx1n5c70d")", R"("reason":"d_0f2hbs4w3k9j2m8r6tx1n5c70d","outcome":"done")")},
      {"missing null", with(R"("org":null,)", "")},
      {"time with a fraction of zero", with("07:53:12Z", "07:53:12.0Z")},
      {"another zone", with("07:53:12Z", "07:53:12+00:00")},
      {"unknown field", with(R"(hbs40d","v":1})", R"(hbs40d","v":1,"x":0})")},
      {"unknown version", with(R"(hbs40d","v":1})", R"(hbs40d","v":2})")},
      {"number for text", with(R"("outcome":"done")", R"("outcome":1)")},
      {"escaped", with("report.submit", "report\\u002esubmit")},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK_FALSE(read_entry(row.text));
  }
}

TEST_CASE("N2: the example's leaf has its exact bytes and hash") {
  Leaf leaf{.commit = commit_of(example::salt(), example::kEntry),
            .id = *EntryId::parse(example::kEntryId),
            .seal = example::hash_from("25187dade34ebdf09098e5ab55b03a202a3ea7c04cc679dd618cc93b4ec89e9f"),
            .t = *parse_instant("2021-11-24T07:53:12Z")};
  CHECK(leaf.bytes() == example::kLeaf);
  CHECK(hex(leaf.hash()) == "44c55b8ba3d7bf9ef194519f837ca2d9df56530ed1a110f872c2c024984d3ddc");
  CHECK(leaf_from(*parse_json(example::kLeaf)) == leaf);
}
