// Names of organisations for answers: ids are for machines. Any signed-in caller may look an organisation of the site up; who takes part in a case is another matter.
#pragma once

#include <map>

#include "web/app.h"

namespace sluice::web::api {

class Names {
 public:
  static Result<Names> load(App& app);
  std::string of(OrganisationId id) const;
  std::optional<std::string> country(OrganisationId id) const;
  json::object card(OrganisationId id) const;     // {"id", "name"}
  const store::Directory::Rows& all() const { return *rows_; }

 private:
  std::shared_ptr<const store::Directory::Rows> rows_;
};

}  // namespace sluice::web::api
