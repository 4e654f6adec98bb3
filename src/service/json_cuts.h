// A JSON text, cut into the texts of its members or elements, so that each can be read by itself. Pure.
//
// Only brackets and strings are looked at: whoever takes a piece reads it with parse_json, which finds what is wrong inside. Joined with what lies between
// them, the pieces are the text; so a text that isn't JSON fails here or there, and never passes as another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::service {

// Keys as they are written, escapes resolved. Malformed with the byte's place, TooLarge beyond `most` pieces.
struct JsonMember { std::string key; std::string_view text; };
Result<std::vector<JsonMember>> members_in(std::string_view object, std::size_t most);
Result<std::vector<std::string_view>> elements_in(std::string_view array, std::size_t most);
// Texts that follow each other with white space between (JSON Lines, RFC 7464 without its marks): one is a list of one.
Result<std::vector<std::string_view>> texts_in(std::string_view text, std::size_t most);

}  // namespace sluice::service
