#include "service/law_questions.h"

#include <algorithm>

#include "regimes/comment.h"
#include "regimes/reach.h"
#include "regimes/what_if.h"
#include "service/law_library.h"
#include "service/packs.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostOverlays = 16, kMostEntries = 100, kLongestWord = 500, kLongestOverlay = 64 << 10;
constexpr std::size_t kMostOfComment = 40;      // actions and parties
constexpr std::string_view kOwn = "overlay";    // the file's name that an own amendment's places have

std::unexpected<Error> refused(std::string message, std::string where) { return fail(ErrorKind::Invalid, std::move(message), std::move(where)); }

Result<void> check_word(const std::string& word, const std::string& where) {
  if (word.size() > kLongestWord) return refused("No more than 500 letters here.", where);
  return {};
}
Result<void> check_list(const std::vector<std::string>& list, const std::string& where, std::size_t most = kMostEntries) {
  if (list.size() > most) return refused("No more than " + std::to_string(most) + " here.", where);
  for (std::size_t i = 0; i < list.size(); ++i) TRY(check_word(list[i], where + "/" + std::to_string(i)));
  return {};
}
template <class T>
Result<void> check_map(const std::map<std::string, T>& map, const std::string& where) {
  if (map.size() > kMostEntries) return refused("No more than 100 here.", where);
  for (const auto& [key, value] : map) {
    TRY(check_word(key, where));
    if constexpr (std::is_same_v<T, std::string>) TRY(check_word(value, where + "/" + pointer_token(key)));
  }
  return {};
}

// Of the case, unless what it is about was said beside the case.
template <class Asked>
Error placed(Error error, const Asked& asked) {
  const auto is_beside = [&](std::string_view list, const auto& map) {
    return error.where.starts_with(list) && std::any_of(map.begin(), map.end(), [&](const auto& one) { return pointer_token(one.first) == std::string_view(error.where).substr(list.size()); });
  };
  bool beside = is_beside("/readings/", asked.readings);
  if constexpr (requires { asked.events; }) beside = beside || is_beside("/events/", asked.events);
  return beside ? error : in_body(std::move(error));
}

// What is wrong with the amendments, at those that were named.
Error of_packs(const Error& error, const OtherwiseAsked& asked) {
  Error out{ErrorKind::Invalid, error.message, error.where, error.rule};
  if (out.where.starts_with('/')) return out;
  const auto colon = out.where.rfind(':');
  const auto file = out.where.substr(0, colon);
  if (colon != out.where.npos) out.message += " (line " + out.where.substr(colon + 1) + ")";
  out.where = "/" + std::string(kOwn);
  for (std::size_t i = 0; i < asked.overlays.size(); ++i)
    if (file == asked.overlays[i] + ".yaml") out.where = "/overlays/" + std::to_string(i);
  return out;
}

struct Question {
  const regimes::Library* library = nullptr;
  regimes::Amended packs;
  json::object before, then;      // the case as it is given, and as it would be
};

Result<Question> question_of(const Services& services, const OtherwiseAsked& asked, const json::value& given) {
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  if (!given.is_object()) return refused("A case is an object.", "/case");
  TRY(fits(given.get_object()));
  TRY(check_list(asked.overlays, "/overlays", kMostOverlays));
  if (asked.overlay && asked.overlay->size() > kLongestOverlay) return refused("An amendment has at most 64 KiB here.", "/overlay");
  TRY(check_list(asked.drop_rules, "/drop_rules"));
  TRY(check_list(asked.add_regimes, "/add_regimes"));
  TRY(check_list(asked.drop_regimes, "/drop_regimes"));
  TRY(check_list(asked.assume, "/assume"));
  TRY(check_map(asked.readings, "/readings"));
  TRY(check_map(asked.facts, "/facts"));
  TRY(check_list(asked.drop_parties, "/drop_parties"));
  TRY(check_map(asked.events, "/events"));

  Question out;
  out.library = &services.packs->library();
  regimes::OtherPacks packs{{}, asked.drop_rules};
  for (std::size_t i = 0; i < asked.overlays.size(); ++i) {
    auto built_in = regimes::built_in_overlay(asked.overlays[i]);
    if (!built_in) return refused("No amendment of this id is built in.", "/overlays/" + std::to_string(i));
    packs.overlays.push_back(*std::move(built_in));
  }
  if (asked.overlay) packs.overlays.push_back({std::string(kOwn), *asked.overlay});
  auto amended = regimes::packs_otherwise(*out.library, packs);
  if (!amended) return std::unexpected(of_packs(amended.error(), asked));
  out.packs = *std::move(amended);

  const regimes::Otherwise other{asked.add_regimes, asked.drop_regimes, asked.assume, asked.readings, {asked.facts.begin(), asked.facts.end()}, asked.drop_parties, {asked.events.begin(), asked.events.end()}};
  if (const auto known = regimes::check(other, out.packs.library); !known) return refused(known.error().message, known.error().where);
  out.before = given.get_object();
  for (std::size_t i = 0; i < asked.drop_parties.size(); ++i)
    if (!regimes::has_party(out.before, asked.drop_parties[i])) return refused("The case has no such party.", "/drop_parties/" + std::to_string(i));
  auto then = regimes::otherwise(out.before, other);
  if (!then) return refused(then.error().message, "/facts/" + pointer_token(then.error().where));
  out.then = *std::move(then);
  TRY(fits(out.then));
  return out;
}

Result<regimes::Scenario> scenario_of(const Question& question, const OtherwiseAsked& asked) {
  auto out = regimes::read_scenario(question.then, question.packs.library.words);
  if (!out) return std::unexpected(placed(out.error(), asked));
  return out;
}

Result<regimes::Measured> measured(const Services& services, const DivergencesAsked& asked, std::size_t most) {
  if (!services.packs) return fail(ErrorKind::Unavailable, "This server has no packs of law and standards.");
  if (asked.case_ && !asked.case_->is_object()) return refused("A case is an object.", "/case");
  if (asked.case_) TRY(fits(asked.case_->get_object()));
  TRY(check_list(asked.regimes, "/regimes"));
  TRY(check_list(asked.against, "/against"));
  TRY(check_map(asked.readings, "/readings"));
  const auto& library = services.packs->library();
  if (const auto known = regimes::packs_named(library, asked.regimes); !known) return refused(known.error().message, "/regimes");
  if (const auto known = regimes::check(asked.against, library); !known) return refused(known.error().message, "/against");
  const regimes::Standpoint standpoint{asked.readings, {}};
  if (const auto known = regimes::check(standpoint, library); !known) return refused(known.error().message, known.error().where);
  std::vector<regimes::Scenario> cases;
  if (asked.case_) {
    auto scenario = regimes::read_scenario(*asked.case_, library.words);
    if (!scenario) return std::unexpected(placed(scenario.error(), asked));
    if (scenario->actions.size() + scenario->parties.size() > most) return refused("A comment takes a case of at most " + std::to_string(most) + " actions and parties together.", "/case/actions");
    cases.push_back(*std::move(scenario));
  }
  auto out = regimes::measured(library, std::move(cases), asked.regimes, asked.against, standpoint);
  if (!out) return std::unexpected(placed(out.error(), asked));
  return out;
}

}  // namespace

Error in_body(Error error) {
  error.kind = error.kind == ErrorKind::NotFound ? ErrorKind::Invalid : error.kind;
  error.where = "/case" + error.where;
  return error;
}

Result<json::object> what_if(Services& services, const CaseAsked& asked) {
  TRY(const auto turn, Turn::take());
  TRY(const auto question, question_of(services, asked, asked.case_));
  const auto answer = regimes::what_if(question.before, *question.library, question.then, question.packs.library);
  if (!answer) return std::unexpected(placed(answer.error(), asked));
  json::array amendments;
  for (const auto& one : question.packs.overlays) amendments.push_back(regimes::to_json(one));
  auto out = regimes::to_json(*answer);
  out["amendments"] = std::move(amendments);
  return out;
}

Result<json::object> cost(Services& services, const CostAsked& asked) {
  TRY(const auto turn, Turn::take());
  TRY(check_word(asked.regime, "/regime"));
  TRY(check_word(asked.action.value_or(""), "/action"));
  TRY(const auto question, question_of(services, asked, asked.case_));
  TRY(const auto scenario, scenario_of(question, asked));
  std::optional<regimes::Second> from;
  if (asked.from) {
    const auto read = regimes::parse_second(asked.from->size() == 10 ? *asked.from + "T00:00Z" : *asked.from);
    if (!read) return refused(read.error().message, "/from");
    from = *read;
  }
  const auto found = regimes::cost(scenario, question.packs.library, asked.regime, asked.action.value_or(""), from);
  if (found) return regimes::to_json(*found);
  const auto& error = found.error();
  if (error.where == "/regime" || error.where == "/action") return refused(error.message, error.where);
  return std::unexpected(placed(error, asked));
}

Result<json::object> reach(Services& services, const CaseAsked& asked) {
  TRY(const auto turn, Turn::take());
  TRY(const auto question, question_of(services, asked, asked.case_));
  TRY(const auto scenario, scenario_of(question, asked));
  const auto answer = regimes::evaluate(scenario, question.packs.library);
  if (!answer) return std::unexpected(placed(answer.error(), asked));
  return regimes::to_json(regimes::reach(*answer));
}

Result<json::object> divergences(Services& services, const DivergencesAsked& asked) {
  TRY(const auto turn, Turn::take());
  TRY(const auto found, measured(services, asked, std::string::npos));
  return regimes::to_json(found);
}

Result<std::string> comment(Services& services, const DivergencesAsked& asked) {
  TRY(const auto turn, Turn::take());
  TRY(const auto found, measured(services, asked, kMostOfComment));
  return regimes::comment(found, regimes::suggestions(services.packs->library()));
}

}  // namespace sluice::service
