// What a TAXII 2.1 server answers, read: resources, and the few headers that count. Pure; whatever comes is a value or a located error.
//
// Servers in the field bend the standard, and a client that insists gets nothing; so what can't be misunderstood is taken (null for what is absent, a number as
// `next`, any media type over a body that fits), and what can is refused.
//
// Always holds
//   R1  An envelope is cut first and read object by object: one that is broken is refused with its place, and those beside it are not lost.
//   R2  An object's text is what the peer sent, byte for byte. Its key is the hash of its canonical form: equal keys mean that a second copy says nothing new.
//   R3  Nothing is read beyond the limits: bytes, nesting, objects an answer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.h"
#include "base/json.h"
#include "base/time.h"

namespace sluice::service::taxii {

struct AnswerLimits {
  std::size_t bytes = 64 << 20, depth = 64, objects = 200'000;
  std::size_t cursor = 8 << 10;                    // of `next`
  std::size_t passed = 64;                         // marks of one object; more aren't looked at
};

using ObjectKey = std::array<std::uint8_t, 16>;    // the first half of a SHA-256
std::string to_text(const ObjectKey& key);         // base64url, 22 letters
std::optional<ObjectKey> parse_object_key(std::string_view text);

struct StixObject {
  std::string text;                                // as sent
  std::string id, type;
  std::string version;                             // modified, else created, else ""
  ObjectKey key{};
  std::vector<std::string> passed;                 // marks of sites that it came through (peer_loop.h), where the server tells: x_sluice_passed
};
// A STIX object by itself. Errors say where in it.
Result<StixObject> read_object(std::string_view text, const AnswerLimits& limits = {});

// TAXII 2.1 §3.7
struct Envelope {
  std::optional<bool> more;                        // as it was said
  std::optional<std::string> next;
  std::vector<StixObject> objects;
  Findings refused;                                // objects that could not be read, each with its place
  std::optional<Instant> date_added_last;          // x_date_added_last, where a stream says it
};
Result<Envelope> read_envelope(std::string_view body, const AnswerLimits& limits = {});

// TAXII 2.1 §3.4, of which a client needs the dates.
struct ManifestRecord { std::string id, version; Instant date_added; };
Result<std::vector<ManifestRecord>> read_manifest(std::string_view body, const AnswerLimits& limits = {});

// TAXII 2.1 §4.1.1, §4.2.1, §5.1.1, §5.2.1
struct Discovery { std::string title, description, contact; std::optional<std::string> default_root; std::vector<std::string> api_roots; };
struct ApiRoot { std::string title, description; std::vector<std::string> versions; std::uint64_t max_content_length = 0; };
struct Collection { std::string id, title, description, alias; bool can_read = false, can_write = false; std::vector<std::string> media_types; };
Result<Discovery> read_discovery(std::string_view body);
Result<ApiRoot> read_api_root(std::string_view body);
Result<Collection> read_collection(std::string_view body);
Result<std::vector<Collection>> read_collections(std::string_view body);

// TAXII 2.1 §4.3.1. Invalid where the counts don't add up.
struct StatusDetail { std::string id, version, message; };
struct Status {
  std::string id;
  bool complete = false;
  std::uint64_t total = 0, success = 0, failure = 0, pending = 0;
  std::vector<StatusDetail> successes, failures, pendings;
};
Result<Status> read_status(std::string_view body);

// What an error resource says (TAXII 2.1 §3.6), in one line; "" if the body is none.
std::string said_in_error(std::string_view body);

// X-TAXII-Date-Added-First and -Last, Date where it counts: nothing where it isn't an instant.
std::optional<Instant> date_of_header(std::string_view text);
// Retry-After (RFC 9110 §10.2.3): seconds or a date, of which `now` is taken; never negative.
std::optional<Duration> wait_of_header(std::string_view text, Instant now);

// Exactly six digits of a second (TAXII 2.1 §2).
std::string taxii_text(Instant instant);

}  // namespace sluice::service::taxii
