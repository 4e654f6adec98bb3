// Mitigations before a case is public: what is there beside a fix, and the disclosure to all of a role at one instant (mitigation.h).
#include <algorithm>

#include "cvd/mitigation.h"
#include "cvd/own_product.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {

std::unexpected<Error> no_mitigation() { return fail(ErrorKind::NotFound, "There is no such mitigation in this case.", "/mitigation"); }

const Mitigation* mitigation_in(const CaseFold& fold, MitigationId id) {
  const auto found = std::find_if(fold.mitigations.begin(), fold.mitigations.end(), [&](const Mitigation& one) { return one.id == id; });
  return found == fold.mitigations.end() ? nullptr : &*found;
}

Result<const Mitigation*> open_mitigation(const CaseFold& fold, MitigationId id) {
  const auto* found = mitigation_in(fold, id);
  if (found == nullptr) return no_mitigation();
  if (found->ended_at) return fail(ErrorKind::Conflict, "This proposal has ended: " + found->ended_why.value_or(""), "/mitigation");
  return found;
}

std::string count_of(std::size_t n, std::string_view one, std::string_view many) { return std::to_string(n) + " " + std::string(n == 1 ? one : many); }

}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const NoteMitigation& c, const Ask& ask) {
  if (fold.vulnerability(c.vulnerability) == nullptr) return fail(ErrorKind::NotFound, "There is no such vulnerability in this case.", "/vulnerability");
  const auto* product = fold.product(c.product);
  if (!coordinates(fold, ask.actor.organisation)) {
    TRY(product, own_product(fold, c.product, ask));
  }
  if (product == nullptr) return fail(ErrorKind::NotFound, "There is no such product in this case.", "/product");
  if (c.part == MitigationPart::Fix) return fail(ErrorKind::Invalid, "How far a fix is says its remedy's step. Here stand workarounds and what detects an attack.", "/part");
  const auto found = fold.mitigation_notes.find({c.vulnerability, c.product, c.part});
  if (c.text) {
    TRY(text_fits(*c.text, kMostMitigationText, "/text"));
    if (found != fold.mitigation_notes.end() && found->second == *c.text) return fail(ErrorKind::Conflict, "This stands here already.", "/text");
  } else {
    if (found == fold.mitigation_notes.end()) return fail(ErrorKind::NotFound, "There is nothing of this kind to take back.", "/part");
    TRY(reason_fits(c.why.value_or(""), 4'000, "/why"));
  }
  return to_both(product->vendor, MitigationNoted{c.vulnerability, c.product, c.part, c.text, c.why});
}

Result<Changes> decide_one(const CaseFold& fold, const ChooseMitigationCollections& c, const Ask& ask) {
  if (c.collections.size() > kMostReleaseCollections) return fail(ErrorKind::TooLarge, "At most " + std::to_string(kMostReleaseCollections) + " collections stand for a role.", "/collections");
  const auto found = fold.mitigation_collections.find(c.role);
  if (ask.known.collections == (found == fold.mitigation_collections.end() ? std::vector<std::string>{} : found->second)) return fail(ErrorKind::Conflict, "These are the collections already.", "/collections");
  return Changes{{coordination(), MitigationCollectionsChosen{c.role, ask.known.collections}}};
}

Result<Changes> decide_one(const CaseFold& fold, const ShareMitigation& c, const Ask& ask) {
  TRY(const auto* mitigation, open_mitigation(fold, c.mitigation));
  if (!stands(fold, *mitigation)) return fail(ErrorKind::Conflict, "What was proposed isn't what is there any more. Read the case again.", "/mitigation");
  if (!is_for(fold, *mitigation, c.role)) return fail(ErrorKind::Conflict, "Nothing of this is for this role.", "/role");
  TRY(reason_fits(c.why, 4'000, "/why"));
  TRY(reason_fits(c.who_is_exposed, 4'000, "/who_is_exposed"));
  TRY(reason_fits(c.how_badly, 4'000, "/how_badly"));
  TRY(reason_fits(c.what_they_can_do, 4'000, "/what_they_can_do"));
  if (c.despite) TRY(reason_fits(*c.despite, 4'000, "/despite"));
  auto text = c.text.value_or(text_for(c.role, mitigation->parts));
  auto objects = ask.known.prepared;
  // J3: whoever joins later is told the same.
  if (const auto* first = first_shared(*mitigation, c.role)) {
    if (c.text && *c.text != first->text) return fail(ErrorKind::Conflict, "This role was told in other words. All of it are told the same; leave the text out.", "/text");
    if (c.objects) return fail(ErrorKind::Conflict, "This role was given its objects. All of it are given the same; leave them out.", "/objects");
    text = first->text, objects = first->objects;
  }
  if (objects.empty() || !text.empty()) TRY(text_fits(text, kMostMitigationText, "/text"));
  if (!ask.known.mitigation) return fail(ErrorKind::Unavailable, "The gate wasn't asked.");
  const auto& gate = *ask.known.mitigation;
  if (gate.receivers.empty() && gate.left_out.empty()) return fail(ErrorKind::Conflict, "Nobody stands for this role who wasn't told yet.", "/role");
  if (gate.receivers.size() + gate.left_out.size() > kMostMitigationReceivers)
    return fail(ErrorKind::TooLarge, "At most " + std::to_string(kMostMitigationReceivers) + " organisations can be told at one instant.", "/role");
  if (gate.receivers.empty()) return fail(ErrorKind::Conflict, "The gate lets nobody of this role have it. Of one: " + gate.left_out.front().why, "/role", "gate", "gate-denies");
  if (!gate.left_out.empty() && !c.despite)
    return fail(ErrorKind::Conflict, "The gate denies it to " + count_of(gate.left_out.size(), "organisation", "organisations") + " of this role, which would go without what the others get. Say why it goes out despite that, or wait until all may have it. Of one: " + gate.left_out.front().why,
                "/despite", "equal access", "unequal-access");
  const auto classes_of = row_of(c.role).classes;
  const std::vector<std::string> classes(classes_of.begin(), classes_of.end());
  Changes out{{coordination(), Decided{gate.decision, DecisionSort::Tell, c.why, c.who_is_exposed, c.how_badly, c.what_they_can_do, std::nullopt}},
              {coordination(), MitigationShared{c.mitigation, gate.decision, c.role, text, classes, objects, gate.receivers, gate.left_out, c.despite}}};
  for (const auto& one : gate.receivers)
    if (!one.collection) out.push_back({own(one.organisation), MitigationTold{c.mitigation, c.role, mitigation->vulnerability, text, classes, objects}});
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const DeclineMitigation& c, const Ask&) {
  TRY(open_mitigation(fold, c.mitigation));
  TRY(reason_fits(c.why, 4'000, "/why"));
  return Changes{{coordination(), MitigationProposalEnded{c.mitigation, c.why, true}}};
}

}  // namespace sluice::cvd::rules
