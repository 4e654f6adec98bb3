#include "cvd/mitigation.h"

#include <algorithm>
#include <array>

#include "cvd/availability.h"

namespace sluice::cvd {

namespace {

using enum MitigationPart;
constexpr auto kDeployerParts = std::to_array({Fix, Workaround});
constexpr auto kDefenderParts = std::to_array({Detection});
// That there is something is told with anything one is told. Who installs a fix has to know in what; who looks for attacks looks for what the detection says.
constexpr auto kDeployerClasses = std::to_array<std::string_view>({"existence", "mitigation", "product-identity"});
constexpr auto kDefenderClasses = std::to_array<std::string_view>({"existence", "ioc"});

constexpr RoleRow kRoles[] = {
    {MitigationRole::Deployer, Role::Deployer, kDeployerParts, kDeployerClasses, false},
    {MitigationRole::Defender, Role::Observer, kDefenderParts, kDefenderClasses, true},
};

// All that content can hold, in the regimes' words (docs/formats/regimes.md).
constexpr std::string_view kAllClasses[] = {"existence", "report-metadata", "product-identity", "summary", "technical-detail", "poc", "exploit-tool", "malware-source", "attack-replay-detail", "leaked-data",
                                            "network-detail", "assessment-report", "mitigation", "ioc"};

bool is_known_to_all(const Vulnerability& v) { return v.facts.contains(Letter::P) || v.facts.contains(Letter::X); }

// Events after which something may be there that wasn't.
bool may_make_one(const CaseFold& fold, const Event& event) {
  if (const auto* step = get_if<RemedyStepped>(&event)) return step->step >= RemedyStep::Distributed;
  if (const auto* status = get_if<StatusSet>(&event)) {
    const auto answer = fold.answers.find({status->vulnerability, status->product});
    return answer != fold.answers.end() && answer->second.step >= RemedyStep::Distributed;
  }
  return holds_alternative<RemedyWaitEnded>(event) || holds_alternative<MitigationNoted>(event);
}

// Events after which something else may be there. Of others the case isn't looked through: that takes a copy of it.
bool may_matter(const CaseFold& fold, const Event& event) {
  if (std::all_of(fold.mitigations.begin(), fold.mitigations.end(), [](const Mitigation& one) { return one.ended_at.has_value(); }) && fold.mitigation_notes.empty()) return may_make_one(fold, event);
  const auto is_one_of = [&]<class... Events>() { return (... || holds_alternative<Events>(event)); };
  return is_one_of.operator()<RemedyStepped, RemedyReopened, RemedyAssessed, RemedyWaitsFor, RemedyWaitEnded, StatusSet, FactAdopted, Released, MitigationNoted, CaseSplit, CasesMerged>();
}

std::string why_ended(const CaseFold& fold, const Mitigation& mitigation) {
  const auto* v = fold.vulnerability(mitigation.vulnerability);
  if (fold.is_merged_away()) return "The case goes on in another one.";
  if (v == nullptr) return "The vulnerability is in another case now.";
  if (is_known_to_all(*v)) return "It is public now, so nobody is told before the others.";
  if (parts_there(fold, mitigation.vulnerability, mitigation.product).empty()) return "There is no such mitigation any more.";
  return "What is there has changed: it is proposed anew.";
}

}  // namespace

std::span<const RoleRow> role_table() { return kRoles; }

const RoleRow& row_of(MitigationRole role) { return role == MitigationRole::Deployer ? kRoles[0] : kRoles[1]; }

std::vector<std::string_view> withheld_from(MitigationRole role) {
  std::vector<std::string_view> out;
  const auto may_have = row_of(role).classes;
  for (const auto one : kAllClasses)
    if (std::find(may_have.begin(), may_have.end(), one) == may_have.end()) out.push_back(one);
  return out;
}

std::vector<PartThere> parts_there(const CaseFold& fold, VulnerabilityId vulnerability, ProductId product) {
  std::vector<PartThere> out;
  const auto* v = fold.vulnerability(vulnerability);
  const auto* made = fold.product(product);
  if (v == nullptr || made == nullptr || is_known_to_all(*v) || fold.is_merged_away()) return out;
  const auto answer = fold.answers.find({vulnerability, product});
  if (answer != fold.answers.end() && fix_available(fold, vulnerability, product)) {
    const auto& fixed_in = answer->second.fixed_in;
    out.push_back({Fix, "A fix for " + made->name + (made->version ? " " + *made->version : "") + " is out" + (fixed_in ? ": version " + *fixed_in + "." : ".")});
  }
  for (const auto part : {Workaround, Detection})
    if (const auto noted = fold.mitigation_notes.find({vulnerability, product, part}); noted != fold.mitigation_notes.end()) out.push_back({part, noted->second});
  return out;
}

std::string text_for(MitigationRole role, std::span<const PartThere> parts) {
  std::string out;
  const auto acts_on = row_of(role).parts;
  for (const auto& one : parts)
    if (std::find(acts_on.begin(), acts_on.end(), one.part) != acts_on.end()) out += (out.empty() ? "" : "\n\n") + one.text;
  return out;
}

std::vector<PreparedObject> detecting(const CaseFold& fold) {
  std::vector<PreparedObject> out;
  for (const auto& one : fold.prepared) {
    if (one.what.type != "indicator" || !one.what.object.is_object()) continue;
    const auto& whole = one.what.object.get_object();
    json::object pared;
    // STIX 2.1 §4.7: what an indicator needs to be one, and how its pattern is read. Its name, description and links say what it is about.
    for (const auto* key : {"type", "spec_version", "id", "created", "modified", "indicator_types", "pattern", "pattern_type", "pattern_version", "valid_from", "valid_until", "object_marking_refs"})
      if (const auto* value = whole.if_contains(key)) pared[key] = *value;
    PreparedObject less{one.what.id, one.what.type, one.what.version, std::move(pared), {}};
    less.hash = sha256(bytes_of(canonical(less.object)));
    out.push_back(std::move(less));
  }
  return out;
}

bool is_for(const CaseFold& fold, const Mitigation& mitigation, MitigationRole role) { return !text_for(role, mitigation.parts).empty() || (row_of(role).objects && !detecting(fold).empty()); }

bool stands(const CaseFold& fold, const Mitigation& mitigation) { return !mitigation.ended_at && parts_there(fold, mitigation.vulnerability, mitigation.product) == mitigation.parts; }

bool was_told(const CaseFold& fold, const Mitigation& mitigation, MitigationRole role, OrganisationId organisation) {
  for (const auto& one : fold.mitigations) {
    const bool is_this = one.id == mitigation.id;
    if (!is_this && (one.vulnerability != mitigation.vulnerability || one.product != mitigation.product || row_of(role).objects)) continue;
    for (const auto& batch : one.shared) {
      if (batch.what.role != role || (!is_this && batch.what.text != text_for(role, mitigation.parts))) continue;
      if (std::any_of(batch.what.receivers.begin(), batch.what.receivers.end(), [&](const MitigationReceiver& to) { return to.organisation == organisation; })) return true;
    }
  }
  return false;
}

std::vector<OrganisationId> not_told(const CaseFold& fold, const Mitigation& mitigation, MitigationRole role) {
  std::vector<OrganisationId> out;
  for (const auto& [id, participant] : fold.participants) {
    if (id == fold.owner || !participant.roles.contains(row_of(role).participants)) continue;
    if (participant.admission == Admission::None || participant.admission == Admission::Removed) continue;
    if (!was_told(fold, mitigation, role, id)) out.push_back(id);
  }
  return out;
}

const MitigationShared* first_shared(const Mitigation& mitigation, MitigationRole role) {
  for (const auto& batch : mitigation.shared)
    if (batch.what.role == role) return &batch.what;
  return nullptr;
}

Changes mitigation_proposals(const CaseFold& before, const Changes& changes, const Ask& ask) {
  if (std::none_of(changes.begin(), changes.end(), [&](const Change& one) { return may_matter(before, one.event); })) return {};
  if (before.erased.contains(access::Compartment::coordination().text())) return {};
  auto fold = before;
  for (const auto& change : changes) apply(fold, change.event, {{}, 0, ask.now, ask.occurred, ask.actor.organisation, ask.actor.person, change.compartment, {}});
  Changes out;
  for (const auto& one : fold.mitigations)
    if (!one.ended_at && !stands(fold, one)) out.push_back({access::Compartment::coordination(), MitigationProposalEnded{one.id, why_ended(fold, one), false}});
  // Every pair of which something was said.
  std::set<std::pair<VulnerabilityId, ProductId>> pairs;
  for (const auto& [pair, answer] : fold.answers) pairs.insert(pair);
  for (const auto& [key, text] : fold.mitigation_notes) pairs.emplace(std::get<0>(key), std::get<1>(key));
  for (const auto& [vulnerability, product] : pairs) {
    const auto v = vulnerability;
    const auto p = product;
    auto parts = parts_there(fold, vulnerability, product);
    // What a person has declined isn't said again as long as nothing about it changed.
    const auto is_known = [&](const Mitigation& one) { return one.vulnerability == v && one.product == p && one.parts == parts && (!one.ended_at || one.declined); };
    if (parts.empty() || std::any_of(fold.mitigations.begin(), fold.mitigations.end(), is_known)) continue;
    out.push_back({access::Compartment::coordination(), MitigationProposed{MitigationId::random(ask.random), vulnerability, product, std::move(parts)}});
  }
  return out;
}

std::optional<Instant> expected_public(const CaseFold& fold, VulnerabilityId vulnerability) {
  std::optional<Instant> out;
  for (const auto& release : fold.releases)
    if (release.state == Release::State::Planned && std::find(release.vulnerabilities.begin(), release.vulnerabilities.end(), vulnerability) != release.vulnerabilities.end()) out = out ? std::min(*out, release.instant) : release.instant;
  if (!out)
    if (const auto* running = fold.running_terms()) out = running->until;
  return out;
}

}  // namespace sluice::cvd
