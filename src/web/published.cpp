#include "web/published.h"

namespace sluice::web {

namespace {
struct Beside {
  std::string_view ending;
  std::string store::Companions::* body;
  const char* type;
};
constexpr Beside kBeside[] = {
    {".asc", &store::Companions::signature, "application/pgp-signature"},
    {".sha256", &store::Companions::sha256, "text/plain; charset=utf-8"},
    {".sha512", &store::Companions::sha512, "text/plain; charset=utf-8"},
};
}  // namespace

std::optional<PublishedFile> published_file(const store::Document& document, std::string_view name) {
  if (name == document.name) return PublishedFile{document.body, "application/json"};
  if (!document.companions) return std::nullopt;
  for (const auto& beside : kBeside)
    if (name == document.name + std::string(beside.ending)) return PublishedFile{(*document.companions).*beside.body, beside.type};
  return std::nullopt;
}

std::string_view document_of_file(std::string_view name) {
  for (const auto& beside : kBeside)
    if (name.ends_with(beside.ending)) return name.substr(0, name.size() - beside.ending.size());
  return name;
}

}  // namespace sluice::web
