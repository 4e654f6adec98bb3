#include "service/notice_offers.h"

#include <algorithm>

#include "cvd/availability.h"
#include "regimes/recipient.h"

namespace sluice::service {

namespace {

// Of one scenario: the products whose users can't have a remedy yet, each with the vulnerability where the case has several. One that isn't affected needs none.
void add_lacking(std::vector<std::string>& to, const cvd::CaseFold& fold, const CaseScenario& given) {
  for (const auto id : given.vulnerabilities) {
    const auto* vulnerability = fold.vulnerability(id);
    if (vulnerability == nullptr) continue;
    const auto delivery = cvd::delivery_of(cvd::chain_of(fold, id));
    for (const auto product_id : given.products) {
      const auto* product = fold.product(product_id);
      const auto found = delivery.availability.find(product_id);
      const bool there = found != delivery.availability.end() && (found->second.reach == cvd::Reach::NotNeeded || (found->second.reach == cvd::Reach::Available && found->second.since));
      if (product == nullptr || there) continue;
      auto name = product->name + (product->version ? " " + *product->version : "");
      if (fold.vulnerabilities.size() > 1) name += " (" + vulnerability->identifier.value_or(vulnerability->title) + ")";
      if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(std::move(name));
    }
  }
}

std::string no_remedy_words(const std::vector<std::string>& lacking) {
  constexpr std::size_t kNamed = 10;
  std::string out = "There is no remedy that users can have yet";
  for (std::size_t i = 0; i < std::min(lacking.size(), kNamed); ++i) out += (i == 0 ? ": " : ", ") + lacking[i];
  if (lacking.size() > kNamed) out += ", and " + std::to_string(lacking.size() - kNamed) + " more";
  return out + ".";
}

bool names(const std::string& recipients, std::string_view kind) {
  const auto read = regimes::parse_recipients(recipients);
  return read && std::any_of(read->begin(), read->end(), [&](const regimes::Recipient& one) { return one.kind == kind; });
}

}  // namespace

std::string not_yet(const Packs& packs, const CaseLaw& law, const cvd::CaseFold& fold, OrganisationId own, const std::vector<std::string>& after) {
  if (after.empty()) return {};
  std::string missing;
  std::vector<std::string> lacking;
  bool is_asked = false;
  for (const auto& one : law.all) {
    const auto* party = one.scenario->party(own.text());
    if (party == nullptr) continue;
    is_asked = true;
    for (const auto& event : after) {
      const auto span = one.evaluation.world->event(event, party);
      if (happens(span) && span.to <= one.scenario->as_of) continue;
      if (event == "fix.available") add_lacking(lacking, fold, one.given);
      if (missing.empty() || event == "fix.available") missing = event;
    }
  }
  if (!is_asked) missing = after.front();
  if (missing.empty()) return {};
  if (missing == "fix.available") return no_remedy_words(lacking);
  if (missing == "users.informed") return "Users were not told of the remedy yet.";
  return "What it waits for has not happened yet: " + std::string(packs.library().words.plain(missing)) + ".";
}

std::vector<std::string> waits_for(const Packs& packs, std::string_view form, const std::string& to) {
  const auto& forms = packs.forms();
  if (const auto* own = forms.form(form); own != nullptr && !own->after.empty()) return own->after;
  const auto& words = packs.library().words;
  const auto read = regimes::parse_recipients(to);
  if (!read) return {};
  for (const auto& one : *read) {
    const auto kind = words.recipients.find(one.kind);
    if (kind == words.recipients.end() || kind->second.needed == regimes::Truth::True) continue;
    if (std::any_of(forms.forms.begin(), forms.forms.end(), [&](const regimes::NoticeForm& other) { return other.after.empty() && names(other.to, one.kind); })) continue;
    for (const auto& note : forms.forms)
      if (!note.after.empty() && names(note.to, one.kind)) return note.after;
  }
  return {};
}

}  // namespace sluice::service
