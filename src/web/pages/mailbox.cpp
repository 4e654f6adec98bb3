// The mailbox of a report without an account: opened by its report code, kept open by a sealed cookie for an hour.
#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/api/names.h"
#include "web/pages/layout.h"
#include "web/pages/mailbox.h"

namespace sluice::web::pages {

namespace {

// The mailbox's viewer also where somebody is signed in besides: the session is then the request's own viewer.
Result<access::Viewer> reporter(App& app, const Request& request) {
  if (request.viewer.kind == access::Viewer::Kind::Reporter) return request.viewer;
  const auto kept = request.http.cookie(mailbox_cookie_name(request.http.tls));
  if (!kept) return fail(ErrorKind::Unauthenticated, "No mailbox is open here. Enter the report code.");
  return app.doors.mailboxes.viewer_of_cookie(*kept);
}

Html code_form(const Frame& frame) {
  return form(path("/mailbox"), frame.csrf,
              all(field({.name = "code", .label = "Report code", .help = "Five groups of four, such as k7f2-x9qm-3vbd-w8ha-n5tc. Capitals and blanks don't matter.", .kind = Field::Kind::Code, .required = true, .most = 60, .complete = "off"}),
                  el("p", {cls("actions")}, submit("Open the mailbox"))));
}

// Whom it was passed on to, why, and whether it is there: the reporter is told each time.
Html passed_on(const Mailbox& mailbox) {
  Html items;
  for (const auto& route : mailbox.report.routes)
    items += el("li", time(route.at), ": ", el("strong", mailbox.name(route.to)), route.by_reporter ? " was asked, as you wished. " : all(" was asked, because ", words_of(route.reason), ". "),
                route.taken_up ? all("It has your report since ", time(*route.taken_up), ".") : Html("It hasn't answered yet, and reads nothing before."), route.by_reporter ? Html() : paragraphs(route.why));
  return items.empty() ? Html() : section("passed-on", "Who else was asked", el("ul", {cls("plain")}, items));
}

Html files_of(const Frame& frame, const Mailbox& mailbox) {
  Table table("Files", {"Name", "Size", "Added", "SHA-256"});
  for (const auto& file : mailbox.files)
    table.row({el("a", {href(path("/mailbox/files") / file.id.text()), attr("download", "")}, file.name), words_of_size(file.size), time(file.added), el("code", {cls("hash")}, hex(file.hash))});
  return section("files", "Files", all(table.empty() ? Html() : table.html(), mailbox_file_form(frame.csrf, mailbox.classes)));
}

Html ask_for_coordinator(const Frame& frame, const Mailbox& mailbox) {
  if (mailbox.coordinators.empty()) return {};
  return more("Ask for a coordinator",
              form(path("/mailbox/route"), frame.csrf,
                   all(el("p", "Where you and ", mailbox.receiver, " don't get on, or nobody answers, a coordinator can help. It gets your report and this mailbox once it has agreed to the terms; ", mailbox.receiver, " is told."),
                       select({.name = "to", .label = "Whom?", .required = true}, mailbox.coordinators),
                       field({.name = "why", .label = "Why?", .help = "Read by the coordinator before it has agreed to anything: name no details of the vulnerability.", .kind = Field::Kind::Text, .required = true, .most = 4'000}), el("p", {cls("actions")}, submit("Ask for this coordinator")))));
}

// What the reporter says has leaked, and how that ended; the drill itself is the coordination's.
Html leaks_of(const Frame& frame, const Mailbox& mailbox) {
  Html items;
  for (const auto& leak : mailbox.leaks)
    items += el("li", el("strong", leak.what), ", seen ", time(leak.occurred), " in ", prose(leak.where_seen), ". ", leak.closed_why ? all("Ended: ", prose(*leak.closed_why)) : Html("It is being followed up."));
  const auto claim = more("Say that something leaked",
                          form(path("/mailbox/leak"), frame.csrf,
                               all(field({.name = "what", .label = "What leaked?", .required = true, .most = 2'000, .scope = "leak"}), field({.name = "where_seen", .label = "Where was it seen?", .required = true, .most = 2'000, .scope = "leak"}),
                                   field({.name = "evidence", .label = "What shows it?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = "leak"}), el("p", {cls("actions")}, submit("Send this")))));
  return items.empty() ? claim : section("leaks", "Leaks", all(el("ul", {cls("plain")}, items), claim));
}

Html credit(const Frame& frame, const Mailbox& mailbox) {
  const auto& said = mailbox.report.credit;
  static const Option kWanted[] = {{"yes", "Yes, under this name"}, {"no", "No, don't name me"}};
  const auto asked = mailbox.report.content ? mailbox.report.content->credit.value_or("") : std::string();
  return more("How you want to be credited",
              all(said ? el("p", said->wanted ? all("You want to be credited as ", el("strong", said->name.value_or("")), ".") : Html("You want no credit.")) : Html(),
                  form(path("/mailbox/credit"), frame.csrf,
                       all(radios({.name = "wanted", .label = "Do you want to be credited when it is published?", .required = true}, kWanted),
                           field({.name = "name", .label = "Name", .help = "As it should stand in the advisory. You can change it until then.", .value = said && said->name ? *said->name : asked, .most = 300, .scope = "credit"}), el("p", {cls("actions")}, submit("Say so"))))));
}

// The reporter may be the first to see it in the world. A person looks at it; nothing ends by itself.
Html say_known(const Frame& frame, const Mailbox& mailbox) {
  static const Option kFacts[] = {{"p", "It is publicly known"}, {"x", "An exploit is public"}, {"a", "Attacks were seen"}};
  return more("Say that it became known",
              form(path("/mailbox/claim"), frame.csrf,
                   all(el("p", mailbox.receiver, " looks at what you say and decides what follows from it."), radios({.name = "fact", .label = "What?", .required = true}, kFacts),
                       field({.name = "evidence", .label = "How do you know?", .help = "Addresses, samples, who saw it.", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = "known"}), el("p", {cls("actions")}, submit("Send")))));
}

// Coordinators that take reports here and weren't asked yet.
std::vector<Option> coordinators(const api::Names& names, const cvd::ReportCard& report, OrganisationId owner) {
  std::vector<Option> out;
  for (const auto& [id, row] : names.all()) {
    const bool asked = std::any_of(report.routes.begin(), report.routes.end(), [&id = id](const auto& route) { return route.to == id; });
    if (row.kind == access::OrganisationKind::Coordinator && row.profile.takes_reports.value_or(false) && id != owner && !asked) out.push_back({id.text(), row.profile.name});
  }
  return out;
}

}  // namespace

Html mailbox_file_form(std::string_view csrf, std::span<const Option> classes) {
  return file_form(path("/mailbox/files"), csrf,
                   all(field({.name = "files", .label = "Add files", .help = "A proof of concept, logs, screenshots. 100 MiB at most in one go, 20 files and 200 MiB for a report. They are kept sealed. What is inside them, such as a name or a place, goes with them.", .kind = Field::Kind::File, .required = true, .scope = "new-"}),
                       content_classes(classes, "new-"), el("p", {cls("actions")}, submit("Send the files"))));
}

std::string mailbox_page(const Frame& frame, const Mailbox& mailbox) {
  const auto& report = mailbox.report;
  const auto& receiver = mailbox.receiver;
  std::string readers = "Only you and " + receiver;
  for (const auto& route : report.routes)
    if (route.taken_up && mailbox.name(route.to) != receiver) readers += " and " + mailbox.name(route.to);
  Html inside = el("p", {cls("lead")}, readers, " read what is written here.");
  Html messages;
  for (const auto& message : report.mailbox)
    messages += el("li", {cls(message.from_reporter ? "message mine" : "message")}, el("p", {cls("by")}, el("strong", message.from_reporter ? std::string("You") : std::string(receiver)), " ", time(message.at)), el("div", paragraphs(message.text)));
  inside += section("messages", "Messages", messages.empty() ? empty_state("Nobody has written yet.", "Questions and news about your report will stand here. Look in from time to time: nothing is sent to you.") : el("ol", {cls("messages")}, messages));
  inside += section("answer", "Write",
                    form(path("/mailbox/thread"), frame.csrf,
                         all(field({.name = "text", .label = "Your message", .kind = Field::Kind::Text, .required = true, .most = 100'000}), content_classes(mailbox.classes, "message-"), el("p", {cls("audience"), attr("data-audience", "report")}, el("span", {cls("icon"), attr("aria-hidden", "true")}, "✉"), " Who will see this: ", receiver, "'s coordination and you"),
                             el("p", {cls("actions")}, submit("Send")))));
  inside += all(files_of(frame, mailbox), passed_on(mailbox), say_known(frame, mailbox), ask_for_coordinator(frame, mailbox), leaks_of(frame, mailbox), credit(frame, mailbox));
  Facts facts;
  facts.add("Received", time(report.received)).add("Report", el("code", report.id.text()));
  if (report.content) facts.add("Title", report.content->title).add("Product", report.content->product);
  Html about = facts.html();
  if (report.content) about += more("What you wrote", paragraphs(report.content->description));
  about += el("p", el("a", {href(path("/mailbox/receipt")), attr("download", "")}, "Save the proof of receipt"));
  inside += section("report", "Your report", about);
  inside += form(path("/mailbox/close"), frame.csrf, el("p", submit("Close the mailbox", "button second"), " It also closes by itself after an hour."), "inline");
  return page(frame, "Your mailbox", inside, {.at = At::Mailbox});
}

Result<Response> mailbox_form(App& app, const Request& request) {
  const auto frame = frame_of(app, request);
  Html inside = el("p", {cls("lead")}, "When you sent a report without an account, you were given a report code. It opens the mailbox of that report.");
  if (reporter(app, request)) inside += el("p", link(path("/mailbox/thread"), "A mailbox is open in this browser"));
  inside += code_form(frame);
  inside += more("The code is lost?", el("p", "Then nobody can open that mailbox for you any more, neither we nor you: there is no copy of the code. You can send a new report and name the old one in it."));
  return html_page(frame, "Open your mailbox", inside, {.at = At::Mailbox});
}

Result<Response> open_mailbox(App& app, const Request& request) {
  const auto opened = app.doors.mailboxes.open_mailbox(form_value(request, "code"), request.http.peer);
  if (!opened && opened.error().kind != ErrorKind::Unauthenticated) return std::unexpected(opened.error());
  if (!opened) {
    const auto frame = frame_of(app, request);
    return html_page(frame, "Open your mailbox", all(notice(Tone::Alarm, "No mailbox opens with this code", el("p", "Check each group, then try again.")), code_form(frame)), {.at = At::Mailbox}, 401);
  }
  auto out = see_other("/mailbox/thread");
  out.headers.emplace_back("Set-Cookie", cookie(mailbox_cookie_name(request.http.tls), app.doors.mailboxes.cookie(*opened), request.http.tls, 3600, "Strict"));
  return out;
}

Result<Response> mailbox_thread(App& app, const Request& request) {
  const auto viewer = reporter(app, request);
  if (!viewer) return see_other("/mailbox");
  TRY(auto seen, app.services.store.as(*viewer).mailbox(*viewer->report));
  const auto* report = seen.view.fold.report(*viewer->report);
  if (report == nullptr) return fail(ErrorKind::NotFound, "There is no such report.");
  TRY(const auto names, api::Names::load(app));
  const auto owner = seen.view.fold.owner.is_nil() ? report->to : seen.view.fold.owner;
  auto out = html(mailbox_page(frame_of(app, request), {*report, names.of(owner), seen.view.fold.files, coordinators(names, *report, owner), [&](OrganisationId id) { return names.of(id); }, seen.view.fold.leaks, content_options(app)}));
  out.headers.emplace_back("Cache-Control", "no-store");
  out.deliveries = std::move(seen.deliveries);
  out.reader = seen.reader;
  out.reader_name = viewer->report->text();
  return out;
}

Result<service::Work> post_in_mailbox(App& app, const Request& request) {
  TRY(const auto viewer, reporter(app, request));
  TRY(const auto seen, app.services.store.as(viewer).mailbox(*viewer.report));
  auto asker = request.asker();
  asker.viewer = viewer;
  asker.session.reset();
  return service::case_command(app.services, asker, seen.view.fold.id, cvd::PostToMailbox{*viewer.report, form_value(request, "text"), api::classes_in_form(request)});
}

Result<service::Work> add_mailbox_files(App& app, const Request& request) {
  TRY(const auto viewer, reporter(app, request));
  TRY(const auto seen, app.services.store.as(viewer).mailbox(*viewer.report));
  auto asker = request.asker();
  asker.viewer = viewer;
  asker.session.reset();
  return api::upload_form(app, request, std::move(asker), seen.view.fold.id, access::Compartment::of(*viewer.report), {});
}

Result<Response> mailbox_file(App& app, const Request& request) {
  TRY(const auto viewer, reporter(app, request));
  TRY(auto seen, app.services.store.as(viewer).mailbox(*viewer.report));
  return api::download(app, request, std::move(seen), viewer.report->text());
}

Result<service::Work> route_from_mailbox(App& app, const Request& request) {
  TRY(const auto viewer, reporter(app, request));
  const auto to = OrganisationId::parse(form_value(request, "to"));
  if (!to) return fail(ErrorKind::Invalid, "Choose one of the coordinators on the page.", "/to");
  TRY(const auto seen, app.services.store.as(viewer).mailbox(*viewer.report));
  auto asker = request.asker();
  asker.viewer = viewer;
  asker.session.reset();
  return service::case_command(app.services, asker, seen.view.fold.id, cvd::RouteReport{*viewer.report, *to, cvd::RouteReason::ReporterAsked, form_value(request, "why"), {}});
}

Result<service::Work> claim_leak_in_mailbox(App& app, const Request& request) {
  TRY(const auto viewer, reporter(app, request));
  TRY(const auto seen, app.services.store.as(viewer).mailbox(*viewer.report));
  auto asker = request.asker();
  asker.viewer = viewer;
  asker.session.reset();
  return service::case_command(app.services, asker, seen.view.fold.id, cvd::ClaimLeak{form_value(request, "what"), form_value(request, "where_seen"), form_value(request, "evidence"), {}});
}

Result<service::Work> credit_from_mailbox(App& app, const Request& request) {
  TRY(const auto viewer, reporter(app, request));
  const auto wanted = form_value(request, "wanted");
  if (wanted != "yes" && wanted != "no") return fail(ErrorKind::Invalid, "Choose yes or no.", "/wanted");
  TRY(const auto seen, app.services.store.as(viewer).mailbox(*viewer.report));
  auto asker = request.asker();
  asker.viewer = viewer;
  asker.session.reset();
  return service::case_command(app.services, asker, seen.view.fold.id, cvd::StateCredit{*viewer.report, wanted == "yes", form_value(request, "name")});
}

Result<service::Work> claim_from_mailbox(App& app, const Request& request) {
  TRY(const auto viewer, reporter(app, request));
  const auto fact = from_word<cvd::Letter>(form_value(request, "fact"));
  if (!fact) return fail(ErrorKind::Invalid, "Choose what became known.", "/fact");
  TRY(const auto seen, app.services.store.as(viewer).mailbox(*viewer.report));
  auto asker = request.asker();
  asker.viewer = viewer;
  asker.session.reset();
  return service::case_command(app.services, asker, seen.view.fold.id, cvd::ClaimFact{std::nullopt, *fact, form_value(request, "evidence"), {}});
}

Response posted_in_mailbox(App&, const Request&, const service::Committed&) { return see_other("/mailbox/thread"); }

Result<Response> mailbox_receipt(App& app, const Request& request) {
  TRY(const auto viewer, reporter(app, request));
  auto as_reporter = request;
  as_reporter.viewer = viewer;
  as_reporter.path["report"] = viewer.report->text();
  TRY(auto out, api::mailbox_receipt(app, as_reporter));
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

Result<Response> close_mailbox(App&, const Request& request) {
  auto out = see_other("/mailbox");
  out.headers.emplace_back("Set-Cookie", cookie(mailbox_cookie_name(request.http.tls), "", request.http.tls, 0, "Strict"));
  return out;
}

}  // namespace sluice::web::pages
