// multipart/form-data as browsers send it (RFC 7578; RFC 2046 5.1.1), read strictly and in place: a part says where it lies in the body, nothing is copied.
//
// Always holds
//   M1  There is one way to read it. What two readers could take apart differently is refused: a preamble or epilogue, padding after a boundary, a boundary
//       that goes on, bare line ends, headers that forms don't have, a name twice.
//   M2  Work is linear in the body, and the number of parts, the length of their heads, names and values are limited.
//   M3  Names and values are UTF-8 without NUL. The bytes of files are whatever they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::web {

struct MultipartLimits {
  std::size_t parts = 40;
  std::size_t head = 2 << 10;        // of one part
  std::size_t name = 64;
  std::size_t value = 256 << 10;     // of a field that is no file
};

struct Part {
  std::string name;
  std::optional<std::string> file_name;  // as it came: see file_name.h
  std::size_t offset = 0, size = 0;      // of the content, in the body
};

// Of a Content-Type header. Malformed: it is no multipart/form-data with one sound boundary.
Result<std::string> boundary_of(std::string_view content_type);
Result<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body, const MultipartLimits& limits = {});

}  // namespace sluice::web
