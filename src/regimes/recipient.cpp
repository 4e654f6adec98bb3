#include "regimes/recipient.h"

namespace sluice::regimes {

namespace {

std::vector<std::string_view> parts(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find(at, from), text.size());
    out.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 80) return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == text.npos;
}

}  // namespace

std::string to_text(const Recipient& recipient) {
  return recipient.kind + (recipient.place.empty() ? "" : ":" + recipient.place) + (recipient.level.empty() ? "" : "@" + recipient.level);
}

std::string to_text(const Circles& circles) {
  std::string out;
  for (const auto& circle : circles) {
    out += out.empty() ? "" : "|";
    for (std::size_t i = 0; i < circle.size(); ++i) out += (i == 0 ? "" : "+") + to_text(circle[i]);
  }
  return out;
}

Result<Recipients> parse_recipients(std::string_view text) {
  Recipients out;
  for (const auto part : parts(text, '+')) {
    const auto level = part.find('@');
    const auto place = part.substr(0, level).find(':');
    Recipient one{std::string(part.substr(0, std::min(place, level))), {}, {}};
    if (place != part.npos) one.place = part.substr(place + 1, level == part.npos ? part.npos : level - place - 1);
    if (level != part.npos) one.level = part.substr(level + 1);
    if (!is_name(one.kind) || (place != part.npos && !is_name(one.place)) || (level != part.npos && !is_name(one.level)))
      return fail(ErrorKind::Invalid, "\"" + std::string(part.substr(0, 80)) + "\" is no recipient. Write kind, kind:PLACE or kind:PLACE@level.");
    out.push_back(std::move(one));
  }
  return out;
}

Result<Circles> parse_circles(std::string_view text) {
  Circles out;
  for (const auto part : parts(text, '|')) {
    TRY(out.emplace_back(), parse_recipients(part));
  }
  return out;
}

}  // namespace sluice::regimes
