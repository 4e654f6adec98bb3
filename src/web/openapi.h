// The OpenAPI 3.1 file, made from the route table: what isn't a route isn't in it, and no route is missing.
#pragma once

#include <string>

namespace sluice::web {

std::string openapi_file();

}  // namespace sluice::web
