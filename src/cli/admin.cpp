#include "cli/admin.h"

#include "base/bind.h"
#include "service/break_glass.h"
#include "service/cases.h"
#include "service/client_certificates.h"
#include "service/case_threats.h"
#include "service/collections.h"
#include "service/copies.h"
#include "service/erasure.h"
#include "service/ticker.h"
#include "store/ledger_rows.h"
#include "service/viewers.h"
#include "store/people.h"

namespace sluice::cli {

namespace {

using service::Committed;

struct AddOrganisation {
  std::string name;
  std::string kind;
  std::optional<std::string> country;
  std::optional<bool> takes_reports;
};
BOOST_DESCRIBE_STRUCT(AddOrganisation, (), (name, kind, country, takes_reports))
struct AddPerson {
  OrganisationId org;
  std::string name, email;
  std::string role;
};
BOOST_DESCRIBE_STRUCT(AddPerson, (), (org, name, email, role))
struct IssueToken {
  PersonId person;
  std::string scope;
  std::optional<OrganisationId> org;
  std::optional<std::string> expires;
};
BOOST_DESCRIBE_STRUCT(IssueToken, (), (person, scope, org, expires))
struct AddCertificate {
  PersonId person;
  std::string scope, certificate;
  std::optional<OrganisationId> org;
  std::optional<std::string> expires;
};
BOOST_DESCRIBE_STRUCT(AddCertificate, (), (person, scope, certificate, org, expires))
struct RevokeToken { TokenId id; };
BOOST_DESCRIBE_STRUCT(RevokeToken, (), (id))
struct ListedVulnerability { std::string cve; std::optional<Instant> since; };
BOOST_DESCRIBE_STRUCT(ListedVulnerability, (), (cve, since))
struct ImportList { std::string name, version; std::vector<ListedVulnerability> entries; };
BOOST_DESCRIBE_STRUCT(ImportList, (), (name, version, entries))
struct AddCollection {
  std::string title, read, write;
  std::optional<std::string> alias, description, unmarked, redacted;
  std::optional<bool> shared_ids;
};
BOOST_DESCRIBE_STRUCT(AddCollection, (), (title, read, write, alias, description, unmarked, shared_ids, redacted))
struct AddCase {
  std::string title;
  OrganisationId org;
};
BOOST_DESCRIBE_STRUCT(AddCase, (), (title, org))
struct SetPassword {
  PersonId person;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(SetPassword, (), (person, password))
struct OfPerson {
  PersonId person;
  std::optional<OrganisationId> org;
  std::optional<std::string> role;
};
BOOST_DESCRIBE_STRUCT(OfPerson, (), (person, org, role))
struct AskGlass {
  PersonId person;
  CaseId case_;
  std::string reason;
  int hours = 1;
};
BOOST_DESCRIBE_STRUCT(AskGlass, (), (person, case_, reason, hours))
struct EraseCase {
  CaseId case_;
  PersonId person;
  std::string compartment, reason;
};
BOOST_DESCRIBE_STRUCT(EraseCase, (), (case_, person, compartment, reason))
struct TraceLeak {
  PersonId person;
  std::optional<OrganisationId> org;
  std::optional<CaseId> case_;
  std::optional<std::string> piece;
  std::optional<Hash> hash;
  std::optional<Instant> seen;
};
BOOST_DESCRIBE_STRUCT(TraceLeak, (), (person, org, case_, piece, hash, seen))
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

// Whoever can read the data directory is the system itself (ACC: people.h O2).
service::Asker system_asker() { return {.viewer = access::Viewer::system()}; }

Result<json::object> done(const AdminContext& context, service::Work work) {
  TRY(auto committed, context.services.writer.run(std::move(work)));
  return std::move(committed.answer);
}

Result<json::object> add_organisation(const AdminContext& context, const AddOrganisation& c) {
  const auto kind = from_word<access::OrganisationKind>(c.kind);
  if (!kind) return fail(ErrorKind::Invalid, "The kind must be one of: " + words_of<access::OrganisationKind>() + ".", "--kind", {}, "usage");
  cvd::OrganisationProfile profile;
  profile.name = c.name;
  profile.country = c.country;
  profile.takes_reports = c.takes_reports;
  return done(context, service::add_organisation(context.services, system_asker(), *kind, std::move(profile)));
}

Result<json::object> add_person(const AdminContext& context, const AddPerson& c) {
  const auto role = from_word<access::SiteRole>(c.role);
  if (!role) return fail(ErrorKind::Invalid, "The role must be one of: " + words_of<access::SiteRole>() + ".", "--role", {}, "usage");
  return done(context, service::add_person(context.services, system_asker(), c.org, {c.name, c.email, *role}));
}

Result<std::optional<Instant>> end_of(const AdminContext& context, const std::optional<std::string>& text) {
  if (!text) return std::optional<Instant>();
  if (const auto lasts = parse_duration(*text)) return std::optional(context.services.clock.now() + *lasts);
  if (const auto instant = parse_instant(*text)) return std::optional(*instant);
  return fail(ErrorKind::Invalid, "This is neither a duration (90d) nor an instant (2027-01-31T00:00:00Z).", "--expires", {}, "usage");
}

Result<json::object> issue_token(const AdminContext& context, const IssueToken& c) {
  TRY(const auto scopes, service::token_scopes(c.scope));
  TRY(const auto expires, end_of(context, c.expires));
  return done(context, service::issue_token(context.services, system_asker(), {c.person, c.org, scopes, expires}));
}

Result<json::object> add_certificate(const AdminContext& context, const AddCertificate& c) {
  TRY(const auto scopes, service::token_scopes(c.scope));
  TRY(const auto expires, end_of(context, c.expires));
  TRY(auto certificate, service::read_certificate_pem(c.certificate));
  return done(context, service::register_certificate(context.services, system_asker(), {c.person, c.org, scopes, expires}, std::move(certificate)));
}

Result<json::object> list_certificates(const AdminContext& context, const OfPerson& c) {
  TRY(const auto tokens, service::tokens_of(context.services, system_asker().viewer, c.person));
  json::array items;
  for (const auto& token : tokens)
    if (token.certificate) items.push_back(to_json(token));
  return json::object{{"items", std::move(items)}};
}

Result<json::object> revoke_token(const AdminContext& context, const RevokeToken& c) {
  return done(context, service::revoke_token(context.services, context.doors.viewers, system_asker(), c.id));
}

Result<json::object> add_collection(const AdminContext& context, const AddCollection& c) {
  TRY(auto read, service::organisations_in_list(c.read, "--read"));
  TRY(auto write, service::organisations_in_list(c.write, "--write"));
  service::NewCollection collection{.title = c.title, .description = c.description, .alias = c.alias, .readers = std::move(read.named), .writers = std::move(write.named), .anyone_reads = read.anyone, .anyone_writes = write.anyone};
  if (c.unmarked) collection.unmarked = *c.unmarked;
  if (c.redacted) collection.redacted = *c.redacted;
  collection.shared_ids = c.shared_ids.value_or(false);
  return done(context, service::add_collection(context.services, system_asker(), std::move(collection)));
}

Result<json::object> import_list(const AdminContext& context, const ImportList& c) {
  service::ExploitedList list{c.name, c.version, {}};
  for (const auto& one : c.entries) list.entries.push_back({c.name, one.cve, one.since, c.version});
  return done(context, service::import_exploited_list(context.services, system_asker(), std::move(list)));
}

// What they are called and who is in them: for whoever has the data directory. Of their objects nothing.
Result<json::object> list_collections(const AdminContext& context, const Nothing&) {
  TRY(auto db, context.services.store.lease());
  TRY(const auto all, store::all_collections(*db, context.services.cells()));
  const auto names = [](const std::vector<OrganisationId>& named, bool anyone) {
    json::array out;
    if (anyone) out.emplace_back("*");
    for (const auto& id : named) out.emplace_back(id.text());
    return out;
  };
  json::array items;
  for (const auto& one : all) {
    json::object item{{"id", one.id}, {"title", one.title}, {"created", to_text(one.created)}, {"read", names(one.readers, one.anyone_reads)}, {"write", names(one.writers, one.anyone_writes)}, {"unmarked", one.unmarked}, {"redacted", one.redacted}};
    if (one.shared_ids) item["shared_ids"] = true;
    if (one.alias) item["alias"] = *one.alias;
    if (one.description) item["description"] = *one.description;
    items.push_back(std::move(item));
  }
  return json::object{{"items", std::move(items)}};
}

Result<json::object> add_case(const AdminContext& context, const AddCase& c) { return done(context, service::open_case_for(context.services, system_asker(), c.org, c.title)); }

// With a second person to come, the answer is the request; else the compartment is gone when this answers.
Result<json::object> erase_case(const AdminContext& context, const EraseCase& c) {
  TRY(auto committed, context.services.writer.run(service::erase_for(context.services, c.person, c.case_, {c.compartment, c.reason})));
  committed.answer["erased"] = !committed.waits_for_second_person;
  if (!committed.waits_for_second_person) TRY(service::finish_erasures(context.services));
  return std::move(committed.answer);
}

Result<json::object> set_password(const AdminContext& context, const SetPassword& c) {
  TRY(auto work, service::set_password(context.services, context.doors.viewers, system_asker(), c.person, c.password));
  TRY(done(context, std::move(work)));
  return json::object{{"person", c.person.text()}};
}

// As the server's own ticks: not stopped by a full disk, and no new time is written down as trusted while the clocks disagree (REL-6).
Result<json::object> close_tick(const AdminContext& context, const Nothing&) {
  auto& services = context.services;
  Duration disagreement{};
  if (context.watch != nullptr) {
    disagreement = context.watch->held_by().value_or(Duration{});
  } else if (services.script == nullptr) {  // no server that watches: what it would find at its start
    TRY(auto db, services.store.lease());
    TRY(const auto clocks, store::clocks_of_last_tick(*db));
    std::optional<ClockWatch::LastTick> last;
    if (clocks) last = ClockWatch::LastTick{clocks->wall, clocks->boottime, clocks->boot_id};
    disagreement = ClockWatch(services.clock.now(), services.clock.monotonic(), last, service::boot_id()).held_by().value_or(Duration{});
  }
  TRY(auto committed, services.writer.run(service::close_tick(services, disagreement), service::Writer::Whose::Ledger));
  return std::move(committed.answer);
}

// As the named person: whoever can read the data directory could be any, but content is opened for a viewer alone (store.h T1).
Result<json::object> trace_leak(const AdminContext& context, const TraceLeak& c) {
  auto organisation = c.org;
  if (!organisation) {
    TRY(auto db, context.services.store.lease());
    TRY(auto all, store::affiliations_of(*db, c.person));
    std::erase_if(all, [](const store::AffiliationRow& row) { return row.state != store::AffiliationState::Active; });
    if (all.size() != 1) return fail(ErrorKind::Invalid, all.empty() ? "There is no such person, or it acts for no organisation." : "This person acts for several organisations: say with --org for which.", "--org", {}, "usage");
    organisation = all.front().organisation;
  }
  TRY(const auto viewer, service::viewer_for(context.services, c.person, *organisation));
  return service::trace(context.services, viewer, {c.case_, c.piece.value_or(std::string()), c.hash, c.seen});
}

// The only organisation, unless one is named.
Result<OrganisationId> organisation_of(const AdminContext& context, const OfPerson& c) {
  if (c.org) return *c.org;
  TRY(auto db, context.services.store.lease());
  TRY(auto all, store::affiliations_of(*db, c.person));
  std::erase_if(all, [](const auto& row) { return row.state == store::AffiliationState::Ended; });
  if (all.empty()) return fail(ErrorKind::NotFound, "There is no such person in any organisation.");
  if (all.size() > 1) return fail(ErrorKind::Invalid, "This person belongs to several organisations: name the one.", "--org", {}, "usage");
  return all.front().organisation;
}
Result<json::object> person_done(const AdminContext& context, const OfPerson& c, service::Work work) {
  TRY(done(context, std::move(work)));
  return json::object{{"person", c.person.text()}};
}
template <store::AffiliationState state>
Result<json::object> change_affiliation(const AdminContext& context, const OfPerson& c) {
  TRY(const auto organisation, organisation_of(context, c));
  return person_done(context, c, service::change_affiliation(context.services, context.doors.viewers, system_asker(), c.person, organisation, state));
}
Result<json::object> change_role(const AdminContext& context, const OfPerson& c) {
  const auto role = from_word<access::SiteRole>(c.role.value_or(""));
  if (!role) return fail(ErrorKind::Invalid, "The role must be one of: " + words_of<access::SiteRole>() + ".", "--role", {}, "usage");
  TRY(const auto organisation, organisation_of(context, c));
  return person_done(context, c, service::change_role(context.services, context.doors.viewers, system_asker(), c.person, organisation, *role));
}
Result<json::object> disable_person(const AdminContext& context, const OfPerson& c) { return person_done(context, c, service::disable_person(context.services, context.doors.viewers, system_asker(), c.person)); }
Result<json::object> enable_person(const AdminContext& context, const OfPerson& c) { return person_done(context, c, service::enable_person(context.services, context.doors.viewers, system_asker(), c.person)); }
Result<json::object> reset_factor(const AdminContext& context, const OfPerson& c) { return person_done(context, c, service::ask_factor_reset(context.services, context.doors.viewers, system_asker(), c.person)); }

// As this administrator; a second one confirms it, signed in.
Result<json::object> ask_glass(const AdminContext& context, const AskGlass& c) {
  TRY(const auto viewer, service::viewer_for(context.services, c.person, context.services.site.file.organisation));
  TRY(auto committed, context.services.writer.run(service::ask_to_break_glass(context.services, context.doors.viewers, {.viewer = viewer}, {c.case_, c.reason, c.hours})));
  return std::move(committed.answer);
}


Result<json::object> clock_state(const AdminContext& context, const Nothing&) {
  json::object out{{"now", to_text(context.services.clock.now())}, {"scripted", context.services.script != nullptr}};
  if (context.watch != nullptr)
    for (const auto& field : context.watch->state()) out[field.key()] = field.value();
  return out;
}

Result<json::object> confirm_clock(const AdminContext& context, const Nothing&) {
  if (context.watch == nullptr) return fail(ErrorKind::Conflict, "No server runs on this data directory, so no timer is held.");
  context.watch->confirm(context.services.clock.now(), context.services.clock.monotonic());
  return clock_state(context, {});
}

// ---- the table

template <class T, Result<json::object> (*F)(const AdminContext&, const T&)>
Result<json::object> with(const AdminContext& context, const json::value& arguments) {
  if constexpr (std::is_same_v<T, json::value>) {
    return F(context, arguments);
  } else {
    auto read = from_json<T>(arguments);
    if (!read) {  // an id that isn't one is wrong usage, as any other flag that can't be read
      auto where = read.error().where;
      if (where.starts_with('/')) where = "--" + where.substr(1);
      return fail(ErrorKind::Invalid, read.error().message, where, {}, "usage");
    }
    return F(context, *read);
  }
}

struct Row {
  std::string_view command;
  Result<json::object> (*run)(const AdminContext&, const json::value&);
};

constexpr Row kCommands[] = {
    {"org.add", with<AddOrganisation, add_organisation>},
    {"person.add", with<AddPerson, add_person>},
    {"token.issue", with<IssueToken, issue_token>},
    {"certificate.add", with<AddCertificate, add_certificate>},
    {"certificate.list", with<OfPerson, list_certificates>},
    {"token.revoke", with<RevokeToken, revoke_token>},
    {"collection.add", with<AddCollection, add_collection>},
    {"collection.list", with<Nothing, list_collections>},
    {"threats.import", with<ImportList, import_list>},
    {"case.add", with<AddCase, add_case>},
    {"case.erase", with<EraseCase, erase_case>},
    {"password.set", with<SetPassword, set_password>},
    {"leak.trace", with<TraceLeak, trace_leak>},
    {"person.suspend", with<OfPerson, change_affiliation<store::AffiliationState::Suspended>>},
    {"person.restore", with<OfPerson, change_affiliation<store::AffiliationState::Active>>},
    {"person.end", with<OfPerson, change_affiliation<store::AffiliationState::Ended>>},
    {"person.role", with<OfPerson, change_role>},
    {"person.disable", with<OfPerson, disable_person>},
    {"person.enable", with<OfPerson, enable_person>},
    {"factor.reset", with<OfPerson, reset_factor>},
    {"case.break-glass", with<AskGlass, ask_glass>},
    {"ledger.tick", with<Nothing, close_tick>},
    {"clock.show", with<Nothing, clock_state>},
    {"clock.confirm", with<Nothing, confirm_clock>},
};

}  // namespace

Result<json::object> run_admin(const AdminContext& context, const AdminRequest& request) {
  for (const auto& row : kCommands)
    if (row.command == request.command) return row.run(context, request.arguments);
  return fail(ErrorKind::Invalid, "The server does not know this command. Is it of another version?");
}

}  // namespace sluice::cli
