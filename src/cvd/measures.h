// What one case tells of skill and luck: the order of its letters a vendor's product at a time, how long things took, what became of its embargo.
//
// A pure reading of the fold that one viewer sees; what is hidden from the viewer is in no figure (ACC-9). Baselines and alpha: histories.h
// (Householder and Spring, CMU/SEI-2021-SR-021, 2021; ACM DTRAP 3(4), 2022). Formulas and what the figures do not say: docs/measures.md.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "cvd/case.h"
#include "cvd/histories.h"

namespace sluice::cvd {

// What stands in the streams and not in the fold: each organisation's first own step with the report, and when it first found it valid.
struct FirstSteps { std::map<OrganisationId, Instant> stepped, validated; };

struct PairMeasured {
  VulnerabilityId vulnerability;
  ProductId product;
  OrganisationId vendor;
  std::optional<int> tier;                         // of the vendor's group, where the viewer knows it
  std::vector<std::pair<Letter, Instant>> history;
  std::array<Fulfilment, kDesiderata.size()> desiderata{};
  std::vector<ZeroDay> zero_days;
  std::optional<Duration> to_fix, to_deploy;       // from V
  std::string letters() const;
};

// How an embargo ended. In time: at its agreed end or with the release that was planned for; early: because a fact made it so, or a person decided.
enum class EmbargoFate { Runs, AtItsEnd, WithRelease, Public, Exploit, Attacks, Decided };
BOOST_DESCRIBE_ENUM(EmbargoFate, Runs, AtItsEnd, WithRelease, Public, Exploit, Attacks, Decided)
constexpr bool was_kept(EmbargoFate fate) { return fate == EmbargoFate::AtItsEnd || fate == EmbargoFate::WithRelease; }

struct EmbargoMeasured {
  Instant began, first_end, last_end;              // as first agreed, and as agreed at last
  std::optional<Instant> ended;
  EmbargoFate fate = EmbargoFate::Runs;
  int changed = 0;                                 // how often other terms came into force
  Duration agreed() const { return first_end - began; }
  std::optional<Duration> kept() const { return ended ? std::optional(*ended - began) : std::nullopt; }
};

struct CaseMeasured {
  std::vector<PairMeasured> pairs;
  std::optional<Duration> to_acknowledge, to_validate;   // by whom the report went to, from its receipt
  std::optional<EmbargoMeasured> embargo;
};
CaseMeasured measured(const CaseFold& fold, const FirstSteps& steps);

// One desideratum over many histories.
struct Tally {
  int satisfied = 0, violated = 0, unknown = 0;
  void add(Fulfilment fulfilment) { ++(fulfilment == Fulfilment::Satisfied ? satisfied : fulfilment == Fulfilment::Violated ? violated : unknown); }
  int observed() const { return satisfied + violated; }
};

}  // namespace sluice::cvd
