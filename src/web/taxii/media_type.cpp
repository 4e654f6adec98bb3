#include "web/taxii/media_type.h"

#include <algorithm>

namespace sluice::web::taxii {

namespace {

// RFC 9110 §5.6.2.
bool is_token_letter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

class HeaderText {
 public:
  explicit HeaderText(std::string_view text) : text_(text) {}
  bool ended() const { return at_ >= text_.size(); }
  void skip_blanks() {
    while (!ended() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (ended() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string token() {                           // in lower case
    skip_blanks();
    std::string out;
    for (; !ended() && is_token_letter(text_[at_]); ++at_) out += text_[at_] >= 'A' && text_[at_] <= 'Z' ? static_cast<char>(text_[at_] - 'A' + 'a') : text_[at_];
    return out;
  }
  // A token or a quoted string, without its quotes (RFC 9110 §5.6.4).
  std::optional<std::string> word() {
    skip_blanks();
    if (ended() || text_[at_] != '"') {
      auto out = token();
      if (out.empty()) return std::nullopt;
      return out;
    }
    std::string out;
    for (++at_; !ended(); ++at_) {
      if (text_[at_] == '"') return ++at_, std::optional(std::move(out));
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    return std::nullopt;
  }
  // To the next comma that stands in no quotes.
  void skip_to_comma() {
    for (bool quoted = false; !ended(); ++at_) {
      if (quoted && text_[at_] == '\\') { ++at_; continue; }
      if (text_[at_] == '"') quoted = !quoted;
      if (text_[at_] == ',' && !quoted) return;
    }
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// "0", "1", "0.5", "1.000": thousandths (RFC 9110 §12.4.2).
std::optional<int> quality_in(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.')) return std::nullopt;
  int out = (text[0] - '0') * 1000, scale = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return std::nullopt;
    out += (c - '0') * scale;
    scale /= 10;
  }
  return out > 1000 ? std::nullopt : std::optional(out);
}

std::optional<MediaRange> one_range(HeaderText& text) {
  MediaRange out;
  out.type = text.token();
  if (out.type.empty() || !text.take('/')) return std::nullopt;
  out.subtype = text.token();
  if (out.subtype.empty()) return std::nullopt;
  while (text.take(';')) {
    const auto name = text.token();
    if (name.empty()) continue;                   // an empty parameter is allowed (RFC 9110 §5.6.6)
    if (!text.take('=')) return std::nullopt;
    auto value = text.word();
    if (!value) return std::nullopt;
    if (name == "q") {
      const auto quality = quality_in(*value);
      if (!quality) return std::nullopt;
      out.quality = *quality;
    } else {
      out.parameters.emplace_back(name, *std::move(value));
    }
  }
  return out;
}

// How closely a range names TAXII 2.1: 0 not at all, 1 anything, 2 any application, 3 the type, 4 with its version.
int closeness(const MediaRange& range) {
  if (range.type == "*" && range.subtype == "*") return 1;
  if (range.type != "application") return 0;
  if (range.subtype == "*") return 2;
  if (range.subtype != "taxii+json") return 0;
  int out = 3;
  for (const auto& [name, value] : range.parameters)
    if (name == "version") {
      if (value != "2.1") return 0;
      out = 4;
    }
  return out;
}

}  // namespace

std::vector<MediaRange> media_ranges(std::string_view header) {
  std::vector<MediaRange> out;
  HeaderText text(header);
  while (!text.ended()) {
    auto range = one_range(text);
    text.skip_blanks();
    const bool whole = text.ended() || text.take(',');
    if (range && whole) out.push_back(*std::move(range));
    if (whole) continue;
    text.skip_to_comma();
    text.take(',');
  }
  return out;
}

// The closest range says whether (RFC 9110 §12.5.1).
bool accepts_taxii(std::string_view accept) {
  int closest = 0, quality = 0;
  for (const auto& range : media_ranges(accept)) {
    const int close = closeness(range);
    if (close > closest || (close == closest && close > 0)) quality = close > closest ? range.quality : std::max(quality, range.quality), closest = close;
  }
  return closest > 0 && quality > 0;
}

bool is_taxii(std::string_view content_type) {
  const auto ranges = media_ranges(content_type);
  return ranges.size() == 1 && closeness(ranges.front()) >= 3;
}

}  // namespace sluice::web::taxii
