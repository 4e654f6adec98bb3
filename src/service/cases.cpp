// Longer than other files because it is one idea: one command, carried out in one transaction from the judgement to the rows.
#include "service/cases.h"

#include <algorithm>

#include "cvd/parties.h"
#include "cvd/second_person.h"
#include "service/erasure.h"
#include "service/gate_facts.h"
#include "service/mitigation.h"
#include "service/notices.h"
#include "service/readers.h"
#include "service/regimes.h"
#include "service/release.h"
#include "service/report_code.h"
#include "service/viewers.h"
#include "store/timers.h"

namespace sluice::service {

namespace {

constexpr int kMembershipGrant = 1;

std::unexpected<Error> no_case() { return fail(ErrorKind::NotFound, "There is no such case, or you have no access to it."); }

// What is carried out: the command itself; of a request that is confirmed, the command that it kept. That one the confirming person must be allowed as well.
Result<cvd::Command> act_of(const cvd::CaseFold& fold, const Asker& asker, const access::Standing& standing, const cvd::Command& command) {
  const auto* confirm = get_if<cvd::ConfirmRequest>(&command);
  if (confirm == nullptr) return command;
  TRY(auto act, cvd::asked_command(fold, confirm->request));
  TRY(access::require(asker.viewer, cvd::action_of(act).value(), cvd::standing_towards(fold, standing, asker.viewer.organisation, act)));
  return act;
}

// ACC-7: who asked and lost the right since, by leaving or by another role, is no second of two.
Result<bool> asker_still_may(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::Command& command, const cvd::Command& act) {
  const auto* confirm = get_if<cvd::ConfirmRequest>(&command);
  const auto* request = confirm == nullptr ? nullptr : fold.request(confirm->request);
  if (request == nullptr) return true;
  if (!request->asked_by || !request->asked_for) return false;
  const auto viewer = viewer_for(services.site, unit.writing().tx(), *request->asked_by, *request->asked_for);
  if (!viewer) return viewer.error().kind == ErrorKind::Forbidden ? Result<bool>(false) : std::unexpected(viewer.error());
  return access::authorize(*viewer, cvd::action_of(act).value(), cvd::standing_towards(fold, cvd::standing_of(fold, *request->asked_for), request->asked_for, act)).allowed;
}

bool asks_for_second(const cvd::Changes& changes) { return changes.size() == 1 && holds_alternative<cvd::SecondPersonAsked>(changes.front().event); }

struct Group {
  access::Compartment compartment;
  std::vector<const cvd::Change*> changes;
  bool named = true;
};

std::vector<Group> by_compartment(const cvd::CaseFold& fold, const cvd::Changes& changes) {
  std::vector<Group> out;
  for (const auto& change : changes) {
    if (fold.erased.contains(change.compartment.text())) continue;  // the copy in coordination stands alone
    auto group = std::find_if(out.begin(), out.end(), [&](const Group& g) { return g.compartment == change.compartment; });
    if (group == out.end()) group = out.insert(out.end(), Group{change.compartment, {}, true});
    group->changes.push_back(&change);
    group->named = group->named && change.attribution == cvd::Attribution::Named;
  }
  return out;
}

// The ids that the first event made: what a caller of POST wants to know.
void add_ids(json::object& answer, const cvd::Changes& changes) {
  for (const auto& change : changes) {
    const auto event = cvd::event_to_json(change.event);
    for (const auto* key : {"thread", "message", "file", "vulnerability", "product", "claim", "decision", "advisory", "release", "version", "report", "hash", "instant", "request", "expires", "leak", "group", "target", "sibling", "notice", "area", "blanks"})
      if (const auto* value = event.if_contains(key); value != nullptr && !answer.contains(key)) answer[key] = *value;
  }
}

constexpr std::string_view kGateDenies = "gate-denies";

// `denied_in`: the case on whose record a denial stands (denials.h, D3); none where there is no case.
Result<void> judge_and_record(Unit& unit, Services& services, const Asker& asker, const gate::Disclosure& disclosure, const gate::Facts& given, std::optional<store::Tag> object, std::optional<CaseId> denied_in, std::optional<RulingId>& ruling_id) {
  auto facts = given;
  facts.now = unit.now();
  auto judged = gate::judge(disclosure, facts, RulingId::random());
  const json::object body{{"disclosure", to_json(disclosure)}, {"ruling", to_json(judged.ruling)}};
  if (!judged.ruling.allows()) {
    if (denied_in) keep_denial(unit, services, *denied_in, judged.ruling, body, asker.viewer.kind == access::Viewer::Kind::System ? DeniedTo::Clock : DeniedTo::Person);
    return fail(ErrorKind::Conflict, "This may not go out: " + why_denied(judged.ruling) + (denied_in ? "" : " No case was opened, so this answer is on no record."), {}, "gate", std::string(kGateDenies));
  }
  TRY(unit.writing().record_ruling(judged.ruling.id, unit.now(), static_cast<int>(judged.ruling.outcome), object, body));
  ruling_id = judged.ruling.id;
  return {};
}

struct Written { access::Compartment compartment; store::Appended entry; };

// One entry a compartment; the events are applied to the case as they are written.
Result<std::vector<Written>> write_entries(Unit& unit, Services& services, const Asker& asker, cvd::CaseFold& fold, const CaseChange& change, const cvd::Changes& changes) {
  const auto request = asker.request.value_or(RequestId::random(services.random));
  std::vector<Written> out;
  for (const auto& group : by_compartment(fold, changes)) {
    store::NewEntry entry;
    entry.stream_name = unit.store().streams().name_of(change.id, group.compartment);
    entry.part = std::pair{change.id, group.compartment};
    entry.action = change.action;
    if (group.named) {
      entry.actor = asker.viewer.person;
      entry.organisation = asker.viewer.organisation;
      entry.session = asker.session;
    }
    for (std::size_t i = 0; i < group.changes.size(); ++i) {
      auto event = cvd::event_to_json(group.changes[i]->event);
      event["seq"] = static_cast<std::int64_t>(i + 1);
      entry.changes.push_back(std::move(event));
    }
    entry.object = change.object;
    entry.reason = change.reason;
    entry.recorded = unit.now();
    entry.occurred = asker.occurred;
    entry.request = request;
    TRY(auto appended, unit.writing().append(entry));
    const cvd::Context context{appended.id, appended.position, unit.now(), asker.occurred.value_or(unit.now()), entry.organisation, entry.actor, group.compartment, request};
    for (const auto* one : group.changes) cvd::apply(fold, one->event, context);
    // Its name isn't on the entry, and yet it isn't news to whoever wrote it.
    if (!group.named && asker.viewer.person) TRY(store::note_own_entry(unit.writing().tx(), services.cells(), *asker.viewer.person, change.id, group.compartment.text(), appended.sequence));
    out.push_back({group.compartment, std::move(appended)});
  }
  return out;
}

// What law and policy say of it, for whoever tells. Nobody is told what it wrote itself. What the clock brings about (an embargo's end) isn't stopped by it: a case whose time stands still
// helps nobody, and the act stands in the case's evaluation with what the law says of it. A release that is due is asked about before (release.cpp).
std::optional<gate::RegimesVerdict> law_on(Unit& unit, Services& services, const Asker& asker, const cvd::CaseFold& fold, const gate::Disclosure& disclosure, bool is_author) {
  if (is_author || asker.viewer.kind == access::Viewer::Kind::System) return std::nullopt;
  Considered considered;
  considered.as_of = unit.now();
  // A confirmation that the invited party's own answer brought about is the act of whoever leads the case.
  const auto self = asker.viewer.organisation;
  const auto actor = self && disclosure.audience.id != self->text() && fold.participant(*self) != nullptr ? *self : fold.owner;
  return regimes_verdict(services, fold, disclosure, actor, considered);
}

// The right to read a case's content from now on: judged, and open as a grant.
Result<void> grant_content(Unit& unit, Services& services, const Asker& asker, const cvd::CaseFold& fold, OrganisationId id, const store::Tag& reader, const store::Tag& object, std::optional<CaseId> denied_in) {
  auto disclosure = membership(fold, id, asker.viewer.person, unit.now());
  auto facts = facts_for(fold, id, services.settings.two_person);
  for (const auto& report : fold.reports) facts.audience.is_author = facts.audience.is_author || report.reporter == id;
  if (facts.audience.is_author) disclosure.basis.kind = gate::BasisKind::Report;  // who found it needs no other reason
  facts.regimes = law_on(unit, services, asker, fold, disclosure, facts.audience.is_author);
  std::optional<RulingId> ruling;
  TRY(judge_and_record(unit, services, asker, disclosure, facts, object, denied_in, ruling));
  return unit.writing().open_grant(GrantId::random(services.random), reader, object, kMembershipGrant, *ruling, unit.now());
}

Result<void> tell_stub(Unit& unit, Services& services, const Asker& asker, const cvd::CaseFold& fold, OrganisationId id, const store::Tag& object, std::optional<CaseId> denied_in) {
  auto facts = facts_for(fold, id, services.settings.two_person);
  facts.audience.is_recipient = true;  // of the stub: the case owner names whom it invites
  std::optional<RulingId> ruling;
  const auto disclosure = invitation(fold, id, asker.viewer.person, unit.now());
  facts.regimes = law_on(unit, services, asker, fold, disclosure, false);
  return judge_and_record(unit, services, asker, disclosure, facts, object, denied_in, ruling);
}

// Each report that an organisation comes to read.
Result<void> judge_reports(Unit& unit, Services& services, const Asker& asker, const cvd::CaseFold& fold, OrganisationId id, const store::ParticipantRow& now, const store::ParticipantRow* before, const store::Tag& object, std::optional<CaseId> denied_in) {
  for (const auto& report : fold.reports) {
    const auto reads = [text = access::Compartment::of(report.id).text()](const store::ParticipantRow& row) { return std::find(row.standing.compartments.begin(), row.standing.compartments.end(), text) != row.standing.compartments.end(); };
    if (!reads(now) || (before != nullptr && reads(*before)) || report.reporter == id) continue;
    auto disclosure = report_to_receiver(fold.id, report.id, id, asker.viewer.person, unit.now());
    auto facts = facts_for(fold, id, services.settings.two_person);
    for (const auto& route : report.routes) facts.audience.is_confirmed_receiver = facts.audience.is_confirmed_receiver || (route.by_reporter && route.to == id);
    if (!facts.audience.is_confirmed_receiver) disclosure.basis.kind = gate::BasisKind::Participant;  // as one who leads the case or is essential to it
    facts.regimes = law_on(unit, services, asker, fold, disclosure, report.reporter == id);
    std::optional<RulingId> ruling;
    TRY(judge_and_record(unit, services, asker, disclosure, facts, object, denied_in, ruling));
  }
  return {};
}

// Each named group that a participant comes to read, beside the case itself. The coordination reads all of them in any case.
Result<void> judge_groups(Unit& unit, Services& services, const Asker& asker, const cvd::CaseFold& fold, OrganisationId id, const store::ParticipantRow& now, const store::ParticipantRow* before, const store::Tag& object, std::optional<CaseId> denied_in) {
  if (now.standing.standing.is_owner || now.standing.standing.is_admitted_coordinator) return {};
  for (const auto& group : now.standing.standing.groups) {
    const auto text = access::Compartment::of(group).text();
    const auto reads = [&](const store::ParticipantRow& row) { return std::find(row.standing.compartments.begin(), row.standing.compartments.end(), text) != row.standing.compartments.end(); };
    if (!reads(now) || (before != nullptr && reads(*before))) continue;
    auto disclosure = membership(fold, id, asker.viewer.person, unit.now());
    disclosure.content.object = text;
    disclosure.content.hash = gate::hash_of_content(bytes_of(fold.id.text() + "/" + text));
    auto facts = facts_for(fold, id, services.settings.two_person);
    for (const auto& report : fold.reports) facts.audience.is_author = facts.audience.is_author || report.reporter == id;
    if (facts.audience.is_author) disclosure.basis.kind = gate::BasisKind::Report;
    facts.regimes = law_on(unit, services, asker, fold, disclosure, facts.audience.is_author);
    std::optional<RulingId> ruling;
    TRY(judge_and_record(unit, services, asker, disclosure, facts, object, denied_in, ruling));
  }
  return {};
}

// KEY-2: whoever lost a part of the case may hold a copy of its key; what is written there from now on is under another.
Result<void> renew_keys(Unit& unit, CaseId id, const store::ParticipantRow& before, const store::ParticipantRow& now) {
  for (const auto& text : before.standing.compartments) {
    const auto compartment = access::Compartment::parse(text);
    if (!compartment || std::find(now.standing.compartments.begin(), now.standing.compartments.end(), text) != now.standing.compartments.end()) continue;
    TRY(unit.store().streams().renew_key(unit.writing().tx(), unit.store().streams().tag_of(id, *compartment)));
  }
  return {};
}

// What each reader can read now and couldn't before is judged; rights that are gone are closed; rows that differ are written. `led_by`: who owned the case; nobody if it is new.
Result<void> write_readers(Unit& unit, Services& services, const Asker& asker, const cvd::CaseFold& fold, std::optional<OrganisationId> led_by, const store::ReaderRows& before, const store::ReaderRows& now, std::optional<CaseId> denied_in) {
  const auto object = services.cells().tag("object", fold.id.text());
  // Who is denied first stops nobody from being asked about: each denial is on record (D4), and whoever asked for all of them at once hears how many there are.
  std::vector<Error> denied;
  const auto go_on = [&denied](Result<void> judged) -> Result<void> {
    if (judged || judged.error().code != kGateDenies) return judged;
    denied.push_back(std::move(judged).error());
    return {};
  };
  std::map<store::Tag, OrganisationId> organisations;
  for (const auto& [id, participant] : fold.participants) organisations.emplace(unit.store().tag_of(id), id);
  for (const auto& [reader, row] : now) {
    const auto old = before.find(reader);
    const auto* old_row = old == before.end() ? nullptr : &old->second;
    const int had = old_row == nullptr ? 0 : old_row->reads;
    if (const auto organisation = organisations.find(reader); organisation != organisations.end()) {
      const auto id = organisation->second;
      const auto* participant = fold.participant(id);
      const bool led_before = id == led_by && id != fold.owner;  // from now on it reads as a participant does
      if (row.reads == 2 && id != fold.owner && (had != 2 || led_before)) TRY(go_on(grant_content(unit, services, asker, fold, id, reader, object, denied_in)));
      else if (had != 1 && row.reads == 1 && participant != nullptr && participant->admission == cvd::Admission::Invited) TRY(go_on(tell_stub(unit, services, asker, fold, id, object, denied_in)));
      if (led_by) TRY(go_on(judge_reports(unit, services, asker, fold, id, row, old_row, object, denied_in)));
      if (led_by) TRY(go_on(judge_groups(unit, services, asker, fold, id, row, old_row, object, denied_in)));
      if (had == 2 && row.reads < 2) TRY(unit.writing().close_grants(reader, object, unit.now()));
    }
    if (old_row != nullptr) TRY(renew_keys(unit, fold.id, *old_row, row));
    if (old_row == nullptr || !(*old_row == row)) TRY(unit.writing().put_participant(fold.id, row, unit.now()));
  }
  if (denied.empty()) return {};
  if (denied.size() > 1) denied.front().message += " And so for " + std::to_string(denied.size() - 1) + " more of what this would tell: all of it is on record.";
  return std::unexpected(std::move(denied.front()));
}

bool reads_any(const store::ParticipantRow& row, const std::vector<Written>& written) {
  return std::any_of(written.begin(), written.end(), [&](const Written& w) {
    return std::find(row.standing.compartments.begin(), row.standing.compartments.end(), w.compartment.text()) != row.standing.compartments.end();
  });
}

// What a case's row shows besides numbers.
auto card_of(const cvd::CaseFold& fold) {
  const auto* running = fold.running_terms();
  return std::tuple{fold.owner, fold.title, running == nullptr ? std::optional<Instant>{} : std::optional(running->until)};
}

}  // namespace

Result<Committed> write_changes(Unit& unit, Services& services, const Asker& asker, const CaseChange& change, const cvd::Changes& changes) {
  const auto version = unit.version_of(change.id);
  const bool is_new = version == 0;
  auto& fold = unit.change_case(change.id).fold;
  fold.id = change.id;
  const auto led_by = is_new ? std::optional<OrganisationId>{} : std::optional(fold.owner);
  const auto rank_before = rank_of(fold);
  const auto card_before = card_of(fold);
  const auto due_before = cvd::next_due(fold);
  auto readers_before = unit.take_readers(change.id);
  if (!readers_before && !is_new) readers_before = readers_of(unit.store(), fold, rank_before);

  if (is_new) TRY(unit.writing().put_case(change.id, fold, 1, 0, unit.now()));  // the row others refer to; its columns are set below
  TRY(const auto written, write_entries(unit, services, asker, fold, change, changes));

  const auto rank = rank_of(fold);
  const bool same_readers = !is_new && rank == rank_before && std::none_of(changes.begin(), changes.end(), [](const cvd::Change& one) { return cvd::may_change_standing(one.event); });
  auto readers = same_readers ? *std::move(readers_before) : readers_of(unit.store(), fold, rank);
  if (!same_readers) TRY(write_readers(unit, services, asker, fold, led_by, readers_before.value_or(store::ReaderRows{}), readers, change.denials_in || is_new ? change.denials_in : std::optional(change.id)));
  for (const auto& [reader, row] : readers)
    if (reads_any(row, written)) TRY(unit.writing().touch_participant(change.id, reader, unit.now()));

  if (is_new || card_before != card_of(fold)) TRY(unit.writing().put_case(change.id, fold, version + 1, rank, unit.now()));
  else TRY(unit.writing().move_case_on(change.id, fold, version + 1, rank, unit.now()));
  if (const auto due = cvd::next_due(fold); is_new || due != due_before) TRY(unit.writing().set_timer(change.id, due));

  Committed committed;
  add_ids(committed.answer, changes);
  const auto standing = asker.viewer.organisation ? cvd::standing_of(fold, *asker.viewer.organisation) : access::Standing{};
  for (const auto& w : written) {
    const bool own_report = asker.viewer.kind != access::Viewer::Kind::Person && w.compartment.kind == access::Compartment::Kind::Report;
    if (!committed.to_acknowledge && (own_report || access::may_read(asker.viewer, standing, w.compartment) || asker.viewer.kind == access::Viewer::Kind::System)) {
      committed.to_acknowledge = w.entry.leaf;
      committed.answer["entry"] = w.entry.id.text();
    }
    committed.entries.push_back(w.entry);
    unit.tell({0, change.id, w.compartment, change.action, unit.now()});
  }
  unit.case_changed(change.id, version + 1, std::move(readers));
  return committed;
}

namespace {

// The case to merge: the caller leads both. One that it may not know of is like one that isn't there (EXI-1), and its own row is asked before anything of it is loaded (T2).
Result<std::shared_ptr<const cvd::CaseState>> case_to_merge(Unit& unit, const Asker& asker, const cvd::MergeCases& merge) {
  TRY(const bool has_part, unit.store().as(asker.viewer).has_part(unit.writing().tx(), merge.with));
  if (!has_part || !asker.viewer.organisation) return std::shared_ptr<const cvd::CaseState>();
  TRY(auto state, unit.case_state(merge.with));
  const auto allowed = access::require(asker.viewer, access::Action::MergeCases, cvd::standing_of(state->fold, *asker.viewer.organisation));
  if (!allowed && allowed.error().kind == ErrorKind::NotFound) return std::shared_ptr<const cvd::CaseState>();
  TRY(allowed);
  return state;
}

// What a command writes in other cases, worked out before anything changes.
struct Elsewhere {
  CaseId id;
  std::vector<cvd::Changes> steps;  // one entry a compartment each, in this order
  bool is_new = false;
};
std::vector<Elsewhere> elsewhere(const cvd::CaseFold& fold, const cvd::Command& act, const cvd::Changes& changes, const cvd::Ask& ask) {
  std::vector<Elsewhere> out;
  if (const auto* split = cvd::split_in(changes)) {
    std::vector<cvd::FactAdopted> became_public;
    for (const auto& change : changes)
      if (const auto* fact = get_if<cvd::FactAdopted>(&change.event)) became_public.push_back(*fact);
    out.push_back({*split->sibling, cvd::opens_sibling(fold, *split, became_public), true});
  }
  if (const auto* merge = get_if<cvd::MergeCases>(&act); merge != nullptr && ask.known.other != nullptr) out.push_back({merge->with, {cvd::merged_away(*ask.known.other, fold.id, merge->why)}});
  return out;
}

// What was merged into a case shares its end, and so does what had been merged into that one.
Result<void> end_merged(Unit& unit, Services& services, const cvd::CaseFold& survivor) {
  const Asker machine{access::Viewer::system(), {}, {}, {}};
  for (const auto& sibling : survivor.siblings) {
    if (sibling.kind != cvd::Sibling::Kind::MergedIn || !sibling.id) continue;
    TRY(const auto other, unit.case_state(*sibling.id));
    if (!cvd::binds(other->fold.embargo)) continue;
    const auto end = cvd::rules::end_of_embargo(other->fold, survivor.embargo_end_reason.value_or("The embargo has ended."), cvd::rules::Plans::Hold);
    TRY(write_changes(unit, services, machine, {*sibling.id, "embargo.end", sibling.id->text(), {}}, end));
    TRY(end_merged(unit, services, other->fold));
  }
  return {};
}

// Changed terms are told to the coordination of every sibling (Vultron EM: splits); a case that was merged into this one shares its end.
Result<void> tell_siblings(Unit& unit, Services& services, CaseId id, const cvd::Changes& changes) {
  TRY(const auto state, unit.case_state(id));
  const auto news = cvd::news_for_siblings(state->fold, changes);
  if (!news) return {};
  const Asker machine{access::Viewer::system(), {}, {}, {}};
  for (const auto& sibling : state->fold.siblings)
    if (sibling.id && sibling.kind != cvd::Sibling::Kind::MergedIn) {
      TRY(unit.case_state(*sibling.id));
      TRY(write_changes(unit, services, machine, {*sibling.id, "case.sibling", sibling.id->text(), {}}, {{access::Compartment::coordination(), *news}}));
    }
  return cvd::binds(state->fold.embargo) ? Result<void>{} : end_merged(unit, services, state->fold);
}

Result<void> write_elsewhere(Unit& unit, Services& services, Asker asker, CaseId given_in, const cvd::Command& act, const std::vector<Elsewhere>& others) {
  for (const auto& other : others) {
    for (const auto& step : other.steps) {
      asker.request = RequestId::random(services.random);  // nothing in one case's streams points at the other's
      TRY(write_changes(unit, services, asker, {other.id, std::string(cvd::name_of(act)), other.id.text(), {}, other.is_new ? std::optional(given_in) : std::nullopt}, step));
    }
    TRY(tell_siblings(unit, services, other.id, other.steps.back()));
  }
  return {};
}

// What this command's author has just written looks as if it held: shown beside, and nothing is decided by it (gate/content_signs.h).
json::array signs_of_written(const cvd::Command& command) {
  if (const auto* one = get_if<cvd::PostMessage>(&command)) return signs_of(one->text);
  if (const auto* one = get_if<cvd::AmendMessage>(&command)) return signs_of(one->text);
  if (const auto* one = get_if<cvd::PostToMailbox>(&command)) return signs_of(one->text);
  if (const auto* one = get_if<cvd::OpenThread>(&command); one != nullptr && one->text) return signs_of(*one->text);
  if (const auto* one = get_if<cvd::DraftNotice>(&command); one != nullptr && one->prepared.notice) return signs_of(one->prepared.notice->text);
  if (const auto* one = get_if<cvd::FileNotice>(&command); one != nullptr && one->text) return signs_of(*one->text);
  return {};
}

}  // namespace

Work case_command(Services& services, Asker asker, CaseId id, cvd::Command command) {
  auto prepared = prepare_notice(services, asker, id, command);  // on the pool's thread, by what the asker may read
  auto fits = check_law_command(services, command, asker.viewer, id);
  auto signs = signs_of_written(command);
  return [&services, asker = std::move(asker), id, command = std::move(command), prepared = std::move(prepared), fits = std::move(fits), signs = std::move(signs)](Unit& unit) mutable -> Result<Committed> {
    // V1: what the viewer may not know of isn't there. Its own row is asked before anything of the case is loaded, so that hidden and absent cost the same (T2).
    if (asker.viewer.kind != access::Viewer::Kind::System) {
      TRY(const bool has_part, unit.store().as(asker.viewer).has_part(unit.writing().tx(), id));
      if (!has_part) return no_case();
    }
    TRY(const auto state, unit.case_state(id));
    const auto& fold = state->fold;

    access::Standing standing;
    const auto* own_part = asker.viewer.organisation ? fold.participant(*asker.viewer.organisation) : nullptr;
    const auto* claim = get_if<cvd::ClaimFact>(&command);
    const bool on_its_report = (claim != nullptr && !claim->vulnerability) || holds_alternative<cvd::PostToMailbox>(command) || holds_alternative<cvd::AddFile>(command) || holds_alternative<cvd::RouteReport>(command) || holds_alternative<cvd::StateCredit>(command);
    const bool may_by_code = on_its_report || holds_alternative<cvd::ClaimLeak>(command);
    const bool by_code = asker.viewer.kind == access::Viewer::Kind::Reporter;
    if (by_code) {
      if (fold.report(*asker.viewer.report) == nullptr || !may_by_code) return no_case();  // a code speaks for a report, not for an organisation
      standing = cvd::standing_of_reporter(*asker.viewer.report);
    } else if (asker.viewer.organisation) {
      standing = cvd::standing_of(fold, *asker.viewer.organisation);
      // Having sent a report is no place in the case: who was suspended or removed keeps its mailbox and nothing else.
      if (own_part == nullptr || standing.admission == access::Place::None)
        if (!standing.is_owner && !on_its_report) return no_case();
    }
    auto action = cvd::action_of(command);
    if (by_code && holds_alternative<cvd::AddFile>(command)) action = access::Action::UseMailbox;  // its own mailbox alone: decide() holds it to that
    bool needs_second_person = false;
    if (action) {
      TRY(const auto allowed, access::require(asker.viewer, *action, cvd::standing_towards(fold, standing, asker.viewer.organisation, command)));
      needs_second_person = allowed.needs_second_person;
    } else if (asker.viewer.kind != access::Viewer::Kind::System) {
      return no_case();
    }
    if (!by_code && standing.admission != access::Place::None && !standing.may_read_content && !standing.is_owner) {
      // Whoever sees terms alone acts on terms alone.
      const bool negotiation = holds_alternative<cvd::AnswerInvitation>(command) || holds_alternative<cvd::AnswerTerms>(command) || holds_alternative<cvd::ProposeTerms>(command) ||
                               holds_alternative<cvd::LeaveCase>(command) || holds_alternative<cvd::RefuseTerms>(command) || on_its_report;
      if (!negotiation && standing.may_see_terms) return fail(ErrorKind::Forbidden, "Your organisation must be a confirmed participant that agreed to the terms in force.");
      if (!negotiation) return no_case();
    }

    cvd::Ask ask{{asker.viewer.organisation.value_or(asker.viewer.kind == access::Viewer::Kind::System ? fold.owner : OrganisationId{}), asker.viewer.person, by_code, asker.viewer.report, asker.viewer.kind == access::Viewer::Kind::System}, unit.now(),
                 asker.occurred.value_or(unit.now()), services.random, {}};
    ask.known.two_persons = services.settings.two_person;
    ask.known.needs_second_person = needs_second_person;
    TRY(const auto act, act_of(fold, asker, standing, command));
    TRY(ask.known.asker_still_may, asker_still_may(unit, services, fold, command, act));
    TRY(fits);
    TRY(look_up(unit, services, fold, act, ask));
    TRY(judge_notice(unit, services, fold, act, prepared, ask));
    TRY(auto telling, Telling::prepare(unit, services, asker, fold, act, ask));
    std::shared_ptr<const cvd::CaseState> other;
    if (const auto* merge = get_if<cvd::MergeCases>(&act)) {
      TRY(other, case_to_merge(unit, asker, *merge));
      if (other) ask.known.other = &other->fold;
    }
    auto decided = cvd::decide(*state, command, ask);
    if (!decided) telling.keep_denials(unit, services, id, decided.error());
    TRY(const auto changes, std::move(decided));
    if (changes.empty()) return Committed{};
    const bool waits = asks_for_second(changes);
    TRY(publish_released(unit, services, fold, asker.viewer.person, act, changes));
    TRY(telling.carry_out(unit, services, fold, changes));
    const auto others = elsewhere(fold, act, changes, ask);
    // From here on `fold` is the case as it is afterwards.
    TRY(auto committed, write_changes(unit, services, asker, {id, waits ? "request.ask" : std::string(cvd::name_of(command)), id.text(), {}}, changes));
    committed.waits_for_second_person = waits;
    if (!signs.empty()) committed.answer["signs"] = signs;
    TRY(write_elsewhere(unit, services, asker, id, act, others));
    TRY(tell_siblings(unit, services, id, changes));
    TRY(forget_erased(unit, id, changes));
    return committed;
  };
}

Work open_case_for(Services& services, Asker asker, OrganisationId owner, std::string title) {
  return [&services, asker = std::move(asker), owner, title = std::move(title)](Unit& unit) mutable -> Result<Committed> {
    TRY(const auto organisation, store::organisation(unit.writing().tx(), services.cells(), owner));
    if (!organisation) return fail(ErrorKind::Invalid, "There is no organisation of this id.", "/org");
    const auto id = CaseId::random(services.random);
    cvd::Ask ask{{owner, asker.viewer.person, false, {}, false}, unit.now(), asker.occurred.value_or(unit.now()), services.random, {}};
    TRY(const auto changes, cvd::open_case(id, title, organisation->kind == access::OrganisationKind::Vendor, ask));
    asker.viewer.organisation = owner;
    TRY(auto committed, write_changes(unit, services, asker, {id, "case.open", id.text(), {}}, changes));
    committed.answer["id"] = id.text();
    return committed;
  };
}

Work open_case(Services& services, Asker asker, OpenCase command) {
  return [&services, asker = std::move(asker), command = std::move(command)](Unit& unit) mutable -> Result<Committed> {
    TRY(access::require(asker.viewer, access::Action::OpenCase, {}));
    const auto owner = *asker.viewer.organisation;
    return open_case_for(services, std::move(asker), owner, command.title)(unit);
  };
}

Result<Work> submit_report(Services& services, Asker asker, SubmitReport report) {
  if (report.classes) TRY(check_classes(services, *report.classes));
  auto signs = signs_of(report.content.description);
  std::optional<std::string> code;
  std::optional<store::CodeColumns> columns;
  if (!asker.viewer.organisation) {
    code = new_report_code(services.random);
    TRY(auto made, code_columns(services.cells(), *code));
    columns = store::CodeColumns{made.tag, made.hash};
  }
  return [&services, asker = std::move(asker), report = std::move(report), code, columns, signs = std::move(signs)](Unit& unit) mutable -> Result<Committed> {
    const auto to = report.to.value_or(services.site.file.organisation);
    TRY(const auto receiver, store::organisation(unit.writing().tx(), services.cells(), to));
    if (!receiver || !receiver->profile.takes_reports.value_or(false)) return fail(ErrorKind::Invalid, "This organisation takes no reports here. Choose one of the receivers on the form.", "/to");

    cvd::NewReport fresh{CaseId::random(services.random), ReportId::random(services.random), to, receiver->kind == access::OrganisationKind::Vendor, std::move(report.content), asker.viewer.organisation, std::move(report.classes)};
    cvd::Ask ask{{to, asker.viewer.person, !asker.viewer.organisation, {}, false}, unit.now(), asker.occurred.value_or(unit.now()), services.random, {}};
    if (receiver->profile.policy) ask.known.receiver_policy = receiver->profile.policy->embargo;
    TRY(const auto changes, cvd::open_for_report(fresh, ask));

    // The push to the receiver that the reporter confirmed: judged, though it is the reporter's own to give.
    std::optional<RulingId> ruling;
    gate::Facts facts;
    facts.case_ = gate::CaseFacts{};
    facts.audience.is_confirmed_receiver = true;
    facts.audience.is_owner = true;
    facts.audience.is_recipient = true;
    facts.audience.is_community = true;
    facts.audience.report = cvd::ReportState::Received;
    TRY(judge_and_record(unit, services, asker, report_to_receiver(fresh.case_id, fresh.report, to, asker.viewer.person, unit.now()), facts, services.cells().tag("object", fresh.case_id.text()), {}, ruling));

    TRY(auto committed, write_changes(unit, services, asker, {fresh.case_id, "report.submit", fresh.report.text(), ruling->text()}, changes));
    TRY(store::add_report(unit.writing().tx(), fresh.report, fresh.case_id, unit.now(), columns));
    committed.answer["id"] = fresh.report.text();
    if (!signs.empty()) committed.answer["signs"] = signs;
    if (code) committed.answer["code"] = *code;
    else committed.answer["case"] = fresh.case_id.text();
    return committed;
  };
}

Work record_deliveries(Services& services, Asker, std::vector<store::FirstDelivery> deliveries, store::Tag reader, std::string reader_name, int channel) {
  return [&services, deliveries = std::move(deliveries), reader, reader_name = std::move(reader_name), channel](Unit& unit) -> Result<Committed> {
    for (const auto& delivery : deliveries) {
      // Two first reads at once: each counts from what is on record when it is written down.
      auto fresh = delivery;
      TRY(fresh.from, unit.writing().first_undelivered(delivery.stream, reader));
      if (fresh.from > fresh.to) continue;
      const auto case_text = delivery.stream_name.substr(0, delivery.stream_name.find('/'));
      TRY(const auto ruling, store::ruling_of_grant(unit.writing().tx(), reader, services.cells().tag("object", case_text)));
      TRY(unit.writing().deliver(fresh, reader, reader_name, unit.now(), channel, ruling));
    }
    return Committed{};
  };
}

Work mark_read(Services& services, store::ToMark mark) {
  return [&services, mark = std::move(mark)](Unit& unit) -> Result<Committed> {
    TRY(store::move_read_mark(unit.writing().tx(), services.cells(), mark.person, mark.id, mark.to));
    return Committed{};
  };
}

Result<int> pass_time(Services& services, Instant now) {
  std::vector<CaseId> due;
  {
    TRY(auto db, services.store.lease());
    TRY(due, store::due_cases(*db, now, 100));
  }
  std::optional<Error> trouble;
  for (const auto id : due) {
    // One case's trouble stops no other's clock: it is tried again in a minute, and told to the caller, who raises the alarm.
    const auto later = [&](const Error& error) {
      trouble = error;
      (void)services.writer.run([id](Unit& unit) -> Result<Committed> {
        TRY(unit.writing().set_timer(id, unit.now() + std::chrono::minutes(1)));
        return Committed{};
      });
    };
    Asker machine{access::Viewer::system(), {}, {}, {}};
    // A release that is due comes first: it ends the embargo itself, in one transaction with what it publishes.
    auto fired = services.writer.run([&services, machine, id, now](Unit& unit) -> Result<Committed> {
      TRY(const auto state, unit.case_state(id));
      for (const auto& release : state->fold.releases)
        if (release.state == cvd::Release::State::Planned && release.instant <= now) return case_command(services, machine, id, cvd::FireRelease{release.id})(unit);
      return Committed{};
    });
    if (!fired) {
      later(fired.error());
      continue;
    }
    auto passed = services.writer.run(case_command(services, machine, id, cvd::PassTime{}));
    if (!passed) {
      later(passed.error());
      continue;
    }
    auto timer = services.writer.run([id](Unit& unit) -> Result<Committed> {
      TRY(const auto state, unit.case_state(id));
      TRY(unit.writing().set_timer(id, cvd::next_due(state->fold)));
      return Committed{};
    });
    if (!timer) later(timer.error());
  }
  if (trouble) return std::unexpected(*trouble);
  return static_cast<int>(due.size());
}

}  // namespace sluice::service
