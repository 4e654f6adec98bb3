// What a case page is made of: one viewer's fold, what the viewer is in it, and the names it may know. A value; no page function reaches past it.
#pragma once

#include <functional>
#include <memory>

#include "cvd/decide.h"
#include "cvd/targets.h"
#include "web/pages/layout.h"

namespace sluice::web::pages {

struct Scene {
  const cvd::CaseFold& fold;
  access::Standing standing;
  access::Viewer viewer;
  std::function<std::string(OrganisationId)> name_in_book;  // of any organisation of the site
  std::vector<Option> organisations = {};                   // that can be invited: for coordination
  std::vector<Option> receivers = {};                       // that take reports here: whom a report can be passed on to
  Instant now;
  Frame frame;
  bool two_person = true;
  json::object law = {};                                    // scope, outcomes, duties, from the viewer's own view (service/regimes.h)
  json::object knowers = {};                                // for coordination: who learned what when
  std::vector<Html> dry_runs = {};                          // beside fold.releases
  store::Unread unread = {};                                // what is new to whoever looks
  std::map<OrganisationId, Instant> seen = {};              // for coordination: when something of its own part last reached a party for the first time
  std::string state = {}, party = {};                       // of the glance: whom to show; of a large case: whom the forms are for
  std::optional<VulnerabilityId> chosen = {};               // of a large case: whose answers to show
  bool whole_timeline = false;
  std::optional<ThreadId> thread = {};                      // of a large case: which thread to show whole
  std::shared_ptr<const cvd::CaseState> whole = {};         // the fold once more, to ask decide() of many commands without a copy for each
  std::optional<Duration> vendor_answers_within = {};       // by the case owner's policy
  std::vector<cvd::TargetSuggestion> suggestions = {};      // by the policies of who takes part
  std::optional<VulnerabilityId> remedies_of = {};          // whose remedies are shown; the first one's otherwise
  json::object incidents = {}, notices = {};                // as the API shows them (service/notices.h)
  std::set<CaseId> parts = {};                              // of the sibling cases, those that the viewer has a part in

  bool coordinates() const { return standing.is_owner || standing.is_admitted_coordinator; }
  bool stub() const { return !standing.is_owner && !standing.may_read_content; }
  OrganisationId own() const { return viewer.organisation.value_or(OrganisationId{}); }
  // With many parties a page shows of each table what was asked for, not the product of all.
  bool is_large() const { return fold.participants.size() > 30 || fold.products.size() * fold.vulnerabilities.size() > 100; }
  const cvd::Participant* self() const { return fold.participant(own()); }
  // By name where the viewer may know that it takes part; else without.
  std::string name(std::optional<OrganisationId> id) const;
};

// Whether a command can be given now: by rights, then by the case's own rules on what this viewer sees.
struct Possible {
  bool shown = false;       // its right is the viewer's to have
  std::string reason;       // why not now; empty: it can be done
  bool takes_two = false;   // it takes effect once a second person has confirmed it
  explicit operator bool() const { return shown && reason.empty(); }
};
Possible possible(const Scene& scene, access::Action action);
Possible possible(const Scene& scene, access::Action action, const cvd::Command& command);

// A form that posts to /cases/{case}/do/{command}: open where it can be used, disabled with the reason where it can't, nothing where it isn't one's own.
// `sees`: the compartment that the outcome is written in, for the badge before the button (UI-2).
Html do_form(const Scene& scene, const Possible& may, std::string_view command, std::string_view button, const Html& fields, std::optional<access::Compartment> sees, bool folded = true);

Html audience(const Scene& scene, const access::Compartment& compartment);
std::string_view icon_of(access::Compartment::Kind kind);

// What waits for the viewer's organisation, in neutral words that name no content.
struct Waiting {
  std::string words;
  std::string_view anchor;  // where on the case page it is done
  std::optional<Instant> due;
};
std::vector<Waiting> waiting_for(const Scene& scene);

// The parts of the page, in its order.
Html what_the_world_knows(const Scene& scene);  // attacks, exploits, publicity: badges as list items
Html overview(const Scene& scene);
Html own_part(const Scene& scene);
Html embargo_part(const Scene& scene);
Html targets_part(const Scene& scene);
void add_target_waits(const Scene& scene, std::vector<Waiting>& out);
Html duplicate_and_credit(const Scene& scene, const cvd::ReportCard& report);
Html draft_hints(const Scene& scene);
Html vulnerabilities_part(const Scene& scene);
Html products_part(const Scene& scene);
Html remedies_part(const Scene& scene);
Html participants_part(const Scene& scene);
Html glance_part(const Scene& scene);           // many parties: who stands where
Html groups_part(const Scene& scene);
Html own_number(const Scene& scene);            // that the organisation has for the case, in its own tracker
Html parties_part(const Scene& scene);
Html threads_part(const Scene& scene);
Html reports_part(const Scene& scene);
Html files_part(const Scene& scene);
Html statements_part(const Scene& scene);
Html advisories_part(const Scene& scene);
Html requests_part(const Scene& scene);
Html decisions_part(const Scene& scene);
Html law_part(const Scene& scene);
void add_law_waits(const Scene& scene, std::vector<Waiting>& out);
Html knowers_part(const Scene& scene);
Html leaks_part(const Scene& scene);
Html incident_part(const Scene& scene);
Html notices_part(const Scene& scene);
Html figures_part(const Scene& scene);
Html timeline_part(const Scene& scene);

std::string case_page_of(const Scene& scene);

}  // namespace sluice::web::pages
