// Reads of a case: each loads the view of its viewer and shows a part of it.
#include "cvd/parties.h"
#include "service/knowers.h"
#include "service/regimes.h"
#include "service/release.h"
#include "service/ticker.h"
#include "web/api/case_json.h"
#include "web/api/files.h"
#include "web/api/handlers.h"
#include "web/body.h"
#include "web/cursor.h"

namespace sluice::web::api {

namespace {

Result<std::optional<Instant>> as_of(const Request& request) {
  const auto text = request.http.query_value("as_of");
  if (!text) return std::optional<Instant>();
  const auto instant = parse_instant(*text);
  if (!instant) return fail(ErrorKind::Invalid, instant.error().message, "as_of");
  return std::optional(*instant);
}

// Loads the view, lets `show` make the JSON, and leaves the first deliveries to the router.
template <class Show>
Result<Response> shown(App& app, const Request& request, Show&& show) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(const auto names, Names::load(app));
  Shown shown{seen.view, request.viewer, names};
  if (!seen.view.fold.siblings.empty()) {
    TRY(auto db, app.services.store.lease());
    for (const auto& sibling : seen.view.fold.siblings) {
      if (!sibling.id) continue;
      TRY(const bool has_part, app.services.store.as(request.viewer).has_part(*db, *sibling.id));
      if (has_part) shown.parts.insert(*sibling.id);
    }
  }
  Response response = ok(show(shown), seen.view.etag);
  deliver(response, request, seen);
  return response;
}

}  // namespace

Result<Response> list_cases(App& app, const Request& request) {
  TRY(const int limit, page_limit(request));
  TRY(const auto after, cases_after(app, request, "cursor"));
  const auto sight = app.services.store.as(request.viewer);
  TRY(auto cards, sight.cases(after, limit));
  TRY(auto deliveries, sight.titles_shown(cards));
  for (auto& card : cards)
    if (!card.stub_only)
      if (const auto unread = sight.unread(card.id)) card.unread = unread->count;
  json::array items;
  for (const auto& card : cards) items.push_back(case_card(card));
  json::object out{{"items", std::move(items)}};
  if (static_cast<int>(cards.size()) == limit) out["next"] = cases_from(app, request, cards.back());
  auto response = ok(out);
  response.deliveries = std::move(deliveries);
  if (request.viewer.organisation) {
    response.reader = app.services.store.tag_of(*request.viewer.organisation);
    response.reader_name = request.viewer.organisation->text();
  }
  return response;
}

Result<Response> show_groups(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", groups_json(s)}}; }); }

// Without an ETag: it moves with the person's mark as well as with the case.
Result<Response> show_unread(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto unread, app.services.store.as(request.viewer).unread(id));
  return ok(unread_json(unread));
}

Result<Response> show_case(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return case_json(s); }); }
Result<Response> show_timeline(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", timeline_json(s)}}; }); }
Result<Response> show_participants(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", participants_json(s)}}; }); }
Result<Response> show_embargo(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return embargo_json(s); }); }
Result<Response> show_threads(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", threads_json(s)}}; }); }
Result<Response> show_vulnerabilities(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", vulnerabilities_json(s)}}; }); }
Result<Response> show_products(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", products_json(s)}}; }); }
Result<Response> show_statuses(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", statuses_json(s)}}; }); }
Result<Response> show_claims(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", claims_json(s)}}; }); }
Result<Response> show_decisions(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", decisions_json(s)}}; }); }
Result<Response> show_requests(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", requests_json(s)}}; }); }
Result<Response> show_advisories(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", advisories_json(s)}}; }); }
Result<Response> show_releases(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", releases_json(s)}}; }); }
Result<Response> show_reports(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", reports_json(s)}}; }); }
Result<Response> show_files(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return json::object{{"items", files_json(s)}}; }); }
Result<Response> show_targets(App& app, const Request& request) {
  return shown(app, request, [&](const Shown& s) { return targets_json(s, app.services.clock.now()); });
}
Result<Response> show_draft_hints(App& app, const Request& request) { return shown(app, request, [](const Shown& s) { return draft_hints_json(s); }); }
Result<Response> show_steps(App& app, const Request& request) {
  return shown(app, request, [&](const Shown& s) { return json::object{{"items", steps_json(s, app.services.clock.now())}}; });
}

Result<Response> show_knowers(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto when, as_of(request));
  TRY(auto known, service::knowers(app.services, request.viewer, id, when));
  auto response = ok(known.answer);
  deliver(response, app, request, std::move(known.deliveries));
  response.shows = std::move(known.merged);
  return response;
}

Result<Response> show_rulings(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto out, service::rulings_of(app.services, request.viewer, id));
  return ok(json::object{{"items", std::move(out)}});
}

Result<Response> show_receipt(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto entry_id, path_id<Entry>(request, "entry"));
  TRY(const auto entry, app.services.store.as(request.viewer).entry(id, entry_id));
  // A receipt opens the whole entry, who wrote it included: for what the own organisation did, and for those who may know everybody in the case.
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  const bool knows_all = access::knows_whole_case(request.viewer, seen.view.standing);
  const auto by = entry.entry.entry.org;
  if (!knows_all && by && by != request.viewer.organisation && !cvd::may_know_of(seen.view.fold, seen.view.standing, request.viewer.organisation, *by))
    return fail(ErrorKind::NotFound, "There is no such entry, or you have no access to it.");
  // Nor does it open the address of a reporter that is withheld (SeeReporterIdentity): the view has it, where this viewer may.
  for (const auto& event : entry.entry.events) {
    const auto* received = get_if<cvd::ReportReceived>(&event);
    if (received == nullptr || !received->content.contact || by == request.viewer.organisation) continue;
    const auto& reports = seen.view.fold.reports;
    const auto card = std::find_if(reports.begin(), reports.end(), [&](const auto& one) { return one.id == received->report; });
    if (card == reports.end() || !card->content || !card->content->contact) return fail(ErrorKind::NotFound, "There is no such entry, or you have no access to it.");
  }
  // Words that were taken back are shown nowhere, by their proof neither, but to who wrote them.
  const auto taken_back = [&](ThreadId in, MessageId id) {
    const auto* thread = seen.view.fold.thread(in);
    return thread != nullptr && std::any_of(thread->messages.begin(), thread->messages.end(), [&](const auto& m) { return m.id == id && m.retracted_why; });
  };
  for (const auto& event : entry.entry.events) {
    const auto* posted = get_if<cvd::MessagePosted>(&event);
    const auto* amended = get_if<cvd::MessageAmended>(&event);
    const bool gone = (posted != nullptr && taken_back(posted->thread, posted->message)) || (amended != nullptr && taken_back(amended->thread, amended->message));
    if (gone && by != request.viewer.organisation) return fail(ErrorKind::NotFound, "There is no such entry, or you have no access to it.");
  }
  Response out;
  out.headers = {{"Content-Type", "application/json"}, {"Content-Disposition", "attachment; filename=\"receipt.json\""}};
  TRY(out.body, service::proof_of(app.services, entry));
  deliver(out, request, seen);  // a receipt opens content as a thread does (ACC-13)
  return out;
}

Result<Response> download_file(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  return download(app, request, std::move(seen), request.viewer.organisation ? request.viewer.organisation->text() : std::string());
}

// Before anybody is told: the invitee's published policy beside the running terms, and what can be done where they differ.
Result<Response> show_fit(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto organisation_id, path_id<Organisation>(request, "organisation"));
  TRY(const auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(access::require(request.viewer, access::Action::InviteParticipant, seen.view.standing));
  TRY(auto db, app.services.store.lease());
  TRY(const auto row, store::organisation(*db, app.services.cells(), organisation_id));
  if (!row) return fail(ErrorKind::NotFound, "There is no such organisation.");
  json::object out{{"organisation", organisation_id.text()}, {"has_policy", row->profile.policy.has_value()}};
  if (row->profile.policy) out["policy"] = to_json(*row->profile.policy);
  if (const auto* running = seen.view.fold.running_terms()) {
    const auto compared = cvd::compare_before_inviting(running->until, row->profile.policy ? row->profile.policy->embargo : cvd::EmbargoPolicy{}, app.services.clock.now());
    out["running_until"] = to_text(running->until);
    out["fit"] = to_word(compared.running_terms);
    json::array choices;
    for (const auto& way : cvd::ways_to_invite(seen.view.fold, compared, organisation_id, request.viewer.organisation.value_or(seen.view.fold.owner), app.services.clock.now())) {
      json::object one{{"option", to_word(way.option)}, {"open", way.reason.empty()}, {"how", way.how}};
      if (way.when) one["when"] = to_text(*way.when);
      if (!way.reason.empty()) one["reason"] = way.reason;
      choices.push_back(std::move(one));
    }
    out["choices"] = std::move(choices);
  }
  out["onward"] = service::reached_if_told(app.services, seen.view.fold, organisation_id, {}, app.services.clock.now(), service::own_view(seen.view.fold, seen.view.standing, request.viewer));
  return ok(out);
}

Result<Response> release_dry_run(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto release_id, path_id<ReleaseKind>(request, "release"));
  TRY(const auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(access::require(request.viewer, access::Action::PlanRelease, seen.view.standing));
  const auto* release = seen.view.fold.release(release_id);
  if (release == nullptr || release->version == 0) return fail(ErrorKind::NotFound, "There is no such release plan in this case.");
  auto at = release->instant;
  if (const auto text = request.http.query_value("at")) {
    TRY(at, parse_instant(*text));
  }
  return ok(service::dry_run(app.services, seen.view.fold, *release, at, {}));
}

namespace {
// As for drafting, so that what was looked at can be sent as it is.
struct PreviewAdvisory { std::optional<AdvisoryId> advisory; advisory::Advisory document; };
BOOST_DESCRIBE_STRUCT(PreviewAdvisory, (), (advisory, document))
json::object preview_schema() { return schema::with(schema_of<PreviewAdvisory>(), {{"document", schema::ref("advisory")}}); }
}  // namespace

namespace takes {
Result<Response> preview_advisory(App& app, const Request& request, PreviewAdvisory wanted) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto seen, app.services.store.as(request.viewer).case_view(id));
  TRY(access::require(request.viewer, access::Action::ComposeAdvisory, seen.view.standing));
  TRY(const auto composed, service::compose(wanted.document, id, AdvisoryId{}, 0));
  json::array documents;
  for (const auto& made : composed.documents) {
    TRY(auto body, parse_json(made.body, {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 16 << 20}));
    documents.push_back(json::object{{"kind", made.kind}, {"name", made.name}, {"body", std::move(body)}});
  }
  json::array signs;
  for (const auto& one : service::signs_of_document(request.body.at("document"))) {
    auto sign = to_json(one.sign).as_object();
    sign["where"] = one.where;
    signs.push_back(std::move(sign));
  }
  return ok(json::object{{"valid", is_valid(composed.findings)}, {"findings", to_json(composed.findings)}, {"documents", std::move(documents)}, {"losses", composed.losses}, {"signs", std::move(signs)}});
}

Result<Response> ask_gate(App& app, const Request& request) {
  TRY(const auto disclosure, gate::read_disclosure(request.body));
  TRY(auto out, service::ask_gate(app.services, request.viewer, disclosure));
  return ok(out);
}
}  // namespace takes

constinit const Read preview_advisory = taking<takes::preview_advisory>(preview_schema);
constinit const Read ask_gate{takes::ask_gate, schema_of<gate::Disclosure>};

}  // namespace sluice::web::api
