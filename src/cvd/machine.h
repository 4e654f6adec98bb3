// What the three small machines (report, embargo, consent) share: a table of steps, and a sentence for each step that isn't in it.
//
// Invariants, held at compile time by is_complete()
//   M1  Every pair of state and action stands in exactly one of the two tables.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice::cvd {

template <class State, class Action>
struct Step {
  State from;
  Action action;
  State to;
};

template <class State, class Action>
struct Refusal {
  State from;
  Action action;
  std::string_view reason;  // for a person: why not, and what to do instead
};

template <class State, class Action, std::size_t N>
constexpr std::optional<State> next_in(const std::array<Step<State, Action>, N>& steps, State from, Action action) {
  for (const auto& step : steps)
    if (step.from == from && step.action == action) return step.to;
  return std::nullopt;
}

template <class State, class Action, std::size_t N>
constexpr std::string_view reason_in(const std::array<Refusal<State, Action>, N>& refusals, State from, Action action) {
  for (const auto& refusal : refusals)
    if (refusal.from == from && refusal.action == action) return refusal.reason;
  return {};
}

template <class State, class Action, std::size_t N, std::size_t M>
constexpr bool is_complete(const std::array<Step<State, Action>, N>& steps, const std::array<Refusal<State, Action>, M>& refusals, std::size_t states, std::size_t actions) {
  for (std::size_t s = 0; s < states; ++s)
    for (std::size_t a = 0; a < actions; ++a) {
      int found = 0;
      for (const auto& step : steps) found += step.from == State(s) && step.action == Action(a);
      for (const auto& refusal : refusals) found += refusal.from == State(s) && refusal.action == Action(a) && !refusal.reason.empty();
      if (found != 1) return false;
    }
  return N + M == states * actions;
}

template <class State, class Action, std::size_t N, std::size_t M>
Result<State> step_in(const std::array<Step<State, Action>, N>& steps, const std::array<Refusal<State, Action>, M>& refusals, State from, Action action) {
  if (const auto to = next_in(steps, from, action)) return *to;
  return fail(ErrorKind::Conflict, std::string(reason_in(refusals, from, action)));
}

}  // namespace sluice::cvd
