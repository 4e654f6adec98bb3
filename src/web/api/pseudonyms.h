// What the routes of pseudonyms.cpp answer, for the OpenAPI file (answers.cpp).
#pragma once

#include "web/api/answers.h"

namespace sluice::web::api {

json::object pseudonyms_answer();
json::object reveals_answer();

}  // namespace sluice::web::api
