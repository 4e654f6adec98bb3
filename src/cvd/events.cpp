#include "cvd/events.h"

#include <algorithm>
#include <array>

namespace sluice::cvd {

namespace {
constexpr int kVersion = 1;  // of every event type so far; the first change brings a table and an upcast

struct Places {
  std::string_view type;
  std::vector<access::Compartment::Kind> kinds;
};

const std::vector<Places>& places() {
  using enum access::Compartment::Kind;
  static const std::vector<Places> table = {
      {CaseOpened::kType, {Coordination, Shared}},
      {ReportReceived::kType, {Report}},
      {ReportLinked::kType, {Coordination}},
      {MailboxMessage::kType, {Report}},
      {ContactAttempted::kType, {Coordination}},
      {ReportForwarded::kType, {Report, Coordination}},
      {ReportTakenUp::kType, {Report}},
      {ReportStepped::kType, {Organisation, Coordination}},
      {CaseDescribed::kType, {Shared}},
      {ParticipantSuggested::kType, {Coordination}},
      {ParticipantInvited::kType, {Coordination, Organisation}},
      {InvitationAnswered::kType, {Coordination, Organisation}},
      {ParticipantConfirmed::kType, {Coordination, Organisation}},
      {ParticipantSuspended::kType, {Coordination, Organisation}},
      {ParticipantRestored::kType, {Coordination, Organisation}},
      {ParticipantRemoved::kType, {Coordination, Organisation}},
      {ParticipantLeft::kType, {Coordination, Organisation}},
      {OwnershipOffered::kType, {Coordination, Organisation}},
      {OwnershipTaken::kType, {Shared, Report}},
      {TermsProposed::kType, {Shared, Coordination}},
      {TermsAnswered::kType, {Organisation, Coordination}},
      {TermsAccepted::kType, {Shared}},
      {TermsRefused::kType, {Shared, Coordination}},
      {EmbargoEnded::kType, {Shared}},
      {ThreadOpened::kType, {Shared, Coordination, Organisation, Group}},
      {MessagePosted::kType, {Shared, Coordination, Organisation, Group}},
      {FileAdded::kType, {Shared, Coordination, Organisation, Group, Report}},
      {VulnerabilityAdded::kType, {Shared}},
      {VulnerabilityDescribed::kType, {Shared}},
      {IdentifierSet::kType, {Shared}},
      {SeverityAssessed::kType, {Shared}},
      {ProductAdded::kType, {Organisation, Coordination, Shared}},
      {StatusAsked::kType, {Organisation, Coordination}},
      {StatusSet::kType, {Organisation, Coordination}},
      {RemedyStepped::kType, {Organisation, Coordination}},
      {RemedyReopened::kType, {Organisation, Coordination}},
      {FactClaimed::kType, {Coordination, Organisation}},
      {FactAdopted::kType, {Shared}},
      {FactRefused::kType, {Coordination, Organisation}},
      {StatementDrafted::kType, {Organisation}},
      {StatementApproved::kType, {Shared}},
      {Decided::kType, {Coordination, Organisation}},
      {AdvisoryDrafted::kType, {Coordination}},
      {AdvisoryApproved::kType, {Coordination}},
      {ReleasePlanned::kType, {Coordination}},
      {ReleaseDated::kType, {Shared}},
      {ReleaseUndated::kType, {Shared}},
      {ReadinessWaived::kType, {Coordination}},
      {ReleaseHeld::kType, {Coordination}},
      {Released::kType, {Shared}},
      {CompartmentErased::kType, {Coordination}},
      {ReminderDue::kType, {Coordination, Organisation}},
      {SecondPersonAsked::kType, {Coordination}},
      {SecondPersonConfirmed::kType, {Coordination}},
      {SecondPersonRefused::kType, {Coordination}},
      {SecondPersonWithdrawn::kType, {Coordination}},
      {SecondPersonLapsed::kType, {Coordination}},
      {SecondPersonSpared::kType, {Coordination}},
      {SettlementAgreed::kType, {Shared, Coordination}},
      {ConsentAsked::kType, {Organisation, Coordination}},
      {InvitationPlanned::kType, {Coordination}},
      {InvitationPlanDropped::kType, {Coordination}},
      {RolesChanged::kType, {Coordination, Organisation}},
      {CaseSplit::kType, {Coordination, Shared}},
      {SplitFrom::kType, {Coordination, Shared}},
      {ParticipantCarried::kType, {Coordination, Organisation}},
      {CasesMerged::kType, {Coordination, Shared}},
      {SiblingTermsChanged::kType, {Coordination}},
      {ReportCarried::kType, {Coordination}},
      {RemedyWaitsFor::kType, {Organisation, Coordination}},
      {RemedyWaitEnded::kType, {Organisation, Coordination}},
      {DeliveryMoved::kType, {Organisation}},
      {RemedyBlocked::kType, {Organisation, Coordination}},
      {RemedyUnblocked::kType, {Organisation, Coordination}},
      {RemedyAssessed::kType, {Organisation, Coordination}},
      {ReadinessAgreed::kType, {Shared, Coordination}},
      {SupportStated::kType, {Organisation, Coordination}},
      {TargetAgreed::kType, {Shared, Organisation, Coordination}},
      {TargetMoved::kType, {Shared, Organisation, Coordination}},
      {TargetDropped::kType, {Shared, Organisation, Coordination}},
      {SilenceNoted::kType, {Coordination}},
      {Escalated::kType, {Coordination, Organisation}},
      {ProceededWithout::kType, {Coordination}},
      {DuplicateLinked::kType, {Coordination}},
      {CreditStated::kType, {Report, Coordination}},
      {GroupFormed::kType, {Coordination, Group}},
      {GroupChanged::kType, {Coordination}},
      {GroupJoined::kType, {Organisation}},
      {GroupLeft::kType, {Organisation}},
      {MessageAmended::kType, {Shared, Coordination, Organisation, Group}},
      {MessageRetracted::kType, {Shared, Coordination, Organisation, Group}},
      {TrackingIdSet::kType, {Organisation}},
      {LeakClaimed::kType, {Coordination, Organisation, Report}},
      {LeakNoted::kType, {Coordination}},
      {LeakClosed::kType, {Coordination, Organisation, Report}},
      {GlassBroken::kType, {Coordination}},
      {GlassClosed::kType, {Coordination}},
      {ScopeConfirmed::kType, {Coordination, Organisation}},
      {FactCorrected::kType, {Coordination, Organisation}},
      {FactCorrectionEnded::kType, {Coordination, Organisation}},
      {ProductPlaced::kType, {Organisation, Coordination}},
      {ContentClassed::kType, {Shared, Coordination, Organisation, Group, Report}},
      {RulesOverridden::kType, {Coordination, Organisation}},
      {IncidentRecorded::kType, {Coordination, Organisation}},
      {IncidentMoved::kType, {Coordination, Organisation}},
      {IncidentFactStated::kType, {Coordination, Organisation}},
      {NoticeDrafted::kType, {Coordination, Organisation}},
      {NoticeDropped::kType, {Coordination, Organisation}},
      {NoticeCleared::kType, {Coordination, Organisation}},
      {NoticeFiled::kType, {Coordination, Organisation}},
      {NoticeReceiptAdded::kType, {Coordination, Organisation}},
      {AreaReportDrafted::kType, {Coordination, Organisation}},
      {AreaReportPublished::kType, {Coordination, Organisation}},
      {ClaimSourced::kType, {Coordination}},
      {ThreatObjectsPrepared::kType, {Coordination, Shared}},
      {ThreatObjectDropped::kType, {Coordination, Shared}},
      {ReleaseCollectionsChosen::kType, {Coordination}},
      {ThreatObjectHeld::kType, {Organisation, Coordination}},
      {MitigationNoted::kType, {Organisation, Coordination}},
      {MitigationProposed::kType, {Coordination}},
      {MitigationProposalEnded::kType, {Coordination}},
      {MitigationCollectionsChosen::kType, {Coordination}},
      {MitigationShared::kType, {Coordination}},
      {MitigationTold::kType, {Organisation}},
  };
  return table;
}

struct Reader {
  std::string_view type;
  Result<Event> (*read)(const json::value& value);
};

template <class E>
Result<Event> read_kind(const json::value& value) {
  E out{};
  TRY(read_json(value, out, "", {"type", "v", "seq"}));
  return Event{std::move(out)};
}

template <class... E>
const std::array<Reader, sizeof...(E)>& readers_of(std::type_identity<OneOf<E...>>) {
  static constexpr std::array<Reader, sizeof...(E)> kReaders{Reader{E::kType, &read_kind<E>}...};
  return kReaders;
}
}  // namespace

std::string_view type_of(const Event& event) {
  return visit([](const auto& e) -> std::string_view { return e.kType; }, event);
}

json::object event_to_json(const Event& event) {
  return visit(
      [](const auto& e) {
        auto out = to_json(e).as_object();
        out["type"] = e.kType;
        out["v"] = kVersion;
        return out;
      },
      event);
}

Result<Event> event_from_json(const json::value& value) {
  const auto type = string_at(value, "type");
  const auto* version = value.is_object() ? value.get_object().if_contains("v") : nullptr;
  if (version == nullptr || !version->is_int64() || version->get_int64() != kVersion) return fail(ErrorKind::Invalid, "This event has a version that this release doesn't know.");
  const auto& readers = readers_of(std::type_identity<Event>());
  const auto found = std::ranges::find(readers, type, &Reader::type);
  if (found == readers.end()) return fail(ErrorKind::Invalid, "This event has a type that this release doesn't know.");
  return found->read(value);
}

std::vector<access::Compartment::Kind> event_compartments(std::string_view type) {
  for (const auto& row : places())
    if (row.type == type) return row.kinds;
  return {};
}

}  // namespace sluice::cvd
