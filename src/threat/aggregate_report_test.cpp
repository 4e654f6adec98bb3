#include "threat/aggregate_report.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace sluice;
using namespace sluice::threat;

namespace {

const Instant kMarch = *parse_instant("2022-03-01T00:00:00Z"), kApril = *parse_instant("2022-04-01T00:00:00Z");
constexpr Duration kAnHour = std::chrono::hours(1);

ReportWanted wanted_by(std::vector<Breakdown> by) {
  ReportWanted out;
  out.title = "March";
  out.period = {kMarch, kApril};
  out.by = std::move(by);
  return out;
}

// `count` objects of one sector and region, of `senders` organisations in turn.
void add_rows(std::vector<ReportRow>& rows, std::string_view name, int count, int senders, std::string sector, std::string region, Instant at = kMarch, std::vector<std::string> techniques = {}) {
  for (int i = 0; i < count; ++i)
    rows.push_back({.id = "indicator--" + std::string(name) + std::to_string(i), .at = at + kAnHour * i, .kind = "indicator", .collection = "all", .sectors = sector.empty() ? std::vector<std::string>{} : std::vector{sector},
                    .regions = region.empty() ? std::vector<std::string>{} : std::vector{region}, .techniques = techniques, .malware = {}, .sender = i % senders});
}

const ReportTable& table_by(const AggregateReport& report, Breakdown by) {
  const auto found = std::find_if(report.tables.begin(), report.tables.end(), [by](const ReportTable& one) { return one.by == by; });
  REQUIRE(found != report.tables.end());
  return *found;
}
const ReportLine* line_at(const ReportTable& table, std::string_view code) {
  const auto found = std::find_if(table.lines.begin(), table.lines.end(), [code](const ReportLine& one) { return one.code == code; });
  return found == table.lines.end() ? nullptr : &*found;
}
std::string bytes_of_report(const AggregateReport& report) { return canonical(to_json(report)); }

std::vector<ReportRow> drawn_rows(Instant from) {
  std::vector<ReportRow> rows;
  const auto count = *rc::gen::inRange(0, 80);
  for (int i = 0; i < count; ++i) {
    ReportRow row{.id = "malware--" + std::to_string(*rc::gen::inRange(0, 60)), .at = from + kAnHour * *rc::gen::inRange(-3, 900), .kind = *rc::gen::element<std::string>("malware", "indicator"), .collection = "c", .sectors = {}, .regions = {}, .techniques = {}, .malware = {}, .sender = *rc::gen::inRange(0, 6)};
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n) row.sectors.push_back(*rc::gen::element<std::string>("energy", "water", "legal", "what they said"));
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n) row.regions.push_back(*rc::gen::element<std::string>("western-europe", "africa", "eastern-asia"));
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n) row.techniques.push_back(*rc::gen::element<std::string>("T1190", "T1059", "T1566.001"));
    for (int n = *rc::gen::inRange(0, 2); n > 0; --n) row.malware.push_back(*rc::gen::element<std::string>("Emotet", "emotet", "QakBot"));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

TEST_CASE("counts, shares and the trend follow from the rows") {
  std::vector<ReportRow> rows;
  add_rows(rows, "a", 60, 5, "energy", "western-europe", kMarch, {"T1190"});
  add_rows(rows, "b", 20, 5, "water", "northern-europe");
  add_rows(rows, "before", 40, 5, "energy", "western-europe", kMarch - kAnHour * 24 * 20);
  const auto report = make_report(wanted_by({Breakdown::Technique, Breakdown::Sector, Breakdown::Region, Breakdown::Kind}), rows, rows, {});
  CHECK_FALSE(report.is_withheld);
  CHECK(report.before == ReportPeriod{kMarch - (kApril - kMarch), kMarch});
  CHECK(report.objects == ReportFigure{80, 1000, 40, 40, 1000});
  CHECK(report.senders == 5);
  REQUIRE(report.tables.size() == 4);
  CHECK(report.tables[0].by == Breakdown::Kind);
  const auto* energy = line_at(table_by(report, Breakdown::Sector), "energy");
  REQUIRE(energy);
  CHECK(energy->label == "Energy");
  CHECK(energy->figure == ReportFigure{60, 750, 40, 20, 500});
  const auto* water = line_at(table_by(report, Breakdown::Sector), "water");
  REQUIRE(water);
  CHECK(water->figure == ReportFigure{20, 250, {}, {}, {}});   // nothing is said of what was none or too few
  CHECK(line_at(table_by(report, Breakdown::Region), "western-europe")->label == "Western Europe");
  CHECK(line_at(table_by(report, Breakdown::Technique), "T1190")->figure.now == 60);
  CHECK(line_at(table_by(report, Breakdown::Technique), "")->figure.now == 20);
  REQUIRE(report.grid);
  CHECK(report.grid->cells.size() == 2);
  CHECK(report.coverage.rules.empty());
}

TEST_CASE("A2_a_line_of_few_objects_or_of_few_senders_is_left_out_and_another_with_it") {
  std::vector<ReportRow> rows;
  add_rows(rows, "a", 60, 5, "energy", "");
  add_rows(rows, "b", 20, 5, "water", "");
  add_rows(rows, "c", 4, 4, "nuclear", "");
  auto report = make_report(wanted_by({Breakdown::Sector}), rows, {}, {});
  const auto& few = table_by(report, Breakdown::Sector);
  CHECK(few.lines.size() == 1);
  CHECK_FALSE(few.is_complete);
  CHECK(line_at(few, "energy"));
  std::vector<ReportRow> one_sender;
  add_rows(one_sender, "a", 60, 5, "energy", "");
  add_rows(one_sender, "b", 30, 5, "water", "");
  add_rows(one_sender, "d", 40, 1, "legal", "");
  report = make_report(wanted_by({Breakdown::Sector}), one_sender, {}, {});
  CHECK_FALSE(line_at(table_by(report, Breakdown::Sector), "legal"));
  CHECK(table_by(report, Breakdown::Sector).lines.size() == 1);
}

TEST_CASE("A2 A3 what came from somebody who may be any of the others adds no sender, and may be all of one's own") {
  std::vector<ReportRow> rows;
  add_rows(rows, "a", 60, 5, "energy", "");
  add_rows(rows, "b", 30, 5, "water", "");
  add_rows(rows, "c", 30, 5, "legal", "");
  const auto from_some = [&](std::string_view name, int count, std::string sector) {
    const auto before = rows.size();
    add_rows(rows, name, count, 1, std::move(sector), "");
    for (auto i = before; i < rows.size(); ++i) rows[i].sender = kSomeSender;
  };
  from_some("d", 10, "water");
  auto report = make_report(wanted_by({Breakdown::Sector}), rows, {}, {});
  CHECK(report.objects.now == 130);
  CHECK(report.senders == 5);
  CHECK(line_at(table_by(report, Breakdown::Sector), "water")->figure.now == 40);
  CHECK(table_by(report, Breakdown::Sector).is_complete);
  // Two by name and one that may be either of them are two.
  std::vector<ReportRow> two;
  add_rows(two, "a", 60, 2, "energy", "");
  std::swap(rows, two);
  from_some("b", 30, "energy");
  CHECK(make_report(wanted_by({Breakdown::Sector}), rows, {}, {}).is_withheld);
  rows.front().sender = 2;
  CHECK_FALSE(make_report(wanted_by({Breakdown::Sector}), rows, {}, {}).is_withheld);
}

TEST_CASE("reports of periods that follow each other with the same questions can't be subtracted; others that share a moment can") {
  const auto day = [](int n) { return Instant{n * 86'400'000'000}; };
  const auto of = [&](int before, int from, int until, std::vector<std::string> sectors = {}) {
    ReportWanted out;
    out.before = ReportPeriod{day(before), day(from)}, out.period = {day(from), day(until)}, out.sectors = std::move(sectors), out.by = {Breakdown::Kind, Breakdown::Sector};
    return out;
  };
  const auto changed = [&](auto change) {
    auto out = of(10, 20, 30);
    change(out);
    return out;
  };
  const struct { const char* what; ReportWanted other; bool can; CountedFrom from = CountedFrom::Same; } table[] = {
      {"the same again", of(10, 20, 30), false},                 // as a version that corrects it
      {"the next one", of(20, 30, 40), false},                   // compared with this one
      {"the one before", of(0, 10, 20), false},
      {"a day later", of(11, 21, 31), true},
      {"a part of it", of(20, 25, 30), true},                    // what it is compared with is the other part
      {"all of it", of(0, 10, 40), true},
      {"the same with a filter", of(10, 20, 30, {"energy"}), true},
      {"the next one with a filter", of(20, 30, 40, {"energy"}), true},   // its period before is this one
      {"far away", of(50, 60, 70), false},
      {"under another title", changed([](ReportWanted& w) { w.title = "Corrected"; }), false},
      {"in another order", changed([](ReportWanted& w) { std::swap(w.by[0], w.by[1]); }), false},
      {"by one table less", changed([](ReportWanted& w) { w.by.pop_back(); }), true},   // what was left out for that table's sake is there now
      {"by another table", changed([](ReportWanted& w) { w.by[1] = Breakdown::Region; }), true},
      {"with wide regions", changed([](ReportWanted& w) { w.wide_regions = true; }), true},
      {"of fewer objects", changed([](ReportWanted& w) { w.least_objects = 3; }), true},
      {"of fewer senders", changed([](ReportWanted& w) { w.least_senders = 2; }), true},
      {"the period before as long as nobody named it", changed([](ReportWanted& w) { w.before.reset(); }), false},
      {"of other collections or for another audience", of(10, 20, 30), true, CountedFrom::Other},
      {"far away, of other collections", of(50, 60, 70), false, CountedFrom::Other},
  };
  const auto one = of(10, 20, 30);
  for (const auto& row : table) {
    CAPTURE(row.what);
    CHECK(can_be_subtracted(one, row.other, row.from) == row.can);
    CHECK(can_be_subtracted(row.other, one, row.from) == row.can);
  }
}

TEST_CASE("A2 of a large line that few senders hide behind a fifth stays open, not a handful of values") {
  const auto by_one = [](int count) {
    std::vector<ReportRow> rows;
    add_rows(rows, "a", 60, 5, "energy", "");
    add_rows(rows, "b", 30, 5, "mining", "");
    add_rows(rows, "c", 6, 5, "water", "");        // its senders know two of it at most, so it can give four
    add_rows(rows, "d", count, 1, "legal", "");
    return table_by(make_report(wanted_by({Breakdown::Sector}), rows, {}, {}), Breakdown::Sector);
  };
  const auto large = by_one(40), smaller = by_one(20);
  CHECK_FALSE(line_at(large, "legal"));
  CHECK(line_at(large, "water"));
  CHECK_FALSE(line_at(large, "mining"));           // gives the eight that are wanted
  CHECK_FALSE(line_at(smaller, "legal"));
  CHECK_FALSE(line_at(smaller, "water"));
  CHECK(line_at(smaller, "mining"));
}

TEST_CASE("A3 who is one of those that aren't named may have given all of what came so, and knows it") {
  const auto with = [](bool is_from_some_too) {
    std::vector<ReportRow> rows;
    add_rows(rows, "a", 60, 5, "energy", "");
    add_rows(rows, "b", 30, 5, "mining", "");
    add_rows(rows, "d", 4, 4, "legal", "");
    add_rows(rows, "c", 6, 3, "water", "");
    const auto before = rows.size();
    if (is_from_some_too) add_rows(rows, "c", 6, 1, "water", "");
    for (auto i = before; i < rows.size(); ++i) rows[i].sender = kSomeSender;
    return table_by(make_report(wanted_by({Breakdown::Sector}), rows, {}, {}), Breakdown::Sector);
  };
  const auto named = with(false), some = with(true);
  CHECK_FALSE(line_at(named, "water"));            // hides the four
  CHECK(line_at(named, "mining"));
  CHECK(line_at(some, "water"));                   // would hide nothing from whoever sent all six
  CHECK_FALSE(line_at(some, "mining"));
  for (const auto* table : {&named, &some}) CHECK_FALSE(line_at(*table, "legal"));
}

TEST_CASE("a table of more lines than can be looked through isn't told") {
  std::vector<ReportRow> rows;
  const auto name_each = [&](std::size_t count) {
    rows.clear();
    add_rows(rows, "a", 600, 5, "energy", "");
    for (std::size_t i = 0; i < count; ++i) rows[i % rows.size()].malware.push_back("family " + std::to_string(i));
    for (auto& row : rows) row.malware.push_back("everywhere");
    auto wanted = wanted_by({Breakdown::Malware, Breakdown::Sector});
    return make_report(wanted, rows, {}, {});
  };
  const auto few = name_each(0), many = name_each(5'001);
  CHECK(line_at(table_by(few, Breakdown::Malware), "everywhere"));
  CHECK(table_by(many, Breakdown::Malware).lines.empty());
  CHECK_FALSE(table_by(many, Breakdown::Malware).is_complete);
  CHECK(line_at(table_by(many, Breakdown::Sector), "energy"));
}

TEST_CASE("too little altogether gives no figure, whatever was kept out") {
  std::vector<ReportRow> rows;
  add_rows(rows, "a", 4, 4, "energy", "africa");
  std::vector<ReportRow> kept;
  add_rows(kept, "k", 40, 5, "energy", "africa");
  std::vector<LeftOut> left;
  for (const auto& row : kept) left.push_back({"TLP:RED", "Marked for named readers alone.", row});
  const auto report = make_report(wanted_by({Breakdown::Sector, Breakdown::Region}), rows, {}, left);
  CHECK(report.is_withheld);
  CHECK_FALSE(report.objects.now);
  CHECK(report.tables.empty());
  CHECK(report.coverage == Coverage{});
  const auto none = make_report(wanted_by({Breakdown::Sector, Breakdown::Region}), {}, {}, {});
  CHECK(bytes_of_report(none) == bytes_of_report(report));   // none and too few look alike
}

TEST_CASE("the coverage note names rules, places and shares, and nothing small") {
  std::vector<ReportRow> rows, red, few;
  add_rows(rows, "a", 60, 5, "energy", "western-europe");
  add_rows(rows, "b", 20, 5, "water", "northern-europe");
  add_rows(red, "r", 20, 5, "energy", "western-europe");
  add_rows(few, "e", 2, 2, "nuclear", "western-europe");
  std::vector<LeftOut> left;
  for (const auto& row : red) left.push_back({"TLP:RED", "Marked for named readers alone.", row});
  const auto without = make_report(wanted_by({Breakdown::Sector, Breakdown::Region}), rows, {}, left);
  CHECK(without.coverage.missing == 20);
  CHECK(without.coverage.share == 200);
  REQUIRE(without.coverage.rules.size() == 1);
  const auto& rule = without.coverage.rules[0];
  CHECK(rule.rule == "TLP:RED");
  CHECK(rule.lines[0] == CoverageLine{"any", "any", 20, 80, 200});
  CHECK(rule.lines[1] == CoverageLine{"energy", "any", 20, 60, 250});
  // Two objects under a second rule: neither their rule nor their sector is told, and the first rule, from which they could be subtracted, isn't either.
  for (const auto& row : few) left.push_back({"embargo", "Under an embargo.", row});
  const auto with = make_report(wanted_by({Breakdown::Sector, Breakdown::Region}), rows, {}, left);
  CHECK(with.coverage.rules.empty());
  CHECK(bytes_of_report(with).find("embargo") == std::string::npos);
  CHECK(bytes_of_report(with).find("nuclear") == std::string::npos);
  // Alone, they leave no trace at all.
  left.erase(left.begin(), left.begin() + 20);
  CHECK(bytes_of_report(make_report(wanted_by({Breakdown::Sector, Breakdown::Region}), rows, {}, left)) == bytes_of_report(make_report(wanted_by({Breakdown::Sector, Breakdown::Region}), rows, {}, {})));
}

TEST_CASE("an object that came in by one way isn't missing by another") {
  std::vector<ReportRow> rows;
  add_rows(rows, "a", 60, 5, "energy", "");
  std::vector<LeftOut> left;
  for (const auto& row : rows) left.push_back({"TLP:RED", "why", row});
  CHECK_FALSE(make_report(wanted_by({Breakdown::Sector}), rows, {}, left).coverage.missing);
}

TEST_CASE("wide regions, words of no vocabulary, filters, spellings and labels") {
  std::vector<ReportRow> rows;
  add_rows(rows, "a", 30, 5, "energy", "western-europe");
  add_rows(rows, "b", 30, 5, "energy", "northern-europe");
  add_rows(rows, "c", 30, 5, "our own word", "caribbean");
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].malware = {i % 2 ? "QakBot" : "Qakbot"};
  auto wanted = wanted_by({Breakdown::Region, Breakdown::Malware, Breakdown::Sector});
  wanted.wide_regions = true;
  auto report = make_report(wanted, rows, {}, {});
  CHECK(line_at(table_by(report, Breakdown::Region), "europe")->figure.now == 60);
  CHECK(line_at(table_by(report, Breakdown::Region), "americas")->figure.now == 30);
  CHECK(line_at(table_by(report, Breakdown::Sector), "other")->label == "In other words");
  CHECK(line_at(table_by(report, Breakdown::Malware), "qakbot")->figure.now == 90);
  CHECK(line_at(table_by(report, Breakdown::Malware), "qakbot")->label == "QakBot");
  CHECK(behind(wanted, rows, Breakdown::Region, "europe").size() == 60);
  CHECK(behind(wanted, rows, "energy", "europe").size() == 60);
  wanted.regions = {"americas"};
  wanted.labels["qakbot"] = {"QakBot (QBot)", "malware--d7a5b9b4-1d0a-4b4e-8d0e-111111111111"};
  report = make_report(wanted, rows, {}, {});
  CHECK(report.objects.now == 30);
  CHECK(table_by(report, Breakdown::Region).lines.size() == 1);
  CHECK(table_by(report, Breakdown::Malware).lines[0].label == "QakBot (QBot)");
  CHECK(report_from_json(to_json(report)));
}

TEST_CASE("what a report may be asked for") {
  const auto good = wanted_by({Breakdown::Sector});
  CHECK(check(good));
  const auto wrong = [&good](auto change) {
    auto wanted = good;
    change(wanted);
    const auto checked = check(wanted);
    return checked ? std::string("right") : checked.error().where;
  };
  CHECK(wrong([](ReportWanted& w) { w.title = ""; }) == "/title");
  CHECK(wrong([](ReportWanted& w) { w.title = std::string(301, 'a'); }) == "/title");
  CHECK(wrong([](ReportWanted& w) { w.summary = std::string(10'001, 'a'); }) == "/summary");
  CHECK(wrong([](ReportWanted& w) { w.period.until = w.period.from; }) == "/period/until");
  CHECK(wrong([](ReportWanted& w) { w.period.until = w.period.from + kAnHour * 24 * 1831; }) == "/period/until");
  CHECK(wrong([](ReportWanted& w) { w.before = ReportPeriod{kMarch - kAnHour, kMarch + kAnHour}; }) == "/before/until");
  CHECK(wrong([](ReportWanted& w) { w.sectors = {"energy", "power"}; }) == "/sectors/1");
  CHECK(wrong([](ReportWanted& w) { w.sectors = {"energy", "energy"}; }) == "/sectors/1");
  CHECK(wrong([](ReportWanted& w) { w.regions = {"western-europe"}; }) == "right");
  CHECK(wrong([](ReportWanted& w) { w.regions = {"western-europe"}, w.wide_regions = true; }) == "/regions/0");
  CHECK(wrong([](ReportWanted& w) { w.by = {}; }) == "/by");
  CHECK(wrong([](ReportWanted& w) { w.by = {Breakdown::Kind, Breakdown::Kind}; }) == "/by/1");
  CHECK(wrong([](ReportWanted& w) { w.least_objects = 2; }) == "/least_objects");
  CHECK(wrong([](ReportWanted& w) { w.least_senders = 1; }) == "/least_senders");
  CHECK(wrong([](ReportWanted& w) { w.labels["T1/2"] = {std::string(301, 'a'), ""}; }) == "/labels/T1~12");
}

TEST_CASE("reading back refuses what can't have been counted") {
  std::vector<ReportRow> rows;
  add_rows(rows, "a", 60, 5, "energy", "western-europe");
  add_rows(rows, "b", 20, 5, "water", "western-europe");
  add_rows(rows, "before", 40, 5, "energy", "western-europe", kMarch - kAnHour * 24 * 20);
  std::vector<ReportRow> red;
  add_rows(red, "r", 20, 5, "energy", "western-europe");
  std::vector<LeftOut> left;
  for (const auto& row : red) left.push_back({"TLP:RED", "Marked for named readers alone.", row});
  const auto report = make_report(wanted_by({Breakdown::Sector, Breakdown::Region}), rows, rows, left);
  REQUIRE(report_from_json(to_json(report)));
  const auto place = [&report](auto change) {
    auto other = report;
    change(other);
    const auto read = report_from_json(to_json(other));
    return read ? std::string("read") : read.error().where;
  };
  CHECK(place([](AggregateReport& r) { r.v = 2; }) == "/v");
  CHECK(place([](AggregateReport& r) { r.objects.now.reset(); }) == "/objects/now");
  CHECK(place([](AggregateReport& r) { r.tables[0].lines[1].figure.now = 4; }) == "/tables/0/lines/1/figure/now");
  CHECK(place([](AggregateReport& r) { r.tables[0].lines[0].figure.now = 81; }) == "/tables/0/lines/0/figure/now");
  CHECK(place([](AggregateReport& r) { r.tables[0].lines[0].figure.share = 751; }) == "/tables/0/lines/0/figure/share");
  CHECK(place([](AggregateReport& r) { r.tables[0].lines[0].figure.change = 21; }) == "/tables/0/lines/0/figure/change");
  CHECK(place([](AggregateReport& r) { r.tables[0].lines[0].figure.change_share.reset(); }) == "/tables/0/lines/0/figure/change_share");
  CHECK(place([](AggregateReport& r) { r.tables[0].lines[0].figure = {}; }) == "/tables/0/lines/0/figure");
  CHECK(place([](AggregateReport& r) { std::swap(r.tables[0].lines[0], r.tables[0].lines[1]); }) == "/tables/0/lines/1");
  CHECK(place([](AggregateReport& r) { r.tables[0].lines[1] = r.tables[0].lines[0]; }) == "/tables/0/lines/1/code");
  CHECK(place([](AggregateReport& r) { std::swap(r.tables[0], r.tables[1]); }) == "/tables/1/by");
  CHECK(place([](AggregateReport& r) { r.grid->cells.push_back(r.grid->cells[0]); }) == "/grid/cells/2");
  CHECK(place([](AggregateReport& r) { r.coverage.rules[0].lines[0].missing = 2; }) == "/coverage/rules/0/lines/0/missing");
  CHECK(place([](AggregateReport& r) { r.coverage.rules[0].lines[0].share = 1; }) == "/coverage/rules/0/lines/0/share");
  CHECK(place([](AggregateReport& r) { r.coverage.share = 1; }) == "/coverage/share");
  CHECK(place([](AggregateReport& r) { r.is_withheld = true; }) == "/is_withheld");
  CHECK_FALSE(report_from_json(json::value("x")));
}

TEST_CASE("A1_order_and_repeated_rows_change_nothing_and_it_reads_back_the_same") {
  CHECK(rc::check("A1", [] {
    auto now = drawn_rows(kMarch), before = drawn_rows(kMarch - (kApril - kMarch));
    std::vector<LeftOut> left;
    for (const auto& row : drawn_rows(kMarch)) left.push_back({*rc::gen::element<std::string>("TLP:RED", "embargo"), "why", row});
    auto wanted = wanted_by({Breakdown::Sector, Breakdown::Region, Breakdown::Malware, Breakdown::Technique, Breakdown::Kind});
    wanted.least_objects = *rc::gen::inRange<std::int64_t>(3, 6);
    wanted.least_senders = 2;
    const auto report = make_report(wanted, now, before, left);
    RC_CLASSIFY(!report.is_withheld, "has figures");
    const auto read = report_from_json(to_json(report));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == report);
    const auto basis = basis_of(wanted, now, before, left);
    std::reverse(now.begin(), now.end()), std::reverse(before.begin(), before.end()), std::reverse(left.begin(), left.end());
    RC_ASSERT(basis_of(wanted, now, before, left) == basis);
    const auto half = now.size() / 2;
    for (std::size_t i = 0; i < half; ++i) now.push_back(now[i]);
    RC_ASSERT(bytes_of_report(make_report(wanted, now, before, left)) == bytes_of_report(report));
    if (half > 0) RC_ASSERT(basis_of(wanted, now, before, left) != basis);
    for (const auto& table : report.tables)
      for (const auto& line : table.lines) {
        if (!line.figure.now) continue;
        RC_ASSERT(static_cast<std::int64_t>(behind(wanted, now, table.by, line.code).size()) == *line.figure.now);
      }
    if (report.grid)
      for (const auto& cell : report.grid->cells)
        if (cell.figure.now) RC_ASSERT(static_cast<std::int64_t>(behind(wanted, now, cell.sector, cell.region).size()) == *cell.figure.now);
  }));
}
