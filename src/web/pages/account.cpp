// The own account (second factor, sessions), and what administrators do: people of their organisation, what takes two of them, who read how much.
#include <algorithm>
#include <map>

#include "access/authorize.h"
#include "service/packs.h"
#include "service/break_glass.h"
#include "service/reveals.h"
#include "service/webhooks.h"
#include "store/people.h"
#include "web/api/names.h"
#include "web/pages/layout.h"

namespace sluice::web::pages {

namespace {

using access::SiteRole;

std::unexpected<Error> no_page() { return fail(ErrorKind::NotFound, "There is no such page here."); }

Result<void> confirmed_lately(App& app, const Request& request) {
  if (request.viewer.kind == access::Viewer::Kind::Person && !request.viewer.is_stepped_up(app.services.clock.now()))
    return fail(ErrorKind::Forbidden, "This needs a confirmation that it is you, not older than ten minutes.", {}, {}, "step-up-needed");
  return {};
}

std::string given(const Request& request, std::string_view name) {
  const auto found = request.form.find(name);
  return found == request.form.end() ? std::string() : found->second;
}

Html act(const Frame& frame, std::string_view command, std::string_view words, const Html& fields = {}, bool second = true) {
  return form(path("/account/do") / command, frame.csrf, all(fields, submit(words, second ? "button second" : "button")), "form inline");
}
Html manage(const Frame& frame, std::string_view command, std::string_view words, const Html& fields) { return form(path("/administration/do") / command, frame.csrf, all(fields, submit(words, "button second")), "form inline"); }

Html factor_part(const Frame& frame, const service::FactorShown& factor) {
  Html inside;
  if (factor.set) {
    inside += el("p", badge(Tone::Good, "set"), " since ", time(*factor.since), ". ", std::to_string(factor.recovery_codes_left), factor.recovery_codes_left == 1 ? " recovery code is left." : " recovery codes are left.");
    inside += all(act(frame, "begin_factor", "Set another in its place"), act(frame, "renew_codes", "Make ten new recovery codes"));
    if (!factor.required) inside += act(frame, "drop_factor", "Give the second factor up");
  } else {
    inside += el("p", badge(Tone::Quiet, "not set"), " With one, your password alone opens nothing. Whoever coordinates or administers must have one.");
    inside += act(frame, "begin_factor", "Set a second factor", {}, false);
  }
  return section("factor", "Second factor", inside);
}

Result<Html> sessions_part(App& app, const Request& request, const Frame& frame) {
  TRY(const auto sessions, service::sessions_of(app.services, request.viewer));
  TRY(const auto names, api::Names::load(app));
  Table table("Your sessions", {"For", "Since", "Last used", "End it"});
  for (const auto& one : sessions)
    table.row({names.of(one.organisation), time(one.created), time(one.last_used), one.is_this ? Html("this one: sign out") : act(frame, "end_session", "End this session", hidden("session", one.id.text()))});
  return section("sessions", "Sessions", table.html());
}

// Only for who has some: that one stopped is said here first.
Result<Html> webhooks_part(App& app, const Request& request) {
  TRY(const auto hooks, service::webhooks(app.services, request.viewer));
  if (hooks.empty()) return Html();
  Html stopped;
  Table table("Your webhooks", {"Where it sends", "State", "Delivered up to", "Fails since"});
  for (const auto& one : hooks) {
    const auto name = one.name.value_or(one.url);
    if (one.why) stopped += el("li", name, ": ", *one.why);
    table.row({name, to_word(one.state), one.through, one.failing ? time(*one.failing) : Html("–")});
  }
  return section("webhooks", "Webhooks", all(stopped.empty() ? Html() : notice(Tone::Alarm, "A webhook stopped", el("ul", stopped)), table.html()));
}

struct People {
  const Frame& frame;
  const access::Viewer& viewer;
  OrganisationId organisation;

  Html row_of(const service::PersonShown& person) const {
    const auto who = all(hidden("person", person.id.text()), hidden("organisation", organisation.text()));
    if (viewer.person == person.id) return "yourself";
    Html out;
    if (person.state == store::AffiliationState::Active) out += manage(frame, "suspend", "Suspend", who);
    else if (person.state == store::AffiliationState::Suspended && !person.disabled.value_or(false)) out += manage(frame, "restore", "Restore", who);
    if (person.state != store::AffiliationState::Ended) {
      static const Option kRoles[] = {{"staff", "Staff"}, {"admin", "Administrator"}, {"auditor", "Auditor"}, {"counsel", "Counsel"}, {"trustee", "Trustee"}};
      out += manage(frame, "role", "Change the role", all(who, select({.name = "role", .label = "Role", .value = to_word(person.role), .scope = person.id.text()}, kRoles)));
      out += manage(frame, "end", "End for good", who);
      if (person.disabled) out += *person.disabled ? manage(frame, "enable", "Enable", who) : manage(frame, "disable", "Disable everywhere", who);
    }
    if (person.factor_reset_asked_by) {
      if (person.factor_reset_asked_by != viewer.person) out += manage(frame, "confirm_factor_reset", "Confirm: take the factor away", who);
      out += manage(frame, "refuse_factor_reset", person.factor_reset_asked_by == viewer.person ? "Withdraw the request" : "Refuse it", who);
    } else if (person.has_factor.value_or(false)) {
      out += manage(frame, "ask_factor_reset", "Ask to take the lost factor away", who);
    }
    return more("Change", out);
  }

  Html part(const std::string& name, const std::vector<service::PersonShown>& people) const {
    Table table("People of " + name, {"Name", "Role", "State", "Second factor", "Change"});
    for (const auto& person : people)
      table.row({all(person.name, el("span", {cls("quiet block")}, person.mail)), to_word(person.role), person.disabled.value_or(false) ? badge(Tone::Held, "disabled") : Html(to_word(person.state)),
                 person.factor_reset_asked_by ? badge(Tone::Waiting, "to be taken away: waits for a second person") : Html(!person.has_factor ? "not shown: belongs to others too" : *person.has_factor ? "set" : "none"), row_of(person)});
    return section("people", "People", all(el("p", "Sessions and tokens end with the right they rest on, at once."), table.html()));
  }
};

// What laws ask of an organisation, one sentence each: what isn't said is taken not to be so, and a case where it matters says that nobody has said it.
Html flags_part(const App& app, const Frame& frame, const store::OrganisationRow& row) {
  if (!app.services.packs || app.services.packs->library().words.flags.empty()) return {};
  static const Option kAnswers[] = {{"", "Not said"}, {"yes", "Yes"}, {"no", "No"}};
  const auto has = [](const std::vector<std::string>& list, const std::string& word) { return std::find(list.begin(), list.end(), word) != list.end(); };
  Html fields = all(hidden("organisation", row.id.text()), hidden("version", std::to_string(row.version)));
  for (const auto& [flag, says] : app.services.packs->library().words.flags)
    fields += radios({.name = "flag." + flag, .label = row.profile.name + " " + says, .value = has(row.profile.flags, flag) ? "yes" : has(row.profile.not_flags, flag) ? "no" : ""}, kAnswers);
  return section("law", "What laws ask of it", all(el("p", "Laws in a case speak to an organisation by what it is. Anybody signed in here can read it. What isn't said is taken not to be so; a case where a law hangs on it says that it isn't known."),
                                                   more("Say what it is", form(path("/administration/do/state_flags"), frame.csrf, all(fields, el("p", {cls("actions")}, submit("Save")))))));
}

// The profile as it is, but for the flags that laws ask for. A word of another vocabulary stays.
Result<service::Work> state_flags(App& app, const Request& request) {
  const auto id = OrganisationId::parse(form_value(request, "organisation"));
  if (!id || !app.services.packs) return no_page();
  TRY(auto db, app.services.store.lease());
  TRY(const auto row, store::organisation(*db, app.services.cells(), *id));
  if (!row) return no_page();
  auto profile = row->profile;
  for (const auto& [flag, says] : app.services.packs->library().words.flags) {
    const auto answer = form_value(request, "flag." + flag);
    if (answer != "" && answer != "yes" && answer != "no") return fail(ErrorKind::Invalid, "Choose yes, no or not said.", "/flag." + flag);
    std::erase(profile.flags, flag);
    std::erase(profile.not_flags, flag);
    if (answer == "yes") profile.flags.push_back(flag);
    if (answer == "no") profile.not_flags.push_back(flag);
  }
  return service::change_organisation(app.services, request.asker(), *id, std::move(profile), std::atoll(form_value(request, "version").c_str()));
}

Html glass_part(App& app, const Request& request, const Frame& frame, const std::vector<service::GlassShown>& glasses) {
  const auto now = app.services.clock.now();
  Html cards;
  for (const auto& glass : glasses) {
    const auto id = hidden("glass", glass.id.text());
    Facts facts;
    facts.add("Case", glass.state == "broken" && glass.asked_by == request.viewer.person ? link(path("/cases") / glass.case_.text(), glass.case_.text()) : el("code", glass.case_.text())).add("Why", prose(glass.reason)).add("Asked by", el("code", glass.asked_by.text())).add("Asked", time(glass.asked_at));
    if (glass.until) facts.add("Until", all(time(*glass.until), ", ", words_until(*glass.until, now)));
    Html body = all(el("p", badge(glass.state == "broken" ? Tone::Alarm : glass.state == "asked" ? Tone::Waiting : Tone::Quiet, glass.state), " for ", std::to_string(glass.hours), glass.hours == 1 ? " hour" : " hours"), facts.html());
    if (glass.state == "asked" && glass.asked_by != request.viewer.person) body += manage(frame, "confirm_glass", "Confirm: it opens at once", id);
    if (glass.state == "asked") body += manage(frame, "close_glass", glass.asked_by == request.viewer.person ? "Withdraw" : "Refuse", id);
    if (glass.state == "broken") body += manage(frame, "close_glass", "End it now", id);
    cards += el("div", {cls("card")}, el("h3", "Asked ", time(glass.asked_at)), body);
  }
  static const Option kHours[] = {{"1", "1 hour"}, {"4", "4 hours"}, {"8", "8 hours"}, {"24", "24 hours"}};
  const auto fields = all(field({.name = "case", .label = "Which case?", .help = "Its id, as whoever calls for help gives it.", .kind = Field::Kind::Code, .required = true, .most = 60}),
                          field({.name = "reason", .label = "Why can't it wait for its owner?", .help = "The case owner and its coordinators read this.", .kind = Field::Kind::Text, .required = true, .most = 4'000}), select({.name = "hours", .label = "For how long?", .value = "1"}, kHours), el("p", {cls("actions")}, submit("Ask a second administrator")));
  return section("break-glass", "In an emergency",
                 all(el("p", "Administrators see no case. In an emergency two of you open one to the one who asks: for reading alone, for hours, and the case is told."), cards, more("Ask to open a case", form(path("/administration/do/ask_glass"), frame.csrf, fields))));
}

// Whose a pseudonym is: for those who may ask, and for the trustees, who answer.
Result<Html> reveals_part(App& app, const Request& request, const Frame& frame) {
  const auto& viewer = request.viewer;
  const bool asks = access::authorize(viewer, access::Action::AskContributor, {}).allowed, answers = access::authorize(viewer, access::Action::RevealContributor, {}).allowed;
  if (!asks && !answers) return Html();
  TRY(const auto reveals, service::reveals(app.services, viewer));
  TRY(const auto names, api::Names::load(app));
  Html cards;
  for (const auto& one : reveals) {
    const auto id = hidden("reveal", one.id.text());
    const bool is_open = one.state == "asked" || one.state == "agreed";
    Facts facts;
    facts.add("Why", prose(one.reason)).add("Asked for", names.of(one.asked_for)).add("Asked", time(one.asked_at));
    if (one.member) facts.add("It is", names.of(*one.member));
    if (one.why_refused) facts.add("Refused", prose(*one.why_refused));
    Html body = all(el("p", badge(is_open ? Tone::Waiting : Tone::Quiet, one.state)), facts.html());
    if (answers && is_open && one.asked_by != viewer.person) {
      if (one.agreed_by != viewer.person) body += act(frame, "agree_reveal", one.state == "asked" ? "Agree: a second trustee then reveals it" : "Agree: it is revealed at once", id);
      const auto why = field({.name = "why", .label = "Why not?", .help = "Whoever asked reads this.", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = one.id.text()});
      body += more("Refuse", form(path("/account/do/refuse_reveal"), frame.csrf, all(id, why, el("p", {cls("actions")}, submit("Refuse", "button second")))));
    }
    cards += el("div", {cls("card")}, el("h3", el("code", one.pseudonym)), body);
  }
  Html ask;
  if (asks)
    ask = more("Ask whose a pseudonym is",
               form(path("/account/do/ask_reveal"), frame.csrf,
                    all(field({.name = "pseudonym", .label = "Which pseudonym?", .help = "As its objects show it: member- and 16 digits.", .kind = Field::Kind::Code, .required = true, .most = 23}),
                        field({.name = "reason", .label = "Why must it be known?", .help = "The trustees read this, and the member once it is revealed.", .kind = Field::Kind::Text, .required = true, .most = 4'000}), el("p", {cls("actions")}, submit("Ask the trustees")))));
  return section("pseudonyms", "Whose a pseudonym is", all(el("p", "Two trustees say it, for a reason on record, and the member learns of it."), cards, ask));
}

Html reading_part(const service::AccessLog& log, const api::Names& names, const std::map<PersonId, std::string>& people) {
  const auto who = [&](PersonId id) {
    const auto found = people.find(id);
    return found == people.end() ? el("code", id.text()) : Html(found->second);
  };
  Html alarms;
  for (const auto& alarm : log.alarms) alarms += el("li", time(alarm.at), ": ", who(alarm.person), " of ", names.of(alarm.organisation), " read ", std::to_string(alarm.cases), " different cases within an hour.");
  Table table("Reading by the hour", {"Hour", "Who", "For", "Cases", "Reads"});
  for (const auto& row : log.items) table.row({time(row.hour), who(row.person), names.of(row.organisation), std::to_string(row.cases), std::to_string(row.reads)});
  return section("reading", "Who read how much",
                 all(el("p", "Of coordinators and administrators; counts of cases and reports, never which."), alarms.empty() ? Html() : notice(Tone::Alarm, "Unusually much was read", el("ul", alarms)),
                     table.empty() ? empty_state("Nothing was read in the last thirty days.", "Each hour in which a coordinator or an administrator reads cases has a line here.") : table.html()));
}

}  // namespace

Result<Response> account(App& app, const Request& request) {
  const auto frame = frame_of(app, request);
  Html inside;
  if (request.viewer.kind != access::Viewer::Kind::Person) {
    inside = empty_state("A token has no account page.", "Sign in to see your second factor and your sessions.");
  } else {
    TRY(const auto factor, service::factor_shown(app.services, request.viewer));
    TRY(const auto sessions, sessions_part(app, request, frame));
    TRY(const auto reveals, reveals_part(app, request, frame));
    TRY(const auto webhooks, webhooks_part(app, request));
    inside = all(factor_part(frame, factor), sessions, reveals, webhooks);
  }
  auto out = html_page(frame, "Your account", inside);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

Result<service::Work> do_account(App& app, const Request& request) {
  const auto& command = request.path.at("command");
  const auto asker = request.asker();
  if (command == "end_session") {
    const auto id = SessionId::parse(form_value(request, "session"));
    if (!id) return no_page();
    return service::end_session(app.services, app.doors.viewers, asker, *id);
  }
  if (command == "ask_reveal") {
    TRY(confirmed_lately(app, request));
    return service::ask_reveal(app.services, asker, given(request, "pseudonym"), {given(request, "reason")});
  }
  if (command == "agree_reveal" || command == "refuse_reveal") {
    const auto id = store::RevealId::parse(form_value(request, "reveal"));
    if (!id || request.viewer.kind != access::Viewer::Kind::Person) return no_page();
    if (command == "refuse_reveal") return service::refuse_reveal(app.services, asker, *id, {given(request, "why")});
    TRY(confirmed_lately(app, request));
    return service::agree_to_reveal(app.services, asker, *id);
  }
  if (command != "begin_factor" && command != "set_factor" && command != "renew_codes" && command != "drop_factor") return no_page();
  TRY(confirmed_lately(app, request));
  if (command == "renew_codes") return service::renew_recovery_codes(app.services, asker);
  if (command == "drop_factor") return service::drop_own_factor(app.services, asker);
  if (command == "set_factor") return service::finish_factor(app.services, asker, given(request, "ticket"), given(request, "code"));
  TRY(const auto begun, service::begin_factor(app.services, request.viewer));
  return [begun](service::Unit&) -> Result<service::Committed> { return service::Committed{.answer = json::object{{"secret", begun.secret}, {"uri", begun.uri}, {"ticket", begun.ticket}}}; };
}

Response account_done(App& app, const Request& request, const service::Committed& committed) {
  const auto frame = frame_of(app, request);
  const auto shown = [&](std::string_view title, const Html& inside) {
    auto out = html_page(frame, title, inside);
    out.headers.emplace_back("Cache-Control", "no-store");
    return out;
  };
  if (const auto codes = recovery_list(committed.answer); !codes.empty()) return shown("Your recovery codes", all(codes, el("p", link(path("/account"), "I have kept them: back to your account"))));
  if (const auto ticket = text_at(committed.answer, "ticket"); !ticket.empty()) {
    const auto uri = text_at(committed.answer, "uri");
    return shown("Set your second factor",
                 all(secret_shown(uri, text_at(committed.answer, "secret")),
                     form(path("/account/do/set_factor"), frame.csrf, all(hidden("ticket", ticket), field({.name = "code", .label = "Code", .help = "Six digits, from the app.", .kind = Field::Kind::Code, .required = true, .most = 40, .complete = "one-time-code"}), el("p", {cls("actions")}, submit("Set it"))))));
  }
  return see_other("/account");
}

Result<Response> administration(App& app, const Request& request) {
  const auto& viewer = request.viewer;
  const auto frame = frame_of(app, request);
  TRY(const auto names, api::Names::load(app));
  Html inside;
  std::map<PersonId, std::string> known;
  if (viewer.role == SiteRole::Admin) {
    const auto wanted = OrganisationId::parse(request.http.query_value("organisation").value_or(""));
    const auto organisation = viewer.is_instance_admin && wanted ? *wanted : viewer.organisation.value_or(OrganisationId{});
    TRY(const auto people, service::people_of(app.services, viewer, organisation));
    for (const auto& person : people) known[person.id] = person.name;
    inside += People{frame, viewer, organisation}.part(names.of(organisation), people);
    if (const auto row = names.all().find(organisation); row != names.all().end()) inside += flags_part(app, frame, row->second);
  }
  if (viewer.is_instance_admin) {
    std::vector<Option> all_of_them;
    for (const auto& [id, row] : names.all()) all_of_them.push_back({id.text(), row.profile.name});
    std::sort(all_of_them.begin(), all_of_them.end(), [](const Option& a, const Option& b) { return a.words < b.words; });
    inside += more("People of another organisation", el("form", {attr("method", "get"), action(path("/administration"))}, select({.name = "organisation", .label = "Organisation"}, all_of_them), submit("Show its people", "button second")));
    if (viewer.kind == access::Viewer::Kind::Person) {
      TRY(const auto glasses, service::glasses(app.services, viewer));
      inside += glass_part(app, request, frame, glasses);
    }
  }
  TRY(const auto log, service::access_log(app.services, viewer));
  inside += reading_part(log, names, known);
  auto out = html_page(frame, "Administration", inside, {.width = "wide"});
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

Result<service::Work> do_administration(App& app, const Request& request) {
  const auto& command = request.path.at("command");
  const auto asker = request.asker();
  auto& viewers = app.doors.viewers;
  static constexpr std::string_view kKnown[] = {"suspend", "restore", "end", "role", "disable", "enable", "ask_factor_reset", "confirm_factor_reset", "refuse_factor_reset", "ask_glass", "confirm_glass", "close_glass", "state_flags"};
  if (std::find(std::begin(kKnown), std::end(kKnown), command) == std::end(kKnown)) return no_page();
  // The routes of the API ask a token for a scope; here a page is all there is.
  if (request.viewer.kind != access::Viewer::Kind::Person) return fail(ErrorKind::Forbidden, "This page's forms are for people who signed in; a token uses the API.");
  if (command == "state_flags") return state_flags(app, request);  // as the API's profile, without a confirmation
  if (command != "refuse_factor_reset" && command != "close_glass") TRY(confirmed_lately(app, request));
  if (command == "ask_glass") {
    const auto id = CaseId::parse(form_value(request, "case"));
    if (!id) return fail(ErrorKind::Invalid, "This is no case's id.", "/case");
    return service::ask_to_break_glass(app.services, viewers, asker, {*id, given(request, "reason"), std::atoi(form_value(request, "hours").c_str())});
  }
  if (command == "confirm_glass" || command == "close_glass") {
    const auto id = TwoPersonRequestId::parse(form_value(request, "glass"));
    if (!id) return no_page();
    return command == "confirm_glass" ? service::confirm_glass(app.services, viewers, asker, *id) : service::close_glass(app.services, viewers, asker, *id);
  }
  const auto person = PersonId::parse(form_value(request, "person"));
  const auto organisation = OrganisationId::parse(form_value(request, "organisation"));
  if (!person || !organisation) return no_page();
  if (command == "suspend") return service::change_affiliation(app.services, viewers, asker, *person, *organisation, store::AffiliationState::Suspended);
  if (command == "restore") return service::change_affiliation(app.services, viewers, asker, *person, *organisation, store::AffiliationState::Active);
  if (command == "end") return service::change_affiliation(app.services, viewers, asker, *person, *organisation, store::AffiliationState::Ended);
  if (command == "disable") return service::disable_person(app.services, viewers, asker, *person);
  if (command == "enable") return service::enable_person(app.services, viewers, asker, *person);
  if (command == "ask_factor_reset") return service::ask_factor_reset(app.services, viewers, asker, *person);
  if (command == "confirm_factor_reset") return service::confirm_factor_reset(app.services, viewers, asker, *person);
  if (command == "refuse_factor_reset") return service::refuse_factor_reset(app.services, asker, *person);
  const auto role = from_word<SiteRole>(form_value(request, "role"));
  if (!role) return fail(ErrorKind::Invalid, "Choose a role.", "/role");
  return service::change_role(app.services, viewers, asker, *person, *organisation, *role);
}

Response administration_done(App&, const Request&, const service::Committed&) { return see_other("/administration"); }

}  // namespace sluice::web::pages
