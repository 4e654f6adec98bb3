#include "threat/pattern/lexer.h"

#include <algorithm>
#include <array>

namespace sluice::threat::pattern {

namespace {

// Which characters do what, by table: this is the inner loop.
enum : std::uint8_t { kDigit = 1, kLetter = 2, kHyphen = 4, kHexDigit = 8, kBase64 = 16, kSpace = 32 };
constexpr auto kClass = [] {
  std::array<std::uint8_t, 256> out{};
  for (int c = '0'; c <= '9'; ++c) out[c] = kDigit | kHexDigit | kBase64;
  for (int c = 'a'; c <= 'z'; ++c) out[c] = kLetter | kBase64, out[c - 32] = kLetter | kBase64;
  for (int c = 'a'; c <= 'f'; ++c) out[c] |= kHexDigit, out[c - 32] |= kHexDigit;
  out['_'] = kLetter;
  out['-'] = kHyphen;
  out['+'] = out['/'] = kBase64;
  for (const int c : {' ', '\t', '\r', '\n', '\v', '\f'}) out[c] = kSpace;
  return out;
}();
bool is(char c, int what) { return (kClass[static_cast<unsigned char>(c)] & what) != 0; }

struct Keyword { std::string_view text; TokenKind kind; };
constexpr Keyword kKeywords[] = {
    {"AND", TokenKind::And},         {"OR", TokenKind::Or},           {"NOT", TokenKind::Not},       {"FOLLOWEDBY", TokenKind::FollowedBy}, {"LIKE", TokenKind::Like},
    {"MATCHES", TokenKind::Matches}, {"ISSUPERSET", TokenKind::IsSuperset}, {"ISSUBSET", TokenKind::IsSubset}, {"EXISTS", TokenKind::Exists}, {"LAST", TokenKind::Last},
    {"IN", TokenKind::In},           {"START", TokenKind::Start},     {"STOP", TokenKind::Stop},     {"SECONDS", TokenKind::Seconds},       {"true", TokenKind::True},
    {"false", TokenKind::False},     {"WITHIN", TokenKind::Within},   {"REPEATS", TokenKind::Repeats}, {"TIMES", TokenKind::Times}};

TokenKind keyword_or_name(std::string_view word) {
  // Keywords are upper case but for two; most names are neither, and known by their first letter.
  if (word.size() < 2 || word.size() > 10 || (word[0] >= 'a' && word[0] != 't' && word[0] != 'f')) return TokenKind::Name;
  for (const auto& one : kKeywords)
    if (one.text == word) return one.kind;
  return TokenKind::Name;
}

// White space beyond ASCII of the grammar's list: how many bytes the character at the front takes, or 0.
std::size_t wide_space(std::string_view text) {
  constexpr std::string_view kWide[] = {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  for (const auto one : kWide)
    if (text.starts_with(one)) return one.size();
  return 0;
}

// The length of the string that begins at the quote, both quotes counted; 0: it doesn't end, or has an escape that there isn't.
std::size_t string_length(std::string_view text, bool& has_escapes) {
  for (std::size_t i = 1; i < text.size();) {
    if (text[i] == '\'') return i + 1;
    if (text[i] != '\\') {
      ++i;
      continue;
    }
    if (i + 1 >= text.size() || (text[i + 1] != '\'' && text[i + 1] != '\\')) return 0;
    has_escapes = true;
    i += 2;
  }
  return 0;
}

// What begins with a quote behind a prefix: its length without the prefix, or 0.
std::size_t hex_length(std::string_view quoted) {
  std::size_t i = 1;
  while (i < quoted.size() && is(quoted[i], kHexDigit)) ++i;
  return i < quoted.size() && quoted[i] == '\'' && i % 2 == 1 ? i + 1 : 0;
}
std::size_t binary_length(std::string_view quoted) {
  std::size_t i = 1;
  while (i < quoted.size() && is(quoted[i], kBase64)) ++i;
  const auto whole = (i - 1) % 4;  // letters of a last group that isn't full
  std::size_t padding = 0;
  while (i < quoted.size() && quoted[i] == '=') ++i, ++padding;
  const bool fits = (whole == 0 && padding == 0 && i > 1) || (whole == 3 && padding == 1) || (whole == 2 && padding == 2);
  return fits && i < quoted.size() && quoted[i] == '\'' ? i + 1 : 0;
}
std::size_t timestamp_length(std::string_view quoted) {
  const auto end = quoted.find('\'', 1);
  return end != std::string_view::npos && is_timestamp_form(quoted.substr(1, end - 1)) ? end + 1 : 0;
}

}  // namespace

bool is_timestamp_form(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00";
  if (text.size() < kShape.size() + 1 || text.back() != 'Z') return false;
  for (std::size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] == '0' ? !is(text[i], kDigit) : text[i] != kShape[i]) return false;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  if (two(5) < 1 || two(5) > 12 || two(8) < 1 || two(8) > 31 || two(11) > 23 || two(14) > 59 || two(17) > 60) return false;
  const auto fraction = text.substr(kShape.size(), text.size() - kShape.size() - 1);
  return fraction.empty() || (fraction.size() > 1 && fraction[0] == '.' && std::all_of(fraction.begin() + 1, fraction.end(), [](char c) { return is(c, kDigit); }));
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && is(name[0], kLetter) && std::all_of(name.begin(), name.end(), [](char c) { return is(c, kLetter | kDigit); }) && keyword_or_name(name) == TokenKind::Name;
}

void Lexer::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (is(c, kSpace)) {
      ++at_;
    } else if (c == '/' && at_ + 1 < text_.size() && text_[at_ + 1] == '*') {
      const auto end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) return;  // no comment, then: a '/' that begins nothing
      at_ = end + 2;
    } else if (c == '/' && at_ + 1 < text_.size() && text_[at_ + 1] == '/') {
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    } else if (static_cast<unsigned char>(c) >= 0xc2) {
      const auto length = wide_space(text_.substr(at_));
      if (length == 0) return;
      at_ += length;
    } else {
      return;
    }
  }
}

Token Lexer::token(TokenKind kind, std::size_t length) {
  const Token out{kind, false, static_cast<std::uint32_t>(at_), text_.substr(at_, length)};
  at_ += length;
  return out;
}

Token Lexer::number() {
  const auto rest = text_.substr(at_);
  const bool is_negative = rest[0] == '-';
  const std::size_t sign = is_negative || rest[0] == '+' ? 1 : 0;
  std::size_t i = sign;
  while (i < rest.size() && is(rest[i], kDigit)) ++i;
  if (i + 1 < rest.size() && rest[i] == '.' && is(rest[i + 1], kDigit)) {
    std::size_t end = i + 1;
    while (end < rest.size() && is(rest[end], kDigit)) ++end;
    return token(is_negative ? TokenKind::NegativeFloat : TokenKind::Float, end);
  }
  if (i == sign) return token(TokenKind::Wrong, 1);
  if (rest[sign] == '0') i = sign + 1;  // an integer has no zero before its digits
  return token(is_negative ? TokenKind::NegativeInteger : TokenKind::Integer, i);
}

Token Lexer::word() {
  const auto rest = text_.substr(at_);
  if (rest.size() > 1 && rest[1] == '\'') {
    const auto quoted = rest.substr(1);
    std::size_t length = 0;
    TokenKind kind = TokenKind::Wrong;
    switch (rest[0]) {
      case 'h': kind = TokenKind::Hex, length = hex_length(quoted); break;
      case 'b': kind = TokenKind::Binary, length = binary_length(quoted); break;
      case 't': kind = TokenKind::Timestamp, length = timestamp_length(quoted); break;
      default: break;
    }
    if (length > 0) return token(kind, length + 1);
  }
  std::size_t i = 1;
  while (i < rest.size() && is(rest[i], kLetter | kDigit)) ++i;
  if (i < rest.size() && rest[i] == '-') {
    while (i < rest.size() && is(rest[i], kLetter | kDigit | kHyphen)) ++i;
    return token(TokenKind::HyphenName, i);
  }
  return token(keyword_or_name(rest.substr(0, i)), i);
}

Token Lexer::next() {
  skip_space();
  if (at_ >= text_.size()) return token(TokenKind::End, 0);
  const char c = text_[at_];
  if (is(c, kLetter)) return word();
  if (is(c, kDigit)) return number();
  const char after = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  switch (c) {
    case '\'': {
      bool has_escapes = false;
      const auto length = string_length(text_.substr(at_), has_escapes);
      if (length == 0) return token(TokenKind::Wrong, 1);
      auto out = token(TokenKind::String, length);
      out.has_escapes = has_escapes;
      return out;
    }
    case '+':
    case '-': return number();
    case '.': return is(after, kDigit) ? number() : token(TokenKind::Dot, 1);
    case '=': return token(TokenKind::Equal, after == '=' ? 2 : 1);
    case '!': return after == '=' ? token(TokenKind::NotEqual, 2) : token(TokenKind::Wrong, 1);
    case '<': return after == '=' ? token(TokenKind::LessEqual, 2) : after == '>' ? token(TokenKind::NotEqual, 2) : token(TokenKind::Less, 1);
    case '>': return after == '=' ? token(TokenKind::GreaterEqual, 2) : token(TokenKind::Greater, 1);
    case ':': return token(TokenKind::Colon, 1);
    case ',': return token(TokenKind::Comma, 1);
    case ')': return token(TokenKind::RightParenthesis, 1);
    case '(': return token(TokenKind::LeftParenthesis, 1);
    case ']': return token(TokenKind::RightBracket, 1);
    case '[': return token(TokenKind::LeftBracket, 1);
    case '*': return token(TokenKind::Asterisk, 1);
    default: break;
  }
  // The whole character, so that a message can show it.
  std::size_t length = 1;
  while (at_ + length < text_.size() && (static_cast<unsigned char>(text_[at_ + length]) & 0xc0) == 0x80) ++length;
  return token(TokenKind::Wrong, length);
}

std::string_view Lexer::reason_of(const Token& token, std::string_view text) {
  const auto after = token.at + 1 < text.size() ? text[token.at + 1] : '\0';
  if (token.kind == TokenKind::Name && token.text.size() == 1 && after == '\'') {
    if (token.text == "h") return "h'…' holds pairs of hex digits";
    if (token.text == "b") return "b'…' holds base64 with its padding, and isn't empty";
    if (token.text == "t") return "t'…' holds a timestamp such as 2016-06-01T01:30:00Z, in UTC";
  }
  if (token.kind != TokenKind::Wrong) return "";
  if (token.text == "'") return "this string doesn't end, or has a backslash that stands neither before ' nor before \\";
  if (token.text == "\"") return "strings and names stand between single quotes";
  if (token.text == "/" && after == '*') return "this comment doesn't end";
  return "";
}

}  // namespace sluice::threat::pattern
