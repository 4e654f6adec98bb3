#include "service/erasure.h"

#include "service/cases.h"
#include "store/keys.h"

namespace sluice::service {

Result<void> erase_compartment(Services& services, const Asker& asker, CaseId id, const access::Compartment& compartment, const std::string& why) {
  using enum access::Compartment::Kind;
  if (compartment.kind != Report && compartment.kind != Organisation) return fail(ErrorKind::Invalid, "Only a report's or a participant's compartment can be erased.", "compartment");
  if (why.empty()) return fail(ErrorKind::Invalid, "Say why it is erased: that stays on record.", "why");
  const auto stream = services.store.streams().tag_of(id, compartment);

  auto written = services.writer.run([&](Unit& unit) -> Result<Committed> {
    TRY(const auto state, unit.case_state(id));
    cvd::CompartmentErased event{.compartment = compartment.text(), .why = why};
    if (compartment.kind == Report) {
      if (state->fold.report(*compartment.report) == nullptr) return fail(ErrorKind::NotFound, "There is no such report in this case.");
      event.report_id = compartment.report;
    } else {
      const auto* participant = state->fold.participant(*compartment.organisation);
      if (participant == nullptr) return fail(ErrorKind::NotFound, "There is no such participant in this case.");
      event.organisation = compartment.organisation;
      event.report = participant->report;
    }
    TRY(auto committed, write_changes(unit, services, asker, {id, "compartment.erase", id.text(), why}, {{access::Compartment::coordination(), event}}));
    TRY(store::forget_key(unit.writing().tx(), stream, unit.now()));
    return committed;
  });
  if (!written) return std::unexpected(written.error());

  // The key's wrapped bytes are gone from the database; the epoch that could still open an old copy of them goes too.
  const auto old_epochs = services.site.keys->epochs();
  TRY(services.site.keys->begin_epoch(services.random));
  for (;;) {
    int moved = 0;
    auto slice = services.writer.run([&](Unit& unit) -> Result<Committed> {
      TRY(const auto keys, store::keys_before_epoch(unit.writing().tx(), services.site.keys->epoch(), 500));
      for (const auto& key : keys) {
        TRY(const auto rewrapped, services.site.keys->rewrap(key.wrapped, services.random));
        TRY(store::rewrap_key(unit.writing().tx(), key.stream, rewrapped));
      }
      moved = static_cast<int>(keys.size());
      return Committed{};
    });
    if (!slice) return std::unexpected(slice.error());
    if (moved == 0) break;
  }
  for (const auto epoch : old_epochs) TRY(services.site.keys->destroy_epoch(epoch, services.random));
  services.store.streams().forget_all();
  services.store.views().forget_all();
  return {};
}

}  // namespace sluice::service
