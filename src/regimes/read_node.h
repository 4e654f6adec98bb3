// A pack read from nodes rather than text: for amendments (overlay.cpp), which change the nodes of a pack and have all of it checked again.
#pragma once

#include "regimes/pack.h"
#include "regimes/yaml.h"

namespace sluice::regimes {

// Whose nodes are the ones with a place, and where the change stands that is being made. No file: nobody's.
struct Amendment {
  std::string_view file;
  int line = 0;
};
PackRead read_pack(const YAML::Node& root, std::string_view file, const Vocabulary& vocabulary, const Amendment& amendment);

}  // namespace sluice::regimes
