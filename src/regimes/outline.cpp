#include "regimes/outline.h"

#include <algorithm>

#include "regimes/find.h"

namespace sluice::regimes {

namespace {

// Nothing is known but the readings chosen: whatever depends on a case stays open.
class NoCase final : public Facts {
 public:
  NoCase(const World& world, const Pack& pack, const Rule& rule) : world_(world), pack_(pack), rule_(rule) {}
  std::optional<Words> fact(std::string_view) const override { return std::nullopt; }
  bool given(std::string_view) const override { return true; }
  Span event(std::string_view) const override { return {kEver, kNever}; }
  Second start_of(std::chrono::sys_days day) const override { return pack_.calendar.zone.start_of(day); }
  When instant() const override { return 0; }
  std::string reading(std::string_view name) const override { return world_.choice(pack_, &rule_, name); }
  bool same_or_part(std::string_view whole, std::string_view part) const override { return world_.words.same_or_part(whole, part); }
  const Calendar& calendar() const override { return pack_.calendar; }

 private:
  const World& world_;
  const Pack& pack_;
  const Rule& rule_;
};

std::string listed(const auto& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : std::string(between)) + word;
  return out;
}

std::string act_words(const Act& act) {
  auto out = act.types.empty() ? std::string("any act") : listed(act.types, "|");
  static constexpr std::string_view kHow[] = {"", "all of ", "only "};
  if (!act.content.empty()) out += " with " + std::string(kHow[std::size_t(act.how)]) + listed(act.content, act.how == Act::Content::Any ? "|" : "+");
  if (!act.condition.is_empty()) out += ", if " + act.condition.text();
  return out;
}

// All kinds that are told when this one is, itself among them.
void add_held(const Vocabulary& words, const std::string& kind, std::set<std::string>& to) {
  if (!to.insert(kind).second) return;
  if (const auto found = words.recipients.find(kind); found != words.recipients.end())
    for (const auto& held : found->second.holds) add_held(words, held, to);
}

// The kinds that a word of a rule stands for: a class is many.
std::set<std::string> kinds_of(const Vocabulary& words, const Recipient& asked) {
  const auto those = [&](auto wanted) {
    std::set<std::string> out;
    for (const auto& [name, kind] : words.recipients)
      if (wanted(kind)) out.insert(name);
    return out;
  };
  if (asked.kind == "any") return those([](const Kind&) { return true; });
  if (asked.kind == "authority") return those([](const Kind& kind) { return kind.authority; });
  if (asked.kind == "need-to-know") return those([](const Kind& kind) { return kind.needed == Truth::True; });
  if (asked.kind == "not-essential") return those([](const Kind& kind) { return kind.needed == Truth::False && kind.body; });
  if (asked.kind == "foreign") return those([](const Kind& kind) { return kind.body; });
  std::set<std::string> out{asked.kind};
  if (const auto found = words.recipients.find(asked.kind); found != words.recipients.end())
    for (const auto& as : found->second.as) out.insert(as.kind);
  return out;
}

}  // namespace

Shelf::Shelf(const Library& library, Standpoint standpoint) : library_(library), standpoint_(std::move(standpoint)), scenario_(), world_(scenario_, library_.words) {
  scenario_.as_of = as_of();
  world_.other_readings = standpoint_.readings;
}

Truth Shelf::holds(const Pack& pack, const Rule& rule, const Condition& condition, Grounds& grounds) const { return condition.holds(NoCase(world_, pack, rule), grounds); }

std::string document_at(const Pack& pack, Second as_of) {
  if (pack.editions.empty() || pack.rules.empty()) return pack.title;
  const auto name = edition_of(pack, pack.rules.front(), as_of)->name;
  // An edition is called by its number alone where the title ends with that of another.
  for (const auto& one : pack.editions)
    if (pack.title.ends_with(" " + one.name)) return pack.title.substr(0, pack.title.size() - one.name.size()) + name;
  return name;
}

std::string clause_at(const Pack& pack, const Rule& rule, Second as_of) {
  const auto edition = edition_of(pack, rule, as_of);
  if (!edition) return pack.title + ", " + rule.cite;
  return document_at(pack, as_of) + ", " + edition->clause + (edition->clause_known ? "" : " (the later edition's number)") + (edition->withdrawn ? " (withdrawn)" : "");
}

std::string Shelf::document(const Pack& pack) const { return document_at(pack, as_of()); }
std::string Shelf::clause(const Pack& pack, const Rule& rule) const { return clause_at(pack, rule, as_of()); }

bool Shelf::is_in_force(const Pack& pack, const Rule& rule) const {
  if (!standpoint_.as_of) return true;
  if (pack.published && *pack.published > *standpoint_.as_of) return false;
  return not_in_force(applied(pack, rule)).empty();
}

bool meet(const Circles& a, const Circles& b, const Vocabulary& words) {
  if (a.empty() || b.empty()) return true;
  std::set<std::string> left, right;
  for (const auto& circle : a)
    for (const auto& one : circle) left.merge(kinds_of(words, one));
  for (const auto& circle : b)
    for (const auto& one : circle) right.merge(kinds_of(words, one));
  return std::any_of(words.recipients.begin(), words.recipients.end(), [&](const auto& kind) {
    std::set<std::string> told;
    add_held(words, kind.first, told);
    const auto is_told = [&](const std::string& one) { return told.contains(one); };
    return std::any_of(left.begin(), left.end(), is_told) && std::any_of(right.begin(), right.end(), is_told);
  });
}

Outline outline(const Shelf& shelf, const Pack& pack, const Rule& rule) {
  Outline out{shelf.applied(pack, rule), {}, rule.on, {}, {}, {}, {}, {}, {}, {}};
  const auto& body = *out.rule.body;
  out.modality = to_text(body.modality);
  out.trigger = body.when.is_empty() ? "always" : body.when.text();
  out.event = !body.due.after.empty() ? body.due.after : body.wait ? body.wait->after : !body.until.empty() ? body.until : body.during_from;
  if (body.act) {
    out.types = body.act->types;
    out.action = act_words(*body.act);
    out.recipient = to_text(body.act->to) + (body.act->place.empty() ? "" : " (place: " + body.act->place + ")");
  }
  const bool is_duty = body.modality == Modality::Must;
  if (is_duty || body.due.form != Due::Form::None) out.time = body.due.form == Due::Form::None ? "no number" : due_words(body.due);
  if (!body.numbers.empty()) out.time = (is_duty && body.due.form == Due::Form::None ? "no date" : out.time) + (out.time.empty() ? "" : "; ") + "the text names " + numbers_words(body);
  if (body.wait) out.time = "once " + length_words(body.wait->term) + " have run from " + body.wait->after;
  const bool is_ban = body.modality == Modality::MustNot || body.modality == Modality::ShouldNot;
  if (!body.during_from.empty()) out.time = "from " + body.during_from + " to " + body.during_to;
  else if (!body.until.empty()) out.time = "until " + body.until;
  else if (is_ban) out.time = "without end";
  if (body.first) {
    out.precondition = act_words(body.first->act) + (body.first->act.to.empty() ? "" : " to " + to_text(body.first->act.to)) + (body.first->act.place.empty() ? "" : " (place: " + body.first->act.place + ")") +
                       (body.first->wait ? ", " + length_words(*body.first->wait) + " before" : " before");
  }
  return out;
}

Result<void> check(const Standpoint& standpoint, const Library& library) {
  for (const auto& [name, choice] : standpoint.readings) {
    const auto where = "/readings/" + pointer_token(name);
    const auto dot = name.rfind('.');
    const auto pack = dot == name.npos ? library.packs.end() : library.packs.find(name.substr(0, dot));
    const auto* reading = pack == library.packs.end() ? nullptr : pack->second.reading(name.substr(dot + 1));
    if (reading == nullptr) return fail(ErrorKind::NotFound, "There is no reading \"" + name + "\"; it is written regime.reading.", where);
    if (std::none_of(reading->choices.begin(), reading->choices.end(), [&](const auto& one) { return one.first == choice; })) return fail(ErrorKind::NotFound, "The reading \"" + name + "\" has no choice \"" + choice + "\".", where);
  }
  return {};
}

Result<std::vector<const Pack*>> packs_named(const Library& library, const std::vector<std::string>& ids) {
  std::vector<const Pack*> out;
  for (const auto& id : ids) {
    const auto found = library.packs.find(id);
    if (found == library.packs.end()) return fail(ErrorKind::NotFound, "There is no pack \"" + id + "\".");
    if (std::find(out.begin(), out.end(), &found->second) == out.end()) out.push_back(&found->second);
  }
  if (ids.empty())
    for (const auto& [id, pack] : library.packs) out.push_back(&pack);
  return out;
}

}  // namespace sluice::regimes
