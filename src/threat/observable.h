// The value of an observable in one spelling, so that the same address, name or hash is found again however it was written.
//
// Always holds
//   V1  normalised(kind, x) = y  implies  normalised(y.kind, y.text) = y.
//   V2  What isn't a value of its kind gives nothing: no guess is stored as if it had been sent.
//   V3  A spelling is never ambiguous: an IPv4 part with a leading zero (octal to some readers, decimal to others) is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sluice::threat {

// kind: the STIX type where that has one value ("ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr", "mac-addr", "autonomous-system", "mutex",
// "windows-registry-key", "directory"); "hash:SHA-256" and so on by algorithm; "file-name"; "vulnerability" (a CVE id).
struct Value {
  std::string kind;
  std::string text;
  auto operator<=>(const Value&) const = default;
};

inline constexpr std::size_t kMostValueLength = 8192;     // longer texts are no values
inline constexpr std::size_t kMostValuesOfObject = 1000;  // of one object; the rest is not looked up by value

// Takes defanged spellings too (hxxp, [.], (dot), [at]). "hash" as kind: the algorithm by its length. The answer's kind may be more exact than was asked:
// an IPv6 address inside ::ffff:0:0/96 is an ipv4-addr, and so is a domain-name that is an address. Names of files, folders and registry keys are found
// in any ASCII case. A name in Unicode becomes its A-labels (UTS #46 non-transitional, IDNA 2008); one that IDNA 2008 refuses gives nothing.
std::optional<Value> normalised(std::string_view kind, std::string_view text);

// What an object is about, for look-up and for joining: of observables their own values, of indicators the values their pattern compares with by equality
// or as a set, not negated; of vulnerabilities their CVE ids; of observed-data those of its (deprecated) embedded objects. Sorted, each once.
std::vector<Value> values_of(const json::object& stix_object);

}  // namespace sluice::threat
