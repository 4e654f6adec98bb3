// Bytes on a connection of the real server, chunked bodies and pipelines included: however they arrive, in one piece or two, the same requests are seen and
// the same answers given, and each connection ends by itself.
#include "web/http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace {
using namespace sluice::web::http;

std::string exchange(const Server& server, std::string_view first, std::string_view second) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
  for (const auto part : {first, second})
    if (!part.empty()) {
      (void)!::send(fd, part.data(), part.size(), MSG_NOSIGNAL);
      if (part.data() == first.data() && !second.empty()) ::poll(nullptr, 0, 1);
    }
  ::shutdown(fd, SHUT_WR);
  std::string out;
  char buffer[16384];
  for (pollfd wait{fd, POLLIN, 0};;) {
    if (::poll(&wait, 1, 60'000) != 1) std::abort();  // it doesn't end by itself
    const auto n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) break;
    out.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return out;
}

// Without what differs from answer to answer: the date and the request's id.
std::string lasting(std::string_view answers) {
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
  static const auto server = *Server::start({.linger_time = std::chrono::milliseconds{50}}, [](Verb, std::string_view) { return Limits{.body = 4096}; },
                                            [](Request request, Respond respond) { respond({.body = request.path + "|" + request.body}); });
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto cut = data[0] % bytes.size();
  if (lasting(exchange(*server, bytes, {})) != lasting(exchange(*server, bytes.substr(0, cut), bytes.substr(cut)))) std::abort();
  return 0;
}
