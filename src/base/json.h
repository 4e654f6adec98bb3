// JSON: strict reading within limits, and the one canonical writing (RFC 8785) that hashes and signatures are made over.
//
// Always holds
//   J1  Text that was read has no duplicate keys, no lone surrogates, valid UTF-8, and stays within the limits given.
//   J2  canonical(parse(canonical(x))) == canonical(x).
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice {

namespace json = boost::json;

// WEB-1: the default row of the route table.
struct JsonLimits {
  std::size_t bytes = 1 << 20;
  std::size_t depth = 32;
  std::size_t keys = 10'000;          // in the whole document
  std::size_t string = 256 << 10;
};

// Malformed with the byte position in `where`; Invalid for duplicate keys; TooLarge beyond a limit.
Result<json::value> parse_json(std::string_view text, const JsonLimits& limits = {});

std::string canonical(const json::value& value);  // RFC 8785
std::string pretty(const json::value& value);     // two spaces a level, keys in their order, a final line feed

// "a/b" as a JSON Pointer token (RFC 6901).
std::string pointer_token(std::string_view key);

// The value at a JSON Pointer, or nullptr.
const json::value* find_at(const json::value& root, std::string_view pointer);

// The string at `key` of an object, or nothing. For reading documents whose shape was checked elsewhere.
std::string_view string_at(const json::value& object, std::string_view key);
std::string_view string_at(const json::object& object, std::string_view key);
std::string_view string_at(json::value&& object, std::string_view key) = delete;   // it would point into what is gone
std::string_view string_at(json::object&& object, std::string_view key) = delete;

}  // namespace sluice
