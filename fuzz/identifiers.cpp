// Identifiers of products and weaknesses, languages, addresses: a purl without its version is a purl without version; a tracking id makes a plain file name.
#include "advisory/forms.h"

#include <cstdlib>
#include <string>

#include "formats/csaf/write.h"
#include "formats/security_txt/checks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (advisory::is_purl(text)) {
    const auto bare = advisory::without_version(text);
    if (!advisory::is_purl(bare) || advisory::has_version(bare) || advisory::without_version(bare) != bare) std::abort();
  }
  if (advisory::is_cve_id(text) && (size < 13 || !text.starts_with("CVE-"))) std::abort();
  if (advisory::is_cpe(text) && !text.starts_with("cpe:")) std::abort();
  if (advisory::is_uri(text) && text.find_first_of(std::string_view(" \t\r\n\0", 5)) != text.npos) std::abort();
  (void)advisory::is_language(text);
  (void)advisory::is_vers_scheme(text);
  (void)advisory::names_a_range(text);
  for (const char c : formats::csaf::file_name(text))  // CSAF 2.0 §5.1
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '_' || c == '.')) std::abort();
  for (const auto& word : formats::security_txt::words_of_list(text))
    if (word.find(',') != word.npos) std::abort();
  return 0;
}
