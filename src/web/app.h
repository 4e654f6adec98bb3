// What handlers get and give. A handler is a plain function that runs on the worker pool; nothing in it waits for a commit.
//
//   Result<Response> show_case(App& app, const Request& request);          // a read
//   Write{propose_embargo, embargo_proposed}                               // a write: request -> Work, then Committed -> Response, the Writer between
//   find_contact                                                           // what waits for a machine outside: the answer is given when it is there
//
// A handler that takes JSON names the type it reads it as (body.h), so that the OpenAPI file shows what is read.
//
// A read that shows an organisation something for the first time leaves the deliveries in its Response; the router has them written down before the
// bytes leave (ACC-13).
#pragma once

#include <map>
#include <variant>

#include "access/caller.h"
#include "base/bind.h"
#include "service/cases.h"
#include "service/doors.h"
#include "service/viewers.h"
#include "web/http/event_stream.h"
#include "web/http/message.h"
#include "web/schema.h"

namespace sluice::service { class LegalClocks; class Search; class VendorContacts; }

namespace sluice::web::taxii { class Streams; }

namespace sluice::web {

struct App {
  service::Services& services;
  service::Doors& doors;
  class Hub* hub = nullptr;                       // the live stream's subscribers
  service::VendorContacts* contacts = nullptr;    // look-ups outside
  const service::Search* search = nullptr;        // over the content of cases
  service::LegalClocks* clocks = nullptr;         // what is due by law over all cases
  taxii::Streams* streams = nullptr;              // who listens to collections
};

// A file of a multipart form: where it lies in the request's body.
struct FormFile {
  std::string field, name;
  std::size_t offset = 0, size = 0;
};

inline constexpr std::string_view kPseudonymHeader = "sluice-pseudonym";

struct Request {
  http::Request http;
  access::Viewer viewer;
  std::map<std::string, std::string, std::less<>> path;  // by the names in the route: {case}
  json::value body;                               // of JSON requests; null without
  std::map<std::string, std::string, std::less<>> form;  // of form posts, the last of each name
  std::vector<FormFile> files;                    // of multipart forms
  RequestId id;
  service::Credential credential;                 // what it was let in by: of a signed-in viewer
  bool by_cookie = false;

  std::optional<std::string> pseudonym() const;   // under which it sends to a collection: what its token is bound to, else its header
  service::Asker asker() const;                   // with the claimed time of a demo replay, if the site takes it
};

struct Response {
  int status = 200;
  http::Headers headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;
  std::shared_ptr<http::EventStream> stream;
  std::string etag;                               // without quotes; makes 304 of a matching If-None-Match
  std::vector<store::FirstDelivery> deliveries;
  store::Tag reader{};
  std::string reader_name;
  std::vector<CaseId> shows;                      // cases that it shows something of beside the one in the address (ACC-12)
  std::optional<service::Work> first;             // what is to be written down before the bytes leave
  std::optional<store::ToMark> read_mark;         // how far the person has read once it has this answer
};

// What of a case was shown for the first time is put on record before the bytes leave (ACC-13).
inline void deliver(Response& response, const Request& request, store::CaseSeen& seen) {
  response.deliveries = std::move(seen.deliveries);
  response.reader = seen.reader;
  if (request.viewer.organisation) response.reader_name = request.viewer.organisation->text();
}

// The same of several cases.
inline void deliver(Response& response, App& app, const Request& request, std::vector<store::FirstDelivery> deliveries) {
  response.deliveries = std::move(deliveries);
  if (!request.viewer.organisation) return;
  response.reader = app.services.store.tag_of(*request.viewer.organisation);
  response.reader_name = request.viewer.organisation->text();
}

// `body`: the schema of the JSON that is read, made by taking() from its type. None for whoever takes no JSON.
struct Read {
  Result<Response> (*run)(App&, const Request&);
  Schema body;
  constexpr Read(decltype(run) handler, Schema schema = nullptr) : run(handler), body(schema) {}
};
struct Command {
  Result<service::Work> (*run)(App&, const Request&);
  Schema body;
  constexpr Command(decltype(run) handler, Schema schema = nullptr) : run(handler), body(schema) {}
};
struct Write {
  Command command;
  Response (*reply)(App&, const Request&, const service::Committed&);
};

// Gives its answer through `give`, exactly once, on whatever thread; if it answers an error instead, never. No pool thread waits meanwhile.
using Give = std::move_only_function<void(Result<Response>)>;
struct Later {
  Result<void> (*start)(App&, const Request&, Give give);
  Schema body;
  constexpr Later(decltype(start) handler, Schema schema = nullptr) : start(handler), body(schema) {}
};

enum class Body { None, Json, LargeJson, Form, Multipart, Upload, Envelope };
std::size_t most_bytes(Body body);                // WEB-1

struct Route {
  http::Verb verb;
  std::string_view path;                          // whole, so that grep finds it
  access::Caller caller;
  std::optional<access::Scope> scope;
  access::StepUp step_up;
  service::Operation operation;
  Body body;
  std::variant<Read, Write, Later> handler;
  std::string_view summary;                       // for the OpenAPI file
};

std::span<const Route> routes();                  // routes.cpp: the one table

// Helpers for handlers.
Response ok(const json::value& value, std::string etag = {});
Response created(const service::Committed& committed);   // 201: ids, entry, acknowledgement; 202 of either: the request that a second person confirms
Response accepted(const service::Committed& committed);  // 200: the same without a new thing
Response html(std::string page, int status = 200);
Response see_other(std::string_view path);               // after a form post; `path` is one of our own (WEB-6)
http::Response problem(const Error& error, const RequestId& id);
http::Response problem_as(int status, const Error& error, const RequestId& id);   // for what HTTP has a status of its own
int status_of(ErrorKind kind);
int status_of(const Error& error);                 // by its kind, but a full disk is 507 (REL-3)

// What the path says in its place `name`, decoded; "" where the route has none.
inline std::string path_word(const Request& request, std::string_view name) {
  const auto found = request.path.find(name);
  return found == request.path.end() ? std::string() : found->second;
}

// The id in the path. An ill-formed id is NotFound, as an unknown one is.
template <class Kind>
Result<Id<Kind>> path_id(const Request& request, std::string_view name) {
  const auto found = request.path.find(name);
  const auto id = found == request.path.end() ? std::nullopt : Id<Kind>::parse(found->second);
  if (!id) return fail(ErrorKind::NotFound, "There is no such thing here, or you have no access to it.");
  return *id;
}

}  // namespace sluice::web
