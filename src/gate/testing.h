// A Disclosure and Facts to start from, for the tests of this room alone.
#pragma once

#include "gate/judge.h"

namespace sluice::gate::testing {

template <class I>
I id(std::uint8_t n) {
  I out;
  out.bytes.fill(n);
  return out;
}

inline const auto kOrganisation = id<OrganisationId>(1);
inline const auto kPerson = id<PersonId>(2);
inline const auto kCase = id<CaseId>(3);
inline const auto kRelease = id<ReleaseId>(4);
inline const Instant kSoon = parse_instant("2021-12-06T09:00:00Z").value();
inline const Instant kEnd = parse_instant("2021-12-20T12:00:00Z").value();

inline Disclosure to_organisation() {
  return {.content = {.object = "advisory:a_1", .hash = hash_of_content(bytes_of("document")), .marking = Tlp::Amber, .classes = {"technical-detail"}, .vulnerabilities = {"CVE-2021-44228"}},
          .audience = Audience::of(kOrganisation),
          .channel = Channel::Mail,
          .at = kSoon,
          .actor = kPerson,
          .case_ = kCase,
          .basis = {.kind = BasisKind::Participant, .essential = "ships log4j-core in its product"}};
}

inline Disclosure to_public() {
  auto out = to_organisation();
  out.content.marking = Tlp::Clear;
  out.audience = Audience::everyone();
  out.channel = Channel::PublicSite;
  out.basis = {.kind = BasisKind::Release};
  return out;
}

// A confirmed participant that signed nothing, and is a recipient of what the case holds.
inline Facts at_embargo(cvd::EmbargoState state) {
  Facts out{.now = kSoon};
  out.case_ = CaseFacts{.embargo = state};
  if (cvd::binds(state)) out.case_->running = RunningTerms{2, kEnd};
  out.audience.admission = cvd::Admission::Confirmed;
  out.audience.report = cvd::ReportState::Valid;
  out.audience.is_recipient = true;
  return out;
}

inline Facts readable() { return at_embargo(cvd::EmbargoState::None); }

inline Overridden decided() {
  return {.decision = id<DecisionId>(7), .by = kPerson, .second = id<PersonId>(8), .reason = "attacks were seen", .users_risk = "all who run it; they can switch lookups off"};
}

inline ReleaseFacts due_release() {
  return {.id = kRelease, .approved = true, .due = kSoon, .documents = {hash_of_content(bytes_of("document"))}, .everyone_ready = true};
}

}  // namespace sluice::gate::testing
