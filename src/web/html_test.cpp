#include "web/html.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace sluice::web::markup {

namespace {

bool has_markup(std::string_view text) { return text.find_first_of("<>\"'") != std::string_view::npos; }

// What a browser makes of our escapes again.
std::string unescaped(std::string text) {
  for (const auto& [entity, character] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&#13;", "\r"}, {"&amp;", "&"}})
    for (std::size_t at = 0; (at = text.find(entity, at)) != std::string::npos; at += std::string_view(character).size()) text.replace(at, std::string_view(entity).size(), character);
  return text;
}

}  // namespace

TEST_CASE("E1: no bytes make markup, in text or in an attribute") {
  CHECK(rc::check("escaped text has no markup", [](const std::string& text) {
    RC_ASSERT(!has_markup(escaped(text)));
    RC_ASSERT(!has_markup(escaped(text, Marks::None)));
    const auto element = el("p", {cls(text), value(text)}, text).markup();
    RC_ASSERT(std::count(element.begin(), element.end(), '<') == 2);
    RC_ASSERT(std::count(element.begin(), element.end(), '"') == 4);
  }));
}

TEST_CASE("a form value comes back as it went in") {
  CHECK(rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::inRange(' ', '\x7f'));
    RC_ASSERT(unescaped(escaped(text, Marks::None)) == text);
  }));
  CHECK(form_text("a\u202Eb").markup() == "a\u202Eb");
}

TEST_CASE("a script in a title is text") {
  CHECK(el("h1", "<script>alert(1)</script>").markup() == "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>");
}

TEST_CASE("E2: what can't be seen is shown") {
  CHECK(escaped("invoice\u202Efdp.exe") == "invoice⟦U+202E⟧fdp.exe");
  CHECK(escaped("a\u200Bb\uFEFFc") == "a⟦U+200B⟧b⟦U+FEFF⟧c");
  CHECK(escaped("\u06CC\u200C", Marks::Prose) == "\u06CC\u200C");     // Persian needs it
  CHECK(escaped("\u06CC\u200C") == "\u06CC⟦U+200C⟧");                // a name doesn't
  CHECK(escaped(std::string_view("a\0b\x1b[2J", 7)) == "a\uFFFD" "b\uFFFD[2J");
  CHECK(escaped("\xC0\xAF\xFF") == "\uFFFD\uFFFD\uFFFD");           // no UTF-8
}

TEST_CASE("links lead to our own paths, or out by https and mailto alone") {
  CHECK(link(path("/cases") / "c_1/../x?y", "x").markup() == "<a href=\"/cases/c_1%2F..%2Fx%3Fy\">x</a>");
  CHECK((path("/cases") / "..").text() == "/cases/-");
  CHECK(outside_link("https://example.org/a?b=1&c", "x").markup() == "<a href=\"https://example.org/a?b=1&amp;c\" rel=\"noopener noreferrer\">x</a>");
  for (const auto* bad : {"javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "http://example.org", "//example.org", "https://", "https://a b", "https://a\nb", "\thttps://a", "vbscript:x", "https://a\\b", "https://a\u202Eb"})
    CHECK_MESSAGE(outside_link(bad, "x").markup() == "x", bad);
}

TEST_CASE("names that could run or style something don't build") {  // as the literals' constructors ask
  for (const auto* bad : {"script", "style", "iframe", "object", "embed", "base", "a b", "P", ""}) CHECK_FALSE(names::is_tag(bad));
  for (const auto* bad : {"onclick", "style", "href", "src", "action", "formaction", "srcdoc", "x y", "a=b"}) CHECK_FALSE(names::is_attribute(bad));
  CHECK(names::is_tag("h1"));
  CHECK(names::is_attribute("aria-label"));
}

TEST_CASE("prose keeps paragraphs, line ends and code, and nothing else") {
  CHECK(paragraphs("one\r\ntwo\n\n\nthree `x<y` `").markup() == "<p>one<br>two</p><p>three <code>x&lt;y</code> `</p>");
  CHECK(paragraphs(" \n\t\n").empty());
  CHECK(rc::check("no text makes other elements", [](const std::string& text) {
    auto out = paragraphs(text).markup();
    for (const auto* ours : {"<p>", "</p>", "<br>", "<code>", "</code>"})
      for (std::size_t at = 0; (at = out.find(ours, at)) != std::string::npos;) out.erase(at, std::string_view(ours).size());
    RC_ASSERT(!has_markup(out));
  }));
}

TEST_CASE("times name their zone, lengths are words") {
  const auto at = *parse_instant("2021-12-20T12:00:00Z");
  CHECK(time(at).markup() == "<time datetime=\"2021-12-20T12:00:00Z\">20 December 2021, 12:00 UTC</time>");
  CHECK(words_until(at, at - std::chrono::hours(13 * 24 + 4)) == "in 13 days 4 hours");
  CHECK(words_until(at, at + std::chrono::minutes(61)) == "1 hour 1 minute ago");
  CHECK(words_of_length(std::chrono::seconds(20)) == "less than a minute");
  CHECK(words_of_length(std::chrono::days(45)) == "45 days");
  CHECK(words_until(at, at) == "now");
}

TEST_CASE("a textarea gives back a first line end, a void element has no end tag") {
  CHECK(element("textarea", {}, form_text("\nx")).markup() == "<textarea>\n\nx</textarea>");
  CHECK(el("br").markup() == "<br>");
  CHECK(el("input", {flag("required"), flag("checked", false)}).markup() == "<input required>");
}

}  // namespace sluice::web::markup
