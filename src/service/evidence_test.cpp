// Who has which rulings of a case, alone and in an evidence pack.
#include "service/evidence.h"

#include <doctest/doctest.h>

#include "service/cases.h"
#include "service/knowers.h"
#include "service/packs.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

// A vendor that leads a case, a coordinator it admitted and another vendor in it; of each the staff and counsel. The gate was asked of a notice of the owner's and of one of the vendor's.
struct CaseWithRulings : SiteForTests {
  OrganisationId lead, centre, other;
  Asker staff, counsel, second, coordinator, its_counsel, vendor, vendors_counsel;
  CaseId id;

  CaseWithRulings() {
    services.packs = must(Packs::load({}));
    lead = organisation("Lead", access::OrganisationKind::Vendor), centre = organisation("Centre", access::OrganisationKind::Coordinator), other = organisation("Other", access::OrganisationKind::Vendor);
    staff = asker(person(lead, "Lea", "lea@lead.example", access::SiteRole::Admin), lead);
    second = asker(person(lead, "Leo", "leo@lead.example"), lead);
    counsel = asker(person(lead, "Carla", "carla@lead.example", access::SiteRole::Counsel), lead);
    coordinator = asker(person(centre, "Cem", "cem@centre.example", access::SiteRole::Admin), centre);
    its_counsel = asker(person(centre, "Cora", "cora@centre.example", access::SiteRole::Counsel), centre);
    vendor = asker(person(other, "Otto", "otto@other.example", access::SiteRole::Admin), other);
    vendors_counsel = asker(person(other, "Olga", "olga@other.example", access::SiteRole::Counsel), other);
    id = made<CaseId>(open_case(services, staff, {"Overflow"}));
    for (const auto action : {cvd::ReportAction::Validate, cvd::ReportAction::Accept}) run(staff, cvd::StepReport{action, {}, {}});
    join(coordinator, centre, cvd::Role::Coordinator);
    join(vendor, other, cvd::Role::Vendor);
    for (const auto* by : {&staff, &vendor}) {
      const auto drafted = run(*by, cvd::DraftNotice{.form = "general", .to = "csirt:DE"});
      (void)writer->run(case_command(services, *by, id, cvd::ClearNotice{cvd::NoticeId::parse(string_at(drafted.answer, "notice")).value(), 1, {}}));
    }
    must(writer->run([](Unit&) -> Result<Committed> { return Committed{}; }));  // what was denied is on record behind it
  }
  Committed run(const Asker& by, cvd::Command command) { return must(writer->run(case_command(services, by, id, std::move(command)))); }
  void join(const Asker& who, OrganisationId of, cvd::Role role) {
    run(staff, cvd::InviteParticipant{of, {role}, "is needed", {}});
    run(who, cvd::AnswerInvitation{true, {}, {}});
    run(staff, cvd::ConfirmParticipant{of, "by telephone"});
  }
};

std::vector<std::string> objects(const json::array& rulings) {
  std::vector<std::string> out;
  for (const auto& one : rulings) {
    const auto* object = find_at(one, "/disclosure/content/object");
    out.emplace_back(object == nullptr ? "" : std::string_view(object->get_string()).substr(0, object->get_string().find(':')));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

// The owner's notices stand in the coordination, which its counsel doesn't read.
TEST_CASE("all rulings of a case are for those who read its coordination; counsel has those on its organisation's own notices, where it reads these") {
  CaseWithRulings c;
  const auto all = objects(must(rulings_of(c.services, c.staff.viewer, c.id)));
  REQUIRE(all.size() > 3);   // two invitations, two joinings, two notices
  REQUIRE(std::count(all.begin(), all.end(), "notice") == 2);
  const std::vector<std::string> none, own{"notice"};
  const struct { const char* who; const Asker& asker; const std::vector<std::string>& sees; } rows[] = {
      {"the owner's administrator", c.staff, all}, {"the owner's staff", c.second, all}, {"the owner's counsel", c.counsel, none}, {"a coordinator", c.coordinator, all},
      {"a coordinator's counsel", c.its_counsel, none}, {"a vendor's administrator", c.vendor, own}, {"a vendor's counsel", c.vendors_counsel, own},
  };
  for (const auto& [who, asker, sees] : rows) {
    CAPTURE(who);
    CHECK(objects(must(rulings_of(c.services, asker.viewer, c.id))) == sees);
    const auto known = must(knowers(c.services, asker.viewer, c.id, {})).answer;
    CHECK(known.at("complete").as_bool() == (&sees == &all));
  }
}

TEST_CASE("an evidence pack has the rulings that its asker can have alone, and no others") {
  CaseWithRulings c;
  const auto rulings_in = [&](const Asker& asker, const EvidenceAsked& asked) { return objects(must(parse_json(must(evidence_pack(c.services, asker.viewer, c.id, asked)).file, {.bytes = kLargestEvidence, .depth = 64, .keys = 4'000'000, .string = 4u << 20})).at("rulings").as_array()); };
  const auto all = objects(must(rulings_of(c.services, c.staff.viewer, c.id)));
  CHECK(rulings_in(c.staff, {}) == all);
  CHECK(rulings_in(c.coordinator, {}) == all);
  CHECK(evidence_pack(c.services, c.counsel.viewer, c.id, {}).error().kind == ErrorKind::Forbidden);
  // The ruling on a joining is somebody else's to it: as one that never was.
  const auto rulings = must(rulings_of(c.services, c.staff.viewer, c.id));
  const auto joining = std::find_if(rulings.begin(), rulings.end(), [](const json::value& one) { return !find_at(one, "/disclosure/content/object")->get_string().starts_with("notice:"); });
  REQUIRE(joining != rulings.end());
  const auto hidden = evidence_pack(c.services, c.counsel.viewer, c.id, {.decision = {}, .ruling = RulingId::parse(std::string_view(find_at(*joining, "/ruling/id")->get_string())), .conduct = {}, .as_of = {}}).error();
  const auto never = evidence_pack(c.services, c.counsel.viewer, c.id, {.decision = {}, .ruling = RulingId::random(), .conduct = {}, .as_of = {}}).error();
  CHECK(std::tie(hidden.kind, hidden.message, hidden.where) == std::tie(never.kind, never.message, never.where));
}
