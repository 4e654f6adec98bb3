// Aggregate reports, statements and comments over a collection, who endorses them, and the groups that can be their author. Public ones also as pages and files.
#include "web/api/threat_reports.h"

#include <charconv>

#include "service/threat_groups.h"
#include "service/threat_report_files.h"
#include "service/threat_reports.h"
#include "web/api/handlers.h"
#include "web/body.h"
#include "web/html.h"

namespace sluice::web::api {

namespace {

using schema::flag;
using schema::hash;
using schema::id_of;
using schema::instant;
using schema::list;
using schema::number;
using schema::object;
using schema::or_null;
using schema::text;
using schema::text_of_form;
using schema::with;

constexpr std::string_view kUuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
constexpr std::string_view kAudiences = "members|readers|public";

// An ill-formed id is NotFound, as an unknown one is.
Result<std::string> text_id(const Request& request) {
  auto id = path_word(request, "threat_report");
  const bool fits = id.size() == 36 && id.find_first_not_of("0123456789abcdef-") == id.npos;
  if (!fits) return service::no_threat_text();
  return id;
}

Result<std::optional<std::int64_t>> asked_version(const Request& request) {
  const auto text = request.http.query_value("version");
  if (!text) return std::optional<std::int64_t>();
  std::int64_t out = 0;
  const auto end = std::from_chars(text->data(), text->data() + text->size(), out);
  if (end.ec != std::errc() || end.ptr != text->data() + text->size() || out < 1) return fail(ErrorKind::Invalid, "This must be the number of a version.", "?version");
  return std::optional(out);
}

template <class E>
Result<E> asked_word(const Request& request, std::string_view name) {
  const auto word = from_word<E>(request.http.query_value(name).value_or(""));
  if (!word) return fail(ErrorKind::Invalid, "This must be one of: " + words_of<E>() + ".", "?" + std::string(name));
  return *word;
}

void note_shown_text(App& app, const Request& request, Response& response, const service::TextShown& shown) {
  if (request.http.verb == http::Verb::Head || !shown.is_fresh) return;
  response.first = service::note_text_shown(app.services, request.viewer, shown.id, shown.version.version);
}

// ---- as a page, CSV and STIX

// A statement or a comment, as one page that can be printed.
std::string page_of_words(const service::TextShown& shown) {
  using namespace markup;
  Html facts;
  facts += el("p", el("b", to_text(shown.tlp)));
  facts += el("p", shown.is_group ? "By the group " : "By ", el("b", shown.author), ". Version " + std::to_string(shown.version.version) + ", ", time(shown.version.at), ".");
  if (shown.version.on) facts += el("p", "A comment on " + *shown.version.on + ".");
  if (shown.is_group) facts += el("p", service::kGroupSpeaks);
  Html endorsers;
  for (const auto& one : shown.endorsers) endorsers += el("li", one);
  Html after;
  if (!shown.endorsers.empty()) after = el("h2", "Endorsed by") + el("ul", endorsers);
  return document("en", el("title", shown.version.title), el("main", el("h1", shown.version.title), facts, paragraphs(shown.version.text), after));
}

// Of one that was withdrawn, for whoever could read it.
std::string page_of_withdrawn(const service::TextShown& shown) {
  using namespace markup;
  const auto& one = *shown.withdrawn;
  return document("en", el("title", shown.version.title), el("main", el("h1", shown.version.title), el("p", el("b", "Withdrawn by its author"), " on ", time(one.at), "."), paragraphs(one.reason),
                                                             el("p", shown.is_group ? "By the group " : "By ", el("b", shown.author), ". Version " + std::to_string(shown.version.version) + ", ", time(shown.version.at), ".")));
}

Response file_answer(service::TextFile file) {
  Response out;
  out.headers = {{"Content-Type", std::move(file.media)}, {"Cache-Control", "no-store"}};
  if (!file.policy.empty()) out.headers.push_back({"Content-Security-Policy", std::move(file.policy)});
  if (!file.name.empty()) out.headers.push_back({"Content-Disposition", "attachment; filename=\"" + file.name + "\""});
  out.body = std::move(file.body);
  return out;
}

Result<Response> as_page(const service::TextShown& shown) {
  if (shown.withdrawn) return file_answer({page_of_withdrawn(shown), "text/html; charset=utf-8", {}, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"});
  if (!shown.version.figures.is_object()) return file_answer({page_of_words(shown), "text/html; charset=utf-8", {}, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"});
  TRY(auto file, service::report_as_page(shown));
  return file_answer(std::move(file));
}

Result<Response> as_csv(const service::TextShown& shown) {
  TRY(auto file, service::report_as_csv(shown));
  return file_answer(std::move(file));
}

Result<Response> as_stix(const service::TextShown& shown) {
  TRY(auto file, service::report_as_stix(shown));
  return file_answer(std::move(file));
}

template <Result<Response> (*as)(const service::TextShown&)>
Result<Response> exported_text(App& app, const Request& request) {
  TRY(const auto id, text_id(request));
  TRY(const auto version, asked_version(request));
  TRY(const auto shown, service::shown_text(app.services, request.viewer, id, version));
  TRY(auto out, as(shown));
  note_shown_text(app, request, out, shown);
  return out;
}

json::object author_shape() { return object({{"organisation?", id_of<OrganisationId>()}, {"group?", id_of<GroupId>()}, {"name", text()}}); }
json::object release_shape() { return object({{"version", number()}, {"to", text_of_form(kAudiences)}, {"at", instant()}}); }
json::object endorsement_shape() {
  return object({{"organisation", id_of<OrganisationId>()}, {"name", text()}, {"version", number()}, {"at", instant()}, {"state", text_of_form("standing|lapsed|withdrawn")}, {"words?", text()}, {"withdrawn_at?", instant()}});
}
json::object withdrawal_shape() { return object({{"version", number()}, {"at", instant()}, {"reason", text()}}); }
json::object kind_shape() { return text_of_form("report|statement|comment"); }

constexpr Parameter kTextsQuery[] = {{"collection", [] { return text(); }, "Texts over this collection alone: its id or alias"}};
constexpr Parameter kVersionQuery[] = {{"version", [] { return json::object{{"type", "integer"}, {"minimum", 1}}; }, "Of this version; the newest that you may read, if none is named"}};
constexpr Parameter kReleaseQuery[] = {{"to", [] { return text_of_form(kAudiences); }, "To whom it would be released"}};
constexpr Parameter kBehindQuery[] = {{"by", [] { return text_of_form("kind|sector|region|technique|malware|collection"); }, "What the figure is counted by"}, {"line", [] { return text(); }, "The code of its line, such as energy; nothing: what doesn't say"}};

}  // namespace

json::object threat_texts_answer() {
  return object({{"items", list(object({{"id", text_of_form(kUuid)}, {"kind", kind_shape()}, {"collection?", text()}, {"title", text()}, {"author", author_shape()}, {"version", number()}, {"at", instant()}, {"released", list(release_shape())}, {"own", flag()}, {"withdrawn?", withdrawal_shape()}}))}});
}

json::object threat_text_answer() {
  const auto released = with(release_shape(), {{"by", id_of<PersonId>()}, {"organisation", id_of<OrganisationId>()}, {"ruling", id_of<RulingId>()}, {"duties", list(object({}))}});
  const auto shown = object({{"organisation", id_of<OrganisationId>()}, {"name", text()}, {"version", number()}, {"at", instant()}});
  const auto told = object({{"to", text()}, {"at", instant()}, {"recorded", instant()}, {"organisation", id_of<OrganisationId>()}, {"reference?", text()}});
  const auto for_author = object({{"versions", number()}, {"audience", text_of_form(kAudiences)}, {"written_by", object({{"person", id_of<PersonId>()}, {"organisation", id_of<OrganisationId>()}})}, {"public_data", flag()}, {"classes", list(text())}, {"assume", list(text())},
                                  {"shown", list(shown)}, {"told", list(told)}, {"endorsements", list(endorsement_shape())}, {"releases", list(released)}, {"collections?", list(text())}, {"basis?", text()}, {"held_back?", number()}, {"narrowed?", flag()}});
  return object({{"id", text_of_form(kUuid)}, {"kind", kind_shape()}, {"collection?", text()}, {"author", author_shape()}, {"version", number()}, {"at", instant()}, {"title", text()}, {"text", text()}, {"on?", text()}, {"tlp", text()}, {"hash", text()},
                 {"draft", flag()}, {"released", list(release_shape())}, {"endorsed_by", list(endorsement_shape())}, {"withdrawn?", withdrawal_shape()}, {"figures?", schema_of<threat::AggregateReport, OtherFields::ToCome>()}, {"for_author?", for_author}});
}

json::object release_asked_answer() { return object({{"version", number()}, {"to", text_of_form(kAudiences)}, {"ruling", object({})}, {"too_wide?", text()}, {"overlaps?", list(text_of_form(kUuid))}, {"overlaps_cut?", flag()}}); }
json::object behind_answer() { return object({{"version", number()}, {"by", text()}, {"line", text()}, {"unchanged", flag()}, {"ids", list(text())}}); }

json::object threat_groups_answer() {
  const auto place = text_of_form("asked|joined|left");
  const auto member = object({{"organisation", id_of<OrganisationId>()}, {"name", text()}, {"place", place}, {"at", instant()}});
  return object({{"items", list(object({{"id", id_of<GroupId>()}, {"name", text()}, {"formed", instant()}, {"place?", place}, {"members?", list(member)}}))}});
}

std::span<const Parameter> threat_texts_query() { return kTextsQuery; }
std::span<const Parameter> version_query() { return kVersionQuery; }
std::span<const Parameter> release_query() { return kReleaseQuery; }
std::span<const Parameter> behind_query() { return kBehindQuery; }

// ---- reads

Result<Response> list_threat_texts(App& app, const Request& request) {
  const auto collection = request.http.query_value("collection");
  TRY(auto found, service::threat_texts(app.services, request.viewer, collection ? std::optional<std::string>(std::string(*collection)) : std::nullopt));
  return ok(found);
}

Result<Response> show_threat_text(App& app, const Request& request) {
  TRY(const auto id, text_id(request));
  TRY(const auto version, asked_version(request));
  TRY(auto shown, service::shown_text(app.services, request.viewer, id, version));
  auto response = ok(shown.shown);
  note_shown_text(app, request, response, shown);
  return response;
}

Result<Response> threat_text_page(App& app, const Request& request) { return exported_text<as_page>(app, request); }
Result<Response> threat_text_csv(App& app, const Request& request) { return exported_text<as_csv>(app, request); }
Result<Response> threat_text_stix(App& app, const Request& request) { return exported_text<as_stix>(app, request); }

Result<Response> ask_text_release(App& app, const Request& request) {
  TRY(const auto id, text_id(request));
  TRY(const auto to, asked_word<store::ThreatAudience>(request, "to"));
  TRY(auto asked, service::ask_release(app.services, request.viewer, id, to));
  return ok(asked);
}

Result<Response> show_behind_figure(App& app, const Request& request) {
  TRY(const auto id, text_id(request));
  TRY(const auto by, asked_word<threat::Breakdown>(request, "by"));
  const auto line = request.http.query_value("line");
  TRY(auto found, service::behind_figure(app.services, request.viewer, id, by, line ? std::string(*line) : std::string()));
  return ok(found);
}

Result<Response> list_threat_groups(App& app, const Request& request) {
  TRY(auto found, service::threat_groups(app.services, request.viewer, path_word(request, "collection")));
  return ok(found);
}

// For whoever it is, as for nobody: what is public, and no more.
Result<Response> list_public_texts(App& app, const Request&) {
  TRY(auto found, service::threat_texts(app.services, access::Viewer::nobody(), {}));
  for (auto& one : found.at("items").as_array()) one.as_object().erase("collection");
  return ok(found);
}

Result<Response> public_text_page(App& app, const Request& request) {
  TRY(const auto id, text_id(request));
  TRY(const auto shown, service::shown_text(app.services, access::Viewer::nobody(), id, {}));
  return as_page(shown);
}

Result<Response> public_text_file(App& app, const Request& request) {
  TRY(const auto id, text_id(request));
  const auto file = path_word(request, "file");
  if (file != "report.csv" && file != "report.stix.json") return service::no_threat_text();
  TRY(const auto shown, service::shown_text(app.services, access::Viewer::nobody(), id, {}));
  return file == "report.csv" ? as_csv(shown) : as_stix(shown);
}

// ---- commands

namespace takes {

Result<service::Work> draft_threat_text(App& app, const Request& request, service::DraftThreatText given) { return service::draft_threat_text(app.services, request.asker(), std::move(given)); }

template <class Given, Result<service::Work> (*command)(service::Services&, service::Asker, std::string, Given)>
Result<service::Work> on_text(App& app, const Request& request, Given given) {
  TRY(auto id, text_id(request));
  return command(app.services, request.asker(), std::move(id), std::move(given));
}

Result<service::Work> form_threat_group(App& app, const Request& request, service::FormGroup given) { return service::form_threat_group(app.services, request.asker(), path_word(request, "collection"), std::move(given)); }
Result<service::Work> ask_into_threat_group(App& app, const Request& request, service::AskIntoGroup given) {
  TRY(const auto id, path_id<GroupKind>(request, "group"));
  return service::ask_into_threat_group(app.services, request.asker(), path_word(request, "collection"), id, std::move(given));
}
template <service::Work (*command)(service::Services&, service::Asker, std::string, GroupId)>
Result<service::Work> on_threat_group(App& app, const Request& request, NoFields) {
  TRY(const auto id, path_id<GroupKind>(request, "group"));
  return command(app.services, request.asker(), path_word(request, "collection"), id);
}

}  // namespace takes

constinit const Command draft_threat_text = taking<takes::draft_threat_text>();
constinit const Command revise_threat_text = taking<takes::on_text<service::ReviseThreatText, service::revise_threat_text>>();
constinit const Command show_draft_text = taking<takes::on_text<service::ShowThreatText, service::show_threat_text>>();
constinit const Command endorse_threat_text = taking<takes::on_text<service::EndorseThreatText, service::endorse_threat_text>>();
constinit const Command withdraw_endorsement = taking<takes::on_text<service::WithdrawEndorsement, service::withdraw_endorsement>>();
constinit const Command tell_authority = taking<takes::on_text<service::TellAuthority, service::tell_authority>>();
constinit const Command withdraw_threat_text = taking<takes::on_text<service::WithdrawThreatText, service::withdraw_threat_text>>();
constinit const Command release_threat_text = taking<takes::on_text<service::ReleaseThreatText, service::release_threat_text>>();
constinit const Command form_threat_group = taking<takes::form_threat_group>();
constinit const Command ask_into_threat_group = taking<takes::ask_into_threat_group>();
constinit const Command join_threat_group = taking<takes::on_threat_group<service::join_threat_group>>();
constinit const Command leave_threat_group = taking<takes::on_threat_group<service::leave_threat_group>>();

}  // namespace sluice::web::api
