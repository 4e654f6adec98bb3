#include "cli/threat_drawing.h"

#include <doctest/doctest.h>

namespace sluice::cli {

namespace {

json::value graph_with(std::string_view name) {
  return {{"nodes", json::array{json::object{{"id", "tool--1"}, {"type", "tool"}, {"depth", 0}, {"met", true}, {"name", name}}, json::object{{"id", "malware--2"}, {"type", "malware"}, {"depth", 1}, {"met", false}}}},
          {"edges", json::array{json::object{{"source", "tool--1"}, {"target", "malware--2"}, {"label", name}}, json::object{{"source", "tool--1"}, {"target", "gone--3"}, {"label", "x"}}}},
          {"more", true}};
}

}  // namespace

TEST_CASE("D1_what_others_wrote_stays_text_in_every_drawing") {
  const auto graph = graph_with("\"];</text><script>&\\\n x");
  const auto svg = graph_as_svg(graph), dot = graph_as_dot(graph), text = graph_as_text(graph);
  CHECK(svg.find("<script>") == svg.npos);
  CHECK(svg.find("&lt;script&gt;&amp;") != svg.npos);
  CHECK(dot.find("\\\"];</text><script>&\\\\  x\"") != dot.npos);   // still inside its quotes
  CHECK(text.find("script>&\\  x") != text.npos);
  CHECK(text.find("\n x") == text.npos);          // on one line
}

TEST_CASE("a graph is drawn with its nodes, its edges, and what is named without being here") {
  const auto graph = graph_with("Loader");
  CHECK(graph_as_text(graph) == "tool  Loader  tool--1\n    -- Loader -> malware  malware--2\n  malware  malware--2  (named, not here)\nMore was left out.\n");
  CHECK(graph_as_dot(graph).find("\"tool--1\" -> \"malware--2\" [label=\"Loader\"];") != std::string::npos);
  CHECK(graph_as_dot(graph).find("gone") == std::string::npos);
  CHECK(graph_as_svg(graph).starts_with("<svg "));
  CHECK(graph_as_svg(graph) == graph_as_svg(graph));   // D2
}

TEST_CASE("nothing is drawn as nothing") {
  CHECK(graph_as_text(json::object{}).empty());
  CHECK(graph_as_dot(json::object{}).find("->") == std::string::npos);
  CHECK(graph_as_svg(json::object{}).ends_with("</svg>\n"));
}

}  // namespace sluice::cli
