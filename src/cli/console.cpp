#include "cli/console.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace sluice::cli {

namespace {

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

void put(std::FILE* to, int fd, std::string_view text) {
  const auto out = is_terminal(fd) ? cleaned(text) : std::string(text);
  std::fwrite(out.data(), 1, out.size(), to);
  if (out.empty() || out.back() != '\n') std::fputc('\n', to);
  std::fflush(to);
}

// Characters that do something to a terminal, or turn the direction of what follows.
bool is_unsafe(std::uint32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
}

// The code point at `i` and its length; what isn't UTF-8 counts as one unsafe byte.
std::uint32_t code_point(std::string_view text, std::size_t i, std::size_t& length) {
  const auto byte = [&](std::size_t k) { return static_cast<std::uint8_t>(text[k]); };
  length = 1;
  const auto first = byte(i);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xf0 && first < 0xf8 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more == 0 || first >= 0xf8 || i + more >= text.size()) return 0x80;
  std::uint32_t out = first & (0x3f >> more);
  for (std::size_t k = 1; k <= more; ++k) {
    if ((byte(i + k) & 0xc0) != 0x80) return 0x80;
    out = out << 6 | (byte(i + k) & 0x3f);
  }
  length = more + 1;
  return out;
}

std::unexpected<Error> no_file(const std::string& file) { return fail(ErrorKind::NotFound, "This file can't be read: " + std::string(std::strerror(errno)) + ".", file); }

}  // namespace

std::string cleaned(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0, length = 1; i < text.size(); i += length) {
    const auto c = code_point(text, i, length);
    if (is_unsafe(c)) {
      char shown[16];
      std::snprintf(shown, sizeof shown, "<U+%04X>", static_cast<unsigned>(c));
      out += shown;
    } else {
      out.append(text.substr(i, length));
    }
  }
  return out;
}

void print(std::string_view text) { put(stdout, 1, text); }
void tell(std::string_view text) { put(stderr, 2, text); }

void print_json(const json::value& value) { print(is_terminal(1) ? pretty(value) : json::serialize(value)); }

Result<std::string> read_input(const std::string& file, std::size_t most) {
  const int fd = file == "-" ? ::dup(0) : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return no_file(file);
  std::string out;
  char buffer[1 << 16];
  for (;;) {
    const auto n = ::read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      ::close(fd);
      return no_file(file);
    }
    if (n == 0) break;
    out.append(buffer, static_cast<std::size_t>(n));
    if (out.size() > most) {
      ::close(fd);
      return fail(ErrorKind::TooLarge, "This is larger than the " + std::to_string(most) + " bytes that are read.", file);
    }
  }
  ::close(fd);
  return out;
}

Result<std::string> read_secret(const std::string& file, std::string_view what) {
  TRY(auto text, read_input(file, 1 << 16));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty())
    return fail(ErrorKind::Invalid, "There is no " + std::string(what) + (file == "-" ? " on standard input." : " in this file."), file == "-" ? "" : file, {}, "usage");
  return text;
}

Result<void> write_output(const std::string& file, std::string_view bytes) {
  if (file == "-") {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    std::fflush(stdout);
    return {};
  }
  const auto temporary = file + ".part";
  const auto failed = [&] { return fail(ErrorKind::Unavailable, "This file can't be written: " + std::string(std::strerror(errno)) + ".", file); };
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failed();
  bool written = true;
  for (std::string_view rest = bytes; written && !rest.empty();) {
    const auto n = ::write(fd, rest.data(), rest.size());
    written = n > 0;
    if (written) rest.remove_prefix(static_cast<std::size_t>(n));
  }
  written = written && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(temporary.c_str(), file.c_str()) != 0) {
    ::unlink(temporary.c_str());
    return failed();
  }
  return {};
}

Error shown(Error error, std::string_view file) {
  error.where = std::string(file) + (error.where.empty() ? "" : " " + error.where);
  return error;
}

}  // namespace sluice::cli
