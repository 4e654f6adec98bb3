// The vocabularies, STIX 2.1 §10: open ones (…-ov) suggest words, closed ones (…-enum) are all there is.
#include <algorithm>
#include <array>

#include "threat/stix_tables.h"

namespace sluice::threat::stix {

namespace {

template <class... W>
consteval std::array<std::string_view, sizeof...(W)> sorted_words(W... words) {
  std::array<std::string_view, sizeof...(W)> out{words...};
  std::sort(out.begin(), out.end());
  return out;
}

// clang-format off
constexpr auto kWordsOfAccountType = sorted_words(
    "facebook", "ldap", "nis", "openid", "radius", "skype", "tacacs", "twitter", "unix", "windows-local", "windows-domain");
constexpr auto kWordsOfAttackMotivation = sorted_words(
    "accidental", "coercion", "dominance", "ideology", "notoriety", "organizational-gain", "personal-gain", "personal-satisfaction", "revenge",
    "unpredictable");
constexpr auto kWordsOfAttackResourceLevel = sorted_words(
    "individual", "club", "contest", "team", "organization", "government");
constexpr auto kWordsOfEncryptionAlgorithm = sorted_words(
    "AES-256-GCM", "ChaCha20-Poly1305", "mime-type-indicated");
constexpr auto kWordsOfExtensionType = sorted_words(
    "new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension");
constexpr auto kWordsOfGroupingContext = sorted_words(
    "suspicious-activity", "malware-analysis", "unspecified");
constexpr auto kWordsOfHashAlgorithm = sorted_words(
    "MD5", "SHA-1", "SHA-256", "SHA-512", "SHA3-256", "SHA3-512", "SSDEEP", "TLSH");
constexpr auto kWordsOfIdentityClass = sorted_words(
    "individual", "group", "system", "organization", "class", "unknown");
constexpr auto kWordsOfImplementationLanguage = sorted_words(
    "applescript", "bash", "c", "c++", "c#", "go", "java", "javascript", "lua", "objective-c", "perl", "php", "powershell", "python", "ruby", "rust",
    "scala", "swift", "typescript", "visual-basic", "x86-32", "x86-64");
constexpr auto kWordsOfIndicatorType = sorted_words(
    "anomalous-activity", "anonymization", "benign", "compromised", "malicious-activity", "attribution", "unknown");
constexpr auto kWordsOfIndustrySector = sorted_words(
    "agriculture", "aerospace", "automotive", "chemical", "commercial", "communications", "construction", "defense", "education", "energy",
    "entertainment", "financial-services", "government", "emergency-services", "government-local", "government-national", "government-public-services",
    "government-regional", "healthcare", "hospitality-leisure", "infrastructure", "dams", "nuclear", "water", "insurance", "legal", "manufacturing",
    "mining", "non-profit", "pharmaceuticals", "retail", "technology", "telecommunications", "transportation", "utilities");
constexpr auto kWordsOfInfrastructureType = sorted_words(
    "amplification", "anonymization", "botnet", "command-and-control", "control-system", "exfiltration", "firewall", "hosting-malware",
    "hosting-target-lists", "phishing", "reconnaissance", "routers-switches", "staging", "workstation", "unknown");
constexpr auto kWordsOfMalwareCapabilities = sorted_words(
    "accesses-remote-machines", "anti-debugging", "anti-disassembly", "anti-emulation", "anti-memory-forensics", "anti-sandbox", "anti-vm",
    "captures-input-peripherals", "captures-output-peripherals", "captures-system-state-data", "cleans-traces-of-infection", "commits-fraud",
    "communicates-with-c2", "compromises-data-availability", "compromises-data-integrity", "compromises-system-availability", "controls-local-machine",
    "degrades-security-software", "degrades-system-updates", "determines-c2-server", "emails-spam", "escalates-privileges", "evades-av",
    "exfiltrates-data", "fingerprints-host", "hides-artifacts", "hides-executing-code", "infects-files", "infects-remote-machines",
    "installs-other-components", "persists-after-system-reboot", "prevents-artifact-access", "prevents-artifact-deletion", "probes-network-environment",
    "self-modifies", "steals-authentication-credentials", "violates-system-operational-integrity");
constexpr auto kWordsOfMalwareResult = sorted_words(
    "malicious", "suspicious", "benign", "unknown");
constexpr auto kWordsOfMalwareType = sorted_words(
    "adware", "backdoor", "bot", "bootkit", "ddos", "downloader", "dropper", "exploit-kit", "keylogger", "ransomware", "remote-access-trojan",
    "resource-exploitation", "rogue-security-software", "rootkit", "screen-capture", "spyware", "trojan", "unknown", "virus", "webshell", "wiper", "worm");
constexpr auto kWordsOfOpinion = sorted_words(
    "strongly-disagree", "disagree", "neutral", "agree", "strongly-agree");
constexpr auto kWordsOfPatternType = sorted_words(
    "stix", "pcre", "sigma", "snort", "suricata", "yara");
constexpr auto kWordsOfProcessorArchitecture = sorted_words(
    "alpha", "arm", "ia-64", "mips", "powerpc", "sparc", "x86", "x86-64");
constexpr auto kWordsOfRegion = sorted_words(
    "africa", "eastern-africa", "middle-africa", "northern-africa", "southern-africa", "western-africa", "americas", "caribbean", "central-america",
    "latin-america-caribbean", "northern-america", "south-america", "asia", "central-asia", "eastern-asia", "southern-asia", "south-eastern-asia",
    "western-asia", "europe", "eastern-europe", "northern-europe", "southern-europe", "western-europe", "oceania", "antarctica", "australia-new-zealand",
    "melanesia", "micronesia", "polynesia");
constexpr auto kWordsOfReportType = sorted_words(
    "attack-pattern", "campaign", "identity", "incident", "indicator", "intrusion-set", "malware", "observed-data", "threat-actor", "threat-report",
    "tool", "vulnerability");
constexpr auto kWordsOfSocketAddressFamily = sorted_words(
    "AF_UNSPEC", "AF_INET", "AF_IPX", "AF_APPLETALK", "AF_NETBIOS", "AF_INET6", "AF_IRDA", "AF_BTH");
constexpr auto kWordsOfSocketType = sorted_words(
    "SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET");
constexpr auto kWordsOfThreatActorRole = sorted_words(
    "agent", "director", "independent", "infrastructure-architect", "infrastructure-operator", "malware-author", "sponsor");
constexpr auto kWordsOfThreatActorSophistication = sorted_words(
    "none", "minimal", "intermediate", "advanced", "expert", "innovator", "strategic");
constexpr auto kWordsOfThreatActorType = sorted_words(
    "activist", "competitor", "crime-syndicate", "criminal", "hacker", "insider-accidental", "insider-disgruntled", "nation-state", "private-sector",
    "sensationalist", "spy", "terrorist", "unknown");
constexpr auto kWordsOfToolType = sorted_words(
    "denial-of-service", "exploitation", "information-gathering", "network-capture", "credential-exploitation", "remote-access", "vulnerability-scanning",
    "unknown");
constexpr auto kWordsOfWindowsIntegrityLevel = sorted_words(
    "low", "medium", "high", "system");
constexpr auto kWordsOfWindowsPebinaryType = sorted_words(
    "dll", "exe", "sys");
constexpr auto kWordsOfWindowsRegistryDatatype = sorted_words(
    "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_DWORD_LITTLE_ENDIAN", "REG_LINK", "REG_MULTI_SZ",
    "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTION", "REG_RESOURCE_REQUIREMENTS_LIST", "REG_QWORD", "REG_INVALID_TYPE");
constexpr auto kWordsOfWindowsServiceStartType = sorted_words(
    "SERVICE_AUTO_START", "SERVICE_BOOT_START", "SERVICE_DEMAND_START", "SERVICE_DISABLED", "SERVICE_SYSTEM_ALERT");
constexpr auto kWordsOfWindowsServiceStatus = sorted_words(
    "SERVICE_CONTINUE_PENDING", "SERVICE_PAUSE_PENDING", "SERVICE_PAUSED", "SERVICE_RUNNING", "SERVICE_START_PENDING", "SERVICE_STOP_PENDING",
    "SERVICE_STOPPED");
constexpr auto kWordsOfWindowsServiceType = sorted_words(
    "SERVICE_KERNEL_DRIVER", "SERVICE_FILE_SYSTEM_DRIVER", "SERVICE_WIN32_OWN_PROCESS", "SERVICE_WIN32_SHARE_PROCESS");

// In the order of Vocabulary.
constexpr Words kVocabularies[] = {
    {},
    {"account-type-ov", false, kWordsOfAccountType},
    {"attack-motivation-ov", false, kWordsOfAttackMotivation},
    {"attack-resource-level-ov", false, kWordsOfAttackResourceLevel},
    {"encryption-algorithm-enum", true, kWordsOfEncryptionAlgorithm},
    {"extension-type-enum", true, kWordsOfExtensionType},
    {"grouping-context-ov", false, kWordsOfGroupingContext},
    {"hash-algorithm-ov", false, kWordsOfHashAlgorithm},
    {"identity-class-ov", false, kWordsOfIdentityClass},
    {"implementation-language-ov", false, kWordsOfImplementationLanguage},
    {"indicator-type-ov", false, kWordsOfIndicatorType},
    {"industry-sector-ov", false, kWordsOfIndustrySector},
    {"infrastructure-type-ov", false, kWordsOfInfrastructureType},
    {"malware-capabilities-ov", false, kWordsOfMalwareCapabilities},
    {"malware-result-ov", false, kWordsOfMalwareResult},
    {"malware-type-ov", false, kWordsOfMalwareType},
    {"opinion-enum", true, kWordsOfOpinion},
    {"pattern-type-ov", false, kWordsOfPatternType},
    {"processor-architecture-ov", false, kWordsOfProcessorArchitecture},
    {"region-ov", false, kWordsOfRegion},
    {"report-type-ov", false, kWordsOfReportType},
    {"network-socket-address-family-enum", true, kWordsOfSocketAddressFamily},
    {"network-socket-type-enum", true, kWordsOfSocketType},
    {"threat-actor-role-ov", false, kWordsOfThreatActorRole},
    {"threat-actor-sophistication-ov", false, kWordsOfThreatActorSophistication},
    {"threat-actor-type-ov", false, kWordsOfThreatActorType},
    {"tool-type-ov", false, kWordsOfToolType},
    {"windows-integrity-level-enum", true, kWordsOfWindowsIntegrityLevel},
    {"windows-pebinary-type-ov", false, kWordsOfWindowsPebinaryType},
    {"windows-registry-datatype-enum", true, kWordsOfWindowsRegistryDatatype},
    {"windows-service-start-type-enum", true, kWordsOfWindowsServiceStartType},
    {"windows-service-status-enum", true, kWordsOfWindowsServiceStatus},
    {"windows-service-type-enum", true, kWordsOfWindowsServiceType},
};
// clang-format on
static_assert(std::size(kVocabularies) == static_cast<std::size_t>(Vocabulary::WindowsServiceType) + 1);

}  // namespace

const Words& words_of(Vocabulary vocabulary) { return kVocabularies[static_cast<std::size_t>(vocabulary)]; }

bool has_word(Vocabulary vocabulary, std::string_view word) {
  const auto words = words_of(vocabulary).words;
  return std::binary_search(words.begin(), words.end(), word);
}

}  // namespace sluice::threat::stix
