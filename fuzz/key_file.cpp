// Key files, and sealed records anywhere: what isn't byte for byte what was sealed doesn't open, and says which file it was.
#include "ledger/keys.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace {
using namespace sluice;

struct Keys {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("sluice-fuzz-" + SiteId::random().text());
  SiteId site = SiteId::random();
  std::string pristine;
  Keys() {
    if (!ledger::KeyRing::create(folder / "keys", folder / "root.key", site, "fuzz.example/ledger", system_random())) std::abort();
    std::ifstream in(file(), std::ios::binary);
    pristine.assign(std::istreambuf_iterator<char>(in), {});
  }
  ~Keys() { std::filesystem::remove_all(folder); }
  std::filesystem::path file() const { return folder / "keys" / "site.key"; }
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Keys keys;
  // Half of the inputs are bytes to be; the others say where the true file is changed, since chance hardly ever makes anything like one.
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (size > 1 && data[0] % 2 == 0) {
    bytes = keys.pristine;
    for (std::size_t i = 1; i + 1 < size; i += 2) bytes[(data[i] * 7 + i) % bytes.size()] ^= static_cast<char>(data[i + 1]);
    if (data[0] % 16 == 0) bytes.resize(data[size - 1] % bytes.size());
  }
  static const ledger::SecretKey key = *ledger::SecretKey::from(Bytes(32, 7));
  if (ledger::open(key, {keys.site, "t", "r", "c"}, bytes_of(bytes))) std::abort();
  (void)ledger::key_of(bytes_of(bytes));
  {
    const int fd = ::open(keys.file().c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
    ::close(fd);
  }
  const auto ring = ledger::KeyRing::open(keys.folder / "keys", keys.folder / "root.key", keys.site, "fuzz.example/ledger");
  if (ring.has_value() != (bytes == keys.pristine)) std::abort();
  if (!ring && ring.error().message.find("site.key") == std::string::npos) std::abort();  // REL-10: it names the object
  return 0;
}
