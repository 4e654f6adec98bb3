// Organisations, people and their affiliations, as work for the Writer; each writes one entry on the site's stream.
//
// What stands in those entries: site_log.h.
//
// Always holds
//   O1  A person is one mail address; what a person may do hangs on affiliations alone, never on the address (ACC-2).
//   O2  Nobody gives a role above the own, nor changes somebody whose role isn't below the own (ACC-10). The command line on the data directory is the system.
//   O3  An affiliation that is suspended or ended, or whose role changes, loses its sessions in the same transaction; when it isn't active, its tokens too (ACC-7).
//   O4  The site keeps at least one active administrator of its own organisation.
#pragma once

#include "service/viewers.h"

namespace sluice::service {

// Answer {"id"}.
Work add_organisation(Services& services, Asker asker, access::OrganisationKind kind, cvd::OrganisationProfile profile);
// Of the own organisation by its administrator, of any by the instance's. Stale unless `version` is the current one. Answer {"id", "version"}; etag: the version.
Work change_organisation(Services& services, Asker asker, OrganisationId id, cvd::OrganisationProfile profile, std::int64_t version);

struct NewPerson {
  std::string name, mail;
  access::SiteRole role = access::SiteRole::Staff;
};
BOOST_DESCRIBE_STRUCT(NewPerson, (), (name, mail, role))
// Answer {"id"}: of the person, who is a new one or the one with this address, affiliated anew. Conflict if affiliated there already.
Work add_person(Services& services, Asker asker, OrganisationId organisation, NewPerson person);

// Suspend, bring back, end; or another role. Ended is for good: a person who comes back is added again.
Work change_affiliation(Services& services, Viewers& viewers, Asker asker, PersonId person, OrganisationId organisation, store::AffiliationState state);
Work change_role(Services& services, Viewers& viewers, Asker asker, PersonId person, OrganisationId organisation, access::SiteRole role);

// Checks and hashes here, on the calling thread. Ends the person's other sessions. The own password, or one of somebody below (O2).
Result<Work> set_password(Services& services, Viewers& viewers, Asker asker, PersonId person, std::string_view password);

// A person as a whole, whatever organisations it belongs to: all sessions and tokens end with it (AUT-4), and no affiliation counts until it is enabled again. For whoever
// stands above each of its affiliations (O2).
Work disable_person(Services& services, Viewers& viewers, Asker asker, PersonId person);
Work enable_person(Services& services, Viewers& viewers, Asker asker, PersonId person);

struct PersonShown {
  PersonId id;
  std::string name, mail;                                    // as this organisation gave them
  access::SiteRole role;
  store::AffiliationState state;
  std::optional<bool> has_password, has_factor, disabled;    // of people who belong to organisations that the viewer doesn't manage: not told (EXI-8)
  std::optional<PersonId> factor_reset_asked_by;   // waits for a second person
};
BOOST_DESCRIBE_STRUCT(PersonShown, (), (id, name, mail, role, state, has_password, has_factor, disabled, factor_reset_asked_by))
// Those of the viewer's own organisation, or of any for an instance administrator; by name.
Result<std::vector<PersonShown>> people_of(Services& services, const access::Viewer& viewer, OrganisationId organisation);

// Does the viewer's role stand strictly above this one (O2)? Whose organisation it is, is asked elsewhere.
bool is_above(const OpenSite& site, const access::Viewer& viewer, const store::AffiliationRow& row);

// " Ana@Example.ORG " -> "Ana@example.org"; Invalid if it is no address. The tag is made of the whole in lower case.
Result<std::string> normalised_mail(std::string_view mail);

// The first administrator of a site nobody can sign in to yet: `serve` prints code() into its log; whoever has it makes the account, once.
class FirstRun {
 public:
  explicit FirstRun(Services& services) : services_(services) {}
  // A code, the same for as long as the process runs; nothing if the site has an administrator with a password already.
  Result<std::optional<std::string>> code();
  // NotFound unless it is the code and the site still has no such administrator.
  Result<void> check(std::string_view code);
  // The account, as administrator of the site's own organisation, with its password. Answer {"id", "organisation"}.
  Result<Work> create_administrator(std::string_view code, std::string name, std::string mail, std::string_view password);

 private:
  Services& services_;
  std::mutex mutex_;
  std::string code_;
};

}  // namespace sluice::service
