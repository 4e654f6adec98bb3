#include "service/erasure.h"

#include <algorithm>

#include "service/cases.h"
#include "service/viewers.h"
#include "store/keys.h"

namespace sluice::service {

namespace {

// All keys that stay, into the epoch that began last. In slices, so that no command waits long.
Result<void> rewrap_all(Services& services) {
  for (;;) {
    std::size_t moved = 0;
    auto slice = services.writer.run([&](Unit& unit) -> Result<Committed> {
      TRY(const auto keys, store::keys_before_epoch(unit.writing().tx(), services.site.keys->epoch(), 500));
      for (const auto& key : keys) {
        TRY(const auto rewrapped, services.site.keys->rewrap(key.wrapped, services.random));
        TRY(store::rewrap_key(unit.writing().tx(), key.stream, rewrapped));
      }
      moved = keys.size();
      return Committed{};
    });
    if (!slice) return std::unexpected(slice.error());
    if (moved == 0) return {};
  }
}

}  // namespace

Work erase_for(Services& services, PersonId person, CaseId id, cvd::EraseCompartment command) {
  return [&services, person, id, command = std::move(command)](Unit& unit) -> Result<Committed> {
    TRY(const auto state, unit.case_state(id));
    TRY(const auto viewer, viewer_for(services.site, unit.writing().tx(), person, state->fold.owner));
    return case_command(services, {.viewer = viewer}, id, command)(unit);
  };
}

Result<void> forget_erased(Unit& unit, CaseId id, const cvd::Changes& changes) {
  for (const auto& change : changes) {
    const auto* erased = get_if<cvd::CompartmentErased>(&change.event);
    if (erased == nullptr) continue;
    const auto compartment = access::Compartment::parse(erased->compartment);
    if (!compartment) return fail(ErrorKind::Invalid, "There is no such compartment.", "/compartment");
    TRY(store::forget_key(unit.writing().tx(), unit.store().streams().tag_of(id, *compartment), unit.now()));
    unit.store().streams().forget_all();
    unit.store().views().forget_all();
  }
  return {};
}

Result<bool> finish_erasures(Services& services) {
  auto& keys = *services.site.keys;
  std::vector<std::uint32_t> forgotten;
  {
    TRY(auto db, services.store.lease());
    TRY(forgotten, store::epochs_of_forgotten(*db));
  }
  const auto there = keys.epochs();
  const auto is_there = [&](std::uint32_t epoch) { return std::find(there.begin(), there.end(), epoch) != there.end(); };
  if (std::none_of(forgotten.begin(), forgotten.end(), is_there)) return false;
  services.store.views().forget_all();
  services.store.streams().forget_all();  // a reader may have fetched the key once more before the commit
  // After a crash the new epoch has begun already, and no forgotten key was ever wrapped in it.
  if (std::find(forgotten.begin(), forgotten.end(), keys.epoch()) != forgotten.end()) TRY(keys.begin_epoch(services.random));
  TRY(rewrap_all(services));
  for (const auto epoch : keys.epochs())
    if (epoch < keys.epoch()) TRY(keys.destroy_epoch(epoch, services.random));
  services.store.streams().forget_all();
  services.store.views().forget_all();
  return true;
}

}  // namespace sluice::service
