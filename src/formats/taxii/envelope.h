// The envelope in which TAXII moves objects (TAXII 2.1 §3.7): taken apart without being rebuilt, so that each object stays the bytes that were sent.
//
//   TRY(const auto envelope, taxii::read_envelope(body));
//   for (const auto bytes : envelope.objects) { const auto object = parse_json(bytes, limits); … }
//
// Always holds
//   X1  The objects lie in the body in their order and don't overlap; what stands between them is white space and commas.
//   X2  With each object put back, the body is what was read: nothing outside of the objects is lost but its spelling.
//   X3  An envelope that was read is JSON if each of its objects is: what is left of it was parsed, with a strict parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::formats::taxii {

struct Envelope {
  std::vector<std::string_view> objects;          // views into the body; not looked into yet
};

// Malformed: no JSON. Invalid: JSON, and no envelope (a bundle, a list, one object alone, no `objects`). TooLarge: more than `most` objects.
Result<Envelope> read_envelope(std::string_view body, std::size_t most = 1'000'000);
Result<Envelope> read_envelope(std::string&& body, std::size_t most = 0) = delete;   // it would point into what is gone

}  // namespace sluice::formats::taxii
