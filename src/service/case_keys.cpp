#include "service/case_keys.h"

#include <algorithm>

#include "gate/judge.h"
#include "service/cases.h"
#include "service/gate_facts.h"
#include "service/regimes.h"
#include "store/collections.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostKeys = 100'000;        // kept, of all organisations together
constexpr std::size_t kMostNoted = 20;            // of one envelope

std::vector<std::string> cves_of(const json::object& object) {
  const auto said = threat::said_of_world(object);
  return said ? said->cves : std::vector<std::string>{};
}

std::shared_ptr<const CaseKey> key_of(const cvd::CaseFold& fold, OrganisationId own, std::int64_t version, bool two_person) {
  auto out = std::make_shared<CaseKey>();
  out->id = fold.id;
  out->version = version;
  const auto* self = fold.participant(own);
  out->is_open = !fold.is_merged_away() && (self == nullptr || self->report != cvd::ReportState::Closed);
  out->is_held_back = cvd::binds(fold.embargo);
  const auto reads_coordination = [&](const auto& one) { return one.second.admission == cvd::Admission::Confirmed && one.second.roles.contains(cvd::Role::Coordinator); };
  out->coordinates = own == fold.owner || std::any_of(fold.participants.begin(), fold.participants.end(), [&](const auto& one) { return one.first == own && reads_coordination(one); });
  if (out->coordinates) {
    out->coordinators.push_back(fold.owner);
    for (const auto& one : fold.participants)
      if (one.first != fold.owner && reads_coordination(one)) out->coordinators.push_back(one.first);
  }
  for (const auto& v : fold.vulnerabilities)
    out->vulnerabilities.push_back({v.id, v.identifier ? threat::cve_id(*v.identifier) : std::nullopt, v.facts.contains(cvd::Letter::X), v.facts.contains(cvd::Letter::A)});
  for (const auto& product : fold.products)
    for (const auto* text : {&product.purl, &product.cpe})
      if (*text)
        if (auto name = threat::product_key(**text); !name.empty()) out->products.insert(std::move(name));
  for (const auto& one : fold.prepared) {
    if (!one.what.object.is_object()) continue;
    const auto& object = one.what.object.get_object();
    out->prepared.emplace(one.what.id, cves_of(object));
    for (auto& value : threat::values_of(object))
      if (value.kind != "vulnerability") out->values.insert(std::move(value));
  }
  // What it told of a mitigation is the case's own as well (mitigation.h): by itself no news to it, and held back by who was told.
  const auto take_told = [&](const std::vector<cvd::PreparedObject>& objects) {
    for (const auto& one : objects) {
      out->prepared.emplace(one.id, std::vector<std::string>{});
      if (!one.object.is_object()) continue;
      for (auto& value : threat::values_of(one.object.get_object()))
        if (value.kind != "vulnerability") out->values.insert(std::move(value));
    }
  };
  for (const auto& mitigation : fold.mitigations)
    for (const auto& batch : mitigation.shared) take_told(batch.what.objects);
  for (const auto& told : fold.mitigations_told) take_told(told.what.objects);
  out->facts = facts_for(fold, own, two_person);
  return out;
}

// The vulnerability of the case that one of these ids names; else the case's first that isn't public in this way yet.
VulnerabilityId meant(const CaseKey& key, const std::vector<std::string>& cves) {
  for (const auto& v : key.vulnerabilities)
    if (v.cve && std::binary_search(cves.begin(), cves.end(), *v.cve)) return v.id;
  return key.vulnerabilities.front().id;
}

}  // namespace

access::Viewer anyone_of(OrganisationId organisation, access::OrganisationKind kind) {
  return {.kind = access::Viewer::Kind::Person, .organisation = organisation, .organisation_kind = kind, .role = access::SiteRole::Staff};
}

Result<KeysOfCases> CaseKeys::of(Services& services, OrganisationId organisation, access::OrganisationKind kind) {
  const auto sight = services.store.as(anyone_of(organisation, kind));
  TRY(const auto versions, sight.versions_with_content());
  KeysOfCases out;
  std::vector<std::pair<CaseId, std::int64_t>> missing;
  {
    const std::scoped_lock lock(mutex_);
    auto& kept = kept_[organisation];
    for (auto one = kept.begin(); one != kept.end();) {
      const auto here = std::lower_bound(versions.begin(), versions.end(), one->first, [](const auto& version, const CaseId& id) { return version.first < id; });
      if (here == versions.end() || here->first != one->first) one = kept.erase(one), --count_;   // what it no longer reads needn't lie here
      else ++one;
    }
    for (const auto& version : versions) {
      const auto found = kept.find(version.first);
      if (found != kept.end() && found->second->version == version.second) out.push_back(found->second);
      else missing.push_back(version);
    }
  }
  for (const auto& [id, version] : missing) {
    const auto seen = sight.case_view(id, store::Streams::Remember::No);
    if (!seen && seen.error().kind == ErrorKind::NotFound) continue;   // it lost it meanwhile
    if (!seen) return std::unexpected(seen.error());
    auto key = key_of(seen->view.fold, organisation, version, services.settings.two_person);
    const std::scoped_lock lock(mutex_);
    if (count_ >= kMostKeys) kept_.clear(), count_ = 0;
    const auto [place, is_new] = kept_[organisation].insert_or_assign(id, key);
    if (is_new) ++count_;
    out.push_back(std::move(key));
  }
  return out;
}

std::vector<Touched> touched_by(const KeysOfCases& keys, const threat::SaidOfWorld& said, const json::object& object) {
  std::vector<Touched> out;
  std::optional<std::vector<threat::Value>> values;
  for (const auto& key : keys) {
    if (key->vulnerabilities.empty()) continue;
    const auto take = [&](VulnerabilityId vulnerability, cvd::Touch touch, std::string what) {
      const bool is_there = std::any_of(out.begin(), out.end(), [&](const Touched& one) { return one.key->id == key->id && one.vulnerability == vulnerability; });
      if (!is_there) out.push_back({key, vulnerability, touch, std::move(what)});
    };
    for (const auto& v : key->vulnerabilities)
      if (v.cve && std::binary_search(said.cves.begin(), said.cves.end(), *v.cve)) take(v.id, cvd::Touch::Identifier, "the identifier " + *v.cve);
    if (const auto own = key->prepared.find(said.id); own != key->prepared.end()) take(meant(*key, own->second), cvd::Touch::CaseObject, "an object that the case prepared");
    for (const auto& about : said.about)
      if (const auto own = key->prepared.find(about); own != key->prepared.end()) take(meant(*key, own->second), cvd::Touch::CaseObject, "an object that the case prepared");
    if (!key->values.empty()) {
      if (!values) values = threat::values_of(object);
      for (const auto& value : *values)
        if (key->values.contains(value)) take(meant(*key, said.cves), cvd::Touch::Pattern, "a value of a pattern that the case prepared");
    }
    for (const auto& product : said.products)
      if (key->products.contains(product)) take(meant(*key, said.cves), cvd::Touch::Product, "a product of the case");
  }
  return out;
}

Result<HeldBack> HeldBack::of(Services& services, const access::Viewer& sender) {
  HeldBack out;
  if (!sender.organisation) return out;
  out.organisation_ = *sender.organisation;
  out.community_ = services.site.file.id.text();
  TRY(auto keys, services.case_keys->of(services, *sender.organisation, sender.organisation_kind));
  for (auto& key : keys)
    if (key->is_held_back) out.keys_.push_back(std::move(key));
  return out;
}

std::string HeldBack::why_not(const json::object& object, std::string_view audience, Tlp marking, Instant now) {
  if (keys_.empty() || audience == store::audience_of(organisation_)) return "";   // what goes to the sender's own organisation alone tells nobody
  const auto said = threat::said_of_world(object);
  if (!said) return "";
  for (const auto& touched : touched_by(keys_, *said, object)) {
    if (touched.touch == cvd::Touch::Product) continue;   // that a product exists gives nothing away
    const auto& key = *touched.key;
    gate::Disclosure disclosure;
    disclosure.content.object = "object:" + said->id;
    disclosure.content.hash = gate::hash_of_content(bytes_of(canonical(object)));
    disclosure.content.marking = marking;
    disclosure.content.vulnerabilities = {touched.vulnerability.text()};
    disclosure.audience = gate::Audience::community(community_);
    disclosure.channel = gate::Channel::Taxii;
    disclosure.at = now;
    disclosure.case_ = key.id;
    disclosure.basis.kind = gate::BasisKind::Grant;
    auto facts = key.facts;
    facts.now = now;
    if (gate::judge_embargo(disclosure, facts).outcome != gate::Outcome::Deny) continue;
    if (noted_.size() < kMostNoted) noted_.push_back({key.id, said->id, said->version, touched.what});
    return std::string(kHeldBack);
  }
  return "";
}

void HeldBack::note(Services& services) {
  for (auto& one : std::exchange(noted_, {}))
    services.writer.submit(case_command(services, {access::Viewer::system(), {}, {}, {}}, one.id, cvd::NoteHeldObject{organisation_, std::move(one.object), std::move(one.version), std::move(one.touches)}), [](Result<Committed>) {});
}

}  // namespace sluice::service
