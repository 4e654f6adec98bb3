#include "gate/marking.h"

#include <algorithm>
#include <array>

#include "gate/judge.h"

namespace sluice::gate {

namespace {

constexpr std::array<std::string_view, 5> kNames = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"};

Judgement says(Outcome outcome, Tlp tlp, std::string text) {
  return {JudgeName::Marking, outcome, {{"TLP 2.0 " + std::string(kNames[static_cast<std::size_t>(tlp)]), std::move(text)}}, {}};
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

std::string to_text(Tlp tlp) { return "TLP:" + std::string(kNames[static_cast<std::size_t>(tlp)]); }

std::optional<Tlp> parse_tlp(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string_view name = upper;
  if (name.starts_with("TLP:")) name.remove_prefix(4);
  if (name == "WHITE") return Tlp::Clear;  // TLP 1.x
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<Tlp>(i);
  return std::nullopt;
}

Judgement judge_marking(const Disclosure& disclosure, const Facts& facts) {
  const auto tlp = disclosure.content.marking;
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

namespace sluice {

template <> json::value to_json<gate::Tlp>(const gate::Tlp& tlp) { return json::value(gate::to_text(tlp)); }

template <> Result<void> read_json<gate::Tlp>(const json::value& value, gate::Tlp& out, const std::string& where, std::initializer_list<std::string_view>) {
  const auto read = value.is_string() ? gate::parse_tlp(value.get_string()) : std::nullopt;
  if (!read) return bind::wrong("This must be one of: TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED.", where);
  out = *read;
  return {};
}

}  // namespace sluice
