// What a viewer sees of incidents and notices: worked out from the viewer's own fold alone (regimes.h, R1).
#include <algorithm>

#include "service/notice_offers.h"
#include "service/notices.h"
#include "service/regimes.h"

namespace sluice::service {

namespace {

constexpr std::string_view kReading = "A reading of listed rules, not legal advice.";

using regimes::Duty;
using regimes::DutyState;

json::array list_of_texts(const std::vector<std::string>& all) {
  json::array out;
  for (const auto& one : all) out.emplace_back(one);
  return out;
}

std::string form_word(regimes::RecordFact::Form form) {
  using Form = regimes::RecordFact::Form;
  switch (form) {
    case Form::YesNo: return "yes-no";
    case Form::Instant: return "instant";
    case Form::Number: return "number";
    case Form::Text: return "text";
    case Form::Place: return "place";
    case Form::Places: return "places";
    case Form::Words: return "words";
    case Form::Choice: return "choice";
  }
  return {};
}

json::object statement_json(const cvd::Incident::Statement& one) {
  json::object out{{"value", one.value}, {"at", to_text(one.at)}, {"source", one.source}};
  if (one.why) out["why"] = *one.why;
  if (one.by) out["by"] = one.by->text();
  return out;
}

// Who that is by the directory, with the basis of the remit; what a text leaves open is said, not settled.
json::array named_bodies(const regimes::Directory* directory, const regimes::Applied& rule, const regimes::Recipient& asked, const json::array& places) {
  json::array out;
  if (directory == nullptr) return out;
  const auto add = [&](const std::string& place) {
    for (const auto& one : regimes::who_is_competent(*directory, rule.world->words, {rule.rule->id, {}, {asked.kind, place, asked.level}})) {
      json::object named{{"id", one.body->id}, {"name", regimes::to_text(one)}, {"basis", one.remit->basis}, {"verified", one.remit->verified}};
      if (!one.remit->unclear.empty()) named["unclear"] = one.remit->unclear;
      if (!one.body->reach.empty()) named["reach"] = one.body->reach;
      if (out.size() < 20 && std::find(out.begin(), out.end(), json::value(named)) == out.end()) out.push_back(std::move(named));
    }
  };
  if (places.empty()) add({});
  for (const auto& place : places) add(std::string(place.as_string()));
  return out;
}

// What would do: whom the rule names, where, at which level, and on what that rests.
json::array bodies_of(const regimes::Directory* directory, const regimes::Applied& rule, const regimes::Act& act, const regimes::Party& party, const regimes::Action* later) {
  json::array out;
  const auto where = regimes::places(rule, act, party, later);
  for (const auto& circle : act.to) {
    json::array all;
    for (const auto& asked : circle) {
      json::object one{{"kind", asked.kind}};
      const auto* kind = [&]() -> const regimes::Kind* {
        const auto found = rule.world->words.recipients.find(asked.kind);
        return found == rule.world->words.recipients.end() ? nullptr : &found->second;
      }();
      json::array places;
      if (!asked.place.empty()) places.emplace_back(asked.place);
      else if (where)
        for (const auto& place : *where)
          if (!place.empty()) places.emplace_back(place);
      if (places.empty() && kind != nullptr && !kind->home.empty()) places.emplace_back(kind->home);
      if (auto named = named_bodies(directory, rule, asked, places); !named.empty()) one["named"] = std::move(named);
      if (!places.empty()) one["places"] = std::move(places);
      if (!where && asked.place.empty()) one["place_unknown"] = true;  // it matters, and nobody said
      if (!asked.level.empty()) one["level"] = asked.level;
      all.push_back(std::move(one));
    }
    out.push_back(std::move(all));
  }
  return out;
}

std::string to_of(const regimes::Act& act) {
  std::string out;
  for (const auto& circle : act.to) {
    if (!out.empty()) out += "|";
    std::string one;
    for (const auto& asked : circle) one += (one.empty() ? "" : "+") + regimes::to_text(asked);
    out += one;
  }
  return out;
}

json::object rule_json(const regimes::Applied& rule) {
  return {{"rule", rule.rule->id}, {"cite", rule.rule->cite}, {"says", rule.rule->says}, {"regime", rule.pack->title}, {"force", regimes::to_text(rule.force())}, {"verified", rule.rule->verified}, {"mark", list_of_texts(rule.rule->mark)}};
}

// As a clock on the wall of the regime's zone shows it: "2026-12-01 10:00".
std::string on_the_wall(const regimes::Pack& pack, regimes::Second at) {
  auto text = regimes::to_text(pack.calendar.zone.on_the_wall(at));
  if (!text.empty() && text.back() == 'Z') text.pop_back();
  if (const auto t = text.find('T'); t != text.npos) text[t] = ' ';
  return text;
}

// Acts that a notice can be: those of the forms.
bool asks_for_notice(const regimes::NoticeForms& forms, const Duty& duty) {
  if (!duty.rule.body->act) return false;
  const auto& types = duty.rule.body->act->types;
  if (std::any_of(forms.forms.begin(), forms.forms.end(), [&](const regimes::NoticeForm& one) { return one.is_for(duty.rule.rule->id); })) return true;
  return types.contains("notify-authority");
}

std::string stage_word(const Duty& duty) {
  const auto facts = duty.rule.facts(duty.on, nullptr, duty.due ? duty.due->at : duty.rule.world->scenario.as_of);
  for (const auto& [condition, stage] : duty.rule.body->stage_if) {
    regimes::Grounds unused;
    if (condition.holds(facts, unused) == regimes::Truth::True) return stage;
  }
  return duty.rule.body->stage;
}

// "early-warning", "notification", "final": those of one ladder stand behind each other.
json::object task_json(const regimes::NoticeForms& forms, const regimes::Directory* directory, const Duty& duty) {
  auto out = rule_json(duty.rule);
  out["on"] = duty.on->id;
  out["state"] = regimes::to_text(duty.state);
  out["why"] = duty.why;
  if (duty.due) {
    out["due"] = duty.due->text;
    out["due_at"] = regimes::to_text(duty.due->at);
    out["due_local"] = on_the_wall(*duty.rule.pack, duty.due->at.at);
    out["zone"] = duty.rule.pack->calendar.zone.name();
  }
  if (const auto read = regimes::read_due(duty.rule, duty.rule.body->due, *duty.on); !read.after.empty()) {
    out["runs_from"] = read.after;
    if (happens(read.anchor) && read.anchor.known()) out["since"] = regimes::to_text(read.anchor.to);
  }
  if (!duty.rule.body->ladder.empty()) out["ladder"] = duty.rule.body->ladder;
  if (const auto stage = stage_word(duty); !stage.empty()) out["stage"] = stage;
  if (!duty.by.empty()) out["by"] = duty.by;
  if (duty.done) out["done"] = regimes::to_text(*duty.done);
  const auto& act = *duty.rule.body->act;
  out["to"] = to_of(act);
  out["bodies"] = bodies_of(directory, duty.rule, act, *duty.on, nullptr);
  json::array by_form;
  for (const auto* one : forms.for_rule(duty.rule.rule->id)) by_form.push_back(json::object{{"id", one->id}, {"title", one->title}});
  out["forms"] = std::move(by_form);
  json::array questions;
  for (const auto& one : duty.grounds.questions) questions.emplace_back(one);
  out["questions"] = std::move(questions);
  json::array readings;
  for (const auto& one : duty.grounds.readings) readings.push_back(json::value(one + ": " + duty.rule.world->choice(*duty.rule.pack, duty.rule.rule, one)));
  out["readings"] = std::move(readings);
  return out;
}

int urgency_of(DutyState state) {
  switch (state) {
    case DutyState::Missed: return 0;
    case DutyState::Open: return 1;
    case DutyState::Waiting: return 2;
    case DutyState::Late: return 3;
    case DutyState::Met: return 4;
    case DutyState::NotTriggered: return 5;
  }
  return 5;
}

struct Task { int urgency = 0; std::string due; json::object shown; };

json::array tasks_json(const regimes::NoticeForms& forms, const CaseLaw& law, OrganisationId own) {
  std::vector<Task> all;
  for (const auto& one : law.all)
    for (const auto& duty : one.evaluation.duties) {
      if (duty.on->id != own.text() || !duty.is_triggered() || !asks_for_notice(forms, duty)) continue;
      auto shown = task_json(forms, one.evaluation.authorities, duty);
      // What doesn't depend on the flaw or product is owed once, however many of them the case has.
      const bool is_there = std::any_of(all.begin(), all.end(), [&](const Task& other) { return other.shown == shown; });
      if (is_there) continue;
      all.push_back({urgency_of(duty.state), duty.due ? regimes::to_text(duty.due->at) : "~", std::move(shown)});
    }
  std::stable_sort(all.begin(), all.end(), [](const Task& a, const Task& b) { return std::tie(a.urgency, a.due) < std::tie(b.urgency, b.due); });
  json::array out;
  for (auto& one : all) out.push_back(std::move(one.shown));
  return out;
}

// What nobody owes. Before the events that it waits for it is shown as impossible, with the reason.
json::array offers_json(const Packs& packs, const regimes::NoticeForms& forms, const CaseLaw& law, const cvd::CaseFold& fold, OrganisationId own) {
  json::array out;
  if (fold.vulnerabilities.empty()) return out;
  for (const auto& form : forms.forms) {
    if (!form.offer) continue;
    bool speaks = form.rules.empty();
    for (const auto& one : law.all) {
      const auto* party = one.scenario->party(own.text());
      if (party == nullptr) continue;
      for (const auto* pack : one.evaluation.packs)
        for (const auto& rule : pack->rules)
          if (form.is_for(rule.id)) {
            const auto applied = regimes::applied(*one.evaluation.world, *pack, rule);
            regimes::Grounds unused;
            speaks = speaks || (regimes::not_in_force(applied).empty() && regimes::binds(applied, *party, one.scenario->as_of, unused) == regimes::Truth::True);
          }
    }
    if (!speaks) continue;
    auto reason = not_yet(packs, law, fold, own, form.after);
    json::array asks;
    for (const auto& field : form.fields) asks.push_back(json::object{{"id", field.id}, {"asks", field.asks}, {"needed", field.needed}});
    json::object one{{"form", form.id}, {"title", form.title}, {"to", form.to}, {"possible", reason.empty()}, {"because", form.why}, {"asks", std::move(asks)}};
    if (!reason.empty()) one["reason"] = std::move(reason);
    out.push_back(std::move(one));
  }
  return out;
}

json::object receipt_json(const std::optional<std::string>& reference, const std::optional<std::string>& receipt, const std::optional<FileId>& file) {
  json::object out;
  if (reference) out["reference"] = *reference;
  if (receipt) out["receipt"] = *receipt;
  if (file) out["file"] = file->text();
  return out;
}

// What a filed notice does for the duties: those it meets; or, if it meets none, which bodies would have done, and by which rule.
void add_effect(json::object& out, const CaseLaw& law, const cvd::Notice& notice, const regimes::NoticeForms& forms) {
  const auto id = notice.id.text();
  const auto* form = forms.form(notice.versions.back().what.form);
  json::array fulfils, wanted;
  for (const auto& one : law.all) {
    const auto* action = one.scenario->action(id);
    if (action == nullptr) continue;
    for (const auto& duty : one.evaluation.duties) {
      if (duty.on->id != notice.organisation.text() || !duty.is_triggered() || !duty.rule.body->act) continue;
      const auto& act = *duty.rule.body->act;
      const bool does = duty.by == id || std::find(duty.actions.begin(), duty.actions.end(), id) != duty.actions.end();
      if (does) {
        if (duty.state != DutyState::Met && duty.state != DutyState::Late) {
          auto half = rule_json(duty.rule);
          half["bodies"] = bodies_of(one.evaluation.authorities, duty.rule, act, *duty.on, nullptr);
          half["why"] = "It reaches only a part of whom the rule names.";
          if (std::find(wanted.begin(), wanted.end(), json::value(half)) == wanted.end()) wanted.push_back(std::move(half));
          continue;
        }
        auto met = rule_json(duty.rule);
        met["state"] = regimes::to_text(duty.state);
        if (std::find(fulfils.begin(), fulfils.end(), json::value(met)) == fulfils.end()) fulfils.push_back(std::move(met));
        continue;
      }
      if (form == nullptr || !form->is_for(duty.rule.rule->id) || act.to.empty()) continue;
      regimes::Grounds unused;
      if (regimes::matches_but_for_recipients(duty.rule, act, *action, unused) == regimes::Truth::False) continue;
      if (regimes::matches(duty.rule, act, *action, nullptr, unused) == regimes::Truth::True) continue;  // the right body; met by another, or not yet its time
      auto wrong = rule_json(duty.rule);
      wrong["bodies"] = bodies_of(one.evaluation.authorities, duty.rule, act, *duty.on, nullptr);
      wrong["why"] = "A body of the wrong kind, level or place fulfils nothing.";
      if (std::find(wanted.begin(), wanted.end(), json::value(wrong)) == wanted.end()) wanted.push_back(std::move(wrong));
    }
  }
  out["fulfils"] = std::move(fulfils);
  out["right_bodies"] = std::move(wanted);
}

json::object notice_json(const CaseLaw& law, const cvd::CaseFold& fold, const cvd::Notice& notice, const regimes::NoticeForms& forms) {
  const auto& last = notice.versions.back();
  const auto* form = forms.form(last.what.form);
  const auto number = static_cast<int>(notice.versions.size());
  json::object out{{"id", notice.id.text()}, {"organisation", notice.organisation.text()}, {"form", last.what.form}, {"title", form == nullptr ? last.what.form : form->title}, {"to", last.what.to}, {"version", number},
                   {"hash", hex(last.what.hash)}, {"fields", last.what.fields}, {"blanks", list_of_texts(last.what.blanks)}, {"text", last.what.text}};
  out["state"] = notice.filed ? "filed" : notice.dropped_why ? "dropped" : notice.may_go_out(number) ? "cleared" : "draft";
  json::array order;
  if (form != nullptr)
    for (const auto& field : form->fields) order.emplace_back(field.id);
  out["order"] = std::move(order);
  if (last.what.stage) out["stage"] = *last.what.stage;
  if (const auto classes = cvd::classes_of_notice(fold, notice.id, number); !classes.empty()) out["classes"] = list_of_texts(classes);
  if (notice.supplements) out["supplements"] = notice.supplements->text();
  if (notice.dropped_why) out["why"] = *notice.dropped_why;
  json::array versions;
  for (const auto& one : notice.versions) {
    json::object version{{"version", one.what.version}, {"at", to_text(one.at)}, {"to", one.what.to}, {"hash", hex(one.what.hash)}, {"blanks", static_cast<std::int64_t>(one.what.blanks.size())}};
    if (one.by) version["by"] = one.by->text();
    for (const auto& cleared : notice.cleared)
      if (cleared.what.version == one.what.version) version["ruling"] = cleared.what.ruling.text();
    versions.push_back(std::move(version));
  }
  out["versions"] = std::move(versions);
  if (notice.filed) {
    const auto& filed = notice.filed->what;
    auto one = receipt_json(filed.reference, filed.receipt, filed.file);
    one["version"] = filed.version, one["to"] = filed.to, one["at"] = to_text(filed.at), one["recorded"] = to_text(notice.filed->recorded), one["how"] = filed.how, one["hash"] = hex(filed.hash);
    if (notice.filed->by) one["by"] = notice.filed->by->text();
    if (filed.unasked) one["unasked"] = *filed.unasked;
    if (filed.denied) one["denied"] = filed.denied->text();  // it had been asked, and had said no
    if (filed.blanks_left_why) one["blanks_left_why"] = *filed.blanks_left_why;
    out["filed"] = std::move(one);
    json::array receipts;
    for (const auto& receipt : notice.receipts) {
      auto shown = receipt_json(receipt.reference, receipt.receipt, receipt.file);
      shown["at"] = to_text(receipt.at);
      receipts.push_back(std::move(shown));
    }
    out["receipts"] = std::move(receipts);
    add_effect(out, law, notice, forms);
  }
  return out;
}

// Publishing it, as it would be judged now; once published, as it was recorded.
json::object area_json(const CaseLaw& law, const cvd::AreaReport& area) {
  const auto& last = area.versions.back().what;
  json::object out{{"id", area.id.text()}, {"organisation", area.organisation.text()}, {"version", last.version}, {"title", last.title}, {"text", last.text}, {"regions", list_of_texts(last.regions)}, {"public_data", last.public_data},
                   {"classes", list_of_texts(last.classes)}, {"hash", hex(last.hash)}, {"state", area.published ? "published" : "draft"}};
  if (last.sector) out["sector"] = *last.sector;
  if (area.published) {
    out["where"] = area.published->where;
    out["at"] = to_text(area.published->at);
    out["ruling"] = area.published->ruling.text();
  }
  json::array says;
  std::string outcome = "allow";
  for (const auto& one : law.all) {
    const auto* action = one.scenario->action(area.id.text());
    if (action == nullptr) continue;
    const auto found = one.evaluation.outcomes.find(action->id);
    if (found != one.evaluation.outcomes.end() && found->second < regimes::Outcome::Allow && outcome == "allow") outcome = regimes::to_text(found->second);
    for (const auto& verdict : one.evaluation.verdicts.spoken) {
      if (verdict.action != action) continue;
      auto said = rule_json(verdict.rule);
      said["force"] = regimes::to_text(verdict.force);
      said["verdict"] = regimes::to_text(verdict.word);
      said["why"] = verdict.why;
      if (verdict.until) said["until"] = *verdict.until;
      if (const auto& first = verdict.rule.body->first) said["first"] = bodies_of(one.evaluation.authorities, verdict.rule, first->act, *one.scenario->party(action->actor), action);
      if (std::find(says.begin(), says.end(), json::value(said)) == says.end()) says.push_back(std::move(said));
    }
  }
  out["outcome"] = outcome;
  out["verdicts"] = std::move(says);
  return out;
}

}  // namespace

Result<json::object> incidents_json(Services& services, const access::Viewer& viewer, const cvd::CaseView& view) {
  json::array items, asks;
  for (const auto& [id, incident] : view.fold.incidents) {
    json::object facts;
    for (const auto& [name, history] : incident.facts) {
      auto one = statement_json(history.back());
      json::array earlier;
      for (std::size_t i = 0; i + 1 < history.size(); ++i) earlier.push_back(statement_json(history[i]));
      one["earlier"] = std::move(earlier);
      facts[name] = std::move(one);
    }
    json::array moves, names;
    for (const auto& move : incident.moves) {
      json::object one{{"phase", to_word(move.phase)}, {"at", to_text(move.at)}};
      if (move.note) one["note"] = *move.note;
      moves.push_back(std::move(one));
    }
    for (const auto& title : incident.earlier) names.push_back(json::object{{"title", title.title}, {"until", to_text(title.until)}});
    json::object one{{"organisation", id.text()}, {"title", incident.title}, {"recorded", to_text(incident.recorded)}, {"phase", to_word(incident.phase)}, {"moves", std::move(moves)}, {"facts", std::move(facts)}, {"earlier_titles", std::move(names)}};
    if (incident.summary) one["summary"] = *incident.summary;
    one["own"] = viewer.organisation == id;
    items.push_back(std::move(one));
  }
  if (services.packs)
    for (const auto& fact : services.packs->forms().facts) {
      json::object one{{"fact", fact.name}, {"asks", fact.asks}, {"form", form_word(fact.form)}};
      if (!fact.choices.empty()) one["choices"] = list_of_texts(fact.choices);
      asks.push_back(std::move(one));
    }
  return json::object{{"items", std::move(items)}, {"may_state", std::move(asks)}};
}

Result<json::object> notices_json(Services& services, const access::Viewer& viewer, const cvd::CaseView& view, Instant now) {
  json::object out{{"tasks", json::array{}}, {"offers", json::array{}}, {"items", json::array{}}, {"area_reports", json::array{}}, {"reading", kReading}, {"not_asked", json::array{}}};
  const auto& fold = view.fold;
  static const regimes::NoticeForms kNone;
  const auto& forms = services.packs ? services.packs->forms() : kNone;
  const bool may_read = view.standing.may_read_content || view.standing.is_owner || view.standing.is_behind_glass;
  CaseLaw law;
  if (services.packs && may_read) {
    Considered considered;
    considered.as_of = now;
    considered.own = viewer.organisation;
    if (viewer.organisation) considered.parties = {*viewer.organisation};  // its own duties alone are shown
    for (const auto& area : fold.area_reports)
      if (!area.published && area.organisation == viewer.organisation && !area.versions.empty()) considered.more_actions.push_back(cvd::area_action(area.versions.back().what, now));
    TRY(law, evaluate_case(services, fold, considered));
    json::array not_asked;
    for (const auto& one : law.findings) not_asked.push_back(json::object{{"where", one.where}, {"message", one.message}});
    out["not_asked"] = std::move(not_asked);
    if (viewer.organisation) {
      out["tasks"] = tasks_json(forms, law, *viewer.organisation);
      out["offers"] = offers_json(*services.packs, forms, law, fold, *viewer.organisation);
    }
  }
  json::array items, areas;
  for (const auto& notice : fold.notices)
    if (!notice.versions.empty()) items.push_back(notice_json(law, fold, notice, forms));
  for (const auto& area : fold.area_reports)
    if (!area.versions.empty()) areas.push_back(area_json(law, area));
  out["items"] = std::move(items);
  out["area_reports"] = std::move(areas);
  return out;
}

}  // namespace sluice::service
