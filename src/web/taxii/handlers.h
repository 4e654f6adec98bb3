// The endpoints of TAXII 2.1 (§4, §5), as routes.cpp names them.
#pragma once

#include "web/app.h"

namespace sluice::web::taxii {

Result<Response> discovery(App& app, const Request& request);         // §4.1
Result<Response> api_root(App& app, const Request& request);          // §4.2
Result<Response> status(App& app, const Request& request);            // §4.3
Result<Response> collections(App& app, const Request& request);       // §5.1
Result<Response> collection(App& app, const Request& request);        // §5.2
Result<Response> manifest(App& app, const Request& request);          // §5.3
Result<Response> objects(App& app, const Request& request);           // §5.4
extern const Later add_objects;                                        // §5.5
Result<Response> object(App& app, const Request& request);            // §5.6
extern const Command delete_object;                                    // §5.7
Response object_deleted(App& app, const Request& request, const service::Committed& committed);
extern const Later stream;                                             // ours: a collection live
Result<Response> versions(App& app, const Request& request);          // §5.8

}  // namespace sluice::web::taxii
