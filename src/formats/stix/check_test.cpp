// The checker by table: tests/stix/valid.json has an object of every type with nothing to find, tests/stix/broken.json what is found once each is changed.
#include <doctest/doctest.h>

#include <fstream>
#include <rapidcheck.h>
#include <set>
#include <sstream>

#include "base/bind.h"
#include "formats/stix/check.h"

#include <boost/json/serialize.hpp>
#include "formats/stix/checks.h"
#include "formats/stix/values.h"
#include "threat/stix_tables.h"

using namespace sluice;
using namespace sluice::formats::stix;

namespace {

json::value stix_file(const std::string& name) {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR "/tests/stix/") + name);
  std::stringstream text;
  text << file.rdbuf();
  return parse_json(text.str()).value();
}

std::string all_found(const Findings& findings) {
  std::string out;
  for (const auto& finding : findings) out += to_word(finding.severity) + " " + finding.rule + " " + finding.where + ": " + finding.message + "\n";
  return out;
}

bool has_finding(const Findings& findings, std::string_view rule, std::string_view where) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.rule == rule && finding.where == where; });
}

json::object valid_of(std::string_view type) {
  static const auto all = stix_file("valid.json");
  for (const auto& object : all.get_array())
    if (string_at(object, "type") == type) return object.get_object();
  FAIL("no valid object of type " << type);
  return {};
}

json::value changed(const json::value& row) {
  auto object = valid_of(string_at(row, "type"));
  if (const auto* drop = row.get_object().if_contains("drop"))
    for (const auto& key : drop->get_array()) object.erase(key.get_string());
  if (const auto* set = row.get_object().if_contains("set"))
    for (const auto& member : set->get_object()) object[member.key()] = member.value();
  return object;
}

json::value parsed(std::string_view text) { return parse_json(text).value(); }

}  // namespace

TEST_CASE("a good object of every type has nothing to find") {
  const auto all = stix_file("valid.json");
  std::set<std::string_view> types;
  for (const auto& object : all.get_array()) {
    CAPTURE(canonical(object));
    const auto findings = check_document(object);
    INFO(all_found(findings));
    CHECK(findings.empty());
    types.insert(string_at(object, "type"));
  }
  for (const auto& type : threat::stix::all_types()) {
    CAPTURE(type.name);
    CHECK(types.contains(type.name));
  }
}

TEST_CASE("each rule is found where it is broken") {
  const auto rows = stix_file("broken.json");
  for (const auto& row : rows.get_array()) {
    const auto findings = check_document(changed(row));
    INFO(canonical(row) << "\n" << all_found(findings));
    CHECK(has_finding(findings, string_at(row, "rule"), string_at(row, "where")));
    CHECK(is_valid(findings) == !string_at(row, "rule").starts_with("STIX"));
  }
}

TEST_CASE("every check that warns has a row that sets it off") {
  const auto rows = stix_file("broken.json");
  std::set<std::string_view> rules;
  for (const auto& row : rows.get_array()) rules.insert(string_at(row, "rule"));
  for (const auto& check : all_checks()) {
    if (check.number < 100 || check.number == 210 || check.number == 270 || check.number == checks::kCustomPrefixLax || check.number == checks::kDuplicateIds) continue;
    CAPTURE(check.name);
    CHECK(rules.contains(std::to_string(check.number) + " " + std::string(check.name)));
  }
}

TEST_CASE("checks are turned off and on by number, name and group") {
  auto object = valid_of("tool");
  object["foo"] = 1;
  object["tool_types"] = json::array{"Odd One"};
  const auto rules = [&](Check check) {
    std::set<std::string> out;
    for (const auto& finding : check_object(object, check)) out.insert(finding.rule);
    return out;
  };
  using Rules = std::set<std::string>;
  CHECK(rules({}) == Rules{"101 custom-prefix", "111 open-vocab-format", "222 tool-types", "401 extensions-use"});
  CHECK(rules({.disabled = {"222", "open-vocab-format"}}) == Rules{"101 custom-prefix", "401 extensions-use"});
  CHECK(rules({.disabled = {"custom-prefix"}}) == Rules{"102 custom-prefix-lax", "111 open-vocab-format", "222 tool-types", "401 extensions-use"});
  CHECK(rules({.disabled = {"1"}}) == Rules{"222 tool-types", "401 extensions-use"});
  CHECK(rules({.disabled = {"all"}}) == Rules{});
  CHECK(rules({.enabled = {"all-vocabs"}}) == Rules{"222 tool-types"});
  CHECK(rules({.warnings = false}) == Rules{});
  CHECK(check_named("202") == check_named("relationship-types"));
  CHECK(check_named("nonsense") == nullptr);
}

TEST_CASE("strict makes warnings errors, and the standard's names the only ones") {
  auto object = valid_of("tool");
  object["tool_types"] = json::array{"odd"};
  CHECK(is_valid(check_object(object)));
  CHECK(!is_valid(check_object(object, {.strict = true})));
  auto custom = valid_of("tool");
  custom["x_acme_foo"] = "x";
  CHECK(is_valid(check_object(custom)));
  CHECK(!is_valid(check_object(custom, {.strict_properties = true})));
  CHECK(is_valid(check_object(valid_of("planet"))));
  CHECK(!is_valid(check_object(valid_of("planet"), {.strict_types = true})));
}

TEST_CASE("a property of one's own is covered by an extension that adds top-level properties") {
  auto object = valid_of("tool");
  object["orbit_kind"] = "low";
  CHECK(has_finding(check_object(object), "401 extensions-use", "/orbit_kind"));
  object["extensions"] = parsed(R"({"extension-definition--00000001-0000-4000-8000-0000000000aa":{"extension_type":"toplevel-property-extension"}})");
  CHECK(check_object(object).empty());
}

TEST_CASE("what is referred to must be in the bundle where that is asked for") {
  json::object bundle{{"type", "bundle"}, {"id", "bundle--0000000a-0000-4000-8000-00000000000a"}};
  auto relation = valid_of("relationship");
  relation["object_marking_refs"] = json::array{"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"};   // everybody has this one
  bundle["objects"] = json::array{relation, valid_of("malware"), valid_of("identity")};
  CHECK(is_valid(check_object(bundle)));
  const auto findings = check_object(bundle, {.enforce_refs = true});
  CHECK(has_finding(findings, "enforce_refs", "/objects/0/source_ref"));
  CHECK(!has_finding(findings, "enforce_refs", "/objects/0/target_ref"));
  CHECK(!has_finding(findings, "enforce_refs", "/objects/0/object_marking_refs/0"));
}

TEST_CASE("one version twice in a document is told") {
  const json::array twice{valid_of("tool"), valid_of("tool")};
  CHECK(has_finding(check_document(twice), "203 duplicate-ids", "/1"));
  auto later = valid_of("tool");
  later["modified"] = "2022-01-01T00:00:00.000Z";
  CHECK(check_document(json::array{valid_of("tool"), later}).empty());
}

TEST_CASE("markings that mark each other are found") {
  auto one = valid_of("marking-definition"), two = one;
  two["id"] = "marking-definition--0000000b-0000-4000-8000-00000000000b";
  one["object_marking_refs"] = json::array{two.at("id")};
  CHECK(check_document(json::array{one, two}).empty());
  two["object_marking_refs"] = json::array{one.at("id")};
  CHECK(has_finding(check_document(json::array{one, two}), "STIX 2.1 §7.2.2 object_marking_circular_refs", "/0/object_marking_refs"));
}

TEST_CASE("an observable with versions of its own may not have the id that anybody would give it") {
  auto address = valid_of("ipv4-addr");
  address["revoked"] = false;
  CHECK(has_finding(check_object(address), "STIX 2.1 §2.9", "/id"));
  address["id"] = "ipv4-addr--0000000a-0000-5000-8000-00000000000a";
  CHECK(is_valid(check_object(address)));
}

TEST_CASE("for interoperability creators are there and known") {
  json::object bundle{{"type", "bundle"}, {"id", "bundle--0000000a-0000-4000-8000-00000000000a"}};
  auto tool = valid_of("tool");
  bundle["objects"] = json::array{valid_of("identity"), tool};
  CHECK(is_valid(check_object(bundle, {.interop = true})));
  tool.erase("created_by_ref");
  bundle["objects"] = json::array{valid_of("identity"), tool};
  CHECK(is_valid(check_object(bundle)));
  CHECK(has_finding(check_object(bundle, {.interop = true}), "interop", "/objects/1"));
}

TEST_CASE("C4: warnings never crowd out an error") {
  json::array many;
  for (int i = 0; i < 5200; ++i) many.push_back(parsed(R"({"type":"mutex","id":"mutex--0000000a-0000-4000-8000-00000000000a","name":"x"})"));
  many.push_back(json::object{{"type", "tool"}});
  const auto findings = check_document(many);
  CHECK(findings.size() <= 2 * kMostFindings + 2);
  CHECK(!is_valid(findings));
  CHECK(has_finding(findings, "STIX 2.1 §4.18", "/5200"));
}

TEST_CASE("an envelope of TAXII is judged by its objects") {
  const auto judged = [](std::string_view text) { return check_document(*parse_json(text)); };
  const std::string good = R"({"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4","value":"198.51.100.3"})", bad = R"({"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"})";
  CHECK(judged("{\"more\":false,\"objects\":[" + good + "]}").empty());
  const auto findings = judged("{\"objects\":[" + good + "," + bad + "]}");
  CHECK(std::any_of(findings.begin(), findings.end(), [](const Finding& one) { return one.severity == Severity::Error && one.where.starts_with("/objects/1"); }));
  CHECK(!judged(R"({"objects":{}})").empty());
  CHECK(!judged(R"({"id":"tool--1","objects":[]})").empty());
}

TEST_CASE("what is no object is told, not trusted") {
  for (const auto* text : {"7", "null", "[7]", R"({"type":"bundle","id":"bundle--0000000a-0000-4000-8000-00000000000a","objects":[null]})", R"({})"}) CHECK(!is_valid(check_document(parsed(text))));
}

TEST_CASE("an indicator's pattern parses, and speaks of types and properties that there are") {
  const auto findings_of = [](std::string_view pattern, const Check& check = {}) {
    auto indicator = valid_of("indicator");
    indicator["pattern"] = pattern;
    return check_object(indicator, check);
  };
  for (const auto* good : {"[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']", "[x-acme-thing:what = 1]", "[file:x_acme_rank = 1]"}) {
    CAPTURE(good);
    CHECK(findings_of(good).empty());
  }
  for (const auto* bad : {"[file:name = ", "", "[thing:what = 1]", "[tool:name = 'x']", "[file:colour = 'red']"}) {
    CAPTURE(bad);
    CHECK(has_finding(findings_of(bad), "STIX 2.1 §9 patterns", "/pattern"));
  }
  // What the standard demands beyond the grammar (threat/pattern/check.h) is found here too.
  for (const auto& [bad, rule] : {std::pair{"[file:name = 'x' AND url:value = 'y']", "STIX 2.1 §9.6 patterns"}, std::pair{"[file:name = 'x'] WITHIN 0 SECONDS", "STIX 2.1 §9.5.1 patterns"},
                                  std::pair{"[file:hashes.'SHA-256' = 'aa']", "STIX 2.1 §2.7 patterns"}, std::pair{"[file:name MATCHES '(']", "STIX 2.1 §9.6.1 patterns"}}) {
    CAPTURE(bad);
    CHECK(has_finding(findings_of(bad), rule, "/pattern"));
  }
  CHECK(is_valid(findings_of("[file:x_rank = 1]", {.disabled = {"custom-prefix"}})));
  CHECK(!is_valid(findings_of("[x-acme-thing:what = 1]", {.strict_types = true})));
  CHECK(!is_valid(findings_of("[file:x_acme_rank = 1]", {.strict_properties = true})));
  auto other = valid_of("indicator");
  other["pattern_type"] = "yara";
  other["pattern"] = "rule x { condition: true }";
  CHECK(check_object(other).empty());
}

TEST_CASE("forms of values") {
  for (const auto* good : {"1.2.3.4", "0.0.0.0/0", "255.255.255.255/32"}) CHECK(is_ipv4(good));
  for (const auto* bad : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.a"}) CHECK(!is_ipv4(bad));
  for (const auto* good : {"::", "::1", "2001:db8::/32", "fe80::1%eth0", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:7::"}) CHECK(is_ipv6(good));
  for (const auto* bad : {"", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::1/129", "fe80::1%", "1:2:3:4:5:6:7:8::", "1:"}) CHECK(!is_ipv6(bad));
  for (const auto* good : {"2019-03-14T15:09:26Z", "2016-02-29T23:59:60.5Z"}) CHECK(is_timestamp(good));
  for (const auto* bad : {"", "2015-02-29T00:00:00Z", "2019-03-14T24:00:00Z", "2019-03-14T15:09:26", "2019-03-14T15:09:26.Z", "2016-01-20t12:31:12Z", "2019-03-14T15:09:26+00:00", "2019-13-14T15:09:26Z"}) CHECK(!is_timestamp(bad));
  for (const auto* good : {"https://example.com/?q=%C3%A9#x", "urn:uuid:x", "https://[2001:db8::1]/", "mailto:a@b"}) CHECK(is_url(good));
  for (const auto* bad : {"", "example.com", "https://exa mple.com", "https://example.com/%zz", "https://example.com/é", "https://example.com/[x]", "1http://x", "x:", "https://a#b#c"}) CHECK(!is_url(bad));
  for (const auto* good : {"en", "de-AT", "zh-Hant-TW", "eng", "de-CH-1996", "x-private"}) CHECK(is_language_code(good));
  for (const auto* bad : {"", "e", "English", "en_US", "qx", "en-", "no such"}) CHECK(!is_language_code(bad));
  for (const auto* good : {"id", "name", "external_references.[0].url", "hashes.SHA-256", "contents.de.name"}) CHECK(is_selector(good));
  for (const auto* bad : {"", ".", "name.", "[0]", "name[0]", "name.[x]", "name.[]", "Name"}) CHECK(!is_selector(bad));
  CHECK(compare_timestamps("2019-03-14T15:09:26Z", "2019-03-14T15:09:26.000Z") == 0);
  CHECK(compare_timestamps("2019-03-14T15:09:26.1Z", "2019-03-14T15:09:26.09Z") == 1);
  CHECK(compare_timestamps("2019-03-14T15:09:26.1234567Z", "2019-03-14T15:09:26.1234568Z") == -1);
}

TEST_CASE("C3: the order of properties doesn't matter") {
  CHECK(rc::check([] {
    const auto rows = stix_file("broken.json");
    const auto value = changed(*rc::gen::elementOf(std::vector<json::value>(rows.get_array().begin(), rows.get_array().end())));
    std::vector<std::pair<std::string, json::value>> members;
    for (const auto& member : value.get_object()) members.emplace_back(member.key(), member.value());
    const auto seed = *rc::gen::inRange<std::size_t>(0, 1000);
    for (std::size_t i = members.size(); i > 1; --i) std::swap(members[i - 1], members[(seed * 7919 + i * 104729) % i]);
    json::object shuffled;
    for (const auto& [key, member] : members) shuffled[key] = member;
    const auto sorted = [](Findings findings) {
      std::multiset<std::string> out;
      for (const auto& finding : findings) out.insert(finding.rule + finding.where + finding.message);
      return out;
    };
    RC_ASSERT(sorted(check_document(value)) == sorted(check_document(shuffled)));
  }));
}
