// Evidence packs: what was known of a case at an instant, what the rules then said, who decided, and what proves it. One JSON file that is checked offline.
//
// A pack is about a decision, a ruling, one party's conduct, or the case as it stood. Its acts are read off the ledger's entries, each with its receipt, so
// whoever has the site's public key sees that they were recorded then and not written later. Bytes: docs/formats/evidence-pack.md.
//
// Always holds
//   P1  A pack holds nothing that its asker may not read, and no words of talk, reports, files or drafts: entries that hold such are named, not opened.
//   P2  acts_of() is the only way to an act: the check reads them off the proofs again, so an act that no proof bears is found.
//   P3  The regimes' answer follows from the facts and the packs in it alone; the check works it out anew. Where another engine made the pack and this one answers otherwise, the check says so, and
//       that verdicts were not recomputed: all else is checked in full.
#pragma once

#include "base/findings.h"
#include "ledger/entry.h"
#include "ledger/signature.h"
#include "service/services.h"

namespace sluice::service {

// At most one of the three; none: the case.
struct EvidenceAsked {
  std::optional<DecisionId> decision;
  std::optional<RulingId> ruling;
  std::optional<OrganisationId> conduct;
  std::optional<Instant> as_of;      // else the instant of the decision or ruling; else now
};

// NotFound as for a case that isn't there; Forbidden without the right; Invalid where nothing like that is in the case, or its tick hasn't closed yet.
struct EvidencePack {
  std::string file;
  std::vector<store::FirstDelivery> deliveries;   // of the case and of those that were merged into it
  std::vector<CaseId> merged;
};
Result<EvidencePack> evidence_pack(Services& services, const access::Viewer& viewer, CaseId id, const EvidenceAsked& asked);

inline constexpr std::size_t kLargestEvidence = 64u << 20;

// No error among the findings: it is sound; a warning "evidence.engine" says that its verdicts were not recomputed (P3). Offline; reads no clock.
Findings check_evidence(std::string_view file_bytes, const ledger::VerifyingKey& key);

// What a pack is about, in one line, for a person who checks it. Of a file that was found sound.
std::string what_it_shows(std::string_view file_bytes);

// One act as it stands in a pack: who, when, what kind of measure, the event itself. Nothing for events that hold words which a pack doesn't open.
// Kinds: triage, develop, deliver, adopt, tell, decide, terms, regimes, fact, other.
json::array acts_of(const ledger::LedgerEntry& entry);
// Whether a receipt of this entry would open words of talk, reports, files or drafts. "" if not; else what it holds.
std::string_view words_in(const ledger::LedgerEntry& entry);

}  // namespace sluice::service
