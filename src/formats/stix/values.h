// Whether a text has the form that a value of STIX must have. Forms only, by hand rather than by regular expressions, since every object passes here.
#pragma once

#include <string_view>

namespace sluice::formats::stix {

bool is_timestamp(std::string_view text);             // §2.15: 2016-01-20T12:31:12.123Z, a day that there is
int fraction_digits(std::string_view timestamp);      // of a well-formed one
int compare_timestamps(std::string_view a, std::string_view b);   // -1, 0, 1; of well-formed ones, to their last digit

bool is_property_name(std::string_view text);         // §3.1: [a-z][a-z0-9_]{2,249}, and id
bool is_dictionary_key(std::string_view text);        // §2.3: [A-Za-z0-9_-]{1,250}
bool is_hex_text(std::string_view text);              // §2.8: pairs of digits, at least one
bool is_base64_text(std::string_view text);           // §2.1: standard alphabet, padded
bool is_url(std::string_view text);                   // an absolute URI, RFC 3986
bool is_open_word(std::string_view text);             // §2.13: no capitals, spaces or underscores, and a letter in it
bool is_name_with_hyphens(std::string_view text);     // [a-z0-9-]+

bool is_uuid_of_rfc4122(std::string_view uuid);       // of one with the right characters: version 1 to 5, variant 8 to b
bool is_hash_value(std::string_view algorithm, std::string_view value);   // of an algorithm that isn't known: anything

bool is_ipv4(std::string_view text);                  // also with /0 to /32
bool is_ipv6(std::string_view text);                  // also with /0 to /128, and a zone
bool is_mac(std::string_view text);                   // lower case, colons
bool is_domain(std::string_view text);                // labels of 1 to 63; letters, digits, hyphens, underscores, and whatever isn't ASCII
bool is_email(std::string_view text);
bool is_media_type(std::string_view text);            // a registered top-level type and a subtype
bool is_charset_name(std::string_view text);          // letters, digits and the signs that registered names have
bool is_cpe23(std::string_view text);
bool is_language_code(std::string_view text);         // RFC 5646; also the three letters of ISO 639-2
bool is_selector(std::string_view text);              // §7.2.3.1

}  // namespace sluice::formats::stix
