#include "web/form.h"

#include <doctest/doctest.h>

using sluice::web::read_form;

TEST_CASE("a form's fields are decoded, and the last of a name counts") {
  const auto form = read_form("a=1&b=x+y%20z&a=%C3%A9&c&=empty&d=100%&e=%zz&f=1%0D%0A2");
  REQUIRE(form);
  CHECK(form->at("a") == "\xC3\xA9");
  CHECK(form->at("b") == "x y z");
  CHECK(form->at("c").empty());
  CHECK(form->at("") == "empty");
  CHECK(form->at("d") == "100%");
  CHECK(form->at("e") == "%zz");
  CHECK(form->at("f") == "1\n2");
}

TEST_CASE("what is no text is refused: in an entry it would make a whole case unreadable") {
  for (const auto* body : {"text=%FF", "text=%C3", "text=%ED%A0%80", "text=a%00b", "%FE=1", "text=\xFF"}) {
    CAPTURE(body);
    const auto form = read_form(body);
    REQUIRE_FALSE(form);
    CHECK(form.error().kind == sluice::ErrorKind::Malformed);
  }
}
