// What pages say of law, incidents and notices, to somebody who never saw the rules' own words.
#include <doctest/doctest.h>

#include "service/packs.h"
#include "web/pages/law_words.h"

namespace sluice::web::pages {

namespace {

const Instant kAsked = *parse_instant("2021-12-08T16:00:00Z");
template <class I>
I law_id(std::uint8_t n) { I out; out.bytes.fill(n); return out; }
const auto kLeads = law_id<OrganisationId>(1), kMaker = law_id<OrganisationId>(2);

cvd::CaseFold law_case() {
  cvd::CaseFold fold;
  fold.id = law_id<CaseId>(9);
  fold.owner = kLeads;
  fold.opened = kAsked;
  for (const auto who : {kLeads, kMaker}) {
    auto& p = fold.participants[who];
    p.organisation = who, p.admission = cvd::Admission::Confirmed, p.report = cvd::ReportState::Accepted;
    p.roles = {who == kLeads ? cvd::Role::Coordinator : cvd::Role::Vendor};
  }
  return fold;
}

json::object law_answer() {
  const auto text = R"json({"parties": [{"id": "MAKER", "name": "Example Devices", "role": "vendor"}], "findings": [], "note": "A reading.",
    "duties": [{"rule": "cn-rmsv-2021/art7-2", "citation": "Art. 7(2)", "on": "MAKER", "state": "open", "force": "law", "due": "2021-12-09", "due_at": "2021-12-09T15:59:59Z", "zone": "Asia/Shanghai", "to": "miit-platform", "says": "The platform is told.", "why": "The platform is told. [nothing done yet]"},
               {"rule": "x/y", "citation": "1", "on": "MAKER", "state": "waiting", "force": "law", "due": null, "to": "nis2-csirt|nis2-authority", "says": "They are told.", "why": "They are told. [vuln.aware_exploited has not happened]"}],
    "scope": {"regimes": [{"regime": "eu-nis2-2022", "title": "A later law", "state": "proposed", "force": "law", "jurisdiction": "EU", "not_law_yet": true, "because": [{"party": "MAKER", "facts": ["party.established is CN"]}], "questions": ["product.market"]}]},
    "evaluations": [{"outcomes": {"told-MAKER": "allow-with-duties"}, "facts": {"actions": [{"id": "told-MAKER", "actor": "MAKER", "type": "inform-partner", "to": "csirt-coordinator+enisa", "content": ["technical-detail"], "at": "2021-12-08T15:00Z"}]},
      "verdicts": [{"action": "told-MAKER", "rule": "iso-29147-2018/5.8", "citation": "5.8", "verdict": "advises-against", "force": "advice", "why": "Only who is needed is told. [outside the circle]"}],
      "conflicts": [{"kind": "law-law", "why": "one forbids what another demands, at every time that would do", "rules": ["cn-rmsv-2021/art7-2", "own/one"]}]}]})json";
  std::string filled;
  for (std::string_view rest = text; !rest.empty();) {
    const auto at = rest.find("MAKER");
    filled += rest.substr(0, at);
    if (at == rest.npos) break;
    filled += kMaker.text();
    rest.remove_prefix(at + 5);
  }
  return parse_json(filled)->as_object();
}

Scene law_scene(const cvd::CaseFold& fold, OrganisationId who, bool with_packs = true) {
  static const auto kPacks = service::Packs::load({});
  REQUIRE(kPacks);
  Scene out{.fold = fold, .standing = cvd::standing_of(fold, who), .viewer = {.kind = access::Viewer::Kind::Person, .person = law_id<PersonId>(7), .organisation = who, .organisation_kind = access::OrganisationKind::Vendor, .role = access::SiteRole::Admin},
            .name_in_book = [](OrganisationId id) { return id == kMaker ? std::string("Example Devices") : std::string("Coordination Centre"); }, .now = kAsked};
  out.law = law_answer();
  if (with_packs) out.words = service::PlainWords(*kPacks);
  return out;
}

bool says(const std::string& page, std::string_view what) { return page.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("duties, acts, scope and conflicts are said in words, with exact instants beside them") {
  const auto fold = law_case();
  const auto page = law_part(law_scene(fold, kLeads)).markup();
  for (const auto* what : {"<time datetime=\"2021-12-09T15:59:59Z\">by the end of 9 December 2021 in Shanghai (16:00 UTC)</time>", "in 23 hours 59 minutes", "MIIT&#39;s platform",
                           "the CSIRT under NIS 2; or the competent authority under NIS 2", "The provider&#39;s learning that the flaw is exploited has not happened.", "not running yet",
                           "Tell a partner, by Example Devices, to the coordinator CSIRT and ENISA, with technical detail, <time datetime=\"2021-12-08T15:00:00Z\">8 December 2021, 15:00 UTC</time>", "allow with duties",
                           "advises against", "Somebody who is told is outside the circle that this keeps.", "where the party is established: China", "Not known: where the product is sold",
                           "Not law yet at that time; nothing follows from it.", "Two laws that can&#39;t both be kept", "<option value=\"/product/market\">where the product is sold</option>"})
    CHECK_MESSAGE(says(page, what), what);
  for (const auto* machine : {"nis2-csirt", "inform-partner", "technical-detail", "allow-with-duties", "party.established", "law-law", "proposed, and counts"}) CHECK_MESSAGE(!says(page, machine), machine);
  CHECK(!says(page, kMaker.text()));
}

TEST_CASE("only who sees a part of a case is told so, once a section") {
  const auto fold = law_case();
  CHECK_FALSE(says(law_part(law_scene(fold, kLeads)).markup(), "From what your organisation can see of this case."));
  CHECK(says(law_part(law_scene(fold, kMaker)).markup(), "From what your organisation can see of this case."));
  auto counsel = law_scene(fold, kLeads);          // the owner's: it reads its own compartment alone
  counsel.viewer.role = access::SiteRole::Counsel;
  CHECK(says(law_part(counsel).markup(), "which is all that counsel reads"));
}

TEST_CASE("a server without packs says every word as it is") {
  const auto fold = law_case();
  const auto page = law_part(law_scene(fold, kLeads, false)).markup();
  CHECK(says(page, "miit-platform"));
  CHECK(says(page, "nis2-csirt; or nis2-authority"));
}

TEST_CASE("what waits on a clock comes first, the soonest before all") {
  const auto sorted = by_clock({{"later", "a", kAsked + std::chrono::hours(2)}, {"whenever", "b", {}}, {"soon", "c", kAsked}});
  REQUIRE(sorted.size() == 3);
  CHECK((sorted[0].words == "soon" && sorted[1].words == "later" && sorted[2].words == "whenever"));
}

TEST_CASE("a notice shows whom it is for, what is still blank and what leaving it blank needs") {
  const auto fold = law_case();
  auto scene = law_scene(fold, kLeads);
  scene.notices = parse_json(R"({"tasks": [{"rule": "x/y", "cite": "1", "says": "The body is told.", "regime": "A law", "force": "law", "verified": true, "state": "open", "due": "2021-12-09T10:00Z", "due_at": "2021-12-09T10:00Z", "due_local": "2021-12-09 11:00", "zone": "Europe/Brussels",
      "stage": "early-warning", "to": "supervisory-authority:DE", "bodies": [[{"kind": "supervisory-authority", "places": ["DE"]}]], "forms": [{"id": "general", "title": "A notice"}], "questions": ["incident.high_risk"], "readings": []}],
    "items": [{"id": "i_x", "organisation": "OWN", "title": "A notice", "form": "f", "to": "public-security-organ:CN-ZJ@county", "version": 1, "state": "draft", "text": "t", "order": ["nature"], "blanks": ["nature"], "fields": {"nature": {"asks": "The nature of it", "needed": true, "verified": true, "cite": ""}}}],
    "offers": [], "area_reports": [], "reading": "A reading."})")->as_object();
  scene.notices.at("items").as_array().at(0).as_object()["organisation"] = kLeads.text();
  const auto page = notices_part(scene).markup();
  for (const auto* what : {"the data protection supervisory authority of Germany", "in Brussels: 9 December 2021, 11:00", "early warning", "a high risk to people is likely", "the public security organ of CN-ZJ (China), county", "1 blank", "The nature of it", "If the text still has blanks: why are they left?"})
    CHECK_MESSAGE(says(page, what), what);
}

TEST_CASE("the timeline says what an entry is about, so far as this view has it") {
  auto fold = law_case();
  fold.products.push_back({law_id<ProductId>(5), kMaker, "Parser", "1.0", {}, {}});
  const auto line = [&](std::uint8_t n, ProductId product) { return cvd::CaseFold::Line{kAsked, kAsked, "RemedyStepped", kMaker, access::Compartment::shared(), law_id<EntryId>(n), law_id<RequestId>(n), {}, product, cvd::RemedyStep::Validated, {}}; };
  fold.timeline = {line(1, law_id<ProductId>(5)), line(2, law_id<ProductId>(6))};
  const auto page = timeline_part(law_scene(fold, kLeads)).markup();
  CHECK(says(page, "<strong>Remedy moved on</strong>: Parser 1.0, validated"));
  CHECK(says(page, "<strong>Remedy moved on</strong>: validated"));   // a product that it doesn't have isn't named
}

}  // namespace sluice::web::pages
