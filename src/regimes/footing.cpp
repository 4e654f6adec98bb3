#include "regimes/footing.h"

#include <limits>

namespace sluice::regimes {

namespace {

// Ids of rules that stand in an answer: by themselves, or several of them in one text.
class Named {
 public:
  explicit Named(const Library& library) : library_(library) {}

  void look_into(const json::value& value) {
    if (value.is_string()) return look_into(std::string_view(value.get_string()));
    if (value.is_array())
      for (const auto& one : value.get_array()) look_into(one);
    if (value.is_object())
      for (const auto& [key, one] : value.get_object()) look_into(std::string_view(key)), look_into(one);
  }

  std::set<std::string> rules, unverified;
  std::set<std::string> packs;

 private:
  void look_into(std::string_view text) {
    constexpr std::string_view kIn = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    for (auto from = text.find_first_of(kIn); from != text.npos;) {
      const auto end = std::min(text.find_first_not_of(kIn, from), text.size());
      word(text.substr(from, end - from));
      from = text.find_first_of(kIn, end);
    }
  }
  void word(std::string_view text) {
    while (text.ends_with('.')) text.remove_suffix(1);
    const auto slash = text.find('/');
    if (slash == text.npos) return;
    const auto pack = library_.packs.find(std::string(text.substr(0, slash)));
    const auto* rule = pack == library_.packs.end() ? nullptr : pack->second.rule(text);
    if (rule == nullptr || !rules.insert(rule->id).second) return;
    packs.insert(pack->first);
    if (!rule->verified) unverified.insert(rule->id);
  }

  const Library& library_;
};

std::optional<EditionRead> speaking(const Pack& pack, std::optional<Second> as_of) {
  if (pack.rules.empty()) return std::nullopt;
  return edition_of(pack, pack.rules.front(), as_of.value_or(std::numeric_limits<Second>::max() / 2));
}

std::string words_of(const EditionRead& edition) {
  return edition.name + (edition.withdrawn ? ", withdrawn" : "") + (edition.is_early ? ", published later" : "") + (edition.successor.empty() ? "" : ", now " + edition.successor);
}

}  // namespace

json::object with_footing(json::object answer, const Library& library, const std::vector<std::string>& packs, std::optional<Second> as_of) {
  Named named(library);
  named.look_into(answer);
  named.packs.insert(packs.begin(), packs.end());
  json::object editions;
  for (const auto& id : named.packs) {
    const auto pack = library.packs.find(id);
    if (pack == library.packs.end()) continue;
    json::object row{{"edition", pack->second.edition}};
    if (const auto edition = speaking(pack->second, as_of)) {
      row["speaks"] = edition->name;
      if (edition->withdrawn) row["withdrawn"] = true;
      if (edition->is_early) row["published_later"] = true;
      if (!edition->successor.empty()) row["successor"] = edition->successor;
    }
    editions[id] = std::move(row);
  }
  answer["editions"] = std::move(editions);
  answer["unverified"] = json::array(named.unverified.begin(), named.unverified.end());
  if (!answer.contains("note")) answer["note"] = kNotAdvice;
  return answer;
}

std::string footing(const Library& library, const std::vector<std::string>& packs, std::optional<Second> as_of, const json::value& unmarked) {
  std::string out, unverified;
  for (const auto& id : std::set<std::string>(packs.begin(), packs.end())) {
    const auto pack = library.packs.find(id);
    if (pack == library.packs.end()) continue;
    const auto edition = speaking(pack->second, as_of);
    out += (out.empty() ? "By " : "; ") + id + " (" + pack->second.edition + (edition ? ": " + words_of(*edition) : std::string()) + ")";
  }
  Named named(library);
  named.look_into(unmarked);
  for (const auto& id : named.unverified) unverified += (unverified.empty() ? "Not checked against the text: " : ", ") + id;
  return out + (out.empty() ? "" : ". ") + unverified + (unverified.empty() ? "" : ". ") + std::string(kNotAdvice);
}

std::string edition_words(const Pack& pack, const Rule& rule, Second as_of) {
  const auto edition = edition_of(pack, rule, as_of);
  return edition ? words_of(*edition) : std::string();
}

}  // namespace sluice::regimes
