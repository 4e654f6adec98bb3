#include "service/notice_recipients.h"

#include <algorithm>

#include "base/countries.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostRecipients = 20;

std::unexpected<Error> wrong(std::string message) { return fail(ErrorKind::Invalid, std::move(message), "/to"); }

bool is_part_of_country(std::string_view place) {
  const auto is_sign = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return place.size() >= 4 && place.size() <= 6 && place[2] == '-' && is_country(place.substr(0, 2)) && std::all_of(place.begin() + 3, place.end(), is_sign);
}

bool is_word(std::string_view place) { return std::all_of(place.begin(), place.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }); }

Result<void> is_there(const regimes::Library& library, const regimes::Recipient& one) {
  std::vector<const regimes::Authority*> known;
  for (const auto& [id, body] : library.authorities.bodies)
    if (body.kind == one.kind) known.push_back(&body);
  const auto any = [&](const auto& is) { return std::any_of(known.begin(), known.end(), [&](const auto* body) { return is(*body); }); };
  if (!one.place.empty()) {
    // A department of a sector is named by its sector, all others by where they are.
    const bool by_sector = any([](const regimes::Authority& body) { return body.each == "sector"; });
    const bool is_land = is_country(one.place) || is_part_of_country(one.place) || library.words.places.contains(one.place);
    if (!is_land && !(by_sector && is_word(one.place))) return wrong("There is no such place: \"" + one.place + "\". Write a country or a part of one, as CN or CN-ZJ (ISO 3166).");
  }
  if (one.level.empty()) return {};
  if (library.words.level(one.level) < 0) return wrong("There is no such level: \"" + one.level + "\".");
  // Where the directory knows the kind, it knows at which levels there is one.
  if (!known.empty() && !any([&](const regimes::Authority& body) { return std::find(body.levels.begin(), body.levels.end(), one.level) != body.levels.end(); }))
    return wrong("There is no " + one.kind + " at the level \"" + one.level + "\".");
  return {};
}

}  // namespace

Result<regimes::Recipients> recipients_of(const regimes::Library& library, const cvd::CaseFold& fold, std::string_view to, std::string_view own_word) {
  auto read = regimes::parse_recipients(to);
  if (!read) return wrong(read.error().message);
  if (read->empty()) return wrong("To whom?");
  if (read->size() > kMostRecipients) return wrong("Name " + std::to_string(kMostRecipients) + " recipients at most.");
  for (auto one = read->begin(); one != read->end(); ++one) {
    if (std::find(read->begin(), one, *one) != one) return wrong("This body is named twice: \"" + regimes::to_text(*one) + "\".");
    if (one->kind == "public" && (to != "public" || own_word != "public")) return wrong("A notice goes to bodies, not to everybody. What all may read is published: by a release, or as a text on an area.");
    const auto id = OrganisationId::parse(one->kind);
    if (id && fold.participant(*id) != nullptr) {
      if (!one->place.empty() || !one->level.empty()) return wrong("An organisation of this case is named without place and level.");
      continue;
    }
    if (!library.words.recipients.contains(one->kind)) return wrong("There is no such kind of body: \"" + one->kind + "\".");
    TRY(is_there(library, *one));
  }
  return *std::move(read);
}

namespace {
std::unexpected<Error> none_such() { return fail(ErrorKind::Invalid, "There is no such decision in this case.", "/decision"); }
}  // namespace

Result<void> take_decision(const cvd::CaseFold& fold, DecisionId decision, OrganisationId organisation, bool demanded, gate::Facts& to) {
  using enum cvd::DecisionSort;
  const auto found = std::find_if(fold.decisions.begin(), fold.decisions.end(), [&](const cvd::DecisionRecord& one) { return one.what.decision == decision; });
  if (found == fold.decisions.end() || !found->by) return none_such();
  const auto& what = found->what;
  const bool is_own = found->organisation == organisation;
  const bool is_about_it = what.about == organisation;
  if (!is_own && !is_about_it) {
    // Whoever doesn't read the coordination's decisions isn't told that this is one.
    const auto* self = fold.participant(organisation);
    const bool may_know = fold.owner == organisation || (self != nullptr && self->admission == cvd::Admission::Confirmed && self->roles.contains(cvd::Role::Coordinator));
    if (!may_know) return none_such();
  }
  if (what.kind != Override && what.kind != Tell) return fail(ErrorKind::Invalid, "This decision is neither to tell nor to override.", "/decision");
  if (what.about && !is_about_it) return fail(ErrorKind::Invalid, "This decision is about another organisation of this site, not about a body outside that yours tells.", "/decision");
  if (!what.about && !is_own) return fail(ErrorKind::Invalid, "This decision names nobody, so it covers what the organisation that recorded it tells, and no other's. Ask for one about your organisation.", "/decision");
  if (what.kind == Tell) {
    if (!is_own || is_about_it) return fail(ErrorKind::Invalid, "This decision is about telling an organisation of this site, not a body outside.", "/decision");
    to.decided = gate::Decided{*found->by, what.decision, what.reason};
    return {};
  }
  if (!is_own && !demanded) return fail(ErrorKind::Invalid, "This decision lets your organisation tell what a law demands of it, and no law demands this.", "/decision");
  to.override_ = gate::Overridden{what.decision, *found->by, found->second, what.reason, what.who_is_exposed + " " + what.how_badly + " " + what.what_they_can_do};
  to.set_aside = found->rules;
  return {};
}

}  // namespace sluice::service
