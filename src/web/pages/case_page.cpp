// The list of cases, one case, and what its forms do.
#include "service/knowers.h"
#include "service/legal_clocks.h"
#include "service/mitigation.h"
#include "service/regimes.h"
#include "service/notices.h"
#include "service/release.h"
#include "service/search.h"
#include "store/deliveries.h"
#include "web/api/files.h"
#include "web/api/names.h"
#include "web/cursor.h"
#include "web/pages/case_commands.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

constexpr int kCasesOnPage = 50;

Scene scene_of(App& app, const Request& request, const store::CaseSeen& seen, const api::Names& names, Frame frame) {
  Scene out{.fold = seen.view.fold, .standing = seen.view.standing, .viewer = request.viewer, .name_in_book = [names](OrganisationId id) { return names.of(id); }, .now = app.services.clock.now(), .frame = std::move(frame),
            .two_person = app.services.settings.two_person};
  out.classes = content_options(app);
  out.words = service::PlainWords(app.services.packs);
  return out;
}

// Nothing of the case but that there is one. (EXI-4)
std::string_view stub_title(const Scene& s) { return s.self() != nullptr && s.self()->admission == cvd::Admission::Invited ? "Invitation to a case" : s.fold.reports.empty() ? "A case you take part in" : "A case with a report of yours"; }

Html ruling_words(const json::object& dry_run) {
  const auto* documents = dry_run.if_contains("documents");
  if (documents == nullptr || !documents->is_array()) return {};
  int allowed = 0, refused = 0;
  for (const auto& document : documents->get_array()) {
    const auto* ruling = find_at(document, "/ruling/outcome");
    (ruling != nullptr && ruling->is_string() && ruling->get_string() == "deny" ? refused : allowed) += 1;
  }
  return refused == 0 ? el("p", badge(Tone::Good, "At its instant the gate lets all " + std::to_string(allowed) + " documents out"), " as things stand now.")
                      : el("p", badge(Tone::Held, "The gate would refuse " + std::to_string(refused) + " of " + std::to_string(allowed + refused) + " documents"), " at its instant, as things stand now.");
}

Html waiting_line(const std::vector<Waiting>& waiting, Instant now) {
  Html items;
  for (const auto& w : waiting) items += el("li", w.words, w.due ? all(", by ", time(*w.due), " (", words_until(*w.due, now), ")") : Html());
  return items.empty() ? Html() : el("ul", {cls("waiting")}, items);
}

// The field, and what was found where something was asked.
Result<Html> search_box(App& app, const Request& request, Response& out) {
  constexpr std::size_t kMost = 50;
  const auto asked = request.http.query_value("q").value_or("");
  Html box = el("form", {attr("method", "get"), attr("role", "search"), action(path("/cases")), cls("form inline")},
                all(field({.name = "q", .label = "Find in your cases", .help = "Titles, vulnerabilities, identifiers, products, numbers of your own, threads and messages.", .value = asked, .most = 200}), submit("Find", "button second")));
  if (asked.empty()) return box;
  auto found = app.search->find(request.viewer, asked, kMost);
  if (!found && found.error().kind == ErrorKind::Invalid) return all(box, notice(Tone::Waiting, "Nothing was looked for", el("p", found.error().message)));
  if (!found) return std::unexpected(std::move(found).error());
  Html items;
  for (const auto& one : found->items) {
    auto to = path("/cases") / one.id.text();
    if (one.kind == service::FoundKind::Message) to = to.query("message", one.thing).fragment("m-" + one.thing);
    else if (one.thread) to = to.fragment("h-" + one.thread->text());
    else if (one.kind == service::FoundKind::Vulnerability) to = to.fragment("v-" + one.thing);
    items += el("li", link(to, one.title.empty() ? std::string("A case") : one.title), ": ", one.text);
  }
  Html inside = items.empty() ? empty_state("Nothing was found.", "All words have to stand in one text.") : el("ul", items);
  if (!found->complete) inside += el("p", {cls("quiet")}, "Of your ", std::to_string(found->of), " cases ", std::to_string(found->indexed), " are searched so far.");
  if (found->items.size() == kMost) inside += el("p", {cls("quiet")}, "There may be more: say more words.");
  out.deliveries.insert(out.deliveries.end(), found->deliveries.begin(), found->deliveries.end());
  return all(box, section("found", "Found", inside));
}

}  // namespace

std::string case_page_of(const Scene& s) {
  Html inside = overview(s);
  if (s.stub()) {
    // Terms, their end and why the organisation is essential: nothing else of the case (model §2).
    inside += own_part(s) + embargo_part(s) + reports_part(s);
    return page(s.frame, stub_title(s), inside, {.at = At::Cases, .above = el("p", {cls("trail")}, link(path("/cases"), "Your cases"))});
  }
  struct Part { std::string_view anchor, title; Html html; };
  const Part parts[] = {
      {"own", "Part", own_part(s)},
      {"embargo", "Embargo", embargo_part(s)},
      {"targets", "Targets", targets_part(s)},
      {"vulnerabilities", "Vulnerabilities", vulnerabilities_part(s)},
      {"products", "Products", products_part(s)},
      {"remedies", "Remedies", remedies_part(s)},
      {"mitigations", "Mitigations", mitigations_part(s)},
      {"participants", "Participants", participants_part(s)},
      {"parties", "Parties", parties_part(s)},
      {"glance", "Who stands where", glance_part(s)},
      {"groups", "Groups", groups_part(s)},
      {"threads", "Talk", threads_part(s)},
      {"reports", "Reports", reports_part(s)},
      {"files", "Files", files_part(s)},
      {"statements", "Statements", statements_part(s)},
      {"advisories", "Advisories", advisories_part(s)},
      {"requests", "Two persons", requests_part(s)},
      {"decisions", "Decisions", decisions_part(s)},
      {"law", "Law", law_part(s)},
      {"knowers", "Who knew", knowers_part(s)},
      {"incident", "Incident", incident_part(s)},
      {"notices", "Notices", notices_part(s)},
      {"leaks", "Leaks", leaks_part(s)},
      {"figures", "Measures", figures_part(s)},
      {"timeline", "Timeline", timeline_part(s)},
  };
  Html contents;
  for (const auto& part : parts)
    if (!part.html.empty()) contents += el("li", link_here(part.anchor, part.title));
  inside += el("nav", {cls("contents"), attr("aria-label", "Parts of this case")}, el("ul", contents));
  for (const auto& part : parts) inside += part.html;
  return page(s.frame, s.fold.title.empty() ? "A case" : s.fold.title, inside, {.at = At::Cases, .above = el("p", {cls("trail")}, link(path("/cases"), "Your cases")), .width = "wide"});
}

// The forms that a page may lead to (big_form), each with the part that makes it.
std::string form_page_of(const Scene& s) {
  static constexpr std::pair<std::string_view, Html (*)(const Scene&)> kMadeIn[] = {
      {"invite_participant", participants_part}, {"invite_many", groups_part},      {"change_group", groups_part},   {"ask_status", products_part},      {"add_product", products_part},
      {"agree_target", targets_part},            {"escalate", targets_part},        {"plan_invitation", parties_part}, {"note_leak", leaks_part},        {"erase_compartment", requests_part},
      {"agree_readiness", remedies_part},        {"wait_for_remedy", remedies_part}, {"amend_message", threads_part}, {"retract_message", threads_part},
      {"proceed_without", targets_part},
  };
  if (!s.stub())
    for (const auto& [command, part] : kMadeIn)
      if (s.form->command == command) (void)part(s);
  const auto back = path("/cases") / s.fold.id.text();
  const Html trail = el("p", {cls("trail")}, link(path("/cases"), "Your cases"), " › ", link(back, s.stub() ? std::string(stub_title(s)) : s.fold.title.empty() ? std::string("A case") : s.fold.title));
  if (s.form->html.empty()) return page(s.frame, "This can't be done here", empty_state("There is no such form for you in this case.", "It may have been done meanwhile."), {.at = At::Cases, .above = trail});
  return page(s.frame, s.form->button, s.form->html, {.at = At::Cases, .above = trail});
}

Result<Response> cases(App& app, const Request& request) {
  const auto who = request.viewer.organisation ? request.viewer.organisation->text() : std::string();
  const auto after = cases_after(app, request, "after").value_or(std::nullopt);  // a place that is none: from the beginning
  const auto sight = app.services.store.as(request.viewer);
  TRY(auto cards, sight.cases(after, kCasesOnPage));
  TRY(const auto names, api::Names::load(app));
  const auto frame = frame_of(app, request);
  const auto now = app.services.clock.now();
  Response out;
  TRY(out.deliveries, sight.titles_shown(cards));
  if (request.viewer.organisation) out.reader = app.services.store.tag_of(*request.viewer.organisation);
  Html items;
  for (const auto& card : cards) {
    auto seen = sight.case_view(card.id);
    if (!seen) continue;  // left between the two reads
    const auto scene = scene_of(app, request, *seen, names, frame);
    const bool stub = scene.stub();
    Html badges;
    if (!stub)
      if (const auto unread = sight.unread(card.id); unread && unread->count > 0) badges += el("li", badge(Tone::Waiting, std::to_string(unread->count) + " new", "since you last opened the case"));
    const bool merged = scene.fold.is_merged_away();
    badges += merged ? el("li", badge(Tone::Quiet, "Merged into another case")) : what_the_world_knows(scene) + el("li", badge(said(scene.fold.embargo)));
    if (const auto* self = scene.self(); self != nullptr) badges += el("li", self->admission == cvd::Admission::Confirmed ? badge(said(self->report)) : badge(said(self->admission)));
    const auto* running = scene.fold.running_terms();
    Html body = el("ul", {cls("badges")}, badges);
    if (running != nullptr && !merged) body += el("p", "Embargo until ", time(running->until), ", ", el("strong", words_until(running->until, now)));
    if (stub) {
      // An invitation shows its terms and its reason here already, so what was read is written down as delivered.
      if (const auto* self = scene.self(); self != nullptr && !self->essential_because.empty()) body += el("p", "Essential because: ", prose(self->essential_because));
      out.deliveries.insert(out.deliveries.end(), seen->deliveries.begin(), seen->deliveries.end());
    }
    // By law, if it is worked out already, since the list waits for nothing; and if it follows from what was read.
    if (const auto next = app.clocks == nullptr || stub || !seen->deliveries.empty() ? std::nullopt : app.clocks->next_known(request.viewer, *seen))
      body += el("p", badge(*next->due_at < now ? Tone::Alarm : Tone::Waiting, *next->due_at < now ? "missed by law" : "due by law"), " ", time(*next->due_at), ", ", words_until(*next->due_at, now), ", ", link(path("/due"), "what is due"));
    // A knock: that something waits and by when, nothing of what it says.
    body += waiting_line(by_clock(waiting_for(scene)), now);
    items += el("li", el("h2", link(path("/cases") / card.id.text(), stub ? std::string(stub_title(scene)) : card.title.empty() ? std::string("A case") : card.title)), body, stub || scene.fold.opened == Instant{} ? Html() : el("p", {cls("quiet")}, "Opened ", time(scene.fold.opened)));
  }
  Html inside;
  if (items.empty())
    inside = empty_state(after ? "There are no further cases." : "You have no case yet.", request.viewer.is_instance_admin ? "Administrators of the site see no case: sign in for an organisation that takes part in one." : "A report to your organisation or an invitation brings one. Your own finding can begin one too.");
  else inside = el("ul", {cls("cards")}, items);
  if (!items.empty()) inside += el("p", link(path("/measures"), "Measures of skill over your cases"));
  if (static_cast<int>(cards.size()) == kCasesOnPage) {
    inside += el("form", {attr("method", "get"), action(path("/cases"))}, hidden("after", cases_from(app, request, cards.back())), submit("Less urgent cases", "button second"));
  }
  if (access::authorize(request.viewer, access::Action::OpenCase, {.is_owner = true}).allowed)
    inside += more("Open a case", form(path("/cases"), frame.csrf, all(field({.name = "title", .label = "Title", .help = "Of something your organisation found itself. Who is invited later sees it.", .required = true, .most = 300}), el("p", {cls("actions")}, submit("Open the case")))));
  Html above;
  if (app.search != nullptr && who != std::string()) {
    TRY(above, search_box(app, request, out));
  }
  const auto body = page(frame, "Your cases", all(above, el("p", {cls("lead")}, "Most urgent first: attacks, then what is public, then severity."), inside), {.at = At::Cases});
  auto made = html(body);
  out.headers = std::move(made.headers);
  out.body = std::move(made.body);
  out.headers.emplace_back("Cache-Control", "no-store");
  out.reader_name = who;
  return out;
}

Result<service::Work> open_case(App& app, const Request& request) { return service::open_case(app.services, request.asker(), {form_value(request, "title")}); }

Response case_opened(App&, const Request&, const service::Committed& committed) {
  for (const auto key : {"id", "case", "case_id"})
    if (const auto id = CaseId::parse(text_at(committed.answer, key))) return see_other((path("/cases") / id->text()).text());
  return see_other("/cases");
}

Result<Response> case_page(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  const auto sight = app.services.store.as(request.viewer);
  TRY(auto unread, sight.unread(id));  // before the view, so that nothing is marked as read that isn't on the page
  TRY(auto seen, sight.case_view(id));
  TRY(const auto names, api::Names::load(app));
  std::vector<CaseId> shows;                        // that were merged into it
  auto scene = scene_of(app, request, seen, names, frame_of(app, request));
  scene.whole = std::make_shared<const cvd::CaseState>(scene.fold);
  scene.unread = unread;
  // What an address of this page can say; the rest of it is not looked at. Kept short: it comes back in links.
  constexpr std::size_t kMostAsked = 40;
  static constexpr std::string_view kAsked[] = {"state", "party", "who", "vulnerability", "remedies_of", "remedy", "thread", "group", "leak", "message", "knowers"};
  for (const auto& [name, value] : request.http.query)
    if (scene.asked.size() < kMostAsked && value.size() <= 100 && (std::find(std::begin(kAsked), std::end(kAsked), name) != std::end(kAsked) || (name.starts_with("from.") && name.size() <= 60))) scene.asked.emplace(name, value);
  scene.state = scene.asked_for("state");
  scene.party = scene.asked_for("party");
  scene.chosen = VulnerabilityId::parse(scene.asked_for("vulnerability"));
  if (const auto form = request.http.query_value("form")) scene.form = std::make_shared<FormPage>(FormPage{*form});
  if (const auto row = names.all().find(scene.fold.owner); row != names.all().end() && row->second.profile.policy) scene.vendor_answers_within = row->second.profile.policy->vendor_answers_within;
  for (const auto& [other, participant] : scene.fold.participants)
    if (const auto row = names.all().find(other); row != names.all().end() && row->second.profile.policy && cvd::may_know_of(scene.fold, scene.standing, scene.viewer.organisation, other))
      for (auto& one : cvd::suggestions(scene.fold, other, *row->second.profile.policy)) scene.suggestions.push_back(one);
  // Of a large case this takes its time where there are proposals, so it is asked for.
  const bool asks_gate = scene.is_large() && !scene.fold.mitigations.empty() && !request.http.query_value("mitigations");
  if (!scene.stub() && !asks_gate && (!scene.fold.mitigations.empty() || !scene.fold.mitigations_told.empty())) {
    TRY(scene.mitigations, service::mitigations_of(app.services, request.viewer, seen));
  }
  TRY(scene.incidents, service::incidents_json(app.services, request.viewer, seen.view));
  // Of a large case this takes its time, so it is asked for.
  if (!scene.is_large() || request.http.query_value("notices")) {
    TRY(scene.notices, service::notices_json(app.services, request.viewer, seen.view, app.services.clock.now()));
  }
  if (const auto chosen = request.http.query_value("remedies_of")) scene.remedies_of = VulnerabilityId::parse(*chosen);
  for (const auto& [other, row] : names.all())
    if (row.profile.takes_reports.value_or(false) && other != scene.fold.owner && (scene.coordinates() || row.kind == access::OrganisationKind::Coordinator)) scene.receivers.push_back({other.text(), row.profile.name + " (" + to_word(row.kind) + ")"});
  if (scene.coordinates()) {
    for (const auto& [other, row] : names.all())
      if (other != scene.own()) scene.organisations.push_back({other.text(), row.profile.name});
    std::sort(scene.organisations.begin(), scene.organisations.end(), [](const Option& a, const Option& b) { return a.words < b.words; });
    // Of a large case this takes its time, so it is asked for.
    if (!scene.is_large() || request.http.query_value("knowers"))
      if (auto known = service::knowers(app.services, request.viewer, id, {})) {
        scene.knowers = std::move(known->answer);
        seen.deliveries = std::move(known->deliveries);
        shows = std::move(known->merged);
      }
    scene.last_seen = [&site = app.services.store, id](OrganisationId other) -> std::optional<Instant> {
      auto db = site.lease();
      if (!db) return std::nullopt;
      const auto last = store::last_delivery(**db, site.streams().tag_of(id, access::Compartment::of(other)), site.tag_of(other));
      return last ? *last : std::nullopt;
    };
    for (const auto& release : scene.fold.releases)
      scene.dry_runs.push_back(release.state == cvd::Release::State::Planned ? ruling_words(service::dry_run(app.services, scene.fold, release, release.instant, {})) : Html());
  }
  // Of a large case this takes its time, so it is asked for; and where no law can be in scope only advice is left to work out.
  if (app.services.packs && !scene.stub() && (request.http.query_value("law") || (!scene.is_large() && service::law_may_bind(app.services, scene.fold))))
    if (auto law = service::case_regimes(app.services, request.viewer, seen, {})) scene.law = *std::move(law);
  if (!scene.fold.siblings.empty()) {
    TRY(auto db, app.services.store.lease());
    for (const auto& sibling : scene.fold.siblings) {
      if (!sibling.id) continue;
      TRY(const bool has_part, app.services.store.as(request.viewer).has_part(*db, *sibling.id));
      if (has_part) scene.parts.insert(*sibling.id);
    }
  }
  // What this page doesn't show of the talk stays unread, and with it what came later.
  if (const auto through = scene.form || !unread.moves ? std::nullopt : shown_through(scene)) {
    unread.moves = through->has_value();
    if (unread.moves) {
      TRY(unread.seen, sight.positions(id, *through));
    }
  }
  auto out = html(scene.form ? form_page_of(scene) : case_page_of(scene));
  out.headers.emplace_back("Cache-Control", "no-store");
  out.deliveries = std::move(seen.deliveries);
  out.shows = std::move(shows);
  out.reader = seen.reader;
  out.reader_name = scene.own().text();
  // A browser that fetches ahead shows nobody anything yet.
  const bool ahead = !request.http.header("sec-purpose").empty() || !request.http.header("purpose").empty();
  if (unread.moves && !ahead && !scene.form && request.viewer.person) out.read_mark = store::ToMark{*request.viewer.person, id, std::move(unread.seen)};
  return out;
}

Result<service::Work> add_case_files(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  const auto audience = access::Compartment::parse(form_value(request, "audience"));
  if (!audience) return fail(ErrorKind::Invalid, "Choose who will see it.", "/audience");
  return api::upload_form(app, request, request.asker(), id, *audience, {"audience"});
}

Response case_files_added(App&, const Request& request, const service::Committed&) { return see_other((path("/cases") / request.path.at("case")).fragment("files").text()); }

Result<service::Work> do_command(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  const auto* known = command_form(request.path.at("command"));
  if (known == nullptr) return fail(ErrorKind::NotFound, "There is no such page here.");
  if (known->step_up && request.viewer.kind == access::Viewer::Kind::Person && !request.viewer.is_stepped_up(app.services.clock.now()))
    return fail(ErrorKind::Forbidden, "This needs a confirmation that it is you, not older than ten minutes.", {}, {}, "step-up-needed");
  FormFields fields;
  for (const auto& [name, text] : request.form) fields[name] = form_value(request, name);
  TRY(auto command, known->read(fields));
  return service::case_command(app.services, request.asker(), id, std::move(command));
}

Response command_done(App&, const Request& request, const service::Committed& committed) {
  static constexpr std::pair<std::string_view, std::string_view> kBackTo[] = {
      {"step_report", "own"},           {"answer_invitation", "own"},     {"propose_terms", "embargo"},       {"answer_terms", "embargo"},   {"settle_terms", "embargo"},  {"refuse_terms", "embargo"},   {"end_embargo", "embargo"},
      {"open_thread", "threads"},       {"post_message", "threads"},      {"post_to_mailbox", "reports"},     {"set_status", "products"},    {"step_remedy", "products"},  {"reopen_remedy", "products"}, {"add_product", "products"},
      {"ask_status", "products"},       {"claim_fact", "vulnerabilities"}, {"adopt_fact", "vulnerabilities"}, {"refuse_fact", "vulnerabilities"}, {"assess_severity", "vulnerabilities"}, {"set_identifier", "vulnerabilities"}, {"add_vulnerability", "vulnerabilities"},
      {"invite_participant", "participants"}, {"confirm_participant", "participants"}, {"suspend_participant", "participants"}, {"restore_participant", "participants"}, {"remove_participant", "participants"},
      {"draft_statement", "statements"}, {"approve_statement", "statements"}, {"draft_advisory", "advisories"}, {"approve_advisory", "advisories"}, {"plan_release", "advisories"}, {"waive_readiness", "advisories"}, {"hold_release", "advisories"}, {"release_early", "advisories"},
      {"record_decision", "decisions"}, {"confirm_scope", "law"}, {"correct_fact", "law"}, {"end_correction", "law"}, {"place_product", "law"}, {"erase_compartment", "requests"}, {"confirm_request", "requests"}, {"refuse_request", "requests"}, {"withdraw_request", "requests"},
      {"form_group", "groups"}, {"change_group", "groups"}, {"invite_many", "groups"}, {"amend_message", "threads"}, {"retract_message", "threads"}, {"set_tracking_id", "own"},
      {"agree_target", "targets"}, {"move_target", "targets"}, {"drop_target", "targets"}, {"escalate", "targets"}, {"proceed_without", "targets"}, {"link_duplicate", "reports"}, {"state_credit", "reports"},
      {"record_decision", "decisions"},         {"route_report", "reports"},      {"record_contact_attempt", "reports"}, {"take_ownership", "own"},     {"offer_ownership", "participants"},
      {"record_incident", "incident"}, {"move_incident", "incident"}, {"state_incident", "incident"}, {"draft_notice", "notices"}, {"drop_notice", "notices"}, {"clear_notice", "notices"}, {"file_notice", "notices"}, {"add_notice_receipt", "notices"}, {"draft_area_report", "notices"}, {"publish_area_report", "notices"},
      {"claim_leak", "leaks"},          {"note_leak", "leaks"},             {"close_leak", "leaks"},
      {"wait_for_remedy", "remedies"}, {"end_wait", "remedies"}, {"block_remedy", "remedies"}, {"unblock_remedy", "remedies"}, {"assess_remedy", "remedies"}, {"agree_readiness", "remedies"}, {"state_support", "remedies"},
      {"choose_settlement", "parties"},   {"ask_consent", "parties"},      {"plan_invitation", "parties"},     {"drop_invitation_plan", "parties"}, {"set_roles", "parties"},   {"split_case", "parties"},     {"merge_cases", "parties"},
  };
  const auto& command = request.path.at("command");
  const auto id = CaseId::parse(request.path.at("case"));
  if (!id || command == "leave_case") return see_other("/cases");
  auto to = path("/cases") / id->text();
  for (const auto& [name, anchor] : kBackTo)
    if (name == command) to = to.fragment(committed.waits_for_second_person ? "requests" : anchor);
  return see_other(to.text());
}

}  // namespace sluice::web::pages
