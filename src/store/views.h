// Views of cases as their readers last saw them: reading a case that hasn't moved on costs one query, and opens nothing.
//
// A kept view counts for one version of its case alone, which the reader's own query brings along: each command on a case makes a new version, so what is
// new, and whoever lost access, is never missed. Kept are only views of which nothing waits to be delivered for the first time (ACC-13).
// Safe to call from any thread.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "access/viewer.h"
#include "cvd/case.h"

namespace sluice::store {

class Views {
 public:
  // What a view depends on besides its case's version. A token's own rights are asked at each use, not here.
  struct Name {
    CaseId id;
    PersonId person;
    OrganisationId organisation;
    access::OrganisationKind kind{};
    access::SiteRole role{};
    bool is_instance_admin = false;
    bool operator==(const Name&) const = default;
  };
  static Name name(CaseId id, const access::Viewer& viewer) {
    return {id, viewer.person.value_or(PersonId{}), viewer.organisation.value_or(OrganisationId{}), viewer.organisation_kind, viewer.role, viewer.is_instance_admin};
  }

  explicit Views(std::size_t most_entries = 200'000) : most_(most_entries) {}

  std::shared_ptr<const cvd::CaseView> find(const Name& name, std::int64_t version);
  // `entries`: how many were folded, as a measure of its size.
  void keep(const Name& name, std::int64_t version, std::shared_ptr<const cvd::CaseView> view, std::size_t entries);
  void forget_all();                     // after an erasure

 private:
  struct Hasher {
    std::size_t operator()(const Name& name) const;  // ids are random already
  };
  struct Kept {
    std::int64_t version = 0;
    std::shared_ptr<const cvd::CaseView> view;
    std::size_t entries = 0;
    std::list<Name>::iterator place;
  };
  using Map = std::unordered_map<Name, Kept, Hasher>;
  void drop(Map::iterator kept);

  const std::size_t most_;
  std::mutex mutex_;
  Map kept_;
  std::list<Name> recent_;
  std::size_t held_ = 0;
};

}  // namespace sluice::store
