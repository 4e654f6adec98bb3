#include <doctest/doctest.h>

#include <iostream>
#include <map>
#include <set>

#include "formats/misp/export.h"
#include "formats/misp/extension.h"
#include "formats/misp/import.h"
#include "formats/misp/tables.h"
#include "formats/misp/value.h"
#include "formats/reference_archive.h"
#include "formats/stix/check.h"

using namespace sluice;
using namespace sluice::formats;

namespace {

constexpr std::string_view kEventHead = R"({"Event":{"uuid":"6aadce7a-f6c5-47f4-8928-493dba4b4915","info":"Test","date":"2023-04-20","timestamp":"1681983000","distribution":"3","publish_timestamp":"1681983001","published":true,
  "Orgc":{"name":"Example CERT","uuid":"abd24535-52ac-4ecf-959b-6665180e793e"},)";

Converted imported(std::string_view text) {
  const auto value = parse_json(text);
  REQUIRE(value);
  auto out = misp::import_events(*value);
  REQUIRE(out);
  return *out;
}

Converted imported_attribute(std::string_view type, std::string_view value, bool to_ids = true, std::string_view more = "") {
  return imported(std::string(kEventHead) + R"("Attribute":[{"uuid":"9b111204-08ee-44f7-8e18-49c8d1073383","timestamp":"1681983000","category":"Other","comment":"","type":)" + canonical(json::value(type)) + ",\"value\":" + canonical(json::value(value)) +
                  ",\"to_ids\":" + (to_ids ? "true" : "false") + std::string(more) + "}]}}");
}

const json::object* object_of_type(const Converted& converted, std::string_view type) {
  for (const auto& object : converted.objects)
    if (string_at(object, "type") == type) return &object.get_object();
  return nullptr;
}

std::string pattern_in(const Converted& converted) {
  const auto* indicator = object_of_type(converted, "indicator");
  return indicator ? std::string(string_at(*indicator, "pattern")) : std::string();
}

// What the mapping says is kept of an event: its own facts, and of each attribute everything that people see.
std::set<std::string> kept_facts(const json::value& document) {
  std::set<std::string> out;
  const auto text = [](const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return !value || value->is_null() ? std::string() : value->is_string() ? std::string(value->get_string()) : canonical(*value);
  };
  const auto one = [&](const json::object& a, const std::string& in) {
    std::string line = "attribute";
    for (const auto key : {"uuid", "type", "category", "value", "to_ids", "comment", "timestamp", "object_relation"}) line += "|" + (key == std::string_view("object_relation") && in.empty() ? std::string() : text(a, key));
    out.insert(line + "|" + in);
  };
  const auto& response = document.at("response").get_array();
  for (const auto& item : response) {
    const auto& event = item.at("Event").get_object();
    std::string line = "event";
    for (const auto key : {"uuid", "info", "date", "timestamp", "threat_level_id", "analysis", "distribution"}) line += "|" + text(event, key);
    out.insert(line);
    if (const auto* list = event.if_contains("Attribute"))
      for (const auto& a : list->get_array()) one(a.get_object(), "");
    if (const auto* list = event.if_contains("Object"))
      for (const auto& object : list->get_array()) {
        const auto uuid = text(object.get_object(), "uuid");
        out.insert("object|" + uuid + "|" + text(object.get_object(), "name") + "|" + text(object.get_object(), "comment"));
        for (const auto& a : object.at("Attribute").get_array()) one(a.get_object(), uuid);
      }
    if (const auto* list = event.if_contains("Galaxy"))
      for (const auto& galaxy : list->get_array())
        for (const auto& cluster : galaxy.at("GalaxyCluster").get_array()) out.insert("cluster|" + text(cluster.get_object(), "tag_name"));
    if (const auto* list = event.if_contains("Tag"))
      for (const auto& tag : list->get_array())
        if (!text(tag.get_object(), "name").starts_with("tlp:")) out.insert("tag|" + text(tag.get_object(), "name"));
  }
  return out;
}

}  // namespace

TEST_CASE("each attribute type becomes its pattern, and comes back the same") {
  struct Row {
    std::string_view type, value, pattern;
  };
  for (const auto& row :
       {Row{"md5", "61602F37D249CF37D6018EFEC9C6B68D", "[file:hashes.MD5 = '61602f37d249cf37d6018efec9c6b68d']"}, Row{"sha1", "bd32833a96017d2dc58494e2f8b649579f590ce5", "[file:hashes.'SHA-1' = 'bd32833a96017d2dc58494e2f8b649579f590ce5']"},
        Row{"filename|md5", "a|b|61602f37d249cf37d6018efec9c6b68d", "[file:name = 'a|b' AND file:hashes.MD5 = '61602f37d249cf37d6018efec9c6b68d']"}, Row{"filename", "it's\\x", "[file:name = 'it\\'s\\\\x']"},
        Row{"domain", "Example.com.", "[domain-name:value = 'example.com']"}, Row{"domain|ip", "example.com|198.51.100.3", "[domain-name:value = 'example.com' AND domain-name:resolves_to_refs[*].value = '198.51.100.3']"},
        Row{"hostname|port", "example.com|8443", "[network-traffic:dst_ref.type = 'domain-name' AND network-traffic:dst_ref.value = 'example.com' AND network-traffic:dst_port = 8443]"},
        Row{"ip-dst", "198.51.100.3", "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '198.51.100.3']"},
        Row{"ip-src|port", "2001:db8::1|53", "[network-traffic:src_ref.type = 'ipv6-addr' AND network-traffic:src_ref.value = '2001:db8::1' AND network-traffic:src_port = 53]"},
        Row{"url", "https://example.com/a", "[url:value = 'https://example.com/a']"}, Row{"AS", "AS64511", "[autonomous-system:number = 64511]"}, Row{"mac-address", "02-00-5E-3B-91-0D", "[mac-addr:value = '02:00:5e:3b:91:0d']"},
        Row{"regkey|value", "HKLM\\Software\\Wharf|D:\\tide|2", "[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\Software\\\\Wharf' AND windows-registry-key:values[*].data = 'D:\\\\tide|2']"}, Row{"email-src", "a@example.com", "[email-message:from_ref.value = 'a@example.com']"},
        Row{"email-reply-to", "a@example.com", "[email-message:additional_header_fields.'Reply-To'[*] = 'a@example.com']"}, Row{"github-username", "lumen", "[user-account:account_type = 'github' AND user-account:account_login = 'lumen']"},
        Row{"port", "8443", "[network-traffic:dst_port = 8443]"}, Row{"user-agent", "x", "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'[*] = 'x']"}, Row{"mutex", "m", "[mutex:name = 'm']"}}) {
    CAPTURE(row.type);
    const auto out = imported_attribute(row.type, row.value);
    CHECK(pattern_in(out) == row.pattern);
    CHECK(out.lost.empty());
    const auto back = misp::export_events(json::value(out.objects));
    REQUIRE(back);
    const auto& attribute = back->document.at("response").get_array()[0].at("Event").at("Attribute").get_array()[0];
    CHECK(string_at(attribute, "type") == row.type);
    CHECK(string_at(attribute, "value") == row.value);
    CHECK(string_at(attribute, "uuid") == "9b111204-08ee-44f7-8e18-49c8d1073383");
    CHECK(attribute.at("to_ids").get_bool());
  }
}

TEST_CASE("a value that isn't of its type makes no pattern: it is kept as a note, and said") {
  for (const auto& [type, value] : {std::pair{"md5", "6160"}, std::pair{"ip-dst", "300.1.1.1"}, std::pair{"ip-dst|port", "198.51.100.3|70000"}, std::pair{"url", "example.com/a"}, std::pair{"domain", "a b"}, std::pair{"mac-address", "12"},
                                    std::pair{"domain|ip", "example.com"}, std::pair{"AS", "64511x"}, std::pair{"email-src", "no address"}, std::pair{"ssdeep", "a b"}, std::pair{"tlsh", "x"}, std::pair{"domain", "a..b"}}) {
    CAPTURE(type);
    const auto out = imported_attribute(type, value);
    CHECK(pattern_in(out).empty());
    CHECK(out.lost.size() == 2);
    CHECK(out.lost[0].where == "/Event/Attribute/0/value");
    CHECK(object_of_type(out, "note"));
    const auto back = misp::export_events(json::value(out.objects));
    REQUIRE(back);
    CHECK(string_at(back->document.at("response").get_array()[0].at("Event").at("Attribute").get_array()[0], "value") == value);
  }
}

TEST_CASE("a TLSH with its version is the same as without, and comes back as it was") {
  const std::string digits = "6FF02BEF718027B0160B4391212923ED7F1A463D563B1549B86CF62973B197AD2731F8";
  const auto out = imported_attribute("tlsh", "T1" + digits);
  CHECK(pattern_in(out) == "[file:hashes.TLSH = '" + digits + "']");
  const auto back = misp::export_events(json::value(out.objects));
  REQUIRE(back);
  CHECK(string_at(back->document.at("response").get_array()[0].at("Event").at("Attribute").get_array()[0], "value") == "T1" + digits);
}

TEST_CASE("letters that a URI has none for stand there in percent, and come back as they were") {
  CHECK(pattern_in(imported_attribute("url", "http://[2001:db8::1]/a[1]?b[]=2")) == "[url:value = 'http://[2001:db8::1]/a%5B1%5D?b%5B%5D=2']");
  const auto out = imported_attribute("url", "https://example.com/{a}|b?q=\xc3\xa9&r=100%");
  CHECK(pattern_in(out) == "[url:value = 'https://example.com/%7Ba%7D%7Cb?q=%C3%A9&r=100%25']");
  CHECK(out.lost.empty());
  const auto back = misp::export_events(json::value(out.objects));
  REQUIRE(back);
  CHECK(string_at(back->document.at("response").get_array()[0].at("Event").at("Attribute").get_array()[0], "value") == "https://example.com/{a}|b?q=\xc3\xa9&r=100%");
}

TEST_CASE("a second import of a changed event gives new versions of the same ids") {
  const auto before = imported_attribute("domain", "example.com"), after = imported_attribute("domain", "example.com", true, R"(,"comment2":"x")");
  CHECK(canonical(before.objects) == canonical(after.objects));
  auto later = std::string(kEventHead) + R"("Attribute":[{"uuid":"9b111204-08ee-44f7-8e18-49c8d1073383","timestamp":"1681983999","type":"domain","value":"example.com","category":"Other","to_ids":true,"comment":"new"}]}})";
  const auto newer = imported(later);
  std::map<std::string, std::string> created;
  for (const auto& object : before.objects) created[std::string(string_at(object, "id"))] = string_at(object, "created");
  for (const auto& object : newer.objects) {
    const std::string id(string_at(object, "id"));
    REQUIRE(created.contains(id));
    CHECK(created[id] == string_at(object, "created"));
  }
  CHECK(string_at(*object_of_type(newer, "indicator"), "modified") == "2023-04-20T09:46:39.000Z");
  CHECK(string_at(*object_of_type(before, "indicator"), "modified") == "2023-04-20T09:30:00.000Z");
}

TEST_CASE("tlp tags mark all that comes of an attribute, observables too; without one the distribution does") {
  const auto red = imported_attribute("domain", "example.com", true, R"(,"Tag":[{"name":"TLP:RED"}])");
  for (const auto type : {"indicator", "observed-data", "domain-name", "relationship"}) {
    CAPTURE(type);
    CHECK(canonical(object_of_type(red, type)->at("object_marking_refs")) == R"(["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"])");
  }
  CHECK_FALSE(object_of_type(red, "report")->contains("object_marking_refs"));
  const auto own = imported_attribute("domain", "example.com", true, R"(,"distribution":"0")");
  CHECK(canonical(object_of_type(own, "indicator")->at("object_marking_refs")) == R"(["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"])");
  CHECK(own.assumed.size() == 1);
  const auto back = misp::export_events(json::value(red.objects));
  REQUIRE(back);
  CHECK(canonical(back->document).find(R"("Tag":[{"name":"tlp:red"}])") != std::string::npos);
}

TEST_CASE("an object looks for what it is to detect, and observes all of it") {
  const auto out = imported(std::string(kEventHead) + R"("Object":[{"uuid":"80032260-ff86-4a6b-8b98-2d34e931443f","name":"file","meta-category":"file","timestamp":"1681983000","Attribute":[
    {"uuid":"0786a6f3-c762-4e8f-8d88-bc4efd3b6041","type":"md5","object_relation":"md5","value":"61602f37d249cf37d6018efec9c6b68d","to_ids":true},
    {"uuid":"2f90a98c-315d-4fd8-9f76-5c3a9bbddba6","type":"filename","object_relation":"filename","value":"a.exe","to_ids":false}],
    "ObjectReference":[{"uuid":"0786a6f3-c762-4e8f-8d88-bc4efd3b6042","referenced_uuid":"9b111204-08ee-44f7-8e18-49c8d1073383","relationship_type":"Downloaded From"}]}],
    "Attribute":[{"uuid":"9b111204-08ee-44f7-8e18-49c8d1073383","timestamp":"1681983000","type":"url","value":"https://example.com/a","category":"Other","to_ids":false}]}})");
  CHECK(pattern_in(out) == "[file:hashes.MD5 = '61602f37d249cf37d6018efec9c6b68d']");
  CHECK(string_at(*object_of_type(out, "file"), "name") == "a.exe");
  bool related = false;
  for (const auto& object : out.objects) related |= string_at(object, "relationship_type") == "downloaded-from" && string_at(object, "target_ref") == "observed-data--9b111204-08ee-44f7-8e18-49c8d1073383";
  CHECK(related);
  CHECK(out.assumed.size() == 1);
}

TEST_CASE("sightings, and views that something is a false positive") {
  const auto out = imported_attribute("domain", "example.com", true, R"(,"Sighting":[{"uuid":"0786a6f3-c762-4e8f-8d88-bc4efd3b6041","type":"0","date_sighting":"1681990000","Organisation":{"name":"B","uuid":"0786a6f3-c762-4e8f-8d88-bc4efd3b6043"}},
    {"uuid":"0786a6f3-c762-4e8f-8d88-bc4efd3b6044","type":"1","date_sighting":"1681990000"},{"uuid":"0786a6f3-c762-4e8f-8d88-bc4efd3b6045","type":"2","date_sighting":"1681990000"}])");
  const auto* sighting = object_of_type(out, "sighting");
  REQUIRE(sighting);
  CHECK(string_at(*sighting, "sighting_of_ref") == "indicator--9b111204-08ee-44f7-8e18-49c8d1073383");
  CHECK(string_at(*object_of_type(out, "opinion"), "opinion") == "strongly-disagree");
  CHECK(out.lost.size() == 1);
  const auto back = misp::export_events(json::value(out.objects));
  REQUIRE(back);
  CHECK(back->document.at("response").get_array()[0].at("Event").at("Attribute").get_array()[0].at("Sighting").get_array().size() == 2);
}

TEST_CASE("indicators of others: choices become attributes, what MISP has no words for goes whole") {
  const auto exported = [](std::string_view pattern) {
    const auto out = misp::export_events(json::value(json::object{{"type", "indicator"}, {"spec_version", "2.1"}, {"id", "indicator--9b111204-08ee-44f7-8e18-49c8d1073383"}, {"modified", "2023-04-20T09:30:00.000Z"}, {"pattern", pattern}, {"pattern_type", "stix"}}));
    REQUIRE(out);
    return out->document.at("response").get_array()[0].at("Event").get_object();
  };
  const auto event = exported("[ipv4-addr:value = '198.51.100.3' OR ipv4-addr:value IN ('198.51.100.4', '198.51.100.5')] OR [domain-name:value = 'example.com']");
  REQUIRE(event.at("Attribute").get_array().size() == 4);
  CHECK(string_at(event.at("Attribute").get_array()[0], "type") == "ip-dst");
  CHECK(string_at(event.at("Attribute").get_array()[3], "type") == "domain");
  const auto object = exported("[file:hashes.MD5 = '61602f37d249cf37d6018efec9c6b68d' AND file:hashes.'SHA-1' = 'bd32833a96017d2dc58494e2f8b649579f590ce5' AND file:size = 3]");
  CHECK(object.at("Object").get_array()[0].at("Attribute").get_array().size() == 3);
  for (const auto whole : {"[file:name MATCHES 'a']", "[file:name = 'a'] FOLLOWEDBY [file:name = 'b']", "[file:name != 'a']"}) {
    const auto made = exported(whole);
    CHECK(string_at(made.at("Attribute").get_array()[0], "type") == "stix2-pattern");
  }
}

TEST_CASE("where the pattern was changed since the import, the pattern counts") {
  auto out = imported_attribute("domain", "example.com");
  for (auto& object : out.objects)
    if (string_at(object, "type") == "indicator") object.get_object()["pattern"] = "[domain-name:value = 'example.org']";
  const auto back = misp::export_events(json::value(out.objects));
  REQUIRE(back);
  CHECK(string_at(back->document.at("response").get_array()[0].at("Event").at("Attribute").get_array()[0], "value") == "example.org");
}

TEST_CASE("attributes that share an observable keep their own types and values") {
  // A domain with and without addresses is one object in STIX, and so is a file that its name alone identifies.
  auto text = std::string(kEventHead) + R"("Attribute":[)";
  const std::pair<std::string_view, std::string_view> rows[] = {{"domain|ip", "example.com|198.51.100.3"}, {"domain|ip", "example.com|198.51.100.4"}, {"domain", "example.com"}, {"hostname", "Example.com"}, {"filename", "a.exe"},
                                                                {"filename|ssdeep", "a.exe|3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"}, {"email-src", "a@example.com"}, {"email-reply-to", "b@example.com"}};
  for (std::size_t i = 0; i < std::size(rows); ++i)
    text += std::string(i == 0 ? "" : ",") + R"({"uuid":"91ae0a21-c7ae-4c7f-b84b-b84a7ce53d1)" + std::to_string(i) + R"(","timestamp":"1681983000","category":"Other","to_ids":false,"type":")" + std::string(rows[i].first) + R"(","value":")" + std::string(rows[i].second) + "\"}";
  const auto out = imported(text + "]}}");
  CHECK(out.lost.empty());
  const auto* domain = object_of_type(out, "domain-name");
  REQUIRE(domain);
  CHECK(domain->at("resolves_to_refs").get_array().size() == 2);
  const auto back = misp::export_events(json::value(out.objects));
  REQUIRE(back);
  CHECK(back->losses.empty());
  std::set<std::string> before, after;
  for (std::size_t i = 0; i < std::size(rows); ++i) before.insert("91ae0a21-c7ae-4c7f-b84b-b84a7ce53d1" + std::to_string(i) + " " + std::string(rows[i].first) + " " + std::string(rows[i].second));
  for (const auto& attribute : back->document.at("response").get_array()[0].at("Event").at("Attribute").get_array())
    after.insert(std::string(string_at(attribute, "uuid")) + " " + std::string(string_at(attribute, "type")) + " " + std::string(string_at(attribute, "value")));
  CHECK(before == after);
}

TEST_CASE("a cluster without a uuid stays the same one from import to import") {
  const auto first = imported(std::string(kEventHead) + R"("Galaxy":[{"type":"threat-actor","name":"Threat Actor","GalaxyCluster":[{"type":"threat-actor","value":"Example Group","tag_name":"misp-galaxy:threat-actor=\"Example Group\""}]}]}})");
  const auto back = misp::export_events(json::value(first.objects));
  REQUIRE(back);
  const auto again = misp::import_events(back->document);
  REQUIRE(again);
  const auto* one = object_of_type(first, "threat-actor");
  const auto* other = object_of_type(*again, "threat-actor");
  REQUIRE(one);
  REQUIRE(other);
  CHECK(canonical(*one) == canonical(*other));
}

TEST_CASE("the time that a program was linked at has no fraction of a second, in the observable and in the pattern") {
  const auto out = imported(std::string(kEventHead) + R"("Object":[{"uuid":"80032260-ff86-4a6b-8b98-2d34e931443f","name":"pe","meta-category":"file","timestamp":"1681983000","Attribute":[
    {"uuid":"0786a6f3-c762-4e8f-8d88-bc4efd3b6041","type":"imphash","object_relation":"imphash","value":"61602f37d249cf37d6018efec9c6b68d","to_ids":true},
    {"uuid":"2f90a98c-315d-4fd8-9f76-5c3a9bbddba6","type":"text","object_relation":"type","value":"exe","to_ids":false},
    {"uuid":"2f90a98c-315d-4fd8-9f76-5c3a9bbddba7","type":"datetime","object_relation":"compilation-timestamp","value":"2021-11-29T13:33:00.000000+0000","to_ids":true}]}]}})");
  const auto* file = object_of_type(out, "file");
  REQUIRE(file);
  CHECK(string_at(file->at("extensions").at("windows-pebinary-ext"), "time_date_stamp") == "2021-11-29T13:33:00Z");
  CHECK(pattern_in(out).find("time_date_stamp = t'2021-11-29T13:33:00Z'") != std::string::npos);
  for (const auto& finding : stix::Checker({.warnings = false}).object(*file)) FAIL_CHECK(finding.where, " ", finding.message);
}

TEST_CASE("all of ESET's events import, with patterns that read, and come back with every fact that is kept") {
  const auto members = reference_members("stix/misp/eset-misp-events.tar.zst", "so real MISP events were not imported", ".json");
  if (members.empty()) return;
  std::map<std::string, int> types;
  int events = 0, patterns = 0;
  for (const auto& [name, text] : members) {
    CAPTURE(name);
    const auto document = parse_json(text, {.bytes = 64 << 20, .depth = 64, .keys = 5'000'000, .string = 8 << 20});
    REQUIRE(document);
    const auto out = misp::import_events(*document);
    REQUIRE(out);
    ++events;
    for (const auto& object : out->objects) {
      for (const auto& finding : stix::Checker({.warnings = false}).object(object.get_object())) FAIL_CHECK(string_at(object, "id"), finding.where, " ", finding.message);
      ++types[std::string(string_at(object, "type"))];
      if (string_at(object, "type") != "indicator") continue;
      ++patterns;
      if (!choices_of(string_at(object, "pattern"))) FAIL_CHECK(string_at(object, "pattern"));
    }
    const auto back = misp::export_events(json::value(out->objects));
    REQUIRE(back);
    const auto before = kept_facts(*document), after = kept_facts(back->document);
    for (const auto& fact : before)
      if (!after.contains(fact)) FAIL_CHECK("lost: ", fact);
    for (const auto& fact : after)
      if (!before.contains(fact)) FAIL_CHECK("made up: ", fact);
    const auto again = misp::import_events(back->document);
    REQUIRE(again);
    std::set<std::string> first, second;
    for (const auto& object : out->objects) first.insert(std::string(string_at(object, "id")) + std::string(string_at(object, "pattern")));
    for (const auto& object : again->objects) second.insert(std::string(string_at(object, "id")) + std::string(string_at(object, "pattern")));
    CHECK(first == second);
  }
  CHECK(events == 26);
  std::cout << "MISP: " << events << " events, " << patterns << " patterns;";
  for (const auto& [type, count] : types) std::cout << " " << type << " " << count;
  std::cout << "\n";
}
