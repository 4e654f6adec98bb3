#include "web/router.h"

#include <algorithm>

#include <boost/container/small_vector.hpp>

#include "gate/disclosure.h"
#include "ledger/entry.h"
#include "service/limits.h"
#include "store/idempotency.h"
#include "web/file_name.h"
#include "web/form.h"
#include "web/multipart.h"
#include "web/pages/pages.h"
#include "web/taxii/answers.h"

namespace sluice::web {

namespace {

bool is_page(const Request& request) {
  const auto& path = request.http.path;
  return !path.starts_with("/api/") && !path.starts_with("/csaf") && !path.starts_with("/.well-known/") && !taxii::is_taxii_path(path) && path != "/healthz" && path != "/readyz";
}

// None, application/json, or a type that ends in +json; parameters don't matter.
bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type.empty() || type == "application/json" || type.ends_with("+json");
}

// NotFound has one text, whatever found it so (EXI-1).
Error as_told(const Error& error) {
  if (error.kind != ErrorKind::NotFound) return error;
  return {ErrorKind::NotFound, "There is no such thing here, or you have no access to it."};
}

// What may be sent under a pseudonym. All else that isn't a read would be done by name, and whoever names a pseudonym means that it isn't.
constexpr std::string_view kTakePseudonyms[] = {
    "/taxii2/root/collections/{collection}/objects/", "/taxii2/root/collections/{collection}/objects/{object}/", "/api/v1/threats/collections/{collection}/objects/{object}/recall"};

Result<void> fits_pseudonym(const Route& route, const Request& request) {
  const auto asked = request.http.header(kPseudonymHeader);
  if (asked.empty() && !request.viewer.pseudonym) return {};
  if (!asked.empty() && request.viewer.pseudonym && asked != *request.viewer.pseudonym) return fail(ErrorKind::Forbidden, "This token sends under another pseudonym, and in no other way.", {}, {}, "token-bound");
  if (std::holds_alternative<Read>(route.handler) || std::find(std::begin(kTakePseudonyms), std::end(kTakePseudonyms), route.path) != std::end(kTakePseudonyms)) return {};
  return fail(ErrorKind::Forbidden, "This isn't done under a pseudonym: it would be done by name. Ask again without one, with a token that isn't bound to one.", {}, {}, "not-under-a-pseudonym");
}

bool is_unsafe(http::Verb verb) { return verb != http::Verb::Get && verb != http::Verb::Head && verb != http::Verb::Options; }

using Parts = boost::container::small_vector<std::string_view, 12>;

Parts split(std::string_view path) {
  Parts out;
  for (std::size_t at = 1; at <= path.size();) {
    const auto slash = std::min(path.find('/', at), path.size());
    if (slash > at || slash < path.size() || at > 1) out.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return out;
}

bool is_name(std::string_view part) { return part.starts_with('{'); }

}  // namespace

std::string token_in(const http::Request& request) {
  const auto header = request.header("authorization");
  const auto scheme = std::string_view(header).substr(0, header.find(' '));
  const auto is = [scheme](std::string_view lower) {  // in any case (RFC 9110 §11.1)
    return std::equal(scheme.begin(), scheme.end(), lower.begin(), lower.end(), [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
  };
  // RFC 9110 §11.4: one space or more.
  const auto rest = std::string_view(header).substr(std::min(header.find_first_not_of(' ', scheme.size()), header.size()));
  if (!rest.empty() && is("bearer")) return std::string(rest);
  // HTTP Basic with any user name and the token as password, for TAXII clients alone (contracts).
  if (request.path.starts_with("/taxii2/") && !rest.empty() && is("basic"))
    if (const auto text = from_base64(rest))
      if (const auto colon = text_of(*text).find(':'); colon != std::string_view::npos) return std::string(text_of(*text).substr(colon + 1));
  return {};
}

http::Headers Router::security_headers() {
  return {{"Content-Security-Policy",
           "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
           "require-trusted-types-for 'script'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"}};
}

Router::Router(App& app, std::size_t threads) : app_(app), pool_(threads, 4'000) {
  for (const auto& route : routes()) {
    const auto parts = split(route.path);
    if (compiled_.size() <= parts.size()) compiled_.resize(parts.size() + 1);
    compiled_[parts.size()].push_back({&route, {parts.begin(), parts.end()}, std::count_if(parts.begin(), parts.end(), is_name)});
  }
}

// A route of fixed words comes before one with names; the table's order settles the rest.
template <class Segments>
Router::Match Router::match(http::Verb verb, const Segments& segments) const {
  Match out;
  if (segments.size() >= compiled_.size()) return out;
  const auto fits = [&](const Compiled& one) { return std::equal(segments.begin(), segments.end(), one.parts.begin(), [](std::string_view sent, std::string_view part) { return is_name(part) || part == sent; }); };
  const auto wanted = verb == http::Verb::Head ? http::Verb::Get : verb;
  const Compiled* best = nullptr;
  for (const auto& one : compiled_[segments.size()]) {
    if (!fits(one)) continue;
    out.known_path = true;
    if (one.route->verb == wanted && (best == nullptr || one.names < best->names)) best = &one;
  }
  if (best != nullptr) {
    out.route = best->route;
    for (std::size_t i = 0; i < segments.size(); ++i)
      if (const auto part = best->parts[i]; is_name(part)) out.path.emplace(part.substr(1, part.size() - 2), segments[i]);
  } else if (out.known_path) {
    for (const auto& one : compiled_[segments.size()])
      if (fits(one)) out.allow += (out.allow.empty() ? "" : ", ") + std::string(to_text(one.route->verb));
  }
  return out;
}

std::optional<http::Limits> Router::limits_of(http::Verb verb, std::string_view path) const {
  const auto found = match(verb, split(path));
  return http::Limits{.body = found.route == nullptr ? 64 << 10 : most_bytes(found.route->body)};
}

http::Response Router::finish(const Request& request, Response response) const {
  http::Response out{.status = response.status, .headers = std::move(response.headers), .body = std::move(response.body), .shared_body = response.shared_body, .stream = response.stream};
  if (!response.etag.empty()) {
    const auto tag = "\"" + response.etag + "\"";
    out.headers.emplace_back("ETag", tag);
    const auto wanted = request.http.header("if-none-match");
    if (!is_unsafe(request.http.verb) && response.status == 200 && !wanted.empty() && (wanted == "*" || wanted.find(tag) != std::string_view::npos)) {
      out.status = 304;
      out.body.clear();
      out.shared_body.reset();
    }
  }
  const bool has_cache = std::any_of(out.headers.begin(), out.headers.end(), [](const http::Header& h) { return h.first == "Cache-Control"; });
  if (!has_cache) out.headers.emplace_back("Cache-Control", request.viewer.kind == access::Viewer::Kind::Nobody ? "no-cache" : "no-store");
  if (request.http.tls) out.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  return out;
}

void Router::handle(http::Request http_request, http::Respond respond) {
  Request request;
  const auto id = RequestId::parse(http_request.request_id);
  request.id = id ? *id : RequestId::random();
  auto found = match(http_request.verb, http_request.segments);
  if (!found.known_path && http_request.path.starts_with("/app/")) found = match(http_request.verb, split("/app"));  // the web client finds its pages itself
  request.http = std::move(http_request);
  request.path = std::move(found.path);
  if (found.route == nullptr) {
    const Error error{ErrorKind::NotFound, "There is no such page."};
    if (!found.known_path && is_page(request)) return respond(finish(request, pages::error_page(app_, request, as_told(error))));
    if (taxii::is_taxii_path(request.http.path) && !(found.known_path && request.http.verb == http::Verb::Options)) {
      auto answer = found.known_path ? taxii::error_answer(405, {ErrorKind::Invalid, "This address takes " + found.allow + " only.", {}, {}, "method-not-allowed"}, request.id) : taxii::error_answer(error, request.id);
      if (found.known_path) answer.headers.emplace_back("Allow", found.allow);
      answer.headers.emplace_back("Cache-Control", "no-store");
      return respond(std::move(answer));
    }
    auto answer = found.known_path ? problem_as(405, {ErrorKind::Invalid, "This address takes " + found.allow + " only.", {}, {}, "method-not-allowed"}, request.id) : problem(error, request.id);
    if (found.known_path) answer.headers.emplace_back("Allow", found.allow);
    if (found.known_path && request.http.verb == http::Verb::Options) answer = {.status = 204, .headers = {{"Allow", found.allow}}};
    answer.headers.emplace_back("Cache-Control", "no-store");
    respond(std::move(answer));
    return;
  }
  auto shared = std::make_shared<std::pair<Request, http::Respond>>(std::move(request), std::move(respond));
  http::WorkerPool::Job job = [this, route = found.route, shared] { run(*route, std::move(shared->first), std::move(shared->second)); };
  if (!pool_.try_post(job)) {
    const Error busy{ErrorKind::Unavailable, "This site is too busy at the moment. Please try again.", {}, {}, "busy"};
    auto answer = taxii::is_taxii_path(shared->first.http.path) ? taxii::error_answer(busy, shared->first.id) : problem(busy, shared->first.id);
    shared->second(std::move(answer));
  }
}

Result<access::Viewer> Router::viewer_of(Request& request) const {
  auto& viewers = app_.doors.viewers;
  const auto let_in_by = [&](service::Credential credential) -> Result<access::Viewer> {
    TRY(auto entry, viewers.entry_of(credential));
    request.credential = std::move(credential);
    return std::move(entry.viewer);
  };
  if (auto token = token_in(request.http); !token.empty()) {
    TRY(const auto certificate, known_certificate(request.http));
    return let_in_by({.token = std::move(token), .certificate = certificate});
  }
  if (const auto code = request.http.header("sluice-report-code"); !code.empty() && request.http.path.starts_with("/api/v1/reports")) {
    TRY(const auto report, app_.doors.mailboxes.open_mailbox(code, request.http.peer));
    return access::Viewer::reporter(report);
  }
  if (const auto cookie = request.http.cookie(pages::session_cookie_name(request.http.tls))) {
    auto viewer = let_in_by({.session = *cookie});
    if (viewer) {
      request.by_cookie = true;
      return viewer;
    }
  }
  if (const auto cookie = request.http.cookie(pages::mailbox_cookie_name(request.http.tls)); cookie && !request.http.path.starts_with("/api/")) {
    auto viewer = app_.doors.mailboxes.viewer_of_cookie(*cookie);
    if (viewer) {
      request.by_cookie = true;
      return viewer;
    }
  }
  TRY(const auto certificate, known_certificate(request.http));
  if (certificate) return let_in_by({.certificate = certificate});
  return access::Viewer::nobody();
}

// W4. What was shown beside a session is not looked at: a browser shows it to every page.
Result<std::optional<Hash>> Router::known_certificate(const http::Request& request) const {
  if (!request.certificate || !(request.path.starts_with("/api/") || taxii::is_taxii_path(request.path))) return std::optional<Hash>();
  const auto fingerprint = sha256(bytes_of(*request.certificate));
  const auto viewer = app_.doors.viewers.of_certificate(fingerprint);
  if (viewer) return std::optional(fingerprint);
  if (viewer.error().kind == ErrorKind::Unauthenticated) return std::optional<Hash>();
  return std::unexpected(viewer.error());
}

Result<void> Router::read_files(Request& request) const {
  const auto& body = request.http.body;
  TRY(auto parts, read_multipart(request.http.header("content-type"), body));
  for (auto& part : parts) {
    if (part.file_name && (part.size > 0 || !part.file_name->empty())) {  // else none was chosen
      request.files.push_back({std::move(part.name), clean_file_name(*part.file_name), part.offset, part.size});
    } else if (!part.file_name) {
      auto value = body.substr(part.offset, part.size);
      std::erase(value, '\r');
      request.form[std::move(part.name)] = std::move(value);
    }
  }
  return {};
}

service::Allowed Router::allowed(const Route& route, const Request& request) const {
  using enum service::Operation;
  auto& limits = app_.doors.limits;
  const auto& peer = request.http.peer;
  if (route.operation == PublicReport && !app_.services.settings.intake_limits) return {};
  if (request.viewer.is_signed_in()) return limits.allow(route.operation, request.viewer);
  if (route.operation == PublicReport) {
    const auto field = request.form.find("proof");
    const auto proof = field != request.form.end() ? std::string_view(field->second) : request.http.header("sluice-proof");
    if (!proof.empty() && app_.doors.proofs.take(proof))
      if (const auto proven = limits.allow(ProvenReport, peer)) return proven;
    return limits.allow(PublicReport, peer);
  }
  if (route.operation == Upload && request.viewer.report) {  // a report code may be anybody's: files count for the address and for the report
    const auto of_address = limits.allow(PublicUpload, peer);
    return of_address ? limits.allow(PublicUpload, request.viewer) : of_address;
  }
  return limits.allow(route.operation, peer);
}

std::string csrf_token(App& app, const Request& request) {
  const auto who = request.viewer.session ? request.viewer.session->text() : request.viewer.report ? request.viewer.report->text() : std::string("nobody");
  return hex(app.services.cells().tag("csrf", who));
}

Result<void> Router::from_our_own_pages(const Request& request) const {
  const auto site = request.http.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return fail(ErrorKind::Forbidden, "This request came from another site's page.", {}, {}, "cross-site");
  const auto origin = request.http.header("origin");
  // Our Referrer-Policy makes browsers say "null" with a form of our own; Sec-Fetch-Site then tells whose page it was (Fetch, 4.7).
  if (!origin.empty() && !(origin == "null" && site == "same-origin")) {
    const auto host = origin.find("://") == std::string_view::npos ? origin : origin.substr(origin.find("://") + 3);
    if (host != request.http.header("host")) return fail(ErrorKind::Forbidden, "This request came from another site's page.", {}, {}, "cross-site");
  }
  if (!request.by_cookie) return {};
  const auto expected = csrf_token(app_, request);
  const auto field = request.form.find("csrf");
  const bool by_header = equal_in_constant_time(bytes_of(request.http.header("x-csrf-token")), bytes_of(expected));
  const bool by_field = field != request.form.end() && equal_in_constant_time(bytes_of(field->second), bytes_of(expected));
  if (!by_header && !by_field) return fail(ErrorKind::Forbidden, "This page has become too old to send from. Load it again.", {}, {}, "csrf");
  return {};
}

service::Work Router::once(const Request& request, service::Work work) const {
  const auto key = request.http.header("idempotency-key");
  // Callers without a name of their own have no memory here, and what is shown once is not kept.
  std::string path;                                // as it was understood, however it was escaped
  for (const auto& segment : request.http.segments) (path += '/') += segment;
  const bool has_secret = path.starts_with("/api/v1/tokens") || path == "/api/v1/threats/webhooks" || (path.starts_with("/api/v1/threats/webhooks/") && path.ends_with("/secret")) || path.starts_with("/api/v1/factor") || path.starts_with("/sign-in") || path.starts_with("/account");
  if (key.empty() || !request.viewer.is_signed_in() || has_secret) return work;
  const auto who = (request.viewer.token ? request.viewer.token->text() : request.viewer.person->text()) + "/" + request.viewer.organisation->text();
  auto& cells = app_.services.cells();
  const store::IdempotencyKey name{cells.tag("idempotent viewer", who), cells.tag("idempotency key", std::string(to_text(request.http.verb)) + " " + request.http.target + " " + std::string(key)),
                                   sha256(bytes_of(request.http.body))};
  const auto in_case = request.path.find("case") == request.path.end() ? std::nullopt : CaseId::parse(request.path.find("case")->second);
  return [&services = app_.services, name, in_case, viewer = request.viewer, work = std::move(work)](service::Unit& unit) mutable -> Result<service::Committed> {
    const auto kept = store::idempotent_answer(unit.writing().tx(), services.cells(), name, unit.now());
    // EXI-9: a replay passes authorisation again, before even another body under the same key (422) is told of.
    if (in_case && (!kept || *kept)) TRY(services.store.as(viewer).case_view(*in_case));
    TRY(const auto known, kept);
    if (known) {
      service::Committed out;
      out.answer = known->at("answer").as_object();
      out.waits_for_second_person = known->as_object().contains("waits");
      out.etag = std::string(string_at(*known, "etag"));
      if (const auto* leaf = known->as_object().if_contains("acknowledge"); leaf != nullptr) {
        TRY(out.to_acknowledge, ledger::leaf_from(*leaf));
      }
      return out;
    }
    TRY(auto committed, work(unit));
    json::object answer{{"answer", committed.answer}, {"etag", committed.etag}};
    if (committed.waits_for_second_person) answer["waits"] = true;
    if (committed.to_acknowledge) answer["acknowledge"] = ledger::to_value(*committed.to_acknowledge);  // signed anew at a replay: Ed25519 gives the same bytes
    TRY(store::keep_answer(unit.writing().tx(), services.cells(), name, unit.now() + std::chrono::hours(24), answer));
    return committed;
  };
}

// The Writer commits and goes on: what a reply costs (a signature, a page) is paid on the pool. When that is full or stopping, here and now.
service::Done Router::on_the_pool(service::Done reply) {
  return [this, shared = std::make_shared<service::Done>(std::move(reply))](Result<service::Committed> committed) {
    auto held = std::make_shared<Result<service::Committed>>(std::move(committed));
    if (!pool_.post([shared, held] { (*shared)(std::move(*held)); })) (*shared)(std::move(*held));
  };
}

// ACC-12: which case or report this answer shows, for those whose reading is watched.
void Router::note_reading(const Request& request, const Response& response) const {
  if (response.status != 200) return;
  for (const auto& id : response.shows) app_.doors.reading.note(request.viewer, id.text());
  for (const auto* name : {"case", "report"})
    if (const auto found = request.path.find(name); found != request.path.end()) return app_.doors.reading.note(request.viewer, found->second);
}

void Router::answer(const Request& request, Response response, http::Respond respond) {
  note_reading(request, response);
  if (response.deliveries.empty() && !response.read_mark && !response.first) {
    respond(finish(request, std::move(response)));
    return;
  }
  // Written down before the bytes leave.
  auto deliveries = std::move(response.deliveries);
  response.deliveries.clear();
  auto work = service::record_deliveries(app_.services, request.asker(), std::move(deliveries), response.reader, response.reader_name, static_cast<int>(gate::Channel::Api));
  if (auto before = std::exchange(response.first, std::nullopt)) {
    work = [first = *std::move(before), then = std::move(work)](service::Unit& unit) mutable -> Result<service::Committed> {
      TRY(first(unit));
      return then(unit);
    };
  }
  if (auto mark = std::exchange(response.read_mark, std::nullopt)) {
    work = [first = std::move(work), then = service::mark_read(app_.services, *std::move(mark))](service::Unit& unit) mutable -> Result<service::Committed> {
      TRY(first(unit));
      return then(unit);
    };
  }
  auto shared = std::make_shared<std::tuple<Request, Response, http::Respond>>(request, std::move(response), std::move(respond));
  app_.services.writer.submit(std::move(work), on_the_pool([this, shared](Result<service::Committed> committed) {
    auto& [held, ready, give] = *shared;
    if (committed) {
      give(finish(held, std::move(ready)));
      return;
    }
    give(refusal(held, committed.error()));
  }), service::Writer::Whose::Ledger);  // who has read what is the ledger's matter: it has room on a full disk, and so reading goes on
}

http::Response Router::refusal(const Request& request, const Error& error) const {
  // REL-2: damage that a read meets stops writing too, before more is built upon it.
  if (service::is_damage(error)) app_.services.writer.stop_writing();
  if (is_page(request)) return finish(request, pages::error_page(app_, request, as_told(error)));
  auto out = taxii::is_taxii_path(request.http.path) ? taxii::error_answer(error, request.id) : problem(error, request.id);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

void Router::run(const Route& route, Request request, http::Respond respond) {
  const auto refuse = [&](const Error& error) { respond(refusal(request, error)); };
  // EXI-2: sign-in, then role, scope and step-up, then rate, then syntax; only then what depends on an object.
  auto viewer = viewer_of(request);
  if (!viewer) return refuse(viewer.error());
  request.viewer = *std::move(viewer);
  if (auto admitted = access::admit(request.viewer, route.caller, route.scope, route.step_up, app_.services.clock.now()); !admitted) {
    if (admitted.error().kind == ErrorKind::Unauthenticated && is_page(request) && route.verb == http::Verb::Get) return respond(finish(request, pages::to_sign_in()));
    return refuse(admitted.error());
  }
  if (auto fits = fits_pseudonym(route, request); !fits) return refuse(fits.error());
  Result<void> form_read;
  if (route.body == Body::Form) {  // a proof of work stands in it, so it comes before the rate; what is wrong with it is said after
    auto form = read_form(request.http.body);
    if (form) request.form = *std::move(form);
    else form_read = std::unexpected(form.error());
  }
  if (const auto may = allowed(route, request); !may) return refuse(service::too_many(may.retry_after).error());
  if (!form_read) return refuse(form_read.error());
  if (route.body == Body::Json || route.body == Body::LargeJson) {
    const auto type = request.http.header("content-type");
    if (!request.http.body.empty() || route.body == Body::LargeJson) {
      if (!is_json(type)) {
        auto failed = problem_as(415, {ErrorKind::Malformed, "Send JSON, with Content-Type: application/json.", {}, {}, "unsupported-media-type"}, request.id);
        failed.headers.emplace_back("Cache-Control", "no-store");
        return respond(std::move(failed));
      }
      JsonLimits limits;
      if (route.body == Body::LargeJson) limits = {.bytes = 16 << 20, .depth = 32, .keys = 200'000, .string = 1 << 20};
      auto body = parse_json(request.http.body, limits);
      if (!body) return refuse(body.error());
      request.body = *std::move(body);
    } else {
      request.body = json::object{};
    }
  } else if (route.body == Body::Multipart) {
    if (auto read = read_files(request); !read) return refuse(read.error());
  }
  const bool by_certificate = request.credential.certificate && request.credential.token.empty();
  if (is_unsafe(request.http.verb) || by_certificate) {
    const bool browser = request.by_cookie || by_certificate || !request.http.path.starts_with("/api/");
    if (browser)
      if (auto own = from_our_own_pages(request); !own) return refuse(own.error());
  }

  if (const auto* read = std::get_if<Read>(&route.handler)) {
    auto response = read->run(app_, request);
    if (!response) return refuse(response.error());
    return answer(request, *std::move(response), std::move(respond));
  }
  if (const auto* later = std::get_if<Later>(&route.handler)) {
    auto shared = std::make_shared<std::pair<Request, http::Respond>>(std::move(request), std::move(respond));
    const auto started = later->start(app_, shared->first, [this, shared](Result<Response> response) {
      auto& [held, give] = *shared;
      give(response ? finish(held, *std::move(response)) : refusal(held, response.error()));
    });
    if (!started) shared->second(refusal(shared->first, started.error()));
    return;
  }
  const auto& write = std::get<Write>(route.handler);
  auto work = write.command.run(app_, request);
  if (!work) return refuse(work.error());
  auto shared = std::make_shared<std::pair<Request, http::Respond>>(std::move(request), std::move(respond));
  app_.services.writer.submit(once(shared->first, *std::move(work)), on_the_pool([this, shared, reply = write.reply](Result<service::Committed> committed) {
    auto& [held, give] = *shared;
    if (committed) service::acknowledge(app_.services.store, *committed);
    give(committed ? finish(held, reply(app_, held, *committed)) : refusal(held, committed.error()));
  }));
}

}  // namespace sluice::web
