// The head of a request, read strictly: bytes in, a Request without its body out. Pure: no socket, no clock, no parser library.
//
// RFC 9112 lets a recipient be lenient in places; each leniency is a place where a proxy in front and we could see different requests. So what
// nobody legitimate sends is refused (WEB-2). Beast parses the same bytes afterwards and must agree (session.h); it never sees what is refused here.
//
// Always holds
//   F1  HeadScan refuses at the first byte that no valid head can contain; it never waits for more when the answer is known.
//   F2  A Head's body is exactly one of: none, content_length bytes, chunked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "web/http/message.h"

namespace sluice::web::http {

// An answer the server gives itself; the connection is closed after it.
struct Refusal {
  int status;
  std::string_view code;    // stable machine word
  std::string_view detail;  // for a person
};

struct HeadLimits {
  std::size_t request_line;
  std::size_t header_bytes;
  std::size_t header_fields;
};

// Finds the end of a head that arrives in pieces.
class HeadScan {
 public:
  // `bytes`: all that has come of this head so far. The length of the head with its empty line; nullopt: more is needed.
  std::expected<std::optional<std::size_t>, Refusal> look(std::string_view bytes, const HeadLimits& limits);

 private:
  std::size_t next_ = 0;
  std::size_t line_ = 0;          // where the current line begins
  std::size_t headers_ = 0;       // where the second line begins
  std::size_t fields_ = 0;
};

struct Head {
  Request request;
  bool http_1_0 = false;
  bool close = false;                               // the client wants it, or is HTTP/1.0
  bool chunked = false;
  std::optional<std::uint64_t> content_length = {};
  bool expects_continue = false;
  bool options_of_server = false;                   // "OPTIONS *"
};

// `bytes`: a head that HeadScan found complete.
std::expected<Head, Refusal> read_head(std::string_view bytes);

// For what else in this folder reads or writes such text.
bool is_token(std::string_view text);               // RFC 9110 §5.6.2
bool is_utf8(std::string_view text);
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);
std::string_view reason_of(int status);             // "Not Found"

}  // namespace sluice::web::http
