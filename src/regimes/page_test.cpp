#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "regimes/built_in.h"
#include "regimes/changes.h"
#include "regimes/find.h"
#include "regimes/page.h"
#include "regimes/page_markup.h"
#include "regimes/sanctions.h"
#include "regimes/wrong_body.h"

using namespace sluice;
using namespace sluice::regimes;

namespace {

const Library& page_library() {
  static const auto kLibrary = built_in_library();
  REQUIRE(kLibrary);
  return *kLibrary;
}

// A case and its answer, which looks into it.
struct PageAnswer {
  Scenario scenario;
  Evaluation all;
  json::object json() const { return to_json(all); }
  std::string page() const { return to_html(all, dependences(all, page_library())); }
  std::string page_with_plan(std::optional<Second> from = {}) const { return to_html(all, dependences(all, page_library()), {best_schedule(all, from), nullptr}); }
};
std::unique_ptr<PageAnswer> page_answer(std::string_view text) {
  auto out = std::make_unique<PageAnswer>();
  const auto value = parse_json(text);
  REQUIRE(value);
  auto scenario = read_scenario(*value, page_library().words);
  REQUIRE_MESSAGE(scenario, (scenario ? "" : scenario.error().message + " " + scenario.error().where));
  out->scenario = *std::move(scenario);
  auto all = evaluate(out->scenario, page_library());
  REQUIRE_MESSAGE(all, (all ? "" : all.error().message));
  out->all = *std::move(all);
  return out;
}

const json::object& row_of_rule(const json::object& answer, std::string_view list, std::string_view rule) {
  const auto& rows = answer.at(list).as_array();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const json::value& one) { return string_at(one, "rule") == rule; });
  REQUIRE_MESSAGE(found != rows.end(), rule);
  return found->get_object();
}

bool says(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
std::size_t times(std::string_view text, std::string_view part) {
  std::size_t out = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++out;
  return out;
}

constexpr std::string_view kVendor = R"("parties":[{"id":"v","role":"vendor","established":"CN","operates_in":["CN"]}],"product":{"id":"p","provider":"v","market":["CN"]},"vulnerability":{"state":"undisclosed"},)";
std::string rmsv(std::string_view to, std::string_view extra = "") {
  return R"({"id":"x","as_of":"2026-11-10T00:00Z","regimes":["cn-rmsv-2021"],)" + std::string(kVendor) + R"("events":{"vuln.aware":"2026-11-01T00:00Z"},"actions":[{"id":"a1","actor":"v","type":"notify-authority","to":")" +
         std::string(to) + R"(","at":"2026-11-02T00:00Z")" + std::string(extra) + "}]}";
}
std::string police(std::string_view to) {
  return R"({"id":"x","as_of":"2026-11-10T00:00Z","regimes":["cn-cac-2019d"],"parties":[{"id":"s","role":"finder","established":"CN","operates_in":["CN"]}],"incident":{"kind":"intrusion","region":"CN-ZJ"},"events":{},"actions":[)"
         R"({"id":"a1","actor":"s","type":"notify-authority","to":")" +
         std::string(to) + R"(","at":"2026-11-11T00:00Z"},{"id":"a2","actor":"s","type":"publish-incident","to":"public","content":["summary"],"at":"2026-11-12T00:00Z"}]})";
}
std::string standard(std::string_view regime, std::string_view as_of, std::string_view at) {
  return R"({"id":"x","as_of":")" + std::string(as_of) + R"(","regimes":[")" + std::string(regime) + R"("],)" + std::string(kVendor) + R"("events":{"vuln.reported":null},"actions":[{"id":"a1","actor":"v","type":"remediate","to":"users","at":")" +
         std::string(at) + R"("}]})";
}

}  // namespace

TEST_CASE("a report to the wrong body fulfils nothing, and the answer names the right one with the basis of its remit") {
  const auto wrong = page_answer(rmsv("cac-office:CN-ZJ@prefecture"))->json();
  const auto& duty = row_of_rule(wrong, "duties", "cn-rmsv-2021/art7-2");
  CHECK(duty.at("state") == "missed");
  REQUIRE(duty.contains("wrong_body"));
  CHECK(duty.at("wrong_body").at(0).at("right").at(0).at("body") == "cn-miit-platform");
  CHECK(duty.at("wrong_body").at(0).at("right").at(0).at("basis") == "RMSV Art. 7(2)");
  CHECK(says(duty.at("why").as_string(), "fulfils nothing"));
  const auto right = page_answer(rmsv("miit-platform"))->json();
  CHECK(row_of_rule(right, "duties", "cn-rmsv-2021/art7-2").at("state") == "met");
  CHECK_FALSE(row_of_rule(right, "duties", "cn-rmsv-2021/art7-2").contains("wrong_body"));
  CHECK_FALSE(row_of_rule(page_answer(rmsv("cisa"))->json(), "duties", "cn-rmsv-2021/art7-2").contains("wrong_body"));   // of another state: not meant for this
}

TEST_CASE("a prior report to a body of too low a level, or of another place, is named beside the ban that stands because of it") {
  for (const auto* to : {"public-security-organ:CN-ZJ@county", "public-security-organ:CN-SH@prefecture", "cac-office:CN-ZJ@prefecture"}) {
    CAPTURE(to);
    const auto answer = page_answer(police(to))->json();
    const auto& ban = row_of_rule(answer, "verdicts", "cn-cac-2019d/art5");
    CHECK(ban.at("verdict") == "forbids");
    REQUIRE(ban.contains("wrong_body"));
    CHECK(ban.at("wrong_body").at(0).at("asked").at(0) == "public-security-organ:CN-ZJ@prefecture");
    CHECK(ban.at("wrong_body").at(0).at("right").at(0).at("who") == "public security organ, prefecture or above, CN-ZJ");
  }
  const auto right = page_answer(police("public-security-organ:CN-ZJ@prefecture"))->json();
  for (const auto& one : right.at("verdicts").as_array()) CHECK_FALSE(one.get_object().contains("wrong_body"));
}

TEST_CASE("X1, X2: the sanctions that a breach would meet stand beside it, and change nothing; where none is listed that is said") {
  const auto missed = page_answer(rmsv("cisa"))->json();
  const auto& duty = row_of_rule(missed, "duties", "cn-rmsv-2021/art7-2");
  REQUIRE(duty.at("sanctions").as_array().size() == 1);
  CHECK(duty.at("sanctions").at(0).at("rule") == "cn-rmsv-2021/art12-15");
  CHECK_FALSE(row_of_rule(page_answer(rmsv("miit-platform"))->json(), "duties", "cn-rmsv-2021/art7-2").contains("sanctions"));
  // A sanction names what it hits: Article 8 the measures of providers, Article 9 third parties.
  const auto text = R"({"id":"x","as_of":"2026-11-10T00:00Z","regimes":["cn-miit-2019d","iso-29147-2018"],"assume_in_force":["cn-miit-2019d"],"parties":[{"id":"v","role":"vendor","established":"CN","operates_in":["CN"]},{"id":"f","role":"finder","established":"CN","operates_in":["CN"]}],
    "product":{"id":"p","provider":"v","market":["CN"]},"vulnerability":{"state":"undisclosed"},"events":{"vuln.aware":"2026-01-01T00:00Z"},"actions":[{"id":"a1","actor":"f","type":"publish-vuln","to":"public","content":["technical-detail"],"at":"2026-11-11T00:00Z"}]})";
  const auto draft = page_answer(text)->json();
  CHECK(row_of_rule(draft, "duties", "cn-miit-2019d/art3-1-product").at("sanctions").at(0).at("rule") == "cn-miit-2019d/art8");
  CHECK(row_of_rule(draft, "verdicts", "cn-miit-2019d/art6-1").at("sanctions").at(0).at("rule") == "cn-miit-2019d/art9");
  const auto& advice = row_of_rule(draft, "verdicts", "iso-29147-2018/5.8");
  CHECK(advice.at("verdict") == "advises-against");
  CHECK(advice.at("sanctions").as_array().empty());
  CHECK(says(advice.at("no_sanction").as_string(), "knows no sanction"));
  // The pack of the CRA lists none: that is said, and no more.
  const auto cra = page_answer(R"({"id":"x","as_of":"2026-11-10T00:00Z","regimes":["eu-cra-2024"],"parties":[{"id":"v","role":"vendor","established":"DE"}],"product":{"id":"p","provider":"v","market":["DE"]},"vulnerability":{"state":"undisclosed","exploited":"yes"},"events":{"vuln.aware_exploited":"2026-11-01T00:00Z"},"actions":[]})")->json();
  CHECK(says(row_of_rule(cra, "duties", "eu-cra-2024/art14-2a").at("no_sanction").as_string(), "doesn't say that there is none"));
}

TEST_CASE("an answer names the edition of a standard that speaks at the instant, and what took the place of a withdrawn one") {
  struct Row { const char* regime; const char* rule; const char* as_of; const char* edition; const char* clause; bool withdrawn; const char* successor; };
  for (const auto& [regime, rule, as_of, edition, clause, withdrawn, successor] :
       {Row{"iso-30111-2019", "iso-30111-2019/7.1.5", "2016-05-01T00:00Z", "ISO/IEC 30111:2013", "7.2.4", false, ""}, {"iso-30111-2019", "iso-30111-2019/7.1.5", "2019-10-01T00:00Z", "ISO/IEC 30111:2019", "7.1.5 Remediation development (2013: 7.2.4)", false, ""}}) {
    CAPTURE(as_of);
    const auto answer = page_answer(standard(regime, as_of, as_of))->json();
    const auto& verdict = row_of_rule(answer, "verdicts", rule);
    CHECK(verdict.at("edition") == edition);
    CHECK(verdict.at("clause") == clause);
    CHECK(verdict.contains("withdrawn") == withdrawn);
    CHECK((verdict.contains("successor") ? std::string(verdict.at("successor").as_string()) : "") == successor);
  }
  // One instant before it came out the edition before speaks.
  CHECK(row_of_rule(page_answer(standard("iso-30111-2019", "2019-09-30T23:59:59Z", "2019-09-30T23:59:59Z"))->json(), "verdicts", "iso-30111-2019/7.1.5").at("edition") == "ISO/IEC 30111:2013");
  // Rules of a clause whose number then nobody knows show the later one, and say so.
  CHECK(row_of_rule(page_answer(standard("iso-30111-2019", "2016-05-01T00:00Z", "2016-05-01T00:00Z"))->json(), "verdicts", "iso-30111-2019/7.1.6").at("clause_verified") == false);
}

TEST_CASE("each standard names, of each time, the edition that speaks; a withdrawn one is marked, its successor named, and what stands beside it too") {
  struct Row { const char* regime; const char* as_of; const char* speaks; bool withdrawn; const char* successor; bool beside; bool early; };
  for (const auto& [regime, as_of, speaks, withdrawn, successor, beside, early] :
       {Row{"iso-29147-2018", "2014-02-01T00:00Z", "ISO/IEC 29147:2014", false, "", false, false}, {"iso-29147-2018", "2018-10-01T00:00Z", "ISO/IEC 29147:2018", false, "", false, false}, {"iso-29147-2018", "2026-11-01T00:00Z", "ISO/IEC 29147:2018", false, "", true, false},
        {"iso-30111-2019", "2018-12-31T00:00Z", "ISO/IEC 30111:2013", false, "", false, false}, {"iso-30111-2019", "2026-11-01T00:00Z", "ISO/IEC 30111:2019", false, "", true, false},
        {"iso-27035-2016", "2019-12-18T00:00Z", "ISO/IEC 27035-1, -2:2016", false, "", false, false}, {"iso-27035-2016", "2026-11-01T00:00Z", "ISO/IEC 27035-1, -2:2016", true, "ISO/IEC 27035-1, -2:2023", false, false},
        {"first-mpcvd-1.1", "2019-07-18T00:00Z", "1.0", false, "", false, false}, {"first-mpcvd-1.1", "2026-11-01T00:00Z", "1.1", false, "", true, false}, {"iso-30111-2019", "2012-01-01T00:00Z", "ISO/IEC 30111:2013", false, "", false, true}}) {
    CAPTURE(regime);
    CAPTURE(as_of);
    const auto answer = page_answer(R"({"id":"x","as_of":")" + std::string(as_of) + R"(","regimes":[")" + regime + R"("],"parties":[],"events":{},"actions":[]})");
    const auto json = answer->json();
    const auto& pack = json.at("packs").at(0).as_object();
    CHECK(pack.at("speaks") == speaks);
    CHECK(pack.contains("withdrawn") == withdrawn);
    CHECK((pack.contains("successor_edition") ? std::string(pack.at("successor_edition").as_string()) : "") == successor);
    CHECK(pack.contains("beside") == beside);
    CHECK(pack.contains("published_later") == early);
    CHECK(says(answer->page(), speaks));
    if (withdrawn) CHECK(says(answer->page(), "withdrawn; successor: " + std::string(successor)));
  }
}

TEST_CASE("H1: no name, title or word of a case becomes markup of the page") {
  const auto bad = std::string(R"({"id":"<script>alert(1)</script>","title":"\"><img src=x onerror=alert(1)> & ' \u202e","as_of":"2026-11-10T00:00Z","regimes":["cn-rmsv-2021","eu-cra-2024"],
    "parties":[{"id":"<b>v</b>","role":"vendor","established":"CN","operates_in":["CN"],"sectors":["<i>"],"flags":["</dd><script>"],"x":"<u>"}],"product":{"id":"<p>","provider":"<b>v</b>","market":["CN"],"name":"</title>"},"vulnerability":{"state":"undisclosed","note":"<svg onload=1>"},
    "events":{"vuln.aware@<b>v</b>":"2026-11-01T00:00Z"},"embargo":{"parties":["<b>v</b>"],"until":"2026-12-01T00:00Z"},"actions":[{"id":"a\"><script>","actor":"<b>v</b>","type":"notify-authority","to":"cac-office","stage":"<s>","at":"2026-11-02T00:00Z","<k>":"<v>"}]})");
  const auto page = page_answer(bad)->page();
  CHECK_FALSE(says(page, "<script"));
  CHECK_FALSE(says(page, "<img"));
  CHECK_FALSE(says(page, "<b>"));
  CHECK_FALSE(says(page, "<i>"));
  CHECK_FALSE(says(page, "<u>"));
  CHECK_FALSE(says(page, "<k>"));
  CHECK_FALSE(says(page, "onerror=alert(1)>"));
  CHECK(times(page, "<style>") == 1);
  CHECK(times(page, "<title>") == 1);
  CHECK(says(page, "⟦U+202E⟧"));
  CHECK(page::escaped("a\xff\xed\xa0\x80<\x01") == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD&lt;\xEF\xBF\xBD");
}

TEST_CASE("H2: the page is whole: no script, nothing from elsewhere, no style but its own, and every link leads to a place on it") {
  const auto page = page_answer(police("public-security-organ:CN-ZJ@county"))->page();
  for (const auto* never : {"<script", " style=", " src=", "http:", "https:", "url(", "@import", " on"}) {
    CAPTURE(never);
    const bool is_word = std::string_view(never) == " on";   // as an attribute only
    if (is_word) CHECK_FALSE(says(page, " onclick="));
    else CHECK_FALSE(says(page, never));
  }
  CHECK(says(page, style_of_page()));
  std::size_t links = 0;
  for (auto at = page.find("href=\"#"); at != page.npos; at = page.find("href=\"#", at + 1)) {
    const auto begin = at + 7;
    const auto id = page.substr(begin, page.find('"', begin) - begin);
    CHECK_MESSAGE(times(page, "id=\"" + id + "\"") == 1, id);
    ++links;
  }
  CHECK(links > 10);
}

TEST_CASE("H3: what is unverified is marked, drafts are called drafts, and that it is no legal advice is said once") {
  const auto page = page_answer(police("public-security-organ:CN-ZJ@county"))->page();
  CHECK(times(page, "not legal advice") == 1);
  CHECK(says(page, "draft, binds nobody"));
  const auto exploit = R"({"id":"x","as_of":"2026-11-10T00:00Z","regimes":["cn-rmsv-2021"],"parties":[{"id":"f","role":"finder","established":"CN"}],"vulnerability":{"state":"undisclosed"},"events":{},"actions":[{"id":"a1","actor":"f","type":"publish-exploit","to":"public","content":["exploit-tool"],"at":"2026-11-12T00:00Z"}]})";
  CHECK(says(page_answer(exploit)->page(), "class=\"doubt\">unverified"));
}

TEST_CASE("a case without actions, parties or regimes still makes a page") {
  const auto page = page_answer(R"({"id":"","as_of":"2026-11-10T00:00Z","regimes":[],"parties":[],"events":{},"actions":[]})")->page();
  CHECK(says(page, "<h1>Evaluation</h1>"));
  CHECK(says(page, "The case has no actions."));
  CHECK(says(page, "No act is planned or done, so none breaks a rule that binds."));
  CHECK_FALSE(says(page, "This plan breaks no rule that binds."));
}

TEST_CASE("a last day is printed with its place, and machine words don't appear where people read") {
  const auto page = page_answer(R"({"id":"x","as_of":"2026-12-30T04:59:59Z","regimes":["us-sec-8k105"],"parties":[{"id":"r","role":"registrant","established":"US","operates_in":["US"],"flags":["listed"]}],"incident":{"kind":"theft","material":true},"events":{"incident.material_determined":"2026-12-22T23:00Z"},"actions":[]})")->page();
  CHECK(says(page, "the end of 29 December 2026 in New York (30 December 2026, 05:00 UTC)"));
  CHECK(says(page, "<time datetime=\"2026-12-30T04:59:59Z\">"));
  CHECK(says(page, "where the party is established: the United States"));
  const auto report = page_answer(police("public-security-organ:CN-ZJ@county"))->page();
  CHECK(says(report, "the public security organ of CN-ZJ (China), county"));
  CHECK(says(report, "the public security organ of CN-ZJ (China), prefecture or above"));
  CHECK_FALSE(says(report, "2026-11-11 00:00"));
}

TEST_CASE("a matrix with more columns than a sheet holds goes on in another table, with every verdict in one of them") {
  std::string actions, regimes = R"("iso-29147-2018","iso-30111-2019","first-mpcvd-1.1","cn-rmsv-2021","cn-miit-2019d","cn-cac-2019d","enisa-gpg","ind-2019","certcc-45")";
  for (int i = 1; i <= 7; ++i) actions += std::string(i == 1 ? "" : ",") + R"({"id":"a)" + std::to_string(i) + R"(","actor":"v","type":"publish-vuln","to":"public","content":["technical-detail"],"at":"2026-11-1)" + std::to_string(i) + R"(T00:00Z"})";
  const auto answer = page_answer(R"({"id":"x","as_of":"2026-11-10T00:00Z","regimes":[)" + regimes + "]," + std::string(kVendor) + R"("events":{"vuln.aware":"2026-11-01T00:00Z"},"actions":[)" + actions + "]}");
  const auto page = answer->page();
  const auto tables = times(page, "class=\"matrix stack\"");
  CHECK(tables >= 1);
  CHECK(times(page, "aria-label=\"Verdicts by action and regime") == tables);
  if (tables > 1) CHECK(says(page, "Verdicts by action and regime (1 of " + std::to_string(tables) + ")"));
}

TEST_CASE("several evaluations stand on one page, each with places of its own, and names stand for ids") {
  constexpr std::string_view kMaker = "o_0000000000000000000000maker";
  const auto text = [&](std::string_view market) {
    return R"({"id":"x","as_of":"2026-11-10T00:00Z","regimes":["cn-rmsv-2021"],"parties":[{"id":")" + std::string(kMaker) + R"(","role":"vendor","established":"CN","operates_in":["CN"]}],"product":{"id":"p","provider":")" + std::string(kMaker) + R"(","market":[")" +
           std::string(market) + R"("]},"vulnerability":{"state":"undisclosed"},"events":{"vuln.aware":"2026-11-01T00:00Z"},"actions":[{"id":"told-)" + std::string(kMaker) + R"(","actor":")" + std::string(kMaker) + R"(","type":"notify-authority","to":"miit-platform:CN","at":"2026-11-02T00:00Z"}]})";
  };
  const auto first = page_answer(text("CN")), second = page_answer(text("EU"));
  std::vector<Printed> all;
  all.push_back({first->all, {}, "As to one"});
  all.push_back({second->all, {}, "As to <another>"});
  const auto page = to_html(all, {"A flaw & its <fix>", {"From a part."}, {{std::string(kMaker), "Makers <& Sons>"}, {"told-" + std::string(kMaker), "Act 1"}}});
  CHECK(says(page, "<h1>A flaw &amp; its &lt;fix&gt;</h1><p>From a part.</p>"));
  CHECK(times(page, "<article") == 2);
  CHECK(says(page, "As to &lt;another&gt;"));
  CHECK_FALSE(says(page, kMaker));
  CHECK(says(page, "Makers &lt;&amp; Sons&gt;"));
  CHECK_FALSE(says(page, "<another>"));
  CHECK(says(page, "Act 1"));
  for (const auto* id : {"id=\"matrix\"", "id=\"part-2-matrix\"", "id=\"a-0\"", "id=\"part-2-a-0\""}) CHECK_MESSAGE(times(page, id) == 1, id);
  CHECK(says(page, "href=\"#part-2-a-0\""));
  CHECK(says(to_html(std::vector<Printed>(), {"Nothing", {}, {}}), "There is nothing that rules could be asked about."));
}

namespace {

// Project Zero's own policy against the ban of the RMSV, twice: of the flaw and of the bare fact.
constexpr std::string_view kTwoConflicts = R"({"id":"x","as_of":"2026-11-20T00:00Z","regimes":["gpz-90","cn-rmsv-2021"],"parties":[{"id":"z","role":"finder","established":"US","operates_in":["US","CN"],"flags":["project-zero"]},{"id":"v","role":"vendor","established":"US","operates_in":["US"]}],
  "product":{"id":"p","provider":"v","market":["US","CN"],"kind":"product"},"vulnerability":{"state":"undisclosed","exploited":"yes","fix":"none","in":"product"},"events":{"vuln.reported":"2026-11-10T00:00Z","fix.available":null,"vuln.public":null},
  "actions":[{"id":"p1","actor":"z","type":"publish-vuln","to":"public","content":["summary","technical-detail","mitigation"],"at":"2026-11-17T00:00Z"},{"id":"p2","actor":"z","type":"publish-report-metadata","to":"public","content":["report-metadata"],"at":"2026-11-17T00:00Z"}]})";

// A finder that asked nobody and waited thirty days after a report.
constexpr std::string_view kThirtyDays = R"({"id":"x","as_of":"2026-11-20T00:00Z","regimes":["cn-cac-2019d","cn-miit-2019d"],"parties":[{"id":"f","role":"finder","established":"CN","operates_in":["CN"]},{"id":"o","role":"operator","established":"CN","operates_in":["CN"]},{"id":"v","role":"vendor","established":"CN","operates_in":["CN"]}],
  "product":{"id":"p","provider":"v","market":["CN"],"kind":"network"},"vulnerability":{"state":"undisclosed","exploited":"no","fix":"none","in":"operator-network"},"events":{"vuln.discovered":"2026-10-01T00:00Z","fix.available":null,"vuln.public":null,"measures.taken":null},
  "actions":[{"id":"r","actor":"f","type":"notify-authority","to":"telecom-office","content":["summary"],"at":"2026-10-02T00:00Z"},{"id":"s","actor":"f","type":"publish-system-weakness","to":"public","content":["mitigation","summary"],"at":"2026-10-31T23:59:59Z"},
  {"id":"t","actor":"f","type":"publish-system-weakness","to":"public","content":["mitigation","summary"],"at":"2026-11-01T00:00Z"}]})";

}  // namespace

TEST_CASE("the page has the best dates, with what bounds each, where the caller has them") {
  const auto answer = page_answer(rmsv("miit-platform"));
  CHECK_FALSE(says(answer->page(), "id=\"plan\""));
  const auto page = answer->page_with_plan();
  CHECK(times(page, "id=\"plan\"") == 1);
  CHECK(says(page, "href=\"#plan\""));
  CHECK(says(page, "because of the provider&#39;s learning of the flaw"));   // no earlier than that
  CHECK(says(page, "What the rules say that bound them"));                    // the latest is the law's
  CHECK(says(page, "What the rules need, and the plan has no act for"));
  CHECK_FALSE(says(page, "Made from"));
  const auto later = answer->page_with_plan(*parse_second("2026-11-10T00:00Z"));
  CHECK(says(later, "Made from"));
  CHECK(says(later, ">done<"));
  const auto none = page_answer(kTwoConflicts)->page_with_plan();
  CHECK(says(none, "so there are no best dates"));
}

TEST_CASE("ways out are those of the whole case; what dissolves one conflict isn't said to be enough") {
  const auto answer = page_answer(kTwoConflicts);
  REQUIRE(answer->all.conflicts.all.size() == 2);
  const auto page = answer->page();
  CHECK(says(page, "Ways out of all of them"));
  CHECK_FALSE(says(page, "taking any one member away is enough"));
  CHECK(times(page, "what it takes for all of them stands below") == 2);
  const auto ways = ways_out(answer->all);
  REQUIRE(ways.size() == 2);
  const auto all = page.substr(page.find("Ways out of all of them"));
  CHECK(all.find("; and its owner leaves out") < all.find("The act is done in spite of"));   // its own policy, both rules of it, before the law
  CHECK(says(page, " duties</a> met only by what is itself forbidden as planned: p1 and p2."));
  CHECK(says(page, "with the fact that a report exists"));
  CHECK(says(page, "it is the own policy of z"));
  CHECK(says(page, "within 7 days of the vendor&#39;s receipt of the report"));
  for (const auto* never : {"168 hours", "within 30 days of", "law-policy, then", "cn-rmsv-2021/art9-1 and", "z is project-zero", "Assumes the reading"}) CHECK_MESSAGE(!says(page, never), never);
}

TEST_CASE("a reading is offered as a way out where the clash is gone under it, and not where it only moves") {
  CHECK(says(page_answer(kTwoConflicts)->page(), "if this is read otherwise: "));
  const auto moved = page_answer(kThirtyDays)->page();
  CHECK(says(moved, "One permits what another forbids"));
  CHECK_FALSE(says(moved, "if this is read otherwise: "));
}

TEST_CASE("where another way of the text lifts a ban, the page says which act opens it, there and at that act") {
  const auto page = page_answer(kThirtyDays)->page();
  CHECK(says(page, "Its end comes from another way that the same text opens, by r of 2 October 2026, 00:00 UTC: "));
  CHECK(says(page, "it is a step that something else in the plan needs first"));
  CHECK_FALSE(says(page, "No rule of the regimes listed says anything of it."));
}

TEST_CASE("a report to the wrong body is named at the act too, and of a duty that was met late") {
  CHECK(says(page_answer(police("public-security-organ:CN-ZJ@county"))->page(), "which fulfils nothing of "));
  CHECK_FALSE(says(page_answer(police("public-security-organ:CN-ZJ@prefecture"))->page(), "which fulfils nothing of "));
  const auto late = page_answer(rmsv("cac-office:CN-ZJ@prefecture", R"(},{"id":"a2","actor":"v","type":"notify-authority","to":"miit-platform","at":"2026-11-08T00:00Z")"));
  CHECK(row_of_rule(late->json(), "duties", "cn-rmsv-2021/art7-2").at("state") == "late");
  CHECK(says(late->page(), "which fulfils nothing of "));
  const auto unclear = page_answer(R"({"id":"x","as_of":"2026-11-10T00:00Z","regimes":["cn-csl"],"parties":[{"id":"o","role":"operator","established":"CN","operates_in":["CN"]}],"incident":{"kind":"intrusion"},"events":{"incident.aware":"2026-11-09T00:00Z"},"actions":[{"id":"a1","actor":"o","type":"notify-authority","to":"cac-office:CN-SH@province","at":"2026-11-09T01:00Z"}]})")->page();
  CHECK(says(unclear, " \u2013 not settled: "));
  CHECK_FALSE(says(unclear, "..</p>"));
}

TEST_CASE("of an earlier day the page speaks of the edition of then, and says of which day a pack's own words are") {
  const auto page = page_answer(standard("iso-30111-2019", "2016-05-01T00:00Z", "2016-05-01T00:00Z"))->page();
  CHECK(says(page, "ISO/IEC 30111:2013, the edition that spoke then"));
  CHECK(says(page, "not of the day asked about: "));
  CHECK(says(page, "by its later number <span class=\"doubt\">unverified</span>"));
}

TEST_CASE("a repealed law is listed with what its rules said, without effect") {
  const auto text = [](std::string_view as_of) { return R"({"id":"x","as_of":")" + std::string(as_of) + R"(","regimes":["us-bod-22-01"],"parties":[{"id":"g","role":"agency","established":"US","flags":["fceb"]}],"events":{},"actions":[]})"; };
  const auto page = page_answer(text("2026-11-10T00:00Z"))->page();
  CHECK(says(page, "What is no longer in force"));
  CHECK(says(page, page::escaped(page_library().packs.at("us-bod-22-01").rules.front().says)));
  CHECK(says(page, "replaced by us-bod-26-04"));
  CHECK_FALSE(says(page_answer(text("2024-11-10T00:00Z"))->page(), "What is no longer in force"));
}

TEST_CASE("the answers under every reading are told apart, counted and listed, and whether they were crossed") {
  const auto answer = page_answer(kTwoConflicts);
  const auto every = every_reading(answer->all, page_library());
  REQUIRE(every.at("crossed") == true);
  const auto count = every.at("worlds").as_array().size();
  const auto page = to_html(answer->all, {}, {std::nullopt, &every});
  CHECK(says(page, "in every combination: " + std::to_string(count) + " combination"));
  CHECK(says(page, "Answers under every reading"));
  CHECK(says(page, "one by one"));
  CHECK_FALSE(says(answer->page(), "one by one"));
  auto apart = every;
  apart["crossed"] = false;
  CHECK(says(to_html(answer->all, {}, {std::nullopt, &apart}), "they were not crossed"));
}

TEST_CASE("lengths are said as texts of law say them: seven days, but 72 hours") {
  CHECK(length_words(*parse_term("P7D")) == "7 days");
  CHECK(length_words(*parse_term("PT120H")) == "5 days");
  for (const auto& [text, said] : {std::pair{"PT24H", "24 hours"}, {"PT48H", "48 hours"}, {"PT72H", "72 hours"}, {"PT100H", "100 hours"}}) CHECK(length_words(*parse_term(text)) == said);
}

TEST_CASE("a change is read back as it was written") {
  for (const auto& one : {Change{"outcome", "a1", "", "allow", "conflict"}, Change{"verdict", "cn-x/art9", "p 2", "forbids until fix.available", ""}, Change{"duty", "x/art7", "v", "", "met, due 2026-11-03"},
                          Change{"conflict", "a/1 + b/2", "", "law-law", ""}, Change{"divergence", "a/1", "b/2", "", "one forbids what the other asks"}, Change{"schedule", "", "", "feasible", "infeasible"}}) {
    const auto read = read_change(to_text(one));
    REQUIRE(read);
    CHECK_MESSAGE(*read == one, to_text(one));
  }
  CHECK_FALSE(read_change("nothing of the kind"));
}
