#include "web/http/tls.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <climits>
#include <new>

#include "web/http/server.h"

namespace sluice::web::http {

namespace {

constexpr long kMostCertificates = 32 << 10;      // bytes of what a client shows, with all that it sends beside its own
constexpr int kReadsOfStep = 2;                   // of a record's size each: its rest and the next one's begin

bool comes_later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

long bio_control(BIO* bio, int what, long, void*) {
  if (what == BIO_CTRL_FLUSH || what == BIO_CTRL_DUP) return 1;
  if (what == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return 0;
}

std::shared_ptr<const std::string> der_of(X509* certificate) {
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return nullptr;
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate, &at);
  return std::make_shared<const std::string>(std::move(der));
}

// T5. The key has done its work once the handshake is over. OpenSSL has no way to let go of what a client showed, so the one key of all connections takes its place.
void forget_key(SSL* ssl) {
  static EVP_PKEY* const nobodys = [] {
    constexpr std::array<unsigned char, 32> kNothing{};
    return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, kNothing.data(), kNothing.size());
  }();
  X509* const shown = SSL_get0_peer_certificate(ssl);
  if (shown != nullptr && nobodys != nullptr) X509_set_pubkey(shown, nobodys);
}

}  // namespace

// T5. What OpenSSL goes on with, to have the client prove the key (RFC 8446 §4.4.3), is a certificate of nothing but that key. `untrusted` is the list that it keeps with the session
// after this call (OpenSSL 3.0, tls_process_client_certificate), so what is taken from it here is gone.
int TlsStream::keep_certificate(X509_STORE_CTX* context, void*) {
  auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const all = X509_STORE_CTX_get0_untrusted(context);
  if (ssl == nullptr || all == nullptr || sk_X509_num(all) < 1) return 0;
  X509* const shown = sk_X509_value(all, 0);
  X509* const bare = X509_new();
  if (bare == nullptr || X509_set_pubkey(bare, X509_get0_pubkey(shown)) != 1) {
    X509_free(bare);
    return 0;
  }
  try {
    static_cast<Wire*>(SSL_get_app_data(ssl))->certificate = der_of(shown);
  } catch (const std::bad_alloc&) {                // nothing is thrown through OpenSSL
    X509_free(bare);
    return 0;
  }
  while (sk_X509_num(all) > 1) X509_free(sk_X509_pop(all));
  sk_X509_set(all, 0, bare);
  X509_STORE_CTX_set_cert(context, bare);
  X509_free(shown);
  return 1;
}

// T3. No chain is built and no authority asked: the handshake has the client prove the key, and that is all that is wanted of it.
void TlsStream::ask_for_certificate(SSL_CTX* native) {
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(native, keep_certificate, nullptr);
  SSL_CTX_set_max_cert_list(native, kMostCertificates);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
}

// ---- bytes between OpenSSL and the socket. Its own would raise SIGPIPE.

int TlsStream::Wire::write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(static_cast<const Wire*>(BIO_get_data(bio))->socket, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && comes_later(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int TlsStream::Wire::read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
  if (wire.reads == 0) {                            // T4. The wait that follows ends at once where there is more (asio looks again with each wait)
    BIO_set_retry_read(bio);
    return -1;
  }
  --wire.reads;
  const auto got = ::recv(wire.socket, data, static_cast<std::size_t>(size), 0);
  if (got < 0 && comes_later(errno)) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(got);
}

BIO_METHOD* TlsStream::bio_of_sockets() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* out = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sluice socket");
    if (out == nullptr) return out;
    BIO_meth_set_write(out, Wire::write);
    BIO_meth_set_read(out, Wire::read);
    BIO_meth_set_ctrl(out, bio_control);
    return out;
  }();
  return method;
}

Result<std::unique_ptr<asio::ssl::context>> tls_context(const Options& options) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(native, 1);               // a record in one read
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20:!PSK:!aNULL");
  SSL_CTX_set1_groups_list(native, "X25519:P-256:P-384");
  SSL_CTX_set_alpn_select_cb(
      native,
      [](SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size, void*) {
        constexpr std::string_view kOffer{"\x08http/1.1"};
        auto* chosen = const_cast<unsigned char*>(*out);
        const int found = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(kOffer.data()), kOffer.size(), in, in_size);
        *out = chosen;
        return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
      },
      nullptr);
  if (options.client_certificates) TlsStream::ask_for_certificate(native);
  boost::system::error_code error;
  context->use_certificate_chain_file(options.tls_cert_file, error);
  if (error) return fail(ErrorKind::Invalid, "The TLS certificate file cannot be used: " + options.tls_cert_file + " (" + error.message() + ")");
  context->use_private_key_file(options.tls_key_file, asio::ssl::context::pem, error);
  if (error) return fail(ErrorKind::Invalid, "The TLS key file cannot be used: " + options.tls_key_file + " (" + error.message() + ")");
  if (SSL_CTX_check_private_key(native) != 1) return fail(ErrorKind::Invalid, "The TLS key does not belong to the certificate.");
  return context;
}

TlsStream::TlsStream(Socket socket, asio::ssl::context& context) : socket_(std::move(socket)), wire_(std::make_unique<Wire>()), ssl_(SSL_new(context.native_handle())) {
  BIO* const bio = ssl_ && bio_of_sockets() != nullptr ? BIO_new(bio_of_sockets()) : nullptr;
  if (bio == nullptr) throw std::bad_alloc();
  wire_->socket = socket_.native_handle();
  BIO_set_data(bio, wire_.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), wire_.get());
  SSL_set_accept_state(ssl_.get());
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
}

TlsStream::Step TlsStream::step(Kind kind, asio::mutable_buffer into, asio::const_buffer from) {
  if (!socket_.is_open()) return {.error = asio::error::operation_aborted};   // T2
  if ((kind == Kind::Read && into.size() == 0) || (kind == Kind::Write && from.size() == 0)) return {};
  SSL* const ssl = ssl_.get();
  wire_->reads = kReadsOfStep;
  ERR_clear_error();
  errno = 0;
  std::size_t size = 0;
  int done = 0;
  switch (kind) {
    case Kind::Handshake: done = SSL_do_handshake(ssl); break;
    case Kind::Read: done = SSL_read_ex(ssl, into.data(), into.size(), &size); break;
    case Kind::Write: done = SSL_write_ex(ssl, from.data(), from.size(), &size); break;
    case Kind::Shutdown:
      done = SSL_shutdown(ssl);
      if (done == 0) done = SSL_shutdown(ssl);    // ours is on its way; now the client's
      break;
  }
  if (done > 0 && kind == Kind::Handshake) forget_key(ssl);
  if (done > 0) return {.size = size};
  switch (SSL_get_error(ssl, done)) {
    case SSL_ERROR_WANT_READ: return {.next = Step::Next::WaitRead};
    case SSL_ERROR_WANT_WRITE: return {.next = Step::Next::WaitWrite};
    case SSL_ERROR_ZERO_RETURN: return {.error = asio::error::eof};
    case SSL_ERROR_SYSCALL: return {.error = errno != 0 ? boost::system::error_code{errno, boost::system::system_category()} : boost::system::error_code{asio::error::connection_reset}};
    default: return {.error = asio::error::connection_aborted};   // not TLS, or broken TLS
  }
}

}  // namespace sluice::web::http
