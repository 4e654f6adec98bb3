#include "formats/stix20/tables.h"

namespace sluice::formats::stix20 {

namespace {

constexpr std::string_view kIndicatorWords[] = {"anomalous-activity", "anonymization", "attribution", "benign", "compromised", "malicious-activity", "unknown"};
constexpr std::string_view kMalwareWords[] = {"adware", "backdoor", "bot", "bootkit", "ddos", "downloader", "dropper", "exploit-kit", "keylogger", "ransomware", "remote-access-trojan", "resource-exploitation",
                                              "rogue-security-software", "rootkit", "screen-capture", "spyware", "trojan", "unknown", "virus", "webshell", "wiper", "worm"};
constexpr std::string_view kReportWords[] = {"attack-pattern", "campaign", "identity", "incident", "indicator", "intrusion-set", "malware", "observed-data", "threat-actor", "threat-report", "tool", "vulnerability"};
constexpr std::string_view kActorWords[] = {"activist", "competitor", "crime-syndicate", "criminal", "hacker", "insider-accidental", "insider-disgruntled", "nation-state", "private-sector", "sensationalist", "spy", "terrorist", "unknown"};
constexpr std::string_view kToolWords[] = {"denial-of-service", "exploitation", "information-gathering", "network-capture", "credential-exploitation", "remote-access", "vulnerability-scanning", "unknown"};

constexpr Labelled kLabelled[] = {
    {"identity", "roles", {}},  // no vocabulary in 2.0: "CEO", "Hospital"
    {"indicator", "indicator_types", kIndicatorWords},
    {"malware", "malware_types", kMalwareWords},
    {"report", "report_types", kReportWords},
    {"threat-actor", "threat_actor_types", kActorWords},
    {"tool", "tool_types", kToolWords},
};

constexpr Renamed kRenamed[] = {
    {"directory", "", "accessed", "atime"},
    {"directory", "", "created", "ctime"},
    {"directory", "", "modified", "mtime"},
    {"file", "", "accessed", "atime"},
    {"file", "", "created", "ctime"},
    {"file", "", "modified", "mtime"},
    {"file", "", "is_encrypted", "x_stix20_is_encrypted"},
    {"file", "", "encryption_algorithm", "x_stix20_encryption_algorithm"},
    {"file", "", "decryption_key", "x_stix20_decryption_key"},
    {"file", "archive-ext", "version", "x_stix20_version"},
    {"file", "raster-image-ext", "image_compression_algorithm", "x_stix20_image_compression_algorithm"},
    {"network-traffic", "socket-ext", "protocol_family", "x_stix20_protocol_family"},
    {"process", "", "arguments", "x_stix20_arguments"},
    {"process", "", "binary_ref", "image_ref"},
    {"process", "", "created", "created_time"},
    {"process", "", "name", "x_stix20_name"},
    {"user-account", "", "password_last_changed", "credential_last_changed"},
    {"windows-registry-key", "", "modified", "modified_time"},
};

constexpr FixedTlp kFixedTlp[] = {
    {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "green", "TLP:GREEN"},
    {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red", "TLP:RED"},
    {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "white", "TLP:WHITE"},
    {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "amber", "TLP:AMBER"},
};

}  // namespace

std::span<const Labelled> labelled() { return kLabelled; }
std::span<const Renamed> renamed() { return kRenamed; }
std::span<const FixedTlp> fixed_tlp() { return kFixedTlp; }

std::string_view new_name(std::string_view type, std::string_view extension, std::string_view property) {
  for (const auto& row : kRenamed)
    if (row.type == type && row.extension == extension && row.from == property) return row.to;
  return {};
}

}  // namespace sluice::formats::stix20
