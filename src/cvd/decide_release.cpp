// Decisions, advisories and release plans. A release fires only when its instant is reached and its plan is approved; nothing else publishes.
#include <algorithm>

#include "cvd/content.h"
#include "cvd/decide.h"
#include "cvd/readiness.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {
const AdvisoryVersion* version_of(const CaseFold& fold, AdvisoryId id, int version) {
  const auto found = fold.advisories.find(id);
  if (found == fold.advisories.end()) return nullptr;
  for (const auto& v : found->second)
    if (v.version == version) return &v;
  return nullptr;
}
// The vulnerabilities of the case that an advisory names by their identifier; one without identifier by its title. Whatever else it names isn't this
// case's to publish, so every one must be found here.
Result<std::vector<VulnerabilityId>> named_in(const CaseFold& fold, const json::value& advisory) {
  std::vector<VulnerabilityId> out;
  const auto* list = advisory.is_object() ? advisory.get_object().if_contains("vulnerabilities") : nullptr;
  if (list == nullptr || !list->is_array()) return out;
  std::size_t at = 0;
  for (const auto& named : list->get_array()) {
    const auto found = std::find_if(fold.vulnerabilities.begin(), fold.vulnerabilities.end(), [&](const Vulnerability& v) {
      return v.identifier ? string_at(named, "cve") == *v.identifier : string_at(named, "title") == v.title;
    });
    if (found == fold.vulnerabilities.end())
      return fail(ErrorKind::Conflict, "The advisory is about a vulnerability that this case doesn't have. Add it, or set its identifier.", "/advisory/vulnerabilities/" + std::to_string(at));
    out.push_back(found->id);
    ++at;
  }
  return out;
}
}  // namespace

Result<Changes> decide_one(const CaseFold&, const RecordDecision& c, const Ask& ask) {
  TRY(reason_fits(c.reason, 20'000, "/reason"));
  TRY(reason_fits(c.who_is_exposed, 20'000, "/who_is_exposed"));
  TRY(reason_fits(c.how_badly, 20'000, "/how_badly"));
  TRY(reason_fits(c.what_they_can_do, 20'000, "/what_they_can_do"));
  const auto& rules = c.rules ? *c.rules : ask.known.denying_rules;
  if (c.rules && c.kind != DecisionSort::Override) return fail(ErrorKind::Invalid, "An override alone sets rules aside.", "/rules");
  if (rules.size() > 200) return fail(ErrorKind::Invalid, "Those are more rules than one decision can weigh.", "/rules");
  if (c.rules)
    for (std::size_t i = 0; i < c.rules->size(); ++i) TRY(text_fits((*c.rules)[i], 200, "/rules/" + std::to_string(i)));
  const auto decision = DecisionId::random(ask.random);
  // In both, so that whoever decided reads it, a participant or counsel too.
  auto out = to_both(ask.actor.organisation, Decided{decision, c.kind, c.reason, c.who_is_exposed, c.how_badly, c.what_they_can_do, c.about});
  if (c.kind == DecisionSort::Override && !rules.empty())
    for (auto& change : to_both(ask.actor.organisation, RulesOverridden{decision, rules})) out.push_back(std::move(change));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const DraftAdvisory& c, const Ask& ask) {
  const auto id = c.advisory.value_or(AdvisoryId::random(ask.random));
  int version = 1;
  if (const auto found = fold.advisories.find(id); found != fold.advisories.end()) version = found->second.back().version + 1;
  else if (c.advisory) return fail(ErrorKind::NotFound, "There is no such advisory in this case.", "/advisory");
  Changes out{{coordination(), AdvisoryDrafted{id, version, c.document, ask.known.document_hash}}};
  TRY(add_classes(out, coordination(), "advisory:" + id.text() + "/" + std::to_string(version), c.classes));
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const ApproveAdvisory& c, const Ask& ask) {
  const auto* version = version_of(fold, c.advisory, c.version);
  if (version == nullptr) return fail(ErrorKind::NotFound, "There is no such version of an advisory in this case.", "/advisory");
  if (version->hash != c.hash) return fail(ErrorKind::Conflict, "This is not the text you read. Open the advisory again before you approve it.", "/hash");
  if (version->approved_at) return fail(ErrorKind::Conflict, "This version is approved already.", "/version");
  // ACC-11, and CSAF's known gap: nobody reviews oneself.
  if (ask.known.two_persons && version->drafted_by == ask.actor.person) return fail(ErrorKind::Forbidden, "A second person approves an advisory: you wrote this version.", {}, "two persons");
  return Changes{{coordination(), AdvisoryApproved{c.advisory, c.version, c.hash}}};
}

Result<Changes> decide_one(const CaseFold& fold, const PlanRelease& c, const Ask& ask) {
  const auto* version = version_of(fold, c.advisory, c.version);
  if (version == nullptr) return fail(ErrorKind::NotFound, "There is no such version of an advisory in this case.", "/advisory");
  if (!version->approved_at) return fail(ErrorKind::Conflict, "A second person has to approve this version before its release is planned.", "/version");
  if (version->released_at) return fail(ErrorKind::Conflict, "This version is released already.", "/version");
  const auto& versions = fold.advisories.at(c.advisory);
  if (std::any_of(versions.begin(), versions.end(), [&](const AdvisoryVersion& other) { return other.version > c.version && other.released_at; }))
    return fail(ErrorKind::Conflict, "A newer version of this advisory is released already.", "/version");
  if (c.instant < ask.now) return fail(ErrorKind::Invalid, "The release must be planned for a time ahead.", "/instant");
  if (const auto* running = fold.running_terms(); binds(fold.embargo) && running != nullptr && c.instant < running->until)
    return fail(ErrorKind::Conflict, "The embargo runs until " + to_text(running->until) + ". Plan the release for then, or agree on an earlier end.", "/instant", "Vultron EM: active terms bind");
  if (ask.known.documents.empty()) return fail(ErrorKind::Invalid, "There is nothing to release.", "/advisory");
  TRY(auto named, named_in(fold, version->document));
  if (named.empty()) return fail(ErrorKind::Conflict, "The advisory names no vulnerability of this case. Set the identifier of each that it is about.", "/advisory");
  // Before the instant that was planned it takes two persons (ReleaseEarly), also after holding it; what is public already waits for nobody.
  const bool all_public = std::all_of(named.begin(), named.end(), [&](VulnerabilityId id) { const auto* v = fold.vulnerability(id); return v != nullptr && v->facts.contains(Letter::P); });
  const bool earlier = std::any_of(fold.releases.begin(), fold.releases.end(), [&](const Release& r) { return r.advisory == c.advisory && r.version > 0 && r.state != Release::State::Released && c.instant < r.instant; });
  if (ask.known.two_persons && earlier && !all_public)
    return fail(ErrorKind::Conflict, "A later instant was planned for this advisory. Plan it for that one, and publish early with a second person.", "/instant", "two persons");
  const auto release = ReleaseId::random(ask.random);
  Changes out{{coordination(), ReleasePlanned{release, c.advisory, c.version, c.instant, ask.known.documents, std::move(named)}}, {shared(), ReleaseDated{release, c.instant}}};
  // Who reads the dates alone is told that the plan before it doesn't stand any more.
  for (const auto& before : fold.releases)
    if (before.advisory == c.advisory && before.version > 0 && before.state == Release::State::Planned) out.push_back({shared(), ReleaseUndated{before.id}});
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const WaiveReadiness& c, const Ask&) {
  const auto* release = fold.release(c.release);
  if (release == nullptr) return fail(ErrorKind::NotFound, "There is no such release plan in this case.", "/release");
  TRY(reason_fits(c.why, 20'000, "/why"));
  TRY(reason_fits(c.users_risk, 20'000, "/users_risk"));
  auto missing = not_ready(fold, *release);
  if (missing.empty()) return fail(ErrorKind::Conflict, "Everybody is ready, so there is nothing to waive.");
  return Changes{{coordination(), ReadinessWaived{c.release, std::move(missing), c.why, c.users_risk}}};
}

Result<Changes> decide_one(const CaseFold& fold, const HoldRelease& c, const Ask&) {
  const auto* release = fold.release(c.release);
  if (release == nullptr) return fail(ErrorKind::NotFound, "There is no such release plan in this case.", "/release");
  if (release->state != Release::State::Planned) return fail(ErrorKind::Conflict, "Only a release that is planned can be held.", "/release");
  TRY(reason_fits(c.why, 4'000, "/why"));
  return held(c.release, c.why);
}

namespace {
// A waiver covers those it named; who has become unready since isn't among them.
bool is_waived(const Release& release, const std::string& missing) {
  return release.waiver && std::find(release.waiver->not_ready.begin(), release.waiver->not_ready.end(), missing) != release.waiver->not_ready.end();
}

// What publishing a plan brings about, once nothing is in the way.
Changes published(const CaseFold& fold, const Release& release, const Ask& ask, const std::string& how) {
  Changes out;
  out.push_back({shared(), Released{release.id, release.advisory, release.version, release.vulnerabilities, release.documents}});
  for (const auto& vulnerability : fold.vulnerabilities)
    if (std::find(release.vulnerabilities.begin(), release.vulnerabilities.end(), vulnerability.id) != release.vulnerabilities.end() && !vulnerability.facts.contains(Letter::P)) out.push_back({shared(), FactAdopted{std::nullopt, vulnerability.id, Letter::P, ask.now}});
  for (auto& change : end_of_embargo(fold, how, Plans::Keep)) out.push_back(std::move(change));
  // The quorum goes on without them; the coordination doesn't forget them.
  for (const auto& behind : readiness(fold, release).behind)
    if (!is_waived(release, behind.words)) out.push_back({coordination(), ReminderDue{"Left behind by the release, by the agreed quorum: " + behind.words, behind.vendor}});
  return out;
}

// Nor does a clock release a fix that nobody has validated: it is in the way like a vendor's silence, and is waived like it.
std::optional<std::string> unready_and_unwaived(const CaseFold& fold, const Release& release) {
  const auto ready = readiness(fold, release);
  for (const auto& missing : ready.in_the_way)
    if (!is_waived(release, missing)) {
      std::string why = missing;
      if (ready.rule != SettlementRule::Unanimity)
        for (const auto& quorum : ready.quorums)
          if (!quorum.reached()) why += " " + words_of(quorum, ready.rule) + ".";
      return why;
    }
  return std::nullopt;
}
}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const FireRelease& c, const Ask& ask) {
  const auto* release = fold.release(c.release);
  if (release == nullptr || release->state != Release::State::Planned) return fail(ErrorKind::Conflict, "This release is not planned.");
  if (ask.now < release->instant) return fail(ErrorKind::Conflict, "The planned instant is not reached: never early.", {}, "REL-6");
  const auto* version = version_of(fold, release->advisory, release->version);
  if (version == nullptr || !version->approved_at) return fail(ErrorKind::Conflict, "This version is not approved.");
  if (const auto* running = fold.running_terms(); binds(fold.embargo) && running != nullptr && ask.now < running->until)
    return held(c.release, "The embargo was extended to " + to_text(running->until) + ".");
  if (const auto missing = unready_and_unwaived(fold, *release)) return held(c.release, "Not everybody is ready, and nobody has waived that: " + *missing);
  if (!ask.known.closed_collections.empty()) return held(c.release, "A collection of this release takes nothing from the case owner any more: " + ask.known.closed_collections.front() + ". Choose others, and plan it anew.");
  if (!ask.known.denying_rules.empty()) {
    std::string rules;
    for (const auto& rule : ask.known.denying_rules) rules += (rules.empty() ? "" : ", ") + rule;
    return held(c.release, "Rules in scope forbid it now: " + rules + ". Plan another date, or decide to set them aside.");
  }
  return published(fold, *release, ask, "Released as planned.");
}

// Where the machine would hold the plan, a person is told what is in the way and the plan stays.
Result<Changes> decide_one(const CaseFold& fold, const ReleaseEarly& c, const Ask& ask) {
  const auto* release = fold.release(c.release);
  if (release == nullptr || release->version == 0) return fail(ErrorKind::NotFound, "There is no such release plan in this case.", "/release");
  TRY(reason_fits(c.why, 20'000, "/why"));
  TRY(reason_fits(c.users_risk, 20'000, "/users_risk"));
  if (release->state != Release::State::Planned) return fail(ErrorKind::Conflict, "Only a release that is planned can be published early.", "/release");
  const auto* version = version_of(fold, release->advisory, release->version);
  if (version == nullptr || !version->approved_at) return fail(ErrorKind::Conflict, "This version is not approved.", "/release");
  if (const auto* running = fold.running_terms(); binds(fold.embargo) && running != nullptr && ask.now < running->until)
    return fail(ErrorKind::Conflict, "The embargo runs until " + to_text(running->until) + ". End it first, or agree on an earlier end.", "/release", "Vultron EM: active terms bind");
  if (const auto missing = unready_and_unwaived(fold, *release)) return fail(ErrorKind::Conflict, "Not everybody is ready, and nobody has waived that: " + *missing, "/release");
  if (!ask.known.closed_collections.empty())
    return fail(ErrorKind::Conflict, "A collection of this release takes nothing from the case owner any more: " + ask.known.closed_collections.front() + ". Choose others, and plan it anew.", "/release");
  auto out = published(fold, *release, ask, "Released before the planned instant.");
  out.push_back({coordination(), Decided{DecisionId::random(ask.random), DecisionSort::Tell, c.why, c.users_risk, "", "", {}}});
  return out;
}

}  // namespace sluice::cvd::rules
