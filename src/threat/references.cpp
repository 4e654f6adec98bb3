#include "threat/references.h"

#include <algorithm>

#include "threat/object.h"

namespace sluice::threat {

namespace {

constexpr int kDeepest = 64;

bool ends_like_one(std::string_view name) { return name.ends_with("_ref"); }
bool ends_like_many(std::string_view name) { return name.ends_with("_refs"); }
bool is_marking(std::string_view name) { return name == "object_marking_refs" || name == "marking_ref"; }

// STIX 2.1 §3.1: a name that ends in _ref or _refs holds identifiers.
void gather(const json::object& object, std::string_view own, std::size_t most, int depth, std::vector<NamedReference>& out);

void gather_below(const json::value& value, std::string_view own, std::size_t most, int depth, std::vector<NamedReference>& out) {
  if (depth > kDeepest || out.size() >= most) return;
  if (value.is_object()) return gather(value.get_object(), own, most, depth + 1, out);
  if (value.is_array())
    for (const auto& each : value.get_array()) gather_below(each, own, most, depth + 1, out);
}

void gather(const json::object& object, std::string_view own, std::size_t most, int depth, std::vector<NamedReference>& out) {
  for (const auto& member : object) {
    const std::string_view name = member.key();
    const auto add = [&](const json::value& id) {
      if (!id.is_string() || out.size() >= most) return;
      const std::string_view text = id.get_string();
      if (text != own && identifier_of(text)) out.push_back({std::string(name), std::string(text)});
    };
    if (is_marking(name)) continue;
    if (ends_like_one(name)) add(member.value());
    else if (ends_like_many(name) && member.value().is_array())
      for (const auto& each : member.value().get_array()) add(each);
    else gather_below(member.value(), own, most, depth, out);
  }
}

ReferenceKind kind_of(std::string_view type, std::string_view property) {
  if (property == "created_by_ref") return ReferenceKind::CreatedBy;
  if (type == "relationship" && property == "source_ref") return ReferenceKind::Source;
  if (type == "relationship" && property == "target_ref") return ReferenceKind::Target;
  if (type == "sighting" && property == "sighting_of_ref") return ReferenceKind::SightingOf;
  return ReferenceKind::Other;
}

}  // namespace

std::vector<NamedReference> named_references_of(const json::object& object, std::size_t most) {
  std::vector<NamedReference> out;
  gather(object, string_at(object, "id"), most, 0, out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<Reference> references_of(const json::object& object, std::size_t most) {
  const auto type = string_at(object, "type");
  std::vector<Reference> out;
  for (auto& [property, id] : named_references_of(object, most)) {
    const auto kind = kind_of(type, property);
    if (kind == ReferenceKind::Target && string_at(object, "relationship_type") == "derived-from") out.push_back({ReferenceKind::DerivedFrom, id});
    out.push_back({kind, std::move(id)});
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace sluice::threat
