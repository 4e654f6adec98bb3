#include "cvd/second_person.h"

#include <algorithm>
#include <boost/mp11.hpp>

namespace sluice::cvd {

namespace {

// All that a request can keep. The names in requests are their words (name_of), which last for ever.
using Kept = boost::mp11::mp_list<RemoveParticipant, WaiveReadiness, RecordDecision, EraseCompartment, ProceedWithout, TakeOwnership, ReleaseEarly, ShareMitigation>;

template <class F>
void for_each_kept(F&& f) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, Kept>>([&](auto identity) { f.template operator()<typename decltype(identity)::type>(); });
}

std::optional<json::value> body_of(const Command& command) {
  std::optional<json::value> out;
  for_each_kept([&]<class C>() {
    if (const auto* kept = get_if<C>(&command)) out = to_json(*kept);
  });
  return out;
}

std::unexpected<Error> no_such_request() { return fail(ErrorKind::NotFound, "There is no such request in this case.", "/request"); }

Result<Changes> ask_second_person(const CaseFold& fold, const Command& command, const Ask& ask) {
  const auto word = std::string(name_of(command));
  auto body = body_of(command);
  if (!body) return fail(ErrorKind::Forbidden, "This takes two persons, and this release knows no way to ask the second.", {}, "two persons");
  if (!ask.actor.person) return fail(ErrorKind::Forbidden, "This takes two persons, so a person has to ask for it.", {}, "two persons");
  const bool waits = std::any_of(fold.requests.begin(), fold.requests.end(), [&](const TwoPersonRequest& r) {
    return r.state == TwoPersonRequest::State::Open && r.expires > ask.now && r.command == word && r.body == *body;
  });
  if (waits) return fail(ErrorKind::Conflict, "This is asked already and waits for a second person.", {}, "two persons");
  return Changes{{rules::coordination(), SecondPersonAsked{TwoPersonRequestId::random(ask.random), word, *std::move(body), ask.now + kRequestLasts}}};
}

// T3
Result<const TwoPersonRequest*> open_request(const CaseFold& fold, TwoPersonRequestId id, const Ask& ask) {
  const auto* request = fold.request(id);
  if (request == nullptr) return no_such_request();
  if (request->state != TwoPersonRequest::State::Open) return fail(ErrorKind::Conflict, "This request is answered already.", "/request");
  if (request->expires <= ask.now) return fail(ErrorKind::Conflict, "This request has expired. Ask for it anew.", "/request");
  return request;
}

// T2
bool is_another_person(const TwoPersonRequest& request, const Actor& actor) { return actor.person && request.asked_by && *actor.person != *request.asked_by; }

bool is_release(const Changes& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const Change& c) { return holds_alternative<Released>(c.event); });
}

}  // namespace

Result<Changes> with_second_person(const CaseFold& fold, const Command& command, Changes changes, const Ask& ask) {
  if (!ask.known.two_persons) {
    if (ask.known.needs_second_person || is_release(changes)) changes.push_back({rules::coordination(), SecondPersonSpared{std::string(name_of(command))}});  // T4
    return changes;
  }
  if (!ask.known.needs_second_person || holds_alternative<ApproveAdvisory>(command)) return changes;
  return ask_second_person(fold, command, ask);  // T1
}

Result<Command> asked_command(const CaseFold& fold, TwoPersonRequestId id) {
  const auto* request = fold.request(id);
  if (request == nullptr) return no_such_request();
  Result<Command> out = fail(ErrorKind::Conflict, "What was asked for can't be read by this release. Refuse the request, and ask anew.", "/request");
  for_each_kept([&]<class C>() {
    if (name_of(C{}) != request->command) return;
    if (auto read = from_json<C>(request->body)) out = Command{*std::move(read)};
  });
  return out;
}

namespace rules {

Result<Changes> decide_one(const CaseFold& fold, const ConfirmRequest& c, const Ask& ask) {
  TRY(const auto* request, open_request(fold, c.request, ask));
  if (!is_another_person(*request, ask.actor)) return fail(ErrorKind::Forbidden, "You asked for this: a second person confirms it.", {}, "two persons");
  if (!ask.known.asker_still_may) return fail(ErrorKind::Conflict, "Whoever asked for this may not do it any more. Refuse the request; who may can ask anew.", "/request", "two persons");
  TRY(const auto command, asked_command(fold, c.request));
  // It is the taker's request: who confirms it is the taker's too, or the case would go to the one who confirms.
  if (holds_alternative<TakeOwnership>(command) && request->asked_for != ask.actor.organisation) return fail(ErrorKind::Forbidden, "A second person of the organisation that asked confirms this.", {}, "two persons");
  TRY(auto changes, visit([&](const auto& asked) { return decide_one(fold, asked, ask); }, command));
  for (auto& change : changes)
    if (const auto* decided = get_if<Decided>(&change.event)) {
      auto made = *decided;
      made.asked_by = request->asked_by;
      change.event = std::move(made);
    }
  changes.insert(changes.begin(), {coordination(), SecondPersonConfirmed{c.request}});
  return changes;
}

Result<Changes> decide_one(const CaseFold& fold, const RefuseRequest& c, const Ask& ask) {
  TRY(const auto* request, open_request(fold, c.request, ask));
  if (!is_another_person(*request, ask.actor)) return fail(ErrorKind::Forbidden, "You asked for this: withdraw it instead.", {}, "two persons");
  TRY(text_fits(c.why, 4'000, "/why"));
  return Changes{{coordination(), SecondPersonRefused{c.request, c.why}}};
}

Result<Changes> decide_one(const CaseFold& fold, const WithdrawRequest& c, const Ask& ask) {
  TRY(const auto* request, open_request(fold, c.request, ask));
  if (!ask.actor.person || request->asked_by != ask.actor.person) return fail(ErrorKind::Forbidden, "Only the person who asked for this withdraws it.", {}, "two persons");
  return Changes{{coordination(), SecondPersonWithdrawn{c.request}}};
}

}  // namespace rules

}  // namespace sluice::cvd
