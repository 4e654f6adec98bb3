// Remedies across tiers: how far a fix is, whose it waits for, what blocks it, how good it is, and what readiness a release needs.
//
// A step that others wait for is refused while what it waits for isn't there: `distributed` reads as "users can have it" to everybody further down, so it isn't
// recorded on hope. Who ships without waiting after all ends the wait first; that reason is the explicit one, and it stays on record (EndWait).
#include <algorithm>

#include "cvd/availability.h"
#include "cvd/organisation.h"
#include "cvd/own_product.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {

constexpr std::size_t kMostWaits = 64;  // of one product for one vulnerability

std::unexpected<Error> no_vulnerability() { return fail(ErrorKind::NotFound, "There is no such vulnerability in this case.", "/vulnerability"); }
std::unexpected<Error> no_product(std::string where) { return fail(ErrorKind::NotFound, "There is no such product in this case.", std::move(where)); }

// What both its vendor and the coordination may say of a product.
Result<const Product*> product_in_care(const CaseFold& fold, ProductId id, const Ask& ask) {
  if (!coordinates(fold, ask.actor.organisation)) return own_product(fold, id, ask);
  const auto* product = fold.product(id);
  if (product == nullptr) return no_product("/product");
  return product;
}

// A product that the actor can name as what another waits for: one that it sees, or was told of as what it waits for.
bool knows_of(const CaseFold& fold, const Product& product, const Ask& ask) {
  if (coordinates(fold, ask.actor.organisation) || product.vendor == ask.actor.organisation) return true;
  return std::any_of(fold.waits.begin(), fold.waits.end(), [&](const Wait& wait) {
    const auto* waits = fold.product(wait.product);
    return wait.on == product.id && waits != nullptr && waits->vendor == ask.actor.organisation;
  });
}

const Wait* open_wait(const CaseFold& fold, VulnerabilityId vulnerability, ProductId product, ProductId on) {
  for (const auto& wait : fold.waits)
    if (wait.vulnerability == vulnerability && wait.product == product && wait.on == on && !wait.ended) return &wait;
  return nullptr;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// Those who wait learn how far the other is, by a label (EXI-10). A label or a reason that names the other's product says who it is.
Result<void> names_nobody(const CaseFold& fold, const Product& product, const Product& on, const std::string& text, std::string where) {
  if (on.vendor == product.vendor || on.vendor == fold.owner || coordinates(fold, product.vendor) || on.name.size() < 3) return {};
  if (lower(text).find(lower(on.name)) == std::string::npos) return {};
  return fail(ErrorKind::Invalid, "This names the other's product. Who waits doesn't learn who else takes part: say what it is in general words, such as \"the firmware\".", std::move(where), "EXI-10");
}

// Each of those who wait is told, in its own compartment and by nobody's name, what has become of the other's fix as far as it counts for them.
void tell_who_waits(const CaseFold& fold, const Chain& after, Changes& out) {
  const auto delivery = delivery_of(after);
  for (const auto& wait : after.waits) {
    const auto found = delivery.reached.find(wait.on);
    const auto now = found == delivery.reached.end() ? std::nullopt : found->second;
    const auto* waits = fold.product(wait.product);
    if (now == wait.delivered || waits == nullptr) continue;
    const bool back = wait.delivered && (!now || *now < *wait.delivered);
    out.push_back({own(waits->vendor), DeliveryMoved{wait.vulnerability, wait.product, wait.on, now, back ? std::optional<std::string>("It went back: its fix was found incomplete, or waits for something itself.") : std::nullopt}, Attribution::Unattributed});
  }
}

std::string_view word(RemedyStep step) {
  switch (step) {
    case RemedyStep::Identified: return "identified";
    case RemedyStep::Developed: return "developed";
    case RemedyStep::Validated: return "validated";
    case RemedyStep::Distributed: return "distributed";
    case RemedyStep::Deployed: return "deployed";
  }
  return "";
}

std::string waits_words(const std::vector<const Wait*>& unmet, const Delivery& delivery) {
  std::string out;
  for (const auto* wait : unmet) {
    const auto found = delivery.reached.find(wait->on);
    const auto* at = found != delivery.reached.end() && found->second ? &*found->second : nullptr;
    out += (out.empty() ? "" : "; ") + wait->label + " (" + (at != nullptr ? std::string(word(*at)) : "nothing yet") + ", needed: " + std::string(word(wait->at_step)) + ")";
  }
  return out;
}

}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const StepRemedy& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_vulnerability();
  TRY(const auto* product, own_product(fold, c.product, ask));
  const auto* vendor = fold.participant(product->vendor);
  const auto found = fold.answers.find({c.vulnerability, c.product});
  const auto answer = found == fold.answers.end() ? Answer{} : found->second;
  const auto& before = answer.step;
  if (before && c.step <= *before) return fail(ErrorKind::Conflict, "This remedy is at that step or beyond it. Reopen it if it was found incomplete.", "/step");
  if (c.step > RemedyStep::Identified && (!before || static_cast<int>(c.step) > static_cast<int>(*before) + 1))
    return fail(ErrorKind::Conflict, "Remedy steps follow each other: identified, developed, validated, distributed, deployed.", "/step");
  if (c.step >= RemedyStep::Validated && vendor != nullptr && vendor->report != ReportState::Accepted)
    return fail(ErrorKind::Conflict, "Accept the report before you record a fix.", "/step", "Vultron: F only from RM Accepted");
  if (c.step == RemedyStep::Deployed && vendor != nullptr && !vendor->roles.contains(Role::Deployer))
    return fail(ErrorKind::Conflict, "Only a participant with the role Deployer records deployment.", "/step", "Vultron: D needs the role Deployer");
  if (answer.blocked_because) return fail(ErrorKind::Conflict, "This remedy is blocked: " + *answer.blocked_because + " Say first that nothing is in its way any more.", "/step", {}, "remedy-blocked");
  // ISO/IEC 30111 7.1.5: a remedy is tested before it is released. A test that failed since `validated` stops the next step too.
  if (c.step >= RemedyStep::Validated) {
    const auto* assessment = assessment_of_this_fix(answer);
    if (assessment == nullptr && c.step == RemedyStep::Validated)
      return fail(ErrorKind::Conflict, "No test of this fix is on record. Say who tested it, where and against what, and whether it passed.", "/step", "ISO/IEC 30111 7.1.5", "not-assessed");
    if (assessment != nullptr && !assessment->what.passed)
      return fail(ErrorKind::Conflict, "The last test of this fix failed. Record one that passed, or reopen the remedy.", "/step", "ISO/IEC 30111 7.1.5", "not-assessed");
  }
  auto chain = chain_of(fold, c.vulnerability);
  if (c.step >= RemedyStep::Distributed) {
    const auto delivery = delivery_of(chain);
    if (const auto unmet = delivery.unmet(chain, c.product); !unmet.empty())
      return fail(ErrorKind::Conflict, "Users can't have this fix yet, it waits for: " + waits_words(unmet, delivery) + ". If it doesn't have to wait after all, end the wait and say why.", "/step", {}, "remedy-waits");
  }
  auto out = to_both(product->vendor, RemedyStepped{c.vulnerability, c.product, c.step, c.version, c.note});
  chain.products[c.product].step = c.step;
  tell_who_waits(fold, chain, out);
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const ReopenRemedy& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_vulnerability();
  TRY(const auto* product, own_product(fold, c.product, ask));
  const auto found = fold.answers.find({c.vulnerability, c.product});
  if (found == fold.answers.end() || !found->second.step || c.back_to >= *found->second.step) return fail(ErrorKind::Conflict, "There is no later step to go back from.", "/back_to");
  TRY(text_fits(c.found_how, 4'000, "/found_how"));
  auto out = to_both(product->vendor, RemedyReopened{c.vulnerability, c.product, c.back_to, c.found_how});
  auto chain = chain_of(fold, c.vulnerability);
  chain.products[c.product].step = c.back_to;
  tell_who_waits(fold, chain, out);
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const WaitForRemedy& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_vulnerability();
  TRY(const auto* product, product_in_care(fold, c.product, ask));
  const auto* on = fold.product(c.on);
  if (on == nullptr || !knows_of(fold, *on, ask)) return no_product("/on");
  if (c.on == c.product) return fail(ErrorKind::Invalid, "A product's remedy can't wait for itself.", "/on");
  TRY(text_fits(c.label, 200, "/label"));
  TRY(reason_fits(c.why, 4'000, "/why"));
  TRY(names_nobody(fold, *product, *on, c.label, "/label"));
  TRY(names_nobody(fold, *product, *on, c.why, "/why"));
  if (open_wait(fold, c.vulnerability, c.product, c.on) != nullptr) return fail(ErrorKind::Conflict, "This wait is on record already. End it first if something about it has changed.", "/on");
  auto chain = chain_of(fold, c.vulnerability);
  if (chain.waits_of(c.product).size() >= kMostWaits) return fail(ErrorKind::Conflict, "One remedy can wait for " + std::to_string(kMostWaits) + " others at most.", "/on");
  if (const auto way = chain.way(c.on, c.product); !way.empty()) {
    // By name what the caller sees; what it knows by a label by that; else nothing but that there is a link.
    std::string path = product->name;
    for (const auto& step : way) {
      const auto* one = fold.product(step);
      std::string name = "another party's remedy";
      if (one != nullptr && (coordinates(fold, ask.actor.organisation) || one->vendor == ask.actor.organisation)) name = one->name;
      else
        for (const auto& wait : fold.waits)
          if (const auto* waits = fold.product(wait.product); wait.on == step && waits != nullptr && waits->vendor == ask.actor.organisation) name = wait.label;
      path += " → " + name;
    }
    return fail(ErrorKind::Conflict, "They would wait for each other for ever: " + path + ".", "/on", {}, "remedy-circle");
  }
  const RemedyWaitsFor event{c.vulnerability, c.product, c.on, c.at_step.value_or(RemedyStep::Distributed), c.label, c.why};
  auto out = to_both(product->vendor, event);
  Wait wait;
  wait.vulnerability = event.vulnerability;
  wait.product = event.product;
  wait.on = event.on;
  wait.at_step = event.at_step;
  wait.label = event.label;
  chain.waits.push_back(std::move(wait));
  tell_who_waits(fold, chain, out);
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const EndWait& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_vulnerability();
  TRY(const auto* product, product_in_care(fold, c.product, ask));
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (open_wait(fold, c.vulnerability, c.product, c.on) == nullptr) return fail(ErrorKind::NotFound, "This remedy doesn't wait for that.", "/on");
  if (const auto* on = fold.product(c.on); on != nullptr && on->vendor != ask.actor.organisation) TRY(names_nobody(fold, *product, *on, c.why, "/why"));
  auto out = to_both(product->vendor, RemedyWaitEnded{c.vulnerability, c.product, c.on, c.why});
  auto chain = chain_of(fold, c.vulnerability);
  std::erase_if(chain.waits, [&](const Wait& wait) { return wait.product == c.product && wait.on == c.on; });
  tell_who_waits(fold, chain, out);
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const BlockRemedy& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_vulnerability();
  TRY(const auto* product, product_in_care(fold, c.product, ask));
  TRY(text_fits(c.because, 4'000, "/because"));
  const auto found = fold.answers.find({c.vulnerability, c.product});
  if (found != fold.answers.end() && found->second.blocked_because == c.because) return fail(ErrorKind::Conflict, "It is blocked for this reason already.", "/because");
  return to_both(product->vendor, RemedyBlocked{c.vulnerability, c.product, c.because});
}

Result<Changes> decide_one(const CaseFold& fold, const UnblockRemedy& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_vulnerability();
  TRY(const auto* product, product_in_care(fold, c.product, ask));
  const auto found = fold.answers.find({c.vulnerability, c.product});
  if (found == fold.answers.end() || !found->second.blocked_because) return fail(ErrorKind::Conflict, "Nothing blocks this remedy.");
  return to_both(product->vendor, RemedyUnblocked{c.vulnerability, c.product});
}

Result<Changes> decide_one(const CaseFold& fold, const AssessRemedy& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return no_vulnerability();
  TRY(const auto* product, product_in_care(fold, c.product, ask));
  TRY(text_fits(c.tested_by, 300, "/tested_by"));
  TRY(text_fits(c.where, 1'000, "/where"));
  if (c.reproduction) TRY(text_fits(*c.reproduction, 20'000, "/reproduction"));
  if (c.side_effects) TRY(text_fits(*c.side_effects, 20'000, "/side_effects"));
  if (c.note) TRY(text_fits(*c.note, 4'000, "/note"));
  const auto found = fold.answers.find({c.vulnerability, c.product});
  if (found == fold.answers.end() || !found->second.step || *found->second.step < RemedyStep::Developed) return fail(ErrorKind::Conflict, "There is no fix to assess yet: it has to be developed first.");
  return to_both(product->vendor, RemedyAssessed{c.vulnerability, c.product, c.passed, c.partial.value_or(false), c.tested_by, c.where, c.reproduction, c.side_effects, c.note});
}

Result<Changes> decide_one(const CaseFold& fold, const AgreeReadiness& c, const Ask& ask) {
  if (ask.actor.organisation != fold.owner) return fail(ErrorKind::Forbidden, "How many have to be ready is for the case owner to agree with all.");
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (c.rule == SettlementRule::OwnerDecides) return fail(ErrorKind::Invalid, "A release needs the others: unanimity, majority or quorum. To go without them once, waive their readiness.", "/rule");
  const bool quorum = c.rule == SettlementRule::Quorum;
  if (quorum && !c.share) return fail(ErrorKind::Invalid, "Say which share of the weights is needed, in per cent.", "/share");
  if (!quorum && c.share) return fail(ErrorKind::Invalid, "A share belongs to a quorum.", "/share");
  if (!quorum && c.weights) return fail(ErrorKind::Invalid, "Weights belong to a quorum.", "/weights");
  if (c.share && (*c.share < 1 || *c.share > 100)) return fail(ErrorKind::Invalid, "The share is a number from 1 to 100, in per cent.", "/share");
  // A waiver takes two persons; what everybody waits for isn't lowered under a plan that runs.
  for (const auto& release : fold.releases)
    if (release.state != Release::State::Released && release.version > 0) return fail(ErrorKind::Conflict, "A release was planned under what was agreed. Waive the readiness of those who aren't ready.", "/rule");
  std::vector<Weight> weights;
  if (quorum) {
    if (c.weights)
      for (std::size_t i = 0; i < c.weights->size(); ++i) {
        const auto& one = (*c.weights)[i];
        const auto where = "/weights/" + std::to_string(i);
        const auto* participant = fold.participant(one.organisation);
        const bool has_product = std::any_of(fold.products.begin(), fold.products.end(), [&](const Product& p) { return p.vendor == one.organisation; });
        if (participant == nullptr && !has_product) return fail(ErrorKind::Invalid, "This organisation has no part in the case.", where + "/organisation");
        if (one.weight < 1 || one.weight > 1'000'000) return fail(ErrorKind::Invalid, "A weight is a number from 1 to 1000000.", where + "/weight");
        if (std::any_of(weights.begin(), weights.end(), [&](const Weight& w) { return w.organisation == one.organisation; })) return fail(ErrorKind::Invalid, "This organisation has a weight already.", where + "/organisation");
        weights.push_back(one);
      }
    // Written down also where all weigh the same, so that none of an earlier agreement is left.
    if (weights.empty()) {
      for (const auto& [id, participant] : fold.participants)
        if (participant.roles.contains(Role::Vendor)) weights.push_back({id, 1});
      if (weights.empty()) return fail(ErrorKind::Conflict, "No vendor takes part yet.", "/weights");
    }
  }
  // All learn what is needed; who weighs how much names who takes part, and stays with the coordination (EXI-10).
  Changes out{{shared(), ReadinessAgreed{c.rule, c.share, {}, c.why}}};
  if (!weights.empty()) out.push_back({coordination(), ReadinessAgreed{c.rule, c.share, std::move(weights), c.why}});
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const StateSupport& c, const Ask& ask) {
  TRY(const auto* product, own_product(fold, c.product, ask));
  if (c.note) TRY(text_fits(*c.note, 4'000, "/note"));
  if (c.supported && c.until && *c.until <= ask.now) return fail(ErrorKind::Invalid, "Its support has ended by then: say that it is not supported.", "/until");
  if (!c.supported && c.until && *c.until > ask.now) return fail(ErrorKind::Invalid, "It is supported until then: say so, with this end.", "/until");
  return to_both(product->vendor, SupportStated{c.product, c.supported, c.until, c.note});
}

Result<Changes> decide_one(const CaseFold& fold, const PlaceProduct& c, const Ask& ask) {
  TRY(const auto* product, own_product(fold, c.product, ask));
  ProductPlaced placed{c.product, c.markets, c.kind, c.consumer, c.commercial, c.published.value_or(std::vector<std::string>{}), c.support.value_or(std::vector<MarketSupport>{})};
  TRY(check(PlacedAs{placed.markets, placed.kind, placed.consumer, placed.commercial, placed.published}, ""));
  if (placed.support.size() > 200) return fail(ErrorKind::Invalid, "That is more markets than a product has.", "/support");
  for (std::size_t i = 0; i < placed.support.size(); ++i) {
    const auto where = "/support/" + std::to_string(i);
    const auto& one = placed.support[i];
    if (!is_place(one.market)) return fail(ErrorKind::Invalid, "A market is two capital letters, such as EU.", where + "/market");
    if (one.version) TRY(text_fits(*one.version, 200, where + "/version"));
    // As with the support of a product as a whole: what has ended is said to have ended.
    if (one.supported && one.until && *one.until <= ask.now) return fail(ErrorKind::Invalid, "Its support has ended by then: say that it is not supported.", where + "/until");
    if (!one.supported && one.until && *one.until > ask.now) return fail(ErrorKind::Invalid, "It is supported until then: say so, with this end.", where + "/until");
  }
  return to_both(product->vendor, placed);
}

}  // namespace sluice::cvd::rules
