// An incident's record, along ISO/IEC 27035: what is known of it, by whom, since when, how far the handling is.
//
// The record decides nothing: which duties follow from its facts is the regimes' to say, and whom to tell is a person's. What a fact may be called and what it may
// be is data (regimes/notices/forms.yaml) and was checked before; here stands what the protocol asks.
#include <algorithm>

#include "cvd/decide.h"
#include "cvd/happened.h"
#include "cvd/own_product.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

access::Compartment compartment_of_record(const CaseFold& fold, OrganisationId organisation) { return coordinates(fold, organisation) ? coordination() : own(organisation); }

Result<void> is_prepared(const Prepared& prepared) {
  if (prepared.trouble) return std::unexpected(*prepared.trouble);
  return {};
}

namespace {

constexpr std::size_t kMostFacts = 64;      // in one statement
constexpr std::size_t kMostStatements = 2'000;  // in one record, changes and all

Result<const Incident*> own_incident(const CaseFold& fold, const Ask& ask) {
  const auto found = fold.incidents.find(ask.actor.organisation);
  if (found == fold.incidents.end()) return fail(ErrorKind::NotFound, "Your organisation has no record of an incident in this case. Begin one first.");
  return &found->second;
}

// An event has a dot in its name, and an instant; `false` says that it hasn't happened.
std::optional<Instant> instant_in(const json::value* value) {
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const auto read = parse_instant(value->get_string());
  return read ? std::optional(*read) : std::nullopt;
}

// What ends an incident comes after what began it, and nothing that is stated has yet to happen: a slip of a year would move every clock.
Result<void> fit_in_time(const Incident& incident, const StateIncident& c, Instant now) {
  constexpr auto kClocksDiffer = std::chrono::minutes(1);
  constexpr std::string_view kEnds[] = {"incident.handled", "incident.closed"}, kBegins[] = {"incident.noticed", "incident.aware"};
  const auto given = [&](std::string_view name) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < c.facts.size(); ++i)
      if (c.facts[i].fact == name) return i;
    return std::nullopt;
  };
  const auto stands = [&](std::string_view name) {
    const auto here = given(name);
    return instant_in(here ? &c.facts[*here].value : incident.fact(std::string(name)));
  };
  const auto place = [](std::size_t i) { return "/facts/" + std::to_string(i) + "/value"; };
  for (std::size_t i = 0; i < c.facts.size(); ++i)
    if (c.facts[i].fact.find('.') != std::string::npos)
      if (const auto at = instant_in(&c.facts[i].value)) {
        if (*at > now + kClocksDiffer) return fail(ErrorKind::Invalid, "This instant is still to come. State what has happened; false says that it hasn't.", place(i));
        TRY(is_meant(*at, place(i)));
      }
  for (const auto end : kEnds)
    for (const auto begin : kBegins) {
      const auto ended = stands(end), begun = stands(begin);
      if (!ended || !begun || *ended >= *begun || (!given(end) && !given(begin))) continue;
      return fail(ErrorKind::Invalid, std::string(end) + " would lie before " + std::string(begin) + ".", place(given(end) ? *given(end) : *given(begin)));
    }
  return {};
}

}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const RecordIncident& c, const Ask& ask) {
  TRY(text_fits(c.title, 300, "/title"));
  if (c.summary) TRY(text_fits(*c.summary, 20'000, "/summary"));
  const auto found = fold.incidents.find(ask.actor.organisation);
  if (found != fold.incidents.end() && found->second.title == c.title && found->second.summary == c.summary) return fail(ErrorKind::Conflict, "This is what the record says already.");
  if (found != fold.incidents.end() && found->second.earlier.size() >= 200) return fail(ErrorKind::Conflict, "This record was renamed too often.");
  return Changes{{compartment_of_record(fold, ask.actor.organisation), IncidentRecorded{ask.actor.organisation, c.title, c.summary}}};
}

Result<Changes> decide_one(const CaseFold& fold, const MoveIncident& c, const Ask& ask) {
  TRY(const auto* incident, own_incident(fold, ask));
  if (c.note) TRY(text_fits(*c.note, 4'000, "/note"));
  if (incident->phase == c.phase) return fail(ErrorKind::Conflict, "The incident is in this phase already.", "/phase");
  if (incident->moves.size() >= 200) return fail(ErrorKind::Conflict, "This incident was moved too often.");
  // Backwards is no mistake: what was thought to be handled may turn out not to be. Then somebody says why.
  if (c.phase < incident->phase && !c.note) return fail(ErrorKind::Invalid, "Say in a note why the incident goes back to an earlier phase.", "/note");
  return Changes{{compartment_of_record(fold, ask.actor.organisation), IncidentMoved{ask.actor.organisation, c.phase, c.note}}};
}

Result<Changes> decide_one(const CaseFold& fold, const StateIncident& c, const Ask& ask) {
  TRY(const auto* incident, own_incident(fold, ask));
  TRY(is_prepared(c.prepared));
  if (c.facts.empty() || c.facts.size() > kMostFacts) return fail(ErrorKind::Invalid, "State one to " + std::to_string(kMostFacts) + " facts at a time.", "/facts");
  TRY(text_fits(c.source, 2'000, "/source"));
  if (c.why) TRY(reason_fits(*c.why, 4'000, "/why"));
  std::size_t statements = c.facts.size();
  for (const auto& [name, history] : incident->facts) statements += history.size();
  if (statements > kMostStatements) return fail(ErrorKind::Conflict, "This record has as many statements as it can hold.", "/facts");
  TRY(fit_in_time(*incident, c, ask.now));
  Changes out;
  for (std::size_t i = 0; i < c.facts.size(); ++i) {
    const auto& [name, value] = c.facts[i];
    const auto where = "/facts/" + std::to_string(i);
    const bool is_name = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char ch) { return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_' || ch == '.'; });
    if (!is_name) return fail(ErrorKind::Invalid, "This is no fact's name.", where + "/fact");
    for (std::size_t j = 0; j < i; ++j)
      if (c.facts[j].fact == name) return fail(ErrorKind::Invalid, "This fact is stated twice.", where + "/fact");
    const auto* known = incident->fact(name);
    const bool same = known == nullptr ? value.is_null() : *known == value;
    if (same) {
      if (value.is_null()) return fail(ErrorKind::Conflict, "This isn't known anyway.", where);
      return fail(ErrorKind::Conflict, "This is what the record says already.", where);
    }
    if (known != nullptr && !c.why) return fail(ErrorKind::Invalid, "This was stated otherwise before. Say why it changes.", "/why");
    out.push_back({compartment_of_record(fold, ask.actor.organisation), IncidentFactStated{ask.actor.organisation, name, value, c.source, c.why}});
  }
  return out;
}

}  // namespace sluice::cvd::rules
