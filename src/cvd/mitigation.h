// Mitigations that are there before a case is public: what each role may have of them, and when that is proposed.
//
// A fix that users can have, a workaround, what detects an attack: once one is there, users are better off if those who act on it have it before everybody does. But each who has it early has an
// advantage, and each detail beyond what it needs is a risk. So a rule proposes, to all of a role at one instant; the gate says of each who may have it; two persons decide (service/mitigation.h).
//
// Pure.
//
// Always holds
//   J1  A proposal is open exactly for what is there: when that changes, becomes public or goes away, it ends, and what is there now is proposed anew.
//   J2  No role is told of more than its row in role_table() has; what else is known is withheld, by name.
//   J3  Whoever is told a mitigation is told it once. All of a role are told the same words, whoever joins later too.
//   J4  Nothing goes out by itself: not to who joins a role later either. It is proposed again for them, and they are shown as not told until a person decides.
#pragma once

#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "cvd/decide.h"

namespace sluice::cvd {

struct RoleRow {
  MitigationRole role;
  Role participants;                              // whose place in a case it is
  std::span<const MitigationPart> parts;          // what of a mitigation it acts on
  std::span<const std::string_view> classes;      // of content, that it may have (words of the regimes' vocabulary)
  bool objects = false;                           // prepared objects that detect go along
};
std::span<const RoleRow> role_table();
const RoleRow& row_of(MitigationRole role);
// What is withheld from a role: every class of content there is but its own.
std::vector<std::string_view> withheld_from(MitigationRole role);

// What is there for one vulnerability in one product, in the order of the parts; nothing where it is public, or the case goes on elsewhere.
std::vector<PartThere> parts_there(const CaseFold& fold, VulnerabilityId vulnerability, ProductId product);

// What a role would be told in words; "": nothing is there for it.
std::string text_for(MitigationRole role, std::span<const PartThere> parts);
// The case's prepared objects that detect, pared down to that: pattern and times, without names and words. In the order of the case.
std::vector<PreparedObject> detecting(const CaseFold& fold);
// Is there anything for this role?
bool is_for(const CaseFold& fold, const Mitigation& mitigation, MitigationRole role);

// Open, and still true of the case.
bool stands(const CaseFold& fold, const Mitigation& mitigation);
// The participants of a role that weren't told yet: all of them but the owner, whoever was removed left out. Whether each may have it the gate says.
std::vector<OrganisationId> not_told(const CaseFold& fold, const Mitigation& mitigation, MitigationRole role);
// Of this proposal, or the very same words of one before it on the same product: where only another role's part has changed, nobody is told again.
bool was_told(const CaseFold& fold, const Mitigation& mitigation, MitigationRole role, OrganisationId organisation);
// The batch that said first what this role is told; none: nobody was told yet.
const MitigationShared* first_shared(const Mitigation& mitigation, MitigationRole role);

// What changes of a case mean for its proposals: new ones, and ends of those that no longer hold (J1). Empty where the changes can't matter.
Changes mitigation_proposals(const CaseFold& before, const Changes& changes, const Ask& ask);

// When all will know, as things are planned: the first release that is planned for the vulnerability, else the embargo's end; none: nobody has said.
std::optional<Instant> expected_public(const CaseFold& fold, VulnerabilityId vulnerability);

}  // namespace sluice::cvd
