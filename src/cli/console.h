// What goes to people and scripts, and what is read from files and standard input.
//
// Always holds
//   T1  On a terminal, text from elsewhere has no control, escape or text-direction characters left (CLI-3). Into a pipe it goes as it is.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/serialize.hpp>

#include "base/json.h"
#include "base/result.h"

namespace sluice::cli {

std::string cleaned(std::string_view text);       // control characters shown as <U+001B>; line feeds and tabs stay
void print(std::string_view text);                // to stdout, a line feed added if there is none; flushed
void print_json(const json::value& value);        // one line; on a terminal in lines
void tell(std::string_view text);                 // to stderr

Result<std::string> read_input(const std::string& file, std::size_t most = 64 << 20);  // "-": standard input
Result<std::string> read_secret(const std::string& file, std::string_view what);       // "-": standard input; trailing line ends gone; Invalid if empty
Result<void> write_output(const std::string& file, std::string_view bytes);            // whole or not at all; 0600

Error shown(Error error, std::string_view file);  // with the file's name in `where`

}  // namespace sluice::cli
