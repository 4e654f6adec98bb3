#include "service/evidence.h"

#include <algorithm>
#include <set>

#include "base/bind.h"
#include "cvd/standing.h"
#include "gate/judge.h"
#include "ledger/receipt.h"
#include "regimes/engine_version.h"
#include "service/gate_facts.h"
#include "service/knowers.h"
#include "service/regimes.h"
#include "service/ticker.h"

namespace sluice::service {

namespace {

json::value maybe(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

constexpr std::size_t kMostProofs = 5'000;

// A decision and where it stands in the ledger: with its copy in another stream, and what was written in the same command.
struct DecisionSeen {
  cvd::Decided what;
  store::StreamEntry entry;
  std::int64_t first = 0, last = 0;
};

const cvd::Decided* decided_in(const store::StreamEntry& entry, DecisionId id) {
  for (const auto& event : entry.events)
    if (const auto* decided = get_if<cvd::Decided>(&event); decided != nullptr && decided->decision == id) return decided;
  return nullptr;
}

// What is said when there is none is the same whether it is another's or never was (EXI-1).
Result<DecisionSeen> decision_in(const std::vector<store::EntrySeen>& entries, DecisionId id) {
  for (const auto& one : entries) {
    const auto* decided = decided_in(one.entry, id);
    if (decided == nullptr) continue;
    DecisionSeen out{*decided, one.entry, one.position, one.position};
    const auto& request = one.entry.context.request;
    for (const auto& other : entries)
      if (request && other.entry.context.request == request) out.first = std::min(out.first, other.position), out.last = std::max(out.last, other.position);
    return out;
  }
  return fail(ErrorKind::Invalid, "There is no such decision in this case.", "decision");
}

// A denial that was said again later than that: how often by then isn't known any more.
json::value as_of(json::value ruling, Instant then) {
  const auto last = parse_instant(string_at(ruling, "last"));
  if (last && *last > then) ruling.as_object().erase("count"), ruling.as_object().erase("last");
  return ruling;
}

struct About {
  std::string of = "case", id;
  Instant as_of;
  std::optional<DecisionSeen> decision;
  bool is_cut_by_order = false;          // at the decision itself, and not at an instant: many things are written within a second
  json::array rulings;
};

Result<About> about(Services& services, const access::Viewer& viewer, CaseId id, const EvidenceAsked& asked, const std::vector<store::EntrySeen>& entries) {
  if (asked.decision.has_value() + asked.ruling.has_value() + asked.conduct.has_value() > 1) return fail(ErrorKind::Invalid, "A pack is about one decision, one ruling or one party's conduct.", "decision");
  About out;
  out.as_of = asked.as_of.value_or(services.clock.now());
  if (asked.as_of && *asked.as_of > services.clock.now()) return fail(ErrorKind::Invalid, "What will be known then isn't known now.", "as_of");
  if (asked.conduct) {
    out.of = "conduct", out.id = asked.conduct->text();
    return out;
  }
  TRY(const auto rulings, rulings_of(services, viewer, id));
  const auto at_of = [](const json::value& row) {
    const auto* at = find_at(row, "/ruling/at");
    return at != nullptr && at->is_string() ? parse_instant(std::string_view(at->get_string())) : fail(ErrorKind::Unavailable, "This ruling is damaged.", {}, {}, "corrupt");
  };
  if (asked.decision) {
    TRY(out.decision, decision_in(entries, *asked.decision));
    out.of = "decision", out.id = asked.decision->text();
    out.is_cut_by_order = !asked.as_of;
    const auto decided_at = out.decision->entry.context.recorded;
    if (!asked.as_of) out.as_of = decided_at;
    else if (decided_at > *asked.as_of) return fail(ErrorKind::Invalid, "This was decided later than that.", "as_of");
  } else if (asked.ruling) {
    const auto found = std::find_if(rulings.begin(), rulings.end(), [&](const json::value& row) {
      const auto* ruling = find_at(row, "/ruling/id");
      return ruling != nullptr && ruling->is_string() && ruling->get_string() == asked.ruling->text();
    });
    if (found == rulings.end()) return fail(ErrorKind::Invalid, "There is no such ruling about this case.", "ruling");
    out.of = "ruling", out.id = asked.ruling->text();
    if (!asked.as_of) {
      TRY(out.as_of, at_of(*found));
    }
    // Asked about for itself, a denial that was said again stands with its count and the last time: they are the ruling's own, and no later facts.
    out.rulings.push_back(asked.as_of ? as_of(*found, out.as_of) : *found);
    return out;
  }
  for (const auto& row : rulings) {
    TRY(const auto at, at_of(row));
    if (at <= out.as_of) out.rulings.push_back(as_of(row, out.as_of));
  }
  return out;
}

json::object origin_json(const Origin& one) {
  json::object out{{"fact", one.fact}, {"kind", one.kind}, {"of", one.of}};
  if (one.at) out["at"] = to_text(*one.at);
  if (one.by) out["by"] = one.by->text();
  if (one.why) out["why"] = *one.why;
  if (one.instead_of) out["instead_of"] = *one.instead_of;
  return out;
}

// The case as these entries told it, up to a place in the ledger.
cvd::CaseFold fold_before(CaseId id, const std::vector<store::EntrySeen>& entries, std::int64_t position, const access::Standing& standing, const access::Viewer& viewer) {
  cvd::CaseFold fold;
  fold.id = id;
  for (const auto& one : entries)
    if (one.position < position)
      for (const auto& event : one.entry.events) cvd::apply(fold, event, one.entry.context);
  cvd::withhold_contact(fold, standing, viewer.organisation);
  return fold;
}

json::object evaluation_json(const Evaluated& one, std::string_view of) {
  json::array origins;
  for (const auto& origin : one.given.origins) origins.push_back(origin_json(origin));
  return {{"answer", regimes::to_json(one.evaluation)}, {"facts", one.given.given}, {"of", of}, {"origins", std::move(origins)}};
}

// The acts that a decision is about, as the gate would have been asked of them at that moment: telling whom it names, else what was to be published.
std::vector<gate::Disclosure> acts_decided(const cvd::CaseFold& fold, const DecisionSeen& decision) {
  const auto at = decision.entry.context.recorded;
  const auto by = decision.what.asked_by ? decision.what.asked_by : decision.entry.context.actor;
  std::vector<gate::Disclosure> out;
  if (decision.what.about && *decision.what.about != fold.owner) {
    out.push_back(membership(fold, *decision.what.about, by, at));
    return out;
  }
  for (const auto& release : fold.releases)
    if (release.state != cvd::Release::State::Released && release.version != 0) {
      out.push_back(publication(fold, release, {}, gate::Tlp::Clear, gate::Channel::PublicSite, by, at));
      if (release.instant > at) out.push_back(publication(fold, release, {}, gate::Tlp::Clear, gate::Channel::PublicSite, by, release.instant));
    }
  return out;
}

// P3: the facts as they were known then, the packs asked, and the answer. Null where no rule is in scope. Of a decision, what the rules said of the acts that it is about comes
// first: each act put into the facts as they stood before it.
struct Then { const cvd::CaseFold& fold; const cvd::CaseFold* before = nullptr; };
Result<json::value> law_then(Services& services, const Then& then, const About& subject, std::optional<OrganisationId> own) {
  if (!services.packs) return json::value(nullptr);
  TRY(const auto rows, organisations_of(services));
  std::set<std::string> asked;
  json::array evaluations, findings;
  const auto take = [&](const CaseLaw& law, std::string_view of) {
    for (const auto& one : law.all) {
      evaluations.push_back(evaluation_json(one, of));
      asked.insert(one.scenario->regimes.begin(), one.scenario->regimes.end());
    }
    for (const auto& one : law.findings) findings.push_back(json::object{{"message", one.message}, {"where", one.where}});
  };
  Considered considered;
  considered.own = own;
  if (subject.decision && then.before != nullptr) {
    considered.as_of = subject.decision->entry.context.recorded;
    const auto actor = subject.decision->entry.entry.org.value_or(then.before->owner);
    for (const auto& disclosure : acts_decided(*then.before, *subject.decision)) {
      const auto acts = acts_for_law(*services.packs, *then.before, *rows, disclosure, actor, considered);
      if (!acts) continue;
      const auto law = law_on_acts(*services.packs, acts->with_guest ? *acts->with_guest : *then.before, *rows, acts->considered, acts->acts);
      if (!law) findings.push_back(json::object{{"message", law.error().message}, {"where", law.error().where}});
      else if (*law) take(**law, "act");
    }
  }
  considered.as_of = subject.as_of;
  TRY(const auto law, evaluate_case(*services.packs, then.fold, *rows, considered));
  take(law, "case");
  const auto& packs = services.packs->library().packs;
  json::array texts;
  for (const auto& [file, text] : services.packs->texts()) {
    const auto pack = std::find_if(packs.begin(), packs.end(), [&](const auto& entry) { return entry.second.file == file; });
    if (pack != packs.end() && !asked.contains(pack->first)) continue;
    texts.push_back(json::object{{"file", file}, {"sha256", hex(sha256(bytes_of(text)))}, {"text", text}});
  }
  return json::value(json::object{{"evaluations", std::move(evaluations)}, {"findings", std::move(findings)}, {"texts", std::move(texts)}});
}

}  // namespace

Result<EvidencePack> evidence_pack(Services& services, const access::Viewer& viewer, CaseId id, const EvidenceAsked& asked) {
  const auto sight = services.store.as(viewer);
  TRY(const auto seen, sight.case_view(id));
  auto standing = seen.view.standing;
  standing.is_own_object = true;  // what follows is held to what is the organisation's own
  TRY(access::require(viewer, access::Action::ExportEvidence, standing));
  const bool knows_all = access::knows_whole_case(viewer, standing);
  const bool own = asked.conduct ? asked.conduct == viewer.organisation : asked.decision || asked.ruling;
  if (!knows_all && !own) return fail(ErrorKind::Forbidden, "Your organisation can have evidence of its own conduct, its own decisions and the rulings on what it disclosed itself; of the rest the people of the case's owner and its coordinators can.");

  // A receipt names who wrote the entry: all of them for who may know everybody, else one's own (as for a single receipt).
  const auto may_open = [&](const store::StreamEntry& one) { return knows_all || one.entry.org == viewer.organisation; };
  const auto wanted = [&](const store::StreamEntry& one) { return may_open(one) && (!asked.conduct || one.entry.org == asked.conduct); };
  TRY(auto entries, sight.entries(id, [&](const store::StreamEntry& one) { return asked.decision || wanted(one); }));
  std::optional<cvd::CaseFold> before;
  About subject;
  if (asked.decision) {
    const auto read = std::move(entries);
    entries.clear();
    for (const auto& one : read)
      if (wanted(one.entry)) entries.push_back(one);
    TRY(subject, about(services, viewer, id, asked, entries));
    before = fold_before(id, read, subject.decision->first, standing, viewer);
  } else {
    TRY(subject, about(services, viewer, id, asked, entries));
  }
  std::erase_if(entries, [&](const auto& one) { return subject.is_cut_by_order ? one.position > subject.decision->last : one.entry.context.recorded > subject.as_of; });
  if (entries.size() > kMostProofs) return fail(ErrorKind::TooLarge, "A pack holds " + std::to_string(kMostProofs) + " proofs at most; ask for one party's conduct, or for an earlier instant.");
  if (asked.conduct && entries.empty()) return fail(ErrorKind::Invalid, "This organisation has done nothing in the case by then that you may read.", "conduct");

  TRY(const auto receipts, receipts_of(services, entries));
  json::array acts, proofs, withheld;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& entry = entries[i].entry.entry;
    const auto words = words_in(entry);
    if (!words.empty() || !receipts[i]) {
      withheld.push_back(json::object{{"at", to_text(entry.recorded)}, {"entry", entry.id.text()}, {"why", words.empty() ? "its minute of the ledger isn't closed yet: ask again in a minute" : "holds the words of " + std::string(words)}});
      if (words.empty() && asked.decision && decided_in(entries[i].entry, *asked.decision) != nullptr)
        return fail(ErrorKind::Conflict, "The minute of the ledger in which this was decided isn't closed yet. Ask again in a minute.", "decision");
      continue;
    }
    for (auto& act : acts_of(entry)) acts.push_back(std::move(act));
    TRY(auto proof, parse_json(receipts[i]->file(), ledger::kLedgerJson));
    proofs.push_back(std::move(proof));
  }

  std::optional<cvd::CaseFold> then;
  if (!subject.is_cut_by_order) {
    TRY(then, sight.fold_as_of(id, subject.as_of));
  }
  const auto& fold = then ? *then : *before;
  TRY(auto knew, knowers(services, viewer, id, subject.as_of, subject.is_cut_by_order ? &fold : nullptr));
  auto known = std::move(knew.answer);
  if (asked.conduct) {
    auto& list = known["knowers"].as_array();
    json::array own;
    for (auto& one : list)
      if (const auto* who = find_at(one, "/organisation/id"); who != nullptr && who->is_string() && who->get_string() == subject.id) own.push_back(std::move(one));
    list = std::move(own);
    auto& bodies = known["bodies"].as_array();
    json::array told;
    for (auto& one : bodies)
      if (string_at(one, "by") == subject.id) told.push_back(std::move(one));
    bodies = std::move(told);
    known.erase("spread");
  }

  // What the gate would have said of telling whom the decision names, had it been asked just before: a refusal to tell a party leaves no ruling.
  json::array weighed;
  if (before && knows_all && subject.decision->what.about && *subject.decision->what.about != before->owner) {
    const auto& decision = *subject.decision;
    const auto actor = decision.entry.entry.org.value_or(before->owner);
    for (const auto& disclosure : acts_decided(*before, decision)) {
      Considered considered;
      considered.as_of = decision.entry.context.recorded;
      auto facts = facts_for(*before, *decision.what.about, services.settings.two_person);
      facts.regimes = regimes_verdict(services, *before, disclosure, actor, considered);
      facts.now = decision.entry.context.recorded;
      weighed.push_back(json::object{{"disclosure", to_json(disclosure)}, {"recorded", false}, {"ruling", to_json(gate::consider(disclosure, facts))}});
    }
  }

  json::object out;
  json::object what{{"as_of", to_text(subject.as_of)}, {"case", id.text()}, {"id", maybe(subject.id)}, {"of", subject.of}};
  if (subject.is_cut_by_order) what["upto"] = subject.decision->entry.entry.id.text();
  out["about"] = std::move(what);
  out["acts"] = std::move(acts);
  out["kind"] = "evidence-pack";
  out["knew"] = std::move(known);
  out["made"] = json::object{{"at", to_text(services.clock.now())}, {"engine", regimes::kEngineVersion}, {"for", maybe(viewer.organisation ? viewer.organisation->text() : std::string())}};
  out["proofs"] = std::move(proofs);
  TRY(out["regimes"], law_then(services, {fold, before ? &*before : nullptr}, subject, own_view(seen.view.fold, standing, viewer)));
  out["rulings"] = std::move(subject.rulings);
  out["site"] = services.site.file.id.text();
  out["v"] = 1;
  if (asked.decision) out["weighed"] = std::move(weighed);
  out["withheld"] = std::move(withheld);
  TRY(const auto sig, services.site.keys->signer().sign(bytes_of("sluice/evidence-pack/v1\n" + canonical(out))));
  out["sig"] = base64(sig);
  auto file = canonical(out) + "\n";
  if (file.size() > kLargestEvidence) return fail(ErrorKind::TooLarge, "This pack would be larger than 64 MiB; ask for one party's conduct, or for an earlier instant.");
  return EvidencePack{std::move(file), std::move(knew.deliveries), std::move(knew.merged)};
}

}  // namespace sluice::service
