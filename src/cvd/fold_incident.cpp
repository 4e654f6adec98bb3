// Incidents, notices, reports on an area: each in one compartment alone, so that every event comes once; C5 is held by version and by what is there already.
#include "cvd/folds.h"

namespace sluice::cvd {

namespace {
Instant whole_second(Instant at) { return {at.micros - (at.micros % 1'000'000 + 1'000'000) % 1'000'000}; }
}  // namespace

const json::value* Incident::fact(const std::string& name) const {
  const auto found = facts.find(name);
  if (found == facts.end() || found->second.empty() || found->second.back().value.is_null()) return nullptr;
  return &found->second.back().value;
}

const Notice::Version* Notice::version(int number) const { return number >= 1 && number <= static_cast<int>(versions.size()) ? &versions[static_cast<std::size_t>(number - 1)] : nullptr; }

bool Notice::may_go_out(int number) const {
  const auto* wanted = version(number);
  return wanted != nullptr && std::any_of(cleared.begin(), cleared.end(), [&](const Cleared& one) { return one.what.version == number && one.what.hash == wanted->what.hash && one.what.to == wanted->what.to; });
}

json::object incident_facts(const CaseFold& fold, OrganisationId organisation) {
  json::object incident, events;
  json::array origins;
  const auto found = fold.incidents.find(organisation);
  if (found == fold.incidents.end()) return {};
  for (const auto& [name, history] : found->second.facts) {
    const auto* value = found->second.fact(name);
    if (value == nullptr) continue;
    const bool is_event = name.find('.') != std::string::npos;
    const auto& last = history.back();
    if (is_event) events[name + "@" + organisation.text()] = value->is_bool() ? json::value(nullptr) : *value;
    else incident[name] = *value;
    json::object origin{{"path", is_event ? "/events/" + name + "@" + organisation.text() : "/incident/" + name}, {"source", last.source}, {"at", to_text(last.at)}};
    if (last.by) origin["by"] = last.by->text();
    origins.push_back(std::move(origin));
  }
  return {{"incident", std::move(incident)}, {"events", std::move(events)}, {"origins", std::move(origins)}};
}

std::vector<std::string> classes_of_notice(const CaseFold& fold, NoticeId notice, int version) {
  for (; version > 0; --version)
    if (const auto found = fold.content_classes.find("notice:" + notice.text() + "/" + std::to_string(version)); found != fold.content_classes.end()) return found->second.classes;
  return {};
}

json::array notice_actions(const CaseFold& fold, OrganisationId organisation) {
  json::array out;
  for (const auto& notice : fold.notices) {
    if (notice.organisation != organisation || !notice.filed) continue;
    const auto& filed = notice.filed->what;
    const auto* version = notice.version(filed.version);
    if (version == nullptr) continue;
    json::array content;
    for (const auto& one : classes_of_notice(fold, notice.id, filed.version)) content.emplace_back(one);
    json::object action{{"id", notice.id.text()}, {"actor", organisation.text()}, {"type", version->what.act}, {"to", filed.to}, {"content", std::move(content)}, {"at", to_text(whole_second(filed.at))}};
    if (version->what.stage) action["stage"] = *version->what.stage;
    else if (version->what.form == kGeneralForm) action["stage"] = kNoStage;
    out.push_back(std::move(action));
  }
  for (const auto& report : fold.area_reports) {
    if (report.organisation != organisation || !report.published) continue;
    if (const auto* version = report.version(report.published->version)) out.push_back(area_action(version->what, report.published->at));
  }
  return out;
}

json::object area_action(const AreaReportDrafted& version, std::optional<Instant> at) {
  json::array content;
  for (const auto& one : version.classes) content.emplace_back(one);
  json::object action{{"id", version.area.text()}, {"actor", version.organisation.text()}, {"type", version.sector ? "publish-sector-report" : "publish-regional-report"}, {"to", "public"}, {"content", std::move(content)}, {"at", nullptr}};
  if (at) action["at"] = to_text(whole_second(*at));
  if (version.sector) action["sector"] = *version.sector;
  if (version.regions.size() == 1) action["region"] = version.regions.front();
  else if (!version.regions.empty()) {
    json::array regions;
    for (const auto& one : version.regions) regions.emplace_back(one);
    action["region"] = std::move(regions);
  }
  action["public_data"] = version.public_data ? "yes" : "no";
  return action;
}

const AreaReport::Version* AreaReport::version(int number) const { return number >= 1 && number <= static_cast<int>(versions.size()) ? &versions[static_cast<std::size_t>(number - 1)] : nullptr; }

}  // namespace sluice::cvd

namespace sluice::cvd::folds {

void fold_one(CaseFold& fold, const IncidentRecorded& e, const Context& context) {
  auto [at, is_new] = fold.incidents.try_emplace(e.organisation);
  auto& incident = at->second;
  if (is_new) incident.organisation = e.organisation, incident.recorded = context.recorded;
  else if (incident.title != e.title || incident.summary != e.summary) incident.earlier.push_back({context.recorded, incident.title, incident.summary});
  incident.title = e.title;
  incident.summary = e.summary;
}
void fold_one(CaseFold& fold, const IncidentMoved& e, const Context& context) {
  const auto found = fold.incidents.find(e.organisation);
  if (found == fold.incidents.end() || found->second.phase == e.phase) return;
  found->second.phase = e.phase;
  found->second.moves.push_back({context.recorded, e.phase, e.note, context.actor});
}
void fold_one(CaseFold& fold, const IncidentFactStated& e, const Context& context) {
  const auto found = fold.incidents.find(e.organisation);
  if (found == fold.incidents.end()) return;
  auto& history = found->second.facts[e.fact];
  if (!history.empty() && history.back().entry == context.entry) return;  // one entry states a fact once
  history.push_back({context.recorded, e.value, e.source, e.why, context.actor, context.entry});
}

void fold_one(CaseFold& fold, const NoticeDrafted& e, const Context& context) {
  auto* notice = find_by_id(fold.notices, e.notice);
  if (notice == nullptr) {
    notice = &fold.notices.emplace_back();
    notice->id = e.notice, notice->organisation = e.organisation, notice->supplements = e.supplements;
  }
  if (static_cast<int>(notice->versions.size()) + 1 == e.version) notice->versions.push_back({e, context.recorded, context.actor});
}
void fold_one(CaseFold& fold, const NoticeDropped& e, const Context&) {
  if (auto* notice = find_by_id(fold.notices, e.notice)) notice->dropped_why = e.why;
}
void fold_one(CaseFold& fold, const NoticeCleared& e, const Context& context) {
  if (auto* notice = find_by_id(fold.notices, e.notice)) {
    const bool is_there = std::any_of(notice->cleared.begin(), notice->cleared.end(), [&](const auto& one) { return one.what.ruling == e.ruling; });
    if (!is_there) notice->cleared.push_back({e, context.recorded, context.actor});
  }
}
void fold_one(CaseFold& fold, const NoticeFiled& e, const Context& context) {
  if (auto* notice = find_by_id(fold.notices, e.notice); notice != nullptr && !notice->filed) notice->filed = Notice::Filed{e, context.recorded, context.actor};
}
void fold_one(CaseFold& fold, const NoticeReceiptAdded& e, const Context& context) {
  if (auto* notice = find_by_id(fold.notices, e.notice)) notice->receipts.push_back({context.recorded, e.reference, e.receipt, e.file, context.actor});
}

void fold_one(CaseFold& fold, const AreaReportDrafted& e, const Context& context) {
  auto* report = find_by_id(fold.area_reports, e.area);
  if (report == nullptr) {
    report = &fold.area_reports.emplace_back();
    report->id = e.area, report->organisation = e.organisation;
  }
  if (static_cast<int>(report->versions.size()) + 1 == e.version) report->versions.push_back({e, context.recorded, context.actor});
}
void fold_one(CaseFold& fold, const AreaReportPublished& e, const Context&) {
  if (auto* report = find_by_id(fold.area_reports, e.area); report != nullptr && !report->published) report->published = e;
}

}  // namespace sluice::cvd::folds
