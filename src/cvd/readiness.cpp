#include "cvd/readiness.h"

#include <algorithm>

#include "cvd/availability.h"
#include "cvd/decide.h"
#include "cvd/targets.h"

namespace sluice::cvd {

namespace {

bool is_supported(const Product& product, Instant at) { return product.supported.value_or(true) && !(product.supported_until && *product.supported_until <= at); }

int weight_in_readiness(const Settlement& agreed, OrganisationId vendor) {
  if (agreed.rule != SettlementRule::Quorum) return 1;
  for (const auto& weight : agreed.weights)
    if (weight.organisation == vendor) return weight.weight;
  return 1;  // came in after the weights were agreed
}

int needed(const Settlement& agreed, int all) {
  switch (agreed.rule) {
    case SettlementRule::Majority: return all == 0 ? 0 : all / 2 + 1;
    case SettlementRule::Quorum: return static_cast<int>((static_cast<std::int64_t>(all) * agreed.share.value_or(100) + 99) / 100);
    case SettlementRule::OwnerDecides:
    case SettlementRule::Unanimity: break;
  }
  return all;
}

std::optional<std::string> reason_of(const Answer& answer, const std::vector<const Wait*>& unmet) {
  if (answer.blocked_because) return "blocked since " + to_text(*answer.blocked_since) + ": " + *answer.blocked_because;
  if (const auto* assessment = assessment_of_this_fix(answer); assessment != nullptr && !assessment->what.passed) return "its last test failed, on " + to_text(assessment->at);
  if (answer.fix_ready) return "the fix that it had was found incomplete and reopened";
  if (!unmet.empty()) return "it waits for " + unmet.front()->label;
  return {};
}

// Whether the approved text promises users a vendor's fix of this vulnerability.
bool tells_of_a_fix(const CaseFold& fold, const Release& release, const Vulnerability& vulnerability) {
  const auto found = fold.advisories.find(release.advisory);
  if (found == fold.advisories.end()) return false;
  for (const auto& version : found->second) {
    if (version.version != release.version || !version.document.is_object()) continue;
    const auto* list = version.document.get_object().if_contains("vulnerabilities");
    if (list == nullptr || !list->is_array()) return false;
    for (const auto& named : list->get_array()) {
      if (vulnerability.identifier ? string_at(named, "cve") != *vulnerability.identifier : string_at(named, "title") != vulnerability.title) continue;
      const auto* remediations = named.is_object() ? named.get_object().if_contains("remediations") : nullptr;
      if (remediations == nullptr || !remediations->is_array()) return false;
      const auto& all = remediations->get_array();
      return std::any_of(all.begin(), all.end(), [](const json::value& one) { return string_at(one, "category") == "vendor_fix"; });
    }
  }
  return false;
}

}  // namespace

Readiness readiness(const CaseFold& fold, const Release& release) {
  Readiness out;
  out.rule = fold.readiness.rule;
  for (const auto& vulnerability : fold.vulnerabilities) {
    if (std::find(release.vulnerabilities.begin(), release.vulnerabilities.end(), vulnerability.id) == release.vulnerabilities.end()) continue;
    const auto named = " \"" + vulnerability.title + "\"";
    bool any_fix = false, any_validated = false;
    for (const auto& [key, answer] : fold.answers) {
      if (key.first != vulnerability.id || answer.status == Status::NotAffected || !answer.step) continue;
      any_fix = true;
      any_validated = any_validated || is_validated(answer);
      if (const auto* product = fold.product(key.second); product != nullptr && is_partial(answer)) out.partial.push_back(product->name + " has a fix that remedies a part of" + named + " only.");
    }
    if (vulnerability.facts.contains(Letter::P)) {
      // Nothing is left to wait for, but no clock tells users to install what nobody has tested.
      if (any_fix && !any_validated && tells_of_a_fix(fold, release, vulnerability)) out.in_the_way.push_back("The advisory tells of a fix for" + named + ", and no fix of it is validated.");
      continue;
    }
    const auto chain = chain_of(fold, vulnerability.id);
    const auto delivery = delivery_of(chain);
    std::map<OrganisationId, bool> vendors;  // concerned: ready?
    const auto count = [&](OrganisationId vendor, bool ready) { vendors.emplace(vendor, true).first->second &= ready; };
    std::vector<Behind> behind;
    for (const auto& [key, asked] : fold.asked) {
      if (key.first != vulnerability.id || goes_without(fold, key.second)) continue;
      // Who left can't answer any more. Of its products that are known to be hit, below, users still wait for a fix. Whom one person removed is waited for: to lift that
      // takes two persons, as a waiver or by going on without it.
      if (const auto* asked_one = fold.participant(key.second); asked_one != nullptr && asked_one->admission == Admission::Removed && asked_one->left) continue;
      bool answered = false, has_product = false, all_unsupported = true;
      for (const auto& product : fold.products) {
        if (product.vendor != key.second) continue;
        has_product = true;
        all_unsupported = all_unsupported && !is_supported(product, release.instant);
        const auto answer = fold.answers.find({vulnerability.id, product.id});
        answered = answered || (answer != fold.answers.end() && answer->second.status);
      }
      if (answered || (has_product && all_unsupported)) continue;
      count(key.second, false);
      behind.push_back({vulnerability.id, key.second, {}, key.second.text() + " was asked about" + named + " on " + to_text(asked.at) + " and has not answered.", {}});
    }
    for (const auto& product : fold.products) {
      const auto found = fold.answers.find({vulnerability.id, product.id});
      const auto answer = found == fold.answers.end() ? Answer{} : found->second;
      if (answer.status == Status::NotAffected) continue;
      if (!is_supported(product, release.instant)) {
        out.unsupported.push_back(product.name + " (" + product.vendor.text() + ") is out of support and not asked to be ready for" + named + (answer.status ? "." : "; whether it is affected isn't known."));
        continue;
      }
      if ((!answer.status && !answer.step) || goes_without(fold, product.vendor)) continue;
      const bool ready = is_validated(answer);
      count(product.vendor, ready);
      if (!ready) behind.push_back({vulnerability.id, product.vendor, product.id, product.name + " (" + product.vendor.text() + ") has no validated fix for" + named + ".", reason_of(answer, delivery.unmet(chain, product.id))});
    }
    if (vendors.empty()) continue;
    Quorum quorum{.vulnerability = vulnerability.id};
    for (const auto& [vendor, ready] : vendors) {
      const int weight = weight_in_readiness(fold.readiness, vendor);
      quorum.all += weight;
      if (ready) quorum.ready += weight;
    }
    quorum.needed = needed(fold.readiness, quorum.all);
    if (!quorum.reached())
      for (const auto& one : behind) out.in_the_way.push_back(one.words);
    out.quorums.push_back(quorum);
    out.behind.insert(out.behind.end(), std::make_move_iterator(behind.begin()), std::make_move_iterator(behind.end()));
  }
  return out;
}

std::vector<std::string> not_ready(const CaseFold& fold, const Release& release) { return readiness(fold, release).in_the_way; }

std::string words_of(const Quorum& quorum, SettlementRule rule) {
  const auto number = [](int n) { return std::to_string(n); };
  const bool weighs = rule == SettlementRule::Quorum;
  std::string_view how = rule == SettlementRule::Majority ? " (more than half of the vendors)" : weighs ? " (the agreed share of the weights)" : " (all vendors)";
  return number(quorum.ready) + " of " + number(quorum.all) + (weighs ? " by weight" : "") + (quorum.ready == 1 && !weighs ? " is ready; " : " are ready; ") + number(quorum.needed) + (quorum.needed == 1 ? " is needed" : " are needed") + std::string(how);
}

std::optional<Overtaken> overtaken(const CaseFold& fold, const Release& release) {
  if (release.state != Release::State::Held || !release.planned_at) return std::nullopt;
  const bool knows_plan = release.version > 0;
  bool is_update = false;
  for (const auto& other : fold.releases) {
    if (!knows_plan && other.id == release.id) break;  // one that was planned later is no earlier version
    if (other.state != Release::State::Released || (knows_plan && other.advisory != release.advisory)) continue;
    if (knows_plan && other.version >= release.version) return Overtaken::ByAnotherPlan;
    is_update = true;
  }
  if (is_update) return std::nullopt;
  bool any = false;
  for (const auto& v : fold.vulnerabilities) {
    const bool about = knows_plan ? std::find(release.vulnerabilities.begin(), release.vulnerabilities.end(), v.id) != release.vulnerabilities.end() : !v.added || *v.added <= *release.planned_at;
    if (!about) continue;
    any = true;
    const auto fact = v.facts.find(Letter::P);
    if (fact == v.facts.end() || fact->second.recorded <= *release.planned_at) return std::nullopt;
    // What a release of this case made public, another advisory may still have something to say of.
    for (const auto& other : fold.releases)
      if (other.released_at && *other.released_at <= fact->second.recorded && std::find(other.vulnerabilities.begin(), other.vulnerabilities.end(), v.id) != other.vulnerabilities.end()) return std::nullopt;
  }
  return any ? std::optional(Overtaken::ByThePublic) : std::nullopt;
}

}  // namespace sluice::cvd
