#include "web/pages/case_commands.h"

#include <charconv>

#include "web/pages/layout.h"

namespace sluice::web::pages {

namespace {

template <class T> struct plain { using type = T; };
template <class T> struct plain<std::optional<T>> { using type = T; };
template <class T> using plain_t = typename plain<T>::type;

template <class T>
Result<json::value> field_value(const std::string& text, std::string_view name) {
  if constexpr (std::is_same_v<T, bool>) {
    if (text == "yes") return json::value(true);
    if (text == "no") return json::value(false);
    return fail(ErrorKind::Invalid, "Choose yes or no.", "/" + std::string(name));
  } else if constexpr (std::is_integral_v<T>) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return fail(ErrorKind::Invalid, "This must be a whole number.", "/" + std::string(name));
    return json::value(number);
  } else if constexpr (std::is_same_v<T, Instant>) {
    return json::value(utc_text(text));
  } else if constexpr (std::is_same_v<T, json::value>) {
    auto read = parse_json(text);
    if (!read) return fail(read.error().kind, read.error().message + " (" + read.error().where + ")", "/" + std::string(name));
    return *std::move(read);
  } else if constexpr (std::is_same_v<T, cvd::Letter>) {
    std::string lower = text;  // "P" is a word of its own
    for (auto& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return json::value(lower);
  } else {
    return json::value(text);
  }
}

// The fields of one object; of one inside it as "weighed.severity".
template <class C>
Result<json::object> read_fields(const FormFields& fields, const std::string& prefix) {
  json::object object;
  Result<void> result;
  boost::mp11::mp_for_each<boost::describe::describe_members<C, boost::describe::mod_public>>([&](auto d) {
    using Member = std::decay_t<decltype(std::declval<C&>().*d.pointer)>;
    const auto name = bind::field_name(d.name);
    if (!result) return;
    if constexpr (std::is_same_v<Member, cvd::Weighing>) {
      auto inside = read_fields<Member>(fields, prefix + std::string(name) + ".");
      if (!inside) result = std::unexpected(inside.error());
      else object[name] = *std::move(inside);
    } else if constexpr (bind::is_vector<plain_t<Member>>::value) {
      json::array items;
      for (auto it = fields.lower_bound(std::string(name) + "."); it != fields.end() && it->first.starts_with(std::string(name) + "."); ++it) items.push_back(json::value(it->first.substr(name.size() + 1)));
      if (!items.empty() || bind::is_vector<Member>::value) object[name] = std::move(items);
    } else {
      const auto found = fields.find(prefix + std::string(name));
      if (found == fields.end() || found->second.empty()) {
        // A text that may not be empty is for the rules to say; the rest is missing.
        if constexpr (std::is_same_v<Member, std::string>) object[name] = "";
        return;
      }
      auto value = field_value<plain_t<Member>>(found->second, prefix + std::string(name));
      if (!value) result = std::unexpected(value.error());
      else object[name] = *std::move(value);
    }
  });
  if (!result) return std::unexpected(result.error());
  return object;
}

template <class C>
Result<cvd::Command> read(const FormFields& fields) {
  TRY(const auto object, read_fields<C>(fields, ""));
  TRY(auto command, from_json<C>(object));
  return cvd::Command{std::move(command)};
}

// The weights are a number a vendor, in fields named after it; an empty one is no weight.
Result<cvd::Command> read_readiness(const FormFields& fields) {
  const auto text = [&](const char* name) { const auto found = fields.find(name); return found == fields.end() ? std::string() : found->second; };
  json::object body{{"rule", text("rule")}, {"why", text("why")}};
  if (!text("share").empty()) {
    TRY(body["share"], field_value<int>(text("share"), "share"));
  }
  json::array weights;
  constexpr std::string_view kPrefix = "weights.";
  for (auto it = fields.lower_bound(kPrefix); it != fields.end() && it->first.starts_with(kPrefix); ++it) {
    if (it->second.empty()) continue;
    TRY(auto weight, field_value<int>(it->second, it->first));
    weights.push_back(json::object{{"organisation", it->first.substr(kPrefix.size())}, {"weight", std::move(weight)}});
  }
  if (!weights.empty()) body["weights"] = std::move(weights);
  TRY(auto command, from_json<cvd::AgreeReadiness>(body));
  return cvd::Command{std::move(command)};
}

std::string given(const FormFields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

// One fact at a time; an empty value takes it back. What has a dot in its name is an event, and its value an instant.
Result<cvd::Command> read_statement(const FormFields& fields) {
  const auto fact = given(fields, "fact"), value = given(fields, "value");
  json::object one{{"fact", fact}, {"value", nullptr}};
  if (!value.empty()) one["value"] = fact.find('.') == std::string::npos ? value : utc_text(value);
  json::object body{{"facts", json::array{std::move(one)}}, {"source", given(fields, "source")}};
  if (const auto why = given(fields, "why"); !why.empty()) body["why"] = why;
  TRY(auto command, from_json<cvd::StateIncident>(body));
  return cvd::Command{std::move(command)};
}

// Answers are fields named after the form's: "answers.nature".
Result<cvd::Command> read_draft(const FormFields& fields) {
  json::object body{{"form", given(fields, "form")}}, answers;
  for (const auto* key : {"notice", "to", "stage", "supplements"})
    if (const auto text = given(fields, key); !text.empty()) body[key] = text;
  constexpr std::string_view kPrefix = "answers.";
  for (auto it = fields.lower_bound(kPrefix); it != fields.end() && it->first.starts_with(kPrefix); ++it)
    if (!it->second.empty()) answers[it->first.substr(kPrefix.size())] = it->second;
  if (!answers.empty()) body["fields"] = std::move(answers);
  json::array classes;
  constexpr std::string_view kClass = "classes.";
  for (auto it = fields.lower_bound(kClass); it != fields.end() && it->first.starts_with(kClass); ++it) classes.emplace_back(it->first.substr(kClass.size()));
  if (!classes.empty() || fields.contains("says_classes")) body["classes"] = std::move(classes);
  TRY(auto command, from_json<cvd::DraftNotice>(body));
  return cvd::Command{std::move(command)};
}

Result<cvd::Command> read_area_report(const FormFields& fields) {
  json::object body{{"title", given(fields, "title")}, {"text", given(fields, "text")}, {"public_data", fields.contains("public_data.yes")}};
  for (const auto* key : {"area", "sector"})
    if (const auto text = given(fields, key); !text.empty()) body[key] = text;
  json::array regions;
  std::string one;
  for (const char c : given(fields, "regions") + ",")
    if (c != ',' && c != ' ') one += c;
    else if (!one.empty()) regions.emplace_back(one), one.clear();
  if (!regions.empty()) body["regions"] = std::move(regions);
  TRY(auto command, from_json<cvd::DraftAreaReport>(body));
  return cvd::Command{std::move(command)};
}

Result<cvd::Command> read_scope(const FormFields& fields) {
  json::object choice{{"regime", given(fields, "regime")}, {"in", given(fields, "in") != "no"}, {"why", given(fields, "why")}};
  json::object body{{"regimes", json::array{std::move(choice)}}, {"why", given(fields, "why")}};
  TRY(auto command, from_json<cvd::ConfirmScope>(body));
  return cvd::Command{std::move(command)};
}

// The value as a person types it: a list with commas where it is one, "unknown" for what isn't known.
Result<cvd::Command> read_correction(const FormFields& fields) {
  const auto text = given(fields, "value"), fact = given(fields, "fact");
  json::value value(text);
  if (text == "unknown") value = nullptr;
  else if (given(fields, "is_list") == "yes") {
    json::array list;
    std::string one;
    for (const char c : text + ",")
      if (c != ',' && c != ' ') one += c;
      else if (!one.empty()) list.emplace_back(one), one.clear();
    value = std::move(list);
  }
  return cvd::Command{cvd::CorrectFact{fact, std::move(value), given(fields, "why")}};
}

template <class C>
constexpr CommandForm row(std::string_view name, bool step_up = false) { return {name, step_up, read<C>}; }

constexpr bool kStepUp = true;
constexpr CommandForm kForms[] = {
    row<cvd::DescribeCase>("describe_case"),
    row<cvd::StepReport>("step_report"),
    row<cvd::PostToMailbox>("post_to_mailbox"),
    row<cvd::RecordContactAttempt>("record_contact_attempt"),
    row<cvd::RouteReport>("route_report", kStepUp),
    row<cvd::SuggestParticipant>("suggest_participant"),
    row<cvd::InviteParticipant>("invite_participant", kStepUp),
    row<cvd::AnswerInvitation>("answer_invitation"),
    row<cvd::ConfirmParticipant>("confirm_participant", kStepUp),
    row<cvd::SuspendParticipant>("suspend_participant", kStepUp),
    row<cvd::RestoreParticipant>("restore_participant", kStepUp),
    row<cvd::RemoveParticipant>("remove_participant", kStepUp),
    row<cvd::LeaveCase>("leave_case", kStepUp),
    row<cvd::OfferOwnership>("offer_ownership", kStepUp),
    row<cvd::TakeOwnership>("take_ownership", kStepUp),
    row<cvd::ProposeTerms>("propose_terms"),
    row<cvd::AnswerTerms>("answer_terms"),
    row<cvd::SettleTerms>("settle_terms", kStepUp),
    row<cvd::RefuseTerms>("refuse_terms"),
    row<cvd::EndEmbargo>("end_embargo", kStepUp),
    row<cvd::OpenThread>("open_thread"),
    row<cvd::PostMessage>("post_message"),
    row<cvd::AddVulnerability>("add_vulnerability"),
    row<cvd::SetIdentifier>("set_identifier"),
    row<cvd::AssessSeverity>("assess_severity"),
    row<cvd::AddProduct>("add_product"),
    row<cvd::AskStatus>("ask_status"),
    row<cvd::SetStatus>("set_status"),
    row<cvd::StepRemedy>("step_remedy"),
    row<cvd::ReopenRemedy>("reopen_remedy"),
    row<cvd::ClaimFact>("claim_fact"),
    row<cvd::AdoptFact>("adopt_fact", kStepUp),
    row<cvd::RefuseFact>("refuse_fact", kStepUp),
    row<cvd::DraftStatement>("draft_statement"),
    row<cvd::ApproveStatement>("approve_statement", kStepUp),
    row<cvd::RecordDecision>("record_decision"),
    {"confirm_scope", false, read_scope},
    {"correct_fact", false, read_correction},
    row<cvd::EndCorrection>("end_correction"),
    row<cvd::DraftAdvisory>("draft_advisory"),
    row<cvd::ApproveAdvisory>("approve_advisory", kStepUp),
    row<cvd::PlanRelease>("plan_release", kStepUp),
    row<cvd::WaiveReadiness>("waive_readiness", kStepUp),
    row<cvd::ShareMitigation>("share_mitigation", kStepUp),
    row<cvd::DeclineMitigation>("decline_mitigation", kStepUp),
    row<cvd::HoldRelease>("hold_release", kStepUp),
    row<cvd::ReleaseEarly>("release_early", kStepUp),
    row<cvd::EraseCompartment>("erase_compartment", kStepUp),
    row<cvd::AgreeTarget>("agree_target"),
    row<cvd::MoveTarget>("move_target"),
    row<cvd::DropTarget>("drop_target"),
    row<cvd::Escalate>("escalate"),
    row<cvd::ProceedWithout>("proceed_without", kStepUp),
    row<cvd::LinkDuplicate>("link_duplicate"),
    row<cvd::StateCredit>("state_credit"),
    row<cvd::ConfirmRequest>("confirm_request", kStepUp),
    row<cvd::RefuseRequest>("refuse_request"),
    row<cvd::WithdrawRequest>("withdraw_request"),
    row<cvd::ClaimLeak>("claim_leak"),
    row<cvd::NoteLeak>("note_leak"),
    row<cvd::CloseLeak>("close_leak"),
    row<cvd::RecordIncident>("record_incident"),
    row<cvd::MoveIncident>("move_incident"),
    {"state_incident", false, read_statement},
    {"draft_notice", false, read_draft},
    row<cvd::DropNotice>("drop_notice"),
    row<cvd::ClearNotice>("clear_notice", kStepUp),
    row<cvd::FileNotice>("file_notice", kStepUp),
    row<cvd::AddNoticeReceipt>("add_notice_receipt"),
    {"draft_area_report", false, read_area_report},
    row<cvd::PublishAreaReport>("publish_area_report", kStepUp),
    row<cvd::FormGroup>("form_group", kStepUp),
    row<cvd::ChangeGroup>("change_group", kStepUp),
    row<cvd::InviteMany>("invite_many", kStepUp),
    row<cvd::AmendMessage>("amend_message"),
    row<cvd::RetractMessage>("retract_message"),
    row<cvd::SetTrackingId>("set_tracking_id"),
    row<cvd::WaitForRemedy>("wait_for_remedy"),
    row<cvd::EndWait>("end_wait"),
    row<cvd::BlockRemedy>("block_remedy"),
    row<cvd::UnblockRemedy>("unblock_remedy"),
    row<cvd::AssessRemedy>("assess_remedy"),
    {"agree_readiness", kStepUp, read_readiness},
    row<cvd::StateSupport>("state_support"),
    row<cvd::ChooseSettlement>("choose_settlement", kStepUp),
    row<cvd::AskConsent>("ask_consent"),
    row<cvd::PlanInvitation>("plan_invitation"),
    row<cvd::DropInvitationPlan>("drop_invitation_plan"),
    row<cvd::SetRoles>("set_roles", kStepUp),
    row<cvd::SplitCase>("split_case", kStepUp),
    row<cvd::MergeCases>("merge_cases", kStepUp),
};

}  // namespace

const CommandForm* command_form(std::string_view name) {
  for (const auto& form : kForms)
    if (form.name == name) return &form;
  return nullptr;
}

Result<cvd::Command> command_of(std::string_view name, const FormFields& fields) {
  const auto* form = command_form(name);
  if (form == nullptr) return fail(ErrorKind::NotFound, "There is no such command.");
  return form->read(fields);
}

}  // namespace sluice::web::pages
