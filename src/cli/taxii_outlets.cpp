#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "cli/console.h"
#include "cli/taxii_connect.h"

namespace sluice::cli {

namespace {

// Line ends in JSON stand between its words alone, so a space there says the same.
void add_line(std::string& out, std::string_view text) {
  for (const char c : text) out += c == '\n' || c == '\r' ? ' ' : c;
  out += '\n';
}

std::string lines_of(const taxii::Envelope& envelope, const std::vector<std::size_t>& which) {
  std::string out;
  for (const auto i : which) add_line(out, envelope.objects[i].text);
  return out;
}

// 0, or errno.
int write_whole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

std::unexpected<Error> not_written(const std::string& file) { return fail(ErrorKind::Unavailable, "This file can't be written: " + std::string(std::strerror(errno)) + ".", file); }

class LinesFile final : public Outlet {
 public:
  LinesFile(std::string file, int fd, bool has_state) : file_(std::move(file)), fd_(fd), has_state_(has_state) {}
  ~LinesFile() override {
    if (fd_ > 1) ::close(fd_);
    if (!has_state_ && !finished_ && fd_ > 1) ::unlink(part().c_str());
  }
  Result<void> deliver(const taxii::Envelope& envelope, const std::vector<std::size_t>& which) override {
    if (const int code = write_whole(fd_, lines_of(envelope, which)); code != 0) return errno = code, not_written(file_);
    return {};
  }
  Result<std::optional<std::uint64_t>> settle() override {
    if (fd_ == 1 || !has_state_) return std::optional<std::uint64_t>();
    struct stat status {};
    if (::fdatasync(fd_) != 0 || ::fstat(fd_, &status) != 0) return not_written(file_);
    return std::optional(static_cast<std::uint64_t>(status.st_size));
  }
  Result<void> finish() override {
    if (fd_ == 1 || has_state_) return {};
    if (::fsync(fd_) != 0 || ::rename(part().c_str(), file_.c_str()) != 0) return not_written(file_);
    finished_ = true;
    return {};
  }

 private:
  std::string part() const { return file_ + ".part"; }
  std::string file_;
  int fd_;
  bool has_state_, finished_ = false;
};

class FilesFolder final : public Outlet {
 public:
  explicit FilesFolder(std::string folder, int fd) : folder_(std::move(folder)), fd_(fd) {}
  ~FilesFolder() override { ::close(fd_); }
  Result<void> deliver(const taxii::Envelope& envelope, const std::vector<std::size_t>& which) override {
    for (const auto i : which) TRY(put(envelope.objects[i]));
    return {};
  }
  Result<std::optional<std::uint64_t>> settle() override {
    if (::syncfs(fd_) != 0) return not_written(folder_);
    return std::optional<std::uint64_t>();
  }

 private:
  // Names come from elsewhere: letters, digits, '-' and '.' alone stay, and no name begins with a dot.
  static std::string safe(std::string_view text) {
    std::string out;
    for (const char c : text)
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || (c == '.' && !out.empty())) out += c;
    if (out.size() > 120) out.resize(120);
    return out.empty() ? "x" : out;
  }
  Result<void> put(const taxii::StixObject& object) const {
    const auto folder = std::filesystem::path(folder_) / safe(object.type);
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    if (ec) return fail(ErrorKind::Unavailable, "This folder can't be made: " + ec.message() + ".", folder.string());
    const auto stem = safe(object.id) + "." + (object.version.empty() ? "0" : safe(object.version));
    auto file = (folder / (stem + ".json")).string();
    if (const auto there = std::filesystem::exists(file, ec) ? read_input(file, 256 << 20) : fail(ErrorKind::NotFound, ""); there) {
      if (*there == object.text) return {};
      file = (folder / (stem + "." + taxii::to_text(object.key) + ".json")).string();   // the same version with other content: both are kept
    }
    const auto part = file + ".part";
    const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return not_written(file);
    const int code = write_whole(fd, object.text);
    ::close(fd);
    if (code != 0 || ::rename(part.c_str(), file.c_str()) != 0) {
      if (code != 0) errno = code;
      auto error = not_written(file);
      ::unlink(part.c_str());
      return error;
    }
    return {};
  }
  std::string folder_;
  int fd_;
};

class Command final : public Outlet {
 public:
  explicit Command(std::string command) : command_(std::move(command)) {}
  Result<void> deliver(const taxii::Envelope& envelope, const std::vector<std::size_t>& which) override {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return not_started();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);                    // ignored here, and not what a command expects
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    std::string shell = "/bin/sh", flag = "-c";
    char* const words[] = {shell.data(), flag.data(), command_.data(), nullptr};
    pid_t child = 0;
    const int code = ::posix_spawn(&child, "/bin/sh", &actions, &attributes, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(ends[0]);
    if (code != 0) {
      ::close(ends[1]);
      return errno = code, not_started();
    }
    (void)write_whole(ends[1], lines_of(envelope, which));   // a command that reads no further may be content: its exit code says so
    ::close(ends[1]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return fail(ErrorKind::Unavailable, "The command ended with " + (WIFEXITED(status) ? std::to_string(WEXITSTATUS(status)) : "signal " + std::to_string(WTERMSIG(status))) + ": these " + std::to_string(which.size()) + " objects don't count as delivered.", {}, {}, "command-failed");
  }
  Result<std::optional<std::uint64_t>> settle() override { return std::optional<std::uint64_t>(); }

 private:
  static std::unexpected<Error> not_started() { return fail(ErrorKind::Unavailable, "The command can't be started: " + std::string(std::strerror(errno)) + "."); }
  std::string command_;
};

}  // namespace

Result<std::unique_ptr<Outlet>> lines_into(const std::string& file, bool has_state, std::optional<std::uint64_t> bytes) {
  if (file == "-") return std::make_unique<LinesFile>(file, 1, has_state);
  const auto opened = has_state ? file : file + ".part";
  const int fd = ::open(opened.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (has_state ? 0 : O_TRUNC), 0600);
  if (fd < 0) return not_written(file);
  auto out = std::make_unique<LinesFile>(file, fd, has_state);
  if (!has_state) return out;
  struct stat status {};
  if (::fstat(fd, &status) != 0) return not_written(file);
  const auto there = static_cast<std::uint64_t>(status.st_size);
  if (there < bytes.value_or(0)) return fail(ErrorKind::Conflict, "This file is shorter than the state says: " + std::to_string(there) + " bytes of " + std::to_string(*bytes) + ". Begin anew with another file and another state.", file);
  if (!bytes && there > 0) return fail(ErrorKind::Conflict, "This file has something in it that the state doesn't know. Begin anew with another file, or another state.", file);
  if (there > bytes.value_or(0) && ::ftruncate(fd, static_cast<off_t>(*bytes)) != 0) return not_written(file);
  return out;
}

Result<std::unique_ptr<Outlet>> files_into(const std::string& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return not_written(folder);
  return std::make_unique<FilesFolder>(folder, fd);
}

std::unique_ptr<Outlet> lines_to_command(const std::string& command) { return std::make_unique<Command>(command); }

}  // namespace sluice::cli
