#include "service/reading_log.h"

#include <set>

#include "service/site_log.h"

namespace sluice::service {

namespace {
constexpr Duration kWindow = std::chrono::hours(1);
constexpr Duration kReadsShown = std::chrono::hours(24 * 30);
constexpr Duration kKept = std::chrono::hours(24 * 366);
constexpr int kMost = 1'000;

bool is_watched(const access::Viewer& viewer) {
  return viewer.is_signed_in() && viewer.person && viewer.organisation && (viewer.organisation_kind == access::OrganisationKind::Coordinator || viewer.role == access::SiteRole::Admin);
}

// L2. The count is of things, whatever organisation the person acted for.
Result<bool> raise_alarm(Unit& unit, Services& services, PersonId person, OrganisationId organisation) {
  auto& tx = unit.writing().tx();
  TRY(const auto cases, store::things_read_since(tx, person, unit.now() - kWindow));
  if (cases <= services.settings.reading_alarm) return false;
  TRY(const auto last, store::last_reading_alarm(tx, person));
  if (last && *last > unit.now() - kWindow) return false;
  TRY(store::add_reading_alarm(tx, {person, organisation, unit.now(), cases}));
  const Asker machine{.viewer = access::Viewer::system()};
  TRY(write_site_entry(unit, machine, {"reading.alarm", person.text(), {{"type", "ReadingAlarm"}, {"v", 1}, {"person", person.text()}, {"organisation", organisation.text()}, {"cases", cases}}}, {}));
  return true;
}
}  // namespace

void ReadingLog::add(Held& held, const store::ReadNote& note) {
  std::scoped_lock lock(held.mutex);
  const auto [found, is_new] = held.notes.emplace(Key{note.person, note.organisation, note.object}, note);
  if (is_new) return;
  found->second.first = std::min(found->second.first, note.first);
  found->second.last = std::max(found->second.last, note.last);
  found->second.reads += note.reads;
}

void ReadingLog::note(const access::Viewer& viewer, std::string_view object) {
  if (!is_watched(viewer)) return;
  const auto now = services_.clock.now();
  add(*held_, {*viewer.person, *viewer.organisation, services_.cells().tag("read", object), now, now, 1});
}

void ReadingLog::flush() {
  std::map<Key, store::ReadNote> notes;
  {
    std::scoped_lock lock(held_->mutex);
    notes.swap(held_->notes);
  }
  if (notes.empty()) return;
  auto shared = std::make_shared<std::map<Key, store::ReadNote>>(std::move(notes));
  services_.writer.submit(
      [&services = services_, shared](Unit& unit) -> Result<Committed> {
        auto& tx = unit.writing().tx();
        std::map<PersonId, OrganisationId> people;
        for (const auto& [key, note] : *shared) {
          TRY(store::note_read(tx, note));
          people[note.person] = note.organisation;
        }
        int raised = 0;
        for (const auto& [person, organisation] : people) {
          TRY(const bool alarm, raise_alarm(unit, services, person, organisation));
          raised += alarm ? 1 : 0;
        }
        TRY(store::forget_reads_before(tx, unit.now() - kKept));
        return Committed{.answer = json::object{{"alarms", raised}}};
      },
      [held = held_, shared](Result<Committed> committed) {
        if (!committed) {  // L1
          for (const auto& [key, note] : *shared) add(*held, note);
        } else if (const auto* raised = committed->answer.if_contains("alarms"); raised != nullptr && raised->is_int64()) {
          held->alarms += static_cast<int>(raised->get_int64());
        }
      });
}

Result<AccessLog> access_log(Services& services, const access::Viewer& viewer) {
  TRY(access::require(viewer, access::Action::ReadAccessLog, {.is_own_object = true}));
  store::WhoseReading whose;
  const bool oversees = viewer.role == access::SiteRole::Admin || viewer.role == access::SiteRole::Auditor;
  const bool all = oversees && viewer.is_of_site;
  if (!all) whose.organisation = viewer.organisation;
  if (!oversees) whose.person = viewer.person;
  TRY(auto db, services.store.lease());
  const auto since = services.clock.now() - kReadsShown;
  AccessLog out;
  TRY(const auto hours, store::reading_since(*db, whose, since, kMost));
  for (const auto& row : hours) out.items.push_back({row.person, row.organisation, row.hour, row.last, row.cases, row.reads});
  TRY(const auto alarms, store::reading_alarms_since(*db, whose, since, kMost));
  for (const auto& row : alarms) out.alarms.push_back({row.person, row.organisation, row.at, row.cases});
  return out;
}

}  // namespace sluice::service
