#include "store/views.h"

#include <cstring>

namespace sluice::store {

std::size_t Views::Hasher::operator()(const Name& name) const {
  std::size_t of_case = 0, of_person = 0;
  std::memcpy(&of_case, name.id.bytes.data(), sizeof of_case);
  std::memcpy(&of_person, name.person.bytes.data(), sizeof of_person);
  return of_case ^ of_person;
}

void Views::drop(Map::iterator kept) {
  held_ -= kept->second.entries;
  recent_.erase(kept->second.place);
  kept_.erase(kept);
}

std::shared_ptr<const cvd::CaseView> Views::find(const Name& name, std::int64_t version) {
  const std::scoped_lock lock(mutex_);
  const auto found = kept_.find(name);
  if (found == kept_.end() || found->second.version != version) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second.place);
  return found->second.view;
}

void Views::keep(const Name& name, std::int64_t version, std::shared_ptr<const cvd::CaseView> view, std::size_t entries) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = kept_.find(name); found != kept_.end()) {
    if (found->second.version > version) return;  // a slower reader of an older version
    drop(found);
  }
  recent_.push_front(name);
  kept_.emplace(name, Kept{version, std::move(view), entries, recent_.begin()});
  held_ += entries;
  while (held_ > most_ && recent_.size() > 1) drop(kept_.find(recent_.back()));
}

void Views::forget_all() {
  const std::scoped_lock lock(mutex_);
  kept_.clear();
  recent_.clear();
  held_ = 0;
}

}  // namespace sluice::store
