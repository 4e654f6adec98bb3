// From a case to what laws and standards ask about: parties, product, vulnerability, embargo, events, acts, each with where it comes from.
//
// Pure: a fold and the organisations' profiles in, scenarios out (form: docs/formats/regime-case.md). What a viewer may not read isn't in its fold, so it isn't in its
// facts either. A scenario is about one provider's products and one vulnerability; a case has as many as it has of them that differ.
//
// Always holds
//   F1  Nothing is typed twice: each fact is drawn from an entry or a profile, and a person's correction stands in its place with the reason.
//   F2  A fact that nobody gave isn't there: it is unknown, not false.
#pragma once

#include "cvd/case.h"
#include "cvd/organisation.h"
#include "gate/content_signs.h"
#include "regimes/vocabulary.h"
#include "store/store.h"

namespace sluice::service {

struct Origin {
  std::string fact;                      // "/parties/o_…/established"
  std::string kind;                      // "profile", "entry", "case", "person"
  std::string of;                        // an organisation's or entry's id; what of the case
  std::optional<Instant> at;
  std::optional<PersonId> by;            // of a correction
  std::optional<std::string> why;
  std::optional<json::value> instead_of; // what was drawn, where a person corrected it
};

struct CaseScenario {
  json::object given;                    // parties, product, vulnerability, incident, embargo, events, actions; ids of parties are those of organisations
  std::vector<Origin> origins;
  std::optional<OrganisationId> provider;
  std::vector<ProductId> products;
  std::vector<VulnerabilityId> vulnerabilities;   // those with the same facts
};

using OrganisationRows = std::map<OrganisationId, store::OrganisationRow>;

struct Considered {
  Instant as_of;
  std::optional<OrganisationId> own;     // whose view of the case this is, and whose own corrections count; none: the coordination's
  json::array more_actions;              // of the form, beside those of the case
  std::vector<VulnerabilityId> only;     // of these vulnerabilities alone; empty: all
  std::optional<OrganisationId> only_provider;
  std::optional<OrganisationId> told;    // what would follow if it were told: a maker that has named no product here is meant by its own, whoever asks
  std::vector<OrganisationId> parties;   // beside the owner, reporters and providers of products; empty: all. Rules bind who acts, so a single act needs no others
};
// At least one, also of a case that has neither product nor vulnerability yet.
std::vector<CaseScenario> scenarios_of(const cvd::CaseFold& fold, const OrganisationRows& organisations, const Considered& considered);

// What an organisation is in the case, or would be, as a role of the packs' vocabulary.
std::string role_for_law(const cvd::CaseFold& fold, const OrganisationRows& organisations, OrganisationId id);

// Roles that nobody has by its kind or its part in a case: an organisation's profile has to say so with a flag of that name.
bool is_role_by_flag(std::string_view role);

// The words that a release's advisory has for what it contains: its author's, else what an advisory says by its nature.
// Where a document's texts look as if they held what a class names.
struct PlacedSign { std::string where; gate::Sign sign; };  // a JSON Pointer, and the sign in the text there
std::vector<PlacedSign> signs_of_document(const json::value& document);

std::vector<std::string> classes_of_advisory(const cvd::CaseFold& fold, AdvisoryId advisory, int version);

}  // namespace sluice::service
