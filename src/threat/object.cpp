#include "threat/object.h"

#include "threat/stix_tables.h"

namespace sluice::threat {

namespace {

constexpr bool is_type_letter(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_type_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 4122 §3; read without regard to case.
bool is_uuid_text(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < 36; ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? c != '-' : !(is_type_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
  }
  return true;
}

std::optional<std::string> facts_text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

Result<std::string> facts_required(const json::object& object, std::string_view key) {
  if (auto text = facts_text(object, key)) return *std::move(text);
  return fail(ErrorKind::Invalid, "A STIX object must have " + std::string(key) + ", a string.", "/" + std::string(key), "STIX 2.1 §3.2");
}

}  // namespace

bool is_type_name(std::string_view text) {
  if (text.size() < 3 || text.size() > 250 || !is_type_letter(text.front()) || text.back() == '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!(is_type_letter(text[i]) || is_type_digit(text[i]) || (text[i] == '-' && text[i - 1] != '-'))) return false;
  return true;
}

std::optional<Identifier> identifier_of(std::string_view text) {
  if (text.size() < 3 + 2 + 36) return std::nullopt;
  const auto uuid = text.substr(text.size() - 36);
  const auto type = text.substr(0, text.size() - 38);
  if (text.substr(type.size(), 2) != "--" || !is_type_name(type) || !is_uuid_text(uuid)) return std::nullopt;
  return Identifier{type, uuid};
}

Result<ObjectFacts> facts_of(const json::object& object) {
  ObjectFacts out;
  TRY(out.type, facts_required(object, "type"));
  TRY(out.id, facts_required(object, "id"));
  const auto id = identifier_of(out.id);
  if (!id) return fail(ErrorKind::Invalid, "This id isn't a type's name, two hyphens and a UUID.", "/id", "STIX 2.1 §2.9");
  if (id->type != out.type) return fail(ErrorKind::Invalid, "This id must begin with the object's type and two hyphens.", "/id", "STIX 2.1 §2.9");
  out.created = facts_text(object, "created");
  out.modified = facts_text(object, "modified");
  const auto* type = stix::type_of(out.type);
  const bool needs_none = type != nullptr && (type->kind == stix::Kind::Observable || type->kind == stix::Kind::Bundle);
  out.spec_version = facts_text(object, "spec_version").value_or(needs_none ? "2.1" : "2.0");
  out.version = out.modified ? *out.modified : out.created.value_or("");
  if (!out.version.empty())
    if (const auto instant = parse_instant(out.version)) out.version_at = *instant;
  const auto* revoked = object.if_contains("revoked");
  out.revoked = revoked != nullptr && revoked->is_bool() && revoked->get_bool();
  out.created_by_ref = facts_text(object, "created_by_ref").value_or("");
  if (const auto* refs = object.if_contains("object_marking_refs"); refs != nullptr && refs->is_array())
    for (const auto& ref : refs->get_array())
      if (ref.is_string()) out.object_marking_refs.emplace_back(ref.get_string());
  return out;
}

}  // namespace sluice::threat
