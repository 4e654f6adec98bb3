// Who stands for a role, what it would be told, and what the gate says of each of them: what proposing a mitigation (mitigation_shown.cpp) and telling of it (mitigation.cpp) share.
//
// Always holds
//   Asked of the same fold, both come to the same; what they show or do rests on these words alone.
#pragma once

#include <map>
#include <set>

#include "cvd/mitigation.h"
#include "gate/judge.h"
#include "service/services.h"
#include "store/collections.h"

namespace sluice::service {

// What one role is told. The same for all of it, so one hash.
struct Told {
  cvd::MitigationRole role = cvd::MitigationRole::Deployer;
  std::string text;
  std::vector<std::string> classes;
  std::vector<cvd::PreparedObject> objects;       // with ids of their own: what the release brings later stands under the ids that were prepared, and says more
};
Told told_as_proposed(const cvd::CaseFold& fold, const cvd::Mitigation& mitigation, cvd::MitigationRole role);
// The id of an object that stands for this part of a mitigation, the same whenever it is made.
std::string own_id(std::string_view type, const cvd::Mitigation& mitigation, std::string_view of);
json::array strict_marking();                     // TLP:AMBER+STRICT

const cvd::Mitigation* mitigation_of(const cvd::CaseFold& fold, cvd::MitigationId id);

struct Collected { std::string id; std::vector<OrganisationId> members; bool is_closed = false; };
struct RoleHolders {
  std::vector<OrganisationId> participants;       // not told yet
  std::vector<Collected> collections;             // whose members weren't all told yet, or that don't stand for it any more
  std::size_t count() const;
};
// I3 of mitigation.h; none: it can't stand for a role.
Result<std::optional<store::Collection>> standing_collection(Services& services, store::Queries& db, const cvd::CaseFold& fold, const store::Directory::Rows& rows, std::string_view named);
Result<RoleHolders> role_holders(Services& services, store::Queries& db, const cvd::CaseFold& fold, const store::Directory::Rows& rows, const cvd::Mitigation& mitigation, cvd::MitigationRole role);

// One question to the gate for each recipient.
struct Asking {
  Services& services;
  const cvd::CaseFold& fold;
  const store::Directory::Rows& rows;
  const cvd::Mitigation& mitigation;
  const Told& told;
  std::optional<PersonId> actor;
  OrganisationId acting;
  std::optional<OrganisationId> own;              // whose view of the law; none: the coordination's
  DecisionId decision;
  std::string why;
  Instant now;

  gate::Judged ask(OrganisationId to, bool by_collection, gate::Disclosure& disclosure, RulingId id) const;
};

struct Word { RulingId ruling; bool allows = false; std::string why; };
using Words = std::map<std::pair<OrganisationId, bool>, Word>;   // true: as a collection's member
struct Sorted { std::vector<cvd::MitigationReceiver> receivers; std::vector<cvd::MitigationLeftOut> left_out; };
// Whom a command would tell: those whom the gate allows, and of a collection all or none (I2).
Sorted sorted_by_gate(const cvd::CaseFold& fold, const RoleHolders& holders, const cvd::Mitigation& mitigation, cvd::MitigationRole role, const Words& words);

}  // namespace sluice::service
