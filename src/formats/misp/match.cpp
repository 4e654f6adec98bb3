#include "formats/misp/match.h"

#include <algorithm>

namespace sluice::formats::misp {

namespace {

// What follows from the rest, or is said by other means.
bool is_said_elsewhere(const Equality& one) {
  return one.path == "src_ref.type" || one.path == "dst_ref.type" || one.path == "is_multipart" || one.path == "protocols[*]" || one.path.starts_with("content_ref.");
}

bool is_root(std::string_view root, std::string_view type) { return root == "address" ? type == "ipv4-addr" || type == "ipv6-addr" : root == type; }

bool has_fixed(const Together& together, std::string_view path, std::string_view value) {
  return path.empty() || std::any_of(together.begin(), together.end(), [&](const Equality& e) { return e.path == path && e.value == value; });
}

std::string_view type_of_relation(std::string_view relation, As as) {
  for (const auto& row : attribute_rows())
    if (row.type == relation) return row.type;
  switch (as) {
    case As::Address: return "ip-dst";
    case As::Domain: return "domain";
    case As::Time: return "datetime";
    case As::Boolean: return "boolean";
    case As::RegistryKey: return "regkey";
    case As::Url: return "url";
    case As::Number: return relation.ends_with("port") ? "port" : "text";
    default: return "text";
  }
}

Together said_here(const Together& together, std::string_view type) {
  Together out;
  for (const auto& one : together)
    if (!is_said_elsewhere(one) && one.type == type) out.push_back(one);
  return out;
}

}  // namespace

std::optional<MatchedAttribute> attribute_for(const Together& together, std::string_view hint) {
  if (together.empty() || std::any_of(together.begin(), together.end(), [&](const Equality& e) { return e.type != together.front().type; })) return std::nullopt;
  const auto here = said_here(together, together.front().type);
  std::optional<MatchedAttribute> first;
  for (const auto& row : attribute_rows()) {
    if (!is_root(row.root, together.front().type) || !has_fixed(here, row.fixed_path, row.fixed_value)) continue;
    std::string value;
    std::size_t used = row.fixed_path.empty() ? 0 : 1;
    bool all = true;
    for (const auto& field : row.fields) {
      if (field.as == As::None) continue;
      const auto found = std::find_if(here.begin(), here.end(), [&](const Equality& e) { return e.path == field.path; });
      if (found == here.end()) {
        all = false;
        break;
      }
      value += (value.empty() ? "" : "|") + found->value;
      ++used;
    }
    if (!all || used != here.size()) continue;
    if (row.type == hint) return MatchedAttribute{std::string(row.type), std::string(row.category), value};
    // What holds a file's content is told by the content, not by its name.
    if (!first && row.type != "malware-sample" && row.type != "attachment") first = MatchedAttribute{std::string(row.type), std::string(row.category), value};
  }
  return first;
}

std::optional<MatchedObject> object_for(const Together& together) {
  if (together.empty()) return std::nullopt;
  const auto here = said_here(together, together.front().type);
  std::optional<MatchedObject> best;
  for (const auto& row : object_rows()) {
    if (!is_root(row.root, together.front().type) || !has_fixed(here, row.fixed_path, row.fixed_value)) continue;
    MatchedObject one{std::string(row.name), {}, {}};
    for (const auto& equality : here) {
      if (equality.path == row.fixed_path) continue;
      const auto field = std::find_if(row.fields.begin(), row.fields.end(), [&](const ObjectField& f) { return f.path == equality.path; });
      if (field == row.fields.end()) one.left_out.push_back(equality.path);
      else one.parts.push_back({std::string(field->relation), std::string(type_of_relation(field->relation, field->as)), equality.value});
    }
    if (!one.parts.empty() && (!best || one.parts.size() > best->parts.size())) best = std::move(one);
  }
  return best;
}

}  // namespace sluice::formats::misp
