#include "web/form.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"

namespace sluice::web {

namespace {

int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? digit(text[i + 1]) : -1;
    const int low = high >= 0 ? digit(text[i + 2]) : -1;
    if (text[i] == '+') {
      out += ' ';
    } else if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_text(std::string_view text) { return is_utf8(text) && text.find('\0') == text.npos; }

}  // namespace

Result<std::map<std::string, std::string, std::less<>>> read_form(std::string_view body) {
  std::map<std::string, std::string, std::less<>> out;
  while (!body.empty()) {
    const auto pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    auto name = decoded(pair.substr(0, equals));
    auto value = decoded(equals == pair.npos ? "" : pair.substr(equals + 1));
    if (!is_text(name) || !is_text(value)) return fail(ErrorKind::Malformed, "This form holds something that is no UTF-8 text.", {}, "WEB-3");
    std::erase(value, '\r');
    out[std::move(name)] = std::move(value);
  }
  return out;
}

}  // namespace sluice::web
