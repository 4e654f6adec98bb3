// For tests: real documents out of $SLUICE_REFERENCE_DATA, unpacked by zstd and tar (reference_archive_test.cpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::formats {

// The text of a .zst file; "" with a line that says what was skipped where the data isn't there.
std::string reference_text(std::string_view path, std::string_view skipped);
// A .tar.zst's members whose names end in `ending`, unpacked in one go; none, with that line, where the data isn't there.
struct ReferenceMember {
  std::string name, text;
};
std::vector<ReferenceMember> reference_members(std::string_view path, std::string_view skipped, std::string_view ending);

}  // namespace sluice::formats
