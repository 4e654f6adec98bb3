// HTML as a type, for documents that are printed or saved (the pages of the server have web/html.h): an Html comes from text, which is escaped, or from el(), whose names are ours.
//
// Always holds
//   M1  Whatever text goes in, what comes out has no markup but that of the calls. Characters that are not seen, or turn the direction of others, are shown as marks.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::markup {

std::string escaped(std::string_view text);

class Html {
 public:
  Html() = default;
  Html(std::string_view text) : markup_(escaped(text)) {}
  Html(const std::string& text) : Html(std::string_view(text)) {}
  Html(const char* text) : Html(std::string_view(text)) {}
  Html& operator+=(const Html& other) { return markup_ += other.markup_, *this; }
  friend Html operator+(Html a, const Html& b) { return std::move(a += b); }
  bool empty() const { return markup_.empty(); }
  const std::string& markup() const { return markup_; }

 private:
  friend Html element(std::string_view tag, std::initializer_list<std::pair<std::string_view, std::string>> attributes, const Html& inside);
  friend Html sheet(std::string_view css);
  std::string markup_;
};

using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;   // names are ours; an empty value leaves the attribute out
Html element(std::string_view tag, Attributes attributes, const Html& inside);
Html sheet(std::string_view css);                                                     // <style>, of our own text only

template <class... Inside>
Html el(std::string_view tag, Attributes attributes, const Inside&... inside) {
  Html all;
  ((all += Html(inside)), ...);
  return element(tag, attributes, all);
}
template <class... Inside>
Html el(std::string_view tag, const Inside&... inside) {
  return el(tag, Attributes{}, inside...);
}

}  // namespace sluice::markup
