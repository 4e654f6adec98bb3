// The files of a published document: itself, its signature, its hashes. Where the site and the CSAF tree serve one, both ask here.
#pragma once

#include "store/documents.h"

namespace sluice::web {

struct PublishedFile {
  std::string_view body;
  const char* type;
};
std::optional<PublishedFile> published_file(const store::Document& document, std::string_view name);  // nothing if it has none of this name

// "ex-1.json.asc" -> "ex-1.json"
std::string_view document_of_file(std::string_view name);

}  // namespace sluice::web
