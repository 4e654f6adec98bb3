// A multipart form: what is read lies within the body, in order, and holds no boundary (M1); written anew from its parts it reads the same.
#include "web/multipart.h"

#include <cstdint>
#include <cstdlib>

#include "base/utf8.h"
#include "web/file_name.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  // The first line is the boundary, the rest the body.
  const auto line = all.find('\n');
  const std::string boundary(all.substr(0, line));
  const auto body = line == all.npos ? std::string_view() : all.substr(line + 1);
  const auto type = "multipart/form-data; boundary=" + boundary;
  const auto parts = web::read_multipart(type, body);
  if (!parts) return 0;
  std::size_t end = 0;
  std::string again;
  for (const auto& part : *parts) {
    if (part.offset <= end || part.offset + part.size > body.size()) std::abort();
    end = part.offset + part.size;
    const auto content = body.substr(part.offset, part.size);
    if (("\r\n" + std::string(content)).find("\r\n--" + *web::boundary_of(type)) != content.npos) std::abort();
    if (part.file_name && (!is_utf8(web::clean_file_name(*part.file_name)) || web::clean_file_name(*part.file_name).empty())) std::abort();
    again += "--" + *web::boundary_of(type) + "\r\nContent-Disposition: form-data; name=\"" + part.name + "\"" + (part.file_name ? "; filename=\"" + *part.file_name + "\"" : "") + "\r\n\r\n" + std::string(content) + "\r\n";
  }
  const auto reread = web::read_multipart(type, again + "--" + *web::boundary_of(type) + "--\r\n");
  if (!parts->empty() && (!reread || reread->size() != parts->size())) std::abort();
  return 0;
}
