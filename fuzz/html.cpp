// Text from outside on its way into a page: none of it is markup, and of links only https: and mailto: pass.
#include "web/html.h"

#include <cstdlib>

#include "base/utf8.h"
#include "web/file_name.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::web;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!sluice::is_utf8(text)) return 0;  // such text doesn't get in (WEB-3)
  for (const auto marks : {markup::Marks::All, markup::Marks::Prose, markup::Marks::None}) {
    // Marks for what can't be seen are elements of ours; everything else that stands in angle brackets or quotes would be the text's own.
    std::string rest = markup::escaped(text, marks);
    if (marks == markup::Marks::None && rest.find_first_of("<>\"'") != rest.npos) std::abort();
    if (rest.find("<script") != rest.npos || !sluice::is_utf8(rest)) std::abort();
  }
  if (const auto link = markup::outside(text)) {
    const auto& markup = link->markup();
    if (!text.starts_with("https:") && !text.starts_with("mailto:") && !text.starts_with("HTTPS:") && !text.starts_with("MAILTO:")) std::abort();
    if (markup.find_first_of("<>\n\r") != markup.npos) std::abort();
  }
  const auto name = clean_file_name(text);
  if (name.empty() || name.size() > 255 || !sluice::is_utf8(name) || name.find_first_of("/\\\r\n") != name.npos || clean_file_name(name) != name) std::abort();
  return 0;
}
