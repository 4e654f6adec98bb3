// Forwarded headers and cookies: a peer that isn't trusted changes nothing by them, they are gone afterwards, and the client's address is plain text.
#include "web/http/proxies.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::web::http;
  static const auto proxies = *TrustedProxies::parse({"127.0.0.1", "10.0.0.0/8"});
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const auto* peer : {"127.0.0.1", "192.0.2.7"}) {
    Request request{.path = "/", .headers = {{"x-forwarded-for", text}, {"x-forwarded-proto", text}, {"forwarded", text}, {"cookie", text}}, .peer = peer};
    (void)request.cookie("__Host-session");
    (void)proxies.apply(request);
    if (request.has_header("x-forwarded-for") || request.has_header("x-forwarded-proto") || request.has_header("forwarded")) std::abort();
    if (request.peer.find_first_of("\r\n, ") != std::string::npos) std::abort();
    if (std::string_view(peer) == "192.0.2.7" && (request.peer != peer || request.tls)) std::abort();
  }
  (void)proxies.contains(text);
  return 0;
}
