#include "formats/ioc_csv/write.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "formats/misp/extension.h"
#include "formats/simple_pattern.h"

namespace sluice::formats::ioc_csv {

namespace {

constexpr Column kColumns[] = {
    {"record", "indicator or observable"},
    {"value_type", "where the value stands: object type and path, such as file:hashes.'SHA-256'; several are joined by ' + '"},
    {"value", "the value; several that hold together are joined by ' + '"},
    {"pattern_type", "stix, yara, sigma, snort, suricata …"},
    {"pattern", "the whole pattern"},
    {"name", "the indicator's name"},
    {"description", "its description"},
    {"types", "indicator_types, joined by ';'"},
    {"labels", "labels, joined by ';'"},
    {"confidence", "0 to 100, or nothing"},
    {"tlp", "the strictest TLP label of the object and its parts, such as TLP:AMBER; nothing where there is none"},
    {"valid_from", "as sent"},
    {"valid_until", "as sent"},
    {"created", "as sent"},
    {"modified", "as sent"},
    {"revoked", "true or false"},
    {"created_by", "name of the creator, or its id where the identity isn't there"},
    {"id", "the STIX object's id"},
};

constexpr std::string_view kLevels[] = {"clear", "white", "green", "amber", "amber+strict", "red"};  // the last is the strictest

std::string joined(const json::object& object, std::string_view key) {
  std::string out;
  if (const auto* list = object.if_contains(key); list && list->is_array())
    for (const auto& item : list->get_array())
      if (item.is_string()) out += (out.empty() ? "" : ";") + std::string(item.get_string());
  return out;
}

std::string tlp_of(const json::object& object) {
  const std::string_view* best = nullptr;
  const auto take = [&best](std::string_view id) {
    const auto* level = std::find(std::begin(kLevels), std::end(kLevels), misp::tlp_tag_of(id));
    if (level != std::end(kLevels) && (!best || level > best)) best = level;
  };
  if (const auto* marks = object.if_contains("object_marking_refs"); marks && marks->is_array())
    for (const auto& mark : marks->get_array())
      if (mark.is_string()) take(mark.get_string());
  if (const auto* parts = object.if_contains("granular_markings"); parts && parts->is_array())
    for (const auto& part : parts->get_array())
      if (part.is_object()) take(string_at(part, "marking_ref"));
  if (!best) return {};
  std::string out = "TLP:";
  for (const char c : *best) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

// The one value that an observable is known by; a file has as many as it has hashes and names.
std::vector<std::pair<std::string, std::string>> values_in(const json::object& object) {
  constexpr std::string_view kNamed[][2] = {{"autonomous-system", "number"}, {"directory", "path"}, {"domain-name", "value"}, {"email-addr", "value"}, {"email-message", "subject"}, {"ipv4-addr", "value"}, {"ipv6-addr", "value"},
                                            {"mac-addr", "value"}, {"mutex", "name"}, {"process", "command_line"}, {"software", "name"}, {"url", "value"}, {"user-account", "account_login"}, {"windows-registry-key", "key"}, {"x509-certificate", "serial_number"}};
  std::vector<std::pair<std::string, std::string>> out;
  const std::string type(string_at(object, "type"));
  const auto take = [&](const std::string& path, const json::value& value) {
    if (value.is_string()) out.emplace_back(type + ":" + path, value.get_string());
    else if (value.is_int64() || value.is_uint64()) out.emplace_back(type + ":" + path, canonical(value));
  };
  if (type == "file" || type == "artifact" || type == "x509-certificate") {
    if (const auto* hashes = object.if_contains("hashes"); hashes && hashes->is_object())
      for (const auto& [name, value] : hashes->get_object()) take("hashes." + pattern_step(name), value);
    if (const auto* name = object.if_contains("name"); name && type == "file") take("name", *name);
  }
  for (const auto& row : kNamed)
    if (row[0] == type)
      if (const auto* value = object.if_contains(row[1])) take(std::string(row[1]), *value);
  return out;
}

class TableMaker {
 public:
  void gather(const json::value& value, const std::string& where, int depth) {
    if (depth > 4) return;
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.get_array().size(); ++i) gather(value.get_array()[i], where + "/" + std::to_string(i), depth + 1);
    } else if (value.is_object()) {
      const auto& object = value.get_object();
      if (const auto* objects = object.if_contains("objects"); objects && (string_at(object, "type") == "bundle" || string_at(object, "id").empty())) gather(*objects, where + "/objects", depth + 1);
      else if (!string_at(object, "id").empty() && !string_at(object, "type").empty()) found_.emplace_back(&object, where);
    }
  }

  Result<Table> done() {
    if (found_.empty()) return fail(ErrorKind::Invalid, "There is no STIX object here: a bundle, an envelope, a list of objects or one object is what is read.", "");
    for (const auto& [object, where] : found_)
      if (string_at(*object, "type") == "identity") names_[std::string(string_at(*object, "id"))] = string_at(*object, "name");
    std::vector<std::string> header;
    for (const auto& column : kColumns) header.emplace_back(column.name);
    line(header);
    std::map<std::string, std::pair<std::size_t, std::string>> others;
    for (const auto& [object, where] : found_) {
      const std::string type(string_at(*object, "type"));
      if (type == "indicator") {
        indicator(*object);
        continue;
      }
      const auto values = values_in(*object);
      for (const auto& [path, value] : values) row(*object, "observable", path, value);
      if (values.empty()) {
        auto& other = others[type];
        if (other.first++ == 0) other.second = where;
      }
    }
    for (const auto& [type, other] : others) table_.losses.push_back({other.second, std::to_string(other.first) + " object" + (other.first == 1 ? "" : "s") + " of the type " + type + " with no value for a row; this is the first."});
    return std::move(table_);
  }

 private:
  void indicator(const json::object& object) {
    const auto choices = string_at(object, "pattern_type") == "stix" ? choices_of(string_at(object, "pattern")) : std::nullopt;
    if (!choices) return row(object, "indicator", "", "");
    for (const auto& choice : *choices) {
      std::string paths, values;
      for (const auto& one : choice) {
        if (one.path.ends_with("_ref.type")) continue;  // said by the value
        paths += (paths.empty() ? "" : " + ") + one.type + ":" + one.path;
        values += (values.empty() ? "" : " + ") + one.value;
      }
      row(object, "indicator", paths, values);
    }
  }

  void row(const json::object& object, std::string_view record, const std::string& path, const std::string& value) {
    const auto text = [&object](std::string_view key) { return std::string(string_at(object, key)); };
    const auto* confidence = object.if_contains("confidence");
    const auto* revoked = object.if_contains("revoked");
    const auto maker = text("created_by_ref");
    const auto named = names_.find(maker);
    line({std::string(record), path, value, text("pattern_type"), text("pattern"), record == "indicator" ? text("name") : "", text("description"), joined(object, "indicator_types"), joined(object, "labels"),
          confidence && confidence->is_number() ? canonical(*confidence) : "", tlp_of(object), text("valid_from"), text("valid_until"), text("created"), text("modified"), revoked && revoked->is_bool() && revoked->get_bool() ? "true" : "false",
          named == names_.end() ? maker : named->second, text("id")});
  }

  void line(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) table_.text += (i == 0 ? "" : ",") + cell(cells[i]);
    table_.text += "\r\n";
  }

  std::vector<std::pair<const json::object*, std::string>> found_;
  std::map<std::string, std::string> names_;
  Table table_;
};

}  // namespace

std::span<const Column> columns() { return kColumns; }

std::string cell(std::string_view text) {
  std::string out;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) out = "'";
  out += text;
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

Result<Table> write(const json::value& document) {
  TableMaker maker;
  maker.gather(document, "", 0);
  return maker.done();
}

}  // namespace sluice::formats::ioc_csv
