// Tree to text. What it writes reads again as the same tree (P1).
#include "threat/pattern/lexer.h"
#include "threat/pattern/pattern.h"

namespace sluice::threat {

namespace pattern {
namespace {

constexpr std::string_view kOperatorWords[] = {"=", "!=", "<", "<=", ">", ">=", "IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET", "EXISTS"};

void append_quoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  out += '\'';
}

void append(std::string& out, const Literal& literal) {
  using enum Literal::Kind;
  switch (literal.kind) {
    case String: return append_quoted(out, literal.text);
    case Timestamp: out += 't'; break;
    case Hex: out += 'h'; break;
    case Binary: out += 'b'; break;
    case Integer:
    case Float:
    case Boolean: out += literal.text; return;
  }
  out += '\'';
  out += literal.text;
  out += '\'';
}

void append_steps(std::string& out, const std::vector<PathStep>& steps) {
  bool is_first = true;
  for (const auto& step : steps) {
    switch (step.kind) {
      case PathStep::Kind::Property:
        if (!is_first) out += '.';
        if (is_plain_name(step.name)) out += step.name;
        else append_quoted(out, step.name);
        break;
      case PathStep::Kind::Index: out += '[' + std::to_string(step.index) + ']'; break;
      case PathStep::Kind::All: out += "[*]"; break;
    }
    is_first = false;
  }
}

void append(std::string& out, const ObjectPath& path) {
  out += path.type;
  out += ':';
  append_steps(out, path.steps);
}

void append(std::string& out, const PropertyTest& test) {
  if (test.op == ComparisonOperator::Exists) {
    out += test.negated ? "NOT EXISTS " : "EXISTS ";
    return append(out, test.path);
  }
  append(out, test.path);
  out += test.negated ? " NOT " : " ";
  out += to_text(test.op);
  out += ' ';
  if (test.op != ComparisonOperator::In) return append(out, test.literals.front());
  out += '(';
  for (std::size_t i = 0; i < test.literals.size(); ++i) {
    if (i > 0) out += ", ";
    append(out, test.literals[i]);
  }
  out += ')';
}

void append(std::string& out, const ComparisonExpression& expression) {
  using enum ComparisonExpression::Kind;
  if (expression.kind == Test) return append(out, expression.test);
  for (std::size_t i = 0; i < expression.parts.size(); ++i) {
    const auto& part = expression.parts[i];
    if (i > 0) out += expression.kind == And ? " AND " : " OR ";
    const bool is_looser = expression.kind == And && part.kind == Or;
    if (is_looser) out += '(';
    append(out, part);
    if (is_looser) out += ')';
  }
}

void append(std::string& out, const Qualifier& one, PatternVersion version) {
  const std::string_view prefix = version == PatternVersion::V20 ? "'" : "t'";
  switch (one.kind) {
    case Qualifier::Kind::StartStop: ((((out += " START ") += prefix) += one.first) += "' STOP ") += prefix; (out += one.second) += '\''; break;
    case Qualifier::Kind::Within: ((out += " WITHIN ") += one.first) += " SECONDS"; break;
    case Qualifier::Kind::Repeats: ((out += " REPEATS ") += one.first) += " TIMES"; break;
  }
}

void append(std::string& out, const ObservationExpression& expression, PatternVersion version) {
  using enum ObservationExpression::Kind;
  // Each qualifier on a group closes a parenthesis that begins here.
  for (const auto& one : expression.qualifiers)
    if (one.is_on_group) out += '(';
  const bool is_compound = expression.kind != Observation && !expression.qualifiers.empty();
  if (is_compound) out += '(';
  if (expression.kind == Observation) {
    out += '[';
    append(out, expression.comparison);
    out += ']';
  }
  for (std::size_t i = 0; i < expression.parts.size(); ++i) {
    const auto& part = expression.parts[i];
    if (i > 0) out += expression.kind == And ? " AND " : expression.kind == Or ? " OR " : " FOLLOWEDBY ";
    const bool is_looser = part.qualifiers.empty() && part.kind != Observation && part.kind > expression.kind;
    if (is_looser) out += '(';
    append(out, part, version);
    if (is_looser) out += ')';
  }
  if (is_compound) out += ')';
  for (const auto& one : expression.qualifiers) {
    if (one.is_on_group) out += ')';
    append(out, one, version);
  }
}

}  // namespace
}  // namespace pattern

static_assert(ObservationExpression::Kind::And < ObservationExpression::Kind::Or && ObservationExpression::Kind::Or < ObservationExpression::Kind::FollowedBy);  // from close to loose

std::string_view to_text(ComparisonOperator op) { return pattern::kOperatorWords[static_cast<std::size_t>(op)]; }

std::string to_text(const ObjectPath& path) {
  std::string out;
  pattern::append(out, path);
  return out;
}

std::string to_text(const Pattern& pattern) {
  std::string out;
  pattern::append(out, pattern.root, pattern.version);
  return out;
}

std::string to_text(const std::vector<PathStep>& steps) {
  std::string out;
  pattern::append_steps(out, steps);
  return out;
}

}  // namespace sluice::threat
