#include "formats/stix/checks.h"

#include <algorithm>
#include <charconv>

namespace sluice::formats::stix {

namespace {

constexpr CheckName kChecks[] = {
    {1, "format-checks"},
    {101, "custom-prefix"},
    {102, "custom-prefix-lax"},
    {103, "uuid-check"},
    {111, "open-vocab-format"},
    {121, "kill-chain-names"},
    {141, "observable-object-keys"},
    {142, "observable-dictionary-keys"},
    {143, "malware-analysis-product"},
    {149, "windows-process-priority-format"},
    {150, "hash-length"},
    {2, "approved-values"},
    {201, "marking-definition-type"},
    {202, "relationship-types"},
    {203, "duplicate-ids"},
    {210, "all-vocabs"},
    {211, "attack-motivation"},
    {212, "attack-resource-level"},
    {213, "identity-class"},
    {214, "indicator-types"},
    {215, "industry-sector"},
    {216, "malware-types"},
    {218, "report-types"},
    {219, "threat-actor-types"},
    {220, "threat-actor-role"},
    {221, "threat-actor-sophistication"},
    {222, "tool-types"},
    {223, "region"},
    {225, "grouping-context"},
    {226, "implementation-languages"},
    {227, "infrastructure-types"},
    {228, "malware-capabilities"},
    {230, "processor-architecture"},
    {231, "malware-result"},
    {241, "hash-algo"},
    {243, "windows-pebinary-type"},
    {244, "account-type"},
    {245, "indicator-pattern-types"},
    {270, "all-external-sources"},
    {271, "mime-type"},
    {272, "protocols"},
    {273, "ipfix"},
    {274, "http-request-headers"},
    {275, "socket-options"},
    {276, "pdf-doc-info"},
    {277, "countries"},
    {301, "network-traffic-ports"},
    {302, "extref-hashes"},
    {303, "indicator-properties"},
    {304, "deprecated-properties"},
    {305, "extension-description"},
    {306, "extension-properties"},
    {401, "extensions-use"},
};

}  // namespace

std::span<const CheckName> all_checks() { return kChecks; }

const CheckName* check_named(std::string_view text) {
  int number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = ec == std::errc{} && end == text.data() + text.size();
  const auto* found = std::find_if(std::begin(kChecks), std::end(kChecks), [&](const CheckName& one) { return is_number ? one.number == number : one.name == text; });
  return found == std::end(kChecks) ? nullptr : found;
}

bool belongs_to(int number, int group) {
  if (number == group) return true;
  if (group == 1 || group == 2) return number / 100 == group;
  if (group == 210) return number >= 210 && number < 270;
  return group == 270 && number >= 270 && number < 300;
}

}  // namespace sluice::formats::stix
