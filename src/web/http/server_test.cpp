// Longer than most, and one idea: one table of bytes and answers, with the one server they are sent to.
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <sys/stat.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include "web/http/pool.h"
#include "web/http/test_client.h"

using namespace sluice;
using namespace sluice::web::http;
using namespace sluice::web::http::testing;

TEST_CASE("a connection is kept and answers each request with its own id") {
  Seen seen;
  const auto server = start({}, echo(seen));
  Client client(*server);
  std::string ids[2];
  for (auto& id : ids) {
    client.send(get("/x"));
    const auto answer = client.answer();
    CHECK(answer.status == 200);
    CHECK(answer.body == "/x|");
    CHECK(answer.head.find("\r\nDate: ") != std::string::npos);
    CHECK(answer.head.find("Server:") == std::string::npos);
    CHECK(answer.head.find("Connection:") == std::string::npos);
    id = answer.head.substr(answer.head.find("X-Request-Id: ") + 14, 28);
    CHECK(id == seen.last().request_id);
  }
  CHECK(ids[0] != ids[1]);
}

TEST_CASE("Connection: close, HTTP/1.0 and the last request a connection may make close it") {
  Seen seen;
  const auto server = start({.requests_per_connection = 3}, echo(seen));
  for (const std::string bytes : {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    Client client(*server);
    client.send(bytes);
    CHECK(client.answer().status == 200);
    CHECK(client.is_closed());
  }
  Client client(*server);
  client.send(get("/1") + get("/2") + get("/3") + get("/4"));
  for (int i = 0; i < 3; ++i) CHECK(client.answer().status == 200);
  ::shutdown(client.fd(), SHUT_WR);
  CHECK(client.is_closed());
  CHECK(seen.count() == 5);
}

TEST_CASE("H3: pipelined requests are answered in order, however long each takes") {
  WorkerPool pool(4, 100);
  std::mutex mutex;
  std::vector<std::string> order;
  const auto server = start({}, [&](Request request, Respond respond) {
    REQUIRE(pool.post([&, request = std::move(request), respond = std::move(respond)]() mutable {
      {
        const std::lock_guard lock(mutex);
        order.push_back(request.path);
      }
      respond(Response{.body = request.path + request.body});
    }));
  });
  Client client(*server);
  std::string all;
  for (int i = 0; i < 50; ++i) all += i % 2 == 0 ? get("/" + std::to_string(i)) : "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n!";
  client.send(all);
  for (int i = 0; i < 50; ++i) CHECK(client.answer().body == "/" + std::to_string(i) + (i % 2 == 0 ? "" : "!"));
  CHECK(order.size() == 50);
}

TEST_CASE("HEAD is answered like GET, without the body") {
  Seen seen;
  const auto server = start({}, echo(seen));
  Client client(*server);
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/y"));
  const auto head = client.answer(false);
  CHECK(head.status == 200);
  CHECK(head.head.find("\r\nContent-Length: 3\r\n") != std::string::npos);
  CHECK(client.answer().body == "/y|");
}

TEST_CASE("OPTIONS * is answered by the server itself") {
  Seen seen;
  const auto server = start({}, echo(seen));
  Client client(*server);
  client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n" + get("/y"));
  const auto options = client.answer();
  CHECK(options.status == 204);
  CHECK(options.head.find("\r\nAllow: ") != std::string::npos);
  CHECK(client.answer().body == "/y|");
}

TEST_CASE("M3: what a handler sets cannot break framing") {
  const auto server = start({}, [](Request request, Respond respond) {
    if (request.path == "/204") return respond(Response{.status = 204, .body = "nothing"});
    Response response{.body = "ok"};
    response.headers = {{"X-A", "1\r\nX-Evil: 2"}, {"X B", "no token"}, {"Content-Length", "999"}, {"Transfer-Encoding", "chunked"}, {"X-C", std::string("a\0b", 3)}};
    respond(std::move(response));
  });
  Client client(*server);
  client.send(get("/") + get("/204") + get("/"));
  const auto answer = client.answer();
  CHECK(answer.body == "ok");
  CHECK(answer.head.find("\r\nX-A: 1  X-Evil: 2\r\n") != std::string::npos);
  CHECK(answer.head.find("\r\nX-C: a b\r\n") != std::string::npos);
  CHECK(answer.head.find("no token") == std::string::npos);
  CHECK(answer.head.find("999") == std::string::npos);
  CHECK(answer.head.find("chunked") == std::string::npos);
  const auto empty = client.answer();
  CHECK(empty.status == 204);
  CHECK(empty.head.find("Content-Length") == std::string::npos);
  CHECK(client.answer().body == "ok");
}

TEST_CASE("100-continue is sent before the body, and not when the body would be refused") {
  Seen seen;
  const auto server = start({}, echo(seen));
  Client client(*server);
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  CHECK(client.answer().body == "/x|abc");
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.answer().status == 413);
}

TEST_CASE("limits come from the route, before the body is read") {
  Seen seen;
  const auto server = start({}, echo(seen), [](Verb verb, std::string_view path) -> std::optional<Limits> {
    if (verb == Verb::Put && path == "/big") return Limits{.body = 4 << 20};
    if (path == "/small") return Limits{.body = 3};
    return std::nullopt;
  });
  const std::string large(3 << 20, 'x');
  const struct {
    std::string head;
    std::string body;
    int status;
  } rows[] = {
      {"PUT /big", large, 200},
      {"POST /big", large, 413},
      {"POST /small", "abc", 200},
      {"POST /small", "abcd", 413},
  };
  for (const auto& row : rows) {
    CAPTURE(row.head);
    {
      Client client(*server);
      client.send(row.head + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(row.body.size()) + "\r\n\r\n" + row.body);
      CHECK(client.answer().status == row.status);
    }
    Client chunked(*server);
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", row.body.size());
    chunked.send(row.head + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + size + row.body + "\r\n0\r\n\r\n");
    CHECK(chunked.answer().status == row.status);
  }
}

TEST_CASE("a body in many small chunks arrives whole") {
  Seen seen;
  const auto server = start({}, echo(seen));
  Client client(*server);
  std::string bytes = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string body;
  for (int i = 0; i < 20'000; ++i) {
    const char c = static_cast<char>('a' + i % 26);
    body += c;
    bytes += std::string{"1\r\n"} + c + "\r\n";
  }
  client.send(bytes + "0\r\n\r\n" + get("/next"));
  CHECK(client.answer().body == "/|" + body);
  CHECK(client.answer().body == "/next|");
}

TEST_CASE("bodies that are being read share a bounded memory; beyond it the server says 503") {
  Seen seen;
  const auto server = start({.limits = {.body = 1 << 20}, .body_memory = 700'000}, echo(seen));
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n";
  const std::string most(500'000, 'x');
  Client first(*server);
  first.send(head + most);
  Client second(*server);
  second.send(head + most);
  // Whichever crosses the bound is refused; the other finishes, and then there is room again.
  Client* refused = nullptr;
  REQUIRE(eventually([&] {
    for (auto* client : {&first, &second}) {
      pollfd wait{client->fd(), POLLIN, 0};
      if (::poll(&wait, 1, 0) == 1) refused = client;
    }
    return refused != nullptr;
  }));
  CHECK(refused->answer().status == 503);
  Client& other = refused == &first ? second : first;
  other.send(std::string(100'000, 'x'));
  CHECK(other.answer().status == 200);
  other.send(head + std::string(600'000, 'x'));
  CHECK(other.answer().status == 200);
}

TEST_CASE("H2: a slow head and a slow body are answered with 408, an idle connection is closed") {
  Seen seen;
  const auto server = start({.limits = {.body_time = Millis{200}}, .header_time = Millis{200}, .idle_time = Seconds{3}, .linger_time = Millis{100}}, echo(seen));   // who connects has to have begun before it counts as idle
  Client head(*server);
  head.send("GET / HT");
  Client body(*server);
  body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nabc");
  Client chunk(*server);
  chunk.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab");
  Client idle(*server);
  Client after(*server);
  after.send(get("/"));
  CHECK(after.answer().status == 200);
  CHECK(head.answer().status == 408);
  CHECK(body.answer().status == 408);
  CHECK(chunk.answer().status == 408);
  CHECK(idle.is_closed());
  CHECK(after.is_closed());
  CHECK(head.is_closed());
  CHECK(seen.count() == 1);
  CHECK(eventually([&] { return server->connections() == 0; }));
}

TEST_CASE("H2: a head that trickles is not given more time for each byte") {
  Seen seen;
  const auto server = start({.header_time = Millis{200}}, echo(seen));
  Client client(*server);
  const auto begin = std::chrono::steady_clock::now();
  client.send("GET / HTTP/1.1\r\nX: ");
  pollfd wait{client.fd(), POLLIN, 0};
  while (::poll(&wait, 1, 20) == 0 && std::chrono::steady_clock::now() - begin < Seconds{10})
    if (!client.send("a")) break;
  CHECK(client.answer().status == 408);
}

TEST_CASE("H2: a reader that does not read is cut off") {
  const auto body = std::make_shared<const std::string>(64 << 20, 'x');
  std::atomic<bool> is_asked = false;
  const auto server = start({.write_time = Millis{200}, .min_rate = 1 << 30}, [&](Request, Respond respond) { is_asked = true, respond(Response{.shared_body = body}); });
  Client client(*server, 4096);
  client.send(get("/"));
  CHECK(eventually([&] { return is_asked.load(); }));
  CHECK(eventually([&] { return server->connections() == 0; }));
}

TEST_CASE("a large shared body arrives whole") {
  auto text = std::make_shared<std::string>();
  for (int i = 0; i < 1'000'000; ++i) *text += std::to_string(i);
  const std::shared_ptr<const std::string> body = text;
  const auto server = start({}, [&](Request, Respond respond) { respond(Response{.shared_body = body}); });
  Client client(*server);
  client.send(get("/") + get("/"));
  CHECK(client.answer().body == *body);
  CHECK(client.answer().body == *body);
}

TEST_CASE("H4: a Respond that is dropped, or a handler that throws, is answered with 500; a second call does nothing") {
  const auto server = start({.own_headers = {{"X-Own", "yes"}}}, [&](Request request, Respond respond) {
    if (request.path == "/throw") throw std::runtime_error("secret");
    if (request.path == "/twice") {
      respond(Response{.body = "first"});
      respond(Response{.body = "second"});
    }
    if (request.path == "/own") respond(Response{.headers = {{"x-own", "mine"}}, .body = "first"});
    if (request.path == "/thread") std::thread([respond = std::move(respond)] {}).detach();
  });
  Client client(*server);
  for (const auto* path : {"/drop", "/throw", "/thread"}) {
    client.send(get(path));
    const auto answer = client.answer();
    CHECK(answer.status == 500);
    CHECK(answer.body.find("\"code\":\"internal\"") != std::string::npos);
    CHECK(answer.body.find("secret") == std::string::npos);
    CHECK(answer.head.find("\r\nX-Own: yes\r\n") != std::string::npos);
  }
  client.send(get("/own"));  // what an answer says itself stands in the place of what all say
  const auto own = client.answer();
  CHECK(own.head.find("\r\nx-own: mine\r\n") != std::string::npos);
  CHECK(own.head.find("X-Own: yes") == std::string::npos);
  client.send(get("/twice") + get("/twice"));
  CHECK(client.answer().body == "first");
  CHECK(client.answer().body == "first");
}

TEST_CASE("H4: an answer that takes too long is 503, and its late Respond does nothing") {
  std::vector<Respond> kept;
  std::mutex mutex;
  const auto server = start({.answer_time = Millis{100}}, [&](Request, Respond respond) {
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(respond));
  });
  Client client(*server);
  for (int i = 0; i < 2; ++i) {
    client.send(get("/"));
    CHECK(client.answer().status == 503);
  }
  for (auto& respond : kept) respond(Response{.body = "late"});
}

TEST_CASE("a Respond that outlives the server does nothing") {
  std::promise<Respond> kept;
  auto server = start({}, [&](Request, Respond respond) { kept.set_value(std::move(respond)); });
  Client client(*server);
  client.send(get("/"));
  auto respond = kept.get_future().get();
  server->stop(Millis{50});
  server.reset();
  respond(Response{.body = "late"});
  CHECK(client.is_closed());
}

TEST_CASE("200 connections at once, answered by a pool") {
  WorkerPool pool(4, 1000);
  const auto server = start({.io_threads = 2}, [&](Request request, Respond respond) {
    REQUIRE(pool.post([request = std::move(request), respond = std::move(respond)]() mutable { respond(Response{.body = request.path}); }));
  });
  std::vector<Client> clients;
  for (int i = 0; i < 200; ++i) clients.emplace_back(*server);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 200; ++i) clients[i].send(get("/" + std::to_string(i)));
    int right = 0;
    for (int i = 0; i < 200; ++i) right += clients[i].answer().body == "/" + std::to_string(i);
    CHECK(right == 200);
  }
  CHECK(server->connections() == 200);
  clients.clear();
  CHECK(eventually([&] { return server->connections() == 0; }));
}

TEST_CASE("connections beyond the limit get 503 and do not disturb the others") {
  Seen seen;
  const auto server = start({.max_connections = 2}, echo(seen));
  Client first(*server);
  Client second(*server);
  first.send(get("/"));
  second.send(get("/"));
  CHECK(first.answer().status == 200);
  CHECK(second.answer().status == 200);
  Client third(*server);
  CHECK(third.answer().status == 503);
  CHECK(third.is_closed());
  first.send(get("/"));
  CHECK(first.answer().status == 200);
}

namespace {

// A handler that gives each client a stream and tells the test of it.
struct Streams {
  std::mutex mutex;
  std::vector<std::shared_ptr<EventStream>> all;
  std::atomic<int> closed = 0;
  std::size_t max_bytes = 1 << 20;

  Handler handler() {
    return [this](Request, Respond respond) {
      auto stream = std::make_shared<EventStream>(max_bytes);
      stream->on_closed([this] { ++closed; });
      {
        const std::lock_guard lock(mutex);
        all.push_back(stream);
      }
      respond(Response{.headers = {{"Content-Type", "text/event-stream"}}, .stream = stream});
    };
  }
  std::shared_ptr<EventStream> at(std::size_t index) {
    REQUIRE(eventually([&] {
      const std::lock_guard lock(mutex);
      return all.size() > index;
    }));
    return all[index];
  }
};

}  // namespace

TEST_CASE("S1: events pushed from any thread arrive in order; the producer's close ends the answer") {
  Streams streams;
  const auto server = start({}, streams.handler());
  Client client(*server);
  client.send(get("/"));
  const auto head = client.answer(false);
  CHECK(head.status == 200);
  CHECK(head.head.find("Content-Length") == std::string::npos);
  const auto stream = streams.at(0);
  std::string expected;
  std::thread producer([&] {
    for (int i = 0; i < 1000; ++i) stream->push("data: " + std::to_string(i) + "\n\n");
    stream->close();
  });
  for (int i = 0; i < 1000; ++i) expected += "data: " + std::to_string(i) + "\n\n";
  CHECK(client.rest() == expected);
  producer.join();
  CHECK(streams.closed == 1);
  CHECK_FALSE(stream->push("data: late\n\n"));
}

TEST_CASE("an idle stream carries heartbeats") {
  Streams streams;
  const auto server = start({.heartbeat = Millis{30}}, streams.handler());
  Client client(*server);
  client.send(get("/"));
  client.until("\r\n\r\n");
  CHECK(client.until(": .\n\n") == ": .\n\n");
  streams.at(0)->push("data: 1\n\n");
  CHECK(client.until("data: 1\n\n").ends_with("data: 1\n\n"));
  CHECK(client.until(": .\n\n") == ": .\n\n");
}

TEST_CASE("S3: a client that goes closes its stream at once, without waiting for a heartbeat") {
  Streams streams;
  const auto server = start({}, streams.handler());
  {
    Client client(*server);
    client.send(get("/"));
    client.until("\r\n\r\n");
    streams.at(0)->push("data: 1\n\n");
    client.until("data: 1\n\n");
  }
  CHECK(eventually([&] { return streams.closed == 1 && server->connections() == 0; }));
  CHECK_FALSE(streams.at(0)->push("data: 2\n\n"));
}

TEST_CASE("S2: a subscriber that does not read is closed when its queue is full") {
  Streams streams;
  streams.max_bytes = 256 << 10;
  const auto server = start({.write_time = Millis{300}, .min_rate = 1 << 30}, streams.handler());
  Client client(*server, 4096);
  client.send(get("/"));
  const auto stream = streams.at(0);
  const auto frame = std::make_shared<const std::string>("data: " + std::string(60'000, 'x') + "\n\n");
  CHECK(eventually([&] { return !stream->push(frame); }));
  CHECK(eventually([&] { return streams.closed == 1; }));   // the server may have closed it first, and be about to say so
  CHECK(eventually([&] { return server->connections() == 0; }));
}

TEST_CASE("HEAD of a stream gives the head and closes the stream") {
  Streams streams;
  const auto server = start({}, streams.handler());
  Client client(*server);
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.answer(false).status == 200);
  CHECK(client.is_closed());
  CHECK(streams.closed == 1);
}

TEST_CASE("400 idle streams end with the server, and each producer is told") {
  Streams streams;
  auto server = start({}, streams.handler());
  std::vector<Client> clients;
  for (int i = 0; i < 400; ++i) {
    clients.emplace_back(*server);
    clients.back().send(get("/"));
  }
  for (auto& client : clients) client.until("\r\n\r\n");
  const auto frame = std::make_shared<const std::string>("data: all\n\n");
  for (int i = 0; i < 400; ++i) streams.at(i)->push(frame);
  for (auto& client : clients) CHECK(client.until("data: all\n\n") == "data: all\n\n");
  server->stop();
  CHECK(streams.closed == 400);
  CHECK(server->connections() == 0);
}

TEST_CASE("H5: stop finishes what is in flight, closes what is idle and accepts no more") {
  std::promise<Respond> kept;
  auto server = start({}, [&](Request request, Respond respond) {
    if (request.path == "/slow") kept.set_value(std::move(respond));
    else respond(Response{});
  });
  Client idle(*server);
  idle.send(get("/"));
  CHECK(idle.answer().status == 200);
  Client busy(*server);
  busy.send(get("/slow"));
  auto respond = kept.get_future().get();
  std::thread stopping([&] { server->stop(); });
  CHECK(idle.is_closed());  // so the stop is under way
  respond(Response{.body = "finished"});
  const auto answer = busy.answer();
  CHECK(answer.body == "finished");
  CHECK(answer.head.find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(busy.is_closed());
  stopping.join();
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0);
  ::close(fd);
}

TEST_CASE("H5: stop does not wait for those that never end") {
  std::vector<Respond> kept;
  auto server = start({}, [&](Request, Respond respond) { kept.push_back(std::move(respond)); });
  Client silent(*server);
  silent.send(get("/"));
  Client half(*server);
  half.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
  CHECK(eventually([&] { return server->connections() == 2; }));
  const auto begin = std::chrono::steady_clock::now();
  server->stop(Millis{100});
  CHECK(std::chrono::steady_clock::now() - begin < Seconds{10});   // the answer had five minutes
  CHECK(server->connections() == 0);
}

TEST_CASE("a Unix socket is owner-only, replaces a stale file, refuses a live one and goes with the server") {
  const auto path = (std::filesystem::temp_directory_path() / ("sluice-http-" + std::to_string(::getpid()) + ".sock")).string();
  Seen seen;
  {
    const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(stale, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    ::close(stale);
    const auto server = start({.unix_path = path}, echo(seen));
    struct stat facts{};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
    Client client(path);
    client.send(get("/x"));
    CHECK(client.answer().body == "/x|");
    CHECK(seen.last().peer == "unix");
    const auto second = Server::start({.unix_path = path}, {}, echo(seen));
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::Conflict);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("forwarded headers count from trusted proxies only, up to the first hop that is none") {
  Seen seen;
  const auto server = start({.trusted_proxies = {"127.0.0.0/8", "10.1.2.3"}}, echo(seen));
  const struct {
    const char* headers;
    const char* peer;
    bool tls;
  } rows[] = {
      {"", "127.0.0.1", false},
      {"X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n", "192.0.2.7", true},
      {"X-Forwarded-For: 192.0.2.7, 10.1.2.3\r\n", "192.0.2.7", false},
      {"X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1", false},
      {"X-Forwarded-For: 192.0.2.7, nonsense\r\n", "127.0.0.1", false},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string{row.headers});
    Client client(*server);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n" + std::string{row.headers} + "\r\n");
    CHECK(client.answer().status == 200);
    CHECK(seen.last().peer == row.peer);
    CHECK(seen.last().tls == row.tls);
    CHECK_FALSE(seen.last().has_header("x-forwarded-for"));
  }
}

TEST_CASE("who forwards without being trusted is told of, and not believed") {
  Seen seen;
  std::vector<std::string> unheard;
  Options options{.trusted_proxies = {"10.1.2.3"}};
  options.forwarded_unheard = [&](std::string_view peer) { unheard.emplace_back(peer); };
  const auto server = start(options, echo(seen));
  for (const auto* headers : {"", "X-Forwarded-For: 192.0.2.7\r\n"}) {
    Client client(*server);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n" + std::string{headers} + "\r\n");
    CHECK(client.answer().status == 200);
    CHECK(seen.last().peer == "127.0.0.1");
    CHECK_FALSE(seen.last().has_header("x-forwarded-for"));
  }
  CHECK(unheard == std::vector<std::string>{"127.0.0.1"});
}

TEST_CASE("what cannot be listened on is an error with a reason") {
  Seen seen;
  const auto server = start({}, echo(seen));
  const Options rows[] = {
      {.address = "nowhere"},
      {.port = server->port(), .unix_path = std::string(200, 'x')},
      {.tls_cert_file = "/nonexistent"},
      {.tls_cert_file = "/nonexistent", .tls_key_file = "/nonexistent"},
      {.trusted_proxies = {"10.0.0.0/33"}},
  };
  for (const auto& options : rows) {
    const auto result = Server::start(options, {}, echo(seen));
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().message.empty());
  }
}

namespace {

struct Certificate {
  std::filesystem::path folder;
  std::string cert;
  std::string key;
  std::string der;

  explicit Certificate(std::string_view of = "server") {
    folder = std::filesystem::temp_directory_path() / ("sluice-tls-" + std::to_string(::getpid()) + "-" + std::string(of));
    std::filesystem::create_directories(folder);
    cert = (folder / "cert.pem").string();
    key = (folder / "key.pem").string();
    EVP_PKEY* pair = EVP_EC_gen("P-256");
    X509* x509 = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, pair);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    X509_sign(x509, pair, EVP_sha256());
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(x509, &bytes);
    der.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    FILE* file = std::fopen(cert.c_str(), "w");
    PEM_write_X509(file, x509);
    std::fclose(file);
    file = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(x509);
    EVP_PKEY_free(pair);
  }
  ~Certificate() { std::filesystem::remove_all(folder); }
  // A copied certificate with another key that says it is the certificate's own.
  void forge_key(const std::string& thiefs) const {
    const auto read = [](const std::string& path) {
      FILE* file = std::fopen(path.c_str(), "r");
      EVP_PKEY* out = PEM_read_PrivateKey(file, nullptr, nullptr, nullptr);
      std::fclose(file);
      return out;
    };
    EVP_PKEY* own = read(key);
    EVP_PKEY* other = read(thiefs);
    std::array<unsigned char, 256> point{};
    std::size_t size = 0;
    BIGNUM* secret = nullptr;
    EVP_PKEY_get_octet_string_param(own, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size);
    EVP_PKEY_get_bn_param(other, OSSL_PKEY_PARAM_PRIV_KEY, &secret);
    OSSL_PARAM_BLD* build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.data(), size);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, secret);
    OSSL_PARAM* params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX* making = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
    EVP_PKEY* forged = nullptr;
    EVP_PKEY_fromdata_init(making);
    EVP_PKEY_fromdata(making, &forged, EVP_PKEY_KEYPAIR, params);
    FILE* file = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(file, forged, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    EVP_PKEY_CTX_free(making);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_clear_free(secret);
    for (EVP_PKEY* one : {own, other, forged}) EVP_PKEY_free(one);
  }
};

class TlsClient {
 public:
  TlsClient(const Server& server, int version, const char* ciphers = nullptr, const Certificate* own = nullptr, SSL_SESSION* resumed = nullptr)
      : plain_(server), context_(SSL_CTX_new(TLS_client_method())) {
    timeval limit{10, 0};
    ::setsockopt(plain_.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    SSL_CTX_set_security_level(context_, 0);
    if (ciphers != nullptr) SSL_CTX_set_cipher_list(context_, ciphers);
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_CLIENT);
    if (own != nullptr) {
      REQUIRE(SSL_CTX_use_certificate_file(context_, own->cert.c_str(), SSL_FILETYPE_PEM) == 1);
      REQUIRE(SSL_CTX_use_PrivateKey_file(context_, own->key.c_str(), SSL_FILETYPE_PEM) == 1);
    }
    ssl_ = SSL_new(context_);
    if (resumed != nullptr) SSL_set_session(ssl_, resumed);
    SSL_set_fd(ssl_, plain_.fd());
    connected = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  void send(std::string_view bytes) { SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())); }
  std::string until(std::string_view mark) {
    std::string out;
    char byte[1];
    while (out.find(mark) == std::string::npos && SSL_read(ssl_, byte, 1) == 1) out += byte[0];
    return out;
  }
  bool ends_well() {  // close_notify, not a mere end of the connection
    char byte[1];
    return SSL_read(ssl_, byte, 1) == 0 && SSL_get_error(ssl_, 0) == SSL_ERROR_ZERO_RETURN;
  }

  SSL* native() { return ssl_; }
  // Bytes that go out as they are.
  bool send_sealed(std::string_view bytes) { return plain_.send(bytes); }
  // So many key updates that ask for no answer (RFC 8446 §4.6.3), sealed and not sent yet.
  std::string key_updates(int count) {
    BIO* const kept = SSL_get_wbio(ssl_);
    BIO_up_ref(kept);
    BIO* const memory = BIO_new(BIO_s_mem());
    SSL_set0_wbio(ssl_, memory);
    for (int i = 0; i < count; ++i) REQUIRE((SSL_key_update(ssl_, SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && SSL_do_handshake(ssl_) == 1));
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    std::string out(data, static_cast<std::size_t>(size));
    SSL_set0_wbio(ssl_, kept);
    return out;
  }

  bool connected;

 private:
  Client plain_;
  SSL_CTX* context_;
  SSL* ssl_;
};

}  // namespace

TEST_CASE("WEB-8: TLS 1.3, and 1.2 with AEAD suites; nothing older or weaker") {
  const Certificate certificate;
  Streams streams;
  const auto server = start({.tls_cert_file = certificate.cert, .tls_key_file = certificate.key}, [&](Request request, Respond respond) {
    if (request.path == "/events") return streams.handler()(std::move(request), std::move(respond));
    respond(Response{.body = request.tls ? "secret." : "plain."});
  });
  CHECK(server->url().starts_with("https://127.0.0.1:"));
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    TlsClient client(*server, version);
    REQUIRE(client.connected);
    client.send(get("/") + get("/"));
    CHECK(client.until("secret.").starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(client.until("secret.").starts_with("HTTP/1.1 200 OK\r\n"));
    client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    CHECK(client.until("}").starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(client.ends_well());
  }
  CHECK_FALSE(TlsClient(*server, TLS1_1_VERSION).connected);
  CHECK_FALSE(TlsClient(*server, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256:AES128-GCM-SHA256").connected);

  TlsClient events(*server, TLS1_3_VERSION);
  events.send(get("/events"));
  events.until("\r\n\r\n");
  const auto stream = streams.at(0);
  stream->push("data: 1\n\n");
  CHECK(events.until("data: 1\n\n") == "data: 1\n\n");
  stream->close();
  CHECK(events.ends_well());

  Client plain(*server);
  plain.send(get("/"));
  plain.rest();
}

TEST_CASE("H2: who never begins its handshake is cut off") {
  const Certificate certificate;
  const auto server = start({.tls_cert_file = certificate.cert, .tls_key_file = certificate.key, .header_time = Millis{200}}, [](Request, Respond respond) { respond(Response{}); });
  Client mute(*server);
  CHECK(mute.is_closed());
}

TEST_CASE("T3: a client certificate is taken where it is asked for, demanded of nobody, and none is asked for otherwise") {
  const Certificate certificate, machine("machine");
  const auto shown = [](Request request, Respond respond) { respond(Response{.body = request.certificate ? "shown " + std::to_string(request.certificate->size()) + "." : "none."}); };
  const auto expected = "shown " + std::to_string(machine.der.size()) + ".";
  for (const bool asks : {true, false}) {
    const auto server = start({.tls_cert_file = certificate.cert, .tls_key_file = certificate.key, .client_certificates = asks}, shown);
    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
      TlsClient with(*server, version, nullptr, &machine), without(*server, version);
      REQUIRE(with.connected);
      REQUIRE(without.connected);
      for (int i = 0; i < 2; ++i) {                // it holds for all of a connection
        with.send(get("/"));
        CHECK(with.until("\r\n\r\n").starts_with("HTTP/1.1 200"));
        CHECK(with.until(".") == (asks ? expected : "none."));
      }
      without.send(get("/"));
      without.until("\r\n\r\n");
      CHECK(without.until(".") == "none.");
      // No names of authorities go to whoever connects.
      const auto* names = SSL_get0_peer_CA_list(with.native());
      CHECK((names == nullptr || sk_X509_NAME_num(names) == 0));
    }
  }
}

TEST_CASE("T3: who copied a certificate and hasn't its key is let in by nothing, whatever the key that he has says of itself") {
  const Certificate certificate, machine("machine"), thief("thief");
  machine.forge_key(thief.key);
  const auto server = start({.tls_cert_file = certificate.cert, .tls_key_file = certificate.key, .client_certificates = true}, [](Request, Respond respond) { respond(Response{.body = "in."}); });
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    TlsClient client(*server, version, nullptr, &machine);
    if (!client.connected) continue;               // TLS 1.3 has the client believe so until it reads
    client.send(get("/"));
    CHECK(client.until("in.").find("in.") == std::string::npos);
  }
  TlsClient honest(*server, TLS1_3_VERSION, nullptr, &thief);
  REQUIRE(honest.connected);
  honest.send(get("/"));
  CHECK(honest.until("in.").ends_with("in."));
}

TEST_CASE("T3: where certificates are asked for, no session is resumed, so that each connection proves its key") {
  const Certificate certificate, machine("machine");
  const auto answer = [](Request request, Respond respond) { respond(Response{.body = request.certificate ? "shown." : "none."}); };
  for (const bool asks : {true, false}) {
    const auto server = start({.tls_cert_file = certificate.cert, .tls_key_file = certificate.key, .client_certificates = asks}, answer);
    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
      TlsClient first(*server, version, nullptr, &machine);
      REQUIRE(first.connected);
      first.send(get("/"));
      first.until("\r\n\r\n");
      first.until(".");                             // by now a TLS 1.3 ticket would have come
      SSL_SESSION* const session = SSL_get1_session(first.native());
      REQUIRE(session != nullptr);
      TlsClient again(*server, version, nullptr, nullptr, session);   // without its key
      REQUIRE(again.connected);
      CHECK((SSL_session_reused(again.native()) == 1) == !asks);
      again.send(get("/"));
      again.until("\r\n\r\n");
      CHECK(again.until(".") == "none.");
      SSL_SESSION_free(session);
    }
  }
}

TEST_CASE("what a trusted proxy shows of itself says nothing of its clients") {
  const Certificate certificate, proxy("proxy");
  const auto server = start({.tls_cert_file = certificate.cert, .tls_key_file = certificate.key, .client_certificates = true, .trusted_proxies = {"127.0.0.1"}},
                            [](Request request, Respond respond) { respond(Response{.body = request.certificate ? "shown." : "none."}); });
  TlsClient client(*server, TLS1_3_VERSION, nullptr, &proxy);
  REQUIRE(client.connected);
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\nX-Client-Cert: anything\r\n\r\n");
  client.until("\r\n\r\n");
  CHECK(client.until(".") == "none.");
}

TEST_CASE("over TLS, answers larger than a record and than the socket's buffer come whole, and a stream is read and written at a time") {
  const Certificate certificate;
  const auto large = std::make_shared<const std::string>(9'000'000, 'x');
  Streams streams;
  const auto server = start({.tls_cert_file = certificate.cert, .tls_key_file = certificate.key}, [&](Request request, Respond respond) {
    if (request.path == "/events") return streams.handler()(std::move(request), std::move(respond));
    if (request.verb == Verb::Post) return respond(Response{.body = std::to_string(request.body.size()) + "."});
    respond(Response{.shared_body = large});
  });
  TlsClient client(*server, TLS1_3_VERSION);
  REQUIRE(client.connected);
  client.send(get("/"));
  client.until("\r\n\r\n");
  std::size_t size = 0;
  std::vector<char> buffer(1 << 16);
  while (size < large->size()) {
    const int got = SSL_read(client.native(), buffer.data(), static_cast<int>(buffer.size()));
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  CHECK(size == large->size());
  const std::string body(300'000, 'y');
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + body);
  client.until("\r\n\r\n");
  CHECK(client.until(".") == "300000.");

  TlsClient events(*server, TLS1_3_VERSION);
  REQUIRE(events.connected);
  events.send(get("/events"));
  events.until("\r\n\r\n");
  for (int i = 0; i < 50; ++i) {
    streams.at(0)->push("data: " + std::string(20'000, 'z') + "\n\n");
    if (i % 10 == 0) SSL_key_update(events.native(), SSL_KEY_UPDATE_REQUESTED), SSL_do_handshake(events.native());   // what is read has to be answered in between
    CHECK(events.until("\n\n").size() == 20'008);
  }
  streams.at(0)->close();
  CHECK(events.ends_well());
}

TEST_CASE("T4: a flood of key updates holds up nobody, and what comes behind it is answered") {
  const Certificate certificate;
  const auto server = start({.tls_cert_file = certificate.cert, .tls_key_file = certificate.key}, [](Request, Respond respond) { respond(Response{.body = "here."}); });
  TlsClient other(*server, TLS1_3_VERSION);
  REQUIRE(other.connected);
  // Where a loaded machine gave the other no turn while the flood was read, that says nothing: then there is one more.
  int meanwhile = 0;
  for (int floods = 0; floods < 20 && meanwhile < 5; ++floods) {
    TlsClient flooding(*server, TLS1_3_VERSION);
    REQUIRE(flooding.connected);
    const auto flood = flooding.key_updates(20'000);
    REQUIRE(flood.size() > 20'000u * 20);
    std::atomic<bool> is_answered = false;
    std::thread flooder([&] {
      CHECK(flooding.send_sealed(flood));
      flooding.send(get("/"));
      CHECK(flooding.until("here.").starts_with("HTTP/1.1 200 OK\r\n"));
      is_answered = true;
    });
    meanwhile = 0;
    while (!is_answered) {
      other.send(get("/"));
      const bool is_here = other.until("here.").starts_with("HTTP/1.1 200 OK\r\n");
      CHECK(is_here);
      if (!is_here) break;
      if (!is_answered) ++meanwhile;
    }
    flooder.join();
  }
  CHECK(meanwhile >= 5);
}
