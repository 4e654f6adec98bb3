#include "regimes/comment.h"

#include <doctest/doctest.h>

#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

TEST_CASE("a comment on a draft suggests what had been proposed by the day it is asked about, and no more") {
  const auto library = built_in_library();
  REQUIRE(library);
  const auto all = suggestions(*library);
  for (const auto& one : all) CHECK_MESSAGE(one.proposed, one.id);
  struct Row { const char* draft; const char* as_of; bool has_first, has_second; };   // LET-1 of 18 December 2019, LET-2 of 18 July 2019
  static constexpr Row kRows[] = {
      {"cn-cac-2019d", "2019-12-17T23:59:59Z", false, false}, {"cn-cac-2019d", "2019-12-18T00:00Z", true, false}, {"cn-cac-2019d", "", true, false},
      {"cn-miit-2019d", "2019-07-17T12:00Z", false, false}, {"cn-miit-2019d", "2019-07-18T00:00Z", false, true}, {"cn-miit-2019d", "2019-12-18T00:00Z", true, true},
  };
  for (const auto& row : kRows) {
    CAPTURE(std::string(row.draft) + " as of " + row.as_of);
    Standpoint standpoint;
    if (*row.as_of != 0) standpoint.as_of = *parse_second(row.as_of);
    const auto found = measured(*library, {}, {row.draft}, {}, std::move(standpoint));
    REQUIRE(found);
    const auto text = comment(*found, all);
    CHECK((text.find("`; LET-1") != text.npos) == row.has_first);
    CHECK((text.find("`; LET-2") != text.npos) == row.has_second);
  }
}
