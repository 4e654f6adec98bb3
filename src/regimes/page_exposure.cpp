// What a duty or a ban not kept would meet, and which body would have been the right one: said beside duties and actions of the printed evaluation.
#include "regimes/page_writer.h"

#include <algorithm>

#include "base/time_words.h"
#include "regimes/plain_words.h"
#include "regimes/sanctions.h"
#include "regimes/wrong_body.h"

namespace sluice::regimes::page {

Html Writer::exposure(const std::optional<Exposure>& exposed) const {
  if (!exposed) return {};
  Html out;
  for (const auto& one : exposed->sanctions) {
    out += el("p", el("strong", "Sanction: "), one.rule->says, " (", one.rule->cite, ")", one.is_sure ? "" : " Whether it applies turns on facts that nobody gave.", one.rule->notes.empty() ? "" : " " + one.rule->notes, " ",
              one.rule->verified ? Html() : doubt());
  }
  if (!exposed->none.empty()) out += el("p", {{"class", "quiet"}}, "Sanction: " + exposed->none);
  return out;
}

// In a row of the table; what each says stands once below it.
Html Writer::exposure_in_short(const std::optional<Exposure>& exposed, const char* words) {
  if (!exposed) return {};
  std::vector<std::string> cites;
  for (const auto& one : exposed->sanctions) cites.push_back(one.rule->cite + (one.is_sure ? "" : ", if it applies"));
  return el("p", {{"class", "quiet"}}, words, cites.empty() ? exposed->none : listed(cites) + ", see below");
}

Html Writer::sanctions() const {
  std::set<std::string> seen;
  Html list;
  for (const auto& duty : all_.duties)
    if (const auto exposed = exposure_of(all_, duty))
      for (const auto& one : exposed->sanctions)
        if (seen.insert(one.rule->id).second) list += el("li", source(applied(*all_.world, *duty.rule.pack, *one.rule)), ": ", one.rule->says, one.rule->notes.empty() ? "" : " " + one.rule->notes);
  return list.empty() ? list : el("h3", "Sanctions that a duty not kept would meet") + el("ul", list);
}

// `rule`: whose question it is, where it doesn't stand beside it.
Html Writer::wrong(const std::vector<WrongBody>& all, const Applied* rule) const {
  Html out;
  for (const auto& one : all) {
    Html right;
    for (const auto& body : one.right) right += (right.empty() ? Html() : Html("; ")) + to_text(body) + " (" + body.remit->basis + ")" + (body.remit->verified ? Html() : Html(" ") + doubt()) + (body.remit->unclear.empty() ? "" : " – not settled: " + body.remit->unclear);
    out += el("p", el("strong", one.action->id), " went to ", recipients(one.action->to), rule == nullptr ? Html(", which fulfils nothing here. Asked is: ") : Html(", which fulfils nothing of ") + source(*rule) + ". Asked there is: ", asked(one.asked), ".", right.empty() ? Html() : Html(" The right body: ") + right + (one.right.back().remit->unclear.ends_with('.') ? "" : "."));
  }
  return out;
}

}  // namespace sluice::regimes::page
