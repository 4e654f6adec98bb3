// A vendor's security.txt: whatever it is, the limits hold, values are plain, and what is written from the fields reads to the same fields.
#include "formats/security_txt/read.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::formats;
  const security_txt::Limits limits;
  const auto read = security_txt::read({reinterpret_cast<const char*>(data), size}, limits);
  if (read.findings.size() > limits.findings + 1 || read.file.fields.size() > limits.lines) std::abort();
  std::string written;
  for (const auto& field : read.file.fields) {
    if (field.value.empty() || field.value.size() > limits.line || field.value.find_first_of("\r\n") != field.value.npos) std::abort();
    written += field.name + ": " + field.value + "\n";
  }
  const auto again = security_txt::read(written, {.bytes = written.size(), .line = 2 * limits.line});
  if (again.file.fields.size() != read.file.fields.size()) std::abort();
  for (std::size_t i = 0; i < again.file.fields.size(); ++i)
    if (again.file.fields[i].name != read.file.fields[i].name || again.file.fields[i].value != read.file.fields[i].value) std::abort();
  return 0;
}
