// What happens to an incident's record, to notices to authorities, and to reports on a region or sector. A part of events.h, which says what an event is.
//
// Each belongs to one organisation, `organisation`, and stands in its compartment: `coordination` for one that coordinates, its own for all others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"

namespace sluice::cvd {

struct NoticeKind { static constexpr char kLetter = 'i'; };  // the last letter that was free
using NoticeId = Id<NoticeKind>;
using AreaReportId = NoticeId;  // a text on a region or sector has the same kind of id as a notice

// ISO/IEC 27035-1, cl. 5: detection and reporting, assessment and decision, responses, lessons learnt. Planning comes before there is an incident.
enum class IncidentPhase { Detected, Assessed, Responded, Learnt };
BOOST_DESCRIBE_ENUM(IncidentPhase, Detected, Assessed, Responded, Learnt)

struct IncidentRecorded { static constexpr auto kType = "IncidentRecorded"; OrganisationId organisation; std::string title; std::optional<std::string> summary; };
BOOST_DESCRIBE_STRUCT(IncidentRecorded, (), (organisation, title, summary))
struct IncidentMoved { static constexpr auto kType = "IncidentMoved"; OrganisationId organisation; IncidentPhase phase = IncidentPhase::Detected; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(IncidentMoved, (), (organisation, phase, note))
// `value` null: not known (any more). What it was before stays in the record.
struct IncidentFactStated { static constexpr auto kType = "IncidentFactStated"; OrganisationId organisation; std::string fact; json::value value; std::string source; std::optional<std::string> why; };
BOOST_DESCRIBE_STRUCT(IncidentFactStated, (), (organisation, fact, value, source, why))

// A version of a draft, never changed. `fields`: what the form asks, by the field's id; `blanks`: those without an answer. `text` is what would be filed, `act` what filing it is to the rules.
struct NoticeDrafted { static constexpr auto kType = "NoticeDrafted"; NoticeId notice; int version = 0; OrganisationId organisation; std::string form, act, to; std::optional<std::string> stage; std::optional<NoticeId> supplements; json::value fields; std::vector<std::string> blanks; std::string text; Hash hash{}; };
BOOST_DESCRIBE_STRUCT(NoticeDrafted, (), (notice, version, organisation, form, act, to, stage, supplements, fields, blanks, text, hash))
struct NoticeDropped { static constexpr auto kType = "NoticeDropped"; NoticeId notice; OrganisationId organisation; std::string why; };
BOOST_DESCRIBE_STRUCT(NoticeDropped, (), (notice, organisation, why))
// The gate let this version go to this body; only then is its text handed out.
struct NoticeCleared { static constexpr auto kType = "NoticeCleared"; NoticeId notice; int version = 0; OrganisationId organisation; std::string to; Hash hash{}; RulingId ruling; std::optional<DecisionId> decision; };
BOOST_DESCRIBE_STRUCT(NoticeCleared, (), (notice, version, organisation, to, hash, ruling, decision))
// Filed by a person in the body's own way: the very bytes, when, how, and what came back. `unasked`: why it went out without the gate's leave; `denied`: the ruling by which the gate had said no. `blanks_left_why`: why with blanks.
struct NoticeFiled { static constexpr auto kType = "NoticeFiled"; NoticeId notice; int version = 0; OrganisationId organisation; std::string to, text; Hash hash{}; Instant at; std::string how; std::optional<std::string> reference, receipt; std::optional<FileId> file; std::optional<std::string> unasked, blanks_left_why; std::optional<RulingId> denied = {}; };
BOOST_DESCRIBE_STRUCT(NoticeFiled, (), (notice, version, organisation, to, text, hash, at, how, reference, receipt, file, unasked, blanks_left_why, denied))
struct NoticeReceiptAdded { static constexpr auto kType = "NoticeReceiptAdded"; NoticeId notice; OrganisationId organisation; std::optional<std::string> reference, receipt; std::optional<FileId> file; };
BOOST_DESCRIBE_STRUCT(NoticeReceiptAdded, (), (notice, organisation, reference, receipt, file))

struct AreaReportDrafted { static constexpr auto kType = "AreaReportDrafted"; AreaReportId area; int version = 0; OrganisationId organisation; std::string title, text; std::vector<std::string> regions; std::optional<std::string> sector; bool public_data = false; std::vector<std::string> classes; Hash hash{}; };
BOOST_DESCRIBE_STRUCT(AreaReportDrafted, (), (area, version, organisation, title, text, regions, sector, public_data, classes, hash))
struct AreaReportPublished { static constexpr auto kType = "AreaReportPublished"; AreaReportId area; int version = 0; OrganisationId organisation; Hash hash{}; std::string where; Instant at; RulingId ruling; };
BOOST_DESCRIBE_STRUCT(AreaReportPublished, (), (area, version, organisation, hash, where, at, ruling))

}  // namespace sluice::cvd
