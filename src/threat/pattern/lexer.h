// The words of a STIX pattern, one at a time, as the published grammar cuts them: the longest that fits, keywords before names.
//
// Called by parse.cpp alone. Views into the text that it was given, which must outlive it; makes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::threat::pattern {

enum class TokenKind : std::uint8_t {
  End,
  Name,                // letters, digits, '_'
  HyphenName,          // with '-' in it: types alone
  Integer, NegativeInteger, Float, NegativeFloat, String, Hex, Binary, Timestamp, True, False,
  And, Or, Not, FollowedBy, Like, Matches, IsSuperset, IsSubset, Exists, Last, In, Start, Stop, Seconds, Within, Repeats, Times,
  Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,
  Colon, Dot, Comma, RightParenthesis, LeftParenthesis, RightBracket, LeftBracket, Asterisk,
  Wrong,               // a character that begins no word, or begins one that isn't finished
};

struct Token {
  TokenKind kind = TokenKind::End;
  bool has_escapes = false;   // of a String
  std::uint32_t at = 0;       // byte in the text
  std::string_view text;      // as written, quotes and prefix with it
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Token next();
  // Why a Wrong token is wrong, where more can be said than that it is; else "".
  static std::string_view reason_of(const Token& token, std::string_view text);

 private:
  void skip_space();
  Token token(TokenKind kind, std::size_t length);
  Token number();
  Token word();

  std::string_view text_;
  std::size_t at_ = 0;
};

// Whether this is a name that stands in a path without quotes.
bool is_plain_name(std::string_view name);

// Where the content of t'…' is a timestamp by the grammar: digits in their ranges, 'T', 'Z', second 60 too. The calendar isn't asked.
bool is_timestamp_form(std::string_view text);

}  // namespace sluice::threat::pattern
