#include "cvd/diagrams.h"

#include <set>

#include "base/bind.h"
#include "cvd/actions.h"
#include "cvd/consent_machine.h"
#include "cvd/embargo_machine.h"
#include "cvd/histories.h"
#include "cvd/model.h"
#include "cvd/ordering.h"
#include "cvd/report_machine.h"

namespace sluice::cvd {
namespace {

std::string mermaid(const std::string& body) { return "```mermaid\nstateDiagram-v2\n" + body + "```\n"; }
std::string arrow(const std::string& from, const std::string& to, const std::string& label) { return "    " + from + " --> " + to + (label.empty() ? "" : " : " + label) + "\n"; }
std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }
std::string row(std::initializer_list<std::string> cells) {
  std::string out = "|";
  for (const auto& cell : cells) out += " " + cell + " |";
  return out + "\n";
}
std::string head(std::initializer_list<std::string> cells) {
  std::string rule = "|";
  for (std::size_t i = 0; i < cells.size(); ++i) rule += "---|";
  return row(cells) + rule + "\n";
}
std::string spaced(std::string word) {
  for (auto& c : word) c = c == '_' ? ' ' : c;
  return word;
}
template <class E> std::string words(E value) { return spaced(to_word(value)); }

// What nothing leaves is where the picture ends.
template <class Steps, class State>
bool is_final(const Steps& steps, State state) {
  for (const auto& step : steps)
    if (step.from == state && step.to != state) return false;
  return true;
}

template <class Steps, class State>
std::string machine_diagram(const Steps& steps, State start) {
  auto body = arrow("[*]", to_word(start), "");
  std::set<State> finals;
  for (const auto& step : steps) {
    body += arrow(to_word(step.from), to_word(step.to), words(step.action));
    if (is_final(steps, step.to)) finals.insert(step.to);
  }
  for (const auto state : finals) body += arrow(to_word(state), "[*]", "");
  return mermaid(body);
}

// The steps of some of the letters while the others stay as they are in `rest`.
std::string letters_diagram(std::initializer_list<Letter> moving, Letters rest, std::size_t from, std::size_t count) {
  const auto part = [&](Letters state) { return state.text().substr(from, count); };
  std::string body = arrow("[*]", part(rest), "");
  std::set<std::string> momentary;
  for (const auto& state : kCaseStates) {
    auto others_as_rest = rest;
    for (const auto letter : moving)
      if (state.has(letter)) others_as_rest = others_as_rest.with(letter);
    if (state != others_as_rest) continue;
    if (is_momentary(state)) momentary.insert(part(state));
    for (const auto letter : moving)
      if (may_happen(state, letter)) body += arrow(part(state), part(state.with(letter)), std::string(1, character(letter)));
  }
  for (const auto& state : momentary) body += "    note right of " + state + " : only for a moment\n";
  return mermaid(body);
}

std::string states_table() {
  auto out = head({"state", "legal next", "rests here", "begin an embargo", "running embargo", "random walk passes"});
  for (const auto& state : kCaseStates) {
    std::string next;
    for (const auto letter : legal_next(state)) next += (next.empty() ? "" : " ") + std::string(1, character(letter));
    out += row({code(state.text()), next.empty() ? "none" : next, is_momentary(state) ? "no: forced" : "yes", words(start_advice(state).may), words(existing_advice(state)), visited(state).text()});
  }
  return out;
}

std::string advice_table() {
  auto out = head({"in a state such as", "to begin", "because", "a running embargo", "because"});
  std::set<std::string_view> said;
  for (const auto& state : kCaseStates)
    if (!is_momentary(state) && said.insert(start_advice(state).reason).second)
      out += row({code(state.text()), words(start_advice(state).may), std::string(start_advice(state).reason), words(existing_advice(state)), std::string(existing_reason(state))});
  return out;
}

std::string facts_table() {
  auto out = head({"embargo", "P becomes known", "X becomes known", "A becomes known"});
  for (const auto state : {EmbargoState::None, EmbargoState::Proposed, EmbargoState::Active, EmbargoState::Revise, EmbargoState::Exited}) {
    const auto cell = [&](Letter fact) { return words(after(fact, state)) + (leaves_a_choice(fact, state) ? " (should; a person decides)" : ""); };
    out += row({words(state), cell(Letter::P), cell(Letter::X), cell(Letter::A)});
  }
  return out;
}

std::string content_table() {
  auto out = head({"admission", "report", "embargo", "signed the running terms", "held it already", "content", "terms"});
  const auto line = [&](Admission admission, std::string report, std::string embargo, std::string signed_, std::string held, bool content) {
    out += row({words(admission), std::move(report), std::move(embargo), std::move(signed_), std::move(held), content ? "**yes**" : "no", may_see_terms(admission) ? "yes" : "no"});
  };
  using enum Admission;
  for (const auto admission : {None, Invited, Accepted, Suspended, Removed}) line(admission, "any", "any", "any", "any", may_read_content(admission, ReportState::Valid, EmbargoState::None, true, true));
  line(Confirmed, "start", "any", "any", "any", may_read_content(Confirmed, ReportState::Start, EmbargoState::None, true, true));
  for (const auto embargo : {EmbargoState::None, EmbargoState::Exited}) line(Confirmed, "received or later", words(embargo), "any", "any", may_read_content(Confirmed, ReportState::Received, embargo, false, false));
  for (const bool held : {true, false}) line(Confirmed, "received or later", "proposed", "any", held ? "yes" : "no", may_read_content(Confirmed, ReportState::Received, EmbargoState::Proposed, false, held));
  for (const auto embargo : {EmbargoState::Active, EmbargoState::Revise})
    for (const bool signed_ : {true, false}) line(Confirmed, "received or later", words(embargo), signed_ ? "yes" : "no", "any", may_read_content(Confirmed, ReportState::Received, embargo, signed_, !signed_));
  return out;
}

std::string desiderata_table() {
  auto out = head({"", "wish", "by luck", "histories"});
  for (const auto& d : kDesiderata) {
    const auto p = precedence(d.first, d.then);
    out += row({code(name(d)), std::string(d.meaning), p.frequency.text(), std::to_string(p.histories) + " of " + std::to_string(histories().size())});
  }
  return out;
}

std::string zero_day_table() {
  auto out = head({"class", "pattern", "meaning"});
  for (const auto& z : kZeroDayClasses) out += row({words(z.kind), code(z.pattern), std::string(z.meaning)});
  return out;
}

std::string actions_table() {
  auto out = head({"kind", "states", "who", "embargo", "suggestion", "may bring"});
  for (const auto& a : action_table()) {
    std::string patterns;
    for (std::size_t at = 0; at < a.patterns.size(); at += kLetters.size() + 1) patterns += (patterns.empty() ? "" : " ") + code(a.patterns.substr(at, kLetters.size()));
    out += row({words(a.kind), patterns, words(a.who), words(a.embargo), std::string(a.what), a.causes ? std::string(1, character(*a.causes)) : ""});
  }
  return out;
}

std::string counts() {
  const auto c = model_counts();
  return "The six letters have " + std::to_string(c.states) + " states, " + std::to_string(c.transitions) + " legal steps between them and " + std::to_string(c.histories) + " complete histories.\n";
}

}  // namespace

std::string report_diagram() { return machine_diagram(kReportSteps, ReportState::Start); }
std::string embargo_diagram() { return machine_diagram(kEmbargoSteps, EmbargoState::None); }
std::string consent_diagram() { return machine_diagram(kConsentSteps, ConsentState::NoEmbargo); }
std::string fix_path_diagram() { return letters_diagram({Letter::V, Letter::F, Letter::D}, {}, 0, 3); }
std::string public_facts_diagram() { return letters_diagram({Letter::P, Letter::X, Letter::A}, {.v = true}, 3, 3); }

std::vector<Block> protocol_blocks() {
  return {{"report-machine", report_diagram()}, {"embargo-machine", embargo_diagram()}, {"consent-machine", consent_diagram()},
          {"fix-path", fix_path_diagram()},     {"public-facts", public_facts_diagram()}, {"counts", counts()},
          {"states", states_table()},           {"embargo-advice", advice_table()},     {"facts-and-embargo", facts_table()},
          {"content-gate", content_table()},    {"desiderata", desiderata_table()},     {"zero-days", zero_day_table()},
          {"actions", actions_table()}};
}

std::string with_blocks(std::string page, const std::vector<Block>& blocks) {
  for (const auto& block : blocks) {
    const auto begin = "<!-- generated: " + block.name + " -->\n", end = "<!-- end of " + block.name + " -->";
    const auto from = page.find(begin), to = page.find(end);
    if (from == std::string::npos || to == std::string::npos || to < from) continue;
    page.replace(from + begin.size(), to - from - begin.size(), block.text);
  }
  return page;
}

}  // namespace sluice::cvd
