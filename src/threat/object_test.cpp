#include <doctest/doctest.h>

#include "threat/object.h"
#include "threat/object_id.h"
#include "threat/stix_tables.h"

using namespace sluice;
using namespace sluice::threat;

namespace {

json::object stix_object(std::string_view text) { return parse_json(text).value().get_object(); }

}  // namespace

TEST_CASE("the facts of an object are its own words") {
  const auto facts = facts_of(stix_object(R"({"type":"tool","spec_version":"2.1","id":"tool--2dda25c8-933c-4944-9185-ba707ff863c0","created":"2023-05-17T06:05:04.000Z",
      "modified":"2023-05-17T06:05:04.123456789Z","revoked":true,"created_by_ref":"identity--7b873086-6112-459e-86f7-7de2515bff28",
      "object_marking_refs":["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",7],"name":"Tide pole"})"));
  REQUIRE(facts);
  CHECK(facts->type == "tool");
  CHECK(facts->version == "2023-05-17T06:05:04.123456789Z");
  CHECK(facts->version_at == parse_instant("2023-05-17T06:05:04.123456Z").value());
  CHECK(facts->revoked);
  CHECK(facts->created_by_ref == "identity--7b873086-6112-459e-86f7-7de2515bff28");
  CHECK(facts->object_marking_refs == std::vector<std::string>{"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"});
}

TEST_CASE("an object without a version has none, and one without modified has its created") {
  const auto address = facts_of(stix_object(R"({"type":"ipv4-addr","id":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4","value":"198.51.100.3"})"));
  REQUIRE(address);
  CHECK(address->spec_version == "2.1");
  CHECK(address->version.empty());
  CHECK(!address->version_at);
  const auto marking = facts_of(stix_object(R"({"type":"marking-definition","id":"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9","created":"2017-01-20T00:00:00.000Z"})"));
  REQUIRE(marking);
  CHECK(marking->spec_version == "2.0");   // nothing says otherwise, and it is no observable
  CHECK(marking->version == "2017-01-20T00:00:00.000Z");
}

TEST_CASE("an object without a name of its own is refused, with the place") {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"id":"tool--2dda25c8-933c-4944-9185-ba707ff863c0"})", "/type"},
      {R"({"type":7,"id":"tool--2dda25c8-933c-4944-9185-ba707ff863c0"})", "/type"},
      {R"({"type":"tool"})", "/id"},
      {R"({"type":"tool","id":"tool--2dda25c8"})", "/id"},
      {R"({"type":"tool","id":"tool--2dda25c8-933c-4944-9185-ba707ff863cg"})", "/id"},
      {R"({"type":"tool","id":"malware--2dda25c8-933c-4944-9185-ba707ff863c0"})", "/id"},
      {R"({"type":"tool","id":"Tool--2dda25c8-933c-4944-9185-ba707ff863c0"})", "/id"},
      {R"({"type":"a--b","id":"a--b--2dda25c8-933c-4944-9185-ba707ff863c0"})", "/id"},
  };
  for (const auto& [text, where] : rows) {
    CAPTURE(text);
    const auto facts = facts_of(stix_object(text));
    REQUIRE(!facts);
    CHECK(facts.error().where == where);
  }
}

TEST_CASE("an observable's id follows from its contributing properties (STIX 2.1 2.9)") {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"type":"ipv4-addr","value":"198.51.100.3"})", "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"},  // the pair that STIX 2.1 §2.9 itself names
      {R"({"type":"mutex","name":"wharfmeter-one-at-a-time"})", "mutex--8781e3a3-da20-55f0-a0c2-6484541c1325"},
      {R"({"type":"file","size":5,"name":"a.dll","hashes":{"SHA-256":"00","MD5":"a97abce0eb57ddf36c33dd81ed71d49d"}})", "file--4db6b146-bf5c-5868-9057-c74af987ab66"},
      {R"({"type":"url","value":"https://example.com/?q=é"})", "url--ac389225-187e-556a-bae9-d271e19ebf11"},
  };
  for (const auto& [text, id] : rows) CHECK(deterministic_id(stix_object(text)) == id);
}

TEST_CASE("what doesn't contribute changes no id, and one hash of several contributes") {
  CHECK(id_text(stix_object(R"({"type":"file","size":5,"hashes":{"SHA-512":"b","SHA-1":"a"}})")) == R"({"hashes":{"SHA-1":"a"}})");
  CHECK(id_text(stix_object(R"({"type":"file","hashes":{"TLSH":"b","SSDEEP":"a"}})")) == R"({"hashes":{"SSDEEP":"a"}})");
  CHECK(id_text(stix_object(R"({"type":"ipv4-addr","defanged":true,"value":"1.2.3.4","id":"x"})")) == R"({"value":"1.2.3.4"})");
}

TEST_CASE("no id follows where nothing contributes") {
  for (const auto* text : {R"({"type":"process","pid":1})", R"({"type":"artifact","url":"https://example.com/"})", R"({"type":"tool","name":"x"})", R"({"type":"x-foo","value":"x"})", R"({"value":"x"})"})
    CHECK(!deterministic_id(stix_object(text)));
}

TEST_CASE("T1 T2: the tables are sorted, and small enough to be a set of bits") {
  CHECK(stix::all_types().size() == 43);
  for (const auto& type : stix::all_types()) {
    CAPTURE(type.name);
    CHECK(stix::type_of(type.name) == &type);
    CHECK(type.properties.size() <= 64);
    CHECK(std::is_sorted(type.properties.begin(), type.properties.end(), [](const auto& a, const auto& b) { return a.name <= b.name; }));   // also: no name twice
    for (std::size_t from = 0; from < type.id_properties.size();) {
      const auto end = std::min(type.id_properties.find(' ', from), type.id_properties.size());
      CHECK(stix::property_of(type.properties, type.id_properties.substr(from, end - from)) != nullptr);
      from = end + 1;
    }
    for (std::size_t from = 0; from < type.extensions.size();) {
      const auto end = std::min(type.extensions.find(' ', from), type.extensions.size());
      CHECK(stix::extension_of(type.extensions.substr(from, end - from)) != nullptr);
      from = end + 1;
    }
  }
  CHECK(stix::type_of("x-foo") == nullptr);
  CHECK(stix::has_word(stix::Vocabulary::Opinion, "neutral"));
  CHECK(!stix::has_word(stix::Vocabulary::Opinion, "maybe"));
}

TEST_CASE("relationship types are the standard's") {
  CHECK(stix::is_relationship("malware", "exploits", "vulnerability"));
  CHECK(!stix::is_relationship("malware", "exploits", "tool"));
  CHECK(!stix::is_relationship("tool", "exploits", "vulnerability"));
  CHECK(stix::is_relationship("infrastructure", "consists-of", "x509-certificate"));
  CHECK(!stix::is_relationship("infrastructure", "consists-of", "tool"));
  CHECK(stix::is_relationship("x-foo", "related-to", "tool"));
  CHECK(stix::is_relationship("tool", "derived-from", "tool"));
  CHECK(!stix::is_relationship("tool", "derived-from", "malware"));
}
