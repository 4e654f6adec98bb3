// A request as a handler sees it, and an answer as a handler gives it. Plain values: no socket, no library behind them.
//
// Made by the server once the head passed every framing check and the body was read whole; a handler may keep and move them at will.
//
// Always holds
//   M1  Header names of a Request are lower-case tokens; values are trimmed, valid UTF-8, without control characters but tab.
//   M2  segments are percent-decoded, valid UTF-8, without '/', control characters, "." or "..". query is decoded, valid UTF-8, without NUL.
//   M3  What a handler puts into a Response cannot break framing: the server cleans values, drops names that are no tokens, and sets
//       Connection, Content-Length, Date and Transfer-Encoding itself.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::web::http {

class EventStream;

enum class Verb { Get, Head, Post, Put, Patch, Delete, Options };

std::string_view to_text(Verb verb);                          // "GET"
std::optional<Verb> verb_of(std::string_view text);           // case-sensitive (RFC 9110 §9.1)

using Header = std::pair<std::string, std::string>;
using Headers = std::vector<Header>;

struct Request {
  Verb verb = Verb::Get;
  std::string target;                                         // as sent, in origin-form: "/a%20b/c?x=1"
  std::string path;                                           // raw, up to '?': "/a%20b/c"
  std::vector<std::string> segments;                          // "/a%20b/c" → {"a b", "c"}; "/a/" → {"a", ""}; "/" → {}
  std::vector<std::pair<std::string, std::string>> query;     // in order, '+' is a space; a name without '=' has the value ""
  Headers headers;                                            // in order; a name may come more than once
  std::string body;
  std::string peer;                                           // the client's address without port; "unix" on a Unix socket
  bool tls = false;                                           // the client's side: also true behind a trusted proxy that says https
  // The certificate (DER) whose key the client proved on this very connection; none: none was asked for or shown, or the peer is a trusted proxy, whose own says nothing of the client.
  std::shared_ptr<const std::string> certificate = {};
  std::string request_id;                                     // "q_…", the server's own, also sent as X-Request-Id

  std::string_view header(std::string_view lower_case_name) const;                 // the first one; "" if there is none
  bool has_header(std::string_view lower_case_name) const;
  std::optional<std::string> query_value(std::string_view name) const;             // the first one
  std::vector<std::string> query_values(std::string_view name) const;
  std::optional<std::string> cookie(std::string_view name) const;                  // the first one; quotes around a value are kept
};

struct Response {
  int status = 200;
  Headers headers = {};                                       // may repeat (Set-Cookie). "Connection: close" closes after the answer
  std::string body = {};
  std::shared_ptr<const std::string> shared_body = {};        // instead of body, for bytes that many answers share (assets)
  std::shared_ptr<EventStream> stream = {};                   // instead of a body: server-sent events until either side closes

  std::string_view content() const { return shared_body ? std::string_view{*shared_body} : std::string_view{body}; }
};

}  // namespace sluice::web::http
