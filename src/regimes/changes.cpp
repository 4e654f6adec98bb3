#include "regimes/changes.h"

namespace sluice::regimes {

namespace {

std::string title_of(const Change& one) {
  if (one.kind == "schedule") return one.kind;
  if (one.kind == "conflict") return one.kind + " " + one.of;
  return one.kind + " of " + one.of + (one.on.empty() ? "" : (one.kind == "divergence" ? " from " : " on ") + one.on);
}

// An answer in lines that can be compared: what is asked, and what it says.
std::map<std::string, Change> lines_of(const Evaluation& all, Divergences divergences) {
  std::map<std::string, Change> out;
  const auto add = [&](std::string kind, std::string of, std::string on, std::string says) {
    Change line{std::move(kind), std::move(of), std::move(on), std::move(says), {}};
    auto title = title_of(line);
    out[std::move(title)] = std::move(line);
  };
  for (const auto& [action, outcome] : all.outcomes) add("outcome", action, "", std::string(to_text(outcome)));
  for (const auto& one : all.verdicts.spoken) add("verdict", one.rule.rule->id, one.action->id, std::string(to_text(one.word)) + (one.until ? " until " + *one.until : ""));
  for (const auto& one : all.duties)
    if (one.is_triggered()) add("duty", one.rule.rule->id, one.on->id, std::string(to_text(one.state)) + (one.due ? ", due " + one.due->text : ""));
  for (const auto& one : all.conflicts.all) {
    std::string members;
    for (const auto& member : one.members) members += (members.empty() ? "" : " + ") + member;
    add("conflict", std::move(members), "", one.kind);
  }
  if (divergences == Divergences::Compared)
    for (const auto& one : all.divergences) add("divergence", one.rule, one.standard, one.why);
  add("schedule", "", "", all.conflicts.feasible ? "feasible" : "infeasible");
  return out;
}

}  // namespace

std::vector<Change> changes(const Evaluation& before, const Evaluation& then, Divergences divergences) {
  const auto left = lines_of(before, divergences);
  auto right = lines_of(then, divergences);
  std::vector<Change> out;
  // A conflict that isn't among those found may be there all the same, where not all were.
  const auto is_unknown = [](const Change& line, const Evaluation& without) { return line.kind == "conflict" && without.conflicts.more; };
  for (const auto& [title, line] : left) {
    const auto found = right.find(title);
    if (found == right.end() && is_unknown(line, then)) continue;
    auto change = line;
    if (found != right.end()) change.then = found->second.before;
    if (change.before != change.then) out.push_back(std::move(change));
  }
  for (auto& [title, line] : right) {
    if (left.contains(title) || is_unknown(line, before)) continue;
    std::swap(line.before, line.then);
    out.push_back(std::move(line));
  }
  return out;
}

std::string to_text(const Change& change) {
  const auto said = [](const std::string& text) { return text.empty() ? std::string("none") : text; };
  return title_of(change) + ": " + said(change.before) + ", then " + said(change.then);
}

std::optional<Change> read_change(std::string_view text) {
  const auto colon = text.find(": "), then = text.find(", then ");
  if (colon == text.npos || then == text.npos || then < colon) return std::nullopt;
  const auto read = [](std::string_view said) { return said == "none" ? std::string() : std::string(said); };
  auto title = text.substr(0, colon);
  const auto blank = std::min(title.find(' '), title.size());
  Change out{std::string(title.substr(0, blank)), {}, {}, read(text.substr(colon + 2, then - colon - 2)), read(text.substr(then + 7))};
  title.remove_prefix(std::min(blank + 1, title.size()));
  if (out.kind == "conflict") return out.of = title, out;
  if (title.starts_with("of ")) title.remove_prefix(3);
  // A rule's id has no blank; that of an action may.
  const std::string_view joint = out.kind == "divergence" ? " from " : " on ";
  const auto end = out.kind == "outcome" ? title.npos : title.find(joint);
  out.of = title.substr(0, end);
  if (end != title.npos) out.on = title.substr(end + joint.size());
  return out;
}

json::object to_json(const Change& change) {
  const auto value = [](const std::string& text) { return text.empty() ? json::value() : json::value(text); };
  json::object out{{"kind", change.kind}};
  if (!change.of.empty()) out["of"] = change.of;
  if (!change.on.empty()) out["on"] = change.on;
  out["before"] = value(change.before), out["then"] = value(change.then);
  return out;
}

}  // namespace sluice::regimes
