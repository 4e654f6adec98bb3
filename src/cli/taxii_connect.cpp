#include "cli/taxii_connect.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/bytes.h"
#include "cli/console.h"
#include "cli/pseudonym_option.h"

namespace sluice::cli {

namespace {

// "--token-file FILE" or "--token-env NAME"; nothing if neither is given.
Result<std::optional<std::string>> secret_of(const Arguments& a, const std::string& kind, std::string_view what) {
  const auto file = a.maybe("--" + kind + "-file"), name = a.maybe("--" + kind + "-env");
  if (file && name) return usage("Give --" + kind + "-file or --" + kind + "-env, not both.");
  if (file) {
    TRY(auto secret, read_secret(*file, what));
    return std::optional(std::move(secret));
  }
  if (!name) return std::optional<std::string>();
  const char* value = std::getenv(name->c_str());
  if (value == nullptr || *value == '\0') return usage("There is no " + std::string(what) + " in $" + *name + ".");
  std::string secret(value);
  ::unsetenv(name->c_str());                       // X1
  return std::optional(std::move(secret));
}

}  // namespace

std::vector<Option> with_connection(std::vector<Option> own) {
  const Option shared[] = {
      {"--token-file", "FILE", Takes::One, "a file with a token, sent as Bearer"},
      {"--token-env", "NAME", Takes::One, "the variable of the environment that holds it"},
      {"--basic-file", "FILE", Takes::One, "a file with USER:PASSWORD, for HTTP Basic"},
      {"--basic-env", "NAME", Takes::One, "the variable of the environment that holds it"},
      {"--cert", "FILE", Takes::One, "a client certificate, PEM"},
      {"--key", "FILE", Takes::One, "its key, PEM, if it isn't in the same file"},
      {"--key-password-file", "FILE", Takes::One, "a file with the key's password"},
      {"--ca", "FILE", Takes::One, "PEM: the authorities that are trusted for this server, instead of the machine's"},
      {"--plain-http", "", Takes::Switch, "allow http:// beyond this machine: everything goes in the clear"},
      {"--tries", "N", Takes::One, "how often it asks in a row without an answer (default 8)"},
      {"--most-bytes", "N", Takes::One, "the largest answer that is taken, in bytes (default 67108864)"},
  };
  own.insert(own.end(), std::begin(shared), std::end(shared));
  return own;
}

Result<std::uint64_t> whole_number(const Arguments& a, std::string_view option, std::uint64_t otherwise, std::uint64_t least, std::uint64_t most) {
  const auto text = a.maybe(option);
  if (!text) return otherwise;
  std::uint64_t out = 0;
  for (const char c : *text) {
    if (c < '0' || c > '9' || out > most) return usage(std::string(option) + " takes a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (text->empty() || out < least || out > most) return usage(std::string(option) + " takes a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  return out;
}

Result<Duration> length_of(const Arguments& a, std::string_view option, Duration otherwise) {
  const auto text = a.maybe(option);
  if (!text) return otherwise;
  const auto read = parse_duration(*text);
  if (!read || read->count() < 0) return usage(std::string(option) + " takes a length of time, such as 30s or 5m.");
  return *read;
}

Result<Connection> connect(const Arguments& a, service::Patience patience) {
  taxii::PeerSettings settings;
  TRY(const auto token, secret_of(a, "token", "token"));
  TRY(const auto basic, secret_of(a, "basic", "user and password"));
  if (token && basic) return usage("Give a token, or a user and password, not both.");
  if (token) settings.authorization = "Bearer " + *token;
  if (basic) {
    if (basic->find(':') == basic->npos) return usage("For HTTP Basic it takes USER:PASSWORD.");
    settings.authorization = "Basic " + base64(bytes_of(*basic));
  }
  if (const auto name = a.maybe("--pseudonym")) { TRY(settings.pseudonym, pseudonym_named(*name)); }
  settings.certificate_file = a.get("--cert");
  settings.key_file = a.get("--key");
  settings.ca_file = a.get("--ca");
  if (const auto file = a.maybe("--key-password-file")) { TRY(settings.key_password, read_secret(*file, "password")); }
  TRY(settings.limits.bytes, whole_number(a, "--most-bytes", settings.limits.bytes, 1024, std::uint64_t{4} << 30));
  TRY(const auto tries, whole_number(a, "--tries", static_cast<std::uint64_t>(patience.tries), 0, 1000));
  patience.tries = static_cast<int>(tries);
  TRY(auto url, taxii::read_peer_url(a.get("URL"), a.has("--plain-http")));
  taxii::PeerHooks hooks{
      .wait = [](Duration length) { std::this_thread::sleep_for(length); },
      .now = [] { return SystemClock().now(); },
      .chance = [] {
        std::array<std::uint8_t, 4> bytes{};
        system_random().fill(bytes);
        return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 | static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
      },
      .note = [](const std::string& text) { tell(text); },
  };
  TRY(auto peer, taxii::PeerClient::make(std::move(settings), patience, std::move(hooks)));
  return Connection{std::move(peer), std::move(url)};
}

// ---- progress

Progress::Progress(std::string what) : what_(std::move(what)), is_terminal_(::isatty(2) == 1), start_(std::chrono::steady_clock::now()) {}
Progress::~Progress() { clear(); }

void Progress::show(std::uint64_t objects, std::uint64_t pages) {
  const auto now = std::chrono::steady_clock::now();
  if (!is_terminal_ || now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  shown_ = true;
  const auto seconds = std::max(0.001, std::chrono::duration<double>(now - start_).count());
  std::fprintf(stderr, "\r\x1b[K%s: %llu objects, %llu pages, %.0f objects/s", what_.c_str(), static_cast<unsigned long long>(objects), static_cast<unsigned long long>(pages), static_cast<double>(objects) / seconds);
  std::fflush(stderr);
}

void Progress::clear() {
  if (std::exchange(shown_, false)) std::fputs("\r\x1b[K", stderr);
}

// ---- one at a time

Result<Held> Held::take(const std::string& file) {
  const auto lock = file + ".lock";
  const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return fail(ErrorKind::Unavailable, "This file can't be written.", lock);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return fail(ErrorKind::Conflict, "Another command works with this file at the moment.", file);
  }
  return Held(fd);
}

Held::~Held() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace sluice::cli
