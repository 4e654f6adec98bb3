#include "regimes/built_in.h"

namespace sluice::regimes {

Result<Library> built_in_library() {
  Library out;
  for (const auto& [file, yaml] : built_in_packs())
    if (file == kVocabularyFile) {
      TRY(out.words, read_vocabulary(yaml, file));
    }
  for (const auto& [file, yaml] : built_in_packs())
    if (file != kVocabularyFile) out.add(yaml, file);
  return out;
}

}  // namespace sluice::regimes
