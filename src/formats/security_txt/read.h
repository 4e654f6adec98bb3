// A security.txt as somebody else's server gives it (RFC 9116): hostile text in, fields and findings out.
//
// Called by the look-up of a vendor's contact (service/vendor_contact.h) and by `sluice securitytxt check`. What is found is shown to people, who decide
// whom to write to; nothing named in a file is fetched, and no signature is verified: that needs a key which somebody trusts.
//
// Always holds
//   T1  Reading never fails: what could be read comes with all that is wrong, each finding with its line ("line 3"; "" = the whole) and the RFC's clause.
//   T2  Limits come first (§5.4): a file over its limit has no fields, a line over its limit is none. Every value is UTF-8 without control characters.
//   T3  The order of fields of one name is the file's order, which for contacts is the order of preference (§2.5.3).
//   T4  Within an OpenPGP cleartext signature only what is signed is read: not its headers, nor what stands before or behind it.
#pragma once

#include <optional>
#include <string_view>

#include "base/findings.h"
#include "base/time.h"

namespace sluice::formats::security_txt {

struct Limits {
  std::size_t bytes = 32 << 10;                    // §5.4 suggests both of these
  std::size_t line = 2048;
  std::size_t lines = 1000;
  std::size_t findings = 100;
};

struct Field {
  std::string name;                                // as the registry writes it, whatever its case in the file; an unknown one as it came
  std::string value;
  int line = 0;
};

struct File {
  std::vector<Field> fields;
  bool is_signed = false;                          // it says so; never verified here

  std::vector<std::string> all(std::string_view name) const;
  std::vector<std::string> languages() const;      // of Preferred-Languages; in no order of preference (§2.5.8)
  std::optional<Instant> expires() const;          // the one there is, if it is an instant
};

struct Read {
  File file;
  Findings findings;
};

// Of the text alone. `check` adds what depends on the moment, and where it was found if that is known (an absolute URL).
Read read(std::string_view bytes, const Limits& limits = {});
Findings check(const Read& read, Instant now, std::string_view found_at = {});

}  // namespace sluice::formats::security_txt
