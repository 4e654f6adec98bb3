#include "threat/pattern/check.h"

#include <algorithm>
#include <set>

#include "threat/pattern/constant.h"
#include "threat/pattern/networks.h"
#include "threat/pattern/text_match.h"

namespace sluice::threat {

namespace pattern {
namespace {

// Hex digits of a hash, by its name in capitals without '-'. Others have no fixed length, or no hex.
struct HashForm { std::string_view name; std::size_t digits; };
constexpr HashForm kHashForms[] = {{"MD5", 32}, {"RIPEMD160", 40}, {"SHA1", 40}, {"SHA224", 56}, {"SHA256", 64}, {"SHA384", 96}, {"SHA512", 128},
                                   {"SHA3224", 56}, {"SHA3256", 64}, {"SHA3384", 96}, {"SHA3512", 128}, {"WHIRLPOOL", 128}};

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// As the validator has them: words of small letters and digits joined by single hyphens, one more before and behind allowed, 3 to 250 long.
bool is_type_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 250) return false;
  if (name.front() == '-') name.remove_prefix(1);
  if (!name.empty() && name.back() == '-') name.remove_suffix(1);
  if (name.empty() || !is_lower_or_digit(name.front()) || !is_lower_or_digit(name.back())) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; }) && name.find("--") == std::string_view::npos;
}
bool is_property_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 250 && std::all_of(name.begin(), name.end(), [](char c) { return is_lower_or_digit(c) || c == '_'; });
}
// x-source-name with both parts, or x-name.
bool has_prefix(std::string_view name, char joint) { return name.size() > 2 && name[0] == 'x' && name[1] == joint; }
bool has_source_prefix(std::string_view name, char joint) {
  if (!has_prefix(name, joint)) return false;
  const auto second = name.find(joint, 3);
  return second != std::string_view::npos && second + 1 < name.size();
}

class PatternChecker {
 public:
  PatternChecker(std::string_view text, const PatternCheck& check, Findings& findings) : text_(text), check_(check), findings_(findings) {}

  void observation_expression(const ObservationExpression& expression) {
    if (expression.kind == ObservationExpression::Kind::Observation) {
      each_test(expression.comparison, [this](const PropertyTest& test) { property_test(test); });
      root_types(expression.comparison);
    }
    for (const auto& part : expression.parts) observation_expression(part);
    qualifiers(expression);
  }

 private:
  void add(Severity severity, std::string rule, std::size_t at, std::string message) { findings_.push_back({severity, std::move(rule), place_of(text_, at), std::move(message)}); }

  static std::size_t first_at(const ObservationExpression& expression) {
    return expression.parts.empty() ? first_at(expression.comparison) : first_at(expression.parts.front());
  }
  static std::size_t first_at(const ComparisonExpression& expression) { return expression.parts.empty() ? expression.test.at : first_at(expression.parts.front()); }

  // STIX 2.1 §9.5.1: one of each kind on an expression.
  void qualifiers(const ObservationExpression& expression) {
    constexpr std::string_view kRule = "STIX 2.1 §9.5.1";
    const auto at = first_at(expression);
    std::set<Qualifier::Kind> seen;
    for (const auto& one : expression.qualifiers) {
      if (one.is_on_group) seen.clear();
      if (!seen.insert(one.kind).second) add(Severity::Error, std::string(kRule), at, "An observation expression has one START … STOP, one WITHIN and one REPEATS at most; this one has two of a kind.");
      switch (one.kind) {
        case Qualifier::Kind::Within:
        case Qualifier::Kind::Repeats:
          if (one.first.find_first_of("123456789") == std::string::npos)
            add(Severity::Error, std::string(kRule), at, one.kind == Qualifier::Kind::Within ? "WITHIN takes more than 0 seconds." : "REPEATS takes at least one time.");
          break;
        case Qualifier::Kind::StartStop: {
          timestamp(one.first, at);
          timestamp(one.second, at);
          const auto start = time_of(one.first), stop = time_of(one.second);
          if (start && stop && *stop <= *start) add(Severity::Warning, std::string(kRule), at, "STOP isn't later than START, so nothing can lie between them.");
          break;
        }
      }
    }
  }

  void timestamp(const std::string& text, std::size_t at) {
    if (!time_of(text)) add(Severity::Error, "STIX 2.1 §9.2", at, "There is no such day: " + text + ".");
  }

  // STIX 2.1 §9.6: comparisons joined by AND are asked of one object. The types of which some object could fit; none: nothing can.
  std::set<std::string_view> root_types(const ComparisonExpression& expression) {
    using enum ComparisonExpression::Kind;
    if (expression.kind == Test) return {expression.test.path.type};
    std::set<std::string_view> out;
    bool is_first = true, is_hopeless = false;
    for (const auto& part : expression.parts) {
      const auto types = root_types(part);
      if (expression.kind == Or || is_first) {
        out.insert(types.begin(), types.end());
        is_hopeless = expression.kind == And && types.empty();
      } else if (types.empty()) {
        is_hopeless = true;  // said already
      } else if (!is_hopeless) {
        std::erase_if(out, [&types](std::string_view type) { return !types.contains(type); });
        if (out.empty()) {
          is_hopeless = true;
          add(Severity::Error, "STIX 2.1 §9.6", first_at(part), "Comparisons joined by AND are asked of one object, so they must begin with the same type; '" + std::string(*types.begin()) + "' is another. Several observations are joined outside the brackets.");
        }
      }
      is_first = false;
    }
    if (is_hopeless) out.clear();
    return out;
  }

  void property_test(const PropertyTest& test) {
    object_type(test);
    property(test);
    for (const auto& step : test.path.steps)
      if (step.kind == PathStep::Kind::Index && step.index < 0) add(Severity::Warning, "STIX 2.1 §9.7.2", test.at, "A list's first member has the index 0; a negative one reaches nothing.");
    for (const auto& literal : test.literals)
      if (literal.kind == Literal::Kind::Timestamp) timestamp(literal.text, test.at);
    operands(test);
    hashes(test);
  }

  void object_type(const PropertyTest& test) {
    const auto& type = test.path.type;
    if (!check_.known.is_type || check_.known.is_type(type) || !told_.insert(type).second) return;
    if (check_.strict_types) add(Severity::Error, "pattern", test.at, "'" + type + "' is no observable of STIX.");
    else if (!is_type_name(type)) add(Severity::Error, "pattern", test.at, "'" + type + "' can't be the name of an observable: small letters and digits, joined by single hyphens, 3 to 250 of them.");
    else if (check_.custom_prefix && !has_source_prefix(type, '-')) add(Severity::Error, "101", test.at, "'" + type + "' is no observable of STIX; one of somebody's own begins with x-, a source and a hyphen.");
    else if (check_.custom_prefix_lax && !has_prefix(type, '-')) add(Severity::Error, "102", test.at, "'" + type + "' is no observable of STIX; one of somebody's own begins with x-.");
  }

  void property(const PropertyTest& test) {
    const auto& type = test.path.type;
    const auto& name = test.path.steps.front().name;
    if (!check_.known.has_property || check_.known.has_property(type, name) || !told_.insert(type + ":" + name).second) return;
    // STIX 2.1 §11.2: an object of somebody's own has properties of its own.
    const bool is_known_type = !check_.known.is_type || check_.known.is_type(type);
    if (!is_known_type && is_property_name(name)) return;
    if (check_.strict_properties && is_known_type) add(Severity::Error, "pattern", test.at, "'" + name + "' is no property of '" + type + "'.");
    else if (!is_property_name(name)) add(Severity::Error, "pattern", test.at, "'" + name + "' can't be the name of a property: small letters, digits and '_', 3 to 250 of them.");
    else if (check_.custom_prefix && !has_source_prefix(name, '_')) add(Severity::Error, "101", test.at, "'" + name + "' is no property of '" + type + "'; one of somebody's own begins with x_, a source and '_'.");
    else if (check_.custom_prefix_lax && !has_prefix(name, '_')) add(Severity::Error, "102", test.at, "'" + name + "' is no property of '" + type + "'; one of somebody's own begins with x_.");
  }

  // STIX 2.1 §9.6.1: what stands behind each operator.
  void operands(const PropertyTest& test) {
    constexpr std::string_view kRule = "STIX 2.1 §9.6.1";
    switch (test.op) {
      case ComparisonOperator::Matches:
        if (is_dear(test.literals.front().text)) {   // who sends many objects would have us read each for milliseconds
          add(Severity::Warning, std::string(kRule), test.at, "Whether this is an expression of PCRE was not looked at: ranges beyond ASCII where capitals don't count take too long to read.");
          break;
        }
        if (const auto regex = Regex::compile(test.literals.front().text, Over::Text); !regex)
          add(regex.error().kind == ErrorKind::Invalid ? Severity::Error : Severity::Warning, std::string(kRule), test.at, regex.error().message);
        break;
      case ComparisonOperator::IsSubset:
      case ComparisonOperator::IsSuperset:
        if (!network_of(test.literals.front().text)) add(Severity::Error, std::string(kRule), test.at, "Behind " + std::string(to_text(test.op)) + " stands an address or a network of IPv4 or IPv6, such as 198.51.100.0/24.");
        break;
      case ComparisonOperator::In: {
        if (test.literals.empty()) add(Severity::Warning, std::string(kRule), test.at, "Nothing is in a set without members.");
        std::set<int> kinds;
        for (const auto& literal : test.literals) kinds.insert(static_cast<int>(literal.kind == Literal::Kind::Float ? Literal::Kind::Integer : literal.kind));
        if (kinds.size() > 1) add(Severity::Warning, "STIX 2.1 §9.2", test.at, "The members of a set are of one type.");
        break;
      }
      default: break;
    }
  }

  void hashes(const PropertyTest& test) {
    const auto& steps = test.path.steps;
    const bool is_whole = test.op == ComparisonOperator::Equal || test.op == ComparisonOperator::NotEqual || test.op == ComparisonOperator::In;
    if (!is_whole || steps.back().kind != PathStep::Kind::Property || std::none_of(steps.begin(), steps.end(), [](const PathStep& step) { return step.name == "hashes"; })) return;
    std::string name;
    for (const char c : steps.back().name)
      if (c != '-') name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    const auto* form = std::find_if(std::begin(kHashForms), std::end(kHashForms), [&name](const HashForm& one) { return one.name == name; });
    if (form == std::end(kHashForms)) return;
    for (const auto& literal : test.literals) {
      const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
      if (literal.kind == Literal::Kind::String && literal.text.size() == form->digits && std::all_of(literal.text.begin(), literal.text.end(), is_hex)) continue;
      add(Severity::Error, "STIX 2.1 §2.7", test.at, "A hash of " + steps.back().name + " is a string of " + std::to_string(form->digits) + " hex digits.");
    }
  }

  std::string_view text_;
  const PatternCheck& check_;
  Findings& findings_;
  std::set<std::string> told_;
};

}  // namespace
}  // namespace pattern

Findings check_pattern(std::string_view text, const PatternCheck& check) {
  Findings out;
  const auto pattern = parse_pattern(text, check.version, check.limits);
  if (!pattern) {
    out.push_back({Severity::Error, "pattern", pattern.error().where, pattern.error().message});
    return out;
  }
  pattern::PatternChecker(text, check, out).observation_expression(pattern->root);
  return out;
}

}  // namespace sluice::threat
