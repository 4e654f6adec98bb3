// What is wrong with a document: a value, all of it at once, not an error. Reading gives what could be read plus findings.
#pragma once

#include <algorithm>
#include <boost/describe.hpp>
#include <string>
#include <vector>

namespace sluice {

enum class Severity { Error, Warning, Information };
BOOST_DESCRIBE_ENUM(Severity, Error, Warning, Information)

struct Finding {
  Severity severity = Severity::Error;
  std::string rule;     // "6.1.14", "schema", "STIX 2.1 §3.2"
  std::string where;    // JSON Pointer, or "line 3" of plain text; "" = the whole
  std::string message;  // for a person: what is wrong and what would be right
};
BOOST_DESCRIBE_STRUCT(Finding, (), (severity, rule, where, message))

using Findings = std::vector<Finding>;

inline bool is_valid(const Findings& findings) {
  return std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == Severity::Error; });
}

}  // namespace sluice
