// TLS of the server: its settings, and a stream over OpenSSL on the socket itself, which holds no buffers of its own. Included by session.h and server.cpp alone.
//
// asio::ssl::stream keeps two buffers of 17 KB and a pair of BIOs of 17 KB each for a connection, however idle; here OpenSSL reads and writes the socket, and lets its own
// buffers go when they are empty (SSL_MODE_RELEASE_BUFFERS).
//
// Always holds
//   T1  One read and one write may be under way at a time, on the loop's thread (L1), as sessions have it.
//   T2  Nothing touches the socket once it was closed, so that no byte reaches a connection that has been given its number since.
//   T3  A certificate is asked for only where Options says so, never demanded, and no names of authorities are sent. Whatever is shown is taken once its key was proved; whether it is
//       known is for who answers. No session is resumed then: each connection proves the key anew.
//   T5  Of what a client shows, its certificate's bytes stay with the connection and nothing else: neither what OpenSSL parses of it nor whatever came along.
//   T4  A step takes what a few reads of the socket bring, however fast more comes: whoever floods a connection with what gives no data (key updates) waits his turn like all others.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "web/http/asio.h"
#include "web/http/loop.h"

namespace sluice::web::http {

struct Options;

// TLS 1.3, and 1.2 with forward secrecy and AEAD only (WEB-8).
Result<std::unique_ptr<asio::ssl::context>> tls_context(const Options& options);

class TlsStream {
 public:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
  using executor_type = Executor;
  using lowest_layer_type = Socket;

  TlsStream(Socket socket, asio::ssl::context& context);   // throws where there is no memory
  TlsStream(TlsStream&&) = default;

  executor_type get_executor() { return socket_.get_executor(); }
  Socket& lowest_layer() { return socket_; }
  Socket& next_layer() { return socket_; }

  // The certificate whose key the client proved, as DER; none: it showed none. After the handshake.
  std::shared_ptr<const std::string> certificate() const { return wire_->certificate; }

  template <class Token>
  auto async_handshake(Token&& token) { return begin<Kind::Handshake>({}, {}, std::forward<Token>(token)); }
  template <class Token>
  auto async_shutdown(Token&& token) { return begin<Kind::Shutdown>({}, {}, std::forward<Token>(token)); }
  template <class Token>
  auto async_read_some(asio::mutable_buffer into, Token&& token) { return begin<Kind::Read>(into, {}, std::forward<Token>(token)); }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    asio::const_buffer first;                      // a record at most, as SSL_write takes it
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers) && first.size() == 0; ++at) first = *at;
    return begin<Kind::Write>({}, first, std::forward<Token>(token));
  }

 private:
  enum class Kind { Handshake, Read, Write, Shutdown };
  struct Step {
    enum class Next { Done, WaitRead, WaitWrite } next = Next::Done;
    boost::system::error_code error = {};
    std::size_t size = 0;
  };
  Step step(Kind kind, asio::mutable_buffer into, asio::const_buffer from);

  // Tries, waits for the socket, tries again. What needs no wait is answered by way of the loop, as whoever awaits must be told later.
  template <Kind kind>
  struct Operation {
    TlsStream& stream;
    asio::mutable_buffer into;
    asio::const_buffer from;
    Step now = {};
    bool is_first = true;
    bool is_told = false;

    template <class Self>
    void operator()(Self& self, boost::system::error_code error = {}) {
      if (!is_told) {
        now = error ? Step{.error = error} : stream.step(kind, into, from);
        if (now.next != Step::Next::Done) {
          is_first = false;
          const auto what = now.next == Step::Next::WaitRead ? asio::socket_base::wait_read : asio::socket_base::wait_write;
          return stream.socket_.async_wait(what, std::move(self));
        }
        if (is_first) {
          is_told = true;
          return asio::post(stream.get_executor(), std::move(self));
        }
      }
      if constexpr (kind == Kind::Read || kind == Kind::Write) self.complete(now.error, now.size);
      else self.complete(now.error);
    }
  };

  template <Kind kind, class Token>
  auto begin(asio::mutable_buffer into, asio::const_buffer from, Token&& token) {
    if constexpr (kind == Kind::Read || kind == Kind::Write)
      return asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(Operation<kind>{*this, into, from}, token, socket_);
    else
      return asio::async_compose<Token, void(boost::system::error_code)>(Operation<kind>{*this, into, from}, token, socket_);
  }

  struct Free { void operator()(SSL* ssl) const { SSL_free(ssl); } };
  struct Wire {                                   // what OpenSSL is given to hold; its place stays when the stream is moved
    int socket = -1;
    int reads = 0;                                // left of this step (T4)
    std::shared_ptr<const std::string> certificate;
    static int read(BIO* bio, char* data, int size);
    static int write(BIO* bio, const char* data, int size);
  };
  static BIO_METHOD* bio_of_sockets();
  static int keep_certificate(X509_STORE_CTX* shown, void*);
  static void ask_for_certificate(SSL_CTX* native);
  friend Result<std::unique_ptr<asio::ssl::context>> tls_context(const Options& options);

  Socket socket_;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace sluice::web::http
