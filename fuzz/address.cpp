// Addresses, networks and names that somebody types for the server to speak to (OUT-1): what is read is written back the same, and what looks like the
// inside of the machine under another spelling is still refused.
#include "service/outbound_address.h"

#include <cstdlib>

#include "service/outbound.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::service;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto address = parse_address(text)) {
    const auto again = parse_address(to_text(*address));
    if (!again || !(*again == *address)) std::abort();
    const bool inside = address->v6 ? (address->bytes[0] & 0xe0) != 0x20 : address->bytes[0] == 127 || address->bytes[0] == 10 || address->bytes[0] == 0;
    if (inside && !why_refused(*address, {})) std::abort();
    if (host_name(text)) std::abort();  // an address is no name
  }
  if (const auto network = parse_network(text); network && !network->contains(network->base)) std::abort();
  if (const auto name = host_name(text)) {
    const auto again = host_name(*name);
    if (!again || *again != *name || name->find_first_of("/@:%\r\n \t") != name->npos) std::abort();
  }
  (void)parse_outbound_host(text);
  return 0;
}
