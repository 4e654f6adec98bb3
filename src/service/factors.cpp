#include "service/factors.h"

#include <algorithm>

#include "service/people.h"
#include "service/report_code.h"
#include "service/sealed_value.h"
#include "service/site_log.h"
#include "service/totp.h"

namespace sluice::service {

namespace {

using access::Viewer;

constexpr std::size_t kRecoveryCodes = 10;
constexpr auto kFactorTicketFor = std::chrono::minutes(10);
constexpr Duration kResetLasts = std::chrono::hours(24 * 2);
constexpr std::string_view kFactorTicket = "factor ticket";

std::unexpected<Error> not_given() { return fail(ErrorKind::Unauthenticated, "This code isn't right, or was used before. A code from an app counts once: wait for its next one.", "/code", "AUT-2", "factor-failed"); }
std::unexpected<Error> no_such_person() { return fail(ErrorKind::NotFound, "There is no such person in this organisation."); }

// 100 random bits each, as a report code has: one keyed hash is enough.
std::string hash_of_recovery(const store::Cells& cells, std::string_view digits) { return hex(hmac_sha256(cells.keys().derived("recovery code").view(), {bytes_of(digits)})); }

std::vector<std::string> new_recovery_codes(Services& services, store::FactorRow& into) {
  std::vector<std::string> codes;
  into.recovery.clear();
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(new_report_code(services.random));
    into.recovery.push_back(hash_of_recovery(services.cells(), *report_code_digits(codes.back())));
  }
  return codes;
}

json::array list_of(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& one : list) out.push_back(json::value(one));
  return out;
}

Result<PersonId> in_a_session(const Viewer& viewer) {
  if (viewer.kind == Viewer::Kind::Nobody || !viewer.person) return fail(ErrorKind::Unauthenticated, "Please sign in.");
  if (viewer.kind != Viewer::Kind::Person) return fail(ErrorKind::Forbidden, "A token has no second factor and changes none; a person who signed in does.");
  return *viewer.person;
}

json::object event_of(std::string_view type, PersonId person) { return {{"type", type}, {"v", 1}, {"person", person.text()}}; }

// W3. Each of the person's affiliations must be one whose people the asker manages: below it, or, of administrators, another instance administrator's.
Result<void> may_reset(const OpenSite& site, store::Queries& db, const Viewer& viewer, PersonId person) {
  if (viewer.kind == Viewer::Kind::System) return {};
  if (!viewer.is_signed_in()) return fail(ErrorKind::Unauthenticated, "Please sign in.");
  TRY(access::require(viewer, access::Action::ManageOwnPeople, {.is_own_object = true}));  // whoever manages nobody is told so, whatever person is named
  TRY(const auto affiliations, store::affiliations_of(db, person));
  bool known = false, above = true;
  for (const auto& row : affiliations) {
    if (row.state == store::AffiliationState::Ended) continue;
    const bool own = row.organisation == viewer.organisation;
    const bool manages = access::authorize(viewer, access::Action::ManageOwnPeople, {.is_own_object = own}).allowed && (own || viewer.is_instance_admin);
    known = known || manages;
    above = above && manages && (viewer.is_instance_admin || is_above(site, viewer, row));
  }
  if (!known) return no_such_person();
  if (viewer.person == person) return fail(ErrorKind::Forbidden, "Your own factor you change with your factor or a recovery code; where both are lost, others do it.", {}, "AUT-2");
  if (!above) return fail(ErrorKind::Forbidden, "Only somebody with a higher role may do this to this person.", {}, "ACC-10");
  return {};
}

Result<Committed> take_away(Unit& unit, Services& services, const Asker& asker, PersonId person, std::optional<PersonId> asked_by) {
  auto& tx = unit.writing().tx();
  TRY(store::put_factor(tx, services.cells(), person, std::nullopt));
  TRY(store::drop_factor_reset(tx, person));
  TRY(store::end_sessions(tx, person, std::nullopt));
  auto event = event_of("FactorReset", person);
  if (asked_by) event["asked_by"] = asked_by->text();
  return write_site_entry(unit, asker, {"factor.reset", person.text(), std::move(event)}, {{"id", person.text()}});
}

}  // namespace

bool must_have_factor(const OpenSite& site, const std::vector<store::AffiliationRow>& affiliations) {
  if (site.file.demo) return false;
  return std::any_of(affiliations.begin(), affiliations.end(), [](const store::AffiliationRow& row) {
    return row.state == store::AffiliationState::Active && (row.organisation_kind == access::OrganisationKind::Coordinator || row.role == access::SiteRole::Admin);
  });
}

std::optional<FactorProof> proof_of(const store::Cells& cells, const store::FactorRow& factor, std::string_view code, Instant now) {
  if (const auto digits = report_code_digits(code)) {
    const auto hash = hash_of_recovery(cells, *digits);
    if (std::find(factor.recovery.begin(), factor.recovery.end(), hash) == factor.recovery.end()) return std::nullopt;
    return FactorProof{.kind = FactorProof::Kind::Recovery, .recovery = hash, .since = factor.since};
  }
  const auto secret = from_base32(factor.secret);
  const auto step = secret ? totp_match(*secret, code, now, factor.last_step) : std::nullopt;
  if (!step) return std::nullopt;
  return FactorProof{.kind = FactorProof::Kind::Code, .step = *step, .since = factor.since};
}

Result<void> spend(Unit& unit, Services& services, PersonId person, const FactorProof& proof) {
  auto& tx = unit.writing().tx();
  TRY(auto factor, store::factor_of(tx, services.cells(), person));
  if (!factor) {
    if (proof.kind == FactorProof::Kind::None) return {};
    return not_given();  // it was taken away since
  }
  if (proof.kind == FactorProof::Kind::None || proof.since != factor->since) return not_given();
  switch (proof.kind) {
    case FactorProof::Kind::None:
    case FactorProof::Kind::Earlier: return {};
    case FactorProof::Kind::Code:
      if (proof.step <= factor->last_step) return not_given();
      factor->last_step = proof.step;
      break;
    case FactorProof::Kind::Recovery:
      if (std::erase(factor->recovery, proof.recovery) == 0) return not_given();
      break;
  }
  return store::put_factor(tx, services.cells(), person, factor);
}

std::string new_factor_secret(Random& random) {
  std::array<std::uint8_t, 20> bytes{};
  random.fill(bytes);
  return base32(bytes);
}

Result<std::vector<std::string>> set_factor(Unit& unit, Services& services, PersonId person, const NewFactor& made) {
  auto& tx = unit.writing().tx();
  TRY(const auto before, store::factor_of(tx, services.cells(), person));
  if (before && !made.replaces) return fail(ErrorKind::Conflict, "A second factor is set already. Sign in again.", {}, {}, "factor-set");
  store::FactorRow factor{.secret = made.secret, .last_step = made.step, .recovery = {}, .since = unit.now()};
  auto codes = new_recovery_codes(services, factor);
  TRY(store::put_factor(tx, services.cells(), person, factor));
  TRY(store::drop_factor_reset(tx, person));
  return codes;
}

Result<FactorShown> factor_shown(Services& services, const Viewer& viewer) {
  TRY(const auto person, in_a_session(viewer));
  TRY(auto db, services.store.lease());
  TRY(const auto factor, store::factor_of(*db, services.cells(), person));
  TRY(const auto affiliations, store::affiliations_of(*db, person));
  FactorShown out{.set = factor.has_value(), .required = must_have_factor(services.site, affiliations)};
  if (factor) out.since = factor->since, out.recovery_codes_left = static_cast<std::int64_t>(factor->recovery.size());
  return out;
}

Result<FactorBegun> begin_factor(Services& services, const Viewer& viewer) {
  TRY(const auto id, in_a_session(viewer));
  TRY(auto db, services.store.lease());
  TRY(const auto person, store::person(*db, services.cells(), id));
  TRY(const auto site, store::organisation(*db, services.cells(), services.site.file.organisation));
  if (!person || !site) return no_such_person();
  const auto secret = new_factor_secret(services.random);
  return FactorBegun{secret, otpauth_uri(site->profile.name, person->mail, secret), seal_value(services.cells(), kFactorTicket, {{"secret", secret}}, services.clock.now() + kFactorTicketFor, services.random, id.text())};
}

Result<Work> finish_factor(Services& services, Asker asker, std::string_view ticket, std::string_view code) {
  TRY(const auto person, in_a_session(asker.viewer));
  const auto value = open_value(services.cells(), kFactorTicket, ticket, services.clock.now(), person.text());
  if (!value) return fail(ErrorKind::Invalid, "This took too long. Please begin again.", "/ticket");
  const auto text = std::string(string_at(*value, "secret"));
  const auto secret = from_base32(text);
  const auto step = secret ? totp_match(*secret, code, services.clock.now(), 0) : std::nullopt;
  if (!step) return fail(ErrorKind::Invalid, "This isn't the code of that secret now. Is the phone's clock right?", "/code", "AUT-2");
  return [&services, asker = std::move(asker), person, made = NewFactor{text, *step, true}](Unit& unit) -> Result<Committed> {
    TRY(const auto codes, set_factor(unit, services, person, made));
    TRY(store::end_sessions(unit.writing().tx(), person, asker.viewer.session));  // opened without it, or with another
    return write_site_entry(unit, asker, {"factor.set", person.text(), event_of("FactorSet", person)}, {{"recovery_codes", list_of(codes)}});
  };
}

Work renew_recovery_codes(Services& services, Asker asker) {
  return [&services, asker = std::move(asker)](Unit& unit) -> Result<Committed> {
    TRY(const auto person, in_a_session(asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(auto factor, store::factor_of(tx, services.cells(), person));
    if (!factor) return fail(ErrorKind::Conflict, "You have no second factor, so there is nothing to recover.", {}, {}, "factor-missing");
    const auto codes = new_recovery_codes(services, *factor);
    TRY(store::put_factor(tx, services.cells(), person, factor));
    return write_site_entry(unit, asker, {"factor.codes", person.text(), event_of("RecoveryCodesMade", person)}, {{"recovery_codes", list_of(codes)}});
  };
}

Work drop_own_factor(Services& services, Asker asker) {
  return [&services, asker = std::move(asker)](Unit& unit) -> Result<Committed> {
    TRY(const auto person, in_a_session(asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto affiliations, store::affiliations_of(tx, person));
    if (must_have_factor(services.site, affiliations)) return fail(ErrorKind::Conflict, "Whoever coordinates or administers must have a second factor. Set another one in its place.", {}, "AUT-2", "factor-required");
    TRY(const auto factor, store::factor_of(tx, services.cells(), person));
    if (!factor) return fail(ErrorKind::Conflict, "You have no second factor.", {}, {}, "factor-missing");
    TRY(store::put_factor(tx, services.cells(), person, std::nullopt));
    return write_site_entry(unit, asker, {"factor.drop", person.text(), event_of("FactorDropped", person)}, {{"id", person.text()}});
  };
}

Work ask_factor_reset(Services& services, Viewers& viewers, Asker asker, PersonId person) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), person](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(may_reset(services.site, tx, asker.viewer, person));
    TRY(const auto factor, store::factor_of(tx, services.cells(), person));
    if (!factor) return fail(ErrorKind::Conflict, "This person has no second factor.", {}, {}, "factor-missing");
    if (asker.viewer.kind == Viewer::Kind::System) return take_away(unit, services, asker, person, {});
    if (!services.settings.two_person) return take_away(unit, services, asker, person, asker.viewer.person);
    TRY(const auto waiting, store::factor_reset_of(tx, person));
    if (waiting && waiting->expires > unit.now()) return fail(ErrorKind::Conflict, "This is asked already and waits for a second person.", {}, "two persons", "asked-already");
    const store::FactorResetRow row{person, *asker.viewer.person, *asker.viewer.organisation, unit.now(), unit.now() + kResetLasts};
    TRY(store::put_factor_reset(tx, row));
    TRY(auto out, write_site_entry(unit, asker, {"factor.reset.ask", person.text(), event_of("FactorResetAsked", person)}, {{"id", person.text()}, {"expires", to_text(row.expires)}}));
    out.waits_for_second_person = true;
    return out;
  };
}

Work confirm_factor_reset(Services& services, Viewers& viewers, Asker asker, PersonId person) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), person](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(may_reset(services.site, tx, asker.viewer, person));
    TRY(const auto waiting, store::factor_reset_of(tx, person));
    if (!waiting || waiting->expires <= unit.now()) return fail(ErrorKind::Conflict, "Nobody has asked for this, or the request has expired.", {}, {}, "not-asked");
    if (!asker.viewer.person || *asker.viewer.person == waiting->asked_by) return fail(ErrorKind::Forbidden, "You asked for this: a second person confirms it.", {}, "two persons");
    // ACC-7: who asked and lost the right since is no second of two.
    const auto first = viewer_for(services.site, tx, waiting->asked_by, waiting->asked_for);
    if (!first && first.error().kind != ErrorKind::Forbidden) return std::unexpected(first.error());
    if (!first || !may_reset(services.site, tx, *first, person)) return fail(ErrorKind::Conflict, "Whoever asked for this may not do it any more. Ask for it anew.", {}, "two persons");
    return take_away(unit, services, asker, person, waiting->asked_by);
  };
}

Work refuse_factor_reset(Services& services, Asker asker, PersonId person) {
  return [&services, asker = std::move(asker), person](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    // Whose factor it is may refuse as well: it isn't lost.
    if (asker.viewer.kind != Viewer::Kind::Person || asker.viewer.person != person) TRY(may_reset(services.site, tx, asker.viewer, person));
    TRY(const bool dropped, store::drop_factor_reset(tx, person));
    if (!dropped) return fail(ErrorKind::Conflict, "Nobody has asked for this.", {}, {}, "not-asked");
    return write_site_entry(unit, asker, {"factor.reset.refuse", person.text(), event_of("FactorResetRefused", person)}, {{"id", person.text()}});
  };
}

}  // namespace sluice::service
