// From a request to an answer: match, sign in, admit, limit, read the body, run, answer. The order of checks is EXI-2's.
//
// Always holds
//   W1  Nothing that depends on an object happens before it is loaded with its viewer; what may not be known is answered like what is not there.
//   W2  Every answer carries the security headers (WEB-4); what needs sign-in is never cached.
//   W3  A request with a cookie that changes something comes from our own pages: Sec-Fetch-Site, Origin, and a CSRF token or header (AUT-5).
//       One that is let in by a client certificate, which a browser too would show by itself, comes from no other site's page either.
//   W4  A client certificate that opens nothing is as none (EXI-1). One that does opens the API and TAXII alone: pages are for people, who sign in.
#pragma once

#include "web/app.h"
#include "web/http/pool.h"
#include "web/http/server.h"

namespace sluice::web {

class Router {
 public:
  Router(App& app, std::size_t threads);
  void handle(http::Request request, http::Respond respond);                       // the server's Handler
  void stop() { pool_.stop(); }                                                    // after the server: no handler runs from here on
  std::optional<http::Limits> limits_of(http::Verb verb, std::string_view path) const;
  static http::Headers security_headers();

 private:
  struct Match { const Route* route = nullptr; std::map<std::string, std::string, std::less<>> path; bool known_path = false; std::string allow; };
  template <class Segments>
  Match match(http::Verb verb, const Segments& segments) const;
  void run(const Route& route, Request request, http::Respond respond);
  Result<access::Viewer> viewer_of(Request& request) const;
  Result<std::optional<Hash>> known_certificate(const http::Request& request) const;
  Result<void> read_files(Request& request) const;
  service::Allowed allowed(const Route& route, const Request& request) const;
  Result<void> from_our_own_pages(const Request& request) const;
  void note_reading(const Request& request, const Response& response) const;
  void answer(const Request& request, Response response, http::Respond respond);
  service::Done on_the_pool(service::Done reply);
  http::Response finish(const Request& request, Response response) const;
  http::Response refusal(const Request& request, const Error& error) const;         // a page for a browser, a problem for a program
  service::Work once(const Request& request, service::Work work) const;             // Idempotency-Key

  App& app_;
  struct Compiled { const Route* route; std::vector<std::string_view> parts; std::ptrdiff_t names; };
  std::vector<std::vector<Compiled>> compiled_;                                     // by the number of parts
  http::WorkerPool pool_;
};

// The token that a request carries, as Bearer, or for TAXII as the password of HTTP Basic; "" for none.
std::string token_in(const http::Request& request);

// Of a signed-in browser: what a form posts back as `csrf`, and scripts send as X-CSRF-Token.
std::string csrf_token(App& app, const Request& request);

}  // namespace sluice::web
