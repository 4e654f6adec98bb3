// For tests: real documents out of $SLUICE_REFERENCE_DATA, unpacked by zstd and tar (reference_archive_test.cpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::formats {

// The text of a .zst file, or of one member of a .tar.zst; "" with a line that says what was skipped where the data isn't there.
std::string reference_text(std::string_view path, std::string_view skipped, std::string_view member = {});
// The names of a .tar.zst's members that end in `ending`; none, with that line, where the data isn't there.
std::vector<std::string> reference_members(std::string_view path, std::string_view skipped, std::string_view ending);

}  // namespace sluice::formats
