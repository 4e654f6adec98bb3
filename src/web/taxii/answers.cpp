#include "web/taxii/answers.h"

#include "base/fine_time.h"
#include "service/sealed_value.h"
#include "web/taxii/media_type.h"

namespace sluice::web::taxii {

namespace {

constexpr std::string_view kPurpose = "taxii cursor";
constexpr auto kLasts = std::chrono::hours(24 * 366);

std::string_view title_of(int status) {
  switch (status) {
    case 400: return "Not readable";
    case 401: return "Sign in first";
    case 403: return "Not allowed";
    case 404: return "Not found, or no access";
    case 405: return "Not done at this address";
    case 406: return "No such media type";
    case 408: return "Too slow";
    case 411: return "No length";
    case 413: return "Too large";
    case 414: return "Address too long";
    case 415: return "Unknown media type";
    case 422: return "Not an envelope that can be taken";
    case 429: return "Too many requests";
    case 431: return "Header fields too large";
    case 501: return "Not known here";
    case 503: return "Unavailable";
    case 507: return "No space";
  }
  return "Error";
}

// 406 and 415 are HTTP's own, and no kind of error.
int status_in(const Error& error) {
  if (error.code == "not-acceptable") return 406;
  if (error.code == "unsupported-media-type") return 415;
  return status_of(error);
}

}  // namespace

std::string joined(const Request& request, std::string_view name) {
  std::string out;
  for (const auto& [key, value] : request.http.headers)
    if (key == name) out += (out.empty() ? "" : ",") + value;
  return out;
}

Result<store::CollectionSeen> readable(App& app, const Request& request) {
  const auto named = request.path.find("collection");
  TRY(auto seen, app.services.store.as(request.viewer).collection(named == request.path.end() ? std::string_view() : named->second));
  if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  return seen;
}

bool is_taxii_path(std::string_view path) { return path == "/taxii2" || path.starts_with("/taxii2/"); }

http::Response error_answer(const Error& error, const RequestId& id) { return error_answer(status_in(error), error, id); }

http::Response error_answer(int status, const Error& error, const RequestId& id) {
  const bool hidden = error.kind == ErrorKind::NotFound;
  json::object body{{"title", title_of(status)}, {"description", hidden ? "There is no such thing here, or you have no access to it." : error.message}, {"error_id", id.text()}, {"http_status", std::to_string(status)}};
  if (!hidden && !error.code.empty()) body["error_code"] = error.code;
  if (!hidden && (!error.where.empty() || !error.rule.empty())) {
    json::object details;
    if (!error.where.empty()) details["where"] = error.where;
    if (!error.rule.empty()) details["rule"] = error.rule;
    body["details"] = std::move(details);
  }
  http::Response out{.status = status, .headers = {{"Content-Type", std::string(kMediaType)}}, .body = canonical(body) + "\n"};
  if (status == 401) out.headers.insert(out.headers.end(), {{"WWW-Authenticate", "Basic realm=\"sluice\", charset=\"UTF-8\""}, {"WWW-Authenticate", "Bearer realm=\"sluice\""}});
  if (error.kind == ErrorKind::TooMany) out.headers.emplace_back("Retry-After", std::to_string(std::max(1, service::retry_after(error))));
  if (error.kind == ErrorKind::Unavailable) out.headers.emplace_back("Retry-After", "5");
  return out;
}

std::optional<http::Response> refused(const http::Refusal& refusal, std::string_view target, std::string_view request_id) {
  if (!is_taxii_path(target)) return std::nullopt;
  const Error error{ErrorKind::Malformed, std::string(refusal.detail), {}, {}, std::string(refusal.code)};
  auto out = error_answer(refusal.status, error, RequestId::parse(request_id).value_or(RequestId{}));
  out.headers.insert(out.headers.end(), {{"Cache-Control", "no-store"}, {"X-Request-Id", std::string(request_id)}});
  if (refusal.status == 405) out.headers.emplace_back("Allow", "GET, HEAD, POST, DELETE, OPTIONS");   // RFC 9110 §15.5.6: of CONNECT and TRACE, which no address takes
  if (refusal.status == 503) out.headers.emplace_back("Retry-After", "1");
  return out;
}

Response answer(std::string body, int status) {
  Response out;
  out.status = status;
  out.headers = {{"Content-Type", std::string(kMediaType)}};
  out.body = std::move(body);
  return out;
}

void add_dates(Response& response, const store::ObjectPage& page) {
  if (page.objects.empty()) return;
  response.headers.emplace_back("X-TAXII-Date-Added-First", six_digits(Instant{page.objects.front().date_added}));
  response.headers.emplace_back("X-TAXII-Date-Added-Last", six_digits(Instant{page.objects.back().date_added}));
}

std::string json_text(std::string_view text) { return canonical(json::value(text)); }

std::string list_body(std::string_view name, std::span<const std::string> items, const std::string& next) {
  std::size_t size = 64 + next.size();
  for (const auto& item : items) size += item.size() + 1;
  std::string out;
  out.reserve(size);
  out += '{';
  if (!next.empty()) out += "\"more\":true,\"next\":" + json_text(next);
  if (!items.empty()) {
    out += (next.empty() ? "\"" : ",\"") + std::string(name) + "\":[";
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      out += items[i];
    }
    out += ']';
  }
  return out += '}';
}

Result<void> accepts(const Request& request) {
  const auto accept = joined(request, "accept");
  if (accepts_taxii(accept)) return {};
  return fail(ErrorKind::Malformed, "This is served as " + std::string(kMediaType) + " alone: say so in Accept.", {}, "TAXII 2.1 §1.6.8.1", "not-acceptable");
}

Result<void> sends_taxii(const Request& request) {
  // RFC 9110 §8.4: bodies come uncoded, and one that says otherwise isn't guessed at.
  auto coding = joined(request, "content-encoding");
  for (auto& c : coding) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;   // §8.4.1: in any case
  if (!coding.empty() && coding != "identity")
    return fail(ErrorKind::Malformed, "Send the envelope without Content-Encoding.", {}, "RFC 9110 §8.4", "unsupported-media-type");
  if (is_taxii(joined(request, "content-type"))) return {};
  return fail(ErrorKind::Malformed, "Send " + std::string(kMediaType) + ", and say so in Content-Type.", {}, "TAXII 2.1 §5.5", "unsupported-media-type");
}

std::string bound_to(const access::Viewer& viewer, std::string_view collection, std::string_view list, Query query) {
  query.added_after.reset();
  const auto who = viewer.organisation ? viewer.organisation->text() : std::string();
  return hex(sha256(bytes_of(who + "/" + std::string(collection) + "/" + std::string(list) + "?" + query.canonical())));
}

std::string place_after(service::Services& services, std::string_view bound, std::optional<std::int64_t> began_after, std::int64_t after, std::optional<std::int64_t> told) {
  json::object place{{"after", after}};
  if (told) place["told"] = *told;
  if (began_after) place["began"] = *began_after;
  return service::seal_value(services.cells(), kPurpose, std::move(place), services.clock.now() + kLasts, services.random, bound);
}

std::string next_from(App& app, const Request& request, const store::CollectionSeen& seen, std::string_view list, const Query& query, std::int64_t after) {
  return place_after(app.services, bound_to(request.viewer, seen.collection().id, list, query), query.added_after, after);
}

std::int64_t told_until(App& app, const Request& request, const store::CollectionSeen& seen, std::string_view list, const Query& query, std::int64_t after) {
  if (!query.next) return after;
  const auto place = service::open_value(app.services.cells(), kPurpose, *query.next, app.services.clock.now(), bound_to(request.viewer, seen.collection().id, list, query));
  const auto* told = place ? place->if_contains("told") : nullptr;
  return told != nullptr && told->is_int64() ? told->get_int64() : after;
}

Result<std::int64_t> begins_after(App& app, const Request& request, const store::CollectionSeen& seen, std::string_view list, const Query& query) {
  if (!query.next) return query.added_after.value_or(INT64_MIN);
  const auto place = service::open_value(app.services.cells(), kPurpose, *query.next, app.services.clock.now(), bound_to(request.viewer, seen.collection().id, list, query));
  const auto* after = place ? place->if_contains("after") : nullptr;
  if (after == nullptr || !after->is_int64())
    return fail(ErrorKind::Malformed, "This place is not one that a page of this list gave with these filters. Repeat the filters of the first page, or begin again without `next`.", "next", "TAXII 2.1 §3.5", "next");
  // A client may leave out the date it began with: it is behind it. Another date asks for something else.
  const auto* began = place->if_contains("began");
  if (query.added_after && (began == nullptr || !began->is_int64() || began->get_int64() != *query.added_after))
    return fail(ErrorKind::Malformed, "`next` goes on with a list that began with another added_after. Send one of the two.", "added_after", "TAXII 2.1 §3.5", "next");
  return after->get_int64();
}

}  // namespace sluice::web::taxii
