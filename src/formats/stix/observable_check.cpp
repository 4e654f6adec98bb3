// What the section of an observable demands beyond its table (STIX 2.1 §6), and what all of them share: hashes, dictionaries, references to the outside.
#include <algorithm>
#include <array>

#include "formats/stix/outside_names.h"
#include "base/utf8.h"
#include "formats/stix/parts.h"
#include "formats/stix/values.h"

namespace sluice::formats::stix {

namespace {

using Where = const Place&;

std::string section_of(const Subject& subject) { return "§" + std::string(subject.type->section); }

const json::object* extension_in(const Subject& subject, std::string_view name) {
  const auto* extensions = subject.at("extensions");
  const auto* found = extensions != nullptr && extensions->is_object() ? extensions->get_object().if_contains(name) : nullptr;
  return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

void check_form(const Subject& subject, std::string_view key, bool (*fits)(std::string_view), std::string_view message, Where place, Found& found, std::string_view function = {}) {
  const auto* value = subject.at(key);
  if (value == nullptr || !value->is_string() || fits(value->get_string())) return;
  found.error(place.at(key), section_of(subject) + (function.empty() ? "" : " " + std::string(function)), std::string(message));
}

// What every entry of a dictionary must be.
template <class F>
void check_entries(const json::object& parent, std::string_view key, Where place, Found& found, std::string_view section, std::string_view message, F fits) {
  const auto* dictionary = parent.if_contains(key);
  if (dictionary == nullptr || !dictionary->is_object()) return;
  const auto all = place.at(key);
  for (const auto& entry : dictionary->get_object())
    if (!fits(std::string_view(entry.key()), entry.value())) found.error(all.at(std::string_view(entry.key())), section, std::string(message));
}

template <std::size_t N>
void check_known_keys(int check, const json::object& parent, std::string_view key, const std::array<std::string_view, N>& known, Where place, Found& found, std::string_view message) {
  const auto* dictionary = parent.if_contains(key);
  if (!found.wants(check) || dictionary == nullptr || !dictionary->is_object()) return;
  const auto all = place.at(key);
  for (const auto& entry : dictionary->get_object())
    if (!std::binary_search(known.begin(), known.end(), std::string_view(entry.key()))) found.warn(check, all.at(std::string_view(entry.key())), std::string(message));
}

bool is_text_or_whole(const json::value& value) { return value.is_string() || value.is_int64() || value.is_uint64(); }
bool is_texts(const json::value& value) {
  return value.is_array() && !value.get_array().empty() && std::all_of(value.get_array().begin(), value.get_array().end(), [](const json::value& item) { return item.is_string(); });
}

// ---- a type each

void artifact(const Subject& subject, Where place, Found& found) {
  const bool has_payload = subject.at("payload_bin") != nullptr, has_url = subject.at("url") != nullptr;
  if (has_payload == has_url) found.error(place, "§6.1", "An artifact must have exactly one of payload_bin and url.");
  if (has_url && subject.at("hashes") == nullptr) found.error(place, "§6.1", "An artifact with a url must have hashes.");
  if (subject.at("decryption_key") != nullptr && subject.at("encryption_algorithm") == nullptr) found.error(place.at("decryption_key"), "§6.1", "decryption_key must have encryption_algorithm beside it.");
  check_form(subject, "mime_type", is_media_type, "This must be a media type such as application/zip (IANA).", place, found, "artifact_mime_type");
}

void directory(const Subject& subject, Where place, Found& found) {
  check_form(subject, "path_enc", is_charset_name, "This must be the name of a character set (IANA).", place, found, "character_set");
}

void domain_name(const Subject& subject, Where place, Found& found) {
  check_form(subject, "value", is_domain, "This must be a domain name: labels of letters, digits and hyphens with dots between.", place, found);
}

void email_addr(const Subject& subject, Where place, Found& found) { check_form(subject, "value", is_email, "This must be a mail address.", place, found); }

void email_message(const Subject& subject, Where place, Found& found) {
  if (const auto* many = subject.at("is_multipart"); many != nullptr && many->is_bool()) {
    if (many->get_bool() && subject.at("body") != nullptr) found.error(place.at("body"), "§6.6", "A message of several parts has body_multipart, not body.");
    if (!many->get_bool() && subject.at("body_multipart") != nullptr) found.error(place.at("body_multipart"), "§6.6", "A message of one part has body, not body_multipart.");
  }
  if (const auto* parts = subject.at("body_multipart"); parts != nullptr && parts->is_array()) {
    const auto list = place.at("body_multipart");
    for (std::size_t i = 0; i < parts->get_array().size(); ++i)
      if (const auto* part = parts->get_array()[i].if_object(); part != nullptr && part->contains("body") == part->contains("body_raw_ref"))
        found.error(list.at(i), "§6.6.2", "A MIME part must have exactly one of body and body_raw_ref.");
  }
  check_entries(subject.object, "additional_header_fields", place, found, "§6.6", "The value of a header must be a string or a list of strings.",
                [](std::string_view, const json::value& value) { return value.is_string() || is_texts(value); });
}

void file(const Subject& subject, Where place, Found& found) {
  if (subject.at("hashes") == nullptr && subject.at("name") == nullptr) found.error(place, "§6.7", "A file must have at least one of hashes and name.");
  if (subject.at("name_enc") != nullptr && subject.at("name") == nullptr) found.error(place.at("name_enc"), "§6.7", "name_enc must have name beside it.");
  check_form(subject, "name_enc", is_charset_name, "This must be the name of a character set (IANA).", place, found, "character_set");
  if (const auto* type = subject.at("mime_type"); type != nullptr && type->is_string() && !is_media_type(type->get_string()))
    found.warn(checks::kMimeType, place.at("mime_type"), "This should be a media type such as application/zip (IANA).");
  const auto extensions = place.at("extensions");
  if (const auto* pdf = extension_in(subject, "pdf-ext")) {
    const auto here = extensions.at("pdf-ext");
    check_entries(*pdf, "document_info_dict", here, found, "§6.7.4", "This must be a string.", [](std::string_view, const json::value& value) { return value.is_string(); });
    check_known_keys(checks::kPdfDocInfo, *pdf, "document_info_dict", kPdfKeys, here, found, "This is no key of a PDF's document information.");
  }
  if (const auto* raster = extension_in(subject, "raster-image-ext"))
    check_entries(*raster, "exif_tags", extensions.at("raster-image-ext"), found, "§6.7.5", "This must be an EXIF tag's name with a string or an integer.",
                  [](std::string_view key, const json::value& value) { return key.size() > 1 && key[0] >= 'A' && key[0] <= 'Z' && is_text_or_whole(value); });
}

void ipv4_addr(const Subject& subject, Where place, Found& found) {
  check_form(subject, "value", is_ipv4, "This must be an IPv4 address, such as 198.51.100.3 or 198.51.100.0/24.", place, found);
}
void ipv6_addr(const Subject& subject, Where place, Found& found) {
  check_form(subject, "value", is_ipv6, "This must be an IPv6 address, such as 2001:db8::1 or 2001:db8::/32.", place, found);
}
void mac_addr(const Subject& subject, Where place, Found& found) {
  check_form(subject, "value", is_mac, "This must be a MAC address in lower case with colons, such as 02:00:5e:10:7a:c4.", place, found);
}

// §6.12.4: SO_*, ICMP_*, ICMP6_*, IP_*, IPV6_*, MCAST_*, TCP_*, IRLMP_*, capitals and digits.
bool is_socket_option(std::string_view key) {
  const auto line = key.find('_');
  if (line == key.npos || key.back() == '_' || key.contains("__")) return false;
  if (!tables::has_word("SO ICMP ICMP6 IP IPV6 MCAST TCP IRLMP", key.substr(0, line))) return false;
  return std::all_of(key.begin(), key.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_protocol(std::string_view name) {
  return !name.empty() && name.size() <= 15 && std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; });
}

void network_traffic(const Subject& subject, Where place, Found& found) {
  if (subject.at("src_ref") == nullptr && subject.at("dst_ref") == nullptr) found.error(place, "§6.12", "Network traffic must have at least one of src_ref and dst_ref.");
  if (const auto* active = subject.at("is_active"); active != nullptr && active->is_bool() && active->get_bool() && subject.at("end") != nullptr)
    found.error(place.at("end"), "§6.12", "Traffic that is still active has no end.");
  if (const auto* protocols = subject.at("protocols"); protocols != nullptr && protocols->is_array()) {
    const auto list = place.at("protocols");
    bool has_ports = false;
    for (std::size_t i = 0; i < protocols->get_array().size(); ++i) {
      const auto* name = protocols->get_array()[i].if_string();
      if (name == nullptr) continue;
      if (!is_protocol(*name)) found.warn(checks::kProtocols, list.at(i), "This should be a protocol's name as IANA registers them.");
      for (const auto with_ports : {"tcp", "udp", "sctp", "dccp"}) has_ports = has_ports || *name == with_ports;
    }
    if (has_ports && (subject.at("src_port") == nullptr || subject.at("dst_port") == nullptr))
      found.warn(checks::kNetworkTrafficPorts, place, "Traffic of a protocol with ports should have src_port and dst_port.");
  }
  check_entries(subject.object, "ipfix", place, found, "§6.12", "This must be a string or an integer.", [](std::string_view, const json::value& value) { return is_text_or_whole(value); });
  if (const auto* ipfix = subject.at("ipfix"); ipfix != nullptr && ipfix->is_object() && found.wants(checks::kIpfix))
    for (const auto& entry : ipfix->get_object())
      if (const char c = entry.key().empty() ? '\0' : entry.key()[0]; c < 'a' || c > 'z') found.warn(checks::kIpfix, place.at("ipfix").at(std::string_view(entry.key())), "This is no name of an IPFIX information element.");
  const auto extensions = place.at("extensions");
  if (const auto* http = extension_in(subject, "http-request-ext")) {
    const auto here = extensions.at("http-request-ext");
    check_entries(*http, "request_header", here, found, "§6.12.2", "The value of a header must be a list of strings.", [](std::string_view, const json::value& value) { return is_texts(value); });
    check_known_keys(checks::kHttpRequestHeaders, *http, "request_header", kRequestHeaders, here, found, "This is no header field of requests that is known.");
  }
  if (const auto* socket = extension_in(subject, "socket-ext")) {
    check_known_keys(checks::kSocketOptions, *socket, "options", kSocketOptions, extensions.at("socket-ext"), found, "This is no socket option that is known.");
    check_entries(*socket, "options", extensions.at("socket-ext"), found, "§6.12.4", "This must be a socket option's name with an integer.",
                  [](std::string_view key, const json::value& value) { return is_socket_option(key) && (value.is_int64() || value.is_uint64()); });
  }
}

void process(const Subject& subject, Where place, Found& found) {
  check_entries(subject.object, "environment_variables", place, found, "§6.13", "The value of an environment variable must be a string.", [](std::string_view, const json::value& value) { return value.is_string(); });
  const auto* windows = extension_in(subject, "windows-process-ext");
  if (windows == nullptr) return;
  const auto extensions = place.at("extensions"), own = extensions.at("windows-process-ext");
  if (const auto priority = string_at(*windows, "priority"); windows->contains("priority") && (!priority.ends_with("_CLASS") || priority.size() == 6))
    found.warn(checks::kWindowsProcessPriority, own.at("priority"), "A Windows priority should end in \"_CLASS\".");
  if (const auto* startup = windows->if_contains("startup_info"); startup != nullptr && (!startup->is_object() || startup->get_object().empty()))
    found.error(own.at("startup_info"), "§6.13.2", "This must be an object, and not empty.");
  // The fields of STARTUPINFO. Those that Windows reserves are null there, which STIX has no place for.
  check_entries(*windows, "startup_info", own, found, "§6.13.2", "This must be a field of STARTUPINFO with its value: a string, or an integer for numbers.", [](std::string_view key, const json::value& value) {
    if (tables::has_word("lpDesktop lpTitle dwFillAttribute dwFlags wShowWindow hStdInput hStdOutput hStdError", key)) return value.is_string();
    if (key == "cbReserved2") return value.is_int64() && value.get_int64() == 0;
    return tables::has_word("cb dwX dwY dwXSize dwYSize dwXCountChars dwYCountChars", key) && (value.is_int64() || value.is_uint64());
  });
}

void software(const Subject& subject, Where place, Found& found) {
  check_form(subject, "cpe", is_cpe23, "This must be a CPE 2.3 formatted string (NISTIR 7695).", place, found, "cpe_check");
  if (const auto* languages = subject.at("languages"); languages != nullptr && languages->is_array()) {
    const auto list = place.at("languages");
    for (std::size_t i = 0; i < languages->get_array().size(); ++i)
      if (const auto* code = languages->get_array()[i].if_string(); code != nullptr && !is_language_code(*code)) found.error(list.at(i), "§6.14 software_language", "This must be a language code (RFC 5646).");
  }
}

void windows_registry_key(const Subject& subject, Where place, Found& found) {
  auto hive = subject.text("key");
  hive = hive.substr(0, hive.find('\\'));
  std::string capitals(hive.substr(0, 5));
  for (auto& c : capitals)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  for (const auto shortened : {"HKLM", "HKCC", "HKCR", "HKCU", "HKU"})
    if (capitals == shortened && hive.size() == capitals.size()) found.error(place.at("key"), "§6.17", "The hive's name must be written in full, such as HKEY_LOCAL_MACHINE.");
}

struct ObservableConditions {
  std::string_view type;
  void (*check)(const Subject&, Where, Found&);
};

constexpr ObservableConditions kObservableConditions[] = {
    {"artifact", artifact},
    {"directory", directory},
    {"domain-name", domain_name},
    {"email-addr", email_addr},
    {"email-message", email_message},
    {"file", file},
    {"ipv4-addr", ipv4_addr},
    {"ipv6-addr", ipv6_addr},
    {"mac-addr", mac_addr},
    {"network-traffic", network_traffic},
    {"process", process},
    {"software", software},
    {"windows-registry-key", windows_registry_key},
};

// Dictionaries whose keys are names from elsewhere, with capitals of their own.
constexpr std::string_view kKeysFromElsewhere = "hashes file_header_hashes request_header additional_header_fields document_info_dict exif_tags ipfix options environment_variables key startup_info";

void check_small_keys(const json::object& object, Where place, Found& found) {
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (std::any_of(key.begin(), key.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) found.warn(checks::kDictionaryKeys, place.at(key), "The keys of dictionaries should be in lower case.");
    if (member.value().is_object() && !tables::has_word(kKeysFromElsewhere, key)) check_small_keys(member.value().get_object(), place.at(key), found);
  }
}

}  // namespace

void check_observable(const Subject& subject, const Place& place, Found& found) {
  if (subject.type->needs_one) {
    const auto common = tables::common_of(tables::Kind::Observable);
    const bool has_one = std::any_of(subject.object.begin(), subject.object.end(), [&](const auto& member) {
      return member.key() == "extensions" || (tables::property_of(subject.properties, member.key()) != nullptr && tables::property_of(common, member.key()) == nullptr);
    });
    if (!has_one) found.error(place, section_of(subject), "At least one property of this type must be there.");
  }
  for (const auto& [type, check] : kObservableConditions)
    if (type == subject.type->name) check(subject, place, found);
  if (found.wants(checks::kDictionaryKeys)) check_small_keys(subject.object, place, found);
}

void check_hashes(const json::value& value, const Place& place, Found& found, bool is_observable) {
  if (value.get_object().empty()) return found.error(place, "§2.7", "Hashes must not be empty.");
  for (const auto& member : value.get_object()) {
    const std::string_view name = member.key();
    const auto here = place.at(name);
    if (!is_dictionary_key(name) || name.size() < 3) found.error(here, "§2.7", "A hash algorithm's name must be 3 to 250 letters, digits, hyphens and underscores.");
    if (!member.value().is_string()) found.error(here, "§2.7", "A hash must be a string.");
    else if (!is_hash_value(name, member.value().get_string())) found.error(here, "§2.7", "This is no value of " + std::string(cut_utf8(name, 40)) + ".");
    if (!is_observable) continue;
    if (!tables::has_word(tables::Vocabulary::HashAlgorithm, name) && !name.starts_with("x_")) found.warn(checks::kHashAlgo, here, "This is none of the algorithms that hash-algorithm-ov suggests.");
    if (name.size() > 30) found.warn(checks::kHashLength, here, "The name of an algorithm should have at most 30 characters.");
  }
}

void check_dictionary(const json::value& value, const Place& place, Found& found) {
  if (value.get_object().empty()) return found.error(place, "§2.3", "A dictionary must not be empty: leave the property out.");
  for (const auto& member : value.get_object()) {
    const auto here = place.at(std::string_view(member.key()));
    if (!is_dictionary_key(member.key())) found.error(here, "§2.3", "A dictionary's key must be 1 to 250 letters, digits, hyphens and underscores.");
    check_unknown_value(member.value(), here, found);
  }
}

void check_external_reference(const json::object& reference, const Place& place, Found& found) {
  const auto name = string_at(reference, "source_name"), id = string_at(reference, "external_id");
  const auto digits = [](std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }); };
  // CVE-YYYY-NNNN, more digits without a zero in front; CAPEC-N.
  const bool is_cve = id.size() >= 13 && id.starts_with("CVE-") && digits(id.substr(4, 4)) && id[8] == '-' && digits(id.substr(9)) && (id[9] != '0' || id.size() == 13);
  const bool is_capec = id.starts_with("CAPEC-") && digits(id.substr(6));
  if (name == "cve" && !is_cve) found.error(place.at("external_id"), "§4.19", "A reference to CVE must have an external_id such as CVE-2021-44228.");
  else if (name == "capec" && !is_capec) found.error(place.at("external_id"), "§4.1", "A reference to CAPEC must have an external_id such as CAPEC-550.");
  else if (name != "cve" && is_cve) found.error(place.at("source_name"), "§4.19", "The source_name of a CVE id must be \"cve\".");
  else if (name != "capec" && is_capec) found.error(place.at("source_name"), "§4.1", "The source_name of a CAPEC id must be \"capec\".");
  if (!reference.contains("description") && !reference.contains("url") && !reference.contains("external_id"))
    found.error(place, "§2.5", "An external reference must have at least one of description, url and external_id.");
  const auto* hashes = reference.if_contains("hashes");
  if (hashes != nullptr && hashes->is_object())
    for (const auto& member : hashes->get_object())
      if (!tables::has_word(tables::Vocabulary::HashAlgorithm, std::string_view(member.key())))
        found.error(place.at("hashes").at(std::string_view(member.key())), "§2.5", "The hashes of an external reference must be of hash-algorithm-ov.");
  if (reference.contains("url") && hashes == nullptr) found.warn(checks::kExtrefHashes, place, "An external reference with a url should have hashes of what stands there.");
}

}  // namespace sluice::formats::stix
