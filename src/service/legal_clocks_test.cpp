#include "service/legal_clocks.h"

#include <doctest/doctest.h>

#include "service/cases.h"
#include "service/people.h"
#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using for_tests::must;

namespace {

constexpr auto kEarlyWarning = "eu-cra-2024/art14-2a";

// A vendor in Germany that sells in the Union, with cases of its own; beside it another one, hidden from it.
struct Clocked : SiteForTests {
  OrganisationId ours, theirs;
  Asker we, they;

  explicit Clocked(SiteOptionsForTests options = {}) : SiteForTests(options) {
    services.packs = must(Packs::load({}));
    ours = sells("Ours", {"EU"}), theirs = sells("Theirs", {"EU"});
    we = asker(person(ours, "Wanda", "wanda@ours.example", access::SiteRole::Admin), ours);
    they = asker(person(theirs, "Theo", "theo@theirs.example", access::SiteRole::Admin), theirs);
  }
  static cvd::OrganisationProfile profile(std::string name, std::vector<std::string> markets) {
    cvd::OrganisationProfile out;
    out.name = std::move(name);
    out.country = "DE";
    if (!markets.empty()) out.products = cvd::PlacedAs{std::move(markets), "product", {}, true, {}};
    return out;
  }
  OrganisationId sells(std::string name, std::vector<std::string> markets) { return made<OrganisationId>(add_organisation(services, system(), access::OrganisationKind::Vendor, profile(std::move(name), std::move(markets)))); }
  void run(const Asker& by, CaseId id, cvd::Command command) { must(writer->run(case_command(services, by, id, std::move(command)))); }
  store::CaseSeen seen(const Asker& by, CaseId id) { return must(store->as(by.viewer).case_view(id)); }
  CaseId opened(const Asker& by, const std::string& title) {
    const auto id = made<CaseId>(open_case(services, by, {title}));
    run(by, id, cvd::StepReport{cvd::ReportAction::Validate, {}, {}});
    run(by, id, cvd::StepReport{cvd::ReportAction::Accept, {}, {}});
    run(by, id, cvd::AddVulnerability{"Overflow", "A buffer overflows.", {}});
    run(by, id, cvd::AddProduct{"Parser", {}, {}, {}, {}});
    return id;
  }
  void attack(const Asker& by, CaseId id) { run(by, id, cvd::ClaimFact{seen(by, id).view.fold.vulnerabilities.front().id, cvd::Letter::A, "seen in a honeypot", {}}); }
  // A claim starts the clock of whoever made it; adopted, it is told to all, and starts theirs.
  void adopt(const Asker& by, CaseId id) { run(by, id, cvd::AdoptFact{seen(by, id).view.fold.claims.back().id, {}, {}, {}}); }
  CaseId attacked(const Asker& by, const std::string& title) {
    const auto id = opened(by, title);
    attack(by, id);
    return id;
  }
};

std::vector<std::string> lines(const LegalDuties& list) {
  std::vector<std::string> out;
  for (const auto& one : list.items) out.push_back(one.title + " " + one.rule + " " + one.state);
  return out;
}
std::string state_of(const LegalDuties& list, CaseId id, std::string_view rule = kEarlyWarning) {
  for (const auto& one : list.items)
    if (one.id == id && one.rule == rule) return one.state;
  return "";
}
template <class Check>
bool soon(Check check) {
  for (int i = 0; i < 30'000; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(2)))
    if (check()) return true;
  return false;
}

// What was done so far, once the thread has nothing left to do.
std::uint64_t worked_out(const LegalClocks& clocks) {
  CHECK(soon([&] { return clocks.is_settled(); }));
  return clocks.worked_out();
}

}  // namespace

TEST_CASE("what is due over all cases stands by its instant, what has none last, with rule, citation and case") {
  Clocked site;
  LegalClocks clocks(site.services);
  CHECK(must(clocks.duties(site.we.viewer, {})).items.empty());
  const auto first = site.attacked(site.we, "First");
  site.script.set(site.clock.now() + std::chrono::hours(2));
  const auto second = site.attacked(site.we, "Second");
  const auto list = must(clocks.duties(site.we.viewer, {}));
  CHECK(list.complete);
  CHECK(list.of == 2);
  CHECK(list.clocked == 2);
  CHECK(std::is_sorted(list.items.begin(), list.items.end(), [](const LegalDuty& a, const LegalDuty& b) { return a.due_at && (!b.due_at || *a.due_at < *b.due_at); }));
  CHECK_FALSE(list.items.back().due_at);   // to inform users: without a number, so now
  CHECK(state_of(list, first) == "open");
  CHECK(state_of(list, second) == "open");
  const auto warning = std::find_if(list.items.begin(), list.items.end(), [&](const LegalDuty& one) { return one.id == first && one.rule == kEarlyWarning; });
  REQUIRE(warning != list.items.end());
  CHECK(warning->title == "First");
  CHECK(warning->citation.starts_with("Art. 14"));
  CHECK(warning->says.find("24 hours") != std::string::npos);
  CHECK(warning->to == "csirt-coordinator+enisa");
  CHECK(warning->on == site.ours.text());
  CHECK(warning->on_name == "Ours");
  CHECK(std::none_of(list.items.begin(), list.items.end(), [](const LegalDuty& one) { return one.state == "waiting" && !one.due_at; }));
}

TEST_CASE("the list comes in parts that together are the whole") {
  Clocked site;
  LegalClocks clocks(site.services);
  for (int i = 0; i < 4; ++i) site.attacked(site.we, "Case " + std::to_string(i));
  const auto all = lines(must(clocks.duties(site.we.viewer, {})));
  REQUIRE(all.size() >= 8);
  std::vector<std::string> parts;
  DutiesAsked asked{.most = 3};
  for (;;) {
    const auto part = must(clocks.duties(site.we.viewer, asked));
    CHECK(part.items.size() <= 3);
    for (const auto& one : lines(part)) parts.push_back(one);
    if (!part.next) break;
    asked.after = part.next;
  }
  CHECK(parts == all);
  CHECK(must(clocks.duties(site.we.viewer, {.states = {"missed"}})).items.empty());
}

TEST_CASE("EXI-4: a case that is hidden changes neither what is listed nor how far it is") {
  Clocked site;
  LegalClocks clocks(site.services);
  site.attacked(site.we, "Ours");
  (void)must(clocks.duties(site.we.viewer, {}));
  const auto before = must(clocks.duties(site.we.viewer, {.of_all = true}));
  for (int i = 0; i < 5; ++i) site.attacked(site.they, "Hidden " + std::to_string(i));
  (void)must(clocks.duties(site.they.viewer, {}));
  const auto after = must(clocks.duties(site.we.viewer, {.of_all = true}));
  CHECK(lines(after) == lines(before));
  CHECK(after.of == before.of);
  CHECK(after.clocked == before.clocked);
  CHECK(after.complete);
}

TEST_CASE("L2: what is hidden in a case of its own makes nothing count as missing, and nothing be worked out anew") {
  Clocked site;
  LegalClocks clocks(site.services, LegalClocks::kMostBytes, 0);  // a reader works nothing out itself
  const auto id = site.attacked(site.they, "Theirs");
  site.run(site.they, id, cvd::InviteParticipant{site.ours, {cvd::Role::Vendor}, "ships it too", {}});
  site.run(site.we, id, cvd::AnswerInvitation{true, {}, {}});
  site.run(site.they, id, cvd::ConfirmParticipant{site.ours, "by phone"});
  (void)must(clocks.duties(site.we.viewer, {}));
  REQUIRE(soon([&] { return must(clocks.duties(site.we.viewer, {})).complete; }));
  const auto worked = worked_out(clocks);
  for (int i = 0; i < 3; ++i) {
    site.run(site.they, id, cvd::OpenThread{"coordination", "Inner", "For us."});
    const auto list = must(clocks.duties(site.we.viewer, {}));
    CHECK(list.clocked == 1);
    CHECK(list.complete);
  }
  CHECK(worked_out(clocks) == worked);  // the thread has looked, and seen the same
  const auto other = site.attacked(site.we, "Ours");
  CHECK(soon([&] { return !state_of(must(clocks.duties(site.we.viewer, {})), other).empty(); }));
}

TEST_CASE("a change of a case or of a profile is worked out anew, and nothing else is") {
  Clocked site;
  LegalClocks clocks(site.services);
  const auto quiet = site.opened(site.we, "Quiet"), loud = site.attacked(site.we, "Loud");
  CHECK(state_of(must(clocks.duties(site.we.viewer, {})), quiet).empty());
  CHECK(state_of(must(clocks.duties(site.we.viewer, {})), loud) == "open");
  site.attack(site.we, quiet);
  CHECK(state_of(must(clocks.duties(site.we.viewer, {})), quiet) == "open");
  // Nothing is sold in the Union any more: none of its law counts.
  const auto version = [&] { return must(organisations_of(site.services))->at(site.ours).version; };
  must(site.writer->run(change_organisation(site.services, site.we, site.ours, Clocked::profile("Ours", {}), version())));
  const auto without = must(clocks.duties(site.we.viewer, {}));
  CHECK(without.complete);
  CHECK(state_of(without, loud).empty());
  must(site.writer->run(change_organisation(site.services, site.we, site.ours, Clocked::profile("Ours", {"EU"}), version())));
  CHECK(state_of(must(clocks.duties(site.we.viewer, {})), loud) == "open");
  // Of an organisation that is in none of its cases, nothing hangs on it. (The thread may just have seen the last change late, and then something is worked out once more.)
  bool stays = false;
  for (int tries = 0; tries < 3 && !stays; ++tries) {
    const auto worked = worked_out(clocks);
    must(site.writer->run(change_organisation(site.services, site.they, site.theirs, Clocked::profile("Theirs", {}), must(organisations_of(site.services))->at(site.theirs).version)));
    CHECK(must(clocks.duties(site.we.viewer, {})).complete);
    stays = worked_out(clocks) == worked;
  }
  CHECK(stays);
}

TEST_CASE("the clock alone makes of what was open something missed") {
  Clocked site;
  LegalClocks clocks(site.services);
  const auto id = site.attacked(site.we, "Attacked");
  const auto begun = site.clock.now();
  CHECK(state_of(must(clocks.duties(site.we.viewer, {})), id) == "open");
  site.script.set(begun + std::chrono::hours(23));
  CHECK(state_of(must(clocks.duties(site.we.viewer, {})), id) == "open");
  site.script.set(begun + std::chrono::hours(25));
  CHECK(state_of(must(clocks.duties(site.we.viewer, {})), id) == "missed");
  CHECK(state_of(must(clocks.duties(site.we.viewer, {.states = {"open"}})), id).empty());
  CHECK(state_of(must(clocks.duties(site.we.viewer, {.states = {"missed"}})), id) == "missed");
}

TEST_CASE("after a removal the duties of a case are gone at once, and what was kept is shown to nobody") {
  Clocked site;
  LegalClocks clocks(site.services);
  const auto id = site.attacked(site.they, "Theirs");
  site.run(site.they, id, cvd::InviteParticipant{site.ours, {cvd::Role::Vendor}, "ships it too", {}});
  site.run(site.we, id, cvd::AnswerInvitation{true, {}, {}});
  site.run(site.they, id, cvd::ConfirmParticipant{site.ours, "by phone"});
  site.run(site.we, id, cvd::AddProduct{"Ours", {}, {}, {}, {}});
  site.run(site.we, id, cvd::ClaimFact{site.seen(site.we, id).view.fold.vulnerabilities.front().id, cvd::Letter::A, "seen by us too", {}});
  const auto before = must(clocks.duties(site.we.viewer, {}));
  CHECK(state_of(before, id) == "open");
  CHECK_FALSE(before.deliveries.empty());  // what of the case is shown for the first time is to be written down (ACC-13)
  site.run(site.they, id, cvd::RemoveParticipant{site.ours, "not essential any more"});
  const auto after = must(clocks.duties(site.we.viewer, {.of_all = true}));
  CHECK(after.items.empty());
  CHECK(after.of == 0);
  CHECK(after.complete);
}

TEST_CASE("a closed case is not in the list; who may not ask of law is told of none; nobody and an administrator of the site have none") {
  Clocked site;
  LegalClocks clocks(site.services);
  const auto id = site.attacked(site.we, "Ours");
  CHECK(state_of(must(clocks.duties(site.we.viewer, {})), id) == "open");
  site.run(site.we, id, cvd::StepReport{cvd::ReportAction::Close, {}, true});
  CHECK(must(clocks.duties(site.we.viewer, {})).items.empty());
  const auto root = site.asker(site.person(site.open.file.organisation, "Root", "root@site.example", access::SiteRole::Admin), site.open.file.organisation);
  for (const auto& who : {access::Viewer::nobody(), root.viewer}) {
    const auto list = must(clocks.duties(who, {}));
    CHECK(list.items.empty());
    CHECK(list.of == 0);
    CHECK(list.complete);
  }
}

TEST_CASE("over all parties the owner sees each vendor's early warning, also of one that has named no product of its own") {
  for (const bool names : {true, false}) {
    CAPTURE(names);
    Clocked site;
    LegalClocks clocks(site.services);
    const auto id = site.opened(site.we, "Shared code");
    site.run(site.we, id, cvd::InviteParticipant{site.theirs, {cvd::Role::Vendor}, "ships it too", {}});
    site.run(site.they, id, cvd::AnswerInvitation{true, {}, {}});
    site.run(site.we, id, cvd::ConfirmParticipant{site.theirs, "by phone"});
    if (names) site.run(site.they, id, cvd::AddProduct{"Theirs", {}, {}, {}, {}});
    site.attack(site.we, id);
    CHECK(must(clocks.duties(site.they.viewer, {})).items.empty());
    site.adopt(site.we, id);
    const auto warned = [&](const Asker& by, bool of_all) {
      std::set<std::string> out;
      for (const auto& one : must(clocks.duties(by.viewer, {.of_all = of_all, .most = 1'000})).items)
        if (one.rule == kEarlyWarning && one.state == "open") out.insert(one.on_name);
      return out;
    };
    CHECK(warned(site.we, true) == std::set<std::string>{"Ours", "Theirs"});
    CHECK(warned(site.we, false) == std::set<std::string>{"Ours"});
    CHECK(warned(site.they, false) == std::set<std::string>{"Theirs"});
  }
}

TEST_CASE("what isn't owed by the debtor's own word is listed where it is asked for, and not else") {
  Clocked site;
  LegalClocks clocks(site.services);
  const auto id = site.opened(site.we, "Shared code");
  site.run(site.we, id, cvd::InviteParticipant{site.theirs, {cvd::Role::Vendor}, "ships it too", {}});
  site.run(site.they, id, cvd::AnswerInvitation{true, {}, {}});
  site.run(site.we, id, cvd::ConfirmParticipant{site.theirs, "by phone"});
  site.run(site.they, id, cvd::AddProduct{"Theirs", {}, {}, {}, {}});
  site.attack(site.we, id);
  site.adopt(site.we, id);
  site.run(site.they, id, cvd::CorrectFact{"/product/market", json::array{"CN"}, "it is sold in China alone"});
  const auto states = [&](std::set<std::string, std::less<>> asked) {
    std::set<std::string> out;
    for (const auto& one : must(clocks.duties(site.we.viewer, {.of_all = true, .states = std::move(asked), .most = 1'000})).items)
      if (one.rule == kEarlyWarning && one.on == site.theirs.text()) out.insert(one.state);
    return out;
  };
  CHECK(states({}).empty());
  CHECK(states({"not-triggered"}) == std::set<std::string>{"not-triggered"});
  CHECK(states({"open", "missed", "waiting"}).empty());
  // It stands where it would be due, among those that are, and not behind all that has no date.
  const auto list = must(clocks.duties(site.we.viewer, {.of_all = true, .states = {"open", "missed", "not-triggered"}, .most = 1'000}));
  const auto& all = list.items;
  const auto stopped = std::find_if(all.begin(), all.end(), [&](const LegalDuty& one) { return one.rule == kEarlyWarning && one.on == site.theirs.text(); });
  const auto ours = std::find_if(all.begin(), all.end(), [&](const LegalDuty& one) { return one.rule == kEarlyWarning && one.on == site.ours.text(); });
  REQUIRE((stopped != all.end() && ours != all.end()));
  CHECK_FALSE(stopped->due_at);
  REQUIRE(stopped->stands_at);
  CHECK(*stopped->stands_at >= *ours->due_at);
  const auto undated = std::find_if(all.begin(), all.end(), [](const LegalDuty& one) { return !one.stands_at; });
  CHECK(stopped < undated);
}

TEST_CASE("many cases are worked out by the thread, and a read says how far it is") {
  Clocked site;
  for (int i = 0; i < 20; ++i) site.attacked(site.we, "Case " + std::to_string(i));
  LegalClocks clocks(site.services, LegalClocks::kMostBytes, 3);
  const auto first = must(clocks.duties(site.we.viewer, {}));
  CHECK(first.of == 20);
  CHECK(first.clocked >= 3);
  CHECK(soon([&] { return must(clocks.duties(site.we.viewer, {})).complete; }));
  const auto all = must(clocks.duties(site.we.viewer, {.most = 1'000}));
  CHECK(std::count_if(all.items.begin(), all.items.end(), [](const LegalDuty& one) { return one.rule == kEarlyWarning; }) == 20);
  // What it is asked for again costs nothing anew, and what changes is followed without being asked.
  const auto worked = worked_out(clocks);
  (void)must(clocks.duties(site.we.viewer, {}));
  CHECK(clocks.worked_out() == worked);
  site.attacked(site.we, "One more");
  CHECK(soon([&] { return clocks.worked_out() > worked; }));
}

TEST_CASE("L3: where there is no room, what is shown is right all the same") {
  Clocked site;
  for (int i = 0; i < 5; ++i) site.attacked(site.we, "Case " + std::to_string(i));
  LegalClocks narrow(site.services, 1);
  const auto list = must(narrow.duties(site.we.viewer, {.most = 1'000}));
  CHECK(list.complete);
  CHECK(std::count_if(list.items.begin(), list.items.end(), [](const LegalDuty& one) { return one.rule == kEarlyWarning; }) == 5);
}

TEST_CASE("the next instant of a case is known once it was worked out, and asking for it works nothing out") {
  Clocked site;
  LegalClocks clocks(site.services);
  const auto id = site.attacked(site.we, "Ours");
  CHECK_FALSE(clocks.next_known(site.we.viewer, site.seen(site.we, id)));
  (void)must(clocks.duties(site.we.viewer, {}));
  const auto worked = worked_out(clocks);
  const auto next = clocks.next_known(site.we.viewer, site.seen(site.we, id));
  REQUIRE(next);
  CHECK(next->rule == kEarlyWarning);
  CHECK(clocks.worked_out() == worked);
  CHECK_FALSE(clocks.next_known(site.they.viewer, site.seen(site.we, id)));
}

TEST_CASE("persons of one organisation share what is worked out; another role of it doesn't") {
  Clocked site;
  LegalClocks clocks(site.services);
  const auto id = site.attacked(site.we, "Ours");
  (void)must(clocks.duties(site.we.viewer, {}));
  const auto worked = worked_out(clocks);
  const auto colleague = site.asker(site.person(site.ours, "Wim", "wim@ours.example", access::SiteRole::Admin), site.ours);
  CHECK(state_of(must(clocks.duties(colleague.viewer, {})), id) == "open");
  CHECK(clocks.worked_out() == worked);
  const auto counsel = site.asker(site.person(site.ours, "Carl", "carl@ours.example", access::SiteRole::Counsel), site.ours);
  const auto list = must(clocks.duties(counsel.viewer, {}));
  CHECK(list.complete);
  CHECK(clocks.worked_out() > worked);
}
