#include "service/taxii_state.h"

#include "base/bind.h"

namespace sluice::service::taxii {

namespace {

constexpr std::string_view kPullFormat = "sluice-taxii-pull";

// As it stands in the file.
struct SavedPage {
  std::optional<std::string> until;
  std::vector<std::string> keys;
};
BOOST_DESCRIBE_STRUCT(SavedPage, (), (until, keys))

struct SavedPull {
  std::string format;
  int v = 1;
  std::string collection;
  std::map<std::string, std::string> filters;
  std::optional<std::string> after, next, next_after;
  std::int64_t limit = 0, objects = 0, pages = 0;
  std::optional<std::int64_t> bytes;
  std::vector<SavedPage> recent;
};
BOOST_DESCRIBE_STRUCT(SavedPull, (), (format, v, collection, filters, after, next, next_after, limit, objects, pages, bytes, recent))

std::optional<std::string> text_or_none(const std::optional<Instant>& instant) { return instant ? std::optional(taxii_text(*instant)) : std::nullopt; }

// In the one form that is written, or T1 wouldn't hold.
Result<std::optional<Instant>> instant_or_none(const std::optional<std::string>& text, const std::string& where) {
  if (!text) return std::optional<Instant>();
  const auto instant = parse_instant(*text);
  if (!instant || taxii_text(*instant) != *text) return fail(ErrorKind::Invalid, "This must be an instant with six digits of a second, such as 2027-01-31T12:00:00.000000Z.", where);
  return std::optional(*instant);
}

}  // namespace

std::string to_text(const PullState& state) {
  SavedPull out{std::string(kPullFormat), 1, state.collection, state.filters, text_or_none(state.walk.after), state.walk.next, text_or_none(state.walk.next_after)};
  out.limit = state.walk.limit;
  out.objects = static_cast<std::int64_t>(state.walk.objects);
  out.pages = static_cast<std::int64_t>(state.walk.pages);
  if (state.bytes) out.bytes = static_cast<std::int64_t>(*state.bytes);
  for (const auto& page : state.walk.recent) {
    SavedPage saved{text_or_none(page.until), {}};
    for (const auto& key : page.keys) saved.keys.push_back(to_text(key));
    out.recent.push_back(std::move(saved));
  }
  return canonical(to_json(out)) + "\n";
}

Result<PullState> read_pull_state(std::string_view text) {
  TRY(const auto value, parse_json(text, {.bytes = 64 << 20, .depth = 8, .keys = 2'000'000, .string = 64 << 10}));
  if (string_at(value, "format") != kPullFormat) return fail(ErrorKind::Invalid, "This is no state of a pull.", "/format");
  TRY(auto saved, from_json<SavedPull>(value));
  if (saved.v != 1) return fail(ErrorKind::Invalid, "This state was written by a later version of Sluice.", "/v");
  PullState out{std::move(saved.collection), std::move(saved.filters)};
  TRY(out.walk.after, instant_or_none(saved.after, "/after"));
  TRY(out.walk.next_after, instant_or_none(saved.next_after, "/next_after"));
  out.walk.next = std::move(saved.next);
  if (out.walk.next && out.walk.next->empty()) return fail(ErrorKind::Invalid, "A cursor isn't empty.", "/next");
  if (out.walk.next_after && !out.walk.next) return fail(ErrorKind::Invalid, "This stands beside a cursor only.", "/next_after");
  if (saved.limit < 1 || saved.limit > kMostLimit) return fail(ErrorKind::Invalid, "This must be from 1 to " + std::to_string(kMostLimit) + ".", "/limit");
  if (saved.objects < 0) return fail(ErrorKind::Invalid, "This can't be negative.", "/objects");
  if (saved.pages < 0) return fail(ErrorKind::Invalid, "This can't be negative.", "/pages");
  if (saved.bytes && *saved.bytes < 0) return fail(ErrorKind::Invalid, "This can't be negative.", "/bytes");
  out.walk.limit = static_cast<std::uint32_t>(saved.limit);
  out.walk.objects = static_cast<std::uint64_t>(saved.objects);
  out.walk.pages = static_cast<std::uint64_t>(saved.pages);
  if (saved.bytes) out.bytes = static_cast<std::uint64_t>(*saved.bytes);
  std::size_t keys = 0;
  for (std::size_t i = 0; i < saved.recent.size(); ++i) {
    const auto where = "/recent/" + std::to_string(i);
    PageKeys page;
    TRY(page.until, instant_or_none(saved.recent[i].until, where + "/until"));
    for (const auto& word : saved.recent[i].keys) {
      const auto key = parse_object_key(word);
      if (!key) return fail(ErrorKind::Invalid, "This is no key of an object.", where + "/keys/" + std::to_string(page.keys.size()));
      page.keys.push_back(*key);
    }
    keys += page.keys.size();
    if (keys > 2 * kMostKeys) return fail(ErrorKind::TooLarge, "There are more keys than are ever kept.", where);
    out.walk.recent.push_back(std::move(page));
  }
  return out;
}

}  // namespace sluice::service::taxii
