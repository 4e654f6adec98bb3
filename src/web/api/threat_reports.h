// What the routes of threat_reports.cpp answer, for the OpenAPI file (answers.cpp).
#pragma once

#include "web/api/answers.h"

namespace sluice::web::api {

json::object threat_texts_answer();
json::object threat_text_answer();
json::object release_asked_answer();
json::object behind_answer();
json::object threat_groups_answer();
std::span<const Parameter> threat_texts_query();
std::span<const Parameter> version_query();
std::span<const Parameter> release_query();
std::span<const Parameter> behind_query();

}  // namespace sluice::web::api
