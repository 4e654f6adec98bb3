// The one table of routes: verb, whole path, who may call it, which scope a token needs, step-up, rate, body, handler, what it does.
//
// Caller is what depends on the caller alone; what a caller may do with an object is access::authorize's, after the object was loaded with its viewer.
// The OpenAPI file is made from this table, and the role matrix visits each row. Longer than other files because it is one table.
#include "web/api/handlers.h"
#include "web/pages/pages.h"

namespace sluice::web {

namespace {

using access::Caller;
using access::Scope;
using access::StepUp;
using http::Verb;
using service::Operation;

// clang-format off
const Route kRoutes[] = {
    // ---- the site
    {Verb::Get, "/healthz", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::health, "The process answers"},
    {Verb::Get, "/readyz", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::ready, "The process takes writes"},
    {Verb::Get, "/api/v1/openapi.json", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::openapi, "This file"},
    {Verb::Get, "/api/v1/ledger/key", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::ledger_key, "The public key of the ledger"},
    {Verb::Get, "/api/v1/ledger/checkpoint", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::checkpoint, "The newest signed head of the ledger"},
    {Verb::Get, "/api/v1/whoami", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Read, Body::None, api::whoami, "Who is signed in, and as which organisation"},
    {Verb::Get, "/api/v1/stream", Caller::SignedIn, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::stream, "Live: what has changed, as server-sent events"},
    // ---- organisations, people, tokens
    {Verb::Get, "/api/v1/organisations", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Read, Body::None, api::list_organisations, "Organisations of this site"},
    {Verb::Get, "/api/v1/organisations/{organisation}", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Read, Body::None, api::show_organisation, "One organisation, its policy included"},
    {Verb::Post, "/api/v1/organisations", Caller::InstanceAdmin, Scope::SiteAdmin, StepUp::No, Operation::Write, Body::Json, Write{api::add_organisation, api::thing_made}, "Adds an organisation"},
    {Verb::Put, "/api/v1/organisations/{organisation}", Caller::OrganisationAdmin, Scope::OrganisationAdmin, StepUp::No, Operation::Write, Body::Json, Write{api::change_organisation, api::command_done}, "Changes an organisation and its policy"},
    {Verb::Get, "/api/v1/organisations/{organisation}/people", Caller::OrganisationAdmin, Scope::PeopleAdmin, StepUp::No, Operation::Read, Body::None, api::list_people, "People of an organisation"},
    {Verb::Post, "/api/v1/organisations/{organisation}/people", Caller::OrganisationAdmin, Scope::PeopleAdmin, StepUp::No, Operation::Write, Body::Json, Write{api::add_person, api::thing_made}, "Adds a person to an organisation"},
    {Verb::Get, "/api/v1/tokens", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Read, Body::None, api::list_tokens, "Your tokens"},
    {Verb::Post, "/api/v1/tokens", Caller::SignedIn, std::nullopt, StepUp::Needed, Operation::Write, Body::Json, Write{api::issue_token, api::thing_made}, "Issues a token; it is shown this once"},
    {Verb::Post, "/api/v1/tokens/{token}/revoke", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Write, Body::Json, Write{api::revoke_token, api::command_done}, "Revokes a token at once"},
    {Verb::Get, "/api/v1/sessions", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Read, Body::None, api::list_sessions, "Your sessions"},
    {Verb::Post, "/api/v1/sessions/{session}/end", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Write, Body::Json, Write{api::end_session, api::command_done}, "Ends a session at once"},
    // ---- reports
    {Verb::Post, "/api/v1/reports", Caller::Anyone, Scope::ReportWrite, StepUp::No, Operation::PublicReport, Body::Json, Write{api::submit_report, api::thing_made}, "Sends a vulnerability report; without sign-in the answer has a report code, and a proof of work (reports/challenge) in the header Sluice-Proof is worth a larger quota"},
    {Verb::Get, "/api/v1/reports/challenge", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::give_challenge, "A proof of work to solve: a nonce such that SHA-256(challenge, colon, nonce) begins with so many zero bits. Send both as Sluice-Proof: challenge:nonce with one report, which then counts under a far larger quota. Optional"},
    {Verb::Get, "/api/v1/reports/{report}", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_mailbox, "A report and its mailbox, for its reporter and its receiver"},
    {Verb::Get, "/api/v1/reports/{report}/messages", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_mailbox, "The same"},
    {Verb::Post, "/api/v1/reports/{report}/messages", Caller::Participant, Scope::ReportWrite, StepUp::No, Operation::Write, Body::Json, Write{api::post_to_mailbox, api::thing_made}, "Writes in the mailbox of a report"},
    {Verb::Get, "/api/v1/reports/{report}/receipt", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::mailbox_receipt, "The receipt of a report; before the next tick, its acknowledgement"},
    {Verb::Post, "/api/v1/reports/{report}/files", Caller::Participant, Scope::ReportWrite, StepUp::No, Operation::Upload, Body::Upload, Write{api::add_report_file, api::thing_made}, "Adds a file to a report; ?name="},
    {Verb::Get, "/api/v1/reports/{report}/files/{file}", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::download_report_file, "One file of a report, always as a download"},
    {Verb::Post, "/api/v1/reports/{report}/route", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::route_report, api::thing_made}, "Passes a report on to another organisation that takes reports here, with the reason; a reporter asks for a coordinator"},
    {Verb::Get, "/api/v1/reports/mine", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::my_report, "Which report a report code opens"},
    {Verb::Post, "/api/v1/contacts/find", Caller::SignedIn, Scope::CaseWrite, StepUp::No, Operation::LookUp, Body::Json, api::find_contact, "Whom to write to at a vendor: somebody here, else its security.txt, for which its server is asked"},
    // ---- cases: reading
    {Verb::Get, "/api/v1/cases", Caller::SignedIn, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::list_cases, "Your cases, most urgent first"},
    {Verb::Get, "/api/v1/cases/{case}", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_case, "A case as you may know it"},
    {Verb::Get, "/api/v1/cases/{case}/timeline", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_timeline, "All that happened, as far as you may know"},
    {Verb::Get, "/api/v1/cases/{case}/participants", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_participants, "Participants that you may know of"},
    {Verb::Get, "/api/v1/cases/{case}/embargo", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_embargo, "The embargo, its terms and answers"},
    {Verb::Get, "/api/v1/cases/{case}/threads", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_threads, "Threads and their messages"},
    {Verb::Get, "/api/v1/cases/{case}/vulnerabilities", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_vulnerabilities, "Vulnerabilities with their facts and states"},
    {Verb::Get, "/api/v1/cases/{case}/products", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_products, "Products"},
    {Verb::Get, "/api/v1/cases/{case}/statuses", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_statuses, "Answers and remedy steps, and who was asked and is silent"},
    {Verb::Get, "/api/v1/cases/{case}/claims", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_claims, "Claims about the world, open and decided"},
    {Verb::Get, "/api/v1/cases/{case}/decisions", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_decisions, "Recorded decisions with the users' risk"},
    {Verb::Get, "/api/v1/cases/{case}/advisories", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_advisories, "Advisory versions"},
    {Verb::Get, "/api/v1/cases/{case}/releases", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_releases, "Release plans"},
    {Verb::Get, "/api/v1/cases/{case}/reports", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_reports, "Reports"},
    {Verb::Get, "/api/v1/cases/{case}/files", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_files, "Files"},
    {Verb::Get, "/api/v1/cases/{case}/files/{file}", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::download_file, "One file, always as a download"},
    {Verb::Get, "/api/v1/cases/{case}/steps", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_steps, "What can be done next, and why the rest cannot"},
    {Verb::Get, "/api/v1/cases/{case}/knowers", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_knowers, "Who knew what, when, on what ground"},
    {Verb::Get, "/api/v1/cases/{case}/rulings", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_rulings, "What the gate ruled"},
    {Verb::Get, "/api/v1/cases/{case}/entries/{entry}/receipt", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_receipt, "The receipt of an entry; before the next tick, its acknowledgement"},
    // ---- cases: commands
    {Verb::Post, "/api/v1/cases", Caller::SignedIn, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::open_case, api::thing_made}, "Opens a case that your organisation owns"},
    {Verb::Patch, "/api/v1/cases/{case}", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::describe_case, api::command_done}, "Changes the title and summary"},
    {Verb::Post, "/api/v1/cases/{case}/triage", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::step_report, api::command_done}, "Your own step with the report: validate, invalidate, accept, defer, close"},
    {Verb::Post, "/api/v1/cases/{case}/contact-attempts", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::record_contact_attempt, api::thing_made}, "Records an attempt to reach a vendor"},
    {Verb::Post, "/api/v1/cases/{case}/participants", Caller::Participant, Scope::Members, StepUp::Needed, Operation::Write, Body::Json, Write{api::invite_participant, api::thing_made}, "Invites an organisation, with the reason why it is essential"},
    {Verb::Get, "/api/v1/cases/{case}/participants/{organisation}/fit", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_fit, "How an organisation's policy fits the running terms, before it is invited"},
    {Verb::Post, "/api/v1/cases/{case}/participants/suggestions", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::suggest_participant, api::thing_made}, "Suggests a participant"},
    {Verb::Post, "/api/v1/cases/{case}/participants/{organisation}/confirm", Caller::Participant, Scope::Members, StepUp::Needed, Operation::Write, Body::Json, Write{api::confirm_participant, api::command_done}, "Confirms who answered"},
    {Verb::Post, "/api/v1/cases/{case}/participants/{organisation}/suspend", Caller::Participant, Scope::Members, StepUp::Needed, Operation::Write, Body::Json, Write{api::suspend_participant, api::command_done}, "Suspends a participant"},
    {Verb::Post, "/api/v1/cases/{case}/participants/{organisation}/restore", Caller::Participant, Scope::Members, StepUp::Needed, Operation::Write, Body::Json, Write{api::restore_participant, api::command_done}, "Restores a suspended participant"},
    {Verb::Post, "/api/v1/cases/{case}/participants/{organisation}/remove", Caller::Participant, Scope::Members, StepUp::Needed, Operation::Write, Body::Json, Write{api::remove_participant, api::command_done}, "Removes a participant"},
    {Verb::Post, "/api/v1/cases/{case}/invitation", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::answer_invitation, api::command_done}, "Answers an invitation"},
    {Verb::Post, "/api/v1/cases/{case}/leave", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::leave_case, api::command_done}, "Leaves the case"},
    {Verb::Post, "/api/v1/cases/{case}/owner/offer", Caller::Participant, Scope::Members, StepUp::Needed, Operation::Write, Body::Json, Write{api::offer_ownership, api::command_done}, "Offers the case to another organisation, which leads it once it has taken it"},
    {Verb::Post, "/api/v1/cases/{case}/owner/take", Caller::Participant, Scope::Members, StepUp::Needed, Operation::Write, Body::Json, Write{api::take_ownership, api::command_done}, "Takes the case over: one that was offered, or as its coordinator one whose owner is silent"},
    {Verb::Post, "/api/v1/cases/{case}/embargo/proposals", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::propose_terms, api::thing_made}, "Proposes terms, or a revision of them"},
    {Verb::Post, "/api/v1/cases/{case}/embargo/proposals/{version}/answer", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::answer_terms, api::command_done}, "Accepts or declines terms for your organisation"},
    {Verb::Post, "/api/v1/cases/{case}/embargo/proposals/{version}/settle", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::settle_terms, api::command_done}, "Puts terms into force"},
    {Verb::Post, "/api/v1/cases/{case}/embargo/proposals/{version}/refuse", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::refuse_terms, api::command_done}, "Refuses or withdraws terms"},
    {Verb::Post, "/api/v1/cases/{case}/embargo/end", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::end_embargo, api::command_done}, "Ends the embargo, with a reason"},
    {Verb::Post, "/api/v1/cases/{case}/threads", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::open_thread, api::thing_made}, "Opens a thread for a named audience"},
    {Verb::Post, "/api/v1/cases/{case}/threads/{thread}/messages", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::post_message, api::thing_made}, "Posts a message"},
    {Verb::Post, "/api/v1/cases/{case}/files", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Upload, Body::Upload, Write{api::add_file, api::thing_made}, "Adds a file; ?name= and ?audience="},
    {Verb::Post, "/api/v1/cases/{case}/vulnerabilities", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::add_vulnerability, api::thing_made}, "Adds a vulnerability"},
    {Verb::Post, "/api/v1/cases/{case}/vulnerabilities/{vulnerability}/description", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::describe_vulnerability, api::command_done}, "Says what the vulnerability is, for all participants"},
    {Verb::Post, "/api/v1/cases/{case}/vulnerabilities/{vulnerability}/identifier", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::set_identifier, api::command_done}, "Sets its identifier"},
    {Verb::Post, "/api/v1/cases/{case}/vulnerabilities/{vulnerability}/severity", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::assess_severity, api::command_done}, "Assesses its severity"},
    {Verb::Post, "/api/v1/cases/{case}/products", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::add_product, api::thing_made}, "Adds a product"},
    {Verb::Post, "/api/v1/cases/{case}/questions", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::ask_status, api::thing_made}, "Asks vendors whether they are affected"},
    {Verb::Post, "/api/v1/cases/{case}/statuses", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::set_status, api::command_done}, "Answers for a vulnerability and a product"},
    {Verb::Post, "/api/v1/cases/{case}/remedies", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::step_remedy, api::command_done}, "Records a remedy step"},
    {Verb::Post, "/api/v1/cases/{case}/remedies/reopen", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::reopen_remedy, api::command_done}, "Reopens a remedy found incomplete"},
    {Verb::Post, "/api/v1/cases/{case}/claims", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::claim_fact, api::thing_made}, "Claims that it is public, exploitable in public, or attacked"},
    {Verb::Post, "/api/v1/cases/{case}/claims/{claim}/adopt", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::adopt_fact, api::command_done}, "Adopts a claim"},
    {Verb::Post, "/api/v1/cases/{case}/claims/{claim}/refuse", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::refuse_fact, api::command_done}, "Refuses a claim, with the reason"},
    {Verb::Post, "/api/v1/cases/{case}/statements", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::draft_statement, api::command_done}, "Drafts your statement"},
    {Verb::Post, "/api/v1/cases/{case}/statements/approve", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::approve_statement, api::command_done}, "Approves your statement for the other participants"},
    {Verb::Post, "/api/v1/cases/{case}/decisions", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::record_decision, api::thing_made}, "Records a decision to tell, withhold, wait, waive or override, with the users' risk"},
    {Verb::Post, "/api/v1/cases/{case}/advisories", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::LargeJson, Write{api::draft_advisory, api::thing_made}, "Drafts a version of an advisory"},
    {Verb::Post, "/api/v1/cases/{case}/advisories/preview", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Read, Body::LargeJson, api::preview_advisory, "Composes and checks the documents of an advisory; records nothing"},
    {Verb::Post, "/api/v1/cases/{case}/advisories/{advisory}/versions/{version}/approve", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::approve_advisory, api::command_done}, "Approves a version, as a second person"},
    {Verb::Post, "/api/v1/cases/{case}/releases", Caller::Participant, Scope::Publish, StepUp::Needed, Operation::Write, Body::Json, Write{api::plan_release, api::thing_made}, "Plans a release for an instant"},
    {Verb::Post, "/api/v1/cases/{case}/releases/{release}/waive", Caller::Participant, Scope::Publish, StepUp::Needed, Operation::Write, Body::Json, Write{api::waive_readiness, api::command_done}, "Goes ahead without those who are not ready, with the reason"},
    {Verb::Post, "/api/v1/cases/{case}/releases/{release}/hold", Caller::Participant, Scope::Publish, StepUp::Needed, Operation::Write, Body::Json, Write{api::hold_release, api::command_done}, "Holds a planned release"},
    {Verb::Get, "/api/v1/cases/{case}/releases/{release}/dry-run", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::release_dry_run, "What a release would publish, and what the gate says"},
    // ---- what takes two persons
    {Verb::Get, "/api/v1/cases/{case}/requests", Caller::Participant, Scope::CaseRead, StepUp::No, Operation::Read, Body::None, api::show_requests, "What waits for a second person, and what became of it"},
    {Verb::Post, "/api/v1/cases/{case}/requests/{request}/confirm", Caller::Participant, Scope::CaseWrite, StepUp::Needed, Operation::Write, Body::Json, Write{api::confirm_request, api::command_done}, "Confirms, as a second person, what another asked for: it takes effect"},
    {Verb::Post, "/api/v1/cases/{case}/requests/{request}/refuse", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::refuse_request, api::command_done}, "Refuses what another person asked for"},
    {Verb::Post, "/api/v1/cases/{case}/requests/{request}/withdraw", Caller::Participant, Scope::CaseWrite, StepUp::No, Operation::Write, Body::Json, Write{api::withdraw_request, api::command_done}, "Withdraws what you asked for"},
    {Verb::Post, "/api/v1/cases/{case}/erasures", Caller::Participant, Scope::CaseWrite, StepUp::Needed, Operation::Write, Body::Json, Write{api::erase_compartment, api::command_done}, "Erases a report's or a participant's compartment; a person alone, and a second one confirms"},
    // ---- the gate
    {Verb::Post, "/api/v1/gate/ask", Caller::SignedIn, Scope::CaseRead, StepUp::No, Operation::Read, Body::Json, api::ask_gate, "What the gate would say of a disclosure; nothing is recorded"},
    // ---- what is public
    {Verb::Get, "/api/v1/advisories", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::list_publications, "Published advisories"},
    {Verb::Get, "/.well-known/csaf/provider-metadata.json", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::provider_metadata, "CSAF provider metadata"},
    {Verb::Get, "/.well-known/csaf/openpgp/{file}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::openpgp_key, "The key that signs CSAF documents"},
    {Verb::Get, "/csaf/white/index.txt", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::csaf_index, "CSAF index"},
    {Verb::Get, "/csaf/white/changes.csv", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::csaf_changes, "CSAF changes"},
    {Verb::Get, "/csaf/white/csaf-feed-tlp-white.json", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::csaf_feed, "ROLIE feed"},
    {Verb::Get, "/csaf/white/{year}/{file}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::csaf_document, "A CSAF document, its signature or a hash of it"},
    {Verb::Get, "/cve/{file}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::cve_document, "A CVE record"},
    {Verb::Get, "/osv/{file}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, api::osv_document, "An OSV record"},
    // ---- demo sites only
    {Verb::Post, "/api/v1/demo/clock", Caller::InstanceAdmin, Scope::SiteAdmin, StepUp::No, Operation::Write, Body::Json, Write{api::set_demo_clock, api::command_done}, "Sets the scripted clock of a demo site"},
    {Verb::Post, "/api/v1/demo/tick", Caller::InstanceAdmin, Scope::SiteAdmin, StepUp::No, Operation::Write, Body::Json, Write{api::demo_tick, api::command_done}, "Closes a tick of a demo site"},
    // ---- pages
    {Verb::Get, "/", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::home, "What this site is, and its latest advisories"},
    {Verb::Get, "/advisories", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::advisories, "List of published advisories"},
    {Verb::Get, "/advisories/{tracking}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::advisory, "The newest version of an advisory"},
    {Verb::Get, "/advisories/{tracking}/{version}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::advisory_version, "One version of an advisory"},
    {Verb::Get, "/advisories/{tracking}/{version}/{file}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::advisory_file, "A published document of an advisory: CSAF, CVE or OSV"},
    {Verb::Get, "/feed.atom", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::feed, "Advisories as an Atom feed"},
    {Verb::Get, "/policies/{organisation}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::policy, "A disclosure policy; with \".json\" after the id, as data"},
    {Verb::Get, "/.well-known/security.txt", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::security_txt, "How to report to this site (RFC 9116)"},
    {Verb::Get, "/robots.txt", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::robots, "What crawlers may visit"},
    {Verb::Get, "/favicon.svg", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::favicon, "The site's icon"},
    {Verb::Get, "/assets/{file}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::asset, "A stylesheet or script, named by its hash"},
    {Verb::Get, "/report", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::report_form, "The report form"},
    {Verb::Post, "/report/review", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::Form, pages::report_review, "Shows what would be sent to whom; records nothing"},
    {Verb::Post, "/report", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicReport, Body::Form, Write{pages::send_report, pages::report_received}, "Sends a report from the form"},
    {Verb::Get, "/mailbox", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::mailbox_form, "Asks for a report code"},
    {Verb::Post, "/mailbox", Caller::Anyone, std::nullopt, StepUp::No, Operation::ReportCode, Body::Form, pages::open_mailbox, "Opens a mailbox with its report code"},
    {Verb::Get, "/mailbox/thread", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::mailbox_thread, "The reporter's mailbox"},
    {Verb::Post, "/mailbox/thread", Caller::Anyone, std::nullopt, StepUp::No, Operation::Write, Body::Form, Write{pages::post_in_mailbox, pages::posted_in_mailbox}, "Writes in the reporter's mailbox"},
    {Verb::Post, "/mailbox/route", Caller::Anyone, std::nullopt, StepUp::No, Operation::Write, Body::Form, Write{pages::route_from_mailbox, pages::posted_in_mailbox}, "Asks for a coordinator from the reporter's mailbox"},
    {Verb::Post, "/mailbox/files", Caller::Anyone, std::nullopt, StepUp::No, Operation::Upload, Body::Multipart, Write{pages::add_mailbox_files, pages::posted_in_mailbox}, "Adds files to a report from the reporter's mailbox"},
    {Verb::Get, "/mailbox/files/{file}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::mailbox_file, "One file of the reporter's mailbox, always as a download"},
    {Verb::Post, "/mailbox/close", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::Form, pages::close_mailbox, "Forgets the report code in this browser"},
    {Verb::Get, "/sign-in", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::sign_in_form, "The sign-in page"},
    {Verb::Post, "/sign-in", Caller::Anyone, std::nullopt, StepUp::No, Operation::SignIn, Body::Form, Write{pages::sign_in, pages::signed_in}, "Signs in with a password"},
    {Verb::Post, "/sign-in/organisation", Caller::Anyone, std::nullopt, StepUp::No, Operation::SignIn, Body::Form, Write{pages::choose_organisation, pages::signed_in}, "Chooses the organisation to act for"},
    {Verb::Post, "/sign-in/demo", Caller::Anyone, std::nullopt, StepUp::No, Operation::SignIn, Body::Form, Write{pages::sign_in_demo, pages::signed_in}, "Signs in with one click, on a demo site only"},
    {Verb::Get, "/first-run", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::first_run_form, "Asks for the one-time code of a new site"},
    {Verb::Post, "/first-run", Caller::Anyone, std::nullopt, StepUp::No, Operation::FirstRun, Body::Form, Write{pages::create_administrator, pages::administrator_created}, "Makes the first administrator"},
    {Verb::Post, "/sign-out", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Write, Body::Form, Write{pages::sign_out, pages::signed_out}, "Ends this session"},
    {Verb::Get, "/step-up", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Read, Body::None, pages::step_up_form, "Asks for the password again"},
    {Verb::Post, "/step-up", Caller::SignedIn, std::nullopt, StepUp::No, Operation::SignIn, Body::Form, Write{pages::step_up, pages::stepped_up}, "Confirms who is sitting there"},
    {Verb::Get, "/cases", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Read, Body::None, pages::cases, "The viewer's cases, most urgent first"},
    {Verb::Post, "/cases", Caller::SignedIn, std::nullopt, StepUp::No, Operation::Write, Body::Form, Write{pages::open_case, pages::case_opened}, "Opens a case"},
    {Verb::Get, "/cases/{case}", Caller::Participant, std::nullopt, StepUp::No, Operation::Read, Body::None, pages::case_page, "One case as the viewer may know it"},
    {Verb::Post, "/cases/{case}/files", Caller::Participant, std::nullopt, StepUp::No, Operation::Upload, Body::Multipart, Write{pages::add_case_files, pages::case_files_added}, "Adds files from a case page's form"},
    {Verb::Post, "/cases/{case}/do/{command}", Caller::Participant, std::nullopt, StepUp::No, Operation::Write, Body::Form, Write{pages::do_command, pages::command_done}, "Carries out a command from a case page's form"},
    {Verb::Get, "/report/to/{organisation}", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::report_form, "The report form with its receiver chosen"},
    {Verb::Get, "/mailbox/receipt", Caller::Anyone, std::nullopt, StepUp::No, Operation::PublicRead, Body::None, pages::mailbox_receipt, "The proof that the report arrived"},
};
// clang-format on

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace sluice::web
