// Files going in and out, of cases and of reports alike.
#pragma once

#include "web/app.h"

namespace sluice::web::api {

// The body, under ?name=, for the readers of `audience`; ?classes= says what it holds. The rules of the case come first: what they refuse is never stored.
Result<service::Work> upload(App& app, const Request& request, CaseId id, const access::Compartment& audience);

// The classes of content that a form names, as "classes.poc". None: nothing is said.
std::optional<std::vector<std::string>> classes_in_form(const Request& request);

// The files of a multipart form, all or none, with the classes that it names. Other fields that aren't among `fields`, and files of another field than "files", are refused.
Result<service::Work> upload_form(App& app, const Request& request, service::Asker asker, CaseId id, const access::Compartment& audience, std::initializer_list<std::string_view> fields);

// {file} of the path, if it is in what was seen. Always as a download (FIL-1).
Result<Response> download(App& app, const Request& request, store::CaseSeen seen, std::string reader_name);

}  // namespace sluice::web::api
