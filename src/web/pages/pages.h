// The pages: what a browser gets without any script. Each handler reads with the viewer, composes markup::Html values, and renders them.
//
// Always holds
//   H1  Text and attribute values are escaped by type; no page takes HTML from a string (web/html.h, WEB-5).
//   H2  No inline script or style; one stylesheet, one icon and, where a report is sent, one script that nothing depends on, from /assets and /favicon.svg.
//   H3  A page shows what the viewer's own fold holds and nothing else; organisations by name only where cvd::may_know_of allows (EXI-10).
//   H4  A page that shows a case carries the CaseSeen's deliveries, so that they are recorded before its bytes leave (ACC-13).
//   H5  Redirects go to constants, or to /cases/{id} with an id that was parsed (WEB-6).
//
// Rows of the route table (scope: none; step-up: No; the case page asks for a second confirmation itself where a command needs one):
//
//   verb  path                                        caller    operation     body  handler                                          summary
//   Get   /                                           Anyone    PublicRead    None  home                                             What this site is, and its latest advisories
//   Get   /advisories                                 Anyone    PublicRead    None  advisories                                       List of published advisories
//   Get   /advisories/{tracking}                      Anyone    PublicRead    None  advisory                                         The newest version of an advisory
//   Get   /advisories/{tracking}/{version}            Anyone    PublicRead    None  advisory_version                                 One version of an advisory
//   Get   /advisories/{tracking}/{version}/{file}     Anyone    PublicRead    None  advisory_file                                    A published document of an advisory: CSAF, CVE or OSV
//   Get   /feed.atom                                  Anyone    PublicRead    None  feed                                             Advisories as an Atom feed
//   Get   /policies/{organisation}                    Anyone    PublicRead    None  policy                                           A disclosure policy; with ".json" after the id, as data
//   Get   /.well-known/security.txt                   Anyone    PublicRead    None  security_txt                                     How to report to this site (RFC 9116)
//   Get   /robots.txt                                 Anyone    PublicRead    None  robots                                           What crawlers may visit
//   Get   /favicon.svg                                Anyone    PublicRead    None  favicon                                          The site's icon
//   Get   /assets/{file}                              Anyone    PublicRead    None  asset                                            A stylesheet or script, named by its hash
//   Get   /report                                     Anyone    PublicRead    None  report_form                                      The report form
//   Get   /report/to/{organisation}                   Anyone    PublicRead    None  report_form                                      The report form with its receiver chosen
//   Post  /report/review                              Anyone    PublicRead    Form  report_review                                    Shows what would be sent to whom; records nothing
//   Post  /report                                     Anyone    PublicReport  Form  Write{send_report, report_received}              Sends a report from the form
//   Get   /mailbox                                    Anyone    PublicRead    None  mailbox_form                                     Asks for a report code
//   Post  /mailbox                                    Anyone    ReportCode    Form  open_mailbox                                     Opens a mailbox with its report code
//   Get   /mailbox/thread                             Anyone    PublicRead    None  mailbox_thread                                   The reporter's mailbox
//   Post  /mailbox/thread                             Anyone    Write         Form  Write{post_in_mailbox, posted_in_mailbox}        Writes in the reporter's mailbox
//   Post  /mailbox/credit                             Anyone    Write         Form  Write{credit_from_mailbox, posted_in_mailbox}    Says from the reporter's mailbox how to be credited
//   Post  /mailbox/route                              Anyone    Write         Form  Write{route_from_mailbox, posted_in_mailbox}     Asks for a coordinator from the reporter's mailbox
//   Post  /mailbox/leak                               Anyone    Write         Form  Write{claim_leak_in_mailbox, posted_in_mailbox}  Claims, as the reporter, that something leaked
//   Post  /mailbox/claim                              Anyone    Write         Form  Write{claim_from_mailbox, posted_in_mailbox}     Says from the reporter's mailbox that it became known
//   Get   /mailbox/receipt                            Anyone    PublicRead    None  mailbox_receipt                                  The proof that the report arrived
//   Post  /mailbox/files                              Anyone    Upload        Multipart  Write{add_mailbox_files, posted_in_mailbox}  Adds files to a report from the reporter's mailbox
//   Get   /mailbox/files/{file}                       Anyone    PublicRead    None  mailbox_file                                     One file of the reporter's mailbox, always as a download
//   Post  /mailbox/close                              Anyone    PublicRead    Form  close_mailbox                                    Forgets the report code in this browser
//   Get   /sign-in                                    Anyone    PublicRead    None  sign_in_form                                     The sign-in page
//   Post  /sign-in                                    Anyone    SignIn        Form  Write{sign_in, signed_in}                        Signs in with a password
//   Post  /sign-in/code                               Anyone    SignIn        Form  Write{sign_in_code, signed_in}                   Gives the second factor, after the password
//   Post  /sign-in/factor                             Anyone    SignIn        Form  Write{sign_in_factor, signed_in}                 Sets the first second factor, after the password
//   Get   /account                                    SignedIn  Read          None  account                                          The own second factor and sessions
//   Post  /account/do/{command}                       SignedIn  Write         Form  Write{do_account, account_done}                  Changes them
//   Get   /administration                             SignedIn  Read          None  administration                                   People, what takes two administrators, and who read how much
//   Post  /administration/do/{command}                SignedIn  Write         Form  Write{do_administration, administration_done}    Carries out a command of that page
//   Post  /sign-in/organisation                       Anyone    SignIn        Form  Write{choose_organisation, signed_in}            Chooses the organisation to act for
//   Post  /sign-in/demo                               Anyone    SignIn        Form  Write{sign_in_demo, signed_in}                   Signs in with one click, on a demo site only
//   Get   /first-run                                  Anyone    PublicRead    None  first_run_form                                   Asks for the one-time code of a new site
//   Post  /first-run                                  Anyone    FirstRun      Form  Write{create_administrator, administrator_created}  Makes the first administrator
//   Post  /sign-out                                   SignedIn  Write         Form  Write{sign_out, signed_out}                      Ends this session
//   Get   /step-up                                    SignedIn  Read          None  step_up_form                                     Asks for the password again
//   Post  /step-up                                    SignedIn  SignIn        Form  Write{step_up, stepped_up}                       Confirms who is sitting there
//   Get   /cases                                      SignedIn  Read          None  cases                                            The viewer's cases, most urgent first
//   Post  /cases                                      SignedIn  Write         Form  Write{open_case, case_opened}                    Opens a case
//   Get   /cases/{case}                               Participant  Read       None  case_page                                        One case as the viewer may know it
//   Get   /due                                        SignedIn  Read          None  due                                              What is due by law over the viewer's cases
//   Get   /measures                                   SignedIn  Read          None  measures                                         Measures of skill over the viewer's cases
//   Get   /cases/{case}/measures                      Participant  Read       None  case_measures                                    Measures of skill of one case
//   Post  /cases/{case}/files                         Participant  Upload     Multipart  Write{add_case_files, case_files_added}     Adds files from a case page's form
//   Post  /cases/{case}/do/{command}                  Participant  Write      Form  Write{do_command, command_done}                  Carries out a command from a case page's form
//
// Errors of these routes are for people: the router answers them with error_page(app, request, error) instead of a problem document, and, where a
// GET needs sign-in and nobody is signed in, with to_sign_in(). /mailbox… resolve the mailbox cookie themselves.
#pragma once

#include "web/app.h"

namespace sluice::web::pages {

// ---- public
Result<Response> home(App& app, const Request& request);
Result<Response> advisories(App& app, const Request& request);
Result<Response> advisory(App& app, const Request& request);
Result<Response> advisory_version(App& app, const Request& request);
Result<Response> advisory_file(App& app, const Request& request);
Result<Response> feed(App& app, const Request& request);
Result<Response> policy(App& app, const Request& request);
Result<Response> security_txt(App& app, const Request& request);
Result<Response> robots(App& app, const Request& request);
Result<Response> favicon(App& app, const Request& request);
Result<Response> asset(App& app, const Request& request);

// ---- reports and their mailbox
Result<Response> report_form(App& app, const Request& request);
Result<Response> report_review(App& app, const Request& request);
Result<service::Work> send_report(App& app, const Request& request);
Response report_received(App& app, const Request& request, const service::Committed& committed);
Result<Response> mailbox_form(App& app, const Request& request);
Result<Response> open_mailbox(App& app, const Request& request);
Result<Response> mailbox_thread(App& app, const Request& request);
Result<Response> mailbox_receipt(App& app, const Request& request);
Result<service::Work> post_in_mailbox(App& app, const Request& request);
Result<service::Work> add_mailbox_files(App& app, const Request& request);
Result<Response> mailbox_file(App& app, const Request& request);
Result<service::Work> route_from_mailbox(App& app, const Request& request);
Result<service::Work> claim_leak_in_mailbox(App& app, const Request& request);
Result<service::Work> credit_from_mailbox(App& app, const Request& request);
Result<service::Work> claim_from_mailbox(App& app, const Request& request);
Response posted_in_mailbox(App& app, const Request& request, const service::Committed& committed);
Result<Response> close_mailbox(App& app, const Request& request);

// ---- signing in
Result<Response> sign_in_form(App& app, const Request& request);
Result<service::Work> sign_in(App& app, const Request& request);
Result<service::Work> sign_in_code(App& app, const Request& request);
Result<service::Work> sign_in_factor(App& app, const Request& request);
Result<service::Work> choose_organisation(App& app, const Request& request);
Result<service::Work> sign_in_demo(App& app, const Request& request);
Response signed_in(App& app, const Request& request, const service::Committed& committed);
Result<Response> first_run_form(App& app, const Request& request);
Result<service::Work> create_administrator(App& app, const Request& request);
Response administrator_created(App& app, const Request& request, const service::Committed& committed);
Result<service::Work> sign_out(App& app, const Request& request);
Response signed_out(App& app, const Request& request, const service::Committed& committed);
Result<Response> step_up_form(App& app, const Request& request);
Result<service::Work> step_up(App& app, const Request& request);
Response stepped_up(App& app, const Request& request, const service::Committed& committed);

// ---- the own account, and people of an organisation
Result<Response> account(App& app, const Request& request);
Result<service::Work> do_account(App& app, const Request& request);
Response account_done(App& app, const Request& request, const service::Committed& committed);
Result<Response> administration(App& app, const Request& request);
Result<service::Work> do_administration(App& app, const Request& request);
Response administration_done(App& app, const Request& request, const service::Committed& committed);

// ---- cases
Result<Response> cases(App& app, const Request& request);
Result<service::Work> open_case(App& app, const Request& request);
Response case_opened(App& app, const Request& request, const service::Committed& committed);
Result<Response> case_page(App& app, const Request& request);
Result<Response> due(App& app, const Request& request);
Result<Response> measures(App& app, const Request& request);
Result<Response> case_measures(App& app, const Request& request);
Result<service::Work> add_case_files(App& app, const Request& request);
Response case_files_added(App& app, const Request& request, const service::Committed& committed);
Result<service::Work> do_command(App& app, const Request& request);
Response command_done(App& app, const Request& request, const service::Committed& committed);

// ---- the web client (ui/), where it was built in
Result<Response> client(App& app, const Request& request);
Result<Response> client_file(App& app, const Request& request);

// ---- for the router
Response error_page(App& app, const Request& request, const Error& error);
Response to_sign_in();

// The cookies' names: with the __Host- prefix behind TLS, plain on loopback http, where browsers refuse the prefix.
std::string_view session_cookie_name(bool tls);
std::string_view mailbox_cookie_name(bool tls);

}  // namespace sluice::web::pages
