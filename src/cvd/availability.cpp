#include "cvd/availability.h"

#include <algorithm>
#include <set>

namespace sluice::cvd {

namespace {

// Since when it has been at `distributed` or beyond without a break.
std::optional<Instant> distributed_since(const Answer& answer) {
  std::optional<Instant> since;
  for (const auto& moved : answer.history) {
    if (!moved.step || *moved.step < RemedyStep::Distributed) since.reset();
    else if (!since) since = moved.at;
  }
  return since;
}

// A wait for a fix that isn't out yet takes it over from the other: the one who waits is its way to users (V2).
bool takes_it_over(const Wait& wait) { return wait.at_step < RemedyStep::Distributed; }

// Who is waited for before who waits; products on a circle are left out.
std::vector<ProductId> upstream_first(const Chain& chain) {
  std::map<ProductId, int> open;
  for (const auto& [id, link] : chain.products) open[id];
  for (const auto& wait : chain.waits) open[wait.on], ++open[wait.product];
  std::vector<ProductId> order;
  for (const auto& [id, n] : open)
    if (n == 0) order.push_back(id);
  for (std::size_t i = 0; i < order.size(); ++i)
    for (const auto& wait : chain.waits)
      if (wait.on == order[i] && --open[wait.product] == 0) order.push_back(wait.product);
  return order;
}

std::optional<Instant> later(std::optional<Instant> a, std::optional<Instant> b) { return a && b ? std::max(*a, *b) : a ? a : b; }

}  // namespace

std::vector<const Wait*> Chain::waits_of(ProductId product) const {
  std::vector<const Wait*> out;
  for (const auto& wait : waits)
    if (wait.product == product) out.push_back(&wait);
  return out;
}

std::vector<ProductId> Chain::way(ProductId from, ProductId to) const {
  std::map<ProductId, ProductId> came_from{{from, from}};
  std::vector<ProductId> next{from};
  for (std::size_t i = 0; i < next.size() && !came_from.contains(to); ++i)
    for (const auto& wait : waits)
      if (wait.product == next[i] && came_from.emplace(wait.on, next[i]).second) next.push_back(wait.on);
  if (!came_from.contains(to)) return {};
  std::vector<ProductId> out{to};
  while (out.back() != from) out.push_back(came_from.at(out.back()));
  std::reverse(out.begin(), out.end());
  return out;
}

Chain chain_of(const CaseFold& fold, VulnerabilityId vulnerability) {
  Chain chain;
  for (const auto& product : fold.products) {
    const auto found = fold.answers.find({vulnerability, product.id});
    if (found == fold.answers.end()) chain.products[product.id] = {};
    else chain.products[product.id] = {found->second.step, distributed_since(found->second), found->second.status != Status::NotAffected};
  }
  for (const auto& wait : fold.waits)
    if (wait.vulnerability == vulnerability && !wait.ended) chain.waits.push_back(wait);
  return chain;
}

bool Delivery::met(const Wait& wait) const {
  const auto found = reached.find(wait.on);
  return found != reached.end() && found->second && *found->second >= wait.at_step;
}

std::vector<const Wait*> Delivery::unmet(const Chain& chain, ProductId product) const {
  std::vector<const Wait*> out;
  for (const auto& wait : chain.waits)
    if (wait.product == product && !met(wait)) out.push_back(&wait);
  return out;
}

Delivery delivery_of(const Chain& chain) {
  Delivery out;
  std::map<ProductId, std::optional<Instant>> since;
  std::set<ProductId> since_unknown;  // a vendor is told that the other delivered, not since when without a break
  const auto order = upstream_first(chain);
  for (const auto& id : order) {
    const auto known = chain.products.find(id);
    auto step = known != chain.products.end() ? known->second.step : std::nullopt;
    auto at = known != chain.products.end() ? known->second.distributed : std::nullopt;
    if (known == chain.products.end()) {
      since_unknown.insert(id);
      for (const auto& wait : chain.waits)
        if (wait.on == id && wait.delivered) step = wait.delivered;  // as it was told
    }
    int tier = 0;
    for (const auto& wait : chain.waits) {
      if (wait.product != id) continue;
      tier = std::max(tier, out.tier[wait.on] + 1);
      at = later(at, since[wait.on]);
      if (since_unknown.contains(wait.on)) since_unknown.insert(id);
      if (!out.met(wait) && step && *step > RemedyStep::Validated) step = RemedyStep::Validated;  // V1
    }
    out.reached[id] = step;
    out.tier[id] = tier;
    since[id] = at;
  }
  // Who takes over before who is taken from.
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    const auto known = chain.products.find(*it);
    auto& here = out.availability[*it];
    if (known != chain.products.end() && !known->second.affected) {
      here.reach = Reach::NotNeeded;
      continue;
    }
    int takers = 0, available = 0, partly = 0;
    bool all_since = true;
    for (const auto& wait : chain.waits) {
      if (wait.on != *it || !takes_it_over(wait)) continue;
      const auto& theirs = out.availability[wait.product];
      if (theirs.reach == Reach::NotNeeded) continue;
      ++takers;
      available += theirs.reach == Reach::Available;
      partly += theirs.reach == Reach::Partly;
      here.since = later(here.since, theirs.since);
      all_since = all_since && theirs.since;
      for (const auto& last : theirs.last)
        if (std::find(here.last.begin(), here.last.end(), last) == here.last.end()) here.last.push_back(last);
    }
    if (takers > 0) {
      here.reach = available == takers ? Reach::Available : available + partly > 0 ? Reach::Partly : Reach::None;
    } else if (const auto step = out.reached.at(*it); step && *step >= RemedyStep::Distributed) {
      here.reach = Reach::Available;
      if (!since_unknown.contains(*it)) here.since = since[*it];
    } else {
      here.last = {*it};
    }
    if (here.reach != Reach::Available || !all_since) here.since.reset();
  }
  return out;
}

bool fix_available(const CaseFold& fold, VulnerabilityId vulnerability, ProductId product) {
  const auto delivery = delivery_of(chain_of(fold, vulnerability));
  const auto found = delivery.availability.find(product);
  return found != delivery.availability.end() && found->second.reach == Reach::Available;
}

const Answer::Assessment* assessment_of_this_fix(const Answer& answer) {
  if (answer.assessments.empty() || !answer.assessments.back().step) return nullptr;
  return &answer.assessments.back();
}

bool is_validated(const Answer& answer) {
  const auto* assessment = assessment_of_this_fix(answer);
  return answer.step && *answer.step >= RemedyStep::Validated && (assessment == nullptr || assessment->what.passed);
}

bool is_partial(const Answer& answer) {
  const auto* assessment = assessment_of_this_fix(answer);
  return assessment != nullptr && assessment->what.passed && assessment->what.partial;
}

std::vector<const Target*> targets_on_a_fix(const CaseFold& fold, VulnerabilityId vulnerability, ProductId product) {
  std::vector<const Target*> out;
  const auto found = fold.answers.find({vulnerability, product});
  if (found == fold.answers.end() || !found->second.step || is_validated(found->second)) return out;
  const auto* made = fold.product(product);
  for (const auto& target : fold.targets) {
    const auto& about = target.first;
    if (target.dropped_at || about.step < TargetStep::Test) continue;
    if ((about.vulnerability && *about.vulnerability != vulnerability) || (about.product && *about.product != product) || (about.organisation && (made == nullptr || made->vendor != *about.organisation))) continue;
    out.push_back(&target);
  }
  return out;
}

}  // namespace sluice::cvd
