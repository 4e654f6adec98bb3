// A disk and a clock that lie, for one program: preloaded (LD_PRELOAD) into the real server, it fails the N-th write or fsync on a file below a folder,
// and shifts the wall clock. What it should do is read from a control file that the test maps and changes while the server runs.
//
// Why a preload and not a SQLite VFS: it is the shipped binary that is tried, and with SQLite also key files, signed heads and the site's own files.
// Not for ThreadSanitizer or a static program. Compiled by tests/crash/faults.mjs.
//
//   SLUICE_FAULTS_CONTROL   a file of `Control`, eight bytes a field
//   SLUICE_FAULTS_BELOW     only files whose path begins so
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum Mode : std::int64_t { None, Eio, Enospc, Short, KillBefore, KillHalf };
enum Kind : std::int64_t { Write = 1, Sync = 2, Other = 4 };

struct Control {
  std::atomic<std::int64_t> mode;        // what happens …
  std::atomic<std::int64_t> at;          // … at this call, counted from 1 since `counted` was set to 0
  std::atomic<std::int64_t> kinds;       // which calls count
  std::atomic<std::int64_t> sticky;      // 1: and at all later calls, syncs too, until mode is None
  std::atomic<std::int64_t> counted;
  std::atomic<std::int64_t> hits;
  std::atomic<std::int64_t> hit_kind;    // of the first hit
  std::atomic<std::int64_t> syncs_after; // fsyncs asked for after the first hit (REL-2: there should be none)
  std::atomic<std::int64_t> clock_micros;
};

Control* control() {
  static Control* const mapped = []() -> Control* {
    const char* path = std::getenv("SLUICE_FAULTS_CONTROL");
    const int fd = path ? ::open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return nullptr;
    void* const at = ::mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    return at == MAP_FAILED ? nullptr : static_cast<Control*>(at);
  }();
  return mapped;
}

bool is_below(const char* path) {
  static const char* const below = std::getenv("SLUICE_FAULTS_BELOW");
  return below != nullptr && path != nullptr && std::strncmp(path, below, std::strlen(below)) == 0;
}

bool is_ours(int fd) {
  char link[40], path[512];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const auto n = ::readlink(link, path, sizeof path - 1);
  if (n <= 0) return false;
  path[n] = 0;
  return is_below(path);
}

// What is to happen to this call. Keeps errno.
Mode judge(bool ours, Kind kind) {
  Control* const c = ours ? control() : nullptr;
  if (c == nullptr) return None;
  if (kind == Sync && c->hits > 0) ++c->syncs_after;
  if ((c->kinds & kind) == 0) return None;
  const auto n = ++c->counted;
  const auto mode = static_cast<Mode>(c->mode.load());
  if (mode == None || n < c->at || (n > c->at && c->sticky == 0)) return None;
  if (kind == Sync && n != c->at && (mode == Enospc || mode == Short)) return None;  // a full disk writes through what it has
  if (c->hits++ == 0) c->hit_kind = kind;
  if (mode == KillBefore || (mode == KillHalf && kind != Write)) ::kill(::getpid(), SIGKILL);
  return mode;
}

int broken(Mode mode, Kind kind) {
  errno = mode == Eio || kind == Sync ? EIO : ENOSPC;
  return -1;
}

template <class F>
F real(const char* name) { return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name)); }

// A write that breaks off in the middle, as a full disk or a killed process leaves it.
template <class F>
ssize_t write_as(Mode mode, std::size_t size, F write) {
  if (mode == None) return write(size);
  if (mode == Short && size > 1) return write(size / 2);
  if (mode == KillHalf) {
    (void)write(size / 2);
    ::kill(::getpid(), SIGKILL);
  }
  return broken(mode, Write);
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
  return write_as(judge(is_ours(fd), Write), size, [&](size_t n) { return next(fd, bytes, n); });
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return write_as(judge(is_ours(fd), Write), size, [&](size_t n) { return next(fd, bytes, n, at); });
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off_t at) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite64");
  return write_as(judge(is_ours(fd), Write), size, [&](size_t n) { return next(fd, bytes, n, at); });
}
int fsync(int fd) {
  static const auto next = real<int (*)(int)>("fsync");
  const auto mode = judge(is_ours(fd), Sync);
  return mode == None ? next(fd) : broken(mode, Sync);
}
int fdatasync(int fd) {
  static const auto next = real<int (*)(int)>("fdatasync");
  const auto mode = judge(is_ours(fd), Sync);
  return mode == None ? next(fd) : broken(mode, Sync);
}
int ftruncate(int fd, off_t size) {
  static const auto next = real<int (*)(int, off_t)>("ftruncate");
  const auto mode = judge(is_ours(fd), Other);
  return mode == None ? next(fd, size) : broken(mode, Other);
}
int ftruncate64(int fd, off_t size) {
  static const auto next = real<int (*)(int, off_t)>("ftruncate64");
  const auto mode = judge(is_ours(fd), Other);
  return mode == None ? next(fd, size) : broken(mode, Other);
}
int rename(const char* from, const char* to) {
  static const auto next = real<int (*)(const char*, const char*)>("rename");
  const auto mode = judge(is_below(to), Other);
  return mode == None ? next(from, to) : broken(mode, Other);
}
int link(const char* from, const char* to) {
  static const auto next = real<int (*)(const char*, const char*)>("link");
  const auto mode = judge(is_below(to), Other);
  return mode == None ? next(from, to) : broken(mode, Other);
}

int clock_gettime(clockid_t which, struct timespec* out) {
  static const auto next = real<int (*)(clockid_t, struct timespec*)>("clock_gettime");
  const int done = next(which, out);
  if (done == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
    if (Control* const c = control(); c != nullptr && c->clock_micros != 0) {
      const auto micros = static_cast<std::int64_t>(out->tv_sec) * 1'000'000 + out->tv_nsec / 1'000 + c->clock_micros;
      out->tv_sec = micros / 1'000'000;
      out->tv_nsec = micros % 1'000'000 * 1'000;
    }
  return done;
}

}  // extern "C"
