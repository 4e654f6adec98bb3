// Whether a string has the form of a URI, a purl, a CVE id and the like. Forms only: what they name may not exist.
#pragma once

#include <string>
#include <string_view>

namespace sluice::advisory {

bool is_uri(std::string_view text);            // scheme ':' something, no spaces or control characters
bool is_purl(std::string_view text);           // CSAF's pattern, and what the types of ECMA-427 demand
bool has_version(std::string_view purl);
std::string without_version(std::string_view purl);  // pkg:npm/a@1?x=y -> pkg:npm/a?x=y
bool is_cpe(std::string_view text);            // 2.3 formatted string or 2.2 URI, by CSAF's pattern
bool is_cve_id(std::string_view text);         // CVE-2021-44228
bool is_uuid4(std::string_view text);
bool is_language(std::string_view text);       // BCP 47 of language, script and region, each in the IANA registry: en, pt-BR, zh-Hant-TW
bool is_language_subtag(std::string_view word);  // these three in the registry's own case: zh, Hant, TW
bool is_script_subtag(std::string_view word);
bool is_region_subtag(std::string_view word);
bool is_english(std::string_view language);
bool is_vers_scheme(std::string_view text);

// A version in whose name a range hides ("all versions before 3"), the words of CSAF 2.0 §6.1.31.
bool names_a_range(std::string_view version);

}  // namespace sluice::advisory
