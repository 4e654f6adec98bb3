#include <doctest/doctest.h>

#include <map>

#include "regimes/condition.h"

using namespace sluice::regimes;

namespace {

// A case of five facts and three events, at noon of the second day.
class Few final : public Facts {
 public:
  std::optional<Words> fact(std::string_view name) const override {
    static const std::map<std::string, Words, std::less<>> kKnown = {
        {"party.role", {"vendor"}}, {"party.flags", {}}, {"product.market", {"EU", "CN"}}, {"vulnerability.exploited", {"yes"}}, {"vulnerability.cve_year", {"2020"}}};
    const auto found = kKnown.find(name);
    return found == kKnown.end() ? std::nullopt : std::optional(found->second);
  }
  bool given(std::string_view name) const override { return fact(name).has_value(); }
  Span event(std::string_view name) const override {
    if (name == "action") return {instant(), instant()};
    if (name == "vuln.aware") return {day(1), day(1)};
    if (name == "vuln.public") return {kEver, day(2)};  // before as_of, nobody knows when
    return kNotAtAll;
  }
  Second start_of(std::chrono::sys_days day) const override { return calendar_.zone.start_of(day); }
  When instant() const override { return day(2) + 12 * 3'600; }
  std::string reading(std::string_view) const override { return "narrow"; }
  bool same_or_part(std::string_view whole, std::string_view part) const override { return whole == part || (whole == "EU" && part == "FR"); }
  const Calendar& calendar() const override { return calendar_; }
  static Second day(int which) { return *parse_second("2026-01-0" + std::to_string(which) + "T00:00Z"); }

 private:
  Calendar calendar_;
};

char decided(std::string_view text) {
  const auto condition = parse_condition(text);
  REQUIRE_MESSAGE(condition, text);
  Grounds grounds;
  const auto out = condition->holds(Few(), grounds);
  return out == Truth::True ? 'T' : out == Truth::False ? 'F' : '?';
}

}  // namespace

TEST_CASE("a condition is decided in three values") {
  struct Row { const char* text; char value; };
  for (const auto& [text, value] : {Row{"party.role is vendor", 'T'}, {"party.role is not vendor", 'F'}, {"not party.role is vendor", 'F'}, {"party.role in (finder, vendor)", 'T'},
                                    {"product.market has EU", 'T'}, {"product.market not has US", 'T'}, {"party.flags has cii", 'F'}, {"party.sectors has water", '?'},
                                    {"vulnerability.exploited", 'T'}, {"vulnerability.fix is none", '?'}, {"not vulnerability.fix is none", '?'}, {"known(vulnerability.fix is none)", 'F'},
                                    {"given(vulnerability.fix)", 'F'}, {"vulnerability.fix is none and never", 'F'}, {"vulnerability.fix is none or always", 'T'},
                                    {"vulnerability.fix is none and always", '?'}, {"vulnerability.cve_year at least 2021", 'F'}, {"vulnerability.cve_year below 2021", 'T'},
                                    {"past(vuln.aware)", 'T'}, {"past(fix.available)", 'F'}, {"vuln.aware before 2026-01-02", 'T'}, {"action at or after vuln.aware + P1D", 'T'},
                                    {"action at or before vuln.aware + P1D", 'F'}, {"fix.available after vuln.aware + P90D", 'T'}, {"fix.available before vuln.aware + P90D", 'F'},
                                    {"vuln.public before 2026-01-01", '?'}, {"fix.available after support.end", '?'}, {"reading(art9-7) is narrow", 'T'}, {"reading(art9-7) is not narrow", 'F'},
                                    {"always or never and never", 'T'}, {"(always or never) and never", 'F'}}) {
    CAPTURE(text);
    CHECK(decided(text) == value);
  }
}

TEST_CASE("C1: what isn't a condition is refused with the column") {
  struct Row { const char* text; const char* where; };
  for (const auto& [text, where] : {Row{"", "column 1"}, {"party.role is", "column 14"}, {"party.role is vendor and", "column 25"}, {"(always", "column 8"}, {"always)", "column 7"},
                                    {"party.role = vendor", "column 12"}, {"past vuln.public", "column 6"}, {"fix.available after vuln.aware + soon", "column 34"},
                                    {"party.role is 'vendor", "column 15"}, {"vulnerability.cve_year at least many", "column 33"}, {"party.role in (a, )", "column 19"}}) {
    CAPTURE(text);
    const auto read = parse_condition(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().where == where);
  }
  CHECK_FALSE(parse_condition(std::string(2'000, '(') + "always" + std::string(2'000, ')')));
}

TEST_CASE("C2: what isn't given is asked, unless the other side decides") {
  Grounds grounds;
  CHECK(parse_condition("party.sectors has water and party.role is vendor")->holds(Few(), grounds) == Truth::Unknown);
  CHECK(grounds.questions == std::set<std::string>{"party.sectors"});
  Grounds none;
  CHECK(parse_condition("party.sectors has water and party.role is finder")->holds(Few(), none) == Truth::False);
  CHECK(none.questions.empty());
}
