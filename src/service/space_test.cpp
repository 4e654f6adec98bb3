#include "service/space.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

using namespace sluice;

TEST_CASE("what is reserved for the ledger lies on the disk in whole, is given once, and can be taken anew") {
  std::string name = (std::filesystem::temp_directory_path() / "sluice-reserve-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  service::Reserve reserve(name);
  for (int round = 0; round < 2; ++round) {
    REQUIRE(reserve.is_room());
    REQUIRE(reserve.take());
    REQUIRE(reserve.take());  // again: nothing more
    struct stat status {};
    REQUIRE(::stat((name + "/reserve").c_str(), &status) == 0);
    CHECK(static_cast<std::uint64_t>(status.st_blocks) * 512 >= service::Reserve::kSize);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(reserve.give());
    CHECK_FALSE(reserve.give());
  }
  std::filesystem::remove_all(name);
}
