// The rules' own words as pages say them, by this server's packs (regimes/plain_words.h). A server without packs says every word as it is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::regimes {
struct Vocabulary;
}

namespace sluice::service {

class Packs;

class PlainWords {
 public:
  PlainWords() = default;
  explicit PlainWords(std::shared_ptr<const Packs> packs) : packs_(std::move(packs)) {}

  std::string word(std::string_view word) const;
  std::string place(std::string_view place) const;
  std::string asked(std::string_view to) const;        // whom a rule asks for, as answers write it: "a|b+c@x"
  std::string told(std::string_view to) const;         // whom an act tells: a level is that level
  std::string body(std::string_view kind, const std::vector<std::string>& places, std::string_view level) const;
  std::string text(std::string_view text) const;       // a fact, a question, what the engine says of one
  std::string reason(std::string_view text) const;     // a rule's sentence with the engine's in brackets
  std::string fact(std::string_view pointer) const;
  std::string title_of(std::string_view rule) const;   // of the rule's regime; the rule itself where there is none
  std::string citation_of(std::string_view rule) const;
  std::string reading(std::string_view rule, std::string_view chosen) const;   // "name: choice" of the rule's regime, as its pack says both
  // The facts that have the same place in every case, by their words.
  std::vector<std::pair<std::string, std::string>> facts() const;

 private:
  const regimes::Vocabulary& words() const;
  std::shared_ptr<const Packs> packs_;
};

}  // namespace sluice::service
