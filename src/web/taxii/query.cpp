#include "web/taxii/query.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/fine_time.h"

namespace sluice::web::taxii {

namespace {

constexpr std::size_t kMostValues = 1000;         // of one filter

std::unexpected<Error> bad(std::string message, std::string_view parameter) { return fail(ErrorKind::Malformed, std::move(message), std::string(parameter), "TAXII 2.1 §3.4"); }

// TAXII 2.1 §3.4: commas and no spaces; each of them means 'or'.
Result<std::vector<std::string_view>> values_of(std::string_view text, std::string_view parameter) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0;; ) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto value = text.substr(at, comma - at);
    if (value.empty()) return bad("A value is missing.", parameter);
    if (value.size() > 300) return bad("A value is too long.", parameter);
    for (const char c : value)
      if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f) return bad("Values are parted by commas, without spaces.", parameter);
    if (out.size() == kMostValues) return bad("At most 1000 values.", parameter);
    out.push_back(value);
    if (comma == text.size()) return out;
    at = comma + 1;
  }
}

bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'; });
}

// "2.1" -> 2001
std::optional<int> spec_number(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == text.npos || dot == 0 || dot > 3 || text.size() - dot - 1 == 0 || text.size() - dot - 1 > 3) return std::nullopt;
  int major = 0, minor = 0;
  const auto all = [](std::string_view part, int& out) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), out);
    return error == std::errc{} && end == part.data() + part.size() && part[0] != '-';
  };
  if (!all(text.substr(0, dot), major) || !all(text.substr(dot + 1), minor)) return std::nullopt;
  return major * 1000 + minor;
}

Result<void> take_ids(Query& out, std::string_view text, std::string_view parameter) {
  TRY(const auto values, values_of(text, parameter));
  for (const auto value : values) {
    if (value.find("--") == value.npos || !is_word(value)) return bad("An id of an object looks like indicator--2dda25c8-933c-4944-9185-ba707ff863c0.", parameter);
    out.ids.emplace_back(value);
  }
  return {};
}

Result<void> take_types(Query& out, std::string_view text, std::string_view parameter) {
  TRY(const auto values, values_of(text, parameter));
  for (const auto value : values) {
    if (!is_word(value)) return bad("A type looks like attack-pattern.", parameter);
    out.types.emplace_back(value);
  }
  return {};
}

Result<void> take_spec_versions(Query& out, std::string_view text, std::string_view parameter) {
  TRY(const auto values, values_of(text, parameter));
  for (const auto value : values) {
    const auto number = spec_number(value);
    if (!number) return bad("A version of the specification looks like 2.1.", parameter);
    out.spec_versions.push_back(*number);
  }
  return {};
}

// TAXII 2.1 §3.4.1: `all` stands alone, and none stands twice.
Result<void> take_versions(Query& out, std::string_view text, std::string_view parameter) {
  TRY(const auto values, values_of(text, parameter));
  out.last_version = false;
  for (const auto value : values) {
    const bool again = value == "first" ? std::exchange(out.first_version, true) : value == "last" ? std::exchange(out.last_version, true) : value == "all" ? std::exchange(out.all_versions, true) : false;
    if (again) return bad("A version stands twice.", parameter);
    if (value == "first" || value == "last" || value == "all") continue;
    const auto nanos = utc_nanos_clamped(value);   // none that is held is so early or so late
    if (!nanos) return bad("A version is first, last, all, or a time such as 2024-08-09T10:11:12.123Z.", parameter);
    if (*nanos != INT64_MIN && *nanos != INT64_MAX && std::find(out.exact_versions.begin(), out.exact_versions.end(), *nanos) != out.exact_versions.end()) return bad("A version stands twice.", parameter);
    out.exact_versions.push_back(*nanos);
  }
  if (out.all_versions && values.size() > 1) return bad("`all` stands alone.", parameter);
  return {};
}

// ---- ours, beyond the standard

Result<void> take_content(service::ContentFilter& out, std::string_view text, std::string_view parameter) {
  if (parameter == "value") {                      // one value: commas and blanks may stand in it
    if (text.empty() || text.size() > 4096) return bad("Name one value, of at most 4,096 bytes.", parameter);
    out.values = service::value_readings(text);
    if (out.values.empty()) return bad("This is no value that objects are looked up by: an address, a name, a URL, a hash, a CVE id.", parameter);
    return {};
  }
  TRY(const auto values, values_of(text, parameter));
  for (const auto value : values) {
    if (parameter == "tlp") {
      const auto word = from_word<Tlp>(value);
      const auto label = word ? word : parse_tlp(value);
      if (!label) return bad("A label is one of: " + words_of<Tlp>() + ".", parameter);
      out.labels.push_back(*label);
    } else if (parameter == "confidence") {
      int least = -1;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), least);
      if (values.size() > 1 || error != std::errc{} || end != value.data() + value.size() || least < 0 || least > 100) return bad("The least confidence is one whole number from 0 to 100.", parameter);
      out.confidence = least;
    } else {
      if (!is_word(value)) return bad("A sector or region looks like financial-services.", parameter);
      std::string lower(value);
      for (auto& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      (parameter == "sector" ? out.sectors : out.regions).push_back(std::move(lower));
    }
  }
  return {};
}

template <class T>
void in_order(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

Result<Query> read_query(std::span<const std::pair<std::string, std::string>> query, const Filters& filters) {
  Query out;
  std::set<std::string_view> seen;
  for (const auto& [name, value] : query) {
    const bool is_paging = name == "added_after" || name == "limit" || name == "next";
    const bool is_content = name == "tlp" || name == "sector" || name == "region" || name == "confidence" || name == "value";
    const bool is_known = (is_content && filters.content) || (is_paging && filters.paging) || (name == "match[id]" && filters.id) || (name == "match[type]" && filters.type) || (name == "match[version]" && filters.version) ||
                          (name == "match[spec_version]" && filters.spec_version);
    if (!is_known) continue;
    if (!seen.insert(name).second) return bad("This parameter stands twice.", name);
    if (name == "added_after") {
      const auto nanos = utc_nanos_clamped(value);
      if (!nanos) return bad("This must be a time in UTC, such as 2023-05-17T06:05:04.000000Z.", name);
      out.added_after = instant_of_nanos(*nanos).micros;
    } else if (name == "limit") {
      std::int64_t limit = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), limit);
      const bool whole = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (!whole || (error == std::errc{} && limit < 1)) return bad("This must be a whole number from 1.", name);
      out.limit = error == std::errc{} && end == value.data() + value.size() ? limit : INT64_MAX;   // more than fits is no less a number
    } else if (name == "next") {
      if (value.empty() || value.size() > 4096) return bad("This is no place that a page of this list gave.", name);
      out.next = value;
    } else if (is_content) {
      TRY(take_content(out.content, value, name));
    } else if (name == "match[id]") {
      TRY(take_ids(out, value, name));
    } else if (name == "match[type]") {
      TRY(take_types(out, value, name));
    } else if (name == "match[spec_version]") {
      TRY(take_spec_versions(out, value, name));
    } else {
      TRY(take_versions(out, value, name));
    }
  }
  in_order(out.ids);
  in_order(out.types);
  in_order(out.spec_versions);
  in_order(out.exact_versions);
  in_order(out.content.labels);
  in_order(out.content.sectors);
  in_order(out.content.regions);
  return out;
}

std::string Query::canonical() const {
  std::string out = added_after ? "after=" + std::to_string(*added_after) : "";
  for (const auto& id : ids) out += "&id=" + id;
  for (const auto& type : types) out += "&type=" + type;
  for (const auto spec : spec_versions) out += "&spec=" + std::to_string(spec);
  out += std::string("&") + (all_versions ? "a" : "") + (first_version ? "f" : "") + (last_version ? "l" : "");
  for (const auto version : exact_versions) out += "&v=" + std::to_string(version);
  return out + content.canonical();
}

}  // namespace sluice::web::taxii
