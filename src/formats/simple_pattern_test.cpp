#include "formats/simple_pattern.h"

#include <doctest/doctest.h>

using namespace sluice::formats;

namespace {
std::string shown_choices(std::string_view pattern) {
  const auto choices = choices_of(pattern);
  if (!choices) return "none";
  std::string out;
  for (const auto& choice : *choices) {
    out += out.empty() ? "" : " | ";
    for (std::size_t i = 0; i < choice.size(); ++i) out += (i == 0 ? "" : " & ") + choice[i].type + ":" + choice[i].path + "=" + choice[i].value + (choice[i].is_text ? "" : "#");
  }
  return out;
}
}  // namespace

TEST_CASE("what is a choice of values, and what is more than that") {
  for (const auto& [pattern, choices] : {std::pair{"[a:b = 'c']", "a:b=c"}, std::pair{"[a:b='it\\'s \\\\' AND a:c = 1]", "a:b=it's \\ & a:c=1#"}, std::pair{"[a:b = 'c'] OR [d:e == 'f']", "a:b=c | d:e=f"}, std::pair{"([a:b = 'c' OR a:b = 'd'])", "a:b=c | a:b=d"},
                                         std::pair{"[a:b IN ('c','d') AND a:x = true]", "a:b=c & a:x=true# | a:b=d & a:x=true#"}, std::pair{"[(a:b = 'c' OR a:b = 'd') AND a:'x-y'.z[*].w = t'2020-01-01T00:00:00Z']", "a:b=c & a:'x-y'.z[*].w=2020-01-01T00:00:00Z# | a:b=d & a:'x-y'.z[*].w=2020-01-01T00:00:00Z#"},
                                         std::pair{"[a:'hashes'.'MD5' = 'c' /* AND */ ] // x", "a:hashes.MD5=c"}, std::pair{"[a:b != 'c']", "none"}, std::pair{"[NOT a:b = 'c']", "none"}, std::pair{"[a:b NOT = 'c']", "none"}, std::pair{"[a:b LIKE 'c']", "none"},
                                         std::pair{"[a:b = 'c'] AND [a:b = 'd']", "none"}, std::pair{"[a:b = 'c'] REPEATS 2 TIMES", "none"}, std::pair{"[a:b = 'c'", "none"}, std::pair{"", "none"}, std::pair{"[]", "none"}, std::pair{"[a:b = 'c]", "none"},
                                         std::pair{"[a:b IN ()]", "none"}, std::pair{"[a:b = c]", "none"}, std::pair{"[EXISTS a:b]", "none"}})
    CHECK(shown_choices(pattern) == choices);
}

TEST_CASE("too many choices are none, and deep nesting ends") {
  std::string both = "[";
  for (int i = 0; i < 12; ++i) both += std::string(i == 0 ? "" : " AND ") + "(a:b = 'c' OR a:b = 'd')";
  CHECK_FALSE(choices_of(both + "]"));
  CHECK_FALSE(choices_of(std::string(100'000, '(')));
  CHECK_FALSE(choices_of("[" + std::string(100'000, '(')));
}

TEST_CASE("literals and steps are written so that they read the same") {
  CHECK(pattern_text("it's \\") == "'it\\'s \\\\'");
  CHECK(pattern_step("SHA-256") == "'SHA-256'");
  CHECK(pattern_step("name") == "name");
  CHECK(pattern_step("0x") == "'0x'");
}
