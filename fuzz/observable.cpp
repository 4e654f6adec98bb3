// Values of observables: what was normalised stays as it is, is UTF-8 within the limit, and names of hosts have no way to mean two things.
#include "threat/observable.h"

#include <cstdlib>
#include <string>

#include "base/utf8.h"
#include "threat/benign.h"
#include "threat/value_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto kind : {"ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr", "mac-addr", "autonomous-system", "hash", "hash:SHA-256", "hash:SSDEEP", "hash:TLSH", "hash:other", "mutex",
                          "file-name", "directory", "windows-registry-key", "vulnerability"}) {
    const auto value = threat::normalised(kind, text);
    if (!value) continue;
    if (value->text.empty() || value->text.size() > threat::kMostValueLength || !is_utf8(value->text)) std::abort();
    if (threat::normalised(value->kind, value->text) != value) std::abort();  // V1
    if (value->kind == "domain-name" && value->text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") != std::string::npos) std::abort();
    if (value->kind == "ipv4-addr" && value->text.find_first_not_of("0123456789./") != std::string::npos) std::abort();
    (void)threat::benign_signs(*value, threat::builtin_benign());
  }
  for (const auto& value : threat::readings_of(text)) {
    if (threat::normalised(value.kind, value.text) != value) std::abort();  // K1
    const auto wider = threat::wider_than(value);
    if (wider.size() > threat::kMostKeys || threat::blocks_in(value).size() > threat::kMostKeys) std::abort();
    for (const auto& one : wider) {
      if (threat::normalised(one.value.kind, one.value.text) != one.value) std::abort();
      if (one.how == threat::WiderValue::How::Network && value.kind == one.value.kind && !threat::lies_in(one.value, value)) std::abort();  // K3
    }
  }
  if (const auto list = threat::read_benign_list(text); list && list->entries.size() > threat::kMostBenignEntries) std::abort();
  return 0;
}
