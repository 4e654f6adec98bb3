#include "access/viewer.h"

namespace sluice::access {

bool Viewer::is_stepped_up(Instant now) const {
  if (kind == Kind::System) return true;
  if (kind == Kind::Machine) return true;  // AUT-6: no step-up at use
  constexpr auto kFor = std::chrono::minutes(10);
  return kind == Kind::Person && stepped_up_at && *stepped_up_at <= now && now - *stepped_up_at <= kFor;
}

std::string to_text(Scopes scopes) {
  std::string out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Scope>>([&](auto d) {
    if (scopes.has(d.value)) out += (out.empty() ? "" : " ") + snake_case(d.name);
  });
  return out;
}

std::optional<Scopes> parse_scopes(std::string_view text) {
  Scopes out;
  while (!text.empty()) {
    const auto end = text.find(' ');
    const auto word = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (word.empty()) continue;
    const auto scope = from_word<Scope>(word);
    if (!scope) return std::nullopt;
    out.add(*scope);
  }
  return out;
}

}  // namespace sluice::access
