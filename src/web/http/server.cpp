#include "web/http/server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <ctime>
#include <mutex>

#include "web/http/session.h"

namespace sluice::web::http {

namespace {
constexpr SteadyClock::duration kSweptAgain = std::chrono::seconds{1};
}

Task<> Loop::sweep(SteadyClock::duration interval) {
  while (!cutting) {
    sweep_timer_.expires_after(interval);
    error_code ignored;
    co_await sweep_timer_.async_wait(asio::redirect_error(kTask, ignored));
    const auto now = SteadyClock::now();
    for (auto* connection : connections) {
      if (connection->deadline > now) continue;
      connection->deadline = now + kSweptAgain;   // what was just done, and begins anew before it hears of this, is ended then
      connection->expire();
    }
  }
}

const std::string& Loop::date() {
  const std::int64_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    date_ = http_date(now);
  }
  return date_;
}

void Loop::wind_down() {
  stopping = true;
  for (auto* connection : connections) connection->wind_down();
}

void Loop::cut() {
  stopping = cutting = true;
  for (auto* connection : connections) connection->cut();
  sweep_timer_.cancel();
  work.reset();
}

void signal(const std::weak_ptr<Wake>& wake) {
  const auto strong = wake.lock();
  if (!strong) return;
  const auto loop = strong->loop;
  asio::post(loop->context, [wake] {
    if (const auto here = wake.lock(); here && here->timer) here->timer->cancel();
  });
}

namespace {

using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;
template <class Protocol>
using Socket = asio::basic_stream_socket<Protocol, Executor>;
template <class Protocol>
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;

Result<Acceptor<Tcp>> listen_tcp(const Options& options, asio::io_context& context) {
  std::string text = options.address == "localhost" ? "127.0.0.1" : options.address;
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(text, error);
  if (error) return fail(ErrorKind::Invalid, "Not an IP address to listen on: " + options.address);
  const Tcp::endpoint endpoint{address, options.port};
  Acceptor<Tcp> acceptor{context.get_executor()};
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(4096, error);
  if (error) return fail(ErrorKind::Unavailable, "Cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " + error.message());
  return acceptor;
}

// A socket file that nobody listens on is left over from a process that was killed; one that answers belongs to another server.
Result<Acceptor<Local>> listen_unix(const Options& options, asio::io_context& context) {
  const auto& path = options.unix_path;
  if (path.size() > 107) return fail(ErrorKind::Invalid, "The path of a Unix socket has at most 107 bytes: " + path);
  const Local::endpoint endpoint{path};
  error_code error;
  Socket<Local> probe{context.get_executor()};
  probe.connect(endpoint, error);
  if (!error) return fail(ErrorKind::Conflict, "Another server listens on " + path);
  if (error == asio::error::connection_refused) ::unlink(path.c_str());
  Acceptor<Local> acceptor{context.get_executor()};
  error = {};
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.bind(endpoint, error);
  // Nobody can connect between bind and listen, so the mode holds from the first connection on.
  if (!error && ::chmod(path.c_str(), options.unix_mode) != 0) error = error_code{errno, boost::system::system_category()};
  if (!error) acceptor.listen(1024, error);
  if (error) return fail(ErrorKind::Unavailable, "Cannot listen on " + path + ": " + error.message());
  return acceptor;
}

std::string peer_of(const Socket<Tcp>& socket) {
  error_code error;
  const auto address = socket.remote_endpoint(error).address();
  if (error) return "unknown";
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

std::string peer_of(const Socket<Local>&) { return "unix"; }

// A few looks within the shortest time that is configured.
SteadyClock::duration sweep_interval(const Options& options) {
  const Duration shortest = std::min({options.header_time, options.idle_time, options.limits.body_time, options.write_time, options.linger_time});
  return std::clamp<Duration>(shortest / 4, std::chrono::milliseconds{10}, std::chrono::milliseconds{250});
}

}  // namespace

struct Server::Impl {
  explicit Impl(Options options, LimitsOf limits_of, Handler handler, TrustedProxies proxies)
      : shared{std::move(options), std::move(limits_of), std::move(handler), std::move(proxies), [this] { connection_ended(); }, body_bytes} {}

  std::atomic<std::size_t> body_bytes = 0;
  Shared shared;
  std::unique_ptr<asio::ssl::context> tls;
  std::vector<std::shared_ptr<Loop>> loops;  // shared: see Wake
  std::optional<Acceptor<Tcp>> tcp;
  std::optional<Acceptor<Local>> local;
  std::string url;
  std::uint16_t port = 0;
  std::atomic<bool> stopping = false;

  mutable std::mutex mutex;
  std::condition_variable ended;
  std::size_t open = 0;
  bool stopped = false;

  ~Impl() { stop(std::chrono::seconds{4}); }

  std::size_t connections() const {
    const std::lock_guard lock(mutex);
    return open;
  }

  bool admit() {
    const std::lock_guard lock(mutex);
    if (open >= shared.options.max_connections) return false;
    ++open;
    return true;
  }

  void connection_ended() {
    {
      const std::lock_guard lock(mutex);
      --open;
    }
    ended.notify_all();
  }

  template <class Protocol>
  void begin(Socket<Protocol> socket, const std::shared_ptr<Loop>& loop) {
    if (!admit()) {
      if (!tls) {
        constexpr std::string_view kFull{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"};
        (void)!::send(socket.native_handle(), kFull.data(), kFull.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      }
      return;
    }
    try {
      auto peer = peer_of(socket);
      if constexpr (std::is_same_v<Protocol, Tcp>) {
        error_code ignored;
        socket.set_option(Tcp::no_delay(true), ignored);
        if (tls) return spawn(TlsStream{std::move(socket), *tls}, std::move(peer), loop);
      }
      spawn(std::move(socket), std::move(peer), loop);
    } catch (const std::exception&) {  // out of memory: this one connection is dropped
      connection_ended();
    }
  }

  template <class Stream>
  void spawn(Stream stream, std::string peer, const std::shared_ptr<Loop>& loop) {
    auto session = std::make_shared<Session<Stream>>(std::move(stream), std::move(peer), shared, loop);
    asio::co_spawn(loop->context, Session<Stream>::run(std::move(session)), asio::detached);
  }

  template <class Protocol>
  Task<> accept(Acceptor<Protocol>& acceptor) {
    Timer pause{loops[0]->context.get_executor()};
    for (std::size_t turn = 0; !stopping; ++turn) {
      const auto& loop = loops[turn % loops.size()];
      error_code error;
      auto socket = co_await acceptor.async_accept(loop->context, asio::redirect_error(kTask, error));
      if (!error) {
        begin<Protocol>(std::move(socket), loop);
      } else if (!stopping) {
        // Out of descriptors or memory: others close soon; without a pause this would spin.
        pause.expires_after(std::chrono::milliseconds{50});
        co_await pause.async_wait(asio::redirect_error(kTask, error));
      }
    }
  }

  Result<void> listen() {
    const auto& options = shared.options;
    auto& context = loops[0]->context;
    if (!options.unix_path.empty()) {
      TRY(local, listen_unix(options, context));
      url = "unix:" + options.unix_path;
      return {};
    }
    TRY(tcp, listen_tcp(options, context));
    const auto endpoint = tcp->local_endpoint();
    port = endpoint.port();
    const auto host = endpoint.address().to_string();
    url = (tls ? "https://" : "http://") + (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(port);
    return {};
  }

  void run() {
    const auto interval = sweep_interval(shared.options);
    for (const auto& loop : loops) asio::co_spawn(loop->context, loop->sweep(interval), asio::detached);
    if (tcp) asio::co_spawn(loops[0]->context, accept(*tcp), asio::detached);
    if (local) asio::co_spawn(loops[0]->context, accept(*local), asio::detached);
    for (const auto& loop : loops) loop->thread = std::thread([loop = loop.get()] { loop->context.run(); });
  }

  void stop(Duration grace) {
    {
      const std::lock_guard lock(mutex);
      if (std::exchange(stopped, true)) return;
    }
    stopping = true;
    if (loops.empty()) return;
    asio::post(loops[0]->context, [this] {
      error_code ignored;
      if (tcp) tcp->close(ignored);
      if (local) local->close(ignored);
    });
    for (const auto& loop : loops) asio::post(loop->context, [loop = loop.get()] { loop->wind_down(); });
    {
      std::unique_lock lock(mutex);
      ended.wait_for(lock, std::min<Duration>(grace, std::chrono::seconds{4}), [this] { return open == 0; });
    }
    for (const auto& loop : loops) asio::post(loop->context, [loop = loop.get()] { loop->cut(); });
    for (const auto& loop : loops)
      if (loop->thread.joinable()) loop->thread.join();
    if (local) ::unlink(shared.options.unix_path.c_str());
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(Options options, LimitsOf limits_of, Handler handler) {
  TRY(auto proxies, TrustedProxies::parse(options.trusted_proxies));
  if (options.tls_cert_file.empty() != options.tls_key_file.empty()) return fail(ErrorKind::Invalid, "TLS needs both a certificate and a key file.");
  if (!options.tls_cert_file.empty() && !options.unix_path.empty()) return fail(ErrorKind::Invalid, "A Unix socket has no TLS.");
  options.min_rate = std::max<std::size_t>(options.min_rate, 1);
  const int threads = std::max(options.io_threads, 1);
  auto impl = std::make_unique<Impl>(std::move(options), std::move(limits_of), std::move(handler), std::move(proxies));
  impl->stopped = true;  // until threads run there is nothing to stop
  if (!impl->shared.options.tls_cert_file.empty()) { TRY(impl->tls, tls_context(impl->shared.options)); }
  for (int i = 0; i < threads; ++i) impl->loops.push_back(std::make_shared<Loop>());
  TRY(impl->listen());
  impl->stopped = false;
  impl->run();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::string Server::url() const { return impl_->url; }
std::uint16_t Server::port() const { return impl_->port; }
std::size_t Server::connections() const { return impl_->connections(); }
void Server::stop(Duration grace) { impl_->stop(grace); }

}  // namespace sluice::web::http
