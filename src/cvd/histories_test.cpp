#include "cvd/histories.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "base/bind.h"
#include "cvd/model.h"

using namespace sluice;
using namespace sluice::cvd;

namespace {
// As computed apart from this code and as published for the model: history, its share in the random walk, wishes it satisfies.
struct Expected { const char* text; Rational frequency; int satisfied; };
const Expected kExpected[] = {
    {"AXPVFD", {1, 12}, 0}, {"APVXFD", {1, 24}, 2}, {"AVXPFD", {1, 36}, 2}, {"APVFXD", {1, 48}, 3}, {"AVPXFD", {1, 72}, 3},
    {"VAXPFD", {1, 48}, 3}, {"XPVAFD", {1, 8}, 3}, {"APVFDX", {1, 48}, 4}, {"AVFXPD", {1, 108}, 4}, {"AVPFXD", {1, 144}, 4},
    {"PVAXFD", {1, 24}, 4}, {"VAPXFD", {1, 96}, 4}, {"XPVFAD", {1, 16}, 4}, {"AVFPXD", {1, 216}, 5}, {"AVPFDX", {1, 144}, 5},
    {"PVAFXD", {1, 48}, 5}, {"PVXAFD", {1, 24}, 5}, {"VAFXPD", {1, 144}, 5}, {"VAPFXD", {1, 192}, 5}, {"VPAXFD", {1, 96}, 5},
    {"VXPAFD", {1, 32}, 5}, {"XPVFDA", {1, 16}, 5}, {"AVFDXP", {1, 216}, 6}, {"AVFPDX", {1, 216}, 6}, {"PVAFDX", {1, 48}, 6},
    {"PVFAXD", {1, 72}, 6}, {"PVXFAD", {1, 48}, 6}, {"VAFPXD", {1, 288}, 6}, {"VAPFDX", {1, 192}, 6}, {"VFAXPD", {1, 192}, 6},
    {"VPAFXD", {1, 192}, 6}, {"VPXAFD", {1, 96}, 6}, {"VXPFAD", {1, 64}, 6}, {"AVFDPX", {1, 216}, 7}, {"PVFADX", {1, 72}, 7},
    {"PVFXAD", {1, 72}, 7}, {"PVXFDA", {1, 48}, 7}, {"VAFDXP", {1, 288}, 7}, {"VAFPDX", {1, 288}, 7}, {"VFAPXD", {1, 384}, 7},
    {"VPAFDX", {1, 192}, 7}, {"VPFAXD", {1, 288}, 7}, {"VPXFAD", {1, 192}, 7}, {"VXPFDA", {1, 64}, 7}, {"PVFDAX", {1, 72}, 8},
    {"PVFXDA", {1, 72}, 8}, {"VAFDPX", {1, 288}, 8}, {"VFADXP", {1, 384}, 8}, {"VFAPDX", {1, 384}, 8}, {"VFPAXD", {1, 384}, 8},
    {"VFXPAD", {1, 128}, 8}, {"VPFADX", {1, 288}, 8}, {"VPFXAD", {1, 288}, 8}, {"VPXFDA", {1, 192}, 8}, {"PVFDXA", {1, 72}, 9},
    {"VFADPX", {1, 384}, 9}, {"VFDAXP", {1, 384}, 9}, {"VFPADX", {1, 384}, 9}, {"VFPXAD", {1, 384}, 9}, {"VFXPDA", {1, 128}, 9},
    {"VPFDAX", {1, 288}, 9}, {"VPFXDA", {1, 288}, 9}, {"VFDAPX", {1, 384}, 10}, {"VFPDAX", {1, 384}, 10}, {"VFPXDA", {1, 384}, 10},
    {"VPFDXA", {1, 288}, 10}, {"VFDPAX", {1, 384}, 11}, {"VFDXPA", {1, 192}, 11}, {"VFPDXA", {1, 384}, 11}, {"VFDPXA", {1, 384}, 12},
};

struct Visit { const char* state; Rational probability; };
const Visit kVisits[] = {
    {"vfdpxa", {1, 1}}, {"vfdPxa", {1, 4}}, {"vfdpXa", {1, 4}}, {"vfdpxA", {1, 4}},
    {"vfdPXa", {1, 4}}, {"vfdPxA", {1, 12}}, {"vfdpXA", {1, 12}}, {"vfdPXA", {1, 12}},
    {"Vfdpxa", {1, 4}}, {"VfdPxa", {5, 16}}, {"VfdpXa", {1, 16}}, {"VfdpxA", {7, 48}},
    {"VfdPXa", {5, 12}}, {"VfdPxA", {17, 72}}, {"VfdpXA", {7, 144}}, {"VfdPXA", {11, 24}},
    {"VFdpxa", {1, 16}}, {"VFdPxa", {23, 192}}, {"VFdpXa", {1, 64}}, {"VFdpxA", {37, 576}},
    {"VFdPXa", {19, 72}}, {"VFdPxA", {155, 864}}, {"VFdpXA", {37, 1728}}, {"VFdPXA", {101, 144}},
    {"VFDpxa", {1, 64}}, {"VFDPxa", {13, 288}}, {"VFDpXa", {1, 192}}, {"VFDpxA", {23, 864}},
    {"VFDPXa", {23, 144}}, {"VFDPxA", {217, 1728}}, {"VFDpXA", {23, 1728}}, {"VFDPXA", {1, 1}},
};

// Row before column, in the order V F D P X A.
const Precedence kMatrix[6][6] = {
    {{{0, 1}, 0}, {{1, 1}, 70}, {{1, 1}, 70}, {{1, 3}, 51}, {{2, 3}, 66}, {{3, 4}, 57}},  // V
    {{{0, 1}, 0}, {{0, 1}, 0}, {{1, 1}, 70}, {{1, 9}, 28}, {{1, 3}, 50}, {{3, 8}, 38}},  // F
    {{{0, 1}, 0}, {{0, 1}, 0}, {{0, 1}, 0}, {{1, 27}, 11}, {{1, 6}, 28}, {{3, 16}, 19}},  // D
    {{{2, 3}, 19}, {{8, 9}, 42}, {{26, 27}, 59}, {{0, 1}, 0}, {{1, 2}, 51}, {{2, 3}, 41}},  // P
    {{{1, 3}, 4}, {{2, 3}, 20}, {{5, 6}, 42}, {{1, 2}, 19}, {{0, 1}, 0}, {{1, 2}, 25}},  // X
    {{{1, 4}, 13}, {{5, 8}, 32}, {{13, 16}, 51}, {{1, 3}, 29}, {{1, 2}, 45}, {{0, 1}, 0}},  // A
};

std::vector<Letter> letters_of(std::string_view text) {
  std::vector<Letter> out;
  for (const char c : text) out.push_back(kLetters[std::string_view("VFDPXA").find(c)]);
  return out;
}
}  // namespace

TEST_CASE("the model is as large as the protocol says") {
  const auto counts = model_counts();
  CHECK(counts.states == 32);
  CHECK(counts.transitions == 58);
  CHECK(counts.histories == 70);
  CHECK(to_json(counts) == json::value{{"states", 32}, {"transitions", 58}, {"histories", 70}});  // what scripts read
}

TEST_CASE("the 70 histories with their frequency and the wishes they satisfy") {
  REQUIRE(histories().size() == std::size(kExpected));
  std::map<std::string, History> found;
  for (const auto& history : histories()) found[history.text()] = history;
  Rational sum;
  for (const auto& row : kExpected) {
    CAPTURE(row.text);
    REQUIRE(found.contains(row.text));
    CHECK(found[row.text].frequency == row.frequency);
    CHECK(found[row.text].satisfied == row.satisfied);
    sum = sum + row.frequency;
  }
  CHECK(sum == Rational{1, 1});
}

TEST_CASE("the three ordering rules on whole sequences accept the same histories as the steps") {
  auto order = std::vector(kLetters.begin(), kLetters.end());
  int accepted = 0, fix_path_only = 0;
  do {
    const auto at = [&](Letter letter) { return std::ranges::find(order, letter) - order.begin(); };
    using enum Letter;
    const bool fix_path = at(V) < at(F) && at(F) < at(D);
    fix_path_only += fix_path;
    const bool exploit_public = at(P) < at(X) || at(P) == at(X) + 1;
    const bool vendor_hears = at(V) < at(P) || at(V) == at(P) + 1;
    if (!(fix_path && exploit_public && vendor_hears)) continue;
    ++accepted;
    Letters state;
    for (const auto letter : order) {
      REQUIRE(may_happen(state, letter));
      state = state.with(letter);
    }
  } while (std::ranges::next_permutation(order).found);
  CHECK(fix_path_only == 120);
  CHECK(accepted == 70);
}

TEST_CASE("first comes the vendor in 42 histories, attacks in 13, the public in 12, an exploit in 3") {
  std::map<Letter, int> first;
  for (const auto& history : histories()) ++first[history.events[0]];
  CHECK(first == std::map<Letter, int>{{Letter::V, 42}, {Letter::P, 12}, {Letter::X, 3}, {Letter::A, 13}});
}

TEST_CASE("the random walk passes through each state with this probability") {
  for (const auto& row : kVisits) {
    CAPTURE(row.state);
    CHECK(visited(*Letters::parse(row.state)) == row.probability);
  }
}

TEST_CASE("what comes before what, by luck and by count") {
  for (const auto row : kLetters)
    for (const auto column : kLetters) {
      const auto expected = kMatrix[static_cast<int>(row)][static_cast<int>(column)];
      const auto found = precedence(row, column);
      CAPTURE(character(row));
      CAPTURE(character(column));
      CHECK(found.frequency == expected.frequency);
      CHECK(found.histories == expected.histories);
      if (row != column) CHECK(found.frequency + precedence(column, row).frequency == Rational{1, 1});
    }
}

TEST_CASE("the twelve wishes, rarest first") {
  const struct { const char* name; Rational luck; } rows[] = {
      {"D<P", {1, 27}}, {"F<P", {1, 9}}, {"D<X", {1, 6}}, {"D<A", {3, 16}}, {"F<X", {1, 3}}, {"V<P", {1, 3}},
      {"F<A", {3, 8}},  {"P<X", {1, 2}}, {"X<A", {1, 2}}, {"V<X", {2, 3}},  {"P<A", {2, 3}}, {"V<A", {3, 4}},
  };
  REQUIRE(std::size(rows) == kDesiderata.size());
  for (std::size_t i = 0; i < kDesiderata.size(); ++i) {
    CHECK(name(kDesiderata[i]) == rows[i].name);
    CHECK(precedence(kDesiderata[i].first, kDesiderata[i].then).frequency == rows[i].luck);
    if (i > 0) CHECK(rows[i - 1].luck.value() <= rows[i].luck.value());
  }
}

TEST_CASE("how many wishes histories satisfy") {
  CHECK(satisfied_distribution() == std::array{1, 0, 2, 4, 6, 9, 11, 11, 10, 8, 4, 3, 1});
  Rational mean, none, all;
  for (const auto& history : histories()) {
    mean = mean + history.frequency * Rational{history.satisfied, 1};
    if (history.satisfied == 0) none = none + history.frequency;
    if (history.satisfied == 12) all = all + history.frequency;
  }
  CHECK(none == Rational{1, 12});
  CHECK(all == Rational{1, 384});
  CHECK(mean == Rational{1999, 432});
}

TEST_CASE("a case under way leaves wishes open until one of their letters happens") {
  const Desideratum fix_before_public{Letter::F, Letter::P, ""};
  CHECK(fulfilment(fix_before_public, letters_of("")) == Fulfilment::Unknown);
  CHECK(fulfilment(fix_before_public, letters_of("VA")) == Fulfilment::Unknown);
  CHECK(fulfilment(fix_before_public, letters_of("VF")) == Fulfilment::Satisfied);
  CHECK(fulfilment(fix_before_public, letters_of("VP")) == Fulfilment::Violated);
  CHECK(fulfilment(fix_before_public, letters_of("VPF")) == Fulfilment::Violated);
}

TEST_CASE("skill is what luck doesn't explain") {
  const auto luck = [](Letter first, Letter then) { return precedence(first, then).frequency; };
  using enum Letter;
  CHECK(skill_of_rate(0.95, luck(D, A)) == doctest::Approx(0.9385).epsilon(1e-4));
  CHECK(skill_of_rate(0.844, luck(D, X)) == doctest::Approx(0.8128).epsilon(1e-4));
  CHECK(skill(2610, 2694, luck(F, P))->alpha == doctest::Approx(0.9649).epsilon(1e-4));
  CHECK(skill(2655, 2694, luck(F, A))->alpha == doctest::Approx(0.9768).epsilon(1e-4));
  CHECK(skill_of_rate(0.70, luck(V, A)) == doctest::Approx(-0.2));
  CHECK(skill_of_rate(luck(F, P).value(), luck(F, P)) == doctest::Approx(0));
}

TEST_CASE("skill comes with an interval, also where all or none succeeded") {
  const Rational luck{1, 3};
  CHECK_FALSE(skill(0, 0, luck));
  CHECK_FALSE(skill(3, 2, luck));
  CHECK_FALSE(skill(1, 2, {1, 1}));
  const auto all = *skill(10, 10, luck), none = *skill(0, 10, luck), half = *skill(5, 10, luck);
  CHECK(all.alpha == doctest::Approx(1));
  CHECK(all.high == doctest::Approx(1));
  CHECK(all.low < 1);
  CHECK(none.alpha == doctest::Approx(-0.5));
  CHECK(none.low == doctest::Approx(-0.5));
  CHECK(none.high > -0.5);
  CHECK(half.low < half.alpha);
  CHECK(half.alpha < half.high);
  // Beta(5, 5): 0.2120 and 0.7880
  CHECK(half.low == doctest::Approx(skill_of_rate(0.2120, luck)).epsilon(1e-3));
  CHECK(half.high == doctest::Approx(skill_of_rate(0.7880, luck)).epsilon(1e-3));
}

TEST_CASE("the median of no value is no value") {
  CHECK_FALSE(median({}));
  CHECK(median({0.4, -0.2, 0.9}) == doctest::Approx(0.4));
  CHECK(median({0.4, 0.6}) == doctest::Approx(0.5));
}

TEST_CASE("a history is a zero-day by what came too early") {
  const auto classes = [](std::string_view text) {
    std::string out;
    for (const auto kind : zero_day_classes(letters_of(text))) out += (out.empty() ? "" : " ") + to_word(kind);
    return out;
  };
  CHECK(classes("VFDPXA") == "");
  CHECK(classes("PVXFDA") == "vulnerability2 vulnerability3 exploit2");
  CHECK(classes("AXPVFD") == "vulnerability2 vulnerability3 exploit1 exploit2 exploit3 attack1 attack2 attack3");
}
