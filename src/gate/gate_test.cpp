#include <doctest/doctest.h>

#include <type_traits>

#include "access/standing.h"
#include "base/opened.h"
#include "gate/channel.h"
#include "gate/judge.h"
#include "gate/testing.h"

using namespace sluice;
using namespace sluice::gate;
using namespace sluice::gate::testing;
using cvd::Admission;
using cvd::EmbargoState;
using cvd::ReportState;

// Around the gate doesn't compile.
static_assert(!std::is_default_constructible_v<Pass>);
static_assert(!std::is_copy_constructible_v<Pass> && !std::is_copy_assignable_v<Pass>);
static_assert(std::is_nothrow_move_constructible_v<Pass>);
static_assert(!std::is_aggregate_v<Pass>);
static_assert(!std::is_constructible_v<Pass, RulingId, Disclosure>);
static_assert(!std::is_constructible_v<Pass, Ruling>);

// What was opened can't slip into text.
template <class T>
concept Streams = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept Binds = requires(const T& value) { std::string(value); };
static_assert(!Streams<Opened<std::string>>);
static_assert(!Binds<Opened<std::string>>);
static_assert(!std::is_convertible_v<Opened<std::string>, std::string> && !std::is_convertible_v<Opened<std::string>, std::string_view>);

TEST_CASE("a Disclosure has the documented form, reads back, and is named by its hash") {
  const char* text = R"({"v":1,"content":{"object":"advisory:a_0x1n5c7w3k9j2m8r6tf2hbs40d","version":1,"hash":"sha256:44c55b8ba3d7bf9ef194519f837ca2d9df56530ed1a110f872c2c024984d3ddc","marking":"TLP:AMBER","classes":["vulnerability.technical","fix"],"vulnerabilities":["CVE-2021-44228"]},"audience":{"kind":"organisation","id":"o_0k9j2m8r6tx1n5c7w3f2hbs40d","country":"DE","roles":["vendor"]},"channel":"mail","at":"2021-12-06T09:00:00Z","actor":"p_0x1n5c7w3k9j2m8r6tf2hbs40d","case":"c_0x1n5c7w3k9j2m8r6tf2hbs40d","basis":{"kind":"participant","essential":"ships log4j-core in its product"}})";
  const auto value = parse_json(text).value();
  const auto disclosure = read_disclosure(value);
  REQUIRE_MESSAGE(disclosure.has_value(), disclosure.error().where);
  CHECK(canonical(to_json(*disclosure)) == canonical(value));
  auto later = *disclosure;
  CHECK(hash_of(later) == hash_of(*disclosure));
  later.at = later.at + Duration(1);
  CHECK(hash_of(later) != hash_of(*disclosure));
}

TEST_CASE("a wrong Disclosure names the place") {
  const auto good = to_json(to_organisation());
  const struct { const char* pointer; json::value value; const char* where; } rows[] = {
      {"v", 2, "/v"},
      {"channel", "carrier_pigeon", "/channel"},
      {"at", "yesterday", "/at"},
      {"case", "o_0k9j2m8r6tx1n5c7w3f2hbs40d", "/case"},
      {"content/marking", "TLP:BLUE", "/content/marking"},
      {"content/hash", "44c5", "/content/hash"},
      {"content/classes", json::array{}, "/content/classes"},
      {"audience/id", "p_0x1n5c7w3k9j2m8r6tf2hbs40d", "/audience/id"},
      {"audience/name", "Acme", "/audience/name"},
      {"basis/kind", "because", "/basis/kind"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.pointer);
    auto value = good;
    const std::string pointer = row.pointer;
    const auto slash = pointer.find('/');
    auto& parent = slash == std::string::npos ? value : value.at(pointer.substr(0, slash));
    parent.as_object()[pointer.substr(slash == std::string::npos ? 0 : slash + 1)] = row.value;
    const auto read = read_disclosure(value);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().where == row.where);
  }
}

TEST_CASE("TLP reads in every spelling in use, and the stricter wins") {
  CHECK(parse_tlp("TLP:WHITE") == Tlp::Clear);
  CHECK(parse_tlp("amber+strict") == Tlp::AmberStrict);
  CHECK(parse_tlp("TLP:RED") == Tlp::Red);
  CHECK_FALSE(parse_tlp("TLP:"));
  CHECK_FALSE(parse_tlp("AMBER STRICT"));
  for (const auto tlp : {Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red}) CHECK(parse_tlp(to_text(tlp)) == tlp);
  CHECK(strictest(Tlp::Amber, Tlp::AmberStrict) == Tlp::AmberStrict);
}

// The table "reading content", row by row, through both rooms: what the gate lets a participant have is what access opens to it.
TEST_CASE("the content gate") {
  constexpr auto S = ReportState::Start;
  constexpr auto V = ReportState::Valid;
  enum { No, Yes };
  const struct { Admission admission; ReportState report; EmbargoState embargo; bool signed_; bool held; bool content; bool terms; } rows[] = {
      {Admission::None, V, EmbargoState::None, true, true, No, No},
      {Admission::Removed, V, EmbargoState::None, true, true, No, No},
      {Admission::Suspended, V, EmbargoState::None, true, true, No, No},
      {Admission::Invited, V, EmbargoState::None, true, true, No, Yes},
      {Admission::Accepted, V, EmbargoState::Active, true, true, No, Yes},
      {Admission::Confirmed, S, EmbargoState::None, true, true, No, Yes},
      {Admission::Confirmed, V, EmbargoState::None, false, false, Yes, Yes},
      {Admission::Confirmed, V, EmbargoState::Exited, false, false, Yes, Yes},
      {Admission::Confirmed, V, EmbargoState::Proposed, false, true, Yes, Yes},
      {Admission::Confirmed, V, EmbargoState::Proposed, false, false, No, Yes},
      {Admission::Confirmed, V, EmbargoState::Active, true, false, Yes, Yes},
      {Admission::Confirmed, V, EmbargoState::Revise, true, false, Yes, Yes},
      {Admission::Confirmed, V, EmbargoState::Active, false, true, No, Yes},
      {Admission::Confirmed, V, EmbargoState::Revise, false, true, No, Yes},
      {Admission::Confirmed, ReportState::Closed, EmbargoState::None, false, false, Yes, Yes},
  };
  int n = 0;
  for (const auto& row : rows) {
    CAPTURE(n++);
    auto facts = at_embargo(row.embargo);
    facts.audience.admission = row.admission;
    facts.audience.report = row.report;
    facts.audience.signed_running_terms = row.signed_;
    facts.audience.already_held = row.held;
    CHECK(consider(to_organisation(), facts).allows() == row.content);
    auto terms = to_organisation();
    terms.content.classes = {std::string(classes::kTerms)};
    CHECK(consider(terms, facts).allows() == row.terms);

    const bool in = row.admission == Admission::Confirmed;
    const access::Standing standing{.admission = in ? access::Place::Confirmed : cvd::may_see_terms(row.admission) ? access::Place::Invited : access::Place::None,
                                    .may_read_content = cvd::may_read_content(row.admission, row.report, row.embargo, row.signed_, row.held),
                                    .may_see_terms = cvd::may_see_terms(row.admission),
                                    .roles = {access::CaseRole::Vendor}};
    const access::Viewer viewer{.kind = access::Viewer::Kind::Person, .person = kPerson, .organisation = kOrganisation};
    CHECK(access::may_read(viewer, standing, access::Compartment::shared()) == row.content);
  }
}

TEST_CASE("what the embargo's judge says, and what it cites") {
  const auto with = [](auto change) { auto f = at_embargo(EmbargoState::Active); change(f); return f; };
  const auto party = [](auto change) { auto d = to_organisation(); change(d); return d; };
  const struct { const char* what; Disclosure disclosure; Facts facts; Outcome outcome; const char* cite; } rows[] = {
      {"no case, no embargo", party([](auto& d) { d.case_.reset(); }), {}, Outcome::Allow, "no case"},
      {"a case nobody told us of", to_organisation(), {}, Outcome::Deny, "unknown case"},
      {"a signatory", to_organisation(), with([](auto& f) { f.audience.signed_running_terms = true; }), Outcome::Allow, "terms v2, until 2021-12-20T12:00:00Z"},
      {"no signatory", to_organisation(), with([](auto&) {}), Outcome::Deny, "terms v2, until 2021-12-20T12:00:00Z"},
      {"a moment before the end", party([](auto& d) { d.at = kEnd - Duration(1); }), with([](auto&) {}), Outcome::Deny, "terms v2, until 2021-12-20T12:00:00Z"},
      {"at the end instant itself", party([](auto& d) { d.at = kEnd; }), with([](auto&) {}), Outcome::Allow, "terms v2, until 2021-12-20T12:00:00Z"},
      {"the stub to the invited", party([](auto& d) { d.content.classes = {"invitation.stub"}; }), with([](auto& f) { f.audience.admission = Admission::Invited; }), Outcome::Allow, "terms and negotiation"},
      {"the stub with something more in it", party([](auto& d) { d.content.classes = {"invitation.stub", "summary"}; }), with([](auto& f) { f.audience.admission = Admission::Invited; }), Outcome::Deny, "terms v2, until 2021-12-20T12:00:00Z"},
      {"the stub to the suspended", party([](auto& d) { d.content.classes = {"invitation.stub"}; }), with([](auto& f) { f.audience.admission = Admission::Suspended; }), Outcome::Deny, "terms v2, until 2021-12-20T12:00:00Z"},
      {"a reporter in its own mailbox", party([](auto& d) { d.audience = Audience::of(ReportId{}); }), with([](auto& f) { f.audience.is_author = true; }), Outcome::Allow, "own content"},
      {"a knock", party([](auto& d) { d.content.classes = {"knock"}; }), with([](auto&) {}), Outcome::Allow, "neutral content"},
      {"a flaw that is public", to_organisation(), with([](auto& f) { f.case_->public_vulnerabilities = {"CVE-2021-44228"}; }), Outcome::Allow, "terms v2, until 2021-12-20T12:00:00Z"},
      {"another flaw that is public", to_organisation(), with([](auto& f) { f.case_->public_vulnerabilities = {"CVE-2021-45046"}; }), Outcome::Deny, "terms v2, until 2021-12-20T12:00:00Z"},
      {"one of two is public", party([](auto& d) { d.content.vulnerabilities.push_back("CVE-2021-45046"); }), with([](auto& f) { f.case_->public_vulnerabilities = {"CVE-2021-44228"}; }), Outcome::Deny, "terms v2, until 2021-12-20T12:00:00Z"},
      {"the world, before the end, whoever signed", to_public(), with([](auto& f) { f.audience.signed_running_terms = true; }), Outcome::Deny, "terms v2, until 2021-12-20T12:00:00Z"},
      {"a proposal binds nobody", to_public(), at_embargo(EmbargoState::Proposed), Outcome::Allow, "EM proposed"},
      {"a running embargo whose terms are lost", to_organisation(), with([](auto& f) { f.case_->running.reset(); }), Outcome::Deny, "terms unknown"},
      {"overridden", to_organisation(), with([](auto& f) { f.override_ = decided(); }), Outcome::AllowWithDuties, nullptr},
      {"overridden by one person", to_organisation(), with([](auto& f) { f.override_ = decided(); f.override_->second.reset(); }), Outcome::Deny, nullptr},
      {"by one person twice", to_organisation(), with([](auto& f) { f.override_ = decided(); f.override_->second = f.override_->by; }), Outcome::Deny, nullptr},
      {"by one person at a site of one", to_organisation(), with([](auto& f) { f.override_ = decided(); f.override_->second.reset(); f.two_person = false; }), Outcome::AllowWithDuties, nullptr},
      {"without the users' risk", to_organisation(), with([](auto& f) { f.override_ = decided(); f.override_->users_risk.clear(); }), Outcome::Deny, nullptr},
      {"without a reason", to_organisation(), with([](auto& f) { f.override_ = decided(); f.override_->reason.clear(); }), Outcome::Deny, nullptr},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto judgement = judge_embargo(row.disclosure, row.facts);
    CHECK(judgement.outcome == row.outcome);
    REQUIRE(judgement.because.size() == 1);
    if (row.cite) CHECK(judgement.because[0].cite == row.cite);
  }
}

TEST_CASE("need to know") {
  const auto base = [] { auto f = at_embargo(EmbargoState::None); f.audience.admission = Admission::None; return f; }();
  const auto with = [&](auto change) { auto f = base; change(f); return f; };
  const auto party = [](auto change) { auto d = to_organisation(); change(d); return d; };
  const auto on = [&](BasisKind kind) { return party([&](auto& d) { d.basis = {kind}; }); };
  const struct { const char* what; Disclosure disclosure; Facts facts; Outcome outcome; } rows[] = {
      {"a stranger", to_organisation(), base, Outcome::Deny},
      {"a participant nobody said why of", party([](auto& d) { d.basis.essential.reset(); }), with([](auto& f) { f.audience.admission = Admission::Confirmed; f.audience.essential_because.reset(); }), Outcome::Deny},
      {"the reason may stand in the case", party([](auto& d) { d.basis.essential.reset(); }), with([](auto& f) { f.audience.admission = Admission::Confirmed; f.audience.essential_because = "ships it"; }), Outcome::Allow},
      {"the report to its confirmed receiver", on(BasisKind::Report), with([](auto& f) { f.audience.is_confirmed_receiver = true; }), Outcome::Allow},
      {"the report to another", on(BasisKind::Report), base, Outcome::Deny},
      {"an open grant of a participant", party([](auto& d) { d.basis = {.kind = BasisKind::Grant, .grant = GrantId{}}; }), with([](auto& f) { f.grants = {{GrantId{}, true, {}, ""}}; f.audience.admission = Admission::Confirmed; }), Outcome::Allow},
      {"of one that was removed since", party([](auto& d) { d.basis = {.kind = BasisKind::Grant, .grant = GrantId{}}; }), with([](auto& f) { f.grants = {{GrantId{}, true, {}, ""}}; f.audience.admission = Admission::Removed; }), Outcome::Deny},
      {"a closed grant", party([](auto& d) { d.basis = {.kind = BasisKind::Grant, .grant = GrantId{}}; d.case_.reset(); }), with([](auto& f) { f.grants = {{GrantId{}, false, {}, ""}}; }), Outcome::Deny},
      {"one that ran out", party([](auto& d) { d.basis = {.kind = BasisKind::Grant, .grant = GrantId{}}; d.case_.reset(); }), with([](auto& f) { f.grants = {{GrantId{}, true, kSoon, ""}}; }), Outcome::Deny},
      {"a duty of law", party([](auto& d) { d.basis = {.kind = BasisKind::Duty, .rule = "x/art1"}; }), with([](auto& f) { f.regimes.emplace().demanded_by_law = {"x/art1"}; }), Outcome::Allow},
      {"a duty that no pack knows", party([](auto& d) { d.basis = {.kind = BasisKind::Duty, .rule = "x/art2"}; }), with([](auto& f) { f.regimes.emplace().demanded_by_law = {"x/art1"}; }), Outcome::Deny},
      {"a knock to whoever may see it", party([](auto& d) { d.content.classes = {"knock"}; }), with([](auto& f) { f.audience.may_see_object = true; }), Outcome::Allow},
      {"a knock to a stranger", party([](auto& d) { d.content.classes = {"knock"}; }), with([](auto& f) { f.override_ = decided(); }), Outcome::Deny},
      {"the reporter's identity, not shared", party([](auto& d) { d.content.classes = {"reporter.identity"}; }), with([](auto& f) { f.audience.admission = Admission::Confirmed; f.override_ = decided(); }), Outcome::Deny},
      {"shared", party([](auto& d) { d.content.classes = {"reporter.identity"}; d.basis = {BasisKind::Consent}; }), with([](auto& f) { f.audience.identity_shared = true; }), Outcome::Allow},
      {"a release that is due", to_public(), with([](auto& f) { f.release = due_release(); }), Outcome::Allow},
      {"without a plan", to_public(), base, Outcome::Deny},
      {"not approved", to_public(), with([](auto& f) { f.release = due_release(); f.release->approved = false; f.override_ = decided(); }), Outcome::Deny},
      {"another document", to_public(), with([](auto& f) { f.release = due_release(); f.release->documents = {hash_of_content(bytes_of("else"))}; f.override_ = decided(); }), Outcome::Deny},
      {"too early", to_public(), with([](auto& f) { f.release = due_release(); f.release->due = kEnd; }), Outcome::Deny},
      {"too early, by decision", to_public(), with([](auto& f) { f.release = due_release(); f.release->due = kEnd; f.override_ = decided(); }), Outcome::AllowWithDuties},
      {"not all ready", to_public(), with([](auto& f) { f.release = due_release(); f.release->everyone_ready = false; }), Outcome::Deny},
      {"not all ready, waived", to_public(), with([](auto& f) { f.release = due_release(); f.release->everyone_ready = false; f.release->readiness_waived = true; }), Outcome::Allow},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(judge_need_to_know(row.disclosure, row.facts).outcome == row.outcome);
  }
}

TEST_CASE("who may have which label") {
  // columns: public, community, a community's organisation, recipient, client of a recipient, recipient's person, named person
  const struct { Tlp tlp; const char* may; } rows[] = {{Tlp::Clear, "yyyyyyy"}, {Tlp::Green, "-yyy-yy"}, {Tlp::Amber, "---yyyy"}, {Tlp::AmberStrict, "---y-yy"}, {Tlp::Red, "------y"}};
  for (const auto& row : rows) {
    CAPTURE(to_text(row.tlp));
    std::string may;
    for (int column = 0; column < 7; ++column) {
      auto disclosure = to_organisation();
      disclosure.content.marking = row.tlp;
      Facts facts;
      if (column == 0) disclosure.audience = Audience::everyone();
      if (column == 1) disclosure.audience = Audience::community("energy");
      if (column == 2) facts.audience.is_community = true;
      if (column == 3) facts.audience.is_recipient = true;
      if (column == 4) facts.audience.is_client_of_recipient = true;
      if (column >= 5) disclosure.audience = Audience::of(kPerson);
      if (column >= 5) facts.audience.is_recipient = true;
      if (column == 6) facts.audience.is_named_person = true;
      may += judge_marking(disclosure, facts).outcome == Outcome::Allow ? 'y' : '-';
    }
    CHECK(may == row.may);
  }
}

TEST_CASE("a decision of ours loosens our own label, never another party's, and none reaches the public") {
  auto disclosure = to_organisation();
  disclosure.content.marking = Tlp::Red;
  Facts facts;
  facts.override_ = decided();
  CHECK(judge_marking(disclosure, facts).outcome == Outcome::Deny);
  facts.marking.source_is_ours = true;
  CHECK(judge_marking(disclosure, facts).outcome == Outcome::AllowWithDuties);
  facts.marking.source_permits = true;
  CHECK(judge_marking(disclosure, facts).outcome == Outcome::Allow);
  disclosure.audience = Audience::everyone();
  CHECK(judge_marking(disclosure, facts).outcome == Outcome::Deny);
}

TEST_CASE("law: a plain prohibition stands, what a person may decide is decided, duties are shown even with a no") {
  auto facts = readable();
  CHECK(consider(to_organisation(), facts).outcome == Outcome::Allow);
  facts.regimes = RegimesVerdict{.duties = {{"x/art2", "tell the authority", kEnd, "authority"}}};
  CHECK(consider(to_organisation(), facts).outcome == Outcome::AllowWithDuties);
  facts.regimes->outcome = Outcome::Deny;
  facts.override_ = decided();
  const auto denied = consider(to_organisation(), facts);
  CHECK(denied.outcome == Outcome::Deny);
  CHECK(denied.duties.size() == 1);
  CHECK_FALSE(denied.override_);
  facts.regimes->person_may_decide = true;
  const auto decided_ruling = consider(to_organisation(), facts);
  CHECK(decided_ruling.outcome == Outcome::AllowWithDuties);
  CHECK(decided_ruling.override_ == decided());
}

TEST_CASE("a law that demands what the embargo holds back is a conflict for a person") {
  auto facts = at_embargo(EmbargoState::Active);
  facts.regimes.emplace().demanded_by_law = {"x/art1"};
  auto disclosure = to_organisation();
  disclosure.basis = {.kind = BasisKind::Duty, .rule = "x/art1"};
  const auto ruling = consider(disclosure, facts);
  CHECK(ruling.outcome == Outcome::Deny);
  REQUIRE(ruling.conflicts.size() == 1);
  CHECK(ruling.conflicts[0].kind == "law-embargo");
  CHECK(ruling.conflicts[0].rules == std::vector<std::string>{"x/art1", "embargo"});
  facts.override_ = decided();
  const auto overridden = consider(disclosure, facts);
  CHECK(overridden.outcome == Outcome::AllowWithDuties);
  CHECK(overridden.conflicts.size() == 1);  // decided, not gone
  CHECK(overridden.duties.size() == 1);
}

TEST_CASE("a Ruling has the documented form and reads back") {
  const auto ruling = consider(to_organisation(), at_embargo(EmbargoState::Active));
  const auto value = to_json(ruling);
  CHECK(value.at("outcome") == "deny");
  CHECK(value.at("override").is_null());
  CHECK(value.at("duties").is_array());
  const char* judges[] = {"embargo", "need-to-know", "marking", "regimes"};
  for (std::size_t i = 0; i < 4; ++i) CHECK(value.at("judges").at(i).at("judge") == judges[i]);
  CHECK(canonical(value.at("judges").at(0)) == R"({"because":[{"cite":"terms v2, until 2021-12-20T12:00:00Z","text":"not a signatory of the running terms"}],"judge":"embargo","outcome":"deny"})");
  CHECK(canonical(value.at("judges").at(3)) == R"({"because":[],"judge":"regimes","outcome":"allow","packs":[]})");
  CHECK(from_json<Ruling>(value).value() == ruling);
}

TEST_CASE("what would change names the embargo's end, and a decision") {
  const auto changes = what_would_change(to_organisation(), at_embargo(EmbargoState::Active));
  REQUIRE(changes.size() >= 2);
  CHECK(canonical(to_json(changes[0])) == R"({"fact":"/at","outcome":"allow","to":"2021-12-20T12:00:00Z"})");
  CHECK(changes[1] == Change{"/facts/audience/signed_running_terms", "true", Outcome::Allow});
  CHECK(changes.back().fact == "/facts/override");
  CHECK(what_would_change(to_organisation(), readable()).empty());
}

namespace {
struct Letter { ContentHash content; Audience audience; };
class Box final : public Outlet<Letter> {
 public:
  Box() : Outlet(Channel::Mail) {}
  int sent = 0;
 private:
  Result<void> deliver(Pass, const Letter&) override { ++sent; return {}; }
};
template <class O, class... A> concept Sends = requires(O& outlet, A... args) { outlet.send(std::forward<A>(args)...); };
static_assert(Sends<Box, Pass, Letter, Instant>);
static_assert(!Sends<Box, Letter> && !Sends<Box, Ruling, Letter, Instant> && !Sends<Box, Disclosure, Letter, Instant>);
}  // namespace

TEST_CASE("an outlet sends what the Pass is for, once, and not before its time") {
  const auto disclosure = to_organisation();
  const Letter letter{disclosure.content.hash, disclosure.audience};
  Box box;
  auto pass = [&](auto change) { auto d = disclosure; change(d); return std::move(*judge(d, readable(), RulingId::random()).pass); };
  CHECK_FALSE(box.send(pass([](auto& d) { d.channel = Channel::Webhook; }), letter, kSoon).has_value());
  CHECK_FALSE(box.send(pass([](auto& d) { d.content.hash = hash_of_content(bytes_of("else")); }), letter, kSoon).has_value());
  CHECK_FALSE(box.send(pass([](auto& d) { d.audience = Audience::of(OrganisationId{}); }), letter, kSoon).has_value());
  CHECK_FALSE(box.send(pass([](auto&) {}), letter, kSoon - Duration(1)).has_value());
  auto good = pass([](auto&) {});
  CHECK(box.send(std::move(good), letter, kSoon).has_value());
  CHECK(good.is_spent());
  CHECK_FALSE(box.send(std::move(good), letter, kSoon).has_value());
  CHECK(box.sent == 1);
}

TEST_CASE("all ways out are listed, each with how it is covered") {
  std::string list;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Channel>>([&](auto d) { list += to_word(d.value) + " " + to_word(way_of(d.value)) + "\n"; });
  CHECK(list ==
        "api grant\nmailbox grant\nmail push\nwebhook push\nstub push\nstream grant\ndownload pull\nexport push\npublic_site publish\nfeed publish\ncsaf_provider publish\ncve_service publish\n"
        "osv_feed publish\nauthority_notice push\ncalendar push\nfederation push\ntaxii grant\n");
}
