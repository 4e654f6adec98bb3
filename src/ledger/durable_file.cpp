#include "ledger/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace sluice::ledger {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { if (fd_ >= 0) ::close(fd_); }
  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

// An fsync that failed is damage (REL-2): it isn't tried again, since what the kernel held may be dropped already. A full disk is "full".
std::unexpected<Error> failed(std::string what, const std::filesystem::path& path, bool syncing = false) {
  const int code = errno;
  const auto kind = code == ENOENT ? ErrorKind::NotFound : code == EEXIST ? ErrorKind::Conflict : ErrorKind::Unavailable;
  return fail(kind, path.string() + " could not be " + std::move(what) + ": " + std::generic_category().message(code) + ".", {}, {}, syncing || code == EIO ? "corrupt" : code == ENOSPC || code == EDQUOT ? "full" : "");
}

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

Result<void> sync_folder_of(const std::filesystem::path& path) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Descriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!dir.is_open()) return failed("made durable", folder);
  if (::fsync(dir.get()) != 0) return failed("made durable", folder, true);
  return {};
}

}  // namespace

Result<void> write_durably(const std::filesystem::path& path, ByteView bytes, Existing existing) {
  // A name that no other process has: two nodes may write into one folder.
  std::array<std::uint8_t, 8> suffix{};
  system_random().fill(suffix);
  const std::filesystem::path temporary = path.string() + "." + hex(suffix) + ".new";
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) return failed("created", path);
    const bool written = write_all(file.get(), bytes);
    if (!written || ::fsync(file.get()) != 0) {
      auto error = failed("written", path, written);
      ::unlink(temporary.c_str());
      return error;
    }
  }
  if (existing == Existing::Replace) {
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
      auto error = failed("written", path);
      ::unlink(temporary.c_str());
      return error;
    }
  } else {  // link() is a rename that fails if the name is taken
    const bool linked = ::link(temporary.c_str(), path.c_str()) == 0;
    auto error = failed("created", path);
    ::unlink(temporary.c_str());
    if (!linked) return error;
  }
  return sync_folder_of(path);
}

Result<Bytes> read_owner_only(const std::filesystem::path& path, std::size_t most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return failed("opened", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failed("read", path);
  if (!S_ISREG(status.st_mode)) return fail(ErrorKind::Invalid, path.string() + " must be a regular file.");
  if ((status.st_mode & 077) != 0)
    return fail(ErrorKind::Forbidden, path.string() + " can be reached by others than its owner. Run 'chmod 600' on it; if others could have read it, change the key.", {}, {}, "key-file-exposed");
  if (static_cast<std::size_t>(status.st_size) > most) return fail(ErrorKind::Invalid, path.string() + " is larger than a key file is.");
  Bytes out(static_cast<std::size_t>(status.st_size));
  for (std::size_t at = 0; at < out.size();) {
    const auto n = ::read(file.get(), out.data() + at, out.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return failed("read", path);
    at += static_cast<std::size_t>(n);
  }
  return out;
}

Result<void> destroy_durably(const std::filesystem::path& path, Random& random) {
  // Out of the way first: a crash while it is overwritten must not leave a broken file under its name.
  const std::filesystem::path doomed = path.string() + ".gone";
  const bool moved = ::rename(path.c_str(), doomed.c_str()) == 0;
  if (!moved && errno != ENOENT) return failed("removed", path);
  if (moved) TRY(sync_folder_of(path));
  {
    const Descriptor file(::open(doomed.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.is_open()) return failed("opened", path);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return failed("read", path);
    Bytes noise(static_cast<std::size_t>(status.st_size));
    random.fill(noise);
    const bool written = write_all(file.get(), noise);
    if (!written || ::fsync(file.get()) != 0) return failed("overwritten", path, written);
  }
  if (::unlink(doomed.c_str()) != 0) return failed("removed", path);
  return sync_folder_of(path);
}

}  // namespace sluice::ledger
