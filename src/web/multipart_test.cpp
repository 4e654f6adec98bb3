#include "web/multipart.h"

#include <doctest/doctest.h>

#include <random>

#include "web/file_name.h"

using namespace sluice;
using namespace sluice::web;
using namespace std::string_literals;

namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=xyz";

std::string field(std::string_view name, std::string_view value) { return "--xyz\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" + std::string(value) + "\r\n"; }
std::string file(std::string_view name, std::string_view file_name, std::string_view bytes) {
  return "--xyz\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"; filename=\"" + std::string(file_name) + "\"\r\nContent-Type: text/plain\r\n\r\n" + std::string(bytes) + "\r\n";
}
std::string part(std::string_view head, std::string_view content = "x") { return "--xyz\r\n" + std::string(head) + "\r\n\r\n" + std::string(content) + "\r\n--xyz--\r\n"; }
const std::string kEnd = "--xyz--\r\n";
const std::string kDisposition = "Content-Disposition: form-data; name=\"a\"";

struct MultipartRow {
  const char* name;
  std::string body;
};

}  // namespace

TEST_CASE("fields and files are read where they lie, whatever bytes a file has") {
  const auto bytes = "\0\r\n--xy\r\n\r\n--xz\r\n\xff"s;
  const auto body = field("csrf", "abc") + file("files", "poc.bin", bytes) + file("files", "", "") + field("empty", "") + kEnd;
  const auto parts = read_multipart(kType, body);
  REQUIRE(parts);
  REQUIRE(parts->size() == 4);
  CHECK(parts->at(0).name == "csrf");
  CHECK_FALSE(parts->at(0).file_name);
  CHECK(body.substr(parts->at(0).offset, parts->at(0).size) == "abc");
  CHECK(parts->at(1).file_name == "poc.bin");
  CHECK(body.substr(parts->at(1).offset, parts->at(1).size) == bytes);
  CHECK(parts->at(2).file_name == "");  // no file was chosen
  CHECK(parts->at(3).size == 0);
}

TEST_CASE("M1: what could be read in two ways is refused") {
  const std::string good = field("a", "x");
  const MultipartRow rows[] = {
      {"nothing", ""},
      {"a preamble", "hello\r\n" + good + kEnd},
      {"a line before the first boundary", "\r\n" + good + kEnd},
      {"no part and no end", "--xyz"},
      {"no end", good},
      {"an end that goes on", good + "--xyz--x"},
      {"an epilogue", good + kEnd + "more"},
      {"another form behind it", good + kEnd + good + kEnd},
      {"padding after a boundary", "--xyz \r\n" + kDisposition + "\r\n\r\nx\r\n" + kEnd},
      {"a boundary that goes on", field("a", "x\r\n--xyzz") + kEnd},
      {"a bare line feed after a boundary", "--xyz\n" + kDisposition + "\r\n\r\nx\r\n" + kEnd},
      {"bare line feeds in a head", part(kDisposition + "\nContent-Type: text/plain")},
      {"a NUL in a head", part(kDisposition + "\0"s)},
      {"a head without an end", "--xyz\r\n" + kDisposition + "\r\nx\r\n" + kEnd},
      {"a head that is too long", part(kDisposition + "\r\nContent-Type: " + std::string(3000, 'x'))},
      {"no head", "--xyz\r\n\r\n\r\nx\r\n" + kEnd},
      {"a part that begins with the boundary", "--xyz\r\n" + kDisposition + "\r\n\r\n--xyz\r\n" + kDisposition + "\r\n\r\nx\r\n" + kEnd},
      {"a header that is none", part(kDisposition + "\r\nhello")},
      {"a folded header", part("Content-Disposition: form-data;\r\n name=\"a\"")},
      {"a header of another kind", part(kDisposition + "\r\nContent-Transfer-Encoding: base64")},
      {"a disposition twice", part(kDisposition + "\r\n" + kDisposition)},
      {"a type twice", part(kDisposition + "\r\nContent-Type: a/b\r\nContent-Type: a/b")},
      {"a form in a form", part(kDisposition + "\r\nContent-Type: multipart/mixed; boundary=abc")},
      {"no disposition", part("Content-Type: text/plain")},
      {"an attachment", part("Content-Disposition: attachment; name=\"a\"")},
      {"no name", part("Content-Disposition: form-data")},
      {"an empty name", part("Content-Disposition: form-data; name=\"\"")},
      {"a long name", part("Content-Disposition: form-data; name=\"" + std::string(100, 'a') + "\"")},
      {"a name without quotes", part("Content-Disposition: form-data; name=a")},
      {"a name twice in a part", part("Content-Disposition: form-data; name=\"a\"; name=\"b\"")},
      {"an extended file name", part(kDisposition + "; filename*=UTF-8''a")},
      {"a backslash before a quote", part("Content-Disposition: form-data; name=\"a\\\"b\"")},
      {"a quoted value without an end", part("Content-Disposition: form-data; name=\"a")},
      {"something after the parameters", part(kDisposition + " x")},
      {"a name that is no UTF-8", part("Content-Disposition: form-data; name=\"\xff\"")},
      {"a field twice", good + good + kEnd},
      {"a field and a file of one name", good + file("a", "b", "c") + kEnd},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK_FALSE(read_multipart(kType, row.body));
  }
}

TEST_CASE("M2: parts and values are limited") {
  std::string many;
  for (int i = 0; i < 41; ++i) many += file("files", "a", "b");
  CHECK(read_multipart(kType, many + kEnd).error().kind == ErrorKind::Invalid);
  CHECK(read_multipart(kType, field("text", std::string((256 << 10) + 1, 'x')) + kEnd).error().where == "/text");
  CHECK(read_multipart(kType, file("files", "a", std::string(1 << 20, '\r')) + kEnd));
}

TEST_CASE("M3: values are UTF-8 without NUL") {
  CHECK_FALSE(read_multipart(kType, field("a", "\xc3\x28") + kEnd));
  CHECK_FALSE(read_multipart(kType, field("a", "x\0y"s) + kEnd));
  CHECK(read_multipart(kType, field("a", "Überlauf") + kEnd));
}

TEST_CASE("M1: whatever is done to a form, what is read lies in order within it and reads the same when written anew") {
  const std::string whole = field("csrf", "abc") + file("files", "poc.bin", "bytes") + field("text", "more") + kEnd;
  const std::string bits[] = {"\r\n", "--xyz", "--", "\r", "\n", "\"", ";", " ", kDisposition, "\r\n--xyz\r\n", "\r\n\r\n", "filename=\"a\"", "\xff"};
  std::mt19937 chance(7);
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(chance() % n); };
  int taken = 0;
  for (int round = 0; round < 30'000; ++round) {
    auto body = whole;
    for (std::size_t changes = 1 + pick(3); changes > 0; --changes) {
      const auto at = pick(body.size());
      if (pick(2) == 0) body.insert(at, bits[pick(std::size(bits))]);
      else body.erase(at, 1 + pick(8));
    }
    const auto parts = read_multipart(kType, body);
    if (!parts) continue;
    ++taken;
    std::size_t end = 0;
    std::string again;
    for (const auto& one : *parts) {
      REQUIRE(one.offset > end);
      end = one.offset + one.size;
      REQUIRE(end <= body.size());
      const auto content = body.substr(one.offset, one.size);
      REQUIRE(("\r\n" + content).find("\r\n--xyz") == std::string::npos);
      again += one.file_name ? file(one.name, *one.file_name, content) : field(one.name, content);
    }
    const auto reread = read_multipart(kType, again + kEnd);
    REQUIRE(reread);
    REQUIRE(reread->size() == parts->size());
  }
  CHECK(taken > 1'000);
}

TEST_CASE("a boundary is one of RFC 2046's, and the only parameter") {
  for (const auto* type : {"multipart/form-data; boundary=xyz", "Multipart/Form-Data;boundary=\"xyz\"", "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"}) CHECK(boundary_of(type));
  for (const auto& type : {"multipart/form-data"s, "multipart/form-data; boundary="s, "multipart/form-data; boundary=\"\""s, "multipart/mixed; boundary=xyz"s, "multipart/form-data boundary=xyz"s, "multipart/form-data; boundary=x y"s,
                           "multipart/form-data; boundary=\"xyz "s, "multipart/form-data; boundary=xyz; charset=utf-8"s, "multipart/form-data; charset=utf-8; boundary=xyz"s, "multipart/form-data; boundary=x\r\ny"s,
                           "multipart/form-data; boundary=" + std::string(71, 'x'), "application/x-www-form-urlencoded"s, ""s}) {
    CAPTURE(type);
    CHECK_FALSE(boundary_of(type));
  }
}

TEST_CASE("a boundary of dashes alone is still one reading") {  // its end and its start look much alike
  const auto body = "------\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--------\r\n"s;
  const auto parts = read_multipart("multipart/form-data; boundary=----", body);
  REQUIRE(parts);
  CHECK(body.substr(parts->at(0).offset, parts->at(0).size) == "x");
}

TEST_CASE("a file's name is its last part, without what can't be seen") {
  const std::pair<std::string, std::string> rows[] = {
      {"poc.txt", "poc.txt"},       {"../../etc/passwd", "passwd"}, {"C:\\Users\\me\\poc.txt", "poc.txt"}, {"a\r\nX: y", "aX: y"},         {"", "file"},      {"..", "file"},
      {"  a. ", "a"},               {"\xff\xfe", "file"},           {"cod\u202Efdp.exe", "codfdp.exe"},    {"a\u200Bb\uFEFF", "ab"},       {"日本語.txt", "日本語.txt"},
      {std::string(300, 'x'), std::string(200, 'x')},
  };
  for (const auto& [given, kept] : rows) CHECK(clean_file_name(given) == kept);
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "語";
  CHECK(clean_file_name(wide).size() == 198);  // cut between characters
}
