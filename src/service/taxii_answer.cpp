#include "service/taxii_answer.h"

#include <algorithm>

#include "base/bytes.h"
#include "service/json_cuts.h"
#include "service/peer_loop.h"

namespace sluice::service::taxii {

namespace {

constexpr std::size_t kSmallAnswer = 8 << 20;
constexpr JsonLimits kSmallLimits{.bytes = kSmallAnswer, .depth = 32, .keys = 1'000'000, .string = 1 << 20};

JsonLimits limits_of(const AnswerLimits& limits) { return {.bytes = limits.bytes, .depth = limits.depth, .keys = 10'000'000, .string = limits.bytes}; }

std::unexpected<Error> wrong_here(std::string what, std::string where, std::string rule = {}) { return fail(ErrorKind::Invalid, std::move(what), std::move(where), std::move(rule)); }

// An error found inside of a piece, at the piece's own place.
std::unexpected<Error> inside(Error error, const std::string& where) {
  error.where = where + (error.where.empty() || error.where.starts_with('/') ? "" : ", ") + error.where;
  return std::unexpected(std::move(error));
}

Result<json::object> small_object(std::string_view body, std::string_view what) {
  auto value = parse_json(body, kSmallLimits);
  if (!value) return std::unexpected(std::move(value).error());
  if (!value->is_object()) return wrong_here(std::string(what) + " is a JSON object, and this is none.", "");
  return std::move(value->as_object());
}

// What is absent or null is ""; what isn't a string is an error unless it isn't needed.
Result<std::string> text_in(const json::object& object, std::string_view key, const std::string& where, bool required = false) {
  const auto* found = object.if_contains(key);
  if (found == nullptr || found->is_null()) {
    if (required) return wrong_here("This field is required.", where + "/" + std::string(key));
    return std::string();
  }
  if (!found->is_string()) return wrong_here("This must be a string.", where + "/" + std::string(key));
  return std::string(found->get_string());
}

Result<bool> truth_in(const json::object& object, std::string_view key, const std::string& where) {
  const auto* found = object.if_contains(key);
  if (found == nullptr || !found->is_bool()) return wrong_here("This must be true or false.", where + "/" + std::string(key));
  return found->get_bool();
}

Result<std::vector<std::string>> texts_at(const json::object& object, std::string_view key, const std::string& where) {
  std::vector<std::string> out;
  const auto* found = object.if_contains(key);
  if (found == nullptr || found->is_null()) return out;
  const auto at = where + "/" + std::string(key);
  if (!found->is_array()) return wrong_here("This must be a list.", at);
  for (const auto& one : found->get_array()) {
    if (!one.is_string()) return wrong_here("This must be a string.", at + "/" + std::to_string(out.size()));
    out.emplace_back(one.get_string());
  }
  return out;
}

Result<std::uint64_t> count_in(const json::object& object, std::string_view key, bool required) {
  const auto* found = object.if_contains(key);
  if (found == nullptr && !required) return 0;
  boost::system::error_code ec;
  const bool whole = found != nullptr && (found->is_int64() || found->is_uint64());
  const auto number = whole ? found->to_number<std::uint64_t>(ec) : 0;
  if (!whole || ec) return wrong_here("This must be a whole number, and not negative.", "/" + std::string(key));
  return number;
}

Result<Collection> collection_from(const json::value& value, const std::string& where) {
  if (!value.is_object()) return wrong_here("A collection is a JSON object, and this is none.", where);
  const auto& object = value.get_object();
  Collection out;
  TRY(out.id, text_in(object, "id", where, true));
  if (out.id.empty() || out.id.size() > 200) return wrong_here("This is no id of a collection.", where + "/id");
  TRY(out.title, text_in(object, "title", where));
  TRY(out.description, text_in(object, "description", where));
  TRY(out.alias, text_in(object, "alias", where));
  TRY(out.can_read, truth_in(object, "can_read", where));
  TRY(out.can_write, truth_in(object, "can_write", where));
  TRY(out.media_types, texts_at(object, "media_types", where));
  return out;
}

Result<std::vector<StatusDetail>> details_at(const json::object& object, std::string_view key) {
  std::vector<StatusDetail> out;
  const auto* found = object.if_contains(key);
  if (found == nullptr || found->is_null()) return out;
  if (!found->is_array()) return wrong_here("This must be a list.", "/" + std::string(key));
  for (const auto& one : found->get_array()) {
    const auto where = "/" + std::string(key) + "/" + std::to_string(out.size());
    if (!one.is_object()) return wrong_here("This must be an object.", where);
    StatusDetail detail;
    TRY(detail.id, text_in(one.get_object(), "id", where, true));
    TRY(detail.version, text_in(one.get_object(), "version", where));
    TRY(detail.message, text_in(one.get_object(), "message", where));
    out.push_back(std::move(detail));
  }
  return out;
}

Result<void> take_cursor(const json::value& value, const AnswerLimits& limits, Envelope& out) {
  if (value.is_null()) return {};
  if (value.is_int64() || value.is_uint64()) {
    out.next = canonical(value);
  } else if (value.is_string()) {
    out.next = std::string(value.get_string());
  } else {
    return wrong_here("This must be a string.", "/next", "TAXII 2.1 §3.7");
  }
  if (out.next->empty()) out.next.reset();
  else if (out.next->size() > limits.cursor) return fail(ErrorKind::TooLarge, "This is longer than the " + std::to_string(limits.cursor) + " bytes that are kept of a cursor.", "/next");
  return {};
}

// `places`: where each of them stands in the list.
Result<void> take_objects(std::string_view text, const AnswerLimits& limits, Envelope& out, std::vector<std::size_t>& places) {
  if (text == "null") return {};
  if (!text.starts_with('[')) return wrong_here("This must be a list.", "/objects", "TAXII 2.1 §3.7");
  const auto pieces = elements_in(text, limits.objects);
  if (!pieces) return inside(pieces.error(), "/objects");
  out.objects.reserve(pieces->size());
  for (std::size_t i = 0; i < pieces->size(); ++i) {
    const auto where = "/objects/" + std::to_string(i);
    auto object = read_object((*pieces)[i], limits);
    if (object) {
      out.objects.push_back(*std::move(object));
      places.push_back(i);
      continue;
    }
    const auto error = inside(object.error(), where).error();
    out.refused.push_back({Severity::Error, error.rule, error.where, error.message});
  }
  return {};
}

// TAXII 2.1 §3.7 lets an envelope have properties of others' making. A list beside `objects`, of the marks of each; what isn't of that form says nothing.
void take_passed(const json::value& value, const std::vector<std::size_t>& places, const AnswerLimits& limits, Envelope& out) {
  if (!value.is_array()) return;
  const auto& lists = value.get_array();
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] >= lists.size() || !lists[places[i]].is_array()) continue;
    for (const auto& one : lists[places[i]].get_array())
      if (one.is_string() && is_mark(one.get_string()) && out.objects[i].passed.size() < limits.passed) out.objects[i].passed.emplace_back(one.get_string());
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string to_text(const ObjectKey& key) { return base64url(key); }

std::optional<ObjectKey> parse_object_key(std::string_view text) {
  const auto bytes = from_base64url(text);
  ObjectKey out{};
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

Result<StixObject> read_object(std::string_view text, const AnswerLimits& limits) {
  TRY(const auto value, parse_json(text, limits_of(limits)));
  if (!value.is_object()) return wrong_here("A STIX object is a JSON object, and this is none.", "");
  const auto& object = value.get_object();
  StixObject out;
  TRY(out.id, text_in(object, "id", "", true));
  TRY(out.type, text_in(object, "type", "", true));
  // STIX 2.1 §2.9: the type, two hyphens, a UUID. What doesn't even begin so can't be asked for by id.
  if (!out.id.starts_with(out.type + "--") || out.type.empty() || out.id.size() > 300) return wrong_here("This id doesn't begin with the object's type.", "/id", "STIX 2.1 §2.9");
  TRY(out.version, text_in(object, "modified", ""));
  if (out.version.empty()) { TRY(out.version, text_in(object, "created", "")); }
  out.text = text;
  const auto whole = canonical(value);
  const auto hash = sha256(bytes_of(whole));
  std::copy_n(hash.begin(), out.key.size(), out.key.begin());
  return out;
}

Result<Envelope> read_envelope(std::string_view body, const AnswerLimits& limits) {
  if (body.size() > limits.bytes) return fail(ErrorKind::TooLarge, "The answer is larger than the " + std::to_string(limits.bytes) + " bytes that are taken.");
  TRY(const auto members, members_in(body, 1'000));
  Envelope out;
  std::vector<std::size_t> places;
  json::value passed;
  for (const auto& [key, text] : members) {
    const auto where = "/" + pointer_token(key);
    if (key == "objects") {
      TRY(take_objects(text, limits, out, places));
      continue;
    }
    const auto value = parse_json(text, limits_of(limits));
    if (!value) return inside(value.error(), where);
    if (key == "next") {
      TRY(take_cursor(*value, limits, out));
    } else if (key == "more" && !value->is_null()) {
      if (!value->is_bool()) return wrong_here("This must be true or false.", where, "TAXII 2.1 §3.7");
      out.more = value->get_bool();
    } else if (key == "x_date_added_last" && value->is_string()) {
      out.date_added_last = date_of_header(value->get_string());
    } else if (key == "x_sluice_passed") {
      passed = *value;
    }
  }
  take_passed(passed, places, limits, out);
  return out;
}

Result<std::vector<ManifestRecord>> read_manifest(std::string_view body, const AnswerLimits& limits) {
  TRY(const auto value, parse_json(body, limits_of(limits)));
  if (!value.is_object()) return wrong_here("A manifest is a JSON object, and this is none.", "");
  std::vector<ManifestRecord> out;
  const auto* list = value.get_object().if_contains("objects");
  if (list == nullptr || list->is_null()) return out;
  if (!list->is_array()) return wrong_here("This must be a list.", "/objects", "TAXII 2.1 §3.4");
  for (const auto& one : list->get_array()) {
    const auto where = "/objects/" + std::to_string(out.size());
    if (!one.is_object()) return wrong_here("This must be an object.", where);
    ManifestRecord record;
    TRY(record.id, text_in(one.get_object(), "id", where, true));
    TRY(record.version, text_in(one.get_object(), "version", where));
    TRY(const auto added, text_in(one.get_object(), "date_added", where, true));
    const auto instant = date_of_header(added);
    if (!instant) return wrong_here("This must be an instant, such as 2027-01-31T12:00:00.000000Z.", where + "/date_added", "TAXII 2.1 §3.4");
    record.date_added = *instant;
    out.push_back(std::move(record));
  }
  return out;
}

Result<Discovery> read_discovery(std::string_view body) {
  TRY(const auto object, small_object(body, "A discovery resource"));
  Discovery out;
  TRY(out.title, text_in(object, "title", ""));
  TRY(out.description, text_in(object, "description", ""));
  TRY(out.contact, text_in(object, "contact", ""));
  TRY(auto first, text_in(object, "default", ""));
  if (!first.empty()) out.default_root = std::move(first);
  TRY(out.api_roots, texts_at(object, "api_roots", ""));
  return out;
}

Result<ApiRoot> read_api_root(std::string_view body) {
  TRY(const auto object, small_object(body, "An API root"));
  ApiRoot out;
  TRY(out.title, text_in(object, "title", ""));
  TRY(out.description, text_in(object, "description", ""));
  TRY(out.versions, texts_at(object, "versions", ""));
  if (out.versions.empty()) return wrong_here("This field is required.", "/versions", "TAXII 2.1 §4.2.1");
  TRY(out.max_content_length, count_in(object, "max_content_length", false));
  return out;
}

Result<Collection> read_collection(std::string_view body) {
  TRY(const auto value, parse_json(body, kSmallLimits));
  return collection_from(value, "");
}

Result<std::vector<Collection>> read_collections(std::string_view body) {
  TRY(const auto object, small_object(body, "A list of collections"));
  std::vector<Collection> out;
  const auto* list = object.if_contains("collections");
  if (list == nullptr || list->is_null()) return out;
  if (!list->is_array()) return wrong_here("This must be a list.", "/collections", "TAXII 2.1 §5.1.1");
  for (const auto& one : list->get_array()) {
    TRY(auto collection, collection_from(one, "/collections/" + std::to_string(out.size())));
    out.push_back(std::move(collection));
  }
  return out;
}

Result<Status> read_status(std::string_view body) {
  TRY(const auto object, small_object(body, "A status resource"));
  Status out;
  TRY(out.id, text_in(object, "id", "", true));
  if (out.id.empty() || out.id.size() > 200) return wrong_here("This is no id of a status.", "/id", "TAXII 2.1 §4.3.1");
  TRY(const auto word, text_in(object, "status", "", true));
  if (word != "complete" && word != "pending") return wrong_here("This must be \"complete\" or \"pending\".", "/status", "TAXII 2.1 §4.3.1");
  out.complete = word == "complete";
  TRY(out.total, count_in(object, "total_count", true));
  TRY(out.success, count_in(object, "success_count", true));
  TRY(out.failure, count_in(object, "failure_count", true));
  TRY(out.pending, count_in(object, "pending_count", true));
  TRY(out.successes, details_at(object, "successes"));
  TRY(out.failures, details_at(object, "failures"));
  TRY(out.pendings, details_at(object, "pendings"));
  const auto most = std::max({out.success, out.failure, out.pending});
  if (out.total > 1ull << 53 || most > out.total || out.success + out.failure + out.pending != out.total) return wrong_here("The counts of successes, failures and pendings don't add up to it.", "/total_count", "TAXII 2.1 §4.3.1");
  return out;
}

std::string said_in_error(std::string_view body) {
  const auto value = parse_json(body, kSmallLimits);
  if (!value || !value->is_object()) return "";
  std::string out(string_at(*value, "title"));
  if (out.empty()) out = string_at(*value, "detail");
  if (const auto more = string_at(*value, "description"); !more.empty() && more != out) out += (out.empty() ? "" : ": ") + std::string(more);
  for (auto& c : out)
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  if (out.size() > 500) {
    std::size_t end = 500;
    while (end > 0 && (static_cast<std::uint8_t>(out[end]) & 0xc0) == 0x80) --end;
    out.resize(end);
    out += "…";
  }
  return out;
}

std::optional<Instant> date_of_header(std::string_view text) {
  const auto instant = parse_instant(trimmed(text));
  // Nothing was added before TAXII, and a margin must stay that can be written on both sides.
  if (!instant || instant->micros < 0 || instant->micros > 253'370'764'800'000'000) return std::nullopt;   // until the year 9999
  return *instant;
}

std::optional<Duration> wait_of_header(std::string_view text, Instant now) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    if (text.size() > 8) return std::chrono::hours(24 * 365);
    return std::chrono::seconds(std::stol(std::string(text)));
  }
  // "Sun, 06 Nov 1994 08:49:37 GMT": the one form that may be written (RFC 9110 §5.6.7); its place in an RFC 3339 text is plain.
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT") || text[3] != ',') return std::nullopt;
  const auto month = kMonths.find(text.substr(8, 3));
  if (month == kMonths.npos || month % 3 != 0) return std::nullopt;
  const auto number = std::to_string(month / 3 + 1);
  const auto instant = parse_instant(std::string(text.substr(12, 4)) + "-" + (number.size() == 1 ? "0" : "") + number + "-" + std::string(text.substr(5, 2)) + "T" + std::string(text.substr(17, 8)) + "Z");
  if (!instant) return std::nullopt;
  return std::max(Duration(0), *instant - now);
}

std::string taxii_text(Instant instant) {
  auto micros = instant.micros % 1'000'000;
  if (micros < 0) micros += 1'000'000;
  auto text = sluice::to_text(Instant{instant.micros - micros});
  auto fraction = std::to_string(micros);
  fraction.insert(0, 6 - fraction.size(), '0');
  return text.substr(0, text.size() - 1) + "." + fraction + "Z";
}

}  // namespace sluice::service::taxii
