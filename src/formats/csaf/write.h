// The advisory as a CSAF 2.0 document of the profile 'security advisory'.
//
// Always holds
//   W1  What is written passes the schema and all mandatory tests (§6.1); an advisory for which that can't be is refused with the first finding.
//   W2  Keys are sorted (§6.2.13): the same advisory gives the same bytes.
//   W3  What CSAF 2.0 has no place for is in the losses; where a note can say it, a note does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "advisory/advisory.h"
#include "base/result.h"
#include "formats/written.h"

namespace sluice::formats::csaf {

// Goes into tracking/generator: which program made the document.
struct Engine {
  std::string name = "Sluice";
  std::optional<std::string> version;
};

Result<Written> from_advisory(const advisory::Advisory& advisory, const Engine& engine = {});

// CSAF 2.0 §5.1: "Example #1-A" -> "example_1-a.json".
std::string file_name(std::string_view tracking_id);
// CSAF 2.0 §7.1.11: in the folder of the year of the initial release, "2031/example_1-a.json".
std::string file_path(const advisory::Advisory& advisory);

}  // namespace sluice::formats::csaf
