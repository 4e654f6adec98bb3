#include "service/pseudonyms.h"

#include <algorithm>

#include "service/collections.h"
#include "service/site_log.h"
#include "threat/regions.h"

namespace sluice::service {

namespace {

constexpr access::Scopes kSendingScopes{access::Scope::CollectionRead, access::Scope::CollectionWrite};

std::string new_pseudonym_name(Random& random) {
  std::array<std::uint8_t, 8> bytes{};
  random.fill(bytes);
  return "member-" + hex(bytes);
}

Result<void> check_policy(store::Queries& db, const store::Cells& cells, const SetPseudonymPolicy& policy) {
  if (policy.k < 2 || policy.k > 1'000) return fail(ErrorKind::Invalid, "At least 2 members hide one of them, and at most 1,000 are asked for.", "/k");
  if (!from_word<threat::SaidOfSender>(policy.says)) return fail(ErrorKind::Invalid, "This must be one of: " + words_of<threat::SaidOfSender>() + ".", "/says");
  if (policy.apart_minutes < 0 || policy.apart_minutes > 1'440) return fail(ErrorKind::Invalid, "This is 0 to 1,440 minutes.", "/apart_minutes");
  TRY(const auto trustee, store::organisation(db, cells, policy.trustee));
  if (!trustee) return fail(ErrorKind::Invalid, "There is no organisation " + policy.trustee.text() + ".", "/trustee");
  return {};
}

// The collection, for whoever may send to it under its own name.
Result<store::CollectionSeen> sent_to_by_name(Services& services, store::Queries& db, const Asker& asker, std::string_view collection) {
  TRY(auto seen, services.store.as(asker.viewer).collection(db, collection));
  if (!seen.can_write()) return fail(ErrorKind::Forbidden, "Your organisation doesn't write this collection.");
  return seen;
}

std::string too_few(std::int64_t k) { return "Fewer than " + std::to_string(threat::least_group(k)) + " members could stand behind a pseudonym here, so it would hide nobody."; }

}  // namespace

std::unexpected<Error> no_pseudonym() { return fail(ErrorKind::NotFound, "There is no such pseudonym here, or it isn't your organisation's."); }

Result<void> write_pseudonym_entry(Unit& unit, const Asker& asker, std::string_view pseudonym, std::string_view action, json::object event, Committed& out) {
  return write_entry_on(unit, asker, store::stream_of_pseudonym(pseudonym), {action, std::string(pseudonym), std::move(event)}, out);
}

Result<std::vector<threat::CommunityMember>> community_of(Services& services, store::Queries& db, const store::Collection& collection) {
  std::vector<threat::CommunityMember> out;
  TRY(const auto rows, store::organisations(db, services.cells()));
  for (const auto& row : rows) {
    const auto id = row.id;
    const bool writes = collection.anyone_writes || std::find(collection.writers.begin(), collection.writers.end(), id) != collection.writers.end();
    if (!writes || id == services.site.file.organisation) continue;
    TRY(const auto people, store::affiliations_in(db, id));
    const bool has_sender = std::any_of(people.begin(), people.end(), [](const store::AffiliationRow& one) {
      return one.state == store::AffiliationState::Active && (one.role == access::SiteRole::Staff || one.role == access::SiteRole::Admin);
    });
    if (!has_sender) continue;
    const auto& profile = row.profile;
    out.push_back({threat::sector_among(profile.sectors), std::string(profile.country ? threat::region_of_country(*profile.country) : std::string_view()), row.created});
  }
  return out;
}

std::int64_t standing_behind(std::span<const threat::CommunityMember> members, const store::PseudonymRow& row) {
  const auto level = from_word<threat::SaidOfSender>(row.body.level).value_or(threat::SaidOfSender::SectorAndRegion);
  return threat::group_size(members, {row.body.sector, row.body.region}, level, row.made);
}

Work set_pseudonym_policy(Services& services, Asker asker, std::string name, SetPseudonymPolicy policy) {
  return [&services, asker = std::move(asker), name = std::move(name), policy = std::move(policy)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(access::require(asker.viewer, access::Action::ManageSite, {}));
    auto& tx = unit.writing().tx();
    TRY(const auto all, store::all_collections(tx, services.cells()));
    const auto found = std::find_if(all.begin(), all.end(), [&](const store::Collection& one) { return one.id == name || one.alias == name; });
    if (found == all.end()) return fail(ErrorKind::NotFound, "There is no such collection, or you have no access to it.");
    TRY(check_policy(tx, services.cells(), policy));
    TRY(store::set_pseudonym_policy(tx, services.cells(), *found, {policy.k, policy.says, policy.apart_minutes, policy.trustee}));
    Committed out;
    out.answer = {{"id", found->id}};
    TRY(write_collection_entry(unit, asker, found->id, "pseudonym.policy",
                               {{"type", "PseudonymPolicySet"}, {"v", 1}, {"collection", found->id}, {"k", policy.k}, {"says", policy.says}, {"apart_minutes", policy.apart_minutes}, {"trustee", policy.trustee.text()}}, out));
    return out;
  };
}

Work take_pseudonym(Services& services, Asker asker, std::string name) {
  return [&services, asker = std::move(asker), name = std::move(name)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto seen, sent_to_by_name(services, tx, asker, name));
    const auto& collection = seen.collection();
    const auto own = *asker.viewer.organisation;
    TRY(const auto policy, store::pseudonym_policy(tx, services.cells(), collection));
    if (!policy) return fail(ErrorKind::Conflict, "This collection takes nothing under a pseudonym.", {}, {}, "no-pseudonyms");
    if (own == services.site.file.organisation) return fail(ErrorKind::Conflict, "Whoever runs the site is none of the members that a pseudonym could hide among.", {}, {}, "no-pseudonyms");
    TRY(auto before, store::pseudonyms_of(tx, services.cells(), collection, own));
    if (before.size() >= store::kMostPseudonyms) return fail(ErrorKind::Conflict, "Your organisation has had as many pseudonyms here as are kept.", {}, {}, "too-many-pseudonyms");
    TRY(const auto members, community_of(services, tx, collection));
    const auto most = from_word<threat::SaidOfSender>(policy->says).value_or(threat::SaidOfSender::Nothing);
    const auto level = threat::level_for(members, policy->k, most);
    if (!level) return fail(ErrorKind::Conflict, too_few(policy->k), {}, {}, "too-few-members");
    TRY(const auto row, store::organisation(tx, services.cells(), own));
    if (!row) return fail(ErrorKind::NotFound, "There is no such organisation.");
    const auto& profile = row->profile;
    const auto label = threat::label_of({threat::sector_among(profile.sectors), std::string(profile.country ? threat::region_of_country(*profile.country) : std::string_view()), row->created}, *level);
    store::PseudonymRow made{.name = new_pseudonym_name(services.random), .collection = collection.n, .made = unit.now(), .body = {}};
    made.body = {.stands_for = OrganisationId::random(services.random), .member = own, .collection = collection.id, .identity = "identity--" + random_uuid(services.random), .level = std::string(to_word(*level)),
                 .sector = label.sector, .region = label.region, .made_by = *asker.viewer.person, .is_introduced = false};
    // Its own row may not be among them: who can't send is none of those that could have.
    if (standing_behind(members, made) < threat::least_group(policy->k)) return fail(ErrorKind::Conflict, too_few(policy->k), {}, {}, "too-few-members");
    for (auto& one : before) {
      if (one.state == store::PseudonymState::Replaced) continue;
      one.state = store::PseudonymState::Replaced;
      TRY(store::change_pseudonym(tx, services.store, one));
    }
    TRY(store::add_pseudonym(tx, services.store, made));
    Committed out;
    out.answer = {{"id", made.name}};
    TRY(write_pseudonym_entry(unit, asker, made.name, "pseudonym.take", {{"type", "PseudonymTaken"}, {"v", 1}, {"pseudonym", made.name}, {"collection", collection.id}}, out));
    return out;
  };
}

Work bind_token(Services& services, Viewers& viewers, Asker asker, std::string pseudonym, BindToken given) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), pseudonym = std::move(pseudonym), given](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto row, store::pseudonym(tx, services.cells(), pseudonym));
    if (!row || row->body.member != asker.viewer.organisation) return no_pseudonym();
    TRY(const auto seen, sent_to_by_name(services, tx, asker, row->body.collection));
    if (row->state == store::PseudonymState::Replaced) return fail(ErrorKind::Conflict, "This pseudonym was replaced by a newer one.", {}, {}, "pseudonym-replaced");
    TRY(const auto token, store::token_by_id(tx, given.token));
    if (!token || token->person != asker.viewer.person || token->organisation != *asker.viewer.organisation) return fail(ErrorKind::NotFound, "There is no such token of yours.", "/token");
    if (token->revoked_at || token->expires <= unit.now()) return fail(ErrorKind::Conflict, "This token has ended.", "/token");
    if (!token->scopes.within(kSendingScopes) || !token->scopes.has(access::Scope::CollectionWrite))
      return fail(ErrorKind::Invalid, "Only a token with collection_write, and collection_read at most beside it, can be bound: whatever else it did would be done by name.", "/token");
    TRY(const auto known, store::pseudonym_of_token(tx, services.cells(), given.token));
    if (known) return fail(ErrorKind::Conflict, "This token is bound to a pseudonym already, and binding is for good. Issue another.", "/token", {}, "token-bound");
    TRY(store::bind_token(tx, services.cells(), given.token, pseudonym));
    Committed out;
    out.answer = {{"id", pseudonym}};
    TRY(write_pseudonym_entry(unit, asker, pseudonym, "pseudonym.bind", {{"type", "TokenBound"}, {"v", 1}, {"pseudonym", pseudonym}, {"token", given.token.text()}}, out));
    return out;
  };
}

Result<PseudonymsShown> pseudonyms(Services& services, const access::Viewer& viewer, std::string_view name) {
  TRY(auto db, services.store.lease());
  TRY(const auto seen, services.store.as(viewer).collection(*db, name));
  PseudonymsShown out;
  TRY(out.policy, store::pseudonym_policy(*db, services.cells(), seen.collection()));
  if (!seen.can_write()) return out;
  TRY(const auto rows, store::pseudonyms_of(*db, services.cells(), seen.collection(), *viewer.organisation));
  if (rows.empty()) return out;
  TRY(const auto members, community_of(services, *db, seen.collection()));
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    OwnPseudonym one{.name = row->name, .identity = row->body.identity, .in_use = row->state == store::PseudonymState::InUse, .made = row->made, .sector = row->body.sector, .region = row->body.region,
                     .among = standing_behind(members, *row), .revealed = {}};
    TRY(const auto reveals, store::reveals_of(*db, services.cells(), row->name));
    for (const auto& told : reveals)
      if (told.state == store::RevealState::Revealed) one.revealed.push_back({told.id.text(), told.body.answered_at.value_or(told.asked_at), told.body.reason, told.body.asked_for});
    out.items.push_back(std::move(one));
  }
  return out;
}

}  // namespace sluice::service
