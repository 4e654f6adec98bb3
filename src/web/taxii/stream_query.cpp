#include "web/taxii/stream_query.h"

#include <algorithm>
#include <charconv>

#include "web/taxii/media_type.h"

namespace sluice::web::taxii {

bool accepts_events(std::string_view accept) {
  const auto ranges = media_ranges(accept);
  return std::any_of(ranges.begin(), ranges.end(), [](const MediaRange& one) { return one.type == "text" && one.subtype == "event-stream" && one.quality > 0; });
}

Result<Duration> read_wait(std::span<const std::pair<std::string, std::string>> query) {
  const std::string* found = nullptr;
  for (const auto& [name, value] : query) {
    if (name != "wait") continue;
    if (found) return fail(ErrorKind::Malformed, "This parameter stands twice.", "wait");
    found = &value;
  }
  if (!found) return Duration::zero();
  int seconds = -1;
  const auto [end, error] = std::from_chars(found->data(), found->data() + found->size(), seconds);
  if (error != std::errc{} || end != found->data() + found->size() || seconds < 0 || std::chrono::seconds(seconds) > kLongestWait) return fail(ErrorKind::Malformed, "This must be a whole number of seconds from 0 to 60.", "wait");
  return Duration(std::chrono::seconds(seconds));
}

}  // namespace sluice::web::taxii
