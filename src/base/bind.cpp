#include "base/bind.h"

namespace sluice {

std::string snake_case(std::string_view pascal) {
  std::string out;
  for (const char c : pascal) {
    if (c >= 'A' && c <= 'Z') {
      if (!out.empty()) out += '_';
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace sluice
