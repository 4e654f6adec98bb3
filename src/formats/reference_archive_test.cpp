#include "formats/reference_archive.h"

#include <doctest/doctest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace sluice::formats {

namespace {

std::string output_of(const std::string& command) {
  std::string out;
  auto* pipe = popen(command.c_str(), "r");
  if (!pipe) return out;
  char buffer[1 << 16];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  return pclose(pipe) == 0 ? out : std::string();
}

std::string reference_file(std::string_view path, std::string_view skipped) {
  const auto* folder = std::getenv("SLUICE_REFERENCE_DATA");
  if (folder) return "'" + std::string(folder) + "/" + std::string(path) + "'";
  std::cout << "skipped: SLUICE_REFERENCE_DATA is not set, " << skipped << "\n";
  return {};
}

}  // namespace

std::string reference_text(std::string_view path, std::string_view skipped) {
  const auto file = reference_file(path, skipped);
  if (file.empty()) return {};
  const auto text = output_of("zstd -dcq " + file);
  CHECK_FALSE(text.empty());
  return text;
}

std::vector<ReferenceMember> reference_members(std::string_view path, std::string_view skipped, std::string_view ending) {
  const auto file = reference_file(path, skipped);
  std::vector<ReferenceMember> out;
  if (file.empty()) return out;
  // Of each member its name, its size and its bytes, one behind the other.
  const auto all = output_of("tar --zstd -xf " + file + R"( --to-command='printf "%s\n%s\n" "$TAR_FILENAME" "$TAR_SIZE"; cat')");
  for (std::size_t at = 0; at < all.size();) {
    const auto name_end = all.find('\n', at), size_end = all.find('\n', name_end + 1);
    REQUIRE(size_end < all.size());
    std::size_t size = 0;
    std::from_chars(all.data() + name_end + 1, all.data() + size_end, size);
    REQUIRE(size <= all.size() - size_end - 1);
    if (auto name = all.substr(at, name_end - at); name.ends_with(ending)) out.push_back({std::move(name), all.substr(size_end + 1, size)});
    at = size_end + 1 + size;
  }
  CHECK_FALSE(out.empty());
  return out;
}

}  // namespace sluice::formats
