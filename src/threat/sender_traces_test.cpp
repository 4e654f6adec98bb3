#include "threat/sender_traces.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::threat;

namespace {

const SenderNames kAcme{.words = {"Acme Energy", "\xe6\x9d\xb1\xe4\xba\xac\xe9\x9b\xbb\xe5\x8a\x9b", "o_0x1n5c7w3k9j2m8r6tf2hbs40d", "Ana Ruiz", "AB"}, .domains = {"acme.example"}, .own_identity = "identity--0a0a0a0a-0000-4000-8000-000000000001"};

// "/place" of what was found, or "".
std::string found_in(std::string_view object) {
  const auto value = parse_json(object);
  REQUIRE(value.has_value());
  const auto trace = trace_of_sender(value->get_object(), kAcme);
  return trace ? trace->where : "";
}

}  // namespace

TEST_CASE("what names the sender is found wherever it stands") {
  struct Row { const char* object; const char* where; };
  const Row rows[] = {
      {R"({"type":"tool","name":"A tool"})", ""},
      {R"({"created_by_ref":"identity--0b0b0b0b-0000-4000-8000-000000000001"})", "/created_by_ref"},
      {R"({"created_by_ref":7})", "/created_by_ref"},
      {R"({"created_by_ref":"identity--0a0a0a0a-0000-4000-8000-000000000001"})", ""},
      {R"({"description":"seen at ACME ENERGY's plant"})", "/description"},
      {R"({"description":"seen at Acme Energyland"})", ""},
      {R"({"description":"at Acme Energy\u2019s plant"})", "/description"},
      {R"({"description":"\u00abAcme Energy\u00bb"})", "/description"},
      {R"({"description":"Acme Energy\u00e9 and \u00e9Acme Energy"})", ""},
      {R"({"description":"\u6771\u4eac\u96fb\u529b\u304c\u898b\u305f"})", "/description"},
      {R"({"description":"by Ana Ruiz"})", "/description"},
      {R"({"description":"Santana Ruizo"})", ""},
      {R"({"description":"AB is too short to be looked for"})", ""},
      {R"({"external_references":[{"source_name":"x"},{"source_name":"report","url":"https://www.acme.example/r/1"}]})", "/external_references/1/url"},
      {R"({"x":"soc@acme.example"})", "/x"},
      {R"({"x":"it ends with acme.example."})", "/x"},
      {R"({"x":"notacme.example, acme.example.org, acme.example-x.net"})", ""},
      {R"({"x_acme.example/score":1})", "/x_acme.example~1score"},   // a property's name tells as well
      {R"({"granular":{"a~b":["Acme Energy"]}})", "/granular/a~0b/0"},
      {R"({"x_owner":"o_0x1n5c7w3k9j2m8r6tf2hbs40d"})", "/x_owner"},
      {R"({"id":"tool--7f3b1c9e-1d1f-11ee-be56-0242ac120002"})", "/id"},
      {R"({"object_refs":["tool--7f3b1c9e-1d1f-41ee-be56-0242ac120002","tool--7f3b1c9e-1d1f-61ee-be56-0242ac120002"]})", "/object_refs/1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.object);
    CHECK(found_in(row.object) == row.where);
  }
}

TEST_CASE("a source that others share from, too, may stay") {
  const auto value = parse_json(R"({"created_by_ref":"identity--0c0c0c0c-0000-4000-8000-000000000001"})");
  CHECK(trace_of_sender(value->get_object(), kAcme).has_value());
  CHECK_FALSE(trace_of_sender(value->get_object(), kAcme, "identity--0c0c0c0c-0000-4000-8000-000000000001").has_value());
  CHECK(trace_of_sender(value->get_object(), kAcme, "identity--0d0d0d0d-0000-4000-8000-000000000001").has_value());
}

TEST_CASE("T2 what is answered repeats nothing of the object") {
  const auto value = parse_json(R"({"description":"secret words of Acme Energy"})");
  const auto trace = trace_of_sender(value->get_object(), kAcme);
  REQUIRE(trace.has_value());
  CHECK(trace->why.find("secret") == std::string::npos);
  CHECK(trace->why.find("Acme") == std::string::npos);
}

TEST_CASE("without names nothing is found but what any sender would give away") {
  const auto value = parse_json(R"({"description":"Acme Energy","created_by_ref":"identity--0a0a0a0a-0000-4000-8000-000000000001"})");
  CHECK_FALSE(trace_of_sender(value->get_object(), {.words = {}, .domains = {}, .own_identity = "identity--0a0a0a0a-0000-4000-8000-000000000001"}).has_value());
}
