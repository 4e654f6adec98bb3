#include "service/notice_drafts.h"

#include <algorithm>
#include <set>

#include "service/regimes.h"

namespace sluice::service {

namespace {

// Stages that a form without one of its own can be of: those of the rules that it is for. The form for all duties is for those that have none of their own.
std::set<std::string> stages_of(const Packs& packs, const regimes::NoticeForm& form) {
  std::set<std::string> out;
  for (const auto& [id, pack] : packs.library().packs)
    for (const auto& rule : pack.rules) {
      const bool is_for = form.id == regimes::kGeneralForm ? packs.forms().for_rule(rule.id).front() == &form : form.is_for(rule.id);
      if (!is_for || rule.plain.ladder.empty()) continue;
      if (!rule.plain.stage.empty()) out.insert(rule.plain.stage);
      for (const auto& [condition, stage] : rule.plain.stage_if) out.insert(stage);
    }
  return out;
}

// What a filed notice without a word of its own counts as: the stage of the duty that it was taken for.
std::string counted_as(Services& services, const access::Viewer& viewer, const cvd::CaseFold& fold, const cvd::Notice& notice) {
  Considered considered;
  considered.as_of = services.clock.now();
  considered.own = viewer.organisation;
  const auto law = evaluate_case(services, fold, considered, Asked::Duties);
  if (!law) return {};
  for (const auto& one : law->all)
    for (const auto& duty : one.evaluation.duties)
      if (std::find(duty.actions.begin(), duty.actions.end(), notice.id.text()) != duty.actions.end())
        if (auto stage = regimes::stage_of(duty); !stage.empty()) return stage;
  return {};
}

// Since when the organisation can have known of what it tells, as far as it may read: by what it states of the incident or of itself, by its vulnerabilities, by when the case came to it.
std::optional<Instant> known_since(const cvd::CaseFold& fold, OrganisationId own) {
  std::optional<Instant> out;
  const auto take = [&](std::optional<Instant> at) {
    if (at && at->micros != 0 && (!out || *at < *out)) out = at;
  };
  const auto take_value = [&](const json::value& value) {
    if (!value.is_string()) return;
    if (const auto at = parse_instant(value.get_string())) take(*at);
  };
  take(fold.opened);
  if (const auto* part = fold.participant(own)) take(part->invited_at);
  if (const auto incident = fold.incidents.find(own); incident != fold.incidents.end())
    for (const auto& [name, history] : incident->second.facts)
      if (const auto* value = incident->second.fact(name); value != nullptr && name.find('.') != std::string::npos) take_value(*value);
  for (const auto& vulnerability : fold.vulnerabilities)
    if (const auto vendor = vulnerability.facts.find(cvd::Letter::V); vendor != vulnerability.facts.end()) take(vendor->second.occurred);
  for (const auto& correction : fold.corrections)
    if (correction.organisation.value_or(fold.owner) == own && correction.fact.starts_with("/events/")) take_value(correction.value);
  return out;
}

}  // namespace

Result<std::optional<std::string>> stage_of_draft(Services& services, const access::Viewer& viewer, const cvd::CaseFold& fold, const regimes::NoticeForm& form, const std::optional<std::string>& asked, const cvd::Notice* earlier, const cvd::Notice* corrected) {
  if (!form.stage.empty()) {
    if (asked && *asked != form.stage) return fail(ErrorKind::Invalid, "This form is for one stage alone: " + form.stage + ". Each stage has a form of its own.", "/stage");
    return form.stage;
  }
  std::optional<std::string> own;
  if (earlier != nullptr && earlier->versions.back().what.form == form.id) own = earlier->versions.back().what.stage;  // of another form: that form's
  if (own && corrected == nullptr && !stages_of(*services.packs, form).contains(*own)) own.reset();  // drafted when the form took it
  if (corrected != nullptr && !own) {
    own = corrected->versions.back().what.stage;
    if (!own) own = counted_as(services, viewer, fold, *corrected);
    if (own->empty()) own = "supplement";
  }
  if (!asked || asked == own) return own;
  if (corrected != nullptr) return fail(ErrorKind::Invalid, "A supplement has the stage of what it corrects: " + own.value_or("none") + ".", "/stage");
  const auto known = stages_of(*services.packs, form);
  if (known.contains(*asked)) return asked;
  std::string words;
  for (const auto& one : known) words += (words.empty() ? "" : ", ") + one;
  return fail(ErrorKind::Invalid, "The rules that this form is for know no such stage" + (words.empty() ? std::string(", nor any other.") : "; they know: " + words + "."), "/stage");
}

std::optional<Error> stage_still_fits(const Packs& packs, const cvd::CaseFold& fold, const cvd::Notice& notice) {
  const auto& version = notice.versions.back().what;
  const auto* form = packs.forms().form(version.form);
  if (form == nullptr) return {};  // no form of these packs says which it is of
  bool fits = !form->stage.empty() ? version.stage == form->stage : !version.stage || stages_of(packs, *form).contains(*version.stage);
  if (!fits && version.supplements && version.stage) {  // it is of the stage that it corrects
    const auto corrected = std::find_if(fold.notices.begin(), fold.notices.end(), [&](const cvd::Notice& one) { return one.id == *version.supplements && one.organisation == notice.organisation; });
    const auto* before = corrected == fold.notices.end() || corrected->versions.empty() ? nullptr : &corrected->versions.back().what;
    const auto* its_form = before == nullptr ? nullptr : packs.forms().form(before->form);
    fits = *version.stage == "supplement" || (before != nullptr && (before->stage ? before->stage == version.stage : its_form != nullptr && stages_of(packs, *its_form).contains(*version.stage)));
  }
  if (fits) return {};
  return Error{ErrorKind::Conflict, "This draft says " + (version.stage ? "that it is of the stage " + *version.stage : std::string("no stage")) + ", and its form takes " + (form->stage.empty() ? std::string("others") : "the stage " + form->stage + " alone") + ". Draft it again: its next version gets the stage of its form.", "/version", {}, {}};
}

std::optional<Error> stage_fits_filing(const Packs& packs, const cvd::CaseFold& fold, const cvd::Notice& notice) {
  auto wrong = stage_still_fits(packs, fold, notice);
  if (!wrong || !notice.may_go_out(static_cast<int>(notice.versions.size()))) return wrong;
  if (notice.versions.back().what.stage) return {};
  wrong->message += " If it has gone out already, file that next version with the same words, and say in \"unasked\" that it went out before its form changed.";
  return wrong;
}

std::optional<Error> not_before_known(const cvd::CaseFold& fold, OrganisationId own, Instant at) {
  const auto known = known_since(fold, own);
  if (!known || at.micros >= known->micros - known->micros % 1'000'000) return {};
  return Error{ErrorKind::Invalid, "It can't have been filed before your organisation knew of it, and the earliest that this case says is " + to_text(*known) + ". If it was known earlier, state that first: in the incident's record, or as a correction of when it was known.", "/at", {}, {}};
}

}  // namespace sluice::service
