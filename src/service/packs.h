// The packs of law and standards that this server answers with: built in, and those of `serve --packs DIR` in their places. Read once, then never changed.
//
// Always holds
//   K1  A pack with an error isn't left out: the start is refused, with file and line.
#pragma once

#include "regimes/evaluate.h"
#include "regimes/notice_forms.h"

namespace sluice::service {

// The *.yaml and *.yml of a folder, by name.
struct PackFile { std::string name, text; };
Result<std::vector<PackFile>> pack_files(const std::string& folder);

class Packs {
 public:
  // Folders are read in their order; a later pack takes the place of an earlier of the same id.
  static Result<std::shared_ptr<const Packs>> load(const std::vector<std::string>& folders);

  const regimes::Library& library() const { return library_; }
  const regimes::NoticeForms& forms() const { return forms_; }  // what records hold and notices ask for
  const regimes::Pack* pack(std::string_view id) const;
  // "sha256:…" of the pack's text: what a ruling names.
  std::string hash_of(const std::string& id) const;
  // By file name, as they were read: the vocabulary, and what isn't a pack, among them.
  const std::map<std::string, std::string, std::less<>>& texts() const { return texts_; }
  // Whether a law speaks to parties of whom nothing is known but their role: none of those built in does, and most cases needn't be looked at.
  bool binds_anybody() const { return binds_anybody_; }
  // A rule's pack, by the rule's id ("regime/rule").
  const regimes::Rule* rule(std::string_view id) const;

 private:
  Result<void> add(std::string_view text, const std::string& file);
  regimes::Library library_;
  regimes::NoticeForms forms_ = regimes::built_in_notice_forms();
  std::map<std::string, std::string> hashes_;
  std::map<std::string, std::string, std::less<>> texts_;
  bool binds_anybody_ = false;
};

}  // namespace sluice::service
