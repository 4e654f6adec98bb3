#include "service/threat_ties.h"

#include <algorithm>

#include "threat/exploitation.h"
#include "threat/references.h"
#include "threat/value_keys.h"

namespace sluice::service {

void tie(const store::Cells& cells, const json::object& object, store::NewObject& out) {
  const auto values = threat::values_of(object);
  out.value_tags.clear(), out.network_tags.clear(), out.refs.clear();
  out.value_tags.reserve(values.size());
  for (const auto& value : values) out.value_tags.push_back(value_name(cells, value));
  for (const auto& key : threat::world_keys_of(object)) out.value_tags.push_back(value_name(cells, key));   // of kinds that no value has, so that nobody asks for them but cases (case_threats.h)
  std::vector<std::string> networks;
  for (const auto& value : values)
    if (auto network = threat::block_of(value)) networks.push_back(*std::move(network));
  std::sort(networks.begin(), networks.end());
  networks.erase(std::unique(networks.begin(), networks.end()), networks.end());
  for (const auto& network : networks) out.network_tags.push_back(store::network_name(cells, network));
  for (auto& [kind, id] : threat::references_of(object, store::kMostTies)) out.refs.emplace_back(static_cast<int>(kind), std::move(id));
}

}  // namespace sluice::service
