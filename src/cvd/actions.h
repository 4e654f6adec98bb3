// What a participant could do next, from the letters, its roles and the embargo. Suggestions: could, not must.
//
// A table: patterns of the letters, for whom, when with regard to the embargo, what, and which letter it may bring about (Vultron, suggested actions).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cvd/ordering.h"

namespace sluice::cvd {

// In this order suggestions are shown.
enum class ActionKind { Embargo, NotifyVendor, Publish, Fix, Deploy, Monitor, Close };
BOOST_DESCRIBE_ENUM(ActionKind, Embargo, NotifyVendor, Publish, Fix, Deploy, Monitor, Close)

enum class Who { Anyone, Vendor, NonVendor, VendorOrDeployer, Deployer, NonDeployer, Government };
BOOST_DESCRIBE_ENUM(Who, Anyone, Vendor, NonVendor, VendorOrDeployer, Deployer, NonDeployer, Government)

enum class EmbargoFit { Any, Binding, NotBinding, OpenOrBinding, CanStart };
BOOST_DESCRIBE_ENUM(EmbargoFit, Any, Binding, NotBinding, OpenOrBinding, CanStart)

struct SuggestedAction {
  ActionKind kind;
  std::string_view patterns;  // separated by spaces; any of them
  Who who;
  EmbargoFit embargo;
  std::string_view what;
  std::optional<Letter> causes;
  bool ends_embargo = false;  // which not everybody who is told of it may do
};

std::span<const SuggestedAction> action_table();

constexpr bool fits(Who who, Hats hats) {
  switch (who) {
    case Who::Anyone: return true;
    case Who::Vendor: return hats.vendor;
    case Who::NonVendor: return !hats.vendor;
    case Who::VendorOrDeployer: return hats.vendor || hats.deployer;
    case Who::Deployer: return hats.deployer;
    case Who::NonDeployer: return !hats.deployer;
    case Who::Government: return false;  // shown in the docs; no participant of ours is one by its role
  }
  return false;
}

bool matches_any(std::string_view patterns, Letters state);
std::vector<SuggestedAction> suggested_actions(Letters state, Hats hats, EmbargoState embargo);

}  // namespace sluice::cvd
