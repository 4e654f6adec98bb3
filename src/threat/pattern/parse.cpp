// Text to tree: the grammar's rules as functions of the same names, each with one word of lookahead.
#include <algorithm>
#include <charconv>
#include <limits>

#include "base/utf8.h"
#include "threat/pattern/lexer.h"
#include "threat/pattern/pattern.h"

namespace sluice::threat {

namespace pattern {
namespace {

std::string shown(const Token& token) {
  if (token.kind == TokenKind::End) return "the end";
  constexpr std::size_t kLongest = 40;
  auto text = token.text;
  if (text.size() <= kLongest) return std::string(text);
  text = text.substr(0, kLongest);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.remove_suffix(1);
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xc0) text.remove_suffix(1);
  return std::string(text) + "…";
}

void unescape(std::string_view inside, std::string& out) {
  out.reserve(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\') ++i;
    out.push_back(inside[i]);
  }
}
std::string characters_of(const Token& string) {
  const auto inside = string.text.substr(1, string.text.size() - 2);
  if (!string.has_escapes) return std::string(inside);
  std::string out;
  unescape(inside, out);
  return out;
}

// A number in its canonical spelling: no '+', one digit before the point.
std::string digits_of(const Token& number) {
  auto text = number.text;
  if (text[0] == '+') text.remove_prefix(1);
  const bool is_float = number.kind == TokenKind::Float || number.kind == TokenKind::NegativeFloat;
  if (!is_float) return std::string(text);
  std::string out;
  if (text[0] == '-') out = "-", text.remove_prefix(1);
  while (text.size() > 1 && text[0] == '0' && text[1] != '.') text.remove_prefix(1);
  if (text[0] == '.') out += '0';
  return out += text;
}

class Parser {
 public:
  Parser(std::string_view text, PatternVersion version, const PatternLimits& limits) : text_(text), lexer_(text), version_(version), limits_(limits) { advance(); }

  Result<Pattern> pattern() {
    Pattern out;
    out.version = version_;
    if (token_.kind != TokenKind::LeftBracket && token_.kind != TokenKind::LeftParenthesis) return std::unexpected(expected("'[' or '('; every comparison stands in square brackets"));
    TRY(observation_expressions(out.root));
    if (token_.kind != TokenKind::End) return std::unexpected(expected("AND, OR, FOLLOWEDBY, a qualifier or the end"));
    return out;
  }

 private:
  using Status = Result<void>;

  void advance() { token_ = lexer_.next(); }
  bool take(TokenKind kind) {
    if (token_.kind != kind) return false;
    advance();
    return true;
  }
  Error expected(std::string_view what) const {
    std::string message = "Expected " + std::string(what) + ", found ";
    message += token_.kind == TokenKind::End || token_.kind == TokenKind::String ? shown(token_) : "'" + shown(token_) + "'";
    if (const auto reason = Lexer::reason_of(token_, text_); !reason.empty()) message += " (" + std::string(reason) + ")";
    else if (token_.kind == TokenKind::Name && is_keyword_in_lower_case(token_.text)) message += " (keywords are written in capitals)";
    return {ErrorKind::Malformed, message + ".", place_of(text_, token_.at), "STIX 2.1 §9"};
  }
  static bool is_keyword_in_lower_case(std::string_view word) {
    constexpr std::string_view kWords[] = {"and", "or", "not", "followedby", "like", "matches", "issuperset", "issubset", "exists", "in", "start", "stop", "seconds", "within", "repeats", "times"};
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return std::find(std::begin(kWords), std::end(kWords), lower) != std::end(kWords);
  }
  Status need(TokenKind kind, std::string_view what) {
    if (take(kind)) return {};
    return std::unexpected(expected(what));
  }
  Error too_large(std::string message) const { return {ErrorKind::TooLarge, std::move(message), place_of(text_, token_.at)}; }
  Status deeper() {
    if (++depth_ <= limits_.depth) return {};
    return std::unexpected(too_large("This pattern has more than " + std::to_string(limits_.depth) + " parentheses inside one another."));
  }
  Status one_more() {
    if (++comparisons_ <= limits_.comparisons) return {};
    return std::unexpected(too_large("This pattern compares more than " + std::to_string(limits_.comparisons) + " values."));
  }

  // One level of joined expressions. A part of the same kind that only parentheses kept apart is taken in: a AND (b AND c) is a AND b AND c.
  // STIX 2.1 §9.5.3: AND binds closer than OR, OR closer than FOLLOWEDBY.
  template <class Expression, class Part>
  Status joined(Expression& out, TokenKind by, typename Expression::Kind kind, const Part& part) {
    TRY(part(out));
    if (token_.kind != by) return {};
    Expression whole;
    whole.kind = kind;
    whole.parts.reserve(2);
    take_in(whole, std::move(out));
    while (take(by)) {
      Expression next;
      TRY(part(next));
      take_in(whole, std::move(next));
    }
    out = std::move(whole);
    return {};
  }
  template <class Expression>
  static void take_in(Expression& whole, Expression&& part) {
    if (part.kind == whole.kind && is_bare(part))
      std::move(part.parts.begin(), part.parts.end(), std::back_inserter(whole.parts));
    else
      whole.parts.push_back(std::move(part));
  }
  static bool is_bare(const ComparisonExpression&) { return true; }
  static bool is_bare(const ObservationExpression& one) { return one.qualifiers.empty(); }

  Status observation_expressions(ObservationExpression& out) {
    using Kind = ObservationExpression::Kind;
    return joined(out, TokenKind::FollowedBy, Kind::FollowedBy, [this](ObservationExpression& either) {
      return joined(either, TokenKind::Or, Kind::Or, [this](ObservationExpression& all) {
        return joined(all, TokenKind::And, Kind::And, [this](ObservationExpression& one) { return observation_expression(one); });
      });
    });
  }

  Status observation_expression(ObservationExpression& out) {
    bool is_group = false;
    if (take(TokenKind::LeftBracket)) {
      TRY(comparison_expression(out.comparison));
      TRY(need(TokenKind::RightBracket, "AND, OR or ']'"));
    } else if (take(TokenKind::LeftParenthesis)) {
      TRY(deeper());
      TRY(observation_expressions(out));
      TRY(need(TokenKind::RightParenthesis, "AND, OR, FOLLOWEDBY, a qualifier or ')'"));
      --depth_;
      is_group = !out.qualifiers.empty();
    } else {
      return std::unexpected(expected("'[' or '('"));
    }
    return qualifiers(out.qualifiers, is_group);
  }

  Status qualifiers(std::vector<Qualifier>& out, bool is_group) {
    for (;; is_group = false) {
      Qualifier one;
      one.is_on_group = is_group;
      if (take(TokenKind::Start)) {
        one.kind = Qualifier::Kind::StartStop;
        TRY(timestamp(one.first));
        TRY(need(TokenKind::Stop, "STOP"));
        TRY(timestamp(one.second));
      } else if (take(TokenKind::Within)) {
        one.kind = Qualifier::Kind::Within;
        if (token_.kind != TokenKind::Integer && token_.kind != TokenKind::Float) return std::unexpected(expected("a number of seconds"));
        one.first = digits_of(token_);
        advance();
        TRY(need(TokenKind::Seconds, "SECONDS"));
      } else if (take(TokenKind::Repeats)) {
        one.kind = Qualifier::Kind::Repeats;
        if (token_.kind != TokenKind::Integer) return std::unexpected(expected("how many times, a whole number"));
        one.first = digits_of(token_);
        advance();
        TRY(need(TokenKind::Times, "TIMES"));
      } else {
        return {};
      }
      out.push_back(std::move(one));
    }
  }

  Status timestamp(std::string& out) {
    if (token_.kind == TokenKind::Timestamp) {
      out = token_.text.substr(2, token_.text.size() - 3);
    } else if (version_ == PatternVersion::V20 && token_.kind == TokenKind::String && is_timestamp_form(token_.text.substr(1, token_.text.size() - 2))) {
      out = token_.text.substr(1, token_.text.size() - 2);
    } else {
      return std::unexpected(expected("a timestamp such as t'2016-06-01T01:30:00Z'"));
    }
    advance();
    return {};
  }

  Status comparison_expression(ComparisonExpression& out) {
    using Kind = ComparisonExpression::Kind;
    return joined(out, TokenKind::Or, Kind::Or, [this](ComparisonExpression& all) {
      return joined(all, TokenKind::And, Kind::And, [this](ComparisonExpression& one) { return prop_test(one); });
    });
  }

  Status prop_test(ComparisonExpression& out) {
    if (take(TokenKind::LeftParenthesis)) {
      TRY(deeper());
      TRY(comparison_expression(out));
      TRY(need(TokenKind::RightParenthesis, "AND, OR or ')'"));
      --depth_;
      return {};
    }
    auto& test = out.test;
    test.at = token_.at;
    test.negated = token_.kind == TokenKind::Not && (advance(), true);
    if (token_.kind == TokenKind::Exists && version_ == PatternVersion::V21) {
      advance();
      TRY(one_more());
      test.op = ComparisonOperator::Exists;
      return object_path(test.path);
    }
    if (test.negated) return std::unexpected(expected("EXISTS; before other comparisons NOT stands behind the path"));
    TRY(object_path(test.path));
    test.negated = take(TokenKind::Not);
    return operator_and_literals(test);
  }

  Status operator_and_literals(PropertyTest& test) {
    using enum ComparisonOperator;
    const auto kind = token_.kind;
    switch (kind) {
      case TokenKind::Equal: test.op = Equal; break;
      case TokenKind::NotEqual: test.op = NotEqual; break;
      case TokenKind::Less: test.op = Less; break;
      case TokenKind::LessEqual: test.op = LessEqual; break;
      case TokenKind::Greater: test.op = Greater; break;
      case TokenKind::GreaterEqual: test.op = GreaterEqual; break;
      case TokenKind::In: test.op = In; break;
      case TokenKind::Like: test.op = Like; break;
      case TokenKind::Matches: test.op = Matches; break;
      case TokenKind::IsSubset: test.op = IsSubset; break;
      case TokenKind::IsSuperset: test.op = IsSuperset; break;
      default: return std::unexpected(expected(test.negated ? "an operator (=, !=, <, IN, LIKE, MATCHES …)" : "a step of the path, NOT or an operator (=, !=, <, IN, LIKE, MATCHES …)"));
    }
    advance();
    if (test.op == In) return set_literal(test.literals);
    test.literals.emplace_back();
    if (test.op >= Like) {
      if (token_.kind != TokenKind::String) return std::unexpected(expected("a string between single quotes"));
    } else if (test.op != Equal && test.op != NotEqual && (token_.kind == TokenKind::True || token_.kind == TokenKind::False)) {
      return std::unexpected(expected("a value that has an order"));
    }
    return literal(test.literals.back());
  }

  Status set_literal(std::vector<Literal>& out) {
    TRY(need(TokenKind::LeftParenthesis, "'(' and the members of the set"));
    if (take(TokenKind::RightParenthesis)) return one_more();
    do {
      TRY(literal(out.emplace_back()));
    } while (take(TokenKind::Comma));
    return need(TokenKind::RightParenthesis, "',' or ')'");
  }

  Status literal(Literal& out) {
    using enum Literal::Kind;
    const auto inside = [this] { return token_.text.substr(2, token_.text.size() - 3); };
    switch (token_.kind) {
      case TokenKind::String: out.kind = String, out.text = characters_of(token_); break;
      case TokenKind::Integer:
      case TokenKind::NegativeInteger: out.kind = Integer, out.text = digits_of(token_); break;
      case TokenKind::Float:
      case TokenKind::NegativeFloat: out.kind = Float, out.text = digits_of(token_); break;
      case TokenKind::True:
      case TokenKind::False: out.kind = Boolean, out.text = token_.text; break;
      case TokenKind::Timestamp: out.kind = Timestamp, out.text = inside(); break;
      case TokenKind::Binary: out.kind = Binary, out.text = inside(); break;
      case TokenKind::Hex:
        out.kind = Hex, out.text = inside();
        for (auto& digit : out.text) digit |= digit >= 'A' && digit <= 'F' ? 0x20 : 0;
        break;
      default: return std::unexpected(expected("a value: a string between single quotes, a number, true, false, t'…', h'…' or b'…'"));
    }
    TRY(one_more());
    advance();
    return {};
  }

  Status object_path(ObjectPath& out) {
    if (token_.kind != TokenKind::Name && token_.kind != TokenKind::HyphenName) return std::unexpected(expected("an object's type"));
    out.type = token_.text;
    advance();
    TRY(need(TokenKind::Colon, "':' behind the object's type"));
    TRY(property(out.steps.emplace_back()));
    for (;;) {
      if (take(TokenKind::Dot)) {
        TRY(property(out.steps.emplace_back()));
      } else if (take(TokenKind::LeftBracket)) {
        auto& step = out.steps.emplace_back();
        if (token_.kind == TokenKind::Asterisk) {
          step.kind = PathStep::Kind::All;
        } else if (token_.kind == TokenKind::Integer || token_.kind == TokenKind::NegativeInteger) {
          step.kind = PathStep::Kind::Index;
          step.index = index_of(digits_of(token_));
        } else {
          return std::unexpected(expected("an index or '*'"));
        }
        advance();
        TRY(need(TokenKind::RightBracket, "']' behind the index"));
      } else {
        return {};
      }
    }
  }

  Status property(PathStep& out) {
    if (token_.kind == TokenKind::Name) out.name = token_.text;
    else if (token_.kind == TokenKind::String) out.name = characters_of(token_);
    else if (token_.kind == TokenKind::HyphenName) return std::unexpected(expected("a property; one with '-' in its name stands between single quotes"));
    else return std::unexpected(expected("a property; one whose name is a keyword or has other signs stands between single quotes"));
    advance();
    return {};
  }

  // An index that no list reaches is as good as the largest.
  static std::int64_t index_of(std::string_view digits) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (error == std::errc::result_out_of_range) return digits[0] == '-' ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
    return out;
  }

  std::string_view text_;
  Lexer lexer_;
  PatternVersion version_;
  const PatternLimits& limits_;
  Token token_;
  std::size_t depth_ = 0;
  std::size_t comparisons_ = 0;
};

}  // namespace
}  // namespace pattern

std::string place_of(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto column = 1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

Result<Pattern> parse_pattern(std::string_view text, PatternVersion version, const PatternLimits& limits) {
  if (text.size() > limits.bytes) return fail(ErrorKind::TooLarge, "A pattern may have " + std::to_string(limits.bytes) + " bytes; this one has " + std::to_string(text.size()) + ".");
  if (!is_utf8(text)) return fail(ErrorKind::Malformed, "A pattern is text in UTF-8; this one has other bytes in it.", {}, "STIX 2.1 §9");
  return pattern::Parser(text, version, limits).pattern();
}

}  // namespace sluice::threat
