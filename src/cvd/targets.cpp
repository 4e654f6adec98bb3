#include "cvd/targets.h"

#include <algorithm>

#include "base/time_words.h"
#include "cvd/answered.h"

namespace sluice::cvd {

namespace {

bool takes_part(const Participant& p) { return p.admission == Admission::Invited || p.admission == Admission::Accepted || p.admission == Admission::Confirmed; }

bool is_over(const CaseFold& fold) {
  const auto* owner = fold.participant(fold.owner);
  return fold.is_merged_away() || (owner != nullptr && owner->report == ReportState::Closed);
}

// The earliest line of this organisation's own steps with the report: the first is its judgement of it.
std::optional<Instant> judged_at(const CaseFold& fold, OrganisationId id) {
  for (const auto& line : fold.timeline)
    if (line.type == ReportStepped::kType && line.by == id) return line.recorded;
  return std::nullopt;
}

// Whether one organisation has done its part, and when where that is known.
struct Part { bool done = false; std::optional<Instant> at; };

// ISO/IEC 29147 6.5: the reporter hears that the report arrived, from a person and not from the site; of others, that they answered.
Part acknowledged(const CaseFold& fold, OrganisationId id) {
  const auto* p = fold.participant(id);
  if (p == nullptr) return {};
  if (p->report != ReportState::Start && p->report != ReportState::Received) return {true, judged_at(fold, id)};
  if (id != fold.owner) return {p->admission == Admission::Confirmed || p->admission == Admission::Accepted, p->answered_at ? p->answered_at : p->confirmed_at};
  std::optional<Instant> first;
  for (const auto& report : fold.reports)
    for (const auto& message : report.mailbox)
      if (!message.from_reporter && (!first || message.at < *first)) first = message.at;
  return {first.has_value(), first};
}

Part validated(const CaseFold& fold, OrganisationId id) {
  const auto* p = fold.participant(id);
  const bool judged = p != nullptr && p->report != ReportState::Start && p->report != ReportState::Received;
  return {judged, judged ? judged_at(fold, id) : std::nullopt};
}

bool in_scope(const Target& target, VulnerabilityId vulnerability) { return !target.first.vulnerability || *target.first.vulnerability == vulnerability; }

std::optional<RemedyStep> remedy_step(TargetStep step) {
  switch (step) {
    case TargetStep::Develop: return RemedyStep::Developed;
    case TargetStep::Test: return RemedyStep::Validated;
    case TargetStep::Distribute: return RemedyStep::Distributed;
    case TargetStep::Deploy: return RemedyStep::Deployed;
    case TargetStep::Acknowledge:
    case TargetStep::Validate:
    case TargetStep::Identify:
    case TargetStep::Publish: break;
  }
  return std::nullopt;
}

// Since when the remedy has been at this step or beyond without going back.
std::optional<Instant> since_when_at(const Answer& answer, RemedyStep step) {
  std::optional<Instant> since;
  for (const auto& moved : answer.history) {
    const bool there = moved.step && *moved.step >= step;
    if (!there) since.reset();
    else if (!since) since = moved.at;
  }
  return since;
}

Part answered(const Answer& answer) {
  const bool settled = answer.status && *answer.status != Status::Asked && *answer.status != Status::UnderInvestigation;
  if (settled) return {true, answer.status_at};
  return {answer.step.has_value(), answer.history.empty() ? std::nullopt : std::optional(answer.history.front().at)};
}

void both(Part& all, const Part& one) {
  all.done = all.done && one.done;
  if (!one.at || !all.done) all.at.reset();
  else if (all.at && *one.at > *all.at) all.at = one.at;
}

// Identify to Deploy, from the answers and remedy steps of its products: each vulnerability has an answer, and what is affected is at the step or beyond.
Part worked(const CaseFold& fold, const Target& target, OrganisationId id) {
  const auto step = remedy_step(target.first.step);
  Part out{true, Instant{}};
  bool any = false;
  for (const auto& vulnerability : fold.vulnerabilities) {
    if (!in_scope(target, vulnerability.id)) continue;
    bool has_answer = false;
    for (const auto& [key, answer] : fold.answers) {
      const auto* product = fold.product(key.second);
      if (key.first != vulnerability.id || product == nullptr || product->vendor != id || (target.first.product && *target.first.product != key.second)) continue;
      has_answer = any = true;
      if (!step) both(out, answered(answer));
      else if (answer.status == Status::NotAffected) both(out, {true, answer.status_at});
      else both(out, {answer.step && *answer.step >= *step, since_when_at(answer, *step)});
    }
    if (!has_answer) return {};
  }
  return any ? out : Part{};
}

// When the case itself published it.
std::optional<Instant> released(const CaseFold& fold, VulnerabilityId vulnerability) {
  std::optional<Instant> out;
  for (const auto& release : fold.releases)
    if (release.released_at && std::find(release.vulnerabilities.begin(), release.vulnerabilities.end(), vulnerability) != release.vulnerabilities.end()) out = out ? std::min(*out, *release.released_at) : release.released_at;
  return out;
}

// A release meets it. What became public otherwise, by a leak or by whoever published elsewhere, closes it and is no act of those who agreed on it.
struct Publication { Part part; bool overtaken = false; };
Publication published(const CaseFold& fold, const Target& target) {
  Publication out{{true, Instant{}}, false};
  bool any = false;
  for (const auto& vulnerability : fold.vulnerabilities) {
    if (!in_scope(target, vulnerability.id)) continue;
    any = true;
    const auto fact = vulnerability.facts.find(Letter::P);
    const auto ours = released(fold, vulnerability.id);
    const bool others_first = fact != vulnerability.facts.end() && (!ours || (fact->second.occurred < *ours && fact->second.occurred <= target.by && *ours > target.by));
    if (others_first) out.overtaken = true;
    else both(out.part, ours ? Part{true, ours} : Part{});
  }
  return any ? out : Publication{};
}

// Does keeping the date mean to ship what wasn't tested, or what failed its test?
bool is_unvalidated(const CaseFold& fold, const Target& target, std::optional<OrganisationId> only) {
  for (const auto& [key, answer] : fold.answers) {
    const auto* product = fold.product(key.second);
    if (product == nullptr || !in_scope(target, key.first) || (target.first.product && *target.first.product != key.second)) continue;
    if ((target.first.organisation && *target.first.organisation != product->vendor) || (only && *only != product->vendor)) continue;
    const bool hit = answer.step || answer.status == Status::Affected;
    if (!hit || answer.status == Status::NotAffected) continue;
    if (!answer.step || *answer.step < RemedyStep::Validated) return true;
    if (!answer.assessments.empty() && !answer.assessments.back().what.passed) return true;
  }
  return false;
}

TargetStanding weighed_up(const CaseFold& fold, const Target& target, const Part& part, Instant now, std::optional<OrganisationId> only) {
  if (part.done) return {part.at && *part.at > target.by ? TargetState::MetLate : TargetState::Met, part.at, false};
  TargetStanding out;
  out.state = target.by <= now ? TargetState::Overdue : target.by - now <= kRemindBefore ? TargetState::Due : TargetState::Open;
  out.haste = out.state != TargetState::Open && target.first.step >= TargetStep::Test && is_unvalidated(fold, target, only);
  return out;
}

// Does the text name it, as whole words, whatever the case of letters?
bool names(std::string_view text, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; };
  while (!name.empty() && !is_word(name.front())) name.remove_prefix(1);
  while (!name.empty() && !is_word(name.back())) name.remove_suffix(1);
  if (name.empty()) return false;
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), name.begin(), name.end(), [&](char a, char b) { return lower(a) == lower(b); });
    if (at == text.end()) return false;
    const auto after = at + static_cast<std::ptrdiff_t>(name.size());
    if ((at == text.begin() || !is_word(*(at - 1))) && (after == text.end() || !is_word(*after))) return true;
  }
}

// Those on record, by what they are about.
using Written = std::map<std::string_view, std::vector<const Reminder*>>;
Written written(const CaseFold& fold) {
  Written out;
  for (const auto& reminder : fold.reminders)
    if (const auto slash = reminder.about.rfind('/'); slash != std::string::npos) out[std::string_view(reminder.about).substr(0, slash)].push_back(&reminder);
  return out;
}

// What may need reminding, before its texts are made: of a case of 150 vendors and 20 vulnerabilities there are thousands, and each command asks for the next instant.
struct Remindable {
  const Target* target = nullptr;                 // else a question
  VulnerabilityId vulnerability{};
  std::optional<OrganisationId> organisation;
  Instant since, due;
  bool is_question = false;

  bool has_before() const { return due - kRemindBefore > since; }
  Instant first() const { return has_before() ? due - kRemindBefore : due; }
};

ReminderSubject scheduled(const Written& before, const Remindable& one) {
  ReminderSubject out{(one.target != nullptr ? "target:" + one.target->id.text() : "status:" + one.vulnerability.text()) + "@" + to_text(one.due), one.organisation, one.since, one.due, one.is_question, {}, 0};
  out.schedule.reserve(kMostAfter + 2);
  if (one.has_before()) out.schedule.emplace_back(one.first(), "before");
  out.schedule.emplace_back(one.due, "due");
  for (int week = 1; week <= kMostAfter; ++week) out.schedule.emplace_back(one.due + kRemindEvery * week, "week-" + std::to_string(week));
  if (const auto found = before.find(out.key); found != before.end())
    for (const auto* reminder : found->second)
      for (std::size_t i = out.next; i < out.schedule.size(); ++i)
        if (reminder->organisation == one.organisation && std::string_view(reminder->about).substr(out.key.size() + 1) == out.schedule[i].second) out.next = i + 1;
  return out;
}

template <class Visit>
void each_remindable(const CaseFold& fold, Instant now, Visit&& visit) {
  // Reminders are kept in the coordination; without it nobody could tell which were written.
  if (is_over(fold) || fold.erased.contains(access::Compartment::coordination().text())) return;
  std::map<OrganisationId, bool> known;
  const auto is_here = [&](OrganisationId id) {
    const auto [found, is_new] = known.try_emplace(id, false);
    if (!is_new) return found->second;
    const auto* p = fold.participant(id);
    return found->second = p != nullptr && takes_part(*p) && !goes_without(fold, id);
  };
  for (const auto& target : fold.targets) {
    if (is_closed(state_of(fold, target, now).state)) continue;
    auto organisation = target.first.organisation;
    if (const auto* product = target.first.product ? fold.product(*target.first.product) : nullptr) organisation = product->vendor;
    if (organisation && !is_here(*organisation)) continue;
    const bool is_question = organisation && *organisation != fold.owner && target.first.step <= TargetStep::Identify;
    visit(Remindable{&target, {}, organisation, target.moved.empty() ? target.agreed_at : target.moved.back().at, target.by, is_question});
  }
  if (fold.asked.empty()) return;
  const auto answered = answered_by(fold);
  for (const auto& [key, asked] : fold.asked)
    if (is_here(key.second) && !answered.contains(key)) visit(Remindable{nullptr, key.first, key.second, asked.at, asked.answer_by, true});
}

// When it was put on record: what somebody claims of the past makes no wait longer.
Instant recorded_at(const CaseFold& fold, const ReportCard::Attempt& attempt) {
  for (const auto& line : fold.timeline)
    if (line.type == ContactAttempted::kType && line.by == attempt.by && line.occurred == attempt.at) return line.recorded;
  return attempt.at;
}

}  // namespace

std::vector<OrganisationId> concerned(const CaseFold& fold, const Target& target) {
  if (target.first.organisation) return {*target.first.organisation};
  if (const auto* product = target.first.product ? fold.product(*target.first.product) : nullptr) return {product->vendor};
  std::vector<OrganisationId> out;
  for (const auto& [id, p] : fold.participants)
    if (takes_part(p) && p.roles.contains(Role::Vendor) && !goes_without(fold, id)) out.push_back(id);
  if (out.empty()) out.push_back(fold.owner);
  return out;
}

bool is_closed(TargetState state) { return state == TargetState::Met || state == TargetState::MetLate || state == TargetState::Overtaken || state == TargetState::Dropped; }

TargetStanding state_of(const CaseFold& fold, const Target& target, Instant now, std::optional<OrganisationId> only) {
  if (target.dropped_at) return {TargetState::Dropped, {}, false};
  if (target.first.step == TargetStep::Publish) {
    const auto publication = published(fold, target);
    if (publication.overtaken && publication.part.done) return {TargetState::Overtaken, {}, false};
    return weighed_up(fold, target, publication.part, now, only);
  }
  auto whom = concerned(fold, target);
  if (only) std::erase_if(whom, [&](OrganisationId id) { return id != *only; });
  if (whom.empty()) return {TargetState::Unseen, {}, false};
  Part all{true, Instant{}};
  for (const auto id : whom)
    switch (target.first.step) {
      case TargetStep::Acknowledge: both(all, acknowledged(fold, id)); break;
      case TargetStep::Validate: both(all, validated(fold, id)); break;
      default: both(all, worked(fold, target, id)); break;
    }
  return weighed_up(fold, target, all, now, only);
}

std::vector<ReminderSubject> reminder_subjects(const CaseFold& fold, Instant now) {
  std::vector<ReminderSubject> out;
  const auto before = written(fold);
  each_remindable(fold, now, [&](const Remindable& one) { out.push_back(scheduled(before, one)); });
  return out;
}

std::optional<Instant> next_reminder(const CaseFold& fold) {
  std::optional<Instant> due;
  const auto before = written(fold);
  each_remindable(fold, Instant{}, [&](const Remindable& one) {
    if (due && one.first() >= *due) return;       // its next can't be earlier than its first
    const auto subject = scheduled(before, one);
    if (subject.next < subject.schedule.size()) due = due ? std::min(*due, subject.schedule[subject.next].first) : subject.schedule[subject.next].first;
  });
  return due;
}

ReminderAbout about_of(const Reminder& reminder) {
  ReminderAbout out;
  const auto colon = reminder.about.find(':'), at = reminder.about.find('@'), slash = reminder.about.rfind('/');
  if (colon == std::string::npos || at == std::string::npos || slash == std::string::npos || colon > at) return out;
  const auto id = reminder.about.substr(colon + 1, at - colon - 1);
  if (reminder.about.starts_with("target:")) out.target = TargetId::parse(id);
  if (reminder.about.starts_with("status:")) out.vulnerability = VulnerabilityId::parse(id);
  out.when = reminder.about.substr(slash + 1);
  return out;
}

bool goes_without(const CaseFold& fold, OrganisationId vendor) {
  for (auto it = fold.proceeded_without.rbegin(); it != fold.proceeded_without.rend(); ++it) {
    if (it->organisation != vendor) continue;
    const auto decided = std::find_if(fold.decisions.begin(), fold.decisions.end(), [&](const DecisionRecord& d) { return d.what.decision == it->decision; });
    const auto* p = fold.participant(vendor);
    // For a vendor that takes no part the owner answers; that is no answer of its own.
    if (p == nullptr || p->admission != Admission::Confirmed || decided == fold.decisions.end()) return true;
    return std::none_of(fold.answers.begin(), fold.answers.end(), [&](const auto& answer) {
      const auto* product = fold.product(answer.first.second);
      return product != nullptr && product->vendor == vendor && answer.second.said_at && *answer.second.said_at > decided->at;
    });
  }
  return false;
}

Road road_without(const CaseFold& fold, std::optional<OrganisationId> organisation, const std::string& vendor, std::optional<Duration> answers_within, Instant now) {
  Road out;
  out.vendor = vendor;
  out.organisation = organisation;
  std::optional<std::string> answer;
  Instant newest{};
  const auto attempt = [&](Instant at) {
    ++out.attempts;
    out.waited_since = out.waited_since ? std::min(*out.waited_since, at) : at;
    out.last_attempt = out.last_attempt ? std::max(*out.last_attempt, at) : at;
  };
  for (const auto& report : fold.reports)
    for (const auto& one : report.attempts) {
      if (!names(one.whom, vendor) && !names(vendor, one.whom)) continue;
      const auto at = recorded_at(fold, one);
      attempt(at);
      if (at >= newest) newest = at, answer = one.answer && !one.answer->empty() ? one.answer : std::nullopt;
    }
  for (const auto& escalation : fold.escalations) {
    const bool about_it = organisation ? escalation.organisation == organisation : names(escalation.to, vendor);
    if (about_it) ++out.escalations, attempt(escalation.at);
  }
  if (organisation) {
    const auto* p = fold.participant(*organisation);
    if (p != nullptr && p->invited_at && p->admission == Admission::Invited) attempt(*p->invited_at);
    for (const auto& [key, asked] : fold.asked)
      if (key.second == *organisation && !has_answered(fold, key.first, *organisation)) {
        attempt(asked.at);
        if (asked.answer_by > now) out.missing.push_back("It was asked to answer until " + to_text(asked.answer_by) + ", and that time isn't over.");
      }
    if (p != nullptr && p->admission == Admission::Invited && !p->answered_at && p->respond_by && *p->respond_by > now) out.missing.push_back("It is invited to answer until " + to_text(*p->respond_by) + ", and that time isn't over.");
    // A no is an answer: there is nothing left to wait for. By the clock alone a no comes at the end of the window and is silence.
    if (p != nullptr) {
      const bool left = p->admission == Admission::Removed && p->honours_after_leaving.has_value();
      const bool no = p->admission == Admission::Invited && p->answered_at && p->respond_by && *p->answered_at < *p->respond_by;
      out.declined = left || no || p->report == ReportState::Closed || p->report == ReportState::Deferred || p->report == ReportState::Invalid;
    }
    for (const auto& reminder : fold.reminders) out.reminders += reminder.organisation == organisation;
    for (const auto& product : fold.products) out.unsupported = out.unsupported || (product.vendor == *organisation && (product.supported == false || (product.supported_until && *product.supported_until <= now)));
  }
  if (out.declined) {
    out.missing.clear();
    return out;
  }
  // An unsupported product changes nothing here: its developer is asked first all the same.
  if (out.attempts == 0) {
    out.missing.push_back("No attempt to reach it is on record. Record each: whom, how, and what came back.");
    return out;
  }
  if (answer) out.missing.push_back("The newest attempt on record was answered: " + *answer);
  // What is reasonable: the target agreed for its answer; else what the owner's own policy says. Neither: nobody has said.
  const Target* agreed = nullptr;
  for (const auto& target : fold.targets) {
    if (target.dropped_at || target.first.step > TargetStep::Identify) continue;
    const bool about_it = organisation && (target.first.organisation == organisation || (!target.first.organisation && !target.first.product));
    if (about_it && (agreed == nullptr || target.by > agreed->by)) agreed = &target;
  }
  if (agreed != nullptr) {
    if (agreed->by > now) out.missing.push_back("The target agreed for its answer is " + to_text(agreed->by) + ", and that time isn't over.");
  } else if (!answers_within) {
    out.missing.push_back("Nothing says how long is reasonable to wait: agree on a target for this vendor's answer, or say in your policy within which time you expect one.");
  } else if (*out.last_attempt + *answers_within > now) {
    out.missing.push_back("The last attempt was recorded on " + to_text(*out.last_attempt) + ". Your policy gives a vendor " + words_of_length(*answers_within) + " to answer: until " + to_text(*out.last_attempt + *answers_within) + ".");
  }
  return out;
}

std::vector<OrganisationId> silent_vendors(const CaseFold& fold, Instant now) {
  std::set<OrganisationId> out;
  each_remindable(fold, now, [&](const Remindable& one) {
    if (one.is_question && one.organisation && one.due <= now && *one.organisation != fold.owner) out.insert(*one.organisation);
  });
  for (const auto& [id, p] : fold.participants)
    if (p.roles.contains(Role::Vendor) && p.admission == Admission::Invited && p.respond_by && *p.respond_by <= now && !goes_without(fold, id) && !is_over(fold) && (!p.answered_at || *p.answered_at >= *p.respond_by)) out.insert(id);
  return {out.begin(), out.end()};
}

std::vector<CreditOffer> credits_of(const CaseFold& fold) {
  std::vector<CreditOffer> out;
  for (const auto& report : fold.reports) {
    std::optional<std::string> name;
    if (report.credit) name = report.credit->wanted ? report.credit->name : std::nullopt;
    else if (report.content && report.content->credit && !report.content->credit->empty()) name = report.content->credit;
    if (name && std::none_of(out.begin(), out.end(), [&](const CreditOffer& other) { return other.name == *name; })) out.push_back({report.id, *name});
  }
  return out;
}

std::vector<ProductId> without_answer(const CaseFold& fold) {
  std::vector<ProductId> out;
  for (const auto& product : fold.products)
    if (goes_without(fold, product.vendor)) out.push_back(product.id);
  return out;
}

std::vector<TargetSuggestion> suggestions(const CaseFold& fold, OrganisationId organisation, const DisclosurePolicy& policy) {
  std::vector<TargetSuggestion> out;
  const auto* p = fold.participant(organisation);
  if (p == nullptr || !takes_part(*p)) return out;
  const auto since = p->invited_at ? p->invited_at : p->confirmed_at;
  const auto suggest = [&](TargetStep step, const std::optional<Duration>& within) {
    const bool agreed = std::any_of(fold.targets.begin(), fold.targets.end(), [&](const Target& t) { return !t.dropped_at && t.first.step == step && t.first.organisation == organisation; });
    if (within && since && !agreed) out.push_back({organisation, step, *since + *within});
  };
  suggest(TargetStep::Acknowledge, policy.acknowledge_within);
  suggest(TargetStep::Validate, policy.assess_within);
  return out;
}

}  // namespace sluice::cvd
