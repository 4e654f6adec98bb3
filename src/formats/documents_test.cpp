// Writes the sample advisories as documents into the folder $SLUICE_DOCUMENTS_OUT, for tests/conformance to judge.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/json.h"
#include "formats/csaf/write.h"
#include "formats/cve/write.h"
#include "formats/osv/write.h"
#include "formats/samples.h"

using namespace sluice;
using namespace sluice::formats;

namespace {

// Those formats for which the advisory suffices; the count of documents.
int write_all(const std::string& name, const advisory::Advisory& a, const std::filesystem::path& folder) {
  int count = 0;
  const auto write = [&](const std::string& file, const json::value& document) {
    std::ofstream(folder / file) << pretty(document);
    ++count;
  };
  if (const auto csaf = csaf::from_advisory(a)) write(name + ".csaf.json", csaf->document);
  if (const auto records = cve::from_advisory(a))
    for (const auto& r : *records) {
      write(name + "-" + r.cve + ".cve.json", r.record);
      write(name + "-" + r.cve + ".cna.json", r.cna_container);
    }
  if (const auto records = osv::from_advisory(a))
    for (std::size_t i = 0; i < records->size(); ++i) write(name + "-" + std::to_string(i) + ".osv.json", (*records)[i].record);
  return count;
}

}  // namespace

TEST_CASE("the sample documents are written for the conformance tests") {
  const auto* out = std::getenv("SLUICE_DOCUMENTS_OUT");
  if (out == nullptr) {
    std::cout << "skipped: SLUICE_DOCUMENTS_OUT is not set, so no documents were written for tests/conformance\n";
    return;
  }
  const std::filesystem::path folder(out);
  std::filesystem::create_directories(folder);
  int count = 0;
  for (const auto& sample : samples::all()) count += write_all(sample.name, sample.advisory, folder);
  int random = 0;
  CHECK(rc::check([&] { count += write_all("random-" + std::to_string(random++), samples::any(), folder); }));
  std::cout << "wrote " << count << " documents\n";
  CHECK(count > 20);
}
