#include "regimes/find.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <functional>

namespace sluice::regimes {

namespace {

constexpr std::pair<std::string_view, Timing> kTimings[] = {{"days", Timing::Number}, {"no-number", Timing::NoNumber}, {"before-fix", Timing::BeforeFix}, {"window", Timing::Window}};
constexpr std::pair<std::string_view, Before> kBefores[] = {{"any", Before::Any}, {"none", Before::None}, {"report", Before::Report}, {"ask", Before::Ask}, {"wait", Before::Wait}};

template <class T, std::size_t N>
std::optional<T> named(const std::pair<std::string_view, T> (&words)[N], std::string_view word) {
  for (const auto& [text, value] : words)
    if (text == word) return value;
  return std::nullopt;
}

bool holds_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

// Every due of a rule, those of its choices and of its later and earlier ones among them.
void each_due(const Due& due, const std::function<void(const Due&)>& use) {
  use(due);
  for (const auto& one : due.of) each_due(one, use);
}

bool has_number(const RuleBody& body) {
  bool out = (body.first && body.first->wait) || (body.wait && body.wait->term.count > 0) || !body.numbers.empty();
  // What is done only once, or as long as, so many days have run.
  if (body.act)
    for (const auto& test : body.act->condition.tests())
      if (test.kind == Test::Kind::Compare) out = out || test.left.sign != 0 || test.right.sign != 0;
  each_due(body.due, [&](const Due& due) { out = out || (due.form == Due::Form::Within && due.term.count > 0); });
  return out;
}

bool asks(const RuleBody& body) { return body.modality == Modality::Must || body.modality == Modality::Should || body.modality == Modality::Standard || body.modality == Modality::Precondition; }

bool is_window(const RuleBody& body) { return !body.until.empty() || !body.during_from.empty() || body.wait || (body.first && body.first->wait); }

// What a rule's conditions ask of: events and facts by their names.
std::vector<std::string> triggers(const RuleBody& body) {
  std::vector<std::string> out;
  const auto of = [&](const Condition& condition) {
    for (const auto& test : condition.tests()) {
      if (!test.name.empty() && test.kind != Test::Kind::Reading) out.push_back(test.name);
      for (const auto* time : {&test.left, &test.right})
        if (test.kind == Test::Kind::Compare && !time->event.empty()) out.push_back(time->event);
    }
  };
  of(body.binds), of(body.when);
  if (body.act) of(body.act->condition);
  each_due(body.due, [&](const Due& due) {
    if (!due.after.empty()) out.push_back(due.after);
    of(due.condition);
  });
  if (body.wait) out.push_back(body.wait->after);
  return out;
}

// Whether the condition waits for the event: it asks that it is past, and doesn't ask the contrary.
bool waits_for(const Condition& condition, const std::string& event) {
  const auto asked = "past(" + event + ")";
  for (auto at = condition.text().find(asked); at != std::string::npos; at = condition.text().find(asked, at + 1))
    if (at < 4 || condition.text().compare(at - 4, 4, "not ") != 0) return true;
  return false;
}

// About a flaw, and not bound to its remedy: what is asked may come, or must, while there is none.
bool is_before_fix(const RuleBody& body, const Vocabulary& words) {
  if (!body.act) return false;
  bool of_flaw = false, of_remedy = false;
  each_due(body.due, [&](const Due& due) {
    of_flaw = of_flaw || due.after.starts_with("vuln.");
    of_remedy = of_remedy || words.remedy.contains(due.after) || due.after == "vuln.public";
  });
  if (of_remedy) return false;
  for (const auto& event : words.remedy)
    if (waits_for(body.when, event) || waits_for(body.act->condition, event)) return false;
  if (of_flaw) return true;
  const auto asked = triggers(body);
  // To report a flaw is about one, whatever the rule's conditions ask.
  const auto tells_of_flaw = [&](const std::string& type) {
    return words.reports.contains(type) && std::any_of(words.causes.begin(), words.causes.end(), [&](const Cause& cause) { return cause.event.starts_with("vuln.") && cause.types.contains(type); });
  };
  const bool about_flaw = std::any_of(asked.begin(), asked.end(), [](const std::string& one) { return one.starts_with("vuln"); }) || std::any_of(body.act->types.begin(), body.act->types.end(), tells_of_flaw);
  const bool about_incident = std::any_of(asked.begin(), asked.end(), [](const std::string& one) { return one.starts_with("incident") || one.starts_with("breach"); });
  // A first step before publishing a flaw comes before the remedy as well, unless the rule waits for that.
  const bool of_publication = body.first && std::any_of(body.act->types.begin(), body.act->types.end(), [&](const std::string& type) { return words.flaw_publications.contains(type); });
  return (about_flaw && !about_incident && body.due.after.empty()) || of_publication;
}

bool fits_timing(const RuleBody& body, Timing timing, const Vocabulary& words) {
  switch (timing) {
    case Timing::Number: return has_number(body);
    case Timing::NoNumber: return asks(body) && !has_number(body);
    case Timing::BeforeFix: return is_before_fix(body, words);
    case Timing::Window: return is_window(body);
  }
  return false;
}

// The acts a rule asks for: its own, and of a precondition the one that comes first.
std::vector<const Act*> acts(const RuleBody& body) {
  std::vector<const Act*> out;
  if (body.act) out.push_back(&*body.act);
  if (body.first) out.push_back(&body.first->act);
  return out;
}

bool fits_recipient(const Act& act, const Recipient& asked, const Vocabulary& words) {
  for (const auto& circle : act.to)
    for (const auto& one : circle) {
      const auto kind = words.recipients.find(one.kind);
      const bool is_authority = kind != words.recipients.end() && kind->second.authority;
      if (!asked.kind.empty() && one.kind != asked.kind && !(asked.kind == "authority" && is_authority)) continue;
      const auto home = !one.place.empty() ? one.place : kind != words.recipients.end() ? kind->second.home : std::string();
      if (!asked.place.empty() && !words.same_or_part(home, asked.place) && !words.same_or_part(asked.place, home)) continue;
      if (!asked.level.empty() && one.level != asked.level) continue;
      return true;
    }
  return false;
}

bool fits_before(const RuleBody& body, Before before, const Vocabulary& words) {
  const bool waits = body.wait || (body.first && body.first->wait);
  // To an authority it is a report; to anybody else, such as the operator, it is asking.
  const bool to_authority = body.first && fits_recipient(body.first->act, {"authority", {}, {}}, words);
  switch (before) {
    case Before::Any: return body.first || body.wait;
    case Before::None: return !body.first && !body.wait;
    case Before::Report: return to_authority;
    case Before::Ask: return body.first && !to_authority;
    case Before::Wait: return waits;
  }
  return false;
}

std::optional<std::chrono::sys_days> day_of(const Pack& pack, const std::optional<Second>& at) { return at ? std::optional(pack.calendar.zone.day_of(*at)) : std::nullopt; }

std::string day_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  std::string out(10, '-');
  std::snprintf(out.data(), out.size() + 1, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
  return out;
}

bool is_in_force(const Pack& pack, const RuleBody& body, std::chrono::sys_days day) {
  if (pack.force == Force::Draft) return false;
  // Advice speaks since it was published; a law's own day of beginning is another.
  const auto from = day_of(pack, body.from ? body.from : pack.from || pack.force == Force::Law ? pack.from : pack.published), until = day_of(pack, body.until_date ? body.until_date : pack.until);
  return (!from || *from <= day) && (!until || day < *until);
}

class RuleFinder {
 public:
  RuleFinder(const Library& library, const Query& query) : words_(library.words), query_(query), types_(types()) {}

  bool fits(const Pack& pack, const Rule& rule) const {
    if (!query_.forces.empty() && !query_.forces.contains(pack.force)) return false;
    if (!query_.jurisdiction.empty() && pack.jurisdiction != query_.jurisdiction && !words_.same_or_part(pack.jurisdiction, query_.jurisdiction)) return false;
    if (query_.unverified && rule.verified) return false;
    if (!query_.mark.empty() && std::none_of(rule.mark.begin(), rule.mark.end(), [&](const std::string& one) { return has_mark(one); })) return false;
    return query_.text.empty() || holds_word(rule.says + " " + rule.cite + " " + rule.on + " " + rule.notes + " " + rule.id + " " + pack.title, query_.text);
  }

  bool fits(const Pack& pack, const RuleBody& body) const {
    if (!query_.modalities.empty() && !query_.modalities.contains(body.modality)) return false;
    if (query_.in_force_on && !is_in_force(pack, body, *query_.in_force_on)) return false;
    for (const auto timing : query_.timings)
      if (!fits_timing(body, timing, words_)) return false;
    if (query_.before && !fits_before(body, *query_.before, words_)) return false;
    if (!query_.trigger.empty()) {
      const auto all = triggers(body);
      const auto begins = [&](const std::string& one) { return one == query_.trigger || (one.starts_with(query_.trigger) && (one[query_.trigger.size()] == '.' || one[query_.trigger.size()] == '_')); };
      if (std::none_of(all.begin(), all.end(), begins)) return false;
    }
    if (types_.empty() && !query_.recipient) return true;
    // One act has both: a rule that reports to one body and publishes to all isn't about publishing to that body.
    const auto of = acts(body);
    return std::any_of(of.begin(), of.end(), [&](const Act* act) {
      const bool type = types_.empty() || std::any_of(act->types.begin(), act->types.end(), [&](const std::string& one) { return types_.contains(one); });
      return type && (!query_.recipient || fits_recipient(*act, *query_.recipient, words_));
    });
  }

 private:
  // A mark, a source of it, or the kind of mark: "SRC S10 S12" is found by S10 and by SRC.
  bool has_mark(std::string_view mark) const {
    for (std::size_t from = 0; from < mark.size();) {
      const auto end = std::min(mark.find_first_of(" ,()", from), mark.size());
      if (mark.substr(from, end - from) == query_.mark) return true;
      from = end + 1;
    }
    return mark == query_.mark;
  }
  std::set<std::string> types() const {
    std::set<std::string> out;
    for (const auto& one : query_.actions) {
      if (one == "report") out.insert(words_.reports.begin(), words_.reports.end());
      else if (one == "publish") out.insert(words_.publications.begin(), words_.publications.end());
      else out.insert(one);
    }
    return out;
  }

  const Vocabulary& words_;
  const Query& query_;
  std::set<std::string> types_;
};

Result<void> check(const Vocabulary& words, const Query& query) {
  for (const auto& one : query.actions)
    if (one != "report" && one != "publish" && !words.actions.contains(one)) return fail(ErrorKind::Invalid, "\"" + one + "\" is no type of action; `report` and `publish` stand for several.", "--action");
  if (query.recipient) {
    const auto& asked = *query.recipient;
    static constexpr std::string_view kClasses[] = {"any", "authority", "foreign", "need-to-know", "not-essential"};
    if (!asked.kind.empty() && !words.recipients.contains(asked.kind) && std::find(std::begin(kClasses), std::end(kClasses), asked.kind) == std::end(kClasses))
      return fail(ErrorKind::Invalid, "\"" + asked.kind + "\" is no kind of recipient.", "--recipient");
    if (!asked.level.empty() && words.level(asked.level) < 0) return fail(ErrorKind::Invalid, "\"" + asked.level + "\" is no level.", "--recipient");
  }
  return {};
}

std::string counted(std::int64_t count, std::string_view unit) { return std::to_string(count) + " " + std::string(unit) + (count == 1 ? "" : "s"); }

}  // namespace

std::optional<Timing> timing_named(std::string_view word) { return named(kTimings, word); }
std::optional<Before> before_named(std::string_view word) { return named(kBefores, word); }

std::optional<Modality> modality_named(std::string_view word) {
  for (int i = 0; i <= int(Modality::Sanction); ++i)
    if (to_text(Modality(i)) == word) return Modality(i);
  return std::nullopt;
}

std::optional<Force> force_named(std::string_view word) {
  for (int i = 0; i <= int(Force::Advice); ++i)
    if (to_text(Force(i)) == word) return Force(i);
  return std::nullopt;
}

Result<std::vector<Found>> find(const Library& library, const Query& query) {
  TRY(check(library.words, query));
  const RuleFinder rule_finder(library, query);
  std::vector<Found> out;
  for (const auto& [id, pack] : library.packs)
    for (const auto& rule : pack.rules) {
      if (!rule_finder.fits(pack, rule)) continue;
      if (rule_finder.fits(pack, rule.plain)) {
        out.push_back({&pack, &rule, &rule.plain, {}});
        continue;
      }
      for (const auto& [reading, choice, body] : rule.in_reading)
        if (rule_finder.fits(pack, body)) out.push_back({&pack, &rule, &body, reading + "=" + choice});
    }
  return out;
}

std::string length_words(const Term& term) {
  switch (term.unit) {
    case Term::Unit::Seconds: {   // texts of law say 24, 48 and 72 hours, but seven days
      if (term.count % 86'400 == 0 && term.count > 3 * 86'400) return counted(term.count / 86'400, "day");
      if (term.count % 3'600 == 0) return counted(term.count / 3'600, "hour");
      return term.count % 60 == 0 ? counted(term.count / 60, "minute") : counted(term.count, "second");
    }
    case Term::Unit::Months: return term.count % 12 == 0 ? counted(term.count / 12, "year") : counted(term.count, "month");
    case Term::Unit::BusinessDays: return counted(term.count, "business day");
    case Term::Unit::CalendarDays: return counted(term.count, "calendar day");
  }
  return {};
}

std::string numbers_words(const RuleBody& body) {
  std::string out;
  for (const auto& one : body.numbers) out += (out.empty() ? "" : ", ") + length_words(one);
  return out;
}

std::string due_words(const Due& due) {
  const auto of = due.after.empty() ? std::string() : " of " + due.after;
  switch (due.form) {
    case Due::Form::None: return {};
    case Due::Form::Within: return due.term.count > 0 ? "within " + length_words(due.term) + of : "at once" + (due.after.empty() ? "" : " after " + due.after);
    case Due::Form::Promptly: return "without a number of days" + (due.after.empty() ? "" : ", from " + due.after);
    case Due::Form::At: return "at " + due.after;
    case Due::Form::WithPublication: return "with the publication";
    case Due::Form::Later:
    case Due::Form::Earlier:
    case Due::Form::Choice: {
      std::string out = due.form == Due::Form::Later ? "the later of: " : due.form == Due::Form::Earlier ? "the earlier of: " : "";
      for (std::size_t i = 0; i < due.of.size(); ++i) out += (i == 0 ? "" : due.form == Due::Form::Choice ? " or " : ", ") + due_words(due.of[i]);
      return out;
    }
  }
  return {};
}

std::string timing_words(const RuleBody& body) {
  std::string out = due_words(body.due);
  const auto add = [&](const std::string& words) { out += (out.empty() ? "" : "; ") + words; };
  if (body.first) add(body.first->wait ? length_words(*body.first->wait) + " before" : std::string("before"));
  if (body.wait) add("once " + length_words(body.wait->term) + " have run from " + body.wait->after);
  if (!body.until.empty()) add("until " + body.until);
  if (!body.during_from.empty()) add("from " + body.during_from + " to " + body.during_to);
  if (!body.numbers.empty()) add("the text names " + numbers_words(body));
  return out;
}

std::string recipient_words(const RuleBody& body) {
  const auto* act = body.first ? &body.first->act : body.act ? &*body.act : nullptr;
  std::string out;
  if (act != nullptr)
    for (const auto& circle : act->to) {
      out += out.empty() ? "" : "|";
      for (std::size_t i = 0; i < circle.size(); ++i) out += (i == 0 ? "" : "+") + to_text(circle[i]);
    }
  return out;
}

std::string dates_words(const Pack& pack, const RuleBody& body) {
  if (pack.force == Force::Draft) {
    const auto published = day_of(pack, pack.published);
    return "draft" + (published ? " of " + day_text(*published) : std::string());
  }
  const auto from = day_of(pack, body.from ? body.from : pack.from ? pack.from : pack.published), until = day_of(pack, body.until_date ? body.until_date : pack.until);
  return (from ? day_text(*from) : std::string()) + " –" + (until ? " " + day_text(*until) : std::string());
}

json::object to_json(const Found& found) {
  const auto& [pack, rule, body, reading] = found;
  json::array mark;
  for (const auto& one : rule->mark) mark.emplace_back(one);
  const auto day = [&](const std::optional<Second>& at) { return at ? json::value(day_text(*day_of(*pack, at))) : json::value(); };
  json::object out{{"rule", rule->id}, {"citation", rule->cite}, {"title", pack->title}, {"jurisdiction", pack->jurisdiction}, {"force", to_text(pack->force)}, {"edition", pack->edition},
                   {"modality", to_text(body->modality)}, {"on", rule->on}, {"says", rule->says}, {"timing", timing_words(*body)}, {"to", recipient_words(*body)},
                   {"from", pack->force == Force::Draft ? json::value() : day(body->from ? body->from : pack->from)}, {"until", day(body->until_date ? body->until_date : pack->until)},
                   {"published", day(pack->published)}, {"mark", std::move(mark)}, {"verified", rule->verified}};
  if (!reading.empty()) out["reading"] = reading;
  return out;
}

}  // namespace sluice::regimes
