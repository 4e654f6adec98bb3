// Signing in and out, the first administrator, and confirming who is sitting there. Unknown accounts and wrong passwords look alike (EXI-8).
#include <algorithm>

#include "service/totp.h"
#include "store/people.h"
#include "web/api/names.h"
#include "web/pages/layout.h"

namespace sluice::web::pages {

namespace {

constexpr int kTwelveHours = 12 * 3600;

struct DemoPerson { PersonId id; std::string name, organisation, role; };

Result<std::vector<DemoPerson>> demo_people(App& app) {
  std::vector<DemoPerson> out;
  TRY(const auto names, api::Names::load(app));
  TRY(auto db, app.services.store.lease());
  TRY(const auto people, store::people(*db, app.services.cells()));
  for (const auto& person : people) {
    TRY(const auto affiliations, store::affiliations_of(*db, person.id));
    for (const auto& a : affiliations)
      if (a.state == store::AffiliationState::Active) {
        out.push_back({person.id, person.name, names.of(a.organisation), to_word(a.organisation_kind) + ", " + to_word(a.role)});
        break;
      }
  }
  std::sort(out.begin(), out.end(), [](const DemoPerson& a, const DemoPerson& b) { return std::tie(a.organisation, a.name) < std::tie(b.organisation, b.name); });
  return out;
}

Html password_form(const Frame& frame, std::string_view mail) {
  return form(path("/sign-in"), frame.csrf,
              all(field({.name = "mail", .label = "Mail address", .kind = Field::Kind::Mail, .required = true, .value = mail, .most = 320, .complete = "username"}),
                  field({.name = "password", .label = "Password", .kind = Field::Kind::Password, .required = true, .most = 1024, .complete = "current-password"}), el("p", {cls("actions")}, submit("Sign in"))));
}

// A Work that writes nothing: what the reply has to know is in its answer.
service::Work nothing_but(json::object answer) {
  return [answer = std::move(answer)](service::Unit&) -> Result<service::Committed> { return service::Committed{.answer = answer}; };
}

Response with_cookie(const Request& request, std::string_view value, int max_age, std::string_view to) {
  auto out = see_other(to);
  out.headers.emplace_back("Set-Cookie", cookie(session_cookie_name(request.http.tls), value, request.http.tls, max_age, "Lax"));
  return out;
}

std::string_view secret_of(const Request& request, std::string_view name) {
  const auto found = request.form.find(name);
  return found == request.form.end() ? std::string_view() : std::string_view(found->second);
}

Html code_field(std::string_view help) { return field({.name = "code", .label = "Code", .help = help, .kind = Field::Kind::Code, .required = true, .most = 40, .complete = "one-time-code"}); }

json::array choices_of(const service::SignedIn& known) {
  json::array out;
  for (const auto& choice : known.choices) out.push_back(json::object{{"id", choice.organisation.text()}, {"name", choice.name}, {"role", to_word(choice.role)}});
  return out;
}

// Everything but the choice of the organisation is given: the session where there is one to choose, else the question.
service::Work session_or_choice(App& app, const Request& request, service::SignedIn known) {
  if (known.choices.size() == 1) {
    const auto organisation = known.choices.front().organisation;
    return service::open_session(app.services, std::move(known), organisation, request.id);
  }
  json::object answer{{"person", known.person.text()}, {"bound", known.bound}, {"choices", choices_of(known)}};
  return service::prove(app.services, std::move(known), std::move(answer));
}

Html first_run_fields(const Frame& frame) {
  return form(path("/first-run"), frame.csrf,
              all(field({.name = "code", .label = "One-time code", .help = "It stands in the server's log, printed when it started.", .kind = Field::Kind::Code, .required = true, .most = 100, .complete = "off"}),
                  field({.name = "name", .label = "Your name", .required = true, .most = 200, .complete = "name"}), field({.name = "mail", .label = "Mail address", .kind = Field::Kind::Mail, .required = true, .most = 320, .complete = "username"}),
                  field({.name = "password", .label = "Password", .help = "At least 12 characters; any will do. A sentence is easier to remember.", .kind = Field::Kind::Password, .required = true, .most = 1024, .complete = "new-password"}),
                  el("p", {cls("actions")}, submit("Make the account"))));
}

}  // namespace

Result<Response> sign_in_form(App& app, const Request& request) {
  const auto frame = frame_of(app, request);
  Html inside;
  if (frame.signed_in) inside += notice(Tone::Good, "You are signed in already", el("p", link(path("/cases"), "Go to your cases")));
  if (frame.demo) {
    TRY(const auto people, demo_people(app));
    Html items;
    for (const auto& person : people)
      items += el("li", form(path("/sign-in/demo"), frame.csrf, all(hidden("person", person.id.text()), el("button", {attr("type", "submit"), cls("person")}, el("strong", person.name), el("span", person.organisation), el("span", {cls("quiet")}, person.role))), "inline"));
    inside += section("demo", "Be one of these people", people.empty() ? empty_state("There is nobody yet.", "`./dev demo` fills a demo site with people.") : el("ul", {cls("people")}, items));
  }
  inside += section("with-password", frame.demo ? "Or with a password" : "With your password", password_form(frame, {}));
  inside += el("p", "No account? You need none to report: ", link(path("/report"), "report a vulnerability"), " or ", link(path("/mailbox"), "open your mailbox"), ".");
  return html_page(frame, "Sign in", inside, {.at = At::SignIn});
}

Result<service::Work> sign_in(App& app, const Request& request) {
  const auto password = request.form.find("password");
  TRY(const auto known, app.doors.sign_in.with_password(form_value(request, "mail"), password == request.form.end() ? std::string_view() : std::string_view(password->second), request.http.peer));
  switch (known.factor) {
    case service::SignedIn::Factor::Set: return nothing_but({{"stage", "code"}, {"ticket", app.doors.sign_in.ticket(known, service::SignIn::Stage::Code)}});
    case service::SignedIn::Factor::Wanted: {
      auto begun = known;
      begun.first_secret = service::new_factor_secret(app.services.random);
      return nothing_but({{"stage", "enrol"}, {"ticket", app.doors.sign_in.ticket(begun, service::SignIn::Stage::Enrol)}, {"secret", begun.first_secret}, {"mail", begun.mail}});
    }
    case service::SignedIn::Factor::None: break;
  }
  return session_or_choice(app, request, known);
}

Result<service::Work> sign_in_code(App& app, const Request& request) {
  TRY(auto known, app.doors.sign_in.with_code(form_value(request, "ticket"), secret_of(request, "code"), request.http.peer));
  return session_or_choice(app, request, std::move(known));
}

Result<service::Work> sign_in_factor(App& app, const Request& request) {
  TRY(auto known, app.doors.sign_in.with_first_code(form_value(request, "ticket"), secret_of(request, "code"), request.http.peer));
  return session_or_choice(app, request, std::move(known));
}

Result<service::Work> choose_organisation(App& app, const Request& request) {
  TRY(const auto known, app.doors.sign_in.from_ticket(form_value(request, "ticket"), service::SignIn::Stage::Choose));
  const auto wanted = form_value(request, "organisation");
  for (const auto& choice : known.choices)
    if (choice.organisation.text() == wanted) return service::open_session(app.services, known, choice.organisation, request.id);
  return fail(ErrorKind::Invalid, "Choose one of your organisations.", "/organisation");
}

Result<service::Work> sign_in_demo(App& app, const Request& request) {
  const auto person = PersonId::parse(form_value(request, "person"));
  if (!person) return fail(ErrorKind::NotFound, "There is no such page here.");
  return service::open_demo_session(app.services, *person);
}

Html recovery_list(const json::object& answer) {
  const auto* codes = answer.if_contains("recovery_codes");
  if (codes == nullptr || !codes->is_array()) return {};
  Html items;
  for (const auto& code : codes->get_array()) items += el("li", el("code", std::string_view(code.get_string())));
  return all(notice(Tone::Alarm, "Keep these ten recovery codes", all(el("p", "Each signs you in once, in place of a code of your app, on the day it is lost. They are shown this once. Print them, or put them where you keep passwords; not on the same phone."), el("ul", {cls("codes")}, items))));
}

Html secret_shown(std::string_view uri, std::string_view secret) {
  std::string groups;
  for (std::size_t i = 0; i < secret.size(); i += 4) groups += (i > 0 ? " " : "") + std::string(secret.substr(i, 4));
  return all(el("ol", el("li", "Open an authenticator app and add an account by hand, of the kind that counts by time."), el("li", "Type this key into it: ", el("code", {cls("secret")}, groups)),
                el("li", "Then type the six digits that it shows.")),
             more("The same as an address, for a program that reads it", verbatim("Address of the key", uri)));
}

Response signed_in(App& app, const Request& request, const service::Committed& committed) {
  const auto frame = frame_of(app, request);
  const auto never_kept = [](Response out) {
    out.headers.emplace_back("Cache-Control", "no-store");
    return out;
  };
  const auto codes = recovery_list(committed.answer);
  if (const auto value = text_at(committed.answer, "cookie"); !value.empty()) {
    auto out = with_cookie(request, value, kTwelveHours, "/cases");
    if (codes.empty()) return out;
    auto page = never_kept(html_page(frame, "Your second factor is set", all(codes, el("p", link(path("/cases"), "I have kept them: go on to your cases"))), {.at = At::SignIn}));
    for (const auto& header : out.headers)
      if (header.first == "Set-Cookie") page.headers.push_back(header);
    return page;
  }
  const auto ticket = hidden("ticket", text_at(committed.answer, "ticket"));
  const auto stage = text_at(committed.answer, "stage");
  if (stage == "code") {
    const auto inside = form(path("/sign-in/code"), frame.csrf, all(ticket, code_field("The six digits that your authenticator app shows now, or one of your recovery codes."), el("p", {cls("actions")}, submit("Go on"))));
    return never_kept(html_page(frame, "Your second factor", all(inside, el("p", {cls("quiet")}, "Phone and recovery codes lost? Two administrators together take the factor away: one asks, another confirms.")), {.at = At::SignIn}));
  }
  if (stage == "enrol") {
    const auto inside = all(el("p", {cls("lead")}, "Whoever coordinates, or administers an organisation or this site, signs in with a second factor. You set it now, once."),
                            secret_shown(service::otpauth_uri(frame.site, text_at(committed.answer, "mail"), text_at(committed.answer, "secret")), text_at(committed.answer, "secret")),
                            form(path("/sign-in/factor"), frame.csrf, all(ticket, code_field("Six digits, from the app."), el("p", {cls("actions")}, submit("Set it")))));
    return never_kept(html_page(frame, "Set your second factor", inside, {.at = At::SignIn}));
  }
  service::SignedIn known;
  if (const auto person = PersonId::parse(text_at(committed.answer, "person"))) known.person = *person;
  known.bound = text_at(committed.answer, "bound");
  if (const auto since = parse_instant(text_at(committed.answer, "proven"))) known.proof = {.kind = service::FactorProof::Kind::Earlier, .since = *since};
  std::vector<Option> options;
  if (const auto* choices = committed.answer.if_contains("choices"); choices != nullptr && choices->is_array())
    for (const auto& choice : choices->get_array()) options.push_back({std::string(string_at(choice, "id")), std::string(string_at(choice, "name")) + ", " + std::string(string_at(choice, "role"))});
  const auto inside = form(path("/sign-in/organisation"), frame.csrf,
                           all(hidden("ticket", app.doors.sign_in.ticket(known, service::SignIn::Stage::Choose)),
                               radios({.name = "organisation", .label = "For which organisation?", .help = "You act for one at a time. To act for another, sign out and in again.", .required = true}, options), el("p", {cls("actions")}, submit("Go on"))));
  return never_kept(html_page(frame, "Whom do you act for?", all(codes, inside), {.at = At::SignIn}));
}

Result<Response> first_run_form(App& app, const Request& request) {
  const auto frame = frame_of(app, request);
  const Html inside = all(el("p", {cls("lead")}, "Whoever starts this site makes its first administrator here, once, with the code that the server printed."), first_run_fields(frame));
  return html_page(frame, "Set up this site", inside);
}

Result<service::Work> create_administrator(App& app, const Request& request) {
  const auto password = request.form.find("password");
  return app.doors.first_run.create_administrator(form_value(request, "code"), form_value(request, "name"), form_value(request, "mail"), password == request.form.end() ? std::string_view() : std::string_view(password->second));
}

Response administrator_created(App&, const Request&, const service::Committed&) { return see_other("/sign-in"); }

Result<service::Work> sign_out(App& app, const Request& request) {
  if (!request.viewer.session) return fail(ErrorKind::Unauthenticated, "Nobody is signed in here.");
  return service::end_session(app.services, app.doors.viewers, request.asker(), *request.viewer.session);
}

Response signed_out(App&, const Request& request, const service::Committed&) {
  auto out = with_cookie(request, "", 0, "/");
  out.headers.emplace_back("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");  // WEB-4
  return out;
}

Result<Response> step_up_form(App& app, const Request& request) {
  const auto frame = frame_of(app, request);
  Html fields;
  if (frame.demo) {
    fields += el("p", "On a demo site a click will do.");
  } else if (request.viewer.kind == access::Viewer::Kind::Person) {
    TRY(const auto factor, service::factor_shown(app.services, request.viewer));
    if (factor.set) fields += code_field("The six digits that your authenticator app shows now, or one of your recovery codes.");
    else fields += field({.name = "password", .label = "Your password", .kind = Field::Kind::Password, .required = true, .most = 1024, .complete = "current-password"});
  }
  fields += el("p", {cls("actions")}, submit("Confirm"));
  return html_page(frame, "Confirm that it is you", all(el("p", {cls("lead")}, "Publishing, ending an embargo and changing who takes part need a confirmation not older than ten minutes."), form(path("/step-up"), frame.csrf, fields)));
}

Result<service::Work> step_up(App& app, const Request& request) {
  if (!request.viewer.person) return fail(ErrorKind::Unauthenticated, "Nobody is signed in here.");
  service::FactorProof proof;
  if (!app.services.site.file.demo) {
    TRY(proof, app.doors.sign_in.confirm(*request.viewer.person, secret_of(request, "password"), secret_of(request, "code"), request.http.peer));
  }
  return service::step_up(app.services, app.doors.viewers, request.asker(), std::move(proof));
}

Response stepped_up(App&, const Request&, const service::Committed&) { return see_other("/cases"); }

}  // namespace sluice::web::pages
