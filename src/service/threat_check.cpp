#include "service/threat_check.h"

#include <set>

namespace sluice::service {

namespace {

void add_checked(std::vector<CheckedObject>& out, const json::value& object, std::span<const threat::BenignList> lists) {
  if (!object.is_object()) return;
  CheckedObject one{std::string(string_at(object, "id")), std::string(string_at(object, "type")), {}};
  for (auto& value : threat::values_of(object.get_object())) {
    CheckedValue checked{std::move(value), {}};
    std::set<std::string> said;
    const auto add = [&](const threat::BenignList& list) {
      for (auto& sign : threat::benign_signs(checked.value, list))
        if (said.insert(sign.warning).second) checked.benign.push_back(std::move(sign));
    };
    add(threat::builtin_benign());
    for (const auto& list : lists) add(list);
    one.values.push_back(std::move(checked));
  }
  out.push_back(std::move(one));
}

}  // namespace

Result<std::vector<CheckedObject>> check_values(const json::value& document, std::span<const threat::BenignList> lists) {
  std::vector<CheckedObject> out;
  const json::array* all = document.if_array();
  if (const auto* whole = document.if_object()) {
    const auto* objects = whole->if_contains("objects");
    if (string_at(*whole, "type") != "observed-data" && objects != nullptr && objects->is_array()) all = &objects->get_array();
    else if (!string_at(*whole, "type").empty()) return add_checked(out, document, lists), out;
  }
  if (all == nullptr) return fail(ErrorKind::Invalid, "This is no STIX: a bundle, an envelope, a list of objects, or one object.");
  for (const auto& object : *all) add_checked(out, object, lists);
  return out;
}

}  // namespace sluice::service
