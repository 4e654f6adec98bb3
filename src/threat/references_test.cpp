#include "threat/references.h"

#include <doctest/doctest.h>

namespace sluice::threat {

namespace {

json::object reading(std::string_view text) { return parse_json(text).value().get_object(); }
const std::string kA = "tool--00000000-0000-4000-8000-000000000001", kB = "malware--00000000-0000-4000-8000-000000000002", kC = "identity--00000000-0000-4000-8000-000000000003";

}  // namespace

TEST_CASE("a relationship names its ends and its author, and no marking") {
  const auto object = reading(R"({"type":"relationship","id":"relationship--00000000-0000-4000-8000-000000000009","relationship_type":"uses","source_ref":")" + kA + R"(","target_ref":")" + kB + R"(","created_by_ref":")" + kC +
                              R"(","object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"],"granular_markings":[{"marking_ref":"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487","selectors":["source_ref"]}]})");
  CHECK(references_of(object, 100) == std::vector<Reference>{{ReferenceKind::Source, kA}, {ReferenceKind::Target, kB}, {ReferenceKind::CreatedBy, kC}});
  CHECK(named_references_of(object, 100) == std::vector<NamedReference>{{"created_by_ref", kC}, {"source_ref", kA}, {"target_ref", kB}});
}

TEST_CASE("what something is derived from is found as that as well") {
  const auto object = reading(R"({"type":"relationship","id":"relationship--00000000-0000-4000-8000-000000000009","relationship_type":"derived-from","source_ref":")" + kA + R"(","target_ref":")" + kB + "\"}");
  CHECK(references_of(object, 100) == std::vector<Reference>{{ReferenceKind::Source, kA}, {ReferenceKind::Target, kB}, {ReferenceKind::DerivedFrom, kB}});
}

TEST_CASE("references are found wherever they stand, each once, and never the object's own id") {
  const auto object = reading(R"({"type":"report","id":")" + kA + R"(","object_refs":[")" + kB + "\",\"" + kB + "\",\"" + kA + R"(","no id",7],"extensions":{"x":{"deep":[{"other_ref":")" + kC + R"("}]}}})");
  CHECK(references_of(object, 100) == std::vector<Reference>{{ReferenceKind::Other, kC}, {ReferenceKind::Other, kB}});
  CHECK(references_of(object, 1).size() == 1);
}

TEST_CASE("a sighting names what was seen apart from who saw it") {
  const auto object = reading(R"({"type":"sighting","id":"sighting--00000000-0000-4000-8000-000000000009","sighting_of_ref":")" + kB + R"(","where_sighted_refs":[")" + kC + "\"]}");
  CHECK(references_of(object, 100) == std::vector<Reference>{{ReferenceKind::SightingOf, kB}, {ReferenceKind::Other, kC}});
}

}  // namespace sluice::threat
