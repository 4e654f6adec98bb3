#include "regimes/lint.h"

#include <doctest/doctest.h>

#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

TEST_CASE("the packs that are built in are in order") {
  const auto packs = built_in_library();
  REQUIRE(packs);
  for (const auto& one : lint(*packs, {})) FAIL((one.where + ": " + one.message));
}

TEST_CASE("what a pack claims without ground is found") {
  struct Row { const char* head; const char* rule; const char* finds; };
  for (const auto& [head, rule, finds] : {Row{"dates: {from: 2026-02-01, until: 2026-01-01}", "mark: [S1]", "dates"}, {"successor: zz-none", "mark: [S1]", "unknown-pack"}, {"sources: [S99]", "mark: [S1]", "unknown-source"},
                                          {"status: t", "mark: [GEN], verified: true", "mark"}, {"status: t", "mark: [S1], dates: {from: 2026-02-01, until: 2026-01-01}", "dates"}}) {
    CAPTURE(finds);
    auto packs = *built_in_library();
    packs.packs.clear();
    const bool has_status = std::string_view(head).starts_with("status");
    packs.add("id: xx\nedition: \"1\"\ntitle: T\njurisdiction: CN\nforce: law\n" + std::string(has_status ? "" : "status: s\n") + head + "\nrules:\n  - {id: a, cite: c, says: s, modality: definition, " + rule + "}\n", "xx.yaml");
    REQUIRE(packs.packs.size() == 1);
    const auto found = lint(packs, {});
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == finds);
    CHECK(found[0].severity == Severity::Error);
  }
  auto packs = *built_in_library();
  packs.packs.clear();
  packs.add("id: xx\nedition: \"1\"\ntitle: T\njurisdiction: CN\nforce: policy\nowner: king\nstatus: s\nrules:\n  - {id: a, cite: c, says: s, modality: definition, mark: [S1]}\n", "yy.yaml");
  const auto found = lint(packs, {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].rule == "file-name");
  CHECK(found[1].rule == "unknown-flag");
}
