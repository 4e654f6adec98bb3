// LIKE and MATCHES: wildcards and regular expressions over text that came from outside, under limits, and the one normal form that both compare in.
//
// Called by match.h and check.h. The only file of the project that sees PCRE2, and of its room that sees utf8proc, is text_match.cpp.
//
// Always holds
//   X1  No expression and no text takes more than a bounded number of steps: is_like, compile and found_in say TooLarge instead of going on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct pcre2_real_code_8;

namespace sluice::threat::pattern {

std::string nfc(std::string_view text);  // UTF-8 in Unicode's Normalization Form C

// Whether all of the text fits: '%' stands for any characters, none too, '_' for exactly one; there is no escape for them (STIX 2.1 §9.6.1). Capitals count.
Result<bool> is_like(std::string_view text, std::string_view wildcards);

enum class Over : std::uint8_t { Text, Bytes };  // Bytes: of what was hex or base64; a sign above 255 fits none

// Whether capitals don't count in it while it has ranges of signs beyond ASCII: PCRE2 goes through those sign by sign when it reads the expression, so that a few letters cost what a long text does.
bool is_dear(std::string_view expression);

class Regex {
 public:
  // Invalid: it is no PCRE; `where` names the byte. TooLarge: it is larger than one may be here.
  static Result<Regex> compile(std::string_view expression, Over over);
  // Somewhere in it; '.' is any character, line ends too. TooLarge: more steps than are allowed.
  Result<bool> found_in(std::string_view subject) const;

 private:
  struct Free { void operator()(pcre2_real_code_8* code) const; };
  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

// The text's characters as bytes, where all are below 256: what binary values are compared with.
bool to_octets(std::string_view text, std::string& out);

}  // namespace sluice::threat::pattern
