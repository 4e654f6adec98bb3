// Server-sent events, read (HTML Living Standard §9.2.6). Pure: bytes in as they come, events out.
//
// Always holds
//   V1  However the bytes are cut, the events are the same.
//   V2  An event that hasn't ended isn't one; what is kept of it has a bound.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace sluice::service {

struct ServerEvent {
  std::string id;                                  // the last one said, by this event or an earlier one
  std::string event = "message";
  std::string data;
};

class EventStream {
 public:
  explicit EventStream(std::size_t most, std::string last_id = {}) : most_(most), id_(std::move(last_id)) {}
  // The events that end within these bytes. TooLarge for one that is larger than `most`; nothing can be read after that.
  Result<std::vector<ServerEvent>> take(std::string_view bytes);
  std::optional<Duration> retry() const { return retry_; }

 private:
  void line(std::string_view text, std::vector<ServerEvent>& out);

  std::size_t most_;
  std::string line_, id_, event_, data_;
  bool has_data_ = false, after_return_ = false, is_first_ = true;
  std::optional<Duration> retry_;
};

}  // namespace sluice::service
