#include "formats/stix20/upgrade.h"

#include <doctest/doctest.h>

#include <iostream>
#include <set>

#include "formats/reference_archive.h"
#include "threat/pattern/pattern.h"

using namespace sluice;
using namespace sluice::formats;

namespace {

const json::object* upgraded_object(const Converted& converted, std::string_view type) {
  for (const auto& object : converted.objects)
    if (string_at(object, "type") == type) return &object.get_object();
  return nullptr;
}

Converted upgraded(std::string_view text) {
  const auto value = parse_json(text);
  REQUIRE(value);
  auto out = stix20::upgrade(*value);
  REQUIRE(out);
  return *out;
}

constexpr std::string_view kObserved = R"({"type":"bundle","id":"bundle--3f925a83-190d-44e6-8f9a-3a7c0c3b62ab","spec_version":"2.0","objects":[
  {"type":"observed-data","id":"observed-data--0b7fec46-3ca4-4ab9-881a-095aba948521","created":"2023-05-17T06:05:04.000Z","modified":"2023-05-17T06:05:04.000Z",
   "first_observed":"2023-05-16T21:30:00Z","last_observed":"2023-05-16T21:30:00Z","number_observed":7,
   "object_marking_refs":["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"],
   "granular_markings":[{"selectors":["objects.1.created","number_observed"],"marking_ref":"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"}],
   "objects":{"0":{"type":"ipv4-addr","value":"198.51.100.3"},
              "1":{"type":"file","name":"a.dll","hashes":{"MD5":"a97abce0eb57ddf36c33dd81ed71d49d","ssdeep":"96:x"},"created":"2022-09-08T04:12:00Z","parent_directory_ref":"2","is_encrypted":false},
              "2":{"type":"directory","path":"C:\\temp","contains_refs":["1","9"]},
              "3":{"type":"network-traffic","src_ref":"0","protocols":["tcp"]},
              "4":{"type":"process","pid":1,"binary_ref":"1","name":"a"},
              "5":{"type":"email-message","is_multipart":false,"additional_header_fields":{"Reply-To":"x@example.com"}}}}]})";

}  // namespace

TEST_CASE("observables leave their observed-data, with the ids of the standard and its markings") {
  const auto out = upgraded(kObserved);
  const auto* observed = upgraded_object(out, "observed-data");
  REQUIRE(observed);
  CHECK_FALSE(observed->contains("objects"));
  CHECK(observed->at("object_refs").get_array().size() == 6);
  const auto* address = upgraded_object(out, "ipv4-addr");
  REQUIRE(address);
  CHECK(string_at(*address, "id") == "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4");  // STIX 2.1 §2.9's own example
  for (const auto& object : out.objects)
    if (string_at(object, "type") != "observed-data") CHECK(canonical(object.get_object().at("object_marking_refs")) == R"(["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"])");
  const auto* file = upgraded_object(out, "file");
  REQUIRE(file);
  CHECK(string_at(*file, "ctime") == "2022-09-08T04:12:00Z");
  CHECK(file->at("hashes").get_object().contains("SSDEEP"));
  CHECK(file->contains("x_stix20_is_encrypted"));
  CHECK(canonical(file->at("granular_markings")) == R"([{"marking_ref":"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da","selectors":["ctime"]}])");
  CHECK(canonical(observed->at("granular_markings")) == R"([{"marking_ref":"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da","selectors":["number_observed"]}])");
  const auto* directory = upgraded_object(out, "directory");
  REQUIRE(directory);
  CHECK(string_at(*file, "parent_directory_ref") == string_at(*directory, "id"));
  CHECK(directory->at("contains_refs").get_array().size() == 1);  // "9" is nowhere
  CHECK(string_at(*upgraded_object(out, "process"), "image_ref") == string_at(*file, "id"));
  CHECK(string_at(*upgraded_object(out, "process"), "id")[9 + 14] == '4');  // no property identifies a process, so the form is version 4's
  CHECK(canonical(upgraded_object(out, "email-message")->at("additional_header_fields")) == R"({"Reply-To":["x@example.com"]})");
  std::set<std::string> places;
  for (const auto& loss : out.lost) places.insert(loss.where);
  CHECK(places == std::set<std::string>{"/objects/0/objects/1/is_encrypted", "/objects/0/objects/2/contains_refs", "/objects/0/objects/4/name"});
}

TEST_CASE("the same upgrade twice gives the same bytes, and an upgraded bundle stays as it is") {
  const auto once = upgraded(kObserved), twice = upgraded(kObserved);
  CHECK(canonical(once.objects) == canonical(twice.objects));
  const auto again = stix20::upgrade(json::value(once.objects));
  REQUIRE(again);
  CHECK(canonical(again->objects) == canonical(once.objects));
  CHECK(again->lost.empty());
}

TEST_CASE("words of 2.0's vocabularies get their property; other labels stay") {
  struct Row {
    std::string_view type, labels, property, words, stay;
  };
  for (const auto& row : {Row{"indicator", R"(["malicious-activity","xyz"])", "indicator_types", R"(["malicious-activity"])", R"(["xyz"])"}, Row{"malware", R"(["ransomware"])", "malware_types", R"(["ransomware"])", ""},
                          Row{"tool", R"(["remote-access"])", "tool_types", R"(["remote-access"])", ""}, Row{"threat-actor", R"(["spy"])", "threat_actor_types", R"(["spy"])", ""},
                          Row{"report", R"(["threat-report"])", "report_types", R"(["threat-report"])", ""}, Row{"identity", R"(["CEO"])", "roles", R"(["CEO"])", ""}, Row{"campaign", R"(["x"])", "", "", R"(["x"])"}}) {
    const auto out = upgraded("{\"type\":\"" + std::string(row.type) + "\",\"id\":\"" + std::string(row.type) + "--0b7fec46-3ca4-4ab9-881a-095aba948521\",\"labels\":" + std::string(row.labels) + "}");
    REQUIRE(out.objects.size() == 1);
    const auto& object = out.objects[0].get_object();
    CAPTURE(row.type);
    CHECK(string_at(object, "spec_version") == "2.1");
    if (!row.property.empty()) CHECK(canonical(object.at(row.property)) == row.words);
    CHECK((object.contains("labels") ? canonical(object.at("labels")) : "") == row.stay);
    CHECK(object.contains("is_family") == (row.type == "malware"));
  }
}

TEST_CASE("TLP 1.0 keeps its ids and becomes the objects that 2.1 fixes") {
  const auto out = upgraded(R"({"type":"marking-definition","id":"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","definition":{"tlp":"amber"}})");
  CHECK(canonical(out.objects[0]) ==
        R"({"created":"2017-01-20T00:00:00.000Z","definition":{"tlp":"amber"},"definition_type":"tlp","id":"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82","name":"TLP:AMBER","spec_version":"2.1","type":"marking-definition"})");
}

TEST_CASE("patterns: times after START and STOP, and the names that moved; nothing inside strings") {
  struct Row {
    std::string_view from, to;
    bool loses;
  };
  for (const auto& row : {Row{"[file:name = 'a'] START '2016-01-01T00:00:00Z' STOP '2017-01-01T00:00:00.5Z'", "[file:name = 'a'] START t'2016-01-01T00:00:00Z' STOP t'2017-01-01T00:00:00.5Z'", false},
                          Row{"[file:name = 'a'] START t'2016-01-01T00:00:00Z' STOP t'2017-01-01T00:00:00Z'", "[file:name = 'a'] START t'2016-01-01T00:00:00Z' STOP t'2017-01-01T00:00:00Z'", false},
                          Row{"[file:name = 'x START \\'process:name' /* START 'a' */]", "[file:name = 'x START \\'process:name' /* START 'a' */]", false}, Row{"[process:binary_ref.name = 'a']", "[process:image_ref.name = 'a']", false},
                          Row{"[file:created > t'2016-01-01T00:00:00Z' AND directory:modified = 1]", "[file:ctime > t'2016-01-01T00:00:00Z' AND directory:mtime = 1]", false}, Row{"[process:name = 'a']", "[process:x_stix20_name = 'a']", true},
                          Row{"[file:hashes.ssdeep = 'a']", "[file:hashes.SSDEEP = 'a']", false}, Row{"[file:extensions.'archive-ext'.version = '1']", "[file:extensions.'archive-ext'.x_stix20_version = '1']", true},
                          Row{"[x:a = 'b'] START 'soon' STOP '2017-01-01T00:00:00Z'", "[x:a = 'b'] START 'soon' STOP t'2017-01-01T00:00:00Z'", true}, Row{"[a:b = 'never closed", "[a:b = 'never closed", false}}) {
    const auto out = stix20::upgrade_pattern(row.from);
    CHECK(out.text == row.to);
    CHECK(out.lost.empty() == !row.loses);
    CHECK(out.has_changed == (row.from != row.to));
  }
}

TEST_CASE("what is no STIX is said to be none") {
  CHECK_FALSE(stix20::upgrade(json::value(1)));
  CHECK_FALSE(stix20::upgrade(json::value(json::object())));
  const auto out = upgraded(R"([1,{"type":"tool"}])");
  CHECK(out.objects.empty());
  CHECK(out.lost.size() == 2);
}

TEST_CASE("the whole of ATT&CK 2.0 becomes 2.1 with every id and version") {
  const auto text = reference_text("stix/attack/enterprise-attack-stix20-assembled.json.zst", "so ATT&CK was not upgraded");
  if (text.empty()) return;
  const auto before = parse_json(text, {.bytes = 1u << 30, .depth = 64, .keys = 50'000'000, .string = 8 << 20});
  REQUIRE(before);
  const auto out = stix20::upgrade(*before);
  REQUIRE(out);
  const auto& objects = before->at("objects").get_array();
  REQUIRE(out->objects.size() == objects.size());
  CHECK(out->lost.empty());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (string_at(out->objects[i], "id") != string_at(objects[i], "id") || string_at(out->objects[i], "modified") != string_at(objects[i], "modified")) FAIL(i);
    if (string_at(out->objects[i], "spec_version") != "2.1") FAIL(i);
  }
  std::cout << "ATT&CK 2.0: " << objects.size() << " objects upgraded, " << out->assumed.size() << " assumptions\n";
}

TEST_CASE("Unit 42's playbooks become 2.1 with every id, version and readable pattern") {
  const auto members = reference_members("stix/unit42-playbooks/playbooks-stix20.tar.zst", "so Unit 42's reports were not upgraded", ".json");
  if (members.empty()) return;
  std::size_t objects = 0, patterns = 0, changed = 0, lost = 0;
  for (const auto& [name, text] : members) {
    CAPTURE(name);
    const auto before = parse_json(text, {.bytes = 64 << 20, .depth = 64, .keys = 5'000'000, .string = 8 << 20});
    REQUIRE(before);
    const auto out = stix20::upgrade(*before);
    REQUIRE(out);
    const auto& sent = before->at("objects").get_array();
    REQUIRE(out->objects.size() == sent.size());  // nobody observed anything here, so nothing is added either
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const auto& object = out->objects[i].get_object();
      if (string_at(object, "id") != string_at(sent[i], "id") || string_at(object, "created") != string_at(sent[i], "created") || string_at(object, "modified") != string_at(sent[i], "modified")) FAIL(string_at(sent[i], "id"));
      if (string_at(object, "spec_version") != "2.1") FAIL(string_at(sent[i], "id"));
      if (string_at(object, "type") != "indicator") continue;
      ++patterns;
      const auto old_text = string_at(sent[i], "pattern"), new_text = string_at(object, "pattern");
      changed += old_text != new_text;
      CAPTURE(old_text);
      CAPTURE(new_text);
      if (string_at(object, "pattern_type") != "stix") FAIL_CHECK("no pattern of STIX");
      const auto old_pattern = threat::parse_pattern(old_text, threat::PatternVersion::V20), new_pattern = threat::parse_pattern(new_text, threat::PatternVersion::V21);
      if (!old_pattern) FAIL_CHECK("it didn't read before");
      else if (!new_pattern) FAIL_CHECK("it no longer reads");
      else if (old_text == new_text && !(old_pattern->root == new_pattern->root)) FAIL_CHECK("the same text says something else");
    }
    objects += sent.size(), lost += out->lost.size();
  }
  CHECK(members.size() == 57);
  CHECK(patterns == 7'274);
  std::cout << "Unit 42: " << members.size() << " bundles, " << objects << " objects upgraded, " << patterns << " patterns, " << changed << " of them changed, " << lost << " losses\n";
}
