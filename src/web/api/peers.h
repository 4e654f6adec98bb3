// What the routes of peers.cpp answer, for the OpenAPI file (answers.cpp).
#pragma once

#include "web/api/answers.h"

namespace sluice::web::api {

json::object object_origins_answer();

}  // namespace sluice::web::api
