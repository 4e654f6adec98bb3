#include "web/http/message.h"

#include <algorithm>
#include <array>

namespace sluice::web::http {
namespace {

constexpr std::array<std::pair<std::string_view, Verb>, 7> kVerbs{{
    {"GET", Verb::Get},
    {"HEAD", Verb::Head},
    {"POST", Verb::Post},
    {"PUT", Verb::Put},
    {"PATCH", Verb::Patch},
    {"DELETE", Verb::Delete},
    {"OPTIONS", Verb::Options},
}};

std::string_view without_spaces(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string_view to_text(Verb verb) { return std::ranges::find(kVerbs, verb, &std::pair<std::string_view, Verb>::second)->first; }

std::optional<Verb> verb_of(std::string_view text) {
  const auto found = std::ranges::find(kVerbs, text, &std::pair<std::string_view, Verb>::first);
  if (found == kVerbs.end()) return std::nullopt;
  return found->second;
}

std::string_view Request::header(std::string_view lower_case_name) const {
  const auto found = std::ranges::find(headers, lower_case_name, &Header::first);
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

bool Request::has_header(std::string_view lower_case_name) const { return std::ranges::find(headers, lower_case_name, &Header::first) != headers.end(); }

std::optional<std::string> Request::query_value(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return std::nullopt;
}

std::vector<std::string> Request::query_values(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : query)
    if (key == name) out.push_back(value);
  return out;
}

// RFC 6265 §4.2.1: cookie-pair *( ";" SP cookie-pair ). Several Cookie headers are read as one list.
std::optional<std::string> Request::cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(';'), rest.size());
      const auto pair = without_spaces(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) return std::string{pair.substr(equals + 1)};
    }
  }
  return std::nullopt;
}

}  // namespace sluice::web::http
