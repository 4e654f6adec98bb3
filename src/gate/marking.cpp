#include "base/tlp.h"
#include "gate/judge.h"

namespace sluice::gate {

namespace {

Judgement says(Outcome outcome, Tlp tlp, std::string text) {
  return {JudgeName::Marking, outcome, {{"TLP 2.0 " + to_text(tlp).substr(4), std::move(text)}}, {}};
}

// Whom the label itself lets have it.
bool label_allows(Tlp tlp, AudienceKind kind, const AudienceFacts& audience) {
  const bool one_party = kind == AudienceKind::Organisation || kind == AudienceKind::Person;
  switch (tlp) {
    case Tlp::Clear: return true;
    case Tlp::Green: return kind == AudienceKind::Community || (one_party && (audience.is_community || audience.is_recipient));
    case Tlp::Amber: return one_party && (audience.is_recipient || audience.is_client_of_recipient);
    case Tlp::AmberStrict: return one_party && audience.is_recipient;
    case Tlp::Red: return kind == AudienceKind::Person && audience.is_named_person;
  }
  return false;
}

std::string whom(Tlp tlp) {
  switch (tlp) {
    case Tlp::Clear: return "anyone may have it";
    case Tlp::Green: return "it stays within the community of signed-in organisations";
    case Tlp::Amber: return "it stays with the recipient organisations and their clients";
    case Tlp::AmberStrict: return "it stays with the recipient organisations";
    case Tlp::Red: return "it is for the persons named by its source alone";
  }
  return {};
}

}  // namespace

Judgement judge_marking(const Disclosure& disclosure, const Facts& facts) {
  const Tlp tlp = disclosure.content.marking;
  const auto kind = disclosure.audience.kind;
  if (is_for_anyone(tlp)) return says(Outcome::Allow, tlp, whom(tlp));

  // ACC-15. Nothing below opens this: who wants it public makes a new object with another label.
  if (kind == AudienceKind::Public) return says(Outcome::Deny, tlp, "only TLP:CLEAR is anonymous; " + whom(tlp));

  if (facts.audience.is_author && kind != AudienceKind::Community) return says(Outcome::Allow, tlp, "it is the audience's own");
  if (label_allows(tlp, kind, facts.audience)) return says(Outcome::Allow, tlp, whom(tlp));
  if (facts.marking.source_permits) return says(Outcome::Allow, tlp, "its source allowed this disclosure beyond the label");
  // Only the source loosens a label. Where that is us, our recorded decision does; another party's label no decision of ours touches (G6).
  if (facts.override_ && facts.marking.source_is_ours && why_no_override(facts).empty())
    return says(Outcome::AllowWithDuties, tlp, "the label is our own and an accountable person decided to go beyond it");
  return says(Outcome::Deny, tlp, whom(tlp));
}

}  // namespace sluice::gate
