// What is proposed of mitigations, what was told, and to whom: for the API, the command line and the case's page.
#include <algorithm>

#include "cvd/unequal_access.h"
#include "service/gate_facts.h"
#include "service/mitigation.h"
#include "service/mitigation_gate.h"
#include "service/regimes.h"
#include "store/deliveries.h"

namespace sluice::service {

namespace {

using Rows = store::Directory::Rows;

json::array words_of_list(std::span<const std::string_view> from) {
  json::array out;
  for (const auto one : from) out.push_back(json::value(one));
  return out;
}

json::array objects_json(const std::vector<cvd::PreparedObject>& objects) {
  json::array out;
  for (const auto& one : objects) out.push_back(one.object);
  return out;
}

json::array access_json(const std::vector<cvd::AccessRow>& rows, const char* key) {
  json::array out;
  for (const auto& row : rows) {
    json::object one{{key, row.word.empty() ? json::value(nullptr) : json::value(row.word)}, {"gets", row.gets}, {"goes_without", row.goes_without}};
    out.push_back(std::move(one));
  }
  return out;
}

json::object organisation_json(const Rows& rows, OrganisationId id) {
  json::object out{{"id", id.text()}};
  if (const auto row = rows.find(id); row != rows.end()) {
    out["name"] = row->second.profile.name;
    out["kind"] = to_word(row->second.kind);
    if (row->second.profile.country) out["country"] = *row->second.profile.country;
  }
  return out;
}

json::array reasons_json(const gate::Ruling& ruling) {
  json::array out;
  for (const auto& judgement : ruling.judges)
    for (const auto& reason : judgement.because)
      out.push_back(json::object{{"judge", to_json(judgement.judge)}, {"outcome", to_json(judgement.outcome)}, {"cite", reason.cite == "decision " + DecisionId{}.text() ? "this decision" : reason.cite}, {"text", reason.text.value_or("")}});
  return out;
}

// How often the gate is asked for one answer: each question is the law's as well. Beyond it none is asked here; a telling asks for itself.
constexpr std::size_t kMostAsked = 1'000;

Result<RoleHolders> holders_of(Services& services, const cvd::CaseFold& fold, const Rows& rows, const cvd::Mitigation& mitigation, cvd::MitigationRole role) {
  TRY(auto db, services.store.lease());           // given back before the gate is asked, which takes one of its own
  return role_holders(services, *db, fold, rows, mitigation, role);
}

Result<json::object> role_json(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen, const Rows& rows, const cvd::Mitigation& mitigation, cvd::MitigationRole role, Instant now, std::size_t& left) {
  const auto& fold = seen.view.fold;
  const auto told = told_as_proposed(fold, mitigation, role);
  json::object out{{"role", to_word(role)}, {"may_have", words_of_list(cvd::row_of(role).classes)}, {"withheld", words_of_list(cvd::withheld_from(role))}, {"text", told.text}, {"objects", objects_json(told.objects)}};
  TRY(const auto holders, holders_of(services, fold, rows, mitigation, role));
  const bool fits = holders.count() <= cvd::kMostMitigationReceivers, is_asked = fits && holders.count() <= left;
  if (is_asked) left -= holders.count();
  const Asking asking{services, fold, rows, mitigation, told, viewer.person, viewer.organisation.value_or(fold.owner), own_view(fold, seen.view.standing, viewer), {}, "as proposed", now};
  Words words;
  std::map<std::pair<OrganisationId, bool>, json::array> reasons;
  const auto ask = [&](OrganisationId to, bool by_collection) {
    if (words.contains({to, by_collection})) return;
    if (!is_asked) {
      words.emplace(std::pair{to, by_collection}, Word{{}, false, fits ? "not asked here: too much is proposed at once; a telling asks the gate" : "too many to be told at one instant"});
      return;
    }
    gate::Disclosure disclosure;
    const auto judged = asking.ask(to, by_collection, disclosure, RulingId{});
    words.emplace(std::pair{to, by_collection}, Word{{}, judged.ruling.allows(), judged.ruling.allows() ? "" : why_denied(judged.ruling)});
    reasons.emplace(std::pair{to, by_collection}, reasons_json(judged.ruling));
  };
  for (const auto id : holders.participants) ask(id, false);
  for (const auto& collection : holders.collections)
    for (const auto id : collection.members) ask(id, true);
  const auto sorted = sorted_by_gate(fold, holders, mitigation, role, words);
  json::array recipients;
  std::vector<cvd::Reached> reached;
  const auto add = [&](OrganisationId id, const std::optional<std::string>& collection, const std::string& why) {
    json::object one{{"organisation", organisation_json(rows, id)}, {"through", collection ? "collection:" + *collection : std::string("participant")}, {"gets", why.empty()}};
    if (!why.empty()) one["why_not"] = why;
    const auto found = reasons.find({id, collection.has_value()});
    one["because"] = found == reasons.end() ? json::array{} : found->second;
    recipients.push_back(std::move(one));
    cvd::Reached counted{role, access::OrganisationKind::Vendor, {}, why.empty()};
    if (const auto row = rows.find(id); row != rows.end()) counted.kind = row->second.kind, counted.country = row->second.profile.country;
    reached.push_back(std::move(counted));
  };
  for (const auto& one : sorted.receivers) add(one.organisation, one.collection, "");
  for (const auto& one : sorted.left_out) add(one.organisation, one.collection, one.why);
  out["recipients"] = std::move(recipients);
  json::array closed;
  for (const auto& one : holders.collections)
    if (one.is_closed) closed.push_back(json::value(one.id));
  out["closed_collections"] = std::move(closed);
  // Those who have it already count with those who get it.
  for (const auto& batch : mitigation.shared)
    if (batch.what.role == role)
      for (const auto& one : batch.what.receivers) {
        cvd::Reached counted{role, access::OrganisationKind::Vendor, {}, true};
        if (const auto row = rows.find(one.organisation); row != rows.end()) counted.kind = row->second.kind, counted.country = row->second.profile.country;
        reached.push_back(std::move(counted));
      }
  const auto public_at = cvd::expected_public(fold, mitigation.vulnerability);
  const auto made = cvd::unequal_access(reached, public_at, now);
  json::object unequal{{"by_role", access_json(made.by_role, "role")}, {"by_kind", access_json(made.by_kind, "kind")}, {"by_country", access_json(made.by_country, "country")}};
  if (public_at) unequal["all_know_at"] = to_text(*public_at);
  if (made.head_start) unequal["head_start_hours"] = *made.head_start;
  out["unequal_access"] = std::move(unequal);
  return out;
}

// When each who was told in its own compartment first read it.
Result<std::optional<Instant>> first_read(Services& services, const cvd::CaseFold& fold, cvd::MitigationId mitigation, cvd::MitigationRole role, OrganisationId to, Instant now) {
  const auto told = std::find_if(fold.mitigations_told.begin(), fold.mitigations_told.end(), [&](const cvd::ToldMitigation& one) { return one.what.mitigation == mitigation && one.what.role == role && one.organisation == to; });
  if (told == fold.mitigations_told.end()) return std::optional<Instant>();
  const auto compartment = access::Compartment::of(to);
  TRY(auto db, services.store.lease());
  const auto entries = services.store.streams().read(*db, fold.id, compartment);
  if (!entries) return entries.error().code == "erased" ? Result<std::optional<Instant>>(std::optional<Instant>()) : std::unexpected(entries.error());
  const auto entry = std::find_if((*entries)->begin(), (*entries)->end(), [&](const auto& one) { return one->context.entry == told->entry; });
  if (entry == (*entries)->end()) return std::optional<Instant>();
  TRY(const auto deliveries, store::deliveries_of(*db, services.cells(), services.store.streams().tag_of(fold.id, compartment), now));
  std::optional<Instant> out;
  for (const auto& one : deliveries)
    if (one.to == to.text() && one.from <= (*entry)->sequence && one.upto >= (*entry)->sequence) out = out ? std::min(*out, one.at) : one.at;
  return out;
}

}  // namespace

Result<json::object> mitigations_of(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen) {
  const auto& fold = seen.view.fold;
  const auto now = services.clock.now();
  TRY(const auto rows, organisations_of(services));
  json::array proposals, told, notes;
  std::size_t left = kMostAsked;
  for (const auto& one : fold.mitigations) {      // I4: none in the view of who doesn't read the coordination
    json::array parts, roles, shared;
    for (const auto& part : one.parts) parts.push_back(to_json(part));
    const bool stands = cvd::stands(fold, one);
    for (const auto& row : cvd::role_table()) {
      if (!stands || !cvd::is_for(fold, one, row.role)) continue;
      TRY(auto role, role_json(services, viewer, seen, *rows, one, row.role, now, left));
      roles.push_back(std::move(role));
    }
    for (const auto& batch : one.shared) {
      json::array receivers, left_out;
      for (const auto& receiver : batch.what.receivers) {
        json::object line{{"organisation", organisation_json(*rows, receiver.organisation)}, {"through", receiver.collection ? "collection:" + *receiver.collection : std::string("participant")}, {"ruling", receiver.ruling.text()}};
        if (!receiver.collection) {
          TRY(const auto at, first_read(services, fold, one.id, batch.what.role, receiver.organisation, now));
          if (at) line["first_read"] = to_text(*at);
        }
        receivers.push_back(std::move(line));
      }
      for (const auto& left : batch.what.left_out) left_out.push_back(json::object{{"organisation", organisation_json(*rows, left.organisation)}, {"through", left.collection ? "collection:" + *left.collection : std::string("participant")}, {"why", left.why}});
      json::object line{{"role", to_word(batch.what.role)}, {"at", to_text(batch.at)}, {"decision", batch.what.decision.text()}, {"text", batch.what.text}, {"objects", objects_json(batch.what.objects)}, {"receivers", std::move(receivers)}, {"left_out", std::move(left_out)}};
      if (batch.what.despite) line["despite"] = *batch.what.despite;
      shared.push_back(std::move(line));
    }
    json::object proposal{{"mitigation", one.id.text()}, {"vulnerability", one.vulnerability.text()}, {"product", one.product.text()}, {"parts", std::move(parts)}, {"proposed_at", to_text(one.proposed_at)}, {"stands", stands}, {"roles", std::move(roles)}, {"shared", std::move(shared)}};
    if (one.ended_at) proposal["ended_at"] = to_text(*one.ended_at);
    if (one.ended_why) proposal["ended_why"] = *one.ended_why;
    proposals.push_back(std::move(proposal));
  }
  for (const auto& one : fold.mitigations_told) {
    if (one.organisation != viewer.organisation) continue;   // of others the batches say it
    json::array classes(one.what.classes.begin(), one.what.classes.end());
    told.push_back(json::object{{"mitigation", one.what.mitigation.text()}, {"role", to_word(one.what.role)}, {"vulnerability", one.what.vulnerability.text()}, {"text", one.what.text}, {"classes", std::move(classes)}, {"objects", objects_json(one.what.objects)}, {"at", to_text(one.at)}});
  }
  for (const auto& [key, text] : fold.mitigation_notes) notes.push_back(json::object{{"vulnerability", std::get<0>(key).text()}, {"product", std::get<1>(key).text()}, {"part", to_word(std::get<2>(key))}, {"text", text}});
  json::object collections;
  for (const auto& row : cvd::role_table()) {
    const auto found = fold.mitigation_collections.find(row.role);
    collections[to_word(row.role)] = found == fold.mitigation_collections.end() ? json::array{} : json::array(found->second.begin(), found->second.end());
  }
  return json::object{{"proposals", std::move(proposals)}, {"told", std::move(told)}, {"notes", std::move(notes)}, {"collections", std::move(collections)}};
}

}  // namespace sluice::service
