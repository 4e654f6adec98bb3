#include "service/mitigation_gate.h"

#include <algorithm>

#include "formats/name_uuid.h"
#include "service/case_keys.h"
#include "service/gate_facts.h"
#include "service/regimes.h"
#include "threat/marking.h"

namespace sluice::service {

std::string own_id(std::string_view type, const cvd::Mitigation& mitigation, std::string_view of) {
  return std::string(type) + "--" + formats::name_uuid(formats::kConversionNamespace, "mitigation/" + mitigation.id.text() + "/" + std::string(of));
}

json::array strict_marking() { return {json::value(threat::marking_id_of(Tlp::AmberStrict))}; }

namespace {

gate::ContentHash hash_of_told(const Told& told) {
  json::array classes(told.classes.begin(), told.classes.end()), objects;
  for (const auto& one : told.objects) objects.push_back(one.object);
  return gate::hash_of_content(bytes_of(canonical(json::object{{"role", to_word(told.role)}, {"text", told.text}, {"classes", std::move(classes)}, {"objects", std::move(objects)}})));
}

// With ids of their own: what the release brings later stands under the ids that were prepared, and says more.
std::vector<cvd::PreparedObject> objects_told(const cvd::CaseFold& fold, const cvd::Mitigation& mitigation, cvd::MitigationRole role) {
  std::vector<cvd::PreparedObject> out;
  if (!cvd::row_of(role).objects) return out;
  for (auto& one : cvd::detecting(fold)) {
    auto object = one.object.as_object();
    one.id = own_id(one.type, mitigation, one.id + "/" + one.version);
    object["id"] = one.id;
    object["object_marking_refs"] = strict_marking();
    one.object = std::move(object);
    one.hash = sha256(bytes_of(canonical(one.object)));
    out.push_back(std::move(one));
  }
  return out;
}

gate::Disclosure telling(const cvd::CaseFold& fold, const store::Directory::Rows& rows, const cvd::Mitigation& mitigation, const Told& told, OrganisationId to, bool by_collection, std::optional<PersonId> actor, DecisionId decision, Instant now) {
  gate::Disclosure out;
  out.content.object = "mitigation:" + mitigation.id.text();
  out.content.hash = hash_of_told(told);
  out.content.marking = Tlp::AmberStrict;
  out.content.classes = told.classes;
  out.content.vulnerabilities = {mitigation.vulnerability.text()};
  out.audience = gate::Audience::of(to);
  if (const auto row = rows.find(to); row != rows.end()) out.audience.country = row->second.profile.country;
  const auto* participant = fold.participant(to);
  if (participant != nullptr)
    for (const auto role : participant->roles) out.audience.roles.push_back(to_word(role));
  out.channel = by_collection ? gate::Channel::Taxii : gate::Channel::Api;
  out.at = now;
  out.actor = actor;
  out.case_ = fold.id;
  // Who has a part in the case, or had one, is judged by that part: a collection is no way around it.
  if (participant != nullptr && participant->admission != cvd::Admission::None) {
    out.basis.kind = gate::BasisKind::Participant;
    if (!participant->essential_because.empty()) out.basis.essential = participant->essential_because;
  } else {
    out.basis.kind = gate::BasisKind::Decision;
    out.basis.decision = decision;
  }
  return out;
}

}  // namespace

const cvd::Mitigation* mitigation_of(const cvd::CaseFold& fold, cvd::MitigationId id) {
  const auto found = std::find_if(fold.mitigations.begin(), fold.mitigations.end(), [&](const cvd::Mitigation& one) { return one.id == id; });
  return found == fold.mitigations.end() ? nullptr : &*found;
}

Told told_as_proposed(const cvd::CaseFold& fold, const cvd::Mitigation& mitigation, cvd::MitigationRole role) {
  const auto classes = cvd::row_of(role).classes;
  Told out{role, cvd::text_for(role, mitigation.parts), {classes.begin(), classes.end()}, objects_told(fold, mitigation, role)};
  if (const auto* first = cvd::first_shared(mitigation, role)) out.text = first->text, out.objects = first->objects;
  return out;
}

std::size_t RoleHolders::count() const {
  auto out = participants.size();
  for (const auto& one : collections) out += one.members.size();
  return out;
}

Result<std::optional<store::Collection>> standing_collection(Services& services, store::Queries& db, const cvd::CaseFold& fold, const store::Directory::Rows& rows, std::string_view named) {
  const auto owner = rows.find(fold.owner);
  if (owner == rows.end()) return std::optional<store::Collection>();
  const auto seen = services.store.as(anyone_of(fold.owner, owner->second.kind)).collection(db, named);
  if (!seen && seen.error().kind != ErrorKind::NotFound) return std::unexpected(seen.error());
  if (!seen || !seen->can_read() || !seen->can_write() || seen->collection().anyone_reads) return std::optional<store::Collection>();
  return std::optional(seen->collection());
}

Result<RoleHolders> role_holders(Services& services, store::Queries& db, const cvd::CaseFold& fold, const store::Directory::Rows& rows, const cvd::Mitigation& mitigation, cvd::MitigationRole role) {
  RoleHolders out;
  out.participants = cvd::not_told(fold, mitigation, role);
  const auto chosen = fold.mitigation_collections.find(role);
  if (chosen == fold.mitigation_collections.end()) return out;
  for (const auto& id : chosen->second) {
    TRY(const auto collection, standing_collection(services, db, fold, rows, id));
    if (!collection) {
      out.collections.push_back({id, {}, true});
      continue;
    }
    Collected one{id, {}, false};
    for (const auto& [member, row] : rows) {
      access::Standing standing;
      standing.is_granted_read = std::find(collection->readers.begin(), collection->readers.end(), member) != collection->readers.end();
      if (member == fold.owner || !standing.is_granted_read || !access::authorize(anyone_of(member, row.kind), access::Action::ReadCollection, standing).allowed) continue;
      one.members.push_back(member);
    }
    // Posted once, all of them have it.
    const bool is_new = std::any_of(one.members.begin(), one.members.end(), [&](OrganisationId member) { return !cvd::was_told(fold, mitigation, role, member); });
    if (is_new) out.collections.push_back(std::move(one));
  }
  return out;
}

gate::Judged Asking::ask(OrganisationId to, bool by_collection, gate::Disclosure& disclosure, RulingId id) const {
  disclosure = telling(fold, rows, mitigation, told, to, by_collection, actor, decision, now);
  auto facts = facts_for(fold, to, services.settings.two_person);
  facts.now = now;
  if (disclosure.basis.kind == gate::BasisKind::Decision) {
    facts.audience.is_recipient = true;         // the case's owner names whom it tells
    if (actor) facts.decided = gate::Decided{*actor, decision, why};
  }
  Considered considered;
  considered.as_of = now;
  considered.own = own;
  facts.regimes = regimes_verdict(services, fold, disclosure, acting, considered);
  return gate::judge(disclosure, facts, id);
}

Sorted sorted_by_gate(const cvd::CaseFold& fold, const RoleHolders& holders, const cvd::Mitigation& mitigation, cvd::MitigationRole role, const Words& words) {
  Sorted out;
  std::set<OrganisationId> named;
  for (const auto id : holders.participants) {
    const auto& word = words.at({id, false});
    named.insert(id);
    if (word.allows) out.receivers.push_back({id, word.ruling, {}});
    else out.left_out.push_back({id, {}, word.why});
  }
  for (const auto& collection : holders.collections) {
    if (collection.is_closed) continue;
    const auto denied = std::find_if(collection.members.begin(), collection.members.end(), [&](OrganisationId id) { return !words.at({id, true}).allows; });
    for (const auto id : collection.members) {
      if (cvd::was_told(fold, mitigation, role, id)) continue;
      const auto& word = words.at({id, true});
      if (denied == collection.members.end()) {
        if (named.insert(id).second) out.receivers.push_back({id, word.ruling, collection.id});
      } else if (named.insert(id).second) {
        out.left_out.push_back({id, collection.id, word.allows ? "another member of the collection may not have it, and all of a collection read the same" : word.why});
      }
    }
  }
  return out;
}

}  // namespace sluice::service
