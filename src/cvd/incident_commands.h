// Commands on an incident's record, on notices and on reports of a region or sector. A part of commands.h. Whose: always the caller's organisation.
#pragma once

#include "base/result.h"
#include "cvd/incident_events.h"

namespace sluice::cvd {

// A notice as its form composes it from what its author may read and answered.
struct ComposedNotice { std::string act, to; json::value fields; std::vector<std::string> blanks; std::string text; };
// What the service made of a command before it is decided (service/notices.h). No part of its JSON, so nobody can send it: `trouble` says what is wrong with it, once it is clear that the
// caller may do this at all.
struct Prepared { bool done = false; std::optional<Error> trouble; std::optional<ComposedNotice> notice; };

// Also changes title and summary of the record there is. A case has one record an organisation.
struct RecordIncident { std::string title; std::optional<std::string> summary; };
BOOST_DESCRIBE_STRUCT(RecordIncident, (), (title, summary))
struct MoveIncident { IncidentPhase phase = IncidentPhase::Detected; std::optional<std::string> note; };
BOOST_DESCRIBE_STRUCT(MoveIncident, (), (phase, note))
struct FactGiven { std::string fact; json::value value; };
BOOST_DESCRIBE_STRUCT(FactGiven, (), (fact, value))
// `source`: how one knows. `why` is needed where it changes what was stated before.
struct StateIncident { std::vector<FactGiven> facts; std::string source; std::optional<std::string> why; Prepared prepared; };
BOOST_DESCRIBE_STRUCT(StateIncident, (), (facts, source, why))

// `notice`: the next version of that one; none: a new notice. `fields`: answers of a person, by the field's id; what isn't given comes from the record, or stays blank.
// `classes`: what it holds, as its author says; where a version says nothing, what the one before said.
struct DraftNotice { std::string form; std::optional<NoticeId> notice; std::optional<std::string> to, stage; std::optional<NoticeId> supplements; std::optional<json::value> fields; std::optional<std::vector<std::string>> classes = {}; Prepared prepared = {}; };
BOOST_DESCRIBE_STRUCT(DraftNotice, (), (form, notice, to, stage, supplements, fields, classes))
struct DropNotice { NoticeId notice; std::string why; };
BOOST_DESCRIBE_STRUCT(DropNotice, (), (notice, why))
// Asks the gate. `decision`: a recorded override by which it may go out though the gate says no.
struct ClearNotice { NoticeId notice; int version = 0; std::optional<DecisionId> decision; };
BOOST_DESCRIBE_STRUCT(ClearNotice, (), (notice, version, decision))
// A text that still has the mark of a blank is held back unless `blanks_left_why` says that they are meant.
inline constexpr std::string_view kBlankMark = "[to be filled in]";   // as drafts are composed (regimes/notice_forms.h)
// `text`: what was filed, if it wasn't the version as it stands, byte for byte. `to`: the body, if it was another than the draft's.
struct FileNotice { NoticeId notice; int version = 0; std::string how; std::optional<std::string> to, text; std::optional<Instant> at; std::optional<std::string> reference, receipt; std::optional<FileId> file; std::optional<std::string> unasked, blanks_left_why; Prepared prepared; };
BOOST_DESCRIBE_STRUCT(FileNotice, (), (notice, version, how, to, text, at, reference, receipt, file, unasked, blanks_left_why))
struct AddNoticeReceipt { NoticeId notice; std::optional<std::string> reference, receipt; std::optional<FileId> file; };
BOOST_DESCRIBE_STRUCT(AddNoticeReceipt, (), (notice, reference, receipt, file))

struct DraftAreaReport { std::optional<AreaReportId> area; std::string title, text; std::optional<std::vector<std::string>> regions; std::optional<std::string> sector; std::optional<bool> public_data; std::optional<std::vector<std::string>> classes; Prepared prepared; };
BOOST_DESCRIBE_STRUCT(DraftAreaReport, (), (area, title, text, regions, sector, public_data, classes))
struct PublishAreaReport { AreaReportId area; int version = 0; std::string where; std::optional<Instant> at; };
BOOST_DESCRIBE_STRUCT(PublishAreaReport, (), (area, version, where, at))

}  // namespace sluice::cvd
