#include "service/break_glass.h"

#include <algorithm>

#include "cvd/reason.h"
#include "service/cases.h"
#include "service/site_log.h"

namespace sluice::service {

namespace {

using store::GlassRow;
using store::GlassState;

constexpr Duration kWaits = std::chrono::hours(24);
constexpr int kShown = 100;

std::unexpected<Error> no_glass() { return fail(ErrorKind::NotFound, "There is no such request."); }

Result<void> may_break(Unit& unit, const Asker& asker) {
  TRY(still_affiliated(unit, asker.viewer));
  TRY(access::require(asker.viewer, access::Action::BreakGlass, {}));
  return {};
}

// B1: a case that isn't there is told nothing, and the answer doesn't say so.
Result<void> tell_case(Unit& unit, Services& services, const Asker& asker, CaseId id, std::string action, cvd::Changes changes) {
  const auto state = unit.case_state(id);
  if (!state) return state.error().kind == ErrorKind::NotFound ? Result<void>() : std::unexpected(state.error());
  TRY(write_changes(unit, services, asker, {id, std::move(action), id.text(), {}}, changes));
  return {};
}

Result<Committed> open_glass(Unit& unit, Services& services, const Asker& asker, GlassRow row) {
  row.state = GlassState::Broken;
  row.answered_by = *asker.viewer.person;
  row.answered_at = unit.now();
  row.until = unit.now() + std::chrono::hours(row.hours);
  TRY(store::change_glass(unit.writing().tx(), row));
  cvd::Changes changes{{access::Compartment::coordination(), cvd::GlassBroken{row.id, row.asked_by, *row.answered_by, row.reason, *row.until}}};
  if (row.asked_by == *row.answered_by) changes.push_back({access::Compartment::coordination(), cvd::SecondPersonSpared{"glass.break"}});
  TRY(tell_case(unit, services, asker, row.case_id, "glass.break", std::move(changes)));
  json::object event{{"type", "GlassAnswered"}, {"v", 1}, {"glass", row.id.text()}, {"case", row.case_id.text()}, {"state", "broken"}, {"until", to_text(*row.until)}};
  return write_site_entry(unit, asker, {"glass.confirm", row.id.text(), std::move(event)}, {{"id", row.id.text()}, {"until", to_text(*row.until)}});
}

std::string word_of(const GlassRow& row, Instant now) {
  if (row.state == GlassState::Asked && row.expires <= now) return "expired";
  if (row.state == GlassState::Broken && row.until && *row.until <= now) return "closed";
  return to_word(row.state);
}

}  // namespace

Work ask_to_break_glass(Services& services, Viewers& viewers, Asker asker, BreakGlass wanted) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), wanted = std::move(wanted)](Unit& unit) -> Result<Committed> {
    TRY(may_break(unit, asker));
    if (wanted.hours < 1 || wanted.hours > 24) return fail(ErrorKind::Invalid, "A case is opened for 1 to 24 hours.", "/hours", "ACC-5");
    TRY(cvd::rules::reason_fits(wanted.reason, 4'000, "/reason"));
    TRY(const auto known, store::newest_glasses(unit.writing().tx(), services.cells(), kShown));
    const bool waits = std::any_of(known.begin(), known.end(), [&](const GlassRow& row) {
      return row.asked_by == asker.viewer.person && row.case_id == wanted.case_ && (word_of(row, unit.now()) == "asked" || word_of(row, unit.now()) == "broken");
    });
    if (waits) return fail(ErrorKind::Conflict, "You have asked for this case already.", "/case", "ACC-5", "asked-already");
    GlassRow row{.id = GlassId::random(services.random), .asked_by = *asker.viewer.person, .asked_at = unit.now(), .expires = unit.now() + kWaits, .case_id = wanted.case_, .reason = wanted.reason, .hours = wanted.hours};
    TRY(store::add_glass(unit.writing().tx(), services.cells(), row));
    json::object event{{"type", "GlassAsked"}, {"v", 1}, {"glass", row.id.text()}, {"person", row.asked_by.text()}, {"case", row.case_id.text()}, {"hours", row.hours}, {"reason", row.reason}};
    TRY(auto out, write_site_entry(unit, asker, {"glass.ask", row.id.text(), std::move(event)}, {{"id", row.id.text()}, {"expires", to_text(row.expires)}}));
    if (!services.settings.two_person) return open_glass(unit, services, asker, std::move(row));
    out.waits_for_second_person = true;
    return out;
  };
}

Work confirm_glass(Services& services, Viewers& viewers, Asker asker, GlassId id) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), id](Unit& unit) -> Result<Committed> {
    TRY(may_break(unit, asker));
    auto& tx = unit.writing().tx();
    TRY(auto row, store::glass(tx, services.cells(), id));
    if (!row) return no_glass();
    if (word_of(*row, unit.now()) != "asked") return fail(ErrorKind::Conflict, "This request is answered already, or has expired.", {}, "ACC-5");
    if (row->asked_by == *asker.viewer.person) return fail(ErrorKind::Forbidden, "You asked for this: a second administrator confirms it.", {}, "two persons");
    // B3, ACC-7: who asked must still be one.
    const auto first = viewer_for(services.site, tx, row->asked_by, services.site.file.organisation);
    if (!first && first.error().kind != ErrorKind::Forbidden) return std::unexpected(first.error());
    if (!first || !first->is_instance_admin) return fail(ErrorKind::Conflict, "Whoever asked for this is no administrator of this site any more.", {}, "two persons");
    return open_glass(unit, services, asker, *std::move(row));
  };
}

Work close_glass(Services& services, Viewers& viewers, Asker asker, GlassId id) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), id](Unit& unit) -> Result<Committed> {
    TRY(may_break(unit, asker));
    auto& tx = unit.writing().tx();
    TRY(auto row, store::glass(tx, services.cells(), id));
    if (!row) return no_glass();
    const auto before = word_of(*row, unit.now());
    if (before != "asked" && before != "broken") return fail(ErrorKind::Conflict, "This has ended already.", {}, "ACC-5");
    row->state = before == "asked" ? GlassState::Refused : GlassState::Closed;
    row->closed_at = unit.now();
    if (before == "asked") row->answered_by = *asker.viewer.person, row->answered_at = unit.now();
    TRY(store::change_glass(tx, *row));
    if (before == "broken") TRY(tell_case(unit, services, asker, row->case_id, "glass.close", {{access::Compartment::coordination(), cvd::GlassClosed{row->id}}}));
    json::object event{{"type", "GlassClosed"}, {"v", 1}, {"glass", row->id.text()}, {"case", row->case_id.text()}};
    return write_site_entry(unit, asker, {"glass.close", row->id.text(), std::move(event)}, {{"id", row->id.text()}});
  };
}

Result<std::vector<GlassShown>> glasses(Services& services, const access::Viewer& viewer) {
  TRY(access::require(viewer, access::Action::BreakGlass, {}));
  TRY(auto db, services.store.lease());
  TRY(const auto rows, store::newest_glasses(*db, services.cells(), kShown));
  const auto now = services.clock.now();
  std::vector<GlassShown> out;
  for (const auto& row : rows) out.push_back({row.id, row.case_id, row.reason, row.hours, row.asked_by, row.asked_at, row.expires, word_of(row, now), row.answered_by, row.answered_at, row.until, row.closed_at});
  return out;
}

}  // namespace sluice::service
