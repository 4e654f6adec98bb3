// Who is ready for a release, who isn't, and whether enough are.
//
// Counted are, for each vulnerability that the release makes public, the vendors it concerns: those who were asked and are silent, and those with a product
// that is affected or may be. A vendor is ready once each of these has a validated fix. What was agreed (ReadinessAgreed) says how many it takes:
// all (where nothing else was agreed), more than half, or a share of the weights. Vultron EM: a quorum of vendors that are ready may end an embargo although some are not.
//
// Always holds
//   R1  Who isn't affected counts neither way, so that no quorum is reached without a fix.
//   R2  A product out of support at the planned instant isn't asked to be ready. It is named.
//   R3  The words of `in_the_way` change with who isn't ready and with nothing else: a waiver is held to them.
#pragma once

#include "cvd/case.h"

namespace sluice::cvd {

struct Behind {
  VulnerabilityId vulnerability;
  OrganisationId vendor;
  std::optional<ProductId> product;   // none: it was asked and named none
  std::string words;                  // "Gateway (o_…) has no validated fix for …"
  std::optional<std::string> because; // what is known of the reason: blocked, waits, failed its test
};

struct Quorum {
  VulnerabilityId vulnerability;
  int ready = 0, all = 0, needed = 0; // vendors, or their weights
  bool reached() const { return ready >= needed; }
};

struct Readiness {
  SettlementRule rule = SettlementRule::Unanimity;
  std::vector<Behind> behind;
  std::vector<Quorum> quorums;             // one a vulnerability that somebody has to be ready for
  std::vector<std::string> unsupported;    // R2
  std::vector<std::string> partial;        // fixes that go out though they remedy a part only
  std::vector<std::string> in_the_way;     // what holds the release; empty: it may go
};
Readiness readiness(const CaseFold& fold, const Release& release);

// Of a plan that is held: what it would have published is out, by another plan of its advisory, or because others made it public since it was planned. A held update of what the case itself
// released is neither: it is still to come. Who is told of the date alone doesn't know what a plan is about: then it is all that the case was about, and after a release nothing is said.
enum class Overtaken { ByAnotherPlan, ByThePublic };
BOOST_DESCRIBE_ENUM(Overtaken, ByAnotherPlan, ByThePublic)
std::optional<Overtaken> overtaken(const CaseFold& fold, const Release& release);

std::string words_of(const Quorum& quorum, SettlementRule rule);  // "2 of 5 are ready; 3 are needed (more than half)"

}  // namespace sluice::cvd
