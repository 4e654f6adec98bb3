#include "cvd/actions.h"

#include <algorithm>

namespace sluice::cvd {

namespace {
constexpr auto kTable = [] {
  using enum ActionKind;
  using enum Who;
  using enum EmbargoFit;
  using enum Letter;
  constexpr std::optional<Letter> nothing;
  return std::to_array<SuggestedAction>({
      {Embargo, "...P.. ....X. .....A", Anyone, OpenOrBinding, "End the embargo, and reject what is proposed.", nothing, true},
      {Embargo, "VfdpX. Vfdp.A", Anyone, OpenOrBinding, "Start to take the embargo down: tell the participants what became known.", nothing},
      {Embargo, "..dpxa", Anyone, CanStart, "Negotiate an embargo.", nothing},
      {Embargo, "...pxa", Anyone, Binding, "Keep the embargo and watch for what would end it.", nothing},
      {Embargo, "VFdpxa", Anyone, CanStart, "Ask whether a new embargo is still fitting.", nothing},

      {NotifyVendor, "vfd...", NonVendor, Any, "Notify the vendor.", V},
      {NotifyVendor, "vfdP..", NonVendor, Any, "Notify the vendor with raised priority: the public knows already.", V},
      {NotifyVendor, "vfdP..", Vendor, Any, "Watch public reports of vulnerabilities in your products.", V},
      {NotifyVendor, "vfdpx.", Government, Any, "An equities process of a government may apply.", nothing},

      {Publish, "...P.. ....X. .....A", Anyone, NotBinding, "Publish what is known.", P},
      {Publish, ".fdP..", Anyone, NotBinding, "Publish mitigations.", nothing},
      {Publish, "VfdP..", Anyone, NotBinding, "See to it that mitigations are widely known.", nothing},
      {Publish, "V..p..", Anyone, NotBinding, "Publish together with a mitigation.", P},
      {Publish, "vfdp..", Anyone, NotBinding, "Where no vendor exists, publish together with a mitigation.", P},
      {Publish, "Vfdp..", NonVendor, NotBinding, "Publishing can move an idle vendor and helps those who run the product to mitigate.", P},
      {Publish, "VFdp..", Anyone, NotBinding, "Publish the vulnerability and its fix, to speed deployment.", P},
      {Publish, "VFDp..", Anyone, NotBinding, "Publish for the record and for credit.", P},
      {Publish, "....X.", Anyone, NotBinding, "Publish ways to detect exploitation, and point to the known exploits.", P},
      {Publish, ".....A", Anyone, NotBinding, "Publish ways to detect the attacks.", P},
      {Publish, ".fd.xa", Anyone, Any, "Discourage publication of an exploit before a fix is ready.", nothing},
      {Publish, ".fdPxA VFdPxa", Anyone, NotBinding, "Publishing exploit code can help defence, detection and deployment; weigh it.", X},

      {Fix, "Vfd...", Vendor, Any, "Make a fix.", F},
      {Fix, "Vfd...", NonVendor, Any, "Urge the vendor to make a fix.", F},
      {Fix, "VfdP..", Anyone, Any, "Press for the fix: the vulnerability is public.", nothing},
      {Fix, ".f..X. .f...A", Anyone, Any, "Raise the priority of the fix.", nothing},

      {Deploy, "VFdp..", VendorOrDeployer, Any, "Deploy the fix.", D},
      {Deploy, "VFdP..", Deployer, Any, "Deploy the fix.", D},
      {Deploy, "VFd...", NonDeployer, Any, "Urge those who run the product to deploy the fix, and promote it.", D},
      {Deploy, ".FdP.. .Fd.X. .Fd..A ..dP..", Anyone, Any, "Raise the priority of deployment and response.", nothing},

      {Monitor, "VfdP..", Anyone, Any, "Step up the watch for exploits and attacks.", nothing},
      {Monitor, "....x.", Anyone, Any, "Watch for publication of an exploit.", nothing},
      {Monitor, "....X.", Anyone, Any, "Watch for better exploits.", nothing},
      {Monitor, ".....a", Anyone, Any, "Watch for attacks.", nothing},
      {Monitor, ".....A", Anyone, Any, "Watch for more attacks.", nothing},

      {Close, "VFDPXA VFDPxa VFDPXa VFDPxA", Anyone, NotBinding, "Close the case, unless you still watch for exploits or attacks.", nothing},
  });
}();
}  // namespace

std::span<const SuggestedAction> action_table() { return kTable; }

bool matches_any(std::string_view patterns, Letters state) {
  for (std::size_t at = 0; at < patterns.size(); at += kLetters.size() + 1)
    if (matches(patterns.substr(at, kLetters.size()), state)) return true;
  return false;
}

namespace {
bool fits(EmbargoFit wanted, EmbargoState embargo) {
  switch (wanted) {
    case EmbargoFit::Any: return true;
    case EmbargoFit::Binding: return binds(embargo);
    case EmbargoFit::NotBinding: return !binds(embargo);
    case EmbargoFit::OpenOrBinding: return binds(embargo) || embargo == EmbargoState::Proposed;
    case EmbargoFit::CanStart: return embargo == EmbargoState::None || embargo == EmbargoState::Proposed;
  }
  return false;
}
}  // namespace

std::vector<SuggestedAction> suggested_actions(Letters state, Hats hats, EmbargoState embargo) {
  std::vector<SuggestedAction> out;
  for (const auto& action : kTable) {
    if (!matches_any(action.patterns, state) || !cvd::fits(action.who, hats) || !fits(action.embargo, embargo)) continue;
    out.push_back(action);
    if (action.causes && state.has(*action.causes)) out.back().causes.reset();  // it has happened already
  }
  std::ranges::stable_sort(out, {}, &SuggestedAction::kind);
  return out;
}

}  // namespace sluice::cvd
