// Packs and cases that mean harm: huge, deep, circular, at the ends of time. Each is refused with a place, or answered; none may crash, hang or be answered with nonsense.
#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "regimes/built_in.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

const Library& packs_of_all() {
  static const auto kAll = built_in_library();
  REQUIRE(kAll);
  return *kAll;
}

std::string hostile_pack(std::string_view rules, std::string_view more = "") {
  return "id: x\nedition: 2026-01-01\ntitle: T\njurisdiction: CN\nforce: law\nstatus: s\n" + std::string(more) + "rules:\n" + std::string(rules);
}
std::string hostile_rule(std::string_view id, std::string_view fields) { return "  - {id: " + std::string(id) + ", cite: c, says: s, mark: [GEN], " + std::string(fields) + "}\n"; }

constexpr std::string_view kPlain = R"({"as_of": "2026-06-01T00:00Z", "regimes": ["x"], "parties": [{"id": "v", "role": "vendor", "established": "CN"}], "vulnerability": {"state": "undisclosed"},
  "events": {"vuln.aware": "2026-06-01T00:00Z"},
  "actions": [{"id": "a1", "actor": "v", "type": "publish-vuln", "to": "public", "at": "2026-06-05T00:00Z"}, {"id": "a2", "actor": "v", "type": "notify-authority", "to": "cisa", "at": "2026-06-03T00:00Z"}]})";

std::string repeated(std::string_view what, std::size_t times) {
  std::string out;
  out.reserve(what.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

// Whether the pack may be used; if so it is asked, whole: answer, readings, JSON.
bool is_survived(const std::string& yaml, std::string_view given = kPlain) {
  Library library;
  library.words = packs_of_all().words;
  library.add(yaml, "hostile.yaml");
  for (const auto& one : library.findings)
    if (one.severity == Severity::Error) CHECK_FALSE(one.where.empty());
  const auto value = parse_json(given);
  REQUIRE(value);
  const auto scenario = read_scenario(*value, library.words);
  REQUIRE(scenario);
  const auto answer = evaluate(*scenario, library);
  if (!answer) return false;
  CHECK(answer->outcomes.size() == scenario->actions.size());
  CHECK(to_json(*answer).size() > 5);
  dependences(*answer, library);
  return true;
}

json::object of_all_regimes() {
  json::array regimes;
  for (const auto& [id, pack] : packs_of_all().packs) regimes.emplace_back(id);
  return {{"as_of", "2026-06-01T00:00Z"}, {"regimes", regimes}, {"parties", json::array{json::object{{"id", "v"}, {"role", "vendor"}, {"established", "CN"}, {"operates_in", json::array{"CN", "FR", "US"}}}}}};
}

// Refused with a place, or answered.
bool is_answered(const json::object& given) {
  const auto scenario = read_scenario(given, packs_of_all().words);
  if (!scenario) {
    CHECK_FALSE(scenario.error().where.empty());
    return false;
  }
  const auto answer = evaluate(*scenario, packs_of_all());
  if (!answer) {
    CHECK_FALSE(answer.error().where.empty());
    return false;
  }
  CHECK(to_json(*answer).size() > 5);
  return true;
}

const std::string kHostileMust = "modality: must, act: {type: [publish-vuln], to: public}, due: {within: P10D, after: vuln.aware}";

}  // namespace

TEST_CASE("a length of time without measure is refused, or read as it was written") {
  for (const auto* text : {"P9999999999999999999", "P9223372036854775807D", "P9223372036854775808D", "P99999999999999999D", "PT9999999999999999H", "PT9999999999999S", "P100000Y", "P100000M", "P100000BD", "P100000CD",
                           "P100001D", "P1Y2M", "P-1D", "PT-1H", "P0D", "P", "PT", "PD", "P1", "P00000000000000001D"}) {
    CAPTURE(text);
    const auto term = parse_term(text);
    if (!term) continue;
    CHECK(term->count >= 0);
    const auto again = parse_term(to_text(*term));
    REQUIRE(again);
    CHECK(*again == *term);
  }
}

TEST_CASE("the longest terms from the last of instants give a due after it, or none") {
  for (const auto* term : {"P100000D", "P100000M", "P100000Y", "P4000BD", "P4000CD", "PT100000H", "PT9999999H", "P3650000D"})
    for (const auto* event : {"0001-01-01T00:00Z", "1969-12-31T23:59:59Z", "2026-06-01T00:00Z", "9999-12-31T23:59:59Z"}) {
      CAPTURE(term);
      CAPTURE(event);
      const auto length = parse_term(term);
      const auto from = parse_second(event);
      if (!length || !from) continue;
      CHECK(after(*from, *length, Calendar{}).at.at > *from);
      std::string given(kPlain);
      given.replace(given.find("2026-06-01T00:00Z\"},"), 17, event);
      is_survived(hostile_pack(hostile_rule("must", std::string("modality: must, act: {type: [publish-vuln], to: public}, due: {within: ") + term + ", after: vuln.aware}") +
                               hostile_rule("first", std::string("modality: precondition, act: {type: [publish-vuln], to: public}, first: {type: [notify-authority], to: cisa, wait: ") + term + "}")),
                  given);
    }
}

TEST_CASE("cases at the ends of time are answered by all regimes") {
  for (const auto* as_of : {"0000-01-01T00:00Z", "0001-01-01T00:00Z", "1970-01-01T00:00Z", "9999-12-31T23:59:59Z"}) {
    CAPTURE(as_of);
    auto given = of_all_regimes();
    given["as_of"] = as_of;
    json::object events;
    for (const auto& [name, whose] : packs_of_all().words.events)
      if (name != "vuln.public" && name != "fix.available") events[name] = as_of;
    given["events"] = events;
    given["vulnerability"] = json::object{{"state", "undisclosed"}, {"exploited", "yes"}};
    given["incident"] = json::object{{"kind", "intrusion"}, {"region", "CN-SH"}, {"significant", true}, {"personal_data", true}};
    given["actions"] = json::array{json::object{{"id", "a"}, {"actor", "v"}, {"type", "publish-vuln"}, {"to", "public"}, {"at", as_of}}, json::object{{"id", "b"}, {"actor", "v"}, {"type", "notify-authority"}, {"to", "cisa"}, {"at", nullptr}}};
    is_answered(given);
  }
}

TEST_CASE("exceptions and first steps that go in circles come to an end") {
  const auto publish = "act: {type: [publish-vuln], to: public}";
  const auto notify = "act: {type: [notify-authority], to: cisa}";
  const auto step = "first: {type: [notify-authority], to: cisa}";
  const auto back = "first: {type: [publish-vuln], to: public}";
  const auto with = [](std::initializer_list<std::string> parts) {
    std::string out;
    for (const auto& one : parts) out += (out.empty() ? "" : ", ") + one;
    return out;
  };
  const struct { const char* name; std::string rules; } kCircles[] = {
      {"a ban sets itself aside", hostile_rule("a", with({"modality: must-not", publish, "excepted_by: [a]"}))},
      {"two bans set each other aside", hostile_rule("a", with({"modality: must-not", publish, "excepted_by: [b]"})) + hostile_rule("b", with({"modality: must-not", publish, "excepted_by: [a]"}))},
      {"duty and permission set each other aside", hostile_rule("a", with({kHostileMust, "excepted_by: [b]"})) + hostile_rule("b", with({"modality: may", publish, step, "excepted_by: [a]"}))},
      {"two acts, each only after the other", hostile_rule("a", with({"modality: precondition", publish, step})) + hostile_rule("b", with({"modality: precondition", notify, back})) + hostile_rule("m", kHostileMust)},
      {"an act only after itself", hostile_rule("a", with({"modality: precondition", publish, back})) + hostile_rule("m", kHostileMust)},
      {"a ban that only what it forbids would lift", hostile_rule("a", with({"modality: must-not", publish, "until: vuln.public"})) + hostile_rule("m", kHostileMust)},
      {"a permission whose first step is banned until the act", hostile_rule("a", with({"modality: must-not", publish, "excepted_by: [p]"})) + hostile_rule("p", with({"modality: may", publish, step})) +
                                                                    hostile_rule("b", with({"modality: must-not", notify, "until: vuln.public"})) + hostile_rule("m", kHostileMust)},
  };
  for (const auto& [name, rules] : kCircles) {
    CAPTURE(name);
    is_survived(hostile_pack(rules));
  }
  // Forty in a ring: each sets the next aside.
  std::string ring;
  for (int i = 0; i < 40; ++i) ring += hostile_rule("r" + std::to_string(i), with({"modality: must-not", publish, "excepted_by: [r" + std::to_string((i + 1) % 40) + "]"}));
  is_survived(hostile_pack(ring + hostile_rule("m", kHostileMust)));
  // And each the two next: paths double with every step.
  std::string ladder;
  for (int i = 0; i < 40; ++i)
    ladder += hostile_rule("r" + std::to_string(i), with({"modality: must-not", publish, "excepted_by: [r" + std::to_string((i + 1) % 42) + ", r" + std::to_string((i + 2) % 42) + "]"}));
  ladder += hostile_rule("r40", with({"modality: may", notify})) + hostile_rule("r41", with({"modality: may", notify}));
  is_survived(hostile_pack(ladder + hostile_rule("m", kHostileMust)));
}

TEST_CASE("YAML that would grow or nest without end is refused with a place") {
  const struct { const char* name; std::string text; } kBombs[] = {
      {"aliases of aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n" + hostile_pack(hostile_rule("m", kHostileMust))},
      {"an alias in a flow", hostile_pack("  - {id: &i m, cite: *i, says: s, mark: [GEN], modality: may}\n")},
      {"a merge key", hostile_pack("  - &r {id: m, cite: c, says: s, mark: [GEN], modality: may}\n  - {<<: *r, id: n}\n")},
      {"brackets", hostile_pack("") + repeated("[", 100'000)},
      {"braces", repeated("{a: ", 100'000)},
      {"indentation", [] {
         std::string out;
         for (int i = 0; i < 900; ++i) out += std::string(std::size_t(i), ' ') + "a:\n";
         return out;
       }()},
      {"dashes", "rules:\n" + repeated("- ", 200'000)},
      {"question marks", repeated("? ", 200'000)},
      {"more than a megabyte", "id: x\n" + repeated("# comment\n", 110'000)},
      {"nothing", ""},
      {"a number", "1"},
      {"a list", "- a\n- b\n"},
      {"zero bytes", std::string(1'000, '\0')},
      {"not UTF-8", "id: \xff\xfe\n"},
      {"two documents", hostile_pack(hostile_rule("m", kHostileMust)) + "---\nid: y\n"},
  };
  for (const auto& [name, text] : kBombs) {
    CAPTURE(name);
    is_survived(text);
    const auto read = read_pack(text, "hostile.yaml", packs_of_all().words);
    for (const auto& one : read.findings) CHECK(one.where.starts_with("hostile.yaml"));
  }
}

TEST_CASE("conditions nested or strung together by the ten thousand are refused or decided") {
  const auto with = [](const std::string& condition) { return hostile_pack(hostile_rule("m", "when: \"" + condition + "\", " + kHostileMust)); };
  is_survived(with(repeated("(", 50'000) + "given(incident)" + repeated(")", 50'000)));
  is_survived(with(repeated("not ", 50'000) + "given(incident)"));
  is_survived(with("given(incident)" + repeated(" or given(incident)", 30'000)));
  is_survived(with("given(vulnerability)" + repeated(" and given(vulnerability)", 30'000)));
  is_survived(with("party.role in (a" + repeated(", a", 50'000) + ")"));
  is_survived(with("vuln.aware before vuln.aware + P100000Y"));
  is_survived(with("vuln.aware + P4000BD before vuln.aware - P4000BD"));
}

TEST_CASE("cases with very many of everything are refused or answered") {
  SUBCASE("actions") {
    auto given = of_all_regimes();
    json::array actions;
    for (int i = 0; i < 10'000; ++i) actions.push_back(json::object{{"id", "a" + std::to_string(i)}, {"actor", "v"}, {"type", i % 2 == 0 ? "publish-vuln" : "notify-authority"}, {"to", i % 2 == 0 ? "public" : "cisa+miit"}, {"at", "2026-06-05T00:00Z"}});
    given["actions"] = actions;
    is_answered(given);
  }
  SUBCASE("parties") {
    auto given = of_all_regimes();
    auto& parties = given["parties"].as_array();
    for (int i = 0; i < 3'000; ++i) parties.push_back(json::object{{"id", "p" + std::to_string(i)}, {"role", "vendor"}, {"established", "CN"}});
    is_answered(given);
  }
  SUBCASE("recipients of one action") {
    auto given = of_all_regimes();
    given["actions"] = json::array{json::object{{"id", "a"}, {"actor", "v"}, {"type", "notify-authority"}, {"to", "cisa" + repeated("+cisa", 20'000)}, {"at", "2026-06-05T00:00Z"}}};
    is_answered(given);
  }
  SUBCASE("what an embargo covers, and whom it binds") {
    auto given = of_all_regimes();
    json::array covers, parties;
    for (int i = 0; i < 20'000; ++i) covers.emplace_back("authority:US"), parties.emplace_back("v");
    given["embargo"] = json::object{{"parties", parties}, {"until", "2026-07-01T00:00Z"}, {"covers", covers}};
    given["actions"] = json::array{json::object{{"id", "a"}, {"actor", "v"}, {"type", "notify-authority"}, {"to", "cisa"}, {"at", "2026-06-05T00:00Z"}}};
    is_answered(given);
  }
  SUBCASE("components") {
    auto given = of_all_regimes();
    json::array wide;
    for (int i = 0; i < 20'000; ++i) wide.push_back(json::object{{"provider", "v" + std::to_string(i)}, {"depth", 1}});
    json::value deep = json::object{{"provider", "v"}};
    for (int i = 0; i < 400; ++i) deep = json::object{{"provider", "w"}, {"components", json::array{deep}}};
    wide.push_back(std::move(deep));
    given["product"] = json::object{{"provider", "v"}, {"market", json::array{"EU", "CN"}}, {"kind", "product"}, {"components", wide}};
    given["vulnerability"] = json::object{{"state", "undisclosed"}};
    given["events"] = json::object{{"vuln.aware", "2026-05-30T00:00Z"}};
    is_answered(given);
  }
  SUBCASE("contents and facts") {
    auto given = of_all_regimes();
    json::array content;
    for (int i = 0; i < 20'000; ++i) content.emplace_back("c" + std::to_string(i));
    given["actions"] = json::array{json::object{{"id", "a"}, {"actor", "v"}, {"type", "publish-vuln"}, {"to", "public"}, {"content", content}, {"at", "2026-06-05T00:00Z"}}};
    is_answered(given);
  }
}

TEST_CASE("S2: a fact of a wrong kind is refused with its place") {
  const auto refused_at = [](std::string_view section, std::string_view key, json::value value) -> std::string {
    auto given = of_all_regimes();
    if (section == "parties") given["parties"].as_array().front().as_object()[key] = std::move(value);
    else if (section == "actions") given["actions"] = json::array{json::object{{"id", "a"}, {"actor", "v"}, {"type", "request-silence"}, {"to", "reporter"}, {key, std::move(value)}}};
    else if (section.empty()) given[key] = std::move(value);
    else given[section] = json::object{{key, std::move(value)}};
    const auto read = read_scenario(given, packs_of_all().words);
    return read ? "" : read.error().where;
  };
  for (const auto& wrong : {json::value("x"), json::value("EU"), json::value(true), json::value(1), json::value(json::array{1})}) CHECK(refused_at("product", "market", wrong) == "/product/market");
  CHECK(refused_at("parties", "established", json::array{"DE"}) == "/parties/0/established");
  CHECK(refused_at("parties", "flags", "essential") == "/parties/0/flags");
  CHECK(refused_at("vulnerability", "state", true) == "/vulnerability/state");
  CHECK(refused_at("vulnerability", "exploited", 3) == "/vulnerability/exploited");
  CHECK(refused_at("product", "support", true) == "/product/support");
  CHECK(refused_at("incident", "region", 5) == "/incident/region");
  CHECK(refused_at("", "id", 5) == "/id");
  for (const auto& wrong : {json::value("soon"), json::value("P99999999999999999999Y"), json::value(90), json::value(true), json::value(json::array{"P90D"})}) CHECK(refused_at("actions", "term", wrong) == "/actions/0/term");
  for (const auto& right : {json::value(), json::value("P90D"), json::value("unlimited")}) CHECK(refused_at("actions", "term", right) == "");
  for (const auto& right : {json::value(), json::value(json::array{}), json::value(json::array{"EU", "DE", "CN-ZJ"})}) CHECK(refused_at("product", "market", right) == "");
  for (const auto& right : {json::value(true), json::value("no"), json::value("itw-suspected")}) CHECK(refused_at("vulnerability", "exploited", right) == "");
  CHECK(refused_at("product", "consumer", false) == "");
  CHECK(refused_at("product", "colour", json::array{1}) == "");
}

TEST_CASE("facts of a wrong kind are refused or unknown, never a crash") {
  const json::value kWrong[] = {nullptr, true, 7, -1e300, "", "yes", json::array{}, json::array{json::array{}}, json::object{}, json::array{nullptr, 1, "x"}};
  for (const auto* place : {"product", "vulnerability", "incident", "embargo", "events", "readings", "parties", "actions", "regimes", "assume_in_force", "as_of", "id", "title"})
    for (const auto& wrong : kWrong) {
      CAPTURE(place);
      CAPTURE(json::serialize(wrong));
      auto given = of_all_regimes();
      given[place] = wrong;
      is_answered(given);
    }
  for (const auto* place : {"provider", "market", "support", "kind", "components", "consumer", "commercial", "published"})
    for (const auto& wrong : kWrong) {
      CAPTURE(place);
      auto given = of_all_regimes();
      given["product"] = json::object{{"id", "p"}, {"provider", "v"}, {"market", json::array{"EU"}}};
      given["product"].as_object()[place] = wrong;
      given["vulnerability"] = json::object{{"state", "undisclosed"}};
      given["events"] = json::object{{"vuln.aware", "2026-05-30T00:00Z"}};
      is_answered(given);
    }
  for (const auto* place : {"to", "content", "at", "stage", "type", "actor", "term", "sector", "region"})
    for (const auto& wrong : kWrong) {
      CAPTURE(place);
      auto given = of_all_regimes();
      json::object action{{"id", "a"}, {"actor", "v"}, {"type", "publish-vuln"}, {"to", "public"}, {"at", "2026-06-05T00:00Z"}};
      action[place] = wrong;
      given["actions"] = json::array{action};
      is_answered(given);
    }
}
