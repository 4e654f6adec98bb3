#include "formats/reference_archive.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

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

std::string reference_text(std::string_view path, std::string_view skipped, std::string_view member) {
  const auto file = reference_file(path, skipped);
  if (file.empty()) return {};
  const auto text = output_of(member.empty() ? "zstd -dcq " + file : "tar --zstd -xOf " + file + " '" + std::string(member) + "'");
  CHECK_FALSE(text.empty());
  return text;
}

std::vector<std::string> reference_members(std::string_view path, std::string_view skipped, std::string_view ending) {
  const auto file = reference_file(path, skipped);
  std::vector<std::string> out;
  if (file.empty()) return out;
  std::istringstream names(output_of("tar --zstd -tf " + file));
  for (std::string name; std::getline(names, name);)
    if (name.ends_with(ending)) out.push_back(name);
  CHECK_FALSE(out.empty());
  return out;
}

}  // namespace sluice::formats
