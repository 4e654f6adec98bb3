// What the routes of webhooks.cpp answer, for the OpenAPI file (answers.cpp).
#pragma once

#include "web/api/answers.h"

namespace sluice::web::api {

json::object webhook_answer();
json::object webhooks_answer();
json::object webhook_made_answer();
json::object webhook_secret_answer();

}  // namespace sluice::web::api
