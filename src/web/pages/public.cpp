// What anybody may read: the front page, the advisories in every form, and the small files that machines look for.
#include "web/pages/advisory.h"
#include "web/published.h"

namespace sluice::web::pages {

namespace {

constexpr int kOnFrontPage = 5, kOnList = 200, kInFeed = 50;

std::unexpected<Error> nothing_here() { return fail(ErrorKind::NotFound, "There is no such page here."); }

Response cached(Response response, int seconds) {
  response.headers.emplace_back("Cache-Control", "public, max-age=" + std::to_string(seconds));
  return response;
}

Response file(std::string type, std::string body) {
  Response out;
  out.headers = {{"Content-Type", std::move(type)}};
  out.body = std::move(body);
  return out;
}

Html list_of(Tag heading, const std::vector<store::Publication>& publications) {
  Html items;
  for (const auto& p : publications) {
    Html dates = all("Released ", time(p.first_released));
    if (p.released != p.first_released) dates += all(", updated ", time(p.released));
    items += el("li", el(heading, link(path("/advisories") / p.tracking, p.title)), el("p", {cls("quiet")}, el("code", p.tracking), " · ", dates), el("p", prose(p.summary)));
  }
  return el("ul", {cls("cards")}, items);
}

Result<std::vector<store::OrganisationRow>> with_policy(App& app) {
  TRY(auto db, app.services.store.lease());
  TRY(auto every, store::organisations(*db, app.services.cells()));
  std::erase_if(every, [](const store::OrganisationRow& row) { return !row.profile.policy; });
  return every;
}

Result<Response> show(App& app, const Request& request, std::optional<std::string> wanted) {
  const auto tracking = request.path.at("tracking");
  TRY(auto db, app.services.store.lease());
  TRY(const auto versions, store::publication_versions(*db, tracking));
  AdvisoryShown shown;
  const store::Publication* found = nullptr;
  for (const auto& version : versions) {
    shown.versions.push_back({version.version, version.released});
    if (found == nullptr && (!wanted || std::to_string(version.version) == *wanted)) found = &version;
  }
  if (found == nullptr) return nothing_here();
  TRY(const auto document, parse_json(found->document, {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 16 << 20}));  // our own, checked when it was drafted
  TRY(shown.advisory, from_json<advisory::Advisory>(document));
  shown.version = found->version;
  shown.first_released = found->first_released;
  shown.released = found->released;
  TRY(const auto documents, store::public_documents_of(*db, found->advisory, found->version));
  for (const auto& one : documents) shown.downloads.push_back({one.kind, one.name, one.companions.has_value()});
  return html(advisory_page(frame_of(app, request), shown));
}

}  // namespace

Result<Response> home(App& app, const Request& request) {
  TRY(const auto policies, with_policy(app));
  std::vector<store::Publication> latest;
  {
    TRY(auto db, app.services.store.lease());
    TRY(latest, store::publications(*db, kOnFrontPage, {}));
  }
  const auto frame = frame_of(app, request);
  Html inside = el("p", {cls("lead")}, "Here ", frame.site, " receives reports of vulnerabilities, brings those together who can remedy them, and publishes what users need to know, once it helps them more than it helps attackers.");
  inside += el("p", {cls("actions")}, el("a", {href(path("/report")), cls("button")}, "Report a vulnerability"), " ", el("a", {href(path("/mailbox")), cls("button second")}, "Open your mailbox"));
  inside += section("how", "What happens to a report",
                    el("ol", {cls("steps")}, el("li", el("strong", "You choose who receives it. "), "No account is needed, and no address of yours is kept. You get a report code that opens your mailbox."),
                       el("li", el("strong", "The receiver looks at it. "), "You see in your mailbox what they ask and say."),
                       el("li", el("strong", "Those who can fix it are brought in. "), "Only they are told, under an embargo whose end everyone knows."),
                       el("li", el("strong", "An advisory comes out. "), "For all at one moment, with thanks to you if you wish.")));
  inside += section("latest", "Latest advisories",
                    latest.empty() ? empty_state("No advisory has been published yet.", "Each will appear here, in the feed and as CSAF the moment it is released.") : all(list_of("h3", latest), el("p", link(path("/advisories"), "All advisories"))));
  Html items;
  for (const auto& row : policies) items += el("li", link(path("/policies") / row.id.text(), row.profile.name));
  inside += section("policies", "Disclosure policies",
                    items.empty() ? empty_state("No organisation has published its policy yet.", "A policy says what may be reported, what answer to expect by when, and how long things are held back.") : el("ul", items));
  return html_page(frame, frame.site, inside, {.at = At::Home});
}

Result<Response> advisories(App& app, const Request& request) {
  std::optional<Instant> before;
  if (const auto text = request.http.query_value("before")) {
    if (const auto instant = parse_instant(*text)) before = *instant;
  }
  std::vector<store::Publication> list;
  {
    TRY(auto db, app.services.store.lease());
    TRY(list, store::publications(*db, kOnList, before));
  }
  Html inside = el("p", {cls("lead")}, "What users should know and do, newest first.");
  inside += list.empty() ? empty_state(before ? "There are no older advisories." : "No advisory has been published yet.", "Subscribe to the feed to hear of new ones.") : list_of("h2", list);
  if (list.size() == kOnList)
    inside += el("form", {attr("method", "get"), action(path("/advisories"))}, hidden("before", to_text(list.back().released)), submit("Older advisories", "button second"));
  inside += el("p", link(path("/feed.atom"), "Atom feed"), " · ", link(path("/.well-known/csaf/provider-metadata.json"), "CSAF documents"));
  return html_page(frame_of(app, request), "Advisories", inside, {.at = At::Advisories});
}

Result<Response> advisory(App& app, const Request& request) { return show(app, request, {}); }
Result<Response> advisory_version(App& app, const Request& request) { return show(app, request, request.path.at("version")); }

Result<Response> advisory_file(App& app, const Request& request) {
  const auto& name = request.path.at("file");
  TRY(auto db, app.services.store.lease());
  TRY(const auto versions, store::publication_versions(*db, request.path.at("tracking")));
  for (const auto& version : versions) {
    if (std::to_string(version.version) != request.path.at("version")) continue;
    TRY(const auto documents, store::public_documents_of(*db, version.advisory, version.version));
    for (const auto& document : documents)
      if (const auto found = published_file(document, name)) {
        auto out = file(found->type, std::string(found->body));
        out.headers.emplace_back("Content-Disposition", "attachment");
        return cached(std::move(out), 300);
      }
  }
  return nothing_here();
}

Result<Response> feed(App& app, const Request& request) {
  std::vector<store::Publication> list;
  {
    TRY(auto db, app.services.store.lease());
    TRY(list, store::publications(*db, kInFeed, {}));
  }
  const auto frame = frame_of(app, request);
  const auto x = [](std::string_view text) { return escaped(text); };
  const auto at = [&](const Path& to) { return x(frame.address + to.text()); };
  Instant newest = app.services.site.file.created;
  for (const auto& p : list) newest = std::max(newest, p.released);
  std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n<title>" + x(frame.site) + ": advisories</title>\n<id>" + at(path("/feed.atom")) + "</id>\n<updated>" + to_text(newest) +
                    "</updated>\n<author><name>" + x(frame.site) + "</name></author>\n<link rel=\"self\" href=\"" + at(path("/feed.atom")) + "\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"" + at(path("/advisories")) + "\"/>\n";
  for (const auto& p : list) {
    const auto page = at(path("/advisories") / p.tracking);
    out += "<entry>\n<title>" + x(p.title) + "</title>\n<id>" + page + "</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"" + page + "\"/>\n<published>" + to_text(p.first_released) + "</published>\n<updated>" + to_text(p.released) +
           "</updated>\n<summary type=\"text\">" + x(p.summary) + "</summary>\n</entry>\n";
  }
  return cached(file("application/atom+xml; charset=utf-8", out + "</feed>\n"), 60);
}

Result<Response> robots(App&, const Request&) {
  return cached(file("text/plain; charset=utf-8", "User-agent: *\nDisallow: /report\nDisallow: /mailbox\nDisallow: /sign-in\nDisallow: /first-run\nDisallow: /cases\nDisallow: /api/\n"), 3600);
}

Result<Response> favicon(App&, const Request&) {
  for (const auto& asset : all_assets())
    if (asset.name.starts_with("icon-")) return cached(file(std::string(asset.type), std::string(asset.body)), 86'400);
  return nothing_here();
}

Result<Response> asset(App&, const Request& request) {
  const auto* found = asset_called(request.path.at("file"));
  if (found == nullptr) return nothing_here();
  auto out = file(std::string(found->type), std::string(found->body));
  out.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");  // its name changes with its content
  return out;
}

}  // namespace sluice::web::pages
