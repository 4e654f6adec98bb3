#include "cvd/case_letters.h"

#include <algorithm>

namespace sluice::cvd {

std::string_view meaning(Letter letter) {
  switch (letter) {
    case Letter::V: return "the vendor is aware";
    case Letter::F: return "a fix is ready";
    case Letter::D: return "the fix is deployed";
    case Letter::P: return "the vulnerability is public";
    case Letter::X: return "a way to exploit it is public";
    case Letter::A: return "attacks have been seen";
  }
  return "";
}

std::string Letters::text() const {
  std::string out;
  for (const auto letter : kLetters) out += static_cast<char>(has(letter) ? character(letter) : character(letter) - 'A' + 'a');
  return out;
}

Result<Letters> Letters::parse(std::string_view text) {
  const auto wrong = [](std::string what) { return fail(ErrorKind::Invalid, std::move(what)); };
  Letters out;
  if (text.size() != kLetters.size()) return wrong("A case state is six letters, such as VfdPxa.");
  for (const auto letter : kLetters) {
    const char c = text[static_cast<std::size_t>(letter)];
    if (c == character(letter)) out = out.with(letter);
    else if (c != character(letter) - 'A' + 'a') return wrong("A case state has the letters v, f, d, p, x, a in this order, each in lower case (not yet) or upper case (happened).");
  }
  if (!out.is_valid()) return wrong("No case is in this state: a fix is deployed only after it is ready (D needs F), and ready only after the vendor is aware (F needs V).");
  return out;
}

std::vector<Letter> legal_next(Letters state) {
  std::vector<Letter> out;
  for (const auto letter : kLetters)
    if (may_happen(state, letter)) out.push_back(letter);
  return out;
}

Result<Letters> step(Letters state, Letter letter) {
  if (may_happen(state, letter)) return state.with(letter);
  const auto no = [](std::string reason) { return fail(ErrorKind::Conflict, std::move(reason)); };
  const auto has = std::string(meaning(letter));
  if (state.has(letter)) return no("It is recorded already that " + has + ", and that is never taken back.");              // L2
  if (state.x && !state.p) return no("A way to exploit it is public, so record first that the vulnerability is public.");  // L4
  if (state.p && !state.v) return no("The vulnerability is public, so record first that the vendor is aware.");            // L3
  if (letter == Letter::F) return no("A fix can be ready only after the vendor is aware.");                                // L1
  return no("A fix can be deployed only after it is ready.");
}

Result<std::vector<Letter>> until_rest(Letters state, Letter letter) {
  std::vector<Letter> out;
  TRY(state, step(state, letter));
  out.push_back(letter);
  while (is_momentary(state)) {
    const auto forced = legal_next(state).front();
    state = state.with(forced);
    out.push_back(forced);
  }
  return out;
}

std::vector<ZeroDay> zero_day_classes(Letters state) {
  std::vector<ZeroDay> out;
  for (const auto& row : kZeroDayClasses)
    if (matches(row.pattern, state)) out.push_back(row.kind);
  return out;
}

}  // namespace sluice::cvd
