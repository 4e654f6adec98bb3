#include "service/site_log.h"

#include "store/people.h"

namespace sluice::service {

Result<void> still_affiliated(Unit& unit, const access::Viewer& viewer) {
  if (!viewer.is_signed_in()) return {};
  TRY(const auto row, store::affiliation(unit.writing().tx(), *viewer.person, *viewer.organisation));
  if (!row || row->state != store::AffiliationState::Active || row->role != viewer.role) return fail(ErrorKind::Unauthenticated, "Your account has changed. Please sign in again.");
  return {};
}

Result<void> write_entry_on(Unit& unit, const Asker& asker, std::string stream, SiteEvent event, Committed& out) {
  store::NewEntry entry;
  entry.stream_name = std::move(stream);
  entry.action = std::string(event.action);
  entry.actor = asker.viewer.person;
  entry.organisation = asker.viewer.organisation;
  entry.changes.push_back(std::move(event.event));
  entry.object = std::move(event.object);
  entry.recorded = unit.now();
  entry.occurred = asker.occurred;
  entry.request = asker.request;
  entry.session = asker.session ? asker.session : asker.viewer.session;
  TRY(auto appended, unit.writing().append(entry));
  out.to_acknowledge = appended.leaf;
  out.entries.push_back(std::move(appended));
  return {};
}

Result<Committed> write_site_entry(Unit& unit, const Asker& asker, SiteEvent event, json::object answer) {
  TRY(still_affiliated(unit, asker.viewer));
  Committed out;
  TRY(write_entry_on(unit, asker, "site", std::move(event), out));
  out.answer = std::move(answer);
  return out;
}

Work write_second_person_off(Services& services) {
  return [&services](Unit& unit) {
    const Asker machine{access::Viewer::system(), {}, {}, {}};
    return write_site_entry(unit, machine, {"setting.two_person", services.site.file.id.text(), {{"type", "SecondPersonOff"}, {"v", 1}}}, {});
  };
}

}  // namespace sluice::service
