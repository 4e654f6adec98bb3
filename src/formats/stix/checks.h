// The checks that warn, by the numbers and names of the OASIS STIX validator (facts of its documentation, BSD 3-clause).
#pragma once

#include <span>
#include <string_view>

namespace sluice::formats::stix {

struct CheckName {
  int number;
  std::string_view name;
};

std::span<const CheckName> all_checks();                 // groups among them: 1, 2, 210, 270
const CheckName* check_named(std::string_view text);     // by name or number; nullptr: there is none. "all" is none.
bool belongs_to(int number, int group);                  // a check to itself and to its groups

// Of the checks that code names.
namespace checks {
inline constexpr int kCustomPrefix = 101, kCustomPrefixLax = 102, kUuidCheck = 103, kOpenVocabFormat = 111, kKillChainNames = 121, kObservableObjectKeys = 141, kDictionaryKeys = 142,
                     kMalwareAnalysisProduct = 143, kWindowsProcessPriority = 149, kHashLength = 150, kMarkingDefinitionType = 201, kRelationshipTypes = 202, kDuplicateIds = 203, kHashAlgo = 241,
                     kMimeType = 271, kProtocols = 272, kIpfix = 273, kHttpRequestHeaders = 274, kSocketOptions = 275, kPdfDocInfo = 276, kCountries = 277, kNetworkTrafficPorts = 301,
                     kExtrefHashes = 302, kIndicatorProperties = 303, kDeprecatedProperties = 304, kExtensionDescription = 305, kExtensionProperties = 306, kExtensionsUse = 401;
}

}  // namespace sluice::formats::stix
