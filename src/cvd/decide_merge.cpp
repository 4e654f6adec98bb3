// What a case that is split or merged hands on to the other: vulnerabilities with what is known of them, products and answers, participants and their consents, terms.
//
// Everything is written anew, as of now; when it first came about stays on record in the case it came from.
#include <algorithm>
#include <iterator>

#include "cvd/parties.h"
#include "cvd/reason.h"

namespace sluice::cvd {

namespace {
using rules::coordination;
using rules::own;
using rules::shared;
using rules::to_both;

void append(Changes& to, Changes more) { std::move(more.begin(), more.end(), std::back_inserter(to)); }
bool stands_in(const auto& list, const auto& one) { return std::find(list.begin(), list.end(), one) != list.end(); }

constexpr std::string_view kReporterBecause = "It reported the vulnerability.";
std::string because(const Participant& participant) {
  if (!participant.essential_because.empty()) return participant.essential_because;
  return std::string(participant.roles.contains(Role::Reporter) ? kReporterBecause : "It took part when the case was divided.");
}

// Which vulnerability of the one case is which of the other.
using Names = std::map<VulnerabilityId, VulnerabilityId>;

void carry_vulnerability(const Vulnerability& v, Changes& out) {
  out.push_back({shared(), VulnerabilityAdded{v.id, v.title, v.description, v.cwe}});
  if (v.identifier) out.push_back({shared(), IdentifierSet{v.id, *v.identifier, std::nullopt}});
  if (v.cvss && v.score) out.push_back({shared(), SeverityAssessed{v.id, *v.cvss, *v.score, std::nullopt}});
}

void carry_facts(const Vulnerability& v, VulnerabilityId as, Changes& out) {
  for (const auto& [letter, fact] : v.facts) out.push_back({shared(), FactAdopted{std::nullopt, as, letter, fact.occurred}});
}

void carry_answer(const Product& product, VulnerabilityId as, const Answer& answer, Changes& out) {
  const auto tell = [&](const Event& event) { append(out, to_both(product.vendor, event)); };
  // A fix that was validated and turned out incomplete keeps its letter (C4): the furthest step first, then the way back.
  std::optional<RemedyStep> furthest;
  bool reopened = false;
  for (const auto& moved : answer.history) {
    if (moved.reopened) reopened = true;
    else if (moved.step && (!furthest || *moved.step > *furthest)) furthest = moved.step;
  }
  // A test of the fix that was found incomplete doesn't speak of the one of now: it comes before the way back.
  const auto tested = [&](bool of_this_fix) {
    for (const auto& assessment : answer.assessments) {
      if (assessment.step.has_value() != of_this_fix) continue;
      auto what = assessment.what;
      what.vulnerability = as;
      tell(what);
    }
  };
  if (furthest) tell(RemedyStepped{as, product.id, *furthest, answer.fixed_in, std::nullopt});
  tested(false);
  if (reopened && answer.step && furthest && *answer.step < *furthest) tell(RemedyReopened{as, product.id, *answer.step, "It was reopened in the case that it came from."});
  if (answer.status) tell(StatusSet{as, product.id, *answer.status, answer.justification, answer.note});
  if (answer.blocked_because) tell(RemedyBlocked{as, product.id, *answer.blocked_because});
  tested(true);
}

// The products that the named vulnerabilities were answered or asked for; all, while nobody has said which are concerned.
std::vector<const Product*> products_of(const CaseFold& fold, const Names& names) {
  std::vector<const Product*> out;
  for (const auto& product : fold.products) {
    const bool answered = std::any_of(fold.answers.begin(), fold.answers.end(), [&](const auto& a) { return a.first.second == product.id && names.contains(a.first.first); });
    const bool asked = std::any_of(fold.asked.begin(), fold.asked.end(), [&](const auto& a) { return a.first.second == product.vendor && names.contains(a.first.first); });
    if (answered || asked) out.push_back(&product);
  }
  if (out.empty())
    for (const auto& product : fold.products) out.push_back(&product);
  return out;
}

void carry_products(const CaseFold& fold, const Names& names, Changes& out) {
  for (const auto* product : products_of(fold, names)) {
    append(out, to_both(product->vendor, ProductAdded{product->id, product->vendor, product->name, product->version, product->purl, product->cpe}));
    if (product->supported) append(out, to_both(product->vendor, SupportStated{product->id, *product->supported, product->supported_until, product->support_note}));
    if (product->placed) append(out, to_both(product->vendor, *product->placed));
    for (const auto& [from, as] : names)
      if (const auto answer = fold.answers.find({from, product->id}); answer != fold.answers.end()) carry_answer(*product, as, answer->second, out);
  }
  for (const auto& [key, asked] : fold.asked)
    if (const auto as = names.find(key.first); as != names.end() && fold.participants.contains(key.second)) append(out, to_both(key.second, StatusAsked{key.second, as->second, asked.answer_by}));
  for (const auto& wait : fold.waits)
    if (const auto as = names.find(wait.vulnerability); as != names.end() && !wait.ended)
      if (const auto* product = fold.product(wait.product)) {
        append(out, to_both(product->vendor, RemedyWaitsFor{as->second, wait.product, wait.on, wait.at_step, wait.label, wait.why}));
        if (wait.delivered) out.push_back({own(product->vendor), DeliveryMoved{as->second, wait.product, wait.on, wait.delivered, std::nullopt}, Attribution::Unattributed});
      }
}

// Nobody's claim is lost: it goes on waiting for a person, who sees whose it was.
void carry_claims(const CaseFold& fold, const Names& names, const std::vector<FactAdopted>& known, Changes& out) {
  for (const auto& claim : fold.claims) {
    const auto as = names.find(claim.vulnerability);
    const bool settled = std::any_of(known.begin(), known.end(), [&](const FactAdopted& f) { return f.vulnerability == claim.vulnerability && f.fact == claim.fact; });
    if (claim.state != Claim::State::Open || as == names.end() || settled) continue;
    const auto who = claim.by ? "by " + claim.by->text() : std::string(claim.sources.empty() ? "by a reporter" : "by what is shared or listed");
    out.push_back({coordination(), FactClaimed{claim.id, as->second, claim.fact, "Claimed in the other case " + who + ": " + claim.evidence, claim.occurred}});
    for (const auto& source : claim.sources) out.push_back({coordination(), source});
  }
}

// What the other case prepared to share, and where to: both go along, into the coordination, but for what this case has of its own under the same id.
void carry_prepared(const CaseFold& fold, const CaseFold& other, Changes& out) {
  ThreatObjectsPrepared more;
  for (const auto& one : other.prepared)
    if (std::none_of(fold.prepared.begin(), fold.prepared.end(), [&](const CaseObject& mine) { return mine.what.id == one.what.id; })) more.objects.push_back(one.what);
  if (!more.objects.empty()) out.push_back({coordination(), std::move(more)});
  auto collections = fold.release_collections;
  for (const auto& id : other.release_collections)
    if (!stands_in(collections, id)) collections.push_back(id);
  if (collections != fold.release_collections) out.push_back({coordination(), ReleaseCollectionsChosen{std::move(collections)}});
}

bool is_carried(const Terms& terms) { return terms.state == Terms::State::Running || terms.state == Terms::State::Open; }

// P1. What it said to the terms comes after them, where it isn't a yes: a proposal asks everybody anew who is there.
struct Carried { Changes participant, answers; };
Carried carry_participant(const CaseFold& fold, const Participant& participant) {
  const auto id = participant.organisation;
  const std::vector<Role> roles(participant.roles.begin(), participant.roles.end());
  Carried out;
  if (participant.admission == Admission::Invited) {
    if (participant.answered_at) return out;  // it said no, or let the time pass
    const auto* running = fold.running_terms();
    out.participant = to_both(id, ParticipantInvited{id, roles, because(participant), running != nullptr ? std::optional(running->version) : std::nullopt, participant.respond_by.value_or(participant.invited_at.value_or(fold.opened))});
    return out;
  }
  ParticipantCarried carried{id, roles, id == fold.owner ? participant.essential_because : because(participant), participant.admission, participant.report, {}};
  for (const auto& terms : fold.terms) {
    if (!is_carried(terms)) continue;
    switch (fold.consent(id, terms.version)) {
      case ConsentState::Signatory: carried.signed_terms.push_back(terms.version); break;
      case ConsentState::Declined: append(out.answers, to_both(id, TermsAnswered{terms.version, id, false, std::nullopt})); break;
      case ConsentState::Invited: {
        const auto again = participant.asked_again.find(terms.version);
        append(out.answers, to_both(id, ConsentAsked{terms.version, id, again != participant.asked_again.end() ? again->second : terms.respond_by}));
        break;
      }
      case ConsentState::NoEmbargo:
      case ConsentState::Lapsed: break;
    }
  }
  out.participant = to_both(id, carried);
  return out;
}

// What a person said of law and facts holds for the sibling, which is about the same parties and products. A fact of one vulnerability stays where that is.
void carry_law(const CaseFold& fold, Changes& out) {
  const auto carry = [&](const ConfirmedScope& scope, std::optional<OrganisationId> organisation) {
    ScopeConfirmed made{organisation, {}, {scope.assumed.begin(), scope.assumed.end()}, {}, scope.why};
    for (const auto& [id, choice] : scope.regimes) made.regimes.push_back(choice);
    for (const auto& [reading, choice] : scope.readings) made.readings.push_back({reading, choice});
    out.push_back({organisation ? own(*organisation) : coordination(), std::move(made)});
  };
  if (fold.scope) carry(*fold.scope, std::nullopt);
  for (const auto& [organisation, scope] : fold.own_scopes)
    if (fold.participants.contains(organisation)) carry(scope, organisation);
  for (const auto& one : fold.corrections)
    if (!one.fact.starts_with("/vulnerability/") && (!one.organisation || fold.participants.contains(*one.organisation)))
      out.push_back({one.organisation ? own(*one.organisation) : coordination(), FactCorrected{one.organisation, one.fact, one.value, one.why}});
}

bool keeps_its_place(const Participant& p) { return p.admission == Admission::Invited || p.admission == Admission::Accepted || p.admission == Admission::Confirmed || p.admission == Admission::Suspended; }
}  // namespace

std::vector<Changes> opens_sibling(const CaseFold& fold, const CaseSplit& split, const std::vector<FactAdopted>& became_public) {
  const auto id = split.sibling.value();
  Names names;
  for (const auto v : split.vulnerabilities) names.emplace(v, v);
  const auto* first = fold.vulnerability(split.vulnerabilities.front());
  const CaseOpened opened{id, first != nullptr ? first->title : fold.title, fold.owner, fold.owner_is_vendor};

  // The terms as they are, by the same versions: who agreed to version 2 there has agreed to it here. An ended embargo is inherited as ended, so that no split reopens one.
  const bool over = fold.embargo == EmbargoState::Exited;
  Changes proposed, accepted;
  for (const auto& one : fold.terms) {
    const bool ran = one.state == Terms::State::Running || (over && one.state == Terms::State::Ended);
    if (is_carried(one) || ran) proposed.push_back({shared(), TermsProposed{one.version, one.until, one.zone, one.respond_by, one.note}, Attribution::Unattributed});
    if (ran) accepted.push_back({shared(), TermsAccepted{one.version}, Attribution::Unattributed});
  }
  if (over) accepted.push_back({shared(), EmbargoEnded{fold.embargo_end_reason.value_or("The embargo had ended before the case was divided.")}, Attribution::Unattributed});

  // Who is there before the terms: the owner, whose word they run by; and while they are only proposed, who held the content, since whoever comes after a proposal doesn't.
  Changes opening{{coordination(), opened}, {shared(), opened}}, owners, rest;
  for (const auto& [who, participant] : fold.participants) {
    if (!keeps_its_place(participant)) continue;
    auto carried = carry_participant(fold, participant);
    const bool is_holder = fold.embargo == EmbargoState::Proposed && participant.held_content;
    append(is_holder ? opening : who == fold.owner ? owners : rest, std::move(carried.participant));
    append(who == fold.owner ? owners : rest, std::move(carried.answers));
  }

  for (const auto v : split.vulnerabilities)
    if (const auto* vulnerability = fold.vulnerability(v)) {
      carry_vulnerability(*vulnerability, rest);
      carry_facts(*vulnerability, v, rest);
    }
  carry_products(fold, names, rest);
  carry_claims(fold, names, became_public, rest);
  carry_law(fold, rest);
  rest.push_back({shared(), SplitFrom{split.vulnerabilities, std::nullopt, split.why}});
  rest.push_back({coordination(), SplitFrom{split.vulnerabilities, fold.id, split.why}});

  // The world first, then the embargo (Vultron: reporting order).
  Changes known;
  for (const auto& fact : became_public) known.push_back({shared(), FactAdopted{std::nullopt, fact.vulnerability, fact.fact, fact.occurred}});
  if (!became_public.empty()) {
    const bool exploit = std::any_of(became_public.begin(), became_public.end(), [](const FactAdopted& f) { return f.fact == Letter::X; });
    const std::string reason = exploit ? "An exploit is public." : "The vulnerability is public.";
    for (const auto& one : fold.terms)
      if (one.state == Terms::State::Open) known.push_back({shared(), TermsRefused{one.version, reason}});
    if (binds(fold.embargo)) known.push_back({shared(), EmbargoEnded{reason}});
  }
  std::vector<Changes> out;
  for (auto* step : {&opening, &proposed, &owners, &accepted, &rest, &known})
    if (!step->empty()) out.push_back(std::move(*step));
  return out;
}

Changes merged_away(const CaseFold& fold, CaseId survivor, const std::string& why) {
  // To the participants it says no more than that: whether they take part in the other one is decided anew (P3), and the reason may speak of it.
  Changes out{{shared(), CasesMerged{std::nullopt, false, ""}}, {coordination(), CasesMerged{survivor, false, why}}};
  for (const auto& release : fold.releases)
    if (release.state == Release::State::Planned && release.version > 0)
      for (auto& change : rules::held(release.id, "The case was merged into another: plan the release there.")) out.push_back(std::move(change));
  for (const auto& plan : fold.planned_invitations) out.push_back({coordination(), InvitationPlanDropped{plan.organisation, "The case was merged into another."}});
  return out;
}

namespace rules {

namespace {
// One embargo for both. Without an agreement the earliest accepted end of the two runs (Vultron: default embargoes of merged cases); the later one is proposed as a revision, since shortest
// wins and longer ones live on. Who agreed to hold as long or longer has agreed to hold this long; everybody else is asked.
Changes one_embargo(const CaseFold& fold, const CaseFold& other, const Ask& ask) {
  Changes out, consents;
  const auto* here = fold.running_terms();
  const auto* there = other.running_terms();
  const auto end = merged_end(here ? std::optional(here->until) : std::nullopt, there ? std::optional(there->until) : std::nullopt);
  int version = fold.newest_terms();
  const auto answer_by = answer_due(ask.now, std::nullopt);
  int running = here != nullptr ? here->version : 0;
  if (end && (here == nullptr || *end < here->until)) {
    running = ++version;
    out.push_back({shared(), TermsProposed{running, *end, there->zone, answer_by, "The earliest end that was accepted in the two cases that are one now."}});
    out.push_back({shared(), TermsAccepted{running}});
  }
  if (end)
    for (const auto& [id, participant] : fold.participants) {
      if (id == fold.owner || participant.admission != Admission::Confirmed || (here != nullptr && running == here->version && fold.signed_running(id))) continue;
      if (!fold.signed_running(id) && !other.signed_running(id)) continue;
      consents.push_back({own(id), ParticipantCarried{id, {participant.roles.begin(), participant.roles.end()}, participant.essential_because, participant.admission, participant.report, {running}}});
      consents.push_back({coordination(), consents.back().event});
    }
  if (may_be_negotiated(fold)) {
    if (here != nullptr && there != nullptr && here->until != there->until)
      out.push_back({shared(), TermsProposed{++version, std::max(here->until, there->until), here->until > there->until ? here->zone : there->zone, answer_by, "The later end of the two cases that are one now."}});
    for (const auto& terms : other.terms)
      if (terms.state == Terms::State::Open && terms.until > ask.now) out.push_back({shared(), TermsProposed{++version, terms.until, terms.zone, answer_by, terms.note}});
  }
  for (auto& change : consents) out.push_back(std::move(change));
  return out;
}

// No vulnerability that is public, and no case whose embargo is over, comes under an embargo that binds, nor the other way round (nothing leaves X).
Result<void> may_share_an_embargo(const CaseFold& fold, const CaseFold& other) {
  const auto holds_back = [](const CaseFold& f) { return binds(f.embargo) || f.embargo == EmbargoState::Proposed; };
  const auto is_over = [](const CaseFold& f) { return f.is_public() || f.embargo == EmbargoState::Exited; };
  if ((holds_back(fold) && is_over(other)) || (holds_back(other) && is_over(fold)))
    return fail(ErrorKind::Conflict, "One of the two is public or its embargo has ended, and the other one still holds back. Merge them when that has ended, too.", "/with", "Vultron EM: nothing leaves X");
  if (binds(other.embargo) && !binds(fold.embargo)) TRY(may_be_negotiated(fold));  // else an embargo would begin here by the merge
  return {};
}
}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const MergeCases& c, const Ask& ask) {
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (c.with == fold.id) return fail(ErrorKind::Invalid, "A case can't be merged with itself.", "/with");
  if (ask.known.other == nullptr) return fail(ErrorKind::NotFound, "There is no such case, or you have no access to it.", "/with");
  const auto& other = *ask.known.other;
  if (other.is_merged_away()) return fail(ErrorKind::Conflict, "That case was merged into another already.", "/with");
  const auto* self = fold.participant(fold.owner);
  if (self != nullptr) TRY(may_bring_in_others(self->report));
  TRY(may_share_an_embargo(fold, other));
  for (const auto& [id, theirs] : other.participants) {
    const auto* ours = fold.participant(id);
    const bool is_in = id == fold.owner || (ours != nullptr && ours->admission == Admission::Confirmed);
    // Whoever was put out of one case doesn't come to read it by the other; and a coordinator is not lost on the way, which would take two persons (ACC-11).
    if (is_in && (theirs.admission == Admission::Removed || theirs.admission == Admission::Suspended))
      return fail(ErrorKind::Conflict, id.text() + " takes part here and was removed or suspended there. Decide about it first: remove it here, or bring it back there.", "/with");
    if (!is_in && theirs.roles.contains(Role::Coordinator) && (theirs.admission == Admission::Confirmed || theirs.admission == Admission::Suspended))
      return fail(ErrorKind::Conflict, id.text() + " coordinates that case and takes no part here. Bring it in first, or remove it there.", "/with");
  }

  Changes out{{shared(), CasesMerged{std::nullopt, true, ""}}, {coordination(), CasesMerged{c.with, true, c.why}}};
  Names names;
  for (const auto& v : other.vulnerabilities) {
    // The same identifier is the same vulnerability, reported twice.
    const auto same = std::find_if(fold.vulnerabilities.begin(), fold.vulnerabilities.end(), [&](const Vulnerability& mine) { return mine.id == v.id || (v.identifier && mine.identifier == v.identifier); });
    names.emplace(v.id, same != fold.vulnerabilities.end() ? same->id : v.id);
    if (same == fold.vulnerabilities.end()) carry_vulnerability(v, out);
    carry_facts(v, names.at(v.id), out);
  }
  append(out, one_embargo(fold, other, ask));
  carry_products(other, names, out);
  carry_claims(other, names, {}, out);
  carry_prepared(fold, other, out);
  for (const auto& report : other.reports) {
    if (fold.report(report.id) != nullptr) continue;
    out.push_back({coordination(), ReportCarried{report.id, report.anonymous, report.reporter, report.kept_in.value_or(other.id), report.received}});
    if (report.credit) out.push_back({coordination(), CreditStated{report.id, report.credit->wanted, report.credit->name}});
    if (report.duplicate_of) out.push_back({coordination(), DuplicateLinked{report.id, *report.duplicate_of, "Linked so in the case that it came in by."}});
  }
  // P3
  const auto running = [&]() -> std::optional<int> {
    for (const auto& change : out)
      if (const auto* accepted = get_if<TermsAccepted>(&change.event)) return accepted->version;
    const auto* here = fold.running_terms();
    return here != nullptr ? std::optional(here->version) : std::nullopt;
  }();
  for (const auto& [id, participant] : other.participants) {
    const auto* mine = fold.participant(id);
    if (mine != nullptr && mine->admission != Admission::None) continue;  // it takes part, or was asked, or has left: no merge brings it back
    if (!keeps_its_place(participant) || participant.admission == Admission::Suspended || (participant.admission == Admission::Invited && participant.answered_at)) continue;
    append(out, to_both(id, ParticipantInvited{id, {participant.roles.begin(), participant.roles.end()}, because(participant), running, answer_due(ask.now, std::nullopt)}));
  }
  return out;
}

}  // namespace rules

}  // namespace sluice::cvd
