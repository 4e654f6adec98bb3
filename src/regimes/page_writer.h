// Who writes the printed evaluation (page.h): each section is a function from the evaluation to Html, and says in words what the JSON says in fields. For page*.cpp alone.
//
// The sections stand in files of their own, in the order in which counsel asks: page_matrix, page_actions, page_duties, page_plan, page_conflicts, page_readings, page_case,
// page_regimes; what they share, in page_words and page_exposure.
#pragma once

#include <algorithm>

#include "base/time_words.h"
#include "regimes/changes.h"
#include "regimes/find.h"
#include "regimes/page.h"
#include "regimes/page_markup.h"
#include "regimes/page_time_line.h"
#include "regimes/plain_words.h"
#include "regimes/sanctions.h"
#include "regimes/wrong_body.h"

namespace sluice::regimes::page {

// Words, signs and tones, in the order of the enumerations.
inline constexpr std::size_t kFewNamed = 4;
inline constexpr std::size_t kMostWorlds = 36;  // combinations of readings that are listed one by one
inline constexpr std::size_t kMostAcross = 5;   // columns beside the first that a sheet of A4 holds; a wider table goes on in another

struct Look { std::string_view words, sign, tone; };
inline constexpr Look kWordLooks[] = {{"demands", "!", "waiting"}, {"forbids", "✕", "alarm"}, {"permits", "✓", "good"}, {"advises", "↗", "plain"}, {"advises against", "↘", "held"}};
inline constexpr Look kOutcomeLooks[] = {{"conflict", "⚡", "alarm"}, {"deny", "✕", "alarm"}, {"allow with duties", "✓", "good"}, {"allow", "✓", "good"}};
inline constexpr std::string_view kOutcomeSays[] = {"The law demands this and forbids it, and no other time or content satisfies both.",
                                             "As planned, this is forbidden.",
                                             "This may be done; what had to come first has been done, or is planned to be.",
                                             "Nothing that binds stands in the way."};
inline constexpr Look kStateLooks[] = {{"doesn't arise", "–", "plain"}, {"waiting", "…", "plain"}, {"open", "○", "waiting"}, {"met", "✓", "good"}, {"late", "✕", "alarm"}, {"missed", "✕", "alarm"}};
inline constexpr std::string_view kOwnPolicy = ", whose own policy this is";   // how a ground ends that rule.cpp gives
inline constexpr std::string_view kForceSays[] = {"law", "draft, binds nobody", "own policy", "advice"};

inline Html badge(const Look& look, std::string_view more = {}, bool is_light = false) {
  return el("span", {{"class", "badge " + std::string(look.tone) + (is_light ? " light" : "")}}, el("span", {{"aria-hidden", "true"}}, look.sign), " ", look.words, more);
}
inline Html here(const std::string& id, const Html& words) { return el("a", {{"href", "#" + id}}, words); }
inline Html doubt() { return el("span", {{"class", "doubt"}}, "unverified"); }

class Writer {
 public:
  // `part`: before the names of places on the page, where it holds several evaluations.
  Writer(const Evaluation& all, const std::vector<Dependence>& dependences, const PageParts& parts, std::string part = {})
      : all_(all), dependences_(dependences), parts_(parts), words_(all.world->words), part_(std::move(part)), ways_(regimes::ways_out(all)) {
    for (const auto& one : all.verdicts.spoken) of_action_[one.action].push_back(&one);
    find_wrong_bodies();
    find_first_steps();
  }
  std::string page() const;
  Html part(const std::string& about) const;
  static std::string document(const std::string& title, const Html& body);

 private:
  Html subtitle() const;
  void write(Html& contents, Html& sections) const;

  // ---- names and words (page_words)
  static std::string counted(std::size_t count, std::string_view noun) { return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s"); }
  static std::string listed(const std::vector<std::string>& words, std::string_view last = " and ", std::string_view joint = ", ");
  std::string id_of(const Verdict& one) const { return part_ + "v-" + std::to_string(&one - all_.verdicts.spoken.data()); }
  std::string id_of(const Action& one) const { return part_ + "a-" + std::to_string(&one - all_.scenario->actions.data()); }
  std::string id_of(const Pack& one) const { return part_ + "p-" + std::to_string(std::find(all_.packs.begin(), all_.packs.end(), &one) - all_.packs.begin()); }
  std::string id_of(const Duty& one) const { return part_ + "d-" + std::to_string(&one - all_.duties.data()); }
  // Whom an act tells, a level being that level; and whom a rule asks for.
  std::string recipients(const Recipients& all, std::string_view joint = " and ") const { return plain_recipients(words_, all, Level::Exactly, joint); }
  std::string recipients(const Circles& all) const { return plain_recipients(words_, all); }
  std::string asked(const Recipients& all) const { return plain_recipients(words_, all, Level::OrAbove); }
  std::string action_words(const Action& one) const;
  std::vector<std::string> content_words(const std::set<std::string>& content) const;
  std::string who(const std::string& id) const;
  std::string when_words(const Action& one) const { return one.at ? instant_words(one.at->at) : "no date: judged as of " + instant_words(all_.scenario->as_of); }
  std::string until_words(const std::string& until) const { return words_.says.contains(until) ? std::string(words_.plain(until)) : plain_text(words_, until); }
  std::optional<EditionRead> earlier_edition(const Pack& pack) const;
  std::string title_of(const Pack& pack) const;
  Html named_rule(const std::string& name) const;
  Html named_rules(const std::vector<std::string>& names) const;
  static std::string upper(std::string text);
  const Pack* pack_of(const std::string& rule) const;
  const std::vector<const Verdict*>& verdicts_on(const Action& action) const;
  bool is_barred(const std::string& action) const;
  Html source(const Applied& rule, bool is_long = false) const;
  Html marks(const Rule& rule) const { return el("span", {{"class", "quiet"}}, "mark: " + listed(rule.mark, ", ")); }
  Html grounds(const Applied& rule, const Grounds& given) const;

  // ---- what follows, and who had to be told (page_exposure)
  Html exposure(const std::optional<Exposure>& exposed) const;
  static Html exposure_in_short(const std::optional<Exposure>& exposed, const char* words);
  Html sanctions() const;
  Html wrong(const std::vector<WrongBody>& all, const Applied* rule = nullptr) const;

  // ---- in short (page)
  Html in_short() const;
  std::string named(std::vector<const Duty*> some) const;

  // ---- the matrix (page_matrix)
  Html matrix() const;
  Html action_head(const Action& one) const { return here(id_of(one), one.id) + " " + el("span", {{"class", "quiet"}}, words_.plain(one.type)); }
  Html pack_head(const Pack& one) const { return here(id_of(one), title_of(one)) + " " + el("span", {{"class", "quiet"}}, one.id + ", " + force_words(one)); }
  Html actions_down_of(const std::vector<const Pack*>& speaking, std::size_t from, std::size_t to) const;
  Html regimes_down_of(const std::vector<const Pack*>& speaking, std::size_t from, std::size_t to) const;
  Html outcome_badge(const Action& action) const { return here(id_of(action), badge(kOutcomeLooks[std::size_t(all_.outcomes.at(action.id))])); }
  Html cell(const Action& action, const Pack& pack) const;
  std::string force_words(const Pack& pack) const;

  // ---- action by action (page_actions)
  Html actions() const;
  Html wrong_at(const Action& action) const;
  Html opened_by(const Action& action) const;
  void find_wrong_bodies();
  void find_first_steps();
  Html other_way(const Verdict& one) const;
  static int rank(const Verdict& one) { return one.force == Force::Law ? 0 : one.force == Force::Policy ? 1 : one.force == Force::Draft ? 2 : 3; }
  Html decided_by(const Action& action) const;
  Html reason(const Verdict& one) const;

  // ---- duties (page_duties)
  Html duties() const;
  Html duty_row(const Duty& one) const;
  std::string would_meet(const Duty& one) const;

  // ---- conflicts and departures (page_conflicts)
  static std::string_view kind_title(std::string_view kind);
  Html member(const std::string& name) const;
  Html ways_out(const Conflict& one) const;
  static bool dissolves(const Dependence& dependence, const Conflict& conflict);
  const Reading* reading_of(const Dependence& one) const;
  Html read_otherwise(const Dependence& one) const;
  static std::string listed_plus(const std::vector<std::string>& members);
  // How heavy it is to break: as the ways out of all are ranked (schedule.h).
  static constexpr std::size_t kDraftWeight = 0, kLawWeight = 4;
  std::size_t weight_of(const std::string& name) const;
  std::size_t binding_conflicts() const;
  static Html upper_first(const std::pair<std::string, Html>& words) { return upper(words.first) + words.second; }
  std::pair<std::string, Html> way_words(const std::string& name) const;
  Html ways_out_of_all() const;
  Html conflicts() const;
  Html divergences() const;

  // ---- readings (page_readings)
  static std::string choice_words(const Reading& reading, const std::string& choice);
  std::string outcome_words(std::string_view word) const;
  Html change_words(const std::string& text) const;
  Html worlds() const;
  Html readings() const;

  // ---- best dates (page_plan)
  Html plan() const;
  std::string known_at(Second at, const Schedule& plan) const;

  // ---- the case (page_case)
  Html questions() const;
  std::string value_words(const json::value& value) const;
  std::string facts_words(std::string_view subject, const json::object& facts, std::initializer_list<std::string_view> without) const;
  std::string more_facts(std::string_view subject, const json::object& facts, std::initializer_list<std::string_view> without) const;
  Html facts() const;

  // ---- regimes (page_regimes)
  static std::string in_force_words(const Pack& pack) { return pack.from || pack.until || pack.published ? with_dates_in_words(dates_words(pack, RuleBody())) : "no dates given"; }
  Html legend() const;
  std::string status_words(const Pack& pack) const;
  Html regimes() const;
  Html repealed() const;
  Html unverified() const;

  const Evaluation& all_;
  const std::vector<Dependence>& dependences_;
  const PageParts& parts_;
  const Vocabulary& words_;
  const std::string part_;
  const std::vector<WayOut> ways_;   // of all that can't be kept together
  std::map<const Action*, std::vector<const Verdict*>> of_action_;
  std::map<const Action*, std::vector<std::pair<const Applied*, std::vector<WrongBody>>>> wrong_at_;
  std::map<std::string, std::vector<std::pair<Applied, const Action*>>> opened_by_;
};

}  // namespace sluice::regimes::page
