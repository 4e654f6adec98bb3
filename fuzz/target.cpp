// The target of a request: segments and query are decoded once, are text, and hold nothing that a path or a header could be broken with (M2).
#include "web/http/framing.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::web::http;
  const std::string bytes = "GET " + std::string(reinterpret_cast<const char*>(data), size) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  HeadScan scan;
  const auto end = scan.look(bytes, {8 << 10, 32 << 10, 100});
  if (!end || !*end || **end != bytes.size()) return 0;
  const auto head = read_head(bytes);
  if (!head) return 0;
  const auto is_plain = [](std::string_view text, bool in_path) {
    if (!is_utf8(text)) return false;
    for (const char c : text)
      if (c == 0 || (in_path && (c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f))) return false;
    return true;
  };
  for (const auto& segment : head->request.segments)
    if (!is_plain(segment, true) || segment == "." || segment == "..") std::abort();
  for (const auto& [name, value] : head->request.query) {
    if (!is_plain(name, false) || !is_plain(value, false)) std::abort();
    if (!head->request.query_value(name)) std::abort();
  }
  return 0;
}
