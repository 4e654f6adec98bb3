#include "threat/observable.h"

#include <algorithm>

#include "base/utf8.h"
#include "threat/observable_forms.h"
#include "threat/pattern/pattern.h"

namespace sluice::threat {

namespace forms {

namespace {

// STIX 2.1 §10.6, with the spellings met in other formats; hex digits of the fixed lengths, 0: a form of its own.
struct HashForm {
  std::string_view name;
  std::size_t digits;
};
constexpr HashForm kHashForms[] = {{"MD5", 32},      {"SHA-1", 40},     {"SHA-256", 64},    {"SHA-512", 128},     {"SHA-224", 56},  {"SHA-384", 96},
                                   {"SHA3-224", 56}, {"SHA3-256", 64},  {"SHA3-384", 96},   {"SHA3-512", 128},    {"SSDEEP", 0},    {"TLSH", 0},
                                   {"IMPHASH", 32},  {"AUTHENTIHASH", 64}, {"SHA-512/224", 56}, {"SHA-512/256", 64}};

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_all_hex(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_hex_digit); }

// "sha256", "SHA_256" and "SHA-256" are one name.
std::string bare_name(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '-' && c != '_' && c != '/' && c != ' ') out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return out;
}

// blocksize:chunk:double-chunk
bool is_ssdeep(std::string_view text) {
  const auto first = text.find(':');
  const auto second = first == text.npos ? text.npos : text.find(':', first + 1);
  if (first == 0 || second == text.npos || text.size() > 200) return false;
  if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(first), [](char c) { return c >= '0' && c <= '9'; })) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(first), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

std::optional<Value> hash(std::string_view algorithm, std::string_view text) {
  if (algorithm.empty()) {  // the usual algorithm of each length
    if (!is_all_hex(text)) return std::nullopt;
    for (const auto& form : kHashForms)
      if (form.digits == text.size()) return Value{"hash:" + std::string(form.name), ascii_lower(text)};
    return std::nullopt;
  }
  const auto bare = bare_name(algorithm);
  for (const auto& form : kHashForms) {
    if (bare_name(form.name) != bare) continue;
    const std::string kind = "hash:" + std::string(form.name);
    if (form.digits) return is_all_hex(text) && text.size() == form.digits ? std::optional(Value{kind, ascii_lower(text)}) : std::nullopt;
    if (form.name == "SSDEEP") return is_ssdeep(text) ? std::optional(Value{kind, std::string(text)}) : std::nullopt;
    auto digits = ascii_lower(text);  // TLSH: 70 digits, since version 4 after "T1"
    if (digits.starts_with("t1") && digits.size() == 72) digits.erase(0, 2);
    if (digits.size() != 70 || !is_all_hex(digits)) return std::nullopt;
    for (char& c : digits)
      if (c >= 'a') c = static_cast<char>(c - 32);
    return Value{kind, "T1" + digits};
  }
  // STIX 2.1 §2.7: another algorithm's name, its value as it came.
  const bool is_name = algorithm.size() >= 3 && algorithm.size() <= 250 && std::all_of(algorithm.begin(), algorithm.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'; });
  if (!is_name || text.empty() || !is_utf8(text)) return std::nullopt;
  return Value{"hash:" + std::string(algorithm), is_all_hex(text) ? ascii_lower(text) : std::string(text)};
}

std::optional<std::string> registry_key(std::string_view text) {
  // STIX 2.1 §6.17 wants hives in full; much of what is shared has them short.
  constexpr std::pair<std::string_view, std::string_view> kHives[] = {
      {"hklm", "hkey_local_machine"}, {"hkcu", "hkey_current_user"}, {"hkcr", "hkey_classes_root"}, {"hku", "hkey_users"}, {"hkcc", "hkey_current_config"}};
  std::string out;
  for (const char c : ascii_lower(text))
    if (c != '\\' || !out.ends_with('\\')) out += c;
  if (out.ends_with('\\')) out.pop_back();
  for (const auto& [brief, full] : kHives)
    if (out == brief || out.starts_with(std::string(brief) + "\\") || out.starts_with(std::string(brief) + ":\\")) {
      const auto cut = brief.size() + (out.size() > brief.size() && out[brief.size()] == ':' ? 1 : 0);
      return std::string(full) + out.substr(cut);
    }
  return out.empty() ? std::nullopt : std::optional(out);
}

}  // namespace forms

namespace {

std::optional<Value> as_kind(std::string_view kind, std::optional<std::string> text) { return text ? std::optional(Value{std::string(kind), *std::move(text)}) : std::nullopt; }

std::optional<Value> once_normalised(std::string_view kind, std::string_view sent) {
  if (kind == "mutex") return Value{"mutex", std::string(sent)};  // a name of a program's own making: no sign in it is anybody else's
  const auto text = forms::refanged(sent);
  if (kind == "ipv4-addr") {
    const auto network = forms::ipv4_network(text);
    return network ? std::optional(forms::network_value(*network)) : std::nullopt;
  }
  if (kind == "ipv6-addr") {
    const auto network = forms::ipv6_network(text);
    return network ? std::optional(forms::network_value(*network)) : std::nullopt;
  }
  if (kind == "domain-name") return forms::host(text);
  if (kind == "email-addr") return as_kind(kind, forms::email(text));
  if (kind == "url") return as_kind(kind, forms::url(text));
  if (kind == "mac-addr") return as_kind(kind, forms::mac(text));
  if (kind == "autonomous-system") return as_kind(kind, forms::as_number(text));
  if (kind == "hash") return forms::hash("", text);
  if (kind.starts_with("hash:")) return kind.size() > 5 ? forms::hash(kind.substr(5), text) : std::nullopt;
  if (kind == "windows-registry-key") return as_kind(kind, forms::registry_key(text));
  if (kind == "file-name") return Value{"file-name", forms::ascii_lower(sent)};
  if (kind == "directory") {
    auto path = forms::ascii_lower(sent);
    while (path.size() > 1 && (path.ends_with('/') || path.ends_with('\\'))) path.pop_back();
    return Value{"directory", std::move(path)};
  }
  if (kind == "vulnerability") {
    auto id = text;
    for (char& c : id)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    const bool is_cve = id.size() >= 13 && id.size() <= 24 && id.starts_with("CVE-") && id[8] == '-' && std::all_of(id.begin() + 4, id.end(), [&](const char& c) { return (c >= '0' && c <= '9') || &c == &id[8]; });
    return is_cve ? std::optional(Value{"vulnerability", std::move(id)}) : std::nullopt;
  }
  return std::nullopt;
}

// Collects values of one object, within the limit.
class Values {
 public:
  void add(std::string_view kind, std::string_view text) {
    if (found_.size() < kMostValuesOfObject)
      if (auto value = normalised(kind, text)) found_.push_back(*std::move(value));
  }
  void add_property(const json::object& object, std::string_view property, std::string_view kind) { add(kind, string_at(object, property)); }
  void add_hashes(const json::object& object) {
    if (const auto* hashes = object.if_contains("hashes"); hashes && hashes->is_object())
      for (const auto& [algorithm, value] : hashes->get_object())
        if (value.is_string()) add("hash:" + std::string(algorithm), std::string_view(value.get_string()));
  }
  std::vector<Value> taken() {
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  std::vector<Value> found_;
};

void add_observable(Values& out, const json::object& object, std::string_view type) {
  if (type == "ipv4-addr" || type == "ipv6-addr" || type == "domain-name" || type == "email-addr" || type == "url" || type == "mac-addr") return out.add_property(object, "value", type);
  if (type == "mutex") return out.add_property(object, "name", type);
  if (type == "directory") return out.add_property(object, "path", type);
  if (type == "windows-registry-key") return out.add_property(object, "key", type);
  if (type == "autonomous-system") {
    if (const auto* number = object.if_contains("number"); number && number->is_int64() && number->get_int64() >= 0) out.add(type, std::to_string(number->get_int64()));
    return;
  }
  if (type == "file") {
    out.add_hashes(object);
    return out.add_property(object, "name", "file-name");
  }
  if (type == "artifact") {
    out.add_hashes(object);
    return out.add_property(object, "url", "url");
  }
  if (type == "x509-certificate") out.add_hashes(object);
}

void add_vulnerability(Values& out, const json::object& object) {
  out.add_property(object, "name", "vulnerability");
  if (const auto* references = object.if_contains("external_references"); references && references->is_array())
    for (const auto& reference : references->get_array())
      if (const auto* fields = reference.if_object(); fields && forms::ascii_lower(string_at(*fields, "source_name")) == "cve") out.add_property(*fields, "external_id", "vulnerability");
}

// What kind of value a path of a pattern leads to; "" where it leads to none. A path through references (network-traffic:dst_ref.value) says its kind by the
// value alone, so addresses and names are tried in turn.
std::string kind_at(const Comparison& comparison) {
  const auto& type = comparison.object_type;
  const auto& steps = comparison.steps;
  if (steps.empty() || std::any_of(steps.begin(), steps.end(), [](const PathStep& step) { return step.kind != PathStep::Kind::Property; })) return {};
  const auto& last = steps.back().name;
  if (steps.size() == 1) {
    if (last == "value" && (type == "ipv4-addr" || type == "ipv6-addr" || type == "domain-name" || type == "email-addr" || type == "url" || type == "mac-addr")) return type;
    if ((type == "mutex" && last == "name") || (type == "directory" && last == "path") || (type == "windows-registry-key" && last == "key") || (type == "autonomous-system" && last == "number")) return type;
    if (type == "file" && last == "name") return "file-name";
    if (type == "artifact" && last == "url") return "url";
  }
  if (steps.size() == 2) {
    if (steps[0].name == "hashes" && (type == "file" || type == "artifact" || type == "x509-certificate")) return "hash:" + last;
    if (last == "value" && type == "network-traffic" && (steps[0].name == "dst_ref" || steps[0].name == "src_ref")) return "network";
    if (last == "value" && type == "email-message" && (steps[0].name == "from_ref" || steps[0].name == "sender_ref")) return "email-addr";
    if (last == "name" && type == "process" && steps[0].name == "image_ref") return "file-name";
  }
  return {};
}

void add_pattern(Values& out, const json::object& object) {
  const auto type = string_at(object, "pattern_type");
  if (!type.empty() && type != "stix") return;  // STIX 2.0 has no pattern_type
  const auto pattern = parse_pattern(string_at(object, "pattern"), string_at(object, "pattern_version") == "2.0" ? PatternVersion::V20 : PatternVersion::V21);
  if (!pattern) return;
  for (const auto& comparison : comparisons_of(*pattern)) {
    const bool is_equality = comparison.op == ComparisonOperator::Equal || comparison.op == ComparisonOperator::In || comparison.op == ComparisonOperator::IsSubset;
    if (!is_equality || comparison.negated || !comparison.literal) continue;
    const auto kind = kind_at(comparison);
    const auto& text = comparison.literal->text;
    if (kind.empty()) continue;
    if (kind != "network") out.add(kind, text);
    else for (const auto* each : {"ipv4-addr", "ipv6-addr", "domain-name"}) {
      if (!normalised(each, text)) continue;
      out.add(each, text);
      break;
    }
  }
}

}  // namespace

std::optional<Value> normalised(std::string_view kind, std::string_view text) {
  if (text.empty() || text.size() > kMostValueLength || !is_utf8(text)) return std::nullopt;
  auto value = once_normalised(kind, text);
  // What was undone may show something more to undo: until nothing changes (V1).
  for (int turn = 0; value && turn < 8; ++turn) {
    if (value->text.empty() || value->text.size() > 3 * kMostValueLength) return std::nullopt;
    auto again = once_normalised(value->kind, value->text);
    if (again == value) return value->text.size() > kMostValueLength ? std::nullopt : value;
    value = std::move(again);
  }
  return std::nullopt;
}

std::vector<Value> values_of(const json::object& stix_object) {
  Values out;
  const auto type = string_at(stix_object, "type");
  if (type == "indicator") {
    add_pattern(out, stix_object);
  } else if (type == "vulnerability") {
    add_vulnerability(out, stix_object);
  } else if (type == "observed-data") {  // STIX 2.1 §4.14: `objects` is deprecated and still sent
    if (const auto* objects = stix_object.if_contains("objects"); objects && objects->is_object())
      for (const auto& [key, object] : objects->get_object())
        if (const auto* fields = object.if_object()) add_observable(out, *fields, string_at(*fields, "type"));
  } else {
    add_observable(out, stix_object, type);
  }
  return out.taken();
}

}  // namespace sluice::threat
