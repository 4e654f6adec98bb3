// An incident's record, notices and reports on an area, as their events tell them. Part of the fold (case.h).
//
// Always holds
//   N1  What was stated, drafted or filed stays: a fact's history, every version of a draft, the bytes that were filed.
//   N2  A notice that was filed has no further version; what corrects it is another notice that names it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cvd/incident_events.h"

namespace sluice::cvd {

struct Incident {
  OrganisationId organisation;
  std::string title;
  std::optional<std::string> summary;
  Instant recorded;
  struct Title { Instant until; std::string title; std::optional<std::string> summary; };
  std::vector<Title> earlier;                    // what it was called before, oldest first
  IncidentPhase phase = IncidentPhase::Detected;
  struct Moved { Instant at; IncidentPhase phase = IncidentPhase::Detected; std::optional<std::string> note; std::optional<PersonId> by; };
  std::vector<Moved> moves;
  struct Statement { Instant at; json::value value; std::string source; std::optional<std::string> why; std::optional<PersonId> by; EntryId entry; };
  std::map<std::string, std::vector<Statement>> facts;  // by the fact's name, oldest first

  // As it stands; nothing where nobody said, or it was taken back.
  const json::value* fact(const std::string& name) const;
};

struct Notice {
  NoticeId id;
  OrganisationId organisation;
  std::optional<NoticeId> supplements;
  struct Version { NoticeDrafted what; Instant at; std::optional<PersonId> by; };
  std::vector<Version> versions;
  struct Cleared { NoticeCleared what; Instant at; std::optional<PersonId> by; };
  std::vector<Cleared> cleared;
  struct Filed { NoticeFiled what; Instant recorded; std::optional<PersonId> by; };
  std::optional<Filed> filed;
  struct Receipt { Instant at; std::optional<std::string> reference, receipt; std::optional<FileId> file; std::optional<PersonId> by; };
  std::vector<Receipt> receipts;                 // that came later
  std::optional<std::string> dropped_why;

  const Version* version(int number) const;
  // The gate let these bytes go to this body.
  bool may_go_out(int number) const;
};

struct AreaReport {
  AreaReportId id;
  OrganisationId organisation;
  struct Version { AreaReportDrafted what; Instant at; std::optional<PersonId> by; };
  std::vector<Version> versions;
  std::optional<AreaReportPublished> published;

  const Version* version(int number) const;
};

struct CaseFold;

// What the organisation's record says, in the form of a case that is given to the regimes: {"incident": {…}, "events": {"breach.aware@o_…": "…"}, "origins": [{"path", "source", "at", "by"}]}.
// A fact whose name has a dot is an event, with an instant; `false` says that it hasn't happened. Empty where there is no record.
json::object incident_facts(const CaseFold& fold, OrganisationId organisation);
// What its author says that a version of a notice holds: said with it, or with one before it. Empty: nothing was said.
std::vector<std::string> classes_of_notice(const CaseFold& fold, NoticeId notice, int version);
// What it has filed and published: actions done, {"id", "actor", "type", "to", "content", "at", …}. A letter in the form for everything that names no stage is of none: it fulfils no stage of a ladder.
inline constexpr std::string_view kGeneralForm = "general", kNoStage = "no-stage";   // as forms and packs have them (regimes/)
json::array notice_actions(const CaseFold& fold, OrganisationId organisation);
// Publishing this text, as an action; without an instant it is only considered.
json::object area_action(const AreaReportDrafted& version, std::optional<Instant> at);

}  // namespace sluice::cvd
