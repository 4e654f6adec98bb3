// Both ends of DIR/admin.sock: a line of JSON in, a line of JSON out, one exchange a connection.
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <thread>

#include "base/bind.h"
#include "cli/admin.h"
#include "cli/log.h"
#include "cli/wired.h"

namespace sluice::cli {

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr int kPatience = 30;  // seconds for a line from the other side

struct Errors {  // an Error on its way through the socket
  std::string kind, message;
  std::optional<std::string> where, rule, code;
};
BOOST_DESCRIBE_STRUCT(Errors, (), (kind, message, where, rule, code))

constexpr std::pair<ErrorKind, std::string_view> kKinds[] = {
    {ErrorKind::Malformed, "malformed"},
    {ErrorKind::Invalid, "invalid"},
    {ErrorKind::Unauthenticated, "unauthenticated"},
    {ErrorKind::Forbidden, "forbidden"},
    {ErrorKind::NotFound, "not_found"},
    {ErrorKind::Conflict, "conflict"},
    {ErrorKind::Stale, "stale"},
    {ErrorKind::PreconditionRequired, "precondition_required"},
    {ErrorKind::TooLarge, "too_large"},
    {ErrorKind::TooMany, "too_many"},
    {ErrorKind::Unavailable, "unavailable"},
};

json::object wire(const Error& error) {
  Errors out{"unavailable", error.message, error.where, error.rule, error.code};
  for (const auto& [kind, word] : kKinds)
    if (kind == error.kind) out.kind = word;
  return {{"error", to_json(out)}};
}

Error unwire(const json::value& value) {
  auto read = from_json<Errors>(value);
  if (!read) return {ErrorKind::Unavailable, "The server's answer can't be read. Is it of another version?"};
  Error out{ErrorKind::Unavailable, read->message, read->where.value_or(""), read->rule.value_or(""), read->code.value_or("")};
  for (const auto& [kind, word] : kKinds)
    if (word == read->kind) out.kind = kind;
  return out;
}

std::unexpected<Error> unreachable() { return fail(ErrorKind::Unavailable, "Something holds this data directory but doesn't answer on its admin.sock.", {}, {}, "unreachable"); }

Result<sockaddr_un> address_of(const std::filesystem::path& data) {
  sockaddr_un out{.sun_family = AF_UNIX, .sun_path = {}};
  const auto path = (data / "admin.sock").string();
  if (path.size() >= sizeof out.sun_path) return fail(ErrorKind::Invalid, "The path of the data directory is too long for a socket in it (107 bytes).");
  path.copy(out.sun_path, path.size());
  return out;
}

bool send_line(int fd, std::string line) {
  line += '\n';
  for (std::string_view rest = line; !rest.empty();) {
    const auto n = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::optional<std::string> read_line(int fd) {
  std::string out;
  char buffer[4096];
  for (;;) {
    pollfd waits{fd, POLLIN, 0};
    const int ready = ::poll(&waits, 1, kPatience * 1'000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    const auto n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    out.append(buffer, static_cast<std::size_t>(n));
    if (const auto end = out.find('\n'); end != out.npos) return out.substr(0, end);
    if (out.size() > kLongestLine) return std::nullopt;
  }
}

Result<json::object> ask_server(const std::filesystem::path& data, const AdminRequest& request) {
  TRY(const auto address, address_of(data));
  const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0 || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return unreachable();
  if (!send_line(fd.get(), json::serialize(to_json(request)))) return unreachable();
  const auto line = read_line(fd.get());
  if (!line) return fail(ErrorKind::Unavailable, "The server ended before it answered. Whether it did what was asked isn't known.");
  TRY(const auto answer, parse_json(*line));
  const auto* object = answer.if_object();
  if (object != nullptr)
    if (const auto* ok = object->if_contains("ok"); ok != nullptr && ok->is_object()) return ok->get_object();
  const auto* error = object == nullptr ? nullptr : object->if_contains("error");
  return std::unexpected(unwire(error != nullptr ? *error : json::value()));
}

}  // namespace

Result<json::object> ask_site(const std::filesystem::path& data, const std::optional<std::filesystem::path>& root_key, const AdminRequest& request) {
  // A server that just starts holds the lock before it listens, and another command holds it for a moment: both pass.
  for (int tries = 0;; ++tries) {
    auto wired = Wired::open({.data = data, .root_key = root_key});
    if (wired) return run_admin({*(*wired)->services, *(*wired)->doors}, request);
    if (wired.error().code != "locked") return std::unexpected(wired.error());
    auto answer = ask_server(data, request);
    if (answer || answer.error().code != "unreachable" || tries >= 300) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

struct AdminSocket::Impl {
  Fd listener, stop;
  std::filesystem::path path;
  AdminContext context;
  std::thread thread;

  void serve() {
    for (;;) {
      pollfd waits[] = {{listener.get(), POLLIN, 0}, {stop.get(), POLLIN, 0}};
      if (::poll(waits, 2, -1) < 0 && errno != EINTR) return;
      if (waits[1].revents != 0) return;
      if (waits[0].revents == 0) continue;
      const Fd peer(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (peer.get() >= 0) answer(peer.get());
    }
  }

  void answer(int peer) {
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || (who.uid != ::geteuid() && who.uid != 0)) return;
    const timeval patience{kPatience, 0};
    ::setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const auto line = read_line(peer);
    if (!line) return;
    const auto result = run(*line);
    send_line(peer, json::serialize(result ? json::object{{"ok", *result}} : wire(result.error())));
  }

  Result<json::object> run(const std::string& line) {
    TRY(const auto value, parse_json(line));
    TRY(const auto request, from_json<AdminRequest>(value));
    auto result = run_admin(context, request);
    log(Level::Info, "admin", {{"command", request.command}, {"outcome", result ? "done" : "refused"}});
    return result;
  }
};

Result<std::unique_ptr<AdminSocket>> AdminSocket::start(const std::filesystem::path& data, AdminContext context) {
  TRY(const auto address, address_of(data));
  const auto failed = [] { return fail(ErrorKind::Unavailable, "DIR/admin.sock can't be made.", {}, {}, "disk"); };
  Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ::unlink(address.sun_path);  // of a server that was killed: the lock says that none runs
  if (listener.get() < 0 || ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return failed();
  if (::chmod(address.sun_path, 0600) != 0 || ::listen(listener.get(), 64) != 0) return failed();
  auto impl = std::unique_ptr<Impl>(new Impl{std::move(listener), Fd(::eventfd(0, EFD_CLOEXEC)), address.sun_path, context, {}});
  if (impl->stop.get() < 0) return failed();
  impl->thread = std::thread([inside = impl.get()] { inside->serve(); });
  return std::unique_ptr<AdminSocket>(new AdminSocket(std::move(impl)));
}

AdminSocket::AdminSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

AdminSocket::~AdminSocket() {
  ::eventfd_write(impl_->stop.get(), 1);
  impl_->thread.join();
  ::unlink(impl_->path.c_str());
}

}  // namespace sluice::cli
