#include "service/threat_report_law.h"

#include <algorithm>

#include "cvd/incident.h"
#include "regimes/recipient.h"
#include "service/packs.h"
#include "service/regimes.h"
#include "threat/regions.h"

namespace sluice::service {

namespace {

// Words of STIX (industry-sector-ov, STIX 2.1 §10.8) that the packs call otherwise. Of two that may be meant, both are asked.
struct SectorWords { std::string_view stix, law; };
constexpr SectorWords kSectorsOfLaw[] = {
    {"communications", "public-communication"}, {"telecommunications", "telecom"}, {"financial-services", "finance"}, {"insurance", "finance"}, {"dams", "water"}, {"nuclear", "energy"}, {"utilities", "energy"}, {"utilities", "water"},
    {"transportation", "transport"}, {"aerospace", "defence-technology"}, {"defense", "defence"}, {"government", "e-government"}, {"government-national", "e-government"}, {"government-regional", "e-government"},
    {"government-local", "e-government"}, {"government-public-services", "public-services"}, {"emergency-services", "public-services"}, {"technology", "information-services"},
};
constexpr std::size_t kMostAreas = 260;           // more is the whole world
constexpr std::size_t kMostPairs = 120;           // of countries and sectors; beyond them, each is asked about by itself

void add_area(std::vector<std::string>& to, std::string_view word) {
  if (!word.empty() && to.size() < kMostAreas && std::find(to.begin(), to.end(), word) == to.end()) to.emplace_back(word);
}

void add_sector(ReportAreas& out, std::string_view sector) {
  bool is_known = false;
  for (const auto& one : kSectorsOfLaw)
    if (one.stix == sector) is_known = true, add_area(out.sectors, one.law);
  if (!is_known) add_area(out.sectors, sector);
}

void add_verdict_of(std::optional<gate::RegimesVerdict>& out, gate::RegimesVerdict one) {
  if (!out) {
    out = std::move(one);
    return;
  }
  // A person may decide only where that holds of each denial.
  const bool both_deny = out->outcome == gate::Outcome::Deny && one.outcome == gate::Outcome::Deny;
  out->person_may_decide = both_deny ? out->person_may_decide && one.person_may_decide : one.outcome == gate::Outcome::Deny ? one.person_may_decide : out->person_may_decide;
  out->outcome = gate::strictest(out->outcome, one.outcome);
  const auto join = [](auto& to, auto& from) {
    for (auto& item : from)
      if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(std::move(item));
  };
  join(out->because, one.because), join(out->duties, one.duties), join(out->conflicts, one.conflicts), join(out->packs, one.packs), join(out->demanded_by_law, one.demanded_by_law), join(out->forbidden_by, one.forbidden_by);
}

}  // namespace

ReportAreas areas_of(const threat::AggregateReport& report) {
  ReportAreas out;
  std::vector<std::string> regions = report.regions, sectors = report.sectors;
  for (const auto& table : report.tables)
    for (const auto& line : table.lines) {
      if (table.by == threat::Breakdown::Region && report.regions.empty() && !line.code.empty()) regions.push_back(line.code);
      if (table.by == threat::Breakdown::Sector && report.sectors.empty() && !line.code.empty()) sectors.push_back(line.code);
    }
  for (const auto& region : regions)
    for (const auto& country : threat::countries_of_region(region)) add_area(out.countries, country);
  if (out.countries.size() == kMostAreas) out.countries.clear();   // the whole world: Z2
  for (const auto& sector : sectors) add_sector(out, sector);
  return out;
}

std::optional<gate::RegimesVerdict> law_of_release(Services& services, const std::vector<OrganisationId>& authors, const store::ThreatTextBody& text, const store::ThreatTextVersion& version, const ReportAreas& areas, store::ThreatAudience to, Instant at) {
  if (text.kind != store::ThreatTextKind::Report) return std::nullopt;
  std::optional<gate::RegimesVerdict> out;
  for (const auto& author : authors) {
    cvd::CaseFold nothing;                        // no case: its owner alone is a party
    nothing.owner = author;
    if (!version.assume.empty()) nothing.scope = cvd::ConfirmedScope{.regimes = {}, .assumed = {version.assume.begin(), version.assume.end()}, .readings = {}, .why = {}, .at = at, .by = {}};
    std::vector<json::object> acts;
    const auto add_act = [&](std::vector<std::string> places, std::optional<std::string> sector) {
      const cvd::AreaReportDrafted area{.area = cvd::AreaReportId::random(services.random), .version = 1, .organisation = author, .title = version.title, .text = {}, .regions = std::move(places), .sector = std::move(sector),
                                        .public_data = version.public_data, .classes = version.classes, .hash = {}};
      auto act = cvd::area_action(area, at);
      if (to != store::ThreatAudience::Public) act["to"] = "members";
      acts.push_back(std::move(act));
    };
    // A law that asks for the office of a place asks it of each, so each place is an act of its own.
    const bool in_pairs = areas.countries.size() * areas.sectors.size() <= kMostPairs;
    if (areas.sectors.empty() || !in_pairs)
      for (const auto& country : areas.countries) add_act({country}, {});
    for (const auto& sector : areas.sectors) {
      if (areas.countries.empty() || !in_pairs) add_act({}, sector);
      else
        for (const auto& country : areas.countries) add_act({country}, sector);
    }
    if (acts.empty()) add_act({}, {});
    const auto judged = acts.size();
    for (std::size_t i = 0; i < text.told.size(); ++i) {
      const auto& told = text.told[i];
      acts.push_back({{"id", "told-" + std::to_string(i)}, {"actor", author.text()}, {"type", "notify-authority"}, {"to", told.to}, {"content", json::array()}, {"at", to_text(Instant{told.at.micros - told.at.micros % 1'000'000})}});
    }
    auto all = regimes_verdicts(services, nothing, Considered{.as_of = at, .own = {}, .more_actions = {}, .only = {}, .only_provider = {}, .parties = {author}}, acts);
    for (std::size_t i = 0; i < judged; ++i)
      if (all[i]) add_verdict_of(out, *std::move(all[i]));
  }
  return out;
}

Result<void> check_report_classes(Services& services, const std::vector<std::string>& classes) {
  if (classes.size() > 30) return fail(ErrorKind::Invalid, "Name 30 classes at most.", "/classes");
  if (!services.packs) return {};
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (!services.packs->library().words.contents.contains(classes[i])) return fail(ErrorKind::Invalid, "There is no such class of content.", "/classes/" + std::to_string(i));
  return {};
}

Result<void> check_assumed(Services& services, const std::vector<std::string>& assumed) {
  if (assumed.size() > 20) return fail(ErrorKind::Invalid, "Name 20 drafts at most.", "/assume");
  for (std::size_t i = 0; i < assumed.size(); ++i) {
    const auto* pack = services.packs ? services.packs->pack(assumed[i]) : nullptr;
    if (pack == nullptr || pack->force != regimes::Force::Draft) return fail(ErrorKind::Invalid, "This is no draft law that the site has a pack of.", "/assume/" + std::to_string(i));
  }
  return {};
}

Result<void> check_told(Services& services, const std::string& to) {
  const auto read = to.size() > 300 ? Result<std::vector<regimes::Recipient>>(fail(ErrorKind::Invalid, "")) : regimes::parse_recipients(to);
  if (!read || read->empty() || to.find('|') != to.npos) return fail(ErrorKind::Invalid, "Name the body as rules do: kind, kind:PLACE or kind:PLACE@level, such as cac-office:CN-ZJ@prefecture; several with + between them.", "/to");
  if (!services.packs) return {};
  const auto& known = services.packs->library().words.recipients;
  for (const auto& one : *read)
    if (!known.contains(one.kind)) return fail(ErrorKind::Invalid, "There is no such kind of body.", "/to");
  return {};
}

}  // namespace sluice::service
