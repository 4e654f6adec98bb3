#include "store/lines.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace sluice::store {

namespace {
constexpr std::int64_t kAll = 1, kMembers = 2, kMine = 11, kTheirs = 12;
using Met = std::vector<std::int64_t>;
using Held = std::vector<HeldLine>;
}  // namespace

TEST_CASE("an id that nobody sent yet, and one's own, go where they are sent") {
  CHECK(place_of_version({}, kAll, kMine, Met{kAll}) == Place::There);
  CHECK(place_of_version(Held{{kAll, kMine, 1}}, kAll, kMine, Met{kAll}) == Place::There);
  CHECK(place_of_version(Held{{kMembers, kMine, 1}}, kAll, kMine, Met{kAll}) == Place::There);
  CHECK(place_of_version(Held{{kAll, kLineOfAll, 1}}, kAll, kLineOfAll, Met{}) == Place::There);
}

TEST_CASE("B1_another_ones_id_is_refused_where_the_sender_meets_it") {
  CHECK(place_of_version(Held{{kAll, kTheirs, 1}}, kAll, kMine, Met{kAll}) == Place::Refused);
  CHECK(place_of_version(Held{{kAll, kTheirs, 1}}, kMembers, kMine, Met{kAll, kMembers}) == Place::Refused);   // or members would have two
  CHECK(place_of_version(Held{{kMembers, kMine, 1}, {kAll, kTheirs, 2}}, kAll, kMine, Met{kAll, kMembers}) == Place::Refused);
}

TEST_CASE("B2_a_hidden_line_is_answered_like_none") {
  CHECK(place_of_version(Held{{kMembers, kTheirs, 1}}, kAll, kMine, Met{kAll}) == Place::There);
  CHECK(place_of_version(Held{{kMembers, kTheirs, 1}}, kMembers, kMine, Met{kAll}) == Place::Apart);
  CHECK(place_of_version(Held{{kAll, kTheirs, 1}}, kAll, kMine, Met{}) == Place::Apart);                         // a drop box
}

TEST_CASE("who came first to its own readers goes on there, though another came later elsewhere") {
  CHECK(place_of_version(Held{{kMembers, kMine, 1}, {kAll, kTheirs, 2}}, kMembers, kMine, Met{kAll, kMembers}) == Place::There);
  CHECK(place_of_version(Held{{kAll, kTheirs, 1}, {kMembers, kMine, 2}}, kMembers, kMine, Met{kAll}) == Place::Refused);
}

// Senders of any sight send one id to any audience, in any order.
TEST_CASE("B1_and_B2_hold_whatever_is_sent") {
  CHECK(rc::check([] {
    Held held;
    std::map<std::int64_t, std::set<std::int64_t>> lines;                       // of each audience
    const int n = *rc::gen::inRange(1, 20);
    for (int i = 0; i < n; ++i) {
      const auto line = *rc::gen::inRange<std::int64_t>(1, 4), audience = *rc::gen::inRange<std::int64_t>(1, 4);
      Met met;
      for (std::int64_t one = 1; one < 4; ++one)
        if (*rc::gen::arbitrary<bool>()) met.push_back(one);
      const auto place = place_of_version(held, audience, line, met);
      Held known;
      for (const auto& one : held)
        if (one.line == line || std::binary_search(met.begin(), met.end(), one.audience)) known.push_back(one);
      const auto alone = place_of_version(known, audience, line, met);
      RC_ASSERT((place == Place::Refused) == (alone == Place::Refused));        // B2
      RC_ASSERT(alone != Place::Apart);                                         // what it knows of is refused, never put aside
      if (place != Place::There) continue;
      if (std::none_of(held.begin(), held.end(), [&](const HeldLine& one) { return one.audience == audience; })) held.push_back({audience, line, i + 1});
      lines[audience].insert(line);
      RC_ASSERT(lines[audience].size() == 1);                                   // B1
    }
  }));
}

}  // namespace sluice::store
