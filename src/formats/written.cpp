#include "formats/written.h"

#include <algorithm>
#include <set>

#include "base/json.h"

namespace sluice::formats {

json::value sorted(const json::value& value) {
  if (value.is_array()) {
    json::array out;
    out.reserve(value.get_array().size());
    for (const auto& item : value.get_array()) out.push_back(sorted(item));
    return out;
  }
  if (!value.is_object()) return value;
  std::vector<const json::key_value_pair*> members;
  for (const auto& member : value.get_object()) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return a->key() < b->key(); });
  json::object out;
  for (const auto* member : members) out.emplace(member->key(), sorted(member->value()));
  return out;
}

json::array once_each(const json::array& items) {
  std::set<std::string> seen;
  json::array out;
  for (const auto& item : items)
    if (seen.insert(canonical(item)).second) out.push_back(item);
  return out;
}

json::array list_of(const std::vector<std::string>& items) {
  json::array out;
  for (const auto& item : items) out.emplace_back(item);
  return once_each(out);
}

}  // namespace sluice::formats
