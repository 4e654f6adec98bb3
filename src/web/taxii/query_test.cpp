#include "web/taxii/query.h"

#include <doctest/doctest.h>

#include "base/fine_time.h"

namespace sluice::web::taxii {

namespace {
using Pairs = std::vector<std::pair<std::string, std::string>>;
Result<Query> asked(const Pairs& pairs, const Filters& filters = kListFilters) { return read_query(pairs, filters); }
}  // namespace

TEST_CASE("without parameters the last version of everything is asked for") {
  const auto query = asked({});
  REQUIRE(query);
  CHECK(query->last_version);
  CHECK(!query->first_version);
  CHECK(!query->all_versions);
  CHECK(!query->added_after);
  CHECK(!query->limit);
  CHECK(query->canonical() == "&l");
}

TEST_CASE("all filters are read together") {
  const auto query = asked({{"added_after", "2023-05-17T06:05:04.000001Z"}, {"limit", "5"}, {"match[id]", "indicator--2,indicator--1,indicator--2"}, {"match[type]", "tool"}, {"match[spec_version]", "2.1,2.0"},
                            {"match[version]", "first,2024-08-09T10:11:12.123Z,last"}, {"match[color]", "green"}, {"nonsense", ""}});
  REQUIRE(query);
  CHECK(query->added_after == *utc_nanos("2023-05-17T06:05:04.000001Z") / 1000);
  CHECK(query->limit == 5);
  CHECK(query->ids == std::vector<std::string>{"indicator--1", "indicator--2"});
  CHECK(query->spec_versions == std::vector<int>{2000, 2001});
  CHECK(query->first_version);
  CHECK(query->last_version);
  CHECK(query->exact_versions.size() == 1);
}

TEST_CASE("Q1_a_malformed_parameter_is_refused") {
  for (const auto& [name, value] : Pairs{{"added_after", "yesterday"}, {"added_after", ""}, {"added_after", "2016-02-21"}, {"added_after", "2023-05-17T06:05:04"}, {"added_after", "2023-05-17T06:05:04+01:00"},
                                         {"added_after", "2016-02-30T05:01:01Z"}, {"added_after", "2023-05-17T06:05:04Z,2024-05-17T06:05:04Z"}, {"limit", "0"}, {"limit", "-1"}, {"limit", "abc"}, {"limit", ""}, {"limit", "1.5"},
                                         {"limit", "+1"}, {"limit", " 1"}, {"limit", "1 "}, {"limit", "0x10"}, {"next", ""}, {"match[version]", "junk"}, {"match[version]", ""}, {"match[version]", "all,first"}, {"match[version]", "first,first"},
                                         {"match[version]", "2024-08-09T10:11:12.000Z,2024-08-09T10:11:12Z"}, {"match[version]", "first, last"}, {"match[version]", "first,"}, {"match[version]", ",last"}, {"match[version]", "LAST"},
                                         {"match[version]", "2018-03-02"}, {"match[id]", ""}, {"match[id]", "junk"}, {"match[id]", "a--b, c--d"}, {"match[id]", "a--b,"}, {"match[id]", "tool--\xC3\xA4"}, {"match[type]", ""},
                                         {"match[type]", "tool,"}, {"match[type]", "to ol"}, {"match[type]", "tool;drop"}, {"match[spec_version]", ""}, {"match[spec_version]", "2"}, {"match[spec_version]", "two"},
                                         {"match[spec_version]", "2.1.0"}, {"match[spec_version]", "-2.1"}, {"match[spec_version]", "2.-1"}, {"match[spec_version]", "2."}}) {
    const auto query = asked({{name, value}});
    REQUIRE_MESSAGE(!query, (name + "=" + value));
    CHECK_MESSAGE(query.error().kind == ErrorKind::Malformed, (name + "=" + value));
    CHECK_MESSAGE(query.error().where == name, (name + "=" + value));
  }
}

TEST_CASE("Q1_a_parameter_that_stands_twice_is_refused") {
  for (const auto& [name, value] : Pairs{{"added_after", "2023-05-17T06:05:04Z"}, {"limit", "1"}, {"next", "x"}, {"match[id]", "a--b"}, {"match[type]", "tool"}, {"match[version]", "all"}, {"match[spec_version]", "2.1"}}) {
    CHECK_MESSAGE(asked({{name, value}}), name);
    CHECK_MESSAGE(!asked({{name, value}, {name, value}}), name);
  }
  CHECK(asked({{"match[color]", "a"}, {"match[color]", "b"}}));
}

TEST_CASE("times without a fraction, and with many digits, are times; a huge limit is one") {
  for (const auto* time : {"2023-05-17T06:05:04Z", "2023-05-17T06:05:04.1Z", "2023-05-17T06:05:04.123456789Z"}) {
    CHECK_MESSAGE(asked({{"added_after", time}}), time);
    CHECK_MESSAGE(asked({{"match[version]", time}}), time);
  }
  CHECK(asked({{"limit", "99999999999999999999999999"}})->limit == INT64_MAX);
}

TEST_CASE("filters of another endpoint are ignored, even malformed ones") {
  CHECK(asked({{"match[type]", ""}, {"match[id]", "junk"}}, kObjectFilters));
  CHECK(asked({{"match[version]", "junk"}}, kVersionsFilters));
  CHECK(asked({{"limit", "0"}, {"added_after", "x"}}, kDeleteFilters));
  CHECK(!asked({{"match[version]", "junk"}}, kDeleteFilters));
}

TEST_CASE("filters of ours are read or refused, and ignored where there are none") {
  CHECK(asked({{"tlp", "TLP:AMBER+STRICT,red"}})->content.labels == std::vector{Tlp::AmberStrict, Tlp::Red});
  CHECK(asked({{"tlp", "red,amber_strict,red"}})->canonical() == asked({{"tlp", "TLP:AMBER+STRICT,red"}})->canonical());
  CHECK(asked({{"sector", "Energy"}})->canonical() == asked({{"sector", "energy"}})->canonical());
  CHECK(asked({{"value", "hxxp://evil[.]example/a,b"}}));
  const std::vector<Pairs> all_bad{{{"tlp", "purple"}}, {{"tlp", ""}}, {{"confidence", "101"}}, {{"confidence", "-1"}}, {{"confidence", "1,2"}}, {{"sector", "a b"}}, {{"region", "a/b"}}, {{"value", ""}}, {{"tlp", "red"}, {"tlp", "red"}}};
  for (const auto& bad : all_bad) CHECK_MESSAGE(!asked(bad), bad.front().second);
  CHECK(asked({{"tlp", "purple"}}, kObjectFilters));
}

TEST_CASE("Q2_order_does_not_matter_and_every_filter_does") {
  CHECK(asked({{"match[type]", "b,a"}, {"match[version]", "last,first"}})->canonical() == asked({{"match[version]", "first,last"}, {"match[type]", "a,b"}})->canonical());
  CHECK(asked({{"limit", "1"}, {"next", "x"}})->canonical() == asked({})->canonical());
  const std::vector<Pairs> all{{}, {{"added_after", "2023-05-17T06:05:04Z"}}, {{"match[id]", "a--b"}}, {{"match[type]", "a"}}, {{"match[version]", "all"}}, {{"match[version]", "first"}}, {{"match[version]", "first,last"}},
                               {{"match[version]", "2023-05-17T06:05:04Z"}}, {{"match[spec_version]", "2.0"}}, {{"match[spec_version]", "2.1"}}, {{"tlp", "amber"}}, {{"sector", "energy"}}, {{"region", "energy"}}, {{"confidence", "1"}},
                               {{"value", "198.51.100.7"}}};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(asked(all[i])->canonical() != asked(all[j])->canonical());
}

}  // namespace sluice::web::taxii
