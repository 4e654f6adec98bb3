#include "service/totp.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::service;

namespace {
const auto kSecret = bytes_of("12345678901234567890");
Instant at(std::int64_t seconds) { return {seconds * 1'000'000}; }
}  // namespace

TEST_CASE("the codes of RFC 6238's own table, by their last six digits") {
  const std::pair<std::int64_t, std::string_view> kTable[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [seconds, code] : kTable) CHECK(totp_code(kSecret, totp_step(at(seconds))) == code);
}

TEST_CASE("a code counts in its own step, the one before and the one after, and in no other") {
  const auto now = at(1'700'000'010);
  for (int off = -3; off <= 3; ++off) {
    const auto step = totp_step(now) + off;
    CAPTURE(off);
    CHECK(totp_match(kSecret, totp_code(kSecret, step), now, 0).has_value() == (off >= -1 && off <= 1));
  }
}

TEST_CASE("AUT-2: a step that was used, and every one before it, is used up") {
  const auto now = at(1'700'000'010);
  const auto step = totp_step(now);
  CHECK_FALSE(totp_match(kSecret, totp_code(kSecret, step), now, step));
  CHECK_FALSE(totp_match(kSecret, totp_code(kSecret, step - 1), now, step));
  CHECK(totp_match(kSecret, totp_code(kSecret, step + 1), now, step) == step + 1);
}

TEST_CASE("what is no code is none, however long") {
  const auto now = at(1'700'000'010);
  const auto right = totp_code(kSecret, totp_step(now));
  for (const auto& text : {std::string(), right.substr(1), right + "0", "x" + right.substr(1), std::string(100'000, '0'), std::string("-00001")}) CHECK_FALSE(totp_match(kSecret, text, now, 0));
  CHECK(totp_match(kSecret, right.substr(0, 3) + " " + right.substr(3), now, 0));
}

TEST_CASE("base32 as in RFC 4648, and back as people copy it") {
  CHECK(base32(bytes_of("foobar")) == "MZXW6YTBOI");
  CHECK(base32(bytes_of("fooba")) == "MZXW6YTB");
  CHECK(from_base32("mzxw 6ytb-oi") == Bytes{'f', 'o', 'o', 'b', 'a', 'r'});
  CHECK_FALSE(from_base32("MZXW0"));
}

TEST_CASE("a link for an authenticator escapes what would end a field") {
  CHECK(otpauth_uri("CERT & Co", "ana@example.org", "ABC") == "otpauth://totp/CERT%20%26%20Co:ana%40example.org?secret=ABC&issuer=CERT%20%26%20Co&algorithm=SHA1&digits=6&period=30");
}
