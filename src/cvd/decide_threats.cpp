// A case and threat objects: claims that shared objects and public lists make, objects that are prepared for the release, and those that were held back.
//
// An object decides nothing. It claims, as a participant would, and a person adopts or refuses (Vultron: any party may report X and A; the case owner adopts).
#include <algorithm>

#include "cvd/decide.h"
#include "cvd/own_product.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {
std::unexpected<Error> no_such_object() { return fail(ErrorKind::NotFound, "There is no such threat object in this case.", "/object"); }

bool is_same_source(const ClaimSourced& a, const ClaimSourced& b) { return a.kind == b.kind && a.name == b.name && a.version == b.version && a.collection == b.collection; }
}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const ProposeFact& c, const Ask& ask) {
  if (!ask.actor.machine) return fail(ErrorKind::Forbidden, "A person claims by itself.");
  const auto* vulnerability = fold.vulnerability(c.vulnerability);
  if (vulnerability == nullptr || vulnerability->facts.contains(c.fact) || fold.erased.contains(coordination().text())) return Changes{};  // nothing to be told any more
  if (c.fact != Letter::X && c.fact != Letter::A) return fail(ErrorKind::Invalid, "Shared objects and lists speak of exploits and attacks.", "/fact");
  auto source = c.source;
  source.occurred = std::min(source.occurred, ask.now);
  // One of a source, whatever became of it: the same version of the same object claims once.
  const Claim* open = nullptr;
  for (const auto& claim : fold.claims) {
    if (claim.vulnerability != c.vulnerability || claim.fact != c.fact) continue;
    if (std::any_of(claim.sources.begin(), claim.sources.end(), [&](const ClaimSourced& one) { return is_same_source(one, source); })) return Changes{};
    if (claim.state == Claim::State::Open && !claim.sources.empty()) open = &claim;
  }
  if (open != nullptr) {
    if (open->sources.size() >= kMostClaimSources) return Changes{};
    source.claim = open->id;
    return Changes{{coordination(), source, Attribution::Unattributed}};
  }
  source.claim = ClaimId::random(ask.random);
  return Changes{{coordination(), FactClaimed{source.claim, c.vulnerability, c.fact, source.evidence, source.occurred}, Attribution::Unattributed}, {coordination(), source, Attribution::Unattributed}};
}

Result<Changes> decide_one(const CaseFold& fold, const PrepareThreatObjects& c, const Ask& ask) {
  const auto audience = c.audience.value_or("coordination");
  if (audience != coordination().text() && audience != shared().text()) return fail(ErrorKind::Invalid, "Prepared objects stand in \"coordination\" or in \"shared\".", "/audience");
  if (ask.known.prepared.empty()) return fail(ErrorKind::Invalid, "There is no object here.", "/objects");
  std::size_t bytes = 0, count = 0;
  const auto is_replaced = [&](const std::string& id) { return std::any_of(ask.known.prepared.begin(), ask.known.prepared.end(), [&](const PreparedObject& one) { return one.id == id; }); };
  for (const auto& held : fold.prepared)
    if (!is_replaced(held.what.id)) bytes += canonical(held.what.object).size(), ++count;
  for (std::size_t i = 0; i < ask.known.prepared.size(); ++i) {
    const auto& one = ask.known.prepared[i];
    bytes += canonical(one.object).size(), ++count;
    const auto first = std::find_if(ask.known.prepared.begin(), ask.known.prepared.end(), [&](const PreparedObject& other) { return other.id == one.id; });
    if (first != ask.known.prepared.begin() + static_cast<std::ptrdiff_t>(i)) return fail(ErrorKind::Invalid, "This object stands here twice.", "/objects/" + std::to_string(i) + "/id");
    // STIX 2.1 §3.6: a change of content needs another version.
    const auto held = std::find_if(fold.prepared.begin(), fold.prepared.end(), [&](const auto& other) { return other.what.id == one.id; });
    if (held != fold.prepared.end() && held->what.version == one.version && held->what.hash != one.hash)
      return fail(ErrorKind::Conflict, "The case holds another content under this id and version. A change needs a new `modified`.", "/objects/" + std::to_string(i) + "/modified", "STIX 2.1 §3.6");
  }
  if (count > kMostPreparedObjects) return fail(ErrorKind::TooLarge, "A case has at most " + std::to_string(kMostPreparedObjects) + " prepared objects.", "/objects");
  if (bytes > kMostPreparedBytes) return fail(ErrorKind::TooLarge, "The prepared objects of a case have at most " + std::to_string(kMostPreparedBytes) + " bytes.", "/objects");
  return Changes{{audience == shared().text() ? shared() : coordination(), ThreatObjectsPrepared{ask.known.prepared}}};
}

Result<Changes> decide_one(const CaseFold& fold, const DropThreatObject& c, const Ask&) {
  const auto held = std::find_if(fold.prepared.begin(), fold.prepared.end(), [&](const auto& one) { return one.what.id == c.object; });
  if (held == fold.prepared.end()) return no_such_object();
  TRY(reason_fits(c.why, 4'000, "/why"));
  return Changes{{held->audience, ThreatObjectDropped{c.object, c.why}}};
}

Result<Changes> decide_one(const CaseFold& fold, const ChooseReleaseCollections& c, const Ask& ask) {
  if (c.collections.size() > kMostReleaseCollections) return fail(ErrorKind::TooLarge, "A release brings objects to at most " + std::to_string(kMostReleaseCollections) + " collections.", "/collections");
  if (ask.known.collections == fold.release_collections) return fail(ErrorKind::Conflict, "These are the collections already.", "/collections");
  return Changes{{coordination(), ReleaseCollectionsChosen{ask.known.collections}}};
}

Result<Changes> decide_one(const CaseFold& fold, const NoteHeldObject& c, const Ask& ask) {
  if (!ask.actor.machine) return fail(ErrorKind::Forbidden, "The gate alone notes this.");
  const auto is_known = [&](const HeldObject& one) { return one.what.organisation == c.organisation && one.what.object == c.object && one.what.version == c.version; };
  const auto of_it = std::count_if(fold.held_objects.begin(), fold.held_objects.end(), [&](const HeldObject& one) { return one.what.organisation == c.organisation; });
  if (std::any_of(fold.held_objects.begin(), fold.held_objects.end(), is_known) || of_it >= 100) return Changes{};  // trying again is no news
  return to_both(c.organisation, ThreatObjectHeld{c.organisation, c.object, c.version, c.touches});
}

}  // namespace sluice::cvd::rules
