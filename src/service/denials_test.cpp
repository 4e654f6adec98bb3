// What the gate denied is on record: which command left it, for whom, folded, and what it costs.
#include "service/denials.h"

#include <doctest/doctest.h>

#include <future>
#include <set>

#include "gate/judge.h"
#include "service/cases.h"
#include "service/gate_facts.h"
#include "service/knowers.h"
#include "service/packs.h"
#include "service/testing.h"
#include "store/deliveries.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

Hash key_number(std::size_t n) { return sha256(bytes_of(std::to_string(n))); }

// A maker in China leads a case under a law, read widely, that forbids telling a maker abroad.
struct Forbidden : SiteForTests {
  OrganisationId east, west;
  Asker lead, second, vendor;
  CaseId id;

  Forbidden() {
    services.packs = must(Packs::load({}));
    east = makes("Eastern", "CN", {"CN"}), west = makes("Western", "DE", {});
    lead = asker(person(east, "Li", "li@eastern.example", access::SiteRole::Admin), east);
    second = asker(person(east, "Lan", "lan@eastern.example", access::SiteRole::Admin), east);
    vendor = asker(person(west, "Wim", "wim@western.example", access::SiteRole::Admin), west);
    id = made<CaseId>(open_case(services, lead, {"Heap flaw"}));
    for (const auto action : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) must(tried(lead, cvd::StepReport{action, {}, {}}));
    must(tried(lead, cvd::AddVulnerability{"Overflow", "A buffer overflows.", {}}));
    must(tried(lead, cvd::AddProduct{"Router", {}, {}, {}, {}}));
    const auto seen = must(store->as(lead.viewer).case_view(id));
    must(tried(lead, cvd::SetStatus{seen.view.fold.vulnerabilities.front().id, seen.view.fold.products.front().id, cvd::Status::Affected, {}, {}}));
    must(tried(lead, cvd::ConfirmScope{{{"cn-rmsv-2021", true, {}}}, {}, std::vector<cvd::ReadingChosen>{{"cn-rmsv-2021.art9-7", "wide"}}, "to be careful"}));
  }
  OrganisationId makes(std::string name, std::string country, std::vector<std::string> markets) {
    cvd::OrganisationProfile profile;
    profile.name = std::move(name);
    profile.country = std::move(country);
    if (!markets.empty()) profile.products = cvd::PlacedAs{std::move(markets), "product", {}, true, {}};
    return made<OrganisationId>(add_organisation(services, system(), access::OrganisationKind::Vendor, std::move(profile)));
  }
  Result<Committed> tried(const Asker& by, cvd::Command command) { return writer->run(case_command(services, by, id, std::move(command))); }
  Result<Committed> invite() { return tried(lead, cvd::InviteParticipant{west, {cvd::Role::Vendor}, "ships the same code", {}}); }
  json::array denials(const Asker& by) {
    json::array out;
    for (const auto& one : must(rulings_of(services, by.viewer, id)))
      if (const auto* outcome = find_at(one, "/ruling/outcome"); outcome != nullptr && *outcome == json::value("deny")) out.push_back(one);
    return out;
  }
};

std::int64_t count_of(const json::value& ruling) { const auto* count = find_at(ruling, "/count"); return count == nullptr ? 1 : count->to_number<std::int64_t>(); }

}  // namespace

TEST_CASE("an invitation that the gate denies is on record; equal ones fold into one row a tick with a count") {
  Forbidden site;
  const auto refused = site.invite();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "gate-denies");
  auto denials = site.denials(site.lead);
  REQUIRE(denials.size() == 1);
  CHECK(string_at(denials[0].at("disclosure").at("content"), "object") == "invitation:" + site.id.text());
  CHECK(find_at(denials[0], "/count") == nullptr);
  CHECK(site.invite().error().message == refused.error().message);
  site.script.set(site.clock.now() + std::chrono::seconds(2));   // another instant of the same tick
  CHECK(site.invite().error().message == refused.error().message);
  denials = site.denials(site.lead);
  REQUIRE(denials.size() == 1);
  CHECK(count_of(denials[0]) == 3);
  CHECK_FALSE(string_at(denials[0], "last").empty());
  // Another person's is another one, and so is the same in another tick.
  CHECK_FALSE(site.tried(site.second, cvd::InviteParticipant{site.west, {cvd::Role::Vendor}, "ships the same code", {}}));
  CHECK(site.denials(site.lead).size() == 2);
  site.script.set(site.clock.now() + site.services.settings.tick);
  CHECK_FALSE(site.invite());
  CHECK(site.denials(site.lead).size() == 3);
}

TEST_CASE("a joining that the gate denies is on record, and whoever isn't of the coordination is told of none") {
  Forbidden site;
  // Invited while the law was out of scope; the owner's word puts it in before the party is confirmed.
  must(site.tried(site.lead, cvd::ConfirmScope{{{"cn-rmsv-2021", false, "not yet"}}, {}, {}, "first"}));
  must(site.invite());
  must(site.tried(site.vendor, cvd::AnswerInvitation{true, {}, {}}));
  must(site.tried(site.lead, cvd::ConfirmScope{{{"cn-rmsv-2021", true, {}}}, {}, std::vector<cvd::ReadingChosen>{{"cn-rmsv-2021.art9-7", "wide"}}, "to be careful"}));
  const auto refused = site.tried(site.lead, cvd::ConfirmParticipant{site.west, "by telephone"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "gate-denies");
  const auto denials = site.denials(site.lead);
  REQUIRE(denials.size() == 1);
  CHECK(string_at(denials[0].at("disclosure").at("content"), "object") == "case:" + site.id.text());
  CHECK(site.denials(site.vendor).empty());
}

TEST_CASE("D1: who is told of a denial finds it on record, and a later command of the same batch finds it behind what it undid") {
  Forbidden site;
  // All of one batch: what is denied, and what looks for it.
  std::promise<void> go, done;
  auto gone = go.get_future();
  site.writer->submit([&](Unit&) -> Result<Committed> { gone.wait(); return Committed{}; }, [](Result<Committed>) {});
  std::optional<Error> refused;
  std::size_t behind = 0;
  bool is_invited = true;
  site.writer->submit(case_command(site.services, site.lead, site.id, cvd::InviteParticipant{site.west, {cvd::Role::Vendor}, "ships the same code", {}}), [&](Result<Committed> result) { if (!result) refused = result.error(); });
  site.writer->submit(
      [&](Unit& unit) -> Result<Committed> {
        TRY(const auto rows, store::rulings_about(unit.writing().tx(), site.services.cells(), site.services.cells().tag("object", site.id.text())));
        for (const auto& row : rows) behind += string_at(row.body.at("ruling"), "outcome") == "deny";
        TRY(const auto state, unit.case_state(site.id));
        is_invited = state->fold.participant(site.west) != nullptr;
        return Committed{};
      },
      [&](Result<Committed>) { done.set_value(); });
  go.set_value();
  done.get_future().wait();
  REQUIRE(refused);
  CHECK(refused->code == "gate-denies");
  CHECK(behind == 1);
  CHECK_FALSE(is_invited);
}

TEST_CASE("D1: a denial that can't be put on record isn't told") {
  Forbidden site;
  const auto taken = RulingId::random();
  const auto denied = [&](CaseId id) -> Work {
    return [&site, taken, id](Unit& unit) -> Result<Committed> {
      gate::Ruling ruling;
      ruling.id = taken;
      ruling.outcome = gate::Outcome::Deny;
      keep_denial(unit, site.services, id, ruling, {{"disclosure", json::object{{"n", id.text()}}}, {"ruling", json::object{{"outcome", "deny"}}}}, DeniedTo::Person);
      return fail(ErrorKind::Conflict, "No.", {}, {}, "gate-denies");
    };
  };
  const auto first = site.writer->run(denied(site.id));
  REQUIRE_FALSE(first);
  CHECK(first.error().code == "gate-denies");
  // The same number again, of another case: the row can't be written.
  const auto second = site.writer->run(denied(CaseId::random()));
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "not-written");
  CHECK(site.denials(site.lead).size() == 1);
  CHECK(site.writer->run([](Unit&) -> Result<Committed> { return Committed{}; }).has_value());
}

TEST_CASE("D4: of an invitation of many each denial is on record, and who asked hears how many there are") {
  Forbidden site;
  const auto south = site.makes("Southern", "FR", {});
  const auto refused = site.tried(site.lead, cvd::InviteMany{{site.west, south}, {cvd::Role::Vendor}, "ship the same code", {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("And so for 1 more") != std::string::npos);
  std::set<std::string> to;
  for (const auto& one : site.denials(site.lead)) to.insert(std::string(string_at(one.at("disclosure").at("audience"), "id")));
  CHECK(to == std::set<std::string>{site.west.text(), south.text()});
}

TEST_CASE("what the gate denied two persons doesn't fold into one, whatever was to go out") {
  Forbidden site;
  const auto seen = must(site.store->as(site.lead.viewer).case_view(site.id));
  const auto& fold = seen.view.fold;
  const auto ana = PersonId::random(), ben = PersonId::random();
  CHECK(report_to_receiver(site.id, ReportId::random(), site.west, ana, {}).actor == ana);
  const cvd::Release release{};
  CHECK(publication(fold, release, {}, gate::Tlp::Clear, gate::Channel::PublicSite, ana, {}).actor == ana);
  CHECK_FALSE(publication(fold, release, {}, gate::Tlp::Clear, gate::Channel::PublicSite, ana, {}) == publication(fold, release, {}, gate::Tlp::Clear, gate::Channel::PublicSite, ben, {}));
}

TEST_CASE("a denial folds into the row of its first, until that is a tick old; of very many the oldest are forgotten") {
  Denials denials;
  const Instant at{1'000'000'000};
  const auto tick = std::chrono::seconds(60);
  const Denials::Row row{RulingId::random(), at};
  CHECK_FALSE(denials.equal(key_number(1), at, tick));
  denials.remember(key_number(1), row);
  CHECK(denials.equal(key_number(1), at + std::chrono::seconds(59), tick)->ruling == row.ruling);
  CHECK_FALSE(denials.equal(key_number(1), at + tick, tick));
  CHECK_FALSE(denials.equal(key_number(1), at - std::chrono::seconds(1), tick));
  CHECK_FALSE(denials.equal(key_number(2), at, tick));
  for (std::size_t i = 2; i < 10'000; ++i) denials.remember(key_number(i), {RulingId::random(), at + std::chrono::microseconds(i)});
  CHECK(denials.size() <= Denials::kMost);
  CHECK_FALSE(denials.equal(key_number(1), at, tick));
  CHECK(denials.equal(key_number(9'999), at + std::chrono::seconds(1), tick));
}
