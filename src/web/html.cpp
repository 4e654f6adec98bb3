#include "web/html.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sluice::web::markup {

namespace {

constexpr std::array kVoid = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"};

// One code point from `text` at `at`, which moves on; 0xFFFD for a byte that belongs to none.
char32_t next_code(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 && lead < 0xE0 ? 1 : 0;
  if (more == 0 || lead >= 0xF5 || at + static_cast<std::size_t>(more) > text.size()) return 0xFFFD;
  char32_t code = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    const auto c = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
    if ((c & 0xC0) != 0x80) return 0xFFFD;
    code = code << 6 | (c & 0x3F);
  }
  constexpr char32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
  if (code < kLeast[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return 0xFFFD;
  at += static_cast<std::size_t>(more);
  return code;
}

bool is_joiner(char32_t c) { return c == 0x200C || c == 0x200D; }

// Characters that change how others look, or are not seen themselves.
bool is_invisible(char32_t c) {
  return c == 0x00AD || c == 0x034F || c == 0x061C || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || c == 0xFEFF || c == 0xFFA0 || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

bool is_control(char32_t c) { return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c < 0xA0); }

void append_mark(std::string& out, char32_t c) {
  char text[24];
  std::snprintf(text, sizeof text, "⟦U+%04X⟧", static_cast<unsigned>(c));
  out += text;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      char hex[4];
      std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += hex;
    }
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view text, Marks marks) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto c = next_code(text, at);
    switch (c) {
      case '&': out += "&amp;"; continue;
      case '<': out += "&lt;"; continue;
      case '>': out += "&gt;"; continue;
      case '"': out += "&quot;"; continue;
      case '\'': out += "&#39;"; continue;
      case '\r': out += "&#13;"; continue;
      case 0xFFFD: out += "\xEF\xBF\xBD"; continue;
      default: break;
    }
    if (is_control(c)) out += "\xEF\xBF\xBD";
    else if (marks != Marks::None && is_invisible(c) && !(marks == Marks::Prose && is_joiner(c))) append_mark(out, c);
    else out += text.substr(begin, at - begin);
  }
  return out;
}

Path Path::operator/(std::string_view segment) const {
  // A segment of dots would walk up; none of ours is one.
  const bool dots = segment == "." || segment == "..";
  return Path((text_ == "/" ? "" : text_) + "/" + (dots ? std::string("-") : percent_encoded(segment)));
}
Path Path::query(std::string_view name, std::string_view value) const { return Path(text_ + (text_.find('?') == std::string::npos ? "?" : "&") + percent_encoded(name) + "=" + percent_encoded(value)); }
Path Path::fragment(std::string_view id) const { return Path(text_ + "#" + percent_encoded(id)); }

Attribute attr(Name name, std::string_view value) { return Attribute(" " + std::string(name.name) + "=\"" + escaped(value) + "\""); }
Attribute value(std::string_view text) { return Attribute(" value=\"" + escaped(text, Marks::None) + "\""); }
Attribute flag(Name name, bool on) { return Attribute(on ? " " + std::string(name.name) : std::string()); }
Attribute href(const Path& path) { return Attribute(" href=\"" + escaped(path.text()) + "\""); }
Attribute href_here(std::string_view id) { return Attribute(" href=\"#" + percent_encoded(id) + "\""); }
Attribute src(const Path& path) { return Attribute(" src=\"" + escaped(path.text()) + "\""); }
Attribute action(const Path& path) { return Attribute(" action=\"" + escaped(path.text()) + "\""); }
Attribute formaction(const Path& path) { return Attribute(" formaction=\"" + escaped(path.text()) + "\""); }

std::optional<Attribute> outside(std::string_view url) {
  const bool web = url.starts_with("https://") && url.size() > 8;
  const bool mail = url.starts_with("mailto:") && url.size() > 7;
  if ((!web && !mail) || url.size() > 2'000) return std::nullopt;
  for (std::size_t at = 0; at < url.size();) {
    const auto c = next_code(url, at);
    if (c <= ' ' || c == '\\' || c == '"' || c == '<' || c == '>' || is_control(c) || is_invisible(c) || c == 0xFFFD) return std::nullopt;
  }
  return Attribute(" href=\"" + escaped(url) + "\" rel=\"noopener noreferrer\"");
}

Html element(std::string_view tag, const std::vector<Attribute>& attributes, const Html& inside) {
  std::string out = "<" + std::string(tag);
  for (const auto& attribute : attributes) out += attribute.markup();
  out += ">";
  if (std::find(kVoid.begin(), kVoid.end(), tag) != kVoid.end()) return {Html::Made{}, std::move(out)};
  if (tag == "textarea" || tag == "pre") out += "\n";  // the parser eats the first line end
  out += inside.markup();
  out += "</" + std::string(tag) + ">";
  return {Html::Made{}, std::move(out)};
}

Html link(const Path& to, const Html& words) { return el("a", {href(to)}, words); }

Html link_here(std::string_view id, const Html& words) { return el("a", {href_here(id)}, words); }

Html outside_link(std::string_view url, const Html& words) {
  const auto to = outside(url);
  return to ? el("a", {*to}, words) : words;
}

Html form_text(std::string_view text) { return {Html::Made{}, escaped(text, Marks::None)}; }

Html prose(std::string_view text) {
  Html out;
  // `like this` is code; a lone backtick is itself.
  while (!text.empty()) {
    const auto open = text.find('`');
    const auto close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos || close == open + 1 || text.substr(open, close - open).find('\n') != std::string_view::npos) {
      const auto until = open == std::string_view::npos ? text.size() : open + 1;
      out += Html(Html::Made{}, escaped(text.substr(0, until), Marks::Prose));
      text.remove_prefix(until);
      continue;
    }
    out += Html(Html::Made{}, escaped(text.substr(0, open), Marks::Prose));
    out += el("code", Html(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
  return out;
}

Html paragraphs(std::string_view text) {
  Html out, paragraph;
  const auto close = [&] {
    if (!paragraph.empty()) out += el("p", paragraph);
    paragraph = {};
  };
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) {
      close();
      continue;
    }
    if (!paragraph.empty()) paragraph += el("br");
    paragraph += prose(line);
  }
  close();
  return out;
}

Html time(Instant at) { return el("time", {attr("datetime", to_text(at))}, words_of_time(at)); }
Html date(Instant at) { return el("time", {attr("datetime", to_text(at))}, words_of_date(at)); }

std::string words_until(Instant end, Instant now) {
  if (end == now) return "now";
  return end > now ? "in " + words_of_length(end - now) : words_of_length(now - end) + " ago";
}

Html script_file(const Path& from) { return element("script", {src(from), flag("defer")}, {}); }

Html link_element(std::string_view rel, const Path& to, std::string_view type, std::string_view title) {
  std::vector<Attribute> attributes{attr("rel", rel), href(to)};
  if (!type.empty()) attributes.push_back(attr("type", type));
  if (!title.empty()) attributes.push_back(attr("title", title));
  return element("link", attributes, {});
}

std::string document(std::string_view language, const Html& head, const Html& body, std::string_view body_class) {
  std::vector<Attribute> on_body;
  if (!body_class.empty()) on_body.push_back(cls(body_class));
  return "<!doctype html>\n" + element("html", {attr("lang", language)}, element("head", {}, head) + element("body", on_body, body)).markup() + "\n";
}

}  // namespace sluice::web::markup
