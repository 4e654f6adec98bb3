// Is this STIX 2.1? Every violated MUST is an error, every SHOULD a warning, each with its rule and its place.
//
// A JSON value in (one object, a list of objects, a bundle, or a TAXII envelope), findings out. Called by `sluice stix check` and by whatever takes objects in. The checks that are
// no rule of form have the names and numbers of the OASIS validator (checks.h), so that its options can be used here; what differs from it or from the
// official JSON schemas is listed in docs/formats/stix.md.
//
// Always holds
//   C1  A document is valid exactly if no finding is an error.
//   C2  A warning's rule ends with its check's name: "202 relationship-types". An error's begins with the section: "STIX 2.1 §2.9".
//   C3  What is found doesn't depend on the order of properties within an object.
//   C4  There are at most kMostFindings errors and as many warnings; that some were left out is a finding of its own, so errors are never crowded out.
#pragma once

#include <bitset>
#include <cstddef>
#include <set>
#include <string>

#include "base/findings.h"
#include "base/json.h"

namespace sluice::formats::stix {

inline constexpr std::size_t kMostFindings = 5000;

struct Check {
  bool strict = false;                        // every warning is an error
  std::set<std::string> disabled, enabled;    // names or numbers of checks (checks.h); if any is enabled, those alone
  bool strict_types = false;                  // no custom types
  bool strict_properties = false;             // no custom properties
  bool enforce_refs = false;                  // of a bundle: what is referred to is in it
  bool interop = false;                       // of a bundle: creators as the interoperability document wants them
  bool warnings = true;                       // without: errors alone, as where objects come in by the thousand
};

// A Check made ready, for many documents. Cheap to keep, safe to share.
class Checker {
 public:
  explicit Checker(const Check& check = {});

  Findings object(const json::object& object) const;      // one object by itself
  Findings document(const json::value& document) const;   // an object, a list of objects, a bundle, or a TAXII envelope

  bool wants(int number) const { return wanted_[static_cast<std::size_t>(number)]; }
  const Check& options() const { return check_; }

 private:
  Check check_;
  std::bitset<512> wanted_;
};

Findings check_object(const json::object& object, const Check& check = {});
Findings check_document(const json::value& document, const Check& check = {});

}  // namespace sluice::formats::stix
