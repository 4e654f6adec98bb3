#include "service/people.h"

#include <algorithm>

#include "service/passwords.h"
#include "service/site_log.h"
#include "store/factors.h"

namespace sluice::service {

namespace {

using access::SiteRole;
using access::Viewer;
using store::AffiliationState;

// Who stands above whom (ACC-10). The system is the command line on the data directory, and whoever has the first run's code.
enum class Rank { Nobody, Person, Admin, InstanceAdmin, System };

Rank rank_of(const Viewer& viewer) {
  if (viewer.kind == Viewer::Kind::System) return Rank::System;
  if (!viewer.is_signed_in()) return Rank::Nobody;
  if (viewer.is_instance_admin) return Rank::InstanceAdmin;
  return viewer.role == SiteRole::Admin ? Rank::Admin : Rank::Person;
}

Rank rank_of(const OpenSite& site, OrganisationId organisation, SiteRole role) {
  if (role != SiteRole::Admin) return Rank::Person;
  return organisation == site.file.organisation ? Rank::InstanceAdmin : Rank::Admin;
}

// The table says who manages people at all; here it is added whose.
Result<void> may_manage_people(const Viewer& viewer, OrganisationId organisation) {
  const bool own = viewer.organisation == organisation;
  TRY(access::require(viewer, access::Action::ManageOwnPeople, {.is_own_object = own}));
  if (!own && rank_of(viewer) < Rank::InstanceAdmin) return fail(ErrorKind::NotFound, "There is no such organisation among yours.");
  return {};
}

Result<void> may_give(const OpenSite& site, const Viewer& viewer, OrganisationId organisation, SiteRole role) {
  if (rank_of(viewer) < rank_of(site, organisation, role)) return fail(ErrorKind::Forbidden, "Nobody gives a role above their own.", "/role", "ACC-10");
  // A trustee can open what an administrator can't, so no administrator of an organisation makes one.
  if (role == SiteRole::Trustee && rank_of(viewer) < Rank::InstanceAdmin) return fail(ErrorKind::Forbidden, "Only an administrator of this site names a trustee.", "/role", "ACC-10");
  return {};
}

std::unexpected<Error> no_person() { return fail(ErrorKind::NotFound, "There is no such person in this organisation."); }
std::unexpected<Error> not_below() { return fail(ErrorKind::Forbidden, "Only somebody with a higher role may do this to this person.", {}, "ACC-10"); }

Result<void> check_name(std::string_view name) {
  if (name.empty() || name.size() > 200) return fail(ErrorKind::Invalid, "A name has at most 200 bytes, and at least one.", "/name");
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return fail(ErrorKind::Invalid, "A name has no control characters.", "/name");
  return {};
}

// O4: somebody must be left who can put things right.
Result<void> leaves_an_administrator(const OpenSite& site, store::Queries& db, const store::AffiliationRow& row) {
  if (row.organisation != site.file.organisation || row.role != SiteRole::Admin || row.state != AffiliationState::Active) return {};
  TRY(const auto all, store::affiliations_in(db, row.organisation));
  const auto others = std::count_if(all.begin(), all.end(), [&row](const auto& a) { return a.person != row.person && a.role == SiteRole::Admin && a.state == AffiliationState::Active; });
  if (others == 0) return fail(ErrorKind::Conflict, "This is the last administrator of this site. Name another one first.", {}, {}, "last-administrator");
  return {};
}

json::object affiliation_event(std::string_view type, PersonId person, OrganisationId organisation, SiteRole role, std::optional<AffiliationState> state = {}) {
  json::object out{{"type", type}, {"v", 1}, {"person", person.text()}, {"organisation", organisation.text()}, {"role", to_word(role)}};
  if (state) out["state"] = to_word(*state);
  return out;
}

// The row that is to change, and everything that forbids it.
Result<store::AffiliationRow> to_change(Unit& unit, const OpenSite& site, const Viewer& viewer, PersonId person, OrganisationId organisation) {
  TRY(still_affiliated(unit, viewer));
  TRY(may_manage_people(viewer, organisation));
  TRY(const auto row, store::affiliation(unit.writing().tx(), person, organisation));
  if (!row) return no_person();
  if (!is_above(site, viewer, *row)) return not_below();
  if (row->state == AffiliationState::Ended) return fail(ErrorKind::Conflict, "This affiliation has ended. Add the person again to begin a new one.", {}, {}, "affiliation-ended");
  return *row;
}

// Makes the person, or finds the one with this address, and affiliates. Shared by add_person and the first administrator.
Result<PersonId> affiliate(Unit& unit, Services& services, const Asker& asker, OrganisationId organisation, const NewPerson& person) {
  auto& tx = unit.writing().tx();
  TRY(auto known, store::person_by_mail(tx, services.cells(), person.mail));
  if (!known) {
    known = store::PersonRow{PersonId::random(services.random), unit.now(), person.name, person.mail, {}};
    TRY(store::add_person(tx, services.cells(), *known));
  }
  TRY(const auto before, store::affiliation(tx, known->id, organisation));
  if (before && before->state != AffiliationState::Ended) return fail(ErrorKind::Conflict, "This person is in this organisation already.", "/mail", {}, "affiliated");
  if (before && rank_of(asker.viewer) < rank_of(services.site, organisation, person.role)) return not_below();
  TRY(store::put_affiliation(tx, known->id, organisation, person.role, AffiliationState::Active));
  TRY(store::set_given(tx, services.cells(), known->id, organisation, {person.name, person.mail}));
  return known->id;
}

// What opens or closes all that the person belongs to: each of it must be below the asker (O2).
Result<store::PersonRow> whole_person(Services& services, store::Queries& db, const Viewer& viewer, PersonId person) {
  TRY(const auto row, store::person(db, services.cells(), person));
  if (!row) return no_person();
  if (viewer.kind == Viewer::Kind::System || viewer.person == person) return *row;
  TRY(const auto affiliations, store::affiliations_of(db, person));
  bool any = false;
  for (const auto& affiliation : affiliations) any = any || (affiliation.state != AffiliationState::Ended && may_manage_people(viewer, affiliation.organisation));
  if (!any) return no_person();
  for (const auto& affiliation : affiliations)
    if (affiliation.state != AffiliationState::Ended && (!may_manage_people(viewer, affiliation.organisation) || !is_above(services.site, viewer, affiliation))) return not_below();
  return *row;
}

// Does it belong to an organisation whose people the viewer doesn't manage? What such a person has set up is not told (EXI-8).
Result<bool> belongs_elsewhere(store::Queries& db, const Viewer& viewer, PersonId person) {
  if (viewer.kind == Viewer::Kind::System || viewer.person == person) return false;
  TRY(const auto affiliations, store::affiliations_of(db, person));
  return std::any_of(affiliations.begin(), affiliations.end(), [&viewer](const auto& a) { return a.state != AffiliationState::Ended && !may_manage_people(viewer, a.organisation); });
}

Result<void> finish(NewPerson& person) {
  TRY(check_name(person.name));
  TRY(person.mail, normalised_mail(person.mail));
  return {};
}

}  // namespace

bool is_above(const OpenSite& site, const Viewer& viewer, const store::AffiliationRow& row) { return rank_of(viewer) > rank_of(site, row.organisation, row.role); }

Result<std::string> normalised_mail(std::string_view mail) {
  const auto invalid = [] { return fail(ErrorKind::Invalid, "This is not a mail address, such as ana@example.org.", "/mail"); };
  while (!mail.empty() && (mail.front() == ' ' || mail.front() == '\t')) mail.remove_prefix(1);
  while (!mail.empty() && (mail.back() == ' ' || mail.back() == '\t' || mail.back() == '\r' || mail.back() == '\n')) mail.remove_suffix(1);
  const auto at = mail.rfind('@');
  // RFC 5321 §4.5.3.1: 64 octets before the sign, 254 in all.
  if (at == mail.npos || at == 0 || at > 64 || mail.size() > 254) return invalid();
  std::string out(mail);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto c = static_cast<unsigned char>(out[i]);
    if (c <= ' ' || c == 0x7f || std::string_view("<>()[]\\,;:\"").find(out[i]) != std::string_view::npos || (out[i] == '@' && i != at)) return invalid();
    if (i > at && c >= 'A' && c <= 'Z') out[i] = static_cast<char>(c - 'A' + 'a');
  }
  const auto domain = std::string_view(out).substr(at + 1);
  if (domain.empty() || domain.front() == '.' || domain.back() == '.' || domain.front() == '-' || domain.find("..") != domain.npos || out[at - 1] == '.' || out[0] == '.') return invalid();
  return out;
}

Work add_organisation(Services& services, Asker asker, access::OrganisationKind kind, cvd::OrganisationProfile profile) {
  return [&services, doubt = services.directory->doubt(), asker = std::move(asker), kind, profile = std::move(profile)](Unit& unit) mutable -> Result<Committed> {
    TRY(access::require(asker.viewer, access::Action::ManageSite, {}));
    TRY(cvd::check(profile));
    store::OrganisationRow row{OrganisationId::random(services.random), kind, unit.now(), 1, std::move(profile)};
    TRY(store::add_organisation(unit.writing().tx(), services.cells(), row));
    json::object event{{"type", "OrganisationAdded"}, {"v", 1}, {"organisation", row.id.text()}, {"kind", to_word(kind)}, {"name", row.profile.name}};
    return write_site_entry(unit, asker, {"organisation.add", row.id.text(), std::move(event)}, {{"id", row.id.text()}});
  };
}

Work change_organisation(Services& services, Asker asker, OrganisationId id, cvd::OrganisationProfile profile, std::int64_t version) {
  return [&services, doubt = services.directory->doubt(), asker = std::move(asker), id, profile = std::move(profile), version](Unit& unit) -> Result<Committed> {
    const bool own = asker.viewer.organisation == id && asker.viewer.role == SiteRole::Admin && asker.viewer.has_scope(access::Scope::OrganisationAdmin);
    if (!own) {
      TRY(access::require(asker.viewer, access::Action::ManageSite, {}));
    }
    TRY(cvd::check(profile));
    auto& tx = unit.writing().tx();
    TRY(const auto before, store::organisation(tx, services.cells(), id));
    if (!before) return fail(ErrorKind::NotFound, "There is no such organisation.");
    TRY(const bool changed, store::change_organisation(tx, services.cells(), id, version, profile));
    if (!changed) return fail(ErrorKind::Stale, "Somebody else changed this organisation in the meantime. Look at it again, then repeat your change.");
    json::object event{{"type", "OrganisationChanged"}, {"v", 1}, {"organisation", id.text()}, {"version", version + 1}};
    TRY(auto out, write_site_entry(unit, asker, {"organisation.change", id.text(), std::move(event)}, {{"id", id.text()}, {"version", version + 1}}));
    out.etag = std::to_string(version + 1);
    return out;
  };
}

Work add_person(Services& services, Asker asker, OrganisationId organisation, NewPerson person) {
  return [&services, asker = std::move(asker), organisation, person = std::move(person)](Unit& unit) mutable -> Result<Committed> {
    TRY(may_manage_people(asker.viewer, organisation));
    TRY(finish(person));
    TRY(may_give(services.site, asker.viewer, organisation, person.role));
    TRY(const auto row, store::organisation(unit.writing().tx(), services.cells(), organisation));
    if (!row) return fail(ErrorKind::NotFound, "There is no such organisation.");
    TRY(const auto id, affiliate(unit, services, asker, organisation, person));
    return write_site_entry(unit, asker, {"person.add", id.text(), affiliation_event("AffiliationAdded", id, organisation, person.role)}, {{"id", id.text()}});
  };
}

Work change_affiliation(Services& services, Viewers& viewers, Asker asker, PersonId person, OrganisationId organisation, AffiliationState state) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), person, organisation, state](Unit& unit) -> Result<Committed> {
    TRY(const auto row, to_change(unit, services.site, asker.viewer, person, organisation));
    auto& tx = unit.writing().tx();
    if (state != AffiliationState::Active) {
      TRY(leaves_an_administrator(services.site, tx, row));
      TRY(store::end_sessions_in(tx, person, organisation));
      TRY(store::revoke_tokens_in(tx, person, organisation, unit.now()));
    } else {
      TRY(may_give(services.site, asker.viewer, organisation, row.role));
    }
    TRY(store::put_affiliation(tx, person, organisation, row.role, state));
    return write_site_entry(unit, asker, {"affiliation.change", person.text(), affiliation_event("AffiliationChanged", person, organisation, row.role, state)}, {{"id", person.text()}});
  };
}

Work change_role(Services& services, Viewers& viewers, Asker asker, PersonId person, OrganisationId organisation, SiteRole role) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), person, organisation, role](Unit& unit) -> Result<Committed> {
    TRY(const auto row, to_change(unit, services.site, asker.viewer, person, organisation));
    TRY(may_give(services.site, asker.viewer, organisation, role));
    auto& tx = unit.writing().tx();
    if (role != SiteRole::Admin) TRY(leaves_an_administrator(services.site, tx, row));
    TRY(store::end_sessions_in(tx, person, organisation));  // AUT-4: a new session with the new role; nor does a token grow with it
    TRY(store::revoke_tokens_in(tx, person, organisation, unit.now()));
    TRY(store::put_affiliation(tx, person, organisation, role, row.state));
    return write_site_entry(unit, asker, {"affiliation.change", person.text(), affiliation_event("AffiliationChanged", person, organisation, role, row.state)}, {{"id", person.text()}});
  };
}

Result<Work> set_password(Services& services, Viewers& viewers, Asker asker, PersonId person, std::string_view password) {
  if (rank_of(asker.viewer) == Rank::Nobody) return fail(ErrorKind::Unauthenticated, "Sign in to set a password.");
  if (asker.viewer.kind == Viewer::Kind::Machine) return fail(ErrorKind::Forbidden, "A token can't set a password; a person must.");
  const auto allowed = [&services, viewer = asker.viewer, person](store::Queries& db) { return whole_person(services, db, viewer, person); };
  // Asked before the slow hash, and again in the Work.
  {
    TRY(auto db, services.store.lease());
    TRY(const auto row, allowed(*db));
    TRY(check_password(password, row.name, row.mail));
  }
  TRY(auto hash, slow_hash(password, SlowCost::Password));
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), person, allowed, hash = std::move(hash)](Unit& unit) -> Result<Committed> {
    auto& tx = unit.writing().tx();
    TRY(allowed(tx));
    TRY(store::set_password(tx, services.cells(), person, hash));
    TRY(store::end_sessions(tx, person, asker.viewer.person == person ? asker.viewer.session : std::nullopt));
    json::object event{{"type", "PasswordSet"}, {"v", 1}, {"person", person.text()}};
    return write_site_entry(unit, asker, {"password.set", person.text(), std::move(event)}, {{"id", person.text()}});
  };
}

Work disable_person(Services& services, Viewers& viewers, Asker asker, PersonId person) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), person](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto row, whole_person(services, tx, asker.viewer, person));
    if (asker.viewer.person == person) return fail(ErrorKind::Forbidden, "Nobody disables the own account: another administrator does.", {}, "ACC-10");
    if (row.disabled_at) return fail(ErrorKind::Conflict, "This person is disabled already.", {}, {}, "person-disabled");
    TRY(const auto affiliations, store::affiliations_of(tx, person));
    for (const auto& affiliation : affiliations) TRY(leaves_an_administrator(services.site, tx, affiliation));
    TRY(store::set_disabled(tx, person, unit.now()));
    TRY(store::end_sessions(tx, person, std::nullopt));
    TRY(store::revoke_tokens_of(tx, person, unit.now()));
    json::object event{{"type", "PersonDisabled"}, {"v", 1}, {"person", person.text()}};
    return write_site_entry(unit, asker, {"person.disable", person.text(), std::move(event)}, {{"id", person.text()}});
  };
}

Work enable_person(Services& services, Viewers& viewers, Asker asker, PersonId person) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), person](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto row, whole_person(services, tx, asker.viewer, person));
    if (!row.disabled_at) return fail(ErrorKind::Conflict, "This person isn't disabled.", {}, {}, "person-enabled");
    TRY(store::set_disabled(tx, person, std::nullopt));
    json::object event{{"type", "PersonEnabled"}, {"v", 1}, {"person", person.text()}};
    return write_site_entry(unit, asker, {"person.enable", person.text(), std::move(event)}, {{"id", person.text()}});
  };
}

Result<std::vector<PersonShown>> people_of(Services& services, const Viewer& viewer, OrganisationId organisation) {
  if (viewer.kind != Viewer::Kind::System && !viewer.is_signed_in()) return fail(ErrorKind::Unauthenticated, "Sign in, or send a token, to do this.");
  TRY(may_manage_people(viewer, organisation));
  TRY(auto db, services.store.lease());
  TRY(const auto affiliations, store::affiliations_in(*db, organisation));
  std::vector<PersonShown> out;
  for (const auto& affiliation : affiliations) {
    TRY(const auto row, store::person(*db, services.cells(), affiliation.person));
    if (!row) continue;
    TRY(auto given, store::given(*db, services.cells(), row->id, organisation));
    if (!given) given = store::Given{row->name, row->mail};
    PersonShown shown{row->id, std::move(given->name), std::move(given->mail), affiliation.role, affiliation.state, {}, {}, {}, {}};
    TRY(const bool elsewhere, belongs_elsewhere(*db, viewer, row->id));
    if (!elsewhere) {
      TRY(const auto factor, store::factor_of(*db, services.cells(), row->id));
      TRY(const auto reset, store::factor_reset_of(*db, row->id));
      shown.has_password = row->password_hash.has_value();
      shown.has_factor = factor.has_value();
      shown.disabled = row->disabled_at.has_value();
      if (reset && reset->expires > services.clock.now()) shown.factor_reset_asked_by = reset->asked_by;
    }
    out.push_back(std::move(shown));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
  return out;
}

}  // namespace sluice::service
