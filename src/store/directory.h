// The organisations of the site, kept in memory: names stand in most answers, and their rows are sealed.
//
// Always holds
//   D1  From the commit that adds or changes an organisation on, this process answers with it; other nodes follow within a second.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "base/time.h"
#include "base/trust.h"
#include "store/store.h"

namespace sluice::store {

class Directory {
 public:
  using Rows = std::map<OrganisationId, OrganisationRow>;
  // `now` is of a clock that only goes on: it says how old what is kept is.
  Result<std::shared_ptr<const Rows>> rows(Store& store, Duration now);
  // Held by whoever adds or changes an organisation, until that is committed.
  Trust::Doubt doubt() const { return trust_.doubt(); }

 private:
  Trust trust_;
  std::mutex mutex_;
  std::shared_ptr<const Rows> kept_;
  std::uint64_t kept_in_ = 0;  // this generation
  Duration kept_at_{};
};

}  // namespace sluice::store
