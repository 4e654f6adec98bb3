// The head of an answer, as bytes, and the answers the server gives itself. Pure.
//
// Always holds
//   A1  Whatever a handler put into its headers, the head is one well-formed head (M3, WEB-2): no value carries CR, LF or NUL into it.
//   A2  Framing is ours: Content-Length, or none for 204, 304 and streams (which end with the connection).
#pragma once

#include <string>
#include <string_view>

#include "web/http/framing.h"
#include "web/http/message.h"

namespace sluice::web::http {

struct AnswerContext {
  std::string_view date;
  std::string_view request_id;
  bool close;
  std::string_view own = {};   // what own_lines() made
};

std::string own_lines(const Headers& headers);               // of headers that stand on every answer: "\r\nName: value" each
std::string answer_head(const Response& response, const AnswerContext& context);
bool has_content(int status);                                // false: 1xx, 204, 304
bool wants_close(const Response& response);                  // the handler set "Connection: close"

// application/problem+json: type, title, status, code, detail, request_id.
Response problem(const Refusal& refusal, std::string_view request_id);

std::string http_date(std::int64_t unix_seconds);            // RFC 9110 §5.6.7

}  // namespace sluice::web::http
