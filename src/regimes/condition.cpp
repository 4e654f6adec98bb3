#include "regimes/condition.h"

#include <algorithm>
#include <charconv>

namespace sluice::regimes {

struct ConditionToken {
  std::string text;
  std::size_t column = 0;  // from 1
  bool quoted = false;
  bool spaced = false;     // a space stands before it
};

namespace {

using Token = ConditionToken;

constexpr bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == ':' || c == '@' || c == '/'; }

std::unexpected<Error> stop(std::size_t column, std::string message) { return fail(ErrorKind::Invalid, std::move(message), "column " + std::to_string(column)); }

Result<std::vector<Token>> tokens_of(std::string_view text) {
  std::vector<Token> out;
  bool spaced = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\n' || c == '\t') {
      ++at, spaced = true;
      continue;
    }
    Token token{{}, at + 1, false, spaced};
    spaced = false;
    if (c == '(' || c == ')' || c == ',' || c == '+') {
      token.text = c, ++at;
    } else if (c == '\'') {
      const auto end = text.find('\'', at + 1);
      if (end == text.npos) return stop(at + 1, "A quote is opened here and not closed.");
      token.text = text.substr(at + 1, end - at - 1), token.quoted = true, at = end + 1;
    } else if (is_word(c)) {
      const auto from = at;
      while (at < text.size() && is_word(text[at])) ++at;
      token.text = text.substr(from, at - from);
    } else {
      return stop(at + 1, std::string("The sign ") + c + " has no meaning in a condition.");
    }
    out.push_back(std::move(token));
  }
  return out;
}

constexpr std::size_t kDeepestNesting = 40;

bool is_day(std::string_view text) { return text.size() == 10 && text[4] == '-' && text[7] == '-' && text[0] >= '0' && text[0] <= '9'; }

}  // namespace

class ConditionReader {
 public:
  ConditionReader(std::string_view text, std::vector<ConditionToken> tokens) : tokens_(std::move(tokens)), length_(text.size()) { out_.text_ = text; }

  Result<Condition> read() {
    TRY(out_.root_, any(0));
    if (at_ < tokens_.size()) return wrong("the end");
    for (const auto& node : out_.nodes_)
      if (node.op == Op::Test) out_.tests_.push_back(node.test);
    return std::move(out_);
  }

 private:
  using Node = Condition::Node;
  using Op = Condition::Op;

  bool next_is(std::string_view word, std::size_t ahead = 0) const { return at_ + ahead < tokens_.size() && !tokens_[at_ + ahead].quoted && tokens_[at_ + ahead].text == word; }
  bool take(std::string_view word) { return next_is(word) ? (++at_, true) : false; }
  std::size_t column() const { return at_ < tokens_.size() ? tokens_[at_].column : length_ + 1; }
  std::unexpected<Error> wrong(std::string_view wanted) const {
    return stop(column(), "Here should stand " + std::string(wanted) + (at_ < tokens_.size() ? ", not \"" + tokens_[at_].text + "\"." : "."));
  }
  int add(Node node) { return out_.nodes_.push_back(std::move(node)), int(out_.nodes_.size()) - 1; }

  Result<int> any(std::size_t depth) {
    TRY(auto left, all(depth));
    while (take("or")) {
      TRY(const auto right, all(depth));
      left = add({Op::Or, left, right, {}});
    }
    return left;
  }
  Result<int> all(std::size_t depth) {
    TRY(auto left, one(depth));
    while (take("and")) {
      TRY(const auto right, one(depth));
      left = add({Op::And, left, right, {}});
    }
    return left;
  }
  Result<int> one(std::size_t depth) {
    if (depth > kDeepestNesting) return stop(column(), "This is nested too deeply to be read by anybody.");
    if (take("not")) {
      TRY(const auto inner, one(depth + 1));
      return add({Op::Not, inner, -1, {}});
    }
    if (take("(")) {
      TRY(const auto inner, any(depth + 1));
      if (!take(")")) return wrong("\")\"");
      return inner;
    }
    if (next_is("known") && next_is("(", 1)) {
      at_ += 2;
      TRY(const auto inner, any(depth + 1));
      if (!take(")")) return wrong("\")\"");
      return add({Op::Known, inner, -1, {}});
    }
    const auto from = column();
    TRY(auto negated_test, test());
    auto& [test, negated] = negated_test;
    const auto end = at_ < tokens_.size() ? tokens_[at_].column - 1 : length_;
    test.text = out_.text_.substr(from - 1, end - from + 1);
    while (test.text.ends_with(' ') || test.text.ends_with('\n')) test.text.pop_back();
    const auto made = add({Op::Test, -1, -1, std::move(test)});
    return negated ? add({Op::Not, made, -1, {}}) : made;
  }

  Result<std::string> word(std::string_view what) {
    if (at_ >= tokens_.size() || (!tokens_[at_].quoted && !is_word(tokens_[at_].text[0]))) return wrong(what);
    return tokens_[at_++].text;
  }
  Result<std::string> in_parentheses(std::string_view what) {
    if (!take("(")) return wrong("\"(\"");
    TRY(auto name, word(what));
    if (!take(")")) return wrong("\")\"");
    return name;
  }
  Result<Words> values() {
    Words out;
    if (!take("(")) {
      TRY(out.emplace_back(), word("a value"));
      return out;
    }
    do {
      TRY(out.emplace_back(), word("a value"));
    } while (take(","));
    if (!take(")")) return wrong("\")\"");
    return out;
  }

  std::optional<Test::Order> order() {
    using enum Test::Order;
    if (take("before")) return Before;
    if (take("after")) return After;
    if (next_is("at") && next_is("or", 1) && (next_is("before", 2) || next_is("after", 2))) {
      const bool before = next_is("before", 2);
      at_ += 3;
      return before ? AtOrBefore : AtOrAfter;
    }
    return std::nullopt;
  }
  Result<Test::Time> time() {
    Test::Time out;
    const auto where = column();
    TRY(const auto name, word("an event, a day, action or as_of"));
    if (is_day(name)) {
      const auto day = parse_day(name);
      if (!day) return stop(where, day.error().message);
      out.day = *day;
    } else {
      out.event = name;
    }
    const bool plus = take("+");
    if (plus || take("-")) {
      out.sign = plus ? 1 : -1;
      const auto at = column();
      TRY(auto length, word("a length of time"));
      if (length.ends_with("BD") && take("+")) {   // business days, and calendar days after them
        TRY(const auto then, word("a length of time"));
        length += "+" + then;
      }
      const auto term = parse_term(length);
      if (!term) return stop(at, term.error().message);
      out.term = *term;
    }
    return out;
  }

  using Negatable = std::pair<Test, bool>;
  Result<Negatable> test() {
    using enum Test::Kind;
    Test out;
    if (take("always")) return Negatable{out, false};
    if (take("never")) return out.kind = Never, Negatable{out, false};
    for (const auto& [name, kind] : {std::pair{"past", Past}, {"given", Given}, {"reading", Reading}}) {
      if (!next_is(name) || !next_is("(", 1)) continue;
      ++at_;
      out.kind = kind;
      TRY(out.name, in_parentheses("a name"));
      if (kind != Reading) return Negatable{out, false};
      if (!take("is")) return wrong("\"is\"");
      const bool negated = take("not");
      TRY(out.values, values());
      return Negatable{out, negated};
    }
    const auto from = at_;
    TRY(auto left, time());
    if (const auto which = order()) {
      out.kind = Compare, out.order = *which, out.left = std::move(left);
      TRY(out.right, time());
      return Negatable{out, false};
    }
    at_ = from;
    TRY(out.name, word("a test"));
    if (take("is")) {
      const bool negated = take("not");
      out.kind = Is;
      TRY(out.values.emplace_back(), word("a value"));
      return Negatable{out, negated};
    }
    if (take("below") || next_is("at")) {
      out.kind = Below;
      if (take("at")) {
        if (!take("least")) return wrong("\"least\", \"or before\" or \"or after\"");
        out.kind = AtLeast;
      }
      const auto where = column();
      TRY(const auto number, word("a number"));
      const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), out.number);
      if (error != std::errc() || end != number.data() + number.size()) return stop(where, "\"" + number + "\" is no whole number.");
      return Negatable{out, false};
    }
    const bool negated = take("not");
    if (take("in")) out.kind = In;
    else if (take("has")) out.kind = Has;
    else if (negated) return wrong("\"in\" or \"has\"");
    else return out.kind = Is, out.values = {"yes"}, Negatable{out, false};
    TRY(out.values, values());
    return Negatable{out, negated};
  }

  std::vector<ConditionToken> tokens_;
  std::size_t length_;
  std::size_t at_ = 0;
  Condition out_;
};

Result<Condition> parse_condition(std::string_view text) {
  if (text.size() > 4'000) return stop(1, "A condition this long is for several rules.");
  TRY(auto tokens, tokens_of(text));
  return ConditionReader(text, std::move(tokens)).read();
}

void Grounds::add(const Grounds& other) {
  if (!is_kept) return;
  facts.insert(other.facts.begin(), other.facts.end());
  questions.insert(other.questions.begin(), other.questions.end());
  readings.insert(other.readings.begin(), other.readings.end());
}

namespace {

Span moved(Span span, int sign, const Term& term, const Calendar& calendar) {
  if (sign == 0) return span;
  const auto move = [&](When at) -> When {
    if (at <= kEver || at >= kNever) return at;
    return sign > 0 ? end_of(at, term, calendar) : at - (term.unit == Term::Unit::Seconds ? term.count : term.unit == Term::Unit::Months ? term.count * 30 * 86'400 : term.count * 86'400);
  };
  return {move(span.from), move(span.to)};
}

Span span_of(const Test::Time& time, const Facts& facts) {
  const auto at = time.day ? facts.start_of(*time.day) : Second{0};
  return moved(time.day ? Span{at, at} : facts.event(time.event), time.sign, time.term, facts.calendar());
}

// Whether a < b. Two things that never happen can't be told apart.
Truth before(const Span& a, const Span& b) {
  if (a.from >= kNever && b.from >= kNever) return Truth::Unknown;
  if (a.to < b.from) return Truth::True;
  return a.from >= b.to ? Truth::False : Truth::Unknown;
}

std::string comma_list(const Words& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

Truth decide(const Test& test, const Facts& facts, Grounds& grounds) {
  using enum Test::Kind;
  switch (test.kind) {
    case Always: return Truth::True;
    case Never: return Truth::False;
    case Given: return truth(facts.given(test.name));
    case Reading: {
      if (grounds.is_kept) grounds.readings.insert(test.name);
      const auto choice = facts.reading(test.name);
      return truth(std::find(test.values.begin(), test.values.end(), choice) != test.values.end());
    }
    case Past: {
      const auto span = facts.event(test.name);
      const auto now = facts.instant();
      const auto out = span.to <= now ? Truth::True : span.from > now ? Truth::False : Truth::Unknown;
      if (!grounds.is_kept) return out;
      if (out == Truth::Unknown) grounds.questions.insert("when " + test.name + " was");
      else grounds.facts.insert(test.name + (span.known() && span.to < kNever ? " at " + to_text(span.to) : out == Truth::True ? " has happened" : " has not happened"));
      return out;
    }
    case Compare: {
      const auto left = span_of(test.left, facts), right = span_of(test.right, facts);
      Truth out = Truth::Unknown;
      switch (test.order) {
        case Test::Order::Before: out = before(left, right); break;
        case Test::Order::AtOrBefore: out = !before(right, left); break;
        case Test::Order::After: out = before(right, left); break;
        case Test::Order::AtOrAfter: out = !before(left, right); break;
      }
      if (!grounds.is_kept) return out;
      if (out == Truth::Unknown) grounds.questions.insert("whether " + test.text);
      else grounds.facts.insert((out == Truth::True ? "" : "not: ") + test.text);
      return out;
    }
    default: break;
  }
  const auto found = facts.fact(test.name);
  if (!found) {
    if (grounds.is_kept) grounds.questions.insert(test.name);
    return Truth::Unknown;
  }
  if (grounds.is_kept) grounds.facts.insert(test.name + " is " + (found->empty() ? "nothing" : comma_list(*found)));
  if (test.kind == Below || test.kind == AtLeast) {
    std::int64_t number = 0;
    if (found->size() != 1) return Truth::Unknown;
    const auto& text = found->front();
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) return Truth::Unknown;
    return truth(test.kind == Below ? number < test.number : number >= test.number);
  }
  for (const auto& have : *found)
    for (const auto& want : test.values)
      if (test.kind == Is ? have == want : facts.same_or_part(want, have)) return Truth::True;
  return Truth::False;
}

}  // namespace

Truth Condition::holds(int node, const Facts& facts, Grounds& grounds) const {
  const auto& n = nodes_[std::size_t(node)];
  switch (n.op) {
    case Op::Test: return decide(n.test, facts, grounds);
    case Op::Not: return !holds(n.a, facts, grounds);
    case Op::Known: return truth(holds(n.a, facts, grounds) == Truth::True);
    case Op::And:
    case Op::Or: break;
  }
  // A side that alone decides is the ground; what the other would have asked is nobody's question then.
  const auto decides = n.op == Op::And ? Truth::False : Truth::True;
  Grounds left, right;
  left.is_kept = right.is_kept = grounds.is_kept;
  const auto a = holds(n.a, facts, left);
  if (a == decides) return grounds.add(left), a;
  const auto b = holds(n.b, facts, right);
  if (b == decides) return grounds.add(right), b;
  grounds.add(left), grounds.add(right);
  return n.op == Op::And ? both(a, b) : either(a, b);
}

Truth Condition::holds(const Facts& facts, Grounds& grounds) const { return root_ < 0 ? Truth::True : holds(root_, facts, grounds); }

}  // namespace sluice::regimes
