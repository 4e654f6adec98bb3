// The TLS stream: bytes sent within TLS, cut into records anywhere, get the answers that they get without it; bytes in TLS's place, before or after the handshake, end the connection and nothing else.
#include "web/http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace {
using namespace sluice::web::http;

struct KeyFiles {
  std::string folder, cert, key;
  KeyFiles() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-fuzz-tls-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    folder = pattern, cert = folder + "/cert.pem", key = folder + "/key.pem";
    EVP_PKEY* const pair = EVP_EC_gen("P-256");
    X509* const x509 = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 365L * 86'400);
    X509_set_pubkey(x509, pair);
    X509_sign(x509, pair, EVP_sha256());
    const auto write = [](const std::string& path, auto put) {
      FILE* const file = std::fopen(path.c_str(), "w");
      if (file == nullptr || put(file) != 1) std::abort();
      std::fclose(file);
    };
    write(cert, [&](FILE* file) { return PEM_write_X509(file, x509); });
    write(key, [&](FILE* file) { return PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(x509);
    EVP_PKEY_free(pair);
  }
  ~KeyFiles() { std::filesystem::remove_all(folder); }
};

std::unique_ptr<Server> start(const KeyFiles* tls) {
  Options options{.linger_time = std::chrono::milliseconds{50}};
  if (tls != nullptr) options.tls_cert_file = tls->cert, options.tls_key_file = tls->key, options.client_certificates = true;
  return *Server::start(options, [](Verb, std::string_view) { return Limits{.body = 4096}; }, [](Request request, Respond respond) { respond({.body = request.path + "|" + request.body}); });
}

int connection_to(const Server& server) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{60, 0};                      // it ends by itself long before
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
  return fd;
}

std::string rest_of(int fd) {
  std::string out;
  char buffer[16384];
  for (;;) {
    const auto n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EAGAIN) std::abort();
    if (n <= 0) return out;
    out.append(buffer, static_cast<std::size_t>(n));
  }
}

std::string over_plain(const Server& server, std::string_view bytes) {
  const int fd = connection_to(server);
  (void)!::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  ::shutdown(fd, SHUT_WR);
  auto out = rest_of(fd);
  ::close(fd);
  return out;
}

// `garbage` follows on the wire itself.
std::string over_tls(const Server& server, std::string_view bytes, std::size_t cut, std::string_view garbage) {
  static SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  const int fd = connection_to(server);
  SSL* const ssl = SSL_new(context);
  SSL_set_fd(ssl, fd);
  if (SSL_connect(ssl) != 1) std::abort();
  for (const auto part : {bytes.substr(0, cut), bytes.substr(cut)})
    if (!part.empty()) (void)!SSL_write(ssl, part.data(), static_cast<int>(part.size()));
  if (garbage.empty()) SSL_shutdown(ssl);
  else (void)!::send(fd, garbage.data(), garbage.size(), MSG_NOSIGNAL);
  ::shutdown(fd, SHUT_WR);
  std::string out;
  char buffer[16384];
  for (int n = 0; (n = SSL_read(ssl, buffer, sizeof buffer)) > 0;) out.append(buffer, static_cast<std::size_t>(n));
  ERR_clear_error();
  SSL_free(ssl);
  ::close(fd);
  return out;
}

// Without what differs from answer to answer.
std::string lasting_of(std::string_view answers) {
  std::string out;
  while (!answers.empty()) {
    const auto line = answers.substr(0, answers.find('\n'));
    answers.remove_prefix(std::min(answers.size(), line.size() + 1));
    const auto id = line.find("\"request_id\"");
    if (!line.starts_with("Date:") && !line.starts_with("X-Request-Id:")) out += std::string(line.substr(0, id)) + "\n";
  }
  return out;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool quiet = ::signal(SIGPIPE, SIG_IGN) != SIG_ERR;   // of our own client
  static const KeyFiles files;
  static const auto plain = start(nullptr), tls = start(&files);
  if (size < 2 || !quiet) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto cut = data[0] % bytes.size();
  if (lasting_of(over_tls(*tls, bytes, cut, {})) != lasting_of(over_plain(*plain, bytes))) std::abort();
  (void)over_plain(*tls, bytes);                   // in the handshake's place
  (void)over_tls(*tls, {}, 0, bytes);
  constexpr std::string_view kHonest = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
  if (!over_tls(*tls, kHonest, kHonest.size(), {}).starts_with("HTTP/1.1 200 OK\r\n")) std::abort();
  return 0;
}
