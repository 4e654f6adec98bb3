#include "gate/ruling.h"

#include <algorithm>

namespace sluice {

namespace {

// These words have hyphens where bind.h would write underscores.
template <class E>
json::value hyphened(E value) {
  auto word = to_word(value);
  std::replace(word.begin(), word.end(), '_', '-');
  return json::value(word);
}

template <class E>
Result<void> read_hyphened(const json::value& value, E& out, const std::string& where) {
  std::string word = value.is_string() ? std::string(value.get_string()) : "";
  std::optional<E> read;
  if (word.find('_') == std::string::npos) {
    std::replace(word.begin(), word.end(), '-', '_');
    read = from_word<E>(word);
  }
  if (!read) {
    auto words = words_of<E>();
    std::replace(words.begin(), words.end(), '_', '-');
    return bind::wrong("This must be one of: " + words + ".", where);
  }
  out = *read;
  return {};
}

}  // namespace

template <> json::value to_json<gate::Outcome>(const gate::Outcome& outcome) { return hyphened(outcome); }
template <> Result<void> read_json<gate::Outcome>(const json::value& value, gate::Outcome& out, const std::string& where, std::initializer_list<std::string_view>) { return read_hyphened(value, out, where); }
template <> json::value to_json<gate::JudgeName>(const gate::JudgeName& judge) { return hyphened(judge); }
template <> Result<void> read_json<gate::JudgeName>(const json::value& value, gate::JudgeName& out, const std::string& where, std::initializer_list<std::string_view>) { return read_hyphened(value, out, where); }

template <> json::value to_json<gate::Judgement>(const gate::Judgement& judgement) {
  json::object out{{"judge", to_json(judgement.judge)}, {"outcome", to_json(judgement.outcome)}, {"because", to_json(judgement.because)}};
  if (judgement.judge == gate::JudgeName::Regimes) out["packs"] = to_json(judgement.packs);
  return out;
}

template <> json::value to_json<gate::Ruling>(const gate::Ruling& ruling) {
  return json::object{{"v", ruling.v},
                      {"id", to_json(ruling.id)},
                      {"disclosure", to_json(ruling.disclosure)},
                      {"outcome", to_json(ruling.outcome)},
                      {"judges", to_json(ruling.judges)},
                      {"duties", to_json(ruling.duties)},
                      {"conflicts", to_json(ruling.conflicts)},
                      {"override", ruling.override_ ? to_json(*ruling.override_) : json::value(nullptr)},
                      {"at", to_json(ruling.at)}};
}

namespace gate {
const Judgement* Ruling::of(JudgeName judge) const {
  const auto found = std::find_if(judges.begin(), judges.end(), [&](const Judgement& j) { return j.judge == judge; });
  return found == judges.end() ? nullptr : &*found;
}
}  // namespace gate

}  // namespace sluice
