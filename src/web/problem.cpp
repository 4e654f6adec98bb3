#include "web/app.h"

namespace sluice::web {

// The one place where kinds of error meet HTTP.
int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Malformed: return 400;
    case ErrorKind::Invalid: return 422;
    case ErrorKind::Unauthenticated: return 401;
    case ErrorKind::Forbidden: return 403;
    case ErrorKind::NotFound: return 404;
    case ErrorKind::Conflict: return 409;
    case ErrorKind::Stale: return 412;
    case ErrorKind::PreconditionRequired: return 428;
    case ErrorKind::TooLarge: return 413;
    case ErrorKind::TooMany: return 429;
    case ErrorKind::Unavailable: return 503;
  }
  return 500;
}

int status_of(const Error& error) { return error.code == "full" && error.kind == ErrorKind::Unavailable ? 507 : status_of(error.kind); }

namespace {
std::string_view title_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Malformed: return "Not readable";
    case ErrorKind::Invalid: return "Not valid";
    case ErrorKind::Unauthenticated: return "Sign in first";
    case ErrorKind::Forbidden: return "Not allowed";
    case ErrorKind::NotFound: return "Not found, or no access";
    case ErrorKind::Conflict: return "Conflict";
    case ErrorKind::Stale: return "Changed meanwhile";
    case ErrorKind::PreconditionRequired: return "Name the version you saw";
    case ErrorKind::TooLarge: return "Too large";
    case ErrorKind::TooMany: return "Too many requests";
    case ErrorKind::Unavailable: return "Unavailable";
  }
  return "Error";
}

std::string code_of(const Error& error) {
  if (!error.code.empty()) return error.code;
  switch (error.kind) {
    case ErrorKind::Malformed: return "malformed";
    case ErrorKind::Invalid: return "invalid";
    case ErrorKind::Unauthenticated: return "unauthenticated";
    case ErrorKind::Forbidden: return "forbidden";
    case ErrorKind::NotFound: return "not-found";
    case ErrorKind::Conflict: return "conflict";
    case ErrorKind::Stale: return "stale";
    case ErrorKind::PreconditionRequired: return "precondition-required";
    case ErrorKind::TooLarge: return "too-large";
    case ErrorKind::TooMany: return "too-many";
    case ErrorKind::Unavailable: return "unavailable";
  }
  return "error";
}
}  // namespace

// RFC 9457. For NotFound every field is the same whatever is hidden: one title, one text, no pointer (EXI-1).
http::Response problem(const Error& error, const RequestId& id) { return problem_as(status_of(error), error, id); }

http::Response problem_as(int status, const Error& error, const RequestId& id) {
  const bool hidden = error.kind == ErrorKind::NotFound;
  const auto code = hidden ? std::string("not-found") : code_of(error);
  json::object body{{"type", "urn:sluice:problem:" + code},
                    {"title", title_of(error.kind)},
                    {"status", status},
                    {"code", code},
                    {"detail", hidden ? "There is no such thing here, or you have no access to it." : error.message},
                    {"request_id", id.text()}};
  if (!hidden && !error.rule.empty()) body["rule"] = error.rule;
  if (!hidden && !error.where.empty()) body["errors"] = json::array{json::object{{"pointer", error.where}, {"message", error.message}}};
  http::Response out{.status = status, .headers = {{"Content-Type", "application/problem+json"}}, .body = canonical(body) + "\n"};
  if (error.kind == ErrorKind::Unauthenticated) out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"sluice\"");
  if (error.kind == ErrorKind::TooMany) out.headers.emplace_back("Retry-After", std::to_string(std::max(1, service::retry_after(error))));
  if (error.kind == ErrorKind::Unavailable) out.headers.emplace_back("Retry-After", "5");
  return out;
}

}  // namespace sluice::web
