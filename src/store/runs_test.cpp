#include "store/runs.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "store/db_test.h"
#include "store/migrate.h"
#include "store/read_work.h"

namespace sluice::store {

namespace {

constexpr std::int64_t kCollectionOfRuns = 7, kOtherCollectionOfRuns = 8;

// The index beside what it should hold.
struct RunsAndModel {
  explicit RunsAndModel(const DatabaseUrl& url) : db(Db::open(url).value()) { REQUIRE(migrate(db, all_migrations())); }

  void add(std::vector<RunEntry> entries, bool is_undone = false) {
    auto tx = db.begin(Mode::Write).value();
    REQUIRE(add_entries(tx, filters, kCollectionOfRuns, Part::Names, entries));
    if (is_undone) return;                        // the transaction ends without a commit
    REQUIRE(tx.commit());
    for (const auto& one : entries) model[one.key].insert(one.object);
  }
  void remove(const RunEntry& entry) {
    auto tx = db.begin(Mode::Write).value();
    REQUIRE(remove_entries(tx, filters, kCollectionOfRuns, Part::Names, {entry}));
    REQUIRE(tx.commit());
    model[entry.key].erase(entry.object);
  }
  std::vector<std::int64_t> found(std::uint64_t key, RunOrder order, std::size_t most = SIZE_MAX, std::int64_t collection = kCollectionOfRuns) {
    auto cursor = RunCursor::under(db, collection, Part::Names, key, order);
    REQUIRE(cursor);
    auto out = cursor->next(most);
    REQUIRE(out);
    return *out;
  }
  void check_all() {
    for (const auto& [key, objects] : model) {
      CHECK(found(key, RunOrder::OldestFirst) == std::vector<std::int64_t>(objects.begin(), objects.end()));
      CHECK(found(key, RunOrder::NewestFirst) == std::vector<std::int64_t>(objects.rbegin(), objects.rend()));
    }
    auto tx = db.begin(Mode::Write).value();
    const auto filter = filters.names.of(tx, kCollectionOfRuns);
    REQUIRE(filter);
    for (const auto& [key, objects] : model)
      if (!objects.empty()) CHECK((*filter)->may_hold(key));
  }
  std::int64_t number(std::string_view sql) { return db.number(Sql{"number_for_test", sql}).value().value_or(0); }

  Db db;
  RunFilters filters;
  std::map<std::uint64_t, std::set<std::int64_t>> model;
};

}  // namespace

TEST_CASE("N1_what_was_added_and_not_removed_is_found_whatever_is_being_merged") {
  on_each_engine([](const DatabaseUrl& url) {
    RunsAndModel all(url);
    std::int64_t object = 0;
    const auto any = [](std::int64_t below) { return *rc::gen::resize(100, rc::gen::inRange<std::int64_t>(0, below)); };
    CHECK(rc::check("runs hold what a map of sets holds", [&] {
      for (int step = 0; step < 6; ++step) {
        const auto what = any(10);
        if (what < 8) {
          std::vector<RunEntry> entries;
          const auto count = what == 0 ? 900 : 1 + any(40);
          // Few keys with very many objects, the least and the greatest key, and many with one.
          for (std::int64_t i = 0; i < count; ++i) {
            const auto sort = any(8);
            const auto key = sort == 0 ? std::uint64_t{0} : sort == 1 ? UINT64_MAX : sort < 5 ? static_cast<std::uint64_t>(1000 + sort) : static_cast<std::uint64_t>(any(1'000'000)) << 32;
            entries.push_back({key, sort == 7 && object > 0 ? any(object) : ++object});   // some once more
          }
          all.add(std::move(entries), any(6) == 0);
        } else if (!all.model.empty()) {
          auto key = all.model.begin();
          std::advance(key, any(static_cast<std::int64_t>(all.model.size())));
          if (!key->second.empty()) all.remove({key->first, *std::next(key->second.begin(), any(static_cast<std::int64_t>(key->second.size())))});
        }
      }
      for (const auto key : {std::uint64_t{0}, UINT64_MAX, std::uint64_t{1002}}) {
        const auto& objects = all.model[key];
        RC_ASSERT(all.found(key, RunOrder::OldestFirst) == std::vector<std::int64_t>(objects.begin(), objects.end()));
        RC_ASSERT(all.found(key, RunOrder::NewestFirst) == std::vector<std::int64_t>(objects.rbegin(), objects.rend()));
      }
      RC_ASSERT(all.found(5, RunOrder::NewestFirst).empty());
    }));
    all.check_all();
    CHECK(all.number("SELECT MAX(level) FROM index_run") >= 2);   // it was merged
  });
}

TEST_CASE("N2_what_was_removed_stands_in_no_page_also_while_a_run_is_in_the_making") {
  RunsAndModel all(DatabaseUrl::parse("sqlite::memory:").value());
  std::int64_t object = 0;
  // Until a merge is under way: large enough that one addition doesn't end it.
  for (int i = 0; i < 200 && all.number("SELECT COUNT(*) FROM index_run WHERE state = 2 AND entries > 0") == 0; ++i) {
    std::vector<RunEntry> entries;
    for (int n = 0; n < 3000; ++n) entries.push_back({static_cast<std::uint64_t>(++object) * 0x9E3779B97F4A7C15ULL, object});
    all.add(std::move(entries));
  }
  REQUIRE(all.number("SELECT COUNT(*) FROM index_run WHERE state = 2 AND entries > 0") == 1);
  const auto stands = [&all](const RunEntry& entry) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(entry.key >> shift);
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(static_cast<std::uint64_t>(entry.object) >> shift);
    auto rows = all.db.query(Sql{"pages_for_test", "SELECT body FROM index_page"}).value();
    int out = 0;
    while (rows.next().value()) {
      const auto body = rows.bytes(0);
      for (std::size_t at = 16; at + 16 <= body.size(); at += 16) out += std::equal(bytes.begin(), bytes.end(), body.begin() + static_cast<std::ptrdiff_t>(at), [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
    }
    return out;
  };
  std::vector<RunEntry> some;
  for (const auto& [key, objects] : all.model)
    if (some.size() < 40 && (some.empty() || key > some.back().key + (UINT64_MAX / 41))) some.push_back({key, *objects.begin()});
  int twice = 0;
  for (const auto& one : some) twice += stands(one) == 2;
  CHECK(twice > 0);                                               // in a run that is merged and in the one in the making
  for (const auto& one : some) all.remove(one);
  for (const auto& one : some) CHECK(stands(one) == 0);
  for (int i = 0; i < 30; ++i) all.add({{static_cast<std::uint64_t>(++object), object}});
  for (const auto& one : some) CHECK(stands(one) == 0);
  all.check_all();
}

TEST_CASE("N3_runs_are_one_collections") {
  RunsAndModel all(DatabaseUrl::parse("sqlite::memory:").value());
  all.add({{1, 10}, {2, 20}});
  CHECK(all.found(1, RunOrder::NewestFirst, 9, kOtherCollectionOfRuns).empty());
  const auto before = read_work();
  CHECK(all.found(1, RunOrder::NewestFirst, 9).size() == 1);
  const auto one = read_work() - before;
  for (int i = 0; i < 5; ++i) all.add({{3, 30 + i}});
  const auto later = read_work();
  CHECK(all.found(1, RunOrder::NewestFirst, 9).size() == 1);
  CHECK(read_work() - later == one);                              // what others added isn't counted
}

TEST_CASE("N4_an_addition_does_work_in_proportion_to_itself") {
  RunsAndModel all(DatabaseUrl::parse("sqlite::memory:").value());
  std::int64_t object = 0;
  std::uint64_t most = 0;
  for (int i = 0; i < 300; ++i) {
    std::vector<RunEntry> entries;
    for (int n = 0; n < 1000; ++n) entries.push_back({static_cast<std::uint64_t>(++object) * 0x9E3779B97F4A7C15ULL, object});
    const auto before = read_work().rows;
    all.add(std::move(entries));
    most = std::max(most, read_work().rows - before);
  }
  CHECK(most < 700);                                              // pages and rows of runs; 300,000 entries are 1,210 pages
  CHECK(all.number("SELECT COUNT(*) FROM index_run") < 60);
  CHECK(all.number("SELECT SUM(entries) FROM index_run WHERE state < 2") == 300'000);
}

TEST_CASE("a few of very many are read without the rest") {
  RunsAndModel all(DatabaseUrl::parse("sqlite::memory:").value());
  for (std::int64_t from = 0; from < 20'000; from += 1000) {
    std::vector<RunEntry> entries;
    for (std::int64_t n = 1; n <= 1000; ++n) entries.push_back({42, from + n});
    all.add(std::move(entries));
  }
  CHECK(all.found(42, RunOrder::NewestFirst, 3) == std::vector<std::int64_t>{20'000, 19'999, 19'998});
  CHECK(all.found(42, RunOrder::OldestFirst, 3) == std::vector<std::int64_t>{1, 2, 3});
  CHECK(all.found(42, RunOrder::NewestFirst).size() == 20'000);
  CHECK(all.found(41, RunOrder::OldestFirst).empty());
  CHECK(all.found(43, RunOrder::NewestFirst).empty());
}

// ---- run_filters.h

TEST_CASE("K1_a_filter_never_denies_what_was_added_and_seldom_takes_anything_else_for_held") {
  KeyFilter filter;
  const auto key = [](std::uint64_t n) {
    n = (n ^ (n >> 30)) * 0xBF58476D1CE4E5B9ULL;
    n = (n ^ (n >> 27)) * 0x94D049BB133111EBULL;
    return n ^ (n >> 31);
  };
  for (std::uint64_t n = 1; n <= 100'000; ++n) filter.add(key(n));
  int denied = 0, wrong = 0;
  for (std::uint64_t n = 1; n <= 100'000; ++n) denied += !filter.may_hold(key(n));
  for (std::uint64_t n = 200'001; n <= 300'000; ++n) wrong += filter.may_hold(key(n));
  CHECK(denied == 0);
  CHECK(wrong < 3'000);
  CHECK(KeyFilter().may_hold(1) == false);
}

TEST_CASE("K2_a_run_that_was_undone_and_another_with_its_number_are_told_apart") {
  RunsAndModel all(DatabaseUrl::parse("sqlite::memory:").value());
  all.add({{1, 1}});
  all.check_all();                                                // the filter has taken it in
  all.add({{2, 2}}, true);
  RunFilters another_node;
  {
    auto tx = all.db.begin(Mode::Write).value();
    REQUIRE(add_entries(tx, another_node, kCollectionOfRuns, Part::Names, {{3, 3}}));   // under the number that the undone one had
    REQUIRE(tx.commit());
    all.model[3].insert(3);
  }
  all.check_all();
}

TEST_CASE("N2_many_go_at_once_and_none_beside_them") {
  RunsAndModel all(DatabaseUrl::parse("sqlite::memory:").value());
  std::int64_t object = 0;
  for (int i = 0; i < 9; ++i) {
    std::vector<RunEntry> entries;
    for (int n = 0; n < 700; ++n) ++object, entries.push_back({static_cast<std::uint64_t>(object % 900), object});
    all.add(std::move(entries));
  }
  for (const auto step : {1, 2, 7, 400}) {                        // whole pages, every second one, few
    std::vector<RunEntry> gone;
    int n = 0;
    for (auto& [key, objects] : all.model)
      for (auto at = objects.begin(); at != objects.end();) {
        const bool goes = step == 1 ? key < 300 : ++n % step == 0;
        if (goes) gone.push_back({key, *at});
        at = goes ? objects.erase(at) : std::next(at);
      }
    gone.push_back({7, 1'000'000});                               // and some that never were, and one twice
    gone.push_back({100'000, 5});
    gone.push_back(gone.front());
    auto tx = all.db.begin(Mode::Write).value();
    REQUIRE(remove_entries(tx, all.filters, kCollectionOfRuns, Part::Names, gone));
    REQUIRE(tx.commit());
    all.check_all();
  }
  CHECK(all.number("SELECT COUNT(*) FROM index_page WHERE LENGTH(body) <= 16") == 0);
}

TEST_CASE("K1_what_was_taken_out_and_that_undone_is_not_denied") {
  RunsAndModel all(DatabaseUrl::parse("sqlite::memory:").value());
  all.add({{1, 10}, {2, 20}});
  RunFilters started_anew;
  {
    auto tx = all.db.begin(Mode::Write).value();
    REQUIRE(remove_entries(tx, started_anew, kCollectionOfRuns, Part::Names, {{1, 10}}));
    REQUIRE(started_anew.names.of(tx, kCollectionOfRuns));        // takes in the run as this transaction has it, which is never committed
  }
  auto tx = all.db.begin(Mode::Write).value();
  CHECK(started_anew.names.of(tx, kCollectionOfRuns).value()->may_hold(1));
  CHECK(started_anew.names.of(tx, kCollectionOfRuns).value()->may_hold(2));
}

TEST_CASE("K1_a_question_that_a_filter_saves_is_answered_as_without_it_by_each_node") {
  const auto url = DatabaseUrl::parse("sqlite::memory:").value();
  RunsAndModel all(url);
  RunFilters another_node;
  std::int64_t object = 0;
  const auto add = [&](RunFilters& node, std::vector<RunEntry> entries, bool is_undone = false) {
    auto tx = all.db.begin(Mode::Write).value();
    REQUIRE(add_entries(tx, node, kCollectionOfRuns, Part::Ties, entries));
    if (is_undone) return;
    REQUIRE(tx.commit());
    for (const auto& one : entries) all.model[one.key].insert(one.object);
  };
  const auto key = [](std::int64_t n) { return static_cast<std::uint64_t>(n) * 0x9E3779B97F4A7C15ULL; };
  auto reading = Db::open(url, Access::ReadOnly).value();
  for (int turn = 0; turn < 60; ++turn) {
    std::vector<RunEntry> entries;
    for (int i = 0; i < 400; ++i) ++object, entries.push_back({key(object), object});
    add(turn % 3 == 0 ? another_node : all.filters, std::move(entries), turn % 7 == 0);
    for (auto* node : {&all.filters, &another_node})
      for (std::int64_t n = std::max<std::int64_t>(1, object - 900); n <= object; n += 13) {
        auto cursor = RunCursor::under(reading, kCollectionOfRuns, Part::Ties, key(n), RunOrder::NewestFirst, &node->ties);
        REQUIRE(cursor);
        CHECK(cursor->next(9).value() == std::vector<std::int64_t>(all.model[key(n)].begin(), all.model[key(n)].end()));
      }
  }
  CHECK(all.number("SELECT MAX(level) FROM index_run WHERE part = 1") >= 3);
}

TEST_CASE("N1_who_reads_on_while_runs_are_merged_away_meets_each_once") {
  for (const auto order : {RunOrder::NewestFirst, RunOrder::OldestFirst}) {
    const auto url = DatabaseUrl::parse("sqlite::memory:").value();
    RunsAndModel all(url);
    auto reading = Db::open(url, Access::ReadOnly).value();       // in no transaction
    std::int64_t object = 0;
    const auto add = [&](std::uint64_t key) {
      std::vector<RunEntry> entries;
      for (int i = 0; i < 1500; ++i) entries.push_back({key, ++object});
      all.add(std::move(entries));
    };
    for (int i = 0; i < 6; ++i) add(42);
    const auto before = object;
    auto cursor = RunCursor::under(reading, kCollectionOfRuns, Part::Names, 42, order);
    REQUIRE(cursor);
    std::vector<std::int64_t> met;
    for (int i = 0; i < 10; ++i) {
      auto some = cursor->next(700).value();
      met.insert(met.end(), some.begin(), some.end());
      for (int n = 0; n < 4; ++n) add(43);
    }
    auto rest = cursor->next(SIZE_MAX).value();
    met.insert(met.end(), rest.begin(), rest.end());
    std::vector<std::int64_t> expected;
    for (std::int64_t n = 1; n <= before; ++n) expected.push_back(n);
    if (order == RunOrder::NewestFirst) std::reverse(expected.begin(), expected.end());
    CHECK(met == expected);
  }
}

}  // namespace sluice::store
