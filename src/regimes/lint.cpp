#include "regimes/lint.h"

#include <algorithm>

namespace sluice::regimes {

namespace {

void lint_rule(const Pack& pack, const Rule& rule, Findings& out) {
  const auto where = pack.file + ":" + std::to_string(rule.line);
  const bool is_general = !rule.mark.empty() && std::all_of(rule.mark.begin(), rule.mark.end(), [](const std::string& mark) { return mark == "GEN"; });
  if (is_general && rule.verified) out.push_back({Severity::Error, "mark", where, "What is general knowledge alone (GEN) isn't verified: write `verified: false`."});
  if (rule.plain.from && rule.plain.until_date && *rule.plain.until_date < *rule.plain.from) out.push_back({Severity::Error, "dates", where, "This rule ends before it begins."});
}

}  // namespace

Findings lint(const Library& library, const std::set<std::string>& others) {
  Findings out;
  for (const auto& [id, pack] : library.packs) {
    const auto wrong = [&](Severity severity, std::string rule, std::string message) { out.push_back({severity, std::move(rule), pack.file, std::move(message)}); };
    if (pack.file.substr(0, pack.file.rfind('.')) != id) wrong(Severity::Error, "file-name", "The id \"" + id + "\" is also the file's name.");
    if (pack.from && pack.until && *pack.until < *pack.from) wrong(Severity::Error, "dates", "This regime ends before it begins.");
    if (!pack.successor.empty() && !library.packs.contains(pack.successor) && !others.contains(pack.successor)) wrong(Severity::Error, "unknown-pack", "The successor \"" + pack.successor + "\" is no pack.");
    // Whose policy it is, a site's profiles may say with a word of their own.
    if (!pack.owner.empty() && !library.words.flags.contains(pack.owner) && std::find(library.words.owners.begin(), library.words.owners.end(), pack.owner) == library.words.owners.end())
      wrong(Severity::Warning, "unknown-flag", "The owner \"" + pack.owner + "\" is no flag of the vocabulary.");
    for (const auto& source : pack.sources)
      if (!library.words.sources.empty() && !library.words.sources.contains(source) && !library.words.says.contains(source)) wrong(Severity::Error, "unknown-source", "The vocabulary has no source \"" + source + "\".");
    for (const auto& rule : pack.rules) lint_rule(pack, rule, out);
  }
  return out;
}

}  // namespace sluice::regimes
