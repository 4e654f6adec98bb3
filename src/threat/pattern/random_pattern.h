// Patterns drawn by lot, for tests: as the reader makes them (P3), with everything the grammar has.
#pragma once

#include <string>

#include "threat/pattern/pattern.h"

namespace sluice::threat::pattern {

// Draw is called with n and answers a number below n.
template <class Draw>
class RandomPattern {
 public:
  explicit RandomPattern(Draw draw) : draw_(std::move(draw)) {}

  Pattern pattern(PatternVersion version) {
    Pattern out;
    out.version = version;
    version_ = version;
    out.root = observation(3);
    return out;
  }

 private:
  template <class List>
  auto one_of(const List& list) { return list[draw_(std::size(list))]; }

  ObservationExpression observation(int deep) {
    using enum ObservationExpression::Kind;
    ObservationExpression out;
    out.kind = deep == 0 || draw_(2) == 0 ? Observation : static_cast<ObservationExpression::Kind>(1 + draw_(3));
    if (out.kind == Observation) {
      out.comparison = comparison(3);
    } else {
      const auto parts = 2 + draw_(2);
      while (out.parts.size() < parts) {
        auto part = observation(deep - 1);
        if (part.kind != out.kind || !part.qualifiers.empty()) out.parts.push_back(std::move(part));
      }
    }
    for (auto left = draw_(4) == 0 ? 1 + draw_(3) : 0; left > 0; --left) {
      auto one = qualifier();
      one.is_on_group = !out.qualifiers.empty() && draw_(2) == 0;
      out.qualifiers.push_back(std::move(one));
    }
    return out;
  }

  Qualifier qualifier() {
    Qualifier out;
    out.kind = static_cast<Qualifier::Kind>(draw_(3));
    switch (out.kind) {
      case Qualifier::Kind::StartStop: out.first = "2016-06-01T01:30:00Z", out.second = "2016-06-01T02:20:00.123456789Z"; break;
      case Qualifier::Kind::Within: out.first = one_of(std::to_array<const char*>({"5", "0.25", "1800"})); break;
      case Qualifier::Kind::Repeats: out.first = std::to_string(1 + draw_(1'000)); break;
    }
    return out;
  }

  ComparisonExpression comparison(int deep) {
    using enum ComparisonExpression::Kind;
    ComparisonExpression out;
    out.kind = deep == 0 || draw_(2) == 0 ? Test : static_cast<ComparisonExpression::Kind>(1 + draw_(2));
    if (out.kind == Test) {
      out.test = test();
      return out;
    }
    const auto parts = 2 + draw_(2);
    while (out.parts.size() < parts)
      if (auto part = comparison(deep - 1); part.kind != out.kind) out.parts.push_back(std::move(part));
    return out;
  }

  PropertyTest test() {
    using enum ComparisonOperator;
    PropertyTest out;
    out.path.type = one_of(std::to_array<const char*>({"file", "ipv4-addr", "x_t", "h", "b", "t", "x-acme--thing-", "AND-more"}));
    out.path.steps.push_back(property());
    for (auto left = draw_(4); left > 0; --left) out.path.steps.push_back(step());
    out.op = static_cast<ComparisonOperator>(draw_(version_ == PatternVersion::V20 ? 11 : 12));
    out.negated = draw_(3) == 0;
    const auto members = out.op == In ? draw_(4) : out.op == Exists ? 0 : 1;
    while (out.literals.size() < members) {
      auto next = literal();
      if (out.op >= Like && out.op != In) next.kind = Literal::Kind::String;
      if (out.op >= Less && out.op <= GreaterEqual && next.kind == Literal::Kind::Boolean) continue;
      out.literals.push_back(std::move(next));
    }
    return out;
  }

  PathStep property() { return {PathStep::Kind::Property, draw_(2) == 0 ? std::string(one_of(std::to_array<const char*>({"value", "hashes", "h", "IN", "true", "LAST", "a1", "_x"}))) : characters(), 0}; }
  PathStep step() {
    switch (draw_(3)) {
      case 0: return {PathStep::Kind::Index, {}, static_cast<std::int64_t>(draw_(20)) - 3};
      case 1: return {PathStep::Kind::All, {}, 0};
      default: return property();
    }
  }

  Literal literal() {
    using enum Literal::Kind;
    switch (static_cast<Literal::Kind>(draw_(7))) {
      case Integer: return {Integer, one_of(std::to_array<const char*>({"0", "-0", "7", "-12345678901234567890", "9223372036854775807"}))};
      case Float: return {Float, one_of(std::to_array<const char*>({"0.5", "-0.25", "12.50", "-3.0"}))};
      case Boolean: return {Boolean, draw_(2) == 0 ? "true" : "false"};
      case Timestamp: return {Timestamp, one_of(std::to_array<const char*>({"2016-06-01T01:30:00Z", "1999-12-31T23:59:60Z", "2020-02-31T00:00:00.5Z"}))};
      case Hex: return {Hex, one_of(std::to_array<const char*>({"", "00ff", "ab"}))};
      case Binary: return {Binary, one_of(std::to_array<const char*>({"YWI=", "YQ==", "////", "YWJjYQ=="}))};
      case String: break;
    }
    return {String, characters()};
  }

  std::string characters() {
    std::string out;
    for (auto left = draw_(6); left > 0; --left) out += one_of(std::to_array<const char*>({"a", "Z", "'", "\\", " ", "\n", "//", "/*", "]", "é", "\u2003", "😀", "%", "0", "-", "."}));
    return out;
  }

  Draw draw_;
  PatternVersion version_ = PatternVersion::V21;
};

}  // namespace sluice::threat::pattern
