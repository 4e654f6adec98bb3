#include "service/space.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

namespace sluice::service {

Result<void> Reserve::take() {
  std::scoped_lock lock(mutex_);
  const auto path = file();
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  // posix_fallocate gives real blocks or says that there are none; what a file system can't allocate it writes out.
  const int wrong = fd < 0 ? errno : ::posix_fallocate(fd, 0, static_cast<off_t>(kSize));
  if (fd >= 0) ::close(fd);
  if (wrong == 0) return {};
  ::unlink(path.c_str());  // half of it would be in the ledger's way
  return fail(ErrorKind::Unavailable, "No space could be reserved for the ledger.", {}, "REL-3", wrong == ENOSPC || wrong == EDQUOT ? "full" : "disk");
}

bool Reserve::give() {
  std::scoped_lock lock(mutex_);
  return ::unlink(file().c_str()) == 0;
}

bool Reserve::is_room() const {
  struct statvfs status {};
  return ::statvfs(folder_.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize >= 2 * kSize;
}

}  // namespace sluice::service
