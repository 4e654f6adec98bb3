// The body of a command, as each of them reads it: what reads is written to what reads to the same. What an entry holds must be readable for ever.
#include "cvd/commands.h"

#include <boost/mp11.hpp>
#include <cstdlib>

#include "base/bind.h"
#include "base/json.h"
#include "cvd/report_content.h"

namespace {
template <class T>
void round_trip(const sluice::json::value& value) {
  using namespace sluice;
  const auto read = from_json<T>(value);
  if (!read) {
    if (read.error().message.empty()) std::abort();  // a refusal says what was wrong
    return;
  }
  const auto written = to_json(*read);
  const auto again = from_json<T>(written);
  if (!again || canonical(to_json(*again)) != canonical(written)) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  round_trip<cvd::ReportContent>(*value);
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, cvd::Command>>([&](auto which) { round_trip<typename decltype(which)::type>(*value); });
  return 0;
}
