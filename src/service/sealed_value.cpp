#include "service/sealed_value.h"

#include "base/time.h"

namespace sluice::service {

namespace {
ledger::Place place_of(const store::Cells& cells, std::string_view purpose, std::string_view bound_to) { return {cells.site(), "value", purpose, bound_to}; }
constexpr std::size_t kLongest = 8192;
}  // namespace

std::string seal_value(const store::Cells& cells, std::string_view purpose, json::object value, Instant expires, Random& random, std::string_view bound_to) {
  value["expires"] = to_text(Instant{expires.micros - expires.micros % 1'000'000});  // whole seconds: a fraction's digits would show in the length
  return base64url(ledger::seal(cells.keys().derived(purpose), {.version = 1}, place_of(cells, purpose, bound_to), bytes_of(canonical(value)), random));
}

std::optional<json::object> open_value(const store::Cells& cells, std::string_view purpose, std::string_view text, Instant now, std::string_view bound_to) {
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  const auto sealed = from_base64url(text);
  if (!sealed) return std::nullopt;
  const auto opened = ledger::open(cells.keys().derived(purpose), place_of(cells, purpose, bound_to), *sealed);
  if (!opened) return std::nullopt;
  auto value = parse_json(text_of(opened->reveal()));
  if (!value || !value->is_object()) return std::nullopt;
  const auto expires = parse_instant(string_at(*value, "expires"));
  if (!expires || *expires <= now) return std::nullopt;
  return std::move(value->as_object());
}

}  // namespace sluice::service
