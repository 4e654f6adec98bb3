// A graph of threat objects, as the API answers it, drawn: for Graphviz, as a picture, as text. Pure.
//
// Always holds
//   D1  Whatever stands in names and labels comes out as text: nothing of it becomes markup or a command of the drawing.
//   D2  The same graph gives the same bytes.
#pragma once

#include <string>

#include "base/json.h"

namespace sluice::cli {

std::string graph_as_dot(const json::value& graph);
std::string graph_as_svg(const json::value& graph);   // rings around where it begins, a step each
std::string graph_as_text(const json::value& graph);  // a line an edge, below its node

}  // namespace sluice::cli
