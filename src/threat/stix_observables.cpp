// The cyber-observable objects, STIX 2.1 §6, in the order of its sections, each with its predefined extensions and inner structures.
#include "threat/stix_parts.h"

namespace sluice::threat::stix {

namespace {

using enum Value;

constexpr Property count(std::string_view name) { return row(name, Integer).from(0); }

// clang-format off
// ---- email message (§6.6), windows registry key (§6.17), X.509 certificate (§6.18): structures within
constexpr auto kMimePartRows = properties(row("body"), ref("body_raw_ref", "artifact file"), row("content_type"), row("content_disposition"));
constexpr Shape kMimePart{.name = "MIME part", .section = "6.6.2", .properties = kMimePartRows};
constexpr auto kRegistryValueRows = properties(row("name"), row("data"), words("data_type", Vocabulary::WindowsRegistryDatatype));
constexpr Shape kRegistryValue{.name = "Windows registry value", .section = "6.17.2", .properties = kRegistryValueRows, .needs_one = true};
constexpr auto kX509ExtensionsRows = properties(
    row("basic_constraints"), row("name_constraints"), row("policy_constraints"), row("key_usage"), row("extended_key_usage"), row("subject_key_identifier"), row("authority_key_identifier"),
    row("subject_alternative_name"), row("issuer_alternative_name"), row("subject_directory_attributes"), row("crl_distribution_points"), row("inhibit_any_policy"),
    row("private_key_usage_period_not_before", Timestamp), row("private_key_usage_period_not_after", Timestamp), row("certificate_policies"), row("policy_mappings"));
constexpr Shape kX509Extensions{.name = "X.509 v3 extensions", .section = "6.18.2", .properties = kX509ExtensionsRows, .needs_one = true};

// ---- extensions of file (§6.7)
constexpr auto kArchiveRows = properties(ref("contains_refs", "file directory").list().must(), row("comment"));
constexpr auto kStreamRows = properties(row("name").must(), row("hashes", Hashes), count("size"));
constexpr Shape kStream{.name = "alternate data stream", .section = "6.7.3", .properties = kStreamRows};
constexpr auto kNtfsRows = properties(row("sid"), structure("alternate_data_streams", kStream).list());
constexpr auto kPdfRows = properties(row("version"), row("is_optimized", Boolean), row("document_info_dict", Dictionary), row("pdfid0"), row("pdfid1"));
constexpr auto kRasterRows = properties(row("image_height", Integer), row("image_width", Integer), row("bits_per_pixel", Integer), row("exif_tags", Dictionary));
constexpr auto kOptionalHeaderRows = properties(
    row("magic_hex", Hex), row("major_linker_version", Integer), row("minor_linker_version", Integer), count("size_of_code"), count("size_of_initialized_data"), count("size_of_uninitialized_data"),
    row("address_of_entry_point", Integer), row("base_of_code", Integer), row("base_of_data", Integer), row("image_base", Integer), row("section_alignment", Integer), row("file_alignment", Integer),
    row("major_os_version", Integer), row("minor_os_version", Integer), row("major_image_version", Integer), row("minor_image_version", Integer), row("major_subsystem_version", Integer),
    row("minor_subsystem_version", Integer), row("win32_version_value_hex", Hex), count("size_of_image"), count("size_of_headers"), row("checksum_hex", Hex), row("subsystem_hex", Hex),
    row("dll_characteristics_hex", Hex), count("size_of_stack_reserve"), count("size_of_stack_commit"), count("size_of_heap_reserve"), count("size_of_heap_commit"), row("loader_flags_hex", Hex),
    row("number_of_rva_and_sizes", Integer), row("hashes", Hashes));
constexpr Shape kOptionalHeader{.name = "Windows PE optional header", .section = "6.7.6", .properties = kOptionalHeaderRows, .needs_one = true, .is_closed = true};
constexpr auto kSectionRows = properties(row("name").must(), count("size"), row("entropy", Float), row("hashes", Hashes));
constexpr Shape kSection{.name = "Windows PE section", .section = "6.7.6", .properties = kSectionRows};
constexpr auto kPebinaryRows = properties(
    words("pe_type", Vocabulary::WindowsPebinaryType).must(), row("imphash"), row("machine_hex", Hex), count("number_of_sections"), row("time_date_stamp", Timestamp),
    row("pointer_to_symbol_table_hex", Hex), count("number_of_symbols"), count("size_of_optional_header"), row("characteristics_hex", Hex), row("file_header_hashes", Hashes),
    structure("optional_header", kOptionalHeader), structure("sections", kSection).list());

// ---- extensions of network traffic (§6.12)
constexpr auto kHttpRows = properties(row("request_method").must(), row("request_value").must(), row("request_version"), row("request_header", Dictionary), row("message_body_length", Integer),
                                      ref("message_body_data_ref", "artifact"));
constexpr auto kIcmpRows = properties(row("icmp_type_hex", Hex).must(), row("icmp_code_hex", Hex).must());
constexpr auto kSocketRows = properties(words("address_family", Vocabulary::SocketAddressFamily).must(), row("is_blocking", Boolean), row("is_listening", Boolean), row("options", Dictionary),
                                        words("socket_type", Vocabulary::SocketType), count("socket_descriptor"), row("socket_handle", Integer));
constexpr auto kTcpRows = properties(row("src_flags_hex", Hex), row("dst_flags_hex", Hex));

// ---- extensions of process (§6.13) and user account (§6.16)
constexpr auto kWindowsProcessRows = properties(row("aslr_enabled", Boolean), row("dep_enabled", Boolean), row("priority"), row("owner_sid"), row("window_title"), row("startup_info", Any),
                                                words("integrity_level", Vocabulary::WindowsIntegrityLevel));
constexpr auto kWindowsServiceRows = properties(row("service_name"), row("descriptions").list(), row("display_name"), row("group_name"), words("start_type", Vocabulary::WindowsServiceStartType),
                                                ref("service_dll_refs", "file").list(), words("service_type", Vocabulary::WindowsServiceType), words("service_status", Vocabulary::WindowsServiceStatus));
constexpr auto kUnixAccountRows = properties(row("gid", Integer), row("groups").list(), row("home_dir"), row("shell"));

constexpr Shape kExtensions[] = {   // sorted by name
    {.name = "archive-ext",          .section = "6.7.2",  .properties = kArchiveRows},
    {.name = "http-request-ext",     .section = "6.12.2", .properties = kHttpRows},
    {.name = "icmp-ext",             .section = "6.12.3", .properties = kIcmpRows},
    {.name = "ntfs-ext",             .section = "6.7.3",  .properties = kNtfsRows, .needs_one = true},
    {.name = "pdf-ext",              .section = "6.7.4",  .properties = kPdfRows, .needs_one = true},
    {.name = "raster-image-ext",     .section = "6.7.5",  .properties = kRasterRows, .needs_one = true},
    {.name = "socket-ext",           .section = "6.12.4", .properties = kSocketRows},
    {.name = "tcp-ext",              .section = "6.12.5", .properties = kTcpRows, .needs_one = true},
    {.name = "unix-account-ext",     .section = "6.16.2", .properties = kUnixAccountRows, .needs_one = true},
    {.name = "windows-pebinary-ext", .section = "6.7.6",  .properties = kPebinaryRows, .needs_one = true},
    {.name = "windows-process-ext",  .section = "6.13.2", .properties = kWindowsProcessRows, .needs_one = true},
    {.name = "windows-service-ext",  .section = "6.13.3", .properties = kWindowsServiceRows, .needs_one = true},
};

// ---- the objects
constexpr Property kHashes = row("hashes", Hashes), kCtime = row("ctime", Timestamp), kMtime = row("mtime", Timestamp), kAtime = row("atime", Timestamp);
constexpr auto kArtifact = properties(row("mime_type"), row("payload_bin", Binary), row("url", Url), kHashes, words("encryption_algorithm", Vocabulary::EncryptionAlgorithm), row("decryption_key"));
constexpr auto kAutonomousSystem = properties(row("number", Integer).must(), row("name"), row("rir"));
constexpr auto kDirectory = properties(row("path").must(), row("path_enc"), kCtime, kMtime, kAtime, ref("contains_refs", "file directory").list());
constexpr auto kDomainName = properties(row("value").must(), ref("resolves_to_refs", "ipv4-addr ipv6-addr domain-name").list().deprecated());
constexpr auto kEmailAddr = properties(row("value").must(), row("display_name"), ref("belongs_to_ref", "user-account"));
constexpr auto kEmailMessage = properties(row("is_multipart", Boolean).must(), row("date", Timestamp), row("content_type"), ref("from_ref", "email-addr"), ref("sender_ref", "email-addr"),
                                          ref("to_refs", "email-addr").list(), ref("cc_refs", "email-addr").list(), ref("bcc_refs", "email-addr").list(), row("message_id"), row("subject"),
                                          row("received_lines").list(), row("additional_header_fields", Dictionary), row("body"), structure("body_multipart", kMimePart).list(),
                                          ref("raw_email_ref", "artifact"));
constexpr auto kFile = properties(kHashes, count("size"), row("name"), row("name_enc"), row("magic_number_hex", Hex), row("mime_type"), kCtime, kMtime, kAtime,
                                  ref("parent_directory_ref", "directory"), ref("contains_refs", "@observable @custom").list(), ref("content_ref", "artifact"));
constexpr auto kIpAddr = properties(row("value").must(), ref("resolves_to_refs", "mac-addr").list(), ref("belongs_to_refs", "autonomous-system").list());
constexpr auto kMacAddr = properties(row("value").must());
constexpr auto kMutex = properties(row("name").must());
constexpr auto kNetworkTraffic = properties(row("start", Timestamp), row("end", Timestamp), row("is_active", Boolean), ref("src_ref", "ipv4-addr ipv6-addr mac-addr domain-name"),
                                            ref("dst_ref", "ipv4-addr ipv6-addr mac-addr domain-name"), count("src_port").upto(65535), count("dst_port").upto(65535),
                                            row("protocols").list().must(), row("src_byte_count", Integer), row("dst_byte_count", Integer), row("src_packets", Integer), row("dst_packets", Integer),
                                            row("ipfix", Dictionary), ref("src_payload_ref", "artifact"), ref("dst_payload_ref", "artifact"), ref("encapsulates_refs", "network-traffic").list(),
                                            ref("encapsulated_by_ref", "network-traffic"));
constexpr auto kProcess = properties(row("is_hidden", Boolean), row("pid", Integer), row("created_time", Timestamp), row("cwd"), row("command_line"), row("environment_variables", Dictionary),
                                     ref("opened_connection_refs", "network-traffic").list(), ref("creator_user_ref", "user-account"), ref("image_ref", "file"), ref("parent_ref", "process"),
                                     ref("child_refs", "process").list());
constexpr auto kSoftware = properties(row("name").must(), row("cpe"), row("swid"), row("languages").list(), row("vendor"), row("version"));
constexpr auto kUrl = properties(row("value", Url).must());
constexpr auto kUserAccount = properties(row("user_id"), row("credential"), row("account_login"), words("account_type", Vocabulary::AccountType), row("display_name"), row("is_service_account", Boolean),
                                         row("is_privileged", Boolean), row("can_escalate_privs", Boolean), row("is_disabled", Boolean), row("account_created", Timestamp), row("account_expires", Timestamp),
                                         row("credential_last_changed", Timestamp), row("account_first_login", Timestamp), row("account_last_login", Timestamp));
constexpr auto kRegistryKey = properties(row("key"), structure("values", kRegistryValue).list(), row("modified_time", Timestamp), ref("creator_user_ref", "user-account"), row("number_of_subkeys", Integer));
constexpr auto kCertificate = properties(row("is_self_signed", Boolean), kHashes, row("version"), row("serial_number"), row("signature_algorithm"), row("issuer"), row("validity_not_before", Timestamp),
                                         row("validity_not_after", Timestamp), row("subject"), row("subject_public_key_algorithm"), row("subject_public_key_modulus"),
                                         row("subject_public_key_exponent", Integer), structure("x509_v3_extensions", kX509Extensions));

// type, section, properties, those that make its id, its extensions, whether it needs one at least
constexpr OwnType kObservables[] = {
    {"artifact",             Kind::Observable, "6.1",  kArtifact, "hashes payload_bin"},
    {"autonomous-system",    Kind::Observable, "6.2",  kAutonomousSystem, "number"},
    {"directory",            Kind::Observable, "6.3",  kDirectory, "path"},
    {"domain-name",          Kind::Observable, "6.4",  kDomainName, "value"},
    {"email-addr",           Kind::Observable, "6.5",  kEmailAddr, "value"},
    {"email-message",        Kind::Observable, "6.6",  kEmailMessage, "from_ref subject body"},
    {"file",                 Kind::Observable, "6.7",  kFile, "hashes name extensions parent_directory_ref", "archive-ext ntfs-ext pdf-ext raster-image-ext windows-pebinary-ext"},
    {"ipv4-addr",            Kind::Observable, "6.8",  kIpAddr, "value"},
    {"ipv6-addr",            Kind::Observable, "6.9",  kIpAddr, "value"},
    {"mac-addr",             Kind::Observable, "6.10", kMacAddr, "value"},
    {"mutex",                Kind::Observable, "6.11", kMutex, "name"},
    {"network-traffic",      Kind::Observable, "6.12", kNetworkTraffic, "start end src_ref dst_ref src_port dst_port protocols extensions", "http-request-ext icmp-ext socket-ext tcp-ext"},
    {"process",              Kind::Observable, "6.13", kProcess, "", "windows-process-ext windows-service-ext", true},
    {"software",             Kind::Observable, "6.14", kSoftware, "name cpe swid vendor version"},
    {"url",                  Kind::Observable, "6.15", kUrl, "value"},
    {"user-account",         Kind::Observable, "6.16", kUserAccount, "account_type user_id account_login", "unix-account-ext", true},
    {"windows-registry-key", Kind::Observable, "6.17", kRegistryKey, "key values", "", true},
    {"x509-certificate",     Kind::Observable, "6.18", kCertificate, "hashes serial_number", "", true},
};
// clang-format on

}  // namespace

std::span<const OwnType> own_observable_types() { return kObservables; }

const Shape* extension_of(std::string_view name) {
  const auto* found = std::lower_bound(std::begin(kExtensions), std::end(kExtensions), name, [](const Shape& shape, std::string_view wanted) { return shape.name < wanted; });
  return found != std::end(kExtensions) && found->name == name ? found : nullptr;
}

}  // namespace sluice::threat::stix
