#include "web/pages/layout.h"

#include "service/plain_words.h"
#include "web/api/names.h"
#include "service/packs.h"
#include "web/router.h"

namespace sluice::web::pages {

namespace {

Html nav_link(const Path& to, std::string_view words, bool here) {
  std::vector<Attribute> attributes{href(to)};
  if (here) attributes.push_back(attr("aria-current", "page"));
  return el("li", element("a", attributes, words));
}

Html header(const Frame& f, At at) {
  Html items = all(nav_link(path("/advisories"), "Advisories", at == At::Advisories), nav_link(path("/report"), "Report a vulnerability", at == At::Report));
  if (f.signed_in) items += all(nav_link(path("/cases"), "Cases", at == At::Cases), nav_link(path("/due"), "What is due", at == At::Due));
  else items += all(nav_link(path("/mailbox"), "Your mailbox", at == At::Mailbox), nav_link(path("/sign-in"), "Sign in", at == At::SignIn));
  Html who;
  if (f.signed_in)
    who = el("div", {cls("who")}, el("span", "Acting for ", el("strong", f.acting_for)), link(path("/account"), "Your account"), f.administers ? link(path("/administration"), "Administration") : Html(), form(path("/sign-out"), f.csrf, submit("Sign out", "plain"), "inline"));
  return el("header", {cls("site")}, el("div", {cls("inner")}, el("a", {href(path("/")), cls("name")}, f.site), el("nav", {attr("aria-label", "Main")}, el("ul", items)), who));
}

Html footer(const Frame& f) {
  return el("footer", {cls("site")},
            el("div", {cls("inner")},
               el("ul", el("li", link(path("/feed.atom"), "Feed of advisories")), el("li", link(path("/.well-known/security.txt"), "security.txt")),
                  el("li", link(path("/.well-known/csaf/provider-metadata.json"), "CSAF documents"))),
               el("p", "All times are UTC unless a zone is named. ", f.site, " runs Sluice.")));
}

}  // namespace

std::string page(const Frame& f, std::string_view title, const Html& inside, const PageOptions& o) {
  const auto in_head = all(element("meta", {attr("charset", "utf-8")}, {}), el("title", title, title == f.site ? "" : " · " + f.site), element("meta", {attr("name", "viewport"), attr("content", "width=device-width, initial-scale=1")}, {}),
                           element("meta", {attr("name", "color-scheme"), attr("content", "light dark")}, {}), link_element("stylesheet", path("/assets") / stylesheet_name()),
                           link_element("icon", path("/favicon.svg"), "image/svg+xml"), link_element("alternate", path("/feed.atom"), "application/atom+xml", "Advisories"), o.head);
  Html body = el("a", {href_here("main"), cls("skip")}, "Skip to the content");
  if (f.demo)
    body += el("aside", {cls("demo"), attr("aria-label", "Demo")}, el("strong", "DEMO"), " Anyone may sign in here as anyone, and its clock can be set. Send nothing real.");
  body += header(f, o.at);
  body += el("main", {id("main"), cls(o.width.empty() ? std::string("narrow") : std::string(o.width)), attr("tabindex", "-1")}, o.above, el("h1", title), inside);
  body += footer(f);
  return document(o.language, in_head, body);
}

Response html_page(const Frame& frame, std::string_view title, const Html& inside, const PageOptions& options, int status) { return html(page(frame, title, inside, options), status); }

Frame frame_of(App& app, const Request& request) {
  Frame out;
  const auto& services = app.services;
  out.demo = services.site.file.demo;
  out.address = services.settings.public_url;
  while (out.address.ends_with('/')) out.address.pop_back();
  out.signed_in = request.viewer.kind == access::Viewer::Kind::Person;
  if (const auto names = api::Names::load(app)) {
    out.site = names->of(services.site.file.organisation);
    out.administers = out.signed_in && (request.viewer.role == access::SiteRole::Admin || request.viewer.role == access::SiteRole::Auditor);
    if (out.signed_in && request.viewer.organisation) out.acting_for = names->of(*request.viewer.organisation);
  }
  if (request.by_cookie) out.csrf = csrf_token(app, request);
  return out;
}

std::vector<Option> content_options(const App& app) {
  std::vector<Option> out;
  if (!app.services.packs) return out;
  const auto& words = app.services.packs->library().words;
  for (const auto& one : words.contents) out.push_back({one, std::string(words.plain(one))});
  return out;
}

Html content_classes(std::span<const Option> options, std::string scope, std::string_view chosen) {
  if (options.empty()) return {};
  return more("Say what it holds (optional)", checks({.name = "classes", .label = "What does it hold?", .help = "Rules ask this of what goes out. Whoever wrote it knows best.", .value = chosen, .scope = std::move(scope)}, options), !chosen.empty());
}

std::string form_value(const Request& request, std::string_view name) {
  const auto found = request.form.find(name);
  if (found == request.form.end()) return {};
  std::string_view text = found->second;
  constexpr std::string_view kBlank = " \t\r\n";
  const auto from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  text = text.substr(from, text.find_last_not_of(kBlank) - from + 1);
  std::string out;  // browsers send CR LF
  for (const char c : text)
    if (c != '\r') out += c;
  return out;
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string utc_text(std::string_view local) {
  switch (local.size()) {
    case 10: return std::string(local) + "T12:00:00Z";
    case 16: return std::string(local) + ":00Z";
    case 19: return std::string(local) + "Z";
    default: return std::string(local);
  }
}
std::optional<Instant> evaluated_instant(std::string_view text) {
  const auto read = parse_instant(text.size() == 17 && text.ends_with('Z') ? utc_text(text.substr(0, 16)) : std::string(text));
  return read ? std::optional(*read) : std::nullopt;
}
std::string local_text(Instant at) { return to_text(at).substr(0, 16); }

std::string cookie(std::string_view name, std::string_view value, bool tls, int max_age, std::string_view same_site) {
  return std::string(name) + "=" + std::string(value) + "; Path=/; HttpOnly; SameSite=" + std::string(same_site) + (tls ? "; Secure" : "") + "; Max-Age=" + std::to_string(max_age);
}

std::string_view session_cookie_name(bool tls) { return tls ? "__Host-session" : "session"; }
std::string_view mailbox_cookie_name(bool tls) { return tls ? "__Host-mailbox" : "mailbox"; }

const Asset* asset_called(std::string_view name) {
  for (const auto& asset : all_assets())
    if (asset.name == name) return &asset;
  return nullptr;
}

namespace {
std::string_view asset_of(std::string_view stem, std::string_view ending) {
  for (const auto& asset : all_assets())
    if (asset.name.starts_with(stem) && asset.name.ends_with(ending)) return asset.name;
  return "missing";
}
}  // namespace

std::string_view stylesheet_name() { return asset_of("sluice-", ".css"); }
std::string_view proof_script_name() { return asset_of("proof-", ".js"); }

Response to_sign_in() { return see_other("/sign-in"); }

namespace {
// What the gate says quotes rules, in words of theirs.
std::string message_words(App& app, const Error& error) { return error.code == "gate-denies" ? service::PlainWords(app.services.packs).reason(error.message) : error.message; }
Html message(App& app, Tone tone, const Error& error) { return notice(tone, message_words(app, error), error.rule.empty() ? Html() : el("p", {cls("quiet")}, "Rule: ", error.rule)); }
}  // namespace

Response error_page(App& app, const Request& request, const Error& error) {
  const auto frame = frame_of(app, request);
  const auto status = status_of(error);
  std::string_view title = "That didn't work";
  std::string_view next = "Go back, change what the message says, and try again. What you wrote is still in the form.";
  switch (error.kind) {
    case ErrorKind::NotFound:
      title = "Not found";
      next = "The address may be wrong, or it leads to something that you have no access to. Both look the same here, on purpose.";
      break;
    case ErrorKind::Unauthenticated:
      title = "Please sign in";
      next = "Nobody is signed in here, or what was given isn't right.";
      break;
    case ErrorKind::Forbidden: title = "You can't do this"; next = "Somebody else in your organisation or in the case may be able to."; break;
    case ErrorKind::Conflict: title = "Not possible now"; next = "Nothing was changed. Look at the page again: it may have moved on since you opened it."; break;
    case ErrorKind::TooMany: title = "Too many tries"; next = "Nothing was lost. Please wait a little, then try again."; break;
    case ErrorKind::Unavailable: title = "The site can't do this now"; next = error.code == "outcome-unknown" ? "Look whether it is there before you send it again." : "Nothing was recorded. Please try again in a few minutes."; break;
    default: break;
  }
  Html inside = message(app, error.kind == ErrorKind::NotFound ? Tone::Quiet : Tone::Alarm, error);
  if (!error.where.empty() && error.kind == ErrorKind::Invalid) inside += el("p", "Where: ", el("code", error.where));
  if (error.code == "step-up-needed") next = "Confirm it, then come back here with your browser's back button: what you wrote is still in the form.";
  inside += el("p", next);
  Html ways;
  if (error.code == "step-up-needed") ways += el("li", link(path("/step-up"), "Confirm that it is you"));
  const auto& segments = request.http.segments;
  if (error.kind != ErrorKind::NotFound && frame.signed_in && segments.size() > 1 && segments[0] == "cases" && CaseId::parse(segments[1])) ways += el("li", link(path("/cases") / segments[1], "Back to the case"));
  if (!segments.empty() && segments[0] == "sign-in") ways += el("li", link(path("/sign-in"), "Back to the sign-in page"));
  else if (error.kind == ErrorKind::Unauthenticated) ways += el("li", link(path("/sign-in"), "Sign in"));
  if (!segments.empty() && segments[0] == "mailbox") ways += el("li", link(path("/mailbox"), "Enter the report code again"));
  if (!segments.empty() && segments[0] == "report") ways += el("li", link(path("/report"), "A new report form"));
  if (frame.signed_in) ways += el("li", link(path("/cases"), "Your cases"));
  ways += el("li", link(path("/"), "Start page"));
  inside += el("ul", ways);
  inside += el("p", {cls("quiet")}, "Request ", el("code", request.id.text()));
  return html_page(frame, title, inside, {}, status);
}

}  // namespace sluice::web::pages
