// What the API answers, as JSON Schema: described by hand from what case_json.cpp and its like write. tests/roles and tests/e2e hold every answer they get to it.
#pragma once

#include <span>

#include "web/app.h"

namespace sluice::web::api {

// Of a query, beside the path.
struct Parameter {
  std::string_view name;
  Schema schema;
  std::string_view what;
};

struct Answer {
  std::string_view media = "application/json";
  Schema schema = nullptr;                        // none: text or bytes, as the media type says
  std::span<const Parameter> query = {};
  bool has_version = false;                       // comes with an ETag
  bool may_conflict = false;                      // of a read: 409 where it is there and may not be handed out yet
};

// What a read answers with; nothing for a read that isn't described, which a test points out.
const Answer* answer_of(const Read& read);
// What a write answers with. Most say which ids were made, with the acknowledgement.
Answer answer_of(const Command& command);

Answer answer_of(const Later& later);

// The shapes that others refer to, by their names in components/schemas.
struct Shape {
  std::string_view name;
  Schema schema;
};
std::span<const Shape> shapes();

}  // namespace sluice::web::api
