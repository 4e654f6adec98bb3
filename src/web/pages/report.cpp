// The report form: asked, reviewed with the one receiver named, sent. Works the same for a reporter with an account, who then gets no code.
#include <algorithm>

#include "gate/content_signs.h"
#include "web/api/files.h"
#include "web/api/names.h"
#include "web/pages/layout.h"
#include "web/pages/mailbox.h"
#include "web/router.h"
#include "web/pages/report_questions.h"

namespace sluice::web::pages {

namespace {

std::string kind_words(access::OrganisationKind kind) { return to_word(kind); }

Receiver receiver_of(const store::OrganisationRow& row) {
  Receiver out{row.id.text(), row.profile.name, kind_words(row.kind), {}, row.profile.policy.has_value()};
  if (row.profile.policy && row.profile.policy->acknowledge_within) out.acknowledge_within = words_of_length(*row.profile.policy->acknowledge_within);
  return out;
}

Result<std::vector<Receiver>> receivers_of(App& app) {
  TRY(const auto names, api::Names::load(app));
  std::vector<Receiver> out;
  for (const auto& [id, row] : names.all())
    if (row.profile.takes_reports.value_or(false)) out.push_back(receiver_of(row));
  std::sort(out.begin(), out.end(), [](const Receiver& a, const Receiver& b) { return a.name < b.name; });
  return out;
}

Answers answers_of(const Request& request) {
  Answers out;
  const auto take = [&](std::string_view name) {
    if (auto value = form_value(request, name); !value.empty()) out[std::string(name)] = std::move(value);
  };
  take("to");
  for (const auto& q : kQuestions) take(q.name);
  // What it holds: chosen in the form, or kept by the page that shows everything once more.
  take("classes");
  for (const auto& one : api::classes_in_form(request).value_or(std::vector<std::string>{})) out["classes"] += (out["classes"].empty() ? "" : ",") + one;
  return out;
}

// "poc,technical-detail", as the form's page keeps them.
std::optional<std::vector<std::string>> classes_of(const Answers& answers) {
  const auto found = answers.find("classes");
  if (found == answers.end()) return {};
  std::vector<std::string> out{""};
  for (const char c : found->second)
    if (c == ',') out.emplace_back();
    else out.back() += c;
  return out;
}

// As the reporter says, and where the description looks as if it held something: a hint, before anything is sent.
Html what_it_holds(const Answers& answers, const cvd::ReportContent& content, const std::vector<Option>& options) {
  Html items;
  for (const auto& one : classes_of(answers).value_or(std::vector<std::string>{})) {
    const auto option = std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.value == one; });
    items += el("li", option == options.end() ? one : option->words);
  }
  Html signs;
  for (const auto& one : gate::signs_in(content.description)) signs += el("li", "Line ", std::to_string(one.line), ": ", one.what);
  Html inside = items.empty() ? Html() : all(el("p", "You say that it holds:"), el("ul", items));
  if (!signs.empty()) inside += all(el("p", "The description looks as if it held this. That is a hint: you decide what you send, and can say what it holds."), el("ul", signs));
  return inside.empty() ? Html() : section("holds", "What it holds", inside);
}

bool has_account(const Request& request) { return request.viewer.organisation.has_value(); }

Response show_form(const Frame& frame, const Answers& answers, const Wrong& wrong, const std::vector<Receiver>& receivers, bool account, const std::vector<Option>& classes) {
  const PageOptions options{.at = At::Report};
  if (receivers.empty())
    return html_page(frame, "Report a vulnerability", empty_state("Nobody takes reports here yet.", "An administrator has to name at least one organisation that receives reports. Until then, please write to the contacts in security.txt."), options);
  Html inside = el("p", {cls("lead")}, "Tell what you know; three answers are enough. You see everything once more, with the name of who will get it, before anything is sent.");
  inside += report_mistakes(wrong);
  if (!account)
    inside += notice(Tone::Quiet, "You can stay anonymous", el("p", "No account, no mail address. After sending you get a code, once: it is the only way to your mailbox, where questions and news about your report are left for you."));
  inside += form(path("/report/review"), frame.csrf, all(report_questions(answers, wrong, receivers, account, classes), el("p", {cls("actions")}, submit("Look at it once more"))));
  return html_page(frame, "Report a vulnerability", inside, options, wrong.empty() ? 200 : 422);
}

Html what_next(const Receiver& receiver, const store::OrganisationRow& row, const cvd::ReportContent& content, Instant now, bool account) {
  Html steps = el("li", receiver.name, receiver.acknowledge_within.empty() ? Html(" gets your report at once and will look at it.") : Html(" gets your report at once. It says that it answers within " + receiver.acknowledge_within + "."));
  const auto outcome = cvd::default_embargo(content.proposed_embargo_until, row.profile.policy ? row.profile.policy->embargo : cvd::EmbargoPolicy{}, now);
  if (outcome.active_end) {
    steps += el("li", "It is kept back until ", time(*outcome.active_end), ", by ", receiver.name, " and by whoever it brings in.");
    if (outcome.open_end) steps += el("li", "Another end, ", time(*outcome.open_end), ", counts as proposed and will be talked about.");
  } else if (outcome.open_end) {
    steps += el("li", "Your proposal to keep it back until ", time(*outcome.open_end), " goes with it. It binds nobody before it is agreed.");
  } else {
    steps += el("li", "No embargo begins by itself. You and ", receiver.name, " can agree on one.");
  }
  steps += account ? el("li", "You find the case in your list of cases.") : el("li", "You get a report code, shown once. With it you read and answer in your mailbox here.");
  if (receiver.has_policy) steps += el("li", link(path("/policies") / receiver.id, "The policy of " + receiver.name), " says more.");
  return el("ol", {cls("steps")}, steps);
}

}  // namespace

Result<Response> report_form(App& app, const Request& request) {
  TRY(const auto receivers, receivers_of(app));
  Answers answers;
  if (const auto chosen = request.path.find("organisation"); chosen != request.path.end()) {
    const auto known = std::any_of(receivers.begin(), receivers.end(), [&](const Receiver& r) { return r.id == chosen->second; });
    if (!known) return fail(ErrorKind::NotFound, "There is no such receiver here.");
    answers["to"] = chosen->second;
  }
  return show_form(frame_of(app, request), answers, {}, receivers, has_account(request), content_options(app));
}

Result<Response> report_review(App& app, const Request& request) {
  TRY(const auto receivers, receivers_of(app));
  const auto answers = answers_of(request);
  const auto frame = frame_of(app, request);
  const auto now = app.services.clock.now();
  auto read = read_report(answers, now);
  const Receiver* receiver = nullptr;
  for (const auto& r : receivers)
    if (const auto to = answers.find("to"); to != answers.end() && r.id == to->second) receiver = &r;
  if (receiver == nullptr) read.wrong["to"] = "Please choose who shall receive it.";
  const bool back = form_value(request, "step") == "edit";
  if (back || !read.wrong.empty()) return show_form(frame, answers, back ? Wrong{} : read.wrong, receivers, has_account(request), content_options(app));

  TRY(const auto names, api::Names::load(app));
  const auto row = names.all().find(*OrganisationId::parse(receiver->id));
  Html kept = hidden("confirmed", receiver->id);
  for (const auto& [name, answer] : answers) kept += hidden(name, answer);
  Html inside = report_review_of(answers, *receiver, what_next(*receiver, row->second, read.content, now, has_account(request)));
  inside += what_it_holds(answers, read.content, content_options(app));
  // Solved by the script while this is read; empty without it, and then the plain quota counts.
  const bool proves = !has_account(request) && app.services.settings.intake_limits;
  if (proves) kept += el("input", {attr("type", "hidden"), attr("name", "proof"), markup::id("proof"), value("")});
  inside += form(path("/report"), frame.csrf,
                 all(kept, el("p", {cls("actions")}, submit("Send it to " + receiver->name), " ",
                              el("button", {attr("type", "submit"), attr("name", "step"), value("edit"), formaction(path("/report/review")), cls("button second")}, "Change something"))));
  return html_page(frame, "Is this right?", inside, {.at = At::Report, .head = proves ? script_file(path("/assets") / proof_script_name()) : Html()});
}

Result<service::Work> send_report(App& app, const Request& request) {
  const auto answers = answers_of(request);
  const auto read = read_report(answers, app.services.clock.now());
  if (!read.wrong.empty()) return fail(ErrorKind::Invalid, read.wrong.begin()->second, "/" + read.wrong.begin()->first);
  const auto to = OrganisationId::parse(form_value(request, "to"));
  if (!to || form_value(request, "confirmed") != to->text()) return fail(ErrorKind::Invalid, "Look at the report once more and confirm who shall receive it.", "/to");
  return service::submit_report(app.services, request.asker(), {to, read.content, classes_of(answers)});
}

Response report_received(App& app, const Request& request, const service::Committed& committed) {
  const auto frame = frame_of(app, request);
  const auto id = text_at(committed.answer, "id");
  const auto code = text_at(committed.answer, "code");
  const auto recorded = committed.acknowledgement ? parse_instant(text_at(*committed.acknowledgement, "recorded")) : fail(ErrorKind::NotFound, "");
  Html inside = el("p", {cls("lead")}, "Your report was written down", recorded ? all(" on ", time(*recorded)) : Html(), ". Thank you.");
  const auto report = ReportId::parse(id);
  if (!code.empty() && report) {
    inside += el("div", {cls("secret"), attr("role", "group"), attr("aria-labelledby", "code-title")}, el("p", {cls("title"), markup::id("code-title")}, "Your report code, shown this once"), el("p", el("code", {cls("report-code")}, code)),
                 el("p", "Write it down or save it. It is the only way back to your mailbox: nobody can look it up or make a new one, and whoever has it reads your mailbox."));
    auto as_reporter = request;
    as_reporter.viewer = access::Viewer::reporter(*report);
    inside += section("files", "Files for it", all(el("p", "Write the code down first: this page isn't shown again."), mailbox_file_form(csrf_token(app, as_reporter), content_options(app))));
    inside += section("mailbox", "Your mailbox",
                      all(el("p", "Questions and news about your report are left there, and you can add files. It stays open in this browser for an hour, or until you close it; later you need the code."),
                          el("p", {cls("actions")}, el("a", {href(path("/mailbox/thread")), cls("button")}, "Open the mailbox"), " ", el("a", {href(path("/mailbox/receipt")), cls("button second"), attr("download", "")}, "Save the proof of receipt"))));
  } else if (const auto case_id = CaseId::parse(text_at(committed.answer, "case"))) {
    inside += el("p", {cls("actions")}, el("a", {href(path("/cases") / case_id->text()), cls("button")}, "Open the case"));
  }
  Facts facts;
  facts.add("Report", el("code", id));
  inside += section("proof", "Proof that it arrived",
                    all(paragraphs("The site signed for your report the moment it was recorded. Keep this signature, or fetch the full receipt from your mailbox after a minute; anyone can check either without this site, with `sluice receipt verify`."), facts.html(),
                        committed.acknowledgement ? more("The signed acknowledgement", verbatim("The signed acknowledgement", canonical(*committed.acknowledgement))) : Html()));
  auto out = html_page(frame, "Received", inside, {.at = At::Report}, 201);
  out.headers.emplace_back("Cache-Control", "no-store");
  if (!code.empty() && report) out.headers.emplace_back("Set-Cookie", cookie(mailbox_cookie_name(request.http.tls), app.doors.mailboxes.cookie(*report), request.http.tls, 3600, "Strict"));
  return out;
}

}  // namespace sluice::web::pages
