// docs/rights.md, printed from the table that authorize() reads: a change of rights is a diff that people read.
#include <map>

#include "access/rights.h"

namespace sluice::access {

namespace {

std::string shown(char cell) {
  for (const auto& row : kLegend)
    if (row.letter == cell) return std::string(row.shown);
  return {};
}

constexpr std::string_view kColumns[kPrincipals] = {"nobody", "finder", "vendor member", "vendor admin", "coordinator", "case owner", "observer", "counsel", "trustee", "auditor", "instance admin", "sharing member"};

std::string_view words(Needs needs) {
  switch (needs) {
    case Needs::Nothing: return "";
    case Needs::Known: return "a part in the case";
    case Needs::Terms: return "sight of the terms";
    case Needs::Place: return "confirmed, or the reporter";
    case Needs::Content: return "the content gate";
  }
  return {};
}

}  // namespace

std::string rights_page() {
  std::string out =
      "# Who may do what\n\n"
      "Printed from the table in `src/access/rights.h`; a test holds this page equal to it. Nothing that isn't here is allowed.\n"
      "One viewer may stand in several columns: a vendor that owns a case is vendor member and case owner. A person reads as one organisation at a time.\n"
      "\"Needs\" is asked besides the column; the case owner's own staff always pass it. A token may do what its person may, where it has the scope named; where none\n"
      "is named, only a person can. What is marked `404` doesn't exist for whoever may not have it; and nothing of a case exists for who has no part in it.\n\n"
      "| action | needs |";
  for (const auto column : kColumns) out += " " + std::string(column) + " |";
  out += " token's scope | refused as |\n|---|---|";
  for (std::size_t i = 0; i < kPrincipals; ++i) out += "---|";
  out += "---|---|\n";
  for (const auto& right : kRights) {
    out += "| " + std::string(right.words) + " | " + std::string(words(right.needs)) + " |";
    for (const char cell : right.cells) out += " " + shown(cell) + " |";
    out += (right.scope.empty() ? " – |" : " `" + std::string(right.scope) + "` |") + std::string(right.refusal == Refusal::Hidden ? " 404 |\n" : " 403 |\n");
  }
  out += "\n";
  for (const auto& row : kLegend) out += "- " + std::string(row.shown) + ": " + std::string(row.words) + "\n";
  return out;
}

}  // namespace sluice::access
