// HTML as a type: the only ways to make an Html are the functions here, and each escapes what it is given.
//
//   el("p", {cls("lead")}, "Sent to ", el("b", receiver.name), ".")
//   link(path("/cases") / id.text(), title)
//
// Names of elements and attributes are literals, checked while compiling: no script, no style, no on…, and addresses (href, action, src) only
// from a Path of our own or an outside URL that starts with https: or mailto: (WEB-5, WEB-6).
//
// Always holds
//   E1  Whatever text goes in, what comes out has no markup but that of the calls.
//   E2  Bidi controls, zero-width and other invisible characters in text are shown as marks such as ⟦U+202E⟧ (WEB-3). Prose keeps the two joiners that
//       scripts need (U+200C, U+200D); form values are given back as they came.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_words.h"

namespace sluice::web::markup {

enum class Marks { All, Prose, None };
std::string escaped(std::string_view text, Marks marks = Marks::All);

namespace names {
constexpr bool is_word(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  return true;
}
constexpr bool is_tag(std::string_view text) { return is_word(text) && text != "script" && text != "style" && text != "iframe" && text != "object" && text != "embed" && text != "base"; }
constexpr bool is_attribute(std::string_view text) {
  return is_word(text) && !text.starts_with("on") && text != "style" && text != "href" && text != "src" && text != "action" && text != "formaction" && text != "srcdoc" && text != "ping";
}
}  // namespace names

struct Tag {
  std::string_view name;
  template <std::size_t N>
  consteval Tag(const char (&text)[N]) : name(text, N - 1) { if (!names::is_tag(name)) throw "not an element of ours"; }
};
struct Name {
  std::string_view name;
  template <std::size_t N>
  consteval Name(const char (&text)[N]) : name(text, N - 1) { if (!names::is_attribute(name)) throw "not an attribute of ours"; }
};

struct OwnPath {
  std::string_view text;
  template <std::size_t N>
  consteval OwnPath(const char (&given)[N]) : text(given, N - 1) { if (N < 2 || given[0] != '/' || (N > 2 && given[1] == '/')) throw "not a path of ours"; }
};

// A path of this site: a literal, and segments that are percent-encoded.
class Path {
 public:
  Path(OwnPath literal) : text_(literal.text) {}
  Path operator/(std::string_view segment) const;
  Path query(std::string_view name, std::string_view value) const;   // before a fragment
  Path fragment(std::string_view id) const;
  const std::string& text() const { return text_; }

 private:
  explicit Path(std::string text) : text_(std::move(text)) {}
  std::string text_;
};
inline Path path(OwnPath literal) { return Path(literal); }

class Attribute {
 public:
  const std::string& markup() const { return markup_; }

 private:
  friend Attribute attr(Name, std::string_view);
  friend Attribute value(std::string_view);
  friend Attribute flag(Name, bool);
  friend Attribute href(const Path&);
  friend Attribute href_here(std::string_view);
  friend Attribute src(const Path&);
  friend Attribute action(const Path&);
  friend Attribute formaction(const Path&);
  friend std::optional<Attribute> outside(std::string_view);
  explicit Attribute(std::string markup) : markup_(std::move(markup)) {}
  std::string markup_;
};
Attribute attr(Name name, std::string_view value);
Attribute value(std::string_view text);                       // of a form control: as it came
Attribute flag(Name name, bool on = true);                    // "required", "checked"; nothing where it is off
Attribute href(const Path& path);
Attribute href_here(std::string_view id);                     // a place on the same page
Attribute src(const Path& path);
Attribute action(const Path& path);
Attribute formaction(const Path& path);
std::optional<Attribute> outside(std::string_view url);       // href and rel, if it is an https: or mailto: URL
inline Attribute cls(std::string_view names) { return attr("class", names); }
inline Attribute id(std::string_view name) { return attr("id", name); }

struct Attributes {
  std::vector<Attribute> list;
  Attributes(std::initializer_list<Attribute> given) : list(given) {}
};

class Html {
 public:
  Html() = default;
  Html(std::string_view text) : markup_(escaped(text)) {}
  Html(const std::string& text) : Html(std::string_view(text)) {}
  Html(const char* text) : Html(std::string_view(text)) {}
  Html& operator+=(const Html& other) { markup_ += other.markup_; return *this; }
  friend Html operator+(Html a, const Html& b) { a += b; return a; }
  bool empty() const { return markup_.empty(); }
  const std::string& markup() const { return markup_; }

 private:
  friend Html element(std::string_view tag, const std::vector<Attribute>& attributes, const Html& inside);
  friend Html prose(std::string_view);
  friend Html form_text(std::string_view);
  struct Made {};
  Html(Made, std::string markup) : markup_(std::move(markup)) {}
  std::string markup_;
};

Html element(std::string_view tag, const std::vector<Attribute>& attributes, const Html& inside);

template <class T>
concept Child = std::convertible_to<T, Html>;

template <Child... C>
Html el(Tag tag, Attributes attributes, const C&... inside) {
  Html all;
  ((all += Html(inside)), ...);
  return element(tag.name, attributes.list, all);
}
template <Child... C>
Html el(Tag tag, const C&... inside) {
  Html all;
  ((all += Html(inside)), ...);
  return element(tag.name, {}, all);
}
template <Child... C>
Html all(const C&... parts) {
  Html out;
  ((out += Html(parts)), ...);
  return out;
}

Html link(const Path& to, const Html& words);
Html link_here(std::string_view id, const Html& words);
Html outside_link(std::string_view url, const Html& words);   // words alone where the URL is of another kind
Html prose(std::string_view text);                            // inline, with joiners and `code`
Html paragraphs(std::string_view text);                       // blank lines part paragraphs, line ends break lines
Html form_text(std::string_view text);                        // inside a textarea: as it came

// "10 December 2021, 12:00 UTC" in a <time>; the date alone.
Html time(Instant at);
Html date(Instant at);
std::string words_until(Instant end, Instant now);            // "in 12 days 3 hours", "2 hours ago", "now"

std::string document(std::string_view language, const Html& head, const Html& body, std::string_view body_class = {});
// The only way to a script: a file of our own, run once the page is read.
Html script_file(const Path& from);
Html link_element(std::string_view rel, const Path& to, std::string_view type = {}, std::string_view title = {});

}  // namespace sluice::web::markup
