#include "gate/judge.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gate/channel.h"

namespace sluice::gate {

namespace {

using Judgements = std::array<Judgement, 4>;

Judgements ask_all(const Disclosure& disclosure, const Facts& facts) {
  return {judge_embargo(disclosure, facts), judge_need_to_know(disclosure, facts), judge_marking(disclosure, facts), judge_regimes(disclosure, facts)};
}

Outcome whole(const Judgements& judgements) {
  auto out = Outcome::Allow;
  for (const auto& judgement : judgements) out = strictest(out, judgement.outcome);
  return out;
}

// Does the outcome of any judge rest on the recorded decision?
bool rests_on_override(const Disclosure& disclosure, const Facts& facts, const Judgements& with) {
  if (!facts.override_) return false;
  auto bare = facts;
  bare.override_.reset();
  const auto without = ask_all(disclosure, bare);
  return !std::equal(with.begin(), with.end(), without.begin(), [](const Judgement& a, const Judgement& b) { return a.outcome == b.outcome; });
}

// The embargo is an agreement, the demand a law: the case keeps both in sight, and a person decides.
bool is_law_against_embargo(const Disclosure& disclosure, const Facts& facts, bool overridden) {
  if (!facts.regimes || facts.regimes->demanded_by_law.empty()) return false;
  if (!overridden) return judge_embargo(disclosure, facts).outcome == Outcome::Deny;
  auto bare = facts;
  bare.override_.reset();
  return judge_embargo(disclosure, bare).outcome == Outcome::Deny;
}

Ruling rule(const Disclosure& disclosure, const Facts& facts, RulingId id) {
  const auto judgements = ask_all(disclosure, facts);
  Ruling out{.id = id, .disclosure = hash_of(disclosure), .outcome = whole(judgements), .judges = {judgements.begin(), judgements.end()}, .at = facts.now};
  if (facts.regimes) {
    out.duties = facts.regimes->duties;  // shown also where the outcome is Deny: a duty is never hidden
    out.conflicts = facts.regimes->conflicts;
  }
  const bool overridden = rests_on_override(disclosure, facts, judgements);
  if (overridden) {
    out.override_ = facts.override_;
    out.duties.push_back({"decision " + facts.override_->decision.text(), "Tell the participants of the case what was decided, why, and what it means for users.", {}, {}});
  }
  if (is_law_against_embargo(disclosure, facts, overridden)) {
    Conflict conflict{"law-embargo", facts.regimes->demanded_by_law, "A law demands now what the embargo holds back until its end; an accountable person decides."};
    conflict.rules.push_back("embargo");
    const bool listed = std::any_of(out.conflicts.begin(), out.conflicts.end(), [&](const Conflict& c) { return c.kind == conflict.kind && c.rules == conflict.rules; });
    if (!listed) out.conflicts.push_back(std::move(conflict));
  }
  return out;
}

}  // namespace

Pass::Pass(RulingId ruling, const Disclosure& disclosure)
    : ruling_(ruling), audience_(disclosure.audience), content_(disclosure.content.hash), channel_(disclosure.channel), at_(disclosure.at) {}

Pass::Pass(Pass&& other) noexcept
    : ruling_(other.ruling_), audience_(std::move(other.audience_)), content_(other.content_), channel_(other.channel_), at_(other.at_), spent_(std::exchange(other.spent_, true)) {}

Pass& Pass::operator=(Pass&& other) noexcept {
  if (this == &other) return *this;
  ruling_ = other.ruling_;
  audience_ = std::move(other.audience_);
  content_ = other.content_;
  channel_ = other.channel_;
  at_ = other.at_;
  spent_ = std::exchange(other.spent_, true);
  return *this;
}

bool Pass::is_for(Channel channel, const ContentHash& content, const Audience& audience) const {
  return !spent_ && channel == channel_ && content == content_ && audience.kind == audience_.kind && audience.id == audience_.id;
}

Judged judge(const Disclosure& disclosure, const Facts& facts, RulingId id) {
  Judged out{rule(disclosure, facts, id), std::nullopt};
  if (out.ruling.allows()) out.pass = Pass(id, disclosure);
  return out;
}

Ruling consider(const Disclosure& disclosure, const Facts& facts) { return rule(disclosure, facts, RulingId{}); }

Way way_of(Channel channel) {
  using enum Channel;
  switch (channel) {
    case Api:
    case Stream:
    case Mailbox:
    case Taxii: return Way::Grant;
    case Download: return Way::Pull;
    case PublicSite:
    case Feed:
    case CsafProvider:
    case CveService:
    case OsvFeed: return Way::Publish;
    case Mail:
    case Webhook:
    case Stub:
    case Export:
    case AuthorityNotice:
    case Calendar:
    case Federation: return Way::Push;
  }
  return Way::Push;
}

}  // namespace sluice::gate
