// TAXII's own forms: an envelope's objects lie in it in order and put back make it anew, media types and queries are read or refused, and times are what they say.
#include <cstdint>
#include <cstdlib>

#include "base/fine_time.h"
#include "base/json.h"
#include "formats/taxii/envelope.h"
#include "web/taxii/media_type.h"
#include "web/taxii/query.h"
#include "web/taxii/stream_query.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto envelope = formats::taxii::read_envelope(text, 1000)) {
    std::size_t end = 0;
    bool all_json = true;
    for (const auto object : envelope->objects) {
      const auto at = static_cast<std::size_t>(object.data() - text.data());
      if (object.empty() || at < end || at + object.size() > text.size()) std::abort();   // X1
      end = at + object.size();
      all_json = all_json && parse_json(object).has_value();
    }
    if (all_json && text.size() < 64 << 10 && !parse_json(text, {.bytes = 64 << 10, .depth = 64, .keys = 100'000, .string = 64 << 10})) std::abort();   // X3
  }

  const bool accepted = web::taxii::accepts_taxii(text);
  const auto ranges = web::taxii::media_ranges(text);
  if (accepted && ranges.empty()) std::abort();
  if (web::taxii::is_taxii(text) && !accepted && ranges.front().quality > 0) std::abort();
  for (const auto& range : ranges)
    if (range.type.empty() || range.subtype.empty() || range.quality < 0 || range.quality > 1000) std::abort();

  // Lines are parameters.
  std::vector<std::pair<std::string, std::string>> query;
  for (std::size_t at = 0; at < text.size() && query.size() < 20;) {
    const auto line = std::min(text.find('\n', at), text.size());
    const auto whole = text.substr(at, line - at);
    const auto equals = std::min(whole.find('='), whole.size());
    query.emplace_back(whole.substr(0, equals), equals < whole.size() ? whole.substr(equals + 1) : std::string_view{});
    at = line + 1;
  }
  const auto read = web::taxii::read_query(query, web::taxii::kListFilters);
  if (!read && (read.error().kind != ErrorKind::Malformed || read.error().where.empty())) std::abort();   // Q1
  if (read && ((read->limit && *read->limit < 1) || (read->all_versions && (read->first_version || read->last_version || !read->exact_versions.empty())))) std::abort();

  // A filter has one canonical text, however it was asked for; what names a value names it again by its kind.
  if (read && read->content.is_empty() != read->content.canonical().empty()) std::abort();   // F3
  if (const auto wait = web::taxii::read_wait(query); wait ? *wait < Duration::zero() || *wait > web::taxii::kLongestWait : wait.error().kind != ErrorKind::Malformed || wait.error().where != "wait") std::abort();
  if (web::taxii::accepts_events(text) && ranges.empty()) std::abort();
  if (text.size() < 4096)
    for (const auto& [kind, value] : service::value_readings(text))
      if (kind.empty() || value.empty()) std::abort();

  if (const auto nanos = utc_nanos(text)) {
    const auto instant = instant_of_nanos(*nanos);
    if (utc_nanos(six_digits(instant)) != instant.micros * 1000) std::abort();
  }
  return 0;
}
