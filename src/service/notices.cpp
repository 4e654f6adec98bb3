#include "service/notices.h"

#include <algorithm>

#include "base/time_words.h"
#include "service/gate_facts.h"
#include "service/notice_drafts.h"
#include "service/notice_offers.h"
#include "service/notice_recipients.h"
#include "service/notice_record.h"
#include "service/plain_words.h"
#include "service/regimes.h"
#include "store/deliveries.h"

namespace sluice::service {

namespace {

static_assert(cvd::kBlankMark == regimes::kBlankMark);   // or a text with blanks is filed as if it had none
static_assert(cvd::kGeneralForm == regimes::kGeneralForm && cvd::kNoStage == regimes::kNoStage);   // or a letter about anything fulfils a stage

using Wrong = std::optional<Error>;

Wrong wrong_at(std::string message, std::string where, ErrorKind kind = ErrorKind::Invalid) { return Error{kind, std::move(message), std::move(where), {}, {}}; }

void fit_facts(const regimes::NoticeForms& forms, cvd::StateIncident& command) {
  for (std::size_t i = 0; i < command.facts.size(); ++i) {
    const auto where = "/facts/" + std::to_string(i);
    const auto* fact = forms.fact(command.facts[i].fact);
    if (fact == nullptr) {
      command.prepared.trouble = wrong_at("A record has no such fact.", where + "/fact");
      return;
    }
    auto fit = regimes::fit_fact(*fact, command.facts[i].value, where + "/value");
    if (!fit) {
      command.prepared.trouble = fit.error();
      return;
    }
    command.facts[i].value = *std::move(fit);
  }
}

bool is_place_or_part(std::string_view text) {
  return text.size() >= 2 && text.size() <= 6 && cvd::is_place(text.substr(0, 2)) && (text.size() == 2 || (text[2] == '-' && text.size() > 3));
}

Wrong fits_words(const regimes::Vocabulary& words, const cvd::DraftAreaReport& command) {
  const auto regions = command.regions.value_or(std::vector<std::string>{});
  for (std::size_t i = 0; i < regions.size(); ++i)
    if (!is_place_or_part(regions[i])) return wrong_at("This is a place, as CN or CN-ZJ (ISO 3166-1 or 3166-2).", "/regions/" + std::to_string(i));
  const auto classes = command.classes.value_or(std::vector<std::string>{});
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (!words.contents.contains(classes[i])) return wrong_at("There is no such class of content.", "/classes/" + std::to_string(i));
  return {};
}

Wrong fits_body(const Packs& packs, const cvd::CaseFold& fold, const std::string& to, std::string_view form_id) {
  const auto* form = packs.forms().form(form_id);
  const auto read = recipients_of(packs.library(), fold, to, form == nullptr ? std::string_view() : std::string_view(form->to));
  return read ? Wrong() : Wrong(read.error());
}

// Of the rule that the form is for and that binds the organisation here; else the form's own word.
std::string body_of(const CaseLaw& law, const regimes::NoticeForm& form, OrganisationId own) {
  for (const auto& one : law.all)
    for (const auto& duty : one.evaluation.duties)
      if (duty.on->id == own.text() && duty.is_triggered() && duty.rule.body->act && !duty.rule.body->act->to.empty() && form.is_for(duty.rule.rule->id)) {
        std::string out;
        for (const auto& asked : duty.rule.body->act->to.front()) out += (out.empty() ? "" : "+") + regimes::to_text(asked);
        return out;
      }
  return form.to;
}

Considered considered_by(const access::Viewer& viewer, Instant now) {
  Considered out;
  out.as_of = now;
  out.own = viewer.organisation;
  return out;
}

void compose_draft(Services& services, const Asker& asker, const cvd::CaseView& view, cvd::DraftNotice& command) {
  const auto& forms = services.packs->forms();
  const auto own = *asker.viewer.organisation;
  const auto* form = forms.form(command.form);
  if (form == nullptr) {
    command.prepared.trouble = wrong_at("There is no such form.", "/form");
    return;
  }
  const auto find = [&](cvd::NoticeId id) {
    const auto found = std::find_if(view.fold.notices.begin(), view.fold.notices.end(), [&](const cvd::Notice& one) { return one.id == id && one.organisation == own; });
    return found == view.fold.notices.end() ? nullptr : &*found;
  };
  const auto* earlier = command.notice ? find(*command.notice) : nullptr;
  const auto supplements = earlier != nullptr ? earlier->supplements : command.supplements;
  const auto* corrected = supplements ? find(*supplements) : nullptr;

  if (command.classes)
    if (auto fit = check_classes(services, *command.classes); !fit) {
      command.prepared.trouble = std::move(fit.error());
      return;
    }
  auto stage = stage_of_draft(services, asker.viewer, view.fold, *form, command.stage, earlier, corrected);
  if (!stage) {
    command.prepared.trouble = std::move(stage.error());
    return;
  }
  command.stage = *std::move(stage);
  if (!command.to && earlier != nullptr) command.to = earlier->versions.back().what.to;
  if (!command.to) {
    const auto law = evaluate_case(services, view.fold, considered_by(asker.viewer, services.clock.now()), Asked::Duties);
    command.to = law ? body_of(*law, *form, own) : form->to;
  }
  if (command.to->empty()) {
    command.prepared.trouble = wrong_at("This form is for any body. Say to which it goes.", "/to");
    return;
  }
  if (auto wrong = fits_body(*services.packs, view.fold, *command.to, command.form)) {
    command.prepared.trouble = std::move(wrong);
    return;
  }
  const auto rows = services.directory->rows(services.store, services.clock.monotonic());
  if (!rows) {
    command.prepared.trouble = rows.error();
    return;
  }
  const auto row = (*rows)->find(own);
  const PlainWords words(services.packs);
  const auto party = OrganisationId::parse(*command.to);
  const auto named = party ? (*rows)->find(*party) : (*rows)->end();
  const auto to = named == (*rows)->end() ? words.told(*command.to) : named->second.profile.name;
  regimes::Letterhead head{to, row == (*rows)->end() ? own.text() : row->second.profile.name, words.word(command.stage.value_or("")), {}};
  if (corrected != nullptr && corrected->filed) head.supplements = "the notice filed on " + words_of_time(corrected->filed->what.at) + (corrected->filed->what.reference ? ", reference " + *corrected->filed->what.reference : "");
  // What a person answered in the version before stays, unless it is answered anew.
  json::object answers;
  if (earlier != nullptr && earlier->versions.back().what.fields.is_object())
    for (const auto& [id, field] : earlier->versions.back().what.fields.get_object())
      if (string_at(field, "from") == "person" && std::any_of(form->fields.begin(), form->fields.end(), [&, key = std::string_view(id)](const regimes::NoticeField& one) { return one.id == key; })) answers[id] = string_at(field, "answer");
  if (command.fields && command.fields->is_object())
    for (const auto& [id, answer] : command.fields->get_object()) answers[id] = answer;
  const json::value given = command.fields && !command.fields->is_object() && !command.fields->is_null() ? *command.fields : json::value(answers);
  auto composed = regimes::compose(*form, record_of(view.fold, own, **rows), &given, head, &services.packs->library().words);
  if (!composed) {
    command.prepared.trouble = composed.error();
    return;
  }
  command.prepared.notice = cvd::ComposedNotice{form->act, *command.to, std::move(composed->fields), std::move(composed->blanks), std::move(composed->text)};
}

const cvd::Notice* notice_in(const cvd::CaseFold& fold, cvd::NoticeId id, std::optional<OrganisationId> own) {
  const auto found = std::find_if(fold.notices.begin(), fold.notices.end(), [&](const cvd::Notice& one) { return one.id == id && one.organisation == own; });
  return found == fold.notices.end() || found->versions.empty() ? nullptr : &*found;
}
const cvd::AreaReport* area_in(const cvd::CaseFold& fold, cvd::AreaReportId id, std::optional<OrganisationId> own) {
  const auto found = std::find_if(fold.area_reports.begin(), fold.area_reports.end(), [&](const cvd::AreaReport& one) { return one.id == id && one.organisation == own; });
  return found == fold.area_reports.end() || found->versions.empty() ? nullptr : &*found;
}

// To each recipient a letter of its own, all at once.
std::vector<json::object> letters_of(const cvd::NoticeDrafted& version, const std::vector<std::string>& classes, const regimes::Recipients& to, Instant at) {
  json::array content;
  for (const auto& one : classes) content.emplace_back(one);
  std::vector<json::object> out;
  for (const auto& one : to) {
    json::object letter{{"id", "asked-" + std::to_string(out.size() + 1)}, {"actor", version.organisation.text()}, {"type", version.act}, {"to", regimes::to_text(one)}, {"content", content}, {"at", to_text(Instant{at.micros - at.micros % 1'000'000})}};
    if (version.stage) letter["stage"] = *version.stage;
    out.push_back(std::move(letter));
  }
  return out;
}

// What a verdict was about.
std::string mark_of(const cvd::NoticeDrafted& version) { return "notice " + version.notice.text() + " " + std::to_string(version.version) + " " + version.act + " " + version.to + " " + version.stage.value_or("") + " " + hex(version.hash); }  // its classes come with it and stay
std::string mark_of(const cvd::AreaReportDrafted& version) { return "area " + version.area.text() + " " + std::to_string(version.version) + " " + hex(version.hash); }
std::unexpected<Error> changed_meanwhile() { return fail(ErrorKind::Conflict, "It was changed while the gate was asked. Look at it and ask again."); }

// The ruling that denied this version of a notice, if that was the gate's last word on it. What was ruled before there was this version isn't read.
Result<std::optional<RulingId>> denial_of(Unit& unit, const cvd::CaseFold& fold, const cvd::Notice& notice, int version) {
  const auto* drafted = notice.version(version);
  if (drafted == nullptr) return std::optional<RulingId>();
  TRY(const auto rows, store::rulings_about(unit.writing().tx(), unit.store().cells(), unit.store().cells().tag("object", fold.id.text()), drafted->at));
  const store::RulingRow* last = nullptr;
  for (const auto& row : rows) {
    const auto* content = find_at(row.body, "/disclosure/content");
    const auto* number = content == nullptr ? nullptr : find_at(*content, "/version");
    if (number == nullptr || !number->is_int64() || number->get_int64() != version || string_at(*content, "object") != "notice:" + notice.id.text()) continue;
    if (last == nullptr || said_last(row) >= said_last(*last)) last = &row;
  }
  const auto* ruling = last == nullptr ? nullptr : find_at(last->body, "/ruling");
  return ruling != nullptr && string_at(*ruling, "outcome") == to_word(gate::Outcome::Deny) ? std::optional(last->id) : std::nullopt;
}

// The gate's word, on record either way. `to`: whom the refusal names. `and_so`: what it says beside the reasons.
Result<gate::Ruling> ask_the_gate(Unit& unit, Services& services, const cvd::CaseFold& fold, const gate::Disclosure& disclosure, gate::Facts facts, const std::string& to, std::string (*and_so)(Services&, const gate::Ruling&, const gate::Facts&) = nullptr) {
  facts.now = unit.now();
  auto judged = gate::judge(disclosure, facts, RulingId::random(services.random));
  const json::object body{{"disclosure", to_json(disclosure)}, {"ruling", to_json(judged.ruling)}};
  if (!judged.ruling.allows()) {
    keep_denial(unit, services, fold.id, judged.ruling, body, DeniedTo::Person);
    return fail(ErrorKind::Conflict, "This may not go out" + (to.empty() ? "" : " to " + to) + ": " + why_denied(judged.ruling) + (and_so == nullptr ? "" : and_so(services, judged.ruling, facts)), {}, "gate", "gate-denies");
  }
  TRY(unit.writing().record_ruling(judged.ruling.id, unit.now(), static_cast<int>(judged.ruling.outcome), services.cells().tag("object", fold.id.text()), body));
  return std::move(judged.ruling);
}

// Where a law demands what an agreement holds back, whoever owes it has to know which law, and who can decide.
std::string of_law_against_embargo(Services& services, const gate::Ruling& ruling, const gate::Facts& facts) {
  const auto* embargo = ruling.of(gate::JudgeName::Embargo);
  if (embargo == nullptr || embargo->outcome != gate::Outcome::Deny || !facts.regimes || facts.regimes->demanded_by_law.empty()) return {};
  std::string laws;
  for (const auto& id : facts.regimes->demanded_by_law) {
    const auto* rule = services.packs ? services.packs->rule(id) : nullptr;
    laws += (laws.empty() ? "" : "; ") + id + (rule == nullptr ? "" : " (" + rule->cite + ")");
  }
  return " Here law stands against the embargo: " + laws + " demands this notice. Only the organisation that leads the case can set the embargo aside, by an override" +
         std::string(services.settings.two_person ? ", which takes two of its persons," : "") + " about the organisation whose notice it is; then ask again and name that decision.";
}

Result<void> judge_clearing(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::ClearNotice& command, const Preparation& prepared, cvd::Ask& ask) {
  const auto* notice = notice_in(fold, command.notice, ask.actor.organisation);
  if (notice == nullptr || command.version != static_cast<int>(notice->versions.size()) || notice->filed || notice->dropped_why) return {};  // decide() says so
  const auto& version = notice->versions.back().what;
  if (prepared.of != mark_of(version)) return changed_meanwhile();
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server was started without packs, so it knows no forms.");
  if (prepared.trouble) return std::unexpected(*prepared.trouble);
  if (prepared.letters.empty()) return fail(ErrorKind::Conflict, "To whom this goes can't be read any more. Draft it again.", "/to");
  gate::Facts facts;
  facts.case_ = case_facts(fold);
  facts.audience.is_recipient = true;  // the notice names it
  facts.marking.source_is_ours = true;
  facts.two_person = services.settings.two_person;
  gate::Disclosure disclosure;
  disclosure.content.object = "notice:" + notice->id.text();
  disclosure.content.version = command.version;
  disclosure.content.hash = {version.hash};
  disclosure.content.classes = {"report-metadata", "summary"};  // by its nature; and what its author says
  for (const auto& one : cvd::classes_of_notice(fold, notice->id, command.version))
    if (std::find(disclosure.content.classes.begin(), disclosure.content.classes.end(), one) == disclosure.content.classes.end()) disclosure.content.classes.push_back(one);
  for (const auto& vulnerability : fold.vulnerabilities) disclosure.content.vulnerabilities.push_back(vulnerability.id.text());
  disclosure.channel = gate::Channel::AuthorityNotice;
  disclosure.at = unit.now();
  disclosure.actor = ask.actor.person;
  // A case about an incident alone holds nothing that its parties keep together: what is told of it is its organisation's own.
  if (!fold.vulnerabilities.empty() || cvd::binds(fold.embargo)) disclosure.case_ = fold.id;
  // Each recipient alone (W1): the notice goes out once all of them may have it, and the strictest ruling stands for it.
  std::optional<gate::Ruling> strictest;
  for (const auto& letter : prepared.letters) {
    auto known = facts;
    auto told = disclosure;
    const bool demanded = letter.verdict && !letter.verdict->demanded_by_law.empty();
    known.regimes = letter.verdict;
    if (ask.actor.person) known.decided = gate::Decided{*ask.actor.person, {}, {}};
    if (command.decision) TRY(take_decision(fold, *command.decision, ask.actor.organisation, demanded, known));
    told.audience = {gate::AudienceKind::Organisation, "authority:" + letter.to, {}, {letter.to}};
    if (demanded) told.basis = {gate::BasisKind::Duty, {}, {}, {}, letter.verdict->demanded_by_law.front(), command.decision};
    else told.basis = {gate::BasisKind::Decision, {}, {}, {}, {}, command.decision};
    TRY(auto ruling, ask_the_gate(unit, services, fold, told, std::move(known), letter.to, of_law_against_embargo));
    if (!strictest || ruling.outcome > strictest->outcome) strictest = std::move(ruling);
  }
  ask.known.ruling = strictest->id;
  return {};
}

Result<void> judge_publishing(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::PublishAreaReport& command, const Preparation& prepared, cvd::Ask& ask) {
  const auto* area = area_in(fold, command.area, ask.actor.organisation);
  if (area == nullptr || command.version != static_cast<int>(area->versions.size()) || area->published) return {};  // decide() says so
  if (prepared.of != mark_of(area->versions.back().what)) return changed_meanwhile();
  gate::Facts facts;
  facts.case_ = case_facts(fold);
  facts.marking.source_is_ours = true;
  facts.two_person = services.settings.two_person;
  facts.regimes = prepared.verdict;
  if (ask.actor.person) facts.decided = gate::Decided{*ask.actor.person, {}, "published at " + command.where};
  gate::Disclosure disclosure;
  disclosure.content.object = "area-report:" + area->id.text();
  disclosure.content.version = command.version;
  disclosure.content.hash = {area->versions.back().what.hash};
  disclosure.content.marking = gate::Tlp::Clear;
  disclosure.content.classes = area->versions.back().what.classes;
  disclosure.audience = gate::Audience::everyone();
  disclosure.channel = gate::Channel::PublicSite;
  disclosure.at = unit.now();
  disclosure.actor = ask.actor.person;
  disclosure.basis.kind = gate::BasisKind::Decision;
  // While something of the case isn't public, the text may tell it: then it goes as all of the case does, by a release or by a decision of two.
  if (!fold.vulnerabilities.empty() && !facts.case_->is_public) disclosure.case_ = fold.id;
  TRY(const auto ruling, ask_the_gate(unit, services, fold, disclosure, std::move(facts), {}));
  ask.known.ruling = ruling.id;
  return {};
}

// Nobody owes it, and it waits for a remedy that users have and know of: until then no decision lets it go.
void forbid_until(std::optional<gate::RegimesVerdict>& verdict, const std::string& why) {
  if (!verdict) verdict.emplace();
  verdict->outcome = gate::Outcome::Deny;
  verdict->person_may_decide = false;
  verdict->forbidden_by.clear();  // no rule that an override could name
  verdict->because.push_back({"a note that nobody owes", why + " Before that it goes to no collection platform."});
}

}  // namespace

Preparation prepare_notice(Services& services, const Asker& asker, CaseId id, cvd::Command& command) {
  Preparation out;
  if (!asker.viewer.organisation) return out;  // the Writer says that it may not
  const auto no_forms = wrong_at("This server was started without packs, so it knows no forms.", {}, ErrorKind::Unavailable);
  if (const auto* given = get_if<cvd::StateIncident>(&command)) {
    auto facts = *given;
    if (services.packs) fit_facts(services.packs->forms(), facts);
    else facts.prepared.trouble = no_forms;
    command = std::move(facts);
  } else if (const auto* text = get_if<cvd::DraftAreaReport>(&command)) {
    auto area = *text;
    if (services.packs) area.prepared.trouble = fits_words(services.packs->library().words, area);
    command = std::move(area);
  } else if (const auto* asked = get_if<cvd::DraftNotice>(&command)) {
    const auto seen = services.store.as(asker.viewer).case_view(id);
    if (!seen) return out;  // the Writer says so, as to everybody
    auto draft = *asked;
    if (services.packs) compose_draft(services, asker, seen->view, draft);
    else draft.prepared.trouble = no_forms;
    command = std::move(draft);
  } else if (const auto* filing = get_if<cvd::FileNotice>(&command)) {
    const auto seen = services.store.as(asker.viewer).case_view(id);
    if (!seen) return out;
    auto file = *filing;
    const auto* notice = notice_in(seen->view.fold, filing->notice, asker.viewer.organisation);
    if (file.to && services.packs) file.prepared.trouble = fits_body(*services.packs, seen->view.fold, *file.to, notice == nullptr ? std::string() : notice->versions.back().what.form);
    if (notice != nullptr && services.packs && !file.prepared.trouble) file.prepared.trouble = stage_still_fits(*services.packs, seen->view.fold, *notice);
    if (file.at && !file.prepared.trouble) file.prepared.trouble = not_before_known(seen->view.fold, *asker.viewer.organisation, *file.at);
    command = std::move(file);
  } else if (const auto* clear = get_if<cvd::ClearNotice>(&command)) {
    const auto seen = services.store.as(asker.viewer).case_view(id);
    const auto* notice = seen ? notice_in(seen->view.fold, clear->notice, asker.viewer.organisation) : nullptr;
    if (notice == nullptr) return out;
    const auto& version = notice->versions.back().what;
    out.of = mark_of(version);
    if (services.packs) out.trouble = stage_still_fits(*services.packs, seen->view.fold, *notice);
    if (out.trouble) return out;
    auto considered = considered_by(asker.viewer, services.clock.now());
    // A text on an area that is to come is what a prior report is for.
    for (const auto& area : seen->view.fold.area_reports)
      if (!area.published && area.organisation == asker.viewer.organisation && !area.versions.empty()) considered.more_actions.push_back(cvd::area_action(area.versions.back().what, services.clock.now() + std::chrono::hours(24)));
    const auto to = regimes::parse_recipients(version.to);
    if (!services.packs || !to) return out;
    const auto verdicts = regimes_verdicts(services, seen->view.fold, considered, letters_of(version, cvd::classes_of_notice(seen->view.fold, notice->id, version.version), *to, services.clock.now()));
    std::optional<Result<CaseLaw>> law;
    for (std::size_t i = 0; i < to->size(); ++i) {
      out.letters.push_back({regimes::to_text((*to)[i]), verdicts[i]});
      const auto after = waits_for(*services.packs, version.form, out.letters.back().to);
      if (after.empty()) continue;
      if (!law) law = evaluate_case(services, seen->view.fold, considered);
      const auto early = *law ? not_yet(*services.packs, **law, seen->view.fold, *asker.viewer.organisation, after) : std::string("Whether there is a remedy can't be worked out.");
      if (!early.empty()) forbid_until(out.letters.back().verdict, early);
    }
  } else if (const auto* publish = get_if<cvd::PublishAreaReport>(&command)) {
    const auto seen = services.store.as(asker.viewer).case_view(id);
    const auto* report = seen ? area_in(seen->view.fold, publish->area, asker.viewer.organisation) : nullptr;
    if (report == nullptr) return out;
    const auto& version = report->versions.back().what;
    out.of = mark_of(version);
    auto action = cvd::area_action(version, services.clock.now());
    action["id"] = "asked";
    if (services.packs) out.verdict = regimes_verdict(services, seen->view.fold, considered_by(asker.viewer, services.clock.now()), std::move(action));
  }
  return out;
}

Result<void> judge_notice(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::Command& command, const Preparation& prepared, cvd::Ask& ask) {
  if (const auto* clear = get_if<cvd::ClearNotice>(&command)) return judge_clearing(unit, services, fold, *clear, prepared, ask);
  if (const auto* file = get_if<cvd::FileNotice>(&command); file != nullptr && file->unasked)
    if (const auto* notice = notice_in(fold, file->notice, ask.actor.organisation)) {
      TRY(ask.known.ruling, denial_of(unit, fold, *notice, file->version));
    }
  if (const auto* publish = get_if<cvd::PublishAreaReport>(&command)) return judge_publishing(unit, services, fold, *publish, prepared, ask);
  return {};
}

Result<NoticeText> notice_text(const access::Viewer& viewer, const cvd::CaseView& view, cvd::NoticeId id) {
  const auto* notice = notice_in(view.fold, id, viewer.organisation);
  if (notice == nullptr) return fail(ErrorKind::NotFound, "There is no such notice in this case.");
  if (notice->filed) return NoticeText{notice->versions.back().what.form + "-filed.txt", notice->filed->what.text};
  const auto newest = static_cast<int>(notice->versions.size());
  if (!notice->may_go_out(newest)) return fail(ErrorKind::Conflict, "The gate hasn't let this version go. Ask it first: notices/" + id.text() + "/clear.", {}, "gate");
  return NoticeText{notice->versions.back().what.form + ".txt", notice->versions.back().what.text};
}

}  // namespace sluice::service
