// Longer than most, and one idea: one coroutine from the first byte of a connection to its last.
// One connection: reads requests one by one, hands them to the handler, writes the answers. A template over the stream, so that plain TCP, Unix sockets and
// TLS are the same code.
//
// A Stream has async_read_some, async_write_some, lowest_layer(), and the two free functions handshake_of() and goodbye_of() below.
//
// Coroutines: parameters by value, results named before they are tested (GCC 12), `this` kept alive by run()'s argument.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/id.h"
#include "web/http/answer.h"
#include "web/http/asio.h"
#include "web/http/event_stream.h"
#include "web/http/framing.h"
#include "web/http/loop.h"
#include "web/http/proxies.h"
#include "web/http/server.h"
#include "web/http/tls.h"

namespace sluice::web::http {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

// What all sessions share; the Server owns it and outlives them.
struct Shared {
  Options options;
  LimitsOf limits_of;
  Handler handler;
  TrustedProxies proxies;
  std::function<void()> on_ended;  // a connection is gone; on its loop's thread
  std::atomic<std::size_t>& body_bytes;  // of bodies that are being read
  std::string own_lines = http::own_lines(options.own_headers);
};

// What one body under way takes of Options::body_memory.
class BodyShare {
 public:
  explicit BodyShare(const Shared& shared) : all_(shared.body_bytes), most_(shared.options.body_memory) {}
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  ~BodyShare() { all_ -= taken_; }

  bool grow(std::size_t bytes) {
    taken_ += bytes;
    return (all_ += bytes) <= most_;
  }

 private:
  std::atomic<std::size_t>& all_;
  const std::size_t most_;
  std::size_t taken_ = 0;
};

// Where one answer arrives. The session owns it while it waits; the Respond holds it weakly.
struct Answer {
  std::mutex mutex;
  bool given = false;
  bool waited_for = false;
  std::optional<Response> response = {};  // none although given: dropped
  std::shared_ptr<Wake> wake;
};

// The callable inside a Respond.
class Ticket {
 public:
  explicit Ticket(std::weak_ptr<Answer> answer) : answer_(std::move(answer)) {}
  Ticket(Ticket&&) = default;
  Ticket& operator=(Ticket&&) = delete;
  ~Ticket() { give(std::nullopt); }
  void operator()(Response response) { give(std::move(response)); }

 private:
  void give(std::optional<Response> response) {
    const auto answer = std::exchange(answer_, {}).lock();
    if (!answer) return;
    {
      const std::lock_guard lock(answer->mutex);
      if (std::exchange(answer->given, true)) return;
      answer->response = std::move(response);
      if (!answer->waited_for) return;
    }
    signal(answer->wake);
  }

  std::weak_ptr<Answer> answer_;
};

inline constexpr Refusal kHeadTooSlow{408, "request-timeout", "The request head did not arrive in time."};
inline constexpr Refusal kBodyTooSlow{408, "request-timeout", "The request body arrives too slowly."};
inline constexpr Refusal kBodyTooLarge{413, "body-too-large", "The request body is larger than this address accepts."};
inline constexpr Refusal kBodyFraming{400, "bad-chunk", "The chunked body is not well-formed."};
inline constexpr Refusal kTrailer{400, "trailer", "Trailer fields after a chunked body are not accepted."};
inline constexpr Refusal kFramingDoubt{400, "bad-framing", "The request's framing is ambiguous."};
inline constexpr Refusal kNoAnswer{500, "internal", "The request could not be answered. Try again; if it persists, name the request id."};
inline constexpr Refusal kTooManyBodies{503, "unavailable", "The server is busy. Try again later."};
inline constexpr Refusal kNoAnswerInTime{503, "unavailable", "The answer took too long. Try again later."};

template <class Stream>
inline constexpr bool kIsTls = requires(Stream& stream) { stream.next_layer(); };

// The socket under it: read from directly only once the stream's own conversation is over.
template <class Stream>
auto& socket_of(Stream& stream) {
  if constexpr (kIsTls<Stream>) return stream.next_layer();
  else return stream;
}

template <class Stream>
Task<bool> handshake_of(Stream& stream) {
  error_code error;
  if constexpr (kIsTls<Stream>) co_await stream.async_handshake(asio::redirect_error(kTask, error));
  co_return !error;
}

// Says that nothing more will be sent (TLS close_notify, so that a truncated answer can't pass for a whole one).
template <class Stream>
Task<> goodbye_of(Stream& stream) {
  error_code ignored;
  if constexpr (kIsTls<Stream>) co_await stream.async_shutdown(asio::redirect_error(kTask, ignored));
  stream.lowest_layer().shutdown(asio::socket_base::shutdown_send, ignored);
}

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(Stream stream, std::string peer, const Shared& shared, std::shared_ptr<Loop> loop)
      : shared_(shared),
        options_(shared.options),
        loop_(*loop),
        stream_(std::move(stream)),
        peer_(std::move(peer)),
        wait_(loop_.context.get_executor()),
        wake_(std::make_shared<Wake>(Wake{std::move(loop), &wait_})) {}

  ~Session() override { wake_->timer = nullptr; }

  static Task<> run(std::shared_ptr<Session> self) {
    try {
      self->loop_.connections.insert(self.get());
      if (!self->loop_.stopping) co_await self->serve();
    } catch (const std::exception&) {
      // Out of memory, or LimitsOf threw: this connection ends, the others live on.
    }
    if (self->events_) std::exchange(self->events_, nullptr)->detach();
    self->close_socket();
    self->loop_.connections.erase(self.get());
    self->shared_.on_ended();
  }

  void expire() override {
    expired_ = true;
    error_code ignored;
    stream_.lowest_layer().cancel(ignored);
  }

  void wind_down() override {
    error_code ignored;
    if (idle_) stream_.lowest_layer().cancel(ignored);
    if (events_) events_->close();
  }

  void cut() override {
    if (events_) events_->close();
    close_socket();
    wait_.cancel();
  }

 private:
  using Parser = beast_http::request_parser<beast_http::string_body>;

  Task<> serve() {
    idle_ = true;
    arm(options_.header_time);
    const bool ready = co_await handshake_of(stream_);
    if (!ready) co_return;
    if constexpr (kIsTls<Stream>)
      if (options_.client_certificates && !shared_.proxies.contains(peer_)) certificate_ = stream_.certificate();
    for (std::size_t served = 1;; ++served) {
      const bool more = co_await one_request(served >= options_.requests_per_connection);
      if (!more) break;
    }
    // Here, where the frames of the request that asked for it are gone: an idle stream keeps nothing of it.
    if (events_) co_await send_events(events_);
    if (!broken_) co_await leave();
  }

  // False: the connection ends.
  Task<bool> one_request(bool last) {
    refusal_.reset();
    target_begin_.clear();
    std::string().swap(request_id_);
    const std::size_t head_size = co_await read_head_bytes();
    if (refusal_) {
      target_begin_ = target_begin(in_);   // too long or malformed as it is, it says whose address it was sent to
      co_return co_await refuse();
    }
    if (head_size == 0) co_return false;

    request_id_ = RequestId::random().text();
    target_begin_ = target_begin(std::string_view{in_}.substr(0, head_size));
    auto head = read_head(std::string_view{in_}.substr(0, head_size));
    if (!head) {
      refusal_ = head.error();
      co_return co_await refuse();
    }
    Request request = std::move(head->request);
    const bool head_only = request.verb == Verb::Head;
    if (head->options_of_server) {
      in_.erase(0, head_size);
      refusal_.reset();
      Response allow{.status = 204, .headers = {{"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}}};
      // A body is not expected here; if one is announced, the connection ends instead of reading it.
      const bool close = last || head->close || head->chunked || head->content_length.value_or(0) > 0;
      co_return co_await write_answer(std::move(allow), head_only, close);
    }
    const bool body_read = co_await read_body(*head, head_size, request.verb, request.path, request.body);
    if (refusal_) co_return co_await refuse();
    if (!body_read) co_return false;

    request.peer = peer_;
    request.tls = kIsTls<Stream>;
    request.certificate = certificate_;
    request.request_id = request_id_;
    if (shared_.proxies.apply(request) && options_.forwarded_unheard) options_.forwarded_unheard(request.peer);
    Response response = co_await answer_of(std::move(request));
    co_return co_await write_answer(std::move(response), head_only, last || head->close);
  }

  // The size of the head now at the front of in_; 0: none came, or refusal_ says why it is none.
  Task<std::size_t> read_head_bytes() {
    const HeadLimits limits{options_.request_line, options_.header_bytes, options_.header_fields};
    HeadScan scan;
    if (in_.empty()) std::string().swap(in_);  // an idle connection keeps no large buffer
    bool begun = !in_.empty();
    auto by = SteadyClock::now() + (begun ? options_.header_time : options_.idle_time);
    for (;;) {
      const auto found = scan.look(in_, limits);
      if (!found) {
        refusal_ = found.error();
        co_return 0;
      }
      if (*found) co_return **found;
      if (!begun && !in_.empty()) {
        begun = true;
        by = SteadyClock::now() + options_.header_time;
      }
      idle_ = !begun;
      if (idle_ && loop_.stopping) co_return 0;
      arm_at(by);
      const bool came = co_await read_more(begun ? 16 << 10 : 2 << 10);
      idle_ = false;
      if (!came) {
        if (expired_ && begun) refusal_ = kHeadTooSlow;
        co_return 0;
      }
    }
  }

  // Reads the body through Beast's parser, which must see the same framing as read_head() did.
  Task<bool> read_body(const Head& head, std::size_t head_size, Verb verb, std::string path, std::string& body) {
    const Limits limits = shared_.limits_of ? shared_.limits_of(verb, path).value_or(options_.limits) : options_.limits;
    if (head.content_length.value_or(0) > limits.body) {
      refusal_ = kBodyTooLarge;
      co_return false;
    }
    Parser parser;
    parser.eager(true);
    parser.header_limit(static_cast<std::uint32_t>(options_.request_line + options_.header_bytes + 64));
    parser.body_limit(limits.body);
    std::size_t extension_bytes = 0;
    auto on_chunk = [&extension_bytes](std::uint64_t, boost::beast::string_view extensions, error_code& error) {
      extension_bytes += extensions.size();
      if (extension_bytes > kMaxChunkExtensions) error = beast_http::error::bad_chunk_extension;
    };
    parser.on_chunk_header(on_chunk);

    error_code error;
    const std::size_t used = parser.put(asio::buffer(in_.data(), head_size), error);
    if (error == beast_http::error::need_more) error = {};
    const auto beast_length = parser.is_header_done() ? parser.content_length() : boost::optional<std::uint64_t>{};
    if (error || used != head_size || !parser.is_header_done() || parser.chunked() != head.chunked || beast_length.has_value() != head.content_length.has_value() ||
        (beast_length && *beast_length != *head.content_length)) {
      refusal_ = kFramingDoubt;
      co_return false;
    }
    in_.erase(0, head_size);
    if (parser.is_done()) co_return true;
    const auto fields = fields_of(parser);

    if (head.expects_continue && in_.empty()) {
      arm(options_.write_time);
      co_await asio::async_write(stream_, asio::buffer(kContinue), asio::redirect_error(kTask, error));
      if (error) {
        broken_ = true;
        co_return false;
      }
    }
    const auto begin = SteadyClock::now();
    BodyShare share(shared_);
    std::size_t received = in_.size();
    std::size_t fresh = received;
    for (;;) {
      if (!share.grow(fresh)) {
        refusal_ = kTooManyBodies;
        co_return false;
      }
      if (!in_.empty()) {
        error = {};
        const std::size_t taken = parser.put(asio::buffer(in_), error);
        in_.erase(0, taken);
        if (error == beast_http::error::body_limit) refusal_ = kBodyTooLarge;
        else if (error && error != beast_http::error::need_more) refusal_ = kBodyFraming;
        else if (!parser.is_done() && !is_chunk_line_so_far(in_)) refusal_ = kBodyFraming;
        if (refusal_) co_return false;
        if (parser.is_done()) break;
      }
      arm_at(begin + limits.body_time + std::chrono::microseconds{received * 1'000'000 / options_.min_rate});
      const std::size_t before = in_.size();
      const bool came = co_await read_more(64 << 10);
      if (!came) {
        if (expired_) refusal_ = kBodyTooSlow;
        co_return false;
      }
      fresh = in_.size() - before;
      received += fresh;
    }
    // RFC 9112 §7.1.2 would let us drop trailer fields; whoever merges them into the head sees another request, so there are none.
    if (fields_of(parser) != fields) {
      refusal_ = kTrailer;
      co_return false;
    }
    body = std::move(parser.get().body());
    co_return true;
  }

  static auto fields_of(const Parser& parser) { return std::distance(parser.get().begin(), parser.get().end()); }

  // What Beast leaves untouched is the beginning of a chunk's size line or of the trailer: short, and without line ends other than CR LF.
  static bool is_chunk_line_so_far(std::string_view rest) {
    if (rest.size() > kMaxChunkLine) return false;
    for (std::size_t i = 0; i < rest.size(); ++i) {
      if (rest[i] == '\n' && (i == 0 || rest[i - 1] != '\r')) return false;
      if (rest[i] == '\0') return false;
    }
    return true;
  }

  Task<Response> answer_of(Request request) {
    const auto answer = std::make_shared<Answer>();
    answer->wake = wake_;
    try {
      shared_.handler(std::move(request), Respond{Ticket{answer}});
    } catch (const std::exception&) {
      // The Respond died on the way out: 500.
    }
    const auto by = SteadyClock::now() + options_.answer_time;
    bool timed_out = false;
    for (;;) {
      {
        const std::lock_guard lock(answer->mutex);
        if (answer->given || timed_out || loop_.cutting) {
          answer->given = true;
          if (answer->response) co_return std::move(*answer->response);
          break;
        }
        answer->waited_for = true;
      }
      wait_.expires_at(by);
      error_code woken;
      co_await wait_.async_wait(asio::redirect_error(kTask, woken));
      timed_out = !woken;
    }
    co_return problem(timed_out ? kNoAnswerInTime : kNoAnswer, request_id_);
  }

  // Of "GET /a/b HTTP/1.1": "/a/b", or as much of it as tells whose address it is.
  static std::string target_begin(std::string_view head) {
    const auto line = head.substr(0, head.find('\r'));
    const auto from = line.find(' ');
    if (from == std::string_view::npos) return {};
    const auto target = line.substr(from + 1);
    return std::string{target.substr(0, std::min<std::size_t>({target.find(' '), target.find('?'), 15}))};
  }

  Task<bool> refuse() {
    if (request_id_.empty()) request_id_ = RequestId::random().text();
    refused_ = true;
    std::optional<Response> told;
    if (options_.refused) told = options_.refused(*refusal_, target_begin_, request_id_);
    Response response = told ? *std::move(told) : problem(*refusal_, request_id_);
    co_return co_await write_answer(std::move(response), false, true);
  }

  // True: the connection can take another request.
  Task<bool> write_answer(Response response, bool head_only, bool close) {
    const std::shared_ptr<EventStream> events = response.stream;
    close = close || loop_.stopping || wants_close(response);
    std::string head = answer_head(response, {loop_.date(), request_id_, close, shared_.own_lines});
    const bool with_content = !head_only && !events && has_content(response.status);
    const std::string_view content = with_content ? response.content() : std::string_view{};
    arm(options_.write_time + std::chrono::microseconds{content.size() * 1'000'000 / options_.min_rate});
    error_code error;
    if (content.size() <= kJoinBelow) {
      head += content;
      co_await asio::async_write(stream_, asio::buffer(head), asio::redirect_error(kTask, error));
    } else {
      const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(content)};
      co_await asio::async_write(stream_, parts, asio::redirect_error(kTask, error));
    }
    if (error) broken_ = true;
    if (events) {
      if (broken_ || head_only) events->detach();
      else events_ = events;
      co_return false;
    }
    co_return !broken_ && !close;
  }

  Task<> send_events(std::shared_ptr<EventStream> events) {
    deadline = SteadyClock::time_point::max();
    std::string().swap(in_);
    events->attach([wake = std::weak_ptr(wake_)] { signal(wake); });
    watch_client();
    while (!client_gone_ && !broken_ && !loop_.cutting) {
      const EventStream::Taken taken = events->take();
      if (!taken.frames.empty()) {
        std::size_t size = 0;
        for (const auto& frame : taken.frames) size += frame->size();
        std::string joined;
        std::vector<asio::const_buffer> parts;     // large ones are shared by many, so they aren't copied
        if (size <= kJoinBelow)
          for (const auto& frame : taken.frames) joined += *frame;
        else
          for (const auto& frame : taken.frames) parts.push_back(asio::buffer(*frame));
        if (size <= kJoinBelow) parts.push_back(asio::buffer(joined));
        arm(options_.write_time + std::chrono::microseconds{size * 1'000'000 / options_.min_rate});
        error_code error;
        co_await asio::async_write(stream_, parts, asio::redirect_error(kTask, error));
        deadline = SteadyClock::time_point::max();
        if (error) broken_ = true;
        continue;
      }
      if (taken.closed || loop_.stopping) break;
      wait_.expires_after(options_.heartbeat);
      error_code woken;
      co_await wait_.async_wait(asio::redirect_error(kTask, woken));
      if (!woken) events->push(kHeartbeat);
    }
    events->detach();
    events_ = nullptr;
    // The read of watch_client() must end before the stream is used for saying goodbye.
    error_code ignored;
    stream_.lowest_layer().cancel(ignored);
    while (watching_ && !loop_.cutting) {
      wait_.expires_after(std::chrono::seconds{1});
      error_code woken;
      co_await wait_.async_wait(asio::redirect_error(kTask, woken));
    }
    if (client_gone_) broken_ = true;
  }

  // A client has nothing more to say on a stream of events; whatever its side reports, it is gone.
  void watch_client() {
    watching_ = true;
    stream_.async_read_some(asio::buffer(probe_), [self = this->shared_from_this()](error_code error, std::size_t) {
      self->watching_ = false;
      if (error != asio::error::operation_aborted) self->client_gone_ = true;
      self->wait_.cancel();
    });
  }

  // The end in good order: say so, then read away what the client still sends, or a reset would take the answer from it.
  Task<> leave() {
    const auto time = loop_.stopping ? std::min<Duration>(options_.linger_time, std::chrono::milliseconds{200}) : options_.linger_time;
    arm(time);
    co_await goodbye_of(stream_);
    if (!refused_ && in_.empty()) co_return;
    arm(time);
    in_.resize(64 << 10);
    for (std::size_t read = 0; read < kMaxLinger && !expired_;) {
      error_code error;
      const std::size_t size = co_await socket_of(stream_).async_read_some(asio::buffer(in_), asio::redirect_error(kTask, error));
      if (error) break;
      read += size;
    }
  }

  Task<bool> read_more(std::size_t most) {
    const std::size_t before = in_.size();
    in_.resize(before + most);
    error_code error;
    const std::size_t size = co_await stream_.async_read_some(asio::buffer(in_.data() + before, most), asio::redirect_error(kTask, error));
    in_.resize(before + size);
    if (error && !expired_) broken_ = !(loop_.stopping && error == asio::error::operation_aborted);
    co_return !error;
  }

  void arm(Duration time) { arm_at(SteadyClock::now() + time); }
  void arm_at(SteadyClock::time_point time) {
    expired_ = false;
    deadline = time;
  }

  void close_socket() {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

  static constexpr std::string_view kContinue{"HTTP/1.1 100 Continue\r\n\r\n"};
  static constexpr std::size_t kMaxChunkLine = 8 << 10;         // also a whole trailer
  static constexpr std::size_t kMaxChunkExtensions = 4 << 10;   // of one body together
  static constexpr std::size_t kJoinBelow = 16 << 10;           // one packet, one TLS record, one copy
  static constexpr std::size_t kMaxLinger = 64 << 20;
  inline static const EventStream::Frame kHeartbeat = std::make_shared<const std::string>(": .\n\n");

  const Shared& shared_;
  const Options& options_;
  Loop& loop_;
  Stream stream_;
  const std::string peer_;
  std::shared_ptr<const std::string> certificate_;  // of the client
  Timer wait_;                               // for answers and events; woken by signal()
  std::shared_ptr<Wake> wake_;
  std::string in_;                           // read and not used yet
  std::string request_id_;
  std::optional<Refusal> refusal_;
  std::string target_begin_;                        // of the request that is being read: short enough to take no memory
  std::shared_ptr<EventStream> events_;
  std::array<char, 16> probe_{};
  bool idle_ = false;                        // nothing of a request has come
  bool expired_ = false;                     // the deadline passed during the operation under way
  bool broken_ = false;                      // no use in writing to it
  bool refused_ = false;
  bool watching_ = false;
  bool client_gone_ = false;
};

}  // namespace sluice::web::http
