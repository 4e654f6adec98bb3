#include "service/plain_words.h"

#include <algorithm>

#include "regimes/plain_words.h"
#include "service/packs.h"

namespace sluice::service {

const regimes::Vocabulary& PlainWords::words() const {
  static const regimes::Vocabulary kNone;
  return packs_ ? packs_->library().words : kNone;
}

std::string PlainWords::word(std::string_view word) const { return std::string(words().plain(word)); }
std::string PlainWords::place(std::string_view place) const { return regimes::plain_place(words(), place); }
std::string PlainWords::asked(std::string_view to) const { return regimes::plain_recipients(words(), to, regimes::Level::OrAbove); }
std::string PlainWords::told(std::string_view to) const { return regimes::plain_recipients(words(), to, regimes::Level::Exactly); }
std::string PlainWords::body(std::string_view kind, const std::vector<std::string>& places, std::string_view level) const { return regimes::plain_body(words(), kind, places, level, regimes::Level::OrAbove); }
std::string PlainWords::text(std::string_view text) const { return regimes::plain_text(words(), text); }
std::string PlainWords::reason(std::string_view text) const { return regimes::plain_reason(words(), text); }
std::string PlainWords::fact(std::string_view pointer) const { return regimes::plain_fact(words(), pointer); }

std::string PlainWords::title_of(std::string_view rule) const {
  const auto* pack = packs_ ? packs_->pack(rule.substr(0, rule.find('/'))) : nullptr;
  return pack == nullptr || pack->title.empty() ? std::string(rule) : pack->title;
}

std::string PlainWords::citation_of(std::string_view rule) const {
  const auto* found = packs_ ? packs_->rule(rule) : nullptr;
  return found == nullptr ? std::string() : found->cite;
}

std::string PlainWords::reading(std::string_view rule, std::string_view chosen) const {
  const auto colon = chosen.find(": ");
  const auto* pack = packs_ ? packs_->pack(rule.substr(0, rule.find('/'))) : nullptr;
  const auto* reading = pack == nullptr || colon == chosen.npos ? nullptr : pack->reading(chosen.substr(0, colon));
  if (reading == nullptr) return std::string(chosen);
  for (const auto& [choice, says] : reading->choices)
    if (choice == chosen.substr(colon + 2)) return reading->says + " Here: " + says;
  return std::string(chosen);
}

std::vector<std::pair<std::string, std::string>> PlainWords::facts() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [word, said] : words().says)
    if (auto pointer = regimes::pointer_of_fact(words(), word); !pointer.empty()) out.emplace_back(std::move(pointer), said);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return out;
}

}  // namespace sluice::service
