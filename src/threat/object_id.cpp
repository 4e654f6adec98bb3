#include "threat/object_id.h"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "threat/stix_tables.h"

namespace sluice::threat {

namespace {

// 00abedb4-aa42-466c-9c01-fed23315a9b7, the namespace of all observables (STIX 2.1 §2.9).
constexpr boost::uuids::uuid kObservableNamespace{{0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7}};

// Of several hashes one contributes: the first of these that is there, else the first by name.
json::object contributing_hash(const json::object& hashes) {
  for (const auto* name : {"MD5", "SHA-1", "SHA-256", "SHA-512"})
    if (const auto* found = hashes.if_contains(name)) return {{name, *found}};
  const auto first = std::min_element(hashes.begin(), hashes.end(), [](const auto& a, const auto& b) { return a.key() < b.key(); });
  if (first == hashes.end()) return {};
  return {{first->key(), first->value()}};
}

}  // namespace

std::optional<std::string> id_text(const json::object& observable) {
  const auto* type = stix::type_of(string_at(observable, "type"));
  if (type == nullptr || type->kind != stix::Kind::Observable) return std::nullopt;
  json::object parts;
  for (std::size_t from = 0; from < type->id_properties.size();) {
    const auto end = std::min(type->id_properties.find(' ', from), type->id_properties.size());
    const auto name = type->id_properties.substr(from, end - from);
    from = end + 1;
    const auto* value = observable.if_contains(name);
    if (value == nullptr) continue;
    if (name == "hashes" && value->is_object()) {
      if (!value->get_object().empty()) parts[name] = contributing_hash(value->get_object());
    } else {
      parts[name] = *value;
    }
  }
  if (parts.empty()) return std::nullopt;
  return canonical(parts);
}

std::optional<std::string> deterministic_id(const json::object& observable) {
  const auto text = id_text(observable);
  if (!text) return std::nullopt;
  const auto uuid = boost::uuids::name_generator_sha1(kObservableNamespace)(text->data(), text->size());
  return std::string(string_at(observable, "type")) + "--" + boost::uuids::to_string(uuid);
}

}  // namespace sluice::threat
