#include "threat/pattern/observe.h"

#include <algorithm>
#include <span>

namespace sluice::threat::pattern {

namespace {

std::string_view view_of(const json::string& text) { return {text.data(), text.size()}; }

// Bytes as the characters of the same numbers, in UTF-8: what LIKE compares binary values by.
std::string text_of_octets(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

class Asking {
 public:
  Asking(const json::object& objects, const ReadyTests& tests, Effort& effort) : objects_(objects), tests_(tests), effort_(effort) {}

  // STIX 2.1 §9.6: what is joined in one observation is asked of one object.
  bool fits(const ComparisonExpression& expression, const json::value& root) {
    using enum ComparisonExpression::Kind;
    const auto part_fits = [this, &root](const ComparisonExpression& part) { return fits(part, root); };
    switch (expression.kind) {
      case And: return std::all_of(expression.parts.begin(), expression.parts.end(), part_fits);
      case Or: return std::any_of(expression.parts.begin(), expression.parts.end(), part_fits);
      case Test: return holds(expression.test, root);
    }
    return false;
  }

 private:
  bool holds(const PropertyTest& test, const json::value& root) {
    if (!effort_.spend() || string_at(root, "type") != test.path.type) return false;  // M1
    if (test.op == ComparisonOperator::Exists) {
      const bool is_there = any_value(root, test.path.steps, {}, [](const json::value&) { return true; });
      return is_there != test.negated;
    }
    const auto& ready = tests_.at(&test);
    return any_value(root, test.path.steps, {}, [this, &test, &ready](const json::value& value) { return is_true_of(test, ready, value) != test.negated; });
  }

  // Whether f holds for some value that the steps reach. `from` is the property whose value, or whose list's member, this is.
  template <class F>
  bool any_value(const json::value& value, std::span<const PathStep> steps, std::string_view from, const F& f) {
    if (!effort_.spend()) return false;
    if (steps.empty()) return f(value);
    const auto& step = steps.front();
    const auto rest = steps.subspan(1);
    switch (step.kind) {
      case PathStep::Kind::Property: {
        const json::value* at = &value;
        // STIX 2.1 §9.7.4: a reference is followed by naming a property of what it points to.
        if (at->is_string() && (from.ends_with("_ref") || from.ends_with("_refs"))) at = objects_.if_contains(view_of(at->get_string()));
        const auto* object = at == nullptr ? nullptr : at->if_object();
        const auto* next = object == nullptr ? nullptr : object->if_contains(step.name);
        return next != nullptr && any_value(*next, rest, step.name, f);
      }
      case PathStep::Kind::Index: {
        const auto* list = value.if_array();
        return list != nullptr && step.index >= 0 && static_cast<std::uint64_t>(step.index) < list->size() && any_value((*list)[static_cast<std::size_t>(step.index)], rest, from, f);
      }
      case PathStep::Kind::All: {
        const auto* list = value.if_array();
        return list != nullptr && std::any_of(list->begin(), list->end(), [this, rest, from, &f](const json::value& member) { return any_value(member, rest, from, f); });
      }
    }
    return false;
  }

  bool is_true_of(const PropertyTest& test, const ReadyTest& ready, const json::value& value) {
    using enum ComparisonOperator;
    const auto to_constant = [&value, &ready] { return order(value, ready.encoding, ready.constants.front()); };
    switch (test.op) {
      case Equal: return to_constant() == 0;
      case NotEqual: return to_constant() != 0;  // types that don't go together too (M2)
      case Less: return to_constant() < 0;
      case LessEqual: return to_constant() <= 0;
      case Greater: return to_constant() > 0;
      case GreaterEqual: return to_constant() >= 0;
      case In: return std::any_of(ready.constants.begin(), ready.constants.end(), [&value, &ready](const Constant& one) { return order(value, ready.encoding, one) == 0; });
      case Like:
      case Matches: return fits_text(test.op, ready, value);
      case IsSubset:
      case IsSuperset: {
        const auto network = value.is_string() ? network_of(view_of(value.get_string())) : std::nullopt;
        if (!network || !ready.network) return false;
        return test.op == IsSubset ? is_subset(*network, *ready.network) : is_subset(*ready.network, *network);
      }
      case Exists: return true;
    }
    return false;
  }

  bool fits_text(ComparisonOperator op, const ReadyTest& ready, const json::value& value) {
    if (!value.is_string()) return false;
    const auto text = view_of(value.get_string());
    std::string subject;
    if (ready.encoding == Encoding::Plain) {
      subject = nfc(text);  // STIX 2.1 §9.6.1: LIKE and MATCHES compare in NFC
    } else if (auto octets = decoded(text, ready.encoding)) {
      subject = op == ComparisonOperator::Like ? text_of_octets(*octets) : std::move(*octets);
    } else {
      return false;
    }
    if (op == ComparisonOperator::Matches && !ready.regex) return false;
    auto found = op == ComparisonOperator::Like ? is_like(subject, ready.wildcards) : ready.regex->found_in(subject);
    if (found) return *found;
    if (!effort_.error) effort_.error = std::move(found).error();
    effort_.left = 0;
    return false;
  }

  const json::object& objects_;
  const ReadyTests& tests_;
  Effort& effort_;
};

}  // namespace

Result<ReadyTest> ready(const PropertyTest& test) {
  ReadyTest out;
  out.encoding = encoding_of(test.path);
  switch (test.op) {
    case ComparisonOperator::Exists: break;
    case ComparisonOperator::Like: out.wildcards = nfc(test.literals.front().text); break;
    case ComparisonOperator::Matches: {
      const auto over = out.encoding == Encoding::Plain ? Over::Text : Over::Bytes;
      const auto& expression = test.literals.front().text;
      if (std::string octets; over == Over::Bytes && !to_octets(expression, octets)) break;
      TRY(auto regex, Regex::compile(over == Over::Text ? nfc(expression) : expression, over));
      out.regex = std::move(regex);
      break;
    }
    case ComparisonOperator::IsSubset:
    case ComparisonOperator::IsSuperset: out.network = network_of(test.literals.front().text); break;
    default:
      for (const auto& literal : test.literals) out.constants.push_back(constant_of(literal));
  }
  return out;
}

bool fits(const ComparisonExpression& expression, const json::object& objects, const ReadyTests& tests, Effort& effort) {
  Asking asking(objects, tests, effort);
  return std::any_of(objects.begin(), objects.end(), [&asking, &expression](const auto& one) { return asking.fits(expression, one.value()); });
}

}  // namespace sluice::threat::pattern
