#include "cli/clock_watch.h"

namespace sluice::cli {

namespace {
bool beyond(Duration difference, Duration most) { return difference > most || difference < -most; }
}  // namespace

ClockWatch::ClockWatch(Instant wall, Duration counting, const std::optional<LastTick>& last, std::string_view boot_id) : wall_(wall), counting_(counting) {
  if (!last || last->boot_id.empty()) return;
  if (last->boot_id == boot_id) {
    const auto difference = (wall - last->wall) - (counting - last->boottime);
    if (beyond(difference, kMostAcrossRestart)) held_ = difference;
  } else if (wall < last->wall - kMostAcrossRestart) {  // another boot: time can't have gone back, and how far it went on nobody here knows
    held_ = wall - last->wall;
  }
}

bool ClockWatch::may_fire(Instant wall, Duration counting) {
  std::scoped_lock lock(mutex_);
  const auto difference = (wall - wall_) - (counting - counting_);
  if (beyond(difference, kMostStep)) held_ = held_.value_or(Duration{}) + difference;
  if (beyond(difference, kMostStep) || counting - counting_ > kWindow) wall_ = wall, counting_ = counting;
  return !held_;
}

void ClockWatch::confirm(Instant wall, Duration counting) {
  std::scoped_lock lock(mutex_);
  wall_ = wall, counting_ = counting;
  held_.reset();
}

std::optional<Duration> ClockWatch::held_by() const {
  std::scoped_lock lock(mutex_);
  return held_;
}

json::object ClockWatch::state() const {
  const auto held = held_by();
  json::object out{{"held", held.has_value()}};
  if (held) out["difference_seconds"] = std::chrono::duration_cast<std::chrono::seconds>(*held).count();
  return out;
}

}  // namespace sluice::cli
