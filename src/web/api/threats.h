// What the routes of threats.cpp answer, for the OpenAPI file (answers.cpp).
#pragma once

#include "web/api/answers.h"

namespace sluice::web::api {

json::object looked_up_answer();
json::object threat_object_answer();
std::span<const Parameter> threat_object_query();

}  // namespace sluice::web::api
