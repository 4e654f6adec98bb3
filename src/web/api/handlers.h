// The handlers of the JSON API, as routes.cpp names them. A read is one function, a write two; what takes JSON is made by taking() (body.h) or, on a case, by
// SLUICE_ON_CASE (case_commands.cpp), so that it brings the schema of what it takes.
#pragma once

#include "web/app.h"

namespace sluice::web::api {

#define SLUICE_READ(name) Result<Response> name(App&, const Request&);
#define SLUICE_COMMAND(name) extern const Command name;
#define SLUICE_READ_OF_JSON(name) extern const Read name;
#define SLUICE_UPLOAD(name) Result<service::Work> name(App&, const Request&);

SLUICE_READ(health) SLUICE_READ(ready) SLUICE_READ(openapi) SLUICE_READ(whoami) SLUICE_READ(ledger_key) SLUICE_READ(checkpoint)

// cases
SLUICE_READ(list_cases) SLUICE_READ(show_case) SLUICE_READ(show_timeline) SLUICE_READ(show_participants) SLUICE_READ(show_embargo) SLUICE_READ(show_threads) SLUICE_READ(show_vulnerabilities)
SLUICE_READ(show_products) SLUICE_READ(show_statuses) SLUICE_READ(show_claims) SLUICE_READ(show_decisions) SLUICE_READ(show_advisories) SLUICE_READ(show_releases) SLUICE_READ(show_reports)
SLUICE_READ(show_fit) SLUICE_READ(show_files) SLUICE_READ(show_steps) SLUICE_READ(show_knowers) SLUICE_READ(show_receipt) SLUICE_READ(download_file) SLUICE_READ(release_dry_run) SLUICE_READ_OF_JSON(preview_advisory)
SLUICE_READ_OF_JSON(ask_gate) SLUICE_READ(show_rulings)
SLUICE_COMMAND(open_case) SLUICE_COMMAND(describe_case) SLUICE_COMMAND(step_report) SLUICE_COMMAND(suggest_participant) SLUICE_COMMAND(invite_participant) SLUICE_COMMAND(confirm_participant)
SLUICE_COMMAND(suspend_participant) SLUICE_COMMAND(restore_participant) SLUICE_COMMAND(remove_participant) SLUICE_COMMAND(answer_invitation) SLUICE_COMMAND(leave_case) SLUICE_COMMAND(offer_ownership) SLUICE_COMMAND(take_ownership)
SLUICE_COMMAND(propose_terms) SLUICE_COMMAND(answer_terms) SLUICE_COMMAND(settle_terms) SLUICE_COMMAND(refuse_terms) SLUICE_COMMAND(end_embargo) SLUICE_COMMAND(open_thread)
SLUICE_COMMAND(post_message) SLUICE_UPLOAD(add_file) SLUICE_COMMAND(add_vulnerability) SLUICE_COMMAND(describe_vulnerability) SLUICE_COMMAND(set_identifier) SLUICE_COMMAND(assess_severity) SLUICE_COMMAND(add_product)
SLUICE_COMMAND(ask_status) SLUICE_COMMAND(set_status) SLUICE_COMMAND(step_remedy) SLUICE_COMMAND(reopen_remedy) SLUICE_COMMAND(claim_fact) SLUICE_COMMAND(adopt_fact) SLUICE_COMMAND(refuse_fact)
SLUICE_COMMAND(draft_statement) SLUICE_COMMAND(approve_statement) SLUICE_COMMAND(record_decision) SLUICE_COMMAND(draft_advisory) SLUICE_COMMAND(approve_advisory) SLUICE_COMMAND(plan_release)
SLUICE_COMMAND(waive_readiness) SLUICE_COMMAND(hold_release) SLUICE_COMMAND(record_contact_attempt) SLUICE_READ(show_requests) SLUICE_COMMAND(confirm_request) SLUICE_COMMAND(refuse_request)
SLUICE_COMMAND(withdraw_request) SLUICE_COMMAND(erase_compartment)
SLUICE_READ(list_regimes) SLUICE_READ(show_regime) SLUICE_READ(find_rules) SLUICE_READ(compare_regimes) SLUICE_READ(find_departures) SLUICE_READ(find_authorities)
SLUICE_READ_OF_JSON(evaluate_given) SLUICE_READ_OF_JSON(evaluate_page)
SLUICE_READ(find_overlaps) SLUICE_READ(list_overlays) SLUICE_READ_OF_JSON(what_if) SLUICE_READ_OF_JSON(what_it_costs) SLUICE_READ_OF_JSON(whom_it_reaches) SLUICE_READ_OF_JSON(departures_in) SLUICE_READ_OF_JSON(comment_on)
SLUICE_READ(evidence) SLUICE_READ(evidence_of_decision)
SLUICE_READ(show_leaks) SLUICE_READ(export_case) SLUICE_READ_OF_JSON(trace_leak) SLUICE_COMMAND(claim_leak) SLUICE_COMMAND(note_leak) SLUICE_COMMAND(close_leak) SLUICE_COMMAND(claim_leak_of_report)
SLUICE_READ(show_incidents) SLUICE_READ(show_notices) SLUICE_READ(notice_text) SLUICE_COMMAND(record_incident) SLUICE_COMMAND(move_incident) SLUICE_COMMAND(state_incident)
SLUICE_COMMAND(draft_notice) SLUICE_COMMAND(drop_notice) SLUICE_COMMAND(clear_notice) SLUICE_COMMAND(file_notice) SLUICE_COMMAND(add_notice_receipt) SLUICE_COMMAND(draft_area_report) SLUICE_COMMAND(publish_area_report)
SLUICE_READ(list_duties) SLUICE_READ(show_regimes) SLUICE_READ(print_regimes) SLUICE_READ(show_duties) SLUICE_READ(show_law_facts) SLUICE_READ(show_scope) SLUICE_READ_OF_JSON(look_at_content) SLUICE_COMMAND(confirm_scope) SLUICE_COMMAND(correct_fact)
SLUICE_COMMAND(end_correction) SLUICE_COMMAND(place_product) SLUICE_COMMAND(class_content)
SLUICE_READ(case_measures) SLUICE_READ(show_measures) SLUICE_READ(export_measures) SLUICE_READ(export_measures_csv)
SLUICE_COMMAND(form_group) SLUICE_COMMAND(change_group) SLUICE_COMMAND(invite_many) SLUICE_COMMAND(amend_message) SLUICE_COMMAND(retract_message) SLUICE_COMMAND(set_tracking_id) SLUICE_COMMAND(mark_read)
SLUICE_READ(show_groups) SLUICE_READ(show_unread) SLUICE_READ(search)
SLUICE_READ(show_targets) SLUICE_READ(show_draft_hints) SLUICE_COMMAND(agree_target) SLUICE_COMMAND(move_target) SLUICE_COMMAND(drop_target) SLUICE_COMMAND(escalate) SLUICE_COMMAND(proceed_without)
SLUICE_COMMAND(link_duplicate) SLUICE_COMMAND(state_credit)
SLUICE_COMMAND(wait_for_remedy) SLUICE_COMMAND(end_wait) SLUICE_COMMAND(block_remedy) SLUICE_COMMAND(unblock_remedy) SLUICE_COMMAND(assess_remedy) SLUICE_COMMAND(agree_readiness) SLUICE_COMMAND(state_support)
SLUICE_COMMAND(withdraw_request) SLUICE_COMMAND(erase_compartment) SLUICE_COMMAND(release_early)
SLUICE_COMMAND(settle_by_answers) SLUICE_COMMAND(choose_settlement) SLUICE_COMMAND(ask_consent) SLUICE_COMMAND(plan_invitation) SLUICE_COMMAND(drop_invitation_plan) SLUICE_COMMAND(set_roles)
SLUICE_READ(show_threat_objects) SLUICE_COMMAND(prepare_threat_objects) SLUICE_COMMAND(drop_threat_object) SLUICE_COMMAND(choose_release_collections)
SLUICE_READ(show_mitigations) SLUICE_COMMAND(note_mitigation) SLUICE_COMMAND(choose_mitigation_collections) SLUICE_COMMAND(share_mitigation) SLUICE_COMMAND(decline_mitigation)
SLUICE_COMMAND(split_case) SLUICE_COMMAND(merge_cases) SLUICE_COMMAND(claim_of_report)

// reports
SLUICE_COMMAND(submit_report) SLUICE_COMMAND(post_to_mailbox) SLUICE_COMMAND(route_report) SLUICE_READ(show_mailbox) SLUICE_READ(mailbox_receipt) SLUICE_READ(my_report) SLUICE_READ(give_challenge) SLUICE_UPLOAD(add_report_file) SLUICE_READ(download_report_file)

// scores, points, tables of an alliance
SLUICE_READ(show_score) SLUICE_READ(list_scores) SLUICE_READ(list_doubts) SLUICE_READ(show_points) SLUICE_READ(show_tables) SLUICE_COMMAND(doubt_object) SLUICE_COMMAND(decide_doubts) SLUICE_COMMAND(propose_table) SLUICE_COMMAND(vote_on_table)

// peers that are read on a schedule
SLUICE_READ(list_peers) SLUICE_READ(show_peer) SLUICE_READ(show_object_origins)
SLUICE_COMMAND(add_peer) SLUICE_COMMAND(pause_peer) SLUICE_COMMAND(resume_peer) SLUICE_COMMAND(pull_peer) SLUICE_COMMAND(remove_peer)

// contacts of vendors
extern const Later find_contact;

// organisations, people, tokens
SLUICE_READ(list_organisations) SLUICE_READ(show_organisation) SLUICE_COMMAND(add_organisation) SLUICE_COMMAND(change_organisation)
SLUICE_READ(list_people) SLUICE_COMMAND(add_person) SLUICE_COMMAND(issue_token) SLUICE_COMMAND(revoke_token) SLUICE_COMMAND(register_certificate) SLUICE_READ(list_tokens) SLUICE_READ(list_sessions) SLUICE_COMMAND(end_session)

// people, factors, break-glass, who read how much
SLUICE_COMMAND(suspend_person) SLUICE_COMMAND(restore_person) SLUICE_COMMAND(end_person) SLUICE_COMMAND(change_role) SLUICE_COMMAND(disable_person) SLUICE_COMMAND(enable_person)
SLUICE_COMMAND(ask_factor_reset) SLUICE_COMMAND(confirm_factor_reset) SLUICE_COMMAND(refuse_factor_reset)
SLUICE_READ(show_factor) SLUICE_READ_OF_JSON(begin_factor) SLUICE_COMMAND(set_factor) SLUICE_COMMAND(renew_recovery_codes) SLUICE_COMMAND(drop_factor)
SLUICE_COMMAND(ask_to_break_glass) SLUICE_COMMAND(confirm_glass) SLUICE_COMMAND(close_glass) SLUICE_READ(list_glasses) SLUICE_READ(show_access_log)

// public documents
SLUICE_READ(list_publications) SLUICE_READ(csaf_document) SLUICE_READ(csaf_index) SLUICE_READ(csaf_changes) SLUICE_READ(csaf_feed) SLUICE_READ(provider_metadata) SLUICE_READ(openpgp_key)
SLUICE_READ(cve_document) SLUICE_READ(osv_document)

// threat objects
SLUICE_READ_OF_JSON(look_up_values) SLUICE_READ(show_threat_object)
// recalls and planned releases of threat objects
SLUICE_READ(list_recalls) SLUICE_READ(show_object_deliveries) SLUICE_READ(list_widenings) SLUICE_READ(list_clients)
SLUICE_COMMAND(recall_object) SLUICE_COMMAND(acknowledge_recall) SLUICE_COMMAND(plan_widening) SLUICE_COMMAND(approve_widening) SLUICE_COMMAND(refuse_widening) SLUICE_COMMAND(withdraw_widening) SLUICE_COMMAND(set_client)
extern const Later share_early;
// pseudonyms
SLUICE_READ(list_pseudonyms) SLUICE_READ(list_reveals) SLUICE_COMMAND(set_pseudonym_policy) SLUICE_COMMAND(take_pseudonym) SLUICE_COMMAND(bind_token) SLUICE_COMMAND(ask_reveal) SLUICE_COMMAND(agree_to_reveal) SLUICE_COMMAND(refuse_reveal)
// aggregate reports, statements, comments; groups
SLUICE_READ(list_threat_texts) SLUICE_READ(show_threat_text) SLUICE_READ(threat_text_page) SLUICE_READ(threat_text_csv) SLUICE_READ(threat_text_stix) SLUICE_READ(ask_text_release) SLUICE_READ(show_behind_figure) SLUICE_READ(list_threat_groups)
SLUICE_READ(list_public_texts) SLUICE_READ(public_text_page) SLUICE_READ(public_text_file)
SLUICE_COMMAND(draft_threat_text) SLUICE_COMMAND(revise_threat_text) SLUICE_COMMAND(show_draft_text) SLUICE_COMMAND(endorse_threat_text) SLUICE_COMMAND(withdraw_endorsement) SLUICE_COMMAND(tell_authority) SLUICE_COMMAND(withdraw_threat_text) SLUICE_COMMAND(release_threat_text)
SLUICE_COMMAND(form_threat_group) SLUICE_COMMAND(ask_into_threat_group) SLUICE_COMMAND(join_threat_group) SLUICE_COMMAND(leave_threat_group)
// webhooks
SLUICE_READ(list_webhooks) SLUICE_READ(show_webhook)
SLUICE_COMMAND(add_webhook) SLUICE_COMMAND(pause_webhook) SLUICE_COMMAND(resume_webhook) SLUICE_COMMAND(renew_webhook_secret) SLUICE_COMMAND(test_webhook) SLUICE_COMMAND(remove_webhook)

// live
SLUICE_READ(stream)

// demo sites only
SLUICE_COMMAND(set_demo_clock) SLUICE_COMMAND(demo_tick)

#undef SLUICE_READ
#undef SLUICE_COMMAND
#undef SLUICE_READ_OF_JSON
#undef SLUICE_UPLOAD

Response command_done(App&, const Request&, const service::Committed&);     // 200
Response thing_made(App&, const Request&, const service::Committed&);       // 201

}  // namespace sluice::web::api
