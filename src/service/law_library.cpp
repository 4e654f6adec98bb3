#include "service/law_library.h"

#include <atomic>

#include "base/bytes.h"
#include "regimes/compare.h"
#include "regimes/departure.h"
#include "regimes/find.h"
#include "regimes/overlay.h"
#include "regimes/page.h"
#include "regimes/wrong_body.h"
#include "service/law_questions.h"
#include "service/packs.h"

namespace sluice::service {

namespace {

Result<const Packs*> packs_of(const Services& services) {
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  return services.packs.get();
}

json::object head_of(const Packs& packs, const regimes::Pack& pack) {
  return {{"regime", pack.id}, {"title", pack.title}, {"jurisdiction", pack.jurisdiction}, {"force", regimes::to_text(pack.force)}, {"edition", pack.edition}, {"rules", pack.rules.size()}, {"pack", packs.hash_of(pack.id)}};
}

template <class T>
Result<void> add_named(const std::vector<std::string>& from, std::optional<T> (*named)(std::string_view), std::string_view where, std::set<T>& out) {
  for (const auto& word : from) {
    const auto one = named(word);
    if (!one) return fail(ErrorKind::Invalid, "\"" + word + "\" is no such word.", std::string(where));
    out.insert(*one);
  }
  return {};
}

struct Given { std::unique_ptr<regimes::Scenario> scenario; regimes::Evaluation evaluation; };

Result<Given> evaluated(const Packs& packs, const json::value& given) {
  Given out;
  if (given.is_object()) TRY(fits(given.get_object()));
  auto scenario = regimes::read_scenario(given, packs.library().words);
  if (!scenario) return std::unexpected(in_body(scenario.error()));
  out.scenario = std::make_unique<regimes::Scenario>(*std::move(scenario));
  auto answer = regimes::evaluate(*out.scenario, packs.library());
  if (!answer) return std::unexpected(in_body(answer.error()));
  out.evaluation = *std::move(answer);
  return out;
}

}  // namespace

namespace {

constexpr std::size_t kMostActions = 100, kMostParties = 100, kMostEvents = 1'000, kMostOfList = 300, kLongestText = 1'000, kMostValues = 20'000;
std::atomic<int> asking = 0;

Result<void> fits_in(const json::value& value, std::string where, std::size_t most, std::size_t& left) {
  const auto too_much = [&](std::string message) -> Result<void> { return fail(ErrorKind::Invalid, std::move(message), "/case" + where); };
  if (left-- == 0) return left = 0, too_much("This case says too much: no more than 20,000 values.");
  if (value.is_string() && value.get_string().size() > kLongestText) return too_much("No more than 1,000 letters here.");
  if (value.is_array()) {
    if (value.get_array().size() > most) return too_much("No more than " + std::to_string(most) + " here.");
    for (std::size_t i = 0; i < value.get_array().size(); ++i) TRY(fits_in(value.get_array()[i], where + "/" + std::to_string(i), kMostOfList, left));
  }
  if (value.is_object())
    for (const auto& [key, one] : value.get_object()) TRY(fits_in(one, where + "/" + pointer_token(key), kMostOfList, left));
  return {};
}

}  // namespace

Result<void> fits(const json::object& given) {
  std::size_t left = kMostValues;
  for (const std::string_view part : {"regimes", "assume_in_force", "readings", "parties", "product", "vulnerability", "incident", "embargo", "events", "actions"})
    if (const auto* found = given.if_contains(part)) {
      if (part == "events" && found->is_object() && found->get_object().size() > kMostEvents) return fail(ErrorKind::Invalid, "No more than 1,000 events.", "/case/events");
      TRY(fits_in(*found, "/" + std::string(part), part == "actions" ? kMostActions : part == "parties" ? kMostParties : kMostOfList, left));
    }
  return {};
}

Result<Turn> Turn::take() {
  constexpr int kAtOnce = 2;
  if (asking.fetch_add(1) >= kAtOnce) {
    asking.fetch_sub(1);
    return fail(ErrorKind::Unavailable, "Others are asking the rules at the moment. Please try again in a second.");
  }
  return Turn();
}
Turn::~Turn() {
  if (has_) asking.fetch_sub(1);
}

Result<json::object> all_regimes(Services& services) {
  TRY(const auto* packs, packs_of(services));
  json::array out;
  for (const auto& [id, pack] : packs->library().packs) out.push_back(head_of(*packs, pack));
  return json::object{{"items", std::move(out)}};
}

Result<json::object> one_regime(Services& services, std::string_view id) {
  TRY(const auto* packs, packs_of(services));
  const auto* pack = packs->pack(id);
  if (pack == nullptr) return fail(ErrorKind::NotFound, "This site has no pack of this name.");
  auto out = head_of(*packs, *pack);
  const regimes::Shelf shelf(packs->library(), {});
  json::array rules, readings;
  for (const auto& rule : pack->rules) rules.push_back(regimes::to_json(regimes::outline(shelf, *pack, rule)));
  for (const auto& reading : pack->readings) {
    json::array choices;
    for (const auto& [choice, says] : reading.choices) choices.push_back(json::object{{"choice", choice}, {"says", says}});
    readings.push_back(json::object{{"reading", pack->id + "." + reading.name}, {"says", reading.says}, {"choices", std::move(choices)}});
  }
  out["rules"] = std::move(rules);
  out["readings"] = std::move(readings);
  return out;
}

Result<json::object> find_rules(Services& services, const RuleQuestion& question) {
  TRY(const auto* packs, packs_of(services));
  regimes::Query query;
  query.actions.insert(question.actions.begin(), question.actions.end());
  query.trigger = question.trigger;
  TRY(add_named(question.timings, regimes::timing_named, "timing", query.timings));
  TRY(add_named(question.modalities, regimes::modality_named, "modality", query.modalities));
  TRY(add_named(question.forces, regimes::force_named, "force", query.forces));
  if (!question.recipient.empty()) {
    const auto& text = question.recipient;
    const auto read = regimes::parse_recipients(text.starts_with(':') || text.starts_with('@') ? "any" + text : text);
    if (!read || read->size() != 1) return fail(ErrorKind::Invalid, "A recipient is kind, kind:PLACE, kind:PLACE@level, or :PLACE alone.", "recipient");
    query.recipient = read->front();
    if (query.recipient->kind == "any") query.recipient->kind.clear();
  }
  if (!question.precondition.empty()) {
    query.before = regimes::before_named(question.precondition);
    if (!query.before) return fail(ErrorKind::Invalid, "A precondition is any, none, report, ask or wait.", "precondition");
  }
  query.jurisdiction = question.jurisdiction, query.mark = question.mark, query.text = question.text, query.unverified = question.unverified;
  if (!question.in_force.empty()) {
    auto day = regimes::parse_day(question.in_force);
    if (!day) return fail(ErrorKind::Invalid, day.error().message, "in_force");
    query.in_force_on = *day;
  }
  TRY(const auto found, regimes::find(packs->library(), query));
  json::array out;
  for (const auto& one : found) out.push_back(regimes::to_json(one));
  return json::object{{"found", std::move(out)}};
}

Result<json::object> competent_bodies(Services& services, const BodyQuestion& question) {
  TRY(const auto* packs, packs_of(services));
  const auto& library = packs->library();
  if (!question.level.empty() && library.words.level(question.level) < 0) return fail(ErrorKind::Invalid, "A level is county, prefecture, province or state.", "level");
  if (!question.kind.empty() && question.kind != "authority" && !library.words.recipients.contains(question.kind)) return fail(ErrorKind::Invalid, "There is no such kind of recipient.", "kind");
  if (!question.topic.empty() && !library.authorities.topics.contains(question.topic)) return fail(ErrorKind::Invalid, "There is no such topic.", "topic");
  json::array out;
  for (const auto& one : regimes::who_is_competent(library.authorities, library.words, {question.rule, question.topic, {question.kind, question.place, question.level}})) out.push_back(regimes::to_json(one));
  return json::object{{"edition", library.authorities.edition}, {"competent", std::move(out)}};
}

Result<json::object> compare_regimes(Services& services, std::string_view a, std::string_view b) {
  TRY(const auto* packs, packs_of(services));
  TRY(const auto two, regimes::packs_named(packs->library(), {std::string(a), std::string(b)}));
  if (two.size() != 2) return fail(ErrorKind::Invalid, "Compare a regime with another one.", "b");
  const regimes::Shelf shelf(packs->library(), {});
  return regimes::to_json(regimes::compare(shelf, *two[0], *two[1]));
}

Result<json::object> overlaps_of(Services& services, const std::vector<std::string>& ids, std::string_view act, std::string_view how) {
  TRY(const auto* packs, packs_of(services));
  const auto named = regimes::packs_named(packs->library(), ids);
  if (!named) return fail(ErrorKind::Invalid, named.error().message, "regime");
  const regimes::Shelf shelf(packs->library(), {});
  TRY(const auto found, regimes::overlaps(shelf, *named, act, how));
  return json::object{{"items", regimes::to_json(found)}};
}

Result<json::object> all_overlays(Services& services) {
  TRY(const auto* packs, packs_of(services));
  return json::object{{"overlays", regimes::to_json(regimes::overlays_against(packs->library()))}};
}

Result<json::object> departures_of(Services& services, const std::vector<std::string>& ids, const std::vector<std::string>& against) {
  TRY(const auto* packs, packs_of(services));
  TRY(regimes::check(against, packs->library()));
  TRY(const auto named, regimes::packs_named(packs->library(), ids));
  const regimes::Shelf shelf(packs->library(), {});
  return json::object{{"items", regimes::to_json(regimes::departures(shelf, named, against), shelf)}};
}

Result<json::object> evaluate_given(Services& services, const json::value& given) {
  TRY(const auto* packs, packs_of(services));
  TRY(const auto turn, Turn::take());
  TRY(const auto made, evaluated(*packs, given));
  auto out = regimes::to_json(made.evaluation);
  out["depends_on"] = regimes::to_json(regimes::dependences(made.evaluation, packs->library()));
  return out;
}

Result<std::string> page_of_given(Services& services, const json::value& given) {
  TRY(const auto* packs, packs_of(services));
  TRY(const auto turn, Turn::take());
  TRY(const auto made, evaluated(*packs, given));
  return regimes::to_html(made.evaluation, regimes::dependences(made.evaluation, packs->library()), {regimes::best_schedule(made.evaluation), nullptr});
}

std::string policy_of_page() {
  return "default-src 'none'; style-src 'sha256-" + base64(sha256(bytes_of(regimes::style_of_page()))) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace sluice::service
