// What the verbs of `sluice regimes` read: packs, amendments and cases, from what is built in, from files and from folders.
#pragma once

#include "cli/verb.h"
#include "regimes/built_in.h"
#include "regimes/overlay.h"

namespace sluice::cli {

inline constexpr Option kPacksOption{"--packs", "DIR", Takes::Many, "packs that are added, or take the place of those with the same id"};
inline constexpr Option kOverlayOption{"--overlay", "FILE", Takes::Many, "an amendment: a file, or the id of one that is built in (`sluice regimes overlays` lists them)"};

// The YAML files of the folder are added to the library: the vocabulary first, if it is there.
Result<void> add_folder(regimes::Library& library, const std::string& folder);

// The packs built in, with those of --packs in their places. A pack with an error is refused, not left out.
Result<regimes::Library> regimes_packs(const Arguments& a);

// The amendments of --overlay, in their order.
Result<std::vector<regimes::OverlayText>> overlay_texts(const Arguments& a);
// The *.yaml of the folder's subfolder `overlays`; none, if it has none.
Result<std::vector<regimes::OverlayText>> overlays_of(const std::string& folder);
// The packs with them. Invalid, with file and line: the first that is wrong.
Result<regimes::Amended> amended_packs(const regimes::Library& library, const Arguments& a);

// A case as it stands in a file, and where: "file.json", or "file.json#id" where the file has several.
struct CaseFile {
  std::string where;
  json::object value;
};
Result<regimes::Scenario> read_case(const CaseFile& file, const regimes::Library& library);
// The one case of a file; "-": standard input. Of several: the one named behind "#", as in tests/regimes/china.json#cn-01.
Result<CaseFile> one_case(const std::string& file);
// Files, each with a case or a list `scenarios` of them, and folders of such files, by name.
Result<std::vector<CaseFile>> all_cases(const std::vector<std::string>& files);

}  // namespace sluice::cli
