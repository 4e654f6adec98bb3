// Made by make_tables.py; don't edit. Which MISP type stands for what in STIX 2.1.
//
// Facts of: MISP project, misp-stix, documentation/mapping at commit 713ae7b0f1dfc7f590d14ef7caf5bf3610672220; Copyright 2019-2021 Christian Studer, CIRCL; BSD 2-clause.
// The rows are ours, and held to it; where they differ, docs/formats/misp.md says why.
#include "formats/misp/tables.h"

namespace sluice::formats::misp {

namespace {

using enum As;

constexpr AttributeRow kAttributes[] = {
    {"md5", "Payload delivery", "file", {{"hashes.MD5", HexHash}}, "", "", false, false},
    {"sha1", "Payload delivery", "file", {{"hashes.'SHA-1'", HexHash}}, "", "", false, false},
    {"sha224", "Payload delivery", "file", {{"hashes.'SHA-224'", HexHash}}, "", "", false, false},
    {"sha256", "Payload delivery", "file", {{"hashes.'SHA-256'", HexHash}}, "", "", false, false},
    {"sha384", "Payload delivery", "file", {{"hashes.'SHA-384'", HexHash}}, "", "", false, false},
    {"sha512", "Payload delivery", "file", {{"hashes.'SHA-512'", HexHash}}, "", "", false, false},
    {"sha512/224", "Payload delivery", "file", {{"hashes.'SHA512-224'", HexHash}}, "", "", false, false},
    {"sha512/256", "Payload delivery", "file", {{"hashes.'SHA512-256'", HexHash}}, "", "", false, false},
    {"sha3-224", "Payload delivery", "file", {{"hashes.'SHA3-224'", HexHash}}, "", "", false, false},
    {"sha3-256", "Payload delivery", "file", {{"hashes.'SHA3-256'", HexHash}}, "", "", false, false},
    {"sha3-384", "Payload delivery", "file", {{"hashes.'SHA3-384'", HexHash}}, "", "", false, false},
    {"sha3-512", "Payload delivery", "file", {{"hashes.'SHA3-512'", HexHash}}, "", "", false, false},
    {"ssdeep", "Payload delivery", "file", {{"hashes.SSDEEP", Text}}, "", "", false, false},
    {"tlsh", "Payload delivery", "file", {{"hashes.TLSH", Text}}, "", "", false, false},
    {"vhash", "Payload delivery", "file", {{"hashes.VHASH", Text}}, "", "", false, false},
    {"authentihash", "Payload delivery", "file", {{"hashes.AUTHENTIHASH", HexHash}}, "", "", false, false},
    {"imphash", "Payload delivery", "file", {{"hashes.IMPHASH", HexHash}}, "", "", false, false},
    {"pehash", "Payload delivery", "file", {{"hashes.PEHASH", HexHash}}, "", "", false, false},
    {"telfhash", "Payload delivery", "file", {{"hashes.TELFHASH", Text}}, "", "", false, false},
    {"filename", "Payload delivery", "file", {{"name", Text}}, "", "", false, false},
    {"filename|md5", "Payload delivery", "file", {{"name", Text}, {"hashes.MD5", HexHash}}, "", "", false, false},
    {"filename|sha1", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA-1'", HexHash}}, "", "", false, false},
    {"filename|sha224", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA-224'", HexHash}}, "", "", false, false},
    {"filename|sha256", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA-256'", HexHash}}, "", "", false, false},
    {"filename|sha384", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA-384'", HexHash}}, "", "", false, false},
    {"filename|sha512", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA-512'", HexHash}}, "", "", false, false},
    {"filename|sha512/224", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA512-224'", HexHash}}, "", "", false, false},
    {"filename|sha512/256", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA512-256'", HexHash}}, "", "", false, false},
    {"filename|sha3-224", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA3-224'", HexHash}}, "", "", false, false},
    {"filename|sha3-256", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA3-256'", HexHash}}, "", "", false, false},
    {"filename|sha3-384", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA3-384'", HexHash}}, "", "", false, false},
    {"filename|sha3-512", "Payload delivery", "file", {{"name", Text}, {"hashes.'SHA3-512'", HexHash}}, "", "", false, false},
    {"filename|ssdeep", "Payload delivery", "file", {{"name", Text}, {"hashes.SSDEEP", Text}}, "", "", false, false},
    {"filename|tlsh", "Payload delivery", "file", {{"name", Text}, {"hashes.TLSH", Text}}, "", "", false, false},
    {"filename|vhash", "Payload delivery", "file", {{"name", Text}, {"hashes.VHASH", Text}}, "", "", false, false},
    {"filename|authentihash", "Payload delivery", "file", {{"name", Text}, {"hashes.AUTHENTIHASH", HexHash}}, "", "", false, false},
    {"filename|imphash", "Payload delivery", "file", {{"name", Text}, {"hashes.IMPHASH", HexHash}}, "", "", false, false},
    {"filename|pehash", "Payload delivery", "file", {{"name", Text}, {"hashes.PEHASH", HexHash}}, "", "", false, false},
    {"malware-sample", "Payload delivery", "file", {{"name", Text}, {"hashes.MD5", HexHash}}, "", "", false, false},
    {"attachment", "Payload delivery", "file", {{"name", Text}}, "", "", false, false},
    {"size-in-bytes", "Other", "file", {{"size", Number}}, "", "", true, false},
    {"ip-dst", "Network activity", "network-traffic", {{"dst_ref.value", Address}}, "", "", false, false},
    {"ip-src", "Network activity", "network-traffic", {{"src_ref.value", Address}}, "", "", false, false},
    {"ip-dst|port", "Network activity", "network-traffic", {{"dst_ref.value", Address}, {"dst_port", Number}}, "", "", false, false},
    {"ip-src|port", "Network activity", "network-traffic", {{"src_ref.value", Address}, {"src_port", Number}}, "", "", false, false},
    {"ip-dst", "Network activity", "address", {{"value", Address}}, "", "", false, true},
    {"domain", "Network activity", "domain-name", {{"value", Domain}}, "", "", false, false},
    {"hostname", "Network activity", "domain-name", {{"value", Domain}}, "", "", false, false},
    {"domain|ip", "Network activity", "domain-name", {{"value", Domain}, {"resolves_to_refs[*].value", Address}}, "", "", false, false},
    {"hostname|port", "Network activity", "network-traffic", {{"dst_ref.value", Domain}, {"dst_port", Number}}, "", "", false, false},
    {"port", "Network activity", "network-traffic", {{"dst_port", Number}}, "", "", true, false},
    {"url", "Network activity", "url", {{"value", Url}}, "", "", false, false},
    {"link", "External analysis", "url", {{"value", Url}}, "", "", false, false},
    {"uri", "Network activity", "url", {{"value", Url}}, "", "", false, false},
    {"http-method", "Network activity", "network-traffic", {{"extensions.'http-request-ext'.request_method", Text}}, "", "", true, false},
    {"user-agent", "Network activity", "network-traffic", {{"extensions.'http-request-ext'.request_header.'User-Agent'[*]", Text}}, "", "", true, false},
    {"AS", "Network activity", "autonomous-system", {{"number", Number}}, "", "", false, false},
    {"mac-address", "Network activity", "mac-addr", {{"value", Mac}}, "", "", false, false},
    {"email", "Social network", "email-addr", {{"value", Text}}, "", "", false, false},
    {"email-src", "Payload delivery", "email-message", {{"from_ref.value", Text}}, "", "", false, false},
    {"email-dst", "Payload delivery", "email-message", {{"to_refs[*].value", Text}}, "", "", false, false},
    {"email-subject", "Payload delivery", "email-message", {{"subject", Text}}, "", "", false, false},
    {"email-body", "Payload delivery", "email-message", {{"body", Text}}, "", "", false, false},
    {"email-header", "Payload delivery", "email-message", {{"received_lines[*]", Text}}, "", "", false, false},
    {"email-message-id", "Payload delivery", "email-message", {{"message_id", Text}}, "", "", false, false},
    {"email-reply-to", "Payload delivery", "email-message", {{"additional_header_fields.'Reply-To'[*]", Text}}, "", "", false, false},
    {"email-x-mailer", "Payload delivery", "email-message", {{"additional_header_fields.'X-Mailer'[*]", Text}}, "", "", false, false},
    {"email-attachment", "Payload delivery", "email-message", {{"body_multipart[*].body_raw_ref.name", Text}}, "", "", false, false},
    {"mutex", "Artifacts dropped", "mutex", {{"name", Text}}, "", "", false, false},
    {"regkey", "Persistence mechanism", "windows-registry-key", {{"key", RegistryKey}}, "", "", false, false},
    {"regkey|value", "Persistence mechanism", "windows-registry-key", {{"key", RegistryKey}, {"values[*].data", Text}}, "", "", false, false},
    {"github-username", "Social network", "user-account", {{"account_login", Text}}, "account_type", "github", false, false},
    {"x509-fingerprint-md5", "Network activity", "x509-certificate", {{"hashes.MD5", HexHash}}, "", "", false, false},
    {"x509-fingerprint-sha1", "Network activity", "x509-certificate", {{"hashes.'SHA-1'", HexHash}}, "", "", false, false},
    {"x509-fingerprint-sha256", "Network activity", "x509-certificate", {{"hashes.'SHA-256'", HexHash}}, "", "", false, false},
};

constexpr ObjectField kFields0[] = {{"md5", "hashes.MD5", HexHash}, {"sha1", "hashes.'SHA-1'", HexHash}, {"sha224", "hashes.'SHA-224'", HexHash}, {"sha256", "hashes.'SHA-256'", HexHash}, {"sha384", "hashes.'SHA-384'", HexHash}, {"sha512", "hashes.'SHA-512'", HexHash}, {"ssdeep", "hashes.SSDEEP", Text}, {"tlsh", "hashes.TLSH", Text}, {"vhash", "hashes.VHASH", Text}, {"authentihash", "hashes.AUTHENTIHASH", HexHash}, {"imphash", "hashes.IMPHASH", HexHash}, {"pehash", "hashes.PEHASH", HexHash}, {"telfhash", "hashes.TELFHASH", Text}, {"filename", "name", Text}, {"size-in-bytes", "size", Number}, {"mimetype", "mime_type", Text}, {"path", "parent_directory_ref.path", Text}, {"file-encoding", "name_enc", Text}, {"creation-time", "ctime", Time}, {"modification-time", "mtime", Time}, {"access-time", "atime", Time}};
constexpr ObjectField kFields1[] = {{"md5", "hashes.MD5", HexHash}, {"sha1", "hashes.'SHA-1'", HexHash}, {"sha224", "hashes.'SHA-224'", HexHash}, {"sha256", "hashes.'SHA-256'", HexHash}, {"sha384", "hashes.'SHA-384'", HexHash}, {"sha512", "hashes.'SHA-512'", HexHash}, {"ssdeep", "hashes.SSDEEP", Text}, {"tlsh", "hashes.TLSH", Text}, {"vhash", "hashes.VHASH", Text}, {"authentihash", "hashes.AUTHENTIHASH", HexHash}, {"imphash", "hashes.IMPHASH", HexHash}, {"pehash", "hashes.PEHASH", HexHash}, {"telfhash", "hashes.TELFHASH", Text}, {"filename", "name", Text}, {"size-in-bytes", "size", Number}, {"mimetype", "mime_type", Text}, {"path", "parent_directory_ref.path", Text}, {"file-encoding", "name_enc", Text}, {"lnk-creation-time", "ctime", Time}, {"lnk-modification-time", "mtime", Time}, {"lnk-access-time", "atime", Time}};
constexpr ObjectField kFields2[] = {{"filename", "name", Text}};
constexpr ObjectField kFields3[] = {{"MD5", "hashes.MD5", HexHash}, {"SHA-1", "hashes.'SHA-1'", HexHash}, {"SHA-256", "hashes.'SHA-256'", HexHash}, {"SSDEEP", "hashes.SSDEEP", Text}, {"TLSH", "hashes.TLSH", Text}, {"FileName", "name", Text}, {"FileSize", "size", Number}};
constexpr ObjectField kFields4[] = {{"imphash", "hashes.IMPHASH", HexHash}, {"authentihash", "hashes.AUTHENTIHASH", HexHash}, {"pehash", "hashes.PEHASH", HexHash}, {"original-filename", "name", Text}, {"type", "extensions.'windows-pebinary-ext'.pe_type", Lower}, {"number-sections", "extensions.'windows-pebinary-ext'.number_of_sections", Number}, {"compilation-timestamp", "extensions.'windows-pebinary-ext'.time_date_stamp", Time}, {"entrypoint-address", "extensions.'windows-pebinary-ext'.optional_header.address_of_entry_point", Number}};
constexpr ObjectField kFields5[] = {{"domain", "value", Domain}, {"ip", "resolves_to_refs[*].value", Address}};
constexpr ObjectField kFields6[] = {{"hostname", "value", Domain}, {"ip", "resolves_to_refs[*].value", Address}};
constexpr ObjectField kFields7[] = {{"ip", "value", Address}};
constexpr ObjectField kFields8[] = {{"url", "value", Url}};
constexpr ObjectField kFields9[] = {{"ip", "dst_ref.value", Address}, {"ip-dst", "dst_ref.value", Address}, {"ip-src", "src_ref.value", Address}, {"dst-port", "dst_port", Number}, {"src-port", "src_port", Number}, {"first-seen", "start", Time}, {"last-seen", "end", Time}, {"protocol", "protocols[*]", Lower}};
constexpr ObjectField kFields10[] = {{"hostname", "dst_ref.value", Domain}, {"dst-port", "dst_port", Number}, {"src-port", "src_port", Number}, {"first-seen", "start", Time}, {"last-seen", "end", Time}, {"protocol", "protocols[*]", Lower}};
constexpr ObjectField kFields11[] = {{"domain", "dst_ref.value", Domain}, {"dst-port", "dst_port", Number}, {"src-port", "src_port", Number}, {"first-seen", "start", Time}, {"last-seen", "end", Time}, {"protocol", "protocols[*]", Lower}};
constexpr ObjectField kFields12[] = {{"ip-src", "src_ref.value", Address}, {"ip-dst", "dst_ref.value", Address}, {"hostname-dst", "dst_ref.value", Domain}, {"hostname-src", "src_ref.value", Domain}, {"src-port", "src_port", Number}, {"dst-port", "dst_port", Number}, {"layer3-protocol", "protocols[*]", Lower}, {"layer4-protocol", "protocols[*]", Lower}, {"layer7-protocol", "protocols[*]", Lower}};
constexpr ObjectField kFields13[] = {{"ip-src", "src_ref.value", Address}, {"ip-dst", "dst_ref.value", Address}, {"hostname-dst", "dst_ref.value", Domain}, {"hostname-src", "src_ref.value", Domain}, {"src-port", "src_port", Number}, {"dst-port", "dst_port", Number}, {"protocol", "protocols[*]", Lower}};
constexpr ObjectField kFields14[] = {{"ip-src", "src_ref.value", Address}, {"ip-dst", "dst_ref.value", Address}, {"hostname-dst", "dst_ref.value", Domain}, {"hostname-src", "src_ref.value", Domain}, {"src-port", "src_port", Number}, {"dst-port", "dst_port", Number}, {"protocol", "protocols[*]", Lower}, {"first-packet-seen", "start", Time}, {"last-packet-seen", "end", Time}, {"byte-count", "src_byte_count", Number}, {"packet-count", "src_packets", Number}};
constexpr ObjectField kFields15[] = {{"ip-dst", "dst_ref.value", Address}, {"host", "dst_ref.value", Domain}, {"ip-src", "src_ref.value", Address}, {"method", "extensions.'http-request-ext'.request_method", Text}, {"uri", "extensions.'http-request-ext'.request_value", Text}, {"user-agent", "extensions.'http-request-ext'.request_header.'User-Agent'[*]", Text}, {"content-type", "extensions.'http-request-ext'.request_header.'Content-Type'[*]", Text}, {"cookie", "extensions.'http-request-ext'.request_header.Cookie[*]", Text}, {"referer", "extensions.'http-request-ext'.request_header.Referer[*]", Text}};
constexpr ObjectField kFields16[] = {{"from", "from_ref.value", Text}, {"to", "to_refs[*].value", Text}, {"cc", "cc_refs[*].value", Text}, {"bcc", "bcc_refs[*].value", Text}, {"subject", "subject", Text}, {"message-id", "message_id", Text}, {"email-body", "body", Text}, {"header", "received_lines[*]", Text}, {"send-date", "date", Time}, {"reply-to", "additional_header_fields.'Reply-To'[*]", Text}, {"x-mailer", "additional_header_fields.'X-Mailer'[*]", Text}, {"user-agent", "additional_header_fields.'User-Agent'[*]", Text}, {"attachment", "body_multipart[*].body_raw_ref.name", Text}};
constexpr ObjectField kFields17[] = {{"key", "key", RegistryKey}, {"name", "values[*].name", Text}, {"data", "values[*].data", Text}, {"data-type", "values[*].data_type", Text}, {"last-modified", "modified_time", Time}};
constexpr ObjectField kFields18[] = {{"name", "values[*].name", Text}, {"data", "values[*].data", Text}, {"data-type", "values[*].data_type", Text}};
constexpr ObjectField kFields19[] = {{"name", "name", Text}};
constexpr ObjectField kFields20[] = {{"asn", "number", Number}, {"description", "name", Text}};
constexpr ObjectField kFields21[] = {{"path", "path", Text}, {"path-encoding", "path_enc", Text}, {"creation-time", "ctime", Time}, {"modification-time", "mtime", Time}, {"access-time", "atime", Time}};
constexpr ObjectField kFields22[] = {{"pid", "pid", Number}, {"command-line", "command_line", Text}, {"current-directory", "cwd", Text}, {"creation-time", "created_time", Time}, {"hidden", "is_hidden", Boolean}, {"image", "image_ref.name", Text}};
constexpr ObjectField kFields23[] = {{"username", "account_login", Text}, {"user-id", "user_id", Text}, {"display-name", "display_name", Text}, {"account-type", "account_type", Lower}, {"password", "credential", Text}, {"created", "account_created", Time}, {"last_login", "account_last_login", Time}, {"password_last_changed", "credential_last_changed", Time}, {"disabled", "is_disabled", Boolean}, {"home_dir", "extensions.'unix-account-ext'.home_dir", Text}, {"shell", "extensions.'unix-account-ext'.shell", Text}, {"group-id", "extensions.'unix-account-ext'.gid", Number}, {"group", "extensions.'unix-account-ext'.groups[*]", Text}};
constexpr ObjectField kFields24[] = {{"username", "user_id", Text}, {"password", "credential", Text}};
constexpr ObjectField kFields25[] = {{"account-id", "user_id", Text}, {"account-name", "account_login", Text}};
constexpr ObjectField kFields26[] = {{"account-id", "user_id", Text}, {"account-name", "account_login", Text}};
constexpr ObjectField kFields27[] = {{"account-id", "user_id", Text}, {"account-name", "account_login", Text}};
constexpr ObjectField kFields28[] = {{"id", "user_id", Text}, {"username", "account_login", Text}, {"user-fullname", "display_name", Text}};
constexpr ObjectField kFields29[] = {{"id", "user_id", Text}, {"username", "account_login", Text}, {"name", "display_name", Text}};
constexpr ObjectField kFields30[] = {{"id", "user_id", Text}, {"username", "account_login", Text}};
constexpr ObjectField kFields31[] = {{"id", "user_id", Text}, {"name", "account_login", Text}, {"displayed-name", "display_name", Text}};
constexpr ObjectField kFields32[] = {{"product", "name", Text}, {"cpe", "cpe", Text}, {"vendor", "vendor", Text}, {"version", "version", Text}, {"language", "languages[*]", Text}};
constexpr ObjectField kFields33[] = {{"name", "name", Text}};
constexpr ObjectField kFields34[] = {{"x509-fingerprint-md5", "hashes.MD5", HexHash}, {"x509-fingerprint-sha1", "hashes.'SHA-1'", HexHash}, {"x509-fingerprint-sha256", "hashes.'SHA-256'", HexHash}, {"serial-number", "serial_number", Text}, {"issuer", "issuer", Text}, {"subject", "subject", Text}, {"version", "version", Text}, {"signature_algorithm", "signature_algorithm", Text}, {"validity-not-before", "validity_not_before", Time}, {"validity-not-after", "validity_not_after", Time}, {"pubkey-info-algorithm", "subject_public_key_algorithm", Text}, {"pubkey-info-modulus", "subject_public_key_modulus", Text}, {"pubkey-info-exponent", "subject_public_key_exponent", Number}};

constexpr ObjectRow kObjects[] = {
    {"file", "file", kFields0, "", ""},
    {"lnk", "file", kFields1, "", ""},
    {"image", "file", kFields2, "", ""},
    {"hashlookup", "file", kFields3, "", ""},
    {"pe", "file", kFields4, "", ""},
    {"domain-ip", "domain-name", kFields5, "", ""},
    {"domain-ip", "domain-name", kFields6, "", ""},
    {"domain-ip", "address", kFields7, "", ""},
    {"url", "url", kFields8, "", ""},
    {"ip-port", "network-traffic", kFields9, "", ""},
    {"ip-port", "network-traffic", kFields10, "", ""},
    {"ip-port", "network-traffic", kFields11, "", ""},
    {"network-connection", "network-traffic", kFields12, "", ""},
    {"network-socket", "network-traffic", kFields13, "", ""},
    {"netflow", "network-traffic", kFields14, "", ""},
    {"http-request", "network-traffic", kFields15, "", ""},
    {"email", "email-message", kFields16, "", ""},
    {"registry-key", "windows-registry-key", kFields17, "", ""},
    {"registry-key-value", "windows-registry-key", kFields18, "", ""},
    {"mutex", "mutex", kFields19, "", ""},
    {"asn", "autonomous-system", kFields20, "", ""},
    {"directory", "directory", kFields21, "", ""},
    {"process", "process", kFields22, "", ""},
    {"user-account", "user-account", kFields23, "", ""},
    {"credential", "user-account", kFields24, "", ""},
    {"facebook-account", "user-account", kFields25, "account_type", "facebook"},
    {"parler-account", "user-account", kFields26, "account_type", "parler"},
    {"reddit-account", "user-account", kFields27, "account_type", "reddit"},
    {"github-user", "user-account", kFields28, "account_type", "github"},
    {"gitlab-user", "user-account", kFields29, "account_type", "gitlab"},
    {"telegram-account", "user-account", kFields30, "account_type", "telegram"},
    {"twitter-account", "user-account", kFields31, "account_type", "twitter"},
    {"cpe-asset", "software", kFields32, "", ""},
    {"android-app", "software", kFields33, "", ""},
    {"x509", "x509-certificate", kFields34, "", ""},
};

constexpr SdoField kProperties0[] = {{"id", "name"}, {"summary", "description"}, {"description", "description"}};
constexpr SdoField kProperties1[] = {{"name", "name"}, {"description", "description"}};
constexpr SdoField kProperties2[] = {{"name", "name"}, {"summary", "description"}};
constexpr SdoField kProperties3[] = {{"name", "name"}, {"description", "description"}};
constexpr SdoField kProperties4[] = {{"name", "name"}, {"description", "description"}};
constexpr SdoField kProperties5[] = {{"name", "name"}, {"description", "description"}, {"contact_information", "contact_information"}};
constexpr SdoField kProperties6[] = {{"name", "name"}, {"description", "description"}};
constexpr SdoField kProperties7[] = {{"name", "name"}, {"text", "description"}};
constexpr SdoField kProperties8[] = {{"name", "name"}};
constexpr SdoField kProperties9[] = {{"first-name", "name"}, {"last-name", "name"}};
constexpr SdoField kProperties10[] = {{"first-name", "name"}, {"last-name", "name"}, {"text", "description"}};

constexpr SdoRow kSdos[] = {
    {"vulnerability", "vulnerability", kProperties0, "", ""},
    {"weakness", "attack-pattern", kProperties1, "", ""},
    {"attack-pattern", "attack-pattern", kProperties2, "", ""},
    {"course-of-action", "course-of-action", kProperties3, "", ""},
    {"intrusion-set", "intrusion-set", kProperties4, "", ""},
    {"identity", "identity", kProperties5, "", ""},
    {"organization", "identity", kProperties6, "identity_class", "organization"},
    {"legal-entity", "identity", kProperties7, "identity_class", "organization"},
    {"news-agency", "identity", kProperties8, "identity_class", "organization"},
    {"person", "identity", kProperties9, "identity_class", "individual"},
    {"employee", "identity", kProperties10, "identity_class", "individual"},
};

constexpr RuleRow kRules[] = {
    {"", "yara", "yara"},
    {"", "sigma", "sigma"},
    {"", "snort", "snort"},
    {"", "suricata", "suricata"},
    {"", "stix2-pattern", "stix"},
    {"yara", "yara", "yara"},
    {"sigma", "sigma", "sigma"},
    {"suricata", "suricata", "suricata"},
    {"snort", "snort", "snort"},
    {"nova-rule", "raw-rule", "nova"},
    {"owasp-crs-rule", "raw-rule", "crs"},
    {"wazuh-rule", "wazuh-rule", "wazuh"},
    {"stix2-pattern", "stix2-pattern", "stix"},
};

constexpr NamedRow kNamed[] = {
    {"vulnerability", "vulnerability", "External analysis"},
    {"campaign-name", "campaign", "Attribution"},
    {"threat-actor", "threat-actor", "Attribution"},
};

constexpr GalaxyRow kGalaxies[] = {
    {"360net-threat-actor", "threat-actor"},
    {"android", "malware"},
    {"backdoor", "malware"},
    {"banker", "malware"},
    {"botnet", "malware"},
    {"branded-vulnerability", "vulnerability"},
    {"country", "location"},
    {"cryptominers", "malware"},
    {"exploit-kit", "malware"},
    {"malpedia", "malware"},
    {"microsoft-activity-group", "threat-actor"},
    {"mitre-attack-pattern", "attack-pattern"},
    {"mitre-course-of-action", "course-of-action"},
    {"mitre-enterprise-attack-attack-pattern", "attack-pattern"},
    {"mitre-enterprise-attack-course-of-action", "course-of-action"},
    {"mitre-enterprise-attack-intrusion-set", "intrusion-set"},
    {"mitre-enterprise-attack-malware", "malware"},
    {"mitre-enterprise-attack-tool", "tool"},
    {"mitre-intrusion-set", "intrusion-set"},
    {"mitre-malware", "malware"},
    {"mitre-mobile-attack-attack-pattern", "attack-pattern"},
    {"mitre-mobile-attack-course-of-action", "course-of-action"},
    {"mitre-mobile-attack-intrusion-set", "intrusion-set"},
    {"mitre-mobile-attack-malware", "malware"},
    {"mitre-mobile-attack-tool", "tool"},
    {"mitre-pre-attack-attack-pattern", "attack-pattern"},
    {"mitre-pre-attack-intrusion-set", "intrusion-set"},
    {"mitre-tool", "tool"},
    {"ransomware", "malware"},
    {"rat", "malware"},
    {"region", "location"},
    {"sector", "identity"},
    {"stealer", "malware"},
    {"stix-2.0-attack-pattern", "attack-pattern"},
    {"stix-2.0-campaign", "campaign"},
    {"stix-2.0-course-of-action", "course-of-action"},
    {"stix-2.0-intrusion-set", "intrusion-set"},
    {"stix-2.0-malware", "malware"},
    {"stix-2.0-threat-actor", "threat-actor"},
    {"stix-2.0-tool", "tool"},
    {"stix-2.0-vulnerability", "vulnerability"},
    {"stix-2.1-attack-pattern", "attack-pattern"},
    {"stix-2.1-campaign", "campaign"},
    {"stix-2.1-course-of-action", "course-of-action"},
    {"stix-2.1-intrusion-set", "intrusion-set"},
    {"stix-2.1-location", "location"},
    {"stix-2.1-malware", "malware"},
    {"stix-2.1-threat-actor", "threat-actor"},
    {"stix-2.1-tool", "tool"},
    {"stix-2.1-vulnerability", "vulnerability"},
    {"threat-actor", "threat-actor"},
    {"tool", "tool"},
};

}  // namespace

std::span<const AttributeRow> attribute_rows() { return kAttributes; }
std::span<const ObjectRow> object_rows() { return kObjects; }
std::span<const SdoRow> sdo_rows() { return kSdos; }
std::span<const RuleRow> rule_rows() { return kRules; }
std::span<const NamedRow> named_rows() { return kNamed; }
std::span<const GalaxyRow> galaxy_rows() { return kGalaxies; }

}  // namespace sluice::formats::misp
