// An advisory as a person sends it: what reads is written to what reads to the same; what has no error becomes a CSAF document that is JSON of ours.
#include "advisory/advisory.h"

#include <cstdlib>

#include "base/bind.h"
#include "base/json.h"
#include "formats/csaf/write.h"
#include "formats/cve/write.h"
#include "formats/osv/write.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto read = from_json<advisory::Advisory>(*value);
  if (!read) return 0;
  const auto written = to_json(*read);
  const auto again = from_json<advisory::Advisory>(written);
  if (!again || canonical(to_json(*again)) != canonical(written)) std::abort();
  if (!is_valid(advisory::check(*read))) return 0;
  const auto csaf = formats::csaf::from_advisory(*read, {.name = "Sluice", .version = "0"});
  if (!csaf || !parse_json(canonical(csaf->document), {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 64 << 20})) std::abort();
  if (is_valid(advisory::missing_for(*read, advisory::Format::Cve)) && !formats::cve::from_advisory(*read)) std::abort();
  if (is_valid(advisory::missing_for(*read, advisory::Format::Osv)) && !formats::osv::from_advisory(*read)) std::abort();
  return 0;
}
