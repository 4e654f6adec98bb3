// Names of compartments, scopes and ids, the letters of a case, markings: whatever is read has one spelling, which reads back.
#include "access/compartment.h"

#include <cstdlib>

#include "access/viewer.h"
#include "base/id.h"
#include "base/tlp.h"
#include "cvd/case_letters.h"
#include "gate/disclosure.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto compartment = access::Compartment::parse(text); compartment && compartment->text() != text) std::abort();
  if (const auto id = CaseId::parse(text); id && id->text() != text) std::abort();
  if (const auto hash = gate::ContentHash::parse(text); hash && hash->text() != text) std::abort();
  if (const auto scopes = access::parse_scopes(text); scopes && access::parse_scopes(access::to_text(*scopes)) != scopes) std::abort();
  if (const auto tlp = parse_tlp(text); tlp && parse_tlp(to_text(*tlp)) != tlp) std::abort();
  if (cvd::Letters::parse(text) && size != 6) std::abort();
  return 0;
}
