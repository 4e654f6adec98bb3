// What a case page is made of: one viewer's fold, what the viewer is in it, and the names it may know. A value; no page function reaches past it.
#pragma once

#include <functional>
#include <memory>

#include "cvd/decide.h"
#include "cvd/targets.h"
#include "service/plain_words.h"
#include "web/pages/layout.h"

namespace sluice::web::pages {

// A form that has a page to itself: which one is asked for, and what was found while the part that it stands in was made.
struct FormPage {
  std::string command;
  std::string button = {};
  Html html = {};
};

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
  std::function<std::optional<Instant>(OrganisationId)> last_seen = {};  // for coordination: when something of its own part last reached a party for the first time
  std::string state = {}, party = {};                       // of the glance: whom to show; of a large case: whom the forms are for
  std::optional<VulnerabilityId> chosen = {};               // of a large case: whose answers to show
  std::map<std::string, std::string> asked = {};            // what the address asks for beside the case, of the names above and "from.…" (see Window)
  std::shared_ptr<FormPage> form = {};                      // this form alone is wanted
  std::shared_ptr<const cvd::CaseState> whole = {};         // the fold once more, to ask decide() of many commands without a copy for each
  std::optional<Duration> vendor_answers_within = {};       // by the case owner's policy
  std::vector<cvd::TargetSuggestion> suggestions = {};      // by the policies of who takes part
  std::optional<VulnerabilityId> remedies_of = {};          // whose remedies are shown; the first one's otherwise
  json::object mitigations = {};                            // as the API shows them (service/mitigation.h)
  json::object incidents = {}, notices = {};                // as the API shows them (service/notices.h)
  std::vector<Option> classes = {};                         // of content, to choose from: the packs' words
  std::set<CaseId> parts = {};                              // of the sibling cases, those that the viewer has a part in
  service::PlainWords words = {};                           // what the rules' words say

  bool coordinates() const { return standing.is_owner || standing.is_admitted_coordinator; }
  // Law is worked out from what its viewer may read: of the case, or of a part of it (service/regimes.h, own_view).
  bool sees_a_part() const { return !access::knows_whole_case(viewer, standing) && !standing.is_behind_glass; }
  bool stub() const { return !standing.is_owner && !standing.may_read_content; }
  OrganisationId own() const { return viewer.organisation.value_or(OrganisationId{}); }
  // With many parties, flaws or messages a page shows of each list what was asked for, not the product of all.
  bool is_large() const;
  std::string asked_for(const std::string& name) const;     // empty: not
  const cvd::Participant* self() const { return fold.participant(own()); }
  // By name where the viewer may know that it takes part; else without.
  std::string name(std::optional<OrganisationId> id) const;
  // Words of the rules, which know organisations by their ids alone, with names in the place of these.
  std::string with_names(std::string_view words) const;
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

// A form with much to choose from or much to choose between, which a page that has many of them leads to: `elsewhere`, it has a page of its own, and `about` is what tells it from others of its
// command. Its fields are made where they are shown and nowhere else.
using About = std::vector<std::pair<std::string, std::string>>;
Html big_form(const Scene& scene, const Possible& may, std::string_view command, std::string_view button, const About& about, bool elsewhere, const std::function<Html()>& fields, std::optional<access::Compartment> sees);
inline constexpr std::size_t kManyChoices = 30;  // more than this are chosen from on a page of their own

// What something holds, for its author to say as it is written; nothing where there are no words, or, in a large case, where a page would have it many times.
Html classes_field(const Scene& scene, std::string scope, bool is_one_of_many = false);
// What was said that it holds.
Html classes_shown(const Scene& scene, const std::string& object);

// Of a long list in a large case, what is shown: `size` from the place that the address names, with links to the others. A small case shows all.
struct Window { std::size_t from = 0, to = 0, of = 0, size = 0; };
Window window(const Scene& scene, const std::string& list, std::size_t of, std::size_t size);
Html window_links(const Scene& scene, const std::string& list, std::string_view anchor, const Window& shown);
// This page once more with something else asked for; an empty value asks for nothing.
Path here(const Scene& scene, const About& instead);

// Of a thread: from the first message that is new to whoever looks, or else the last.
Window messages_shown(const Scene& scene, const cvd::Thread& thread);
// The entry up to which nothing is new that this page doesn't show; nothing: there is none. No value: it shows all that is new.
std::optional<std::optional<EntryId>> shown_through(const Scene& scene);

Html audience(const Scene& scene, const access::Compartment& compartment);
std::string_view icon_of(access::Compartment::Kind kind);

// What waits for the viewer's organisation, in neutral words that name no content.
struct Waiting {
  std::string words;
  std::string_view anchor;  // where on the case page it is done
  std::optional<Instant> due;
};
std::vector<Waiting> waiting_for(const Scene& scene);
std::vector<Waiting> by_clock(std::vector<Waiting> waiting);   // what has a time first, the soonest before all

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
Html mitigations_part(const Scene& scene);
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
std::string form_page_of(const Scene& scene);   // where scene.form is set

}  // namespace sluice::web::pages
