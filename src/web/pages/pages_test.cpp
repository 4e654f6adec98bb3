// Pages made of values, without a server: their form, their words, and what they must never hold. Longer than most, and one idea.
#include <doctest/doctest.h>

#include <boost/mp11.hpp>
#include <regex>
#include <sstream>

#include "web/pages/advisory.h"
#include "web/pages/case_commands.h"
#include "web/pages/case_scene.h"
#include "web/pages/mailbox.h"
#include "web/pages/policy.h"
#include "web/pages/report_questions.h"

namespace sluice::web::pages {

namespace {

constexpr std::string_view kEvil = "\"><script>alert(1)</script><b onclick=x style=y>'";

int count(std::string_view text, std::string_view what) {
  int n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string_view::npos; at += what.size()) ++n;
  return n;
}

// The start tags of a page with their attributes, as a browser reads them: a quoted value may hold anything.
struct StartTag { std::string name; std::map<std::string, std::string> attributes; };
std::vector<StartTag> tags_of(const std::string& page) {
  std::vector<StartTag> out;
  for (std::size_t i = 0; (i = page.find('<', i)) != std::string::npos;) {
    if (page[++i] == '/' || page[i] == '!') continue;
    StartTag tag;
    while (page[i] != ' ' && page[i] != '>') tag.name += page[i++];
    while (page[i] == ' ') {
      std::string name, value;
      for (++i; page[i] != '=' && page[i] != ' ' && page[i] != '>';) name += page[i++];
      if (page[i] == '=')
        for (i += 2; page[i++] != '"';) value += page[i - 1];
      CHECK_MESSAGE(tag.attributes.emplace(name, value).second, name);
    }
    CHECK(page[i] == '>');
    out.push_back(std::move(tag));
  }
  return out;
}

// Of every page: one h1, a title, a language, landmarks, nothing inline, ids once, every label and reference with its target.
void check_form(const std::string& page) {
  CHECK(page.starts_with("<!doctype html>\n<html lang=\""));
  std::map<std::string, int> elements;
  std::set<std::string> ids;
  const auto tags = tags_of(page);
  for (const auto& tag : tags) {
    ++elements[tag.name];
    CHECK_MESSAGE(markup::names::is_tag(tag.name), tag.name);          // no script, no style
    for (const auto& [name, value] : tag.attributes) {
      CHECK_MESSAGE((!name.starts_with("on") && name != "style" && name != "srcdoc"), name);
      if (name == "id") CHECK_MESSAGE(ids.insert(value).second, value);
      if (name == "action" || name == "formaction" || name == "src") CHECK_MESSAGE((value.starts_with("/") && !value.starts_with("//")), value);
      if (name == "href") CHECK_MESSAGE((value.starts_with("#") || (value.starts_with("/") && !value.starts_with("//")) || value.starts_with("https://") || value.starts_with("mailto:")), value);
    }
  }
  CHECK(elements["h1"] == 1);
  CHECK(elements["title"] == 1);
  CHECK(page.find("<title></title>") == std::string::npos);
  for (const auto* landmark : {"main", "nav", "header", "footer"}) CHECK_MESSAGE(elements[landmark] > 0, landmark);
  for (const auto& tag : tags)
    for (const auto* name : {"for", "aria-labelledby", "aria-describedby", "href"})
      if (const auto found = tag.attributes.find(name); found != tag.attributes.end()) {
        const bool here = std::string_view(name) != "href" || found->second.starts_with("#");
        std::istringstream words(here ? found->second.substr(std::string_view(name) == "href") : "");
        for (std::string word; words >> word;) CHECK_MESSAGE(ids.contains(word), word);
      }
}

Instant at(std::string_view text) { return *parse_instant(text); }
const Instant kNow = at("2021-12-06T09:00:00Z");
template <class I>
I id(std::uint8_t n) { I out; out.bytes.fill(n); return out; }

const auto kOwner = id<OrganisationId>(1), kVendor = id<OrganisationId>(2), kOther = id<OrganisationId>(3);

std::string book(OrganisationId organisation) { return organisation == kOwner ? "Coordination Centre" : organisation == kVendor ? "Apache Logging" : "Secret Cloud Ltd"; }

// A case under embargo with two vendors, a report, a thread in three circles, a claim, an advisory with a plan.
cvd::CaseFold a_case() {
  cvd::CaseFold fold;
  fold.id = id<CaseId>(9);
  fold.title = "Remote code execution " + std::string(kEvil);
  fold.owner = kOwner;
  fold.opened = at("2021-11-24T07:53:12Z");
  fold.embargo = cvd::EmbargoState::Revise;
  fold.terms.push_back({1, cvd::Terms::State::Running, at("2021-12-20T12:00:00Z"), "Europe/Berlin", fold.opened, kNow, kOwner, {}, fold.opened});
  fold.terms.push_back({2, cvd::Terms::State::Open, at("2021-12-10T12:00:00Z"), "UTC", kNow, kNow + std::chrono::days(7), kVendor, std::string(kEvil), {}});
  const auto take_part = [&](OrganisationId who, std::set<cvd::Role> roles, cvd::ReportState report) {
    auto& p = fold.participants[who];
    p.organisation = who;
    p.admission = cvd::Admission::Confirmed;
    p.report = report;
    p.roles = std::move(roles);
    p.consent[1] = cvd::ConsentState::Signatory;
    p.consent[2] = cvd::ConsentState::Invited;
    p.essential_because = std::string(kEvil);
  };
  take_part(kOwner, {cvd::Role::Coordinator}, cvd::ReportState::Accepted);
  take_part(kVendor, {cvd::Role::Vendor}, cvd::ReportState::Received);
  take_part(kOther, {cvd::Role::Vendor}, cvd::ReportState::Valid);
  fold.participants[kOther].statement = "We are looking at it.";
  cvd::Vulnerability v;
  v.id = id<VulnerabilityId>(4);
  v.title = v.description = std::string(kEvil);
  v.facts[cvd::Letter::A] = {fold.opened, kNow};
  fold.vulnerabilities.push_back(v);
  fold.products.push_back({id<ProductId>(5), kVendor, "log4j-core", "2.14.1", "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", {}});
  fold.asked[{v.id, kVendor}] = {kNow - std::chrono::days(6), kNow + std::chrono::days(1)};
  fold.asked[{v.id, kOther}] = {kNow - std::chrono::days(6), kNow + std::chrono::days(1)};
  cvd::ReportCard report;
  report.id = id<ReportId>(6);
  report.received = fold.opened;
  report.content = cvd::ReportContent{.title = std::string(kEvil), .description = std::string(kEvil), .product = "log4j"};
  report.mailbox.push_back({id<MessageId>(1), kNow, {}, true, std::string(kEvil)});
  fold.reports.push_back(report);
  fold.threads.push_back({id<ThreadId>(1), access::Compartment::shared(), "Dates", kNow, {{id<MessageId>(2), kNow, kOther, false, "From the other vendor"}}});
  fold.threads.push_back({id<ThreadId>(2), access::Compartment::coordination(), std::string(kEvil), kNow, {}});
  fold.threads.push_back({id<ThreadId>(3), access::Compartment::of(kVendor), "Your fix", kNow, {}});
  fold.files.push_back({id<FileId>(1), access::Compartment::shared(), "poc\u202Egpj.zip", 2048, {}, "application/zip", kNow});
  cvd::Claim claim{.id = id<ClaimId>(1), .vulnerability = v.id, .fact = cvd::Letter::P, .evidence = "seen", .occurred = kNow, .recorded = kNow, .by = kVendor};
  fold.claims.push_back(claim);
  fold.decisions.push_back({{id<DecisionId>(1), cvd::DecisionSort::Wait, "r", "w", "h", "c", kVendor}, kNow, {}});
  cvd::AdvisoryVersion version{.version = 1, .document = json::object{{"id", kEvil}}, .drafted_at = kNow};
  fold.advisories[id<AdvisoryId>(1)] = {version};
  fold.releases.push_back({.id = id<ReleaseId>(1), .advisory = id<AdvisoryId>(1), .version = 1, .instant = kNow + std::chrono::days(20)});
  const cvd::TargetAgreed of_all{id<TargetId>(1), cvd::TargetStep::Develop, kNow - std::chrono::days(1), {}, {}, {}, {.severity = std::string(kEvil)}, std::string(kEvil)}, of_one{id<TargetId>(2), cvd::TargetStep::Validate, kNow + std::chrono::days(2), {}, {}, kVendor, {.parties = 2}, "w"};
  fold.targets.push_back({of_all.target, of_all, fold.opened, of_all.by, access::Compartment::shared(), of_all.weighed, {{kNow, fold.opened, of_all.by, of_all.weighed, std::string(kEvil)}}, {}, {}});
  fold.targets.push_back({of_one.target, of_one, fold.opened, of_one.by, access::Compartment::of(kVendor), of_one.weighed, {}, {}, {}});
  fold.escalations.push_back({kNow, kOther, std::string(kEvil), std::string(kEvil)});
  fold.proceeded_without.push_back({id<DecisionId>(1), {}, std::string(kEvil), fold.opened, 2, std::string(kEvil)});
  fold.timeline.push_back({kNow, kNow, "TermsProposed", kOther, access::Compartment::shared(), id<EntryId>(1), id<RequestId>(1)});
  fold.timeline.push_back({kNow, kNow, "TermsProposed", kOther, access::Compartment::coordination(), id<EntryId>(2), id<RequestId>(1)});
  return fold;
}

Scene scene_for(const cvd::CaseFold& fold, OrganisationId who, access::OrganisationKind kind, access::SiteRole role = access::SiteRole::Admin) {
  Scene out{.fold = fold, .standing = cvd::standing_of(fold, who), .viewer = {.kind = access::Viewer::Kind::Person, .person = id<PersonId>(7), .organisation = who, .organisation_kind = kind, .role = role}, .name_in_book = book, .now = kNow};
  out.frame = {.site = "Test site", .demo = true, .signed_in = true, .acting_for = book(who), .csrf = "token", .address = "https://cvd.example"};
  return out;
}

const Frame kPublic{.site = "Test site", .address = "https://cvd.example"};

}  // namespace

TEST_CASE("a case page holds its form, whatever is in the case") {
  const auto fold = a_case();
  for (const auto& [who, kind] : {std::pair{kOwner, access::OrganisationKind::Coordinator}, {kVendor, access::OrganisationKind::Vendor}})
    for (const auto role : {access::SiteRole::Admin, access::SiteRole::Staff}) check_form(case_page_of(scene_for(fold, who, kind, role)));
}

TEST_CASE("words of the rules name organisations, to whoever may know of them") {
  const auto fold = a_case();
  const auto words = "Parser (" + kOther.text() + ") has no validated fix; o_ and o_0 stay. " + kVendor.text();
  CHECK(scene_for(fold, kOwner, access::OrganisationKind::Coordinator).with_names(words) == "Parser (" + book(kOther) + ") has no validated fix; o_ and o_0 stay. " + book(kVendor));
  CHECK(scene_for(fold, kVendor, access::OrganisationKind::Vendor).with_names(words) == "Parser (another participant) has no validated fix; o_ and o_0 stay. " + book(kVendor));
  CHECK(scene_for(fold, kOwner, access::OrganisationKind::Coordinator).with_names("") == "");
}

TEST_CASE("EXI-10: a vendor's page names the owner and itself, never another vendor") {
  const auto fold = a_case();
  const auto page = case_page_of(scene_for(fold, kVendor, access::OrganisationKind::Vendor));
  CHECK(page.find("Secret Cloud") == std::string::npos);
  CHECK(page.find(kOther.text()) == std::string::npos);
  CHECK(page.find("Coordination Centre") != std::string::npos);
  CHECK(page.find("another participant") != std::string::npos);
  CHECK(case_page_of(scene_for(fold, kOwner, access::OrganisationKind::Coordinator)).find("Secret Cloud") != std::string::npos);
}

TEST_CASE("a target says in words how it stands, in UTC and with the zone of the terms, and moves by a form") {
  const auto fold = a_case();
  const auto owner = case_page_of(scene_for(fold, kOwner, access::OrganisationKind::Coordinator));
  CHECK(owner.find("overdue") != std::string::npos);
  CHECK(owner.find("due within three days") != std::string::npos);
  CHECK(owner.find("8 December 2021, 09:00 UTC") != std::string::npos);
  CHECK(owner.find("terms were agreed in Europe/Berlin") != std::string::npos);
  CHECK(owner.find("/do/move_target") != std::string::npos);
  CHECK(owner.find("/do/escalate") != std::string::npos);
  const auto vendor = case_page_of(scene_for(fold, kVendor, access::OrganisationKind::Vendor));
  CHECK(vendor.find("A target is due: Judge the report") != std::string::npos);
  for (const auto* hidden : {"/do/escalate", "/do/proceed_without", "What Sluice advises"}) CHECK_MESSAGE(vendor.find(hidden) == std::string::npos, hidden);
}

TEST_CASE("a form's fields of an object inside are read with its name before a dot") {
  const auto read = command_of("agree_target", {{"step", "develop"}, {"by", "2030-01-01T00:00"}, {"why", "w"}, {"weighed.severity", "high"}, {"weighed.parties", "3"}, {"weighed.tests", ""}});
  REQUIRE(read);
  const auto& agreed = get<cvd::AgreeTarget>(*read);
  CHECK((agreed.weighed.severity == "high" && agreed.weighed.parties == 3 && !agreed.weighed.tests));
  const auto wrong = command_of("agree_target", {{"step", "develop"}, {"by", "2030-01-01T00:00"}, {"why", "w"}, {"weighed.parties", "many"}});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().where == "/weighed.parties");
}

TEST_CASE("an invitation shows terms, end and reason, and nothing of the case") {
  auto fold = a_case();
  auto& p = fold.participants[kVendor];
  p.admission = cvd::Admission::Invited;
  p.essential_because = "It makes the library.";
  p.respond_by = kNow + std::chrono::days(3);
  cvd::CaseFold stub;
  stub.id = fold.id, stub.owner = fold.owner, stub.embargo = fold.embargo, stub.terms = fold.terms;
  stub.participants[kVendor] = p;
  const auto page = case_page_of(scene_for(stub, kVendor, access::OrganisationKind::Vendor));
  check_form(page);
  CHECK(page.find("It makes the library.") != std::string::npos);
  CHECK(page.find("20 December 2021, 12:00 UTC") != std::string::npos);
  CHECK(page.find("agreed in Europe/Berlin") != std::string::npos);
  CHECK(page.find("/do/answer_invitation") != std::string::npos);
  for (const auto* part : {"id=\"threads\"", "id=\"products\"", "id=\"participants\"", "id=\"timeline\"", "Remote code"}) CHECK_MESSAGE(page.find(part) == std::string::npos, part);
}

TEST_CASE("what can't be done now is shown with the rule's reason, what isn't one's own isn't there") {
  const auto fold = a_case();
  const auto vendor = case_page_of(scene_for(fold, kVendor, access::OrganisationKind::Vendor));
  CHECK(vendor.find("/do/settle_terms") == std::string::npos);
  CHECK(vendor.find("/do/confirm_participant") == std::string::npos);
  CHECK(vendor.find("/do/step_report") != std::string::npos);
  CHECK(vendor.find("disabled>Take it on") != std::string::npos);   // first it is judged valid
  CHECK(vendor.find("class=\"reason\"") != std::string::npos);
  const auto owner = case_page_of(scene_for(fold, kOwner, access::OrganisationKind::Coordinator));
  CHECK(owner.find("/do/adopt_fact") != std::string::npos);
  CHECK(owner.find("asked, no answer since") != std::string::npos);
}

TEST_CASE("every form of a signed-in page carries the CSRF token, and every badge of readers a word and an icon") {
  const auto page = case_page_of(scene_for(a_case(), kOwner, access::OrganisationKind::Coordinator));
  CHECK(count(page, "<form method=\"post\"") == count(page, "name=\"csrf\" value=\"token\""));
  CHECK(count(page, "data-audience=") == count(page, "Who will see this: "));
}

TEST_CASE("every form of a case page names a command and its fields") {
  const auto page = case_page_of(scene_for(a_case(), kOwner, access::OrganisationKind::Coordinator)) + case_page_of(scene_for(a_case(), kVendor, access::OrganisationKind::Vendor));
  const std::regex action("action=\"/cases/[^/]+/do/([a-z_]+)\"");
  int forms = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), action), end; it != end; ++it, ++forms) CHECK_MESSAGE(command_form((*it)[1].str()) != nullptr, (*it)[1].str());
  CHECK(forms > 20);
}

TEST_CASE("form fields become the API's commands") {
  const auto v = id<VulnerabilityId>(4).text();
  const auto propose = command_of("propose_terms", {{"until", "2021-12-20T12:00"}, {"note", ""}, {"respond_by", ""}, {"csrf", "x"}});
  REQUIRE(propose);
  CHECK(get<cvd::ProposeTerms>(*propose).until == at("2021-12-20T12:00:00Z"));
  CHECK_FALSE(get<cvd::ProposeTerms>(*propose).note);
  const auto invite = command_of("invite_participant", {{"organisation", kVendor.text()}, {"roles.vendor", "yes"}, {"roles.cna", "yes"}, {"essential_because", "it"}});
  REQUIRE(invite);
  CHECK(get<cvd::InviteParticipant>(*invite).roles.size() == 2);
  const auto claim = command_of("claim_fact", {{"vulnerability", v}, {"fact", "p"}, {"evidence", "seen"}});
  REQUIRE(claim);
  CHECK(get<cvd::ClaimFact>(*claim).fact == cvd::Letter::P);
  const auto answer = command_of("answer_terms", {{"version", "2"}, {"accepted", "no"}});
  REQUIRE(answer);
  CHECK_FALSE(get<cvd::AnswerTerms>(*answer).accepted);

  struct Bad { const char* name; FormFields fields; const char* where; };
  for (const auto& bad : {Bad{"answer_terms", {{"version", "two"}, {"accepted", "no"}}, "/version"}, Bad{"answer_terms", {{"version", "2"}}, "/accepted"}, Bad{"answer_terms", {{"version", "2"}, {"accepted", "maybe"}}, "/accepted"},
                          Bad{"propose_terms", {{"until", "soon"}}, "/until"}, Bad{"draft_advisory", {{"document", "{"}}, "/document"}, Bad{"settle_terms", {{"version", "99999999999999999999"}}, "/version"}}) {
    const auto read = command_of(bad.name, bad.fields);
    REQUIRE_FALSE(read);
    CHECK(read.error().where == bad.where);
  }
  CHECK(command_of("fire_release", {}).error().kind == ErrorKind::NotFound);   // the machine's alone
}

// Sixty products in four tiers, twenty vulnerabilities: each product of a tier waits for two of the one before.
cvd::CaseFold a_large_case() {
  auto fold = a_case();
  fold.products.clear();
  fold.vulnerabilities.clear();
  for (std::uint8_t n = 0; n < 60; ++n) fold.products.push_back({id<ProductId>(static_cast<std::uint8_t>(n + 1)), n % 2 == 0 ? kVendor : kOther, "Product " + std::to_string(n) + (n == 0 ? " ÄÖÜ with a name that is far too long for its box" : ""), {}, {}, {}});
  for (std::uint8_t n = 0; n < 20; ++n) fold.vulnerabilities.push_back({.id = id<VulnerabilityId>(static_cast<std::uint8_t>(n + 1)), .title = "Flaw " + std::to_string(n), .description = "It overflows."});
  for (const auto& v : fold.vulnerabilities)
    for (std::size_t n = 0; n < 60; ++n) {
      fold.answers[{v.id, fold.products[n].id}].step = cvd::RemedyStep::Developed;
      for (std::size_t up = 0; n >= 15 && up < 2; ++up) {
        cvd::Wait wait;
        wait.vulnerability = v.id, wait.product = fold.products[n].id, wait.on = fold.products[(n / 15 - 1) * 15 + (n + up) % 15].id, wait.label = "the part below", wait.why = std::string(kEvil), wait.since = kNow;
        fold.waits.push_back(std::move(wait));
      }
    }
  return fold;
}

// A hundred and fifty vendors, five hundred messages in ten threads; the owner's organisation wrote each tenth.
cvd::CaseFold a_crowded_case() {
  auto fold = a_large_case();
  fold.waits.clear();
  for (std::uint8_t n = 50; n < 200; ++n) {
    auto& p = fold.participants[id<OrganisationId>(n)];
    p.organisation = id<OrganisationId>(n);
    p.admission = cvd::Admission::Confirmed;
    p.report = cvd::ReportState::Received;
    p.roles = {cvd::Role::Vendor};
    p.invited_at = kNow;
    fold.asked[{fold.vulnerabilities.front().id, p.organisation}] = {kNow, kNow + std::chrono::days(7)};
  }
  cvd::Group group;
  group.id = id<GroupId>(1), group.name = "First tier", group.why = "they fix it first", group.order = 1;
  for (std::uint8_t n = 50; n < 120; ++n) group.members.insert(id<OrganisationId>(n));
  fold.groups[group.id] = group;
  fold.threads.clear();
  for (std::uint8_t t = 0; t < 10; ++t) {
    cvd::Thread thread{id<ThreadId>(static_cast<std::uint8_t>(t + 1)), access::Compartment::shared(), "Topic " + std::to_string(t), kNow, {}};
    for (std::uint8_t n = 0; n < 50; ++n) {
      MessageId number;
      number.bytes.fill(static_cast<std::uint8_t>(t + 101)), number.bytes.back() = n;
      thread.messages.push_back({number, kNow, n % 10 == 0 ? kOwner : kVendor, false, "Message " + std::to_string(t) + "/" + std::to_string(n) + "."});
    }
    fold.threads.push_back(std::move(thread));
  }
  fold.leaks.push_back({.id = id<LeakId>(1), .what = "a title", .where_seen = "a blog", .evidence = "a link", .occurred = kNow, .recorded = kNow});
  for (int n = 0; n < 300; ++n) fold.timeline.push_back({kNow, kNow, "MessagePosted", kVendor, access::Compartment::shared(), id<EntryId>(static_cast<std::uint8_t>(n)), {}});
  return fold;
}
std::string crowd(OrganisationId organisation) { return organisation.bytes.front() >= 50 ? "Vendor " + std::to_string(organisation.bytes.front()) : book(organisation); }
Scene crowded(const cvd::CaseFold& fold) {
  auto scene = scene_for(fold, kOwner, access::OrganisationKind::Coordinator);
  scene.name_in_book = crowd;
  for (int n = 0; n < 40; ++n) scene.organisations.push_back({id<OrganisationId>(static_cast<std::uint8_t>(205 + n)).text(), "Newcomer " + std::to_string(n)});
  return scene;
}
std::vector<std::string> links_of(const std::string& page, std::string_view with) {
  std::vector<std::string> out;
  for (const auto& tag : tags_of(page))
    if (const auto href = tag.attributes.find("href"); href != tag.attributes.end() && href->second.find(with) != std::string::npos) out.push_back(href->second);
  return out;
}

TEST_CASE("a page of a large case shows of each list a part, with ways to the others, and every one stands in some part") {
  const auto fold = a_crowded_case();
  const auto page = case_page_of(crowded(fold));
  check_form(page);
  MESSAGE("the page has ", page.size() / 1024, " KiB");
  CHECK(page.size() < 400 * 1024);
  CHECK(links_of(page, "from.participants=50#participants").size() == 1);
  std::set<std::string> met;
  for (const auto* from : {"", "50", "100", "150"}) {
    auto scene = crowded(fold);
    scene.asked["from.participants"] = from;
    const auto part = participants_part(scene).markup();
    check_form(case_page_of(scene));
    int here = 0;
    for (std::uint8_t n = 50; n < 200; ++n)
      if (part.find(">Vendor " + std::to_string(n) + "<") != std::string::npos) here += met.insert(std::to_string(n)).second ? 1 : 1'000;  // once
    CHECK(here <= 50);
  }
  CHECK(met.size() == 150);
  auto scene = crowded(fold);
  scene.asked["who"] = "vendor 17";
  CHECK(count(participants_part(scene).markup(), "<th scope=\"row\"") == 10);
  scene.asked["who"] = "nobody of this name";
  CHECK(participants_part(scene).markup().find("Nobody is called that.") != std::string::npos);
  for (const auto* odd : {"9999999999999999999999", "-1", "x", "152", "4"}) {
    scene.asked = {{"from.participants", odd}, {"from.timeline", odd}, {"from.answers", odd}, {"from.glance", odd}, {"from.remedies", odd}, {"from." + fold.threads.front().id.text(), odd}};
    check_form(case_page_of(scene));
  }
}

TEST_CASE("what is chosen from many has a page of its own, which the page of the case leads to") {
  const auto fold = a_crowded_case();
  const auto page = case_page_of(crowded(fold));
  const std::regex address("/cases/[^?]+\\?(.*)");
  std::set<std::string> commands;
  for (const auto& link : links_of(page, "form=")) {
    auto scene = crowded(fold);
    std::smatch parts;
    REQUIRE(std::regex_match(link, parts, address));
    std::istringstream pairs(parts[1].str());
    for (std::string pair; std::getline(pairs, pair, '&');) {
      if (pair.starts_with("amp;")) pair = pair.substr(4);
      const auto name = pair.substr(0, pair.find('=')), value = pair.substr(pair.find('=') + 1);
      if (name == "form") scene.form = std::make_shared<FormPage>(FormPage{value});
      else scene.asked[name] = value;
    }
    REQUIRE(scene.form);
    scene.chosen = VulnerabilityId::parse(scene.asked_for("vulnerability"));
    scene.party = scene.asked_for("party");
    const auto own = form_page_of(scene);
    check_form(own);
    CHECK_MESSAGE(count(own, "<form method=\"post\" action=\"/cases/" + fold.id.text() + "/do/" + scene.form->command + "\"") == 1, link);
    CHECK(command_form(scene.form->command) != nullptr);
    for (const auto& [name, value] : scene.asked) CHECK_MESSAGE(own.find("value=\"" + value + "\"") != std::string::npos, link);  // of this one and no other
    commands.insert(scene.form->command);
  }
  std::string all;
  for (const auto& one : commands) all += one + " ";
  CHECK(all == "add_product agree_target amend_message ask_status change_group erase_compartment escalate invite_many invite_participant note_leak plan_invitation retract_message ");
  for (const auto* odd : {"", "no_such", "settle_terms", "change_group"}) {  // the last without saying of which
    auto scene = crowded(fold);
    scene.form = std::make_shared<FormPage>(FormPage{odd});
    const auto none = form_page_of(scene);
    check_form(none);
    CHECK_MESSAGE(none.find("There is no such form") != std::string::npos, odd);
  }
  // A vendor is led to none that isn't its own.
  auto theirs = scene_for(fold, kVendor, access::OrganisationKind::Vendor);
  theirs.form = std::make_shared<FormPage>(FormPage{"invite_many"});
  CHECK(form_page_of(theirs).find("There is no such form") != std::string::npos);
}

TEST_CASE("a long thread begins with what is new, and what isn't shown of it stays new") {
  auto fold = a_crowded_case();
  auto& thread = fold.threads.front();
  fold.timeline.clear();
  for (std::size_t i = 0; i < thread.messages.size(); ++i) {
    thread.messages[i].at = kNow + std::chrono::minutes(i);
    fold.timeline.push_back({thread.messages[i].at, thread.messages[i].at, "MessagePosted", kVendor, access::Compartment::shared(), id<EntryId>(static_cast<std::uint8_t>(i)), {}});
  }
  auto scene = crowded(fold);
  const auto shown = [&] { const auto w = messages_shown(scene, thread); return std::pair(w.from, w.to); };
  CHECK(shown() == std::pair<std::size_t, std::size_t>(35, 50));
  CHECK_FALSE(shown_through(scene));
  for (std::size_t i = 20; i < 50; ++i) scene.unread.messages.insert(thread.messages[i].id);
  scene.unread.threads = {{thread.id, 30, thread.messages[20].id}};
  scene.unread.count = 30;
  CHECK(shown() == std::pair<std::size_t, std::size_t>(20, 35));
  CHECK(count(threads_part(scene).markup(), "30 new: to the first") == 1);
  REQUIRE(shown_through(scene));
  CHECK(shown_through(scene)->value() == id<EntryId>(34));  // the last that is shown
  fold.timeline.clear();
  CHECK_FALSE(shown_through(scene)->has_value());
  // Elsewhere, it leads to them.
  scene.asked["from." + thread.id.text()] = "0";
  CHECK(shown() == std::pair<std::size_t, std::size_t>(0, 15));
  CHECK(links_of(threads_part(scene).markup(), "=20#m-" + thread.messages[20].id.text()).size() == 1);
  scene.asked = {{"message", thread.messages[7].id.text()}};
  CHECK(shown() == std::pair<std::size_t, std::size_t>(7, 22));
  CHECK(threads_part(scene).markup().find("id=\"m-" + thread.messages[7].id.text()) != std::string::npos);
  auto small = a_case();  // of a small case all is shown
  CHECK(messages_shown(scene_for(small, kOwner, access::OrganisationKind::Coordinator), small.threads.front()).to == 1);
}

TEST_CASE("a proposal whose end has passed is shown as lapsed and asks nobody for an answer") {
  auto fold = a_case();
  fold.terms[1].until = kNow;  // to the instant
  for (const auto& [who, kind] : {std::pair{kOwner, access::OrganisationKind::Coordinator}, {kVendor, access::OrganisationKind::Vendor}}) {
    const auto scene = scene_for(fold, who, kind);
    const auto page = case_page_of(scene);
    check_form(page);
    CHECK(page.find("lapsed") != std::string::npos);
    CHECK(page.find("Settle version 2") == std::string::npos);
    CHECK(page.find("Decline version 2") == std::string::npos);
    for (const auto& waiting : waiting_for(scene)) CHECK(waiting.words.find("proposed terms") == std::string::npos);
  }
}

TEST_CASE("one picture shows who holds up whom, one vulnerability at a time, and a list says the same") {
  const auto fold = a_large_case();
  auto scene = scene_for(fold, kOwner, access::OrganisationKind::Coordinator);
  scene.remedies_of = fold.vulnerabilities[3].id;
  const auto part = remedies_part(scene).markup();
  CHECK(count(part, "<svg ") == 1);
  CHECK(count(part, "<g ") == 60);
  CHECK(count(part, "class=\"line\"") == 90);
  CHECK(count(part, "<li><strong>Product") == 90);
  CHECK(part.find("Product 0 ÄÖÜ with a nam…") != std::string::npos);  // whole letters
  CHECK(part.find("tabindex=\"0\" role=\"group\" aria-label=\"Who waits for whom: Flaw 3\"") != std::string::npos);
  CHECK(part.find("selected>Flaw 3") != std::string::npos);
  // No box lies on another, and all lie inside the frame.
  std::set<std::pair<std::string, std::string>> places;
  int wide = 0, high = 0;
  for (const auto& tag : tags_of(part)) {
    if (tag.name == "svg") wide = std::stoi(tag.attributes.at("width")), high = std::stoi(tag.attributes.at("height"));
    if (tag.name != "rect") continue;
    CHECK(places.emplace(tag.attributes.at("x"), tag.attributes.at("y")).second);
    CHECK(std::stoi(tag.attributes.at("x")) + std::stoi(tag.attributes.at("width")) <= wide);
    CHECK(std::stoi(tag.attributes.at("y")) + std::stoi(tag.attributes.at("height")) <= high);
  }
  check_form(case_page_of(scene));
}

TEST_CASE("EXI-10: a vendor's picture has the label in the place of what it may not know") {
  auto fold = a_large_case();
  std::erase_if(fold.products, [](const cvd::Product& p) { return p.vendor != kVendor; });
  std::erase_if(fold.waits, [&](const cvd::Wait& wait) { return fold.product(wait.product) == nullptr; });
  std::erase_if(fold.answers, [&](const auto& answer) { return fold.product(answer.first.second) == nullptr; });
  const auto page = case_page_of(scene_for(fold, kVendor, access::OrganisationKind::Vendor));
  CHECK(page.find("class=\"unknown\"") != std::string::npos);
  CHECK(page.find("the part below") != std::string::npos);
  CHECK(page.find("Secret Cloud") == std::string::npos);
  check_form(page);
}

TEST_CASE("a target that falls due before the fix is validated is shown with the risk of haste") {
  auto fold = a_large_case();
  cvd::Target target;
  target.id = id<TargetId>(1);
  target.first.step = cvd::TargetStep::Distribute;
  target.first.product = fold.products[4].id;
  target.by = kNow - std::chrono::days(1);
  fold.targets.push_back(target);
  const auto shown = [&] { return count(case_page_of(scene_for(fold, kOwner, access::OrganisationKind::Coordinator)), "The risk of haste"); };
  CHECK(shown() == 1);
  fold.targets.back().by = kNow + std::chrono::days(1);
  CHECK(shown() == 0);
  fold.targets.back().by = kNow - std::chrono::days(1);
  fold.answers[{fold.vulnerabilities.front().id, fold.products[4].id}].step = cvd::RemedyStep::Validated;
  CHECK(shown() == 0);
}

TEST_CASE("the weights of a quorum are a number a vendor") {
  const auto agreed = command_of("agree_readiness", {{"rule", "quorum"}, {"share", "60"}, {"why", "they serve most"}, {"weights." + kVendor.text(), "7"}, {"weights." + kOther.text(), ""}});
  REQUIRE(agreed);
  const auto& command = get<cvd::AgreeReadiness>(*agreed);
  CHECK(command.share == 60);
  REQUIRE(command.weights);
  CHECK(command.weights->size() == 1);
  CHECK(command.weights->front().weight == 7);
  CHECK(command_of("agree_readiness", {{"rule", "quorum"}, {"share", "most"}, {"why", "w"}}).error().where == "/share");
}

TEST_CASE("every event has its words in the timeline") {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, cvd::Event>>([](auto event) { CHECK_MESSAGE(words_of_event(decltype(event)::type::kType) != "Something else", decltype(event)::type::kType); });
}

TEST_CASE("a list says that something waits, and by when") {
  const auto fold = a_case();
  const auto waiting = waiting_for(scene_for(fold, kVendor, access::OrganisationKind::Vendor));
  REQUIRE(waiting.size() == 5);
  CHECK(waiting[0].words == "Say whether the report is valid");
  CHECK(waiting[1].words == "Answer the proposed terms (version 2)");
  CHECK(waiting[2].due == kNow + std::chrono::days(1));
  CHECK((waiting[3].words == "A target is overdue: Develop the remedy" && waiting[3].due == kNow - std::chrono::days(1)));
  CHECK((waiting[4].words == "A target is due: Judge the report" && waiting[4].due == kNow + std::chrono::days(2)));
}

TEST_CASE("the report form asks all of ReportContent, keeps what was typed, and says what is wrong where it is") {
  std::set<std::string> asked;
  for (const auto& q : kQuestions) asked.insert(std::string(q.name));
  boost::mp11::mp_for_each<boost::describe::describe_members<cvd::ReportContent, boost::describe::mod_public>>([&](auto d) { CHECK_MESSAGE(asked.contains(std::string(bind::field_name(d.name))), d.name); });

  const Answers answers{{"title", std::string(kEvil)}, {"proposed_embargo_until", "2020-01-01T00:00"}, {"public", "yes"}};
  const auto read = read_report(answers, kNow);
  CHECK(read.wrong.contains("description"));
  CHECK(read.wrong.contains("product"));
  CHECK(read.wrong.contains("proposed_embargo_until"));
  const auto shown = page(kPublic, "Report", report_mistakes(read.wrong) + report_questions(answers, read.wrong, {{kOwner.text(), "Centre", "coordinator", "", false}}, false));
  check_form(shown);
  CHECK(shown.find("value=\"&quot;&gt;&lt;script&gt;") != std::string::npos);
  CHECK(shown.find("aria-invalid=\"true\"") != std::string::npos);

  const auto good = read_report({{"title", "t"}, {"description", "d"}, {"product", "p"}, {"exploited", "unknown"}, {"proposed_embargo_until", "2022-01-01T00:00"}}, kNow);
  CHECK(good.wrong.empty());
  CHECK(good.content.exploited == cvd::YesNo::Unknown);
  CHECK(good.content.proposed_embargo_until == at("2022-01-01T00:00:00Z"));
  check_form(page(kPublic, "Review", report_review_of(answers, {kOwner.text(), "Centre", "coordinator", "2 days", true}, "next")));
  CHECK_FALSE(read_report({{"title", std::string(301, 'x')}, {"description", "d"}, {"product", "p"}}, kNow).wrong.empty());
}

TEST_CASE("security.txt is what RFC 9116 asks for") {
  store::OrganisationRow row;
  row.id = kOwner;
  row.profile.name = "Centre";
  row.profile.contacts = {{"security", "mailto:security@cvd.example\nHiring: x"}, {"press", "mailto:press@cvd.example"}};
  const auto text = security_txt_of("https://cvd.example", row, kNow);
  CHECK(text.starts_with("Contact: https://cvd.example/report\n"));
  CHECK(text.ends_with("\n"));
  CHECK(count(text, "\nExpires: ") == 1);
  CHECK(count(text, "\nHiring: ") == 0);                              // a value never ends its line
  CHECK(text.find("press@") == std::string::npos);
  CHECK(text.find("\nCanonical: https://cvd.example/.well-known/security.txt\n") != std::string::npos);
  CHECK(text.find("\nCSAF: https://cvd.example/.well-known/csaf/provider-metadata.json\n") != std::string::npos);
  const auto from = text.find("Expires: ") + 9;
  const auto expires = at(text.substr(from, text.find('\n', from) - from));
  CHECK(expires > kNow + std::chrono::days(150));
  CHECK(expires < kNow + std::chrono::days(365));
}

TEST_CASE("policies, mailboxes and advisories hold their form") {
  store::OrganisationRow row;
  row.id = kOwner;
  row.profile.name = std::string(kEvil);
  row.profile.contacts = {{"security", "javascript:alert(1)"}, {"security", "tel:+49"}};
  check_form(policy_page(kPublic, row));
  row.profile.policy = cvd::DisclosurePolicy{.scope = std::string(kEvil), .acknowledge_within = std::chrono::days(2)};
  row.profile.takes_reports = true;
  check_form(policy_page(kPublic, row));
  CHECK(policy_json(kPublic, row).contains("policy"));

  cvd::ReportCard report = a_case().reports.front();
  check_form(mailbox_page(kPublic, {report, "Centre"}));

  AdvisoryShown shown;
  auto& a = shown.advisory;
  a.id = "SLUICE-2021-0001", a.title = std::string(kEvil), a.summary = "One.\n\nTwo.";
  a.products.push_back({.id = "p", .vendor = "Apache", .name = "log4j-core", .range = advisory::VersionRange{"maven", {{"2.0-beta9", "2.15.0", {}}}}});
  advisory::Vulnerability v;
  v.cve = "CVE-2021-44228", v.title = v.description = std::string(kEvil);
  v.cvss = {{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", {}}};
  v.statuses = {{"p", advisory::Status::KnownAffected, {}, {}}};
  v.remediations = {{advisory::RemediationCategory::VendorFix, "Update.", {"p"}, "javascript:x", {}}};
  v.references = {{"bad", "javascript:alert(1)", advisory::ReferenceCategory::External, {}}};
  v.credits = {{"Finder", advisory::CreditType::Finder, {}, {"javascript:x"}}};
  a.vulnerabilities = {v};
  shown.version = 1;
  shown.versions = {{2, kNow}, {1, kNow}};
  shown.downloads = {{"csaf", "sluice-2021-0001.json", true}, {"cve", "CVE-2021-44228.json"}};
  const auto html = advisory_page(kPublic, shown);
  CHECK(html.find("Critical 10.0") != std::string::npos);
  CHECK(html.find("from 2.0-beta9, before 2.15.0") != std::string::npos);
  CHECK(html.find("This is an older version") != std::string::npos);
  CHECK(html.find("<h2 id=\"what-to-do-heading\">") < html.find("CVE-2021-44228:"));
  CHECK(html.find("href=\"javascript") == std::string::npos);
  for (const auto* beside : {"sluice-2021-0001.json.asc\"", "sluice-2021-0001.json.sha256\"", "sluice-2021-0001.json.sha512\""}) CHECK(html.find(beside) != std::string::npos);
  CHECK(html.find("CVE-2021-44228.json.asc") == std::string::npos);
  check_form(html);
}

TEST_CASE("the stylesheet is there, named by its content, and loads nothing from elsewhere") {
  const auto* sheet = asset_called(stylesheet_name());
  REQUIRE(sheet != nullptr);
  CHECK(sheet->body.find("url(") == std::string_view::npos);
  CHECK(sheet->body.find("@import") == std::string_view::npos);
  CHECK(sheet->body.find("prefers-color-scheme: dark") != std::string_view::npos);
  CHECK(asset_called("../../etc/passwd") == nullptr);
}

}  // namespace sluice::web::pages
