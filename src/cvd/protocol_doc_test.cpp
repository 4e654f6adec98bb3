#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cvd/diagrams.h"

using namespace sluice::cvd;

// SLUICE_UPDATE_DOCS=1 cvd_test -tc="docs/protocol.md*"  writes the page anew.
TEST_CASE("docs/protocol.md shows the machines as they are") {
  const std::string path = SLUICE_SOURCE_DIR "/docs/protocol.md";
  std::ifstream file(path);
  REQUIRE(file);
  std::stringstream read;
  read << file.rdbuf();
  const auto page = read.str();
  for (const auto& block : protocol_blocks()) {
    CAPTURE(block.name);
    CHECK(page.find("<!-- generated: " + block.name + " -->") != std::string::npos);
    CHECK(page.find("<!-- end of " + block.name + " -->") != std::string::npos);
  }
  const auto wanted = with_blocks(page, protocol_blocks());
  if (std::getenv("SLUICE_UPDATE_DOCS") != nullptr) std::ofstream(path) << wanted;
  else CHECK_MESSAGE(page == wanted, "docs/protocol.md differs from the tables; SLUICE_UPDATE_DOCS=1 writes it anew");
}

TEST_CASE("a diagram has one arrow a step, beside its beginning and its end") {
  const auto arrows = [](const std::string& text) {
    int n = 0;
    for (auto at = text.find(" --> "); at != std::string::npos; at = text.find(" --> ", at + 1)) ++n;
    return n;
  };
  CHECK(arrows(report_diagram()) == 11 + 2);
  CHECK(arrows(embargo_diagram()) == 10 + 2);
  CHECK(arrows(consent_diagram()) == 15 + 1);  // nothing ends it
  CHECK(arrows(fix_path_diagram()) == 3 + 1);
  CHECK(arrows(public_facts_diagram()) == 3 + 2 + 1 + 2 + 1 + 1 + 1 + 1);  // from pxa, Pxa, pXa, pxA, PXa, PxA, pXA; and the beginning
}

TEST_CASE("a page without a block's markers is left alone") {
  CHECK(with_blocks("text", {{"x", "new"}}) == "text");
  CHECK(with_blocks("<!-- generated: x -->\nold\n<!-- end of x -->", {{"x", "new\n"}}) == "<!-- generated: x -->\nnew\n<!-- end of x -->");
}
