// What a viewer's organisation is in one case, as plain facts, and which compartments that opens.
//
// cvd/ works the facts out of a case (the content gate is cvd::may_read_content); this room only draws the conclusions. A Standing of a case
// that the viewer has no part in is the default one, and opens nothing.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "access/compartment.h"
#include "access/viewer.h"

namespace sluice::access {

// Where the organisation stands at the case's door. Suspended and removed are None: as if it never was.
enum class Place { None, Invited, Confirmed };
BOOST_DESCRIBE_ENUM(Place, None, Invited, Confirmed)

enum class CaseRole { Reporter, Finder, Vendor, Deployer, Coordinator, Observer, Cna };
BOOST_DESCRIBE_ENUM(CaseRole, Reporter, Finder, Vendor, Deployer, Coordinator, Observer, Cna)

struct Standing {
  // Of the organisation in the case.
  bool is_owner = false;                        // the case is its own
  bool is_admitted_coordinator = false;         // a confirmed coordinator that the owner admitted
  Place admission = Place::None;                // the owner is Confirmed
  bool may_read_content = false;                // the content gate of the case, for this organisation (cvd::may_read_content)
  bool may_see_terms = false;                   // terms and negotiation: also while invited, lapsed or declined
  std::vector<CaseRole> roles = {};
  std::vector<GroupId> groups = {};             // the named tiers it belongs to
  std::vector<ReportId> own_reports = {};       // sent by this organisation, or opened by the report code

  // Of the thing that is acted upon.
  std::optional<ReportId> report = {};          // the report it is about; a report code needs none, it has just one
  bool is_own_object = false;                   // it is the viewer's organisation's own: its remedy, statement, people, advisory, Ruling
  bool is_put_to_viewer = false;                // a Disclosure about it was put to this counsel or observer
  bool is_shared_identity = false;              // the reporter shared this identity with the viewer's organisation
  bool is_last_coordinator = false;             // the participant to be removed is the last coordinator or the owner: two persons (ACC-11)
  bool owner_lets_coordinators_settle = false;
  bool is_behind_glass = false;                 // two persons opened this case to this instance administrator (ACC-5); set by whoever loads it, never stored
  bool is_granted_read = false;                 // the collection is shared with the viewer's organisation
  bool is_granted_write = false;

  bool operator==(const Standing&) const = default;

  bool has(CaseRole role) const;
  bool knows_case() const;                      // owner, confirmed, invited, or sent a report that is in it
};

// May this viewer know that the case exists? Its organisation must; and instance administrators, auditors and trustees don't, whatever it is, but for what was
// opened to an administrator by break-glass.
bool knows_case(const Viewer& viewer, const Standing& standing);

// Which of the case's compartments the viewer reads, in their order and each once.
//   coordination   the owner's staff and the admitted coordinators, who read all others too; a coordinator passes the content gate like others
//   shared         confirmed participants that pass the content gate
//   org:<own>      the organisation itself, its counsel too, while it passes the content gate
//   report:<own>   the reporter, whatever the embargo (also by report code)
//   group:<tier>   its members, while they pass the content gate
// Instance administrators, auditors, trustees and nobody read none (ACC-5); all of a case that was opened to an administrator by break-glass. The machine reads all.
std::vector<Compartment> readable_compartments(const Viewer& viewer, const Standing& standing, std::span<const Compartment> of_the_case);
bool may_read(const Viewer& viewer, const Standing& standing, const Compartment& compartment);

// May this viewer know of everybody in the case what is on record beside its compartments: rulings, deliveries, proofs, copies? Who reads the coordination may: the owner's people and those of a
// coordinator it admitted, while the content gate lets that in. Counsel knows what is its own organisation's; an administrator who broke the glass reads the compartments and gets no more.
bool knows_whole_case(const Viewer& viewer, const Standing& standing);

}  // namespace sluice::access
