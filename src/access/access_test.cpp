#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "access/authorize.h"
#include "access/caller.h"
#include "access/rights.h"

using namespace sluice;
using namespace sluice::access;

namespace {

template <class I>
I id(std::uint8_t n) {
  I out;
  out.bytes.fill(n);
  return out;
}
const auto kOrg = id<OrganisationId>(1);
const auto kOther = id<OrganisationId>(2);
const auto kReport = id<ReportId>(3);
const auto kOtherReport = id<ReportId>(4);
const auto kGroup = id<GroupId>(5);

Viewer person(SiteRole role = SiteRole::Staff, OrganisationKind kind = OrganisationKind::Vendor) {
  return {.kind = Viewer::Kind::Person, .person = id<PersonId>(9), .organisation = kOrg, .organisation_kind = kind, .role = role};
}
Viewer token(Scopes scopes, SiteRole role = SiteRole::Staff) {
  auto viewer = person(role);
  viewer.kind = Viewer::Kind::Machine;
  viewer.scopes = scopes;
  return viewer;
}
Viewer instance_admin() {
  auto viewer = person(SiteRole::Admin, OrganisationKind::Coordinator);
  viewer.is_of_site = viewer.is_instance_admin = true;
  return viewer;
}

Standing confirmed(std::vector<CaseRole> roles = {CaseRole::Vendor}) { return {.admission = Place::Confirmed, .may_read_content = true, .may_see_terms = true, .roles = std::move(roles)}; }
Standing invited() { return {.admission = Place::Invited, .may_see_terms = true, .roles = {CaseRole::Vendor}}; }
Standing owner() { return {.is_owner = true, .admission = Place::Confirmed, .may_read_content = true, .may_see_terms = true}; }
Standing coordinator() {
  auto s = confirmed({CaseRole::Coordinator});
  s.is_admitted_coordinator = true;
  return s;
}
Standing reporter() { return {.own_reports = {kReport}}; }
Standing own(Standing s) {
  s.is_own_object = true;
  return s;
}

const std::vector<Compartment> kAll = {Compartment::coordination(),     Compartment::shared(),       Compartment::of(kOrg), Compartment::of(kOther),
                                       Compartment::of(kReport), Compartment::of(kOtherReport), Compartment::of(kGroup)};

std::string read_by(const Viewer& viewer, const Standing& standing) {
  std::string out;
  for (const auto& c : readable_compartments(viewer, standing, kAll)) {
    const std::string name = c == Compartment::coordination() ? "K" : c == Compartment::shared() ? "S" : c == Compartment::of(kOrg) ? "O" : c == Compartment::of(kOther) ? "o" : c == Compartment::of(kReport) ? "R" : c == Compartment::of(kOtherReport) ? "r" : "G";
    out += name;
  }
  return out;
}

}  // namespace

TEST_CASE("a compartment reads back from its text, and nothing else does") {
  for (const auto& c : kAll) CHECK(Compartment::parse(c.text()) == c);
  for (const auto& bad : std::vector<std::string>{"", "Shared", "shared ", "org", "org:", "org:" + kReport.text(), "report:" + kOrg.text(), "org:" + kOrg.text() + "0", "group:k_", "case:" + kOrg.text()}) {
    CAPTURE(bad);
    CHECK_FALSE(Compartment::parse(bad));
  }
}

TEST_CASE("who reads which compartment") {
  auto member_of_group = confirmed();
  member_of_group.groups = {kGroup};
  auto closed = [](Standing s) { s.may_read_content = false; return s; };
  auto closed_reporter = closed(confirmed());
  closed_reporter.own_reports = {kReport};
  auto mailbox = [] { return reporter(); }();
  const struct { const char* who; Viewer viewer; Standing standing; const char* reads; } rows[] = {
      {"the case owner's staff", person(), owner(), "KSOoRrG"},
      {"an admitted coordinator", person(), coordinator(), "KSOoRrG"},
      {"a coordinator that didn't sign the running terms", person(), closed(coordinator()), ""},
      {"a confirmed vendor", person(), confirmed(), "SO"},
      {"its administrator", person(SiteRole::Admin), confirmed(), "SO"},
      {"a confirmed vendor in the tier", person(), member_of_group, "SOG"},
      {"one that the content gate keeps out", person(), closed(member_of_group), ""},
      {"an invited vendor", person(), invited(), ""},
      {"an observer", person(), confirmed({CaseRole::Observer}), "SO"},
      {"an observer that is a vendor as well", person(), confirmed({CaseRole::Observer, CaseRole::Vendor}), "SO"},
      {"a stranger", person(), {}, ""},
      {"a reporter by code", Viewer::reporter(kReport), mailbox, "R"},
      {"a reporter by code while the embargo keeps others out", Viewer::reporter(kReport), closed(mailbox), "R"},
      {"another report's code", Viewer::reporter(kOtherReport), mailbox, ""},
      {"a report code whose standing claims far more", Viewer::reporter(kReport), [] { auto s = owner(); s.own_reports = {kReport}; return s; }(), "R"},
      {"a reporter with an account, not a participant", person(), reporter(), "R"},
      {"a reporter with an account, kept out of the rest", person(), closed_reporter, "R"},
      {"counsel of a participant", person(SiteRole::Counsel), confirmed(), "O"},
      {"counsel of the case owner", person(SiteRole::Counsel), owner(), "O"},
      {"a trustee of the case owner", person(SiteRole::Trustee), owner(), ""},
      {"an auditor of the case owner", person(SiteRole::Auditor), owner(), ""},
      {"the instance administrator, though the case is its organisation's", instance_admin(), owner(), ""},
      {"nobody", Viewer::nobody(), owner(), ""},
      {"the machine", Viewer::system(), {}, "KSOoRrG"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.who);
    CHECK(read_by(row.viewer, row.standing) == row.reads);
  }
}

TEST_CASE("who knows the whole case: whoever reads the coordination, but for one who broke the glass") {
  auto unsigned_coordinator = coordinator();
  unsigned_coordinator.may_read_content = false;
  auto glass = Standing{};
  glass.is_behind_glass = true;
  const struct { const char* who; Viewer viewer; Standing standing; bool knows; } rows[] = {
      {"the owner's staff", person(), owner(), true},
      {"the owner's administrator", person(SiteRole::Admin), owner(), true},
      {"the owner's token", token(Scopes{Scope::CaseRead}), owner(), true},
      {"counsel of the owner", person(SiteRole::Counsel), owner(), false},
      {"an auditor of the owner", person(SiteRole::Auditor), owner(), false},
      {"an admitted coordinator", person(), coordinator(), true},
      {"counsel of an admitted coordinator", person(SiteRole::Counsel), coordinator(), false},
      {"a coordinator that didn't sign the running terms", person(), unsigned_coordinator, false},
      {"a confirmed vendor's administrator", person(SiteRole::Admin), confirmed(), false},
      {"an observer", person(), confirmed({CaseRole::Observer}), false},
      {"a reporter by code", Viewer::reporter(kReport), reporter(), false},
      {"an administrator who broke the glass", instance_admin(), glass, false},
      {"nobody", Viewer::nobody(), owner(), false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.who);
    CHECK(knows_whole_case(row.viewer, row.standing) == row.knows);
  }
}

TEST_CASE("who may do what, some rows of the table") {
  auto lets = coordinator();
  lets.owner_lets_coordinators_settle = true;
  auto last = owner();
  last.is_last_coordinator = true;
  auto granted = Standing{.is_granted_read = true};
  enum Want { Yes, Second, Told, Hidden };
  const struct { const char* what; Viewer viewer; Action action; Standing standing; Want want; } rows[] = {
      {"anybody reports", Viewer::nobody(), Action::SubmitReport, {}, Yes},
      {"a trustee doesn't", person(SiteRole::Trustee), Action::SubmitReport, {}, Told},
      {"the code opens its mailbox", Viewer::reporter(kReport), Action::UseMailbox, reporter(), Yes},
      {"and no other", Viewer::reporter(kOtherReport), Action::UseMailbox, reporter(), Hidden},
      {"nor the posts of the case", Viewer::reporter(kReport), Action::PostMessage, reporter(), Told},
      {"a reporter consents to terms", Viewer::reporter(kReport), Action::AnswerTerms, reporter(), Yes},
      {"a vendor's staff doesn't answer terms", person(), Action::AnswerTerms, confirmed(), Told},
      {"its administrator does", person(SiteRole::Admin), Action::AnswerTerms, confirmed(), Yes},
      {"also while invited", person(SiteRole::Admin), Action::AnswerInvitation, invited(), Yes},
      {"an invited vendor posts nothing", person(), Action::PostMessage, invited(), Told},
      {"and doesn't read", person(), Action::ReadShared, invited(), Hidden},
      {"a vendor sets its own status", person(), Action::SetStatus, own(confirmed()), Yes},
      {"and no other's", person(), Action::SetStatus, confirmed(), Told},
      {"an observer sets none", person(), Action::SetStatus, own(confirmed({CaseRole::Observer})), Told},
      {"a vendor never sees coordination", person(), Action::ReadCoordination, confirmed(), Hidden},
      {"a coordinator settles only if let", person(), Action::SettleTerms, coordinator(), Told},
      {"then it does", person(), Action::SettleTerms, lets, Yes},
      {"the owner always", person(), Action::SettleTerms, owner(), Yes},
      {"a vendor suggests", person(), Action::SuggestParticipant, confirmed(), Yes},
      {"and doesn't invite", person(), Action::InviteParticipant, confirmed(), Told},
      {"the owner removes", person(), Action::RemoveParticipant, owner(), Yes},
      {"the last coordinator with two persons", person(), Action::RemoveParticipant, last, Second},
      {"a waiver takes two", person(), Action::WaiveReadiness, owner(), Second},
      {"a coordinator doesn't override", person(), Action::Override, coordinator(), Told},
      {"counsel does, its own, with a second", person(SiteRole::Counsel), Action::Override, own(confirmed()), Second},
      {"not another organisation's", person(SiteRole::Counsel), Action::Override, confirmed(), Told},
      {"a vendor's administrator has evidence of what is its own", person(SiteRole::Admin), Action::ExportEvidence, own(confirmed()), Yes},
      {"a finder too", person(SiteRole::Staff, OrganisationKind::Finder), Action::ExportEvidence, own(reporter()), Yes},
      {"and counsel", person(SiteRole::Counsel), Action::ExportEvidence, own(confirmed()), Yes},
      {"nobody of what is another's", person(SiteRole::Counsel), Action::ExportEvidence, confirmed(), Told},
      {"counsel gives opinions", person(SiteRole::Counsel), Action::GiveOpinion, confirmed(), Yes},
      {"counsel reads no shared content", person(SiteRole::Counsel), Action::ReadShared, confirmed(), Hidden},
      {"a vendor that owns the case drafts its statement", person(), Action::DraftStatement, owner(), Yes},
      {"a coordinator that owns it has none", person(SiteRole::Staff, OrganisationKind::Coordinator), Action::DraftStatement, owner(), Told},
      {"staff doesn't manage people", person(), Action::ManageOwnPeople, {}, Told},
      {"its administrator does", person(SiteRole::Admin), Action::ManageOwnPeople, {}, Yes},
      {"a vendor's administrator doesn't run the site", person(SiteRole::Admin), Action::ManageSite, {}, Told},
      {"the instance administrator does", instance_admin(), Action::ManageSite, {}, Yes},
      {"and breaks glass with a second", instance_admin(), Action::BreakGlass, {}, Second},
      {"a collection that isn't shared with it isn't there", person(), Action::ReadCollection, {}, Hidden},
      {"one that is, is", person(), Action::ReadCollection, granted, Yes},
      {"reading isn't writing", person(), Action::WriteCollection, granted, Hidden},
      {"a stranger doesn't know the case", person(), Action::ProposeTerms, {}, Hidden},
      {"the machine fires the release", Viewer::system(), Action::FireRelease, {}, Yes},
      {"a token with the scope", token({Scope::CaseRead}), Action::ReadShared, confirmed(), Yes},
      {"one without", token({Scope::ReportWrite}), Action::SetStatus, own(confirmed()), Told},
      {"without, of a case that isn't known", token({Scope::ReportWrite}), Action::SetStatus, {}, Hidden},
      {"no token sees who reported", token(Scopes::all()), Action::SeeReporterIdentity, [] { auto s = owner(); s.is_shared_identity = true; return s; }(), Told},
      {"an auditor of the site reads the access log", [] { auto v = person(SiteRole::Auditor); v.is_of_site = true; return v; }(), Action::ReadAccessLog, {}, Yes},
      {"an auditor of another organisation its own part", person(SiteRole::Auditor), Action::ReadAccessLog, {}, Told},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto decision = authorize(row.viewer, row.action, row.standing);
    CHECK(decision.allowed == (row.want == Yes || row.want == Second));
    CHECK(decision.needs_second_person == (row.want == Second));
    CHECK(decision.hide == (row.want == Hidden));
    CHECK(decision.reason.empty() == (row.want != Told));
  }
}

TEST_CASE("who can't is told which colleagues can") {
  const auto reason = [](const Viewer& viewer, Action action, const Standing& standing) { return authorize(viewer, action, standing).reason; };
  CHECK(reason(person(), Action::AnswerTerms, confirmed()) == "Your part here doesn't let you answer terms for its organisation. An administrator of your organisation may.");
  CHECK(reason(person(SiteRole::Counsel), Action::InviteParticipant, owner()) == "Your part here doesn't let you invite a participant. The staff of your organisation may.");
  CHECK(reason(person(SiteRole::Counsel), Action::Override, confirmed()) == "Only the case's owner may do this, by two of its people.");
}

TEST_CASE("hidden is NotFound, known is Forbidden, nobody is Unauthenticated") {
  CHECK(require(person(), Action::ReadCoordination, confirmed()).error().kind == ErrorKind::NotFound);
  CHECK(require(person(), Action::EndEmbargo, confirmed()).error().kind == ErrorKind::Forbidden);
  CHECK(require(Viewer::nobody(), Action::ReadShared, {}).error().kind == ErrorKind::Unauthenticated);
  CHECK(require(person(), Action::EndEmbargo, owner()).has_value());
}

TEST_CASE("what a route asks of its caller depends on the caller alone") {
  const Instant now{1'000'000'000};
  auto fresh = person(SiteRole::Admin);
  fresh.stepped_up_at = now - std::chrono::minutes(10);
  auto stale = fresh;
  stale.stepped_up_at = now - std::chrono::minutes(10) - Duration(1);
  CHECK(admit(Viewer::nobody(), Caller::Anyone, {}, StepUp::No, now).has_value());
  CHECK(admit(Viewer::nobody(), Caller::Participant, Scope::CaseRead, StepUp::No, now).error().kind == ErrorKind::Unauthenticated);
  CHECK(admit(Viewer::reporter(kReport), Caller::Reporter, {}, StepUp::No, now).has_value());
  CHECK(admit(Viewer::reporter(kReport), Caller::CaseOwner, {}, StepUp::No, now).error().kind == ErrorKind::Forbidden);
  CHECK(admit(person(), Caller::CaseOwner, {}, StepUp::No, now).has_value());  // which case is for authorize()
  CHECK(admit(person(), Caller::InstanceAdmin, {}, StepUp::No, now).error().kind == ErrorKind::Forbidden);
  CHECK(admit(instance_admin(), Caller::Auditor, {}, StepUp::No, now).has_value());
  CHECK(admit(person(), Caller::System, {}, StepUp::No, now).error().kind == ErrorKind::Forbidden);
  CHECK(admit(token({Scope::CaseRead}), Caller::Participant, Scope::CaseWrite, StepUp::No, now).error().code == "scope-missing");
  CHECK(admit(token({Scope::Members}), Caller::Participant, Scope::Members, StepUp::Needed, now).has_value());  // AUT-6
  CHECK(admit(fresh, Caller::OrganisationAdmin, {}, StepUp::Needed, now).has_value());
  CHECK(admit(stale, Caller::OrganisationAdmin, {}, StepUp::Needed, now).error().code == "step-up-needed");
}

TEST_CASE("scopes have one text form, and a token can't make a stronger one") {
  CHECK(to_text(Scopes{Scope::CaseWrite, Scope::CaseRead}) == "case_read case_write");
  CHECK(parse_scopes("case_write case_read") == Scopes{Scope::CaseRead, Scope::CaseWrite});
  CHECK_FALSE(parse_scopes("case_read everything"));
  CHECK(parse_scopes(to_text(Scopes::all())) == Scopes::all());
  CHECK(Scopes{Scope::CaseRead}.within(Scopes::all()));
  CHECK_FALSE(Scopes{Scope::CaseRead, Scope::Keys}.within(Scopes{Scope::CaseRead}));
}

namespace {

// Fifty draws in each of rapidcheck's hundred runs: the space is wide, and one draw costs little.
template <class Property>
bool often(Property property) {
  return rc::check([&] {
    for (int i = 0; i < 50; ++i) property();
  });
}

Standing any_standing() {
  const auto b = [] { return *rc::gen::arbitrary<bool>(); };
  Standing s{.is_owner = b(), .is_admitted_coordinator = b(), .admission = static_cast<Place>(*rc::gen::inRange(0, 3)), .may_read_content = b(), .may_see_terms = b()};
  for (int i = 0; i < 7; ++i)
    if (*rc::gen::inRange(0, 4) == 0) s.roles.push_back(static_cast<CaseRole>(i));
  if (b()) s.groups = {kGroup};
  if (b()) s.own_reports = {kReport};
  if (b()) s.report = kReport;
  s.is_own_object = b();
  s.is_put_to_viewer = b();
  s.is_shared_identity = b();
  s.is_last_coordinator = b();
  s.owner_lets_coordinators_settle = b();
  s.is_granted_read = b();
  s.is_granted_write = b();
  return s;
}

Viewer any_account() {
  auto v = person(static_cast<SiteRole>(*rc::gen::inRange(0, 5)), static_cast<OrganisationKind>(*rc::gen::inRange(0, 6)));
  v.is_of_site = *rc::gen::arbitrary<bool>();
  v.is_instance_admin = v.is_of_site && v.role == SiteRole::Admin;
  v.scopes = Scopes::from_bits(*rc::gen::inRange(0u, Scopes::all().bits() + 1));
  return v;
}

Viewer any_viewer() {
  auto v = any_account();
  v.kind = static_cast<Viewer::Kind>(*rc::gen::inRange(0, 4));  // System is allowed everything
  if (v.kind == Viewer::Kind::Nobody) return Viewer::nobody();
  if (v.kind == Viewer::Kind::Reporter) return Viewer::reporter(*rc::gen::element(kReport, kOtherReport));
  return v;
}

Action any_action() { return static_cast<Action>(*rc::gen::inRange(0, static_cast<int>(kRights.size()))); }

}  // namespace

TEST_CASE("A4 nobody, administrators, auditors and trustees are never let near a case") {
  CHECK(often([] {
    auto viewer = any_account();
    viewer.role = *rc::gen::element(SiteRole::Admin, SiteRole::Auditor, SiteRole::Trustee);
    viewer.is_of_site = viewer.is_instance_admin = viewer.role == SiteRole::Admin;
    if (*rc::gen::inRange(0, 4) == 0) viewer = Viewer::nobody();
    const auto standing = any_standing();
    const auto action = any_action();
    RC_ASSERT(readable_compartments(viewer, standing, kAll).empty());
    if (right_of(action).needs != Needs::Nothing) RC_ASSERT(authorize(viewer, action, standing).hide);
  }));
}

TEST_CASE("A4 what two persons opened in an emergency is read by the site's administrator in person, and nothing else is done with it") {
  CHECK(often([] {
    auto standing = any_standing();
    standing.is_behind_glass = true;
    const auto action = any_action();
    const auto decision = authorize(instance_admin(), action, standing);
    const auto reads = {Action::ReadReport, Action::SeeCase, Action::ReadTerms, Action::ReadShared, Action::ReadCoordination, Action::ReadOwnOrg, Action::SeeParticipants};
    if (right_of(action).needs != Needs::Nothing) RC_ASSERT(decision.allowed == (std::find(reads.begin(), reads.end(), action) != reads.end()));
    RC_ASSERT(readable_compartments(instance_admin(), standing, kAll).size() == kAll.size());
    auto machine = instance_admin();
    machine.kind = Viewer::Kind::Machine;
    machine.scopes = Scopes::all();
    RC_ASSERT(readable_compartments(machine, standing, kAll).empty());
    if (right_of(action).needs != Needs::Nothing) RC_ASSERT(authorize(machine, action, standing).hide);
    auto auditor = instance_admin();
    auditor.is_instance_admin = false;
    auditor.role = SiteRole::Auditor;
    RC_ASSERT(readable_compartments(auditor, standing, kAll).empty());
  }));
}

TEST_CASE("A5 a token is allowed nothing that its person isn't") {
  CHECK(often([] {
    auto machine = any_account();
    machine.kind = Viewer::Kind::Machine;
    auto human = machine;
    human.kind = Viewer::Kind::Person;
    const auto standing = any_standing();
    const auto action = any_action();
    const auto decision = authorize(machine, action, standing);
    if (decision.allowed) {
      RC_ASSERT(authorize(human, action, standing).allowed);
      RC_ASSERT(machine.scopes.has(*from_word<Scope>(right_of(action).scope)));
    }
    RC_ASSERT(decision.hide == authorize(human, action, standing).hide);
  }));
}

TEST_CASE("A6 a refusal hides or gives a reason, never both, and hides a case from whoever has no part in it") {
  CHECK(often([] {
    const auto viewer = any_viewer();
    const auto standing = any_standing();
    const auto action = any_action();
    const auto decision = authorize(viewer, action, standing);
    if (!decision.allowed) RC_ASSERT(decision.hide == decision.reason.empty());
    if (right_of(action).needs != Needs::Nothing && !knows_case(viewer, standing)) RC_ASSERT(decision.hide);
    if (decision.needs_second_person) RC_ASSERT(decision.allowed);
  }));
}

TEST_CASE("without content no compartment but the reporter's own is open, save to the owner") {
  CHECK(often([] {
    const auto viewer = any_viewer();
    auto standing = any_standing();
    standing.is_owner = false;
    standing.may_read_content = false;
    for (const auto& c : readable_compartments(viewer, standing, kAll)) RC_ASSERT(c.kind == Compartment::Kind::Report && c.report == kReport);
  }));
}

TEST_CASE("each scope that the table names is one") {
  for (const auto& right : kRights)
    if (!right.scope.empty()) CHECK_MESSAGE(from_word<Scope>(right.scope).has_value(), right.scope);
}

// SLUICE_UPDATE_GOLDEN=1 access_test rewrites the page; the diff is what is reviewed.
TEST_CASE("docs/rights.md is what the table says") {
  const std::string path = SLUICE_SOURCE_DIR "/docs/rights.md";
  if (std::getenv("SLUICE_UPDATE_GOLDEN")) std::ofstream(path) << rights_page();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  CHECK(text.str() == rights_page());
}
