// One idea: remedies across tiers, who waits for whom, when users can have a fix, how good it is, and who has to be ready.
#include <doctest/doctest.h>

#include <algorithm>

#include "cvd/availability.h"
#include "cvd/readiness.h"
#include "cvd/test_driven.h"

using namespace sluice;
using namespace sluice::cvd;
using enum sluice::cvd::RemedyStep;
using sluice::cvd::testing::Driven;

namespace {

ProductId numbered(std::uint8_t n) { ProductId out; out.bytes.fill(n); return out; }
const ProductId kChip = numbered(1), kBoard = numbered(2), kSystem = numbered(3), kCloud = numbered(4);
const VulnerabilityId kFlaw = [] { VulnerabilityId out; out.bytes.fill(9); return out; }();
Instant day(int n) { return *parse_instant("2026-01-01T00:00:00Z") + std::chrono::hours(24 * n); }

Wait waits(ProductId product, ProductId on, RemedyStep at = Distributed) {
  Wait out;
  out.vulnerability = kFlaw;
  out.product = product;
  out.on = on;
  out.at_step = at;
  return out;
}
Chain::Link at(std::optional<RemedyStep> step, int since = 0) { return {step, step && *step >= Distributed ? std::optional(day(since)) : std::nullopt, true}; }
Chain::Link unaffected() { return {{}, {}, false}; }

// A case with a chip maker, a board maker and a cloud, each a vendor that accepted the report and has one product.
struct Tiers : Driven {
  OrganisationId chips = vendor, boards = other, clouds = OrganisationId::random();
  ProductId chip, board, cloud;

  Tiers() : Driven(Driven::accepted()) {
    chips = vendor;
    boards = other;
    REQUIRE(act(owner, AddVulnerability{"Overflow", "A buffer overflows."}));
    chip = takes_part(chips, "Chip");
    board = takes_part(boards, "Board");
    cloud = takes_part(clouds, "Cloud");
  }
  ProductId takes_part(OrganisationId who, const std::string& name) {
    REQUIRE(act(owner, InviteParticipant{who, {Role::Vendor}, "delivers the fix"}));
    REQUIRE(act(who, AnswerInvitation{true, {}}));
    REQUIRE(act(owner, ConfirmParticipant{who, "by telephone"}));
    REQUIRE(act(who, StepReport{ReportAction::Validate}));
    REQUIRE(act(who, StepReport{ReportAction::Accept}));
    REQUIRE(act(who, AddProduct{name}));
    const auto id = state.fold.products.back().id;
    REQUIRE(act(who, SetStatus{vulnerability(), id, Status::Affected}));
    return id;
  }
  Result<void> assess(OrganisationId who, ProductId product, bool passed = true, bool partial = false) {
    return act(who, AssessRemedy{vulnerability(), product, passed, partial, "the finder", "in its laboratory", "the reported packet", {}, {}});
  }
  Result<void> step(OrganisationId who, ProductId product, RemedyStep to) { return act(who, StepRemedy{vulnerability(), product, to}); }
  void up_to(OrganisationId who, ProductId product, RemedyStep to) {
    for (int i = 0; i <= static_cast<int>(to); ++i) {
      const auto next = static_cast<RemedyStep>(i);
      const auto found = state.fold.answers.find({vulnerability(), product});
      if (found != state.fold.answers.end() && found->second.step && *found->second.step >= next) continue;
      if (next == Validated) REQUIRE(assess(who, product));
      REQUIRE(step(who, product, next));
    }
  }
  Result<void> wait(OrganisationId who, ProductId product, ProductId on, std::optional<RemedyStep> at_step = {}, std::string label = "the firmware") {
    return act(who, WaitForRemedy{vulnerability(), product, on, at_step, std::move(label), "nothing works without it"});
  }
  // What this organisation is shown: the streams it may read, and no other.
  CaseFold view(OrganisationId who) const {
    CaseFold out;
    for (const auto& written : log)
      if (written.change.compartment == access::Compartment::shared() || written.change.compartment == access::Compartment::of(who)) apply(out, written.change.event, written.context);
    return out;
  }
  ReleaseId planned(int in_days = 1, std::vector<std::string> remediations = {"vendor_fix"}) {
    json::array remedies;
    for (const auto& one : remediations) remedies.push_back(json::object{{"category", one}});
    const json::object document{{"vulnerabilities", json::array{json::object{{"title", "Overflow"}, {"remediations", remedies}}}}};
    REQUIRE(act(owner, DraftAdvisory{{}, document}));
    const auto& [advisory, versions] = *std::find_if(state.fold.advisories.begin(), state.fold.advisories.end(), [](const auto& a) { return !a.second.back().approved_at; });
    const auto id = advisory;
    REQUIRE(act(owner, ApproveAdvisory{id, 1, versions.back().hash}, approver));
    REQUIRE(act(owner, PlanRelease{id, 1, now + std::chrono::hours(24 * in_days)}));
    return state.fold.releases.back().id;
  }
  const Release& fired(ReleaseId id) {
    now = std::max(now, state.fold.release(id)->instant);
    REQUIRE(act(owner, FireRelease{id}));
    return *state.fold.release(id);
  }
};

int told(const Driven& d, OrganisationId who) {
  return static_cast<int>(std::count_if(d.log.begin(), d.log.end(), [&](const auto& w) { return w.change.compartment == access::Compartment::of(who) && holds_alternative<DeliveryMoved>(w.change.event); }));
}

}  // namespace

TEST_CASE("users have a fix once the last along its chain has delivered") {
  struct Row { const char* what; std::map<ProductId, Chain::Link> products; std::vector<Wait> waits; ProductId of; Reach reach; std::optional<int> since; std::vector<ProductId> last; };
  const Row rows[] = {
      {"nothing is known of it", {{kChip, at({})}}, {}, kChip, Reach::None, {}, {kChip}},
      {"fixed is not available: validated reaches nobody", {{kChip, at(Validated)}}, {}, kChip, Reach::None, {}, {kChip}},
      {"its own vendor delivers", {{kChip, at(Distributed, 3)}}, {}, kChip, Reach::Available, 3, {}},
      {"deployed is delivered", {{kChip, at(Deployed, 3)}}, {}, kChip, Reach::Available, 3, {}},
      {"what it waits for isn't there: V1", {{kChip, at(Validated)}, {kBoard, at(Distributed, 3)}}, {waits(kBoard, kChip)}, kBoard, Reach::None, {}, {kBoard}},
      {"the later of the two counts", {{kChip, at(Distributed, 5)}, {kBoard, at(Distributed, 3)}}, {waits(kBoard, kChip)}, kBoard, Reach::Available, 5, {}},
      {"a gap far up reaches far down", {{kChip, at(Developed)}, {kBoard, at(Distributed, 3)}, {kSystem, at(Distributed, 4)}}, {waits(kBoard, kChip), waits(kSystem, kBoard)}, kSystem, Reach::None, {}, {kSystem}},
      {"one that is further up has it already", {{kChip, at(Distributed, 1)}, {kBoard, at(Validated)}}, {waits(kBoard, kChip)}, kChip, Reach::Available, 1, {}},
      {"a fix that others take over is theirs to deliver: V2", {{kChip, at(Distributed, 1)}, {kBoard, at(Validated)}}, {waits(kBoard, kChip, Validated)}, kChip, Reach::None, {}, {kBoard}},
      {"by one of two ways: partly", {{kChip, at(Validated)}, {kBoard, at(Distributed, 2)}, {kSystem, at(Validated)}}, {waits(kBoard, kChip, Validated), waits(kSystem, kChip, Validated)}, kChip, Reach::Partly, {}, {kSystem}},
      {"by both: when the last one did", {{kChip, at(Validated)}, {kBoard, at(Distributed, 2)}, {kSystem, at(Distributed, 7)}}, {waits(kBoard, kChip, Validated), waits(kSystem, kChip, Validated)}, kChip, Reach::Available, 7, {}},
      {"over two tiers", {{kChip, at(Validated)}, {kBoard, at(Validated)}, {kCloud, at(Distributed, 8)}}, {waits(kBoard, kChip, Validated), waits(kCloud, kBoard, Validated)}, kChip, Reach::Available, 8, {}},
      {"who isn't affected needs none", {{kChip, unaffected()}}, {}, kChip, Reach::NotNeeded, {}, {}},
      {"nor is anybody's fix held up by it", {{kChip, at(Validated)}, {kBoard, unaffected()}, {kSystem, at(Distributed, 4)}}, {waits(kBoard, kChip, Validated), waits(kSystem, kChip, Validated)}, kChip, Reach::Available, 4, {}},
      {"a product that this viewer doesn't know is as far as it was told", {{kBoard, at(Distributed, 3)}}, {waits(kBoard, kChip)}, kBoard, Reach::None, {}, {kBoard}},
      {"in a circle nobody delivers: V3", {{kChip, at(Distributed, 1)}, {kBoard, at(Distributed, 2)}}, {waits(kBoard, kChip), waits(kChip, kBoard)}, kBoard, Reach::None, {}, {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto delivery = delivery_of({row.products, row.waits});
    const auto found = delivery.availability.find(row.of);
    const auto got = found == delivery.availability.end() ? Availability{} : found->second;
    CHECK(to_word(got.reach) == to_word(row.reach));
    CHECK(got.since == (row.since ? std::optional(day(*row.since)) : std::nullopt));
    CHECK(got.last == row.last);
  }
  auto as_told = waits(kBoard, kChip);
  as_told.delivered = Distributed;
  CHECK(delivery_of({{{kBoard, at(Distributed, 3)}}, {as_told}}).availability.at(kBoard).reach == Reach::Available);
  CHECK_FALSE(delivery_of({{{kBoard, at(Distributed, 3)}}, {as_told}}).availability.at(kBoard).since);  // since when the other is out, the one who waits isn't told
}

TEST_CASE("sixty products that all wait for each other's forerunners are worked out at once") {  // not once a path: there are 2^58 of them
  Chain chain;
  for (std::uint8_t n = 1; n <= 60; ++n) {
    chain.products[numbered(n)] = at(Distributed, n);
    for (std::uint8_t on = 1; on < n; ++on) chain.waits.push_back(waits(numbered(n), numbered(on), on % 2 == 0 ? Validated : Distributed));
  }
  const auto delivery = delivery_of(chain);
  CHECK(delivery.tier.at(numbered(60)) == 59);
  CHECK(delivery.availability.at(numbered(2)).since == day(60));
  CHECK(chain.way(numbered(60), numbered(1)).size() == 2);
}

TEST_CASE("a step whose forerunner isn't there is refused with whom it waits for, until the wait is over or ended") {
  Tiers d;
  REQUIRE(d.wait(d.owner, d.board, d.chip));
  d.up_to(d.boards, d.board, Validated);
  const auto refused = d.step(d.boards, d.board, Distributed);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::Conflict);
  CHECK(refused.error().message.find("the firmware (nothing yet, needed: distributed)") != std::string::npos);
  CHECK(refused.error().message.find("Chip") == std::string::npos);  // EXI-10: by its label alone
  SUBCASE("the other delivers") {
    d.up_to(d.chips, d.chip, Distributed);
    CHECK(d.step(d.boards, d.board, Distributed));
  }
  SUBCASE("the wait is ended, with the reason on record") {
    CHECK(d.act(d.boards, EndWait{d.vulnerability(), d.board, d.chip, " "}).error().where == "/why");
    REQUIRE(d.act(d.boards, EndWait{d.vulnerability(), d.board, d.chip, "the new driver doesn't need it"}));
    CHECK(d.step(d.boards, d.board, Distributed));
    CHECK(d.state.fold.waits.front().end_why == "the new driver doesn't need it");
  }
}

TEST_CASE("when the other moves on, those who wait are told by label, each for itself, and nobody else is") {
  Tiers d;
  REQUIRE(d.wait(d.owner, d.board, d.chip));
  REQUIRE(d.wait(d.owner, d.cloud, d.board, {}, "the platform"));
  CHECK(told(d, d.boards) == 0);
  d.up_to(d.chips, d.chip, Distributed);
  CHECK(told(d, d.boards) == 4);
  CHECK(told(d, d.clouds) == 0);
  CHECK(told(d, d.chips) == 0);
  for (const auto& written : d.log)
    if (holds_alternative<DeliveryMoved>(written.change.event)) CHECK_FALSE(written.context.organisation);  // by nobody's name
  const auto view = d.view(d.boards);
  CHECK(view.waits.front().delivered == Distributed);
  CHECK(view.waits.front().label == "the firmware");
  CHECK(view.product(d.chip) == nullptr);
  CHECK_FALSE(view.participants.contains(d.chips));
  d.up_to(d.boards, d.board, Distributed);
  CHECK(d.view(d.clouds).waits.front().delivered == Distributed);
  // A gap that opens far up is told far down, as far as it counts there.
  REQUIRE(d.act(d.chips, ReopenRemedy{d.vulnerability(), d.chip, Identified, "a second packet gets through"}));
  CHECK(d.view(d.boards).waits.front().delivered == Identified);
  CHECK(d.view(d.clouds).waits.front().delivered == Validated);
  CHECK(d.state.fold.answers.at({d.vulnerability(), d.board}).step == Distributed);  // what its vendor did stays
  CHECK_FALSE(fix_available(d.state.fold, d.vulnerability(), d.cloud));
}

TEST_CASE("a wait begun late says at once how far the other is") {
  Tiers d;
  d.up_to(d.chips, d.chip, Distributed);
  REQUIRE(d.wait(d.owner, d.board, d.chip));
  CHECK(d.view(d.boards).waits.front().delivered == Distributed);
}

TEST_CASE("remedies that would wait for each other are refused, with the path as the caller may know it") {
  Tiers d;
  REQUIRE(d.wait(d.owner, d.board, d.chip));
  REQUIRE(d.wait(d.owner, d.cloud, d.board, {}, "the platform"));
  CHECK(d.wait(d.owner, d.chip, d.cloud, {}, "the servers").error().message.find("Chip → Cloud → Board → Chip") != std::string::npos);
  CHECK(d.wait(d.owner, d.chip, d.chip).error().where == "/on");
  REQUIRE(d.act(d.clouds, AddProduct{"Dashboard"}));
  const auto dashboard = d.state.fold.products.back().id;
  REQUIRE(d.act(d.owner, WaitForRemedy{d.vulnerability(), d.chip, dashboard, {}, "the console", "it flashes the chip"}));
  const auto mine = d.wait(d.clouds, dashboard, d.cloud, {}, "our servers");
  REQUIRE_FALSE(mine);
  CHECK(mine.error().message.find("Dashboard → Cloud → the platform → another party's remedy → Dashboard") != std::string::npos);
  CHECK(mine.error().message.find("Chip") == std::string::npos);
  REQUIRE(d.act(d.owner, AddVulnerability{"Another", "Elsewhere."}));
  CHECK(d.act(d.owner, WaitForRemedy{d.state.fold.vulnerabilities.back().id, d.chip, d.cloud, {}, "the servers", "its own chain"}));  // one vulnerability's circle isn't another's
}

TEST_CASE("a vendor can't find out by a wait which products there are, nor is it told who is behind a label") {
  Tiers d;
  const auto hidden = d.wait(d.boards, d.board, d.chip), absent = d.wait(d.boards, d.board, ProductId::random());
  REQUIRE_FALSE(hidden);
  CHECK(hidden.error().kind == ErrorKind::NotFound);
  CHECK(hidden.error().message == absent.error().message);
  CHECK(hidden.error().where == absent.error().where);
  CHECK(d.wait(d.boards, d.chip, d.board).error().kind == ErrorKind::NotFound);             // not its product
  CHECK(d.act(d.boards, EndWait{d.vulnerability(), d.board, d.chip, "why"}).error().kind == ErrorKind::NotFound);
  CHECK(d.wait(d.owner, d.board, d.chip, {}, "the CHIP maker").error().where == "/label");
  CHECK(d.act(d.owner, WaitForRemedy{d.vulnerability(), d.board, d.chip, {}, "the firmware", "Chip needs it"}).error().where == "/why");
  REQUIRE(d.wait(d.owner, d.board, d.chip));
  CHECK(d.wait(d.owner, d.board, d.chip).error().kind == ErrorKind::Conflict);
  // What it was told of it may name again.
  REQUIRE(d.act(d.boards, EndWait{d.vulnerability(), d.board, d.chip, "not any more"}));
  CHECK(d.wait(d.boards, d.board, d.chip));
}

TEST_CASE("a fix is validated by a test that passed, and a test that failed since takes that back") {
  Tiers d;
  CHECK(d.assess(d.boards, d.board).error().kind == ErrorKind::Conflict);  // nothing developed yet
  d.up_to(d.boards, d.board, Developed);
  CHECK(d.step(d.boards, d.board, Validated).error().code == "not-assessed");
  REQUIRE(d.assess(d.boards, d.board, false));
  CHECK(d.step(d.boards, d.board, Validated).error().code == "not-assessed");
  REQUIRE(d.assess(d.boards, d.board));
  REQUIRE(d.step(d.boards, d.board, Validated));
  const auto& answer = d.state.fold.answers.at({d.vulnerability(), d.board});
  CHECK(is_validated(answer));
  REQUIRE(d.assess(d.owner, d.board, false));  // the coordination tests too
  CHECK_FALSE(is_validated(answer));
  CHECK(d.step(d.boards, d.board, Distributed).error().code == "not-assessed");
  CHECK(answer.fix_ready);  // letters are never taken back
  CHECK(d.assess(d.clouds, d.board).error().kind == ErrorKind::NotFound);
  CHECK(d.act(d.boards, AssessRemedy{d.vulnerability(), d.board, true, {}, "", "here", {}, {}, {}}).error().where == "/tested_by");
}

TEST_CASE("a fix found incomplete goes back with its history; its tests no longer count, its letters stay, a second vulnerability has its own") {
  Tiers d;
  d.up_to(d.boards, d.board, Developed);
  REQUIRE(d.assess(d.boards, d.board, true, true));
  REQUIRE(d.step(d.boards, d.board, Validated));
  CHECK(is_partial(d.state.fold.answers.at({d.vulnerability(), d.board})));
  REQUIRE(d.act(d.boards, ReopenRemedy{d.vulnerability(), d.board, Developed, "other settings still let it through"}));
  REQUIRE(d.act(d.owner, AddVulnerability{"Incomplete fix", "In other settings."}));
  const auto& answer = d.state.fold.answers.at({d.vulnerability(), d.board});
  CHECK(answer.fix_ready);
  CHECK_FALSE(is_validated(answer));
  CHECK(assessment_of_this_fix(answer) == nullptr);
  CHECK(answer.assessments.size() == 1);
  CHECK(d.step(d.boards, d.board, Validated).error().code == "not-assessed");  // although a test passed, of the fix before
  REQUIRE(d.assess(d.boards, d.board, true, true));                            // word for word the same, in the same instant, and yet of another fix
  REQUIRE(d.step(d.boards, d.board, Validated));
  CHECK_FALSE(d.state.fold.letters(d.state.fold.vulnerabilities.back().id, d.board).f);
  // The same from its own streams alone.
  const auto view = d.view(d.boards);
  CHECK(is_validated(view.answers.at({d.vulnerability(), d.board})));
  CHECK(view.answers.at({d.vulnerability(), d.board}).assessments.size() == 2);
}

TEST_CASE("what is blocked doesn't move until somebody says that it isn't any more") {
  Tiers d;
  REQUIRE(d.act(d.boards, BlockRemedy{d.vulnerability(), d.board, "The signing key is out of reach."}));
  CHECK(d.step(d.boards, d.board, Identified).error().code == "remedy-blocked");
  CHECK(d.act(d.boards, BlockRemedy{d.vulnerability(), d.board, "The signing key is out of reach."}).error().kind == ErrorKind::Conflict);
  CHECK(d.act(d.clouds, UnblockRemedy{d.vulnerability(), d.board}).error().kind == ErrorKind::NotFound);
  REQUIRE(d.act(d.boards, UnblockRemedy{d.vulnerability(), d.board}));
  CHECK(d.step(d.boards, d.board, Identified));
  CHECK(d.act(d.boards, UnblockRemedy{d.vulnerability(), d.board}).error().kind == ErrorKind::Conflict);
}

TEST_CASE("no clock releases a fix that isn't validated, and a waiver covers whom it named and nobody since") {
  Tiers d;
  d.up_to(d.boards, d.board, Validated);
  d.up_to(d.chips, d.chip, Validated);
  REQUIRE(d.act(d.clouds, SetStatus{d.vulnerability(), d.cloud, Status::NotAffected, "component_not_present"}));
  SUBCASE("all are ready: it goes out") { CHECK(d.fired(d.planned()).state == Release::State::Released); }
  SUBCASE("a fix was reopened: F stays, and the release is held") {
    REQUIRE(d.act(d.boards, ReopenRemedy{d.vulnerability(), d.board, Developed, "incomplete"}));
    const auto release = d.planned();
    CHECK(d.fired(release).state == Release::State::Held);
    CHECK(d.state.fold.release(release)->held_because->find("Board") != std::string::npos);
  }
  SUBCASE("a test failed since: held") {
    REQUIRE(d.assess(d.owner, d.board, false));
    CHECK(d.fired(d.planned()).state == Release::State::Held);
  }
  SUBCASE("waived for one, and then another's is reopened") {
    REQUIRE(d.act(d.boards, ReopenRemedy{d.vulnerability(), d.board, Developed, "incomplete"}));
    const auto release = d.planned();
    auto waived = d;
    REQUIRE(waived.act(waived.owner, WaiveReadiness{release, "attacks are near", "some have no fix"}));
    REQUIRE(waived.act(waived.boards, BlockRemedy{waived.vulnerability(), waived.board, "The laboratory is closed."}));  // the same gap, for another reason
    auto another = waived;
    CHECK(waived.fired(release).state == Release::State::Released);
    REQUIRE(another.act(another.chips, ReopenRemedy{another.vulnerability(), another.chip, Developed, "incomplete"}));
    CHECK(another.fired(release).state == Release::State::Held);
  }
}

TEST_CASE("a release doesn't wait for the answer of who left; it does for a product that is known to be hit, and for whom one person removed") {
  Tiers d;
  d.up_to(d.boards, d.board, Validated);
  d.up_to(d.chips, d.chip, Validated);
  REQUIRE(d.act(d.clouds, SetStatus{d.vulnerability(), d.cloud, Status::NotAffected, "component_not_present"}));
  const auto asked = OrganisationId::random();
  REQUIRE(d.act(d.owner, InviteParticipant{asked, {Role::Vendor}, "may ship it"}));
  REQUIRE(d.act(asked, AnswerInvitation{true, {}}));
  REQUIRE(d.act(d.owner, ConfirmParticipant{asked, "by telephone"}));
  REQUIRE(d.act(d.owner, AskStatus{{asked}, d.vulnerability(), {}}));
  const auto release = d.planned();
  CHECK(not_ready(d.state.fold, *d.state.fold.release(release)).size() == 1);
  SUBCASE("it left with its question open") {
    REQUIRE(d.act(asked, LeaveCase{true}));
    CHECK(d.fired(release).state == Release::State::Released);
  }
  SUBCASE("to remove who is silent is no waiver: that takes two persons") {
    REQUIRE(d.act(d.owner, RemoveParticipant{asked, "it doesn't answer"}));
    CHECK(not_ready(d.state.fold, *d.state.fold.release(release)).size() == 1);
    CHECK(d.fired(release).state == Release::State::Held);
  }
  SUBCASE("nor where it had left before and came back") {
    REQUIRE(d.act(asked, LeaveCase{true}));
    d.now = d.now + std::chrono::minutes(1);
    REQUIRE(d.act(d.owner, InviteParticipant{asked, {Role::Vendor}, "may ship it"}));
    CHECK(not_ready(d.state.fold, *d.state.fold.release(release)).size() == 1);
    REQUIRE(d.act(d.owner, RemoveParticipant{asked, "it doesn't answer"}));
    CHECK(not_ready(d.state.fold, *d.state.fold.release(release)).size() == 1);
  }
  SUBCASE("whose product is hit and not mended is removed: users still wait") {
    REQUIRE(d.act(asked, AddProduct{"Router"}));
    REQUIRE(d.act(asked, SetStatus{d.vulnerability(), d.state.fold.products.back().id, Status::Affected}));
    REQUIRE(d.act(d.owner, RemoveParticipant{asked, "it told the press"}));
    CHECK(not_ready(d.state.fold, *d.state.fold.release(release)).size() == 1);
  }
}

TEST_CASE("what is public is told without a fix, but no clock tells of a fix that nobody has validated") {
  struct Row { const char* what; std::vector<std::string> remediations; std::optional<RemedyStep> step; Release::State state; };
  const Row rows[] = {{"a workaround, no fix", {"workaround"}, {}, Release::State::Released},
                      {"a workaround, a fix in work", {"workaround"}, Developed, Release::State::Released},
                      {"a fix that nobody has validated", {"workaround", "vendor_fix"}, Developed, Release::State::Held},
                      {"a fix that is validated", {"vendor_fix"}, Validated, Release::State::Released}};
  for (const auto& row : rows) {
    CAPTURE(row.what);
    Tiers d;
    REQUIRE(d.act(d.owner, ClaimFact{d.vulnerability(), Letter::P, "in a newspaper"}));
    REQUIRE(d.act(d.owner, AdoptFact{d.state.fold.claims.front().id}));
    if (row.step) d.up_to(d.boards, d.board, *row.step);
    CHECK(d.fired(d.planned(1, row.remediations)).state == row.state);
  }
}

TEST_CASE("how many have to be ready is agreed by the owner, told to all, and not lowered under a plan") {
  struct Row { const char* what; AgreeReadiness agreed; bool boards, chips; bool goes; };
  Tiers d;
  const auto weighs = [&](int boards, int chips) { return std::vector<Weight>{{d.boards, boards}, {d.chips, chips}, {d.clouds, 1}}; };
  const Row rows[] = {{"all, one is missing", {SettlementRule::Unanimity, {}, {}, "as ever"}, true, false, false},
                      {"more than half of two is two", {SettlementRule::Majority, {}, {}, "why"}, true, false, false},
                      {"more than half, both", {SettlementRule::Majority, {}, {}, "why"}, true, true, true},
                      {"half of the weights, by head", {SettlementRule::Quorum, 50, {}, "why"}, true, false, true},
                      {"three quarters of the weights, the heavy one ready", {SettlementRule::Quorum, 75, weighs(9, 1), "why"}, true, false, true},
                      {"three quarters of the weights, the light one ready", {SettlementRule::Quorum, 75, weighs(9, 1), "why"}, false, true, false},
                      {"a share is rounded up", {SettlementRule::Quorum, 51, {}, "why"}, true, false, false}};
  REQUIRE(d.act(d.clouds, SetStatus{d.vulnerability(), d.cloud, Status::NotAffected, "component_not_present"}));  // R1: counts neither way
  for (const auto& row : rows) {
    CAPTURE(row.what);
    auto one = d;
    REQUIRE(one.act(one.owner, row.agreed));
    for (const auto& written : one.log)
      if (const auto* agreed = get_if<ReadinessAgreed>(&written.change.event); agreed != nullptr && written.change.compartment == access::Compartment::shared()) CHECK(agreed->weights.empty());  // EXI-10
    if (row.boards) one.up_to(one.boards, one.board, Validated);
    if (row.chips) one.up_to(one.chips, one.chip, Validated);
    const auto release = one.planned();
    CHECK(one.act(one.owner, AgreeReadiness{SettlementRule::Majority, {}, {}, "we hurry"}).error().kind == ErrorKind::Conflict);
    const auto ready = readiness(one.state.fold, *one.state.fold.release(release));
    CHECK(ready.quorums.front().reached() == row.goes);
    CHECK(ready.behind.size() == static_cast<std::size_t>(!row.boards) + static_cast<std::size_t>(!row.chips));
    CHECK(one.fired(release).state == (row.goes ? Release::State::Released : Release::State::Held));
    const auto left = std::count_if(one.state.fold.reminders.begin(), one.state.fold.reminders.end(), [](const Reminder& r) { return r.about.starts_with("Left behind"); });
    CHECK(left == (row.goes ? static_cast<std::ptrdiff_t>(ready.behind.size()) : 0));
  }
  CHECK(d.act(d.boards, AgreeReadiness{SettlementRule::Majority, {}, {}, "why"}).error().kind == ErrorKind::Forbidden);
  const std::pair<AgreeReadiness, const char*> wrong[] = {{{SettlementRule::OwnerDecides, {}, {}, "why"}, "/rule"},
                                                          {{SettlementRule::Quorum, {}, {}, "why"}, "/share"},
                                                          {{SettlementRule::Quorum, 0, {}, "why"}, "/share"},
                                                          {{SettlementRule::Quorum, 101, {}, "why"}, "/share"},
                                                          {{SettlementRule::Majority, 60, {}, "why"}, "/share"},
                                                          {{SettlementRule::Majority, {}, weighs(1, 1), "why"}, "/weights"},
                                                          {{SettlementRule::Quorum, 60, std::vector<Weight>{{d.boards, 0}}, "why"}, "/weights/0/weight"},
                                                          {{SettlementRule::Quorum, 60, std::vector<Weight>{{d.boards, 1}, {d.boards, 2}}, "why"}, "/weights/1/organisation"},
                                                          {{SettlementRule::Quorum, 60, std::vector<Weight>{{OrganisationId::random(), 1}}, "why"}, "/weights/0/organisation"},
                                                          {{SettlementRule::Majority, {}, {}, ""}, "/why"}};
  for (const auto& [command, where] : wrong) CHECK(d.act(d.owner, command).error().where == where);
}

TEST_CASE("a later agreement leaves none of the weights of an earlier one") {
  Tiers d;
  REQUIRE(d.act(d.owner, AgreeReadiness{SettlementRule::Quorum, 75, std::vector<Weight>{{d.boards, 100}}, "why"}));
  REQUIRE(d.act(d.owner, AgreeReadiness{SettlementRule::Quorum, 75, {}, "by head after all"}));
  for (const auto& weight : d.state.fold.readiness.weights) CHECK(weight.weight == 1);
}

TEST_CASE("support says until when, and past its end nobody waits for the product") {
  Tiers d;
  d.up_to(d.boards, d.board, Validated);
  d.up_to(d.chips, d.chip, Validated);
  const auto release = d.planned(10);
  const auto missing = [&] { return readiness(d.state.fold, *d.state.fold.release(release)); };
  CHECK(missing().in_the_way.size() == 1);
  REQUIRE(d.act(d.clouds, StateSupport{d.cloud, true, d.now + std::chrono::hours(24 * 20), {}}));
  CHECK(missing().in_the_way.size() == 1);
  REQUIRE(d.act(d.clouds, StateSupport{d.cloud, true, d.now + std::chrono::hours(24 * 5), {}}));  // ends before the release
  CHECK(missing().in_the_way.empty());
  CHECK(missing().unsupported.front().find("Cloud") != std::string::npos);
  REQUIRE(d.act(d.clouds, StateSupport{d.cloud, false, {}, "end of life"}));
  CHECK(missing().in_the_way.empty());
  CHECK(d.act(d.clouds, StateSupport{d.cloud, true, d.now, {}}).error().where == "/until");
  CHECK(d.act(d.clouds, StateSupport{d.cloud, false, d.now + std::chrono::hours(1), {}}).error().where == "/until");
  CHECK(d.act(d.boards, StateSupport{d.cloud, false, {}, {}}).error().kind == ErrorKind::NotFound);
}

TEST_CASE("a remedy's log folds to the same whichever of its two streams comes first") {
  Tiers d;
  REQUIRE(d.wait(d.owner, d.board, d.chip));
  d.up_to(d.chips, d.chip, Distributed);
  d.up_to(d.boards, d.board, Validated);
  REQUIRE(d.act(d.boards, ReopenRemedy{d.vulnerability(), d.board, Developed, "incomplete"}));
  REQUIRE(d.assess(d.boards, d.board));
  CaseFold once;
  for (const auto& written : d.log) {
    apply(once, written.change.event, written.context);
    apply(once, written.change.event, written.context);  // C5
  }
  const auto key = std::pair{d.vulnerability(), d.board};
  CHECK(once.answers.at(key).assessments.size() == d.state.fold.answers.at(key).assessments.size());
  CHECK(once.waits.size() == 1);
  CHECK(is_validated(once.answers.at(key)) == is_validated(d.state.fold.answers.at(key)));
}
