// The gate: may this content reach this audience at this time on this basis?
//
// Four judges, each pure and each in its own file: the embargo, need to know, the marking (TLP 2.0), the regimes in scope. Called by service/: for
// a push or a publication when it is queued and again when it is sent, for a standing right when it is given and when facts change.
//
// Always holds
//   G4  A Pass exists if and only if the outcome is not Deny; judge() alone makes one.
//   G5  Before an embargo's end nobody who isn't a signatory of the running terms gets what they cover, but by a recorded override.
//   G6  Only TLP:CLEAR reaches the public. No override changes that, nor another party's label.
//   G7  An override adds duties; it never makes a plain Allow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/facts.h"
#include "gate/ruling.h"

namespace sluice::gate {

struct Judged;

// Leave to send one content to one audience by one channel, once. Move-only: a Pass that was moved away is spent.
class Pass {
 public:
  Pass(Pass&& other) noexcept;
  Pass& operator=(Pass&& other) noexcept;
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
  ~Pass() = default;

  const RulingId& ruling() const { return ruling_; }
  const Audience& audience() const { return audience_; }
  const ContentHash& content() const { return content_; }
  Channel channel() const { return channel_; }
  bool is_spent() const { return spent_; }
  Instant not_before() const { return at_; }
  bool is_for(Channel channel, const ContentHash& content, const Audience& audience) const;

 private:
  Pass(RulingId ruling, const Disclosure& disclosure);
  friend Judged judge(const Disclosure& disclosure, const Facts& facts, RulingId id);

  RulingId ruling_;
  Audience audience_;
  ContentHash content_;
  Channel channel_;
  Instant at_;
  bool spent_ = false;
};

struct Judged {
  Ruling ruling;
  std::optional<Pass> pass;
};

// `id` is new for each ruling.
Judged judge(const Disclosure& disclosure, const Facts& facts, RulingId id);

// The same ruling without a Pass: what-ifs and dry runs. Nothing is recorded, so the id is nil.
Ruling consider(const Disclosure& disclosure, const Facts& facts);

// Facts whose change alone would change the outcome, nearest first: {"fact":"/at","to":"2021-12-20T12:00:00Z","outcome":"allow"}. Paths beginning
// with "/facts" are facts of the case, the others are JSON Pointers into the Disclosure.
struct Change {
  std::string fact;
  std::string to;
  Outcome outcome = Outcome::Allow;
  bool operator==(const Change&) const = default;
};
BOOST_DESCRIBE_STRUCT(Change, (), (fact, to, outcome))
std::vector<Change> what_would_change(const Disclosure& disclosure, const Facts& facts);

// JSON Pointers into the Disclosure that would make the ruling surer and are absent ("/audience/country").
std::vector<std::string> facts_missing(const Disclosure& disclosure, const Facts& facts);

// The four, for tests and for showing one alone.
Judgement judge_embargo(const Disclosure& disclosure, const Facts& facts);
Judgement judge_need_to_know(const Disclosure& disclosure, const Facts& facts);
Judgement judge_marking(const Disclosure& disclosure, const Facts& facts);
Judgement judge_regimes(const Disclosure& disclosure, const Facts& facts);

}  // namespace sluice::gate
