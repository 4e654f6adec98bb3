// The web client: one page, whatever the address below /app/, and the files that it names. Nothing here depends on who asks: what they may know, the API says.
#include "web/pages/layout.h"

namespace sluice::web::pages {

namespace {

// What React Aria puts into a style element while a window is open on a phone of Apple's, by its hash (WEB-4); ui/tools/policy.test.mjs holds it to the library.
constexpr std::string_view kClientPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

constexpr std::string_view kClientPage = "index.html";

Result<const Asset*> client_file_called(std::string_view name) {
  for (const auto& file : client_files())
    if (file.name == name) return &file;
  return fail(ErrorKind::NotFound, "There is no such page here.");
}

}  // namespace

Result<Response> client(App&, const Request&) {
  TRY(const auto* page, client_file_called(kClientPage));
  Response out;
  out.headers = {{"Content-Type", std::string(page->type)}, {"Content-Security-Policy", std::string(kClientPolicy)}, {"Cache-Control", "no-cache"}};
  out.body = page->body;
  out.etag = hex(sha256(bytes_of(page->body))).substr(0, 32);
  return out;
}

Result<Response> client_file(App&, const Request& request) {
  const auto& name = request.path.at("file");
  TRY(const auto* file, client_file_called(name));
  if (name == kClientPage) return fail(ErrorKind::NotFound, "There is no such page here.");
  Response out;
  // Packed for everybody: who sends no Accept-Encoding takes any (RFC 9110 §12.5.3), and no browser that runs the client is without gzip.
  out.headers = {{"Content-Type", std::string(file->type)}, {"Content-Encoding", "gzip"}, {"Cache-Control", "public, max-age=31536000, immutable"}};  // its name changes with its content
  out.body = file->body;
  return out;
}

}  // namespace sluice::web::pages
