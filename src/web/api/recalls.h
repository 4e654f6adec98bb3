// What the routes of recalls.cpp answer, for the OpenAPI file (answers.cpp).
#pragma once

#include "web/api/answers.h"

namespace sluice::web::api {

json::object recalls_answer();
json::object deliveries_answer();
json::object widenings_answer();
json::object shared_early_answer();
json::object clients_answer();

}  // namespace sluice::web::api
