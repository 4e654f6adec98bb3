// A case view as the API shows it. Whom the viewer may not know to take part is not named anywhere in it (EXI-10).
#pragma once

#include "web/api/names.h"

namespace sluice::web::api {

struct Shown {
  const cvd::CaseView& view;
  const access::Viewer& viewer;
  const Names& names;
  std::set<CaseId> parts = {};  // of the sibling cases, those that the viewer has a part in: no other one's id is shown

  bool may_know(OrganisationId id) const;
  json::value who(std::optional<OrganisationId> id) const;   // a card, or null
};

json::object case_card(const store::CaseCard& card);
json::object case_json(const Shown& shown);
json::array timeline_json(const Shown& shown);
json::array participants_json(const Shown& shown);
json::object embargo_json(const Shown& shown);
json::array threads_json(const Shown& shown);
json::object thread_json(const Shown& shown, const cvd::Thread& thread);
json::array groups_json(const Shown& shown);                // tier by tier
json::array tracking_ids_json(const Shown& shown);
json::object unread_json(const store::Unread& unread);
json::array vulnerabilities_json(const Shown& shown);
json::array products_json(const Shown& shown);
json::array statuses_json(const Shown& shown);
json::object readiness_json(const Shown& shown);             // what a release needs, as agreed
json::object readiness_of_json(const Shown& shown, const cvd::Release& release);  // and who is there yet
json::array claims_json(const Shown& shown);
json::array decisions_json(const Shown& shown);
json::array requests_json(const Shown& shown);
json::array advisories_json(const Shown& shown);
json::array releases_json(const Shown& shown);
json::array reports_json(const Shown& shown);
json::object report_json(const cvd::CaseFold& fold, const Names& names, const cvd::ReportCard& report);
json::array files_of(const cvd::CaseFold& fold, const access::Compartment& audience);
json::array files_json(const Shown& shown);
json::object targets_json(const Shown& shown, Instant now);   // with reminders, silence, escalations and the road without a vendor
json::object draft_hints_json(const Shown& shown);          // for an advisory's draft: credits, products without their vendor's answer
json::array steps_json(const Shown& shown, Instant now);     // what can be done next, and why the rest can't
json::array leaks_json(const Shown& shown);
json::array leak_follows_json(const Shown& shown, const cvd::Leak& leak);  // what people can decide now; nothing of it happens by itself

}  // namespace sluice::web::api
