// What a webhook's receiver checks, and when it is tried again.
#include "service/webhook_message.h"

#include <doctest/doctest.h>

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;

namespace {

const std::string kHookSecret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";   // "01234567890123456789012345678901"
const std::string kOtherHookSecret = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=";

}  // namespace

// By `printf '%s' 'msg_1.1700000000.{"a":1}' | openssl dgst -sha256 -hmac 01234567890123456789012345678901 -binary | base64`.
TEST_CASE("the signature is HMAC-SHA-256 over id, timestamp and body, as any other program makes it") {
  const std::string secrets[] = {kHookSecret};
  CHECK(webhook_signature(secrets, "msg_1", 1'700'000'000, "{\"a\":1}") == "v1,1l34d9U9bSaAVQFy2uVdg3CHHT+o7pMzi59Vrub2gOE=");
}

TEST_CASE("S1: while two secrets hold, whoever has either accepts it, and a third doesn't") {
  const std::string both[] = {kHookSecret, kOtherHookSecret};
  const auto signature = webhook_signature(both, "one", 1'800'000'000, "body");
  const Instant now{1'800'000'100'000'000};
  CHECK(check_webhook_signature(kHookSecret, "one", "1800000000", signature, "body", now));
  CHECK(check_webhook_signature(kOtherHookSecret, "one", "1800000000", signature, "body", now));
  CHECK_FALSE(check_webhook_signature("whsec_" + base64(Bytes(32, 7)), "one", "1800000000", signature, "body", now));
}

TEST_CASE("nothing that is signed can be changed, and an old message isn't taken") {
  const std::string secrets[] = {kHookSecret};
  const auto signature = webhook_signature(secrets, "one", 1'800'000'000, "body");
  struct Row { const char *what, *id, *timestamp, *body; std::string signature; std::int64_t seconds; bool fits; };
  const Row rows[] = {
      {"as sent", "one", "1800000000", "body", signature, 1'800'000'000, true},
      {"five minutes late", "one", "1800000000", "body", signature, 1'800'000'300, true},
      {"later", "one", "1800000000", "body", signature, 1'800'000'301, false},
      {"from the future", "one", "1800000000", "body", signature, 1'799'999'699, false},
      {"another id", "two", "1800000000", "body", signature, 1'800'000'000, false},
      {"another time", "one", "1800000001", "body", signature, 1'800'000'000, false},
      {"another body", "one", "1800000000", "bodY", signature, 1'800'000'000, false},
      {"a dot that moved", "one.1800000000", "1800000000", "body", signature, 1'800'000'000, false},
      {"beside a scheme of another time", "one", "1800000000", "body", "v1a,AAAA " + signature, 1'800'000'000, true},
      {"none", "one", "1800000000", "body", "", 1'800'000'000, false},
      {"not base64", "one", "1800000000", "body", "v1,???", 1'800'000'000, false},
      {"no number", "one", "now", "body", signature, 1'800'000'000, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(check_webhook_signature(kHookSecret, row.id, row.timestamp, row.signature, row.body, {row.seconds * 1'000'000}).has_value() == row.fits);
  }
}

TEST_CASE("a secret is 32 random bytes in its own form, and nothing else is one") {
  const auto one = new_webhook_secret(system_random()), two = new_webhook_secret(system_random());
  CHECK(one != two);
  REQUIRE(webhook_key(one));
  CHECK(webhook_key(one)->size() == 32);
  for (const auto* text : {"", "whsec_", "whsec_AAAA", "whpk_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}) {
    CAPTURE(text);
    CHECK_FALSE(webhook_key(text));
  }
}

TEST_CASE("only 2xx is taken, only 410 is the end, and a redirect is neither") {
  for (const int status : {200, 201, 202, 204, 299}) CHECK(heard_of(status) == Heard::Taken);
  CHECK(heard_of(410) == Heard::Gone);
  for (const int status : {100, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503}) CHECK(heard_of(status) == Heard::NotTaken);
}

TEST_CASE("S2: attempts come ever more rarely, at least one second apart, and the last one is at the end of three days") {
  for (const std::uint32_t chance : {0u, 1u << 31, ~0u}) {
    CAPTURE(chance);
    const Instant failing{1'800'000'000'000'000};
    auto now = failing;
    int attempts = 1;
    Duration longest{};
    for (;; ++attempts) {
      const auto next = next_attempt(attempts, failing, now, {}, chance);
      if (!next) break;
      CHECK(*next > now);
      longest = std::max(longest, *next - now);
      now = *next;
      REQUIRE(attempts < 100);
    }
    CHECK(now == failing + kGivesUpAfter);
    CHECK(longest <= 4h);
    CHECK(attempts >= 25);
    CHECK(attempts <= 60);
  }
}

TEST_CASE("waits are drawn: two that failed together don't come back together") {
  const Instant now{1'800'000'000'000'000};
  const auto early = *next_attempt(5, now, now, {}, 0) - now, late = *next_attempt(5, now, now, {}, ~0u) - now;
  CHECK(early == 16s);                             // half of 2 s doubled four times
  CHECK(late > 31s);
  CHECK(late <= 32s);
}

TEST_CASE("S3: what Retry-After says is waited for, up to a day and no further than the end") {
  const Instant now{1'800'000'000'000'000};
  CHECK(*next_attempt(1, now, now, 1h, 0) == now + 1h);
  CHECK(*next_attempt(1, now, now, 240h, 0) == now + 24h);
  CHECK(*next_attempt(1, now - 71h, now, 12h, 0) == now + 1h);
}
