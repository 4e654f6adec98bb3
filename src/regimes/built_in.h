// The packs and amendments that come with the program, as the text of their files. Made from regimes/ when it is built.
#pragma once

#include <span>
#include <string_view>

#include "regimes/evaluate.h"

namespace sluice::regimes {

inline constexpr std::string_view kVocabularyFile = "vocabulary.yaml";

struct PackText { std::string_view file, yaml; };
std::span<const PackText> built_in_packs();
std::span<const PackText> built_in_overlays();   // "let1-scope.yaml", …

// All of them, read. Their findings are in it; a pack with errors isn't.
Result<Library> built_in_library();

}  // namespace sluice::regimes
