// For tests: real documents out of $SLUICE_REFERENCE_DATA, unpacked by zstd and tar.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace sluice::formats {

inline std::string output_of(const std::string& command) {
  std::string out;
  auto* pipe = popen(command.c_str(), "r");
  if (!pipe) return out;
  char buffer[1 << 16];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  return pclose(pipe) == 0 ? out : std::string();
}

// The text of a .zst file, or of one member of a .tar.zst; "" with a line that says what was skipped where the data isn't there.
inline std::string reference_text(std::string_view path, std::string_view skipped, std::string_view member = {}) {
  const auto* folder = std::getenv("SLUICE_REFERENCE_DATA");
  if (!folder) {
    std::cout << "skipped: SLUICE_REFERENCE_DATA is not set, " << skipped << "\n";
    return {};
  }
  const auto file = "'" + std::string(folder) + "/" + std::string(path) + "'";
  return output_of(member.empty() ? "zstd -dcq " + file : "tar --zstd -xOf " + file + " '" + std::string(member) + "'");
}

}  // namespace sluice::formats
