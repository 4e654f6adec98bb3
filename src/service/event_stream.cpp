#include "service/event_stream.h"

#include <algorithm>

namespace sluice::service {

void EventStream::line(std::string_view text, std::vector<ServerEvent>& out) {
  if (std::exchange(is_first_, false) && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.empty()) {
    if (has_data_) {
      data_.pop_back();                            // the line feed after the last line of data
      out.push_back({id_, event_.empty() ? "message" : event_, std::move(data_)});
    }
    data_.clear();
    event_.clear();
    has_data_ = false;
    return;
  }
  const auto colon = text.find(':');
  const auto field = text.substr(0, colon);
  auto value = colon == text.npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    (data_ += value) += '\n';
    has_data_ = true;
  } else if (field == "event") {
    event_ = value;
  } else if (field == "id") {
    if (value.find('\0') == value.npos) id_ = value;
  } else if (field == "retry" && !value.empty() && value.size() <= 8 && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    retry_ = std::chrono::milliseconds(std::stol(std::string(value)));
  }
}

Result<std::vector<ServerEvent>> EventStream::take(std::string_view bytes) {
  std::vector<ServerEvent> out;
  for (const char c : bytes) {
    // CR, LF and CR LF each end a line; the LF of a CR LF may come with the next bytes.
    if (std::exchange(after_return_, c == '\r') && c == '\n') continue;
    if (c == '\n' || c == '\r') {
      line(line_, out);
      line_.clear();
      continue;
    }
    line_ += c;
    if (line_.size() + data_.size() + event_.size() > most_) return fail(ErrorKind::TooLarge, "An event of the stream is larger than the " + std::to_string(most_) + " bytes that are taken.");
  }
  return out;
}

}  // namespace sluice::service
