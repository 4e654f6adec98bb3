#include "cli/threat_drawing.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <vector>

#include "base/utf8.h"
#include "cli/answers.h"

namespace sluice::cli {

namespace {

struct DrawnNode {
  std::string id, type, name;
  int depth = 0;
  bool met = true, revoked = false;
  double x = 0, y = 0, angle = 0;
};
struct DrawnEdge { std::size_t from = 0, to = 0; std::string label; bool revoked = false; };
struct Drawing { std::vector<DrawnNode> nodes; std::vector<DrawnEdge> edges; };

bool is_set(const json::value& value, std::string_view pointer) {
  const auto* found = find_at(value, pointer);
  return found != nullptr && found->is_bool() && found->get_bool();
}

Drawing drawing_of(const json::value& graph) {
  Drawing out;
  std::map<std::string, std::size_t> places;
  for (const auto& node : all_at(graph, "/nodes")) {
    const auto* depth = find_at(node, "/depth");
    DrawnNode one{.id = said_at(node, "/id"), .type = said_at(node, "/type"), .name = said_at(node, "/name"), .met = is_set(node, "/met"), .revoked = is_set(node, "/revoked")};
    one.depth = depth != nullptr && depth->is_int64() ? static_cast<int>(std::clamp<std::int64_t>(depth->get_int64(), 0, 10)) : 0;
    places.emplace(one.id, out.nodes.size());
    out.nodes.push_back(std::move(one));
  }
  for (const auto& edge : all_at(graph, "/edges")) {
    const auto from = places.find(said_at(edge, "/source")), to = places.find(said_at(edge, "/target"));
    if (from != places.end() && to != places.end()) out.edges.push_back({from->second, to->second, said_at(edge, "/label"), is_set(edge, "/revoked")});
  }
  return out;
}

// On one line, and no longer than fits.
std::string short_text(std::string_view text, std::size_t most) {
  std::string out(cut_utf8(text, most));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out.size() < text.size() ? out + "…" : out;
}

std::string label_of(const DrawnNode& node, std::size_t most) { return node.name.empty() ? short_text(node.id, most) : short_text(node.name, most); }

std::string dot_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\\\"" : c == '\\' ? "\\\\" : std::string(1, c);
  return out + "\"";
}

std::string marked_up(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

std::string svg_number(double value) {
  const auto all = static_cast<long>(std::lround(value * 10));
  return (all < 0 ? "-" : "") + std::to_string(std::labs(all) / 10) + "." + std::to_string(std::labs(all) % 10);
}

// What is an observable, what is an indicator, what is somebody or something that acts: three colours, with the type in words beside.
std::string_view colour_of(std::string_view type) {
  constexpr std::string_view kActing[] = {"threat-actor", "intrusion-set", "campaign", "malware", "tool", "attack-pattern", "infrastructure", "identity", "incident"};
  constexpr std::string_view kSaying[] = {"indicator", "sighting", "report", "grouping", "note", "opinion", "observed-data", "course-of-action", "vulnerability"};
  if (std::find(std::begin(kActing), std::end(kActing), type) != std::end(kActing)) return "#b5482f";
  if (std::find(std::begin(kSaying), std::end(kSaying), type) != std::end(kSaying)) return "#4a6fa5";
  return "#5b7f4b";
}

// Each ring is as wide as its nodes need, and each node near the one it hangs on.
double place_nodes(Drawing& drawing) {
  double radius = 0;
  for (int depth = 0; depth <= 10; ++depth) {
    std::vector<std::size_t> ring;
    for (std::size_t i = 0; i < drawing.nodes.size(); ++i)
      if (drawing.nodes[i].depth == depth) ring.push_back(i);
    if (ring.empty()) continue;
    if (depth > 0) radius = std::max(radius + 150, static_cast<double>(ring.size()) * 26 / (2 * std::numbers::pi));
    for (const auto i : ring)
      for (const auto& edge : drawing.edges) {
        const auto other = edge.from == i ? edge.to : edge.to == i ? edge.from : i;
        if (other == i || drawing.nodes[other].depth >= depth) continue;
        drawing.nodes[i].angle = drawing.nodes[other].angle;
        break;
      }
    std::stable_sort(ring.begin(), ring.end(), [&](std::size_t a, std::size_t b) { return drawing.nodes[a].angle < drawing.nodes[b].angle; });
    for (std::size_t k = 0; k < ring.size(); ++k) {
      auto& node = drawing.nodes[ring[k]];
      node.angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(ring.size());
      node.x = depth == 0 ? 0 : radius * std::cos(node.angle), node.y = depth == 0 ? 0 : radius * std::sin(node.angle);
    }
  }
  return radius;
}

}  // namespace

std::string graph_as_dot(const json::value& graph) {
  const auto drawing = drawing_of(graph);
  std::string out = "digraph threats {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  for (const auto& node : drawing.nodes) {
    // The line feed between type and name is the drawing's own.
    const auto name = dot_text(label_of(node, 80));
    out += "  " + dot_text(node.id) + " [label=" + dot_text(node.type).substr(0, dot_text(node.type).size() - 1) + "\\n" + name.substr(1);
    if (!node.met) out += ", style=dashed";
    else if (node.revoked) out += ", fontcolor=\"#888888\"";
    out += "];\n";
  }
  for (const auto& edge : drawing.edges)
    out += "  " + dot_text(drawing.nodes[edge.from].id) + " -> " + dot_text(drawing.nodes[edge.to].id) + " [label=" + dot_text(short_text(edge.label, 80)) + (edge.revoked ? ", style=dashed" : "") + "];\n";
  return out + "}\n";
}

std::string graph_as_svg(const json::value& graph) {
  auto drawing = drawing_of(graph);
  const auto radius = place_nodes(drawing);
  const double margin = 220, half = radius + margin;
  const auto side = std::to_string(static_cast<long>(2 * half));
  const std::string title = drawing.nodes.empty() ? "Nothing" : drawing.nodes.front().type + " " + label_of(drawing.nodes.front(), 80);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"" + svg_number(-half) + " " + svg_number(-half) + " " + side + " " + side + "\" width=\"" + side + "\" height=\"" + side +
                    "\" font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n<title>" + marked_up(title) + "</title>\n<rect x=\"" + svg_number(-half) + "\" y=\"" + svg_number(-half) + "\" width=\"" + side + "\" height=\"" + side + "\" fill=\"#fff\"/>\n";
  for (const auto& edge : drawing.edges) {
    const auto &a = drawing.nodes[edge.from], &b = drawing.nodes[edge.to];
    out += "<line x1=\"" + svg_number(a.x) + "\" y1=\"" + svg_number(a.y) + "\" x2=\"" + svg_number(b.x) + "\" y2=\"" + svg_number(b.y) + "\" stroke=\"#999\"" + (edge.revoked ? " stroke-dasharray=\"4 2\"" : "") + "><title>" +
           marked_up(a.type + " " + edge.label + " " + b.type) + "</title></line>\n";
    // Two thirds of the way to what it points at.
    if (drawing.edges.size() <= 120)
      out += "<text x=\"" + svg_number(a.x + (b.x - a.x) * 2 / 3) + "\" y=\"" + svg_number(a.y + (b.y - a.y) * 2 / 3 - 3) + "\" font-size=\"9\" fill=\"#555\" text-anchor=\"middle\">" + marked_up(short_text(edge.label, 40)) + "</text>\n";
  }
  for (const auto& node : drawing.nodes) {
    const bool is_left = node.x < -1;
    out += "<circle cx=\"" + svg_number(node.x) + "\" cy=\"" + svg_number(node.y) + "\" r=\"6\" fill=\"" + std::string(node.met ? colour_of(node.type) : "#fff") + "\" stroke=\"" + std::string(colour_of(node.type)) + "\"" +
           (node.met ? "" : " stroke-dasharray=\"2 2\"") + "><title>" + marked_up(short_text(node.id, 300)) + "</title></circle>\n<text x=\"" + svg_number(node.x + (is_left ? -10 : 10)) + "\" y=\"" + svg_number(node.y + 4) + "\" text-anchor=\"" +
           (is_left ? "end" : "start") + "\"" + (node.revoked ? " fill=\"#888\" text-decoration=\"line-through\"" : "") + ">" + marked_up(node.type + ": " + label_of(node, 34)) + "</text>\n";
  }
  return out + "</svg>\n";
}

std::string graph_as_text(const json::value& graph) {
  const auto drawing = drawing_of(graph);
  std::string out;
  for (std::size_t i = 0; i < drawing.nodes.size(); ++i) {
    const auto& node = drawing.nodes[i];
    out += std::string(static_cast<std::size_t>(node.depth) * 2, ' ') + node.type + "  " + label_of(node, 100) + (node.name.empty() ? "" : "  " + node.id) + (node.met ? "" : "  (named, not here)") + (node.revoked ? "  (revoked)" : "") + "\n";
    for (const auto& edge : drawing.edges)
      if (edge.from == i) {
        const auto& other = drawing.nodes[edge.to];
        out += std::string(static_cast<std::size_t>(node.depth) * 2 + 4, ' ') + "-- " + short_text(edge.label, 80) + " -> " + other.type + "  " + label_of(other, 80) + (edge.revoked ? "  (revoked)" : "") + "\n";
      }
  }
  if (is_set(graph, "/more")) out += "More was left out.\n";
  return out;
}

}  // namespace sluice::cli
