// How TAXII answers: its media type on everything, its error resource for whatever goes wrong, and the two dates of what a list holds (TAXII 2.1 §3.3, §3.6, §3.7).
//
// Used by the handlers here, and by the router for what fails before a handler runs.
#pragma once

#include "store/objects.h"
#include "web/app.h"
#include "web/http/framing.h"
#include "web/taxii/query.h"

namespace sluice::web::taxii {

// Of this protocol's own part of the address space, with the slash at its end or without.
bool is_taxii_path(std::string_view path);

// TAXII 2.1 §3.6.1; with the challenges of §8.2 where sign-in is missing. What isn't found has one text (EXI-1).
http::Response error_answer(int status, const Error& error, const RequestId& id);
http::Response error_answer(const Error& error, const RequestId& id);

// What the server refuses before there is a request, where its target is of TAXII (http::Options::refused).
std::optional<http::Response> refused(const http::Refusal& refusal, std::string_view target, std::string_view request_id);

Response answer(std::string body, int status = 200);

// The collection in the path. TAXII 2.1 §5.3, §5.4, §5.6, §5.8: one that may be known and not read is 403.
Result<store::CollectionSeen> readable(App& app, const Request& request);
// All values of a header, with commas between them. `name` in lower case.
std::string joined(const Request& request, std::string_view name);

// TAXII 2.1 §3.3: of the first and the last object that is shown; none for none.
void add_dates(Response& response, const store::ObjectPage& page);

// {"more":true,"next":"…","NAME":[…]}: lists that would be empty are left out (TAXII 2.1 §3).
std::string list_body(std::string_view name, std::span<const std::string> items, const std::string& next);
std::string json_text(std::string_view text);

// The request's Accept names TAXII, or it is refused with 406 (§1.6.8.1); what it sends is TAXII, or it is refused with 415.
Result<void> accepts(const Request& request);
Result<void> sends_taxii(const Request& request);

// Who may go on with a place in a list and with what: an organisation, one kind of list of a collection, the same filters but for the date it began with.
std::string bound_to(const access::Viewer& viewer, std::string_view collection, std::string_view list, Query query);
// Where the next page of a list begins, sealed for a year. It survives restarts and needs no session.
// `told`: of a stream that is behind with recalls, until when they were told.
std::string place_after(service::Services& services, std::string_view bound, std::optional<std::int64_t> began_after, std::int64_t after, std::optional<std::int64_t> told = {});

std::string next_from(App& app, const Request& request, const store::CollectionSeen& seen, std::string_view list, const Query& query, std::int64_t after);
// What date the page begins after: of `next` if it is there, else of added_after. Malformed if `next` is of something else, or of other filters.
Result<std::int64_t> begins_after(App& app, const Request& request, const store::CollectionSeen& seen, std::string_view list, const Query& query);
// Until when recalls were told to whoever goes on with this query; `after`, its place among the objects, where its cursor doesn't say.
std::int64_t told_until(App& app, const Request& request, const store::CollectionSeen& seen, std::string_view list, const Query& query, std::int64_t after);

}  // namespace sluice::web::taxii
