#include "service/release.h"

#include <cstdio>

#include "cvd/readiness.h"
#include "formats/csaf/write.h"
#include "formats/cve/write.h"
#include "formats/osv/write.h"
#include "score/cvss.h"
#include "service/gate_facts.h"
#include "service/outlets.h"
#include "service/regimes.h"
#include "service/release_objects.h"

namespace sluice::service {

namespace {

Result<advisory::Advisory> read_advisory(const json::value& document) {
  auto read = from_json<advisory::Advisory>(document);
  if (!read) return fail(ErrorKind::Invalid, read.error().message, "/document" + read.error().where, read.error().rule);
  return read;
}

std::unexpected<Error> first_error(const Findings& findings, const std::string& prefix) {
  for (const auto& finding : findings)
    if (finding.severity == Severity::Error) return fail(ErrorKind::Invalid, finding.message, prefix + finding.where, finding.rule);
  return fail(ErrorKind::Invalid, "The advisory is not valid.", prefix);
}

store::Document document(CaseId id, AdvisoryId advisory, int version, std::string kind, std::string name, const json::value& body) {
  store::Document out{.case_id = id, .advisory = advisory, .version = version, .kind = std::move(kind), .name = std::move(name), .body = pretty(body)};
  // The hash binds what it is as well as what it says, so that equal bytes of two versions stay two documents.
  out.hash = sha256({bytes_of(advisory.text()), bytes_of(std::to_string(version)), bytes_of(out.kind), bytes_of(out.name), bytes_of(out.body)});
  return out;
}

// CSAF 2.0 §7.1.18, §7.1.19: hashes in the form of sha256sum and sha512sum, and a signature. Made with the plan, so that nothing is at the instant (REL-6).
Result<void> add_companions(store::Document& document, const OpenPgpKey& key, Instant now) {
  if (document.kind != "csaf") return {};
  TRY(auto signature, key.sign(document.body, now));
  const auto end = "  " + document.name + "\n";
  document.companions = store::Companions{std::move(signature), hex(sha256(bytes_of(document.body))) + end, hex(sha512(bytes_of(document.body))) + end};
  return {};
}

void take_losses(json::array& losses, std::string_view format, const formats::Losses& from) {
  for (const auto& loss : from) losses.push_back(json::object{{"format", format}, {"where", loss.where}, {"what", loss.what}});
}

// What law and policy say of this release at an instant; the same for each of its documents.
std::optional<gate::RegimesVerdict> law_on_release(Services& services, const cvd::CaseFold& fold, const cvd::Release& release, Instant at, std::optional<OrganisationId> own) {
  auto disclosure = publication(fold, release, {}, gate::Tlp::Clear, gate::Channel::PublicSite, {}, at);
  Considered considered;
  considered.as_of = std::max(at, services.clock.now());
  considered.own = own;
  return regimes_verdict(services, fold, disclosure, fold.owner, considered);
}

const cvd::AdvisoryVersion* version_of(const cvd::CaseFold& fold, const cvd::Release& release) {
  const auto found = fold.advisories.find(release.advisory);
  if (found == fold.advisories.end()) return nullptr;
  const auto version = std::find_if(found->second.begin(), found->second.end(), [&](const cvd::AdvisoryVersion& one) { return one.version == release.version; });
  return version == found->second.end() ? nullptr : &*version;
}

// A release's threat objects go to the readers of a collection, who are of this site's community; its documents to anybody.
gate::Disclosure objects_to_collection(Services& services, const cvd::CaseFold& fold, const cvd::Release& release, const Hash& document, gate::Tlp marking, std::optional<PersonId> actor, Instant at) {
  auto out = publication(fold, release, document, marking, gate::Channel::Taxii, actor, at);
  out.audience = gate::Audience::community(services.site.file.id.text());
  return out;
}

gate::Facts facts_of_release(const cvd::CaseFold& fold, const cvd::Release& release, Instant now, bool two_person, const std::optional<gate::RegimesVerdict>& law) {
  auto facts = facts_for(fold, fold.owner, two_person);
  facts.regimes = law;
  facts.audience = {};
  facts.now = now;
  gate::ReleaseFacts plan{release.id, true, release.instant, {}, cvd::not_ready(fold, release).empty(), release.waiver.has_value()};
  for (const auto& planned : release.documents) plan.documents.push_back({planned});
  if (const auto* version = version_of(fold, release)) plan.documents.push_back({version->hash});  // the approved advisory itself: its page
  facts.release = plan;
  return facts;
}

// A tracking id and a document's name belong to the advisory that published them first; what is published is no secret, so the caller is told.
Result<void> names_are_free(store::Queries& db, std::string_view tracking, AdvisoryId advisory) {
  TRY(const auto earlier, store::publication_versions(db, tracking));
  for (const auto& one : earlier)
    if (one.advisory != advisory) return fail(ErrorKind::Conflict, "Another published advisory has this tracking id.", "/advisory/id");
  return {};
}
Result<void> document_name_is_free(store::Queries& db, const store::Document& document) {
  TRY(const auto owner, store::advisory_of_public_document(db, document.kind, document.name));
  if (owner && *owner != document.advisory) return fail(ErrorKind::Conflict, "Another published advisory has a document of the name " + document.name + ".", "/advisory");
  return {};
}

// Texts of an advisory go into many formats and pages; a control character in one of them is a mistake or an attack.
Result<void> has_no_controls(const json::value& value, const std::string& where) {
  if (value.is_string()) {
    for (const char c : value.get_string())
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f) return fail(ErrorKind::Invalid, "There is a control character in this text.", where);
  } else if (value.is_array()) {
    std::size_t i = 0;
    for (const auto& item : value.get_array()) TRY(has_no_controls(item, where + "/" + std::to_string(i++)));
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) TRY(has_no_controls(member.value(), where + "/" + pointer_token(member.key())));
  }
  return {};
}

// Judged at the instant, put on record, and sent with the Pass of that judgement.
template <class Envelope>
Result<void> let_out(Unit& unit, Services& services, const cvd::CaseFold& before, const cvd::Release& release, gate::Tlp marking, const std::optional<gate::RegimesVerdict>& law, std::optional<PersonId> actor, gate::Outlet<Envelope>& outlet, const Envelope& envelope) {
  const auto disclosure = outlet.channel() == gate::Channel::Taxii ? objects_to_collection(services, before, release, envelope.content.bytes, marking, actor, unit.now())
                                                                   : publication(before, release, envelope.content.bytes, marking, outlet.channel(), actor, unit.now());
  auto judged = gate::judge(disclosure, facts_of_release(before, release, unit.now(), services.settings.two_person, law), RulingId::random(services.random));
  const json::object body{{"disclosure", to_json(disclosure)}, {"ruling", to_json(judged.ruling)}};
  if (!judged.pass) {
    keep_denial(unit, services, before.id, judged.ruling, body, actor ? DeniedTo::Person : DeniedTo::Clock);
    return fail(ErrorKind::Conflict, "The gate does not let this out: " + why_denied(judged.ruling), {}, "gate", "gate-denies");
  }
  TRY(unit.writing().record_ruling(judged.ruling.id, unit.now(), static_cast<int>(judged.ruling.outcome), services.cells().tag("object", before.id.text()), body));
  return outlet.send(*std::move(judged.pass), envelope, unit.now());
}

// The plan is held by this very command, so the denials go on record with it: of each document and of the page, by the channel and under the label that they would have gone out with.
Result<void> record_held(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::Release& release, const gate::Facts& facts) {
  const auto* version = version_of(fold, release);
  const auto advisory = version == nullptr ? Result<advisory::Advisory>() : read_advisory(version->document);
  const auto marking = version == nullptr || !advisory ? gate::Tlp::AmberStrict : advisory->tlp;
  TRY(const auto documents, store::documents_of(unit.writing().tx(), services.cells(), release.advisory, release.version));
  const auto record = [&](gate::Channel channel, const Hash& hash) -> Result<void> {
    const auto denied = publication(fold, release, hash, marking, channel, {}, unit.now());
    const auto ruling = gate::judge(denied, facts, RulingId::random(services.random)).ruling;
    const json::object body{{"disclosure", to_json(denied)}, {"ruling", to_json(ruling)}};
    return unit.writing().record_ruling(ruling.id, unit.now(), static_cast<int>(ruling.outcome), services.cells().tag("object", fold.id.text()), body);
  };
  for (const auto& hash : release.documents) {
    const auto document = std::find_if(documents.begin(), documents.end(), [&](const store::Document& one) { return one.hash == hash; });
    TRY(record(document == documents.end() ? gate::Channel::PublicSite : DocumentOutlet::channel_of(document->kind), hash));
  }
  return record(gate::Channel::PublicSite, version == nullptr ? Hash{} : version->hash);
}

// Only what a pack says can be set aside: a slip of the pen would stand on record as a decision on nothing.
Result<void> are_rules(Services& services, const std::vector<std::string>& rules) {
  for (std::size_t i = 0; i < rules.size() && i <= 200; ++i)  // of more, decide() says that they are too many
    if (!services.packs || services.packs->rule(rules[i]) == nullptr) return fail(ErrorKind::Invalid, "The packs of this site have no such rule. It is named as regime/rule.", "/rules/" + std::to_string(i));
  return {};
}

// The rules that deny what an override is about, as things stand: telling this organisation, or what is planned to be published. Nobody types them.
Result<std::vector<std::string>> rules_against(Services& services, const cvd::CaseFold& fold, std::optional<OrganisationId> about, OrganisationId actor, Instant now) {
  std::vector<std::string> out;
  const auto take = [&](const std::optional<gate::RegimesVerdict>& verdict) {
    if (verdict)
      for (const auto& rule : verdict->forbidden_by)
        if (std::find(out.begin(), out.end(), rule) == out.end()) out.push_back(rule);
  };
  Considered considered;
  considered.as_of = now;
  if (about && *about != fold.owner) {
    take(regimes_verdict(services, fold, membership(fold, *about, {}, now), actor, considered));
    return out;
  }
  for (const auto& release : fold.releases)
    if (release.state != cvd::Release::State::Released && release.version != 0) take(law_on_release(services, fold, release, now, {})), take(law_on_release(services, fold, release, std::max(now, release.instant), {}));
  return out;
}

}  // namespace

Result<Composed> compose(const advisory::Advisory& advisory, CaseId id, AdvisoryId advisory_id, int version) {
  Composed out;
  out.findings = advisory::check(advisory);
  if (!is_valid(out.findings)) return out;
  TRY(const auto csaf, formats::csaf::from_advisory(advisory, {.name = "Sluice", .version = "0.1.0"}));
  out.documents.push_back(document(id, advisory_id, version, "csaf", formats::csaf::file_name(advisory.id), csaf.document));
  take_losses(out.losses, "csaf", csaf.losses);
  if (is_valid(advisory::missing_for(advisory, advisory::Format::Cve))) {
    TRY(const auto records, formats::cve::from_advisory(advisory));
    for (const auto& record : records) {
      out.documents.push_back(document(id, advisory_id, version, "cve", record.cve + ".json", record.record));
      take_losses(out.losses, "cve", record.losses);
    }
  } else {
    for (auto& finding : advisory::missing_for(advisory, advisory::Format::Cve)) {
      finding.severity = Severity::Warning;
      out.findings.push_back(std::move(finding));
    }
  }
  if (is_valid(advisory::missing_for(advisory, advisory::Format::Osv))) {
    TRY(const auto records, formats::osv::from_advisory(advisory));
    for (const auto& record : records) {
      out.documents.push_back(document(id, advisory_id, version, "osv", record.id + ".json", record.record));
      take_losses(out.losses, "osv", record.losses);
    }
  }
  return out;
}

Result<void> look_up(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::Command& command, cvd::Ask& ask) {
  if (const auto* assess = get_if<cvd::AssessSeverity>(&command)) {
    auto score = cvss::score(assess->cvss);
    if (!score) return fail(ErrorKind::Invalid, score.error().message, "/cvss", score.error().rule);
    char text[8];
    std::snprintf(text, sizeof text, "%.1f", score->overall);
    ask.known.score = text;
  } else if (const auto* draft = get_if<cvd::DraftAdvisory>(&command)) {
    TRY(const auto advisory, read_advisory(draft->document));
    const auto findings = advisory::check(advisory);
    if (!is_valid(findings)) return first_error(findings, "/document");
    TRY(has_no_controls(draft->document, "/document"));
    ask.known.document_hash = sha256(bytes_of(canonical(draft->document)));
  } else if (const auto* invite = get_if<cvd::InviteParticipant>(&command)) {
    TRY(const auto organisation, store::organisation(unit.writing().tx(), services.cells(), invite->organisation));
    if (!organisation) return fail(ErrorKind::Invalid, "There is no organisation of this id.", "/organisation");
  } else if (const auto* many = get_if<cvd::InviteMany>(&command)) {
    for (std::size_t i = 0; i < many->organisations.size() && i <= 200; ++i) {  // of more, decide() says that they are too many
      TRY(const auto organisation, store::organisation(unit.writing().tx(), services.cells(), many->organisations[i]));
      if (!organisation) return fail(ErrorKind::Invalid, "Nobody was invited: there is no organisation of this id.", "/organisations/" + std::to_string(i));
    }
  } else if (const auto* route = get_if<cvd::RouteReport>(&command)) {
    TRY(const auto organisation, store::organisation(unit.writing().tx(), services.cells(), route->to));
    const bool leads = organisation && (organisation->kind == access::OrganisationKind::Vendor || organisation->kind == access::OrganisationKind::Coordinator);
    if (leads && organisation->profile.takes_reports.value_or(false)) ask.known.receiver_kind = organisation->kind;
  } else if (const auto* prepare = get_if<cvd::PrepareThreatObjects>(&command)) {
    TRY(ask.known.prepared, read_prepared(prepare->objects));
  } else if (const auto* choose = get_if<cvd::ChooseReleaseCollections>(&command)) {
    TRY(ask.known.collections, writable_collections(unit, services, fold.owner, choose->collections));
  } else if (const auto* early = get_if<cvd::ReleaseEarly>(&command)) {
    if (const auto* release = fold.release(early->release)) {
      TRY(ask.known.closed_collections, closed_collections(unit, services, fold, *release));
    }
  } else if (const auto* fire = get_if<cvd::FireRelease>(&command)) {
    if (const auto* release = fold.release(fire->release)) {
      TRY(ask.known.closed_collections, closed_collections(unit, services, fold, *release));
    }
    // What a law forbids at the instant isn't published by the clock: the plan is held, with the rules that are in the way, and a person decides.
    if (const auto* release = fold.release(fire->release); release != nullptr && release->state == cvd::Release::State::Planned && release->instant <= unit.now()) {
      const auto facts = facts_of_release(fold, *release, unit.now(), services.settings.two_person, law_on_release(services, fold, *release, unit.now(), {}));
      const auto said = gate::judge_regimes(publication(fold, *release, {}, gate::Tlp::Clear, gate::Channel::PublicSite, {}, unit.now()), facts);
      if (said.outcome == gate::Outcome::Deny) {
        ask.known.denying_rules = facts.regimes->forbidden_by.empty() ? std::vector<std::string>{"facts of the case"} : facts.regimes->forbidden_by;
        TRY(record_held(unit, services, fold, *release, facts));
      }
    }
  } else if (const auto* decision = get_if<cvd::RecordDecision>(&command); decision != nullptr && decision->kind == cvd::DecisionSort::Override) {
    if (decision->rules) return are_rules(services, *decision->rules);
    TRY(ask.known.denying_rules, rules_against(services, fold, decision->about, ask.actor.organisation, unit.now()));
  } else if (holds_alternative<cvd::ProceedWithout>(command)) {
    TRY(const auto owner, store::organisation(unit.writing().tx(), services.cells(), fold.owner));
    if (owner && owner->profile.policy) ask.known.vendor_answers_within = owner->profile.policy->vendor_answers_within;
  } else if (const auto* plan = get_if<cvd::PlanRelease>(&command)) {
    const auto found = fold.advisories.find(plan->advisory);
    if (found == fold.advisories.end()) return {};  // decide() says so
    for (const auto& version : found->second) {
      if (version.version != plan->version) continue;
      TRY(const auto advisory, read_advisory(version.document));
      if (advisory.tlp != advisory::Tlp::Clear) return fail(ErrorKind::Conflict, "Only TLP:CLEAR can be published; this advisory is marked higher.", "/advisory/tlp", "TLP 2.0");
      TRY(names_are_free(unit.writing().tx(), advisory.id, plan->advisory));
      TRY(auto composed, compose(advisory, fold.id, plan->advisory, plan->version));
      if (!is_valid(composed.findings)) return first_error(composed.findings, "/advisory");
      for (auto& document : composed.documents) {
        TRY(document_name_is_free(unit.writing().tx(), document));
        TRY(add_companions(document, *services.site.advisory_key, unit.now()));
        TRY(store::put_document(unit.writing().tx(), services.cells(), document));
        ask.known.documents.push_back(document.hash);
      }
      TRY(const auto shared, compose_threat_documents(unit, services, fold, advisory, plan->advisory, plan->version, unit.now()));
      for (const auto& document : shared) {
        TRY(store::put_document(unit.writing().tx(), services.cells(), document));
        ask.known.documents.push_back(document.hash);
      }
    }
  }
  return {};
}

Result<void> publish_released(Unit& unit, Services& services, const cvd::CaseFold& before, std::optional<PersonId> actor, const cvd::Command& command, const cvd::Changes& changes) {
  const auto* fire = get_if<cvd::FireRelease>(&command);
  const auto* early = get_if<cvd::ReleaseEarly>(&command);
  const bool fires = (fire != nullptr || early != nullptr) && std::any_of(changes.begin(), changes.end(), [](const cvd::Change& change) { return holds_alternative<cvd::Released>(change.event); });
  if (!fires) return {};  // else it was held, and says why on the record
  const auto* planned = before.release(fire != nullptr ? fire->release : early->release);
  auto plan = *planned;
  if (early != nullptr) plan.instant = std::min(plan.instant, unit.now());  // ACC-11: two persons moved it; the gate judges the plan as it stands now
  const auto* release = &plan;
  const auto law = law_on_release(services, before, plan, unit.now(), {});
  auto& tx = unit.writing().tx();
  const auto* version = version_of(before, *release);
  if (version == nullptr) return fail(ErrorKind::Unavailable, "The advisory of this release is missing.", {}, {}, "corrupt");
  TRY(const auto advisory, read_advisory(version->document));
  TRY(names_are_free(tx, advisory.id, release->advisory));
  TRY(const auto documents, store::documents_of(tx, services.cells(), release->advisory, release->version));
  for (const auto& hash : release->documents) {
    const auto document = std::find_if(documents.begin(), documents.end(), [&](const store::Document& d) { return d.hash == hash; });
    if (document == documents.end()) return fail(ErrorKind::Unavailable, "A document of this release is missing.", {}, {}, "corrupt");
    if (document->kind == kThreatDocument) {
      CollectionOutlet outlet(unit, services);
      TRY(let_out(unit, services, before, *release, marking_of(*document), law, actor, outlet, ObjectsEnvelope{*document, before.owner, {document->hash}, gate::Audience::community(services.site.file.id.text())}));
      continue;
    }
    TRY(document_name_is_free(tx, *document));
    DocumentOutlet outlet(document->kind, tx, services.cells());
    TRY(let_out(unit, services, before, *release, advisory.tlp, law, actor, outlet, DocumentEnvelope{*document, {document->hash}}));
  }

  store::Publication publication{release->advisory, release->version, advisory.id, advisory.title, advisory.summary, unit.now(), unit.now(), canonical(version->document), formats::csaf::file_path(advisory)};
  TRY(const auto earlier, store::publication_versions(tx, advisory.id));
  if (!earlier.empty()) publication.first_released = earlier.front().first_released;
  AdvisoryOutlet outlet(tx);
  return let_out(unit, services, before, *release, advisory.tlp, law, actor, outlet, AdvisoryEnvelope{publication, {version->hash}});
}

json::object dry_run(Services& services, const cvd::CaseFold& fold, const cvd::Release& release, Instant at, std::optional<OrganisationId> own) {
  const bool two_person = services.settings.two_person;
  const auto law = law_on_release(services, fold, release, at, own);
  json::array documents;
  auto marking = gate::Tlp::AmberStrict;
  if (const auto* version = version_of(fold, release))
    if (const auto advisory = read_advisory(version->document)) marking = advisory->tlp;
  // What there is of the plan's documents by now; without them each is shown by its hash alone.
  std::vector<store::Document> planned;
  if (auto db = services.store.lease())
    if (auto read = store::documents_of(**db, services.cells(), release.advisory, release.version)) planned = *std::move(read);
  for (const auto& hash : release.documents) {
    const auto document = std::find_if(planned.begin(), planned.end(), [&](const store::Document& one) { return one.hash == hash; });
    const bool is_shared = document != planned.end() && document->kind == kThreatDocument;
    const auto disclosure = is_shared ? objects_to_collection(services, fold, release, hash, marking_of(*document), {}, at) : publication(fold, release, hash, marking, gate::Channel::PublicSite, {}, at);
    auto one = document != planned.end() ? shown_plan(*document) : json::object{};
    one["hash"] = hex(hash);
    one["ruling"] = to_json(gate::consider(disclosure, facts_of_release(fold, release, at, two_person, law)));
    documents.push_back(std::move(one));
  }
  const auto ready = cvd::readiness(fold, release);
  const auto texts = [](const std::vector<std::string>& from) { return json::array(from.begin(), from.end()); };
  json::array left_behind, quorums;
  for (const auto& behind : ready.behind) left_behind.push_back(json::value(behind.words + (behind.because ? " (" + *behind.because + ")" : "")));
  for (const auto& quorum : ready.quorums) quorums.push_back(json::value("\"" + fold.vulnerability(quorum.vulnerability)->title + "\": " + cvd::words_of(quorum, ready.rule)));
  return {{"release", release.id.text()}, {"instant", to_text(release.instant)}, {"at", to_text(at)}, {"documents", documents}, {"not_ready", texts(ready.in_the_way)}, {"waived", release.waiver.has_value()},
          {"left_behind", std::move(left_behind)}, {"quorums", std::move(quorums)}, {"unsupported", texts(ready.unsupported)}, {"partial", texts(ready.partial)}};
}

}  // namespace sluice::service
