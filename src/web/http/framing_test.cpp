#include "web/http/test_client.h"

using namespace sluice;
using namespace sluice::web::http;
using namespace sluice::web::http::testing;

namespace {

struct Row {
  const char* name;
  std::string bytes;
  int status;
};

using namespace std::string_literals;

const std::string kSmuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

// clang-format off
const std::vector<Row> kRefused = {
    // Transfer-Encoding and Content-Length
    {"a coding that only looks like chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc", 400},
    {"an unknown coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 501},
    {"chunked and another", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n", 501},
    {"another and chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
    {"chunked twice in a list", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 501},
    {"two Transfer-Encoding fields", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
    {"an empty Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", 501},
    {"a quoted chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 501},
    {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"length before coding", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"coding before length", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
    {"two different lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
    {"the same length twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
    {"a list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc", 400},
    {"a length with a plus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400},
    {"a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc", 400},
    {"a hexadecimal length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc", 400},
    {"an empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n", 400},
    {"a length beyond 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\n", 400},
    {"a body without a length", "POST / HTTP/1.1\r\nHost: a\r\n\r\n", 411},
    {"a body without a length, PUT", "PUT / HTTP/1.1\r\nHost: a\r\n\r\nabc", 411},
    {"a length beyond the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413},
    // Host
    {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"a list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
    {"a Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
    {"a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"a Host with a bad port", "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", 400},
    // Lines and characters
    {"an obs-fold with a space", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400},
    {"an obs-fold with a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\t2\r\n\r\n", 400},
    {"a folded first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
    {"a bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
    {"a bare LF after a header", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", 400},
    {"bare LFs at the end", "GET / HTTP/1.1\r\nHost: a\n\n", 400},
    {"a bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r2\r\n\r\n", 400},
    {"two CRs", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400},
    {"NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\0002\r\n\r\n"s, 400},
    {"NUL in the target", "GET /\000 HTTP/1.1\r\nHost: a\r\n\r\n"s, 400},
    {"a control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", 400},
    {"DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n", 400},
    {"a value that is not UTF-8", "GET / HTTP/1.1\r\nHost: a\r\nX: \xff\r\n\r\n", 400},
    {"a space before the colon", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc", 400},
    {"two Authorization fields", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400},
    {"a header without a colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400},
    {"a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400},
    {"a header name that is no token", "GET / HTTP/1.1\r\nHost: a\r\nX(y): x\r\n\r\n", 400},
    {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a TLS hello", "\x16\x03\x01\x02\x00\x01"s, 400},
    // Request line
    {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
    {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
    {"a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
    {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
    {"a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
    {"a version with more digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
    {"CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 405},
    {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"a method that is no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    // Target
    {"authority-form", "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 400},
    {"a relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a target that is only a scheme", "GET http HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute-form naming another host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute-form with a user", "GET http://a@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"asterisk-form without OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a backslash", "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"raw UTF-8 in the target", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a percent sign alone", "GET /% HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"half a percent-encoding", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a percent-encoding that is not hexadecimal", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"an encoded slash in a segment", "GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"an encoded NUL", "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"an encoded line end", "GET /a%0d%0a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"overlong UTF-8", "GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a surrogate in UTF-8", "GET /%ed%a0%80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"parent segments", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"encoded parent segments", "GET /a/%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a dot segment", "GET /a/./b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"a bad percent-encoding in the query", "GET /?a=%g0 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"NUL in the query", "GET /?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    // Sizes (WEB-1)
    {"a request line beyond 8 KiB", "GET /" + std::string(8 << 10, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
    {"headers beyond 32 KiB", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(32 << 10, 'a') + "\r\n\r\n", 431},
    {"101 header fields", "GET / HTTP/1.1\r\nHost: a\r\n" + [] { std::string out; for (int i = 0; i < 100; ++i) out += "X: 1\r\n"; return out; }() + "\r\n", 431},
    {"an unknown expectation", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: more\r\n\r\nabc", 417},
    // Chunks
    {"a chunk size with 0x", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400},
    {"a signed chunk size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n", 400},
    {"a chunk size beyond 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400},
    {"a chunk longer than its size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
    {"a bare LF after the size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", 400},
    {"only a bare LF after the size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\n", 400},
    {"a bare LF after the data", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n", 400},
    {"a bare LF in an extension", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\nb\r\nabc\r\n0\r\n\r\n", 400},
    {"a long chunk extension", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=" + std::string(5000, 'b') + "\r\nabc\r\n0\r\n\r\n", 400},
    {"an endless chunk line", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a=" + std::string(9000, 'b'), 400},
    {"an endless trailer", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(9000, 'b'), 400},
    {"a trailer field", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: b\r\n\r\n", 400},
    {"Content-Length in a trailer", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 3\r\n\r\n", 400},
    {"chunks beyond the limit", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n", 413},
};
// clang-format on

}  // namespace

TEST_CASE("H1: what is refused for its framing is answered and closed, and nothing behind it is read as a request") {
  Seen seen;
  const auto server = start({}, echo(seen));
  for (const auto& row : kRefused) {
    CAPTURE(std::string{row.name});
    Client client(*server);
    client.send(row.bytes + kSmuggled);
    const auto answer = client.answer();
    CHECK(answer.status == row.status);
    CHECK(answer.head.find("\r\nConnection: close\r\n") != std::string::npos);
    CHECK(answer.head.find("\r\nX-Request-Id: q_") != std::string::npos);
    CHECK(answer.head.find("\r\nContent-Type: application/problem+json\r\n") != std::string::npos);
    CHECK(answer.body.find("\"status\":" + std::to_string(row.status)) != std::string::npos);
    ::shutdown(client.fd(), SHUT_WR);
    CHECK(client.is_closed());
  }
  CHECK(seen.count() == 0);
}

TEST_CASE("F1: a head that is wrong is refused wherever it is cut into packets") {
  Seen seen;
  const auto server = start({}, echo(seen));
  for (const auto& row : kRefused) {
    if (row.bytes.size() > 200) continue;
    CAPTURE(std::string{row.name});
    Client client(*server);
    for (const char c : row.bytes)
      if (!client.send({&c, 1})) break;
    CHECK(client.answer().status == row.status);
  }
  CHECK(seen.count() == 0);
}

TEST_CASE("what is unusual but valid is accepted") {
  Seen seen;
  const auto server = start({}, echo(seen));
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"GET / HTTP/1.0\r\n\r\n", "/|"},
      {"GET http://A:80/x?y HTTP/1.1\r\nHost: a:80\r\n\r\n", "/x|"},
      {"GET http://a?y HTTP/1.1\r\nHost: a\r\n\r\n", "/|"},
      {"GET /\x5b\x5d{}|\"<> HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "/[]{}|\"<>|"},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: \xc3\xa4\t\r\n\r\n", "/|"},
      {"GET / HTTP/1.1\r\nhOST:\t a \r\n\r\n", "/|"},
      {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "/|abc"},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 000\r\n\r\n", "/|"},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n001\r\nd\r\n0\r\n\r\n", "/|abcd"},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "/|"},
      {"DELETE /%20%C3%A4/ HTTP/1.1\r\nHost: a\r\n\r\n", "/%20%C3%A4/|"},
      {"GET /" + std::string(8100, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", "/" + std::string(8100, 'a') + "|"},
  };
  for (const auto& [bytes, body] : rows) {
    CAPTURE(bytes);
    Client whole(*server);
    whole.send(bytes);
    const auto answer = whole.answer();
    CHECK(answer.status == 200);
    CHECK(answer.body == body);
    Client pieces(*server);
    for (const char c : bytes) pieces.send({&c, 1});
    CHECK(pieces.answer().body == body);
  }
  CHECK(seen.count() == 2 * rows.size());
}

TEST_CASE("M1, M2: a request is read into decoded segments, query, headers and cookies") {
  Seen seen;
  const auto server = start({}, echo(seen));
  Client client(*server);
  client.send("GET /a%20b/%C3%A4/?x=1&y=a+b%26&x=2&&z HTTP/1.1\r\nHost: a\r\nCookie: s=1; t=\"2\"\r\nX-Two:  v  \r\nCookie: u=a=b\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n");
  CHECK(client.answer().status == 200);
  const auto request = seen.last();
  CHECK(request.verb == Verb::Get);
  CHECK(request.path == "/a%20b/%C3%A4/");
  CHECK(request.segments == std::vector<std::string>{"a b", "ä", ""});
  CHECK(request.query_value("x") == "1");
  CHECK(request.query_values("x") == std::vector<std::string>{"1", "2"});
  CHECK(request.query_value("y") == "a b&");
  CHECK(request.query_value("z") == "");
  CHECK_FALSE(request.query_value("w"));
  CHECK(request.header("x-two") == "v");
  CHECK(request.cookie("s") == "1");
  CHECK(request.cookie("t") == "\"2\"");
  CHECK(request.cookie("u") == "a=b");
  CHECK_FALSE(request.cookie("v"));
  CHECK(request.peer == "127.0.0.1");
  CHECK_FALSE(request.has_header("x-forwarded-for"));  // no proxy is trusted here
  CHECK(request.request_id.starts_with("q_"));
}
