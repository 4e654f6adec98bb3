#include "service/peer_loop.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace sluice::service {

namespace {

rc::Gen<HeldCopy> any_held_copy() {
  return rc::gen::map(rc::gen::container<std::vector<bool>>(6, rc::gen::arbitrary<bool>()), [](const std::vector<bool>& is) {
    return HeldCopy{.same_content = is[0], .from_this_peer = is[1], .from_another_peer = is[2], .given_to_this_peer = is[3], .given_to_a_peer = is[4] || is[3], .in_target = is[5]};
  });
}

rc::Gen<Arriving> any_object_arriving() {
  return rc::gen::map(rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::inRange<std::size_t>(0, 40), rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>()),
                      [](const auto& drawn) { return Arriving{std::get<0>(drawn), std::get<1>(drawn), std::get<2>(drawn), std::get<3>(drawn)}; });
}

}  // namespace

TEST_CASE("what comes from a peer is told apart") {
  struct Row {
    std::string_view name;
    Arriving arriving;
    std::vector<HeldCopy> held;
    std::string_view expected;
  };
  const HeldCopy given{.same_content = true, .given_to_this_peer = true, .given_to_a_peer = true};
  const HeldCopy given_to_another{.same_content = true, .given_to_a_peer = true};
  const Row rows[] = {
      {"nothing is held", {}, {}, "new"},
      {"a member's, given to nobody", {}, {{.same_content = true}}, "new"},
      {"A to B to A", {}, {given}, "came_back"},
      {"A to B to A of an observable, whose id others make as well", {.has_random_id = false}, {given}, "came_back"},
      {"A to B to C to A through servers that drop marks", {}, {given_to_another}, "came_round"},
      {"the same of an observable: another may have made it, and must not learn who else did", {.has_random_id = false}, {given_to_another}, "new"},
      {"A to B to C to A with our mark", {.has_own_mark = true, .hops = 3}, {}, "came_round"},
      {"our mark on an observable", {.has_own_mark = true, .hops = 3, .has_random_id = false}, {given_to_another}, "came_round"},
      {"again from the same peer", {}, {{.same_content = true, .from_this_peer = true}}, "taken_before"},
      {"again from the same peer, that has read it here since", {}, {{.same_content = true, .from_this_peer = true, .given_to_this_peer = true, .given_to_a_peer = true}}, "taken_before"},
      {"a new version from the peer", {}, {{.same_content = false, .from_this_peer = true, .given_to_this_peer = true, .given_to_a_peer = true}}, "new"},
      {"by two peers into one collection", {}, {{.same_content = true, .from_another_peer = true, .in_target = true}}, "known_from_another"},
      {"by two peers into two collections, with readers of their own", {}, {{.same_content = true, .from_another_peer = true}}, "new"},
      {"one peer's, that another peer read here and gives as well: by two ways, no loop", {}, {{.same_content = true, .from_another_peer = true, .given_to_a_peer = true, .in_target = true}}, "known_from_another"},
      {"a member's object with a content that no member sent", {}, {{.same_content = false, .given_to_this_peer = true, .given_to_a_peer = true}}, "changed"},
      {"a later version of what two peers have", {}, {{.same_content = false, .from_another_peer = true, .given_to_this_peer = true, .given_to_a_peer = true}}, "new"},
      {"one that its sender here took back", {.was_called_back = true}, {}, "called_back"},
      {"an observable that somebody here took back", {.has_random_id = false, .was_called_back = true}, {}, "new"},
      {"past sixteen sites", {.hops = kMostHops}, {}, "new"},
      {"past seventeen", {.hops = kMostHops + 1}, {}, "too_far"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(to_word(arrival_of(row.arriving, row.held)) == row.expected);
  }
}

TEST_CASE("L1 what this site gave to the peer, or marked, is never new") {
  CHECK(rc::check([] {
    auto held = *rc::gen::container<std::vector<HeldCopy>>(any_held_copy());
    auto arriving = *any_object_arriving();
    if (*rc::gen::arbitrary<bool>()) arriving.has_own_mark = true;
    else held.push_back({.same_content = true, .given_to_this_peer = true, .given_to_a_peer = true});
    RC_ASSERT(arrival_of(arriving, held) != Arrival::New);
  }));
}

TEST_CASE("L2 of an observable without our mark, only what the peer was given or brought makes a difference") {
  CHECK(rc::check([] {
    auto held = *rc::gen::container<std::vector<HeldCopy>>(any_held_copy());
    const Arriving arriving{.hops = *rc::gen::inRange<std::size_t>(0, kMostHops), .has_random_id = false, .was_called_back = *rc::gen::arbitrary<bool>()};
    const auto before = arrival_of(arriving, held);
    held.push_back({.same_content = *rc::gen::arbitrary<bool>(), .given_to_a_peer = *rc::gen::arbitrary<bool>(), .in_target = *rc::gen::arbitrary<bool>()});   // of a member, hidden from the peer
    RC_ASSERT(arrival_of(arriving, held) == before);
  }));
}

TEST_CASE("L3 more copies never turn a loop into something new, and their order doesn't matter") {
  CHECK(rc::check([] {
    auto held = *rc::gen::container<std::vector<HeldCopy>>(any_held_copy());
    const auto arriving = *any_object_arriving();
    const auto before = arrival_of(arriving, held);
    auto turned = held;
    std::reverse(turned.begin(), turned.end());
    RC_ASSERT(arrival_of(arriving, turned) == before);
    held.push_back(*any_held_copy());
    if (is_loop(before)) RC_ASSERT(arrival_of(arriving, held) != Arrival::New);
  }));
}

TEST_CASE("a UUID is random by its version") {
  CHECK(has_random_uuid("indicator--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a02"));
  CHECK(has_random_uuid("indicator--0190163d-8694-739b-aea5-966c26f8ad91"));
  CHECK(!has_random_uuid("ipv4-addr--5bc2f96d-ead8-575e-ae49-08c7d2e793fa"));
  CHECK(!has_random_uuid("indicator--"));
  CHECK(!has_random_uuid(""));
}

TEST_CASE("a mark has one form") {
  CHECK(is_mark("0123456789abcdef01234567"));
  CHECK(!is_mark("0123456789ABCDEF01234567"));
  CHECK(!is_mark("0123456789abcdef0123456"));
  CHECK(!is_mark(""));
}

TEST_CASE("whatever isn't taken in has a reason in words") {
  for (const auto arrival : {Arrival::CameBack, Arrival::CameRound, Arrival::Changed, Arrival::CalledBack, Arrival::TooFar}) CHECK(!why_not_taken(arrival).empty());
  for (const auto arrival : {Arrival::New, Arrival::TakenBefore, Arrival::KnownFromAnother}) CHECK(why_not_taken(arrival).empty());
}

}  // namespace sluice::service
