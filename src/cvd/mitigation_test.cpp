#include "cvd/mitigation.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "cvd/second_person.h"
#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using sluice::cvd::testing::Driven;

namespace {

// A vendor's product, its fix one step from being out, and two who would install it: one confirmed, one only invited.
struct Mitigated : Driven {
  OrganisationId deployer = OrganisationId::random(), invited = OrganisationId::random(), watcher = OrganisationId::random();
  ProductId product_id;

  explicit Mitigated(Driven d) : Driven(std::move(d)) {
    REQUIRE(act(vendor, StepReport{ReportAction::Validate}));
    REQUIRE(act(vendor, StepReport{ReportAction::Accept}));
    REQUIRE(act(vendor, AddProduct{"Parser", "7", {}, {}, {}}));
    product_id = state.fold.products.front().id;
    join(deployer, Role::Deployer), join(watcher, Role::Observer);
    REQUIRE(act(owner, InviteParticipant{invited, {Role::Deployer}, "runs it"}));
    REQUIRE(step(RemedyStep::Identified));
    REQUIRE(step(RemedyStep::Developed));
    REQUIRE(act(vendor, AssessRemedy{vulnerability(), product_id, true, false, "us", "a laboratory", {}, {}, {}}));
    REQUIRE(step(RemedyStep::Validated));
  }
  void join(OrganisationId id, Role role) {
    REQUIRE(act(owner, InviteParticipant{id, {role}, "needs it"}));
    REQUIRE(act(id, AnswerInvitation{true, 1}));
    REQUIRE(act(owner, ConfirmParticipant{id, "by telephone"}));
  }
  Result<void> step(RemedyStep to) { return act(vendor, StepRemedy{vulnerability(), product_id, to, "7.1", {}}); }
  Result<void> out() { return step(RemedyStep::Distributed); }

  ShareMitigation share(MitigationRole role) const { return {state.fold.mitigations.back().id, role, {}, {}, "they run what is attacked", "their users", "badly", "install it", {}}; }
  // As the service would have it: whom the gate allows, whom it denies.
  Result<Changes> decided(const ShareMitigation& c, std::vector<OrganisationId> allowed, std::vector<OrganisationId> denied, bool two = false, std::vector<PreparedObject> objects = {}) {
    Ask ask{{owner, writer}, now, now, system_random(), {}};
    ask.known.needs_second_person = two;
    ask.known.two_persons = two;
    ask.known.prepared = std::move(objects);
    MitigationGate gate{DecisionId::random(), {}, {}};
    for (const auto id : allowed) gate.receivers.push_back({id, RulingId::random(), {}});
    for (const auto id : denied) gate.left_out.push_back({id, {}, "not a signatory of the running terms"});
    ask.known.mitigation = std::move(gate);
    TRY(const auto changes, decide(state, c, ask));
    write(changes, ask.actor);
    return changes;
  }
  std::size_t open() const {
    return static_cast<std::size_t>(std::count_if(state.fold.mitigations.begin(), state.fold.mitigations.end(), [](const Mitigation& one) { return !one.ended_at; }));
  }
};

PreparedObject sign_of_attack() {
  PreparedObject out{"indicator--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a01", "indicator", "2026-01-01T00:00:00.000Z",
                     json::object{{"type", "indicator"}, {"id", "indicator--6f1f2a4e-3b1a-4f0e-9d57-0d3f5f5c7a01"}, {"name", "the overflow in the parser"}, {"description", "A long name."}, {"pattern", "[ipv4-addr:value = '198.51.100.7']"}, {"pattern_type", "stix"},
                                  {"valid_from", "2026-01-01T00:00:00Z"}, {"external_references", json::array{}}}, {}};
  out.hash = sha256(bytes_of(canonical(out.object)));
  return out;
}

}  // namespace

TEST_CASE("a mitigation is proposed when it becomes available, and not before") {
  Mitigated d(Driven::with_vendor());
  CHECK(d.state.fold.mitigations.empty());   // a fix that was validated isn't one that users can have
  REQUIRE(d.out());
  REQUIRE(d.open() == 1);
  const auto& proposal = d.state.fold.mitigations.back();
  CHECK(proposal.vulnerability == d.vulnerability());
  CHECK(proposal.product == d.product_id);
  REQUIRE(proposal.parts.size() == 1);
  CHECK(proposal.parts.front().part == MitigationPart::Fix);
  CHECK(proposal.parts.front().text == "A fix for Parser 7 is out: version 7.1.");
  CHECK(stands(d.state.fold, proposal));
}

TEST_CASE("J1: a proposal ends when what it is about changes, goes away or becomes public") {
  struct Row { const char* name; void (*change)(Mitigated&); std::size_t open_after; const char* why; };
  const Row rows[] = {
      {"the fix is reopened", [](Mitigated& d) { REQUIRE(d.act(d.vendor, ReopenRemedy{d.vulnerability(), d.product_id, RemedyStep::Developed, "it misses a case"})); }, 0, "There is no such mitigation any more."},
      {"a workaround is found", [](Mitigated& d) { REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, "Switch the parser off.", {}})); }, 1, "What is there has changed: it is proposed anew."},
      {"it becomes public",
       [](Mitigated& d) {
         REQUIRE(d.act(d.owner, ClaimFact{d.vulnerability(), Letter::P, "a blog has it", {}}));
         REQUIRE(d.act(d.owner, AdoptFact{d.state.fold.claims.back().id, {}, {}, {}}));
       },
       0, "It is public now, so nobody is told before the others."},
      {"a person declines", [](Mitigated& d) { REQUIRE(d.act(d.owner, DeclineMitigation{d.state.fold.mitigations.back().id, "the release is tomorrow"})); }, 0, "the release is tomorrow"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    Mitigated d(Driven::with_vendor());
    REQUIRE(d.out());
    row.change(d);
    CHECK(d.open() == row.open_after);
    CHECK(d.state.fold.mitigations.front().ended_why == row.why);
  }
}

TEST_CASE("what was declined comes again only when something about it changed") {
  Mitigated d(Driven::with_vendor());
  REQUIRE(d.out());
  REQUIRE(d.act(d.owner, DeclineMitigation{d.state.fold.mitigations.back().id, "not now"}));
  REQUIRE(d.act(d.vendor, AssessRemedy{d.vulnerability(), d.product_id, true, false, "them", "a field", {}, {}, {}}));
  CHECK(d.open() == 0);
  REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, "Switch it off.", {}}));
  CHECK(d.open() == 1);
}

TEST_CASE("J2: each role has its own parts and classes, and all else is withheld by name") {
  Mitigated d(Driven::with_vendor());
  REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Detection, "Long names in the log.", {}}));
  REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, "Switch the parser off.", {}}));
  const auto& parts = d.state.fold.mitigations.back().parts;
  CHECK(text_for(MitigationRole::Deployer, parts) == "Switch the parser off.");
  CHECK(text_for(MitigationRole::Defender, parts) == "Long names in the log.");
  for (const auto& row : role_table()) {
    const auto withheld = withheld_from(row.role);
    for (const auto one : row.classes) CHECK(std::find(withheld.begin(), withheld.end(), one) == withheld.end());
    for (const auto* one : {"technical-detail", "poc", "exploit-tool", "summary"}) CHECK(std::find(withheld.begin(), withheld.end(), one) != withheld.end());
  }
  const auto has = [](const std::vector<std::string_view>& list, std::string_view one) { return std::find(list.begin(), list.end(), one) != list.end(); };
  CHECK(has(withheld_from(MitigationRole::Deployer), "ioc"));
  CHECK(has(withheld_from(MitigationRole::Defender), "mitigation"));
}

TEST_CASE("what detects goes without the words that say what it is about") {
  Mitigated d(Driven::with_vendor());
  Ask ask{{d.owner, d.writer}, d.now, d.now, system_random(), {}};
  ask.known.prepared = {sign_of_attack()};
  d.write(*decide(d.state, PrepareThreatObjects{{}, json::array{}}, ask), ask.actor);
  const auto pared = detecting(d.state.fold);
  REQUIRE(pared.size() == 1);
  const auto& object = pared.front().object.get_object();
  for (const auto* key : {"name", "description", "external_references"}) CHECK_FALSE(object.contains(key));
  for (const auto* key : {"pattern", "pattern_type", "valid_from", "id"}) CHECK(object.contains(key));
}

TEST_CASE("who stands for a role: its participants but the owner, invited ones too, for the gate to say") {
  Mitigated d(Driven::with_vendor());
  REQUIRE(d.out());
  auto expected = std::vector{d.deployer, d.invited};
  std::sort(expected.begin(), expected.end());
  CHECK(not_told(d.state.fold, d.state.fold.mitigations.back(), MitigationRole::Deployer) == expected);
  CHECK(not_told(d.state.fold, d.state.fold.mitigations.back(), MitigationRole::Defender) == std::vector{d.watcher});
  REQUIRE(d.act(d.owner, RemoveParticipant{d.deployer, "it left the market"}));
  CHECK(not_told(d.state.fold, d.state.fold.mitigations.back(), MitigationRole::Deployer) == std::vector{d.invited});
}

TEST_CASE("all who may have it are told in one step, each in its own compartment, and nobody else is named there") {
  Mitigated d(Driven::with_vendor());
  REQUIRE(d.out());
  auto c = d.share(MitigationRole::Deployer);
  c.despite = "the invited one hasn't answered";
  const auto before = d.log.size();
  REQUIRE(d.decided(c, {d.deployer}, {d.invited}));
  std::set<std::string> told;
  for (auto i = before; i < d.log.size(); ++i)
    if (const auto* one = get_if<MitigationTold>(&d.log[i].change.event)) {
      told.insert(d.log[i].change.compartment.text());
      CHECK(one->text == "A fix for Parser 7 is out: version 7.1.");
      CHECK(d.log[i].context.recorded == d.log[before].context.recorded);
    } else {
      CHECK(d.log[i].change.compartment == access::Compartment::coordination());
    }
  CHECK(told == std::set<std::string>{access::Compartment::of(d.deployer).text()});
  CHECK(d.state.fold.mitigations_told.size() == 1);
  CHECK(d.state.fold.decisions.back().what.kind == DecisionSort::Tell);
  CHECK(not_told(d.state.fold, d.state.fold.mitigations.back(), MitigationRole::Deployer) == std::vector{d.invited});
}

TEST_CASE("what stands in the way of telling a role is said") {
  struct Row { const char* name; void (*bend)(ShareMitigation&); std::size_t allowed, denied; const char* where; const char* code; };
  const Row rows[] = {
      {"some of the role would go without, and nobody says why", [](ShareMitigation&) {}, 1, 1, "/despite", "unequal-access"},
      {"the gate denies all", [](ShareMitigation& c) { c.despite = "it is urgent"; }, 0, 2, "/role", "gate-denies"},
      {"nobody is there", [](ShareMitigation&) {}, 0, 0, "/role", ""},
      {"nothing is for this role", [](ShareMitigation& c) { c.role = MitigationRole::Defender; }, 1, 0, "/role", ""},
      {"no reason", [](ShareMitigation& c) { c.why = " . "; }, 1, 0, "/why", ""},
      {"no word on the users", [](ShareMitigation& c) { c.who_is_exposed = ""; }, 1, 0, "/who_is_exposed", ""},
      {"an empty text", [](ShareMitigation& c) { c.text = ""; }, 1, 0, "/text", ""},
      {"a text that nobody sees", [](ShareMitigation& c) { c.text = " \n"; }, 1, 0, "/text", ""},
      {"no such proposal", [](ShareMitigation& c) { c.mitigation = MitigationId::random(); }, 1, 0, "/mitigation", ""},
      {"too many", [](ShareMitigation&) {}, kMostMitigationReceivers + 1, 0, "/role", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    Mitigated d(Driven::with_vendor());
    REQUIRE(d.out());
    auto c = d.share(MitigationRole::Deployer);
    row.bend(c);
    std::vector<OrganisationId> allowed, denied;
    for (std::size_t i = 0; i < row.allowed; ++i) allowed.push_back(i == 0 ? d.deployer : OrganisationId::random());
    for (std::size_t i = 0; i < row.denied; ++i) denied.push_back(i == 0 ? d.invited : OrganisationId::random());
    const auto out = d.decided(c, allowed, denied);
    REQUIRE_FALSE(out);
    CHECK(out.error().where == row.where);
    CHECK(out.error().code == row.code);
    CHECK(d.state.fold.mitigations_told.empty());
  }
}

TEST_CASE("ACC-11: telling a role before publication waits for a second person, and is decided anew by it") {
  Mitigated d(Driven::with_vendor());
  REQUIRE(d.out());
  const auto c = d.share(MitigationRole::Deployer);
  REQUIRE(d.decided(c, {d.deployer}, {}, true));
  CHECK(d.state.fold.mitigations_told.empty());
  REQUIRE(d.state.fold.requests.size() == 1);
  CHECK(d.state.fold.requests.front().command == "mitigation.share");
  const auto kept = asked_command(d.state.fold, d.state.fold.requests.front().id);
  REQUIRE(kept);
  CHECK(get_if<ShareMitigation>(&*kept) != nullptr);
  // What was proposed has changed meanwhile: the confirmation tells nobody.
  REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, "Switch it off.", {}}));
  Ask ask{{d.owner, d.approver}, d.now, d.now, system_random(), {}};
  ask.known.mitigation = MitigationGate{DecisionId::random(), {{d.deployer, RulingId::random(), {}}}, {}};
  CHECK_FALSE(decide(d.state, ConfirmRequest{d.state.fold.requests.front().id}, ask));
}

TEST_CASE("J3, J4: who joins a role later isn't told by itself, and then the same words") {
  Mitigated d(Driven::with_vendor());
  REQUIRE(d.out());
  auto c = d.share(MitigationRole::Deployer);
  c.text = "Install 7.1.";
  c.despite = "the invited one hasn't answered";
  REQUIRE(d.decided(c, {d.deployer}, {d.invited}));
  const auto late = OrganisationId::random();
  d.join(late, Role::Deployer);
  CHECK(d.state.fold.mitigations_told.size() == 1);
  const auto left = not_told(d.state.fold, d.state.fold.mitigations.back(), MitigationRole::Deployer);
  CHECK(std::find(left.begin(), left.end(), late) != left.end());
  auto other = d.share(MitigationRole::Deployer);
  other.despite = c.despite;
  other.text = "Install it at once.";
  CHECK(d.decided(other, {late}, {d.invited}).error().where == "/text");
  other.text.reset();
  REQUIRE(d.decided(other, {late}, {d.invited}));
  REQUIRE(d.state.fold.mitigations_told.size() == 2);
  CHECK(d.state.fold.mitigations_told.back().what.text == "Install 7.1.");
}

TEST_CASE("where only another role's part has changed, nobody is told the same again") {
  Mitigated d(Driven::with_vendor());
  REQUIRE(d.out());
  auto c = d.share(MitigationRole::Deployer);
  c.despite = "the invited one hasn't answered";
  REQUIRE(d.decided(c, {d.deployer}, {d.invited}));
  REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Detection, "Long names in the log.", {}}));
  REQUIRE(d.open() == 1);
  CHECK(not_told(d.state.fold, d.state.fold.mitigations.back(), MitigationRole::Deployer) == std::vector{d.invited});
  REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, "Switch it off.", {}}));
  CHECK(not_told(d.state.fold, d.state.fold.mitigations.back(), MitigationRole::Deployer).size() == 2);
}

TEST_CASE("a fix is its steps' to say, and what isn't there can't be taken back") {
  Mitigated d(Driven::with_vendor());
  CHECK(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Fix, "It is done.", {}}).error().where == "/part");
  CHECK(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, {}, "it never was"}).error().kind == ErrorKind::NotFound);
  CHECK(d.act(d.deployer, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, "Mine.", {}}).error().kind == ErrorKind::NotFound);   // another's product isn't there for it
  REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, "Switch it off.", {}}));
  CHECK(d.open() == 1);
  REQUIRE(d.act(d.vendor, NoteMitigation{d.vulnerability(), d.product_id, MitigationPart::Workaround, {}, "it breaks the start"}));
  CHECK(d.open() == 0);
}

TEST_CASE("hours of head start run to the planned release, else to the embargo's end") {
  Mitigated d(Driven::with_vendor());
  REQUIRE(d.out());
  CHECK(expected_public(d.state.fold, d.vulnerability()) == d.state.fold.running_terms()->until);
  auto fold = d.state.fold;
  fold.releases.push_back({ReleaseId::random(), AdvisoryId::random(), 1, d.now + std::chrono::hours(48), {}, {d.vulnerability()}});
  CHECK(expected_public(fold, d.vulnerability()) == d.now + std::chrono::hours(48));
  fold.releases.back().vulnerabilities.clear();
  fold.terms.clear();
  CHECK_FALSE(expected_public(fold, d.vulnerability()));
}

TEST_CASE("events on mitigations are read as they were first written") {
  // One a type and version, as it stands in ledgers: it must be readable for ever, so these texts are never changed.
  for (const std::string_view text : {
           R"({"type":"MitigationNoted","v":1,"vulnerability":"v_00000000000000000000000001","product":"u_00000000000000000000000001","part":"workaround","text":"Switch it off."})",
           R"({"type":"MitigationProposed","v":1,"mitigation":"y_00000000000000000000000001","vulnerability":"v_00000000000000000000000001","product":"u_00000000000000000000000001","parts":[{"part":"fix","text":"A fix is out."}]})",
           R"({"type":"MitigationProposalEnded","v":1,"mitigation":"y_00000000000000000000000001","why":"It is public.","declined":false})",
           R"({"type":"MitigationCollectionsChosen","v":1,"role":"defender","collections":["91a7b528-80eb-42ed-a74d-c6fbd5a26116"]})",
           R"({"type":"MitigationShared","v":1,"mitigation":"y_00000000000000000000000001","decision":"y_00000000000000000000000002","role":"deployer","text":"Install 7.1.","classes":["existence","mitigation"],"receivers":[{"organisation":"o_00000000000000000000000001","ruling":"d_00000000000000000000000001"}],"left_out":[{"organisation":"o_00000000000000000000000002","why":"not a signatory"}],"despite":"it is urgent"})",
           R"({"type":"MitigationTold","v":1,"mitigation":"y_00000000000000000000000001","role":"deployer","vulnerability":"v_00000000000000000000000001","text":"Install 7.1.","classes":["existence","mitigation"]})",
       }) {
    const auto value = parse_json(text);
    REQUIRE(value);
    const auto event = event_from_json(*value);
    INFO(text << (event ? "" : event.error().message + event.error().where));
    REQUIRE(event);
    CHECK(canonical(event_to_json(*event)) == canonical(*value));
  }
}
