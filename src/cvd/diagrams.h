// The pictures and tables of docs/protocol.md, made from the tables of this room. A test holds the page equal to them.
#pragma once

#include <string>
#include <vector>

namespace sluice::cvd {

struct Block {
  std::string name;  // "report-machine": stands in the page's markers
  std::string text;  // Markdown
};

std::string report_diagram();   // Mermaid state diagrams
std::string embargo_diagram();
std::string consent_diagram();
std::string fix_path_diagram();
std::string public_facts_diagram();

std::vector<Block> protocol_blocks();

// The page with the text between each pair of markers replaced by its block:
//   <!-- generated: report-machine -->  …  <!-- end of report-machine -->
std::string with_blocks(std::string page, const std::vector<Block>& blocks);

}  // namespace sluice::cvd
