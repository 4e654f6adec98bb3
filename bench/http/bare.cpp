#include "bare.h"

#include <optional>
#include <thread>

#include "web/http/asio.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

struct BareServer::Impl {
  BareHandler handler;
  asio::io_context context{1};
  Tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  std::thread thread;

  asio::awaitable<void> session(boost::beast::tcp_stream stream) {
    boost::beast::flat_buffer buffer;
    error_code error;
    stream.socket().set_option(Tcp::no_delay(true), error);
    asio::steady_timer wait{context};
    for (;;) {
      http::request<http::string_body> request;
      stream.expires_after(std::chrono::seconds{30});
      co_await http::async_read(stream, buffer, request, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      bool done = false;
      std::string body;
      handler([this, &done, &body, &wait](std::string text) {
        if (context.get_executor().running_in_this_thread()) {
          body = std::move(text);
          done = true;
        } else {
          asio::post(context, [&done, &body, &wait, text = std::move(text)]() mutable {
            body = std::move(text);
            done = true;
            wait.cancel();
          });
        }
      });
      if (!done) {
        wait.expires_after(std::chrono::seconds{30});
        co_await wait.async_wait(asio::redirect_error(asio::use_awaitable, error));
      }
      http::response<http::string_body> response{http::status::ok, request.version()};
      response.set(http::field::content_type, "application/json");
      response.body() = std::move(body);
      response.prepare_payload();
      co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
    }
  }

  asio::awaitable<void> accept() {
    for (;;) {
      error_code error;
      auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      asio::co_spawn(context, session(boost::beast::tcp_stream{std::move(socket)}), asio::detached);
    }
  }
};

BareServer::BareServer(BareHandler handler) : impl_(std::make_unique<Impl>()) {
  impl_->handler = std::move(handler);
  asio::co_spawn(impl_->context, impl_->accept(), asio::detached);
  impl_->thread = std::thread([impl = impl_.get()] { impl->context.run(); });
}

BareServer::~BareServer() {
  impl_->context.stop();
  impl_->thread.join();
}

std::uint16_t BareServer::port() const { return impl_->acceptor.local_endpoint().port(); }
