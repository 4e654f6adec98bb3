// What apply() finds without going through all, against the plain rule that goes through all: who has held content, and which lines are one.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <concepts>

#include "cvd/answered.h"
#include "cvd/case.h"
#include "cvd/standing.h"

using namespace sluice;
using namespace sluice::cvd;

namespace {

// Numbers one after another; past the end they are 0.
struct Dice {
  std::vector<int> numbers;
  std::size_t at = 0;
  int below(int sides) { return at < numbers.size() ? numbers[at++] % sides : 0; }
};

template <class T>
void choose(Dice& dice, T& id, int of = 3) { id.bytes[0] = static_cast<std::uint8_t>(1 + dice.below(of)); }

// An event of this kind about few organisations, versions and things, whether a case could come to it or not: its fold has to hold for whatever part of a case is read.
template <class E>
Event thrown(Dice& dice) {
  E e{};
  OrganisationId who;
  choose(dice, who);
  if constexpr (requires { e.organisation = who; }) e.organisation = who;
  if constexpr (requires { e.owner = who; }) e.owner = who;
  if constexpr (requires { e.from = who; }) e.from = who;
  if constexpr (requires { e.reporter = who; }) e.reporter = who;
  if constexpr (requires { requires std::same_as<decltype(E::vendor), OrganisationId>; }) choose(dice, e.vendor);
  if constexpr (requires { requires std::same_as<decltype(E::version), int>; }) e.version = 1 + dice.below(2);
  if constexpr (requires { requires std::same_as<decltype(E::terms), std::optional<int>>; })
    if (dice.below(2) == 0) e.terms = 1 + dice.below(2);
  if constexpr (requires { requires std::same_as<decltype(E::signed_terms), std::vector<int>>; })
    if (dice.below(2) == 0) e.signed_terms = {1 + dice.below(2)};
  if constexpr (requires { requires std::same_as<decltype(E::accepted), bool>; }) e.accepted = dice.below(3) != 0;
  if constexpr (requires { requires std::same_as<decltype(E::admission), Admission>; }) e.admission = static_cast<Admission>(dice.below(6));
  if constexpr (requires { requires std::same_as<decltype(E::action), ReportAction>; }) e.action = static_cast<ReportAction>(dice.below(6));
  if constexpr (requires { requires std::same_as<decltype(E::report), ReportId>; }) choose(dice, e.report, 2);
  else if constexpr (requires { e.report = ReportState::Start; }) e.report = static_cast<ReportState>(dice.below(7));
  if constexpr (requires { requires std::same_as<decltype(E::vulnerability), VulnerabilityId>; }) choose(dice, e.vulnerability, 2);
  if constexpr (requires { requires std::same_as<decltype(E::product), ProductId>; }) choose(dice, e.product);
  if constexpr (requires { requires std::same_as<decltype(E::status), Status>; }) e.status = dice.below(2) == 0 ? Status::Asked : Status::Affected;
  return Event{std::move(e)};
}
using Throw = Event (*)(Dice&);
template <class... E>
std::vector<Throw> throws_of(std::type_identity<OneOf<E...>>) { return {&thrown<E>...}; }

Event next_event(Dice& dice) {
  static const auto kAll = throws_of(std::type_identity<Event>());
  static const auto kOfReaders = [] {
    std::vector<Throw> out;
    for (const auto one : kAll) {
      Dice none;
      if (may_change_standing(one(none))) out.push_back(one);
    }
    return out;
  }();
  const auto& from = dice.below(4) == 0 ? kAll : kOfReaders;
  return from[static_cast<std::size_t>(dice.below(static_cast<int>(from.size())))](dice);
}

// Most events are of the command before; an entry has several, and a command several entries.
Context next_context(Dice& dice, std::optional<RequestId>& request) {
  if (dice.below(4) == 0) {
    request.reset();
    if (dice.below(4) != 0) choose(dice, request.emplace(), 2);
  }
  Context out;
  choose(dice, out.entry, 2);
  if (dice.below(2) == 0) choose(dice, out.organisation.emplace());
  out.compartment = dice.below(2) == 0 ? access::Compartment::shared() : access::Compartment::coordination();
  out.request = request;
  return out;
}

// The rule as one would write it first.
void note_all_readers(CaseFold& fold, const Event& event) {
  if (!may_change_standing(event)) return;
  for (auto& [id, participant] : fold.participants)
    if (fold.may_read_content(id)) participant.held_content = true;
}
void note_line_by_all(std::vector<CaseFold::Line>& lines, const Event& event, const Context& context) {
  for (auto line = lines.rbegin(); line != lines.rend() && context.request && line->request == context.request; ++line)
    if (line->type == type_of(event) && line->entry != context.entry) {
      if (!line->by) line->by = context.organisation;
      return;
    }
  lines.push_back({context.recorded, context.occurred, type_of(event), context.organisation, context.compartment, context.entry, context.request});
}

std::set<OrganisationId> holders(const CaseFold& fold) {
  std::set<OrganisationId> out;
  for (const auto& [id, participant] : fold.participants)
    if (participant.held_content) out.insert(id);
  return out;
}
bool same_lines(const std::vector<CaseFold::Line>& a, const std::vector<CaseFold::Line>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return x.type == y.type && x.by == y.by && x.entry == y.entry && x.request == y.request && x.compartment == y.compartment; });
}

}  // namespace

TEST_CASE("after any events, whoever may read has held it, and lines are one as if all were looked at") {
  int readers = 0, joined = 0;
  CHECK(rc::check("as by all", [&] {
    Dice dice{*rc::gen::container<std::vector<int>>(900, rc::gen::inRange(0, 1'000'000))};
    CaseFold fold, plain;
    std::vector<CaseFold::Line> lines;
    std::optional<RequestId> request;
    std::size_t applied = 0;
    for (; dice.at < dice.numbers.size(); ++applied) {
      const auto event = next_event(dice);
      const auto context = next_context(dice, request);
      apply(fold, event, context);
      apply(plain, event, context);
      note_all_readers(plain, event);
      note_line_by_all(lines, event, context);
      RC_ASSERT(holders(fold) == holders(plain));
      RC_ASSERT(same_lines(fold.timeline, lines));
    }
    readers += static_cast<int>(holders(fold).size()), joined += static_cast<int>(applied - lines.size());
  }));
  // Else it would have shown nothing.
  CHECK(readers > 0);
  CHECK(joined > 0);
}

TEST_CASE("who has answered about one vulnerability is asked of one as of all") {
  int answered = 0, silent = 0;
  CHECK(rc::check("one as all", [&] {
    Dice dice{*rc::gen::container<std::vector<int>>(60, rc::gen::inRange(0, 1'000'000))};
    const Throw about[] = {&thrown<ProductAdded>, &thrown<StatusSet>, &thrown<RemedyStepped>};
    CaseFold fold;
    while (dice.at < dice.numbers.size()) apply(fold, about[dice.below(3)](dice), {});
    const auto all = answered_by(fold);
    for (std::uint8_t v = 1; v <= 3; ++v)               // the last is one that nobody spoke of
      for (std::uint8_t o = 1; o <= 3; ++o) {
        VulnerabilityId vulnerability;
        OrganisationId vendor;
        vulnerability.bytes[0] = v, vendor.bytes[0] = o;
        const bool has = has_answered(fold, vulnerability, vendor);
        RC_ASSERT(has == all.contains({vulnerability, vendor}));
        ++(has ? answered : silent);
      }
  }));
  CHECK(answered > 0);
  CHECK(silent > 0);
}

TEST_CASE("an event about nobody in particular makes readers of all that it lets read") {
  CaseFold fold;
  OrganisationId owner, one, other;
  owner.bytes[0] = 1, one.bytes[0] = 2, other.bytes[0] = 3;
  const auto happens = [&](Event event) { apply(fold, event, {}); };
  happens(CaseOpened{{}, "A case", owner, true});
  happens(TermsProposed{.version = 1});
  happens(TermsAccepted{1});
  for (const auto id : {one, other}) happens(ParticipantCarried{.organisation = id, .roles = {Role::Vendor}, .admission = Admission::Confirmed, .report = ReportState::Received});
  CHECK_FALSE(fold.participant(one)->held_content);     // neither signed
  happens(TermsAnswered{.version = 1, .organisation = one, .accepted = true});
  CHECK(fold.participant(one)->held_content);
  CHECK_FALSE(fold.participant(other)->held_content);
  happens(EmbargoEnded{"It is public."});
  CHECK(fold.participant(other)->held_content);
}
